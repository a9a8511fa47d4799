//! `candidacy diff`: what a change of a pack means, with a patient who shows it or the proof that there is none.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use candidacy::analysis::changes::changes;
use candidacy::analysis::cohort::{Flip, flip};
use candidacy::analysis::compare::compare;
use candidacy::author::fixture::find;
use candidacy::engine::decide::Decision;
use candidacy::engine::screen::Screener;
use candidacy::input::referral::{Dates, read_file};
use candidacy::model::calendar::Date;
use candidacy::pack::program::Program;
use candidacy::report::diff::{Told, json, markdown, text};
use clap::{Args, ValueEnum};

use super::message::Messages;
use super::pack;
use super::revision::named;
use super::screen::{day, today};

/// How the report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// An object for programs.
    Json,
    /// To paste into a pull request.
    Markdown,
}

/// Which changes of a verdict fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Farther from treatment: from candidate over cautions, deferred and incomplete to not a candidate.
    Worse,
    /// Closer to treatment.
    Better,
    /// Any.
    Any,
}

/// Tell what a change of a pack means: which rules and verdicts, and for whom
#[derive(Debug, Args)]
pub struct Diff {
    /// The pack as it was: a folder, an embedded pack, or REV:PATH of a git repository
    old: String,
    /// The pack as it is
    new: String,
    /// Referrals to screen with both: files or folders
    #[arg(long, value_name = "PATH")]
    cohort: Vec<PathBuf>,
    /// The day that stands for today
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Date>,
    /// How to write it
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Exit with 1 if a verdict can change so; with --cohort, if one of its referrals does
    #[arg(long, value_enum)]
    fail_on: Option<FailOn>,
}

/// Runs the command.
pub fn run(args: &Diff, messages: Messages) -> anyhow::Result<ExitCode> {
    let (old, new) = (named(&args.old, 0)?, named(&args.new, 1)?);
    let so = "nothing is compared";
    let programs = (pack::open(&old.pack, "OLD", so, messages), pack::open(&new.pack, "NEW", so, messages));
    let (Some(old), Some(new)) = programs else { return Ok(ExitCode::from(2)) };
    let as_of = args.as_of.unwrap_or_else(today);
    let (changes, comparison) = (changes(&old, &new), compare(&old, &new, as_of));
    let cohort = if args.cohort.is_empty() { None } else { Some(cohort(args, &old, &new, messages)?) };
    let told = Told {
        packs: [&args.old, &args.new],
        as_of: as_of.to_string(),
        changes: &changes,
        comparison: &comparison,
        cohort: cohort.as_ref().map(|(screened, flips, _)| (*screened, &flips[..])),
    };
    let mut bytes = Vec::new();
    match args.format {
        Format::Text => text(&told, &mut bytes)?,
        Format::Json => json(&told, &mut bytes)?,
        Format::Markdown => markdown(&told, &mut bytes)?,
    }
    match std::io::stdout().write_all(&bytes) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
        written => written.context("standard output cannot be written")?,
    }
    let moved: Vec<(Decision, Decision)> = match &cohort {
        Some((_, flips, _)) => flips.iter().map(|flip| (flip.was, flip.is)).collect(),
        None => comparison.verdicts.iter().map(|(was, is, _)| (*was, *is)).collect(),
    };
    let unread = cohort.is_some_and(|(_, _, unread)| unread > 0);
    let fails = args.fail_on.is_some_and(|on| moved.iter().any(|(was, is)| fails(on, *was, *is)));
    Ok(ExitCode::from(u8::from(fails || unread)))
}

/// How far a verdict is from treatment.
fn rank(verdict: Decision) -> u8 {
    match verdict {
        Decision::Candidate => 0,
        Decision::CandidateWithCautions => 1,
        Decision::Deferred => 2,
        Decision::Incomplete => 3,
        Decision::NotACandidate => 4,
    }
}

fn fails(on: FailOn, was: Decision, is: Decision) -> bool {
    match on {
        FailOn::Worse => rank(is) > rank(was),
        FailOn::Better => rank(is) < rank(was),
        FailOn::Any => is != was,
    }
}

/// How many referrals were screened, whose verdict changes, and how many could not be read by both packs.
fn cohort(args: &Diff, old: &Program, new: &Program, messages: Messages) -> anyhow::Result<(usize, Vec<Flip>, usize)> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in &args.cohort {
        match path.is_dir() {
            true => files.extend(find(path).with_context(|| format!("{} cannot be read", path.display()))?),
            false => files.push(path.clone()),
        }
    }
    let screeners = [Screener::new(old), Screener::new(new)];
    let dates = Dates { asked: args.as_of, today: today() };
    let (mut screened, mut flips, mut unread) = (0, Vec::new(), 0);
    for path in &files {
        let read = |program: &Program| read_file(path, &program.dictionary, dates);
        let (Ok(of_old), Ok(of_new)) = (read(old), read(new)) else {
            unread += 1;
            messages.error(&format!("{} cannot be read by both packs", path.display()), Some("`screen` says why"));
            continue;
        };
        screened += 1;
        let day = of_old.referral.as_of.unwrap_or(dates.today);
        let (was, is) = (screeners[0].screen(&of_old.referral, day), screeners[1].screen(&of_new.referral, day));
        flips.extend(flip(&name(path), &was, &is));
    }
    Ok((screened, flips, unread))
}

fn name(path: &Path) -> String {
    path.file_stem().map_or_else(|| path.display().to_string(), |stem| stem.to_string_lossy().into_owned())
}
