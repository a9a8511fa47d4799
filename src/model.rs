//! What a fact is: truth, time, quantities, terms, and what a referral may say. No input or output.

pub mod truth;
pub mod calendar;
pub mod interval;
pub mod name;
pub mod unit;
pub mod vocabulary;
pub mod coding;
pub mod value;
pub mod dictionary;
pub mod referral;
