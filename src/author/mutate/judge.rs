//! Which fixture notices that rules are others: it no longer gives what it expects.

use std::collections::BTreeSet;

use super::cases::{Case, Cases, Groups};
use crate::author::asks::names;
use crate::engine::decide::{Decided, Outcome, decide};
use crate::engine::eval::Eval;
use crate::engine::screen::{of, outcome, rule_causes};
use crate::pack::program::{Program, Rule, Weight};

/// A rule that is another, with what it comes to for each group of cases.
struct Changed<'m> {
    rule: usize,
    mutated: &'m Rule,
    reweighed: bool,
    groups: &'m Groups,
    outcomes: Vec<Outcome>,
}

/// The first fixture that notices other rules, by position: by its verdict or what fires, or else by what is missing.
pub fn noticed(cases: &Cases, rules: &[(usize, &Rule)]) -> Option<usize> {
    let changed: Vec<Changed> = rules.iter().map(|(rule, mutated)| Changed::new(cases, *rule, mutated)).collect();
    let bears = |case: &usize| changed.iter().any(|own| own.bears(cases, *case));
    let open: Vec<usize> = (0..cases.all.len()).filter(bears).collect();
    let loud = open.iter().copied().find(|case| decides(cases, &changed, *case));
    loud.or_else(|| open.into_iter().find(|case| asks(cases, &changed, *case)))
}

impl<'m> Changed<'m> {
    fn new(cases: &'m Cases, rule: usize, mutated: &'m Rule) -> Changed<'m> {
        let program = cases.program;
        let groups = cases.groups(rule);
        let outcomes = groups.firsts.iter().map(|case| {
            let screening = &cases.all[*case].screening;
            let eval = Eval::new(&program.dictionary, &screening.settled.chart);
            outcome(program, mutated, of(&screening.ran, rule), &eval)
        });
        let reweighed = program.rules[rule].effect.weight() != mutated.effect.weight();
        Changed { rule, mutated, reweighed, groups, outcomes: outcomes.collect() }
    }

    /// What the rule and the mutant come to for a case.
    fn both(&self, cases: &Cases, case: usize) -> (Outcome, Outcome) {
        (cases.all[case].screening.outcomes[self.rule], self.outcomes[self.groups.of[case] as usize])
    }

    /// Whether a case may notice the mutant: where both are unknown, for other reasons.
    fn bears(&self, cases: &Cases, case: usize) -> bool {
        let (was, is) = self.both(cases, case);
        let silent = |outcome: Outcome| matches!(outcome, Outcome::Clear | Outcome::NotApplicable);
        was != is && !(silent(was) && silent(is)) || is.is_open() || self.reweighed && is == Outcome::Fires
    }
}

/// The rules of a case with how they weigh and what they come to, where some are others.
fn weighed<'c>(
    cases: &'c Cases,
    changed: &'c [Changed],
    case: usize,
) -> impl Iterator<Item = (Weight, Outcome)> + Clone + 'c {
    let outcomes = &cases.all[case].screening.outcomes;
    cases.program.rules.iter().enumerate().map(move |(index, rule)| {
        let other = changed.iter().find(|own| own.rule == index);
        other.map_or((rule.effect.weight(), outcomes[index]), |own| {
            (own.mutated.effect.weight(), own.both(cases, case).1)
        })
    })
}

/// Whether a case has another verdict than expected, other rules that fire, or a rule without a result.
fn decides(cases: &Cases, changed: &[Changed], case: usize) -> bool {
    let expect = &cases.all[case].fixture.expect;
    let moves = |own: &Changed| {
        let (was, is) = own.both(cases, case);
        is == Outcome::Fault || expect.fires.is_some() && (was == Outcome::Fires) != (is == Outcome::Fires)
    };
    let verdict = || decide(weighed(cases, changed, case)).verdict;
    changed.iter().any(moves) || expect.verdict.as_ref().is_some_and(|stated| stated.value != verdict())
}

/// Whether a case asks for other facts than expected.
fn asks(cases: &Cases, changed: &[Changed], case: usize) -> bool {
    let Case { fixture, screening, asked } = &cases.all[case];
    let Some(expected) = &fixture.expect.missing else { return false };
    let Decided { at_best, .. } = decide(weighed(cases, changed, case));
    let mut missing: BTreeSet<String> = BTreeSet::new();
    for (index, (weight, outcome)) in weighed(cases, changed, case).enumerate() {
        if outcome != Outcome::Unknown || weight <= at_best {
            continue;
        }
        let other = changed.iter().find(|own| own.rule == index);
        let own = asked.iter().find(|(rule, _)| *rule == index).filter(|_| other.is_none());
        match (own, other) {
            (Some((_, names)), _) => missing.extend(names.iter().cloned()),
            (None, Some(own)) => {
                let program: &Program = cases.program;
                let chart = &screening.settled.chart;
                let causes = rule_causes(program, own.mutated, of(&screening.ran, index), chart);
                missing.extend(names(screening, &causes));
            }
            (None, None) => {}
        }
    }
    missing != expected.value
}
