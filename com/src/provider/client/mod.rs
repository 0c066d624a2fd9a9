//! A hardware provider over the COM object of a vendor's class, called as VSS calls it.
//!
//! Each call goes through the object's own vtable. What goes against the rules of COM and shows in no code is told in
//! [`ProviderReply::breaches`]:
//!
//! | what | how it is seen |
//! |---|---|
//! | task memory that is not, was freed, is shared, too short, or kept | every block is written down: by an `IMallocSpy` on Windows, elsewhere because the library takes its memory from here ([`crate::memory`]) |
//! | places that a successful method did not write, null for an `IVssAsync` | the places are marked before the call |
//! | changed ports | the structures are compared with what was passed |
//! | identity, unknown interfaces, references | the object is asked when it is made, and what `Release` answers is heeded |
//! | `IVsslabArray` released too often, or kept | its references are counted apart from ours |
//!
//! A provider that crashes, hangs or throws takes its process with it: run it in one of its own.

mod array;
mod calling;
mod calls;
mod class;
mod instance;
mod operations;
mod passing;
mod received;

use crate::object::release;
use calling::Calling;
use class::Class;
pub use class::{CannotLoad, GetClassObject};
use instance::Instance;
use operations::Operations;
use std::path::Path;
use vss_sim::api::{Guid, HResult, ProviderCall, ProviderObject, ProviderOut, ProviderReply, Ptr, Text};
use vss_sim::provider::{ArrayPort, HardwareProvider};

/// A provider behind COM.
///
/// The object is made when the provider is opened. Before its first call it gets `OnLoad` with the simulated array, unless
/// that call is `OnLoad` itself. After `OnUnload` it is released, as VSS unloads its library, and the next call makes a new
/// one.
#[derive(Debug)]
pub struct ComProvider {
    class: Class,
    instance: Option<Instance>,
    operations: Operations,
    implements_ex: bool,
    /// Breaches that are told with the next reply.
    untold: Vec<Text>,
}

/// What a method answered; an error: it could not be called.
type Answered = Result<(HResult, Option<ProviderOut>), HResult>;

impl ComProvider {
    /// Makes an object of that class in a library, or where none is named of the class that the system knows by its id.
    /// A relative path begins in the working directory.
    ///
    /// # Errors
    /// The library cannot be loaded or has no such class, or the class makes no hardware provider.
    pub fn open(dll: Option<&Path>, clsid: Guid) -> Result<Self, CannotLoad> {
        Self::made_of(Class::find(dll, clsid)?)
    }

    /// As [`ComProvider::open`], of a class in this program.
    ///
    /// # Errors
    /// There is no such class, or it makes no hardware provider.
    pub fn of(get_class_object: GetClassObject, clsid: Guid) -> Result<Self, CannotLoad> {
        Self::made_of(Class::of(get_class_object, clsid))
    }

    fn made_of(class: Class) -> Result<Self, CannotLoad> {
        let (instance, untold) = Instance::new(&class)?;
        let implements_ex = instance.implements_ex();
        Ok(Self { class, instance: Some(instance), operations: Operations::default(), implements_ex, untold })
    }

    /// The object, made anew if there is none.
    fn revive(&mut self) -> Result<(), CannotLoad> {
        if self.instance.is_none() {
            let (instance, breaches) = Instance::new(&self.class)?;
            self.implements_ex = instance.implements_ex();
            self.untold.extend(breaches);
            self.instance = Some(instance);
        }
        Ok(())
    }

    fn dispatch(&mut self, on: ProviderObject, call: &ProviderCall, calling: &mut Calling) -> Answered {
        if let ProviderObject::Async(number) = on {
            return self.operations.call(number, call, calling);
        }
        let Some(instance) = &mut self.instance else { return Err(HResult::E_UNEXPECTED) };
        let loads = matches!(call, ProviderCall::OnLoad { .. });
        if !instance.is_loaded && !loads {
            let load = ProviderCall::OnLoad { p_callback: Ptr::Valid };
            let method = std::mem::replace(&mut calling.method, load.method().name);
            let (loaded, _) = calls::call(instance, &mut self.operations, &load, calling)?;
            calling.method = method;
            if loaded.is_failure() {
                return Err(loaded);
            }
            instance.is_loaded = true;
        }
        let answered = calls::call(instance, &mut self.operations, call, calling);
        instance.is_loaded |= loads && matches!(answered, Ok((code, _)) if code.is_success());
        answered
    }

    /// Gives the object back once it is unloaded.
    fn unloaded(&mut self, call: &ProviderCall, code: HResult, breaches: &mut Vec<Text>) {
        let ProviderCall::OnUnload { b_force_unload } = call else { return };
        // S_FALSE: the provider asks to be kept.
        if (*b_force_unload || code == HResult::S_OK)
            && let Some(instance) = self.instance.take()
        {
            instance.retire(self.operations.is_empty(), breaches);
        }
    }

    /// Where the array's references went wrong in a call.
    fn check_array(&self, breaches: &mut Vec<Text>) {
        let held = self.instance.as_ref().map_or(0, |instance| instance.control.references());
        if held < 0 {
            breaches.push(
                "IVsslabArray was released more often than it was taken: AddRef the pCallback that is kept"
                    .into(),
            );
        }
    }
}

impl HardwareProvider for ComProvider {
    fn implements_ex(&self) -> bool {
        self.implements_ex
    }

    fn call(&mut self, on: ProviderObject, call: &ProviderCall, array: &mut dyn ArrayPort) -> ProviderReply {
        if let Err(error) = self.revive() {
            let breaches = vec![format!("after OnUnload no new object can be made: {error}").into()];
            return ProviderReply { breaches, ..HResult::E_UNEXPECTED.into() };
        }
        let owner = self.instance.as_ref().map_or(0, |instance| instance.owner);
        let mut calling = Calling::new(owner, call.method().name);
        // The array has to stay in reach while the object may go.
        let control = self.instance.as_ref().map(|instance| instance.control);
        let mut made = || {
            let answered = self.dispatch(on, call, &mut calling);
            // What was passed is freed, and checked, even where nothing is read of it.
            calling.received();
            let (hresult, out) = answered.unwrap_or_else(|code| (code, None));
            if on == ProviderObject::Provider {
                self.unloaded(call, hresult, &mut calling.breaches);
            }
            (hresult, out)
        };
        let ((hresult, out), declared_ms) = match control {
            Some(control) => control.during(array, made),
            None => (made(), 0),
        };
        let mut breaches = std::mem::take(&mut self.untold);
        breaches.append(&mut calling.breaches);
        self.check_array(&mut breaches);
        let wall_ms = u64::try_from(calling.took.as_millis()).unwrap_or(u64::MAX);
        ProviderReply { hresult, out, took_ms: wall_ms.saturating_add(declared_ms), breaches }
    }
}
