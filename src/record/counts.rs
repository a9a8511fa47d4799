//! What became of the resources that were found: each of them counts once, and none is lost.

use super::found::Reads;
use super::intake::{Intake, Patient};

/// How many resources came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All that were found.
    pub found: usize,
    /// Those that say something of a fact.
    pub used: usize,
    /// Those of types that are read, and that say nothing of a fact.
    pub silent: usize,
    /// Those of types that nothing reads.
    pub passed_over: usize,
    /// Those about no patient who can be told.
    pub about_none: usize,
    /// Those that cannot be read.
    pub broken: usize,
}

impl Counts {
    /// What is known before patients are read. The patients must have been asked for.
    pub fn of(intake: &Intake) -> Counts {
        Counts {
            found: intake.found,
            used: 0,
            silent: intake.without_code,
            passed_over: intake.passed_over.values().sum(),
            about_none: intake.about_none,
            broken: intake.refused.len(),
        }
    }

    /// Adds what became of a patient's resources.
    pub fn add(&mut self, patient: &Patient, reads: &Reads) {
        self.used += reads.used;
        self.broken += reads.broken.len();
        self.silent += patient.resources.len() - reads.used - reads.broken.len();
    }

    /// Whether each resource is counted once. That is so when all patients are added.
    pub fn add_up(&self) -> bool {
        self.found == self.used + self.silent + self.passed_over + self.about_none + self.broken
    }
}
