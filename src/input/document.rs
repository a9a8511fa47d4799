//! A file as a tree of values that know where they stand, the same for TOML and JSON. Numbers keep their text, so
//! that none ever passes through a binary float.

use std::borrow::Cow;

use super::source::Span;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'s> {
    /// Where the value stands, quotes and brackets included.
    pub span: Span,
    /// The value.
    pub kind: Kind<'s>,
}

/// A value of any kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind<'s> {
    /// JSON's `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number, as written without separators.
    Integer(Cow<'s, str>),
    /// A number with a fraction or an exponent, as written without separators.
    Decimal(Cow<'s, str>),
    /// A string.
    Text(Cow<'s, str>),
    /// A TOML date or date-time, in its standard form.
    Moment(String),
    /// An array.
    Array(Vec<Node<'s>>),
    /// A table or object, in source order.
    Table(Vec<Entry<'s>>),
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<'s> {
    /// The key.
    pub key: Cow<'s, str>,
    /// Where the key stands.
    pub key_span: Span,
    /// Its value.
    pub value: Node<'s>,
}

/// What is wrong with a text before its meaning is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where.
    pub span: Span,
    /// What.
    pub message: String,
}

impl<'s> Node<'s> {
    /// The same, without the text it was read from.
    pub fn into_owned(self) -> Node<'static> {
        let own = |text: Cow<'s, str>| Cow::Owned(text.into_owned());
        let kind = match self.kind {
            Kind::Null => Kind::Null,
            Kind::Bool(value) => Kind::Bool(value),
            Kind::Integer(text) => Kind::Integer(own(text)),
            Kind::Decimal(text) => Kind::Decimal(own(text)),
            Kind::Text(text) => Kind::Text(own(text)),
            Kind::Moment(text) => Kind::Moment(text),
            Kind::Array(items) => Kind::Array(items.into_iter().map(Node::into_owned).collect()),
            Kind::Table(entries) => {
                let entry = |entry: Entry<'s>| Entry {
                    key: own(entry.key),
                    key_span: entry.key_span,
                    value: entry.value.into_owned(),
                };
                Kind::Table(entries.into_iter().map(entry).collect())
            }
        };
        Node { span: self.span, kind }
    }

    /// The entries of a table.
    pub fn entries(&self) -> Option<&[Entry<'s>]> {
        match &self.kind {
            Kind::Table(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value of a key of a table.
    pub fn get(&self, key: &str) -> Option<&Node<'s>> {
        self.entries()?.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// The text of a string.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The members of an array.
    pub fn items(&self) -> Option<&[Node<'s>]> {
        match &self.kind {
            Kind::Array(items) => Some(items),
            _ => None,
        }
    }

    /// What people call this kind of value.
    pub fn word(&self) -> &'static str {
        match &self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "true or false",
            Kind::Integer(_) => "a whole number",
            Kind::Decimal(_) => "a number",
            Kind::Text(_) => "a text",
            Kind::Moment(_) => "a date",
            Kind::Array(_) => "a list",
            Kind::Table(_) => "a table",
        }
    }
}
