//! The provider's object: three chains of interfaces over one provider.

use super::port::ComArray;
use crate::abi::*;
use crate::object::{ComObject, Face};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;
use vss_sim::api::{ProviderCall, ProviderObject, ProviderReply};
use vss_sim::provider::HardwareProvider;

/// Objects and locks that keep the library loaded.
pub(super) static LIVE: AtomicU32 = AtomicU32::new(0);

/// One of them.
#[derive(Debug)]
pub(super) struct Live(());

impl Live {
    pub(super) fn new() -> Self {
        LIVE.fetch_add(1, Ordering::SeqCst);
        Self(())
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        LIVE.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A provider and its array, as the provider's object and its `IVssAsync` objects share them.
pub(super) struct Core(Mutex<State>);

struct State {
    provider: Box<dyn HardwareProvider>,
    array: ComArray,
}

impl Core {
    /// Calls the provider, and lets the time pass that it says it takes.
    pub(super) fn call(&self, on: ProviderObject, call: &ProviderCall) -> ProviderReply {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let State { provider, array } = &mut *state;
        let reply = provider.call(on, call, array);
        array.take(reply.took_ms);
        reply
    }

    /// From now on the provider acts on that array.
    pub(super) fn reach(&self, array: ComArray) {
        let before = {
            let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut state.array, array)
        };
        drop(before);
    }
}

/// What is behind the provider's object.
pub(super) struct Provider {
    pub(super) core: Arc<Core>,
    _live: Live,
}

impl Provider {
    /// # Safety
    /// The pointer is to an interface of a provider's object, and a reference is held.
    pub(super) unsafe fn of<'o, I: Interface>(this: *mut I) -> &'o Self {
        // Safety: the caller says so.
        unsafe { ComObject::of(this) }
    }

    pub(super) fn call(&self, call: &ProviderCall) -> ProviderReply {
        self.core.call(ProviderObject::Provider, call)
    }
}

/// An interface of the object, with the methods of its bases.
pub(super) trait Served: Interface {
    /// Its methods.
    const VTABLE: Self::Vtable;
    /// The same, where all objects find it.
    const SHARED: &'static Self::Vtable;
}

impl Served for IUnknown {
    const VTABLE: Self::Vtable = ComObject::<Provider>::UNKNOWN;
    const SHARED: &'static Self::Vtable = &Self::VTABLE;
}

/// A new object over that provider, with one reference.
pub(super) fn object(provider: Box<dyn HardwareProvider>) -> *mut IUnknown {
    type Ex = IVssHardwareSnapshotProviderEx;
    const LEGACY: &[Option<Uuid>] = &[IVssHardwareSnapshotProvider::IID];
    const BOTH: &[Option<Uuid>] = &[IVssHardwareSnapshotProvider::IID, Ex::IID];
    const SET: &[Option<Uuid>] = &[IVssProviderCreateSnapshotSet::IID];
    const TOLD: &[Option<Uuid>] = &[IVssProviderNotifications::IID];
    let hardware = if provider.implements_ex() { BOTH } else { LEGACY };
    let faces = [
        Face::of::<Ex>(Ex::SHARED, hardware),
        Face::of::<IVssProviderCreateSnapshotSet>(IVssProviderCreateSnapshotSet::SHARED, SET),
        Face::of::<IVssProviderNotifications>(IVssProviderNotifications::SHARED, TOLD),
    ];
    let state = State { provider, array: ComArray::NONE };
    let core = Arc::new(Core(Mutex::new(state)));
    ComObject::make(&faces, 1, Provider { core, _live: Live::new() })
}
