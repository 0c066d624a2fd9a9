//! Names are not empty and unique. Ids are unique and not null.

use std::collections::BTreeSet;

use crate::map::IndexMap;

use super::{Check, LabPath, Problem};
use crate::api::Guid;

/// The names of one kind of thing, with their positions in the lab.
pub(super) struct Names<'a> {
    listed: Vec<&'a str>,
    positions: IndexMap<&'a str, usize>,
}

impl<'a> FromIterator<&'a str> for Names<'a> {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> Self {
        let listed: Vec<&str> = names.into_iter().collect();
        let mut positions = IndexMap::default();
        for (index, name) in listed.iter().enumerate() {
            positions.entry(*name).or_insert(index);
        }
        Self { listed, positions }
    }
}

impl<'a> Names<'a> {
    /// Where the thing of that name is; of several the first.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.listed.iter().copied()
    }

    /// Names that are empty or were there before. Two that differ in case only would be mixed up by people.
    fn problems(&self, table: &'static str, thing: &str) -> Vec<Problem> {
        let mut seen = IndexMap::default();
        let mut wrong = |(index, name): (usize, &&str)| {
            let path = LabPath::item(table, index).key("name");
            if name.trim().is_empty() {
                return Some(Problem::new(format!("this {thing} has no name"), path, "empty"));
            }
            let first = *seen.entry(name.to_lowercase()).or_insert(index);
            if first == index {
                return None;
            }
            let earlier = LabPath::item(table, first).key("name");
            let problem = Problem::new(format!("there are two {thing}s named `{name}`"), path, "used again");
            Some(problem.also(earlier, "first used here").help("give one of them another name"))
        };
        self.listed.iter().enumerate().filter_map(&mut wrong).collect()
    }
}

impl Check<'_> {
    pub(super) fn all_names(&mut self) {
        let writers: Names<'_> = self.lab.writers.iter().map(|writer| &*writer.name).collect();
        for (names, table, thing) in [
            (&self.hosts, "host", "host"),
            (&self.providers, "provider", "provider"),
            (&self.arrays, "array", "array"),
            (&self.luns, "lun", "LUN"),
            (&writers, "writer", "writer"),
        ] {
            self.problems.extend(names.problems(table, thing));
        }
    }

    /// A writer class may have several instances, so its id may come again, and so may a volume's where no host sees both:
    /// one is then a copy of the other. The other ids may not.
    pub(super) fn all_ids(&mut self) {
        let lab = self.lab;
        let seen_by = |volume| self.hosts_of_volume(volume).into_iter().collect();
        let apart: Vec<BTreeSet<usize>> = lab.volumes.iter().map(seen_by).collect();
        let providers = lab.providers.iter().map(|provider| provider.id.map(|id| id.0));
        let classes = lab.writers.iter().map(|writer| writer.id.map(|id| id.0));
        let instances = lab.writers.iter().map(|writer| writer.instance.map(|id| id.0));
        let volumes = lab.volumes.iter().map(|volume| volume.id);
        self.ids_of("provider", "id", |_, _| false, providers);
        self.ids_of("writer", "id", |_, _| true, classes);
        self.ids_of("writer", "instance", |_, _| false, instances);
        self.ids_of("volume", "id", |one, other| apart[one].is_disjoint(&apart[other]), volumes);
    }

    fn ids_of(
        &mut self,
        table: &'static str,
        key: &'static str,
        may_repeat: impl Fn(usize, usize) -> bool,
        ids: impl Iterator<Item = Option<Guid>>,
    ) {
        let mut seen = IndexMap::default();
        for (index, id) in ids.enumerate().filter_map(|(index, id)| Some((index, id?))) {
            let path = LabPath::item(table, index).key(key);
            if id.is_nil() {
                let what = format!("GUID_NULL identifies no {table}");
                self.report(Problem::new(what, path, "null").help(format!("leave `{key}` out to draw one")));
                continue;
            }
            let first = *seen.entry(id).or_insert(index);
            if first != index && !may_repeat(first, index) {
                let earlier = LabPath::item(table, first).key(key);
                let what = format!("there are two {table}s with the {key} {{{id}}}");
                let problem = Problem::new(what, path, "used again").also(earlier, "first used here");
                self.report(problem.help(format!("change one, or leave `{key}` out to draw one")));
            }
        }
    }
}
