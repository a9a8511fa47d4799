//! Ways in which a file can be damaged.

use crate::dice::Dice;

/// Words that mean something to one of the readers, or once did.
const WORDS: [&str; 58] = [
    "\"unknown\"",
    "[]",
    "{}",
    "[[",
    "]]",
    "-",
    "1e999",
    "-1e-999",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "12345678901234567890123456789",
    "0.0000000000000000000000000001",
    "0000-00-00",
    "9999-12-31",
    "0000-01-01",
    "2026-02-30",
    "inf",
    "nan",
    "''",
    "\"\"\"",
    "'''",
    "\"\\u0000\"",
    "\"\u{202e}\"",
    "\u{1b}[31m",
    "true",
    "null",
    "fn f(x) { f(x) }",
    "let x = 1;",
    "eval(\"1\")",
    "this",
    "date_of(",
    "|x|",
    "=>",
    "..",
    "//",
    "/*",
    "*/",
    "is_a(",
    "(",
    ")",
    "&&",
    "!",
    "as_of",
    "0x7fffffffffffffff",
    "1_000",
    "+1",
    "base = \"x\"",
    "when",
    "\"other:\"",
    "\"other: \"",
    "\u{feff}",
    "\u{0}",
    "{ value = [], complete = false }",
    "switch",
    "[rule]",
    "\"1961\"",
    "%",
];

/// The bytes with one to four damages, and the name of the first.
pub fn damaged(bytes: &[u8], dice: &mut Dice) -> (Vec<u8>, &'static str) {
    let mut bytes = bytes.to_vec();
    let mut first = "";
    let further = if dice.in_hundred(70) { 0 } else { 1 + dice.below(3) };
    for count in 0..1 + further {
        let how = once(&mut bytes, dice);
        first = if count == 0 { how } else { first };
    }
    (bytes, first)
}

fn once(bytes: &mut Vec<u8>, dice: &mut Dice) -> &'static str {
    if bytes.is_empty() {
        return "empty already";
    }
    let at = dice.below(bytes.len());
    match dice.below(19) {
        0 => {
            bytes[at] ^= 1 << dice.below(7);
            "a bit flipped"
        }
        1 => {
            bytes[at] = 0x80 | dice.roll() as u8;
            "no UTF-8"
        }
        2 => {
            bytes.truncate(at);
            "cut off"
        }
        3 => {
            bytes.remove(at);
            "a byte lost"
        }
        4 => {
            let end = (at + 1 + dice.below(40)).min(bytes.len());
            bytes.drain(at..end);
            "a stretch lost"
        }
        5 => {
            let end = (at + 1 + dice.below(200)).min(bytes.len());
            let copy = bytes[at..end].to_vec();
            bytes.splice(at..at, copy);
            "a stretch doubled"
        }
        6..=9 => lines(bytes, dice),
        10 | 11 => tokens(bytes, dice),
        12 => number(bytes, dice),
        13 => {
            let windows = String::from_utf8_lossy(bytes).replace('\n', if dice.in_hundred(50) { "\r\n" } else { "\r" });
            *bytes = windows.into_bytes();
            "other line ends"
        }
        14 => {
            bytes.splice(0..0, "\u{feff}".bytes());
            "a byte order mark"
        }
        15 => {
            let (open, close) =
                *dice.pick(&[("[", "]"), ("{a=", "}"), ("(", ")"), ("{\"a\":", "}"), ("!", ""), ("-", "")]);
            let depth = *dice.pick(&[3, 50, 300]);
            bytes.splice(at..at, format!("{}{}", open.repeat(depth), close.repeat(depth)).into_bytes());
            "deep nesting"
        }
        16 => {
            let letters = dice.pick(&["µ", "🙂", "ß", "e\u{301}"]).repeat(1 + dice.below(3));
            bytes.splice(at..=at, letters.into_bytes());
            "letters of several bytes"
        }
        _ => {
            let word = dice.pick(&WORDS).as_bytes().to_vec();
            bytes.splice(at..at, word);
            "a word put in"
        }
    }
}

fn lines(bytes: &mut Vec<u8>, dice: &mut Dice) -> &'static str {
    let mut lines: Vec<Vec<u8>> = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let (one, other) = (dice.below(lines.len()), dice.below(lines.len()));
    let how = match dice.below(3) {
        0 => {
            lines.remove(one);
            "a line lost"
        }
        1 => {
            let copy = lines[one].clone();
            lines.insert(other, copy);
            "a line doubled"
        }
        _ => {
            lines.swap(one, other);
            "lines swapped"
        }
    };
    *bytes = lines.join(&b'\n');
    how
}

/// Words and signs as they stand between blanks and punctuation.
fn split(bytes: &[u8]) -> Vec<(usize, usize)> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
    let mut found = Vec::new();
    let mut start = 0;
    for at in 1..=bytes.len() {
        if at == bytes.len() || !is_word(bytes[at]) || !is_word(bytes[at - 1]) {
            found.push((start, at));
            start = at;
        }
    }
    found
}

fn tokens(bytes: &mut Vec<u8>, dice: &mut Dice) -> &'static str {
    let found = split(bytes);
    let (a, b) = (*dice.pick(&found), *dice.pick(&found));
    let ((first, second), swap) = (if a.0 < b.0 { (a, b) } else { (b, a) }, dice.in_hundred(50));
    let copy = bytes[second.0..second.1].to_vec();
    if first.1 > second.0 {
        return "nothing swapped";
    }
    let early = bytes[first.0..first.1].to_vec();
    if swap {
        bytes.splice(second.0..second.1, early);
    }
    bytes.splice(first.0..first.1, copy);
    if swap { "words swapped" } else { "a word for another" }
}

fn number(bytes: &mut Vec<u8>, dice: &mut Dice) -> &'static str {
    let digits = |(from, to): &(usize, usize)| bytes[*from..*to].iter().all(u8::is_ascii_digit);
    let numbers: Vec<(usize, usize)> = split(bytes).into_iter().filter(digits).collect();
    if numbers.is_empty() {
        return "no number to change";
    }
    let (from, to) = *dice.pick(&numbers);
    let other = *dice.pick(&[
        "0",
        "-1",
        "-0",
        "99999999999999999999",
        "9223372036854775807",
        "-9223372036854775808",
        "1e28",
        "1e29",
        "0.1",
        "00",
        "1234567890123456789012345678",
        "12345678901234567890123456789",
    ]);
    bytes.splice(from..to, other.bytes());
    "another number"
}
