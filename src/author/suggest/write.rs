//! Suggestions as files: beside what is there, never over it, and nothing at all where it does not fit in.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::Suggestion;
use super::base::base_of;

/// Why suggestions are not written, or not all of them.
#[derive(Debug, thiserror::Error)]
pub enum Unwritten {
    /// The fixture that they are built on would stand where another file is.
    #[error("{} is not the fixture {} that suggestions are built on", there.display(), base.display())]
    Other {
        /// What is there.
        there: PathBuf,
        /// The base.
        base: PathBuf,
    },
    /// A base cannot be read any more.
    #[error("{} cannot be read: {why}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        why: io::Error,
    },
    /// A file or its folder cannot be written.
    #[error("{} cannot be written: {why}", path.display())]
    Failed {
        /// The file.
        path: PathBuf,
        /// Why.
        why: io::Error,
        /// The files that were written before.
        written: Vec<PathBuf>,
    },
}

/// The names that files in a folder have, without their ending.
pub fn taken(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter_map(|name| Some(name.strip_suffix(".toml")?.to_owned())).collect()
}

/// Writes suggestions into a folder that is made if it is not there, with the files of the bases where they are not
/// there yet; the paths written. Without suggestions nothing is made.
pub fn write(suggestions: &[Suggestion], from: &Path, into: &Path) -> Result<Vec<PathBuf>, Unwritten> {
    let mut files = copies(suggestions, from, into)?;
    files.extend(suggestions.iter().map(|own| (into.join(format!("{}.toml", own.name)), own.text.clone())));
    let mut written = Vec::new();
    for (path, text) in files {
        if let Err(why) = fresh(&path, &text) {
            return Err(Unwritten::Failed { path, why, written });
        }
        written.push(path);
    }
    Ok(written)
}

/// The files of the bases that have to be written, with their texts.
fn copies(suggestions: &[Suggestion], from: &Path, into: &Path) -> Result<Vec<(PathBuf, String)>, Unwritten> {
    let mut open: BTreeSet<String> = suggestions.iter().filter_map(|suggestion| suggestion.base.clone()).collect();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut files = Vec::new();
    while let Some(base) = open.pop_first() {
        if !seen.insert(base.clone()) {
            continue;
        }
        let (own, copy) = (from.join(&base), into.join(&base));
        let text = fs::read_to_string(&own).map_err(|why| Unwritten::Unreadable { path: own.clone(), why })?;
        open.extend(base_of(&base, &text));
        if !copy.exists() {
            files.push((copy, text));
        } else if fs::read_to_string(&copy).ok().as_ref() != Some(&text) {
            return Err(Unwritten::Other { there: copy, base: own });
        }
    }
    Ok(files)
}

/// Writes a file that is not there yet.
fn fresh(path: &Path, text: &str) -> io::Result<()> {
    if let Some(above) = path.parent() {
        fs::create_dir_all(above)?;
    }
    fs::OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}
