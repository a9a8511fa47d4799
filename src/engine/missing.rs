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
    /// The rules with an open guard that it stands behind: what these guards need is asked first.
    behind: BTreeSet<usize>,
}

/// What is missing, with what the open guards of rules need.
#[derive(Default)]
struct Stakes {
    facts: BTreeMap<Place, Stake>,
    guards: BTreeMap<usize, BTreeSet<Place>>,
}

fn place(cause: &Cause) -> Place {
    (cause.fact, cause.member, cause.field)
}

/// The missing facts in the order to ask: those that alone leave a barring rule open, then the rest; easier ones
/// first, then by what they decide; and what a guard needs always before what it guards.
pub fn missing(screening: &Screening, causes: &[Causes]) -> Vec<Missing> {
    let program = screening.program;
    let weight = |rule: &usize| program.rules[*rule].effect.weight();
    let Stakes { facts, guards } = stakes(screening, causes);
    let mut stakes: Vec<Stake> = facts.into_values().collect();
    stakes.sort_by_key(|stake| {
        let effort: Effort = program.dictionary.fact(stake.cause.fact).effort;
        let heaviest = stake.rules.iter().map(weight).max();
        (!stake.alone, effort, Reverse(heaviest), Reverse(stake.rules.len()), place(&stake.cause))
    });
    let shown = Shown { screening };
    let order = guards_first(&stakes, &guards);
    order.into_iter().map(|index| question(&shown, &stakes[index], screening)).collect()
}

/// Every missing fact with the rules that it leaves open and that could still change the verdict.
fn stakes(screening: &Screening, causes: &[Causes]) -> Stakes {
    let program = screening.program;
    let mut stakes = Stakes::default();
    // Rules may find one fact open in several ways; the state it is in comes before what else is not told of it.
    let told = |cause: &Cause| (cause.state != screening.settled.chart.value(cause.fact).state(), cause.state);
    for (index, rule) in program.rules.iter().enumerate() {
        let weight = rule.effect.weight();
        if screening.outcomes[index] != Outcome::Unknown || weight <= screening.decided.at_best {
            continue;
        }
        let guard = guard_causes(program, rule, &screening.settled.chart);
        let guard: BTreeSet<Place> = guard.unknown().map(place).collect();
        let unknown: Vec<&Cause> = causes[index].unknown().collect();
        for cause in &unknown {
            let blank = || Stake { cause: (*cause).clone(), rules: Vec::new(), alone: false, behind: BTreeSet::new() };
            let stake = stakes.facts.entry(place(cause)).or_insert_with(blank);
            if told(cause) < told(&stake.cause) {
                stake.cause = (*cause).clone();
            }
            stake.rules.push(index);
            stake.alone |= unknown.len() == 1 && weight == Weight::Barred;
            if !guard.is_empty() && !guard.contains(&place(cause)) {
                stake.behind.insert(index);
            }
        }
        stakes.guards.insert(index, guard);
    }
    stakes
}

/// Takes the first stake, in order, that waits for none of the others; the first of all if each waits for another.
fn guards_first(stakes: &[Stake], guards: &BTreeMap<usize, BTreeSet<Place>>) -> Vec<usize> {
    let mut open: BTreeMap<usize, usize> = guards.iter().map(|(rule, needed)| (*rule, needed.len())).collect();
    let mut needed_by: BTreeMap<Place, Vec<usize>> = BTreeMap::new();
    for (rule, needed) in guards {
        needed.iter().for_each(|place| needed_by.entry(*place).or_default().push(*rule));
    }
    let mut waits: Vec<usize> = stakes.iter().map(|stake| stake.behind.len()).collect();
    let mut waiting: BTreeSet<(bool, usize)> =
        waits.iter().enumerate().map(|(index, rules)| (*rules > 0, index)).collect();
    let mut ordered = Vec::with_capacity(stakes.len());
    while let Some((_, next)) = waiting.pop_first() {
        ordered.push(next);
        for rule in needed_by.get(&place(&stakes[next].cause)).into_iter().flatten() {
            let left = open.entry(*rule).or_insert(1);
            *left -= 1;
            if *left > 0 {
                continue;
            }
            for (index, _) in stakes.iter().enumerate().filter(|(_, stake)| stake.behind.contains(rule)) {
                waits[index] -= 1;
                if waits[index] == 0 && waiting.remove(&(true, index)) {
                    waiting.insert((false, index));
                }
            }
        }
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
