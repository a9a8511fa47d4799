//! The laws that every pack and every referral keeps, held against packs and referrals put together by chance and
//! against the shipped packss. Each test prints what its cases reached; `CANDIDACY_SWEEP=20` runs twenty times as many.

mod complete;
mod dice;
mod mutants;
mod order;
mod pack;
mod promises;
mod questions;
mod reach;
mod reading;
mod referral;
mod rows;
mod script;
mod world;

use candidacy::pack::compile::compile_files;
use candidacy::pack::shelf::PackFiles;
use dice::{Dice, cases};
use pack::Pack;
use reach::Reach;
use referral::Case;
use world::{hold_for_packs, hold_for_shipped, shipped_files};

/// What the generated cases have to reach between them.
const WANTED: [&str; 65] = [
    "exclude fires",
    "exclude clear",
    "exclude unknown",
    "exclude not-applicable",
    "exclude fault",
    "require fires",
    "require clear",
    "require unknown",
    "require not-applicable",
    "defer fires",
    "defer clear",
    "defer unknown",
    "defer not-applicable",
    "caution fires",
    "caution clear",
    "caution unknown",
    "caution not-applicable",
    "note fires",
    "note clear",
    "note unknown",
    "note not-applicable",
    "guarded fires",
    "guarded clear",
    "guarded unknown",
    "guarded not-applicable",
    "given known",
    "given not-supplied",
    "given unknown",
    "given not-done",
    "given pending",
    "given stale",
    "given undated",
    "given unrecognised",
    "given contradicted",
    "given open",
    "given bounded",
    "derived known",
    "derived bounded",
    "derived contradicted",
    "derived not-supplied",
    "a conflict",
    "superseded results",
    "dated after the as-of date",
    "fact in a series",
    "fact an open list",
    "fact closed without a list",
    "fact pending, a list",
    "fact unknown, a member",
    "fact unknown, a field",
    "fact a record without a field",
    "fact a bare record",
    "fact a month only",
    "fact a year only",
    "fact a day with its time",
    "fact within bounds",
    "fact with its own range",
    "fact a class",
    "fact a broader term",
    "fact may be in a class",
    "fact by another name",
    "verdict candidate",
    "verdict candidate-with-cautions",
    "verdict deferred",
    "verdict incomplete",
    "verdict not-a-candidate",
];

#[test]
fn the_range_is_a_range() {
    let mut reach = Reach::default();
    hold_for_packs(cases(400), 5, promises::the_range_is_ordered, &mut reach);
    reach.report("the range", &WANTED);
    let mut reach = Reach::default();
    hold_for_shipped(cases(400), promises::the_range_is_ordered, &mut reach);
    let verdicts = WANTED.into_iter().filter(|what| what.starts_with("verdict "));
    reach.report("the range, shipped pack", &verdicts.collect::<Vec<_>>());
}

#[test]
fn a_missing_fact_never_helps() {
    let mut reach = Reach::default();
    hold_for_packs(cases(300), 5, promises::a_removed_fact_settles_nothing, &mut reach);
    hold_for_shipped(cases(150), promises::a_removed_fact_settles_nothing, &mut reach);
    reach.report("removal", &["a removed fact widened the range"]);
}

#[test]
fn more_facts_only_narrow() {
    let mut reach = Reach::default();
    hold_for_packs(cases(300), 5, promises::completions_stay_in_range, &mut reach);
    hold_for_shipped(cases(150), promises::completions_stay_in_range, &mut reach);
    reach.report("completion", &["a completion that narrowed the range"]);
}

#[test]
fn the_facts_that_a_finding_names_suffice_for_it() {
    let mut reach = Reach::default();
    hold_for_packs(cases(300), 5, promises::named_facts_suffice, &mut reach);
    hold_for_shipped(cases(150), promises::named_facts_suffice, &mut reach);
    reach.report("named facts", &["a finding that rests on some facts only"]);
}

#[test]
fn the_order_of_facts_entries_members_and_fields_changes_no_byte() {
    let mut reach = Reach::default();
    hold_for_packs(cases(300), 4, order::written_in_another_order, &mut reach);
    hold_for_shipped(cases(150), order::written_in_another_order, &mut reach);
    reach.report("order", &["another order"]);
}

#[test]
fn toml_and_json_say_the_same() {
    let mut reach = Reach::default();
    hold_for_packs(cases(300), 4, order::written_as_toml_or_json, &mut reach);
    hold_for_shipped(cases(150), order::written_as_toml_or_json, &mut reach);
    reach.report("forms", &["TOML and JSON"]);
}

#[test]
fn another_accepted_unit_changes_no_verdict() {
    let mut reach = Reach::default();
    hold_for_packs(cases(300), 4, order::written_in_another_unit, &mut reach);
    hold_for_shipped(cases(150), order::written_in_another_unit, &mut reach);
    reach.report("units", &["mg/dL as g/L", "mg/dL as µg/dL", "L as mL"]);
}

#[test]
fn the_order_of_rules_changes_no_verdict_and_no_finding() {
    for seed in 0..cases(150) {
        let pack = Pack::by_chance(&mut Dice::new(seed));
        rules_shuffled(&pack.files(), seed);
    }
    (0..cases(10)).for_each(|seed| rules_shuffled(&shipped_files(), seed));
}

fn rules_shuffled(files: &PackFiles, seed: u64) {
    let program = compile_files(files).expect("a sound pack");
    let mut dice = Dice::new(seed);
    for _ in 0..3 {
        let case = Case::by_chance(&program.dictionary, &mut dice, &mut Reach::default());
        let held = order::rules_in_another_order(files, &case, &mut dice);
        held.unwrap_or_else(|why| panic!("seed {seed}: {why}\n{}", case.toml()));
    }
}

#[test]
fn only_what_leaves_the_verdict_open_is_asked_for() {
    let mut reach = Reach::default();
    hold_for_packs(cases(300), 5, questions::only_causes_are_asked_for, &mut reach);
    hold_for_shipped(cases(150), questions::only_causes_are_asked_for, &mut reach);
    reach.report("questions", &["asked for, a field"]);
}

#[test]
fn answers_to_all_questions_settle_what_they_were_asked_for() {
    let mut reach = Reach::default();
    hold_for_packs(cases(300), 5, questions::the_answers_settle_it, &mut reach);
    hold_for_shipped(cases(150), questions::the_answers_settle_it, &mut reach);
    reach.report("answers", &["answered"]);
}

#[test]
fn what_is_written_is_what_is_read() {
    let mut reach = Reach::default();
    hold_for_packs(cases(300), 4, reading::what_is_written_is_read, &mut reach);
    hold_for_shipped(cases(150), reading::what_is_written_is_read, &mut reach);
    reach.report("reading", &["facts read", "fact within bounds", "fact a month only", "fact in a series"]);
}

#[test]
fn what_fixtures_notice_of_mutants_they_would_notice_run_anew() {
    let mut reach = Reach::default();
    hold_for_packs(cases(150), 4, mutants::noticed_is_noticed, &mut reach);
    hold_for_shipped(cases(60), mutants::noticed_is_noticed, &mut reach);
    let kinds = ["Threshold", "Relation", "Junction", "Quantifier", "Dropped", "Negated", "Guard", "Effect"];
    let wanted: Vec<String> =
        kinds.iter().flat_map(|kind| [format!("noticed, {kind}"), format!("unnoticed, {kind}")]).collect();
    reach.report("mutants", &wanted.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn mutants_that_are_called_equivalent_come_to_the_same() {
    let mut reach = Reach::default();
    hold_for_packs(cases(60), 1, mutants::equivalent_is_equivalent, &mut reach);
    hold_for_shipped(cases(15), mutants::equivalent_is_equivalent, &mut reach);
    reach.report("equivalent mutants", &["equivalent", "told apart", "undecided"]);
}
