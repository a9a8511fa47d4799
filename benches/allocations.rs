//! How much is allocated: nothing at all to evaluate the rules on a complete referral. A benchmark of its own, because
//! counting takes time.

#[path = "../src/cli/embedded.rs"]
mod embedded;
#[path = "cost/referrals.rs"]
mod referrals;

use std::process::ExitCode;

use allocation_counter::measure;
use candidacy::engine::chart::Chart;
use candidacy::engine::screen::evaluate;
use candidacy::pack::compile::compile_files;
use candidacy::pack::program::Program;

use referrals::{charts, is_complete};

fn main() -> ExitCode {
    let mut compiled = None;
    let compiling = measure(|| compiled = compile_files(&embedded::files(embedded::DEFAULT)).ok()).count_total;
    let program = compiled.expect("the shipped pack is sound");
    let (complete, incomplete): (Vec<Chart>, Vec<Chart>) =
        charts(&program).into_iter().partition(|chart| is_complete(&program, chart));
    let most = |charts: &[Chart]| charts.iter().map(|chart| evaluating(&program, chart)).max().unwrap_or(0);
    let (of_complete, of_incomplete) = (most(&complete), most(&incomplete));
    println!("Allocations, the most for one referral");
    println!("    {:<34}{compiling:>9}", "compiling the shipped pack");
    println!("    {:<34}{of_incomplete:>9}", "evaluating an incomplete referral");
    let met = if of_complete == 0 { "met" } else { "NOT MET" };
    println!("    {:<34}{of_complete:>9} of at most 0: {met}", "evaluating a complete referral");
    if of_complete == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Allocations of one evaluation, into a buffer that is reused.
fn evaluating(program: &Program, chart: &Chart) -> u64 {
    let mut outcomes = Vec::with_capacity(program.rules.len());
    let allocated = measure(|| {
        evaluate(program, chart, &[], &mut outcomes);
    });
    allocated.count_total
}
