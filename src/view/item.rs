//! What a path leads to: parts of a resource, and values that were computed from them.

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::json::Json;
use crate::input::number::parse_decimal;

/// One of the things that a path leads to.
#[derive(Clone, Debug)]
pub enum Item<'j> {
    /// A part of the resource, and its type where the name of its element tells: `Quantity` for `valueQuantity`.
    Part(&'j Json<'j>, Option<&'j str>),
    /// Computed: yes or no.
    Bool(bool),
    /// Computed: a number, exactly.
    Number(Decimal),
    /// Computed: a text, date or time.
    Text(Cow<'j, str>),
}

/// An item as what it can be compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Plain<'i> {
    /// Yes or no.
    Bool(bool),
    /// A number.
    Number(Decimal),
    /// A text, date or time.
    Text(&'i str),
    /// A list or an object.
    Whole(&'i Json<'i>),
}

impl<'j> Item<'j> {
    /// The item as what it can be compared with; none for a number of more digits than can be held.
    pub fn plain(&self) -> Option<Plain<'_>> {
        Some(match self {
            Item::Bool(value) | Item::Part(Json::Bool(value), _) => Plain::Bool(*value),
            Item::Number(value) => Plain::Number(*value),
            Item::Part(Json::Number(digits), _) => Plain::Number(parse_decimal(digits)?),
            Item::Text(text) | Item::Part(Json::Text(text), _) => Plain::Text(text),
            Item::Part(json, _) => Plain::Whole(json),
        })
    }

    /// Its text; none for what is none.
    pub fn text(&self) -> Option<&str> {
        if let Some(Plain::Text(text)) = self.plain() { Some(text) } else { None }
    }

    /// Whether it is of a type by FHIR's name: `Quantity`, `boolean`, `Observation`.
    pub fn is_of(&self, wanted: &str) -> bool {
        match self {
            Item::Part(_, Some(of)) => is_type(of, wanted),
            Item::Part(json, None) => match json.get("resourceType").and_then(Json::text) {
                Some(of) => of == wanted,
                None => matches!(
                    (json, wanted),
                    (Json::Bool(_), "boolean")
                        | (Json::Number(_), "decimal" | "integer" | "positiveInt" | "unsignedInt")
                        | (Json::Text(_), "string" | "code" | "id" | "uri" | "url" | "date" | "dateTime" | "time")
                        | (Json::Text(_), "instant" | "uuid" | "oid" | "canonical" | "markdown" | "base64Binary")
                ),
            },
            Item::Bool(_) => wanted == "boolean",
            Item::Number(_) => ["decimal", "integer"].contains(&wanted),
            Item::Text(_) => wanted == "string",
        }
    }
}

/// Whether the end of an element's name stands for a type: `DateTime` for `dateTime`.
fn is_type(of: &str, wanted: &str) -> bool {
    let first = |text: &str| text.chars().next().map(|first| first.to_ascii_uppercase());
    of.len() == wanted.len() && of.get(1..) == wanted.get(1..) && first(of) == first(wanted)
}
