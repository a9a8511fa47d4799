//! Each diagnostic with the line it stands on, a caret under the very characters, and what to do: the form for people.

use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use crate::input::source::{Source, Span};
use crate::pack::code::Severity;
use crate::pack::diagnostic::{Also, Diagnostic, Places};
use crate::report::layout::Layout;
use crate::report::plain::plain;

/// How many further places are shown.
const MOST: usize = 4;

/// Writes diagnostics, with an empty line after each.
pub fn write(sources: &[Source], diagnostics: &[Diagnostic], layout: Layout, out: &mut impl Write) -> io::Result<()> {
    let renderer = if layout.colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(layout.width);
    let mut lines = Lines { sources, places: Places::new(sources) };
    for diagnostic in diagnostics {
        writeln!(out, "{}\n", renderer.render(&[group(diagnostic, &mut lines)]))?;
    }
    Ok(())
}

fn group<'s>(diagnostic: &'s Diagnostic, lines: &mut Lines<'s>) -> Group<'s> {
    let level = match diagnostic.severity() {
        Severity::Error => Level::ERROR,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(plain(&diagnostic.mistake.message()).into_owned());
    let mut group = title.id(diagnostic.mistake.code().word()).elements(lines.of(diagnostic));
    let hidden = diagnostic.also.len().saturating_sub(MOST);
    if hidden > 0 {
        let places = if hidden == 1 { "place" } else { "places" };
        group = group.element(Level::NOTE.message(format!("and {hidden} more {places}")));
    }
    if let Some(help) = diagnostic.mistake.help() {
        group = group.element(Level::HELP.message(plain(&help).into_owned()));
    }
    group
}

/// The files, and where lines begin in them.
struct Lines<'s> {
    sources: &'s [Source],
    places: Places<'s>,
}

impl<'s> Lines<'s> {
    /// The place of a diagnostic and those beside it, a piece for each file.
    fn of(&mut self, diagnostic: &'s Diagnostic) -> Vec<Element<'s>> {
        if diagnostic.is_of_file() {
            return vec![Origin::path(self.sources[diagnostic.file].name.as_str()).into()];
        }
        let shown: Vec<&Also> = diagnostic.also.iter().take(MOST).collect();
        let of = |file: usize| shown.iter().copied().filter(|also| also.file == file).collect::<Vec<_>>();
        let mut elements = vec![self.piece(diagnostic.file, Some(&diagnostic.span), &of(diagnostic.file))];
        let mut others: Vec<usize> =
            shown.iter().map(|also| also.file).filter(|file| *file != diagnostic.file).collect();
        others.dedup();
        elements.extend(others.into_iter().map(|file| self.piece(file, None, &of(file))));
        elements
    }

    /// The lines of a file that places stand on.
    fn piece(&mut self, file: usize, own: Option<&Span>, also: &[&'s Also]) -> Element<'s> {
        let source = &self.sources[file];
        let spans = || own.into_iter().chain(also.iter().map(|also| &also.span));
        let first = spans().map(|span| span.start).min().unwrap_or(0);
        let last = spans().map(|span| span.end).max().unwrap_or(0);
        let start = source.text[..first].rfind('\n').map_or(0, |newline| newline + 1);
        let end = source.text[last..].find('\n').map_or(source.text.len(), |newline| last + newline);
        let (line, _) = self.places.range(file, &(start..start));
        let within = |span: &Span| span.start - start..span.end - start;
        let mark =
            |also: &&'s Also| AnnotationKind::Context.span(within(&also.span)).label(plain(&also.text).into_owned());
        let snippet = Snippet::source(&source.text[start..end]).path(source.name.as_str()).line_start(line.line);
        let own = own.map(|span| AnnotationKind::Primary.span(within(span)));
        snippet.annotations(own).annotations(also.iter().map(mark)).into()
    }
}
