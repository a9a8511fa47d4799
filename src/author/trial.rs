//! Fixtures run against what they expect: which pass, how the others differ, what the rules in question came to and
//! why, and which rules no fixture fires or clears. The JSON report is this value; key order is part of the format.

use std::collections::BTreeSet;

use serde::Serialize;

use super::difference::{Difference, Given, differences};
use super::fixture::Fixture;
use super::why::{Why, why};
use crate::engine::decide::Outcome;
use crate::engine::explain::{Options, explain};
use crate::engine::screen::Screener;
use crate::engine::verdict::PackName;
use crate::input::problem::Rejected;
use crate::input::referral::{Read, Unread};
use crate::input::source::Walk;
use crate::pack::program::Program;

/// The name of the format.
pub const SCHEMA: &str = "candidacy/test/1";

/// What came of a pack's fixtures.
#[derive(Clone, Debug, Serialize)]
pub struct Trials {
    /// The name of the format.
    pub schema: &'static str,
    /// The pack.
    pub pack: PackName,
    /// How many fixtures give what they expect, those included whose expectation was rewritten.
    pub passed: usize,
    /// How many do not, or cannot be screened.
    pub failed: usize,
    /// How many were not asked for.
    pub not_run: usize,
    /// What came of each, in the order given.
    pub fixtures: Vec<Trial>,
    /// Rules that no fixture fires, in pack order; none where fixtures were picked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub never_fired: Option<Vec<String>>,
    /// Rules that no fixture clears, in pack order; none where fixtures were picked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub never_cleared: Option<Vec<String>>,
    /// Criteria that rules decide and no fixture shows; none where fixtures were picked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub never_shown: Option<Vec<String>>,
}

/// What came of one fixture.
#[derive(Clone, Debug, Serialize)]
pub struct Trial {
    /// The file.
    pub path: String,
    /// The line to look at, from 1: of the first key that differs, of the first mistake, or of `[expect]`.
    pub line: usize,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What came of it.
    #[serde(flatten)]
    pub result: Came,
    /// The name of the file without its ending.
    #[serde(skip)]
    pub case: String,
}

/// What can come of a fixture.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub enum Came {
    /// It gives what it expects.
    Passed,
    /// It gives something else.
    Failed {
        /// How that differs, verdict first.
        differences: Vec<Difference>,
        /// What it gives.
        got: Given,
        /// Why.
        #[serde(flatten)]
        why: Why,
    },
    /// It gave something else, which it expects from now on.
    Accepted {
        /// How that differs from what it expected.
        differences: Vec<Difference>,
        /// What it gives.
        got: Given,
    },
    /// It cannot be screened.
    Rejected {
        /// Why not.
        reasons: Vec<Reason>,
    },
}

/// Why a fixture cannot be screened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The file that is wrong: the fixture's, or one it is based on.
    pub file: String,
    /// The line, from 1; none if the file cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The character within it, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// Runs the fixtures of a pack, or only those that are `picked`.
pub fn run(program: &Program, fixtures: &[Fixture], picked: Option<&dyn Fn(&Fixture) -> bool>) -> Trials {
    let screener = Screener::new(program);
    let mut seen = Seen::of(program);
    let chosen = fixtures.iter().filter(|fixture| picked.is_none_or(|picked| picked(fixture)));
    let trials: Vec<Trial> = chosen.map(|fixture| trial(&screener, fixture, &mut seen)).collect();
    let passed = trials.iter().filter(|trial| matches!(trial.result, Came::Passed)).count();
    Trials {
        schema: SCHEMA,
        pack: PackName { id: program.id.clone(), version: program.version.clone(), digest: program.digest.clone() },
        passed,
        failed: trials.len() - passed,
        not_run: fixtures.len() - trials.len(),
        fixtures: trials,
        never_fired: picked.is_none().then(|| without(program, &seen.fired)),
        never_cleared: picked.is_none().then(|| without(program, &seen.cleared)),
        never_shown: picked.is_none().then(|| unshown(program, fixtures)),
    }
}

/// Which rules fixtures have fired and cleared, in pack order.
struct Seen {
    fired: Vec<bool>,
    cleared: Vec<bool>,
}

impl Seen {
    fn of(program: &Program) -> Seen {
        let none = vec![false; program.rules.len()];
        Seen { fired: none.clone(), cleared: none }
    }

    fn note(&mut self, outcomes: &[Outcome]) {
        for (rule, outcome) in outcomes.iter().enumerate() {
            self.fired[rule] |= *outcome == Outcome::Fires;
            self.cleared[rule] |= *outcome == Outcome::Clear;
        }
    }
}

fn without(program: &Program, seen: &[bool]) -> Vec<String> {
    let own = program.rules.iter().zip(seen).filter(|(rule, seen)| rule.own && !**seen);
    own.map(|(rule, _)| rule.id.clone()).collect()
}

/// The pack's own criteria that no fixture lists although rules decide them.
fn unshown(program: &Program, fixtures: &[Fixture]) -> Vec<String> {
    let shown: BTreeSet<&String> = fixtures.iter().flat_map(|fixture| &fixture.criteria).collect();
    let decided = program.criteria.iter().filter(|criterion| criterion.own && !criterion.rules.is_empty());
    decided.filter(|criterion| !shown.contains(&criterion.id)).map(|criterion| criterion.id.clone()).collect()
}

fn trial(screener: &Screener, fixture: &Fixture, seen: &mut Seen) -> Trial {
    let (line, result) = match &fixture.read {
        Ok(read) => screened(screener, fixture, read, seen),
        Err(unread) => rejected(fixture, unread),
    };
    let path = fixture.path.display().to_string();
    Trial { path, line, title: fixture.title.clone(), result, case: fixture.case.clone() }
}

/// The line to look at, and what came of a fixture that can be screened.
fn screened(screener: &Screener, fixture: &Fixture, read: &Read, seen: &mut Seen) -> (usize, Came) {
    let screening = screener.screen(&read.referral, read.referral.as_of.unwrap_or_default());
    seen.note(&screening.outcomes);
    let verdict = explain(&screening, Options { all: true, as_of_today: false });
    let got = Given::of(&screening, &verdict);
    let differences = differences(&fixture.expect, &got);
    let line = differences.first().map_or(fixture.expect.line, |first| first.line(&fixture.expect)).max(1);
    if differences.is_empty() {
        return (line, Came::Passed);
    }
    let why = why(&screening, &verdict, &differences);
    (line, Came::Failed { differences, got, why })
}

/// The line to look at, and why a fixture cannot be screened.
fn rejected(fixture: &Fixture, unread: &Unread) -> (usize, Came) {
    let reasons: Vec<Reason> = match unread {
        Unread::Unreadable(file, why) => vec![Reason {
            file: file.clone(),
            line: None,
            column: None,
            message: format!("it cannot be read: {why}"),
            help: None,
        }],
        Unread::Rejected(files) => files.iter().flat_map(reasons).collect(),
    };
    let own = reasons.iter().find(|reason| reason.file == fixture.source.name);
    (own.and_then(|reason| reason.line).unwrap_or(1), Came::Rejected { reasons })
}

fn reasons(file: &Rejected) -> impl Iterator<Item = Reason> {
    let mut walk = Walk::new(&file.source);
    file.problems.iter().map(move |located| {
        let at = walk.position(located.span.start);
        Reason {
            file: file.source.name.clone(),
            line: Some(at.line),
            column: Some(at.column),
            message: located.problem.message(),
            help: located.problem.help(),
        }
    })
}
