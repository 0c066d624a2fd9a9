//! The methods whose parameters do not go one by one into a call.

use super::parameters::Slot;
use super::registry::Registry;
use crate::abi::*;
use crate::values::{FromRaw, IntoRaw, Raw, hresult, pointer_of_kind};
use std::ptr::null;
use vss_sim::api::{Call, ComponentInfo, Object, ObjectProp, Out, Ptr, Reply};

impl Registry {
    /// Makes a call of one of these methods; `None`: it is of another.
    pub(super) fn by_hand(&self, on: Object, call: &Call) -> Option<Reply> {
        /// Calls a method that takes a counted array of ids.
        macro_rules! counted {
            ($method:ident($ids:ident)) => {
                self.interface::<IVssBackupComponents>(on).map(|this| {
                    let raw: Vec<GUID> = $ids.iter().map(|id| id.into_raw(&())).collect();
                    let first = if raw.is_empty() { null() } else { raw.as_ptr() };
                    let count = u32::try_from(raw.len()).unwrap_or(u32::MAX);
                    // Safety: a reference to the object is held, and the array is as long as is said.
                    hresult(unsafe { ((*(*this).vtable).$method)(this, first, count) }).into()
                })
            };
        }
        let answer = match call {
            Call::DisableWriterClasses { rg_writer_class_id: ids } => counted!(DisableWriterClasses(ids)),
            Call::EnableWriterClasses { rg_writer_class_id: ids } => counted!(EnableWriterClasses(ids)),
            Call::DisableWriterInstances { rg_writer_instance_id: ids } => {
                counted!(DisableWriterInstances(ids))
            }
            Call::Next { celt, rgelt, pcelt_fetched } => {
                self.interface::<IVssEnumObject>(on).map(|this| next(this, *celt, *rgelt, *pcelt_fetched))
            }
            Call::GetComponentInfo { pp_info } => {
                self.interface::<IVssWMComponent>(on).map(|this| component_info(this, *pp_info))
            }
            // What was read of a structure was freed with it.
            Call::FreeComponentInfo { .. } => Ok(Reply::OK),
            _ => return None,
        };
        Some(answer.unwrap_or_else(Reply::from))
    }
}

/// As many as a method is asked for at a time.
pub(super) const ELEMENTS_MAX: u32 = 4096;

fn next(this: *mut IVssEnumObject, celt: u32, rgelt: Ptr, pcelt_fetched: Ptr) -> Reply {
    let celt = celt.min(ELEMENTS_MAX);
    // Safety: zeros are a structure that leads nowhere.
    let mut elements = vec![unsafe { std::mem::zeroed::<VSS_OBJECT_PROP>() }; celt.max(1) as usize];
    let mut fetched = Slot::<u32>::new(pcelt_fetched);
    let array = pointer_of_kind(rgelt, elements.as_mut_ptr());
    // Safety: a reference to the object is held, and the array is as long as is said.
    let hresult = hresult(unsafe { ((*(*this).vtable).Next)(this, celt, array, fetched.argument()) });
    if hresult.is_failure() {
        return hresult.into();
    }
    let Some(pcelt_fetched) = fetched.read::<_, u32>(&()) else { return hresult.into() };
    let filled = elements.iter().take(pcelt_fetched.min(celt) as usize);
    // Safety: the method filled in that many; they are read once and then freed.
    let read = filled.filter_map(|element| unsafe {
        let property = Option::<ObjectProp>::from_raw(*element, &());
        element.free();
        property
    });
    Reply { hresult, out: Some(Out::Next { rgelt: read.collect(), pcelt_fetched }) }
}

/// Reads the structure and has it freed.
fn component_info(this: *mut IVssWMComponent, kind: Ptr) -> Reply {
    let mut info: PVSSCOMPONENTINFO = null();
    // Safety: a reference to the object is held.
    let hresult =
        hresult(unsafe { ((*(*this).vtable).GetComponentInfo)(this, pointer_of_kind(kind, &raw mut info)) });
    if hresult.is_failure() || info.is_null() {
        return hresult.into();
    }
    // Safety: the method made the structure; it is read once and given back.
    let pp_info = unsafe {
        let read = Box::new(ComponentInfo::from_raw(*info, &()));
        ((*(*this).vtable).FreeComponentInfo)(this, info);
        read
    };
    Reply { hresult, out: Some(Out::GetComponentInfo { pp_info }) }
}
