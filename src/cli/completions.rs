//! `candidacy completions`: what a shell needs to complete commands.

use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Cli;

/// Print completions for a shell
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Runs the command.
pub fn run(args: &Completions) -> ExitCode {
    clap_complete::generate(args.shell, &mut Cli::command(), "candidacy", &mut std::io::stdout());
    ExitCode::SUCCESS
}
