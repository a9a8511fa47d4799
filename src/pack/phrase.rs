//! Sentences with facts in braces, taken apart once.

use super::mistake::Mistake;
use super::names::{self, Names};
use super::program::{Phrase, Piece};
use crate::input::source::Span;

/// Takes a sentence apart; `{{` and `}}` stand for braces themselves. Its mistakes come with their places in it.
pub fn parse(sentence: &str, names: Names) -> (Phrase, Vec<(Span, Mistake)>) {
    let mut pieces = Vec::new();
    let mut mistakes = Vec::new();
    let mut text = String::new();
    let mut rest = sentence;
    while let Some(at) = rest.find(['{', '}']) {
        let start = sentence.len() - rest.len() + at;
        text.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            text.push_str(brace);
            rest = after;
            continue;
        }
        let Some((name, after)) = (brace == "{").then(|| rest.split_once('}')).flatten() else {
            mistakes.push((start..start + 1, Mistake::OpenBrace));
            break;
        };
        rest = after;
        let found = names.dictionary.find(name).map(Piece::Fact);
        match found.or_else(|| names.settings.iter().position(|s| s.name == name).map(Piece::Setting)) {
            Some(piece) => {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
                pieces.push(piece);
            }
            None => mistakes.push((start..start + name.len() + 2, names::unknown(name, names))),
        }
    }
    text.push_str(rest);
    pieces.push(Piece::Text(text));
    pieces.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
    (Phrase(pieces), mistakes)
}
