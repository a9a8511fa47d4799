//! Counts which constructs of the IR generated scripts reach.

use std::collections::BTreeMap;

use candidacy::pack::ir::{
    Arithmetic, Choice, Cond, Day, Int, Number, Place, Quantifier, Relation, Side, TermRelation,
};
use candidacy::pack::typed::Typed;

/// How often each construct was reached.
#[derive(Default)]
pub struct Tally {
    counts: BTreeMap<String, usize>,
}

impl Tally {
    pub fn add(&mut self, what: impl Into<String>) {
        *self.counts.entry(what.into()).or_default() += 1;
    }

    /// The counts, and those of `expected` that were never reached.
    pub fn report(&self, expected: &[String]) -> (String, Vec<String>) {
        let lines: Vec<String> = self.counts.iter().map(|(what, count)| format!("{what} {count}")).collect();
        let missing = expected.iter().filter(|what| !self.counts.contains_key(*what)).cloned().collect();
        (lines.join(", "), missing)
    }

    pub fn typed(&mut self, typed: &Typed) {
        match typed {
            Typed::Cond(cond) => self.cond(cond),
            Typed::Int(int, _) => self.int(int),
            Typed::Number(number, _) => self.number(number),
            Typed::Day(day) => self.day(day),
            Typed::Choice(choice, _) => self.choice(choice),
            Typed::Term(..)
            | Typed::List(_)
            | Typed::Record { .. }
            | Typed::Text(..)
            | Typed::Texts(_)
            | Typed::Numbers(_) => {
                self.add("no formula");
            }
        }
    }

    fn place(&mut self, sort: &str, place: &Place) {
        match place {
            Place::Fact(_) => self.add(format!("{sort} Fact")),
            Place::Field { level, .. } => {
                self.add(format!("{sort} Field"));
                self.add(format!("closure level {level}"));
            }
        }
    }

    fn cond(&mut self, cond: &Cond) {
        match cond {
            Cond::Literal(value) => self.add(format!("Literal {value}")),
            Cond::Holds(place) => self.place("Holds", place),
            Cond::Not(inner) => {
                self.add("Not");
                self.cond(inner);
            }
            Cond::And(parts) => {
                self.add("And");
                parts.iter().for_each(|part| self.cond(part));
            }
            Cond::Or(parts) => {
                self.add(if parts.is_empty() { "Or of nothing" } else { "Or" });
                parts.iter().for_each(|part| self.cond(part));
            }
            Cond::Same(a, b) => {
                self.add("Same");
                self.cond(a);
                self.cond(b);
            }
            Cond::CompareInt(relation, a, b) => {
                self.relation("Int", *relation);
                self.int(a);
                self.int(b);
            }
            Cond::CompareNumber(relation, a, b) => {
                self.relation("Number", *relation);
                self.number(a);
                self.number(b);
            }
            Cond::CompareDay(relation, a, b) => {
                self.relation("Day", *relation);
                self.day(a);
                self.day(b);
            }
            Cond::TermTest(test) => {
                self.place("Term", &test.place);
                self.add(match test.kind {
                    TermRelation::Is => "TermTest Is",
                    TermRelation::IsA => "TermTest IsA",
                    TermRelation::In => "TermTest In",
                });
            }
            Cond::SameTerm(_, a, b) => {
                self.add("SameTerm");
                self.place("Term", a);
                self.place("Term", b);
            }
            Cond::ChoiceTest(test) => {
                self.add(if test.listed { "ChoiceTest in" } else { "ChoiceTest ==" });
                self.choice(&test.choice);
            }
            Cond::SameChoice(a, b) => {
                self.add("SameChoice");
                self.choice(a);
                self.choice(b);
            }
            Cond::Quantified(quantifier, each) => {
                self.add(match quantifier {
                    Quantifier::Some => "Some",
                    Quantifier::All => "All",
                });
                self.cond(&each.body);
            }
            Cond::IsEmpty(_) => self.add("IsEmpty"),
            Cond::Outside(Side::Low, _) => self.add("Outside Low"),
            Cond::Outside(Side::High, _) => self.add("Outside High"),
            Cond::If(test, yes, no) => {
                self.add("If Cond");
                self.cond(test);
                self.cond(yes);
                self.cond(no);
            }
        }
    }

    fn relation(&mut self, sort: &str, relation: Relation) {
        self.add(format!("Compare{sort} {relation:?}"));
    }

    fn arithmetic(&mut self, sort: &str, arithmetic: Arithmetic) {
        self.add(format!("{sort} {arithmetic:?}"));
    }

    fn int(&mut self, int: &Int) {
        match int {
            Int::Literal(_) => self.add("Int Literal"),
            Int::Place(place) => self.place("Int", place),
            Int::Arithmetic(arithmetic, a, b) => {
                self.arithmetic("Int", *arithmetic);
                self.int(a);
                self.int(b);
            }
            Int::Negate(a) => {
                self.add("Int Negate");
                self.int(a);
            }
            Int::Absolute(a) => {
                self.add("Int Absolute");
                self.int(a);
            }
            Int::Count(each) => {
                self.add("Count");
                self.cond(&each.body);
            }
            Int::YearsSince(day) => {
                self.add("YearsSince");
                self.day(day);
            }
            Int::DaysBetween(a, b) => {
                self.add("DaysBetween");
                self.day(a);
                self.day(b);
            }
            Int::If(test, yes, no) => {
                self.add("If Int");
                self.cond(test);
                self.int(yes);
                self.int(no);
            }
        }
    }

    fn number(&mut self, number: &Number) {
        match number {
            Number::Literal(_) => self.add("Number Literal"),
            Number::Place(place) => self.place("Number", place),
            Number::Whole(int) => {
                self.add("Whole");
                self.int(int);
            }
            Number::Arithmetic(arithmetic, a, b) => {
                self.arithmetic("Number", *arithmetic);
                self.number(a);
                self.number(b);
            }
            Number::Negate(a) => {
                self.add("Number Negate");
                self.number(a);
            }
            Number::Absolute(a) => {
                self.add("Number Absolute");
                self.number(a);
            }
            Number::If(test, yes, no) => {
                self.add("If Number");
                self.cond(test);
                self.number(yes);
                self.number(no);
            }
        }
    }

    fn day(&mut self, day: &Day) {
        match day {
            Day::AsOf => self.add("AsOf"),
            Day::Place(place) => self.place("Day", place),
            Day::DateOf(_) => self.add("DateOf"),
            Day::If(test, yes, no) => {
                self.add("If Day");
                self.cond(test);
                self.day(yes);
                self.day(no);
            }
        }
    }

    fn choice(&mut self, choice: &Choice) {
        match choice {
            Choice::Literal(_) => self.add("Choice Literal"),
            Choice::Place(place) => self.place("Choice", place),
            Choice::If(test, yes, no) => {
                self.add("If Choice");
                self.cond(test);
                self.choice(yes);
                self.choice(no);
            }
        }
    }
}

/// Every construct of the IR that a script can be lowered to.
pub fn all_constructs() -> Vec<String> {
    let mut all: Vec<String> = [
        "Literal true",
        "Literal false",
        "Not",
        "And",
        "Or",
        "Same",
        "TermTest Is",
        "TermTest IsA",
        "TermTest In",
        "SameTerm",
        "ChoiceTest ==",
        "ChoiceTest in",
        "SameChoice",
        "Some",
        "All",
        "IsEmpty",
        "Outside Low",
        "Outside High",
        "If Cond",
        "Int Literal",
        "Int Negate",
        "Int Absolute",
        "Count",
        "YearsSince",
        "DaysBetween",
        "If Int",
        "Number Literal",
        "Whole",
        "Number Negate",
        "Number Absolute",
        "If Number",
        "AsOf",
        "DateOf",
        "If Day",
        "Choice Literal",
        "If Choice",
        "closure level 0",
        "closure level 1",
        "closure level 2",
        "Number Divide",
    ]
    .map(String::from)
    .to_vec();
    for sort in ["Holds", "Term", "Int", "Number", "Day", "Choice"] {
        all.extend([format!("{sort} Fact"), format!("{sort} Field")]);
    }
    for sort in ["Int", "Number", "Day"] {
        all.extend(
            ["Less", "AtMost", "Greater", "AtLeast", "Equal", "Unequal"]
                .map(|relation| format!("Compare{sort} {relation}")),
        );
    }
    for sort in ["Int", "Number"] {
        all.extend(["Add", "Subtract", "Multiply", "Min", "Max"].map(|arithmetic| format!("{sort} {arithmetic}")));
    }
    all
}
