//! Volumes with files: a tool that copies files out of a shadow copy runs on the simulator.
//!
//! A lab's volume may name a directory (`directory` under `[[volume]]`). [`Files`] is a backend over a backend: when
//! `DoSnapshotSet` is called, it copies the directories of the set's volumes, and it hands out the copies' paths as the
//! device objects of the shadow copies. When a shadow copy is gone, so is its copy.
//!
//! ```
//! use std::fs;
//!
//! use vss_files::Files;
//! use vss_sim::api::SnapshotContext;
//! use vss_sim::api::face::Vss;
//! use vss_sim::lab::Lab;
//! use vss_sim::service::Simulator;
//!
//! let d = tempfile::tempdir()?;
//! fs::write(d.path().join("ledger.txt"), "then")?;
//!
//! let lab = Lab::default_lab().with_directory(r"D:\", d.path().to_string_lossy())?;
//! let vss = Vss::new(Files::new(Simulator::new(&lab)?, &lab)?);
//! let backup = vss.create_vss_backup_components()?;
//! backup.initialize_for_backup(None)?;
//! backup.set_context(SnapshotContext::FILE_SHARE_BACKUP)?;
//! backup.start_snapshot_set()?;
//! let snapshot = backup.add_to_snapshot_set(r"D:\", None)?;
//! let operation = backup.do_snapshot_set()?;
//! fs::write(d.path().join("ledger.txt"), "now")?;
//! operation.finish()?;
//!
//! let device = backup.get_snapshot_properties(snapshot)?.snapshot_device_object.unwrap();
//! let file = format!("{device}{}ledger.txt", std::path::MAIN_SEPARATOR);
//! assert_eq!(fs::read_to_string(&file)?, "then");
//!
//! drop(backup); // its context is one of those that release their copies
//! assert!(fs::read_to_string(&file).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What a copy holds
//! Directories, files with their contents, read-only flags (on Unix: modes) and times, and symbolic links as links.
//! Windows' own file copy also takes a file's attributes and alternate streams along. Owners, access control lists,
//! links between files and what is being written at that moment are not kept. File systems that share blocks between
//! copies (reflink) do so: the system's own copy asks for it.
//!
//! # When something cannot be copied
//! The volume's files are not there, so there must be no shadow copy that seems to have them: the set fails. Its
//! `IVssAsync` ends with `VSS_E_PROVIDER_VETO`, and the event log ([`Question::Events`](vss_sim::api::Question::Events))
//! names the path, the reason and what to do.
//!
//! # Where copies lie
//! In a fresh directory under the system's temporary one, or under that of [`Files::new_in`], each in a subdirectory
//! with the snapshot's id for its name. It goes when the backend is dropped. Nothing else is ever written or deleted.

mod directories;
mod files;
mod scratch;
mod tree;
mod volumes;

pub use files::Files;
