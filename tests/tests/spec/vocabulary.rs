//! Calls carry the documented methods with their documented parameters.

use std::collections::BTreeSet;

use vss_conformance::spec::{Method, Spec};
use vss_sim::api::{Call, ProviderCall};

/// Counts of arrays: a `Vec` knows its length.
const FOLDED: &[&str] = &["c_class_id", "c_instance_id"];

/// Names whose capitals mislead.
const RESPELLED: &[(&str, &str)] = &[("b_normalize_fqd_nfor_root_path", "b_normalize_fqdn_for_root_path")];

/// Documented as \[in, out\], though nothing is read from it.
const OUT_ONLY: &[(&str, &str)] = &[("IVssEnumObject::Clone", "ppenum")];

#[test]
fn a_requester_can_make_every_documented_call() {
    agree(Call::METHODS, Call::PARAMETERS, &["IUnknown"]);
}

#[test]
fn a_provider_can_be_asked_everything_documented() {
    agree(ProviderCall::METHODS, ProviderCall::PARAMETERS, &["IUnknown"]);
}

type Parameters = (&'static [&'static str], &'static [&'static str]);

fn agree(methods: &[vss_sim::api::Method], parameters: &[Parameters], undocumented: &[&str]) {
    assert_eq!(methods.len(), parameters.len());
    for (method, (given, written)) in methods.iter().zip(parameters) {
        if undocumented.contains(&method.interface) {
            continue;
        }
        let id = method.to_string();
        let documented = Spec::get().method(&id).unwrap_or_else(|| panic!("{id} is not documented"));
        assert_eq!(*given, names(documented, "in"), "[in] of {id}");
        assert_eq!(*written, names(documented, "out"), "[out] of {id}");
    }
    let known: BTreeSet<String> = methods.iter().map(ToString::to_string).collect();
    let interfaces: BTreeSet<&str> =
        methods.iter().map(|method| method.interface).filter(|interface| !interface.is_empty()).collect();
    for method in Spec::get().methods().filter(|method| interfaces.contains(method.interface.as_str())) {
        assert!(known.contains(&method.id), "{} has no variant", method.id);
    }
}

fn names(method: &Method, direction: &str) -> Vec<String> {
    method
        .params
        .iter()
        .filter(|param| param.dir.split(',').any(|dir| dir == direction))
        .map(|param| snake_case(&param.name))
        .filter(|name| !FOLDED.contains(&name.as_str()))
        .filter(|name| direction == "out" || !OUT_ONLY.contains(&(method.id.as_str(), name.as_str())))
        .map(|name| {
            let respelled = RESPELLED.iter().find(|(from, _)| *from == name);
            respelled.map_or(name.clone(), |(_, to)| (*to).to_owned())
        })
        .collect()
}

/// `pHrResult` to `p_hr_result`, `bstrXML` to `bstr_xml`.
fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (index, &letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| letters.get(index));
        let after = letters.get(index + 1);
        let word_begins = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_uppercase() && after.is_some_and(|after| after.is_lowercase()))
            });
        if word_begins {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
