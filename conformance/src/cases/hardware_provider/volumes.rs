//! The volumes of a lab by what they are good for.

use vss_sim::lab::{Lab, Lun, Provider, ProviderKind, Size, Volume};

use crate::case::Stop;

/// What lies where, as far as a provider cares.
#[derive(Clone, Debug)]
pub(super) struct Volumes {
    /// Each alone on one LUN of the provider's array: at least two.
    pub(super) single: Vec<String>,
    /// Two or more on one LUN.
    pub(super) shared: Vec<String>,
    /// On two LUNs.
    pub(super) spanned: String,
    /// On a disk that no provider manages.
    pub(super) foreign: String,
}

const SPANNED: &str = r"Z:\";
/// The size of each LUN under the spanned volume.
pub(super) const SPANNED_LUN_BYTES: u64 = 64 << 20;
const LARGE: &str = r"Y:\";

impl Volumes {
    /// Those of the lab, with a spanned volume added to it.
    pub(super) fn of(lab: &mut Lab) -> Result<Self, Stop> {
        let array = array_of_provider(lab)
            .ok_or_else(|| Stop::skipped("no array of the lab names the provider that is under test"))?;
        add_spanned(lab, &array);
        let lies_on = |volume: &Volume, wanted: Option<&str>| {
            let lun = volume.luns.first().and_then(|name| lab.luns.iter().find(|lun| lun.name == *name));
            lun.is_some_and(|lun| lun.array.as_deref() == wanted)
        };
        let neighbours =
            |volume: &Volume| lab.volumes.iter().filter(|other| other.luns == volume.luns).count();
        let name = |volume: &Volume| volume.mount.first().cloned();
        let on_one =
            lab.volumes.iter().filter(|volume| volume.luns.len() == 1 && lies_on(volume, Some(&array)));
        let (single, shared): (Vec<_>, Vec<_>) = on_one.partition(|volume| neighbours(volume) == 1);
        let group = shared.first().map(|volume| volume.luns.clone()).unwrap_or_default();
        let foreign = lab.volumes.iter().find(|volume| lies_on(volume, None)).and_then(name);
        let volumes = Self {
            single: single.into_iter().filter_map(name).collect(),
            shared: shared.into_iter().filter(|volume| volume.luns == group).filter_map(name).collect(),
            spanned: SPANNED.to_owned(),
            foreign: foreign.ok_or_else(|| Stop::skipped("the lab has no volume beside the array"))?,
        };
        if volumes.single.len() < 2 || volumes.shared.len() < 2 {
            let need =
                "the lab needs two volumes alone on LUNs of the provider's array and two that share one";
            return Err(Stop::skipped(need));
        }
        Ok(volumes)
    }
}

/// The provider that the suite is about: somebody's class, or else the first.
pub fn under_test(lab: &Lab) -> Option<&Provider> {
    let mut hardware = lab.providers.iter().filter(|provider| provider.kind == ProviderKind::Hardware);
    let first = hardware.clone().next();
    hardware.find(|provider| provider.com.is_some()).or(first)
}

/// The array that this provider manages.
fn array_of_provider(lab: &Lab) -> Option<String> {
    let provider = &under_test(lab)?.name;
    let array = lab.arrays.iter().find(|array| array.provider.as_deref() == Some(provider))?;
    Some(array.name.clone())
}

fn add_spanned(lab: &mut Lab, array: &str) {
    let luns = ["span-1", "span-2"];
    for name in luns {
        let on_array = Some(array.to_owned());
        lab.luns.push(Lun { array: on_array, dynamic: true, ..Lun::new(name, Size(SPANNED_LUN_BYTES)) });
    }
    let mut volume = Volume::new(SPANNED, luns[0]);
    volume.luns = luns.map(str::to_owned).to_vec();
    lab.volumes.push(volume);
}

/// Adds a volume on a LUN that is larger than any that it could be a copy of; answers its name.
pub(super) fn add_large(lab: &mut Lab) -> &'static str {
    let array = array_of_provider(lab);
    lab.luns.push(Lun { array, ..Lun::new("large", Size::mib(4096)) });
    lab.volumes.push(Volume::new(LARGE, "large"));
    LARGE
}
