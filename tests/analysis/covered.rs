//! What patients show of rules, against brute force: a condition turns a rule where putting the other value in its place
//! changes what the rule comes to; what is called impossible no patient shows; and who is said to show something does.

use std::collections::BTreeSet;

use candidacy::analysis::compare::Finding;
use candidacy::analysis::possible::{Possible, shown};
use candidacy::analysis::site::{Inquiry, What};
use candidacy::engine::eval::{Eval, Frame};
use candidacy::engine::screen::Screener;
use candidacy::model::truth::Truth;
use candidacy::pack::ir::{Cond, Quantifier};
use candidacy::pack::program::{Effect, Program, Rule, Test};

use super::dice::{Dice, cases};
use super::{day, pack, patients, read, rest, rule};

/// A rule written out for one patient: each member of a list has a part of its own.
enum Tree {
    Leaf(*const Cond, Truth),
    Not(Box<Tree>),
    All(Vec<Tree>),
    Any(Vec<Tree>),
    Same(Box<Tree>, Box<Tree>),
    /// A condition that is one in itself, and has parts.
    Whole(*const Cond, Box<Tree>),
}

fn tree(eval: &Eval, cond: &Cond, frame: Option<&Frame>) -> Tree {
    let own = |cond: &Cond| tree(eval, cond, frame);
    match cond {
        Cond::Not(inner) => Tree::Not(Box::new(own(inner))),
        Cond::And(parts) => Tree::All(parts.iter().map(own).collect()),
        Cond::Or(parts) => Tree::Any(parts.iter().map(own).collect()),
        Cond::Same(a, b) => Tree::Same(Box::new(own(a)), Box::new(own(b))),
        Cond::Quantified(quantifier, each) => {
            let mut parts = match eval.list(each.list) {
                None => vec![Tree::Leaf(std::ptr::null(), Truth::Unknown)],
                Some(list) if list.open => vec![Tree::Leaf(std::ptr::null(), Truth::Unknown)],
                Some(_) => Vec::new(),
            };
            for fields in eval.list(each.list).into_iter().flat_map(|list| list.members()) {
                parts.push(tree(eval, &each.body, Some(&Frame { level: each.level, fields, outer: frame })));
            }
            let all = match quantifier {
                Quantifier::Some => Tree::Any(parts),
                Quantifier::All => Tree::All(parts),
            };
            Tree::Whole(cond, Box::new(all))
        }
        leaf => Tree::Leaf(leaf, eval.cond(leaf, frame)),
    }
}

/// What a tree comes to when the part of that number is something else; counts the parts.
fn forced(tree: &Tree, put: Option<(usize, Truth)>, count: &mut usize, met: &mut Vec<(*const Cond, Truth)>) -> Truth {
    match tree {
        Tree::Leaf(cond, truth) => {
            met.push((*cond, *truth));
            *count += 1;
            put.filter(|(at, _)| *at + 1 == *count).map_or(*truth, |(_, truth)| truth)
        }
        Tree::Whole(cond, inner) => {
            let own = *count;
            *count += 1;
            met.push((*cond, Truth::Unknown));
            let place = met.len() - 1;
            let truth = forced(inner, put, count, met);
            met[place].1 = truth;
            put.filter(|(at, _)| *at == own).map_or(truth, |(_, truth)| truth)
        }
        Tree::Not(inner) => !forced(inner, put, count, met),
        Tree::All(parts) => parts.iter().map(|part| forced(part, put, count, met)).min().unwrap_or(Truth::True),
        Tree::Any(parts) => parts.iter().map(|part| forced(part, put, count, met)).max().unwrap_or(Truth::False),
        Tree::Same(a, b) => match (forced(a, put, count, met), forced(b, put, count, met)) {
            (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
            (a, b) => (a == b).into(),
        },
    }
}

/// The conditions that turn a rule for a patient: which, what they come to, and whether the rule fires when they hold.
fn turning(rule: &Rule, eval: &Eval) -> BTreeSet<(usize, Truth, bool)> {
    let mut parts: Vec<Tree> = rule.guard.iter().map(|guard| tree(eval, guard, None)).collect();
    let Test::Lowered(cond) = &rule.test else { panic!("a lowered rule") };
    let test = tree(eval, cond, None);
    parts.push(if rule.effect == Effect::Require { Tree::Not(Box::new(test)) } else { test });
    let whole = Tree::All(parts);
    let (mut count, mut met) = (0, Vec::new());
    forced(&whole, None, &mut count, &mut met);
    let mut found = BTreeSet::new();
    for (index, (cond, truth)) in met.iter().enumerate().filter(|(_, (cond, _))| !cond.is_null()) {
        let with = |truth| forced(&whole, Some((index, truth)), &mut 0, &mut Vec::new());
        let (yes, no) = (with(Truth::True), with(Truth::False));
        if yes.is_known() && no.is_known() && yes != no {
            found.insert((*cond as usize, *truth, yes == Truth::True));
        }
    }
    found
}

/// What is said to turn the rule for a patient.
fn said(inquiry: &Inquiry, met: &BTreeSet<usize>) -> BTreeSet<(usize, Truth, Option<bool>)> {
    let goals = met.iter().map(|goal| &inquiry.goals[*goal]);
    let turns = goals.filter_map(|goal| match goal.what {
        What::Turns(truth, fires) => Some((std::ptr::from_ref(inquiry.sites[goal.site?].cond) as usize, truth, fires)),
        _ => None,
    });
    turns.collect()
}

fn agrees(program: &Program, seed: u64) -> (usize, usize, usize) {
    let inquiries: Vec<Inquiry> = program.rules.iter().map(|rule| Inquiry::new(rule, &program.dictionary)).collect();
    let mut seen: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); inquiries.len()];
    let screener = Screener::new(program);
    for (nth, patient) in patients(program).iter().enumerate() {
        let screening = screener.screen(patient, day());
        let eval = Eval::new(&program.dictionary, &screening.settled.chart);
        for (index, inquiry) in inquiries.iter().enumerate() {
            let mut met = BTreeSet::new();
            inquiry.shown(&eval, screening.outcomes[index], &mut |goal| _ = met.insert(goal));
            if nth % 7 == 0 {
                let expected: BTreeSet<_> = turning(inquiry.rule, &eval)
                    .into_iter()
                    .map(|(cond, truth, with)| {
                        (cond, truth, truth.is_known().then_some((truth == Truth::True) == with))
                    })
                    .collect();
                assert_eq!(said(inquiry, &met), expected, "seed {seed}, patient {nth}: {patient:?}\n{inquiry:?}");
            }
            seen[index].extend(met);
        }
    }
    let (mut shown_goals, mut proofs) = (0, 0);
    for (index, inquiry) in inquiries.iter().enumerate() {
        let mut possible = Possible::new(program, index, inquiry, day());
        for goal in 0..inquiry.goals.len() {
            let told = || format!("seed {seed}: {:?} of {:?}", inquiry.goals[goal], inquiry.rule.text);
            match possible.find(goal) {
                Finding::Cannot => {
                    assert!(!seen[index].contains(&goal), "{}", told());
                    proofs += 1;
                }
                Finding::Undecided => panic!("undecided, and nothing is out of reach: {}", told()),
                Finding::Can(witness) => {
                    let referral = read(&witness, program);
                    assert!(shown(inquiry, index, &screener.screen(&referral, day()), goal), "{}", told());
                    shown_goals += 1;
                }
            }
        }
    }
    (seen.iter().map(BTreeSet::len).sum(), shown_goals, proofs)
}

#[test]
fn what_patients_show_agrees_with_brute_force() {
    let (mut seen, mut found, mut proofs) = (0, 0, 0);
    for seed in 0..cases(6) {
        let mut dice = Dice::new(seed + 7_000);
        let rules: Vec<String> = (0..4).map(|id| rule(&mut dice, id)).collect();
        let own = rest(&mut dice);
        let (a, b, c) = agrees(&pack(&rules, &own), seed);
        (seen, found, proofs) = (seen + a, found + b, proofs + c);
    }
    println!(
        "{seen} things shown by enumerated patients, {found} by patients that were found, {proofs} proved impossible"
    );
    assert!(found >= seen && seen > 100 && proofs > 20, "{seen} {found} {proofs}");
}
