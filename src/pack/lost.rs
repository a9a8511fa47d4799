//! What must not be reported because it follows from something that is: a name whose definition has mistakes of its
//! own, or stands in a file that could not be read, is not unknown to the author.

use std::collections::BTreeSet;

use super::mistake::{Mistake, Thing};

/// What a name may be defined as.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// A fact, derived or not.
    Fact,
    /// A field of this list's records.
    Field(String),
    /// A setting.
    Setting,
    /// A document.
    Source,
    /// A vocabulary.
    Vocabulary,
    /// A term or class of this vocabulary.
    Concept(String),
    /// A helper.
    Function,
    /// A rule or conflict.
    Rule,
}

/// Names that have been lost on the way.
#[derive(Debug, Default)]
pub struct Lost<'t> {
    names: BTreeSet<(Sort, String)>,
    /// Files with syntax errors: what they name may be defined there.
    texts: Vec<(Sort, &'t str)>,
    /// Whole files that are missing.
    sorts: BTreeSet<Sort>,
    /// The base is missing, and could define anything.
    all: bool,
}

impl<'t> Lost<'t> {
    /// A definition that cannot be used.
    pub fn name(&mut self, sort: Sort, name: &str) {
        self.names.insert((sort, name.to_owned()));
    }

    /// A file of definitions with syntax errors.
    pub fn text(&mut self, sort: Sort, text: &'t str) {
        self.texts.push((sort, text));
    }

    /// A file of definitions that cannot be read.
    pub fn sort(&mut self, sort: Sort) {
        self.sorts.insert(sort);
    }

    /// The pack that this one builds on.
    pub fn base(&mut self) {
        self.all = true;
    }

    /// Whether a file of such definitions could not be read, or not wholly.
    pub fn touches(&self, sort: &Sort) -> bool {
        self.all || self.sorts.contains(sort) || self.texts.iter().any(|(of, _)| of == sort)
    }

    /// Whether a mistake follows from what was lost.
    pub fn explains(&self, mistake: &Mistake) -> bool {
        match mistake {
            Mistake::Unknown { thing, name, .. } => {
                self.all || sorts(thing).iter().any(|sort| self.holds(sort, name)) || self.holds_owner(thing)
            }
            Mistake::UnknownFunction { name, .. } => self.holds(&Sort::Function, name),
            // It may be the base's.
            Mistake::MissingKey { key: "notice", .. } => self.all,
            Mistake::UnknownDrop { .. } => self.all || !self.sorts.is_empty() || !self.texts.is_empty(),
            _ => false,
        }
    }

    fn holds(&self, sort: &Sort, name: &str) -> bool {
        self.all
            || self.sorts.contains(sort)
            || self.names.contains(&(sort.clone(), name.to_owned()))
            || self.texts.iter().any(|(of, text)| of == sort && has_word(text, name))
    }

    /// A vocabulary or list that is lost takes what it holds with it.
    fn holds_owner(&self, thing: &Thing) -> bool {
        match thing {
            Thing::Term(vocabulary) | Thing::Class(vocabulary) => self.holds(&Sort::Vocabulary, vocabulary),
            Thing::Field(list) => self.holds(&Sort::Fact, list),
            Thing::Name | Thing::Fact | Thing::Setting | Thing::Source | Thing::Vocabulary | Thing::Rule => false,
        }
    }
}

/// What a thing that a script names may be defined as.
fn sorts(thing: &Thing) -> Vec<Sort> {
    match thing {
        Thing::Name => vec![Sort::Fact, Sort::Setting],
        Thing::Fact => vec![Sort::Fact],
        Thing::Field(list) => vec![Sort::Field(list.clone()), Sort::Fact],
        Thing::Setting => vec![Sort::Setting],
        Thing::Source => vec![Sort::Source],
        Thing::Class(vocabulary) | Thing::Term(vocabulary) => vec![Sort::Concept(vocabulary.clone())],
        Thing::Vocabulary => vec![Sort::Vocabulary],
        Thing::Rule => vec![Sort::Rule],
    }
}

/// Whether a text holds a name, and not as a part of a longer one.
pub fn has_word(text: &str, name: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    !name.is_empty()
        && text
            .match_indices(name)
            .any(|(at, _)| !text[..at].ends_with(part) && !text[at + name.len()..].starts_with(part))
}
