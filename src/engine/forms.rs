//! The words and values of a verdict as its schema shows them.

use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::json;

use super::decide::Outcome;
use crate::model::value::State;
use crate::pack::program::Effect;

/// What a rule does.
pub fn effects(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "enum": Effect::ALL.map(Effect::word) })
}

/// What a rule came to.
pub fn outcomes(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "enum": Outcome::ALL.map(Outcome::word) })
}

/// Why a fact is not known.
pub fn states(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "enum": State::ALL.map(State::word) })
}

/// Whether a fact is known, or why not.
pub fn standings(_: &mut SchemaGenerator) -> Schema {
    let words: Vec<&str> = std::iter::once("known").chain(State::ALL.map(State::word)).collect();
    json_schema!({ "enum": words })
}

/// A value, its bounds, or the members of a list. A member that is not known is a table with its `status`.
pub fn values(_: &mut SchemaGenerator) -> Schema {
    let one = json!({ "type": ["boolean", "number", "string"] });
    let side = json!({ "type": ["number", "string"] });
    let bounds = json!({
        "type": "object",
        "properties": { "at_least": side, "above": side, "at_most": side, "below": side },
        "additionalProperties": false,
        "minProperties": 1,
    });
    let unknown = json!({
        "type": "object",
        "properties": { "status": { "enum": State::ALL.map(State::word) } },
        "additionalProperties": false,
        "required": ["status"],
    });
    let record = json!({ "type": "object", "additionalProperties": { "anyOf": [one, bounds, unknown] } });
    let member = json!({ "anyOf": [one, record] });
    json_schema!({ "anyOf": [one, bounds, { "type": "array", "items": member }] })
}
