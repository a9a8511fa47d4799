//! The conditions of a rule that are not put together from others, what can be asked of a set of patients about each,
//! and which of it one patient shows. A condition turns a rule for a patient if, all else being as it is, the rule fires
//! for one of its values and is clear for the other.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::cells::address;
use crate::engine::decide::Outcome;
use crate::engine::eval::{Eval, Frame};
use crate::model::dictionary::{Dictionary, Domain, Scalar};
use crate::model::truth::Truth;
use crate::model::vocabulary::Mask;
use crate::pack::ir::{
    Choice, ChoiceTest, Cond, Each, Int, Number, Place, Quantifier, Relation, TermRelation, TermTest,
};
use crate::pack::program::{Effect, Rule, Test};

/// A condition that is not put together from others; one on the members of a list is, and its parts are, too.
#[derive(Clone, Copy, Debug)]
pub struct Site<'p> {
    /// The condition.
    pub cond: &'p Cond,
    /// Whether it stands in the guard.
    pub guard: bool,
    /// The innermost closure around it.
    pub each: Option<&'p Each>,
    /// Whether its being true can let the rule fire.
    pub with: bool,
    /// Whether its being false can.
    pub against: bool,
}

/// What a patient can show of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The rule comes to this; a fault counts as unknown.
    Comes(Outcome),
    /// A condition turns the rule, being true, false or unknown, and the rule then fires or is clear.
    Turns(Truth, Option<bool>),
    /// A condition turns the rule just below the number it is held against.
    Below,
    /// A condition turns the rule at the number it is held against.
    At,
    /// A condition turns the rule just above the number it is held against.
    Above,
    /// A condition turns the rule where what it looks at has this value.
    Value(String),
}

/// Something that a patient can show of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// The condition, by position; none if it is about the rule as a whole.
    pub site: Option<usize>,
    /// What.
    pub what: What,
    /// What also has to hold where the condition stands.
    pub probe: Option<Cond>,
}

/// All that can be asked about a rule.
#[derive(Debug)]
pub struct Inquiry<'p> {
    /// The rule.
    pub rule: &'p Rule,
    /// Its conditions, those of the guard first, each before its parts.
    pub sites: Vec<Site<'p>>,
    /// What can be shown: of the whole first, then condition by condition.
    pub goals: Vec<Goal>,
    by_address: HashMap<usize, usize>,
    by_site: Vec<Vec<usize>>,
}

impl<'p> Inquiry<'p> {
    /// All that can be asked about a rule. Of one that runs in Rhai only what it comes to.
    pub fn new(rule: &'p Rule, dictionary: &Dictionary) -> Inquiry<'p> {
        let mut sites = Vec::new();
        let lowered = matches!(rule.test, Test::Lowered(_));
        if let Some(guard) = rule.guard.as_ref().filter(|_| lowered) {
            gather(guard, &Site { cond: guard, guard: true, each: None, with: true, against: false }, &mut sites);
        }
        if let Test::Lowered(cond) = &rule.test {
            let fires = rule.effect != Effect::Require;
            let root = Site { cond, guard: false, each: None, with: fires, against: !fires };
            gather(cond, &root, &mut sites);
        }
        let whole = |what| Goal { site: None, what: What::Comes(what), probe: None };
        let mut goals: Vec<Goal> = [Outcome::Fires, Outcome::Clear, Outcome::Unknown].map(whole).into();
        goals.extend(rule.guard.is_some().then(|| whole(Outcome::NotApplicable)));
        let mut by_site = Vec::new();
        for (index, site) in sites.iter().enumerate() {
            let first = goals.len();
            goals.extend(asked(site, dictionary).into_iter().map(|(what, probe)| Goal {
                site: Some(index),
                what,
                probe,
            }));
            by_site.push((first..goals.len()).collect());
        }
        let by_address = sites.iter().enumerate().map(|(index, site)| (address(site.cond), index)).collect();
        Inquiry { rule, sites, goals, by_address, by_site }
    }

    /// Calls with every goal that a patient shows, some of them more than once.
    pub fn shown(&self, eval: &Eval, outcome: Outcome, met: &mut impl FnMut(usize)) {
        let outcome = if outcome == Outcome::Fault { Outcome::Unknown } else { outcome };
        let whole = self.goals.iter().take_while(|goal| goal.site.is_none());
        whole.enumerate().filter(|(_, goal)| goal.what == What::Comes(outcome)).for_each(|(index, _)| met(index));
        let guard = self.rule.guard.as_ref();
        let asked = guard.map_or(Truth::True, |guard| eval.cond(guard, None));
        let Test::Lowered(test) = &self.rule.test else { return };
        let fires = self.rule.effect != Effect::Require;
        let truth = eval.cond(test, None);
        let mut visit = |site: usize, fires_when: bool, truth: Truth, frame: Option<&Frame>| {
            for index in &self.by_site[site] {
                let goal = &self.goals[*index];
                let probed = || goal.probe.as_ref().is_none_or(|probe| eval.cond(probe, frame) == Truth::True);
                let own = match goal.what {
                    What::Turns(Truth::Unknown, _) => truth == Truth::Unknown,
                    What::Turns(wanted, Some(fires)) => {
                        truth == wanted && (truth == Truth::True) == (fires == fires_when)
                    }
                    _ => true,
                };
                if own && probed() {
                    met(*index);
                }
            }
        };
        if let Some(guard) = guard
            && truth == fires.into()
        {
            Turning { inquiry: self, eval }.down(guard, true, None, &mut visit);
        }
        if asked == Truth::True {
            Turning { inquiry: self, eval }.down(test, fires, None, &mut visit);
        }
    }
}

fn gather<'p>(cond: &'p Cond, at: &Site<'p>, sites: &mut Vec<Site<'p>>) {
    let turned = || Site { with: at.against, against: at.with, ..*at };
    let either = || Site { with: true, against: true, ..*at };
    match cond {
        Cond::Literal(_) => {}
        Cond::Not(inner) => gather(inner, &turned(), sites),
        Cond::And(parts) | Cond::Or(parts) => parts.iter().for_each(|part| gather(part, at, sites)),
        Cond::Same(a, b) => [a, b].into_iter().for_each(|part| gather(part, &either(), sites)),
        Cond::If(test, yes, no) => {
            gather(test, &either(), sites);
            [yes, no].into_iter().for_each(|part| gather(part, at, sites));
        }
        Cond::Quantified(_, each) => {
            sites.push(Site { cond, ..*at });
            gather(&each.body, &Site { each: Some(each), ..*at }, sites);
        }
        _ => sites.push(Site { cond, ..*at }),
    }
}

/// What can be asked about a condition, with what has to hold besides.
fn asked(site: &Site, dictionary: &Dictionary) -> Vec<(What, Option<Cond>)> {
    let mut asked = Vec::new();
    for (way, fires) in [(site.with, true), (site.against, false)] {
        if way {
            asked.push((What::Turns(Truth::True, Some(fires)), None));
            asked.push((What::Turns(Truth::False, Some(!fires)), None));
        }
    }
    asked.push((What::Turns(Truth::Unknown, None), None));
    asked.extend(around(site.cond).into_iter().map(|(what, probe)| (what, Some(probe))));
    asked.extend(values(site.cond, dictionary).into_iter().map(|(value, probe)| (What::Value(value), Some(probe))));
    asked
}

/// Just below, at and just above the number that a condition holds a quantity against. A step is one of the last digit
/// that the number is written with.
fn around(cond: &Cond) -> Vec<(What, Cond)> {
    match cond {
        Cond::CompareInt(_, quantity, Int::Literal(number)) | Cond::CompareInt(_, Int::Literal(number), quantity)
            if !matches!(quantity, Int::Literal(_)) =>
        {
            let at = |step: i64| {
                let number = Int::Literal(number.checked_add(step)?);
                Some(Cond::CompareInt(Relation::Equal, quantity.clone(), number))
            };
            [(What::Below, -1), (What::At, 0), (What::Above, 1)]
                .into_iter()
                .filter_map(|(what, step)| Some((what, at(step)?)))
                .collect()
        }
        Cond::CompareNumber(_, a, b) => {
            let (quantity, number) = match (written(a), written(b)) {
                (None, Some(number)) => (a, number),
                (Some(number), None) => (b, number),
                _ => return Vec::new(),
            };
            let step = Decimal::new(1, number.normalize().scale());
            let than = |relation, number| Cond::CompareNumber(relation, quantity.clone(), Number::Literal(number));
            let between = |low: Cond, high: Cond| Cond::And(vec![low, high]);
            vec![
                (What::Below, between(than(Relation::AtLeast, number - step), than(Relation::Less, number))),
                (What::At, than(Relation::Equal, number)),
                (What::Above, between(than(Relation::Greater, number), than(Relation::AtMost, number + step))),
            ]
        }
        _ => Vec::new(),
    }
}

/// The number that is written where a quantity may stand.
pub fn written(number: &Number) -> Option<Decimal> {
    match number {
        Number::Literal(value) => Some(*value),
        Number::Whole(int) => {
            if let Int::Literal(value) = **int {
                Some(value.into())
            } else {
                None
            }
        }
        _ => None,
    }
}

/// The values that what a condition looks at can have, of a choice, or that it names, of a term.
fn values(cond: &Cond, dictionary: &Dictionary) -> Vec<(String, Cond)> {
    match cond {
        Cond::ChoiceTest(ChoiceTest { choice: Choice::Place(place), .. }) => {
            let Some(Scalar::Choice(values)) = domain(*place, dictionary).map(|domain| &domain.scalar) else {
                return Vec::new();
            };
            let is = |value: usize| {
                let mut mask = Mask::none(values.len());
                mask.raise(value, Truth::True);
                let (choice, wanted) = (Choice::Place(*place), vec![value as u16]);
                Cond::ChoiceTest(ChoiceTest { choice, listed: false, wanted, mask })
            };
            values.iter().enumerate().map(|(index, value)| (value.clone(), is(index))).collect()
        }
        Cond::TermTest(test) if test.concepts.len() > 1 => {
            let vocabulary = dictionary.vocabulary(test.vocabulary);
            let is = |concept| {
                let (concepts, mask) = (vec![concept], vocabulary.members(concept));
                Cond::TermTest(TermTest { kind: TermRelation::IsA, concepts, mask, ..test.clone() })
            };
            test.concepts.iter().map(|own| (vocabulary.concept(*own).name.clone(), is(*own))).collect()
        }
        _ => Vec::new(),
    }
}

/// The domain of what a place holds.
fn domain(place: Place, dictionary: &Dictionary) -> Option<&Domain> {
    match place {
        Place::Fact(fact) => dictionary.fact(fact).domain(),
        Place::Field { list, field, .. } => Some(dictionary.fact(list).field_domain(usize::from(field))),
    }
}

/// Goes down to the conditions that turn a rule for one patient.
struct Turning<'t, 'p> {
    inquiry: &'t Inquiry<'p>,
    eval: &'t Eval<'t>,
}

impl Turning<'_, '_> {
    /// A condition that turns the rule: it fires when the condition is `fires`.
    fn down(
        &self,
        cond: &Cond,
        fires: bool,
        frame: Option<&Frame>,
        visit: &mut impl FnMut(usize, bool, Truth, Option<&Frame>),
    ) {
        let truth = |cond: &Cond| self.eval.cond(cond, frame);
        match cond {
            Cond::Literal(_) => {}
            Cond::Not(inner) => self.down(inner, !fires, frame, visit),
            Cond::And(parts) | Cond::Or(parts) => {
                let rest = if matches!(cond, Cond::And(_)) { Truth::True } else { Truth::False };
                for index in free(parts.iter().map(truth), rest) {
                    self.down(&parts[index], fires, frame, visit);
                }
            }
            Cond::Same(a, b) => {
                for (part, beside) in [(a, truth(b)), (b, truth(a))] {
                    if beside.is_known() {
                        self.down(part, fires == (beside == Truth::True), frame, visit);
                    }
                }
            }
            Cond::If(test, yes, no) => {
                let (then, other) = (truth(yes), truth(no));
                if then.is_known() && other.is_known() && then != other {
                    self.down(test, fires == (then == Truth::True), frame, visit);
                }
                match truth(test) {
                    Truth::True => self.down(yes, fires, frame, visit),
                    Truth::False => self.down(no, fires, frame, visit),
                    Truth::Unknown => {}
                }
            }
            Cond::Quantified(quantifier, each) => {
                visit(self.inquiry.by_address[&address(cond)], fires, truth(cond), frame);
                self.members(*quantifier, each, fires, frame, visit);
            }
            leaf => visit(self.inquiry.by_address[&address(leaf)], fires, truth(leaf), frame),
        }
    }

    fn members(
        &self,
        quantifier: Quantifier,
        each: &Each,
        fires: bool,
        outer: Option<&Frame>,
        visit: &mut impl FnMut(usize, bool, Truth, Option<&Frame>),
    ) {
        let Some(list) = self.eval.list(each.list).filter(|list| !list.open) else { return };
        let rest = if quantifier == Quantifier::All { Truth::True } else { Truth::False };
        let members: Vec<Frame> = list.members().map(|fields| Frame { level: each.level, fields, outer }).collect();
        let truths = members.iter().map(|frame| self.eval.cond(&each.body, Some(frame)));
        for index in free(truths, rest) {
            self.down(&each.body, fires, Some(&members[index]), visit);
        }
    }
}

/// The parts that alone settle a whole in which all others come to `rest`.
fn free(truths: impl Iterator<Item = Truth>, rest: Truth) -> std::ops::Range<usize> {
    let (mut count, mut other) = (0, None);
    for (index, truth) in truths.enumerate() {
        count = index + 1;
        if truth != rest && other.replace(index).is_some() {
            return 0..0;
        }
    }
    other.map_or(0..count, |only| only..only + 1)
}
