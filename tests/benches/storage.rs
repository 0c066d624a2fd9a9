//! What storage costs beside plain copies of the same bytes, a lab of ten LUNs, and qemu-img. All in one run.
//!
//! `cargo bench -p vss-tests --bench storage -- --check` fails if a target is missed.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::Duration;
use vss_sim::storage::*;
use vss_tests::figures::{Outcome, Report, ratio, time};

const MIB: usize = 1 << 20;
/// What changes between a snapshot and a resync, in bytes.
const CHANGED: usize = 256 * MIB;
/// The LUNs of the large lab.
const MANY: u32 = 100_000;

/// The quickest of some runs, which is the one that others disturbed least.
fn best_of(runs: usize, mut run: impl FnMut()) -> Duration {
    (0..runs).map(|_| time(&mut run).0).min().unwrap_or_default()
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x5100_0000_0000_4000_8000_0000_0000_0000 + n)
}

fn main() -> ExitCode {
    let mut report = Report::default();
    // The labs come first: later there is free memory, in which they would not be seen.
    let outcome = labs(&mut report)
        .and_then(|()| tables(&mut report))
        .and_then(|()| bytes(&mut report))
        .and_then(|()| peer(&report));
    report.finish(outcome)
}

fn fill(store: &mut Extents, source: &[u8], at: usize) {
    for (chunk, n) in source.chunks(MIB).zip(0..) {
        store.write((at + n * MIB) as u64, black_box(chunk)).expect("inside of the store");
    }
}

fn read(store: &Extents, target: &mut [u8]) {
    for (chunk, n) in target.chunks_mut(MIB).zip(0..) {
        store.read(n * MIB as u64, chunk).expect("inside of the store");
        black_box(chunk);
    }
}

/// Reads, writes and resyncs of a LUN of 1 GiB.
fn bytes(report: &mut Report) -> Outcome<()> {
    let source: Vec<u8> = (0..CHANGED).map(|i| (i % 251) as u8 + 1).collect();
    let mut target = vec![1_u8; CHANGED];
    let mut storage = Storage::new();
    let array = storage.add_array("array", true)?;
    let lun = storage.add_lun(description(0, 1 << 30, None), Some(array))?;
    let (first, ()) = time(|| {
        for n in 0..4 * CHANGED / MIB {
            let chunk = &source[n * MIB % CHANGED..][..MIB];
            storage.write_lun(lun, (n * MIB) as u64, chunk).expect("inside of the LUN");
        }
    });
    let mut store = storage.lun(lun)?.contents().clone();
    fill(&mut store, &source, 0); // Now these pages are its own.

    let plain = best_of(5, || {
        for (to, from) in target.chunks_mut(MIB).zip(source.chunks(MIB)) {
            to.copy_from_slice(black_box(from));
            black_box(to);
        }
    });
    report.note("plain copy of 256 MiB between touched buffers", &format!("{plain:.2?}"));
    report.note("  first write of 1 GiB, memory not touched before", &format!("{first:.2?}"));
    let write = best_of(5, || fill(&mut store, &source, 0));
    report.at_most("write of 256 MiB in 1 MiB calls / plain copy", ratio(write, plain), 2.0, "x");
    let reading = best_of(5, || read(&store, &mut target));
    report.at_most("read of 256 MiB in 1 MiB calls / plain copy", ratio(reading, plain), 2.0, "x");

    for (kind, name) in [(CopyKind::Clone, "clone"), (CopyKind::Differential, "differential")] {
        let page83 = [Page83Identifier::naa([9; 16])].into();
        let copy = CopyDescription { name: name.into(), serial: name.into(), page83, kind };
        let (taking, snapshot) = time(|| storage.copy_lun(lun, copy));
        let snapshot = snapshot?;
        report.at_most(&format!("{name}: snapshot of 1 GiB / plain copy"), ratio(taking, plain), 0.05, "x");
        let (cow, ()) = time(|| {
            for (chunk, n) in source.chunks(MIB).zip(0..) {
                storage.write_lun(lun, n * MIB as u64, chunk).expect("inside of the LUN");
            }
        });
        report.note("  first write of 256 MiB after the snapshot", &format!("{cow:.2?}"));
        storage.write_lun(lun, 0, &[0xEE])?;
        let (resync, done) = time(|| storage.resync(snapshot, lun));
        done?;
        report.at_most(&format!("{name}: resync of 256 MiB / plain copy"), ratio(resync, plain), 0.05, "x");
        let mut byte = [0];
        storage.lun(lun)?.read(0, &mut byte)?;
        assert_eq!(byte, [source[0]], "the resync has brought the old byte back");
        let mut contents = storage.lun(lun)?.contents().clone();
        fill(&mut contents, &source, 0);
        let (freeing, ()) = time(|| drop(contents));
        report.note("  freeing 256 MiB that were displaced, all at once", &format!("{freeing:.2?}"));
        storage.delete_lun(snapshot)?;
    }
    let empty = size_of::<Extents>() as u64 + Extents::new(1 << 40).allocated_bytes();
    report.at_most("an empty store of 1 TiB", empty as f64, 1024.0, "B");
    Ok(())
}

fn layout(n: u32) -> DiskLayout {
    let unique = u128::from(n) * 2;
    let data = PartitionLayout::gpt_basic(MIB as u64, 1 << 29, id(unique + 1), FileSystem::Ntfs);
    DiskLayout { signature: DiskSignature::Gpt(id(unique)), partitions: [data].into() }
}

/// A formatted disk and its identity.
fn tables(report: &mut Report) -> Outcome<()> {
    let mut disk = layout(0).format(1 << 40)?;
    report.at_most("heap of a freshly formatted GPT disk", disk.allocated_bytes() as f64, 2200.0, "B");
    const ROUNDS: u32 = 2000;
    let mut n = 0;
    let rewriting = best_of(5, || {
        for _ in 0..ROUNDS {
            n += 2;
            let identity = DiskIdentity::gpt(id(n), vec![id(n + 1)]);
            write_identity(&mut disk, &identity, &mut || id(0)).expect("a good table");
        }
    });
    let each = rewriting.as_secs_f64() * 1e6 / f64::from(ROUNDS);
    report.at_most("rewriting a GPT identity", each, 20.0, "us");
    let formatting = best_of(5, || {
        for n in 0..ROUNDS {
            black_box(layout(n).format(1 << 40).expect("a good layout"));
        }
    });
    report.note("  formatting a GPT disk", &format!("{:.2?}", formatting / ROUNDS));
    Ok(())
}

fn description(n: u32, size: u64, layout: Option<DiskLayout>) -> LunDescription {
    let mut naa = [0x60; 16];
    naa[12..].copy_from_slice(&n.to_be_bytes());
    LunDescription {
        name: format!("lun-{n:06}").into(),
        size,
        vendor: "VSSLAB".into(),
        product: "Array".into(),
        revision: "1".into(),
        serial: format!("SN{n:08}").into(),
        page83: [Page83Identifier::naa(naa)].into(),
        layout: layout.map(Arc::new),
    }
}

/// A lab of so many described LUNs, all visible to one host.
fn lab(luns: u32, inquiry: &LunDescription) -> Outcome<(Storage, HostId)> {
    let mut storage = Storage::new();
    let array = storage.add_array("array", true)?;
    let host = storage.add_host("host", SanPolicy::OnlineAll)?;
    for n in 0..luns {
        let (vendor, product) = (inquiry.vendor.clone(), inquiry.product.clone());
        let revision = inquiry.revision.clone();
        let described =
            LunDescription { vendor, product, revision, ..description(n, 1 << 30, Some(layout(n))) };
        let lun = storage.add_lun(described, Some(array))?;
        storage.unmask(lun, host)?;
    }
    storage.rescan(host, &mut || id(u128::MAX >> 64))?;
    Ok((storage, host))
}

/// The memory of this process that is in use, in bytes.
fn resident_bytes() -> Outcome<f64> {
    let status = std::fs::read_to_string("/proc/self/statm")?;
    let pages: f64 = status.split_whitespace().nth(1).ok_or("no second field in statm")?.parse()?;
    Ok(pages * 4096.0)
}

/// What is asked of a lab about the LUN of that number.
type Call = fn(&mut Storage, HostId, u32);

/// A large lab beside a small one.
fn labs(report: &mut Report) -> Outcome<()> {
    let inquiry = description(0, 0, None);
    let (mut small, small_host) = lab(10, &inquiry)?;
    let before = resident_bytes()?;
    let (first, large) = time(|| lab(MANY, &inquiry));
    let each = (resident_bytes()? - before) / f64::from(MANY);
    drop(large);
    // Again, in memory that the system has handed out already.
    let (second, large) = time(|| lab(MANY, &inquiry));
    let (loading, (mut large, large_host)) = (first.min(second), large?);
    report.at_most("loading 100,000 described LUNs, seen by a host", loading.as_secs_f64(), 1.0, "s");
    report.at_most("resident memory of each, its disk and volume included", each, 1228.0, "B");
    assert!(large.luns().all(|(_, lun)| !lun.is_formatted()), "descriptions only");

    let calls: [(&str, Call); 4] = [
        ("page 83 -> LUN, unique identifiers", by_page83),
        ("volume name -> volume -> disk -> LUN", by_volume_name),
        ("LUN name -> LUN -> its volumes", volumes_of_lun),
        ("copy, unmask, rescan, mask, rescan, delete", snapshot_cycle),
    ];
    for (what, call) in calls {
        let run = |storage: &mut Storage, host, last: u32| {
            best_of(15, || (0..500).for_each(|n| call(storage, host, last - n % 10)))
        };
        let (few, many) = (run(&mut small, small_host, 9), run(&mut large, large_host, MANY / 2));
        report.at_most(&format!("{what}: 100,000 LUNs / 10"), ratio(many, few), 2.0, "x");
        report.note("  with 10 LUNs", &format!("{:.2?}", few / 500));
    }
    Ok(())
}

fn by_page83(storage: &mut Storage, _: HostId, n: u32) {
    let mut naa = [0x60; 16];
    naa[12..].copy_from_slice(&n.to_be_bytes());
    let lun = storage.luns_by_page83(black_box(&naa))[0];
    assert_eq!(storage.unique_page83(lun).map_or(0, |found| found.len()), 1);
}

fn by_volume_name(storage: &mut Storage, host: HostId, n: u32) {
    let name = volume_guid_path(id(u128::from(n) * 2 + 1));
    let host = storage.host(host).expect("the host");
    let found = host.mounts().find(black_box(&name)).expect("the volume");
    assert_eq!(host.luns_of(found.volume).len(), 1);
}

fn volumes_of_lun(storage: &mut Storage, host: HostId, n: u32) {
    let lun = storage.lun_by_name(black_box(&format!("lun-{n:06}"))).expect("the LUN");
    assert_eq!(storage.host(host).expect("the host").volumes_of(lun).len(), 1);
}

fn snapshot_cycle(storage: &mut Storage, host: HostId, n: u32) {
    let copy = CopyDescription {
        name: "copy".into(),
        serial: "copy".into(),
        page83: [Page83Identifier::naa([7; 16])].into(),
        kind: CopyKind::Differential,
    };
    let copy = storage.copy_lun(LunId(n), copy).expect("a copy");
    storage.unmask(copy, host).expect("unmasked");
    assert_eq!(storage.rescan(host, &mut || id(0)).map_or(0, |changes| changes.len()), 1);
    storage.mask(copy, host).expect("masked");
    assert_eq!(storage.rescan(host, &mut || id(0)).map_or(0, |changes| changes.len()), 1);
    storage.delete_lun(copy).expect("deleted");
}

/// The same snapshot and resync by qemu-img: whole processes, on an image of 1 GiB with 256 MiB changed.
fn peer(report: &Report) -> Outcome<()> {
    let shm = Path::new("/dev/shm");
    let folder = tempfile::tempdir_in(shm).or_else(|_| tempfile::tempdir())?;
    let (raw, image) = (folder.path().join("full.raw"), folder.path().join("image.qcow2"));
    std::fs::write(&raw, vec![0x5A_u8; 4 * CHANGED])?;
    let qemu = |args: &[&str], file: &PathBuf| -> Outcome<Duration> {
        let (took, output) = time(|| Command::new(args[0]).args(&args[1..]).arg(file).output());
        let output = output.map_err(|error| format!("can't run {}: {error}: install qemu-utils", args[0]))?;
        if !output.status.success() {
            return Err(format!("{args:?} fails: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
        Ok(took)
    };
    let raw_name = raw.to_string_lossy();
    qemu(&["qemu-img", "convert", "-O", "qcow2", "-f", "raw", &raw_name], &image)?;
    let create = qemu(&["qemu-img", "snapshot", "-c", "before"], &image)?;
    qemu(&["qemu-io", "-f", "qcow2", "-c", "write -P 0xEE 0 256M"], &image)?;
    let apply = qemu(&["qemu-img", "snapshot", "-a", "before"], &image)?;
    report.note("qemu-img snapshot -c (peer, whole process)", &format!("{create:.2?}"));
    report.note("qemu-img snapshot -a after 256 MiB changed (peer)", &format!("{apply:.2?}"));
    Ok(())
}
