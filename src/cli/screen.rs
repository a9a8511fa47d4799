//! `candidacy screen`: facts in, verdicts out. Referrals that can be read are screened whatever is wrong with others.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use candidacy::engine::decide::Decision;
use candidacy::engine::explain::{Options, explain};
use candidacy::engine::screen::Screener;
use candidacy::engine::verdict::Verdict;
use candidacy::input::referral::{Dates, Read, Unread, decode, read_file, read_text};
use candidacy::model::calendar::{Date, parse_day};
use candidacy::model::dictionary::Dictionary;
use candidacy::model::referral::Said;
use candidacy::pack::program::Program;
use candidacy::record::complete::complete;
use clap::Args;

use super::message::Messages;
use super::record::{self, From, Records, are_record, holds_record, standard_input};
use super::terminal::Colour;
use super::verdicts::{Format, Verdicts};
use super::{embedded, pack};

/// Screen referrals against a pack
#[derive(Debug, Args)]
pub struct Screen {
    /// Referral files, TOML or JSON, and patients' records in FHIR; `-` is standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Read files (all but TOML) and folders as records of this kind; without it, a file's content tells
    #[arg(long, value_enum)]
    from: Option<From>,
    /// Say what was made of the resources of records
    #[arg(long)]
    verbose: bool,
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

pub fn day(text: &str) -> Result<Date, String> {
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
    let asked = inputs.iter().any(|path| path.as_os_str() == "-");
    let stdin = if asked { standard_input().context("standard input cannot be read")? } else { Vec::new() };
    let (records, inputs): (Vec<PathBuf>, Vec<PathBuf>) =
        inputs.into_iter().partition(|path| is_record(path, &stdin, args));
    if !records.is_empty() {
        return of_records((&records, &inputs, stdin), args, &screener, dates, (colour, messages));
    }
    let mut tally = Tally::default();
    let mut out = Verdicts::new(args.format, args.output.as_deref(), colour, inputs.len() == 1);
    for input in &inputs {
        match referral((input, &stdin), args, &program.dictionary, dates) {
            Ok(read) => out.add(&verdict(&screener, &read, args))?,
            Err(unread) => report(unread, &mut tally, messages),
        }
    }
    if out.written == 0 && tally.rejected == 0 {
        return Ok(ExitCode::from(2));
    }
    if inputs.len() > 1 {
        let Tally { unreadable, rejected } = tally;
        messages.note(&format!("{} screened, {rejected} rejected, {unreadable} unreadable", out.written));
    }
    out.finish()?;
    Ok(status(args, &out, &tally))
}

/// Whether a path is that of a record: a folder, or a file whose content says so, or that `--from` says is one. What a
/// person types is TOML, whatever `--from` says.
fn is_record(path: &Path, stdin: &[u8], args: &Screen) -> bool {
    if path.as_os_str() == "-" {
        return args.from.is_some() || are_record(stdin);
    }
    path.is_dir() && args.from.is_some()
        || args.from.is_some() && path.extension().is_none_or(|extension| extension != "toml")
        || holds_record(path)
}

/// Screens each patient of some records, completed by what people typed besides.
fn of_records(
    (records, typed, stdin): (&[PathBuf], &[PathBuf], Vec<u8>),
    args: &Screen,
    screener: &Screener,
    dates: Dates,
    (colour, messages): (Colour, Messages),
) -> anyhow::Result<ExitCode> {
    let program = screener.program();
    let Some(mapping) = record::mapping(&args.pack, program, messages) else { return Ok(ExitCode::from(2)) };
    let mut tally = Tally::default();
    let mut more: Vec<(Typed, bool)> = Vec::new();
    for path in typed {
        match referral((path, &stdin), args, &program.dictionary, dates) {
            Ok(read) => more.push((Typed { path: path.clone(), read }, false)),
            Err(unread) => report(unread, &mut tally, messages),
        }
    }
    let Some(stated) = stated(args, &more, messages) else { return Ok(ExitCode::from(2)) };
    let as_of = stated.unwrap_or(dates.today);
    let read = Records { mapping: &mapping, program, as_of, verbose: args.verbose, messages };
    let own = Dates { asked: Some(as_of), ..dates };
    let site = site_facts(args, program, own);
    let mut out: Option<Verdicts> = None;
    let found = read.each(&record::files(records)?, Some(stdin), |record, of| {
        let mut referral = record.referral;
        let patient = referral.patient.clone();
        for (typed, met) in &mut more {
            if typed.read.referral.patient == patient || of == 1 && typed.names_nobody() {
                *met = true;
                complete(&mut referral, typed.read.referral.clone(), &program.dictionary);
            }
        }
        site.iter().for_each(|said| referral.join(said.clone()));
        let verdict = verdict(screener, &Read { referral, as_of_today: stated.is_none() }, args);
        let out = out.get_or_insert_with(|| Verdicts::new(args.format, args.output.as_deref(), colour, of == 1));
        out.add(&verdict)
    })?;
    for (typed, _) in more.iter().filter(|(_, met)| !met) {
        tally.rejected += 1;
        let (path, patient) = (typed.path.display(), &typed.read.referral.patient);
        let what = format!("{path}: the patient `{patient}` has no record among those that were read");
        messages.error(&what, Some("name the patient of a record: `patient = \"…\"`"));
    }
    tally.unreadable += found.unreadable;
    let Some(mut out) = out else {
        if found.unreadable == 0 {
            messages.error(&found.nobody(), None);
        }
        return Ok(ExitCode::from(2));
    };
    if out.written > 1 || tally.unreadable + tally.rejected > 0 {
        let Tally { unreadable, rejected } = tally;
        messages.note(&format!("{} screened, {rejected} rejected, {unreadable} unreadable", out.written));
    }
    out.finish()?;
    Ok(status(args, &out, &tally))
}

/// What a person typed of a patient who has a record.
struct Typed {
    path: PathBuf,
    read: Read,
}

impl Typed {
    /// Whether it goes by the name of its file, for want of a patient's.
    fn names_nobody(&self) -> bool {
        let stem = self.path.file_stem().map(|stem| stem.to_string_lossy());
        let of_input = self.path.as_os_str() == "-" && self.read.referral.patient == "stdin";
        of_input || stem.is_some_and(|stem| stem == self.read.referral.patient.as_str())
    }
}

/// The day that the command or the typed files name, if any; none where they name several.
fn stated(args: &Screen, typed: &[(Typed, bool)], messages: Messages) -> Option<Option<Date>> {
    if args.as_of.is_some() {
        return Some(args.as_of);
    }
    let stated = typed.iter().map(|(typed, _)| &typed.read).filter(|read| !read.as_of_today);
    let mut days: Vec<Date> = stated.filter_map(|read| read.referral.as_of).collect();
    days.sort();
    days.dedup();
    match days[..] {
        [] => Some(None),
        [day] => Some(Some(day)),
        _ => {
            messages.error("the files are as of different days", Some("say which with --as-of"));
            None
        }
    }
}

/// The facts that hold for every referral. That they are sound was seen before.
fn site_facts(args: &Screen, program: &Program, dates: Dates) -> Vec<Said> {
    let read = args.facts.iter().filter_map(|path| read_file(path, &program.dictionary, dates).ok());
    read.flat_map(|site| site.referral.facts).collect()
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
fn referral(
    (path, stdin): (&Path, &[u8]),
    args: &Screen,
    dictionary: &Dictionary,
    dates: Dates,
) -> Result<Read, Unread> {
    let mut read = if path.as_os_str() == "-" {
        let unreadable = |why: String| Unread::Unreadable("stdin".into(), why);
        read_text(decode("stdin".into(), stdin.to_vec()).map_err(unreadable)?, dictionary, dates)?
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

fn status(args: &Screen, out: &Verdicts, tally: &Tally) -> ExitCode {
    if tally.unreadable + tally.rejected > 0 || out.faulty {
        return ExitCode::from(1);
    }
    match out.last {
        Some(verdict) if args.exit_verdict && out.written == 1 => ExitCode::from(match verdict {
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
pub fn today() -> Date {
    jiff::Zoned::now().date()
}
