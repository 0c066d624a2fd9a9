//! OnLunStateChange: what VSS tells providers of the copies' LUNs while a set is created, and when it is broken.

use crate::api::{
    HardwareOptions, LunInformation, ProviderCall, ProviderId, SnapshotContext, VolumeSnapshotAttributes,
};
use crate::document::SnapshotDescription;

use super::distinct;
use crate::service::Refusal;
use crate::service::objects::session::Session;
use crate::service::world::World;

/// Whether copies of that context are recovered at their creation: for the writers (ROLLBACK_RECOVERY) or by TxF. Those of a
/// transportable set are not: they do not come up on the host that makes them.
pub(in crate::service) fn is_auto_recovered(context: SnapshotContext) -> bool {
    let asks = VolumeSnapshotAttributes::ROLLBACK_RECOVERY | VolumeSnapshotAttributes::TXF_RECOVERY;
    let prevents = VolumeSnapshotAttributes::NO_AUTORECOVERY | VolumeSnapshotAttributes::TRANSPORTABLE;
    let attributes = context.attributes();
    attributes.intersects(asks) && !attributes.intersects(prevents)
}

/// The LUNs are about to turn read-write for the recovery.
pub(in crate::service) fn before_recovery(
    world: &mut World,
    session: &Session,
    copies: &[SnapshotDescription],
) -> Result<(), Refusal> {
    tell(world, session, copies, HardwareOptions::NOTIFY_LUN_PRE_RECOVERY)
}

/// The recovery is over, the LUNs are read-only again.
pub(in crate::service) fn after_recovery(
    world: &mut World,
    session: &Session,
    copies: &[SnapshotDescription],
) -> Result<(), Refusal> {
    tell(world, session, copies, HardwareOptions::NOTIFY_LUN_POST_RECOVERY)
}

fn tell(
    world: &mut World,
    session: &Session,
    copies: &[SnapshotDescription],
    flags: HardwareOptions,
) -> Result<(), Refusal> {
    if is_auto_recovered(session.context) { send(world, session.host, copies, flags) } else { Ok(()) }
}

/// Tells each provider of the copies that can be told.
pub(in crate::service) fn send(
    world: &mut World,
    host: usize,
    copies: &[SnapshotDescription],
    flags: HardwareOptions,
) -> Result<(), Refusal> {
    for provider in distinct(copies.iter().map(|copy| copy.provider_id)) {
        if !world.knows_ex_of(host, provider) {
            continue;
        }
        let (copied, originals) = pairs(copies, provider);
        let call = ProviderCall::OnLunStateChange {
            dw_count: u32::try_from(copied.len()).unwrap_or(u32::MAX),
            p_snapshot_luns: copied,
            p_original_luns: originals,
            dw_flags: flags,
        };
        world.ask_in_operation(host, provider, &call)?;
    }
    Ok(())
}

/// The copies' LUNs of one provider and the LUNs that they were made of, each pair once.
fn pairs(copies: &[SnapshotDescription], provider: ProviderId) -> (Vec<LunInformation>, Vec<LunInformation>) {
    let mut pairs: Vec<(LunInformation, LunInformation)> = Vec::new();
    let of_provider = copies.iter().filter(|copy| copy.provider_id == provider);
    for mapping in of_provider.flat_map(|copy| &copy.lun_mappings) {
        let (copied, original) = (&mapping.destination.information, &mapping.source.information);
        if pairs.iter().all(|(other, _)| other != copied) {
            pairs.push((copied.clone(), original.clone()));
        }
    }
    pairs.into_iter().unzip()
}
