//! Every fixture gives the verdict it expects, and together they cover what they are there to cover.

mod fixture;
mod folder;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use candidacy::author::trial::{self, Came};
use candidacy::engine::decide::Decision;
use candidacy::engine::explain::Options;
use candidacy::pack::compile::{Depth, check_files};
use candidacy::pack::shelf::Shelf;
use fixture::{packs, verdict};
use folder::sorted;

/// How many fixtures a pack has at least.
const FEWEST: usize = 30;

#[test]
fn every_fixture_gives_what_it_expects() {
    for (program, fixtures) in packs() {
        let trials = trial::run(&program, &fixtures, None);
        let wrong = trials.fixtures.iter().filter(|trial| !matches!(trial.result, Came::Passed));
        let wrong: Vec<String> = wrong.map(|trial| format!("{trial:#?}")).collect();
        assert!(wrong.is_empty(), "{} fixtures of {} differ:\n{}", wrong.len(), program.id, wrong.join("\n"));
        assert_eq!((trials.passed, trials.failed, trials.not_run), (fixtures.len(), 0, 0));
    }
}

#[test]
fn every_shipped_pack_is_sound_and_needs_all_it_defines() {
    let packs = sorted(Path::new("rules"));
    assert!(!packs.is_empty());
    for pack in packs {
        let checked = check_files(&Shelf::Disk.open(&pack), Depth::Notes);
        let found: Vec<String> = checked.diagnostics.iter().map(|found| format!("{found:?}")).collect();
        assert!(checked.program.is_some() && found.is_empty(), "{}:\n{}", pack.display(), found.join("\n"));
    }
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
            fixtures.iter().map(|fixture| verdict(fixture, &program, Options::default()).verdict.word()).collect();
        let absent: Vec<&str> =
            Decision::ALL.map(Decision::word).into_iter().filter(|word| !given.contains(word)).collect();
        assert!(absent.is_empty(), "no fixture of {} gives {}", program.id, absent.join(", "));
    }
}
