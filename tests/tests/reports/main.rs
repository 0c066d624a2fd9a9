//! Runs, their reports, traces and deviants, shown with a small stand-in for a backend.

mod cases;
mod deviants;
mod expectations;
mod explain;
mod report;
mod selection;
mod stand_in;
mod trace;
