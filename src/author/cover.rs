//! What fixtures show of every rule of a pack, in three values: what each rule comes to, each of its conditions as the
//! one that decides, each number it is held against just below, at and just above, each value it is held against. What
//! no fixture shows has a patient who would, or the proof that nobody could. The JSON report is this value; key order is
//! part of the format.

pub mod case;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;

use super::fixture::Fixture;
use super::jobs::in_order;
use super::suggest::{Suggester, Suggestion, Wish};
use crate::analysis::compare::Finding;
use crate::analysis::possible::{Possible, shown};
use crate::analysis::scope::rests_on;
use crate::analysis::site::Inquiry;
use crate::engine::decide::Outcome;
use crate::engine::eval::Eval;
use crate::engine::screen::{Screener, Screening};
use crate::engine::verdict::PackName;
use crate::model::calendar::Date;
use crate::model::dictionary::FactId;
use crate::pack::program::{Program, Test};
use case::{Case, Kind, Patient, State, asked, case};

/// The name of the format.
pub const SCHEMA: &str = "candidacy/cover/1";

/// What the fixtures of a pack show of its rules.
#[derive(Clone, Debug, Serialize)]
pub struct Coverage {
    /// The name of the format.
    pub schema: &'static str,
    /// The pack.
    pub pack: PackName,
    /// The day for which patients were looked for: that of most fixtures.
    pub as_of: String,
    /// How many fixtures were screened.
    pub fixtures: usize,
    /// Everything together.
    pub total: Figure,
    /// What rules come to: fires, clear, unknown, not applicable.
    pub outcomes: Figure,
    /// Conditions that decide: true, false and unknown.
    pub conditions: Figure,
    /// Numbers: just below, at and just above.
    pub thresholds: Figure,
    /// Values and classes.
    pub values: Figure,
    /// The pack's own rules, in pack order.
    pub rules: Vec<RuleCover>,
}

/// How much is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figure {
    /// By some fixture.
    pub shown: usize,
    /// By no fixture, and some patient could, or it is undecided.
    pub missing: usize,
    /// Of those missing: neither a patient nor a proof was found.
    pub undecided: usize,
    /// By nobody, as is proved; not counted.
    pub impossible: usize,
    /// `shown` of what is possible, in percent, rounded down to a tenth.
    pub percent: f64,
}

/// What is shown of one rule.
#[derive(Clone, Debug, Serialize)]
pub struct RuleCover {
    /// Its id.
    pub rule: String,
    /// Its effect.
    pub effect: &'static str,
    /// Why its conditions are not looked into, where it runs as a script.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scripted: Option<String>,
    /// For how many fixtures it fires.
    pub fires: usize,
    /// For how many it is clear.
    pub clear: usize,
    /// For how many it is unknown.
    pub unknown: usize,
    /// For how many it does not apply.
    pub not_applicable: usize,
    /// What can be shown of it, the whole first, then condition by condition.
    pub cases: Vec<Case>,
    /// Its position among all rules of the pack.
    #[serde(skip)]
    pub index: usize,
}

/// A fixture that was screened.
#[derive(Debug)]
pub struct Screened<'f> {
    /// The fixture.
    pub fixture: &'f Fixture,
    /// What came of it.
    pub screening: Screening<'f>,
}

/// Screens the fixtures that can be read.
pub fn screened<'f>(program: &'f Program, fixtures: &'f [Fixture]) -> Vec<Screened<'f>> {
    let screener = Screener::new(program);
    let of = |fixture: &'f Fixture| {
        let referral = &fixture.read.as_ref().ok()?.referral;
        let screening = screener.screen(referral, referral.as_of.unwrap_or_default());
        Some(Screened { fixture, screening })
    };
    fixtures.iter().filter_map(of).collect()
}

/// The day that most of these are of; of several the latest.
pub fn usual_day<'s>(screenings: impl Iterator<Item = &'s Screening<'s>>) -> Option<Date> {
    let mut days: BTreeMap<Date, usize> = BTreeMap::new();
    screenings.for_each(|screening| *days.entry(screening.settled.chart.as_of).or_default() += 1);
    days.into_iter().max_by_key(|(day, count)| (*count, *day)).map(|(day, _)| day)
}

/// What fixtures show of the pack's own rules, worked out by so many threads; for what they do not show a patient is
/// looked for, as of a day.
pub fn cover(program: &Program, screened: &[Screened], as_of: Date, threads: usize) -> Coverage {
    let own: Vec<usize> = (0..program.rules.len()).filter(|rule| program.rules[*rule].own).collect();
    let rules = in_order(&own, threads, &|_| {}, |rule| of_rule(program, *rule, screened, as_of));
    let figure = |kind: Option<Kind>| {
        let cases = rules.iter().flat_map(|rule| &rule.cases);
        Figure::of(cases.filter(|case| kind.is_none_or(|kind| case.kind == kind)))
    };
    Coverage {
        schema: SCHEMA,
        pack: PackName { id: program.id.clone(), version: program.version.clone(), digest: program.digest.clone() },
        as_of: as_of.to_string(),
        fixtures: screened.len(),
        total: figure(None),
        outcomes: figure(Some(Kind::Outcome)),
        conditions: figure(Some(Kind::Condition)),
        thresholds: figure(Some(Kind::Threshold)),
        values: figure(Some(Kind::Value)),
        rules,
    }
}

/// The fewest fixtures that show what is missing, for the folder of the fixtures; none has a name that is taken.
pub fn suggestions(
    program: &Program,
    coverage: &Coverage,
    folder: &Path,
    fixtures: &[Fixture],
    taken: &BTreeSet<String>,
) -> Vec<Suggestion> {
    let own = |cover: &RuleCover| {
        let rule = &program.rules[cover.index];
        (Inquiry::new(rule, &program.dictionary), rests_on(program, &[rule]))
    };
    let asked: Vec<(Inquiry, BTreeSet<FactId>)> = coverage.rules.iter().map(own).collect();
    let mut wishes = Vec::new();
    for (cover, (inquiry, facts)) in coverage.rules.iter().zip(&asked) {
        for case in &cover.cases {
            let State::Missing { patient } = &case.state else { continue };
            let title = match &case.condition {
                Some(condition) => format!("{}: `{condition}` {}", cover.rule, case.text),
                None => format!("{} {}", cover.rule, case.text),
            };
            let shows = Box::new(move |screening: &Screening| {
                case.goals.iter().any(|goal| shown(inquiry, cover.index, screening, *goal))
            });
            wishes.push(Wish { rule: &cover.rule, title, witness: &patient.0, facts, shows });
        }
    }
    Suggester::new(program, folder, fixtures).suggest(&wishes, taken)
}

fn of_rule(program: &Program, index: usize, screened: &[Screened], as_of: Date) -> RuleCover {
    let rule = &program.rules[index];
    let inquiry = Inquiry::new(rule, &program.dictionary);
    let cases = asked(&inquiry);
    let case_of = |goal: usize| cases.iter().position(|goals| goals.contains(&goal));
    let case_of: Vec<usize> = (0..inquiry.goals.len()).filter_map(case_of).collect();
    let mut first: Vec<Option<usize>> = vec![None; cases.len()];
    let mut times = vec![0; cases.len()];
    let mut last: Vec<Option<usize>> = vec![None; cases.len()];
    let mut came = [0; 4];
    for (nth, own) in screened.iter().enumerate() {
        let eval = Eval::new(&program.dictionary, &own.screening.settled.chart);
        let outcome = own.screening.outcomes[index];
        came[match outcome {
            Outcome::Fires => 0,
            Outcome::Clear => 1,
            Outcome::Unknown | Outcome::Fault => 2,
            Outcome::NotApplicable => 3,
        }] += 1;
        inquiry.shown(&eval, outcome, &mut |goal| {
            let case = case_of[goal];
            if last[case].replace(nth) != Some(nth) {
                first[case].get_or_insert(nth);
                times[case] += 1;
            }
        });
    }
    let mut possible = None;
    let mut state = |nth: usize, goals: &[usize]| {
        if let Some(fixture) = first[nth] {
            return State::Shown { fixture: screened[fixture].fixture.name.clone(), times: times[nth] };
        }
        let possible = possible.get_or_insert_with(|| Possible::new(program, index, &inquiry, as_of));
        unshown(goals.iter().map(|goal| possible.find(*goal)))
    };
    let states: Vec<State> = cases.iter().enumerate().map(|(nth, goals)| state(nth, goals)).collect();
    let cases = cases.into_iter().zip(states);
    let cases = cases.map(|(goals, state)| case(&inquiry, goals, &program.dictionary, state)).collect();
    RuleCover {
        rule: rule.id.clone(),
        effect: rule.effect.word(),
        scripted: if let Test::Scripted(script) = &rule.test { Some(script.construct.clone()) } else { None },
        fires: came[0],
        clear: came[1],
        unknown: came[2],
        not_applicable: came[3],
        cases,
        index,
    }
}

/// What is known of a case that no fixture shows, from what was found for each way to show it.
fn unshown(found: impl Iterator<Item = Finding>) -> State {
    let mut state = State::Impossible;
    for finding in found {
        match finding {
            Finding::Can(witness) => return State::Missing { patient: Patient(witness) },
            Finding::Cannot => {}
            Finding::Undecided => state = State::Undecided,
        }
    }
    state
}

impl Figure {
    /// Of some cases.
    pub fn of<'c>(cases: impl Iterator<Item = &'c Case>) -> Figure {
        let mut figure = Figure::default();
        for case in cases {
            match case.state {
                State::Shown { .. } => figure.shown += 1,
                State::Missing { .. } => figure.missing += 1,
                State::Undecided => {
                    figure.missing += 1;
                    figure.undecided += 1;
                }
                State::Impossible => figure.impossible += 1,
            }
        }
        let possible = figure.shown + figure.missing;
        let tenths = (figure.shown * 1000).checked_div(possible).unwrap_or(1000);
        figure.percent = tenths as f64 / 10.0;
        figure
    }
}
