//! Patterns for words that may be written in several ways: what `fold` takes for one name, a schema takes for one, too.

use crate::model::name::fold;

/// What `fold` takes for a gap between words: white space, hyphens and underscores.
const GAP: &str = "\\s\\u0085\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000_\\u2010\\u2011\\u2013\\-";
/// What `fold` passes over: apostrophes.
const MARK: &str = "'`\\u2019";
/// Signs of their own with the small letter of another.
const SIGNS: [char; 4] = ['\u{212a}', '\u{212b}', '\u{2126}', '\u{1e9e}'];

/// The pattern of every text that names one of these words.
pub fn spellings<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let words: Vec<String> = words.into_iter().map(spelling).collect();
    format!("^[{GAP}{MARK}]*({})[{GAP}{MARK}]*$", words.join("|"))
}

fn spelling(word: &str) -> String {
    let folded = fold(word);
    let parts = folded.split(' ').map(|part| {
        let letters: Vec<String> = part.chars().map(letter).collect();
        letters.join(&format!("[{MARK}]*"))
    });
    parts.collect::<Vec<_>>().join(&format!("[{MARK}]*[{GAP}][{GAP}{MARK}]*"))
}

/// A small letter and its capitals, or a sign.
fn letter(letter: char) -> String {
    let capital = letter.to_uppercase().next().into_iter();
    let others = capital.chain(SIGNS).filter(|c| *c != letter && c.to_lowercase().eq([letter]));
    let others: String = others.collect();
    match others.is_empty() {
        true if "\\^$.|?*+()[]{}/".contains(letter) => format!("\\{letter}"),
        true => letter.to_string(),
        false => format!("[{letter}{others}]"),
    }
}
