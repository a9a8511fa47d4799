//! Dates and values of resources, as a referral writes them.

use crate::model::calendar::{Date, days_between, parse_day, parse_days};
use crate::model::dictionary::{Field, Scalar};
use crate::model::name::is_active;
use crate::pack::mapping::Literal;

/// The days that a date or moment can mean: one, or those of its month or year.
pub fn days(text: &str) -> Option<(Date, Date)> {
    parse_days(text.split('T').next()?)
}

/// Whether a date lies so many days back at most, whichever day it means; one that is not given does not.
pub fn is_within(on: Option<&str>, within: i64, as_of: Date) -> bool {
    on.and_then(days).is_some_and(|(first, _)| days_between(first, as_of) <= within)
}

/// A text as a value of a type: dates stand bare, and as texts where they are a month or a year.
pub fn literal(text: &str, scalar: &Scalar) -> Literal {
    match scalar {
        Scalar::Date => match text.split('T').next().filter(|day| parse_day(day).is_some()) {
            Some(day) => day.to_owned(),
            None => quoted(text),
        },
        Scalar::Integer | Scalar::Number if text.parse::<rust_decimal::Decimal>().is_ok() => text.to_owned(),
        _ => quoted(text),
    }
}

/// A text as TOML writes it, with what a terminal would obey escaped.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            c if is_active(c) => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// The one thing that all say; none where they differ.
pub fn unanimous<'l>(mut said: impl Iterator<Item = &'l Literal>) -> Option<Literal> {
    let first = said.next()?;
    said.all(|other| other == first).then(|| first.clone())
}

/// The name of the field that says what a member is; none of a set.
pub fn first_field(fields: &[Field]) -> String {
    fields.first().map(|field| field.name.clone()).unwrap_or_default()
}
