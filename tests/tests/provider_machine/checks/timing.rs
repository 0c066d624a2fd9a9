//! How long calls may take.

use vss_sim::api::*;
use vss_sim::lab::{Cause, Fault};

use super::{PLAIN, created};
use crate::room::{PROVIDERS, Room, VOLUMES, lab};

/// Without a limit of its own, but late: the set waits.
pub(crate) fn preparing_may_take_long() {
    let mut room = Room::with([Fault::new("EndPrepareSnapshots", Cause::Late(3_600_000))]);
    created(&mut room, SnapshotContext::APP_ROLLBACK, &VOLUMES[..1]);
}

/// Ten seconds for all providers together; whoever is not called by then is not called any more.
pub(crate) fn ten_seconds_of_holding() {
    let commits = |late: &[(&str, u64)]| {
        let late = late.iter().map(|(of, ms)| Fault::new("CommitSnapshots", Cause::Late(*ms)).of(*of));
        let mut room = Room::new(&lab(2).with(|lab| lab.faults.extend(late)));
        let luns = room.luns().len();
        room.watch();
        let (_, code) = room.set_of(PLAIN, &VOLUMES[..2]);
        let left = room.luns().len() - luns;
        (code, room.count("CommitSnapshots"), left)
    };
    let [one, two] = PROVIDERS;
    let timeout = HResult::VSS_E_HOLD_WRITES_TIMEOUT;
    assert_eq!(commits(&[(one, 9_999)]), (HResult::S_OK, 2, 2));
    assert_eq!(commits(&[(one, 4_999), (two, 5_000)]), (HResult::S_OK, 2, 2));
    assert_eq!(commits(&[(one, 5_000), (two, 5_000)]), (timeout, 2, 0));
    assert_eq!(commits(&[(one, 10_000)]), (timeout, 1, 0));
}

/// The writers are frozen from PreCommitSnapshots to PostCommitSnapshots, and for no longer.
pub(crate) fn the_freeze_window() {
    let late = |method: &str, ms| {
        let mut room = Room::with([Fault::new(method, Cause::Late(ms))]);
        let set = created(&mut room, SnapshotContext::APP_ROLLBACK, &VOLUMES[..1]);
        room.done(set.session, Call::GATHER_WRITER_STATUS);
        let get = Call::get_writer_status(0);
        match room.ok(set.session, get) {
            Some(Out::GetWriterStatus { ph_result_failure, .. }) => ph_result_failure,
            out => panic!("no status: {out:?}"),
        }
    };
    for method in ["PreCommitSnapshots", "PostCommitSnapshots"] {
        assert_eq!(late(method, 61_000), HResult::VSS_E_WRITERERROR_TIMEOUT, "{method}");
        assert_eq!(late(method, 59_000), HResult::S_OK, "{method}");
    }
    for method in ["EndPrepareSnapshots", "PreFinalCommitSnapshots"] {
        assert_eq!(late(method, 61_000), HResult::S_OK, "{method}");
    }
}
