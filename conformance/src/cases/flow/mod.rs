//! The ways that cases walk, and what they look at on the way.
//!
//! | file | holds |
//! |---|---|
//! | `sets` | from a requester's object to a set, and to its saved document |
//! | `restores` | an object that has loaded a document, and its recovery set |
//! | `imports` | hosts, and sets that go from one to another |
//! | `labs` | labs with something more in them |
//! | `exposures` | calls that expose copies |
//! | `reverts` | copies that can be reverted to, reverts, and whether one is to be blocked |
//! | `listed` | what `Query` lists |
//! | `content` | what volumes and LUNs hold |
//! | `seen` | what VSS and the storage tell: of copies, LUNs, disks, providers, events |

mod content;
mod exposures;
mod imports;
mod labs;
mod listed;
mod restores;
mod reverts;
mod seen;
mod sets;

pub(super) use content::{DATA, holds, is_readable, lun_holds, write};
pub(super) use exposures::{expose_locally, expose_remotely};
pub(super) use imports::{imported, importer, transportable, turn_to};
pub(super) use labs::{
    OTHER, SECOND, SECOND_NAME, also_mounted, changed, cluster, dynamic, lun_under, originals_apart, share,
    two_hosts, two_providers, volume_in, with_file_system, with_os, with_share, with_software_provider,
    with_virtual_disks,
};
pub(super) use listed::{copies_seen, only_copies, read_to_the_end};
pub(super) use restores::{recovery_set, restore_object};
pub(super) use reverts::{backup_by_name, backup_by_system, copied_by_the_system, reverting, should_block};
pub(super) use seen::{
    called, copies_of_lun, device, disk_of, disks, events, hardware_provider, held_back, live_objects,
    logged, logged_since, lun, lun_names, luns, only_copy_of_lun, properties, properties_if_known,
    provider_calls, provider_named, providers, signature, snapshots, volume_names_on, volumes_on,
};
pub(super) use sets::{
    AUTO_RELEASE, PERSISTENT, Set, add_volume, backup, backup_by, backup_object, backup_object_on,
    backup_with, beside, copied, copied_by, copied_volume, create, create_on, created_set, delete_copy,
    expect_added, gather_metadata, initialized, only, prepared_set, runs_to_its_end, save, start_set,
};
