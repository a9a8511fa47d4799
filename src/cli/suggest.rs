//! Suggested fixtures on their way into a folder: what is written is told, and what stands in the way.

use std::path::Path;

use candidacy::author::suggest::Suggestion;
use candidacy::author::suggest::write::{Unwritten, write as write_files};
use candidacy::report::names::few;

use super::message::Messages;

/// Suggestions, and what they are for.
pub struct Suggested {
    /// The suggestions.
    pub suggestions: Vec<Suggestion>,
    /// How many things they are wanted for.
    pub of: usize,
    /// What these are, and what becomes of one.
    pub what: (&'static str, &'static str),
}

/// Whether the folder for suggestions is none; that is told.
pub fn is_no_folder(into: Option<&Path>, messages: Messages) -> bool {
    let Some(file) = into.filter(|into| into.exists() && !into.is_dir()) else { return false };
    let text = format!("{} is a file, and --suggest names a folder", file.display());
    messages.error(&text, Some("a folder that is not there is made"));
    true
}

/// Writes suggestions from the folder of the fixtures into another; whether that went well, which is told.
pub fn write(suggested: &Suggested, from: &Path, into: &Path, messages: Messages) -> bool {
    let written = match write_files(&suggested.suggestions, from, into) {
        Ok(written) => written,
        Err(error) => {
            messages.error(&error.to_string(), Some(&help(&error)));
            return false;
        }
    };
    let (fixtures, folder) = (suggested.suggestions.len(), into.display());
    let Suggested { of, what: (thing, done), .. } = *suggested;
    if fixtures == 0 {
        let why = match of {
            0 => format!("no {thing} is left to be {done}"),
            _ => format!("no fixture could be found by which a {thing} is {done}"),
        };
        messages.note(&format!("{why}, so nothing is written to {folder}"));
        return true;
    }
    let closed: usize = suggested.suggestions.iter().map(|suggestion| suggestion.shows.len()).sum();
    let copies = written.len() - fixtures;
    let copied = if copies > 0 { format!(", and {copies} that they are built on") } else { String::new() };
    let word = if fixtures == 1 { "fixture" } else { "fixtures" };
    let (things, are) = if of == 1 { ("", "is") } else { ("s", "are") };
    messages
        .note(&format!("{fixtures} {word} written to {folder}{copied}: {closed} of {of} {thing}{things} {are} {done}"));
    true
}

/// What was written before, and what to do.
fn help(error: &Unwritten) -> String {
    match error {
        Unwritten::Other { .. } => {
            "nothing is written; name another folder, or take that file out of this one".to_owned()
        }
        Unwritten::Unreadable { .. } => "nothing is written".to_owned(),
        Unwritten::Failed { written, .. } if written.is_empty() => "nothing was written before it".to_owned(),
        Unwritten::Failed { written, .. } => {
            let names: Vec<String> = written.iter().map(|path| path.display().to_string()).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            format!("before it were written {}", few(&names, 5))
        }
    }
}
