//! Runs a law over packs and referrals by chance, and cuts a case that breaks it down to what breaks it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use candidacy::engine::explain::{Options, explain};
use candidacy::engine::screen::{Screening, screen};
use candidacy::engine::verdict::Verdict;
use candidacy::model::calendar::Date;
use candidacy::model::referral::Referral;
use candidacy::pack::program::Program;
use candidacy::pack::shelf::{PackFiles, Shelf};
use candidacy::report::layout::Layout;
use candidacy::report::{json, text};

use crate::dice::Dice;
use crate::pack::Pack;
use crate::reach::Reach;
use crate::referral::Case;

/// A law: what has to hold of one referral under one pack.
pub type Law = fn(&Program, &Case, &mut Dice, &mut Reach) -> Result<(), String>;

/// Holds a law against so many generated packs, with so many referrals each.
pub fn hold_for_packs(packs: u64, referrals: u64, law: Law, reach: &mut Reach) {
    for seed in 0..packs {
        let pack = Pack::by_chance(&mut Dice::new(seed));
        let program = pack.program();
        for own in 0..referrals {
            let seed = seed * 1000 + own;
            let case = Case::by_chance(&program.dictionary, &mut Dice::new(seed), reach);
            if let Err(why) = tried(law, &program, &case, seed, reach) {
                broken(law, pack, case, seed, &why);
            }
        }
    }
}

/// Holds a law against each shipped pack, with so many referrals: some by chance, and some that vary a fit patient's.
pub fn hold_for_shipped(referrals: u64, law: Law, reach: &mut Reach) {
    let current_label = include_str!("../../fixtures/aldesleukin-current-label/fit-renal-cell.toml");
    hold_for_pack("aldesleukin", include_str!("../../fixtures/aldesleukin/fit-renal-cell.toml"), referrals, law, reach);
    hold_for_pack("aldesleukin-current-label", current_label, referrals, law, reach);
}

fn hold_for_pack(pack: &str, fit: &str, referrals: u64, law: Law, reach: &mut Reach) {
    let program = candidacy::pack::compile::compile_files(&files(pack)).expect("a shipped pack is sound");
    let fit = Case::parse(fit);
    for seed in 0..referrals {
        let mut dice = Dice::new(seed);
        let case = match seed % 4 {
            0 => Case::by_chance(&program.dictionary, &mut dice, reach),
            _ => fit.varied(&program.dictionary, &mut dice, reach),
        };
        if let Err(why) = tried(law, &program, &case, seed, reach) {
            let case = smallest_case(case, |case| tried(law, &program, case, seed, &mut Reach::default()).is_err());
            panic!("{pack}: {why}\nseed {seed}\n{}", case.toml());
        }
    }
}

/// The files of the source pack.
pub fn shipped_files() -> PackFiles {
    files("aldesleukin")
}

fn files(pack: &str) -> PackFiles {
    Shelf::Disk.open(&Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/rules")).join(pack))
}

/// A panic breaks every law.
fn tried(law: Law, program: &Program, case: &Case, seed: u64, reach: &mut Reach) -> Result<(), String> {
    let mut dice = Dice::new(seed ^ 0xABCD);
    let held = catch_unwind(AssertUnwindSafe(|| law(program, case, &mut dice, reach)));
    held.unwrap_or_else(|_| Err("it panicked".to_owned()))
}

fn broken(law: Law, pack: Pack, case: Case, seed: u64, why: &str) -> ! {
    let fails = |pack: &Pack, case: &Case| {
        let Ok(program) = pack.compile() else { return false };
        let known = |name: &String| program.dictionary.find(name).is_some();
        let facts = case.facts.iter().filter(|(name, _)| known(name)).cloned().collect();
        tried(law, &program, &Case { as_of: case.as_of, facts }, seed, &mut Reach::default()).is_err()
    };
    let (mut pack, mut case) = (pack, case);
    loop {
        case = smallest_case(case, |case| fails(&pack, case));
        let Some(smaller) = pack.smaller().into_iter().find(|pack| fails(pack, &case)) else { break };
        pack = smaller;
    }
    let why = match pack.compile() {
        Ok(program) => tried(law, &program, &case, seed, &mut Reach::default()).err().unwrap_or_else(|| why.to_owned()),
        Err(_) => why.to_owned(),
    };
    let blocks = [&pack.facts[..], &pack.derived, &pack.conflicts, &pack.rules].concat().join("\n");
    panic!(
        "{why}\nseed {seed}\n{}\n{blocks}\n{}\n{}",
        pack.terms,
        case.toml(),
        pack.manifest.lines().last().unwrap_or_default()
    );
}

/// The case without every fact that does not matter.
fn smallest_case(mut case: Case, fails: impl Fn(&Case) -> bool) -> Case {
    while let Some((name, _)) = case.facts.iter().find(|(name, _)| fails(&case.without(name))) {
        case = case.without(&name.clone());
    }
    case
}

/// Screens a referral.
pub fn screened<'p>(program: &'p Program, referral: &'p Referral, as_of: Date) -> Screening<'p> {
    screen(program, referral, as_of)
}

/// The verdict in full.
pub fn verdict(screening: &Screening) -> Verdict {
    explain(screening, Options { all: true, as_of_today: false })
}

/// A verdict as JSON and as text.
pub fn bytes(verdict: &Verdict) -> (String, String) {
    let (mut as_json, mut as_text) = (Vec::new(), Vec::new());
    json::object(verdict, &mut as_json).expect("memory takes all");
    text::write(verdict, Layout { width: 80, colour: false }, &mut as_text).expect("memory takes all");
    (String::from_utf8(as_json).expect("JSON is UTF-8"), String::from_utf8(as_text).expect("text is UTF-8"))
}

/// Fails with words unless something holds.
pub fn hold(so: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if so { Ok(()) } else { Err(why()) }
}
