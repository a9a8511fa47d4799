//! Values as JSON in the dictionary's units, and the digest of a referral's facts. Equal facts give equal bytes,
//! whatever their order and units were.

use serde_json::Value as Json;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use std::ops::Bound;

use rust_decimal::Decimal;

use crate::model::calendar::Date;
use crate::model::dictionary::{Dictionary, Domain, Fact, Scalar};
use crate::model::interval::Interval;
use crate::model::name::fold;
use crate::model::referral::{Referral, Said, Statement};
use crate::model::value::{List, Term, Value};

/// A fact's value as JSON; none where it is not known.
pub fn value(dictionary: &Dictionary, fact: &Fact, value: &Value) -> Option<Box<RawValue>> {
    RawValue::from_string(text(dictionary, fact, value, false)?).ok()
}

fn text(dictionary: &Dictionary, fact: &Fact, value: &Value, sorted: bool) -> Option<String> {
    match value {
        Value::List(list) => Some(self::list(dictionary, fact, list, sorted)),
        other => one(dictionary, fact.field_domain(0), other, sorted),
    }
}

/// A single value as JSON; in a digest (`folded`) a name that no vocabulary holds is one name however it is written.
fn one(dictionary: &Dictionary, domain: &Domain, value: &Value, folded: bool) -> Option<String> {
    match value {
        Value::Term(Term::Other(text, _)) if folded => Some(quoted(&format!("other: {text}"))),
        Value::Term(Term::Unrecognised(text)) if folded => Some(quoted(&fold(text))),
        other => scalar(dictionary, domain, other),
    }
}

/// A single value as JSON.
pub fn scalar(dictionary: &Dictionary, domain: &Domain, value: &Value) -> Option<String> {
    Some(match (value, &domain.scalar) {
        (Value::Unknown(_), _) => return None,
        (Value::Bool(value), _) => value.to_string(),
        (Value::Choice(index), Scalar::Choice(values)) => quoted(&values[usize::from(*index)]),
        (Value::Term(Term::Known(id)), Scalar::Term(vocabulary)) => {
            quoted(&dictionary.vocabulary(*vocabulary).concept(*id).name)
        }
        (Value::Term(Term::Other(_, text)), _) => quoted(&format!("other: {text}")),
        (Value::Term(Term::Unrecognised(text)), _) => quoted(text),
        (Value::Integer(integer), _) => interval(integer, |i| i.to_string()),
        (Value::Number(number), _) => interval(number, |n: Decimal| n.normalize().to_string()),
        (Value::Date(date), _) => interval(date, |d: Date| quoted(&d.to_string())),
        (Value::Choice(_) | Value::Term(_) | Value::List(_), _) => return None,
    })
}

/// A list; `sorted` by what its members say, as a digest takes it, or in the order its members are numbered in.
fn list(dictionary: &Dictionary, fact: &Fact, list: &List, sorted: bool) -> String {
    let member = |index: usize| {
        let values = list.member(index);
        if fact.fields().is_empty() {
            return one(dictionary, fact.field_domain(0), &values[0], sorted).unwrap_or_else(|| state(&values[0]));
        }
        let fields = fact.fields().iter().zip(values).filter_map(|(field, value)| {
            let value = match one(dictionary, &field.domain, value, sorted) {
                Some(value) => value,
                None if *value == Value::Unknown(crate::model::value::State::NotSupplied) => return None,
                None => state(value),
            };
            Some(format!("{}:{value}", quoted(&field.name)))
        });
        format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
    };
    let mut members: Vec<String> = (0..list.len()).map(member).collect();
    if sorted {
        members.sort();
    }
    format!("[{}]", members.join(","))
}

fn state(value: &Value) -> String {
    let word = value.state().map_or("known", |state| state.word());
    format!("{{\"status\":{}}}", quoted(word))
}

fn interval<T: Copy + Ord>(interval: &Interval<T>, show: impl Fn(T) -> String) -> String {
    if let Some(value) = interval.exact() {
        return show(value);
    }
    let side = |bound: Bound<T>, included: &str, excluded: &str| match bound {
        Bound::Included(value) => Some(format!("{}:{}", quoted(included), show(value))),
        Bound::Excluded(value) => Some(format!("{}:{}", quoted(excluded), show(value))),
        Bound::Unbounded => None,
    };
    let sides = [side(interval.low(), "at_least", "above"), side(interval.high(), "at_most", "below")];
    format!("{{{}}}", sides.into_iter().flatten().collect::<Vec<_>>().join(","))
}

fn quoted(text: &str) -> String {
    Json::from(text).to_string()
}

/// `sha256:…` over what is said of the facts, in canonical form.
pub fn digest(dictionary: &Dictionary, referral: &Referral) -> String {
    let mut facts: Vec<String> = referral.facts.iter().map(|said| said_text(dictionary, said)).collect();
    facts.sort();
    let hash = Sha256::digest(format!("{{{}}}", facts.join(",")));
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

fn said_text(dictionary: &Dictionary, said: &Said) -> String {
    let fact = dictionary.fact(said.fact);
    let closed = |one: &Statement| match &one.value {
        Value::List(list) if said.closes => {
            let value = Value::List(list.clone().closed());
            statement(dictionary, fact, &Statement { value, ..one.clone() })
        }
        _ => statement(dictionary, fact, one),
    };
    let mut statements: Vec<String> = said.statements.iter().map(closed).collect();
    if statements.is_empty() {
        statements.push("{\"complete\":true}".into());
    }
    statements.sort();
    format!("{}:[{}]", quoted(&fact.name), statements.join(","))
}

/// One statement in canonical form.
pub fn statement(dictionary: &Dictionary, fact: &Fact, statement: &Statement) -> String {
    let mut parts = vec![match text(dictionary, fact, &statement.value, true) {
        Some(value) => format!("\"value\":{value}"),
        None => format!("\"status\":{}", state(&statement.value)),
    }];
    if let Value::List(list) = &statement.value {
        parts.push(format!("\"complete\":{}", !list.open));
        let source = |member| list.source(member).map_or("null".into(), quoted);
        let sources: Vec<String> = (0..list.len()).map(source).collect();
        if sources.iter().any(|source| source != "null") {
            parts.push(format!("\"sources\":[{}]", sources.join(",")));
        }
    }
    parts.extend(statement.on.map(|on| format!("\"on\":{}", quoted(&on.to_string()))));
    parts.extend(statement.source.as_ref().map(|source| format!("\"source\":{}", quoted(source))));
    parts.extend(statement.normal.map(|n| format!("\"range\":[{},{}]", n.low.normalize(), n.high.normalize())));
    parts.extend(statement.corrects.then(|| "\"corrects\":true".to_owned()));
    format!("{{{}}}", parts.join(","))
}
