//! The declarations against the calls of the simulator: what goes through a slot is what the call of that method carries.

use std::collections::BTreeMap;

use vss_com::abi::*;
use vss_sim::api::{Call, ProviderCall};

/// Counts of an array, which a call carries as its length.
const COUNTS: &[&str] = &["c_class_id", "c_instance_id"];

/// The parameters that a method takes and those that it writes.
type Parameters = (Vec<&'static str>, Vec<&'static str>);

fn declared<I: Interface>(all: &mut BTreeMap<(&'static str, &'static str), Parameters>) {
    for method in I::METHODS {
        let with = |excluded| {
            let parameters =
                method.parameters.iter().filter(move |parameter| parameter.direction != excluded);
            parameters.map(|parameter| parameter.name).filter(|name| !COUNTS.contains(name)).collect()
        };
        all.insert((I::NAME, method.name), (with(Direction::Out), with(Direction::In)));
    }
}

#[test]
fn every_parameter_is_one_of_the_call() {
    let mut all = BTreeMap::new();
    declared::<IVssAsync>(&mut all);
    declared::<IVssBackupComponents>(&mut all);
    declared::<IVssBackupComponentsEx>(&mut all);
    declared::<IVssBackupComponentsEx2>(&mut all);
    declared::<IVssBackupComponentsEx3>(&mut all);
    declared::<IVssBackupComponentsEx4>(&mut all);
    declared::<IVssComponent>(&mut all);
    declared::<IVssComponentEx>(&mut all);
    declared::<IVssComponentEx2>(&mut all);
    declared::<IVssEnumObject>(&mut all);
    declared::<IVssExamineWriterMetadata>(&mut all);
    declared::<IVssExamineWriterMetadataEx>(&mut all);
    declared::<IVssExamineWriterMetadataEx2>(&mut all);
    declared::<IVssFileShareSnapshotProvider>(&mut all);
    declared::<IVssHardwareSnapshotProvider>(&mut all);
    declared::<IVssHardwareSnapshotProviderEx>(&mut all);
    declared::<IVssProviderCreateSnapshotSet>(&mut all);
    declared::<IVssProviderNotifications>(&mut all);
    declared::<IVssSoftwareSnapshotProvider>(&mut all);
    declared::<IVssWMComponent>(&mut all);
    declared::<IVssWMDependency>(&mut all);
    declared::<IVssWMFiledesc>(&mut all);
    declared::<IVssWriterComponents>(&mut all);

    let requester = Call::METHODS.iter().zip(Call::PARAMETERS);
    let provider = ProviderCall::METHODS.iter().zip(ProviderCall::PARAMETERS);
    let mut differ = Vec::new();
    for (method, (given, written)) in requester.chain(provider) {
        if method.interface.is_empty() || method.interface == "IUnknown" {
            continue;
        }
        let Some((takes, writes)) = all.get(&(method.interface, method.name)) else {
            differ.push(format!("{method} is not declared"));
            continue;
        };
        if (takes.as_slice(), writes.as_slice()) != (*given, *written) {
            differ
                .push(format!("{method}: declared {takes:?} -> {writes:?}, called {given:?} -> {written:?}"));
        }
    }
    assert_eq!(differ, [""; 0]);
}
