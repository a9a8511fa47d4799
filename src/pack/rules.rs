//! `rules.toml`: rules as written, each with its one effect.

use super::facts::{ScriptAt, script};
use super::format;
use super::item::{Item, Items};
use super::mistake::Mistake;
use super::program::{Citation, Document, Effect};
use super::table::{Notes, Table};
use crate::input::document::Node;
use crate::input::source::Span;

/// A rule as written.
pub struct WrittenRule {
    /// What holds when it does not fire.
    pub title: String,
    /// What it does.
    pub effect: Effect,
    /// When it applies.
    pub guard: Option<ScriptAt>,
    /// What it asks.
    pub script: ScriptAt,
    /// Why.
    pub because: ScriptAt,
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
    let table = Table { file, node, at: &top, what: "rule file" };
    table.only(format::RULES, notes);
    for item in table.tables("rule", notes) {
        let table = Table { file, node: item, at: &item.span, what: "rule" };
        table.only(format::RULE, notes);
        let id = table.needed("id", "a short name in kebab case, such as id = \"organ-allograft\"", notes);
        let rule = rule(&table, notes);
        if let (Some(name), Some(value), Some(at)) = (id, rule, item.get("id")) {
            rules.add(Item { name, layer, file, span: at.span.clone(), value }, notes);
        }
    }
}

fn rule(table: &Table, notes: &mut Notes) -> Option<WrittenRule> {
    let title = table.needed("title", "what holds when the rule does not fire, in a line", notes);
    table.needed("because", "why, in words a coordinator reads; facts in braces", notes);
    let cite = citations(table, notes);
    let given: Vec<Effect> = Effect::ALL.into_iter().filter(|effect| table.node.get(effect.word()).is_some()).collect();
    let [effect] = given[..] else {
        let given = given.into_iter().map(|effect| effect.word().to_owned()).collect();
        notes.add(table.file, table.at, Mistake::Effects { given });
        return None;
    };
    for key in ["when", effect.word(), "next"] {
        table.text(key, notes);
    }
    let script = |key: &str| script(table.file, table.node, key);
    let (because, guard, next) = (script("because"), script("when"), script("next"));
    Some(WrittenRule { title: title?, effect, guard, script: script(effect.word())?, because: because?, next, cite })
}

fn citations(table: &Table, notes: &mut Notes) -> Vec<WrittenCitation> {
    let help = "the sources it rests on, such as cite = [{ source = \"monograph\", at = \"boxed warning\" }]";
    let Some(node) = table.node.get("cite") else {
        notes.add(table.file, table.at, Mistake::MissingKey { key: "cite", of: "the rule".into(), help });
        return Vec::new();
    };
    let items = table.expect("cite", node, node.items(), "a list of sources", notes).unwrap_or_default();
    if items.is_empty() {
        notes.add(table.file, &node.span, Mistake::MissingKey { key: "cite", of: "the rule".into(), help });
    }
    let mut cite = Vec::with_capacity(items.len());
    for item in items {
        let table = Table { file: table.file, node: item, at: &item.span, what: "citation" };
        table.only(format::CITATION, notes);
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
            let document = documents.find(&cite.document, cite.file, &cite.span, notes)?;
            Some(Citation { document, at: cite.at.clone(), dissent: cite.dissent.clone() })
        });
        found.collect()
    }
}
