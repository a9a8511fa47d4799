//! The shipped pack compiled from the texts in the program, beside reading the TOML of those texts alone.

use candidacy::input::toml;
use candidacy::pack::compile::compile_files;

use super::embedded;
use super::rounds::{Side, interleaved};
use super::table::Row;

/// Milliseconds for the whole pack.
pub fn row() -> Row {
    let compile = || compile_files(&embedded::files(embedded::DEFAULT)).expect("the shipped pack is sound");
    let files = embedded::files(embedded::DEFAULT).files;
    let read = || files.iter().map(|file| toml::parse(&file.source.text)).collect::<Vec<_>>();
    let [ours, toml] = interleaved(201, [Side::new(1, compile), Side::new(1, read)]).map(|times| times.per(1e6));
    let others = vec![("reading its TOML alone", toml)];
    Row { what: "Compiling the shipped pack, ms".into(), ours, others, judged: ours.median, target: 1.0 }
}
