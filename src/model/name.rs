//! Names as people type them: the same name in another case, spacing, hyphenation or apostrophe is the same name,
//! a misspelling is met with the names nearest to it, and an abbreviation with what it may stand for.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use ahash::AHasher;
use strsim::damerau_levenshtein;

/// Things by their names. A pack is made of thousands, and nobody attacks his own.
pub type Named<T> = HashMap<String, T, BuildHasherDefault<AHasher>>;

/// Words that are states of a fact and never its value.
pub const RESERVED: [&str; 3] = ["unknown", "pending", "not done"];

/// Whether a character could move, hide or reorder what a terminal shows.
pub fn is_active(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

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

/// Nobody reads more suggestions than this, and what fits more names than this tells none of them.
pub const MOST_SUGGESTED: usize = 3;

/// Longer texts are no name with a slip in it.
const LONGEST_SLIPPED: usize = 80;

/// Names have at most so many words.
const MOST_WORDS: usize = 8;

/// The words of a text among which names are looked for: nobody types a medicine in more.
const MOST_READ: usize = 100;

/// Up to three candidates that a slip or two would turn into `word`, nearest first.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word = fold(word);
    let length = word.chars().count();
    if length > LONGEST_SLIPPED {
        return Vec::new();
    }
    let mut near = slips(&word, (length / 3).clamp(1, 4), candidates);
    // The same name in another spelling is meant, and nothing like it.
    if near.first().is_some_and(|(distance, _)| *distance == 0) {
        near.retain(|(distance, _)| *distance == 0);
    }
    near.truncate(MOST_SUGGESTED);
    near.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Up to three candidates that a single slip would turn into a part of a text, as in `prednison 10 mg`.
pub fn nearest_within<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> Vec<&'a str> {
    if text.chars().count() > LONGEST_SLIPPED {
        return Vec::new();
    }
    let ends = word_ends(text);
    let starts = ends.iter().enumerate();
    let parts = starts.flat_map(|(first, (start, _))| ends[first..].iter().take(3).map(|(_, end)| &text[*start..*end]));
    let parts = parts.filter(|part| part.chars().count() >= 5);
    let mut near: Vec<&str> = Vec::new();
    for (_, candidate) in parts.flat_map(|part| slips(&fold(part), 1, candidates.clone())) {
        if !near.contains(&candidate) {
            near.push(candidate);
        }
    }
    near.truncate(MOST_SUGGESTED);
    near
}

/// What is known by the longest runs of whole words of a text, from its start on, with the run. Marks between the words
/// of a run are kept, since a name may have them.
pub fn known_within<T>(text: &str, known: impl Fn(&str) -> Option<T>) -> Vec<(&str, T)> {
    let mut ends = word_ends(text);
    ends.truncate(MOST_READ);
    let mut found = Vec::new();
    let mut first = 0;
    while first < ends.len() {
        let runs = ends[first..].iter().take(MOST_WORDS).map(|(_, end)| &text[ends[first].0..*end]);
        let longest = runs.enumerate().filter_map(|(more, run)| Some((more, run, known(run)?))).last();
        first += longest.as_ref().map_or(0, |(more, ..)| *more) + 1;
        found.extend(longest.map(|(_, run, known)| (run, known)));
    }
    found
}

/// The words of a text, folded, without the marks between them.
pub fn words(text: &str) -> Vec<String> {
    fold(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(String::from).collect()
}

/// Whether two folded words are forms of one: one begins with the other, or they differ in their endings only.
pub fn are_akin(a: &str, b: &str) -> bool {
    let shorter = a.chars().count().min(b.chars().count());
    let shared = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    a == b || shared >= 4 && shared == shorter || shared >= 5 && shared * 4 >= shorter * 3
}

/// The first letters of a text's words, folded.
pub fn initials(text: &str) -> String {
    words(text).iter().filter_map(|word| word.chars().next()).collect()
}

/// The candidates that at most so many slips would turn into a folded word, with how many, nearest first.
fn slips<'a>(word: &str, most: usize, candidates: impl IntoIterator<Item = &'a str>) -> Vec<(usize, &'a str)> {
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(word.len()) <= most * 4)
        .map(|candidate| (damerau_levenshtein(word, &fold(candidate)), candidate))
        .filter(|(distance, _)| *distance <= most)
        .collect();
    near.sort();
    near.dedup();
    near
}

/// Where the words of a text begin and end; an apostrophe is part of its word.
fn word_ends(text: &str) -> Vec<(usize, usize)> {
    let mut ends: Vec<(usize, usize)> = Vec::new();
    let mut within = false;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match ends.last_mut() {
            Some(word) if within && c.is_alphanumeric() => word.1 = end,
            _ if c.is_alphanumeric() => ends.push((at, end)),
            _ => {}
        }
        within = c.is_alphanumeric() || within && matches!(c, '\'' | '\u{2019}');
    }
    ends
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

    #[test]
    fn the_longest_names_within_a_text_are_found() {
        let names = ["crohns disease", "disease", "x (y) z", "sinus rhythm"];
        let known = |text: &str| names.iter().position(|name| fold(text) == *name);
        assert_eq!(known_within("quiescent Crohn's disease, mild", known), [("Crohn's disease", 0)]);
        assert_eq!(known_within("disease: x (y) z.", known), [("disease", 1), ("x (y) z", 2)]);
        assert!(known_within("diseased; - sinus", known).is_empty());
    }

    #[test]
    fn a_slip_within_a_text_finds_its_name() {
        let drugs = ["prednisone", "metformin", "iron"];
        assert_eq!(nearest_within("prednison 10 mg daily", drugs), ["prednisone"]);
        assert!(nearest_within("irom 10 mg", drugs).is_empty() && nearest_within("gold 10 mg", drugs).is_empty());
    }

    #[test]
    fn words_are_akin_by_how_they_begin() {
        for (a, b) in [("allergies", "allergic"), ("crea", "creatinine"), ("pregnancy", "pregnant"), ("cns", "cns")] {
            assert!(are_akin(a, b) && are_akin(b, a), "{a} {b}");
        }
        for (a, b) in
            [("car", "cardiac"), ("heart", "hearing"), ("cardiac", "cardiopulmonary"), ("medicine", "medication")]
        {
            assert!(!are_akin(a, b) && !are_akin(b, a), "{a} {b}");
        }
    }
}
