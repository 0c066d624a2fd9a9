//! Answers in the course of a creation.

use vss_sim::api::{
    Action, Call, Capabilities, HResult, SnapshotContext, VolumeSnapshotAttributes as Attributes,
};
use vss_sim::lab::{Cause, Fault, Lab, Os};

use super::{Source, fault, flow, lun_count, method, next_creation_works, seen, set_of, tells, told_once};
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

macro_rules! cases {
    ($($interface:literal { $($outcome:literal => $function:path;)+ })+) => {
        &[$($(case!(concat!($interface, "::", $outcome), $function),)+)+]
    };
}

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = cases! {
    "IVssHardwareSnapshotProvider" {
    "AreLunsSupported/S_OK/success" => works;
    "AreLunsSupported/E_OUTOFMEMORY/no-memory-or-resources" => passed_on;
    "AreLunsSupported/E_INVALIDARG/bad-parameter" => passed_on;
    "AreLunsSupported/VSS_E_PROVIDER_VETO/unexpected-provider-error" => passed_on;
    "BeginPrepareSnapshot/S_OK/success" => works;
    "BeginPrepareSnapshot/E_OUTOFMEMORY/no-memory-or-resources" => passed_on;
    "BeginPrepareSnapshot/E_INVALIDARG/bad-parameter" => passed_on;
    "BeginPrepareSnapshot/VSS_E_MAXIMUM_NUMBER_OF_VOLUMES_REACHED/provider-volume-limit" => passed_on;
    "BeginPrepareSnapshot/VSS_E_NESTED_VOLUME_LIMIT/nested-too-deeply" => passed_on;
    "BeginPrepareSnapshot/VSS_E_PROVIDER_VETO/unexpected-provider-error" => passed_on;
    "BeginPrepareSnapshot/VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER/volume-unsupported" => left_to_the_next;
    "BeginPrepareSnapshot/VSS_E_UNSUPPORTED_CONTEXT/context-unsupported" => passed_on;
    "FillInLunInfo/S_OK/success" => works_on_server_2003;
    "FillInLunInfo/E_OUTOFMEMORY/no-memory-or-resources" => heeded_on_server_2003_alone;
    "FillInLunInfo/E_INVALIDARG/bad-parameter" => heeded_on_server_2003_alone;
    "FillInLunInfo/VSS_E_PROVIDER_VETO/unexpected-provider-error" => heeded_on_server_2003_alone;
    "GetTargetLuns/S_OK/success" => works;
    "GetTargetLuns/E_OUTOFMEMORY/no-memory-or-resources" => passed_on;
    "GetTargetLuns/E_INVALIDARG/bad-parameter" => passed_on;
    "GetTargetLuns/VSS_E_PROVIDER_VETO/unexpected-provider-error" => passed_on;
    "LocateLuns/S_OK/success" => works;
    "LocateLuns/E_OUTOFMEMORY/no-memory-or-resources" => passed_on;
    "LocateLuns/E_INVALIDARG/bad-parameter" => passed_on;
    "LocateLuns/VSS_E_PROVIDER_VETO/unexpected-provider-error" => passed_on;
    }
    "IVssHardwareSnapshotProviderEx" {
    "OnLunStateChange/S_OK/success" => works;
    "OnLunStateChange/S_OK/success" => what_is_recovered;
    "OnLunStateChange/S_OK/success" => since_server_2008;
    "OnLunStateChange/E_OUTOFMEMORY/no-memory-or-resources" => passed_on;
    "OnLunStateChange/E_INVALIDARG/bad-parameter" => passed_on;
    "OnLunStateChange/VSS_E_PROVIDER_VETO/unexpected-provider-error" => passed_on;
    }
    "IVssProviderCreateSnapshotSet" {
    "EndPrepareSnapshots/S_OK/success" => works;
    "EndPrepareSnapshots/E_OUTOFMEMORY/no-memory-or-resources" => passed_on;
    "EndPrepareSnapshots/E_INVALIDARG/bad-parameter" => passed_on;
    "EndPrepareSnapshots/VSS_E_INSUFFICIENT_STORAGE/not-enough-disk-space" => passed_on;
    "EndPrepareSnapshots/VSS_E_OBJECT_NOT_FOUND/unknown-set" => passed_on;
    "EndPrepareSnapshots/VSS_E_OBJECT_NOT_FOUND/insufficient-disk-space" => passed_on;
    "EndPrepareSnapshots/VSS_E_PROVIDER_VETO/unexpected-provider-error" => passed_on;
    "EndPrepareSnapshots/VSS_E_PROVIDER_VETO/insufficient-disk-space" => passed_on;
    "EndPrepareSnapshots/VSS_E_UNEXPECTED_PROVIDER_ERROR/other-value-converted" => converted;
    "PreCommitSnapshots/S_OK/success" => works;
    "PreCommitSnapshots/E_OUTOFMEMORY/no-memory-or-resources" => passed_on;
    "PreCommitSnapshots/E_INVALIDARG/bad-parameter" => passed_on;
    "PreCommitSnapshots/VSS_E_OBJECT_NOT_FOUND/unknown-set" => passed_on;
    "PreCommitSnapshots/VSS_E_PROVIDER_VETO/unexpected-provider-error" => passed_on;
    "PreCommitSnapshots/VSS_E_UNEXPECTED_PROVIDER_ERROR/other-value-converted" => converted;
    "CommitSnapshots/S_OK/success" => works;
    "CommitSnapshots/S_OK/success" => late_within_the_window;
    "CommitSnapshots/E_OUTOFMEMORY/no-memory-or-resources" => passed_on;
    "CommitSnapshots/E_INVALIDARG/bad-parameter" => passed_on;
    "CommitSnapshots/VSS_E_OBJECT_NOT_FOUND/unknown-set" => passed_on;
    "CommitSnapshots/VSS_E_PROVIDER_VETO/unexpected-provider-error" => passed_on;
    "CommitSnapshots/VSS_E_UNEXPECTED_PROVIDER_ERROR/other-value-converted" => converted;
    "PostCommitSnapshots/S_OK/success" => works;
    "PostCommitSnapshots/E_OUTOFMEMORY/no-memory-or-resources" => passed_on;
    "PostCommitSnapshots/E_INVALIDARG/bad-parameter" => passed_on;
    "PostCommitSnapshots/VSS_E_OBJECT_NOT_FOUND/unknown-set" => passed_on;
    "PostCommitSnapshots/VSS_E_PROVIDER_VETO/unexpected-provider-error" => passed_on;
    "PostCommitSnapshots/VSS_E_UNEXPECTED_PROVIDER_ERROR/other-value-converted" => converted;
    "PreFinalCommitSnapshots/S_OK/success" => works;
    "PreFinalCommitSnapshots/E_OUTOFMEMORY/no-memory-or-resources" => passed_on;
    "PreFinalCommitSnapshots/E_INVALIDARG/bad-parameter" => passed_on;
    "PreFinalCommitSnapshots/VSS_E_PROVIDER_VETO/unexpected-provider-error" => passed_on;
    "PreFinalCommitSnapshots/VSS_E_UNEXPECTED_PROVIDER_ERROR/other-value-converted" => converted;
    "PostFinalCommitSnapshots/S_OK/success" => works;
    "PostFinalCommitSnapshots/E_OUTOFMEMORY/no-memory-or-resources" => passed_on;
    "PostFinalCommitSnapshots/E_INVALIDARG/bad-parameter" => passed_on;
    "PostFinalCommitSnapshots/VSS_E_PROVIDER_VETO/unexpected-provider-error" => passed_on;
    "PostFinalCommitSnapshots/VSS_E_UNEXPECTED_PROVIDER_ERROR/other-value-converted" => converted;
    }
    "IVssProviderNotifications" {
    "OnLoad/S_OK/success" => works;
    "OnLoad/E_OUTOFMEMORY/no-memory-or-resources" => passed_on;
    "OnLoad/E_INVALIDARG/bad-parameter" => passed_on;
    "OnLoad/VSS_E_PROVIDER_VETO/unexpected-provider-error" => passed_on;
    }
};

/// A context in which the outcome's method is called: persistent, without writers.
fn context(bench: &Bench<'_>) -> SnapshotContext {
    match method(bench) {
        "OnLunStateChange" => SnapshotContext::NAS_ROLLBACK.with(Attributes::ROLLBACK_RECOVERY),
        _ => SnapshotContext::NAS_ROLLBACK,
    }
}

/// Creates a set of D:; answers the first code that is no success, or `S_OK`.
fn create(bench: &mut Bench<'_>) -> Result<HResult, Stop> {
    let context = context(bench);
    match set_of(bench, context, r"D:\")? {
        Err(refused) => Ok(refused),
        Ok(session) => Ok(bench.finish(session, Call::DO_SNAPSHOT_SET)?.code),
    }
}

/// The call succeeds, and so does the creation: there is one LUN more.
fn works(bench: &mut Bench<'_>) -> Checked {
    bench.need(Capabilities::FAULTS)?;
    bench.load_default()?;
    created(bench)
}

fn created(bench: &mut Bench<'_>) -> Checked {
    let before = lun_count(bench)?;
    let code = create(bench)?;
    bench.same("what the creation came to", &bench.outcome_code()?, &code)?;
    let now = lun_count(bench)?;
    bench.same("the number of LUNs", &(before + 1), &now)
}

/// Copies that ask for it are recovered, and the provider hears when. Those of a transportable set do not come up on the
/// host that makes them, and so are not.
fn what_is_recovered(bench: &mut Bench<'_>) -> Checked {
    let (plain, asks) = (SnapshotContext::FILE_SHARE_BACKUP, Attributes::ROLLBACK_RECOVERY);
    let rows = [
        (plain, 0),
        (plain.with(asks), 2),
        (plain.with(asks | Attributes::NO_AUTORECOVERY), 0),
        (plain.with(asks | Attributes::TRANSPORTABLE), 0),
        (plain.with(Attributes::TXF_RECOVERY | Attributes::TRANSPORTABLE), 0),
    ];
    for (context, notices) in rows {
        hears_of_recovery(bench, bench.lab(), context, notices)?;
    }
    Ok(())
}

/// Older systems do not have the interface, whatever a provider implements.
fn since_server_2008(bench: &mut Bench<'_>) -> Checked {
    let context = SnapshotContext::FILE_SHARE_BACKUP.with(Attributes::ROLLBACK_RECOVERY);
    for (os, notices) in [(Os::WindowsServer2003, 0), (Os::WindowsServer2008, 2)] {
        hears_of_recovery(bench, &flow::with_os(bench.lab(), os), context, notices)?;
    }
    Ok(())
}

/// A set of that context is created, and the provider is told so often of its recovery.
fn hears_of_recovery(bench: &mut Bench<'_>, lab: &Lab, context: SnapshotContext, notices: usize) -> Checked {
    bench.load(lab)?;
    bench.act(Action::WatchProviders)?;
    match set_of(bench, context, r"D:\")? {
        Ok(session) => bench.done(session, Call::DO_SNAPSHOT_SET)?,
        Err(code) => return Err(Stop::failed(format!("AddToSnapshotSet came to {code}"))),
    };
    let told = seen(bench, "OnLunStateChange")?.len();
    bench.same(&format!("how often OnLunStateChange is called for {context:?}"), &notices, &told)
}

fn works_on_server_2003(bench: &mut Bench<'_>) -> Checked {
    bench.need(Capabilities::FAULTS)?;
    let lab = flow::with_os(bench.lab(), Os::WindowsServer2003);
    bench.load(&lab)?;
    created(bench)
}

/// A provider that takes nine seconds is late, but the writes are still held.
fn late_within_the_window(bench: &mut Bench<'_>) -> Checked {
    let late = |ms| Fault::new("CommitSnapshots", Cause::Late(ms));
    bench.load(&bench.lab().clone().with_fault(late(11_000)))?;
    bench.inferred("no page says which code stands for the ten seconds that are over");
    let luns = lun_count(bench)?;
    let code = create(bench)?;
    bench.same("what eleven seconds come to", &HResult::VSS_E_HOLD_WRITES_TIMEOUT, &code)?;
    let now = lun_count(bench)?;
    bench.same("the number of LUNs after eleven seconds", &luns, &now)?;
    bench.load(&bench.lab().clone().with_fault(late(9_000)))?;
    created(bench)
}

/// The code reaches the requester, nothing is left, and a veto is in the log, written by the provider.
fn passed_on(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab().clone().with_fault(fault(bench)?);
    bench.load(&lab)?;
    refused(bench)
}

fn refused(bench: &mut Bench<'_>) -> Checked {
    let (code, method) = (bench.outcome_code()?, method(bench));
    let luns = lun_count(bench)?;
    let came = create(bench)?;
    bench.same(&format!("what comes of {method}"), &code, &came)?;
    let now = lun_count(bench)?;
    bench.same("the number of LUNs after the failure", &luns, &now)?;
    if code == HResult::VSS_E_PROVIDER_VETO {
        tells(bench, Source::Provider, code, method)?;
    }
    // Of these the requester learns in a call of its own.
    if !["AreLunsSupported", "BeginPrepareSnapshot"].contains(&method) {
        told_once(bench, method)?;
    }
    next_creation_works(bench, luns + 1)
}

/// VSS asks the next provider, and so the set is created without that provider's LUNs. The provider is not spoiled for the
/// next set.
fn left_to_the_next(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab().clone().with_fault(fault(bench)?);
    bench.load(&lab)?;
    bench.act(Action::WatchProviders)?;
    let luns = lun_count(bench)?;
    let code = create(bench)?;
    bench.same("what the creation comes to", &HResult::S_OK, &code)?;
    let begun = seen(bench, "BeginPrepareSnapshot")?.into_iter().map(|seen| seen.reply.hresult);
    let answers = vec![bench.outcome_code()?, HResult::S_OK];
    bench.same("what the providers answered to BeginPrepareSnapshot", &answers, &begun.collect())?;
    let now = lun_count(bench)?;
    bench.same("the number of LUNs", &luns, &now)?;
    next_creation_works(bench, luns + 1)
}

/// VSS does not heed the code; Windows Server 2003 does.
fn heeded_on_server_2003_alone(bench: &mut Bench<'_>) -> Checked {
    let lab = bench.lab().clone().with_fault(fault(bench)?);
    bench.load(&lab)?;
    let code = create(bench)?;
    bench.same("what the creation comes to where the code is not heeded", &HResult::S_OK, &code)?;
    bench.load(&flow::with_os(&lab, Os::WindowsServer2003))?;
    refused(bench)
}

/// Codes that no page of a provider's method lists: those that error-handling-in-shadow-copy-providers names.
const UNLISTED: [HResult; 4] = [HResult::S_FALSE, HResult::E_FAIL, HResult::E_UNEXPECTED, HResult::E_ABORT];

/// VSS logs what the provider has answered, and the requester gets the one code for all such.
fn converted(bench: &mut Bench<'_>) -> Checked {
    let (code, method) = (bench.outcome_code()?, method(bench));
    for unlisted in UNLISTED {
        let fault = Fault::new(method, Cause::ProviderAnswers(unlisted));
        bench.load(&bench.lab().clone().with_fault(fault))?;
        let luns = lun_count(bench)?;
        let session = match set_of(bench, SnapshotContext::NAS_ROLLBACK, r"D:\")? {
            Ok(session) => session,
            Err(refused) => return Err(Stop::failed(format!("AddToSnapshotSet came to {refused}"))),
        };
        bench.expect_status(session, Call::DO_SNAPSHOT_SET, code)?;
        let now = lun_count(bench)?;
        bench.same("the number of LUNs after the failure", &luns, &now)?;
        tells(bench, Source::Vss, code, method)?;
        told_once(bench, method)?;
        next_creation_works(bench, luns + 1)?;
    }
    Ok(())
}
