//! Real referrals under both packs: whose verdict changes, and by which rules.

use super::compare::told;
use crate::engine::decide::Decision;
use crate::engine::screen::Screening;

/// A referral whose verdict changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flip {
    /// Who: the patient, or the file.
    pub who: String,
    /// What it was.
    pub was: Decision,
    /// What it is.
    pub is: Decision,
    /// The rules that come to something else, or are in one pack only.
    pub by: Vec<String>,
}

/// How a referral's verdict changes, if it does.
pub fn flip(who: &str, old: &Screening, new: &Screening) -> Option<Flip> {
    let (was, is) = (old.decided.verdict, new.decided.verdict);
    if was == is {
        return None;
    }
    let of = |screening: &Screening, id: &str| {
        let place = screening.program.rules.iter().position(|rule| rule.id == id)?;
        Some(told(screening.outcomes[place]))
    };
    let ids = old.program.rules.iter().chain(&new.program.rules).map(|rule| rule.id.as_str());
    let mut by: Vec<String> = Vec::new();
    for id in ids {
        let (a, b) = (of(old, id), of(new, id));
        let clear = Some(crate::engine::decide::Outcome::Clear);
        if a != b && a.or(clear) != b.or(clear) && !by.iter().any(|own| own == id) {
            by.push(id.to_owned());
        }
    }
    Some(Flip { who: who.to_owned(), was, is, by })
}
