//! What fixtures show of a pack as an author reads it: a line a rule, under it what no fixture shows and who would, and
//! the figures.

use std::io::{self, Write};

use crate::author::cover::case::{Case, State};
use crate::author::cover::{Coverage, Figure, RuleCover};
use crate::report::layout::{Layout, Page};

/// Writes it; rules that are shown whole, and what is shown of the others, only if `all` is to be listed.
pub fn write(coverage: &Coverage, all: bool, layout: Layout, out: &mut impl Write) -> io::Result<()> {
    let mut page = Page::new(layout);
    let lacks = |rule: &&RuleCover| Figure::of(rule.cases.iter()).missing > 0;
    let listed: Vec<&RuleCover> = coverage.rules.iter().filter(|rule| all || lacks(rule)).collect();
    listed.iter().for_each(|rule| one(&mut page, rule, all));
    page.gap();
    let whole = coverage.rules.iter().filter(|rule| !lacks(rule)).count();
    page.paragraph(&format!(
        "{} {}: {}, {}, {whole} shown whole",
        coverage.pack.id,
        coverage.pack.version,
        counted(coverage.fixtures, "fixture"),
        counted(coverage.rules.len(), "rule")
    ));
    let any = |figure: &Figure| figure.shown + figure.missing + figure.impossible > 0;
    for (name, figure) in figures(coverage).into_iter().filter(|(_, figure)| any(figure)) {
        page.paragraph(&format!("{name:<12}{}", line(figure)));
    }
    out.write_all(page.text().as_bytes())
}

/// The figures with their names, the total last.
pub fn figures(coverage: &Coverage) -> [(&'static str, Figure); 5] {
    [
        ("outcomes", coverage.outcomes),
        ("conditions", coverage.conditions),
        ("thresholds", coverage.thresholds),
        ("values", coverage.values),
        ("total", coverage.total),
    ]
}

/// A figure in words: `98.2 %  54 of 55 shown, 1 undecided, 3 proved impossible`.
fn line(figure: Figure) -> String {
    let Figure { shown, missing, undecided, impossible, percent } = figure;
    let open = if undecided > 0 { format!(", {undecided} undecided") } else { String::new() };
    let proved = if impossible > 0 { format!(", {impossible} proved impossible") } else { String::new() };
    format!("{percent:>5.1} %  {shown} of {} shown{open}{proved}", shown + missing)
}

/// So many of something: `1 rule`, `2 rules`.
pub fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// What a rule came to: `3 fire, 361 clear, 5 unknown`.
pub fn came(rule: &RuleCover) -> String {
    let counted = [
        (rule.fires, "fire"),
        (rule.clear, "clear"),
        (rule.unknown, "unknown"),
        (rule.not_applicable, "not applicable"),
    ];
    let counted: Vec<String> =
        counted.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    if counted.is_empty() { "no fixture".to_owned() } else { counted.join(", ") }
}

fn one(page: &mut Page, rule: &RuleCover, all: bool) {
    let figure = Figure::of(rule.cases.iter());
    let mark = if figure.missing > 0 { "! " } else { "  " };
    let name = format!("{} of {}", figure.shown, figure.shown + figure.missing);
    page.item(mark, &format!("{} ({}): {}", rule.rule, rule.effect, came(rule)), &name);
    if let Some(construct) = &rule.scripted {
        page.detail(&format!("it runs as a script, because it uses {construct}: its conditions are not looked into"));
    }
    let mut told: Option<&String> = None;
    for case in &rule.cases {
        let missing = matches!(case.state, State::Missing { .. } | State::Undecided);
        if !all && !missing {
            continue;
        }
        if let Some(condition) = &case.condition
            && told != Some(condition)
        {
            page.detail(&format!("{}`{condition}`", if case.guard { "the guard's " } else { "" }));
        }
        told = case.condition.as_ref();
        page.detail_at(if case.condition.is_some() { 6 } else { 4 }, &said(case));
    }
}

fn said(case: &Case) -> String {
    let subject = if case.condition.is_none() { "the rule " } else { "" };
    let text = &case.text;
    match &case.state {
        State::Shown { fixture, times: 1 } => format!("{subject}{text}: {fixture}"),
        State::Shown { fixture, times } => format!("{subject}{text}: {fixture} and {} more", times - 1),
        State::Impossible => format!("{subject}{text}: no patient can show it"),
        State::Undecided => format!("{subject}{text}: no fixture; whether a patient could is undecided"),
        State::Missing { patient } if patient.0.facts.is_empty() => {
            format!("{subject}{text}: no fixture; try a patient of whom nothing is known")
        }
        State::Missing { patient } => {
            let facts: Vec<String> = patient.0.facts.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            format!("{subject}{text}: no fixture; try {}", facts.join(", "))
        }
    }
}
