//! What the job costs, each beside another way to do it in the same run: a rule evaluated, one referral screened, the
//! shipped pack compiled. Answers are compared first, so that no side is fast by being wrong; among the tests nothing
//! else is done.

mod rounds;
mod table;
#[path = "../../src/cli/embedded.rs"]
mod embedded;
mod referrals;
mod patient;
mod by_hand;
mod in_rhai;
mod evaluating;
mod screening;
mod compiling;

use std::process::ExitCode;

use table::Row;

fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == screening::NOTHING) {
        return ExitCode::SUCCESS;
    }
    let timed = std::env::args().any(|argument| argument == "--bench");
    let mut rows: Vec<Row> = evaluating::rows(timed);
    if timed {
        rows.extend([screening::row(), compiling::row()]);
        table::print(&rows);
    }
    ExitCode::SUCCESS
}
