//! `candidacy schema`: JSON Schemas by which an editor completes and checks packs and referrals, and a program verdicts.

use std::io::Write;
use std::process::ExitCode;

use candidacy::schema;
use clap::{Args, Subcommand};

use super::embedded;
use super::message::Messages;
use super::pack;

/// Print a JSON Schema of what candidacy reads and writes
#[derive(Debug, Args)]
pub struct Schema {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Referrals, with the facts of a pack
    Facts {
        /// The pack: a folder, or the name of an embedded pack
        #[arg(long, default_value = embedded::DEFAULT)]
        pack: String,
    },
    /// The files of a pack: pack.toml, facts.toml, rules.toml and vocabularies
    Pack,
    /// Verdicts, as `screen --format json` prints them
    Verdict,
}

/// Runs the command.
pub fn run(args: &Schema, messages: Messages) -> anyhow::Result<ExitCode> {
    let schema = match &args.what {
        What::Facts { pack: name } => match pack::open(name, "--pack", "there is no schema of its facts", messages) {
            Some(program) => schema::facts::schema(&program),
            None => return Ok(ExitCode::from(2)),
        },
        What::Pack => schema::pack::schema(),
        What::Verdict => schema::verdict::schema(),
    };
    let mut out = serde_json::to_vec_pretty(&schema)?;
    out.push(b'\n');
    match std::io::stdout().write_all(&out) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(ExitCode::SUCCESS),
    }
}
