//! What is missing: every fact that a verdict asks for is a cause, and the answers to all of them settle what they
//! were asked for.

use std::collections::BTreeSet;

use candidacy::engine::decide::{Decision, Outcome};
use candidacy::engine::screen::Screening;
use candidacy::engine::verdict::{Missing, Verdict};
use candidacy::pack::program::{Program, Weight};

use crate::complete::{Wanted, complete};
use crate::dice::Dice;
use crate::promises::{behind, is_doubtful};
use crate::reach::Reach;
use crate::referral::Case;
use crate::world::{hold, screened, verdict};

/// What is asked for is exactly what leaves rules open that could still change the verdict.
pub fn only_causes_are_asked_for(
    program: &Program,
    case: &Case,
    _: &mut Dice,
    reach: &mut Reach,
) -> Result<(), String> {
    let read = case.read(&program.dictionary);
    let screening = screened(program, &read.referral, case.as_of);
    let verdict = verdict(&screening);
    let asked: BTreeSet<&str> = verdict.missing.iter().map(|missing| missing.fact.as_str()).collect();
    hold(asked.len() == verdict.missing.len(), || format!("a fact is asked for twice: {asked:?}"))?;
    let barred = screening.decided.at_best == Weight::Barred;
    hold(!barred || asked.is_empty(), || format!("the patient is barred, and {asked:?} asked for"))?;
    hold(verdict.verdict != Decision::Incomplete || !asked.is_empty() || has_faults(&verdict), || {
        "nothing is asked for".to_owned()
    })?;
    let deciding = |state: Outcome, weight: Weight| state == Outcome::Unknown && weight > screening.decided.at_best;
    let open = verdict.findings.iter().filter(|finding| deciding(finding.state, finding.weight()));
    let causes: BTreeSet<&str> = open.flat_map(|finding| &finding.missing).map(String::as_str).collect();
    hold(causes == asked, || format!("{asked:?} is asked for, and {causes:?} leave rules open"))?;
    for finding in verdict.findings.iter().filter(|finding| finding.state == Outcome::Unknown) {
        hold(!finding.missing.is_empty(), || format!("{} is unknown, and nothing is missing", finding.rule))?;
        named_by_the_rule(program, &finding.rule, &finding.missing)?;
    }
    let heaviest = |missing: &Missing| {
        let rules = missing.decides.iter().map(|rule| program.rule(rule).expect("a rule of the pack"));
        rules.map(|rule| rule.effect.weight()).max()
    };
    hold(verdict.missing.is_sorted_by(|a, b| heaviest(a) >= heaviest(b)), || {
        format!("{asked:?} is not asked for in the order of what the answers could do")
    })?;
    for missing in &verdict.missing {
        reach.hit(format!("asked for, {}", missing.state));
        reach.hit_if(missing.fact.contains("]."), "asked for, a field");
        for rule in &missing.decides {
            let finding = verdict.findings.iter().find(|finding| finding.rule == *rule).expect("a finding");
            hold(finding.missing.contains(&missing.fact), || format!("{} does not decide {rule}", missing.fact))?;
        }
    }
    Ok(())
}

/// Answers to all that is asked for, whatever they are, settle every rule that they were asked for.
pub fn the_answers_settle_it(program: &Program, case: &Case, dice: &mut Dice, reach: &mut Reach) -> Result<(), String> {
    let read = case.read(&program.dictionary);
    let screening = screened(program, &read.referral, case.as_of);
    let before = verdict(&screening);
    if before.missing.is_empty() || !screening.settled.conflicts.is_empty() {
        return Ok(());
    }
    let asked: Vec<String> = before.missing.iter().map(|missing| missing.fact.clone()).collect();
    for _ in 0..3 {
        let referral = complete(&screening, &Wanted::Asked(&asked), dice);
        let answered = screened(program, &referral, case.as_of);
        if is_doubtful(&answered) {
            reach.hit("answers that contradict what is known");
            continue;
        }
        reach.hit("answered");
        let after = verdict(&answered);
        for (index, rule) in program.rules.iter().enumerate() {
            let was_asked =
                screening.outcomes[index] == Outcome::Unknown && rule.effect.weight() > screening.decided.at_best;
            let still = answered.outcomes[index] == Outcome::Unknown;
            if !was_asked || !still {
                continue;
            }
            let finding = after.findings.iter().find(|finding| finding.rule == rule.id).expect("a finding");
            let unanswerable = |fact: &String| {
                program
                    .dictionary
                    .find(fact)
                    .is_none_or(|id| answered.settled.chart.value(id) == screening.settled.chart.value(id))
            };
            if finding.missing.iter().any(|fact| asked.contains(fact) && unanswerable(fact)) {
                reach.hit("a term with none narrower");
                continue;
            }
            let again: Vec<&String> =
                finding.missing.iter().filter(|fact| asked.contains(fact) && !is_reordered(program, fact)).collect();
            hold(again.is_empty(), || format!("{again:?} was answered, and is asked for again for {}", rule.id))?;
            reach.hit("answers that raise another question");
            hold(may_ask_again(&screening, index, &asked), || {
                format!("{:?} was not asked for, and leaves {} open", finding.missing, rule.id)
            })?;
        }
    }
    Ok(())
}

fn has_faults(verdict: &Verdict) -> bool {
    verdict.findings.iter().any(|finding| finding.state == Outcome::Fault)
}

/// Members keep no number of their own when a list is answered.
fn is_reordered(program: &Program, path: &str) -> bool {
    let name = path.split('[').next().unwrap_or_default();
    path.contains('[') && program.dictionary.find(name).is_some()
}

/// A rule may turn to other facts where a condition chooses between them, and where the members of a list that was
/// asked for are looked at; in its own script, or in those of derived facts.
fn may_ask_again(screening: &Screening, rule: usize, asked: &[String]) -> bool {
    let (program, rule) = (screening.program, &screening.program.rules[rule]);
    let mut scripts = format!("{:?} {:?}", rule.guard, rule.test);
    for derived in program.derived.iter().rev() {
        if scripts.contains(&format!("FactId({})", derived.fact.0)) {
            scripts.push_str(&format!("{:?}", derived.formula));
        }
    }
    let names = asked.iter().filter_map(|path| path.split('[').next());
    let list = names
        .filter_map(|name| program.dictionary.find(name))
        .any(|fact| program.dictionary.fact(fact).is_list() && scripts.contains(&format!("list: FactId({})", fact.0)));
    list || rule.guard.is_some() || scripts.contains("If(")
}

/// Every fact said to leave a rule open is one that it looks at.
fn named_by_the_rule(program: &Program, id: &str, missing: &[String]) -> Result<(), String> {
    let rule = program.rule(id).expect("a rule of the pack");
    let conditions = format!("{:?} {:?}", rule.guard, rule.test);
    let looked_at = program.dictionary.facts().map(|(fact, _)| fact);
    let looked_at = looked_at.filter(|fact| conditions.contains(&format!("FactId({})", fact.0)));
    let known: BTreeSet<&str> = looked_at
        .flat_map(|fact| behind(program, fact))
        .map(|fact| program.dictionary.fact(fact).name.as_str())
        .collect();
    for path in missing {
        let name = path.split('[').next().unwrap_or_default();
        hold(known.contains(name), || format!("{id} is said to need {path}, at which it does not look"))?;
    }
    Ok(())
}
