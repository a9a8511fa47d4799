//! Words as schemas take them, and as names are folded: one is the other.

use candidacy::model::name::fold;
use candidacy::schema::spelling::spellings;
use serde_json::json;

use crate::checker::Checker;
use crate::dice::{Dice, cases};

const WORDS: [&str; 5] = ["not done", "Grade 2+ (mild)", "unknown", "don't know", "straße"];

/// What words are damaged with.
const LETTERS: [char; 20] = [
    'n', 'N', 'o', ' ', '-', '_', '\'', '`', '\u{2019}', '\u{2010}', '\u{2011}', '\u{2013}', '\u{a0}', '\u{85}',
    '\u{2003}', '\u{3000}', '\t', '\u{212a}', '\u{1e9e}', '+',
];

#[test]
fn a_text_is_taken_for_a_word_exactly_where_it_is_folded_to_it() {
    let checker = Checker::new(json!({ "type": "string", "pattern": spellings(WORDS) }));
    let (mut same, mut other) = (0, 0);
    for seed in 0..cases(20_000) {
        let text = damaged(&mut Dice::new(seed));
        let is_a_word = WORDS.iter().any(|word| fold(word) == fold(&text));
        assert_eq!(checker.check(&json!(text)).is_ok(), is_a_word, "{text:?}");
        if is_a_word { same += 1 } else { other += 1 }
    }
    assert!(same > 2_000 && other > 2_000, "{same} and {other}");
}

/// A word with some letters put in, put in another's place, or made large.
fn damaged(dice: &mut Dice) -> String {
    let mut letters: Vec<char> = dice.pick(&WORDS).chars().collect();
    for _ in 0..dice.below(4) {
        let (at, letter) = (dice.below(letters.len()), *dice.pick(&LETTERS));
        match dice.below(4) {
            0 if letters[at] == ' ' => letters[at] = letter,
            0 => letters[at] = letters[at].to_uppercase().next().unwrap_or(letter),
            1 => letters[at] = letter,
            _ => letters.insert(at, letter),
        }
    }
    letters.into_iter().collect()
}
