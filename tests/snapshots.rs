//! The report of every fixture stands beside it and changes only on purpose; so does the JSON of a dozen of them.
//! `INSTA_UPDATE=always cargo test --test snapshots` writes them anew.

mod fixture;
mod folder;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use candidacy::engine::explain::Options;
use candidacy::engine::verdict::Verdict;
use candidacy::report::layout::Layout;
use candidacy::report::{json, text};
use fixture::{packs, verdict};
use folder::sorted;

/// The columns of a report that goes to no terminal.
const WIDTH: usize = 80;

/// The fixtures whose JSON is kept, too: every verdict, every shape that a finding or a missing fact takes.
const IN_JSON: [&str; 12] = [
    "age-18-today",                                // a derived fact; sources that differ
    "clinic-03-misspelt-medicine",                 // a term nobody knows, a series, a birth year, remarks
    "fit-renal-cell",                              // nothing to say but the requirements met
    "graft-donor-not-said",                        // a missing field of a record
    "letter-kidney-transplant-recipient",          // a record that bars
    "immune-open-list-unlisted-disease",           // a term in no class
    "heart-and-lung-tests-91-days-old",            // a stale result, and a setting that says so
    "infection-shingles-active",                   // a deferral
    "lung-tests-abnormal-fev1-normal",             // a quantity with its own normal range; a note
    "pregnancy-recorded-of-a-man",                 // a conflict
    "several-abnormal-thallium-lung-test-missing", // a bar, and what it leaves unchecked
    "several-deferred-could-be-barred",            // a range under a settled verdict
];

#[test]
fn every_fixture_gives_the_report_that_stands_beside_it() {
    let mut wrong = Vec::new();
    for (program, fixtures) in packs() {
        for fixture in fixtures {
            let verdict = verdict(&fixture, &program, Options::default());
            wrong.extend(differs(&fixture.path, &fixture.case, &report(&verdict)));
        }
    }
    assert!(wrong.is_empty(), "{} reports differ: {}", wrong.len(), wrong.join(", "));
}

#[test]
fn a_dozen_fixtures_give_the_json_that_stands_beside_them() {
    let mut wrong = Vec::new();
    for (program, fixtures) in packs() {
        for fixture in fixtures.into_iter().filter(|fixture| IN_JSON.contains(&fixture.case.as_str())) {
            let mut verdict = verdict(&fixture, &program, Options::default());
            // It changes with every edit of the pack, and says nothing about this referral.
            verdict.pack.digest = "sha256:(of the pack)".to_owned();
            let mut bytes = Vec::new();
            json::object(&verdict, &mut bytes).expect("written to memory");
            let text = String::from_utf8(bytes).expect("JSON is UTF-8");
            wrong.extend(differs(&fixture.path, &format!("{}.json", fixture.case), &text));
        }
    }
    assert!(wrong.is_empty(), "{} JSON reports differ: {}", wrong.len(), wrong.join(", "));
}

#[test]
fn every_snapshot_belongs_to_a_fixture() {
    let folders = sorted(Path::new("fixtures")).into_iter().filter(|path| path.is_dir());
    let files: Vec<PathBuf> = folders.flat_map(|folder| sorted(&folder)).collect();
    let orphans: Vec<String> = files
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "snap"))
        .filter(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let json = name.strip_suffix(".json");
            let fixture = path.with_file_name(format!("{}.toml", json.unwrap_or(&name)));
            !files.contains(&fixture) || json.is_some_and(|case| !IN_JSON.contains(&case))
        })
        .map(|path| path.display().to_string())
        .collect();
    assert!(orphans.is_empty(), "no fixture gives these any more, delete them: {}", orphans.join(", "));
    for case in IN_JSON {
        assert!(files.iter().any(|path| path.ends_with(format!("{case}.toml"))), "there is no fixture {case}");
    }
}

#[test]
fn no_line_of_a_report_is_wider_than_the_page_or_ends_in_spaces() {
    let mut wrong = Vec::new();
    for (program, fixtures) in packs() {
        for fixture in fixtures {
            let report = report(&verdict(&fixture, &program, Options { all: true, ..Options::default() }));
            let bad = report.lines().filter(|line| line.chars().count() > WIDTH || line.ends_with(' '));
            wrong.extend(bad.map(|line| format!("{}: {line:?}", fixture.case)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn report(verdict: &Verdict) -> String {
    let mut bytes = Vec::new();
    text::write(verdict, Layout { width: WIDTH, colour: false }, &mut bytes).expect("written to memory");
    String::from_utf8(bytes).expect("a report is UTF-8")
}

/// The name, if the text is not what the snapshot beside the fixture says.
fn differs(fixture: &Path, name: &str, text: &str) -> Option<String> {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new("..").join(fixture.parent().expect("a folder")));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let same = catch_unwind(AssertUnwindSafe(|| settings.bind(|| insta::assert_snapshot!(name, text))));
    same.is_err().then(|| name.to_owned())
}
