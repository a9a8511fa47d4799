//! What a check found, in the forms that people, editors and CI services read.

pub mod full;
pub mod concise;
pub mod json;
pub mod github;
pub mod sarif;
