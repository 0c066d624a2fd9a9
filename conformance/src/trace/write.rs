//! Writing traces.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use serde::Serialize;
use vss_sim::api::{
    Action, Answer, Backend, Call, Capabilities, Guid, Object, Question, Reply, Target, Unavailable,
};
use vss_sim::lab::Lab;

use super::VERSION;
use super::ids::fold;
use crate::names::Names;

#[derive(Serialize)]
struct HeaderLine<'l> {
    trace: &'static str,
    version: u32,
    target: &'l Target,
}

#[derive(Serialize)]
struct CaseLine<'l> {
    case: &'l str,
    name: &'l str,
}

#[derive(Serialize)]
struct SkippedLine<'l> {
    skipped: &'l str,
}

#[derive(Serialize)]
struct NameLine {
    name: String,
    id: Guid,
}

#[derive(Serialize)]
struct LoadLine<'l> {
    load: &'l Lab,
    at: Option<u64>,
}

#[derive(Serialize)]
struct CallLine<'l> {
    on: Object,
    call: &'l Call,
    reply: &'l Reply,
    at: Option<u64>,
}

#[derive(Serialize)]
struct ActLine<'l> {
    act: &'l Action,
    at: Option<u64>,
}

/// Writes the lines of a trace, each at once and flushed: what was recorded outlives its process.
#[derive(Debug)]
pub struct Writer<W> {
    to: W,
    names: Names,
    begun: bool,
    failed: Option<io::Error>,
    /// Whether a failure is said on standard error: nobody finishes the trace of a process that just ends.
    tells: bool,
}

impl<W: Write> Writer<W> {
    /// Writes to `to`. A buffer between would only cost time.
    pub fn new(to: W) -> Self {
        Self { to, names: Names::default(), begun: false, failed: None, tells: false }
    }

    /// The first line, unless it is written already.
    pub fn begin(&mut self, target: &Target) {
        if !self.begun {
            self.begun = true;
            self.plain(&HeaderLine { trace: "vsslab", version: VERSION, target });
        }
    }

    /// A case begins. Its ids get names of their own, so that one more in a case does not shift those of all others.
    pub fn case(&mut self, outcome: &str, name: &str) {
        self.names = Names::default();
        self.plain(&CaseLine { case: outcome, name });
    }

    /// The case could not be carried out to its end, and why.
    pub fn skipped(&mut self, reason: &str) {
        self.plain(&SkippedLine { skipped: reason });
    }

    /// A line whose ids get names. Where these come from is recorded: a replay has no other way to ids that somebody
    /// gave.
    fn named(&mut self, line: &impl Serialize) {
        let written = serde_json::to_string(line).map_err(io::Error::from).and_then(|json| {
            let (folded, new) = fold(&json, &mut self.names);
            let mut lines = String::with_capacity(folded.len() + 1);
            for (name, id) in new {
                lines.push_str(&serde_json::to_string(&NameLine { name, id })?);
                lines.push('\n');
            }
            lines.push_str(&folded);
            Ok(lines)
        });
        self.write(written);
    }

    /// A line as it is.
    fn plain(&mut self, line: &impl Serialize) {
        self.write(serde_json::to_string(line).map_err(io::Error::from));
    }

    /// A trace that cannot be written must not change what the backend answers: the error waits for
    /// [`Writer::finish`].
    fn write(&mut self, lines: io::Result<String>) {
        if self.failed.is_none() {
            let written = lines.and_then(|mut lines| {
                lines.push('\n');
                // One piece, or the lines of two processes that append to a file could mix.
                self.to.write_all(lines.as_bytes())?;
                self.to.flush()
            });
            self.failed = written.err();
            if let (Some(error), true) = (&self.failed, self.tells) {
                drop(writeln!(io::stderr(), "the trace ends here, as it cannot be written: {error}"));
            }
        }
    }

    /// What was written to, with the whole trace in it.
    ///
    /// # Errors
    /// The first line that could not be written; nothing was written after it.
    pub fn finish(self) -> io::Result<W> {
        match self.failed {
            Some(failed) => Err(failed),
            None => Ok(self.to),
        }
    }
}

/// What begins like something else is no trace, and stays as it is.
fn check_header(file: &mut File) -> io::Result<()> {
    const BEGINNING: &[u8] = br#"{"trace":"vsslab""#;
    let mut first = Vec::new();
    file.rewind()?;
    file.take(BEGINNING.len() as u64).read_to_end(&mut first)?;
    if first == BEGINNING {
        return Ok(());
    }
    let why = "the file is there already, and is no trace: name another, or delete it";
    Err(io::Error::new(io::ErrorKind::InvalidData, why))
}

/// A backend whose calls are written down.
#[derive(Debug)]
pub struct Traced<B, W> {
    backend: B,
    writer: Writer<W>,
}

impl<B: Backend> Traced<B, File> {
    /// Writes what `backend` is asked and answers at the end of a file, after the traces that it holds. Of two
    /// processes at once the lines would mix.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn append(backend: B, path: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        if file.seek(SeekFrom::End(0))? > 0 {
            check_header(&mut file)?;
            file.seek(SeekFrom::End(-1))?;
            let mut last = [0];
            file.read_exact(&mut last)?;
            // A process that was killed may have left half a line.
            if last != *b"\n" {
                file.write_all(b"\n")?;
            }
        }
        let mut traced = Self::new(backend, file);
        traced.writer.tells = true;
        Ok(traced)
    }
}

impl<B: Backend, W: Write> Traced<B, W> {
    /// Writes what `backend` is asked and answers to `to`.
    pub fn new(backend: B, to: W) -> Self {
        Self::with(backend, Writer::new(to))
    }

    /// Goes on with a trace.
    pub fn with(backend: B, writer: Writer<W>) -> Self {
        Self { backend, writer }
    }

    /// To go on with the trace.
    pub fn into_writer(self) -> Writer<W> {
        self.writer
    }

    /// What was written to, with the whole trace in it.
    ///
    /// # Errors
    /// The first line that could not be written; nothing was written after it.
    pub fn finish(self) -> io::Result<W> {
        self.writer.finish()
    }

    fn at(&self) -> Option<u64> {
        now(&self.backend)
    }

    fn write(&mut self, line: &impl Serialize) {
        self.writer.begin(&self.backend.target());
        self.writer.named(line);
    }
}

/// The virtual time, where the backend can tell.
pub(super) fn now(backend: &impl Backend) -> Option<u64> {
    match backend.ask(&Question::Now) {
        Ok(Answer::Ms(ms)) => Some(ms),
        _ => None,
    }
}

impl<B: Backend, W: Write> Backend for Traced<B, W> {
    fn target(&self) -> Target {
        self.backend.target()
    }

    fn capabilities(&self) -> Capabilities {
        self.backend.capabilities()
    }

    fn load(&mut self, lab: &Lab) -> Result<(), Unavailable> {
        self.backend.load(lab)?;
        let at = self.at();
        self.writer.begin(&self.backend.target());
        self.writer.plain(&LoadLine { load: lab, at });
        Ok(())
    }

    fn can_call(&self, on: Object, call: &Call) -> Result<(), Unavailable> {
        self.backend.can_call(on, call)
    }

    fn call(&mut self, on: Object, call: &Call) -> Reply {
        let at = self.at();
        let reply = self.backend.call(on, call);
        self.write(&CallLine { on, call, reply: &reply, at });
        reply
    }

    fn act(&mut self, action: &Action) -> Result<(), Unavailable> {
        let at = self.at();
        self.backend.act(action)?;
        self.write(&ActLine { act: action, at });
        Ok(())
    }

    fn ask(&self, question: &Question) -> Result<Answer, Unavailable> {
        self.backend.ask(question)
    }
}
