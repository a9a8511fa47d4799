//! The laws that every pack and every referral keeps, held against packs and referrals put together by chance and
//! against the shipped pack. Each test prints what its cases reached; `CANDIDACY_SWEEP=20` runs twenty times as many.

mod complete;
mod dice;
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

#[test]
fn the_range_is_a_range() {
    let mut reach = Reach::default();
    hold_for_packs(cases(150), 5, promises::the_range_is_ordered, &mut reach);
    reach.report("the range", &[]);
    let mut reach = Reach::default();
    hold_for_shipped(cases(150), promises::the_range_is_ordered, &mut reach);
    reach.report("the range, shipped pack", &[]);
}

#[test]
fn a_missing_fact_never_helps() {
    let mut reach = Reach::default();
    hold_for_packs(cases(150), 5, promises::a_removed_fact_settles_nothing, &mut reach);
    hold_for_shipped(cases(100), promises::a_removed_fact_settles_nothing, &mut reach);
    reach.report("removal", &["a removed fact widened the range"]);
}

#[test]
fn more_facts_only_narrow() {
    let mut reach = Reach::default();
    hold_for_packs(cases(150), 5, promises::completions_stay_in_range, &mut reach);
    hold_for_shipped(cases(100), promises::completions_stay_in_range, &mut reach);
    reach.report("completion", &["a completion that narrowed the range"]);
}

#[test]
fn the_facts_that_a_finding_names_suffice_for_it() {
    let mut reach = Reach::default();
    hold_for_packs(cases(150), 5, promises::named_facts_suffice, &mut reach);
    hold_for_shipped(cases(100), promises::named_facts_suffice, &mut reach);
    reach.report("named facts", &["a finding that rests on some facts only"]);
}

#[test]
fn the_order_of_facts_entries_members_and_fields_changes_no_byte() {
    let mut reach = Reach::default();
    hold_for_packs(cases(100), 4, order::written_in_another_order, &mut reach);
    hold_for_shipped(cases(60), order::written_in_another_order, &mut reach);
    reach.report("order", &["another order"]);
}

#[test]
fn toml_and_json_say_the_same() {
    let mut reach = Reach::default();
    hold_for_packs(cases(150), 4, order::written_as_toml_or_json, &mut reach);
    hold_for_shipped(cases(100), order::written_as_toml_or_json, &mut reach);
    reach.report("forms", &["TOML and JSON"]);
}

#[test]
fn another_accepted_unit_changes_no_verdict() {
    let mut reach = Reach::default();
    hold_for_packs(cases(150), 4, order::written_in_another_unit, &mut reach);
    hold_for_shipped(cases(100), order::written_in_another_unit, &mut reach);
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
    hold_for_packs(cases(150), 5, questions::only_causes_are_asked_for, &mut reach);
    hold_for_shipped(cases(100), questions::only_causes_are_asked_for, &mut reach);
    reach.report("questions", &["asked for, a field"]);
}

#[test]
fn answers_to_all_questions_settle_what_they_were_asked_for() {
    let mut reach = Reach::default();
    hold_for_packs(cases(150), 5, questions::the_answers_settle_it, &mut reach);
    hold_for_shipped(cases(100), questions::the_answers_settle_it, &mut reach);
    reach.report("answers", &["answered"]);
}

#[test]
fn what_is_written_is_what_is_read() {
    let mut reach = Reach::default();
    hold_for_packs(cases(150), 4, reading::what_is_written_is_read, &mut reach);
    hold_for_shipped(cases(100), reading::what_is_written_is_read, &mut reach);
    reach.report("reading", &["facts read", "fact within bounds", "fact a month only", "fact in a series"]);
}
