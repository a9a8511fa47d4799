//! Vocabulary files: classes and terms, with the names each goes by.

use std::collections::HashMap;

use super::item::{Item, Items};
use super::manifest::entries;
use super::mistake::Mistake;
use super::table::{Notes, Table};
use crate::input::document::{Entry, Node};
use crate::input::source::Span;
use crate::model::name::{RESERVED, fold, nearest};
use crate::model::vocabulary::{Concept, ConceptId, Vocabulary};

/// A term or class as written.
pub struct Written {
    is_class: bool,
    is: Vec<(String, Span)>,
    may_be: Vec<(String, Span)>,
    also: Vec<(String, Span)>,
    codes: Vec<(String, String)>,
    why: Option<String>,
}

/// Reads a vocabulary file of one layer over what lower layers define.
pub fn read(file: usize, layer: usize, node: &Node, concepts: &mut Items<Written>, notes: &mut Notes) {
    let top = 0..0;
    Table { file, node, at: &top, what: "vocabulary" }.only(&["class", "term"], notes);
    for (key, is_class) in [("class", true), ("term", false)] {
        for entry in entries(node, key) {
            if let Some(written) = concept(file, entry, is_class, notes) {
                let (name, span) = (entry.key.to_string(), entry.key_span.clone());
                concepts.add(Item { name, layer, file, span, value: written }, notes);
            }
        }
    }
}

fn concept(file: usize, entry: &Entry, is_class: bool, notes: &mut Notes) -> Option<Written> {
    let table = Table::of(file, entry, if is_class { "class" } else { "term" }, notes)?;
    let keys: &[&str] = if is_class { &["is", "also", "why"] } else { &["is", "also", "may_be", "codes", "why"] };
    table.only(keys, notes);
    let also = table.texts("also", notes);
    for (name, span) in
        also.iter().map(|(name, span)| (name.as_str(), span)).chain([(entry.key.as_ref(), &entry.key_span)])
    {
        let folded = fold(name);
        if RESERVED.contains(&folded.as_str()) || folded.starts_with("other:") || folded.is_empty() {
            let why = "it is the word for a state of a fact";
            notes.add(file, span, Mistake::BadName { what: "term", name: name.to_owned(), why });
        }
    }
    let codes = entries(&entry.value, "codes");
    let codes = codes.iter().filter_map(|code| Some((code.key.to_string(), code.value.text()?.to_owned()))).collect();
    let (is, may_be, why) = (table.texts("is", notes), table.texts("may_be", notes), table.text("why", notes));
    Some(Written { is_class, is, may_be, also, codes, why })
}

/// Resolves the names of a vocabulary.
pub fn build(name: &str, items: Items<Written>, notes: &mut Notes) -> Vocabulary {
    let mut ids: HashMap<String, usize> = HashMap::with_capacity(items.list.len() * 2);
    for (index, item) in items.list.iter().enumerate() {
        let own = (item.name.clone(), item.span.clone());
        for (name, span) in std::iter::once(&own).chain(&item.value.also) {
            let known = ids.insert(fold(name), index);
            if let Some(known) = known.filter(|known| *known != index) {
                let (name, other) = (name.clone(), items.list[known].name.clone());
                notes.add(item.file, span, Mistake::SharedName { name, other });
            }
        }
    }
    let concepts: Vec<Concept> = items.list.iter().map(|item| resolve(item, &items, &ids, notes)).collect();
    Vocabulary::new(name.to_owned(), concepts).unwrap_or_else(|names| {
        let first = items.list.iter().find(|item| names.contains(&item.name));
        if let Some(item) = first {
            notes.add(item.file, &item.span, Mistake::ConceptCycle { names });
        }
        Vocabulary::default()
    })
}

fn resolve(item: &Item<Written>, items: &Items<Written>, ids: &HashMap<String, usize>, notes: &mut Notes) -> Concept {
    let written = &item.value;
    let mut find = |names: &[(String, Span)], classes_only: bool| -> Vec<ConceptId> {
        let mut found = Vec::with_capacity(names.len());
        for (name, span) in names {
            let index = ids.get(&fold(name)).copied();
            match index.filter(|index| !classes_only || items.list[*index].value.is_class) {
                Some(index) => found.push(ConceptId(index as u32)),
                None => {
                    let known = items.list.iter().filter(|item| item.value.is_class).map(|item| item.name.as_str());
                    let nearest = nearest(name, known).into_iter().map(String::from).collect();
                    let what = if classes_only { "class" } else { "class or term" };
                    notes.add(item.file, span, Mistake::Unknown { what, name: name.clone(), nearest });
                }
            }
        }
        found
    };
    Concept {
        name: item.name.clone(),
        is_class: written.is_class,
        is: find(&written.is, written.is_class),
        may_be: find(&written.may_be, true),
        also: written.also.iter().map(|(name, _)| name.clone()).collect(),
        codes: written.codes.clone(),
        why: written.why.clone(),
    }
}
