//! What to write instead of operands that do not go together.

use super::typed::Typed;
use crate::model::dictionary::{Dictionary, FactId};
use crate::model::name::{RESERVED, fold};

/// Whether a word is one that people use for a fact that is not known.
pub fn asks_unknown(word: &str) -> bool {
    let folded = fold(word);
    ["null", "nil", "none given", "undefined", "missing", "na", "n/a"].contains(&folded.as_ref())
        || RESERVED.contains(&folded.as_ref())
}

/// What to do about two operands, where their types tell; else `otherwise`.
pub fn between(dictionary: &Dictionary, operator: &str, left: &Typed, right: &Typed, otherwise: &str) -> String {
    let (one, other) = if rank(left) >= rank(right) { (left, right) } else { (right, left) };
    match (one, other) {
        (Typed::List(list), _) if ["+", "-", "*", "/", "min", "max"].contains(&operator) => {
            format!("count its members: `{}.count(|x| …)`", dictionary.fact(*list).name)
        }
        (Typed::List(list), _) => members(dictionary, *list),
        (Typed::Day(_), Typed::Text(..)) => {
            "a script has no dates of its own: compare with `as_of` or a date, or use days_since(x) and years_since(x)"
                .into()
        }
        (Typed::Day(_), Typed::Int(..) | Typed::Number(..)) => {
            "a date has no size of its own: use years_since(x), days_since(x) or days_until(x)".into()
        }
        (Typed::Cond(_), Typed::Text(..) | Typed::Int(..) | Typed::Number(..)) => {
            "what is true or false stands by itself: write `x`, or `!x` where it must be false".into()
        }
        (Typed::Text(..), Typed::Int(..) | Typed::Number(..)) => "write the number without quotes".into(),
        _ => otherwise.to_owned(),
    }
}

/// How the members of a list are asked.
pub fn members(dictionary: &Dictionary, list: FactId) -> String {
    let fact = dictionary.fact(list);
    let member = match fact.fields().first() {
        Some(field) => format!("x.{}", field.name),
        None => "x".into(),
    };
    format!("ask its members: `{}.some(|x| {member} == …)`", fact.name)
}

/// What tells most about what was meant comes first.
fn rank(operand: &Typed) -> u8 {
    match operand {
        Typed::List(_) => 5,
        Typed::Day(_) => 4,
        Typed::Cond(_) => 3,
        Typed::Text(..) | Typed::Texts(_) => 2,
        Typed::Choice(..) | Typed::Term(..) | Typed::Record { .. } => 1,
        Typed::Int(..) | Typed::Number(..) | Typed::Numbers(_) => 0,
    }
}
