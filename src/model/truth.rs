//! The three truth values, because a fact that is not known must never pass for one that is normal.
//! Conjunction is the minimum, disjunction the maximum, and negation swaps the ends (strong Kleene logic).

use std::ops::Not;

/// A truth value, ordered `False < Unknown < True`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// Known not to hold.
    False,
    /// Not settled by what is known.
    Unknown,
    /// Known to hold.
    True,
}

impl Truth {
    /// True when both are; false as soon as one is.
    #[inline]
    pub fn and(self, other: Truth) -> Truth {
        self.min(other)
    }

    /// True as soon as one is; false when both are.
    #[inline]
    pub fn or(self, other: Truth) -> Truth {
        self.max(other)
    }

    /// Whether the value is settled either way.
    #[inline]
    pub fn is_known(self) -> bool {
        self != Truth::Unknown
    }
}

impl From<bool> for Truth {
    #[inline]
    fn from(value: bool) -> Truth {
        if value { Truth::True } else { Truth::False }
    }
}

impl Not for Truth {
    type Output = Truth;

    #[inline]
    fn not(self) -> Truth {
        match self {
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
            Truth::True => Truth::False,
        }
    }
}
