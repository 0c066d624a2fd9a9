//! `IVssFileShareSnapshotProvider`: providers of file shares, called as VSS calls them.

use super::{effects, limits, listing, refusals};
use crate::case;
use crate::case::Case;

/// The cases of this interface.
pub(in crate::cases) const CASES: &[Case] = &[
    case!("IVssFileShareSnapshotProvider::BeginPrepareSnapshot/S_OK/success", effects::creates_copies),
    case!("IVssFileShareSnapshotProvider::BeginPrepareSnapshot/S_OK/success", effects::starts_a_new_set),
    case!(
        "IVssFileShareSnapshotProvider::BeginPrepareSnapshot/E_ACCESSDENIED/insufficient-privilege",
        refusals::insufficient_privilege
    ),
    case!(
        "IVssFileShareSnapshotProvider::BeginPrepareSnapshot/E_INVALIDARG/bad-parameter",
        refusals::bad_parameter
    ),
    case!(
        "IVssFileShareSnapshotProvider::BeginPrepareSnapshot/E_INVALIDARG/bad-parameter",
        refusals::bad_path
    ),
    case!(
        "IVssFileShareSnapshotProvider::BeginPrepareSnapshot/E_OUTOFMEMORY/no-memory-or-resources",
        refusals::out_of_memory
    ),
    case!(
        "IVssFileShareSnapshotProvider::BeginPrepareSnapshot/E_OUTOFMEMORY/no-memory-or-resources",
        refusals::out_of_resources
    ),
    case!(
        "IVssFileShareSnapshotProvider::BeginPrepareSnapshot/VSS_E_OBJECT_NOT_FOUND/share-not-found",
        refusals::source_not_found
    ),
    case!(
        "IVssFileShareSnapshotProvider::BeginPrepareSnapshot/VSS_E_PROVIDER_VETO/provider-error",
        refusals::store_fails
    ),
    case!(
        "IVssFileShareSnapshotProvider::BeginPrepareSnapshot/VSS_E_UNSUPPORTED_CONTEXT/context-unsupported",
        limits::begin_in_unsupported_context
    ),
    case!(
        "IVssFileShareSnapshotProvider::BeginPrepareSnapshot/VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER/share-unsupported",
        limits::begin_of_unsupported
    ),
    case!(
        "IVssFileShareSnapshotProvider::BeginPrepareSnapshot/VSS_E_UNEXPECTED/unexpected-error",
        refusals::breaks
    ),
    case!("IVssFileShareSnapshotProvider::DeleteSnapshots/S_OK/success", effects::deletes),
    case!(
        "IVssFileShareSnapshotProvider::DeleteSnapshots/E_ACCESSDENIED/insufficient-privilege",
        refusals::insufficient_privilege
    ),
    case!(
        "IVssFileShareSnapshotProvider::DeleteSnapshots/E_INVALIDARG/bad-parameter",
        refusals::bad_parameter
    ),
    case!(
        "IVssFileShareSnapshotProvider::DeleteSnapshots/E_OUTOFMEMORY/no-memory-or-resources",
        refusals::out_of_memory
    ),
    case!(
        "IVssFileShareSnapshotProvider::DeleteSnapshots/E_OUTOFMEMORY/no-memory-or-resources",
        refusals::out_of_resources
    ),
    case!(
        "IVssFileShareSnapshotProvider::DeleteSnapshots/VSS_E_OBJECT_NOT_FOUND/snapshots-not-found",
        refusals::copy_not_found
    ),
    case!(
        "IVssFileShareSnapshotProvider::DeleteSnapshots/VSS_E_PROVIDER_VETO/provider-error",
        refusals::store_fails
    ),
    case!("IVssFileShareSnapshotProvider::GetSnapshotProperties/S_OK/success", effects::tells_all_properties),
    case!(
        "IVssFileShareSnapshotProvider::GetSnapshotProperties/E_ACCESSDENIED/insufficient-privilege",
        refusals::insufficient_privilege
    ),
    case!(
        "IVssFileShareSnapshotProvider::GetSnapshotProperties/E_INVALIDARG/bad-parameter",
        refusals::bad_parameter
    ),
    case!(
        "IVssFileShareSnapshotProvider::GetSnapshotProperties/E_OUTOFMEMORY/no-memory-or-resources",
        refusals::out_of_memory
    ),
    case!(
        "IVssFileShareSnapshotProvider::GetSnapshotProperties/E_OUTOFMEMORY/no-memory-or-resources",
        refusals::out_of_resources
    ),
    case!(
        "IVssFileShareSnapshotProvider::GetSnapshotProperties/VSS_E_OBJECT_NOT_FOUND/not-found",
        refusals::copy_not_found
    ),
    case!(
        "IVssFileShareSnapshotProvider::GetSnapshotProperties/VSS_E_PROVIDER_VETO/provider-error",
        refusals::store_fails
    ),
    case!(
        "IVssFileShareSnapshotProvider::GetSnapshotProperties/VSS_E_UNEXPECTED/unexpected-error",
        refusals::breaks
    ),
    case!("IVssFileShareSnapshotProvider::IsPathSnapshotted/S_OK/success", effects::tells_of_copies),
    case!(
        "IVssFileShareSnapshotProvider::IsPathSnapshotted/E_ACCESSDENIED/insufficient-privilege",
        refusals::insufficient_privilege
    ),
    case!(
        "IVssFileShareSnapshotProvider::IsPathSnapshotted/E_INVALIDARG/bad-parameter",
        refusals::bad_parameter
    ),
    case!("IVssFileShareSnapshotProvider::IsPathSnapshotted/E_INVALIDARG/bad-parameter", refusals::bad_path),
    case!(
        "IVssFileShareSnapshotProvider::IsPathSnapshotted/E_OUTOFMEMORY/no-memory-or-resources",
        refusals::out_of_memory
    ),
    case!(
        "IVssFileShareSnapshotProvider::IsPathSnapshotted/VSS_E_OBJECT_NOT_FOUND/share-not-found",
        refusals::source_not_found
    ),
    case!(
        "IVssFileShareSnapshotProvider::IsPathSnapshotted/VSS_E_PROVIDER_VETO/provider-error",
        refusals::store_fails
    ),
    case!(
        "IVssFileShareSnapshotProvider::IsPathSnapshotted/VSS_E_UNEXPECTED/unexpected-error",
        refusals::breaks
    ),
    case!("IVssFileShareSnapshotProvider::IsPathSupported/S_OK/success", effects::tells_what_is_supported),
    case!(
        "IVssFileShareSnapshotProvider::IsPathSupported/E_ACCESSDENIED/insufficient-privilege",
        refusals::insufficient_privilege
    ),
    case!(
        "IVssFileShareSnapshotProvider::IsPathSupported/E_INVALIDARG/bad-parameter",
        refusals::bad_parameter
    ),
    case!("IVssFileShareSnapshotProvider::IsPathSupported/E_INVALIDARG/bad-parameter", refusals::bad_path),
    case!(
        "IVssFileShareSnapshotProvider::IsPathSupported/E_OUTOFMEMORY/no-memory-or-resources",
        refusals::out_of_memory
    ),
    case!(
        "IVssFileShareSnapshotProvider::IsPathSupported/VSS_E_NESTED_VOLUME_LIMIT/nested-too-deeply",
        limits::nested
    ),
    case!(
        "IVssFileShareSnapshotProvider::IsPathSupported/VSS_E_OBJECT_NOT_FOUND/share-not-found",
        refusals::source_not_found
    ),
    case!(
        "IVssFileShareSnapshotProvider::IsPathSupported/VSS_E_PROVIDER_VETO/provider-error",
        refusals::store_fails
    ),
    case!(
        "IVssFileShareSnapshotProvider::IsPathSupported/VSS_E_UNEXPECTED/unexpected-error",
        refusals::breaks
    ),
    case!("IVssFileShareSnapshotProvider::Query/S_OK/success", listing::lists_completed_copies),
    case!("IVssFileShareSnapshotProvider::Query/S_OK/success", listing::enumerates),
    case!(
        "IVssFileShareSnapshotProvider::Query/E_ACCESSDENIED/insufficient-privilege",
        refusals::insufficient_privilege
    ),
    case!("IVssFileShareSnapshotProvider::Query/E_INVALIDARG/bad-parameter", refusals::bad_parameter),
    case!(
        "IVssFileShareSnapshotProvider::Query/E_OUTOFMEMORY/no-memory-or-resources",
        refusals::out_of_memory
    ),
    case!("IVssFileShareSnapshotProvider::Query/VSS_E_PROVIDER_VETO/provider-error", refusals::store_fails),
    case!("IVssFileShareSnapshotProvider::SetContext/S_OK/success", listing::context_governs),
    case!(
        "IVssFileShareSnapshotProvider::SetContext/E_ACCESSDENIED/insufficient-privilege",
        refusals::insufficient_privilege
    ),
    case!("IVssFileShareSnapshotProvider::SetContext/E_INVALIDARG/bad-parameter", refusals::bad_parameter),
    case!(
        "IVssFileShareSnapshotProvider::SetContext/E_OUTOFMEMORY/no-memory-or-resources",
        refusals::out_of_memory
    ),
    case!(
        "IVssFileShareSnapshotProvider::SetContext/VSS_E_BAD_STATE/context-frozen",
        limits::context_is_frozen
    ),
    case!("IVssFileShareSnapshotProvider::SetSnapshotProperty/S_OK/success", effects::sets_properties),
    case!(
        "IVssFileShareSnapshotProvider::SetSnapshotProperty/E_ACCESSDENIED/insufficient-privilege",
        refusals::insufficient_privilege
    ),
    case!(
        "IVssFileShareSnapshotProvider::SetSnapshotProperty/E_INVALIDARG/bad-parameter",
        refusals::bad_parameter
    ),
    case!(
        "IVssFileShareSnapshotProvider::SetSnapshotProperty/E_INVALIDARG/bad-parameter",
        limits::not_settable
    ),
    case!(
        "IVssFileShareSnapshotProvider::SetSnapshotProperty/E_OUTOFMEMORY/no-memory-or-resources",
        refusals::out_of_memory
    ),
    case!(
        "IVssFileShareSnapshotProvider::SetSnapshotProperty/VSS_E_OBJECT_NOT_FOUND/snapshot-not-found",
        refusals::copy_not_found
    ),
];
