//! Finished values into bytes: verdicts as text and as JSON.

pub mod plain;
pub mod layout;
pub mod text;
pub mod json;
