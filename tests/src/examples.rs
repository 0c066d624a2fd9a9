//! Examples of calls and results: a value for each field, found by its type alone.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use vss_sim::api::{ComponentInfo, LunInformation, SnapshotProp};

/// One value of each type that a parameter can have; the first that fits is taken.
fn values() -> Vec<Value> {
    let guid = "7673736c-0000-0000-0000-000000000003";
    vec![
        json!(guid),
        json!(3),
        json!(true),
        json!("session-3"),
        json!("VSS_E_BAD_STATE"),
        json!("4711"),
        // Flags: a bit without a name.
        json!("0x40000000"),
        json!([guid]),
        json(&SnapshotProp::default()),
        json(&ComponentInfo::default()),
        json(&LunInformation::default()),
        json!([json(&LunInformation::default())]),
        json!(["text"]),
        json!([{ "snapshot": json(&SnapshotProp::default()) }]),
        json!({ "i4": 3 }),
        json!("null"),
    ]
}

fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("JSON")
}

/// `{"Variant": {"name": value, ...}}` in that order.
pub fn text(variant: &str, fields: &[(&str, Value)]) -> String {
    let fields: Vec<String> = fields.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{\"{variant}\":{{{}}}}}", fields.join(","))
}

/// A value of the variant with those fields: each field gets the first value that its type takes.
pub fn example<T: DeserializeOwned>(
    variant: &str,
    names: &[&'static str],
) -> Option<Vec<(&'static str, Value)>> {
    let mut fields: Vec<(&'static str, Value)> = Vec::new();
    for name in names {
        let fits = |value: &Value| {
            let tried: Vec<_> = fields.iter().cloned().chain([(*name, value.clone())]).collect();
            // Fields are read in order, so a missing later one says that this one was taken.
            match serde_json::from_str::<T>(&text(variant, &tried)) {
                Ok(_) => true,
                Err(error) => {
                    let missing =
                        |later: &&str| error.to_string().starts_with(&format!("missing field `{later}`"));
                    names[tried.len()..].iter().any(missing)
                }
            }
        };
        let value = values().into_iter().find(fits)?;
        fields.push((name, value));
    }
    serde_json::from_str::<T>(&text(variant, &fields)).ok().map(|_| fields)
}
