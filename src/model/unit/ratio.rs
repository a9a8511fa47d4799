//! Exact fractions, because the size of a unit (a minute, a mmHg in kPa) is often no finite decimal. A
//! conversion multiplies and divides whole numbers only, and is rounded once, here.

use rust_decimal::Decimal;

/// Significant digits of a converted value.
const DIGITS: u32 = 12;

/// Denominators stay below this, so that a quotient always has more than `DIGITS` digits to round.
const MAX_DENOMINATOR: u128 = 10u128.pow(24);

/// Powers of ten stay below this, so that adding them up is safe.
const MAX_EXPONENT: i32 = 100;

/// A positive fraction `num / den × 10^exp`, in lowest terms and without trailing zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ratio {
    num: u128,
    den: u128,
    exp: i32,
}

impl Ratio {
    pub(super) const ONE: Self = Self { num: 1, den: 1, exp: 0 };

    /// `num / den × 10^exp`. `None` for zero, or outside the range of the fields.
    pub(super) fn new(num: u128, den: u128, exp: i32) -> Option<Self> {
        if num == 0 || den == 0 {
            return None;
        }
        let common = gcd(num, den);
        let (num, up) = strip_zeros(num / common);
        let (den, down) = strip_zeros(den / common);
        Some(Self { num, den, exp: exp.checked_add(up)?.checked_sub(down)? })
    }

    /// A decimal as a fraction. `None` unless it is above zero.
    pub(super) fn of_decimal(value: Decimal) -> Option<Self> {
        let num = u128::try_from(value.mantissa()).ok()?;
        Self::new(num, 1, exponent_of(value))
    }

    /// The product. `None` outside the range of the fields.
    pub(super) fn times(self, other: Self) -> Option<Self> {
        let (a, b) = (gcd(self.num, other.den), gcd(other.num, self.den));
        let num = (self.num / a).checked_mul(other.num / b)?;
        let den = (self.den / b).checked_mul(other.den / a)?;
        Self::new(num, den, self.exp.checked_add(other.exp)?)
    }

    /// The whole power, negative ones included. `None` outside the range of the fields.
    pub(super) fn pow(self, power: i32) -> Option<Self> {
        let size = power.unsigned_abs();
        let (num, den) = (self.num.checked_pow(size)?, self.den.checked_pow(size)?);
        let (num, den) = if power < 0 { (den, num) } else { (num, den) };
        Self::new(num, den, self.exp.checked_mul(power)?)
    }

    /// Whether [`Ratio::scale`] has digits enough to round every quotient correctly.
    pub(super) fn is_usable(self) -> bool {
        self.den < MAX_DENOMINATOR && self.exp.abs() < MAX_EXPONENT
    }

    /// The shift that [`Ratio::scale`] needs between two scales whose zeros lie `from_zero` and `to_zero` of
    /// their own degrees above the common one. `None` past 28 digits.
    pub(super) fn shift(self, from_zero: Decimal, to_zero: Decimal) -> Option<Decimal> {
        if from_zero.is_zero() && to_zero.is_zero() {
            return Some(Decimal::ZERO);
        }
        let up = exact_product(from_zero, decimal(false, self.num, 0)?)?;
        let down = exact_product(to_zero, decimal(false, self.den, self.exp.checked_neg()?)?)?;
        up.checked_sub(down)
    }

    /// `(value × num + shift) / den × 10^exp`, rounded half-even to 12 significant digits. `None` where an
    /// exact step takes more than 38 digits or the result more than 28.
    pub(super) fn scale(self, value: Decimal, shift: Decimal) -> Option<Decimal> {
        let product = value.mantissa().checked_mul(i128::try_from(self.num).ok()?)?;
        let low = exponent_of(value).min(exponent_of(shift));
        let sum =
            align(product, exponent_of(value), low)?.checked_add(align(shift.mantissa(), exponent_of(shift), low)?)?;
        let size = sum.unsigned_abs();
        let pad = 37u32.saturating_sub(size.checked_ilog10().unwrap_or(0));
        let dividend = size.checked_mul(10u128.pow(pad))?;
        let (head, dropped) = round(dividend / self.den, dividend % self.den != 0, DIGITS);
        decimal(sum < 0, head, low.checked_add(self.exp)? - pad as i32 + dropped as i32)
    }
}

/// Rounds half-even to `digits` significant digits (at least one). A value that has no more is returned as it
/// is, trailing zeros included, and so is one so near to `Decimal::MAX` that it cannot be rounded up.
pub fn round_significant(value: Decimal, digits: u32) -> Decimal {
    let (head, dropped) = round(value.mantissa().unsigned_abs(), false, digits.max(1));
    if dropped == 0 {
        return value;
    }
    decimal(value.is_sign_negative(), head, exponent_of(value) + dropped as i32).unwrap_or(value)
}

/// `size` without its digits after the first `digits`, and how many these were. `more` says that digits that
/// are not all zero follow the last one of `size`.
fn round(size: u128, more: bool, digits: u32) -> (u128, u32) {
    let length = size.checked_ilog10().map_or(0, |log| log + 1);
    let dropped = length.saturating_sub(digits);
    let unit = 10u128.pow(dropped);
    let (head, tail) = (size / unit, size % unit);
    let half = unit / 2;
    let up = dropped > 0 && (tail > half || tail == half && (more || head % 2 == 1));
    (head + u128::from(up), dropped)
}

/// `± size × 10^exp` without trailing zeros. `None` if a `Decimal` cannot hold it exactly.
fn decimal(negative: bool, size: u128, exp: i32) -> Option<Decimal> {
    if size == 0 {
        return Some(Decimal::ZERO);
    }
    let (size, zeros) = strip_zeros(size);
    let exp = exp.checked_add(zeros)?;
    let whole = align(i128::try_from(size).ok()?, exp, exp.min(0))?;
    let scale = exp.min(0).unsigned_abs();
    Decimal::try_from_i128_with_scale(if negative { -whole } else { whole }, scale).ok()
}

/// The product with all its digits, or `None` past 28.
fn exact_product(a: Decimal, b: Decimal) -> Option<Decimal> {
    let size = a.mantissa().checked_mul(b.mantissa())?;
    decimal(size < 0, size.unsigned_abs(), exponent_of(a) + exponent_of(b))
}

/// `mantissa × 10^exp` as a multiple of `10^low`, where `low <= exp`.
fn align(mantissa: i128, exp: i32, low: i32) -> Option<i128> {
    mantissa.checked_mul(10i128.checked_pow(exp.abs_diff(low))?)
}

fn exponent_of(value: Decimal) -> i32 {
    -(value.scale() as i32)
}

fn strip_zeros(mut number: u128) -> (u128, i32) {
    let mut zeros = 0;
    while number != 0 && number.is_multiple_of(10) {
        number /= 10;
        zeros += 1;
    }
    (number, zeros)
}

fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_half_even_on_significant_digits() {
        for (value, digits, rounded) in [
            ("0.125", 2, "0.12"),
            ("0.375", 2, "0.38"),
            ("-0.125", 2, "-0.12"),
            ("0.12500000001", 2, "0.13"),
            ("99.96", 3, "100"),
            ("12345", 2, "12000"),
            ("1.500", 4, "1.500"),
            ("0", 12, "0"),
            ("79228162514264337593543950335", 3, "79200000000000000000000000000"),
            ("79228162514264337593543950335", 12, "79228162514264337593543950335"),
        ] {
            let value: Decimal = value.parse().expect("a number");
            assert_eq!(round_significant(value, digits).to_string(), rounded, "{value} to {digits}");
        }
    }

    #[test]
    fn a_fraction_is_kept_in_lowest_terms() {
        assert_eq!(Ratio::new(10, 600, 3), Ratio::new(1, 6, 2));
        let sixth = Ratio::new(1, 6, 0).expect("a fraction");
        assert_eq!(sixth.pow(-1).and_then(|six| six.times(sixth)), Some(Ratio::ONE));
        assert_eq!(Ratio::new(0, 1, 0), None);
        assert_eq!(sixth.pow(i32::MIN), None);
    }
}
