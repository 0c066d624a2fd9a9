//! Input that wants time or memory: refused with the reason, long before it could have them. A reader that took time with
//! the square of the input, or memory with its entities, would not come to the end of these tests.

use proptest::prelude::*;
use rstest::rstest;
use vss_sim::document::{BackupComponentsDocument, DocumentError, Limit, MAX_DEPTH, Problem};

const XML: &str = include_str!("../../../fixtures/documents/two-snapshots.xml");
const START: &str = "<BACKUP_COMPONENTS xmlns='x-schema:#VssComponentMetadata'";

fn refused(text: &str) -> Problem {
    let error: DocumentError = BackupComponentsDocument::from_xml(text).expect_err("refused");
    assert!(error.to_string().len() < 1000);
    error.problem
}

#[rstest]
#[case::entity_bomb(
    "<!DOCTYPE a [<!ENTITY b 'bbbbbbbbbb'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;'>]>\n<a>&d;</a>"
)]
#[case::external_entity(
    "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]><a>&b;</a>"
)]
#[case::external_subset("<!DOCTYPE a SYSTEM 'http://example.invalid/a.dtd'><a/>")]
#[case::empty_dtd("<!DOCTYPE a><a/>")]
#[case::behind_a_comment("<!-- <a> --><!DOCTYPE a><a/>")]
#[case::loose_entity("<a><!ENTITY b 'c'></a>")]
fn a_dtd(#[case] text: &str) {
    assert_eq!(refused(text), Problem::DtdRefused);
}

#[rstest]
#[case::million_deep(format!("{START}>{}", "<a>".repeat(1_000_000)), Problem::TooDeep)]
#[case::deep_and_closed(format!("{}{}", "<a>".repeat(500_000), "</a>".repeat(500_000)), Problem::TooDeep)]
#[case::attributes(format!("{START}{}/>", (0..300).map(|n| format!(" a{n}='1'")).collect::<String>()), too_large(Limit::Attributes))]
#[case::attributes_everywhere(format!("{START}>{}", "<a b='' c='' d=''/>".repeat(500_000)), too_large(Limit::EqualsSigns))]
#[case::hundred_megabytes_of_attributes(format!("{START} {}/>", "a='b' ".repeat(17_000_000)), too_large(Limit::Bytes))]
#[case::fifty_megabytes_of_attributes(format!("{START} {}/>", "a='b' ".repeat(8_000_000)), too_large(Limit::EqualsSigns))]
#[case::elements(format!("{START}>{}", "<a/>".repeat(2_000_000)), too_large(Limit::Tags))]
#[case::equals_signs_in_text(format!("{START}>{}", "=".repeat(2_000_000)), too_large(Limit::EqualsSigns))]
#[case::namespaces_in_scope(format!("{START}{}/>", (0..70).map(|n| format!(" xmlns:a{n}='u'")).collect::<String>()), too_large(Limit::Namespaces))]
#[case::namespaces(format!("{START}>{}", "<a xmlns='u'/>".repeat(20_000)), too_large(Limit::Namespaces))]
#[case::long_text(format!("{START}>{}", "x".repeat(70 << 20)), too_large(Limit::Bytes))]
fn a_flood(#[case] text: String, #[case] problem: Problem) {
    assert_eq!(refused(&text), problem);
}

fn too_large(limit: Limit) -> Problem {
    Problem::TooLarge { limit }
}

/// Long tokens that stop nowhere: refused by the parser.
#[rstest]
#[case::name(format!("<{}", "a".repeat(30 << 20)))]
#[case::value(format!("{START} a='{}", "b".repeat(30 << 20)))]
#[case::reference(format!("{START} a='&{};'/>", "b".repeat(30 << 20)))]
#[case::comment(format!("<!--{}", "- ".repeat(15 << 20)))]
#[case::nuls(format!("x{}", "\0".repeat(30 << 20)))]
fn an_endless_token(#[case] text: String) {
    assert!(matches!(refused(&text), Problem::NotXml { .. }));
}

#[test]
fn a_hundred_megabytes_of_utf16() {
    let mut bytes = vec![0xFF, 0xFE];
    bytes.resize(140 << 20, b'<');
    let error = BackupComponentsDocument::from_bytes(&bytes).expect_err("refused");
    assert_eq!(error.problem, too_large(Limit::Bytes));
}

/// The limit is where it says: the root is one level.
#[rstest]
#[case::at_the_limit(MAX_DEPTH - 1, true)]
#[case::past_it(MAX_DEPTH, false)]
fn nesting(#[case] inside: usize, #[case] is_read: bool) {
    let text = format!("{START}>{}{}</BACKUP_COMPONENTS>", "<a>".repeat(inside), "</a>".repeat(inside));
    assert_eq!(BackupComponentsDocument::from_xml(&text).is_ok(), is_read);
}

/// A big machine room passes: 64 snapshots, thousands of components.
#[test]
fn a_large_document_is_read() {
    let mut document = BackupComponentsDocument::from_xml(XML).expect("a document");
    let set = document.snapshot_set.as_mut().expect("a set");
    set.snapshots = set.snapshots.iter().cycle().take(64).cloned().collect();
    let writer = &mut document.writers[0];
    writer.components = writer.components.iter().cycle().take(5_000).cloned().collect();
    assert_eq!(BackupComponentsDocument::from_xml(&document.to_xml()), Ok(document));
}

/// Reads, and if it was a document after all, what it writes is the same document.
fn survives(bytes: &[u8]) {
    if let Ok(read) = BackupComponentsDocument::from_bytes(bytes) {
        assert_eq!(BackupComponentsDocument::from_xml(&read.to_xml()).as_ref(), Ok(&read));
        assert_eq!(BackupComponentsDocument::from_xml(&read.to_xml_indented()), Ok(read));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        survives(&bytes);
    }

    /// Pieces of XML in any order inside a root that is right.
    #[test]
    fn any_markup(pieces in proptest::collection::vec(piece(), 0..30)) {
        survives(format!("{START}>{}</BACKUP_COMPONENTS>", pieces.concat()).as_bytes());
        survives(pieces.concat().as_bytes());
    }

    /// A good document with bytes changed, cut out and doubled.
    #[test]
    fn mutated(edits in proptest::collection::vec((any::<prop::sample::Index>(), 0..40_usize, piece()), 1..4)) {
        let mut bytes = XML.as_bytes().to_vec();
        for (at, cut, piece) in edits {
            let at = at.index(bytes.len());
            let end = (at + cut).min(bytes.len());
            bytes.splice(at..end, piece.bytes());
        }
        survives(&bytes);
    }

    #[test]
    fn truncated(at in 0..XML.len()) {
        prop_assert!(BackupComponentsDocument::from_bytes(&XML.as_bytes()[..at]).is_err() || XML[at..].trim().is_empty());
    }
}

fn piece() -> impl Strategy<Value = String> {
    let fixed = [
        "<",
        ">",
        "/>",
        "</",
        "\"",
        "'",
        "=",
        "&",
        "&amp;",
        "&#13;",
        "&#10;",
        "&#0;",
        "\r",
        "\n",
        "\t",
        " ",
        "\0",
        ":",
        "<a>",
        "</a>",
        "<b/>",
        "<v:a xmlns:v='urn:v'>",
        "</v:a>",
        "<v:b/>",
        "<a xmlns=''>",
        "<a xmlns='urn:a'>",
        "xmlns:v='urn:w'",
        "xmlns='x-schema:#VssComponentMetadata'",
        "<!--",
        "-->",
        "<!-- c -->",
        "<![CDATA[",
        "]]>",
        "<![CDATA[<x>]]>",
        "<?p i?>",
        "<!DOCTYPE",
        "text",
        "é",
        "\u{FFFE}",
        "_x0001_",
        "_x005F_",
        "yes",
        "no",
        "<BACKUP_STATE>",
        "</BACKUP_STATE>",
        "<BACKUP_STATE selectComponents='yes'/>",
        "backupType='3'",
        "<v:BACKUP_STATE xmlns:v='x-schema:#VssComponentMetadata' xmlns='urn:z'><q/></v:BACKUP_STATE>",
        "<RESTORE_STATE xmlns:v='urn:v' v:a='1'><v:c><d xmlns=''/> t </v:c></RESTORE_STATE>",
    ];
    prop::sample::select(fixed.to_vec()).prop_map(str::to_owned)
}
