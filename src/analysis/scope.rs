//! What of a pack is looked at: all of it, or what one rule rests on, so that questions about one rule cost little.

use std::collections::BTreeSet;

use super::cells::address;
use super::reach::{base, conds, conds_of};
use super::walk::{self, Part};
use crate::model::dictionary::FactId;
use crate::pack::ir::{Cond, Each, Place};
use crate::pack::program::{Conflict, Formula, Program, Rule};

/// What of some packs is looked at.
pub struct Scope<'p> {
    /// The packs.
    pub programs: Vec<&'p Program>,
    /// The conditions that are told apart, by pack.
    pub conds: Vec<(usize, &'p Cond)>,
    /// Further conditions on members of the list that a closure goes through.
    pub of_members: Vec<(&'p Each, &'p Cond)>,
    /// The conflicts that count, by pack.
    pub conflicts: Vec<(usize, &'p Conflict)>,
    /// Whether the parts of conditions on members are told apart, too.
    pub fine: bool,
}

/// The facts that some rules rest on: those they read, and those behind them, in the order of the dictionary.
pub fn rests_on(program: &Program, rules: &[&Rule]) -> BTreeSet<FactId> {
    let scope = Scope::of_rules(program, rules);
    let mut facts = BTreeSet::new();
    scope.conds.iter().for_each(|(_, cond)| walk::each(cond, &mut |part| facts.extend(fact(part))));
    let behind = facts.iter().filter_map(|fact| program.dictionary.find(&base(program, *fact)?));
    facts.extend(behind.collect::<Vec<_>>());
    facts
}

impl<'p> Scope<'p> {
    /// All that the scripts of packs ask.
    pub fn all(programs: Vec<&'p Program>) -> Scope<'p> {
        let packs = || programs.iter().enumerate();
        let all = packs().flat_map(|(pack, program)| conds(program).into_iter().map(move |cond| (pack, cond)));
        let conflicts = packs().flat_map(|(pack, program)| program.conflicts.iter().map(move |own| (pack, own)));
        let (conds, conflicts) = (all.collect(), conflicts.collect());
        Scope { programs, conds, of_members: Vec::new(), conflicts, fine: false }
    }

    /// What some rules of one pack, or variants of them, ask, down to the parts of their conditions: with what is
    /// computed and what conflicts leave in doubt, as far as it bears on them.
    pub fn of_rules(program: &'p Program, rules: &[&'p Rule]) -> Scope<'p> {
        let roots: Vec<&Cond> = rules.iter().flat_map(|rule| conds_of(rule)).collect();
        Scope::of_conds(program, &roots)
    }

    /// What some conditions ask, like those of rules.
    pub fn of_conds(program: &'p Program, roots: &[&'p Cond]) -> Scope<'p> {
        let mut scope = Scope {
            programs: vec![program],
            conds: Vec::new(),
            of_members: Vec::new(),
            conflicts: Vec::new(),
            fine: true,
        };
        let facts = scope.add(program, roots.to_vec());
        let touches =
            |conflict: &&Conflict| conflict.doubts.iter().chain(&conflict.lacks).any(|own| facts.contains(own));
        let conflicts: Vec<&Conflict> = program.conflicts.iter().filter(touches).collect();
        scope.add(program, conflicts.iter().map(|conflict| &conflict.when).collect());
        scope.conflicts = conflicts.into_iter().map(|conflict| (0, conflict)).collect();
        scope
    }

    /// Looks at further conditions that stand beside the rules.
    pub fn with(mut self, conds: impl IntoIterator<Item = &'p Cond>) -> Scope<'p> {
        self.conds.extend(conds.into_iter().map(|cond| (0, cond)));
        self
    }

    /// Looks at further conditions on members.
    pub fn with_members(mut self, conds: impl IntoIterator<Item = (&'p Each, &'p Cond)>) -> Scope<'p> {
        self.of_members.extend(conds);
        self
    }

    /// Adds conditions, and what computes the facts that they read; all of these facts.
    fn add(&mut self, program: &'p Program, roots: Vec<&'p Cond>) -> BTreeSet<FactId> {
        let mut facts = BTreeSet::new();
        let mut open = roots;
        while let Some(cond) = open.pop() {
            if self.conds.iter().any(|(_, own)| address(own) == address(cond)) {
                continue;
            }
            self.conds.push((0, cond));
            let mut read = Vec::new();
            walk::each(cond, &mut |part| read.extend(fact(part)));
            while let Some(fact) = read.pop() {
                if !facts.insert(fact) {
                    continue;
                }
                let own = program.derived.iter().find(|derived| derived.fact == fact);
                let mut met = |part: Part| read.extend(self::fact(part));
                match own.map(|derived| &derived.formula) {
                    Some(Formula::Cond(cond)) => open.push(cond),
                    Some(other) => walk::formula(other, &mut met),
                    None => {}
                }
            }
        }
        facts
    }
}

/// The fact that a part of a condition reads.
fn fact(part: Part) -> Option<FactId> {
    match part {
        Part::Place(Place::Fact(fact)) | Part::DateOf(fact) | Part::Range(fact) | Part::List(fact) => Some(fact),
        Part::Place(Place::Field { list, .. }) => Some(list),
        Part::Integer(_) | Part::Decimal(_) | Part::Cond(_) => None,
    }
}
