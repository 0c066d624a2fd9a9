//! A look over the text before it is parsed: its size, its nesting, its floods, and no document type declaration.
//!
//! One pass, one small stack, no recursion. It judges nothing else: wherever it misreads text that is not well-formed,
//! the parser stops at the same place or earlier, so that nothing passes the limits unseen.

use super::error::{DocumentError, Limit, Problem};
use super::{MAX_ATTRIBUTES, MAX_BYTES, MAX_DEPTH, MAX_MARKUP, MAX_NAMESPACES, MAX_NAMESPACES_IN_SCOPE};

/// Whether the text keeps within the limits.
pub(super) fn scan(text: &str) -> Result<(), DocumentError> {
    if text.len() > MAX_BYTES {
        return Err(DocumentError::at("", 0, Problem::TooLarge { limit: Limit::Bytes }));
    }
    // The parser reserves memory for every `<` and `=`, in text and comments too.
    for (byte, limit) in [(b'<', Limit::Tags), (b'=', Limit::EqualsSigns)] {
        if text.len() > MAX_MARKUP && text.bytes().filter(|found| *found == byte).count() > MAX_MARKUP {
            let offset = text.bytes().enumerate().filter(|(_, found)| *found == byte).nth(MAX_MARKUP);
            let offset = offset.map_or(0, |(offset, _)| offset);
            return Err(DocumentError::at(text, offset, Problem::TooLarge { limit }));
        }
    }
    Scan { text, at: 0, in_scope: Vec::new(), declared: 0 }.markup()
}

struct Scan<'a> {
    text: &'a str,
    /// Where the scan stands.
    at: usize,
    /// For each open element, how many namespace declarations it sees.
    in_scope: Vec<usize>,
    /// Namespace declarations so far.
    declared: usize,
}

impl Scan<'_> {
    /// Goes from `<` to `<`.
    fn markup(mut self) -> Result<(), DocumentError> {
        let bytes = self.text.as_bytes();
        while let Some(rest) = bytes.get(self.at..) {
            let Some(found) = rest.iter().position(|byte| *byte == b'<') else { break };
            let start = self.at + found;
            let rest = &rest[found..];
            match rest {
                [b'<', b'!', b'-', b'-', ..] => self.skip(start + 4, "-->"),
                [b'<', b'!', b'[', b'C', b'D', b'A', b'T', b'A', b'[', ..] => self.skip(start + 9, "]]>"),
                [b'<', b'!', ..] => return Err(self.problem(start, Problem::DtdRefused)),
                [b'<', b'?', ..] => self.skip(start + 2, "?>"),
                [b'<', b'/', ..] => {
                    self.in_scope.pop();
                    self.at = start + 2;
                }
                _ => self.tag(start)?,
            }
        }
        Ok(())
    }

    /// Goes past the end of something that may hold `<`.
    fn skip(&mut self, from: usize, end: &str) {
        let found = self.text.get(from..).and_then(|rest| rest.find(end));
        self.at = found.map_or(self.text.len(), |found| from + found + end.len());
    }

    /// Goes past a start tag.
    fn tag(&mut self, start: usize) -> Result<(), DocumentError> {
        let bytes = self.text.as_bytes();
        let (mut at, mut attributes, mut own) = (start + 1, 0, 0);
        let empty = loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let Some(found) = rest.iter().position(|byte| matches!(byte, b'"' | b'\'' | b'>')) else {
                at = bytes.len();
                break true;
            };
            let (name, rest) = rest.split_at(found);
            let [mark, value @ ..] = rest else { break true };
            at += found;
            if *mark == b'>' {
                break name.last() == Some(&b'/');
            }
            // The first piece holds the element's name too.
            let declares = match attributes {
                0 => name.windows(5).any(|window| window == b"xmlns"),
                _ => name.trim_ascii_start().starts_with(b"xmlns"),
            };
            attributes += 1;
            own += usize::from(declares);
            at += 2 + value.iter().position(|byte| byte == mark).unwrap_or(value.len());
        };
        self.at = at + 1;
        self.within_limits(start, attributes, own)?;
        if !empty {
            let seen = self.in_scope.last().copied().unwrap_or_default() + own;
            self.in_scope.push(seen);
        }
        Ok(())
    }

    fn within_limits(&mut self, start: usize, attributes: usize, own: usize) -> Result<(), DocumentError> {
        self.declared += own;
        let in_scope = self.in_scope.last().copied().unwrap_or_default() + own;
        let problem = if attributes > MAX_ATTRIBUTES {
            Problem::TooLarge { limit: Limit::Attributes }
        } else if in_scope > MAX_NAMESPACES_IN_SCOPE || self.declared > MAX_NAMESPACES {
            Problem::TooLarge { limit: Limit::Namespaces }
        } else if self.in_scope.len() >= MAX_DEPTH {
            Problem::TooDeep
        } else {
            return Ok(());
        };
        Err(self.problem(start, problem))
    }

    fn problem(&self, offset: usize, problem: Problem) -> DocumentError {
        DocumentError::at(self.text, offset, problem)
    }
}
