//! `candidacy facts`: what a patient's record says, as a referral that a person can complete.

use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use candidacy::model::calendar::Date;
use candidacy::record::read::Record;
use candidacy::report::record;
use clap::Args;

use super::message::Messages;
use super::record::{From, Records, files, mapping};
use super::screen::{day, today};
use super::{embedded, pack};

/// Print what a patient's record says, as a referral to complete
#[derive(Debug, Args)]
pub struct Facts {
    /// Records: FHIR R4 bundles, resources or bulk exports (NDJSON), or folders of them
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// The kind of record
    #[arg(long, value_enum, default_value = "fhir")]
    from: From,
    /// The pack: a folder, or the name of an embedded pack
    #[arg(long, default_value = embedded::DEFAULT)]
    pack: String,
    /// Read the record as of this day
    #[arg(long, value_name = "DATE", value_parser = day)]
    as_of: Option<Date>,
    /// Print every row that says something of a fact, one JSON object a line
    #[arg(long)]
    rows: bool,
    /// Say how many resources were read, used and passed over
    #[arg(long)]
    verbose: bool,
}

/// Runs the command.
pub fn run(args: &Facts, messages: Messages) -> anyhow::Result<ExitCode> {
    let From::Fhir = args.from;
    let nothing = "no record is read";
    let Some(program) = pack::open(&args.pack, "--pack", nothing, messages) else { return Ok(ExitCode::from(2)) };
    let Some(mapping) = mapping(&args.pack, &program, messages) else { return Ok(ExitCode::from(2)) };
    let as_of = args.as_of.unwrap_or_else(today);
    let read = Records { mapping: &mapping, program: &program, as_of, verbose: args.verbose, messages };
    let mut out = BufWriter::new(std::io::stdout());
    let mut written = 0;
    let mut write = |patient: Record| -> std::io::Result<()> {
        if args.rows {
            return record::rows(&patient, &mapping, &program.dictionary, &mut out);
        }
        if written > 0 {
            writeln!(out, "\n# ---- another patient: a referral of its own ----\n")?;
        }
        written += 1;
        record::write(&patient, &mapping, &program.dictionary, &mut out)
    };
    let found = read.each(&files(&args.paths)?, None, |record, _| unless_closed(write(record)))?;
    if found.patients == 0 {
        if found.unreadable == 0 {
            bail!(found.nobody());
        }
        return Ok(ExitCode::from(2));
    }
    unless_closed(out.flush())?;
    Ok(ExitCode::from(u8::from(found.unreadable > 0)))
}

/// Nobody has to read to the end.
fn unless_closed(written: std::io::Result<()>) -> anyhow::Result<()> {
    match written {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("standard output cannot be written"),
    }
}
