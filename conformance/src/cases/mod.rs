//! The cases: one file for each interface or topic, each with a `CASES` list, collected here.
//!
//! To add one, write a function over [`Bench`](crate::bench::Bench) and put `case!("<outcome id>", function)` into the
//! list of its file; to add a file, put its list into [`ALL`].

use crate::case::Case;

/// Every list of cases.
pub const ALL: &[&[Case]] = &[];

/// Every case, list by list.
pub fn all() -> impl Iterator<Item = &'static Case> {
    ALL.iter().copied().flatten()
}
