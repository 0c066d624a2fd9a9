//! Exported LUNs in the eyes of tools that others wrote: sgdisk, sfdisk, qemu-img and the crate gptman.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;
use tempfile::{NamedTempFile, TempPath};
use vss_sim::storage::*;
use vss_tests::oracles::*;

const MIB: u64 = 1 << 20;

/// A sparse raw image of a LUN.
fn export(lun: &Lun) -> TempPath {
    image(lun.size(), lun.export())
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x5100_0000_0000_4000_8000_0000_0000_0000 + n)
}

fn description(name: &str, n: u8, size: u64, layout: Option<DiskLayout>) -> LunDescription {
    LunDescription {
        name: name.into(),
        size,
        vendor: "VSSLAB".into(),
        product: "Array".into(),
        revision: "1".into(),
        serial: format!("{n:04}").into(),
        page83: [Page83Identifier::naa([n; 16])].into(),
        layout: layout.map(Arc::new),
    }
}

fn gpt_layout() -> DiskLayout {
    let reserved = PartitionLayout {
        kind: PartitionKind::Gpt(gpt::TYPE_RESERVED),
        ..PartitionLayout::gpt_basic(MIB, 15 * MIB, id(2), FileSystem::Raw)
    };
    let data = |start, unique| PartitionLayout::gpt_basic(start * MIB, 40 * MIB, unique, FileSystem::Ntfs);
    let partitions = [reserved, data(16, id(3)), data(64, id(4))].into();
    DiskLayout { signature: DiskSignature::Gpt(id(1)), partitions }
}

fn mbr_layout() -> DiskLayout {
    let data = |start| PartitionLayout::mbr_basic(start * MIB, 40 * MIB, FileSystem::Ntfs);
    DiskLayout { signature: DiskSignature::Mbr(0x51AB_CDEF), partitions: [data(1), data(50)].into() }
}

/// Every tool finds the same identity as we do, and nothing to complain of.
#[track_caller]
fn assert_tools_agree(lun: &Lun) {
    let image = export(lun);
    let (identity, table) = (lun.identity().expect("an identity"), lun.table().expect("a table"));
    assert_sgdisk_agrees(&image, &identity, &table);
    assert_sfdisk_agrees(&image, &identity, &table);
    assert_gptman_agrees(&image, &identity);
}

#[track_caller]
fn assert_sgdisk_agrees(image: &Path, identity: &DiskIdentity, table: &PartitionTable) {
    let verdict = sgdisk(&["-v"], image);
    assert!(verdict.contains("No problems found."), "{verdict}");
    let disk = guid_in(line_with(&sgdisk(&["-p"], image), "Disk identifier (GUID)"));
    assert_eq!(DiskSignature::Gpt(disk), identity.signature);
    for (partition, unique) in table.partitions.iter().zip(&identity.partitions) {
        let said = sgdisk(&[&format!("-i={}", partition.index + 1)], image);
        assert_eq!(guid_in(line_with(&said, "Partition unique GUID:")), *unique);
        let attributes = line_with(&said, "Attribute flags:").split_whitespace().last().expect("flags");
        assert_eq!(u64::from_str_radix(attributes, 16), Ok(partition.attributes));
        assert_eq!(line_with(&said, "Partition name:"), format!("Partition name: '{}'", partition.name));
        let size = format!("Partition size: {} sectors", partition.length / 512);
        assert!(line_with(&said, "Partition size:").starts_with(&size), "{said}");
    }
}

#[track_caller]
fn assert_sfdisk_agrees(image: &Path, identity: &DiskIdentity, table: &PartitionTable) {
    let json = sfdisk(image);
    let guid = |value: &serde_json::Value| guid_in(value.as_str().unwrap_or_default());
    assert_eq!(json["label"], "gpt");
    assert_eq!(DiskSignature::Gpt(guid(&json["id"])), identity.signature);
    let seen = json["partitions"].as_array().expect("partitions");
    assert_eq!(seen.iter().map(|one| guid(&one["uuid"])).collect::<Vec<_>>(), identity.partitions);
    let starts: Vec<_> = seen.iter().filter_map(|one| one["start"].as_u64()).map(|lba| lba * 512).collect();
    assert_eq!(starts, table.partitions.iter().map(|one| one.start).collect::<Vec<_>>());
}

/// Both halves of the table, which gptman reads apart from each other.
#[track_caller]
fn assert_gptman_agrees(image: &Path, identity: &DiskIdentity) {
    let mut file = File::open(image).expect("the image");
    let last = file.metadata().expect("the image's length").len() / 512 - 1;
    for (lba, other) in [(1, last), (last, 1)] {
        file.seek(SeekFrom::Start(lba * 512)).expect("a header's place");
        let header = gptman::GPTHeader::read_from(&mut file).expect("gptman reads a header");
        assert_eq!((header.primary_lba, header.backup_lba), (lba, other));
        assert_eq!(DiskSignature::Gpt(Uuid::from_bytes_le(header.disk_guid)), identity.signature);
        let entries = header.read_partitions(&mut file, 512).expect("gptman reads the entries");
        let used = entries.iter().filter(|entry| entry.is_used());
        let seen: Vec<_> = used.map(|entry| Uuid::from_bytes_le(entry.unique_partition_guid)).collect();
        assert_eq!(seen, identity.partitions, "of the half in sector {lba}");
    }
    let whole = gptman::GPT::find_from(&mut file).expect("gptman reads the table");
    assert_eq!(whole.iter().filter(|(_, entry)| entry.is_used()).count(), identity.partitions.len());
}

/// The LUNs of one array that the tests copy and resync.
struct Lab {
    storage: Storage,
    array: ArrayId,
    original: LunId,
}

impl Lab {
    fn new(layout: DiskLayout) -> Lab {
        let mut storage = Storage::new();
        let array = storage.add_array("array", true).expect("an array");
        let original = description("original", 1, 128 * MIB, Some(layout));
        let original = storage.add_lun(original, Some(array)).expect("a LUN");
        Lab { storage, array, original }
    }

    fn lun(&self, id: LunId) -> &Lun {
        self.storage.lun(id).expect("a LUN")
    }

    fn copy(&mut self) -> LunId {
        let page83 = [Page83Identifier::naa([2; 16])].into();
        let copy =
            CopyDescription { name: "copy".into(), serial: "0002".into(), page83, kind: CopyKind::Clone };
        self.storage.copy_lun(self.original, copy).expect("a copy")
    }

    fn rewrite(&mut self, lun: LunId, identity: &DiskIdentity) {
        self.storage.write_identity(lun, identity, &mut || id(900)).expect("an identity is written");
    }
}

#[test]
fn a_formatted_gpt_disk() {
    let mut lab = Lab::new(gpt_layout());
    assert_eq!(lab.lun(lab.original).identity(), Ok(gpt_layout().identity()));
    assert_tools_agree(lab.lun(lab.original));
    assert_eq!(lab.lun(lab.original).identity(), Ok(gpt_layout().identity()), "from the bytes");
    let flags = gpt::attribute::HIDDEN | gpt::attribute::READ_ONLY | gpt::attribute::NO_DRIVE_LETTER;
    lab.storage.set_partition_attributes(lab.original, 2, flags).expect("attributes are written");
    assert_tools_agree(lab.lun(lab.original));
}

#[test]
fn a_copy_with_another_identity() {
    let mut lab = Lab::new(gpt_layout());
    let copy = lab.copy();
    assert_tools_agree(lab.lun(copy));
    lab.rewrite(copy, &DiskIdentity::gpt(id(101), vec![id(102), id(103)]));
    assert_tools_agree(lab.lun(copy));
    let expected = DiskIdentity::gpt(id(101), vec![id(102), id(103), id(900)]);
    assert_eq!(lab.lun(copy).identity(), Ok(expected));
    assert_tools_agree(lab.lun(lab.original));
    assert_eq!(lab.lun(lab.original).identity(), Ok(gpt_layout().identity()));
}

#[test]
fn a_resync_to_a_larger_lun_and_its_growth() {
    let mut lab = Lab::new(gpt_layout());
    let larger = description("larger", 3, 300 * MIB + 512, None);
    let larger = lab.storage.add_lun(larger, Some(lab.array)).expect("a LUN");
    lab.storage.write_lun(larger, 299 * MIB, &[7; 4096]).expect("a write");
    let copy = lab.copy();
    lab.storage.resync(copy, larger).expect("a resync");
    assert_eq!(lab.lun(larger).size(), 128 * MIB);
    assert_tools_agree(lab.lun(larger));
    let old = DiskIdentity::gpt(id(201), vec![id(202), id(203), id(204)]);
    lab.rewrite(larger, &old);
    assert_tools_agree(lab.lun(larger));

    for size in [300 * MIB + 512, 110 * MIB] {
        lab.storage.resize_lun(larger, size).expect("a resize");
        lab.storage.move_backup_to_end(larger).expect("the backup moves");
        assert_tools_agree(lab.lun(larger));
        assert_eq!(lab.lun(larger).identity().as_ref(), Ok(&old));
    }
}

#[test]
fn sgdisk_notices_a_backup_that_stayed_behind() {
    let mut lab = Lab::new(gpt_layout());
    lab.storage.resize_lun(lab.original, 200 * MIB).expect("a resize");
    let verdict = sgdisk(&["-v"], &export(lab.lun(lab.original)));
    assert!(!verdict.contains("No problems found."), "the oracle must see what is wrong: {verdict}");
}

#[test]
fn an_mbr_disk() {
    let mut lab = Lab::new(mbr_layout());
    let copy = lab.copy();
    lab.rewrite(copy, &DiskIdentity::mbr(0x5100_0001));
    lab.storage.set_partition_attributes(copy, 0, gpt::attribute::HIDDEN).expect("attributes are written");
    for (lun, signature) in [(lab.original, "0x51abcdef"), (copy, "0x51000001")] {
        let json = sfdisk(&export(lab.lun(lun)));
        assert_eq!((&json["label"], &json["id"]), (&"dos".into(), &signature.into()));
        let seen = json["partitions"].as_array().expect("partitions");
        let places =
            seen.iter().map(|one| (one["start"].as_u64(), one["size"].as_u64(), one["type"].as_str()));
        let expected = [(Some(2048), Some(81_920), Some("7")), (Some(102_400), Some(81_920), Some("7"))];
        assert_eq!(places.collect::<Vec<_>>(), expected);
    }
}

#[test]
fn an_exported_image_is_the_lun_byte_for_byte() {
    let mut lab = Lab::new(gpt_layout());
    for (n, at) in [(1, 20 * MIB + 77), (2, 33 * MIB), (3, 100 * MIB)] {
        lab.storage.write_lun(lab.original, at, &vec![n; 70_000]).expect("a write");
    }
    let copy = lab.copy();
    lab.storage.write_lun(lab.original, 33 * MIB + 5, &[9]).expect("a write");
    let lun = lab.lun(copy);
    let sparse = export(lun);
    let mut whole = vec![0; lun.size() as usize];
    lun.read(0, &mut whole).expect("a read");
    let mut full = NamedTempFile::with_suffix(".raw").expect("a temporary file");
    full.write_all(&whole).expect("a write to the full image");

    let info = say("qemu-img", "qemu-utils", &["info", "-f", "raw", "--output=json"], &[&sparse]);
    let info: serde_json::Value = serde_json::from_str(&info).expect("qemu-img prints JSON");
    assert_eq!(info["virtual-size"], lun.size());
    assert!(info["actual-size"].as_u64().expect("a size") < 2 * MIB, "the image is not sparse: {info}");
    assert!(qemu_sees_the_same(&sparse, full.path()));
    assert!(!qemu_sees_the_same(&sparse, &export(lab.lun(lab.original))), "one byte was changed");
    lab.storage.resync(copy, lab.original).expect("a resync");
    assert!(qemu_sees_the_same(&sparse, &export(lab.lun(lab.original))));

    let mut bytes = Vec::new();
    File::open(&sparse).and_then(|mut file| file.read_to_end(&mut bytes)).expect("the image's bytes");
    assert!(bytes == whole);
}
