//! How long it takes to check a pack and to compare two, as rules, facts and thresholds grow: generated packs of rules
//! over facts of every kind, of which the second pack changes one. `cargo bench --bench analysis`.

mod generated;

use candidacy::analysis::compare::compare;
use candidacy::analysis::think::think;
use candidacy::model::calendar::Date;
use generated::{pack, timed};

const DAY: Date = Date::constant(2026, 11, 21);

fn main() {
    println!(" rules  facts  thresholds      check       diff   found");
    let sizes = [(100, 60, 5), (200, 60, 5), (500, 150, 5), (1000, 300, 3), (1000, 300, 10), (1000, 100, 5)];
    for (rules, facts, thresholds) in sizes {
        let old = pack(rules, facts, thresholds, None);
        let new = pack(rules, facts, thresholds, Some(rules / 2));
        let (check, thoughts) = timed(|| think(&old, DAY));
        let (diff, comparison) = timed(|| compare(&old, &new, DAY));
        println!(
            "{rules:>6} {facts:>6} {thresholds:>11} {:>8.2} s {:>8.2} s   {} thoughts, {} rules and {} verdicts change",
            check.as_secs_f64(),
            diff.as_secs_f64(),
            thoughts.len(),
            comparison.rules.len(),
            comparison.verdicts.len(),
        );
    }
}
