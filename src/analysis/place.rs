//! Where rules, facts and classes stand in the files of a pack. What is written again in a pack built on another counts.

use std::collections::BTreeMap;

use crate::input::document::{Entry, Node};
use crate::input::source::{Span, Walk};
use crate::input::toml;
use crate::pack::program::{Effect, Rule};
use crate::pack::shelf::PackFiles;

/// A file of a pack, by position, and where in it.
pub type At = (usize, Span);

/// The scripts of all rules: the file, and the line from 1.
pub fn scripts(pack: &PackFiles) -> BTreeMap<String, (String, usize)> {
    let mut places = BTreeMap::new();
    for file in pack.files.iter().filter(|file| file.name == "rules.toml") {
        let (node, _) = toml::parse(&file.source.text);
        let mut walk = Walk::new(&file.source);
        for rule in node.get("rule").and_then(|rules| rules.items()).unwrap_or_default() {
            let script = Effect::ALL.iter().find_map(|effect| rule.get(effect.word()));
            if let Some((id, script)) = rule.get("id").and_then(|id| id.text()).zip(script) {
                places.insert(id.to_owned(), (file.source.name.clone(), walk.position(script.span.start).line));
            }
        }
    }
    places
}

/// A script of a rule, by its key.
pub fn script(pack: &PackFiles, rule: &Rule, key: &str) -> Option<At> {
    find(pack, "rules.toml", |node| {
        let rules = node.get("rule")?.items()?;
        let own = rules.iter().find(|own| own.get("id").and_then(|id| id.text()) == Some(&rule.id))?;
        Some(own.get(key)?.span.clone())
    })
}

/// The name of a fact where it is defined.
pub fn fact(pack: &PackFiles, name: &str) -> Option<At> {
    of_fact(pack, name, |entry| Some(entry.key_span.clone()))
}

/// The values of a choice: of a fact, or of a field of its records as `fact.field`.
pub fn values(pack: &PackFiles, name: &str) -> Option<At> {
    of_fact(pack, name, |entry| Some(entry.value.get("values")?.span.clone()))
}

/// The limits of a fact, or of a field of its records as `fact.field`.
pub fn limits(pack: &PackFiles, name: &str) -> Option<At> {
    of_fact(pack, name, |entry| {
        let (min, max) = (entry.value.get("min"), entry.value.get("max"));
        Some(min.or(max)?.span.start..max.or(min)?.span.end)
    })
}

/// The name of a class where it is defined.
pub fn class(pack: &PackFiles, vocabulary: &str, class: &str) -> Option<At> {
    let manifests = pack.files.iter().filter(|file| file.name == "pack.toml");
    let named: Vec<(usize, String)> = manifests
        .filter_map(|file| {
            let (node, _) = toml::parse(&file.source.text);
            Some((file.layer, node.get("vocabulary")?.get(vocabulary)?.text()?.to_owned()))
        })
        .collect();
    named.into_iter().rev().find_map(|(layer, name)| {
        let index = pack.files.iter().position(|file| file.layer == layer && file.name == name)?;
        let (node, _) = toml::parse(&pack.files[index].source.text);
        Some((index, entry(node.get("class")?, class)?.key_span.clone()))
    })
}

fn of_fact(pack: &PackFiles, name: &str, found: impl Fn(&Entry) -> Option<Span>) -> Option<At> {
    let (name, field) = name.split_once('.').map_or((name, None), |(name, field)| (name, Some(field)));
    find(pack, "facts.toml", |node| {
        let fact = ["fact", "derived"].iter().find_map(|kind| entry(node.get(kind)?, name))?;
        let own = field.map_or(Some(fact), |field| entry(fact.value.get("field")?, field))?;
        found(own)
    })
}

fn entry<'n, 's>(table: &'n Node<'s>, key: &str) -> Option<&'n Entry<'s>> {
    table.entries()?.iter().find(|entry| entry.key == key)
}

fn find(pack: &PackFiles, name: &str, found: impl Fn(&Node) -> Option<Span>) -> Option<At> {
    let files = pack.files.iter().enumerate().rev().filter(|(_, file)| file.name == name);
    files.into_iter().find_map(|(index, file)| {
        let (node, _) = toml::parse(&file.source.text);
        Some((index, found(&node)?))
    })
}
