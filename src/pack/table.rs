//! Tables of a pack's files, read key by key: every mistake is noted where it stands, and reading goes on.

use rust_decimal::Decimal;

use super::code::Severity;
use super::diagnostic::{Also, Diagnostic};
use super::format::{self, Key};
use super::mistake::Mistake;
use crate::input::document::{Entry, Kind, Node};
use crate::input::number::parse_decimal;
use crate::input::scalar::given_text;
use crate::input::source::Span;
use crate::model::name::nearest;
use crate::model::unit::Unit;

/// Mistakes as they are found.
#[derive(Debug, Default)]
pub struct Notes {
    /// The mistakes so far.
    pub diagnostics: Vec<Diagnostic>,
}

impl Notes {
    /// Notes a mistake.
    pub fn add(&mut self, file: usize, span: &Span, mistake: Mistake) {
        self.diagnostics.push(Diagnostic { file, span: span.clone(), mistake, also: Vec::new() });
    }

    /// Whether nothing so far keeps the pack from being used.
    pub fn is_sound(&self) -> bool {
        self.diagnostics.iter().all(|diagnostic| diagnostic.severity() != Severity::Error)
    }

    /// Notes a mistake that is about a second place, too.
    pub fn add_beside(&mut self, file: usize, span: &Span, mistake: Mistake, also: Also) {
        self.diagnostics.push(Diagnostic { file, span: span.clone(), mistake, also: vec![also] });
    }
}

/// A table of a file, and what to call it in messages.
#[derive(Clone, Copy)]
pub struct Table<'n, 's> {
    /// The file.
    pub file: usize,
    /// The table.
    pub node: &'n Node<'s>,
    /// Where the table's name stands.
    pub at: &'n Span,
    /// What it is: `rule`, `fact`, …
    pub what: &'static str,
    /// The keys it may have.
    keys: &'static [Key],
}

impl<'n, 's> Table<'n, 's> {
    /// A table with the keys it may have; every other is noted.
    pub fn read(
        (file, node, at): (usize, &'n Node<'s>, &'n Span),
        what: &'static str,
        keys: &'static [Key],
        notes: &mut Notes,
    ) -> Table<'n, 's> {
        let table = Table { file, node, at, what, keys };
        for entry in node.entries().unwrap_or_default() {
            if !keys.iter().any(|key| key.name == entry.key) {
                table.unknown_key(entry, notes);
            }
        }
        table
    }

    /// An entry's value as a table; a mistake if it is none.
    pub fn of(
        file: usize,
        entry: &'n Entry<'s>,
        what: &'static str,
        keys: &'static [Key],
        notes: &mut Notes,
    ) -> Option<Table<'n, 's>> {
        if entry.value.entries().is_none() {
            notes.add(file, &entry.value.span, wrong(&entry.key, &entry.value, "a table"));
            return None;
        }
        Some(Table::read((file, &entry.value, &entry.key_span), what, keys, notes))
    }

    fn unknown_key(&self, entry: &Entry, notes: &mut Notes) {
        let nearest = self.meant(entry).into_iter().map(String::from).collect();
        let accepted = self.keys.iter().map(|key| key.name.to_owned()).collect();
        let key = entry.key.to_string();
        let home = format::HOMES.iter().find(|(_, keys)| keys.iter().any(|key| key.name == entry.key));
        // At the top of a file only: a `setting` within a fact is none. (Constants have no one address.)
        let names = |keys: &'static [Key]| keys.iter().map(|key| key.name);
        let home = home.filter(|_| format::HOMES.iter().any(|(_, keys)| names(keys).eq(names(self.keys))));
        let home = home.map(|(file, _)| *file);
        let mistake = Mistake::UnknownKey { key, of: self.what, accepted, nearest, home };
        notes.add(self.file, &entry.key_span, mistake);
    }

    /// The keys that a key which means nothing may be a misspelling of.
    fn meant(&self, entry: &Entry) -> Vec<&'static str> {
        nearest(&entry.key, self.keys.iter().map(|key| key.name))
    }

    /// Whether a key means nothing here, which is noted already.
    pub fn has_unknown_key(&self) -> bool {
        let entries = self.node.entries().unwrap_or_default();
        entries.iter().any(|entry| !self.keys.iter().any(|key| key.name == entry.key))
    }

    /// Whether a key that is not there stands there misspelt, which is noted already.
    pub fn is_misspelt(&self, key: &str) -> bool {
        let entries = self.node.entries().unwrap_or_default();
        let mut unknown = entries.iter().filter(|entry| !self.keys.iter().any(|key| key.name == entry.key));
        unknown.any(|entry| self.meant(entry).contains(&key))
    }

    /// Notes that a key is not there.
    pub fn missing(&self, key: &'static str, help: &'static str, notes: &mut Notes) {
        if !self.is_misspelt(key) {
            notes.add(self.file, self.at, Mistake::MissingKey { key, of: format!("the {}", self.what), help });
        }
    }

    /// A text that must be there, and say something.
    pub fn needed(&self, key: &'static str, help: &'static str, notes: &mut Notes) -> Option<String> {
        let Some(node) = self.node.get(key) else {
            self.missing(key, help, notes);
            return None;
        };
        let text = self.text(key, notes)?;
        if text.trim().is_empty() {
            notes.add(self.file, &node.span, Mistake::Empty { key: key.to_owned(), help });
            return None;
        }
        Some(text)
    }

    /// A text.
    pub fn text(&self, key: &str, notes: &mut Notes) -> Option<String> {
        let node = self.node.get(key)?;
        self.expect(key, node, node.text().map(String::from), "a text", notes)
    }

    /// The entries of a table; none if the key is not there.
    pub fn entries(&self, key: &str, notes: &mut Notes) -> &'n [Entry<'s>] {
        let Some(node) = self.node.get(key) else { return &[] };
        self.expect(key, node, node.entries(), "a table", notes).unwrap_or_default()
    }

    /// The members of a list of tables, such as `[[rule]]`; none if the key is not there.
    pub fn tables(&self, key: &str, notes: &mut Notes) -> &'n [Node<'s>] {
        let Some(node) = self.node.get(key) else { return &[] };
        let accepted = format!("a list of tables, each under [[{key}]]");
        self.expect(key, node, node.items(), &accepted, notes).unwrap_or_default()
    }

    /// A list of texts, each with its place; empty if the key is not there.
    pub fn texts(&self, key: &str, notes: &mut Notes) -> Vec<(&'n str, &'n Span)> {
        let Some(node) = self.node.get(key) else { return Vec::new() };
        let text = |item: &'n Node<'s>| Some((item.text()?, &item.span));
        let read = node.items().and_then(|items| items.iter().map(text).collect::<Option<Vec<_>>>());
        self.expect(key, node, read, "a list of texts", notes).unwrap_or_default()
    }

    /// An exact decimal.
    pub fn number(&self, key: &str, notes: &mut Notes) -> Option<Decimal> {
        let node = self.node.get(key)?;
        self.expect(key, node, decimal(node), "a number of at most 28 digits", notes)
    }

    /// A unit.
    pub fn unit(&self, key: &str, notes: &mut Notes) -> Option<Unit> {
        let node = self.node.get(key)?;
        let text = self.text(key, notes)?;
        let unit = Unit::parse(&text);
        if unit.is_none() {
            notes.add(self.file, &node.span, Mistake::BadUnit { unit: text });
        }
        unit
    }

    /// One of a few words, by position.
    pub fn one_of(&self, key: &str, words: &[&str], notes: &mut Notes) -> Option<usize> {
        let node = self.node.get(key)?;
        let text = self.text(key, notes)?;
        let found = words.iter().position(|word| *word == text);
        if found.is_none() {
            let nearest = nearest(&text, words.iter().copied()).into_iter().map(String::from).collect();
            let accepted = words.iter().map(|word| (*word).to_owned()).collect();
            notes.add(
                self.file,
                &node.span,
                Mistake::NotOneOf { what: key.to_owned(), given: text, accepted, nearest },
            );
        }
        found
    }

    /// The value, or a mistake about what was given instead.
    pub fn expect<T>(&self, key: &str, node: &Node, read: Option<T>, accepted: &str, notes: &mut Notes) -> Option<T> {
        if read.is_none() {
            notes.add(self.file, &node.span, wrong(key, node, accepted));
        }
        read
    }
}

/// A node's number.
pub fn decimal(node: &Node) -> Option<Decimal> {
    match &node.kind {
        Kind::Integer(text) | Kind::Decimal(text) => parse_decimal(text),
        _ => None,
    }
}

fn wrong(key: &str, node: &Node, accepted: &str) -> Mistake {
    let given = match &node.kind {
        Kind::Table(_) | Kind::Array(_) => node.word().to_owned(),
        _ => format!("{} ({})", node.word(), given_text(node)),
    };
    Mistake::WrongType { what: key.to_owned(), given, accepted: accepted.to_owned() }
}
