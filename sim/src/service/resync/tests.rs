//! What a resync leaves behind in its provider.

use rstest::rstest;

use crate::api::face::Vss;
use crate::api::{Action, HResult, ProviderCall, Ptr, RecoveryOptions, SnapshotContext};
use crate::lab::Lab;
use crate::service::Simulator;

/// What happens while the array copies.
#[derive(Debug)]
enum Meanwhile {
    Nothing,
    Cancel,
    /// The requester that made the shadow copy lets go of it.
    CopyGoes,
}

#[rstest]
#[case(Meanwhile::Nothing, Ok(()))]
#[case(Meanwhile::Cancel, Err(HResult::VSS_S_ASYNC_CANCELLED))]
#[case(Meanwhile::CopyGoes, Err(HResult::VSS_E_PROVIDER_VETO))]
fn the_async_of_a_provider_is_released(#[case] meanwhile: Meanwhile, #[case] ends: Result<(), HResult>) {
    let vss = Vss::new(Simulator::new(&Lab::default_lab()).unwrap());
    let backup = vss.create_vss_backup_components().unwrap();
    backup.initialize_for_backup(None).unwrap();
    backup.set_context(SnapshotContext::FILE_SHARE_BACKUP).unwrap();
    backup.start_snapshot_set().unwrap();
    let snapshot = backup.add_to_snapshot_set(r"D:\", None).unwrap();
    backup.do_snapshot_set().unwrap().finish().unwrap();
    let restore = vss.create_vss_backup_components().unwrap();
    restore.initialize_for_restore(&backup.save_as_xml().unwrap()).unwrap();
    restore.add_snapshot_to_recovery_set(snapshot, None).unwrap();
    let resync = restore.recover_set(RecoveryOptions::empty()).unwrap();
    vss.act(&Action::Elapse { ms: 50 }).unwrap();

    let query = ProviderCall::QueryStatus { p_hr_result: Ptr::Valid, p_reserved: Ptr::Null };
    // The provider numbers its async objects from 1.
    let ask = || {
        vss.with_backend_mut(|simulator| {
            let provider = simulator.world.providers[0].id;
            simulator.world.call_provider_async(0, provider, 1, &query).hresult
        })
    };
    assert_eq!(ask(), HResult::S_OK, "the array copies");
    match meanwhile {
        Meanwhile::Nothing => {}
        Meanwhile::Cancel => drop(resync.cancel().unwrap()),
        Meanwhile::CopyGoes => drop(backup),
    }
    assert_eq!(resync.finish(), ends);
    assert_eq!(ask(), HResult::E_HANDLE, "VSS lets go of it");
}
