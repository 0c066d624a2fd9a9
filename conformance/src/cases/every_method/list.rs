//! Which outcomes these are.

use super::{
    during_restore, during_restore_literally, insufficient_privilege, not_initialized, null_pointer,
    out_of_memory, unexpected, unexpected_legacy,
};
use crate::case;
use crate::case::Case;

/// The cases of this room.
pub(in crate::cases) const CASES: &[Case] = &[
    case!("CreateVssBackupComponents/E_ACCESSDENIED/insufficient-privilege", insufficient_privilege),
    case!("CreateVssBackupComponents/E_INVALIDARG/bad-parameter", null_pointer),
    case!("CreateVssBackupComponents/E_OUTOFMEMORY/out-of-memory", out_of_memory),
    case!("CreateVssBackupComponents/VSS_E_UNEXPECTED/unexpected", unexpected),
    case!("CreateVssBackupComponents/E_UNEXPECTED/pre-win7-unexpected", unexpected_legacy),
    case!("CreateVssBackupComponentsInternal/E_ACCESSDENIED/insufficient-privilege", insufficient_privilege),
    case!("CreateVssBackupComponentsInternal/E_INVALIDARG/bad-parameter", null_pointer),
    case!("CreateVssBackupComponentsInternal/E_OUTOFMEMORY/out-of-memory", out_of_memory),
    case!("CreateVssBackupComponentsInternal/VSS_E_UNEXPECTED/unexpected", unexpected),
    case!("CreateVssBackupComponentsInternal/E_UNEXPECTED/pre-win7-unexpected", unexpected_legacy),
    case!("IVssBackupComponents::AbortBackup/E_OUTOFMEMORY/no-resources", out_of_memory),
    case!("IVssBackupComponents::AbortBackup/VSS_E_BAD_STATE/not-initialized", not_initialized),
    case!("IVssBackupComponents::AbortBackup/VSS_E_UNEXPECTED/unexpected", unexpected),
    case!("IVssBackupComponents::AbortBackup/E_UNEXPECTED/unexpected-legacy-os", unexpected_legacy),
    case!(
        "IVssBackupComponents::AddToSnapshotSet/E_ACCESSDENIED/insufficient-privilege",
        insufficient_privilege
    ),
    case!("IVssBackupComponents::AddToSnapshotSet/E_INVALIDARG/bad-parameter", null_pointer),
    case!("IVssBackupComponents::AddToSnapshotSet/E_OUTOFMEMORY/no-resources", out_of_memory),
    case!("IVssBackupComponents::AddToSnapshotSet/VSS_E_BAD_STATE/not-initialized", not_initialized),
    case!("IVssBackupComponents::AddToSnapshotSet/VSS_E_BAD_STATE/during-restore", during_restore),
    case!("IVssBackupComponents::AddToSnapshotSet/VSS_E_UNEXPECTED/unexpected", unexpected),
    case!("IVssBackupComponents::AddToSnapshotSet/E_UNEXPECTED/unexpected-legacy-os", unexpected_legacy),
    case!("IVssBackupComponents::BackupComplete/E_INVALIDARG/null-ppasync", null_pointer),
    case!("IVssBackupComponents::BackupComplete/E_OUTOFMEMORY/no-resources", out_of_memory),
    case!("IVssBackupComponents::BackupComplete/VSS_E_BAD_STATE/not-initialized", not_initialized),
    case!("IVssBackupComponents::BackupComplete/VSS_E_BAD_STATE/during-restore", during_restore),
    case!("IVssBackupComponents::BackupComplete/VSS_E_UNEXPECTED/unexpected", unexpected),
    case!("IVssBackupComponents::BackupComplete/E_UNEXPECTED/unexpected-legacy-os", unexpected_legacy),
    case!(
        "IVssBackupComponents::DoSnapshotSet/E_ACCESSDENIED/insufficient-privilege",
        insufficient_privilege
    ),
    case!("IVssBackupComponents::DoSnapshotSet/E_INVALIDARG/null-ppasync", null_pointer),
    case!("IVssBackupComponents::DoSnapshotSet/E_OUTOFMEMORY/no-resources", out_of_memory),
    case!("IVssBackupComponents::DoSnapshotSet/VSS_E_BAD_STATE/not-initialized", not_initialized),
    case!("IVssBackupComponents::DoSnapshotSet/VSS_E_UNEXPECTED/unexpected", unexpected),
    case!("IVssBackupComponents::DoSnapshotSet/E_UNEXPECTED/unexpected-legacy-os", unexpected_legacy),
    case!(
        "IVssBackupComponents::ImportSnapshots/E_ACCESSDENIED/insufficient-privilege",
        insufficient_privilege
    ),
    case!("IVssBackupComponents::ImportSnapshots/E_INVALIDARG/null-ppasync", null_pointer),
    case!("IVssBackupComponents::ImportSnapshots/E_OUTOFMEMORY/no-resources", out_of_memory),
    case!("IVssBackupComponents::ImportSnapshots/VSS_E_BAD_STATE/not-initialized", not_initialized),
    case!("IVssBackupComponents::ImportSnapshots/VSS_E_BAD_STATE/during-restore", during_restore),
    case!("IVssBackupComponents::ImportSnapshots/VSS_E_UNEXPECTED/unexpected", unexpected),
    case!("IVssBackupComponents::ImportSnapshots/E_UNEXPECTED/unexpected-legacy-os", unexpected_legacy),
    case!(
        "IVssBackupComponents::InitializeForBackup/E_ACCESSDENIED/insufficient-privilege",
        insufficient_privilege
    ),
    case!("IVssBackupComponents::InitializeForBackup/E_OUTOFMEMORY/no-resources", out_of_memory),
    case!("IVssBackupComponents::InitializeForBackup/VSS_E_BAD_STATE/during-restore", during_restore),
    case!("IVssBackupComponents::InitializeForBackup/VSS_E_UNEXPECTED/unexpected", unexpected),
    case!("IVssBackupComponents::InitializeForBackup/E_UNEXPECTED/unexpected-legacy-os", unexpected_legacy),
    case!(
        "IVssBackupComponents::IsVolumeSupported/E_ACCESSDENIED/insufficient-privilege",
        insufficient_privilege
    ),
    case!("IVssBackupComponents::IsVolumeSupported/E_OUTOFMEMORY/no-resources", out_of_memory),
    case!("IVssBackupComponents::IsVolumeSupported/VSS_E_BAD_STATE/not-initialized", not_initialized),
    case!("IVssBackupComponents::IsVolumeSupported/VSS_E_BAD_STATE/during-restore", during_restore),
    case!("IVssBackupComponents::IsVolumeSupported/VSS_E_UNEXPECTED/unexpected", unexpected),
    case!("IVssBackupComponents::IsVolumeSupported/E_UNEXPECTED/unexpected-legacy-os", unexpected_legacy),
    case!("IVssBackupComponents::PrepareForBackup/E_INVALIDARG/null-ppasync", null_pointer),
    case!("IVssBackupComponents::PrepareForBackup/E_OUTOFMEMORY/no-resources", out_of_memory),
    case!("IVssBackupComponents::PrepareForBackup/VSS_E_BAD_STATE/not-initialized", not_initialized),
    case!("IVssBackupComponents::PrepareForBackup/VSS_E_BAD_STATE/during-restore", during_restore),
    case!("IVssBackupComponents::PrepareForBackup/VSS_E_UNEXPECTED/unexpected", unexpected),
    case!("IVssBackupComponents::PrepareForBackup/E_UNEXPECTED/unexpected-legacy-os", unexpected_legacy),
    case!("IVssBackupComponents::SetBackupState/E_OUTOFMEMORY/no-resources", out_of_memory),
    case!("IVssBackupComponents::SetBackupState/VSS_E_BAD_STATE/not-initialized", not_initialized),
    case!("IVssBackupComponents::SetBackupState/VSS_E_BAD_STATE/during-restore", during_restore_literally),
    case!("IVssBackupComponents::SetBackupState/VSS_E_UNEXPECTED/unexpected", unexpected),
    case!("IVssBackupComponents::SetBackupState/E_UNEXPECTED/unexpected-legacy-os", unexpected_legacy),
    case!("IVssBackupComponents::SetContext/VSS_E_BAD_STATE/not-initialized", not_initialized),
    case!("IVssBackupComponents::SetContext/VSS_E_BAD_STATE/during-restore", during_restore),
    case!("IVssBackupComponents::SetContext/VSS_E_UNEXPECTED/unexpected", unexpected),
    case!("IVssBackupComponents::SetContext/E_UNEXPECTED/unexpected-legacy-os", unexpected_legacy),
    case!("IVssBackupComponents::StartSnapshotSet/E_INVALIDARG/bad-parameter", null_pointer),
    case!("IVssBackupComponents::StartSnapshotSet/E_OUTOFMEMORY/no-resources", out_of_memory),
    case!("IVssBackupComponents::StartSnapshotSet/VSS_E_BAD_STATE/not-initialized", not_initialized),
    case!("IVssBackupComponents::StartSnapshotSet/VSS_E_BAD_STATE/during-restore", during_restore),
    case!("IVssBackupComponents::StartSnapshotSet/VSS_E_UNEXPECTED/unexpected", unexpected),
    case!("IVssBackupComponents::StartSnapshotSet/E_UNEXPECTED/unexpected-legacy-os", unexpected_legacy),
];
