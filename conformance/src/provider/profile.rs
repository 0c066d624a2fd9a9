//! Profiles: what a hardware provider claims to be, and so which cases it may not skip.

use std::fmt;

use crate::case::Case;
use crate::cases::hardware_provider as cases;

/// What a provider claims to be able to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Profile {
    /// What every hardware provider has to do.
    #[default]
    Basic,
    /// And its shadow copies can be moved to another host.
    Transportable,
    /// And it makes full copies when asked.
    Plex,
    /// And it makes differential copies when asked.
    Differential,
    /// And it copies shadow copies back to LUNs.
    Resync,
}

impl Profile {
    /// Whether a provider that claims this may not skip the case. Any other it may: it is judged by what it offers.
    pub fn demands(self, case: &Case) -> bool {
        let own: &[&[Case]] = match self {
            Self::Basic => &[],
            Self::Transportable => cases::TRANSPORTABLE,
            Self::Plex => cases::PLEX,
            Self::Differential => cases::DIFFERENTIAL,
            Self::Resync => cases::RESYNC,
        };
        let demanded = cases::BASIC.iter().chain(own).copied().flatten();
        demanded.into_iter().any(|demanded| demanded.name == case.name && demanded.outcome == case.outcome)
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Basic => "basic",
            Self::Transportable => "transportable",
            Self::Plex => "plex",
            Self::Differential => "differential",
            Self::Resync => "resync",
        })
    }
}
