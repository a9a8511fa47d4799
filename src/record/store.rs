//! The files that records stand in. What is read of them at first is only where each resource is; a resource's text is
//! read again when its patient comes up, so that memory holds one patient's at a time.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;

/// Where a resource stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, by position.
    pub file: u32,
    /// The offset of its text, in bytes.
    pub at: u64,
    /// The length of its text, in bytes.
    pub length: u32,
}

/// A file.
#[derive(Debug)]
pub struct Held {
    /// Its name as people know it.
    pub name: String,
    /// What it holds.
    pub content: Content,
}

/// What a file holds, or where.
#[derive(Debug)]
pub enum Content {
    /// It is read again from here.
    Disk(PathBuf),
    /// It cannot be read twice, as standard input, and is kept.
    Memory(String),
}

/// The files, by position.
#[derive(Debug, Default)]
pub struct Store {
    /// The files.
    pub files: Vec<Held>,
}

/// Reads resources of a store. A file stays open until another one is read.
#[derive(Debug)]
pub struct Reader<'s> {
    store: &'s Store,
    open: Option<(u32, File)>,
}

impl<'s> Reader<'s> {
    /// A reader of a store.
    pub fn new(store: &'s Store) -> Reader<'s> {
        Reader { store, open: None }
    }

    /// The text of a resource, or why it cannot be had.
    pub fn text(&mut self, place: Place) -> Result<Cow<'s, str>, String> {
        let held = &self.store.files[place.file as usize];
        match &held.content {
            Content::Memory(text) => {
                let (from, length) = (place.at as usize, place.length as usize);
                text.get(from..from + length).map(Cow::Borrowed).ok_or_else(changed)
            }
            Content::Disk(path) => {
                if self.open.as_ref().is_none_or(|(file, _)| *file != place.file) {
                    self.open = Some((place.file, File::open(path).map_err(|error| error.to_string())?));
                }
                let (_, file) = self.open.as_mut().ok_or_else(changed)?;
                let mut bytes = vec![0; place.length as usize];
                file.seek(SeekFrom::Start(place.at)).map_err(|error| error.to_string())?;
                file.read_exact(&mut bytes).map_err(|_| changed())?;
                String::from_utf8(bytes).map(Cow::Owned).map_err(|_| changed())
            }
        }
    }

    /// The line of a place, from 1.
    pub fn line(&mut self, place: Place) -> usize {
        let before = Place { at: 0, length: u32::try_from(place.at).unwrap_or(u32::MAX), ..place };
        self.text(before).map_or(1, |text| text.matches('\n').count() + 1)
    }
}

fn changed() -> String {
    "the file has changed while it was read".to_owned()
}
