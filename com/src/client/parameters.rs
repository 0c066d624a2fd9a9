//! What a call passes: values that it lends, and places that are written.

use crate::values::{FromRaw, IntoRaw, Raw, pointer_of_kind};
use std::mem::MaybeUninit;
use vss_sim::api::Ptr;

/// An \[in\] parameter, freed after the call.
pub(crate) struct Lent<R: Raw>(R);

impl<R: Raw> Lent<R> {
    pub(crate) fn new(value: impl IntoRaw<(), R>) -> Self {
        Self(value.into_raw(&()))
    }

    pub(crate) fn argument(&mut self) -> R {
        self.0
    }
}

impl<R: Raw> Drop for Lent<R> {
    fn drop(&mut self) {
        // Safety: it was made for this call alone.
        unsafe { self.0.free() };
    }
}

/// The place of an \[out\] parameter. What is written there is the caller's, and freed once it has been read.
pub(crate) struct Slot<R: Raw> {
    written: MaybeUninit<R>,
    kind: Ptr,
}

impl<R: Raw> Slot<R> {
    /// A place, or a pointer to none.
    pub(crate) fn new(kind: Ptr) -> Self {
        Self { written: MaybeUninit::zeroed(), kind }
    }

    pub(crate) fn argument(&mut self) -> *mut R {
        pointer_of_kind(self.kind, self.written.as_mut_ptr())
    }

    /// Whether a method wrote anything but zeros there.
    pub(crate) fn is_written(&self) -> bool {
        let bytes = self.written.as_ptr().cast::<u8>();
        // Safety: the place was zeroed when it was made, and structures are written whole.
        self.kind == Ptr::Valid && (0..size_of::<R>()).any(|at| unsafe { bytes.add(at).read() } != 0)
    }

    /// What a method that succeeded wrote; `None`: it had no place to write what it has to, or wrote no object.
    pub(crate) fn read<Side, V: FromRaw<Side, R>>(&self, side: &Side) -> Option<V> {
        if self.kind != Ptr::Valid {
            return V::absent();
        }
        // Safety: zeros are a value of everything that goes out, and then the method wrote one.
        unsafe {
            let written = self.written.assume_init();
            (!written.is_no_object()).then(|| V::from_raw(written, side))
        }
    }
}

impl<R: Raw> Drop for Slot<R> {
    fn drop(&mut self) {
        // Safety: as in `read`; it is the caller's.
        unsafe { self.written.assume_init().free() };
    }
}

/// What a function answers, given a call's fields as its parameters.
macro_rules! answered {
    (
        $registry:ident $call:ident [$function:expr] [$($this:expr)?] ($($parameter:ident: $type:ty),*)
        ($($in:ident: $in_type:ty,)*) ($($out:ident: $out_type:ty,)*)
    ) => {{
        $(let mut $in = Lent::<$in_type>::new($in.clone());)*
        $(let mut $out = Slot::new(*$out);)*
        // Safety: the function has the type that its table says, and a reference to the object, if there is one, is held.
        let code = unsafe { ($function)($($this,)? $($parameter.argument()),*) };
        let hresult = hresult(code);
        let written: &[&str] = &[$(stringify!($out)),*];
        let read = || Some(Out::$call { $($out: $out.read($registry)?),* });
        let failed_with_values = hresult.is_failure() && $crate::client::parameters::tells_of_failure(stringify!($call));
        let out = match written {
            [] => None,
            _ if hresult.is_success() => read(),
            _ if failed_with_values && (false $(|| $out.is_written())*) => read(),
            _ => None,
        };
        Some(Reply { hresult, out })
    }};
}

/// Whether the method writes what it has done before it fails: of `DeleteSnapshots` the page says so.
pub(crate) fn tells_of_failure(method: &str) -> bool {
    method == "DeleteSnapshots"
}

pub(super) use answered;
