//! `candidacy man`: the manual page, with a section for each command.

use std::io::Write;
use std::process::ExitCode;

use clap::{Args, CommandFactory};

use super::Cli;

/// Print the manual page
#[derive(Debug, Args)]
pub struct Man {}

/// Runs the command.
pub fn run(_: &Man) -> anyhow::Result<ExitCode> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page)?;
    for command in Cli::command().get_subcommands().filter(|command| !command.is_hide_set()) {
        writeln!(page, ".SH \"CANDIDACY {}\"", command.get_name().to_uppercase())?;
        let man = clap_mangen::Man::new(command.clone());
        man.render_description_section(&mut page)?;
        man.render_options_section(&mut page)?;
    }
    std::io::stdout().write_all(&page)?;
    Ok(ExitCode::SUCCESS)
}
