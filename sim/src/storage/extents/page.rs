//! The smallest unit that stores share: one page, of which only the written bytes are held.

use std::ops::Range;
use std::sync::Arc;

/// Bytes in a page. Large enough that a copy of the tree above it is small beside the data, small enough that
/// one changed byte does not cost much.
pub(super) const PAGE: usize = 1 << PAGE_BITS;
/// `log2` of [`PAGE`].
pub(super) const PAGE_BITS: u32 = 14;

/// Up to [`PAGE`] bytes; those outside of the held range are zeros.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    start: u16,
    bytes: Arc<[u8]>,
}

impl Page {
    /// The range, inside the page, that is held in memory.
    pub(super) fn held(&self) -> Range<usize> {
        let start = usize::from(self.start);
        start..start + self.bytes.len()
    }

    /// The held bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether both are the same allocation.
    pub(super) fn is_same(&self, other: &Page) -> bool {
        self.start == other.start && Arc::ptr_eq(&self.bytes, &other.bytes)
    }

    /// Fills `out` with the page's bytes from `at` on.
    pub(super) fn read(&self, at: usize, out: &mut [u8]) {
        let asked = at..at + out.len();
        let both = overlap(&asked, &self.held());
        if both.is_empty() {
            out.fill(0);
            return;
        }
        out[..both.start - at].fill(0);
        out[both.end - at..].fill(0);
        let start = usize::from(self.start);
        out[both.start - at..both.end - at]
            .copy_from_slice(&self.bytes[both.start - start..both.end - start]);
    }

    /// The bytes from `at` on, copied to `buffer` only where the page does not hold all of them.
    pub(super) fn view<'a>(&'a self, at: usize, buffer: &'a mut [u8]) -> &'a [u8] {
        let start = at.wrapping_sub(usize::from(self.start));
        match self.bytes.get(start..start.wrapping_add(buffer.len())) {
            Some(held) => held,
            None => {
                self.read(at, buffer);
                buffer
            }
        }
    }

    /// Writes `data` at `at`; `kept` is its [`nonzero`] part. Zeros on bytes that are not held take no memory.
    /// After this the page may hold nothing but zeros only if it [`is_empty`](Self::is_empty).
    pub(super) fn write(&mut self, at: usize, data: &[u8], kept: Option<Range<usize>>) {
        let given = at..at + data.len();
        let held = self.held();
        let wanted = match kept {
            Some(range) => rounded(hull(&held, &(at + range.start..at + range.end))),
            None if given.start <= held.start && held.end <= given.end => return *self = Page::default(),
            None => held.clone(),
        };
        if wanted == held {
            self.overwrite(&given, data);
        } else if given.start <= wanted.start && wanted.end <= given.end {
            self.replace(wanted.start, &data[wanted.start - at..wanted.end - at]);
        } else {
            let mut grown: Vec<u8> = vec![0; wanted.len()];
            grown[held.start.max(wanted.start) - wanted.start..][..held.len()].copy_from_slice(&self.bytes);
            let both = overlap(&given, &wanted);
            grown[both.start - wanted.start..both.end - wanted.start]
                .copy_from_slice(&data[both.start - at..both.end - at]);
            self.replace(wanted.start, &grown);
        }
    }

    /// Whether nothing is held: the page reads as zeros.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Writes the part of `data` that falls on held bytes, in place where nobody shares them.
    fn overwrite(&mut self, given: &Range<usize>, data: &[u8]) {
        let held = self.held();
        let both = overlap(given, &held);
        if both.is_empty() {
            return;
        }
        let data = &data[both.start - given.start..both.end - given.start];
        if both == held && Arc::get_mut(&mut self.bytes).is_none() {
            // Every shared byte would be overwritten: do not copy it first.
            self.bytes = Arc::from(data);
        } else {
            let bytes = Arc::make_mut(&mut self.bytes);
            bytes[both.start - held.start..both.end - held.start].copy_from_slice(data);
        }
    }

    fn replace(&mut self, start: usize, data: &[u8]) {
        debug_assert!(start + data.len() <= PAGE);
        self.start = start as u16;
        self.bytes = Arc::from(data);
    }
}

/// The part that two ranges have in common; empty when they have none.
pub(super) fn overlap(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    let start = a.start.max(b.start);
    start..a.end.min(b.end).max(start)
}

fn hull(held: &Range<usize>, more: &Range<usize>) -> Range<usize> {
    if held.is_empty() {
        return more.clone();
    }
    held.start.min(more.start)..held.end.max(more.end)
}

/// A page that is mostly written is held whole, so that later writes find their place without a new allocation.
fn rounded(range: Range<usize>) -> Range<usize> {
    if range.len() > PAGE / 2 { 0..PAGE } else { range }
}

/// The range from the first to the last byte that is not zero.
pub(super) fn nonzero(data: &[u8]) -> Option<Range<usize>> {
    const CHUNK: usize = 64;
    let is_zero = |chunk: &&[u8]| chunk.iter().fold(0, |all, byte| all | byte) == 0;
    let skipped = data.chunks(CHUNK).take_while(is_zero).count() * CHUNK;
    let first = skipped + data.get(skipped..)?.iter().position(|&byte| byte != 0)?;
    let tail = data.rchunks(CHUNK).take_while(is_zero).count() * CHUNK;
    let kept = &data[..data.len() - tail];
    let last = kept.iter().rposition(|&byte| byte != 0)?;
    Some(first..last + 1)
}
