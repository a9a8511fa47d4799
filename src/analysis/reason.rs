//! Why conditions cannot hold together: the few that exclude each other, and the limits and conflicts without which they
//! would not.

use super::logic::{Answer, Bit, Logic};
use super::scope::Scope;
use super::space::{Level, Space};
use crate::model::calendar::Date;
use crate::model::dictionary::{Dictionary, Domain, FactId, Limit, Shape};
use crate::pack::clash::{Asked, Clash};
use crate::pack::ir::Cond;
use crate::pack::limits::Limits;
use crate::pack::program::{Effect, Program, Rule, Test};
use crate::pack::written;

/// A condition that has to hold, and whether it stands in a guard.
pub type Claim = (Cond, bool);

/// What has to hold for a rule to fire; none of a rule that runs in Rhai.
pub fn fires(rule: &Rule) -> Option<Vec<Claim>> {
    let Test::Lowered(test) = &rule.test else { return None };
    let guard = rule.guard.iter().flat_map(|guard| split(guard, true, Joint::All)).map(|cond| (cond, true));
    let test = split(test, rule.effect != Effect::Require, Joint::All).into_iter().map(|cond| (cond, false));
    Some(guard.chain(test).collect())
}

/// What has to hold for a rule to be clear, or not to apply; none of a rule that runs in Rhai.
pub fn clear(rule: &Rule) -> Option<Vec<Claim>> {
    let Test::Lowered(test) = &rule.test else { return None };
    let wanted = rule.effect == Effect::Require;
    let parts = match &rule.guard {
        None => split(test, wanted, Joint::All),
        Some(guard) => {
            let either = [split(guard, false, Joint::Any), split(test, wanted, Joint::Any)].concat();
            vec![Cond::Or(either)]
        }
    };
    Some(parts.into_iter().map(|cond| (cond, false)).collect())
}

/// Why these cannot hold together; none if they can.
pub fn clash(program: &Program, claims: &[Claim], as_of: Date) -> Option<Clash> {
    let conds: Vec<&Cond> = claims.iter().map(|(cond, _)| cond).collect();
    let mut space = Space::over(Scope::of_conds(program, &conds), as_of);
    let bits: Vec<Bit> = conds.iter().map(|cond| space.cond(0, cond, Level::Settled).yes).collect();
    let parts = few(&mut space.logic, &bits)?;
    let conds: Vec<&Cond> = parts.iter().map(|part| conds[*part]).collect();
    let asked = |part: usize| {
        let (cond, guard) = &claims[part];
        Asked { text: written::cond(cond, &program.dictionary), guard: *guard }
    };
    let limits = limits(program, &conds, as_of).into_iter().map(|place| place.show(&program.dictionary));
    let (parts, limits) = (parts.into_iter().map(asked).collect(), limits.collect());
    Some(Clash { parts, conflicts: conflicts(program, &conds, as_of), limits })
}

/// The parts of a script of which one always holds, as scripts; none where several scripts would have to.
pub fn always(program: &Program, rule: &Rule, as_of: Date) -> Option<Vec<String>> {
    let (Test::Lowered(test), None) = (&rule.test, &rule.guard) else { return None };
    let parts = split(test, rule.effect != Effect::Require, Joint::Any);
    let conds: Vec<&Cond> = parts.iter().collect();
    let mut space = Space::over(Scope::of_conds(program, &conds), as_of);
    let bits: Vec<Bit> = conds.iter().map(|cond| !space.cond(0, cond, Level::Settled).yes).collect();
    let few = few(&mut space.logic, &bits)?;
    Some(few.into_iter().map(|part| written::cond(&parts[part], &program.dictionary)).collect())
}

/// The positions of few of these that cannot hold together, so that without any one of them the others can: a single
/// one if one alone cannot hold. None where all can.
pub fn few(logic: &mut Logic, bits: &[Bit]) -> Option<Vec<usize>> {
    if logic.ask(bits) == Answer::Yes {
        return None;
    }
    if let Some(only) = (0..bits.len()).find(|index| logic.ask(&[bits[*index]]) == Answer::No) {
        return Some(vec![only]);
    }
    Some(needed(bits.len(), |kept| {
        let own: Vec<Bit> = kept.iter().map(|index| bits[*index]).collect();
        logic.ask(&own) == Answer::No
    }))
}

/// The positions that are left when each is dropped that is not needed, the last first.
fn needed(count: usize, mut is_enough: impl FnMut(&[usize]) -> bool) -> Vec<usize> {
    let mut kept: Vec<usize> = (0..count).collect();
    for index in (0..count).rev() {
        let less: Vec<usize> = kept.iter().copied().filter(|own| *own != index).collect();
        if is_enough(&less) {
            kept = less;
        }
    }
    kept
}

/// How parts are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joint {
    All,
    Any,
}

/// The parts of a condition that are joined so, or of its negation.
fn split(cond: &Cond, wanted: bool, joint: Joint) -> Vec<Cond> {
    let all = wanted == (joint == Joint::All);
    match cond {
        Cond::And(parts) if all => parts.iter().flat_map(|part| split(part, wanted, joint)).collect(),
        Cond::Or(parts) if !all => parts.iter().flat_map(|part| split(part, wanted, joint)).collect(),
        Cond::Not(inner) => split(inner, !wanted, joint),
        other if wanted => vec![other.clone()],
        other => vec![negation(other)],
    }
}

fn negation(cond: &Cond) -> Cond {
    match cond {
        Cond::Literal(value) => Cond::Literal(!value),
        Cond::CompareInt(relation, a, b) => Cond::CompareInt(relation.opposite(), a.clone(), b.clone()),
        Cond::CompareNumber(relation, a, b) => Cond::CompareNumber(relation.opposite(), a.clone(), b.clone()),
        Cond::CompareDay(relation, a, b) => Cond::CompareDay(relation.opposite(), a.clone(), b.clone()),
        other => Cond::Not(Box::new(other.clone())),
    }
}

/// The conflicts but for which conditions could hold together: when each is found, as a script.
fn conflicts(program: &Program, conds: &[&Cond], as_of: Date) -> Vec<String> {
    let all = Scope::of_conds(program, conds).conflicts;
    let clash = |kept: &[usize]| {
        let mut scope = Scope::of_conds(program, conds);
        scope.conflicts = kept.iter().map(|index| all[*index]).collect();
        cannot(scope, conds, as_of)
    };
    let found = if clash(&[]) { Vec::new() } else { needed(all.len(), clash) };
    found.into_iter().map(|index| written::cond(&all[index].1.when, &program.dictionary)).collect()
}

/// A fact, or a field of its records, that has limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Limited {
    fact: FactId,
    field: Option<usize>,
}

/// The facts but for whose limits conditions could hold together.
fn limits(program: &Program, conds: &[&Cond], as_of: Date) -> Vec<Limited> {
    let space = Space::over(Scope::of_conds(program, conds), as_of);
    let of_cells = space.cells.iter().flat_map(|(cells, _)| &cells.facts);
    let names = of_cells.chain(space.lists.iter().map(|list| &list.members.fact));
    let read: Vec<Limited> = names.flat_map(|name| limited(&program.dictionary, name)).collect();
    let clash = |kept: &[usize]| {
        let free = read.iter().enumerate().filter(|(index, _)| !kept.contains(index)).map(|(_, own)| *own);
        let free = without(program, &free.collect::<Vec<_>>());
        cannot(Scope::of_conds(&free, conds), conds, as_of)
    };
    let found = if read.is_empty() || clash(&[]) { Vec::new() } else { needed(read.len(), clash) };
    found.into_iter().map(|index| read[index]).collect()
}

/// Whether conditions cannot hold together.
fn cannot<'p>(scope: Scope<'p>, conds: &[&'p Cond], as_of: Date) -> bool {
    let mut space = Space::over(scope, as_of);
    let bits: Vec<Bit> = conds.iter().map(|cond| space.cond(0, cond, Level::Settled).yes).collect();
    space.logic.ask(&bits) == Answer::No
}

/// What of a fact has limits.
fn limited(dictionary: &Dictionary, name: &str) -> Vec<Limited> {
    let Some(fact) = dictionary.find(name) else { return Vec::new() };
    let has = |domain: &Domain| domain.min.is_some() || domain.max.is_some();
    let own = dictionary.fact(fact);
    let whole = own.domain().filter(|domain| has(domain)).map(|_| Limited { fact, field: None });
    let fields = own.fields().iter().enumerate().filter(|(_, field)| has(&field.domain));
    whole.into_iter().chain(fields.map(|(index, _)| Limited { fact, field: Some(index) })).collect()
}

/// A pack whose dictionary has no limits there.
fn without(program: &Program, free: &[Limited]) -> Program {
    let mut facts: Vec<_> = program.dictionary.facts().map(|(_, fact)| fact.clone()).collect();
    for limited in free {
        let domain = match (&mut facts[limited.fact.index()].shape, limited.field) {
            (Shape::Records(fields), Some(field)) => &mut fields[field].domain,
            (Shape::One(domain) | Shape::Set(domain), _) => domain,
            (Shape::Records(_), None) => continue,
        };
        (domain.min, domain.max) = (None, None);
    }
    let mut own = program.clone();
    own.dictionary = Dictionary::new(facts, program.dictionary.vocabularies().to_vec());
    own
}

impl Limited {
    /// The name, and what the dictionary accepts.
    fn show(self, dictionary: &Dictionary) -> (String, String) {
        let fact = dictionary.fact(self.fact);
        let domain = fact.field_domain(self.field.unwrap_or(0));
        let name = self.field.map_or(fact.name.clone(), |field| format!("{}.{}", fact.name, fact.fields()[field].name));
        let day = |limit: &Option<Limit>| match limit {
            Some(Limit::Date(day)) => Some(day.to_string()),
            Some(Limit::AsOf) => Some("the as-of date".to_owned()),
            Some(Limit::Number(_)) | None => None,
        };
        let range = match (day(&domain.min), day(&domain.max)) {
            (Some(min), Some(max)) => format!("{min} to {max}"),
            (Some(min), None) => format!("{min} or later"),
            (None, Some(max)) => format!("{max} or earlier"),
            (None, None) => {
                let unit = domain.unit.as_ref().map(|unit| format!(" {}", unit.code())).unwrap_or_default();
                Limits::of(domain).show(&unit)
            }
        };
        (name, range)
    }
}
