//! The fixtures, settled into charts beforehand.

use std::path::Path;

use candidacy::engine::chart::Chart;
use candidacy::engine::screen::evaluate;
use candidacy::engine::settle::settle;
use candidacy::input::referral::{Dates, read_file};
use candidacy::model::calendar::Date;
use candidacy::pack::program::Program;

/// The chart of every fixture, in the order of their names.
pub fn charts(program: &Program) -> Vec<Chart> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/aldesleukin");
    let files = std::fs::read_dir(folder).expect("the fixtures are there").map(|file| file.expect("a file").path());
    let mut files: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "toml")).collect();
    files.sort();
    files.iter().map(|path| chart(program, path)).collect()
}

fn chart(program: &Program, path: &Path) -> Chart {
    let today = Date::constant(2026, 11, 21);
    let read = read_file(path, &program.dictionary, Dates { asked: None, today }).expect("a fixture is sound");
    settle(program, &read.referral, read.referral.as_of.unwrap_or(today)).chart
}

/// Whether the chart settles every rule.
pub fn is_complete(program: &Program, chart: &Chart) -> bool {
    let mut outcomes = Vec::new();
    evaluate(program, chart, &[], &mut outcomes);
    !outcomes.iter().any(|outcome| outcome.is_open())
}
