//! What a screening asks for, as fixtures name it, and whether it gives what a fixture expects: the same as is written
//! out for people, only sooner.

use std::collections::BTreeSet;

use super::expect::Expect;
use crate::engine::cause::Causes;
use crate::engine::decide::Outcome;
use crate::engine::screen::Screening;
use crate::engine::shown::Shown;

/// Whether a screening gives what is expected.
pub fn gives(screening: &Screening, expect: &Expect) -> bool {
    let rules = screening.program.rules.iter().zip(&screening.outcomes);
    let fires = || rules.clone().filter(|(_, outcome)| **outcome == Outcome::Fires).map(|(rule, _)| &rule.id);
    let verdict = expect.verdict.as_ref().is_some_and(|stated| stated.value == screening.decided.verdict);
    verdict
        && !screening.outcomes.contains(&Outcome::Fault)
        && expect.fires.as_ref().is_none_or(|stated| stated.value.iter().eq(fires().collect::<BTreeSet<_>>()))
        && expect.missing.as_ref().is_none_or(|stated| stated.value == missing(screening))
}

/// What is asked for: what leaves rules open that could change the verdict.
pub fn missing(screening: &Screening) -> BTreeSet<String> {
    let weighs = |rule: usize| screening.program.rules[rule].effect.weight() > screening.decided.at_best;
    let asked = asked(screening).into_iter().filter(|(rule, _)| weighs(*rule));
    asked.flat_map(|(_, names)| names).collect()
}

/// What is asked for each rule that is unknown, in pack order, whether or not it could change the verdict.
pub fn asked(screening: &Screening) -> Vec<(usize, BTreeSet<String>)> {
    let open = (0..screening.outcomes.len()).filter(|rule| screening.outcomes[*rule] == Outcome::Unknown);
    open.map(|rule| (rule, names(screening, &screening.causes(rule)))).collect()
}

/// What leaves a rule open, as fixtures name it.
pub fn names(screening: &Screening, causes: &Causes) -> BTreeSet<String> {
    let shown = Shown { screening };
    causes.unknown().map(|cause| shown.path(cause)).collect()
}
