//! Charts of any dictionary: complete ones, ones with something taken away, and completions of those.

use std::ops::Bound;
use std::sync::Arc;

use candidacy::engine::chart::{Chart, Slot};
use candidacy::model::calendar::Date;
use candidacy::model::dictionary::{Dictionary, Domain, Fact, FactId, Limit, Normal, Scalar, Shape, VocabularyId};
use candidacy::model::interval::Interval;
use candidacy::model::truth::Truth;
use candidacy::model::value::{List, State, Term, Value};
use candidacy::model::vocabulary::{ConceptId, Vocabulary};
use rust_decimal::Decimal;

use super::source::Source;

const INTEGERS: [i64; 16] = [0, 1, 2, 3, 4, 5, 7, 12, 18, 30, -1, -5, 365, 10_000, i64::MAX, i64::MIN];
const NUMBERS: [&str; 16] = [
    "0",
    "1",
    "2.5",
    "1.8",
    "3",
    "0.1",
    "-1",
    "12.5",
    "8.5",
    "10.50",
    "0.333333333333",
    "-7.25",
    "100",
    "1000000.001",
    "79228162514264337593543950335",
    "-0.0000000000000000000000000001",
];
const DAYS_AGO: [i64; 14] = [0, 1, 29, 30, 31, 89, 90, 91, 365, 366, 6574, 6575, 20_000, -3];
const DAYS: [(i16, i8, i8); 5] = [(2004, 2, 29), (2024, 2, 29), (1961, 4, 2), (2008, 11, 21), (1999, 12, 31)];
const AS_OF: [(i16, i8, i8); 4] = [(2026, 11, 21), (2026, 2, 28), (2026, 3, 1), (2028, 2, 29)];
const STATES: [State; 7] = [
    State::NotSupplied,
    State::Unknown,
    State::NotDone,
    State::Pending,
    State::Stale,
    State::Undated,
    State::Contradicted,
];

/// Fills charts of one dictionary.
#[derive(Clone, Copy)]
pub struct Charts<'d> {
    pub dictionary: &'d Dictionary,
}

impl Charts<'_> {
    /// A chart on which everything is known, dated, and has a normal range.
    pub fn complete(&self, source: &mut Source) -> Chart {
        let (year, month, day) = source.pick(&AS_OF);
        let as_of = Date::constant(year, month, day);
        let mut chart = Chart::empty(self.dictionary, as_of);
        for (id, fact) in self.dictionary.facts() {
            let value = self.fact(fact, as_of, source);
            chart.set(id, Slot { value, on: Some(date(as_of, source)), normal: normal(fact, source) });
        }
        chart
    }

    fn fact(&self, fact: &Fact, as_of: Date, source: &mut Source) -> Value {
        match &fact.shape {
            Shape::One(domain) => self.scalar(domain, as_of, source),
            Shape::Set(_) | Shape::Records(_) => {
                let count = source.below(4);
                let members = (0..count).map(|_| self.member(fact, as_of, source)).collect();
                Value::List(list(fact, members, false))
            }
        }
    }

    fn member(&self, fact: &Fact, as_of: Date, source: &mut Source) -> Vec<Value> {
        (0..width(fact)).map(|field| self.scalar(fact.field_domain(field), as_of, source)).collect()
    }

    fn scalar(&self, domain: &Domain, as_of: Date, source: &mut Source) -> Value {
        match &domain.scalar {
            Scalar::Bool => Value::Bool(source.below(2) == 1),
            Scalar::Integer => {
                let (low, high) = limits(domain);
                let drawn = Decimal::from(source.pick(&INTEGERS));
                let within = drawn.max(low.unwrap_or(drawn)).min(high.unwrap_or(Decimal::MAX));
                Value::Integer(Interval::Exact(i64::try_from(within).expect("whole")))
            }
            Scalar::Number => {
                let (low, high) = limits(domain);
                let drawn = number(source);
                let within = drawn.max(low.unwrap_or(drawn)).min(high.unwrap_or(Decimal::MAX));
                Value::Number(Interval::Exact(within))
            }
            Scalar::Date => Value::Date(Interval::Exact(date(as_of, source))),
            Scalar::Choice(values) => Value::Choice(source.below(values.len()) as u16),
            Scalar::Term(vocabulary) => self.term(*vocabulary, source),
        }
    }

    /// A term that is not too broad for any question, now and then one outside the vocabulary.
    fn term(&self, id: VocabularyId, source: &mut Source) -> Value {
        let vocabulary = self.dictionary.vocabulary(id);
        if source.one_in(8) {
            let text: Arc<str> = source.pick(&["zinc", "brass"]).into();
            return Value::Term(Term::Other(text.clone(), text));
        }
        let precise: Vec<ConceptId> = terms(vocabulary).filter(|id| !vocabulary.is_broad(*id)).collect();
        Value::Term(Term::Known(source.pick(&precise)))
    }

    /// The chart without some of its facts.
    pub fn remove(&self, chart: &Chart, source: &mut Source) -> Chart {
        let mut partial = chart.clone();
        for (id, _) in self.dictionary.facts() {
            if source.one_in(4) {
                partial.set(id, Slot { value: Value::Unknown(State::NotSupplied), on: None, normal: None });
            }
        }
        partial
    }

    /// The chart with less known of some facts: nothing, bounds, open lists, missing fields, terms that are broad or
    /// not recognised, no date, no normal range. The chart stays one of its completions.
    pub fn blur(&self, chart: &Chart, source: &mut Source) -> Chart {
        let mut partial = chart.clone();
        let share = source.pick(&[3, 2, 1, 6]);
        for (id, fact) in self.dictionary.facts() {
            let slot = chart.slot(id).clone();
            let value = if source.one_in(share) { self.blurred(fact, &slot.value, source) } else { slot.value };
            let on = slot.on.filter(|_| !source.one_in(8));
            let normal = slot.normal.filter(|_| !source.one_in(8));
            partial.set(id, Slot { value, on, normal });
        }
        partial
    }

    fn blurred(&self, fact: &Fact, value: &Value, source: &mut Source) -> Value {
        let Value::List(whole) = value else { return self.blurred_scalar(fact.field_domain(0), value, source) };
        if source.one_in(6) {
            return Value::Unknown(source.pick(&STATES));
        }
        let open = source.one_in(2);
        let mut members = Vec::new();
        for fields in whole.members() {
            let mut member = fields.to_vec();
            for (index, field) in member.iter_mut().enumerate() {
                if source.one_in(3) {
                    *field = self.blurred_scalar(fact.field_domain(index), field, source);
                }
            }
            if !(open && source.one_in(2)) {
                members.push(member);
            }
        }
        let count = members.len();
        let blurred = list(fact, members, open);
        if blurred.len() == count { Value::List(blurred) } else { value.clone() }
    }

    fn blurred_scalar(&self, domain: &Domain, value: &Value, source: &mut Source) -> Value {
        match value {
            Value::Integer(value) if source.one_in(2) => {
                Value::Integer(around(value, source, |v, by| v.checked_add(by as i64)))
            }
            Value::Number(value) if source.one_in(2) => {
                Value::Number(around(value, source, |v, by| v.checked_add(Decimal::from(by))))
            }
            Value::Date(value) if source.one_in(2) => {
                Value::Date(around(value, source, |v, by| moved(v, i64::from(by) * 40)))
            }
            Value::Term(Term::Known(id)) if source.one_in(2) => match &domain.scalar {
                Scalar::Term(vocabulary) => Value::Term(Term::Known(self.broader(*vocabulary, *id, source))),
                _ => value.clone(),
            },
            Value::Term(_) if source.one_in(2) => {
                let text: Arc<str> = format!("typo {}", source.below(1000)).into();
                Value::Term(Term::Unrecognised(text))
            }
            _ => Value::Unknown(source.pick(&STATES)),
        }
    }

    /// A term that the given one could be meant by.
    fn broader(&self, id: VocabularyId, term: ConceptId, source: &mut Source) -> ConceptId {
        let vocabulary = self.dictionary.vocabulary(id);
        let concepts = vocabulary.concepts().map(|(id, _)| id);
        let broad: Vec<ConceptId> = concepts.filter(|broad| meant(vocabulary, *broad).contains(&term)).collect();
        if broad.is_empty() { term } else { source.pick(&broad) }
    }

    /// A chart that leaves nothing unknown and keeps everything that is known on `partial`. `whole` is one such.
    pub fn completed(&self, partial: &Chart, whole: &Chart, source: &mut Source) -> Chart {
        let mut chart = partial.clone();
        for (id, fact) in self.dictionary.facts() {
            let (slot, known) = (partial.slot(id), whole.slot(id));
            let value = self.completed_value(fact, &slot.value, &known.value, chart.as_of, source);
            let removed = matches!(slot.value, Value::Unknown(_));
            let on = slot.on.or_else(|| Some(date(chart.as_of, source)));
            let normal = slot.normal.or_else(|| normal(fact, source)).or(known.normal);
            let on = if removed && slot.on.is_none() { known.on } else { on };
            chart.set(id, Slot { value, on, normal });
        }
        chart
    }

    fn completed_value(&self, fact: &Fact, value: &Value, known: &Value, as_of: Date, source: &mut Source) -> Value {
        match value {
            Value::List(partial) => {
                let mut members: Vec<Vec<Value>> = Vec::new();
                for fields in partial.members() {
                    let fields = fields.iter().enumerate();
                    let member = fields.map(|(index, field)| {
                        self.completed_scalar(fact.field_domain(index), field, None, as_of, source)
                    });
                    members.push(member.collect());
                }
                for _ in 0..if partial.open { source.below(3) } else { 0 } {
                    members.push(self.member(fact, as_of, source));
                }
                Value::List(list(fact, members, false))
            }
            Value::Unknown(_) if fact.is_list() => self.fact(fact, as_of, source),
            scalar => self.completed_scalar(fact.field_domain(0), scalar, Some(known), as_of, source),
        }
    }

    fn completed_scalar(
        &self,
        domain: &Domain,
        value: &Value,
        known: Option<&Value>,
        as_of: Date,
        source: &mut Source,
    ) -> Value {
        let drawn = self.scalar(domain, as_of, source);
        match (value, drawn) {
            (Value::Unknown(_) | Value::Term(Term::Unrecognised(_)), drawn) => drawn,
            (Value::Integer(bounds), Value::Integer(drawn)) => {
                Value::Integer(within(bounds, drawn, known, |v| match v {
                    Value::Integer(v) => Some(*v),
                    _ => None,
                }))
            }
            (Value::Number(bounds), Value::Number(drawn)) => Value::Number(within(bounds, drawn, known, |v| match v {
                Value::Number(v) => Some(*v),
                _ => None,
            })),
            (Value::Date(bounds), Value::Date(drawn)) => Value::Date(within(bounds, drawn, known, |v| match v {
                Value::Date(v) => Some(*v),
                _ => None,
            })),
            (Value::Term(Term::Known(id)), _) => match &domain.scalar {
                Scalar::Term(vocabulary) => {
                    let meant = meant(self.dictionary.vocabulary(*vocabulary), *id);
                    Value::Term(Term::Known(if meant.is_empty() { *id } else { source.pick(&meant) }))
                }
                _ => value.clone(),
            },
            (value, _) => value.clone(),
        }
    }

    /// A chart in lines.
    pub fn show(&self, chart: &Chart) -> String {
        let facts = self.dictionary.facts().map(|(id, fact)| format!("  {} {:?}", fact.name, chart.slot(id)));
        format!("as of {}\n{}", chart.as_of, facts.collect::<Vec<_>>().join("\n"))
    }

    /// Where two charts differ, in lines; what they share where a script could have read it.
    pub fn difference(&self, before: &Chart, after: &Chart) -> String {
        let lines = self.dictionary.facts().map(|(id, fact)| match (before.slot(id), after.slot(id)) {
            (a, b) if a == b => format!("  {} {a:?}", fact.name),
            (a, b) => format!("  {} {a:?}\n    -> {b:?}", fact.name),
        });
        format!("as of {}\n{}", before.as_of, lines.collect::<Vec<_>>().join("\n"))
    }

    /// The fact of that name.
    pub fn id(&self, name: &str) -> FactId {
        self.dictionary.find(name).unwrap_or_else(|| panic!("no fact {name}"))
    }
}

/// A list in the shape of a fact.
pub fn list(fact: &Fact, members: Vec<Vec<Value>>, open: bool) -> List {
    let named = members.into_iter().map(|member| member.into_iter().map(|value| (value, None)).collect());
    List::new(named.collect(), width(fact), matches!(fact.shape, Shape::Set(_)), open)
}

fn width(fact: &Fact) -> usize {
    fact.fields().len().max(1)
}

fn limits(domain: &Domain) -> (Option<Decimal>, Option<Decimal>) {
    let number = |limit: &Option<Limit>| match limit {
        Some(Limit::Number(number)) => Some(*number),
        _ => None,
    };
    (number(&domain.min), number(&domain.max))
}

fn number(source: &mut Source) -> Decimal {
    source.pick(&NUMBERS).parse().expect("a decimal")
}

fn normal(fact: &Fact, source: &mut Source) -> Option<Normal> {
    let domain = fact.domain().filter(|domain| domain.scalar == Scalar::Number)?;
    let (low, high) = source.pick(&[("1", "2.5"), ("0.1", "8.5"), ("3", "3")]);
    let range = Normal { low: low.parse().expect("a decimal"), high: high.parse().expect("a decimal") };
    Some(domain.normal.filter(|_| source.below(2) == 0).unwrap_or(range))
}

fn date(as_of: Date, source: &mut Source) -> Date {
    if source.one_in(3) {
        let (year, month, day) = source.pick(&DAYS);
        return Date::constant(year, month, day);
    }
    moved(as_of, -source.pick(&DAYS_AGO)).expect("a day")
}

fn moved(day: Date, days: i64) -> Option<Date> {
    day.checked_add(jiff::Span::new().days(days)).ok()
}

/// Terms, not classes.
fn terms(vocabulary: &Vocabulary) -> impl Iterator<Item = ConceptId> {
    vocabulary.concepts().filter(|(_, concept)| !concept.is_class).map(|(id, _)| id)
}

/// The precise terms that could be meant by a broader term or a class.
fn meant(vocabulary: &Vocabulary, broad: ConceptId) -> Vec<ConceptId> {
    let stands_under = |id: ConceptId, up: ConceptId| vocabulary.ancestors(id).contains(&up);
    terms(vocabulary).filter(|id| *id != broad && !vocabulary.is_broad(*id) && stands_under(*id, broad)).collect()
}

/// Bounds around a value.
fn around<T: Copy + Ord>(value: &Interval<T>, source: &mut Source, moved: impl Fn(T, i32) -> Option<T>) -> Interval<T> {
    let Some(value) = value.exact() else { return *value };
    let mut side = |sign: i32| match source.below(4) {
        0 => Bound::Unbounded,
        1 => Bound::Included(value),
        2 => moved(value, sign).map_or(Bound::Unbounded, Bound::Excluded),
        _ => moved(value, sign * 5).map_or(Bound::Unbounded, Bound::Included),
    };
    let low = side(-1);
    Interval::within(low, side(1))
}

/// A value within bounds: the one drawn if it is, else the one known, else an end.
fn within<T: Copy + Ord>(
    bounds: &Interval<T>,
    drawn: Interval<T>,
    known: Option<&Value>,
    of: impl Fn(&Value) -> Option<Interval<T>>,
) -> Interval<T> {
    let inside = |value: &Interval<T>| {
        let above = match bounds.low() {
            Bound::Unbounded => Truth::True,
            Bound::Included(low) => Interval::Exact(low).at_most(value),
            Bound::Excluded(low) => Interval::Exact(low).less(value),
        };
        let below = match bounds.high() {
            Bound::Unbounded => Truth::True,
            Bound::Included(high) => value.at_most(&Interval::Exact(high)),
            Bound::Excluded(high) => value.less(&Interval::Exact(high)),
        };
        above.and(below) == Truth::True
    };
    let ends = [bounds.low(), bounds.high()].into_iter().filter_map(|end| match end {
        Bound::Included(end) => Some(Interval::Exact(end)),
        _ => None,
    });
    let candidates = std::iter::once(drawn).chain(known.and_then(of)).chain(ends);
    candidates.into_iter().find(|candidate| candidate.exact().is_some() && inside(candidate)).unwrap_or(*bounds)
}
