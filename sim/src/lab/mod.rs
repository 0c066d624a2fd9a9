//! A lab: the described machine room that a simulation starts from.
//!
//! A lab is read from TOML ([`Lab::from_toml`]) or built in code ([`Lab::builder`]), and checked as a whole either
//! way ([`Lab::check`]); [`Lab::instantiate`] makes it real. The virtual clock, the seeded ids and the event log of a running lab are here too.

mod builder;
mod check;
mod clock;
mod description;
mod document;
mod error;
mod events;
mod fault;
mod instance;
mod lun_ids;
mod luns;
mod os;
mod partitions;
mod path;
mod readings;
mod seed;
mod size;
mod suggest;
mod text;
mod wording;
mod writers;

pub use builder::LabBuilder;
pub use check::{FILE_SHARE_PROVIDER, SYSTEM_PROVIDER};
pub use clock::Clock;
pub use description::*;
pub use error::{LabError, Problem};
pub use events::Events;
pub use fault::{
    CallKind, Cause, CauseRow, Fault, MAKING_COPIES, TransactionManager, TransactionMoment,
    USING_THE_DOCUMENT, WRITER_EVENTS,
};
pub use instance::{Instance, ResolvedProvider, ResolvedVolume, ResolvedWriter};
pub use lun_ids::LunIds;
pub use luns::*;
pub use os::Os;
pub use path::LabPath;
pub use readings::*;
pub use seed::{GUID_PREFIX, IdStream, SIGNATURE_PREFIX, Seed};
pub use size::Size;
pub use writers::*;
