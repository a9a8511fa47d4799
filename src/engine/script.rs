//! Runs scripts that have no place in the IR: in Rhai itself, on one chart, under hard limits. A script sees only what
//! is wholly known: once it has touched anything else its result is unknown, whatever it then returned, caught or
//! sorted away. Every script ends, none panics, and one without a result is a fault that says why in plain words.

use std::collections::HashMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use rhai::{AST, Dynamic, Engine, Scope};
use rust_decimal::Decimal;

use super::cause::{Cause, traced};
use super::chart::Chart;
use crate::model::calendar::Date;
use crate::pack::program::Program;

mod value;
mod words;
mod switched;
mod desk;
mod closures;
mod functions;

use desk::{Desk, Shuffled, lock};
use switched::Switched;
use value::describe;
use words::in_words;

/// What running a script came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Ran<T> {
    /// A value, from facts wholly known.
    Value(T),
    /// It touched these, which are not.
    Unknown(Vec<Cause>),
    /// It has no result, and why.
    Fault(String),
}

/// A value that a script gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A decimal.
    Number(Decimal),
    /// A day.
    Date(Date),
    /// A text, such as a choice.
    Text(String),
}

/// Runs the scripts of one program. It takes some 300 microseconds to make, and runs one script at a time.
pub struct Runner {
    engine: Engine,
    helpers: Result<AST, String>,
    desk: Arc<Desk>,
    /// Scripts read so far; held for the length of a run.
    trees: Mutex<HashMap<String, Result<Tree, String>>>,
}

/// A script that was read.
struct Tree {
    ast: AST,
    /// The names of variables and fields that a `switch` is on.
    switched: Arc<Switched>,
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner").finish_non_exhaustive()
    }
}

impl Runner {
    /// A runner of a program's scripts.
    pub fn new(program: &Program) -> Runner {
        let desk = Arc::new(Desk::new(program));
        let engine = functions::engine(&desk);
        let mut helpers = Ok(AST::empty());
        for text in &program.helpers {
            helpers = helpers.and_then(|lower: AST| Ok(lower.merge(&parse(&engine, text)?)));
        }
        Runner { engine, helpers, desk, trees: Mutex::default() }
    }

    /// Runs a rule's script, which has to come to true or false.
    pub fn test(&self, program: &Program, chart: &Chart, text: &str) -> Ran<bool> {
        match self.run(program, chart, text) {
            Ran::Value(Given::Bool(value)) => Ran::Value(value),
            Ran::Value(other) => Ran::Fault(format!("the script gives {}, not true or false", other.describe())),
            Ran::Unknown(causes) => Ran::Unknown(causes),
            Ran::Fault(why) => Ran::Fault(why),
        }
    }

    /// Runs a script on a chart of the program that the runner was made for.
    ///
    /// Members of a list have no order that a fact still to come could not change. Where one could, the script has to
    /// come to the same with the members in other orders, else its result is unknown.
    pub fn run(&self, program: &Program, chart: &Chart, text: &str) -> Ran<Given> {
        let mut trees = lock(&self.trees);
        let tree = match trees.get(text) {
            Some(tree) => tree,
            None => trees.entry(text.to_owned()).or_insert_with(|| self.read(text)),
        };
        let tree = match tree {
            Ok(tree) => tree,
            Err(why) => return Ran::Fault(why.clone()),
        };
        let chart = Arc::new(chart.clone());
        let (first, shuffled) = self.once(tree, &chart, 0);
        let orders = if matches!(first, Ran::Value(_)) { shuffled.longest.min(MAX_ORDERS) } else { 0 };
        let settled = (1..=orders).all(|order| self.once(tree, &chart, order).0 == first);
        match if settled { first } else { Ran::Unknown(shuffled.causes) } {
            Ran::Unknown(touched) => Ran::Unknown(traced(program, &chart, &touched)),
            other => other,
        }
    }

    fn read(&self, text: &str) -> Result<Tree, String> {
        let own = parse(&self.engine, text)?;
        let ast = self.helpers.clone()?.merge(&own);
        let switched = Arc::new(switched::switched(&ast)?);
        Ok(Tree { ast, switched })
    }

    fn once(&self, tree: &Tree, chart: &Arc<Chart>, order: usize) -> (Ran<Given>, Shuffled) {
        self.desk.lay(chart.clone(), tree.switched.clone(), order);
        let run = || self.engine.eval_ast_with_scope::<Dynamic>(&mut Scope::new(), &tree.ast);
        // Nothing known of Rhai panics any more; if something does, one rule has no result and the others have theirs.
        let result = catch_unwind(AssertUnwindSafe(run));
        let noted = self.desk.clear();
        let ran = match (noted.broken, result) {
            _ if !noted.touched.is_empty() => Ran::Unknown(noted.touched),
            (Some(why), _) => Ran::Fault(why),
            (None, Err(_)) => Ran::Fault("the script broke its interpreter".to_owned()),
            (None, Ok(Err(error))) => Ran::Fault(in_words(&error)),
            (None, Ok(Ok(value))) => given(&value.flatten()).map_or_else(Ran::Fault, Ran::Value),
        };
        (ran, noted.shuffled)
    }
}

/// In how many orders the members of lists are tried.
const MAX_ORDERS: usize = 5;

impl Given {
    fn describe(&self) -> &'static str {
        match self {
            Given::Bool(_) => "true or false",
            Given::Integer(_) => "a whole number",
            Given::Number(_) => "a number",
            Given::Date(_) => "a date",
            Given::Text(_) => "a text",
        }
    }
}

fn given(value: &Dynamic) -> Result<Given, String> {
    if let Some(date) = value.read_lock::<Date>() {
        return Ok(Given::Date(*date));
    }
    let plain = value.as_bool().map(Given::Bool).or_else(|_| value.as_int().map(Given::Integer));
    let plain = plain.or_else(|_| value.as_decimal().map(Given::Number));
    let plain = plain.or_else(|_| value.clone().into_string().map(Given::Text));
    plain.map_err(|_| format!("the script gives {}, not true or false", describe(value)))
}

fn parse(engine: &Engine, text: &str) -> Result<AST, String> {
    engine.compile(text).map_err(|error| in_words(&error.into()))
}
