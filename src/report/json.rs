//! Finished values as JSON: one as an object, verdicts as an array or one a line.

use std::io::{self, Write};

use serde::Serialize;

use super::plain::is_active;
use crate::engine::verdict::Verdict;

/// Writes one value as an indented object.
pub fn object(value: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    safe(&serde_json::to_string_pretty(value)?, out)?;
    writeln!(out)
}

/// Writes one of the verdicts of an array.
pub fn element(verdict: &Verdict, first: bool, out: &mut impl Write) -> io::Result<()> {
    let text = serde_json::to_string_pretty(verdict)?.replace('\n', "\n  ");
    write!(out, "{}", if first { "[\n  " } else { ",\n  " })?;
    safe(&text, out)
}

/// Writes the end of an array of verdicts.
pub fn end(empty: bool, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", if empty { "[]" } else { "\n]" })
}

/// Writes one verdict on a line of its own.
pub fn line(verdict: &Verdict, out: &mut impl Write) -> io::Result<()> {
    safe(&serde_json::to_string(verdict)?, out)?;
    writeln!(out)
}

/// JSON escapes the lowest control characters by itself; the other active ones are escaped here.
pub fn safe(json: &str, out: &mut impl Write) -> io::Result<()> {
    let mut rest = json;
    while let Some(at) = rest.find(|c: char| c != '\n' && is_active(c)) {
        out.write_all(&rest.as_bytes()[..at])?;
        let c = rest[at..].chars().next().unwrap_or_default();
        write!(out, "\\u{:04x}", u32::from(c))?;
        rest = &rest[at + c.len_utf8()..];
    }
    out.write_all(rest.as_bytes())
}
