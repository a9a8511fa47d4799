//! Referrals against the schema of their pack's facts and against the reader.

use std::path::Path;

use candidacy::pack::compile::compile;
use candidacy::pack::program::Program;
use candidacy::pack::shelf::Shelf;
use candidacy::schema::facts::schema;

use crate::checker::{Checker, json};
use crate::dice::{Dice, cases};
use crate::fixture::packs;
use crate::pack::Pack;
use crate::reach::Reach;
use crate::referral::{Case, read};
use crate::sound;

#[test]
fn every_fixture_is_taken() {
    for (program, fixtures) in packs() {
        let checker = Checker::new(schema(&program));
        for fixture in fixtures {
            let name = fixture.path.display();
            checker.check_toml(&fixture.source.text).unwrap_or_else(|why| panic!("{name}: {why}"));
        }
    }
}

#[test]
fn every_referral_put_together_by_chance_is_taken() {
    let shipped = compile(Shelf::Disk, Path::new("rules/aldesleukin")).expect("a sound pack");
    all_are_taken(&shipped, 0..cases(150));
    all_are_taken(&sound(), 0..cases(300));
    for seed in 0..cases(10) {
        all_are_taken(&Pack::by_chance(&mut Dice::new(seed)).program(), seed * 20..seed * 20 + 20);
    }
}

fn all_are_taken(program: &Program, seeds: std::ops::Range<u64>) {
    let checker = Checker::new(schema(program));
    for seed in seeds {
        let case = Case::by_chance(&program.dictionary, &mut Dice::new(seed), &mut Reach::default());
        case.read(&program.dictionary);
        checker.check_toml(&case.toml()).unwrap_or_else(|why| panic!("{why}\nof seed {seed}\n{}", case.toml()));
        let json = serde_json::from_str(&case.json()).expect("JSON");
        checker.check(&json).unwrap_or_else(|why| panic!("{why}\nof seed {seed}\n{}", case.json()));
    }
}

/// What may be said of the facts of the sample.
const RIGHT: [&str; 62] = [
    "ready = true",
    "ready = \"Unknown\"",
    "ready = \"not-done\"",
    "ready = { value = false, on = 2026-11-02 }",
    "ready = { value = \"pending\" }",
    "ready = { status = \"pending\", on = 2026-11-02T10:30:00, source = \"clinic\" }",
    "ready = [{ value = true, on = 2026-11-02 }, { status = \"NOT  DONE\", on = \"2026-11-03 10:30Z\" }]",
    "visits = 3",
    "visits = { value = 3, source = \"clinic\" }",
    "visits = { value = 2.0, unit = \"wk\" }",
    "visits = { value = 72, unit = \"h\", on = \"2026-11-02T10:30+01:00\" }",
    "visits = { at_least = 3, below = 9 }",
    "visits = { above = 1.0, unit = \"wk\" }",
    "visits = { value = \"pending\" }",
    "visits = { value = \"unknown\", unit = \"d\" }",
    "count = 20",
    "count = 0x10",
    "count = +3",
    "count = { above = 3, at_most = 1000 }",
    "ratio = 0.25",
    "ratio = 10",
    "ratio = { value = 1e-1, range = [1, 2.5], on = 2026-11-02 }",
    "ratio = { below = 0.1 }",
    "level = \"unknown\"",
    "level = { value = 1.1, unit = \"mg/dL\" }",
    "level = { value = 97, unit = \"umol/L\", range = [60, 105], on = 2026-11-02, source = \"lab\" }",
    "level = { value = 1, unit = \"MG/DL\" }",
    "level = { value = 'pending', on = 2026-11-02 }",
    "level = { at_most = 300, unit = \"umol/L\" }",
    "level = { status = \"not done\", range = [1, 2] }",
    "level = [{ value = 1, unit = \"mg/dL\", on = 2026-11-02 }]",
    "since = 2020-02-29",
    "since = 1961",
    "since = \"1961\"",
    "since = \"1961-04\"",
    "since = \"1961-04-02\"",
    "since = 2020-02-29T10:00:00Z",
    "since = { at_least = 1961, below = \"1962-07\" }",
    "since = { value = \"1961-04\", on = \"2026-11-02T10:30.5\" }",
    "since = { above = 1961-04-02 }",
    "result = \"normal\"",
    "result = \" NORMAL \"",
    "result = \"not-Normal\"",
    "result = \"Grade_2+\"",
    "result = { value = \"gradE 2+\", on = 2026-11-02 }",
    "result = \"un\u{212a}nown\"",
    "graft = \"ren\"",
    "graft = \"somewhere\"",
    "graft = \"other: a tail of another kind\"",
    "graft = { value = \"KIDNEY\", source = \"letter\" }",
    "tissues = []",
    "tissues = [\"kidney\", \"unheard of\", \"pending\"]",
    "tissues = \"unknown\"",
    "tissues = { value = [\"organ\"], complete = false, on = 2026-11-02 }",
    "tissues = { status = \"unknown\", source = \"letter\" }",
    "tissues = { complete = true }",
    "colours = { value = \"not done\" }",
    "colours = [\"Red\"]",
    "doses = [{ amount = { value = 0.4, unit = \"g\" }, outcome = \"Good\" }, {}, { tissue = \"pending\", day = 2019 }]",
    "doses = [{ amount = { below = 1, unit = \"g\" }, outcome = { status = \"unknown\" } }, \"pending\"]",
    "twice = { value = 2, unit = \"mg/dL\" }",
    "finding = \"normal\"",
];

#[test]
fn whatever_the_reader_takes_is_taken() {
    let program = sound();
    let checker = Checker::new(schema(&program));
    for said in RIGHT {
        let text = format!("[facts]\n{said}");
        read(&text, &program.dictionary).unwrap_or_else(|why| panic!("the reader refuses `{said}`: {why}"));
        checker.check_toml(&text).unwrap_or_else(|why| panic!("the schema refuses `{said}`: {why}"));
    }
    for header in [
        "patient = 1042",
        "title = \"t\"",
        "criteria = [{ a = [1, true, { b = 2020-01-01 }] }]",
        "as_of = \"2026-11-21\"",
    ] {
        let text = format!("{header}\n[facts]\n");
        read(&text, &program.dictionary).unwrap_or_else(|why| panic!("the reader refuses `{header}`: {why}"));
        checker.check_toml(&text).unwrap_or_else(|why| panic!("the schema refuses `{header}`: {why}"));
    }
    let on_another = "base = \"other.toml\"\nwithout = [\"ready\", \"twice\"]\nremarks = \"none\"";
    checker.check_toml(on_another).expect("a referral on another may state nothing itself");
}

/// What may not be said of them.
const WRONG: [&str; 66] = [
    "readdy = true",
    "Ready = true",
    "ready = \"yes\"",
    "ready = 1",
    "ready = [true]",
    "ready = []",
    "ready = [{ value = true }]",
    "ready = {}",
    "ready = { valeu = true }",
    "ready = { value = true, status = \"pending\" }",
    "ready = { value = true, unit = \"d\" }",
    "ready = { value = true, complete = true }",
    "ready = { at_least = true }",
    "ready = { status = \"done\" }",
    "ready = { value = true, on = \"yesterday\" }",
    "ready = { value = true, on = 2026 }",
    "ready = { value = true, on = \"2026-11\" }",
    "ready = { value = true, source = 7 }",
    "ready = { value = true, range = [1, 2] }",
    "visits = 3.5",
    "visits = 401",
    "visits = \"3\"",
    "visits = { value = 3.5 }",
    "visits = { value = 500 }",
    "visits = { at_least = 1.5 }",
    "visits = { value = 3, unit = 7 }",
    "visits = { value = 3, range = [1, 2] }",
    "visits = { at_least = 3, above = 4 }",
    "visits = { at_most = 3, below = 4 }",
    "visits = { value = 3, below = 4 }",
    "visits = { status = \"unknown\", below = 4 }",
    "count = -1",
    "count = { value = 3, unit = \"d\" }",
    "ratio = \"1/2\"",
    "ratio = 11",
    "ratio = { value = 1, range = [1] }",
    "ratio = { value = 1, range = [1, 2, 3] }",
    "ratio = { value = 1, range = { low = 1, high = 2 } }",
    "level = 1.1",
    "level = { value = 1.1 }",
    "level = { at_most = 1.1 }",
    "level = [{ value = 1, unit = \"mg/dL\", on = 2026-11-02 }, 3]",
    "since = true",
    "since = 61",
    "since = \"April 1961\"",
    "since = \"02.04.1961\"",
    "since = 10:30:00",
    "since = { at_least = \"long ago\" }",
    "result = \"nrmal\"",
    "result = [\"normal\"]",
    "result = \"notnormal\"",
    "graft = 7",
    "graft = \"none\"",
    "graft = [\"kidney\"]",
    "tissues = \"kidney\"",
    "tissues = [7]",
    "tissues = [{ value = \"kidney\", donor = 1 }]",
    "tissues = { value = \"kidney\" }",
    "tissues = { complete = false }",
    "tissues = { complete = true, on = 2026-11-02 }",
    "tissues = { status = \"unknown\", complete = false }",
    "tissues = { value = \"unknown\", complete = false }",
    "colours = [\"blue\"]",
    "doses = [{ amonut = \"unknown\" }]",
    "doses = [{ outcome = \"fine\" }]",
    "doses = [{ amount = 3 }]",
];

#[test]
fn what_the_reader_refuses_is_marked() {
    let program = sound();
    let checker = Checker::new(schema(&program));
    let headers = [
        "pateint = \"x\"",
        "patient = true",
        "as_of = \"today\"",
        "as_of = 2026-11-21T10:00:00",
        "title = 7",
        "remarks = []",
        "base = 7",
        "without = \"ready\"",
        "without = [\"redy\"]",
        "fact.ready = true",
    ];
    let facts = WRONG.map(|said| format!("[facts]\n{said}"));
    let headers = headers.map(|header| format!("{header}\n[facts]\n"));
    for text in facts.iter().chain(&headers).map(String::as_str).chain(["patient = \"x\"", "facts = []"]) {
        assert!(read(text, &program.dictionary).is_err(), "the reader takes\n{text}");
        assert!(checker.check_toml(text).is_err(), "the schema takes\n{text}");
    }
}

#[test]
fn what_a_test_expects_is_of_the_pack() {
    let checker = Checker::new(schema(&sound()));
    let text = |expect: &str| format!("[facts]\n[expect]\n{expect}\n");
    for right in
        ["verdict = \"candidate\"", "fires = [\"one\", \"two\"]", "fires = []", "missing = [\"doses[1].amount\"]"]
    {
        checker.check_toml(&text(right)).unwrap_or_else(|why| panic!("{right}: {why}"));
    }
    for wrong in [
        "verdict = \"candidat\"",
        "verdict = \"clear\"",
        "fires = [\"three\"]",
        "fires = \"one\"",
        "fire = []",
        "missing = [7]",
    ] {
        assert!(checker.check_toml(&text(wrong)).is_err(), "{wrong}");
    }
}

#[test]
fn a_fact_is_described_by_its_question_its_limits_and_an_example_that_is_right() {
    for program in [sound(), compile(Shelf::Disk, Path::new("rules/aldesleukin")).expect("a sound pack")] {
        let schema = schema(&program);
        for (_, fact) in program.dictionary.facts() {
            let own = &schema["properties"]["facts"]["properties"][&fact.name];
            assert_eq!(own["title"], fact.label, "{}", fact.name);
            let about = own["description"].as_str().expect("a description");
            assert!(about.starts_with(&fact.question), "{about}");
            let (_, example) = about.split_once("For example `").expect("an example");
            let (example, _) = example.split_once("`.").expect("its end");
            let text = format!("as_of = 2026-11-21\n[facts]\n{} = {example}", fact.name);
            read(&text, &program.dictionary).unwrap_or_else(|why| panic!("{text}: {why}"));
        }
    }
    let schema = schema(&sound());
    let about = |name: &str| schema["properties"]["facts"]["properties"][name]["description"].clone();
    assert_eq!(
        about("level"),
        "What is the level? Shown under g. In mg/dL, from 0, up to 30, normal 0.5 to 1.2. A result counts for 60 days, \
         so give `on`. For example `{ value = 0.5, unit = \"mg/dL\" }`."
    );
    assert_eq!(json("a = 1")["a"], 1);
}
