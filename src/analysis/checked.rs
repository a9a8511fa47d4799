//! A check that thinks: what is wrong with each script by itself, and then what is wrong with rules that read well.

use std::collections::BTreeMap;

use super::think::{Alike, What, alike, think};
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
    let (mistake, other) = match what {
        What::NeverFires { guard } => (Mistake::NeverFires { rule: id(rule), guard }, None),
        What::AlwaysFires => (Mistake::AlwaysFires { rule: id(rule) }, None),
        What::Implied { by } => (Mistake::ImpliedRule { rule: id(rule), by: id(by) }, Some(by)),
        What::Same { other } => (Mistake::SameRule { rule: id(rule), other: id(other) }, Some(other)),
        What::NoCandidate { with } => {
            (Mistake::NoCandidate { rule: id(rule), with: id(with) }, Some(with).filter(|with| *with != rule))
        }
        What::Idle { part, guard } => (Mistake::IdleClause { rule: id(rule), part, guard }, None),
    };
    let key = match mistake {
        Mistake::IdleClause { guard: true, .. } => "when",
        _ => own.effect.word(),
    };
    let (file, span) = script(pack, own, key)?;
    let also = other.and_then(|other| {
        let other = &program.rules[other];
        let (file, span) = script(pack, other, other.effect.word())?;
        Some(Also { file, span, text: format!("the script of `{}`", other.id) })
    });
    Some(Diagnostic { file, span, mistake, also: also.into_iter().collect() })
}

fn values(pack: &PackFiles, alike: Alike) -> Option<Diagnostic> {
    let files = pack.files.iter().enumerate().rev().filter(|(_, file)| file.name == "facts.toml");
    let (file, span) = files.into_iter().find_map(|(index, file)| {
        let (node, _) = toml::parse(&file.source.text);
        let values = ["fact", "derived"].iter().find_map(|kind| node.get(kind)?.get(&alike.fact)?.get("values"))?;
        Some((index, values.span.clone()))
    })?;
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
