//! What is wrong with a document, and where.

use std::fmt;

use super::Text;

/// The longest piece of a document that a message repeats, in characters.
const QUOTE_MAX: usize = 80;

/// Why a document was refused. The service answers `VSS_E_INVALID_XML_DOCUMENT` and logs this text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct DocumentError {
    /// What is wrong.
    pub problem: Problem,
    /// Line in the decoded text, from 1.
    pub line: u32,
    /// Column in the decoded text, in characters, from 1.
    pub column: u32,
}

/// What is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The bytes are no text.
    #[error("the bytes are not {expected}")]
    NotText {
        /// The encoding that the first bytes promise.
        expected: Encoding,
    },
    /// The text is not well-formed XML.
    #[error("not well-formed XML: {reason}")]
    NotXml {
        /// What the parser says.
        reason: Text,
    },
    /// Well-formed XML, but another document.
    #[error("the root element is `{found}`, expected {expected}")]
    NotThisDocument {
        /// Name and namespace of the root.
        found: Text,
        /// What a Backup Components Document starts with.
        expected: &'static str,
    },
    /// The value of an attribute does not parse.
    #[error("attribute `{attribute}` is `{found}`, expected {expected}")]
    Value {
        /// The attribute.
        attribute: &'static str,
        /// Its value, cut if it is long.
        found: Text,
        /// What it should be.
        expected: &'static str,
    },
    /// An attribute is missing without which its element says nothing.
    #[error("element `{element}` lacks attribute `{attribute}`, expected {expected}")]
    MissingAttribute {
        /// The element.
        element: Text,
        /// The attribute.
        attribute: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// An element is missing without which its parent says nothing.
    #[error("element `{parent}` holds no `{element}`, expected one")]
    MissingElement {
        /// The parent.
        parent: Text,
        /// The element.
        element: &'static str,
    },
    /// An element stands twice where it may stand once.
    #[error("a second `{element}`, expected at most one")]
    SecondElement {
        /// The element.
        element: Text,
    },
    /// Text stands between the elements of the document.
    #[error("text `{found}` between elements, expected elements only")]
    StrayText {
        /// The text, cut if it is long.
        found: Text,
    },
    /// More of something than [`Limit`] says.
    #[error("{limit}")]
    TooLarge {
        /// The limit that was passed.
        limit: Limit,
    },
    /// Elements are nested deeper than [`super::MAX_DEPTH`].
    #[error("elements nested too deep, expected at most {} levels", super::MAX_DEPTH)]
    TooDeep,
    /// A document type declaration: refused before any entity could be expanded.
    #[error("document type declaration refused, expected none")]
    DtdRefused,
}

/// How a document is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
        })
    }
}

/// The limits on size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Limit {
    /// [`super::MAX_BYTES`].
    #[error("document too large, expected at most {} bytes", super::MAX_BYTES)]
    Bytes,
    /// [`super::MAX_MARKUP`], counted in `<`.
    #[error("too much markup, expected at most {} `<`", super::MAX_MARKUP)]
    Tags,
    /// [`super::MAX_MARKUP`], counted in `=`.
    #[error("too many attributes, expected at most {} `=`", super::MAX_MARKUP)]
    EqualsSigns,
    /// [`super::MAX_ATTRIBUTES`].
    #[error("too many attributes, expected at most {} on one element", super::MAX_ATTRIBUTES)]
    Attributes,
    /// [`super::MAX_NAMESPACES_IN_SCOPE`] and [`super::MAX_NAMESPACES`].
    #[error(
        "too many namespace declarations, expected at most {} in scope and {} in all",
        super::MAX_NAMESPACES_IN_SCOPE,
        super::MAX_NAMESPACES
    )]
    Namespaces,
}

impl DocumentError {
    /// A problem at a byte of the text.
    pub(super) fn at(text: &str, offset: usize, problem: Problem) -> Self {
        let (line, column) = position(text, offset);
        Self { problem, line, column }
    }

    /// A problem at the start of a node, or of an attribute.
    pub(super) fn in_document(document: &roxmltree::Document<'_>, offset: usize, problem: Problem) -> Self {
        Self::at(document.input_text(), offset, problem)
    }

    /// What the parser found.
    pub(super) fn from_parser(text: &str, error: &roxmltree::Error) -> Self {
        use roxmltree::Error as E;
        let at = error.pos();
        let reason = quote(&error.to_string().replace(&format!(" at {at}"), ""));
        let problem = match error {
            E::DtdDetected => Problem::DtdRefused,
            _ => Problem::NotXml { reason },
        };
        match error {
            E::UnclosedRootNode | E::UnexpectedEndOfStream | E::NoRootNode => {
                Self::at(text, text.len(), problem)
            }
            _ => Self { problem, line: at.row, column: at.col },
        }
    }
}

/// A piece of a document, cut to a length that fits into a message.
pub(super) fn quote(text: &str) -> Text {
    match text.char_indices().nth(QUOTE_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

/// Line and column of a byte, both from 1.
fn position(text: &str, offset: usize) -> (u32, u32) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.bytes().filter(|byte| *byte == b'\n').count();
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
    (count(line), count(column))
}

fn count(zero_based: usize) -> u32 {
    u32::try_from(zero_based).unwrap_or(u32::MAX).saturating_add(1)
}
