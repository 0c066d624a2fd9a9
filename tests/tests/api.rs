//! The vocabulary as JSON: every call and every result goes through text unchanged, and so do values without a name.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use vss_sim::api::*;
use vss_sim::lab::MAKING_COPIES;
use vss_tests::examples::{example, text};

fn variants<'m>(methods: &'m [Method], variants: &'m [&str]) -> impl Iterator<Item = (&'m Method, &'m str)> {
    methods.iter().zip(variants.iter().copied())
}

/// The variant's JSON comes out as it went in.
fn round_trip<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(
    (method, variant): (&Method, &str),
    names: &[&'static str],
    more: &[(&'static str, Value)],
) -> T {
    let mut fields = example::<T>(variant, names)
        .unwrap_or_else(|| panic!("no example of {method} can be made from {names:?}"));
    fields.extend(more.iter().cloned());
    let written = text(variant, &fields);
    let value: T = serde_json::from_str(&written).unwrap_or_else(|error| panic!("{written}: {error}"));
    let (before, after): (Value, Value) =
        (serde_json::from_str(&written).expect("JSON"), serde_json::to_value(&value).expect("JSON"));
    assert_eq!(after, before, "{method}");
    let again: T = serde_json::from_value(after).expect("what was written can be read");
    assert_eq!(again, value, "{method}");
    value
}

#[test]
fn every_call_goes_through_json() {
    for (method, (params, values)) in variants(Call::METHODS, Call::VARIANTS).zip(Call::PARAMETERS) {
        let pointers = values.iter().filter(|name| !params.contains(name));
        let pointers: Vec<_> = pointers.map(|name| (*name, json!("dangling"))).collect();
        let call: Call = round_trip(method, params, &pointers);
        assert_eq!(call.method(), *method.0);
        assert_eq!(
            call.bad_pointer(),
            pointers.first().map(|(name, _)| (*name, Ptr::Dangling)),
            "{}",
            method.0
        );
        round_trip::<Out>(method, values, &[]);
    }
}

#[test]
fn every_call_of_a_provider_goes_through_json() {
    let variants = variants(ProviderCall::METHODS, ProviderCall::VARIANTS);
    for (method, (params, values)) in variants.zip(ProviderCall::PARAMETERS) {
        let call: ProviderCall = round_trip(method, params, &[]);
        assert_eq!(call.method(), *method.0);
        round_trip::<ProviderOut>(method, values, &[]);
    }
}

#[test]
fn a_valid_pointer_is_left_out() {
    let call = Call::GetSessionId { id_session: Ptr::Valid };
    assert_eq!(serde_json::to_value(&call).expect("JSON"), json!({ "GetSessionId": {} }));
    assert_eq!(serde_json::from_value::<Call>(json!({ "GetSessionId": {} })).expect("a call"), call);
}

#[test]
fn a_null_pointer_is_bad_unless_it_is_optional() {
    let query = |p_hr_result, p_reserved| Call::QueryStatus { p_hr_result, p_reserved };
    assert_eq!(query(Ptr::Valid, Ptr::Null).bad_pointer(), None);
    assert_eq!(query(Ptr::Valid, Ptr::Dangling).bad_pointer(), Some(("p_reserved", Ptr::Dangling)));
    assert_eq!(query(Ptr::Null, Ptr::Null).bad_pointer(), Some(("p_hr_result", Ptr::Null)));
}

#[test]
fn objects_are_spelled_by_kind_and_number() {
    let all = [
        (Object::HOST, "host-1"),
        (Object::Session(3), "session-3"),
        (Object::Async(4_294_967_295), "async-4294967295"),
        (Object::Enumerator(0), "enumerator-0"),
        (Object::Metadata(12), "metadata-12"),
    ];
    for (object, text) in all {
        assert_eq!(object.to_string(), text);
        assert_eq!(text.parse(), Ok(object));
        assert_eq!(serde_json::from_value::<Object>(json!(text)).expect("an object"), object);
    }
    for wrong in [
        "",
        "session",
        "session-",
        "-1",
        "session--1",
        "session-4294967296",
        "Session-1",
        "disk-1",
        "session-1 ",
    ] {
        let error = wrong.parse::<Object>().expect_err(wrong);
        assert!(error.to_string().contains(&format!("`{wrong}`")), "{error}");
    }
}

#[test]
fn an_enumeration_is_shown_by_microsofts_names() {
    assert_eq!(format!("{:?}", SnapshotState::CREATED), "VSS_SS_CREATED");
    assert_eq!(format!("{:?}", Some(WriterState::STABLE)), "Some(VSS_WS_STABLE)");
    assert_eq!(format!("{:?}", ObjectType(77)), "ObjectType(77)");
}

#[test]
fn an_enumeration_keeps_what_it_does_not_name() {
    for (value, name) in BackupType::VALUES {
        assert_eq!(serde_json::to_value(value).expect("JSON"), json!(name));
        assert_eq!(serde_json::from_value::<BackupType>(json!(name)).expect("a name"), *value);
    }
    for number in [-7, 4711, i32::MIN] {
        let unknown = BackupType(number);
        assert_eq!(unknown.name(), None);
        let text = serde_json::to_value(unknown).expect("JSON");
        assert_eq!(text, json!(number.to_string()));
        assert_eq!(serde_json::from_value::<BackupType>(text).expect("a number"), unknown);
    }
    assert!(serde_json::from_value::<BackupType>(json!("VSS_BT_NONSENSE")).is_err());
}

#[test]
fn flags_keep_bits_without_a_name() {
    for bits in [0, 0x100, 0x8000_0400, u32::MAX] {
        let flags = RecoveryOptions::from_bits_retain(bits);
        let text = serde_json::to_string(&flags).expect("JSON");
        assert_eq!(serde_json::from_str::<RecoveryOptions>(&text).expect(&text).bits(), bits);
        let context = SnapshotContext::from_bits_retain(bits);
        assert_eq!(context.attributes().bits(), bits);
        let text = serde_json::to_string(&context).expect("JSON");
        assert_eq!(serde_json::from_str::<SnapshotContext>(&text).expect(&text), context);
    }
}

#[test]
fn ids_are_read_with_and_without_braces() {
    let id: SnapshotId = "{7673736c-0000-0000-0000-000000000003}".parse().expect("an id");
    assert_eq!("7673736c-0000-0000-0000-000000000003".parse(), Ok(id));
    assert_eq!(id.to_string(), "{7673736c-0000-0000-0000-000000000003}");
    assert_eq!(serde_json::from_value::<SnapshotId>(json!(id.to_string())).expect("braces"), id);
    assert!(SnapshotId::NULL.is_null() && !id.is_null());
}

#[test]
fn an_unknown_code_keeps_its_value() {
    let reply = Reply { hresult: HResult(0x8004_9999), out: None };
    let text = serde_json::to_string(&reply).expect("JSON");
    assert_eq!(text, r#"{"hresult":"0x80049999"}"#);
    assert_eq!(serde_json::from_str::<Reply>(&text).expect("a reply"), reply);
}

/// The provider's calls that make copies, and the names by which labs know them.
#[test]
fn the_steps_that_make_copies_are_the_same_everywhere() {
    let names = ProviderCall::making_copies(SnapshotSetId::NULL, 1).map(|call| call.method().name);
    assert_eq!(names.as_slice(), MAKING_COPIES);
}
