//! Every call on every provider in the course of a creation, struck by everything that can befall it: every code that there
//! is and one that there is not, a process that ends before or after the work, an answer that is late. Nothing is drawn.

use std::collections::{BTreeMap, BTreeSet};

use rstest::rstest;
use vss_sim::api::*;
use vss_sim::lab::{Cause, Fault, Lab};
use vss_sim::provider::{SystemProvider, is_permitted};

use crate::automaton::Automaton;
use crate::room::{PROVIDERS, Room, SYSTEM, VOLUMES, lab};

/// Copies that go with their object, without writers, recovered at their creation: every call of VSS is made.
fn context() -> SnapshotContext {
    SnapshotContext::FILE_SHARE_BACKUP.with(VolumeSnapshotAttributes::ROLLBACK_RECOVERY)
}

/// Longer than the service idles: providers are unloaded.
const IDLE_MS: u64 = 200_000;

/// The n-th call of a method of a provider.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    provider: &'static str,
    method: &'static str,
    nth: u32,
}

/// A room in which one thing after the other happens at one spot.
struct Trial {
    room: Room,
    volumes: Vec<&'static str>,
    automata: BTreeMap<ProviderId, Automaton>,
    /// Every id that was handed out, and every LUN that there was.
    ids: BTreeSet<Guid>,
    luns: BTreeSet<Text>,
    /// Entries of the event logs that were looked at.
    told: usize,
}

impl Trial {
    fn new(lab: &Lab, volumes: &[&'static str]) -> Self {
        let room = Room::new(lab);
        let automata = room.providers().iter().map(|seen| (seen.id, Automaton::new())).collect();
        let luns: BTreeSet<Text> = room.luns().into_iter().map(|lun| lun.name).collect();
        Self { room, volumes: volumes.to_vec(), automata, ids: BTreeSet::new(), luns, told: 0 }
    }

    /// A creation, checked: what it comes to.
    fn create(&mut self, what: &str) -> (Object, HResult) {
        let (set, code) = self.room.set_of(context(), &self.volumes);
        for id in set.copies.iter().map(|copy| copy.0).chain([set.id.0]) {
            assert!(self.ids.insert(id), "{what}: {id} comes again");
        }
        (set.session, code)
    }

    /// How many LUNs there are beside `before`; none of them may have been there at any time.
    fn new_luns(&mut self, before: &BTreeSet<Text>, what: &str) -> usize {
        let now = self.names();
        let mut new = now.difference(before);
        assert!(new.all(|lun| self.luns.insert(lun.clone())), "{what}: a LUN comes again: {now:?}");
        now.len() - before.len()
    }

    fn names(&self) -> BTreeSet<Text> {
        self.room.luns().into_iter().map(|lun| lun.name).collect()
    }

    /// The calls since providers are watched are paths.
    fn walk(&mut self, calls: &[ProviderCallSeen], what: &str) {
        for seen in calls {
            let Some(automaton) = self.automata.get_mut(&seen.provider) else { continue };
            if let Err(why) = automaton.take(seen) {
                panic!("{what}: {why}");
            }
        }
    }

    /// One thing happens at the spot; everything that must hold afterwards, whatever it was.
    fn strike(&mut self, spot: &Spot, cause: &Cause) {
        let what = format!("{spot:?} {cause:?}");
        self.room.watch();
        for fault in faults(spot, cause) {
            self.room.act(&Action::Fault(fault));
        }
        let before = self.names();
        let (session, code) = self.create(&what);
        if let Some(expected) = expected(spot, cause) {
            assert_eq!(code, expected, "{what}");
        }
        let made = self.new_luns(&before, &what);
        if code != HResult::S_OK && spot.method != "AbortSnapshots" {
            assert_eq!(made, 0, "{what}: a LUN is left");
        }
        self.room.release(session);
        let (session, code) = self.create(&what);
        assert_eq!(code, HResult::S_OK, "{what}: the next creation");
        self.room.release(session);
        let left = self.names().len() - before.len();
        let stays = spot.method == "OnLunEmpty" && !matches!(cause, Cause::CrashAfter | Cause::Late(_));
        assert_eq!(left, usize::from(stays), "{what}: LUNs are left");
        self.room.act(&Action::Elapse { ms: IDLE_MS });
        let calls = self.room.calls();
        assert!(calls.iter().any(|seen| seen.troubled), "{what}: nothing happened");
        self.walk(&calls, &what);
        self.check_log(spot, cause, &what);
    }

    /// VSS tells of a conversion, and of nothing where it does not convert.
    fn check_log(&mut self, spot: &Spot, cause: &Cause, what: &str) {
        let mut events = self.room.events();
        let events = events.split_off(std::mem::replace(&mut self.told, events.len()));
        let code = match cause {
            // The provider says that it has done what it has not: whatever comes of it is not told as its answer.
            Cause::ProviderAnswers(HResult::S_OK) => return,
            Cause::ProviderAnswers(code) => *code,
            Cause::CrashBefore | Cause::CrashAfter => HResult::RPC_E_DISCONNECTED,
            _ => HResult::S_OK,
        };
        let exempt = ["AbortSnapshots", "OnUnload", "FillInLunInfo"].contains(&spot.method);
        let converts = !exempt && code != HResult::S_OK && !passes(spot.method, code);
        let tells = |event: &Event| {
            event.code == HResult::VSS_E_UNEXPECTED_PROVIDER_ERROR
                && event.source == "VSS".into()
                && event.message.contains(spot.provider)
                && event.message.contains(spot.method)
        };
        assert_eq!(events.iter().any(tells), converts, "{what}: the event log");
        let vetoes = code == HResult::VSS_E_PROVIDER_VETO;
        let vetoed = |event: &Event| event.code == code && event.source == spot.provider.into();
        assert!(!vetoes || events.iter().any(vetoed), "{what}: no entry of the provider");
    }
}

fn passes(method: &str, code: HResult) -> bool {
    code.is_failure() && is_permitted(method, code)
}

/// What befalls the spot, and what else has to happen for the spot to be reached.
fn faults(spot: &Spot, cause: &Cause) -> Vec<Fault> {
    let fault = Fault::new(spot.method, cause.clone()).of(spot.provider).nth(spot.nth);
    match spot.method {
        "AbortSnapshots" => {
            vec![fault, Fault::new("PostFinalCommitSnapshots", Cause::OutOfMemory)]
        }
        _ => vec![fault],
    }
}

/// What the creation comes to; `None` where the provider says that it has done its work and has not: then something
/// goes wrong later, or nothing does.
fn expected(spot: &Spot, cause: &Cause) -> Option<HResult> {
    let code = match (spot.method, cause) {
        ("AbortSnapshots", _) => HResult::E_OUTOFMEMORY,
        // Not heeded, or not part of the creation.
        ("FillInLunInfo" | "OnLunEmpty" | "OnUnload", _) => HResult::S_OK,
        ("CommitSnapshots", Cause::Late(ms)) if *ms > 10_000 => HResult::VSS_E_HOLD_WRITES_TIMEOUT,
        (_, Cause::Late(_)) => HResult::S_OK,
        (_, Cause::ProviderAnswers(HResult::S_OK)) => return None,
        // The next provider takes the volume.
        ("BeginPrepareSnapshot", Cause::ProviderAnswers(HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER))
            if spot.provider != SystemProvider::NAME =>
        {
            HResult::S_OK
        }
        (method, Cause::ProviderAnswers(code)) if passes(method, *code) => *code,
        _ => HResult::VSS_E_UNEXPECTED_PROVIDER_ERROR,
    };
    Some(code)
}

/// Everything that can befall a call.
fn causes() -> impl Iterator<Item = Cause> {
    let codes = CODES.iter().map(|(code, ..)| *code).chain([HResult(0x8007_04C7), HResult(0x0004_2399)]);
    let late = [9_000, 11_000, 61_000].map(Cause::Late);
    codes.map(Cause::ProviderAnswers).chain([Cause::CrashBefore, Cause::CrashAfter]).chain(late)
}

/// The spots of a creation in that lab, from its first call to the unloading of the providers.
fn spots(lab: &Lab, volumes: &[&'static str]) -> Vec<Spot> {
    let mut trial = Trial::new(lab, volumes);
    trial.room.watch();
    let (session, code) = trial.create("nothing");
    assert_eq!(code, HResult::S_OK);
    trial.room.release(session);
    trial.room.act(&Action::Elapse { ms: IDLE_MS });
    let calls = trial.room.calls();
    trial.walk(&calls, "nothing");
    assert!(trial.automata.values().all(|automaton| automaton.state() == "UNLOADED"));

    let providers = trial.room.providers();
    let mut seen: BTreeMap<(&'static str, &'static str), u32> = BTreeMap::new();
    for call in calls {
        let place = providers.iter().position(|provider| provider.id == call.provider).expect("a provider");
        *seen.entry((PROVIDERS[place], call.call.method().name)).or_default() += 1;
    }
    let used: BTreeSet<&'static str> = seen.keys().map(|(provider, _)| *provider).collect();
    seen.extend(used.into_iter().map(|provider| ((provider, "AbortSnapshots"), 1)));
    let spot = |((provider, method), count)| (1..=count).map(move |nth| Spot { provider, method, nth });
    seen.into_iter().flat_map(spot).collect()
}

#[rstest]
#[case(1, &VOLUMES[..1], 19)]
#[case(1, &VOLUMES[..2], 26)]
#[case(2, &VOLUMES[..2], 39)]
#[case(1, &VOLUMES, 33)]
#[case(2, &VOLUMES, 46)]
#[case::and_the_system_provider(1, &[VOLUMES[0], SYSTEM], 20)]
#[case::both_and_the_system_provider(2, &[SYSTEM, VOLUMES[0], VOLUMES[1]], 41)]
fn whatever_befalls_a_call(#[case] providers: usize, #[case] volumes: &[&'static str], #[case] count: usize) {
    let lab = lab(providers);
    let spots = spots(&lab, volumes);
    assert_eq!(spots.len(), count, "another number of calls: {spots:#?}");
    for spot in spots {
        let mut trial = Trial::new(&lab, volumes);
        for cause in causes() {
            trial.strike(&spot, &cause);
        }
    }
}
