//! Hosts: there is one, with a name that a computer can have, and what it says of itself is possible.

use super::{Check, LabPath, Problem};
use crate::lab::Host;

/// The most that `MaxShadowCopies` can say (registry-keys-for-backup-and-restore).
const SHADOW_COPIES_MAX: u32 = 512;

/// The most characters of a computer's name in DNS (naming conventions for computers, in Microsoft's pages on Active
/// Directory).
const NAME_LENGTH_MAX: usize = 63;
/// What a computer's name cannot have (the same page), beside white space and control characters: it is part of the names
/// of shares.
const FORBIDDEN: &[char] = &['\\', '/', ':', '*', '?', '"', '<', '>', '|', ','];

impl Check<'_> {
    pub(super) fn all_hosts(&mut self) {
        if self.lab.hosts.is_empty() {
            let problem = Problem::new("the lab has no host", LabPath::default(), "")
                .help("add a `[[host]]` table with a `name` and an `os`");
            self.report(problem);
        }
        for (index, host) in self.lab.hosts.iter().enumerate() {
            let path = LabPath::item("host", index);
            let problems =
                [name_of_no_computer(host, path), too_many_copies(host, path), unnamed_cluster(host, path)];
            self.problems.extend(problems.into_iter().flatten());
        }
    }
}

fn name_of_no_computer(host: &Host, path: LabPath) -> Option<Problem> {
    let name = &host.name;
    let is_bad = |c: char| c.is_whitespace() || c.is_control() || FORBIDDEN.contains(&c);
    let (what, label) = match name.chars().find(|c| is_bad(*c)) {
        // That a name is empty is told with those of other things.
        _ if name.trim().is_empty() => return None,
        Some(bad) if bad.is_control() => {
            (format!("a computer's name has no {bad:?}"), "no name of a computer")
        }
        Some(bad) => (format!("a computer's name has no `{bad}`"), "no name of a computer"),
        None if name.chars().count() > NAME_LENGTH_MAX => {
            (format!("a computer's name has at most {NAME_LENGTH_MAX} characters"), "too long")
        }
        None => return None,
    };
    let help = "write letters, digits and hyphens, as in \"SRV-2\"";
    Some(Problem::new(what, path.key("name"), label).help(help))
}

fn too_many_copies(host: &Host, path: LabPath) -> Option<Problem> {
    let count = host.max_shadow_copies.filter(|count| !(1..=SHADOW_COPIES_MAX).contains(count))?;
    let what = format!("host `{}` cannot keep {count} copies of a volume", host.name);
    let help = format!("write a number from 1 to {SHADOW_COPIES_MAX}, or leave the key out for 64");
    Some(Problem::new(what, path.key("max-shadow-copies"), "out of range").help(help))
}

fn unnamed_cluster(host: &Host, path: LabPath) -> Option<Problem> {
    host.cluster.as_deref().filter(|cluster| cluster.trim().is_empty())?;
    let problem = Problem::new("this cluster has no name", path.key("cluster"), "empty");
    Some(problem.help("name it as its other nodes do, or leave `cluster` out"))
}
