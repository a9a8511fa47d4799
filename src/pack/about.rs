//! The definitions that a script disagrees with: a message points at them beside the script.

use crate::model::dictionary::FactId;

/// A definition that a script names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A fact.
    Fact(FactId),
    /// A field of a list's members; 0 where they are no records.
    Field(FactId, u16),
    /// A setting, by position.
    Setting(usize),
}

/// A definition, and what of it disagrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// The definition.
    pub subject: Subject,
    /// What of it.
    pub aspect: Aspect,
}

/// A part of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aspect {
    /// Its type.
    Type,
    /// Its values.
    Values,
    /// Its unit.
    Unit,
    /// Its plausible range.
    Limits,
    /// Its fields.
    Fields,
}
