//! The variants of quantities: a number that is one step more or less, and mistakes in the conditions inside.

use rust_decimal::Decimal;

use super::Kind;
use super::condition::{Maker, Variants, both, map};
use crate::pack::ir::{Cond, Day, Int, Number};

impl Maker<'_> {
    /// The variants of a whole number.
    pub fn ints(self, int: &Int) -> Variants<Int> {
        match int {
            Int::Literal(value) => {
                let steps = [value.checked_add(1), value.checked_sub(1)].into_iter().flatten();
                steps.map(|value| (Kind::Threshold, Int::Literal(value))).collect()
            }
            Int::Place(_) => Vec::new(),
            Int::Arithmetic(op, a, b) => both(
                (self.ints(a), self.ints(b)),
                |other| Int::Arithmetic(*op, Box::new(other), b.clone()),
                |other| Int::Arithmetic(*op, a.clone(), Box::new(other)),
            ),
            Int::Negate(a) => map(self.ints(a), |other| Int::Negate(Box::new(other))),
            Int::Absolute(a) => map(self.ints(a), |other| Int::Absolute(Box::new(other))),
            Int::Count(each) => map(self.of_each(each), Int::Count),
            Int::YearsSince(day) => map(self.days(day), |other| Int::YearsSince(Box::new(other))),
            Int::DaysBetween(a, b) => both(
                (self.days(a), self.days(b)),
                |other| Int::DaysBetween(Box::new(other), b.clone()),
                |other| Int::DaysBetween(a.clone(), Box::new(other)),
            ),
            Int::If(test, a, b) => self.chosen((test, a, b), Maker::ints, Int::If),
        }
    }

    /// The variants of a decimal.
    pub fn numbers(self, number: &Number) -> Variants<Number> {
        match number {
            Number::Literal(value) => {
                let step = Decimal::new(1, value.scale());
                let steps = [value.checked_add(step), value.checked_sub(step)].into_iter().flatten();
                steps.map(|value| (Kind::Threshold, Number::Literal(value))).collect()
            }
            Number::Place(_) => Vec::new(),
            Number::Whole(int) => map(self.ints(int), |other| Number::Whole(Box::new(other))),
            Number::Arithmetic(op, a, b) => both(
                (self.numbers(a), self.numbers(b)),
                |other| Number::Arithmetic(*op, Box::new(other), b.clone()),
                |other| Number::Arithmetic(*op, a.clone(), Box::new(other)),
            ),
            Number::Negate(a) => map(self.numbers(a), |other| Number::Negate(Box::new(other))),
            Number::Absolute(a) => map(self.numbers(a), |other| Number::Absolute(Box::new(other))),
            Number::If(test, a, b) => self.chosen((test, a, b), Maker::numbers, Number::If),
        }
    }

    /// The variants of a day.
    pub fn days(self, day: &Day) -> Variants<Day> {
        match day {
            Day::AsOf | Day::Place(_) | Day::DateOf(_) => Vec::new(),
            Day::If(test, a, b) => self.chosen((test, a, b), Maker::days, Day::If),
        }
    }

    /// The variants of a choice between two.
    fn chosen<T: Clone>(
        self,
        (test, a, b): (&Cond, &T, &T),
        of: fn(Self, &T) -> Variants<T>,
        whole: fn(Box<Cond>, Box<T>, Box<T>) -> T,
    ) -> Variants<T> {
        let boxed = |cond: &Cond, a: &T, b: &T| whole(Box::new(cond.clone()), Box::new(a.clone()), Box::new(b.clone()));
        let mut found = map(self.variants(test), |other| boxed(&other, a, b));
        found.extend(both((of(self, a), of(self, b)), |other| boxed(test, &other, b), |other| boxed(test, a, &other)));
        found
    }
}
