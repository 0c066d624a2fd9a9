//! The Backup Components Document as others meet it: what it reads, writes and refuses.

#[path = "documents/arbitrary.rs"]
mod arbitrary;
#[path = "documents/example.rs"]
mod example;
#[path = "documents/hostile.rs"]
mod hostile;
#[path = "documents/refusals.rs"]
mod refusals;
#[path = "documents/round_trip.rs"]
mod round_trip;
