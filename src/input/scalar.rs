//! Single values: a node of a document into a value of a fact's domain, in the dictionary's unit.

use std::ops::Bound;

use rust_decimal::Decimal;

use super::document::{Kind, Node};
use super::number::{as_entry, parse_decimal};
use super::problem::Problem;
use crate::model::calendar::{Date, Moment, parse_day, parse_days};
use crate::model::dictionary::{Dictionary, Domain, Limit, Scalar, VocabularyId};
use crate::model::interval::Interval;
use crate::model::name::{RESERVED, fold, nearest};
use crate::model::unit::{Conversion, Unit};
use crate::model::value::{State, Term, Value};

/// Words for "nothing" that are no term: a list says so by being empty.
pub const NOTHING: [&str; 10] =
    ["none", "no", "nil", "nothing", "nkda", "nka", "n/a", "na", "negative", "not applicable"];

/// Where a value belongs: its fact or field as `fact` or `fact.field`, and what it may be.
#[derive(Clone, Copy)]
pub struct Target<'d> {
    /// `fact` or `fact.field`.
    pub what: &'d str,
    /// What values it takes.
    pub domain: &'d Domain,
    /// The dictionary it is part of.
    pub dictionary: &'d Dictionary,
    /// The date the referral is screened for.
    pub as_of: Date,
    /// Whether its age counts, and no date is given.
    pub undated: bool,
    /// Whether to look for what a name may mean.
    pub hinted: bool,
}

/// The state a reserved word names.
pub fn state_of(text: &str) -> Option<State> {
    let folded = fold(text);
    let index = RESERVED.iter().position(|word| *word == folded)?;
    Some([State::Unknown, State::Pending, State::NotDone][index])
}

/// The way from the unit a value is given in to the dictionary's; `None` where there is nothing to convert.
pub type Given = Option<(Unit, Conversion)>;

impl Target<'_> {
    /// Reads a bare value: a state's word, or a value without a unit of its own.
    pub fn bare(&self, node: &Node) -> Result<Value, Problem> {
        if let Some(state) = node.text().and_then(state_of) {
            return Ok(Value::Unknown(state));
        }
        self.measured(node, &None)?;
        self.value(node, &None)
    }

    /// A number whose fact has a unit must come with one.
    pub fn measured(&self, node: &Node, given: &Given) -> Result<(), Problem> {
        let needed = self.domain.scalar == Scalar::Number && self.domain.unit.as_ref().is_some_and(|u| !u.is_plain());
        if !needed || given.is_some() {
            return Ok(());
        }
        self.decimal(node)?;
        Err(self.missing_unit(node))
    }

    /// Reads a value given in a unit (or in none).
    pub fn value(&self, node: &Node, given: &Given) -> Result<Value, Problem> {
        match &self.domain.scalar {
            Scalar::Bool => match node.kind {
                Kind::Bool(value) => Ok(Value::Bool(value)),
                _ => Err(self.wrong(node, &self.accepted())),
            },
            Scalar::Choice(values) => self.choice(node, values),
            Scalar::Term(vocabulary) => self.term(node, *vocabulary),
            Scalar::Integer => self.plausible(Value::Integer(Interval::Exact(self.integer(node, given)?)), node),
            Scalar::Number => self.plausible(Value::Number(Interval::Exact(self.number(node, given)?)), node),
            Scalar::Date => self.plausible(Value::Date(self.date(node)?), node),
        }
    }

    /// Reads bounds: each side inclusive (`true`) or strict.
    pub fn bounds(
        &self,
        low: Option<(&Node, bool)>,
        high: Option<(&Node, bool)>,
        given: &Given,
    ) -> Result<Value, Problem> {
        let value = match &self.domain.scalar {
            Scalar::Number => {
                let side = |side: Option<(&Node, bool)>| -> Result<Bound<Decimal>, Problem> {
                    let Some((node, included)) = side else { return Ok(Bound::Unbounded) };
                    let number = self.number(node, given)?;
                    Ok(if included { Bound::Included(number) } else { Bound::Excluded(number) })
                };
                Value::Number(self.interval(side(low)?, side(high)?)?)
            }
            Scalar::Integer => {
                let side = |side: Option<(&Node, bool)>, inward: i64| -> Result<Bound<i64>, Problem> {
                    let Some((node, included)) = side else { return Ok(Bound::Unbounded) };
                    let number = self.integer(node, given)?;
                    let number = if included { Some(number) } else { number.checked_add(inward) };
                    number.map(Bound::Included).ok_or_else(|| self.too_long(node))
                };
                Value::Integer(self.interval(side(low, 1)?, side(high, -1)?)?)
            }
            Scalar::Date => Value::Date(self.interval(self.earliest(low)?, self.latest(high)?)?),
            Scalar::Bool | Scalar::Choice(_) | Scalar::Term(_) => {
                let (node, _) = low.or(high).expect("bounds have a side");
                return Err(Problem::WrongType {
                    what: self.what.into(),
                    given: "bounds".into(),
                    accepted: format!("a {}, as `value`, not {}", self.domain.scalar.word(), node.word()),
                });
            }
        };
        let (node, _) = low.or(high).expect("bounds have a side");
        self.plausible(value, node)
    }

    /// A number in the dictionary's unit.
    pub fn number(&self, node: &Node, given: &Given) -> Result<Decimal, Problem> {
        let number = self.decimal(node)?;
        match given {
            None => Ok(number),
            Some((_, conversion)) => conversion.apply(number).ok_or_else(|| self.too_long(node)),
        }
    }

    fn decimal(&self, node: &Node) -> Result<Decimal, Problem> {
        match &node.kind {
            Kind::Integer(text) | Kind::Decimal(text) => parse_decimal(text).ok_or_else(|| self.too_long(node)),
            _ => Err(self.wrong(node, &self.accepted())),
        }
    }

    /// A whole number in the dictionary's unit.
    fn integer(&self, node: &Node, given: &Given) -> Result<i64, Problem> {
        match (&node.kind, given) {
            (Kind::Integer(text), None) => text.parse().map_err(|_| self.too_long(node)),
            (Kind::Integer(_) | Kind::Decimal(_), Some(_)) => {
                let number = self.number(node, given)?;
                let whole = number.fract().is_zero().then(|| i64::try_from(number).ok()).flatten();
                whole.ok_or_else(|| self.wrong(node, "a whole number in the dictionary's unit"))
            }
            _ => Err(self.wrong(node, &self.accepted())),
        }
    }

    fn choice(&self, node: &Node, values: &[String]) -> Result<Value, Problem> {
        let Some(text) = node.text() else {
            return Err(self.wrong(node, &self.accepted()));
        };
        let folded = fold(text);
        match values.iter().position(|value| fold(value) == folded) {
            Some(index) => Ok(Value::Choice(index as u16)),
            None => Err(Problem::NotAChoice {
                what: self.what.into(),
                given: text.into(),
                accepted: values.to_vec(),
                nearest: nearest(text, values.iter().map(String::as_str)).into_iter().map(String::from).collect(),
            }),
        }
    }

    fn term(&self, node: &Node, id: VocabularyId) -> Result<Value, Problem> {
        let Some(text) = node.text() else { return Err(self.wrong(node, &self.accepted())) };
        let (text, other) = match text.split_once(':').filter(|(word, _)| fold(word) == "other") {
            Some((_, other)) => (other.trim(), true),
            None => (text, false),
        };
        if other && (fold(text).is_empty() || state_of(text).is_some()) {
            return Err(self.wrong(node, "`other: NAME` with the name of something that is on no list"));
        }
        if let Some(term) = self.dictionary.vocabulary(id).find(text) {
            return Ok(Value::Term(Term::Known(term)));
        }
        if other {
            return Ok(Value::Term(Term::Other(fold(text).into(), text.into())));
        }
        let facts = self.dictionary.other_holders(id, text);
        if facts.is_empty() && NOTHING.contains(&&*fold(text)) {
            return Err(Problem::SaysNone { what: self.what.into(), given: text.into() });
        }
        if facts.is_empty() {
            return Ok(Value::Term(Term::Unrecognised(text.trim().into())));
        }
        let near = if self.hinted { self.dictionary.vocabulary(id).nearest(text) } else { Vec::new() };
        let nearest = near.into_iter().map(String::from).collect();
        Err(Problem::OtherFact { what: self.what.into(), given: text.trim().into(), facts, nearest })
    }

    /// A day, or the bounds that a month or a year gives.
    fn date(&self, node: &Node) -> Result<Interval<Date>, Problem> {
        let (first, last) = self.days(node)?;
        Ok(Interval::within(Bound::Included(first), Bound::Included(last)))
    }

    fn days(&self, node: &Node) -> Result<(Date, Date), Problem> {
        let not_a_date = |text: &str| Problem::NotADate { what: self.what.into(), given: text.into() };
        match &node.kind {
            Kind::Moment(text) => {
                let day = text.get(..10).and_then(parse_day).ok_or_else(|| not_a_date(text))?;
                Ok((day, day))
            }
            Kind::Text(text) => {
                let day = || Moment::parse(text).map(|moment| (moment.day, moment.day));
                parse_days(text).or_else(day).ok_or_else(|| not_a_date(text))
            }
            Kind::Integer(text) => parse_days(text).ok_or_else(|| not_a_date(text)),
            _ => Err(self.wrong(node, &self.accepted())),
        }
    }

    /// The first day that a lower bound leaves: strictly after a month is after its last day.
    fn earliest(&self, side: Option<(&Node, bool)>) -> Result<Bound<Date>, Problem> {
        let Some((node, included)) = side else { return Ok(Bound::Unbounded) };
        let (first, last) = self.days(node)?;
        let day = if included { Some(first) } else { last.tomorrow().ok() };
        day.map(Bound::Included).ok_or_else(|| self.too_long(node))
    }

    fn latest(&self, side: Option<(&Node, bool)>) -> Result<Bound<Date>, Problem> {
        let Some((node, included)) = side else { return Ok(Bound::Unbounded) };
        let (first, last) = self.days(node)?;
        let day = if included { Some(last) } else { first.yesterday().ok() };
        day.map(Bound::Included).ok_or_else(|| self.too_long(node))
    }

    fn interval<T: Copy + Ord>(&self, low: Bound<T>, high: Bound<T>) -> Result<Interval<T>, Problem> {
        let interval = Interval::within(low, high);
        if interval.is_empty() { Err(Problem::EmptyBounds { what: self.what.into() }) } else { Ok(interval) }
    }

    /// The upper end of a normal range, which no plausible value lies beyond: a range in another unit is a unit mistake.
    pub fn upper_end(&self, node: &Node, given: &Given) -> Result<Decimal, Problem> {
        let number = self.number(node, given)?;
        self.plausible(Value::Number(Interval::Exact(number)), node).map(|_| number)
    }

    /// The value, if any of it lies within the plausible range.
    fn plausible(&self, value: Value, node: &Node) -> Result<Value, Problem> {
        let (min, max) = (self.domain.min.as_ref(), self.domain.max.as_ref());
        let outside = match &value {
            Value::Number(number) => number.meet(&limits(min, max, number_limit)).is_empty(),
            Value::Integer(integer) => {
                integer.rising(|i| Some(Decimal::from(i))).meet(&limits(min, max, number_limit)).is_empty()
            }
            Value::Date(date) => date.meet(&limits(min, max, |limit| self.date_limit(limit))).is_empty(),
            _ => false,
        };
        if outside { Err(self.implausible(&value, node)) } else { Ok(value) }
    }

    fn date_limit(&self, limit: &Limit) -> Option<Date> {
        match limit {
            Limit::Date(day) => Some(*day),
            Limit::AsOf => Some(self.as_of),
            Limit::Number(_) => None,
        }
    }

    fn implausible(&self, value: &Value, node: &Node) -> Problem {
        let unit = self.domain.unit.as_ref().map(|unit| format!(" {}", unit.code())).unwrap_or_default();
        let doubt = if unit.is_empty() { "" } else { "; is the unit right?" };
        let show = |limit: &Limit| match limit {
            Limit::Number(number) => number.to_string(),
            Limit::Date(day) => day.to_string(),
            Limit::AsOf => format!("{} (the as-of date)", self.as_of),
        };
        let accepted = match (&self.domain.min, &self.domain.max) {
            (Some(min), Some(max)) => format!("{} to {}{unit}{doubt}", show(min), show(max)),
            (Some(min), None) => format!("from {}{unit}{doubt}", show(min)),
            (None, Some(max)) => format!("up to {}{unit}{doubt}", show(max)),
            (None, None) => String::new(),
        };
        let given = match value {
            Value::Number(number) => format!("{}{unit}", sides(number, |number| number.normalize().to_string())),
            Value::Integer(integer) => format!("{}{unit}", sides(integer, |integer| integer.to_string())),
            _ => given_text(node),
        };
        Problem::Implausible { what: self.what.into(), given, accepted }
    }

    fn missing_unit(&self, node: &Node) -> Problem {
        let unit = self.domain.unit.as_ref().map(|unit| unit.code().to_owned()).unwrap_or_default();
        Problem::MissingUnit { what: self.what.into(), given: given_text(node), unit, undated: self.undated }
    }

    /// What it takes, in words.
    fn accepted(&self) -> String {
        match &self.domain.scalar {
            Scalar::Bool => "true or false".into(),
            Scalar::Integer => "a whole number".into(),
            Scalar::Number => "a number".into(),
            Scalar::Date => "a date such as 2026-11-21".into(),
            Scalar::Choice(values) => format!("one of: {}", values.join(", ")),
            Scalar::Term(_) => "the name of a term".into(),
        }
    }

    /// A unit given for what has none.
    pub fn unit_not_taken(&self) -> Problem {
        let is_number = matches!(self.domain.scalar, Scalar::Integer | Scalar::Number);
        Problem::UnitNotTaken { what: self.what.into(), accepted: (!is_number).then(|| self.accepted()) }
    }

    fn wrong(&self, node: &Node, accepted: &str) -> Problem {
        let given = match &node.kind {
            Kind::Table(_) | Kind::Array(_) | Kind::Null => node.word().to_owned(),
            _ => format!("{} ({})", node.word(), given_text(node)),
        };
        let unit = self.domain.unit.as_ref().filter(|unit| !unit.is_plain()).map(Unit::code);
        let is_number = matches!(self.domain.scalar, Scalar::Integer | Scalar::Number);
        let entry = node.text().filter(|_| is_number).and_then(|text| as_entry(text, unit));
        let supposed = unit.is_some_and(|unit| node.text().is_some_and(|text| !text.contains(unit)));
        let doubt = if supposed { ", with the unit the report gives" } else { "" };
        let accepted = entry.map_or(accepted.to_owned(), |entry| format!("{accepted}: write {entry}{doubt}"));
        Problem::WrongType { what: self.what.into(), given, accepted }
    }

    fn too_long(&self, node: &Node) -> Problem {
        Problem::TooLong { what: self.what.into(), given: given_text(node) }
    }
}

/// A node's own text.
pub fn given_text(node: &Node) -> String {
    match &node.kind {
        Kind::Null => "null".into(),
        Kind::Bool(value) => value.to_string(),
        Kind::Integer(text) | Kind::Decimal(text) | Kind::Text(text) => text.to_string(),
        Kind::Moment(text) => text.clone(),
        Kind::Array(_) | Kind::Table(_) => node.word().into(),
    }
}

/// A quantity as a message shows it: `3`, `> 3`, `>= 3 and < 5`.
fn sides<T: Copy + Ord>(interval: &Interval<T>, show: impl Fn(T) -> String) -> String {
    if let Some(value) = interval.exact() {
        return show(value);
    }
    let low = match interval.low() {
        Bound::Included(low) => Some(format!(">= {}", show(low))),
        Bound::Excluded(low) => Some(format!("> {}", show(low))),
        Bound::Unbounded => None,
    };
    let high = match interval.high() {
        Bound::Included(high) => Some(format!("<= {}", show(high))),
        Bound::Excluded(high) => Some(format!("< {}", show(high))),
        Bound::Unbounded => None,
    };
    low.into_iter().chain(high).collect::<Vec<_>>().join(" and ")
}

fn number_limit(limit: &Limit) -> Option<Decimal> {
    match limit {
        Limit::Number(number) => Some(*number),
        Limit::Date(_) | Limit::AsOf => None,
    }
}

fn limits<T: Copy + Ord>(min: Option<&Limit>, max: Option<&Limit>, read: impl Fn(&Limit) -> Option<T>) -> Interval<T> {
    let side = |limit: Option<&Limit>| limit.and_then(&read).map_or(Bound::Unbounded, Bound::Included);
    Interval::Within(side(min), side(max))
}
