//! What a provider left in the structures that it may write: read with care, and held against the rules of COM.
//!
//! A structure that goes in and comes out belongs to the caller. Who replaces what a member leads to frees the old block
//! with `CoTaskMemFree` and takes the new one with `CoTaskMemAlloc`; who leaves it alone leaves both alone.

use super::passing::{Block, LunArray, Use};
use crate::abi::CHAR;
use crate::memory::ledger;
use crate::values::{ReadLun, read_lun};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::CStr;
use vss_sim::api::{LunInformation, Text};

/// What is found in all arrays of one call.
pub(super) struct Received<'c> {
    lent: &'c [Block],
    breaches: &'c mut Vec<Text>,
    /// The blocks that the structures lead to, each with the first member that does.
    found: BTreeMap<usize, Block>,
    /// Blocks that were passed and should have been freed.
    forgotten: Vec<Block>,
}

impl<'c> Received<'c> {
    pub(super) fn new(lent: &'c [Block], breaches: &'c mut Vec<Text>) -> Self {
        Self { lent, breaches, found: BTreeMap::new(), forgotten: Vec::new() }
    }

    /// Reads an array that the provider may have written. What is not there is read as absent.
    pub(super) fn array(&mut self, array: &LunArray) -> Vec<LunInformation> {
        let is_there = self.lent.iter().any(|block| block.address == array.memory.addr() && block.is_there());
        if !is_there {
            // What it led to is still VSS's.
            self.forgotten.extend(array.blocks.iter().cloned());
            return array.given.clone();
        }
        let mut empty = BTreeSet::new();
        let mut read = Vec::with_capacity(array.length);
        for at in 0..array.length {
            // Safety: the array is there, and that long.
            let raw = unsafe { array.memory.add(at).read() };
            let prefix = format!("{}[{at}].", array.name);
            let mut member = Member { prefix, passed: &array.blocks, empty: &mut empty, all: self };
            read.push(read_lun(&raw, &mut member));
        }
        self.passed(&array.blocks, &empty);
        self.ports(array, &read);
        read.truncate(array.given.len());
        read
    }

    /// What became of the blocks that were passed.
    fn passed(&mut self, blocks: &[Block], empty: &BTreeSet<String>) {
        for block in blocks.iter().filter(|block| !self.found.contains_key(&block.address)) {
            let (member, is_empty) = (&block.member, empty.contains(&block.member));
            if block.is_there() {
                let what = if is_empty { "was set to null" } else { "was replaced" };
                self.breaches.push(
                    format!(
                        "{member} {what}, and the memory that VSS passed there was not freed: give it to CoTaskMemFree first"
                    )
                    .into(),
                );
                self.forgotten.push(block.clone());
            } else if is_empty {
                let what = "was freed, and nothing put in its place: leave it as it is, or replace it";
                self.breaches.push(format!("{member} {what}").into());
            }
        }
    }

    fn ports(&mut self, array: &LunArray, read: &[LunInformation]) {
        if array.used != Use::Correct {
            return;
        }
        for (at, (given, read)) in array.given.iter().zip(read).enumerate() {
            if given.interconnects != read.interconnects {
                let name = array.name;
                let what = "was changed: ports are VSS's own matter, leave them as they are";
                self.breaches.push(format!("{name}[{at}].m_rgInterconnects {what}").into());
            }
        }
    }

    /// All that is VSS's now, to be freed.
    pub(super) fn handed_out(self) -> Vec<Block> {
        self.found.into_values().chain(self.forgotten).collect()
    }
}

/// The members of one structure.
struct Member<'a, 'c> {
    prefix: String,
    passed: &'a [Block],
    empty: &'a mut BTreeSet<String>,
    all: &'a mut Received<'c>,
}

impl Member<'_, '_> {
    fn breach(&mut self, member: &str, what: &str) {
        self.all.breaches.push(format!("{}{member} {what}", self.prefix).into());
    }

    /// How long the block is that a member leads to; `None`: nothing can be read there.
    fn block(&mut self, member: &str, address: usize) -> Option<usize> {
        if address == 0 {
            self.empty.insert(format!("{}{member}", self.prefix));
            return None;
        }
        let Some(block) = ledger::block(address) else {
            let freed = self.passed.iter().chain(self.all.lent).any(|passed| passed.address == address);
            let what = if freed {
                "still leads to memory that the provider freed: replace what is freed, or free nothing"
            } else if ledger::is_inside(address) {
                "leads into the middle of a block: hand out the address that CoTaskMemAlloc returned"
            } else {
                "is no memory of CoTaskMemAlloc, although VSS frees it with CoTaskMemFree: take it from there"
            };
            self.breach(member, what);
            return None;
        };
        let mine = format!("{}{member}", self.prefix);
        if let Some(lender) = self.all.lent.iter().find(|lent| lent.address == address) {
            let what = format!(
                "is the memory of {}, which is only lent to the method: hand out a copy",
                lender.member
            );
            self.breach(member, &what);
        } else if let Some(other) = self.all.found.get(&address) {
            let what =
                format!("is the same memory as {}: VSS frees both, so take a block for each", other.member);
            self.breach(member, &what);
        } else {
            self.all.found.insert(address, Block { member: mine, address, serial: block.serial });
        }
        Some(block.bytes)
    }
}

impl ReadLun for Member<'_, '_> {
    fn text(&mut self, member: &str, raw: *mut CHAR) -> Option<Text> {
        let bytes = self.block(member, raw.addr())?;
        // Safety: the block is there, and that long.
        let bytes = unsafe { std::slice::from_raw_parts(raw.cast::<u8>(), bytes) };
        match CStr::from_bytes_until_nul(bytes) {
            Ok(text) => Some(text.to_string_lossy().into()),
            Err(_) => {
                self.breach(member, "has no zero at its end: a string ends with one");
                None
            }
        }
    }

    fn array<T: Copy>(&mut self, member: &str, raw: *mut T, count: u32) -> Vec<T> {
        let (count, bytes) = (count as usize, self.block(member, raw.addr()));
        if raw.is_null() && count > 0 {
            self.breach(member, &format!("is null, although {count} elements are counted: count none"));
        }
        let Some(bytes) = bytes else { return Vec::new() };
        let room = bytes / size_of::<T>().max(1);
        if count > room {
            let what =
                format!("has room for {room} elements, although {count} are counted: take more memory");
            self.breach(member, &what);
        }
        // Safety: the block is there, and has room for that many; a provider may have left them unaligned.
        (0..count.min(room)).map(|at| unsafe { raw.add(at).read_unaligned() }).collect()
    }
}
