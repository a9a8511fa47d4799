//! What came of fixtures as GitHub's workflow commands: each that fails is an error beside the line that differs.

use std::io::{self, Write};

use super::words::{headline, of, summary, untested};
use crate::author::trial::{Came, Trial, Trials};
use crate::report::annotation::{Annotation, At, Kind};
use crate::report::plain::plain;

/// Writes an annotation for every fixture that fails, and the count.
pub fn write(trials: &Trials, out: &mut impl Write) -> io::Result<()> {
    let fails = |trial: &&Trial| matches!(trial.result, Came::Failed { .. } | Came::Rejected { .. });
    trials.fixtures.iter().filter(fails).try_for_each(|trial| annotation(trial, out))?;
    for (lead, rules) in untested(trials) {
        writeln!(out, "{lead}{}", plain(&rules))?;
    }
    writeln!(out, "{}", summary(trials))
}

fn annotation(trial: &Trial, out: &mut impl Write) -> io::Result<()> {
    let lines = of(&trial.result);
    let lines: Vec<String> = lines.iter().map(|line| format!("{}{}", "    ".repeat(line.depth), line.text)).collect();
    let (file, title, message) = (&trial.path, &headline(trial), &lines.join("\n"));
    Annotation { kind: Kind::Error, file, at: At::Line(trial.line), title, message }.write(out)
}
