//! `criteria.toml`: every criterion of the inventory a pack is built from, with the rules that decide it, or why none
//! does. With it nothing of the inventory is forgotten, and no rule stands for nothing.

use super::format;
use super::item::{Item, Items};
use super::mistake::{Mistake, Thing};
use super::program::Criterion;
use super::rules::WrittenRule;
use super::table::{Notes, Table};
use crate::input::document::{Entry, Node};
use crate::input::source::Span;

/// A criterion as written.
pub struct WrittenCriterion {
    rules: Vec<(String, Span)>,
    none: Option<String>,
}

/// Reads a layer's criteria.
pub fn read(file: usize, layer: usize, node: &Node, criteria: &mut Items<WrittenCriterion>, notes: &mut Notes) {
    let top = 0..0;
    let table = Table::read((file, node, &top), "list of criteria", format::CRITERIA, notes);
    for entry in table.entries("criterion", notes) {
        if let Some(value) = criterion(file, entry, notes) {
            let (name, span) = (entry.key.to_string(), entry.key_span.clone());
            criteria.add(Item { name, layer, file, span, value }, notes);
        }
    }
}

fn criterion(file: usize, entry: &Entry, notes: &mut Notes) -> Option<WrittenCriterion> {
    let table = Table::of(file, entry, "criterion", format::CRITERION, notes)?;
    let rules: Vec<(String, Span)> =
        table.texts("rules", notes).into_iter().map(|(name, span)| (name.to_owned(), span.clone())).collect();
    let none = table.text("none", notes);
    match (entry.value.get("rules"), entry.value.get("none")) {
        (None, None) => table.missing("rules", "the rules that decide it, or none = \"why there are none\"", notes),
        (Some(_), Some(none)) => {
            let why = "the criterion has rules".to_owned();
            notes.add(file, &none.span, Mistake::Misplaced { key: "none".to_owned(), why });
        }
        (Some(node), None) if node.items().is_some_and(<[_]>::is_empty) => {
            let help = "the rules that decide it, or none = \"why there are none\"";
            notes.add(file, &node.span, Mistake::Empty { key: "rules".to_owned(), help });
        }
        (None, Some(node)) if none.as_deref().is_some_and(|why| why.trim().is_empty()) => {
            notes.add(file, &node.span, Mistake::Empty { key: "none".to_owned(), help: "why no rule decides it" });
        }
        _ => {}
    }
    Some(WrittenCriterion { rules, none })
}

/// The criteria with their rules found. Where the top layer accounts for anything, it accounts for all its rules. What
/// a base accounts for may have been dropped since.
pub fn resolve(
    criteria: &Items<WrittenCriterion>,
    rules: &Items<WrittenRule>,
    top: usize,
    notes: &mut Notes,
) -> Vec<Criterion> {
    let mut resolved = Vec::with_capacity(criteria.list.len());
    for item in &criteria.list {
        let own = item.layer == top;
        let mut found = Vec::with_capacity(item.value.rules.len());
        for (name, span) in &item.value.rules {
            found.extend(match own {
                true => rules.find(name, Thing::Rule, (item.file, span), notes),
                false => rules.position(name),
            });
        }
        resolved.push(Criterion { id: item.name.clone(), rules: found, none: item.value.none.clone(), own });
    }
    // A criterion with a mistake may name any rule.
    let files: Vec<usize> = criteria.list.iter().map(|item| item.file).collect();
    let mistaken = notes.diagnostics.iter().any(|diagnostic| files.contains(&diagnostic.file));
    if !mistaken && resolved.iter().any(|criterion| criterion.own) {
        let mut decides = vec![false; rules.list.len()];
        resolved.iter().flat_map(|criterion| &criterion.rules).for_each(|rule| decides[*rule] = true);
        for (item, _) in rules.list.iter().zip(decides).filter(|(item, decides)| item.layer == top && !decides) {
            notes.add(item.file, &item.span, Mistake::Unaccounted { rule: item.name.clone() });
        }
    }
    resolved
}
