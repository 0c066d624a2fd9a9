//! What several hosts work with at the same time, and how their creations of sets keep out of each other's way: cluster
//! shared volumes, scale-out file shares, and the file servers whose shares are copied.

use crate::api::HResult;
use crate::provider::Share;

use super::World;
use super::originals::Original;
use super::volumes::host_index;
use crate::service::Refusal;

/// A cluster shared volume or scale-out share in a set that is being created.
#[derive(Clone, Debug)]
pub(in crate::service) struct SharedInSet {
    /// The session that creates the set.
    pub(in crate::service) session: u32,
    /// Where that runs.
    pub(in crate::service) host: usize,
    pub(in crate::service) original: Original,
}

/// Refuses what another host has in a set that it is creating, and shares of a file server that is creating one.
pub(in crate::service) fn is_free(world: &World, host: usize, original: &Original) -> Result<(), Refusal> {
    let in_progress = |reason| Err(Refusal::documented(HResult::VSS_E_SNAPSHOT_SET_IN_PROGRESS, reason));
    if world.shared_in_sets.iter().any(|taken| taken.host != host && taken.original == *original) {
        return in_progress(match original {
            Original::Volume(_) => "csv-multi-node",
            Original::Share(_) => "scale-out-share-multi-client",
        });
    }
    // The file server creates the copies of its shares, and it creates one set at a time as well.
    let Some(server) = original.file_server().filter(|server| *server != host) else { return Ok(()) };
    // Whoever adds something creates a set on its own host.
    let ours = world.hosts[host].slots.creation;
    if world.hosts[server].slots.creation.is_some_and(|owner| ours != Some(owner)) {
        return in_progress("creation-in-progress");
    }
    Ok(())
}

/// What is in the session's set from now on is kept from others, as far as others could want it.
pub(in crate::service) fn take(world: &mut World, session: u32, host: usize, original: &Original) {
    let is_shared = match original {
        Original::Volume(volume) => world.cluster_shared.contains(volume),
        Original::Share(share) => share.scale_out,
    };
    if is_shared {
        world.shared_in_sets.push(SharedInSet { session, host, original: original.clone() });
    }
    if let Some(server) = original.file_server() {
        world.occupy(server, world.hosts[server].slots.serves(session));
    }
}

/// Whether that is the name of a share, whose copies lie on that file server. A scale-out share is on every node of its
/// cluster: no single one takes its copies along.
pub(in crate::service) fn serves(shares: &[Share], name: &str, host: usize) -> bool {
    let here = |share: &&Share| !share.scale_out && host_index(share.host) == host;
    shares.iter().filter(here).any(|share| share.path.eq_ignore_ascii_case(name))
}

/// The session creates no set any more: whoever waited for it can go on.
pub(in crate::service) fn free(world: &mut World, session: u32) {
    world.shared_in_sets.retain(|taken| taken.session != session);
    for host in 0..world.hosts.len() {
        world.occupy(host, world.hosts[host].slots.without_creation_of(session));
    }
}
