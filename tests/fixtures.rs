//! Every fixture gives the verdict it expects, and together they cover what they are there to cover.

mod fixture;
mod folder;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use candidacy::author::trial::{self, Came};
use candidacy::engine::decide::{Decision, Outcome};
use candidacy::engine::explain::Options;
use candidacy::pack::compile::{Depth, check_files};
use candidacy::pack::shelf::Shelf;
use fixture::{packs, verdict};
use folder::sorted;

/// How many fixtures each pack has at least.
const FEWEST: [(&str, usize); 2] = [("aldesleukin", 120), ("aldesleukin-current-label", 40)];

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
    for (program, fixture) in packs().iter().flat_map(|(program, fixtures)| fixtures.iter().map(move |f| (program, f)))
    {
        let patient = fixture.read.as_ref().map(|read| read.referral.patient.clone()).unwrap_or_default();
        let title = fixture.title.clone().unwrap_or_default();
        for name in [
            format!("the file name {}/{}", program.id, fixture.case),
            format!("the patient {patient}"),
            format!("the title {title}"),
        ] {
            let path = fixture.path.display().to_string();
            if let Some(first) = seen.insert(name.clone(), path.clone()) {
                twice.push(format!("{name} stands for {first} and {path}"));
            }
        }
    }
    assert!(twice.is_empty(), "{}", twice.join("\n"));
}

#[test]
fn every_rule_fires_in_one_is_clear_in_one_and_unknown_in_one_and_every_criterion_is_shown() {
    for (program, fixtures) in packs() {
        let trials = trial::run(&program, &fixtures, None);
        for (what, names) in
            [("fires", trials.never_fired), ("clears", trials.never_cleared), ("shows", trials.never_shown)]
        {
            assert_eq!(names, Some(Vec::new()), "no fixture of {} {what} these", program.id);
        }
        let mut known: BTreeSet<&str> =
            program.rules.iter().filter(|rule| rule.own).map(|rule| rule.id.as_str()).collect();
        for fixture in &fixtures {
            let verdict = verdict(fixture, &program, Options { all: true, as_of_today: false });
            for finding in verdict.findings.iter().filter(|finding| finding.state == Outcome::Unknown) {
                known.remove(finding.rule.as_str());
            }
        }
        assert!(known.is_empty(), "no fixture of {} leaves these unknown: {known:?}", program.id);
    }
}

#[test]
fn there_are_enough_of_them_and_all_verdicts_occur() {
    let packs = packs();
    assert!(!packs.is_empty(), "there are no fixtures");
    for (program, fixtures) in packs {
        let fewest = FEWEST.iter().find(|(pack, _)| *pack == program.id).map_or(1, |(_, fewest)| *fewest);
        let count = fixtures.len();
        assert!(count >= fewest, "{} has {count} fixtures, at least {fewest} are needed", program.id);
        let given: BTreeSet<&str> =
            fixtures.iter().map(|fixture| verdict(fixture, &program, Options::default()).verdict.word()).collect();
        let absent: Vec<&str> =
            Decision::ALL.map(Decision::word).into_iter().filter(|word| !given.contains(word)).collect();
        assert!(absent.is_empty(), "no fixture of {} gives {}", program.id, absent.join(", "));
    }
}
