//! The limits of scripts, and what stopped one in words for its author.

use std::any::type_name;

use rhai::{EvalAltResult, ParseErrorType};

use super::value::{Named, Record};
use crate::model::calendar::Date;
use crate::pack::lower::tree::MAX_DEPTH;

/// How many steps a script may take.
pub const MAX_STEPS: usize = 20_000;
/// How many entries a list or map may have.
pub const MAX_ENTRIES: usize = 256;
/// How many bytes a text may have.
pub const MAX_BYTES: usize = 4_096;
/// How deeply functions may call each other: with expressions nested as deeply as they may be, half the stack of a thread.
pub const MAX_CALLS: usize = 24;

/// The words for a script without an end.
pub fn too_many_steps() -> String {
    format!("the script took more than {MAX_STEPS} steps")
}

/// An error of the interpreter, in words for the author of a script.
pub fn in_words(error: &EvalAltResult) -> String {
    let words = match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _) => return in_words(inner),
        EvalAltResult::ErrorTooManyOperations(_) | EvalAltResult::ErrorTerminated(..) => too_many_steps(),
        EvalAltResult::ErrorStackOverflow(_) => format!("functions call each other more than {MAX_CALLS} deep"),
        EvalAltResult::ErrorTooManyVariables(_) => format!("the script has more than {MAX_ENTRIES} variables"),
        EvalAltResult::ErrorDataTooLarge(what, _) if what.contains("string") => {
            format!("a text has more than {MAX_BYTES} bytes")
        }
        EvalAltResult::ErrorDataTooLarge(..) => format!("a list or map has more than {MAX_ENTRIES} entries"),
        EvalAltResult::ErrorFunctionNotFound(call, _) => format!("there is no function `{}`", plainly(call)),
        EvalAltResult::ErrorVariableNotFound(name, _) => format!("there is no name `{name}`"),
        EvalAltResult::ErrorPropertyNotFound(..) | EvalAltResult::ErrorDotExpr(..) => {
            "there is no such field".to_owned()
        }
        EvalAltResult::ErrorIndexingType(..) => "there is nothing to take a place of".to_owned(),
        EvalAltResult::ErrorStringBounds(length, index, _) => format!("a text of {length} has no place {index}"),
        EvalAltResult::ErrorNonPureMethodCallOnConstant(..) | EvalAltResult::ErrorAssignmentToConstant(..) => {
            "a fact or constant cannot be changed; make a copy with `let`".to_owned()
        }
        EvalAltResult::ErrorArrayBounds(length, index, _) => format!("a list of {length} has no place {index}"),
        EvalAltResult::ErrorMismatchDataType(wanted, given, _) => {
            format!("{} where {} belongs", plainly(given), plainly(wanted))
        }
        EvalAltResult::ErrorDataRace(..) => {
            "a list is asked about in its own closure; give it a second name with `let`".to_owned()
        }
        EvalAltResult::ErrorArithmetic(why, _) => format!("arithmetic: {why}"),
        EvalAltResult::ErrorRuntime(why, _) => {
            why.clone().into_string().unwrap_or_else(|_| "the script gave up".into())
        }
        EvalAltResult::ErrorParsing(ParseErrorType::ExprTooDeep, _) => {
            format!("expressions nest more than {MAX_DEPTH} deep")
        }
        other => {
            let mut other = other.to_string();
            if let Some(at) = other.rfind(" (line ") {
                other.truncate(at);
            }
            other
        }
    };
    match (error.position().line(), error.position().position()) {
        (Some(line), Some(column)) => format!("{words} (line {line}, column {column})"),
        _ => words,
    }
}

/// Rhai's names of types, as people call them.
fn plainly(text: &str) -> String {
    let names = [
        (type_name::<Named>(), "term"),
        (type_name::<Record>(), "record"),
        (type_name::<Date>(), "date"),
        ("&str | ImmutableString | String", "text"),
        ("i64", "whole number"),
        ("decimal", "number"),
        ("bool", "condition"),
        ("string", "text"),
        ("array", "list"),
        ("Fn", "function"),
        ("Dynamic", "any"),
    ];
    names.into_iter().fold(text.to_owned(), |text, (name, plain)| text.replace(name, plain))
}
