//! `rules.toml`: rules as written, each with its one effect.

use super::diagnostic::Also;
use super::facts::{ScriptAt, script};
use super::format;
use super::item::{Item, Items};
use super::mistake::{Mistake, Thing};
use super::program::{Citation, Document, Effect};
use super::table::{Notes, Table};
use crate::input::document::{Entry, Node};
use crate::input::source::Span;

/// A rule as written. What it lacks is noted; what it has is checked all the same.
pub struct WrittenRule {
    /// What holds when it does not fire.
    pub title: String,
    /// What it does, with the script that it does it by: one, unless that is noted.
    pub effects: Vec<(Effect, ScriptAt)>,
    /// When it applies.
    pub guard: Option<ScriptAt>,
    /// Why.
    pub because: Option<ScriptAt>,
    /// What to do.
    pub next: Option<ScriptAt>,
    /// What it rests on: the document's name and place, the citation.
    pub cite: Vec<WrittenCitation>,
}

/// A citation as written.
pub struct WrittenCitation {
    file: usize,
    span: Span,
    document: String,
    at: Option<String>,
    dissent: Option<String>,
}

/// Reads a layer's rules.
pub fn read(file: usize, layer: usize, node: &Node, rules: &mut Items<WrittenRule>, notes: &mut Notes) {
    let top = 0..0;
    let table = Table::read((file, node, &top), "rule file", format::RULES, notes);
    for item in table.tables("rule", notes) {
        let table = Table::read((file, item, &item.span), "rule", format::RULE, notes);
        let id = table.needed("id", "a short name in kebab case, such as id = \"organ-allograft\"", notes);
        let value = rule(&table, notes);
        let at = item.get("id").map_or(&item.span, |id| &id.span).clone();
        // One without an id is checked, too.
        let name = id.unwrap_or_else(|| format!("rule at {file}:{}", at.start));
        rules.add(Item { name, layer, file, span: at, value }, notes);
    }
}

fn rule(table: &Table, notes: &mut Notes) -> WrittenRule {
    let title = table.needed("title", "what holds when the rule does not fire, in a line", notes);
    effects(table, notes);
    for key in ["when", "next"] {
        table.text(key, notes);
    }
    table.needed("because", "why, in words a coordinator reads; facts in braces", notes);
    let cite = citations(table, notes);
    let script = |key: &str| script(table.file, table.node, key);
    let effects = Effect::ALL.into_iter().filter_map(|effect| Some((effect, script(effect.word())?))).collect();
    let (because, guard, next) = (script("because"), script("when"), script("next"));
    WrittenRule { title: title.unwrap_or_default(), effects, guard, because, next, cite }
}

/// Notes several effects, at the second, and none at all.
fn effects(table: &Table, notes: &mut Notes) {
    let entries = table.node.entries().unwrap_or_default();
    let is_effect = |key: &str| Effect::ALL.iter().any(|effect| effect.word() == key);
    let given: Vec<&Entry> = entries.iter().filter(|entry| is_effect(&entry.key)).collect();
    for entry in &given {
        table.text(&entry.key, notes);
    }
    match given[..] {
        [_] => {}
        // A key that means nothing was meant for one.
        [] if table.has_unknown_key() => {}
        [] => notes.add(table.file, table.at, Mistake::Effects { given: Vec::new() }),
        [first, second, ..] => {
            let also = Also { file: table.file, span: first.key_span.clone(), text: "the first effect".into() };
            let given = given.iter().map(|entry| entry.key.to_string()).collect();
            notes.add_beside(table.file, &second.key_span, Mistake::Effects { given }, also);
        }
    }
}

fn citations(table: &Table, notes: &mut Notes) -> Vec<WrittenCitation> {
    let help = "the sources it rests on, such as cite = [{ source = \"monograph\", at = \"boxed warning\" }]";
    let Some(node) = table.node.get("cite") else {
        table.missing("cite", help, notes);
        return Vec::new();
    };
    let Some(items) = table.expect("cite", node, node.items(), "a list of sources", notes) else {
        return Vec::new();
    };
    if items.is_empty() {
        notes.add(table.file, &node.span, Mistake::MissingKey { key: "cite", of: "the rule".into(), help });
    }
    let mut cite = Vec::with_capacity(items.len());
    for item in items {
        if item.entries().is_none() {
            table.expect::<()>("cite", item, None, "tables, such as { source = \"monograph\" }", notes);
            continue;
        }
        let table = Table::read((table.file, item, &item.span), "citation", format::CITATION, notes);
        let document = table.needed("source", "a source of pack.toml", notes);
        let (at, dissent) = (table.text("at", notes), table.text("dissent", notes));
        if let (Some(document), Some(node)) = (document, item.get("source")) {
            cite.push(WrittenCitation { file: table.file, span: node.span.clone(), document, at, dissent });
        }
    }
    cite
}

impl WrittenRule {
    /// The citations with their documents found.
    pub fn citations(&self, documents: &Items<Document>, notes: &mut Notes) -> Vec<Citation> {
        let found = self.cite.iter().filter_map(|cite| {
            let document = documents.find(&cite.document, Thing::Source, (cite.file, &cite.span), notes)?;
            Some(Citation { document, at: cite.at.clone(), dissent: cite.dissent.clone() })
        });
        found.collect()
    }
}
