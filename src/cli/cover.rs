//! `candidacy cover`: what a pack's fixtures show of its rules, and what they do not.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use candidacy::analysis::place::scripts;
use candidacy::author::asks::gives;
use candidacy::author::cover::{Coverage, Screened, cover, screened, suggestions, usual_day};
use candidacy::author::fixture::Fixture;
use candidacy::author::suggest::write::taken;
use candidacy::pack::compile::compile_files;
use candidacy::pack::shelf::PackFiles;
use candidacy::report::cover::{html, lcov, text};
use candidacy::report::json;
use candidacy::report::names::few;
use clap::{Args, ValueEnum};

use super::message::Messages;
use super::number::{at_least_one, percent, threads};
use super::screen::today;
use super::suggest::{self, Suggested};
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
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    jobs: Option<usize>,
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
    if suggest::is_no_folder(args.suggest.as_deref(), messages) {
        return Ok(ExitCode::from(2));
    }
    let idle = fixtures::has_no_own_rules(&args.pack, &program, ("cover", "covered"), messages);
    if idle && args.format == Format::Text {
        return Ok(ExitCode::SUCCESS);
    }
    let Some((folder, fixtures)) = fixtures::of(&args.pack, args.fixtures.as_deref(), &program, messages)? else {
        return Ok(ExitCode::from(2));
    };
    let broken = told_of_broken(args, &fixtures, messages);
    let screened = screened(&program, &fixtures);
    let failing = told_of_failing(args, &screened, messages);
    let day = usual_day(screened.iter().map(|own| &own.screening)).unwrap_or_else(today);
    let coverage = cover(&program, &screened, day, threads(args.jobs));
    write(args, &files, &coverage, colour)?;
    if let Some(into) = &args.suggest {
        let suggestions = suggestions(&program, &coverage, &folder, &fixtures, &taken(into));
        let suggested = Suggested { suggestions, of: coverage.total.missing, what: ("missing case", "shown") };
        if !suggest::write(&suggested, &folder, into, messages) {
            return Ok(ExitCode::from(2));
        }
    }
    let short = args.threshold.is_some_and(|least| coverage.total.percent < least);
    if let Some(least) = args.threshold.filter(|_| short) {
        let text = format!("{:.1} % is shown, and {least} % is asked for", coverage.total.percent);
        messages.error(&text, Some("`--suggest DIR` writes fixtures for what is missing"));
    }
    Ok(ExitCode::from(u8::from(short || broken || failing)))
}

/// Whether fixtures cannot be screened; each is told of.
fn told_of_broken(args: &Cover, fixtures: &[Fixture], messages: Messages) -> bool {
    let broken = fixtures.iter().filter(|fixture| fixture.read.is_err());
    let told = broken.map(|fixture| {
        let text = format!("{} cannot be screened and shows nothing", fixture.path.display());
        messages.error(&text, Some(&says_why(args)));
    });
    told.count() > 0
}

/// Whether fixtures do not give what they expect; they are told of, for what they show is not what they are there for.
fn told_of_failing(args: &Cover, screened: &[Screened], messages: Messages) -> bool {
    let failing = screened.iter().filter(|own| !gives(&own.screening, &own.fixture.expect));
    let names: Vec<&str> = failing.map(|own| own.fixture.name.as_str()).collect();
    let text = match names[..] {
        [] => return false,
        [one] => format!("the fixture {one} does not give what it expects; what it shows counts all the same"),
        _ => format!(
            "{} fixtures do not give what they expect; what they show counts all the same: {}",
            names.len(),
            few(&names, 5)
        ),
    };
    messages.warning(&text, Some(&says_why(args)));
    true
}

fn says_why(args: &Cover) -> String {
    format!("{} says why", fixtures::test_command(&args.pack, args.fixtures.as_deref()))
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
