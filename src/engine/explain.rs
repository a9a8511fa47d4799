//! From a screening to a reasoned verdict: every finding with the facts that decided it, what is missing and in
//! which order to ask, and what a reader should know of the input.

use std::collections::BTreeMap;

use super::canonical;
use super::cause::Causes;
use super::conflict::conflicts;
use super::decide::Outcome;
use super::missing::missing;
use super::policy::settings;
use super::screen::Screening;
use super::shown::Shown;
use super::step::steps;
use super::verdict::{Cited, FactShown, Finding, Hidden, PackName, SCHEMA, Unchecked, Verdict};
use super::warning::warnings;
use crate::pack::program::{Effect, Rule, Weight};

/// What to explain.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Show clear rules and rules that do not apply.
    pub all: bool,
    /// Whether the as-of date is today's for want of another.
    pub as_of_today: bool,
}

/// Explains a screening.
pub fn explain(screening: &Screening, options: Options) -> Verdict {
    let program = screening.program;
    let chart = &screening.settled.chart;
    let causes: Vec<Causes> = (0..program.rules.len()).map(|rule| screening.causes(rule)).collect();
    let shown = Shown { screening };
    let explainer = Explainer { screening, shown, causes: &causes };
    let order = ordered(screening);
    let (visible, hidden) = explainer.visible(&order, options.all);
    Verdict {
        schema: SCHEMA,
        patient: screening.referral.patient.clone(),
        as_of: chart.as_of.to_string(),
        pack: PackName { id: program.id.clone(), version: program.version.clone(), digest: program.digest.clone() },
        facts_digest: canonical::digest(&program.dictionary, screening.referral),
        engine: env!("CARGO_PKG_VERSION"),
        verdict: screening.decided.verdict,
        at_best: screening.decided.at_best.into(),
        at_worst: screening.decided.at_worst.into(),
        findings: visible.iter().map(|rule| explainer.finding(*rule)).collect(),
        missing: missing(screening, &causes),
        unchecked: explainer.unchecked(&order),
        conflicts: conflicts(screening),
        warnings: warnings(screening, options.as_of_today),
        settings: settings(screening, &causes, options.all),
        remarks: screening.referral.remarks.clone(),
        notice: program.notice.clone(),
        steps: steps(screening, &causes, &order),
        hidden,
        all: options.all,
    }
}

/// Rules by weight, then by what they came to, then in pack order.
fn ordered(screening: &Screening) -> Vec<usize> {
    let rank = |outcome: Outcome| match outcome {
        Outcome::Fires => 0,
        Outcome::Fault => 1,
        Outcome::Unknown => 2,
        Outcome::Clear => 3,
        Outcome::NotApplicable => 4,
    };
    let mut order: Vec<usize> = (0..screening.program.rules.len()).collect();
    order.sort_by_key(|rule| {
        let weight = screening.program.rules[*rule].effect.weight();
        (std::cmp::Reverse(weight), rank(screening.outcomes[*rule]), *rule)
    });
    order
}

struct Explainer<'s> {
    screening: &'s Screening<'s>,
    shown: Shown<'s>,
    causes: &'s [Causes],
}

impl Explainer<'_> {
    fn rule(&self, rule: usize) -> &Rule {
        &self.screening.program.rules[rule]
    }

    /// The rules to show, and how many are left out.
    fn visible(&self, order: &[usize], all: bool) -> (Vec<usize>, Hidden) {
        let mut hidden = Hidden::default();
        let mut visible = Vec::with_capacity(order.len());
        for rule in order {
            match self.screening.outcomes[*rule] {
                Outcome::Clear if !all && self.rule(*rule).effect != Effect::Require => hidden.clear += 1,
                Outcome::NotApplicable if !all => hidden.not_applicable += 1,
                _ => visible.push(*rule),
            }
        }
        (visible, hidden)
    }

    fn finding(&self, index: usize) -> Finding {
        let (rule, state, causes) = (self.rule(index), self.screening.outcomes[index], &self.causes[index]);
        let fault = causes.faults.first().filter(|_| state == Outcome::Fault).cloned();
        let open = causes.unknown().filter(|_| state.is_open());
        Finding {
            rule: rule.id.clone(),
            effect: rule.effect,
            state,
            because: self.shown.phrase(&rule.because, &causes.facts),
            fault,
            facts: self.facts(index),
            missing: open.map(|cause| self.shown.path(cause)).collect(),
            cite: self.cited(rule),
            next: rule
                .next
                .as_ref()
                .filter(|_| state == Outcome::Fires || state.is_open())
                .map(|next| self.shown.phrase(next, &causes.facts)),
            title: rule.title.clone(),
        }
    }

    /// The facts behind a finding. What only made the rule apply stands aside.
    fn facts(&self, rule: usize) -> Vec<FactShown> {
        let shown = self.shown.facts(&self.causes[rule], &self.rule(rule).because);
        if self.screening.outcomes[rule] != Outcome::Fires || self.rule(rule).guard.is_none() {
            return shown;
        }
        let own = self.shown.facts(&self.screening.script_causes(rule), &self.rule(rule).because);
        let is_own = |fact: &FactShown| own.iter().any(|other| other.fact == fact.fact);
        shown.into_iter().map(|fact| FactShown { aside: !is_own(&fact), ..fact }).collect()
    }

    fn cited(&self, rule: &Rule) -> Vec<Cited> {
        let documents = &self.screening.program.documents;
        let cited = rule.cite.iter().map(|citation| {
            let document = &documents[citation.document];
            let (source, title) = (document.name.clone(), document.title.clone());
            Cited { source, title, at: citation.at.clone(), dissent: citation.dissent.clone() }
        });
        cited.collect()
    }

    /// Rules of weight that are not settled and can no longer change the verdict.
    fn unchecked(&self, order: &[usize]) -> Vec<Unchecked> {
        let idle = |rule: &&usize| {
            let weight = self.rule(**rule).effect.weight();
            let open = self.screening.outcomes[**rule] == Outcome::Unknown;
            open && weight >= Weight::Caution && weight <= self.screening.decided.at_best
        };
        let unchecked = order.iter().filter(idle).map(|rule| {
            let open = || self.causes[*rule].unknown();
            let labels: BTreeMap<String, ()> = open().map(|cause| (self.shown.label(cause), ())).collect();
            Unchecked {
                rule: self.rule(*rule).id.clone(),
                missing: open().map(|cause| self.shown.path(cause)).collect(),
                labels: labels.into_keys().collect(),
            }
        });
        unchecked.collect()
    }
}
