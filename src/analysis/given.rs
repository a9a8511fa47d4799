//! What a referral may say of a fact, in no pack's own terms, so that two packs can be asked about the same referral.

use std::ops::Bound;

use rust_decimal::Decimal;

use crate::model::calendar::Date;
use crate::model::dictionary::{Dictionary, Domain, Normal, Scalar};
use crate::model::interval::Interval;
use crate::model::name::fold;
use crate::model::value::{State, Term, Value};

/// A value as a referral gives it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Given {
    /// Nothing.
    Absent,
    /// Yes or no.
    Bool(bool),
    /// A choice or a term, by name.
    Name(String),
    /// A whole number, or its bounds.
    Integer(Interval<i64>),
    /// A number in the dictionary's unit, or its bounds.
    Number(Interval<Decimal>),
    /// A day, or its bounds.
    Date(Interval<Date>),
}

/// A value with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Candidate {
    /// The value.
    pub value: Given,
    /// The day of the result.
    pub on: Option<Date>,
    /// The laboratory's own range.
    pub normal: Option<Normal>,
}

impl Candidate {
    /// Nothing said.
    pub const ABSENT: Candidate = Candidate { value: Given::Absent, on: None, normal: None };
}

impl Given {
    /// The value that a dictionary makes of it; none where it refuses it.
    pub fn value(&self, domain: &Domain, dictionary: &Dictionary) -> Option<Value> {
        Some(match (self, &domain.scalar) {
            (Given::Absent, _) => Value::Unknown(State::NotSupplied),
            (Given::Bool(value), Scalar::Bool) => Value::Bool(*value),
            (Given::Name(name), Scalar::Choice(values)) => {
                Value::Choice(values.iter().position(|value| value == name)? as u16)
            }
            (Given::Name(name), Scalar::Term(id)) => {
                let vocabulary = dictionary.vocabulary(*id);
                match (vocabulary.find(name), name.strip_prefix(OTHER)) {
                    (Some(concept), _) => Value::Term(Term::Known(concept)),
                    (None, Some(_)) => Value::Term(Term::Other(fold(name).into(), name.as_str().into())),
                    // A name of another list is refused.
                    (None, None) if !dictionary.other_holders(*id, name).is_empty() => return None,
                    (None, None) => Value::Term(Term::Unrecognised(name.as_str().into())),
                }
            }
            (Given::Integer(value), Scalar::Integer) => Value::Integer(*value),
            (Given::Number(value), Scalar::Number) => Value::Number(*value),
            (Given::Date(value), Scalar::Date) => Value::Date(*value),
            _ => return None,
        })
    }

    /// Whether it gives bounds only.
    pub fn is_vague(&self) -> bool {
        match self {
            Given::Integer(value) => value.exact().is_none(),
            Given::Number(value) => value.exact().is_none(),
            Given::Date(value) => value.exact().is_none(),
            Given::Absent | Given::Bool(_) | Given::Name(_) => false,
        }
    }

    /// Values that lie within bounds; none of what is no bounds.
    pub fn values(&self) -> Vec<Given> {
        fn ends<T: Copy + Ord>(interval: &Interval<T>) -> impl Iterator<Item = T> {
            let end = |bound: Bound<T>| if let Bound::Included(end) = bound { Some(end) } else { None };
            [interval.low(), interval.high()].into_iter().filter_map(end)
        }
        match self {
            _ if !self.is_vague() => Vec::new(),
            Given::Integer(value) => ends(value).map(|end| Given::Integer(Interval::Exact(end))).collect(),
            Given::Number(value) => ends(value).map(|end| Given::Number(Interval::Exact(end))).collect(),
            Given::Date(value) => ends(value).map(|end| Given::Date(Interval::Exact(end))).collect(),
            Given::Absent | Given::Bool(_) | Given::Name(_) => Vec::new(),
        }
    }

    /// The entries of a table that say it: `value = 18`, or bounds.
    pub fn entries(&self) -> Vec<(&'static str, String)> {
        fn ends<T: Copy + Ord>(interval: &Interval<T>, show: impl Fn(T) -> String) -> Vec<(&'static str, String)> {
            if let Some(value) = interval.exact() {
                return vec![("value", show(value))];
            }
            let low = match interval.low() {
                Bound::Included(low) => Some(("at_least", show(low))),
                Bound::Excluded(low) => Some(("above", show(low))),
                Bound::Unbounded => None,
            };
            let high = match interval.high() {
                Bound::Included(high) => Some(("at_most", show(high))),
                Bound::Excluded(high) => Some(("below", show(high))),
                Bound::Unbounded => None,
            };
            low.into_iter().chain(high).collect()
        }
        match self {
            Given::Absent => Vec::new(),
            Given::Bool(value) => vec![("value", value.to_string())],
            Given::Name(name) => vec![("value", format!("{name:?}"))],
            Given::Integer(interval) => ends(interval, |value| value.to_string()),
            Given::Number(interval) => ends(interval, |value: Decimal| value.normalize().to_string()),
            Given::Date(interval) => ends(interval, |value| value.to_string()),
        }
    }
}

/// What stands before the name of something that is on no list.
pub const OTHER: &str = "other: ";
