//! What came of the mutants of a pack, as a value. The JSON report is this value; key order is part of the format.

use serde::Serialize;

use super::tally::Tally;
use crate::analysis::witness::Witness;
use crate::author::mutant::{Kind, Line};
use crate::engine::verdict::PackName;
use crate::pack::program::Rule;

/// The name of the format.
pub const SCHEMA: &str = "candidacy/mutate/1";

/// What came of the mutants of a pack.
#[derive(Clone, Debug, Serialize)]
pub struct Mutated {
    /// The name of the format.
    pub schema: &'static str,
    /// The pack.
    pub pack: PackName,
    /// How many fixtures were run against them.
    pub fixtures: usize,
    /// The day for which patients are shown: the latest of the fixtures.
    pub as_of: String,
    /// All mutants of rules and units together.
    #[serde(flatten)]
    pub total: Tally,
    /// The same kind by kind, without kinds that have none.
    pub kinds: Vec<OfKind>,
    /// The same rule by rule, in pack order.
    pub rules: Vec<OfRule>,
    /// Units that no fixture notices.
    pub units: Vec<UnitSurvivor>,
    /// Terms that leave a class; none where rules were picked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms: Option<Terms>,
    /// Facts that are left out of fixtures; none where rules were picked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facts: Option<Facts>,
}

/// The mutants of one kind.
#[derive(Clone, Debug, Serialize)]
pub struct OfKind {
    /// The kind.
    pub kind: Kind,
    /// How many there are.
    #[serde(flatten)]
    pub tally: Tally,
}

/// The mutants of one rule.
#[derive(Clone, Debug, Serialize)]
pub struct OfRule {
    /// The rule.
    pub rule: String,
    /// Its effect.
    pub effect: &'static str,
    /// How many there are.
    #[serde(flatten)]
    pub tally: Tally,
    /// Those that no fixture notices, in the order in which they are made.
    pub survivors: Vec<Survivor>,
    /// Those that some fixture notices, where they are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub noticed: Option<Vec<Noticed>>,
}

/// A mutant of a rule that no fixture notices.
#[derive(Clone, Debug, Serialize)]
pub struct Survivor {
    /// The mistake.
    pub kind: Kind,
    /// The lines of the rule that it changes.
    pub lines: Vec<Line>,
    /// A patient who would tell; none where nobody was found and there is no proof that there is nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient: Option<Patient>,
    /// The rule with the mistake.
    #[serde(skip)]
    pub mutated: Rule,
}

/// A mutant that a fixture notices.
#[derive(Clone, Debug, Serialize)]
pub struct Noticed {
    /// The mistake.
    pub kind: Kind,
    /// The lines of the rule that it changes.
    pub lines: Vec<Line>,
    /// The fixture.
    pub by: String,
}

/// A patient who tells a mutant from its rule.
#[derive(Clone, Debug, Serialize)]
pub struct Patient {
    /// What the rule comes to; of a mutant of its effect the verdict.
    pub was: &'static str,
    /// What the mutant comes to.
    pub is: &'static str,
    /// The patient as a referral.
    pub referral: String,
    /// What is said of each fact.
    #[serde(skip)]
    pub witness: Witness,
}

/// A unit ten times as large that no fixture notices.
#[derive(Clone, Debug, Serialize)]
pub struct UnitSurvivor {
    /// The fact, or the field of a list.
    pub fact: String,
    /// Its unit.
    pub was: String,
    /// The unit that it could as well have.
    pub is: String,
}

/// Terms that leave a class, of those that fixtures mention.
#[derive(Clone, Debug, Serialize)]
pub struct Terms {
    /// How many there are.
    #[serde(flatten)]
    pub tally: Tally,
    /// Those that no fixture notices.
    pub survivors: Vec<TermSurvivor>,
}

/// A term whose class no fixture notices.
#[derive(Clone, Debug, Serialize)]
pub struct TermSurvivor {
    /// The vocabulary.
    pub vocabulary: String,
    /// The class.
    pub class: String,
    /// The term.
    pub term: String,
    /// The rules that come to something else for it.
    pub rules: Vec<String>,
}

/// Facts left out of the fixtures that state them.
#[derive(Clone, Debug, Serialize)]
pub struct Facts {
    /// How many there are.
    #[serde(flatten)]
    pub tally: Tally,
    /// Those that make no difference.
    pub survivors: Vec<FactSurvivor>,
}

/// A fact that makes no difference to what its fixture expects.
#[derive(Clone, Debug, Serialize)]
pub struct FactSurvivor {
    /// The file.
    pub path: String,
    /// The fact.
    pub fact: String,
}
