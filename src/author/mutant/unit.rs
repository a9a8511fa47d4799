//! A fact whose dictionary unit is ten times as large: what fixtures say of it in another unit is then read as another
//! number, which something has to notice.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::analysis::reach::conds_of;
use crate::analysis::walk::{self, Part};
use crate::model::dictionary::{Dictionary, Domain, FactId, Shape};
use crate::model::unit::{Conversion, Unit};
use crate::pack::ir::Place;
use crate::pack::program::{Program, Rule, Test};

/// A fact, or a field of its records, with another unit.
#[derive(Clone, Debug)]
pub struct UnitMutant {
    /// The fact.
    pub fact: FactId,
    /// The field of its records; 0 where it has none.
    pub field: usize,
    /// Its name, or that of the field: `events.duration`.
    pub name: String,
    /// The unit it has.
    pub was: Unit,
    /// The unit it is given.
    pub is: Unit,
    /// The dictionary with it.
    pub dictionary: Dictionary,
}

/// The mutants of units, fact by fact.
pub fn units(dictionary: &Dictionary) -> Vec<UnitMutant> {
    let mut mutants = Vec::new();
    for (id, fact) in dictionary.facts() {
        for field in 0..fact.fields().len().max(1) {
            let Some((was, is)) =
                fact.field_domain(field).unit.as_ref().and_then(|was| Some((was.clone(), larger(was)?)))
            else {
                continue;
            };
            let mut other = fact.clone();
            domain(&mut other.shape, field).unit = Some(is.clone());
            let of = fact.fields().get(field).map(|field| format!(".{}", field.name)).unwrap_or_default();
            let name = format!("{}{of}", fact.name);
            mutants.push(UnitMutant { fact: id, field, name, was, is, dictionary: dictionary.with(id, other) });
        }
    }
    mutants
}

/// The values that some rules rest on, by fact and field: those they read, and those from which these are computed. A
/// day is none, nor is a value that is only held against the range beside it, for both change alike with the unit.
pub fn values_behind(program: &Program, rules: &[&Rule]) -> BTreeSet<(FactId, usize)> {
    let mut read = Read { program, open: Vec::new(), ranged: None };
    for rule in rules {
        conds_of(rule).for_each(|cond| walk::each(cond, &mut |part| read.part(part)));
        if let Test::Scripted(script) = &rule.test {
            script.facts.iter().for_each(|fact| read.whole(*fact));
        }
    }
    let mut values = BTreeSet::new();
    while let Some(value) = read.open.pop() {
        if !values.insert(value) {
            continue;
        }
        if let Some(derived) = program.derived.iter().find(|derived| derived.fact == value.0) {
            walk::formula(&derived.formula, &mut |part| read.part(part));
        }
    }
    values
}

/// Gathers values that are read.
struct Read<'p> {
    program: &'p Program,
    open: Vec<(FactId, usize)>,
    /// The fact whose range was read, and whose value is read next.
    ranged: Option<FactId>,
}

impl Read<'_> {
    fn part(&mut self, part: Part) {
        match part {
            Part::Range(fact) => self.ranged = Some(fact),
            Part::Place(Place::Fact(fact)) => {
                let ranged = self.ranged.take() == Some(fact);
                let own = || self.program.dictionary.fact(fact).field_domain(0).normal.is_none();
                if !(ranged && own()) {
                    self.open.push((fact, 0));
                }
            }
            Part::Place(Place::Field { list, field, .. }) => self.open.push((list, usize::from(field))),
            Part::DateOf(_) | Part::List(_) | Part::Integer(_) | Part::Decimal(_) | Part::Cond(_) => {}
        }
    }

    /// A script may read all of a fact that it names.
    fn whole(&mut self, fact: FactId) {
        let fields = self.program.dictionary.fact(fact).fields().len().max(1);
        self.open.extend((0..fields).map(|field| (fact, field)));
    }
}

fn domain(shape: &mut Shape, field: usize) -> &mut Domain {
    match shape {
        Shape::One(domain) | Shape::Set(domain) => domain,
        Shape::Records(fields) => &mut fields[field].domain,
    }
}

/// The unit ten times as large, by another prefix, another power of ten or a factor; none where it has no code.
fn larger(unit: &Unit) -> Option<Unit> {
    const STEPS: [(&str, &str); 4] = [("m", "c"), ("c", "d"), ("d", ""), ("", "da")];
    let code = unit.code();
    let prefixed = STEPS.iter().filter_map(|(less, more)| Some(format!("{more}{}", code.strip_prefix(less)?)));
    let power = code.strip_prefix("10*").and_then(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (power, rest) = rest.split_at(end);
        Some(format!("10*{}{rest}", power.parse::<u32>().ok()? + 1))
    });
    let factor = [format!("10.{code}"), format!("10*1.{code}")];
    let ten = |other: &Unit| {
        let conversion = Conversion::between(other, unit, None).ok();
        conversion.and_then(|conversion| conversion.apply(Decimal::ONE)) == Some(Decimal::TEN)
    };
    prefixed.chain(power).chain(factor).filter_map(|code| Unit::parse(&code)).find(ten)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_have_one_that_is_ten_times_as_large() {
        for (code, expected) in [
            ("mg/dL", "cg/dL"),
            ("g/dL", "dag/dL"),
            ("10*9/L", "10*10/L"),
            ("umol/L", "10.umol/L"),
            ("L", "daL"),
            ("h", "10.h"),
            ("a", "10.a"),
            ("%", "10.%"),
        ] {
            let unit = Unit::parse(code).expect(code);
            assert_eq!(larger(&unit).map(|unit| unit.code().to_owned()).as_deref(), Some(expected), "{code}");
        }
    }
}
