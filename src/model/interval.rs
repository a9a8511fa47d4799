//! What is known of a quantity: its value, or only the bounds it lies within. Operations give the bounds of their
//! result, and a comparison is settled when it comes out alike for every value within the bounds.

use std::ops::Bound;

use super::truth::Truth;

/// A quantity known exactly or within bounds; unbounded on both sides, nothing is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Interval<T> {
    /// The value itself.
    Exact(T),
    /// Somewhere between a lower and an upper bound.
    Within(Bound<T>, Bound<T>),
}

use Bound::{Excluded, Included, Unbounded};
use Interval::{Exact, Within};

impl<T: Copy + Ord> Interval<T> {
    /// Nothing known.
    pub const UNKNOWN: Interval<T> = Within(Unbounded, Unbounded);

    /// Bounds, or the value where both bounds meet in it.
    pub fn within(low: Bound<T>, high: Bound<T>) -> Interval<T> {
        match (low, high) {
            (Included(a), Included(b)) if a == b => Exact(a),
            _ => Within(low, high),
        }
    }

    /// The value, where it is settled.
    #[inline]
    pub fn exact(&self) -> Option<T> {
        match self {
            Exact(value) => Some(*value),
            Within(..) => None,
        }
    }

    /// The lower bound.
    pub fn low(&self) -> Bound<T> {
        match self {
            Exact(value) => Included(*value),
            Within(low, _) => *low,
        }
    }

    /// The upper bound.
    pub fn high(&self) -> Bound<T> {
        match self {
            Exact(value) => Included(*value),
            Within(_, high) => *high,
        }
    }

    /// Whether no value lies within the bounds.
    pub fn is_empty(&self) -> bool {
        match (self.low(), self.high()) {
            (Included(a), Included(b)) => a > b,
            (Included(a) | Excluded(a), Included(b) | Excluded(b)) => a >= b,
            _ => false,
        }
    }

    /// `self < other`.
    #[inline]
    pub fn less(&self, other: &Interval<T>) -> Truth {
        if let (Exact(a), Exact(b)) = (self, other) {
            return (a < b).into();
        }
        if below(self.high(), other.low(), true) {
            Truth::True
        } else if below(other.high(), self.low(), false) {
            Truth::False
        } else {
            Truth::Unknown
        }
    }

    /// `self <= other`.
    #[inline]
    pub fn at_most(&self, other: &Interval<T>) -> Truth {
        !other.less(self)
    }

    /// `self == other`.
    #[inline]
    pub fn equals(&self, other: &Interval<T>) -> Truth {
        if let (Exact(a), Exact(b)) = (self, other) {
            return (a == b).into();
        }
        if self.less(other).or(other.less(self)) == Truth::True { Truth::False } else { Truth::Unknown }
    }

    /// The smaller of both.
    pub fn min(&self, other: &Interval<T>) -> Interval<T> {
        Interval::within(lower_low(self.low(), other.low()), lower_high(self.high(), other.high()))
    }

    /// The larger of both.
    pub fn max(&self, other: &Interval<T>) -> Interval<T> {
        Interval::within(higher_low(self.low(), other.low()), higher_high(self.high(), other.high()))
    }

    /// The bounds that hold for either.
    pub fn hull(&self, other: &Interval<T>) -> Interval<T> {
        Interval::within(lower_low(self.low(), other.low()), higher_high(self.high(), other.high()))
    }

    /// The bounds that hold for both; empty when they contradict each other.
    pub fn meet(&self, other: &Interval<T>) -> Interval<T> {
        Interval::within(higher_low(self.low(), other.low()), lower_high(self.high(), other.high()))
    }

    /// The result of a rising function: it maps each bound; a bound it has no result for is open.
    pub fn rising<U: Copy + Ord>(&self, f: impl Fn(T) -> Option<U>) -> Interval<U> {
        Interval::within(map(self.low(), &f), map(self.high(), &f))
    }

    /// The result of a falling function.
    pub fn falling<U: Copy + Ord>(&self, f: impl Fn(T) -> Option<U>) -> Interval<U> {
        Interval::within(map(self.high(), &f), map(self.low(), &f))
    }
}

/// A bound with a function applied; open where the function has no result.
fn map<T: Copy, U>(bound: Bound<T>, f: &impl Fn(T) -> Option<U>) -> Bound<U> {
    match bound {
        Included(value) => f(value).map_or(Unbounded, Included),
        Excluded(value) => f(value).map_or(Unbounded, Excluded),
        Unbounded => Unbounded,
    }
}

/// Whether everything up to `high` lies below everything from `low` on: strictly, or at most equal.
fn below<T: Ord>(high: Bound<T>, low: Bound<T>, strictly: bool) -> bool {
    match (high, low) {
        (Unbounded, _) | (_, Unbounded) => false,
        (Included(a), Included(b)) if strictly => a < b,
        (Included(a) | Excluded(a), Included(b) | Excluded(b)) => a <= b,
    }
}

fn lower_low<T: Ord>(a: Bound<T>, b: Bound<T>) -> Bound<T> {
    match (a, b) {
        (Unbounded, _) | (_, Unbounded) => Unbounded,
        (Included(a), Included(b)) => Included(a.min(b)),
        (Excluded(a), Excluded(b)) => Excluded(a.min(b)),
        (Included(i), Excluded(e)) | (Excluded(e), Included(i)) => {
            if i <= e {
                Included(i)
            } else {
                Excluded(e)
            }
        }
    }
}

fn higher_high<T: Ord>(a: Bound<T>, b: Bound<T>) -> Bound<T> {
    match (a, b) {
        (Unbounded, _) | (_, Unbounded) => Unbounded,
        (Included(a), Included(b)) => Included(a.max(b)),
        (Excluded(a), Excluded(b)) => Excluded(a.max(b)),
        (Included(i), Excluded(e)) | (Excluded(e), Included(i)) => {
            if i >= e {
                Included(i)
            } else {
                Excluded(e)
            }
        }
    }
}

fn higher_low<T: Ord>(a: Bound<T>, b: Bound<T>) -> Bound<T> {
    match (a, b) {
        (Unbounded, other) | (other, Unbounded) => other,
        (Included(a), Included(b)) => Included(a.max(b)),
        (Excluded(a), Excluded(b)) => Excluded(a.max(b)),
        (Included(i), Excluded(e)) | (Excluded(e), Included(i)) => {
            if e >= i {
                Excluded(e)
            } else {
                Included(i)
            }
        }
    }
}

fn lower_high<T: Ord>(a: Bound<T>, b: Bound<T>) -> Bound<T> {
    match (a, b) {
        (Unbounded, other) | (other, Unbounded) => other,
        (Included(a), Included(b)) => Included(a.min(b)),
        (Excluded(a), Excluded(b)) => Excluded(a.min(b)),
        (Included(i), Excluded(e)) | (Excluded(e), Included(i)) => {
            if e <= i {
                Excluded(e)
            } else {
                Included(i)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_is_settled_only_when_every_value_agrees() {
        let below_five = Within(Unbounded, Excluded(5));
        assert_eq!(below_five.less(&Exact(5)), Truth::True);
        assert_eq!(below_five.less(&Exact(4)), Truth::Unknown);
        assert_eq!(Exact(5).at_most(&below_five), Truth::False);
        assert_eq!(below_five.equals(&Exact(5)), Truth::False);
        assert_eq!(Within(Included(3), Included(4)).equals(&Exact(4)), Truth::Unknown);
        assert_eq!(Interval::<i32>::UNKNOWN.less(&Interval::UNKNOWN), Truth::Unknown);
    }

    #[test]
    fn bounds_that_meet_are_a_value_and_bounds_that_miss_are_empty() {
        assert_eq!(Interval::within(Included(3), Included(3)), Exact(3));
        assert!(Exact(3).meet(&Within(Excluded(3), Unbounded)).is_empty());
        assert!(!Exact(3).meet(&Within(Included(3), Unbounded)).is_empty());
    }
}
