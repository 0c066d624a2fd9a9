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
    mutants: Vec<&'static Mutant>,
    /// For each case the mutants that it failed on.
    rows: Vec<(&'static Case, Vec<bool>)>,
}

impl Matrix {
    /// Runs every case on every mutant in that lab.
    pub fn of(lab: &Lab) -> Self {
        let mutants: Vec<&'static Mutant> = mutants().collect();
        let row =
            |case: &'static Case| (case, mutants.iter().map(|mutant| catches(case, mutant, lab)).collect());
        let rows = cases::of_hardware_providers().map(row).collect();
        Self { mutants, rows }
    }

    /// Mutants that the case meant for them does not catch.
    pub fn escaped(&self) -> Vec<&'static Mutant> {
        let numbered = self.mutants.iter().enumerate();
        numbered.filter(|(number, _)| !self.is_caught(*number)).map(|(_, mutant)| *mutant).collect()
    }

    fn is_caught(&self, mutant: usize) -> bool {
        let meant = self.rows.iter().filter(|(case, _)| case.name == self.mutants[mutant].caught_by);
        meant.into_iter().any(|(_, caught)| caught[mutant])
    }

    /// Cases that catch no mutant. One that fails everywhere shows nothing about a case that was not meant for it.
    pub fn useless(&self) -> Vec<&'static Case> {
        let half = self.rows.len() / 2;
        let blunt: Vec<bool> = (0..self.mutants.len())
            .map(|mutant| self.rows.iter().filter(|(_, caught)| caught[mutant]).count() > half)
            .collect();
        let counts =
            |case: &Case, mutant: usize| !blunt[mutant] || self.mutants[mutant].caught_by == case.name;
        let is_useless = |(case, caught): &&(&'static Case, Vec<bool>)| {
            !caught.iter().enumerate().any(|(mutant, caught)| *caught && counts(case, mutant))
        };
        self.rows.iter().filter(is_useless).map(|(case, _)| *case).collect()
    }

    /// By the cases' names: a case that shows several outcomes catches what it catches for one of them.
    fn by_name(&self) -> BTreeMap<&'static str, Vec<bool>> {
        let mut by_name: BTreeMap<&'static str, Vec<bool>> = BTreeMap::new();
        for (case, caught) in &self.rows {
            let row = by_name.entry(case.name).or_insert_with(|| vec![false; self.mutants.len()]);
            row.iter_mut().zip(caught).for_each(|(all, caught)| *all |= caught);
        }
        by_name
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
            let verdict = if self.is_caught(number) { "caught by" } else { "ESCAPES" };
            writeln!(f, "{:>3} {:<34} {}", number + 1, mutant.name, mutant.mistake)?;
            writeln!(f, "    {verdict} {}", short(mutant.caught_by))?;
        }
        let rows = self.by_name();
        let columns = rows.keys().map(|case| short(case).chars().count()).max().unwrap_or(0);
        let digit = |number: usize, place: usize| char::from_digit((number / place % 10) as u32, 10);
        for place in [10, 1] {
            let digits: String = (1..=self.mutants.len()).filter_map(|number| digit(number, place)).collect();
            writeln!(f, "{:columns$} {digits}", "")?;
        }
        for (case, row) in &rows {
            let marks: String = row.iter().map(|caught| if *caught { 'x' } else { '.' }).collect();
            writeln!(f, "{:<columns$} {marks}", short(case))?;
        }
        Ok(())
    }
}
