//! LUNs, the disks on them, and the volumes on these.

use crate::map::IndexMap;

use super::{Check, LabPath, Named, Problem, missing};
use crate::lab::partitions::{self, SECTOR, SMALLEST_LUN};
use crate::lab::suggest::{list, nearest_or_all};
use crate::lab::{Lun, PartitionStyle, Size, Volume};
use crate::storage::FileSystem;

/// Entries of a partition table.
const MBR_ENTRIES: usize = 4;
const GPT_ENTRIES: usize = 128;
const FILE_SYSTEMS: &[&str] = &["NTFS", "ReFS", "FAT", "FAT32", "exFAT", "RAW"];

impl<'a> Check<'a> {
    pub(super) fn all_luns(&mut self) {
        for (index, lun) in self.lab.luns.iter().enumerate() {
            let path = LabPath::item("lun", index);
            if let Some(array) = &lun.array
                && self.arrays.position(array).is_none()
            {
                let who = format!("LUN `{}`", lun.name);
                let problem = missing(who, "array", "arrays", array, self.arrays.iter(), path.key("array"));
                self.report(problem);
            }
            self.lun_hosts(lun, path);
            self.lun_size(lun, path);
            if let Some(naa) =
                lun.identity.as_ref().filter(|it| it.naa_bytes().is_none()).and_then(|it| it.naa.as_ref())
            {
                let what = format!("`{naa}` cannot be the NAA identifier of LUN `{}`", lun.name);
                let place = path.key("identity").key("naa");
                self.report(Problem::new(what, place, "").help("it is 16 or 32 hex digits"));
            }
            if let Err(why) = lun.given_signature() {
                let text = lun.signature.as_deref().unwrap_or_default();
                let what = format!("`{text}` cannot be the signature of LUN `{}`", lun.name);
                self.report(
                    Problem::new(what, path.key("signature"), why).help("leave it out to have one drawn"),
                );
            }
        }
    }

    fn lun_hosts(&mut self, lun: &Lun, path: LabPath) {
        let Some(hosts) = &lun.hosts else { return };
        for (place, host) in hosts.iter().enumerate() {
            if self.hosts.position(host).is_none() {
                let (who, path) = (format!("LUN `{}`", lun.name), path.key("hosts").index(place));
                let problem = missing(who, "host", "hosts", host, self.hosts.iter(), path);
                self.report(problem);
            }
        }
        if !lun.is_shared() && hosts.len() > 1 {
            let what = format!("`{}` is a local disk, so only one host can see it", lun.name);
            let help = "name one host, or put the LUN on an array";
            self.report(Problem::new(what, path.key("hosts"), format!("{} hosts", hosts.len())).help(help));
        }
    }

    fn lun_size(&mut self, lun: &Lun, path: LabPath) {
        let what = if lun.size < SMALLEST_LUN {
            format!("LUN `{}` is smaller than {SMALLEST_LUN}", lun.name)
        } else if !lun.size.0.is_multiple_of(SECTOR) {
            format!("the size of LUN `{}` is not a multiple of {SECTOR} bytes", lun.name)
        } else {
            return;
        };
        let help = "a disk needs room for its partition tables and one volume, in whole sectors";
        self.report(Problem::new(what, path.key("size"), format!("{} bytes", lun.size.0)).help(help));
    }

    pub(super) fn all_volumes(&mut self) {
        for (index, volume) in self.lab.volumes.iter().enumerate() {
            let (who, path) = (Named(volume, index), LabPath::item("volume", index));
            if volume.luns.is_empty() {
                let what = format!("{who} lies on no LUN");
                self.report(Problem::new(what, path.key("luns"), "empty").help("name the LUN it lies on"));
            }
            for (place, name) in volume.luns.iter().enumerate() {
                let path = path.key("luns").index(place);
                if self.lun(name).is_none() {
                    let problem = missing(who, "LUN", "LUNs", name, self.luns.iter(), path);
                    self.report(problem);
                } else if volume.luns[..place].contains(name) {
                    let what = format!("{who} names the LUN `{name}` twice");
                    self.report(
                        Problem::new(what, path, "again").help("a volume has one partition on a LUN"),
                    );
                }
            }
            if volume.size.is_some_and(|size| size.0 == 0 || !size.0.is_multiple_of(SECTOR)) {
                let what = format!("the size of {who} is not a multiple of {SECTOR} bytes above zero");
                self.report(Problem::new(what, path.key("size"), ""));
            }
            if FileSystem::from_name(&volume.file_system).is_none() {
                let what = format!("`{}` is no file system", volume.file_system);
                let help = nearest_or_all("possible are", &volume.file_system, FILE_SYSTEMS);
                self.report(Problem::new(what, path.key("file-system"), "").help(help));
            }
            if volume.directory.as_ref().is_some_and(|directory| directory.trim().is_empty()) {
                let what = format!("the directory of {who} has no name");
                let help = "name a directory of the machine that the lab runs on, or leave `directory` out";
                self.report(Problem::new(what, path.key("directory"), "empty").help(help));
            }
            self.volume_disks(volume, who, path);
        }
    }

    fn volume_disks(&mut self, volume: &'a Volume, who: Named<'_>, path: LabPath) {
        let luns: Vec<_> = self.luns_of(volume).collect();
        for (place, index, lun) in &luns {
            let path = path.key("luns").index(*place);
            let disk = LabPath::item("lun", *index);
            if lun.style == PartitionStyle::Raw {
                let what = format!("{who} lies on LUN `{}`, which has no partition table", lun.name);
                let problem = Problem::new(what, path, "a raw disk").also(disk.key("style"), "raw here");
                self.report(problem.help("make its `style` \"gpt\" or \"mbr\""));
            } else if luns.len() > 1 && !lun.dynamic {
                let what = format!("{who} spans several LUNs, but the disk on `{}` is not dynamic", lun.name);
                let problem = Problem::new(what, path, "a basic disk").also(disk, "this LUN");
                self.report(problem.help("add `dynamic = true` to the LUN, or put the volume on one LUN"));
            }
        }
        let Some((first, rest)) = luns.split_first() else { return };
        for (place, _, lun) in rest {
            if self.hosts_of(lun) != self.hosts_of(first.2) {
                let what =
                    format!("{who} spans `{}` and `{}`, which different hosts see", first.2.name, lun.name);
                let path = path.key("luns").index(*place);
                self.report(Problem::new(what, path, "").help("give both LUNs the same `hosts`"));
            }
        }
    }

    /// What the volumes of a disk need together, and signatures.
    pub(super) fn all_disks(&mut self) {
        let mut volumes_on = vec![Vec::new(); self.lab.luns.len()];
        for (index, volume) in self.lab.volumes.iter().enumerate() {
            for (_, lun, _) in self.luns_of(volume) {
                volumes_on[lun].push(index);
            }
        }
        for (lun, volumes) in volumes_on.into_iter().enumerate() {
            self.room(lun, &volumes);
            self.entries(lun, &volumes);
        }
        self.signatures();
    }

    fn room(&mut self, index: usize, volumes: &[usize]) {
        let lun = &self.lab.luns[index];
        let sizes: Vec<Option<Size>> = volumes.iter().map(|volume| self.lab.volumes[*volume].size).collect();
        let (needed, room) = (partitions::needed(&sizes), partitions::room(lun));
        if needed <= room || lun.style == PartitionStyle::Raw || lun.size < SMALLEST_LUN {
            return;
        }
        let names: Vec<String> = volumes
            .iter()
            .map(|volume| self.lab.volumes[*volume].mount.first().cloned().unwrap_or_default())
            .collect();
        let names: Vec<&str> = names.iter().map(|name| &**name).collect();
        let what = format!("the volumes of LUN `{}` do not fit on it: {}", lun.name, list(&names));
        let label = format!("room for {room}, but {needed} are needed");
        let mut problem = Problem::new(what, LabPath::item("lun", index).key("size"), label);
        for (volume, _) in volumes.iter().zip(&sizes).filter(|(_, size)| size.is_some()) {
            problem = problem.also(LabPath::item("volume", *volume).key("size"), "");
        }
        self.report(problem.help("1 MiB at either end of a disk is kept, and volumes take up whole MiB"));
    }

    /// Volumes of a dynamic disk have no entries in its partition table.
    fn entries(&mut self, index: usize, volumes: &[usize]) {
        let lun = &self.lab.luns[index];
        let (most, table, help) = match lun.style {
            _ if lun.dynamic => return,
            PartitionStyle::Mbr => {
                (MBR_ENTRIES, "an MBR", "make the LUN's `style` \"gpt\", or move a volume")
            }
            PartitionStyle::Gpt => (GPT_ENTRIES, "a GPT", "move volumes to other LUNs"),
            PartitionStyle::Raw => return,
        };
        let Some(surplus) = volumes.get(most) else { return };
        let what =
            format!("LUN `{}` has {} volumes, but {table} has {most} entries", lun.name, volumes.len());
        let path = LabPath::item("volume", *surplus);
        let problem = Problem::new(what, path, "one too many").also(LabPath::item("lun", index), "this LUN");
        self.report(problem.help(help));
    }

    /// Two disks with one signature cannot both be online on a host.
    fn signatures(&mut self) {
        let mut seen = IndexMap::default();
        for (index, lun) in self.lab.luns.iter().enumerate() {
            let Ok(Some(signature)) = lun.given_signature() else { continue };
            for host in self.hosts_of(lun) {
                let policy = self.lab.hosts[host].san_policy;
                if !policy.brings_online(lun.is_shared()) {
                    continue;
                }
                let first: usize = *seen.entry((host, signature)).or_insert(index);
                if first == index {
                    continue;
                }
                let (one, host) = (&self.lab.luns[first].name, &self.lab.hosts[host].name);
                let what = format!(
                    "`{one}` and `{}` have the same signature and both go online on `{host}`",
                    lun.name
                );
                let path = LabPath::item("lun", index).key("signature");
                let earlier = LabPath::item("lun", first).key("signature");
                let problem = Problem::new(what, path, "used again").also(earlier, "first used here");
                self.report(problem.help(
                    "change one, show them to different `hosts`, or give the host a `san-policy` that keeps one offline",
                ));
            }
        }
    }
}
