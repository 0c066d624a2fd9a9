//! The methods whose parameters do not go one by one into a call.

use super::object::ComObject;
use crate::abi::*;
use crate::boundary::{clear, guarded, put};
use crate::memory::{bstr, free_bstr, free_task_memory, task_array, task_memory};
use crate::values::{FromRaw, IntoRaw, kind_of_pointer};
use std::ptr::null_mut;
use vss_sim::api::{Call, ComponentInfo, HResult, Out, Ptr};

/// Methods that take a counted array of ids.
macro_rules! counted {
    ($($method:ident($ids:ident);)*) => {
        #[expect(non_snake_case, reason = "methods are named as in the headers")]
        impl IVssBackupComponents {$(
            pub(super) unsafe extern "system" fn $method(this: *mut Self, $ids: *const VSS_ID, count: UINT) -> HRESULT {
                // Safety: COM's contract: `this` is held, and the array is as long as the caller says.
                guarded(|| unsafe { ComObject::of(this).call(&Call::$method { $ids: array($ids, count) }).hresult })
            }
        )*}
    };
}

counted! {
    DisableWriterClasses(rg_writer_class_id);
    EnableWriterClasses(rg_writer_class_id);
    DisableWriterInstances(rg_writer_instance_id);
}

/// What a caller counted; nothing if there is no array.
unsafe fn array<T: FromRaw<(), VSS_ID>>(ids: *const VSS_ID, count: UINT) -> Vec<T> {
    if kind_of_pointer(ids) != Ptr::Valid {
        return Vec::new();
    }
    // Safety: the caller says so.
    (0..count as usize).map(|at| unsafe { T::from_raw(ids.add(at).read_unaligned(), &()) }).collect()
}

#[expect(non_snake_case, reason = "methods are named as in the headers")]
impl IVssEnumObject {
    pub(super) unsafe extern "system" fn Next(
        this: *mut Self,
        celt: ULONG,
        rgelt: *mut VSS_OBJECT_PROP,
        pcelt_fetched: *mut ULONG,
    ) -> HRESULT {
        // Safety: COM's contract: `this` is held, and the array has room for as many as the caller says.
        guarded(|| unsafe {
            clear(pcelt_fetched);
            let object = ComObject::of(this);
            let call = Call::Next {
                celt,
                rgelt: kind_of_pointer(rgelt),
                pcelt_fetched: kind_of_pointer(pcelt_fetched),
            };
            let reply = object.call(&call);
            if let Some(Out::Next { rgelt: properties, pcelt_fetched: fetched }) = reply.out {
                for (at, property) in properties.into_iter().take(celt as usize).enumerate() {
                    put(rgelt.wrapping_add(at), || property.into_raw(&()));
                }
                put(pcelt_fetched, || fetched);
            }
            reply.hresult
        })
    }
}

#[expect(non_snake_case, reason = "methods are named as in the headers")]
impl IVssExamineWriterMetadata {
    /// Hands out an object of the system's XML library, of which there is none here.
    pub(super) unsafe extern "system" fn GetDocument(
        this: *mut Self,
        p_doc: *mut *mut IXMLDOMDocument,
    ) -> HRESULT {
        // Safety: COM's contract: `this` is held.
        guarded(|| unsafe {
            clear(p_doc);
            let reply = ComObject::of(this).call(&Call::GetDocument { p_doc: kind_of_pointer(p_doc) });
            if reply.hresult.is_failure() { reply.hresult } else { HResult::E_NOTIMPL }
        })
    }
}

#[expect(non_snake_case, reason = "methods are named as in the headers")]
impl IVssWMComponent {
    pub(super) unsafe extern "system" fn GetComponentInfo(
        this: *mut Self,
        pp_info: *mut PVSSCOMPONENTINFO,
    ) -> HRESULT {
        // Safety: COM's contract: `this` is held.
        guarded(|| unsafe {
            clear(pp_info);
            let reply =
                ComObject::of(this).call(&Call::GetComponentInfo { pp_info: kind_of_pointer(pp_info) });
            if let Some(Out::GetComponentInfo { pp_info: info }) = reply.out
                && kind_of_pointer(pp_info) == Ptr::Valid
            {
                pp_info.write_unaligned(task_memory(raw_info(&info)));
            }
            reply.hresult
        })
    }

    pub(super) unsafe extern "system" fn FreeComponentInfo(
        this: *mut Self,
        p_info: PVSSCOMPONENTINFO,
    ) -> HRESULT {
        // Safety: COM's contract: `this` is held, and the structure came from GetComponentInfo.
        guarded(|| unsafe {
            if kind_of_pointer(p_info) != Ptr::Valid {
                return HResult::E_INVALIDARG;
            }
            let p_info_value = Box::new(ComponentInfo::from_raw(*p_info, &()));
            let reply = ComObject::of(this).call(&Call::FreeComponentInfo { p_info: p_info_value });
            [(*p_info).logical_path, (*p_info).component_name, (*p_info).caption]
                .into_iter()
                .for_each(|string| free_bstr(string));
            free_task_memory((*p_info).icon);
            free_task_memory(p_info.cast_mut());
            reply.hresult
        })
    }
}

fn raw_info(info: &ComponentInfo) -> VSS_COMPONENTINFO {
    let optional = |text: &Option<_>| text.as_deref().map_or(BSTR(null_mut()), bstr);
    VSS_COMPONENTINFO {
        component_type: info.component_type.0,
        logical_path: optional(&info.logical_path),
        component_name: bstr(&info.component_name),
        caption: optional(&info.caption),
        icon: task_array(&info.icon),
        icon_bytes: u32::try_from(info.icon.len()).unwrap_or(u32::MAX),
        restore_metadata: info.restore_metadata.into(),
        notify_on_backup_complete: info.notify_on_backup_complete.into(),
        selectable: info.selectable.into(),
        selectable_for_restore: info.selectable_for_restore.into(),
        component_flags: info.component_flags,
        file_count: info.file_count,
        databases: info.databases,
        log_files: info.log_files,
        dependencies: info.dependencies,
    }
}
