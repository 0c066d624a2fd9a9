//! What was written comes back.

use proptest::prelude::*;
use rstest::rstest;
use vss_sim::document::{
    BackupComponentsDocument, BackupState, Component, Content, RestoreState, WriterComponents,
};

use crate::arbitrary::{document, text};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_document_comes_back(document in document()) {
        let read = [document.to_xml(), document.to_xml_indented()].map(|xml| BackupComponentsDocument::from_xml(&xml));
        for read in read {
            prop_assert_eq!(read.as_ref(), Ok(&document));
        }
        prop_assert_eq!(BackupComponentsDocument::from_bytes(&document.to_utf16_bytes()), Ok(document));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn any_name_comes_back(name in text()) {
        let document = named(&name);
        prop_assert_eq!(BackupComponentsDocument::from_xml(&document.to_xml()), Ok(document));
    }
}

fn named(name: &str) -> BackupComponentsDocument {
    let component = Component { name: name.into(), ..Component::default() };
    BackupComponentsDocument {
        writers: vec![WriterComponents { components: vec![component], ..WriterComponents::default() }],
        ..BackupComponentsDocument::default()
    }
}

/// How characters are written that XML cannot carry, and what looks like it.
#[rstest]
#[case::plain("a_b x0001_ é", "a_b x0001_ é")]
#[case::control("\u{1}", "_x0001_")]
#[case::nul_inside("a\0b", "a_x0000_b")]
#[case::no_character("\u{FFFF}", "_xFFFF_")]
#[case::lookalike("_x0001_", "_x005F_x0001_")]
#[case::harmless_lookalike("_x0041_", "_x0041_")]
#[case::white_space("\t\r\n", "&#9;&#13;&#10;")]
#[case::markup("<&>\"'", "&lt;&amp;&gt;&quot;'")]
fn a_name_is_written(#[case] name: &str, #[case] written: &str) {
    let xml = named(name).to_xml();
    assert!(xml.contains(&format!("componentName=\"{written}\"")), "{xml}");
    assert_eq!(BackupComponentsDocument::from_xml(&xml), Ok(named(name)));
}

/// Unknown parts keep their prefixes, declarations, text and order; comments go.
#[test]
fn unknown_parts_are_kept() {
    let text = "<BACKUP_COMPONENTS xmlns=\"x-schema:#VssComponentMetadata\" xmlns:v=\"urn:v\" v:b=\"2\" a=\"1\">\
                <v:ONE v:x=\"&#10;\"> a <TWO xmlns=\"\"/>b</v:ONE><!-- gone --><THREE xmlns:w=\"urn:w\" w:y=\"\"/>\
                <BACKUP_STATE selectComponents=\"yes\" new=\"z\"><DEEP/></BACKUP_STATE></BACKUP_COMPONENTS>";
    let read = BackupComponentsDocument::from_xml(text).expect("a document");
    let expected = "<?xml version=\"1.0\"?>\
                <BACKUP_COMPONENTS xmlns=\"x-schema:#VssComponentMetadata\" xmlns:v=\"urn:v\" v:b=\"2\" a=\"1\">\
                <BACKUP_STATE selectComponents=\"yes\" bootableSystemState=\"no\" backupType=\"VSS_BT_UNDEFINED\" \
                partialFileSupport=\"no\" new=\"z\"><DEEP/></BACKUP_STATE>\
                <v:ONE v:x=\"&#10;\"> a <TWO xmlns=\"\"/>b</v:ONE><THREE xmlns:w=\"urn:w\" w:y=\"\"/></BACKUP_COMPONENTS>";
    assert_eq!(read.to_xml(), expected);

    let one = &read.unknown.elements()[0];
    assert_eq!((one.name().prefix(), one.name().namespace(), one.name().local()), ("v", "urn:v", "ONE"));
    assert!(
        matches!(one.content(), [Content::Text(a), Content::Element(_), Content::Text(b)] if &**a == " a " && &**b == "b")
    );
}

/// Moved elsewhere, unknown parts take their namespaces along and do not clash with known names.
#[test]
fn unknown_parts_may_move() {
    let text = "<BACKUP_COMPONENTS xmlns=\"x-schema:#VssComponentMetadata\" xmlns:v=\"urn:v\" selectComponents=\"no\">\
                <SET xmlns:w=\"urn:w\"><v:ONE v:a=\"1\"/></SET></BACKUP_COMPONENTS>";
    let read = BackupComponentsDocument::from_xml(text).expect("a document");
    let state = BackupState { select_components: true, unknown: read.unknown, ..BackupState::default() };
    let moved = BackupComponentsDocument { backup_state: Some(state), ..BackupComponentsDocument::default() };
    let back = BackupComponentsDocument::from_xml(&moved.to_xml()).expect("a document");
    let back = back.backup_state.expect("a state");
    assert!(back.select_components && back.unknown.attributes().is_empty());
    assert_eq!(back.unknown.elements().len(), 1);
}

/// Moved away from the element that declares their prefix, even behind one that declares it for itself.
#[test]
fn unknown_parts_may_leave_their_declarations() {
    let text = "<BACKUP_COMPONENTS xmlns=\"x-schema:#VssComponentMetadata\" xmlns:v=\"urn:v\">\
                <RESTORE_STATE v:a=\"1\"><v:ONE/></RESTORE_STATE></BACKUP_COMPONENTS>";
    let read = BackupComponentsDocument::from_xml(text).expect("a document");
    let moved = BackupComponentsDocument {
        backup_state: Some(BackupState { unknown: read.unknown, ..BackupState::default() }),
        restore_state: read.restore_state.clone(),
        ..BackupComponentsDocument::default()
    };
    let back = BackupComponentsDocument::from_xml(&moved.to_xml()).expect("a document");
    let parts = |state: Option<RestoreState>| {
        let unknown = state.expect("a state").unknown;
        (unknown.attributes().to_vec(), unknown.elements().to_vec())
    };
    assert_eq!(parts(back.restore_state), parts(read.restore_state));
}
