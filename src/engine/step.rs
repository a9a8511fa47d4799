//! What to do next: the steps of rules that fire, and of requirements whose answer somebody has to go and get.

use super::cause::{Cause, Causes};
use super::decide::{Decision, Outcome};
use super::screen::Screening;
use super::shown::Shown;
use crate::model::value::State;
use crate::pack::program::{Effect, Phrase, Weight};

/// The steps, once each, in the order of the rules given; nothing where a bar is proven. A patient who waits in any case
/// has the steps of what fires first, any other those of open requirements.
pub fn steps(screening: &Screening, causes: &[Causes], order: &[usize]) -> Vec<String> {
    if screening.decided.at_best == Weight::Barred {
        return Vec::new();
    }
    let fires = order.iter().filter(|rule| screening.outcomes[**rule] == Outcome::Fires);
    let open = order.iter().filter(|rule| is_due(screening, &causes[**rule], **rule));
    let deferred = screening.decided.verdict == Decision::Deferred;
    let rules: Vec<usize> =
        if deferred { fires.chain(open).copied().collect() } else { open.chain(fires).copied().collect() };
    together(screening, causes, &rules)
}

/// Whether a requirement is open because a result has to be got: what is pending comes by itself, and what is
/// contradicted or not recognised is a question.
fn is_due(screening: &Screening, causes: &Causes, rule: usize) -> bool {
    let open = screening.outcomes[rule] == Outcome::Unknown;
    let got = |cause: &Cause| match cause.state {
        Some(State::NotSupplied | State::Unknown | State::NotDone | State::Stale | State::Undated | State::Bounded) => {
            true
        }
        Some(State::Pending | State::Unrecognised | State::Unreadable | State::Contradicted | State::Open) | None => {
            false
        }
    };
    open && screening.program.rules[rule].effect == Effect::Require && causes.facts.iter().any(got)
}

/// Rules that ask for the same have one step, which names the facts of all of them.
fn together(screening: &Screening, causes: &[Causes], rules: &[usize]) -> Vec<String> {
    let mut groups: Vec<(&Phrase, Vec<Cause>)> = Vec::new();
    for rule in rules {
        let Some(next) = &screening.program.rules[*rule].next else { continue };
        let named = causes[*rule].facts.iter().map(bare);
        match groups.iter_mut().find(|(phrase, _)| *phrase == next) {
            Some((_, all)) => all.extend(named),
            None => groups.push((next, named.collect())),
        }
    }
    let shown = Shown { screening };
    let mut steps: Vec<String> = Vec::with_capacity(groups.len());
    for (next, named) in groups {
        let step = shown.phrase(next, &named);
        if !steps.contains(&step) {
            steps.push(step);
        }
    }
    steps
}

/// The member that is meant, without why it is.
fn bare(cause: &Cause) -> Cause {
    Cause { field: None, matched: None, ..cause.clone() }
}
