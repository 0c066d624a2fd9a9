//! Colour, only where it is welcome.

use std::io::IsTerminal;

/// Whether a report is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// With escape sequences.
    On,
    /// Plain text.
    Off,
}

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A heading.
    Strong,
    /// Less important than the rest.
    Dim,
    /// As it should be.
    Good,
    /// As it should not be.
    Bad,
    /// Neither.
    Odd,
}

impl Colour {
    /// On for a terminal, unless `NO_COLOR` is set to anything or `TERM` is `dumb`.
    pub fn for_stream(stream: &impl IsTerminal) -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if stream.is_terminal() && !refused { Self::On } else { Self::Off }
    }

    /// The text in that style.
    pub fn paint(self, style: Style, text: &str) -> String {
        if self == Self::Off || text.is_empty() {
            return text.to_owned();
        }
        let code = match style {
            Style::Strong => "1",
            Style::Dim => "2",
            Style::Good => "32",
            Style::Bad => "1;31",
            Style::Odd => "33",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}
