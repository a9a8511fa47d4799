//! Parts of rules that change nothing, against brute force: without a part that is called idle the rule comes to the
//! same for every patient, and for each part before it there is a patient who tells the difference.

use candidacy::analysis::compare::{compare, told};
use candidacy::analysis::idle::{idle, parts};
use candidacy::engine::decide::Outcome;
use candidacy::engine::screen::Screener;
use candidacy::pack::ir::{Cond, Each};
use candidacy::pack::program::{Program, Rule, Test};

use super::dice::{Dice, cases};
use super::{day, pack, patients, rest, script, shows};

/// A condition by chance that joins several, some of them in closures.
fn joined(dice: &mut Dice, depth: usize, member: bool) -> String {
    let word = *dice.pick(&[" && ", " || "]);
    let count = 2 + dice.below(2);
    let parts: Vec<String> = (0..count).map(|_| part(dice, depth, member)).collect();
    parts.join(word)
}

fn part(dice: &mut Dice, depth: usize, member: bool) -> String {
    let own =
        |dice: &mut Dice| (*dice.pick(&["t.is_a(\"big\")", "t == \"p\"", "t == \"r\"", "a", "e", "n < 3"])).to_owned();
    match dice.below(if depth == 0 { 2 } else { 6 }) {
        0..4 if member => own(dice),
        0 | 1 => script(dice, 0, true),
        2 => format!("m.some(|t| {})", joined(dice, depth - 1, true)),
        3 => format!("m.all(|t| {})", joined(dice, depth - 1, true)),
        4 => format!("!({})", joined(dice, depth - 1, member)),
        _ => format!("({})", joined(dice, depth - 1, member)),
    }
}

/// A rule by chance.
fn rule(dice: &mut Dice, id: usize) -> String {
    let effect = dice.pick(&["exclude", "require", "caution"]);
    let guard = if dice.in_hundred(30) { format!("when = '{}'\n", joined(dice, 1, false)) } else { String::new() };
    format!(
        "[[rule]]\nid = \"r{id}\"\ntitle = \"t\"\n{effect} = '{}'\n{guard}because = \"b\"\ncite = [{{ source = \"s\", at = \"1\" }}]\n",
        joined(dice, 2, false)
    )
}

/// The rule without the part of that place, in source order, each before its own parts.
fn less(rule: &Rule, part: usize) -> Option<Rule> {
    let mut rule = rule.clone();
    let mut left = part;
    let Test::Lowered(test) = &mut rule.test else { return None };
    let found = rule.guard.iter_mut().chain([test]).any(|cond| drop_part(cond, &mut left));
    found.then_some(rule)
}

fn drop_part(cond: &mut Cond, left: &mut usize) -> bool {
    match cond {
        Cond::Not(inner) | Cond::Quantified(_, Each { body: inner, .. }) => drop_part(inner, left),
        Cond::Same(a, b) => drop_part(a, left) || drop_part(b, left),
        Cond::And(parts) | Cond::Or(parts) => {
            for index in 0..parts.len() {
                if *left == 0 {
                    parts.remove(index);
                    return true;
                }
                *left -= 1;
                if drop_part(&mut parts[index], left) {
                    return true;
                }
            }
            false
        }
        _ => false,
    }
}

/// For each rule and each of its parts whether some patient tells the difference.
fn differences(program: &Program) -> Vec<Vec<bool>> {
    let mut all = program.clone();
    let of_rule = |rule: &Rule| (0..).map_while(|part| less(rule, part)).collect::<Vec<Rule>>();
    let variants: Vec<Vec<Rule>> = program.rules.iter().map(of_rule).collect();
    all.rules.extend(variants.iter().flatten().cloned());
    let mut found: Vec<Vec<bool>> = variants.iter().map(|variants| vec![false; variants.len()]).collect();
    let screener = Screener::new(&all);
    for patient in patients(program) {
        let outcomes: Vec<Outcome> = screener.screen(&patient, day()).outcomes.iter().map(|own| told(*own)).collect();
        let mut of_variants = outcomes[program.rules.len()..].iter();
        for (found, whole) in found.iter_mut().zip(&outcomes) {
            found.iter_mut().zip(&mut of_variants).for_each(|(found, less)| *found |= less != whole);
        }
    }
    found
}

#[test]
fn a_part_is_idle_if_and_only_if_no_patient_misses_it() {
    let (mut idles, mut needed, mut shown) = (0, 0, 0);
    for seed in 0..cases(5) {
        let mut dice = Dice::new(1_000 + seed);
        let rules: Vec<String> = (0..6).map(|id| rule(&mut dice, id)).collect();
        let facts = rest(&mut dice);
        let program = pack(&rules, &facts);
        for ((index, own), differences) in program.rules.iter().enumerate().zip(differences(&program)) {
            let parts = parts(own);
            assert_eq!(parts.len(), differences.len(), "{}", rules[index]);
            let first = idle(&program, own, day());
            let first = first.map(|found| parts.iter().position(|part| std::ptr::eq(part.cond, found.cond)));
            let first = first.map(|place| place.expect("one of the parts"));
            let before = first.unwrap_or(parts.len());
            for (part, differs) in differences.into_iter().enumerate().take(before + 1) {
                let is_idle = Some(part) == first;
                assert!(!(is_idle && differs), "seed {seed}: part {part} of\n{}\n{facts}", rules[index]);
                if !is_idle && !differs {
                    shown += told_apart(&program, index, part, &rules[index]);
                }
                *(if is_idle { &mut idles } else { &mut needed }) += 1;
            }
        }
    }
    println!("{idles} idle parts, {needed} that are needed, {shown} of them for patients beyond those enumerated");
    assert!(idles > 8 && needed > 50, "{idles} idle parts, {needed} that are needed");
}

/// Shows a patient who tells a rule from the same without a part.
fn told_apart(program: &Program, index: usize, part: usize, text: &str) -> usize {
    let mut other = program.clone();
    other.rules[index] = less(&program.rules[index], part).expect("a part");
    let shown = shows(&compare(program, &other, day()), program, &other);
    assert!(shown > 0, "part {part} of\n{text}");
    1
}
