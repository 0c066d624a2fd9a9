//! Who takes a volume.

use vss_sim::api::*;
use vss_sim::lab::Os;
use vss_sim::provider::SystemProvider;

use super::{PLAIN, created};
use crate::room::{Room, SYSTEM, VOLUMES, lab};

/// FALSE: the next provider is asked, and the system provider takes what no other does.
pub(crate) fn hardware_then_system() {
    let mut room = Room::new(&lab(2));
    let providers = room.providers();
    let set = created(&mut room, PLAIN, &[VOLUMES[0], VOLUMES[1], SYSTEM]);
    let by: Vec<_> =
        set.copies.iter().map(|copy| room.properties(set.session, *copy).expect("a copy")).collect();
    let ids: Vec<ProviderId> = by.iter().map(|copy| copy.provider_id).collect();
    assert_eq!(ids[..2], [providers[0].id, providers[1].id]);
    assert_eq!(ids[2], SystemProvider::ID);
    let moments: Vec<_> = by.iter().map(|copy| copy.creation_timestamp).collect();
    assert!(moments.windows(2).all(|pair| pair[0] == pair[1]), "one point in time: {moments:?}");
}

/// A named provider takes the volume or nobody; an unknown one is refused.
pub(crate) fn by_id() {
    let mut room = Room::new(&lab(2));
    let providers = room.providers();
    let mut set = room.begin(PLAIN);
    let unknown = ProviderId(Guid::from_u128(7));
    assert_eq!(room.add_by(&mut set, VOLUMES[0], unknown), HResult::VSS_E_PROVIDER_NOT_REGISTERED);
    let refused = room.add_by(&mut set, VOLUMES[0], providers[1].id);
    assert_eq!(refused, HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER);
    assert_eq!(room.add_by(&mut set, VOLUMES[1], providers[1].id), HResult::S_OK);
    let system = SystemProvider::ID;
    assert_eq!(room.add_by(&mut set, VOLUMES[0], system), HResult::S_OK, "it overrides the order");
}

/// Only servers load hardware providers.
pub(crate) fn not_on_clients() {
    let mut room = Room::new(&lab(1).with_host(|host| host.os = Os::Windows10));
    room.watch();
    let set = created(&mut room, PLAIN, &VOLUMES[..1]);
    assert!(room.called().is_empty(), "{:?}", room.called());
    let copy = room.properties(set.session, set.copies[0]).expect("a copy");
    assert_eq!(copy.provider_id, SystemProvider::ID);
}

/// A provider that is unregistered has to go at once.
pub(crate) fn unregistered() {
    let mut room = Room::with([]);
    created(&mut room, PLAIN, &VOLUMES[..1]);
    let provider = room.providers()[0].id;
    let mut set = room.begin(PLAIN);
    room.watch();
    room.act(&Action::UnregisterProvider { provider });
    assert_eq!(room.add_by(&mut set, VOLUMES[1], provider), HResult::VSS_E_PROVIDER_NOT_REGISTERED);
    assert_eq!(room.add(&mut set, VOLUMES[1]), HResult::S_OK, "the system provider takes it");
    // It is no longer known by its id, so its calls are not told apart from those of others.
    let Ok(Answer::ProviderCalls(calls)) = room.sim.ask(&Question::ProviderCalls) else { panic!("no calls") };
    let forced = ProviderCall::OnUnload { b_force_unload: true };
    assert!(calls.iter().any(|seen| seen.provider == provider && seen.call == forced));
}
