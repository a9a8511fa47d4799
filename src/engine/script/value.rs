//! What scripts hold: terms and records, each with the place it was read from, beside Rhai's own values.

use rhai::{Dynamic, EvalAltResult, Position};

use crate::engine::cause::Cause;
use crate::model::calendar::Date;
use crate::model::dictionary::{FactId, VocabularyId};
use crate::model::value::{State, Term};

/// Where a value was read from.
#[derive(Clone, Copy)]
pub struct At {
    /// The fact.
    pub fact: FactId,
    /// The member of a list.
    pub member: Option<usize>,
    /// The field of the member.
    pub field: Option<usize>,
}

impl At {
    /// A fact as a whole.
    pub fn fact(fact: FactId) -> At {
        At { fact, member: None, field: None }
    }

    /// What is noted of it when it is not wholly known.
    pub fn cause(self, state: State) -> Cause {
        let At { fact, member, field } = self;
        Cause { fact, member, field, state: Some(state), matched: None }
    }
}

/// A term in a script.
#[derive(Clone)]
pub struct Named {
    /// The term, which is never one that was not recognised.
    pub term: Term,
    /// The vocabulary it is of.
    pub vocabulary: VocabularyId,
    /// Where it was read from.
    pub at: At,
}

/// A member of a list of records, in a script.
#[derive(Clone, Copy)]
pub struct Record {
    /// The list.
    pub list: FactId,
    /// The member, in canonical order.
    pub member: usize,
}

/// What ends a script or a part of it.
pub type Failure = Box<EvalAltResult>;

/// A value, or what ends the script.
pub type Try<T> = Result<T, Failure>;

/// A mistake of the script, which `try` may catch.
pub fn fault(why: &str) -> Failure {
    EvalAltResult::ErrorRuntime(why.into(), Position::NONE).into()
}

/// What people call a value.
pub fn describe(value: &Dynamic) -> &'static str {
    match value.type_name() {
        "bool" => "true or false",
        "i64" => "a whole number",
        "decimal" => "a number",
        "string" => "a text",
        "array" => "a list",
        "()" => "nothing",
        _ if value.is::<Named>() => "a term",
        _ if value.is::<Date>() => "a date",
        _ if value.is::<Record>() => "a record",
        _ => "something else",
    }
}
