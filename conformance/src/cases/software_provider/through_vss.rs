//! What reaches a software provider through the VSS service: selection, creation, deletion, properties.

use vss_sim::api::{ProviderId, SnapshotContext, SnapshotProp};
use vss_sim::lab::{CopyKind, Lab, Provider, ProviderKind};

use super::copier::{Copier, VOLUMES, load};
use crate::bench::Bench;
use crate::case::{Checked, Stop};
use crate::cases::flow;

/// A software provider beside the system provider, which takes what no hardware provider does.
fn two_providers(lab: &mut Lab) {
    let takes = |provider: &mut Provider| provider.copies = vec![CopyKind::Differential];
    flow::with_software_provider("Case Provider", takes)(lab);
}

/// What VSS tells of the only copy of a set.
fn properties(bench: &mut Bench<'_>, set: &flow::Set) -> Result<SnapshotProp, Stop> {
    flow::properties(bench, set.session, flow::only(&set.copies)?)
}

/// A hardware provider comes first, then a software provider, and the system provider when it is asked for.
pub(super) fn is_selected(bench: &mut Bench<'_>) -> Checked {
    let copier = load(bench, two_providers)?;
    let providers = flow::providers(bench)?;
    let software = providers.iter().filter(|provider| provider.kind == ProviderKind::Software);
    let system = software.map(|provider| provider.id).find(|id| *id != copier.id);
    let system = system.ok_or_else(|| Stop::failed("the system provider has to be registered too"))?;
    let backup = flow::copied(bench, SnapshotContext::APP_ROLLBACK, &[VOLUMES[0]])?;
    let came = properties(bench, &backup)?;
    bench.same("the provider of a volume on a local disk", &copier.id, &came.provider_id)?;
    super::effects::shows(bench, &came, "then")?;
    bench.release(backup.session);
    let hardware = flow::backup(bench, &[VOLUMES[1]])?;
    let by_hardware = properties(bench, &hardware)?.provider_id;
    bench.check(by_hardware != copier.id && by_hardware != system, || {
        "a hardware provider has to take its volume before a software provider".to_owned()
    })?;
    bench.release(hardware.session);
    is_taken_by(bench, VOLUMES[0], system)
}

/// A set with that volume, and the provider that is asked for by its id.
fn is_taken_by(bench: &mut Bench<'_>, volume: &str, provider_id: ProviderId) -> Checked {
    let set = flow::copied_by(bench, provider_id, flow::AUTO_RELEASE, &[volume])?;
    let came = properties(bench, &set)?.provider_id;
    bench.same("the provider that was asked for", &provider_id, &came)
}

/// An auto-release copy goes with its requester: VSS deletes it, so the provider has it no more.
pub(super) fn is_deleted_with_its_requester(bench: &mut Bench<'_>) -> Checked {
    let copier = load(bench, |_| ())?;
    let backup = flow::backup_with(bench, SnapshotContext::BACKUP, &[VOLUMES[0]])?;
    let copy = flow::only(&backup.copies)?;
    let before = copier.has(bench, copy)?;
    bench.check(before, || "the provider has to have the copy that VSS had it make".to_owned())?;
    bench.release(backup.session);
    let after = copier.has(bench, copy)?;
    bench.check(!after, || "the provider must not keep a copy that VSS had it delete".to_owned())
}

/// The requester and who calls the provider itself learn the same.
pub(super) fn tells_what_vss_tells(bench: &mut Bench<'_>) -> Checked {
    let copier: Copier = load(bench, |_| ())?;
    let backup = flow::backup(bench, &[VOLUMES[0]])?;
    let mut by_vss = properties(bench, &backup)?;
    let told = copier.told(bench, flow::only(&backup.copies)?)?;
    bench.check(by_vss.snapshot_device_object.is_some(), || {
        "VSS names no device object of the copy".to_owned()
    })?;
    // Where a volume has files, its copy is named by where they are.
    by_vss.snapshot_device_object.clone_from(&told.snapshot_device_object);
    bench.same("what the provider tells of its copy", &by_vss, &told)
}
