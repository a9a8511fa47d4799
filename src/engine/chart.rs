//! A patient's chart: for every fact of the dictionary what holds on the as-of date, in a slot the evaluator reads.

use crate::model::calendar::Date;
use crate::model::dictionary::{Dictionary, FactId, Normal};
use crate::model::value::{State, Value};

/// What holds of every fact on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// The day.
    pub as_of: Date,
    /// Whether a derived fact met arithmetic without a result.
    pub faulty: bool,
    slots: Vec<Slot>,
}

/// What holds of one fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// Its value, or why there is none.
    pub value: Value,
    /// The day of the result that decides.
    pub on: Option<Date>,
    /// The normal range that goes with it.
    pub normal: Option<Normal>,
}

impl Chart {
    /// A chart on which nothing is known.
    pub fn empty(dictionary: &Dictionary, as_of: Date) -> Chart {
        let blank = |_| Slot { value: Value::Unknown(State::NotSupplied), on: None, normal: None };
        Chart { as_of, faulty: false, slots: dictionary.facts().map(blank).collect() }
    }

    /// The slot of a fact.
    #[inline]
    pub fn slot(&self, fact: FactId) -> &Slot {
        &self.slots[fact.index()]
    }

    /// The value of a fact.
    #[inline]
    pub fn value(&self, fact: FactId) -> &Value {
        &self.slots[fact.index()].value
    }

    /// Fills the slot of a fact.
    pub fn set(&mut self, fact: FactId, slot: Slot) {
        self.slots[fact.index()] = slot;
    }

    /// Lets a list have further members.
    pub fn reopen(&mut self, fact: FactId) {
        if let Value::List(list) = &mut self.slots[fact.index()].value {
            list.open = true;
        }
    }

    /// Makes a fact unknown, keeping its date.
    pub fn doubt(&mut self, fact: FactId, state: State) {
        self.slots[fact.index()].value = Value::Unknown(state);
    }
}
