//! Plain TOML, read straight from the parser's events. Nearly every pack and referral is plain: values, arrays and
//! inline tables under headers, a table's parts in one place, nothing dotted and nothing twice. Half the time goes
//! that a tree of the `toml` crate and a second one made of it take. Whatever is not plain is left to that crate, the
//! one judge of what is wrong. Only texts of the program's own are read this way.

use std::borrow::Cow;

use toml::de::DeValue;
use toml_parser::decoder::{Encoding, ScalarKind};
use toml_parser::parser::{EventReceiver, ValidateWhitespace, parse_document};
use toml_parser::{ErrorSink, ParseError, Raw, Source, Span as At};

use super::integer;
use crate::input::document::{Entry, Kind, Node};
use crate::input::source::Span;

/// How deeply arrays, inline tables and the names of a header may stand in each other.
const MAX_DEPTH: usize = 80;

/// The document of a plain text.
pub fn document(text: &str) -> Option<Node<'_>> {
    let source = Source::new(text);
    let tokens = source.lex().into_vec();
    let mut error: Option<ParseError> = None;
    let open = vec![Open::table(0)];
    let mut reader = Reader { text, root: Vec::new(), header: None, section: None, open, plain: true };
    parse_document(&tokens, &mut ValidateWhitespace::new(&mut reader, source), &mut error);
    reader.finish_section();
    let plain = reader.plain && error.is_none();
    let root = Node { span: 0..text.len(), kind: Kind::Table(reader.root) };
    (plain && is_distinct(&root)).then_some(root)
}

type Key<'s> = (Cow<'s, str>, Span);

/// The header of a section: `[path]` or `[[path]]`.
struct Header<'s> {
    start: usize,
    end: usize,
    is_array: bool,
    path: Vec<Key<'s>>,
}

/// An array or table whose end has not come yet.
struct Open<'s> {
    start: usize,
    kind: Kind<'s>,
    /// The key of the next value of a table.
    key: Option<Key<'s>>,
}

impl Open<'_> {
    fn table(start: usize) -> Open<'static> {
        Open { start, kind: Kind::Table(Vec::new()), key: None }
    }

    fn array(start: usize) -> Open<'static> {
        Open { start, kind: Kind::Array(Vec::new()), key: None }
    }
}

struct Reader<'s> {
    text: &'s str,
    root: Vec<Entry<'s>>,
    /// The header being read.
    header: Option<Header<'s>>,
    /// The header of the section being read; none before the first.
    section: Option<Header<'s>>,
    /// The table of the section, then what stands open in it.
    open: Vec<Open<'s>>,
    plain: bool,
}

impl<'s> Reader<'s> {
    fn start_header(&mut self, start: usize, is_array: bool) {
        self.finish_section();
        self.header = Some(Header { start, end: start, is_array, path: Vec::new() });
    }

    fn end_header(&mut self, end: usize) {
        self.section = self.header.take().map(|header| Header { end, ..header });
        self.open.push(Open::table(0));
    }

    /// Puts the table of the section where its header says.
    fn finish_section(&mut self) {
        let table = self.open.pop().filter(|table| table.key.is_none());
        match (table, self.section.take()) {
            (Some(Open { kind: Kind::Table(entries), .. }), None) if self.open.is_empty() => self.root.extend(entries),
            (Some(table), Some(Header { start, end, is_array, mut path })) if self.open.is_empty() => {
                let node = Node { span: start..end, kind: table.kind };
                let last = path.pop();
                let entries = path.iter().try_fold(&mut self.root, |entries, key| below(self.text, entries, key));
                match entries.zip(last) {
                    Some((entries, key)) => add(entries, key, node, is_array),
                    None => self.plain = false,
                }
            }
            _ => self.plain = false,
        }
    }

    fn key(&mut self, key: Key<'s>) {
        match (&mut self.header, self.open.last_mut()) {
            (Some(header), _) if header.path.len() < MAX_DEPTH => header.path.push(key),
            // A second key before the value: a dotted one.
            (None, Some(Open { kind: Kind::Table(_), key: next @ None, .. })) => *next = Some(key),
            _ => self.plain = false,
        }
    }

    fn value(&mut self, node: Node<'s>) {
        match self.open.last_mut() {
            Some(Open { kind: Kind::Array(items), .. }) => items.push(node),
            Some(Open { kind: Kind::Table(entries), key, .. }) => match key.take() {
                Some((key, key_span)) => entries.push(Entry { key, key_span, value: node }),
                None => self.plain = false,
            },
            _ => self.plain = false,
        }
    }

    fn raw(&self, at: At, encoding: Option<Encoding>) -> Raw<'s> {
        Raw::new_unchecked(self.text.get(at.start()..at.end()).unwrap_or_default(), encoding, at)
    }

    /// Whether to go on inside.
    fn enter(&mut self, open: Open<'s>) -> bool {
        self.open.push(open);
        self.plain &= self.open.len() <= MAX_DEPTH;
        self.plain
    }

    fn close(&mut self, end: usize) {
        match self.open.pop() {
            Some(Open { start, kind, key: None }) => self.value(Node { span: start..end, kind }),
            _ => self.plain = false,
        }
    }
}

impl EventReceiver for Reader<'_> {
    fn std_table_open(&mut self, at: At, _: &mut dyn ErrorSink) {
        self.start_header(at.start(), false);
    }

    fn std_table_close(&mut self, at: At, _: &mut dyn ErrorSink) {
        self.end_header(at.end());
    }

    fn array_table_open(&mut self, at: At, _: &mut dyn ErrorSink) {
        self.start_header(at.start(), true);
    }

    fn array_table_close(&mut self, at: At, _: &mut dyn ErrorSink) {
        self.end_header(at.end());
    }

    fn inline_table_open(&mut self, at: At, _: &mut dyn ErrorSink) -> bool {
        self.enter(Open::table(at.start()))
    }

    fn inline_table_close(&mut self, at: At, _: &mut dyn ErrorSink) {
        self.close(at.end());
    }

    fn array_open(&mut self, at: At, _: &mut dyn ErrorSink) -> bool {
        self.enter(Open::array(at.start()))
    }

    fn array_close(&mut self, at: At, _: &mut dyn ErrorSink) {
        self.close(at.end());
    }

    fn simple_key(&mut self, at: At, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let mut key = Cow::Borrowed("");
        self.raw(at, encoding).decode_key(&mut key, error);
        self.key((key, at.start()..at.end()));
    }

    fn scalar(&mut self, at: At, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let mut text = Cow::Borrowed("");
        let kind = match self.raw(at, encoding).decode_scalar(&mut text, error) {
            ScalarKind::String => Kind::Text(text),
            ScalarKind::Integer(radix) => integer(&text, radix.value()),
            ScalarKind::Float => Kind::Decimal(Cow::Owned(text.into_owned())),
            ScalarKind::Boolean(value) => Kind::Bool(value),
            ScalarKind::DateTime => match DeValue::parse(&text).as_ref().map(|value| value.get_ref()) {
                Ok(DeValue::Datetime(moment)) => Kind::Moment(moment.to_string()),
                _ => return self.plain = false,
            },
        };
        self.value(Node { span: at.start()..at.end(), kind });
    }
}

/// The entries below a name of a header: of the table before, or of a new one. A name that was used further up comes
/// out in `is_distinct`, so that no header needs a search.
fn below<'t, 's>(text: &str, entries: &'t mut Vec<Entry<'s>>, (key, span): &Key<'s>) -> Option<&'t mut Vec<Entry<'s>>> {
    if entries.last().is_none_or(|last| last.key != *key) {
        let value = Node { span: span.clone(), kind: Kind::Table(Vec::new()) };
        entries.push(Entry { key: key.clone(), key_span: span.clone(), value });
    }
    let node = &mut entries.last_mut()?.value;
    let is_inline = text[node.span.start..].starts_with('{');
    match &mut node.kind {
        Kind::Table(entries) if !is_inline => Some(entries),
        Kind::Array(items) if is_of_tables(items, &node.span) => match &mut items.last_mut()?.kind {
            Kind::Table(entries) => Some(entries),
            _ => None,
        },
        _ => None,
    }
}

/// Adds the table of a header, to the array before it if it continues that.
fn add<'s>(entries: &mut Vec<Entry<'s>>, (key, key_span): Key<'s>, table: Node<'s>, is_array: bool) {
    let value = match entries.last_mut() {
        Some(Entry { key: last, value: Node { kind: Kind::Array(items), span }, .. })
            if is_array && *last == key && is_of_tables(items, span) =>
        {
            return items.push(table);
        }
        _ if is_array => Node { span: table.span.clone(), kind: Kind::Array(vec![table]) },
        _ => table,
    };
    entries.push(Entry { key, key_span, value });
}

/// Whether an array is made of `[[…]]`: it starts where its first table does.
fn is_of_tables(items: &[Node], span: &Span) -> bool {
    items.first().is_some_and(|first| first.span.start == span.start)
}

/// Whether no table has a key twice.
fn is_distinct(node: &Node) -> bool {
    match &node.kind {
        Kind::Table(entries) => are_distinct(entries) && entries.iter().all(|entry| is_distinct(&entry.value)),
        Kind::Array(items) => items.iter().all(is_distinct),
        _ => true,
    }
}

fn are_distinct(entries: &[Entry]) -> bool {
    if entries.len() < 8 {
        return (1..entries.len()).all(|index| entries[..index].iter().all(|entry| entry.key != entries[index].key));
    }
    let mut keys: Vec<&str> = entries.iter().map(|entry| entry.key.as_ref()).collect();
    keys.sort_unstable();
    keys.windows(2).all(|pair| pair[0] != pair[1])
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::super::parse as any;
    use super::*;

    const LINES: [&str; 36] = [
        "a = 1",
        "b = 2",
        "a.b = 3",
        "a.b.c = 4",
        "'x y' = 0x1F",
        "\"\\u0061\" = 1.50",
        "b = [[1], [], {a = 1}]",
        "b = {}",
        "a = [{}]",
        "b = {a = 1, b = {c = 2}}",
        "b = {a.b = 1, a.c = 2}",
        "b = {a = 1, a = 2}",
        "b = {a = {}, a.b = 1}",
        "t = 1979-05-27t07:32:00z",
        "d = 1979-05-27",
        "s = \"\"\"\n  a\\\n  b\"\"\"",
        "s = '''\n'a'\n'''",
        "n = -1_000",
        "[a]",
        "[b]",
        "[a.b]",
        "[a.b.c]",
        "[b.a]",
        "[a . 'b']",
        "[[a]]",
        "[[b]]",
        "[[a.b]]",
        "[[b.a]]",
        "[[a.b.c]]",
        "[]",
        "[a",
        "a",
        "= 1",
        "# a comment \u{e9}",
        "",
        "a = [",
    ];

    proptest! {
        #[test]
        fn a_plain_text_reads_as_any_other_way(lines in vec(select(&LINES[..]), 0..9)) {
            let text = lines.join("\n");
            if let Some(document) = document(&text) {
                prop_assert_eq!((document, Vec::new()), any(&text));
            }
        }
    }

    #[test]
    fn packs_and_referrals_are_plain() {
        let text = "a = 1\n[b.c]\nx = [1, { y = \"é\" }]\n[b.f]\n[[d]]\n[[d.e]]\nz = 2026-11-21\n[[d]]\n[d.e.g]\n";
        assert!(document(text).is_some());
    }

    #[test]
    fn what_is_rare_or_wrong_is_left_to_the_toml_crate() {
        let deep = format!("[{}]", ["a"; 90].join("."));
        let nested = format!("a = {}{}", "[".repeat(90), "]".repeat(90));
        for text in [
            "a.b = 1",
            "[a.b]\n[a]",
            "[a]\n[a]",
            "a = 1\na = 2",
            "a = {}\n[a.b]",
            "a = [{}]\n[[a]]",
            "[a.b]\n[c]\n[a.d]",
            "a =",
            &deep,
            &nested,
        ] {
            assert!(document(text).is_none(), "{text}");
        }
    }
}
