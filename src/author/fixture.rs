//! Fixtures: referrals that say what must come of them. Every `.toml` file in a pack's folder of fixtures, or below
//! it, is one.

use std::io;
use std::path::{Path, PathBuf};

use super::expect::{self, Expect};
use crate::input::document::Node;
use crate::input::problem::{Located, Problem, Rejected};
use crate::input::referral::{Dates, Read, Unread, load, parse, read_loaded};
use crate::input::source::Source;
use crate::model::calendar::Date;
use crate::pack::program::Program;

/// A referral with what must come of it.
#[derive(Clone, Debug)]
pub struct Fixture {
    /// The file.
    pub path: PathBuf,
    /// The path within the folder of fixtures, with `/` between its parts.
    pub name: String,
    /// The name of the file without its ending.
    pub case: String,
    /// What people call it, where it says so.
    pub title: Option<String>,
    /// The file's text; empty if it cannot be read.
    pub source: Source,
    /// The criteria it shows, by id.
    pub criteria: Vec<String>,
    /// What must come of it, as far as it can be read.
    pub expect: Expect,
    /// The referral, or every reason why it is rejected.
    pub read: Result<Read, Unread>,
}

/// The files of the fixtures in a folder and below it, in the order of their names. What begins with a dot is none.
pub fn find(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if entry.file_type()?.is_dir() {
            found.extend(find(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "toml") && path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Reads the fixture in a file of a folder.
pub fn open(folder: &Path, path: PathBuf, program: &Program) -> Fixture {
    let name = path.display().to_string();
    match load(&path) {
        Ok(source) => read(folder, path, source, program),
        Err(why) => {
            let unread = Err(Unread::Unreadable(name.clone(), why));
            let source = Source { name, text: String::new() };
            fixture(folder, path, source, Beside::default(), unread)
        }
    }
}

/// Reads the fixture in a file of a folder that has been loaded.
pub fn read(folder: &Path, path: PathBuf, source: Source, program: &Program) -> Fixture {
    let (beside, mut mistakes) = beside_the_referral(&source, program);
    // The date counts only until the fixture is rejected for having none, and no date lies after this one.
    let dates = Dates { asked: None, today: Date::MAX };
    let read = read_loaded(source.clone(), &path, &program.dictionary, dates);
    if read.as_ref().is_ok_and(|read| read.as_of_today) {
        mistakes.push(Located { span: 0..0, problem: Problem::NoAsOf });
    }
    let read = with_mistakes(read, &source, mistakes);
    fixture(folder, path, source, beside, read)
}

/// What a fixture says beside its referral.
#[derive(Default)]
struct Beside {
    title: Option<String>,
    criteria: Vec<String>,
    expect: Expect,
}

fn fixture(
    folder: &Path,
    path: PathBuf,
    source: Source,
    Beside { title, criteria, expect }: Beside,
    read: Result<Read, Unread>,
) -> Fixture {
    let parts = path.strip_prefix(folder).unwrap_or(&path).components();
    let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy()).collect();
    let name = parts.join("/");
    let case = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    Fixture { path, name, case, title, source, criteria, expect, read }
}

/// What a fixture says beside its referral, with the mistakes in that. Where the text is broken, what seems wrong in it
/// may not be.
fn beside_the_referral(source: &Source, program: &Program) -> (Beside, Vec<Located>) {
    let (document, errors) = parse(&source.text);
    let (expect, mut mistakes) = expect::read(&document, source, program);
    let (criteria, unknown) = expect::criteria(&document, source, program);
    mistakes.extend(unknown);
    let title = document.get("title").and_then(Node::text).map(String::from);
    (Beside { title, criteria, expect }, if errors.is_empty() { mistakes } else { Vec::new() })
}

/// The referral, unless its fixture has mistakes of its own.
fn with_mistakes(read: Result<Read, Unread>, source: &Source, mistakes: Vec<Located>) -> Result<Read, Unread> {
    if mistakes.is_empty() {
        return read;
    }
    let mut files = match read {
        Ok(_) => Vec::new(),
        Err(Unread::Rejected(files)) => files,
        Err(unreadable) => return Err(unreadable),
    };
    match files.iter_mut().find(|file| file.source == *source) {
        Some(own) => own.problems.extend(mistakes),
        None => files.push(Rejected { source: source.clone(), problems: mistakes }),
    }
    files.iter_mut().for_each(|file| file.problems.sort_by_key(|located| located.span.start));
    Err(Unread::Rejected(files))
}
