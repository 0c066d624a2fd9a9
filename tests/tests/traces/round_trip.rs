//! What was recorded is what is read: every id, every spelling, every `@`.

use proptest::prelude::*;
use vss_conformance::trace::{Entry, Traced};
use vss_sim::api::*;
use vss_sim::lab::Lab;

use crate::sections;

/// Answers each call with what it was told to.
struct Parrot(Vec<Reply>);

impl Backend for Parrot {
    fn target(&self) -> Target {
        Target { backend: "parrot".to_owned(), os: "none".to_owned() }
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::empty()
    }

    fn load(&mut self, _: &Lab) -> Result<(), Unavailable> {
        Ok(())
    }

    fn call(&mut self, _: Object, _: &Call) -> Reply {
        self.0.pop().unwrap_or(Reply::OK)
    }

    fn act(&mut self, _: &Action) -> Result<(), Unavailable> {
        Ok(())
    }

    fn ask(&self, _: &Question) -> Result<Answer, Unavailable> {
        Err(Unavailable::because("a parrot sees nothing"))
    }
}

fn id() -> impl Strategy<Value = Guid> {
    // Few enough that they come again, and GUID_NULL among them.
    (0u128..6).prop_map(|n| Guid::from_u128(n.wrapping_mul(0x7673_736c_0000_8000_8000_abcd_ef01_2345)))
}

/// Texts with ids in every spelling, next to whatever could be taken for a part of them.
fn text() -> impl Strategy<Value = Text> {
    let odd = [
        "@",
        "@@",
        "@snapshot-1",
        "0",
        "7",
        "a",
        "-",
        "{",
        r"\",
        r"\u",
        "\u{1}",
        "\"",
        "Volume{",
        "é",
        "<x a='",
    ];
    let piece = prop_oneof![
        id().prop_map(|id| id.to_string()),
        id().prop_map(|id| id.to_string().to_uppercase()),
        id().prop_map(|id| id.to_string().replace('a', "A")),
        id().prop_map(|id| id.simple().to_string()),
        prop::sample::select(odd.to_vec()).prop_map(str::to_owned),
        "\\PC{0,3}",
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat().into())
}

fn call() -> impl Strategy<Value = (Object, Call, Reply)> {
    let given = (text(), id(), id(), text()).prop_map(|(volume, provider, snapshot, wsz)| {
        let add = Call::AddToSnapshotSet {
            pwsz_volume_name: Some(volume),
            provider_id: ProviderId(provider),
            pid_snapshot: Ptr::Valid,
        };
        let expose = Call::ExposeSnapshot {
            snapshot_id: SnapshotId(snapshot),
            wsz_path_from_root: None,
            l_attributes: VolumeSnapshotAttributes::empty(),
            wsz_expose: Some(wsz.clone()),
            pwsz_exposed: Ptr::Valid,
        };
        let added = Reply::ok(Out::AddToSnapshotSet { pid_snapshot: SnapshotId(snapshot) });
        let exposed = Reply::ok(Out::ExposeSnapshot { pwsz_exposed: wsz });
        [(Object::Session(1), add, added), (Object::Session(2), expose, exposed)]
    });
    (given, any::<bool>()).prop_map(|(both, first)| both[usize::from(first)].clone())
}

proptest! {
    #[test]
    fn what_was_recorded_is_what_is_read(calls in prop::collection::vec(call(), 1..8), volume in text()) {
        let replies = calls.iter().rev().map(|(_, _, reply)| reply.clone()).collect();
        let mut traced = Traced::new(Parrot(replies), Vec::new());
        let action = Action::WriteVolume { volume, offset: 1, bytes: vec![0, 255] };
        traced.act(&action).expect("a parrot takes everything");
        for (on, call, _) in &calls {
            traced.call(*on, call);
        }
        let text = String::from_utf8(traced.finish().expect("memory")).expect("UTF-8");
        let read = sections(&text);
        let entries: Vec<&Entry> = read[0].lines.iter().map(|line| &line.entry).collect();
        prop_assert_eq!(entries[0], &Entry::Act(action));
        for (entry, (on, call, reply)) in entries[1..].iter().zip(calls) {
            prop_assert_eq!(*entry, &Entry::Call { on, call, reply }, "{}", text);
        }
    }

    /// Whatever a file holds, it is read or refused.
    #[test]
    fn no_file_panics(lines in prop::collection::vec(any::<prop::sample::Index>(), 1..20), cut in any::<prop::sample::Index>()) {
        let good = include_str!("../../../fixtures/traces/backup-and-resync.jsonl");
        let mut chars: Vec<char> = good.chars().collect();
        for line in lines {
            let at = line.index(chars.len());
            chars[at] = ['@', '"', '{', '9', ' '][at % 5];
        }
        chars.truncate(cut.index(chars.len()));
        let _ = vss_conformance::trace::read(&chars.into_iter().collect::<String>(), "bad.jsonl");
    }
}

#[test]
fn ids_of_texts_have_names_too_and_a_lab_keeps_its_own() {
    let lab = Lab::default_lab();
    let id = Guid::from_u128(0x7673_736c_0000_8000_8000_abcd_ef01_2345);
    let lab = Lab {
        providers: lab
            .providers
            .iter()
            .cloned()
            .map(|provider| vss_sim::lab::Provider { id: Some(ProviderId(id)), ..provider })
            .collect(),
        name: "lab @home".to_owned(),
        ..lab
    };
    let mut traced = Traced::new(Parrot(Vec::new()), Vec::new());
    traced.load(&lab).expect("a parrot takes every lab");
    let document = format!("<d a=\"{id}\" b=\"{}\" c=\"me@here\"/>", id.to_string().to_uppercase());
    traced.call(Object::Session(1), &Call::InitializeForRestore { bstr_xml: Some(document.into()) });
    let text = String::from_utf8(traced.finish().expect("memory")).expect("UTF-8");
    assert!(text.contains(r#"<d a=\"@id-1\" b=\"@ID-1\" c=\"me@@here\"/>"#), "{text}");
    assert!(text.contains(&format!(r#"{{"name":"id-1","id":"{id}"}}"#)), "{text}");
    assert_eq!(sections(&text)[0].lines[0].entry, Entry::Load(Box::new(lab)));
}
