//! What a change of a pack means: for each rule whether it can come to something else, and for the whole whether any
//! patient's verdict can, each with a patient who shows it or the proof that there is none.

use super::logic::{Answer, Bit};
use super::space::{RuleBits, Space};
use super::witness::{Witness, witness};
use crate::engine::decide::{Decision, Outcome};
use crate::engine::screen::Screening;
use crate::model::calendar::Date;
use crate::pack::program::Program;

/// So many patients that the solver finds are screened before it is called undecided.
const TRIES: usize = 40;

/// Whether something can be, and who shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It can: for this patient.
    Can(Witness),
    /// It cannot, for any patient.
    Cannot,
    /// Nobody was found, and there is no proof that there is nobody.
    Undecided,
}

/// How a rule of both packs differs.
#[derive(Clone, Debug)]
pub struct RuleChange {
    /// Its id.
    pub id: String,
    /// What it came to and comes to, with a patient for each that can be.
    pub changes: Vec<(Outcome, Outcome, Finding)>,
}

/// What a change means.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The rules of both packs that can come to something else, or may.
    pub rules: Vec<RuleChange>,
    /// How many rules of both packs come to the same for every patient.
    pub same: Vec<String>,
    /// The verdicts that can change into others.
    pub verdicts: Vec<(Decision, Decision, Finding)>,
    /// What is out of reach.
    pub beyond: Vec<String>,
}

/// How an outcome can change, the most telling first.
pub const MOVES: [(Outcome, Outcome); 6] = [
    (Outcome::Clear, Outcome::Fires),
    (Outcome::Fires, Outcome::Clear),
    (Outcome::Unknown, Outcome::Fires),
    (Outcome::Fires, Outcome::Unknown),
    (Outcome::Clear, Outcome::Unknown),
    (Outcome::Unknown, Outcome::Clear),
];

/// Compares two packs as of a day.
pub fn compare(old: &Program, new: &Program, as_of: Date) -> Comparison {
    let mut space = Space::new(vec![old, new], as_of);
    let (olds, news) = (space.rules(0), space.rules(1));
    let ease = Ease::new(&mut space);
    let mut rules = Vec::new();
    let mut same = Vec::new();
    for (index, rule) in old.rules.iter().enumerate() {
        let Some(place) = new.rules.iter().position(|own| own.id == rule.id) else { continue };
        let mut changes = Vec::new();
        for (was, is) in MOVES {
            let asked = [of(olds[index], was, &mut space), of(news[place], is, &mut space)];
            let shows = |screenings: &[Screening]| {
                told(screenings[0].outcomes[index]) == was && told(screenings[1].outcomes[place]) == is
            };
            match find(&mut space, &asked, &ease, shows) {
                Finding::Cannot => {}
                found => changes.push((was, is, found)),
            }
        }
        match changes.is_empty() {
            true => same.push(rule.id.clone()),
            false => rules.push(RuleChange { id: rule.id.clone(), changes }),
        }
    }
    let (was, is) = (space.verdicts(0, &olds), space.verdicts(1, &news));
    let mut verdicts = Vec::new();
    for (a, b) in pairs(&Decision::ALL) {
        let at = |verdict: Decision| Decision::ALL.iter().position(|own| *own == verdict).unwrap_or(0);
        let shows = |screenings: &[Screening]| screenings[0].decided.verdict == a && screenings[1].decided.verdict == b;
        match find(&mut space, &[was[at(a)], is[at(b)]], &ease, shows) {
            Finding::Cannot => {}
            found => verdicts.push((a, b, found)),
        }
    }
    Comparison { rules, same, verdicts, beyond: space.beyond.into_iter().collect() }
}

/// All pairs of different things.
pub fn pairs<T: Copy + PartialEq>(all: &[T]) -> Vec<(T, T)> {
    all.iter().flat_map(|a| all.iter().filter(move |b| *b != a).map(move |b| (*a, *b))).collect()
}

/// An outcome as one of those that are told apart.
pub fn told(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Fires => Outcome::Fires,
        Outcome::Unknown | Outcome::Fault => Outcome::Unknown,
        Outcome::Clear | Outcome::NotApplicable => Outcome::Clear,
    }
}

/// When a rule comes to an outcome, as far as outcomes are told apart.
pub fn of(rule: RuleBits, outcome: Outcome, space: &mut Space) -> Bit {
    match told(outcome) {
        Outcome::Fires => rule.fires,
        Outcome::Clear => rule.clear,
        _ => space.logic.and(&[!rule.fires, !rule.clear]),
    }
}

/// What makes a patient easy to understand: that everything is said outright, and that nothing contradicts.
pub struct Ease {
    outright: Vec<Bit>,
    consistent: Vec<Bit>,
}

impl Ease {
    /// What makes the patients of a space easy to understand.
    pub fn new(space: &mut Space) -> Ease {
        Ease { outright: space.outright(), consistent: space.consistent() }
    }
}

/// Looks for a patient of whom all of these hold, and screens them: first for one who is easy to understand.
pub fn find(space: &mut Space, asked: &[Bit], ease: &Ease, mut shows: impl FnMut(&[Screening]) -> bool) -> Finding {
    if space.logic.ask(asked) == Answer::No {
        return Finding::Cannot;
    }
    let refined = [space.refined];
    let easiest = [asked, &ease.consistent, &ease.outright, &refined].concat();
    let easy = [asked, &ease.consistent, &refined].concat();
    for wanted in [easiest, easy, [asked, &refined].concat()] {
        let mut all = wanted;
        for _ in 0..TRIES {
            if space.logic.ask(&all) == Answer::No {
                break;
            }
            if let Some(found) = witness(space, &mut shows) {
                return Finding::Can(found);
            }
            let tried = space.model();
            all.push(!space.logic.and(&tried));
        }
    }
    Finding::Undecided
}
