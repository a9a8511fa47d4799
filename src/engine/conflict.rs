//! What cannot all be true: the conflicts of a pack that were found, and facts with statements that contradict each other.

use super::cause::causes;
use super::screen::Screening;
use super::settle::compute;
use super::shown::Shown;
use super::verdict::Conflicting;
use crate::model::dictionary::{Fact, FactId};
use crate::model::value::{State, Value};

/// The conflicts of the pack, then the contradictions, each in dictionary order.
pub fn conflicts(screening: &Screening) -> Vec<Conflicting> {
    let (program, shown) = (screening.program, Shown { screening });
    let found = screening.settled.conflicts.iter().map(|index| {
        let conflict = &program.conflicts[*index];
        let facts = |ids: &[FactId]| ids.iter().map(|id| program.dictionary.fact(*id)).collect::<Vec<_>>();
        let (doubted, lacking) = (facts(&conflict.doubts), facts(&conflict.lacks));
        let names = |facts: &[&Fact]| facts.iter().map(|fact| fact.name.clone()).collect();
        let labels = |facts: &[&Fact]| facts.iter().map(|fact| fact.label.clone()).collect();
        let own = causes(program, screening.settled.judged(), &conflict.when);
        Conflicting {
            because: shown.phrase_as_given(&conflict.because, &own.facts),
            doubts: names(&doubted),
            lacks: names(&lacking),
            labels: labels(&doubted),
            lacking: labels(&lacking),
        }
    });
    let contradicted = program.dictionary.facts().filter_map(|(id, fact)| contradiction(&shown, id, fact));
    found.chain(contradicted).collect()
}

fn contradiction(shown: &Shown, id: FactId, fact: &Fact) -> Option<Conflicting> {
    let screening = shown.screening;
    let holds = screening.settled.chart.value(id);
    let stands = screening.program.derived.iter().any(|derived| derived.fact == id && derived.stands);
    if stands && *holds == Value::Bool(true) {
        return outvoted(shown, id, fact);
    }
    if *holds != Value::Unknown(State::Contradicted) {
        return None;
    }
    let clashing = !screening.settled.standings[id.index()].clashing.is_empty();
    let derived = screening.program.derived.iter().find(|derived| derived.fact == id);
    let given = screening.settled.standings[id.index()].deciding.is_some();
    let because = match derived {
        // What nobody gave is in doubt by a conflict, which is told of.
        Some(_) if !given => return None,
        Some(derived) => {
            let (computed, _) = compute(screening.program, derived, screening.settled.judged());
            let computed = shown.words().value(fact, &computed);
            format!("{} is given as {}, and is computed as {computed}", fact.label, shown.clash(id))
        }
        None if !clashing => return None,
        None => format!("{} is given as {}", fact.label, shown.clash(id)),
    };
    let (lacks, labels, lacking) = Default::default();
    Some(Conflicting { because, doubts: vec![fact.name.clone()], lacks, labels, lacking })
}

/// What is reported as true, and stands although it is computed as false.
fn outvoted(shown: &Shown, id: FactId, fact: &Fact) -> Option<Conflicting> {
    let derived = shown.screening.program.derived.iter().find(|derived| derived.fact == id)?;
    let (computed, _) = compute(shown.screening.program, derived, shown.screening.settled.judged());
    let because = format!("{} is given as yes, which stands, and is computed as no", fact.label);
    let (doubts, lacks, labels, lacking) = Default::default();
    (computed == Value::Bool(false)).then_some(Conflicting { because, doubts, lacks, labels, lacking })
}
