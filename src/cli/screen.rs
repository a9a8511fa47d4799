//! `candidacy screen`: facts in, verdicts out. Referrals that can be read are screened whatever is wrong with others.

use std::io::{IsTerminal, Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use candidacy::engine::decide::{Decision, Outcome};
use candidacy::engine::explain::{Options, explain};
use candidacy::engine::screen::Screener;
use candidacy::engine::verdict::Verdict;
use candidacy::input::referral::{Dates, Read, Unread, decode, read_file, read_text};
use candidacy::model::calendar::{Date, parse_day};
use candidacy::model::dictionary::Dictionary;
use candidacy::pack::program::Program;
use candidacy::report::{json, text};
use clap::{Args, ValueEnum};

use super::message::Messages;
use super::terminal::{Colour, layout};
use super::{embedded, pack};

/// How verdicts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A report for people.
    Text,
    /// An object for one referral, an array for several.
    Json,
    /// One object a line.
    Jsonl,
}

/// Screen referrals against a pack
#[derive(Debug, Args)]
pub struct Screen {
    /// Referral files, TOML or JSON; `-` is standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The pack: a folder, or the name of an embedded pack
    #[arg(long, default_value = embedded::DEFAULT)]
    pack: String,
    /// Screen for this day, whatever the referral says
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Date>,
    /// Facts that hold for every referral, such as those of the facility
    #[arg(long, value_name = "FILE")]
    facts: Vec<PathBuf>,
    /// How to write verdicts
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Write verdicts to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Show rules that are clear or do not apply, too
    #[arg(long)]
    all: bool,
    /// Exit with the verdict of the one referral: 0 candidate, 10 not a candidate, 11 incomplete, 12 deferred,
    /// 13 candidate with cautions
    #[arg(long)]
    exit_verdict: bool,
}

fn day(text: &str) -> Result<Date, String> {
    parse_day(text).ok_or_else(|| "a day is written 2026-11-21".to_owned())
}

/// How many inputs came to what.
#[derive(Default)]
struct Tally {
    unreadable: usize,
    rejected: usize,
}

/// Runs the command.
pub fn run(args: &Screen, colour: Colour, messages: Messages) -> anyhow::Result<ExitCode> {
    let inputs = inputs(args)?;
    let Some(program) = pack::open(&args.pack, "--pack", "nothing is screened", messages) else {
        return Ok(ExitCode::from(2));
    };
    let dates = Dates { asked: args.as_of, today: today() };
    if !site_facts_are_sound(args, &program, dates, messages) {
        return Ok(ExitCode::from(2));
    }
    let screener = Screener::new(&program);
    let mut tally = Tally::default();
    let mut verdicts = Vec::with_capacity(inputs.len());
    for input in &inputs {
        match referral(input, args, &program.dictionary, dates) {
            Ok(read) => verdicts.push(verdict(&screener, &read, args)),
            Err(unread) => report(unread, &mut tally, messages),
        }
    }
    if verdicts.is_empty() && tally.rejected == 0 {
        return Ok(ExitCode::from(2));
    }
    if inputs.len() > 1 {
        let Tally { unreadable, rejected } = tally;
        messages.note(&format!("{} screened, {rejected} rejected, {unreadable} unreadable", verdicts.len()));
    }
    write(args, &verdicts, inputs.len(), colour)?;
    Ok(status(args, &verdicts, &tally))
}

fn inputs(args: &Screen) -> anyhow::Result<Vec<PathBuf>> {
    let mut inputs = args.files.clone();
    if inputs.is_empty() {
        if std::io::stdin().is_terminal() {
            bail!("no referral given: name a file, or `-` for standard input");
        }
        inputs.push(PathBuf::from("-"));
    }
    if args.exit_verdict && inputs.len() > 1 {
        bail!("--exit-verdict takes one referral, and {} are given", inputs.len());
    }
    if inputs.iter().filter(|path| path.as_os_str() == "-").count() > 1 {
        bail!("standard input can be read once only");
    }
    if let Some(output) = &args.output {
        let same =
            |path: &PathBuf| path.canonicalize().ok().zip(output.canonicalize().ok()).is_some_and(|(a, b)| a == b);
        if let Some(input) = inputs.iter().chain(&args.facts).find(|path| same(path)) {
            bail!("--output would overwrite the referral {}", input.display());
        }
    }
    Ok(inputs)
}

fn site_facts_are_sound(args: &Screen, program: &Program, dates: Dates, messages: Messages) -> bool {
    let mut tally = Tally::default();
    for path in &args.facts {
        if let Err(unread) = read_file(path, &program.dictionary, dates) {
            report(unread, &mut tally, messages);
        }
    }
    tally.unreadable + tally.rejected == 0
}

/// A referral with the facts that hold for every one.
fn referral(path: &Path, args: &Screen, dictionary: &Dictionary, dates: Dates) -> Result<Read, Unread> {
    let mut read = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        let unreadable = |why: String| Unread::Unreadable("stdin".into(), why);
        std::io::stdin().read_to_end(&mut bytes).map_err(|error| unreadable(error.to_string()))?;
        read_text(decode("stdin".into(), bytes).map_err(unreadable)?, dictionary, dates)?
    } else {
        read_file(path, dictionary, dates)?
    };
    for path in &args.facts {
        let own = Dates { asked: read.referral.as_of, ..dates };
        let site = read_file(path, dictionary, own)?;
        site.referral.facts.into_iter().for_each(|said| read.referral.join(said));
    }
    Ok(read)
}

fn verdict(screener: &Screener, read: &Read, args: &Screen) -> Verdict {
    let as_of = read.referral.as_of.unwrap_or_else(today);
    let screening = screener.screen(&read.referral, as_of);
    explain(&screening, Options { all: args.all, as_of_today: read.as_of_today })
}

fn report(unread: Unread, tally: &mut Tally, messages: Messages) {
    match unread {
        Unread::Unreadable(name, why) => {
            tally.unreadable += 1;
            messages.error(&format!("{name} cannot be read: {why}"), None);
        }
        Unread::Rejected(rejected) => {
            tally.rejected += 1;
            messages.rejected(&rejected);
        }
    }
}

fn write(args: &Screen, verdicts: &[Verdict], inputs: usize, colour: Colour) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    match args.format {
        Format::Text => {
            let layout = layout(colour, args.output.is_some());
            for (index, verdict) in verdicts.iter().enumerate() {
                if index > 0 {
                    writeln!(bytes, "\n{}\n", "-".repeat(layout.width.clamp(40, 200)))?;
                }
                text::write(verdict, layout, &mut bytes)?;
            }
        }
        Format::Json if inputs == 1 => verdicts.iter().try_for_each(|verdict| json::object(verdict, &mut bytes))?,
        Format::Json => json::array(verdicts, &mut bytes)?,
        Format::Jsonl => verdicts.iter().try_for_each(|verdict| json::line(verdict, &mut bytes))?,
    }
    match &args.output {
        Some(path) => std::fs::write(path, bytes).with_context(|| format!("{} cannot be written", path.display())),
        None => match std::io::stdout().write_all(&bytes) {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            written => written.context("standard output cannot be written"),
        },
    }
}

fn status(args: &Screen, verdicts: &[Verdict], tally: &Tally) -> ExitCode {
    let faulty = |verdict: &Verdict| verdict.findings.iter().any(|finding| finding.state == Outcome::Fault);
    if tally.unreadable + tally.rejected > 0 || verdicts.iter().any(faulty) {
        return ExitCode::from(1);
    }
    match verdicts {
        [verdict] if args.exit_verdict => ExitCode::from(match verdict.verdict {
            Decision::Candidate => 0,
            Decision::NotACandidate => 10,
            Decision::Incomplete => 11,
            Decision::Deferred => 12,
            Decision::CandidateWithCautions => 13,
        }),
        _ => ExitCode::SUCCESS,
    }
}

/// The day it is here.
fn today() -> Date {
    jiff::Zoned::now().date()
}
