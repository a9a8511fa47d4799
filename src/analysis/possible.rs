//! What of all that can be asked about a rule some patient could show: with a patient who does, or the proof that nobody
//! could.

use super::cells::address;
use super::compare::{Ease, Finding, find};
use super::logic::{Bit, Tri};
use super::reach::{Class, class, is_of_member};
use super::scope::Scope;
use super::site::{Inquiry, Site, What};
use super::space::{Level, Space};
use crate::engine::decide::Outcome;
use crate::engine::eval::Eval;
use crate::engine::screen::Screening;
use crate::model::calendar::Date;
use crate::model::truth::Truth;
use crate::pack::ir::{Cond, Each, Quantifier};
use crate::pack::program::{Effect, Program, Test};

/// Answers what some patient could show of one rule.
pub struct Possible<'p> {
    inquiry: &'p Inquiry<'p>,
    rule: usize,
    space: Space<'p>,
    ease: Ease,
    spots: Vec<Spot>,
    whole: [Bit; 4],
}

/// A condition where it stands: for a kind of member, or by itself.
struct Spot {
    site: usize,
    /// Whether the rule fires for the patients for whom the condition turns it, when it is true.
    with: Bit,
    /// Whether it is clear then.
    against: Bit,
    tri: Tri,
    member: Option<At>,
}

/// The kind of member that a closure looks at.
#[derive(Clone, Copy)]
struct At {
    list: usize,
    kind: usize,
}

impl<'p> Possible<'p> {
    /// About a rule of a program, as of a day.
    pub fn new(program: &'p Program, rule: usize, inquiry: &'p Inquiry<'p>, as_of: Date) -> Possible<'p> {
        let probes = inquiry.goals.iter().filter_map(|goal| Some((&inquiry.sites[goal.site?], goal.probe.as_ref()?)));
        let of_member = |(site, probe): &(&Site, &Cond)| site.each.is_some_and(|each| is_of_member(probe, each));
        let (inside, beside): (Vec<_>, Vec<_>) = probes.partition(of_member);
        let inside = inside.into_iter().filter_map(|(site, probe)| Some((site.each?, probe)));
        let scope = Scope::of_rules(program, &[inquiry.rule])
            .with(beside.into_iter().map(|(_, probe)| probe))
            .with_members(inside);
        let mut space = Space::over(scope, as_of);
        let ease = Ease::new(&mut space);
        let mut possible = Possible { inquiry, rule, space, ease, spots: Vec::new(), whole: [Bit::Known(false); 4] };
        possible.look();
        possible
    }

    /// Whether some patient shows something, and who.
    pub fn find(&mut self, goal: usize) -> Finding {
        let Some(bit) = self.bit(goal) else { return Finding::Undecided };
        let (inquiry, rule) = (self.inquiry, self.rule);
        let shows = |screenings: &[Screening]| shown(inquiry, rule, &screenings[0], goal);
        find(&mut self.space, &[bit], &self.ease, shows)
    }

    /// The patients who show something; none where it is out of reach.
    fn bit(&mut self, goal: usize) -> Option<Bit> {
        let goal = &self.inquiry.goals[goal];
        let Some(site) = goal.site else {
            let What::Comes(outcome) = goal.what else { return None };
            return OUTCOMES.iter().position(|own| *own == outcome).map(|index| self.whole[index]);
        };
        let mut some = Vec::new();
        for spot in 0..self.spots.len() {
            if self.spots[spot].site != site {
                continue;
            }
            let Spot { with, against, tri, member, .. } = self.spots[spot];
            let of_member = |probe: &Cond| self.inquiry.sites[site].each.is_some_and(|each| is_of_member(probe, each));
            let probed = match (&goal.probe, member) {
                (None, _) => Bit::Known(true),
                (Some(probe), Some(at)) if of_member(probe) => self.space.known_of(at.list, at.kind, probe)?.yes,
                (Some(probe), _) => self.space.cond(0, probe, Level::Settled).yes,
            };
            let logic = &mut self.space.logic;
            let turns = logic.or(&[with, against]);
            let own = match goal.what {
                What::Turns(truth, Some(fires)) if truth.is_known() => {
                    let is = if truth == Truth::True { tri.yes } else { tri.no };
                    let fires_when = (truth == Truth::True) == fires;
                    logic.and(&[if fires_when { with } else { against }, is])
                }
                What::Turns(..) => logic.and(&[turns, !tri.yes, !tri.no]),
                _ => turns,
            };
            some.push(logic.and(&[own, probed]));
        }
        // Where a closure is out of reach, nothing is known of what stands in it.
        if some.is_empty() && self.inquiry.sites[site].each.is_some_and(|each| !self.is_in_reach(each)) {
            return None;
        }
        Some(self.space.logic.or(&some))
    }

    fn is_in_reach(&self, each: &Each) -> bool {
        let all = self.inquiry.sites.iter();
        let around = all.filter(|site| matches!(site.cond, Cond::Quantified(_, own) if std::ptr::eq(own, each)));
        let mut around = around.peekable();
        around.peek().is_some()
            && around.all(|site| {
                let own = matches!(class(self.space.programs[0], site.cond), Class::Members(list, ..) if self.space.list(&list).is_some());
                own && site.each.is_none_or(|outer| self.is_in_reach(outer))
            })
    }

    /// Looks at the rule as a whole, and goes down to its conditions.
    fn look(&mut self) {
        let rule = self.inquiry.rule;
        let guard = rule.guard.as_ref().map_or(Tri::known(true), |guard| self.space.cond(0, guard, Level::Settled));
        let fires = rule.effect != Effect::Require;
        let Test::Lowered(cond) = &rule.test else {
            let any = self.space.logic.anything();
            return self.come(guard, any);
        };
        let test = self.space.cond(0, cond, Level::Settled);
        let test = if fires { test } else { !test };
        self.come(guard, test);
        if let Some(own) = &rule.guard {
            self.down(own, (test.yes, Bit::Known(false)), None);
        }
        let asked = guard.yes;
        let ways = if fires { (asked, Bit::Known(false)) } else { (Bit::Known(false), asked) };
        self.down(cond, ways, None);
    }

    fn come(&mut self, guard: Tri, test: Tri) {
        let logic = &mut self.space.logic;
        let (fires, clear) = (logic.and(&[guard.yes, test.yes]), logic.and(&[!guard.no, test.no]));
        let unknown = logic.and(&[!fires, !guard.no, !test.no]);
        self.whole = [fires, clear, unknown, guard.no];
    }

    fn of(&mut self, cond: &'p Cond, member: Option<(At, &'p Each)>) -> Tri {
        match member {
            None => self.space.cond(0, cond, Level::Settled),
            Some((at, each)) => self.space.of_member(0, at.list, (at.kind, each), cond, Level::Settled),
        }
    }

    /// A condition, with the patients for whom it turns the rule: who fires when it is true, and who when it is false.
    fn down(&mut self, cond: &'p Cond, (with, against): (Bit, Bit), member: Option<(At, &'p Each)>) {
        match cond {
            Cond::Literal(_) => {}
            Cond::Not(inner) => self.down(inner, (against, with), member),
            Cond::And(parts) | Cond::Or(parts) => {
                let all = matches!(cond, Cond::And(_));
                let tris: Vec<Tri> = parts.iter().map(|part| self.of(part, member)).collect();
                let rest: Vec<Bit> = tris.iter().map(|tri| if all { tri.yes } else { tri.no }).collect();
                for (part, beside) in parts.iter().zip(self.besides(&rest)) {
                    let ways = (self.space.logic.and(&[with, beside]), self.space.logic.and(&[against, beside]));
                    self.down(part, ways, member);
                }
            }
            Cond::Same(a, b) => {
                for (part, beside) in [(a, b), (b, a)] {
                    let beside = self.of(beside, member);
                    let ways = self.turned((with, against), beside);
                    self.down(part, ways, member);
                }
            }
            Cond::If(test, yes, no) => {
                let (asked, then, other) = (self.of(test, member), self.of(yes, member), self.of(no, member));
                let logic = &mut self.space.logic;
                let differs = Tri { yes: logic.and(&[then.yes, other.no]), no: logic.and(&[then.no, other.yes]) };
                let ways = self.turned((with, against), differs);
                self.down(test, ways, member);
                for (branch, taken) in [(yes, asked.yes), (no, asked.no)] {
                    let ways = (self.space.logic.and(&[with, taken]), self.space.logic.and(&[against, taken]));
                    self.down(branch, ways, member);
                }
            }
            Cond::Quantified(quantifier, each) => {
                self.spot(cond, (with, against), member);
                if let Class::Members(list, ..) = class(self.space.programs[0], cond)
                    && let Some(list) = self.space.list(&list)
                {
                    self.members(*quantifier, each, list, (with, against));
                }
            }
            leaf => self.spot(leaf, (with, against), member),
        }
    }

    fn spot(&mut self, cond: &'p Cond, (with, against): (Bit, Bit), member: Option<(At, &'p Each)>) {
        let site = self.inquiry.sites.iter().position(|site| address(site.cond) == address(cond));
        let tri = self.of(cond, member);
        let of_member =
            |(at, each): (At, &Each)| self.inquiry.sites[site?].each.filter(|own| std::ptr::eq(*own, each)).map(|_| at);
        let member = member.and_then(of_member);
        self.spots.extend(site.map(|site| Spot { site, with, against, tri, member }));
    }

    fn members(&mut self, quantifier: Quantifier, each: &'p Each, list: usize, (with, against): (Bit, Bit)) {
        let (known, open) = self.space.list_at(0, list, Level::Settled);
        let has = self.space.lists[list].has.clone();
        let at = |kind: usize| Some((At { list, kind }, each));
        let mut rest = Vec::new();
        for (kind, has) in has.iter().enumerate() {
            let tri = self.of(&each.body, at(kind));
            let passes = if quantifier == Quantifier::All { tri.yes } else { tri.no };
            rest.push(self.space.logic.or(&[!*has, passes]));
        }
        let besides = self.besides(&rest);
        for (kind, (has, beside)) in has.into_iter().zip(besides).enumerate() {
            let asked = [known, !open, has, beside];
            let mut own = |way: Bit| self.space.logic.and(&[&asked[..], &[way]].concat());
            let ways = (own(with), own(against));
            if ways != (Bit::Known(false), Bit::Known(false)) {
                self.down(&each.body, ways, at(kind));
            }
        }
    }

    /// For each of these that all others hold.
    fn besides(&mut self, bits: &[Bit]) -> Vec<Bit> {
        let logic = &mut self.space.logic;
        let mut sum = |bits: &mut dyn Iterator<Item = &Bit>| -> Vec<Bit> {
            let mut all = Bit::Known(true);
            let mut before = Vec::new();
            for bit in bits {
                before.push(all);
                all = logic.and(&[all, *bit]);
            }
            before
        };
        let (before, mut after) = (sum(&mut bits.iter()), sum(&mut bits.iter().rev()));
        after.reverse();
        before.into_iter().zip(after).map(|(before, after)| self.space.logic.and(&[before, after])).collect()
    }

    /// The ways where something is true, the other way round where it is false.
    fn turned(&mut self, (with, against): (Bit, Bit), by: Tri) -> (Bit, Bit) {
        let logic = &mut self.space.logic;
        let mut joined = |same: Bit, other: Bit| {
            let parts = [logic.and(&[same, by.yes]), logic.and(&[other, by.no])];
            logic.or(&parts)
        };
        (joined(with, against), joined(against, with))
    }
}

/// The outcomes in the order of the bits of a rule as a whole.
const OUTCOMES: [Outcome; 4] = [Outcome::Fires, Outcome::Clear, Outcome::Unknown, Outcome::NotApplicable];

/// Whether a patient who was screened shows something of a rule.
pub fn shown(inquiry: &Inquiry, rule: usize, screening: &Screening, goal: usize) -> bool {
    let eval = Eval::new(&screening.program.dictionary, &screening.settled.chart);
    let mut found = false;
    inquiry.shown(&eval, screening.outcomes[rule], &mut |met| found |= met == goal);
    found
}
