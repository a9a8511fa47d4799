//! The verdict as a coordinator reads it: what it is, why, what to ask and what to do, in that order.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::layout::{Layout, Page};
use super::names::few;
use crate::engine::decide::Decision;
use crate::engine::verdict::{Missing, Verdict, Warning};

mod findings;
mod questions;
mod quiet;

/// How many of the facts that make the difference the headline names.
const MOST_NAMED: usize = 3;

/// Writes a verdict.
pub fn write(verdict: &Verdict, layout: Layout, out: &mut impl Write) -> io::Result<()> {
    let mut page = Page::new(layout);
    headline(&mut page, verdict);
    conflicts(&mut page, verdict);
    findings::findings(&mut page, verdict);
    questions::questions(&mut page, verdict);
    questions::steps(&mut page, verdict);
    warnings(&mut page, verdict);
    policy(&mut page, verdict);
    quiet::quiet(&mut page, verdict);
    out.write_all(page.text().as_bytes())
}

/// The words for a verdict.
pub fn spoken(decision: Decision) -> &'static str {
    match decision {
        Decision::Candidate => "a candidate",
        Decision::CandidateWithCautions => "a candidate with cautions",
        Decision::Deferred => "deferred",
        Decision::NotACandidate => "not a candidate",
        Decision::Incomplete => "incomplete",
    }
}

fn headline(page: &mut Page, verdict: &Verdict) {
    let word = verdict.verdict.word().replace('-', " ").to_uppercase();
    let who = format!("{} as of {}", verdict.patient, verdict.as_of);
    let pack = format!("{} {}", verdict.pack.id, verdict.pack.version);
    page.headline(verdict.verdict, &word, &[&who, &pack]);
    match verdict.verdict {
        Decision::Incomplete => {
            let (best, worst) = (spoken(verdict.at_best), spoken(verdict.at_worst));
            page.paragraph(&format!("At best {best}, at worst {worst}; it depends on: {}.", deciding(verdict)));
        }
        Decision::Deferred if verdict.at_worst == Decision::NotACandidate => {
            page.paragraph(&format!("Could still be not a candidate; it depends on: {}.", deciding(verdict)));
        }
        _ => {}
    }
    if let Some(remarks) = &verdict.remarks {
        page.gap();
        page.hanging("Remarks: ", remarks);
    }
}

/// The facts that make the difference between best and worst; where it is a rule that failed, that.
fn deciding(verdict: &Verdict) -> String {
    let mut labels: Vec<&str> = Vec::new();
    for missing in verdict.missing.iter().filter(|missing| missing.could == verdict.at_worst) {
        if !labels.contains(&missing.label.as_str()) {
            labels.push(&missing.label);
        }
    }
    if labels.is_empty() { "a rule without a result".to_owned() } else { few(&labels, MOST_NAMED) }
}

fn conflicts(page: &mut Page, verdict: &Verdict) {
    if verdict.conflicts.is_empty() {
        return;
    }
    page.heading("These cannot all be true, and what is in doubt counts as unknown");
    for conflict in &verdict.conflicts {
        let parts = [("in doubt", &conflict.labels), ("perhaps not complete", &conflict.lacking)].into_iter();
        let parts = parts.filter(|(_, labels)| !labels.is_empty());
        let parts: Vec<String> = parts.map(|(what, labels)| format!("{what}: {}", labels.join(", "))).collect();
        let doubt = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join("; ")) };
        page.item("? ", &format!("{}{doubt}", conflict.because), "");
    }
}

/// The warnings, but for terms that a question names.
fn warnings(page: &mut Page, verdict: &Verdict) {
    let name = |missing: &Missing| missing.fact.split('[').next().map(String::from);
    let asked: BTreeSet<(Option<String>, &Option<String>)> =
        verdict.missing.iter().map(|missing| (name(missing), &missing.written)).collect();
    let said =
        |warning: &Warning| warning.written.is_some() && asked.contains(&(warning.fact.clone(), &warning.written));
    let warnings: Vec<&Warning> = verdict.warnings.iter().filter(|warning| !said(warning)).collect();
    if warnings.is_empty() {
        return;
    }
    page.heading("Please check");
    warnings.iter().for_each(|warning| page.item("* ", &warning.message, ""));
}

/// The policy values that a reader could question.
fn policy(page: &mut Page, verdict: &Verdict) {
    if verdict.settings.is_empty() {
        return;
    }
    page.heading("Policy values used");
    for setting in verdict.settings.iter().filter(|setting| setting.decides) {
        page.item("= ", &format!("{} {}: {}", setting.setting, setting.value, setting.why), "");
    }
    let others = verdict.settings.iter().filter(|setting| !setting.decides);
    let others: Vec<String> = others.map(|setting| format!("{} {}", setting.setting, setting.value)).collect();
    if !others.is_empty() {
        page.item("= ", &format!("{} (--all says why)", others.join(", ")), "");
    }
}
