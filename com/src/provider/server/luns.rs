//! Arrays of LUNs and of names, as a caller passes them, and structures that go in and come out.

use crate::abi::{VDS_LUN_INFORMATION, VSS_PWSZ};
use crate::values::{FromRaw, IntoRaw, Raw, kind_of_pointer};
use std::ptr::null_mut;
use vss_sim::api::{LunInformation, Ptr, Text};

/// The structures of an array; none if there is no array.
///
/// # Safety
/// The array is null or as long as is said, and all in it leads to what its type says.
pub(super) unsafe fn luns(array: *const VDS_LUN_INFORMATION, count: i64) -> Vec<LunInformation> {
    // Safety: the caller says so.
    places(array, count).map(|at| unsafe { LunInformation::from_raw(at.read_unaligned(), &()) }).collect()
}

/// The one structure; `None`: there is none.
///
/// # Safety
/// As for [`luns`].
pub(super) unsafe fn lun(place: *const VDS_LUN_INFORMATION) -> Option<LunInformation> {
    // Safety: the caller says so.
    unsafe { luns(place, 1) }.pop()
}

/// The texts of an array; an empty one for null.
///
/// # Safety
/// As for [`luns`].
pub(super) unsafe fn names(array: *const VSS_PWSZ, count: i64) -> Vec<Text> {
    // Safety: the caller says so.
    places(array, count).map(|at| unsafe { FromRaw::from_raw(at.read_unaligned(), &()) }).collect()
}

/// Where the elements of an array lie.
fn places<T>(array: *const T, count: i64) -> impl Iterator<Item = *const T> {
    let count = if kind_of_pointer(array) == Ptr::Valid { usize::try_from(count).unwrap_or(0) } else { 0 };
    (0..count).map(move |at| array.wrapping_add(at))
}

/// Writes what the provider makes of the structures of an array. One that it leaves alone stays as it is, and ports that
/// it leaves alone keep their memory; the rest is replaced, and what it replaces is freed.
///
/// # Safety
/// As for [`luns`], and what the structures lead to is the caller's, in task memory.
pub(super) unsafe fn correct(
    array: *mut VDS_LUN_INFORMATION,
    given: &[LunInformation],
    made: &[LunInformation],
) {
    for (at, (given, made)) in given.iter().zip(made).enumerate() {
        if given == made {
            continue;
        }
        let place = array.wrapping_add(at);
        // Safety: the caller says so.
        unsafe {
            let mut before = place.read_unaligned();
            let after = if given.interconnects == made.interconnects {
                let without = LunInformation { interconnects: Vec::new(), ..made.clone() };
                let raw: VDS_LUN_INFORMATION = (&without).into_raw(&());
                let (interconnects, interconnect_count) = (before.interconnects, before.interconnect_count);
                (before.interconnects, before.interconnect_count) = (null_mut(), 0);
                VDS_LUN_INFORMATION { interconnects, interconnect_count, ..raw }
            } else {
                made.into_raw(&())
            };
            place.write_unaligned(after);
            before.free();
        }
    }
}
