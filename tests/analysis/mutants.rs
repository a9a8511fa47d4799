//! Mutants of packs by chance: one that is called equivalent never differs, for any patient; a patient who is shown tells
//! it from its rule; and what fixtures notice is what they would notice screened and explained anew.

use std::path::PathBuf;

use candidacy::analysis::compare::told;
use candidacy::author::difference::{Given, differences};
use candidacy::author::expect::{Expect, Stated};
use candidacy::author::fixture::Fixture;
use candidacy::author::mutant::{Kind, lines, mutants};
use candidacy::author::mutate::apart::{Apart, effects, rules};
use candidacy::author::mutate::cases::Cases;
use candidacy::author::mutate::judge::noticed;
use candidacy::engine::decide::Outcome;
use candidacy::engine::explain::{Options, explain};
use candidacy::engine::screen::{Screener, Screening};
use candidacy::input::referral::{Dates, Read, read_text};
use candidacy::input::source::Source;
use candidacy::model::referral::Referral;
use candidacy::pack::program::{Effect, Program};

use crate::dice::{Dice, cases};
use crate::{day, pack, patients, rest, rule};

fn by_chance(seed: u64) -> Program {
    let mut dice = Dice::new(seed ^ 0xA11);
    let rules: Vec<String> = (0..3).map(|id| rule(&mut dice, id)).collect();
    pack(&rules, &rest(&mut dice))
}

/// The program with a rule that is another.
fn with(program: &Program, rule: usize, mutated: &candidacy::pack::program::Rule) -> Program {
    let mut other = program.clone();
    other.rules[rule] = mutated.clone();
    other
}

/// What tells a mutant from its rule: an outcome, of a note whether it fires, and of an effect the verdict.
fn seen(screening: &Screening, rule: usize, kind: Kind, effect: Effect) -> String {
    match told(screening.outcomes[rule]) {
        _ if kind == Kind::Effect => screening.decided.verdict.word().to_owned(),
        Outcome::Unknown | Outcome::Clear if effect == Effect::Note => "silent".to_owned(),
        outcome => outcome.word().to_owned(),
    }
}

#[test]
fn a_mutant_that_is_called_equivalent_differs_for_nobody() {
    let (mut equivalent, mut shown) = (0, 0);
    for seed in 0..cases(4) {
        let program = by_chance(seed);
        let patients = patients(&program);
        let screener = Screener::new(&program);
        let was: Vec<Screening> = patients.iter().map(|patient| screener.screen(patient, day())).collect();
        for index in 0..program.rules.len() {
            let effect = program.rules[index].effect;
            for mutant in mutants(&program, index) {
                let found = match mutant.kind {
                    Kind::Effect => effects(&program, &[(index, mutant.mutated.effect.weight())], day()),
                    _ => rules(&program, index, &[&mutant.mutated], day()),
                };
                let other = with(&program, index, &mutant.mutated);
                let others = Screener::new(&other);
                let differ = |patient: &Referral, was: &Screening| {
                    let is = others.screen(patient, day());
                    let of = |screening: &Screening| seen(screening, index, mutant.kind, effect);
                    (of(was), of(&is))
                };
                match &found[0] {
                    Apart::Never => {
                        for (patient, was) in patients.iter().zip(&was) {
                            let (a, b) = differ(patient, was);
                            assert_eq!(a, b, "seed {seed}: {:?} of {:?}", mutant.mutated, program.rules[index]);
                        }
                        equivalent += 1;
                    }
                    Apart::By(witness, ..) => {
                        let source = Source { name: "witness".to_owned(), text: witness.toml() };
                        let read = read_text(source, &program.dictionary, Dates { asked: None, today: day() });
                        let referral = read.expect("a witness is a referral").referral;
                        let (a, b) = differ(&referral, &screener.screen(&referral, day()));
                        assert_ne!(a, b, "seed {seed}: {}", witness.toml());
                        shown += 1;
                    }
                    Apart::Undecided => panic!("seed {seed}: undecided, and nothing is out of reach"),
                }
            }
        }
    }
    println!("{equivalent} mutants are equivalent, {shown} are told apart");
    assert!(equivalent > 3 && shown > 50, "{equivalent} equivalent, {shown} told apart");
}

#[test]
fn bounds_may_lie_outside_a_range_of_their_own() {
    let rule = "[[rule]]\nid = \"r0\"\ntitle = \"t\"\ncaution = 'is_low(n) && (n > 3 || n <= 3)'\nbecause = \"b\"\ncite = [{ source = \"s\", at = \"1\" }]\n";
    let program = pack(&[rule.to_owned()], "");
    let dropped = mutants(&program, 0).into_iter().find(|mutant| {
        mutant.kind == Kind::Dropped
            && lines(&program, &program.rules[0], &mutant.mutated)[0].is.as_deref() == Some("caution = 'is_low(n)'")
    });
    let found = rules(&program, 0, &[&dropped.expect("a part is dropped").mutated], day());
    assert!(matches!(&found[0], Apart::By(_, "unknown", "fires")), "{found:?}");
}

/// A fixture that expects what comes of a patient, or some of it.
fn fixture(screening: &Screening, referral: &Referral, dice: &mut Dice) -> Fixture {
    let given = given(screening);
    let expect = Expect {
        line: 1,
        verdict: Some(Stated { value: given.verdict, line: 1 }),
        fires: dice.in_hundred(70).then(|| Stated { value: given.fires.into_iter().collect(), line: 1 }),
        missing: dice.in_hundred(70).then(|| Stated { value: given.missing.into_iter().collect(), line: 1 }),
    };
    let source = Source { name: "by chance".to_owned(), text: String::new() };
    let read = Ok(Read { referral: referral.clone(), as_of_today: false });
    let (name, case) = (String::new(), String::new());
    Fixture { path: PathBuf::new(), name, case, title: None, source, criteria: Vec::new(), expect, read }
}

fn given(screening: &Screening) -> Given {
    Given::of(screening, &explain(screening, Options { all: true, as_of_today: false }))
}

#[test]
fn fixtures_notice_what_they_notice_screened_anew() {
    let (mut by_verdict, mut by_missing, mut unnoticed) = (0, 0, 0);
    for seed in 0..cases(40) {
        let program = by_chance(seed + 1_000);
        let mut dice = Dice::new(seed);
        let patients = patients(&program);
        let screener = Screener::new(&program);
        let picked: Vec<&Referral> = (0..6).map(|_| dice.pick(&patients)).collect();
        let fixtures: Vec<Fixture> =
            picked.iter().map(|own| fixture(&screener.screen(own, day()), own, &mut dice)).collect();
        let cases = Cases::new(&program, &fixtures).unwrap_or_else(|failed| panic!("{} fail", failed.len()));
        for index in 0..program.rules.len() {
            for mutant in mutants(&program, index) {
                let other = with(&program, index, &mutant.mutated);
                let others = Screener::new(&other);
                let fails = |fixture: &Fixture| {
                    let referral = &fixture.read.as_ref().expect("it is read").referral;
                    differences(&fixture.expect, &given(&others.screen(referral, day())))
                };
                let failing: Vec<usize> = (0..fixtures.len()).filter(|at| !fails(&fixtures[*at]).is_empty()).collect();
                let by = noticed(&cases, &[(index, &mutant.mutated)]);
                assert_eq!(by.is_some(), !failing.is_empty(), "seed {seed}: {:?}", mutant.mutated);
                let Some(by) = by else {
                    unnoticed += 1;
                    continue;
                };
                assert!(failing.contains(&by), "seed {seed}: {:?}", mutant.mutated);
                let only_missing = fails(&fixtures[by]).len() == 1 && fixtures[by].expect.missing.is_some();
                *if only_missing { &mut by_missing } else { &mut by_verdict } += 1;
            }
        }
    }
    println!("{by_verdict} noticed, {by_missing} perhaps by what is missing alone, {unnoticed} not");
    assert!(by_verdict > 100 && by_missing > 20 && unnoticed > 50, "{by_verdict} {by_missing} {unnoticed}");
}
