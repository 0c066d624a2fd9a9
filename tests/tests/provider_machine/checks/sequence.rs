//! Which calls come in which order, and which when something fails.

use vss_sim::api::*;
use vss_sim::lab::{Cause, Fault, TargetLuns};

use super::{PLAIN, created, fails};
use crate::room::{Room, VOLUMES, lab};

/// The calls of a set of one volume that is recovered at its creation.
const WHOLE: [&str; 15] = [
    "OnLoad",
    "AreLunsSupported",
    "BeginPrepareSnapshot",
    "EndPrepareSnapshots",
    "PreCommitSnapshots",
    "CommitSnapshots",
    "PostCommitSnapshots",
    "GetTargetLuns",
    "PreFinalCommitSnapshots",
    "OnLunStateChange",
    "OnLunStateChange",
    "PostFinalCommitSnapshots",
    "LocateLuns",
    "FillInLunInfo",
    "FillInLunInfo",
];

/// From the loading of the provider to its unloading.
pub(crate) fn the_whole_sequence() {
    let mut room = Room::with([]);
    room.watch();
    let context = SnapshotContext::FILE_SHARE_BACKUP.with(VolumeSnapshotAttributes::ROLLBACK_RECOVERY);
    let set = created(&mut room, context, &VOLUMES[..1]);
    assert_eq!(room.called(), WHOLE);
    let flags = room.calls().into_iter().filter_map(|seen| match seen.call {
        ProviderCall::OnLunStateChange { dw_flags, .. } => Some(dw_flags),
        _ => None,
    });
    let notices = [HardwareOptions::NOTIFY_LUN_PRE_RECOVERY, HardwareOptions::NOTIFY_LUN_POST_RECOVERY];
    assert_eq!(flags.collect::<Vec<_>>(), notices);
    room.watch();
    room.release(set.session);
    assert_eq!(room.called(), ["FillInLunInfo", "OnLunEmpty"]);
    room.watch();
    room.act(&Action::Elapse { ms: 179_999 });
    assert!(room.called().is_empty(), "{:?}", room.called());
    room.act(&Action::Elapse { ms: 1 });
    assert_eq!(room.called(), ["OnUnload"]);
}

/// The page of the process has GetTargetLuns after the final commit.
pub(crate) fn the_other_reading_of_target_luns() {
    let lab = lab(1).with_readings(|readings| readings.target_luns = TargetLuns::AfterFinalCommit);
    let mut room = Room::new(&lab);
    room.watch();
    created(&mut room, PLAIN, &VOLUMES[..1]);
    let called = room.called();
    let place = |method| called.iter().position(|called| *called == method).expect(method);
    assert!(place("PostFinalCommitSnapshots") < place("GetTargetLuns"));
    assert!(place("GetTargetLuns") < place("LocateLuns"));
}

/// Each volume is asked for and begun as it is added; what may take long comes with DoSnapshotSet.
pub(crate) fn adding_prepares() {
    let mut room = Room::with([]);
    let mut set = room.begin(PLAIN);
    room.watch();
    for volume in VOLUMES {
        assert_eq!(room.add(&mut set, volume), HResult::S_OK);
    }
    let pair = ["AreLunsSupported", "BeginPrepareSnapshot"];
    assert_eq!(room.called(), [&["OnLoad"][..], &pair, &pair, &pair].concat());
    let ids = room.calls().into_iter().filter_map(|seen| match seen.call {
        ProviderCall::BeginPrepareSnapshot { snapshot_set_id, snapshot_id, .. } => {
            Some((snapshot_set_id, snapshot_id))
        }
        _ => None,
    });
    let expected: Vec<_> = set.copies.iter().map(|copy| (set.id, *copy)).collect();
    assert_eq!(ids.collect::<Vec<_>>(), expected);
    assert_eq!(room.create(&set), HResult::S_OK);
    assert_eq!(room.count("EndPrepareSnapshots"), 1);
}

/// No provider goes on before all of them have done the step.
pub(crate) fn providers_go_step_by_step() {
    let mut room = Room::new(&lab(2));
    let mut set = room.begin(PLAIN);
    for volume in VOLUMES {
        assert_eq!(room.add(&mut set, volume), HResult::S_OK);
    }
    room.watch();
    assert_eq!(room.create(&set), HResult::S_OK);
    let steps = [
        "EndPrepareSnapshots",
        "PreCommitSnapshots",
        "CommitSnapshots",
        "PostCommitSnapshots",
        "GetTargetLuns",
        "PreFinalCommitSnapshots",
        "PostFinalCommitSnapshots",
    ];
    let mut called = room.called();
    called.truncate(2 * 6 + 3);
    let per_volume = |step| if step == "GetTargetLuns" { 3 } else { 2 };
    let expected: Vec<_> =
        steps.into_iter().flat_map(|step| std::iter::repeat_n(step, per_volume(step))).collect();
    assert_eq!(called, expected);
}

/// What a writer that fails in `handler` says of itself, after a creation in which the provider fails in `method`.
fn writer_after(handler: &str, method: &str) -> WriterState {
    let writer = Cause::WriterFails {
        code: HResult::VSS_E_WRITERERROR_RETRYABLE,
        application: HResult::S_OK,
        message: None,
    };
    let mut room = Room::with([Fault::new(handler, writer), fails(method)]);
    let (set, code) = room.set_of(SnapshotContext::APP_ROLLBACK, &VOLUMES[..1]);
    assert_eq!(code, HResult::E_OUTOFMEMORY, "{handler} {method}");
    room.done(set.session, Call::GATHER_WRITER_STATUS);
    let get = Call::get_writer_status(0);
    match room.ok(set.session, get) {
        Some(Out::GetWriterStatus { pn_status, .. }) => pn_status,
        out => panic!("no status: {out:?}"),
    }
}

/// Each event of the writers comes between two calls on the providers.
pub(crate) fn writers_in_between() {
    for (handler, failed, before, after) in [
        ("OnPrepareSnapshot", WriterState::FAILED_AT_PREPARE_SNAPSHOT, None, "EndPrepareSnapshots"),
        ("OnFreeze", WriterState::FAILED_AT_FREEZE, Some("EndPrepareSnapshots"), "PreCommitSnapshots"),
        ("OnThaw", WriterState::FAILED_AT_THAW, Some("PostCommitSnapshots"), "GetTargetLuns"),
        (
            "OnPostSnapshot",
            WriterState::FAILED_AT_POST_SNAPSHOT,
            Some("PreFinalCommitSnapshots"),
            "PostFinalCommitSnapshots",
        ),
    ] {
        if let Some(method) = before {
            assert_eq!(writer_after(handler, method), WriterState::STABLE, "{handler} follows {method}");
        }
        assert_eq!(writer_after(handler, after), failed, "{handler} comes before {after}");
    }
}

/// A set that is given up before DoSnapshotSet dies silently: its provider learns of it from the next.
pub(crate) fn given_up_silently() {
    let mut room = Room::with([]);
    room.watch();
    for _ in 0..2 {
        let mut set = room.begin(PLAIN);
        assert_eq!(room.add(&mut set, VOLUMES[0]), HResult::S_OK);
        room.ok(set.session, Call::AbortBackup {});
    }
    created(&mut room, PLAIN, &VOLUMES[..1]);
    assert_eq!(room.count("BeginPrepareSnapshot"), 3);
    assert_eq!(room.count("AbortSnapshots"), 0);
}

/// A failure anywhere after EndPrepareSnapshots: whoever got that call is told, nobody else.
pub(crate) fn all_that_prepared_are_told() {
    for method in [
        "PreCommitSnapshots",
        "CommitSnapshots",
        "PostCommitSnapshots",
        "GetTargetLuns",
        "PreFinalCommitSnapshots",
        "PostFinalCommitSnapshots",
        "LocateLuns",
    ] {
        let mut room = Room::new(&lab(2).with_fault(fails(method)));
        room.watch();
        let (_, code) = room.set_of(PLAIN, &VOLUMES[..2]);
        assert_eq!(code, HResult::E_OUTOFMEMORY, "{method}");
        assert_eq!(room.count("AbortSnapshots"), 2, "{method}");
    }
    let mut room = Room::new(&lab(2).with_fault(fails("EndPrepareSnapshots")));
    room.watch();
    room.set_of(PLAIN, &VOLUMES[..2]);
    assert_eq!(room.count("AbortSnapshots"), 1, "the second provider was not told to prepare");
}

/// AbortSnapshots comes while EndPrepareSnapshots still runs.
pub(crate) fn aborted_while_preparing() {
    let mut room = Room::with([Fault::new("EndPrepareSnapshots", Cause::Late(600_000))]);
    let mut set = room.begin(PLAIN);
    assert_eq!(room.add(&mut set, VOLUMES[0]), HResult::S_OK);
    room.watch();
    room.ok(set.session, Call::DO_SNAPSHOT_SET);
    room.act(&Action::Elapse { ms: 300_000 });
    assert_eq!(room.called(), ["EndPrepareSnapshots"], "it takes its time");
    room.ok(set.session, Call::AbortBackup {});
    assert_eq!(room.called(), ["EndPrepareSnapshots", "AbortSnapshots"]);
    let luns = room.luns().len();
    created(&mut room, PLAIN, &VOLUMES[..1]);
    assert_eq!(room.luns().len(), luns + 1);
}
