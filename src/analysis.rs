//! What rules mean for every patient there could be: each fact is cut into the few cells that the scripts can tell
//! apart, unknown among them, and questions over all of them are decided by a solver. A patient that it finds is a real
//! referral, screened to see that it does what is claimed; what is out of reach is undecided, and said so.

pub mod logic;
pub mod given;
pub mod walk;
pub mod threshold;
pub mod cells;
pub mod members;
pub mod reach;
pub mod scope;
pub mod space;
pub mod lesson;
pub mod witness;
pub mod compare;
pub mod site;
pub mod possible;
pub mod changes;
pub mod cohort;
pub mod idle;
pub mod reason;
pub mod think;
pub mod alike;
pub mod place;
pub mod checked;
