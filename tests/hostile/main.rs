//! Whatever bytes a file holds, what comes back is a usable program or verdict, or a refusal that says where and why:
//! never a panic, never a silent default, never a wait. `CANDIDACY_SWEEP=20` damages twenty times as many files.

mod damage;
mod judge;
mod keys;
mod records;
mod rows;

#[allow(dead_code, reason = "shared with the laws, which use more of it")]
#[path = "../laws/dice.rs"]
mod dice;
#[allow(dead_code, reason = "shared with the laws, which use more of it")]
#[path = "../laws/pack.rs"]
mod pack;
#[allow(dead_code, reason = "shared with the laws, which use more of it")]
#[path = "../laws/reach.rs"]
mod reach;
#[allow(dead_code, reason = "shared with the laws, which use more of it")]
#[path = "../laws/referral.rs"]
mod referral;
#[allow(dead_code, reason = "shared with the laws, which use more of it")]
#[path = "../laws/script.rs"]
mod script;

use candidacy::pack::compile::compile_files;
use candidacy::pack::shelf::PackFiles;
use damage::damaged;
use dice::{Dice, cases};
use judge::{Judged, fixtures, judge_bytes, judge_pack, shipped_files};
use pack::Pack;
use reach::Reach;
use referral::Case;

#[test]
fn a_damaged_pack_is_refused_with_reasons_or_usable() {
    let mut reach = Reach::default();
    let shipped = shipped_files();
    for seed in 0..cases(120) {
        damage_pack(&shipped, seed, &mut reach, "shipped");
    }
    for seed in 0..cases(500) {
        let pack = Pack::by_chance(&mut Dice::new(seed / 10));
        damage_pack(&pack.files(), seed, &mut reach, "generated");
    }
    reach.report(
        "damaged packs",
        &["shipped refused", "shipped usable", "generated refused", "generated usable", "not UTF-8"],
    );
}

fn damage_pack(files: &PackFiles, seed: u64, reach: &mut Reach, which: &str) {
    let mut dice = Dice::new(seed);
    let mut files = files.clone();
    let file = dice.below(files.files.len());
    let (bytes, how) = damaged(files.files[file].source.text.as_bytes(), &mut dice);
    reach.hit(format!("damage: {how}"));
    let Some(text) = judge::decoded(bytes) else { return reach.hit("not UTF-8") };
    files.files[file].source.text = text;
    let came_to = judge_pack(&files, || format!("{which} pack, {}, seed {seed}", files.files[file].name));
    reach.hit(format!("{which} {}", came_to.word()));
}

#[test]
fn a_damaged_referral_is_rejected_with_reasons_or_screened() {
    let mut reach = Reach::default();
    let shipped = compile_files(&shipped_files()).expect("a sound pack");
    let fixtures = fixtures();
    for seed in 0..cases(1500) {
        let mut dice = Dice::new(seed);
        let (name, text) = dice.pick(&fixtures);
        let (bytes, how) = damaged(text.as_bytes(), &mut dice);
        reach.hit(format!("damage: {how}"));
        let came_to = judge_bytes(&shipped, bytes, || format!("{name}, seed {seed}"));
        reach.hit(format!("TOML {}", came_to.word()));
    }
    for seed in 0..cases(1500) {
        let mut dice = Dice::new(seed);
        let case = Case::by_chance(&shipped.dictionary, &mut Dice::new(seed / 10), &mut Reach::default());
        let (bytes, how) = damaged(case.json().as_bytes(), &mut dice);
        reach.hit(format!("damage: {how}"));
        let came_to = judge_bytes(&shipped, bytes, || format!("JSON, seed {seed}"));
        reach.hit(format!("JSON {}", came_to.word()));
    }
    let wanted = ["TOML refused", "TOML usable", "TOML not UTF-8", "JSON refused", "JSON usable", "JSON not UTF-8"];
    reach.report("damaged referrals", &wanted);
}

#[test]
fn bytes_of_no_format_are_refused() {
    let shipped = compile_files(&shipped_files()).expect("a sound pack");
    for seed in 0..cases(300) {
        let mut dice = Dice::new(seed);
        let length = dice.below(200);
        let mut bytes: Vec<u8> = (0..length).map(|_| dice.roll() as u8).collect();
        if dice.in_hundred(50) {
            bytes.iter_mut().for_each(|byte| *byte &= 0x7f);
        }
        let came_to = judge_bytes(&shipped, bytes, || format!("noise, seed {seed}"));
        assert_ne!(came_to, Judged::Usable, "noise of seed {seed} is a referral");
    }
}
