//! What the schemas promise: they take what the loaders take and what is printed, refuse what editors should mark, say
//! what every key is for, and never take `null`. `CANDIDACY_SWEEP=20` tries twenty times as many packs and referrals.

mod checker;
mod editors;
mod nulls;
mod packs;
mod referrals;
mod spellings;
mod verdicts;

#[path = "../fixture/mod.rs"]
mod fixture;
#[path = "../folder/mod.rs"]
mod folder;

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

use candidacy::pack::program::Program;

/// The files of a pack with every key and every type of fact.
const SAMPLE: [(&str, &str); 5] = [
    ("pack.toml", include_str!("sample/pack.toml")),
    ("facts.toml", include_str!("sample/facts.toml")),
    ("rules.toml", include_str!("sample/rules.toml")),
    ("tissue.toml", include_str!("sample/tissue.toml")),
    ("fhir.toml", include_str!("sample/fhir.toml")),
];

/// The program of the sample.
fn sound() -> Program {
    sample("", "").unwrap_or_else(|why| panic!("{why}"))
}

/// What the sample comes to with another text for one of its files; `Err` with what is wrong.
fn sample(file: &str, text: &str) -> Result<Program, String> {
    let texts = SAMPLE.map(|(name, own)| (name, if name == file { text } else { own }.to_owned()));
    let files = pack::files(texts);
    let compiled = candidacy::pack::compile::compile_files(&files);
    let read = compiled.and_then(|program| candidacy::pack::mapping::open(&files, &program).map(|_| program));
    read.map_err(|refused| refused.lines().collect::<Vec<_>>().join("\n"))
}
