//! The macro that tells a method's parameters apart.

/// Hands `macro! { head (all) (in: Type, ...) (out: Type, ...) }` to a macro, from `macro [head] in a: A, out b: B,`.
macro_rules! by_direction {
    ($then:ident [$($head:tt)*] $($direction:tt $parameter:ident: $type:ty),*) => {
        by_direction! { @ $then [$($head)* ($($parameter: $type),*)] [] [] $($direction $parameter: $type,)* }
    };
    (@ $then:ident [$($head:tt)*] [$($ins:tt)*] [$($outs:tt)*]) => {
        $then! { $($head)* ($($ins)*) ($($outs)*) }
    };
    (@ $then:ident $head:tt [$($ins:tt)*] $outs:tt in $parameter:ident: $type:ty, $($rest:tt)*) => {
        by_direction! { @ $then $head [$($ins)* $parameter: $type,] $outs $($rest)* }
    };
    (@ $then:ident $head:tt $ins:tt [$($outs:tt)*] out $parameter:ident: $type:ty, $($rest:tt)*) => {
        by_direction! { @ $then $head $ins [$($outs)* $parameter: $type,] $($rest)* }
    };
}
