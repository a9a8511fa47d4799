//! The mapping of a pack, read from its file: every mistake in it is noted where it stands.

use super::{Literal, Names, Reading, Reduce, Take, Terms, With};
use crate::input::document::{Entry, Kind, Node};
use crate::input::source::Span;
use crate::model::coding::{Pattern, address, system};
use crate::model::dictionary::{Domain, Fact, FactId, Scalar, Shape};
use crate::model::name::{fold, nearest};
use crate::model::unit::{Conversion, Unit};
use crate::pack::format;
use crate::pack::mistake::{Mistake, Thing};
use crate::pack::program::Program;
use crate::pack::table::{Notes, Table};
use crate::view::definition::{View, ViewError};
use crate::view::json::Json;
use rust_decimal::prelude::ToPrimitive;

/// Reads one file of a mapping.
pub struct Reader<'r> {
    /// The file, by position.
    pub file: usize,
    /// The pack.
    pub program: &'r Program,
    /// Where mistakes go.
    pub notes: &'r mut Notes,
    /// The views so far, by name.
    pub views: &'r mut Vec<(String, View)>,
    /// The names of views with mistakes.
    pub lost: &'r mut Vec<String>,
}

impl Reader<'_> {
    /// Reads the file: its views, and what their rows say.
    pub fn read(&mut self, node: &Node) -> Vec<Reading> {
        let top = 0..0;
        let table = Table::read((self.file, node, &top), "mapping", format::MAPPING, self.notes);
        for entry in table.entries("view", self.notes) {
            self.view(entry);
        }
        let readings = table.tables("read", self.notes).iter();
        readings.filter_map(|node| self.reading(node)).collect()
    }

    fn view(&mut self, entry: &Entry) {
        let Some(table) = Table::of(self.file, entry, "view", format::VIEW, self.notes) else { return };
        let view = View::parse(&json(table.node));
        match view {
            Ok(view) => {
                self.views.retain(|(name, _)| *name != entry.key);
                self.views.push((entry.key.to_string(), view));
            }
            Err(errors) => {
                self.lost.push(entry.key.to_string());
                for ViewError { at, message } in errors {
                    let span = place(&entry.value, &at).unwrap_or(&entry.key_span);
                    self.notes.add(self.file, span, Mistake::BadView { message });
                }
            }
        }
    }

    fn reading(&mut self, node: &Node) -> Option<Reading> {
        let table = Table::read((self.file, node, &node.span), "reading", format::READ, self.notes);
        let name = table.needed("fact", "the fact that is read", self.notes);
        let view = table.needed("view", "the view whose rows are read", self.notes);
        table.needed("source", "where the codes come from", self.notes);
        let (fact, view) = (self.fact(node, name?), self.named_view(node, view?));
        let (id, view) = (fact?, view?);
        let fact = self.program.dictionary.fact(id);
        let codes = node.get("codes").map(|codes| self.codes(codes)).unwrap_or_default();
        let take = self.take(node, fact, view);
        let with = self.with(node, fact, view);
        let states = self.states(&table, matches!(take, Some(Take::Is(_))));
        let refuted = node.get("refuted").and_then(|node| self.literal(fact, fact.field_domain(0), node));
        let reduce = self.reduce(&table);
        let unit = self.unit(&table, fact);
        let within = self.within(&table);
        Some(Reading { fact: id, view, codes, take: take?, with, states, refuted, reduce, unit, within })
    }

    fn fact(&mut self, node: &Node, name: String) -> Option<FactId> {
        let found = self.program.dictionary.find(&name);
        if found.is_none() {
            let nearest = self.program.dictionary.nearest(&name).into_iter().map(String::from).collect();
            let span = node.get("fact").map_or(&node.span, |name| &name.span);
            self.notes.add(self.file, span, Mistake::Unknown { thing: Thing::Fact, name, nearest });
        }
        found
    }

    fn named_view(&mut self, node: &Node, name: String) -> Option<usize> {
        let found = self.views.iter().position(|(own, _)| *own == name);
        if found.is_none() && !self.lost.contains(&name) {
            let span = node.get("view").map_or(&node.span, |name| &name.span);
            let accepted = self.views.iter().map(|(name, _)| name.clone()).collect();
            self.not_one_of("view", &name, accepted, span);
        }
        found
    }

    /// Codes by system; `C64.-` stands for a code and all below it.
    fn codes(&mut self, node: &Node) -> Vec<Pattern> {
        let mut patterns = Vec::new();
        for (entry, uri) in self.systems(node) {
            let Some(items) = entry.value.items() else {
                self.wrong_type(&entry.key, &entry.value, "a list of codes, as texts");
                continue;
            };
            for item in items {
                match item.text() {
                    Some(code) => patterns.push(Pattern::new(&uri, code)),
                    None => self.wrong_type(&entry.key, item, "a code, as a text"),
                }
            }
        }
        patterns
    }

    /// What stands under each code system.
    fn systems<'n, 's>(&mut self, node: &'n Node<'s>) -> Vec<(&'n Entry<'s>, String)> {
        let Some(entries) = node.entries() else {
            self.wrong_type("codes", node, "a table of code systems, such as { loinc = [\"2160-0\"] }");
            return Vec::new();
        };
        let mut known = Vec::new();
        for entry in entries {
            match system(&entry.key) {
                Some(uri) => known.push((entry, uri)),
                None => {
                    let accepted = crate::model::coding::SYSTEMS.iter().map(|(name, _)| (*name).to_owned());
                    let accepted = accepted.chain(["the address of any other".to_owned()]).collect();
                    self.not_one_of("code system", &entry.key, accepted, &entry.key_span);
                }
            }
        }
        known
    }

    /// What each code under each system means.
    fn meanings<T>(&mut self, node: &Node, mut read: impl FnMut(&mut Self, &Entry) -> Option<T>) -> Vec<(Pattern, T)> {
        let mut found = Vec::new();
        for (entry, uri) in self.systems(node) {
            let Some(entries) = entry.value.entries() else {
                self.wrong_type(&entry.key, &entry.value, "a table of codes");
                continue;
            };
            for code in entries {
                found.extend(read(self, code).map(|meaning| (Pattern::new(&uri, &code.key), meaning)));
            }
        }
        found
    }

    fn take(&mut self, node: &Node, fact: &Fact, view: usize) -> Option<Take> {
        let given: Vec<&str> =
            ["values", "answers", "is", "terms", "names"].into_iter().filter(|key| node.get(key).is_some()).collect();
        let terms = |key: &&str| ["terms", "names"].contains(key);
        if given.len() > 1 && !given.iter().all(terms) {
            let span = node.get(given[1]).map_or(&node.span, |node| &node.span);
            let why = format!("a row says one thing, and `{}` tells what already", given[0]);
            self.notes.add(self.file, span, Mistake::Misplaced { key: given[1].to_owned(), why });
            return None;
        }
        let domain = fact.field_domain(0);
        let column = match node.get("value") {
            None => "value".to_owned(),
            Some(column) => match column.text() {
                Some(column) => column.to_owned(),
                None => {
                    self.wrong_type("value", column, "the name of a column, as a text");
                    return None;
                }
            },
        };
        Some(match given.first() {
            None => match &domain.scalar {
                Scalar::Term(_) => Take::Terms(self.of_vocabulary(domain)),
                _ => Take::Column(self.column(node, "value", column, view)),
            },
            Some(&"values") => {
                let values = self.words(fact, domain, node, "values");
                Take::Values(self.column(node, "value", column, view), values)
            }
            Some(&"answers") => {
                let answers = node.get("answers")?;
                Take::Answers(self.meanings(answers, |reader, entry| reader.literal(fact, domain, &entry.value)))
            }
            Some(&"is") => Take::Is(self.literal(fact, domain, node.get("is")?)?),
            Some(_) => self.terms(node, fact, domain)?,
        })
    }

    fn terms(&mut self, node: &Node, fact: &Fact, domain: &Domain) -> Option<Take> {
        let of_vocabulary = matches!(domain.scalar, Scalar::Term(_));
        if !of_vocabulary && !matches!(domain.scalar, Scalar::Choice(_)) {
            let key = if node.get("terms").is_some() { "terms" } else { "names" };
            let span = node.get(key).map_or(&node.span, |node| &node.span);
            let why = format!("`{}` has neither terms nor choices", fact.name);
            self.notes.add(self.file, span, Mistake::Misplaced { key: key.to_owned(), why });
            return None;
        }
        let term = |reader: &mut Self, entry: &Entry| {
            let Scalar::Term(vocabulary) = &domain.scalar else {
                return reader.literal(fact, domain, &entry.value).and_then(|_| entry.value.text().map(String::from));
            };
            let vocabulary = reader.program.dictionary.vocabulary(*vocabulary);
            let Some(name) = entry.value.text() else {
                reader.wrong_type(&entry.key, &entry.value, "a term, as a text");
                return None;
            };
            if vocabulary.find(name).is_none() {
                let nearest = vocabulary.nearest(name).into_iter().map(String::from).collect();
                let thing = Thing::Term(vocabulary.name.clone());
                let mistake = Mistake::Unknown { thing, name: name.to_owned(), nearest };
                reader.notes.add(reader.file, &entry.value.span, mistake);
            }
            Some(name.to_owned())
        };
        let codes = node.get("terms").map(|terms| self.meanings(terms, term)).unwrap_or_default();
        let mut terms = self.of_vocabulary(domain);
        codes.into_iter().for_each(|(pattern, term)| terms.add(pattern, term));
        terms.names = match node.get("names").map(|names| (&names.kind, names)) {
            None => Names::No,
            Some((Kind::Text(word), _)) if word == "known" => Names::Known,
            Some((Kind::Text(word), _)) if word == "all" => Names::All,
            Some((Kind::Text(word), names)) => {
                self.not_one_of("names", word, vec!["known".to_owned(), "all".to_owned()], &names.span);
                Names::No
            }
            Some((_, names)) => {
                self.wrong_type("names", names, "\"known\" or \"all\"");
                Names::No
            }
        };
        Some(Take::Terms(terms))
    }

    /// The codes that stand in the fact's vocabulary.
    fn of_vocabulary(&self, domain: &Domain) -> Terms {
        let mut terms = Terms::default();
        if let Scalar::Term(vocabulary) = &domain.scalar {
            for (_, concept) in self.program.dictionary.vocabulary(*vocabulary).concepts() {
                for (system, code) in &concept.codes {
                    terms.add(Pattern::new(&address(system), code), concept.name.clone());
                }
            }
        }
        terms
    }

    fn within(&mut self, table: &Table) -> Option<i64> {
        let given = table.number("within", self.notes)?;
        let days =
            Some(given).filter(|days| days.is_integer() && !days.is_sign_negative()).and_then(|days| days.to_i64());
        if let (None, Some(node)) = (days, table.node.get("within")) {
            self.wrong_type("within", node, "a whole number of days");
        }
        days
    }

    /// A unit that converts to that of the fact.
    fn unit(&mut self, table: &Table, fact: &Fact) -> Option<String> {
        let given = table.text("unit", self.notes)?;
        let span = table.node.get("unit").map_or(&table.node.span, |node| &node.span).clone();
        let Some(own) = fact.domain().filter(|_| !fact.is_list()).and_then(|domain| domain.unit.clone()) else {
            let why = format!("`{}` has no unit", fact.name);
            self.notes.add(self.file, &span, Mistake::Misplaced { key: "unit".to_owned(), why });
            return None;
        };
        let molar_mass = fact.domain().and_then(|domain| domain.molar_mass);
        match Unit::parse(&given) {
            None => self.notes.add(self.file, &span, Mistake::BadUnit { unit: given.clone() }),
            Some(unit) if Conversion::between(&unit, &own, molar_mass).is_err() => {
                let what = format!("unit of {}", fact.name);
                self.not_one_of(&what, &given, vec![own.code().to_owned()], &span);
            }
            Some(_) => {}
        }
        Some(given)
    }

    fn reduce(&mut self, table: &Table) -> Reduce {
        let Some(word) = table.text("reduce", self.notes) else { return Reduce::default() };
        let found = Reduce::ALL.iter().find(|(own, _)| *own == word);
        if found.is_none() {
            let accepted = Reduce::ALL.map(|(word, _)| word.to_owned()).to_vec();
            let span = table.node.get("reduce").map_or(&table.node.span, |node| &node.span).clone();
            self.not_one_of("reduce", &word, accepted, &span);
        }
        found.map(|(_, reduce)| *reduce).unwrap_or_default()
    }

    /// What words mean.
    fn words(&mut self, fact: &Fact, domain: &Domain, node: &Node, key: &str) -> Vec<(String, Literal)> {
        let Some(words) = node.get(key) else { return Vec::new() };
        let Some(entries) = words.entries() else {
            self.wrong_type(key, words, "a table of words and what they mean");
            return Vec::new();
        };
        let meaning = |entry: &Entry| Some((entry.key.to_string(), self.literal(fact, domain, &entry.value)?));
        entries.iter().filter_map(meaning).collect()
    }

    fn with(&mut self, node: &Node, fact: &Fact, view: usize) -> Vec<With> {
        let mut with = Vec::new();
        let Some(given) = node.get("with") else { return with };
        let Some(entries) = given.entries() else {
            self.wrong_type("with", given, "a table of fields");
            return with;
        };
        for entry in entries {
            let Some(index) = fact.fields().iter().position(|field| field.name == entry.key) else {
                let names = fact.fields().iter().map(|field| field.name.as_str());
                let nearest = nearest(&entry.key, names).into_iter().map(String::from).collect();
                let thing = Thing::Field(fact.name.clone());
                let mistake = Mistake::Unknown { thing, name: entry.key.to_string(), nearest };
                self.notes.add(self.file, &entry.key_span, mistake);
                continue;
            };
            let field = entry.key.to_string();
            let domain = fact.field_domain(index);
            let mut own = With { field, ..With::default() };
            match &entry.value.kind {
                Kind::Text(column) => {
                    own.column = Some(self.column(&entry.value, "", column.to_string(), view));
                }
                Kind::Table(_) => {
                    let table = (self.file, &entry.value, &entry.key_span);
                    Table::read(table, "field of a reading", format::WITH, self.notes);
                    own.current = entry.value.get("current").and_then(|node| self.literal(fact, domain, node));
                    own.past = entry.value.get("past").and_then(|node| self.literal(fact, domain, node));
                    if let Some(codes) = entry.value.get("codes") {
                        own.codes = self.meanings(codes, |reader, entry| reader.literal(fact, domain, &entry.value));
                        for column in ["system", "code"].map(|end| format!("{}_{end}", entry.key)) {
                            self.column(codes, "", column, view);
                        }
                    }
                    own.past_as = self.words(fact, domain, &entry.value, "past_as");
                    let words = self.words(fact, domain, &entry.value, "words").into_iter();
                    own.words = words.map(|(word, literal)| (format!(" {} ", fold(&word)), literal)).collect();
                }
                _ => {
                    self.wrong_type(&entry.key, &entry.value, "a column, or a table such as { current = …, past = … }");
                }
            }
            with.push(own);
        }
        with
    }

    fn states(&mut self, table: &Table, current_only: bool) -> (bool, bool) {
        let states = table.texts("states", self.notes);
        for (state, span) in states.iter().filter(|(state, _)| !["current", "past"].contains(state)) {
            self.not_one_of("states", state, vec!["current".to_owned(), "past".to_owned()], span);
        }
        let has = |wanted: &str| states.iter().any(|(state, _)| *state == wanted);
        if states.is_empty() { (true, !current_only) } else { (has("current"), has("past")) }
    }

    fn column(&mut self, node: &Node, key: &str, column: String, view: usize) -> String {
        let (_, of) = &self.views[view];
        if !of.columns().contains(&column.as_str()) {
            let accepted = of.columns().into_iter().map(String::from).collect();
            let span = node.get(key).map_or(&node.span, |column| &column.span).clone();
            self.not_one_of("column", &column, accepted, &span);
        }
        column
    }

    /// A value of a fact or field, as a referral would write it.
    fn literal(&mut self, fact: &Fact, domain: &Domain, node: &Node) -> Option<Literal> {
        match (&node.kind, &domain.scalar) {
            (Kind::Bool(value), Scalar::Bool) => Some(value.to_string()),
            (Kind::Text(text), Scalar::Choice(values)) if values.iter().any(|value| value == text) => {
                Some(format!("{text:?}"))
            }
            (Kind::Text(text), Scalar::Choice(values)) => {
                self.not_one_of(&fact.name, text, values.clone(), &node.span);
                None
            }
            (Kind::Array(items), Scalar::Choice(_) | Scalar::Term(_))
                if items.is_empty() && !matches!(fact.shape, Shape::One(_)) =>
            {
                Some("[]".to_owned())
            }
            (Kind::Text(text), Scalar::Term(_)) => Some(format!("{text:?}")),
            (Kind::Integer(digits) | Kind::Decimal(digits), Scalar::Integer | Scalar::Number) => {
                Some(digits.to_string())
            }
            _ => {
                self.wrong_type(&fact.name, node, &format!("a value of the fact, which is {}", domain.scalar.word()));
                None
            }
        }
    }

    fn not_one_of(&mut self, what: &str, given: &str, accepted: Vec<String>, span: &Span) {
        let nearest = nearest(given, accepted.iter().map(String::as_str)).into_iter().map(String::from).collect();
        let mistake = Mistake::NotOneOf { what: what.to_owned(), given: given.to_owned(), accepted, nearest };
        self.notes.add(self.file, span, mistake);
    }

    fn wrong_type(&mut self, what: &str, node: &Node, accepted: &str) {
        let (given, accepted) = (node.word().to_owned(), accepted.to_owned());
        self.notes.add(self.file, &node.span, Mistake::WrongType { what: what.to_owned(), given, accepted });
    }
}

/// TOML as the JSON that a view is written in.
fn json(node: &Node) -> Json<'static> {
    match &node.kind {
        Kind::Null => Json::Null,
        Kind::Bool(value) => Json::Bool(*value),
        Kind::Integer(digits) | Kind::Decimal(digits) => Json::Number(digits.to_string().into()),
        Kind::Text(text) => Json::Text(text.to_string().into()),
        Kind::Moment(text) => Json::Text(text.clone().into()),
        Kind::Array(items) => Json::List(items.iter().map(json).collect()),
        Kind::Table(entries) => {
            Json::Object(entries.iter().map(|entry| (entry.key.to_string().into(), json(&entry.value))).collect())
        }
    }
}

/// Where `select[0].column[1].path` stands; as far as there is something.
fn place<'n>(node: &'n Node, at: &str) -> Option<&'n Span> {
    let mut here = node;
    let mut found = None;
    for part in at.split('.') {
        let (key, indices) = part.split_once('[').unwrap_or((part, ""));
        let Some(next) = here.get(key) else { break };
        here = next;
        for index in indices.split('[').filter_map(|index| index.trim_end_matches(']').parse::<usize>().ok()) {
            let Some(next) = here.items().and_then(|items| items.get(index)) else { break };
            here = next;
        }
        found = Some(&here.span);
    }
    found
}
