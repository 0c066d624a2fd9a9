//! Steps of a case as lines for people: `AddToSnapshotSet("D:\", GUID_NULL) → S_OK, snapshot-1`.
//!
//! Arguments stand in the documented order, as in C; out-pointers only show when they are not valid.

use serde::Serialize;
use serde_json::Value;
use vss_sim::api::{
    Call, HResult, INFINITE, ProviderCall, ProviderObject, ProviderReply, Reply, SnapshotContext,
};

use crate::bench::Step;
use crate::names::Names;

/// Longer texts are cut.
const TEXT_CHARS_MAX: usize = 40;

/// Longer answers are cut.
const ANSWER_CHARS_MAX: usize = 120;

/// The lines of a log, each on the object it is about.
pub fn lines(log: &[Step], names: &mut Names) -> Vec<(String, String)> {
    log.iter().map(|step| line(step, names)).collect()
}

/// What a step is about, and its text.
pub(crate) fn line(step: &Step, names: &mut Names) -> (String, String) {
    match step {
        Step::Load { lab, answer } => {
            ("lab".to_owned(), format!("load \"{lab}\"{}", refusal(answer.as_ref().err())))
        }
        Step::Call { on, call, reply } => {
            (on.to_string(), format!("{} → {}", call_text(call, names), reply_text(call, reply, names)))
        }
        Step::CallProvider { on, call, answer } => {
            let about = match on {
                ProviderObject::Provider => "provider".to_owned(),
                ProviderObject::Async(number) => format!("provider's async-{number}"),
                ProviderObject::Enumerator(number) => format!("provider's enumerator-{number}"),
            };
            let answer = match &**answer {
                Ok(reply) => provider_reply_text(call, reply, names),
                Err(unavailable) => format!("unavailable: {unavailable}"),
            };
            (about, format!("{} → {answer}", provider_call_text(call, names)))
        }
        Step::Act { action, answer } => {
            ("lab".to_owned(), format!("{}{}", plain(action, names), refusal(answer.as_ref().err())))
        }
        Step::Ask { question, answer } => {
            let seen = match answer {
                Ok(seen) => cut(&plain(seen, names), ANSWER_CHARS_MAX),
                Err(unavailable) => format!("unavailable: {unavailable}"),
            };
            ("look".to_owned(), format!("{} → {seen}", plain(question, names)))
        }
        Step::Note(text) => ("note".to_owned(), text.clone()),
    }
}

fn refusal(unavailable: Option<&vss_sim::api::Unavailable>) -> String {
    unavailable.map_or_else(String::new, |unavailable| format!(" → unavailable: {unavailable}"))
}

/// `RecoverSet(0x100)`
pub fn call_text(call: &Call, names: &mut Names) -> String {
    invocation(call.method().name, parameters(call).0, call, names)
}

/// `CommitSnapshots(set-1)`
pub fn provider_call_text(call: &ProviderCall, names: &mut Names) -> String {
    invocation(call.method().name, provider_parameters(call).0, call, names)
}

/// Name and arguments; out-pointers only when they are not valid.
fn invocation(method: &str, given: &[&str], call: &impl Serialize, names: &mut Names) -> String {
    let fields = fields_of(call);
    let mut arguments: Vec<String> =
        given.iter().filter_map(|&name| Some(value_text(name, fields.get(name)?, names))).collect();
    let pointers = fields.iter().filter(|(name, _)| !given.contains(&name.as_str()));
    arguments.extend(pointers.filter(|(_, pointer)| *pointer != "valid").map(|(name, pointer)| {
        match pointer.as_str() {
            Some("null") => format!("{name}=NULL"),
            Some(state) => format!("{name}={state}"),
            None => name.clone(),
        }
    }));
    format!("{method}({})", arguments.join(", "))
}

/// `S_OK, async-1`
pub fn reply_text(call: &Call, reply: &Reply, names: &mut Names) -> String {
    answer(reply.hresult, parameters(call).1, reply.out.as_ref(), names)
}

/// `S_OK, TRUE, after 200 ms`
pub fn provider_reply_text(call: &ProviderCall, reply: &ProviderReply, names: &mut Names) -> String {
    let mut text = answer(reply.hresult, provider_parameters(call).1, reply.out.as_ref(), names);
    if reply.took_ms > 0 {
        text.push_str(&format!(", after {} ms", reply.took_ms));
    }
    text
}

fn answer(code: HResult, written: &[&str], out: Option<&impl Serialize>, names: &mut Names) -> String {
    let mut text = code_text(code);
    if let Some(out) = out {
        let fields = fields_of(out);
        for &name in written {
            if let Some(value) = fields.get(name) {
                text.push_str(", ");
                text.push_str(&value_text(name, value, names));
            }
        }
    }
    text
}

/// A code by its name alone.
pub fn code_text(code: HResult) -> String {
    code.name().map_or_else(|| code.to_string(), str::to_owned)
}

fn parameters(call: &Call) -> (&'static [&'static str], &'static [&'static str]) {
    let method = call.method();
    let index = Call::METHODS.iter().position(|known| *known == method);
    index.and_then(|index| Call::PARAMETERS.get(index)).copied().unwrap_or_default()
}

fn provider_parameters(call: &ProviderCall) -> (&'static [&'static str], &'static [&'static str]) {
    let method = call.method();
    let index = ProviderCall::METHODS.iter().position(|known| *known == method);
    index.and_then(|index| ProviderCall::PARAMETERS.get(index)).copied().unwrap_or_default()
}

/// The fields of an enum variant.
pub(crate) fn fields_of(variant: &impl Serialize) -> serde_json::Map<String, Value> {
    match serde_json::to_value(variant) {
        Ok(Value::Object(outer)) => match outer.into_iter().next() {
            Some((_, Value::Object(fields))) => fields,
            _ => serde_json::Map::new(),
        },
        _ => serde_json::Map::new(),
    }
}

/// The value of a field, as it stands among arguments.
pub(crate) fn value_text(field: &str, value: &Value, names: &mut Names) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(true) => "TRUE".to_owned(),
        Value::Bool(false) => "FALSE".to_owned(),
        Value::Number(number) => number_text(field, number),
        Value::String(text) => text_text(field, text, names),
        Value::Array(items) => {
            if let Some(text) = printable(items) {
                return format!("{text:?}");
            }
            let items: Vec<String> = items.iter().map(|item| value_text(field, item, names)).collect();
            format!("[{}]", cut(&items.join(", "), ANSWER_CHARS_MAX))
        }
        Value::Object(fields) if fields.contains_key("device_id_descriptor") => lun_text(fields),
        Value::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| format!("{name}: {}", value_text(name, value, names)))
                .collect();
            format!("{{{}}}", cut(&fields.join(", "), ANSWER_CHARS_MAX))
        }
    }
}

/// A LUN by its serial number, with what a provider may get wrong about it.
fn lun_text(fields: &serde_json::Map<String, Value>) -> String {
    let serial = fields.get("serial_number").and_then(Value::as_str);
    let identifiers = fields["device_id_descriptor"].get("identifiers").and_then(Value::as_array);
    if serial.is_none() && identifiers.is_none_or(Vec::is_empty) {
        return "an empty LUN".to_owned();
    }
    let mut text = format!("LUN {}", serial.unwrap_or("without a serial number"));
    if identifiers.is_none_or(Vec::is_empty) {
        text.push_str(" without page 0x83");
    }
    if fields.get("version").and_then(Value::as_u64) != Some(1) {
        text.push_str(" of no version");
    }
    text
}

/// Bytes that are all printable text, as that text.
fn printable(items: &[Value]) -> Option<String> {
    let byte = |item: &Value| item.as_u64().and_then(|byte| u8::try_from(byte).ok());
    let shown = |byte: &u8| matches!(byte, b' '..=b'~');
    let text: Option<String> = items.iter().map(|item| byte(item).filter(shown).map(char::from)).collect();
    text.filter(|text| text.len() > 1)
}

fn number_text(field: &str, number: &serde_json::Number) -> String {
    let mask = ["flags", "context", "attributes", "mask"].iter().any(|part| field.contains(part));
    match number.as_u64() {
        Some(value) if field == "dw_milliseconds" && value == u64::from(INFINITE) => "INFINITE".to_owned(),
        Some(value) if mask && value > 9 => format!("0x{value:X}"),
        _ => number.to_string(),
    }
}

/// Ids, codes, enumeration values and objects stand bare, other texts in quotes with their backslashes as they are.
fn text_text(field: &str, text: &str, names: &mut Names) -> String {
    if let Ok(id) = vss_sim::api::Guid::try_parse(text) {
        return if id.is_nil() { "GUID_NULL".to_owned() } else { names.name(id, field).to_owned() };
    }
    if field.contains("context") {
        return context_text(text);
    }
    let is_text =
        ["wsz", "bstr", "name", "path", "volume", "object", "machine", "document", "prefix", "exposed"];
    if is_text.iter().any(|part| field.contains(part)) {
        let named = names.replace(text, field);
        return format!("\"{}\"", cut(&named.replace(['\r', '\n'], " "), TEXT_CHARS_MAX));
    }
    text.to_owned()
}

/// A context by its own name, then the attributes that it does not stand for: `NAS_ROLLBACK | PLEX`.
fn context_text(text: &str) -> String {
    let Ok(context) = bitflags::parser::from_str::<SnapshotContext>(text) else { return text.to_owned() };
    let named = SnapshotContext::all().iter_names().filter(|(_, named)| context.contains(*named));
    let named = named.max_by_key(|(_, named)| named.bits().count_ones());
    let rest = named.map_or(context, |(_, named)| context - named);
    let attributes =
        (!rest.is_empty()).then(|| rest.attributes().iter_names().map(|(name, _)| name.to_owned()));
    let names: Vec<String> =
        named.map(|(name, _)| name.to_owned()).into_iter().chain(attributes.into_iter().flatten()).collect();
    if names.is_empty() { "BACKUP".to_owned() } else { names.join(" | ") }
}

/// JSON without its quotes and braces at the outside: short enough for actions, questions and answers.
fn plain(value: &impl Serialize, names: &mut Names) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(text)) => text,
        Ok(Value::Object(outer)) => {
            let parts =
                outer.iter().map(|(name, value)| format!("{name} {}", value_text(name, value, names)));
            parts.collect::<Vec<_>>().join(", ")
        }
        Ok(other) => value_text("", &other, names),
        Err(error) => error.to_string(),
    }
}

fn cut(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let kept: String = text.chars().take(chars_max.saturating_sub(1)).collect();
    format!("{kept}…")
}
