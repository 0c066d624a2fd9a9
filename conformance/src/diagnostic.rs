//! Errors in files, with the place underlined.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// What is wrong in a file, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Diagnostic<'d> {
    /// The file's name.
    pub origin: &'d str,
    /// Its text.
    pub source: &'d str,
    /// The bytes that are wrong.
    pub span: Range<usize>,
    /// What is wrong.
    pub title: &'d str,
    /// What it is about the underlined part.
    pub label: &'d str,
    /// What to do.
    pub help: Option<&'d str>,
}

impl Diagnostic<'_> {
    /// The text for people, without colour.
    pub(crate) fn render(&self) -> String {
        // A span from elsewhere could lie outside the text or inside a character; a wrong place beats a panic.
        let span = if self.source.get(self.span.clone()).is_some() { self.span.clone() } else { 0..0 };
        let snippet = Snippet::source(self.source)
            .path(self.origin)
            .annotation(AnnotationKind::Primary.span(span).label(self.label));
        let main = Level::ERROR.primary_title(self.title).element(snippet);
        let report: Vec<Group<'_>> = match self.help {
            Some(help) => vec![main.element(Level::HELP.message(help))],
            None => vec![main],
        };
        Renderer::plain().render(&report).to_string()
    }
}
