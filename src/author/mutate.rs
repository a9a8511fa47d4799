//! How much the fixtures of a pack notice: rules with one small mistake each, run against what fixtures expect. What no
//! fixture notices is shown with a patient who would, unless nobody can.

pub mod tally;
pub mod mutated;
pub mod cases;
pub mod judge;
pub mod apart;
mod beside;
pub mod suggested;

use std::collections::BTreeSet;

use super::fixture::Fixture;
use super::jobs::in_order;
use super::mutant::term::{Mentioned, mention, terms};
use super::mutant::unit::{units, values_behind};
use super::mutant::{Kind, Mutant, lines, mutants};
use crate::engine::verdict::PackName;
use crate::model::calendar::Date;
use crate::pack::program::{Program, Rule, Weight};
use apart::Apart;
use beside::UnitCame;
use cases::Cases;
use mutated::{
    FactSurvivor, Facts, Mutated, Noticed, OfKind, OfRule, Patient, SCHEMA, Survivor, TermSurvivor, Terms, UnitSurvivor,
};
use tally::Tally;

/// What to do.
pub struct Plan<'a> {
    /// The rules to mutate, by position, and nothing beside rules; none: all of the pack's own.
    pub rules: Option<BTreeSet<usize>>,
    /// Whether to tell of mutants that are noticed, too.
    pub all: bool,
    /// How many threads to use.
    pub jobs: usize,
    /// Hears how much of how much is done.
    pub done: &'a (dyn Fn(usize, usize) + Sync),
}

/// Mutates a pack and runs its fixtures against that; or the fixtures that fail as it is.
pub fn run<'p>(program: &'p Program, fixtures: &'p [Fixture], plan: &Plan) -> Result<Mutated, Vec<&'p Fixture>> {
    let cases = Cases::new(program, fixtures)?;
    let runner = Runner { cases: &cases, plan, as_of: cases.usual_day() };
    let own = |rule: &usize| program.rules[*rule].own && plan.rules.as_ref().is_none_or(|picked| picked.contains(rule));
    let all: Vec<Mutant> = (0..program.rules.len()).filter(own).flat_map(|rule| mutants(program, rule)).collect();
    let rules = runner.rules(&all);
    let (tally, units) = if plan.rules.is_none() { runner.units() } else { Default::default() };
    let of_kind = |kind: Kind| {
        let own = all.iter().zip(&rules).filter(|(mutant, _)| mutant.kind == kind).map(|(_, came)| came.counts());
        let tally = own.fold(if kind == Kind::Unit { tally } else { Tally::default() }, Tally::plus);
        OfKind { kind, tally }
    };
    let kinds: Vec<OfKind> = Kind::ALL.map(of_kind).into_iter().filter(|own| own.tally.mutants > 0).collect();
    Ok(Mutated {
        schema: SCHEMA,
        pack: PackName { id: program.id.clone(), version: program.version.clone(), digest: program.digest.clone() },
        fixtures: fixtures.len(),
        as_of: runner.as_of.to_string(),
        total: kinds.iter().map(|own| own.tally).fold(Tally::default(), Tally::plus),
        kinds,
        rules: runner.by_rule(&all, rules),
        units,
        terms: plan.rules.is_none().then(|| runner.terms()),
        facts: plan.rules.is_none().then(|| runner.facts()),
    })
}

struct Runner<'r> {
    cases: &'r Cases<'r>,
    plan: &'r Plan<'r>,
    as_of: Date,
}

/// What came of a mutant.
enum Came {
    /// A fixture notices it.
    Noticed(usize),
    /// None does; whether a patient could.
    Apart(Apart),
}

impl Came {
    fn counts(&self) -> Tally {
        match self {
            Came::Noticed(_) => Tally::killed(),
            Came::Apart(Apart::Never) => Tally::equivalent(),
            Came::Apart(Apart::By(..) | Apart::Undecided) => Tally::survivor(),
        }
    }
}

impl Runner<'_> {
    /// What came of each mutant of a rule.
    fn rules(&self, all: &[Mutant]) -> Vec<Came> {
        let done = |done: usize| (self.plan.done)(done, all.len());
        let noticed = in_order(all, self.plan.jobs, &done, |mutant| {
            judge::noticed(self.cases, &[(mutant.rule, &mutant.mutated)])
        });
        let unnoticed = |kind: fn(Kind) -> bool| {
            let both = all.iter().zip(&noticed).enumerate();
            both.filter(move |(_, (mutant, by))| by.is_none() && kind(mutant.kind))
                .map(|(at, (mutant, _))| (at, mutant))
        };
        let of_rules: Vec<(usize, &Mutant)> = unnoticed(|kind| kind != Kind::Effect).collect();
        let groups: Vec<&[(usize, &Mutant)]> = of_rules.chunk_by(|(_, a), (_, b)| a.rule == b.rule).collect();
        let apart = in_order(&groups, self.plan.jobs, &|_| {}, |group| {
            let mutated: Vec<&Rule> = group.iter().map(|(_, mutant)| &mutant.mutated).collect();
            apart::rules(self.cases.program, group[0].1.rule, &mutated, self.as_of)
        });
        let mut came: Vec<Came> =
            noticed.iter().map(|by| by.map_or(Came::Apart(Apart::Undecided), Came::Noticed)).collect();
        for ((at, _), apart) in groups.iter().flat_map(|group| group.iter()).zip(apart.into_iter().flatten()) {
            came[*at] = Came::Apart(apart);
        }
        let effects: Vec<(usize, &Mutant)> = unnoticed(|kind| kind == Kind::Effect).collect();
        let weights = effects.iter().map(|(_, mutant)| (mutant.rule, mutant.mutated.effect.weight()));
        for ((at, _), apart) in effects.iter().zip(self.effects(&weights.collect::<Vec<_>>())) {
            came[*at] = Came::Apart(apart);
        }
        came
    }

    /// The space of all patients costs something, so that a hundred are looked for in one; in the same ones however many
    /// threads there are.
    fn effects(&self, weights: &[(usize, Weight)]) -> Vec<Apart> {
        let groups: Vec<&[(usize, Weight)]> = weights.chunks(100).collect();
        let apart =
            in_order(&groups, self.plan.jobs, &|_| {}, |group| apart::effects(self.cases.program, group, self.as_of));
        apart.into_iter().flatten().collect()
    }

    fn by_rule(&self, all: &[Mutant], came: Vec<Came>) -> Vec<OfRule> {
        let program = self.cases.program;
        let mut rules: Vec<OfRule> = Vec::new();
        for (mutant, came) in all.iter().zip(came) {
            let own = &program.rules[mutant.rule];
            if rules.last().is_none_or(|last| last.rule != own.id) {
                rules.push(OfRule {
                    rule: own.id.clone(),
                    effect: own.effect.word(),
                    tally: Tally::default(),
                    survivors: Vec::new(),
                    noticed: self.plan.all.then(Vec::new),
                });
            }
            let Some(last) = rules.last_mut() else { continue };
            last.tally = last.tally.plus(came.counts());
            let (kind, lines) = (mutant.kind, || lines(program, own, &mutant.mutated));
            match came {
                Came::Noticed(case) => {
                    let by = self.cases.all[case].fixture.name.clone();
                    last.noticed.iter_mut().for_each(|all| all.push(Noticed { kind, lines: lines(), by: by.clone() }));
                }
                Came::Apart(Apart::Never) => {}
                Came::Apart(apart) => {
                    let patient = match apart {
                        Apart::By(witness, was, is) => Some(Patient { was, is, referral: witness.toml(), witness }),
                        Apart::Never | Apart::Undecided => None,
                    };
                    let mutated = mutant.mutated.clone();
                    last.survivors.push(Survivor { kind, lines: lines(), patient, mutated });
                }
            }
        }
        rules
    }

    fn units(&self) -> (Tally, Vec<UnitSurvivor>) {
        let program = self.cases.program;
        let own: Vec<&Rule> = program.rules.iter().filter(|rule| rule.own).collect();
        let values = values_behind(program, &own);
        let mut mutants = units(&program.dictionary);
        mutants.retain(|mutant| values.contains(&(mutant.fact, mutant.field)));
        let came = in_order(&mutants, self.plan.jobs, &|_| {}, |mutant| beside::unit(self.cases, mutant));
        let mut tally = Tally::default();
        let mut survivors = Vec::new();
        for (mutant, came) in mutants.iter().zip(came) {
            match came {
                UnitCame::Unused => {}
                UnitCame::Noticed(_) => tally = tally.plus(Tally::killed()),
                UnitCame::Survives => {
                    tally = tally.plus(Tally::survivor());
                    let (was, is) = (mutant.was.code().to_owned(), mutant.is.code().to_owned());
                    survivors.push(UnitSurvivor { fact: mutant.name.clone(), was, is });
                }
            }
        }
        (tally, survivors)
    }

    fn terms(&self) -> Terms {
        let program = self.cases.program;
        let mut mentioned = Mentioned::new();
        self.cases.all.iter().for_each(|case| mention(program, case.screening.referral, &mut mentioned));
        let mutants = terms(program, &mentioned);
        let came = in_order(&mutants, self.plan.jobs, &|_| {}, |mutant| {
            let rules: Vec<(usize, &Rule)> = mutant.rules.iter().map(|(index, rule)| (*index, rule)).collect();
            let noticed = match mutant.is_of_rules() {
                true => judge::noticed(self.cases, &rules).is_some(),
                false => beside::is_noticed(self.cases, &mutant.program(program)),
            };
            if noticed { Tally::killed() } else { self.any_apart(&rules) }
        });
        let mut terms = Terms { tally: Tally::default(), survivors: Vec::new() };
        for (mutant, came) in mutants.into_iter().zip(came) {
            terms.tally = terms.tally.plus(came);
            if came == Tally::survivor() {
                let rules = mutant.rules.iter().map(|(index, _)| program.rules[*index].id.clone()).collect();
                let (vocabulary, class, term) = (mutant.vocabulary, mutant.class, mutant.term);
                terms.survivors.push(TermSurvivor { vocabulary, class, term, rules });
            }
        }
        terms
    }

    /// Whether any patient tells some of these rules from what they were.
    fn any_apart(&self, rules: &[(usize, &Rule)]) -> Tally {
        let mut apart =
            rules.iter().flat_map(|(index, rule)| apart::rules(self.cases.program, *index, &[rule], self.as_of));
        if apart.all(|apart| apart == Apart::Never) { Tally::equivalent() } else { Tally::survivor() }
    }

    fn facts(&self) -> Facts {
        let done = |_: usize| {};
        let came = in_order(&self.cases.all, self.plan.jobs, &done, |case| beside::facts(self.cases.program, case));
        let mut facts = Facts { tally: Tally::default(), survivors: Vec::new() };
        for (case, (stated, idle)) in self.cases.all.iter().zip(came) {
            facts.tally = facts.tally.plus(Tally::of(stated - idle.len(), idle.len()));
            let path = case.fixture.path.display().to_string();
            facts.survivors.extend(idle.into_iter().map(|fact| FactSurvivor { path: path.clone(), fact }));
        }
        facts
    }
}
