//! Things a pack defines by name. A pack built on another replaces what it defines again and drops what it names.

use std::collections::hash_map::Entry;

use super::diagnostic::Also;
use super::mistake::{Mistake, Thing};
use super::table::Notes;
use crate::input::source::Span;
use crate::model::name::{Named, nearest};

/// A definition and where it stands.
#[derive(Clone, Debug)]
pub struct Item<T> {
    /// Its name.
    pub name: String,
    /// The layer that defines it.
    pub layer: usize,
    /// The file.
    pub file: usize,
    /// Where its name stands.
    pub span: Span,
    /// What it is.
    pub value: T,
}

/// Definitions of one kind, in order.
#[derive(Clone, Debug)]
pub struct Items<T> {
    what: &'static str,
    /// The definitions.
    pub list: Vec<Item<T>>,
    /// The names of definitions that have mistakes and cannot be used.
    pub lost: Vec<String>,
    /// Definitions whose name another has.
    pub doubled: Vec<Item<T>>,
    positions: Named<usize>,
}

impl<T> Items<T> {
    /// No definitions yet.
    pub fn new(what: &'static str) -> Items<T> {
        Items { what, list: Vec::new(), lost: Vec::new(), doubled: Vec::new(), positions: Named::default() }
    }

    /// Makes room for definitions that are about to be added.
    pub fn reserve(&mut self, further: usize) {
        self.list.reserve(further);
        self.positions.reserve(further);
    }

    /// Adds a definition; one of a lower layer gives way to it.
    pub fn add(&mut self, item: Item<T>, notes: &mut Notes) {
        match self.positions.entry(item.name.clone()) {
            Entry::Vacant(free) => {
                free.insert(self.list.len());
                self.list.push(item);
            }
            Entry::Occupied(known) if self.list[*known.get()].layer < item.layer => self.list[*known.get()] = item,
            Entry::Occupied(known) => {
                let first = &self.list[*known.get()];
                let also = Also { file: first.file, span: first.span.clone(), text: "first defined here".into() };
                let mistake = Mistake::Duplicate { what: self.what, name: item.name.clone() };
                notes.add_beside(item.file, &item.span, mistake, also);
                self.doubled.push(item);
            }
        }
    }

    /// Removes a definition; whether there was one.
    pub fn drop(&mut self, name: &str) -> bool {
        let Some(position) = self.positions.remove(name) else { return false };
        self.list.remove(position);
        self.positions.values_mut().filter(|other| **other > position).for_each(|other| *other -= 1);
        true
    }

    /// The position of a definition; a mistake at the place that names it if there is none.
    pub fn find(&self, name: &str, thing: Thing, (file, span): (usize, &Span), notes: &mut Notes) -> Option<usize> {
        let found = self.position(name);
        if found.is_none() {
            let nearest = nearest(name, self.list.iter().map(|item| item.name.as_str()));
            let nearest = nearest.into_iter().map(String::from).collect();
            notes.add(file, span, Mistake::Unknown { thing, name: name.to_owned(), nearest });
        }
        found
    }

    /// The position of a definition.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }
}
