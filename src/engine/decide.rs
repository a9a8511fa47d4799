//! From what every rule came to, to the verdict: the range between every unknown rule clear and every one firing.

use schemars::JsonSchema;
use serde::Serialize;

use crate::pack::program::Weight;

/// What one rule came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It fires.
    Fires,
    /// It has no result; counts as unknown.
    Fault,
    /// What is known does not settle it.
    Unknown,
    /// It does not fire.
    Clear,
    /// Its guard is false.
    NotApplicable,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Outcome; 5] =
        [Outcome::Fires, Outcome::Fault, Outcome::Unknown, Outcome::Clear, Outcome::NotApplicable];

    /// The word for it in every report.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Fires => "fires",
            Outcome::Fault => "fault",
            Outcome::Unknown => "unknown",
            Outcome::Clear => "clear",
            Outcome::NotApplicable => "not-applicable",
        }
    }

    /// Whether the rule may yet fire.
    pub fn is_open(self) -> bool {
        matches!(self, Outcome::Unknown | Outcome::Fault)
    }
}

/// What the findings come to together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Nothing stands against treatment.
    Candidate,
    /// A physician must weigh something.
    CandidateWithCautions,
    /// Something must be treated or arranged first.
    Deferred,
    /// The patient is barred.
    NotACandidate,
    /// What is missing could change the verdict.
    Incomplete,
}

impl Decision {
    /// Every verdict.
    pub const ALL: [Decision; 5] = [
        Decision::Candidate,
        Decision::CandidateWithCautions,
        Decision::Deferred,
        Decision::NotACandidate,
        Decision::Incomplete,
    ];

    /// The word for it in every report.
    pub fn word(self) -> &'static str {
        match self {
            Decision::Candidate => "candidate",
            Decision::CandidateWithCautions => "candidate-with-cautions",
            Decision::Deferred => "deferred",
            Decision::NotACandidate => "not-a-candidate",
            Decision::Incomplete => "incomplete",
        }
    }
}

impl From<Weight> for Decision {
    fn from(weight: Weight) -> Decision {
        match weight {
            Weight::None => Decision::Candidate,
            Weight::Caution => Decision::CandidateWithCautions,
            Weight::Deferred => Decision::Deferred,
            Weight::Barred => Decision::NotACandidate,
        }
    }
}

/// The verdict and the range it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The verdict.
    pub verdict: Decision,
    /// The weight if every unknown rule is clear.
    pub at_best: Weight,
    /// The weight if every unknown rule fires.
    pub at_worst: Weight,
}

/// Decides over rules with their weights and outcomes.
pub fn decide(findings: impl Iterator<Item = (Weight, Outcome)>) -> Decided {
    let (mut at_best, mut at_worst) = (Weight::None, Weight::None);
    for (weight, outcome) in findings {
        match outcome {
            Outcome::Fires => {
                at_best = at_best.max(weight);
                at_worst = at_worst.max(weight);
            }
            Outcome::Unknown | Outcome::Fault => at_worst = at_worst.max(weight),
            Outcome::Clear | Outcome::NotApplicable => {}
        }
    }
    let settled = at_best == at_worst || at_best == Weight::Deferred;
    let verdict = if settled { at_best.into() } else { Decision::Incomplete };
    Decided { verdict, at_best, at_worst }
}
