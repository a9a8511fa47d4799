//! Definitions that nothing uses: facts, classes, settings and sources of the pack itself (what a base defines is not
//! for its heir to leave out).

use std::collections::BTreeSet;

use super::facts::WrittenFact;
use super::item::{Item, Items};
use super::mistake::Mistake;
use super::program::{Document, Phrase, Piece, Program};
use super::setting::Setting;
use super::table::Notes;
use crate::input::source::Span;
use crate::model::dictionary::FactId;
use crate::model::name::fold;
use crate::model::vocabulary::ConceptId;

/// What scripts and sentences name.
#[derive(Debug, Default)]
pub struct Used {
    /// Facts.
    pub facts: BTreeSet<FactId>,
    /// Settings, by position.
    pub settings: BTreeSet<usize>,
    /// Texts in quotes, folded: some are names of terms and classes.
    pub texts: BTreeSet<String>,
}

impl Used {
    /// Adds the texts in quotes of a script.
    pub fn script(&mut self, script: &str) {
        self.texts.extend(script.split('"').skip(1).step_by(2).map(|text| fold(text).into_owned()));
    }

    /// Adds what a sentence shows.
    pub fn phrase(&mut self, phrase: &Phrase) {
        for piece in &phrase.0 {
            match piece {
                Piece::Text(_) => {}
                Piece::Fact(fact) => drop(self.facts.insert(*fact)),
                Piece::Setting(setting) => drop(self.settings.insert(*setting)),
            }
        }
    }
}

/// What a pack defines, with the places.
pub struct Defined<'d> {
    /// The facts.
    pub facts: &'d Items<WrittenFact>,
    /// The settings.
    pub settings: &'d Items<Setting>,
    /// The documents.
    pub documents: &'d Items<Document>,
    /// The classes of each vocabulary: the vocabulary and the class, by position.
    pub classes: &'d [Item<(usize, ConceptId)>],
    /// The layer whose definitions are looked at.
    pub layer: usize,
}

/// Notes what is defined and not used.
pub fn note(program: &Program, used: &Used, defined: &Defined, notes: &mut Notes) {
    let mut unused = |what: &'static str, name: &str, layer: usize, file: usize, span: &Span| {
        if layer == defined.layer {
            notes.add(file, span, Mistake::Unused { what, name: name.to_owned() });
        }
    };
    for (item, (id, _)) in defined.facts.list.iter().zip(program.dictionary.facts()) {
        if !used.facts.contains(&id) {
            unused("fact", &item.name, item.layer, item.file, &item.span);
        }
    }
    let of_facts: BTreeSet<&str> = program
        .dictionary
        .facts()
        .flat_map(|(_, fact)| fact.max_age.iter().map(|age| &age.setting).chain(&fact.range_settings))
        .map(String::as_str)
        .collect();
    for (index, item) in defined.settings.list.iter().enumerate() {
        if !used.settings.contains(&index) && !of_facts.contains(item.name.as_str()) {
            unused("setting", &item.name, item.layer, item.file, &item.span);
        }
    }
    let cited: BTreeSet<usize> = program.rules.iter().flat_map(|rule| &rule.cite).map(|cite| cite.document).collect();
    for (index, item) in defined.documents.list.iter().enumerate() {
        if !cited.contains(&index) {
            unused("source", &item.name, item.layer, item.file, &item.span);
        }
    }
    for item in defined.classes {
        let (vocabulary, class) = item.value;
        let vocabulary = &program.dictionary.vocabularies()[vocabulary];
        let named = |id: &ConceptId| {
            let concept = vocabulary.concept(*id);
            std::iter::once(&concept.name).chain(&concept.also).any(|name| used.texts.contains(fold(name).as_ref()))
        };
        if !vocabulary.ancestors(class).iter().any(named) {
            unused("class", &item.name, item.layer, item.file, &item.span);
        }
    }
}
