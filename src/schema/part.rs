//! The parts that schemas are made of, in the shapes that editors make most of.
//!
//! A reference stands by itself: in draft-07 its neighbours mean nothing. `allOf` never stands by itself, nor in a
//! table whose keys are to be offered: Taplo then loops, or offers none.

use serde_json::{Map, Value, json};

/// The draft that all schemas follow: the one that TOML language servers know best.
pub const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

const DAY: &str = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
const CLOCK: &str = "[0-9]{2}:[0-9]{2}(:[0-9]{2})?(\\.[0-9]{0,9})?";

/// A schema that says what it is for. What it says of several forms stands in the wrapping for those who complete, and
/// within for those who point.
pub fn about(schema: Value, about: &str) -> Value {
    let mut said = if schema.get("$ref").is_some() { json!({ "anyOf": [schema] }) } else { schema };
    said["description"] = about.into();
    if said.get("anyOf").is_some() {
        said = wrapped(said);
        said["description"] = about.into();
    }
    said
}

/// The same as one thing: without it, Taplo offers each of several forms by itself, and Tombi complains of each.
pub fn wrapped(schema: Value) -> Value {
    json!({ "allOf": [schema], "anyOf": [true] })
}

/// A reference to a definition of the same schema.
pub fn defined(name: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{name}") })
}

/// Any text.
pub fn text() -> Value {
    json!({ "type": "string" })
}

/// Any texts.
pub fn texts() -> Value {
    list(text())
}

/// A list of things alike.
pub fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

/// What fits one of several schemas.
pub fn any(schemas: Vec<Value>) -> Value {
    match &schemas[..] {
        [only] => only.clone(),
        _ => json!({ "anyOf": schemas }),
    }
}

/// A table of these keys and no others.
pub fn table(properties: Map<String, Value>, required: &[&str]) -> Value {
    let mut table = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        table["required"] = required.into();
    }
    table
}

/// A table of any names, each with a thing of one kind.
pub fn named(values: Value) -> Value {
    json!({ "type": "object", "additionalProperties": values })
}

/// That one of these keys is given.
pub fn one_of_keys<'k>(keys: impl IntoIterator<Item = &'k str>) -> Vec<Value> {
    keys.into_iter().map(|key| json!({ "required": [key] })).collect()
}

/// That none of these keys is given.
pub fn none_of_keys<'k>(keys: impl IntoIterator<Item = &'k str>) -> Value {
    json!({ "not": { "anyOf": one_of_keys(keys) } })
}

/// A day: a date of TOML, or the same as a text.
pub fn day() -> Value {
    any(vec![dated("date", DAY), written(DAY)])
}

/// A date, or a text or number that says roughly when.
pub fn when() -> Value {
    let mut forms = vec![text(), json!({ "type": "integer" })];
    let formats = ["date", "date-time-local", "date-time"].into_iter();
    forms.extend(formats.map(|format| json!({ "type": "string", "format": format })));
    any(forms)
}

/// A day, or a moment of it.
pub fn moment() -> Value {
    any(moments(DAY))
}

/// A day, or a month or year where only that is known.
pub fn days() -> Value {
    let mut forms = moments("[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?");
    forms.push(json!({ "type": "integer", "minimum": 1000, "maximum": 9999 }));
    any(forms)
}

/// Dates and date-times of TOML, and texts: a language server takes the former for texts or for a type of their own.
fn moments(text: &str) -> Vec<Value> {
    let zone = format!("[Zz]|[+-]{CLOCK}");
    let timed = format!("{DAY}[Tt ]{CLOCK}({zone})?");
    let written = written(&format!("{text}|{timed}"));
    vec![dated("date", DAY), dated("date-time-local", &timed), dated("date-time", &timed), written]
}

fn dated(format: &str, pattern: &str) -> Value {
    json!({ "type": "string", "format": format, "pattern": format!("^{pattern}$") })
}

fn written(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": format!("^({pattern})$") })
}
