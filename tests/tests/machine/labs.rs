//! Random machine rooms: small, but with everything that a resync can meet.

use proptest::prelude::*;
use proptest::sample::select;
use vss_sim::api::HResult;
use vss_sim::lab::*;
use vss_tests::methods::CREATION;

/// A volume's size. Volumes lie one behind the other from 1 MiB on, so the model knows where.
pub(crate) const VOLUME: Size = Size::mib(2);

/// A LUN of an array with its volumes.
#[derive(Clone, Debug)]
struct Disk {
    volumes: usize,
    size_mib: u64,
    style: PartitionStyle,
    page83: Page83,
    dynamic: bool,
    quorum: bool,
    array: usize,
}

fn disk(volumes: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Disk> {
    let style = select(vec![PartitionStyle::Gpt, PartitionStyle::Mbr]);
    let page83 =
        prop_oneof![14 => Just(Page83::Unique), 1 => Just(Page83::NonUnique), 1 => Just(Page83::None)];
    let odd = || prop::bool::weighted(0.06);
    (volumes, select(vec![8_u64, 12, 16, 16, 16, 24]), style, page83, odd(), odd(), 0..2_usize).prop_map(
        |(volumes, size_mib, style, page83, dynamic, quorum, array)| Disk {
            volumes,
            size_mib,
            style,
            page83,
            dynamic,
            quorum,
            array,
        },
    )
}

fn host(name: &'static str) -> impl Strategy<Value = Host> {
    let os = prop_oneof![9 => Just(Os::WindowsServer2022), 1 => select(Os::ALL)];
    let mode = prop_oneof![
        18 => Just(BootMode::Normal), 1 => Just(BootMode::SafeMode), 1 => Just(BootMode::WinPe)
    ];
    let policies = [SanPolicy::OfflineShared, SanPolicy::OfflineInternal, SanPolicy::OfflineAll];
    let san_policy = prop_oneof![12 => Just(SanPolicy::OnlineAll), 1 => select(policies.to_vec())];
    (os, mode, san_policy).prop_map(move |(os, mode, san_policy)| Host {
        mode,
        san_policy,
        ..Host::new(name, os)
    })
}

fn provider(name: &'static str) -> impl Strategy<Value = Provider> {
    use CopyKind::{Clone, Differential};
    let copies =
        select(vec![vec![Clone, Differential], vec![Differential, Clone], vec![Clone], vec![Differential]]);
    let mostly = || prop::bool::weighted(0.92);
    (mostly(), mostly(), mostly(), copies).prop_map(move |(ex, resync, transportable, copies)| Provider {
        ex,
        resync,
        transportable,
        copies,
        ..Provider::new(name)
    })
}

fn writer(name: &'static str) -> impl Strategy<Value = Writer> {
    (select(vec![60_000, 3_000]), select(vec![None, None, Some(1)])).prop_map(
        move |(freeze_limit_ms, max_sessions)| Writer {
            freeze_limit_ms,
            max_sessions,
            components: vec![Component::new("data", ["D:\\", "E:\\"])],
            ..Writer::new(name)
        },
    )
}

const REQUESTER_CALLS: &[&str] = &[
    "InitializeForRestore",
    "GatherWriterMetadata",
    "StartSnapshotSet",
    "AddToSnapshotSet",
    "DoSnapshotSet",
    "SaveAsXML",
    "Query",
    "DeleteSnapshots",
    "Next",
    "AddSnapshotToRecoverySet",
    "RecoverSet",
    "Wait",
    "QueryStatus",
];

/// A provider's calls beside those of a creation; resyncs, which are few, count for more.
const OTHER_PROVIDER_CALLS: &[&str] =
    &["FillInLunInfo", "AbortSnapshots", "OnLunEmpty", "ResyncLuns", "ResyncLuns"];

fn fault() -> impl Strategy<Value = Fault> {
    let stalls = |manager, at| Cause::TransactionManagerStalls { manager, at };
    let stalls = [
        stalls(TransactionManager::Dtc, TransactionMoment::Freeze),
        stalls(TransactionManager::Ktm, TransactionMoment::Thaw),
        Cause::FlushStalls,
        Cause::WritersUnreachable,
        Cause::DocumentDamaged,
    ];
    let requester = prop_oneof![
        6 => select(vec![Cause::OutOfMemory, Cause::ServiceBreaks]),
        1 => select(stalls.to_vec()),
    ];
    let codes = [
        HResult::E_FAIL,
        HResult::VSS_E_PROVIDER_VETO,
        HResult::VSS_E_INSUFFICIENT_STORAGE,
        HResult::VSS_E_BAD_STATE,
        HResult::S_FALSE,
        HResult::E_NOTIMPL,
        HResult::VSS_E_NESTED_VOLUME_LIMIT,
        HResult::VSS_E_OBJECT_NOT_FOUND,
    ];
    let provider = prop_oneof![
        2 => Just(Cause::OutOfMemory),
        4 => select(codes.to_vec()).prop_map(Cause::ProviderAnswers),
        3 => select(vec![700, 4_000, 30_000]).prop_map(Cause::Late),
        1 => Just(Cause::CrashBefore),
        1 => Just(Cause::CrashAfter),
        1 => Just(Cause::WrongSignature),
        1 => Just(Cause::LosesLun),
        1 => Just(Cause::DiskRefusesWrite),
        1 => Just(Cause::DriverStuck),
    ];
    let failed = |code| Cause::WriterFails { code, application: HResult::S_OK, message: None };
    let writer = prop_oneof![
        Just(Cause::OutOfMemory),
        Just(Cause::Late(5_000)),
        Just(Cause::Silent),
        Just(Cause::WriterExits),
        select(vec![HResult::VSS_E_WRITERERROR_RETRYABLE, HResult::VSS_E_WRITERERROR_PARTIAL_FAILURE])
            .prop_map(failed),
    ];
    let of = |calls: &[&'static str]| select(calls.to_vec());
    let struck = prop_oneof![
        3 => (of(REQUESTER_CALLS), requester),
        5 => (of(&[CREATION, OTHER_PROVIDER_CALLS].concat()), provider),
        2 => (of(WRITER_EVENTS), writer),
    ];
    (struck, 1..4_u32).prop_map(|((call, cause), nth)| {
        let places: &[&'static str] = cause.only_in().unwrap_or_default();
        let call = if places.is_empty() || places.contains(&call) { call } else { places[0] };
        Fault::new(call, cause).nth(nth)
    })
}

fn readings() -> impl Strategy<Value = Readings> {
    let rare = || prop::bool::weighted(0.06);
    (rare(), any::<bool>(), rare(), rare(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(restore, wait, partial, empty, veto, held, repeated)| {
            let mut readings = Readings::default();
            if restore {
                readings.during_restore = DuringRestore::Literal;
            }
            if wait {
                readings.wait_after_failure = WaitAfterFailure::OperationError;
            }
            if partial {
                readings.partial_failure = PartialFailure::ReturnValue;
            }
            if empty {
                readings.empty_recovery_set = EmptyRecoverySet::AddSnapshotToRecoverySet;
            }
            if veto {
                readings.resync_provider_error = ResyncProviderError::ProviderVeto;
            }
            if held {
                readings.held_disk = HeldDisk::BadState;
            }
            if repeated {
                readings.repeated_snapshot = RepeatedSnapshot::AlreadyExists;
            }
            readings
        },
    )
}

/// What not every machine room has.
#[derive(Clone, Debug)]
struct Extras {
    /// The hosts are nodes of one cluster, and the first disk that can be shared by it is.
    cluster: bool,
    /// So many virtual disks, each in the one before.
    virtual_disks: usize,
    /// Which volume each share is of, on which host, and whether all nodes offer it.
    shares: Vec<(u8, u8, bool)>,
}

fn extras() -> impl Strategy<Value = Extras> {
    let share = (any::<u8>(), any::<u8>(), prop::bool::weighted(0.3));
    let shares = prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(share, 1..3)];
    let virtual_disks = prop_oneof![3 => Just(0), 1 => 1..3_usize];
    (prop::bool::weighted(0.3), virtual_disks, shares).prop_map(|(cluster, virtual_disks, shares)| Extras {
        cluster,
        virtual_disks,
        shares,
    })
}

/// A machine room.
pub(crate) fn lab() -> impl Strategy<Value = Lab> {
    let hosts = (host("SRV"), prop::option::weighted(0.5, host("TWO")));
    let providers = (provider("First"), prop::option::of(provider("Second")));
    let disks = (prop::collection::vec(disk(1..=3), 2..=4), prop::collection::vec(disk(1..=1), 1..=2));
    let writers = (prop::option::of(writer("Alpha")), prop::option::weighted(0.3, writer("Beta")));
    let faults = prop_oneof![
        4 => Just(Vec::new()),
        3 => prop::collection::vec(fault(), 1),
        1 => prop::collection::vec(fault(), 2..4),
    ];
    let backup_operator = prop::bool::weighted(0.2);
    let backup_operator = (backup_operator, extras());
    (hosts, providers, disks, writers, faults, readings(), backup_operator, any::<u64>()).prop_map(
        |(hosts, providers, (data, spares), writers, faults, readings, (backup_operator, extras), seed)| {
            let mut lab = Lab::builder("random").seed(seed).readings(|it| *it = readings);
            lab = lab.with(|lab| {
                lab.hosts = [Some(hosts.0), hosts.1].into_iter().flatten().collect();
                lab.providers = [Some(providers.0), providers.1].into_iter().flatten().collect();
                lab.writers = [writers.0, writers.1].into_iter().flatten().collect();
                lab.faults = faults;
                if backup_operator {
                    lab.caller = CallerRole::BackupOperator;
                }
            });
            with_disks(lab, &data, &spares)
                .with(|lab| add_extras(lab, &extras))
                .build()
                .expect("a random lab is right")
        },
    )
}

fn with_disks(mut lab: LabBuilder, data: &[Disk], spares: &[Disk]) -> LabBuilder {
    lab = lab.with(|lab| {
        let arrays = lab.providers.iter().enumerate();
        lab.arrays = arrays
            .map(|(n, provider)| Array { name: format!("san-{n}"), provider: Some(provider.name.clone()) })
            .collect();
        lab.arrays.push(Array { name: "jbod".to_owned(), provider: None });
    });
    lab = lab.disk("system", Size::mib(8)).volume_with("C:\\", "system", |it| it.size = Some(VOLUME));
    let mut letters = 'D'..='Z';
    let named = data.iter().map(|disk| ("data", disk)).chain(spares.iter().map(|disk| ("spare", disk)));
    for (number, (kind, disk)) in named.enumerate() {
        let name = format!("{kind}-{number}");
        lab = lab.with(|lab| {
            // Every seventh LUN, in a manner of speaking, lies where no provider reaches.
            let array = if disk.size_mib == 12 && disk.quorum { lab.arrays.len() - 1 } else { disk.array };
            let array = lab.arrays[array.min(lab.arrays.len() - 1)].name.clone();
            let array = if array == "jbod" && !disk.quorum { "san-0".to_owned() } else { array };
            lab.luns.push(Lun {
                array: Some(array),
                page83: disk.page83,
                style: disk.style,
                dynamic: disk.dynamic,
                quorum: disk.quorum,
                ..Lun::new(&name, Size::mib(disk.size_mib))
            });
        });
        for _ in 0..disk.volumes {
            let letter = letters.next().expect("a free letter");
            lab = lab.volume_with(&format!("{letter}:\\"), &name, |it| it.size = Some(VOLUME));
        }
    }
    lab
}

fn add_extras(lab: &mut Lab, Extras { cluster, virtual_disks, shares }: &Extras) {
    if *cluster && lab.hosts.len() > 1 {
        for host in &mut lab.hosts {
            (host.os, host.cluster) = (Os::WindowsServer2022, Some("nodes".to_owned()));
        }
        let fits =
            |lun: &&Lun| lun.is_shared() && !lun.dynamic && !lun.quorum && lun.style == PartitionStyle::Gpt;
        if let Some(lun) = lab.luns.iter().find(fits) {
            let on_lun = lab.volumes.iter_mut().filter(|volume| volume.luns[0] == lun.name);
            on_lun.for_each(|volume| volume.cluster_shared = true);
        }
    }
    let mut holder = "D:\\".to_owned();
    for (number, letter) in (0..*virtual_disks).zip(["Y:\\", "Z:\\"]) {
        let name = format!("virtual-{number}");
        let vhd_on = Some(std::mem::replace(&mut holder, letter.to_owned()));
        lab.volumes.push(Volume { size: Some(VOLUME), vhd_on, ..Volume::new(letter, &name) });
        lab.luns.push(Lun::new(name, Size::mib(8)));
    }
    // Local disks are the first host's alone.
    let everywhere: Vec<String> = lab
        .volumes
        .iter()
        .filter(|volume| lab.luns.iter().any(|lun| lun.is_shared() && lun.name == volume.luns[0]))
        .map(|volume| volume.mount[0].clone())
        .collect();
    for (number, (volume, host, scale_out)) in shares.iter().enumerate() {
        let host = &lab.hosts[usize::from(*host) % lab.hosts.len()].name;
        let volume = &everywhere[usize::from(*volume) % everywhere.len()];
        let scale_out = *scale_out && lab.hosts[0].cluster.is_some();
        lab.shares.push(Share { scale_out, ..Share::new(format!(r"\\{host}\share-{number}"), volume) });
    }
}
