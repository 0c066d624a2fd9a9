//! A conformance suite for VSS: every documented outcome, run against any backend. The program is `vsslab`.
//!
//! An *outcome* is one documented (code, reason) pair of one method, such as
//! `IVssBackupComponentsEx3::RecoverSet/VSS_E_BAD_STATE/winpe`. A *case* is a function that leads a backend to an outcome
//! and checks that it is as documented. It knows the backend only through
//! [`vss_sim::api::Backend`], so the same case runs on the simulator and on anything else that implements it.
//!
//! # A case
//! [`bench::Bench`] passes calls on, keeps the log that a report shows, and has checks whose failures explain themselves.
//!
//! ```
//! use vss_conformance::bench::Bench;
//! use vss_conformance::case;
//! use vss_conformance::case::{Case, Checked};
//! use vss_sim::api::{Call, Object, RecoveryOptions};
//!
//! fn too_early(bench: &mut Bench<'_>) -> Checked {
//!     bench.load_default()?;
//!     let session = bench.object(Object::HOST, Call::CREATE_VSS_BACKUP_COMPONENTS)?;
//!     let recover = Call::recover_set(RecoveryOptions::empty());
//!     let code = bench.outcome_code()?;
//!     bench.expect_settled(session, recover, code).map(drop)
//! }
//!
//! let case: Case = case!(
//!     "IVssBackupComponentsEx3::RecoverSet/VSS_E_BAD_STATE/no-initialize-for-restore",
//!     too_early
//! );
//!
//! // It passes on the simulator, and fails on every backend that is wrong about its outcome.
//! use vss_conformance::{backends, deviants};
//! let make = backends::make(&backends::Choice::default())?;
//! assert_eq!(deviants::caught(&case, &make, &vss_sim::lab::Lab::default_lab()), Ok(()));
//! # Ok::<(), backends::NoBackend>(())
//! ```
//!
//! # From cases to a report
//! [`run::Plan`] selects outcomes and their cases, [`run::Run`] runs each on a backend of its own and tells a
//! [`run::Reporter`] what happens, as one stream of events. Reports are consumers of that stream. What is expected to
//! fail stands in a file with reasons ([`expectations`]); a [`verdict::Verdict`] follows, and from all of them the
//! [`verdict::ExitCode`].
//!
//! # The rooms
//! | room | holds |
//! |---|---|
//! | [`spec`] | the documented outcomes of `fixtures/spec`, embedded |
//! | [`cases`], [`mod@case`] | the cases, one file for each interface or topic; what a case is |
//! | [`mod@bench`] | what a case works with |
//! | [`provenance`] | what a pass rests on |
//! | [`backends`] | the backends of this build |
//! | [`deviants`] | backends that are wrong in one way: every case has to fail on those of its outcome |
//! | [`run`], [`report`], [`render`] | running, the reports, calls as text |
//! | [`verdict`], [`expectations`] | verdicts, exit codes, what is expected to fail |
//! | [`coverage`] | which outcomes have a case or a written disposition |
//! | [`explain`] | pages about outcomes, methods and codes |
//! | [`trace`], [`names`] | calls and replies as JSON lines, with stable names for ids; their replay and comparison |
//! | [`provider`] | the suite for hardware providers: profiles, wrong providers |
//! | [`probe`] | traces of the suite's cases |
//! | [`glob`], [`nearest`] | filters; "did you mean" |
//! | [`cli`] | the commands of `vsslab` |

pub mod backends;
pub mod bench;
pub mod case;
pub mod cases;
pub mod cli;
pub mod coverage;
pub mod deviants;
mod diagnostic;
pub mod expectations;
pub mod explain;
pub mod glob;
pub mod names;
pub mod nearest;
pub mod probe;
pub mod provenance;
pub mod provider;
pub mod render;
pub mod report;
pub mod run;
pub mod spec;
pub mod trace;
pub mod verdict;
