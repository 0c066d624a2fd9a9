//! How a LUN comes back after its array has copied: without a shadow copy's marks, under the intended identity.

use crate::api::HResult;
use crate::lab::Cause;
use crate::service::volumes::host_id;
use crate::service::world::World;
use crate::service::{Refusal, arrival};
use crate::storage::{DiskIdentity, DiskSignature, LunId};

use super::plan::Target;

/// A LUN has the copy's bytes: clears the marks of a shadow copy, sets the identity and presents the disk anew.
pub(super) fn settle_lun(
    world: &mut World,
    host: usize,
    target: &Target,
    trouble: Option<&Cause>,
) -> Result<(), Refusal> {
    if trouble == Some(&Cause::LosesLun) {
        let _ = world.storage.mask(target.lun, host_id(host));
        world.rescan();
        world.log(
            HResult::VSS_E_MISSING_DISK,
            "a LUN did not come back after the resync: present it to this host again",
        );
        return Err(Refusal::inferred(
            HResult::VSS_E_MISSING_DISK,
            "the target LUN did not come back; the page names no code",
        ));
    }
    // The LUN has taken over the copy's size too, so both halves of its table lie where they must.
    let intended = set_identity(world, host, target, trouble);
    if trouble == Some(&Cause::WrongSignature) {
        world.write_stray_identity(target.lun);
    }
    // The disk leaves and comes back, so that the host's SAN policy decides anew (O49).
    let _ = world.storage.mask(target.lun, host_id(host));
    world.rescan();
    let _ = world.storage.unmask(target.lun, host_id(host));
    world.rescan();
    let now = world.signature(host, target.lun);
    if intended && now == target.identity.as_ref().map(|identity| identity.signature) {
        return Ok(());
    }
    let shown = now.map_or_else(|| "none".to_owned(), |signature| signature.to_string());
    let wanted =
        target.identity.as_ref().map_or_else(|| "none".to_owned(), |identity| identity.signature.to_string());
    world.log(
        HResult::VSS_E_CANNOT_REVERT_DISKID,
        &format!("a disk has the signature {shown} instead of {wanted}: its contents are resynchronised; set the signature by hand"),
    );
    Err(Refusal::documented(HResult::VSS_E_CANNOT_REVERT_DISKID, "disk-id-not-set"))
}

/// Sets the identity that the flags ask for; where that cannot be, the one that the disk had. Answers whether the first
/// was possible.
fn set_identity(world: &mut World, host: usize, target: &Target, trouble: Option<&Cause>) -> bool {
    if trouble == Some(&Cause::DiskRefusesWrite) {
        return false;
    }
    let Some(identity) = &target.identity else { return true };
    let other =
        world.host(host).online_disk(identity.signature).and_then(|number| world.host(host).disk(number));
    let taken = other.is_some_and(|disk| disk.lun != target.lun);
    if !taken && world.write_identity(target.lun, Some(identity)) {
        return true;
    }
    if !world.write_identity(target.lun, target.before.as_ref()) {
        world.write_stray_identity(target.lun);
    }
    false
}

impl World {
    /// Writes an identity to a LUN's disk and clears the marks of a shadow copy; `false`: it does not suit the disk.
    fn write_identity(&mut self, lun: LunId, identity: Option<&DiskIdentity>) -> bool {
        let (storage, ids) = (&mut self.storage, &mut self.ids.disks);
        let unmarked = |attributes| attributes & !arrival::COPY_ATTRIBUTES;
        identity
            .is_some_and(|identity| storage.rewrite(lun, identity, unmarked, &mut || ids.next_guid()).is_ok())
    }

    /// Gives a LUN's disk, whatever its style, an identity that no disk has.
    fn write_stray_identity(&mut self, lun: LunId) {
        let Some(old) = self.storage.lun(lun).ok().and_then(|lun| lun.identity().ok()) else { return };
        let stray = self.stray_identity(old.signature);
        self.write_identity(lun, Some(&stray));
    }

    /// An identity of the same style that no disk has. It names no partitions: each gets an id when it is written.
    pub(in crate::service) fn stray_identity(&mut self, style: DiskSignature) -> DiskIdentity {
        match style {
            DiskSignature::Mbr(_) => DiskIdentity::mbr(self.ids.disks.next_u32()),
            DiskSignature::Gpt(_) => DiskIdentity::gpt(self.ids.disks.next_guid(), Vec::new()),
        }
    }
}
