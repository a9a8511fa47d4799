//! The functions and operators that scripts have, by name: what each makes of its operands.

use super::ir::{Arithmetic, Cond, Day, Int, Relation};
use super::typed::{Judged, Measure, Typed};
use super::typing::Typing;
use crate::model::unit::Unit;

/// The functions of the language, for misspellings.
pub const FUNCTIONS: [&str; 17] = [
    "is_a",
    "some",
    "all",
    "count",
    "contains",
    "years_since",
    "days_since",
    "days_until",
    "days_between",
    "date_of",
    "is_empty",
    "is_low",
    "is_high",
    "between",
    "min",
    "max",
    "abs",
];

/// The comparison of an operator.
pub fn relation(operator: &str) -> Option<Relation> {
    Some(match operator {
        "<" => Relation::Less,
        "<=" => Relation::AtMost,
        ">" => Relation::Greater,
        ">=" => Relation::AtLeast,
        "==" => Relation::Equal,
        "!=" => Relation::Unequal,
        _ => return None,
    })
}

/// The arithmetic of an operator.
pub fn arithmetic(operator: &str) -> Option<Arithmetic> {
    Some(match operator {
        "+" => Arithmetic::Add,
        "-" => Arithmetic::Subtract,
        "*" => Arithmetic::Multiply,
        "/" => Arithmetic::Divide,
        _ => return None,
    })
}

/// A function of the language applied to operands; they come back where it is none, or takes others.
pub fn apply(typing: Typing, name: &str, operands: Vec<Typed>) -> Result<Judged, Vec<Typed>> {
    match (name, operands.len()) {
        ("min" | "max" | "days_between" | "is_a", 2) => {
            let [left, right] = taken(operands);
            Ok(match name {
                "min" => typing.arithmetic(name, Arithmetic::Min, left, right),
                "max" => typing.arithmetic(name, Arithmetic::Max, left, right),
                "is_a" => typing.is_a(left, right),
                _ => days_between(typing, left, right),
            })
        }
        ("abs" | "years_since" | "days_since" | "days_until", 1) => {
            let [operand] = taken(operands);
            Ok(if name == "abs" { typing.signed(name, true, operand) } else { since(typing, name, operand) })
        }
        ("is_empty", 1) => match operands[..] {
            [Typed::List(list)] => Ok(Ok(Typed::Cond(Cond::IsEmpty(list)))),
            _ => Err(operands),
        },
        ("between", 3) => {
            let [x, low, high] = taken(operands);
            Ok(typing.between(x, low, high))
        }
        _ => Err(operands),
    }
}

/// As many operands as were counted.
fn taken<const N: usize>(operands: Vec<Typed>) -> [Typed; N] {
    operands.try_into().unwrap_or_else(|_| unreachable!("the operands were counted"))
}

fn unit(code: &str) -> Measure {
    Measure::Of(Unit::parse(code))
}

fn since(typing: Typing, name: &str, operand: Typed) -> Judged {
    let day = Box::new(typing.day(operand, &format!("the argument of `{name}`"))?);
    let today = Box::new(Day::AsOf);
    Ok(match name {
        "years_since" => Typed::Int(Int::YearsSince(day), unit("a")),
        "days_since" => Typed::Int(Int::DaysBetween(day, today), unit("d")),
        _ => Typed::Int(Int::DaysBetween(today, day), unit("d")),
    })
}

fn days_between(typing: Typing, left: Typed, right: Typed) -> Judged {
    let what = "an argument of `days_between`";
    let (left, right) = (typing.day(left, what)?, typing.day(right, what)?);
    Ok(Typed::Int(Int::DaysBetween(Box::new(left), Box::new(right)), unit("d")))
}

/// How a function is written.
pub fn signature(name: &str) -> Option<&'static str> {
    Some(match name {
        "contains" => "`value in list`",
        "date_of" => "date_of(fact)",
        "is_low" | "is_high" => "is_low(fact) or is_high(fact)",
        "is_a" => "x.is_a(\"class or term\")",
        "is_empty" => "list.is_empty()",
        "min" | "max" => "min(a, b) or max(a, b)",
        "abs" => "abs(x)",
        "between" => "between(x, low, high)",
        "years_since" => "years_since(date)",
        "days_since" => "days_since(date)",
        "days_until" => "days_until(date)",
        "days_between" => "days_between(first, second)",
        "some" | "all" | "count" => "list.some(|x| …), list.all(|x| …) or list.count(|x| …)",
        _ => return None,
    })
}
