//! How laboratories write units, and how people read them. UCUM refuses most of what is printed on a report
//! (`K/uL`, `x10E3/uL`) and takes some of it for something wildly different (`ML` is a megalitre, `F` a
//! farad); these closed tables come first. A spelling with two plausible meanings is read as neither.

use std::borrow::Cow;

/// UCUM codes that are read in upper, lower and mixed case.
#[rustfmt::skip]
const CASELESS: [&str; 57] = [
    "10*3/uL", "10*6/uL", "10*9/L", "10*12/L", "/uL", "/mm3", "/min",
    "g/dL", "mg/dL", "ug/dL", "ng/dL", "mg/L", "ug/L", "ng/L", "pg/L", "mg/mL", "ug/mL", "ng/mL", "pg/mL",
    "mmol/L", "umol/L", "nmol/L", "pmol/L", "meq/L", "mosm/L", "mosm/kg", "mg/g", "mg/mmol",
    "U/L", "U/mL", "kU/L", "mm[Hg]", "kPa", "cm[H2O]", "kg", "ug", "pg", "fL", "dL", "mL", "uL",
    "cm", "mm", "kg/m2", "mL/min", "L/min", "mL/h", "mm/h", "mg/kg", "ug/kg", "mg/m2", "ug/kg/min", "mL/kg",
    "mo", "wk", "min", "mL/min/{1.73_m2}",
];

/// Other spellings of a UCUM code, read in upper, lower and mixed case.
#[rustfmt::skip]
const SPELLINGS: &[(&str, &[&str])] = &[
    // Counts. A power of ten is always `10*` here: `power_of_ten` has seen to that.
    ("10*3/uL", &["10*3/mcL", "10*3/cumm", "K/uL", "K/mcL", "K/mm3", "K/cumm", "thou/uL", "thou/mcL",
                  "thou/mm3", "thousand/uL", "thousand/mm3", "thousands/uL", "10*3 cells/uL", "10*3{cells}/uL"]),
    ("10*6/uL", &["10*6/mcL", "10*6/cumm", "M/uL", "M/mcL", "M/mm3", "M/cumm", "mil/uL", "mil/mcL", "mill/uL",
                  "million/uL", "million/mm3", "millions/uL", "10*6{cells}/uL"]),
    ("10*9/L", &["Gpt/L", "giga/L", "E9/L", "10*9 cells/L", "10*9{cells}/L"]),
    ("10*12/L", &["Tpt/L", "T/L", "tera/L", "E12/L", "10*12 cells/L", "10*12{cells}/L"]),
    ("/uL", &["/mcL", "1/uL", "cells/uL", "cells/mcL", "{cells}/uL"]),
    ("/mm3", &["/cumm", "/cmm", "/cu mm", "1/mm3", "cells/mm3", "cells/cumm", "cells/cu mm", "{cells}/mm3"]),
    ("/min", &["1/min", "bpm", "/minute", "beats/min", "beats/minute", "{beats}/min", "breaths/min",
               "breaths/minute", "{breaths}/min"]),
    ("/[HPF]", &["/HPF"]),
    ("1", &["score", "(score)", "{score}", "points", "ratio", "{ratio}", "INR", "{INR}", "fraction"]),
    ("%", &["percent", "pct", "% predicted", "%predicted", "% pred"]),
    // Concentrations
    ("g/dL", &["gm/dL", "gms/dL", "grams/dL", "g%", "gm%", "g/100mL", "g/100 mL"]),
    ("g/L", &["gm/L", "gms/L", "grams/L"]),
    ("mg/dL", &["mg%", "mg/100mL", "mg/100 mL"]),
    ("ug/dL", &["mcg/dL"]),
    ("ug/L", &["mcg/L"]),
    ("ug/mL", &["mcg/mL"]),
    ("umol/L", &["mcmol/L", "micromol/L"]),
    ("mosm/kg", &["mosmol/kg"]),
    ("mosm/L", &["mosmol/L"]),
    ("U/L", &["IU/L", "units/L", "unit/L"]),
    ("U/mL", &["units/mL"]),
    ("[IU]/mL", &["IU/mL"]),
    ("[IU]", &["IU"]),
    ("u[IU]/mL", &["uIU/mL"]),
    ("[pH]", &["pH"]),
    // Kidney
    ("mL/min/{1.73_m2}", &["mL/min/1.73m2", "mL/min/1.73 m2", "mL/min/1.73.m2", "mL/min/1.73_m2",
                           "mL/min/{1.73m2}", "mL/min/1.73sqm", "mL/min/1.73 sqm", "mL/min/1.73 sq m"]),
    ("mg/d", &["mg/day", "mg/24h", "mg/24 h", "mg/24hr", "mg/24 hr", "mg/24hrs", "mg/24 hrs"]),
    ("g/d", &["g/day", "g/24h", "g/24 h", "g/24hr", "g/24 hr", "g/24hrs", "g/24 hrs"]),
    // Pressure, temperature, rates
    ("mm[Hg]", &["mmHg", "mm Hg", "torr"]),
    ("cm[H2O]", &["cmH2O", "cm H2O"]),
    ("Cel", &["°C", "ºC", "℃", "deg C", "degC", "degrees C", "celsius", "degrees celsius"]),
    ("[degF]", &["°F", "ºF", "℉", "deg F", "degF", "degrees F", "fahrenheit", "degrees fahrenheit"]),
    ("L/min", &["lpm", "liter/min", "liters/min", "litre/min", "litres/min"]),
    ("mm/h", &["mm/hr", "mm/hour", "mm/1h"]),
    ("mL/h", &["mL/hr", "mL/hour"]),
    ("ug/kg/min", &["mcg/kg/min"]),
    ("ug/min", &["mcg/min"]),
    // Mass, length, volume
    ("kg", &["kgs", "kilogram", "kilograms"]),
    ("g", &["gm", "gms", "gram", "grams"]),
    ("ug", &["mcg"]),
    ("ug/kg", &["mcg/kg"]),
    ("[lb_av]", &["lb", "lbs", "pound", "pounds"]),
    ("[in_i]", &["in", "inch", "inches"]),
    ("[ft_i]", &["ft", "foot", "feet"]),
    ("m2", &["sqm", "sq m"]),
    ("L", &["liter", "liters", "litre", "litres"]),
    ("mL", &["cc", "mls", "milliliter", "milliliters", "millilitre", "millilitres"]),
    // Time
    ("a", &["y", "yr", "yrs", "year", "years"]),
    ("mo", &["mos", "month", "months"]),
    ("wk", &["wks", "week", "weeks"]),
    ("d", &["day", "days"]),
    ("h", &["hr", "hrs", "hour", "hours"]),
    ("min", &["mins", "minute", "minutes"]),
    ("s", &["sec", "secs", "second", "seconds"]),
    ("ms", &["msec", "msecs"]),
];

/// Spellings whose case matters: `mM` is millimolar, `mm` a length; `mIU` is a thousandth of an IU, `MIU` a
/// million.
#[rustfmt::skip]
const AS_WRITTEN: &[(&str, &[&str])] = &[
    ("Cel", &["C"]),
    ("[degF]", &["F"]),
    ("mg", &["MG"]),
    ("mmol/L", &["mM"]),
    ("umol/L", &["uM"]),
    ("nmol/L", &["nM"]),
    ("m[IU]/L", &["mIU/L", "mIU/l", "miu/l"]),
    ("m[IU]/mL", &["mIU/mL", "mIU/ml", "miu/ml"]),
];

/// Read as nothing: `Mg` is a milligram to some and a megagram to UCUM; `G/L` is gram or giga (10^9) per
/// litre.
const AMBIGUOUS: [&str; 3] = ["Mg", "G/L", "G/l"];

/// The words of running text for a UCUM code: for exactly one, and for several. [`to_ucum`] reads them back.
const WORDS: [(&str, &str, &str); 14] = [
    ("a", "year", "years"),
    ("mo", "month", "months"),
    ("wk", "week", "weeks"),
    ("d", "day", "days"),
    ("h", "hour", "hours"),
    ("min", "minute", "minutes"),
    ("s", "second", "seconds"),
    ("Cel", "°C", "°C"),
    ("[degF]", "°F", "°F"),
    ("mm[Hg]", "mmHg", "mmHg"),
    ("cm[H2O]", "cmH2O", "cmH2O"),
    ("mL/min/{1.73_m2}", "mL/min/1.73 m2", "mL/min/1.73 m2"),
    ("[lb_av]", "lb", "lb"),
    ("[in_i]", "in", "in"),
];

/// The UCUM code of a laboratory spelling, or the text itself, tidied, if it is not in the tables. `None` for
/// a spelling that is ambiguous.
pub(super) fn to_ucum(text: &str) -> Option<Cow<'static, str>> {
    let text = power_of_ten(&tidied(text));
    if AMBIGUOUS.contains(&text.as_str()) {
        return None;
    }
    let as_written = find(AS_WRITTEN, |spelling| spelling == text);
    let any_case = |known: &str| known.eq_ignore_ascii_case(&text);
    let known =
        as_written.or_else(|| find(SPELLINGS, any_case)).or_else(|| CASELESS.into_iter().find(|code| any_case(code)));
    Some(known.map_or(Cow::Owned(text), Cow::Borrowed))
}

/// What running text writes for exactly one and for several of a unit; nothing for a pure number.
pub(super) fn running_text(code: &str) -> (String, String) {
    if let Some((_, one, several)) = WORDS.iter().find(|(known, ..)| *known == code) {
        return ((*one).to_owned(), (*several).to_owned());
    }
    let text = code.replace("10*", "10^");
    let text = match text.strip_prefix('/') {
        _ if text == "1" => String::new(),
        Some(below) => format!("per {below}"),
        None => text,
    };
    (text.clone(), text)
}

fn find(table: &[(&'static str, &[&str])], mut is_meant: impl FnMut(&str) -> bool) -> Option<&'static str> {
    table.iter().find(|(_, spellings)| spellings.iter().any(|spelling| is_meant(spelling))).map(|(code, _)| *code)
}

/// The text in plain characters: `µmol / L` is `umol/L`, `10⁹ per L` and `10^9/L` are `10*9/L`, `m²` and
/// `m^2` are `m2`. A superscript or `^` after anything but a ten or a letter (`2^3`) stays, and UCUM refuses
/// it.
fn tidied(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut raised = false;
    for character in text.chars() {
        let digit = superscript_digit(character);
        let starts_power = !raised && (digit.is_some() || character == '^');
        raised = digit.is_some();
        match character {
            _ if starts_power && plain.ends_with("10") => plain.extend(['*'].into_iter().chain(digit)),
            _ if starts_power && plain.ends_with(|last: char| last.is_ascii_alphabetic()) => plain.extend(digit),
            _ if starts_power => plain.push(character),
            'µ' | 'μ' => plain.push('u'),
            '×' => plain.push('x'),
            '·' | '⋅' => plain.push('.'),
            _ => plain.push(digit.unwrap_or(character)),
        }
    }
    let words: Vec<_> = plain.split_whitespace().map(|word| if word == "per" { "/" } else { word }).collect();
    words.join(" ").replace(" /", "/").replace("/ ", "/")
}

fn superscript_digit(character: char) -> Option<char> {
    "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().zip('0'..='9').find(|(superscript, _)| *superscript == character).map(|(_, digit)| digit)
}

/// The text with a leading power of ten as UCUM writes it: `x10E3/uL`, `10x3/uL` and `1e3/uL` become
/// `10*3/uL`.
fn power_of_ten(text: &str) -> String {
    let number = text.strip_prefix(['x', 'X']).unwrap_or(text).trim_start();
    let power = ["10**", "10*", "10e", "10E", "10x", "10X", "1e", "1E"].iter().find_map(|ten| number.strip_prefix(ten));
    match power {
        Some(power) if power.starts_with(|digit: char| digit.is_ascii_digit()) => format!("10*{power}"),
        _ => text.to_owned(),
    }
}

/// Every spelling in the tables with the code it is read as.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    let tables = SPELLINGS.iter().chain(AS_WRITTEN);
    let spellings = tables.flat_map(|(code, spellings)| spellings.iter().map(|spelling| (*spelling, *code)));
    let words = WORDS.iter().flat_map(|(code, one, several)| [(*one, *code), (*several, *code)]);
    CASELESS.into_iter().map(|code| (code, code)).chain(spellings).chain(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spelling_stands_in_one_place() {
        let spellings = SPELLINGS.iter().flat_map(|(_, spellings)| spellings.iter());
        let mut all: Vec<_> = spellings.chain(&CASELESS).map(|text| text.to_ascii_lowercase()).collect();
        all.sort();
        let twice: Vec<_> = all.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }

    #[test]
    fn a_power_of_ten_is_never_taken_for_a_number() {
        for (text, read) in [
            ("x 10^9 / L", "10*9/L"),
            ("10¹² per L", "10*12/L"),
            ("10**3/mm³", "10*3/mm3"),
            ("1E6/mL", "10*6/mL"),
            ("kg/m^2", "kg/m2"),
            ("2^3/L", "2^3/L"),
            ("2³/L", "2³/L"),
        ] {
            assert_eq!(to_ucum(text).as_deref(), Some(read), "{text}");
        }
    }
}
