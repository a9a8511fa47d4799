//! Vocabulary files: classes and terms, with the names each goes by.

use std::borrow::Cow;

use super::diagnostic::Also;
use super::format;
use super::item::{Item, Items};
use super::mistake::{Mistake, Thing};
use super::table::{Notes, Table};
use crate::input::document::{Entry, Node};
use crate::input::source::Span;
use crate::model::name::{Named, RESERVED, fold, nearest};
use crate::model::vocabulary::{Concept, ConceptId, Vocabulary};

/// A term or class as written.
pub struct Written<'n> {
    is_class: bool,
    name: Spelling<'n>,
    is: Vec<(&'n str, &'n Span)>,
    may_be: Vec<(&'n str, &'n Span)>,
    also: Vec<Spelling<'n>>,
    codes: Vec<(String, String)>,
    why: Option<String>,
}

/// A name as written, and in the form that names are compared in.
struct Spelling<'n> {
    text: &'n str,
    folded: Cow<'n, str>,
    span: &'n Span,
}

/// Reads a vocabulary file of one layer over what lower layers define.
pub fn read<'n>(file: usize, layer: usize, node: &'n Node, concepts: &mut Items<Written<'n>>, notes: &mut Notes) {
    let table = Table::read((file, node, &node.span), "vocabulary", format::VOCABULARY, notes);
    for (key, is_class) in [("class", true), ("term", false)] {
        let entries = table.entries(key, notes);
        concepts.reserve(entries.len());
        for entry in entries {
            let name = entry.key.to_string();
            match concept(file, entry, is_class, notes) {
                Some(value) => concepts.add(Item { name, layer, file, span: entry.key_span.clone(), value }, notes),
                None => concepts.lost.push(name),
            }
        }
    }
}

fn concept<'n>(file: usize, entry: &'n Entry, is_class: bool, notes: &mut Notes) -> Option<Written<'n>> {
    let (what, keys) = if is_class { ("class", format::CLASS) } else { ("term", format::TERM) };
    let table = Table::of(file, entry, what, keys, notes)?;
    let spelling = |(text, span): (&'n str, &'n Span)| Spelling { text, folded: fold(text), span };
    let name = spelling((&entry.key, &entry.key_span));
    let also: Vec<_> = table.texts("also", notes).into_iter().map(spelling).collect();
    for Spelling { text, folded, span } in std::iter::once(&name).chain(&also) {
        if RESERVED.contains(&folded.as_ref()) || folded.starts_with("other:") || folded.is_empty() {
            let why = "it is the word for a state of a fact";
            notes.add(file, span, Mistake::BadName { what: "term", name: (*text).to_owned(), why });
        }
    }
    let mut codes = Vec::new();
    for code in table.entries("codes", notes) {
        let text = table.expect(&code.key, &code.value, code.value.text(), "a code, as a text", notes);
        codes.extend(text.map(|text| (code.key.to_string(), text.to_owned())));
    }
    let (is, may_be, why) = (table.texts("is", notes), table.texts("may_be", notes), table.text("why", notes));
    Some(Written { is_class, name, is, may_be, also, codes, why })
}

/// The classes of a vocabulary with their places.
pub fn classes(vocabulary: usize, items: &Items<Written>) -> Vec<Item<(usize, ConceptId)>> {
    let classes = items.list.iter().enumerate().filter(|(_, item)| item.value.is_class);
    let place = |(index, item): (usize, &Item<Written>)| Item {
        name: item.name.clone(),
        layer: item.layer,
        file: item.file,
        span: item.span.clone(),
        value: (vocabulary, ConceptId(index as u32)),
    };
    classes.map(place).collect()
}

/// Resolves the names of a vocabulary; none where some belong to each other.
pub fn build(name: &str, items: Items<Written>, notes: &mut Notes) -> Option<Vocabulary> {
    let names = names(&items, notes);
    let classes = items.list.iter().filter(|item| item.value.is_class).map(|item| item.name.as_str()).collect();
    let links = Links { vocabulary: name, items: &items, names: &names, classes };
    let links: Vec<_> = items.list.iter().map(|item| links.of(item, notes)).collect();
    let places: Vec<(usize, Span)> = items.list.iter().map(|item| (item.file, item.span.clone())).collect();
    let concepts = items.list.into_iter().zip(links).map(|(item, (is, may_be))| Concept {
        name: item.name,
        is_class: item.value.is_class,
        is,
        may_be,
        also: item.value.also.iter().map(|spelling| spelling.text.to_owned()).collect(),
        codes: item.value.codes,
        why: item.value.why,
    });
    let built = Vocabulary::new(name.to_owned(), concepts.collect(), names);
    built
        .map_err(|cycle| {
            let (file, span) = &places[cycle[0].0.index()];
            notes.add(*file, span, Mistake::ConceptCycle { names: cycle.into_iter().map(|(_, name)| name).collect() });
        })
        .ok()
}

/// The concept of every name, folded.
fn names(items: &Items<Written>, notes: &mut Notes) -> Named<ConceptId> {
    let size = items.list.iter().map(|item| 1 + item.value.also.len()).sum();
    let mut names: Named<ConceptId> = Named::with_capacity_and_hasher(size, Default::default());
    for (index, item) in items.list.iter().enumerate() {
        let id = ConceptId(index as u32);
        for Spelling { text, folded, span } in std::iter::once(&item.value.name).chain(&item.value.also) {
            let known = names.insert(folded.to_string(), id);
            if let Some(known) = known.filter(|known| *known != id) {
                let other = &items.list[known.index()];
                let also = Also { file: other.file, span: other.span.clone(), text: format!("`{}`", other.name) };
                let mistake = Mistake::SharedName { name: text.to_string(), other: other.name.clone() };
                notes.add_beside(item.file, span, mistake, also);
            }
        }
    }
    names
}

/// Finds the concepts that a concept names.
struct Links<'i, 'n> {
    vocabulary: &'i str,
    items: &'i Items<Written<'n>>,
    names: &'i Named<ConceptId>,
    classes: Vec<&'i str>,
}

impl Links<'_, '_> {
    /// What a concept is, and what it may be.
    fn of(&self, item: &Item<Written>, notes: &mut Notes) -> (Vec<ConceptId>, Vec<ConceptId>) {
        let written = &item.value;
        let is = self.find(item, &written.is, written.is_class, notes);
        (is, self.find(item, &written.may_be, true, notes))
    }

    fn find(
        &self,
        item: &Item<Written>,
        wanted: &[(&str, &Span)],
        classes_only: bool,
        notes: &mut Notes,
    ) -> Vec<ConceptId> {
        let mut found = Vec::with_capacity(wanted.len());
        for (name, span) in wanted {
            let id = self.names.get(fold(name).as_ref()).copied();
            match id.filter(|id| !classes_only || self.items.list[id.index()].value.is_class) {
                Some(id) => found.push(id),
                None => {
                    let nearest = nearest(name, self.classes.iter().copied()).into_iter().map(String::from).collect();
                    let of = self.vocabulary.to_owned();
                    let thing = if classes_only { Thing::Class(of) } else { Thing::Term(of) };
                    notes.add(item.file, span, Mistake::Unknown { thing, name: (*name).to_owned(), nearest });
                }
            }
        }
        found
    }
}
