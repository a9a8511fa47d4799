//! Referrals put together by chance for any dictionary, in every state that a fact can be in, and written as TOML or
//! as JSON.

use candidacy::input::document::{Kind, Node};
use candidacy::input::referral::{Dates, Read, Unread, read_text};
use candidacy::input::source::Source;
use candidacy::input::toml;
use candidacy::model::calendar::{Date, parse_day};
use candidacy::model::dictionary::{Dictionary, Domain, Fact, Limit, Scalar, Shape};
use candidacy::model::vocabulary::{ConceptId, Vocabulary};
use rust_decimal::Decimal;

use crate::dice::Dice;
use crate::reach::Reach;

/// A value as a file holds it.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// `true` or `false`
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// A text.
    Text(String),
    /// A date or date-time: bare in TOML, a text in JSON.
    Moment(String),
    /// An array.
    List(Vec<Tree>),
    /// A table.
    Table(Vec<(String, Tree)>),
}

/// A referral before it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The as-of date.
    pub as_of: Date,
    /// What is said of which fact.
    pub facts: Vec<(String, Tree)>,
}

/// Where a value's entries keep their order.
const ORDERED: &str = "range";

impl Case {
    /// A referral by chance.
    pub fn by_chance(dictionary: &Dictionary, dice: &mut Dice, reach: &mut Reach) -> Case {
        let as_of =
            *dice.pick(&[Date::constant(2026, 11, 21), Date::constant(2024, 2, 29), Date::constant(2025, 3, 1)]);
        let absent = *dice.pick(&[5, 20, 50]);
        let vague = *dice.pick(&[0, 25, 60]);
        let mut author = Author { dictionary, dice, reach, as_of, vague };
        let mut facts = Vec::new();
        for (_, fact) in dictionary.facts() {
            let rare = if fact.derived.is_some() { 80 } else { absent };
            if author.dice.in_hundred(rare) {
                author.reach.hit("fact not given");
                continue;
            }
            facts.push((fact.name.clone(), author.said(fact)));
        }
        Case { as_of, facts }
    }

    /// A referral as a file holds it.
    pub fn parse(text: &str) -> Case {
        let (node, _) = toml::parse(text);
        let Tree::Table(header) = Tree::of(&node) else { panic!("no referral") };
        let part = |key: &str| header.iter().find(|(own, _)| own == key).map(|(_, tree)| tree);
        match (part("as_of"), part("facts")) {
            (Some(Tree::Moment(as_of)), Some(Tree::Table(facts))) => {
                Case { as_of: parse_day(as_of).expect("a day"), facts: facts.clone() }
            }
            _ => panic!("no referral"),
        }
    }

    /// The same with some facts by chance, in their place or beside them.
    pub fn varied(&self, dictionary: &Dictionary, dice: &mut Dice, reach: &mut Reach) -> Case {
        let often = *dice.pick(&[3, 10, 30]);
        let vague = *dice.pick(&[0, 25, 60]);
        let mut author = Author { dictionary, dice, reach, as_of: self.as_of, vague };
        let mut facts = self.facts.clone();
        for (_, fact) in dictionary.facts() {
            if !author.dice.in_hundred(often) {
                continue;
            }
            facts.retain(|(name, _)| *name != fact.name);
            if author.dice.in_hundred(60) {
                facts.push((fact.name.clone(), author.said(fact)));
            }
        }
        Case { as_of: self.as_of, facts }
    }

    /// The same with facts, entries, members and fields in another order.
    pub fn shuffled(&self, dice: &mut Dice) -> Case {
        let mut facts: Vec<_> = self.facts.iter().map(|(name, tree)| (name.clone(), tree.shuffled(dice))).collect();
        dice.shuffle(&mut facts);
        Case { as_of: self.as_of, facts }
    }

    /// The same without one fact.
    pub fn without(&self, name: &str) -> Case {
        let facts = self.facts.iter().filter(|(own, _)| own != name).cloned().collect();
        Case { as_of: self.as_of, facts }
    }

    /// As TOML.
    pub fn toml(&self) -> String {
        let facts = self.facts.iter().map(|(name, tree)| format!("{name} = {}\n", tree.toml()));
        format!("patient = \"R-1\"\nas_of = {}\n\n[facts]\n{}", self.as_of, facts.collect::<String>())
    }

    /// As JSON.
    pub fn json(&self) -> String {
        let facts = Tree::Table(self.facts.clone()).json();
        format!("{{\"patient\": \"R-1\", \"as_of\": \"{}\", \"facts\": {facts}}}", self.as_of)
    }

    /// Read from its TOML, which has to be sound.
    pub fn read(&self, dictionary: &Dictionary) -> Read {
        read(&self.toml(), dictionary).unwrap_or_else(|why| panic!("{why}\nin\n{}", self.toml()))
    }
}

/// A referral's text read; `Err` with everything that is wrong.
pub fn read(text: &str, dictionary: &Dictionary) -> Result<Read, String> {
    let dates = Dates { asked: None, today: Date::constant(2026, 11, 21) };
    let source = Source { name: "case".into(), text: text.into() };
    read_text(source, dictionary, dates).map_err(|unread| match unread {
        Unread::Unreadable(name, why) => format!("{name}: {why}"),
        Unread::Rejected(rejected) => {
            let lines =
                rejected.iter().flat_map(|file| file.lines().map(|(place, message, _)| format!("{place} {message}")));
            lines.collect::<Vec<_>>().join("\n")
        }
    })
}

impl Tree {
    fn of(node: &Node) -> Tree {
        match &node.kind {
            Kind::Null => panic!("TOML has no null"),
            Kind::Bool(value) => Tree::Bool(*value),
            Kind::Integer(text) | Kind::Decimal(text) => Tree::Number(text.to_string()),
            Kind::Text(text) => Tree::Text(text.to_string()),
            Kind::Moment(text) => Tree::Moment(text.clone()),
            Kind::Array(items) => Tree::List(items.iter().map(Tree::of).collect()),
            Kind::Table(entries) => {
                Tree::Table(entries.iter().map(|entry| (entry.key.to_string(), Tree::of(&entry.value))).collect())
            }
        }
    }

    fn text(text: impl Into<String>) -> Tree {
        Tree::Text(text.into())
    }

    fn table(entries: Vec<(&str, Tree)>) -> Tree {
        Tree::Table(entries.into_iter().map(|(key, tree)| (key.to_owned(), tree)).collect())
    }

    fn shuffled(&self, dice: &mut Dice) -> Tree {
        match self {
            Tree::List(items) => {
                let mut items: Vec<Tree> = items.iter().map(|item| item.shuffled(dice)).collect();
                dice.shuffle(&mut items);
                Tree::List(items)
            }
            Tree::Table(entries) => {
                let same = |key: &str, tree: &Tree, dice: &mut Dice| {
                    if key == ORDERED { tree.clone() } else { tree.shuffled(dice) }
                };
                let mut entries: Vec<_> =
                    entries.iter().map(|(key, tree)| (key.clone(), same(key, tree, dice))).collect();
                dice.shuffle(&mut entries);
                Tree::Table(entries)
            }
            other => other.clone(),
        }
    }

    fn toml(&self) -> String {
        match self {
            Tree::Bool(value) => value.to_string(),
            Tree::Number(text) | Tree::Moment(text) => text.clone(),
            Tree::Text(text) => format!("{text:?}"),
            Tree::List(items) => format!("[{}]", items.iter().map(Tree::toml).collect::<Vec<_>>().join(", ")),
            Tree::Table(entries) => {
                let entries = entries.iter().map(|(key, tree)| format!("{key} = {}", tree.toml()));
                format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn json(&self) -> String {
        match self {
            Tree::Bool(value) => value.to_string(),
            Tree::Number(text) => text.clone(),
            Tree::Text(text) | Tree::Moment(text) => format!("{text:?}"),
            Tree::List(items) => format!("[{}]", items.iter().map(Tree::json).collect::<Vec<_>>().join(", ")),
            Tree::Table(entries) => {
                let entries = entries.iter().map(|(key, tree)| format!("{key:?}: {}", tree.json()));
                format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// Writes what a referral says of facts.
struct Author<'c> {
    dictionary: &'c Dictionary,
    dice: &'c mut Dice,
    reach: &'c mut Reach,
    as_of: Date,
    /// How many of a hundred values are less than known.
    vague: usize,
}

const STATES: [&str; 3] = ["unknown", "pending", "not done"];

impl Author<'_> {
    fn said(&mut self, fact: &Fact) -> Tree {
        match &fact.shape {
            Shape::One(domain) => self.scalar(fact, domain),
            Shape::Set(_) | Shape::Records(_) => self.list(fact),
        }
    }

    fn hit(&mut self, what: &str) {
        self.reach.hit(format!("fact {what}"));
    }

    fn scalar(&mut self, fact: &Fact, domain: &Domain) -> Tree {
        let dated = fact.max_age.is_some() || self.dice.in_hundred(40);
        if self.dice.in_hundred(20) {
            return self.series(domain);
        }
        if self.dice.in_hundred(self.vague / 2) {
            let state = *self.dice.pick(&STATES);
            self.hit(state);
            let key = *self.dice.pick(&["status", "value"]);
            return match dated {
                true => Tree::table(vec![(key, Tree::text(state)), ("on", self.moment(400))]),
                false => Tree::text(state),
            };
        }
        let mut entries = self.answer(domain);
        if dated && !self.dice.in_hundred(self.vague / 4) {
            entries.push(("on", self.moment(90)));
        }
        if self.dice.in_hundred(15) {
            self.hit("with a source");
            entries.push(("source", Tree::text("clinic")));
        }
        match &entries[..] {
            [("value", value)] if domain.scalar != Scalar::Number || domain.unit.is_none() => value.clone(),
            _ => Tree::table(entries),
        }
    }

    /// Several dated entries, some of one day, some after the as-of date, some of them states.
    fn series(&mut self, domain: &Domain) -> Tree {
        self.hit("in a series");
        let mut entries = Vec::new();
        for _ in 0..1 + self.dice.below(4) {
            let mut entry = match self.dice.in_hundred(self.vague / 2) {
                true => vec![("status", Tree::text(*self.dice.pick(&STATES)))],
                false => self.answer(domain),
            };
            let days = *self.dice.pick(&[3, 3, 90]);
            entry.push(("on", self.moment(days)));
            if self.dice.in_hundred(20) {
                entry.push(("source", Tree::text(*self.dice.pick(&["clinic", "ward"]))));
            }
            entries.push(Tree::table(entry));
        }
        Tree::List(entries)
    }

    /// A day up to so many days back, now and then a few days ahead, now and then with a time.
    fn moment(&mut self, back: usize) -> Tree {
        let days = self.dice.below(back) as i64 - if self.dice.in_hundred(8) { 3 } else { 0 };
        let day = self.days_back(days);
        let time = *self.dice.pick(&["", "", "", "T08:00:00", "T17:30:00", "T09:00:00Z", "T09:00:00+02:00"]);
        Tree::Moment(format!("{day}{time}"))
    }

    fn days_back(&self, days: i64) -> Date {
        self.as_of.saturating_sub(jiff::Span::new().days(days))
    }

    /// A value with its unit and range, or bounds.
    fn answer(&mut self, domain: &Domain) -> Vec<(&'static str, Tree)> {
        let bounded = matches!(domain.scalar, Scalar::Integer | Scalar::Number | Scalar::Date)
            && self.dice.in_hundred(self.vague / 2);
        let mut entries = if bounded { self.bounds(domain) } else { vec![("value", self.value(domain))] };
        if let Some(unit) = domain.unit.as_ref().filter(|_| domain.scalar == Scalar::Number) {
            let spelling = match unit.code() {
                "mg/dL" => *self.dice.pick(&["mg/dL", "MG/DL", "mg%"]),
                code => code,
            };
            entries.push(("unit", Tree::text(spelling)));
        }
        if domain.scalar == Scalar::Number && self.dice.in_hundred(20) {
            self.hit("with its own range");
            let range = [*self.dice.pick(&["0", "1.5"]), *self.dice.pick(&["2.50", "6"])];
            let least = if let Some(Limit::Number(least)) = &domain.min { *least } else { Decimal::ZERO };
            let end = |end: &str| Tree::Number((least + end.parse::<Decimal>().expect("a number")).to_string());
            entries.push(("range", Tree::List(range.map(end).to_vec())));
        }
        entries
    }

    /// Bounds with something between them, if only the plausible range.
    fn bounds(&mut self, domain: &Domain) -> Vec<(&'static str, Tree)> {
        self.hit("within bounds");
        let (low, high) = (*self.dice.pick(&["at_least", "above"]), *self.dice.pick(&["at_most", "below"]));
        let (less, more) = match domain.scalar {
            Scalar::Date => {
                let first = 30 + self.dice.below(9000) as i64;
                let second = first - 2 - self.dice.below(28) as i64;
                (Tree::Moment(self.days_back(first).to_string()), Tree::Moment(self.days_back(second).to_string()))
            }
            Scalar::Integer => {
                let (min, max) = whole_limits(domain);
                let first = min + self.dice.below((max - min - 1).clamp(1, 6) as usize) as i64;
                let more = self.dice.below((max - first - 1).clamp(1, 5) as usize) as i64;
                (Tree::Number(first.to_string()), Tree::Number((first + 2 + more).to_string()))
            }
            _ => {
                let least = least(domain);
                let first = self.dice.below(4) + 1;
                let second = first + self.dice.below(4);
                let decimal = |tenths: usize| (least + Decimal::new(tenths as i64, 1)).to_string();
                (Tree::Number(decimal(first)), Tree::Number(decimal(second * 10 + 5)))
            }
        };
        match self.dice.below(4) {
            0 => vec![(low, less)],
            1 => vec![(high, more)],
            _ => vec![(low, less), (high, more)],
        }
    }

    fn value(&mut self, domain: &Domain) -> Tree {
        match &domain.scalar {
            Scalar::Bool => Tree::Bool(self.dice.in_hundred(50)),
            Scalar::Integer => {
                let (min, max) = whole_limits(domain);
                Tree::Number((min + self.dice.below((max - min + 1).clamp(1, 9) as usize) as i64).to_string())
            }
            Scalar::Number => Tree::Number(self.number(domain)),
            Scalar::Date => self.date(domain),
            Scalar::Choice(values) => Tree::text(self.dice.pick(values).clone()),
            Scalar::Term(vocabulary) => {
                let vocabulary = self.dictionary.vocabulary(*vocabulary);
                self.term(vocabulary)
            }
        }
    }

    /// A number within the plausible range, zero and trailing zeros among them.
    fn number(&mut self, domain: &Domain) -> String {
        if let Some(Limit::Number(least)) = domain.min.as_ref().filter(|least| **least != Limit::Number(Decimal::ZERO))
        {
            let few = Decimal::from(self.dice.below(8));
            let Some(Limit::Number(most)) = &domain.max else { return (least + few).to_string() };
            return if self.dice.in_hundred(50) {
                least + few
            } else {
                least + (most - least) * few / Decimal::from(8)
            }
            .to_string();
        }
        match self.dice.below(6) {
            0 if domain.min.is_none() => (*self.dice.pick(&["0", "0.0", "-1.5"])).to_owned(),
            0 => "0".to_owned(),
            1 => "1.10".to_owned(),
            2 => "1.1".to_owned(),
            _ => format!("{}.{}", self.dice.below(9), self.dice.below(10)),
        }
    }

    fn date(&mut self, domain: &Domain) -> Tree {
        let ahead = if domain.max == Some(Limit::AsOf) { 0 } else { 200 };
        let days = match self.dice.below(3) {
            0 => self.dice.below(60) as i64,
            _ => self.dice.below(20_000) as i64,
        };
        let ahead = self.dice.below(ahead + 1) as i64;
        let day = self.days_back(days - ahead);
        match self.dice.below(100) {
            cut if cut < self.vague / 4 => {
                self.hit("a month only");
                Tree::text(&day.to_string()[..7])
            }
            cut if cut < self.vague / 2 => {
                self.hit("a year only");
                Tree::text(&day.to_string()[..4])
            }
            99 => {
                self.hit("a day with its time");
                Tree::Moment(format!("{day}T10:30:00"))
            }
            _ => Tree::Moment(day.to_string()),
        }
    }

    fn term(&mut self, vocabulary: &Vocabulary) -> Tree {
        if self.dice.in_hundred(self.vague / 4) {
            self.hit("unrecognised");
            return Tree::text(format!("qqz {}", self.dice.below(3)));
        }
        if self.dice.in_hundred(8) {
            self.hit("other:");
            return Tree::text(*self.dice.pick(&["other: Vitamin X", "other: vitamin x", "Other: thing"]));
        }
        if vocabulary.is_empty() {
            return Tree::text("nothing");
        }
        let broad = self.dice.in_hundred(self.vague / 2);
        let all: Vec<ConceptId> = vocabulary.concepts().map(|(id, _)| id).collect();
        let fitting: Vec<ConceptId> = all.iter().copied().filter(|id| vocabulary.is_broad(*id) == broad).collect();
        let id = *self.dice.pick(if fitting.is_empty() { &all } else { &fitting });
        let concept = vocabulary.concept(id);
        match (broad, concept.is_class, concept.may_be.is_empty()) {
            (false, ..) => {}
            (_, true, _) => self.hit("a class"),
            (.., true) => self.hit("a broader term"),
            (.., false) => self.hit("may be in a class"),
        }
        if !concept.also.is_empty() && self.dice.in_hundred(25) {
            self.hit("by another name");
            return Tree::text(self.dice.pick(&concept.also).clone());
        }
        Tree::text(concept.name.clone())
    }

    fn list(&mut self, fact: &Fact) -> Tree {
        let dated = fact.max_age.is_some() || self.dice.in_hundred(15);
        if self.dice.in_hundred(self.vague / 5) {
            let state = *self.dice.pick(&STATES);
            self.hit(&format!("{state}, a list"));
            let on = self.moment(90);
            return if dated {
                Tree::table(vec![("status", Tree::text(state)), ("on", on)])
            } else {
                Tree::text(state)
            };
        }
        if self.dice.in_hundred(3) {
            self.hit("closed without a list");
            return Tree::table(vec![("complete", Tree::Bool(true))]);
        }
        let count = self.dice.below(4);
        let members = Tree::List((0..count).map(|_| self.member(fact)).collect());
        let open = self.dice.in_hundred(self.vague / 2);
        self.reach.hit_if(open, "fact an open list");
        if !open && !dated {
            return members;
        }
        let mut entries = vec![("value", members)];
        if open || self.dice.in_hundred(20) {
            entries.push(("complete", Tree::Bool(!open)));
        }
        if dated && !self.dice.in_hundred(self.vague / 4) {
            entries.push(("on", self.moment(90)));
        }
        Tree::table(entries)
    }

    fn member(&mut self, fact: &Fact) -> Tree {
        let Shape::Records(fields) = &fact.shape else {
            if self.dice.in_hundred(self.vague / 10) {
                self.hit("unknown, a member");
                return Tree::text("unknown");
            }
            return self.value(fact.field_domain(0));
        };
        let bare = fields[0].domain.scalar != Scalar::Number;
        if bare && self.dice.in_hundred(self.vague / 5) {
            self.hit("a bare record");
            return self.value(&fields[0].domain);
        }
        let mut entries = Vec::new();
        for field in fields {
            if self.dice.in_hundred(self.vague / 3) {
                self.hit("a record without a field");
                continue;
            }
            let own = self.field(&field.domain);
            entries.push((field.name.clone(), own));
        }
        Tree::Table(entries)
    }

    fn field(&mut self, domain: &Domain) -> Tree {
        if self.dice.in_hundred(self.vague / 5) {
            self.hit("unknown, a field");
            return Tree::text(*self.dice.pick(&STATES));
        }
        let entries: Vec<_> = self.answer(domain).into_iter().filter(|(key, _)| *key != "range").collect();
        match &entries[..] {
            [("value", value)] => value.clone(),
            _ => Tree::table(entries),
        }
    }
}

/// The smallest plausible number; 0 where there is no limit.
fn least(domain: &Domain) -> Decimal {
    match &domain.min {
        Some(Limit::Number(least)) => *least,
        _ => Decimal::ZERO,
    }
}

/// The smallest and the largest whole number that may be given.
fn whole_limits(domain: &Domain) -> (i64, i64) {
    let max = match &domain.max {
        Some(Limit::Number(max)) => i64::try_from(*max).unwrap_or(i64::MAX),
        _ => 1_000,
    };
    (i64::try_from(least(domain)).unwrap_or(0).max(0), max)
}
