//! Copies of volumes and shares: whatever is written later, a copy reads as at its commit, and a revert brings that back.
//! Which codes of their providers VSS passes on, and where these providers are.

use proptest::prelude::*;
use rstest::rstest;
use vss_sim::api::face::Vss;
use vss_sim::api::*;
use vss_sim::lab::{Cause, Fault, Lab, Os, Provider, ProviderKind, Share, Size, Volume};
use vss_sim::provider::{FileShareProvider, SystemProvider, permitted_to_software};
use vss_sim::service::Simulator;

const SHARE: &str = r"\\SRV\data";
/// Bytes of the volume that are compared: the middle of each disk's part, and the border between them.
const WINDOW: u64 = 6 << 20;

/// A volume that spans two disks, shared, beside one that nobody copies.
fn lab() -> Lab {
    Lab::builder("copies")
        .host("SRV", Os::WindowsServer2022)
        .lun_with("one", Size::mib(8), |lun| lun.dynamic = true)
        .lun_with("two", Size::mib(8), |lun| lun.dynamic = true)
        .with(|lab| {
            lab.volumes.push(Volume { luns: vec!["one".into(), "two".into()], ..Volume::new(r"D:\", "one") });
        })
        .disk("three", Size::mib(8))
        .volume(r"E:\", "three")
        .share(SHARE, r"D:\")
        .build()
        .expect("the lab is right")
}

struct Room(Simulator);

impl Room {
    fn new() -> Self {
        Self(Simulator::new(&lab()).expect("it can be set up"))
    }

    fn ok(&mut self, provider: ProviderId, call: &ProviderCall) -> Option<ProviderOut> {
        let reply = self.0.call_provider(provider, ProviderObject::Provider, call).expect("it can be called");
        assert_eq!(reply.hresult, HResult::S_OK, "{call:?}");
        reply.out
    }

    fn write(&mut self, (volume, offset, byte, length): (&str, u64, u8, usize)) {
        let bytes = vec![byte; length];
        self.0.act(&Action::WriteVolume { volume: volume.into(), offset, bytes }).expect("it can be written");
    }

    fn read(&self, volume: &str) -> Vec<u8> {
        let question = Question::ReadVolume { volume: volume.into(), offset: 0, length: WINDOW };
        match self.0.ask(&question) {
            Ok(Answer::Bytes(bytes)) => bytes,
            other => panic!("{volume}: {other:?}"),
        }
    }

    /// Makes a persistent copy and answers where it is seen.
    fn copy(&mut self, provider: ProviderId, number: u128) -> (SnapshotId, Text) {
        let set = SnapshotSetId(Guid::from_u128(number << 8 | 1));
        let copy = SnapshotId(Guid::from_u128(number << 8 | 2));
        self.ok(provider, &begin(provider, set, copy));
        self.carry_on(provider, set);
        let told = match provider {
            SystemProvider::ID => {
                ProviderCall::SoftwareGetSnapshotProperties { snapshot_id: copy, p_prop: Ptr::Valid }
            }
            _ => ProviderCall::FileShareGetSnapshotProperties { snapshot_id: copy, p_prop: Ptr::Valid },
        };
        match self.ok(provider, &told) {
            Some(
                ProviderOut::SoftwareGetSnapshotProperties { p_prop }
                | ProviderOut::FileShareGetSnapshotProperties { p_prop },
            ) => (copy, p_prop.snapshot_device_object.expect("it is surfaced")),
            other => panic!("{other:?}"),
        }
    }

    /// From EndPrepareSnapshots to PostFinalCommitSnapshots.
    fn carry_on(&mut self, provider: ProviderId, set: SnapshotSetId) {
        for call in ProviderCall::making_copies(set, 1) {
            self.ok(provider, &call);
        }
    }
}

fn begin(provider_id: ProviderId, snapshot_set_id: SnapshotSetId, snapshot_id: SnapshotId) -> ProviderCall {
    let l_new_context = SnapshotContext::APP_ROLLBACK;
    match provider_id {
        SystemProvider::ID => ProviderCall::SoftwareBeginPrepareSnapshot {
            snapshot_set_id,
            snapshot_id,
            pwsz_volume_name: Some(r"D:\".into()),
            l_new_context,
        },
        _ => ProviderCall::FileShareBeginPrepareSnapshot {
            snapshot_set_id,
            snapshot_id,
            pwsz_share_path: Some(SHARE.into()),
            l_new_context,
            provider_id,
        },
    }
}

/// Something that happens: a write, or a copy of either kind.
#[derive(Clone, Debug)]
enum Happening {
    Write(&'static str, u64, u8, usize),
    Copy(ProviderId),
}

fn happening() -> impl Strategy<Value = Happening> {
    let volume = prop_oneof![3 => Just(r"D:\"), 1 => Just(r"E:\")];
    let write = (volume, 0..WINDOW - 9000, any::<u8>(), 1..9000_usize)
        .prop_map(|(volume, offset, byte, length)| Happening::Write(volume, offset, byte, length));
    let provider = prop_oneof![Just(SystemProvider::ID), Just(FileShareProvider::ID)];
    prop_oneof![4 => write, 1 => provider.prop_map(Happening::Copy)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_copy_reads_as_at_its_commit_whatever_is_written_later(
        happenings in proptest::collection::vec(happening(), 1..24),
        reverted in any::<prop::sample::Index>(),
    ) {
        let mut room = Room::new();
        let mut copies: Vec<(ProviderId, SnapshotId, Text, Vec<u8>)> = Vec::new();
        for (number, happening) in (1..).zip(&happenings) {
            match *happening {
                Happening::Write(volume, offset, byte, length) => room.write((volume, offset, byte, length)),
                Happening::Copy(provider) => {
                    let (copy, seen) = room.copy(provider, number);
                    copies.push((provider, copy, seen, room.read(r"D:\")));
                }
            }
        }
        for (_, _, seen, then) in &copies {
            prop_assert!(room.read(seen) == *then, "{seen} has changed");
        }
        copies.retain(|(provider, ..)| *provider == SystemProvider::ID);
        if !copies.is_empty() {
            let beside = room.read(r"E:\");
            let (_, snapshot_id, seen, then) = reverted.get(&copies).clone();
            room.ok(SystemProvider::ID, &ProviderCall::SoftwareRevertToSnapshot { snapshot_id });
            prop_assert!(room.read(r"D:\") == then, "the volume is not as it was");
            prop_assert!(room.read(&seen) == then, "the copy went with the revert");
            prop_assert!(room.read(r"E:\") == beside, "another volume has changed");
        }
    }
}

#[test]
fn codes_that_the_general_page_accepts_are_passed_on() {
    let text = include_str!("../../fixtures/spec/rules/provider-state-machine.json");
    let file: serde_json::Value = serde_json::from_str(text).expect("the state machine can be read");
    let method = |interface| Method { interface, name: "GetSnapshotProperties" };
    let mut passed = 0;
    for row in file["return_codes"].as_array().expect("rows") {
        let Ok(code) = row["code"].as_str().unwrap_or_default().parse::<HResult>() else { continue };
        // A LUN's matter.
        if code == HResult::VSS_E_CANNOT_REVERT_DISKID {
            continue;
        }
        passed += 1;
        for interface in ["IVssSoftwareSnapshotProvider", "IVssFileShareSnapshotProvider"] {
            let permitted = permitted_to_software(method(interface)).expect("its own method");
            assert!(permitted.contains(&code), "{code} of {interface}");
        }
    }
    assert!(passed > 9, "{passed}");
    assert_eq!(permitted_to_software(method("IVssHardwareSnapshotProvider")), None);
}

#[rstest]
#[case::unlisted(HResult::E_FAIL)]
#[case::only_a_hardware_providers(HResult::VSS_E_MAXIMUM_NUMBER_OF_VOLUMES_REACHED)]
#[case::unexpected(HResult::VSS_E_UNEXPECTED)]
#[case::unexpected_on_old_windows(HResult::E_UNEXPECTED)]
fn other_codes_are_converted(#[case] code: HResult) {
    let method = Method { interface: "IVssSoftwareSnapshotProvider", name: "BeginPrepareSnapshot" };
    assert!(!permitted_to_software(method).expect("its own method").contains(&code));
    let fault = Fault::new(method.name, Cause::ProviderAnswers(code)).of("System Provider");
    let vss = Vss::new(Simulator::new(&Lab::default_lab().with_fault(fault)).expect("a lab"));
    let backup = vss.create_vss_backup_components().expect("an object");
    backup.initialize_for_backup(None).expect("initialised");
    backup.start_snapshot_set().expect("a set");
    let added = backup.add_to_snapshot_set(r"C:\", None);
    assert_eq!(added.err(), Some(HResult::VSS_E_UNEXPECTED_PROVIDER_ERROR));
}

fn providers(simulator: &Simulator) -> Vec<ProviderSeen> {
    match simulator.ask(&Question::Providers) {
        Ok(Answer::Providers(providers)) => providers,
        other => panic!("{other:?}"),
    }
}

#[test]
fn providers_are_listed_by_kind() {
    let lab = Lab::default_lab().with(|lab| {
        lab.providers.insert(0, Provider { kind: ProviderKind::Software, ..Provider::new("Snapper") });
    });
    let seen = providers(&Simulator::new(&lab).unwrap());
    let seen: Vec<_> = seen.iter().map(|provider| (&*provider.name, provider.kind)).collect();
    assert_eq!(
        seen,
        [
            ("Array Provider", ProviderKind::Hardware),
            ("Snapper", ProviderKind::Software),
            (SystemProvider::NAME, ProviderKind::Software),
            (FileShareProvider::NAME, ProviderKind::FileShare),
        ]
    );
}

#[rstest]
#[case(Os::WindowsServer2008R2, (false, false))]
#[case(Os::WindowsServer2012, (true, false))]
#[case(Os::WindowsServer2012R2, (true, true))]
#[case(Os::Windows7, (false, false))]
#[case(Os::Windows8, (true, false))]
#[case(Os::Windows10, (true, true))]
fn shares_have_a_provider_from_windows_8_on_and_its_interface_from_8_1_on(
    #[case] os: Os,
    #[case] has: (bool, bool),
) {
    let lab = Lab::default_lab().with_host(|host| host.os = os);
    let mut simulator = Simulator::new(&lab).unwrap();
    let listed = providers(&simulator).iter().any(|provider| provider.id == FileShareProvider::ID);
    let load = ProviderCall::OnLoad { p_callback: Ptr::Valid };
    let called = simulator.call_provider(FileShareProvider::ID, ProviderObject::Provider, &load);
    assert_eq!((listed, called.is_ok()), has);
}

#[test]
fn an_unregistered_software_provider_is_gone_and_those_of_windows_stay() {
    let lab = Lab::default_lab().with(|lab| {
        lab.providers.push(Provider { kind: ProviderKind::Software, ..Provider::new("Snapper") });
    });
    let mut simulator = Simulator::new(&lab).unwrap();
    let before = providers(&simulator);
    for provider in &before {
        let done = simulator.act(&Action::UnregisterProvider { provider: provider.id });
        let of_windows = [SystemProvider::ID, FileShareProvider::ID].contains(&provider.id);
        assert_eq!(done.is_err(), of_windows, "{}", provider.name);
    }
    assert_eq!(providers(&simulator).len(), 2);
}

/// A share of another host: the copy is of that host's volume.
#[test]
fn a_share_of_another_host_is_copied() {
    let lab = lab().with(|lab| {
        lab.hosts.push(vss_sim::lab::Host::new("FILES", Os::WindowsServer2022));
        lab.luns.push(vss_sim::lab::Lun {
            hosts: Some(vec!["FILES".into()]),
            ..vss_sim::lab::Lun::new("away", Size::mib(8))
        });
        lab.volumes.push(Volume::new(r"D:\", "away"));
        lab.shares = vec![Share::new(SHARE.replace("SRV", "FILES"), r"D:\")];
    });
    let mut simulator = Simulator::new(&lab).unwrap();
    let supported = |simulator: &mut Simulator, path: &str| {
        let call = ProviderCall::FileShareIsPathSupported {
            pwsz_share_path: Some(path.into()),
            pb_supported_by_this_provider: Ptr::Valid,
        };
        simulator.call_provider(FileShareProvider::ID, ProviderObject::Provider, &call).unwrap().hresult
    };
    assert_eq!(supported(&mut simulator, r"\\files\DATA\"), HResult::S_OK);
    assert_eq!(supported(&mut simulator, SHARE), HResult::VSS_E_OBJECT_NOT_FOUND);
}

/// Calls the system provider.
fn system(simulator: &mut Simulator, on: ProviderObject, call: &ProviderCall) -> ProviderReply {
    simulator.call_provider(SystemProvider::ID, on, call).expect("it is always there")
}

/// `contexts.json`, limits: 64 copies for Shadow Copies for Shared Folders, and these do not count against others.
#[test]
fn client_accessible_copies_of_a_volume_are_limited() {
    let mut room = Room::new();
    let mut codes = Vec::new();
    for number in 1..=65 {
        let context = SnapshotContext::CLIENT_ACCESSIBLE;
        let set = SnapshotSetId(Guid::from_u128(number << 8 | 1));
        let call = ProviderCall::SoftwareBeginPrepareSnapshot {
            snapshot_set_id: set,
            snapshot_id: SnapshotId(Guid::from_u128(number << 8 | 2)),
            pwsz_volume_name: Some(r"D:\".into()),
            l_new_context: context,
        };
        codes.push(system(&mut room.0, ProviderObject::Provider, &call).hresult);
        if codes.last() == Some(&HResult::S_OK) {
            room.carry_on(SystemProvider::ID, set);
        }
    }
    assert_eq!(codes.pop(), Some(HResult::VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED));
    assert!(codes.iter().all(|code| *code == HResult::S_OK), "{codes:?}");
    room.copy(SystemProvider::ID, 1000);
}

/// A set or a revert keeps a provider that may stay; an unfinished set does not outlive it, copies do.
#[test]
fn unloading_waits_for_what_is_in_hand_unless_forced() {
    let mut room = Room::new();
    let unload = |room: &mut Room, b_force_unload| {
        system(&mut room.0, ProviderObject::Provider, &ProviderCall::OnUnload { b_force_unload }).hresult
    };
    let (copy, seen) = room.copy(SystemProvider::ID, 1);
    assert_eq!(unload(&mut room, false), HResult::S_OK);

    let set = SnapshotSetId(Guid::from_u128(0x201));
    room.ok(SystemProvider::ID, &begin(SystemProvider::ID, set, SnapshotId(Guid::from_u128(0x202))));
    assert_eq!(unload(&mut room, false), HResult::S_FALSE);
    assert_eq!(unload(&mut room, true), HResult::S_OK);
    let end = ProviderCall::EndPrepareSnapshots { snapshot_set_id: set };
    let gone = system(&mut room.0, ProviderObject::Provider, &end);
    assert_eq!(gone.hresult, HResult::VSS_E_OBJECT_NOT_FOUND);

    room.ok(SystemProvider::ID, &ProviderCall::SoftwareRevertToSnapshot { snapshot_id: copy });
    assert_eq!(unload(&mut room, false), HResult::S_FALSE);
    room.0.act(&Action::Elapse { ms: 3_600_000 }).expect("time passes");
    assert_eq!(unload(&mut room, false), HResult::S_OK);
    assert_eq!(room.read(&seen).len() as u64, WINDOW, "the copy is still there");
}

#[rstest]
#[case::no_such_enumerator(ProviderObject::Enumerator(7), ProviderCall::Reset {}, HResult::E_HANDLE)]
#[case::no_such_async(ProviderObject::Async(7), ProviderCall::Cancel {}, HResult::E_HANDLE)]
#[case::of_shares(
    ProviderObject::Provider,
    ProviderCall::FileShareSetContext { l_context: SnapshotContext::BACKUP },
    HResult::E_NOINTERFACE
)]
#[case::of_luns(
    ProviderObject::Provider,
    ProviderCall::OnReuseLuns { p_snapshot_luns: Vec::new(), p_original_luns: Vec::new(), dw_count: 0 },
    HResult::E_NOINTERFACE
)]
fn what_a_software_provider_does_not_have(
    #[case] on: ProviderObject,
    #[case] call: ProviderCall,
    #[case] code: HResult,
) {
    assert_eq!(system(&mut Room::new().0, on, &call).hresult, code);
}

#[test]
fn an_enumerator_needs_its_out_pointers() {
    let mut room = Room::new();
    let query = ProviderCall::SoftwareQuery {
        queried_object_id: Guid::nil(),
        e_queried_object_type: ObjectType::NONE,
        e_returned_objects_type: ObjectType::SNAPSHOT,
        pp_enum: Ptr::Valid,
    };
    let Some(ProviderOut::SoftwareQuery { pp_enum: Object::Enumerator(number) }) =
        room.ok(SystemProvider::ID, &query)
    else {
        panic!("no enumerator")
    };
    let enumerator = ProviderObject::Enumerator(number);
    for call in [
        ProviderCall::Next { celt: 1, rgelt: Ptr::Null, pcelt_fetched: Ptr::Valid },
        ProviderCall::Next { celt: 1, rgelt: Ptr::Valid, pcelt_fetched: Ptr::Dangling },
        ProviderCall::Clone { ppenum: Ptr::Null },
    ] {
        assert_eq!(system(&mut room.0, enumerator, &call).hresult, HResult::E_POINTER, "{call:?}");
    }
    assert_eq!(system(&mut room.0, enumerator, &ProviderCall::Release {}).hresult, HResult::S_OK);
    assert_eq!(system(&mut room.0, enumerator, &ProviderCall::Reset {}).hresult, HResult::E_HANDLE);
}

/// Windows Server 2012 has the provider of shares, though not its interface: a restart ends its process too.
#[test]
fn a_restart_ends_the_provider_of_shares() {
    let lab = lab().with(|lab| lab.hosts[0].os = Os::WindowsServer2012);
    let mut simulator = Simulator::new(&lab).unwrap();
    let ask = ProviderCall::FileShareIsPathSupported {
        pwsz_share_path: Some(SHARE.into()),
        pb_supported_by_this_provider: Ptr::Valid,
    };
    let called = simulator.call_provider(FileShareProvider::ID, ProviderObject::Provider, &ask);
    assert!(called.is_err(), "the interface came with Windows Server 2012 R2");

    simulator.act(&Action::WatchProviders).unwrap();
    simulator.act(&Action::Restart { host: 1 }).unwrap();
    let Ok(Answer::ProviderCalls(calls)) = simulator.ask(&Question::ProviderCalls) else {
        panic!("no calls")
    };
    let unload = ProviderCall::OnUnload { b_force_unload: true };
    let ended = calls.iter().any(|seen| seen.provider == FileShareProvider::ID && seen.call == unload);
    assert!(ended, "{calls:?}");
}

/// A process that ends between two volumes of a set takes the first one's copy along: all copies or none.
#[test]
fn a_set_that_its_provider_has_half_forgotten_is_not_created() {
    let crash = Fault::new("BeginPrepareSnapshot", Cause::CrashBefore).of(SystemProvider::NAME).nth(2);
    let vss = Vss::new(Simulator::new(&lab().with_fault(crash)).expect("a simulator"));
    let session = vss.create_vss_backup_components().expect("an object");
    session.initialize_for_backup(None).expect("a backup");
    session.set_context(SnapshotContext::NAS_ROLLBACK).expect("a context");
    session.start_snapshot_set().expect("a set");
    let forgotten = session.add_to_snapshot_set(r"D:\", None).expect("a copy is begun");
    let crashed = session.add_to_snapshot_set(r"E:\", None);
    assert_eq!(crashed, Err(HResult::VSS_E_UNEXPECTED_PROVIDER_ERROR));
    let known = session.add_to_snapshot_set(r"E:\", None).expect("the provider runs again");
    let created = session.do_snapshot_set().expect("it begins").finish();
    assert_eq!(created, Err(HResult::VSS_E_OBJECT_NOT_FOUND));
    for copy in [forgotten, known] {
        assert_eq!(session.get_snapshot_properties(copy).err(), Some(HResult::VSS_E_OBJECT_NOT_FOUND));
    }
    let Ok(Answer::Snapshots(left)) = vss.ask(&Question::Snapshots) else {
        panic!("no copies were answered")
    };
    assert!(left.is_empty(), "{left:?}");
}
