//! What a call passes in task memory, and whose it is afterwards.

use super::received::Received;
use crate::abi::{CHAR, VDS_LUN_INFORMATION, VSS_PWSZ, WCHAR};
use crate::memory::{free_task_memory, ledger, task_array, task_string};
use crate::values::{FromRaw, IntoRaw, Raw, ReadLun, read_lun};
use std::ptr::null_mut;
use vss_sim::api::{HResult, LunInformation, Text};

/// As many elements as a call passes at most: a count that has no array of that length behind it is not passed.
pub(super) const ELEMENTS_MAX: usize = 4096;

/// A block that a call passes.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// Which member of which element of which parameter leads to it.
    pub(super) member: String,
    pub(super) address: usize,
    pub(super) serial: u64,
}

impl Block {
    fn of<T>(member: String, memory: *mut T) -> Self {
        let address = memory.expose_provenance();
        Self { member, address, serial: ledger::block(address).map_or(0, |block| block.serial) }
    }

    /// Whether it was not freed.
    pub(super) fn is_there(&self) -> bool {
        ledger::block(self.address).is_some_and(|block| block.serial == self.serial)
    }

    /// # Safety
    /// It is used no more.
    unsafe fn free(&self) {
        let memory: *mut u8 = std::ptr::with_exposed_provenance_mut(self.address);
        // Safety: it was taken with CoTaskMemAlloc; the caller says the rest.
        unsafe { free_task_memory(memory) };
    }
}

/// What a provider may do with an array of structures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Read it.
    Read,
    /// Write the structures.
    Fill,
    /// Write them, but for the ports.
    Correct,
}

/// An array of `VDS_LUN_INFORMATION`.
pub(super) struct LunArray {
    pub(super) name: &'static str,
    pub(super) used: Use,
    pub(super) memory: *mut VDS_LUN_INFORMATION,
    /// How many structures there are: as many as were given, or as the call counts.
    pub(super) length: usize,
    pub(super) given: Vec<LunInformation>,
    /// All that the structures lead to.
    pub(super) blocks: Vec<Block>,
}

/// All that one call passes.
#[derive(Default)]
pub(super) struct Passing {
    arrays: Vec<LunArray>,
    /// What the provider may only read.
    lent: Vec<Block>,
}

impl Passing {
    /// An array of structures; null for none. Where the call counts more than are given, the rest are empty.
    pub(super) fn luns(
        &mut self,
        name: &'static str,
        given: &[LunInformation],
        count: i64,
        used: Use,
    ) -> Result<*mut VDS_LUN_INFORMATION, HResult> {
        let length = length(given.len(), count)?;
        let mut raw: Vec<VDS_LUN_INFORMATION> = given.iter().map(|lun| lun.into_raw(&())).collect();
        raw.resize_with(length, || (&LunInformation::default()).into_raw(&()));
        let memory = task_array(&raw);
        let mut blocks = Vec::new();
        for (at, raw) in raw.iter().enumerate() {
            read_lun(raw, &mut Collect { prefix: format!("{name}[{at}]."), blocks: &mut blocks });
        }
        if used == Use::Read {
            self.lent.append(&mut blocks);
        }
        if !memory.is_null() {
            self.lent.push(Block::of(name.to_owned(), memory));
        }
        self.arrays.push(LunArray { name, used, memory, length, given: given.to_vec(), blocks });
        Ok(memory)
    }

    /// An array of texts; null for none.
    pub(super) fn names(
        &mut self,
        name: &'static str,
        given: &[Text],
        count: i64,
    ) -> Result<*mut VSS_PWSZ, HResult> {
        let length = length(given.len(), count)?;
        let mut raw: Vec<VSS_PWSZ> = given.iter().map(|text| task_string(text)).collect();
        raw.resize(length, null_mut());
        let texts = raw.iter().enumerate().filter(|(_, text)| !text.is_null());
        self.lent.extend(texts.map(|(at, text)| Block::of(format!("{name}[{at}]"), *text)));
        let memory = task_array(&raw);
        if !memory.is_null() {
            self.lent.push(Block::of(name.to_owned(), memory));
        }
        Ok(memory)
    }

    /// A text, or null.
    pub(super) fn text(&mut self, name: &'static str, given: Option<&Text>) -> *mut WCHAR {
        let Some(given) = given else { return null_mut() };
        let memory = task_string(given);
        self.lent.push(Block::of(name.to_owned(), memory));
        memory
    }

    /// After the call: what the structures say that the provider may write, one list for each such array. All that was
    /// passed is freed, and all that the provider put in its place.
    pub(super) fn received(self, breaches: &mut Vec<Text>) -> Vec<Vec<LunInformation>> {
        let written = self.arrays.iter().filter(|array| array.used != Use::Read);
        if !ledger::watches() {
            let read = written.map(LunArray::trusted).collect();
            // Safety: it was taken for this call alone.
            self.lent.iter().for_each(|block| unsafe { block.free() });
            return read;
        }
        for block in self.lent.iter().filter(|block| !block.is_there()) {
            let what = "is only lent to the method, and was freed: leave the memory of [in] parameters alone";
            breaches.push(format!("{} {what}", block.member).into());
        }
        let mut received = Received::new(&self.lent, breaches);
        let read = written.map(|array| received.array(array)).collect();
        let handed_out = received.handed_out();
        // Safety: what is still there is freed once, and used no more.
        unsafe {
            self.lent
                .iter()
                .chain(&handed_out)
                .filter(|block| block.is_there())
                .for_each(|block| block.free());
        }
        read
    }
}

impl LunArray {
    /// What it says where nothing can be checked; frees what it leads to.
    fn trusted(&self) -> Vec<LunInformation> {
        let read = (0..self.length.min(self.given.len())).map(|at| {
            // Safety: the array is that long, and the provider is trusted to have left it in order.
            unsafe {
                let raw = self.memory.add(at).read();
                let lun = LunInformation::from_raw(raw, &());
                raw.free();
                lun
            }
        });
        read.collect()
    }
}

/// How long an array is.
fn length(given: usize, count: i64) -> Result<usize, HResult> {
    // An empty array goes over as null, whatever is counted.
    let counted = if given == 0 { 0 } else { usize::try_from(count).unwrap_or(0) };
    if counted > ELEMENTS_MAX { Err(HResult::E_NOTIMPL) } else { Ok(counted.max(given)) }
}

/// Finds all blocks behind a structure that was made here.
struct Collect<'b> {
    prefix: String,
    blocks: &'b mut Vec<Block>,
}

impl Collect<'_> {
    fn take<T>(&mut self, member: &str, memory: *mut T) {
        if !memory.is_null() {
            self.blocks.push(Block::of(format!("{}{member}", self.prefix), memory));
        }
    }
}

impl ReadLun for Collect<'_> {
    fn text(&mut self, member: &str, raw: *mut CHAR) -> Option<Text> {
        self.take(member, raw);
        None
    }

    fn array<T: Copy>(&mut self, member: &str, raw: *mut T, count: u32) -> Vec<T> {
        self.take(member, raw);
        // Safety: it was made here, and is that long; an empty one is null.
        (0..count as usize).map(|at| unsafe { raw.add(at).read() }).collect()
    }
}
