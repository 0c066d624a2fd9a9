//! What has no cases yet.

use std::collections::BTreeSet;

use vss_conformance::cases;
use vss_conformance::coverage::dispositions;
use vss_conformance::spec::{Method, Outcome, Spec};

/// Interfaces none of whose methods has a case.
const INTERFACES: &[&str] = &[
    "CVssWriter",
    "CVssWriterEx",
    "CVssWriterEx2",
    "IVssAdmin",
    "IVssBackupComponentsEx",
    "IVssBackupComponentsEx4",
    "IVssComponent",
    "IVssComponentEx",
    "IVssComponentEx2",
    "IVssCreateExpressWriterMetadata",
    "IVssCreateWriterMetadata",
    "IVssCreateWriterMetadataEx",
    "IVssDifferentialSoftwareSnapshotMgmt",
    "IVssDifferentialSoftwareSnapshotMgmt2",
    "IVssDifferentialSoftwareSnapshotMgmt3",
    "IVssEnumMgmtObject",
    "IVssExamineWriterMetadata",
    "IVssExamineWriterMetadataEx",
    "IVssExamineWriterMetadataEx2",
    "IVssExpressWriter",
    "IVssSnapshotMgmt",
    "IVssSnapshotMgmt2",
    "IVssWMComponent",
    "IVssWMDependency",
    "IVssWMFiledesc",
    "IVssWriterComponents",
];

/// Methods without a case of interfaces that have some, and functions.
const METHODS: &[&str] = &[
    "CreateVssExamineWriterMetadata",
    "CreateVssExamineWriterMetadataInternal",
    "CreateVssExpressWriter",
    "CreateVssExpressWriterInternal",
    "CreateWriterEx",
    "IVssBackupComponents::AddAlternativeLocationMapping",
    "IVssBackupComponents::AddComponent",
    "IVssBackupComponents::AddNewTarget",
    "IVssBackupComponents::AddRestoreSubcomponent",
    "IVssBackupComponents::DisableWriterClasses",
    "IVssBackupComponents::DisableWriterInstances",
    "IVssBackupComponents::EnableWriterClasses",
    "IVssBackupComponents::FreeWriterMetadata",
    "IVssBackupComponents::FreeWriterStatus",
    "IVssBackupComponents::GatherWriterMetadata",
    "IVssBackupComponents::GatherWriterStatus",
    "IVssBackupComponents::GetWriterComponents",
    "IVssBackupComponents::GetWriterComponentsCount",
    "IVssBackupComponents::GetWriterMetadata",
    "IVssBackupComponents::GetWriterMetadataCount",
    "IVssBackupComponents::GetWriterStatus",
    "IVssBackupComponents::GetWriterStatusCount",
    "IVssBackupComponents::InitializeForRestore",
    "IVssBackupComponents::PostRestore",
    "IVssBackupComponents::PreRestore",
    "IVssBackupComponents::SaveAsXML",
    "IVssBackupComponents::SetAdditionalRestores",
    "IVssBackupComponents::SetBackupOptions",
    "IVssBackupComponents::SetBackupSucceeded",
    "IVssBackupComponents::SetFileRestoreStatus",
    "IVssBackupComponents::SetPreviousBackupStamp",
    "IVssBackupComponents::SetRangesFilePath",
    "IVssBackupComponents::SetRestoreOptions",
    "IVssBackupComponents::SetRestoreState",
    "IVssBackupComponents::SetSelectedForRestore",
    "IVssBackupComponentsEx2::SetAuthoritativeRestore",
    "IVssBackupComponentsEx2::SetRestoreName",
    "IVssBackupComponentsEx2::SetRollForward",
];

fn has_a_case(outcome: &Outcome) -> bool {
    cases::all().any(|case| case.outcome == outcome.id) || dispositions().contains_key(&outcome.id)
}

fn is_listed(method: &Method) -> bool {
    let interface = method.id.split_once("::").map(|(interface, _)| interface);
    METHODS.contains(&&*method.id) || interface.is_some_and(|interface| INTERFACES.contains(&interface))
}

/// A method has cases for all of its outcomes, or it is listed above and has none.
#[test]
fn every_outcome_of_a_method_that_is_not_listed_has_a_case() {
    let (listed, covered): (Vec<&Method>, Vec<&Method>) =
        Spec::get().methods().partition(|method| is_listed(method));
    let outcomes = covered.iter().flat_map(|method| &method.outcomes);
    let missing: Vec<&str> =
        outcomes.filter(|outcome| !has_a_case(outcome)).map(|outcome| &*outcome.id).collect();
    assert_eq!(missing, [""; 0]);
    let begun = listed.iter().filter(|method| method.outcomes.iter().any(has_a_case));
    assert_eq!(begun.map(|method| &*method.id).collect::<Vec<_>>(), [""; 0]);
}

/// Nothing is listed twice or by a wrong name.
#[test]
fn the_lists_name_what_is_documented() {
    let methods: BTreeSet<&str> = Spec::get().methods().map(|method| &*method.id).collect();
    let interfaces: BTreeSet<&str> =
        methods.iter().filter_map(|id| id.split_once("::")).map(|(interface, _)| interface).collect();
    assert_eq!(METHODS.iter().find(|method| !methods.contains(*method)), None);
    assert_eq!(INTERFACES.iter().find(|interface| !interfaces.contains(*interface)), None);
    assert!(METHODS.is_sorted() && INTERFACES.is_sorted());
}
