//! How what a fixture gives differs from what it expects.

use std::collections::BTreeSet;

use serde::Serialize;

use super::expect::{Expect, Stated};
use crate::engine::decide::{Decision, Outcome};
use crate::engine::screen::Screening;
use crate::engine::verdict::Verdict;

/// How what a fixture gives differs from what it expects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "key", rename_all = "kebab-case")]
pub enum Difference {
    /// It expects nothing at all.
    Expect,
    /// The verdict is another, or none is expected.
    Verdict {
        /// The expected verdict.
        expected: Option<Decision>,
        /// The verdict.
        got: Decision,
    },
    /// Other rules fire.
    Fires(Names),
    /// Other facts are asked for.
    Missing(Names),
    /// Rules have no result, which no fixture can expect.
    Faults {
        /// The rules, in pack order.
        rules: Vec<String>,
    },
}

/// What a referral gives, as far as a fixture can expect it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Given {
    /// The verdict.
    pub verdict: Decision,
    /// The rules that fire, in pack order.
    pub fires: Vec<String>,
    /// The facts that are asked for, in the order of asking.
    pub missing: Vec<String>,
    /// The rules without a result, in pack order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
}

/// How names differ from those that are expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Names {
    /// The expected names, sorted.
    pub expected: BTreeSet<String>,
    /// The names.
    pub got: Vec<String>,
    /// What is expected in vain.
    pub lacks: Vec<String>,
    /// What is not expected.
    pub adds: Vec<String>,
}

impl Given {
    /// What a screening gives.
    pub fn of(screening: &Screening, verdict: &Verdict) -> Given {
        let rules = screening.program.rules.iter().zip(&screening.outcomes);
        let that = |came: Outcome| rules.clone().filter(move |(_, outcome)| **outcome == came);
        let ids = |came: Outcome| that(came).map(|(rule, _)| rule.id.clone()).collect();
        let missing = verdict.missing.iter().map(|missing| missing.fact.clone()).collect();
        Given { verdict: verdict.verdict, fires: ids(Outcome::Fires), missing, faults: ids(Outcome::Fault) }
    }
}

impl Difference {
    /// The line of the key that differs; 0 if there is no `[expect]`.
    pub fn line(&self, expect: &Expect) -> usize {
        let line = match self {
            Difference::Expect => None,
            Difference::Verdict { .. } => expect.verdict.as_ref().map(|stated| stated.line),
            Difference::Fires(_) => expect.fires.as_ref().map(|stated| stated.line),
            Difference::Missing(_) => expect.missing.as_ref().map(|stated| stated.line),
            Difference::Faults { .. } => None,
        };
        line.unwrap_or(expect.line)
    }
}

/// Every difference, the verdict's first. A fixture has to expect a verdict; rules and facts only if it names them.
pub fn differences(expect: &Expect, given: &Given) -> Vec<Difference> {
    if expect.is_empty() {
        return vec![Difference::Expect];
    }
    let expected = expect.verdict.as_ref().map(|stated| stated.value);
    let verdict = (expected != Some(given.verdict)).then_some(Difference::Verdict { expected, got: given.verdict });
    let fires = names(expect.fires.as_ref(), &given.fires).map(Difference::Fires);
    let missing = names(expect.missing.as_ref(), &given.missing).map(Difference::Missing);
    let faults = (!given.faults.is_empty()).then(|| Difference::Faults { rules: given.faults.clone() });
    verdict.into_iter().chain(fires).chain(missing).chain(faults).collect()
}

fn names(expected: Option<&Stated<BTreeSet<String>>>, got: &[String]) -> Option<Names> {
    let expected = &expected?.value;
    let lacks: Vec<String> = expected.iter().filter(|name| !got.contains(name)).cloned().collect();
    let adds: Vec<String> = got.iter().filter(|name| !expected.contains(*name)).cloned().collect();
    let same = lacks.is_empty() && adds.is_empty();
    (!same).then(|| Names { expected: expected.clone(), got: got.to_vec(), lacks, adds })
}
