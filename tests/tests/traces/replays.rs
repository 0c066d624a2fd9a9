//! Replays: the same backend answers the same, and every other answer is found where it is.

use vss_conformance::trace::Replayed;
use vss_sim::lab::Lab;

use crate::{differences, probed, replayed, sections};

#[test]
fn the_whole_suite_replays_as_it_was() {
    let text = probed(&[]);
    assert!(text == probed(&[]), "two probes differ");
    let sections = sections(&text);
    assert!(sections.len() >= 80, "{} cases", sections.len());
    let replayed = replayed(&sections, None);
    assert_eq!(differences(&replayed), []);
    assert!(replayed.iter().map(Replayed::calls).sum::<usize>() > 1_000);
}

#[test]
fn ids_of_another_seed_take_the_place_of_the_recorded_ones() {
    let text = probed(&["AddSnapshotToRecoverySet/S_OK", "RecoverSet/*"]);
    let other = Lab { seed: 99, ..Lab::default_lab() };
    let sections: Vec<_> = sections(&text)
        .into_iter()
        .filter(|section| section.case.as_ref().is_some_and(|case| case.name.starts_with("recovery_set")))
        .collect();
    assert!(!sections.is_empty());
    assert_eq!(differences(&replayed(&sections, Some(&other))), []);
}

#[test]
fn a_changed_reply_is_told_at_its_line() {
    let text = probed(&["GetSessionId/S_OK"]);
    let lines: Vec<&str> = text.lines().collect();
    let calls = lines.iter().enumerate().filter(|(_, line)| line.contains(r#""hresult":"S_OK""#));
    let mut changed = 0;
    for (index, line) in calls {
        let changed_line = line.replace(r#""hresult":"S_OK""#, r#""hresult":"E_ABORT""#);
        let text = [&lines[..index], &[changed_line.as_str()], &lines[index + 1..]].concat().join("\n");
        let sections = sections(&text);
        assert_eq!(differences(&replayed(&sections, None)), [(index + 1, vec!["hresult".to_owned()])]);
        changed += 1;
    }
    assert!(changed > 3, "{changed} replies");
}

#[test]
fn an_id_that_should_be_another_is_found() {
    // Two sessions have two ids.
    let text = probed(&["GetSessionId/S_OK"]);
    assert!(text.contains(r#""id_session":"@session-2""#), "{text}");
    let number =
        text.lines().position(|line| line.contains(r#""id_session":"@session-2""#)).expect("seen") + 1;
    let text = text.replace(r#""id_session":"@session-2""#, r#""id_session":"@session-1""#);
    let sections = sections(&text);
    let found = differences(&replayed(&sections, None));
    assert_eq!(found.first(), Some(&(number, vec!["id_session".to_owned()])));
}

#[test]
fn what_the_requester_made_up_stays_what_it_was() {
    let id = "0badf00d-1234-4321-8888-0123456789ab";
    let header =
        r#"{"trace":"vsslab","version":2,"target":{"backend":"windows","os":"windows-server-2022"}}"#;
    let name = format!(r#"{{"name":"provider-1","id":"{id}"}}"#);
    let act = r#"{"act":{"unregister-provider":{"provider":"@provider-1"}},"at":null}"#;
    let text = [header, &name, act].join("\n");
    let sections = sections(&text);
    let replayed = replayed(&sections, None);
    let (line, why) = replayed[0].stopped.as_ref().expect("no such provider is registered");
    assert_eq!(line.number, 3);
    assert!(why.reason.contains(id), "{why}");
}

#[test]
fn a_document_that_is_given_back_is_the_replays_own() {
    // As on a machine whose documents look otherwise: in the reply, and where the requester gives it back.
    let fixture = include_str!("../../../fixtures/traces/backup-and-resync.jsonl");
    let text = fixture.replace("BACKUP_COMPONENTS", "BACKUP_DOCUMENT");
    let number = text.lines().position(|line| line.contains("SaveAsXML")).expect("the fixture has it") + 1;
    let sections = sections(&text);
    assert_eq!(differences(&replayed(&sections, None)), [(number, vec!["pbstr_xml".to_owned()])]);
}

#[test]
fn calls_on_an_object_that_the_replay_lacks_are_not_made_on_another() {
    let fixture = include_str!("../../../fixtures/traces/backup-and-resync.jsonl");
    // The recorded machine handed out an operation more, and the requester used it.
    let number = fixture.lines().position(|line| line.contains("DoSnapshotSet")).expect("the fixture has it");
    let renumbered = fixture.replace("async-2", "async-3").replace("async-1", "async-2");
    let mut lines: Vec<&str> = renumbered.lines().collect();
    let extra = [
        r#"{"on":"session-1","call":{"ImportSnapshots":{}},"reply":{"hresult":"S_OK","out":{"ImportSnapshots":{"pp_async":"async-1"}}},"at":null}"#,
        r#"{"on":"async-1","call":{"Cancel":{}},"reply":{"hresult":"VSS_S_ASYNC_CANCELLED"},"at":null}"#,
    ];
    lines.splice(number..number, extra);
    let sections = sections(&lines.join("\n"));
    let expected = [(number + 1, vec!["hresult".to_owned(), "pp_async".to_owned()]), (number + 2, vec![])];
    assert_eq!(differences(&replayed(&sections, None)), expected);
}

/// The first is a difference; those that could not be made follow from it, down to the operation of a call not made.
#[test]
fn what_a_call_that_is_not_made_hands_out_is_lacking_too() {
    let call = |on: &str, call: &str, out: &str| {
        format!(r#"{{"on":"{on}","call":{{"{call}":{{}}}},"reply":{{"hresult":"S_OK"{out}}},"at":null}}"#)
    };
    let out = |call: &str, object: &str| format!(r#","out":{{"{call}":{object}}}"#);
    let create = "CreateVssBackupComponents";
    let lines = [
        r#"{"trace":"vsslab","version":2,"target":{"backend":"windows","os":"windows-server-2022"}}"#
            .to_owned(),
        call("host-2", create, &out(create, r#"{"pp_backup":"session-1"}"#)),
        call("session-1", "ImportSnapshots", &out("ImportSnapshots", r#"{"pp_async":"async-1"}"#)),
        call("async-1", "Cancel", ""),
    ];
    let sections = sections(&lines.join("\n"));
    let replayed = replayed(&sections, None);
    let made: Vec<bool> = replayed[0].rows.iter().map(|row| row.right.is_some()).collect();
    assert_eq!(made, [true, false, false]);
}

#[test]
fn a_lab_that_is_loaded_anew_has_objects_of_its_own() {
    let fixture = include_str!("../../../fixtures/traces/backup-and-resync.jsonl");
    let (header, rest) = fixture.split_once('\n').expect("lines");
    let before = [
        r#"{"on":"host-1","call":{"CreateVssBackupComponents":{}},"reply":{"hresult":"S_OK","out":{"CreateVssBackupComponents":{"pp_backup":"session-1"}}},"at":null}"#,
        r#"{"on":"session-1","call":{"ImportSnapshots":{}},"reply":{"hresult":"S_OK","out":{"ImportSnapshots":{"pp_async":"async-1"}}},"at":null}"#,
    ];
    let text = [header, before[0], before[1], rest].join("\n");
    let sections = sections(&text);
    let fields = vec!["hresult".to_owned(), "pp_async".to_owned()];
    assert_eq!(differences(&replayed(&sections, None)), [(3, fields)]);
}
