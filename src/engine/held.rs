//! The numbers that quantities hold as written. A setting stands in a script as the number it is, so that these tell
//! which settings a comparison rests on.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::pack::ir::{Int, Number};
use crate::pack::program::Formula;

/// Adds the numbers that a whole number is made of.
pub fn of_int(int: &Int, held: &mut BTreeSet<Decimal>) {
    match int {
        Int::Literal(value) => drop(held.insert((*value).into())),
        Int::Place(_) | Int::Count(_) | Int::YearsSince(_) | Int::DaysBetween(..) => {}
        Int::Negate(a) | Int::Absolute(a) => of_int(a, held),
        Int::Arithmetic(_, a, b) | Int::If(_, a, b) => [a, b].into_iter().for_each(|part| of_int(part, held)),
    }
}

/// Adds the numbers that a decimal is made of.
pub fn of_number(number: &Number, held: &mut BTreeSet<Decimal>) {
    match number {
        Number::Literal(value) => drop(held.insert(*value)),
        Number::Place(_) => {}
        Number::Whole(int) => of_int(int, held),
        Number::Negate(a) | Number::Absolute(a) => of_number(a, held),
        Number::Arithmetic(_, a, b) | Number::If(_, a, b) => [a, b].into_iter().for_each(|part| of_number(part, held)),
    }
}

/// Adds the numbers that a computed quantity is made of; what a condition compares is found where it decides.
pub fn of_formula(formula: &Formula, held: &mut BTreeSet<Decimal>) {
    match formula {
        Formula::Int(int) => of_int(int, held),
        Formula::Number(number) => of_number(number, held),
        Formula::Cond(_) | Formula::Day(_) | Formula::Choice(_) => {}
    }
}
