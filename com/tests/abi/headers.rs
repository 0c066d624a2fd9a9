//! Claims about the headers, and the compiler that judges them.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};
use uuid::Uuid;
use vss_com::abi::{Interface, Method};

const COMPILER: &str = "x86_64-w64-mingw32-gcc";
const HEADERS: &str = "#define CINTERFACE\n#include <windows.h>\n#include <vss.h>\n#include <vswriter.h>\n#include <vsbackup.h>\n#include <vsprov.h>\n#include <vdslun.h>\n#include \"vsslab_provider.h\"\n";

/// Where our own header is.
const INCLUDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/include");

/// An interface as it is declared in Rust.
pub(crate) struct Declared {
    pub(crate) name: &'static str,
    pub(crate) iid: Option<Uuid>,
    methods: &'static [Method],
    vtable_bytes: usize,
}

impl Declared {
    pub(crate) const fn of<I: Interface>() -> Declared {
        Declared { name: I::NAME, iid: I::IID, methods: I::METHODS, vtable_bytes: size_of::<I::Vtable>() }
    }

    /// What the declaration claims, as conditions in C.
    pub(crate) fn claims(&self) -> Vec<String> {
        let Declared { name: interface, methods, vtable_bytes, .. } = self;
        let of_method = |Method { name, slot, parameters }: &Method| {
            let types: Vec<String> = parameters.iter().map(|parameter| c_type(parameter.rust_type)).collect();
            let this = std::iter::once(format!("{interface} *")).chain(types).collect::<Vec<_>>().join(", ");
            [
                format!("__builtin_offsetof({interface}Vtbl, {name}) == {}", 8 * slot),
                format!(
                    "__builtin_types_compatible_p(__typeof__((({interface}Vtbl *)0)->{name}), HRESULT (STDMETHODCALLTYPE *)({this}))"
                ),
            ]
        };
        let size = format!("sizeof({interface}Vtbl) == {vtable_bytes}");
        std::iter::once(size).chain(methods.iter().flat_map(of_method)).collect()
    }
}

/// `*mut *mut IVssAsync`, or `* mut * mut IVssAsync`, as C writes it.
fn c_type(rust: &str) -> String {
    let rust = rust.trim();
    let pointee =
        |kind: &str| rust.strip_prefix('*').and_then(|pointee| pointee.trim_start().strip_prefix(kind));
    if let Some(inner) = pointee("mut ") {
        format!("{} *", c_type(inner))
    } else if let Some(inner) = pointee("const ") {
        format!("const {} *", c_type(inner))
    } else {
        rust.to_owned()
    }
}

/// What the compiler has against the claims; empty if all of them hold.
pub(crate) fn refusals(claims: &[String]) -> String {
    let asserted = claims.iter().map(|claim| format!("_Static_assert({claim}, \"{claim}\");\n"));
    let (_, complaints) =
        compile(&["-fsyntax-only", "-std=c11"], &format!("{HEADERS}{}", asserted.collect::<String>()));
    complaints
}

/// The GUIDs of the headers, by name.
pub(crate) fn guids() -> BTreeMap<String, Uuid> {
    let (expanded, complaints) = compile(&["-E", "-P"], &format!("#define INITGUID\n{HEADERS}"));
    assert_eq!(complaints, "");
    let definitions = expanded.split(';').filter_map(|statement| {
        let (before, value) = statement.split_once("= { 0x")?;
        let name = before.split_whitespace().last()?;
        Some((name.to_owned(), guid(&format!("0x{value}"))?))
    });
    definitions.collect()
}

/// `0x507c37b4,0xcf5b,0x4e95,{0xb0,0xaf,...}}`
fn guid(value: &str) -> Option<Uuid> {
    let numbers = value.split([',', '{', '}', ' ']).filter(|number| !number.is_empty());
    let numbers: Option<Vec<u64>> =
        numbers.map(|number| u64::from_str_radix(number.strip_prefix("0x")?, 16).ok()).collect();
    let [data1, data2, data3, rest @ ..] = numbers?.try_into().map(|all: [u64; 11]| all).ok()?;
    Some(Uuid::from_fields(data1 as u32, data2 as u16, data3 as u16, &rest.map(|byte| byte as u8)))
}

fn compile(options: &[&str], source: &str) -> (String, String) {
    let mut compiler = Command::new(COMPILER)
        .args(options)
        .args(["-I", INCLUDE])
        .args(["-x", "c", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("{COMPILER} (Debian: gcc-mingw-w64-x86-64-win32, mingw-w64-x86-64-dev): {error}")
        });
    let mut input = compiler.stdin.take().expect("a pipe");
    let source = source.to_owned();
    let writer = std::thread::spawn(move || input.write_all(source.as_bytes()));
    let output = compiler.wait_with_output().expect("the compiler ends");
    writer.join().expect("the writer ends").expect("the compiler reads everything");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (text(output.stdout), text(output.stderr))
}
