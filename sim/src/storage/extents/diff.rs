//! Where two stores differ. Subtrees and pages that both share are skipped unread.

use super::node::{Children, Node};
use super::page::{PAGE, PAGE_BITS, Page};
use std::ops::Range;
use std::sync::Arc;

/// Differences are told in sectors.
const SECTOR: usize = 512;

/// Collects differing ranges, in bytes, adjacent ones merged.
#[derive(Debug, Default)]
pub(super) struct Differences(Vec<Range<u64>>);

impl Differences {
    /// The ranges, in order, none of them past `end`.
    pub(super) fn finish(mut self, end: u64) -> Vec<Range<u64>> {
        self.0.retain_mut(|range| {
            range.end = range.end.min(end);
            range.start < range.end
        });
        self.0
    }

    /// Compares two subtrees that lie anywhere.
    pub(super) fn nodes(&mut self, a: Option<&Arc<Node>>, b: Option<&Arc<Node>>) {
        let (a, b) = match (a, b) {
            (None, None) => return,
            (Some(only), None) | (None, Some(only)) => return self.all(only),
            (Some(a), Some(b)) => (a, b),
        };
        if Arc::ptr_eq(a, b) {
            return;
        }
        let (own, others) = (a.span(), b.span());
        if own == others {
            self.same_span(a, b);
        } else if own.start <= others.start && others.end <= own.end {
            self.inside(a, b);
        } else if others.start <= own.start && own.end <= others.end {
            self.inside(b, a);
        } else if own.start < others.start {
            self.all(a);
            self.all(b);
        } else {
            self.all(b);
            self.all(a);
        }
    }

    fn same_span(&mut self, a: &Node, b: &Node) {
        let taken = a.bitmap() | b.bitmap();
        for slot in (0..u64::BITS).filter(|slot| taken >> slot & 1 == 1) {
            let (at_a, at_b) = (a.position(slot), b.position(slot));
            match (a.children(), b.children()) {
                (Children::Nodes(a), Children::Nodes(b)) => {
                    self.nodes(at_a.map(|at| &a[at]), at_b.map(|at| &b[at]));
                }
                (Children::Pages(a_pages), Children::Pages(b_pages)) => {
                    let index = a.first_under(slot);
                    self.pages(index, at_a.map(|at| &a_pages[at]), at_b.map(|at| &b_pages[at]));
                }
                _ => unreachable!("nodes of one span have children of one kind"),
            }
        }
    }

    /// Compares a node with one that falls under one of its places.
    fn inside(&mut self, outer: &Node, inner: &Arc<Node>) {
        let Children::Nodes(nodes) = outer.children() else {
            unreachable!("a node of pages has none below it");
        };
        let meeting = outer.slot_of(inner.span().start);
        let before = (0..meeting).filter_map(|slot| outer.position(slot));
        for position in before {
            self.all(&nodes[position]);
        }
        self.nodes(outer.position(meeting).map(|at| &nodes[at]), Some(inner));
        for position in (meeting + 1..u64::BITS).filter_map(|slot| outer.position(slot)) {
            self.all(&nodes[position]);
        }
    }

    /// Compares a subtree with nothing.
    fn all(&mut self, node: &Node) {
        for (slot, position) in node.taken().zip(0..) {
            match node.children() {
                Children::Nodes(nodes) => self.all(&nodes[position]),
                Children::Pages(pages) => self.pages(node.first_under(slot), Some(&pages[position]), None),
            }
        }
    }

    fn pages(&mut self, index: u64, a: Option<&Page>, b: Option<&Page>) {
        let zeros = Page::default();
        let (a, b) = (a.unwrap_or(&zeros), b.unwrap_or(&zeros));
        if a.is_same(b) || a.held() == b.held() && a.bytes() == b.bytes() {
            return;
        }
        for at in (0..PAGE).step_by(SECTOR) {
            let (mut left, mut right) = ([0; SECTOR], [0; SECTOR]);
            if a.view(at, &mut left) != b.view(at, &mut right) {
                self.push((index << PAGE_BITS) + at as u64);
            }
        }
    }

    fn push(&mut self, start: u64) {
        let end = start + SECTOR as u64;
        match self.0.last_mut() {
            Some(last) if last.end == start => last.end = end,
            _ => self.0.push(start..end),
        }
    }
}
