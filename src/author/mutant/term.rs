//! A term that is no longer in a class: what rules come to that name the class. Nobody writes a fixture for every
//! medicine, so only terms count that some fixture mentions.

use std::collections::BTreeSet;

use crate::analysis::reach::conds_of;
use crate::analysis::walk::{self, Part};
use crate::model::dictionary::{Domain, Scalar, VocabularyId};
use crate::model::referral::Referral;
use crate::model::value::{Term, Value};
use crate::model::vocabulary::{ConceptId, Mask, Vocabulary};
use crate::pack::ir::{Choice, Cond, Day, Int, Number, TermRelation, TermTest};
use crate::pack::program::{Conflict, Derived, Formula, Program, Rule, Test};

/// A term that is no longer in a class.
#[derive(Clone, Debug)]
pub struct TermMutant {
    /// The vocabulary, by name.
    pub vocabulary: String,
    /// The class.
    pub class: String,
    /// What left it.
    pub term: String,
    /// The rules that come to something else for it, by position.
    pub rules: Vec<(usize, Rule)>,
    /// The conflicts that do.
    pub conflicts: Vec<(usize, Conflict)>,
    /// The computed facts that do.
    pub derived: Vec<(usize, Derived)>,
}

impl TermMutant {
    /// Whether only rules come to something else, on charts as they are.
    pub fn is_of_rules(&self) -> bool {
        self.conflicts.is_empty() && self.derived.is_empty()
    }

    /// The pack in which the term is no longer in the class.
    pub fn program(&self, program: &Program) -> Program {
        let mut other = program.clone();
        self.rules.iter().for_each(|(index, rule)| other.rules[*index] = rule.clone());
        self.conflicts.iter().for_each(|(index, conflict)| other.conflicts[*index] = conflict.clone());
        self.derived.iter().for_each(|(index, derived)| other.derived[*index] = derived.clone());
        other
    }
}

/// Terms that fixtures mention, directly or through a narrower one.
pub type Mentioned = BTreeSet<(u16, ConceptId)>;

/// What a referral mentions.
pub fn mention(program: &Program, referral: &Referral, mentioned: &mut Mentioned) {
    for said in &referral.facts {
        let fact = program.dictionary.fact(said.fact);
        let mut met = |field: usize, value: &Value| {
            if let (Value::Term(Term::Known(id)), Some(vocabulary)) = (value, vocabulary(fact.field_domain(field))) {
                let all = program.dictionary.vocabulary(vocabulary).ancestors(*id);
                mentioned.extend(all.into_iter().map(|id| (vocabulary.0, id)));
            }
        };
        for statement in &said.statements {
            match &statement.value {
                Value::List(list) => {
                    let members = list.members();
                    members.for_each(|fields| fields.iter().enumerate().for_each(|(field, value)| met(field, value)));
                }
                value if fact.domain().is_some() => met(0, value),
                _ => {}
            }
        }
    }
}

/// The mutants of terms that fixtures mention, class by class.
pub fn terms(program: &Program, mentioned: &Mentioned) -> Vec<TermMutant> {
    let mut mutants = Vec::new();
    for (vocabulary, class) in classes(program) {
        let whole = program.dictionary.vocabulary(vocabulary);
        let members = whole.concepts().filter(|(_, concept)| concept.is.contains(&class));
        for (member, concept) in members.filter(|(member, _)| mentioned.contains(&(vocabulary.0, *member))) {
            let without = whole.without(member, class);
            let masks = Masks { id: vocabulary, vocabulary: &without };
            let rules = changed(&program.rules, |rule| masks.rule(rule));
            let conflicts = changed(&program.conflicts, |conflict| masks.cond(&mut conflict.when));
            let derived = changed(&program.derived, |derived| masks.formula(&mut derived.formula));
            let (vocabulary, class) = (whole.name.clone(), whole.concept(class).name.clone());
            let mutant = TermMutant { vocabulary, class, term: concept.name.clone(), rules, conflicts, derived };
            mutants.extend(Some(mutant).filter(|mutant| !mutant.rules.is_empty()));
        }
    }
    mutants
}

/// The classes that the pack's own rules name, in the order of their definition.
fn classes(program: &Program) -> BTreeSet<(VocabularyId, ConceptId)> {
    let mut classes = BTreeSet::new();
    for cond in program.rules.iter().filter(|rule| rule.own).flat_map(conds_of) {
        walk::each(cond, &mut |part| {
            if let Part::Cond(Cond::TermTest(TermTest { kind: TermRelation::IsA, vocabulary, concepts, .. })) = part {
                classes.extend(concepts.iter().map(|id| (*vocabulary, *id)));
            }
        });
    }
    classes
}

fn vocabulary(domain: &Domain) -> Option<VocabularyId> {
    if let Scalar::Term(vocabulary) = domain.scalar { Some(vocabulary) } else { None }
}

/// Those of some things that a change makes others, by position.
fn changed<T: Clone + PartialEq>(all: &[T], change: impl Fn(&mut T)) -> Vec<(usize, T)> {
    let other = |(index, own): (usize, &T)| {
        let mut other = own.clone();
        change(&mut other);
        (other != *own).then_some((index, other))
    };
    all.iter().enumerate().filter_map(other).collect()
}

/// Asks another vocabulary what belongs to classes.
struct Masks<'v> {
    id: VocabularyId,
    vocabulary: &'v Vocabulary,
}

impl Masks<'_> {
    fn rule(&self, rule: &mut Rule) {
        rule.guard.iter_mut().for_each(|guard| self.cond(guard));
        if let Test::Lowered(cond) = &mut rule.test {
            self.cond(cond);
        }
    }

    fn cond(&self, cond: &mut Cond) {
        each_test(cond, &mut |test| self.test(test));
    }

    fn formula(&self, formula: &mut Formula) {
        let met = &mut |test: &mut TermTest| self.test(test);
        match formula {
            Formula::Cond(cond) => each_test(cond, met),
            Formula::Int(int) => in_int(int, met),
            Formula::Number(number) => in_number(number, met),
            Formula::Day(day) => in_day(day, met),
            Formula::Choice(choice) => in_choice(choice, met),
        }
    }

    fn test(&self, test: &mut TermTest) {
        if test.vocabulary == self.id && test.kind == TermRelation::IsA {
            let masks = test.concepts.iter().map(|concept| self.vocabulary.members(*concept));
            test.mask = masks.fold(Mask::none(self.vocabulary.len()), |all, own| all.union(&own));
        }
    }
}

/// Calls with every test of a term in a condition.
fn each_test(cond: &mut Cond, met: &mut impl FnMut(&mut TermTest)) {
    match cond {
        Cond::TermTest(test) => met(test),
        Cond::Not(inner) => each_test(inner, met),
        Cond::And(parts) | Cond::Or(parts) => parts.iter_mut().for_each(|part| each_test(part, met)),
        Cond::Same(a, b) => [a, b].into_iter().for_each(|part| each_test(part, met)),
        Cond::CompareInt(_, a, b) => [a, b].into_iter().for_each(|part| in_int(part, met)),
        Cond::CompareNumber(_, a, b) => [a, b].into_iter().for_each(|part| in_number(part, met)),
        Cond::CompareDay(_, a, b) => [a, b].into_iter().for_each(|part| in_day(part, met)),
        Cond::ChoiceTest(test) => in_choice(&mut test.choice, met),
        Cond::SameChoice(a, b) => [a, b].into_iter().for_each(|part| in_choice(part, met)),
        Cond::Quantified(_, each) => each_test(&mut each.body, met),
        Cond::If(test, yes, no) => [test, yes, no].into_iter().for_each(|part| each_test(part, met)),
        Cond::Literal(_) | Cond::Holds(_) | Cond::SameTerm(..) | Cond::IsEmpty(_) | Cond::Outside(..) => {}
    }
}

fn in_int(int: &mut Int, met: &mut impl FnMut(&mut TermTest)) {
    match int {
        Int::Literal(_) | Int::Place(_) => {}
        Int::Arithmetic(_, a, b) => [a, b].into_iter().for_each(|part| in_int(part, met)),
        Int::Negate(a) | Int::Absolute(a) => in_int(a, met),
        Int::Count(each) => each_test(&mut each.body, met),
        Int::YearsSince(day) => in_day(day, met),
        Int::DaysBetween(a, b) => [a, b].into_iter().for_each(|part| in_day(part, met)),
        Int::If(test, a, b) => {
            each_test(test, met);
            [a, b].into_iter().for_each(|part| in_int(part, met));
        }
    }
}

fn in_number(number: &mut Number, met: &mut impl FnMut(&mut TermTest)) {
    match number {
        Number::Literal(_) | Number::Place(_) => {}
        Number::Whole(int) => in_int(int, met),
        Number::Arithmetic(_, a, b) => [a, b].into_iter().for_each(|part| in_number(part, met)),
        Number::Negate(a) | Number::Absolute(a) => in_number(a, met),
        Number::If(test, a, b) => {
            each_test(test, met);
            [a, b].into_iter().for_each(|part| in_number(part, met));
        }
    }
}

fn in_day(day: &mut Day, met: &mut impl FnMut(&mut TermTest)) {
    if let Day::If(test, a, b) = day {
        each_test(test, met);
        [a, b].into_iter().for_each(|part| in_day(part, met));
    }
}

fn in_choice(choice: &mut Choice, met: &mut impl FnMut(&mut TermTest)) {
    if let Choice::If(test, a, b) = choice {
        each_test(test, met);
        [a, b].into_iter().for_each(|part| in_choice(part, met));
    }
}
