//! Virtual disks: which volume holds which disk.

use super::{Check, LabPath, Named, Problem, missing};
use crate::lab::Volume;

impl<'a> Check<'a> {
    pub(super) fn all_virtual_disks(&mut self) {
        for (index, volume) in self.lab.volumes.iter().enumerate() {
            let path = LabPath::item("volume", index);
            if let Some(holder) = &volume.vhd_on {
                self.virtual_disk(volume, holder, index, path);
            }
        }
    }

    /// The holder is another volume of the same host, and no disk holds itself.
    fn virtual_disk(&mut self, volume: &'a Volume, holder: &str, index: usize, path: LabPath) {
        let (who, path) = (Named(volume, index), path.key("vhd-on"));
        let what = if self.holder(index).is_none() {
            let mounts = self.on_its_hosts(index).flat_map(|(_, volume)| &volume.mount).map(String::as_str);
            let mounts: Vec<&str> = mounts.collect();
            let kind = "volumes of its host";
            let problem = missing(who, "volume", kind, holder, mounts.into_iter(), path);
            return self.report(problem);
        } else if self.luns_of(volume).any(|(_, _, lun)| lun.is_shared()) {
            format!("{who} lies on a LUN of an array, which is no virtual disk")
        } else if self.is_circular(index) {
            format!("{who} lies on a virtual disk that is on itself")
        } else {
            return;
        };
        let help = "the LUN of such a volume is a local disk, and `vhd-on` names another volume of its host";
        self.report(Problem::new(what, path, "").help(help));
    }

    /// The volume that holds the virtual disk of that one.
    fn holder(&self, index: usize) -> Option<usize> {
        let bare = |name: &str| name.trim_end_matches('\\').to_lowercase();
        let holder = bare(self.lab.volumes.get(index)?.vhd_on.as_deref()?);
        let is_it = |volume: &Volume| volume.names().iter().any(|name| bare(name) == holder);
        self.on_its_hosts(index).find(|(_, volume)| is_it(volume)).map(|(index, _)| index)
    }

    /// The volumes that any host of that one sees.
    fn on_its_hosts(&self, index: usize) -> impl Iterator<Item = (usize, &'a Volume)> + '_ {
        let hosts = self.hosts_of_volume(&self.lab.volumes[index]);
        let seen =
            move |volume: &'a Volume| self.hosts_of_volume(volume).iter().any(|host| hosts.contains(host));
        self.lab.volumes.iter().enumerate().filter(move |(_, volume)| seen(volume))
    }

    fn is_circular(&self, index: usize) -> bool {
        let chain = std::iter::successors(self.holder(index), |index| self.holder(*index));
        // A chain that comes back to a later link is that one's own problem.
        chain.take(self.lab.volumes.len()).any(|link| link == index)
    }
}
