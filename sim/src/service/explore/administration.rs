//! The calls that administer shadow copies, made on every object that was met.
//!
//! They tell or change something of copies and volumes; the object on which they are made stays as it is, and so does what
//! objects share. That is a rule here, and the reason why they are no moves: a move that leads back is none. What
//! decides them is the object, the machine, the readings and the shadow copies, so that it is enough to make them once on
//! each object instead of in every state of all objects together.
//!
//! The shadow copies are the same all the time, one for each verdict that a copy can lead to. That copies are deleted,
//! broken or reverted to decides of later calls about them alone, and of these, of every verdict there is one anyway. What
//! providers answer is not computed: a call that fails then changes no object either.

use crate::api::{
    Call, Guid, HardwareOptions, ObjectType, ProviderId, Ptr, SnapshotId, SnapshotSetId,
    VolumeSnapshotAttributes,
};
use crate::service::Refusal;
use crate::service::machine::End;
use crate::service::transitions::change::Change;

use super::calls::{Labelled, labelled};
use super::moves;
use super::object::Actor;
use super::setting::{Names, OnlyCopy};
use super::view::{ME, View};

const VALID: Ptr = Ptr::Valid;
/// No copy, set or provider has it.
pub(super) const UNKNOWN: Guid = Guid::from_u128(7);

/// What came of such a call that was let through.
pub(super) struct Made {
    /// The object right after it.
    pub(super) after: Actor,
    /// Whether it changes the object or what is shared, at once or when the operation ends that it may begin.
    pub(super) changes: bool,
}

/// Makes a call that was let through.
pub(super) fn made(actor: Actor, change: &Change) -> Result<Made, Refusal> {
    let (after, free) = moves::called(actor, View::FREE, change)?;
    let (_, mine) = moves::called(actor, View::MINE, change)?;
    let mut changes = (after, free, mine) != (actor, View::FREE, View::MINE);
    if let Change::Begin(operation) = change {
        changes |= actor.requester.worked(*operation) != actor.requester;
        changes |= [End::Finished, End::Failed, End::Cancelled].into_iter().any(|end| {
            let ended = |view: View| view.with(view.slots().ended(ME, *operation, end));
            (ended(View::FREE), ended(View::MINE)) != (View::FREE, View::MINE)
        });
    }
    Ok(Made { after, changes })
}

/// Every call: with valid arguments, and with each kind of wrong ones.
pub(super) fn calls(names: &Names) -> Vec<Labelled> {
    let mut calls = Vec::new();
    let mut add = |argument: &str, call: Call| calls.push(labelled(argument, call));
    support(names, &mut add);
    queries(names, &mut add);
    deletions(names, &mut add);
    breaks(names, &mut add);
    exposures(names, &mut add);
    reverts(names, &mut add);
    let (snapshot_set_id, pp_async) = (names.backup.set, VALID);
    add("", Call::PreFastRecovery { snapshot_set_id, dw_pre_fast_recovery_flags: 0, pp_async });
    add("", Call::FastRecovery { snapshot_set_id, dw_fast_recovery_flags: 0, pp_async });
    calls
}

fn support(names: &Names, add: &mut impl FnMut(&str, Call)) {
    let supported = |name: Option<&str>, provider_id| Call::IsVolumeSupported {
        provider_id,
        pwsz_volume_name: name.map(Into::into),
        pb_supported_by_this_provider: VALID,
    };
    let volume = names.volumes[0];
    add(volume, supported(Some(volume), ProviderId::NULL));
    add("NULL", supported(None, ProviderId::NULL));
    add("no backslash", supported(Some(volume.trim_end_matches('\\')), ProviderId::NULL));
    add("no volume", supported(Some(r"Q:\"), ProviderId::NULL));
    add("no provider", supported(Some(volume), ProviderId(UNKNOWN)));
}

fn queries(names: &Names, add: &mut impl FnMut(&str, Call)) {
    use ObjectType as T;
    let query = |about, queried, returned| Call::Query {
        queried_object_id: about,
        e_queried_object_type: queried,
        e_returned_objects_type: returned,
        pp_enum: VALID,
    };
    add("shadow copies", query(Guid::nil(), T::NONE, T::SNAPSHOT));
    add("providers", query(Guid::nil(), T::NONE, T::PROVIDER));
    add("about a copy", query(names.backup.copy.0, T::NONE, T::SNAPSHOT));
    add("about nothing", query(UNKNOWN, T::NONE, T::SNAPSHOT));
    add("of a type", query(Guid::nil(), T::SNAPSHOT, T::SNAPSHOT));
    add("sets", query(Guid::nil(), T::NONE, T::SNAPSHOT_SET));
}

fn deletions(names: &Names, add: &mut impl FnMut(&str, Call)) {
    let delete = |source_object_id, e_source_object_type| Call::DeleteSnapshots {
        source_object_id,
        e_source_object_type,
        b_force_delete: false,
        pl_deleted_snapshots: VALID,
        p_nondeleted_snapshot_id: VALID,
    };
    add("a copy", delete(names.backup.copy.0, ObjectType::SNAPSHOT));
    add("a set", delete(names.backup.set.0, ObjectType::SNAPSHOT_SET));
    add("no copy", delete(UNKNOWN, ObjectType::SNAPSHOT));
    add("no set", delete(UNKNOWN, ObjectType::SNAPSHOT_SET));
    add("a provider", delete(UNKNOWN, ObjectType::PROVIDER));
    add("GUID_NULL", delete(Guid::nil(), ObjectType::SNAPSHOT));
}

fn breaks(names: &Names, add: &mut impl FnMut(&str, Call)) {
    let sets = [
        ("a set", names.backup.set),
        ("a set for transport", names.transport.set),
        ("a software provider's set", names.revertible.set),
        ("no set", SnapshotSetId(UNKNOWN)),
        ("GUID_NULL", SnapshotSetId::NULL),
    ];
    for (label, snapshot_set_id) in sets {
        add(label, Call::BreakSnapshotSet { snapshot_set_id });
    }
    let flags = HardwareOptions::MAKE_READ_WRITE;
    let break_ex = |snapshot_set_id, dw_break_flags| Call::BreakSnapshotSetEx {
        snapshot_set_id,
        dw_break_flags,
        pp_async: VALID,
    };
    for (label, set) in sets {
        add(label, break_ex(set, flags));
    }
    add("a set, masked", break_ex(names.backup.set, HardwareOptions::MASK_LUNS));
    add("unknown flags", break_ex(names.backup.set, HardwareOptions::from_bits_retain(1 << 31)));
}

fn exposures(names: &Names, add: &mut impl FnMut(&str, Call)) {
    use VolumeSnapshotAttributes as A;
    let expose = |snapshot_id, l_attributes, name: Option<&str>| Call::ExposeSnapshot {
        snapshot_id,
        wsz_path_from_root: None,
        l_attributes,
        wsz_expose: name.map(Into::into),
        pwsz_exposed: VALID,
    };
    let unknown = OnlyCopy { copy: SnapshotId(UNKNOWN), ..names.backup };
    let null = OnlyCopy { copy: SnapshotId::NULL, ..names.backup };
    let copies = [
        ("a copy", names.backup),
        ("a copy for transport", names.transport),
        ("an exposed copy", names.exposed),
        ("a copy that goes with its object", names.fleeting),
        ("a client-accessible copy", names.client_accessible),
        ("no copy", unknown),
        ("GUID_NULL", null),
    ];
    for (label, OnlyCopy { copy, .. }) in copies {
        add(&format!("{label}, X:"), expose(copy, A::EXPOSED_LOCALLY, Some("X:")));
        add(&format!("{label}, as a share"), expose(copy, A::EXPOSED_REMOTELY, None));
        add(label, Call::UnexposeSnapshot { snapshot_id: copy });
    }
    let [taken, _] = names.volumes;
    add("a taken letter", expose(names.backup.copy, A::EXPOSED_LOCALLY, Some(&taken[..2])));
    add("no attributes", expose(names.backup.copy, A::empty(), Some("X:")));
}

fn reverts(names: &Names, add: &mut impl FnMut(&str, Call)) {
    let copies = [
        ("a copy", names.revertible.copy),
        ("a copy that goes with its object", names.fleeting.copy),
        ("a hardware provider's copy", names.backup.copy),
        ("no copy", SnapshotId(UNKNOWN)),
        ("GUID_NULL", SnapshotId::NULL),
    ];
    for (label, snapshot_id) in copies {
        add(label, Call::RevertToSnapshot { snapshot_id, b_force_dismount: false });
    }
    let query =
        |name: Option<&str>| Call::QueryRevertStatus { pwsz_volume: name.map(Into::into), pp_async: VALID };
    add(names.local, query(Some(names.local)));
    add("a hardware provider's volume", query(Some(names.volumes[0])));
    add("NULL", query(None));
    add("no backslash", query(Some(names.local.trim_end_matches('\\'))));
    add("no volume", query(Some(r"Q:\")));
}
