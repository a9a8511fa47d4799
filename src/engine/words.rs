//! Values and states in the words of a report, the same in text and in JSON.

use std::ops::Bound;

use rust_decimal::Decimal;

use crate::model::calendar::{Date, Moment};
use crate::model::dictionary::{Dictionary, Domain, Fact, Field, Scalar};
use crate::model::interval::Interval;
use crate::model::unit::Unit;
use crate::model::value::{List, State, Term, Value};

/// A field of a member that counted, and the class it was found to be in.
pub type Counted = (usize, Option<String>);

/// How many digits of a converted number count.
const SIGNIFICANT: u32 = 4;

/// Speaks of values of one dictionary.
#[derive(Clone, Copy)]
pub struct Words<'d> {
    /// The dictionary.
    pub dictionary: &'d Dictionary,
}

impl Words<'_> {
    /// A fact's value: `normal`, `88 µmol/L`, `yes`; of a list its members.
    pub fn value(&self, fact: &Fact, value: &Value) -> String {
        match value {
            Value::List(list) => self.list(fact, list),
            other => self.scalar(fact.field_domain(0), other),
        }
    }

    /// A value that was converted from another unit, as exactly as a reader wants it beside the one that was given.
    pub fn converted(&self, fact: &Fact, value: &Value) -> String {
        let rounded = match value {
            Value::Number(number) => {
                number.exact().and_then(|exact| exact.round_sf(SIGNIFICANT)).map(|rounded| rounded.normalize())
            }
            _ => None,
        };
        self.value(fact, &rounded.map_or_else(|| value.clone(), |rounded| Value::Number(Interval::Exact(rounded))))
    }

    /// A single value.
    pub fn scalar(&self, domain: &Domain, value: &Value) -> String {
        match (value, &domain.scalar) {
            (Value::Unknown(state), _) => state.word().replace('-', " "),
            (Value::Bool(value), _) => {
                if *value {
                    "yes".into()
                } else {
                    "no".into()
                }
            }
            (Value::Choice(index), Scalar::Choice(values)) => values[usize::from(*index)].clone(),
            (Value::Term(Term::Known(id)), Scalar::Term(vocabulary)) => {
                self.dictionary.vocabulary(*vocabulary).concept(*id).name.clone()
            }
            (Value::Term(Term::Other(_, text)), _) => text.to_string(),
            (Value::Term(Term::Unrecognised(text)), _) => format!("\"{text}\""),
            (Value::Integer(i), _) => {
                measured(bounds(*i, |i| i.to_string()), i.exact().map(Decimal::from), &domain.unit)
            }
            (Value::Number(n), _) => measured(bounds(*n, |n| n.to_string()), n.exact(), &domain.unit),
            (Value::Date(date), _) => days(*date),
            (Value::Choice(_) | Value::Term(_) | Value::List(_), _) => String::new(),
        }
    }

    fn list(&self, fact: &Fact, list: &List) -> String {
        let members: Vec<String> = (0..list.len()).map(|index| self.member(fact, list, index, &[])).collect();
        match (members.is_empty(), list.open) {
            (true, true) => "nothing".into(),
            (true, false) => "none".into(),
            (false, _) => members.join(", "),
        }
    }

    /// A member of a list: its first field under the name it was given by, what that is, and further fields.
    pub fn member(&self, fact: &Fact, list: &List, index: usize, further: &[Counted]) -> String {
        let values = list.member(index);
        let name = self.scalar(fact.field_domain(0), &values[0]);
        let class = further.iter().find(|(field, _)| *field == 0).and_then(|(_, class)| class.clone());
        let head = match (list.given(index, 0), class) {
            (Some(given), Some(class)) => format!("{given} ({name}, {class})"),
            (Some(given), None) => format!("{given} ({name})"),
            (None, Some(class)) => format!("{name} ({class})"),
            (None, None) if matches!(values[0], Value::Unknown(_)) && !fact.fields().is_empty() => {
                format!("{} {name}", fact.fields()[0].label)
            }
            (None, None) => name,
        };
        let rest = further.iter().filter(|(field, _)| *field != 0).map(|(field, class)| {
            let described = self.field(&fact.fields()[*field], &values[*field]);
            class.as_ref().map_or(described.clone(), |class| format!("{described} ({class})"))
        });
        std::iter::once(head).chain(rest).collect::<Vec<_>>().join(", ")
    }

    /// A field of a member: `resolved`, `not resolved`, `current`, `donor person`, `duration 100 hours`.
    pub fn field(&self, field: &Field, value: &Value) -> String {
        match value {
            Value::Bool(true) => field.label.clone(),
            Value::Bool(false) => format!("not {}", field.label),
            Value::Choice(_) if tells_how(&field.question) => spaced(&self.scalar(&field.domain, value)),
            other => format!("{} {}", field.label, self.scalar(&field.domain, other)),
        }
    }
}

/// Whether the answer to a question says how something is, as `current` and `oral` do, and needs no label. What is
/// asked for with these words is a noun, and without its label could be taken for another: `person`, of a donor.
fn tells_how(question: &str) -> bool {
    let first = question.split_whitespace().next().unwrap_or_default();
    !["Who", "Whom", "Whose", "What", "Which"].contains(&first)
}

/// A value that begins with a preposition, as words: `on-treatment`.
fn spaced(value: &str) -> String {
    let prepositions = ["after", "before", "in", "not", "off", "on", "under", "with", "without"];
    match value.split_once('-') {
        Some((first, rest)) if prepositions.contains(&first) => format!("{first} {rest}"),
        _ => value.to_owned(),
    }
}

/// A state in words, with its date: `pending since 2026-11-20`, `not done`.
pub fn state(state: State, on: Option<Moment>) -> String {
    let word = match state {
        State::NotSupplied => "not supplied",
        State::Unknown => "asked, not known",
        State::NotDone => "not done",
        State::Pending => "pending",
        State::Stale => "too old",
        State::Undated => "without a date",
        State::Unrecognised => "not recognised",
        State::Unreadable => "unreadable",
        State::Contradicted => "contradicted",
        State::Open => "list not complete",
        State::Bounded => "not known closely enough",
    };
    match (state, on) {
        (State::Pending, Some(on)) => format!("{word} since {}", on.day),
        (_, Some(on)) => format!("{word}, {}", on.day),
        (_, None) => word.to_owned(),
    }
}

/// A number beside its unit.
fn measured(number: String, exact: Option<Decimal>, unit: &Option<Unit>) -> String {
    match unit.as_ref().filter(|unit| !unit.is_plain()) {
        Some(unit) => {
            let beside = exact.map_or(unit.display(), |exact| unit.display_beside(exact));
            if beside == "%" { format!("{number}%") } else { format!("{number} {beside}") }
        }
        None => number,
    }
}

fn bounds<T: Copy + Ord>(interval: Interval<T>, show: impl Fn(T) -> String) -> String {
    if let Some(value) = interval.exact() {
        return show(value);
    }
    let low = match interval.low() {
        Bound::Included(low) => format!("at least {}", show(low)),
        Bound::Excluded(low) => format!("above {}", show(low)),
        Bound::Unbounded => String::new(),
    };
    let high = match interval.high() {
        Bound::Included(high) => format!("at most {}", show(high)),
        Bound::Excluded(high) => format!("below {}", show(high)),
        Bound::Unbounded => String::new(),
    };
    match (low.is_empty(), high.is_empty()) {
        (false, false) => format!("{low} and {high}"),
        (true, true) => "unknown".into(),
        _ => format!("{low}{high}"),
    }
}

/// A day, or the month or year it lies in.
fn days(interval: Interval<Date>) -> String {
    if let (Bound::Included(first), Bound::Included(last)) = (interval.low(), interval.high()) {
        if first.first_of_year() == first && last == first.last_of_year() {
            return format!("{:04}", first.year());
        }
        if first != last && first.first_of_month() == first && last == first.last_of_month() {
            return format!("{:04}-{:02}", first.year(), first.month());
        }
    }
    bounds(interval, |day| day.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_says_how_something_is_needs_no_label_and_a_noun_does() {
        let answers = [("Is it active, or over?", true), ("How is it given?", true), ("Whose tissue is it?", false)];
        for (question, alone) in answers {
            assert_eq!(tells_how(question), alone, "{question}");
        }
    }

    #[test]
    fn a_hyphen_after_a_preposition_is_a_space() {
        for (value, words) in
            [("on-treatment", "on treatment"), ("intra-articular", "intra-articular"), ("oral", "oral")]
        {
            assert_eq!(spaced(value), words);
        }
    }
}
