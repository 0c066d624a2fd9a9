//! One object of a provider's class: its interfaces, and how it comes and goes.

use super::array::Control;
use super::class::{CannotLoad, Class};
use crate::abi::{
    GUID, IUnknown, IVssHardwareSnapshotProvider, IVssHardwareSnapshotProviderEx,
    IVssProviderCreateSnapshotSet, IVssProviderNotifications, Interface,
};
use crate::memory::ledger;
use crate::object::{query, release};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicU32, Ordering};
use uuid::{Uuid, uuid};
use vss_sim::api::{HResult, Text};

/// An object, and a reference to it for each interface.
#[derive(Debug)]
pub(super) struct Instance {
    unknown: *mut IUnknown,
    hardware: *mut IVssHardwareSnapshotProvider,
    ex: Option<*mut IVssHardwareSnapshotProviderEx>,
    set: *mut IVssProviderCreateSnapshotSet,
    notifications: Option<*mut IVssProviderNotifications>,
    pub(super) control: Control,
    /// What its task memory is written down under.
    pub(super) owner: u32,
    /// Whether it was told that it is loaded.
    pub(super) is_loaded: bool,
    /// It gave up its last reference while others were held: it may be no more.
    is_gone: bool,
}

// Safety: a hardware provider's objects belong to no thread, as VSS calls them from any; and one thread at a time does.
unsafe impl Send for Instance {}

impl Instance {
    /// Makes an object. Beside it: what it does against COM's rules.
    pub(super) fn new(class: &Class) -> Result<(Self, Vec<Text>), CannotLoad> {
        static OWNERS: AtomicU32 = AtomicU32::new(1);
        ledger::watch();
        let owner = OWNERS.fetch_add(1, Ordering::SeqCst);
        let (made, wrong) = ledger::on_behalf_of(owner, "its creation", || Self::create(class, owner));
        let instance = made?;
        let mut breaches: Vec<Text> = wrong.into_iter().map(Text::from).collect();
        instance.check_identity(&mut breaches);
        Ok((instance, breaches))
    }

    fn create(class: &Class, owner: u32) -> Result<Self, CannotLoad> {
        let unknown = class.create()?;
        let hardware: *mut IVssHardwareSnapshotProvider = demanded(class, unknown, &[])?;
        let set = demanded(class, unknown, &[hardware.cast()])?;
        // Safety: a reference to the object is held.
        let (ex, notifications) = unsafe { (query(unknown).ok(), query(unknown).ok()) };
        let control = Control::new();
        let is_loaded = notifications.is_none();
        Ok(Self { unknown, hardware, ex, set, notifications, control, owner, is_loaded, is_gone: false })
    }

    /// COM's rules for `IUnknown`: one identity, no interface that there is not, and references that are counted.
    fn check_identity(&self, breaches: &mut Vec<Text>) {
        const NO_INTERFACE: Uuid = uuid!("7673736c-ffff-ffff-ffff-ffffffffffff");
        for (name, interface) in self.interfaces() {
            // Safety: a reference to the interface is held, and the new one is given back.
            let same = unsafe {
                query::<IUnknown>(interface).map(|identity| {
                    release(identity);
                    identity == self.unknown
                })
            };
            if same != Ok(true) {
                let what = "QueryInterface for IUnknown has to answer the object's one pointer, from";
                breaches.push(format!("{what} {name} too").into());
            }
        }
        let (iid, mut found) = (GUID::from(NO_INTERFACE), null_mut());
        // Safety: a reference to the object is held.
        unsafe {
            let vtable = &*(*self.unknown).vtable;
            let code = (vtable.QueryInterface)(self.unknown, &raw const iid, &raw mut found);
            if code >= 0 || !found.is_null() {
                breaches.push(
                    "QueryInterface has to answer E_NOINTERFACE and null for an interface that the object has not".into(),
                );
            }
            let (taken, left) = ((vtable.AddRef)(self.unknown), (vtable.Release)(self.unknown));
            if taken < 2 || left == 0 {
                breaches.push(
                    format!(
                        "AddRef answers {taken} and Release then {left}, while VSS holds references: count every one"
                    )
                    .into(),
                );
            }
        }
    }

    fn interfaces(&self) -> Vec<(&'static str, *mut IUnknown)> {
        let always = [
            (IVssHardwareSnapshotProvider::NAME, self.hardware.cast()),
            (IVssProviderCreateSnapshotSet::NAME, self.set.cast()),
        ];
        let ex = self.ex.map(|ex| (IVssHardwareSnapshotProviderEx::NAME, ex.cast()));
        let notifications = self.notifications.map(|told| (IVssProviderNotifications::NAME, told.cast()));
        always.into_iter().chain(ex).chain(notifications).collect()
    }

    /// Whether it has `IVssHardwareSnapshotProviderEx`.
    pub(super) fn implements_ex(&self) -> bool {
        self.ex.is_some()
    }

    /// Gives every reference back. `settled`: nothing else of the provider is held, so that what is left in task memory is
    /// lost.
    pub(super) fn retire(mut self, settled: bool, breaches: &mut Vec<Text>) {
        let (last, wrong) = ledger::on_behalf_of(self.owner, "its release", || self.release_all());
        breaches.extend(wrong.into_iter().map(Text::from));
        let held = self.control.references();
        match last {
            None => breaches.push(
                "Release answered 0 while VSS still held references: give back only references that were taken".into(),
            ),
            Some(0) if held > 0 => breaches.push(
                format!("the object is gone, and {held} references to IVsslabArray are still held: release them")
                    .into(),
            ),
            Some(0) if settled => {
                for (method, left) in ledger::left_by(self.owner) {
                    breaches.push(
                        format!(
                            "{} blocks of task memory ({} bytes) that were taken in {method} were neither handed out nor freed",
                            left.blocks, left.bytes
                        )
                        .into(),
                    );
                }
            }
            Some(_) => {}
        }
    }

    /// What the last `Release` answered; `None`: an earlier one said that the object is gone.
    fn release_all(&mut self) -> Option<u32> {
        if self.is_gone {
            return None;
        }
        self.is_gone = true;
        for (_, interface) in self.interfaces() {
            // Safety: a reference to the interface is held, and used no more.
            if unsafe { release(interface) } == 0 {
                return None;
            }
        }
        // Safety: as above; it is the last one.
        Some(unsafe { release(self.unknown) })
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        if !self.is_gone {
            self.release_all();
        }
    }
}

/// An interface that every hardware provider has. Without it, the references held so far are given back.
fn demanded<I: Interface>(
    class: &Class,
    unknown: *mut IUnknown,
    held: &[*mut IUnknown],
) -> Result<*mut I, CannotLoad> {
    // Safety: a reference to the object is held; on an error all are given back.
    unsafe { query(unknown) }.map_err(|code| {
        held.iter().chain([&unknown]).for_each(|held| {
            // Safety: as above.
            unsafe { release(*held) };
        });
        class.lacks::<I>(code)
    })
}

/// An interface of a provider's object.
pub(super) trait Found: Interface {
    /// The pointer to it, or what a call on it is answered without.
    fn of(instance: &Instance) -> Result<*mut Self, HResult>;
}

macro_rules! found {
    ($($interface:ident: |$instance:ident| $pointer:expr;)*) => {$(
        impl Found for $interface {
            fn of($instance: &Instance) -> Result<*mut Self, HResult> {
                $pointer.ok_or(HResult::E_NOINTERFACE)
            }
        }
    )*};
}

found! {
    IVssHardwareSnapshotProvider: |instance| Some(instance.hardware);
    IVssHardwareSnapshotProviderEx: |instance| instance.ex;
    IVssProviderCreateSnapshotSet: |instance| Some(instance.set);
    IVssProviderNotifications: |instance| instance.notifications;
}
