//! File shares: named once, on a host that there is, of a volume that the host sees.

use crate::map::IndexMap;

use super::{Check, LabPath, Problem, missing};
use crate::lab::{Share, Volume};

impl<'a> Check<'a> {
    pub(super) fn all_shares(&mut self) {
        let mut seen = IndexMap::default();
        for (index, share) in self.lab.shares.iter().enumerate() {
            let path = LabPath::item("share", index);
            let Some((host, _)) = share.parts() else {
                let what = format!("`{}` is no path of a share", share.path);
                let help = r"write two backslashes, the name of a host, a backslash and a name: '\\SRV\data'";
                self.report(Problem::new(what, path.key("path"), "").help(help));
                continue;
            };
            let first = *seen.entry(share.path.to_lowercase()).or_insert(index);
            if first != index {
                let earlier = LabPath::item("share", first).key("path");
                let what = format!("there are two shares `{}`", share.path);
                let problem =
                    Problem::new(what, path.key("path"), "used again").also(earlier, "first used here");
                self.report(problem.help("give one of them another name"));
            }
            match self.lab.hosts.iter().position(|known| known.name.eq_ignore_ascii_case(host)) {
                Some(host) => self.shared_volume(share, host, path),
                None => {
                    let (who, names) = (format!("share `{}`", share.path), self.hosts.iter());
                    let problem = missing(who, "host", "hosts", host, names, path.key("path"));
                    self.report(problem);
                }
            }
        }
    }

    fn shared_volume(&mut self, share: &'a Share, host: usize, path: LabPath) {
        let bare = |name: &str| name.trim_end_matches('\\').to_lowercase();
        let named = |volume: &&Volume| volume.names().iter().any(|name| bare(name) == bare(&share.volume));
        let on_host = |volume: &&'a Volume| self.hosts_of_volume(volume).contains(&host);
        if self.lab.volumes.iter().filter(named).any(|volume| on_host(&volume)) {
            return;
        }
        let mounts = self.lab.volumes.iter().filter(on_host).flat_map(|volume| &volume.mount);
        let mounts: Vec<&str> = mounts.map(String::as_str).collect();
        let who = format!("share `{}`", share.path);
        let problem = missing(
            who,
            "volume",
            "volumes of that host",
            &share.volume,
            mounts.into_iter(),
            path.key("volume"),
        );
        self.report(problem);
    }
}
