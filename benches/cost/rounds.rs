//! Interleaved rounds: machines drift, so every side runs in every round, and medians are compared.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// The times of one side, in nanoseconds until they are divided.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// Half of the rounds took less.
    pub median: f64,
    /// A quarter took less.
    pub low: f64,
    /// A quarter took more.
    pub high: f64,
}

impl Times {
    fn of(mut times: Vec<f64>) -> Times {
        times.sort_by(f64::total_cmp);
        let at = |quarter: usize| times[(times.len() - 1) * quarter / 4];
        Times { median: at(2), low: at(1), high: at(3) }
    }

    /// The times divided by a number, such as that of the rules.
    pub fn per(self, divisor: f64) -> Times {
        Times { median: self.median / divisor, low: self.low / divisor, high: self.high / divisor }
    }
}

/// One side: a round of its work, timed.
pub struct Side<'s> {
    round: Box<dyn FnMut() -> Duration + 's>,
    repeats: u32,
}

impl<'s> Side<'s> {
    /// Does its work so often in a round. What it makes is dropped when the time is taken.
    pub fn new<T>(repeats: u32, mut work: impl FnMut() -> T + 's) -> Side<'s> {
        let round = move || {
            let start = Instant::now();
            let made: Vec<T> = (0..repeats).map(|_| work()).collect();
            let time = start.elapsed();
            drop(black_box(made));
            time
        };
        Side { round: Box::new(round), repeats }
    }
}

/// Nanoseconds for each side's work done once. The side that goes first changes from round to round.
pub fn interleaved<const N: usize>(rounds: usize, mut sides: [Side; N]) -> [Times; N] {
    let mut times: [Vec<f64>; N] = std::array::from_fn(|_| Vec::with_capacity(rounds));
    for side in &mut sides {
        (side.round)();
    }
    for round in 0..rounds {
        for turn in 0..N {
            let index = (round + turn) % N;
            let time = (sides[index].round)().as_secs_f64() * 1e9;
            times[index].push(time / f64::from(sides[index].repeats));
        }
    }
    times.map(Times::of)
}
