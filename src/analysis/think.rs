//! What is wrong with rules that read well: that they can never fire, or always do, say what others say, or leave nobody
//! to treat.

use std::collections::BTreeSet;

use super::idle::{Part, idle};
use super::logic::{Answer, Bit};
use super::reach::conds_of;
use super::reason::{self, Claim, few};
use super::space::{RuleBits, Space};
use super::walk;
use crate::model::calendar::Date;
use crate::model::dictionary::FactId;
use crate::pack::clash::Clash;
use crate::pack::program::{Program, Rule, Test, Weight};
use crate::pack::written;

/// Something about a rule that no single script shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thought {
    /// The rule, by position.
    pub rule: usize,
    /// What.
    pub what: What,
}

/// What is thought of a rule; others are named by position.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the variants say what their fields are")]
pub enum What {
    /// No patient makes it fire, since its parts clash.
    NeverFires(Clash),
    /// Every patient makes it fire: one of these parts always holds, if it can be told.
    AlwaysFires(Vec<String>),
    /// Where it fires another rule fires that weighs more.
    Implied { by: usize },
    /// Another rule comes to the same for every patient.
    Same { other: usize },
    /// Together with other rules it leaves no candidate.
    NoCandidate { with: Vec<usize>, clash: Option<Clash> },
    /// A part of its guard or of its script, as a script, changes nothing.
    Idle { part: String, guard: bool },
}

/// What is thought of the rules of a pack. Only those of the pack itself are blamed, not those of a base.
pub fn think(program: &Program, as_of: Date) -> Vec<Thought> {
    let mut space = Space::new(vec![program], as_of);
    let rules = space.rules(0);
    let mut pool = Pool { fires: vec![Vec::new(); rules.len()], met: 0 };
    let mut thoughts = Vec::new();
    let mut blamed: BTreeSet<usize> = BTreeSet::new();
    for (index, rule) in program.rules.iter().enumerate().filter(|(_, rule)| rule.own) {
        let found = alone(&mut space, rule, index, &rules, &mut pool);
        // What comes to something for some patients may still say what another rule says.
        if found.iter().any(|what| !matches!(what, What::Idle { .. })) {
            blamed.insert(index);
        }
        thoughts.extend(found.into_iter().map(|what| Thought { rule: index, what }));
    }
    let reads: Vec<BTreeSet<FactId>> = program.rules.iter().map(reads).collect();
    for index in (0..rules.len()).filter(|index| program.rules[*index].own && !blamed.contains(index)) {
        let beside = (0..rules.len()).filter(|other| *other != index && !blamed.contains(other));
        let mut beside = beside.filter(|other| !reads[index].is_disjoint(&reads[*other]));
        if let Some(what) = beside.find_map(|other| against(&mut space, program, &rules, (index, other), &mut pool)) {
            thoughts.push(Thought { rule: index, what });
        }
    }
    let always = thoughts.iter().any(|thought| matches!(thought.what, What::AlwaysFires(_)));
    if let Some((rule, with)) = no_candidate(&mut space, program, &rules).filter(|_| !always) {
        // What fires only where one of these does follows from them.
        let is_one = |by: &usize| *by == rule || with.contains(by);
        thoughts.retain(|thought| !matches!(&thought.what, What::Implied { by } if is_one(by)));
        let claims = std::iter::once(&rule).chain(&with).map(|rule| reason::clear(&program.rules[*rule]));
        let claims: Option<Vec<Vec<Claim>>> = claims.collect();
        let clash = claims.and_then(|claims| reason::clash(program, &claims.concat(), as_of));
        thoughts.push(Thought { rule, what: What::NoCandidate { with, clash } });
    }
    thoughts.sort_by_key(|thought| thought.rule);
    thoughts
}

/// Patients that were met on the way: which rules fire for each. Most questions are answered by one of them.
struct Pool {
    /// For each rule a bit a patient.
    fires: Vec<Vec<u64>>,
    met: usize,
}

impl Pool {
    /// Keeps the patient that was found last.
    fn keep(&mut self, space: &Space, rules: &[RuleBits]) {
        for (fires, rule) in self.fires.iter_mut().zip(rules) {
            if self.met.is_multiple_of(64) {
                fires.push(0);
            }
            if let Some(last) = fires.last_mut().filter(|_| space.logic.holds(rule.fires)) {
                *last |= 1 << (self.met % 64);
            }
        }
        self.met += 1;
    }

    /// Whether one rule was met to fire where another did not.
    fn apart(&self, rule: usize, other: usize) -> bool {
        self.fires[rule].iter().zip(&self.fires[other]).any(|(a, b)| a & !b != 0)
    }
}

fn reads(rule: &Rule) -> BTreeSet<FactId> {
    let reads = conds_of(rule).map(walk::reads);
    reads.flat_map(|reads| reads.facts.into_iter().chain(reads.lists)).collect()
}

fn never(space: &mut Space, all: &[Bit]) -> bool {
    space.logic.ask(all) == Answer::No
}

/// What is thought of a rule by itself.
fn alone<'p>(space: &mut Space<'p>, rule: &'p Rule, index: usize, rules: &[RuleBits], pool: &mut Pool) -> Vec<What> {
    let bits = rules[index];
    if matches!(rule.test, Test::Scripted(_)) {
        return Vec::new();
    }
    let program = space.programs[0];
    if never(space, &[bits.fires]) {
        // Looked at by itself all that a rule asks is told apart.
        let clash = reason::fires(rule).and_then(|claims| reason::clash(program, &claims, space.as_of));
        return clash.map(What::NeverFires).into_iter().collect();
    }
    pool.keep(space, rules);
    if never(space, &[!bits.fires]) {
        return vec![What::AlwaysFires(reason::always(program, rule, space.as_of).unwrap_or_default())];
    }
    pool.keep(space, rules);
    let idle = idle(program, rule, space.as_of);
    let written = |part: Part| written::inside(part.cond, &part.around, &program.dictionary);
    idle.map(|part| What::Idle { guard: part.guard, part: written(part) }).into_iter().collect()
}

/// What is thought of a rule beside another.
fn against(
    space: &mut Space,
    program: &Program,
    rules: &[RuleBits],
    (index, other): (usize, usize),
    pool: &mut Pool,
) -> Option<What> {
    let (own, beside) = (rules[index], rules[other]);
    let weight = |rule: usize| program.rules[rule].effect.weight();
    if weight(index) > weight(other) || pool.apart(index, other) {
        return None;
    }
    if !never(space, &[own.fires, !beside.fires]) {
        pool.keep(space, rules);
        return None;
    }
    let same = never(space, &[beside.fires, !own.fires]) && {
        let differs = space.logic.differ(own.clear, beside.clear);
        never(space, &[differs])
    };
    match same {
        true if other < index => Some(What::Same { other }),
        true => None,
        // What only tells decides nothing, and may well be told beside what does.
        false if weight(index) == weight(other) || weight(index) == Weight::None => None,
        false => Some(What::Implied { by: other }),
    }
}

/// Rules that leave nobody to treat: one that the pack itself defines if one does, and the others.
fn no_candidate(space: &mut Space, program: &Program, rules: &[RuleBits]) -> Option<(usize, Vec<usize>)> {
    let against: Vec<usize> =
        (0..rules.len()).filter(|rule| program.rules[*rule].effect.weight() >= Weight::Deferred).collect();
    let clear: Vec<Bit> = against.iter().map(|rule| rules[*rule].clear).collect();
    let mut few: Vec<usize> = few(&mut space.logic, &clear)?.into_iter().map(|rule| against[rule]).collect();
    let blamed = few.iter().rposition(|rule| program.rules[*rule].own).unwrap_or(few.len().checked_sub(1)?);
    let rule = few.remove(blamed);
    Some((rule, few))
}
