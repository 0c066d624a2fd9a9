//! What a person is told of a refusal beyond the reason on the page: which call is missing, which hosts there are, why a
//! provider does not take a volume.

use rstest::rstest;
use vss_sim::api::face::{BackupComponents, Vss};
use vss_sim::api::{
    Action, Answer, Call, Guid, HResult, HardwareOptions, ProviderId, Ptr, Question, SnapshotContext,
    SnapshotSetId, VolumeSnapshotAttributes,
};
use vss_sim::lab::{Cause, Fault, Host, Lab, Os, Provider, ProviderKind};
use vss_sim::service::Simulator;

type Requester = BackupComponents<Simulator>;

fn room(lab: &Lab) -> Vss<Simulator> {
    Vss::new(Simulator::new(lab).expect("a lab"))
}

fn why(room: &Vss<Simulator>) -> String {
    match room.ask(&Question::WhyRefused) {
        Ok(Answer::Reason(Some(reason))) => reason.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_host_that_the_lab_does_not_have() {
    let lab = Lab::default_lab().with(|lab| lab.hosts.push(Host::new("MEDIA", Os::WindowsServer2022)));
    let room = room(&lab);
    assert_eq!(room.create_vss_backup_components_on(3).err(), Some(HResult::RPC_E_DISCONNECTED));
    assert_eq!(why(&room), "the lab has no such host (inferred): it has 1 `SRV`, 2 `MEDIA`");
    let turned = room.act(&Action::TurnTo { host: 0 }).expect_err("hosts are counted from 1");
    assert!(turned.to_string().contains("the lab has no host 0: it has 1 `SRV`, 2 `MEDIA`"), "{turned}");
}

fn begun(requester: &Requester) {
    requester.initialize_for_backup(None).expect("a backup");
    requester.start_snapshot_set().expect("a set");
}

fn gathered(requester: &Requester) {
    requester.initialize_for_backup(None).expect("a backup");
    requester.gather_writer_metadata().expect("an operation").finish().expect("metadata");
    requester.start_snapshot_set().expect("a set");
}

fn prepared(requester: &Requester) {
    requester.initialize_for_backup(None).expect("a backup");
    requester.gather_writer_metadata().expect("an operation").finish().expect("metadata");
    requester.set_backup_state(false, false, vss_sim::api::BackupType::FULL, false).expect("a state");
    requester.start_snapshot_set().expect("a set");
    requester.prepare_for_backup().expect("an operation").finish().expect("writers that are prepared");
}

fn made(requester: &Requester) {
    prepared(requester);
    requester.do_snapshot_set().expect("an operation").finish().expect("an empty set");
}

fn initialized(requester: &Requester) {
    requester.initialize_for_backup(None).expect("a backup");
}

#[rstest]
#[case(initialized, |it: &Requester| it.prepare_for_backup().map(drop), "SetBackupState, GatherWriterMetadata and StartSnapshotSet must come first")]
#[case(begun, |it: &Requester| it.prepare_for_backup().map(drop), "GatherWriterMetadata must have ended first")]
#[case(gathered, |it: &Requester| it.prepare_for_backup().map(drop), "SetBackupState must come first")]
#[case(prepared, |it: &Requester| it.prepare_for_backup().map(drop), "it was called already")]
#[case(made, |it: &Requester| it.prepare_for_backup().map(drop), "one object serves one backup: make a new one")]
#[case(initialized, |it: &Requester| it.do_snapshot_set().map(drop), "StartSnapshotSet must come first")]
#[case(begun, |it: &Requester| it.do_snapshot_set().map(drop), "GatherWriterMetadata and PrepareForBackup must have ended first, as the context has writers")]
#[case(gathered, |it: &Requester| it.do_snapshot_set().map(drop), "PrepareForBackup must have ended first")]
#[case(initialized, |it: &Requester| it.add_to_snapshot_set(r"D:\", None).map(drop), "StartSnapshotSet must come first")]
#[case(made, |it: &Requester| it.add_to_snapshot_set(r"D:\", None).map(drop), "one object serves one backup: make a new one")]
#[case(begun, |it: &Requester| it.backup_complete().map(drop), "PrepareForBackup or DoSnapshotSet must have ended first")]
#[case(begun, |it: &Requester| it.set_context(SnapshotContext::NAS_ROLLBACK), "it comes before StartSnapshotSet")]
#[case(begun, |it: &Requester| it.get_writer_status_count().map(drop), "GatherWriterStatus must have ended first")]
#[case(initialized, |it: &Requester| it.import_snapshots().map(drop), "InitializeForBackup must have been given the document of a set, and no set begun here")]
fn the_missing_call_is_named(
    #[case] lead: fn(&Requester),
    #[case] call: fn(&Requester) -> Result<(), HResult>,
    #[case] missing: &str,
) {
    let room = room(&Lab::default_lab());
    let requester = room.create_vss_backup_components().expect("an object");
    lead(&requester);
    assert_eq!(call(&requester), Err(HResult::VSS_E_BAD_STATE));
    let why = why(&room);
    assert!(why.ends_with(&format!(" ({missing})")), "{why}");
}

#[rstest]
#[case(&[], &["the shadow copy set is empty: no volume was added to it"])]
#[case(&[r"D:\"], &[])]
fn an_empty_set_is_told(#[case] volumes: &[&str], #[case] told: &[&str]) {
    let room = room(&Lab::default_lab());
    let requester = room.create_vss_backup_components().expect("an object");
    prepared(&requester);
    for volume in volumes {
        requester.add_to_snapshot_set(volume, None).expect("a copy");
    }
    requester.do_snapshot_set().expect("an operation").finish().expect("a set");
    let Ok(Answer::Events(events)) = room.ask(&Question::Events) else { panic!("it tells") };
    assert_eq!(events.iter().map(|event| &*event.message).collect::<Vec<_>>(), told);
}

fn unchanged(_: &mut Lab) {}

fn in_a_cluster(lab: &mut Lab) {
    lab.hosts[0].cluster = Some("CLUSTER".to_owned());
}

fn on_a_client(lab: &mut Lab) {
    lab.hosts[0].os = Os::Windows11;
}

fn no_clones(lab: &mut Lab) {
    lab.providers[0].copies = vec![vss_sim::lab::CopyKind::Differential];
}

fn refuses_late(lab: &mut Lab) {
    let code = HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER;
    lab.faults.push(Fault::new("BeginPrepareSnapshot", Cause::ProviderAnswers(code)));
}

const NAS: SnapshotContext = SnapshotContext::NAS_ROLLBACK;

#[rstest]
#[case(
    "Array Provider",
    in_a_cluster,
    r"D:\",
    NAS,
    "a node of a cluster does not import what it made: ask for a transportable copy"
)]
#[case("Array Provider", on_a_client, r"D:\", NAS, "hardware providers load only on servers")]
#[case("Array Provider", unchanged, r"C:\", NAS, "a LUN of the volume is on no array of the provider")]
#[case(
    "Array Provider",
    unchanged,
    r"D:\",
    SnapshotContext::CLIENT_ACCESSIBLE,
    "only the system provider makes client-accessible copies"
)]
#[case("Array Provider", no_clones, r"D:\", NAS.with(VolumeSnapshotAttributes::PLEX), "the provider answers in AreLunsSupported that it makes no such copies of these LUNs")]
#[case(
    "Array Provider",
    refuses_late,
    r"D:\",
    NAS,
    "the provider answers in BeginPrepareSnapshot that it does not support it"
)]
#[case("Software", unchanged, r"D:\", NAS.with(VolumeSnapshotAttributes::PLEX), "software providers make no transportable copies and no clones")]
fn why_a_provider_does_not_take_a_volume(
    #[case] provider: &str,
    #[case] change: fn(&mut Lab),
    #[case] volume: &str,
    #[case] context: SnapshotContext,
    #[case] said: &str,
) {
    let lab = Lab::default_lab().with(|lab| {
        let mut software = Provider::new("Software");
        software.kind = ProviderKind::Software;
        lab.providers.push(software);
        change(lab);
    });
    let room = room(&lab);
    let Ok(Answer::Providers(providers)) = room.ask(&Question::Providers) else { panic!("it tells") };
    let named = providers.iter().find(|seen| &*seen.name == provider).map(|seen| seen.id);
    let named: ProviderId = named.expect("it is registered");
    let requester = room.create_vss_backup_components().expect("an object");
    requester.initialize_for_backup(None).expect("a backup");
    requester.set_context(context).expect("a context");
    requester.start_snapshot_set().expect("a set");
    let refused = requester.add_to_snapshot_set(volume, Some(named)).expect_err("it is refused");
    assert_eq!(refused, HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER);
    let id = "IVssBackupComponents::AddToSnapshotSet/VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER/chosen-provider-refuses";
    assert_eq!(why(&room), format!("{id} ({said})"));
}

#[test]
fn a_fault_that_has_not_struck_yet() {
    let out_of_memory = |call| Fault::new(call, Cause::OutOfMemory);
    let lab = Lab::default_lab().with_fault(out_of_memory("StartSnapshotSet"));
    let room = room(&lab);
    room.act(&Action::Fault(out_of_memory("DeleteSnapshots"))).expect("one more");
    let left = || room.ask(&Question::FaultsLeft).expect("an answer");
    let both = vec![out_of_memory("StartSnapshotSet"), out_of_memory("DeleteSnapshots")];
    assert_eq!(left(), Answer::Faults(both));
    let requester = room.create_vss_backup_components().expect("an object");
    requester.initialize_for_backup(None).expect("a backup");
    assert_eq!(requester.start_snapshot_set(), Err(HResult::E_OUTOFMEMORY));
    assert_eq!(left(), Answer::Faults(vec![out_of_memory("DeleteSnapshots")]));
}

/// The pages say that a parameter is not valid, and not which.
#[test]
fn a_parameter_that_is_not_valid() {
    let room = room(&Lab::default_lab());
    let requester = room.create_vss_backup_components().expect("an object");
    requester.initialize_for_backup(None).expect("a backup");
    let set = SnapshotSetId(Guid::from_u128(7));
    let flags = HardwareOptions::REVERT_IDENTITY_ALL | HardwareOptions::REVERT_IDENTITY_NONE;
    let both = Call::BreakSnapshotSetEx { snapshot_set_id: set, dw_break_flags: flags, pp_async: Ptr::Valid };
    assert_eq!(room.call(requester.object(), &both).err(), Some(HResult::E_INVALIDARG));
    assert!(why(&room).ends_with("(dwBreakFlags asks to revert all identities and none)"), "{}", why(&room));
    let nowhere = Call::StartSnapshotSet { p_snapshot_set_id: Ptr::Null };
    assert_eq!(room.call(requester.object(), &nowhere).err(), Some(HResult::E_INVALIDARG));
    assert!(why(&room).ends_with("bad-parameter (p_snapshot_set_id)"), "{}", why(&room));
}
