//! Mount points: well formed, on a drive that there is, and used once on a host.

use std::collections::BTreeMap;

use super::{Check, LabPath, Problem, volume_name};

/// What a folder's name cannot have.
const FORBIDDEN: &[char] = &['<', '>', '"', '/', '|', '?', '*', ':'];
const WELL_FORMED: &str = "write a drive letter as 'D:\\' or a mounted folder as 'D:\\mnt\\data\\'";

impl Check<'_> {
    pub(super) fn all_mounts(&mut self) {
        let mut users = BTreeMap::new();
        for (index, volume) in self.lab.volumes.iter().enumerate() {
            let hosts = self.hosts_of_volume(volume);
            for (place, mount) in volume.mount.iter().enumerate() {
                let path = LabPath::item("volume", index).key("mount").index(place);
                if let Err(why) = well_formed(mount) {
                    let what = format!("`{mount}` is no mount point: {why}");
                    self.report(Problem::new(what, path, "").help(WELL_FORMED));
                    continue;
                }
                let again = hosts.iter().find_map(|host| {
                    let user = (index, place);
                    let first = *users.entry((*host, mount.to_lowercase())).or_insert(user);
                    (first != user).then_some((*host, first))
                });
                if let Some((host, (volume, place))) = again {
                    let what = format!("`{mount}` is used twice on host `{}`", self.lab.hosts[host].name);
                    let earlier = LabPath::item("volume", volume).key("mount").index(place);
                    let problem = Problem::new(what, path, "used again").also(earlier, "first used here");
                    self.report(problem.help("choose another mount point"));
                }
            }
        }
        self.mounted_folders(&users);
    }

    /// A folder lies on the volume that has its drive letter.
    fn mounted_folders(&mut self, users: &BTreeMap<(usize, String), (usize, usize)>) {
        for (index, volume) in self.lab.volumes.iter().enumerate() {
            for (place, mount) in volume.mount.iter().enumerate() {
                if well_formed(mount).is_err() || mount.len() == 3 {
                    continue;
                }
                let drive = mount[..3].to_lowercase();
                let on = |host: &usize| users.get(&(*host, drive.clone())).map(|(volume, _)| *volume);
                let (who, drive) = (volume_name(volume, index), drive.to_uppercase());
                let hosts = self.hosts_of_volume(volume);
                let what = if hosts.iter().any(|host| on(host) == Some(index)) {
                    format!("{who} is mounted in a folder of itself")
                } else if hosts.iter().any(|host| on(host).is_none()) {
                    format!("{who} is mounted in a folder of `{drive}`, which the lab does not have")
                } else {
                    continue;
                };
                let path = LabPath::item("volume", index).key("mount").index(place);
                let help = "choose a folder on another volume of the same host";
                self.report(Problem::new(what, path, "").help(help));
            }
        }
    }
}

fn well_formed(mount: &str) -> Result<(), &'static str> {
    let mut chars = mount.chars();
    let letter = chars.next().is_some_and(|letter| letter.is_ascii_alphabetic());
    if !letter || chars.next() != Some(':') {
        return Err("it does not begin with a drive letter and a colon");
    }
    let Some(folders) = chars.as_str().strip_prefix('\\') else {
        return Err("a backslash is missing after the colon");
    };
    if folders.is_empty() {
        return Ok(());
    }
    let Some(folders) = folders.strip_suffix('\\') else {
        return Err("a backslash is missing at its end");
    };
    let bad = |folder: &str| {
        folder.trim().is_empty() || folder.contains(FORBIDDEN) || folder.contains(char::is_control)
    };
    if folders.split('\\').any(bad) { Err("a folder in it cannot have such a name") } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::well_formed;

    #[rstest]
    #[case("C:\\")]
    #[case("z:\\")]
    #[case("C:\\mnt\\")]
    #[case("C:\\my mounts\\größe\\")]
    fn mount_points(#[case] mount: &str) {
        assert_eq!(well_formed(mount), Ok(()));
    }

    #[rstest]
    #[case("")]
    #[case("D")]
    #[case("D:")]
    #[case("D:/")]
    #[case("ß:\\")]
    #[case("\\mnt\\")]
    #[case("C:\\mnt")]
    #[case("C:\\\\")]
    #[case("C:\\a\\\\b\\")]
    #[case("C:\\a?\\")]
    fn other_text(#[case] mount: &str) {
        assert!(well_formed(mount).is_err());
    }
}
