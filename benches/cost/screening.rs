//! One referral screened by the program as people start it, beside a Rust program that does nothing.

use std::process::{Command, Stdio};

use super::rounds::{Side, interleaved};
use super::table::Row;

/// The argument that makes this benchmark the program that does nothing.
pub const NOTHING: &str = "--nothing";

/// Milliseconds for the whole process.
pub fn row() -> Row {
    let own = std::env::current_exe().expect("the benchmark knows where it is");
    let mut idle = Command::new(own);
    idle.arg(NOTHING);
    let mut screen = Command::new(env!("CARGO_BIN_EXE_candidacy"));
    screen.arg("screen").arg(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/aldesleukin/fit-renal-cell.toml"));
    let sides = [&mut screen, &mut idle].map(|command| {
        command.stdout(Stdio::null());
        Side::new(1, || run(command))
    });
    let [ours, idle] = interleaved(301, sides).map(|times| times.per(1e6));
    let others = vec![("a Rust program that does nothing", idle)];
    let judged = ours.median - idle.median;
    Row {
        what: "One referral, embedded pack, whole process, ms (target: the difference)".into(),
        ours,
        others,
        judged,
        target: 2.0,
    }
}

fn run(command: &mut Command) {
    let status = command.status().expect("the program starts");
    assert!(status.success(), "{command:?} ended with {status}");
}
