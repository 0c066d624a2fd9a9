//! Labs with something more in them. What a change needs and the lab has not skips the case.

use vss_sim::api::Object;
use vss_sim::lab::{Array, Host, Lab, Lun, Os, Provider, ProviderKind, Share, Size, Volume};

use crate::case::{Checked, Stop};

/// The second host.
pub(in crate::cases) const SECOND: Object = Object::Host(2);

/// Its name.
pub(in crate::cases) const SECOND_NAME: &str = "SRV-2";

/// The requester's host has that system.
pub(in crate::cases) fn with_os(lab: &Lab, os: Os) -> Lab {
    lab.clone().with_host(|host| host.os = os)
}

/// The lab with a change for which it needs to have something: without it the case is skipped, and does not pass for
/// nothing.
pub(in crate::cases) fn changed(lab: &Lab, change: impl FnOnce(&mut Lab) -> Checked) -> Result<Lab, Stop> {
    let mut lab = lab.clone();
    change(&mut lab)?;
    Ok(lab)
}

/// The lab's volume of that name.
pub(in crate::cases) fn volume_in<'l>(lab: &'l mut Lab, volume: &str) -> Result<&'l mut Volume, Stop> {
    lab.volume_mut(volume).ok_or_else(|| Stop::skipped(format!("the lab has no volume {volume}")))
}

/// The first LUN under a volume of the lab.
pub(in crate::cases) fn lun_under<'l>(lab: &'l mut Lab, volume: &str) -> Result<&'l mut Lun, Stop> {
    let name = volume_in(lab, volume)?.luns.first().cloned();
    let lun = name.and_then(|name| lab.lun_mut(&name));
    lun.ok_or_else(|| Stop::skipped(format!("no LUN is under volume {volume} of the lab")))
}

/// The volume has that mounted folder too.
pub(in crate::cases) fn also_mounted(lab: &Lab, volume: &str, folder: &str) -> Result<Lab, Stop> {
    changed(lab, |lab| {
        volume_in(lab, volume)?.mount.push(folder.to_owned());
        Ok(())
    })
}

/// The volume has that file system.
pub(in crate::cases) fn with_file_system(volume: &str, name: &str) -> impl Fn(&mut Lab) -> Checked {
    move |lab| {
        name.clone_into(&mut volume_in(lab, volume)?.file_system);
        Ok(())
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

/// A change of the lab: a software provider of that name, adjusted, beside the system provider.
pub(in crate::cases) fn with_software_provider(
    name: &str,
    adjust: impl FnOnce(&mut Provider),
) -> impl FnOnce(&mut Lab) {
    let mut provider = Provider { kind: ProviderKind::Software, ..Provider::new(name) };
    adjust(&mut provider);
    move |lab| lab.providers.push(provider)
}

/// The lab with that provider and an array of its own, on which E: lies.
pub(in crate::cases) fn two_providers(lab: &Lab) -> Result<Lab, Stop> {
    changed(lab, |lab| {
        lab.providers.push(Provider::new(OTHER));
        lab.arrays.push(Array { name: "second-san".into(), provider: Some(OTHER.into()) });
        lun_under(lab, r"E:\")?.array = Some("second-san".into());
        Ok(())
    })
}

/// D: spans two dynamic disks, on hosts with that system.
pub(in crate::cases) fn dynamic(lab: &Lab, os: Os) -> Result<Lab, Stop> {
    changed(&two_hosts(lab), |lab| {
        lab.hosts.iter_mut().for_each(|host| host.os = os);
        let first = lun_under(lab, r"D:\")?;
        first.dynamic = true;
        let second = Lun { name: format!("{}-2", first.name), ..first.clone() };
        let (name, size) = (second.name.clone(), Size(first.size.0));
        lab.luns.push(Lun { size, signature: None, identity: None, ..second });
        volume_in(lab, r"D:\")?.luns.push(name);
        Ok(())
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

/// `V:\` on a virtual disk that is a file on `C:\`, `W:\` on one that is a file on `V:\`, and `U:\` on one on `C:\` again.
pub(in crate::cases) fn with_virtual_disks(lab: &mut Lab) {
    for (mount, holder) in [(r"V:\", r"C:\"), (r"W:\", r"V:\"), (r"U:\", r"C:\")] {
        let lun = format!("virtual disk of {mount}");
        lab.luns.push(Lun::new(&lun, Size::mib(64)));
        lab.volumes.push(Volume { vhd_on: Some(holder.to_owned()), ..Volume::new(mount, lun) });
    }
}
