//! JSON into a document. Values are read as raw text first, so that each knows where it stands and numbers keep
//! their digits; a key given twice is an error and not the last one's.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::document::{Entry, Kind, Node, SyntaxError};
use super::source::Span;

/// How deeply arrays and objects may nest.
const MAX_DEPTH: usize = 64;

/// Reads JSON.
pub fn parse(text: &str) -> Result<Node<'_>, Vec<SyntaxError>> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| vec![located(text, 0, &error)])?;
    let mut errors = Vec::new();
    let node = node(text, raw, 0, &mut errors);
    if errors.is_empty() { Ok(node) } else { Err(errors) }
}

fn node<'s>(text: &'s str, raw: &'s RawValue, depth: usize, errors: &mut Vec<SyntaxError>) -> Node<'s> {
    let part = raw.get();
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    let span = start..start + part.len();
    if depth > MAX_DEPTH {
        errors.push(SyntaxError { span: span.clone(), message: format!("more than {MAX_DEPTH} levels of brackets") });
        return Node { span, kind: Kind::Null };
    }
    let kind = kind(text, part, depth, errors).unwrap_or_else(|error| {
        errors.push(located(text, start, &error));
        Kind::Null
    });
    Node { span, kind }
}

fn kind<'s>(text: &'s str, part: &'s str, depth: usize, errors: &mut Vec<SyntaxError>) -> serde_json::Result<Kind<'s>> {
    Ok(match part.as_bytes()[0] {
        b'n' => Kind::Null,
        b't' | b'f' => Kind::Bool(part == "true"),
        b'"' => Kind::Text(serde_json::from_str::<Text>(part)?.0),
        b'[' => {
            let items: Vec<&'s RawValue> = serde_json::from_str(part)?;
            Kind::Array(items.into_iter().map(|item| node(text, item, depth + 1, errors)).collect())
        }
        b'{' => {
            let object: Object<'s> = serde_json::from_str(part)?;
            Kind::Table(entries(text, object, depth, errors))
        }
        _ if part.contains(['.', 'e', 'E']) => Kind::Decimal(Cow::Borrowed(part)),
        _ => Kind::Integer(Cow::Borrowed(part)),
    })
}

fn entries<'s>(text: &'s str, object: Object<'s>, depth: usize, errors: &mut Vec<SyntaxError>) -> Vec<Entry<'s>> {
    let mut entries: Vec<Entry<'s>> = Vec::with_capacity(object.0.len());
    let mut seen: HashSet<Cow<'s, str>> = HashSet::with_capacity(object.0.len());
    for (key, raw) in object.0 {
        let value = node(text, raw, depth + 1, errors);
        if !seen.insert(key.clone()) {
            errors.push(SyntaxError { span: value.span.clone(), message: format!("the key `{key}` is given twice") });
        }
        let key_span = key_before(text, value.span.start);
        entries.push(Entry { key, key_span, value });
    }
    entries
}

/// The key that stands before a value: from its opening quote to its closing one.
fn key_before(text: &str, value: usize) -> Span {
    let end = text[..value].rfind('"').map_or(value, |quote| quote + 1);
    let bytes = text.as_bytes();
    let mut start = end.saturating_sub(1);
    while start > 0 {
        start -= 1;
        let slashes = || bytes[..start].iter().rev().take_while(|byte| **byte == b'\\').count();
        if bytes[start] == b'"' && slashes() % 2 == 0 {
            break;
        }
    }
    start..end
}

/// A string, borrowed where it holds no escape.
struct Text<'s>(Cow<'s, str>);

impl<'de: 's, 's> Deserialize<'de> for Text<'s> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Reader)
    }
}

/// An object with every pair it holds, in order.
pub struct Object<'s>(pub Vec<(Cow<'s, str>, &'s RawValue)>);

impl<'s> Object<'s> {
    /// The text of a key's value; none for `null`. `Err` where the key is given twice.
    pub fn get(&self, key: &str) -> Result<Option<&'s str>, String> {
        let mut values = self.0.iter().filter(|(own, _)| own == key).map(|(_, value)| value.get());
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(format!("the key `{key}` is given twice")),
            (value, None) => Ok(value.filter(|value| *value != "null")),
        }
    }
}

impl<'de: 's, 's> Deserialize<'de> for Object<'s> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Object<'de>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut pairs = Vec::new();
                while let Some((key, value)) = map.next_entry::<Text, &RawValue>()? {
                    pairs.push((key.0, value));
                }
                Ok(Object(pairs))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

/// What a value is by how its text begins, in words.
pub fn word(value: &str) -> &'static str {
    match value.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "a text",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        _ => "a number",
    }
}

/// Where serde_json stopped, and its message without the place it names.
pub fn located(text: &str, start: usize, error: &serde_json::Error) -> SyntaxError {
    let line_start =
        text[start..].split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    let mut at = (start + line_start + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
    SyntaxError { span: at..at, message: in_words(message) }
}

/// serde_json's message in words for people.
fn in_words(message: &str) -> String {
    match message {
        "expected ident" | "expected value" => "no JSON value; a text needs quotation marks".into(),
        "key must be a string" => "a key in quotation marks is expected here; does a comma stand before `}`?".into(),
        "trailing comma" => "a comma stands before the closing bracket".into(),
        "recursion limit exceeded" => "too many brackets stand in each other".into(),
        "trailing characters" => "something follows after the end".into(),
        _ => message.replacen("EOF while parsing", "the text ends within", 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_their_place_and_numbers_keep_their_digits() {
        let text = r#"{ "a": [1.10, "x"], "b\"c": {} }"#;
        let node = parse(text).expect("JSON");
        let items = node.get("a").and_then(Node::items).expect("an array");
        assert_eq!(items[0].kind, Kind::Decimal("1.10".into()));
        assert_eq!(&text[items[1].span.clone()], "\"x\"");
        assert_eq!(&text[node.entries().expect("a table")[1].key_span.clone()], r#""b\"c""#);
    }

    #[test]
    fn a_key_given_twice_is_an_error() {
        let errors = parse(r#"{"a": 1, "a": 2}"#).expect_err("twice");
        assert_eq!((errors[0].span.clone(), errors[0].message.as_str()), (14..15, "the key `a` is given twice"));
    }
}
