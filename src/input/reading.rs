//! What a referral may say of a fact: values with dates and sources, bounds, states, series and lists.

use std::sync::Arc;

use super::document::{Entry, Kind, Node};
use super::number::parse_decimal;
use super::problem::{Located, Problem};
use super::scalar::{Given, Target, given_text, state_of};
use super::source::Span;
use crate::model::calendar::{Date, Moment};
use crate::model::dictionary::{Dictionary, Fact, FactId, Normal, Scalar, Shape};
use crate::model::name::{RESERVED, fold, nearest};
use crate::model::referral::{Said, Statement};
use crate::model::unit::{Conversion, Unit};
use crate::model::value::{List, Member, State, Term, Value};

const STATEMENT_KEYS: [&str; 11] =
    ["value", "below", "above", "at_least", "at_most", "status", "unit", "on", "source", "range", "corrects"];
const LIST_KEYS: [&str; 6] = ["value", "complete", "status", "on", "source", "corrects"];
const MEMBER_KEYS: [&str; 2] = ["value", "source"];
const FIELD_KEYS: [&str; 7] = ["value", "below", "above", "at_least", "at_most", "status", "unit"];

/// So many mistakes of a file come with what a name may mean.
const MOST_HINTED: usize = 100;

/// The keys that may stand above the facts.
pub const HEADER: [&str; 9] =
    ["patient", "as_of", "title", "remarks", "base", "without", "facts", "expect", "criteria"];

/// Reads facts against a dictionary, collecting every mistake.
pub struct Reader<'d> {
    dictionary: &'d Dictionary,
    as_of: Date,
    /// The mistakes found so far.
    pub problems: Vec<Located>,
}

impl<'d> Reader<'d> {
    /// A reader for referrals screened for a date.
    pub fn new(dictionary: &'d Dictionary, as_of: Date) -> Reader<'d> {
        Reader { dictionary, as_of, problems: Vec::new() }
    }

    /// Reads a table of facts.
    pub fn facts(&mut self, table: &Node) -> Vec<Said> {
        let Some(entries) = table.entries() else {
            let given = table.word().to_owned();
            self.report(&table.span, Problem::WrongType { what: "facts".into(), given, accepted: "a table".into() });
            return Vec::new();
        };
        entries.iter().filter_map(|entry| self.fact(entry)).collect()
    }

    fn fact(&mut self, entry: &Entry) -> Option<Said> {
        let Some(id) = self.dictionary.find(&entry.key) else {
            let key = entry.key.as_ref();
            if HEADER.contains(&key) {
                self.report(&entry.key_span, Problem::Misplaced { key: key.to_owned(), home: "above" });
                return None;
            }
            let near = if self.is_hinted() { self.dictionary.nearest(key) } else { Vec::new() };
            let nearest = near.into_iter().map(String::from).collect();
            self.report(&entry.key_span, Problem::UnknownFact { name: entry.key.to_string(), nearest });
            return None;
        };
        let fact = self.dictionary.fact(id);
        match &fact.shape {
            Shape::One(_) => self.series(id, fact, &entry.value),
            Shape::Set(_) | Shape::Records(_) => self.list(id, fact, &entry.value),
        }
    }

    fn series(&mut self, id: FactId, fact: &'d Fact, node: &Node) -> Option<Said> {
        let target = self.target(&fact.name, fact, 0);
        let Some(items) = node.items() else {
            let statement = self.statement(&target, node)?;
            return Some(Said { fact: id, statements: vec![statement], closes: false });
        };
        if items.is_empty() {
            self.report(&node.span, Problem::EmptySeries { what: fact.name.clone() });
        }
        if items.iter().any(|item| item.entries().is_none()) {
            self.report(&node.span, Problem::NotASeries { what: fact.name.clone() });
            return None;
        }
        let mut statements = Vec::with_capacity(items.len());
        for item in items {
            let Some(statement) = self.statement(&target, item) else { continue };
            if statement.on.is_none() && item.get("on").is_none() {
                self.report(&item.span, Problem::UndatedEntry { what: fact.name.clone() });
            }
            statements.push(statement);
        }
        Some(Said { fact: id, statements, closes: false })
    }

    fn statement(&mut self, target: &Target, node: &Node) -> Option<Statement> {
        let Some(entries) = node.entries() else {
            let value = self.keep(&node.span, target.bare(node))?;
            let typed = other_name(target, node, &value).map(|name| name.to_string());
            return Some(Statement { typed, ..Statement::of(value) });
        };
        self.only_keys(target.what, entries, &STATEMENT_KEYS);
        let target = &Target { undated: target.undated && node.get("on").is_none(), ..*target };
        let given = self.unit(target, node);
        let (on, source) = (self.moment(target.what, node), self.source(target.what, node));
        let corrects = self.corrects(target.what, node);
        let given = given?;
        let normal = self.normal(target, node, &given);
        let value = self.answer(target, node, &given)?;
        let name = node.get("value").and_then(|node| other_name(target, node, &value)).map(|name| name.to_string());
        let typed = name.or_else(|| typed(target, node, &given));
        Some(Statement { value, on, source, normal, typed, corrects })
    }

    /// The one thing an entry says: its value, its bounds or its status.
    fn answer(&mut self, target: &Target, node: &Node, given: &Given) -> Option<Value> {
        let low = node.get("at_least").map(|n| (n, true)).or(node.get("above").map(|n| (n, false)));
        let high = node.get("at_most").map(|n| (n, true)).or(node.get("below").map(|n| (n, false)));
        let has = |key: &str| node.get(key).is_some();
        let twice = has("at_least") && has("above") || has("at_most") && has("below");
        let read = match (node.get("value"), node.get("status"), low.or(high).is_some()) {
            (Some(value), None, false) => match value.text().and_then(state_of) {
                Some(state) => Ok(Value::Unknown(state)),
                None => target.measured(value, given).and_then(|()| target.value(value, given)),
            },
            (None, Some(status), false) => return self.status(target.what, status),
            (None, None, true) if !twice => {
                let (side, _) = low.or(high).expect("a side is given");
                target.measured(side, given).and_then(|()| target.bounds(low, high, given))
            }
            _ => Err(Problem::OneStatement { what: target.what.into() }),
        };
        self.keep(&node.span, read)
    }

    fn status(&mut self, what: &str, node: &Node) -> Option<Value> {
        let unreadable = |text: &str| (fold(text) == State::Unreadable.word()).then_some(State::Unreadable);
        let state = node.text().and_then(|text| state_of(text).or_else(|| unreadable(text)));
        let accepted = RESERVED.into_iter().chain([State::Unreadable.word()]).map(String::from).collect();
        let problem = || Problem::NotAChoice {
            what: format!("{what}.status"),
            given: given_text(node),
            accepted,
            nearest: Vec::new(),
        };
        self.keep(&node.span, state.map(Value::Unknown).ok_or_else(problem))
    }

    /// The unit an entry is given in; `None` where it is wrong and said so.
    fn unit(&mut self, target: &Target, node: &Node) -> Option<Given> {
        let Some(unit_node) = node.get("unit") else { return Some(None) };
        let what = target.what.to_owned();
        let Some(text) = unit_node.text() else {
            let given = unit_node.word().to_owned();
            let problem = Problem::WrongType { what: format!("{what}.unit"), given, accepted: "a text".into() };
            self.report(&unit_node.span, problem);
            return None;
        };
        let Some(own) = &target.domain.unit else {
            self.report(&unit_node.span, target.unit_not_taken());
            return None;
        };
        let accepted = own.code().to_owned();
        let read = match Unit::parse(text) {
            None => Err(Problem::UnknownUnit { what, unit: text.into(), own: accepted }),
            Some(unit) => match Conversion::between(&unit, own, target.domain.molar_mass) {
                Ok(conversion) => Ok((unit, conversion)),
                Err(why) => {
                    let why = why.to_string();
                    Err(Problem::Inconvertible { what, given: text.into(), unit: accepted, why })
                }
            },
        };
        self.keep(&unit_node.span, read).map(Some)
    }

    fn normal(&mut self, target: &Target, node: &Node, given: &Given) -> Option<Normal> {
        let range = node.get("range")?;
        let problem = || Problem::WrongType {
            what: format!("{}.range", target.what),
            given: range.word().into(),
            accepted: "the two ends of the normal range, as [low, high]".into(),
        };
        let (Some([low, high]), Scalar::Number) = (range.items(), &target.domain.scalar) else {
            self.report(&range.span, problem());
            return None;
        };
        let low = self.keep(&low.span, target.number(low, given))?;
        let high = self.keep(&high.span, target.upper_end(high, given))?;
        if low > high {
            self.report(&range.span, Problem::EmptyBounds { what: format!("{}.range", target.what) });
        }
        Some(Normal { low, high })
    }

    fn moment(&mut self, what: &str, node: &Node) -> Option<Moment> {
        let on = node.get("on")?;
        let text = match &on.kind {
            Kind::Moment(text) => text.as_str(),
            Kind::Text(text) => text,
            _ => "",
        };
        let problem = || Problem::NotADay { what: format!("{what}.on"), given: given_text(on) };
        self.keep(&on.span, Moment::parse(text).ok_or_else(problem))
    }

    fn source(&mut self, what: &str, node: &Node) -> Option<String> {
        let source = node.get("source")?;
        let problem = || Problem::WrongType {
            what: format!("{what}.source"),
            given: source.word().into(),
            accepted: "a text".into(),
        };
        self.keep(&source.span, source.text().map(String::from).ok_or_else(problem))
    }

    /// Whether a statement stands in the place of what others say.
    fn corrects(&mut self, what: &str, node: &Node) -> bool {
        self.flag(what, node, "corrects").unwrap_or(false)
    }

    fn flag(&mut self, what: &str, node: &Node, key: &str) -> Option<bool> {
        let flag = node.get(key)?;
        let problem = || Problem::WrongType {
            what: format!("{what}.{key}"),
            given: flag.word().into(),
            accepted: "true or false".into(),
        };
        let value = if let Kind::Bool(value) = flag.kind { Some(value) } else { None };
        self.keep(&flag.span, value.ok_or_else(problem))
    }

    fn list(&mut self, id: FactId, fact: &'d Fact, node: &Node) -> Option<Said> {
        let said = |statement| Some(Said { fact: id, statements: vec![statement], closes: false });
        match &node.kind {
            Kind::Array(items) => said(Statement::of(self.members(fact, items, false))),
            Kind::Text(text) => match state_of(text) {
                Some(state) => said(Statement::of(Value::Unknown(state))),
                None => self.not_a_list(fact, node),
            },
            Kind::Table(entries) => {
                self.only_keys(&fact.name, entries, &LIST_KEYS);
                let complete = self.flag(&fact.name, node, "complete");
                let (on, source) = (self.moment(&fact.name, node), self.source(&fact.name, node));
                let corrects = self.corrects(&fact.name, node);
                let said = |value| said(Statement { on, source, corrects, ..Statement::of(value) });
                match (node.get("value"), node.get("status")) {
                    (Some(value), None) => match (&value.kind, value.text().and_then(state_of)) {
                        (_, Some(state)) if complete.is_none() => said(Value::Unknown(state)),
                        (_, Some(_)) => self.several(fact, node),
                        (Kind::Array(items), _) => said(self.members(fact, items, complete == Some(false))),
                        _ => self.not_a_list(fact, value),
                    },
                    (None, Some(status)) if complete.is_none() => said(self.status(&fact.name, status)?),
                    (None, None) if complete == Some(true) && entries.len() == 1 => {
                        Some(Said { fact: id, statements: Vec::new(), closes: true })
                    }
                    _ => self.several(fact, node),
                }
            }
            _ => self.not_a_list(fact, node),
        }
    }

    /// An entry that says none or several things: a state of a list is neither open nor complete.
    fn several(&mut self, fact: &Fact, node: &Node) -> Option<Said> {
        self.report(&node.span, Problem::OneStatement { what: fact.name.clone() });
        None
    }

    fn not_a_list(&mut self, fact: &Fact, node: &Node) -> Option<Said> {
        let given = match &node.kind {
            Kind::Null | Kind::Table(_) => node.word().to_owned(),
            _ => format!("{} ({})", node.word(), given_text(node)),
        };
        let accepted = "a list such as [\"…\"], or [] where there is none".into();
        self.report(&node.span, Problem::WrongType { what: fact.name.clone(), given, accepted });
        None
    }

    /// A list's members. A state as its only member is the state of the list.
    fn members(&mut self, fact: &'d Fact, items: &[Node], open: bool) -> Value {
        if let [item] = items
            && let Some(state) = item.text().and_then(state_of)
        {
            return Value::Unknown(state);
        }
        let set = matches!(fact.shape, Shape::Set(_));
        let width = if set { 1 } else { fact.fields().len() };
        let members = items.iter().map(|item| match &fact.shape {
            Shape::Records(_) => self.record(fact, item),
            Shape::Set(_) | Shape::One(_) => {
                let source = self.member_source(&fact.name, item);
                let item = item.get("value").unwrap_or(item);
                let target = self.target(&fact.name, fact, 0);
                let value = self.keep(&item.span, target.bare(item)).unwrap_or(Value::Unknown(State::Unreadable));
                let given = other_name(&target, item, &value);
                Member { fields: vec![(value, given)], source }
            }
        });
        Value::List(List::new(members.collect(), width, set, open))
    }

    /// Who says so of a member of a set, which is then a table of its value and its source.
    fn member_source(&mut self, what: &str, item: &Node) -> Option<Arc<str>> {
        item.get("value")?;
        self.only_keys(what, item.entries()?, &MEMBER_KEYS);
        self.source(what, item).map(Arc::from)
    }

    /// A record's fields; a bare value fills the first one, and a field not given is not supplied.
    fn record(&mut self, fact: &'d Fact, node: &Node) -> Member {
        let mut fields = vec![(Value::Unknown(State::NotSupplied), None); fact.fields().len()];
        let mut source = None;
        let Some(entries) = node.entries() else {
            let name = format!("{}.{}", fact.name, fact.fields()[0].name);
            let target = self.target(&name, fact, 0);
            if let Some(value) = self.keep(&node.span, target.bare(node)) {
                let given = other_name(&target, node, &value);
                fields[0] = (value, given);
            }
            return Member { fields, source };
        };
        for entry in entries {
            let Some(index) = fact.fields().iter().position(|field| field.name == entry.key) else {
                if entry.key == "source" {
                    source = self.source(&fact.name, node).map(Arc::from);
                    continue;
                }
                let names: Vec<&str> = fact.fields().iter().map(|field| field.name.as_str()).collect();
                self.unknown_key(entry, format!("a record of `{}`", fact.name), &names);
                continue;
            };
            let name = format!("{}.{}", fact.name, entry.key);
            let target = self.target(&name, fact, index);
            if let Some(value) = self.field(&target, &entry.value) {
                let given = other_name(&target, entry.value.get("value").unwrap_or(&entry.value), &value);
                fields[index] = (value, given);
            }
        }
        Member { fields, source }
    }

    fn field(&mut self, target: &Target, node: &Node) -> Option<Value> {
        let Some(entries) = node.entries() else { return self.keep(&node.span, target.bare(node)) };
        self.only_keys(target.what, entries, &FIELD_KEYS);
        let given = self.unit(target, node)?;
        self.answer(target, node, &given)
    }

    fn only_keys(&mut self, what: &str, entries: &[Entry], accepted: &[&str]) {
        for entry in entries.iter().filter(|entry| !accepted.contains(&entry.key.as_ref())) {
            self.unknown_key(entry, format!("an entry of `{what}`"), accepted);
        }
    }

    /// Notes a key of the header that means nothing there.
    pub fn unknown_in_header(&mut self, entry: &Entry) {
        if self.dictionary.find(&entry.key).is_none() {
            return self.unknown_key(entry, "a referral".into(), &HEADER);
        }
        self.report(&entry.key_span, Problem::Misplaced { key: entry.key.to_string(), home: "under" });
    }

    /// Notes a key that means nothing where it stands.
    pub fn unknown_key(&mut self, entry: &Entry, of: String, accepted: &[&str]) {
        let nearest = nearest(&entry.key, accepted.iter().copied()).into_iter().map(String::from).collect();
        let (key, accepted) = (entry.key.to_string(), accepted.join(", "));
        self.report(&entry.key_span, Problem::UnknownKey { key, of, accepted, nearest });
    }

    fn target<'t>(&self, what: &'t str, fact: &'t Fact, field: usize) -> Target<'t>
    where
        'd: 't,
    {
        let undated = fact.max_age.is_some() && !fact.is_list();
        Target {
            what,
            domain: fact.field_domain(field),
            dictionary: self.dictionary,
            as_of: self.as_of,
            undated,
            hinted: self.is_hinted(),
        }
    }

    /// Nobody reads hints by the hundred, and they take their time.
    fn is_hinted(&self) -> bool {
        self.problems.len() < MOST_HINTED
    }

    fn keep<T>(&mut self, span: &Span, read: Result<T, Problem>) -> Option<T> {
        read.map_err(|problem| self.report(span, problem)).ok()
    }

    /// Notes a mistake.
    pub fn report(&mut self, span: &Span, problem: Problem) {
        self.problems.push(Located { span: span.clone(), problem });
    }
}

/// The name a term was given by, where the vocabulary prefers another.
fn other_name(target: &Target, node: &Node, value: &Value) -> Option<Arc<str>> {
    let (Value::Term(Term::Known(id)), Scalar::Term(vocabulary)) = (value, &target.domain.scalar) else { return None };
    let preferred = &target.dictionary.vocabulary(*vocabulary).concept(*id).name;
    let text = node.text()?.trim();
    (fold(text) != fold(preferred)).then(|| text.into())
}

/// The value as typed, where it stands in another unit than the dictionary's.
fn typed(target: &Target, node: &Node, given: &Given) -> Option<String> {
    let (unit, _) = given.as_ref()?;
    if target.domain.unit.as_ref().is_some_and(|own| own.code() == unit.code()) {
        return None;
    }
    let side = |key: &str, sign: &str| node.get(key).map(|n| format!("{sign}{}", shown_number(n)));
    let parts =
        [side("value", ""), side("above", "> "), side("at_least", ">= "), side("below", "< "), side("at_most", "<= ")];
    let text: Vec<String> = parts.into_iter().flatten().collect();
    (!text.is_empty()).then(|| format!("{} {}", text.join(" and "), unit.display()))
}

fn shown_number(node: &Node) -> String {
    let text = given_text(node);
    parse_decimal(&text).map_or(text, |number| number.to_string())
}
