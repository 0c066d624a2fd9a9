//! Wrong providers. Each is the reference provider but for one mistake that a vendor could make, and each is caught by
//! the case that is meant for it: a case that catches none shows nothing.

mod calls;
mod copies;
mod descriptions;
mod matrix;
mod port;
mod resyncs;
mod wrong;

pub use matrix::Matrix;
pub use wrong::Mutant;

/// All of them.
pub fn mutants() -> impl Iterator<Item = &'static Mutant> {
    [calls::MUTANTS, descriptions::MUTANTS, copies::MUTANTS, resyncs::MUTANTS].into_iter().flatten()
}

/// The one of that name.
pub fn named(name: &str) -> Option<&'static Mutant> {
    mutants().find(|mutant| mutant.name == name)
}
