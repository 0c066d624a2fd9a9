//! `IVssBackupComponents::IsVolumeSupported`.

use vss_sim::api::{Action, Call, HResult, Object, Out, ProviderCall, ProviderId, Ptr, SnapshotContext};
use vss_sim::lab::{Cause, Fault, Lab, MissingBackslash, Os, SYSTEM_PROVIDER, Volume};

use super::flow;
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!("IVssBackupComponents::IsVolumeSupported/S_OK/answered", which_provider),
    case!("IVssBackupComponents::IsVolumeSupported/S_OK/answered", unknown_provider),
    case!("IVssBackupComponents::IsVolumeSupported/S_OK/answered", context_of_everything),
    case!("IVssBackupComponents::IsVolumeSupported/S_OK/answered", refused_by_a_code),
    case!("IVssBackupComponents::IsVolumeSupported/S_OK/answered", every_name),
    case!("IVssBackupComponents::IsVolumeSupported/S_OK/answered", limit_reached),
    case!("IVssBackupComponents::IsVolumeSupported/S_OK/answered", shares),
    case!("IVssBackupComponents::IsVolumeSupported/VSS_E_NESTED_VOLUME_LIMIT/nested-too-deep", nested),
    case!("IVssBackupComponents::IsVolumeSupported/VSS_E_OBJECT_NOT_FOUND/not-found", nothing_of_that_name),
    case!("IVssBackupComponents::IsVolumeSupported/VSS_E_OBJECT_NOT_FOUND/not-found", no_backslash),
    case!("IVssBackupComponents::IsVolumeSupported/VSS_E_OBJECT_NOT_FOUND/not-found", shares_of_old),
    case!("IVssBackupComponents::IsVolumeSupported/VSS_E_OBJECT_NOT_FOUND/unavailable", disk_is_away),
];

fn call(name: &str, provider_id: ProviderId) -> Call {
    Call::IsVolumeSupported {
        provider_id,
        pwsz_volume_name: Some(name.into()),
        pb_supported_by_this_provider: Ptr::Valid,
    }
}

/// The question is answered so.
fn answers(
    bench: &mut Bench<'_>,
    session: Object,
    name: &str,
    provider: ProviderId,
    wanted: bool,
) -> Checked {
    match bench.expect(session, call(name, provider), HResult::S_OK)?.out {
        Some(Out::IsVolumeSupported { pb_supported_by_this_provider: came }) => {
            bench.same(&format!("whether {name} is supported"), &wanted, &came)
        }
        _ => Err(Stop::failed("IsVolumeSupported returned S_OK but wrote nothing")),
    }
}

fn object(bench: &mut Bench<'_>, lab: &Lab) -> Result<Object, Stop> {
    bench.load(lab)?;
    flow::backup_object(bench, SnapshotContext::BACKUP)
}

/// GUID_NULL asks all providers, an id only that one.
fn which_provider(bench: &mut Bench<'_>) -> Checked {
    let lab = flow::changed(bench.lab(), flow::with_file_system(r"S:\", "RAW"))?;
    let array = lab.providers.first().map(|provider| provider.name.clone()).unwrap_or_default();
    let session = object(bench, &lab)?;
    let (array, system) =
        (flow::provider_named(bench, &array)?, flow::provider_named(bench, SYSTEM_PROVIDER)?);
    for (volume, by_array, by_system) in [(r"C:\", false, true), (r"D:\", true, true), (r"S:\", true, false)]
    {
        answers(bench, session, volume, array, by_array)?;
        answers(bench, session, volume, system, by_system)?;
        answers(bench, session, volume, ProviderId::NULL, true)?;
    }
    Ok(())
}

/// VSS_CTX_ALL is a view of copies and no kind of them: the answers are those of the default context, and providers are
/// asked about that.
fn context_of_everything(bench: &mut Bench<'_>) -> Checked {
    let lab = flow::changed(bench.lab(), flow::with_file_system(r"S:\", "RAW"))?;
    let shares = flow::share(&lab, "data");
    let lab = lab.with(flow::with_share("data"));
    for context in [SnapshotContext::BACKUP, SnapshotContext::ALL] {
        bench.load(&lab)?;
        bench.act(Action::WatchProviders)?;
        let session = flow::backup_object(bench, context)?;
        let (array, system) =
            (flow::hardware_provider(bench)?, flow::provider_named(bench, SYSTEM_PROVIDER)?);
        for (name, by_array, by_system) in
            [(r"C:\", false, true), (r"D:\", true, true), (r"S:\", true, false), (&shares, false, false)]
        {
            answers(bench, session, name, array, by_array)?;
            answers(bench, session, name, system, by_system)?;
            answers(bench, session, name, ProviderId::NULL, true)?;
        }
        let asked = flow::provider_calls(bench)?.into_iter().filter_map(|seen| match seen.call {
            ProviderCall::AreLunsSupported { l_context, .. } => Some(l_context),
            _ => None,
        });
        let others = asked.filter(|context| *context != SnapshotContext::BACKUP).count();
        bench.same("how often a provider is asked about another context than the default", &0, &others)?;
    }
    Ok(())
}

/// A provider that says no by a code says no.
fn refused_by_a_code(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the page of the provider's method has an unsupported volume answered with FALSE");
    for code in [HResult::VSS_E_VOLUME_NOT_SUPPORTED, HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER] {
        let fault = Fault::new("IsVolumeSupported", Cause::ProviderAnswers(code)).of(SYSTEM_PROVIDER);
        let session = object(bench, &bench.lab().clone().with_fault(fault))?;
        answers(bench, session, r"C:\", ProviderId::NULL, false)?;
        answers(bench, session, r"C:\", ProviderId::NULL, true)?;
    }
    Ok(())
}

/// An id of nobody is an error; afterwards the object answers as ever.
fn unknown_provider(bench: &mut Bench<'_>) -> Checked {
    bench.inferred("the page lists no code for a provider that is not registered");
    let session = object(bench, bench.lab())?;
    let nobody = ProviderId(vss_sim::api::Guid::from_u128(7));
    let came = bench.call(session, call(r"D:\", nobody)).hresult;
    bench.same("the code for an unknown provider", &HResult::VSS_E_PROVIDER_NOT_REGISTERED, &came)?;
    answers(bench, session, r"D:\", ProviderId::NULL, true)
}

/// Drive letter, mounted folder, volume GUID path.
fn every_name(bench: &mut Bench<'_>) -> Checked {
    let lab = flow::also_mounted(bench.lab(), r"D:\", r"C:\mnt\data\")?;
    let session = object(bench, &lab)?;
    let path = flow::volume_names_on(bench, "data-d")?.pop();
    let path = path.ok_or_else(|| Stop::skipped("no LUN data-d with a volume is there"))?;
    for name in [r"D:\", r"d:\", r"C:\mnt\data\", &path] {
        answers(bench, session, name, ProviderId::NULL, true)?;
    }
    Ok(())
}

/// TRUE says that copies are possible at all: that the limit is reached does not count.
fn limit_reached(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    super::limits::fill(
        bench,
        SnapshotContext::CLIENT_ACCESSIBLE,
        r"C:\",
        super::limits::CLIENT_ACCESSIBLE_MAX,
    )?;
    let session = flow::backup_object(bench, SnapshotContext::CLIENT_ACCESSIBLE)?;
    answers(bench, session, r"C:\", ProviderId::NULL, true)?;
    bench.ok(session, Call::START_SNAPSHOT_SET)?;
    let full = HResult::VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED;
    bench.expect(session, Call::add_to_snapshot_set(r"C:\", ProviderId::NULL), full)?;
    answers(bench, session, r"C:\", ProviderId::NULL, true)
}

/// From Windows 8 and Windows Server 2012 on.
fn shares(bench: &mut Bench<'_>) -> Checked {
    for os in [Os::WindowsServer2012, Os::WindowsServer2022] {
        let session = object(bench, &flow::with_os(bench.lab(), os).with(flow::with_share("data")))?;
        let name = flow::share(bench.lab(), "data");
        answers(bench, session, &name, ProviderId::NULL, true)?;
        let system = flow::provider_named(bench, SYSTEM_PROVIDER)?;
        answers(bench, session, &name, system, false)?;
    }
    Ok(())
}

/// To older systems a UNC path is no name of anything.
fn shares_of_old(bench: &mut Bench<'_>) -> Checked {
    let code = bench.outcome_code()?;
    for os in [Os::WindowsServer2003, Os::WindowsServer2008R2] {
        let session = object(bench, &flow::with_os(bench.lab(), os).with(flow::with_share("data")))?;
        bench.expect(session, call(&flow::share(bench.lab(), "data"), ProviderId::NULL), code)?;
    }
    Ok(())
}

/// One virtual disk is fine, one inside of another is not. Before Windows 7 and Windows Server 2008 R2 neither is, and it
/// is no error to ask.
fn nested(bench: &mut Bench<'_>) -> Checked {
    let code = bench.outcome_code()?;
    let session = object(bench, &bench.lab().clone().with(flow::with_virtual_disks))?;
    bench.expect(session, call(r"W:\", ProviderId::NULL), code)?;
    answers(bench, session, r"V:\", ProviderId::NULL, true)?;
    let session =
        object(bench, &flow::with_os(bench.lab(), Os::WindowsServer2008).with(flow::with_virtual_disks))?;
    answers(bench, session, r"V:\", ProviderId::NULL, false)?;
    answers(bench, session, r"W:\", ProviderId::NULL, false)
}

fn nothing_of_that_name(bench: &mut Bench<'_>) -> Checked {
    let session = object(bench, bench.lab())?;
    let code = bench.outcome_code()?;
    let names = [
        r"X:\",
        r"D:\no\such\folder\",
        r"\\?\Volume{7673736c-0000-0000-0000-00000000dead}\",
        r"\\NOBODY\data\",
        "no name at all",
        "",
    ];
    for name in names {
        bench.expect(session, call(name, ProviderId::NULL), code)?;
    }
    answers(bench, session, r"D:\", ProviderId::NULL, true)
}

/// Read as AddToSnapshotSet was seen to answer; or the name is an argument of a wrong form.
fn no_backslash(bench: &mut Bench<'_>) -> Checked {
    bench.observed("O4, of AddToSnapshotSet");
    bench.reading("missing-backslash = \"object-not-found\"");
    let session = object(bench, bench.lab())?;
    let code = bench.outcome_code()?;
    bench.expect(session, call("D:", ProviderId::NULL), code)?;
    let literal = bench
        .lab()
        .clone()
        .with_readings(|readings| readings.missing_backslash = MissingBackslash::InvalidArgument);
    let session = object(bench, &literal)?;
    let came = bench.call(session, call("D:", ProviderId::NULL)).hresult;
    bench.same("the code with the other reading", &HResult::E_INVALIDARG, &came)
}

/// The volume keeps its names while its disk is away.
fn disk_is_away(bench: &mut Bench<'_>) -> Checked {
    let mut lab = bench.lab().clone();
    let lun = lab.volume_mut(r"E:\").map(|volume: &mut Volume| volume.luns.clone()).unwrap_or_default();
    let Some(lun) = lun.first() else { return Err(Stop::skipped(r"the lab has no E:\")) };
    let session = object(bench, &lab)?;
    answers(bench, session, r"E:\", ProviderId::NULL, true)?;
    bench.act(Action::MaskLun { lun: lun.as_str().into() })?;
    let code = bench.outcome_code()?;
    bench.expect(session, call(r"E:\", ProviderId::NULL), code)?;
    bench.act(Action::PresentLun { lun: lun.as_str().into(), host: 1 })?;
    answers(bench, session, r"E:\", ProviderId::NULL, true)
}
