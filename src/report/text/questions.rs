//! What to ask, what could come of the answer, and what to do next.

use crate::engine::decide::Decision;
use crate::engine::verdict::Verdict;
use crate::report::layout::Page;

/// Lays out the questions, numbered throughout, in groups by what the answers could do.
pub fn questions(page: &mut Page, verdict: &Verdict) {
    let mut before = None;
    for (index, missing) in verdict.missing.iter().enumerate() {
        if before != Some(missing.could) {
            let lead = if before.is_none() { "Ask next" } else { "Then ask" };
            page.heading(&format!("{lead}: {}", could(missing.could)));
        }
        before = Some(missing.could);
        page.item(&format!("{:>2}. ", index + 1), &missing.question, &missing.words);
        if let Some(said) = &missing.said {
            page.detail_at(4, said);
        }
        if verdict.all {
            page.detail_at(4, &format!("decides {}", missing.decides.join(", ")));
        }
    }
}

/// What an answer could make of the verdict, at worst.
fn could(worst: Decision) -> &'static str {
    match worst {
        Decision::NotACandidate => "could bar the patient",
        Decision::Deferred => "could defer treatment",
        Decision::CandidateWithCautions => "could add a caution",
        Decision::Candidate | Decision::Incomplete => "could matter",
    }
}

/// Lays out what to do.
pub fn steps(page: &mut Page, verdict: &Verdict) {
    if verdict.steps.is_empty() {
        return;
    }
    page.heading("Next");
    verdict.steps.iter().for_each(|step| page.item("- ", step, ""));
}
