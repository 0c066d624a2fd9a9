//! How the pages word the failures that every method shares, and the codes of providers: the last part of the outcome's id.

use crate::api::{HResult, Method, ProviderId, Ptr};
use crate::provider::SystemProvider;

use super::{Because, Refusal};

/// The pages of the exported functions and of `IVssBackupComponentsEx2` word some failures in a way of their own.
fn is_worded_otherwise(method: Method) -> bool {
    matches!(method.interface, "" | "IVssBackupComponentsEx2") || method.name == "GetWriterStatusEx"
}

/// Memory or another resource ran out.
pub(super) fn out_of_memory(method: Method) -> Refusal {
    let because = match method.name {
        _ if lists_no_memory(method.name) => {
            Because::Inferred("resources can run out anywhere; the page lists no code")
        }
        _ if is_worded_otherwise(method) => Because::Documented("out-of-memory"),
        _ => Because::Documented("no-resources"),
    };
    Refusal::new(HResult::E_OUTOFMEMORY, because)
}

fn lists_no_memory(method: &str) -> bool {
    matches!(
        method,
        "AddSnapshotToRecoverySet"
            | "RecoverSet"
            | "SetContext"
            | "GetWriterStatusCount"
            | "Wait"
            | "QueryStatus"
            | "Cancel"
            | "Next"
            | "Skip"
            | "Reset"
            | "PreFastRecovery"
            | "FastRecovery"
    )
}

/// The service broke.
pub(super) fn unexpected(method: Method, has_vss_e_unexpected: bool) -> Refusal {
    let because = match method.name {
        "RevertToSnapshot" | "QueryRevertStatus" | "Next" | "Skip" | "Reset" | "Clone" => {
            return Refusal::documented(HResult::E_FAIL, "internal-error");
        }
        "GetSessionId" => Because::Documented("any-failure"),
        "AddSnapshotToRecoverySet"
        | "RecoverSet"
        | "GetWriterStatusEx"
        | "FreeWriterStatus"
        | "PreFastRecovery"
        | "FastRecovery" => Because::Inferred("the service can break anywhere; the page lists no code"),
        _ if has_vss_e_unexpected => Because::Documented("unexpected"),
        _ if is_worded_otherwise(method) => Because::Documented("pre-win7-unexpected"),
        _ => Because::Documented("unexpected-legacy-os"),
    };
    let code = if has_vss_e_unexpected { HResult::VSS_E_UNEXPECTED } else { HResult::E_UNEXPECTED };
    Refusal::new(code, because)
}

/// An out-pointer is NULL or leads nowhere; the detail names it.
pub(super) fn bad_pointer(method: Method, name: &'static str, pointer: Ptr) -> Refusal {
    let because = match (method.name, name) {
        ("QueryRevertStatus", _) if pointer == Ptr::Dangling => Because::Documented("bad-parameter"),
        ("QueryRevertStatus" | "Next" | "Clone", _) => {
            return Refusal::documented(HResult::E_POINTER, "null-pointer").detail(name);
        }
        ("GetWriterStatusEx", "pn_status") => Because::Documented("null-pnStatus"),
        ("GetWriterStatusEx", "pid_writer") => Because::Documented("null-pidWriter"),
        ("GetWriterStatusEx", "pbstr_writer") => Because::Documented("null-pbstrWriter"),
        ("GetWriterStatusEx", "pid_instance") => Because::Documented("null-pidInstance"),
        ("QueryStatus", "p_hr_result") if pointer == Ptr::Dangling => Because::Documented("bad-phrresult"),
        ("QueryStatus", "p_hr_result") => Because::Documented("null-phrresult"),
        (
            "DoSnapshotSet"
            | "PrepareForBackup"
            | "BackupComplete"
            | "GatherWriterMetadata"
            | "GatherWriterStatus"
            | "ImportSnapshots",
            _,
        ) => Because::Documented("null-ppasync"),
        (name, _) if lists_bad_parameter(name) => Because::Documented("bad-parameter"),
        _ => Because::Inferred("a required pointer is NULL or leads nowhere; the page names no code"),
    };
    Refusal::new(HResult::E_INVALIDARG, because).detail(name)
}

fn lists_bad_parameter(method: &str) -> bool {
    matches!(
        method,
        "AddToSnapshotSet"
            | "BreakSnapshotSetEx"
            | "CreateVssBackupComponents"
            | "CreateVssBackupComponentsInternal"
            | "DeleteSnapshots"
            | "ExposeSnapshot"
            | "GetSnapshotProperties"
            | "GetWriterStatus"
            | "GetWriterStatusCount"
            | "IsVolumeSnapshotted"
            | "IsVolumeSnapshottedInternal"
            | "Query"
            | "SaveAsXML"
            | "ShouldBlockRevert"
            | "StartSnapshotSet"
    )
}

/// The caller is neither an administrator nor a backup operator: COM rejects the call before the method runs.
pub(super) fn access_denied(method: Method) -> Refusal {
    let because = match method.name {
        "ShouldBlockRevert" => Because::Documented("not-administrator"),
        "AddToSnapshotSet"
        | "BreakSnapshotSet"
        | "BreakSnapshotSetEx"
        | "CreateVssBackupComponents"
        | "CreateVssBackupComponentsInternal"
        | "DeleteSnapshots"
        | "DoSnapshotSet"
        | "ExposeSnapshot"
        | "GatherWriterMetadata"
        | "GatherWriterStatus"
        | "GetSnapshotProperties"
        | "ImportSnapshots"
        | "InitializeForBackup"
        | "InitializeForRestore"
        | "IsVolumeSnapshotted"
        | "IsVolumeSnapshottedInternal"
        | "IsVolumeSupported"
        | "Query"
        | "QueryRevertStatus"
        | "QueryStatus"
        | "RevertToSnapshot"
        | "UnexposeSnapshot"
        | "Wait" => Because::Documented("insufficient-privilege"),
        _ => Because::Rule("security-considerations-for-requestors"),
    };
    Refusal::new(HResult::E_ACCESSDENIED, because)
}

/// What a provider's code is called on the page of the method that a requester called.
pub(super) fn of_provider(method: &str, refusal: Refusal, provider: ProviderId) -> Refusal {
    let reason = match (method, refusal.code) {
        ("AddToSnapshotSet", HResult::VSS_E_PROVIDER_VETO) => "provider-error",
        ("AddToSnapshotSet", HResult::VSS_E_UNEXPECTED_PROVIDER_ERROR) => "provider-unexpected",
        ("AddToSnapshotSet", HResult::VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED) => "volume-in-too-many-sets",
        ("DoSnapshotSet", HResult::VSS_E_INSUFFICIENT_STORAGE) if provider == SystemProvider::ID => {
            "system-no-storage"
        }
        ("DoSnapshotSet", HResult::VSS_E_INSUFFICIENT_STORAGE) => "provider-no-storage",
        ("DoSnapshotSet", HResult::VSS_E_PROVIDER_VETO) => "provider-unable-now",
        ("DoSnapshotSet", HResult::VSS_E_UNEXPECTED_PROVIDER_ERROR) => "provider-unexpected",
        ("DoSnapshotSet", HResult::VSS_E_REBOOT_REQUIRED) => "restart-needed",
        ("RevertToSnapshot" | "QueryRevertStatus", HResult::E_NOTIMPL) => "provider-no-revert",
        ("RevertToSnapshot", HResult::VSS_E_REVERT_IN_PROGRESS) => "already-reverting",
        ("RevertToSnapshot" | "QueryRevertStatus", HResult::VSS_E_VOLUME_NOT_SUPPORTED) => {
            "revert-unsupported"
        }
        // Vshadow takes the code for "already finished".
        ("QueryRevertStatus", HResult::VSS_E_OBJECT_NOT_FOUND) => {
            return Refusal::rule(refusal.code, "sample revert.cpp: no revert runs");
        }
        _ => return refusal,
    };
    Refusal::documented(refusal.code, reason)
}
