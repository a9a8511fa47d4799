//! The table: what was measured, this project, the other sides, and the target.

use super::rounds::Times;

/// One thing measured.
#[derive(Clone, Debug)]
pub struct Row {
    /// What, with its unit.
    pub what: String,
    /// This project.
    pub ours: Times,
    /// The other sides by name.
    pub others: Vec<(&'static str, Times)>,
    /// What is held against the target: the median, unless another side is first taken off it.
    pub judged: f64,
    /// The most it may be.
    pub target: f64,
}

/// Prints rows with the ratio of this project to every other side.
pub fn print(rows: &[Row]) {
    for row in rows {
        println!("{}", row.what);
        println!("{}", side("candidacy", row.ours));
        for (name, times) in &row.others {
            println!("{:<68}candidacy takes x {:.2}", side(name, *times), row.ours.median / times.median);
        }
        let met = if row.judged <= row.target { "met" } else { "NOT MET" };
        println!("    {:<36}{:>8.2} of at most {}: {met}", "target", row.judged, row.target);
    }
    println!("Medians of interleaved rounds, with the first and third quarter; the answers were compared.");
}

fn side(name: &str, times: Times) -> String {
    format!("    {name:<36}{:>8.2} ({:.2} to {:.2})", times.median, times.low, times.high)
}
