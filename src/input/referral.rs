//! Referral files: the header, the facts, and the base a referral is built on. All of a referral's mistakes come
//! back at once, each with its file and place.

use std::path::{Path, PathBuf};

use super::document::{Entry, Kind, Node, SyntaxError};
use super::problem::{Located, Problem, Rejected};
use super::reading::{HEADER, Reader};
use super::scalar::given_text;
use super::source::Source;
use super::{json, toml};
use crate::model::calendar::{Date, parse_day};
use crate::model::dictionary::{Dictionary, FactId};
use crate::model::referral::Referral;

/// How many bases may stand on each other.
const MAX_BASES: usize = 16;

/// The dates a run knows: the one asked for, and today's.
#[derive(Clone, Copy, Debug)]
pub struct Dates {
    /// `--as-of`, which wins over the referral's own.
    pub asked: Option<Date>,
    /// What counts when nobody says.
    pub today: Date,
}

/// A referral as read.
#[derive(Clone, Debug)]
pub struct Read {
    /// The referral; its as-of date is always set.
    pub referral: Referral,
    /// Whether the as-of date is today's for want of another.
    pub as_of_today: bool,
}

/// Why there is no referral.
#[derive(Clone, Debug)]
pub enum Unread {
    /// The file could not be read: its name and why.
    Unreadable(String, String),
    /// The files with mistakes.
    Rejected(Vec<Rejected>),
}

/// Reads a referral file with the bases it stands on.
pub fn read_file(path: &Path, dictionary: &Dictionary, dates: Dates) -> Result<Read, Unread> {
    let source = load(path).map_err(|why| Unread::Unreadable(path.display().to_string(), why))?;
    read_loaded(source, path, dictionary, dates)
}

/// Reads a referral whose file has been loaded, with the bases it stands on.
pub fn read_loaded(source: Source, path: &Path, dictionary: &Dictionary, dates: Dates) -> Result<Read, Unread> {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    read(source, Some(path), &stem, dictionary, dates)
}

/// Reads a referral that is no file: it can have no base.
pub fn read_text(source: Source, dictionary: &Dictionary, dates: Dates) -> Result<Read, Unread> {
    let name = source.name.clone();
    read(source, None, &name, dictionary, dates)
}

/// The text of a file, or why there is none.
pub fn load(path: &Path) -> Result<Source, String> {
    if path.is_dir() {
        return Err("it is a directory, not a file".into());
    }
    let bytes = std::fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".into(),
        std::io::ErrorKind::PermissionDenied => "reading it is not permitted".into(),
        _ => error.to_string(),
    })?;
    decode(path.display().to_string(), bytes)
}

/// Bytes as a source, where they are UTF-8.
pub fn decode(name: String, bytes: Vec<u8>) -> Result<Source, String> {
    let text = String::from_utf8(bytes)
        .map_err(|error| format!("it is not UTF-8 text (byte {})", error.utf8_error().valid_up_to()))?;
    let text = text.strip_prefix('\u{feff}').map(String::from).unwrap_or(text);
    Ok(Source { name, text })
}

fn read(
    source: Source,
    path: Option<&Path>,
    stem: &str,
    dictionary: &Dictionary,
    dates: Dates,
) -> Result<Read, Unread> {
    let chain = chain(source, path).map_err(|rejected| Unread::Rejected(vec![rejected]))?;
    let documents: Vec<(Node, Vec<SyntaxError>)> = chain.iter().map(|source| parse(&source.text)).collect();
    let own_dates = documents.iter().map(|(node, _)| node.get("as_of").and_then(day));
    let stated = own_dates.into_iter().flatten().next();
    let as_of = dates.asked.or(stated).unwrap_or(dates.today);

    let mut referral = Referral::default();
    let mut rejected = Vec::new();
    for (source, (node, errors)) in chain.iter().zip(&documents).rev() {
        let problems = layer(&mut referral, node, errors, dictionary, as_of, source);
        if !problems.is_empty() {
            rejected.push(Rejected { source: source.clone(), problems });
        }
    }
    if !rejected.is_empty() {
        return Err(Unread::Rejected(rejected));
    }
    let (own, _) = &documents[0];
    referral.patient = own.get("patient").map_or_else(|| stem.to_owned(), given_text);
    referral.remarks = own.get("remarks").and_then(Node::text).map(String::from);
    referral.as_of = Some(as_of);
    Ok(Read { referral, as_of_today: dates.asked.is_none() && stated.is_none() })
}

/// TOML or JSON, told apart by its first character; a list of referrals is neither.
pub fn parse(text: &str) -> (Node<'_>, Vec<SyntaxError>) {
    let start = text.len() - text.trim_start().len();
    if text[start..].strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with('{')) {
        let message = "a list where one referral is expected: give each a file of its own".to_owned();
        return (empty(), vec![SyntaxError { span: start..start + 1, message }]);
    }
    if !text[start..].starts_with('{') {
        return toml::parse_typed(text);
    }
    json::parse(text).map_or_else(|errors| (empty(), errors), |node| (node, Vec::new()))
}

fn empty<'s>() -> Node<'s> {
    Node { span: 0..0, kind: Kind::Table(Vec::new()) }
}

/// The referral and its bases, the referral itself first.
fn chain(source: Source, path: Option<&Path>) -> Result<Vec<Source>, Rejected> {
    let folder = path.map(|path| path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")));
    let mut here = path.map(Path::to_path_buf);
    let mut seen: Vec<PathBuf> = here.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let mut chain = vec![source];
    loop {
        let last = chain.last().expect("the referral itself");
        let Some((base, span)) = base_of(&last.text) else { return Ok(chain) };
        let found = match (folder, &here) {
            (Some(folder), Some(here)) => resolve(folder, here, &base).and_then(|path| unseen(path, &mut seen)),
            _ => Err("only a referral in a file can have one".into()),
        };
        match found.and_then(|path| load(&path).map(|source| (path, source))) {
            Ok((path, source)) => {
                here = Some(path);
                chain.push(source);
            }
            Err(why) => {
                let problems = vec![Located { span, problem: Problem::Base { path: base, why } }];
                return Err(Rejected { source: last.clone(), problems });
            }
        }
    }
}

fn base_of(text: &str) -> Option<(String, super::source::Span)> {
    let (node, _) = parse(text);
    let base = node.get("base")?;
    Some((base.text()?.to_owned(), base.span.clone()))
}

/// The base's path, if it lies in the referral's folder or below it.
fn resolve(folder: &Path, here: &Path, base: &str) -> Result<PathBuf, String> {
    let path = here.parent().unwrap_or(Path::new("")).join(base);
    let real = |path: &Path| path.canonicalize().map_err(|_| "there is no such file".to_owned());
    if Path::new(base).is_absolute()
        || !real(&path)?.starts_with(real(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })?)
    {
        return Err("it lies outside the referral's folder".into());
    }
    Ok(path)
}

/// The base, if no referral above it is the same file, and not too many stand on each other.
fn unseen(path: PathBuf, seen: &mut Vec<PathBuf>) -> Result<PathBuf, String> {
    let real = path.canonicalize().map_err(|error| error.to_string())?;
    if seen.contains(&real) {
        return Err("it stands on itself".into());
    }
    seen.push(real);
    if seen.len() > MAX_BASES { Err(format!("more than {MAX_BASES} referrals stand on each other")) } else { Ok(path) }
}

/// Reads one document over what its bases have said.
fn layer(
    referral: &mut Referral,
    node: &Node,
    errors: &[SyntaxError],
    dictionary: &Dictionary,
    as_of: Date,
    source: &Source,
) -> Vec<Located> {
    let mut reader = Reader::new(dictionary, as_of);
    for error in errors {
        reader.report(&error.span, Problem::Syntax(error.message.clone()));
    }
    let entries = node.entries().unwrap_or_default();
    let broken = errors.iter().map(|error| error.span.start).min();
    entries.iter().for_each(|entry| header(entry, broken, &mut reader));
    without(referral, node, dictionary, &mut reader);
    match node.get("facts") {
        Some(facts) => reader.facts(facts).into_iter().for_each(|said| referral.replace(said)),
        None if node.get("base").is_none() && errors.is_empty() => {
            let end = source.text.len();
            reader.report(&(end..end), Problem::NoFacts);
        }
        None => {}
    }
    let mut problems = reader.problems;
    let mut broken: Vec<usize> = errors.iter().map(|error| error.span.start).collect();
    broken.sort_unstable();
    problems.retain(|located| !is_about(located, &broken));
    problems.sort_by_key(|located| located.span.start);
    problems
}

/// Whether a mistake is about a value that could not be read at one of these places, and so says nothing new.
fn is_about(located: &Located, broken: &[usize]) -> bool {
    let next = broken.partition_point(|at| *at < located.span.start);
    !matches!(located.problem, Problem::Syntax(_)) && broken.get(next).is_some_and(|at| *at < located.span.end)
}

/// Checks a key of the header; `expect`, `criteria` and `title` are for tests and readers. After a place where the
/// text is `broken` an unknown key may well belong under a heading that could not be read.
fn header(entry: &Entry, broken: Option<usize>, reader: &mut Reader) {
    let wrong = |accepted: &str| {
        let given = entry.value.word().to_owned();
        Problem::WrongType { what: entry.key.to_string(), given, accepted: accepted.into() }
    };
    let problem = match entry.key.as_ref() {
        "patient" => match entry.value.kind {
            Kind::Text(_) | Kind::Integer(_) => return,
            _ => wrong("a text"),
        },
        "as_of" if day(&entry.value).is_none() => {
            Problem::NotADay { what: "as_of".into(), given: given_text(&entry.value) }
        }
        "remarks" | "base" | "title" if entry.value.text().is_none() => wrong("a text"),
        "without" if entry.value.items().is_none() => wrong("a list of fact names"),
        key if HEADER.contains(&key) => return,
        _ if broken.is_some_and(|at| at <= entry.key_span.start) => return,
        _ => return reader.unknown_in_header(entry),
    };
    reader.report(&entry.value.span, problem);
}

fn without(referral: &mut Referral, node: &Node, dictionary: &Dictionary, reader: &mut Reader) {
    for name in node.get("without").and_then(Node::items).unwrap_or_default() {
        let found: Option<FactId> = name.text().and_then(|text| dictionary.find(text));
        match found {
            Some(fact) => referral.remove(fact),
            None => {
                let given = given_text(name);
                let nearest = dictionary.nearest(&given).into_iter().map(String::from).collect();
                reader.report(&name.span, Problem::UnknownFact { name: given, nearest });
            }
        }
    }
}

fn day(node: &Node) -> Option<Date> {
    match &node.kind {
        Kind::Moment(text) => parse_day(text),
        Kind::Text(text) => parse_day(text),
        _ => None,
    }
}
