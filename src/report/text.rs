//! The verdict as a coordinator reads it: what it is, why, what to ask and what to do, in that order.

use std::io::{self, Write};

use super::fact::{dated, detail, earlier, past};
use super::layout::{Layout, Page};
use crate::engine::decide::{Decision, Outcome};
use crate::engine::verdict::{Cited, FactShown, Finding, Missing, Unchecked, Verdict};
use crate::pack::program::{Effect, Weight};

/// How many rules that could not change the verdict are named one by one.
const MOST_NAMED: usize = 4;

/// Writes a verdict.
pub fn write(verdict: &Verdict, layout: Layout, out: &mut impl Write) -> io::Result<()> {
    let mut page = Page::new(layout);
    headline(&mut page, verdict);
    conflicts(&mut page, verdict);
    findings(&mut page, verdict);
    questions(&mut page, verdict);
    next(&mut page, verdict);
    warnings(&mut page, verdict);
    policy(&mut page, verdict);
    quiet(&mut page, verdict);
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
    let deciding = deciding(verdict);
    match verdict.verdict {
        Decision::Incomplete => {
            let (best, worst) = (spoken(verdict.at_best), spoken(verdict.at_worst));
            page.paragraph(&format!("At best {best}, at worst {worst}: {deciding}."));
        }
        Decision::Deferred if verdict.at_worst == Decision::NotACandidate => {
            page.paragraph(&format!("Could still be not a candidate: {deciding}."));
        }
        _ => {}
    }
    if let Some(remarks) = &verdict.remarks {
        page.gap();
        page.hanging("Remarks: ", remarks);
    }
}

/// Which rules make the difference between best and worst.
fn deciding(verdict: &Verdict) -> String {
    let open = verdict.findings.iter().filter(|finding| finding.state.is_open());
    let deciding: Vec<&str> =
        open.filter(|f| Decision::from(f.weight()) == verdict.at_worst).map(|f| f.rule.as_str()).collect();
    let verb = if deciding.len() == 1 { "decides" } else { "decide" };
    format!("{} {verb}", few(&deciding, 4))
}

/// The first of many names.
fn few(names: &[&str], most: usize) -> String {
    if names.len() <= most + 1 {
        return match names {
            [] => "nothing".into(),
            [one] => (*one).to_owned(),
            [before @ .., last] => format!("{} and {last}", before.join(", ")),
        };
    }
    format!("{} and {} more", names[..most].join(", "), names.len() - most)
}

fn conflicts(page: &mut Page, verdict: &Verdict) {
    if verdict.conflicts.is_empty() {
        return;
    }
    page.heading("These cannot all be true, and count as unknown");
    for conflict in &verdict.conflicts {
        let parts = [("doubted", &conflict.doubts), ("incomplete", &conflict.lacks)].into_iter();
        let parts = parts.filter(|(_, facts)| !facts.is_empty());
        let parts: Vec<String> = parts.map(|(what, facts)| format!("{what}: {}", facts.join(", "))).collect();
        page.item("? ", &format!("{} ({})", conflict.because, parts.join("; ")), "");
    }
}

fn findings(page: &mut Page, verdict: &Verdict) {
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
    brief(page, "Worth knowing", "i ", &at(Weight::None, Outcome::Fires));
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
        page.item(mark, &finding.because, &finding.rule);
        let details: Vec<String> = finding.facts.iter().filter_map(detail).collect();
        if !details.is_empty() {
            page.detail(&details.join("; "));
        }
        citations(page, &finding.cite);
    }
}

fn brief(page: &mut Page, heading: &str, mark: &str, findings: &[&Finding]) {
    if findings.is_empty() {
        return;
    }
    page.heading(heading);
    findings.iter().for_each(|finding| page.item(mark, &finding.because, &finding.rule));
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

fn questions(page: &mut Page, verdict: &Verdict) {
    if verdict.missing.is_empty() {
        return;
    }
    page.heading("Ask next");
    for (index, missing) in verdict.missing.iter().enumerate() {
        page.item(&format!("{:>2}. ", index + 1), &missing.question, &missing.words);
        page.detail_at(4, &stake(missing));
    }
}

fn stake(missing: &Missing) -> String {
    let lead = match missing.state {
        "open" => "so far",
        "contradicted" => "given as",
        _ => "last result",
    };
    let last = missing.last.as_ref().filter(|_| missing.state != "bounded");
    let last = last.map(|last| format!("{lead} {}; ", past(last))).unwrap_or_default();
    let rules: Vec<&str> = missing.decides.iter().map(String::as_str).collect();
    format!("{last}decides {}: could be {}", few(&rules, 3), spoken(missing.could))
}

/// What to do: of rules that fire, and of requirements whose answer is still out; nothing where a bar is proven.
fn next(page: &mut Page, verdict: &Verdict) {
    if verdict.at_best == Decision::NotACandidate {
        return;
    }
    let mut steps: Vec<&str> = Vec::new();
    let awaited = |finding: &&Finding| finding.state == Outcome::Unknown && finding.effect == Effect::Require;
    let firing = verdict.findings.iter().filter(|finding| finding.state == Outcome::Fires);
    let open = verdict.findings.iter().filter(awaited);
    let deferred = verdict.verdict == Decision::Deferred;
    let ordered: Vec<&Finding> = if deferred { firing.chain(open).collect() } else { open.chain(firing).collect() };
    for step in ordered.into_iter().filter_map(|finding| finding.next.as_deref()) {
        if !steps.contains(&step) {
            steps.push(step);
        }
    }
    if steps.is_empty() {
        return;
    }
    page.heading("Next");
    steps.iter().for_each(|step| page.item("- ", step, ""));
}

fn warnings(page: &mut Page, verdict: &Verdict) {
    if verdict.warnings.is_empty() {
        return;
    }
    page.heading("Please check");
    verdict.warnings.iter().for_each(|warning| page.item("* ", &warning.message, ""));
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

/// What is left unsaid: rules that could not change the verdict, rules that are clear, and the notice.
fn quiet(page: &mut Page, verdict: &Verdict) {
    page.gap();
    if !verdict.unchecked.is_empty() {
        page.paragraph(&format!("Not known, would not change the verdict: {}.", unchecked(&verdict.unchecked)));
    }
    let hidden = verdict.hidden;
    let clear = count(hidden.clear, "rule clear", "rules clear");
    let idle = count(hidden.not_applicable, "does not apply", "do not apply");
    let counted: Vec<String> = clear.into_iter().chain(idle).collect();
    let counted =
        if counted.is_empty() { String::new() } else { format!("{} (--all shows them). ", counted.join(", ")) };
    page.paragraph(&format!("{counted}{}", verdict.notice));
}

/// Rules with the facts that leave them open; where there are many, those facts alone.
fn unchecked(unchecked: &[Unchecked]) -> String {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for open in unchecked {
        let labels = open.labels.join(", ");
        match groups.iter_mut().find(|(known, _)| *known == labels) {
            Some((_, rules)) => rules.push(&open.rule),
            None => groups.push((labels, vec![&open.rule])),
        }
    }
    if groups.len() > MOST_NAMED {
        let mut labels: Vec<&str> = unchecked.iter().flat_map(|open| open.labels.iter().map(String::as_str)).collect();
        labels.sort_unstable();
        labels.dedup();
        return format!("{} rules ({})", unchecked.len(), labels.join(", "));
    }
    let shown = groups.into_iter().map(|(labels, rules)| match rules.len() {
        _ if labels.is_empty() => rules.join(", "),
        count if count > MOST_NAMED => format!("{count} rules ({labels})"),
        _ => format!("{} ({labels})", rules.join(", ")),
    });
    shown.collect::<Vec<_>>().join("; ")
}

fn count(number: usize, one: &str, many: &str) -> Option<String> {
    match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{number} {many}")),
    }
}
