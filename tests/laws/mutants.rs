//! Mutants: what a fixture notices of one on its chart it notices screened and explained anew, and one that is called
//! equivalent comes to the same for every referral.

use std::path::PathBuf;

use candidacy::analysis::compare::told;
use candidacy::author::difference::{Given, differences};
use candidacy::author::expect::{Expect, Stated};
use candidacy::author::fixture::Fixture;
use candidacy::author::mutant::{Kind, Mutant, mutants};
use candidacy::author::mutate::apart::{self, Apart};
use candidacy::author::mutate::cases::Cases;
use candidacy::author::mutate::judge::noticed;
use candidacy::engine::decide::Outcome;
use candidacy::engine::screen::Screening;
use candidacy::input::source::Source;
use candidacy::pack::program::{Effect, Program};

use crate::dice::Dice;
use crate::reach::Reach;
use crate::referral::Case;
use crate::world::{hold, screened, verdict};

/// A mutant by chance.
fn mutant(program: &Program, dice: &mut Dice) -> Option<Mutant> {
    let mut all = mutants(program, dice.below(program.rules.len()));
    (!all.is_empty()).then(|| all.swap_remove(dice.below(all.len())))
}

/// The program with a mutant in the place of its rule.
fn with(program: &Program, mutant: &Mutant) -> Program {
    let mut other = program.clone();
    other.rules[mutant.rule] = mutant.mutated.clone();
    other
}

fn given(screening: &Screening) -> Given {
    Given::of(screening, &verdict(screening))
}

/// A fixture that expects what comes of a referral, or some of it, notices of mutants what it would if it were run.
pub fn noticed_is_noticed(program: &Program, case: &Case, dice: &mut Dice, reach: &mut Reach) -> Result<(), String> {
    let read = case.read(&program.dictionary);
    let given_now = given(&screened(program, &read.referral, case.as_of));
    if !given_now.faults.is_empty() {
        return Ok(());
    }
    let expect = Expect {
        line: 1,
        verdict: Some(Stated { value: given_now.verdict, line: 1 }),
        fires: dice.in_hundred(70).then(|| Stated { value: given_now.fires.into_iter().collect(), line: 1 }),
        missing: dice.in_hundred(80).then(|| Stated { value: given_now.missing.into_iter().collect(), line: 1 }),
    };
    let source = Source { name: "by chance".to_owned(), text: String::new() };
    let (path, name, own, criteria) = (PathBuf::new(), String::new(), String::new(), Vec::new());
    let fixture = Fixture { path, name, case: own, title: None, source, criteria, expect, read: Ok(read) };
    let fixtures = [fixture];
    let cases = Cases::new(program, &fixtures).map_err(|_| "a fixture that expects what it gives fails".to_owned())?;
    for _ in 0..8 {
        let Some(mutant) = mutant(program, dice) else { continue };
        let other = with(program, &mutant);
        let referral = &fixtures[0].read.as_ref().map_err(|_| "it is read")?.referral;
        let differences = differences(&fixtures[0].expect, &given(&screened(&other, referral, case.as_of)));
        let by = noticed(&cases, &[(mutant.rule, &mutant.mutated)]);
        hold(by.is_some() != differences.is_empty(), || {
            format!("{by:?} notices {:?}, and the differences are {differences:?}", mutant.mutated)
        })?;
        let kind = format!("{:?}", mutant.kind);
        reach.hit(if by.is_some() { format!("noticed, {kind}") } else { format!("unnoticed, {kind}") });
    }
    Ok(())
}

/// A mutant that is called equivalent comes to the same, and the verdict with it.
pub fn equivalent_is_equivalent(
    program: &Program,
    case: &Case,
    dice: &mut Dice,
    reach: &mut Reach,
) -> Result<(), String> {
    let read = case.read(&program.dictionary);
    let was = screened(program, &read.referral, case.as_of);
    for _ in 0..3 {
        let Some(mutant) = mutant(program, dice).filter(|mutant| mutant.kind != Kind::Effect) else { continue };
        let apart = apart::rules(program, mutant.rule, &[&mutant.mutated], case.as_of);
        let other = with(program, &mutant);
        let is = screened(&other, &read.referral, case.as_of);
        let note = program.rules[mutant.rule].effect == Effect::Note;
        let seen = |screening: &Screening| match told(screening.outcomes[mutant.rule]) {
            Outcome::Unknown if note => Outcome::Clear,
            outcome => outcome,
        };
        reach.hit(match apart[0] {
            Apart::Never => "equivalent",
            Apart::By(..) => "told apart",
            Apart::Undecided => "undecided",
        });
        hold(apart[0] != Apart::Never || seen(&was) == seen(&is), || {
            format!("{:?} is called equivalent to {:?}", mutant.mutated, program.rules[mutant.rule])
        })?;
    }
    Ok(())
}
