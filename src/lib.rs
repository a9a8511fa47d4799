//! Screens referred patients against a rule pack: facts and rules in, a reasoned verdict out. Modules stand in the
//! order of their layers, and each uses only those above it.

pub mod model;
pub mod input;
pub mod view;
pub mod pack;
pub mod record;
pub mod engine;
pub mod analysis;
pub mod author;
pub mod schema;
pub mod report;
