//! Mutants counted.

use serde::Serialize;

/// How many mutants there are, and what came of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(into = "Shown")]
pub struct Tally {
    /// All of them.
    pub mutants: usize,
    /// Some fixture notices these.
    pub killed: usize,
    /// Nobody could, which is proved: they do not count.
    pub equivalent: usize,
    /// No fixture notices these.
    pub survive: usize,
}

impl Tally {
    /// So many that are noticed, and so many that are not.
    pub fn of(killed: usize, survive: usize) -> Tally {
        Tally { mutants: killed + survive, killed, equivalent: 0, survive }
    }

    /// One that is noticed.
    pub fn killed() -> Tally {
        Tally::of(1, 0)
    }

    /// One that is not.
    pub fn survivor() -> Tally {
        Tally::of(0, 1)
    }

    /// One that nobody could notice.
    pub fn equivalent() -> Tally {
        Tally { mutants: 1, equivalent: 1, ..Tally::default() }
    }

    /// Both together.
    pub fn plus(self, other: Tally) -> Tally {
        Tally {
            mutants: self.mutants + other.mutants,
            killed: self.killed + other.killed,
            equivalent: self.equivalent + other.equivalent,
            survive: self.survive + other.survive,
        }
    }

    /// How many of those that count.
    pub fn counted(self) -> usize {
        self.killed + self.survive
    }

    /// How many of a hundred that count are noticed, rounded down to a tenth: 100 only where all are.
    pub fn percent(self) -> f64 {
        let thousandths = (self.killed * 1000).checked_div(self.counted());
        thousandths.map_or(100.0, |thousandths| thousandths as f64 / 10.0)
    }
}

/// A tally as reports write it.
#[derive(Serialize)]
struct Shown {
    mutants: usize,
    killed: usize,
    equivalent: usize,
    survive: usize,
    percent: f64,
}

impl From<Tally> for Shown {
    fn from(tally: Tally) -> Shown {
        let Tally { mutants, killed, equivalent, survive } = tally;
        Shown { mutants, killed, equivalent, survive, percent: tally.percent() }
    }
}
