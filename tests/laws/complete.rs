//! What a patient's facts may turn out to be: referrals completed by chance, every unknown replaced by something that
//! it allowed, and nothing that was known changed.

use std::ops::Bound;

use candidacy::engine::screen::Screening;
use candidacy::model::calendar::{Date, Moment};
use candidacy::model::dictionary::{Dictionary, Domain, Fact, FactId, Limit, Normal, Scalar, Shape};
use candidacy::model::interval::Interval;
use candidacy::model::referral::{Referral, Said, Statement};
use candidacy::model::value::{List, Member, State, Term, Value};
use candidacy::model::vocabulary::{ConceptId, Vocabulary};
use rust_decimal::Decimal;

use crate::dice::Dice;

/// What to supply of a referral.
pub enum Wanted<'w> {
    /// Everything.
    All,
    /// About half of the facts.
    Some,
    /// These questions, as a verdict names them: `fact` or `fact[0].field`.
    Asked(&'w [String]),
}

/// A referral in which the wanted unknowns are known.
pub fn complete(screening: &Screening, wanted: &Wanted, dice: &mut Dice) -> Referral {
    let program = screening.program;
    let mut referral = screening.referral.clone();
    for (id, fact) in program.dictionary.facts() {
        let parts = match wanted {
            Wanted::All => Parts::ALL,
            Wanted::Some if dice.in_hundred(50) => Parts::ALL,
            Wanted::Some => continue,
            Wanted::Asked(paths) => Parts::asked(paths, fact),
        };
        let computed = program.derived.iter().any(|derived| derived.fact == id);
        if computed && !parts.named {
            continue;
        }
        let mut author = Author { dictionary: &program.dictionary, dice, as_of: screening.settled.chart.as_of };
        if let Some(said) = author.said(screening, id, fact, &parts) {
            referral.remove(id);
            referral.join(said);
        }
    }
    referral
}

/// Which parts of a fact to supply.
struct Parts {
    /// The fact itself: its value, or the rest of an open list.
    whole: bool,
    /// Every field of every member.
    every: bool,
    /// Fields of members.
    fields: Vec<(usize, usize)>,
    /// Whether the fact is named at all.
    named: bool,
}

impl Parts {
    const ALL: Parts = Parts { whole: true, every: true, fields: Vec::new(), named: false };

    fn asked(paths: &[String], fact: &Fact) -> Parts {
        let mut parts = Parts { whole: false, every: false, fields: Vec::new(), named: false };
        for path in paths {
            let (name, rest) = path.split_once('[').map_or((path.as_str(), None), |(name, rest)| (name, Some(rest)));
            if name != fact.name {
                continue;
            }
            parts.named = true;
            let Some((index, field)) = rest.and_then(|rest| rest.split_once(']')) else {
                parts.whole = true;
                continue;
            };
            let index = index.parse().expect("the number of a member");
            let field = field
                .strip_prefix('.')
                .map_or(0, |name| fact.fields().iter().position(|field| field.name == name).expect("a field"));
            parts.fields.push((index, field));
        }
        parts
    }
}

struct Author<'c> {
    dictionary: &'c Dictionary,
    dice: &'c mut Dice,
    as_of: Date,
}

impl Author<'_> {
    fn said(&mut self, screening: &Screening, id: FactId, fact: &Fact, parts: &Parts) -> Option<Said> {
        let chart = &screening.settled.chart;
        let old = screening.settled.standings[id.index()].deciding;
        let old = old.and_then(|index| Some(&screening.referral.said(id)?.statements[index]));
        let value = match (&fact.shape, chart.value(id)) {
            (Shape::One(domain), value) if parts.whole => self.known(domain, value),
            (Shape::One(_), _) => return None,
            (_, Value::List(list)) => self.list(fact, list, parts),
            _ if parts.whole => {
                let members = self.further(fact);
                Value::List(self.gathered(fact, members, false))
            }
            _ => return None,
        };
        let stays = chart.value(id).state().is_none_or(keeps_its_date);
        let on = old.and_then(|old| old.on).filter(|_| stays).unwrap_or(Moment::day(self.as_of));
        let own = old.and_then(|old| old.normal).or(fact.domain().and_then(|domain| domain.normal));
        let is_number = matches!(fact.domain(), Some(domain) if domain.scalar == Scalar::Number && !fact.is_list());
        let normal = own.or_else(|| {
            is_number.then(|| Normal { low: Decimal::from(1), high: Decimal::from(1 + self.dice.below(5)) })
        });
        let statement = Statement { on: Some(on), normal, ..Statement::of(value) };
        Some(Said { fact: id, statements: vec![statement], closes: false })
    }

    /// A value that the one on record may turn out to be.
    fn known(&mut self, domain: &Domain, value: &Value) -> Value {
        match value {
            Value::Integer(i) if i.exact().is_none() => Value::Integer(Interval::Exact(self.whole(domain, i))),
            Value::Number(n) if n.exact().is_none() => Value::Number(Interval::Exact(self.number(domain, n))),
            Value::Date(d) if d.exact().is_none() => Value::Date(Interval::Exact(self.day(domain, d))),
            Value::Term(Term::Known(id)) => Value::Term(Term::Known(self.narrowed(domain, *id))),
            Value::Unknown(_) | Value::Term(Term::Unrecognised(_)) => self.any(domain),
            known => known.clone(),
        }
    }

    fn any(&mut self, domain: &Domain) -> Value {
        match &domain.scalar {
            Scalar::Bool => Value::Bool(self.dice.in_hundred(50)),
            Scalar::Integer => Value::Integer(Interval::Exact(self.whole(domain, &Interval::UNKNOWN))),
            Scalar::Number => Value::Number(Interval::Exact(self.number(domain, &Interval::UNKNOWN))),
            Scalar::Date => Value::Date(Interval::Exact(self.day(domain, &Interval::UNKNOWN))),
            Scalar::Choice(values) => Value::Choice(self.dice.below(values.len()) as u16),
            Scalar::Term(_) if self.dice.in_hundred(10) => Value::Term(Term::Other("thing".into(), "thing".into())),
            Scalar::Term(vocabulary) => {
                let vocabulary = self.dictionary.vocabulary(*vocabulary);
                let narrow: Vec<ConceptId> =
                    vocabulary.concepts().map(|(id, _)| id).filter(|id| !vocabulary.is_broad(*id)).collect();
                Value::Term(Term::Known(*self.dice.pick(&narrow)))
            }
        }
    }

    /// A term that stands for itself alone and belongs to the one on record; that one if there is none.
    fn narrowed(&mut self, domain: &Domain, id: ConceptId) -> ConceptId {
        let Scalar::Term(vocabulary) = &domain.scalar else { return id };
        let vocabulary: &Vocabulary = self.dictionary.vocabulary(*vocabulary);
        let below = vocabulary.concepts().map(|(other, _)| other);
        let below: Vec<ConceptId> =
            below.filter(|other| !vocabulary.is_broad(*other) && vocabulary.ancestors(*other).contains(&id)).collect();
        if below.is_empty() { id } else { *self.dice.pick(&below) }
    }

    fn whole(&mut self, domain: &Domain, within: &Interval<i64>) -> i64 {
        let within = within.meet(&limits(domain, |limit| match limit {
            Limit::Number(number) => i64::try_from(*number).ok(),
            Limit::Date(_) | Limit::AsOf => None,
        }));
        let (low, high) = match (within.low(), within.high()) {
            (Bound::Included(low), Bound::Included(high)) => (low, high.min(low.saturating_add(60))),
            (Bound::Included(low), _) => (low, low.saturating_add(40)),
            (_, Bound::Included(high)) => (high.saturating_sub(40), high),
            _ => (-5, 35),
        };
        low + self.dice.below((high - low + 1) as usize) as i64
    }

    /// A number on a grid, an end of the bounds now and then.
    fn number(&mut self, domain: &Domain, within: &Interval<Decimal>) -> Decimal {
        let within = within.meet(&limits(domain, |limit| match limit {
            Limit::Number(number) => Some(*number),
            Limit::Date(_) | Limit::AsOf => None,
        }));
        let eighth = |count: usize| Decimal::new(125, 3) * Decimal::from(count);
        let fits = |value: &Decimal| !Interval::Exact(*value).meet(&within).is_empty();
        let anchor = match (within.low(), within.high()) {
            (Bound::Included(low) | Bound::Excluded(low), _) => low,
            (_, Bound::Included(high) | Bound::Excluded(high)) => high - eighth(80),
            _ => Decimal::from(-2),
        };
        let ends = [within.low(), within.high()].into_iter().filter_map(|bound| match bound {
            Bound::Included(value) => Some(value),
            Bound::Excluded(_) | Bound::Unbounded => None,
        });
        let grid = (0..=160).map(|count| anchor + eighth(count)).chain(ends).chain([Decimal::ZERO]);
        let fine = (1..8).map(|count| anchor + Decimal::new(1, 2) * Decimal::from(count));
        let fitting: Vec<Decimal> = grid.chain(fine).filter(fits).collect();
        *self.dice.pick(&fitting)
    }

    fn day(&mut self, domain: &Domain, within: &Interval<Date>) -> Date {
        let as_of = self.as_of;
        let within = within.meet(&limits(domain, |limit| match limit {
            Limit::Date(day) => Some(*day),
            Limit::AsOf => Some(as_of),
            Limit::Number(_) => None,
        }));
        let after = |day: Date, days: usize| day.saturating_add(jiff::Span::new().days(days as i64));
        match (within.low(), within.high()) {
            (Bound::Included(low), Bound::Included(high)) => {
                let days = candidacy::model::calendar::days_between(low, high) as usize;
                after(low, self.dice.below(days + 1))
            }
            (Bound::Included(low), _) => after(low, self.dice.below(3000)),
            (_, Bound::Included(high)) => high.saturating_sub(jiff::Span::new().days(self.dice.below(20_000) as i64)),
            _ => as_of.saturating_sub(jiff::Span::new().days(self.dice.below(20_000) as i64 - 300)),
        }
    }

    /// A list with its missing parts supplied, and closed if it is asked for as a whole.
    fn list(&mut self, fact: &Fact, list: &List, parts: &Parts) -> Value {
        let mut members: Vec<Member> = (0..list.len()).map(|index| list.whole(index)).collect();
        for (index, member) in members.iter_mut().enumerate() {
            for (field, (value, _)) in member.fields.iter_mut().enumerate() {
                if parts.every || parts.fields.contains(&(index, field)) {
                    *value = self.known(fact.field_domain(field), value);
                }
            }
        }
        let open = list.open && !parts.whole;
        if list.open && parts.whole {
            members.extend(self.further(fact));
        }
        Value::List(self.gathered(fact, members, open))
    }

    fn further(&mut self, fact: &Fact) -> Vec<Member> {
        let count = self.dice.below(3);
        (0..count).map(|_| self.member(fact)).collect()
    }

    fn member(&mut self, fact: &Fact) -> Member {
        let fields = fact.fields().len().max(1);
        (0..fields).map(|field| (self.any(fact.field_domain(field)), None)).collect()
    }

    fn gathered(&self, fact: &Fact, members: Vec<Member>, open: bool) -> List {
        List::new(members, fact.fields().len().max(1), matches!(fact.shape, Shape::Set(_)), open)
    }
}

/// Whether the date on record stays when the value becomes known.
fn keeps_its_date(state: State) -> bool {
    matches!(state, State::Bounded | State::Open | State::Unrecognised)
}

fn limits<T: Copy + Ord>(domain: &Domain, read: impl Fn(&Limit) -> Option<T>) -> Interval<T> {
    let side = |limit: &Option<Limit>| limit.as_ref().and_then(&read).map_or(Bound::Unbounded, Bound::Included);
    Interval::Within(side(&domain.min), side(&domain.max))
}
