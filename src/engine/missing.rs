//! The questions: which missing facts could still change the verdict, and in which order to ask for them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::cause::{Cause, Causes};
use super::decide::Outcome;
use super::screen::{Screening, guard_causes};
use super::shown::Shown;
use super::verdict::Missing;
use crate::model::dictionary::Effort;
use crate::pack::program::Weight;

/// What a missing fact decides.
struct Stake {
    cause: Cause,
    rules: Vec<usize>,
    /// Whether it alone leaves a barring rule open.
    alone: bool,
    /// Whether it is only asked once a guard is known.
    behind_guard: bool,
}

/// The missing facts in the order to ask: those that alone leave a barring rule open, then the rest; a guard's facts
/// before what they guard, easier ones first, then by what they decide.
pub fn missing(screening: &Screening, causes: &[Causes]) -> Vec<Missing> {
    let program = screening.program;
    let weight = |rule: &usize| program.rules[*rule].effect.weight();
    let best = screening.decided.at_best;
    let open = (0..program.rules.len())
        .filter(|rule| screening.outcomes[*rule] == Outcome::Unknown && weight(rule) > best)
        .collect::<Vec<_>>();
    let mut stakes: BTreeMap<(crate::model::dictionary::FactId, Option<usize>, Option<usize>), Stake> = BTreeMap::new();
    for rule in open {
        let guard = guard_causes(program, &program.rules[rule], &screening.settled.chart);
        let unknown: Vec<&Cause> = causes[rule].unknown().collect();
        for cause in &unknown {
            let key = (cause.fact, cause.member, cause.field);
            let stake = stakes.entry(key).or_insert_with(|| Stake {
                cause: (*cause).clone(),
                rules: Vec::new(),
                alone: false,
                behind_guard: true,
            });
            stake.rules.push(rule);
            stake.alone |= unknown.len() == 1 && weight(&rule) == Weight::Barred;
            stake.behind_guard &= guard.unknown().next().is_some() && !guard.unknown().any(|other| other == *cause);
        }
    }
    let mut stakes: Vec<Stake> = stakes.into_values().collect();
    stakes.sort_by_key(|stake| {
        let effort: Effort = program.dictionary.fact(stake.cause.fact).effort;
        let heaviest = stake.rules.iter().map(weight).max();
        let place = (stake.cause.fact, stake.cause.member, stake.cause.field);
        (!stake.alone, stake.behind_guard, effort, Reverse(heaviest), Reverse(stake.rules.len()), place)
    });
    let shown = Shown { screening };
    stakes.iter().map(|stake| question(&shown, stake, screening)).collect()
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
