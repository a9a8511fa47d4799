//! Mutants that no fixture notices: whether any patient could tell them from their rule, and who.

use crate::analysis::compare::{Ease, Finding, MOVES, find, of, pairs, told};
use crate::analysis::scope::Scope;
use crate::analysis::space::{RuleBits, Space};
use crate::analysis::witness::Witness;
use crate::engine::decide::{Decision, Outcome, decide};
use crate::engine::eval::Eval;
use crate::engine::screen::{self, Screening, outcome};
use crate::model::calendar::Date;
use crate::pack::program::{Effect, Program, Rule, Weight};

/// Whether a patient tells a mutant from its rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Apart {
    /// This one does: what it comes to under the rule, and under the mutant.
    By(Witness, &'static str, &'static str),
    /// Nobody does, which is proved.
    Never,
    /// Nobody was found, and there is no proof.
    Undecided,
}

/// Whether patients tell mutants of a rule's script or guard from the rule, as of a day. Of a note counts only whether
/// it fires.
pub fn rules(program: &Program, rule: usize, mutants: &[&Rule], as_of: Date) -> Vec<Apart> {
    let own = &program.rules[rule];
    let all: Vec<&Rule> = std::iter::once(own).chain(mutants.iter().copied()).collect();
    let mut space = Space::over(Scope { fine: false, ..Scope::of_rules(program, &all) }, as_of);
    let ease = Ease::new(&mut space);
    let was = space.rule(0, own);
    let apart = mutants.iter().map(|mutated| {
        let is = space.rule(0, mutated);
        let counts = |outcome: Outcome| own.effect != Effect::Note || outcome == Outcome::Fires;
        let moves = MOVES.into_iter().filter(|(a, b)| counts(*a) || counts(*b));
        first(moves.map(|(a, b)| {
            let asked = [of(was, a, &mut space), of(is, b, &mut space)];
            let shows = |screenings: &[Screening]| {
                let screening = &screenings[0];
                let eval = Eval::new(&program.dictionary, &screening.settled.chart);
                let other = outcome(program, mutated, screen::of(&screening.ran, rule), &eval);
                told(screening.outcomes[rule]) == a && told(other) == b
            };
            (find(&mut space, &asked, &ease, shows), a.word(), b.word())
        }))
    });
    apart.collect()
}

/// Whether patients get another verdict where rules weigh otherwise, each of them alone.
pub fn effects(program: &Program, mutants: &[(usize, Weight)], as_of: Date) -> Vec<Apart> {
    let mut space = Space::new(vec![program], as_of);
    let ease = Ease::new(&mut space);
    let bits: Vec<RuleBits> = space.rules(0);
    let weights: Vec<Weight> = program.rules.iter().map(|rule| rule.effect.weight()).collect();
    let was = space.weighed(&weights, &bits);
    let apart = mutants.iter().map(|(rule, weight)| {
        let mut others = weights.clone();
        others[*rule] = *weight;
        let is = space.weighed(&others, &bits);
        first(pairs(&Decision::ALL).into_iter().map(|(a, b)| {
            let at = |verdict: Decision| Decision::ALL.iter().position(|own| *own == verdict).unwrap_or(0);
            let shows = |screenings: &[Screening]| {
                let screening = &screenings[0];
                let other = decide(others.iter().copied().zip(screening.outcomes.iter().copied()));
                screening.decided.verdict == a && other.verdict == b
            };
            (find(&mut space, &[was[at(a)], is[at(b)]], &ease, shows), a.word(), b.word())
        }))
    });
    apart.collect()
}

/// The first patient found; or else that there is none, if that is proved for every way there is.
fn first(found: impl Iterator<Item = (Finding, &'static str, &'static str)>) -> Apart {
    let mut apart = Apart::Never;
    for (finding, was, is) in found {
        match finding {
            Finding::Can(witness) => return Apart::By(witness, was, is),
            Finding::Cannot => {}
            Finding::Undecided => apart = Apart::Undecided,
        }
    }
    apart
}
