//! What a report leaves unsaid: facts that nobody needs, rules that are clear, and the notice.

use crate::engine::decide::Decision;
use crate::engine::verdict::Verdict;
use crate::report::layout::Page;
use crate::report::names::few;

/// How many facts that could not change the verdict are named.
const MOST_NAMED: usize = 6;

/// Lays out the last lines.
pub fn quiet(page: &mut Page, verdict: &Verdict) {
    page.gap();
    let labels = idle(verdict);
    if !labels.is_empty() {
        page.paragraph(&unasked(verdict, &labels));
    }
    let hidden = verdict.hidden;
    let clear = count(hidden.clear, "rule clear", "rules clear");
    let idle = count(hidden.not_applicable, "does not apply", "do not apply");
    let counted: Vec<String> = clear.into_iter().chain(idle).collect();
    let counted =
        if counted.is_empty() { String::new() } else { format!("{} (--all shows them). ", counted.join(", ")) };
    page.paragraph(&format!("{counted}{}", verdict.notice));
}

/// The facts that leave rules open which could not change the verdict, but for those that are asked for.
fn idle(verdict: &Verdict) -> Vec<&str> {
    let mut idle: Vec<&str> = Vec::new();
    for label in verdict.unchecked.iter().flat_map(|open| &open.labels) {
        let asked = verdict.missing.iter().any(|missing| missing.label == *label);
        if !asked && !idle.contains(&label.as_str()) {
            idle.push(label);
        }
    }
    idle
}

fn unasked(verdict: &Verdict, labels: &[&str]) -> String {
    let many = labels.len() > MOST_NAMED + 1 && !verdict.all;
    if verdict.at_best == Decision::NotACandidate {
        let facts = if many { format!("{} facts (--all names them)", labels.len()) } else { few(labels, labels.len()) };
        return format!("Not asked, as no answer would lift the bar: {facts}.");
    }
    let named = few(labels, if many { MOST_NAMED } else { labels.len() });
    let hint = if many { " (--all names them)" } else { "" };
    format!("Not known, would not change the verdict: {named}{hint}.")
}

fn count(number: usize, one: &str, many: &str) -> Option<String> {
    match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{number} {many}")),
    }
}
