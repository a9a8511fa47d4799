//! TOML files with syntax errors. Each error is found by itself: the statement it stands in is left out and the rest
//! is read again, so that one slip is one message and everything else in the file is checked all the same.

use std::borrow::Cow;

use super::diagnostic::Also;
use super::mistake::Mistake;
use super::table::Notes;
use crate::input::document::{Node, SyntaxError};
use crate::input::source::{Source, Span, token};
use crate::input::toml;

/// How many errors of one file are told apart.
const MOST: usize = 100;

/// A statement that had to be left out.
#[derive(Clone, Debug)]
pub struct Damage {
    /// The table it stands in, from its header to the next.
    pub table: Span,
    /// The key it gives, where that can be seen.
    pub key: Option<String>,
}

impl Damage {
    /// Whether the lack of one of some keys, in a table whose name stands at an offset, is owed to the damage.
    pub fn explains(&self, at: usize, keys: &[&str]) -> bool {
        self.table.contains(&at) && self.key.as_deref().is_none_or(|key| keys.contains(&key))
    }
}

/// Reads what can be read of a file with errors, and notes each.
pub fn read(file: usize, source: &Source, notes: &mut Notes) -> (Node<'static>, Vec<Damage>) {
    let mut rest = source.text.clone();
    let mut damages = Vec::new();
    // Once three quotes are left open, everything after them is read inside out.
    if let Some(found) = Found::open_quotes(&source.text) {
        blank(&mut rest, &found.lost);
        damages.push(found.damage);
        notes.add(file, &found.span, found.mistake);
    }
    while damages.len() < MOST {
        let (_, errors) = toml::parse(&rest);
        let Some(error) = errors.into_iter().next() else { break };
        let lines = statements(&rest);
        let found = Found::of(&source.text, &rest, &lines, &error);
        blank(&mut rest, &found.lost);
        damages.push(found.damage);
        match found.beside {
            Some(span) => {
                let also = Also { file, span, text: "first given here".to_owned() };
                notes.add_beside(file, &found.span, found.mistake, also);
            }
            None => notes.add(file, &found.span, found.mistake),
        }
    }
    (toml::parse(&rest).0.into_owned(), damages)
}

/// Takes a stretch out of a text and leaves every other place where it was.
fn blank(text: &mut String, lost: &Span) {
    let kept = |byte| if byte == b'\n' || byte == b'\r' { char::from(byte) } else { ' ' };
    let blank: String = text[lost.clone()].bytes().map(kept).collect();
    text.replace_range(lost.clone(), &blank);
}

/// A line that starts a header or gives a key, with all that belongs to it.
#[derive(Clone, Debug)]
struct Statement {
    span: Span,
    is_header: bool,
}

/// The statements of a text, as far as their first lines tell.
fn statements(text: &str) -> Vec<Statement> {
    let mut found: Vec<Statement> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = line.trim_start();
        let is_header = start.starts_with('[')
            && start.trim_start_matches('[').starts_with(|c: char| c.is_alphabetic() || "\"'_".contains(c));
        if is_header || key_of(start).is_some() || found.is_empty() {
            found.push(Statement { span: at..at, is_header });
        }
        at += line.len();
        if let Some(last) = found.last_mut() {
            // What is left blank, or is a comment, belongs to none.
            if !start.trim().is_empty() && !start.starts_with('#') {
                last.span.end = at - (line.len() - line.trim_end().len());
            }
        }
    }
    found
}

/// The key that a line gives: `key =`, and no comparison. Of several words, which is a mistake, the first.
fn key_of(line: &str) -> Option<&str> {
    let (key, value) = line.split_once('=')?;
    let key = key.trim();
    let comparison = value.starts_with('=') || key.ends_with(['<', '>', '!']);
    let inner = key.trim_matches(['"', '\'']);
    if key.len() > inner.len() {
        return (!comparison && !inner.is_empty()).then_some(inner);
    }
    let mut words = key.split_whitespace();
    let first = words.next().filter(|word| !["let", "const", "if"].contains(word))?;
    let plain = key.chars().all(|c: char| c.is_alphanumeric() || "_-. ".contains(c));
    (!comparison && plain && words.count() < 2).then_some(first)
}

/// An error, and what has to go for the rest to be read.
struct Found {
    span: Span,
    mistake: Mistake,
    beside: Option<Span>,
    lost: Span,
    damage: Damage,
}

impl Found {
    /// The first statement that opens three quotes and does not close them.
    fn open_quotes(text: &str) -> Option<Found> {
        let lines = statements(text);
        let odd = |line: &Statement, quotes: &str| text[line.span.clone()].matches(quotes).count() % 2 == 1;
        let (own, quotes) = lines.iter().enumerate().find_map(|(index, line)| {
            ["'''", "\"\"\""].into_iter().find(|quotes| odd(line, quotes)).map(|quotes| (index, quotes))
        })?;
        let statement = &lines[own];
        let at = statement.span.start + text[statement.span.clone()].find(quotes)?;
        let message = "a text of several lines is not closed".to_owned();
        let mistake = Mistake::TomlSyntax { message, help: Some("close it with the three quotes that opened it") };
        let key = key_of(text[statement.span.clone()].trim_start()).map(String::from);
        let damage = Damage { table: table_of(text, &lines, own), key };
        Some(Found { span: at..at + quotes.len(), mistake, beside: None, lost: statement.span.clone(), damage })
    }

    fn of(text: &str, rest: &str, lines: &[Statement], error: &SyntaxError) -> Found {
        let at = error.span.start.min(rest.len().saturating_sub(1));
        let here = lines.iter().rposition(|line| line.span.start <= at).unwrap_or(0);
        let starts = |line: &Statement| {
            rest[line.span.start..].len() - rest[line.span.start..].trim_start().len() + line.span.start
        };
        // An error at the very start of a statement is that of the one before, which is still open.
        let open =
            here > 0 && at <= starts(&lines[here]) && is_open(&error.message) && !lines[here - 1].span.is_empty();
        let own = if open { here - 1 } else { here };
        let statement = &lines[own];
        let table = table_of(text, lines, own);
        let key = key_of(rest[statement.span.clone()].trim_start()).map(String::from);
        if error.message.starts_with("key with no value") && key.is_none() {
            return bare(text, lines, at);
        }
        if error.message.ends_with("is given twice") {
            return twice(text, lines, own, &error.span, table, key);
        }
        // Without its header a table would add its keys to the one before.
        let lost = if statement.is_header { table.clone() } else { statement.span.clone() };
        let unclosed = own != here || open;
        let span = if unclosed { end_of(text, &statement.span) } else { visible(text, &error.span, &statement.span) };
        // Of a line without `=` nobody can tell which key it gives.
        let keyless = statement.is_header || error.message.starts_with("key with no value");
        let damage = Damage { table, key: if keyless { None } else { key } };
        let (message, help) = words(&error.message, text, statement, unclosed);
        Found { span, mistake: Mistake::TomlSyntax { message, help }, beside: None, lost, damage }
    }
}

/// A line that is neither a header nor a key: all up to the next header would belong to it.
fn bare(text: &str, lines: &[Statement], at: usize) -> Found {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    let span = start + (line.len() - line.trim_start().len())..start + line.trim_end().len();
    let next = lines.iter().find(|line| line.is_header && line.span.start > start);
    let lost = start..next.map_or(text.len(), |next| next.span.start);
    let message = "this is neither a table's header nor a key".to_owned();
    let help = "a table starts with [fact.NAME] or [[rule]]; a key is written `key = value`";
    let damage = Damage { table: lost.clone(), key: None };
    Found { span, mistake: Mistake::TomlSyntax { message, help: Some(help) }, beside: None, lost, damage }
}

/// From the header that a statement stands under to the next.
fn table_of(text: &str, lines: &[Statement], own: usize) -> Span {
    let header = lines[..=own].iter().rposition(|line| line.is_header);
    let from = header.map_or(0, |header| lines[header].span.start);
    let next = lines[own + 1..].iter().find(|line| line.is_header).map_or(text.len(), |line| line.span.start);
    from..next.max(lines[own].span.end)
}

/// A key that is given a second time, or a header.
fn twice(text: &str, lines: &[Statement], own: usize, span: &Span, table: Span, key: Option<String>) -> Found {
    let statement = &lines[own];
    let line =
        |statement: &Statement| text[statement.span.clone()].lines().next().unwrap_or_default().trim().to_owned();
    let named = |statement: &Statement| line(statement).trim_matches(['[', ']', ' ']).to_owned();
    if !statement.is_header {
        let before = lines[..own].iter().rev().take_while(|line| !line.is_header);
        let first = before.filter(|line| key_of(text[line.span.clone()].trim_start()) == key.as_deref()).last();
        let beside = first.map(|first| token(text, first.span.start + indent(text, first)));
        let name = key.clone().unwrap_or_else(|| text[span.clone()].to_owned());
        let damage = Damage { table, key };
        let mistake = Mistake::DuplicateKey { key: name };
        return Found { span: span.clone(), mistake, beside, lost: statement.span.clone(), damage };
    }
    let name = named(statement);
    let first = lines[..own].iter().find(|line| line.is_header && named(line) == name);
    // `[rule]` among `[[rule]]`, or instead of them.
    let single = [first, Some(statement)].into_iter().flatten().find(|header| !line(header).starts_with("[["));
    if let (Some(single), true) = (single, ["rule", "conflict"].contains(&name.as_str())) {
        let at = single.span.start + indent(text, single);
        let next = lines.iter().find(|line| line.is_header && line.span.start > single.span.start);
        let table = single.span.start..next.map_or(text.len(), |next| next.span.start);
        let message = format!("`[{name}]` is one table, and there are several");
        let mistake = Mistake::TomlSyntax { message, help: Some("write it with two brackets, as in [[rule]]") };
        let damage = Damage { table: table.clone(), key: None };
        return Found { span: at..at + line(single).len(), mistake, beside: None, lost: table, damage };
    }
    let beside = first.map(|first| first.span.start + indent(text, first)).map(|at| at..at + line(statement).len());
    let damage = Damage { table: table.clone(), key: None };
    Found { span: span.clone(), mistake: Mistake::DuplicateKey { key: name }, beside, lost: table, damage }
}

fn indent(text: &str, statement: &Statement) -> usize {
    let own = &text[statement.span.clone()];
    own.len() - own.trim_start().len()
}

/// Whether a message is of something that goes on although it should have ended.
fn is_open(message: &str) -> bool {
    ["missing comma", "unclosed", "in array", "in inline table", "string values", "invalid boolean", "invalid float"]
        .iter()
        .any(|words| message.contains(words))
}

/// The last character of a statement, where it should have gone on.
fn end_of(text: &str, statement: &Span) -> Span {
    let line = text[statement.clone()].lines().next().unwrap_or_default().trim_end();
    let end = statement.start + line.len();
    line.char_indices().next_back().map_or(statement.clone(), |(last, _)| statement.start + last..end)
}

/// A stretch that can be seen: an error at the end of a line is shown at its last character.
fn visible(text: &str, span: &Span, statement: &Span) -> Span {
    let shown = text.get(span.clone()).unwrap_or_default();
    if !shown.trim().is_empty() {
        return if shown.contains('\n') { end_of(text, &(span.start..span.end)) } else { span.clone() };
    }
    let own = token(text, span.start);
    if own.is_empty() { end_of(text, statement) } else { own }
}

/// What is wrong, and what to do.
fn words(said: &str, text: &str, statement: &Statement, unclosed: bool) -> (String, Option<&'static str>) {
    let own = &text[statement.span.clone()];
    let value = own.split_once('=').map_or("", |(_, value)| value.trim());
    let told: (&str, Option<&'static str>) = match () {
        () if statement.is_header && (said.contains("unclosed table") || said.contains("expected `]`")) => {
            ("the header is not closed", Some("close it with `]`, or `]]` where it opens with two"))
        }
        () if value.is_empty() && own.contains('=') => {
            ("there is no value", Some("give one after the `=`, or leave the key out"))
        }
        () if lacks(value, '{', '}') => ("the table is not closed", Some("close it with `}`")),
        () if unclosed && value.starts_with('{') => {
            ("the table is not closed", Some("close it with `}` on the same line"))
        }
        () if unclosed => ("the list is not closed", Some("close it with `]`")),
        () if said.starts_with("invalid basic string") => {
            ("the text is not closed", Some("close it with a double quote"))
        }
        () if said.starts_with("invalid literal string") => {
            ("the text is not closed", Some("close it with a single quote"))
        }
        () if said.starts_with("unexpected key or value") && value.starts_with('"') => (
            "the text ends here, and more follows",
            Some("put a script between single quotes, as in 'sex == \"female\"'"),
        ),
        () if said.starts_with("unexpected key or value") && value.starts_with('\'') => (
            "the text ends here, and more follows",
            Some(
                "inside single quotes write texts with double quotes; a text with an apostrophe stands in double quotes",
            ),
        ),
        () if said.starts_with("unexpected key or value") => {
            ("the value ends here, and more follows", Some("one key a line; a text stands in quotes"))
        }
        () if said.starts_with("string values must be quoted") => {
            ("a text stands in quotes", Some("put it in quotes: 'x > 1' for scripts, \"…\" for words"))
        }
        () if said.starts_with("key with no value") => {
            ("a key, and no `=` after it", Some("write `key = value`; a name of several words stands in quotes"))
        }
        () if said.starts_with("invalid float")
            || said.starts_with("invalid integer")
            || said.starts_with("invalid boolean") =>
        {
            ("this is neither a number nor a date, true or false", Some("a text stands in quotes"))
        }
        () if said.contains("missing comma") => ("a comma is missing", Some("separate the members with commas")),
        () => (said, None),
    };
    (Cow::from(told.0).into_owned(), told.1)
}

/// Whether a text opens more than it closes.
fn lacks(text: &str, open: char, close: char) -> bool {
    text.matches(open).count() > text.matches(close).count()
}
