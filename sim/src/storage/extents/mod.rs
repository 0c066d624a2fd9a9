//! A sparse, copy-on-write store of bytes: the contents of a LUN.
//!
//! ```
//! use vss_sim::storage::Extents;
//!
//! let mut lun = Extents::new(1 << 40);
//! lun.write(512, b"before")?;
//! let snapshot = lun.clone();
//! lun.write(512, b"behind")?;
//! assert_eq!(lun.diff(&snapshot), [512..1024]);
//! lun.copy_from(&snapshot);
//! let mut bytes = [0; 6];
//! lun.read(512, &mut bytes)?;
//! assert_eq!(&bytes, b"before");
//! # Ok::<(), vss_sim::storage::OutOfRange>(())
//! ```

mod diff;
mod node;
mod page;
mod retired;
#[cfg(test)]
mod tests;

use diff::Differences;
use node::{Node, Pages};
use page::{PAGE, PAGE_BITS};
use retired::Retired;
use std::ops::Range;
use std::sync::Arc;

/// A read or a write that does not lie inside of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{length} bytes at offset {offset} do not lie within {size} bytes")]
pub struct OutOfRange {
    /// The first byte asked for.
    pub offset: u64,
    /// How many bytes were asked for.
    pub length: u64,
    /// The store's length in bytes.
    pub size: u64,
}

/// Bytes of a fixed length of which only the written ones take memory; what was never written reads as zeros.
///
/// A clone takes constant time and shares everything; whoever writes first gets pages of their own.
#[derive(Debug, Default)]
pub struct Extents {
    len: u64,
    root: Option<Arc<Node>>,
    /// What [`copy_from`](Self::copy_from) displaced and later writes free.
    retired: Option<Box<Retired>>,
}

impl Clone for Extents {
    fn clone(&self) -> Self {
        Extents { len: self.len, root: self.root.clone(), retired: None }
    }
}

impl Extents {
    /// A store of `len` bytes, all zero.
    #[must_use]
    pub fn new(len: u64) -> Self {
        Extents { len, ..Extents::default() }
    }

    /// The length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether the length is zero.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Fills `out` with the bytes at `offset`.
    ///
    /// # Errors
    /// The range must lie inside of the store; `out` is untouched otherwise.
    pub fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), OutOfRange> {
        self.check(offset, out.len() as u64)?;
        let Some(root) = &self.root else {
            out.fill(0);
            return Ok(());
        };
        let mut rest = out;
        let mut at = offset;
        while !rest.is_empty() {
            let (index, within) = split(at);
            let (piece, after) = rest.split_at_mut(rest.len().min(PAGE - within));
            match root.get(index) {
                Some(page) => page.read(within, piece),
                None => piece.fill(0),
            }
            at += piece.len() as u64;
            rest = after;
        }
        Ok(())
    }

    /// Reads an array of bytes at `offset`.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_array<const N: usize>(&self, offset: u64) -> Result<[u8; N], OutOfRange> {
        let mut bytes = [0; N];
        self.read(offset, &mut bytes)?;
        Ok(bytes)
    }

    /// Writes `data` at `offset`. Zeros over bytes that were never written take no memory.
    ///
    /// # Errors
    /// The range must lie inside of the store; nothing is written otherwise.
    pub fn write(&mut self, offset: u64, data: &[u8]) -> Result<(), OutOfRange> {
        self.check(offset, data.len() as u64)?;
        self.release_some(1 + data.len() / Retired::STEP_BYTES);
        let mut rest = data;
        let mut at = offset;
        while !rest.is_empty() {
            let (index, within) = split(at);
            let (piece, after) = rest.split_at(rest.len().min(PAGE - within));
            self.write_page(index, within, piece, page::nonzero(piece));
            at += piece.len() as u64;
            rest = after;
        }
        Ok(())
    }

    /// Writes a piece of a page, `kept` being the part of it that is not zeros.
    fn write_page(&mut self, index: u64, within: usize, piece: &[u8], kept: Option<Range<usize>>) {
        // A write of zeros must neither make a page nor unshare the nodes above one that is not there.
        if kept.is_none() && !self.has_page(index) {
            return;
        }
        let page = Node::entry(&mut self.root, index);
        page.write(within, piece, kept);
        if page.is_empty() {
            Node::remove(&mut self.root, &(index..index + 1));
        }
    }

    fn has_page(&self, index: u64) -> bool {
        self.root.as_ref().is_some_and(|root| root.get(index).is_some())
    }

    /// Makes a range read as zeros and gives its whole pages back.
    ///
    /// # Errors
    /// The range must lie inside of the store; nothing is changed otherwise.
    pub fn zero(&mut self, range: Range<u64>) -> Result<(), OutOfRange> {
        self.check(range.start, range.end.saturating_sub(range.start))?;
        let page = PAGE as u64;
        let whole = range.start.div_ceil(page)..range.end / page;
        if whole.start >= whole.end {
            self.zero_pieces(range);
        } else {
            Node::remove(&mut self.root, &whole);
            self.zero_pieces(range.start..whole.start * page);
            self.zero_pieces(whole.end * page..range.end);
        }
        Ok(())
    }

    /// As [`zero`](Self::zero) for the few bytes around whole pages.
    fn zero_pieces(&mut self, range: Range<u64>) {
        static ZEROS: [u8; PAGE] = [0; PAGE];
        let mut at = range.start;
        while at < range.end {
            let (index, within) = split(at);
            let length = (PAGE - within).min((range.end - at) as usize);
            self.write_page(index, within, &ZEROS[..length], None);
            at += length as u64;
        }
    }

    /// Changes the length: what lies beyond it is dropped, what is added reads as zeros.
    pub fn resize(&mut self, len: u64) {
        if len < self.len {
            let (index, within) = split(len);
            Node::remove(&mut self.root, &(index + u64::from(within > 0)..u64::MAX));
            let end = self.len.min((len / PAGE as u64 + 1) * PAGE as u64);
            if within > 0 {
                self.zero_pieces(len..end);
            }
        }
        self.len = len;
    }

    /// Takes over the length and the content of `source`, sharing its pages.
    ///
    /// Takes constant time. As in an array, freeing what was displaced is work for later: each write frees a little
    /// of it, [`release`](Self::release) all.
    pub fn copy_from(&mut self, source: &Extents) {
        self.len = source.len;
        if let Some(displaced) = std::mem::replace(&mut self.root, source.root.clone())
            && Arc::strong_count(&displaced) == 1
        {
            self.retired.get_or_insert_default().push(displaced);
        }
    }

    /// Frees at once what resyncs have displaced.
    pub fn release(&mut self) {
        self.retired = None;
    }

    fn release_some(&mut self, steps: usize) {
        if let Some(retired) = &mut self.retired
            && retired.free(steps)
        {
            self.retired = None;
        }
    }

    /// The byte ranges that differ, in order, in units of 512 bytes: what only one of both has counts as differing.
    ///
    /// The cost grows with what is not shared, not with the length.
    #[must_use]
    pub fn diff(&self, other: &Extents) -> Vec<Range<u64>> {
        let mut differences = Differences::default();
        differences.nodes(self.root.as_ref(), other.root.as_ref());
        let (short, long) = (self.len.min(other.len), self.len.max(other.len));
        let mut ranges = differences.finish(short);
        match ranges.last_mut() {
            Some(last) if last.end == short => last.end = long,
            _ if short < long => ranges.push(short..long),
            _ => {}
        }
        ranges
    }

    /// The byte ranges that are held, in order, adjacent ones merged; everything between them is zero.
    pub fn written_ranges(&self) -> impl Iterator<Item = Range<u64>> + '_ {
        let mut held = Pages::new(self.root.as_ref())
            .map(|(index, page)| {
                let (base, held) = (index << PAGE_BITS, page.held());
                base + held.start as u64..(base + held.end as u64).min(self.len)
            })
            .peekable();
        std::iter::from_fn(move || {
            let mut range = held.next()?;
            while let Some(next) = held.next_if(|next| next.start == range.end) {
                range.end = next.end;
            }
            Some(range)
        })
    }

    /// The memory that the content takes, in bytes, shared or not, without the allocator's own overhead.
    #[must_use]
    pub fn allocated_bytes(&self) -> u64 {
        self.root.as_ref().map_or(0, |root| root.allocated_bytes())
    }

    /// Whether both have the same length and share everything.
    #[must_use]
    pub fn is_same(&self, other: &Extents) -> bool {
        let shared = match (&self.root, &other.root) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        self.len == other.len && shared
    }

    fn check(&self, offset: u64, length: u64) -> Result<(), OutOfRange> {
        match offset.checked_add(length) {
            Some(end) if end <= self.len => Ok(()),
            _ => Err(OutOfRange { offset, length, size: self.len }),
        }
    }
}

/// The page of a byte and the byte's place in it.
fn split(offset: u64) -> (u64, usize) {
    (offset >> PAGE_BITS, (offset & (PAGE as u64 - 1)) as usize)
}
