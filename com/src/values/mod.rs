//! Parameters as the headers have them, and as the fields of a call: one pair of conversions for each pair of types.
//!
//! Numbers and ids go over as they are. What takes memory belongs to whom COM says: the method only borrows what a
//! caller passes, and the caller frees what a method hands out.

mod luns;
mod structures;
mod texts;

pub(crate) use luns::{ReadLun, read_lun};

use crate::abi::*;
use vss_sim::api::{
    BackupType, ComponentType, FileRestoreStatus, FileTime, Guid, HResult, HardwareOptions, ObjectType,
    ProviderId, Ptr, RecoveryOptions, RestoreMethod, RestoreTarget, RestoreType, RollForwardType, SessionId,
    SnapshotContext, SnapshotId, SnapshotSetId, SourceType, UsageType, VolumeSnapshotAttributes, WriterId,
    WriterInstanceId, WriterRestore, WriterState,
};

/// A value that comes as a `Raw`. `Side` knows the objects of the side that reads.
pub(crate) trait FromRaw<Side, Raw>: Sized {
    /// What it says. Memory behind it is left to its owner.
    ///
    /// # Safety
    /// Pointers in it are null or lead to what their type promises.
    unsafe fn from_raw(raw: Raw, side: &Side) -> Self;

    /// What is said where the caller passed no place for it.
    fn absent() -> Option<Self> {
        None
    }
}

/// A value that goes over as a `Raw`. `Side` knows the objects of the side that writes.
pub(crate) trait IntoRaw<Side, Raw> {
    /// With memory of its own for whom COM makes the owner.
    fn into_raw(self, side: &Side) -> Raw;
}

/// What goes over.
pub(crate) trait Raw: Copy {
    /// Frees what is behind it, if its owner frees such memory.
    ///
    /// # Safety
    /// It owns that memory, which is used no more.
    unsafe fn free(self) {}

    /// Whether it is a reference to nothing.
    fn is_no_object(self) -> bool {
        false
    }
}

impl Raw for i32 {}
impl Raw for u32 {}
impl Raw for u8 {}
impl Raw for i64 {}
impl Raw for u64 {}
impl Raw for GUID {}
impl Raw for FILETIME {}

/// References to objects belong to whom they were handed to, who releases them.
macro_rules! references {
    ($($interface:ident)*) => { $(impl Raw for *mut $interface {
        fn is_no_object(self) -> bool {
            self.is_null()
        }
    })* };
}

references! {
    IVssAsync IVssBackupComponents IVssComponent IVssEnumObject IVssExamineWriterMetadata IVssExamineWriterMetadataEx
    IVssWMComponent IVssWMDependency IVssWMFiledesc IVssWriterComponentsExt
}

/// Windows never has memory in the first 64 KiB: an address there is a mistake that can be told.
const LOWEST_ADDRESS: usize = 0x1_0000;

/// What a caller's pointer is, as far as that can be told.
pub(crate) fn kind_of_pointer<T>(pointer: *const T) -> Ptr {
    match pointer.addr() {
        0 => Ptr::Null,
        1..LOWEST_ADDRESS => Ptr::Dangling,
        _ => Ptr::Valid,
    }
}

/// A pointer of that kind, given a valid one.
pub(crate) fn pointer_of_kind<T>(kind: Ptr, valid: *mut T) -> *mut T {
    match kind {
        Ptr::Valid => valid,
        Ptr::Null => std::ptr::null_mut(),
        Ptr::Dangling => std::ptr::without_provenance_mut(align_of::<T>().max(16)),
    }
}

/// A code as a function returns it.
pub(crate) fn hresult(raw: HRESULT) -> HResult {
    HResult(raw.cast_unsigned())
}

/// Conversions both ways between a field's type and a header's.
macro_rules! values {
    ($($field:ty = $raw:ty: |$out:ident| $to:expr, |$in:ident| $from:expr;)*) => {$(
        impl<Side> FromRaw<Side, $raw> for $field {
            unsafe fn from_raw($in: $raw, _: &Side) -> Self { $from }
        }

        impl<Side> IntoRaw<Side, $raw> for $field {
            fn into_raw(self, _: &Side) -> $raw { let $out = self; $to }
        }
    )*};
}

values! {
    i32 = i32: |value| value, |raw| raw;
    u32 = u32: |value| value, |raw| raw;
    bool = boolean: |value| boolean::from(value), |raw| raw != 0;
    bool = BOOL: |value| BOOL::from(value), |raw| raw != 0;
    HResult = i32: |code| code.0.cast_signed(), |raw| hresult(raw);
    u64 = ULONGLONG: |value| value, |raw| raw;
    u64 = FILETIME: |time| time.into(), |raw| raw.into();
    Guid = GUID: |id| id.into(), |raw| raw.into();
    ProviderId = GUID: |id| id.0.into(), |raw| Self(raw.into());
    SessionId = GUID: |id| id.0.into(), |raw| Self(raw.into());
    SnapshotId = GUID: |id| id.0.into(), |raw| Self(raw.into());
    SnapshotSetId = GUID: |id| id.0.into(), |raw| Self(raw.into());
    WriterId = GUID: |id| id.0.into(), |raw| Self(raw.into());
    WriterInstanceId = GUID: |id| id.0.into(), |raw| Self(raw.into());
    HardwareOptions = u32: |flags| flags.bits(), |raw| Self::from_bits_retain(raw);
    RecoveryOptions = u32: |flags| flags.bits(), |raw| Self::from_bits_retain(raw);
    SnapshotContext = i32: |flags| flags.bits().cast_signed(), |raw| Self::from_bits_retain(raw.cast_unsigned());
    VolumeSnapshotAttributes = i32: |flags| flags.bits().cast_signed(), |raw| Self::from_bits_retain(raw.cast_unsigned());
}

/// What a method need not write: an absent place says nothing.
impl<Side, V: FromRaw<Side, i32>> FromRaw<Side, i32> for Option<V> {
    unsafe fn from_raw(raw: i32, side: &Side) -> Self {
        // Safety: the caller says so.
        Some(unsafe { V::from_raw(raw, side) })
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<Side, V: IntoRaw<Side, i32>> IntoRaw<Side, i32> for Option<V> {
    fn into_raw(self, side: &Side) -> i32 {
        self.map_or(0, |value| value.into_raw(side))
    }
}

/// The same for enumerations, which are numbers with names.
macro_rules! enumerations {
    ($($field:ident)*) => { values! { $($field = i32: |value| value.0, |raw| Self(raw);)* } };
}

enumerations! {
    BackupType ComponentType FileRestoreStatus ObjectType RestoreMethod RestoreTarget RestoreType RollForwardType SourceType
    UsageType WriterRestore WriterState
}

impl From<Guid> for GUID {
    fn from(id: Guid) -> Self {
        let (data1, data2, data3, data4) = id.as_fields();
        Self { data1, data2, data3, data4: *data4 }
    }
}

impl From<GUID> for Guid {
    fn from(id: GUID) -> Self {
        Self::from_fields(id.data1, id.data2, id.data3, &id.data4)
    }
}

impl From<FileTime> for FILETIME {
    fn from(time: FileTime) -> Self {
        Self { low: time as u32, high: (time >> 32) as u32 }
    }
}

impl From<FILETIME> for FileTime {
    fn from(raw: FILETIME) -> Self {
        Self::from(raw.high) << 32 | Self::from(raw.low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// There and back.
    fn over<V: IntoRaw<(), R> + FromRaw<(), R>, R>(value: V) -> V {
        // Safety: what was just made leads where it says.
        unsafe { V::from_raw(value.into_raw(&()), &()) }
    }

    #[test]
    fn values_without_a_name_go_over() {
        assert_eq!(over::<_, i32>(SnapshotContext::ALL), SnapshotContext::ALL);
        let odd = RecoveryOptions::from_bits_retain(0x8000_0001);
        assert_eq!(over::<_, u32>(odd), odd);
        assert_eq!(over::<_, i32>(WriterState(-7)), WriterState(-7));
        assert_eq!(over::<_, i32>(HResult::VSS_E_BAD_STATE), HResult::VSS_E_BAD_STATE);
        let id = SnapshotId(Guid::from_u128(0x0011_2233_4455_6677_8899_aabb_ccdd_eeff));
        assert_eq!(over::<_, GUID>(id), id);
    }

    #[test]
    fn any_byte_but_zero_is_true() {
        // Safety: a number.
        let read = |byte: u8| unsafe { <bool as FromRaw<(), u8>>::from_raw(byte, &()) };
        assert_eq!([0, 1, 2, 0xFF].map(read), [false, true, true, true]);
    }

    #[test]
    fn a_guid_lies_as_windows_has_it() {
        let raw = GUID::from(Guid::from_u128(0x0011_2233_4455_6677_8899_aabb_ccdd_eeff));
        assert_eq!((raw.data1, raw.data2, raw.data3), (0x0011_2233, 0x4455, 0x6677));
        assert_eq!(raw.data4, [0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff]);
    }

    #[test]
    fn the_first_64_kib_have_no_memory() {
        let at = |address| kind_of_pointer(std::ptr::without_provenance::<u32>(address));
        assert_eq!([0, 1, 0xFFFF, 0x1_0000].map(at), [Ptr::Null, Ptr::Dangling, Ptr::Dangling, Ptr::Valid]);
        let dangling = pointer_of_kind::<u64>(Ptr::Dangling, std::ptr::null_mut());
        assert_eq!(kind_of_pointer(dangling), Ptr::Dangling);
    }
}
