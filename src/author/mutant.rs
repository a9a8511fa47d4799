//! Rules with one small mistake each, of the kinds that people make: fixtures that notice none of them test little. A
//! mutant is made on the IR, so that it is always well typed, and what differs is all that differs.

mod condition;
mod quantity;
pub mod term;
pub mod unit;

use serde::Serialize;

use crate::pack::ir::Cond;
use crate::pack::program::{Effect, Program, Rule, Test};
use crate::pack::written;
use condition::{Maker, negated};

/// The kind of mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A number that is one step more or less.
    Threshold,
    /// `<` for `<=`, `>` for `>=`, `==` for `!=`, or the other way round.
    Relation,
    /// `&&` for `||`, or the other way round.
    Junction,
    /// `some` for `all`, or the other way round.
    Quantifier,
    /// `is_low` for `is_high`, or the other way round.
    Side,
    /// A part of an `&&` or `||` left out.
    Dropped,
    /// A value left out of a list.
    Listed,
    /// A condition that is negated, or no longer is.
    Negated,
    /// A rule that applies to everybody.
    Guard,
    /// The next heavier or lighter effect.
    Effect,
    /// A fact's unit ten times as large.
    Unit,
}

impl Kind {
    /// Every kind, in the order in which they are made: what two of them give counts as the first.
    pub const ALL: [Kind; 11] = [
        Kind::Threshold,
        Kind::Relation,
        Kind::Junction,
        Kind::Quantifier,
        Kind::Side,
        Kind::Dropped,
        Kind::Listed,
        Kind::Negated,
        Kind::Guard,
        Kind::Effect,
        Kind::Unit,
    ];
}

/// A rule with one mistake.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// The rule, by position.
    pub rule: usize,
    /// The mistake.
    pub kind: Kind,
    /// The rule with it.
    pub mutated: Rule,
}

/// A line of a rule as it is and as a mutant has it; nothing where there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The line of the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// The line of the mutant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is: Option<String>,
}

/// The mutants of a rule of a pack, each once. A rule that runs as a script has those of its guard and effect only.
pub fn mutants(program: &Program, rule: usize) -> Vec<Mutant> {
    let (own, maker) = (&program.rules[rule], Maker { dictionary: &program.dictionary });
    let mut found: Vec<(Kind, Rule)> = Vec::new();
    if let Test::Lowered(cond) = &own.test {
        let tests = maker.variants(cond).into_iter();
        found.extend(tests.map(|(kind, cond)| (kind, Rule { test: Test::Lowered(cond), ..own.clone() })));
    }
    if let Some(guard) = &own.guard {
        let guards = maker.variants(guard).into_iter();
        found.extend(guards.map(|(kind, cond)| (kind, Rule { guard: Some(cond), ..own.clone() })));
        found.push((Kind::Guard, Rule { guard: None, guard_text: None, ..own.clone() }));
    }
    found.extend(effects(own).into_iter().map(|mutated| (Kind::Effect, mutated)));
    let mut mutants: Vec<Mutant> = Vec::with_capacity(found.len());
    for (kind, mutated) in found {
        if mutated != *own && !mutants.iter().any(|known| known.mutated == mutated) {
            mutants.push(Mutant { rule, kind, mutated });
        }
    }
    mutants
}

/// The rule with the next heavier and the next lighter effect, firing for the same patients.
fn effects(rule: &Rule) -> Vec<Rule> {
    let beside: &[Effect] = match rule.effect {
        Effect::Exclude | Effect::Require => &[Effect::Defer],
        Effect::Defer => &[Effect::Exclude, Effect::Caution],
        Effect::Caution => &[Effect::Defer, Effect::Note],
        Effect::Note => &[Effect::Caution],
    };
    let test = match (&rule.test, rule.effect) {
        (Test::Lowered(cond), Effect::Require) => Test::Lowered(negated(cond)),
        // A script that must be false cannot be made one that must be true.
        (Test::Scripted(_), Effect::Require) => return Vec::new(),
        (test, _) => test.clone(),
    };
    beside.iter().map(|effect| Rule { effect: *effect, test: test.clone(), ..rule.clone() }).collect()
}

/// The lines in which a mutant differs from its rule, written alike.
pub fn lines(program: &Program, rule: &Rule, mutated: &Rule) -> Vec<Line> {
    let written = |cond: &Cond| format!("'{}'", written::cond(cond, &program.dictionary));
    let guard = |rule: &Rule| rule.guard.as_ref().map(|guard| format!("when = {}", written(guard)));
    let test = |rule: &Rule| {
        Some(match &rule.test {
            Test::Lowered(cond) => format!("{} = {}", rule.effect.word(), written(cond)),
            Test::Scripted(_) => format!("{} = a script of its own", rule.effect.word()),
        })
    };
    let both = [(guard(rule), guard(mutated)), (test(rule), test(mutated))];
    both.into_iter().filter(|(was, is)| was != is).map(|(was, is)| Line { was, is }).collect()
}
