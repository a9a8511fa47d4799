//! Accepting: a fixture expects from now on what it gives. Only what differs under `[expect]` is written anew; every
//! other byte of the file stays.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use super::difference::{Difference, Given, differences};
use super::expect;
use super::fixture::Fixture;
use super::list::{List, fresh, quoted};
use super::trial::{Came, Trials};
use crate::input::document::{Entry, Node};
use crate::input::source::{Source, Span};
use crate::input::toml::parse;
use crate::pack::program::Program;

/// Why a fixture is not accepted; its file is as it was.
#[derive(Debug, thiserror::Error)]
pub enum Unaccepted {
    /// The file is not the one that was run.
    #[error("it has changed since it was read")]
    Changed,
    /// The file system refuses.
    #[error("it cannot be written: {0}")]
    Unwritable(#[from] io::Error),
    /// A rule has no result.
    #[error("a rule has no result, which no fixture can expect: mend the rule")]
    Fault,
    /// What it expects is written in a way that the program cannot change.
    #[error("its [expect] is written in an unusual way: change it by hand")]
    Unusual,
}

/// Accepts what every fixture gives that differs, and returns those that could not be accepted with the reason.
pub fn accept(trials: &mut Trials, fixtures: &[Fixture], program: &Program) -> Vec<(String, Unaccepted)> {
    let mut refused = Vec::new();
    for trial in &mut trials.fixtures {
        let Came::Failed { differences, got, .. } = &trial.result else { continue };
        let fixture = fixtures.iter().find(|fixture| fixture.path.display().to_string() == trial.path);
        let Some(fixture) = fixture else { continue };
        if !got.faults.is_empty() {
            refused.push((trial.path.clone(), Unaccepted::Fault));
            continue;
        }
        let text = rewritten(fixture, differences, got, program).ok_or(Unaccepted::Unusual);
        match text.and_then(|text| replace(&fixture.path, &fixture.source.text, &text)) {
            Ok(()) => {
                trial.result = Came::Accepted { differences: differences.clone(), got: got.clone() };
                (trials.passed, trials.failed) = (trials.passed + 1, trials.failed - 1);
            }
            Err(why) => refused.push((trial.path.clone(), why)),
        }
    }
    refused
}

/// The text of a fixture that expects what it gives, if it can be written.
pub fn rewritten(fixture: &Fixture, differing: &[Difference], got: &Given, program: &Program) -> Option<String> {
    let text = rewrite(&fixture.source.text, differing, got);
    let source = Source { name: fixture.source.name.clone(), text };
    let (document, errors) = parse(&source.text);
    let (expect, mistakes) = expect::read(&document, &source, program);
    let sound = errors.is_empty() && mistakes.is_empty() && differences(&expect, got).is_empty();
    drop(document);
    sound.then_some(source.text)
}

fn rewrite(text: &str, differing: &[Difference], got: &Given) -> String {
    let (document, _) = parse(text);
    let page = Page { text, newline: if text.contains("\r\n") { "\r\n" } else { "\n" } };
    let expect = document.entries().unwrap_or_default().iter().find(|entry| entry.key == "expect");
    let mut edits: Vec<(Span, String)> = match expect {
        None => vec![page.appended(got)],
        Some(expect) => differing.iter().map(|difference| page.edit(expect, difference, got)).collect(),
    };
    edits.sort_by_key(|(span, _)| span.start);
    let mut rewritten = text.to_owned();
    for (span, new) in edits.into_iter().rev() {
        rewritten.replace_range(span, &new);
    }
    rewritten
}

/// A text to edit.
struct Page<'t> {
    text: &'t str,
    newline: &'t str,
}

impl Page<'_> {
    /// The edit that undoes a difference from what stands under `expect`.
    fn edit(&self, expect: &Entry, difference: &Difference, got: &Given) -> (Span, String) {
        let verdict = |quote| quoted(got.verdict.word(), quote);
        match (difference, expect.value.get("verdict")) {
            (Difference::Expect, _) => self.inserted(expect, &self.keys(got)),
            (Difference::Verdict { .. }, None) => self.inserted(expect, &[format!("verdict = {}", verdict('"'))]),
            (Difference::Verdict { .. }, Some(node)) => {
                let quote = self.text[node.span.clone()].chars().next().unwrap_or('"');
                (node.span.clone(), verdict(quote))
            }
            (Difference::Fires(names), _) => self.list(expect.value.get("fires"), &names.got),
            (Difference::Missing(names), _) => self.list(expect.value.get("missing"), &names.got),
            // No rule can be expected to have no result.
            (Difference::Faults { .. }, _) => (0..0, String::new()),
        }
    }

    fn list(&self, list: Option<&Node>, names: &[String]) -> (Span, String) {
        let Some(list) = list else { return (0..0, String::new()) };
        let members = list.items().unwrap_or_default().iter();
        let members = members.filter_map(|member| {
            Some((member.span.start - list.span.start..member.span.end - list.span.start, member.text()?))
        });
        let column = self.text[self.line_start(list.span.start)..list.span.start].chars().count();
        let text = &self.text[list.span.clone()];
        let written = List { text, members: members.collect(), column, newline: self.newline };
        (list.span.clone(), written.with(names))
    }

    /// New keys in `expect`, before those that it has.
    fn inserted(&self, expect: &Entry, keys: &[String]) -> (Span, String) {
        let Span { start, end } = expect.value.span;
        let lines =
            |prefix: &str| -> String { keys.iter().map(|key| format!("{prefix}{key}{}", self.newline)).collect() };
        match (self.text.as_bytes().get(start), expect.value.entries().unwrap_or_default()) {
            (Some(b'{'), []) => (start..end, format!("{{ {} }}", keys.join(", ").replace("   =", " ="))),
            (Some(b'{'), _) => (start + 1..start + 1, format!(" {},", keys.join(", "))),
            (Some(b'['), _) => match self.text[end..].find('\n') {
                Some(at) => (end + at + 1..end + at + 1, lines("")),
                None => (self.text.len()..self.text.len(), format!("{}{}", self.newline, lines(""))),
            },
            // The keys are written `expect.fires = …`.
            _ => (self.line_start(start)..self.line_start(start), lines("expect.")),
        }
    }

    /// A heading of its own at the end.
    fn appended(&self, got: &Given) -> (Span, String) {
        let (end, newline) = (self.text.len(), self.newline);
        let line = if self.text.ends_with('\n') { "" } else { newline };
        let gap = if self.text.ends_with(&newline.repeat(2)) { "" } else { newline };
        (end..end, format!("{line}{gap}[expect]{newline}{}{newline}", self.keys(got).join(newline)))
    }

    /// All that can be expected, one line a key.
    fn keys(&self, got: &Given) -> Vec<String> {
        let list = |key: &str, names: &[String]| format!("{key}{}", fresh(names, key.len(), self.newline));
        let verdict = format!("verdict = {}", quoted(got.verdict.word(), '"'));
        vec![verdict, list("fires   = ", &got.fires), list("missing = ", &got.missing)]
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }
}

/// Puts a new text in the place of an old one, or leaves everything as it is.
fn replace(path: &Path, old: &str, new: &str) -> Result<(), Unaccepted> {
    // A link stays a link: what it leads to is replaced.
    let path = path.canonicalize()?;
    let bytes = fs::read(&path)?;
    let mark = "\u{feff}".as_bytes();
    let (mark, rest) = bytes.strip_prefix(mark).map_or((&[][..], &bytes[..]), |rest| (mark, rest));
    if rest != old.as_bytes() {
        return Err(Unaccepted::Changed);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
    let written = write(&beside, &[mark, new.as_bytes()], &path).and_then(|()| fs::rename(&beside, &path));
    written.map_err(|error| {
        let _absent = fs::remove_file(&beside);
        Unaccepted::Unwritable(error)
    })
}

/// Writes a file that is not there yet, with the permissions of another.
fn write(path: &Path, parts: &[&[u8]], like: &Path) -> io::Result<()> {
    let permissions = fs::metadata(like)?.permissions();
    if permissions.readonly() {
        return Err(io::Error::from(io::ErrorKind::PermissionDenied));
    }
    let mut file: File = OpenOptions::new().write(true).create_new(true).open(path)?;
    parts.iter().try_for_each(|part| file.write_all(part))?;
    file.set_permissions(permissions)?;
    file.sync_all()
}
