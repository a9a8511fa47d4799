//! A check that thinks: what is wrong with each script by itself, and then what is wrong with rules that read well.

use std::collections::BTreeMap;

use super::think::{Alike, What, alike, think};
use crate::input::document::Node;
use crate::input::source::{Span, Walk};
use crate::input::toml;
use crate::model::calendar::Date;
use crate::pack::checked::Checked;
use crate::pack::code::Severity;
use crate::pack::compile::{Depth, check_files};
use crate::pack::diagnostic::{Also, Diagnostic};
use crate::pack::mistake::Mistake;
use crate::pack::program::{Effect, Program, Rule};
use crate::pack::shelf::PackFiles;

/// Checks a pack. What rules mean is thought about once all of them can be read; `all` also notes what may well be
/// meant.
pub fn check(pack: &PackFiles, as_of: Date, all: bool) -> Checked {
    let mut checked = check_files(pack, Depth::Notes);
    let Some(program) = &checked.program else { return checked };
    let found: Vec<Diagnostic> = think(program, as_of)
        .into_iter()
        .filter_map(|thought| diagnostic(pack, program, thought.rule, thought.what))
        .collect();
    let alike = if all { alike(program, as_of) } else { Vec::new() };
    let found: Vec<Diagnostic> =
        found.into_iter().chain(alike.into_iter().filter_map(|alike| values(pack, alike))).collect();
    if found.is_empty() {
        return checked;
    }
    checked.sources = pack.sources();
    checked.diagnostics.extend(found);
    checked.diagnostics.sort_by_key(|diagnostic| (diagnostic.file, diagnostic.span.start));
    if checked.count(Severity::Error) > 0 {
        checked.program = None;
    }
    checked
}

fn diagnostic(pack: &PackFiles, program: &Program, rule: usize, what: What) -> Option<Diagnostic> {
    let own = &program.rules[rule];
    let id = |rule: usize| program.rules[rule].id.clone();
    let (mistake, others) = match what {
        What::NeverFires(clash) => (Mistake::NeverFires { rule: id(rule), clash }, Vec::new()),
        What::AlwaysFires(parts) => (Mistake::AlwaysFires { rule: id(rule), parts }, Vec::new()),
        What::Implied { by } => (Mistake::ImpliedRule { rule: id(rule), by: id(by) }, vec![by]),
        What::Same { other } => (Mistake::SameRule { rule: id(rule), other: id(other) }, vec![other]),
        What::NoCandidate { with, clash } => {
            let rules = std::iter::once(rule).chain(with.iter().copied()).map(id).collect();
            (Mistake::NoCandidate { rules, clash }, with)
        }
        What::Idle { part, guard } => (Mistake::IdleClause { rule: id(rule), part, guard }, Vec::new()),
    };
    let key = match mistake {
        Mistake::IdleClause { guard: true, .. } => "when",
        _ => own.effect.word(),
    };
    let (file, span) = script(pack, own, key)?;
    let mut also = reasons(pack, own, &mistake);
    also.extend(others.into_iter().filter_map(|other| {
        let other = &program.rules[other];
        let (file, span) = script(pack, other, other.effect.word())?;
        Some(Also { file, span, text: format!("the script of `{}`", other.id) })
    }));
    Some(Diagnostic { file, span, mistake, also })
}

/// What else a rule that never fires is about: its guard, and the facts whose limits keep it from that.
fn reasons(pack: &PackFiles, rule: &Rule, mistake: &Mistake) -> Vec<Also> {
    let Mistake::NeverFires { clash, .. } = mistake else { return Vec::new() };
    let guard = clash.is_of_guard().then(|| script(pack, rule, "when")).flatten();
    let guard = guard.map(|(file, span)| Also { file, span, text: "its guard".to_owned() });
    let facts = clash.limits.iter().filter_map(|(fact, _)| {
        let (file, span) = limits(pack, fact)?;
        Some(Also { file, span, text: format!("the limits of `{fact}`") })
    });
    guard.into_iter().chain(facts).collect()
}

fn values(pack: &PackFiles, alike: Alike) -> Option<Diagnostic> {
    let (file, span) = of_fact(pack, &alike.fact, |fact| Some(fact.get("values")?.span.clone()))?;
    let mistake = Mistake::AlikeValues { fact: alike.fact, values: alike.values };
    Some(Diagnostic { file, span, mistake, also: Vec::new() })
}

/// Where the scripts of rules stand: the file, and the line from 1. What is written again in a pack built on another counts.
pub fn places(pack: &PackFiles) -> BTreeMap<String, (String, usize)> {
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

/// Where the limits of a fact, or of a field of its records, stand.
fn limits(pack: &PackFiles, name: &str) -> Option<(usize, Span)> {
    let (fact, field) = name.split_once('.').map_or((name, None), |(fact, field)| (fact, Some(field)));
    of_fact(pack, fact, |node| {
        let node = field.map_or(Some(node), |field| node.get("field")?.get(field))?;
        let (min, max) = (node.get("min"), node.get("max"));
        Some(min.or(max)?.span.start..max.or(min)?.span.end)
    })
}

/// Where something of the definition of a fact stands.
fn of_fact(pack: &PackFiles, name: &str, find: impl Fn(&Node) -> Option<Span>) -> Option<(usize, Span)> {
    let files = pack.files.iter().enumerate().rev().filter(|(_, file)| file.name == "facts.toml");
    files.into_iter().find_map(|(index, file)| {
        let (node, _) = toml::parse(&file.source.text);
        let fact = ["fact", "derived"].iter().find_map(|kind| node.get(kind)?.get(name))?;
        Some((index, find(fact)?))
    })
}

/// Where a script of a rule stands.
fn script(pack: &PackFiles, rule: &Rule, key: &str) -> Option<(usize, Span)> {
    let files = pack.files.iter().enumerate().rev().filter(|(_, file)| file.name == "rules.toml");
    files.into_iter().find_map(|(index, file)| {
        let (node, _) = toml::parse(&file.source.text);
        let rules = node.get("rule")?.items()?.to_vec();
        let own = rules.iter().find(|own| own.get("id").and_then(|id| id.text()) == Some(&rule.id))?;
        Some((index, own.get(key)?.span.clone()))
    })
}
