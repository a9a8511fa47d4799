//! Each diagnostic on a line: the form for editors and for reading many.

use std::io::{self, Write};

use crate::input::source::Source;
use crate::pack::diagnostic::{Diagnostic, Places};
use crate::report::plain::plain;

/// Writes diagnostics as `file:line:column: error[code]: message (help)`.
pub fn write(sources: &[Source], diagnostics: &[Diagnostic], out: &mut impl Write) -> io::Result<()> {
    let mut places = Places::new(sources);
    for diagnostic in diagnostics {
        let (mistake, severity) = (&diagnostic.mistake, diagnostic.severity().word());
        let help = mistake.help().map(|help| format!(" ({help})")).unwrap_or_default();
        let line =
            format!("{}: {severity}[{}]: {}{help}", places.of(diagnostic), mistake.code().word(), mistake.message());
        writeln!(out, "{}", plain(&line))?;
    }
    Ok(())
}
