//! SetContext against `contexts.json`: every context with every attribute, on systems that the file tells apart.

use rstest::rstest;
use serde::Deserialize;
use vss_sim::api::*;
use vss_sim::lab::{Lab, Os};
use vss_sim::service::Simulator;

#[derive(Deserialize)]
struct File {
    contexts: Vec<ContextRow>,
    attributes: Vec<AttributeRow>,
}

#[derive(Deserialize)]
struct ContextRow {
    name: String,
    value: String,
    attribute_modifiers: Option<String>,
    min_os: Option<String>,
}

#[derive(Deserialize)]
struct AttributeRow {
    name: String,
    value: String,
    who_sets: String,
    requester_may_or: bool,
}

impl ContextRow {
    fn bits(&self) -> u32 {
        bits(&self.value)
    }

    /// Whether requesters may or attributes into it.
    fn takes_modifiers(&self) -> bool {
        self.attribute_modifiers.as_deref() == Some("all allowed ones")
    }
}

impl AttributeRow {
    /// Whether it came after that system.
    fn is_too_new_for(&self, os: Os) -> bool {
        let is_older = os.kernel() < Os::WindowsVista.kernel();
        is_older && self.who_sets.contains("Vista+")
            // Windows Vista is older, and has the same kernel.
            || (is_older || os == Os::WindowsVista) && self.who_sets.contains("Server 2008+")
    }
}

/// `0x00000010`, whatever stands behind it.
fn bits(value: &str) -> u32 {
    let digits = value.split(' ').next().and_then(|number| number.strip_prefix("0x"));
    digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).expect("a hexadecimal number")
}

fn file() -> File {
    serde_json::from_str(include_str!("../../fixtures/spec/rules/contexts.json"))
        .expect("contexts.json can be read")
}

/// What the file promises of that value on that system.
fn promised(file: &File, os: Os, context: &ContextRow, attribute: Option<&AttributeRow>) -> HResult {
    if os == Os::WindowsXp {
        return HResult::E_NOTIMPL;
    }
    let is_old = os.kernel() < Os::WindowsVista.kernel();
    let value = context.bits() | attribute.map_or(0, |attribute| bits(&attribute.value));
    if let Some(same) = file.contexts.iter().find(|other| other.bits() == value) {
        let too_new = is_old && same.min_os.is_some();
        return if too_new { HResult::E_INVALIDARG } else { HResult::S_OK };
    }
    let attribute = attribute.expect("a bare context is in the file");
    if !attribute.requester_may_or || !context.takes_modifiers() || attribute.is_too_new_for(os) {
        return HResult::E_INVALIDARG;
    }
    // O13: not in the file.
    if attribute.name.ends_with("_TRANSPORTABLE") && !os.is_server() {
        return HResult::VSS_E_UNSUPPORTED_CONTEXT;
    }
    HResult::S_OK
}

#[rstest]
#[case::xp(Os::WindowsXp)]
#[case::server_2003(Os::WindowsServer2003)]
#[case::vista(Os::WindowsVista)]
#[case::server_2008(Os::WindowsServer2008)]
#[case::windows_7(Os::Windows7)]
#[case::client(Os::Windows11)]
#[case::server(Os::WindowsServer2022)]
fn every_context_with_every_attribute(#[case] os: Os) {
    let file = file();
    assert_eq!((file.contexts.len(), file.attributes.len()), (7, 19));
    let lab = Lab::builder("contexts").host("SRV", os).build().expect("a lab");
    let mut sim = Simulator::new(&lab).expect("a lab");
    for context in &file.contexts {
        for attribute in file.attributes.iter().map(Some).chain([None]) {
            let value = context.bits() | attribute.map_or(0, |attribute| bits(&attribute.value));
            let came = set(&mut sim, value);
            let with = attribute.map_or("nothing", |attribute| &attribute.name);
            let wanted = promised(&file, os, context, attribute);
            assert_eq!(came, wanted, "{} with {with} on {os}", context.name);
        }
    }
}

/// SetContext on a new object.
fn set(sim: &mut Simulator, value: u32) -> HResult {
    let create = Call::CREATE_VSS_BACKUP_COMPONENTS;
    let Some(Out::CreateVssBackupComponents { pp_backup }) = sim.call(Object::HOST, &create).out else {
        panic!("no object")
    };
    let initialized = sim.call(pp_backup, &Call::InitializeForBackup { bstr_xml: None });
    assert_eq!(initialized.hresult, HResult::S_OK);
    let context = Call::SetContext { l_context: SnapshotContext::from_bits_retain(value) };
    let code = sim.call(pp_backup, &context).hresult;
    sim.call(pp_backup, &Call::RELEASE);
    code
}
