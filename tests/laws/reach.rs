//! What the generators reached, counted: a law over cases that never arise holds nothing.

use std::collections::BTreeMap;

/// How often each thing was reached.
#[derive(Default)]
pub struct Reach(BTreeMap<String, usize>);

impl Reach {
    /// Counts one more of a thing.
    pub fn hit(&mut self, what: impl Into<String>) {
        *self.0.entry(what.into()).or_default() += 1;
    }

    /// Counts the same thing where it is so.
    pub fn hit_if(&mut self, so: bool, what: &str) {
        if so {
            self.hit(what);
        }
    }

    /// Prints the table, and fails if something wanted was never reached.
    pub fn report(&self, test: &str, wanted: &[&str]) {
        println!("{test} reached:");
        for (what, times) in &self.0 {
            println!("{times:>8}  {what}");
        }
        let never: Vec<&&str> = wanted.iter().filter(|what| !self.0.contains_key(**what)).collect();
        assert!(never.is_empty(), "{test} never reached {never:?}");
    }
}
