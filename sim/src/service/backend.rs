//! The simulator as a [`Backend`].

use crate::api::{
    Action, Answer, Backend, Call, Capabilities, Object, ProviderCall, ProviderId, ProviderObject,
    ProviderReply, Question, Reply, Target, Unavailable,
};
use crate::lab::{CallerRole, Fault, Lab, Provider, ProviderKind};
use crate::provider::{FileShareProvider, SystemProvider};

use super::copies::devices::{self, Device};
use super::simulator::Simulator;
use super::world::volumes::host_id;

impl Backend for Simulator {
    fn target(&self) -> Target {
        // Requesters run on the first host, whatever host the actions are about.
        Target { backend: "sim".to_owned(), os: self.world.os(0).to_string() }
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::all()
    }

    fn load(&mut self, lab: &Lab) -> Result<(), Unavailable> {
        *self = Self::with_providers(lab, self.make_provider.clone())
            .map_err(|error| Unavailable::because(error.to_string()))?;
        Ok(())
    }

    fn call(&mut self, on: Object, call: &Call) -> Reply {
        self.dispatch(on, call)
    }

    fn call_provider(
        &mut self,
        provider: ProviderId,
        on: ProviderObject,
        call: &ProviderCall,
    ) -> Result<ProviderReply, Unavailable> {
        let kind = self.world.registered_on(self.at).find(|registered| registered.id == provider);
        let Some(kind) = kind.map(|registered| registered.kind) else {
            return Err(Unavailable::because(format!("no provider {provider} is registered")));
        };
        // VSS reaches it by another way before its interface is there.
        if kind == ProviderKind::FileShare && !self.world.os(self.at).shows_file_share_provider() {
            return Err(Unavailable::because(format!(
                "{} has no IVssFileShareSnapshotProvider",
                self.world.os(self.at)
            )));
        }
        self.world.provider_caller = self.world.caller;
        let (reply, _) = self.world.call_troubled_provider(self.at, provider, on, call);
        self.world.provider_caller = CallerRole::Administrator;
        self.pass(reply.took_ms);
        Ok(reply)
    }

    fn act(&mut self, action: &Action) -> Result<(), Unavailable> {
        match action {
            Action::Elapse { ms } => self.elapse(*ms),
            Action::BecomeCaller { role } => self.world.caller = *role,
            Action::WriteVolume { volume, offset, bytes } => self.write_volume(volume, *offset, bytes)?,
            Action::HoldDisk { volume, for_ms } => self.hold_disk(volume, *for_ms)?,
            Action::UnregisterProvider { provider } => self.unregister(*provider)?,
            Action::DowngradeProvider { provider } => self.downgrade(*provider)?,
            Action::Fault(fault) => self.add_fault(fault)?,
            Action::MaskLun { lun } => self.mask_everywhere(lun)?,
            Action::PresentLun { lun, host } => {
                let (id, host) = (self.lun_named(lun)?, self.host_numbered(*host)?);
                let presented = self.world.storage.unmask(id, host_id(host));
                presented.map_err(|error| Unavailable::because(error.to_string()))?;
                self.world.rescan();
            }
            Action::MoveVirtualDisk { volume, onto } => self.move_virtual_disk(volume, onto)?,
            Action::Rescan => self.world.rescan(),
            Action::TurnTo { host } => self.at = self.host_numbered(*host)?,
            Action::EndProcess { session } => self.end_process(*session)?,
            Action::Restart { host } => {
                let host = self.host_numbered(*host)?;
                self.restart(host);
            }
            Action::RestartInto { host, mode } => {
                let host = self.host_numbered(*host)?;
                self.world.hosts[host].mode = *mode;
                self.world.offer_shares();
                self.restart(host);
            }
            Action::WatchProviders => self.world.provider_calls = Some(Vec::new()),
        }
        Ok(())
    }

    fn ask(&self, question: &Question) -> Result<Answer, Unavailable> {
        self.answer(question)
    }
}

impl Simulator {
    /// The host of that number, counted from 1.
    pub(super) fn host_numbered(&self, number: u32) -> Result<usize, Unavailable> {
        let host = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        let host = host.filter(|host| *host < self.world.hosts.len());
        host.ok_or_else(|| {
            Unavailable::because(format!("the lab has no host {number}: it has {}", self.hosts_listed()))
        })
    }

    /// The hosts with their numbers.
    pub(super) fn hosts_listed(&self) -> String {
        let hosts =
            self.world.hosts.iter().zip(1..).map(|(host, number)| format!("{number} `{}`", host.name));
        hosts.collect::<Vec<_>>().join(", ")
    }

    /// The volume that somebody outside names.
    pub(super) fn named_volume(&self, name: &str) -> Result<crate::api::VolumeGuid, Unavailable> {
        self.world.volume(self.at, name).ok_or_else(|| {
            Unavailable::because(format!("there is no volume `{name}` on {}", self.world.hosts[self.at].name))
        })
    }

    /// Copies of a software provider go with it: nobody else can show them.
    fn unregister(&mut self, provider: ProviderId) -> Result<(), Unavailable> {
        if [SystemProvider::ID, FileShareProvider::ID].contains(&provider) {
            return Err(Unavailable::because("a provider that comes with Windows stays registered"));
        }
        if self.world.is_software(provider) {
            self.world.software.retain(|registered| registered.id != provider);
        } else {
            let index = self.registered(provider)?;
            self.world.force_out(provider);
            self.world.providers.remove(index);
        }
        Ok(())
    }

    /// The provider comes without its `Ex` interface from now on.
    fn downgrade(&mut self, provider: ProviderId) -> Result<(), Unavailable> {
        let index = self.registered(provider)?;
        self.world.force_out(provider);
        let registered = &mut self.world.providers[index];
        let mut abilities = registered.abilities.clone();
        abilities.ex = false;
        let made = registered.on_host.iter().map(|_| (self.make_provider)(&abilities));
        registered.on_host = made.collect::<Result<_, _>>().map_err(Unavailable::because)?;
        registered.abilities = abilities;
        Ok(())
    }

    fn add_fault(&mut self, fault: &Fault) -> Result<(), Unavailable> {
        let named = |name: &str, kind| Provider { kind, ..Provider::new(name) };
        let hardware =
            self.world.providers.iter().map(|registered| named(&registered.name, ProviderKind::Hardware));
        let built_in = [SystemProvider::ID, FileShareProvider::ID];
        let software = self.world.software.iter().filter(|registered| !built_in.contains(&registered.id));
        let software = software.map(|registered| named(&registered.name, ProviderKind::Software));
        let providers = hardware.chain(software).collect();
        // Every host has the same ones.
        let writers = self.world.hosts.first().into_iter().flat_map(|host| &host.writers);
        let writers = writers.map(|writer| &*writer.name).collect();
        fault.check(providers, writers).map_err(|error| Unavailable::because(error.to_string()))?;
        self.world.faults.add(fault.clone());
        Ok(())
    }

    /// No host sees the LUN any more.
    fn mask_everywhere(&mut self, lun: &str) -> Result<(), Unavailable> {
        let id = self.lun_named(lun)?;
        for host in 0..self.world.hosts.len() {
            let masked = self.world.storage.mask(id, host_id(host));
            masked.map_err(|error| Unavailable::because(error.to_string()))?;
        }
        self.world.rescan();
        Ok(())
    }

    fn write_volume(&mut self, name: &str, offset: u64, bytes: &[u8]) -> Result<(), Unavailable> {
        let device = devices::find(&self.world, self.at, name)?;
        if matches!(device, Device::Copy(_) | Device::Kept(_)) {
            return Err(Unavailable::because(format!("`{name}` is a shadow copy, which is read-only")));
        }
        let volume = device
            .volume(&self.world, self.at)
            .ok_or_else(|| Unavailable::because(format!("there is no volume behind `{name}` any more")))?;
        if self.world.is_locked(self.at, volume) {
            return Err(Unavailable::because(
                "VSS holds the volume's disk exclusively while it is resynchronised",
            ));
        }
        let written = self.world.storage.write_volume(host_id(self.at), volume, offset, bytes);
        written.map_err(|error| Unavailable::because(error.to_string()))
    }

    fn registered(&self, provider: ProviderId) -> Result<usize, Unavailable> {
        let index = self.world.providers.iter().position(|registered| registered.id == provider);
        index.ok_or_else(|| Unavailable::because(format!("no hardware provider {provider} is registered")))
    }

    fn hold_disk(&mut self, volume: &str, for_ms: Option<u64>) -> Result<(), Unavailable> {
        let device = devices::find(&self.world, self.at, volume)?;
        let (luns, open) = (device.luns(&self.world, self.at), device.volume(&self.world, self.at));
        if luns.is_empty() {
            return Err(Unavailable::because(format!("`{volume}` has no disk of its own")));
        }
        if luns.iter().any(|lun| self.world.disk_of(self.at, *lun).is_none()) {
            return Err(Unavailable::because(format!("the disks behind `{volume}` are not there")));
        }
        let now_ms = self.world.clock.now_ms();
        let until_ms = for_ms.map(|ms| now_ms.saturating_add(ms));
        for lun in luns {
            let disk = self.world.disk_of(self.at, lun);
            let host = self.world.storage.host_mut(host_id(self.at)).ok();
            let Some(disk) = disk.zip(host).and_then(|(disk, host)| host.disk_mut(disk)) else { continue };
            disk.hold("another program", open, now_ms, until_ms)
                .map_err(|held| Unavailable::because(format!("the disk cannot be opened: {held}")))?;
        }
        Ok(())
    }
}
