//! One answer for both ways of running a script.

use candidacy::engine::chart::Chart;
use candidacy::engine::eval::Eval;
use candidacy::engine::script::{Given, Ran};
use candidacy::model::truth::Truth;
use candidacy::pack::program::Program;
use candidacy::pack::typed::Typed;

use super::world::World;

/// What a script comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Value(Given),
    Unknown,
    Fault(String),
}

/// In Rhai itself.
pub fn run(world: &World, chart: &Chart, text: &str) -> Answer {
    match world.runner.run(&world.program, chart, text) {
        Ran::Value(value) => Answer::Value(value),
        Ran::Unknown(causes) => {
            assert!(!causes.is_empty(), "unknown without a cause: {text}");
            Answer::Unknown
        }
        Ran::Fault(why) => Answer::Fault(why),
    }
}

/// Through the IR. Bounds are unknown.
pub fn lowered(program: &Program, chart: &Chart, meaning: &Typed) -> Answer {
    let eval = Eval::new(&program.dictionary, chart);
    let exact = |given: Option<Given>| given.map_or(Answer::Unknown, Answer::Value);
    match meaning {
        Typed::Cond(cond) => match (eval.cond(cond, None), eval.fault.get()) {
            (Truth::Unknown, Some(fault)) => Answer::Fault(fault.message().into()),
            (Truth::Unknown, None) => Answer::Unknown,
            (truth, _) => Answer::Value(Given::Bool(truth == Truth::True)),
        },
        Typed::Int(int, _) => match eval.int(int, None) {
            Ok(int) => exact(int.exact().map(Given::Integer)),
            Err(fault) => Answer::Fault(fault.message().into()),
        },
        Typed::Number(number, _) => match eval.number(number, None) {
            Ok(number) => exact(number.exact().map(Given::Number)),
            Err(fault) => Answer::Fault(fault.message().into()),
        },
        Typed::Day(day) => match eval.day(day, None) {
            Ok(day) => exact(day.exact().map(Given::Date)),
            Err(fault) => Answer::Fault(fault.message().into()),
        },
        Typed::Choice(choice, values) => {
            exact(eval.choice(choice, None).map(|index| Given::Text(values[usize::from(index)].clone())))
        }
        other => panic!("no formula: {other:?}"),
    }
}

/// What a meaning comes to, bounds included.
pub fn show(meaning: &Typed, eval: &Eval) -> String {
    match meaning {
        Typed::Cond(cond) => format!("{:?}", eval.cond(cond, None)),
        Typed::Int(int, _) => format!("{:?}", eval.int(int, None)),
        Typed::Number(number, _) => format!("{:?}", eval.number(number, None)),
        Typed::Day(day) => format!("{:?}", eval.day(day, None)),
        Typed::Choice(choice, _) => format!("{:?}", eval.choice(choice, None)),
        other => format!("{other:?}"),
    }
}
