//! Numbers from their text, exactly or not at all.

use rust_decimal::Decimal;

use crate::model::unit::Unit;

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

/// How to write a number that was given as a text, with a sign before it, its unit after it, or as a range: `< 5 mg/dL`
/// is `{ below = 5, unit = "mg/dL" }`. `unit` is the one to write where the text names none.
pub fn as_entry(text: &str, unit: Option<&str>) -> Option<String> {
    let (key, rest) = SIGNS.iter().find_map(|(sign, key)| Some((*key, text.trim().strip_prefix(sign)?)))?;
    let (number, rest) = leading_number(rest)?;
    let (rest, said) = match rest.strip_prefix(['-', '\u{2013}']).filter(|_| key == "value").and_then(leading_number) {
        Some((high, rest)) => (rest, format!("at_least = {number}, at_most = {high}")),
        None => (rest, format!("{key} = {number}")),
    };
    let unit = match rest {
        "" => unit,
        own => Some(own).filter(|own| unit.is_some() && Unit::parse(own).is_some() && !own.contains('"')),
    };
    if unit.is_none() && !rest.is_empty() {
        return None;
    }
    let unit = unit.map(|unit| format!(", unit = \"{unit}\"")).unwrap_or_default();
    Some(format!("{{ {said}{unit} }}"))
}

/// Signs before a number, with the key that says the same; the longer before those they begin with.
const SIGNS: [(&str, &str); 7] = [
    ("<=", "at_most"),
    (">=", "at_least"),
    ("\u{2264}", "at_most"),
    ("\u{2265}", "at_least"),
    ("<", "below"),
    (">", "above"),
    ("", "value"),
];

/// The number a text begins with, and what follows it.
fn leading_number(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    parse_decimal(&text[..end]).map(|_| (&text[..end], text[end..].trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_given_as_a_text_is_shown_as_an_entry() {
        for (text, unit, entry) in [
            ("1.1 mg/dL", Some("umol/L"), Some("{ value = 1.1, unit = \"mg/dL\" }")),
            ("< 150", Some("10*9/L"), Some("{ below = 150, unit = \"10*9/L\" }")),
            (">=2", None, Some("{ at_least = 2 }")),
            ("1-2", None, Some("{ at_least = 1, at_most = 2 }")),
            ("150,000", Some("10*9/L"), None),
            ("2 mg", None, None),
            ("about 2", None, None),
            ("", None, None),
        ] {
            assert_eq!(as_entry(text, unit).as_deref(), entry, "{text}");
        }
    }

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
