//! `IVssBackupComponents::SetContext`.

use vss_sim::api::{
    Call, HResult, Object, ProviderId, SnapshotContext as Context, SnapshotId,
    VolumeSnapshotAttributes as Attributes,
};
use vss_sim::lab::Os;

use super::flow;
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked};

/// The cases of this file.
pub(in crate::cases) const CASES: &[Case] = &[
    case!("IVssBackupComponents::SetContext/S_OK/set", set_without_writers),
    case!("IVssBackupComponents::SetContext/S_OK/set", set_with_writers),
    case!("IVssBackupComponents::SetContext/S_OK/set", set_all),
    case!("IVssBackupComponents::SetContext/E_INVALIDARG/bad-parameter", meaningless),
    case!("IVssBackupComponents::SetContext/E_INVALIDARG/unsupported-context", unsupported),
    case!("IVssBackupComponents::SetContext/E_INVALIDARG/unsupported-context", of_later_systems),
    case!("IVssBackupComponents::SetContext/VSS_E_BAD_STATE/out-of-sequence", too_late),
    case!("IVssBackupComponents::SetContext/VSS_E_BAD_STATE/already-set", twice),
    case!("IVssBackupComponents::SetContext/E_NOTIMPL/windows-xp", windows_xp),
];

fn call(l_context: Context) -> Call {
    Call::SetContext { l_context }
}

/// The set that the object creates has the attributes of the context and of no other.
fn governs(bench: &mut Bench<'_>, session: Object, context: Context, volume: &str) -> Checked {
    let snapshots = flow::start_set(bench, session, &[volume])?;
    is_governed(bench, session, context, &snapshots)
}

fn is_governed(
    bench: &mut Bench<'_>,
    session: Object,
    context: Context,
    snapshots: &[SnapshotId],
) -> Checked {
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    let came = flow::properties(bench, session, snapshots[0])?.snapshot_attributes;
    let of_contexts = Attributes::PERSISTENT
        | Attributes::CLIENT_ACCESSIBLE
        | Attributes::NO_AUTO_RELEASE
        | Attributes::NO_WRITERS
        | Attributes::NO_AUTORECOVERY;
    bench.same("what the copy has of the context", &context.attributes(), &(came & of_contexts))
}

fn set_without_writers(bench: &mut Bench<'_>) -> Checked {
    let code = bench.outcome_code()?;
    let contexts = [
        Context::FILE_SHARE_BACKUP,
        Context::NAS_ROLLBACK,
        Context::NAS_ROLLBACK.with(Attributes::NO_AUTORECOVERY),
        Context::CLIENT_ACCESSIBLE,
    ];
    for context in contexts {
        bench.load_default()?;
        let session = flow::initialized(bench)?;
        bench.expect(session, call(context), code)?;
        governs(bench, session, context, r"C:\")?;
    }
    Ok(())
}

/// Contexts with writers need the writers' metadata and PrepareForBackup.
fn set_with_writers(bench: &mut Bench<'_>) -> Checked {
    let code = bench.outcome_code()?;
    for context in [Context::BACKUP, Context::APP_ROLLBACK, Context::CLIENT_ACCESSIBLE_WRITERS] {
        bench.load_default()?;
        let session = flow::initialized(bench)?;
        bench.expect(session, call(context), code)?;
        bench.ok(session, Call::SET_BACKUP_STATE)?;
        flow::gather_metadata(bench, session)?;
        let snapshots = flow::start_set(bench, session, &[r"C:\"])?;
        bench.expect_settled(session, Call::DO_SNAPSHOT_SET, HResult::VSS_E_BAD_STATE)?;
        bench.done(session, Call::PREPARE_FOR_BACKUP)?;
        is_governed(bench, session, context, &snapshots)?;
    }
    Ok(())
}

/// The view over everything creates nothing.
fn set_all(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let (maker, snapshots) = flow::created_set(bench, Context::NAS_ROLLBACK, &[r"C:\"])?;
    bench.release(maker);
    let session = flow::initialized(bench)?;
    let code = bench.outcome_code()?;
    bench.expect(session, call(Context::ALL), code)?;
    flow::properties(bench, session, snapshots[0])?;
    let started = bench.call(session, Call::START_SNAPSHOT_SET).hresult;
    bench.check(started.is_failure(), || "VSS_CTX_ALL must not let a set be started".to_owned())
}

/// The object takes another context after one that was refused.
fn still_open(bench: &mut Bench<'_>, session: Object) -> Checked {
    bench.ok(session, call(Context::NAS_ROLLBACK)).map(drop)
}

/// Bits that belong neither to a context nor to an attribute.
fn meaningless(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let session = flow::initialized(bench)?;
    let code = bench.outcome_code()?;
    for bits in [0x8000_0000_u32, 0x0000_0100, 0x0800_0000, 0x0000_8019] {
        bench.expect(session, call(Context::from_bits_retain(bits)), code)?;
    }
    still_open(bench, session)
}

/// Attributes that only VSS sets, that exclude each other, or that the context does not take.
fn unsupported(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let session = flow::initialized(bench)?;
    let code = bench.outcome_code()?;
    let contexts = [
        Context::BACKUP.with(Attributes::HARDWARE_ASSISTED),
        Context::BACKUP.with(Attributes::IMPORTED),
        Context::NAS_ROLLBACK.with(Attributes::NOT_SURFACED),
        Context::APP_ROLLBACK.with(Attributes::EXPOSED_LOCALLY),
        Context::BACKUP.with(Attributes::DIFFERENTIAL | Attributes::PLEX),
        Context::CLIENT_ACCESSIBLE.with(Attributes::DIFFERENTIAL),
        Context::CLIENT_ACCESSIBLE.with(Attributes::TRANSPORTABLE),
        Context::BACKUP.with(Attributes::PERSISTENT),
    ];
    for context in contexts {
        bench.expect(session, call(context), code)?;
    }
    // Arguments come before the state.
    let fresh = flow::create(bench)?;
    bench.expect(fresh, call(contexts[0]), code)?;
    still_open(bench, session)
}

/// VSS_CTX_CLIENT_ACCESSIBLE_WRITERS and some attributes came with Windows Vista and Windows Server 2008.
fn of_later_systems(bench: &mut Bench<'_>) -> Checked {
    let code = bench.outcome_code()?;
    let later = [
        Context::CLIENT_ACCESSIBLE_WRITERS,
        Context::BACKUP.with(Attributes::NO_AUTORECOVERY),
        Context::BACKUP.with(Attributes::NOT_TRANSACTED),
        Context::BACKUP.with(Attributes::TXF_RECOVERY),
    ];
    bench.load(&flow::with_os(bench.lab(), Os::WindowsServer2003))?;
    let session = flow::initialized(bench)?;
    for context in later {
        bench.expect(session, call(context), code)?;
    }
    still_open(bench, session)?;
    bench.load(&flow::with_os(bench.lab(), Os::WindowsServer2008))?;
    for context in later {
        let session = flow::initialized(bench)?;
        bench.ok(session, call(context))?;
    }
    Ok(())
}

/// Once a set is begun its context stands.
fn too_late(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let session = flow::initialized(bench)?;
    bench.ok(session, call(Context::NAS_ROLLBACK))?;
    bench.ok(session, Call::START_SNAPSHOT_SET)?;
    let code = bench.outcome_code()?;
    bench.expect(session, call(Context::FILE_SHARE_BACKUP), code)?;
    let added = flow::add_volume(bench, session, r"C:\", ProviderId::NULL)?;
    bench.done(session, Call::DO_SNAPSHOT_SET)?;
    let came = flow::properties(bench, session, added)?.snapshot_attributes;
    bench.check(came.contains(Attributes::PERSISTENT), || "the first context has to hold".to_owned())
}

/// It can be set once: the first holds.
fn twice(bench: &mut Bench<'_>) -> Checked {
    bench.load_default()?;
    let session = flow::initialized(bench)?;
    bench.ok(session, call(Context::NAS_ROLLBACK))?;
    let code = bench.outcome_code()?;
    bench.expect(session, call(Context::FILE_SHARE_BACKUP), code)?;
    bench.expect(session, call(Context::NAS_ROLLBACK), code)?;
    governs(bench, session, Context::NAS_ROLLBACK, r"C:\")
}

/// There is only VSS_CTX_BACKUP, and it cannot be chosen either.
fn windows_xp(bench: &mut Bench<'_>) -> Checked {
    bench.load(&flow::with_os(bench.lab(), Os::WindowsXp))?;
    let code = bench.outcome_code()?;
    let fresh = flow::create(bench)?;
    bench.expect(fresh, call(Context::BACKUP), code)?;
    let session = flow::initialized(bench)?;
    for context in [Context::BACKUP, Context::NAS_ROLLBACK, Context::ALL] {
        bench.expect(session, call(context), code)?;
    }
    bench.ok(session, Call::START_SNAPSHOT_SET).map(drop)
}
