//! What scripts may name, and what a script comes to once its names are found.

use std::collections::BTreeSet;

use super::mistake::Mistake;
use super::setting::Setting;
use super::typing::Typed;
use crate::input::source::Position;
use crate::model::dictionary::{Dictionary, FactId};
use crate::model::name::nearest;

/// What a script means, or why that cannot be said.
#[derive(Default)]
pub struct Lowered {
    /// The meaning, where it has a place in the IR.
    pub meaning: Option<Typed>,
    /// Mistakes, with the helper file they stand in (none: the script itself).
    pub mistakes: Vec<(Option<usize>, Position, Mistake)>,
    /// The first construct without a place in the IR.
    pub unlowered: Option<(String, Position)>,
    /// The facts the script names.
    pub facts: BTreeSet<FactId>,
    /// The settings the script names, by position.
    pub settings: BTreeSet<usize>,
}

/// What scripts may name.
#[derive(Clone, Copy)]
pub struct Names<'p> {
    /// The dictionary.
    pub dictionary: &'p Dictionary,
    /// The settings.
    pub settings: &'p [Setting],
}

/// The mistake of a name that stands for nothing.
pub fn unknown(name: &str, names: Names) -> Mistake {
    let known = names.dictionary.facts().map(|(_, fact)| fact.name.as_str());
    let known = known.chain(names.settings.iter().map(|setting| setting.name.as_str()));
    let nearest = nearest(name, known).into_iter().map(String::from).collect();
    Mistake::Unknown { what: "fact or setting", name: name.to_owned(), nearest }
}

/// Whether a fact or a setting has a name, so that no local may.
pub fn is_taken(name: &str, names: Names) -> bool {
    let of_setting = || names.settings.iter().any(|setting| setting.name == name);
    name == "as_of" || names.dictionary.find(name).is_some() || of_setting()
}

/// The mistake of a local with such a name.
pub fn taken(name: &str) -> Mistake {
    Mistake::BadName { what: "local", name: name.to_owned(), why: "a fact or setting has it" }
}

/// The mistake of a helper that reads more than its parameters.
pub fn no_parameter(name: &str) -> Mistake {
    Mistake::Unknown { what: "parameter of the helper", name: name.to_owned(), nearest: Vec::new() }
}
