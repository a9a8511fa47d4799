//! The files that records stand in. What is read of them at first is only where each resource is; a resource's text is
//! read again when its patient comes up, so that memory holds one patient's at a time.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;

use crate::input::source::Position;

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
    /// The last position that was asked for, with its file and offset.
    last: Option<(u32, u64, Position)>,
}

impl<'s> Reader<'s> {
    /// A reader of a store.
    pub fn new(store: &'s Store) -> Reader<'s> {
        Reader { store, open: None, last: None }
    }

    /// The text of a resource, or why it cannot be had.
    pub fn text(&mut self, place: Place) -> Result<Cow<'s, str>, String> {
        match self.bytes(place)? {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| changed()),
            Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).map_err(|_| changed()),
        }
    }

    fn bytes(&mut self, place: Place) -> Result<Cow<'s, [u8]>, String> {
        let held = &self.store.files[place.file as usize];
        match &held.content {
            Content::Memory(text) => {
                let (from, length) = (place.at as usize, place.length as usize);
                text.as_bytes().get(from..from + length).map(Cow::Borrowed).ok_or_else(changed)
            }
            Content::Disk(path) => {
                if self.open.as_ref().is_none_or(|(file, _)| *file != place.file) {
                    self.open = Some((place.file, File::open(path).map_err(|error| error.to_string())?));
                }
                let (_, file) = self.open.as_mut().ok_or_else(changed)?;
                let mut bytes = vec![0; place.length as usize];
                file.seek(SeekFrom::Start(place.at)).map_err(|error| error.to_string())?;
                file.read_exact(&mut bytes).map_err(|_| changed())?;
                Ok(Cow::Owned(bytes))
            }
        }
    }

    /// The line and column of an offset in a file, in bytes. What lies before it is read in parts, and from the last
    /// offset on that was asked for in the file.
    pub fn position(&mut self, file: u32, offset: u64) -> Position {
        let from = self.last.filter(|(last, at, _)| *last == file && *at <= offset);
        let (_, mut at, mut position) = from.unwrap_or((file, 0, Position { line: 1, column: 1 }));
        while at < offset {
            let length = (offset - at).min(PART) as u32;
            let Ok(part) = self.bytes(Place { file, at, length }) else { break };
            for byte in part.iter() {
                match byte {
                    b'\n' => position = Position { line: position.line + 1, column: 1 },
                    // What continues a character, and the mark at the beginning of a text, counts for none.
                    0x80..=0xbf => {}
                    _ => position.column += 1,
                }
            }
            if at == 0 && part.starts_with(MARK) {
                position.column -= usize::from(position.line == 1);
            }
            at += u64::from(length);
        }
        self.last = Some((file, at, position));
        position
    }
}

/// The mark that some programs put before a text to say that it is UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// So much is held to find the line of an offset.
const PART: u64 = 1 << 16;

fn changed() -> String {
    "the file has changed while it was read".to_owned()
}
