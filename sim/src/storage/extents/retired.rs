//! Displaced content, freed in small steps.

use super::node::{Children, Node};
use super::page::PAGE;
use std::sync::Arc;

/// Subtrees that nobody reads any more. Freeing hundreds of megabytes takes as long as copying them does, so it must
/// not fall into one call.
#[derive(Debug, Default)]
pub(super) struct Retired(Vec<Arc<Node>>);

impl Retired {
    /// What one step frees at most, in bytes.
    pub(super) const STEP_BYTES: usize = 64 * PAGE;

    pub(super) fn push(&mut self, root: Arc<Node>) {
        self.0.push(root);
    }

    /// Frees so many nodes of pages, or says that nothing is left.
    pub(super) fn free(&mut self, steps: usize) -> bool {
        let mut left = steps;
        while left > 0 {
            let Some(node) = self.0.pop() else { return true };
            // Subtrees that a clone still holds are only let go.
            match Arc::into_inner(node).map(Node::into_children) {
                Some(Children::Nodes(nodes)) => self.0.extend(nodes),
                Some(Children::Pages(_)) => left -= 1,
                None => {}
            }
        }
        self.0.is_empty()
    }
}
