//! Comparisons of a fact with a constant that its plausible range already answers.

use rust_decimal::Decimal;

use super::ir::Relation;
use crate::model::dictionary::{Domain, Limit};

/// The plausible range of a fact, either end open.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The smallest value.
    pub min: Option<Decimal>,
    /// The largest value.
    pub max: Option<Decimal>,
}

impl Limits {
    /// The range of a domain, as far as it is one of numbers.
    pub fn of(domain: &Domain) -> Limits {
        let number = |limit: &Option<Limit>| if let Some(Limit::Number(number)) = limit { Some(*number) } else { None };
        Limits { min: number(&domain.min), max: number(&domain.max) }
    }

    /// The one answer that a value within the limits gives when held against a constant, if it is only one.
    pub fn settle(self, relation: Relation, constant: Decimal) -> Option<bool> {
        let below = |strict: bool| self.max.is_some_and(|max| if strict { max < constant } else { max <= constant });
        let above = |strict: bool| self.min.is_some_and(|min| if strict { min > constant } else { min >= constant });
        let (yes, no) = match relation {
            Relation::Less => (below(true), above(false)),
            Relation::AtMost => (below(false), above(true)),
            Relation::Greater => (above(true), below(false)),
            Relation::AtLeast => (above(false), below(true)),
            Relation::Equal => (false, below(true) || above(true)),
            Relation::Unequal => (below(true) || above(true), false),
        };
        (yes || no).then_some(yes)
    }

    /// The range in words.
    pub fn show(self, unit: &str) -> String {
        match (self.min, self.max) {
            (Some(min), Some(max)) => format!("{min} to {max}{unit}"),
            (Some(min), None) => format!("{min}{unit} and more"),
            (None, Some(max)) => format!("{max}{unit} and less"),
            (None, None) => "any number".into(),
        }
    }
}

/// The relation with its sides swapped.
pub fn flipped(relation: Relation) -> Relation {
    match relation {
        Relation::Less => Relation::Greater,
        Relation::AtMost => Relation::AtLeast,
        Relation::Greater => Relation::Less,
        Relation::AtLeast => Relation::AtMost,
        same @ (Relation::Equal | Relation::Unequal) => same,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_value_within_the_limits_can_change_is_settled() {
        let limits = Limits { min: Some(Decimal::ONE), max: Some(Decimal::TEN) };
        for (relation, low, high) in [
            (Relation::Less, (0, Some(false)), (11, Some(true))),
            (Relation::Less, (1, Some(false)), (10, None)),
            (Relation::AtMost, (1, None), (10, Some(true))),
            (Relation::Greater, (1, None), (10, Some(false))),
            (Relation::AtLeast, (1, Some(true)), (10, None)),
            (Relation::Equal, (0, Some(false)), (10, None)),
            (Relation::Unequal, (1, None), (11, Some(true))),
        ] {
            for (constant, settled) in [low, high] {
                assert_eq!(limits.settle(relation, Decimal::from(constant)), settled, "{relation:?} {constant}");
            }
        }
        assert_eq!(Limits { min: None, max: None }.settle(Relation::Less, Decimal::ONE), None);
    }
}
