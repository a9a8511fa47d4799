//! Names as people type them: the same name in another case, spacing, hyphenation or apostrophe is the same name,
//! and a misspelling is met with the names nearest to it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use ahash::AHasher;
use strsim::damerau_levenshtein;

/// Things by their names. A pack is made of thousands, and nobody attacks his own.
pub type Named<T> = HashMap<String, T, BuildHasherDefault<AHasher>>;

/// Words that are states of a fact and never its value.
pub const RESERVED: [&str; 3] = ["unknown", "pending", "not done"];

/// The form in which two spellings of one name are equal.
pub fn fold(name: &str) -> Cow<'_, str> {
    if is_plain(name) {
        let capital = name.bytes().any(|byte| byte.is_ascii_uppercase());
        return if capital { Cow::Owned(name.to_ascii_lowercase()) } else { Cow::Borrowed(name) };
    }
    let mut folded = String::with_capacity(name.len());
    let mut gap = false;
    for c in name.chars() {
        if c.is_whitespace() || matches!(c, '-' | '_' | '\u{2010}' | '\u{2011}' | '\u{2013}') {
            gap = !folded.is_empty();
        } else if !matches!(c, '\'' | '\u{2019}' | '`') {
            if gap {
                folded.push(' ');
                gap = false;
            }
            if c.is_ascii() { folded.push(c.to_ascii_lowercase()) } else { folded.extend(c.to_lowercase()) }
        }
    }
    Cow::Owned(folded)
}

/// Whether only its case can keep a name from being folded: ASCII without hyphens and apostrophes, and with single
/// spaces between words. Most names are like that, and a pack folds thousands.
fn is_plain(name: &str) -> bool {
    let mut gap = true;
    for byte in name.bytes() {
        match byte {
            b' ' if gap => return false,
            b' ' => gap = true,
            b'-' | b'_' | b'\'' | b'`' => return false,
            _ if byte.is_ascii_graphic() => gap = false,
            _ => return false,
        }
    }
    !gap
}

/// Up to three candidates that a slip or two would turn into `word`, nearest first.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word = fold(word);
    let length = word.chars().count();
    if length > 80 {
        return Vec::new();
    }
    let limit = (length / 3).clamp(1, 4);
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(word.len()) <= limit * 4)
        .map(|candidate| (damerau_levenshtein(&word, &fold(candidate)), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .collect();
    near.sort();
    near.dedup();
    // The same name in another spelling is meant, and nothing like it.
    if near.first().is_some_and(|(distance, _)| *distance == 0) {
        near.retain(|(distance, _)| *distance == 0);
    }
    near.truncate(3);
    near.into_iter().map(|(_, candidate)| candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_fold_alike() {
        assert_eq!(fold(" Non-Hodgkin's  Lymphoma "), fold("non hodgkins lymphoma"));
        assert_ne!(fold("type 1"), fold("type 2"));
        for (name, folded) in
            [("Type 1", "type 1"), ("a  b", "a b"), (" a", "a"), ("a ", "a"), ("É-x", "é x"), (" ", "")]
        {
            assert_eq!(fold(name), folded);
        }
    }

    #[test]
    fn a_slip_finds_its_name_and_a_different_word_finds_none() {
        let drugs = ["lisinopril", "lovastatin", "metformin"];
        assert_eq!(nearest("lisinoprl", drugs), ["lisinopril"]);
        assert!(nearest("gentamicin", drugs).is_empty());
    }
}
