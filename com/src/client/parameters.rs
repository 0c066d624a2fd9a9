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
        let out = if hresult.is_success() && !written.is_empty() { read() } else { None };
        Some(Reply { hresult, out })
    }};
}

pub(super) use answered;
