//! What fixtures show of a pack: for people, as a page, and as the tracefile that coverage services read.

pub mod text;
pub mod html;
pub mod lcov;
