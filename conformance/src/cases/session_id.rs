//! `IVssBackupComponentsEx3::GetSessionId`.

use vss_sim::api::{Call, HResult, Object, Out, Ptr, SessionId, SnapshotContext};
use vss_sim::lab::{Cause, Fault};

use super::flow;
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked, Stop};

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    case!("IVssBackupComponentsEx3::GetSessionId/S_OK/success", constant_and_unique),
    case!("IVssBackupComponentsEx3::GetSessionId/HRESULT/any-failure", out_of_memory),
];

const CALL: Call = Call::GetSessionId { id_session: Ptr::Valid };

fn session_id(bench: &mut Bench<'_>, session: Object) -> Result<SessionId, Stop> {
    match bench.expect(session, CALL, HResult::S_OK)?.out {
        Some(Out::GetSessionId { id_session }) => Ok(id_session),
        _ => Err(Stop::failed("GetSessionId returned S_OK but wrote no id")),
    }
}

/// One id for the whole session, another for a parallel one.
fn constant_and_unique(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let one = flow::backup_object(bench, SnapshotContext::BACKUP)?;
    let first = session_id(bench, one)?;
    flow::gather_metadata(bench, one)?;
    let again = session_id(bench, one)?;
    bench.same("the id later in the session", &first, &again)?;
    let other = flow::backup_object(bench, SnapshotContext::BACKUP)?;
    let second = session_id(bench, other)?;
    bench.check(first != second, || "parallel sessions have to have different ids".to_owned())?;
    bench.check(!first.is_null(), || "the id must not be GUID_NULL".to_owned())
}

/// The page names no code: any failure will do. Memory can run out anywhere.
fn out_of_memory(bench: &mut Bench<'_>) -> Checked {
    let fault = Fault { call: "GetSessionId".to_owned(), of: None, nth: 1, cause: Cause::OutOfMemory };
    let lab = bench.lab().clone().with_fault(fault);
    bench.load(&lab)?;
    let session = flow::backup_object(bench, SnapshotContext::BACKUP)?;
    bench.expect_failure(session, CALL)?;
    // What failed for want of memory works when there is some again.
    session_id(bench, session).map(drop)
}
