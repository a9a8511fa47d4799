//! Every fixture gives the verdict it expects, and together they cover what they are there to cover.

mod fixture;
mod folder;

use std::collections::{BTreeMap, BTreeSet};

use candidacy::engine::decide::{Decision, Outcome};
use candidacy::engine::explain::Options;
use candidacy::pack::program::Program;
use fixture::{Fixture, packs};

/// How many fixtures a pack has at least.
const FEWEST: usize = 30;

#[test]
fn every_fixture_gives_what_it_expects() {
    let mut wrong = Vec::new();
    for (program, fixtures) in packs() {
        for fixture in &fixtures {
            wrong.extend(
                differences(fixture, &program).into_iter().map(|what| format!("{}: {what}", fixture.path.display())),
            );
        }
    }
    assert!(wrong.is_empty(), "{} fixtures or parts of them differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn file_names_and_patients_are_unique() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut twice = Vec::new();
    for fixture in packs().into_iter().flat_map(|(_, fixtures)| fixtures) {
        let patient = fixture.read.as_ref().map(|read| read.referral.patient.clone()).unwrap_or_default();
        for name in [format!("the file name {}", fixture.case), format!("the patient {patient}")] {
            let path = fixture.path.display().to_string();
            if let Some(first) = seen.insert(name.clone(), path.clone()) {
                twice.push(format!("{name} stands for {first} and {path}"));
            }
        }
    }
    assert!(twice.is_empty(), "{}", twice.join("\n"));
}

#[test]
fn there_are_enough_of_them_and_all_verdicts_occur() {
    let packs = packs();
    assert!(!packs.is_empty(), "there are no fixtures");
    for (program, fixtures) in packs {
        assert!(
            fixtures.len() >= FEWEST,
            "{} has {} fixtures, at least {FEWEST} are needed",
            program.id,
            fixtures.len()
        );
        let given: BTreeSet<&str> =
            fixtures.iter().map(|fixture| fixture.verdict(&program, Options::default()).verdict.word()).collect();
        let every = [
            Decision::Candidate,
            Decision::CandidateWithCautions,
            Decision::Deferred,
            Decision::NotACandidate,
            Decision::Incomplete,
        ];
        let absent: Vec<&str> = every.map(Decision::word).into_iter().filter(|word| !given.contains(word)).collect();
        assert!(absent.is_empty(), "no fixture of {} gives {}", program.id, absent.join(", "));
    }
}

/// What a fixture expects and does not get.
fn differences(fixture: &Fixture, program: &Program) -> Vec<String> {
    let read = match &fixture.read {
        Ok(read) => read,
        Err(why) => return vec![why.clone()],
    };
    let mut wrong = Vec::new();
    if read.as_of_today {
        wrong.push("has no as-of date".to_owned());
    }
    let (expect, verdict) = (fixture.expect(), fixture.verdict(program, Options::default()));
    wrong.extend(expect.unknown.iter().map(|key| format!("`{key}` means nothing in [expect]")));
    match &expect.verdict {
        None => wrong.push("expects no verdict".to_owned()),
        Some(expected) if expected != verdict.verdict.word() => {
            wrong.push(format!("expects {expected} and gets {}", verdict.verdict.word()));
        }
        Some(_) => {}
    }
    let firing = verdict.findings.iter().filter(|finding| finding.state == Outcome::Fires);
    let fires = firing.map(|finding| finding.rule.clone()).collect();
    let missing = verdict.missing.iter().map(|missing| missing.fact.clone()).collect();
    wrong.extend(expect.fires.and_then(|expected| difference("fires", &expected, &fires)));
    wrong.extend(expect.missing.and_then(|expected| difference("missing", &expected, &missing)));
    wrong
}

/// How two sets differ, if they do.
fn difference(what: &str, expected: &BTreeSet<String>, got: &BTreeSet<String>) -> Option<String> {
    let list = |names: Vec<&String>| names.into_iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let (lacks, adds) = (list(expected.difference(got).collect()), list(got.difference(expected).collect()));
    match (lacks.is_empty(), adds.is_empty()) {
        (true, true) => None,
        (false, true) => Some(format!("{what} lacks {lacks}")),
        (true, false) => Some(format!("{what} has {adds} too")),
        (false, false) => Some(format!("{what} lacks {lacks} and has {adds} instead")),
    }
}
