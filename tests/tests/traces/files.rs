//! Files: several traces in one, and files that are no traces.

use std::fs;
use std::io::Write;

use vss_conformance::trace::{Traced, Wrong, read};
use vss_sim::api::{Backend, Call, Object, Ptr};
use vss_sim::lab::Lab;
use vss_sim::service::Simulator;

use crate::{differences, replayed, sections};

const FIXTURE: &str = include_str!("../../../fixtures/traces/backup-and-resync.jsonl");

/// A process that makes a session and asks its id: a header, two calls, a name.
fn record(path: &std::path::Path) {
    // As a DLL keeps it: any backend, in another thread.
    let backend: Box<dyn Backend + Send> = Box::new(Simulator::new(&Lab::default_lab()).expect("a lab"));
    let mut traced = Traced::append(backend, path).expect("a folder for tests");
    let lines = || fs::read_to_string(path).expect("just made").lines().count();
    let before = lines();
    let thread = std::thread::spawn(move || {
        traced.call(Object::HOST, &Call::CREATE_VSS_BACKUP_COMPONENTS);
        traced.call(Object::Session(1), &Call::GetSessionId { id_session: Ptr::Valid });
        traced
    });
    let traced = thread.join().expect("no panic");
    // Everything is there although the recorder still lives.
    assert_eq!(lines() - before, 4);
    drop(traced);
}

#[test]
fn each_process_appends_a_trace() {
    let folder = tempfile::tempdir().expect("a folder for tests");
    let path = folder.path().join("trace.jsonl");
    record(&path);
    record(&path);
    let text = fs::read_to_string(&path).expect("just written");
    let sections = sections(&text);
    assert_eq!(sections.iter().map(|section| section.number).collect::<Vec<_>>(), [1, 5]);
    assert_eq!(differences(&replayed(&sections, None)), []);
}

#[test]
fn half_a_line_of_a_killed_process_does_not_swallow_the_next_trace() {
    let folder = tempfile::tempdir().expect("a folder for tests");
    let path = folder.path().join("trace.jsonl");
    record(&path);
    let mut file = fs::OpenOptions::new().append(true).open(&path).expect("just written");
    file.write_all(br#"{"on":"session-1","call":{"Rel"#).expect("a file");
    let mut traced =
        Traced::append(Simulator::new(&Lab::default_lab()).expect("a lab"), &path).expect("a file");
    traced.call(Object::HOST, &Call::CREATE_VSS_BACKUP_COMPONENTS);
    let text = fs::read_to_string(&path).expect("just written");
    let error = read(&text, "trace.jsonl").expect_err("half a line");
    assert_eq!((error.line, &error.wrong), (5, &Wrong::CutOff));
    let mended: Vec<&str> =
        text.lines().enumerate().filter(|(index, _)| *index != 4).map(|(_, line)| line).collect();
    assert_eq!(sections(&mended.join("\n")).len(), 2);
}

/// What is said of the fixture with one line in another's place.
fn refusal(part: &str, instead: impl Fn(&str) -> String) -> (usize, String) {
    let index = FIXTURE.lines().position(|line| line.contains(part)).expect("the fixture has it");
    let changed =
        |(number, line): (usize, &str)| if number == index { instead(line) } else { line.to_owned() };
    let text: Vec<String> = FIXTURE.lines().enumerate().map(changed).collect();
    let error = read(&text.join("\n"), "bad.jsonl").expect_err("a wrong line");
    assert_eq!(error.line, index + 1, "{error}");
    (error.line, error.to_string())
}

#[test]
fn wrong_lines_are_told_with_file_and_line() {
    let (line, text) = refusal("SetContext", |line| line.replace("SetContext", "SetContexd"));
    assert!(
        text.starts_with(&format!(
            "bad.jsonl:{line}: there is no method `SetContexd`; did you mean `SetContext`?"
        )),
        "{text}"
    );
    let (_, text) = refusal("SetContext", |line| line[..line.len() / 2].to_owned());
    assert!(text.contains("cut off"), "{text}");
    let (_, text) = refusal("SetContext", |line| line.replace("session-1", "sezzion-1"));
    assert!(text.contains("`sezzion-1` names no object"), "{text}");
    let (_, text) = refusal("SetContext", |_| r#"{"level":"info"}"#.to_owned());
    assert!(text.contains("says nothing of a trace"), "{text}");
    let (_, text) = refusal("SetContext", |_| "SetContext(3)".to_owned());
    assert!(text.contains("no JSON"), "{text}");
    let (_, text) = refusal("AddSnapshotToRecoverySet", |line| line.replace("@snapshot-1", "@snapshot-7"));
    assert!(text.contains("which id `@snapshot-7` is"), "{text}");
    let (_, text) = refusal("AddSnapshotToRecoverySet", |line| line.replace("@snapshot-1", "me@home"));
    assert!(text.contains("which id `@home` is"), "{text}");
    let (_, text) = refusal(r#""name":"snapshot-1""#, |line| line.replace("snapshot-1", "Snapshot"));
    assert!(text.contains("`Snapshot` cannot name this id"), "{text}");
    let (_, text) = refusal(r#""name":"snapshot-1""#, |line| line.replace("snapshot-1", "set-1"));
    assert!(text.contains("`set-1` cannot name this id"), "{text}");
    let (_, text) = refusal("load", |line| line.replace("\"seed\"", "\"sead\""));
    assert!(text.contains("unknown field `sead`"), "{text}");
    let (_, text) = refusal("trace", |line| line.replace("\"version\":2", "\"version\":1"));
    assert!(text.contains("a trace of version 1"), "{text}");
    let (_, text) = refusal("trace", |line| line.replace("vsslab", "strace"));
    assert!(text.contains("no trace of vsslab"), "{text}");
}

#[test]
fn foreign_files_are_told_at_their_first_line() {
    for text in ["", "\n\n", "hello", "[1]", "{}", "\u{0}\u{1}", FIXTURE.split_once('\n').expect("lines").1] {
        let error = read(text, "other.txt").expect_err("no trace");
        assert_eq!(error.wrong, Wrong::NoHeader, "{text:?}");
    }
}
