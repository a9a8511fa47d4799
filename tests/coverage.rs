//! What fixtures show of a pack, on the shipped ones: fixtures that were taken out are suggested anew, each suggestion
//! shows what it was written for, and the order of fixtures and the number of threads change nothing.

mod fixture;
mod folder;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use candidacy::analysis::possible;
use candidacy::analysis::site::Inquiry;
use candidacy::author::cover::case::State;
use candidacy::author::cover::{Coverage, cover, screened, suggestions, usual_day};
use candidacy::author::fixture::{Fixture, read};
use candidacy::author::suggest::Suggestion;
use candidacy::author::suggest::write::{Unwritten, write};
use candidacy::input::source::Source;
use candidacy::pack::program::Program;
use candidacy::report::json;

const FOLDER: &str = "fixtures/aldesleukin";

/// The pack with its fixtures.
fn aldesleukin() -> (Program, Vec<Fixture>) {
    fixture::packs().into_iter().find(|(program, _)| program.id == "aldesleukin").expect("it is shipped")
}

fn covered(program: &Program, fixtures: &[Fixture], threads: usize) -> Coverage {
    let screened = screened(program, fixtures);
    assert_eq!(screened.len(), fixtures.len(), "every fixture can be screened");
    let day = usual_day(screened.iter().map(|own| &own.screening)).expect("there are fixtures");
    cover(program, &screened, day, threads)
}

/// What is shown: the rule, and the number of the case.
fn shown(coverage: &Coverage) -> Vec<(String, usize)> {
    let cases = coverage.rules.iter().flat_map(|rule| {
        let cases = rule.cases.iter().enumerate();
        cases.filter(|(_, case)| matches!(case.state, State::Shown { .. })).map(|(nth, _)| (rule.rule.clone(), nth))
    });
    cases.collect()
}

fn suggested(program: &Program, name: &str, text: &str) -> Fixture {
    let path = Path::new(FOLDER).join(format!("{name}.toml"));
    let source = Source { name: path.display().to_string(), text: text.to_owned() };
    read(Path::new(FOLDER), path, source, program)
}

#[test]
fn fixtures_that_were_taken_out_are_suggested_anew() {
    let (program, all) = aldesleukin();
    let whole = covered(&program, &all, 2);
    let used =
        |fixture: &Fixture| all.iter().any(|other| other.source.text.contains(&format!("\"{}.toml\"", fixture.case)));
    // Ten that alone show something.
    let alone: Vec<&String> = whole
        .rules
        .iter()
        .flat_map(|rule| &rule.cases)
        .filter_map(|case| match &case.state {
            State::Shown { fixture, times: 1 } => Some(fixture),
            _ => None,
        })
        .collect();
    let mut out: Vec<&str> = Vec::new();
    for fixture in all.iter().filter(|fixture| alone.contains(&&fixture.name) && !used(fixture)).step_by(3).take(10) {
        out.push(&fixture.name);
    }
    assert_eq!(out.len(), 10, "{out:?}");
    let mut fewer: Vec<Fixture> = all.iter().filter(|own| !out.contains(&own.name.as_str())).cloned().collect();
    let holes = covered(&program, &fewer, 2);
    assert!(holes.total.shown < whole.total.shown, "ten fixtures show something");
    let suggestions = suggestions(&program, &holes, Path::new(FOLDER), &fewer, &BTreeSet::new());
    println!("{} fixtures suggested for {} cases", suggestions.len(), holes.total.missing);
    fewer.extend(suggestions.iter().map(|own| suggested(&program, &own.name, &own.text)));
    let mended = covered(&program, &fewer, 2);
    let lost: Vec<_> = shown(&whole).into_iter().filter(|case| !shown(&mended).contains(case)).collect();
    assert!(lost.is_empty(), "{lost:?}");
    assert!(mended.total.percent >= whole.total.percent, "{:?} {:?}", mended.total, whole.total);
    // None is needless: without any of them something is missing.
    for (nth, suggestion) in suggestions.iter().enumerate() {
        let own = format!("{FOLDER}/{}.toml", suggestion.name);
        let rest: Vec<Fixture> = fewer.iter().filter(|fixture| fixture.source.name != own).cloned().collect();
        if nth % 4 == 0 {
            assert!(covered(&program, &rest, 2).total.shown < mended.total.shown, "{own} is needless");
        }
    }
}

#[test]
fn a_suggested_fixture_shows_what_it_was_written_for() {
    let (program, all) = aldesleukin();
    let bases: Vec<Fixture> = all.into_iter().filter(|own| own.case.starts_with("fit-")).collect();
    let bare = covered(&program, &bases, 2);
    let suggestions = suggestions(&program, &bare, Path::new(FOLDER), &bases, &BTreeSet::new());
    let missing = bare.rules.iter().flat_map(|rule| {
        let cases = rule.cases.iter().filter(|case| matches!(case.state, State::Missing { .. }));
        cases.map(|case| (rule.index, case.goals.clone()))
    });
    let missing: Vec<(usize, Vec<usize>)> = missing.collect();
    assert!(suggestions.len() > 100, "{}", suggestions.len());
    for suggestion in &suggestions {
        let alone = [suggested(&program, &suggestion.name, &suggestion.text)];
        let screened = &screened(&program, &alone)[0].screening;
        assert!(!suggestion.shows.is_empty());
        for (rule, goals) in suggestion.shows.iter().map(|wanted| missing[*wanted].clone()) {
            let inquiry = Inquiry::new(&program.rules[rule], &program.dictionary);
            let shown = goals.iter().any(|goal| possible::shown(&inquiry, rule, screened, *goal));
            assert!(shown, "{} and {goals:?}", suggestion.name);
        }
    }
}

#[test]
fn a_file_that_cannot_be_written_is_named_with_what_was_written_before() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("suggested");
    let _absent = fs::remove_dir_all(&folder);
    let of = |name: &str| Suggestion { name: name.to_owned(), base: None, text: name.to_owned(), shows: vec![0] };
    write(&[of("age-2")], &folder, &folder).expect("the folder is made");
    let again = write(&[of("age-1"), of("age-2"), of("age-3")], &folder, &folder);
    let Err(Unwritten::Failed { path, written, .. }) = again else { panic!("{again:?}") };
    assert_eq!((path, written), (folder.join("age-2.toml"), vec![folder.join("age-1.toml")]));
    assert_eq!(fs::read_to_string(folder.join("age-2.toml")).ok().as_deref(), Some("age-2"));
    assert!(!folder.join("age-3.toml").exists());
}

#[test]
fn neither_order_nor_threads_change_what_is_shown() {
    let (program, mut all) = aldesleukin();
    let text = |coverage: &Coverage| {
        let mut bytes = Vec::new();
        json::object(coverage, &mut bytes).expect("memory can be written to");
        String::from_utf8(bytes).expect("text")
    };
    let one = covered(&program, &all, 1);
    assert_eq!(text(&one), text(&covered(&program, &all, 3)));
    all.reverse();
    assert_eq!(shown(&one), shown(&covered(&program, &all, 2)));
}
