//! Diagnostics as workflow commands of GitHub Actions, which shows them beside the lines of a pull request.

use std::io::{self, Write};

use crate::input::source::Source;
use crate::pack::code::Severity;
use crate::pack::diagnostic::{Diagnostic, Places};
use crate::report::annotation::{Annotation, At, Kind};

/// Writes diagnostics as annotations.
pub fn write(sources: &[Source], diagnostics: &[Diagnostic], out: &mut impl Write) -> io::Result<()> {
    let mut places = Places::new(sources);
    for diagnostic in diagnostics {
        let help = diagnostic.mistake.help().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
        let (start, end) = places.range(diagnostic.file, &diagnostic.span);
        let annotation = Annotation {
            kind: match diagnostic.severity() {
                Severity::Error => Kind::Error,
                Severity::Note => Kind::Notice,
            },
            file: &sources[diagnostic.file].name,
            at: if diagnostic.is_of_file() { At::File } else { At::Range(start, end) },
            title: diagnostic.mistake.code().word(),
            message: &format!("{}{help}", diagnostic.mistake.message()),
        };
        annotation.write(out)?;
    }
    Ok(())
}
