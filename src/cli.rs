//! The command line: one file a command. Only here are the clock, the environment and the terminal asked.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub mod embedded;
pub mod terminal;
pub mod message;
pub mod pack;
pub mod fixtures;
pub mod record;
pub mod verdicts;
pub mod screen;
pub mod facts;
pub mod check;
pub mod test;
pub mod number;
pub mod suggest;
pub mod cover;
pub mod mutate;
pub mod revision;
pub mod diff;
pub mod schema;
pub mod completions;
pub mod man;

use message::Messages;
use terminal::Colour;

/// Screens referred patients against a rule pack and prints a reasoned verdict.
///
/// A screening aid: a physician decides.
#[derive(Debug, Parser)]
#[command(name = "candidacy", version, arg_required_else_help = true)]
#[command(
    after_help = "Exit status: 0 it answered, 1 findings (a rejected referral, a fault, an error in a pack), 2 it could not run."
)]
pub struct Cli {
    /// When to use colour
    #[arg(long, value_enum, default_value = "auto", global = true)]
    color: Colour,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Screen(screen::Screen),
    Facts(facts::Facts),
    Check(check::Check),
    Test(test::Test),
    Cover(cover::Cover),
    Mutate(mutate::Mutate),
    Diff(diff::Diff),
    Schema(schema::Schema),
    Completions(completions::Completions),
    Man(man::Man),
}

/// Runs the command line.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let messages = Messages { layout: terminal::layout_of_messages(cli.color) };
    let ran = match &cli.command {
        Command::Screen(args) => screen::run(args, cli.color, messages),
        Command::Facts(args) => facts::run(args, messages),
        Command::Check(args) => check::run(args, cli.color, messages),
        Command::Test(args) => test::run(args, cli.color, messages),
        Command::Cover(args) => cover::run(args, cli.color, messages),
        Command::Mutate(args) => mutate::run(args, cli.color, messages),
        Command::Diff(args) => diff::run(args, messages),
        Command::Schema(args) => schema::run(args, messages),
        Command::Completions(args) => Ok(completions::run(args)),
        Command::Man(args) => man::run(args),
    };
    ran.unwrap_or_else(|error| {
        messages.error(&format!("{error:#}"), None);
        ExitCode::from(2)
    })
}
