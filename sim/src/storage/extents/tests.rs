//! Extents against a plain vector of bytes.

use super::{Extents, OutOfRange, PAGE};
use proptest::prelude::*;

/// Long enough for several nodes on two levels, short enough to compare whole.
const LONGEST: usize = 80 * PAGE + 777;

#[derive(Clone, Debug)]
enum Step {
    Write { store: usize, at: usize, length: usize, seed: u8 },
    Zero { store: usize, at: usize, length: usize },
    Clone { from: usize, to: usize },
    CopyFrom { from: usize, to: usize },
    Resize { store: usize, len: usize },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let place = || (0..3_usize, 0..LONGEST, prop_oneof![0..700_usize, 0..3 * PAGE]);
    let step = prop_oneof![
        4 => (place(), 0..4_u8).prop_map(|((store, at, length), seed)| Step::Write { store, at, length, seed }),
        2 => place().prop_map(|(store, at, length)| Step::Zero { store, at, length }),
        1 => (0..3_usize, 0..3_usize).prop_map(|(from, to)| Step::Clone { from, to }),
        1 => (0..3_usize, 0..3_usize).prop_map(|(from, to)| Step::CopyFrom { from, to }),
        1 => (0..3_usize, 0..LONGEST).prop_map(|(store, len)| Step::Resize { store, len }),
    ];
    prop::collection::vec(step, 1..24)
}

/// Bytes with runs of zeros at both ends, or nothing but zeros.
fn pattern(length: usize, seed: u8) -> Vec<u8> {
    let zeros = length / 5;
    (0..length)
        .map(|i| if seed == 0 || i < zeros || i + zeros > length { 0 } else { seed ^ i as u8 })
        .collect()
}

fn bytes(store: &Extents) -> Vec<u8> {
    let mut all = vec![0xAA; store.len() as usize];
    store.read(0, &mut all).unwrap();
    all
}

fn assert_diff(a: &Extents, b: &Extents, model_a: &[u8], model_b: &[u8]) {
    let ranges = a.diff(b);
    assert!(ranges.windows(2).all(|pair| pair[0].end < pair[1].start), "{ranges:?} are ordered and merged");
    for at in 0..model_a.len().max(model_b.len()) {
        if model_a.get(at) != model_b.get(at) {
            assert!(ranges.iter().any(|range| range.contains(&(at as u64))), "byte {at} is in {ranges:?}");
        }
    }
    for range in ranges {
        let shared = model_a.len().min(model_b.len()) as u64;
        for start in (range.start..range.end.min(shared / 512 * 512)).step_by(512) {
            let sector = start as usize..start as usize + 512;
            assert_ne!(model_a[sector.clone()], model_b[sector.clone()], "sector {sector:?} differs");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn behaves_as_a_vector_of_bytes(steps in steps()) {
        let mut models = vec![vec![0_u8; LONGEST / 2], vec![0; LONGEST], vec![0; PAGE]];
        let mut stores: Vec<_> = models.iter().map(|model| Extents::new(model.len() as u64)).collect();
        for step in steps {
            match step {
                Step::Write { store, at, length, seed } => {
                    let data = pattern(length, seed);
                    let written = stores[store].write(at as u64, &data);
                    match models[store].get_mut(at..at + length) {
                        Some(place) => { place.copy_from_slice(&data); prop_assert_eq!(written, Ok(())); }
                        None => prop_assert!(written.is_err()),
                    }
                }
                Step::Zero { store, at, length } => {
                    let zeroed = stores[store].zero(at as u64..(at + length) as u64);
                    match models[store].get_mut(at..at + length) {
                        Some(place) => { place.fill(0); prop_assert_eq!(zeroed, Ok(())); }
                        None => prop_assert!(zeroed.is_err()),
                    }
                }
                Step::Clone { from, to } => {
                    stores[to] = stores[from].clone();
                    models[to] = models[from].clone();
                }
                Step::CopyFrom { from, to } => {
                    let source = stores[from].clone();
                    stores[to].copy_from(&source);
                    prop_assert_eq!(stores[to].diff(&source), vec![]);
                    models[to] = models[from].clone();
                }
                Step::Resize { store, len } => {
                    stores[store].resize(len as u64);
                    models[store].resize(len, 0);
                }
            }
        }
        for (store, model) in stores.iter().zip(&models) {
            prop_assert!(bytes(store) == *model);
            let written: Vec<_> = store.written_ranges().collect();
            let outside = |at: &usize| !written.iter().any(|range| range.contains(&(*at as u64)));
            prop_assert!((0..model.len()).filter(outside).all(|at| model[at] == 0));
        }
        for (store, model) in stores.iter().zip(&models) {
            // What a shrink has dropped must not come back.
            let (mut grown, mut longer) = (store.clone(), model.clone());
            grown.resize(LONGEST as u64);
            longer.resize(LONGEST, 0);
            prop_assert!(bytes(&grown) == longer);
        }
        assert_diff(&stores[0], &stores[1], &models[0], &models[1]);
        assert_diff(&stores[2], &stores[1], &models[2], &models[1]);
    }
}

#[test]
fn zeros_take_no_memory() {
    let mut store = Extents::new(1 << 50);
    store.write(1 << 40, &[0; 4096]).unwrap();
    assert_eq!(store.allocated_bytes(), 0);
    store.write(1 << 40, &[1; 4096]).unwrap();
    store.write((1 << 50) - 1, &[1]).unwrap();
    assert!(store.allocated_bytes() < 4096 + 512);
    store.zero(0..1 << 50).unwrap();
    assert_eq!(store.allocated_bytes(), 0);
}

#[test]
fn a_range_past_the_end_is_refused_untouched() {
    let mut store = Extents::new(1000);
    let refusal = OutOfRange { offset: 999, length: 2, size: 1000 };
    assert_eq!(store.write(999, &[1, 1]), Err(refusal));
    assert_eq!(store.read(u64::MAX, &mut [0; 2]).unwrap_err().offset, u64::MAX);
    assert_eq!(store.allocated_bytes(), 0);
    assert_eq!(refusal.to_string(), "2 bytes at offset 999 do not lie within 1000 bytes");
}

#[test]
fn shared_subtrees_are_not_compared() {
    let mut store = Extents::new(1 << 30);
    for page in 0..1024_u64 {
        store.write(page * (1 << 20), &[7; 100]).unwrap();
    }
    let before = store.clone();
    store.write(512 << 20, &[8; 100]).unwrap();
    let differing = 512 << 20..(512 << 20) + 512;
    assert_eq!(store.diff(&before), vec![differing]);
    assert!(!store.is_same(&before));
    store.copy_from(&before);
    assert!(store.is_same(&before));
}

#[test]
fn what_a_shrink_drops_does_not_come_back() {
    for len in [0, 1, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE, 70 * PAGE + 5] {
        let mut store = Extents::new(80 * PAGE as u64);
        store.write(0, &vec![1; 80 * PAGE]).unwrap();
        let whole = store.clone();
        store.resize(len as u64);
        store.resize(80 * PAGE as u64);
        let mut model = vec![0; 80 * PAGE];
        model[..len].fill(1);
        assert!(bytes(&store) == model, "shrunk to {len}");
        assert!(bytes(&whole) == vec![1; 80 * PAGE], "the clone keeps all");
    }
}

#[test]
fn writes_free_what_a_resync_displaced() {
    let mut store = Extents::new(1 << 30);
    let empty = store.clone();
    for round in 0..2 {
        for page in 0..1000 {
            store.write(page * (1 << 20), &[7; 100]).unwrap();
        }
        store.copy_from(&empty);
        assert!(store.retired.is_some() && store.clone().retired.is_none(), "round {round}");
    }
    // A thousand nodes of pages twice, each write frees one.
    for _ in 0..2000 {
        store.write(0, &[1]).unwrap();
    }
    assert!(store.retired.is_none());
    store.copy_from(&empty);
    store.release();
    assert!(store.retired.is_none() && store.is_same(&empty));
}
