//! Screening: a referral settled, every rule evaluated, the verdict decided.

use super::cause::{Causes, causes};
use super::chart::Chart;
use super::decide::{Decided, Outcome, decide};
use super::eval::Eval;
use super::settle::{Settled, settle};
use crate::model::calendar::Date;
use crate::model::referral::Referral;
use crate::model::truth::Truth;
use crate::pack::program::{Effect, Program, Rule, Test};

/// A referral screened by a program.
#[derive(Clone, Debug)]
pub struct Screening<'p> {
    /// The program.
    pub program: &'p Program,
    /// The referral.
    pub referral: &'p Referral,
    /// What holds.
    pub settled: Settled,
    /// What every rule came to, in pack order.
    pub outcomes: Vec<Outcome>,
    /// The verdict.
    pub decided: Decided,
}

/// Screens a referral for a day.
pub fn screen<'p>(program: &'p Program, referral: &'p Referral, as_of: Date) -> Screening<'p> {
    let settled = settle(program, referral, as_of);
    let mut outcomes = Vec::with_capacity(program.rules.len());
    let decided = evaluate(program, &settled.chart, &mut outcomes);
    Screening { program, referral, settled, outcomes, decided }
}

/// Evaluates every rule on a chart, into a buffer that is cleared first.
pub fn evaluate(program: &Program, chart: &Chart, outcomes: &mut Vec<Outcome>) -> Decided {
    let eval = Eval::new(&program.dictionary, chart);
    outcomes.clear();
    outcomes.extend(program.rules.iter().map(|rule| outcome(program, rule, &eval)));
    decide(program.rules.iter().map(|rule| rule.effect.weight()).zip(outcomes.iter().copied()))
}

/// What one rule comes to.
fn outcome(program: &Program, rule: &Rule, eval: &Eval) -> Outcome {
    eval.fault.set(None);
    let guard = rule.guard.as_ref().map_or(Truth::True, |guard| eval.cond(guard, None));
    if guard == Truth::False {
        return Outcome::NotApplicable;
    }
    match (guard, fires(rule, eval)) {
        (_, Truth::False) => Outcome::Clear,
        (Truth::True, Truth::True) => Outcome::Fires,
        _ if eval.fault.get().is_none() && !eval.chart.faulty => Outcome::Unknown,
        _ => {
            let open = rule_causes(program, rule, eval.chart);
            if open.faults.is_empty() || open.unknown().next().is_some() { Outcome::Unknown } else { Outcome::Fault }
        }
    }
}

/// Whether the script says that the rule fires.
fn fires(rule: &Rule, eval: &Eval) -> Truth {
    let truth = match &rule.test {
        Test::Lowered(cond) => eval.cond(cond, None),
        Test::Scripted(_) => Truth::Unknown,
    };
    if rule.effect == Effect::Require { !truth } else { truth }
}

/// The causes of what a rule came to: of its guard, its script, or both.
pub fn rule_causes(program: &Program, rule: &Rule, chart: &Chart) -> Causes {
    let eval = Eval::new(&program.dictionary, chart);
    let guard = rule.guard.as_ref().map(|guard| (guard, eval.cond(guard, None)));
    let of_script = || match &rule.test {
        Test::Lowered(cond) => causes(program, chart, cond),
        Test::Scripted(_) => Causes::default(),
    };
    let script = fires(rule, &eval);
    match guard {
        Some((guard, Truth::False)) => causes(program, chart, guard),
        Some((guard, Truth::Unknown)) => match script {
            Truth::False => of_script(),
            Truth::True => causes(program, chart, guard),
            Truth::Unknown => {
                let mut both = causes(program, chart, guard);
                both.join(of_script());
                both
            }
        },
        Some((guard, Truth::True)) if script == Truth::True => {
            let mut both = causes(program, chart, guard);
            both.join(of_script());
            both
        }
        Some((_, Truth::True)) | None => of_script(),
    }
}

/// The causes of an unknown guard; none where the guard is known.
pub fn guard_causes(program: &Program, rule: &Rule, chart: &Chart) -> Causes {
    let eval = Eval::new(&program.dictionary, chart);
    match &rule.guard {
        Some(guard) if eval.cond(guard, None) == Truth::Unknown => causes(program, chart, guard),
        _ => Causes::default(),
    }
}
