//! From what was said of a patient to what holds on the as-of date: the latest statement of a series decides, old
//! results go stale, contradictions leave a fact unknown, and derived facts are computed.

use std::cmp::{Ordering, Reverse};

use rust_decimal::Decimal;

use super::canonical;
use super::chart::{Chart, Slot};
use super::eval::{Eval, Fault};
use crate::model::calendar::{Date, days_between};
use crate::model::dictionary::{Dictionary, Fact, FactId, Normal, Scalar, Shape};
use crate::model::interval::Interval;
use crate::model::referral::{Referral, Said, Statement};
use crate::model::truth::Truth;
use crate::model::value::{List, Member, State, Term, Value};
use crate::pack::program::{Derived, Formula, Program};

/// A referral settled for a day.
#[derive(Clone, Debug)]
pub struct Settled {
    /// What holds.
    pub chart: Chart,
    /// How each fact came to hold that, one a fact of the dictionary.
    pub standings: Vec<Standing>,
    /// The conflicts that were found, by position.
    pub conflicts: Vec<usize>,
    /// What held before conflicts left facts in doubt, where there are any.
    pub undoubted: Option<Chart>,
}

impl Settled {
    /// The chart on which conflicts were found.
    pub fn judged(&self) -> &Chart {
        self.undoubted.as_ref().unwrap_or(&self.chart)
    }
}

/// How a fact came to hold what it holds. Positions count the statements of the referral.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The statement that decides.
    pub deciding: Option<usize>,
    /// Other statements that tie with it and say something else.
    pub clashing: Vec<usize>,
    /// Earlier statements, latest first.
    pub earlier: Vec<usize>,
    /// Statements dated after the as-of date.
    pub unseen: Vec<usize>,
    /// Whether a list was declared complete without being on record.
    pub nothing_to_close: bool,
}

/// Settles a referral for a day.
pub fn settle(program: &Program, referral: &Referral, as_of: Date) -> Settled {
    let (given, standings) = given(program, referral, as_of);
    let mut chart = given.clone();
    derive(program, &given, &mut chart, None);
    let conflicts = conflicting(program, &chart);
    let mut undoubted = None;
    if !conflicts.is_empty() {
        let mut doubted = given;
        for conflict in &conflicts {
            let conflict = &program.conflicts[*conflict];
            conflict.doubts.iter().for_each(|fact| doubted.doubt(*fact, State::Contradicted));
            conflict.lacks.iter().for_each(|fact| doubted.reopen(*fact));
        }
        let judged = std::mem::replace(&mut chart, doubted.clone());
        derive(program, &doubted, &mut chart, Some(&judged));
        undoubted = Some(judged);
    }
    Settled { chart, standings, conflicts, undoubted }
}

/// What a referral comes to where these facts are in doubt, whatever its conflicts say.
pub fn doubting(program: &Program, referral: &Referral, as_of: Date, doubts: &[FactId]) -> Chart {
    let (mut given, _) = given(program, referral, as_of);
    let mut judged = given.clone();
    derive(program, &given, &mut judged, None);
    if doubts.is_empty() {
        return judged;
    }
    doubts.iter().for_each(|fact| given.doubt(*fact, State::Contradicted));
    let mut chart = given.clone();
    derive(program, &given, &mut chart, Some(&judged));
    chart
}

/// What is given of every fact, and how it came to hold.
fn given(program: &Program, referral: &Referral, as_of: Date) -> (Chart, Vec<Standing>) {
    let dictionary = &program.dictionary;
    let mut chart = Chart::empty(dictionary, as_of);
    let mut standings = vec![Standing::default(); dictionary.len()];
    for (id, fact) in dictionary.facts() {
        let slot =
            Slot { value: Value::Unknown(State::NotSupplied), on: None, normal: fact.domain().and_then(|d| d.normal) };
        chart.set(id, slot);
    }
    for said in &referral.facts {
        let fact = dictionary.fact(said.fact);
        let (slot, standing) = settle_fact(dictionary, fact, said, as_of);
        chart.set(said.fact, slot);
        standings[said.fact.index()] = standing;
    }
    (chart, standings)
}

fn conflicting(program: &Program, chart: &Chart) -> Vec<usize> {
    let eval = Eval::new(&program.dictionary, chart);
    let found = program.conflicts.iter().enumerate();
    found.filter(|(_, conflict)| eval.cond(&conflict.when, None) == Truth::True).map(|(index, _)| index).collect()
}

/// What a fact holds, and how it came to.
fn settle_fact(dictionary: &Dictionary, fact: &Fact, said: &Said, as_of: Date) -> (Slot, Standing) {
    let mut standing = Standing::default();
    let normal = fact.domain().and_then(|domain| domain.normal);
    let all = &said.statements;
    let (seen, unseen): (Vec<usize>, Vec<usize>) =
        (0..all.len()).partition(|index| all[*index].on.is_none_or(|on| on.day <= as_of));
    let age = |index: &usize| (all[*index].on.map(|on| on.to_string()), format!("{:?}", all[*index]));
    standing.unseen = unseen;
    standing.unseen.sort_by_key(age);
    // Who corrects the rest knows of it.
    let corrects = |index: &usize| all[*index].corrects;
    let (own, corrected): (Vec<usize>, Vec<usize>) = seen.iter().copied().partition(corrects);
    let (seen, corrected) = if own.is_empty() { (seen, Vec::new()) } else { (own, corrected) };
    let not_later = |a: usize, b: usize| order(&all[a], &all[b]) != Some(Ordering::Less);
    let mut latest: Vec<usize> = seen.iter().copied().filter(|a| seen.iter().all(|b| not_later(*a, *b))).collect();
    if latest.is_empty() {
        // Times without and with offsets can each seem later than the other: then none is.
        latest.clone_from(&seen);
    }
    // What says the same is put in order by how it was written, so that reports do not depend on the order of input.
    let saying = |index: &usize| (canonical::statement(dictionary, fact, &all[*index]), format!("{:?}", all[*index]));
    latest.sort_by_cached_key(|index| (all[*index].on.is_none(), saying(index)));
    standing.earlier = seen.into_iter().filter(|index| !latest.contains(index)).chain(corrected).collect();
    standing.earlier.sort_by_cached_key(|index| {
        let moment = all[*index].on.map(|on| on.sort_key());
        (Reverse(moment), saying(index))
    });
    let Some(first) = latest.first().copied() else {
        standing.nothing_to_close = said.closes;
        return (Slot { value: Value::Unknown(State::NotSupplied), on: None, normal }, standing);
    };
    standing.deciding = Some(first);
    standing.clashing = latest[1..].iter().copied().filter(|index| all[*index].value != all[first].value).collect();
    let value = agreed(dictionary, fact, latest.iter().map(|index| &all[*index].value));
    let statement = &all[first];
    let value = aged(fact, closed(value, said.closes), statement, as_of);
    let normal = own_range(latest.iter().map(|index| all[*index].normal), normal);
    let slot = Slot { value, on: statement.on.map(|on| on.day), normal };
    (slot, standing)
}

/// The normal range of results of one time: the laboratory's, none if two differ, or else the dictionary's.
fn own_range(given: impl Iterator<Item = Option<Normal>>, normal: Option<Normal>) -> Option<Normal> {
    let mut given = given.flatten();
    match given.next() {
        None => normal,
        Some(first) => Some(first).filter(|first| given.all(|other| other == *first)),
    }
}

/// How two statements follow each other; `None` where their dates do not say.
fn order(a: &Statement, b: &Statement) -> Option<Ordering> {
    a.on?.order(&b.on?)
}

/// What statements of one time say together. A state among them leaves the fact in that state; values that cannot
/// both be true contradict each other.
fn agreed<'v>(dictionary: &Dictionary, fact: &Fact, values: impl Iterator<Item = &'v Value> + Clone) -> Value {
    if let Some(state) = values.clone().find(|value| matches!(value, Value::Unknown(_))) {
        return state.clone();
    }
    let mut values = values;
    let Some(first) = values.next() else { return Value::Unknown(State::NotSupplied) };
    values.try_fold(first.clone(), |a, b| both(dictionary, fact, &a, b)).unwrap_or(Value::Unknown(State::Contradicted))
}

/// What two values leave possible together; `None` if nothing.
fn both(dictionary: &Dictionary, fact: &Fact, a: &Value, b: &Value) -> Option<Value> {
    fn meet<T: Copy + Ord>(a: &Interval<T>, b: &Interval<T>) -> Option<Interval<T>> {
        Some(a.meet(b)).filter(|both| !both.is_empty())
    }
    match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => meet(a, b).map(Value::Integer),
        (Value::Number(a), Value::Number(b)) => meet(a, b).map(Value::Number),
        (Value::Date(a), Value::Date(b)) => meet(a, b).map(Value::Date),
        (Value::List(a), Value::List(b)) if a.open && b.open => Some(Value::List(united(fact, a, b))),
        (Value::List(part), Value::List(whole)) | (Value::List(whole), Value::List(part))
            if part.open && !whole.open =>
        {
            let holds = |member: &[Value]| whole.members().any(|known| known == member);
            part.members().all(holds).then(|| Value::List(whole.clone()))
        }
        (Value::Term(Term::Known(one)), Value::Term(Term::Known(other))) => {
            let Scalar::Term(vocabulary) = fact.domain()?.scalar else { return None };
            let is = |a, b| dictionary.vocabulary(vocabulary).ancestors(a).contains(&b);
            // The narrower of two names says more, and nothing else.
            if is(*one, *other) { Some(a.clone()) } else { is(*other, *one).then(|| b.clone()) }
        }
        _ => (a == b).then(|| a.clone()),
    }
}

/// The members of two open lists; a record that stands on both is one.
fn united(fact: &Fact, a: &List, b: &List) -> List {
    let mut members: Vec<Member> = (0..a.len()).map(|index| a.whole(index)).collect();
    let new = (0..b.len()).filter(|index| !a.members().any(|known| known == b.member(*index)));
    members.extend(new.map(|index| b.whole(index)));
    List::new(members, fact.fields().len().max(1), matches!(fact.shape, Shape::Set(_)), true)
}

/// A list that a later word declares complete.
fn closed(value: Value, closes: bool) -> Value {
    match value {
        Value::List(list) if closes => Value::List(list.closed()),
        other => other,
    }
}

/// The value, unless it is too old or its age cannot be told.
fn aged(fact: &Fact, value: Value, statement: &Statement, as_of: Date) -> Value {
    let Some(limit) = fact.max_age.as_ref().filter(|_| !matches!(value, Value::Unknown(_))) else { return value };
    match statement.on {
        None => Value::Unknown(State::Undated),
        Some(on) if days_between(on.day, as_of) > limit.days => Value::Unknown(State::Stale),
        Some(_) => value,
    }
}

/// Computes derived facts over the chart as given, in order. What was contradicted before something behind it came into
/// doubt stays so: a doubt settles nothing.
fn derive(program: &Program, given: &Chart, chart: &mut Chart, before: Option<&Chart>) {
    for derived in &program.derived {
        if before.is_some_and(|before| *before.value(derived.fact) == Value::Unknown(State::Contradicted)) {
            chart.doubt(derived.fact, State::Contradicted);
            continue;
        }
        let (computed, fault) = compute(program, derived, chart);
        chart.faulty |= fault.is_some();
        let own = given.value(derived.fact);
        let value = match (own, computed) {
            (Value::Unknown(State::NotSupplied), computed) => computed,
            (own, Value::Unknown(_)) => own.clone(),
            (Value::Unknown(State::Contradicted), _) => Value::Unknown(State::Contradicted),
            (Value::Unknown(_), computed) => computed,
            (Value::Bool(true), _) if derived.stands => own.clone(),
            (own, computed) => reconciled(own, computed, derived.tolerance),
        };
        let slot = Slot { value, ..given.slot(derived.fact).clone() };
        chart.set(derived.fact, slot);
    }
}

/// What a formula gives on a chart, and the fault met; unknown where it gives nothing.
pub fn compute(program: &Program, derived: &Derived, chart: &Chart) -> (Value, Option<Fault>) {
    let eval = Eval::new(&program.dictionary, chart);
    let nothing = Value::Unknown(State::NotSupplied);
    let value = match &derived.formula {
        Formula::Cond(cond) => match eval.cond(cond, None) {
            Truth::Unknown => nothing,
            truth => Value::Bool(truth == Truth::True),
        },
        Formula::Int(int) => known(eval.noted(eval.int(int, None))).map_or(nothing, Value::Integer),
        Formula::Number(number) => known(eval.noted(eval.number(number, None))).map_or(nothing, Value::Number),
        Formula::Day(day) => known(eval.noted(eval.day(day, None))).map_or(nothing, Value::Date),
        Formula::Choice(choice) => eval.choice(choice, None).map_or(nothing, Value::Choice),
    };
    (value, eval.fault.get())
}

fn known<T: Copy + Ord>(quantity: Option<Interval<T>>) -> Option<Interval<T>> {
    quantity.filter(|interval| *interval != Interval::UNKNOWN)
}

/// A given value beside the computed one: it stands if they agree within the tolerance.
fn reconciled(own: &Value, computed: Value, tolerance: Decimal) -> Value {
    let close = |a: Decimal, b: Decimal| (a - b).abs() <= tolerance;
    let agrees = match (own, &computed) {
        (Value::Integer(a), Value::Integer(b)) => match (a.exact(), b.exact()) {
            (Some(a), Some(b)) => close(a.into(), b.into()),
            _ => !a.meet(b).is_empty(),
        },
        (Value::Number(a), Value::Number(b)) => match (a.exact(), b.exact()) {
            (Some(a), Some(b)) => a.checked_sub(b).is_some_and(|difference| difference.abs() <= tolerance),
            _ => !a.meet(b).is_empty(),
        },
        (Value::Date(a), Value::Date(b)) => !a.meet(b).is_empty(),
        (own, computed) => own == computed,
    };
    match (own, computed) {
        _ if !agrees => Value::Unknown(State::Contradicted),
        (Value::Integer(a), Value::Integer(b)) if !a.meet(&b).is_empty() => Value::Integer(a.meet(&b)),
        (Value::Number(a), Value::Number(b)) if !a.meet(&b).is_empty() => Value::Number(a.meet(&b)),
        (Value::Date(a), Value::Date(b)) => Value::Date(a.meet(&b)),
        (own, _) => own.clone(),
    }
}

/// The statements behind a fact.
pub fn statements(referral: &Referral, fact: FactId) -> &[Statement] {
    referral.said(fact).map_or(&[], |said| &said.statements)
}
