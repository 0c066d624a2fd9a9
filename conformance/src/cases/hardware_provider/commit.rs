//! The moment itself: `PreCommitSnapshots` to `PostCommitSnapshots`.

use vss_sim::api::VolumeSnapshotAttributes as Attributes;
use vss_sim::lab::MAKING_COPIES;
use vss_sim::provider::FLUSH_AND_HOLD_MS;

use super::support::CONTEXT;
use super::vss::Vss;
use crate::bench::Bench;
use crate::case;
use crate::case::{Case, Checked};

const PRE_COMMITTED: &str = "IVssProviderCreateSnapshotSet::PreCommitSnapshots/S_OK/success";
const COMMITTED: &str = "IVssProviderCreateSnapshotSet::CommitSnapshots/S_OK/success";

pub(super) const CASES: &[Case] = &[
    case!(COMMITTED, holds_the_moment),
    case!(COMMITTED, inside_the_window),
    case!(COMMITTED, no_io_of_its_own),
    case!(PRE_COMMITTED, inside_the_freeze),
    case!(PRE_COMMITTED, no_log_while_frozen),
];

/// The writers' default limit from Freeze to Thaw, and what a provider should stay under in a commit
/// (shadow-copy-creation-for-providers).
const FREEZE_MS: u64 = 60_000;
const COMMIT_TARGET_MS: u64 = 1_000;

/// The calls while writers are frozen.
const FROZEN: [&str; 3] = ["PreCommitSnapshots", "CommitSnapshots", "PostCommitSnapshots"];

/// What is written before the commit is in the copy, what is written after it is not, down to the last byte: of each
/// LUN, and whatever kind of copy is asked for.
fn holds_the_moment(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let mut made = 0;
    for volume in [vss.volumes.single[0].clone(), vss.volumes.spanned.clone()] {
        for kind in [Attributes::empty(), Attributes::PLEX, Attributes::DIFFERENTIAL] {
            let under = vss.under(&volume)?;
            let (supported, _) = vss.support(&under, CONTEXT.with(kind))?;
            if supported {
                copy_holds_the_moment(&mut vss, &volume, kind)?;
                made += 1;
            }
        }
    }
    vss.bench.check(made > 0, || "the provider supports no volume in any context".to_owned())
}

fn copy_holds_the_moment(vss: &mut Vss<'_, '_>, volume: &str, kind: Attributes) -> Checked {
    let (set, under) = vss.set_through(&[volume], CONTEXT.with(kind), "BeginPrepareSnapshot")?;
    let luns = &under[0].luns;
    let mut at_commit = Vec::new();
    for &method in MAKING_COPIES {
        // Writes are held during the commit, and only then.
        vss.write_each_lun(volume, luns.len(), &format!("written before {method}"))?;
        if method == "CommitSnapshots" {
            for lun in luns {
                at_commit.push(vss.lun(lun)?.digest);
            }
        }
        vss.ok(vss.of_set(method, set))?;
    }
    for (place, copy) in vss.target_luns(&under[0])?.iter().enumerate() {
        let held = vss.lun(copy)?.digest;
        let what =
            format!("the checksum of copy {} of {volume}, taken of its source at the commit,", place + 1);
        vss.bench.same(&what, &at_commit.get(place).copied(), &Some(held))?;
    }
    Ok(())
}

/// The hold is given up after ten seconds; one is what a provider may take.
fn inside_the_window(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let (single, shared) = (vss.volumes.single.clone(), vss.volumes.shared.clone());
    let volumes: Vec<&str> = single.iter().chain(&shared).map(String::as_str).collect();
    let (set, _) = vss.set_through(&volumes, CONTEXT, "PreCommitSnapshots")?;
    let took_ms = vss.ok(vss.of_set("CommitSnapshots", set))?.took_ms;
    vss.bench.figure(format!(
        "CommitSnapshots of {} volumes took {took_ms} ms: {} of {FLUSH_AND_HOLD_MS} ms are left{}",
        volumes.len(),
        FLUSH_AND_HOLD_MS.saturating_sub(took_ms),
        if took_ms > COMMIT_TARGET_MS { ", but it should stay under 1000 ms" } else { "" }
    ));
    vss.bench.check(took_ms < FLUSH_AND_HOLD_MS, || {
        format!(
            "CommitSnapshots took {took_ms} ms, but VSS gives up holding writes after {FLUSH_AND_HOLD_MS} ms"
        )
    })
}

/// I/O to a held volume waits for the end of the hold, which waits for the provider.
fn no_io_of_its_own(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let volume = vss.volumes.single[0].clone();
    let (set, _) = vss.set_through(&[&volume], CONTEXT, "PreCommitSnapshots")?;
    vss.ok(vss.of_set("CommitSnapshots", set))?;
    let seen = vss.last_call()?;
    vss.bench.check(seen.host_io == 0, || {
        format!(
            "the provider did I/O {} times during CommitSnapshots: on Windows that deadlocks",
            seen.host_io
        )
    })
}

fn inside_the_freeze(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let volume = vss.volumes.single[0].clone();
    let (set, _) = vss.set_through(&[&volume], CONTEXT, "EndPrepareSnapshots")?;
    let mut frozen_ms = 0;
    for method in FROZEN {
        frozen_ms += vss.ok(vss.of_set(method, set))?.took_ms;
    }
    vss.bench.check(frozen_ms < FREEZE_MS, || {
        format!("the calls while writers are frozen took {frozen_ms} ms together, of {FREEZE_MS} ms")
    })
}

/// An event-log entry is a write, and writes may be held: a provider logs before or after.
fn no_log_while_frozen(bench: &mut Bench<'_>) -> Checked {
    let mut vss = Vss::start(bench)?;
    let volume = vss.volumes.single[0].clone();
    let (set, _) = vss.set_through(&[&volume], CONTEXT, "EndPrepareSnapshots")?;
    for method in FROZEN {
        vss.ok(vss.of_set(method, set))?;
        let seen = vss.last_call()?;
        vss.bench.check(seen.logged == 0, || {
            format!("the provider wrote to the event log in {method}, while writers are frozen")
        })?;
    }
    Ok(())
}
