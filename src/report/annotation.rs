//! One workflow command of GitHub Actions: a message beside a line of a file.

use std::io::{self, Write};

use crate::input::source::Position;

/// What an annotation says.
#[derive(Clone, Copy, Debug)]
pub struct Annotation<'a> {
    /// How loud it is.
    pub kind: Kind,
    /// The file, from the root of the repository.
    pub file: &'a str,
    /// The first position and the one after the last; none: the file as a whole.
    pub range: Option<(Position, Position)>,
    /// A few words above the message.
    pub title: &'a str,
    /// The message.
    pub message: &'a str,
}

/// How loud an annotation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something failed.
    Error,
    /// Something to know.
    Notice,
}

impl Annotation<'_> {
    /// Writes it on a line of its own.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let word = match self.kind {
            Kind::Error => "error",
            Kind::Notice => "notice",
        };
        write!(out, "::{word} file={}", property(self.file))?;
        if let Some((start, end)) = self.range {
            write!(out, ",line={},endLine={}", start.line, end.line)?;
            // Columns of a stretch over several lines are not accepted.
            if start.line == end.line {
                write!(out, ",col={},endColumn={}", start.column, end.column)?;
            }
        }
        writeln!(out, ",title={}::{}", property(self.title), data(self.message))
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
