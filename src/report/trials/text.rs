//! What came of fixtures as an author reads it: each that fails with how and why, the rules that none tests, and a
//! count.

use std::io::{self, Write};

use anstyle::AnsiColor;

use super::words::{accepted, of, summary, untested};
use crate::author::trial::{Came, Trial, Trials};
use crate::report::layout::{Layout, Page};

/// How far in lines stand: how a fixture differs, a rule in question, and what that rests on.
const INDENTS: [usize; 3] = [0, 2, 6];

/// Writes what came of fixtures; of those that pass only if `all` are to be listed.
pub fn write(trials: &Trials, all: bool, layout: Layout, out: &mut impl Write) -> io::Result<()> {
    let mut page = Page::new(layout);
    for trial in trials.fixtures.iter().filter(|trial| all || !matches!(trial.result, Came::Passed)) {
        fixture(&mut page, trial);
    }
    page.gap();
    for (lead, rules) in untested(trials) {
        page.hanging(lead, &rules);
    }
    page.paragraph(&summary(trials));
    out.write_all(page.text().as_bytes())
}

fn fixture(page: &mut Page, trial: &Trial) {
    let (word, colour) = match trial.result {
        Came::Passed => ("PASS", AnsiColor::Green),
        Came::Accepted { .. } => ("ACCEPTED", AnsiColor::Yellow),
        Came::Failed { .. } | Came::Rejected { .. } => ("FAIL", AnsiColor::Red),
    };
    let passed = matches!(trial.result, Came::Passed);
    if !passed {
        page.gap();
    }
    page.marked(word, colour, &trial.path);
    if let Some(title) = trial.title.as_ref().filter(|_| !passed) {
        page.detail(title);
    }
    if let Came::Accepted { differences, got } = &trial.result {
        let changes = differences.iter().flat_map(|difference| accepted(difference, got));
        changes.for_each(|change| page.detail_at(0, &change));
    }
    of(&trial.result).iter().for_each(|line| page.detail_at(INDENTS[line.depth.min(2)], &line.text));
}
