//! What several nodes of a cluster work with at the same time: cluster shared volumes and scale-out shares.

use super::{Check, LabPath, Named, Problem};
use crate::lab::{Lun, Os, PartitionStyle, Volume};

impl<'a> Check<'a> {
    pub(super) fn all_nodes(&mut self) {
        for (index, host) in self.lab.hosts.iter().enumerate() {
            if host.cluster.is_some() && !host.os.is_server() {
                let what =
                    format!("host `{}` runs {}, and only servers are nodes of a cluster", host.name, host.os);
                let path = LabPath::item("host", index);
                let problem =
                    Problem::new(what, path.key("os"), "no server").also(path.key("cluster"), "a node");
                self.report(problem.help("give it the `os` of a server, or leave `cluster` out"));
            }
        }
    }

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
            let path = LabPath::item("share", index).key("scale-out");
            self.came_with(Os::WindowsServer2012, "scale-out shares", &servers, path);
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
        let hosts = self.hosts_of_volume(volume);
        self.came_with(Os::WindowsServer2008R2, "cluster shared volumes", &hosts, path);
        if !self.are_of_one_cluster(&hosts) {
            let help = "give every host that sees its LUN the same `cluster`, or the LUN only `hosts` of one cluster";
            self.report(Problem::new(what, path, "").help(help));
        }
    }

    /// Only hosts with that system or a later one have such things.
    fn came_with(&mut self, first: Os, things: &str, hosts: &[usize], path: LabPath) {
        let earlier = hosts.iter().map(|host| (*host, &self.lab.hosts[*host]));
        let Some((index, host)) = earlier.into_iter().find(|(_, host)| host.os.kernel() < first.kernel())
        else {
            return;
        };
        let what = format!("{things} came with {first}, but host `{}` runs {}", host.name, host.os);
        let os = LabPath::item("host", index).key("os");
        let help = "give the host a later `os`, or leave the key out";
        self.report(Problem::new(what, path, "").also(os, "too early").help(help));
    }

    /// Whether all of those hosts are nodes of one cluster. Of no hosts others complain.
    fn are_of_one_cluster(&self, hosts: &[usize]) -> bool {
        let mut clusters = hosts.iter().map(|host| self.lab.hosts[*host].cluster.as_deref());
        let Some(first) = clusters.next() else { return true };
        first.is_some() && clusters.all(|cluster| cluster == first)
    }
}
