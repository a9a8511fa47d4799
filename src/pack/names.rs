//! What scripts may name, and what a script comes to once its names are found.

use std::collections::BTreeSet;

use super::about::About;
use super::advice::asks_unknown;
use super::mistake::{Mistake, Thing};
use super::setting::Setting;
use super::typed::Typed;
use crate::input::source::Position;
use crate::model::dictionary::{Dictionary, FactId, Scalar};
use crate::model::name::nearest;

/// What a script means, or why that cannot be said.
#[derive(Default)]
pub struct Lowered {
    /// The meaning, where it has a place in the IR.
    pub meaning: Option<Typed>,
    /// Its mistakes.
    pub mistakes: Vec<Misread>,

    /// The first construct without a place in the IR.
    pub unlowered: Option<(String, Position)>,
    /// The facts the script names.
    pub facts: BTreeSet<FactId>,
    /// The settings the script names, by position.
    pub settings: BTreeSet<usize>,
}

/// A mistake in a script.
#[derive(Clone, Debug, PartialEq)]
pub struct Misread {
    /// The helper file it stands in; none: the script itself.
    pub helper: Option<usize>,
    /// Where; none: the script as a whole.
    pub at: Option<Position>,
    /// What is wrong.
    pub mistake: Mistake,
    /// The definitions it is about.
    pub about: Vec<About>,
    /// Where the script calls the helper.
    pub called: Option<Position>,
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
    if asks_unknown(name) {
        return Mistake::AsksUnknown { word: name.to_owned() };
    }
    let choices =
        names.dictionary.facts().flat_map(|(_, fact)| (0..fact.fields().len().max(1)).map(|f| fact.field_domain(f)));
    let mut scalars = choices.map(|domain| &domain.scalar);
    if scalars.any(|scalar| matches!(scalar, Scalar::Choice(values) if values.iter().any(|value| value == name))) {
        return Mistake::Unquoted { name: name.to_owned() };
    }
    let known = names.dictionary.facts().map(|(_, fact)| fact.name.as_str());
    let known = known.chain(names.settings.iter().map(|setting| setting.name.as_str()));
    let nearest = nearest(name, known).into_iter().map(String::from).collect();
    Mistake::Unknown { thing: Thing::Name, name: name.to_owned(), nearest }
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
