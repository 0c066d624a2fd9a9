//! The map of this crate.

/// Keeps the order of insertion, so that the same calls always give the same order. Its hash is quick and does not resist
/// keys that somebody chose to collide: a lab's author would slow down no one else.
pub(crate) type Map<K, V> = indexmap::IndexMap<K, V, rustc_hash::FxBuildHasher>;
