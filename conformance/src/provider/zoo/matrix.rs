//! Which case catches which mutant.

use std::collections::BTreeMap;
use std::fmt;

use vss_sim::lab::Lab;

use super::{Mutant, mutants};
use crate::case::{Case, Stop};
use crate::cases;
use crate::provider::simulated;
use crate::run::run_case;
use crate::spec::Spec;

/// Case by mutant.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// For each case, by its name, the mutants that one of its runs failed on.
    rows: BTreeMap<&'static str, Vec<bool>>,
    mutants: Vec<&'static Mutant>,
}

impl Matrix {
    /// Runs every case on every mutant in that lab.
    pub fn of(lab: &Lab) -> Self {
        let mutants: Vec<&'static Mutant> = mutants().collect();
        let mut rows: BTreeMap<&'static str, Vec<bool>> = BTreeMap::new();
        for case in cases::about_providers() {
            let row = rows.entry(case.name).or_insert_with(|| vec![false; mutants.len()]);
            for (caught, mutant) in row.iter_mut().zip(&mutants) {
                *caught |= catches(case, mutant, lab);
            }
        }
        Self { rows, mutants }
    }

    /// The cases that a mutant is caught by.
    pub fn caught_by(&self, mutant: &Mutant) -> Vec<&'static str> {
        let Some(column) = self.mutants.iter().position(|known| known.name == mutant.name) else {
            return Vec::new();
        };
        self.rows.iter().filter(|(_, row)| row[column]).map(|(case, _)| *case).collect()
    }

    /// Mutants that the case meant for them does not catch.
    pub fn escaped(&self) -> Vec<&'static Mutant> {
        let escaped = |mutant: &&&'static Mutant| !self.caught_by(mutant).contains(&mutant.caught_by);
        self.mutants.iter().filter(escaped).copied().collect()
    }

    /// Cases that catch no mutant.
    pub fn useless(&self) -> Vec<&'static str> {
        self.rows.iter().filter(|(_, row)| !row.contains(&true)).map(|(case, _)| *case).collect()
    }
}

/// Whether the case fails on the mutant.
fn catches(case: &Case, mutant: &Mutant, lab: &Lab) -> bool {
    let Some(outcome) = Spec::get().outcome(case.outcome) else { return false };
    let Ok(mut backend) = simulated(lab.clone(), mutant.make())() else { return false };
    matches!(run_case(case, outcome, backend.as_mut(), lab, 0).checked, Err(Stop::Failed { .. }))
}

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const PREFIX: &str = "hardware_provider::";
        let short = |case: &'static str| case.strip_prefix(PREFIX).unwrap_or(case);
        for (number, mutant) in self.mutants.iter().enumerate() {
            let caught = self.caught_by(mutant).contains(&mutant.caught_by);
            let verdict = if caught { "caught by" } else { "ESCAPES" };
            writeln!(f, "{:>3} {:<34} {}", number + 1, mutant.name, mutant.mistake)?;
            writeln!(f, "    {verdict} {}", short(mutant.caught_by))?;
        }
        let columns = self.rows.keys().map(|case| short(case).chars().count()).max().unwrap_or(0);
        let digit = |number: usize, place: usize| char::from(b'0' + (number / place % 10) as u8);
        for place in [10, 1] {
            let digits: String = (1..=self.mutants.len()).map(|number| digit(number, place)).collect();
            writeln!(f, "{:columns$} {digits}", "")?;
        }
        for (case, row) in &self.rows {
            let marks: String = row.iter().map(|caught| if *caught { 'x' } else { '.' }).collect();
            writeln!(f, "{:<columns$} {marks}", short(case))?;
        }
        Ok(())
    }
}
