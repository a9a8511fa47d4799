//! Finished values into bytes, for people and for machines: verdicts, what a check found, and what came of fixtures.

pub mod plain;
pub mod names;
pub mod annotation;
pub mod layout;
pub mod fact;
pub mod text;
pub mod json;
pub mod record;
pub mod findings;
pub mod trials;
pub mod diff;
pub mod cover;
pub mod mutate;
