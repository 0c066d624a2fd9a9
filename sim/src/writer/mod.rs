//! Writers: who they are, how they take part in a session, and what their status says.

mod event;

pub use event::WriterEvent;

use crate::api::VolumeGuid;
use crate::api::{ComponentType, HResult, Text, WriterId, WriterInstanceId, WriterState};
use crate::lab::Cause;

/// A running writer.
#[derive(Clone, Debug)]
pub struct Writer {
    /// Its name.
    pub name: Text,
    /// Its class.
    pub id: WriterId,
    /// This instance of the class.
    pub instance: WriterInstanceId,
    /// How long it bears being frozen, in milliseconds.
    pub freeze_limit_ms: u64,
    /// How many sessions it takes part in at a time.
    pub max_sessions: Option<u32>,
    /// What it has to be backed up.
    pub components: Vec<Component>,
    /// Whether the registry lists it as one whose volumes should not be reverted.
    pub blocks_revert: bool,
    /// How many sessions it takes part in now.
    pub sessions: u32,
    /// Whether its process still runs.
    pub running: bool,
}

/// A component of a writer.
#[derive(Clone, Debug)]
pub struct Component {
    /// Its name.
    pub name: Text,
    /// Its place in the writer's hierarchy.
    pub logical_path: Option<Text>,
    /// Database or file group.
    pub kind: ComponentType,
    /// The volumes that its files lie on.
    pub volumes: Vec<VolumeGuid>,
}

impl Writer {
    /// Whether the volumes hold some but not all that one of its components needs.
    pub fn is_torn_by(&self, volumes: &[VolumeGuid]) -> bool {
        self.components.iter().any(|component| {
            let held = component.volumes.iter().filter(|volume| volumes.contains(volume)).count();
            held > 0 && held < component.volumes.len()
        })
    }

    /// Whether it takes part in no more sessions.
    pub fn is_full(&self) -> bool {
        self.max_sessions.is_some_and(|max| self.sessions >= max)
    }
}

/// A writer's part in one session.
#[derive(Clone, Debug)]
pub struct Participant {
    /// Which writer, by its place in the lab.
    pub writer: usize,
    /// Its slot for the session.
    pub slot: Slot,
    /// Whether it answers.
    pub responds: bool,
    /// Its state.
    pub state: WriterState,
    /// What its last handler reported.
    pub failure: Failure,
}

/// A writer's slot for one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// It had none left when it was asked to identify itself.
    None,
    /// The session holds it.
    Held,
    /// The session has held it: its backup is complete.
    Freed,
}

/// What a writer gave to `SetWriterFailureEx`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// `hrWriter`
    pub code: HResult,
    /// `hrApplication`
    pub application: HResult,
    /// `wszApplicationMessage`
    pub message: Option<Text>,
}

impl Failure {
    /// The writer is fine.
    pub const NONE: Self = Self { code: HResult::S_OK, application: HResult::S_OK, message: None };

    /// A code without the application's own words.
    pub fn of(code: HResult) -> Self {
        Self { code, ..Self::NONE }
    }
}

impl Participant {
    /// A writer that has just identified itself.
    pub fn new(writer: usize, slot: Slot) -> Self {
        Self { writer, slot, responds: true, state: WriterState::STABLE, failure: Failure::NONE }
    }

    /// Whether the writer gets that event in its state.
    pub fn takes(&self, event: WriterEvent) -> bool {
        self.responds && event.handled_in(self.state).is_some()
    }

    /// Sends an event to the writer and answers how many milliseconds its handler took beyond the usual. `torn`: the
    /// set has only some of the volumes that a component needs.
    pub fn deliver(&mut self, event: WriterEvent, cause: Option<Cause>, torn: bool) -> u64 {
        let Some(handled) = event.handled_in(self.state).filter(|_| self.responds) else { return 0 };
        let late_ms = if let Some(Cause::Late(ms)) = cause { ms } else { 0 };
        let failure = match cause {
            Some(Cause::Silent) => {
                self.responds = false;
                return 0;
            }
            Some(Cause::OutOfMemory) => Some(Failure::of(HResult::VSS_E_WRITERERROR_OUTOFRESOURCES)),
            Some(Cause::WriterFails { code, application, message }) => {
                Some(Failure { code, application, message: message.map(Into::into) })
            }
            _ if torn && event == WriterEvent::PrepareForSnapshot => {
                Some(Failure::of(HResult::VSS_E_WRITERERROR_INCONSISTENTSNAPSHOT))
            }
            _ => None,
        };
        match failure {
            Some(failure) => self.fail(event, failure),
            None => self.state = handled,
        }
        late_ms
    }

    /// The writer was frozen for longer than it bears.
    pub fn time_out(&mut self) {
        if self.responds && self.state == WriterState::WAITING_FOR_THAW {
            self.fail(WriterEvent::Thaw, Failure::of(HResult::VSS_E_WRITERERROR_TIMEOUT));
        }
    }

    fn fail(&mut self, event: WriterEvent, failure: Failure) {
        // A failure to abort leaves the state that led to the abort.
        self.state = event.failed().unwrap_or(self.state);
        self.failure = failure;
    }

    /// What `GatherWriterStatus` finds.
    pub fn status(&self, writer: &Writer) -> Status {
        let failure = if !writer.running || self.slot == Slot::None {
            Failure::of(HResult::VSS_E_WRITER_STATUS_NOT_AVAILABLE)
        } else if !self.responds {
            Failure::of(HResult::VSS_E_WRITER_NOT_RESPONDING)
        } else {
            self.failure.clone()
        };
        let unknown = !writer.running || self.slot == Slot::None || !self.responds;
        Status {
            instance: writer.instance,
            writer: writer.id,
            name: writer.name.clone(),
            state: if unknown { WriterState::UNKNOWN } else { self.state },
            failure,
        }
    }
}

/// One row of the status that a session gathered.
#[derive(Clone, Debug)]
pub struct Status {
    /// The instance.
    pub instance: WriterInstanceId,
    /// The class.
    pub writer: WriterId,
    /// The writer's name.
    pub name: Text,
    /// Its state.
    pub state: WriterState,
    /// What it reported, or what VSS reports of it.
    pub failure: Failure,
}
