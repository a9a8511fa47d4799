//! JSON that borrows from the text it was read from. Numbers keep their digits, and objects the order of their keys.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json<'s> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as written.
    Number(Cow<'s, str>),
    /// A string.
    Text(Cow<'s, str>),
    /// An array.
    List(Vec<Json<'s>>),
    /// An object.
    Object(Vec<(Cow<'s, str>, Json<'s>)>),
}

impl<'s> Json<'s> {
    /// The value of a key; none for what is no object.
    pub fn get(&self, key: &str) -> Option<&Json<'s>> {
        self.entries()?.iter().find(|(own, _)| own == key).map(|(_, value)| value)
    }

    /// The entries of an object.
    pub fn entries(&self) -> Option<&[(Cow<'s, str>, Json<'s>)]> {
        if let Json::Object(entries) = self { Some(entries) } else { None }
    }

    /// The members of an array.
    pub fn items(&self) -> Option<&[Json<'s>]> {
        if let Json::List(items) = self { Some(items) } else { None }
    }

    /// A string.
    pub fn text(&self) -> Option<&str> {
        if let Json::Text(text) = self { Some(text) } else { None }
    }

    /// What kind of value it is, in words.
    pub fn word(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool(_) => "true or false",
            Json::Number(_) => "a number",
            Json::Text(_) => "a text",
            Json::List(_) => "a list",
            Json::Object(_) => "an object",
        }
    }
}

/// The key under which `serde_json` hands over the digits of a number.
const DIGITS: &str = "$serde_json::private::Number";

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Json<'de>, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(Cow::Owned(number.to_string())))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Json<'de>, E> {
        Ok(Json::Number(Cow::Owned(number.to_string())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json<'de>, A::Error> {
        let (mut object, mut met) = (Vec::new(), Met::default());
        while let Some(Key(key)) = entries.next_key()? {
            if key == DIGITS && object.is_empty() {
                return Ok(Json::Number(Cow::Owned(entries.next_value()?)));
            }
            // Nobody knows which of two counts.
            if !met.is_new(&key, &object) {
                return Err(A::Error::custom(format!("the key `{key}` is given twice")));
            }
            object.push((key, entries.next_value()?));
        }
        Ok(Json::Object(object))
    }
}

/// The keys of an object that has many of them.
#[derive(Default)]
struct Met<'s>(HashSet<Cow<'s, str>>);

impl<'s> Met<'s> {
    /// Whether an object has no such key as yet.
    fn is_new(&mut self, key: &str, object: &[(Cow<'s, str>, Json<'s>)]) -> bool {
        if object.len() < FEW {
            return object.iter().all(|(own, _)| own != key);
        }
        if object.len() == FEW {
            self.0.extend(object.iter().map(|(own, _)| own.clone()));
        }
        self.0.insert(key.to_owned().into())
    }
}

/// So many keys are looked at one by one.
const FEW: usize = 32;

/// A key that is borrowed where it has no escapes.
struct Key<'s>(Cow<'s, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Key<'de>, D::Error> {
        match deserializer.deserialize_str(Reader)? {
            Json::Text(key) => Ok(Key(key)),
            _ => Err(D::Error::custom("a key is a text")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_given_twice_is_refused() {
        let keys = |count: usize| (0..count).map(|key| format!("\"k{key}\": 1")).collect::<Vec<_>>().join(", ");
        for count in [1, 31, 32, 33, 100] {
            let (once, last) = (format!("{{{}}}", keys(count)), count - 1);
            assert!(serde_json::from_str::<Json>(&once).is_ok(), "{count}");
            for twice in [0, last] {
                let text = format!("{{{}, \"k{twice}\": 2}}", keys(count));
                let error = serde_json::from_str::<Json>(&text).expect_err("twice");
                assert!(error.to_string().contains(&format!("the key `k{twice}` is given twice")), "{error}");
            }
        }
    }

    #[test]
    fn numbers_keep_their_digits_and_texts_are_borrowed() {
        let text =
            r#"{"a": [1.50, -2e+3, 0.1234567890123456789012345678], "b": {"c": "\u00e9", "d": null}, "e": true}"#;
        let json: Json = serde_json::from_str(text).expect("JSON");
        let numbers = json.get("a").and_then(Json::items).expect("a list");
        let written: Vec<_> = numbers.iter().map(|number| format!("{number:?}")).collect();
        assert_eq!(written, ["Number(\"1.50\")", "Number(\"-2e+3\")", "Number(\"0.1234567890123456789012345678\")"]);
        assert_eq!(json.get("b").and_then(|b| b.get("c")).and_then(Json::text), Some("é"));
        assert_eq!(json.get("b").and_then(|b| b.get("d")), Some(&Json::Null));
    }
}
