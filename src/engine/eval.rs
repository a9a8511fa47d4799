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
        match (self.noted(a), self.noted(b)) {
            (Some(a), Some(b)) => compare(relation, &a, &b),
            _ => Truth::Unknown,
        }
    }

    /// A quantity, if it has a result; notes the fault if not.
    #[inline]
    pub fn noted<T>(&self, quantity: Quantity<T>) -> Option<Interval<T>> {
        quantity.inspect_err(|fault| self.fault.set(Some(*fault))).ok()
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
            Int::Arithmetic(op, a, b) => Ok(self.arithmetic(*op, self.int(a, frame)?, self.int(b, frame)?)),
            Int::Negate(a) => Ok(self.negated(self.int(a, frame)?)),
            Int::Absolute(a) => Ok(self.absolute(self.int(a, frame)?)),
            Int::Count(each) => self.count(each, frame),
            Int::YearsSince(day) => {
                // A whole year has many days, so that a day left out leaves no year out.
                Ok(reached(self.day(day, frame)?.falling(|day| Some(years_between(day, self.chart.as_of)))))
            }
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
                if *op == Arithmetic::Divide && b.equals(&Interval::Exact(Decimal::ZERO)) != Truth::False {
                    return Err(Fault::DivisionByZero);
                }
                let result = self.arithmetic(*op, a, b);
                let chosen = matches!(op, Arithmetic::Min | Arithmetic::Max);
                Ok(if chosen { result } else { reached(result) })
            }
            Number::Negate(a) => Ok(self.negated(self.number(a, frame)?)),
            Number::Absolute(a) => Ok(self.absolute(self.number(a, frame)?)),
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
            Truth::Unknown => Ok(yes()?.hull(&no()?)),
        }
    }

    /// Two operands put together. What is too large to hold is known to lie beyond all that can be held.
    fn arithmetic<T: Held>(&self, op: Arithmetic, a: Interval<T>, b: Interval<T>) -> Interval<T> {
        let (Interval::Exact(x), Interval::Exact(y)) = (a, b) else { return bounded(op, a, b) };
        let result = exact(op, x, y);
        if result.exact().is_none() {
            self.fault.set(Some(Fault::Overflow));
        }
        result
    }

    fn negated<T: Held>(&self, a: Interval<T>) -> Interval<T> {
        self.arithmetic(Arithmetic::Subtract, Interval::Exact(T::default()), a)
    }

    fn absolute<T: Held>(&self, a: Interval<T>) -> Interval<T> {
        let zero = Interval::Exact(T::default());
        if zero.at_most(&a) == Truth::True {
            return a;
        }
        let negated = self.negated(a);
        if a.at_most(&zero) == Truth::True { negated } else { Interval::within(zero.low(), a.hull(&negated).high()) }
    }
}

/// What arithmetic is done with.
trait Held: Copy + Ord + Default {
    /// The least that can be held.
    const LEAST: Self;
    /// The most that can be held.
    const MOST: Self;
    /// Two values put together, where the result can be held.
    fn combine(op: Arithmetic, a: Self, b: Self) -> Option<Self>;
}

impl Held for i64 {
    const LEAST: i64 = i64::MIN;
    const MOST: i64 = i64::MAX;

    fn combine(op: Arithmetic, a: i64, b: i64) -> Option<i64> {
        match op {
            Arithmetic::Add => a.checked_add(b),
            Arithmetic::Subtract => a.checked_sub(b),
            Arithmetic::Multiply => a.checked_mul(b),
            Arithmetic::Divide => a.checked_div(b),
            Arithmetic::Min => Some(a.min(b)),
            Arithmetic::Max => Some(a.max(b)),
        }
    }
}

impl Held for Decimal {
    const LEAST: Decimal = Decimal::MIN;
    const MOST: Decimal = Decimal::MAX;

    fn combine(op: Arithmetic, a: Decimal, b: Decimal) -> Option<Decimal> {
        match op {
            Arithmetic::Add => a.checked_add(b),
            Arithmetic::Subtract => a.checked_sub(b),
            Arithmetic::Multiply => a.checked_mul(b),
            Arithmetic::Divide => a.checked_div(b),
            Arithmetic::Min => Some(a.min(b)),
            Arithmetic::Max => Some(a.max(b)),
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

/// The result for two values: itself, or above or below all that can be held.
#[inline]
fn exact<T: Held>(op: Arithmetic, a: T, b: T) -> Interval<T> {
    if let Some(value) = T::combine(op, a, b) {
        return Interval::Exact(value);
    }
    let zero = T::default();
    let above = match op {
        Arithmetic::Add => b > zero,
        Arithmetic::Subtract => b < zero,
        _ => (a > zero) == (b > zero),
    };
    match above {
        true => Interval::Within(Bound::Excluded(T::MOST), Bound::Unbounded),
        false => Interval::Within(Bound::Unbounded, Bound::Excluded(T::LEAST)),
    }
}

/// The bounds of a result from the bounds of its operands; a divisor is never zero here.
fn bounded<T: Held>(op: Arithmetic, a: Interval<T>, b: Interval<T>) -> Interval<T> {
    let zero = Interval::Exact(T::default());
    match op {
        Arithmetic::Min => a.min(&b),
        Arithmetic::Max => a.max(&b),
        Arithmetic::Add => Interval::within(least(op, a.low(), b.low()), most(op, a.high(), b.high())),
        Arithmetic::Subtract => Interval::within(least(op, a.low(), b.high()), most(op, a.high(), b.low())),
        Arithmetic::Multiply if a == zero || b == zero => zero,
        Arithmetic::Multiply => corners(op, &a, &b).unwrap_or_else(|| half_bounded_product(a, b)),
        Arithmetic::Divide => quotient(a, b),
    }
}

/// The lower bound of a result at two ends.
fn least<T: Held>(op: Arithmetic, a: Bound<T>, b: Bound<T>) -> Bound<T> {
    at_ends(op, a, b).map_or(Bound::Unbounded, |(result, strict)| strictly(result.low(), strict))
}

/// The upper bound of a result at two ends.
fn most<T: Held>(op: Arithmetic, a: Bound<T>, b: Bound<T>) -> Bound<T> {
    at_ends(op, a, b).map_or(Bound::Unbounded, |(result, strict)| strictly(result.high(), strict))
}

/// The result at two ends, and whether it is only approached.
fn at_ends<T: Held>(op: Arithmetic, a: Bound<T>, b: Bound<T>) -> Option<(Interval<T>, bool)> {
    let strict = !matches!((a, b), (Bound::Included(_), Bound::Included(_)));
    Some((exact(op, end(a)?, end(b)?), strict))
}

fn strictly<T>(bound: Bound<T>, strict: bool) -> Bound<T> {
    match bound {
        Bound::Included(value) if strict => Bound::Excluded(value),
        other => other,
    }
}

fn end<T>(bound: Bound<T>) -> Option<T> {
    match bound {
        Bound::Included(value) | Bound::Excluded(value) => Some(value),
        Bound::Unbounded => None,
    }
}

/// The bounds of a product or a quotient of operands with two ends each, these taken as reached: at most wider than
/// the truth.
fn corners<T: Held>(op: Arithmetic, a: &Interval<T>, b: &Interval<T>) -> Option<Interval<T>> {
    let (a, b) = ([end(a.low())?, end(a.high())?], [end(b.low())?, end(b.high())?]);
    let results = a.iter().flat_map(|a| b.iter().map(|b| exact(op, *a, *b)));
    results.reduce(|all, result| all.hull(&result))
}

/// With a side open, only the product of two quantities that are not negative is bounded below.
fn half_bounded_product<T: Held>(a: Interval<T>, b: Interval<T>) -> Interval<T> {
    let floor = |interval: &Interval<T>| end(interval.low()).filter(|low| *low >= T::default());
    match (floor(&a), floor(&b)) {
        (Some(a), Some(b)) => Interval::Within(exact(Arithmetic::Multiply, a, b).low(), Bound::Unbounded),
        _ => Interval::UNKNOWN,
    }
}

/// A quotient. A divisor that comes near to zero leaves it open.
fn quotient<T: Held>(a: Interval<T>, b: Interval<T>) -> Interval<T> {
    let (op, zero) = (Arithmetic::Divide, T::default());
    if end(b.low()).is_none_or(|low| low <= zero) && end(b.high()).is_none_or(|high| high >= zero) {
        return Interval::UNKNOWN;
    }
    match (corners(op, &a, &b), b.exact()) {
        (Some(result), _) => result,
        (None, Some(y)) if y > zero => Interval::within(least(op, a.low(), b.low()), most(op, a.high(), b.high())),
        (None, Some(_)) => Interval::within(least(op, a.high(), b.low()), most(op, a.low(), b.high())),
        (None, None) => Interval::UNKNOWN,
    }
}

/// Ends taken as reached: where a result is rounded (decimals at 28 digits), a strict bound need not stay strict.
fn reached<T: Copy + Ord>(interval: Interval<T>) -> Interval<T> {
    let closed = |bound| match bound {
        Bound::Excluded(value) => Bound::Included(value),
        other => other,
    };
    Interval::within(closed(interval.low()), closed(interval.high()))
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
