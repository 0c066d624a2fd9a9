//! Every method through client and server: what arrives is what was called, and what comes back is what was answered.

use super::exported::Functions;
use super::library::Library;
use super::registry::Registry;
use super::*;
use crate::abi::*;
use crate::server::{self, Server};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use vss_sim::api::Out;
use vss_tests::examples::{example, text};

/// Calls and answers, in order.
type Log = Arc<Mutex<Vec<(Object, Call, Reply)>>>;

/// Answers every call with an example of what its method writes.
struct Echo {
    log: Log,
    made: BTreeMap<&'static str, u32>,
}

impl Echo {
    fn reply(&mut self, call: &Call) -> Reply {
        let at = Call::METHODS.iter().position(|method| *method == call.method()).expect("a method");
        let (variant, (_, written)) = (Call::VARIANTS[at], Call::PARAMETERS[at]);
        if written.is_empty() {
            return Reply::OK;
        }
        let mut fields = example::<Out>(variant, written).expect("an example");
        for (field, value) in &mut fields {
            if let Some(kind) = kind_of(call, field) {
                let number = self.made.entry(kind).or_insert(0);
                *number += 1;
                *value = json!(format!("{kind}-{number}"));
            }
        }
        Reply::ok(serde_json::from_str(&text(variant, &fields)).expect("the example is one"))
    }
}

/// The kind of object that a method writes there; `None`: none.
fn kind_of(call: &Call, parameter: &str) -> Option<&'static str> {
    const KINDS: [(&str, &str); 10] = [
        ("IVssBackupComponents", "session"),
        ("IVssAsync", "async"),
        ("IVssEnumObject", "enumerator"),
        ("IVssExamineWriterMetadata", "metadata"),
        ("IVssExamineWriterMetadataEx", "metadata"),
        ("IVssWMComponent", "metadata"),
        ("IVssWMDependency", "metadata"),
        ("IVssWMFiledesc", "metadata"),
        ("IVssComponent", "component"),
        ("IVssWriterComponentsExt", "component"),
    ];
    let declared = DECLARED.get(&(call.method().interface, call.method().name))?;
    let found = declared.iter().find(|(name, _)| *name == parameter)?;
    let interface = found.1.rsplit([' ', ':']).next()?;
    KINDS
        .iter()
        .find(|(name, _)| found.1.matches('*').count() == 2 && *name == interface)
        .map(|(_, kind)| *kind)
}

type Declared = BTreeMap<(&'static str, &'static str), Vec<(&'static str, &'static str)>>;

/// The parameters of every method and function, with their types.
static DECLARED: LazyLock<Declared> = LazyLock::new(|| {
    let mut declared = Declared::new();
    macro_rules! add {
        ($($interface:ident: $base:ident = $iid:expr => $methods:tt)*) => {$(
            for method in <$interface as Interface>::METHODS {
                let parameters = method.parameters.iter().map(|one| (one.name, one.rust_type)).collect();
                declared.insert((<$interface as Interface>::NAME, method.name), parameters);
            }
        )*};
    }
    requester_interfaces!(add);
    metadata_interfaces!(add);
    component_interfaces!(add);
    macro_rules! add_function {
        ($($name:ident = $export:literal ($($direction:tt $parameter:ident: $type:ty),*);)*) => {$(
            declared.insert(("", stringify!($name)), vec![$((stringify!($parameter), stringify!($type))),*]);
        )*};
    }
    crate::exported_functions!(add_function);
    declared
});

impl Backend for Echo {
    fn target(&self) -> Target {
        Target { backend: "echo".to_owned(), os: "none".to_owned() }
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::empty()
    }

    fn load(&mut self, _: &Lab) -> Result<(), Unavailable> {
        Ok(())
    }

    fn call(&mut self, on: Object, call: &Call) -> Reply {
        let reply = self.reply(call);
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.push((on, call.clone(), reply.clone()));
        reply
    }

    fn act(&mut self, _: &Action) -> Result<(), Unavailable> {
        Ok(())
    }

    fn ask(&self, _: &Question) -> Result<Answer, Unavailable> {
        Ok(Answer::Ms(0))
    }
}

static LOG: LazyLock<Log> = LazyLock::new(Log::default);
static SERVER: LazyLock<Arc<Server>> =
    LazyLock::new(|| Server::new(Ok(Box::new(Echo { log: Arc::clone(&LOG), made: BTreeMap::new() }))));

/// The functions of a DLL without a DLL.
macro_rules! in_process {
    ($($name:ident = $export:literal ($($direction:tt $parameter:ident: $type:ty),*);)*) => {{
        #[expect(non_snake_case, reason = "functions are named as in the headers")]
        mod exports {
            use super::*;
            $(pub(super) unsafe extern "system" fn $name($($parameter: $type),*) -> HRESULT {
                unsafe { server::$name(&SERVER, $($parameter),*) }
            })*
        }
        Functions { $($name: Some(exports::$name)),* }
    }};
}

fn client() -> Client {
    let functions: Functions = crate::exported_functions!(in_process);
    let target = Target { backend: "com".to_owned(), os: "none".to_owned() };
    let library = Library { functions, control: None };
    Client {
        library,
        registry: Registry::default(),
        target,
        capabilities: Capabilities::empty(),
        host: Object::HOST,
    }
}

fn call(variant: &str, given: &[&'static str]) -> Call {
    let fields = example::<Call>(variant, given).unwrap_or_else(|| panic!("no example of {variant}"));
    serde_json::from_str(&text(variant, &fields)).expect("the example is one")
}

/// Makes the call, and the calls that its object comes from before it.
fn object_for(client: &mut Client, interface: &str, objects: &mut BTreeMap<&'static str, Object>) -> Object {
    let (family, maker) = match interface {
        "" => return Object::HOST,
        "IVssAsync" => ("async", "DoSnapshotSet"),
        "IVssEnumObject" => ("enumerator", "Query"),
        "IVssWMComponent" => ("component of metadata", "GetComponent"),
        "IVssWMFiledesc" => ("file", "GetIncludeFile"),
        "IVssWMDependency" => ("dependency", "GetDependency"),
        "IVssWriterComponents" => ("writer's components", "GetWriterComponents"),
        name if name.starts_with("IVssExamineWriterMetadata") => ("metadata", "GetWriterMetadata"),
        name if name.starts_with("IVssComponent") => ("component", "WriterGetComponent"),
        _ => ("session", "CreateVssBackupComponents"),
    };
    if let Some(object) = objects.get(family) {
        return *object;
    }
    let at = Call::VARIANTS.iter().position(|variant| *variant == maker).expect("a method");
    let on = object_for(client, Call::METHODS[at].interface, objects);
    let reply = client.call(on, &call(maker, Call::PARAMETERS[at].0));
    let out = serde_json::to_value(reply.out.expect("the maker writes")).expect("JSON");
    let made = out[maker]
        .as_object()
        .expect("fields")
        .values()
        .find_map(|field| field.as_str().and_then(|text| text.parse::<Object>().ok()));
    *objects.entry(family).or_insert(made.expect("an object"))
}

/// Functions that no table has, and methods that do not hand on what they get: see `by_hand`.
const OTHERWISE: &[&str] = &[
    "VssFreeSnapshotProperties",
    "VssFreeSnapshotPropertiesInternal",
    "GetDocument",
    "FreeComponentInfo",
    "QueryInterface",
    "Release",
];

#[test]
fn every_call_arrives_as_it_was_made_and_every_answer_as_it_was_given() {
    let (mut client, mut objects, mut made) = (client(), BTreeMap::new(), 0);
    for (at, variant) in Call::VARIANTS.iter().enumerate() {
        if OTHERWISE.contains(variant) {
            continue;
        }
        let on = object_for(&mut client, Call::METHODS[at].interface, &mut objects);
        let call = call(variant, Call::PARAMETERS[at].0);
        LOG.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let reply = client.call(on, &call);
        let log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
        let arrived = log.iter().find(|(_, arrived, _)| !matches!(arrived, Call::QueryInterface { .. }));
        let (arrived_on, arrived, answered) = arrived.unwrap_or_else(|| panic!("{variant}: nothing arrived"));
        assert_eq!((arrived_on, arrived), (&on, &call), "{variant}");
        assert_eq!(&reply, answered, "{variant}");
        made += 1;
    }
    assert_eq!(made, Call::METHODS.len() - OTHERWISE.len());
    assert!(SERVER.live_objects() > 0);
    drop(client);
    assert_eq!(SERVER.live_objects(), 0, "a client gives everything back");
}

#[test]
fn a_kind_is_told_by_the_declared_type() {
    let query = call("Query", &["queried_object_id", "e_queried_object_type", "e_returned_objects_type"]);
    assert_eq!(kind_of(&query, "pp_enum"), Some("enumerator"));
    assert_eq!(kind_of(&query, "queried_object_id"), None);
    let _: Value = json!(query);
}
