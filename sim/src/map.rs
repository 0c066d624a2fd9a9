//! The quick map of this crate.

/// Its order depends on the calls alone: that of insertion, which `swap_remove` changes. Its hash does not resist keys
/// that somebody chose to collide: a lab's author would slow down no one else.
pub(crate) type IndexMap<K, V> = indexmap::IndexMap<K, V, rustc_hash::FxBuildHasher>;
