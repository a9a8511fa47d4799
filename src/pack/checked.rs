//! What checking a pack comes to: a program to run, or all that keeps it from being one.

use super::code::Severity;
use super::diagnostic::{Diagnostic, Places};
use super::program::Program;
use crate::input::source::Source;

/// A pack with all that was found in it.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What the engine runs; none where there are errors.
    pub program: Option<Program>,
    /// The pack's files.
    pub sources: Vec<Source>,
    /// What was found, in source order.
    pub diagnostics: Vec<Diagnostic>,
}

impl Checked {
    /// How many diagnostics weigh that much.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity() == severity).count()
    }
}

/// A pack that cannot be used, with all that is wrong with it in source order.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The pack's files.
    pub sources: Vec<Source>,
    /// The mistakes.
    pub diagnostics: Vec<Diagnostic>,
}

impl Refused {
    /// Each mistake on a line of its own: place, code, message and help.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let mut places = Places::new(&self.sources);
        self.diagnostics.iter().map(move |diagnostic| {
            let (mistake, place) = (&diagnostic.mistake, places.of(diagnostic));
            let help = mistake.help().map(|help| format!(" ({help})")).unwrap_or_default();
            format!("{place}: {}: {}{help}", mistake.code().word(), mistake.message())
        })
    }
}
