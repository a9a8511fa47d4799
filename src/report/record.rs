//! A record as a referral that a person can read, complete and screen: each fact with the resources it comes from, then
//! what was looked for and not found, and what no record is asked for. And as rows, for other programs.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::json::safe;
use crate::model::dictionary::{Dictionary, Fact, FactId};
use crate::pack::mapping::Mapping;
use crate::record::compose::{Entry, Line};
use crate::record::found::{Found, Origin, Says};
use crate::record::literal::quoted;
use crate::record::read::Record;

/// So many resources are named that say the same.
const NAMED: usize = 3;

/// Writes a record as TOML.
pub fn write(record: &Record, mapping: &Mapping, dictionary: &Dictionary, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "patient = {}", quoted(&record.referral.patient))?;
    if let Some(as_of) = record.referral.as_of {
        writeln!(out, "as_of   = {as_of}")?;
    }
    writeln!(out, "\n[facts]")?;
    for line in &record.lines {
        fact(line, dictionary.fact(line.fact), out)?;
    }
    let read = |fact: &FactId| record.lines.iter().any(|line| line.fact == *fact);
    let mapped = |fact: &FactId| mapping.readings.iter().any(|reading| reading.fact == *fact);
    let facts = || dictionary.facts().filter(|(id, fact)| !read(id) && fact.derived.is_none());
    list("looked for in the record and not found", facts().filter(|(id, _)| mapped(id)), out)?;
    list("not looked for in records", facts().filter(|(id, _)| !mapped(id)), out)
}

fn fact(line: &Line, fact: &Fact, out: &mut impl Write) -> io::Result<()> {
    writeln!(out)?;
    for (origin, why) in &line.unreadable {
        writeln!(out, "# cannot be read: {}: {}", words(origin), one_line(why))?;
    }
    match (&line.entries[..], &line.none) {
        ([], Some(none)) => {
            comments(none, "", out)?;
            let on = none.on.as_ref().map(|on| format!(", on = {on}")).unwrap_or_default();
            writeln!(out, "{} = {{ value = []{on}, source = {} }}", fact.name, quoted(&none.source()))
        }
        ([], None) => writeln!(out, "# {} = ?", fact.name),
        (entries, _) if fact.is_list() => {
            let on = line.on.as_ref().map(|on| format!(", on = {on}")).unwrap_or_default();
            writeln!(out, "{} = {{ complete = false{on}, value = [", fact.name)?;
            several(entries, out)?;
            writeln!(out, "] }}")
        }
        ([one], _) => {
            comments(one, "", out)?;
            writeln!(out, "{} = {}", fact.name, one.table())
        }
        (entries, _) => {
            writeln!(out, "{} = [", fact.name)?;
            several(entries, out)?;
            writeln!(out, "]")
        }
    }
}

fn several(entries: &[Entry], out: &mut impl Write) -> io::Result<()> {
    for entry in entries {
        comments(entry, "    ", out)?;
        writeln!(out, "    {},", entry.table())?;
    }
    Ok(())
}

/// The resources that an entry comes from, and why it cannot be read.
fn comments(entry: &Entry, indent: &str, out: &mut impl Write) -> io::Result<()> {
    for origin in entry.origins.iter().take(NAMED) {
        writeln!(out, "{indent}# {}", words(origin))?;
    }
    if entry.origins.len() > NAMED {
        writeln!(out, "{indent}# and {} more that say the same", entry.origins.len() - NAMED)?;
    }
    match &entry.unreadable {
        Some(why) => writeln!(out, "{indent}# cannot be read: {}", one_line(why)),
        None => Ok(()),
    }
}

fn list<'d>(what: &str, facts: impl Iterator<Item = (FactId, &'d Fact)>, out: &mut impl Write) -> io::Result<()> {
    let facts: Vec<(FactId, &Fact)> = facts.collect();
    if facts.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n# {what}:")?;
    for (_, fact) in facts {
        writeln!(out, "#   {}  # {}", fact.name, fact.label)?;
    }
    Ok(())
}

/// `Observation/123, loinc 2160-0 (Creatinine), final, 2019-05-03`
fn words(origin: &Origin) -> String {
    let mut words = one_line(&origin.resource);
    match (&origin.code, &origin.text) {
        (Some((system, code)), Some(text)) => words.push_str(&format!(", {system} {code} ({})", one_line(text))),
        (Some((system, code)), None) => words.push_str(&format!(", {system} {code}")),
        (None, Some(text)) => words.push_str(&format!(", {}", one_line(text))),
        (None, None) => {}
    }
    for more in [&origin.status, &origin.on].into_iter().flatten() {
        words.push_str(&format!(", {}", one_line(more)));
    }
    words
}

/// A text that a comment can hold, and that moves no cursor.
fn one_line(text: &str) -> String {
    super::plain::plain(text).replace(['\n', '\r'], " ")
}

/// A row of the table that other programs read: what a resource says of a fact.
#[derive(Clone, Debug, Serialize)]
pub struct FactRow<'r> {
    /// The patient.
    pub patient: &'r str,
    /// The fact.
    pub fact: &'r str,
    /// The code that tells what the resource is about, with its system: `loinc 2160-0`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What the resource calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<&'r str>,
    /// The value, or the end of what it can be; of a record an object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// `<`, `<=`, `>` or `>=`, where only an end is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparator: Option<&'static str>,
    /// The unit of the value, as the resource has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Value>,
    /// The laboratory's own normal range, low and high.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<Value>,
    /// Why there is no value: `pending`, `not done`, `unknown`, `unreadable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<Value>,
    /// Its date, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<&'r str>,
    /// The status of the resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'r str>,
    /// The resource.
    pub source: &'r str,
}

/// Writes every row, one JSON object a line.
pub fn rows(record: &Record, mapping: &Mapping, dictionary: &Dictionary, out: &mut impl Write) -> io::Result<()> {
    for found in &record.reads.found {
        let fact = dictionary.fact(mapping.readings[found.reading].fact);
        let none = std::slice::from_ref(&None);
        let members: Vec<Option<Value>> = match &found.says {
            Says::Members(members) if members.is_empty() => vec![Some(json!([]))],
            Says::Members(members) => members.iter().map(|member| Some(of_member(fact, member))).collect(),
            Says::Entry(_) | Says::Unreadable(_) => none.to_vec(),
        };
        for member in members {
            let row = row(record, fact, found, member);
            safe(&serde_json::to_string(&row)?, out)?;
            writeln!(out)?;
        }
    }
    Ok(())
}

fn row<'r>(record: &'r Record, fact: &'r Fact, found: &'r Found, member: Option<Value>) -> FactRow<'r> {
    let Origin { resource, code, text, status, .. } = &found.origin;
    let entry = |key: &str| match &found.says {
        Says::Entry(entries) => entries.iter().find(|(own, _)| *own == key).map(|(_, literal)| of_literal(literal)),
        Says::Members(_) => None,
        Says::Unreadable(_) => (key == "status").then(|| "unreadable".into()),
    };
    let ends = [("below", "<"), ("at_most", "<="), ("above", ">"), ("at_least", ">=")];
    let end = ends.into_iter().find_map(|(key, sign)| Some((entry(key)?, sign)));
    let comparator = end.as_ref().map(|(_, sign)| *sign);
    FactRow {
        patient: &record.referral.patient,
        fact: &fact.name,
        code: code.as_ref().map(|(system, code)| format!("{system} {code}")),
        display: text.as_deref(),
        value: member.or_else(|| entry("value")).or(end.map(|(value, _)| value)),
        comparator,
        unit: entry("unit"),
        range: entry("range"),
        state: entry("status"),
        date: found.on.as_deref(),
        status: status.as_deref(),
        source: resource,
    }
}

fn of_member(fact: &Fact, member: &[(String, String)]) -> Value {
    match fact.fields() {
        [] => member.first().map(|(_, literal)| of_literal(literal)).unwrap_or_default(),
        _ => Value::Object(
            member.iter().map(|(name, literal)| (name.clone(), of_literal(literal))).collect::<Map<_, _>>(),
        ),
    }
}

/// A value of a referral as JSON has it: dates are texts there.
fn of_literal(literal: &str) -> Value {
    serde_json::from_str(literal).unwrap_or_else(|_| literal.into())
}
