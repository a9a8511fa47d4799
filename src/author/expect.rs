//! What a fixture says under `[expect]`, checked against the pack it is for: a name that can never come true is a
//! mistake of the fixture and not a difference.

use std::collections::BTreeSet;

use crate::engine::decide::Decision;
use crate::input::document::{Entry, Kind, Node};
use crate::input::problem::{Located, Problem};
use crate::input::source::{Source, Span, Walk};
use crate::model::dictionary::Dictionary;
use crate::model::name::nearest;
use crate::pack::program::Program;

/// The keys of `[expect]`, in the order in which they are written.
pub const KEYS: [&str; 3] = ["verdict", "fires", "missing"];

/// What a fixture expects. What it leaves out may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expect {
    /// The line of `[expect]`, from 1; 0 if there is none.
    pub line: usize,
    /// The verdict.
    pub verdict: Option<Stated<Decision>>,
    /// The ids of the rules that fire: these and no others.
    pub fires: Option<Stated<BTreeSet<String>>>,
    /// The facts that are asked for: these and no others.
    pub missing: Option<Stated<BTreeSet<String>>>,
}

/// A value and the line it stands on, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated<T> {
    /// The value.
    pub value: T,
    /// The line of its key.
    pub line: usize,
}

impl Expect {
    /// Whether it says nothing at all.
    pub fn is_empty(&self) -> bool {
        self.verdict.is_none() && self.fires.is_none() && self.missing.is_none()
    }
}

/// Reads what the document of a fixture expects, with every mistake in it.
pub fn read(document: &Node, source: &Source, program: &Program) -> (Expect, Vec<Located>) {
    let found = document.entries().unwrap_or_default().iter().find(|entry| entry.key == "expect");
    let Some(entry) = found else { return (Expect::default(), Vec::new()) };
    let mut reader = Reader { program, walk: Walk::new(source), problems: Vec::new() };
    let mut expect = Expect { line: reader.line(&entry.key_span), ..Expect::default() };
    match entry.value.entries() {
        Some(entries) => entries.iter().for_each(|entry| reader.key(entry, &mut expect)),
        None => reader.wrong_type(entry, "a table"),
    }
    (expect, reader.problems)
}

/// The criteria that the document of a fixture lists, with every mistake in the list.
pub fn criteria(document: &Node, source: &Source, program: &Program) -> (Vec<String>, Vec<Located>) {
    let found = document.entries().unwrap_or_default().iter().find(|entry| entry.key == "criteria");
    let Some(entry) = found else { return (Vec::new(), Vec::new()) };
    let mut reader = Reader { program, walk: Walk::new(source), problems: Vec::new() };
    let names = reader.names(entry, "a list of ids of criteria", unknown_criterion).unwrap_or_default();
    (names.into_iter().collect(), reader.problems)
}

struct Reader<'p> {
    program: &'p Program,
    walk: Walk<'p>,
    problems: Vec<Located>,
}

impl Reader<'_> {
    fn key(&mut self, entry: &Entry, expect: &mut Expect) {
        let line = self.line(&entry.key_span);
        match entry.key.as_ref() {
            "verdict" => expect.verdict = self.verdict(entry).map(|value| Stated { value, line }),
            "fires" => {
                let value = self.names(entry, "a list of rule ids", unknown_rule);
                expect.fires = value.map(|value| Stated { value, line });
            }
            "missing" => {
                let check = |program: &Program, name: &str| never_asked(&program.dictionary, name);
                let value = self.names(entry, "a list of fact names", check);
                expect.missing = value.map(|value| Stated { value, line });
            }
            key => {
                let nearest = nearest(key, KEYS).into_iter().map(String::from).collect();
                let (key, of, accepted) = (key.to_owned(), "[expect]".to_owned(), KEYS.join(", "));
                self.report(&entry.key_span, Problem::UnknownKey { key, of, accepted, nearest });
            }
        }
    }

    fn verdict(&mut self, entry: &Entry) -> Option<Decision> {
        let Kind::Text(given) = &entry.value.kind else {
            self.wrong_type(entry, "a verdict in quotes");
            return None;
        };
        let found = Decision::ALL.into_iter().find(|decision| decision.word() == given);
        if found.is_none() {
            let words = Decision::ALL.map(Decision::word);
            let problem = Problem::NotAChoice {
                what: "verdict".into(),
                given: given.to_string(),
                accepted: words.map(String::from).to_vec(),
                nearest: nearest(given, words).into_iter().map(String::from).collect(),
            };
            self.report(&entry.value.span, problem);
        }
        found
    }

    /// A list of names, each without a `problem`.
    fn names(
        &mut self,
        entry: &Entry,
        accepted: &str,
        problem: impl Fn(&Program, &str) -> Option<Problem>,
    ) -> Option<BTreeSet<String>> {
        let Some(items) = entry.value.items() else {
            self.wrong_type(entry, accepted);
            return None;
        };
        let mut names = BTreeSet::new();
        for item in items {
            let wrong = match item.text() {
                Some(name) => problem(self.program, name),
                None => Some(wrong_type(&entry.key, item, accepted)),
            };
            match wrong {
                Some(problem) => self.report(&item.span, problem),
                None => names.extend(item.text().map(String::from)),
            }
        }
        Some(names)
    }

    fn wrong_type(&mut self, entry: &Entry, accepted: &str) {
        self.report(&entry.value.span, wrong_type(&entry.key, &entry.value, accepted));
    }

    fn report(&mut self, span: &Span, problem: Problem) {
        self.problems.push(Located { span: span.clone(), problem });
    }

    fn line(&mut self, span: &Span) -> usize {
        self.walk.position(span.start).line
    }
}

fn wrong_type(what: &str, given: &Node, accepted: &str) -> Problem {
    Problem::WrongType { what: what.to_owned(), given: given.word().to_owned(), accepted: accepted.to_owned() }
}

fn unknown_rule(program: &Program, name: &str) -> Option<Problem> {
    if program.rule(name).is_some() {
        return None;
    }
    let nearest = nearest(name, program.rules.iter().map(|rule| rule.id.as_str()));
    Some(Problem::UnknownRule { name: name.to_owned(), nearest: nearest.into_iter().map(String::from).collect() })
}

/// A pack without an inventory of criteria takes any.
fn unknown_criterion(program: &Program, id: &str) -> Option<Problem> {
    let mut ids = program.criteria.iter().map(|criterion| criterion.id.as_str());
    if program.criteria.is_empty() || ids.clone().any(|known| known == id) {
        return None;
    }
    let nearest = nearest(id, ids.by_ref()).into_iter().map(String::from).collect();
    Some(Problem::UnknownCriterion { id: id.to_owned(), nearest })
}

/// The problem of a name under which nothing can be missing: `creatinine`, `allografts`, `infections[0]` and
/// `allografts[0].donor` are names of a fact, a list, a member and a member's field.
fn never_asked(dictionary: &Dictionary, name: &str) -> Option<Problem> {
    let head = name.find(['[', '.']).unwrap_or(name.len());
    let (fact, rest) = name.split_at(head);
    let Some(id) = dictionary.find(fact) else {
        let nearest = dictionary.nearest(fact).into_iter().map(String::from).collect();
        return Some(Problem::UnknownFact { name: fact.to_owned(), nearest });
    };
    let found = dictionary.fact(id);
    let fields: Vec<&str> = found.fields().iter().map(|field| field.name.as_str()).collect();
    let of_field = |place: &str| fields.iter().any(|field| place.strip_prefix('.') == Some(field));
    let right = match member(rest) {
        Some(place) => found.is_list() && if fields.is_empty() { place.is_empty() } else { of_field(place) },
        None => rest.is_empty(),
    };
    let why = match (found.is_list(), fields.as_slice()) {
        (false, _) => format!("`{fact}` is one value: write `{fact}`"),
        (true, []) => format!("write `{fact}` for the list and `{fact}[0]` for a member"),
        (true, fields) => {
            format!("write `{fact}` for the list and `{fact}[0].FIELD` for a member; fields: {}", fields.join(", "))
        }
    };
    (!right).then(|| Problem::NeverAsked { name: name.to_owned(), why })
}

/// What follows the number of a list's member.
fn member(rest: &str) -> Option<&str> {
    let (number, place) = rest.strip_prefix('[')?.split_once(']')?;
    let plain = number == "0" || !number.starts_with('0');
    (plain && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(place)
}
