//! What a lab must keep beyond its syntax. All that is wrong is reported, not only the first.

mod clusters;
mod faults;
mod hosts;
mod mounts;
mod names;
mod providers;
mod shares;
mod storage;
mod virtual_disks;
mod writers;

use std::fmt;

use super::suggest::known_names;
use super::{Fault, Lab, LabError, LabPath, Lun, Problem, Provider, Volume, Writer};
use names::Names;

/// The system provider's name: it is on every host and needs no entry in the lab.
pub const SYSTEM_PROVIDER: &str = "System Provider";

/// The file share provider's name: it is on every host that has one and needs no entry in the lab.
pub const FILE_SHARE_PROVIDER: &str = "File Share Provider";

/// Providers that need no entry.
const BUILT_IN: [&str; 2] = [SYSTEM_PROVIDER, FILE_SHARE_PROVIDER];

impl Lab {
    /// Whether the lab can be built; everything that is wrong otherwise.
    pub fn check(&self) -> Result<(), LabError> {
        let mut check = Check::new(self);
        check.all_hosts();
        check.all_names();
        check.all_providers();
        check.all_ids();
        check.all_nodes();
        check.all_luns();
        check.all_volumes();
        check.all_virtual_disks();
        check.all_disks();
        check.all_mounts();
        check.all_shares();
        check.all_cluster_shared();
        check.all_writers();
        check.all_faults();
        if check.problems.is_empty() { Ok(()) } else { Err(LabError::new(check.problems)) }
    }
}

impl Fault {
    /// Whether it can be added to a running lab with these providers and writers.
    pub(crate) fn check(&self, providers: Vec<Provider>, writers: Vec<&str>) -> Result<(), LabError> {
        let mut lab = Lab::empty("running");
        lab.faults.push(self.clone());
        lab.providers = providers;
        lab.writers.extend(writers.into_iter().map(Writer::new));
        let mut check = Check::new(&lab);
        check.all_faults();
        if check.problems.is_empty() { Ok(()) } else { Err(LabError::new(check.problems)) }
    }
}

/// The lab with its names looked up, and what was found wrong so far.
struct Check<'a> {
    lab: &'a Lab,
    hosts: Names<'a>,
    providers: Names<'a>,
    arrays: Names<'a>,
    luns: Names<'a>,
    problems: Vec<Problem>,
}

impl<'a> Check<'a> {
    fn new(lab: &'a Lab) -> Self {
        Self {
            lab,
            hosts: lab.hosts.iter().map(|host| &*host.name).collect(),
            providers: lab.providers.iter().map(|provider| &*provider.name).collect(),
            arrays: lab.arrays.iter().map(|array| &*array.name).collect(),
            luns: lab.luns.iter().map(|lun| &*lun.name).collect(),
            problems: Vec::new(),
        }
    }

    fn report(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    fn lun(&self, name: &str) -> Option<(usize, &'a Lun)> {
        let index = self.luns.position(name)?;
        Some((index, &self.lab.luns[index]))
    }

    /// The LUNs of a volume that there are, each with its place in the volume's list.
    fn luns_of(&self, volume: &'a Volume) -> impl Iterator<Item = (usize, usize, &'a Lun)> + '_ {
        volume.luns.iter().enumerate().filter_map(|(place, name)| {
            let (index, lun) = self.lun(name)?;
            Some((place, index, lun))
        })
    }

    /// The hosts that see a LUN, by index.
    fn hosts_of(&self, lun: &'a Lun) -> Vec<usize> {
        match &lun.hosts {
            Some(names) => names.iter().filter_map(|name| self.hosts.position(name)).collect(),
            None if lun.is_shared() => (0..self.lab.hosts.len()).collect(),
            None => (0..self.lab.hosts.len().min(1)).collect(),
        }
    }

    /// The hosts that see a volume: those of its first LUN.
    fn hosts_of_volume(&self, volume: &'a Volume) -> Vec<usize> {
        self.luns_of(volume).next().map(|(_, _, lun)| self.hosts_of(lun)).unwrap_or_default()
    }
}

/// A reference to something that the lab does not have.
fn missing<'a>(
    who: impl fmt::Display,
    singular: &str,
    plural: &str,
    name: &str,
    names: impl Iterator<Item = &'a str>,
    path: LabPath,
) -> Problem {
    Problem::new(
        format!("{who} names the {singular} `{name}`, which the lab does not have"),
        path,
        "not found",
    )
    .help(known_names(plural, name, names))
}

/// What a volume is called in messages: its first mount point, or its place in the lab.
#[derive(Clone, Copy)]
struct Named<'a>(&'a Volume, usize);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.mount.first() {
            Some(mount) => write!(f, "volume `{mount}`"),
            None => write!(f, "volume[{}]", self.1),
        }
    }
}
