//! What a unit amounts to: an exact multiple of base units. UCUM's tables and grammar come from
//! `octofhir-ucum`; its arithmetic is not used, because it rounds a sixtieth and five ninths to 28 digits.
//!
//! Where UCUM would convert what a clinician would not, this is stricter: a mole, an equivalent, an osmole
//! and a microscope field are kinds of their own, not pure numbers (`mmol/L` is no cell count, `meq/L` is
//! `mmol/L` only for a valence of one, HbA1c in `mmol/mol` is not HbA1c in `%`), and so is every annotation.

use super::ratio::Ratio;
use octofhir_ucum::{Case, Dimension, Number, SpecialKind, UnitExpr, UnitRecord, lookup_unit};
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The kinds a unit is made of, with their exponents: UCUM's base units, arbitrary units, moles and the like,
/// and annotations in their braces.
type Axes = BTreeMap<Cow<'static, str>, i32>;

/// UCUM's atoms without a dimension that are nothing but numbers.
const PURE_NUMBERS: [&str; 8] = ["10*", "10^", "%", "[ppth]", "[ppm]", "[ppb]", "[pptr]", "[pi]"];

/// Factors that are a power of ten whose superscript was lost (`109/L`): neither reading of them is safe.
const LOST_SUPERSCRIPTS: [u128; 4] = [103, 106, 109, 1012];

/// The size and the kind of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Measure {
    /// Multiple of the base units.
    pub(super) size: Ratio,
    /// Its own degrees between the common zero and its zero: 273.15 for `Cel`, 0 for all but temperatures.
    pub(super) zero: Decimal,
    axes: Axes,
}

/// How two units are related.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// They measure the same kind of quantity.
    Same,
    /// The first has grams where the second has moles.
    GramsToMoles,
    /// The first has moles where the second has grams.
    MolesToGrams,
    /// They would be the same but for annotations.
    Annotations,
    /// They measure different things.
    None,
}

impl Measure {
    /// The measure of a UCUM expression. `None` if UCUM forbids it or it has no exact size here.
    pub(super) fn of(expr: &UnitExpr) -> Option<Self> {
        octofhir_ucum::evaluate(expr).ok()?;
        Self::of_term(expr)
    }

    /// How this unit is related to `other`.
    pub(super) fn relation(&self, other: &Self) -> Relation {
        let difference = combine(&self.axes, &other.axes, -1).unwrap_or_default();
        let difference: Vec<_> = difference.iter().filter(|(_, power)| **power != 0).collect();
        let named: Vec<_> = difference.iter().map(|(axis, power)| (axis.as_ref(), **power)).collect();
        match named[..] {
            [] if self.axes == other.axes => Relation::Same,
            [] => Relation::None,
            [("g", 1), ("mol", -1)] => Relation::GramsToMoles,
            [("g", -1), ("mol", 1)] => Relation::MolesToGrams,
            _ if named.iter().all(|(axis, _)| axis.starts_with('{')) => Relation::Annotations,
            _ => Relation::None,
        }
    }

    fn of_term(expr: &UnitExpr) -> Option<Self> {
        match expr {
            UnitExpr::Symbol(code) => Self::of_symbol(code),
            UnitExpr::Numeric(number) => Self::of_number(*number),
            UnitExpr::Annotation(text) => Some(Self::plain(Ratio::ONE).annotated(text)),
            UnitExpr::Annotated(expr, text) => Some(Self::of_term(expr)?.annotated(text)),
            UnitExpr::Power(base, power) => Self::of_term(base)?.pow(*power),
            UnitExpr::Product(terms) => Self::of_product(terms),
            UnitExpr::Quotient(above, below) => Self::of_term(above)?.times(&Self::of_term(below)?.pow(-1)?),
            UnitExpr::Reciprocal(expr) => Self::of_term(expr)?.pow(-1),
        }
    }

    fn of_symbol(code: &str) -> Option<Self> {
        let (prefix, atom) = lookup_unit(code, Case::Sensitive)?;
        let measure = Self::of_atom(atom)?;
        match prefix {
            Some(prefix) => measure.times(&Self::plain(ratio(prefix.factor)?)),
            None => Some(measure),
        }
    }

    fn of_atom(atom: &UnitRecord) -> Option<Self> {
        let kelvin = |degree, zero| Self { size: degree, zero, axes: axis("K") };
        match (atom.code, atom.special) {
            ("kat", _) => Self::of_katal(Ratio::ONE),
            ("U", _) => Self::of_katal(Ratio::new(1, 60, -6)?),
            (_, SpecialKind::Celsius) => Some(kelvin(Ratio::ONE, Decimal::new(27_315, 2))),
            (_, SpecialKind::Fahrenheit) => Some(kelvin(Ratio::new(5, 9, 0)?, Decimal::new(45_967, 2))),
            (code, kind) if kind.is_special() || is_count(atom) => {
                Some(Self { axes: axis(code), ..Self::plain(Ratio::ONE) })
            }
            _ => Some(Self { axes: base_axes(atom), ..Self::plain(ratio(atom.factor)?) }),
        }
    }

    /// A multiple of one mole a second: the activity of an enzyme.
    fn of_katal(size: Ratio) -> Option<Self> {
        let mole = Self { axes: axis("mol"), ..Self::plain(size) };
        mole.times(&Self { axes: axis("s"), ..Self::plain(Ratio::ONE) }.pow(-1)?)
    }

    fn of_number(number: Number) -> Option<Self> {
        let size = ratio(number)?;
        let corrupted = LOST_SUPERSCRIPTS.iter().any(|lost| Ratio::new(*lost, 1, 0) == Some(size));
        (!corrupted).then(|| Self::plain(size))
    }

    /// A number after a dot is refused: whoever writes `1.73.m2` means a decimal, and UCUM reads `1 × 73 m2`.
    fn of_product(terms: &[UnitExpr]) -> Option<Self> {
        if terms.iter().skip(1).any(|term| matches!(term, UnitExpr::Numeric(_))) {
            return None;
        }
        terms.iter().try_fold(Self::plain(Ratio::ONE), |product, term| product.times(&Self::of_term(term)?))
    }

    fn plain(size: Ratio) -> Self {
        Self { size, zero: Decimal::ZERO, axes: Axes::new() }
    }

    fn annotated(mut self, text: &str) -> Self {
        self.axes.insert(Cow::Owned(format!("{{{text}}}")), 1);
        self
    }

    fn times(self, other: &Self) -> Option<Self> {
        let proper = self.zero.is_zero() && other.zero.is_zero();
        let axes = combine(&self.axes, &other.axes, 1)?;
        proper.then_some(Self { size: self.size.times(other.size)?, zero: Decimal::ZERO, axes })
    }

    fn pow(self, power: i32) -> Option<Self> {
        let axes = combine(&Axes::new(), &self.axes, power)?;
        self.zero.is_zero().then_some(Self { size: self.size.pow(power)?, axes, ..self })
    }
}

/// Whether UCUM takes the atom for a pure number although it counts a kind of thing (`mol`, `eq`, `[HPF]`).
fn is_count(atom: &UnitRecord) -> bool {
    atom.dim.is_dimensionless() && atom.arbitrary.is_empty() && !PURE_NUMBERS.contains(&atom.code)
}

fn base_axes(atom: &UnitRecord) -> Axes {
    let base = Dimension::BASE_UNITS.into_iter().zip(atom.dim.0.map(i32::from));
    let arbitrary = atom.arbitrary.iter().copied();
    base.chain(arbitrary).filter(|(_, power)| *power != 0).map(|(code, power)| (code.into(), power)).collect()
}

fn axis(code: &'static str) -> Axes {
    Axes::from([(Cow::Borrowed(code), 1)])
}

/// `a × b^power`. Moles that cancel leave a trace, so that an amount fraction is no plain percentage.
fn combine(a: &Axes, b: &Axes, power: i32) -> Option<Axes> {
    let mut axes = a.clone();
    for (axis, exponent) in b {
        let sum = axes.entry(axis.clone()).or_insert(0);
        *sum = exponent.checked_mul(power)?.checked_add(*sum)?;
    }
    axes.retain(|axis, exponent| *exponent != 0 || axis == "mol");
    Some(axes)
}

fn ratio(number: Number) -> Option<Ratio> {
    let (digits, exponent) = number.to_integer_and_exponent();
    Ratio::new(u128::try_from(digits).ok()?, 1, exponent)
}
