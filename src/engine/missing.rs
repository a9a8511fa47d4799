//! The questions: which missing facts could still change the verdict, and in which order to ask for them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::cause::{Cause, Causes};
use super::decide::Outcome;
use super::screen::{Screening, guard_causes};
use super::shown::Shown;
use super::verdict::Missing;
use crate::model::dictionary::{Effort, FactId};
use crate::model::value::State;
use crate::pack::program::Weight;

/// A fact, a member of a list or a field of one.
type Place = (FactId, Option<usize>, Option<usize>);

/// What a missing fact decides.
struct Stake {
    cause: Cause,
    rules: Vec<usize>,
    /// How heavily the heaviest of them weighs.
    heaviest: Weight,
    /// Whether it alone leaves a barring rule open.
    alone: bool,
    /// The heaviest rules with an open guard that it stands behind: what these guards need is asked first.
    behind: BTreeSet<usize>,
}

impl Stake {
    fn blank(cause: &Cause) -> Stake {
        let (rules, behind) = (Vec::new(), BTreeSet::new());
        Stake { cause: cause.clone(), rules, heaviest: Weight::None, alone: false, behind }
    }
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

/// The missing facts in the order to ask: what could bar, then what could defer, then what could add a caution. Within
/// each those that alone leave a barring rule open, then the rest; easier ones first, then by how much they decide; and
/// what a guard needs before what it guards.
pub fn missing(screening: &Screening, causes: &[Causes]) -> Vec<Missing> {
    let program = screening.program;
    let weight = |rule: &usize| program.rules[*rule].effect.weight();
    let Stakes { facts, guards } = stakes(screening, causes);
    let mut stakes: Vec<Stake> = facts.into_values().collect();
    for stake in &mut stakes {
        stake.heaviest = stake.rules.iter().map(weight).max().unwrap_or(Weight::None);
        stake.behind.retain(|rule| weight(rule) == stake.heaviest);
    }
    stakes.sort_by_key(|stake| {
        let effort: Effort = program.dictionary.fact(stake.cause.fact).effort;
        (Reverse(stake.heaviest), !stake.alone, effort, Reverse(stake.rules.len()), place(&stake.cause))
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
            let stake = stakes.facts.entry(place(cause)).or_insert_with(|| Stake::blank(cause));
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

/// Takes the first stake, in order, that waits for none of the others as heavy; the first of these if each waits for
/// another.
fn guards_first(stakes: &[Stake], guards: &BTreeMap<usize, BTreeSet<Place>>) -> Vec<usize> {
    let mut open: BTreeMap<usize, usize> = guards.iter().map(|(rule, needed)| (*rule, needed.len())).collect();
    let mut needed_by: BTreeMap<Place, Vec<usize>> = BTreeMap::new();
    for (rule, needed) in guards {
        needed.iter().for_each(|place| needed_by.entry(*place).or_default().push(*rule));
    }
    let mut waits: Vec<usize> = stakes.iter().map(|stake| stake.behind.len()).collect();
    let weight = |index: usize| Reverse(stakes[index].heaviest);
    let mut waiting: BTreeSet<(Reverse<Weight>, bool, usize)> =
        waits.iter().enumerate().map(|(index, rules)| (weight(index), *rules > 0, index)).collect();
    let mut ordered = Vec::with_capacity(stakes.len());
    while let Some((_, _, next)) = waiting.pop_first() {
        ordered.push(next);
        for rule in needed_by.get(&place(&stakes[next].cause)).into_iter().flatten() {
            let left = open.entry(*rule).or_insert(1);
            *left -= 1;
            if *left > 0 {
                continue;
            }
            for (index, _) in stakes.iter().enumerate().filter(|(_, stake)| stake.behind.contains(rule)) {
                waits[index] -= 1;
                if waits[index] == 0 && waiting.remove(&(weight(index), true, index)) {
                    waiting.insert((weight(index), false, index));
                }
            }
        }
    }
    ordered
}

fn question(shown: &Shown, stake: &Stake, screening: &Screening) -> Missing {
    let program = screening.program;
    let cause = &stake.cause;
    Missing {
        fact: shown.path(cause),
        question: shown.question(cause),
        state: cause.state.map_or("known", |state| state.word()),
        on: shown.since(cause).map(|on| on.to_string()),
        last: shown.last(cause),
        decides: stake.rules.iter().map(|rule| program.rules[*rule].id.clone()).collect(),
        could: stake.heaviest.into(),
        label: shown.label(cause),
        words: match cause.state {
            Some(State::NotSupplied | State::Unrecognised) => String::new(),
            _ => shown.state_in_words(cause),
        },
        said: shown.said(cause),
        written: shown.unrecognised(cause),
    }
}
