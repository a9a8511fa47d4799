//! What is written is what is read: every statement, value, bound, state and member of a referral is held against a
//! second, plain reading of it.

use std::ops::Bound;

use candidacy::model::calendar::{Date, parse_day};
use candidacy::model::dictionary::{Dictionary, Domain, Fact, Scalar, Shape};
use candidacy::model::interval::Interval;
use candidacy::model::referral::{Said, Statement};
use candidacy::model::value::{List, State, Term, Value};
use candidacy::pack::program::Program;
use rust_decimal::Decimal;

use crate::dice::Dice;
use crate::reach::Reach;
use crate::referral::{Case, Tree};
use crate::world::hold;

/// Every fact is read, and as what it says.
pub fn what_is_written_is_read(program: &Program, case: &Case, _: &mut Dice, reach: &mut Reach) -> Result<(), String> {
    let read = case.read(&program.dictionary);
    hold(read.referral.facts.len() == case.facts.len(), || "facts were lost".to_owned())?;
    let reader = Reader { dictionary: &program.dictionary };
    for (name, tree) in &case.facts {
        let id = program.dictionary.find(name).expect("a fact of the dictionary");
        let said = read.referral.said(id).ok_or_else(|| format!("{name} was lost"))?;
        reach.hit("facts read");
        hold(reader.is_said(program.dictionary.fact(id), tree, said), || format!("{name} is read as {said:?}"))?;
    }
    Ok(())
}

struct Reader<'d> {
    dictionary: &'d Dictionary,
}

impl Reader<'_> {
    fn is_said(&self, fact: &Fact, tree: &Tree, said: &Said) -> bool {
        match (&fact.shape, tree) {
            (Shape::One(domain), Tree::List(entries)) => {
                let pairs = entries.iter().zip(&said.statements);
                entries.len() == said.statements.len()
                    && pairs.into_iter().all(|(tree, statement)| self.states(domain, tree, statement))
            }
            (Shape::One(domain), tree) => {
                matches!(&said.statements[..], [statement] if self.states(domain, tree, statement))
            }
            (_, Tree::Table(entries)) if entry(entries, "value").is_none() && entry(entries, "status").is_none() => {
                said.closes && said.statements.is_empty()
            }
            (_, tree) => matches!(&said.statements[..], [statement] if self.lists(fact, tree, statement)),
        }
    }

    fn states(&self, domain: &Domain, tree: &Tree, statement: &Statement) -> bool {
        let Tree::Table(entries) = tree else {
            return statement.on.is_none() && self.is(domain, tree, &statement.value);
        };
        let source = match entry(entries, "source") {
            Some(Tree::Text(text)) => statement.source.as_ref() == Some(text),
            _ => statement.source.is_none(),
        };
        let ranged = entry(entries, "range").is_some() == statement.normal.is_some();
        source && ranged && is_dated(entries, statement) && self.is(domain, tree, &statement.value)
    }

    /// Whether a value, bounds or a state is what a tree says.
    fn is(&self, domain: &Domain, tree: &Tree, value: &Value) -> bool {
        match tree {
            Tree::Text(text) if state(text).is_some() => state(text).map(Value::Unknown).as_ref() == Some(value),
            Tree::Table(entries) => match entry(entries, "value").or(entry(entries, "status")) {
                Some(tree) => self.is(domain, tree, value),
                None => is_bounded(entries, value),
            },
            tree => self.is_value(domain, tree, value),
        }
    }

    fn is_value(&self, domain: &Domain, tree: &Tree, value: &Value) -> bool {
        match (&domain.scalar, tree, value) {
            (Scalar::Bool, Tree::Bool(written), Value::Bool(read)) => written == read,
            (Scalar::Choice(values), Tree::Text(written), Value::Choice(read)) => {
                values[usize::from(*read)] == *written
            }
            (Scalar::Integer, Tree::Number(written), Value::Integer(read)) => read.exact() == written.parse().ok(),
            (Scalar::Number, Tree::Number(written), Value::Number(read)) => read.exact() == written.parse().ok(),
            (Scalar::Date, Tree::Moment(written), Value::Date(read)) => read.exact() == parse_day(&written[..10]),
            (Scalar::Date, Tree::Text(written), Value::Date(read)) => *read == days_of(written),
            (Scalar::Term(id), Tree::Text(written), Value::Term(read)) => match (written.split_once(": "), read) {
                (Some((_, other)), Term::Other(_, read)) => read.eq_ignore_ascii_case(other),
                (None, Term::Known(read)) => {
                    let concept = self.dictionary.vocabulary(*id).concept(*read);
                    concept.name == *written || concept.also.contains(written)
                }
                (None, Term::Unrecognised(read)) => {
                    **read == **written && self.dictionary.vocabulary(*id).find(written).is_none()
                }
                _ => false,
            },
            _ => false,
        }
    }

    fn lists(&self, fact: &Fact, tree: &Tree, statement: &Statement) -> bool {
        let (members, entries) = match tree {
            Tree::Table(entries) => (entry(entries, "value").or(entry(entries, "status")), &entries[..]),
            tree => (Some(tree), &[][..]),
        };
        let open = entry(entries, "complete") == Some(&Tree::Bool(false));
        is_dated(entries, statement)
            && match (members, &statement.value) {
                (Some(Tree::Text(text)), Value::Unknown(read)) => state(text) == Some(*read),
                (Some(Tree::List(trees)), Value::Unknown(read)) => {
                    matches!(&trees[..], [Tree::Text(only)] if state(only) == Some(*read))
                }
                (Some(Tree::List(trees)), Value::List(list)) => {
                    list.open == open && self.are_members(fact, trees, list)
                }
                _ => false,
            }
    }

    /// Every member written is read, and every member read was written; records as often as they were written.
    fn are_members(&self, fact: &Fact, trees: &[Tree], list: &List) -> bool {
        let is = |tree: &Tree, index: usize| self.is_member(fact, tree, list.member(index));
        let written = trees.iter().all(|tree| (0..list.len()).any(|index| is(tree, index)));
        let read = (0..list.len()).all(|index| trees.iter().any(|tree| is(tree, index)));
        written && read && (fact.fields().is_empty() || list.len() == trees.len())
    }

    fn is_member(&self, fact: &Fact, tree: &Tree, member: &[Value]) -> bool {
        let missing = Value::Unknown(State::NotSupplied);
        match (fact.fields(), tree) {
            ([], tree) => self.is(fact.field_domain(0), tree, &member[0]),
            (fields, Tree::Table(entries)) => {
                fields.iter().zip(member).all(|(field, value)| match entry(entries, &field.name) {
                    Some(tree) => self.is(&field.domain, tree, value),
                    None => *value == missing,
                })
            }
            (_, tree) => {
                self.is(fact.field_domain(0), tree, &member[0]) && member[1..].iter().all(|value| *value == missing)
            }
        }
    }
}

fn entry<'t>(entries: &'t [(String, Tree)], key: &str) -> Option<&'t Tree> {
    entries.iter().find(|(own, _)| own == key).map(|(_, tree)| tree)
}

fn state(text: &str) -> Option<State> {
    match text {
        "unknown" => Some(State::Unknown),
        "pending" => Some(State::Pending),
        "not done" => Some(State::NotDone),
        _ => None,
    }
}

fn is_dated(entries: &[(String, Tree)], statement: &Statement) -> bool {
    match entry(entries, "on") {
        Some(Tree::Moment(text)) => statement.on.is_some_and(|on| text.starts_with(&on.day.to_string())),
        _ => statement.on.is_none(),
    }
}

/// The bounds as they are written; of whole numbers and days those that lie strictly within.
fn is_bounded(entries: &[(String, Tree)], value: &Value) -> bool {
    let side = |included: &str, strict: &str| {
        let included = entry(entries, included).map(|tree| (tree, true));
        included.or(entry(entries, strict).map(|tree| (tree, false)))
    };
    let (low, high) = (side("at_least", "above"), side("at_most", "below"));
    match value {
        Value::Number(read) => *read == Interval::within(bound(low, number, None), bound(high, number, None)),
        Value::Integer(read) => {
            *read == Interval::within(bound(low, whole, Some(|i| i + 1)), bound(high, whole, Some(|i| i - 1)))
        }
        Value::Date(read) => *read == Interval::within(bound(low, day, Some(after)), bound(high, day, Some(before))),
        _ => false,
    }
}

fn bound<T>(side: Option<(&Tree, bool)>, read: fn(&Tree) -> T, inward: Option<fn(T) -> T>) -> Bound<T> {
    match (side, inward) {
        (None, _) => Bound::Unbounded,
        (Some((tree, true)), _) => Bound::Included(read(tree)),
        (Some((tree, false)), Some(inward)) => Bound::Included(inward(read(tree))),
        (Some((tree, false)), None) => Bound::Excluded(read(tree)),
    }
}

fn text(tree: &Tree) -> &str {
    match tree {
        Tree::Number(text) | Tree::Text(text) | Tree::Moment(text) => text,
        Tree::Bool(_) | Tree::List(_) | Tree::Table(_) => panic!("not a bound: {tree:?}"),
    }
}

fn number(tree: &Tree) -> Decimal {
    text(tree).parse().expect("a number")
}

fn whole(tree: &Tree) -> i64 {
    text(tree).parse().expect("a whole number")
}

fn day(tree: &Tree) -> Date {
    parse_day(text(tree)).expect("a day")
}

fn after(day: Date) -> Date {
    day.tomorrow().expect("a day of the calendar")
}

fn before(day: Date) -> Date {
    day.yesterday().expect("a day of the calendar")
}

/// The days of a month (`2024-02`) or a year.
fn days_of(text: &str) -> Interval<Date> {
    let first = if text.len() == 4 { format!("{text}-01-01") } else { format!("{text}-01") };
    let first = parse_day(&first).expect("a first day");
    let last = if text.len() == 4 { first.last_of_year() } else { first.last_of_month() };
    Interval::within(Bound::Included(first), Bound::Included(last))
}
