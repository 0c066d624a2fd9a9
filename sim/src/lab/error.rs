//! What is wrong with a lab, said for people: what, where, and what to do.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::LabPath;

/// Everything that is wrong with a lab.
///
/// [`fmt::Display`] and [`LabError::render`] show each problem with the lines that it is about; for a lab that was
/// built in code they show the path instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabError {
    problems: Vec<Problem>,
    texts: Vec<SourceText>,
}

/// One thing that is wrong with a lab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub(super) what: String,
    /// The first is what the problem is about; the others are needed to understand it.
    pub(super) marks: Vec<Mark>,
    pub(super) help: Option<String>,
}

/// A place with what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) path: LabPath,
    pub(super) label: String,
    pub(super) place: Option<Place>,
}

/// Bytes of one of the error's texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) text: usize,
    pub(super) span: Range<usize>,
}

/// A TOML file that the lab came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SourceText {
    pub(super) origin: String,
    pub(super) text: Arc<str>,
}

impl Problem {
    pub(super) fn new(what: impl Into<String>, path: LabPath, label: impl Into<String>) -> Self {
        let mark = Mark { path, label: label.into(), place: None };
        Self { what: what.into(), marks: vec![mark], help: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Where it is, known without looking up its path.
    pub(super) fn at(mut self, text: usize, span: Range<usize>) -> Self {
        for mark in &mut self.marks {
            mark.place = Some(Place { text, span: span.clone() });
        }
        self
    }

    pub(super) fn also(mut self, path: LabPath, label: impl Into<String>) -> Self {
        self.marks.push(Mark { path, label: label.into(), place: None });
        self
    }

    /// What is wrong.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// Where in the description.
    pub fn path(&self) -> Option<&LabPath> {
        self.marks.first().map(|mark| &mark.path)
    }

    /// What to do.
    pub fn remedy(&self) -> Option<&str> {
        self.help.as_deref()
    }

    fn group<'a>(&'a self, texts: &'a [SourceText]) -> Group<'a> {
        let mut group = Group::with_title(Level::ERROR.primary_title(&*self.what));
        for (index, text) in texts.iter().enumerate() {
            let mut snippet = Snippet::source(&*text.text).path(&*text.origin);
            let mut marked = false;
            for (position, mark) in self.marks.iter().enumerate() {
                let Some(place) = mark.place.as_ref().filter(|place| place.text == index) else { continue };
                let kind = if position == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
                snippet = snippet.annotation(kind.span(place.span.clone()).label(&*mark.label));
                marked = true;
            }
            if marked {
                group = group.element(snippet);
            }
        }
        for mark in self.marks.iter().filter(|mark| mark.place.is_none()) {
            if let Some(text) = texts.first().filter(|_| mark.path == LabPath::default()) {
                group = group.element(Origin::path(&*text.origin));
                continue;
            }
            let said = match &*mark.label {
                "" => format!("at {}", mark.path),
                label => format!("at {}: {label}", mark.path),
            };
            group = group.element(Level::NOTE.message(said));
        }
        match &self.help {
            Some(help) => group.element(Level::HELP.message(&**help)),
            None => group,
        }
    }
}

impl LabError {
    pub(super) fn new(problems: Vec<Problem>) -> Self {
        Self { problems, texts: Vec::new() }
    }

    pub(super) fn with_texts(mut self, texts: Vec<SourceText>) -> Self {
        self.texts = texts;
        self
    }

    /// Gives every mark its place in the texts.
    pub(super) fn locate(mut self, place_of: impl Fn(&LabPath) -> Option<Place>) -> Self {
        for mark in self.problems.iter_mut().flat_map(|problem| &mut problem.marks) {
            mark.place = place_of(&mark.path);
        }
        self
    }

    /// Each thing that is wrong.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// All problems with the lines that they are about, with terminal colours or without.
    pub fn render(&self, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let shown: Vec<String> =
            self.problems.iter().map(|problem| renderer.render(&[problem.group(&self.texts)])).collect();
        shown.join("\n\n")
    }
}

impl fmt::Display for LabError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for LabError {}
