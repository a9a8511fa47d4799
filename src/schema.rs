//! JSON Schemas of what the program reads and writes, for editors and for programs: packs, referrals and verdicts.
//! None admits `null`, and none refuses what a loader accepts.

pub mod part;
pub mod spelling;
pub mod pack;
pub mod said;
pub mod facts;
pub mod verdict;
