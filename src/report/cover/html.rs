//! What fixtures show of a pack as a page of its own: the figures, a line a rule, and behind it every case with the
//! fixture that shows it, the patient who would, or that it is proved impossible.

use std::io::{self, Write};

use super::text::{came, counted, figures};
use crate::author::cover::case::{Case, State};
use crate::author::cover::{Coverage, Figure, RuleCover};
use crate::report::plain::plain;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}\
table{border-collapse:collapse;width:100%}td,th{padding:.25rem .6rem;text-align:left;vertical-align:top}\
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}summary{cursor:pointer;padding:.2rem 0}\
details{border-top:1px solid #d8dee4}code{font:13px ui-monospace,monospace;background:#f3f5f7;padding:0 .2rem}\
.missing{color:#a40e26}.shown{color:#116329}.impossible{color:#6e7781}\
@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}code{background:#21262d}\
details{border-color:#30363d}.missing{color:#ff7b72}.shown{color:#7ee787}.impossible{color:#8b949e}}";

/// Writes the page.
pub fn write(coverage: &Coverage, out: &mut impl Write) -> io::Result<()> {
    let title = escaped(&format!("{} {}: what its fixtures show", coverage.pack.id, coverage.pack.version));
    writeln!(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
    writeln!(out, "<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>")?;
    writeln!(
        out,
        "<p>{}, {}. A condition decides where the rule fires for one of its values and is clear for the \
         other, all else being as it is. As of {}.</p>",
        counted(coverage.fixtures, "fixture"),
        counted(coverage.rules.len(), "rule"),
        escaped(&coverage.as_of)
    )?;
    writeln!(
        out,
        "<table>\n<tr><th></th><th class=\"n\">shown</th><th class=\"n\">missing</th><th class=\"n\">of these undecided</th><th class=\"n\">impossible</th><th class=\"n\">%</th></tr>"
    )?;
    for (name, Figure { shown, missing, undecided, impossible, percent }) in figures(coverage) {
        let cells = [shown, missing, undecided, impossible].map(|cases| format!("<td class=\"n\">{cases}</td>"));
        let cells = cells.concat();
        writeln!(out, "<tr><td>{name}</td>{cells}<td class=\"n\">{percent:.1}</td></tr>")?;
    }
    writeln!(out, "</table>")?;
    coverage.rules.iter().try_for_each(|rule| one(rule, out))?;
    writeln!(out, "</body>\n</html>")
}

fn one(rule: &RuleCover, out: &mut impl Write) -> io::Result<()> {
    let figure = Figure::of(rule.cases.iter());
    let (open, class) = if figure.missing > 0 { (" open", "missing") } else { ("", "shown") };
    writeln!(
        out,
        "<details{open} id=\"{id}\"><summary><b>{id}</b> ({}): {} <span class=\"{class}\">{} of {}</span></summary>",
        rule.effect,
        escaped(&came(rule)),
        figure.shown,
        figure.shown + figure.missing,
        id = escaped(&rule.rule),
    )?;
    if let Some(construct) = &rule.scripted {
        let construct = escaped(construct);
        writeln!(out, "<p>It runs as a script, because it uses {construct}: its conditions are not looked into.</p>")?;
    }
    writeln!(out, "<table>")?;
    rule.cases.iter().try_for_each(|case| row(case, out))?;
    writeln!(out, "</table></details>")
}

fn row(case: &Case, out: &mut impl Write) -> io::Result<()> {
    let condition = case.condition.as_ref().map(|condition| format!("<code>{}</code>", escaped(condition)));
    let (class, state) = match &case.state {
        State::Shown { fixture, times: 1 } => ("shown", escaped(fixture)),
        State::Shown { fixture, times } => ("shown", escaped(&format!("{fixture} and {} more", times - 1))),
        State::Impossible => ("impossible", "no patient can show it".to_owned()),
        State::Undecided => ("missing", "no fixture; whether a patient could is undecided".to_owned()),
        State::Missing { patient } if patient.0.facts.is_empty() => {
            ("missing", "no fixture; a patient of whom nothing is known would".to_owned())
        }
        State::Missing { patient } => {
            let facts = patient
                .0
                .facts
                .iter()
                .map(|(name, value)| format!("<code>{}</code>", escaped(&format!("{name} = {value}"))));
            ("missing", format!("no fixture; this patient would: {}", facts.collect::<Vec<_>>().join(", ")))
        }
    };
    let guard = if case.guard { "guard " } else { "" };
    let (condition, text) = (condition.unwrap_or_else(|| "the rule".to_owned()), escaped(&case.text));
    writeln!(out, "<tr><td>{guard}{condition}</td><td>{text}</td><td class=\"{class}\">{state}</td></tr>")
}

fn escaped(text: &str) -> String {
    plain(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
