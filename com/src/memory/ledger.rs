//! Which blocks of task memory there are, so that it shows what a provider does wrong with them.
//!
//! One ledger for the process. It is kept from the first [`watch`] on; until then nothing is known, and nothing is said.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A block that was taken and not freed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// Its length.
    pub(crate) bytes: usize,
    /// Tells it from every other block that was ever at its address.
    pub(crate) serial: u64,
    /// In whose call it was taken; 0: in none.
    owner: u32,
    /// In which.
    method: &'static str,
}

/// What a provider took in one method and neither freed nor handed out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) blocks: usize,
    pub(crate) bytes: usize,
}

#[derive(Debug)]
struct Ledger {
    watched: bool,
    serials: u64,
    blocks: BTreeMap<usize, Block>,
}

static LEDGER: Mutex<Ledger> = Mutex::new(Ledger { watched: false, serials: 0, blocks: BTreeMap::new() });

/// A provider's call that a thread is in.
#[derive(Debug)]
struct Scope {
    owner: u32,
    method: &'static str,
    /// Freed by the provider and kept until the call ends: an address that does not come back tells freed memory from new.
    kept: Vec<usize>,
    /// Addresses that were freed although nothing was there to be freed, with whether something had been.
    wrong: Vec<(usize, bool)>,
}

thread_local! {
    static SCOPE: RefCell<Option<Scope>> = const { RefCell::new(None) };
}

/// Looks at the call that this thread is in. A thread that is about to end is in none.
fn in_scope<R>(look: impl Fn(&mut Option<Scope>) -> R) -> R {
    let seen = SCOPE.try_with(|scope| look(&mut scope.borrow_mut()));
    seen.unwrap_or_else(|_| look(&mut None))
}

fn lock() -> MutexGuard<'static, Ledger> {
    LEDGER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on blocks are written down, if the system lets that be done.
pub(crate) fn watch() {
    let mut ledger = lock();
    if !ledger.watched {
        ledger.watched = super::os::can_be_watched();
    }
}

/// Whether blocks are written down.
pub(crate) fn watches() -> bool {
    lock().watched
}

/// Someone took a block.
pub(super) fn taken(address: usize, bytes: usize) {
    let (owner, method) = in_scope(|scope| match scope {
        Some(scope) => (scope.owner, scope.method),
        None => (0, ""),
    });
    let mut ledger = lock();
    if ledger.watched && address != 0 {
        ledger.serials += 1;
        let serial = ledger.serials;
        ledger.blocks.insert(address, Block { bytes, serial, owner, method });
    }
}

/// Someone frees a block; answers whether it is really to be freed now.
pub(super) fn freed(address: usize) -> bool {
    let known = lock().blocks.remove(&address).is_some();
    in_scope(|scope| match scope {
        None => true,
        Some(scope) if known => {
            scope.kept.push(address);
            false
        }
        Some(scope) => {
            let before = scope.kept.contains(&address);
            if !before && !super::os::KNOWS_EVERY_BLOCK {
                return true;
            }
            scope.wrong.push((address, before));
            false
        }
    })
}

/// The block that begins there.
pub(crate) fn block(address: usize) -> Option<Block> {
    lock().blocks.get(&address).copied()
}

/// Whether the address lies inside of a block and not at its beginning.
pub(crate) fn is_inside(address: usize) -> bool {
    let ledger = lock();
    let before = ledger.blocks.range(..address).next_back();
    before.is_some_and(|(start, block)| address < start + block.bytes)
}

/// What `call` does on this thread with task memory, a provider does. Beside its result: what it freed that was not to be
/// freed, for people.
pub(crate) fn on_behalf_of<R>(
    owner: u32,
    method: &'static str,
    call: impl FnOnce() -> R,
) -> (R, Vec<&'static str>) {
    let scope = Scope { owner, method, kept: Vec::new(), wrong: Vec::new() };
    let outer = SCOPE.replace(Some(scope));
    let result = call();
    let scope = SCOPE.replace(outer);
    let Some(Scope { kept, wrong, .. }) = scope else { return (result, Vec::new()) };
    for address in kept {
        // Safety: whoever freed it owned it, and it was not freed yet.
        unsafe { super::os::CoTaskMemFree(std::ptr::with_exposed_provenance_mut(address)) };
    }
    let told = wrong.into_iter().map(|(_, before)| match before {
        true => "the provider freed a block of task memory twice: free it once, and forget its address",
        false => {
            "the provider gave CoTaskMemFree an address that CoTaskMemAlloc never handed out: free memory where it came from"
        }
    });
    (result, told.collect())
}

/// What was taken in calls of that owner and is still there, by method.
pub(crate) fn left_by(owner: u32) -> BTreeMap<&'static str, Left> {
    let mut all: BTreeMap<_, Left> = BTreeMap::new();
    for block in lock().blocks.values().filter(|block| block.owner == owner) {
        let left = all.entry(block.method).or_default();
        left.blocks += 1;
        left.bytes += block.bytes;
    }
    all
}

/// COM gave a block another length; null at the end: it has freed it, or has left it as it was.
#[cfg(windows)]
pub(super) fn moved(from: usize, to: usize, bytes: usize) {
    let mut ledger = lock();
    if to == 0 && bytes > 0 {
        return;
    }
    ledger.blocks.remove(&from);
    drop(ledger);
    taken(to, bytes);
}
