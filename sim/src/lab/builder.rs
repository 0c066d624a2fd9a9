//! Labs written in code.

use super::suggest::known_names;
use super::{
    Array, Component, Fault, Host, Lab, LabError, LabPath, Lun, Os, Problem, Provider, ProviderKind,
    Readings, Share, Size, Volume, Writer,
};

/// Builds a lab step by step; [`LabBuilder::build`] checks it as a whole.
///
/// ```
/// use vss_sim::lab::{Lab, Os, Size};
///
/// let lab = Lab::builder("two volumes")
///     .host("SRV", Os::WindowsServer2022)
///     .provider("Array Provider")
///     .array("san", "Array Provider")
///     .lun("data", Size::gib(1))
///     .lun_with("quorum", Size::gib(1), |lun| lun.quorum = true)
///     .volume("D:\\", "data")
///     .volume("Q:\\", "quorum")
///     .writer("Database Writer", [("sales", "D:\\")])
///     .build()?;
/// assert_eq!(lab.luns.len(), 2);
/// # Ok::<(), vss_sim::lab::LabError>(())
/// ```
#[derive(Clone, Debug)]
pub struct LabBuilder {
    lab: Lab,
}

impl Lab {
    /// Starts an empty lab.
    pub fn builder(name: impl Into<String>) -> LabBuilder {
        LabBuilder { lab: Self::empty(name) }
    }

    /// A lab without even a host, which [`Lab::check`] refuses.
    pub(super) fn empty(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            seed: 0,
            caller: super::CallerRole::default(),
            hosts: Vec::new(),
            providers: Vec::new(),
            arrays: Vec::new(),
            luns: Vec::new(),
            volumes: Vec::new(),
            shares: Vec::new(),
            writers: Vec::new(),
            faults: Vec::new(),
            readings: Readings::default(),
        }
    }
}

impl LabBuilder {
    /// Draws ids from another seed than 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.lab.seed = seed;
        self
    }

    /// Adjusts anything.
    pub fn with(mut self, adjust: impl FnOnce(&mut Lab)) -> Self {
        adjust(&mut self.lab);
        self
    }

    /// Adds a host.
    pub fn host(self, name: &str, os: Os) -> Self {
        self.host_with(name, os, |_| ())
    }

    /// Adds a host, adjusted.
    pub fn host_with(mut self, name: &str, os: Os, adjust: impl FnOnce(&mut Host)) -> Self {
        self.lab.hosts.push(adjusted(Host::new(name, os), adjust));
        self
    }

    /// Registers a hardware provider that can do everything.
    pub fn provider(self, name: &str) -> Self {
        self.provider_with(name, |_| ())
    }

    /// Registers a hardware provider, adjusted.
    pub fn provider_with(mut self, name: &str, adjust: impl FnOnce(&mut Provider)) -> Self {
        self.lab.providers.push(adjusted(Provider::new(name), adjust));
        self
    }

    /// Registers a software provider.
    pub fn software_provider(self, name: &str) -> Self {
        self.provider_with(name, |provider| provider.kind = ProviderKind::Software)
    }

    /// Shares a volume.
    pub fn share(mut self, path: &str, volume: &str) -> Self {
        self.lab.shares.push(Share::new(path, volume));
        self
    }

    /// Adds an array; the LUNs that follow lie on it.
    pub fn array(mut self, name: &str, provider: &str) -> Self {
        self.lab.arrays.push(Array { name: name.to_owned(), provider: Some(provider.to_owned()) });
        self
    }

    /// Adds an array that no provider manages; the LUNs that follow lie on it.
    pub fn plain_array(mut self, name: &str) -> Self {
        self.lab.arrays.push(Array { name: name.to_owned(), provider: None });
        self
    }

    /// Adds a GPT LUN on the array that came last, or a local disk before the first array.
    pub fn lun(self, name: &str, size: Size) -> Self {
        self.lun_with(name, size, |_| ())
    }

    /// Adds a LUN as [`LabBuilder::lun`] does, adjusted.
    pub fn lun_with(mut self, name: &str, size: Size, adjust: impl FnOnce(&mut Lun)) -> Self {
        let array = self.lab.arrays.last().map(|array| array.name.clone());
        self.lab.luns.push(adjusted(Lun { array, ..Lun::new(name, size) }, adjust));
        self
    }

    /// Adds a local disk of the first host.
    pub fn disk(self, name: &str, size: Size) -> Self {
        self.lun_with(name, size, |lun| lun.array = None)
    }

    /// Adds a volume on a LUN, as large as there is room.
    pub fn volume(self, mount: &str, lun: &str) -> Self {
        self.volume_with(mount, lun, |_| ())
    }

    /// Adds a volume, adjusted.
    pub fn volume_with(mut self, mount: &str, lun: &str, adjust: impl FnOnce(&mut Volume)) -> Self {
        self.lab.volumes.push(adjusted(Volume::new(mount, lun), adjust));
        self
    }

    /// Adds a writer with components, each on one volume.
    pub fn writer<'a>(self, name: &str, components: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let components =
            components.into_iter().map(|(name, volume)| Component::new(name, [volume])).collect();
        self.writer_with(name, |writer| writer.components = components)
    }

    /// Adds a writer without components, adjusted.
    pub fn writer_with(mut self, name: &str, adjust: impl FnOnce(&mut Writer)) -> Self {
        self.lab.writers.push(adjusted(Writer::new(name), adjust));
        self
    }

    /// Lets something go wrong.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.lab.faults.push(fault);
        self
    }

    /// Chooses how the documentation is read.
    pub fn readings(mut self, choose: impl FnOnce(&mut Readings)) -> Self {
        choose(&mut self.lab.readings);
        self
    }

    /// The lab, if it is right.
    pub fn build(self) -> Result<Lab, LabError> {
        self.lab.check()?;
        Ok(self.lab)
    }
}

/// For cases that need a lab a little different.
impl Lab {
    /// This lab with something that goes wrong.
    pub fn with_fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// This lab with the documentation read otherwise.
    pub fn with_readings(mut self, choose: impl FnOnce(&mut Readings)) -> Self {
        choose(&mut self.readings);
        self
    }

    /// This lab with another first host, the one that requesters run on.
    pub fn with_host(mut self, adjust: impl FnOnce(&mut Host)) -> Self {
        self.host_mut().map(adjust);
        self
    }

    /// This lab with the files of a directory on the volume that is mounted there (`D:\\`).
    ///
    /// # Errors
    /// No volume is mounted there: which mount points there are.
    pub fn with_directory(mut self, mount: &str, directory: impl Into<String>) -> Result<Self, LabError> {
        let Some(volume) = self.volume_mut(mount) else {
            let mounts = self.volumes.iter().flat_map(|volume| &volume.mount).map(String::as_str);
            let help = known_names("mount points", mount, mounts);
            let what = format!("no volume is mounted at `{mount}`");
            return Err(LabError::new(vec![Problem::new(what, LabPath::default(), "").help(help)]));
        };
        volume.directory = Some(directory.into());
        Ok(self)
    }

    /// This lab with everything changed that needs to be.
    pub fn with(mut self, adjust: impl FnOnce(&mut Self)) -> Self {
        adjust(&mut self);
        self
    }

    /// The first host, the one that requesters run on.
    pub fn host_mut(&mut self) -> Option<&mut Host> {
        self.hosts.first_mut()
    }

    /// The LUN of that name.
    pub fn lun_mut(&mut self, name: &str) -> Option<&mut Lun> {
        self.luns.iter_mut().find(|lun| lun.name == name)
    }

    /// The provider of that name.
    pub fn provider_mut(&mut self, name: &str) -> Option<&mut Provider> {
        self.providers.iter_mut().find(|provider| provider.name == name)
    }

    /// The writer of that name.
    pub fn writer_mut(&mut self, name: &str) -> Option<&mut Writer> {
        self.writers.iter_mut().find(|writer| writer.name == name)
    }

    /// The volume that is mounted there.
    pub fn volume_mut(&mut self, mount: &str) -> Option<&mut Volume> {
        self.volumes.iter_mut().find(|volume| volume.mount.iter().any(|it| it.eq_ignore_ascii_case(mount)))
    }
}

fn adjusted<T>(mut value: T, adjust: impl FnOnce(&mut T)) -> T {
    adjust(&mut value);
    value
}
