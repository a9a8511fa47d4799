//! Settings: named policy values of a pack, each with the reason for it.

use rust_decimal::Decimal;

use super::ir::{Cond, Int, Number};
use super::typed::{Measure, Typed};
use crate::model::unit::Unit;

/// The value of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingValue {
    /// A switch.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A decimal.
    Number(Decimal),
}

/// A named policy value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name in scripts.
    pub name: String,
    /// The value.
    pub value: SettingValue,
    /// Its unit.
    pub unit: Option<Unit>,
    /// Why it is what it is.
    pub why: String,
}

impl Setting {
    /// The setting as an operand of a script.
    pub fn operand(&self) -> Typed {
        let measure = Measure::Of(self.unit.clone());
        match self.value {
            SettingValue::Bool(value) => Typed::Cond(Cond::Literal(value)),
            SettingValue::Integer(value) => Typed::Int(Int::Literal(value), measure),
            SettingValue::Number(value) => Typed::Number(Number::Literal(value), measure),
        }
    }

    /// The value as a number; nothing for a switch.
    pub fn number(&self) -> Option<Decimal> {
        match self.value {
            SettingValue::Bool(_) => None,
            SettingValue::Integer(value) => Some(Decimal::from(value)),
            SettingValue::Number(value) => Some(value),
        }
    }

    /// The value and unit as people read them: `30 days`.
    pub fn show(&self) -> String {
        let value = match self.value {
            SettingValue::Bool(value) => return value.to_string(),
            SettingValue::Integer(value) => Decimal::from(value),
            SettingValue::Number(value) => value,
        };
        match &self.unit {
            Some(unit) => format!("{value} {}", unit.display_beside(value)),
            None => value.to_string(),
        }
    }
}
