//! Why conditions cannot hold together, against brute force: no patient meets all that are named, without any one of
//! them some patient meets the others, and conflicts are named if and only if without conflicts some patient meets all.

use std::collections::BTreeSet;

use candidacy::analysis::compare::{Finding, compare};
use candidacy::analysis::reason::{clash, fires};
use candidacy::engine::decide::Outcome;
use candidacy::engine::screen::Screener;
use candidacy::pack::clash::Clash;
use candidacy::pack::ir::Cond;
use candidacy::pack::program::{Effect, Program, Rule, Test};
use candidacy::pack::written;

use super::dice::{Dice, cases};
use super::{day, pack, patients, rest, script};

/// A rule by chance whose guard and script ask for several things.
fn rule(dice: &mut Dice, id: usize) -> String {
    let mut parts = |count: usize, word: &str| {
        let parts: Vec<String> = (0..count).map(|_| format!("({})", script(dice, 1, true))).collect();
        parts.join(word)
    };
    let (guard, all, any) = (parts(2, " && "), parts(3, " && "), parts(4, " || "));
    let script = match id % 3 {
        0 => format!("when = '{guard}'\nexclude = '{all}'"),
        1 => format!("require = '{any}'"),
        _ => format!("caution = '{all} && !({any})'"),
    };
    format!(
        "[[rule]]\nid = \"r{id}\"\ntitle = \"t\"\n{script}\nbecause = \"b\"\ncite = [{{ source = \"s\", at = \"1\" }}]\n"
    )
}

/// A pack of rules each of which fires where some conditions hold.
fn asking(program: &Program, asked: &[Vec<Cond>]) -> Program {
    let rule = |(id, conds): (usize, &Vec<Cond>)| Rule {
        id: format!("r{id}"),
        effect: Effect::Exclude,
        guard: None,
        test: Test::Lowered(Cond::And(conds.clone())),
        ..program.rules[0].clone()
    };
    let mut own = program.clone();
    own.rules = asked.iter().enumerate().map(rule).collect();
    own
}

/// The rules that fire for some patient who is enumerated.
fn met(program: &Program) -> BTreeSet<usize> {
    let screener = Screener::new(program);
    let mut met = BTreeSet::new();
    for patient in patients(program) {
        let outcomes = screener.screen(&patient, day()).outcomes;
        met.extend(outcomes.iter().enumerate().filter(|(_, own)| **own == Outcome::Fires).map(|(index, _)| index));
    }
    met
}

/// Whether the one rule of a pack fires for some patient, who is screened.
fn is_shown(program: &Program) -> bool {
    let never = asking(program, &[vec![Cond::Literal(false)]]);
    let comparison = compare(&never, program, day());
    let mut changes = comparison.rules.iter().flat_map(|rule| &rule.changes);
    changes.any(|(_, is, found)| *is == Outcome::Fires && matches!(found, Finding::Can(_)))
}

#[test]
fn what_is_said_to_exclude_each_other_does_so() {
    let (mut clashes, mut of_conflicts) = (0, 0);
    for seed in 0..cases(12) {
        let mut dice = Dice::new(2_000 + seed);
        let rules: Vec<String> = (0..6).map(|id| rule(&mut dice, id)).collect();
        let program = pack(&rules, &rest(&mut dice));
        let mut never = Vec::new();
        for (own, text) in program.rules.iter().zip(&rules) {
            let claims = fires(own).expect("a script that is lowered");
            let Some(Clash { parts, conflicts, limits }) = clash(&program, &claims, day()) else { continue };
            assert!(limits.len() < 3, "{limits:?} of\n{text}");
            let cond = |part: &candidacy::pack::clash::Asked| {
                let own = claims.iter().find(|(cond, _)| written::cond(cond, &program.dictionary) == part.text);
                own.expect("a part of the rule").0.clone()
            };
            let conds: Vec<Cond> = parts.iter().map(cond).collect();
            for left_out in 0..conds.len() {
                let mut less = conds.clone();
                less.remove(left_out);
                assert!(is_shown(&asking(&program, &[less])), "{parts:?} without {left_out} of\n{text}");
            }
            let mut consistent = asking(&program, std::slice::from_ref(&conds));
            consistent.conflicts.clear();
            assert_eq!(is_shown(&consistent), !conflicts.is_empty(), "{conflicts:?} of\n{text}");
            never.push(conds);
            clashes += 1;
            of_conflicts += usize::from(!conflicts.is_empty());
        }
        assert_eq!(met(&asking(&program, &never)), BTreeSet::new(), "seed {seed}: {never:?}");
    }
    println!("{clashes} clashes, {of_conflicts} of them for a conflict");
    assert!(clashes > 20 && of_conflicts > 0, "{clashes} clashes, {of_conflicts} for a conflict");
}
