//! Facts as a report shows them: their values as given and converted, dates, sources, earlier results, and the
//! questions that would settle them.

use std::collections::{BTreeMap, BTreeSet};

use super::canonical;
use super::cause::Cause;
use super::screen::Screening;
use super::settle::{Standing, compute, statements};
use super::verdict::{Conflicting, Earlier, FactShown, Warning};
use super::words::{Counted, Words, state};
use crate::model::calendar::{Moment, days_between};
use crate::model::dictionary::{Dictionary, Fact, FactId, Scalar};
use crate::model::referral::Statement;
use crate::model::value::{List, State, Term, Value};
use crate::model::vocabulary::ConceptId;
use crate::pack::program::{Phrase, Piece};

/// The longest list for whose unrecognised terms the nearest terms are looked up.
const MOST_HINTED: usize = 200;

/// Shows the facts of a screening.
#[derive(Clone, Copy)]
pub struct Shown<'s> {
    /// The screening.
    pub screening: &'s Screening<'s>,
}

impl<'s> Shown<'s> {
    fn dictionary(&self) -> &'s Dictionary {
        &self.screening.program.dictionary
    }

    fn words(&self) -> Words<'s> {
        Words { dictionary: self.dictionary() }
    }

    fn fact(&self, id: FactId) -> &'s Fact {
        self.dictionary().fact(id)
    }

    fn value(&self, id: FactId) -> &'s Value {
        self.screening.settled.chart.value(id)
    }

    fn standing(&self, id: FactId) -> &'s Standing {
        &self.screening.settled.standings[id.index()]
    }

    fn statements(&self, id: FactId) -> &'s [Statement] {
        statements(self.screening.referral, id)
    }

    fn deciding(&self, id: FactId) -> Option<&'s Statement> {
        self.standing(id).deciding.map(|index| &self.statements(id)[index])
    }

    fn list(&self, id: FactId) -> Option<&'s List> {
        match self.value(id) {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    /// The name of a cause: `creatinine`, `allografts[0].donor`.
    pub fn path(&self, cause: &Cause) -> String {
        let fact = self.fact(cause.fact);
        let Some(member) = cause.member else { return fact.name.clone() };
        let field = cause.field.and_then(|field| fact.fields().get(field));
        field.map_or(format!("{}[{member}]", fact.name), |field| format!("{}[{member}].{}", fact.name, field.name))
    }

    /// What people call a cause.
    pub fn label(&self, cause: &Cause) -> String {
        let fact = self.fact(cause.fact);
        match (cause.member, cause.field.and_then(|field| fact.fields().get(field))) {
            (Some(_), Some(field)) if cause.field != Some(0) => format!("{}: {}", fact.label, field.label),
            _ => fact.label.clone(),
        }
    }

    /// The facts behind a finding, each once.
    pub fn facts(&self, causes: &[Cause], because: &Phrase) -> Vec<FactShown> {
        let mut grouped: BTreeMap<FactId, Vec<&Cause>> = BTreeMap::new();
        for cause in causes {
            grouped.entry(cause.fact).or_default().push(cause);
        }
        let mut facts = Vec::with_capacity(grouped.len());
        for (fact, own) in grouped {
            let fields: Vec<&Cause> =
                own.iter().copied().filter(|cause| cause.field.is_some() && cause.state.is_some()).collect();
            if fields.is_empty() || fields.len() < own.iter().filter(|cause| cause.state.is_some()).count() {
                // That something is so is what the sentence says anyway.
                let spoken = because.0.contains(&Piece::Fact(fact)) || *self.value(fact) == Value::Bool(true);
                facts.push(FactShown { spoken, ..self.whole(fact, &own) });
            }
            facts.extend(fields.into_iter().map(|cause| self.part(cause)));
        }
        facts
    }

    /// A fact that no finding shows.
    pub fn alone(&self, id: FactId) -> FactShown {
        self.whole(id, &[])
    }

    /// A fact as a whole.
    fn whole(&self, id: FactId, causes: &[&Cause]) -> FactShown {
        let (fact, value, deciding) = (self.fact(id), self.value(id), self.deciding(id));
        let state = causes.iter().find(|cause| cause.field.is_none()).and_then(|cause| cause.state).or(value.state());
        let decided = self.decided(causes);
        let members = match self.list(id) {
            Some(list) => {
                decided.iter().map(|(index, fields)| self.words().member(fact, list, *index, fields)).collect()
            }
            None => Vec::new(),
        };
        FactShown {
            fact: fact.name.clone(),
            state: state.map_or("known", State::word),
            value: canonical::value(self.dictionary(), fact, value),
            unit: fact.domain().and_then(|domain| domain.unit.as_ref()).map(|unit| unit.code().to_owned()),
            given: deciding.and_then(|statement| statement.typed.clone()),
            on: deciding.and_then(|statement| statement.on).map(|on| on.to_string()),
            source: deciding.and_then(|statement| statement.source.clone()),
            members,
            earlier: self.earlier(id),
            label: fact.label.clone(),
            words: self.in_words(id, causes),
            age: self.age(id),
            spoken: false,
        }
    }

    /// A field that is not known.
    fn part(&self, cause: &Cause) -> FactShown {
        let fact = self.fact(cause.fact);
        let member = self.list(cause.fact).zip(cause.member).map(|(list, member)| list.member(member));
        let value = member.zip(cause.field).map(|(fields, field)| &fields[field]);
        let domain = fact.field_domain(cause.field.unwrap_or(0));
        let json = value.and_then(|value| canonical::scalar(self.dictionary(), domain, value));
        FactShown {
            fact: self.path(cause),
            state: cause.state.map_or("known", State::word),
            value: json.and_then(|json| serde_json::value::RawValue::from_string(json).ok()),
            unit: domain.unit.as_ref().map(|unit| unit.code().to_owned()),
            given: None,
            on: None,
            source: None,
            members: Vec::new(),
            earlier: Vec::new(),
            label: self.label(cause),
            words: self.state_in_words(cause),
            age: None,
            spoken: false,
        }
    }

    /// The members that causes name, with the fields that counted and what those were found to be.
    fn decided(&self, causes: &[&Cause]) -> Vec<(usize, Vec<Counted>)> {
        let mut members: BTreeMap<usize, Vec<Counted>> = BTreeMap::new();
        for cause in causes {
            let Some(member) = cause.member else { continue };
            let fields = members.entry(member).or_default();
            let Some(field) = cause.field else { continue };
            let matched = cause.matched.map(|concept| self.concept(cause.fact, field, concept));
            match fields.iter_mut().find(|(known, _)| *known == field) {
                Some((_, class)) => *class = class.take().or(matched),
                None => fields.push((field, matched)),
            }
        }
        members.into_iter().collect()
    }

    fn concept(&self, fact: FactId, field: usize, concept: ConceptId) -> String {
        match &self.fact(fact).field_domain(field).scalar {
            Scalar::Term(vocabulary) => self.dictionary().vocabulary(*vocabulary).concept(concept).name.clone(),
            _ => String::new(),
        }
    }

    /// A fact as the referral gives it, or as it was computed.
    pub fn as_given(&self, id: FactId) -> String {
        match self.deciding(id) {
            Some(statement) => self.as_earlier(id, statement).value,
            None => self.in_words(id, &[]),
        }
    }

    /// A fact in a sentence: its value as given and converted, the members that decided, or the state it is in.
    pub fn in_words(&self, id: FactId, causes: &[&Cause]) -> String {
        let (fact, value) = (self.fact(id), self.value(id));
        if let Value::Unknown(unknown) = value {
            let on = self.deciding(id).and_then(|statement| statement.on);
            return state(*unknown, on);
        }
        if let Some(list) = self.list(id) {
            let decided = self.decided(causes);
            let names = decided.iter().map(|(index, fields)| self.words().member(fact, list, *index, fields));
            let names: Vec<String> = names.collect();
            return if names.is_empty() { self.words().value(fact, value) } else { names.join("; ") };
        }
        let class = causes.iter().find_map(|cause| cause.matched).map(|concept| self.concept(id, 0, concept));
        let given = self.deciding(id).and_then(|statement| statement.typed.clone());
        let words = if given.is_some() { self.words().converted(fact, value) } else { self.words().value(fact, value) };
        match (given, class) {
            (Some(given), Some(class)) => format!("{given} ({words}, {class})"),
            (Some(given), None) => format!("{given} ({words})"),
            (None, Some(class)) => format!("{words} ({class})"),
            (None, None) => words,
        }
    }

    /// How old a result is, where that counts.
    fn age(&self, id: FactId) -> Option<String> {
        let limit = self.fact(id).max_age.as_ref()?;
        let on = self.deciding(id)?.on?;
        let days = days_between(on.day, self.screening.settled.chart.as_of);
        let age = match days {
            0 => "today".to_owned(),
            1 => "1 day old".to_owned(),
            days => format!("{days} days old"),
        };
        Some(format!("{age}, policy limit {}", limit.days))
    }

    fn earlier(&self, id: FactId) -> Vec<Earlier> {
        let standing = self.standing(id);
        let positions = standing.clashing.iter().chain(&standing.earlier);
        positions.map(|index| self.as_earlier(id, &self.statements(id)[*index])).collect()
    }

    fn as_earlier(&self, id: FactId, statement: &Statement) -> Earlier {
        let words = match &statement.value {
            Value::Unknown(unknown) => state(*unknown, None),
            value => self.words().value(self.fact(id), value),
        };
        let value = statement.typed.as_ref().map_or(words.clone(), |typed| format!("{typed} ({words})"));
        Earlier { value, on: statement.on.map(|on| on.to_string()), source: statement.source.clone() }
    }

    /// The last final result of a fact that is not known now.
    pub fn last(&self, cause: &Cause) -> Option<Earlier> {
        if cause.member.is_some() {
            return None;
        }
        let standing = self.standing(cause.fact);
        if !standing.clashing.is_empty() {
            return Some(Earlier { value: self.clash(cause.fact), on: None, source: None });
        }
        let own = standing.deciding.into_iter().chain(standing.clashing.iter().copied());
        let positions = own.chain(standing.earlier.iter().copied());
        let found = positions.map(|index| &self.statements(cause.fact)[index]);
        let found = found.into_iter().find(|statement| !matches!(statement.value, Value::Unknown(_)))?;
        Some(self.as_earlier(cause.fact, found))
    }

    /// When a fact came to be in the state it is in.
    pub fn since(&self, cause: &Cause) -> Option<Moment> {
        self.deciding(cause.fact).filter(|_| cause.member.is_none()).and_then(|statement| statement.on)
    }

    /// The state of a cause in words.
    pub fn state_in_words(&self, cause: &Cause) -> String {
        let Some(unknown) = cause.state else { return "known".into() };
        match (unknown, cause.member) {
            (State::Stale, _) => match self.age(cause.fact) {
                Some(age) => format!("too old: {age}"),
                None => state(unknown, None),
            },
            (State::Unrecognised, _) => state(unknown, None),
            (State::Bounded, None) => {
                match (self.value(cause.fact), self.screening.settled.chart.slot(cause.fact).normal) {
                    (Value::Number(number), None) if number.exact().is_some() => "no normal range given".into(),
                    _ => format!("known only as {}", self.in_words(cause.fact, &[])),
                }
            }
            (State::Bounded, Some(member)) => format!("known only as {}", self.member_field(cause, member)),
            (_, None) => state(unknown, self.since(cause)),
            (_, Some(_)) => state(unknown, None),
        }
    }

    fn member_field(&self, cause: &Cause, member: usize) -> String {
        let field = cause.field.unwrap_or(0);
        let domain = self.fact(cause.fact).field_domain(field);
        self.list(cause.fact).map_or(String::new(), |list| self.words().scalar(domain, &list.member(member)[field]))
    }

    /// What to ask to settle a cause; of a record's field, with the record it belongs to.
    pub fn question(&self, cause: &Cause) -> String {
        let fact = self.fact(cause.fact);
        let field = cause.field.and_then(|field| fact.fields().get(field));
        let own = field.map_or(&fact.question, |field| &field.question);
        if cause.state == Some(State::Unrecognised) {
            let written = match cause.member {
                Some(member) => self.member_field(cause, member),
                None => self.in_words(cause.fact, &[]),
            };
            return match self.nearest(cause).as_slice() {
                [] => format!("{own} {written} is in no list."),
                near => format!("{own} {written} may mean {}.", near.join(" or ")),
            };
        }
        match (cause.member.filter(|_| cause.field != Some(0)), self.list(cause.fact)) {
            (Some(member), Some(list)) => format!("{}: {own}", self.words().member(fact, list, member, &[])),
            _ => own.clone(),
        }
    }

    /// The terms nearest to one that is not recognised.
    fn nearest(&self, cause: &Cause) -> Vec<String> {
        let field = cause.field.unwrap_or(0);
        let value = match (self.list(cause.fact), cause.member) {
            (Some(list), Some(member)) => &list.member(member)[field],
            _ => self.value(cause.fact),
        };
        self.nearest_to(cause.fact, field, value)
    }

    /// Nobody reads hints by the hundred, and they take their time.
    fn nearest_to(&self, id: FactId, field: usize, value: &Value) -> Vec<String> {
        let few = self.list(id).is_none_or(|list| list.len() <= MOST_HINTED);
        match (value, &self.fact(id).field_domain(field).scalar) {
            _ if !few => Vec::new(),
            (Value::Term(Term::Unrecognised(text)), Scalar::Term(id)) => {
                self.dictionary().vocabulary(*id).nearest(text).into_iter().map(String::from).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Facts with statements of one time that cannot all be true.
    pub fn contradictions(&self) -> Vec<Conflicting> {
        let facts = self.dictionary().facts();
        facts.filter_map(|(id, fact)| self.contradiction(id, fact)).collect()
    }

    /// What the statements of one time say: `normal (2026-11-02) and as abnormal (2026-11-02)`.
    fn clash(&self, id: FactId) -> String {
        let standing = self.standing(id);
        let positions = standing.deciding.iter().chain(&standing.clashing);
        let said = positions.map(|index| self.as_earlier(id, &self.statements(id)[*index]));
        let said =
            said.map(|earlier| earlier.on.map_or(earlier.value.clone(), |on| format!("{} ({on})", earlier.value)));
        said.collect::<Vec<_>>().join(" and as ")
    }

    fn contradiction(&self, id: FactId, fact: &Fact) -> Option<Conflicting> {
        if *self.value(id) != Value::Unknown(State::Contradicted) {
            return None;
        }
        let standing = self.standing(id);
        let derived = self.screening.program.derived.iter().find(|derived| derived.fact == id);
        let because = match derived {
            Some(derived) => {
                let (computed, _) = compute(self.screening.program, derived, &self.screening.settled.chart);
                let computed = self.words().value(fact, &computed);
                format!("{} is given as {}, and is computed as {computed}", fact.label, self.clash(id))
            }
            None if standing.clashing.is_empty() => return None,
            None => format!("{} is given as {}", fact.label, self.clash(id)),
        };
        Some(Conflicting { because, doubts: vec![fact.name.clone()], lacks: Vec::new() })
    }

    /// What a reader should know of the input.
    pub fn warnings(&self, as_of_today: bool) -> Vec<Warning> {
        let mut warnings = Vec::new();
        if as_of_today {
            let message = format!("no as-of date given: screened for today, {}", self.screening.settled.chart.as_of);
            warnings.push(Warning { kind: "as-of-today", fact: None, message });
        }
        for (id, fact) in self.dictionary().facts() {
            let standing = self.standing(id);
            for index in &standing.unseen {
                let earlier = self.as_earlier(id, &self.statements(id)[*index]);
                let on = earlier.on.unwrap_or_default();
                let message =
                    format!("{}: {} is dated after the as-of date ({on}) and was not seen", fact.label, earlier.value);
                warnings.push(Warning { kind: "after-as-of", fact: Some(fact.name.clone()), message });
            }
            if standing.nothing_to_close {
                let message = format!("{}: declared complete, but no list is on record", fact.label);
                warnings.push(Warning { kind: "nothing-to-close", fact: Some(fact.name.clone()), message });
            }
            warnings.extend(self.term_warnings(id, fact));
        }
        warnings
    }

    fn term_warnings(&self, id: FactId, fact: &Fact) -> Vec<Warning> {
        let mut seen = BTreeSet::new();
        let mut warnings = Vec::new();
        for (field, value) in self.parts(id) {
            let (kind, message) = match value {
                Value::Term(Term::Unrecognised(text)) => {
                    let near = self.nearest_to(id, field, value);
                    let hint = if near.is_empty() { String::new() } else { format!("; nearest: {}", near.join(", ")) };
                    (
                        "unrecognised",
                        format!("{}: \"{text}\" is not recognised and counts as unknown{hint}", fact.label),
                    )
                }
                Value::Term(Term::Other(_, text)) => {
                    ("other-term", format!("{}: \"{text}\" was entered as other and is in no class", fact.label))
                }
                _ => continue,
            };
            if seen.insert(message.clone()) {
                warnings.push(Warning { kind, fact: Some(fact.name.clone()), message });
            }
        }
        warnings
    }

    /// The single values of a fact, with their fields.
    fn parts(&self, id: FactId) -> Vec<(usize, &'s Value)> {
        match self.value(id) {
            Value::List(list) => list.members().flat_map(|fields| fields.iter().enumerate()).collect(),
            other => vec![(0, other)],
        }
    }
}
