//! Mutants that no fixture notices: whether any patient could tell them from their rule, and who.

use std::cell::Cell;

use crate::analysis::compare::{Ease, Finding, MOVES, find, of, told};
use crate::analysis::logic::Bit;
use crate::analysis::scope::Scope;
use crate::analysis::space::{RuleBits, Space, WEIGHTS};
use crate::analysis::witness::Witness;
use crate::engine::decide::{Outcome, decide};
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
    let beside = WEIGHTS.map(|least| Beside::new(&mut space, &weights, &bits, least));
    let apart = mutants.iter().map(|(rule, weight)| {
        let mut verdicts = |weight: Weight| {
            let reached = [0, 1, 2].map(|level| beside[level].with(&mut space, *rule, weight >= WEIGHTS[level]));
            space.decided(reached)
        };
        let (was, is) = (verdicts(weights[*rule]), verdicts(*weight));
        let moved: Vec<Bit> = was.iter().zip(&is).map(|(was, is)| space.logic.and(&[*was, !*is])).collect();
        let differs = space.logic.or(&moved);
        let mut others = weights.clone();
        others[*rule] = *weight;
        let words = Cell::new(("", ""));
        let shows = |screenings: &[Screening]| {
            let screening = &screenings[0];
            let other = decide(others.iter().copied().zip(screening.outcomes.iter().copied())).verdict;
            let own = screening.decided.verdict;
            let told = own != other;
            if told {
                words.set((own.word(), other.word()));
            }
            told
        };
        match find(&mut space, &[differs], &ease, shows) {
            Finding::Can(witness) => Apart::By(witness, words.get().0, words.get().1),
            Finding::Cannot => Apart::Never,
            Finding::Undecided => Apart::Undecided,
        }
    });
    apart.collect()
}

/// Whether rules that weigh at least so much fire, or may, all but one of them.
struct Beside {
    own: Vec<(Bit, Bit)>,
    before: Vec<(Bit, Bit)>,
    after: Vec<(Bit, Bit)>,
}

impl Beside {
    fn new(space: &mut Space, weights: &[Weight], rules: &[RuleBits], least: Weight) -> Beside {
        let none = (Bit::Known(false), Bit::Known(false));
        let heavy: Vec<(Bit, Bit)> = weights
            .iter()
            .zip(rules)
            .map(|(own, bits)| if *own >= least { (bits.fires, !bits.clear) } else { none })
            .collect();
        let mut sum = |all: &mut dyn Iterator<Item = &(Bit, Bit)>| -> Vec<(Bit, Bit)> {
            let mut so_far = none;
            let mut sums = Vec::new();
            for (fires, may) in all {
                sums.push(so_far);
                so_far = (space.logic.or(&[so_far.0, *fires]), space.logic.or(&[so_far.1, *may]));
            }
            sums
        };
        let (before, mut after) = (sum(&mut heavy.iter()), sum(&mut heavy.iter().rev()));
        after.reverse();
        let own = rules.iter().map(|bits| (bits.fires, !bits.clear)).collect();
        Beside { own, before, after }
    }

    /// The same with one rule, if it `counts`.
    fn with(&self, space: &mut Space, rule: usize, counts: bool) -> (Bit, Bit) {
        let own = if counts { self.own[rule] } else { (Bit::Known(false), Bit::Known(false)) };
        let (before, after) = (self.before[rule], self.after[rule]);
        (space.logic.or(&[before.0, after.0, own.0]), space.logic.or(&[before.1, after.1, own.1]))
    }
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
