//! Numbers from their text, exactly or not at all.

use rust_decimal::Decimal;

/// The most digits a number may have.
pub const MAX_DIGITS: usize = 28;

/// Reads a decimal, with or without an exponent; `None` where it is no number or cannot be held exactly.
pub fn parse_decimal(text: &str) -> Option<Decimal> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok()?),
        None => (text, 0),
    };
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
    let shaped = mantissa.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-');
    if !shaped || digits == 0 || digits > MAX_DIGITS {
        return None;
    }
    shifted(Decimal::from_str_exact(mantissa).ok()?, exponent)
}

/// `value` times ten to the power of `exponent`, exactly.
fn shifted(value: Decimal, exponent: i32) -> Option<Decimal> {
    if value.is_zero() {
        return Some(Decimal::ZERO);
    }
    if exponent.unsigned_abs() as usize > MAX_DIGITS {
        return None;
    }
    let power = Decimal::from_i128_with_scale(10_i128.pow(exponent.unsigned_abs()), 0);
    if exponent >= 0 {
        return value.checked_mul(power);
    }
    let quotient = value.checked_div(power)?;
    (quotient.checked_mul(power)? == value).then_some(quotient)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_exactly_or_refused() {
        let show = |text: &str| parse_decimal(text).map(|value| value.to_string());
        assert_eq!(show("1.10").as_deref(), Some("1.10"));
        assert_eq!(show("1.5e3").as_deref(), Some("1500.0"));
        assert_eq!(show("25E-3").as_deref(), Some("0.025"));
        for refused in ["", "nan", "inf", "1e400", "1e-40", "0x1F", "12345678901234567890123456789", "1.2.3"] {
            assert_eq!(show(refused), None, "{refused}");
        }
    }
}
