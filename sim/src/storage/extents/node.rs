//! The radix tree over pages: path-compressed, persistent, 64 ways at each level.

use super::page::Page;
use std::ops::Range;
use std::sync::Arc;

/// Bits of a page's index that one level resolves.
const BITS: u32 = 6;

/// A subtree. Only pages that hold something have a place in it, and only levels where paths part have a node.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// The index of the first page that the node could hold.
    first: u64,
    /// 0 where the children are pages.
    level: u8,
    /// Which of the 64 places are taken.
    bitmap: u64,
    children: Children,
}

#[derive(Clone, Debug)]
pub(super) enum Children {
    Nodes(Vec<Arc<Node>>),
    Pages(Vec<Page>),
}

impl Node {
    fn bottom(index: u64, page: Page) -> Arc<Node> {
        let (first, slot) = (aligned(index, 0), slot(index, 0));
        Arc::new(Node { first, level: 0, bitmap: 1 << slot, children: Children::Pages(vec![page]) })
    }

    /// The node above two that lie apart.
    fn fork(a: Arc<Node>, b: Arc<Node>) -> Arc<Node> {
        let level = ((63 - (a.first ^ b.first).leading_zeros()) / BITS) as u8;
        let (first, bitmap) =
            (aligned(a.first, level), 1 << slot(a.first, level) | 1 << slot(b.first, level));
        let nodes = if a.first < b.first { vec![a, b] } else { vec![b, a] };
        Arc::new(Node { first, level, bitmap, children: Children::Nodes(nodes) })
    }

    /// The pages that the node could hold.
    pub(super) fn span(&self) -> Range<u64> {
        self.first..self.first + (1 << (BITS * (u32::from(self.level) + 1)))
    }

    pub(super) fn children(&self) -> &Children {
        &self.children
    }

    pub(super) fn into_children(self) -> Children {
        self.children
    }

    pub(super) fn bitmap(&self) -> u64 {
        self.bitmap
    }

    /// The index of the first page under a place.
    pub(super) fn first_under(&self, slot: u32) -> u64 {
        self.first + (u64::from(slot) << (BITS * u32::from(self.level)))
    }

    /// Where in the list of children the place is, if it is taken.
    pub(super) fn position(&self, slot: u32) -> Option<usize> {
        (self.bitmap >> slot & 1 == 1).then(|| self.rank(slot))
    }

    /// The place under which a page falls.
    pub(super) fn slot_of(&self, index: u64) -> u32 {
        slot(index, self.level)
    }

    fn rank(&self, slot: u32) -> usize {
        (self.bitmap & ((1 << slot) - 1)).count_ones() as usize
    }

    /// The page of that index.
    pub(super) fn get(&self, index: u64) -> Option<&Page> {
        let mut node = self;
        loop {
            if !node.span().contains(&index) {
                return None;
            }
            let position = node.position(node.slot_of(index))?;
            match &node.children {
                Children::Pages(pages) => return pages.get(position),
                Children::Nodes(nodes) => node = &nodes[position],
            }
        }
    }

    /// A page to write to; an empty one is put in where there was none.
    pub(super) fn entry(root: &mut Option<Arc<Node>>, index: u64) -> &mut Page {
        let root = root.get_or_insert_with(|| Node::bottom(index, Page::default()));
        Node::entry_under(root, index)
    }

    fn entry_under(node: &mut Arc<Node>, index: u64) -> &mut Page {
        if !node.span().contains(&index) {
            *node = Node::fork(Arc::clone(node), Node::bottom(index, Page::default()));
        }
        let inner = Arc::make_mut(node);
        let slot = slot(index, inner.level);
        let (rank, vacant) = (inner.rank(slot), inner.position(slot).is_none());
        inner.bitmap |= 1 << slot;
        match &mut inner.children {
            Children::Pages(pages) => {
                if vacant {
                    pages.insert(rank, Page::default());
                }
                &mut pages[rank]
            }
            Children::Nodes(nodes) => {
                if vacant {
                    nodes.insert(rank, Node::bottom(index, Page::default()));
                }
                Node::entry_under(&mut nodes[rank], index)
            }
        }
    }

    /// Forgets the pages of a range of indexes.
    pub(super) fn remove(root: &mut Option<Arc<Node>>, range: &Range<u64>) {
        if let Some(node) = root
            && Node::remove_under(node, range)
        {
            *root = None;
        }
    }

    /// Whether the node is empty now, to be dropped by the one above.
    fn remove_under(node: &mut Arc<Node>, range: &Range<u64>) -> bool {
        let span = node.span();
        if range.end <= span.start || span.end <= range.start {
            return false;
        }
        if range.start <= span.start && span.end <= range.end {
            return true;
        }
        let inner = Arc::make_mut(node);
        for slot in 0..u64::BITS {
            let Some(position) = inner.position(slot) else { continue };
            let emptied = match &mut inner.children {
                Children::Pages(pages) => {
                    let gone = range.contains(&(inner.first + u64::from(slot)));
                    if gone {
                        pages.remove(position);
                    }
                    gone
                }
                Children::Nodes(nodes) => {
                    let gone = Node::remove_under(&mut nodes[position], range);
                    if gone {
                        nodes.remove(position);
                    }
                    gone
                }
            };
            if emptied {
                inner.bitmap &= !(1 << slot);
            }
        }
        if let Children::Nodes(nodes) = &mut inner.children
            && nodes.len() == 1
            && let Some(only) = nodes.pop()
        {
            // Keep to the rule that a node stands only where paths part.
            *node = only;
            return false;
        }
        node.bitmap == 0
    }

    /// Bytes of memory that the subtree takes, shared or not.
    pub(super) fn allocated_bytes(&self) -> u64 {
        const COUNTS: usize = 2 * size_of::<usize>();
        let own = COUNTS + size_of::<Node>();
        match &self.children {
            Children::Nodes(nodes) => {
                let list = own + nodes.capacity() * size_of::<Arc<Node>>();
                list as u64 + nodes.iter().map(|node| node.allocated_bytes()).sum::<u64>()
            }
            Children::Pages(pages) => {
                let list = own + pages.capacity() * size_of::<Page>();
                list as u64 + pages.iter().map(|page| (COUNTS + page.bytes().len()) as u64).sum::<u64>()
            }
        }
    }

    /// The places that are taken, in order.
    pub(super) fn taken(&self) -> impl Iterator<Item = u32> + use<> {
        let bitmap = self.bitmap;
        (0..u64::BITS).filter(move |slot| bitmap >> slot & 1 == 1)
    }
}

fn slot(index: u64, level: u8) -> u32 {
    (index >> (BITS * u32::from(level)) & 63) as u32
}

/// The first page of the node at that level under which the page falls.
fn aligned(index: u64, level: u8) -> u64 {
    let bits = BITS * (u32::from(level) + 1);
    index >> bits << bits
}

/// All pages under a node, in order of their index.
#[derive(Debug)]
pub(super) struct Pages<'a> {
    /// The nodes on the way, each with the place to look at next.
    path: Vec<(&'a Node, u32)>,
}

impl<'a> Pages<'a> {
    pub(super) fn new(root: Option<&'a Arc<Node>>) -> Self {
        Pages { path: root.map(|node| (&**node, 0)).into_iter().collect() }
    }
}

impl<'a> Iterator for Pages<'a> {
    type Item = (u64, &'a Page);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (node, slot) = self.path.last_mut()?;
            let (here, at) = (*node, *slot);
            if at == u64::BITS {
                self.path.pop();
                continue;
            }
            *slot += 1;
            let Some(position) = here.position(at) else { continue };
            match &here.children {
                Children::Pages(pages) => return Some((here.first_under(at), &pages[position])),
                Children::Nodes(nodes) => self.path.push((&nodes[position], 0)),
            }
        }
    }
}
