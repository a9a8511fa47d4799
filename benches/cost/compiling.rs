//! The shipped pack compiled from the texts in the program, beside reading the TOML of those texts alone.

use std::hint::black_box;

use candidacy::input::toml;

use super::embedded;
use super::rounds::{Side, interleaved};
use super::table::Row;

/// Milliseconds for the whole pack.
pub fn row() -> Row {
    let compile = || drop(black_box(embedded::open(embedded::DEFAULT).expect("the shipped pack is sound")));
    let read = || embedded::FILES.iter().for_each(|(_, text)| drop(black_box(toml::parse(text))));
    let sides = [Side { work: Box::new(compile), repeats: 5 }, Side { work: Box::new(read), repeats: 5 }];
    let [ours, toml] = interleaved(41, sides).map(|times| times.per(1e6));
    let others = vec![("reading its TOML alone", toml)];
    Row { what: "Compiling the shipped pack, ms".into(), ours, others, judged: ours.median, target: 1.0 }
}
