//! What was written otherwise: rules, facts, settings and terms that were added, removed or changed, in words.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::model::vocabulary::Vocabulary;
use crate::pack::program::{Conflict, Program, Rule};

/// Something that was written otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What kind of thing: `rule`, `fact`, `setting`, `term`, `conflict`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// `added`, `removed`, or what of it changed.
    pub what: String,
    /// What was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// What is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
}

impl Change {
    fn of(kind: &'static str, name: &str, what: &str) -> Change {
        Change { kind, name: name.to_owned(), what: what.to_owned(), old: None, new: None }
    }

    fn from(kind: &'static str, name: &str, what: &str, old: &str, new: &str) -> Change {
        let trimmed = |text: &str| Some(text.split_whitespace().collect::<Vec<_>>().join(" "));
        Change { old: trimmed(old), new: trimmed(new), ..Change::of(kind, name, what) }
    }
}

/// Everything that was written otherwise.
pub fn changes(old: &Program, new: &Program) -> Vec<Change> {
    let mut changes = Vec::new();
    rules(old, new, &mut changes);
    facts(old, new, &mut changes);
    settings(old, new, &mut changes);
    conflicts(old, new, &mut changes);
    terms(old, new, &mut changes);
    changes
}

/// Calls with what is in both, and notes what is in one only.
fn matched<'t, T>(
    kind: &'static str,
    (old, new): (&'t [T], &'t [T]),
    name: impl Fn(&T) -> String,
    changes: &mut Vec<Change>,
    mut both: impl FnMut(&'t T, &'t T, &mut Vec<Change>),
) {
    for one in old {
        match new.iter().find(|other| name(other) == name(one)) {
            Some(other) => both(one, other, changes),
            None => changes.push(Change::of(kind, &name(one), "removed")),
        }
    }
    for one in new.iter().filter(|one| old.iter().all(|other| name(other) != name(one))) {
        changes.push(Change::of(kind, &name(one), "added"));
    }
}

fn rules(old: &Program, new: &Program, changes: &mut Vec<Change>) {
    let cites = |program: &Program, rule: &Rule| -> Vec<String> {
        let cite = rule.cite.iter().map(|cite| {
            let source = &program.documents[cite.document].name;
            format!("{source} {} {}", cite.at.as_deref().unwrap_or(""), cite.dissent.as_deref().unwrap_or(""))
        });
        cite.collect()
    };
    matched(
        "rule",
        (&old.rules, &new.rules),
        |rule| rule.id.clone(),
        changes,
        |a, b, changes| {
            let id = &b.id;
            let own = |what: &str, a: &str, b: &str| (a != b).then(|| Change::from("rule", id, what, a, b));
            changes.extend(own("effect", a.effect.word(), b.effect.word()));
            changes.extend(own("script", &a.text, &b.text));
            let guard = |rule: &Rule| rule.guard_text.clone().unwrap_or_else(|| "true".to_owned());
            changes.extend(own("guard", &guard(a), &guard(b)));
            changes.extend(own("title", &a.title, &b.title));
            if cites(old, a) != cites(new, b) {
                changes.push(Change::of("rule", &b.id, "citations"));
            }
            if format!("{:?}{:?}", a.because, a.next) != format!("{:?}{:?}", b.because, b.next) {
                changes.push(Change::of("rule", &b.id, "words"));
            }
        },
    );
}

fn facts(old: &Program, new: &Program, changes: &mut Vec<Change>) {
    let all = |program: &Program| program.dictionary.facts().map(|(_, fact)| fact.clone()).collect::<Vec<_>>();
    let (old_facts, new_facts) = (all(old), all(new));
    matched(
        "fact",
        (&old_facts, &new_facts),
        |fact| fact.name.clone(),
        changes,
        |a, b, changes| {
            let age = |age: &Option<crate::model::dictionary::MaxAge>| {
                age.as_ref().map_or("none".to_owned(), |age| format!("{} days ({})", age.days, age.setting))
            };
            if a.max_age != b.max_age {
                changes.push(Change::from("fact", &b.name, "maximum age", &age(&a.max_age), &age(&b.max_age)));
            }
            if a.shape != b.shape {
                changes.push(Change::of("fact", &b.name, "values or limits"));
            }
            if (&a.label, &a.question, &a.group) != (&b.label, &b.question, &b.group) {
                changes.push(Change::of("fact", &b.name, "words"));
            }
            if a.derived != b.derived {
                changes.push(Change::of("fact", &b.name, "how it is computed"));
            }
        },
    );
}

fn settings(old: &Program, new: &Program, changes: &mut Vec<Change>) {
    matched(
        "setting",
        (&old.settings, &new.settings),
        |setting| setting.name.clone(),
        changes,
        |a, b, changes| {
            if a.show() != b.show() {
                changes.push(Change::from("setting", &b.name, "value", &a.show(), &b.show()));
            } else if a.why != b.why {
                changes.push(Change::of("setting", &b.name, "reason"));
            }
        },
    );
}

/// Conflicts go by their sentences. That one is judged otherwise shows in what it means.
fn conflicts(old: &Program, new: &Program, changes: &mut Vec<Change>) {
    let text = |conflict: &Conflict| -> String {
        let pieces = conflict.because.0.iter().map(|piece| match piece {
            crate::pack::program::Piece::Text(text) => text.clone(),
            _ => "…".to_owned(),
        });
        pieces.collect()
    };
    matched("conflict", (&old.conflicts, &new.conflicts), text, changes, |_, _, _| {});
}

fn terms(old: &Program, new: &Program, changes: &mut Vec<Change>) {
    for vocabulary in new.dictionary.vocabularies() {
        let Some(before) = old.dictionary.vocabularies().iter().find(|own| own.name == vocabulary.name) else {
            continue;
        };
        let names = |of: &Vocabulary| -> BTreeSet<String> {
            let names = of.concepts().flat_map(|(_, concept)| std::iter::once(&concept.name).chain(&concept.also));
            names.cloned().collect()
        };
        let (was, is) = (names(before), names(vocabulary));
        changes.extend(was.difference(&is).map(|name| Change::of("term", name, "removed")));
        changes.extend(is.difference(&was).map(|name| Change::of("term", name, "added")));
        let preferred = |name: &&String| vocabulary.find(name).is_some_and(|id| vocabulary.concept(id).name == **name);
        for name in was.intersection(&is).filter(preferred) {
            let above = |of: &Vocabulary| -> BTreeSet<String> {
                let above = of.find(name).map(|id| of.ancestors(id)).unwrap_or_default();
                above.into_iter().map(|id| of.concept(id).name.clone()).collect()
            };
            let (was, is) = (above(before), above(vocabulary));
            let note = |word: &str, class: &String| Change::of("term", name, &format!("{word} `{class}`"));
            changes.extend(was.difference(&is).map(|class| note("no longer", class)));
            changes.extend(is.difference(&was).map(|class| note("now", class)));
        }
    }
}
