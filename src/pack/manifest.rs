//! `pack.toml`: who the pack is, the documents it rests on, its settings, and the files of its vocabularies.

use super::format;
use super::item::{Item, Items};
use super::mistake::Mistake;
use super::program::Document;
use super::setting::{Setting, SettingValue};
use super::table::{Notes, Table, decimal};
use crate::input::document::{Entry, Kind, Node};

/// What the manifests of all layers come to.
pub struct Manifest {
    /// The top layer's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: String,
    /// Its notice, or the one it inherits.
    pub notice: String,
    /// The documents.
    pub documents: Items<Document>,
    /// The settings.
    pub settings: Items<Setting>,
    /// The vocabularies: name, and the file of each layer that adds to it.
    pub vocabularies: Items<Vec<(usize, String)>>,
}

impl Default for Manifest {
    fn default() -> Manifest {
        Manifest {
            id: String::new(),
            title: String::new(),
            version: String::new(),
            notice: String::new(),
            documents: Items::new("source"),
            settings: Items::new("setting"),
            vocabularies: Items::new("vocabulary"),
        }
    }
}

impl Manifest {
    /// Reads one layer's manifest over those below it.
    pub fn read(&mut self, file: usize, layer: usize, node: &Node, notes: &mut Notes) {
        let start = 0..0;
        let table = Table::read((file, node, &start), "pack", format::MANIFEST, notes);
        self.id =
            table.needed("id", "a short name for the pack, such as id = \"aldesleukin\"", notes).unwrap_or_default();
        self.title = table.needed("title", "what the pack decides, in a line", notes).unwrap_or_default();
        self.version = table.needed("version", "such as version = \"1.0.0\"", notes).unwrap_or_default();
        let inherits = !self.notice.is_empty() && node.get("notice").is_none();
        if !inherits {
            let help = "what a reader must know before trusting a verdict";
            self.notice = table.needed("notice", help, notes).unwrap_or_default();
        }
        table.text("base", notes);
        table.texts("drop", notes);
        for entry in table.entries("vocabulary", notes) {
            let help = "the name of its file";
            let Some(name) = entry.value.text() else {
                let given = entry.value.word().to_owned();
                let mistake = Mistake::WrongType { what: entry.key.to_string(), given, accepted: help.into() };
                notes.add(file, &entry.value.span, mistake);
                self.vocabularies.lost.push(entry.key.to_string());
                continue;
            };
            match self.vocabularies.position(&entry.key) {
                Some(known) => self.vocabularies.list[known].value.push((layer, name.to_owned())),
                None => self.vocabularies.add(item(entry, file, layer, vec![(layer, name.to_owned())]), notes),
            }
        }
        for entry in table.entries("source", notes) {
            match document(file, entry, notes) {
                Some(document) => self.documents.add(item(entry, file, layer, document), notes),
                None => self.documents.lost.push(entry.key.to_string()),
            }
        }
        for entry in table.entries("setting", notes) {
            match setting(file, entry, notes) {
                Some(setting) => self.settings.add(item(entry, file, layer, setting), notes),
                None => self.settings.lost.push(entry.key.to_string()),
            }
        }
    }
}

fn item<T>(entry: &Entry, file: usize, layer: usize, value: T) -> Item<T> {
    Item { name: entry.key.to_string(), layer, file, span: entry.key_span.clone(), value }
}

fn document(file: usize, entry: &Entry, notes: &mut Notes) -> Option<Document> {
    let table = Table::of(file, entry, "source", format::SOURCE, notes)?;
    let title = table.needed("title", "the title of the document", notes);
    let kind = table.needed("kind", "such as kind = \"label\"", notes);
    table.text("url", notes);
    let date = entry.value.get("date").and_then(|date| match &date.kind {
        Kind::Text(text) => Some(text.to_string()),
        Kind::Moment(text) | Kind::Integer(std::borrow::Cow::Owned(text)) => Some(text.clone()),
        _ => table.expect("date", date, None, "a date or a text", notes),
    });
    Some(Document { name: entry.key.to_string(), title: title?, kind: kind?, date })
}

fn setting(file: usize, entry: &Entry, notes: &mut Notes) -> Option<Setting> {
    let table = Table::of(file, entry, "setting", format::SETTING, notes)?;
    let unit = table.unit("unit", notes);
    let sound = unit.is_some() || entry.value.get("unit").is_none();
    let why = table.needed("why", "the reason for the value, and whether it is policy", notes);
    let Some(value) = entry.value.get("value") else {
        let help = "a number, or true or false";
        table.missing("value", help, notes);
        return None;
    };
    let read = match &value.kind {
        Kind::Bool(value) => Some(SettingValue::Bool(*value)),
        Kind::Integer(text) => text.parse().ok().map(SettingValue::Integer),
        _ => decimal(value).map(SettingValue::Number),
    };
    let value = table.expect("value", value, read, "a number, or true or false", notes)?;
    let unit = unit.filter(|unit| !unit.is_plain());
    sound.then_some(Setting { name: entry.key.to_string(), value, unit, why: why.unwrap_or_default() })
}
