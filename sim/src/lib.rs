//! A deterministic simulator of Windows VSS hardware snapshots: hardware providers, LUNs, disk signatures, LUN resync
//! and the VSS service's state machines.
//!
//! No I/O, no wall clock, no threads, no unsafe code: the same lab and the same calls give the same bytes.
//!
//! # The idea
//! A VSS call is a value. An [`api::Call`] goes into an [`api::Backend`], an [`api::Reply`] comes out: the HRESULT and
//! the \[out\] values. The simulator is one backend. Every illegal call can be said too: NULL pointers, unknown flag bits,
//! `GUID_NULL`, calls in the wrong order.
//!
//! ```
//! use vss_sim::api::{Backend, Call, HResult, Object, Out, Ptr};
//! use vss_sim::lab::Lab;
//! use vss_sim::service::Simulator;
//!
//! let mut vss = Simulator::new(&Lab::default_lab())?;
//! let reply = vss.call(Object::HOST, &Call::CreateVssBackupComponents { pp_backup: Ptr::Valid });
//! assert_eq!(reply.out, Some(Out::CreateVssBackupComponents { pp_backup: Object::Session(1) }));
//!
//! // Too early: the object is not initialised.
//! let reply = vss.call(Object::Session(1), &Call::StartSnapshotSet { p_snapshot_set_id: Ptr::Valid });
//! assert_eq!(reply.hresult, HResult::VSS_E_BAD_STATE);
//! assert_eq!(
//!     vss.last_refusal().as_deref(),
//!     Some("IVssBackupComponents::StartSnapshotSet/VSS_E_BAD_STATE/not-initialized"),
//! );
//! # Ok::<(), vss_sim::service::SetUpError>(())
//! ```
//!
//! # In the tests of a requester
//! [`api::face`] puts objects and methods over any backend, named as the COM interfaces are. Code that is written over
//! [`api::face::Vss`] with a type parameter for the backend runs on the simulator in tests.
//!
//! Three things can be done beside calls: [`act`](api::Backend::act) changes the world from outside (another program
//! writes to a volume, an administrator unregisters a provider, time passes), [`ask`](api::Backend::ask) looks at
//! effects (bytes, signatures, disks, event log), and [`load`](api::Backend::load) sets up another lab.
//!
//! ```
//! use vss_sim::api::face::Vss;
//! use vss_sim::api::{Answer, HResult, Question, SnapshotContext};
//! use vss_sim::lab::{Cause, Fault, Lab};
//! use vss_sim::service::Simulator;
//!
//! // The array refuses to make the copy.
//! let veto = Cause::ProviderAnswers(HResult::VSS_E_PROVIDER_VETO);
//! let lab = Lab::default_lab().with_fault(Fault::new("CommitSnapshots", veto));
//! let vss = Vss::new(Simulator::new(&lab)?);
//!
//! let backup = vss.create_vss_backup_components()?;
//! backup.initialize_for_backup(None)?;
//! backup.set_context(SnapshotContext::NAS_ROLLBACK)?;
//! backup.start_snapshot_set()?;
//! backup.add_to_snapshot_set(r"D:\", None)?;
//! assert_eq!(backup.do_snapshot_set()?.finish(), Err(HResult::VSS_E_PROVIDER_VETO));
//!
//! let Answer::Events(events) = vss.ask(&Question::Events)? else { unreachable!() };
//! assert!(events.iter().any(|event| event.code == HResult::VSS_E_PROVIDER_VETO));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Labs
//! A [`lab::Lab`] describes the machine room: hosts with their operating systems, arrays, LUNs, volumes, providers,
//! writers, what goes wrong, and how the documentation is read where it contradicts itself. It comes from TOML
//! ([`lab::Lab::from_toml`]) or from code ([`lab::Lab::builder`]). A fault is a cause, never a code: which code the
//! caller sees, and what is left behind, is the model's consequence.
//!
//! ```
//! use vss_sim::lab::{Lab, Os};
//!
//! let lab = Lab::from_toml("base = \"default\"\n[[host]]\nname = \"SRV\"\nos = \"windows-11\"\n", "client.toml")?;
//! assert_eq!(lab.hosts[0].os, Os::Windows11);
//! assert_eq!(lab.volumes.len(), Lab::default_lab().volumes.len());
//!
//! let error = Lab::from_toml("base = \"default\"\nsede = 7\n", "wrong.toml").unwrap_err();
//! assert!(error.to_string().contains("did you mean `seed`?"));
//! # Ok::<(), vss_sim::lab::LabError>(())
//! ```
//!
//! # The rooms
//! | room | holds |
//! |---|---|
//! | [`api`] | calls, replies, codes, ids, flags, the [`Backend`](api::Backend) trait, the typed face |
//! | [`lab`] | the described machine room, seeded ids, the virtual clock, the event log |
//! | [`storage`] | sparse copy-on-write bytes, MBR and GPT, disks, LUNs, arrays, hosts; knows no VSS |
//! | [`provider`] | the traits [`HardwareProvider`](provider::HardwareProvider) and [`SoftwareProvider`](provider::SoftwareProvider), the reference providers |
//! | [`writer`] | writers and their states |
//! | [`document`] | the Backup Components Document as XML |
//! | [`service`] | the coordinator: the [`Simulator`](service::Simulator) and its state machine |
//!
//! # Scope
//! What is not simulated is listed in the README, layer by layer.

pub mod api;
pub mod document;
mod enumerator;
pub mod lab;
mod map;
pub mod provider;
pub mod service;
pub mod storage;
pub mod writer;

/// The explorer: every reachable state of a few requesters' objects and of what they share, breadth first.
pub mod explore {
    pub use crate::service::explore::{
        Administration, Arguments, DeadEnd, ExploreError, HOSTS_MAX, Judgement, Limit, Options, Report, Rule,
        SESSIONS_MAX, STATES_MAX, Seen, Unreached, Violation, explore,
    };
}

/// The README's Rust code is compiled and run as a documentation test.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}
