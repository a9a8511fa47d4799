//! The meaning of a script written down again, because an author reads scripts: what comes of changing a condition is
//! shown as he would have written it. Lowered again it is the same condition, but for `&&` inside `&&`, which are one.

mod quantity;

use rust_decimal::Decimal;

use super::ir::{
    Choice, ChoiceTest, Cond, Each, Int, Number, Place, Quantifier, Relation, Side, TermRelation, TermTest,
};
use crate::model::dictionary::{Dictionary, Scalar};

/// How tightly the operator of a script holds it together, the loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Bond {
    If,
    Or,
    And,
    /// `==`, `in`, `<` and what is like them.
    Comparison,
    Sum,
    Product,
    /// `!x` and `-x`.
    Prefix,
    /// A name, a literal or a call.
    Whole,
}

/// A script and how it holds together.
struct Script {
    text: String,
    bond: Bond,
}

/// A condition as the script that lowers to it, on one line. Settings stand as their values.
pub fn cond(cond: &Cond, dictionary: &Dictionary) -> String {
    Writer { dictionary, members: Vec::new() }.cond(cond).text
}

/// A condition that stands inside closures, the outermost first.
pub fn inside(cond: &Cond, around: &[&Each], dictionary: &Dictionary) -> String {
    let mut writer = Writer { dictionary, members: Vec::new() };
    for each in around {
        let name = writer.free_name(&dictionary.fact(each.list).name);
        writer.members.push((each.level, name));
    }
    writer.cond(cond).text
}

struct Writer<'d> {
    dictionary: &'d Dictionary,
    /// The closures around what is being written, with the names of their members, innermost last.
    members: Vec<(u8, String)>,
}

impl Script {
    fn new(bond: Bond, text: String) -> Script {
        Script { text, bond }
    }

    fn whole(text: impl Into<String>) -> Script {
        Script::new(Bond::Whole, text.into())
    }

    /// The script where it has to hold together at least so tightly.
    fn within(self, least: Bond) -> String {
        if self.bond < least { format!("({})", self.text) } else { self.text }
    }

    /// The script where a statement may stand, or among commas.
    fn alone(self) -> String {
        self.within(Bond::Or)
    }
}

impl Writer<'_> {
    fn cond(&mut self, cond: &Cond) -> Script {
        match cond {
            Cond::Literal(value) => Script::whole(value.to_string()),
            Cond::Holds(place) => Script::whole(self.place(*place)),
            Cond::Not(inner) => self.negated(inner),
            Cond::And(parts) => self.all(parts),
            Cond::Or(parts) => self.any(parts),
            Cond::Same(a, b) => self.same("==", a, b),
            Cond::CompareInt(relation, a, b) => compared(sign(*relation), self.int(a), self.int(b)),
            Cond::CompareNumber(relation, a, b) => compared(sign(*relation), self.number(a), self.number(b)),
            Cond::CompareDay(relation, a, b) => compared(sign(*relation), self.day(a), self.day(b)),
            Cond::TermTest(test) => self.term_test("==", test),
            Cond::SameTerm(_, a, b) => self.same_term("==", *a, *b),
            Cond::ChoiceTest(test) => self.choice_test("==", test),
            Cond::SameChoice(a, b) => self.same_choice("==", a, b),
            Cond::Quantified(quantifier, each) => self.quantified(*quantifier, each),
            Cond::IsEmpty(list) => Script::whole(format!("{}.is_empty()", self.dictionary.fact(*list).name)),
            Cond::Outside(side, fact) => {
                let function = if *side == Side::Low { "is_low" } else { "is_high" };
                Script::whole(format!("{function}({})", self.dictionary.fact(*fact).name))
            }
            Cond::If(test, yes, no) => chosen(self.cond(test), self.cond(yes), self.cond(no)),
        }
    }

    /// What is held apart with `==` is written with `!=`.
    fn negated(&mut self, inner: &Cond) -> Script {
        match inner {
            Cond::Same(a, b) => self.same("!=", a, b),
            Cond::TermTest(test) if test.kind == TermRelation::Is => self.term_test("!=", test),
            Cond::SameTerm(_, a, b) => self.same_term("!=", *a, *b),
            Cond::ChoiceTest(test) if !test.listed => self.choice_test("!=", test),
            Cond::SameChoice(a, b) => self.same_choice("!=", a, b),
            other => Script::new(Bond::Prefix, format!("!{}", self.cond(other).within(Bond::Whole))),
        }
    }

    fn all(&mut self, parts: &[Cond]) -> Script {
        if let [least, most] = parts
            && let Some(script) = self.between(least, most)
        {
            return script;
        }
        let parts: Vec<String> = parts.iter().map(|part| self.cond(part).within(Bond::And)).collect();
        Script::new(Bond::And, parts.join(" && "))
    }

    /// Of two ends one alone may say nothing, and then be refused.
    fn between(&mut self, least: &Cond, most: &Cond) -> Option<Script> {
        let (x, low, high) = match (least, most) {
            (Cond::CompareInt(Relation::AtLeast, a, low), Cond::CompareInt(Relation::AtMost, b, high)) if a == b => {
                (int_value(low)? <= int_value(high)?).then(|| (self.int(a), self.int(low), self.int(high)))?
            }
            (Cond::CompareNumber(Relation::AtLeast, a, low), Cond::CompareNumber(Relation::AtMost, b, high))
                if a == b =>
            {
                let ordered = number_value(low)? <= number_value(high)?;
                ordered.then(|| (self.number(a), self.number(low), self.number(high)))?
            }
            _ => return None,
        };
        Some(Script::whole(format!("between({}, {}, {})", x.alone(), low.alone(), high.alone())))
    }

    fn any(&mut self, parts: &[Cond]) -> Script {
        if let Some(script) = self.one_of(parts) {
            return script;
        }
        let parts: Vec<String> = parts.iter().map(|part| self.cond(part).within(Bond::Or)).collect();
        Script::new(Bond::Or, parts.join(" || "))
    }

    /// One number that is one of several.
    fn one_of(&mut self, parts: &[Cond]) -> Option<Script> {
        let mut needle = None;
        let mut numbers = Vec::with_capacity(parts.len());
        for part in parts {
            let (own, number) = match part {
                Cond::CompareInt(Relation::Equal, a, b) if int_value(b).is_some() => (self.int(a), self.int(b)),
                Cond::CompareNumber(Relation::Equal, a, b) if number_value(b).is_some() => {
                    (self.number(a), self.number(b))
                }
                _ => return None,
            };
            let own = own.within(Bond::Sum);
            if needle.get_or_insert_with(|| own.clone()) != &own {
                return None;
            }
            numbers.push(number.text);
        }
        Some(Script::new(Bond::Comparison, format!("{} in [{}]", needle?, numbers.join(", "))))
    }

    fn same(&mut self, sign: &str, a: &Cond, b: &Cond) -> Script {
        let (a, b) = (self.cond(a).within(Bond::Prefix), self.cond(b).within(Bond::Prefix));
        Script::new(Bond::Comparison, format!("{a} {sign} {b}"))
    }

    fn same_term(&mut self, sign: &str, a: Place, b: Place) -> Script {
        Script::new(Bond::Comparison, format!("{} {sign} {}", self.place(a), self.place(b)))
    }

    fn same_choice(&mut self, sign: &str, a: &Choice, b: &Choice) -> Script {
        compared(sign, self.choice(a), self.choice(b))
    }

    fn term_test(&mut self, sign: &str, test: &TermTest) -> Script {
        let place = self.place(test.place);
        let vocabulary = self.dictionary.vocabulary(test.vocabulary);
        let names: Vec<String> = test.concepts.iter().map(|id| quoted(&vocabulary.concept(*id).name)).collect();
        let names = names.join(", ");
        match test.kind {
            TermRelation::Is => Script::new(Bond::Comparison, format!("{place} {sign} {names}")),
            TermRelation::IsA => Script::whole(format!("{place}.is_a({names})")),
            TermRelation::In => Script::new(Bond::Comparison, format!("{place} in [{names}]")),
        }
    }

    fn choice_test(&mut self, sign: &str, test: &ChoiceTest) -> Script {
        let values = values(&test.choice, self.dictionary);
        let names = test.wanted.iter().map(|index| quoted(name(values, *index)));
        let names = names.collect::<Vec<_>>().join(", ");
        let choice = self.choice(&test.choice).within(Bond::Prefix);
        let rest = if test.listed { format!("in [{names}]") } else { format!("{sign} {names}") };
        Script::new(Bond::Comparison, format!("{choice} {rest}"))
    }

    fn quantified(&mut self, quantifier: Quantifier, each: &Each) -> Script {
        if let Some(script) = self.contained(quantifier, each) {
            return script;
        }
        self.each(if quantifier == Quantifier::Some { "some" } else { "all" }, each)
    }

    /// Whether a set holds a member: `"liver" in organ_disease`.
    fn contained(&mut self, quantifier: Quantifier, each: &Each) -> Option<Script> {
        let list = self.dictionary.fact(each.list);
        if quantifier != Quantifier::Some || !list.fields().is_empty() {
            return None;
        }
        let member = Place::Field { level: each.level, list: each.list, field: 0 };
        let needle = match &*each.body {
            Cond::TermTest(TermTest { place, kind: TermRelation::Is, vocabulary, concepts, .. })
                if *place == member =>
            {
                quoted(&self.dictionary.vocabulary(*vocabulary).concept(*concepts.first()?).name)
            }
            Cond::ChoiceTest(ChoiceTest { choice: choice @ Choice::Place(place), listed: false, wanted, .. })
                if *place == member =>
            {
                quoted(name(values(choice, self.dictionary), *wanted.first()?))
            }
            Cond::SameTerm(_, place, other) if *place == member && *other != member => self.place(*other),
            Cond::SameChoice(Choice::Place(place), Choice::Place(other)) if *place == member && *other != member => {
                self.place(*other)
            }
            _ => return None,
        };
        Some(Script::new(Bond::Comparison, format!("{needle} in {}", list.name)))
    }

    /// A condition on each member of a list.
    fn each(&mut self, function: &str, each: &Each) -> Script {
        let list = &self.dictionary.fact(each.list).name;
        let member = self.free_name(list);
        self.members.push((each.level, member.clone()));
        let body = self.cond(&each.body).alone();
        self.members.pop();
        Script::whole(format!("{list}.{function}(|{member}| {body})"))
    }

    /// A letter of a list's name that nothing else is called.
    fn free_name(&self, list: &str) -> String {
        let taken = |name: &String| {
            self.dictionary.find(name).is_some() || self.members.iter().any(|(_, member)| member == name)
        };
        let letters = list.chars().filter(char::is_ascii_alphabetic).chain('a'..='z').map(String::from);
        let numbered = (1..).map(|number: usize| format!("member_{number}"));
        letters.chain(numbered).find(|name| !taken(name)).unwrap_or_default()
    }

    fn place(&self, place: Place) -> String {
        let Place::Field { level, list, field } = place else {
            let Place::Fact(fact) = place else { return String::new() };
            return self.dictionary.fact(fact).name.clone();
        };
        let own = self.members.iter().rev().find(|(own, _)| *own == level);
        let member = own.map(|(_, name)| name.as_str()).unwrap_or_default();
        match self.dictionary.fact(list).fields().get(usize::from(field)) {
            Some(field) => format!("{member}.{}", field.name),
            None => member.to_owned(),
        }
    }
}

/// The values that a choice is one of; none of a bare literal, which is held against nothing.
pub fn values<'d>(choice: &Choice, dictionary: &'d Dictionary) -> &'d [String] {
    let domain = match choice {
        Choice::Literal(_) => return &[],
        Choice::Place(Place::Fact(fact)) => dictionary.fact(*fact).field_domain(0),
        Choice::Place(Place::Field { list, field, .. }) => dictionary.fact(*list).field_domain(usize::from(*field)),
        Choice::If(_, yes, no) => {
            let values = self::values(yes, dictionary);
            return if values.is_empty() { self::values(no, dictionary) } else { values };
        }
    };
    match &domain.scalar {
        Scalar::Choice(values) => values,
        _ => &[],
    }
}

fn name(values: &[String], index: u16) -> &str {
    values.get(usize::from(index)).map_or("", String::as_str)
}

/// The operator of a comparison.
pub fn sign(relation: Relation) -> &'static str {
    match relation {
        Relation::Less => "<",
        Relation::AtMost => "<=",
        Relation::Greater => ">",
        Relation::AtLeast => ">=",
        Relation::Equal => "==",
        Relation::Unequal => "!=",
    }
}

fn compared(sign: &str, a: Script, b: Script) -> Script {
    Script::new(Bond::Comparison, format!("{} {sign} {}", a.within(Bond::Sum), b.within(Bond::Sum)))
}

fn chosen(test: Script, yes: Script, no: Script) -> Script {
    Script::new(Bond::If, format!("if {} {{ {} }} else {{ {} }}", test.alone(), yes.alone(), no.alone()))
}

fn int_value(int: &Int) -> Option<i64> {
    if let Int::Literal(value) = int { Some(*value) } else { None }
}

fn number_value(number: &Number) -> Option<Decimal> {
    match number {
        Number::Literal(value) => Some(*value),
        Number::Whole(int) => int_value(int).map(Decimal::from),
        _ => None,
    }
}

/// A text as a literal.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
