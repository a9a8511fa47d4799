//! TOML into a document, with every syntax error of the text at once.

mod advice;
mod plain;

use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::document::{Entry, Kind, Node, SyntaxError};

/// Reads a text of the program's own, sooner where it is plain: a debug build reads it both ways and compares, so that
/// the tests have seen every such text read alike.
pub fn parse_own(text: &str) -> (Node<'_>, Vec<SyntaxError>) {
    let Some(document) = plain::document(text) else { return parse(text) };
    let read = (document, Vec::new());
    debug_assert_eq!(read, parse(text), "a plain text reads alike both ways");
    read
}

/// Reads TOML. What could be read comes back beside the errors, in source order.
pub fn parse(text: &str) -> (Node<'_>, Vec<SyntaxError>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut errors: Vec<SyntaxError> = errors
        .into_iter()
        .map(|error| {
            let span = error.span().unwrap_or(0..0);
            SyntaxError { message: message(error.message().trim(), &text[span.clone()]), span }
        })
        .collect();
    errors.sort_by_key(|error| error.span.start);
    errors.dedup();
    (Node { span: 0..text.len(), kind: Kind::Table(entries(table.into_inner())) }, errors)
}

/// Reads TOML that a coordinator typed: an error says what to write instead, where that is plain.
pub fn parse_typed(text: &str) -> (Node<'_>, Vec<SyntaxError>) {
    let (node, mut errors) = parse(text);
    for error in &mut errors {
        if let Some(message) = advice::instead(&error.message, text, error.span.start) {
            error.message = message;
        }
    }
    (node, errors)
}

/// The reader's message for a stretch of text, as ours are: in lower case, and with the key it is about.
fn message(said: &str, text: &str) -> String {
    if said == "duplicate key" {
        return format!("the key `{text}` is given twice");
    }
    let mut chars = said.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

fn entries<'s>(table: DeTable<'s>) -> Vec<Entry<'s>> {
    let mut entries: Vec<Entry<'s>> = table
        .into_iter()
        .map(|(key, value)| Entry { key_span: key.span(), key: key.into_inner(), value: node(value) })
        .collect();
    entries.sort_unstable_by_key(|entry| entry.key_span.start);
    entries
}

fn node<'s>(value: Spanned<DeValue<'s>>) -> Node<'s> {
    let span = value.span();
    let kind = match value.into_inner() {
        DeValue::String(text) => Kind::Text(text),
        DeValue::Integer(number) => integer(number.as_str(), number.radix()),
        DeValue::Float(number) => Kind::Decimal(Cow::Owned(number.as_str().to_owned())),
        DeValue::Boolean(value) => Kind::Bool(value),
        DeValue::Datetime(moment) => Kind::Moment(moment.to_string()),
        DeValue::Array(items) => Kind::Array(items.into_iter().map(node).collect()),
        DeValue::Table(table) => Kind::Table(entries(table)),
    };
    Node { span, kind }
}

/// Whole numbers in any base as decimal text; one too large for that stays as written and fails as a number later.
fn integer<'s>(digits: &str, radix: u32) -> Kind<'s> {
    let text = match radix {
        10 => digits.to_owned(),
        _ => i128::from_str_radix(digits, radix).map_or_else(|_| digits.to_owned(), |value| value.to_string()),
    };
    Kind::Integer(Cow::Owned(text))
}
