//! From a screening to a reasoned verdict: every finding with the facts that decided it, what is missing and in
//! which order to ask, and what a reader should know of the input.

use std::collections::{BTreeMap, BTreeSet};

use super::canonical;
use super::cause::{Cause, Causes};
use super::decide::Outcome;
use super::missing;
use super::screen::Screening;
use super::shown::Shown;
use super::verdict::{Cited, Conflicting, Finding, Hidden, PackName, SCHEMA, SettingUsed, Unchecked, Verdict};
use crate::model::dictionary::FactId;
use crate::model::value::{State, Value};
use crate::pack::program::{Effect, Phrase, Piece, Rule, Weight};

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
        missing: missing::missing(screening, &causes),
        unchecked: explainer.unchecked(&order),
        conflicts: explainer.conflicts(),
        warnings: shown.warnings(options.as_of_today),
        settings: explainer.settings(options.all),
        remarks: screening.referral.remarks.clone(),
        notice: program.notice.clone(),
        hidden,
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
            because: self.phrase(&rule.because, &causes.facts),
            fault,
            facts: self.shown.facts(&causes.facts, &rule.because),
            missing: open.map(|cause| self.shown.path(cause)).collect(),
            cite: self.cited(rule),
            next: rule
                .next
                .as_ref()
                .filter(|_| state == Outcome::Fires || state.is_open())
                .map(|next| self.phrase(next, &causes.facts)),
            title: rule.title.clone(),
        }
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

    /// A sentence with its facts filled in; a list shows the members that decided.
    fn phrase(&self, phrase: &Phrase, causes: &[Cause]) -> String {
        let pieces = phrase.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Setting(index) => self.screening.program.settings[*index].show(),
            Piece::Fact(fact) => {
                let own: Vec<&Cause> = causes.iter().filter(|cause| cause.fact == *fact).collect();
                self.shown.in_words(*fact, &own)
            }
        });
        pieces.collect()
    }

    /// A sentence with its facts as they were given, before any of them was doubted.
    fn as_given(&self, phrase: &Phrase) -> String {
        let pieces = phrase.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Setting(index) => self.screening.program.settings[*index].show(),
            Piece::Fact(fact) => self.shown.as_given(*fact),
        });
        pieces.collect()
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

    fn conflicts(&self) -> Vec<Conflicting> {
        let program = self.screening.program;
        let found = self.screening.settled.conflicts.iter().map(|index| {
            let conflict = &program.conflicts[*index];
            let names =
                |facts: &[FactId]| facts.iter().map(|fact| program.dictionary.fact(*fact).name.clone()).collect();
            Conflicting {
                because: self.as_given(&conflict.because),
                doubts: names(&conflict.doubts),
                lacks: names(&conflict.lacks),
            }
        });
        let contradicted = self.shown.contradictions();
        found.chain(contradicted).collect()
    }

    /// Whether a rule came to what it came to because there is nothing to look at.
    fn on_empty_lists(&self, rule: usize) -> bool {
        let value = |cause: &Cause| self.screening.settled.chart.value(cause.fact);
        let empty = |cause: &Cause| matches!(value(cause), Value::List(list) if list.is_empty());
        let facts = &self.causes[rule].facts;
        !facts.is_empty() && facts.iter().all(empty)
    }

    /// Whether a rule came to what it came to through a fact.
    fn rests_on(&self, rule: usize, fact: FactId) -> bool {
        self.causes[rule].facts.iter().any(|cause| cause.fact == fact)
    }

    /// The settings that the verdict and its findings rest on: named by a script, or by the age limit of a fact.
    fn settings(&self, all: bool) -> Vec<SettingUsed> {
        let program = self.screening.program;
        let mut used: BTreeSet<usize> = BTreeSet::new();
        let mut decides: BTreeSet<usize> = BTreeSet::new();
        let counts = |rule: &usize| match self.screening.outcomes[*rule] {
            Outcome::Fires => true,
            Outcome::Clear => !self.on_empty_lists(*rule),
            Outcome::Unknown | Outcome::Fault => self.rule(*rule).effect.weight() > self.screening.decided.at_best,
            Outcome::NotApplicable => false,
        };
        for rule in (0..self.causes.len()).filter(counts) {
            let mut own: BTreeSet<usize> = self.rule(rule).settings.iter().copied().collect();
            let derived = program.derived.iter().filter(|derived| self.rests_on(rule, derived.fact));
            own.extend(derived.flat_map(|derived| &derived.settings));
            for cause in &self.causes[rule].facts {
                let aged = !matches!(self.screening.settled.chart.value(cause.fact),
                    Value::Unknown(state) if !matches!(state, State::Stale | State::Undated));
                let limit = program.dictionary.fact(cause.fact).max_age.as_ref().filter(|_| aged);
                own.extend(limit.and_then(|limit| program.setting(&limit.setting)));
            }
            if all || self.screening.outcomes[rule] != Outcome::Clear {
                decides.extend(&own);
            }
            used.append(&mut own);
        }
        let conflicts = self.screening.settled.conflicts.iter().map(|index| &program.conflicts[*index]);
        for setting in conflicts.flat_map(|conflict| &conflict.settings) {
            used.insert(*setting);
            decides.insert(*setting);
        }
        let shown = used.into_iter().map(|index| {
            let setting = &program.settings[index];
            SettingUsed {
                setting: setting.name.clone(),
                value: setting.show(),
                why: setting.why.clone(),
                decides: decides.contains(&index),
            }
        });
        shown.collect()
    }
}
