//! The Backup Components Document: what a requester saves with a backup, and what another host imports from.
//!
//! [`BackupComponentsDocument::from_xml`] reads it, [`BackupComponentsDocument::to_xml`] writes it. The format of
//! Windows is private; the names that public tools rely on are kept (`fixtures/spec/rules/documents.md`), the others are
//! chosen in the same style, and what a real document holds beside them comes along as [`Unknown`]. Comments and
//! processing instructions are dropped, and so is white space between typed elements.
//!
//! # What is read
//! Text as in a BSTR, or the bytes of a file in UTF-16 or UTF-8; with or without a byte-order mark; with trailing NULs;
//! whatever encoding an XML declaration claims. Missing attributes have their usual values, but for those that
//! `documents.md` names and the numbers of an [`Extent`]. Anything else gives a [`DocumentError`], in bounded time and
//! memory: the limits below are checked in one pass before a parser sees the text, and a document type declaration is
//! refused there, so that no entity is ever expanded.
//!
//! # What is written
//! What was written reads back equal, as long as it stays within the limits. Characters that XML cannot carry are masked
//! (U+0001 as `_x0001_`).

mod components;
mod decode;
mod error;
mod escape;
mod keep;
mod luns;
mod node;
mod scan;
mod snapshots;
mod unknown;
mod value;
mod write;

use crate::api::Text;

pub use components::{
    AlternateMapping, BackupComponentsDocument, BackupState, Component, NewTarget, PartialFile, RestoreState,
    RestoreSubcomponent, WriterComponents,
};
pub use error::{DocumentError, Encoding, Limit, Problem};
pub use luns::{LunDescription, UnknownOfLun};
pub use snapshots::{Extent, LunMapping, SnapshotDescription, SnapshotSetDescription};
pub use unknown::{Attribute, Content, Declaration, Element, Name, Unknown};

/// The namespace of the document (`documents.md`).
pub const NAMESPACE: &str = "x-schema:#VssComponentMetadata";

/// The root element (`documents.md`).
pub const ROOT: &str = "BACKUP_COMPONENTS";

/// The longest text that is read, in bytes of UTF-8. Documents of Windows are BSTRs of some kilobytes.
pub const MAX_BYTES: usize = 64 << 20;

/// The deepest nesting that is read. The document's own elements take 6 levels.
pub const MAX_DEPTH: usize = 64;

/// How many `<` and how many `=` a text may have, wherever they stand.
pub const MAX_MARKUP: usize = 1 << 20;

/// How many attributes one element may have.
pub const MAX_ATTRIBUTES: usize = 256;

/// How many namespace declarations the text may have.
pub const MAX_NAMESPACES: usize = 1 << 14;

/// How many namespace declarations one element may see, those of the elements around it included.
pub const MAX_NAMESPACES_IN_SCOPE: usize = 64;

impl BackupComponentsDocument {
    /// Reads a document from decoded text.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn from_xml(text: &str) -> Result<Self, DocumentError> {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text).trim_end_matches('\0');
        scan::scan(text)?;
        let options = roxmltree::ParsingOptions::default();
        let document = roxmltree::Document::parse_with_options(text, options)
            .map_err(|error| DocumentError::from_parser(text, &error))?;
        let root = document.root_element();
        if node::own_name(root) != Some(ROOT) {
            let name = root.tag_name();
            let found = format!("{{{}}}{}", name.namespace().unwrap_or_default(), name.name());
            let expected = "`{x-schema:#VssComponentMetadata}BACKUP_COMPONENTS`";
            let problem = Problem::NotThisDocument { found: error::quote(&found), expected };
            return Err(DocumentError::at(text, root.range().start, problem));
        }
        node::Node::read(root)
    }

    /// Reads a document from the units of a BSTR.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn from_bstr(units: &[u16]) -> Result<Self, DocumentError> {
        Self::from_xml(&decode::units(units)?)
    }

    /// Reads a document from the bytes of a file: UTF-16 of either byte order, or UTF-8.
    ///
    /// # Errors
    /// What is wrong, and where in the decoded text.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DocumentError> {
        Self::from_xml(&decode::bytes(bytes)?)
    }

    /// The document as `SaveAsXML` hands it out, on one line.
    pub fn to_xml(&self) -> String {
        self.written(write::Layout::OneLine)
    }

    /// The same document for people, every element on its line.
    pub fn to_xml_indented(&self) -> String {
        self.written(write::Layout::Indented)
    }

    fn written(&self, layout: write::Layout) -> String {
        let mut writer = write::Writer::new(layout);
        node::Node::write(self, ROOT, &mut writer);
        writer.finish()
    }

    /// The document as vshadow saves it: UTF-16, low byte first, with a byte-order mark.
    pub fn to_utf16_bytes(&self) -> Vec<u8> {
        let xml = self.to_xml();
        let mut bytes = Vec::with_capacity(2 + 2 * xml.len());
        bytes.extend([0xFF, 0xFE]);
        for unit in xml.encode_utf16() {
            bytes.extend(unit.to_le_bytes());
        }
        bytes
    }
}
