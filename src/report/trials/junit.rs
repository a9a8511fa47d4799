//! What came of fixtures as JUnit's XML, which build servers read: a suite a folder, a case a fixture. Without times,
//! so that the same fixtures give the same bytes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use super::words::{headline, of};
use crate::author::trial::{Came, Trial, Trials};
use crate::report::plain::plain;

/// How many fixtures failed, and how many could not be screened.
#[derive(Clone, Copy, Default)]
struct Count {
    tests: usize,
    failures: usize,
    errors: usize,
}

/// Writes the suites.
pub fn write(trials: &Trials, out: &mut impl Write) -> io::Result<()> {
    let name = format!("{} {}", trials.pack.id, trials.pack.version);
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    let mut suites: BTreeMap<String, Vec<&Trial>> = BTreeMap::new();
    for trial in &trials.fixtures {
        suites.entry(folder(trial)).or_default().push(trial);
    }
    writeln!(out, "<testsuites{}>", counted(&name, Count::of(trials.fixtures.iter())))?;
    for (name, suite) in suites {
        writeln!(out, "  <testsuite{}>", counted(&name, Count::of(suite.iter().copied())))?;
        suite.iter().try_for_each(|trial| case(trial, &name, out))?;
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

impl Count {
    fn of<'t>(trials: impl Iterator<Item = &'t Trial>) -> Count {
        let mut count = Count::default();
        for trial in trials {
            count.tests += 1;
            match trial.result {
                Came::Passed | Came::Accepted { .. } => {}
                Came::Failed { .. } => count.failures += 1,
                Came::Rejected { .. } => count.errors += 1,
            }
        }
        count
    }
}

fn counted(name: &str, count: Count) -> String {
    let Count { tests, failures, errors } = count;
    format!(r#" name="{}" tests="{tests}" failures="{failures}" errors="{errors}""#, escaped(name))
}

fn folder(trial: &Trial) -> String {
    Path::new(&trial.path).parent().map(|folder| folder.display().to_string()).unwrap_or_default()
}

fn case(trial: &Trial, folder: &str, out: &mut impl Write) -> io::Result<()> {
    let [name, folder, file] = [&trial.case, folder, &trial.path].map(escaped);
    let attributes = format!(r#"name="{name}" classname="{folder}" file="{file}" line="{}""#, trial.line);
    let tag = match &trial.result {
        Came::Passed | Came::Accepted { .. } => return writeln!(out, "    <testcase {attributes}/>"),
        Came::Failed { .. } => "failure",
        Came::Rejected { .. } => "error",
    };
    writeln!(out, "    <testcase {attributes}>")?;
    writeln!(out, r#"      <{tag} message="{}">"#, escaped(&headline(trial)))?;
    for line in of(&trial.result) {
        writeln!(out, "{}{}", "    ".repeat(line.depth), escaped(&line.text))?;
    }
    writeln!(out, "      </{tag}>\n    </testcase>")
}

/// Text in XML; what moves a terminal, and what XML 1.0 has no place for, is written out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in plain(text).chars() {
        escaped.push_str(&match c {
            '&' => Cow::Borrowed("&amp;"),
            '<' => Cow::Borrowed("&lt;"),
            '>' => Cow::Borrowed("&gt;"),
            '"' => Cow::Borrowed("&quot;"),
            '\u{fffe}' | '\u{ffff}' => Cow::Owned(c.escape_unicode().to_string()),
            c => Cow::Owned(c.to_string()),
        });
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_xml_forbids_is_left() {
        assert_eq!(
            escaped("a<b> & \"c\" \u{1b}[31m\u{0}\u{ffff}\n"),
            r"a&lt;b&gt; &amp; &quot;c&quot; \u{1b}[31m\u{0}\u{ffff} "
        );
    }
}
