//! Hosts, arrays and mount points together, on a small lab.

use crate::storage::gpt::attribute;
use crate::storage::*;
use rstest::rstest;
use std::sync::Arc;
use uuid::Uuid;

const MIB: u64 = 1 << 20;

struct Lab {
    storage: Storage,
    array: ArrayId,
    host: HostId,
    made: u128,
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x5100_0000_0000_0000_0000_0000_0000_0000 + n)
}

fn naa(n: u8) -> Arc<[Page83Identifier]> {
    [Page83Identifier::naa([n; 16])].into()
}

fn description(name: &str, n: u8, layout: DiskLayout) -> LunDescription {
    LunDescription {
        name: name.into(),
        size: 64 * MIB,
        vendor: "VSSLAB".into(),
        product: "Array".into(),
        revision: "1".into(),
        serial: format!("{n:04}").into(),
        page83: naa(n),
        layout: Some(Arc::new(layout)),
    }
}

fn gpt(disk: u128, partition: u128) -> DiskLayout {
    let data = PartitionLayout::gpt_basic(MIB, 32 * MIB, id(partition), FileSystem::Ntfs);
    DiskLayout { signature: DiskSignature::Gpt(id(disk)), partitions: [data].into() }
}

fn mbr(signature: u32) -> DiskLayout {
    let data = |start| PartitionLayout::mbr_basic(start, 16 * MIB, FileSystem::Ntfs);
    DiskLayout { signature: DiskSignature::Mbr(signature), partitions: [data(MIB), data(20 * MIB)].into() }
}

fn copy(name: &str, n: u8, kind: CopyKind) -> CopyDescription {
    CopyDescription { name: name.into(), serial: format!("{n:04}").into(), page83: naa(n), kind }
}

impl Lab {
    fn new(san_policy: SanPolicy) -> Lab {
        let mut storage = Storage::new();
        let array = storage.add_array("array", false).unwrap();
        let host = storage.add_host("host", san_policy).unwrap();
        Lab { storage, array, host, made: 1000 }
    }

    fn add(&mut self, name: &str, n: u8, layout: DiskLayout) -> LunId {
        let lun = self.storage.add_lun(description(name, n, layout), Some(self.array)).unwrap();
        self.storage.unmask(lun, self.host).unwrap();
        lun
    }

    fn with<T>(&mut self, run: impl FnOnce(&mut Storage, HostId, &mut dyn FnMut() -> Uuid) -> T) -> T {
        let made = &mut self.made;
        run(&mut self.storage, self.host, &mut || {
            *made += 1;
            id(*made)
        })
    }

    fn rescan(&mut self) -> Vec<DiskChange> {
        self.with(|storage, host, fresh| storage.rescan(host, fresh)).unwrap()
    }

    fn host(&self) -> &Host {
        self.storage.host(self.host).unwrap()
    }

    fn state(&self, lun: LunId) -> DiskState {
        self.host().disk(self.host().disk_of(lun).unwrap()).unwrap().state()
    }
}

#[test]
fn a_rescan_tells_what_came_and_left() {
    let mut lab = Lab::new(SanPolicy::OnlineAll);
    let (a, b) = (lab.add("a", 1, gpt(1, 2)), lab.add("b", 2, gpt(3, 4)));
    let (disk0, disk1) = (DiskNumber(0), DiskNumber(1));
    assert!(lab.host().needs_rescan());
    assert_eq!(
        lab.rescan(),
        [DiskChange::Arrived { disk: disk0, lun: a }, DiskChange::Arrived { disk: disk1, lun: b }]
    );
    assert_eq!(lab.rescan(), []);
    assert_eq!(lab.host().volumes_of(a), [id(2)]);
    assert_eq!(lab.host().luns_of(id(2)), [a]);
    assert!(!lab.storage.lun(a).unwrap().is_formatted(), "volumes come from the description");
    lab.storage.mask(a, lab.host).unwrap();
    assert_eq!(lab.host().volumes_of(a), [id(2)], "until the rescan");
    let c = lab.add("c", 3, gpt(5, 6));
    assert_eq!(
        lab.rescan(),
        [DiskChange::Departed { disk: disk0, lun: a }, DiskChange::Arrived { disk: disk0, lun: c }]
    );
    assert!(lab.host().volumes_of(a).is_empty());
    assert_eq!(lab.host().mounts().volumes().map(Volume::name).collect::<Vec<_>>(), [id(4), id(6)]);
}

#[rstest]
#[case(SanPolicy::OnlineAll, [true, true])]
#[case(SanPolicy::OfflineShared, [false, true])]
#[case(SanPolicy::OfflineInternal, [true, false])]
#[case(SanPolicy::OfflineAll, [false, false])]
fn the_san_policy_counts_for_disks_that_are_found(#[case] policy: SanPolicy, #[case] online: [bool; 2]) {
    let mut lab = Lab::new(policy);
    let shared = lab.add("shared", 1, gpt(1, 2));
    let local = lab.storage.add_lun(description("local", 2, gpt(3, 4)), None).unwrap();
    lab.storage.unmask(local, lab.host).unwrap();
    lab.rescan();
    for (lun, online) in [shared, local].into_iter().zip(online) {
        let disk = lab.host().disk_of(lun).unwrap();
        let offline = DiskState::Offline(OfflineReason::Policy);
        assert_eq!(lab.state(lun), if online { DiskState::Online } else { offline });
        assert_eq!(lab.host().volumes_of(lun).len(), usize::from(online));
        lab.with(|storage, host, fresh| storage.set_online(host, disk, fresh)).unwrap();
        assert_eq!(lab.host().volumes_of(lun).len(), 1);
        assert!(!lab.host().disk(disk).unwrap().is_read_only());
    }
}

#[test]
fn the_later_of_two_disks_with_one_signature_stays_offline_until_it_is_resigned() {
    let mut lab = Lab::new(SanPolicy::OnlineAll);
    let original = lab.add("original", 1, gpt(1, 2));
    lab.rescan();
    let snapshot = lab.storage.copy_lun(original, copy("copy", 2, CopyKind::Clone)).unwrap();
    lab.storage.unmask(snapshot, lab.host).unwrap();
    lab.rescan();
    assert_eq!(lab.state(snapshot), DiskState::Offline(OfflineReason::Collision));
    let (disk, signature) = (lab.host().disk_of(snapshot).unwrap(), DiskSignature::Gpt(id(1)));
    let refusal = lab.with(|storage, host, fresh| storage.set_online(host, disk, fresh));
    assert_eq!(refusal, Err(DiskError::Collision { with: DiskNumber(0), signature }));
    let refusal = lab
        .with(|storage, host, fresh| storage.resign(host, disk, signature, |attributes| attributes, fresh));
    assert_eq!(refusal, Err(DiskError::Collision { with: DiskNumber(0), signature }));

    let other = DiskSignature::Gpt(id(8));
    lab.with(|storage, host, fresh| {
        storage.resign(host, disk, other, |attributes| attributes | attribute::HIDDEN, fresh)
    })
    .unwrap();
    assert_eq!(lab.state(snapshot), DiskState::Online);
    assert_ne!(
        lab.host().volumes_of(snapshot),
        lab.host().volumes_of(original),
        "the partition has a new id too"
    );
    assert_eq!(lab.host().volumes_of(snapshot).len(), 1);
    assert_eq!(lab.host().online_disk(other), Some(disk));
    assert_eq!(lab.rescan(), []);
    assert_eq!(lab.storage.lun(original).unwrap().identity().unwrap().signature, signature, "not touched");
}

#[test]
fn a_twin_of_a_partition_id_is_named_anew() {
    let mut lab = Lab::new(SanPolicy::OnlineAll);
    let (a, b) = (lab.add("a", 1, gpt(1, 2)), lab.add("b", 2, gpt(3, 2)));
    lab.rescan();
    assert_eq!(lab.host().volumes_of(a), [id(2)]);
    assert_eq!(lab.host().volumes_of(b), [id(1001)]);
    assert_eq!(lab.host().luns_of(id(1001)), [b]);
}

#[test]
fn mbr_volumes_keep_their_generated_names_and_mount_points() {
    let mut lab = Lab::new(SanPolicy::OnlineAll);
    let lun = lab.add("lun", 1, mbr(0xBEEF));
    lab.rescan();
    let volumes = lab.host().volumes_of(lun).to_vec();
    assert_eq!(volumes, [id(1001), id(1002)]);
    let host = lab.storage.host_mut(lab.host).unwrap();
    host.mounts_mut().add_mount_point(volumes[1], r"E:\").unwrap();
    lab.storage.mask(lun, lab.host).unwrap();
    lab.rescan();
    assert_eq!(lab.host().mounts().find(r"E:\"), None);
    lab.storage.unmask(lun, lab.host).unwrap();
    lab.rescan();
    assert_eq!(lab.host().volumes_of(lun), volumes);
    let found = FoundVolume { volume: volumes[1], backslash_missing: true };
    assert_eq!(lab.host().mounts().find("e:"), Some(found));
}

#[test]
fn mount_points_belong_to_one_volume() {
    let mut lab = Lab::new(SanPolicy::OnlineAll);
    lab.add("a", 1, gpt(1, 2));
    lab.add("b", 2, gpt(3, 4));
    lab.rescan();
    let mounts = lab.storage.host_mut(lab.host).unwrap().mounts_mut();
    mounts.add_mount_point(id(2), r"C:\Mnt\Data").unwrap();
    mounts.add_mount_point(id(2), r"c:\mnt\data\").unwrap();
    assert_eq!(mounts.volume(id(2)).unwrap().mount_points(), [Arc::from(r"C:\Mnt\Data\")]);
    let taken = mounts.add_mount_point(id(4), r"C:\MNT\DATA\").unwrap_err();
    assert_eq!(taken, MountError::Taken { path: r"C:\MNT\DATA\".into(), by: id(2) });
    assert_eq!(mounts.add_mount_point(id(5), r"X:\"), Err(MountError::NoVolume(id(5))));
    assert_eq!(mounts.add_mount_point(id(4), "X"), Err(MountError::Malformed("X".into())));
    assert_eq!(mounts.find(r"\\?\c:\MNT\data\").unwrap().volume, id(2));
    assert_eq!(mounts.find(&volume_guid_path(id(4)).to_uppercase()).unwrap().volume, id(4));
    assert_eq!(mounts.remove_mount_point(r"c:\mnt\DATA"), Some(id(2)));
    assert_eq!(mounts.volume(id(2)).unwrap().mount_points(), []);
    assert_eq!(mounts.find(r"c:\mnt\data\"), None);
}

#[test]
fn no_lun_is_copied_onto_twice_at_a_time() {
    let mut storage = Storage::new();
    let (one, two) = (HostId(0), HostId(1));
    let [a, b, c, d, e] = [0, 1, 2, 3, 4].map(LunId);
    storage.begin_resync(&[(a, b)], one).unwrap();
    for (pair, busy) in [((c, b), b), ((b, c), b), ((c, a), a)] {
        let refused = storage.begin_resync(&[(e, d), pair], two);
        assert_eq!(refused, Err(LunError::Busy(busy)), "{pair:?}");
    }
    storage.begin_resync(&[(a, c)], two).expect("two may copy from one, and what was refused has not begun");
    storage.end_resync(&[(a, b)], two);
    assert_eq!(storage.begin_resync(&[(d, b)], two), Err(LunError::Busy(b)), "another host's goes on");
    storage.end_resync(&[(a, b)], one);
    storage.begin_resync(&[(d, b)], two).expect("the LUN is free");
}

#[rstest]
#[case::two_onto_one([(0, 2), (1, 2)], 2)]
#[case::one_onto_a_source([(0, 1), (2, 0)], 0)]
#[case::one_from_a_target([(0, 1), (1, 2)], 1)]
#[case::one_onto_itself([(0, 1), (2, 2)], 2)]
fn the_pairs_of_one_resync_keep_apart(#[case] pairs: [(u32, u32); 2], #[case] busy: u32) {
    let mut storage = Storage::new();
    let pairs = pairs.map(|(source, target)| (LunId(source), LunId(target)));
    assert_eq!(storage.begin_resync(&pairs, HostId(0)), Err(LunError::Busy(LunId(busy))));
    storage.begin_resync(&pairs[..1], HostId(1)).expect("nothing has begun");
}

#[test]
fn a_host_that_is_gone_copies_no_more() {
    let mut lab = Lab::new(SanPolicy::OnlineAll);
    let [a, b, c, d] = [1, 2, 3, 4].map(|n| lab.add(&format!("lun {n}"), n, gpt(n.into(), n.into())));
    let (one, two) = (HostId(0), HostId(1));
    lab.storage.begin_resync(&[(a, b)], one).unwrap();
    lab.storage.begin_resync(&[(a, c)], two).unwrap();
    let other = lab.storage.add_array("other", false).unwrap();
    lab.storage.end_resyncs(&[other], one);
    assert_eq!(lab.storage.begin_resync(&[(d, b)], two), Err(LunError::Busy(b)), "another array's go on");
    lab.storage.end_resyncs(&[lab.array, other], one);
    assert_eq!(lab.storage.begin_resync(&[(d, c)], one), Err(LunError::Busy(c)), "another host's go on");
    lab.storage.begin_resync(&[(d, b)], two).expect("the LUN is free");
}

#[test]
fn a_resync_shares_bytes_and_fits_the_target() {
    let mut lab = Lab::new(SanPolicy::OnlineAll);
    let (original, target) = (lab.add("original", 1, gpt(1, 2)), lab.add("target", 2, gpt(3, 4)));
    lab.rescan();
    lab.with(|storage, host, _| storage.write_volume(host, id(2), 4096, b"good")).unwrap();
    let snapshot = lab.storage.copy_lun(original, copy("snapshot", 3, CopyKind::Differential)).unwrap();
    lab.with(|storage, host, _| storage.write_volume(host, id(2), 4096, b"evil")).unwrap();
    lab.storage.resync(snapshot, original).unwrap();
    assert_eq!(lab.rescan(), [DiskChange::Changed { disk: DiskNumber(0), lun: original }]);
    let mut bytes = [0; 4];
    lab.storage.read_volume(lab.host, id(2), 4096, &mut bytes).unwrap();
    assert_eq!(&bytes, b"good");
    let contents = |lun| lab.storage.lun(lun).unwrap().contents();
    assert!(contents(snapshot).is_same(contents(original)));

    lab.storage.resize_lun(snapshot, 60 * MIB).unwrap();
    lab.storage.resync(snapshot, target).unwrap();
    assert_eq!(lab.storage.lun(target).unwrap().size(), 60 * MIB);
    lab.rescan();
    assert_eq!(lab.state(target), DiskState::Offline(OfflineReason::Collision));
    let refusal = lab.storage.resync(original, target);
    assert_eq!(refusal, Err(LunError::TargetTooSmall { target: 60 * MIB, origin: 64 * MIB }));
    assert_eq!(lab.storage.resize_lun(target, 64 * MIB), Err(LunError::CantGrow));
}

#[test]
fn an_array_that_can_grow_grows_the_target() {
    let mut storage = Storage::new();
    let array = storage.add_array("array", true).unwrap();
    let source = storage.add_lun(description("source", 1, gpt(1, 2)), Some(array)).unwrap();
    let small = LunDescription { size: MIB, layout: None, ..description("target", 2, gpt(3, 4)) };
    let target = storage.add_lun(small, Some(array)).unwrap();
    storage.resync(source, target).unwrap();
    assert_eq!(storage.lun(target).unwrap().size(), 64 * MIB);
    assert_eq!(storage.lun(target).unwrap().table(), storage.lun(source).unwrap().table());
    assert!(!storage.lun(target).unwrap().is_formatted());
}

#[test]
fn a_differential_copy_is_lost_with_its_source_and_a_clone_is_not() {
    let mut lab = Lab::new(SanPolicy::OnlineAll);
    let lun = lab.add("lun", 1, gpt(1, 2));
    let clone = lab.storage.copy_lun(lun, copy("clone", 2, CopyKind::Clone)).unwrap();
    let differential = lab.storage.copy_lun(lun, copy("diff", 3, CopyKind::Differential)).unwrap();
    let second = lab.storage.copy_lun(differential, copy("diff 2", 4, CopyKind::Differential)).unwrap();
    assert_eq!(lab.storage.all_dependants(lun).into_iter().collect::<Vec<_>>(), [differential, second]);
    assert_eq!(lab.storage.delete_lun(lun), Ok(vec![lun, differential, second]));
    assert_eq!(lab.storage.delete_lun(lun), Err(LunError::NoLun(lun)));
    assert!(lab.storage.lun(clone).is_ok());
    assert_eq!(lab.storage.lun_by_name("diff"), None);
    assert_eq!(lab.storage.luns_by_page83(&[3; 16]), []);
    assert_eq!(lab.storage.dependants.len(), 0);
    assert_eq!(lab.rescan(), []);
}

#[test]
fn page_83_identifiers_are_unique_or_not() {
    let mut lab = Lab::new(SanPolicy::OnlineAll);
    let lun = lab.add("lun", 1, gpt(1, 2));
    assert_eq!(lab.storage.unique_page83(lun).unwrap(), [&naa(1)[0]]);
    let twin = lab.storage.copy_lun(lun, copy("twin", 1, CopyKind::Clone)).unwrap();
    assert_eq!(lab.storage.unique_page83(lun).unwrap().len(), 0);
    assert_eq!(lab.storage.luns_by_page83(&[1; 16]), [lun, twin]);
    lab.storage.delete_lun(twin).unwrap();
    assert_eq!(lab.storage.unique_page83(lun).unwrap().len(), 1);
    let useless = Page83Identifier { identifier_type: 0, ..naa(7)[0].clone() };
    let port = Page83Identifier { association: 1, ..naa(8)[0].clone() };
    let page83 = [useless, port].into();
    let other = LunDescription { page83, ..description("other", 9, gpt(8, 9)) };
    let other = lab.storage.add_lun(other, None).unwrap();
    assert_eq!(lab.storage.unique_page83(other).unwrap().len(), 0);
}

#[test]
fn a_spanned_volume_needs_all_of_its_disks() {
    let mut lab = Lab::new(SanPolicy::OnlineAll);
    let dynamic = |signature| DiskLayout {
        signature: DiskSignature::Mbr(signature),
        partitions: [PartitionLayout::dynamic(MIB, 32 * MIB, None)].into(),
    };
    let (a, b) = (lab.add("a", 1, dynamic(0xA)), lab.add("b", 2, dynamic(0xB)));
    lab.rescan();
    let extents = vec![(DiskSignature::Mbr(0xA), MIB, 4 * MIB), (DiskSignature::Mbr(0xB), 2 * MIB, 8 * MIB)];
    let spanned = DynamicVolume { name: id(5), file_system: FileSystem::Ntfs, extents };
    lab.with(|storage, host, fresh| storage.add_dynamic_volume(host, spanned, fresh)).unwrap();
    assert_eq!(lab.host().luns_of(id(5)), [a, b]);
    let volume = lab.host().mounts().volume(id(5)).unwrap();
    assert!(volume.is_dynamic() && volume.length() == 12 * MIB);

    lab.with(|storage, host, _| storage.write_volume(host, id(5), 4 * MIB - 2, b"span")).unwrap();
    assert_eq!(lab.storage.lun(a).unwrap().contents().read_array(5 * MIB - 2), Ok(*b"sp"));
    assert_eq!(lab.storage.lun(b).unwrap().contents().read_array(2 * MIB), Ok(*b"an"));
    let mut bytes = [0; 4];
    lab.storage.read_volume(lab.host, id(5), 4 * MIB - 2, &mut bytes).unwrap();
    assert_eq!(&bytes, b"span");

    lab.storage.mask(b, lab.host).unwrap();
    lab.rescan();
    assert!(lab.host().volumes_of(a).is_empty());
    assert_eq!(lab.storage.read_volume(lab.host, id(5), 0, &mut bytes), Err(DiskError::NoVolume(id(5))));
    lab.storage.unmask(b, lab.host).unwrap();
    lab.rescan();
    assert_eq!(lab.host().volumes_of(a), [id(5)]);
    assert_eq!(lab.host().volumes_of(b), [id(5)]);
}

#[test]
fn the_volumes_of_a_dynamic_disk_keep_their_order() {
    let mut lab = Lab::new(SanPolicy::OnlineAll);
    let layout = DiskLayout {
        signature: DiskSignature::Mbr(0xA),
        partitions: [PartitionLayout::dynamic(MIB, 32 * MIB, None)].into(),
    };
    let lun = lab.add("a", 1, layout);
    lab.rescan();
    for (name, start) in [(9, MIB), (5, 5 * MIB), (7, 9 * MIB)] {
        let extents = vec![(DiskSignature::Mbr(0xA), start, 4 * MIB)];
        let volume = DynamicVolume { name: id(name), file_system: FileSystem::Ntfs, extents };
        lab.with(|storage, host, fresh| storage.add_dynamic_volume(host, volume, fresh)).unwrap();
    }
    let listed = [id(9), id(5), id(7)];
    assert_eq!(lab.host().volumes_of(lun), listed);
    lab.storage.mask(lun, lab.host).unwrap();
    lab.rescan();
    lab.storage.unmask(lun, lab.host).unwrap();
    lab.rescan();
    assert_eq!(lab.host().volumes_of(lun), listed);
}

#[rstest]
#[case(gpt(1, 2), 1)]
#[case(mbr(7), 2)]
fn volume_attributes_are_in_the_table_and_obeyed(#[case] layout: DiskLayout, #[case] touched: usize) {
    let mut lab = Lab::new(SanPolicy::OnlineAll);
    let lun = lab.add("lun", 1, layout);
    lab.rescan();
    let volumes = lab.host().volumes_of(lun).to_vec();
    let flags = attribute::READ_ONLY | attribute::HIDDEN;
    lab.storage.set_volume_attributes(lab.host, volumes[0], flags).unwrap();
    let hidden = |lab: &Lab| lab.host().mounts().volumes().filter(|volume| volume.is_hidden()).count();
    assert_eq!(hidden(&lab), touched);
    assert_eq!(lab.rescan(), []);
    lab.storage.touch(lun).unwrap();
    assert_eq!(lab.rescan().len(), 1);
    assert_eq!(hidden(&lab), touched, "as read from the table");
    assert_eq!(lab.storage.write_volume(lab.host, volumes[0], 0, &[1]), Err(DiskError::ReadOnly));
    lab.storage.set_volume_attributes(lab.host, volumes[0], 0).unwrap();
    lab.storage.write_volume(lab.host, volumes[0], 0, &[1]).unwrap();
    let past = lab.storage.write_volume(lab.host, volumes[0], 64 * MIB, &[1]);
    assert!(matches!(past, Err(DiskError::OutOfRange { .. })));
    lab.storage.set_disk_read_only(lab.host, DiskNumber(0), true).unwrap();
    assert_eq!(lab.storage.write_volume(lab.host, volumes[0], 0, &[1]), Err(DiskError::ReadOnly));
}

#[test]
fn what_does_not_exist_is_refused() {
    let mut lab = Lab::new(SanPolicy::OnlineAll);
    let lun = lab.add("lun", 1, gpt(1, 2));
    let (no_lun, no_host) = (LunId(77), HostId(77));
    assert_eq!(lab.storage.unmask(no_lun, lab.host), Err(LunError::NoLun(no_lun)));
    assert_eq!(lab.storage.unmask(lun, no_host), Err(LunError::NoHost(no_host)));
    assert_eq!(lab.storage.resync(lun, no_lun), Err(LunError::NoLun(no_lun)));
    let no_disk = DiskError::NoDisk(DiskNumber(9));
    assert_eq!(lab.storage.set_offline(lab.host, DiskNumber(9)), Err(no_disk));
    let taken = lab.storage.add_lun(description("lun", 2, gpt(3, 4)), None);
    assert_eq!(taken, Err(LunError::NameTaken("lun".into())));
    let local = lab.storage.add_lun(description("local", 2, gpt(3, 4)), None).unwrap();
    let refusal = lab.storage.copy_lun(local, copy("copy", 3, CopyKind::Clone));
    assert_eq!(refusal, Err(LunError::NotOnArray(local)));
    assert_eq!(lab.storage.resync(lun, local), Err(LunError::NotOnArray(local)));
}
