//! Parts of rules that change nothing: whether a rule comes to the same for every patient without one of the conditions
//! that an "and" or an "or" of it joins, however deep that stands.

use std::ptr;

use rust_decimal::Decimal;

use super::logic::{Answer, Tri};
use super::reach::{Class, class, quantified};
use super::scope::Scope;
use super::space::{Level, Space};
use crate::model::calendar::Date;
use crate::model::dictionary::Dictionary;
use crate::pack::ir::{Cond, Each, Int, Number, Place};
use crate::pack::limits::Limits;
use crate::pack::program::{Program, Rule, Test};

/// A condition of a rule that is joined with others.
#[derive(Clone, Debug)]
pub struct Part<'p> {
    /// The condition.
    pub cond: &'p Cond,
    /// Whether it stands in the guard.
    pub guard: bool,
    /// The closures around it, the outermost first.
    pub around: Vec<&'p Each>,
    /// The way down to it: the conditions below the guard or the script, itself last.
    trail: Vec<&'p Cond>,
}

/// The parts of a rule in source order, each before its own parts. What arithmetic asks is not looked at.
pub fn parts(rule: &Rule) -> Vec<Part<'_>> {
    let test = if let Test::Lowered(cond) = &rule.test { Some((cond, false)) } else { None };
    let mut found = Vec::new();
    for (cond, guard) in rule.guard.iter().map(|guard| (guard, true)).chain(test) {
        gather(&Part { cond, guard, around: Vec::new(), trail: Vec::new() }, &mut found);
    }
    found
}

/// The first part without which a rule comes to the same for every patient.
pub fn idle<'p>(program: &'p Program, rule: &'p Rule, as_of: Date) -> Option<Part<'p>> {
    let parts = parts(rule);
    if parts.is_empty() {
        return None;
    }
    let mut space = Space::over(Scope::of_rules(program, &[rule]), as_of);
    // An end of `between` may well be a limit of the dictionary; anywhere else such a comparison is refused.
    let mut parts = parts.into_iter().filter(|part| !is_limit(part.cond, &program.dictionary));
    parts.find(|part| is_idle(&mut space, rule, part))
}

fn gather<'p>(at: &Part<'p>, found: &mut Vec<Part<'p>>) {
    let joins = matches!(at.cond, Cond::And(parts) | Cond::Or(parts) if parts.len() > 1);
    let closure = quantified(at.cond).map(|(_, each, _)| each);
    for child in children(at.cond) {
        let trail = at.trail.iter().copied().chain([child]).collect();
        let around = at.around.iter().copied().chain(closure).collect();
        let below = Part { cond: child, guard: at.guard, around, trail };
        found.extend(joins.then(|| below.clone()));
        gather(&below, found);
    }
}

fn children(cond: &Cond) -> Vec<&Cond> {
    match cond {
        Cond::Not(inner) => vec![inner],
        Cond::And(parts) | Cond::Or(parts) => parts.iter().collect(),
        Cond::Same(a, b) => vec![a, b],
        Cond::If(test, yes, no) => vec![test, yes, no],
        other => quantified(other).map(|(_, each, _)| &*each.body).into_iter().collect(),
    }
}

fn is_idle<'p>(space: &mut Space<'p>, rule: &'p Rule, part: &Part<'p>) -> bool {
    let Test::Lowered(test) = &rule.test else { return false };
    let whole = space.rule(0, rule);
    let mut of = |cond: &'p Cond, guard: bool| match guard == part.guard {
        true => without(space, cond, &part.trail, None),
        false => space.cond(0, cond, Level::Settled),
    };
    let guard = rule.guard.as_ref().map_or(Tri::known(true), |guard| of(guard, true));
    let test = of(test, false);
    let less = space.comes(rule.effect, guard, test);
    [(less.fires, whole.fires), (less.clear, whole.clear)].into_iter().all(|(less, whole)| {
        let differs = space.logic.differ(less, whole);
        space.logic.ask(&[differs]) == Answer::No
    })
}

/// Whether a comparison with a number is answered by the limits of the dictionary alone.
fn is_limit(cond: &Cond, dictionary: &Dictionary) -> bool {
    let (place, relation, number) = match cond {
        Cond::CompareInt(relation, Int::Place(place), Int::Literal(number)) => {
            (place, relation, Decimal::from(*number))
        }
        Cond::CompareNumber(relation, Number::Place(place), Number::Literal(number)) => (place, relation, *number),
        _ => return false,
    };
    let domain = match place {
        Place::Fact(fact) => dictionary.fact(*fact).field_domain(0),
        Place::Field { list, field, .. } => dictionary.fact(*list).field_domain(usize::from(*field)),
    };
    Limits::of(domain).settle(*relation, number).is_some()
}

/// The member that a closure looks at: the list, the kind of member, and the closure.
type Member<'p> = (usize, usize, &'p Each);

/// What a condition comes to without the part that the trail leads to.
fn without<'p>(space: &mut Space<'p>, cond: &'p Cond, trail: &[&'p Cond], member: Option<Member<'p>>) -> Tri {
    let Some((next, rest)) = trail.split_first() else { return of(space, cond, member) };
    if quantified(cond).is_some() {
        return among(space, cond, rest);
    }
    // What changes nothing beside others is true beside what else must be, and false beside what else may be.
    let nothing = Tri::known(matches!(cond, Cond::And(_)));
    let joined = space.joined(cond, |space, child| match ptr::eq(child, *next) {
        true if rest.is_empty() => nothing,
        true => without(space, child, rest, member),
        false => of(space, child, member),
    });
    joined.unwrap_or_else(|| space.logic.anything())
}

/// What a condition on members comes to without the part that the trail leads to from its body.
fn among<'p>(space: &mut Space<'p>, cond: &'p Cond, trail: &[&'p Cond]) -> Tri {
    let Class::Members(name, quantifier, each, negated) = class(space.programs[0], cond) else {
        return space.logic.anything();
    };
    let Some(list) = space.list(&name) else { return space.logic.anything() };
    let kinds = 0..space.lists[list].has.len();
    let tris: Vec<Tri> = kinds.map(|kind| without(space, &each.body, trail, Some((list, kind, each)))).collect();
    let tri = space.quantified(0, list, quantifier, &tris, Level::Settled);
    if negated { !tri } else { tri }
}

fn of<'p>(space: &mut Space<'p>, cond: &'p Cond, member: Option<Member<'p>>) -> Tri {
    match member {
        None => space.cond(0, cond, Level::Settled),
        Some((list, kind, each)) => space.of_member(0, list, (kind, each), cond, Level::Settled),
    }
}
