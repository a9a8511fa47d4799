//! One workflow command of GitHub Actions: a message beside a line of a file.

use std::io::{self, Write};

use super::plain::plain;
use crate::input::source::Position;

/// What an annotation says.
#[derive(Clone, Copy, Debug)]
pub struct Annotation<'a> {
    /// How loud it is.
    pub kind: Kind,
    /// The file, from the root of the repository.
    pub file: &'a str,
    /// Where in it.
    pub at: At,
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

/// Where in its file an annotation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Nowhere in particular.
    File,
    /// A line.
    Line(usize),
    /// From the first character to the one after the last.
    Range(Position, Position),
}

impl Annotation<'_> {
    /// Writes it on a line of its own.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let word = match self.kind {
            Kind::Error => "error",
            Kind::Notice => "notice",
        };
        let file = self.file.strip_prefix("./").unwrap_or(self.file);
        write!(out, "::{word} file={}", property(file))?;
        match self.at {
            At::File => {}
            At::Line(line) => write!(out, ",line={line}")?,
            At::Range(start, end) if start.line == end.line => {
                write!(out, ",line={},col={},endColumn={}", start.line, start.column, end.column)?;
            }
            // Columns of a stretch over several lines are not accepted.
            At::Range(start, end) => write!(out, ",line={},endLine={}", start.line, end.line)?,
        }
        writeln!(out, ",title={}::{}", property(self.title), message(self.message))
    }
}

/// A message as it is escaped there; line breaks stay.
fn message(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| plain(line).replace('%', "%25")).collect();
    lines.join("%0A")
}

/// A property as it is escaped there.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_property_or_a_message_is_escaped() {
        assert_eq!(property("a:b,c 5%\n"), "a%3Ab%2Cc 5%25%0A");
        assert_eq!(message("a:b,c 5%\r\n::error::x"), "a:b,c 5%25\\u{d}%0A::error::x");
    }
}
