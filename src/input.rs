//! Files into referrals: TOML and JSON read into one kind of document, and a document into what was said of a
//! patient.

pub mod source;
pub mod document;
pub mod toml;
pub mod json;
pub mod problem;
pub mod number;
pub mod scalar;
pub mod reading;
pub mod referral;
