//! What several nodes of a cluster work with at the same time: cluster shared volumes and scale-out shares.

use super::{Check, LabPath, Named, Problem};
use crate::lab::{Lun, PartitionStyle, Volume};

impl<'a> Check<'a> {
    pub(super) fn all_cluster_shared(&mut self) {
        for (index, volume) in self.lab.volumes.iter().enumerate().filter(|(_, volume)| volume.cluster_shared)
        {
            let path = LabPath::item("volume", index).key("cluster-shared");
            self.cluster_shared(volume, Named(volume, index), path);
        }
        for (index, share) in self.lab.shares.iter().enumerate().filter(|(_, share)| share.scale_out) {
            let on = |host: &usize| {
                let parts = share.parts();
                parts.is_some_and(|(name, _)| self.lab.hosts[*host].name.eq_ignore_ascii_case(name))
            };
            let servers: Vec<usize> = (0..self.lab.hosts.len()).filter(on).collect();
            if !self.are_of_one_cluster(&servers) {
                let what =
                    format!("`{}` cannot be a scale-out share, since its host is in no cluster", share.path);
                let problem = Problem::new(what, LabPath::item("share", index).key("scale-out"), "");
                self.report(problem.help("give the host a `cluster`"));
            }
        }
    }

    /// It has one name on all nodes, so it is a partition of one GPT disk of an array, which only nodes of one cluster see.
    fn cluster_shared(&mut self, volume: &'a Volume, who: Named<'_>, path: LabPath) {
        let luns: Vec<_> = self.luns_of(volume).collect();
        let fits = |lun: &Lun| lun.is_shared() && !lun.dynamic && lun.style == PartitionStyle::Gpt;
        let what = format!("{who} cannot be a cluster shared volume");
        if !luns.is_empty() && (luns.len() > 1 || luns.iter().any(|(_, _, lun)| !fits(lun))) {
            let help = "put it on one LUN of an array whose disk is a basic one with a GPT";
            return self.report(Problem::new(what, path, "").help(help));
        }
        if !self.are_of_one_cluster(&self.hosts_of_volume(volume)) {
            let help = "give every host that sees its LUN the same `cluster`, or the LUN only `hosts` of one cluster";
            self.report(Problem::new(what, path, "").help(help));
        }
    }

    /// Whether all of those hosts are nodes of one cluster. Of no hosts others complain.
    fn are_of_one_cluster(&self, hosts: &[usize]) -> bool {
        let mut clusters = hosts.iter().map(|host| self.lab.hosts[*host].cluster.as_deref());
        let Some(first) = clusters.next() else { return true };
        first.is_some() && clusters.all(|cluster| cluster == first)
    }
}
