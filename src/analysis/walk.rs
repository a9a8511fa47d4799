//! The parts of conditions: what they read, and what they hold it against.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::model::dictionary::FactId;
use crate::pack::ir::{Choice, Cond, Day, Each, Int, Number, Place};
use crate::pack::program::Formula;

/// What a part of a condition is.
#[derive(Clone, Copy, Debug)]
pub enum Part<'c> {
    /// A value is read.
    Place(Place),
    /// The day of a result is read.
    DateOf(FactId),
    /// The normal range of a result is read.
    Range(FactId),
    /// The members of a list are read, each by a condition of its own.
    List(FactId),
    /// A whole number is written.
    Integer(i64),
    /// A decimal is written.
    Decimal(Decimal),
    /// A condition stands inside.
    Cond(&'c Cond),
}

/// Calls with every part of a condition, from the outside in.
pub fn each<'c>(cond: &'c Cond, met: &mut impl FnMut(Part<'c>)) {
    met(Part::Cond(cond));
    match cond {
        Cond::Literal(_) => {}
        Cond::Holds(place) => met(Part::Place(*place)),
        Cond::Not(inner) => each(inner, met),
        Cond::And(parts) | Cond::Or(parts) => parts.iter().for_each(|part| each(part, met)),
        Cond::Same(a, b) => [a, b].into_iter().for_each(|part| each(part, met)),
        Cond::CompareInt(_, a, b) => [a, b].into_iter().for_each(|part| int(part, met)),
        Cond::CompareNumber(_, a, b) => [a, b].into_iter().for_each(|part| number(part, met)),
        Cond::CompareDay(_, a, b) => [a, b].into_iter().for_each(|part| day(part, met)),
        Cond::TermTest(test) => met(Part::Place(test.place)),
        Cond::SameTerm(_, a, b) => [a, b].into_iter().for_each(|place| met(Part::Place(*place))),
        Cond::ChoiceTest(test) => choice(&test.choice, met),
        Cond::SameChoice(a, b) => [a, b].into_iter().for_each(|part| choice(part, met)),
        Cond::Quantified(_, own) => members(own, met),
        Cond::IsEmpty(list) => met(Part::List(*list)),
        Cond::Outside(_, fact) => {
            met(Part::Range(*fact));
            met(Part::Place(Place::Fact(*fact)));
        }
        Cond::If(test, yes, no) => [test, yes, no].into_iter().for_each(|part| each(part, met)),
    }
}

fn members<'c>(own: &'c Each, met: &mut impl FnMut(Part<'c>)) {
    met(Part::List(own.list));
    each(&own.body, met);
}

/// Calls with every part of a whole number.
pub fn int<'c>(own: &'c Int, met: &mut impl FnMut(Part<'c>)) {
    match own {
        Int::Literal(value) => met(Part::Integer(*value)),
        Int::Place(place) => met(Part::Place(*place)),
        Int::Arithmetic(_, a, b) => [a, b].into_iter().for_each(|part| int(part, met)),
        Int::Negate(a) | Int::Absolute(a) => int(a, met),
        Int::Count(own) => members(own, met),
        Int::YearsSince(a) => day(a, met),
        Int::DaysBetween(a, b) => [a, b].into_iter().for_each(|part| day(part, met)),
        Int::If(test, a, b) => {
            each(test, met);
            [a, b].into_iter().for_each(|part| int(part, met));
        }
    }
}

/// Calls with every part of a number.
pub fn number<'c>(own: &'c Number, met: &mut impl FnMut(Part<'c>)) {
    match own {
        Number::Literal(value) => met(Part::Decimal(*value)),
        Number::Place(place) => met(Part::Place(*place)),
        Number::Whole(a) => int(a, met),
        Number::Arithmetic(_, a, b) => [a, b].into_iter().for_each(|part| number(part, met)),
        Number::Negate(a) | Number::Absolute(a) => number(a, met),
        Number::If(test, a, b) => {
            each(test, met);
            [a, b].into_iter().for_each(|part| number(part, met));
        }
    }
}

/// Calls with every part of a day.
pub fn day<'c>(own: &'c Day, met: &mut impl FnMut(Part<'c>)) {
    match own {
        Day::AsOf => {}
        Day::Place(place) => met(Part::Place(*place)),
        Day::DateOf(fact) => met(Part::DateOf(*fact)),
        Day::If(test, a, b) => {
            each(test, met);
            [a, b].into_iter().for_each(|part| day(part, met));
        }
    }
}

/// Calls with every part of a choice.
pub fn choice<'c>(own: &'c Choice, met: &mut impl FnMut(Part<'c>)) {
    match own {
        Choice::Literal(_) => {}
        Choice::Place(place) => met(Part::Place(*place)),
        Choice::If(test, a, b) => {
            each(test, met);
            [a, b].into_iter().for_each(|part| choice(part, met));
        }
    }
}

/// Calls with every part of a formula.
pub fn formula<'c>(own: &'c Formula, met: &mut impl FnMut(Part<'c>)) {
    match own {
        Formula::Cond(own) => each(own, met),
        Formula::Int(own) => int(own, met),
        Formula::Number(own) => number(own, met),
        Formula::Day(own) => day(own, met),
        Formula::Choice(own) => choice(own, met),
    }
}

/// What a condition reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// Facts that are no lists.
    pub facts: BTreeSet<FactId>,
    /// Lists.
    pub lists: BTreeSet<FactId>,
    /// Fields of members, by list and position.
    pub fields: BTreeSet<(FactId, u16)>,
}

/// What a condition reads.
pub fn reads(cond: &Cond) -> Reads {
    let mut reads = Reads::default();
    each(cond, &mut |part| match part {
        Part::Place(Place::Fact(fact)) | Part::DateOf(fact) | Part::Range(fact) => drop(reads.facts.insert(fact)),
        Part::Place(Place::Field { list, field, .. }) => drop(reads.fields.insert((list, field))),
        Part::List(list) => drop(reads.lists.insert(list)),
        _ => {}
    });
    reads
}

/// Whether a comparison holds one quantity against a number that is written, so that the numbers around it are all that
/// counts. Anything else, such as sums and products of facts, is out of reach.
pub fn is_plain(cond: &Cond) -> bool {
    match cond {
        Cond::CompareInt(_, a, b) => match (plain_int(a), plain_int(b)) {
            (Some(a), Some(b)) => !(a && b),
            _ => false,
        },
        Cond::CompareNumber(_, a, b) => match (plain_number(a), plain_number(b)) {
            (Some(a), Some(b)) => !(a && b),
            _ => false,
        },
        Cond::CompareDay(_, a, b) => {
            let reads = |day: &Day| !matches!(day, Day::AsOf);
            let plain = |day: &Day| !matches!(day, Day::If(..));
            plain(a) && plain(b) && !(reads(a) && reads(b))
        }
        Cond::ChoiceTest(test) => matches!(test.choice, Choice::Place(_)),
        Cond::SameChoice(..) | Cond::SameTerm(..) => false,
        _ => true,
    }
}

/// Whether a formula holds what it reads as it is, so that numbers against which its result is held are held against what
/// it reads. What is decided by cases of finite facts is so, too: `finite` says which are.
pub fn is_plain_formula(formula: &Formula, finite: impl Fn(FactId) -> bool) -> bool {
    match formula {
        Formula::Cond(_) => true,
        Formula::Int(int) => plain_int(int).is_some(),
        Formula::Number(number) => plain_number(number).is_some(),
        Formula::Day(day) => plain_day(day).is_some(),
        Formula::Choice(own) => {
            let (mut all, mut lists) = (true, false);
            choice(own, &mut |part| match part {
                Part::Place(Place::Fact(fact)) => all &= finite(fact),
                Part::DateOf(_) | Part::Range(_) => all = false,
                Part::List(_) => lists = true,
                _ => {}
            });
            all && !lists
        }
    }
}

/// Whether a whole number reads something; none where it is out of reach.
fn plain_int(int: &Int) -> Option<bool> {
    match int {
        Int::Literal(_) => Some(false),
        Int::Place(_) => Some(true),
        Int::YearsSince(day) => plain_day(day),
        Int::DaysBetween(a, b) => match (plain_day(a)?, plain_day(b)?) {
            (true, true) => None,
            (a, b) => Some(a || b),
        },
        _ => None,
    }
}

fn plain_number(number: &Number) -> Option<bool> {
    match number {
        Number::Literal(_) => Some(false),
        Number::Place(_) => Some(true),
        Number::Whole(int) => plain_int(int),
        _ => None,
    }
}

fn plain_day(day: &Day) -> Option<bool> {
    match day {
        Day::AsOf => Some(false),
        Day::Place(_) | Day::DateOf(_) => Some(true),
        Day::If(..) => None,
    }
}
