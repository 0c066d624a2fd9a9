//! A situation in which the method of the outcome has something to do, and the call that does it.

use vss_sim::api::{
    Action, HResult, ObjectType, ProviderCall, Ptr, SnapshotContext, SnapshotId, SnapshotPropertyId,
    SnapshotSetId, Variant,
};
use vss_sim::lab::{Cause, Fault, Lab};

use super::copier::{Copier, load};
use crate::bench::Bench;
use crate::case::{Checked, Stop};
use crate::cases::flow;

/// A provider with a copy of its first source.
#[derive(Clone, Debug)]
pub(super) struct Scene {
    pub(super) copier: Copier,
    pub(super) copy: SnapshotId,
}

/// In the lab, a provider with a persistent copy of its first source and its context still open. For
/// QueryRevertStatus, the volume is being reverted to it.
pub(super) fn scene(bench: &mut Bench<'_>, adjust: impl FnOnce(&mut Lab)) -> Result<Scene, Stop> {
    let mut copier = load(bench, adjust)?;
    let copy = copier.copy(bench)?;
    copier.reload(bench)?;
    if method(bench) == "QueryRevertStatus" {
        copier.ok(bench, ProviderCall::SoftwareRevertToSnapshot { snapshot_id: copy })?;
    }
    Ok(Scene { copier, copy })
}

/// The name of the outcome's method.
pub(super) fn method(bench: &Bench<'_>) -> &'static str {
    bench.outcome().method_name()
}

impl Scene {
    /// The outcome's method, called as it should be.
    pub(super) fn good(&mut self, bench: &Bench<'_>) -> Result<ProviderCall, Stop> {
        let (copier, copy) = (&self.copier, self.copy);
        Ok(match method(bench) {
            "DeleteSnapshots" => copier.delete(copy.0, ObjectType::SNAPSHOT),
            "GetSnapshotProperties" => copier.properties(copy),
            "Query" => copier.query(),
            "RevertToSnapshot" => ProviderCall::SoftwareRevertToSnapshot { snapshot_id: copy },
            "SetContext" => copier.set_context(SnapshotContext::NAS_ROLLBACK),
            "SetSnapshotProperty" => {
                copier.set_property(copy, SnapshotPropertyId::EXPOSED_NAME, Variant::Bstr("X:".into()))
            }
            _ => {
                let source = copier.sources[0].clone();
                return self.naming(bench, Some(&source));
            }
        })
    }

    /// The outcome's method, called with that name of a volume or share.
    pub(super) fn naming(&mut self, bench: &Bench<'_>, name: Option<&str>) -> Result<ProviderCall, Stop> {
        let copier = &mut self.copier;
        match method(bench) {
            "BeginPrepareSnapshot" => {
                let (set, copy) = (SnapshotSetId(copier.fresh()), SnapshotId(copier.fresh()));
                Ok(copier.begin(set, copy, name, SnapshotContext::APP_ROLLBACK))
            }
            "IsVolumeSnapshotted" | "IsPathSnapshotted" => Ok(copier.is_snapshotted(name)),
            "IsVolumeSupported" | "IsPathSupported" => Ok(copier.is_supported(name)),
            "QueryRevertStatus" => Ok(ProviderCall::SoftwareQueryRevertStatus {
                pwsz_volume: name.map(Into::into),
                pp_async: Ptr::Valid,
            }),
            other => Err(Stop::error(format!("{other} names no volume or share"))),
        }
    }

    /// Makes calls that have to return the outcome's code and change nothing: after them the call succeeds as it should.
    pub(super) fn refuses(&mut self, bench: &mut Bench<'_>, calls: Vec<ProviderCall>) -> Checked {
        let code = bench.outcome_code()?;
        for call in calls {
            self.copier.expect(bench, call, code)?;
        }
        let good = self.good(bench)?;
        self.copier.ok(bench, good).map(drop)
    }

    /// Something goes wrong in the next call of the outcome's method; the one after it succeeds.
    pub(super) fn fails_once(&mut self, bench: &mut Bench<'_>, cause: Cause) -> Checked {
        let fault = Fault::new(method(bench), cause).of(&*self.copier.name);
        bench.act(Action::Fault(fault))?;
        let good = self.good(bench)?;
        self.refuses(bench, vec![good])
    }

    /// [`Scene::fails_once`], and the provider tells the event log of the code.
    pub(super) fn fails_and_logs(&mut self, bench: &mut Bench<'_>, cause: Cause) -> Checked {
        self.fails_once(bench, cause)?;
        self.has_logged(bench, bench.outcome_code()?)
    }

    /// The provider itself has written of that code to the event log.
    pub(super) fn has_logged(&self, bench: &mut Bench<'_>, code: HResult) -> Checked {
        let events = flow::events(bench)?;
        let told = events.iter().any(|event| event.code == code && event.source == self.copier.name);
        bench.check(told, || format!("the provider has to write of {code} to the event log, but does not"))
    }
}
