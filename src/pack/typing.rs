//! What scripts may mean: typed operands put together into conditions, or a mistake that says why they do not fit.
//! Nothing here knows how a script is written down.

use rust_decimal::Decimal;

use super::advice::{asks_unknown, between};
use super::ir::{
    Arithmetic, Choice, ChoiceTest, Cond, Day, Each, Int, Number, Place, Quantifier, Relation, Side, TermRelation,
    TermTest,
};
use super::limits::{Limits, flipped};
use super::mistake::{Mistake, Thing};
use super::typed::{Judged, Measure, Misfit, Typed};
use crate::input::source::Position;
use crate::model::dictionary::{Dictionary, Domain, Fact, FactId, Scalar, VocabularyId};
use crate::model::name::nearest;
use crate::model::truth::Truth;
use crate::model::vocabulary::Mask;

/// Puts operands together against a dictionary.
#[derive(Clone, Copy)]
pub struct Typing<'d> {
    /// The dictionary.
    pub dictionary: &'d Dictionary,
}

impl<'d> Typing<'d> {
    /// A fact as an operand.
    pub fn fact(&self, id: FactId) -> Typed {
        let fact = self.dictionary.fact(id);
        if fact.is_list() { Typed::List(id) } else { self.read(Place::Fact(id), fact.field_domain(0)) }
    }

    /// The member that a closure over `list` looks at.
    pub fn member(&self, list: FactId, level: u8) -> Typed {
        let fact = self.dictionary.fact(list);
        if fact.fields().is_empty() {
            return self.read(Place::Field { level, list, field: 0 }, fact.field_domain(0));
        }
        Typed::Record { level, list }
    }

    /// A field of a record.
    pub fn field(&self, record: &Typed, name: &str) -> Judged {
        let Typed::Record { level, list } = record else {
            let (what, given) = (format!("what `.{name}` is read from"), record.describe(self.dictionary));
            let accepted = match record {
                Typed::List(list) => {
                    let list = &self.dictionary.fact(*list).name;
                    format!("a record: ask each member, as in `{list}.some(|x| x.{name} …)`")
                }
                _ => "a record, inside a closure such as |g| g.tissue".into(),
            };
            return Err(Mistake::ScriptType { what, given, accepted }.into());
        };
        let fact = self.dictionary.fact(*list);
        let Some(field) = fact.fields().iter().position(|field| field.name == name) else {
            let names = fact.fields().iter().map(|field| field.name.as_str());
            let nearest = own(nearest(name, names));
            let thing = Thing::Field(fact.name.clone());
            return Err(Mistake::Unknown { thing, name: name.to_owned(), nearest }.into());
        };
        let place = Place::Field { level: *level, list: *list, field: field as u16 };
        Ok(self.read(place, fact.field_domain(field)))
    }

    fn read(&self, place: Place, domain: &Domain) -> Typed {
        let measure = Measure::Of(domain.unit.clone().filter(|unit| !unit.is_plain()));
        match &domain.scalar {
            Scalar::Bool => Typed::Cond(Cond::Holds(place)),
            Scalar::Integer => Typed::Int(Int::Place(place), measure),
            Scalar::Number => Typed::Number(Number::Place(place), measure),
            Scalar::Date => Typed::Day(Day::Place(place)),
            Scalar::Choice(values) => Typed::Choice(Choice::Place(place), values.clone()),
            Scalar::Term(vocabulary) => Typed::Term(place, *vocabulary),
        }
    }

    /// The operand as a condition.
    pub fn condition(&self, operand: Typed, what: &str) -> Result<Cond, Misfit> {
        match operand {
            Typed::Cond(cond) => Ok(cond),
            other => Err(self.not_a(what, &other, "a condition, true or false")),
        }
    }

    /// The operand as a day.
    pub fn day(&self, operand: Typed, what: &str) -> Result<Day, Misfit> {
        match operand {
            Typed::Day(day) => Ok(day),
            other => Err(self.not_a(what, &other, "a date")),
        }
    }

    fn not_a(&self, what: &str, operand: &Typed, accepted: &str) -> Misfit {
        let given = operand.describe(self.dictionary);
        Mistake::ScriptType { what: what.into(), given, accepted: accepted.into() }.into()
    }

    /// Two operands compared.
    pub fn compare(&self, operator: &str, relation: Relation, left: Typed, right: Typed) -> Judged {
        use Typed::{Choice as C, Cond as B, Day as D, Int as I, Number as N, Term as T, Text};
        if let (Text(left, _), Text(right, _)) = (&left, &right) {
            let help = "two texts are always the same or never: compare a fact with a text".to_owned();
            let (left, right) = (format!("the text \"{left}\""), format!("the text \"{right}\""));
            return Err(Mistake::Operands { operator: operator.into(), left, right, help }.into());
        }
        let symmetric = matches!(relation, Relation::Equal | Relation::Unequal);
        let cond = match (left, right) {
            (I(a, m), I(b, n)) => {
                self.same_unit(operator, &m, &n)?;
                self.can_differ(operator, relation, &whole(&a), &whole(&b))?;
                Cond::CompareInt(relation, a, b)
            }
            (N(a, m), N(b, n)) => self.compare_numbers(operator, relation, (a, m), (b, n))?,
            (I(a, m), N(b, n)) => self.compare_numbers(operator, relation, (Number::Whole(Box::new(a)), m), (b, n))?,
            (N(a, m), I(b, n)) => self.compare_numbers(operator, relation, (a, m), (Number::Whole(Box::new(b)), n))?,
            (D(a), D(b)) => Cond::CompareDay(relation, a, b),
            (left, right) if !symmetric => return Err(self.unordered(operator, &left, &right)),
            (B(a), B(b)) => negate_if(relation, Cond::Same(Box::new(a), Box::new(b))),
            (C(a, values), Text(text, at)) | (Text(text, at), C(a, values)) => {
                negate_if(relation, self.choice_is(a, &values, &[(text, at)], false)?)
            }
            (C(a, values), C(b, others)) if values == others => negate_if(relation, Cond::SameChoice(a, b)),
            (T(place, id), Text(text, at)) | (Text(text, at), T(place, id)) => {
                negate_if(relation, self.term_test(place, id, TermRelation::Is, &[(text, at)])?)
            }
            (T(a, id), T(b, other)) if id == other => negate_if(relation, Cond::SameTerm(id, a, b)),
            (left, right) => return Err(self.operands(operator, &left, &right, "compare like with like")),
        };
        Ok(Typed::Cond(cond))
    }

    fn unordered(&self, operator: &str, left: &Typed, right: &Typed) -> Misfit {
        if matches!((left, right), (Typed::Cond(_), _) | (_, Typed::Cond(_))) {
            let comparison = |operand: &Typed| matches!(operand, Typed::Cond(c) if is_comparison(c));
            if comparison(left) || comparison(right) {
                return Mistake::ChainedComparison.into();
            }
        }
        let help = "<, <=, > and >= take numbers and dates; compare choices and terms with == or in";
        self.operands(operator, left, right, help)
    }

    fn operands(&self, operator: &str, left: &Typed, right: &Typed, help: &str) -> Misfit {
        for operand in [left, right] {
            if let Typed::Text(text, at) = operand
                && asks_unknown(text)
            {
                return Misfit::at(Mistake::AsksUnknown { word: text.clone() }, *at);
            }
        }
        let help = between(self.dictionary, operator, left, right, help);
        let (left, right) = (left.describe(self.dictionary), right.describe(self.dictionary));
        Mistake::Operands { operator: operator.into(), left, right, help }.into()
    }

    fn compare_numbers(
        &self,
        operator: &str,
        relation: Relation,
        (a, m): (Number, Measure),
        (b, n): (Number, Measure),
    ) -> Result<Cond, Misfit> {
        self.same_unit(operator, &m, &n)?;
        self.can_differ(operator, relation, &a, &b)?;
        Ok(Cond::CompareNumber(relation, a, b))
    }

    fn same_unit(&self, operator: &str, left: &Measure, right: &Measure) -> Result<Measure, Misfit> {
        match (left, right) {
            (Measure::Any, other) | (other, Measure::Any) => Ok(other.clone()),
            (Measure::Of(a), Measure::Of(b)) if a == b => Ok(left.clone()),
            _ => Err(Mistake::Units { operator: operator.into(), left: left.show(), right: right.show() }.into()),
        }
    }

    /// A constant beyond what a fact can be makes a comparison that always answers alike.
    fn can_differ(&self, operator: &str, relation: Relation, a: &Number, b: &Number) -> Result<(), Misfit> {
        let (place, relation, value) = match (place_of(a), constant(a), place_of(b), constant(b)) {
            (Some(place), _, _, Some(value)) => (place, relation, value),
            (_, Some(value), Some(place), _) => (place, flipped(relation), value),
            _ => return Ok(()),
        };
        // Of `between` both ends together count.
        let (what, limits, unit) = self.limits(place);
        let Some(always) = limits.settle(relation, value).filter(|_| operator != "between") else { return Ok(()) };
        let said = match relation {
            Relation::Equal => format!("== {value}"),
            Relation::Unequal => format!("!= {value}"),
            Relation::Less => format!("< {value}"),
            Relation::AtMost => format!("<= {value}"),
            Relation::Greater => format!("> {value}"),
            Relation::AtLeast => format!(">= {value}"),
        };
        Err(Mistake::OutOfRange { what, said, always, accepted: limits.show(&unit) }.into())
    }

    /// The name of a place, the limits of its values, and their unit.
    fn limits(&self, place: Place) -> (String, Limits, String) {
        let (what, domain) = self.at(place);
        let unit = domain.unit.as_ref().map(|unit| format!(" {}", unit.code())).unwrap_or_default();
        (what, Limits::of(domain), unit)
    }

    /// The name and domain of a place.
    fn at(&self, place: Place) -> (String, &'d Domain) {
        match place {
            Place::Fact(id) => (self.dictionary.fact(id).name.clone(), self.dictionary.fact(id).field_domain(0)),
            Place::Field { list, field, .. } => {
                let fact: &Fact = self.dictionary.fact(list);
                let name =
                    fact.fields().get(usize::from(field)).map_or(String::new(), |field| format!(".{}", field.name));
                (format!("{}{name}", fact.name), fact.field_domain(usize::from(field)))
            }
        }
    }

    /// Two operands of `+ - * / min max`.
    pub fn arithmetic(&self, operator: &str, arithmetic: Arithmetic, left: Typed, right: Typed) -> Judged {
        match (left, right) {
            (Typed::Int(a, m), Typed::Int(b, n)) => {
                if arithmetic == Arithmetic::Divide {
                    return Err(Mistake::IntegerDivision.into());
                }
                let measure = self.result_unit(operator, arithmetic, &m, &n)?;
                Ok(Typed::Int(Int::Arithmetic(arithmetic, Box::new(a), Box::new(b)), measure))
            }
            (left @ (Typed::Int(..) | Typed::Number(..)), right @ (Typed::Int(..) | Typed::Number(..))) => {
                let ((a, m), (b, n)) = (decimal(left), decimal(right));
                let measure = self.result_unit(operator, arithmetic, &m, &n)?;
                Ok(Typed::Number(Number::Arithmetic(arithmetic, Box::new(a), Box::new(b)), measure))
            }
            (left, right) => Err(self.operands(operator, &left, &right, "arithmetic takes numbers")),
        }
    }

    fn result_unit(&self, operator: &str, arithmetic: Arithmetic, m: &Measure, n: &Measure) -> Result<Measure, Misfit> {
        match arithmetic {
            Arithmetic::Add | Arithmetic::Subtract | Arithmetic::Min | Arithmetic::Max => {
                self.same_unit(operator, m, n)
            }
            Arithmetic::Multiply | Arithmetic::Divide if *m == Measure::Any && n.is_plain() => Ok(n.clone()),
            Arithmetic::Multiply if n.is_plain() => Ok(m.clone()),
            Arithmetic::Multiply if m.is_plain() => Ok(n.clone()),
            Arithmetic::Divide if n.is_plain() => Ok(m.clone()),
            Arithmetic::Divide if m == n => Ok(Measure::Of(None)),
            Arithmetic::Multiply | Arithmetic::Divide => Err(Mistake::UnitProduct { operator: operator.into() }.into()),
        }
    }

    /// `-x` and `abs(x)`.
    pub fn signed(&self, operator: &str, absolute: bool, operand: Typed) -> Judged {
        match operand {
            Typed::Int(Int::Literal(value), m) if !absolute && value != i64::MIN => {
                Ok(Typed::Int(Int::Literal(-value), m))
            }
            Typed::Number(Number::Literal(value), m) if !absolute => Ok(Typed::Number(Number::Literal(-value), m)),
            Typed::Int(a, m) if absolute => Ok(Typed::Int(Int::Absolute(Box::new(a)), m)),
            Typed::Int(a, m) => Ok(Typed::Int(Int::Negate(Box::new(a)), m)),
            Typed::Number(a, m) if absolute => Ok(Typed::Number(Number::Absolute(Box::new(a)), m)),
            Typed::Number(a, m) => Ok(Typed::Number(Number::Negate(Box::new(a)), m)),
            other => Err(self.not_a(&format!("the operand of `{operator}`"), &other, "a number")),
        }
    }

    /// `x.is_a("…")`
    pub fn is_a(&self, subject: Typed, name: Typed) -> Judged {
        match (subject, name) {
            (Typed::Term(place, id), Typed::Text(text, at)) => {
                self.term_test(place, id, TermRelation::IsA, &[(text, at)]).map(Typed::Cond)
            }
            (Typed::List(list), Typed::Text(text, _)) => {
                let fact = self.dictionary.fact(list);
                let member = fact.fields().first().map_or("x".to_owned(), |field| format!("x.{}", field.name));
                let accepted = format!("`{}.some(|x| {member}.is_a(\"{text}\"))`, which asks each member", fact.name);
                Err(Mistake::Arguments { name: "is_a".into(), accepted }.into())
            }
            _ => Err(Mistake::Arguments {
                name: "is_a".into(),
                accepted: "x.is_a(\"class or term\"), where x is a term".into(),
            }
            .into()),
        }
    }

    /// `needle in haystack`
    pub fn contains(&self, haystack: Typed, needle: Typed, level: u8) -> Judged {
        match (haystack, needle) {
            (Typed::Texts(texts), Typed::Choice(choice, values)) => {
                self.choice_is(choice, &values, &texts, true).map(Typed::Cond)
            }
            (Typed::Texts(texts), Typed::Term(place, id)) => {
                self.term_test(place, id, TermRelation::In, &texts).map(Typed::Cond)
            }
            (Typed::Numbers(numbers), needle @ (Typed::Int(..) | Typed::Number(..))) => {
                let equal = |number: Typed| {
                    let equal = self.compare("in", Relation::Equal, needle.clone(), number)?;
                    self.condition(equal, "a member")
                };
                Ok(Typed::Cond(Cond::Or(numbers.into_iter().map(equal).collect::<Result<_, _>>()?)))
            }
            (Typed::List(list), needle) if self.dictionary.fact(list).fields().is_empty() => {
                let equal = self.compare("in", Relation::Equal, self.member(list, level), needle)?;
                let body = Box::new(self.condition(equal, "a member")?);
                Ok(Typed::Cond(Cond::Quantified(Quantifier::Some, Each { list, level, body })))
            }
            (_, Typed::Cond(Cond::Not(_))) => Err(Mistake::NotIn.into()),
            (haystack, needle) => {
                let help = "`in` takes a value and a list of values like it";
                Err(self.operands("in", &needle, &haystack, help))
            }
        }
    }

    fn choice_is(
        &self,
        choice: Choice,
        values: &[String],
        texts: &[(String, Position)],
        listed: bool,
    ) -> Result<Cond, Misfit> {
        let mut mask = Mask::none(values.len());
        let mut wanted = Vec::with_capacity(texts.len());
        for (text, at) in texts {
            let Some(index) = values.iter().position(|value| value == text) else {
                if asks_unknown(text) {
                    return Err(Misfit::at(Mistake::AsksUnknown { word: text.clone() }, *at));
                }
                let accepted = values.to_vec();
                let nearest = own(nearest(text, values.iter().map(String::as_str)));
                let what = self.choice_name(&choice);
                let mistake = Mistake::NotOneOf { what, given: text.clone(), accepted, nearest };
                return Err(Misfit::at(mistake, *at));
            };
            mask.raise(index, Truth::True);
            wanted.push(index as u16);
        }
        Ok(Cond::ChoiceTest(ChoiceTest { choice, listed, wanted, mask }))
    }

    fn choice_name(&self, choice: &Choice) -> String {
        match choice {
            Choice::Place(place) => self.at(*place).0,
            Choice::Literal(_) | Choice::If(..) => "the choice".into(),
        }
    }

    fn term_test(
        &self,
        place: Place,
        id: VocabularyId,
        kind: TermRelation,
        texts: &[(String, Position)],
    ) -> Result<Cond, Misfit> {
        let vocabulary = self.dictionary.vocabulary(id);
        let mut mask = Mask::none(vocabulary.len());
        let mut concepts = Vec::with_capacity(texts.len());
        for (text, at) in texts {
            let Some(concept) = vocabulary.find(text) else {
                if asks_unknown(text) {
                    return Err(Misfit::at(Mistake::AsksUnknown { word: text.clone() }, *at));
                }
                let thing = Thing::Term(vocabulary.name.clone());
                let nearest = own(vocabulary.nearest(text));
                return Err(Misfit::at(Mistake::Unknown { thing, name: text.clone(), nearest }, *at));
            };
            if kind != TermRelation::IsA && vocabulary.has_narrower(concept) {
                return Err(Misfit::at(Mistake::ClassCompared { name: text.clone() }, *at));
            }
            let own = if kind == TermRelation::IsA { vocabulary.members(concept) } else { vocabulary.same(concept) };
            mask = mask.union(&own);
            concepts.push(concept);
        }
        Ok(Cond::TermTest(TermTest { place, kind, vocabulary: id, concepts, mask }))
    }

    /// `is_low(x)` and `is_high(x)`.
    pub fn outside(&self, side: Side, fact: FactId) -> Judged {
        match self.dictionary.fact(fact).domain().map(|domain| &domain.scalar) {
            Some(Scalar::Number) if !self.dictionary.fact(fact).is_list() => Ok(Typed::Cond(Cond::Outside(side, fact))),
            _ => {
                let name = if side == Side::Low { "is_low" } else { "is_high" };
                Err(Mistake::Arguments {
                    name: name.into(),
                    accepted: format!("{name}(fact), where the fact is a number"),
                }
                .into())
            }
        }
    }

    /// `if cond { a } else { b }` as a value.
    pub fn choose(&self, cond: Cond, yes: Typed, no: Typed) -> Judged {
        use Typed::{Choice as C, Cond as B, Day as D, Int as I, Number as N, Text};
        let cond = Box::new(cond);
        Ok(match (yes, no) {
            (B(a), B(b)) => B(Cond::If(cond, Box::new(a), Box::new(b))),
            (I(a, m), I(b, n)) => I(Int::If(cond, Box::new(a), Box::new(b)), self.same_unit("else", &m, &n)?),
            (N(a, m), N(b, n)) => N(Number::If(cond, Box::new(a), Box::new(b)), self.same_unit("else", &m, &n)?),
            (yes @ (I(..) | N(..)), no @ (I(..) | N(..))) => {
                return Err(self.operands("else", &yes, &no, "give both with a decimal point, or both without"));
            }
            (D(a), D(b)) => D(Day::If(cond, Box::new(a), Box::new(b))),
            (C(a, values), C(b, others)) if values == others => C(Choice::If(cond, Box::new(a), Box::new(b)), values),
            (C(a, values), Text(text, at)) => {
                let b = self.literal_choice(&text, at, &a, &values)?;
                C(Choice::If(cond, Box::new(a), Box::new(b)), values)
            }
            (Text(text, at), C(b, values)) => {
                let a = self.literal_choice(&text, at, &b, &values)?;
                C(Choice::If(cond, Box::new(a), Box::new(b)), values)
            }
            (yes, no) => return Err(self.operands("else", &yes, &no, "both branches give one type")),
        })
    }

    /// A text beside a choice, as one of its values.
    fn literal_choice(&self, text: &str, at: Position, beside: &Choice, values: &[String]) -> Result<Choice, Misfit> {
        values.iter().position(|value| value == text).map(|index| Choice::Literal(index as u16)).ok_or_else(|| {
            let nearest = own(nearest(text, values.iter().map(String::as_str)));
            let (what, given) = (self.choice_name(beside), text.to_owned());
            Misfit::at(Mistake::NotOneOf { what, given, accepted: values.to_vec(), nearest }, at)
        })
    }

    /// Notes a range of `between` that holds all that a fact can be, or nothing of it.
    fn range_matters(&self, x: &Typed, low: &Typed, high: &Typed) -> Result<(), Misfit> {
        let place = match x {
            Typed::Int(Int::Place(place), _) | Typed::Number(Number::Place(place), _) => *place,
            _ => return Ok(()),
        };
        let (Some(low), Some(high)) = (literal(low), literal(high)) else { return Ok(()) };
        let (what, limits, unit) = self.limits(place);
        let ends = (limits.settle(Relation::AtLeast, low), limits.settle(Relation::AtMost, high));
        let always = match ends {
            (Some(false), _) | (_, Some(false)) => false,
            (Some(true), Some(true)) => true,
            _ => return Ok(()),
        };
        let said = format!("between {low} and {high}");
        Err(Mistake::OutOfRange { what, said, always, accepted: limits.show(&unit) }.into())
    }

    /// `between(x, lo, hi)`, both ends included.
    pub fn between(&self, x: Typed, low: Typed, high: Typed) -> Judged {
        if let (Some(least), Some(most)) = (literal(&low), literal(&high))
            && least > most
        {
            return Err(Mistake::EmptyRange { low: least.to_string(), high: most.to_string() }.into());
        }
        self.range_matters(&x, &low, &high)?;
        let above = self.compare("between", Relation::AtLeast, x.clone(), low)?;
        let below = self.compare("between", Relation::AtMost, x, high)?;
        let both = vec![self.condition(above, "between")?, self.condition(below, "between")?];
        Ok(Typed::Cond(Cond::And(both)))
    }
}

fn negate_if(relation: Relation, cond: Cond) -> Cond {
    if relation == Relation::Unequal { Cond::Not(Box::new(cond)) } else { cond }
}

fn is_comparison(cond: &Cond) -> bool {
    matches!(cond, Cond::CompareInt(..) | Cond::CompareNumber(..) | Cond::CompareDay(..))
}

/// A whole number as a decimal, for a look at its sides only.
fn whole(int: &Int) -> Number {
    match int {
        Int::Literal(value) => Number::Literal(Decimal::from(*value)),
        other => Number::Whole(Box::new(other.clone())),
    }
}

/// The place that a number is read from, if it is nothing else.
fn place_of(number: &Number) -> Option<Place> {
    match number {
        Number::Place(place) => Some(*place),
        Number::Whole(whole) => match **whole {
            Int::Place(place) => Some(place),
            _ => None,
        },
        _ => None,
    }
}

/// The value of a constant.
fn constant(number: &Number) -> Option<Decimal> {
    match number {
        Number::Literal(value) => Some(*value),
        Number::Whole(whole) => match **whole {
            Int::Literal(value) => Some(Decimal::from(value)),
            _ => None,
        },
        _ => None,
    }
}

/// The value of a literal or a setting.
fn literal(operand: &Typed) -> Option<Decimal> {
    match operand {
        Typed::Int(Int::Literal(value), _) => Some(Decimal::from(*value)),
        Typed::Number(Number::Literal(value), _) => Some(*value),
        _ => None,
    }
}

/// A number as a decimal; a whole literal becomes a decimal literal.
fn decimal(operand: Typed) -> (Number, Measure) {
    match operand {
        Typed::Int(Int::Literal(value), measure) => (Number::Literal(Decimal::from(value)), measure),
        Typed::Int(int, measure) => (Number::Whole(Box::new(int)), measure),
        Typed::Number(number, measure) => (number, measure),
        _ => unreachable!("only numbers are made decimal"),
    }
}

fn own(names: Vec<&str>) -> Vec<String> {
    names.into_iter().map(String::from).collect()
}
