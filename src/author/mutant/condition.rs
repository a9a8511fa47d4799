//! The variants of a condition that one small mistake makes, at any depth.

use super::Kind;
use crate::model::dictionary::Dictionary;
use crate::model::truth::Truth;
use crate::model::vocabulary::Mask;
use crate::pack::ir::{ChoiceTest, Cond, Each, Quantifier, Relation, Side, TermRelation, TermTest};
use crate::pack::written;

/// The variants of one thing, each with the mistake that makes it.
pub type Variants<T> = Vec<(Kind, T)>;

/// Makes variants of what is over a dictionary.
#[derive(Clone, Copy)]
pub struct Maker<'d> {
    /// The dictionary.
    pub dictionary: &'d Dictionary,
}

impl Maker<'_> {
    /// The variants of a condition, some perhaps more than once, kind by kind.
    pub fn variants(self, cond: &Cond) -> Variants<Cond> {
        let mut found = self.own(cond);
        found.extend(self.inside(cond));
        found.sort_by_key(|(kind, _)| *kind);
        found
    }

    /// The mistakes at the condition itself. What is negated has its own further in.
    fn own(self, cond: &Cond) -> Variants<Cond> {
        let mut found = Vec::new();
        match cond {
            Cond::Not(_) => return found,
            Cond::And(parts) => {
                found.push((Kind::Junction, Cond::Or(parts.clone())));
                found.extend(fewer(parts, Cond::And));
            }
            Cond::Or(parts) => {
                found.push((Kind::Junction, Cond::And(parts.clone())));
                found.extend(fewer(parts, Cond::Or));
            }
            Cond::CompareInt(relation, a, b) => {
                found.push((Kind::Relation, Cond::CompareInt(flipped(*relation), a.clone(), b.clone())));
            }
            Cond::CompareNumber(relation, a, b) => {
                found.push((Kind::Relation, Cond::CompareNumber(flipped(*relation), a.clone(), b.clone())));
            }
            Cond::CompareDay(relation, a, b) => {
                found.push((Kind::Relation, Cond::CompareDay(flipped(*relation), a.clone(), b.clone())));
            }
            Cond::TermTest(test) if test.kind == TermRelation::In => found.extend(self.fewer_terms(test)),
            Cond::ChoiceTest(test) if test.listed => found.extend(self.fewer_choices(test)),
            // `==` is not `!=`.
            Cond::Same(..) | Cond::TermTest(_) | Cond::SameTerm(..) | Cond::ChoiceTest(_) | Cond::SameChoice(..) => {
                let is = !matches!(cond, Cond::TermTest(test) if test.kind == TermRelation::IsA);
                found.extend(is.then(|| (Kind::Relation, negated(cond))));
            }
            Cond::Quantified(quantifier, each) => {
                let other = if *quantifier == Quantifier::Some { Quantifier::All } else { Quantifier::Some };
                found.push((Kind::Quantifier, Cond::Quantified(other, each.clone())));
            }
            Cond::Outside(side, fact) => {
                let other = if *side == Side::Low { Side::High } else { Side::Low };
                found.push((Kind::Side, Cond::Outside(other, *fact)));
            }
            Cond::Literal(_) | Cond::Holds(_) | Cond::IsEmpty(_) | Cond::If(..) => {}
        }
        found.push((Kind::Negated, negated(cond)));
        found
    }

    /// The mistakes in the parts of a condition.
    fn inside(self, cond: &Cond) -> Variants<Cond> {
        match cond {
            Cond::Literal(_)
            | Cond::Holds(_)
            | Cond::TermTest(_)
            | Cond::SameTerm(..)
            | Cond::SameChoice(..)
            | Cond::ChoiceTest(_)
            | Cond::IsEmpty(_)
            | Cond::Outside(..) => Vec::new(),
            Cond::Not(inner) => map(self.variants(inner), |inner| negated(&inner)),
            Cond::And(parts) => self.each_part(parts, Cond::And),
            Cond::Or(parts) => self.each_part(parts, Cond::Or),
            Cond::Same(a, b) => both(
                (self.variants(a), self.variants(b)),
                |other| Cond::Same(Box::new(other), b.clone()),
                |other| Cond::Same(a.clone(), Box::new(other)),
            ),
            Cond::CompareInt(relation, a, b) => both(
                (self.ints(a), self.ints(b)),
                |other| Cond::CompareInt(*relation, other, b.clone()),
                |other| Cond::CompareInt(*relation, a.clone(), other),
            ),
            Cond::CompareNumber(relation, a, b) => both(
                (self.numbers(a), self.numbers(b)),
                |other| Cond::CompareNumber(*relation, other, b.clone()),
                |other| Cond::CompareNumber(*relation, a.clone(), other),
            ),
            Cond::CompareDay(relation, a, b) => both(
                (self.days(a), self.days(b)),
                |other| Cond::CompareDay(*relation, other, b.clone()),
                |other| Cond::CompareDay(*relation, a.clone(), other),
            ),
            Cond::Quantified(quantifier, each) => map(self.of_each(each), |each| Cond::Quantified(*quantifier, each)),
            Cond::If(test, yes, no) => {
                let mut found = map(self.variants(test), |other| Cond::If(Box::new(other), yes.clone(), no.clone()));
                found.extend(map(self.variants(yes), |other| Cond::If(test.clone(), Box::new(other), no.clone())));
                found.extend(map(self.variants(no), |other| Cond::If(test.clone(), yes.clone(), Box::new(other))));
                found
            }
        }
    }

    /// The variants of a condition on members.
    pub fn of_each(self, each: &Each) -> Variants<Each> {
        map(self.variants(&each.body), |body| Each { body: Box::new(body), ..each.clone() })
    }

    fn each_part(self, parts: &[Cond], whole: fn(Vec<Cond>) -> Cond) -> Variants<Cond> {
        let of = |(at, part): (usize, &Cond)| {
            map(self.variants(part), |other| {
                let mut all = parts.to_vec();
                all[at] = other;
                whole(all)
            })
        };
        parts.iter().enumerate().flat_map(of).collect()
    }

    /// The test without each of its names; the last one stays.
    fn fewer_terms(self, test: &TermTest) -> Variants<Cond> {
        let vocabulary = self.dictionary.vocabulary(test.vocabulary);
        let without = |at: usize| {
            let mut concepts = test.concepts.clone();
            concepts.remove(at);
            let masks = concepts.iter().map(|id| vocabulary.same(*id));
            let mask = masks.fold(Mask::none(vocabulary.len()), |all, own| all.union(&own));
            (Kind::Listed, Cond::TermTest(TermTest { concepts, mask, ..test.clone() }))
        };
        if test.concepts.len() < 2 { Vec::new() } else { (0..test.concepts.len()).map(without).collect() }
    }

    /// The test without each of its values; the last one stays.
    fn fewer_choices(self, test: &ChoiceTest) -> Variants<Cond> {
        let size = written::values(&test.choice, self.dictionary).len();
        let without = |at: usize| {
            let mut wanted = test.wanted.clone();
            wanted.remove(at);
            let mut mask = Mask::none(size);
            wanted.iter().for_each(|value| mask.raise(usize::from(*value), Truth::True));
            (Kind::Listed, Cond::ChoiceTest(ChoiceTest { wanted, mask, ..test.clone() }))
        };
        if test.wanted.len() < 2 { Vec::new() } else { (0..test.wanted.len()).map(without).collect() }
    }
}

/// A condition negated, without `!` where it needs none.
pub fn negated(cond: &Cond) -> Cond {
    match cond {
        Cond::Literal(value) => Cond::Literal(!value),
        Cond::Not(inner) => (**inner).clone(),
        Cond::CompareInt(relation, a, b) => Cond::CompareInt(relation.opposite(), a.clone(), b.clone()),
        Cond::CompareNumber(relation, a, b) => Cond::CompareNumber(relation.opposite(), a.clone(), b.clone()),
        Cond::CompareDay(relation, a, b) => Cond::CompareDay(relation.opposite(), a.clone(), b.clone()),
        other => Cond::Not(Box::new(other.clone())),
    }
}

/// The variants of a whole, made from those of a part of it.
pub fn map<T, U>(variants: Variants<T>, mut whole: impl FnMut(T) -> U) -> Variants<U> {
    variants.into_iter().map(|(kind, part)| (kind, whole(part))).collect()
}

/// The variants of a whole of two parts.
pub fn both<T, U>(
    (a, b): (Variants<T>, Variants<T>),
    first: impl FnMut(T) -> U,
    second: impl FnMut(T) -> U,
) -> Variants<U> {
    let mut found = map(a, first);
    found.extend(map(b, second));
    found
}

/// The whole without each of its parts; of two the other is left.
fn fewer(parts: &[Cond], whole: fn(Vec<Cond>) -> Cond) -> Variants<Cond> {
    let without = |at: usize| {
        let mut rest = parts.to_vec();
        rest.remove(at);
        (Kind::Dropped, if rest.len() == 1 { rest.remove(0) } else { whole(rest) })
    };
    if parts.len() < 2 { Vec::new() } else { (0..parts.len()).map(without).collect() }
}

/// The relation that differs where both sides are equal; of `==` the opposite.
fn flipped(relation: Relation) -> Relation {
    match relation {
        Relation::Less => Relation::AtMost,
        Relation::AtMost => Relation::Less,
        Relation::Greater => Relation::AtLeast,
        Relation::AtLeast => Relation::Greater,
        Relation::Equal | Relation::Unequal => relation.opposite(),
    }
}
