//! The coordinator and the array provider against `provider-state-machine.json`: which codes pass, what becomes of the
//! others, in which order the provider is called, and what a set that fails leaves behind.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use rstest::rstest;
use vss_sim::api::*;
use vss_sim::lab::{Cause, Fault, Lab, Os, Provider, Size};
use vss_sim::provider::{ArrayPort, ArrayProvider, HardwareProvider, permitted};
use vss_sim::service::Simulator;
use vss_tests::methods::CREATION;

const VALID: Ptr = Ptr::Valid;
const PROVIDER: &str = "Array Provider";

/// The documented codes of each method.
fn codes_per_method() -> BTreeMap<String, Vec<String>> {
    let text = include_str!("../../fixtures/spec/rules/provider-state-machine.json");
    let file: serde_json::Value = serde_json::from_str(text).expect("the state machine can be read");
    serde_json::from_value(file["codes_per_method"].clone()).expect("codes of each method")
}

fn documented(method: &str) -> BTreeSet<HResult> {
    codes_per_method()[method].iter().map(|name| name.parse().expect("a code")).collect()
}

#[test]
fn the_permitted_codes_are_the_documented_ones() {
    for (method, codes) in codes_per_method() {
        match &*method {
            // Never converted, or never heeded (return_codes): any code passes.
            "AbortSnapshots" | "OnUnload" | "FillInLunInfo" => {
                assert_eq!(permitted(&method), None, "{method}");
            }
            // Reserved: no codes are named.
            "OnReuseLuns" | "GetProviderCapabilities" => {
                assert!(codes[0].starts_with("reserved"), "{method}");
            }
            _ => {
                let mine: BTreeSet<HResult> = permitted(&method).expect("a list").iter().copied().collect();
                assert_eq!(mine, documented(&method), "{method}");
            }
        }
    }
}

/// What was called on providers that are plugged in from outside.
#[derive(Clone, Debug, Default)]
struct Recording(Arc<Mutex<Vec<&'static str>>>);

/// The reference provider behind a recording.
#[derive(Debug)]
struct Recorded(ArrayProvider, Recording);

impl Recording {
    fn of(&self, described: &Provider) -> Box<dyn HardwareProvider> {
        Box::new(Recorded(ArrayProvider::new(described.clone()), self.clone()))
    }

    fn called(&self) -> Vec<&'static str> {
        self.0.lock().expect("nobody panicked").clone()
    }
}

impl HardwareProvider for Recorded {
    fn implements_ex(&self) -> bool {
        self.0.implements_ex()
    }

    fn call(&mut self, on: ProviderObject, call: &ProviderCall, array: &mut dyn ArrayPort) -> ProviderReply {
        self.1.0.lock().expect("nobody panicked").push(call.method().name);
        self.0.call(on, call, array)
    }
}

struct Room(Simulator);

impl Room {
    fn new(faults: impl IntoIterator<Item = Fault>) -> Self {
        Self(Simulator::new(&Self::lab(faults)).expect("a lab"))
    }

    fn lab(faults: impl IntoIterator<Item = Fault>) -> Lab {
        let lab = Lab::builder("provider")
            .host("SRV", Os::WindowsServer2022)
            .provider(PROVIDER)
            .array("san", PROVIDER)
            .lun("one", Size::mib(8))
            .volume("D:\\", "one")
            .with(|lab| lab.faults.extend(faults))
            .build();
        lab.expect("a lab")
    }

    fn call(&mut self, on: Object, call: Call) -> Reply {
        self.0.call(on, &call)
    }

    fn session(&mut self) -> Object {
        match self.call(Object::HOST, Call::CREATE_VSS_BACKUP_COMPONENTS).out {
            Some(Out::CreateVssBackupComponents { pp_backup }) => pp_backup,
            _ => panic!("no object"),
        }
    }

    /// What became of an operation.
    fn end(&mut self, reply: Reply) -> HResult {
        let (Some(Out::DoSnapshotSet { pp_async }) | Some(Out::RecoverSet { pp_async })) = reply.out else {
            return reply.hresult;
        };
        self.call(pp_async, Call::Wait { dw_milliseconds: INFINITE });
        match self.call(pp_async, Call::QUERY_STATUS).out {
            Some(Out::QueryStatus { p_hr_result, .. }) => p_hr_result,
            _ => panic!("no status"),
        }
    }

    /// Starts a set without writers and adds D:.
    fn begin(&mut self) -> (Object, Reply) {
        let session = self.session();
        let context = SnapshotContext::NAS_ROLLBACK;
        for call in [
            Call::InitializeForBackup { bstr_xml: None },
            Call::SetContext { l_context: context },
            Call::START_SNAPSHOT_SET,
        ] {
            assert_eq!(self.call(session, call).hresult, HResult::S_OK);
        }
        let (name, provider_id) = (Some("D:\\".into()), ProviderId::NULL);
        let add = Call::AddToSnapshotSet { pwsz_volume_name: name, provider_id, pid_snapshot: VALID };
        (session, self.call(session, add))
    }

    /// The whole creation: the first code that is no success, and the object.
    fn create(&mut self) -> (Object, HResult) {
        let (session, added) = self.begin();
        if added.hresult != HResult::S_OK {
            return (session, added.hresult);
        }
        let reply = self.call(session, Call::DO_SNAPSHOT_SET);
        (session, self.end(reply))
    }

    fn resync(&mut self) -> HResult {
        let (session, code) = self.create();
        assert_eq!(code, HResult::VSS_S_ASYNC_FINISHED);
        let Some(Out::SaveAsXML { pbstr_xml }) = self.call(session, Call::SAVE_AS_XML).out else {
            panic!("no document")
        };
        let id = pbstr_xml.split("snapshotId=\"").nth(1).and_then(|rest| rest.get(..36));
        let snapshot_id = id.and_then(|id| id.parse().ok()).expect("the copy's id");
        let restore = self.session();
        self.call(restore, Call::InitializeForRestore { bstr_xml: Some(pbstr_xml) });
        let add = Call::add_snapshot_to_recovery_set(snapshot_id, None);
        assert_eq!(self.call(restore, add).hresult, HResult::S_OK);
        let reply = self.call(restore, Call::recover_set(RecoveryOptions::empty()));
        self.end(reply)
    }

    fn luns(&self) -> Vec<Text> {
        match self.0.ask(&Question::Luns) {
            Ok(Answer::Luns(luns)) => luns.into_iter().map(|lun| lun.name).collect(),
            other => panic!("{other:?}"),
        }
    }

    fn logged(&self, code: HResult, method: &str) -> bool {
        let Ok(Answer::Events(events)) = self.0.ask(&Question::Events) else { panic!("no events") };
        let tells = |event: &Event| event.message.contains(PROVIDER) && event.message.contains(method);
        events.iter().any(|event| event.code == code && event.log == EventLog::Application && tells(event))
    }
}

/// Every code that is no plain success, and one that nobody has heard of.
fn codes() -> impl Iterator<Item = HResult> {
    let known = CODES.iter().map(|(code, ..)| *code).filter(|code| *code != HResult::S_OK);
    known.chain([HResult(0x8007_04C7)])
}

fn check_conversion(method: &str, code: HResult, seen: HResult, room: &Room) {
    if (method, code) == ("BeginPrepareSnapshot", HResult::VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER) {
        // Nobody has asked for this provider: VSS turns to the next (AddToSnapshotSet).
        assert_eq!(seen, HResult::VSS_S_ASYNC_FINISHED, "the system provider makes the copy");
        assert!(!room.logged(HResult::VSS_E_UNEXPECTED_PROVIDER_ERROR, method), "{method} {code}");
    } else if documented(method).contains(&code) {
        assert_eq!(seen, code, "{method} may answer {code}");
        assert!(!room.logged(HResult::VSS_E_UNEXPECTED_PROVIDER_ERROR, method), "{method} {code}");
    } else {
        assert_eq!(seen, HResult::VSS_E_UNEXPECTED_PROVIDER_ERROR, "{method} may not answer {code}");
        assert!(room.logged(HResult::VSS_E_UNEXPECTED_PROVIDER_ERROR, method), "{method} {code}");
    }
}

#[test]
fn a_code_passes_or_is_converted_and_nothing_is_left() {
    for method in CREATION {
        for code in codes() {
            let mut room = Room::new([Fault::new(*method, Cause::ProviderAnswers(code)).of(PROVIDER)]);
            let (_, seen) = room.create();
            check_conversion(method, code, seen, &room);
            assert_eq!(room.luns(), ["one".into()], "{method} {code}");
        }
    }
}

#[test]
fn a_code_of_a_resync_passes_or_is_converted() {
    for code in codes() {
        let mut room = Room::new([Fault::new("ResyncLuns", Cause::ProviderAnswers(code))]);
        let seen = room.resync();
        if code == HResult::E_NOTIMPL {
            // RecoverSet's own page: a provider that does not support resync.
            assert_eq!(seen, code);
        } else {
            check_conversion("ResyncLuns", code, seen, &room);
        }
    }
}

#[test]
fn the_provider_is_called_in_the_documented_order() {
    let recording = Recording::default();
    let make = recording.clone();
    let lab = Room::lab([]);
    let sim = Simulator::with_providers(&lab, Arc::new(move |described: &Provider| Ok(make.of(described))));
    let mut room = Room(sim.expect("a lab"));
    assert_eq!(room.create().1, HResult::VSS_S_ASYNC_FINISHED);
    let called = recording.called();
    let creation: Vec<&str> = called.iter().copied().filter(|called| CREATION.contains(called)).collect();
    assert_eq!(creation, CREATION);
    let (before, after) = (called.first().copied(), called.last().copied());
    assert_eq!((before, after), (Some("OnLoad"), Some("FillInLunInfo")));
}

/// A provider that dies in any call of the creation leaves no copy either.
#[rstest]
#[case(Cause::CrashBefore)]
#[case(Cause::CrashAfter)]
fn a_crash_leaves_nothing(#[case] cause: Cause) {
    for method in CREATION {
        let mut room = Room::new([Fault::new(*method, cause.clone()).of(PROVIDER)]);
        let (_, seen) = room.create();
        assert_eq!(seen, HResult::VSS_E_UNEXPECTED_PROVIDER_ERROR, "{method}");
        assert_eq!(room.luns(), ["one".into()], "{method}");
    }
}

/// A set that died silently goes when the next begins (state-transitions-in-shadow-copy-providers).
#[test]
fn a_new_set_drops_the_old_one() {
    let fails = |call, code| Fault::new(call, Cause::ProviderAnswers(code)).of(PROVIDER);
    let mut room = Room::new([
        fails("PostCommitSnapshots", HResult::E_OUTOFMEMORY),
        fails("AbortSnapshots", HResult::E_FAIL),
    ]);
    let (_, seen) = room.create();
    // What AbortSnapshots answers is never converted: the requester sees why the set failed.
    assert_eq!(seen, HResult::E_OUTOFMEMORY);
    assert_eq!(room.luns().len(), 2, "the provider did not heed the abort");
    let (_, added) = room.begin();
    assert_eq!(added.hresult, HResult::S_OK);
    assert_eq!(room.luns(), ["one".into()]);
}

/// Cancelled and given up at any moment before the copies exist, a set leaves nothing.
#[test]
fn an_abort_before_the_creation_leaves_nothing() {
    let mut room = Room::new([]);
    let (session, _) = room.begin();
    assert_eq!(room.call(session, Call::AbortBackup {}).hresult, HResult::S_OK);
    let (session, _) = room.begin();
    let begun = room.call(session, Call::DO_SNAPSHOT_SET);
    assert_eq!(room.call(session, Call::AbortBackup {}).hresult, HResult::S_OK);
    assert_eq!(room.end(begun), HResult::VSS_S_ASYNC_CANCELLED);
    assert_eq!(room.luns(), ["one".into()]);
}
