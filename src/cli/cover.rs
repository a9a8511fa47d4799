//! `candidacy cover`: what a pack's fixtures show of its rules, and what they do not.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use candidacy::analysis::place::scripts;
use candidacy::author::cover::{Coverage, cover, screened, suggestions, usual_day};
use candidacy::author::fixture::Fixture;
use candidacy::author::suggest::{Suggestion, write as write_suggestions};
use candidacy::pack::compile::compile_files;
use candidacy::pack::shelf::PackFiles;
use candidacy::report::cover::{html, lcov, text};
use candidacy::report::json;
use clap::{Args, ValueEnum};

use super::message::Messages;
use super::screen::today;
use super::terminal::{Colour, layout};
use super::{embedded, fixtures, pack};

/// How the report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// What is missing and who would show it, for people.
    Text,
    /// One object.
    Json,
    /// A page of its own.
    Html,
    /// An LCOV tracefile, for coverage services.
    Lcov,
}

/// Tell what a pack's fixtures show of its rules, and what they do not
///
/// Of each rule: that it fires, is clear, is unknown and does not apply. Of each of its conditions: that it alone decides
/// the rule, being true, being false and being unknown; just below, at and just above the number it is held against; and
/// at each value it is held against. What no patient could show is proved impossible and not counted.
#[derive(Debug, Args)]
pub struct Cover {
    /// The pack: a folder, or the name of an embedded pack
    #[arg(value_name = "PACK", default_value = embedded::DEFAULT)]
    pack: String,
    /// The folder of the fixtures
    #[arg(long, value_name = "DIR")]
    fixtures: Option<PathBuf>,
    /// How to write it
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// List what is shown, too
    #[arg(long)]
    all: bool,
    /// Exit with 1 if less than so many percent is shown
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    threshold: Option<f64>,
    /// Write fixtures that show what is missing into a folder: the fewest, to be looked at
    #[arg(long, value_name = "DIR")]
    suggest: Option<PathBuf>,
    /// Work in so many threads
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
}

/// A number from 0 to 100.
pub fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches('%').trim().parse::<f64>().ok();
    number.filter(|number| (0.0..=100.0).contains(number)).ok_or_else(|| "it is no number from 0 to 100".to_owned())
}

/// How many threads to work in.
pub fn threads(jobs: Option<usize>) -> usize {
    jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
}

/// Runs the command.
pub fn run(args: &Cover, colour: Colour, messages: Messages) -> anyhow::Result<ExitCode> {
    let Some(files) = pack::files(&args.pack, "PACK", messages) else { return Ok(ExitCode::from(2)) };
    let program = match compile_files(&files) {
        Ok(program) => program,
        Err(refused) => {
            messages.refused(&refused);
            messages.error(&format!("the pack `{}` has mistakes, so nothing is covered", args.pack), None);
            return Ok(ExitCode::from(2));
        }
    };
    fixtures::warn_of_another_pack(&args.pack, ("cover", "covered"), messages);
    let Some((folder, fixtures)) = fixtures::of(&args.pack, args.fixtures.as_deref(), &program, messages)? else {
        return Ok(ExitCode::from(1));
    };
    let broken = told_of_broken(&fixtures, messages);
    let screened = screened(&program, &fixtures);
    let day = usual_day(screened.iter().map(|own| &own.screening)).unwrap_or_else(today);
    let coverage = cover(&program, &screened, day, threads(args.jobs));
    write(args, &files, &coverage, colour)?;
    if let Some(into) = &args.suggest {
        let suggestions = suggestions(&program, &coverage, &folder, &fixtures);
        suggest(&suggestions, (coverage.total.missing, "missing cases are shown"), (&folder, into), messages)?;
    }
    let short = args.threshold.is_some_and(|least| coverage.total.percent < least);
    if let Some(least) = args.threshold.filter(|_| short) {
        let text = format!("{:.1} % is shown, and {least} % is asked for", coverage.total.percent);
        messages.error(&text, Some("`--suggest DIR` writes fixtures for what is missing"));
    }
    Ok(ExitCode::from(u8::from(short || broken)))
}

/// Writes suggestions from the folder of the fixtures into another, and tells of them.
pub fn suggest(
    suggestions: &[Suggestion],
    (of, what): (usize, &str),
    (from, into): (&Path, &Path),
    messages: Messages,
) -> anyhow::Result<()> {
    let written =
        write_suggestions(suggestions, from, into).with_context(|| format!("{} cannot be written", into.display()))?;
    let closed: usize = suggestions.iter().map(|suggestion| suggestion.shows.len()).sum();
    let (fixtures, copies) = (suggestions.len(), written.len() - suggestions.len());
    let copied = if copies > 0 { format!(", and {copies} that they are built on") } else { String::new() };
    let (word, folder) = (if fixtures == 1 { "fixture" } else { "fixtures" }, into.display());
    messages.note(&format!("{fixtures} {word} written to {folder}{copied}: {closed} of {of} {what}"));
    Ok(())
}

/// Whether fixtures cannot be screened; each is told of.
pub fn told_of_broken(fixtures: &[Fixture], messages: Messages) -> bool {
    let broken = fixtures.iter().filter(|fixture| fixture.read.is_err());
    let told = broken.map(|fixture| {
        let text = format!("{} cannot be screened and shows nothing", fixture.path.display());
        messages.error(&text, Some("`candidacy test` says why"));
    });
    told.count() > 0
}

fn write(args: &Cover, files: &PackFiles, coverage: &Coverage, colour: Colour) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    match args.format {
        Format::Text => text::write(coverage, args.all, layout(colour, false), &mut bytes)?,
        Format::Json => json::object(coverage, &mut bytes)?,
        Format::Html => html::write(coverage, &mut bytes)?,
        Format::Lcov => lcov::write(coverage, &scripts(files), &mut bytes)?,
    }
    match std::io::stdout().write_all(&bytes) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("standard output cannot be written"),
    }
}
