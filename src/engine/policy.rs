//! The policy values that a verdict and its findings rest on: those that a decisive comparison holds, and the limits of
//! age that results were held against.

use std::collections::BTreeSet;

use super::cause::{Cause, Causes, behind, causes};
use super::decide::Outcome;
use super::screen::Screening;
use super::verdict::SettingUsed;
use crate::model::dictionary::FactId;
use crate::model::value::{State, Value};
use crate::pack::setting::{Setting, SettingValue};

/// The settings in use, in pack order; `all` where clear rules are shown, too.
pub fn settings(screening: &Screening, causes: &[Causes], all: bool) -> Vec<SettingUsed> {
    let policy = Policy { screening, causes };
    let mut used: BTreeSet<usize> = policy.of_conflicts();
    let mut decides = used.clone();
    for rule in (0..causes.len()).filter(|rule| policy.counts(*rule)) {
        let own = policy.of_rule(rule);
        if all || screening.outcomes[rule] != Outcome::Clear {
            decides.extend(&own);
        }
        used.extend(own);
    }
    let shown = used.into_iter().map(|index| {
        let setting = &screening.program.settings[index];
        let decides = decides.contains(&index);
        SettingUsed { setting: setting.name.clone(), value: setting.show(), why: setting.why.clone(), decides }
    });
    shown.collect()
}

struct Policy<'s> {
    screening: &'s Screening<'s>,
    causes: &'s [Causes],
}

impl Policy<'_> {
    /// Whether anything rests on what a rule came to.
    fn counts(&self, rule: usize) -> bool {
        match self.screening.outcomes[rule] {
            Outcome::Fires => true,
            Outcome::Clear => !self.on_empty_lists(rule),
            Outcome::Unknown | Outcome::Fault => {
                self.screening.program.rules[rule].effect.weight() > self.screening.decided.at_best
            }
            Outcome::NotApplicable => false,
        }
    }

    /// Whether a rule came to what it came to because there is nothing to look at.
    fn on_empty_lists(&self, rule: usize) -> bool {
        let value = |cause: &Cause| self.screening.settled.chart.value(cause.fact);
        let empty = |cause: &Cause| matches!(value(cause), Value::List(list) if list.is_empty());
        let facts = &self.causes[rule].facts;
        !facts.is_empty() && facts.iter().all(empty)
    }

    fn of_rule(&self, rule: usize) -> BTreeSet<usize> {
        let own = &self.causes[rule];
        let mut used: BTreeSet<usize> = self.held(&self.screening.program.rules[rule].settings, own).collect();
        used.extend(self.of_ranges(own));
        for cause in &own.facts {
            used.extend(self.of_age(cause));
            used.extend(self.of_derived(cause));
        }
        used
    }

    /// What a derived fact was computed with, unless the referral says it.
    fn of_derived(&self, cause: &Cause) -> BTreeSet<usize> {
        let program = self.screening.program;
        let given = self.screening.settled.standings[cause.fact.index()].deciding.is_some();
        let Some(derived) = program.derived.iter().find(|derived| derived.fact == cause.fact && !given) else {
            return BTreeSet::new();
        };
        let behind = behind(program, &self.screening.settled.chart, cause.fact);
        let mut used: BTreeSet<usize> = self.held(&derived.settings, &behind).collect();
        used.extend(self.of_ranges(&behind));
        for cause in &behind.facts {
            used.extend(self.of_age(cause));
            used.extend(self.of_derived(cause));
        }
        used
    }

    /// The limit of age that a result was held against.
    fn of_age(&self, cause: &Cause) -> Option<usize> {
        let program = self.screening.program;
        let value = self.screening.settled.chart.value(cause.fact);
        let aged = !matches!(value, Value::Unknown(state) if !matches!(state, State::Stale | State::Undated));
        let limit = program.dictionary.fact(cause.fact).max_age.as_ref().filter(|_| aged)?;
        program.setting(&limit.setting)
    }

    /// The ends of the usual ranges that results were held against, where settings give them.
    fn of_ranges(&self, causes: &Causes) -> BTreeSet<usize> {
        let (program, chart) = (self.screening.program, &self.screening.settled.chart);
        let usual = |id: &&FactId| {
            let fact = program.dictionary.fact(**id);
            chart.slot(**id).normal == fact.domain().and_then(|domain| domain.normal)
        };
        let settings = causes.ranged.iter().filter(usual).flat_map(|id| &program.dictionary.fact(*id).range_settings);
        settings.filter_map(|name| program.setting(name)).collect()
    }

    fn of_conflicts(&self) -> BTreeSet<usize> {
        let (program, settled) = (self.screening.program, &self.screening.settled);
        let found = settled.conflicts.iter().map(|index| &program.conflicts[*index]);
        let used = found.flat_map(|conflict| {
            let own = causes(program, settled.judged(), &conflict.when);
            self.held(&conflict.settings, &own).collect::<Vec<_>>()
        });
        used.collect()
    }

    /// The settings of a script that a decisive comparison holds. Of a switch nobody can tell any more where it stood.
    fn held(&self, settings: &[usize], causes: &Causes) -> impl Iterator<Item = usize> {
        let held = |setting: &Setting| match setting.value {
            SettingValue::Bool(_) => true,
            SettingValue::Integer(value) => holds(causes, value.into()),
            SettingValue::Number(value) => holds(causes, value),
        };
        settings.iter().copied().filter(move |index| held(&self.screening.program.settings[*index]))
    }
}

/// Whether a number, or what it is with a minus before it, was compared.
fn holds(causes: &Causes, value: rust_decimal::Decimal) -> bool {
    causes.held.contains(&value) || causes.held.contains(&-value)
}
