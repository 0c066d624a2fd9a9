//! What runs have come by, so that none of their checks holds for want of anything to check.

use std::collections::{BTreeMap, BTreeSet};

use vss_sim::api::HResult;

/// What a run has come by.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) resyncs: usize,
    pub(crate) failed_resyncs: usize,
    pub(crate) reverted: usize,
    pub(crate) reverts: usize,
    /// How often a copy of the system provider was looked at.
    pub(crate) software_copies: usize,
    /// How often a copy of a file share was.
    pub(crate) share_copies: usize,
    /// Copies that Query listed at the end of a run.
    pub(crate) listed_copies: usize,
    /// Copies that were imported, and those of them on another host than where they were made.
    pub(crate) imports: usize,
    pub(crate) imports_elsewhere: usize,
    /// Copies that were broken off.
    pub(crate) broken: usize,
    /// Copies that are gone, and those of them that went with their session.
    pub(crate) gone: usize,
    pub(crate) went_with_session: usize,
    pub(crate) exposures: usize,
    /// Restarts of a host that had copies.
    pub(crate) restarts: usize,
    /// Copies whose content was compared after their source had changed, and those of them on another host.
    pub(crate) told_apart: usize,
    pub(crate) told_apart_elsewhere: usize,
    /// How often somebody could not begin a set because of another.
    pub(crate) locked_out: usize,
    /// What imports and breaks came to.
    pub(crate) outcomes: BTreeMap<(&'static str, HResult), usize>,
    /// For which documented reasons calls were refused.
    pub(crate) reasons: BTreeMap<&'static str, usize>,
    /// Entries of the list of undocumented codes.
    pub(crate) listed: BTreeSet<usize>,
    /// Codes that may not come from where they came.
    pub(crate) unlisted: BTreeSet<String>,
}

impl Tally {
    /// How often that came of an import or a break.
    pub(crate) fn outcomes_of(&self, what: &'static str, code: HResult) -> usize {
        self.outcomes.get(&(what, code)).copied().unwrap_or_default()
    }

    /// How often a call was refused for that reason.
    pub(crate) fn refused_for(&self, reason: &str) -> usize {
        self.reasons.get(reason).copied().unwrap_or_default()
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.resyncs += other.resyncs;
        self.failed_resyncs += other.failed_resyncs;
        self.reverted += other.reverted;
        self.reverts += other.reverts;
        self.software_copies += other.software_copies;
        self.share_copies += other.share_copies;
        self.listed_copies += other.listed_copies;
        self.imports += other.imports;
        self.imports_elsewhere += other.imports_elsewhere;
        self.broken += other.broken;
        self.gone += other.gone;
        self.went_with_session += other.went_with_session;
        self.exposures += other.exposures;
        self.restarts += other.restarts;
        self.told_apart += other.told_apart;
        self.told_apart_elsewhere += other.told_apart_elsewhere;
        self.locked_out += other.locked_out;
        for (outcome, count) in &other.outcomes {
            *self.outcomes.entry(*outcome).or_default() += count;
        }
        for (reason, count) in &other.reasons {
            *self.reasons.entry(reason).or_default() += count;
        }
        self.listed.extend(&other.listed);
        self.unlisted.extend(other.unlisted.iter().cloned());
    }
}
