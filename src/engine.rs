//! What a pack means for a referral: which statements hold, what every rule comes to, the verdict, and why.

pub mod canonical;
pub mod chart;
pub mod eval;
pub mod settle;
pub mod held;
pub mod cause;
pub mod script;
pub mod decide;
pub mod screen;
pub mod words;
pub mod forms;
pub mod verdict;
pub mod shown;
pub mod conflict;
pub mod warning;
pub mod missing;
pub mod step;
pub mod policy;
pub mod explain;
