//! Tables and identities on real bytes, good and damaged.

use super::*;
use crate::storage::gpt::{TYPE_LDM_DATA, TYPE_LDM_METADATA, attribute};
use crate::storage::{DiskIdentity, DiskLayout, FileSystem, PartitionLayout, read_identity, write_identity};
use proptest::prelude::*;
use rstest::rstest;

const MIB: u64 = 1 << 20;
const SIZE: u64 = 100 << 30;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x5100_0000_0000_0000_0000_0000_0000_0000 + n)
}

fn none_needed() -> Uuid {
    panic!("no fresh id is needed")
}

fn gpt_layout() -> DiskLayout {
    let data = |start, unique| PartitionLayout::gpt_basic(start * MIB, 1024 * MIB, unique, FileSystem::Ntfs);
    DiskLayout {
        signature: DiskSignature::Gpt(id(1)),
        partitions: [data(1, id(2)), data(2000, id(3))].into(),
    }
}

fn mbr_layout() -> DiskLayout {
    let data = |start| PartitionLayout::mbr_basic(start * MIB, 64 * MIB, FileSystem::Fat32);
    DiskLayout { signature: DiskSignature::Mbr(0xCAFE), partitions: [data(1), data(100)].into() }
}

#[rstest]
#[case(gpt_layout())]
#[case(mbr_layout())]
fn a_formatted_disk_reads_back(#[case] layout: DiskLayout) {
    let disk = layout.format(SIZE).unwrap();
    assert_eq!(PartitionTable::read(&disk).unwrap(), layout.table());
    assert_eq!(read_identity(&disk).unwrap(), layout.identity());
    for partition in &layout.partitions {
        assert_eq!(FileSystem::detect(&disk, partition.start), Ok(partition.file_system));
    }
}

#[test]
fn a_freshly_formatted_gpt_disk_is_small() {
    let held = gpt_layout().format(1 << 40).unwrap().allocated_bytes();
    assert!(held <= 2300, "{held} bytes");
}

#[test]
fn an_identity_is_rewritten_in_both_halves() {
    let mut disk = gpt_layout().format(SIZE).unwrap();
    let identity = DiskIdentity::gpt(id(11), vec![id(12), id(13)]);
    write_identity(&mut disk, &identity, &mut none_needed).unwrap();
    assert_eq!(read_identity(&disk).unwrap(), identity);
    disk.zero(512..1024).unwrap();
    assert_eq!(read_identity(&disk).unwrap(), identity, "from the backup");
    let partial = DiskIdentity::gpt(id(21), vec![id(22)]);
    write_identity(&mut disk, &partial, &mut || id(99)).unwrap();
    assert_eq!(read_identity(&disk).unwrap(), DiskIdentity::gpt(id(21), vec![id(22), id(99)]));
    disk.zero(SIZE - 512..SIZE).unwrap();
    assert_eq!(read_identity(&disk).unwrap().signature, partial.signature, "the primary half is whole again");
}

#[test]
fn an_identity_of_the_other_style_is_refused() {
    let mut disk = mbr_layout().format(SIZE).unwrap();
    let before = disk.clone();
    let (found, wanted) = (DiskSignature::Mbr(0xCAFE), DiskSignature::Gpt(id(1)));
    let refusal = write_identity(&mut disk, &gpt_layout().identity(), &mut none_needed);
    assert_eq!(refusal, Err(TableError::Style { found, wanted }));
    assert_eq!(disk.diff(&before), []);
    write_identity(&mut disk, &DiskIdentity::mbr(0xF00D), &mut none_needed).unwrap();
    assert_eq!(read_identity(&disk).unwrap(), DiskIdentity::mbr(0xF00D));
    assert_eq!(PartitionTable::read(&disk).unwrap().partitions, mbr_layout().table().partitions);
}

#[test]
fn damage_of_both_halves_is_told_of() {
    let mut disk = gpt_layout().format(SIZE).unwrap();
    disk.write(512 + 57, &[0xFF]).unwrap();
    disk.write(SIZE - 33 * 512, &[0xFF]).unwrap();
    let error = PartitionTable::read(&disk).unwrap_err().to_string();
    assert!(error.contains("primary: the CRC over the header is"), "{error}");
    assert!(error.contains("backup: the CRC over the entries is"), "{error}");
    assert_eq!(PartitionTable::read(&Extents::new(SIZE)), Err(TableError::NoTable));
}

#[rstest]
#[case(SIZE * 2, true)]
#[case(SIZE + 512, true)]
#[case(SIZE - MIB, true)]
#[case(4000 * MIB, true)]
#[case(3024 * MIB, false)]
fn the_backup_follows_a_resize(#[case] size: u64, #[case] fits: bool) {
    let mut disk = gpt_layout().format(SIZE).unwrap();
    disk.resize(size);
    let moved = move_backup_to_end(&mut disk);
    if !fits {
        assert_eq!(moved, Err(TableError::DiskTooSmall { size }));
        return;
    }
    moved.unwrap();
    let fresh = gpt_layout().format(size).unwrap();
    assert_eq!(disk.diff(&fresh), [], "as if it had been formatted at that size");
}

#[test]
fn attributes_are_kept_in_the_table() {
    let flags = attribute::READ_ONLY | attribute::HIDDEN;
    let mut disk = gpt_layout().format(SIZE).unwrap();
    set_partition_attributes(&mut disk, 1, flags).unwrap();
    disk.zero(512..1024).unwrap();
    let table = PartitionTable::read(&disk).unwrap();
    assert_eq!([table.partitions[0].attributes, table.partitions[1].attributes], [0, flags]);
    assert_eq!(set_partition_attributes(&mut disk, 2, 0), Err(TableError::NoPartition { index: 2 }));

    let mut disk = mbr_layout().format(SIZE).unwrap();
    set_partition_attributes(&mut disk, 0, flags).unwrap();
    let table = PartitionTable::read(&disk).unwrap();
    assert!(table.partitions.iter().all(|partition| partition.attributes == flags));
    assert_eq!(set_partition_attributes(&mut disk, 3, 0), Err(TableError::NoPartition { index: 3 }));
    set_partition_attributes(&mut disk, 0, 0).unwrap();
    assert_eq!(disk.diff(&mbr_layout().format(SIZE).unwrap()), []);
}

#[rstest]
#[case::outside(PartitionLayout::gpt_basic(SIZE - MIB, MIB, id(9), FileSystem::Raw), "outside")]
#[case::overlap(PartitionLayout::gpt_basic(MIB, MIB, id(9), FileSystem::Raw), "overlaps")]
#[case::odd(PartitionLayout::gpt_basic(MIB * 9000, 1000, id(9), FileSystem::Raw), "whole sectors")]
#[case::empty(PartitionLayout::gpt_basic(MIB * 9000, 0, id(9), FileSystem::Raw), "whole sectors")]
#[case::huge(PartitionLayout::gpt_basic(u64::MAX - 511, 512, id(9), FileSystem::Raw), "past any")]
#[case::style(PartitionLayout::mbr_basic(MIB * 9000, MIB, FileSystem::Raw), "style")]
fn a_partition_that_can_not_be_is_refused(#[case] partition: PartitionLayout, #[case] why: &str) {
    let mut layout = gpt_layout();
    layout.partitions = layout.partitions.iter().copied().chain([partition]).collect();
    let error = layout.check(SIZE).unwrap_err().to_string();
    assert!(error.starts_with("partition ") && error.contains(why), "{error}");
    assert_eq!(layout.format(SIZE).unwrap_err().to_string(), error);
}

#[test]
fn dynamic_disks_hold_no_basic_volume() {
    let mut layout = gpt_layout();
    layout.partitions[0].kind = PartitionKind::Gpt(TYPE_LDM_METADATA);
    layout.partitions[1].kind = PartitionKind::Gpt(TYPE_LDM_DATA);
    let table = PartitionTable::read(&layout.format(SIZE).unwrap()).unwrap();
    assert!(table.is_dynamic());
    assert_eq!(table.volumes().count(), 0);
    assert_eq!(gpt_layout().table().volumes().count(), 2);
}

/// Places at which damage matters: both ends of the disk.
/// A disk whose primary header says something else, with a good CRC.
fn with_header(change: impl FnOnce(gpt::Header) -> gpt::Header) -> Extents {
    let mut disk = gpt_layout().format(SIZE).unwrap();
    let header = gpt::Header::parse(&disk.read_array(512).unwrap(), 1).unwrap();
    disk.write(512, &change(header).emit()).unwrap();
    // Without a backup, the primary half alone decides.
    disk.zero(SIZE - 512..SIZE).unwrap();
    disk
}

#[rstest]
#[case::record(1, 1000)]
#[case::array(33, 1000)]
#[case::all(0, u64::MAX)]
fn sectors_for_partitions_hold_nothing_of_the_table(#[case] first: u64, #[case] last: u64) {
    let disk = with_header(|header| gpt::Header { first_usable_lba: first, last_usable_lba: last, ..header });
    let damage = HalfDamage::TableInUsableSectors { first, last };
    assert!(
        matches!(PartitionTable::read(&disk), Err(TableError::Gpt { primary, .. }) if primary == damage),
        "{:?}",
        PartitionTable::read(&disk)
    );
}

#[rstest]
#[case::inside_the_primary(40, 41)]
#[case::just_behind_it(65, 1000)]
#[case::no_room(33, 1000)]
#[case::outside(SIZE / 512, 1000)]
#[case::far_outside(u64::MAX, 1000)]
#[case::on_partitions(100_000, 34)]
fn a_table_that_would_destroy_itself_is_not_written(#[case] alternate: u64, #[case] first_usable: u64) {
    let change = |header| gpt::Header {
        alternate_lba: alternate,
        first_usable_lba: first_usable,
        last_usable_lba: 1_000_000,
        ..header
    };
    let mut disk = with_header(change);
    let before = disk.clone();
    let written = write_identity(&mut disk, &DiskIdentity::gpt(id(5), vec![]), &mut || id(6));
    assert!(
        matches!(written, Err(TableError::Overlap { .. } | TableError::BackupOutside { .. })),
        "{written:?}"
    );
    assert_eq!(disk.diff(&before), []);
}

#[rstest]
#[case(0)]
#[case(5)]
#[case(u64::MAX)]
fn a_backup_names_the_first_sector_but_one(#[case] primary_lba: u64) {
    let mut disk = gpt_layout().format(SIZE).unwrap();
    let last = SIZE / 512 - 1;
    let header = gpt::Header::parse(&disk.read_array(last * 512).unwrap(), last).unwrap();
    disk.write(last * 512, &gpt::Header { alternate_lba: primary_lba, ..header }.emit()).unwrap();
    assert!(PartitionTable::read(&disk).is_ok(), "the primary half is good");
    disk.zero(512..1024).unwrap();
    let read = PartitionTable::read(&disk);
    let expected = HalfDamage::PrimaryElsewhere(primary_lba);
    assert!(matches!(read, Err(TableError::Gpt { backup, .. }) if backup == expected), "{read:?}");
}

#[test]
fn a_table_written_over_another_has_its_own_attributes() {
    let mut disk = mbr_layout().format(SIZE).unwrap();
    set_partition_attributes(&mut disk, 0, attribute::HIDDEN).unwrap();
    mbr_layout().table().write(&mut disk).unwrap();
    assert_eq!(PartitionTable::read(&disk).unwrap(), mbr_layout().table());
}

fn damage() -> impl Strategy<Value = Vec<(bool, u64, u8)>> {
    prop::collection::vec((any::<bool>(), 0..17_408_u64, any::<u8>()), 0..24)
}

proptest! {
    #[test]
    fn damaged_bytes_are_an_error_or_the_truth(damage in damage(), gpt: bool, size in 40_000..1_000_000_u64) {
        let layout = DiskLayout {
            signature: if gpt { DiskSignature::Gpt(id(1)) } else { DiskSignature::Mbr(7) },
            partitions: [].into(),
        };
        let mut disk = layout.format(size).unwrap();
        let spare = disk.len() % 512;
        for (at_end, at, byte) in damage {
            let at = if at_end { size - spare - 1 - at } else { at };
            disk.write(at, &[byte]).unwrap();
        }
        let read = PartitionTable::read(&disk);
        if let Ok(table) = &read && matches!(table.signature, DiskSignature::Gpt(_)) {
            prop_assert_eq!(table, &layout.table());
        }
        // None of these may panic, whatever the bytes are.
        let _ = read_identity(&disk);
        let _ = set_partition_attributes(&mut disk, 0, 1);
        let _ = write_identity(&mut disk, &DiskIdentity::gpt(id(2), vec![]), &mut || id(3));
        let _ = move_backup_to_end(&mut disk);
    }

    #[test]
    fn layouts_read_back(places in prop::collection::btree_set(1..4000_u64, 1..128), names: u128, flags: u64) {
        let partitions = places.iter().zip(1..).map(|(&place, n)| PartitionLayout {
            attributes: flags.rotate_left(n),
            ..PartitionLayout::gpt_basic(place * MIB, MIB, Uuid::from_u128(names.wrapping_add(n.into())), FileSystem::Refs)
        });
        let layout = DiskLayout { signature: DiskSignature::Gpt(id(1)), partitions: partitions.collect() };
        let disk = layout.format(5000 * MIB).unwrap();
        prop_assert_eq!(PartitionTable::read(&disk).unwrap(), layout.table());
        prop_assert_eq!(read_identity(&disk).unwrap(), layout.identity());
    }

    #[test]
    fn a_header_with_good_crcs_and_mad_numbers_does_no_harm(lbas: [u64; 4], first: u64, last: u64) {
        let mut disk = gpt_layout().format(SIZE).unwrap();
        let mut entry = disk.read_array::<{ gpt::ENTRY_BYTES }>(1024).unwrap();
        entry[32..40].copy_from_slice(&first.to_le_bytes());
        entry[40..48].copy_from_slice(&last.to_le_bytes());
        disk.write(1024, &entry).unwrap();
        let mut entries = vec![0; gpt::ARRAY_BYTES];
        disk.read(1024, &mut entries).unwrap();
        let [alternate_lba, first_usable_lba, last_usable_lba, other] = lbas;
        let entries_lba = if other % 2 == 0 { 2 } else { other };
        let header = gpt::Header {
            alternate_lba, first_usable_lba, last_usable_lba, entries_lba,
            ..gpt::Header::primary(SIZE / 512, id(1))
        };
        let header = gpt::Header { entries_crc: crc32fast::hash(&entries), ..header };
        disk.write(512, &header.emit()).unwrap();
        let _ = PartitionTable::read(&disk);
        let _ = set_partition_attributes(&mut disk, 0, 1);
        let _ = write_identity(&mut disk, &DiskIdentity::gpt(id(2), vec![]), &mut || id(3));
        let _ = move_backup_to_end(&mut disk);
    }
}
