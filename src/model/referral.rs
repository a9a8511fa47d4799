//! A referral: what was said of one patient, every statement with its date and source, as read and before any
//! judgement of which of them holds.

use super::calendar::{Date, Moment};
use super::dictionary::{FactId, Normal};
use super::value::Value;

/// One statement about a fact: a value, or the state it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The value or `Value::Unknown` with a state.
    pub value: Value,
    /// When the result was obtained.
    pub on: Option<Moment>,
    /// Who says so.
    pub source: Option<String>,
    /// The laboratory's own normal range, in the dictionary's unit.
    pub normal: Option<Normal>,
    /// The value and unit as typed, where that differs from the dictionary's unit.
    pub typed: Option<String>,
    /// Whether it stands in the place of what others say, whatever their dates.
    pub corrects: bool,
}

impl Statement {
    /// A bare value.
    pub fn of(value: Value) -> Statement {
        Statement { value, on: None, source: None, normal: None, typed: None, corrects: false }
    }
}

/// All that a referral says of one fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The fact.
    pub fact: FactId,
    /// Every statement; several are a series.
    pub statements: Vec<Statement>,
    /// Whether a list given elsewhere is declared complete.
    pub closes: bool,
}

/// The facts of one patient, an id, and an as-of date.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Referral {
    /// Who it is about.
    pub patient: String,
    /// The date it is screened for, unless the command says another.
    pub as_of: Option<Date>,
    /// Free text, carried and shown; no rule reads it.
    pub remarks: Option<String>,
    /// What is said, one entry a fact, in dictionary order.
    pub facts: Vec<Said>,
}

impl Referral {
    /// What is said of a fact.
    pub fn said(&self, fact: FactId) -> Option<&Said> {
        self.facts.binary_search_by_key(&fact, |said| said.fact).ok().map(|index| &self.facts[index])
    }

    /// Adds what else is said of a fact: statements join, and a closing word closes the list on record.
    pub fn join(&mut self, said: Said) {
        match self.facts.binary_search_by_key(&said.fact, |own| own.fact) {
            Err(place) => self.facts.insert(place, said),
            Ok(place) => {
                let own = &mut self.facts[place];
                own.statements.extend(said.statements);
                own.closes |= said.closes;
            }
        }
    }

    /// Puts what is said of a fact in the place of what was said before; a bare closing word only closes.
    pub fn replace(&mut self, said: Said) {
        match self.facts.binary_search_by_key(&said.fact, |own| own.fact) {
            Ok(place) if said.statements.is_empty() => self.facts[place].closes |= said.closes,
            Ok(place) => self.facts[place] = said,
            Err(place) => self.facts.insert(place, said),
        }
    }

    /// Leaves a fact out.
    pub fn remove(&mut self, fact: FactId) {
        self.facts.retain(|said| said.fact != fact);
    }
}
