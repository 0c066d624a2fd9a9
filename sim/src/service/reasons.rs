//! How the pages word the failures that every method shares: the last part of the outcome's id.

use crate::api::{HResult, Method, Ptr};

use super::{Because, Refusal};

/// Memory or another resource ran out.
pub(super) fn out_of_memory(method: Method) -> Refusal {
    let because = match method.name {
        "GetWriterStatusEx" | "CreateVssBackupComponents" | "CreateVssBackupComponentsInternal" => {
            Because::Documented("out-of-memory")
        }
        name if lists_no_memory(name) => {
            Because::Inferred("resources can run out anywhere; the page lists no code")
        }
        _ => Because::Documented("no-resources"),
    };
    Refusal { code: HResult::E_OUTOFMEMORY, because }
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
    )
}

/// The service broke.
pub(super) fn unexpected(method: Method, has_vss_e_unexpected: bool) -> Refusal {
    let because = match method.name {
        "GetSessionId" => Because::Documented("any-failure"),
        "AddSnapshotToRecoverySet" | "RecoverSet" | "GetWriterStatusEx" | "FreeWriterStatus" => {
            Because::Inferred("the service can break anywhere; the page lists no code")
        }
        _ if has_vss_e_unexpected => Because::Documented("unexpected"),
        "CreateVssBackupComponents" | "CreateVssBackupComponentsInternal" => {
            Because::Documented("pre-win7-unexpected")
        }
        _ => Because::Documented("unexpected-legacy-os"),
    };
    let code = if has_vss_e_unexpected { HResult::VSS_E_UNEXPECTED } else { HResult::E_UNEXPECTED };
    Refusal { code, because }
}

/// An out-pointer is NULL or leads nowhere.
pub(super) fn bad_pointer(method: Method, name: &str, pointer: Ptr) -> Refusal {
    let because = match (method.name, name) {
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
        (
            "AddToSnapshotSet"
            | "GetSnapshotProperties"
            | "StartSnapshotSet"
            | "SaveAsXML"
            | "GetWriterStatus"
            | "GetWriterStatusCount"
            | "CreateVssBackupComponents"
            | "CreateVssBackupComponentsInternal",
            _,
        ) => Because::Documented("bad-parameter"),
        _ => Because::Inferred("a required pointer is NULL or leads nowhere; the page names no code"),
    };
    Refusal { code: HResult::E_INVALIDARG, because }
}

/// The caller is neither an administrator nor a backup operator: COM rejects the call before the method runs.
pub(super) fn access_denied(method: Method) -> Refusal {
    let because = match method.name {
        "AddToSnapshotSet"
        | "DoSnapshotSet"
        | "GatherWriterMetadata"
        | "GatherWriterStatus"
        | "GetSnapshotProperties"
        | "ImportSnapshots"
        | "InitializeForBackup"
        | "InitializeForRestore"
        | "CreateVssBackupComponents"
        | "CreateVssBackupComponentsInternal"
        | "QueryStatus"
        | "Wait" => Because::Documented("insufficient-privilege"),
        _ => Because::Rule("security-considerations-for-requestors"),
    };
    Refusal { code: HResult::E_ACCESSDENIED, because }
}
