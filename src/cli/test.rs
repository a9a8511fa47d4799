//! `candidacy test`: a pack's fixtures against what they expect.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use candidacy::author::accept::accept;
use candidacy::author::fixture::Fixture;
use candidacy::author::trial::{self, Trials};
use candidacy::report::json;
use candidacy::report::trials::{github, junit, text};
use clap::{Args, ValueEnum};
use regex_lite::Regex;

use super::fixtures::warn_of_another_pack;
use super::message::Messages;
use super::terminal::{Colour, layout};
use super::{embedded, fixtures, pack};

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// What fails and why, for people.
    Text,
    /// One object.
    Json,
    /// JUnit's XML, for build servers.
    Junit,
    /// Annotations of GitHub's workflows.
    Github,
}

/// Run a pack's fixtures against what they expect
///
/// The fixtures of a pack in a folder lie in `fixtures/` beside its pack.toml, or in `fixtures/NAME` where the pack is
/// `rules/NAME`. Each is a referral with the verdict it must give under [expect], and exactly the rules that fire and
/// the facts that are missing where it names them.
#[derive(Debug, Args)]
pub struct Test {
    /// The pack: a folder, or the name of an embedded pack
    #[arg(value_name = "PACK", default_value = embedded::DEFAULT)]
    pack: String,
    /// The folder of the fixtures
    #[arg(long, value_name = "DIR")]
    fixtures: Option<PathBuf>,
    /// Run only fixtures whose path in that folder, file name or title matches
    #[arg(long, value_name = "REGEX", value_parser = regex)]
    run: Option<Regex>,
    /// Rewrite [expect] in every fixture that gives something else
    #[arg(long)]
    accept: bool,
    /// How to write results
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// List fixtures that pass, too
    #[arg(long)]
    all: bool,
}

fn regex(text: &str) -> Result<Regex, String> {
    Regex::new(text).map_err(|error| format!("it is no regular expression: {error}"))
}

/// Runs the command.
pub fn run(args: &Test, colour: Colour, messages: Messages) -> anyhow::Result<ExitCode> {
    let Some(program) = pack::open(&args.pack, "PACK", "nothing is tested", messages) else {
        return Ok(ExitCode::from(2));
    };
    warn_of_another_pack(&args.pack, ("test", "tested"), messages);
    let found = fixtures::of(&args.pack, args.fixtures.as_deref(), &program, messages)?;
    let Some((folder, fixtures)) = found else { return Ok(ExitCode::from(2)) };
    let picked = args.run.as_ref().map(|run| move |fixture: &Fixture| is_meant(fixture, run));
    let picked = picked.as_ref().map(|picked| picked as &dyn Fn(&Fixture) -> bool);
    let mut trials = trial::run(&program, &fixtures, picked);
    if trials.fixtures.is_empty() {
        let text = format!("no fixture in {} matches, of {}", folder.display(), fixtures.len());
        messages.error(&text, Some("--run looks at the path, the file name and the title of a fixture"));
        return Ok(ExitCode::from(1));
    }
    if args.accept {
        for (path, why) in accept(&mut trials, &fixtures, &program) {
            messages.error(&format!("{path} is not accepted: {why}"), None);
        }
    }
    write(args, &trials, colour)?;
    Ok(if trials.failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn is_meant(fixture: &Fixture, run: &Regex) -> bool {
    [&fixture.name, &fixture.case].into_iter().chain(&fixture.title).any(|name| run.is_match(name))
}

fn write(args: &Test, trials: &Trials, colour: Colour) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    match args.format {
        Format::Text => text::write(trials, args.all, layout(colour, false), &mut bytes)?,
        Format::Json => json::object(trials, &mut bytes)?,
        Format::Junit => junit::write(trials, &mut bytes)?,
        Format::Github => github::write(trials, &mut bytes)?,
    }
    match std::io::stdout().write_all(&bytes) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("standard output cannot be written"),
    }
}
