//! A record and what people know besides: results join, lists unite, and a list that a person closes is closed. What
//! both say differently contradicts, and is asked for, unless the person says that it corrects the record.

use crate::model::dictionary::{Dictionary, Fact, Shape};
use crate::model::name::fold;
use crate::model::referral::{Referral, Said};
use crate::model::value::{List, Member, Term, Value};

/// Adds what a person typed to what was read from a record.
pub fn complete(record: &mut Referral, typed: Referral, dictionary: &Dictionary) {
    for said in typed.facts {
        let fact = dictionary.fact(said.fact);
        let own = record.said(said.fact).cloned();
        match own.filter(|_| fact.is_list()).and_then(|own| united(fact, &own, &said)) {
            Some(both) => {
                record.remove(said.fact);
                record.join(both);
            }
            None => record.join(said),
        }
    }
    record.remarks = typed.remarks.or(record.remarks.take());
}

/// The members of both lists. What the record does not recognise and the person calls `other` is that.
fn united(fact: &Fact, record: &Said, typed: &Said) -> Option<Said> {
    let ([own], [said]) = (&record.statements[..], &typed.statements[..]) else { return None };
    if said.corrects {
        return None;
    }
    let (Value::List(ours), Value::List(theirs)) = (&own.value, &said.value) else { return None };
    // A record that names nobody says that there are none: that is no list to add to.
    if ours.is_empty() && !ours.open {
        return None;
    }
    let mut members: Vec<Member> = Vec::new();
    for index in 0..theirs.len() {
        let mut member = theirs.whole(index);
        member.source = member.source.or(said.source.as_deref().map(Into::into));
        members.push(member);
    }
    for index in 0..ours.len() {
        let member = ours.whole(index);
        match members.iter_mut().find(|other| is_same(&member, other)) {
            Some(same) => same.source = both_sources(&member, same),
            None => members.push(member),
        }
    }
    // Where the age of a list counts, one without a date closes nothing: the record's date is not its own.
    let open = theirs.open || fact.max_age.is_some() && said.on.is_none();
    let list = List::new(members, fact.fields().len().max(1), matches!(fact.shape, Shape::Set(_)), open);
    let mut statement = own.clone();
    statement.value = Value::List(list);
    statement.on = said.on.or(own.on);
    statement.source = said.source.clone().or(own.source.clone());
    Some(Said { fact: record.fact, statements: vec![statement], closes: record.closes || typed.closes })
}

fn both_sources(ours: &Member, theirs: &Member) -> Option<std::sync::Arc<str>> {
    match (&ours.source, &theirs.source) {
        (Some(a), Some(b)) => Some(format!("{a}, {b}").into()),
        (a, b) => a.clone().or_else(|| b.clone()),
    }
}

/// Whether a member that a person typed stands for one of the record: it says as much of it, or more.
fn is_same(ours: &Member, theirs: &Member) -> bool {
    ours.fields.iter().zip(&theirs.fields).enumerate().all(|(field, ((a, _), (b, _)))| match (a, b) {
        (Value::Term(Term::Unrecognised(text)), Value::Term(Term::Other(folded, _))) => fold(text) == **folded,
        (Value::Unknown(_), _) if field > 0 => true,
        (a, b) => a == b,
    })
}
