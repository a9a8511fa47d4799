//! What the author of a pack works with: fixtures, run against what they expect and against rules with mistakes in them,
//! what they show, and those that are missing.

pub mod expect;
pub mod fixture;
pub mod asks;
pub mod difference;
pub mod why;
pub mod trial;
pub mod list;
pub mod accept;
pub mod suggest;
pub mod jobs;
pub mod cover;
pub mod mutant;
pub mod mutate;
