//! Why a fixture gives what it does not expect: the rules in question with what each came to, and the facts in
//! question that none of them shows.

use serde::Serialize;

use super::difference::{Difference, Names};
use crate::engine::decide::Outcome;
use crate::engine::screen::Screening;
use crate::engine::shown::Shown;
use crate::engine::verdict::{FactShown, Finding, Verdict};
use crate::pack::program::Weight;

/// The rules and facts in question.
#[derive(Clone, Debug, Serialize)]
pub struct Why {
    /// The rules, those whose firing differs first.
    pub rules: Vec<Finding>,
    /// Facts that are expected to be asked for and are not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<FactShown>,
}

/// Why a screening gives these differences; the verdict has to show all its rules.
pub fn why(screening: &Screening, verdict: &Verdict, differences: &[Difference]) -> Why {
    let mut asked = Asked { screening, verdict, rules: Vec::new(), facts: Vec::new() };
    let fires = |difference: &&Difference| matches!(difference, Difference::Fires(_));
    differences.iter().filter(fires).for_each(|difference| asked.difference(difference));
    differences.iter().filter(|difference| !fires(difference)).for_each(|difference| asked.difference(difference));
    Why { rules: asked.rules.into_iter().cloned().collect(), facts: asked.facts }
}

struct Asked<'s> {
    screening: &'s Screening<'s>,
    verdict: &'s Verdict,
    rules: Vec<&'s Finding>,
    facts: Vec<FactShown>,
}

impl Asked<'_> {
    fn difference(&mut self, difference: &Difference) {
        match difference {
            Difference::Expect | Difference::Verdict { expected: None, .. } => {}
            Difference::Verdict { expected: Some(_), .. } => self.verdict(),
            Difference::Fires(names) => {
                self.rules(|finding| names.adds.contains(&finding.rule));
                self.rules(|finding| names.lacks.contains(&finding.rule));
            }
            Difference::Missing(names) => self.missing(names),
            Difference::Faults { rules } => self.rules(|finding| rules.contains(&finding.rule)),
        }
    }

    /// The rules that make the verdict, and those that leave it open.
    fn verdict(&mut self) {
        let at_best = self.screening.decided.at_best;
        self.firing(at_best.max(Weight::Caution));
        self.rules(|finding| finding.state.is_open() && finding.weight() > at_best);
    }

    fn firing(&mut self, weight: Weight) {
        self.rules(|finding| finding.state == Outcome::Fires && finding.weight() >= weight);
    }

    fn missing(&mut self, names: &Names) {
        for asked in self.verdict.missing.iter().filter(|missing| names.adds.contains(&missing.fact)) {
            self.rules(|finding| asked.decides.contains(&finding.rule));
        }
        for name in &names.lacks {
            self.in_vain(name);
        }
    }

    /// A fact that is not asked for: it is known, or whatever fires outweighs the rules that it leaves open.
    fn in_vain(&mut self, name: &String) {
        let open = |finding: &Finding| finding.state.is_open() && finding.missing.contains(name);
        if self.verdict.findings.iter().any(open) {
            self.firing(self.screening.decided.at_best.max(Weight::Caution));
            return self.rules(open);
        }
        let fact = name.split(['[', '.']).next().unwrap_or(name);
        let known = self.facts.iter().any(|shown| shown.fact == fact);
        if let Some(id) = self.screening.program.dictionary.find(fact).filter(|_| !known) {
            self.facts.push(Shown { screening: self.screening }.alone(id));
        }
    }

    /// Puts the rules that are `wanted` in question.
    fn rules(&mut self, wanted: impl Fn(&Finding) -> bool) {
        for finding in self.verdict.findings.iter().filter(|finding| wanted(finding)) {
            if !self.rules.iter().any(|known| known.rule == finding.rule) {
                self.rules.push(finding);
            }
        }
    }
}
