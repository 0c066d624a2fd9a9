//! What a resync leaves behind in its provider.

use rstest::rstest;

use crate::api::face::Vss;
use crate::api::{HResult, ProviderCall, Ptr, RecoveryOptions, SnapshotContext};
use crate::lab::{Cause, Fault, Lab};
use crate::service::Simulator;

/// The provider's async objects are numbered from 1.
const FIRST: u32 = 1;

#[rstest]
#[case::finished(Lab::default_lab(), false, Ok(()))]
#[case::cancelled(Lab::default_lab(), true, Err(HResult::VSS_S_ASYNC_CANCELLED))]
#[case::failed(
    Lab::default_lab().with_fault(Fault::new("ResyncLuns", Cause::LosesLun)),
    false,
    Err(HResult::VSS_E_MISSING_DISK)
)]
fn the_async_of_a_provider_is_released(
    #[case] lab: Lab,
    #[case] cancel: bool,
    #[case] ends: Result<(), HResult>,
) {
    let vss = Vss::new(Simulator::new(&lab).unwrap());
    let backup = vss.create_vss_backup_components().unwrap();
    backup.initialize_for_backup(None).unwrap();
    backup.set_context(SnapshotContext::NAS_ROLLBACK).unwrap();
    backup.start_snapshot_set().unwrap();
    let snapshot = backup.add_to_snapshot_set(r"D:\", None).unwrap();
    backup.do_snapshot_set().unwrap().finish().unwrap();
    let restore = vss.create_vss_backup_components().unwrap();
    restore.initialize_for_restore(&backup.save_as_xml().unwrap()).unwrap();
    restore.add_snapshot_to_recovery_set(snapshot, None).unwrap();
    let resync = restore.recover_set(RecoveryOptions::empty()).unwrap();
    vss.act(&crate::api::Action::Elapse { ms: 50 }).unwrap();
    if cancel {
        resync.cancel().unwrap();
    }
    assert_eq!(resync.finish(), ends);

    let query = ProviderCall::QueryStatus { p_hr_result: Ptr::Valid, p_reserved: Ptr::Null };
    let reply = vss.with_backend(|simulator| {
        let provider = simulator.world.providers[0].id;
        simulator.world.call_provider_async(0, provider, FIRST, &query)
    });
    assert_eq!(reply.hresult, HResult::E_HANDLE, "VSS lets go of it");
}
