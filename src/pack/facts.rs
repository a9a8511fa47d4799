//! `facts.toml`: the facts of the dictionary, derived facts and conflicts, as written and as checked.

use rust_decimal::Decimal;

use super::diagnostic::Also;
use super::format::{self, TYPES, fits};
use super::item::{Item, Items};
use super::mistake::{Mistake, Thing};
use super::setting::Setting;
use super::table::{Notes, Table, decimal};
use crate::input::document::{Entry, Kind, Node};
use crate::input::scalar::given_text;
use crate::input::source::{Source, Span};
use crate::model::calendar::parse_day;
use crate::model::dictionary::{Domain, Effort, Fact, Field, Limit, MaxAge, Normal, Scalar, Shape, VocabularyId};
use crate::model::name::{RESERVED, fold, nearest};
use crate::model::unit::{Conversion, Unit};

/// Where a script stands.
#[derive(Clone, Debug)]
pub struct ScriptAt {
    /// The file.
    pub file: usize,
    /// The string that holds it, quotes included.
    pub span: Span,
    /// The script.
    pub text: String,
}

impl ScriptAt {
    /// Where the script's own characters stand in its file, if they stand there as they are.
    pub fn verbatim(&self, source: &Source) -> Option<Span> {
        let written = source.text.get(self.span.clone())?;
        let start = written.find(self.text.as_str())?;
        let quotes = written[..start].trim_end_matches(['\r', '\n']);
        let plain = ["'", "\"", "'''", "\"\"\""].contains(&quotes);
        plain.then(|| self.span.start + start..self.span.start + start + self.text.len())
    }

    /// Where a stretch of the script stands in its file: the whole string where it is not written as it is.
    pub fn place(&self, source: &Source, inner: &Span) -> Span {
        match self.verbatim(source) {
            Some(own) => own.start + inner.start..own.start + inner.end,
            None => self.span.clone(),
        }
    }
}

/// A fact as written, with its script if it is derived.
pub struct WrittenFact {
    /// The fact.
    pub fact: Fact,
    /// The script of a derived fact.
    pub script: Option<ScriptAt>,
    /// Whether a derived fact that is reported as true is true, whatever its script comes to.
    pub stands: bool,
    /// The setting that limits its age, and where it is named: resolved when every layer has been read.
    pub max_age: Option<(String, Span)>,
    /// Its normal range where a setting gives an end of it, and where it stands: resolved likewise.
    pub range: Option<([End; 2], Span)>,
    /// Where its definition says what it is.
    pub marks: Marks,
    /// The same of its fields.
    pub fields: Vec<Marks>,
    /// Fields that have mistakes and cannot be used.
    pub lost: Vec<String>,
    /// Whether nothing is wrong with what it is declared to be.
    pub is_sound: bool,
}

/// An end of a normal range as written.
#[derive(Clone, Debug)]
pub enum End {
    /// A number.
    Number(Decimal),
    /// The name of a setting, and where it stands.
    Setting(String, Span),
}

/// Where a definition says what it is; where it does not, its name.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// Its name.
    pub name: Span,
    /// Its type.
    pub kind: Span,
    /// Its values.
    pub values: Span,
    /// Its unit.
    pub unit: Span,
    /// Its plausible range.
    pub limits: Span,
}

impl Marks {
    fn of(table: &Table) -> Marks {
        let at = |keys: &[&str]| {
            let found = keys.iter().find_map(|key| table.node.get(key));
            found.map_or(table.at, |node| &node.span).clone()
        };
        Marks {
            name: table.at.clone(),
            kind: at(&["type", "of"]),
            values: at(&["values"]),
            unit: at(&["unit"]),
            limits: at(&["max", "min"]),
        }
    }
}

impl WrittenFact {
    /// The fact with its age limit and its normal range, as the settings of all layers have them.
    pub fn resolved(&self, file: usize, settings: &Items<Setting>, notes: &mut Notes) -> Fact {
        let limit = self.max_age.as_ref().and_then(|(name, span)| {
            let setting = &settings.list[settings.find(name, Thing::Setting, (file, span), notes)?].value;
            let days = days(setting);
            if days.is_none() {
                let item = &settings.list[settings.position(name)?];
                let also =
                    Also { file: item.file, span: item.span.clone(), text: format!("`{name}` is {}", setting.show()) };
                let mistake = Mistake::NoAge { setting: name.clone(), given: setting.show() };
                notes.add_beside(file, span, mistake, also);
            }
            days.map(|days| MaxAge { days, setting: name.clone() })
        });
        let mut fact = Fact { max_age: limit, ..self.fact.clone() };
        if let (Some((ends, span)), Shape::One(domain)) = (&self.range, &mut fact.shape) {
            let [low, high] = ends.each_ref().map(|end| resolved_end(end, domain, file, settings, notes));
            domain.normal = low.zip(high).map(|(low, high)| Normal { low, high });
            if domain.normal.is_some_and(|normal| normal.low > normal.high) {
                let (what, accepted) = ("range".to_owned(), "[low, high]".to_owned());
                notes.add(
                    file,
                    span,
                    Mistake::WrongType { what, given: "a low end above the high one".into(), accepted },
                );
            }
            fact.range_settings.extend(ends.iter().filter_map(|end| match end {
                End::Setting(name, _) => Some(name.clone()),
                End::Number(_) => None,
            }));
        }
        fact
    }
}

/// An end of a normal range, in the unit of the fact.
fn resolved_end(
    end: &End,
    domain: &Domain,
    file: usize,
    settings: &Items<Setting>,
    notes: &mut Notes,
) -> Option<Decimal> {
    let (name, span) = match end {
        End::Number(value) => return Some(*value),
        End::Setting(name, span) => (name, span),
    };
    let setting = &settings.list[settings.find(name, Thing::Setting, (file, span), notes)?].value;
    let value = match (&setting.unit, &domain.unit) {
        (None, None) => setting.number(),
        (Some(own), Some(unit)) => Conversion::between(own, unit, domain.molar_mass)
            .ok()
            .and_then(|conversion| conversion.apply(setting.number()?)),
        _ => None,
    };
    if value.is_none() {
        let given = format!("`{name}`, which is {}", setting.show());
        let accepted = "numbers, and settings in its unit or one that converts to it".to_owned();
        notes.add(file, span, Mistake::WrongType { what: "range".into(), given, accepted });
    }
    value
}

/// A conflict as written.
pub struct WrittenConflict {
    /// When.
    pub when: ScriptAt,
    /// Why.
    pub because: ScriptAt,
    /// What is then unknown.
    pub doubts: Vec<(String, Span)>,
    /// The lists that then lack a member.
    pub lacks: Vec<(String, Span)>,
}

/// What the facts of a pack may refer to.
pub struct Context<'c> {
    /// The vocabularies, by position.
    pub vocabularies: &'c [String],
}

/// Reads a layer's facts.
pub fn read(
    file: usize,
    layer: usize,
    node: &Node,
    context: &Context,
    facts: &mut Items<WrittenFact>,
    notes: &mut Notes,
) {
    let top = 0..0;
    let table = Table::read((file, node, &top), "dictionary", format::DICTIONARY, notes);
    for entry in table.entries("fact", notes) {
        let written = fact(file, entry, context, notes);
        add((file, layer), entry, written, facts, notes);
    }
    for entry in table.entries("derived", notes) {
        let before = notes.diagnostics.len();
        let mut written = derived(file, entry, context, notes);
        if let Some(written) = written.as_mut().filter(|_| notes.diagnostics.len() > before) {
            written.is_sound = false;
        }
        add((file, layer), entry, written, facts, notes);
    }
}

fn add(
    (file, layer): (usize, usize),
    entry: &Entry,
    written: Option<WrittenFact>,
    facts: &mut Items<WrittenFact>,
    notes: &mut Notes,
) {
    let name = entry.key.to_string();
    match written {
        Some(value) => facts.add(Item { name, layer, file, span: entry.key_span.clone(), value }, notes),
        None => facts.lost.push(name),
    }
}

/// Reads a layer's conflicts. One with an id can be replaced and dropped by packs built on this one.
pub fn conflicts(file: usize, layer: usize, node: &Node, conflicts: &mut Items<WrittenConflict>, notes: &mut Notes) {
    let top = 0..0;
    // What is wrong with the dictionary itself is noted where its facts are read.
    let dictionary = Table::read((file, node, &top), "dictionary", format::DICTIONARY, &mut Notes::default());
    for (index, item) in dictionary.tables("conflict", notes).iter().enumerate() {
        let table = Table::read((file, item, &item.span), "conflict", format::CONFLICT, notes);
        table.needed("when", "the script that is true when the facts cannot be", notes);
        table.needed("because", "what contradicts what, in words", notes);
        let name = table.text("id", notes).unwrap_or_else(|| format!("conflict {index} of layer {layer}"));
        let mut facts = |key: &str| -> Vec<(String, Span)> {
            table.texts(key, notes).into_iter().map(|(name, span)| (name.to_owned(), span.clone())).collect()
        };
        let (doubts, lacks) = (facts("doubts"), facts("lacks"));
        let says_none = |key: &str| item.get(key).is_none_or(|facts| facts.items().is_some_and(<[_]>::is_empty));
        if says_none("doubts") && says_none("lacks") && !table.is_misspelt("lacks") {
            table.missing("doubts", "the facts it makes unknown, such as doubts = [\"sex\", \"pregnant\"]", notes);
        }
        if let (Some(when), Some(because)) = (script(file, item, "when"), script(file, item, "because")) {
            let value = WrittenConflict { when, because, doubts, lacks };
            conflicts.add(Item { name, layer, file, span: item.span.clone(), value }, notes);
        }
    }
}

/// A text with the place it stands at.
pub fn script(file: usize, node: &Node, key: &str) -> Option<ScriptAt> {
    let value = node.get(key)?;
    Some(ScriptAt { file, span: value.span.clone(), text: value.text()?.to_owned() })
}

fn fact(file: usize, entry: &Entry, context: &Context, notes: &mut Notes) -> Option<WrittenFact> {
    let table = Table::of(file, entry, "fact", format::FACT, notes)?;
    if entry.value.entries().is_some_and(|entries| entries.iter().all(|entry| entry.key == "field")) {
        table.missing(
            "type",
            "what it is under [fact.NAME], such as type = \"list\", with label, question and group",
            notes,
        );
        return None;
    }
    let misspelt_fields = table.is_misspelt("field");
    let label = table.needed("label", "what people call it", notes).unwrap_or_default();
    let question = table.needed("question", "what to ask when it is missing", notes).unwrap_or_default();
    let group = table.needed("group", "where reports show it, such as group = \"heart\"", notes).unwrap_or_default();
    let effort = effort(&table, notes);
    let max_age = table.text("max_age", notes).zip(entry.value.get("max_age").map(|node| node.span.clone()));
    let mut read = ReadFields::default();
    let shape = shape(&table, context, &mut read, notes).filter(|_| !misspelt_fields)?;
    let name = entry.key.to_string();
    let fact =
        Fact { name, label, question, group, shape, effort, max_age: None, range_settings: Vec::new(), derived: None };
    let ReadFields { marks: fields, lost, .. } = read;
    let marks = Marks::of(&table);
    Some(WrittenFact {
        fact,
        script: None,
        stands: false,
        max_age,
        range: named_range(&table),
        marks,
        fields,
        lost,
        is_sound: true,
    })
}

/// The fields of a list, as far as they can be used.
#[derive(Default)]
struct ReadFields {
    fields: Vec<Field>,
    marks: Vec<Marks>,
    lost: Vec<String>,
}

fn effort(table: &Table, notes: &mut Notes) -> Effort {
    let words = Effort::ALL.map(Effort::word);
    table.one_of("effort", &words, notes).map_or(Effort::Record, |index| Effort::ALL[index])
}

fn derived(file: usize, entry: &Entry, context: &Context, notes: &mut Notes) -> Option<WrittenFact> {
    let table = Table::of(file, entry, "derived fact", format::DERIVED, notes)?;
    let label = table.needed("label", "what people call it", notes).unwrap_or_default();
    table.needed("value", "the script that computes it", notes);
    let script = script(file, &entry.value, "value");
    let tolerance = table.number("tolerance", notes).unwrap_or(Decimal::ZERO);
    let stands = table.one_of("reported", &format::REPORTED, notes).is_some();
    let domain = domain(&table, context, notes)?;
    if matches!(domain.scalar, Scalar::Term(_)) {
        let accepted = TYPES[..5].iter().map(|word| (*word).to_owned()).collect();
        let mistake = Mistake::NotOneOf { what: "type".into(), given: "term".into(), accepted, nearest: Vec::new() };
        notes.add(file, entry.value.get("type").map_or(table.at, |node| &node.span), mistake);
        return None;
    }
    let question = table.text("question", notes).unwrap_or_else(|| format!("What is the {label}?"));
    let group = table.text("group", notes).unwrap_or_default();
    let (name, shape, effort) = (entry.key.to_string(), Shape::One(domain), effort(&table, notes));
    let fact = Fact {
        name,
        label,
        question,
        group,
        shape,
        effort,
        max_age: None,
        range_settings: Vec::new(),
        derived: Some(tolerance),
    };
    let marks = Marks::of(&table);
    let (fields, lost) = (Vec::new(), Vec::new());
    Some(WrittenFact {
        fact,
        script,
        stands,
        max_age: None,
        range: named_range(&table),
        marks,
        fields,
        lost,
        is_sound: true,
    })
}

fn days(setting: &Setting) -> Option<i64> {
    let conversion = Conversion::between(setting.unit.as_ref()?, &Unit::parse("d")?, None).ok()?;
    let days = conversion.apply(setting.number()?)?;
    if days.fract().is_zero() && !days.is_sign_negative() { i64::try_from(days).ok() } else { None }
}

fn shape(table: &Table, context: &Context, read: &mut ReadFields, notes: &mut Notes) -> Option<Shape> {
    let is_list = table.node.get("type").and_then(Node::text) == Some("list");
    if !is_list {
        return domain(table, context, notes).map(Shape::One);
    }
    fitting(table, "list", notes);
    let Some(fields) = table.node.get("field") else {
        return members(table, context, notes).map(Shape::Set);
    };
    if fields.entries().is_some_and(<[_]>::is_empty) {
        table.missing("field", "its fields, each under [fact.NAME.field.FIELD]", notes);
    }
    for entry in table.entries("field", notes) {
        match field(table.file, entry, context, notes) {
            Some((field, marks)) => {
                read.fields.push(field);
                read.marks.push(marks);
            }
            None => read.lost.push(entry.key.to_string()),
        }
    }
    let fields = std::mem::take(&mut read.fields);
    if fields.is_empty() { None } else { Some(Shape::Records(fields)) }
}

/// The domain of a list's members: choices or terms.
fn members(table: &Table, context: &Context, notes: &mut Notes) -> Option<Domain> {
    let scalar = if table.node.get("of").is_some() {
        Scalar::Term(vocabulary(table, context, notes)?)
    } else if table.node.get("values").is_some() {
        Scalar::Choice(values(table, notes)?)
    } else {
        let help = "a vocabulary; or `values` for a list of choices, or [fact.NAME.field.…] for one of records";
        if !table.is_misspelt("values") && !table.is_misspelt("field") {
            table.missing("of", help, notes);
        }
        return None;
    };
    Some(Domain { scalar, unit: None, min: None, max: None, molar_mass: None, normal: None })
}

fn field(file: usize, entry: &Entry, context: &Context, notes: &mut Notes) -> Option<(Field, Marks)> {
    let table = Table::of(file, entry, "field", format::FIELD, notes)?;
    let question = table.needed("question", "what to ask when it is missing", notes).unwrap_or_default();
    let label = table.text("label", notes).unwrap_or_else(|| entry.key.replace('_', " "));
    let domain = domain(&table, context, notes)?;
    Some((Field { name: entry.key.to_string(), label, question, domain }, Marks::of(&table)))
}

fn domain(table: &Table, context: &Context, notes: &mut Notes) -> Option<Domain> {
    if table.node.get("type").is_none() {
        table.missing("type", "one of bool, integer, number, date, choice, term, list", notes);
        return None;
    }
    let scalar = match TYPES[table.one_of("type", &TYPES, notes)?] {
        "bool" => Scalar::Bool,
        "integer" => Scalar::Integer,
        "number" => Scalar::Number,
        "date" => Scalar::Date,
        "choice" => Scalar::Choice(values(table, notes)?),
        "term" => Scalar::Term(vocabulary(table, context, notes)?),
        _ => {
            let span = &table.node.get("type")?.span;
            notes.add(table.file, span, Mistake::Misplaced { key: "list".into(), why: "lists do not nest".into() });
            return None;
        }
    };
    fitting(table, scalar.word(), notes);
    let unit = table.unit("unit", notes);
    let sound = unit.is_some() || table.node.get("unit").is_none();
    let (min, max) = (limit(table, "min", &scalar, notes), limit(table, "max", &scalar, notes));
    let normal = normal(table, notes);
    let domain = Domain { scalar, unit, min, max, molar_mass: table.number("molar_mass", notes), normal };
    sound.then_some(domain)
}

/// Notes keys that mean nothing for a type.
fn fitting(table: &Table, of_type: &str, notes: &mut Notes) {
    for entry in table.node.entries().unwrap_or_default().iter().filter(|entry| !fits(&entry.key, of_type)) {
        let why = if entry.key == "field" { "only a list has fields".into() } else { format!("a {of_type} has none") };
        notes.add(table.file, &entry.key_span, Mistake::Misplaced { key: entry.key.to_string(), why });
    }
}

fn values(table: &Table, notes: &mut Notes) -> Option<Vec<String>> {
    let values = table.texts("values", notes);
    if values.is_empty() {
        if table.node.get("values").is_none_or(|values| values.items().is_some_and(<[_]>::is_empty)) {
            table.missing("values", "the values it may take, such as values = [\"normal\", \"abnormal\"]", notes);
        }
        return None;
    }
    for (index, (value, span)) in values.iter().enumerate() {
        if RESERVED.contains(&fold(value).as_ref()) {
            let why = "it is the word for a state of a fact";
            notes.add(table.file, span, Mistake::BadName { what: "value", name: (*value).to_owned(), why });
        }
        if values[..index].iter().any(|(other, _)| fold(other) == fold(value)) {
            notes.add(table.file, span, Mistake::Duplicate { what: "value", name: (*value).to_owned() });
        }
    }
    Some(values.into_iter().map(|(value, _)| value.to_owned()).collect())
}

fn vocabulary(table: &Table, context: &Context, notes: &mut Notes) -> Option<VocabularyId> {
    let name = table.needed("of", "the vocabulary its terms come from", notes)?;
    let found = context.vocabularies.iter().position(|known| *known == name);
    if found.is_none() {
        let nearest = nearest(&name, context.vocabularies.iter().map(String::as_str));
        let nearest = nearest.into_iter().map(String::from).collect();
        let span = &table.node.get("of")?.span;
        notes.add(table.file, span, Mistake::Unknown { thing: Thing::Vocabulary, name, nearest });
    }
    found.map(|index| VocabularyId(index as u16))
}

fn limit(table: &Table, key: &str, scalar: &Scalar, notes: &mut Notes) -> Option<Limit> {
    let node = table.node.get(key)?;
    if *scalar != Scalar::Date {
        return decimal(node).map(Limit::Number).or_else(|| table.expect(key, node, None, "a number", notes));
    }
    let read = match &node.kind {
        Kind::Text(text) if text == "as_of" => Some(Limit::AsOf),
        Kind::Moment(_) | Kind::Text(_) => parse_day(&given_text(node)).map(Limit::Date),
        _ => None,
    };
    table.expect(key, node, read, "a date, or \"as_of\"", notes)
}

/// A normal range with an end that a setting gives, and where it stands.
fn named_range(table: &Table) -> Option<([End; 2], Span)> {
    let node = table.node.get("range")?;
    let end = |node: &Node| {
        let named = node.text().map(|name| End::Setting(name.to_owned(), node.span.clone()));
        named.or_else(|| decimal(node).map(End::Number))
    };
    let Some([low, high]) = node.items() else { return None };
    let ends = [end(low)?, end(high)?];
    ends.iter().any(|end| matches!(end, End::Setting(..))).then(|| (ends, node.span.clone()))
}

fn normal(table: &Table, notes: &mut Notes) -> Option<Normal> {
    let node = table.node.get("range").filter(|_| named_range(table).is_none())?;
    let read = match node.items() {
        Some([low, high]) => decimal(low).zip(decimal(high)).map(|(low, high)| Normal { low, high }),
        _ => None,
    };
    table.expect("range", node, read.filter(|normal| normal.low <= normal.high), "[low, high]", notes)
}
