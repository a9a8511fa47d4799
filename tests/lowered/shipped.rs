//! Every script of the shipped pack, both ways.

use std::cell::Cell;
use std::path::Path;

use candidacy::engine::script::{Ran, Runner};
use candidacy::input::document::Node;
use candidacy::input::toml;
use candidacy::pack::compile::compile;
use candidacy::pack::program::{Formula, Program, Test};
use candidacy::pack::shelf::Shelf;
use candidacy::pack::typed::{Measure, Typed};

use super::answer::{Answer, lowered};
use super::law;
use super::world::charts::Charts;
use super::world::source::Source;

const PACK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/aldesleukin");

/// A script and what it means.
struct Pair {
    text: String,
    meaning: Typed,
}

fn pairs(program: &Program) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for rule in &program.rules {
        if let Test::Lowered(cond) = &rule.test {
            pairs.push(Pair { text: rule.text.clone(), meaning: Typed::Cond(cond.clone()) });
        }
        if let (Some(text), Some(cond)) = (&rule.guard_text, &rule.guard) {
            pairs.push(Pair { text: text.clone(), meaning: Typed::Cond(cond.clone()) });
        }
    }
    let facts = std::fs::read_to_string(format!("{PACK}/facts.toml")).expect("the dictionary");
    let (facts, _) = toml::parse(&facts);
    let text = |node: &Node, key: &str| node.get(key).and_then(Node::text).expect("a script").to_owned();
    for derived in &program.derived {
        let name = &program.dictionary.fact(derived.fact).name;
        let node = facts.get("derived").and_then(|all| all.get(name)).expect("it is written there");
        let meaning = match derived.formula.clone() {
            Formula::Cond(cond) => Typed::Cond(cond),
            Formula::Int(int) => Typed::Int(int, Measure::Any),
            Formula::Number(number) => Typed::Number(number, Measure::Any),
            Formula::Day(day) => Typed::Day(day),
            Formula::Choice(_) => panic!("no derived choice is shipped"),
        };
        pairs.push(Pair { text: text(node, "value"), meaning });
    }
    let written = facts.get("conflict").and_then(Node::items).unwrap_or_default();
    for (conflict, node) in program.conflicts.iter().zip(written) {
        pairs.push(Pair { text: text(node, "when"), meaning: Typed::Cond(conflict.when.clone()) });
    }
    pairs
}

#[test]
fn every_script_of_the_shipped_pack_gives_what_rhai_gives() {
    let program = compile(Shelf::Disk, Path::new(PACK)).expect("the shipped pack compiles");
    let pairs = pairs(&program);
    let scripts = program.rules.len() + program.rules.iter().filter(|rule| rule.guard.is_some()).count();
    assert_eq!(pairs.len(), scripts + program.derived.len() + program.conflicts.len(), "every script is lowered");
    let (runner, charts) = (Runner::new(&program), Charts { dictionary: &program.dictionary });
    let (whole, partial) = (Cell::new(0), Cell::new(0));
    law(400, |first, second| {
        let complete = charts.complete(&mut Source::new(first));
        let blurred = charts.blur(&complete, &mut Source::new(second));
        for Pair { text, meaning } in &pairs {
            let ir = lowered(&program, &complete, meaning);
            match runner.run(&program, &complete, text) {
                Ran::Value(value) if ir == Answer::Value(value.clone()) => whole.set(whole.get() + 1),
                rhai => return Err(format!("{text}\nRhai {rhai:?}, IR {ir:?}\n{}", charts.show(&complete))),
            }
            let ir = lowered(&program, &blurred, meaning);
            match runner.run(&program, &blurred, text) {
                Ran::Value(value) if ir == Answer::Value(value.clone()) => partial.set(partial.get() + 1),
                rhai @ Ran::Value(_) => {
                    return Err(format!("{text}\nRhai {rhai:?}, IR {ir:?}\n{}", charts.show(&blurred)));
                }
                Ran::Unknown(_) | Ran::Fault(_) => {}
            }
        }
        Ok(())
    });
    println!("{} scripts, {} values on complete charts, {} on others", pairs.len(), whole.get(), partial.get());
}
