//! What a resync leaves behind in its provider.

use rstest::rstest;

use crate::api::face::Vss;
use crate::api::{Action, HResult, ProviderCall, ProviderId, Ptr, RecoveryOptions, SnapshotContext};
use crate::lab::Lab;
use crate::provider::{ArrayError, ArrayPort, Notes, StoragePort};
use crate::service::Simulator;
use crate::storage::{HostId, LunId};

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

fn luns<const N: usize>(simulator: &Simulator, names: [&str; N]) -> [LunId; N] {
    names.map(|name| simulator.world.storage.lun_by_name(name).expect("the lab has the LUN"))
}

/// The provider is called past VSS, which does not load it for that.
#[rstest]
#[case::replaced(|provider| Action::DowngradeProvider { provider })]
#[case::unregistered(|provider| Action::UnregisterProvider { provider })]
#[case::host_restarted(|_| Action::Restart { host: 1 })]
fn an_array_copies_for_no_provider_that_is_gone(#[case] ends: fn(ProviderId) -> Action) {
    let vss = Vss::new(Simulator::new(&Lab::default_lab()).unwrap());
    let (provider, pair) = vss.with_backend_mut(|simulator| {
        let provider = simulator.world.providers[0].id;
        let [source, target] = luns(simulator, ["data-d", "spare"]);
        let call = ProviderCall::ResyncLuns {
            p_source_luns: vec![simulator.world.information(0, source)],
            p_target_luns: vec![simulator.world.information(0, target)],
            dw_count: 1,
            pp_async: Ptr::Valid,
        };
        assert_eq!(simulator.world.reach_provider(0, provider, &call).hresult, HResult::S_OK);
        (provider, [(source, target)])
    });
    let begin = || vss.with_backend_mut(|simulator| simulator.world.storage.begin_resync(&pair, HostId(1)));
    assert!(begin().is_err(), "the array copies");
    vss.act(&ends(provider)).unwrap();
    begin().expect("the array copies no more");
}

#[test]
fn an_array_copies_no_lun_of_another() {
    let simulator = &mut Simulator::new(&Lab::default_lab()).unwrap();
    let [own, other, foreign] = luns(simulator, ["data-d", "spare", "system"]);
    let world = &mut simulator.world;
    let mut port = StoragePort {
        storage: &mut world.storage,
        events: &mut world.events,
        ids: &mut world.ids.luns,
        clock: world.clock,
        host: HostId(0),
        name: "provider",
        arrays: &world.providers[0].arrays,
        trouble: None,
        held: false,
        notes: Notes::default(),
    };
    for pair in [(own, foreign), (foreign, own)] {
        assert_eq!(port.begin_resync(&[(own, other), pair]), Err(ArrayError::NoSuchLun));
    }
    port.begin_resync(&[(own, other)]).expect("nothing has begun");
}
