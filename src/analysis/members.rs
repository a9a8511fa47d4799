//! The members that lists can have: those that no script of the packs tells apart are one. A list is then known or not,
//! open or not, and has some of them.

use std::collections::HashMap;

use super::cells::{address, is_plausible};
use super::given::Given;
use super::threshold::Thresholds;
use super::walk;
use crate::engine::chart::Chart;
use crate::engine::eval::{Eval, Frame};
use crate::model::calendar::Date;
use crate::model::dictionary::{Domain, Fact, Scalar};
use crate::model::truth::Truth;
use crate::model::value::Value;
use crate::pack::ir::Cond;
use crate::pack::program::Program;

/// More combinations than these are not looked at.
const MOST: usize = 100_000;

/// What a list can hold.
#[derive(Debug, Default)]
pub struct Members {
    /// The list, by name.
    pub fact: String,
    /// A member of each kind: what is given of its fields; of a set one value.
    pub kinds: Vec<Vec<Given>>,
    /// What each condition on members comes to for each kind, by pack and place in it.
    pub truths: HashMap<(usize, usize), Vec<Truth>>,
}

/// A condition on a member: the pack it is of, the level of its closure, and itself.
pub type Asked<'c> = (usize, u8, &'c Cond);

/// Conditions inside closures.
pub fn leaves<'c>(cond: &'c Cond, found: &mut Vec<&'c Cond>) {
    match cond {
        Cond::Literal(_) => {}
        Cond::Not(inner) => leaves(inner, found),
        Cond::And(parts) | Cond::Or(parts) => parts.iter().for_each(|part| leaves(part, found)),
        Cond::Same(a, b) => [a, b].into_iter().for_each(|part| leaves(part, found)),
        Cond::If(test, yes, no) => [test, yes, no].into_iter().for_each(|part| leaves(part, found)),
        leaf => found.push(leaf),
    }
}

impl Members {
    /// What a list can hold, by the conditions on its members: so many `copies` of each kind, where they are counted.
    /// `None` where there are too many to tell apart.
    pub fn new(
        programs: &[&Program],
        thresholds: &Thresholds,
        fact: &str,
        bodies: &[Asked],
        (as_of, copies): (Date, usize),
    ) -> Option<Members> {
        let named = |program: &&Program| program.dictionary.find(fact).map(|id| program.dictionary.fact(id).clone());
        let facts: Vec<Option<Fact>> = programs.iter().map(named).collect();
        let width = facts.iter().flatten().map(|fact| fact.fields().len().max(1)).max()?;
        let charts: Vec<Chart> = programs.iter().map(|program| Chart::empty(&program.dictionary, as_of)).collect();
        let readers = Readers { programs, facts: &facts, charts: &charts, as_of, copies };
        let mut of_field: Vec<Vec<Given>> = Vec::new();
        for field in 0..width {
            of_field.push(readers.field(thresholds, fact, field as u16, bodies));
        }
        if of_field.iter().map(Vec::len).product::<usize>() > MOST {
            return None;
        }
        let mut own = Members { fact: fact.to_owned(), ..Members::default() };
        let mut rows: HashMap<Vec<Truth>, usize> = HashMap::new();
        let mut columns: Vec<Vec<Truth>> = vec![Vec::new(); bodies.len()];
        let mut member = vec![0; width];
        loop {
            let given: Vec<Given> =
                member.iter().zip(&of_field).map(|(index, values)| values[*index].clone()).collect();
            if let Some(row) = readers.row(&given, bodies)
                && readers.is_new(&mut rows, &row)
            {
                columns.iter_mut().zip(row).for_each(|(column, truth)| column.push(truth));
                own.kinds.push(given);
            }
            let Some(at) = (0..width).rev().find(|at| member[*at] + 1 < of_field[*at].len()) else { break };
            member[at] += 1;
            member[at + 1..].fill(0);
        }
        let key = |(pack, _, cond): &Asked| (*pack, address(cond));
        own.truths = bodies.iter().zip(columns).map(|(asked, column)| (key(asked), column)).collect();
        Some(own)
    }
}

struct Readers<'r> {
    programs: &'r [&'r Program],
    facts: &'r [Option<Fact>],
    charts: &'r [Chart],
    as_of: Date,
    copies: usize,
}

impl Readers<'_> {
    /// The values of a field that some condition tells apart.
    fn field(&self, thresholds: &Thresholds, fact: &str, field: u16, bodies: &[Asked]) -> Vec<Given> {
        let mut found: Vec<(usize, u8, &Cond)> = Vec::new();
        for (pack, level, cond) in bodies {
            let mut own = Vec::new();
            leaves(cond, &mut own);
            let reads = |leaf: &&&Cond| walk::reads(leaf).fields.iter().any(|(_, own)| *own == field);
            found.extend(own.iter().filter(reads).map(|leaf| (*pack, *level, *leaf)));
        }
        let is_set = self.facts.iter().flatten().all(|fact| fact.fields().is_empty());
        let mut values: Vec<Given> = if is_set { Vec::new() } else { vec![Given::Absent] };
        for (program, fact_of) in self.programs.iter().zip(self.facts) {
            let Some(own) = fact_of else { continue };
            let domain = own.field_domain(usize::from(field));
            let key = (fact.to_owned(), Some(field));
            let more = thresholds.values(&key, domain, &program.dictionary, self.as_of);
            values.extend(more.into_iter().filter(|value| !values.contains(value)).collect::<Vec<_>>());
        }
        let mut rows: HashMap<Vec<Truth>, usize> = HashMap::new();
        let width = self.facts.iter().flatten().map(|fact| fact.fields().len().max(1)).max().unwrap_or(1);
        values.retain(|value| {
            let mut given = vec![Given::Absent; width];
            given[usize::from(field)] = value.clone();
            let row: Option<Vec<Truth>> =
                found.iter().map(|(pack, level, leaf)| self.eval(*pack, *level, &given, leaf)).collect();
            row.is_some_and(|row| self.is_new(&mut rows, &row))
        });
        values
    }

    /// Whether there are not enough yet that come to the same.
    fn is_new(&self, rows: &mut HashMap<Vec<Truth>, usize>, row: &[Truth]) -> bool {
        let known = rows.entry(row.to_vec()).or_default();
        *known += 1;
        *known <= self.copies
    }

    /// What every condition comes to for a member; none where a dictionary refuses it.
    fn row(&self, given: &[Given], bodies: &[Asked]) -> Option<Vec<Truth>> {
        bodies.iter().map(|(pack, level, cond)| self.eval(*pack, *level, given, cond)).collect()
    }

    fn eval(&self, pack: usize, level: u8, given: &[Given], cond: &Cond) -> Option<Truth> {
        let dictionary = &self.programs[pack].dictionary;
        let fact = self.facts[pack].as_ref()?;
        let value = |(field, given): (usize, &Given)| {
            let domain: &Domain = fact.field_domain(field);
            let value = given.value(domain, dictionary)?;
            (is_plausible(&value, domain, self.as_of)).then_some(value)
        };
        let width = fact.fields().len().max(1);
        let fields: Vec<Value> = given.iter().take(width).enumerate().map(value).collect::<Option<_>>()?;
        let frame = Frame { level, fields: &fields, outer: None };
        Some(Eval::new(dictionary, &self.charts[pack]).cond(cond, Some(&frame)))
    }
}

/// Whether a domain has few values, each of which is looked at.
pub fn is_finite(domain: &Domain) -> bool {
    matches!(domain.scalar, Scalar::Bool | Scalar::Choice(_) | Scalar::Term(_))
}
