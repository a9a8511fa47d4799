//! Facts as a report shows them: their values as given and converted, dates, sources, earlier results, and the
//! questions that would settle them.

use std::collections::BTreeMap;

use super::canonical;
use super::cause::{Cause, Causes, behind};
use super::chart::Chart;
use super::screen::Screening;
use super::settle::{Standing, statements};
use super::verdict::{Earlier, FactShown};
use super::words::{Counted, Words, state};
use crate::model::calendar::{Moment, days_between};
use crate::model::dictionary::{Dictionary, Fact, FactId, Scalar};
use crate::model::interval::Interval;
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

    /// Speaks of values.
    pub fn words(&self) -> Words<'s> {
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
            (Some(_), Some(field)) if cause.field != Some(0) => format!("{} ({})", fact.label, field.label),
            _ => fact.label.clone(),
        }
    }

    /// The facts behind a finding, each once.
    pub fn facts(&self, causes: &Causes, because: &Phrase) -> Vec<FactShown> {
        let mut grouped: BTreeMap<FactId, Vec<&Cause>> = BTreeMap::new();
        for cause in &causes.facts {
            grouped.entry(cause.fact).or_default().push(cause);
        }
        let mut facts = Vec::with_capacity(grouped.len());
        for (fact, own) in grouped {
            let fields: Vec<&Cause> =
                own.iter().copied().filter(|cause| cause.field.is_some() && cause.state.is_some()).collect();
            if fields.is_empty() || fields.len() < own.iter().filter(|cause| cause.state.is_some()).count() {
                let behind = self.behind(fact, because);
                let range = causes.ranged.contains(&fact).then(|| self.range(fact)).flatten();
                // That something is so is what the sentence says anyway, and that it is not what it was computed from.
                let spoken = because.0.contains(&Piece::Fact(fact))
                    || *self.value(fact) == Value::Bool(true)
                    || matches!(self.value(fact), Value::Bool(_)) && !behind.is_empty();
                facts.push(FactShown { spoken, behind, range, ..self.whole(fact, &own) });
            }
            facts.extend(fields.into_iter().map(|cause| self.part(cause)));
        }
        facts
    }

    /// What a fact was computed from, unless the referral says it. Of a yes or no only results count: the sentence says
    /// what else it means.
    fn behind(&self, fact: FactId, because: &Phrase) -> Vec<FactShown> {
        if self.deciding(fact).is_some() || self.value(fact).state().is_some_and(|state| state != State::Bounded) {
            return Vec::new();
        }
        let behind = behind(self.screening.program, &self.screening.settled.chart, fact);
        let mut shown = self.facts(&behind, because);
        if matches!(self.value(fact), Value::Bool(_)) {
            shown.retain(|fact| fact.on.is_some() || fact.range.is_some());
        }
        shown
    }

    /// The normal range of a fact, and whose it is.
    fn range(&self, id: FactId) -> Option<String> {
        let normal = self.screening.settled.chart.slot(id).normal?;
        let own = self.deciding(id).is_some_and(|statement| statement.normal.is_some());
        let whose = if own { "laboratory's range" } else { "usual range" };
        let [low, high] = [normal.low, normal.high].map(|end| Value::Number(Interval::Exact(end)));
        let high = self.words().converted(self.fact(id), &high);
        let low = self.words().converted(self.fact(id), &low);
        let low = low.split(' ').next().unwrap_or_default();
        Some(format!("{whose} {low} to {high}"))
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
            source: self.source(id, &decided),
            members,
            earlier: self.earlier(id),
            label: fact.label.clone(),
            words: self.in_words(id, causes),
            age: self.age(id),
            range: None,
            behind: Vec::new(),
            spoken: false,
            aside: false,
        }
    }

    /// Who says so: of a list those who name the members that decided.
    fn source(&self, id: FactId, decided: &[(usize, Vec<Counted>)]) -> Option<String> {
        let mut sources: Vec<&str> = Vec::new();
        if let Some(list) = self.list(id) {
            for source in decided.iter().filter_map(|(member, _)| list.source(*member)) {
                if !sources.contains(&source) {
                    sources.push(source);
                }
            }
        }
        match sources.is_empty() {
            true => self.deciding(id).and_then(|statement| statement.source.clone()),
            false => Some(sources.join(", ")),
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
            range: None,
            behind: Vec::new(),
            spoken: false,
            aside: false,
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

    /// A sentence with its facts filled in; a list shows the members that decided.
    pub fn phrase(&self, phrase: &Phrase, causes: &[Cause]) -> String {
        self.filled(phrase, causes, &self.screening.settled.chart)
    }

    /// A sentence with its facts as they were given, before any of them was doubted.
    pub fn phrase_as_given(&self, phrase: &Phrase, causes: &[Cause]) -> String {
        self.filled(phrase, causes, self.screening.settled.judged())
    }

    fn filled(&self, phrase: &Phrase, causes: &[Cause], chart: &Chart) -> String {
        let pieces = phrase.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Setting(index) => self.screening.program.settings[*index].show(),
            Piece::Fact(fact) => {
                let own: Vec<&Cause> = causes.iter().filter(|cause| cause.fact == *fact).collect();
                self.on_chart(chart, *fact, &own)
            }
        });
        pieces.collect()
    }

    /// A fact in a sentence: its value as given and converted, the members that decided, or the state it is in.
    pub fn in_words(&self, id: FactId, causes: &[&Cause]) -> String {
        self.on_chart(&self.screening.settled.chart, id, causes)
    }

    fn on_chart(&self, chart: &Chart, id: FactId, causes: &[&Cause]) -> String {
        let (fact, value) = (self.fact(id), chart.value(id));
        if let Value::Unknown(unknown) = value {
            let on = self.deciding(id).and_then(|statement| statement.on);
            return state(*unknown, on);
        }
        if let Value::List(list) = value {
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

    /// How old a result is, where that counts: `19 days old, limit 90`.
    fn age(&self, id: FactId) -> Option<String> {
        let (days, limit) = self.days(id)?;
        let age = match days {
            0 => "today".to_owned(),
            1 => "1 day old".to_owned(),
            days => format!("{days} days old"),
        };
        Some(format!("{age}, limit {limit}"))
    }

    /// The age of a result and how old it may be, in days, where that counts.
    fn days(&self, id: FactId) -> Option<(i64, i64)> {
        let limit = self.fact(id).max_age.as_ref()?;
        let on = self.deciding(id)?.on?;
        Some((days_between(on.day, self.screening.settled.chart.as_of), limit.days))
    }

    fn earlier(&self, id: FactId) -> Vec<Earlier> {
        let standing = self.standing(id);
        let positions = standing.clashing.iter().chain(&standing.earlier);
        positions.map(|index| self.statement(id, *index)).collect()
    }

    /// A statement about a fact, by position.
    pub fn statement(&self, id: FactId, index: usize) -> Earlier {
        self.as_earlier(id, &self.statements(id)[index])
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
            (State::Stale, _) => match self.days(cause.fact) {
                Some((days, limit)) => format!("too old: {days} days, limit {limit}"),
                None => state(unknown, None),
            },
            (State::Unrecognised | State::Contradicted | State::Open, _) => state(unknown, None),
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
        if let Some(written) = self.unrecognised(cause) {
            return match self.nearest(cause).as_slice() {
                [] => format!("{own} \"{written}\" is not recognised."),
                near => format!("{own} \"{written}\" is not recognised and may mean {}.", near.join(" or ")),
            };
        }
        match (cause.member.filter(|_| cause.field != Some(0)), self.list(cause.fact)) {
            (Some(member), Some(list)) => format!("{}: {own}", self.words().member(fact, list, member, &[])),
            _ => own.clone(),
        }
    }

    /// The term of a cause that nobody knows.
    pub fn unrecognised(&self, cause: &Cause) -> Option<String> {
        match self.single(cause) {
            Value::Term(Term::Unrecognised(text)) => Some(text.to_string()),
            _ => None,
        }
    }

    /// The terms nearest to one that is not recognised.
    fn nearest(&self, cause: &Cause) -> Vec<String> {
        self.nearest_to(cause.fact, cause.field.unwrap_or(0), self.single(cause))
    }

    /// The field of a member that a cause names, or else the fact.
    fn single(&self, cause: &Cause) -> &'s Value {
        match (self.list(cause.fact), cause.member) {
            (Some(list), Some(member)) => &list.member(member)[cause.field.unwrap_or(0)],
            _ => self.value(cause.fact),
        }
    }

    /// Whether the statements about a fact contradict each other, or what is computed: that is shown as a conflict.
    fn is_clash(&self, id: FactId) -> bool {
        self.fact(id).derived.is_some() || !self.standing(id).clashing.is_empty()
    }

    /// What was said of a missing fact so far, unless the question, its state or a conflict says it.
    pub fn said(&self, cause: &Cause) -> Option<String> {
        let lead = match cause.state? {
            State::Unrecognised | State::Bounded => return None,
            State::Open if self.list(cause.fact).is_some_and(List::is_empty) => return None,
            State::Contradicted if self.is_clash(cause.fact) => return None,
            State::Open => "so far",
            State::Contradicted => "given as",
            _ => "last result",
        };
        let last = self.last(cause)?;
        let parts = std::iter::once(last.value).chain(last.on).chain(last.source);
        Some(format!("{lead} {}", parts.collect::<Vec<_>>().join(", ")))
    }

    /// Nobody reads hints by the hundred, and they take their time.
    pub fn nearest_to(&self, id: FactId, field: usize, value: &Value) -> Vec<String> {
        let few = self.list(id).is_none_or(|list| list.len() <= MOST_HINTED);
        match (value, &self.fact(id).field_domain(field).scalar) {
            _ if !few => Vec::new(),
            (Value::Term(Term::Unrecognised(text)), Scalar::Term(id)) => {
                self.dictionary().vocabulary(*id).nearest(text).into_iter().map(String::from).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What the statements of one time say: `normal and as abnormal, both 2026-11-02`.
    pub fn clash(&self, id: FactId) -> String {
        let standing = self.standing(id);
        let said: Vec<Earlier> =
            standing.deciding.iter().chain(&standing.clashing).map(|index| self.statement(id, *index)).collect();
        let same = said.len() > 1 && said.iter().all(|other| other.on == said[0].on);
        let dated = |earlier: &Earlier| match &earlier.on {
            Some(on) if !same => format!("{} ({on})", earlier.value),
            _ => earlier.value.clone(),
        };
        let words = said.iter().map(dated).collect::<Vec<_>>().join(" and as ");
        match said.first().and_then(|first| first.on.as_ref()).filter(|_| same) {
            Some(on) => format!("{words}, {} {on}", if said.len() == 2 { "both" } else { "all" }),
            None => words,
        }
    }
}
