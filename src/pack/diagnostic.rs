//! What a check finds in a pack: each mistake with the places it is about, in source order.

use super::code::Severity;
use super::mistake::Mistake;
use crate::input::source::{Position, Source, Span, Walk};

/// A mistake, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file, by position among the pack's sources.
    pub file: usize,
    /// Where in it; empty at the very beginning for the file as a whole.
    pub span: Span,
    /// What is wrong.
    pub mistake: Mistake,
    /// What else it is about: the definition that a script disagrees with, the first of two things of one name.
    pub also: Vec<Also>,
}

/// A second place of a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Also {
    /// The file.
    pub file: usize,
    /// Where in it.
    pub span: Span,
    /// What stands there.
    pub text: String,
}

impl Diagnostic {
    /// How much it weighs.
    pub fn severity(&self) -> Severity {
        self.mistake.code().severity()
    }

    /// Whether it is about a file as a whole.
    pub fn is_of_file(&self) -> bool {
        self.span == (0..0)
    }
}

/// Finds the lines and columns of diagnostics, file by file.
pub struct Places<'s> {
    sources: &'s [Source],
    walks: Vec<Walk<'s>>,
}

impl<'s> Places<'s> {
    /// Over a pack's files.
    pub fn new(sources: &'s [Source]) -> Places<'s> {
        Places { sources, walks: sources.iter().map(Walk::new).collect() }
    }

    /// The first and the last position of a stretch; the last is the one after its last character.
    pub fn range(&mut self, file: usize, span: &Span) -> (Position, Position) {
        let walk = &mut self.walks[file];
        (walk.position(span.start), walk.position(span.end))
    }

    /// `file:line:column`, or the file alone where the diagnostic is about all of it.
    pub fn of(&mut self, diagnostic: &Diagnostic) -> String {
        let name = &self.sources[diagnostic.file].name;
        if diagnostic.is_of_file() {
            return name.clone();
        }
        let (start, _) = self.range(diagnostic.file, &diagnostic.span);
        format!("{name}:{}:{}", start.line, start.column)
    }
}
