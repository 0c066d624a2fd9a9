//! A line on the terminal while cases run.

use std::io;

use indicatif::{ProgressBar, ProgressStyle};

use crate::run::{Event, Reporter};

/// Shows how far the run is, on standard error and only on a terminal.
pub struct Progress {
    bar: ProgressBar,
    failed: usize,
}

impl Progress {
    /// A line that shows nothing before the run begins.
    pub fn new() -> Self {
        let bar = ProgressBar::no_length();
        // The template is a constant; should it ever be refused, the default look does.
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}") {
            bar.set_style(style.progress_chars("━╸ "));
        }
        Self { bar, failed: 0 }
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

impl Reporter for Progress {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        match event {
            Event::Started { planned, .. } => {
                self.bar.set_length(u64::try_from(*planned).unwrap_or(u64::MAX));
            }
            Event::CaseStarted { outcome, .. } => {
                let failed =
                    if self.failed == 0 { String::new() } else { format!("{} unexpected · ", self.failed) };
                self.bar.set_message(format!("{failed}{}", outcome.id));
            }
            Event::CaseFinished(finished) => {
                self.failed += usize::from(finished.verdict.is_unexpected());
                self.bar.inc(1);
            }
            Event::Finished(_) => self.bar.finish_and_clear(),
        }
        Ok(())
    }
}
