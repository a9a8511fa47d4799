//! Mistakes beside the rules: a fact's unit ten times as large, and facts left out of fixtures.

use std::collections::BTreeSet;

use super::cases::{Case, Cases};
use crate::author::asks::gives;
use crate::author::mutant::unit::UnitMutant;
use crate::engine::screen::{Screener, screen};
use crate::input::referral::{Dates, parse, read_loaded};
use crate::model::calendar::Date;
use crate::model::dictionary::FactId;
use crate::pack::program::Program;

/// What comes of a unit that is another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitCame {
    /// No fixture gives the fact in a unit of its own.
    Unused,
    /// This fixture notices it.
    Noticed(usize),
    /// Fixtures are read otherwise, and give what they expect.
    Survives,
}

/// Reads the fixtures that say something of a fact anew, with its other unit.
pub fn unit(cases: &Cases, mutant: &UnitMutant) -> UnitCame {
    let mut program: Program = cases.program.clone();
    program.dictionary = mutant.dictionary.clone();
    let screener = Screener::new(&program);
    let dates = Dates { asked: None, today: Date::MAX };
    let mut came = UnitCame::Unused;
    for (index, Case { fixture, screening, .. }) in cases.all.iter().enumerate() {
        let Some(said) = screening.referral.said(mutant.fact) else { continue };
        let Ok(read) = read_loaded(fixture.source.clone(), &fixture.path, &program.dictionary, dates) else {
            return UnitCame::Noticed(index);
        };
        if read.referral.said(mutant.fact) == Some(said) {
            continue;
        }
        if !gives(&screener.screen(&read.referral, screening.settled.chart.as_of), &fixture.expect) {
            return UnitCame::Noticed(index);
        }
        came = UnitCame::Survives;
    }
    came
}

/// Whether a fixture notices another pack over the same facts.
pub fn is_noticed(cases: &Cases, other: &Program) -> bool {
    let screener = Screener::new(other);
    let gives = |case: &Case| {
        let as_of = case.screening.settled.chart.as_of;
        gives(&screener.screen(case.screening.referral, as_of), &case.fixture.expect)
    };
    !cases.all.iter().all(gives)
}

/// The facts that a fixture states in its own file, by name, and those of them that can be left out of its referral
/// while it gives what it expects all the same.
pub fn facts(program: &Program, case: &Case) -> (usize, Vec<String>) {
    let (document, _) = parse(&case.fixture.source.text);
    let entries = document.get("facts").and_then(|facts| facts.entries()).unwrap_or_default();
    let stated: BTreeSet<FactId> = entries.iter().filter_map(|entry| program.dictionary.find(&entry.key)).collect();
    let referral = case.screening.referral;
    let stated: Vec<FactId> = stated.into_iter().filter(|fact| referral.said(*fact).is_some()).collect();
    let idle = stated.iter().filter(|fact| {
        let mut less = referral.clone();
        less.remove(**fact);
        gives(&screen(program, &less, case.screening.settled.chart.as_of), &case.fixture.expect)
    });
    (stated.len(), idle.map(|fact| program.dictionary.fact(*fact).name.clone()).collect())
}
