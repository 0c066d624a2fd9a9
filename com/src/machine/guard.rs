//! Which calls may be made where data is real.

use super::Facts;
use std::collections::{BTreeMap, BTreeSet};
use vss_sim::api::{Call, Guid, Object, Out, Reply, Text, Unavailable};

/// What somebody allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permission {
    /// Whether anything may be destroyed at all.
    pub destructive: bool,
    /// The unit serial numbers of the LUNs whose contents may be lost.
    pub luns: BTreeSet<String>,
}

/// What is allowed, and what calls have made so far.
#[derive(Debug)]
pub(super) struct Guard {
    permission: Permission,
    /// Shadow copies, each with its volume, and sets that were made through this backend.
    made: BTreeMap<Guid, Option<Text>>,
    /// The volumes that each object would overwrite.
    recovery_sets: BTreeMap<Object, Vec<Text>>,
}

impl Guard {
    pub(super) fn new(permission: Permission) -> Self {
        Self { permission, made: BTreeMap::new(), recovery_sets: BTreeMap::new() }
    }

    /// Whether the call may be made.
    pub(super) fn check(&self, on: Object, call: &Call, facts: &impl Facts) -> Result<(), Unavailable> {
        match call {
            Call::RecoverSet { .. } => {
                self.destructive(call)?;
                let volumes = self.recovery_sets.get(&on).into_iter().flatten();
                volumes.into_iter().try_for_each(|volume| self.may_overwrite(volume, facts))
            }
            Call::DeleteSnapshots { source_object_id: id, .. } => self.own(call, *id),
            Call::UnexposeSnapshot { snapshot_id: id } => self.own(call, id.0),
            // The machine's writers take it for a backup, and may cut their logs, or for a restore.
            Call::SetBackupSucceeded { .. }
            | Call::BackupComplete { .. }
            | Call::PreRestore { .. }
            | Call::PostRestore { .. } => self.destructive(call),
            Call::BreakSnapshotSet { snapshot_set_id: id }
            | Call::BreakSnapshotSetEx { snapshot_set_id: id, .. } => self.own(call, id.0),
            Call::RevertToSnapshot { .. }
            | Call::PreFastRecovery { .. }
            | Call::FastRecovery { .. }
            | Call::ImportSnapshots { .. } => Err(Unavailable::because(format!(
                "`{}` is not made on a real machine: which LUNs it changes cannot be told before",
                call.method().name
            ))),
            _ => Ok(()),
        }
    }

    fn destructive(&self, call: &Call) -> Result<(), Unavailable> {
        if self.permission.destructive {
            return Ok(());
        }
        Err(Unavailable::because(format!(
            "`{}` can destroy data: it needs --allow-destructive and --lun-serial for each LUN",
            call.method().name
        )))
    }

    /// Only what was made here may be taken away.
    fn own(&self, call: &Call, id: Guid) -> Result<(), Unavailable> {
        self.destructive(call)?;
        if self.made.contains_key(&id) {
            return Ok(());
        }
        let name = call.method().name;
        Err(Unavailable::because(format!(
            "`{name}` is only made on shadow copies of this run, which {id} is not of"
        )))
    }

    fn may_overwrite(&self, volume: &str, facts: &impl Facts) -> Result<(), Unavailable> {
        let serials = facts.lun_serials(volume).map_err(|error| {
            Unavailable::because(format!(
                "the LUNs under `{volume}` cannot be told, so they stay as they are: {error}"
            ))
        })?;
        if serials.is_empty() {
            let reason =
                format!("the LUNs under `{volume}` have no serial numbers, so they stay as they are");
            return Err(Unavailable::because(reason));
        }
        match serials.iter().find(|serial| !self.permission.luns.contains(*serial)) {
            None => Ok(()),
            Some(serial) => Err(Unavailable::because(format!(
                "it would overwrite `{volume}` on the LUN with the serial number `{serial}`, which no --lun-serial names"
            ))),
        }
    }

    /// Keeps what a call made, or will overwrite.
    pub(super) fn learn(&mut self, on: Object, call: &Call, reply: &Reply) {
        match (call, &reply.out) {
            (_, Some(Out::StartSnapshotSet { p_snapshot_set_id: id })) => drop(self.made.insert(id.0, None)),
            (
                Call::AddToSnapshotSet { pwsz_volume_name: of, .. },
                Some(Out::AddToSnapshotSet { pid_snapshot: id }),
            ) => {
                self.made.insert(id.0, of.clone());
            }
            (Call::AddSnapshotToRecoverySet { snapshot_id, pwsz_destination_volume: to, .. }, _)
                if reply.hresult.is_success() =>
            {
                let original = || self.made.get(&snapshot_id.0).cloned().flatten();
                let volume = to.clone().filter(|to| !to.is_empty()).or_else(original);
                self.recovery_sets.entry(on).or_default().push(volume.unwrap_or_else(|| UNKNOWN.into()));
            }
            (Call::Release {}, _) => drop(self.recovery_sets.remove(&on)),
            _ => {}
        }
    }
}

/// Stands for the original volume of a shadow copy that this run did not make: no LUN is under it that could be listed.
const UNKNOWN: &str = "the volume of another run's shadow copy";
