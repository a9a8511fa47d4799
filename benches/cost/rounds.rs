//! Interleaved rounds: machines drift, so every side runs in every round, and medians are compared.

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

/// A side: what it is to do, and how often it does it in a round.
pub struct Side<'s> {
    /// What is timed.
    pub work: Box<dyn FnMut() + 's>,
    /// How often in one round.
    pub repeats: u32,
}

/// Nanoseconds for each side's work done once. The side that goes first changes from round to round.
pub fn interleaved<const N: usize>(rounds: usize, mut sides: [Side; N]) -> [Times; N] {
    let mut times: [Vec<f64>; N] = std::array::from_fn(|_| Vec::with_capacity(rounds));
    sides.iter_mut().for_each(|side| (side.work)());
    for round in 0..rounds {
        for turn in 0..N {
            let index = (round + turn) % N;
            let side = &mut sides[index];
            let start = Instant::now();
            (0..side.repeats).for_each(|_| (side.work)());
            times[index].push(nanoseconds(start.elapsed()) / f64::from(side.repeats));
        }
    }
    times.map(Times::of)
}

fn nanoseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e9
}
