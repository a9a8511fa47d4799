//! Promises 1 to 3: no unknown helps, more facts only narrow, and a proven bar stays proven.

use std::collections::BTreeSet;

use candidacy::engine::decide::{Decision, Outcome};
use candidacy::engine::screen::Screening;
use candidacy::engine::settle::compute;
use candidacy::model::dictionary::FactId;
use candidacy::model::value::{State, Value};
use candidacy::pack::program::{Program, Weight};

use crate::complete::{Wanted, complete};
use crate::dice::Dice;
use crate::reach::Reach;
use crate::referral::Case;
use crate::world::{hold, screened, verdict};

/// The range is a range, and the headline says no more than it.
pub fn the_range_is_ordered(program: &Program, case: &Case, _: &mut Dice, reach: &mut Reach) -> Result<(), String> {
    let read = case.read(&program.dictionary);
    let screening = screened(program, &read.referral, case.as_of);
    count(&screening, reach);
    let decided = screening.decided;
    hold(decided.at_best <= decided.at_worst, || format!("at best is worse than at worst: {decided:?}"))?;
    let fits = match decided.verdict {
        Decision::Incomplete => decided.at_best < decided.at_worst && decided.at_best != Weight::Deferred,
        Decision::Deferred => decided.at_best == Weight::Deferred,
        other => other == decided.at_best.into() && decided.at_best == decided.at_worst,
    };
    hold(fits, || format!("the headline does not fit the range: {decided:?}"))
}

/// Without a whole fact nothing is better at worst or worse at best, and no rule is settled that was not.
pub fn a_removed_fact_settles_nothing(
    program: &Program,
    case: &Case,
    _: &mut Dice,
    reach: &mut Reach,
) -> Result<(), String> {
    let read = case.read(&program.dictionary);
    let whole = screened(program, &read.referral, case.as_of);
    if is_doubtful(&whole) {
        reach.hit("doubtful, not compared");
        return Ok(());
    }
    for (name, _) in &case.facts {
        let read = case.without(name).read(&program.dictionary);
        let less = screened(program, &read.referral, case.as_of);
        reach.hit_if(less.decided != whole.decided, "a removed fact widened the range");
        narrows(&less, &whole).map_err(|why| format!("`{name}` was removed: {why}"))?;
    }
    Ok(())
}

/// Whatever the unknown turns out to be, all of it or half of it, the verdict stays within the range, and what was
/// settled stays as it was.
pub fn completions_stay_in_range(
    program: &Program,
    case: &Case,
    dice: &mut Dice,
    reach: &mut Reach,
) -> Result<(), String> {
    let read = case.read(&program.dictionary);
    let open = screened(program, &read.referral, case.as_of);
    for attempt in 0..6 {
        let wanted = if attempt % 2 == 0 { Wanted::All } else { Wanted::Some };
        let referral = complete(&open, &wanted, dice);
        let full = screened(program, &referral, case.as_of);
        if is_doubtful(&full) {
            reach.hit("a completion that contradicts itself");
            continue;
        }
        reach.hit("a completion");
        reach.hit_if(full.decided != open.decided, "a completion that narrowed the range");
        narrows(&open, &full).map_err(|why| format!("completed: {why}\n{:#?}", referral.facts))?;
    }
    Ok(())
}

/// The facts that a finding names suffice for it.
pub fn named_facts_suffice(program: &Program, case: &Case, _: &mut Dice, reach: &mut Reach) -> Result<(), String> {
    let read = case.read(&program.dictionary);
    let screening = screened(program, &read.referral, case.as_of);
    if is_doubtful(&screening) {
        return Ok(());
    }
    let verdict = verdict(&screening);
    for finding in verdict.findings.iter().filter(|finding| finding.state == Outcome::Fires) {
        let named: Vec<&str> =
            finding.facts.iter().map(|fact| fact.fact.split('[').next().unwrap_or_default()).collect();
        let behind =
            named.iter().filter_map(|name| program.dictionary.find(name)).flat_map(|fact| behind(program, fact));
        let known: BTreeSet<&str> = behind.map(|fact| program.dictionary.fact(fact).name.as_str()).collect();
        let mut less = case.clone();
        less.facts.retain(|(name, _)| known.contains(name.as_str()));
        reach.hit_if(less.facts.len() < case.facts.len(), "a finding that rests on some facts only");
        let read = less.read(&program.dictionary);
        let alone = screened(program, &read.referral, case.as_of);
        let rule = program.rules.iter().position(|rule| rule.id == finding.rule).expect("a rule of the pack");
        hold(alone.outcomes[rule] == Outcome::Fires, || {
            format!("{} names {named:?}, which do not suffice", finding.rule)
        })?;
    }
    Ok(())
}

/// A fact and what it is computed from.
pub fn behind(program: &Program, fact: FactId) -> BTreeSet<FactId> {
    let mut found = BTreeSet::from([fact]);
    for derived in program.derived.iter().rev() {
        let formula = format!("{:?}", derived.formula);
        let names = |other: FactId| formula.contains(&format!("FactId({})", other.0));
        if found.contains(&derived.fact) {
            found.extend(program.dictionary.facts().map(|(other, _)| other).filter(|other| names(*other)));
        }
    }
    found
}

/// What holds of a screening that knows more than another.
fn narrows(less: &Screening, more: &Screening) -> Result<(), String> {
    hold(more.settled.conflicts.len() >= less.settled.conflicts.len() || !less.settled.conflicts.is_empty(), || {
        "a conflict was found that more facts do not show".to_owned()
    })?;
    for (index, rule) in less.program.rules.iter().enumerate() {
        let (before, after) = (less.outcomes[index], more.outcomes[index]);
        let fits = match before {
            Outcome::Unknown | Outcome::Fault => true,
            Outcome::Clear => matches!(after, Outcome::Clear | Outcome::NotApplicable),
            settled => after == settled,
        };
        hold(fits, || format!("{} was {} and is {} with more known", rule.id, before.word(), after.word()))?;
    }
    let (wide, narrow) = (less.decided, more.decided);
    hold(wide.at_best <= narrow.at_best && narrow.at_worst <= wide.at_worst, || {
        format!("{narrow:?} is not within {wide:?}")
    })?;
    let barred = wide.verdict == Decision::NotACandidate;
    hold(!barred || narrow.verdict == Decision::NotACandidate, || "a proven bar did not stay".to_owned())
}

/// Whether facts contradict each other, by a declared conflict or a derived fact given otherwise than computed.
pub fn is_doubtful(screening: &Screening) -> bool {
    let (program, chart) = (screening.program, &screening.settled.chart);
    let otherwise = program.derived.iter().any(|derived| {
        let own = screening.settled.standings[derived.fact.index()].deciding;
        let own = own.and_then(|index| Some(&screening.referral.said(derived.fact)?.statements[index].value));
        let (computed, _) = compute(program, derived, chart);
        let both_exact = own.is_some_and(|own| own.state().is_none()) && computed.state().is_none();
        *chart.value(derived.fact) == Value::Unknown(State::Contradicted) || both_exact && own != Some(&computed)
    });
    otherwise || !screening.settled.conflicts.is_empty()
}

/// Counts what a screening came to.
pub fn count(screening: &Screening, reach: &mut Reach) {
    reach.hit(format!("verdict {}", screening.decided.verdict.word()));
    reach.hit_if(!screening.settled.conflicts.is_empty(), "a conflict");
    for (rule, outcome) in screening.program.rules.iter().zip(&screening.outcomes) {
        reach.hit(format!("{} {}", rule.effect.word(), outcome.word()));
        if rule.guard.is_some() {
            reach.hit(format!("guarded {}", outcome.word()));
        }
    }
    for (id, fact) in screening.program.dictionary.facts() {
        let value = screening.settled.chart.value(id);
        let kind = if fact.derived.is_some() { "derived" } else { "given" };
        reach.hit(format!("{kind} {}", value.state().map_or("known", State::word)));
        reach.hit_if(!screening.settled.standings[id.index()].unseen.is_empty(), "dated after the as-of date");
        reach.hit_if(screening.settled.standings[id.index()].earlier.len() > 1, "superseded results");
    }
}
