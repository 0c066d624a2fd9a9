//! Identities drawn from a seed: the same lab draws the same ones, whatever the machine.
//!
//! Each label has a stream of its own, so drawing more of one kind of object does not change the ids of another.
//! Everything drawn lies outside the real range, so that a leak of a simulated identity shows: GUIDs begin with
//! `7673736c-` (the bytes of "vssl") and are of version 8 (custom), 32-bit signatures begin with 0x76.

use crate::api::Guid;

/// The first 32 bits of every GUID that is drawn.
pub const GUID_PREFIX: u32 = 0x7673_736c;
/// The first 8 bits of every 32-bit signature that is drawn.
pub const SIGNATURE_PREFIX: u32 = 0x76;

const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;
const LOW_24_BITS: u32 = 0x00ff_ffff;

/// What all streams of a lab come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(u64);

impl Seed {
    /// The seed with this number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The stream of this label, at its beginning.
    pub fn child(self, label: &str) -> IdStream {
        let start = mix(self.0.wrapping_add(GOLDEN_GAMMA)) ^ mix(fnv1a(label.as_bytes()));
        // The low half of `start` places the 32-bit draws; it is a constant of the stream.
        IdStream { state: start, count: 0, offset: mix(!start) as u32 }
    }
}

/// A sequence of ids; none repeats within 2^64 GUIDs and 2^24 signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdStream {
    state: u64,
    count: u32,
    offset: u32,
}

impl IdStream {
    /// The next GUID.
    pub fn next_guid(&mut self) -> Guid {
        self.state = self.state.wrapping_add(GOLDEN_GAMMA);
        // `mix` is a bijection of a state that does not repeat, and all of its bits are in the GUID.
        let unique = mix(self.state);
        let filler = mix(unique ^ GOLDEN_GAMMA);
        let version_8 = 0x8000 | (filler & 0x0ffc) | (unique >> 62);
        let high = (u64::from(GUID_PREFIX) << 32) | (filler & 0xffff_0000) | version_8;
        let low = (0b10 << 62) | (unique & (u64::MAX >> 2));
        Guid::from_u64_pair(high, low)
    }

    /// The next 32-bit signature; never zero.
    pub fn next_u32(&mut self) -> u32 {
        let drawn = mix_24(self.count.wrapping_add(self.offset));
        self.count = self.count.wrapping_add(1);
        (SIGNATURE_PREFIX << 24) | drawn
    }
}

/// The output function of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014, with the constants of Stafford's variant 13): a bijection on 64 bits.
fn mix(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

/// The same idea on 24 bits: shifts and odd factors, so a bijection too.
fn mix_24(value: u32) -> u32 {
    let value = value & LOW_24_BITS;
    let value = (value ^ (value >> 13)).wrapping_mul(0x0085_ebcb) & LOW_24_BITS;
    let value = (value ^ (value >> 11)).wrapping_mul(0x00c2_b2af) & LOW_24_BITS;
    value ^ (value >> 12)
}

/// FNV-1a, 64 bits (Fowler, Noll, Vo).
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_stream_is_the_same_every_time() {
        let (mut one, mut other) = (Seed::new(7).child("provider"), Seed::new(7).child("provider"));
        for _ in 0..100 {
            assert_eq!(one.next_guid(), other.next_guid());
            assert_eq!(one.next_u32(), other.next_u32());
        }
        assert_eq!(
            Seed::new(0).child("provider").next_guid().to_string(),
            "7673736c-9b3e-8074-8654-ac3bd12744e6",
            "the ids of recorded traces would change"
        );
    }

    #[test]
    fn labels_and_seeds_have_streams_of_their_own() {
        let first = |seed, label| Seed::new(seed).child(label).next_guid();
        let drawn = BTreeSet::from([first(0, "a"), first(0, "b"), first(1, "a"), first(1, "b")]);
        assert_eq!(drawn.len(), 4);
    }

    #[test]
    fn nothing_repeats_and_everything_is_marked() {
        let mut stream = Seed::new(0).child("lun");
        let mut guids = BTreeSet::new();
        let mut signatures = BTreeSet::new();
        for _ in 0..50_000 {
            let guid = stream.next_guid();
            assert!(guid.to_string().starts_with("7673736c-"), "{guid}");
            assert_eq!((guid.get_version_num(), guid.get_variant()), (8, uuid::Variant::RFC4122));
            assert!(guids.insert(guid), "{guid} came twice");
            let signature = stream.next_u32();
            assert_eq!(signature >> 24, SIGNATURE_PREFIX);
            assert!(signatures.insert(signature), "{signature:#x} came twice");
        }
    }
}
