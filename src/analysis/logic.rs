//! Conditions in two values as a solver has them, and pairs of them for three: what is true, and what is false; unknown
//! is neither. Equal parts are one part, so that what is written alike is known to be alike.

use std::collections::HashMap;

use crate::model::truth::Truth;
use batsat::{BasicSolver, Lit, SolverInterface, lbool};

/// A condition in two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bit {
    /// `true` or `false`.
    Known(bool),
    /// A variable, or that it does not hold.
    Lit(Lit),
}

impl std::ops::Not for Bit {
    type Output = Bit;

    fn not(self) -> Bit {
        match self {
            Bit::Known(value) => Bit::Known(!value),
            Bit::Lit(lit) => Bit::Lit(!lit),
        }
    }
}

/// A condition in three values: never both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tri {
    /// Whether it is true.
    pub yes: Bit,
    /// Whether it is false.
    pub no: Bit,
}

impl Tri {
    /// True or false, whatever the facts.
    pub const fn known(value: bool) -> Tri {
        Tri { yes: Bit::Known(value), no: Bit::Known(!value) }
    }

    /// What a truth value is, whatever the facts.
    pub fn of(truth: Truth) -> Tri {
        match truth {
            Truth::True => Tri::known(true),
            Truth::False => Tri::known(false),
            Truth::Unknown => Tri::UNKNOWN,
        }
    }

    /// Unknown, whatever the facts.
    pub const UNKNOWN: Tri = Tri { yes: Bit::Known(false), no: Bit::Known(false) };
}

impl std::ops::Not for Tri {
    type Output = Tri;

    fn not(self) -> Tri {
        Tri { yes: self.no, no: self.yes }
    }
}

/// What a question came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// There is a patient; the model tells who.
    Yes,
    /// There is none.
    No,
}

/// A solver and the conditions it knows.
#[derive(Default)]
pub struct Logic {
    solver: BasicSolver,
    ands: HashMap<Vec<Bit>, Bit>,
}

impl Logic {
    /// A new variable, and the value it has where nothing speaks against it.
    pub fn var(&mut self, preferred: bool) -> Bit {
        let preferred = if preferred { lbool::TRUE } else { lbool::FALSE };
        Bit::Lit(Lit::new(self.solver.new_var(preferred, true), true))
    }

    /// A new condition in three values that may come to anything.
    pub fn anything(&mut self) -> Tri {
        let tri = Tri { yes: self.var(false), no: self.var(false) };
        self.require(&[!tri.yes, !tri.no]);
        tri
    }

    /// Lets some of these hold at least.
    pub fn require(&mut self, any: &[Bit]) {
        if any.contains(&Bit::Known(true)) {
            return;
        }
        let mut clause: Vec<Lit> = any
            .iter()
            .filter_map(|bit| match bit {
                Bit::Lit(lit) => Some(*lit),
                Bit::Known(_) => None,
            })
            .collect();
        self.solver.add_clause_reuse(&mut clause);
    }

    /// Lets exactly one of these hold.
    pub fn exactly_one(&mut self, bits: &[Bit]) {
        self.require(bits);
        // In groups of a few, each with a variable that says whether it holds one: pairs of all would be too many.
        match bits.len() {
            0 | 1 => {}
            2..=6 => {
                for (index, a) in bits.iter().enumerate() {
                    bits[index + 1..].iter().for_each(|b| self.require(&[!*a, !*b]));
                }
            }
            _ => {
                let groups: Vec<Bit> = bits
                    .chunks(5)
                    .map(|group| {
                        let own = self.or(group);
                        for (index, a) in group.iter().enumerate() {
                            group[index + 1..].iter().for_each(|b| self.require(&[!*a, !*b]));
                        }
                        own
                    })
                    .collect();
                self.exactly_one(&groups);
            }
        }
    }

    /// All of these.
    pub fn and(&mut self, bits: &[Bit]) -> Bit {
        let mut parts: Vec<Bit> = bits.iter().copied().filter(|bit| *bit != Bit::Known(true)).collect();
        parts.sort_unstable();
        parts.dedup();
        let contradicts = |bit: &Bit| *bit == Bit::Known(false) || parts.binary_search(&!*bit).is_ok();
        if parts.iter().any(contradicts) {
            return Bit::Known(false);
        }
        match parts[..] {
            [] => return Bit::Known(true),
            [only] => return only,
            _ => {}
        }
        if let Some(known) = self.ands.get(&parts) {
            return *known;
        }
        // What follows from its parts is never guessed.
        let all = Bit::Lit(Lit::new(self.solver.new_var(lbool::FALSE, false), true));
        let mut back: Vec<Bit> = parts.iter().map(|part| !*part).collect();
        back.push(all);
        for part in &parts {
            self.require(&[!all, *part]);
        }
        self.require(&back);
        self.ands.insert(parts, all);
        all
    }

    /// Some of these.
    pub fn or(&mut self, bits: &[Bit]) -> Bit {
        let not: Vec<Bit> = bits.iter().map(|bit| !*bit).collect();
        !self.and(&not)
    }

    /// Whether two differ.
    pub fn differ(&mut self, a: Bit, b: Bit) -> Bit {
        let (only_a, only_b) = (self.and(&[a, !b]), self.and(&[!a, b]));
        self.or(&[only_a, only_b])
    }

    /// At least so many of these.
    pub fn at_least(&mut self, number: usize, bits: &[Bit]) -> Bit {
        let mut reached = vec![Bit::Known(false); number + 1];
        reached[0] = Bit::Known(true);
        for bit in bits {
            for count in (1..=number).rev() {
                let one_more = self.and(&[reached[count - 1], *bit]);
                reached[count] = self.or(&[reached[count], one_more]);
            }
        }
        reached[number]
    }

    /// All of these, in three values.
    pub fn all(&mut self, parts: &[Tri]) -> Tri {
        let (yes, no): (Vec<Bit>, Vec<Bit>) = parts.iter().map(|part| (part.yes, part.no)).unzip();
        Tri { yes: self.and(&yes), no: self.or(&no) }
    }

    /// Some of these, in three values.
    pub fn any(&mut self, parts: &[Tri]) -> Tri {
        let not: Vec<Tri> = parts.iter().map(|part| !*part).collect();
        !self.all(&not)
    }

    /// Whether two are the same, in three values.
    pub fn same(&mut self, a: Tri, b: Tri) -> Tri {
        let (both, neither) = (self.and(&[a.yes, b.yes]), self.and(&[a.no, b.no]));
        let (one, other) = (self.and(&[a.yes, b.no]), self.and(&[a.no, b.yes]));
        Tri { yes: self.or(&[both, neither]), no: self.or(&[one, other]) }
    }

    /// One or the other; where it is unknown which, what both agree on.
    pub fn choice(&mut self, test: Tri, then: Tri, other: Tri) -> Tri {
        let mut side = |then: Bit, other: Bit| {
            let parts = [
                self.and(&[test.yes, then]),
                self.and(&[test.no, other]),
                self.and(&[!test.yes, !test.no, then, other]),
            ];
            self.or(&parts)
        };
        Tri { yes: side(then.yes, other.yes), no: side(then.no, other.no) }
    }

    /// Whether there is a patient of whom all of these hold.
    pub fn ask(&mut self, all: &[Bit]) -> Answer {
        if all.contains(&Bit::Known(false)) {
            return Answer::No;
        }
        let assumed: Vec<Lit> = all
            .iter()
            .filter_map(|bit| match bit {
                Bit::Lit(lit) => Some(*lit),
                Bit::Known(_) => None,
            })
            .collect();
        if self.solver.solve_limited(&assumed) == lbool::TRUE { Answer::Yes } else { Answer::No }
    }

    /// Whether something holds of the patient that was found last.
    pub fn holds(&self, bit: Bit) -> bool {
        match bit {
            Bit::Known(value) => value,
            Bit::Lit(lit) => self.solver.value_lit(lit) == lbool::TRUE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every value of three variables against what the solver makes of a condition.
    #[test]
    fn conditions_hold_where_they_should() {
        let mut logic = Logic::default();
        let vars = [logic.var(false), logic.var(false), logic.var(false)];
        let [a, b, c] = vars;
        let both = logic.and(&[a, !b]);
        let some = logic.or(&[both, c]);
        let differ = logic.differ(some, a);
        for row in 0..8_u8 {
            let given: Vec<Bit> = (0..3).map(|i| if row >> i & 1 == 1 { vars[i] } else { !vars[i] }).collect();
            let [a, b, c] = [0, 1, 2].map(|i| row >> i & 1 == 1);
            let (some_is, differ_is) = (a && !b || c, (a && !b || c) != a);
            for (bit, is) in [(some, some_is), (differ, differ_is)] {
                let ask = |logic: &mut Logic, bit| logic.ask(&[&given[..], &[bit]].concat());
                assert_eq!(ask(&mut logic, bit), if is { Answer::Yes } else { Answer::No }, "{row}");
                assert_eq!(ask(&mut logic, !bit), if is { Answer::No } else { Answer::Yes }, "{row}");
            }
        }
    }

    #[test]
    fn as_many_hold_as_are_counted() {
        let mut logic = Logic::default();
        let bits: Vec<Bit> = (0..4).map(|_| logic.var(false)).collect();
        let least: Vec<Bit> = (0..=5).map(|number| logic.at_least(number, &bits)).collect();
        for row in 0..16_u32 {
            let given: Vec<Bit> = (0..4).map(|i| if row >> i & 1 == 1 { bits[i] } else { !bits[i] }).collect();
            for (number, bit) in least.iter().enumerate() {
                let is = row.count_ones() as usize >= number;
                let asked = [&given[..], &[if is { !*bit } else { *bit }]].concat();
                assert_eq!(logic.ask(&asked), Answer::No, "{row} {number}");
            }
        }
    }

    #[test]
    fn of_many_exactly_one_holds() {
        let mut logic = Logic::default();
        let bits: Vec<Bit> = (0..40).map(|_| logic.var(false)).collect();
        logic.exactly_one(&bits);
        assert_eq!(logic.ask(&[bits[3]]), Answer::Yes);
        assert!((0..40).all(|i| logic.holds(bits[i]) == (i == 3)));
        assert_eq!(logic.ask(&[bits[3], bits[37]]), Answer::No);
        let none: Vec<Bit> = bits.iter().map(|bit| !*bit).collect();
        assert_eq!(logic.ask(&none), Answer::No);
    }
}
