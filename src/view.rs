//! SQL on FHIR: a ViewDefinition cuts a resource into rows, by paths in the small part of FHIRPath that shareable views
//! use. It knows nothing of patients, packs or facts: JSON in, rows out. <https://sql-on-fhir.org>, version 2.

pub mod json;
pub mod item;
mod token;
pub mod path;
mod boundary;
pub mod eval;
pub mod definition;
pub mod rows;
