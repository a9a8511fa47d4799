//! What a referral may say of a fact, as schemas: plain values, statements with dates and sources, bounds, states,
//! series, lists and records.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::part::{about, any, days, defined, list, moment, none_of_keys, one_of_keys, table, text, wrapped};
use super::spelling::spellings;
use crate::input::scalar::NOTHING;
use crate::model::dictionary::{Dictionary, Domain, Field, Limit, Scalar, Shape};
use crate::model::name::RESERVED;
use crate::model::value::State;
use crate::model::vocabulary::Vocabulary;

/// The keys of bounds.
const BOUNDS: [&str; 4] = ["below", "above", "at_least", "at_most"];

/// Definitions that facts refer to: the words for states, days, moments, and the terms of each vocabulary. They say
/// nothing of themselves: an editor would show that before what a fact is.
pub fn definitions(dictionary: &Dictionary) -> Map<String, Value> {
    let own = [("state", any(words(RESERVED))), ("days", days()), ("moment", moment())];
    let own = own.into_iter().map(|(name, schema)| (name.to_owned(), schema));
    own.chain(dictionary.vocabularies().iter().map(|vocabulary| (terms(vocabulary), names(vocabulary)))).collect()
}

/// A key that says why there is no value.
fn status() -> Value {
    let unreadable = json!({ "enum": [State::Unreadable.word()] });
    let why = "Why there is no value: nobody knows, it is awaited, the test was not done, or what is on record cannot be read";
    about(any(vec![defined("state"), unreadable]), why)
}

/// Keys that say when a result was obtained, who says so, and whether that corrects what others say.
fn origin() -> [(String, Value); 3] {
    let on = about(defined("moment"), "The day of the result, with a time of day where that counts");
    let corrects = about(json!({ "type": "boolean" }), "Whether it stands in the place of what others say");
    [("on".to_owned(), on), source(), ("corrects".to_owned(), corrects)]
}

fn source() -> (String, Value) {
    ("source".to_owned(), about(text(), "Who says so, such as `cardiology`"))
}

fn terms(vocabulary: &Vocabulary) -> String {
    format!("terms-{}", vocabulary.name)
}

/// The names of a vocabulary, to choose from; a term that it does not hold is accepted all the same.
fn names(vocabulary: &Vocabulary) -> Value {
    let all = vocabulary.concepts().flat_map(|(_, concept)| std::iter::once(&concept.name).chain(&concept.also));
    let mut seen = BTreeSet::new();
    let all: Vec<&String> = all.filter(|name| seen.insert(*name)).collect();
    let nothing: Vec<&str> = NOTHING.into_iter().filter(|word| vocabulary.find(word).is_none()).collect();
    let other = json!({ "type": "string", "not": { "enum": nothing } });
    if all.is_empty() { other } else { any(vec![json!({ "enum": all }), other]) }
}

/// One of some words, however it is written. The words come first, and the pattern is wrapped, so that editors show and
/// complain about the words.
fn words<'w>(words: impl IntoIterator<Item = &'w str>) -> Vec<Value> {
    let words: Vec<&str> = words.into_iter().collect();
    let pattern = spellings(words.iter().copied());
    let written = json!({ "type": "string", "pattern": pattern });
    vec![json!({ "type": "string", "enum": words }), wrapped(written)]
}

/// What may be said of facts.
#[derive(Clone, Copy)]
pub struct Said<'d> {
    /// The dictionary.
    pub dictionary: &'d Dictionary,
}

impl Said<'_> {
    /// What may be said of a fact of a shape.
    pub fn of(self, shape: &Shape) -> Value {
        match shape {
            Shape::One(domain) => {
                let mut forms = self.plain(domain);
                forms.push(self.statement(domain, true, &[]));
                let mut series = list(self.statement(domain, true, &["on"]));
                series["minItems"] = 1.into();
                forms.push(series);
                any(forms)
            }
            Shape::Set(domain) => {
                let named = [("value".to_owned(), any(self.plain(domain))), source()].into_iter().collect();
                let mut forms = self.plain(domain);
                forms.push(table(named, &["value"]));
                listed(any(forms))
            }
            Shape::Records(fields) => listed(self.record(fields)),
        }
    }

    /// A record, or its first field alone.
    fn record(self, fields: &[Field]) -> Value {
        let field = |field: &Field| {
            let mut forms = self.plain(&field.domain);
            forms.push(self.statement(&field.domain, false, &[]));
            let mut schema = about(any(forms), &field.question);
            schema["title"] = field.label.as_str().into();
            (field.name.clone(), schema)
        };
        let mut forms = fields.first().map(|first| self.plain(&first.domain)).unwrap_or_default();
        forms.push(table([source()].into_iter().chain(fields.iter().map(field)).collect(), &[]));
        any(forms)
    }

    /// A value by itself, in the dictionary's unit and within its limits, or a state. A number that has a unit must
    /// be given one.
    fn plain(self, domain: &Domain) -> Vec<Value> {
        if needs_unit(domain) { vec![defined("state")] } else { self.or_state(domain, self.bare(domain, true)) }
    }

    /// A value or a state.
    fn or_state(self, domain: &Domain, value: Value) -> Vec<Value> {
        match &domain.scalar {
            Scalar::Choice(values) => words(values.iter().map(String::as_str).chain(RESERVED)),
            _ => vec![value, defined("state")],
        }
    }

    /// A value without a unit, `within` its limits.
    fn bare(self, domain: &Domain, within: bool) -> Value {
        let number = |word: &str| {
            let mut schema = json!({ "type": word });
            for (key, limit) in [("minimum", &domain.min), ("maximum", &domain.max)] {
                if let Some(Limit::Number(limit)) = limit.as_ref().filter(|_| within) {
                    schema[key] = json_number(*limit);
                }
            }
            schema
        };
        match &domain.scalar {
            Scalar::Bool => json!({ "type": "boolean" }),
            Scalar::Integer => number("integer"),
            Scalar::Number => number("number"),
            Scalar::Date => defined("days"),
            Scalar::Choice(values) => any(words(values.iter().map(String::as_str))),
            Scalar::Term(id) => defined(&terms(self.dictionary.vocabulary(*id))),
        }
    }

    /// A statement as a table: a value, a status or bounds, and what goes with it. A field has no origin of its own.
    fn statement(self, domain: &Domain, has_origin: bool, required: &[&str]) -> Value {
        let mut table = table(self.keys(domain, has_origin), required);
        let mut says = one_of_keys(["value", "status"]);
        if is_ordered(domain) {
            says.push(json!({ "anyOf": one_of_keys(BOUNDS) }));
            let twice = [["at_least", "above"], ["at_most", "below"]];
            let twice: Vec<Value> = twice.iter().map(|both| json!({ "required": both })).collect();
            table["not"] = any(twice);
        }
        table["oneOf"] = says.into();
        if domain.unit.is_some() {
            let bare = self.without_unit(domain);
            table["anyOf"] = one_of_keys(["unit"]).into_iter().chain(bare).collect();
        }
        table
    }

    /// The keys of a statement. What is given in a unit may be any number; without one it has the type of the fact.
    fn keys(self, domain: &Domain, has_origin: bool) -> Map<String, Value> {
        let converts = domain.unit.is_some();
        let given = |within: bool| if converts { json!({ "type": "number" }) } else { self.bare(domain, within) };
        let mut keys = Map::new();
        keys.insert("value".into(), about(any(self.or_state(domain, given(true))), "The value"));
        keys.insert("status".into(), status());
        if is_ordered(domain) {
            let words = ["Less than this", "More than this", "This or more", "This or less"];
            let bounds = BOUNDS.into_iter().zip(words);
            keys.extend(bounds.map(|(key, words)| (key.to_owned(), about(given(false), words))));
        }
        if let Some(unit) = &domain.unit {
            let unit = any(vec![json!({ "enum": [unit.code()] }), text()]);
            keys.insert("unit".into(), about(unit, "The unit it is given in, as the report has it"));
        }
        if has_origin {
            keys.extend(origin());
        }
        if has_origin && domain.scalar == Scalar::Number {
            let range = json!({ "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2 });
            keys.insert("range".into(), about(range, "The laboratory's own normal range, low and high"));
        }
        keys
    }

    /// What can hold of a statement that names no unit, of a fact that has one. (Without the word that further keys are
    /// fine, some editors doubt them here.)
    fn without_unit(self, domain: &Domain) -> Vec<Value> {
        if needs_unit(domain) {
            let value = json!({ "value": defined("state") });
            let state = json!({ "properties": value, "required": ["value"], "additionalProperties": true });
            return vec![json!({ "required": ["status"] }), state];
        }
        let bounds = BOUNDS.iter().map(|key| ((*key).to_owned(), self.bare(domain, false)));
        let mut keys: Map<String, Value> = bounds.collect();
        keys.insert("value".into(), any(self.or_state(domain, self.bare(domain, true))));
        vec![json!({ "properties": keys, "additionalProperties": true })]
    }
}

/// A list of members, complete or not, or the state it is in.
fn listed(member: Value) -> Value {
    let members = list(member);
    let open = "Whether nothing is missing: `false` where what is not on the list is unknown";
    let value = about(any(vec![members.clone(), defined("state")]), "The members; `[]` where there is none");
    let keys = [("value", value), ("complete", about(json!({ "type": "boolean" }), open)), ("status", status())];
    let keys = keys.into_iter().map(|(key, schema)| (key.to_owned(), schema)).chain(origin());
    let mut open = table(keys.collect(), &[]);
    let closes = json!({
        "properties": { "complete": { "const": true } }, "required": ["complete"], "maxProperties": 1,
    });
    open["oneOf"] = one_of_keys(["value", "status"]).into_iter().chain([closes]).collect();
    let whole = json!({ "properties": { "value": { "type": "array" } } });
    open["dependencies"] = json!({ "complete": { "allOf": [whole, none_of_keys(["status"])] } });
    any(vec![members, defined("state"), open])
}

/// Whether bounds may be given.
fn is_ordered(domain: &Domain) -> bool {
    matches!(domain.scalar, Scalar::Integer | Scalar::Number | Scalar::Date)
}

fn needs_unit(domain: &Domain) -> bool {
    domain.scalar == Scalar::Number && domain.unit.as_ref().is_some_and(|unit| !unit.is_plain())
}

fn json_number(number: Decimal) -> Value {
    let text = number.normalize().to_string();
    serde_json::from_str(&text).unwrap_or_else(|_| text.into())
}
