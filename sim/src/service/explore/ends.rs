//! Where objects come to their end, and which states they never get to.

use crate::api::SnapshotContext;
use crate::lab::BootMode;
use crate::service::State;

use super::Options;
use super::object::Step;
use super::report::{DeadEnd, Limit, Unreached};
use super::search::Search;

/// For each object whether it can get to no other state without being released.
pub(super) fn at_dead_ends(search: &Search) -> Vec<bool> {
    let kinds = &search.kinds;
    let state = |actor: usize| kinds.actors[actor].requester.state;
    // Of what a limit came before, nothing is known.
    let mut goes_on: Vec<bool> =
        (0..search.kinds_met).map(|actor| kinds.known(actor as u16).next().is_none()).collect();
    // Number 0 is a released object: it can be made anew.
    goes_on[0] = true;
    loop {
        let mut changed = false;
        for actor in 1..goes_on.len() {
            let leads_on = |step: &Step| {
                let to = usize::from(step.to);
                to != 0 && (state(to) != state(actor) || goes_on.get(to) != Some(&false))
            };
            if !goes_on[actor] && kinds.known(actor as u16).any(leads_on) {
                goes_on[actor] = true;
                changed = true;
            }
        }
        if !changed {
            return goes_on.into_iter().map(|goes_on| !goes_on).collect();
        }
    }
}

pub(super) fn dead_ends(options: &Options, search: &Search, ends: &[bool]) -> Vec<DeadEnd> {
    let mut found: Vec<DeadEnd> = Vec::new();
    for (actor, _) in search.kinds.actors.iter().zip(ends).filter(|(_, end)| **end) {
        let (state, context) = (actor.requester.state, actor.requester.context);
        let of_all = context == SnapshotContext::ALL && state == State::BackupGathered;
        let context = of_all.then_some("VSS_CTX_ALL");
        match found.iter_mut().find(|end| end.state == state && end.context == context) {
            Some(end) => end.kinds += 1,
            None => {
                let expected = expected(options, state, of_all);
                found.push(DeadEnd { state, context, kinds: 1, expected });
            }
        }
    }
    found.sort_by_key(|end| (end.state, end.context));
    found
}

/// Why nothing leaves a state but a release.
fn expected(options: &Options, state: State, of_all: bool) -> Option<&'static str> {
    Some(match state {
        State::BackupGathered if of_all => "VSS_CTX_ALL is for queries: no set is started with it (V3)",
        State::Completed => "one object serves one backup (D5)",
        State::Aborted => "one object serves one backup, which is given up (D5)",
        State::Imported => "a set is imported once, and the object serves no backup (N3, V4c)",
        State::Resynced => "the recovery set is done with (Y3)",
        State::RecoverySet if options.mode != BootMode::Normal => {
            "RecoverSet needs a system that was started as usual"
        }
        State::RestoreGathered if !has_resync(options) => {
            "the system has no LUN resync, and restores of components are not carried out"
        }
        State::RestoreGathered if !options.os.is_server() => {
            "a client loads no hardware provider, and restores of components are not carried out"
        }
        State::BackupGathered | State::BackupInitXml | State::BackupContext
            if options.mode != BootMode::Normal =>
        {
            "StartSnapshotSet and ImportSnapshots need the service, which is not started"
        }
        _ => return None,
    })
}

pub(super) fn count_finished(search: &Search, ends: &[bool]) -> usize {
    let at_end = |at: &usize| {
        let state = search.states.get(*at);
        let mut actors = (0..search.sessions).map(|session| usize::from(state.actor(session)));
        actors.clone().any(|actor| actor != 0) && actors.all(|actor| actor == 0 || ends[actor])
    };
    (0..search.states.len()).filter(at_end).count()
}

pub(super) fn unreached(options: &Options, search: &Search) -> Vec<Unreached> {
    let actors = search.kinds.actors.iter().take(search.kinds_met);
    let met = |state: &State| actors.clone().any(|actor| actor.requester.state == *state);
    let missing = State::ALL.iter().filter(|state| !met(state));
    missing
        .map(|state| Unreached { state: *state, because: why_unreached(options, *state, search.limit) })
        .collect()
}

fn has_resync(options: &Options) -> bool {
    options.os.has_backup_components("IVssBackupComponentsEx3")
}

fn why_unreached(options: &Options, state: State, limit: Option<Limit>) -> &'static str {
    match state {
        State::Selected => "SetSelectedForRestore is not carried out",
        State::PreRestoring | State::PreRestored => "PreRestore is not carried out",
        State::PostRestoring | State::PostRestored => "PostRestore is not carried out",
        State::Importing | State::Imported if !options.os.is_server() => "only servers import",
        State::RecoverySet | State::Resyncing | State::Resynced if !has_resync(options) => {
            "the system has no IVssBackupComponentsEx3"
        }
        State::RecoverySet | State::Resyncing | State::Resynced if !options.os.is_server() => {
            "a client loads no hardware provider"
        }
        State::Resyncing | State::Resynced if options.mode != BootMode::Normal => {
            "RecoverSet needs a system that was started as usual"
        }
        _ if options.mode != BootMode::Normal => "what leads there needs the service, which is not started",
        _ if limit.is_some() => "the limit came first",
        _ => "no call that was tried leads there",
    }
}
