//! What can be wrong with a referral, each with the words a coordinator reads and what to do about it.

use super::source::{Source, Span, Walk};

/// One mistake in a referral.
#[allow(missing_docs, reason = "the fields are the words of the message")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The text is no TOML or JSON.
    Syntax(String),
    /// The header has a key that means nothing.
    UnknownKey { key: String, of: String, accepted: String, nearest: Vec<String> },
    /// A fact outside of the facts, or a key of the header among them.
    Misplaced { key: String, home: &'static str },
    /// The dictionary has no such fact or field.
    UnknownFact { name: String, nearest: Vec<String> },
    /// A value of the wrong type.
    WrongType { what: String, given: String, accepted: String },
    /// A word that is none of a choice's values.
    NotAChoice { what: String, given: String, accepted: Vec<String>, nearest: Vec<String> },
    /// A term that only another fact's vocabulary holds.
    OtherFact { what: String, given: String, facts: Vec<String>, nearest: Vec<String> },
    /// A number without its unit.
    MissingUnit { what: String, given: String, unit: String, undated: bool },
    /// A unit that is neither UCUM nor a laboratory spelling.
    UnknownUnit { what: String, unit: String, own: String },
    /// A unit that measures something else.
    Inconvertible { what: String, given: String, unit: String, why: String },
    /// A unit where the fact has none.
    UnitNotTaken { what: String, accepted: Option<String> },
    /// Outside the plausible range.
    Implausible { what: String, given: String, accepted: String },
    /// A number that cannot be held exactly.
    TooLong { what: String, given: String },
    /// No day of the calendar.
    NotADate { what: String, given: String },
    /// Bounds no value lies within.
    EmptyBounds { what: String },
    /// Bounds, a value or a status together, or none of them.
    OneStatement { what: String },
    /// An entry of a series without a date.
    UndatedEntry { what: String },
    /// A series without entries.
    EmptySeries { what: String },
    /// A base that cannot be read.
    Base { path: String, why: String },
    /// A word for "nothing" where a term is expected.
    SaysNone { what: String, given: String },
    /// A list where one value is expected.
    NotASeries { what: String },
    /// A moment that is no day.
    NotADay { what: String, given: String },
    /// No facts at all.
    NoFacts,
    /// A fixture that depends on the day it is read.
    NoAsOf,
    /// The pack has no such rule.
    UnknownRule { name: String, nearest: Vec<String> },
    /// The pack accounts for no such criterion.
    UnknownCriterion { id: String, nearest: Vec<String> },
    /// A name under which nothing is ever asked for.
    NeverAsked { name: String, why: String },
}

impl Problem {
    /// What is wrong, in the user's words.
    pub fn message(&self) -> String {
        match self {
            Problem::Syntax(message) => message.clone(),
            Problem::UnknownKey { key, of, .. } => format!("`{key}` means nothing in {of}"),
            Problem::Misplaced { key, .. } => format!("`{key}` does not belong here"),
            Problem::UnknownFact { name, .. } => format!("there is no fact `{name}`"),
            Problem::WrongType { what, given, .. } => format!("`{what}` does not take {given}"),
            Problem::NotAChoice { what, given, .. } => format!("`{given}` is not a value of `{what}`"),
            Problem::OtherFact { what, given, .. } => format!("`{given}` is not known under `{what}`"),
            Problem::MissingUnit { what, given, .. } => format!("`{what}` is {given} without a unit"),
            Problem::UnknownUnit { what, unit, .. } => format!("`{unit}`, given for `{what}`, is no unit"),
            Problem::Inconvertible { what, given, unit, .. } => {
                format!("`{what}` is given as {given}, which does not convert to {unit}")
            }
            Problem::UnitNotTaken { what, accepted: Some(_) } => format!("`{what}` takes no number and no unit"),
            Problem::UnitNotTaken { what, accepted: None } => format!("`{what}` takes no unit"),
            Problem::Implausible { what, given, .. } => format!("`{what}` of {given} is not plausible"),
            Problem::TooLong { what, given } => format!("`{given}`, given for `{what}`, cannot be held exactly"),
            Problem::NotADate { what, given } => format!("`{given}`, given for `{what}`, is no date"),
            Problem::EmptyBounds { what } => format!("no value of `{what}` lies within these bounds"),
            Problem::OneStatement { what } => format!("an entry of `{what}` says none or several things"),
            Problem::UndatedEntry { what } => format!("an entry of the series `{what}` has no date"),
            Problem::EmptySeries { what } => format!("`{what}` is a series without entries"),
            Problem::Base { path, why } => format!("the base `{path}` cannot be used: {why}"),
            Problem::SaysNone { what, given } => format!("`{given}` is no term of `{what}`"),
            Problem::NotASeries { what } => format!("`{what}` takes one value and not a list"),
            Problem::NotADay { what, given } => format!("`{given}`, given for `{what}`, is no day"),
            Problem::NoFacts => "the referral states no facts".into(),
            Problem::NoAsOf => "the fixture has no as-of date".into(),
            Problem::UnknownRule { name, .. } => format!("there is no rule `{name}`"),
            Problem::UnknownCriterion { id, .. } => format!("there is no criterion `{id}`"),
            Problem::NeverAsked { name, .. } => format!("nothing is asked for as `{name}`"),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Problem::Syntax(_) => return None,
            Problem::UnknownKey { accepted, nearest, .. } => match quoted(nearest) {
                Some(names) => format!("did you mean {names}?"),
                None => format!("accepted: {accepted}"),
            },
            Problem::Misplaced { home, .. } => format!("write it {home} [facts]"),
            Problem::UnknownFact { nearest, .. } => match quoted(nearest) {
                Some(names) => format!("did you mean {names}?"),
                None => {
                    "`candidacy schema facts` lists every fact with its question (JSON Schema; --pack names the pack)"
                        .into()
                }
            },
            Problem::WrongType { accepted, .. } => format!("it takes {accepted}"),
            Problem::NotAChoice { accepted, nearest, .. } => match quoted(nearest) {
                Some(names) => format!("did you mean {names}? accepted: {}", accepted.join(", ")),
                None => format!("accepted: {}", accepted.join(", ")),
            },
            Problem::OtherFact { what, given, facts, nearest } => {
                let near = quoted(nearest).map(|names| format!("{names}, or ")).unwrap_or_default();
                let facts = quoted(facts).unwrap_or_default();
                format!(
                    "it is known under {facts}: state it there; if it is meant as `{what}`, write {near}\"other: {given}\""
                )
            }
            Problem::MissingUnit { what, given, unit, undated } => {
                let on = if *undated { format!(", {ON}") } else { String::new() };
                let day = if *undated { " and the day of the result" } else { "" };
                let key = own_key(what);
                format!(
                    "write {key} = {{ value = {given}, unit = \"{unit}\"{on} }}, with the unit the report gives{day}"
                )
            }
            Problem::UnknownUnit { own, .. } => format!("write it as its UCUM code, such as {own}"),
            Problem::Inconvertible { why, .. } => why.clone(),
            Problem::UnitNotTaken { accepted: Some(accepted), .. } => format!("it takes {accepted}"),
            Problem::UnitNotTaken { accepted: None, .. } => "leave the unit out".into(),
            Problem::Implausible { accepted, .. } => format!("accepted: {accepted}"),
            Problem::TooLong { .. } => "a number has at most 28 digits, a whole number at most 18".into(),
            Problem::NotADate { .. } => {
                "write 2026-11-21; a month 2026-11 or a year 2026 where only that is known".into()
            }
            Problem::EmptyBounds { .. } => "the lower bound must lie below the upper one".into(),
            Problem::OneStatement { .. } => {
                "give one of value, status, or bounds (below, above, at_least, at_most)".into()
            }
            Problem::UndatedEntry { .. } => format!("give every entry the day of its result: {{ value = …, {ON} }}"),
            Problem::EmptySeries { .. } => "leave the fact out, or write \"unknown\"".into(),
            Problem::Base { .. } => "a base is a referral in the same folder or below it".into(),
            Problem::SaysNone { .. } => "write [] where somebody looked and there is none".into(),
            Problem::NotASeries { .. } => {
                "write the value by itself; a series of results is [{ value = …, on = … }, …]".into()
            }
            Problem::NotADay { .. } => "write the day, such as 2026-11-21, with a time of day where that counts".into(),
            Problem::NoFacts => "write them under [facts]".into(),
            Problem::NoAsOf => {
                "write the day above [facts], such as as_of = 2026-11-21: without it the verdict changes with the day"
                    .into()
            }
            Problem::UnknownCriterion { nearest, .. } => match quoted(nearest) {
                Some(names) => format!("did you mean {names}?"),
                None => "criteria.toml lists them".into(),
            },
            Problem::UnknownRule { nearest, .. } => match quoted(nearest) {
                Some(names) => format!("did you mean {names}?"),
                None => "name a rule of the pack by its id".into(),
            },
            Problem::NeverAsked { why, .. } => why.clone(),
        })
    }
}

/// How an entry says the day of its result.
const ON: &str = "on = 2026-11-18";

/// The key to write for `fact` or, within a record, for `fact.field`.
fn own_key(what: &str) -> &str {
    what.rsplit_once('.').map_or(what, |(_, field)| field)
}

/// `a`, `b` or `c`.
fn quoted(names: &[String]) -> Option<String> {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let (last, rest) = quoted.split_last()?;
    Some(if rest.is_empty() { last.clone() } else { format!("{} or {last}", rest.join(", ")) })
}

/// A mistake and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// Where.
    pub span: Span,
    /// What.
    pub problem: Problem,
}

/// A referral that cannot be screened, with all that is wrong in one of its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The file.
    pub source: Source,
    /// Its mistakes, in source order.
    pub problems: Vec<Located>,
}

impl Rejected {
    /// Each mistake as `file:line:column`, its message and its help.
    pub fn lines(&self) -> impl Iterator<Item = (String, String, Option<String>)> {
        let mut walk = Walk::new(&self.source);
        self.problems.iter().map(move |located| {
            let at = walk.position(located.span.start);
            let place = format!("{}:{}:{}", self.source.name, at.line, at.column);
            (place, located.problem.message(), located.problem.help())
        })
    }
}
