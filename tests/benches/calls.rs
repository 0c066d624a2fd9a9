//! Backup and resync, and the document between them, one below the other: `cargo bench -p vss-tests --bench calls`.
//!
//! The benches with targets, `simulator`, `storage` and `document`, say whether these are met.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use vss_sim::lab::Lab;
use vss_sim::storage::Extents;
use vss_tests::requester::{BATCH, Between, Requester};

fn main() {
    divan::main();
}

/// What changes between a snapshot and a resync, in bytes.
const CHANGED: usize = 256 << 20;

/// Flows of calls. The time has the two calls on the document in it, the count of items has not.
#[divan::bench(args = [Between::Nothing, Between::Write])]
fn backup_and_resync(bencher: Bencher<'_, '_>, between: Between) {
    let mut requester = Requester::new(&Lab::default_lab()).expect("the default lab is sound");
    let calls = requester.flows(BATCH, between).calls;
    bencher.counter(ItemsCount::new(calls)).bench_local(|| requester.flows(BATCH, between));
}

/// What a resync is measured by.
#[divan::bench(sample_count = 20)]
fn plain_copy_of_256_mib(bencher: Bencher<'_, '_>) {
    let (source, mut target) = (vec![1_u8; CHANGED], vec![2_u8; CHANGED]);
    bencher.bench_local(|| black_box(&mut target).copy_from_slice(black_box(&source)));
}

/// Of 1 GiB, a quarter has changed since the snapshot.
#[divan::bench(sample_count = 20)]
fn resync_of_256_mib(bencher: Bencher<'_, '_>) {
    let mut snapshot = Extents::new(1 << 30);
    snapshot.write(0, &vec![1; CHANGED]).expect("inside of the store");
    let changed = vec![2; CHANGED];
    let lun = || {
        let mut lun = snapshot.clone();
        lun.write(0, &changed).expect("inside of the store");
        lun
    };
    bencher.with_inputs(lun).bench_local_refs(|lun| lun.copy_from(&snapshot));
}
