//! What a condition reads, as far as it is in reach: a cell of one fact, a member of one list, or what is beyond.

use std::collections::BTreeSet;

use super::members::{self, is_finite};
use super::walk::{self, Part};
use crate::model::dictionary::FactId;
use crate::pack::ir::{Cond, Each, Int, Place, Quantifier, Relation};
use crate::pack::program::{Formula, Program, Rule, Test};

/// What a condition reads, as far as it is in reach.
pub enum Class<'c> {
    /// A computed yes or no.
    Derived(String),
    /// A fact, or one that is computed from it: the name of the former.
    Cells(String),
    /// Members of a list, and whether the condition is negated.
    Members(String, Quantifier, &'c Each, bool),
    /// Whether a list has members.
    Empty(String),
    /// A fact as for cells, where these are some of all there are: known for a patient in one of them, and why it is out
    /// of reach for all others.
    Sampled(String, String),
    /// Out of reach, and why.
    Beyond(String),
}

/// The conditions of a rule.
pub fn conds_of(rule: &Rule) -> impl Iterator<Item = &Cond> {
    let test = if let Test::Lowered(cond) = &rule.test { Some(cond) } else { None };
    rule.guard.iter().chain(test)
}

/// Every condition of a pack.
pub fn conds(program: &Program) -> Vec<&Cond> {
    let rules = program.rules.iter().flat_map(conds_of);
    let conflicts = program.conflicts.iter().map(|conflict| &conflict.when);
    let derived = program.derived.iter().filter_map(|derived| match &derived.formula {
        Formula::Cond(cond) => Some(cond),
        _ => None,
    });
    rules.chain(conflicts).chain(derived).collect()
}

/// A condition as text with facts by name, the same in every pack that has them.
pub fn named(program: &Program, cond: &Cond) -> String {
    let mut names = Vec::new();
    walk::each(cond, &mut |part| match part {
        Part::Place(Place::Fact(fact)) | Part::DateOf(fact) | Part::List(fact) => {
            names.push(program.dictionary.fact(fact).name.clone());
        }
        _ => {}
    });
    let text = format!("{cond:?}");
    let mut parts = text.split("FactId(");
    let first = parts.next().unwrap_or_default().to_owned();
    let bare = parts.fold(first, |bare, part| bare + part.split_once(')').map_or(part, |(_, rest)| rest));
    format!("{bare} {names:?}")
}

/// How old results of a fact may be, in days.
pub fn limit(program: &Program, fact: &str) -> Option<i64> {
    let id = program.dictionary.find(fact)?;
    program.dictionary.fact(id).max_age.as_ref().map(|limit| limit.days)
}

/// The one fact that another is computed from; itself where it is not computed.
pub fn base(program: &Program, fact: FactId) -> Option<String> {
    let Some(derived) = program.derived.iter().find(|derived| derived.fact == fact) else {
        return Some(program.dictionary.fact(fact).name.clone());
    };
    let mut read = BTreeSet::new();
    let mut met = |part: Part| match part {
        Part::Place(Place::Fact(fact)) | Part::DateOf(fact) => drop(read.insert(fact)),
        Part::List(list) => drop(read.insert(list)),
        _ => {}
    };
    if matches!(derived.formula, Formula::Cond(_)) {
        return None;
    }
    walk::formula(&derived.formula, &mut met);
    let mut bases: Vec<String> = read.into_iter().map(|fact| base(program, fact)).collect::<Option<_>>()?;
    bases.sort();
    bases.dedup();
    let only = bases.pop().filter(|_| bases.is_empty())?;
    let id = program.dictionary.find(&only)?;
    (!program.dictionary.fact(id).is_list()).then_some(only)
}

/// What a condition reads, as far as it is in reach.
pub fn class<'c>(program: &Program, leaf: &'c Cond) -> Class<'c> {
    let name = |fact: FactId| program.dictionary.fact(fact).name.clone();
    if let Cond::Holds(Place::Fact(fact)) = leaf
        && program.derived.iter().any(|derived| derived.fact == *fact && matches!(derived.formula, Formula::Cond(_)))
    {
        return Class::Derived(name(*fact));
    }
    if let Cond::IsEmpty(list) = leaf {
        return Class::Empty(name(*list));
    }
    if let Some((quantifier, each, negated)) = quantified(leaf) {
        let fact = program.dictionary.fact(each.list);
        let mut inside = Vec::new();
        members::leaves(&each.body, &mut inside);
        if !inside.iter().all(|leaf| is_of_member(leaf, each) || is_outside(leaf, each)) {
            return Class::Beyond(format!("the members of `{}` are held against other facts", fact.name));
        }
        for leaf in inside.into_iter().filter(|leaf| is_of_member(leaf, each)) {
            let reads = walk::reads(leaf);
            let finite = reads.fields.iter().all(|(_, field)| is_finite(fact.field_domain(usize::from(*field))));
            if reads.fields.len() > 1 || !finite && !walk::is_plain(leaf) {
                return Class::Beyond(format!("fields of `{}` are held against each other", fact.name));
            }
        }
        return Class::Members(fact.name.clone(), quantifier, each, negated);
    }
    let reads = walk::reads(leaf);
    if !reads.lists.is_empty() {
        let lists: Vec<String> = reads.lists.iter().map(|list| format!("`{}`", name(*list))).collect();
        return Class::Beyond(format!("the members of {} are counted", lists.join(" and ")));
    }
    let mut groups: Vec<Option<String>> = reads.facts.iter().map(|fact| base(program, *fact)).collect();
    groups.sort();
    groups.dedup();
    let names = || reads.facts.iter().map(|fact| format!("`{}`", name(*fact))).collect::<Vec<_>>().join(" and ");
    let finite = reads.facts.iter().all(|fact| program.dictionary.fact(*fact).domain().is_some_and(is_finite));
    match &groups[..] {
        [Some(group)] => match reads.facts.iter().find(|fact| !is_plain(program, **fact)) {
            None if finite || walk::is_plain(leaf) => Class::Cells(group.clone()),
            None => Class::Sampled(group.clone(), format!("arithmetic with {}", names())),
            Some(fact) => {
                Class::Sampled(group.clone(), format!("`{}` is computed by arithmetic or by cases", name(*fact)))
            }
        },
        [_] => Class::Beyond(format!("{} is computed from several facts", names())),
        _ => Class::Beyond(format!("{} are held against each other", names())),
    }
}

/// The number of members that pass, held against a number that is written.
pub fn counted(leaf: &Cond) -> Option<(Relation, &Each, i64)> {
    let (relation, each, number) = match leaf {
        Cond::CompareInt(relation, Int::Count(each), Int::Literal(number)) => (*relation, each, *number),
        Cond::CompareInt(relation, Int::Literal(number), Int::Count(each)) => (relation.turned(), each, *number),
        _ => return None,
    };
    let mut inside = Vec::new();
    members::leaves(&each.body, &mut inside);
    inside.iter().all(|leaf| is_of_member(leaf, each)).then_some((relation, each, number))
}

/// Whether a fact is given, or computed from one such that it holds what that one holds.
fn is_plain(program: &Program, fact: FactId) -> bool {
    let Some(derived) = program.derived.iter().find(|derived| derived.fact == fact) else { return true };
    let finite = |fact: FactId| program.dictionary.fact(fact).domain().is_some_and(is_finite);
    let mut read = Vec::new();
    let mut met = |part: Part| match part {
        Part::Place(Place::Fact(fact)) | Part::DateOf(fact) => read.push(fact),
        _ => {}
    };
    if !matches!(derived.formula, Formula::Cond(_)) {
        walk::formula(&derived.formula, &mut met);
    }
    walk::is_plain_formula(&derived.formula, finite) && read.into_iter().all(|fact| is_plain(program, fact))
}

/// The conditions on members that a closure asks: the whole, where it looks at nothing else and its parts need not be
/// told apart.
pub fn asked(each: &Each, fine: bool) -> Vec<&Cond> {
    let mut all = Vec::new();
    members::leaves(&each.body, &mut all);
    match !fine && all.iter().all(|leaf| is_of_member(leaf, each)) {
        true => vec![&each.body],
        false => all.into_iter().filter(|leaf| is_of_member(leaf, each)).collect(),
    }
}

/// Whether a condition looks at the member alone.
pub fn is_of_member(leaf: &Cond, each: &Each) -> bool {
    let reads = walk::reads(leaf);
    reads.facts.is_empty() && reads.lists.is_empty() && reads.fields.iter().all(|(list, _)| *list == each.list)
}

/// Whether a condition does not look at the member at all.
fn is_outside(leaf: &Cond, each: &Each) -> bool {
    let reads = walk::reads(leaf);
    reads.fields.iter().all(|(list, _)| *list != each.list) && !reads.lists.contains(&each.list)
}

/// A condition on the members of a list, also where it is written as a count.
pub fn quantified(leaf: &Cond) -> Option<(Quantifier, &Each, bool)> {
    match leaf {
        Cond::Quantified(quantifier, each) => Some((*quantifier, each, false)),
        Cond::CompareInt(relation, Int::Count(each), Int::Literal(number)) => {
            let negated = match (relation, number) {
                (Relation::AtLeast, 1) | (Relation::Greater | Relation::Unequal, 0) => false,
                (Relation::Less, 1) | (Relation::AtMost | Relation::Equal, 0) => true,
                _ => return None,
            };
            Some((Quantifier::Some, each, negated))
        }
        _ => None,
    }
}
