//! Operands of scripts with their types, and the mistake of two that do not fit.

use super::about::{Aspect, Subject};
use super::ir::{Choice, Cond, Day, Int, Number, Place};
use super::mistake::{Mistake, Thing};
use crate::input::source::Position;
use crate::model::dictionary::{Dictionary, FactId, VocabularyId};
use crate::model::unit::Unit;

/// An operand with its type.
#[derive(Clone, Debug, PartialEq)]
pub enum Typed {
    /// A condition.
    Cond(Cond),
    /// A whole number.
    Int(Int, Measure),
    /// A decimal.
    Number(Number, Measure),
    /// A day.
    Day(Day),
    /// One of these values.
    Choice(Choice, Vec<String>),
    /// A term.
    Term(Place, VocabularyId),
    /// A whole list.
    List(FactId),
    /// The member that a closure looks at: a record.
    Record {
        /// The closure.
        level: u8,
        /// The list.
        list: FactId,
    },
    /// A text literal, and where it stands.
    Text(String, Position),
    /// A list of text literals.
    Texts(Vec<(String, Position)>),
    /// A list of numbers.
    Numbers(Vec<Typed>),
}

/// The unit of a quantity.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// A literal, which takes the other side's unit.
    Any,
    /// A unit, or none.
    Of(Option<Unit>),
}

impl Measure {
    /// The unit as messages name it.
    pub fn show(&self) -> String {
        match self {
            Measure::Any | Measure::Of(None) => "a plain number".into(),
            Measure::Of(Some(unit)) => format!("`{}`", unit.code()),
        }
    }

    /// Whether a quantity of it is a plain number.
    pub fn is_plain(&self) -> bool {
        matches!(self, Measure::Any | Measure::Of(None))
    }
}

/// A mistake, and where it stands if not at the operator.
#[derive(Clone, Debug, PartialEq)]
pub struct Misfit {
    /// What is wrong.
    pub mistake: Box<Mistake>,
    /// Where, in the script.
    pub at: Option<Position>,
}

impl Misfit {
    /// A mistake somewhere else than at the operator.
    pub fn at(mistake: Mistake, at: Position) -> Misfit {
        Misfit { mistake: Box::new(mistake), at: Some(at) }
    }
}

impl Misfit {
    /// The part of a definition that the mistake is about, and whether it is about definitions at all.
    pub fn aspect(&self) -> Option<Aspect> {
        match &*self.mistake {
            Mistake::Units { .. } | Mistake::UnitProduct { .. } => Some(Aspect::Unit),
            Mistake::NotOneOf { .. } => Some(Aspect::Values),
            Mistake::OutOfRange { .. } => Some(Aspect::Limits),
            Mistake::Unknown { thing: Thing::Field(_), .. } => Some(Aspect::Fields),
            Mistake::ScriptType { .. } | Mistake::Operands { .. } | Mistake::Arguments { .. } => Some(Aspect::Type),
            Mistake::IntegerDivision => Some(Aspect::Type),
            _ => None,
        }
    }
}

impl From<Mistake> for Misfit {
    fn from(mistake: Mistake) -> Misfit {
        Misfit { mistake: Box::new(mistake), at: None }
    }
}

/// An operand, or why there is none.
pub type Judged = Result<Typed, Misfit>;

impl Typed {
    /// The definition that an operand reads, if it is no more than that.
    pub fn subject(&self) -> Option<Subject> {
        let place = match self {
            Typed::Cond(Cond::Holds(place)) | Typed::Int(Int::Place(place), _) => place,
            Typed::Number(Number::Place(place), _) | Typed::Day(Day::Place(place)) => place,
            Typed::Choice(Choice::Place(place), _) | Typed::Term(place, _) => place,
            Typed::List(list) | Typed::Record { list, .. } => return Some(Subject::Fact(*list)),
            _ => return None,
        };
        Some(match place {
            Place::Fact(fact) => Subject::Fact(*fact),
            Place::Field { list, field, .. } => Subject::Field(*list, *field),
        })
    }

    /// What people call the operand: its name, where it has one, and its type.
    pub fn describe(&self, dictionary: &Dictionary) -> String {
        let name = match self.subject() {
            Some(Subject::Fact(fact)) if !dictionary.fact(fact).is_list() => dictionary.fact(fact).name.clone(),
            Some(Subject::Field(list, field)) => {
                let fact = dictionary.fact(list);
                let field = fact.fields().get(usize::from(field)).map(|field| format!(".{}", field.name));
                format!("{}{}", fact.name, field.unwrap_or_default())
            }
            _ => return self.sort(dictionary),
        };
        format!("`{name}` ({})", self.sort(dictionary))
    }

    /// What people call an operand of this type.
    pub fn sort(&self, dictionary: &Dictionary) -> String {
        match self {
            Typed::Cond(_) => "true or false".into(),
            Typed::Int(_, Measure::Of(Some(unit))) => format!("a whole number in `{}`", unit.code()),
            Typed::Int(..) => "a whole number".into(),
            Typed::Number(_, Measure::Of(Some(unit))) => format!("a number in `{}`", unit.code()),
            Typed::Number(..) => "a number".into(),
            Typed::Day(_) => "a date".into(),
            Typed::Choice(_, values) => format!("a choice of {}", values.join(", ")),
            Typed::Term(_, id) => format!("a term of `{}`", dictionary.vocabulary(*id).name),
            Typed::List(fact) => format!("the list `{}`", dictionary.fact(*fact).name),
            Typed::Record { list, .. } => format!("a record of `{}`", dictionary.fact(*list).name),
            Typed::Text(text, _) => format!("the text \"{text}\""),
            Typed::Texts(_) => "a list of texts".into(),
            Typed::Numbers(_) => "a list of numbers".into(),
        }
    }
}
