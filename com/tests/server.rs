//! COM's rules, seen as a requester sees them: through vtables and exported functions.

#![expect(unsafe_code, reason = "COM is pointers")]

use std::ffi::c_void;
use std::ptr::{null, null_mut};
use std::sync::Arc;
use std::thread;
use uuid::Uuid;
use vss_com::abi::*;
use vss_com::control::{Request, Response, Source};
use vss_com::server::{self, Server};
use vss_sim::api::{
    Action, Answer, Backend, Call, Capabilities, HResult, Object, Question, Reply, Target, Unavailable,
};
use vss_sim::lab::Lab;
use vss_sim::service::Simulator;

fn simulator() -> Arc<Server> {
    let simulator = Simulator::new(&Lab::default_lab()).expect("the default lab is sound");
    Server::new(Ok(Box::new(simulator)))
}

fn code(raw: HRESULT) -> HResult {
    HResult(raw.cast_unsigned())
}

fn create(server: &Arc<Server>) -> *mut IVssBackupComponents {
    let mut object = null_mut();
    let answer = unsafe { server::CreateVssBackupComponents(server, &raw mut object) };
    assert_eq!(code(answer), HResult::S_OK);
    object
}

/// Calls a method through the vtable of an interface.
macro_rules! method {
    ($this:expr, $interface:ident::$method:ident($($argument:expr),*)) => {{
        let this: *mut $interface = $this.cast();
        // Safety: the tests hold a reference, and pass what the method's types say.
        code(unsafe { ((*(*this).vtable).$method)(this, $($argument),*) })
    }};
}

fn query<I: Interface>(this: *mut c_void, iid: Uuid) -> Result<*mut I, HResult> {
    let (mut object, iid) = (null_mut(), GUID::from(iid));
    match method!(this, IUnknown::QueryInterface(&raw const iid, &raw mut object)) {
        HResult::S_OK => Ok(object.cast()),
        refused => {
            assert!(object.is_null(), "a refusal hands out null");
            Err(refused)
        }
    }
}

fn add_ref<I>(this: *mut I) -> u32 {
    let this: *mut IUnknown = this.cast();
    unsafe { ((*(*this).vtable).AddRef)(this) }
}

fn release<I>(this: *mut I) -> u32 {
    let this: *mut IUnknown = this.cast();
    unsafe { ((*(*this).vtable).Release)(this) }
}

fn iid<I: Interface>() -> Uuid {
    I::IID.expect("the interface has an id")
}

#[test]
fn references_are_counted_and_the_last_one_frees() {
    let server = simulator();
    let object = create(&server);
    assert_eq!(server.live_objects(), 1);
    assert_eq!(add_ref(object), 2);
    assert_eq!(release(object), 1);
    assert_eq!(server.live_objects(), 1);
    assert_eq!(release(object), 0);
    assert_eq!(server.live_objects(), 0);
    let seen = server.control(&Request::Ask(Question::LiveObjects));
    assert_eq!(seen, Response::Answer(Answer::Objects(0)), "the backend's object is released too");
}

#[test]
fn every_interface_leads_to_the_same_object() {
    let server = simulator();
    let object = create(&server).cast();
    let unknown = query::<IUnknown>(object, iid::<IUnknown>()).expect("every object is one");
    for (name, iid) in [
        ("IVssBackupComponents", iid::<IVssBackupComponents>()),
        ("IVssBackupComponentsEx", iid::<IVssBackupComponentsEx>()),
        ("IVssBackupComponentsEx2", iid::<IVssBackupComponentsEx2>()),
        ("IVssBackupComponentsEx3", iid::<IVssBackupComponentsEx3>()),
        ("IVssBackupComponentsEx4", iid::<IVssBackupComponentsEx4>()),
    ] {
        let interface = query::<IUnknown>(object, iid).unwrap_or_else(|code| panic!("{name}: {code}"));
        let back = query::<IUnknown>(interface.cast(), self::iid::<IUnknown>()).expect("every object is one");
        assert_eq!(back, unknown, "{name}");
        release(interface);
        release(back);
    }
    assert_eq!(release(unknown), 1);
    assert_eq!(query::<IUnknown>(object, iid::<IVssAsync>()), Err(HResult::E_NOINTERFACE));
    assert_eq!(query::<IUnknown>(object, Uuid::from_u128(7)), Err(HResult::E_NOINTERFACE));
    let any = GUID::from(iid::<IUnknown>());
    assert_eq!(method!(object, IUnknown::QueryInterface(&raw const any, null_mut())), HResult::E_POINTER);
    assert_eq!(release(object), 0);
}

#[test]
fn an_old_system_lacks_the_newer_interfaces() {
    let lab = Lab::default_lab().with_host(|host| host.os = vss_sim::lab::Os::WindowsServer2008);
    let server = Server::new(Ok(Box::new(Simulator::new(&lab).expect("sound"))));
    let object = create(&server).cast();
    let ex2 =
        query::<IVssBackupComponentsEx2>(object, iid::<IVssBackupComponentsEx2>()).expect("Vista has it");
    release(ex2);
    let ex3 = query::<IVssBackupComponentsEx3>(object, iid::<IVssBackupComponentsEx3>());
    assert_eq!(ex3, Err(HResult::E_NOINTERFACE));
    release(object);
}

#[test]
fn a_failing_method_clears_what_it_would_have_written() {
    let server = simulator();
    let object = create(&server);
    let garbage: *mut c_void = std::ptr::without_provenance_mut(0xDEAD_BEEF_usize);
    let mut operation: *mut IVssAsync = garbage.cast();
    assert_eq!(
        method!(object, IVssBackupComponents::DoSnapshotSet(&raw mut operation)),
        HResult::VSS_E_BAD_STATE
    );
    assert!(operation.is_null());
    let mut xml = BSTR(garbage.cast());
    assert_eq!(method!(object, IVssBackupComponents::SaveAsXML(&raw mut xml)), HResult::VSS_E_BAD_STATE);
    assert!(xml.0.is_null());
    release(object);
}

#[test]
fn a_pointer_to_nothing_gets_its_code() {
    let server = simulator();
    let object = create(&server);
    assert_eq!(method!(object, IVssBackupComponents::DoSnapshotSet(null_mut())), HResult::E_INVALIDARG);
    let low = std::ptr::without_provenance_mut(0x1000);
    assert_eq!(method!(object, IVssBackupComponents::DoSnapshotSet(low)), HResult::E_INVALIDARG);
    assert_eq!(
        code(unsafe { server::CreateVssBackupComponents(&server, null_mut()) }),
        HResult::E_INVALIDARG
    );
    assert_eq!(server.live_objects(), 1);
    release(object);
}

#[test]
fn an_address_without_memory_is_no_text_and_places_may_lie_anywhere() {
    let server = simulator();
    let object = create(&server);
    let nowhere = BSTR(std::ptr::without_provenance_mut(0x11));
    assert_eq!(method!(object, IVssBackupComponents::InitializeForBackup(nowhere)), HResult::S_OK);
    // As in a packed structure.
    let mut packed = [0xFF_u8; 17];
    let set: *mut VSS_ID = packed[1..].as_mut_ptr().cast();
    assert_eq!(method!(object, IVssBackupComponents::StartSnapshotSet(set)), HResult::S_OK);
    assert_eq!(packed[0], 0xFF);
    assert_ne!(packed[1..], [0xFF; 16]);
    assert_eq!(
        method!(object, IVssBackupComponents::StartSnapshotSet(set)),
        HResult::VSS_E_SNAPSHOT_SET_IN_PROGRESS
    );
    assert_eq!(packed[1..], [0; 16], "cleared where it lies");
    release(object);
}

#[test]
fn a_method_that_is_not_carried_out_says_so() {
    let server = simulator();
    let object = create(&server);
    let nil = GUID::from(Uuid::nil());
    let mut writers = 7;
    assert_eq!(
        method!(object, IVssBackupComponents::GetWriterComponentsCount(&raw mut writers)),
        HResult::E_NOTIMPL
    );
    assert_eq!(writers, 0, "cleared although nothing was counted");
    assert_eq!(
        method!(object, IVssBackupComponents::EnableWriterClasses(&raw const nil, 1)),
        HResult::E_NOTIMPL
    );
    release(object);
}

#[test]
fn an_async_outlives_the_object_that_made_it() {
    let server = simulator();
    let object = create(&server);
    assert_eq!(method!(object, IVssBackupComponents::InitializeForBackup(BSTR(null_mut()))), HResult::S_OK);
    let mut operation = null_mut();
    assert_eq!(
        method!(object, IVssBackupComponents::GatherWriterMetadata(&raw mut operation)),
        HResult::S_OK
    );
    assert_eq!(release(object), 0);
    assert_eq!(server.live_objects(), 1);
    let mut status = 0;
    let answer = method!(operation, IVssAsync::QueryStatus(&raw mut status, null_mut()));
    assert_eq!(answer, HResult::S_OK);
    assert_eq!(release(operation), 0);
    assert_eq!(server.live_objects(), 0);
}

#[test]
fn objects_of_an_earlier_lab_are_disconnected() {
    let server = simulator();
    let (old, before) = (create(&server), server.live_objects());
    assert_eq!(server.control(&Request::Load(Source::Default)), Response::Done);
    let new = create(&server);
    assert_eq!(
        method!(old, IVssBackupComponents::InitializeForBackup(BSTR(null_mut()))),
        HResult::RPC_E_DISCONNECTED
    );
    assert_eq!(method!(new, IVssBackupComponents::InitializeForBackup(BSTR(null_mut()))), HResult::S_OK);
    assert_eq!((before, server.live_objects()), (1, 2));
    assert_eq!((release(old), release(new)), (0, 0));
    assert_eq!(server.live_objects(), 0);
}

#[test]
fn calls_come_from_many_threads() {
    let server = simulator();
    let shared = create(&server).expose_provenance();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let shared: *mut IVssBackupComponents = std::ptr::with_exposed_provenance_mut(shared);
                for _ in 0..200 {
                    add_ref(shared);
                    let own = create(&server);
                    let state = method!(shared, IVssBackupComponents::SetContext(0));
                    assert_eq!(state, HResult::VSS_E_BAD_STATE);
                    assert_eq!(release(own), 0);
                    release(shared);
                }
            });
        }
    });
    assert_eq!(release::<IUnknown>(std::ptr::with_exposed_provenance_mut(shared)), 0);
    assert_eq!(server.live_objects(), 0);
}

#[test]
fn without_a_backend_every_call_fails_and_the_control_interface_says_why() {
    let server = Server::new(Err(Unavailable::because("no such lab")));
    let mut object = null_mut();
    let answer = unsafe { server::CreateVssBackupComponentsInternal(&server, &raw mut object) };
    assert_eq!((code(answer), object), (HResult::E_UNEXPECTED, null_mut()));
    assert_eq!(server.control(&Request::Describe), Response::Error("no such lab".to_owned()));
}

#[test]
fn the_control_function_answers_in_json() {
    let server = simulator();
    let asked = |request: &str| {
        let request: Vec<u16> = request.encode_utf16().chain([0]).collect();
        let mut response = BSTR(null_mut());
        let answer = unsafe {
            server::VsslabControl(request.as_ptr(), &raw mut response, |request| server.control(request))
        };
        let length = (0..).take_while(|at| unsafe { *response.0.add(*at) } != 0).count();
        let text = String::from_utf16(unsafe { std::slice::from_raw_parts(response.0, length) });
        (code(answer), text.expect("UTF-16"))
    };
    assert_eq!(asked(r#""live-objects""#), (HResult::S_OK, r#"{"live-objects":0}"#.to_owned()));
    assert_eq!(asked(r#"{"act":{"elapse":{"ms":1500}}}"#), (HResult::S_OK, r#""done""#.to_owned()));
    assert_eq!(asked(r#"{"ask":"now"}"#), (HResult::S_OK, r#"{"answer":{"ms":1500}}"#.to_owned()));
    let (refused, why) = asked(r#"{"load":{"toml":"nmae = 1"}}"#);
    assert_eq!(refused, HResult::E_INVALIDARG);
    assert!(why.contains("there is no key `nmae` here"), "{why}");
    let none = unsafe { server::VsslabControl(null(), null_mut(), |request| server.control(request)) };
    assert_eq!(code(none), HResult::E_POINTER);
}

/// A backend with a defect.
#[derive(Debug)]
struct Panics;

impl Backend for Panics {
    fn target(&self) -> Target {
        Target { backend: "panics".to_owned(), os: "none".to_owned() }
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::empty()
    }

    fn load(&mut self, _: &Lab) -> Result<(), Unavailable> {
        Ok(())
    }

    fn call(&mut self, _: Object, _: &Call) -> Reply {
        panic!("a defect")
    }

    fn act(&mut self, _: &Action) -> Result<(), Unavailable> {
        Ok(())
    }

    fn ask(&self, _: &Question) -> Result<Answer, Unavailable> {
        Ok(Answer::Ms(0))
    }
}

#[test]
fn a_panic_does_not_cross_and_the_next_call_is_answered() {
    let server = Server::new(Ok(Box::new(Panics)));
    for _ in 0..2 {
        let mut object = null_mut();
        let answer = unsafe { server::CreateVssBackupComponents(&server, &raw mut object) };
        assert_eq!((code(answer), object), (HResult::E_UNEXPECTED, null_mut()));
    }
    assert_eq!(server.control(&Request::LiveObjects), Response::LiveObjects(0));
}
