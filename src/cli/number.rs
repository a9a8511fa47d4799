//! Numbers that options take.

/// A number from 0 to 100.
pub fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches('%').trim().parse::<f64>().ok();
    number.filter(|number| (0.0..=100.0).contains(number)).ok_or_else(|| "it is no number from 0 to 100".to_owned())
}

/// A whole number that is not 0.
pub fn at_least_one(text: &str) -> Result<usize, String> {
    let number = text.parse::<usize>().ok();
    number.filter(|number| *number > 0).ok_or_else(|| "it is no whole number of at least 1".to_owned())
}

/// How many threads to work in.
pub fn threads(jobs: Option<usize>) -> usize {
    jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
}
