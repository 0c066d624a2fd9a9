//! The objects that a client holds references to.

use crate::abi::*;
use crate::values::{FromRaw, hresult};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::c_void;
use std::ptr::null_mut;
use uuid::Uuid;
use vss_sim::api::{HResult, Object, Reply};

/// The objects that were handed out and not released, under the numbers that they got in the order of their coming.
#[derive(Debug, Default)]
pub(super) struct Registry(RefCell<Inner>);

#[derive(Debug, Default)]
struct Inner {
    held: BTreeMap<Object, Held>,
    made: BTreeMap<&'static str, u32>,
}

/// One object.
#[derive(Debug)]
struct Held {
    /// Leads to its `IUnknown`, whose reference is held.
    unknown: *mut IUnknown,
    /// The interface that it was handed out as, by name and pointer.
    handed_out: (&'static str, *mut c_void),
    /// Other interfaces of it that were asked for: each a reference of its own, or the refusal.
    others: BTreeMap<&'static str, Result<*mut c_void, HResult>>,
}

// Safety: VSS objects belong to no thread, and a registry is used by one at a time.
unsafe impl Send for Registry {}

impl Registry {
    pub(super) fn holds(&self, object: Object) -> bool {
        self.0.borrow().held.contains_key(&object)
    }

    /// Takes a reference that was handed out.
    fn take(
        &self,
        kind: &'static str,
        object: fn(u32) -> Object,
        unknown: *mut IUnknown,
        handed_out: (&'static str, *mut c_void),
    ) -> Object {
        let mut inner = self.0.borrow_mut();
        let number = inner.made.entry(kind).or_insert(0);
        *number += 1;
        let object = object(*number);
        inner.held.insert(object, Held { unknown, handed_out, others: BTreeMap::new() });
        object
    }

    /// Gives an object's references back.
    pub(super) fn release(&self, object: Object) -> Option<Reply> {
        let held = self.0.borrow_mut().held.remove(&object)?;
        drop(held);
        Some(Reply::OK)
    }

    /// The object's interface `I`. What it was handed out as is there; others are asked for once.
    pub(super) fn interface<I: Interface>(&self, object: Object) -> Result<*mut I, HResult> {
        let mut inner = self.0.borrow_mut();
        let held = inner.held.get_mut(&object).ok_or(HResult::RPC_E_DISCONNECTED)?;
        let (name, pointer) = held.handed_out;
        if name == I::NAME {
            return Ok(pointer.cast());
        }
        // Without an id an interface can only be handed out.
        let iid = I::IID.ok_or(HResult::E_NOINTERFACE)?;
        let unknown = held.unknown;
        let other = held.others.entry(I::NAME).or_insert_with(|| query(unknown, iid));
        other.map(<*mut c_void>::cast)
    }

    /// Asks an object for an interface by name, and gives it back at once.
    pub(super) fn query_interface(&self, object: Object, name: &str) -> Option<Reply> {
        let unknown = self.0.borrow().held.get(&object)?.unknown;
        let Some(iid) = iid_of(name) else { return Some(HResult::E_NOINTERFACE.into()) };
        Some(match query(unknown, iid) {
            Ok(pointer) => {
                release(pointer.cast());
                Reply::OK
            }
            Err(code) => code.into(),
        })
    }
}

fn query(unknown: *mut IUnknown, iid: Uuid) -> Result<*mut c_void, HResult> {
    let mut pointer = null_mut();
    let iid = GUID::from(iid);
    // Safety: a reference to the object is held.
    let code = unsafe { ((*(*unknown).vtable).QueryInterface)(unknown, &raw const iid, &raw mut pointer) };
    let code = hresult(code);
    if code.is_success() { Ok(pointer) } else { Err(code) }
}

fn release(unknown: *mut IUnknown) {
    // Safety: a reference to the object is held, and forgotten hereafter.
    unsafe { ((*(*unknown).vtable).Release)(unknown) };
}

impl Drop for Held {
    fn drop(&mut self) {
        self.others.values().flatten().for_each(|pointer| release(pointer.cast()));
        release(self.unknown);
    }
}

macro_rules! iids {
    ($($interface:ident: $base:ident = $iid:expr => $methods:tt)*) => {
        [$((<$interface as Interface>::NAME, <$interface as Interface>::IID)),*]
    };
}

/// The id of the interface of that name.
fn iid_of(name: &str) -> Option<Uuid> {
    let tables: [&[(&str, Option<Uuid>)]; 4] = [
        &[(IUnknown::NAME, IUnknown::IID)],
        &requester_interfaces!(iids),
        &metadata_interfaces!(iids),
        &component_interfaces!(iids),
    ];
    tables.into_iter().flatten().find(|(known, _)| *known == name)?.1
}

/// References that methods hand out are taken into the registry.
macro_rules! taken {
    ($($interface:ident as $kind:ident;)*) => {$(
        impl FromRaw<Registry, *mut $interface> for Object {
            unsafe fn from_raw(raw: *mut $interface, registry: &Registry) -> Self {
                let handed_out = (<$interface as Interface>::NAME, raw.cast());
                registry.take(stringify!($kind), Object::$kind, raw.cast(), handed_out)
            }
        }
    )*};
}

taken! {
    IVssAsync as Async;
    IVssBackupComponents as Session;
    IVssComponent as Component;
    IVssEnumObject as Enumerator;
    IVssExamineWriterMetadata as Metadata;
    IVssExamineWriterMetadataEx as Metadata;
    IVssWMComponent as Metadata;
    IVssWMDependency as Metadata;
    IVssWMFiledesc as Metadata;
}

impl FromRaw<Registry, *mut IVssWriterComponentsExt> for Object {
    unsafe fn from_raw(raw: *mut IVssWriterComponentsExt, registry: &Registry) -> Self {
        // Safety: the object begins with the pointers of both bases.
        let unknown = unsafe { &raw mut (*raw).unknown };
        // Its methods are those of the first base.
        let handed_out = (IVssWriterComponents::NAME, raw.cast());
        registry.take("Component", Object::Component, unknown, handed_out)
    }
}
