//! Fixtures that would notice what none does: each gives something else once the rule has the mistake.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::path::Path;

use super::mutated::{Mutated, Survivor};
use crate::analysis::scope::rests_on;
use crate::author::difference::Given;
use crate::author::fixture::Fixture;
use crate::author::suggest::{Suggester, Suggestion, Wish};
use crate::engine::decide::Outcome;
use crate::engine::eval::Eval;
use crate::engine::explain::{Options, explain};
use crate::engine::screen::{Screening, of, outcome, screen};
use crate::model::dictionary::FactId;
use crate::pack::program::{Program, Rule};

/// The fewest fixtures that notice the survivors for whom a patient is known, for the folder of the fixtures, with
/// names that are not taken; and how many survivors there are.
pub fn suggestions(
    program: &Program,
    mutated: &Mutated,
    folder: &Path,
    fixtures: &[Fixture],
    taken: &BTreeSet<String>,
) -> (Vec<Suggestion>, usize) {
    let place = |id: &String| program.rules.iter().position(|rule| rule.id == *id);
    let survivors = mutated.rules.iter().flat_map(|own| own.survivors.iter().map(move |survivor| (own, survivor)));
    let found: Vec<(usize, &Survivor, BTreeSet<FactId>)> = survivors
        .filter_map(|(own, survivor)| {
            let index = place(&own.rule)?;
            let witnessed = survivor.patient.iter().flat_map(|patient| &patient.witness.facts);
            let mut facts = rests_on(program, &[&program.rules[index]]);
            facts.extend(witnessed.filter_map(|(name, _)| program.dictionary.find(name)));
            Some((index, survivor, facts))
        })
        .collect();
    let wishes: Vec<Wish> = found
        .iter()
        .filter_map(|(index, survivor, facts)| {
            let rule = &program.rules[*index];
            let line = survivor.lines.iter().find_map(|line| line.is.as_deref()).unwrap_or("any patient's");
            let other = OnceCell::new();
            let shows = move |screening: &Screening| notices(screening, *index, &survivor.mutated, &other);
            Some(Wish {
                rule: &rule.id,
                title: format!("{} is not: {line}", rule.id),
                witness: &survivor.patient.as_ref()?.witness,
                facts,
                shows: Box::new(shows),
            })
        })
        .collect();
    (Suggester::new(program, folder, fixtures).suggest(&wishes, taken), found.len())
}

/// Whether a patient gets something that a fixture can expect, and would get something else if a rule were another. The
/// pack with that rule is made when it is needed first.
fn notices(screening: &Screening, rule: usize, mutated: &Rule, other: &OnceCell<Program>) -> bool {
    let program = screening.program;
    let eval = Eval::new(&program.dictionary, &screening.settled.chart);
    let (was, is) = (screening.outcomes[rule], outcome(program, mutated, of(&screening.ran, rule), &eval));
    let weighs = program.rules[rule].effect.weight() != mutated.effect.weight();
    if was == is && !is.is_open() && !(weighs && is == Outcome::Fires) {
        return false;
    }
    let changed = other.get_or_init(|| {
        let mut changed = program.clone();
        changed.rules[rule] = mutated.clone();
        changed
    });
    // In which order facts are asked for no fixture expects.
    let given = |screening: &Screening| {
        let mut given = Given::of(screening, &explain(screening, Options { all: true, as_of_today: false }));
        given.missing.sort();
        given
    };
    given(screening) != given(&screen(changed, screening.referral, screening.settled.chart.as_of))
}
