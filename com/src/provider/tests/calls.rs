//! Through client and server.

use super::{FakeArray, ask, described};
use crate::abi::{CLSID, HRESULT, IID, LPVOID};
use crate::provider::client::ComProvider;
use crate::provider::server;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::sync::{Mutex, MutexGuard, PoisonError};
use vss_sim::api::{
    Guid, HResult, LunInformation, ProviderCall, ProviderObject, ProviderOut, ProviderReply, Ptr,
};
use vss_sim::lab::CopyKind;
use vss_sim::provider::{ArrayError, ArrayPort, HardwareProvider};
use vss_sim::storage::LunId;
use vss_tests::examples::{example, text};

/// Calls and answers, in order.
static LOG: Mutex<Vec<(ProviderObject, ProviderCall, ProviderReply)>> = Mutex::new(Vec::new());

fn log() -> MutexGuard<'static, Vec<(ProviderObject, ProviderCall, ProviderReply)>> {
    LOG.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Answers every call with an example of what its method writes, and takes 7 ms for it.
#[derive(Debug)]
struct Echo;

impl HardwareProvider for Echo {
    fn implements_ex(&self) -> bool {
        true
    }

    fn call(&mut self, on: ProviderObject, call: &ProviderCall, _: &mut dyn ArrayPort) -> ProviderReply {
        let at = ProviderCall::METHODS.iter().position(|method| *method == call.method()).expect("a method");
        let (variant, (_, written)) = (ProviderCall::VARIANTS[at], ProviderCall::PARAMETERS[at]);
        let fields = fields::<ProviderOut>(variant, written, "S2");
        let out = (!written.is_empty())
            .then(|| serde_json::from_str(&text(variant, &fields)).expect("the example is one"));
        let reply = ProviderReply { out, took_ms: 7, ..ProviderReply::OK };
        log().push((on, call.clone(), reply.clone()));
        reply
    }
}

/// Example values, LUNs with all members, as many as are counted.
fn fields<T: serde::de::DeserializeOwned>(
    variant: &str,
    names: &[&'static str],
    serial: &str,
) -> Vec<(&'static str, Value)> {
    let mut fields = example::<T>(variant, names).unwrap_or_else(|| panic!("no example of {variant}"));
    let empty = json!(LunInformation::default());
    for (name, value) in &mut fields {
        if *value == empty {
            *value = json!(described(serial));
        } else if *value == json!([empty]) {
            *value = json!([described(serial)]);
        } else if ["l_lun_count", "dw_count"].contains(name) {
            *value = json!(1);
        } else if *name == "p_callback" {
            *value = json!("valid");
        } else if *name == "pp_async" {
            *value = json!("async-1");
        }
    }
    fields
}

unsafe extern "system" fn get_class_object(_: *const CLSID, riid: *const IID, ppv: *mut LPVOID) -> HRESULT {
    // Safety: COM's contract.
    unsafe { server::class_object(|| Box::new(Echo), riid, ppv) }
}

const HARDWARE: [&str; 5] = [
    "IVssHardwareSnapshotProvider",
    "IVssHardwareSnapshotProviderEx",
    "IVssProviderCreateSnapshotSet",
    "IVssProviderNotifications",
    "IVssAsync",
];

#[test]
fn every_call_arrives_as_it_was_made_and_every_answer_as_it_was_given() {
    let mut provider = ComProvider::of(get_class_object, Guid::nil()).expect("the class is there");
    assert!(provider.implements_ex());
    let mut made = 0;
    for (at, method) in ProviderCall::METHODS.iter().enumerate() {
        // Its object is gone afterwards.
        if !HARDWARE.contains(&method.interface) || method.name == "OnUnload" {
            continue;
        }
        let variant = ProviderCall::VARIANTS[at];
        let given = fields::<ProviderCall>(variant, ProviderCall::PARAMETERS[at].0, "S1");
        let call: ProviderCall = serde_json::from_str(&text(variant, &given)).expect("the example is one");
        let on = match method.interface {
            "IVssAsync" => ProviderObject::Async(1),
            _ => ProviderObject::Provider,
        };
        log().clear();
        let reply = provider.call(on, &call, &mut FakeArray::default());
        let (arrived_on, arrived, answered) = log().pop().unwrap_or_else(|| panic!("{variant} arrives"));
        assert_eq!((arrived_on, arrived), (on, call), "{variant}");
        assert_eq!((reply.hresult, &reply.out), (answered.hresult, &answered.out), "{variant}");
        assert_eq!(reply.breaches, [], "{variant}");
        assert!(reply.took_ms >= 7, "{variant}: {}", reply.took_ms);
        made += 1;
    }
    assert_eq!(made, 6 + 4 + 7 + 1 + 3);

    let release = |provider: &mut ComProvider| {
        provider.call(ProviderObject::Async(1), &ProviderCall::Release {}, &mut FakeArray::default()).hresult
    };
    assert_eq!(release(&mut provider), HResult::S_OK);
    assert!(matches!(log().last(), Some((ProviderObject::Async(1), ProviderCall::Release {}, _))));
    assert_eq!(release(&mut provider), HResult::E_HANDLE, "it is released");

    log().clear();
    let unload = ProviderCall::OnUnload { b_force_unload: true };
    assert_eq!(ask(&mut provider, &unload).breaches, []);
    assert!(matches!(log().last(), Some((_, call, _)) if *call == unload));
    // A new object is made, and loaded.
    log().clear();
    assert_eq!(
        ask(
            &mut provider,
            &ProviderCall::GetProviderCapabilities { pll_original_capability_mask: Ptr::Valid }
        )
        .hresult,
        HResult::S_OK
    );
    let methods: Vec<_> = log().iter().map(|(_, call, _)| call.method().name).collect();
    assert_eq!(methods, ["OnLoad", "GetProviderCapabilities"]);
    // What belongs to software providers has no slot in the object.
    let foreign = ProviderCall::SoftwareSetContext { l_context: vss_sim::api::SnapshotContext::ALL };
    assert_eq!(ask(&mut provider, &foreign).hresult, HResult::E_NOTIMPL);
}

/// Asks everything of its array, and says so.
#[derive(Debug)]
struct Curious;

fn everything(array: &mut dyn ArrayPort) -> Vec<String> {
    let bad = LunId(13);
    vec![
        format!("{:?}", array.now_ms()),
        format!("{:?}", array.check()),
        format!("{:?}", array.find(&described("S1"))),
        format!("{:?}", array.find(&described("S3"))),
        format!("{:?}", array.information(LunId(1))),
        format!("{:?}", array.information(bad)),
        format!("{:?}", array.size(LunId(1))),
        format!("{:?}", array.copy(LunId(1), CopyKind::Clone)),
        format!("{:?}", array.copy(LunId(1), CopyKind::Differential)),
        format!("{:?}", array.copy(bad, CopyKind::Clone)),
        format!("{:?}", array.delete_copy(LunId(1))),
        format!("{:?}", array.delete_copy(bad)),
        format!("{:?}", array.unmask(LunId(1))),
        format!("{:?}", array.mask(LunId(1))),
        format!("{:?}", array.begin_resync(&[(LunId(1), LunId(2)), (LunId(3), LunId(4))])),
        format!("{:?}", array.resync(&[(LunId(1), LunId(2)), (LunId(3), LunId(4))])),
        {
            array.end_resync(&[(LunId(1), LunId(2)), (LunId(3), LunId(4))]);
            String::new()
        },
        format!("{:?}", array.resync(&[])),
        format!("{:?}", array.write_through_host(LunId(1), 1 << 33, &[1, 2, 3])),
        format!("{:?}", array.write_through_host(LunId(1), 0, &[])),
        format!("{:?}", array.write_through_host(bad, 0, &[1])),
        {
            array.log(HResult::VSS_E_PROVIDER_VETO, "größer");
            String::new()
        },
    ]
}

thread_local! {
    /// What the array answered on this thread.
    static SEEN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

impl HardwareProvider for Curious {
    fn implements_ex(&self) -> bool {
        false
    }

    fn call(&mut self, _: ProviderObject, call: &ProviderCall, array: &mut dyn ArrayPort) -> ProviderReply {
        match call {
            ProviderCall::LocateLuns { .. } => {
                SEEN.set(everything(array));
                ProviderReply::OK
            }
            ProviderCall::OnLunEmpty { .. } => panic!("a defect"),
            _ => ProviderReply::OK,
        }
    }
}

unsafe extern "system" fn get_curious(_: *const CLSID, riid: *const IID, ppv: *mut LPVOID) -> HRESULT {
    // Safety: COM's contract.
    unsafe { server::class_object(|| Box::new(Curious), riid, ppv) }
}

#[test]
fn the_array_is_the_same_through_its_interface() {
    let (mut near, mut far) = (FakeArray::default(), FakeArray::default());
    let direct = everything(&mut near);
    let mut provider = ComProvider::of(get_curious, Guid::nil()).expect("the class is there");
    assert!(!provider.implements_ex(), "QueryInterface refuses it");
    let locate = ProviderCall::LocateLuns { l_lun_count: 0, rg_source_luns: Vec::new() };
    ask(&mut provider, &ProviderCall::OnLoad { p_callback: Ptr::Valid });
    let reply = provider.call(ProviderObject::Provider, &locate, &mut far);
    assert_eq!((reply.hresult, reply.breaches), (HResult::S_OK, Vec::new()));
    assert_eq!(SEEN.take(), direct);
    let asked = |array: FakeArray| array.asked.lock().unwrap_or_else(PoisonError::into_inner).clone();
    assert_eq!(asked(far), asked(near));
}

#[test]
fn without_an_array_everything_is_refused() {
    let mut provider = ComProvider::of(get_curious, Guid::nil()).expect("the class is there");
    for callback in [Ptr::Null, Ptr::Dangling] {
        ask(&mut provider, &ProviderCall::OnLoad { p_callback: callback });
        ask(&mut provider, &ProviderCall::LocateLuns { l_lun_count: 0, rg_source_luns: Vec::new() });
        let seen = SEEN.take();
        assert_eq!(seen[0], "0");
        assert_eq!(seen[2], format!("{:?}", Err::<Option<LunId>, _>(ArrayError::Fails)));
    }
}

#[test]
fn a_panic_does_not_cross_and_the_next_call_is_answered() {
    let mut provider = ComProvider::of(get_curious, Guid::nil()).expect("the class is there");
    let empty = ProviderCall::OnLunEmpty { wsz_device_name: None, p_information: described("S1") };
    for _ in 0..2 {
        let reply = ask(&mut provider, &empty);
        assert_eq!((reply.hresult, reply.breaches), (HResult::E_UNEXPECTED, Vec::new()));
    }
    let resync = ProviderCall::ResyncLuns {
        p_source_luns: Vec::new(),
        p_target_luns: Vec::new(),
        dw_count: 0,
        pp_async: Ptr::Valid,
    };
    assert_eq!(
        ask(&mut provider, &resync).hresult,
        HResult::E_NOINTERFACE,
        "a legacy provider has no such slot"
    );
}
