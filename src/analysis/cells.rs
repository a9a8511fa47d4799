//! The cells of facts that are no lists: values that no script of the packs tells apart are one, and unknown is one of
//! them. What a script makes of a cell is asked of the evaluator itself.

use std::collections::{HashMap, HashSet};
use std::ops::Bound;

use super::given::{Candidate, Given};
use super::threshold::Thresholds;
use crate::engine::chart::Chart;
use crate::engine::eval::Eval;
use crate::engine::settle::doubting;
use crate::model::calendar::{Date, Moment};
use crate::model::dictionary::{Dictionary, Domain, FactId, Limit, Normal};
use crate::model::interval::Interval;
use crate::model::referral::{Referral, Said, Statement};
use crate::model::truth::Truth;
use crate::model::value::Value;
use crate::pack::ir::Cond;
use crate::pack::program::Program;
use rust_decimal::Decimal;

/// Facts that belong together, since one is computed from the other, and their cells.
#[derive(Debug, Default)]
pub struct Cells {
    /// The facts, by name.
    pub facts: Vec<String>,
    /// What is given of each fact in each cell; nothing of any comes first.
    pub cells: Vec<Vec<Candidate>>,
    /// What each condition comes to in each cell, by pack and place in it, for each set of facts that are in doubt: bits
    /// by position. Sets that no conflict of the pack brings about are not there.
    pub truths: HashMap<(usize, usize, u8), Vec<Truth>>,
    /// What else was looked at and is no cell of its own, with the cell that no script tells it from.
    pub alike: Vec<(usize, Vec<Candidate>)>,
    /// Whether all that can be said of the facts together was looked at.
    pub complete: bool,
}

/// A condition of a pack, by position.
pub type Leaf<'p> = (usize, &'p Cond);

/// Where a condition stands in memory, which tells it from all others.
pub fn address(cond: &Cond) -> usize {
    std::ptr::from_ref(cond) as usize
}

/// More combinations than these are not looked at.
const MOST: usize = 6_000;

/// In so many forms a fact is kept that a condition out of reach looks at.
const VARIED: usize = 8;

/// What conditions come to in a cell, and a number that keeps cells apart, with the cell.
type Rows = HashMap<(Vec<Truth>, usize), usize>;

impl Cells {
    /// The cells of some facts by the conditions that read them.
    pub fn new(
        programs: &[&Program],
        thresholds: &Thresholds,
        facts: Vec<String>,
        leaves: &[Leaf],
        varied: bool,
        as_of: Date,
    ) -> Cells {
        let of_fact = |fact: &String| candidates(programs, thresholds, fact, as_of);
        let alone: Vec<Vec<Candidate>> = facts.iter().map(of_fact).collect();
        let absent = vec![Candidate::ABSENT; facts.len()];
        let mut own = Cells { facts, complete: true, ..Cells::default() };
        let mut rows: Rows = HashMap::new();
        let leaves = &doubted(programs, &own.facts, leaves);
        let mut columns: Vec<Vec<Truth>> = vec![Vec::new(); leaves.len()];
        let mut kept: Vec<Vec<Candidate>> = vec![Vec::new(); own.facts.len()];
        own.add(programs, leaves, (absent.clone(), 0), as_of, (&mut rows, &mut columns));
        for (index, candidates) in alone.into_iter().enumerate() {
            for (nth, candidate) in candidates.into_iter().enumerate() {
                let mut cell = absent.clone();
                cell[index] = candidate.clone();
                // What some condition out of reach looks at is kept in several forms: nobody knows what it tells apart.
                let kept_apart = if varied && nth < VARIED { nth + 1 } else { 0 };
                if own.add(programs, leaves, (cell, kept_apart), as_of, (&mut rows, &mut columns)) {
                    kept[index].push(candidate);
                }
            }
        }
        // What several say together can come to something else than what each says alone.
        let width = own.facts.len();
        for first in 0..width {
            for second in first + 1..width {
                own.complete &= kept[first].len() * kept[second].len() <= MOST;
                if !own.complete {
                    break;
                }
                for (a, b) in kept[first].iter().flat_map(|a| kept[second].iter().map(move |b| (a, b))) {
                    let mut cell = absent.clone();
                    (cell[first], cell[second]) = (a.clone(), b.clone());
                    own.add(programs, leaves, (cell, 0), as_of, (&mut rows, &mut columns));
                }
            }
        }
        own.complete &= width < 3 || own.all_together(programs, leaves, &kept, as_of, (&mut rows, &mut columns));
        let key = |(pack, leaf, doubts): &Asked| (*pack, address(leaf), *doubts);
        own.truths = leaves.iter().zip(columns).map(|(asked, column)| (key(asked), column)).collect();
        own
    }

    /// Adds what three or more say together; whether that was not too much to look at.
    fn all_together(
        &mut self,
        programs: &[&Program],
        leaves: &[Asked],
        kept: &[Vec<Candidate>],
        as_of: Date,
        (rows, columns): (&mut Rows, &mut [Vec<Truth>]),
    ) -> bool {
        let choices: Vec<usize> = kept.iter().map(|own| own.len() + 1).collect();
        let all = choices.iter().try_fold(1_usize, |all, own| all.checked_mul(*own)).filter(|all| *all <= MOST);
        for number in 0..all.unwrap_or(0) {
            let mut rest = number;
            let cell: Vec<Candidate> = kept
                .iter()
                .zip(&choices)
                .map(|(own, choices)| {
                    let chosen = rest % choices;
                    rest /= choices;
                    chosen.checked_sub(1).map_or(Candidate::ABSENT, |index| own[index].clone())
                })
                .collect();
            self.add(programs, leaves, (cell, 0), as_of, (rows, columns));
        }
        all.is_some()
    }

    /// Adds a cell, if no other comes to the same everywhere. What a dictionary refuses is none.
    fn add(
        &mut self,
        programs: &[&Program],
        leaves: &[Asked],
        (cell, kept_apart): (Vec<Candidate>, usize),
        as_of: Date,
        (rows, columns): (&mut Rows, &mut [Vec<Truth>]),
    ) -> bool {
        let mut charts: HashMap<(usize, u8), Chart> = HashMap::new();
        let mut row = Vec::with_capacity(leaves.len());
        for (pack, program) in programs.iter().enumerate() {
            let Some(chart) = chart(program, &self.facts, &cell, as_of, 0) else { return false };
            charts.insert((pack, 0), chart);
        }
        for (pack, leaf, doubts) in leaves {
            let program = programs[*pack];
            let own = charts.entry((*pack, *doubts));
            let chart = own.or_insert_with(|| {
                let doubted = chart(program, &self.facts, &cell, as_of, *doubts);
                doubted.unwrap_or_else(|| Chart::empty(&program.dictionary, as_of))
            });
            row.push(Eval::new(&program.dictionary, chart).cond(leaf, None));
        }
        if let Some(same) = rows.get(&(row.clone(), kept_apart)) {
            self.alike.push((*same, cell));
            return false;
        }
        rows.insert((row.clone(), kept_apart), self.cells.len());
        for (column, truth) in columns.iter_mut().zip(&row) {
            column.push(*truth);
        }
        self.cells.push(cell);
        true
    }
}

/// A condition, and the facts that are in doubt.
type Asked<'p> = (usize, &'p Cond, u8);

/// The conditions for each set of facts that conflicts of their pack can leave in doubt.
fn doubted<'p>(programs: &[&Program], facts: &[String], leaves: &[Leaf<'p>]) -> Vec<Asked<'p>> {
    let sets: Vec<Vec<u8>> = programs
        .iter()
        .map(|program| {
            let can = |name: &String| {
                let id = program.dictionary.find(name);
                id.is_some_and(|id| program.conflicts.iter().any(|conflict| conflict.doubts.contains(&id)))
            };
            let bits =
                facts.iter().enumerate().filter(|(_, name)| can(name)).fold(0_u8, |bits, (at, _)| bits | 1 << at);
            (0..=bits).filter(|set| set & !bits == 0).collect()
        })
        .collect();
    leaves.iter().flat_map(|(pack, leaf)| sets[*pack].iter().map(move |set| (*pack, *leaf, *set))).collect()
}

/// The chart of a patient of whom only these facts are given; none where the dictionary refuses one.
fn chart(program: &Program, facts: &[String], cell: &[Candidate], as_of: Date, doubts: u8) -> Option<Chart> {
    let dictionary = &program.dictionary;
    let mut referral = Referral { as_of: Some(as_of), ..Referral::default() };
    for (name, candidate) in facts.iter().zip(cell).filter(|(_, candidate)| candidate.value != Given::Absent) {
        let Some(id) = dictionary.find(name) else { continue };
        let domain = dictionary.fact(id).domain()?;
        let value = candidate.value.value(domain, dictionary)?;
        if !is_plausible(&value, domain, as_of) {
            return None;
        }
        let on = candidate.on.map(Moment::day);
        let statement = Statement { on, normal: candidate.normal, ..Statement::of(value) };
        referral.join(Said { fact: id, statements: vec![statement], closes: false });
    }
    let in_doubt = facts.iter().enumerate().filter(|(at, _)| doubts >> at & 1 == 1);
    let in_doubt: Vec<FactId> = in_doubt.filter_map(|(_, name)| dictionary.find(name)).collect();
    Some(doubting(program, &referral, as_of, &in_doubt))
}

/// Whether a value lies within the limits of its domain, as far as it is known.
pub fn is_plausible(value: &Value, domain: &Domain, as_of: Date) -> bool {
    let number = |limit: &Limit| if let Limit::Number(number) = limit { Some(*number) } else { None };
    let day = |limit: &Limit| match limit {
        Limit::Date(day) => Some(*day),
        Limit::AsOf => Some(as_of),
        Limit::Number(_) => None,
    };
    fn inside<T: Ord>(value: Option<T>, min: Option<T>, max: Option<T>) -> bool {
        value.is_none_or(|value| min.is_none_or(|min| min <= value) && max.is_none_or(|max| value <= max))
    }
    let (min, max) = (domain.min.as_ref(), domain.max.as_ref());
    match value {
        Value::Integer(value) => inside(value.exact().map(Decimal::from), min.and_then(number), max.and_then(number)),
        Value::Number(value) => inside(value.exact(), min.and_then(number), max.and_then(number)),
        Value::Date(value) => inside(value.exact(), min.and_then(day), max.and_then(day)),
        _ => true,
    }
}

/// What may be said of a fact, so that all that scripts can tell apart is there.
fn candidates(programs: &[&Program], thresholds: &Thresholds, name: &String, as_of: Date) -> Vec<Candidate> {
    let mut values: Vec<Given> = Vec::new();
    let mut limits: Vec<i64> = Vec::new();
    let mut domains: Vec<Domain> = Vec::new();
    for program in programs {
        let dictionary: &Dictionary = &program.dictionary;
        let Some(fact) = dictionary.find(name).map(|id| dictionary.fact(id)) else { continue };
        let Some(domain) = fact.domain() else { continue };
        domains.push(domain.clone());
        let key = (name.clone(), None);
        let mut seen: std::collections::HashSet<Given> = values.iter().cloned().collect();
        let own = thresholds.values(&key, domain, dictionary, as_of);
        values.extend(own.into_iter().filter(|value| seen.insert(value.clone())));
        limits.extend(fact.max_age.as_ref().map(|limit| limit.days));
    }
    limits.dedup();
    let ons: Vec<Option<Date>> = match limits.len() {
        _ if thresholds.reads_day(name) => {
            let dated = thresholds.days(name, &limits, as_of).into_iter().map(Some);
            dated.chain([None]).collect()
        }
        0 => vec![None],
        1 => vec![Some(as_of)],
        _ => thresholds.days(name, &limits, as_of).into_iter().map(Some).collect(),
    };
    let mut candidates = Vec::new();
    for value in values {
        for normal in normals(&value, domains.first(), thresholds.ranges.contains(name), thresholds.compares(name)) {
            let of_day = |on: &Option<Date>| Candidate { value: value.clone(), on: *on, normal };
            candidates.extend(ons.iter().map(of_day));
        }
    }
    candidates
}

/// The dictionary's own range, and plausible ones such that the value lies below, above or within it, or may.
/// Of bounds that matters only where they are held against numbers as well, or have no other range.
fn normals(value: &Given, domain: Option<&Domain>, read: bool, compared: bool) -> Vec<Option<Normal>> {
    let (Given::Number(value), Some(domain), true) = (value, domain, read) else { return vec![None] };
    let limit = |limit: &Option<Limit>| if let Some(Limit::Number(limit)) = limit { Some(*limit) } else { None };
    let (min, max) = (limit(&domain.min), limit(&domain.max));
    let middle = |a: Decimal, b: Decimal| ((a + b) / Decimal::TWO).normalize();
    let end = |bound: Bound<Decimal>| match bound {
        Bound::Included(end) | Bound::Excluded(end) => Some(end),
        Bound::Unbounded => None,
    };
    let (low, high) = (end(value.low()), end(value.high()));
    let (Some(first), Some(last)) = (low.or(high), high.or(low)) else { return vec![None] };
    let two = Decimal::TWO;
    let (lowest, highest) = (min.unwrap_or(first - two), max.unwrap_or(last + two));
    let Some(value) = value.exact() else {
        let ends = [lowest, middle(lowest, first), first, middle(first, last), last, middle(last, highest), highest];
        let matters = compared || domain.normal.is_none();
        return if matters { around(value, ends) } else { vec![None] };
    };
    let within = Some(Normal { low: lowest, high: highest });
    let above = (value < highest).then(|| Normal { low: middle(value, highest), high: highest });
    let below = (lowest < value).then(|| Normal { low: lowest, high: middle(lowest, value) });
    [None, within].into_iter().chain([above, below].into_iter().filter(Option::is_some)).collect()
}

/// The dictionary's own range, and one with such ends for each way in which bounds can lie to a range.
fn around(value: &Interval<Decimal>, ends: [Decimal; 7]) -> Vec<Option<Normal>> {
    let mut seen: HashSet<(Truth, Truth)> = HashSet::new();
    let pairs = ends.iter().flat_map(|low| ends.iter().filter(move |high| low <= *high).map(move |high| (*low, *high)));
    let normals = pairs
        .filter(|(low, high)| seen.insert((value.less(&Interval::Exact(*low)), Interval::Exact(*high).less(value))));
    std::iter::once(None).chain(normals.map(|(low, high)| Some(Normal { low, high }))).collect()
}
