//! What came of a fixture in words, the same in every report that people read: how it differs, and why.

use crate::author::difference::{Difference, Given, Names};
use crate::author::trial::{Came, Reason, Trial, Trials};
use crate::author::why::Why;
use crate::engine::decide::{Decision, Outcome};
use crate::engine::verdict::{FactShown, Finding};
use crate::report::fact::detail;

/// How many rules, or groups of them, are told one by one.
const MOST_TOLD: usize = 8;

/// A line, and how far in it stands: 0 for what is told, 1 for what it rests on.
pub struct Line {
    /// The steps from the left.
    pub depth: usize,
    /// The words.
    pub text: String,
}

fn line(depth: usize, text: String) -> Line {
    Line { depth, text }
}

/// A sentence about a fixture that does not pass.
pub fn headline(trial: &Trial) -> String {
    let what = match trial.result {
        Came::Passed => "gives what it expects",
        Came::Accepted { .. } => "expects what it gives from now on",
        Came::Failed { .. } => "gives something else than it expects",
        Came::Rejected { .. } => "cannot be screened",
    };
    format!("{}: {what}", trial.title.as_deref().unwrap_or(&trial.case))
}

/// All that is to be said of a fixture that does not pass; nothing of one that does.
pub fn of(came: &Came) -> Vec<Line> {
    match came {
        Came::Passed | Came::Accepted { .. } => Vec::new(),
        Came::Failed { differences, got, why } => {
            let differing = differences.iter().map(|difference| line(0, differing(difference, got)));
            let reasons = reasons(differences, why);
            let heading = (!reasons.is_empty()).then(|| line(0, "why".into()));
            differing.chain(heading).chain(reasons).collect()
        }
        Came::Rejected { reasons } => reasons.iter().flat_map(reason).collect(),
    }
}

/// The key that differs and how: `fires     lacks seizures-past; organ-allograft fires too`.
fn differing(difference: &Difference, got: &Given) -> String {
    match difference {
        Difference::Expect => format!("expects nothing, gives {}", got.verdict.word()),
        Difference::Verdict { expected: None, got } => format!("verdict   expects none, got {}", got.word()),
        Difference::Verdict { expected: Some(expected), got } => {
            format!("verdict   expected {}, got {}", expected.word(), got.word())
        }
        Difference::Fires(names) => {
            let too = if names.adds.len() == 1 { "fires too" } else { "fire too" };
            let adds = (!names.adds.is_empty()).then(|| format!("{} {too}", names.adds.join(", ")));
            format!("fires     {}", lacking(names, adds))
        }
        Difference::Missing(names) => {
            let too = if names.adds.len() == 1 { "is asked for too" } else { "are asked for too" };
            let adds = (!names.adds.is_empty()).then(|| format!("{} {too}", names.adds.join(", ")));
            format!("missing   {}", lacking(names, adds))
        }
        Difference::Faults { rules } => {
            let have = if rules.len() == 1 { "has no result" } else { "have no result" };
            format!("fault     {} {have}", rules.join(", "))
        }
    }
}

fn lacking(names: &Names, adds: Option<String>) -> String {
    let lacks = (!names.lacks.is_empty()).then(|| format!("lacks {}", names.lacks.join(", ")));
    lacks.into_iter().chain(adds).collect::<Vec<_>>().join("; ")
}

/// What is expected from now on: of a verdict the old and the new one, of names those that go and those that come.
pub fn accepted(difference: &Difference, got: &Given) -> Vec<String> {
    let list = |names: &[String]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let verdict = |expected: Option<Decision>, got: Decision| {
        format!("verdict   {} -> {}", expected.map_or("nothing", Decision::word), got.word())
    };
    match difference {
        Difference::Expect => vec![
            verdict(None, got.verdict),
            format!("fires     nothing -> {}", list(&got.fires)),
            format!("missing   nothing -> {}", list(&got.missing)),
        ],
        Difference::Verdict { expected, got } => vec![verdict(*expected, *got)],
        Difference::Fires(names) => vec![format!("fires     {}", changed(names))],
        Difference::Missing(names) => vec![format!("missing   {}", changed(names))],
        Difference::Faults { .. } => Vec::new(),
    }
}

fn changed(names: &Names) -> String {
    let gone = names.lacks.iter().map(|name| format!("-{name}"));
    let come = names.adds.iter().map(|name| format!("+{name}"));
    gone.chain(come).collect::<Vec<_>>().join(" ")
}

/// The rules in question with the facts each rests on, and the facts in question by themselves.
fn reasons(differences: &[Difference], why: &Why) -> Vec<Line> {
    let of_verdict = |difference: &Difference| matches!(difference, Difference::Verdict { expected: Some(_), .. });
    if why.rules.is_empty() && differences.iter().any(of_verdict) {
        return vec![line(1, "no rule that weighs fires, and none is unknown".into())];
    }
    let groups = groups(&why.rules);
    let (told, more) = groups.split_at(groups.len().min(MOST_TOLD));
    let rules = told.iter().flat_map(|group| {
        let facts = group.facts.iter().map(|fact| line(2, fact.clone()));
        std::iter::once(line(1, came(&group.rules))).chain(facts)
    });
    let names: Vec<&str> = more.iter().flat_map(|group| &group.rules).map(|finding| finding.rule.as_str()).collect();
    let more = (!more.is_empty()).then(|| line(1, format!("and {} more: {}", names.len(), names.join(", "))));
    rules.chain(more).chain(why.facts.iter().filter_map(idle).map(|text| line(1, text))).collect()
}

/// Rules that are told together, for the same facts leave them unknown.
struct Group<'w> {
    rules: Vec<&'w Finding>,
    facts: Vec<String>,
}

fn groups(rules: &[Finding]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group> = Vec::new();
    for finding in rules {
        // Only the sentence of a rule that fires is shown, and says what it says of a fact.
        let told = if finding.state == Outcome::Fires { detail } else { whole };
        let facts: Vec<String> = finding.facts.iter().filter_map(told).collect();
        let unknown = |group: &&mut Group| group.rules.iter().all(|other| other.state == Outcome::Unknown);
        let same = groups.iter_mut().filter(unknown).find(|group| group.facts == facts);
        match same.filter(|_| finding.state == Outcome::Unknown) {
            Some(group) => group.rules.push(finding),
            None => groups.push(Group { rules: vec![finding], facts }),
        }
    }
    groups
}

/// What a rule, or several alike, came to.
fn came(rules: &[&Finding]) -> String {
    let names: Vec<String> =
        rules.iter().map(|finding| format!("{} ({})", finding.rule, finding.effect.word())).collect();
    let came = match rules {
        [finding] => match finding.state {
            Outcome::Fires => format!("fires: {}", finding.because),
            Outcome::Clear => format!("is clear: {}", finding.title),
            Outcome::NotApplicable => "does not apply".to_owned(),
            Outcome::Unknown => "is unknown".to_owned(),
            Outcome::Fault => format!("has no result: {}", finding.fault.as_deref().unwrap_or("it failed")),
        },
        _ => "are unknown".to_owned(),
    };
    format!("{} {came}", names.join(", "))
}

/// A fact of which nothing has been said yet. The words for a state may say the date.
fn whole(fact: &FactShown) -> Option<String> {
    let mut fact = FactShown { spoken: false, ..fact.clone() };
    let day = fact.on.as_ref().and_then(|on| on.split('T').next());
    if fact.state != "known" && day.is_some_and(|day| fact.words.contains(day)) {
        fact.on = None;
        fact.words.extend(fact.age.take().map(|age| format!(" ({age})")));
    }
    detail(&fact)
}

/// A fact that is not asked for.
fn idle(fact: &FactShown) -> Option<String> {
    let idle = if fact.state == "known" { "" } else { ", and no rule waits for it" };
    Some(format!("{}{idle}", whole(fact)?))
}

fn reason(reason: &Reason) -> Vec<Line> {
    let place = match (reason.line, reason.column) {
        (Some(line), Some(column)) => format!("{}:{line}:{column}", reason.file),
        _ => reason.file.clone(),
    };
    let said = line(0, format!("{place}: {}", reason.message));
    let help = reason.help.as_ref().map(|help| line(1, format!("help: {help}")));
    std::iter::once(said).chain(help).collect()
}

/// The last line: `45 passed, 0 failed`.
pub fn summary(trials: &Trials) -> String {
    let not_run = if trials.not_run == 0 { String::new() } else { format!(", {} not run", trials.not_run) };
    format!("{} passed, {} failed{not_run}", trials.passed, trials.failed)
}

/// Which rules and criteria no fixture tests, in a line each.
pub fn untested(trials: &Trials) -> Vec<(&'static str, String)> {
    let told = [
        ("no fixture fires: ", &trials.never_fired),
        ("no fixture clears: ", &trials.never_cleared),
        ("no fixture shows: ", &trials.never_shown),
    ];
    let told = told.into_iter().filter_map(|(lead, rules)| Some((lead, rules.as_ref()?.join(", "))));
    told.filter(|(_, rules)| !rules.is_empty()).collect()
}
