//! `candidacy check`: everything wrong with a pack, and what is worth knowing about it.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use candidacy::analysis::checked::check;
use candidacy::pack::checked::Checked;
use candidacy::pack::code::{Code, Severity};
use candidacy::report::findings::{concise, full, github, json, sarif};
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

use super::embedded;
use super::message::Messages;
use super::pack;
use super::screen::today;
use super::terminal::{Colour, layout_of_files};

/// How diagnostics are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// With the line each stands on, and what to do.
    Full,
    /// One a line.
    Concise,
    /// An object for programs.
    Json,
    /// Annotations of GitHub Actions.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}

/// Check a pack: every mistake at once, with its place and what to do
#[derive(Debug, Args)]
pub struct Check {
    /// The pack: a folder, or the name of an embedded pack
    #[arg(default_value = embedded::DEFAULT)]
    pack: String,
    /// How to write what is found
    #[arg(long, value_enum, default_value = "full")]
    format: Format,
    /// Also note what may well be meant, such as values that no rule tells apart
    #[arg(long)]
    all: bool,
    /// Explain a code at length, with a wrong and a right example
    #[arg(
        long,
        value_name = "CODE",
        conflicts_with_all = ["pack", "format"],
        hide_possible_values = true,
        value_parser = PossibleValuesParser::new(Code::ALL.map(Code::word))
    )]
    explain: Option<String>,
}

/// Runs the command.
pub fn run(args: &Check, colour: Colour, messages: Messages) -> anyhow::Result<ExitCode> {
    if let Some(code) = &args.explain {
        return explain(code);
    }
    let Some(files) = pack::files(&args.pack, "`check`", messages) else { return Ok(ExitCode::from(2)) };
    let checked = check(&files, today(), args.all);
    print(&written(args, &checked, colour)?)?;
    messages.note(&summary(&args.pack, &checked));
    Ok(ExitCode::from(u8::from(checked.count(Severity::Error) > 0)))
}

fn explain(word: &str) -> anyhow::Result<ExitCode> {
    let code = Code::ALL.into_iter().find(|code| code.word() == word).context("the code was looked up")?;
    print(code.explanation().as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn written(args: &Check, checked: &Checked, colour: Colour) -> anyhow::Result<Vec<u8>> {
    let Checked { sources, diagnostics, .. } = checked;
    let mut bytes = Vec::new();
    match args.format {
        Format::Full => full::write(sources, diagnostics, layout_of_files(colour), &mut bytes),
        Format::Concise => concise::write(sources, diagnostics, &mut bytes),
        Format::Json => json::write(&args.pack, sources, diagnostics, &mut bytes),
        Format::Github => github::write(sources, diagnostics, &mut bytes),
        Format::Sarif => sarif::write(sources, diagnostics, &mut bytes),
    }?;
    Ok(bytes)
}

fn print(bytes: &[u8]) -> anyhow::Result<()> {
    match std::io::stdout().write_all(bytes) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("standard output cannot be written"),
    }
}

/// A line about all that was found.
fn summary(pack: &str, checked: &Checked) -> String {
    let count = |number: usize, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
    let found = [(Severity::Error, "error"), (Severity::Note, "note")];
    let found =
        found.map(|(severity, word)| (checked.count(severity), word)).into_iter().filter(|(number, _)| *number > 0);
    let found: Vec<String> = found.map(|(number, word)| count(number, word)).collect();
    match &checked.program {
        Some(program) => {
            let facts = program.dictionary.len();
            let terms = program.dictionary.vocabularies().iter().map(|vocabulary| vocabulary.len()).sum();
            let notes = found.first().map(|notes| format!("; {notes}")).unwrap_or_default();
            let size = [count(program.rules.len(), "rule"), count(facts, "fact"), count(terms, "term")];
            format!("{pack} {} is sound: {}{notes}", program.version, size.join(", "))
        }
        None => format!(
            "{pack} has {}; `candidacy check --explain CODE` says more about each kind of mistake",
            found.join(" and ")
        ),
    }
}
