//! Screening: a referral settled, every rule evaluated, the verdict decided.

use super::cause::{Cause, Causes, causes};
use super::chart::Chart;
use super::decide::{Decided, Outcome, decide};
use super::eval::Eval;
use super::script::{Ran, Runner};
use super::settle::{Settled, settle};
use crate::model::calendar::Date;
use crate::model::dictionary::FactId;
use crate::model::referral::Referral;
use crate::model::truth::Truth;
use crate::pack::program::{Effect, Program, Rule, Scripted, Test};

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
    /// What the script of every rule that runs in Rhai came to, in pack order.
    pub ran: Vec<Option<Ran<bool>>>,
    /// The verdict.
    pub decided: Decided,
}

/// Screens referrals with one program. Making one costs something only if a rule of the program runs in Rhai.
#[derive(Debug)]
pub struct Screener<'p> {
    program: &'p Program,
    runner: Option<Runner>,
}

/// Screens one referral for a day.
pub fn screen<'p>(program: &'p Program, referral: &'p Referral, as_of: Date) -> Screening<'p> {
    Screener::new(program).screen(referral, as_of)
}

impl<'p> Screener<'p> {
    /// A screener with a program.
    pub fn new(program: &'p Program) -> Screener<'p> {
        let scripted = program.rules.iter().any(|rule| matches!(rule.test, Test::Scripted(_)));
        Screener { program, runner: scripted.then(|| Runner::new(program)) }
    }

    /// Its program.
    pub fn program(&self) -> &'p Program {
        self.program
    }

    /// Screens a referral for a day.
    pub fn screen<'r>(&self, referral: &'r Referral, as_of: Date) -> Screening<'r>
    where
        'p: 'r,
    {
        let settled = settle(self.program, referral, as_of);
        let ran = self.run(&settled.chart);
        let mut outcomes = Vec::with_capacity(self.program.rules.len());
        let decided = evaluate(self.program, &settled.chart, &ran, &mut outcomes);
        Screening { program: self.program, referral, settled, outcomes, ran, decided }
    }

    /// What the scripts that run in Rhai come to on a chart, one entry a rule; empty if there is none.
    pub fn run(&self, chart: &Chart) -> Vec<Option<Ran<bool>>> {
        let Some(runner) = &self.runner else { return Vec::new() };
        let run = |rule: &Rule| match rule.test {
            Test::Scripted(_) => Some(runner.test(self.program, chart, &rule.text)),
            Test::Lowered(_) => None,
        };
        self.program.rules.iter().map(run).collect()
    }
}

/// Evaluates every rule on a chart, into a buffer that is cleared first.
pub fn evaluate(program: &Program, chart: &Chart, ran: &[Option<Ran<bool>>], outcomes: &mut Vec<Outcome>) -> Decided {
    let eval = Eval::new(&program.dictionary, chart);
    outcomes.clear();
    let rules = program.rules.iter().enumerate();
    outcomes.extend(rules.map(|(index, rule)| outcome(program, rule, of(ran, index), &eval)));
    decide(program.rules.iter().map(|rule| rule.effect.weight()).zip(outcomes.iter().copied()))
}

/// What the script of a rule came to in Rhai, if it ran there.
pub fn of(ran: &[Option<Ran<bool>>], rule: usize) -> Option<&Ran<bool>> {
    ran.get(rule).and_then(Option::as_ref)
}

/// What one rule, or a variant of it, comes to.
pub fn outcome(program: &Program, rule: &Rule, ran: Option<&Ran<bool>>, eval: &Eval) -> Outcome {
    eval.fault.set(None);
    let guard = rule.guard.as_ref().map_or(Truth::True, |guard| eval.cond(guard, None));
    if guard == Truth::False {
        return Outcome::NotApplicable;
    }
    match (guard, fires(rule, ran, eval)) {
        (_, Truth::False) => Outcome::Clear,
        (Truth::True, Truth::True) => Outcome::Fires,
        _ if eval.fault.get().is_none() && !eval.chart.faulty && !matches!(ran, Some(Ran::Fault(_))) => {
            Outcome::Unknown
        }
        _ => {
            let open = rule_causes(program, rule, ran, eval.chart);
            if open.faults.is_empty() || open.unknown().next().is_some() { Outcome::Unknown } else { Outcome::Fault }
        }
    }
}

/// Whether the script says that the rule fires.
fn fires(rule: &Rule, ran: Option<&Ran<bool>>, eval: &Eval) -> Truth {
    let truth = match (&rule.test, ran) {
        (Test::Lowered(cond), _) => eval.cond(cond, None),
        (Test::Scripted(_), Some(Ran::Value(value))) => (*value).into(),
        (Test::Scripted(_), Some(Ran::Unknown(_) | Ran::Fault(_)) | None) => Truth::Unknown,
    };
    if rule.effect == Effect::Require { !truth } else { truth }
}

impl Screening<'_> {
    /// The causes of what a rule came to: of its guard, its script, or both.
    pub fn causes(&self, rule: usize) -> Causes {
        rule_causes(self.program, &self.program.rules[rule], of(&self.ran, rule), &self.settled.chart)
    }

    /// The causes of what the script of a rule came to, its guard left aside.
    pub fn script_causes(&self, rule: usize) -> Causes {
        script_causes(self.program, &self.program.rules[rule], of(&self.ran, rule), &self.settled.chart)
    }
}

fn script_causes(program: &Program, rule: &Rule, ran: Option<&Ran<bool>>, chart: &Chart) -> Causes {
    match &rule.test {
        Test::Lowered(cond) => causes(program, chart, cond),
        Test::Scripted(scripted) => ran_causes(scripted, ran),
    }
}

/// The causes of what a rule, or a variant of it, came to: of its guard, its script, or both.
pub fn rule_causes(program: &Program, rule: &Rule, ran: Option<&Ran<bool>>, chart: &Chart) -> Causes {
    let eval = Eval::new(&program.dictionary, chart);
    let guard = rule.guard.as_ref().map(|guard| (guard, eval.cond(guard, None)));
    let of_script = || script_causes(program, rule, ran, chart);
    let script = fires(rule, ran, &eval);
    let (guard, asked) = match guard {
        None => return of_script(),
        Some(guard) => guard,
    };
    match (asked, script) {
        (Truth::False, _) => causes(program, chart, guard),
        (Truth::Unknown, Truth::True) => causes(program, chart, guard),
        (Truth::Unknown, Truth::False) | (Truth::True, Truth::False | Truth::Unknown) => of_script(),
        (Truth::Unknown, Truth::Unknown) | (Truth::True, Truth::True) => {
            let mut both = causes(program, chart, guard);
            both.join(of_script());
            both
        }
    }
}

/// The causes of what a script came to in Rhai: what it ran into, or else every fact it names.
fn ran_causes(scripted: &Scripted, ran: Option<&Ran<bool>>) -> Causes {
    let named = |fact: &FactId| Cause { fact: *fact, member: None, field: None, state: None, matched: None };
    match ran {
        Some(Ran::Value(_)) => Causes { facts: scripted.facts.iter().map(named).collect(), ..Causes::default() },
        Some(Ran::Unknown(touched)) => Causes { facts: touched.clone(), ..Causes::default() },
        Some(Ran::Fault(why)) => Causes { faults: vec![why.clone()], ..Causes::default() },
        None => Causes::default(),
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
