//! The one evaluator: what a condition comes to on a chart, in three values. It allocates nothing and never panics;
//! arithmetic without a result is a fault, which counts as unknown and is told apart from it.

use std::cell::Cell;
use std::ops::Bound;

use rust_decimal::Decimal;

use super::chart::Chart;
use crate::model::calendar::{Date, days_between, years_between};
use crate::model::dictionary::{Dictionary, FactId, Scalar};
use crate::model::interval::Interval;
use crate::model::truth::Truth;
use crate::model::value::{List, Term, Value};
use crate::model::vocabulary::Vocabulary;
use crate::pack::ir::{
    Arithmetic, Choice, ChoiceTest, Cond, Day, Each, Int, Number, Place, Quantifier, Relation, Side, TermTest,
};

/// Why arithmetic has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A division by zero.
    DivisionByZero,
    /// A number too large to hold.
    Overflow,
}

impl Fault {
    /// The words for it.
    pub fn message(self) -> &'static str {
        match self {
            Fault::DivisionByZero => "division by zero",
            Fault::Overflow => "a number too large to hold",
        }
    }
}

type Quantity<T> = Result<Interval<T>, Fault>;

/// The members that the closures around a condition look at, innermost first.
#[derive(Clone, Copy)]
pub struct Frame<'c> {
    /// The closure.
    pub level: u8,
    /// The fields of the member.
    pub fields: &'c [Value],
    /// The closure around it.
    pub outer: Option<&'c Frame<'c>>,
}

/// Evaluates conditions on one chart.
pub struct Eval<'c> {
    /// The dictionary the chart is of.
    pub dictionary: &'c Dictionary,
    /// The chart.
    pub chart: &'c Chart,
    /// The last fault met.
    pub fault: Cell<Option<Fault>>,
}

const NOTHING: &Value = &Value::Unknown(crate::model::value::State::NotSupplied);

impl<'c> Eval<'c> {
    /// An evaluator of a chart.
    pub fn new(dictionary: &'c Dictionary, chart: &'c Chart) -> Eval<'c> {
        Eval { dictionary, chart, fault: Cell::new(None) }
    }

    /// What a place holds.
    #[inline]
    pub fn read<'a>(&'a self, place: Place, frame: Option<&Frame<'a>>) -> &'a Value {
        match place {
            Place::Fact(fact) => self.chart.value(fact),
            Place::Field { level, field, .. } => {
                let mut frame = frame;
                while let Some(f) = frame {
                    if f.level == level {
                        return &f.fields[usize::from(field)];
                    }
                    frame = f.outer;
                }
                NOTHING
            }
        }
    }

    /// What a condition comes to.
    pub fn cond(&self, cond: &Cond, frame: Option<&Frame>) -> Truth {
        match cond {
            Cond::Literal(value) => (*value).into(),
            Cond::Holds(place) => match self.read(*place, frame) {
                Value::Bool(value) => (*value).into(),
                _ => Truth::Unknown,
            },
            Cond::Not(inner) => !self.cond(inner, frame),
            Cond::And(parts) => self.fold(parts, frame, Truth::False, Truth::True),
            Cond::Or(parts) => self.fold(parts, frame, Truth::True, Truth::False),
            Cond::Same(a, b) => match (self.cond(a, frame), self.cond(b, frame)) {
                (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
                (a, b) => (a == b).into(),
            },
            Cond::CompareInt(relation, a, b) => self.compare(*relation, self.int(a, frame), self.int(b, frame)),
            Cond::CompareNumber(relation, a, b) => {
                self.compare(*relation, self.number(a, frame), self.number(b, frame))
            }
            Cond::CompareDay(relation, a, b) => self.compare(*relation, self.day(a, frame), self.day(b, frame)),
            Cond::TermTest(test) => self.term_test(test, frame),
            Cond::SameTerm(id, a, b) => {
                same_term(self.dictionary.vocabulary(*id), self.read(*a, frame), self.read(*b, frame))
            }
            Cond::ChoiceTest(test) => self.choice_test(test, frame),
            Cond::SameChoice(a, b) => match (self.choice(a, frame), self.choice(b, frame)) {
                (Some(a), Some(b)) => (a == b).into(),
                _ => Truth::Unknown,
            },
            Cond::Quantified(quantifier, each) => self.quantified(*quantifier, each, frame),
            Cond::IsEmpty(list) => self.is_empty(*list),
            Cond::Outside(side, fact) => self.outside(*side, *fact),
            Cond::If(test, yes, no) => match self.cond(test, frame) {
                Truth::True => self.cond(yes, frame),
                Truth::False => self.cond(no, frame),
                Truth::Unknown => {
                    let (yes, no) = (self.cond(yes, frame), self.cond(no, frame));
                    if yes == no { yes } else { Truth::Unknown }
                }
            },
        }
    }

    /// Looks through the parts until one settles the whole; a fault in another part then bears on nothing.
    #[inline]
    fn fold(&self, parts: &[Cond], frame: Option<&Frame>, settles: Truth, start: Truth) -> Truth {
        let mut result = start;
        for part in parts {
            let truth = self.cond(part, frame);
            if truth == settles {
                return settles;
            }
            if truth == Truth::Unknown {
                result = Truth::Unknown;
            }
        }
        result
    }

    #[inline]
    fn compare<T: Copy + Ord>(&self, relation: Relation, a: Quantity<T>, b: Quantity<T>) -> Truth {
        match (a, b) {
            (Ok(a), Ok(b)) => compare(relation, &a, &b),
            (Err(fault), _) | (_, Err(fault)) => {
                self.fault.set(Some(fault));
                Truth::Unknown
            }
        }
    }

    fn term_test(&self, test: &TermTest, frame: Option<&Frame>) -> Truth {
        match self.read(test.place, frame) {
            Value::Term(Term::Known(id)) => test.mask.get(id.0 as usize),
            Value::Term(Term::Other(..)) => Truth::False,
            _ => Truth::Unknown,
        }
    }

    fn choice_test(&self, test: &ChoiceTest, frame: Option<&Frame>) -> Truth {
        match self.choice(&test.choice, frame) {
            Some(value) => test.mask.get(usize::from(value)),
            None => Truth::Unknown,
        }
    }

    /// The value a choice comes to, if it is settled.
    pub fn choice(&self, choice: &Choice, frame: Option<&Frame>) -> Option<u16> {
        match choice {
            Choice::Literal(value) => Some(*value),
            Choice::Place(place) => match self.read(*place, frame) {
                Value::Choice(value) => Some(*value),
                _ => None,
            },
            Choice::If(test, yes, no) => match self.cond(test, frame) {
                Truth::True => self.choice(yes, frame),
                Truth::False => self.choice(no, frame),
                Truth::Unknown => self.choice(yes, frame).filter(|yes| self.choice(no, frame) == Some(*yes)),
            },
        }
    }

    /// The list a fact holds, if it holds one.
    pub fn list(&self, fact: FactId) -> Option<&List> {
        match self.chart.value(fact) {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    fn quantified(&self, quantifier: Quantifier, each: &Each, frame: Option<&Frame>) -> Truth {
        let (settles, rest) = match quantifier {
            Quantifier::Some => (Truth::True, Truth::False),
            Quantifier::All => (Truth::False, Truth::True),
        };
        let Some(list) = self.list(each.list) else { return Truth::Unknown };
        let mut result = if list.open { Truth::Unknown } else { rest };
        for fields in list.members() {
            let truth = self.cond(&each.body, Some(&Frame { level: each.level, fields, outer: frame }));
            if truth == settles {
                return settles;
            }
            if truth == Truth::Unknown {
                result = Truth::Unknown;
            }
        }
        result
    }

    fn is_empty(&self, fact: FactId) -> Truth {
        match self.list(fact) {
            Some(list) if !list.is_empty() => Truth::False,
            Some(list) if !list.open => Truth::True,
            _ => Truth::Unknown,
        }
    }

    fn outside(&self, side: Side, fact: FactId) -> Truth {
        let slot = self.chart.slot(fact);
        match (&slot.value, slot.normal) {
            (Value::Number(number), Some(normal)) => match side {
                Side::Low => number.less(&Interval::Exact(normal.low)),
                Side::High => Interval::Exact(normal.high).less(number),
            },
            _ => Truth::Unknown,
        }
    }

    /// The bounds of the number of members that pass. An entry of a set that is not recognised, or too broad, may be
    /// another name of a member that stands there too.
    fn count(&self, each: &Each, frame: Option<&Frame>) -> Quantity<i64> {
        let Some(list) = self.list(each.list) else {
            return Ok(Interval::Within(Bound::Included(0), Bound::Unbounded));
        };
        let set = self.dictionary.fact(each.list).fields().is_empty();
        let (mut sure, mut nameless, mut possible) = (0_i64, 0_i64, 0_i64);
        for fields in list.members() {
            let recognised = !(set && self.is_vague(each.list, &fields[0]));
            match self.cond(&each.body, Some(&Frame { level: each.level, fields, outer: frame })) {
                Truth::True if recognised => sure += 1,
                Truth::True => nameless += 1,
                Truth::Unknown => possible += 1,
                Truth::False => {}
            }
        }
        let low = if sure == 0 { nameless.min(1) } else { sure };
        let high = if list.open { Bound::Unbounded } else { Bound::Included(sure + nameless + possible) };
        Ok(Interval::within(Bound::Included(low), high))
    }

    /// Whether a member of a set may be the same as another one.
    pub fn is_vague(&self, list: FactId, member: &Value) -> bool {
        match (member, &self.dictionary.fact(list).field_domain(0).scalar) {
            (Value::Term(Term::Known(id)), Scalar::Term(vocabulary)) => {
                self.dictionary.vocabulary(*vocabulary).is_broad(*id)
            }
            (member, _) => member.state().is_some(),
        }
    }

    /// The bounds of a whole number.
    pub fn int(&self, int: &Int, frame: Option<&Frame>) -> Quantity<i64> {
        match int {
            Int::Literal(value) => Ok(Interval::Exact(*value)),
            Int::Place(place) => Ok(match self.read(*place, frame) {
                Value::Integer(value) => *value,
                _ => Interval::UNKNOWN,
            }),
            Int::Arithmetic(op, a, b) => {
                let (a, b) = (self.int(a, frame)?, self.int(b, frame)?);
                arithmetic(*op, a, b, |a, b| match op {
                    Arithmetic::Add => a.checked_add(b),
                    Arithmetic::Subtract => a.checked_sub(b),
                    Arithmetic::Multiply => a.checked_mul(b),
                    Arithmetic::Divide | Arithmetic::Min | Arithmetic::Max => None,
                })
            }
            Int::Negate(a) => negated(self.int(a, frame)?, i64::checked_neg),
            Int::Absolute(a) => absolute(self.int(a, frame)?, 0, i64::checked_abs),
            Int::Count(each) => self.count(each, frame),
            Int::YearsSince(day) => Ok(self.day(day, frame)?.falling(|day| Some(years_between(day, self.chart.as_of)))),
            Int::DaysBetween(from, to) => Ok(days(self.day(from, frame)?, self.day(to, frame)?)),
            Int::If(test, yes, no) => self.either(test, frame, || self.int(yes, frame), || self.int(no, frame)),
        }
    }

    /// The bounds of a decimal.
    pub fn number(&self, number: &Number, frame: Option<&Frame>) -> Quantity<Decimal> {
        match number {
            Number::Literal(value) => Ok(Interval::Exact(*value)),
            Number::Place(place) => Ok(match self.read(*place, frame) {
                Value::Number(value) => *value,
                _ => Interval::UNKNOWN,
            }),
            Number::Whole(int) => Ok(self.int(int, frame)?.rising(|value| Some(Decimal::from(value)))),
            Number::Arithmetic(op, a, b) => {
                let (a, b) = (self.number(a, frame)?, self.number(b, frame)?);
                if *op == Arithmetic::Divide {
                    return quotient(a, b);
                }
                arithmetic(*op, a, b, |a, b| match op {
                    Arithmetic::Add => a.checked_add(b),
                    Arithmetic::Subtract => a.checked_sub(b),
                    Arithmetic::Multiply => a.checked_mul(b),
                    Arithmetic::Divide | Arithmetic::Min | Arithmetic::Max => None,
                })
            }
            Number::Negate(a) => negated(self.number(a, frame)?, |value| Some(-value)),
            Number::Absolute(a) => absolute(self.number(a, frame)?, Decimal::ZERO, |value| Some(value.abs())),
            Number::If(test, yes, no) => {
                self.either(test, frame, || self.number(yes, frame), || self.number(no, frame))
            }
        }
    }

    /// The bounds of a day.
    pub fn day(&self, day: &Day, frame: Option<&Frame>) -> Quantity<Date> {
        match day {
            Day::AsOf => Ok(Interval::Exact(self.chart.as_of)),
            Day::Place(place) => Ok(match self.read(*place, frame) {
                Value::Date(value) => *value,
                _ => Interval::UNKNOWN,
            }),
            Day::DateOf(fact) => {
                let slot = self.chart.slot(*fact);
                let known = !matches!(slot.value, Value::Unknown(_));
                Ok(slot.on.filter(|_| known).map_or(Interval::UNKNOWN, Interval::Exact))
            }
            Day::If(test, yes, no) => self.either(test, frame, || self.day(yes, frame), || self.day(no, frame)),
        }
    }

    fn either<T: Copy + Ord>(
        &self,
        test: &Cond,
        frame: Option<&Frame>,
        yes: impl FnOnce() -> Quantity<T>,
        no: impl FnOnce() -> Quantity<T>,
    ) -> Quantity<T> {
        match self.cond(test, frame) {
            Truth::True => yes(),
            Truth::False => no(),
            Truth::Unknown => Ok(match (yes(), no()) {
                (Ok(yes), Ok(no)) => yes.hull(&no),
                _ => Interval::UNKNOWN,
            }),
        }
    }
}

/// Two quantities compared.
#[inline]
pub fn compare<T: Copy + Ord>(relation: Relation, a: &Interval<T>, b: &Interval<T>) -> Truth {
    match relation {
        Relation::Less => a.less(b),
        Relation::AtMost => a.at_most(b),
        Relation::Greater => b.less(a),
        Relation::AtLeast => b.at_most(a),
        Relation::Equal => a.equals(b),
        Relation::Unequal => !a.equals(b),
    }
}

/// Whether two terms are one concept.
pub fn same_term(vocabulary: &Vocabulary, a: &Value, b: &Value) -> Truth {
    match (a, b) {
        (Value::Term(Term::Known(a)), Value::Term(Term::Known(b))) => vocabulary.equal(*a, *b),
        (Value::Term(Term::Other(a, _)), Value::Term(Term::Other(b, _))) => (a == b).into(),
        (Value::Term(Term::Known(_)), Value::Term(Term::Other(..)))
        | (Value::Term(Term::Other(..)), Value::Term(Term::Known(_))) => Truth::False,
        _ => Truth::Unknown,
    }
}

/// Sum, difference, product, least or greatest. Exact operands that overflow are a fault; where any value within the
/// bounds would, nothing is known of the result.
fn arithmetic<T: Copy + Ord + Reach>(
    op: Arithmetic,
    a: Interval<T>,
    b: Interval<T>,
    f: impl Fn(T, T) -> Option<T>,
) -> Quantity<T> {
    match op {
        Arithmetic::Min => return Ok(a.min(&b)),
        Arithmetic::Max => return Ok(a.max(&b)),
        Arithmetic::Add | Arithmetic::Subtract | Arithmetic::Multiply | Arithmetic::Divide => {}
    }
    if let (Some(x), Some(y)) = (a.exact(), b.exact()) {
        return f(x, y).map(Interval::Exact).ok_or(Fault::Overflow);
    }
    let ((a0, a1), (b0, b1)) = (ends(&a), ends(&b));
    Ok(hull([f(a0, b0), f(a0, b1), f(a1, b0), f(a1, b1)]))
}

/// The bounds of results at the corners of what two operands may be, ends taken as reached: at most wider than the
/// truth, as rounding and strict bounds leave it. Nothing is known where a corner has no result.
fn hull<T: Copy + Ord>(corners: [Option<T>; 4]) -> Interval<T> {
    if corners.iter().any(Option::is_none) {
        return Interval::UNKNOWN;
    }
    let values = || corners.iter().flatten().copied();
    match (values().min(), values().max()) {
        (Some(low), Some(high)) => Interval::within(Bound::Included(low), Bound::Included(high)),
        _ => Interval::UNKNOWN,
    }
}

/// How far the values of a type can go in a referral.
trait Reach: Sized {
    /// The least and the greatest.
    const REACH: (Self, Self);
}

impl Reach for i64 {
    const REACH: (i64, i64) = (-1_000_000_000_000_000, 1_000_000_000_000_000);
}

impl Reach for Decimal {
    const REACH: (Decimal, Decimal) = (
        Decimal::from_parts(0x1000_0000, 0x3e25_0261, 0x204f_ce5e, true, 0),
        Decimal::from_parts(0x1000_0000, 0x3e25_0261, 0x204f_ce5e, false, 0),
    );
}

/// The least and greatest value of a quantity; a side that is open goes as far as a referral can.
fn ends<T: Copy + Reach + Ord>(interval: &Interval<T>) -> (T, T) {
    let end = |bound, reach| match bound {
        Bound::Included(value) | Bound::Excluded(value) => value,
        Bound::Unbounded => reach,
    };
    (end(interval.low(), T::REACH.0), end(interval.high(), T::REACH.1))
}

/// A quotient. Division by exactly zero is a fault; a divisor that may be zero leaves the result open.
fn quotient(a: Interval<Decimal>, b: Interval<Decimal>) -> Quantity<Decimal> {
    if let (Some(x), Some(y)) = (a.exact(), b.exact()) {
        if y.is_zero() {
            return Err(Fault::DivisionByZero);
        }
        return x.checked_div(y).map(Interval::Exact).ok_or(Fault::Overflow);
    }
    if b.exact().is_some_and(|y| y.is_zero()) {
        return Err(Fault::DivisionByZero);
    }
    let ((a0, a1), (b0, b1)) = (ends(&a), ends(&b));
    if b0 <= Decimal::ZERO && b1 >= Decimal::ZERO {
        return Ok(Interval::UNKNOWN);
    }
    let divided = |x: Decimal, y: Decimal| x.checked_div(y);
    Ok(hull([divided(a0, b0), divided(a0, b1), divided(a1, b0), divided(a1, b1)]))
}

fn negated<T: Copy + Ord>(a: Interval<T>, f: impl Fn(T) -> Option<T>) -> Quantity<T> {
    match a.exact() {
        Some(value) => f(value).map(Interval::Exact).ok_or(Fault::Overflow),
        None => Ok(a.falling(f)),
    }
}

fn absolute<T: Copy + Ord + Reach>(a: Interval<T>, zero: T, f: impl Fn(T) -> Option<T>) -> Quantity<T> {
    if let Some(value) = a.exact() {
        return f(value).map(Interval::Exact).ok_or(Fault::Overflow);
    }
    let exact_zero = Interval::Exact(zero);
    if exact_zero.at_most(&a) == Truth::True {
        return Ok(a);
    }
    if a.at_most(&exact_zero) == Truth::True {
        return Ok(a.falling(f));
    }
    let (low, high) = ends(&a);
    Ok(match (f(low), f(high)) {
        (Some(low), Some(high)) => Interval::within(Bound::Included(zero), Bound::Included(low.max(high))),
        _ => Interval::Within(Bound::Included(zero), Bound::Unbounded),
    })
}

/// Days from one day to another, within the bounds of both.
fn days(from: Interval<Date>, to: Interval<Date>) -> Interval<i64> {
    if let (Some(from), Some(to)) = (from.exact(), to.exact()) {
        return Interval::Exact(days_between(from, to));
    }
    let side = |from: Bound<Date>, to: Bound<Date>| match (from, to) {
        (Bound::Included(from) | Bound::Excluded(from), Bound::Included(to) | Bound::Excluded(to)) => {
            Bound::Included(days_between(from, to))
        }
        _ => Bound::Unbounded,
    };
    Interval::within(side(from.high(), to.low()), side(from.low(), to.high()))
}
