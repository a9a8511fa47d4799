//! Diagnostics as JSON: `candidacy/check/1`.

use std::io::{self, Write};

use serde::Serialize;

use crate::input::source::{Source, Span};
use crate::pack::code::Severity;
use crate::pack::diagnostic::{Diagnostic, Places};
use crate::report::json::safe;

#[derive(Serialize)]
struct Report<'r> {
    schema: &'static str,
    pack: &'r str,
    errors: usize,
    notes: usize,
    diagnostics: Vec<Row<'r>>,
}

#[derive(Serialize)]
struct Row<'r> {
    severity: &'static str,
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    #[serde(flatten)]
    place: Place<'r>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<Beside<'r>>,
}

#[derive(Serialize)]
struct Beside<'r> {
    message: &'r str,
    #[serde(flatten)]
    place: Place<'r>,
}

/// Lines and columns count from 1, columns in characters; the end is the place after the last character. A diagnostic
/// about a whole file has none.
#[derive(Serialize)]
struct Place<'r> {
    file: &'r str,
    #[serde(flatten)]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

/// Writes the diagnostics of a pack.
pub fn write(pack: &str, sources: &[Source], diagnostics: &[Diagnostic], out: &mut impl Write) -> io::Result<()> {
    let mut places = Places::new(sources);
    let count = |severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity() == severity).count();
    let (errors, notes) = (count(Severity::Error), count(Severity::Note));
    let diagnostics = diagnostics.iter().map(|diagnostic| row(diagnostic, sources, &mut places)).collect();
    let report = Report { schema: "candidacy/check/1", pack, errors, notes, diagnostics };
    safe(&serde_json::to_string_pretty(&report)?, out)?;
    writeln!(out)
}

fn row<'r>(diagnostic: &'r Diagnostic, sources: &'r [Source], places: &mut Places) -> Row<'r> {
    let mut place = |file: usize, span: &Span| {
        let (start, end) = places.range(file, span);
        let range = Range { line: start.line, column: start.column, end_line: end.line, end_column: end.column };
        Place { file: &sources[file].name, range: (*span != (0..0)).then_some(range) }
    };
    Row {
        severity: diagnostic.severity().word(),
        code: diagnostic.mistake.code().word(),
        message: diagnostic.mistake.message(),
        help: diagnostic.mistake.help(),
        place: place(diagnostic.file, &diagnostic.span),
        also: diagnostic
            .also
            .iter()
            .map(|also| Beside { message: &also.text, place: place(also.file, &also.span) })
            .collect(),
    }
}
