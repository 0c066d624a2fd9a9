//! The methods whose parameters do not go one by one into a call.

use super::parameters::Slot;
use super::registry::Registry;
use crate::abi::*;
use crate::values::{FromRaw, IntoRaw, Raw, pointer_of_kind};
use std::ptr::null;
use vss_sim::api::{Call, ComponentInfo, HResult, Object, ObjectProp, Out, Ptr, Reply};

impl Registry {
    /// Makes a call of one of these methods; `None`: it is of another.
    pub(super) fn by_hand(&self, on: Object, call: &Call) -> Option<Reply> {
        let answer = match call {
            Call::DisableWriterClasses { rg_writer_class_id: ids } => {
                self.interface::<IVssBackupComponents>(on).map(|this| {
                    // Safety: a reference to the object is held.
                    counted(ids, |first, count| unsafe {
                        ((*(*this).vtable).DisableWriterClasses)(this, first, count)
                    })
                })
            }
            Call::EnableWriterClasses { rg_writer_class_id: ids } => {
                self.interface::<IVssBackupComponents>(on).map(|this| {
                    // Safety: a reference to the object is held.
                    counted(ids, |first, count| unsafe {
                        ((*(*this).vtable).EnableWriterClasses)(this, first, count)
                    })
                })
            }
            Call::DisableWriterInstances { rg_writer_instance_id: ids } => {
                self.interface::<IVssBackupComponents>(on).map(|this| {
                    // Safety: a reference to the object is held.
                    counted(ids, |first, count| unsafe {
                        ((*(*this).vtable).DisableWriterInstances)(this, first, count)
                    })
                })
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

fn code(raw: HRESULT) -> HResult {
    HResult(raw.cast_unsigned())
}

fn counted<T: IntoRaw<(), GUID> + Copy>(
    ids: &[T],
    method: impl FnOnce(*const GUID, u32) -> HRESULT,
) -> Reply {
    let ids: Vec<GUID> = ids.iter().map(|id| id.into_raw(&())).collect();
    let first = if ids.is_empty() { null() } else { ids.as_ptr() };
    code(method(first, u32::try_from(ids.len()).unwrap_or(u32::MAX))).into()
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
    let hresult = code(unsafe { ((*(*this).vtable).Next)(this, celt, array, fetched.argument()) });
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
        code(unsafe { ((*(*this).vtable).GetComponentInfo)(this, pointer_of_kind(kind, &raw mut info)) });
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
