//! The numbers and days that scripts hold values against, and the values that tell everything between them apart.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::given::{Given, OTHER};
use super::walk::{self, Part};
use crate::model::calendar::Date;
use crate::model::dictionary::{Dictionary, Domain, Limit, Scalar};
use crate::model::interval::Interval;
use crate::pack::ir::{Cond, Place};
use crate::pack::program::Program;

/// More thresholds than this are not told apart by pairs.
const MOST: usize = 80;

/// What scripts hold values of a fact, or of a field of its members, against.
pub type Key = (String, Option<u16>);

/// The numbers that are written beside each, of both packs.
#[derive(Clone, Debug, Default)]
pub struct Thresholds {
    numbers: BTreeMap<Key, BTreeSet<Decimal>>,
    /// Those that are held against the day of a result.
    dates: BTreeMap<String, BTreeSet<Decimal>>,
    /// The facts whose normal range is read.
    pub ranges: BTreeSet<String>,
}

impl Thresholds {
    /// Adds what the conditions of a pack hold values against.
    pub fn add<'c>(&mut self, program: &Program, conds: impl Iterator<Item = &'c Cond>) {
        for cond in conds {
            walk::each(cond, &mut |part| {
                if let Part::Cond(own) = part {
                    self.compared(program, own);
                }
            });
        }
        // What is computed from one fact is held against numbers in its place, the last computed first.
        for derived in program.derived.iter().rev() {
            let own = self.numbers.get(&(program.dictionary.fact(derived.fact).name.clone(), None)).cloned();
            let (mut bases, mut dated) = (BTreeSet::new(), BTreeSet::new());
            let mut met = |part: Part| match part {
                Part::Place(Place::Fact(base)) => _ = bases.insert(program.dictionary.fact(base).name.clone()),
                Part::DateOf(base) => _ = dated.insert(program.dictionary.fact(base).name.clone()),
                _ => {}
            };
            walk::formula(&derived.formula, &mut met);
            for base in bases {
                self.numbers.entry((base, None)).or_default().extend(own.iter().flatten());
            }
            for base in dated {
                self.dates.entry(base).or_default().extend(own.iter().flatten());
            }
        }
    }

    /// The numbers that stand in a comparison belong to everything that it reads.
    fn compared(&mut self, program: &Program, cond: &Cond) {
        if !matches!(cond, Cond::CompareInt(..) | Cond::CompareNumber(..) | Cond::CompareDay(..) | Cond::Outside(..)) {
            return;
        }
        let name = |fact| program.dictionary.fact(fact).name.clone();
        let (mut places, mut dates, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
        walk::each(cond, &mut |part| match part {
            Part::Place(Place::Fact(fact)) => places.push((name(fact), None)),
            Part::Place(Place::Field { list, field, .. }) => places.push((name(list), Some(field))),
            Part::DateOf(fact) => dates.push(name(fact)),
            Part::Range(fact) => drop(self.ranges.insert(name(fact))),
            Part::Integer(value) => numbers.push(Decimal::from(value)),
            Part::Decimal(value) => numbers.push(value),
            _ => {}
        });
        places.into_iter().for_each(|key| self.numbers.entry(key).or_default().extend(&numbers));
        dates.into_iter().for_each(|fact| self.dates.entry(fact).or_default().extend(&numbers));
    }

    /// The days that results of a fact may be of, so that their age tells apart what it can: of results that may be
    /// `limits` days old, too.
    pub fn days(&self, fact: &str, limits: &[i64], as_of: Date) -> Vec<Date> {
        let own = self.dates.get(fact).into_iter().flatten().filter_map(Decimal::to_i64);
        let all = own.chain(limits.iter().copied());
        // A day may be held against today without a number.
        let ages: BTreeSet<i64> = all.flat_map(|age| [age - 1, age, age + 1]).chain([1]).collect();
        let days = ages.into_iter().filter(|age| *age >= 0).filter_map(|age| before(as_of, age));
        days.chain([as_of]).collect::<BTreeSet<_>>().into_iter().rev().collect()
    }

    /// Whether the day of a fact's result is read.
    pub fn reads_day(&self, fact: &str) -> bool {
        self.dates.contains_key(fact)
    }

    /// Whether a fact is held against numbers.
    pub fn compares(&self, fact: &str) -> bool {
        self.numbers.get(&(fact.to_owned(), None)).is_some_and(|numbers| !numbers.is_empty())
    }

    /// The values of a domain that tell apart all that scripts can, plain ones first. What a dictionary refuses is left
    /// to it.
    pub fn values(&self, key: &Key, domain: &Domain, dictionary: &Dictionary, as_of: Date) -> Vec<Given> {
        let mut numbers = self.numbers.get(key).cloned().unwrap_or_default();
        // What is held against nothing still has a value, and a day.
        if numbers.is_empty() && domain.scalar != Scalar::Date && domain.min.is_none() && domain.max.is_none() {
            numbers.insert(Decimal::ONE);
        }
        match &domain.scalar {
            Scalar::Bool => vec![Given::Bool(false), Given::Bool(true)],
            Scalar::Choice(values) => values.iter().cloned().map(Given::Name).collect(),
            Scalar::Term(id) => {
                let vocabulary = dictionary.vocabulary(*id);
                // People say what it is rather than what kind of thing it is.
                let (broad, narrow): (Vec<_>, Vec<_>) =
                    vocabulary.concepts().partition(|(concept, _)| vocabulary.has_narrower(*concept));
                let concepts = narrow.into_iter().chain(broad);
                let names = concepts.flat_map(|(_, concept)| std::iter::once(&concept.name).chain(&concept.also));
                let none = [format!("{OTHER}something else"), "something unheard of".to_owned()];
                names.cloned().chain(none).map(Given::Name).collect()
            }
            Scalar::Integer => {
                let numbers = numbers.iter().flat_map(|number| [number.floor(), number.ceil()]);
                let points: BTreeSet<i64> = numbers.filter_map(|number| number.to_i64()).collect();
                let (min, max) = limits(domain, |limit| if let Limit::Number(n) = limit { n.to_i64() } else { None });
                let cells =
                    cells(&points, min, max, |a| Some(a - 1), |a| Some(a + 1), |a, b| (b - a > 1).then_some(a + 1));
                ranges(&cells).into_iter().map(Given::Integer).collect()
            }
            Scalar::Number => {
                let mut points = numbers;
                points.extend(domain.normal.iter().flat_map(|normal| [normal.low, normal.high]));
                let (min, max) = limits(domain, |limit| if let Limit::Number(n) = limit { Some(*n) } else { None });
                let one = Decimal::ONE;
                // Where it is held against nothing but a range of its own, any number will do.
                let nowhere = points.is_empty() && self.ranges.contains(&key.0);
                points.extend(Some(one).filter(|_| nowhere));
                let cells = cells(&points, min, max, |a| Some(a - one), |a| Some(a + one), |a, b| Some(between(a, b)));
                ranges(&cells).into_iter().map(Given::Number).collect()
            }
            Scalar::Date => {
                let points = dates(&numbers, as_of);
                let (min, max) = limits(domain, |limit| match limit {
                    Limit::Date(day) => Some(*day),
                    Limit::AsOf => Some(as_of),
                    Limit::Number(_) => None,
                });
                let next = |day: Date| day.tomorrow().ok();
                let cells =
                    cells(&points, min, max, |day| day.yesterday().ok(), next, |a, b| next(a).filter(|day| *day < b));
                ranges(&cells).into_iter().map(Given::Date).collect()
            }
        }
    }
}

/// The day some days before another.
fn before(day: Date, days: i64) -> Option<Date> {
    day.checked_sub(jiff::Span::new().try_days(days).ok()?).ok()
}

/// The days around which ages of so many days or years change.
fn dates(ages: &BTreeSet<Decimal>, as_of: Date) -> BTreeSet<Date> {
    let mut days = BTreeSet::from([as_of]);
    // What lies ahead has a negative age.
    for age in ages.iter().filter_map(Decimal::to_i64).flat_map(|age| [age, -age]) {
        for age in [age - 1, age, age + 1] {
            days.extend(before(as_of, age));
            let years = jiff::Span::new().try_years(age).ok().and_then(|years| as_of.checked_sub(years).ok());
            days.extend(
                years.into_iter().flat_map(|day| [day.yesterday().ok(), Some(day), day.tomorrow().ok()]).flatten(),
            );
        }
    }
    days
}

fn limits<T>(domain: &Domain, read: impl Fn(&Limit) -> Option<T>) -> (Option<T>, Option<T>) {
    (domain.min.as_ref().and_then(&read), domain.max.as_ref().and_then(&read))
}

/// A number between two, with as few digits as it takes: twice the lower where there is room, for the upper may be far.
fn between(a: Decimal, b: Decimal) -> Decimal {
    if a > Decimal::ZERO && a + a < b {
        return a + a;
    }
    let middle = (a + b) / Decimal::TWO;
    (0..=middle.scale()).map(|digits| middle.round_dp(digits)).find(|m| a < *m && *m < b).unwrap_or(middle)
}

/// A cell of an ordered domain: a value in it, and its ends.
#[derive(Clone, Copy, Debug)]
struct Cell<T> {
    value: T,
    low: Bound<T>,
    high: Bound<T>,
}

/// The points themselves, and what lies between them, before and after them, within the limits.
fn cells<T: Copy + Ord>(
    points: &BTreeSet<T>,
    min: Option<T>,
    max: Option<T>,
    before: impl Fn(T) -> Option<T>,
    after: impl Fn(T) -> Option<T>,
    between: impl Fn(T, T) -> Option<T>,
) -> Vec<Cell<T>> {
    let inside = |value: &T| min.is_none_or(|min| min <= *value) && max.is_none_or(|max| *value <= max);
    let mut points: BTreeSet<T> = points.iter().copied().filter(inside).collect();
    points.extend(min.into_iter().chain(max));
    let Some((first, last)) = points.first().copied().zip(points.last().copied()) else { return Vec::new() };
    let mut cells = Vec::new();
    if min.is_none() {
        cells.extend(before(first).map(|value| Cell { value, low: Bound::Unbounded, high: Bound::Excluded(first) }));
    }
    let mut previous: Option<T> = None;
    for point in points {
        if let Some(gap) = previous.and_then(|previous| between(previous, point)) {
            let low = previous.map_or(Bound::Unbounded, Bound::Excluded);
            cells.push(Cell { value: gap, low, high: Bound::Excluded(point) });
        }
        cells.push(Cell { value: point, low: Bound::Included(point), high: Bound::Included(point) });
        previous = Some(point);
    }
    if max.is_none() {
        cells.extend(after(last).map(|value| Cell { value, low: Bound::Excluded(last), high: Bound::Unbounded }));
    }
    cells
}

/// A value of each cell, and all that can be known of a value: that it lies between two cells.
fn ranges<T: Copy + Ord>(cells: &[Cell<T>]) -> Vec<Interval<T>> {
    let exact = cells.iter().map(|cell| Interval::Exact(cell.value));
    let longest = if cells.len() > MOST { 2 } else { cells.len() };
    let pairs = (0..cells.len()).flat_map(|from| (from + 1..cells.len()).map(move |to| (from, to)));
    let pairs = pairs.filter(|(from, to)| to - from < longest || *from == 0 || *to + 1 == cells.len());
    let wide = pairs.map(|(from, to)| Interval::within(cells[from].low, cells[to].high));
    exact.chain(wide.filter(|interval| *interval != Interval::UNKNOWN)).collect()
}
