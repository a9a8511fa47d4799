//! A fact whose dictionary unit is ten times as large: what fixtures say of it in another unit is then read as another
//! number, which something has to notice.

use rust_decimal::Decimal;

use crate::model::dictionary::{Dictionary, Domain, FactId, Shape};
use crate::model::unit::{Conversion, Unit};

/// A fact, or a field of its records, with another unit.
#[derive(Clone, Debug)]
pub struct UnitMutant {
    /// The fact.
    pub fact: FactId,
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
            let field = fact.fields().get(field).map(|field| format!(".{}", field.name)).unwrap_or_default();
            let name = format!("{}{field}", fact.name);
            mutants.push(UnitMutant { fact: id, name, was, is, dictionary: dictionary.with(id, other) });
        }
    }
    mutants
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
