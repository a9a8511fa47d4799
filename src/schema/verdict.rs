//! The schema of verdicts as `screen --format json` prints them, derived from the structures that are printed.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::part::defined;
use crate::engine::verdict::{SCHEMA, Verdict};

/// The schema of a verdict, or of several in an array.
pub fn schema() -> Value {
    let generator = SchemaSettings::draft07().for_serialize().into_generator();
    let mut verdict = generator.into_root_schema_for::<Verdict>().to_value();
    close(&mut verdict);
    let mut part = |key: &str| verdict.as_object_mut().and_then(|verdict| verdict.remove(key)).unwrap_or_default();
    let (draft, mut definitions) = (part("$schema"), part("definitions"));
    definitions["Verdict"] = verdict;
    json!({
        "$schema": draft,
        "title": SCHEMA,
        "description": "A reasoned verdict on one referral, or several in an array",
        "anyOf": [defined("Verdict"), { "type": "array", "items": defined("Verdict") }],
        "definitions": definitions,
    })
}

/// Keys that are left out when there is nothing to say are never null, and there are no others than those listed.
fn close(schema: &mut Value) {
    if let Some(types) = schema.get_mut("type").and_then(Value::as_array_mut) {
        types.retain(|word| word != "null");
        if let [only] = &types[..] {
            schema["type"] = only.clone();
        }
    }
    if let Some(forms) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        forms.retain(|form| form["type"] != "null");
    }
    if schema.get("properties").is_some() {
        schema["additionalProperties"] = false.into();
    }
    match schema {
        Value::Object(keys) => keys.values_mut().for_each(close),
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}
