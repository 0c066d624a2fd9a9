//! Mount points: well formed, on a drive that there is, and used once on a host.

use crate::map::IndexMap;

use super::{Check, LabPath, Named, Problem};

/// What a folder's name cannot have.
const FORBIDDEN: &[char] = &['<', '>', '"', '/', '|', '?', '*', ':'];
/// Length of a drive letter's mount point, `D:\`.
const DRIVE: usize = 3;
const WELL_FORMED: &str = "write a drive letter as 'D:\\' or a mounted folder as 'D:\\mnt\\data\\'";

/// Mount points that are well formed, by who has them.
#[derive(Default)]
struct Mounted {
    /// Volume and place in its list, by host and mount point in lower case.
    users: IndexMap<(usize, String), (usize, usize)>,
    /// Volumes with drive letters, by host and letter.
    drives: IndexMap<(usize, char), usize>,
    /// Volume, place in its list, and the drive letter of mounted folders.
    folders: Vec<(usize, usize, char)>,
}

impl Check<'_> {
    pub(super) fn all_mounts(&mut self) {
        let mut mounted = Mounted::default();
        for (index, volume) in self.lab.volumes.iter().enumerate() {
            let hosts = self.hosts_of_volume(volume);
            for (place, mount) in volume.mount.iter().enumerate() {
                match well_formed(mount) {
                    Ok(letter) => self.mount(&mut mounted, &hosts, (index, place), mount, letter),
                    Err(why) => {
                        let path = LabPath::item("volume", index).key("mount").index(place);
                        let what = format!("`{mount}` is no mount point: {why}");
                        self.report(Problem::new(what, path, "").help(WELL_FORMED));
                    }
                }
            }
        }
        for (index, place, letter) in &mounted.folders {
            self.folder(&mounted.drives, *index, *place, *letter);
        }
    }

    fn mount(
        &mut self,
        mounted: &mut Mounted,
        hosts: &[usize],
        user: (usize, usize),
        mount: &str,
        letter: char,
    ) {
        let (index, place) = user;
        if mount.len() > DRIVE {
            mounted.folders.push((index, place, letter));
        }
        for host in hosts {
            let first = *mounted.users.entry((*host, mount.to_lowercase())).or_insert(user);
            if mount.len() == DRIVE {
                mounted.drives.entry((*host, letter)).or_insert(index);
            }
            if first != user {
                let what = format!("`{mount}` is used twice on host `{}`", self.lab.hosts[*host].name);
                let path = LabPath::item("volume", index).key("mount").index(place);
                let earlier = LabPath::item("volume", first.0).key("mount").index(first.1);
                let problem = Problem::new(what, path, "used again").also(earlier, "first used here");
                return self.report(problem.help("choose another mount point"));
            }
        }
    }

    /// A folder lies on the volume that has its drive letter.
    fn folder(&mut self, drives: &IndexMap<(usize, char), usize>, index: usize, place: usize, letter: char) {
        let volume = &self.lab.volumes[index];
        let who = Named(volume, index);
        let hosts = self.hosts_of_volume(volume);
        let drive_of = |host: &usize| drives.get(&(*host, letter));
        let elsewhere = "choose a folder on another volume of the same host";
        let (what, help) = if hosts.iter().any(|host| drive_of(host) == Some(&index)) {
            (format!("{who} is mounted in a folder of itself"), elsewhere.to_owned())
        } else if let Some(host) = hosts.iter().find(|host| drive_of(host).is_none()) {
            let name = &self.lab.hosts[*host].name;
            let what =
                format!("{who} is mounted in a folder of `{letter}:\\`, which host `{name}` does not have");
            let own = format!(
                "give `{name}` a volume `{letter}:\\` on a LUN with `hosts = [\"{name}\"]` (where that replaces the \
                 one of the `base`, repeat it too), or {elsewhere}"
            );
            (what, own)
        } else {
            return;
        };
        let path = LabPath::item("volume", index).key("mount").index(place);
        self.report(Problem::new(what, path, "").help(help));
    }
}

/// The drive letter of a mount point, in upper case, or why it is none.
fn well_formed(mount: &str) -> Result<char, &'static str> {
    let mut chars = mount.chars();
    let letter = chars.next().filter(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_uppercase());
    let (Some(letter), Some(':')) = (letter, chars.next()) else {
        return Err("it does not begin with a drive letter and a colon");
    };
    if mount.contains('/') {
        return Err("it has a slash where Windows has a backslash");
    }
    let Some(folders) = chars.as_str().strip_prefix('\\') else {
        return Err("a backslash is missing after the colon");
    };
    if folders.is_empty() {
        return Ok(letter);
    }
    let Some(folders) = folders.strip_suffix('\\') else {
        return Err("a backslash is missing at its end");
    };
    let bad = |folder: &str| {
        folder.trim().is_empty() || folder.contains(FORBIDDEN) || folder.contains(char::is_control)
    };
    if folders.split('\\').any(bad) { Err("a folder in it cannot have such a name") } else { Ok(letter) }
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
        assert!(well_formed(mount).is_ok());
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
