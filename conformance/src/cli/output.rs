//! Where output goes.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::Failure;

/// A stream whose reader may go away: `vsslab list | head` is no error.
pub(super) struct Forgiving<W> {
    to: W,
    gone: bool,
}

impl<W: Write> Forgiving<W> {
    fn new(to: W) -> Self {
        Self { to, gone: false }
    }

    fn forgive(&mut self, result: io::Result<usize>, all: usize) -> io::Result<usize> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.gone = true;
                Ok(all)
            }
            other => other,
        }
    }
}

impl<W: Write> Write for Forgiving<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.gone {
            return Ok(bytes.len());
        }
        let written = self.to.write(bytes);
        self.forgive(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.gone {
            return Ok(());
        }
        let flushed = self.to.flush().map(|()| 0);
        self.forgive(flushed, 0).map(|_| ())
    }
}

/// Standard output.
pub(super) fn stdout() -> Box<dyn Write> {
    Box::new(Forgiving::new(BufWriter::new(io::stdout())))
}

/// The named file, new, or standard output.
pub(super) fn to(path: Option<&Path>) -> Result<Box<dyn Write>, Failure> {
    let Some(path) = path else { return Ok(stdout()) };
    let file = File::create(path).map_err(|source| Failure::File {
        verb: "write",
        path: path.to_owned(),
        source,
    })?;
    Ok(Box::new(BufWriter::new(file)))
}

/// Writes a text to standard output.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut to = stdout();
    to.write_all(text.as_bytes())?;
    to.flush()?;
    Ok(())
}

/// Says on standard error what is wrong. Texts that show a place in a file come with their own heading.
pub(super) fn complain(failure: &Failure) {
    let text = failure.to_string();
    let heading = if text.starts_with("error") { "" } else { "error: " };
    say(&format!("{heading}{text}"));
}

/// A line on standard error; if nobody listens, it is lost.
pub(super) fn say(text: &str) {
    drop(writeln!(io::stderr(), "{text}"));
}
