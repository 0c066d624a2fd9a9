//! Labs with something more in them: changes for [`Lab::with`], and labs with more hosts or providers.

use vss_sim::api::Object;
use vss_sim::lab::{Array, Host, Lab, Lun, Os, Provider, Share, Size};

/// The second host.
pub(in crate::cases) const SECOND: Object = Object::Host(2);

/// Its name.
pub(in crate::cases) const SECOND_NAME: &str = "SRV-2";

/// The requester's host has that system.
pub(in crate::cases) fn with_os(lab: &Lab, os: Os) -> Lab {
    lab.clone().with_host(|host| host.os = os)
}

/// The volume has that mounted folder too.
pub(in crate::cases) fn also_mounted(volume: &str, folder: &str) -> impl Fn(&mut Lab) {
    move |lab| {
        lab.volume_mut(volume).into_iter().for_each(|volume| volume.mount.push(folder.to_owned()));
    }
}

/// The volume has that file system.
pub(in crate::cases) fn with_file_system(volume: &str, name: &str) -> impl Fn(&mut Lab) {
    move |lab| {
        lab.volume_mut(volume).into_iter().for_each(|volume| name.clone_into(&mut volume.file_system));
    }
}

/// The first host shares `D:\` under that name.
pub(in crate::cases) fn with_share(name: &str) -> impl Fn(&mut Lab) {
    move |lab| {
        let path = share(lab, name);
        lab.shares.push(Share::new(path.trim_end_matches('\\'), r"D:\"));
    }
}

/// The path of a share of the first host, with a backslash at its end.
pub(in crate::cases) fn share(lab: &Lab, name: &str) -> String {
    let host = lab.hosts.first().map(|host| host.name.clone()).unwrap_or_default();
    format!(r"\\{host}\{name}\")
}

/// The lab with a second host beside the first; both see the LUNs of the array.
pub(in crate::cases) fn two_hosts(lab: &Lab) -> Lab {
    lab.clone().with(|lab| {
        let os = lab.hosts.first().map_or(Os::WindowsServer2022, |host| host.os);
        lab.hosts.push(Host::new(SECOND_NAME, os));
    })
}

/// The same, but only the first host sees them.
pub(in crate::cases) fn originals_apart(lab: &Lab) -> Lab {
    two_hosts(lab).with(|lab| {
        let first = lab.hosts[0].name.clone();
        for lun in lab.luns.iter_mut().filter(|lun| lun.array.is_some()) {
            lun.hosts = Some(vec![first.clone()]);
        }
    })
}

/// A second hardware provider.
pub(in crate::cases) const OTHER: &str = "Second Provider";

/// The lab with that provider and an array of its own, on which E: lies.
pub(in crate::cases) fn two_providers(lab: &Lab) -> Lab {
    lab.clone().with(|lab| {
        lab.providers.push(Provider::new(OTHER));
        lab.arrays.push(Array { name: "second-san".into(), provider: Some(OTHER.into()) });
        if let Some(lun) = lab.lun_mut("data-e") {
            lun.array = Some("second-san".into());
        }
    })
}

/// D: spans two dynamic disks, on hosts with that system.
pub(in crate::cases) fn dynamic(lab: &Lab, os: Os) -> Lab {
    two_hosts(lab).with(|lab| {
        lab.hosts.iter_mut().for_each(|host| host.os = os);
        let Some(first) = lab.lun_mut("data-d") else { return };
        first.dynamic = true;
        let second = Lun { name: "data-d-2".into(), ..first.clone() };
        let size = Size(first.size.0);
        lab.luns.push(Lun { size, signature: None, identity: None, ..second });
        if let Some(volume) = lab.volume_mut(r"D:\") {
            volume.luns.push("data-d-2".into());
        }
    })
}

/// Two nodes of a cluster, and a third host beside them.
pub(in crate::cases) fn cluster(lab: &Lab) -> Lab {
    two_hosts(lab).with(|lab| {
        lab.hosts.iter_mut().for_each(|host| host.cluster = Some("CLUSTER".into()));
        let os = lab.hosts[0].os;
        lab.hosts.push(Host::new("OUTSIDE", os));
    })
}
