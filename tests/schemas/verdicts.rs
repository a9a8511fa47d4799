//! Verdicts as they are printed against their schema.

use candidacy::engine::explain::{Options, explain};
use candidacy::engine::screen::screen;
use candidacy::engine::verdict::Verdict;
use candidacy::report::json;
use candidacy::schema::verdict::schema;
use serde_json::{Value, json};

use crate::checker::Checker;
use crate::dice::{Dice, cases};
use crate::fixture::{packs, verdict};
use crate::pack::Pack;
use crate::reach::Reach;
use crate::referral::Case;

const OPTIONS: [Options; 2] = [Options { all: false, as_of_today: false }, Options { all: true, as_of_today: true }];

fn printed(verdict: &Verdict) -> Value {
    let mut out = Vec::new();
    json::object(verdict, &mut out).expect("it can be written");
    serde_json::from_slice(&out).expect("JSON")
}

/// The verdicts of every fixture.
fn verdicts() -> Vec<Value> {
    let mut all = Vec::new();
    for (program, fixtures) in packs() {
        for options in OPTIONS {
            all.extend(fixtures.iter().map(|fixture| printed(&verdict(fixture, &program, options))));
        }
    }
    all
}

#[test]
fn every_verdict_on_a_fixture_is_taken_alone_and_among_others() {
    let checker = Checker::new(schema());
    let all = verdicts();
    assert!(all.len() > 80, "only {} verdicts", all.len());
    for verdict in &all {
        checker.check(verdict).unwrap_or_else(|why| panic!("{why}\n{verdict:#}"));
    }
    checker.check(&all.into()).expect("an array of verdicts");
}

#[test]
fn every_verdict_on_a_referral_put_together_by_chance_is_taken() {
    let checker = Checker::new(schema());
    for seed in 0..cases(60) {
        let program = Pack::by_chance(&mut Dice::new(seed)).program();
        for of in 0..5 {
            let case = Case::by_chance(&program.dictionary, &mut Dice::new(seed * 5 + of), &mut Reach::default());
            let read = case.read(&program.dictionary);
            for options in OPTIONS {
                let verdict = printed(&explain(&screen(&program, &read.referral, case.as_of), options));
                checker.check(&verdict).unwrap_or_else(|why| panic!("{why}\n{verdict:#}"));
            }
        }
    }
}

#[test]
fn what_no_verdict_is_is_refused() {
    let checker = Checker::new(schema());
    let sound = verdicts().into_iter().find(|verdict| verdict["missing"][0].is_object()).expect("one with a question");
    checker.check(&sound).expect("a verdict");
    let wrong: [(&str, Value); 14] = [
        ("/schema", json!("candidacy/verdict/2")),
        ("/verdict", json!("clear")),
        ("/at_best", json!("Candidate")),
        ("/patient", json!(7)),
        ("/findings", json!({})),
        ("/findings/0/effect", json!("excludes")),
        ("/findings/0/state", json!("open")),
        ("/findings/0/facts", json!([7])),
        ("/findings/0/cite/0/source", json!(["book"])),
        ("/missing/0/state", json!("known")),
        ("/missing/0/decides", json!("one")),
        ("/missing/0/could", json!("fires")),
        ("/pack", json!("aldesleukin")),
        ("/remarks", json!([])),
    ];
    for (place, value) in wrong {
        let mut verdict = sound.clone();
        let (table, key) = place.rsplit_once('/').expect("a place");
        verdict.pointer_mut(table).expect("a table of the verdict")[key] = value;
        assert!(checker.check(&verdict).is_err(), "{place}");
    }
    for key in sound.as_object().expect("a table").keys().filter(|key| *key != "remarks") {
        let mut verdict = sound.clone();
        verdict.as_object_mut().expect("a table").remove(key);
        assert!(checker.check(&verdict).is_err(), "without {key}");
    }
    let mut further = sound.clone();
    further["extra"] = json!(1);
    assert!(checker.check(&further).is_err());
}
