//! A patient that the solver found, as a referral: with as little in it as shows what is claimed, and screened to see
//! that it does.

use super::cells::Cells;
use super::given::{Candidate, Given};
use super::space::{List, Space};
use crate::engine::screen::{Screening, screen};
use crate::input::referral::{Dates, read_text};
use crate::input::source::Source;
use crate::model::calendar::Date;
use crate::model::dictionary::{Domain, Fact};
use crate::model::referral::Referral;
use crate::pack::program::Program;

/// A referral that shows something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// What is said of each fact, as a referral writes it, in the order of the dictionary.
    pub facts: Vec<(String, String)>,
    /// The day.
    pub as_of: Date,
}

/// A fact of a witness on its way.
#[derive(Clone, Debug)]
struct Part {
    name: String,
    place: usize,
    says: Says,
}

#[derive(Clone, Debug)]
enum Says {
    One(Candidate),
    Many { members: Vec<Vec<Given>>, open: bool, on: Option<Date> },
}

impl Witness {
    /// The witness as a referral.
    pub fn toml(&self) -> String {
        let mut text = format!("as_of = {}\n\n[facts]\n", self.as_of);
        let width = self.facts.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (name, value) in &self.facts {
            text.push_str(&format!("{name:width$} = {value}\n"));
        }
        text
    }
}

/// The patient that the solver found last, if screening shows what is claimed, with all left out that is not needed.
/// From one who does not show it the space learns.
pub fn witness(space: &mut Space, mut shows: impl FnMut(&[Screening]) -> bool) -> Option<Witness> {
    let mut parts = parts(space);
    let text = |space: &Space, parts: &[Part]| Witness { facts: written(space, parts), as_of: space.as_of }.toml();
    let programs = space.programs.clone();
    let referrals = referrals(&programs, &text(space, &parts), space.as_of)?;
    let screenings = screenings(&programs, &referrals, space.as_of);
    if !shows(&screenings) {
        space.learn(&screenings);
        return None;
    }
    let mut holds = |parts: &[Part]| {
        let referrals = self::referrals(&programs, &text(space, parts), space.as_of);
        referrals.is_some_and(|referrals| shows(&self::screenings(&programs, &referrals, space.as_of)))
    };
    let mut index = 0;
    while index < parts.len() {
        let mut less = parts.clone();
        less.remove(index);
        if holds(&less) {
            parts = less;
            continue;
        }
        if let Says::One(candidate) = &parts[index].says {
            for simpler in simpler(candidate, space.as_of) {
                let mut other = parts.clone();
                other[index].says = Says::One(simpler);
                if holds(&other) {
                    parts = other;
                    break;
                }
            }
        }
        let members = if let Says::Many { members, .. } = &parts[index].says { members.len() } else { 0 };
        for member in (0..members).rev() {
            let mut less = parts.clone();
            if let Says::Many { members, .. } = &mut less[index].says {
                members.remove(member);
            }
            if holds(&less) {
                parts = less;
                continue;
            }
            for field in 1..width(&parts[index].says) {
                let mut less = parts.clone();
                if let Says::Many { members, .. } = &mut less[index].says {
                    members[member][field] = Given::Absent;
                }
                if holds(&less) {
                    parts = less;
                }
            }
        }
        index += 1;
    }
    Some(Witness { facts: written(space, &parts), as_of: space.as_of })
}

/// What says the same more simply, the simplest first: a value for bounds, of the day itself, by the usual range.
fn simpler(candidate: &Candidate, as_of: Date) -> Vec<Candidate> {
    let values: Vec<Given> = candidate.value.values().into_iter().chain([candidate.value.clone()]).collect();
    let mut all = Vec::new();
    for value in values {
        for normal in [None, candidate.normal] {
            for on in [candidate.on.map(|_| as_of), candidate.on] {
                let simpler = Candidate { value: value.clone(), on, normal };
                if simpler != *candidate && !all.contains(&simpler) {
                    all.push(simpler);
                }
            }
        }
    }
    all
}

/// How many fields the members of a list have.
fn width(says: &Says) -> usize {
    match says {
        Says::Many { members, .. } => members.first().map_or(0, Vec::len),
        Says::One(_) => 0,
    }
}

/// A text as a referral for every pack; none where one refuses it.
fn referrals(programs: &[&Program], text: &str, as_of: Date) -> Option<Vec<Referral>> {
    programs.iter().map(|program| read(program, text, as_of)).collect()
}

fn screenings<'p>(programs: &[&'p Program], referrals: &'p [Referral], as_of: Date) -> Vec<Screening<'p>> {
    programs.iter().zip(referrals).map(|(program, referral)| screen(program, referral, as_of)).collect()
}

/// A referral as a pack reads it. What only the other pack knows is left out.
fn read(program: &Program, text: &str, as_of: Date) -> Option<Referral> {
    let known = |line: &&str| match line.split_once(" = ") {
        Some((name, _)) => name.trim() == "as_of" || program.dictionary.find(name.trim()).is_some(),
        None => true,
    };
    let own: String = text.lines().filter(known).map(|line| format!("{line}\n")).collect();
    let source = Source { name: "witness".to_owned(), text: own };
    let dates = Dates { asked: Some(as_of), today: as_of };
    read_text(source, &program.dictionary, dates).ok().map(|read| read.referral)
}

fn parts(space: &Space) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for (cells, bits) in &space.cells {
        let Some(cell) = bits.iter().position(|bit| space.logic.holds(*bit)) else { continue };
        let Cells { facts, cells, .. } = cells;
        for (name, candidate) in facts.iter().zip(&cells[cell]).filter(|(_, one)| one.value != Given::Absent) {
            parts.push(Part { name: name.clone(), place: place(space, name), says: Says::One(candidate.clone()) });
        }
    }
    for (name, (yes, no)) in &space.given {
        if space.logic.holds(*yes) || space.logic.holds(*no) {
            let value = Given::Bool(space.logic.holds(*yes));
            let says = Says::One(Candidate { value, ..Candidate::ABSENT });
            parts.push(Part { name: name.clone(), place: place(space, name), says });
        }
    }
    for list in &space.lists {
        if let Some(says) = of_list(space, list) {
            let name = list.members.fact.clone();
            parts.push(Part { place: place(space, &name), name, says });
        }
    }
    parts.sort_by_key(|part| part.place);
    parts
}

fn of_list(space: &Space, list: &List) -> Option<Says> {
    let known: Vec<bool> = list.known.iter().map(|bit| space.logic.holds(*bit)).collect();
    if !known.contains(&true) {
        return None;
    }
    let limits = space.programs.iter().filter_map(|program| {
        let id = program.dictionary.find(&list.members.fact)?;
        program.dictionary.fact(id).max_age.as_ref().map(|limit| limit.days)
    });
    let limits: Vec<i64> = limits.collect();
    // Known to one pack only: too old for the stricter.
    let age = if known.contains(&false) { limits.iter().min().map_or(0, |days| days + 1) } else { 0 };
    let on = (!limits.is_empty()).then(|| space.as_of.checked_sub(jiff::Span::new().days(age)).ok()).flatten();
    let kinds = list.members.kinds.iter().zip(&list.has);
    let members = kinds.filter(|(_, has)| space.logic.holds(**has)).map(|(kind, _)| kind.clone()).collect();
    Some(Says::Many { members, open: space.logic.holds(list.open), on })
}

/// The place of a fact in the dictionaries.
fn place(space: &Space, name: &str) -> usize {
    let found = space.programs.iter().find_map(|program| program.dictionary.find(name));
    found.map_or(usize::MAX, |id| id.index())
}

fn written(space: &Space, parts: &[Part]) -> Vec<(String, String)> {
    parts.iter().filter_map(|part| Some((part.name.clone(), value(space, part)?))).collect()
}

fn value(space: &Space, part: &Part) -> Option<String> {
    let fact = space.programs.iter().find_map(|program| {
        let id = program.dictionary.find(&part.name)?;
        Some(program.dictionary.fact(id))
    })?;
    Some(match &part.says {
        Says::One(candidate) => one(candidate, fact.domain()?),
        Says::Many { members, open, on } => {
            let members: Vec<String> = members.iter().map(|fields| member(fields, fact)).collect();
            let list = format!("[{}]", members.join(", "));
            let mut more = Vec::new();
            more.extend(open.then(|| "complete = false".to_owned()));
            more.extend(on.map(|on| format!("on = {on}")));
            if more.is_empty() { list } else { format!("{{ value = {list}, {} }}", more.join(", ")) }
        }
    })
}

fn one(candidate: &Candidate, domain: &Domain) -> String {
    let mut entries = candidate.value.entries();
    if let Some(unit) = domain.unit.as_ref().filter(|unit| !unit.is_plain()) {
        entries.push(("unit", format!("{:?}", unit.code())));
    }
    entries.extend(
        candidate.normal.map(|normal| ("range", format!("[{}, {}]", normal.low.normalize(), normal.high.normalize()))),
    );
    entries.extend(candidate.on.map(|on| ("on", on.to_string())));
    table(&entries)
}

fn member(fields: &[Given], fact: &Fact) -> String {
    if fact.fields().is_empty() {
        return fields.first().map(|given| table(&given.entries())).unwrap_or_default();
    }
    let given = fact.fields().iter().zip(fields).filter(|(_, given)| **given != Given::Absent);
    let parts: Vec<String> = given
        .map(|(field, given)| {
            let mut entries = given.entries();
            if let Some(unit) = field.domain.unit.as_ref().filter(|unit| !unit.is_plain()) {
                entries.push(("unit", format!("{:?}", unit.code())));
            }
            format!("{} = {}", field.name, table(&entries))
        })
        .collect();
    format!("{{ {} }}", parts.join(", "))
}

/// Entries as a table, or the value alone.
fn table(entries: &[(&'static str, String)]) -> String {
    match entries {
        [("value", value)] => value.clone(),
        entries => {
            let parts: Vec<String> = entries.iter().map(|(key, value)| format!("{key} = {value}")).collect();
            format!("{{ {} }}", parts.join(", "))
        }
    }
}
