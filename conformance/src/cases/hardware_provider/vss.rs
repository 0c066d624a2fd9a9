//! VSS towards one hardware provider: the calls that the service makes, made by a case, in any order.

use vss_sim::api::{
    Action, Answer, DeviceSeen, Guid, HResult, HardwareOptions, LunInformation, LunSeen, Method, Object,
    ProviderCall, ProviderCallSeen, ProviderObject, ProviderOut, ProviderReply, ProviderSeen, Ptr, Question,
    SnapshotContext, SnapshotId, SnapshotSetId, Text,
};
use vss_sim::lab::{Cause, Fault, Lab, MAKING_COPIES};

use super::volumes::{SPANNED_LUN_BYTES, Volumes, under_test};
use crate::bench::Bench;
use crate::case::{Checked, Stop};
use crate::cases::flow;

/// Where ids come from: outside the real range, like everything simulated.
const ID_PREFIX: u64 = 0x7673_736c_0000_8000;
const ID_VARIANT: u64 = 0x8000_0000_0000_0000;

/// Past the boot sector of a volume.
const FIRST_WRITE: u64 = 65_536;

/// A case in the place of the VSS service.
pub(super) struct Vss<'v, 'b> {
    pub(super) bench: &'v mut Bench<'b>,
    provider: ProviderSeen,
    ids: u64,
    /// How many volumes the set has that is in preparation.
    added: i32,
    pub(super) volumes: Volumes,
}

/// The LUNs under a volume, as VSS names and describes them.
#[derive(Clone, Debug, Default)]
pub(super) struct Under {
    pub(super) devices: Vec<Text>,
    pub(super) luns: Vec<LunInformation>,
}

impl<'v, 'b> Vss<'v, 'b> {
    /// Loads the lab of the suite, as `change` leaves it, and its first hardware provider.
    pub(super) fn start_with(bench: &'v mut Bench<'b>, change: impl FnOnce(&mut Lab)) -> Result<Self, Stop> {
        let mut lab = bench.lab().clone();
        let volumes = Volumes::of(&mut lab)?;
        // Cases bring what goes wrong themselves.
        lab.faults.clear();
        change(&mut lab);
        let none = || Stop::skipped("the lab has no hardware provider");
        let name = under_test(&lab).ok_or_else(none)?.name.clone();
        bench.load(&lab)?;
        let providers = flow::providers(bench)?;
        let provider = providers.into_iter().find(|provider| *provider.name == *name).ok_or_else(none)?;
        bench.act(Action::WatchProviders)?;
        let mut vss = Self { bench, provider, ids: 0, added: 0, volumes };
        vss.ok(ProviderCall::OnLoad { p_callback: Ptr::Valid })?;
        Ok(vss)
    }

    /// [`Vss::start_with`] without a change.
    pub(super) fn start(bench: &'v mut Bench<'b>) -> Result<Self, Stop> {
        Self::start_with(bench, |_| {})
    }

    /// Makes a call and takes whatever code comes. Where the provider does not have to have the method, the case is
    /// skipped.
    pub(super) fn call(&mut self, call: ProviderCall) -> Result<ProviderReply, Stop> {
        let Method { interface, name } = call.method();
        if interface == "IVssHardwareSnapshotProviderEx" && !self.provider.ex {
            return Err(Stop::skipped(format!("the provider does not implement {interface}")));
        }
        let reply = self.bench.call_provider(self.provider.id, ProviderObject::Provider, call)?;
        if name == "ResyncLuns" && reply.hresult == HResult::E_NOTIMPL {
            return Err(Stop::skipped("the provider does not support resync"));
        }
        Ok(reply)
    }

    /// Makes a call on an `IVssAsync` of the provider.
    pub(super) fn call_async(&mut self, number: u32, call: ProviderCall) -> Result<ProviderReply, Stop> {
        self.bench.call_provider(self.provider.id, ProviderObject::Async(number), call)
    }

    /// Makes a call that has to return `S_OK`.
    pub(super) fn ok(&mut self, call: ProviderCall) -> Result<ProviderReply, Stop> {
        self.expect(call, HResult::S_OK)
    }

    /// Makes a call that has to return that code.
    pub(super) fn expect(&mut self, call: ProviderCall, code: HResult) -> Result<ProviderReply, Stop> {
        let method = call.method().name;
        let reply = self.call(call)?;
        self.returned(method, &reply, code)?;
        Ok(reply)
    }

    /// Fails the case unless that code came.
    pub(super) fn returned(&self, method: &str, reply: &ProviderReply, code: HResult) -> Checked {
        let came = reply.hresult;
        self.bench.check(came == code, || format!("{method} has to return {code}, but returned {came}"))
    }

    /// A veto needs an event-log entry. While writers are frozen none may be written, so it may come with the abort.
    pub(super) fn vetoed_aloud(&mut self, method: &str, code: HResult) -> Checked {
        let calls = self.calls()?;
        let vetoed = calls.iter().rposition(|seen| seen.call.method().name == method);
        let logged = calls.iter().skip(vetoed.unwrap_or(0)).any(|seen| seen.logged > 0);
        self.bench.check(code != HResult::VSS_E_PROVIDER_VETO || logged, || {
            format!("{method} vetoes without an event-log entry that says what to do")
        })
    }

    fn fresh(&mut self) -> Guid {
        self.ids += 1;
        Guid::from_u64_pair(ID_PREFIX, ID_VARIANT + self.ids)
    }

    /// A set id that no set had before.
    pub(super) fn new_set(&mut self) -> SnapshotSetId {
        self.added = 0;
        SnapshotSetId(self.fresh())
    }

    /// The LUNs under a volume.
    pub(super) fn under(&mut self, volume: &str) -> Result<Under, Stop> {
        let Answer::Devices(seen) = self.bench.ask(Question::LunsUnder { volume: volume.into() })? else {
            return Err(Stop::error("no devices were answered"));
        };
        let (devices, luns) = seen.into_iter().map(|DeviceSeen { name, lun }| (name, lun)).unzip();
        Ok(Under { devices, luns })
    }

    /// What the provider says to those LUNs: whether it supports them, and how it describes them.
    pub(super) fn support(
        &mut self,
        under: &Under,
        context: SnapshotContext,
    ) -> Result<(bool, Vec<LunInformation>), Stop> {
        let reply = self.ok(are_luns_supported(under, context))?;
        match reply.out {
            Some(ProviderOut::AreLunsSupported { p_lun_information, pb_is_supported }) => {
                Ok((pb_is_supported, p_lun_information))
            }
            _ => Err(Stop::failed("AreLunsSupported returned S_OK but left pbIsSupported as it was")),
        }
    }

    /// The LUNs under a volume if the provider copies it in that context; else the case is skipped.
    pub(super) fn supported(&mut self, volume: &str, context: SnapshotContext) -> Result<Under, Stop> {
        let under = self.under(volume)?;
        let (supported, luns) = self.support(&under, context)?;
        if !supported {
            let attributes = context.attributes();
            return Err(Stop::skipped(format!(
                "the provider does not support {} LUNs under a volume with attributes {:#x}",
                under.luns.len(),
                attributes.bits()
            )));
        }
        Ok(Under { luns, ..under })
    }

    /// Adds a volume to a set: AreLunsSupported, then BeginPrepareSnapshot.
    pub(super) fn add(
        &mut self,
        set: SnapshotSetId,
        volume: &str,
        context: SnapshotContext,
    ) -> Result<Under, Stop> {
        let under = self.supported(volume, context)?;
        let begin = self.begin_prepare(set, &under, context);
        self.ok(begin)?;
        self.added += 1;
        Ok(under)
    }

    /// `BeginPrepareSnapshot` with a new snapshot id.
    pub(super) fn begin_prepare(
        &mut self,
        set: SnapshotSetId,
        under: &Under,
        context: SnapshotContext,
    ) -> ProviderCall {
        ProviderCall::BeginPrepareSnapshot {
            snapshot_set_id: set,
            snapshot_id: SnapshotId(self.fresh()),
            l_context: context,
            l_lun_count: count(&under.luns),
            rg_device_names: under.devices.clone(),
            rg_lun_information: under.luns.clone(),
        }
    }

    /// The call of that name with that set.
    pub(super) fn of_set(&self, method: &str, set: SnapshotSetId) -> ProviderCall {
        let abort = ProviderCall::AbortSnapshots { snapshot_set_id: set };
        let mut calls = ProviderCall::making_copies(set, self.added).into_iter().chain([abort]);
        let found = calls.find(|call| call.method().name == method);
        // A broken case: reported as such.
        found.unwrap_or_else(|| unreachable!("no call of a set is {method}"))
    }

    /// Carries a prepared set on through that call.
    pub(super) fn carry_on(&mut self, set: SnapshotSetId, through: &str) -> Checked {
        for &method in MAKING_COPIES {
            self.ok(self.of_set(method, set))?;
            if method == through {
                break;
            }
        }
        Ok(())
    }

    /// A set of those volumes, carried on through that call; answers what lies under each volume.
    pub(super) fn set_through(
        &mut self,
        volumes: &[&str],
        context: SnapshotContext,
        through: &str,
    ) -> Result<(SnapshotSetId, Vec<Under>), Stop> {
        let set = self.new_set();
        let mut under = Vec::with_capacity(volumes.len());
        for volume in volumes {
            under.push(self.add(set, volume, context)?);
        }
        if through != "BeginPrepareSnapshot" {
            self.carry_on(set, through)?;
        }
        Ok((set, under))
    }

    /// Describes the copies of those LUNs.
    pub(super) fn target_luns(&mut self, under: &Under) -> Result<Vec<LunInformation>, Stop> {
        match self.ok(get_target_luns(under))?.out {
            Some(ProviderOut::GetTargetLuns { rg_destination_luns }) => Ok(rg_destination_luns),
            _ => Err(Stop::failed("GetTargetLuns returned S_OK but described no LUN")),
        }
    }

    /// A complete set of those volumes, and the copies of each one's LUNs.
    pub(super) fn created(
        &mut self,
        volumes: &[&str],
        context: SnapshotContext,
    ) -> Result<Vec<(Under, Vec<LunInformation>)>, Stop> {
        let (_, under) = self.set_through(volumes, context, "PostFinalCommitSnapshots")?;
        under.into_iter().map(|under| self.target_luns(&under).map(|luns| (under, luns))).collect()
    }

    /// Presents copies to this host, which then looks for them.
    pub(super) fn locate(&mut self, luns: &[LunInformation]) -> Checked {
        self.ok(ProviderCall::LocateLuns { l_lun_count: count(luns), rg_source_luns: luns.to_vec() })?;
        self.bench.act(Action::Rescan)
    }

    /// What the provider knows of a device; `None`: the LUN is none of its.
    pub(super) fn fill_in(&mut self, lun: &LunInformation) -> Result<Option<LunInformation>, Stop> {
        match self.ok(fill_in_lun_info(lun))?.out {
            Some(ProviderOut::FillInLunInfo { p_lun_info, pb_is_supported }) => {
                Ok(pb_is_supported.then_some(p_lun_info))
            }
            _ => Err(Stop::failed("FillInLunInfo returned S_OK but left pbIsSupported as it was")),
        }
    }

    /// Begins a resync; answers the number of its `IVssAsync`.
    pub(super) fn resync(
        &mut self,
        sources: &[LunInformation],
        targets: &[LunInformation],
    ) -> Result<u32, Stop> {
        match self.ok(resync_luns(sources, targets))?.out {
            Some(ProviderOut::ResyncLuns { pp_async: Object::Async(number) }) => Ok(number),
            _ => Err(Stop::failed("ResyncLuns returned S_OK but handed out no IVssAsync")),
        }
    }

    /// `IVssAsync::QueryStatus` of a resync.
    pub(super) fn status(&mut self, resync: u32) -> Result<HResult, Stop> {
        let query = ProviderCall::QueryStatus { p_hr_result: Ptr::Valid, p_reserved: Ptr::Null };
        let reply = self.call_async(resync, query)?;
        match (reply.hresult, reply.out) {
            (HResult::S_OK, Some(ProviderOut::QueryStatus { p_hr_result, .. })) => Ok(p_hr_result),
            (HResult::S_OK, _) => {
                Err(Stop::failed("IVssAsync::QueryStatus returned S_OK but left pHrResult as it was"))
            }
            (code, _) => {
                Err(Stop::failed(format!("IVssAsync::QueryStatus has to return S_OK, but returned {code}")))
            }
        }
    }

    /// The calls on the provider so far, with what happened beside their answers.
    fn calls(&mut self) -> Result<Vec<ProviderCallSeen>, Stop> {
        flow::provider_calls(self.bench)
    }

    /// What happened in the last call beside its answer.
    pub(super) fn last_call(&mut self) -> Result<ProviderCallSeen, Stop> {
        self.calls()?.pop().ok_or_else(|| Stop::error("no call was watched"))
    }

    /// From here on the array refuses whatever it is asked in the next such call.
    pub(super) fn trouble(&mut self, method: &str, cause: Cause) -> Checked {
        self.bench.act(Action::Fault(Fault::new(method, cause)))
    }

    /// Writes to a volume, on each of the LUNs that it lies on.
    pub(super) fn write_each_lun(&mut self, volume: &str, luns: usize, text: &str) -> Checked {
        (0..luns as u64).try_for_each(|place| {
            let (offset, bytes) = (FIRST_WRITE + place * SPANNED_LUN_BYTES, text.as_bytes().to_vec());
            self.bench.act(Action::WriteVolume { volume: volume.into(), offset, bytes })
        })
    }

    /// All LUNs, as the array knows them.
    pub(super) fn luns(&mut self) -> Result<Vec<LunSeen>, Stop> {
        if self.provider.own_storage {
            return Err(Stop::skipped(super::OWN_STORAGE));
        }
        match self.bench.ask(Question::Luns)? {
            Answer::Luns(luns) => Ok(luns),
            _ => Err(Stop::error("no LUNs were answered")),
        }
    }

    /// The LUN that the information describes, by its serial number.
    pub(super) fn lun(&mut self, of: &LunInformation) -> Result<LunSeen, Stop> {
        let serial = of.serial_number.clone().unwrap_or_default();
        let found = self.luns()?.into_iter().find(|lun| lun.serial == serial);
        found.ok_or_else(|| Stop::failed(format!("no LUN has the serial number \"{serial}\"")))
    }
}

/// The number of LUNs, as a count in a call.
pub(super) fn count(luns: &[LunInformation]) -> i32 {
    i32::try_from(luns.len()).unwrap_or(i32::MAX)
}

/// `AreLunsSupported`
pub(super) fn are_luns_supported(under: &Under, context: SnapshotContext) -> ProviderCall {
    ProviderCall::AreLunsSupported {
        l_lun_count: count(&under.luns),
        l_context: context,
        rgwsz_devices: under.devices.clone(),
        p_lun_information: under.luns.clone(),
        pb_is_supported: Ptr::Valid,
    }
}

/// `GetTargetLuns`
pub(super) fn get_target_luns(under: &Under) -> ProviderCall {
    ProviderCall::GetTargetLuns {
        l_lun_count: count(&under.luns),
        rg_device_names: under.devices.clone(),
        rg_source_luns: under.luns.clone(),
        rg_destination_luns: vec![LunInformation::default(); under.luns.len()],
    }
}

/// `FillInLunInfo`
pub(super) fn fill_in_lun_info(lun: &LunInformation) -> ProviderCall {
    ProviderCall::FillInLunInfo {
        wsz_device_name: Some(r"\\.\PHYSICALDRIVE99".into()),
        p_lun_info: lun.clone(),
        pb_is_supported: Ptr::Valid,
    }
}

/// `OnLunEmpty`
pub(super) fn on_lun_empty(lun: &LunInformation) -> ProviderCall {
    ProviderCall::OnLunEmpty {
        wsz_device_name: Some(r"\\.\PHYSICALDRIVE99".into()),
        p_information: lun.clone(),
    }
}

/// `OnLunStateChange`
pub(super) fn on_lun_state_change(
    copies: &[LunInformation],
    originals: &[LunInformation],
    flags: HardwareOptions,
) -> ProviderCall {
    ProviderCall::OnLunStateChange {
        p_snapshot_luns: copies.to_vec(),
        p_original_luns: originals.to_vec(),
        dw_count: u32::try_from(copies.len()).unwrap_or(u32::MAX),
        dw_flags: flags,
    }
}

/// `ResyncLuns`
pub(super) fn resync_luns(sources: &[LunInformation], targets: &[LunInformation]) -> ProviderCall {
    ProviderCall::ResyncLuns {
        p_source_luns: sources.to_vec(),
        p_target_luns: targets.to_vec(),
        dw_count: u32::try_from(sources.len()).unwrap_or(u32::MAX),
        pp_async: Ptr::Valid,
    }
}
