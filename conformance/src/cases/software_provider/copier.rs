//! The provider of volumes or of shares that a case calls, and the ways that cases walk with it.

use vss_sim::api::{
    Guid, HResult, Object, ObjectProp, ProviderCall, ProviderId, ProviderObject, ProviderOut, ProviderReply,
    Ptr, SnapshotContext, SnapshotId, SnapshotProp, SnapshotSetId, Text,
};
use vss_sim::lab::{Lab, Os, ProviderKind, Share};

use crate::bench::Bench;
use crate::case::{Checked, Stop};
use crate::cases::flow;
use crate::spec::Arrival;

/// The volumes that the copies are of, on whose bytes the shares lie too.
pub(super) const VOLUMES: [&str; 2] = [r"C:\", r"D:\"];

/// A provider that implements the interface of the case's outcome.
#[derive(Clone, Debug)]
pub(super) struct Copier {
    pub(super) id: ProviderId,
    pub(super) name: Text,
    /// What it knows [`VOLUMES`] by: their names, or the paths of shares.
    pub(super) sources: [String; 2],
    pub(super) shares: bool,
    /// How many ids it was given so far.
    ids: u128,
}

/// Loads the lab, with shares, and finds the provider.
pub(super) fn load(bench: &mut Bench<'_>, adjust: impl FnOnce(&mut Lab)) -> Result<Copier, Stop> {
    load_changed(bench, |lab| {
        adjust(lab);
        Ok(())
    })
}

/// [`load`] with a change for which the lab needs to have something.
pub(super) fn load_changed(
    bench: &mut Bench<'_>,
    change: impl FnOnce(&mut Lab) -> Checked,
) -> Result<Copier, Stop> {
    let shares = bench.outcome().interface == "IVssFileShareSnapshotProvider";
    let mut lab = flow::changed(bench.lab(), change)?;
    let host = lab.host_mut().map(|host| host.name.clone()).unwrap_or_default();
    let paths = ["case-one", "case-two"].map(|name| format!(r"\\{host}\{name}"));
    for (path, volume) in paths.iter().zip(VOLUMES) {
        lab.shares.push(Share::new(path.clone(), volume));
    }
    bench.load(&lab)?;
    let kind = if shares { ProviderKind::FileShare } else { ProviderKind::Software };
    let found = flow::providers(bench)?.into_iter().find(|provider| provider.kind == kind);
    let found = found.ok_or_else(|| Stop::skipped(format!("no {kind:?} provider is registered")))?;
    let sources = if shares { paths } else { VOLUMES.map(str::to_owned) };
    Ok(Copier { id: found.id, name: found.name, sources, shares, ids: 0 })
}

/// A change of the lab: its requester's host has that system.
pub(super) fn on(os: Os) -> impl FnOnce(&mut Lab) {
    move |lab| lab.host_mut().into_iter().for_each(|host| host.os = os)
}

impl Copier {
    /// Calls the provider and takes whatever code comes.
    pub(super) fn call(&self, bench: &mut Bench<'_>, call: ProviderCall) -> Result<ProviderReply, Stop> {
        bench.call_provider(self.id, ProviderObject::Provider, call)
    }

    /// Makes a call that has to return `code`: the check of what a case is about.
    pub(super) fn expect(
        &self,
        bench: &mut Bench<'_>,
        call: ProviderCall,
        code: HResult,
    ) -> Result<ProviderReply, Stop> {
        let method = call.method();
        let reply = self.call(bench, call)?;
        bench.arrived(method, reply.hresult, Arrival::AtOnce);
        if reply.hresult == code {
            return Ok(reply);
        }
        let method = method.name;
        Err(Stop::failed(format!("{method} has to return {code}, but returned {}", reply.hresult)))
    }

    /// Makes a call that has to return `S_OK`.
    pub(super) fn ok(&self, bench: &mut Bench<'_>, call: ProviderCall) -> Result<ProviderReply, Stop> {
        self.expect(bench, call, HResult::S_OK)
    }

    /// Calls an object that the provider has handed out.
    pub(super) fn call_object(
        &self,
        bench: &mut Bench<'_>,
        object: ProviderObject,
        call: ProviderCall,
    ) -> Result<ProviderReply, Stop> {
        bench.call_provider(self.id, object, call)
    }

    /// An id that nothing else has.
    pub(super) fn fresh(&mut self) -> Guid {
        self.ids += 1;
        Guid::from_u128(0x7673_736c_0000_4000_8000_c0b1_e400_0000 + self.ids)
    }

    /// Forgets the context, so that it can be chosen anew: what is in hand, not the copies.
    pub(super) fn reload(&self, bench: &mut Bench<'_>) -> Checked {
        self.ok(bench, ProviderCall::OnUnload { b_force_unload: true })?;
        self.ok(bench, ProviderCall::OnLoad { p_callback: Ptr::Valid }).map(drop)
    }

    /// Makes a set of copies of the first `count` sources, by the calls of VSS.
    pub(super) fn create(
        &mut self,
        bench: &mut Bench<'_>,
        context: SnapshotContext,
        count: usize,
    ) -> Result<(SnapshotSetId, Vec<SnapshotId>), Stop> {
        let set = SnapshotSetId(self.fresh());
        let mut copies = Vec::new();
        for source in self.sources.clone().into_iter().take(count) {
            let copy = SnapshotId(self.fresh());
            self.ok(bench, self.begin(set, copy, Some(&source), context))?;
            copies.push(copy);
        }
        self.finish(bench, set, copies.len())?;
        Ok((set, copies))
    }

    /// A persistent copy of the first source.
    pub(super) fn copy(&mut self, bench: &mut Bench<'_>) -> Result<SnapshotId, Stop> {
        let (_, copies) = self.create(bench, SnapshotContext::APP_ROLLBACK, 1)?;
        copies.first().copied().ok_or_else(|| Stop::error("no copy was asked for"))
    }

    /// From EndPrepareSnapshots to PostFinalCommitSnapshots.
    pub(super) fn finish(&self, bench: &mut Bench<'_>, set: SnapshotSetId, count: usize) -> Checked {
        let l_snapshots_count = i32::try_from(count).unwrap_or(i32::MAX);
        for call in ProviderCall::making_copies(set, l_snapshots_count) {
            self.ok(bench, call)?;
        }
        Ok(())
    }

    /// What the provider tells of a copy.
    pub(super) fn told(&self, bench: &mut Bench<'_>, copy: SnapshotId) -> Result<SnapshotProp, Stop> {
        match self.ok(bench, self.properties(copy))?.out {
            Some(
                ProviderOut::SoftwareGetSnapshotProperties { p_prop }
                | ProviderOut::FileShareGetSnapshotProperties { p_prop },
            ) => Ok(*p_prop),
            _ => Err(Stop::failed("GetSnapshotProperties returned S_OK but wrote nothing")),
        }
    }

    /// Whether the provider has the copy.
    pub(super) fn has(&self, bench: &mut Bench<'_>, copy: SnapshotId) -> Result<bool, Stop> {
        Ok(self.call(bench, self.properties(copy))?.hresult == HResult::S_OK)
    }

    /// Whether the source has copies, and what is disabled then.
    pub(super) fn copied(&self, bench: &mut Bench<'_>, source: &str) -> Result<(bool, i32), Stop> {
        match self.ok(bench, self.is_snapshotted(Some(source)))?.out {
            Some(
                ProviderOut::SoftwareIsVolumeSnapshotted { pb_snapshots_present, pl_snapshot_compatibility }
                | ProviderOut::FileShareIsPathSnapshotted { pb_snapshots_present, pl_snapshot_compatibility },
            ) => Ok((pb_snapshots_present, pl_snapshot_compatibility)),
            _ => Err(Stop::failed("the question whether there are copies was answered without a value")),
        }
    }

    /// The copies that Query lists.
    pub(super) fn listed(&self, bench: &mut Bench<'_>) -> Result<Vec<SnapshotProp>, Stop> {
        let enumerator = self.enumerator(bench)?;
        let mut listed = Vec::new();
        loop {
            let next = ProviderCall::Next { celt: 1, rgelt: Ptr::Valid, pcelt_fetched: Ptr::Valid };
            let reply = self.call_object(bench, enumerator, next)?;
            match (reply.hresult, reply.out) {
                (HResult::S_FALSE, _) => break,
                (HResult::S_OK, Some(ProviderOut::Next { rgelt, pcelt_fetched: 1 })) => {
                    listed.extend(rgelt.into_iter().filter_map(|object| match object {
                        ObjectProp::Snapshot(copy) => Some(*copy),
                        ObjectProp::Provider(_) => None,
                    }));
                }
                other => return Err(Stop::failed(format!("IVssEnumObject::Next answered {other:?}"))),
            }
        }
        self.call_object(bench, enumerator, ProviderCall::Release {})?;
        Ok(listed)
    }

    /// The enumerator that Query hands out.
    pub(super) fn enumerator(&self, bench: &mut Bench<'_>) -> Result<ProviderObject, Stop> {
        match self.ok(bench, self.query())?.out {
            Some(
                ProviderOut::SoftwareQuery { pp_enum: Object::Enumerator(number) }
                | ProviderOut::FileShareQuery { pp_enum: Object::Enumerator(number) },
            ) => Ok(ProviderObject::Enumerator(number)),
            other => Err(Stop::failed(format!("Query returned S_OK without an enumerator: {other:?}"))),
        }
    }
}
