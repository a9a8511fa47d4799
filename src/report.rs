//! Finished values into bytes: verdicts, and what a check found.

pub mod plain;
pub mod layout;
pub mod text;
pub mod json;
pub mod annotation;
pub mod findings;
