//! Documents that are refused: what, where, and what was expected; and odd ones that are not.

use rstest::rstest;
use vss_sim::document::{BackupComponentsDocument, Problem};

/// A document with this inside its root.
fn around(inside: &str) -> String {
    format!("<BACKUP_COMPONENTS xmlns=\"x-schema:#VssComponentMetadata\">\n{inside}</BACKUP_COMPONENTS>")
}

#[rstest]
#[case::empty("", "line 1, column 1: not well-formed XML")]
#[case::only_nuls("\0\0", "line 1, column 1: not well-formed XML")]
#[case::no_xml("hello", "line 1, column 1: not well-formed XML")]
#[case::two_roots("<a/>\n<b/>", "line 2, column 1: not well-formed XML")]
#[case::unknown_entity(
    "<a b='&nbsp;'/>",
    "line 1, column 7: not well-formed XML: unknown entity reference 'nbsp'"
)]
#[case::nul_inside("<a b='\0'/>", "line 1, column 7: not well-formed XML: a non-XML character '\\0' found")]
#[case::truncated(
    "<a>\n<b>",
    "line 2, column 4: not well-formed XML: the root node was opened but never closed"
)]
#[case::other_document(
    "<!-- x -->\n<WRITER_METADATA xmlns='x-schema:#VssWriterMetadataInfo'/>",
    "line 2, column 1: the root element is `{x-schema:#VssWriterMetadataInfo}WRITER_METADATA`, expected `{x-schema:#VssComponentMetadata}BACKUP_COMPONENTS`"
)]
#[case::no_namespace(
    "<BACKUP_COMPONENTS/>",
    "line 1, column 1: the root element is `{}BACKUP_COMPONENTS`, expected"
)]
#[case::wrong_root(
    "<COMPONENTS xmlns='x-schema:#VssComponentMetadata'/>",
    "line 1, column 1: the root element is"
)]
#[case::dtd("<?xml version='1.0'?>\n<!DOCTYPE a><a/>", "line 2, column 1: document type declaration refused")]
fn a_text_is_refused(#[case] text: &str, #[case] message: &str) {
    let error = BackupComponentsDocument::from_xml(text).expect_err("refused").to_string();
    assert!(error.starts_with(message), "{error}");
}

#[rstest]
#[case::boolean(
    "<BACKUP_STATE selectComponents='true'/>",
    "line 2, column 15: attribute `selectComponents` is `true`, expected `yes` or `no`"
)]
#[case::enumeration(
    "<BACKUP_STATE backupType='full'/>",
    "line 2, column 15: attribute `backupType` is `full`, expected a VSS_BACKUP_TYPE, by its name or number"
)]
#[case::guid(
    "<SNAPSHOT_SET_DESCRIPTION snapshotSetId='{1}'/>",
    "line 2, column 27: attribute `snapshotSetId` is `{1}`, expected a GUID"
)]
#[case::mask(
    "<SNAPSHOT_SET_DESCRIPTION snapshotSetId='00000000-0000-0000-0000-000000000001' context='-1'/>",
    "line 2, column 80: attribute `context` is `-1`, expected a number below 2^32"
)]
#[case::no_id(
    "<SNAPSHOT_SET_DESCRIPTION/>",
    "line 2, column 1: element `SNAPSHOT_SET_DESCRIPTION` lacks attribute `snapshotSetId`, expected a GUID"
)]
#[case::no_writer(
    "<WRITER_COMPONENTS instanceId='00000000-0000-0000-0000-000000000001'/>",
    "line 2, column 1: element `WRITER_COMPONENTS` lacks attribute `writerId`, expected a GUID"
)]
#[case::two_states(
    "<BACKUP_STATE/>\n<BACKUP_STATE/>",
    "line 3, column 1: a second `BACKUP_STATE`, expected at most one"
)]
#[case::text(
    "<BACKUP_STATE>é x</BACKUP_STATE>",
    "line 2, column 15: text `é x` between elements, expected elements only"
)]
#[case::empty_namespace(
    "<v:x xmlns:v=''/>",
    "line 2, column 1: not well-formed XML: prefix `v` declared with an empty namespace"
)]
fn a_document_is_refused(#[case] inside: &str, #[case] message: &str) {
    let error = BackupComponentsDocument::from_xml(&around(inside)).expect_err("refused");
    assert_eq!(error.to_string(), message);
}

/// Inside a mapping: what a LUN has to have.
#[rstest]
#[case::no_luns("", "element `LUN_MAPPING` holds no `SOURCE_LUN`, expected one")]
#[case::no_information("<SOURCE_LUN/>", "element `SOURCE_LUN` holds no `LUN_INFORMATION`, expected one")]
#[case::no_signature(
    "<SOURCE_LUN><LUN_INFORMATION/></SOURCE_LUN>",
    "element `LUN_INFORMATION` lacks attribute `diskSignature`, expected a GUID"
)]
#[case::odd_bytes(
    "<SOURCE_LUN><LUN_INFORMATION><STORAGE_IDENTIFIER identifier='123'/></LUN_INFORMATION></SOURCE_LUN>",
    "attribute `identifier` is `123`, expected bytes in hexadecimal"
)]
#[case::no_bytes(
    "<SOURCE_LUN><LUN_INFORMATION><INTERCONNECT port='0é'/></LUN_INFORMATION></SOURCE_LUN>",
    "attribute `port` is `0é`, expected bytes in hexadecimal"
)]
#[case::no_extent(
    "<EXTENT offset='1'/>",
    "element `EXTENT` lacks attribute `length`, expected a number below 2^64"
)]
fn a_mapping_is_refused(#[case] inside: &str, #[case] message: &str) {
    let id = "00000000-0000-0000-0000-000000000001";
    let text = around(&format!(
        "<SNAPSHOT_SET_DESCRIPTION snapshotSetId='{id}'><SNAPSHOT_DESCRIPTION snapshotId='{id}'>\
         <LUN_MAPPING>{inside}</LUN_MAPPING></SNAPSHOT_DESCRIPTION></SNAPSHOT_SET_DESCRIPTION>"
    ));
    let error = BackupComponentsDocument::from_xml(&text).expect_err("refused");
    assert_eq!(error.problem.to_string(), message);
}

#[rstest]
#[case::utf8(b"<a>\n\xFF</a>", "line 2, column 1: the bytes are not UTF-8")]
#[case::half_a_unit(b"\xFF\xFE<\0a", "line 1, column 3: the bytes are not UTF-16LE")]
#[case::lone_surrogate(b"\xFE\xFF\0<\xD8\0\0>", "line 1, column 3: the bytes are not UTF-16BE")]
fn bytes_are_refused(#[case] bytes: &[u8], #[case] message: &str) {
    let error = BackupComponentsDocument::from_bytes(bytes).expect_err("refused");
    assert!(matches!(error.problem, Problem::NotText { .. }));
    assert_eq!(error.to_string(), message);
}

/// Not pretty, yet no reason to refuse.
#[rstest]
#[case::nothing("")]
#[case::comments_and_instructions("<!-- < & --><?x <a ?>\n")]
#[case::white_space_as_text("<BACKUP_STATE>&#32;<![CDATA[ ]]></BACKUP_STATE>")]
#[case::number_of_an_enumeration("<BACKUP_STATE backupType='77'/>")]
#[case::unknown_attribute("<BACKUP_STATE new='1' xml:lang='en'/>")]
#[case::foreign_attribute("<BACKUP_STATE xmlns:v='urn:v' v:selectComponents='true'/>")]
#[case::foreign_element("<BACKUP_STATE xmlns='urn:v'>text</BACKUP_STATE>")]
#[case::no_namespace("<BACKUP_STATE xmlns=''>text</BACKUP_STATE>")]
#[case::comment_between_texts("<n>a<!-- -->b<?p?>c</n>")]
fn a_document_is_accepted(#[case] inside: &str) {
    let read = BackupComponentsDocument::from_xml(&around(inside)).expect("a document");
    assert_eq!(BackupComponentsDocument::from_xml(&read.to_xml()), Ok(read));
}
