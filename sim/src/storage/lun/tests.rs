//! The table that a LUN remembers is the one on its bytes.

use super::*;
use crate::storage::gpt;
use crate::storage::{
    DiskIdentity, DiskSignature, PartitionLayout, Uuid, move_backup_to_end, set_partition_attributes,
    write_identity,
};
use proptest::prelude::*;
use rstest::rstest;

const MIB: u64 = 1 << 20;
const SIZE: u64 = 8 * MIB;
/// Where a table may lie, at both ends.
const TABLE: u64 = 36 * 512;

fn id(n: u64) -> Uuid {
    Uuid::from_u128(n.into())
}

fn lun(gpt: bool, signature: u32) -> Lun {
    let (start, length) = (MIB, 2 * MIB);
    let signature = if gpt {
        DiskSignature::Gpt(id(u64::from(signature) + 1))
    } else {
        DiskSignature::Mbr(signature.max(1))
    };
    let partition = if gpt {
        PartitionLayout::gpt_basic(start, length, id(9), FileSystem::Ntfs)
    } else {
        PartitionLayout::mbr_basic(start, length, FileSystem::Ntfs)
    };
    let description = LunDescription {
        name: "lun".into(),
        size: SIZE,
        vendor: "".into(),
        product: "".into(),
        revision: "".into(),
        serial: "".into(),
        page83: [].into(),
        layout: Some(Arc::new(DiskLayout { signature, partitions: [partition].into() })),
    };
    Lun::new(description, None).unwrap()
}

#[derive(Clone, Debug)]
enum Change {
    Write {
        at: u64,
        bytes: Vec<u8>,
    },
    Heal {
        at: u64,
    },
    /// Other numbers in the primary header, under a good CRC.
    Header {
        alternate: u64,
        entries: u64,
        first: u64,
        last: u64,
    },
    Identity {
        gpt: bool,
        signature: u32,
    },
    Attributes {
        index: u32,
        attributes: u64,
    },
    Resize {
        size: u64,
    },
    MoveBackup,
    Copy {
        gpt: bool,
        signature: u32,
        formatted: bool,
    },
    Clone,
}

fn places() -> impl Strategy<Value = u64> {
    prop_oneof![0..TABLE, SIZE - TABLE..SIZE, 0..SIZE]
}

fn sectors() -> impl Strategy<Value = u64> {
    let last = SIZE / 512 - 1;
    prop_oneof![
        Just(1),
        Just(2),
        Just(34),
        Just(last - 33),
        Just(last),
        0..80_u64,
        0..=last + 2,
        any::<u64>()
    ]
}

fn changes() -> impl Strategy<Value = Change> {
    prop_oneof![
        6 => (places(), prop::collection::vec(any::<u8>(), 1..700)).prop_map(|(at, bytes)| Change::Write { at, bytes }),
        6 => places().prop_map(|at| Change::Heal { at }),
        2 => [sectors(), sectors(), sectors(), sectors()].prop_map(|[alternate, entries, first, last]| {
            Change::Header { alternate, entries, first, last }
        }),
        2 => any::<(bool, u32)>().prop_map(|(gpt, signature)| Change::Identity { gpt, signature }),
        2 => any::<(u32, u64)>().prop_map(|(index, attributes)| Change::Attributes { index: index % 2, attributes }),
        1 => (SIZE - 64 * 512..SIZE + 64 * 512).prop_map(|size| Change::Resize { size }),
        1 => Just(Change::MoveBackup),
        1 => any::<(bool, u32, bool)>()
            .prop_map(|(gpt, signature, formatted)| Change::Copy { gpt, signature, formatted }),
        1 => Just(Change::Clone),
    ]
}

/// A change through the remembered table writes what the same change of the bare bytes writes.
fn same_as_afresh(
    lun: &mut Lun,
    change: impl FnOnce(&mut Lun) -> Result<(), TableError>,
    afresh: impl FnOnce(&mut Extents) -> Result<(), TableError>,
) {
    let mut disk = lun.contents().clone();
    assert_eq!(change(lun), afresh(&mut disk));
    assert_eq!(lun.contents().diff(&disk), []);
}

/// Carries a change out; what is refused leaves things as they are.
fn apply(lun: &mut Lun, change: Change, first: &Extents) {
    match change {
        Change::Write { at, bytes } => drop(lun.write(at, &bytes)),
        Change::Heal { at } => {
            // As the disk had it when it was formatted: what was damaged may be whole again.
            if let Ok(bytes) = first.read_array::<512>(at / 512 * 512) {
                let _ = lun.write(at / 512 * 512, &bytes);
            }
        }
        Change::Header { alternate, entries, first, last } => {
            let Ok(header) = gpt::Header::parse(&lun.contents().read_array(512).unwrap(), 1) else { return };
            let header = gpt::Header {
                alternate_lba: alternate,
                entries_lba: entries,
                first_usable_lba: first,
                last_usable_lba: last,
                ..header
            };
            lun.write(512, &header.emit()).unwrap();
        }
        Change::Identity { gpt, signature } => {
            let identity = match gpt {
                true => DiskIdentity::gpt(id(signature.into()), vec![id(3)]),
                false => DiskIdentity::mbr(signature),
            };
            same_as_afresh(
                lun,
                |lun| lun.change_table(|table, disk| identity.write(table, disk, &mut || id(4))),
                |disk| write_identity(disk, &identity, &mut || id(4)),
            );
        }
        Change::Attributes { index, attributes } => {
            same_as_afresh(
                lun,
                |lun| lun.change_table(|table, disk| table.set_partition_attributes(disk, index, attributes)),
                |disk| set_partition_attributes(disk, index, attributes),
            );
        }
        Change::Resize { size } => lun.resize(size),
        Change::MoveBackup => {
            same_as_afresh(lun, |lun| lun.change_table(LoadedTable::move_backup_to_end), move_backup_to_end);
        }
        Change::Copy { gpt, signature, formatted } => {
            let source = self::lun(gpt, signature);
            if formatted {
                let _ = source.contents();
                let _ = source.table();
            }
            lun.copy_contents(&source);
        }
        Change::Clone => *lun = lun.copied("copy".into(), "".into(), [].into()),
    }
}

proptest! {
    #[test]
    fn the_table_is_that_of_the_bytes(gpt: bool, changes in prop::collection::vec(changes(), 1..40)) {
        let mut lun = lun(gpt, 7);
        let first = lun.contents().clone();
        for change in changes {
            let told = format!("{change:?}");
            apply(&mut lun, change, &first);
            prop_assert_eq!(lun.table(), PartitionTable::read(lun.contents()), "after {}", &told);
            let identity = crate::storage::read_identity(lun.contents());
            prop_assert_eq!(lun.identity(), identity, "after {}", told);
        }
    }
}

/// What lies beside the table does not make anybody read it anew; what touches it does.
#[rstest]
#[case::gpt_last_of_array(true, 34 * 512 - 1, 1, false)]
#[case::gpt_first_usable(true, 34 * 512, 1, true)]
#[case::gpt_last_usable(true, SIZE - 33 * 512 - 1, 1, true)]
#[case::gpt_over_the_end(true, SIZE - 33 * 512 - 1, 2, false)]
#[case::gpt_backup(true, SIZE - 33 * 512, 1, false)]
#[case::mbr_attributes(false, 1023, 1, false)]
#[case::mbr_behind_them(false, 1024, 1, true)]
fn only_writes_beside_the_table_leave_it_known(
    #[case] gpt: bool,
    #[case] at: u64,
    #[case] length: usize,
    #[case] beside: bool,
) {
    let mut lun = lun(gpt, 7);
    let _ = lun.contents();
    lun.table().unwrap();
    assert!(lun.write(SIZE - 1, &[1; 2]).is_err());
    assert_eq!(lun.write(at, &vec![1; length]), Ok(!beside));
    assert_eq!(lun.loaded_table.get().is_some(), beside);
    assert_eq!(lun.table(), PartitionTable::read(lun.contents()));
}
