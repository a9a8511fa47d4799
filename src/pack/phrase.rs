//! Sentences with facts in braces, taken apart once.

use super::facts::ScriptAt;
use super::mistake::Mistake;
use super::program::{Phrase, Piece};
use super::setting::Setting;
use super::table::Notes;
use crate::model::dictionary::Dictionary;
use crate::model::name::nearest;

/// Takes a sentence apart; `{{` and `}}` stand for braces themselves.
pub fn parse(written: &ScriptAt, dictionary: &Dictionary, settings: &[Setting], notes: &mut Notes) -> Phrase {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = written.text.as_str();
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            text.push_str(brace);
            rest = after;
            continue;
        }
        let Some((name, after)) = (brace == "{").then(|| rest.split_once('}')).flatten() else {
            notes.add(written.file, &written.span, Mistake::OpenBrace);
            break;
        };
        rest = after;
        let found = dictionary.find(name).map(Piece::Fact);
        match found.or_else(|| settings.iter().position(|s| s.name == name).map(Piece::Setting)) {
            Some(piece) => {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
                pieces.push(piece);
            }
            None => {
                let names = dictionary.facts().map(|(_, fact)| fact.name.as_str());
                let nearest = nearest(name, names).into_iter().map(String::from).collect();
                let mistake = Mistake::Unknown { what: "fact or setting", name: name.to_owned(), nearest };
                notes.add(written.file, &written.span, mistake);
            }
        }
    }
    text.push_str(rest);
    pieces.push(Piece::Text(text));
    pieces.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
    Phrase(pieces)
}
