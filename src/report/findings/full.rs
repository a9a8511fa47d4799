//! Each diagnostic with the line it stands on, a caret under the very characters, and what to do: the form for people.

use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use crate::input::source::{Source, Span};
use crate::pack::code::Severity;
use crate::pack::diagnostic::{Also, Diagnostic};
use crate::report::layout::Layout;
use crate::report::plain::plain;

/// How many further places are shown.
const MOST: usize = 4;

/// Writes diagnostics, with an empty line after each.
pub fn write(sources: &[Source], diagnostics: &[Diagnostic], layout: Layout, out: &mut impl Write) -> io::Result<()> {
    let renderer = if layout.colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(layout.width);
    for diagnostic in diagnostics {
        writeln!(out, "{}\n", renderer.render(&[group(sources, diagnostic)]))?;
    }
    Ok(())
}

fn group<'s>(sources: &'s [Source], diagnostic: &'s Diagnostic) -> Group<'s> {
    let level = match diagnostic.severity() {
        Severity::Error => Level::ERROR,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(plain(&diagnostic.mistake.message()).into_owned());
    let mut group = title.id(diagnostic.mistake.code().word()).elements(places(sources, diagnostic));
    let hidden = diagnostic.also.len().saturating_sub(MOST);
    if hidden > 0 {
        group = group.element(Level::NOTE.message(format!("and {hidden} more places")));
    }
    if let Some(help) = diagnostic.mistake.help() {
        group = group.element(Level::HELP.message(plain(&help).into_owned()));
    }
    group
}

/// The place of a diagnostic and those beside it, a piece for each file.
fn places<'s>(sources: &'s [Source], diagnostic: &'s Diagnostic) -> Vec<Element<'s>> {
    let source = &sources[diagnostic.file];
    if diagnostic.is_of_file() {
        return vec![Origin::path(source.name.as_str()).into()];
    }
    let shown = diagnostic.also.iter().take(MOST);
    let (here, elsewhere): (Vec<&Also>, Vec<&Also>) = shown.partition(|also| also.file == diagnostic.file);
    let mut elements = vec![piece(source, Some(&diagnostic.span), &here).into()];
    elements.extend(elsewhere.into_iter().map(|also| Element::from(piece(&sources[also.file], None, &[also]))));
    elements
}

/// The lines of a file that places stand on.
fn piece<'s>(
    source: &'s Source,
    own: Option<&Span>,
    also: &[&'s Also],
) -> Snippet<'s, annotate_snippets::Annotation<'s>> {
    let spans = || own.into_iter().chain(also.iter().map(|also| &also.span));
    let first = spans().map(|span| span.start).min().unwrap_or(0);
    let last = spans().map(|span| span.end).max().unwrap_or(0);
    let start = source.text[..first].rfind('\n').map_or(0, |newline| newline + 1);
    let end = source.text[last..].find('\n').map_or(source.text.len(), |newline| last + newline);
    let within = |span: &Span| span.start - start..span.end - start;
    Snippet::source(&source.text[start..end])
        .path(source.name.as_str())
        .line_start(source.position(start).line)
        .annotations(own.map(|span| AnnotationKind::Primary.span(within(span))))
        .annotations(
            also.iter()
                .map(|also| AnnotationKind::Context.span(within(&also.span)).label(plain(&also.text).into_owned())),
        )
}
