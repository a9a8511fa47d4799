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

/// How wide lines of a file may get that are shown where there is no terminal, such as in the log of a CI service.
const LOG: usize = 140;

/// The layout for lines of files on standard output.
pub fn layout_of_files(colour: Colour) -> Layout {
    let size = terminal_size::terminal_size_of(std::io::stdout());
    Layout { width: size.map_or(LOG, |(width, _)| usize::from(width.0)), ..layout(colour, false) }
}

/// The layout for messages on standard error.
pub fn layout_of_messages(colour: Colour) -> Layout {
    let size = terminal_size::terminal_size_of(std::io::stderr());
    let width = size.map_or(LOG, |(width, _)| usize::from(width.0));
    Layout { width, colour: wanted(colour, std::io::stderr().is_terminal()) }
}

fn wanted(colour: Colour, terminal: bool) -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    match colour {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => terminal && !refused && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
    }
}
