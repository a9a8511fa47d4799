//! What the rules came to, in the order in which a physician weighs it: bars, faults, what comes first, what to weigh,
//! what is worth knowing, and the requirements met.

use crate::engine::decide::{Decision, Outcome};
use crate::engine::verdict::{Cited, FactShown, Finding, Verdict};
use crate::pack::program::{Effect, Weight};
use crate::report::fact::{dated, detail, earlier};
use crate::report::layout::Page;

/// Lays out the findings.
pub fn findings(page: &mut Page, verdict: &Verdict) {
    let barred = verdict.at_best == Decision::NotACandidate;
    let at = |weight: Weight, state: Outcome| {
        verdict.findings.iter().filter(move |f| f.weight() == weight && f.state == state).collect::<Vec<_>>()
    };
    section(page, "Not a candidate because", "x ", &at(Weight::Barred, Outcome::Fires));
    faults(page, verdict);
    if barred {
        let also: Vec<&Finding> =
            [Weight::Deferred, Weight::Caution].iter().flat_map(|w| at(*w, Outcome::Fires)).collect();
        brief(page, "Would matter if there were no bar", "! ", &also);
    } else {
        section(page, "Must be treated or arranged first", "> ", &at(Weight::Deferred, Outcome::Fires));
        section(page, "A physician must weigh", "! ", &at(Weight::Caution, Outcome::Fires));
    }
    notes(page, &at(Weight::None, Outcome::Fires));
    met(page, verdict);
    let rest = |state: Outcome| {
        let other = |f: &&Finding| f.state == state && !(f.effect == Effect::Require && state == Outcome::Clear);
        verdict.findings.iter().filter(other).collect::<Vec<_>>()
    };
    titles(page, "Clear", &rest(Outcome::Clear));
    titles(page, "Does not apply", &rest(Outcome::NotApplicable));
}

fn section(page: &mut Page, heading: &str, mark: &str, findings: &[&Finding]) {
    if findings.is_empty() {
        return;
    }
    page.heading(heading);
    for finding in findings {
        item(page, mark, finding);
        citations(page, &finding.cite);
    }
}

/// A finding with the facts that its sentence does not say.
fn item(page: &mut Page, mark: &str, finding: &Finding) {
    page.item(mark, &finding.because, &finding.rule);
    let details: Vec<String> = finding.facts.iter().filter_map(detail).collect();
    if !details.is_empty() {
        page.detail(&details.join("; "));
    }
}

fn brief(page: &mut Page, heading: &str, mark: &str, findings: &[&Finding]) {
    if findings.is_empty() {
        return;
    }
    page.heading(heading);
    findings.iter().for_each(|finding| page.item(mark, &finding.because, &finding.rule));
}

fn notes(page: &mut Page, findings: &[&Finding]) {
    if findings.is_empty() {
        return;
    }
    page.heading("Worth knowing");
    findings.iter().for_each(|finding| item(page, "i ", finding));
}

fn faults(page: &mut Page, verdict: &Verdict) {
    let faults: Vec<&Finding> = verdict.findings.iter().filter(|f| f.state == Outcome::Fault).collect();
    if faults.is_empty() {
        return;
    }
    page.heading("NO RESULT: these rules failed and count as unknown; tell the author of the pack");
    for finding in faults {
        page.item("# ", &finding.title, &finding.rule);
        page.detail(finding.fault.as_deref().unwrap_or("no result"));
    }
}

fn citations(page: &mut Page, cite: &[Cited]) {
    let agree = cite.iter().filter(|cited| cited.dissent.is_none()).map(place).collect::<Vec<_>>();
    if !agree.is_empty() {
        page.detail(&format!("source: {}", agree.join("; ")));
    }
    for cited in cite {
        if let Some(dissent) = &cited.dissent {
            page.detail(&format!("but {}: {dissent}", place(cited)));
        }
    }
}

fn place(cited: &Cited) -> String {
    match &cited.at {
        Some(at) => format!("{} ({at})", cited.source),
        None => cited.source.clone(),
    }
}

fn met(page: &mut Page, verdict: &Verdict) {
    let met = |f: &&Finding| f.effect == Effect::Require && f.state == Outcome::Clear;
    let met: Vec<&Finding> = verdict.findings.iter().filter(met).collect();
    if met.is_empty() {
        return;
    }
    page.heading("Requirements met");
    for finding in met {
        let facts: Vec<String> = finding.facts.iter().filter_map(|fact| evidence(fact, &finding.title)).collect();
        let facts = if facts.is_empty() { String::new() } else { format!(": {}", facts.join("; ")) };
        page.item("+ ", &format!("{}{facts}", finding.title), "");
    }
}

/// What a met requirement rests on, without repeating its title.
fn evidence(fact: &FactShown, title: &str) -> Option<String> {
    let padded = |text: &str| format!(" {} ", text.to_lowercase());
    let spoken = fact.words == "yes" || padded(title).contains(&padded(&fact.words));
    let words = (!spoken).then(|| fact.words.clone());
    let parts: Vec<String> = words.into_iter().chain(dated(fact)).collect();
    let own = parts.join(", ");
    match (own.is_empty(), earlier(&fact.earlier)) {
        (true, None) => None,
        (true, Some(earlier)) => Some(earlier),
        (false, None) => Some(own),
        (false, Some(earlier)) => Some(format!("{own}; {earlier}")),
    }
}

fn titles(page: &mut Page, heading: &str, findings: &[&Finding]) {
    if findings.is_empty() {
        return;
    }
    page.heading(heading);
    findings.iter().for_each(|finding| page.item("- ", &finding.title, &finding.rule));
}
