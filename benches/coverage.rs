//! How long it takes to tell what fixtures show of a pack and which mistakes they notice, as rules and fixtures grow:
//! generated packs of rules over facts of every kind, and fixtures put together by chance that expect what the pack gives.
//! `cargo bench --bench coverage`.

mod generated;

use std::path::{Path, PathBuf};

use candidacy::author::cover::{cover, screened};
use candidacy::author::difference::Given;
use candidacy::author::fixture::{Fixture, read};
use candidacy::author::mutate::{self, Plan};
use candidacy::engine::explain::{Options, explain};
use candidacy::engine::screen::screen;
use candidacy::input::source::Source;
use candidacy::model::calendar::Date;
use candidacy::pack::program::Program;
use generated::{pack, timed};

const DAY: Date = Date::constant(2026, 11, 21);

/// A fixture that says something of most facts; the numbers are those that the rules ask for, and their neighbours.
fn fixture(program: &Program, number: usize) -> Fixture {
    let mut text = String::from("as_of = 2026-11-21\n\n[facts]\n");
    let mut dice = 0x9e37_79b9_u64.wrapping_mul(number as u64 + 1);
    for (_, fact) in program.dictionary.facts() {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let own = (dice >> 33) as usize;
        let index: usize = fact.name[1..].parse().unwrap_or_default();
        let value = match (own % 10, index % 4) {
            (0, _) => continue,
            (_, 0) => (own % 20 < 10).to_string(),
            (_, 1) => (own / 16 % 120).to_string(),
            (_, 2) => format!("{:?}", ["none", "mild", "severe"][own / 16 % 3]),
            (1..5, _) => "[]".to_owned(),
            _ => format!("[\"term{}\"]", own / 16 % 200),
        };
        text.push_str(&format!("{} = {value}\n", fact.name));
    }
    let name = format!("{number}.toml");
    let as_text = |text: &str| {
        let source = Source { name: name.clone(), text: text.to_owned() };
        read(Path::new(""), PathBuf::from(&name), source, program)
    };
    let bare = as_text(&text);
    let referral = &bare.read.as_ref().expect("it can be read").referral;
    let screening = screen(program, referral, DAY);
    let given = Given::of(&screening, &explain(&screening, Options { all: true, as_of_today: false }));
    text.push_str(&format!(
        "\n[expect]\nverdict = {:?}\nfires = {:?}\nmissing = {:?}\n",
        given.verdict.word(),
        given.fires,
        given.missing
    ));
    as_text(&text)
}

fn main() {
    println!(" rules  fixtures  facts     screen      cover     mutate   shown of possible, mutants");
    for (rules, fixtures, facts) in
        [(100, 100, 60), (100, 1000, 60), (300, 300, 100), (1000, 100, 300), (1000, 1000, 300)]
    {
        let program = pack(rules, facts, 5, None);
        let all: Vec<Fixture> = (0..fixtures).map(|number| fixture(&program, number)).collect();
        let (screening, screened) = timed(|| screened(&program, &all));
        assert_eq!(screened.len(), fixtures, "every fixture can be read");
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let (covering, coverage) = timed(|| cover(&program, &screened, DAY, threads));
        let plan = Plan { rules: None, all: false, jobs: threads, done: &|_, _| {} };
        let (mutating, mutated) = timed(|| mutate::run(&program, &all, &plan));
        let Ok(mutated) = mutated else { panic!("fixtures give what they expect") };
        let beside =
            mutated.terms.map_or(0, |own| own.tally.mutants) + mutated.facts.map_or(0, |own| own.tally.mutants);
        println!(
            "{rules:>6} {fixtures:>9} {facts:>6} {:>8.2} s {:>8.2} s {:>8.2} s   {} of {}, {} of rules and {beside} beside",
            screening.as_secs_f64(),
            covering.as_secs_f64(),
            mutating.as_secs_f64(),
            coverage.total.shown,
            coverage.total.shown + coverage.total.missing,
            mutated.total.mutants,
        );
    }
}
