//! Rules evaluated over facts in slots, beside a hand-written function and Rhai itself on every complete fixture, and
//! alone on all fixtures, where facts are missing.

use std::cell::Cell;
use std::hint::black_box;

use candidacy::engine::chart::Chart;
use candidacy::engine::decide::Outcome;
use candidacy::engine::screen::evaluate;
use candidacy::model::dictionary::{Fact, Scalar, Shape};
use candidacy::pack::compile::compile_files;
use candidacy::pack::program::{Program, Rule};

use super::by_hand::{Classes, OTHERS, SCALARS, over_others, over_scalars};
use super::embedded;
use super::in_rhai::InRhai;
use super::patient::Patient;
use super::referrals::{charts, is_complete};
use super::rounds::{Side, interleaved};
use super::table::Row;

const ROUNDS: usize = 41;

/// A group of rules with its name, its target and its hand-written function.
struct Group<'p> {
    name: &'static str,
    program: &'p Program,
    by_hand: fn(&Classes, &Patient, &mut Vec<Outcome>),
    target: f64,
}

/// One way to evaluate the rules of a group: it adds the outcomes for one referral to a buffer that is empty.
type Way<'w> = Box<dyn Fn(usize, &mut Vec<Outcome>) + 'w>;

/// Nanoseconds a rule; nothing where the answers are only compared.
pub fn rows(timed: bool) -> Vec<Row> {
    let program = compile_files(&embedded::files(embedded::DEFAULT)).expect("the shipped pack is sound");
    let all = charts(&program);
    let complete: Vec<Chart> = all.iter().filter(|chart| is_complete(&program, chart)).cloned().collect();
    let (scalars, others) = (only(&program, &SCALARS), only(&program, &OTHERS));
    let groups = [
        Group { name: "scalars", program: &scalars, by_hand: over_scalars, target: 10.0 },
        Group { name: "lists, dates or decimals", program: &others, by_hand: over_others, target: 25.0 },
    ];
    let beside: Vec<Row> = groups.iter().filter_map(|group| group.beside_others(&complete, timed)).collect();
    let alone = groups.iter().filter(|_| timed).map(|group| group.alone(&all));
    beside.into_iter().chain(alone).collect()
}

impl Group<'_> {
    /// Beside the other sides, on referrals that settle every rule.
    fn beside_others(&self, charts: &[Chart], timed: bool) -> Option<Row> {
        let dictionary = &self.program.dictionary;
        let classes = Classes::new(dictionary);
        let patients: Vec<Patient> = charts.iter().map(|chart| Patient::new(dictionary, chart)).collect();
        let in_rhai = InRhai::new(self.program, charts);
        let ways: [Way; 3] = [
            self.ours(charts),
            Box::new(|index, outcomes| (self.by_hand)(&classes, &patients[index], outcomes)),
            Box::new(|index, outcomes| in_rhai.evaluate(index, outcomes)),
        ];
        self.compare(charts, &ways);
        if !timed {
            println!("{} rules over {}: the same answers for {} referrals", self.rules(), self.name, charts.len());
            return None;
        }
        let sums: [Cell<u64>; 3] = Default::default();
        let side = |way: usize, repeats: u32| side(&ways[way], charts.len(), repeats, &sums[way]);
        let times = interleaved(ROUNDS, [side(0, 200), side(1, 800), side(2, 5)]);
        assert!(sums.iter().all(|sum| *sum == sums[0]), "{}: answers differ while they are timed", self.name);
        let [ours, by_hand, rhai] = times.map(|times| times.per(self.evaluations(charts)));
        let others = vec![("the same rules in Rust by hand", by_hand), ("the same scripts in Rhai", rhai)];
        let what = format!("{} rules over {}, {} complete referrals, ns a rule", self.rules(), self.name, charts.len());
        Some(Row { what, ours, others, judged: ours.median, target: self.target })
    }

    /// By itself, where facts may be missing.
    fn alone(&self, charts: &[Chart]) -> Row {
        let (way, sum) = (self.ours(charts), Cell::new(0));
        let [ours] = interleaved(ROUNDS, [side(&way, charts.len(), 200, &sum)]);
        let ours = ours.per(self.evaluations(charts));
        let what = format!(
            "{} rules over {}, {} referrals, some incomplete, ns a rule",
            self.rules(),
            self.name,
            charts.len()
        );
        Row { what, ours, others: Vec::new(), judged: ours.median, target: self.target }
    }

    fn ours<'w>(&'w self, charts: &'w [Chart]) -> Way<'w> {
        Box::new(|index, outcomes| {
            evaluate(self.program, &charts[index], &[], outcomes);
        })
    }

    fn compare(&self, charts: &[Chart], ways: &[Way]) {
        for index in 0..charts.len() {
            let answers = ways.iter().map(|way| {
                let mut outcomes = Vec::new();
                way(index, &mut outcomes);
                outcomes
            });
            let answers: Vec<Vec<Outcome>> = answers.collect();
            for (position, rule) in self.program.rules.iter().enumerate() {
                let of_rule: Vec<_> = answers.iter().map(|outcomes| outcomes.get(position)).collect();
                let agree = of_rule.iter().all(|outcome| *outcome == of_rule[0]);
                assert!(agree, "{}: here, by hand and in Rhai: {of_rule:?} for referral {index}", rule.id);
            }
        }
    }

    fn evaluations(&self, charts: &[Chart]) -> f64 {
        (self.rules() * charts.len()) as f64
    }

    fn rules(&self) -> usize {
        self.program.rules.len()
    }
}

/// A side that evaluates every referral and leaves a sum of the answers, which differs when one of them does.
fn side<'s>(way: &'s Way, referrals: usize, repeats: u32, sum: &'s Cell<u64>) -> Side<'s> {
    let mut outcomes = Vec::new();
    let work = move || {
        let mut answers = 0_u64;
        for index in 0..referrals {
            outcomes.clear();
            way(black_box(index), &mut outcomes);
            let add = |sum: u64, outcome: &Outcome| sum.wrapping_mul(31).wrapping_add(*outcome as u64);
            answers = outcomes.iter().fold(answers, add);
        }
        sum.set(black_box(answers));
    };
    Side::new(repeats, work)
}

/// The program with the rules of these ids alone, in pack order.
fn only(program: &Program, ids: &[&str]) -> Program {
    let mut group = program.clone();
    group.rules.retain(|rule| ids.contains(&rule.id.as_str()));
    let found: Vec<&str> = group.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(found, ids, "the rules written by hand are no longer those of the pack");
    let lists = |rule: &Rule| !names_scalars_only(program, rule);
    let mixed = group.rules.iter().filter(|rule| lists(rule) != lists(&group.rules[0]));
    assert_eq!(mixed.count(), 0, "rules over scalars stand among others: {ids:?}");
    group
}

fn names_scalars_only(program: &Program, rule: &Rule) -> bool {
    let scripts = [Some(&rule.text), rule.guard_text.as_ref()];
    let named = |fact: &Fact| scripts.iter().flatten().any(|script| words(script).any(|word| word == fact.name));
    !program.dictionary.facts().any(|(_, fact)| !is_scalar(fact) && named(fact))
}

fn words(script: &str) -> impl Iterator<Item = &str> {
    script.split(|c: char| !c.is_alphanumeric() && c != '_')
}

fn is_scalar(fact: &Fact) -> bool {
    match &fact.shape {
        Shape::One(domain) => !matches!(domain.scalar, Scalar::Number | Scalar::Date),
        Shape::Set(_) | Shape::Records(_) => false,
    }
}
