//! The questions: which missing facts could still change the verdict, and in which order to ask for them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::cause::{Cause, Causes};
use super::decide::Outcome;
use super::screen::{Screening, guard_causes};
use super::shown::Shown;
use super::verdict::Missing;
use crate::model::dictionary::{Effort, FactId};
use crate::pack::program::Weight;

/// A fact, a member of a list or a field of one.
type Place = (FactId, Option<usize>, Option<usize>);

/// What a missing fact decides.
struct Stake {
    cause: Cause,
    rules: Vec<usize>,
    /// Whether it alone leaves a barring rule open.
    alone: bool,
    /// What to ask before it: the open facts of a guard that it stands behind.
    after: BTreeSet<Place>,
}

fn place(cause: &Cause) -> Place {
    (cause.fact, cause.member, cause.field)
}

/// The missing facts in the order to ask: those that alone leave a barring rule open, then the rest; easier ones
/// first, then by what they decide; and what a guard needs always before what it guards.
pub fn missing(screening: &Screening, causes: &[Causes]) -> Vec<Missing> {
    let program = screening.program;
    let weight = |rule: &usize| program.rules[*rule].effect.weight();
    let mut stakes: Vec<Stake> = stakes(screening, causes).into_values().collect();
    stakes.sort_by_key(|stake| {
        let effort: Effort = program.dictionary.fact(stake.cause.fact).effort;
        let heaviest = stake.rules.iter().map(weight).max();
        (!stake.alone, effort, Reverse(heaviest), Reverse(stake.rules.len()), place(&stake.cause))
    });
    let shown = Shown { screening };
    guards_first(stakes).iter().map(|stake| question(&shown, stake, screening)).collect()
}

/// Every missing fact with the rules that it leaves open and that could still change the verdict.
fn stakes(screening: &Screening, causes: &[Causes]) -> BTreeMap<Place, Stake> {
    let program = screening.program;
    let mut stakes: BTreeMap<Place, Stake> = BTreeMap::new();
    for (index, rule) in program.rules.iter().enumerate() {
        let weight = rule.effect.weight();
        if screening.outcomes[index] != Outcome::Unknown || weight <= screening.decided.at_best {
            continue;
        }
        let guard = guard_causes(program, rule, &screening.settled.chart);
        let guard: BTreeSet<Place> = guard.unknown().map(place).collect();
        let unknown: Vec<&Cause> = causes[index].unknown().collect();
        for cause in &unknown {
            let blank = || Stake { cause: (*cause).clone(), rules: Vec::new(), alone: false, after: BTreeSet::new() };
            let stake = stakes.entry(place(cause)).or_insert_with(blank);
            stake.rules.push(index);
            stake.alone |= unknown.len() == 1 && weight == Weight::Barred;
            if !guard.contains(&place(cause)) {
                stake.after.extend(&guard);
            }
        }
    }
    stakes
}

/// Takes the first stake, in order, that waits for none of the others; the first of all if each waits for another.
fn guards_first(mut waiting: Vec<Stake>) -> Vec<Stake> {
    let mut ordered = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let open: BTreeSet<Place> = waiting.iter().map(|stake| place(&stake.cause)).collect();
        let next = waiting.iter().position(|stake| stake.after.is_disjoint(&open)).unwrap_or(0);
        ordered.push(waiting.remove(next));
    }
    ordered
}

fn question(shown: &Shown, stake: &Stake, screening: &Screening) -> Missing {
    let program = screening.program;
    let heaviest = stake.rules.iter().map(|rule| program.rules[*rule].effect.weight()).max().unwrap_or(Weight::None);
    let cause = &stake.cause;
    Missing {
        fact: shown.path(cause),
        question: shown.question(cause),
        state: cause.state.map_or("known", |state| state.word()),
        on: shown.since(cause).map(|on| on.to_string()),
        last: shown.last(cause),
        decides: stake.rules.iter().map(|rule| program.rules[*rule].id.clone()).collect(),
        could: heaviest.into(),
        words: shown.state_in_words(cause),
    }
}
