//! What a reader should know of the input: results from the future, terms that nobody knows, lists that are not there.

use std::collections::BTreeSet;

use super::screen::Screening;
use super::shown::Shown;
use super::verdict::Warning;
use crate::model::dictionary::{Fact, FactId};
use crate::model::value::{Term, Value};

/// The warnings, in dictionary order.
pub fn warnings(screening: &Screening, as_of_today: bool) -> Vec<Warning> {
    let shown = Shown { screening };
    let mut warnings = Vec::new();
    if as_of_today {
        let message = format!("no as-of date given: screened for today, {}", screening.settled.chart.as_of);
        warnings.push(Warning { kind: "as-of-today", fact: None, message, written: None });
    }
    for (id, fact) in screening.program.dictionary.facts() {
        let standing = &screening.settled.standings[id.index()];
        for index in &standing.unseen {
            let later = shown.statement(id, *index);
            let on = later.on.unwrap_or_default();
            let said = format!("\"{}\" is dated {on}, after this report's date, and was not used", later.value);
            warnings.push(about(fact, "after-as-of", &said));
        }
        if standing.nothing_to_close {
            warnings.push(about(fact, "nothing-to-close", "declared complete, but no list is on record"));
        }
        warnings.extend(of_terms(&shown, id, fact));
    }
    warnings
}

fn about(fact: &Fact, kind: &'static str, said: &str) -> Warning {
    Warning { kind, fact: Some(fact.name.clone()), message: format!("{}: {said}", fact.label), written: None }
}

/// The terms of a fact that are in no vocabulary, each once.
fn of_terms(shown: &Shown, id: FactId, fact: &Fact) -> Vec<Warning> {
    let mut seen = BTreeSet::new();
    let mut warnings = Vec::new();
    for (field, value) in parts(shown.screening.settled.chart.value(id)) {
        let warning = match value {
            Value::Term(Term::Unrecognised(text)) => {
                let near = shown.nearest_to(id, field, value);
                let hint = if near.is_empty() { String::new() } else { format!("; nearest: {}", near.join(", ")) };
                let said = format!("\"{text}\" is not recognised and counts as unknown{hint}");
                Warning { written: Some(text.to_string()), ..about(fact, "unrecognised", &said) }
            }
            Value::Term(Term::Other(_, text)) => {
                about(fact, "other-term", &format!("\"{text}\" was entered as other and is in no class"))
            }
            _ => continue,
        };
        if seen.insert(warning.message.clone()) {
            warnings.push(warning);
        }
    }
    warnings
}

/// The single values of a fact, with their fields.
fn parts(value: &Value) -> Vec<(usize, &Value)> {
    match value {
        Value::List(list) => list.members().flat_map(|fields| fields.iter().enumerate()).collect(),
        other => vec![(0, other)],
    }
}
