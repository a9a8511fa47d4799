//! Mutants of the shipped packs: however many threads look at them, they come to the same; and what fixtures notice of
//! them is what they notice when the mutant is run in the place of its rule.

mod fixture;
mod folder;

use std::collections::BTreeSet;
use std::path::Path;

use candidacy::author::difference::{Given, differences};
use candidacy::author::fixture::{Fixture, read as fixture_of};
use candidacy::author::mutant::mutants;
use candidacy::author::mutate::cases::Cases;
use candidacy::author::mutate::judge::noticed;
use candidacy::author::mutate::suggested::suggestions;
use candidacy::author::mutate::{Plan, run};
use candidacy::author::trial;
use candidacy::engine::explain::{Options, explain};
use candidacy::engine::screen::Screener;
use candidacy::input::source::Source;
use candidacy::pack::compile::compile_files;
use candidacy::pack::lower::lower;
use candidacy::pack::lower::tree::Reader;
use candidacy::pack::names::Names;
use candidacy::pack::program::{Program, Test};
use candidacy::pack::shelf::Shelf;
use candidacy::pack::typed::Typed;
use candidacy::pack::written;
use fixture::packs;

fn report(program: &Program, fixtures: &[Fixture], jobs: usize) -> String {
    let plan = Plan { rules: None, all: true, jobs, done: &|_, _| {} };
    let mutated = run(program, fixtures, &plan).unwrap_or_else(|failed| panic!("{} fixtures fail", failed.len()));
    serde_json::to_string_pretty(&mutated).expect("it can be written")
}

#[test]
fn any_number_of_threads_comes_to_the_same() {
    for (program, fixtures) in packs() {
        let one = report(&program, &fixtures, 1);
        assert!(one == report(&program, &fixtures, 5), "{} differs", program.id);
    }
}

/// Whether a fixture fails under a program, screened and explained.
fn fails(screener: &Screener, fixture: &Fixture) -> bool {
    let read = fixture.read.as_ref().unwrap_or_else(|why| panic!("{} is rejected: {why:?}", fixture.path.display()));
    let screening = screener.screen(&read.referral, read.referral.as_of.expect("reading sets the date"));
    let verdict = explain(&screening, Options { all: true, as_of_today: false });
    !differences(&fixture.expect, &Given::of(&screening, &verdict)).is_empty()
}

#[test]
fn what_fixtures_notice_they_notice_when_the_mutant_is_run() {
    for (program, fixtures) in packs() {
        let cases = Cases::new(&program, &fixtures).unwrap_or_else(|failed| panic!("{} fixtures fail", failed.len()));
        let (mut killed, mut survived) = (0, 0);
        for rule in 0..program.rules.len() {
            for mutant in mutants(&program, rule) {
                let by = noticed(&cases, &[(rule, &mutant.mutated)]);
                let mut other = program.clone();
                other.rules[rule] = mutant.mutated.clone();
                let screener = Screener::new(&other);
                match by {
                    Some(by) => {
                        assert!(fails(&screener, &fixtures[by]), "{:?}", mutant.mutated);
                        killed += 1;
                    }
                    // Running every fixture takes its time: a few mutants will do.
                    None if survived < 3 => {
                        assert!(!fixtures.iter().any(|fixture| fails(&screener, fixture)), "{:?}", mutant.mutated);
                        survived += 1;
                    }
                    None => {}
                }
            }
        }
        println!("{}: {killed} killed", program.id);
        assert!(killed > 300, "{}: only {killed} are killed", program.id);
    }
}

#[test]
fn mutants_of_shipped_rules_are_written_as_scripts_that_mean_them() {
    for (program, _) in packs() {
        let reader = Reader::new();
        let names = Names { dictionary: &program.dictionary, settings: &program.settings };
        let (mut same, mut refused) = (0, Vec::new());
        for mutant in (0..program.rules.len()).flat_map(|rule| mutants(&program, rule)) {
            let Test::Lowered(cond) = &mutant.mutated.test else { continue };
            let text = written::cond(cond, &program.dictionary);
            let script = reader.parse(&text).unwrap_or_else(|(_, mistake)| panic!("{text}: {}", mistake.message()));
            match lower(&reader, &script, names).meaning {
                Some(Typed::Cond(lowered)) => {
                    assert_eq!(text, written::cond(&lowered, &program.dictionary));
                    same += 1;
                }
                // A number one step off may lie beyond all that its fact can be.
                _ => refused.push(text),
            }
        }
        assert!(same > 300 && refused.len() * 20 < same, "{same} {refused:#?}");
    }
}

/// Five rules of the source pack, each weakened in another way: what stands there, and what is written instead.
const WEAKENED: [(&str, &str, &str); 5] = [
    ("under-18", "exclude = 'age < 18'", "exclude = 'age < 17'"),
    ("thallium", "require = 'thallium_stress_test == \"normal\"'", "require = 'thallium_stress_test != \"equivocal\"'"),
    (
        "seizures",
        "exclude = 'events.some(|e| e.event.is_a(\"seizures\") && e.when in [\"current\", \"on-aldesleukin\"])'",
        "exclude = 'events.some(|e| e.event.is_a(\"seizures\") && e.when == \"current\")'",
    ),
    (
        "aldesleukin-allergy",
        "exclude = 'aldesleukin_reaction in [\"mild\", \"severe\"]'",
        "defer = 'aldesleukin_reaction in [\"mild\", \"severe\"]'",
    ),
    (
        "drowsiness",
        "defer   = 'drowsiness in [\"moderate\", \"severe\"]'",
        "when    = 'ecog >= 2'\ndefer   = 'drowsiness in [\"moderate\", \"severe\"]'",
    ),
];

#[test]
fn fixtures_name_each_rule_that_is_weakened() {
    let (program, fixtures) =
        packs().into_iter().find(|(program, _)| program.id == "aldesleukin").expect("it is shipped");
    let plain = trial::run(&program, &fixtures, None);
    assert_eq!(plain.failed, 0);
    for (place, there, instead) in WEAKENED {
        let mut files = Shelf::Disk.open(Path::new("rules/aldesleukin"));
        let rules = files.files.iter_mut().find(|file| file.name == "rules.toml").expect("the rules");
        assert!(rules.source.text.contains(there), "there is no `{there}`");
        rules.source.text = rules.source.text.replacen(there, instead, 1);
        let weak = compile_files(&files).unwrap_or_else(|refused| panic!("{:?}", refused.lines().collect::<Vec<_>>()));
        let trials = trial::run(&weak, &fixtures, None);
        let json = serde_json::to_value(&trials).expect("it can be written");
        let failed = json["fixtures"].as_array().expect("a list").iter().filter(|own| own["result"] == "failed");
        let named = failed.filter(|own| own["rules"].to_string().contains(&format!("\"{place}"))).count();
        assert!(named > 0, "no fixture that fails names the rule {place}");
        println!("{place}: named by {named} of {} fixtures that fail", trials.failed);
    }
}

#[test]
fn a_suggested_fixture_notices_what_it_was_written_for() {
    let folder = Path::new("fixtures/aldesleukin");
    let (program, all) = packs().into_iter().find(|(program, _)| program.id == "aldesleukin").expect("it is shipped");
    let few: Vec<Fixture> =
        all.into_iter().filter(|own| own.case.starts_with("fit-") || own.case.starts_with("age-")).collect();
    let rules = (0..program.rules.len()).step_by(3).collect();
    let plan = Plan { rules: Some(rules), all: false, jobs: 2, done: &|_, _| {} };
    let of = |fixtures: &[Fixture]| {
        run(&program, fixtures, &plan).unwrap_or_else(|failed| panic!("{} fixtures fail", failed.len()))
    };
    let before = of(&few);
    let (suggestions, survivors) = suggestions(&program, &before, folder, &few, &BTreeSet::new());
    let noticed: usize = suggestions.iter().map(|own| own.shows.len()).sum();
    let mut more = few.clone();
    more.extend(suggestions.iter().map(|own| {
        let path = folder.join(format!("{}.toml", own.name));
        let source = Source { name: path.display().to_string(), text: own.text.clone() };
        fixture_of(folder, path, source, &program)
    }));
    let after = of(&more);
    println!("{survivors} survivors, {} fixtures suggested, {} survivors then", suggestions.len(), after.total.survive);
    assert!(survivors > 50 && noticed * 10 > survivors * 9, "{noticed} of {survivors}");
    assert_eq!(after.total.survive, survivors - noticed);
}
