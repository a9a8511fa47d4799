//! The meaning of a script: a small typed condition over facts. Conditions, whole numbers, decimals, days and
//! choices are separate sorts, so that an ill-typed condition cannot be written down.

use rust_decimal::Decimal;

use crate::model::dictionary::{FactId, VocabularyId};
use crate::model::vocabulary::{ConceptId, Mask};

/// Where a value is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// A fact.
    Fact(FactId),
    /// A field of the member that the closure at `level` looks at; level 0 is the outermost closure.
    Field {
        /// The closure.
        level: u8,
        /// The list the member belongs to.
        list: FactId,
        /// The field; 0 for members that are no records.
        field: u16,
    },
}

/// How two quantities compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `==`
    Equal,
    /// `!=`
    Unequal,
}

impl Relation {
    /// The relation that holds where this one does not.
    pub fn opposite(self) -> Relation {
        match self {
            Relation::Less => Relation::AtLeast,
            Relation::AtMost => Relation::Greater,
            Relation::Greater => Relation::AtMost,
            Relation::AtLeast => Relation::Less,
            Relation::Equal => Relation::Unequal,
            Relation::Unequal => Relation::Equal,
        }
    }

    /// The relation of the second operand to the first.
    pub fn turned(self) -> Relation {
        match self {
            Relation::Less => Relation::Greater,
            Relation::AtMost => Relation::AtLeast,
            Relation::Greater => Relation::Less,
            Relation::AtLeast => Relation::AtMost,
            Relation::Equal | Relation::Unequal => self,
        }
    }
}

/// Arithmetic of two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`, of decimals only.
    Divide,
    /// `min(a, b)`
    Min,
    /// `max(a, b)`
    Max,
}

/// A condition: true, false or unknown.
#[derive(Clone, Debug, PartialEq)]
pub enum Cond {
    /// `true` or `false`.
    Literal(bool),
    /// A yes-or-no fact or field.
    Holds(Place),
    /// Negation.
    Not(Box<Cond>),
    /// Conjunction.
    And(Vec<Cond>),
    /// Disjunction.
    Or(Vec<Cond>),
    /// Both true or both false.
    Same(Box<Cond>, Box<Cond>),
    /// Whole numbers compared.
    CompareInt(Relation, Int, Int),
    /// Decimals compared.
    CompareNumber(Relation, Number, Number),
    /// Days compared.
    CompareDay(Relation, Day, Day),
    /// A term against names.
    TermTest(TermTest),
    /// Two terms of one vocabulary are the same concept.
    SameTerm(VocabularyId, Place, Place),
    /// A choice against names.
    ChoiceTest(ChoiceTest),
    /// Two choices with the same values are the same.
    SameChoice(Choice, Choice),
    /// Whether some or every member of a list passes.
    Quantified(Quantifier, Each),
    /// Whether a list has no member.
    IsEmpty(FactId),
    /// Whether a result lies outside its normal range.
    Outside(Side, FactId),
    /// A choice between conditions.
    If(Box<Cond>, Box<Cond>, Box<Cond>),
}

/// A term against names.
#[derive(Clone, Debug, PartialEq)]
pub struct TermTest {
    /// The term.
    pub place: Place,
    /// How it was written.
    pub kind: TermRelation,
    /// The vocabulary.
    pub vocabulary: VocabularyId,
    /// What it is held against.
    pub concepts: Vec<ConceptId>,
    /// The answer for every concept of the vocabulary.
    pub mask: Mask,
}

/// How a term is held against names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermRelation {
    /// `==`
    Is,
    /// `is_a`
    IsA,
    /// `in [..]`
    In,
}

/// A choice against names.
#[derive(Clone, Debug, PartialEq)]
pub struct ChoiceTest {
    /// The choice.
    pub choice: Choice,
    /// Whether it was written with `in`.
    pub listed: bool,
    /// The values that pass, by position.
    pub wanted: Vec<u16>,
    /// The answer for every value.
    pub mask: Mask,
}

/// A condition on each member of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Each {
    /// The list.
    pub list: FactId,
    /// The closure's level.
    pub level: u8,
    /// The condition.
    pub body: Box<Cond>,
}

/// Some or every.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// At least one member.
    Some,
    /// Every member.
    All,
}

/// Below or above the normal range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// `is_low`
    Low,
    /// `is_high`
    High,
}

/// A whole number.
#[derive(Clone, Debug, PartialEq)]
pub enum Int {
    /// A literal or a setting.
    Literal(i64),
    /// A fact or field.
    Place(Place),
    /// Two operands.
    Arithmetic(Arithmetic, Box<Int>, Box<Int>),
    /// `-x`
    Negate(Box<Int>),
    /// `abs(x)`
    Absolute(Box<Int>),
    /// The number of members that pass.
    Count(Each),
    /// Completed years from a day to the as-of date.
    YearsSince(Box<Day>),
    /// Days from one day to another.
    DaysBetween(Box<Day>, Box<Day>),
    /// A choice between numbers.
    If(Box<Cond>, Box<Int>, Box<Int>),
}

/// An exact decimal.
#[derive(Clone, Debug, PartialEq)]
pub enum Number {
    /// A literal or a setting.
    Literal(Decimal),
    /// A fact or field, in its dictionary unit.
    Place(Place),
    /// A whole number as a decimal.
    Whole(Box<Int>),
    /// Two operands.
    Arithmetic(Arithmetic, Box<Number>, Box<Number>),
    /// `-x`
    Negate(Box<Number>),
    /// `abs(x)`
    Absolute(Box<Number>),
    /// A choice between numbers.
    If(Box<Cond>, Box<Number>, Box<Number>),
}

/// A calendar day.
#[derive(Clone, Debug, PartialEq)]
pub enum Day {
    /// The as-of date.
    AsOf,
    /// A fact or field.
    Place(Place),
    /// The day of a fact's result.
    DateOf(FactId),
    /// A choice between days.
    If(Box<Cond>, Box<Day>, Box<Day>),
}

/// One of the values of a choice, by position.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// A literal value.
    Literal(u16),
    /// A fact or field.
    Place(Place),
    /// A choice between values.
    If(Box<Cond>, Box<Choice>, Box<Choice>),
}
