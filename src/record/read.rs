//! Records read as referrals, by the same reader that reads what people type: a value that the dictionary refuses
//! makes its fact unreadable, and the patient goes on.

use super::compose::{Entry, Line, compose};
use super::found::{Reads, found};
use super::intake::{Intake, Patient};
use super::literal::quoted;
use super::store::Store;
use crate::input::reading::Reader;
use crate::input::toml;
use crate::model::calendar::{Date, Moment};
use crate::model::dictionary::{Dictionary, FactId, Shape};
use crate::model::referral::{Referral, Said, Statement};
use crate::model::value::{List, Member, Value};
use crate::pack::mapping::Mapping;

/// A patient's record, read.
#[derive(Clone, Debug)]
pub struct Record {
    /// The referral.
    pub referral: Referral,
    /// What was found of each fact.
    pub lines: Vec<Line>,
    /// What was made of the resources.
    pub reads: Reads,
    /// The facts whose values the dictionary refuses, with why.
    pub refused: Vec<(FactId, String)>,
}

/// Reads the record of a patient for a day.
pub fn read(
    mapping: &Mapping,
    dictionary: &Dictionary,
    (store, intake): (&Store, &Intake),
    patient: &Patient,
    as_of: Date,
) -> Record {
    let reads = found(mapping, dictionary, (store, intake), patient, as_of);
    let mut lines = compose(mapping, dictionary, &reads, as_of);
    let mut referral = Referral { patient: patient.id.clone(), as_of: Some(as_of), ..Referral::default() };
    let mut refused = Vec::new();
    let reading = Reading { dictionary, as_of };
    if let Some(all) = reading.whole(&lines) {
        all.into_iter().for_each(|said| referral.join(said));
        return Record { referral, lines, reads, refused };
    }
    // Something is refused: what, shows line by line.
    for line in &mut lines {
        let statements = match dictionary.fact(line.fact).is_list() {
            true => reading.list(line, &mut refused),
            false => reading.series(line, &mut refused),
        };
        if !statements.is_empty() {
            referral.join(Said { fact: line.fact, statements, closes: false });
        }
    }
    Record { referral, lines, reads, refused }
}

struct Reading<'d> {
    dictionary: &'d Dictionary,
    as_of: Date,
}

impl Reading<'_> {
    /// What all lines say; none where the dictionary refuses anything.
    fn whole(&self, lines: &[Line]) -> Option<Vec<Said>> {
        let of = |line: &Line| {
            let fact = self.dictionary.fact(line.fact);
            line.value(fact).map(|value| format!("{} = {value}\n", fact.name))
        };
        let text: String = lines.iter().filter_map(of).collect();
        let (node, errors) = toml::parse(&text);
        let mut reader = Reader::new(self.dictionary, self.as_of);
        let said = reader.facts(&node);
        (errors.is_empty() && reader.problems.is_empty()).then_some(said)
    }

    /// What a text says of a fact; `Err` with everything that is wrong with it.
    fn statement(&self, fact: FactId, value: &str) -> Result<Statement, String> {
        let text = format!("{} = {value}\n", self.dictionary.fact(fact).name);
        let (node, errors) = toml::parse(&text);
        let mut reader = Reader::new(self.dictionary, self.as_of);
        let mut said = reader.facts(&node);
        let problems = reader.problems.iter().map(|located| located.problem.message());
        let wrong: Vec<String> = errors.iter().map(|error| error.message.clone()).chain(problems).collect();
        let statement = said.pop().and_then(|mut said| said.statements.pop());
        match (statement, wrong.is_empty()) {
            (Some(statement), true) => Ok(statement),
            _ => Err(wrong.join("; ")),
        }
    }

    fn series(&self, line: &mut Line, refused: &mut Vec<(FactId, String)>) -> Vec<Statement> {
        let fact = line.fact;
        let mut read = |entry: &mut Entry| {
            let first = self.statement(fact, &entry.table());
            first.or_else(|why| {
                refused.push((fact, format!("{}: {why}", entry.source())));
                entry.parts = vec![("status".to_owned(), quoted("unreadable"))];
                entry.unreadable = Some(why);
                self.statement(fact, &entry.table())
            })
        };
        line.entries.iter_mut().filter_map(|entry| read(entry).ok()).collect()
    }

    /// A list from a record is open: what it does not name is unknown.
    fn list(&self, line: &mut Line, refused: &mut Vec<(FactId, String)>) -> Vec<Statement> {
        let fact = line.fact;
        let member = |entry: &Entry| -> Result<Member, String> {
            match self.statement(fact, &format!("{{ value = [{}], complete = false }}", entry.table()))?.value {
                Value::List(list) if list.len() == 1 => Ok(list.whole(0)),
                _ => Err("it is no member of a list".to_owned()),
            }
        };
        let mut members = Vec::new();
        line.entries.retain_mut(|entry| {
            let read = member(entry).or_else(|why| {
                refused.push((fact, format!("{}: {why}", entry.source())));
                // Its first field says what it is; the others are then unknown.
                entry.parts.truncate(1);
                entry.unreadable = Some(why);
                member(entry)
            });
            members.extend(read.as_ref().ok().cloned());
            read.is_ok()
        });
        if let Some(none) = line.none.as_ref().filter(|_| members.is_empty()) {
            let on = none.on.as_ref().map(|on| format!(", on = {on}")).unwrap_or_default();
            let text = format!("{{ value = []{on}, source = {} }}", quoted(&none.source()));
            return self.statement(fact, &text).into_iter().collect();
        }
        if members.is_empty() {
            return Vec::new();
        }
        let fact = self.dictionary.fact(fact);
        let list = List::new(members, fact.fields().len().max(1), matches!(fact.shape, Shape::Set(_)), true);
        let on = line.on.as_deref().and_then(Moment::parse);
        vec![Statement { on, ..Statement::of(Value::List(list)) }]
    }
}
