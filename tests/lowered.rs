//! Laws between the two ways a script runs: lowered into the IR, and in Rhai itself.
//!
//! - Wherever Rhai gives a value, the IR gives that value.
//! - What either says while facts are missing is still so once they are known.
//!
//! The cases are the same in every run. `CANDIDACY_SWEEP=20` runs twenty times as many, and others with every
//! `CANDIDACY_SEED`.

#[path = "lowered/answer.rs"]
mod answer;
#[path = "lowered/scripted.rs"]
mod scripted;
#[path = "lowered/shipped.rs"]
mod shipped;
#[path = "lowered/tally.rs"]
mod tally;
#[path = "lowered/wild.rs"]
mod wild;
mod world;
#[path = "lowered/write.rs"]
mod write;

use std::cell::RefCell;
use std::ops::Bound;

use answer::{Answer, lowered, run};
use candidacy::engine::chart::{Chart, Slot};
use candidacy::engine::eval::{Eval, Fault};
use candidacy::model::calendar::Date;
use candidacy::model::interval::Interval;
use candidacy::model::truth::Truth;
use candidacy::model::value::Value;
use candidacy::pack::typed::Typed;
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use tally::{Tally, all_constructs};
use world::World;
use world::charts::Charts;
use world::source::Source;
use write::Writer;

/// Runs a law on so many cases, each a sequence of choices for the script and one for the chart.
fn law(cases: u32, holds: impl Fn(&[u16], &[u16]) -> Result<(), String>) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u32>().ok());
    let config = Config {
        cases: cases * number("CANDIDACY_SWEEP").unwrap_or(1),
        failure_persistence: None,
        ..Config::default()
    };
    let mut seed = [0; 32];
    seed[..4].copy_from_slice(&number("CANDIDACY_SEED").unwrap_or(0).to_le_bytes());
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let choices = (vec(any::<u16>(), 0..160), vec(any::<u16>(), 0..400));
    // Ends that chance puts the wrong way round, and constants that settle a comparison, are refused, as they should be.
    let settled = ["nothing lies between", "is always true", "is never true"];
    let refused = |why: &String| why.starts_with("refused") && settled.iter().any(|words| why.contains(words));
    let result = runner.run(&choices, |(script, chart)| match holds(&script, &chart) {
        Err(why) if !refused(&why) => Err(TestCaseError::fail(why)),
        _ => Ok(()),
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

fn meaning(world: &World, text: &str) -> Result<Typed, String> {
    let lowered = world.lower(text).map_err(|why| format!("{text}\n{why}"))?;
    match lowered.meaning {
        Some(meaning) => Ok(meaning),
        None => {
            let mistakes: Vec<String> = lowered
                .mistakes
                .iter()
                .map(|misread| format!("{:?} {}", misread.at, misread.mistake.message()))
                .collect();
            Err(format!("refused: {text}\n{}{:?}", mistakes.join("\n"), lowered.unlowered))
        }
    }
}

#[test]
fn a_lowered_script_gives_what_rhai_gives() {
    let world = World::new();
    let charts = Charts { dictionary: &world.program.dictionary };
    let tally = RefCell::new(Tally::default());
    let ends = RefCell::new(Tally::default());
    law(3_000, |script, chart| {
        let text = Writer::new(&mut Source::new(script), &mut tally.borrow_mut()).script();
        let meaning = meaning(&world, &text)?;
        tally.borrow_mut().typed(&meaning);
        let source = &mut Source::new(chart);
        for round in 0..4 {
            let mut chart = charts.complete(source);
            if round == 3 {
                chart = charts.blur(&chart, source);
            }
            let (rhai, ir) = (run(&world, &chart, &text), lowered(&world.program, &chart, &meaning));
            let complete = round < 3;
            ends.borrow_mut().add(match (&rhai, &ir) {
                (Answer::Fault(why), Answer::Value(_)) if complete => {
                    format!("IR value where Rhai faults ({})", cut(why))
                }
                (Answer::Fault(_), _) if complete => "both fault".into(),
                (Answer::Value(_), _) if complete => "both a value".into(),
                _ => "partial chart".into(),
            });
            match (&rhai, &ir) {
                (Answer::Value(a), Answer::Value(b)) if a == b => {}
                (Answer::Value(_), _) => {
                    return Err(format!("{text}\nRhai {rhai:?}, IR {ir:?}\n{}", charts.show(&chart)));
                }
                (Answer::Unknown, _) if complete => {
                    return Err(format!("{text}\nunknown on a complete chart\n{}", charts.show(&chart)));
                }
                (Answer::Unknown | Answer::Fault(_), _) => {}
            }
        }
        Ok(())
    });
    println!("results: {}", ends.borrow().report(&[]).0);
    let (counts, missing) = tally.borrow().report(&all_constructs());
    println!("constructs: {counts}");
    assert!(missing.is_empty(), "never reached: {missing:?}");
}

#[test]
fn a_day_left_out_leaves_no_year_out() {
    let world = World::new();
    let charts = Charts { dictionary: &world.program.dictionary };
    let mut chart = Chart::empty(&world.program.dictionary, Date::constant(2026, 11, 21));
    let after = Interval::within(Bound::Excluded(Date::constant(2008, 11, 20)), Bound::Unbounded);
    chart.set(charts.id("born"), Slot { value: Value::Date(after), on: None, normal: None });
    let eval = Eval::new(&world.program.dictionary, &chart);
    for (script, expected) in [("years_since(born) < 18", Truth::Unknown), ("years_since(born) <= 18", Truth::True)] {
        let Ok(Typed::Cond(cond)) = meaning(&world, script) else { panic!("{script} is a condition") };
        assert_eq!(eval.cond(&cond, None), expected, "{script}");
    }
}

fn cut(why: &str) -> &str {
    why.split([':', '(']).next().unwrap_or(why).trim()
}

#[test]
fn what_a_lowered_script_says_of_part_of_the_facts_holds_of_all() {
    let world = World::new();
    let charts = Charts { dictionary: &world.program.dictionary };
    let ends = RefCell::new(Tally::default());
    law(12_000, |script, chart| {
        let text = Writer::new(&mut Source::new(script), &mut Tally::default()).script();
        let meaning = meaning(&world, &text)?;
        let source = &mut Source::new(chart);
        let whole = charts.complete(source);
        let partial = charts.blur(&whole, source);
        for round in 0..6 {
            let full = if round == 0 { whole.clone() } else { charts.completed(&partial, &whole, source) };
            let (before, after) =
                (Eval::new(&world.program.dictionary, &partial), Eval::new(&world.program.dictionary, &full));
            let kept = kept(&meaning, &before, &after);
            ends.borrow_mut().add(kept.unwrap_or("broken"));
            if kept.is_none() {
                let said = (answer::show(&meaning, &before), answer::show(&meaning, &after));
                return Err(format!("{text}\n{said:?}\n{}", charts.difference(&partial, &full)));
            }
        }
        Ok(())
    });
    println!("results: {}", ends.borrow().report(&[]).0);
}

/// In which way what was said before is still so; `None` if it is not. Arithmetic may have a result for some values
/// within the bounds and none for others: that is a fault then, and contradicts nothing.
fn kept(meaning: &Typed, before: &Eval, after: &Eval) -> Option<&'static str> {
    let (way, kept) = match meaning {
        Typed::Cond(cond) => match (before.cond(cond, None), after.cond(cond, None)) {
            (Truth::Unknown, _) => ("truth open", true),
            (a, b) => ("truth kept", a == b),
        },
        Typed::Int(int, _) => covers(before.int(int, None), after.int(int, None)),
        Typed::Number(number, _) => covers(before.number(number, None), after.number(number, None)),
        Typed::Day(day) => covers(before.day(day, None), after.day(day, None)),
        Typed::Choice(choice, _) => match (before.choice(choice, None), after.choice(choice, None)) {
            (None, _) => ("choice open", true),
            (a, b) => ("choice kept", a == b),
        },
        _ => ("no formula", false),
    };
    match kept {
        true => Some(way),
        false if after.fault.get().is_some() => Some("a fault later"),
        false => None,
    }
}

/// Whether all that the second leaves possible lies within the first.
fn covers<T: Copy + Ord>(
    before: Result<Interval<T>, Fault>,
    after: Result<Interval<T>, Fault>,
) -> (&'static str, bool) {
    match (before, after) {
        (Ok(a), Ok(b)) => (if a.exact().is_some() { "value kept" } else { "value in bounds" }, a.meet(&b) == b),
        (Ok(_), Err(_)) => ("a fault later", true),
        (Err(_), _) => ("a fault open", true),
    }
}
