//! What can happen in a run: whole flows, single calls with any arguments, and the world outside. Numbers pick from
//! what there is when the time comes, so that a shortened run still makes sense.

use proptest::prelude::*;
use proptest::sample::select;
use vss_sim::api::Ptr;
use vss_sim::lab::CallerRole;

/// One thing that happens.
#[derive(Clone, Debug)]
pub(crate) enum Op {
    /// A backup up to its `stop`th call, of some volumes.
    Backup { context: u8, volumes: Vec<u8>, stop: u8, host: u8 },
    /// A restore by LUN resync of some copies of a saved document, each to its original (`None`) or somewhere.
    Restore { document: u8, copies: Vec<(u8, Option<u8>)>, flags: u8, ending: Ending },
    /// A volume is reverted to one of its copies by the system provider, if there are any.
    Revert { copy: u8, force: bool },
    /// A saved document is imported.
    Import { document: u8, host: u8, cancel: bool },
    /// The set of a copy is broken, by `BreakSnapshotSet` if there are no flags.
    Break { copy: u8, host: u8, flags: Option<u32> },
    /// A copy or its set is deleted.
    Delete { copy: u8, kind: u8, force: bool },
    /// A copy gets a name.
    Expose { copy: u8, form: u8 },
    /// A requester begins a set, and no more.
    Begin { host: u8 },
    /// One call on one object.
    Call { verb: Verb, on: u8, odd_object: u8, pointer: Ptr },
    /// Something writes.
    Write { volume: u8, slot: u8, value: u64, host: u8 },
    /// Time passes.
    Elapse(u64),
    /// Another program keeps a handle.
    Hold { volume: u8, for_ms: Option<u64> },
    /// A LUN is no longer presented.
    Mask(u8),
    /// A LUN is presented to a host.
    Present { lun: u8, host: u8 },
    /// The caller's account changes.
    Become(CallerRole),
    /// A provider goes.
    Unregister(u8),
    /// A provider loses its newer interface.
    Downgrade(u8),
    /// A requester's process ends.
    EndProcess(u8),
    /// A host restarts.
    Restart(u8),
}

/// How a requester deals with a resync that it has begun.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ending {
    /// Waits for it.
    Wait,
    /// Lets it run.
    Leave,
    /// Stops it after that many milliseconds.
    Cancel(u64),
    /// Lets go of everything after that many milliseconds.
    Release(u64),
}

/// Where a document comes from.
#[derive(Clone, Debug)]
pub(crate) enum Document {
    Null,
    Garbage(&'static str),
    Saved(u8),
    /// Saved, then damaged at that place in one of the ways.
    Damaged(u8, u16, u8),
}

/// A method and its arguments.
#[derive(Clone, Debug)]
pub(crate) enum Verb {
    Create,
    Release,
    InitializeForBackup(Document),
    InitializeForRestore(Document),
    SetContext(u32),
    SetBackupState,
    GatherMetadata,
    GatherStatus,
    StatusCount,
    Status(u32),
    StatusEx(u32, Ptr),
    FreeStatus,
    Start,
    Add { volume: u8, form: u8, provider: u8 },
    Do,
    Properties(u8),
    Revert(u8, bool),
    RevertStatus { volume: u8, form: u8 },
    ShouldBlock { volume: u8, form: u8 },
    Prepare,
    Complete,
    Abort,
    Save,
    AddToRecovery { copy: u8, flags: u32, destination: Option<(u8, u8)> },
    Recover(u32),
    SessionId,
    Query,
    Wait(u32),
    Cancel,
    QueryObjects(u8),
    Next(u32),
    Skip(u32),
    Reset,
    Clone,
    Delete { copy: u8, kind: u8, force: bool },
    Expose { copy: u8, form: u8 },
    Unexpose(u8),
    FastRecovery(bool),
    IsSnapshotted { volume: u8, form: u8 },
    Import,
    BreakNull,
    NotCarriedOut(u8),
}

fn document() -> impl Strategy<Value = Document> {
    prop_oneof![
        2 => Just(Document::Null),
        1 => select(vec!["", "<", "<a/>", "\u{0}", "<BACKUP_COMPONENTS/>"]).prop_map(Document::Garbage),
        6 => any::<u8>().prop_map(Document::Saved),
        3 => (any::<u8>(), any::<u16>(), any::<u8>()).prop_map(|(n, at, how)| Document::Damaged(n, at, how)),
    ]
}

fn pointer() -> impl Strategy<Value = Ptr> {
    prop_oneof![14 => Just(Ptr::Valid), 1 => Just(Ptr::Null), 1 => Just(Ptr::Dangling)]
}

fn verb() -> impl Strategy<Value = Verb> {
    let contexts = vec![0, 0x10, 0x19, 0x09, 0x0d, 0x1d, 0xffff_ffff, 0x8000_0000, 0x20, 0x2_0009, 0x4_0010];
    let session = prop_oneof![
        3 => document().prop_map(Verb::InitializeForBackup),
        3 => document().prop_map(Verb::InitializeForRestore),
        2 => select(contexts).prop_map(Verb::SetContext),
        1 => Just(Verb::SetBackupState),
        2 => Just(Verb::GatherMetadata),
        2 => Just(Verb::GatherStatus),
        1 => Just(Verb::StatusCount),
        1 => (0..4_u32).prop_map(Verb::Status),
        1 => ((0..4_u32), pointer()).prop_map(|(n, p)| Verb::StatusEx(n, p)),
        1 => Just(Verb::FreeStatus),
        2 => Just(Verb::Start),
        3 => any::<(u8, u8, u8)>().prop_map(|(volume, form, provider)| Verb::Add { volume, form, provider }),
        2 => Just(Verb::Do),
    ];
    let flags = || prop_oneof![8 => Just(0_u32), 1 => Just(1), 1 => any::<u32>()];
    let recovery = select(vec![0, 0x100, 0x200, 0x300, 0x400, 0xffff_ffff]);
    let rest = prop_oneof![
        1 => any::<u8>().prop_map(Verb::Properties),
        4 => any::<(u8, bool)>().prop_map(|(copy, force)| Verb::Revert(copy, force)),
        2 => any::<(u8, u8)>().prop_map(|(volume, form)| Verb::RevertStatus { volume, form }),
        1 => any::<(u8, u8)>().prop_map(|(volume, form)| Verb::ShouldBlock { volume, form }),
        2 => Just(Verb::Prepare),
        1 => Just(Verb::Complete),
        1 => Just(Verb::Abort),
        2 => Just(Verb::Save),
        4 => (any::<u8>(), flags(), prop::option::of(any::<(u8, u8)>()))
            .prop_map(|(copy, flags, destination)| Verb::AddToRecovery { copy, flags, destination }),
        4 => recovery.prop_map(Verb::Recover),
        1 => Just(Verb::SessionId),
        2 => Just(Verb::Query),
        3 => select(vec![0, 200, 1_000, u32::MAX, u32::MAX]).prop_map(Verb::Wait),
        1 => Just(Verb::Cancel),
        1 => select(vec![Verb::Import, Verb::BreakNull]),
        1 => any::<u8>().prop_map(Verb::NotCarriedOut),
        2 => Just(Verb::Create),
        2 => Just(Verb::Release),
    ];
    let counts = || select(vec![0, 1, 2, 64, u32::MAX]);
    let catalogue = prop_oneof![
        3 => any::<u8>().prop_map(Verb::QueryObjects),
        3 => counts().prop_map(Verb::Next),
        1 => counts().prop_map(Verb::Skip),
        1 => Just(Verb::Reset),
        1 => Just(Verb::Clone),
        2 => any::<(u8, u8, bool)>().prop_map(|(copy, kind, force)| Verb::Delete { copy, kind, force }),
        4 => any::<(u8, u8)>().prop_map(|(copy, form)| Verb::Expose { copy, form }),
        2 => any::<u8>().prop_map(Verb::Unexpose),
        1 => any::<bool>().prop_map(Verb::FastRecovery),
        1 => any::<(u8, u8)>().prop_map(|(volume, form)| Verb::IsSnapshotted { volume, form }),
    ];
    prop_oneof![3 => session, 3 => rest, 1 => catalogue]
}

fn ending() -> impl Strategy<Value = Ending> {
    let ms = || select(vec![0, 1, 99, 101, 150, 600]);
    prop_oneof![
        8 => Just(Ending::Wait),
        1 => Just(Ending::Leave),
        1 => ms().prop_map(Ending::Cancel),
        1 => ms().prop_map(Ending::Release),
    ]
}

/// What becomes of sets.
fn set() -> impl Strategy<Value = Op> {
    let flags = select(vec![0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0x10, 0x800]);
    prop_oneof![
        8 => (any::<u8>(), any::<u8>(), prop::bool::weighted(0.1))
            .prop_map(|(document, host, cancel)| Op::Import { document, host, cancel }),
        5 => (any::<u8>(), any::<u8>(), prop::option::weighted(0.8, flags))
            .prop_map(|(copy, host, flags)| Op::Break { copy, host, flags }),
        3 => any::<(u8, u8, bool)>().prop_map(|(copy, kind, force)| Op::Delete { copy, kind, force }),
        3 => any::<(u8, u8)>().prop_map(|(copy, form)| Op::Expose { copy, form }),
        2 => any::<u8>().prop_map(|host| Op::Begin { host }),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    let volumes = prop::collection::vec(any::<u8>(), 1..4);
    let stop = prop_oneof![6 => Just(u8::MAX), 2 => 0..9_u8];
    let backup = (any::<u8>(), volumes, stop, any::<u8>())
        .prop_map(|(context, volumes, stop, host)| Op::Backup { context, volumes, stop, host });
    let copy = (any::<u8>(), prop::option::weighted(0.4, any::<u8>()));
    let restore = (any::<u8>(), prop::collection::vec(copy, 1..4), any::<u8>(), ending())
        .prop_map(|(document, copies, flags, ending)| Op::Restore { document, copies, flags, ending });
    let call = (verb(), any::<u8>(), any::<u8>(), pointer())
        .prop_map(|(verb, on, odd_object, pointer)| Op::Call { verb, on, odd_object, pointer });
    let roles = [
        CallerRole::User,
        CallerRole::Administrator,
        CallerRole::Administrator,
        CallerRole::Administrator,
        CallerRole::Administrator,
        CallerRole::Administrator,
        CallerRole::BackupOperator,
    ];
    let outside = prop_oneof![
        12 => any::<(u8, u8, u64, u8)>()
            .prop_map(|(volume, slot, value, host)| Op::Write { volume, slot, value, host }),
        4 => select(vec![1, 50, 500, 2_000, 6_000]).prop_map(Op::Elapse),
        2 => (any::<u8>(), select(vec![None, Some(300), Some(4_000), Some(20_000)]))
            .prop_map(|(volume, for_ms)| Op::Hold { volume, for_ms }),
        1 => any::<u8>().prop_map(Op::Mask),
        1 => any::<(u8, u8)>().prop_map(|(lun, host)| Op::Present { lun, host }),
        3 => select(roles.to_vec()).prop_map(Op::Become),
        3 => any::<u8>().prop_map(Op::EndProcess),
        2 => any::<u8>().prop_map(Op::Restart),
    ];
    let admin =
        any::<(bool, u8)>().prop_map(|(goes, n)| if goes { Op::Unregister(n) } else { Op::Downgrade(n) });
    let revert = any::<(u8, bool)>().prop_map(|(copy, force)| Op::Revert { copy, force });
    prop_oneof![20 => backup, 28 => restore, 5 => revert, 24 => set(), 36 => call, 28 => outside, 1 => admin]
}

/// What happens in a run.
pub(crate) fn ops() -> impl Strategy<Value = Vec<Op>> {
    prop::collection::vec(op(), 4..30)
}
