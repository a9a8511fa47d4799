//! The desk that a script works at: the chart it reads, and notes of what it touched that is not wholly known.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rhai::{Array, Dynamic, EvalAltResult, Position, Scope};

use super::switched::Switched;
use super::value::{At, Failure, Named, Record, Try, describe, fault};
use super::words::{MAX_STEPS, too_many_steps};
use crate::engine::cause::Cause;
use crate::engine::chart::Chart;
use crate::engine::eval::same_term;
use crate::model::calendar::Date;
use crate::model::dictionary::{Dictionary, FactId, Scalar};
use crate::model::truth::Truth;
use crate::model::value::{List, State, Term, Value};
use crate::pack::program::Program;
use crate::pack::setting::{Setting, SettingValue};

/// What the callbacks of one engine read and note.
pub struct Desk {
    dictionary: Dictionary,
    settings: Vec<Setting>,
    steps: AtomicUsize,
    now: Mutex<Now>,
}

/// The run that is under way.
#[derive(Default)]
struct Now {
    chart: Option<Arc<Chart>>,
    switched: Arc<Switched>,
    order: usize,
    noted: Noted,
}

/// What is noted of a run.
#[derive(Default)]
pub struct Noted {
    /// What was touched that is not wholly known.
    pub touched: Vec<Cause>,
    /// What makes the run a fault even if the script caught it.
    pub broken: Option<String>,
    /// Lists whose members may yet change places.
    pub shuffled: Shuffled,
}

/// Lists whose members a fact still to come could put in another order.
#[derive(Default)]
pub struct Shuffled {
    /// How many members the longest has.
    pub longest: usize,
    /// What is still to come.
    pub causes: Vec<Cause>,
}

impl Desk {
    /// A desk for the scripts of a program.
    pub fn new(program: &Program) -> Desk {
        let (dictionary, settings) = (program.dictionary.clone(), program.settings.clone());
        Desk { dictionary, settings, steps: AtomicUsize::new(0), now: Mutex::default() }
    }

    /// Lays out a chart; the members of lists in their own order (0), backwards (1), or turned round so often less one.
    pub fn lay(&self, chart: Arc<Chart>, switched: Arc<Switched>, order: usize) {
        *lock(&self.now) = Now { chart: Some(chart), switched, order, noted: Noted::default() };
        self.steps.store(0, Ordering::Relaxed);
    }

    /// Clears the desk and gives what was noted.
    pub fn clear(&self) -> Noted {
        let mut noted = std::mem::take(&mut *lock(&self.now)).noted;
        if self.steps.load(Ordering::Relaxed) > MAX_STEPS {
            noted.broken.get_or_insert_with(too_many_steps);
        }
        noted
    }

    /// Counts a step; something once the script has to end.
    pub fn step(&self) -> Option<Dynamic> {
        let steps = self.steps.fetch_add(1, Ordering::Relaxed);
        (steps >= MAX_STEPS).then_some(Dynamic::UNIT)
    }

    /// The chart that the script runs on.
    pub fn chart(&self) -> Try<Arc<Chart>> {
        lock(&self.now).chart.clone().ok_or_else(|| fault("there is no chart"))
    }

    /// Notes what is not wholly known, and ends the script.
    fn touch(&self, at: At, state: State) -> Failure {
        lock(&self.now).noted.touched.push(at.cause(state));
        self.end()
    }

    /// Notes a mistake that no script can catch, and ends the script.
    fn broken(&self, why: String) -> Failure {
        lock(&self.now).noted.broken.get_or_insert(why);
        self.end()
    }

    fn end(&self) -> Failure {
        self.steps.fetch_add(MAX_STEPS, Ordering::Relaxed);
        EvalAltResult::ErrorTerminated(Dynamic::UNIT, Position::NONE).into()
    }

    /// What a name stands for, unless it is a local.
    pub fn variable(&self, name: &str, scope: &Scope) -> Try<Option<Dynamic>> {
        if let Some(fact) = self.dictionary.find(name) {
            let value = self.read(self.chart()?.value(fact), At::fact(fact))?;
            return self.switchable(name, value).map(Some);
        }
        if name == "as_of" {
            return Ok(Some(Dynamic::from(self.chart()?.as_of)));
        }
        if let Some(setting) = self.settings.iter().find(|setting| setting.name == name) {
            return Ok(Some(match setting.value {
                SettingValue::Bool(value) => value.into(),
                SettingValue::Integer(value) => value.into(),
                SettingValue::Number(value) => value.into(),
            }));
        }
        if let Some(local) = scope.get(name) {
            let _ = self.switchable(name, local.flatten_clone())?;
        }
        Ok(None)
    }

    /// A value as scripts see it.
    fn read(&self, value: &Value, at: At) -> Try<Dynamic> {
        let bounded = || self.touch(at, State::Bounded);
        match value {
            Value::Unknown(state) => Err(self.touch(at, *state)),
            Value::Bool(value) => Ok((*value).into()),
            Value::Choice(choice) => match self.scalar(at) {
                Scalar::Choice(values) => Ok(values[usize::from(*choice)].clone().into()),
                other => Err(fault(&format!("a choice where a {} belongs", other.word()))),
            },
            Value::Term(Term::Unrecognised(_)) => Err(self.touch(at, State::Unrecognised)),
            Value::Term(term) => match self.scalar(at) {
                Scalar::Term(vocabulary) => {
                    Ok(Dynamic::from(Named { term: term.clone(), vocabulary: *vocabulary, at }))
                }
                other => Err(fault(&format!("a term where a {} belongs", other.word()))),
            },
            Value::Integer(value) => value.exact().map(Dynamic::from).ok_or_else(bounded),
            Value::Number(value) => value.exact().map(Dynamic::from).ok_or_else(bounded),
            Value::Date(value) => value.exact().map(Dynamic::from).ok_or_else(bounded),
            Value::List(list) => self.list(list, at.fact),
        }
    }

    fn scalar(&self, at: At) -> &Scalar {
        &self.dictionary.fact(at.fact).field_domain(at.field.unwrap_or(0)).scalar
    }

    fn list(&self, list: &List, fact: FactId) -> Try<Dynamic> {
        if list.open {
            return Err(self.touch(At::fact(fact), State::Open));
        }
        let records = !self.dictionary.fact(fact).fields().is_empty();
        self.note_order(list, fact, records)?;
        let mut members = Array::with_capacity(list.len());
        for (index, fields) in list.members().enumerate() {
            members.push(if records {
                Dynamic::from(Record { list: fact, member: index })
            } else {
                self.read(&fields[0], At { fact, member: Some(index), field: Some(0) })?
            });
        }
        let order = lock(&self.now).order;
        if order == 1 {
            members.reverse();
        } else if order > 1 && !members.is_empty() {
            let by = (order - 1) % members.len();
            members.rotate_left(by);
        }
        Ok(members.into())
    }

    /// Notes a list whose members may yet change places, and touches a set two of whose terms may be one.
    fn note_order(&self, list: &List, fact: FactId, records: bool) -> Try<()> {
        let mut loose = Vec::new();
        for (index, fields) in list.members().enumerate() {
            for (field, value) in fields.iter().enumerate() {
                let at = At { fact, member: Some(index), field: Some(field) };
                let broad = self.is_broad(value, at);
                if broad && !records && self.has_twin(list, index, at) {
                    return Err(self.touch(at, State::Bounded));
                }
                loose.extend(value.state().or(broad.then_some(State::Bounded)).map(|state| at.cause(state)));
            }
        }
        if list.len() > 1 && !loose.is_empty() {
            let shuffled = &mut lock(&self.now).noted.shuffled;
            shuffled.longest = shuffled.longest.max(list.len());
            shuffled.causes.extend(loose);
        }
        Ok(())
    }

    /// Whether a term of a set may be the same as another one there.
    fn has_twin(&self, list: &List, member: usize, at: At) -> bool {
        let Scalar::Term(vocabulary) = self.scalar(at) else { return false };
        let vocabulary = self.dictionary.vocabulary(*vocabulary);
        let same = |other: usize| same_term(vocabulary, &list.member(member)[0], &list.member(other)[0]);
        (0..list.len()).any(|other| other != member && same(other) == Truth::Unknown)
    }

    /// Whether a value is a term that may yet turn out to be another, narrower one.
    fn is_broad(&self, value: &Value, at: At) -> bool {
        match (value, self.scalar(at)) {
            (Value::Term(Term::Known(id)), Scalar::Term(vocabulary)) => {
                self.dictionary.vocabulary(*vocabulary).is_broad(*id)
            }
            _ => false,
        }
    }

    /// A field of a record.
    pub fn field(&self, record: Record, name: &str) -> Try<Dynamic> {
        let (chart, fact) = (self.chart()?, self.dictionary.fact(record.list));
        let Some(field) = fact.fields().iter().position(|field| field.name == name) else {
            return Err(fault(&format!("there is no field `{}.{name}`", fact.name)));
        };
        let at = At { fact: record.list, member: Some(record.member), field: Some(field) };
        match chart.value(record.list) {
            Value::List(list) => self.switchable(name, self.read(&list.member(record.member)[field], at)?),
            _ => Err(fault("the list is gone")),
        }
    }

    /// Lets a value through unless a `switch` on it would silently take its last branch.
    fn switchable(&self, name: &str, value: Dynamic) -> Try<Dynamic> {
        let foreign = value.is::<Named>() || value.is::<Date>() || value.is::<Record>() || value.is_array();
        if foreign && lock(&self.now).switched.contains(name) {
            return Err(self.broken(format!("`switch` does not take {} such as `{name}`; use `if`", describe(&value))));
        }
        Ok(value)
    }

    /// Whether a term is, or belongs to, what a name stands for.
    pub fn tested(&self, named: &Named, name: &str, belongs: bool) -> Try<bool> {
        let vocabulary = self.dictionary.vocabulary(named.vocabulary);
        let Some(concept) = vocabulary.find(name) else {
            return Err(fault(&format!("there is no term or class `{name}` in `{}`", vocabulary.name)));
        };
        if !belongs && vocabulary.has_narrower(concept) {
            return Err(fault(&format!("`{name}` stands for several terms: write is_a(\"{name}\")")));
        }
        let truth = match &named.term {
            Term::Known(id) if belongs => vocabulary.members(concept).get(id.0 as usize),
            Term::Known(id) => vocabulary.same(concept).get(id.0 as usize),
            Term::Other(..) => Truth::False,
            Term::Unrecognised(_) => Truth::Unknown,
        };
        self.known(truth, &[named])
    }

    /// Whether two terms are one concept.
    pub fn same(&self, a: &Named, b: &Named) -> Try<bool> {
        if a.vocabulary != b.vocabulary {
            return Err(fault("terms of two vocabularies do not compare"));
        }
        let vocabulary = self.dictionary.vocabulary(a.vocabulary);
        let truth = same_term(vocabulary, &Value::Term(a.term.clone()), &Value::Term(b.term.clone()));
        self.known(truth, &[a, b])
    }

    /// A truth that terms too broad to tell may leave open.
    fn known(&self, truth: Truth, of: &[&Named]) -> Try<bool> {
        if truth.is_known() {
            return Ok(truth == Truth::True);
        }
        let broad: Vec<At> =
            of.iter().filter(|n| self.is_broad(&Value::Term(n.term.clone()), n.at)).map(|n| n.at).collect();
        let open = if broad.is_empty() { of.iter().map(|named| named.at).collect() } else { broad };
        lock(&self.now).noted.touched.extend(open.into_iter().map(|at| at.cause(State::Bounded)));
        Err(self.end())
    }

    /// A term's name, which a narrower term would change.
    pub fn name(&self, named: &Named) -> Try<String> {
        match &named.term {
            Term::Known(id) => {
                if self.is_broad(&Value::Term(named.term.clone()), named.at) {
                    return Err(self.touch(named.at, State::Bounded));
                }
                Ok(self.dictionary.vocabulary(named.vocabulary).concept(*id).name.clone())
            }
            Term::Other(_, text) | Term::Unrecognised(text) => Ok(text.to_string()),
        }
    }

    /// `date_of`, `is_low` and `is_high`.
    pub fn of_fact(&self, function: &str, name: &str) -> Try<Dynamic> {
        let Some(fact) = self.dictionary.find(name) else {
            return Err(fault(&format!("`{function}` takes a fact, and `{name}` is none")));
        };
        let (chart, at) = (self.chart()?, At::fact(fact));
        let slot = chart.slot(fact);
        if let Value::Unknown(state) = slot.value {
            return Err(self.touch(at, state));
        }
        if function == "date_of" {
            return slot.on.map(Dynamic::from).ok_or_else(|| self.touch(at, State::Undated));
        }
        let Value::Number(number) = &slot.value else {
            return Err(fault(&format!("`{function}` takes a number, and `{name}` is none")));
        };
        let (Some(number), Some(normal)) = (number.exact(), slot.normal) else {
            return Err(self.touch(at, State::Bounded));
        };
        Ok((if function == "is_low" { number < normal.low } else { number > normal.high }).into())
    }
}

/// The lock, whether or not a holder panicked: what it guards is set anew for each run.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
