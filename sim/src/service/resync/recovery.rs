//! Whether a shadow copy that is to be copied back is still its provider's.

use crate::api::{HResult, ProviderCall, ProviderOut, Ptr};

use crate::service::Refusal;
use crate::service::objects::session::{Recovery, Session};
use crate::service::world::World;

/// Asks the provider for each LUN of the copy. One that it does not know is no longer its own.
pub(in crate::service) fn still_owned(
    world: &mut World,
    session: &Session,
    added: &Recovery,
) -> Result<(), Refusal> {
    let Some(copy) = session.document.snapshot(added.snapshot) else { return Ok(()) };
    if copy.lun_mappings.is_empty() {
        return Err(Refusal::documented(HResult::VSS_E_OBJECT_NOT_FOUND, "not-owned-by-hardware-provider"));
    }
    for mapping in &copy.lun_mappings {
        let call = ProviderCall::FillInLunInfo {
            wsz_device_name: None,
            p_lun_info: mapping.destination.information.clone(),
            pb_is_supported: Ptr::Valid,
        };
        let reply = world.call_provider(session.host, added.provider, &call);
        if !matches!(reply.out, Some(ProviderOut::FillInLunInfo { pb_is_supported: true, .. })) {
            return Err(Refusal::documented(
                HResult::VSS_E_OBJECT_NOT_FOUND,
                "not-owned-by-hardware-provider",
            ));
        }
    }
    Ok(())
}
