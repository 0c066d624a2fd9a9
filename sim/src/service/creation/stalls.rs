//! What can stall on the host itself while it makes copies: its file systems and its transaction managers.

use crate::api::{HResult, VolumeSnapshotAttributes};
use crate::lab::{Cause, Os, TransactionManager, TransactionMoment};

use crate::service::Refusal;
use crate::service::objects::session::Session;
use crate::service::world::World;

/// The file systems of the set's volumes write what they hold back. File servers do that for their shares.
pub(in crate::service) fn flush(session: &Session, trouble: Option<&Cause>) -> Result<(), Refusal> {
    let mut copies = session.set.iter().flat_map(|set| &set.copies);
    if trouble == Some(&Cause::FlushStalls) && copies.any(|copy| copy.original.volume().is_some()) {
        return Err(Refusal::documented(HResult::VSS_E_FLUSH_WRITES_TIMEOUT, "flush-timeout"));
    }
    Ok(())
}

/// The transaction managers hold their transactions before the commit and let them go after it, unless the context keeps
/// them out. Windows XP and Windows Server 2003 do not ask them.
pub(in crate::service) fn transactions(
    world: &World,
    session: &Session,
    trouble: Option<&Cause>,
    moment: TransactionMoment,
) -> Result<(), Refusal> {
    let Some(Cause::TransactionManagerStalls { manager, at }) = trouble else { return Ok(()) };
    let kept_out = session.context.attributes().contains(VolumeSnapshotAttributes::NOT_TRANSACTED);
    if kept_out || *at != moment || world.os(session.host).kernel() < Os::WindowsVista.kernel() {
        return Ok(());
    }
    use TransactionManager::{Dtc, Ktm};
    use TransactionMoment::{Freeze, Thaw};
    let (code, reason) = match (moment, manager) {
        (Freeze, Dtc) => (HResult::VSS_E_TRANSACTION_FREEZE_TIMEOUT, "dtc-freeze"),
        (Freeze, Ktm) => (HResult::VSS_E_TRANSACTION_FREEZE_TIMEOUT, "ktm-freeze"),
        (Thaw, Dtc) => (HResult::VSS_E_TRANSACTION_THAW_TIMEOUT, "dtc-thaw"),
        (Thaw, Ktm) => (HResult::VSS_E_TRANSACTION_THAW_TIMEOUT, "ktm-thaw"),
    };
    Err(Refusal::documented(code, reason))
}
