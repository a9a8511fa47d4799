//! Units of measurement, because 88 umol/L and 0.995 mg/dL are one creatinine. A unit is resolved once, at
//! load, to an exact size; a conversion is made once from two of them and never passes through a binary
//! float.
//!
//! A unit is a UCUM code or a common laboratory spelling of one; what is neither, or could be either of two,
//! is no unit. Nothing is converted that measures something else, is annotated otherwise, or needs a valence
//! or a molar mass that is not given.

mod ratio;
mod measure;
mod spelling;

pub use ratio::round_significant;

use measure::{Measure, Relation};
use octofhir_ucum::{Case, UnitExpr, lookup_unit};
use ratio::Ratio;
use rust_decimal::Decimal;
use std::fmt;
use std::sync::Arc;

/// Longest text that is read as a unit, in bytes.
const MAX_LENGTH: usize = 64;

/// A measurement unit resolved to its exact size. Two are equal when their UCUM codes are, annotations
/// included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit(Arc<Resolved>);

#[derive(Debug, PartialEq, Eq)]
struct Resolved {
    code: String,
    one: String,
    several: String,
    measure: Measure,
}

impl Unit {
    /// Reads a UCUM code or a common laboratory spelling of one (`10^9/L`, `K/uL`, `MG/DL`, `µmol/L`,
    /// `years`). `None` if the text is neither, is ambiguous (`Mg`, `G/L`), or is longer than 64 bytes.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || text.len() > MAX_LENGTH {
            return None;
        }
        let expr = octofhir_ucum::parse_expression(&spelling::to_ucum(text)?).ok()?;
        let measure = Measure::of(&expr)?;
        let code = canonical(expr).to_string();
        // `(F)` is a farad, but its code would be read as a degree.
        let reads_back = spelling::to_ucum(&code)? == code;
        let (one, several) = spelling::running_text(&code);
        reads_back.then(|| Self(Arc::new(Resolved { code, one, several, measure })))
    }

    /// The UCUM code: `10*9/L`, `mm[Hg]`, `a`.
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// What running text writes for it: `10^9/L`, `mmHg`, `years`, `per mm3`; nothing for `1`. Whatever it
    /// writes, [`Unit::parse`] reads back.
    pub fn display(&self) -> &str {
        &self.0.several
    }

    /// [`Unit::display`] beside a value: `year` beside exactly 1, `years` beside any other.
    pub fn display_beside(&self, value: Decimal) -> &str {
        if value == Decimal::ONE { &self.0.one } else { &self.0.several }
    }

    /// Whether it is the unit `1` of a pure number. `%` is not.
    pub fn is_plain(&self) -> bool {
        self.0.code == "1"
    }
}

/// An exact conversion between two units, made once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conversion {
    ratio: Ratio,
    shift: Decimal,
}

impl Conversion {
    /// The conversion of values in `from` to values in `to`. With `molar_mass` (g/mol) it also leads from
    /// grams to moles and back: `mg/dL` to `umol/L`, `mmol/L` to `g/dL`.
    pub fn between(from: &Unit, to: &Unit, molar_mass: Option<Decimal>) -> Result<Self, Inconvertible> {
        let (from, to) = (&from.0.measure, &to.0.measure);
        let molar = || molar_mass.and_then(Ratio::of_decimal).ok_or(Inconvertible::MolarMass);
        let grams = match from.relation(to) {
            Relation::Same => Some(Ratio::ONE),
            Relation::MolesToGrams => Some(molar()?),
            Relation::GramsToMoles => molar()?.pow(-1),
            Relation::Annotations => return Err(Inconvertible::Annotation),
            Relation::None => return Err(Inconvertible::Kind),
        };
        Self::exact(from, to, grams).ok_or(Inconvertible::Size)
    }

    /// The value in the other unit, rounded half-even to 12 significant digits. Between units of one size it
    /// is left untouched, digit for digit. `None` if it cannot be computed within 38 digits or written within
    /// 28.
    pub fn apply(&self, value: Decimal) -> Option<Decimal> {
        if self.ratio == Ratio::ONE && self.shift.is_zero() {
            return Some(value);
        }
        self.ratio.scale(value, self.shift)
    }

    fn exact(from: &Measure, to: &Measure, grams: Option<Ratio>) -> Option<Self> {
        let ratio = from.size.times(to.size.pow(-1)?)?.times(grams?)?;
        let shift = ratio.shift(from.zero, to.zero)?;
        ratio.is_usable().then_some(Self { ratio, shift })
    }
}

/// Why values in one unit have no meaning in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inconvertible {
    /// They measure different things: `kg` and `mg/dL`, `mmol/L` and `10*9/L`, `U/L` and `[IU]/L`.
    Kind,
    /// They differ in an annotation: `mL/min` and `mL/min/{1.73_m2}`.
    Annotation,
    /// One counts grams and the other moles, and no molar mass above zero is given.
    MolarMass,
    /// Their sizes are too far apart for exact arithmetic.
    Size,
}

impl fmt::Display for Inconvertible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kind => "they measure different things",
            Self::Annotation => "they differ in what stands in braces",
            Self::MolarMass => "one counts grams and the other moles, and no molar mass is given",
            Self::Size => "their sizes are too far apart",
        })
    }
}

impl std::error::Error for Inconvertible {}

/// The expression with UCUM's synonyms written one way: `ml` as `mL`, `[iU]` as `[IU]`.
fn canonical(expr: UnitExpr) -> UnitExpr {
    let inner = |expr: Box<UnitExpr>| Box::new(canonical(*expr));
    match expr {
        UnitExpr::Symbol(code) => UnitExpr::Symbol(canonical_symbol(code)),
        UnitExpr::Power(base, power) => UnitExpr::Power(inner(base), power),
        UnitExpr::Annotated(expr, text) => UnitExpr::Annotated(inner(expr), text),
        UnitExpr::Product(terms) => UnitExpr::Product(terms.into_iter().map(canonical).collect()),
        UnitExpr::Quotient(above, below) => UnitExpr::Quotient(inner(above), inner(below)),
        UnitExpr::Reciprocal(expr) => UnitExpr::Reciprocal(inner(expr)),
        UnitExpr::Numeric(_) | UnitExpr::Annotation(_) => expr,
    }
}

fn canonical_symbol(code: String) -> String {
    let atom = lookup_unit(&code, Case::Sensitive).map(|(_, atom)| atom.code);
    let synonym = [("l", "L"), ("[iU]", "[IU]")].into_iter().find(|(synonym, _)| atom == Some(synonym));
    match synonym.and_then(|(synonym, preferred)| Some((code.strip_suffix(synonym)?, preferred))) {
        Some((prefix, preferred)) => format!("{prefix}{preferred}"),
        None => code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unit(text: &str) -> Unit {
        Unit::parse(text).unwrap_or_else(|| panic!("`{text}` is a unit"))
    }

    fn number(text: &str) -> Decimal {
        text.parse().expect("a number")
    }

    #[test]
    fn every_known_spelling_is_read_as_its_code_and_back() {
        for (text, code) in spelling::all() {
            let (read, padded) = (unit(text), unit(&format!(" {text}\t")));
            assert_eq!((read.code(), padded.code()), (code, code), "{text}");
            assert!(read.is_plain() || unit(read.display()) == read, "{text}");
        }
    }

    #[test]
    fn a_laboratory_meaning_comes_before_ucums() {
        for (text, code) in [
            ("K/uL", "10*3/uL"),
            ("ML", "mL"),
            ("Mg/dl", "mg/dL"),
            ("μmol/L", "umol/L"),
            ("µmol/L", "umol/L"),
            ("mL/min/1.73.m2", "mL/min/{1.73_m2}"),
            ("ml", "mL"),
            ("[iU]/L", "[IU]/L"),
            ("ug/(24.h)", "ug/(24.h)"),
        ] {
            assert_eq!(unit(text).code(), code, "{text}");
        }
    }

    #[test]
    fn what_could_be_two_units_is_none() {
        let nested = "(".repeat(1_000_000);
        for text in ["", "Mg", "(Mg)", "G/L", "(F)", "MIU/L", "109/L", "2.5.mL", "TAB", "Cel/L", "mg dL", &nested] {
            assert_eq!(Unit::parse(text), None, "{text:.20}");
        }
    }

    #[test]
    fn values_convert_exactly_and_are_rounded_once() {
        for (value, from, to, molar_mass, converted) in [
            ("88", "umol/L", "mg/dL", Some("113.12"), "0.995456"),
            ("1.5", "mg/dL", "umol/L", Some("113.12"), "132.602545969"),
            ("8.7", "mmol/L", "g/dL", Some("1611.4"), "1.4019180"),
            ("100", "K/uL", "10*9/L", None, "100"),
            ("80000", "per mm3", "10*9/L", None, "80"),
            ("8", "kPa", "mmHg", None, "60.0051004335"),
            ("60", "mmHg", "kPa", None, "7.99932"),
            ("154", "lb", "kg", None, "69.85322498"),
            ("0.55", "1", "%", None, "55"),
            ("100.4", "F", "Cel", None, "38"),
            ("-40", "Cel", "F", None, "-40"),
            ("37", "Cel", "K", None, "310.15"),
            ("3", "wk", "d", None, "21"),
            ("18", "a", "mo", None, "216"),
            ("1", "ukat/L", "U/L", None, "60"),
            ("0.12345678901234567890", "mL", "ml", None, "0.12345678901234567890"),
        ] {
            let conversion = Conversion::between(&unit(from), &unit(to), molar_mass.map(number));
            let result = conversion.map(|conversion| conversion.apply(number(value)));
            assert_eq!(result, Ok(Some(number(converted))), "{value} {from} in {to}");
        }
    }

    #[test]
    fn what_differs_in_kind_does_not_convert() {
        use Inconvertible::{Annotation, Kind, MolarMass, Size};
        for (from, to, molar_mass, why) in [
            ("kg", "mg/dL", None, Kind),
            ("mmol/L", "10*9/L", None, Kind),
            ("meq/L", "mmol/L", None, Kind),
            ("mmol/mol", "%", None, Kind),
            ("U/L", "[IU]/L", None, Kind),
            ("L", "%", None, Kind),
            ("mL/min", "mL/min/1.73m2", None, Annotation),
            ("mg/dL", "umol/L", None, MolarMass),
            ("mg/dL", "umol/L", Some("0"), MolarMass),
            ("10*99/L", "10*-99/L", None, Size),
        ] {
            let conversion = Conversion::between(&unit(from), &unit(to), molar_mass.map(number));
            assert_eq!(conversion, Err(why), "{from} in {to}");
        }
    }

    #[test]
    fn time_has_a_singular() {
        let display = |value| unit("a").display_beside(number(value)).to_owned();
        assert_eq!(["1", "1.5", "18"].map(display), ["year", "years", "years"]);
    }

    proptest! {
        #[test]
        fn any_text_is_a_unit_with_a_readable_code_or_none(text in "\\PC{0,70}|[(]{0,40}[!-~]{0,20}") {
            if let Some(read) = Unit::parse(&text) {
                prop_assert_eq!(Unit::parse(read.code()), Some(read));
            }
        }
    }
}
