//! What the terminal is: its width, and whether colour is wanted. The only place that asks the environment.

use std::io::IsTerminal;

use candidacy::report::layout::Layout;
use clap::ValueEnum;

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The layout for standard output, or for a file.
pub fn layout(colour: Colour, to_file: bool) -> Layout {
    let terminal = !to_file && std::io::stdout().is_terminal();
    let size = terminal.then(terminal_size::terminal_size).flatten();
    let width = size.map_or(80, |(width, _)| usize::from(width.0));
    Layout { width, colour: wanted(colour, terminal) }
}

/// Whether messages on standard error use colour.
pub fn colour_of_messages(colour: Colour) -> bool {
    wanted(colour, std::io::stderr().is_terminal())
}

fn wanted(colour: Colour, terminal: bool) -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    match colour {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => terminal && !refused && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
    }
}
