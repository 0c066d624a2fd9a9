//! Traces: what was asked of a backend and what it answered, as JSON lines.
//!
//! The first line says what the file is: `{"trace":"vsslab","version":1,"target":{...}}`. Each other line is one call,
//! `{"on","call","reply","at"}`, or something beside the calls, `{"load","at"}` and `{"act","at"}`. `at` is the virtual
//! time in milliseconds, null where the backend cannot tell. Ids are replaced by `@` and a stable name in the order of
//! their first appearance (`@snapshot-1`), so the same run gives the same bytes on any machine.

use std::io::{self, Write};

use serde::Serialize;
use vss_sim::api::{
    Action, Answer, Backend, Call, Capabilities, Object, Question, Reply, Target, Unavailable,
};
use vss_sim::lab::Lab;

use crate::names::Names;

/// The version of the format: it changes when old readers cannot read new traces.
pub const VERSION: u32 = 1;

/// What stands before a name that replaces an id.
pub const NAME_PREFIX: &str = "@";

#[derive(Serialize)]
struct Header<'h> {
    trace: &'static str,
    version: u32,
    target: &'h Target,
}

#[derive(Serialize)]
struct CallLine<'l> {
    on: Object,
    call: &'l Call,
    reply: &'l Reply,
    at: Option<u64>,
}

#[derive(Serialize)]
struct LoadLine<'l> {
    load: &'l str,
    at: Option<u64>,
}

#[derive(Serialize)]
struct ActLine<'l> {
    act: &'l Action,
    at: Option<u64>,
}

/// A backend whose calls are written down.
pub struct Traced<'b, W> {
    backend: Box<dyn Backend + 'b>,
    to: W,
    names: Names,
    begun: bool,
    failed: Option<io::Error>,
}

impl<'b, W: Write> Traced<'b, W> {
    /// Writes what `backend` is asked and answers to `to`.
    pub fn new(backend: Box<dyn Backend + 'b>, to: W) -> Self {
        Self { backend, to, names: Names::default(), begun: false, failed: None }
    }

    /// The writer, with the whole trace in it.
    ///
    /// # Errors
    /// The first line that could not be written; nothing was written after it.
    pub fn finish(mut self) -> io::Result<W> {
        if let Some(failed) = self.failed {
            return Err(failed);
        }
        self.to.flush()?;
        Ok(self.to)
    }

    fn at(&self) -> Option<u64> {
        match self.backend.ask(&Question::Now) {
            Ok(Answer::Ms(ms)) => Some(ms),
            _ => None,
        }
    }

    /// A trace that cannot be written must not change what the backend answers: the error waits for [`Traced::finish`].
    fn write(&mut self, line: &impl Serialize) {
        if self.failed.is_some() {
            return;
        }
        if !self.begun {
            self.begun = true;
            let target = self.backend.target();
            let header = Header { trace: "vsslab", version: VERSION, target: &target };
            self.failed = self.try_write(&header).err();
        }
        if self.failed.is_none() {
            self.failed = self.try_write(line).err();
        }
    }

    fn try_write(&mut self, line: &impl Serialize) -> io::Result<()> {
        let json = serde_json::to_string(line)?;
        writeln!(self.to, "{}", self.names.replace_in_json(&json, NAME_PREFIX))
    }
}

impl<W: Write> Backend for Traced<'_, W> {
    fn target(&self) -> Target {
        self.backend.target()
    }

    fn capabilities(&self) -> Capabilities {
        self.backend.capabilities()
    }

    fn load(&mut self, lab: &Lab) -> Result<(), Unavailable> {
        self.backend.load(lab)?;
        let at = self.at();
        self.write(&LoadLine { load: &lab.name, at });
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
