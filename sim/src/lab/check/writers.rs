//! Writers and what their components lie on.

use crate::map::IndexMap;

use super::{Check, LabPath, Problem, missing};
use crate::lab::instance::ComponentVolumes;
use crate::lab::{Component, Volume};

impl Check<'_> {
    pub(super) fn all_writers(&mut self) {
        let lab = self.lab;
        if lab.writers.is_empty() {
            return;
        }
        let known = ComponentVolumes::of(lab);
        for (index, writer) in lab.writers.iter().enumerate() {
            let mut seen = IndexMap::default();
            for (position, component) in writer.components.iter().enumerate() {
                let path = LabPath::item("writer", index).key("component").index(position);
                let who = format!("component `{}` of writer `{}`", component.name, writer.name);
                if component.name.trim().is_empty() {
                    let what = format!("a component of writer `{}` has no name", writer.name);
                    self.report(Problem::new(what, path.key("name"), "empty"));
                }
                let first = *seen.entry(full_name(component)).or_insert(position);
                if first != position {
                    let earlier = LabPath::item("writer", index).key("component").index(first).key("name");
                    let problem =
                        Problem::new(format!("{who} is there twice"), path.key("name"), "used again");
                    self.report(
                        problem.also(earlier, "first used here").help("give one of them another name"),
                    );
                }
                for (place, volume) in component.volumes.iter().enumerate() {
                    if known.position(volume).is_none() {
                        let path = path.key("volumes").index(place);
                        let names: Vec<String> = lab.volumes.iter().flat_map(Volume::names).collect();
                        let names = names.iter().map(|name| &**name);
                        self.report(missing(&who, "volume", "volumes", volume, names, path));
                    }
                }
            }
        }
    }
}

fn full_name(component: &Component) -> (Option<&str>, &str) {
    (component.logical_path.as_deref(), &component.name)
}
