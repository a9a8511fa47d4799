//! What is written of a condition lowers to that condition again: of every script that is shipped, and of scripts put
//! together by chance out of every construct that the language has.

#[path = "laws/dice.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod dice;
#[path = "laws/pack.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod pack;
#[path = "laws/script.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod script;
#[path = "lowered/tally.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod tally;
mod world;
#[path = "lowered/write.rs"]
mod write;

use std::path::Path;

use candidacy::analysis::walk::{self, Part};
use candidacy::pack::compile::compile;
use candidacy::pack::ir::{Cond, Relation};
use candidacy::pack::lower::lower;
use candidacy::pack::lower::tree::Reader;
use candidacy::pack::names::Names;
use candidacy::pack::program::{Formula, Program, Test};
use candidacy::pack::shelf::Shelf;
use candidacy::pack::typed::Typed;
use candidacy::pack::written;
use dice::{Dice, cases};
use pack::Pack;
use tally::Tally;
use world::World;
use world::source::Source;
use write::Writer;

/// Every condition of a pack.
fn conds(program: &Program) -> Vec<&Cond> {
    let tests = program.rules.iter().filter_map(|rule| match &rule.test {
        Test::Lowered(cond) => Some(cond),
        Test::Scripted(_) => None,
    });
    let guards = program.rules.iter().filter_map(|rule| rule.guard.as_ref());
    let derived = program.derived.iter().filter_map(|derived| match &derived.formula {
        Formula::Cond(cond) => Some(cond),
        _ => None,
    });
    tests.chain(guards).chain(derived).chain(program.conflicts.iter().map(|conflict| &conflict.when)).collect()
}

/// What is written of a condition, and what that lowers to.
fn again(cond: &Cond, program: &Program) -> (String, Cond) {
    let text = written::cond(cond, &program.dictionary);
    let reader = Reader::new();
    let parsed = reader.parse(&text).unwrap_or_else(|(at, mistake)| panic!("{text}\n{at:?}: {}", mistake.message()));
    let lowered = lower(&reader, &parsed, Names { dictionary: &program.dictionary, settings: &program.settings });
    let mistakes: Vec<String> = lowered.mistakes.iter().map(|misread| misread.mistake.message()).collect();
    match lowered.meaning {
        Some(Typed::Cond(cond)) => (text, cond),
        other => panic!("{text}\nlowers to {other:?}: {mistakes:?}"),
    }
}

fn comes_back(cond: &Cond, program: &Program) {
    let (text, lowered) = again(cond, program);
    if is_nested(cond) || lowered != *cond && unlevelled(&lowered) == unlevelled(cond) {
        assert_eq!(again(&lowered, program), (text, lowered));
    } else {
        assert_eq!(&lowered, cond, "{text}");
    }
}

/// A condition without the levels of its closures: one that was given a name outside another keeps its own.
fn unlevelled(cond: &Cond) -> String {
    let text = format!("{cond:?}");
    let mut parts = text.split("level: ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.trim_start_matches(|c: char| c.is_ascii_digit()))
}

/// Whether helpers and names have put `&&` directly inside `&&`, or `||` inside `||`, which no script can.
fn is_nested(cond: &Cond) -> bool {
    let mut nested = false;
    walk::each(cond, &mut |part| {
        nested |= match part {
            Part::Cond(Cond::And(parts)) => parts.iter().any(|part| matches!(part, Cond::And(_))),
            Part::Cond(Cond::Or(parts)) => parts.iter().any(|part| matches!(part, Cond::Or(_))),
            _ => false,
        };
    });
    nested
}

#[test]
fn every_shipped_condition_comes_back() {
    for name in ["aldesleukin", "aldesleukin-current-label"] {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/rules")).join(name);
        let program = compile(Shelf::Disk, &folder).unwrap_or_else(|refused| {
            panic!("{}", refused.lines().collect::<Vec<_>>().join("\n"));
        });
        let all = conds(&program);
        assert!(all.len() > 60, "only {} conditions", all.len());
        all.into_iter().for_each(|cond| comes_back(cond, &program));
    }
}

/// A script reads as a person would have written it.
#[test]
fn shipped_conditions_read_as_they_were_written() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/aldesleukin"));
    let program = compile(Shelf::Disk, folder).expect("the pack is sound");
    let mut alike = 0;
    for rule in &program.rules {
        let Test::Lowered(cond) = &rule.test else { continue };
        let bare = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        alike += usize::from(bare(&rule.text) == written::cond(cond, &program.dictionary));
    }
    // The others name settings, or members by another letter.
    assert!(alike * 5 > program.rules.len() * 4, "only {alike} of {}", program.rules.len());
}

#[test]
fn conditions_of_packs_by_chance_come_back() {
    for seed in 0..cases(100) {
        let program = Pack::by_chance(&mut Dice::new(seed)).program();
        conds(&program).into_iter().for_each(|cond| comes_back(cond, &program));
    }
}

#[test]
fn scripts_of_every_construct_come_back() {
    let world = World::new();
    let mut kept = 0;
    for seed in 0..cases(2_000) {
        let mut dice = Dice::new(seed);
        let choices: Vec<u16> = (0..160).map(|_| dice.below(65_536) as u16).collect();
        let text = Writer::new(&mut Source::new(&choices), &mut Tally::default()).script();
        let lowered = world.lower(&text).expect(&text);
        // A setting stands as its value, without the unit that it brings into a product.
        if !lowered.settings.is_empty() {
            continue;
        }
        let cond = match lowered.meaning {
            Some(Typed::Cond(cond)) => cond,
            Some(Typed::Int(a, _)) => Cond::CompareInt(Relation::Less, a.clone(), a),
            Some(Typed::Number(a, _)) => Cond::CompareNumber(Relation::Less, a.clone(), a),
            Some(Typed::Day(a)) => Cond::CompareDay(Relation::Less, a.clone(), a),
            Some(Typed::Choice(a, _)) => Cond::SameChoice(a.clone(), a),
            _ => continue,
        };
        comes_back(&cond, &world.program);
        kept += 1;
    }
    assert!(kept * 2 > cases(2_000), "only {kept} scripts");
}
