//! A patient's record in FHIR R4: resources are sorted by patient, cut into rows, and read as a referral by the mapping
//! of a pack. What the record proves is known; what it does not mention is unknown.

pub mod store;
pub mod intake;
pub mod standing;
pub mod product;
pub mod medicine;
pub mod literal;
pub mod version;
pub mod readings;
pub mod found;
pub mod counts;
pub mod compose;
pub mod read;
pub mod complete;
