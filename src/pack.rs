//! Rule packs: read, checked and lowered into a program that the engine runs.

pub mod mistake;
pub mod shelf;
pub mod format;
pub mod table;
pub mod item;
pub mod ir;
pub mod typing;
pub mod language;
pub mod setting;
pub mod names;
pub mod lower;
pub mod program;
pub mod manifest;
pub mod concepts;
pub mod facts;
pub mod rules;
pub mod phrase;
pub mod compile;
