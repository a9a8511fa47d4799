//! Quantities written down again: whole numbers, decimals, days and choices.

use rust_decimal::Decimal;

use super::{Bond, Script, Writer, chosen, name, quoted, values};
use crate::pack::ir::{Arithmetic, Choice, Day, Int, Number};

impl Writer<'_> {
    pub(super) fn int(&mut self, int: &Int) -> Script {
        match int {
            Int::Literal(value) => Script::whole(value.to_string()),
            Int::Place(place) => Script::whole(self.place(*place)),
            Int::Arithmetic(arithmetic, a, b) => put_together(*arithmetic, self.int(a), self.int(b)),
            Int::Negate(a) => Script::new(Bond::Prefix, format!("-{}", self.int(a).within(Bond::Whole))),
            Int::Absolute(a) => Script::whole(format!("abs({})", self.int(a).alone())),
            Int::Count(each) => self.each("count", each),
            Int::YearsSince(day) => Script::whole(format!("years_since({})", self.day(day).alone())),
            Int::DaysBetween(from, to) => Script::whole(match (&**from, &**to) {
                (day, Day::AsOf) => format!("days_since({})", self.day(day).alone()),
                (Day::AsOf, day) => format!("days_until({})", self.day(day).alone()),
                (from, to) => format!("days_between({}, {})", self.day(from).alone(), self.day(to).alone()),
            }),
            Int::If(test, yes, no) => chosen(self.cond(test), self.int(yes), self.int(no)),
        }
    }

    pub(super) fn number(&mut self, number: &Number) -> Script {
        match number {
            Number::Literal(value) => Script::whole(decimal(*value)),
            Number::Place(place) => Script::whole(self.place(*place)),
            Number::Whole(int) => self.int(int),
            Number::Arithmetic(arithmetic, a, b) => {
                let (left, right) = (self.operand(a, b), self.operand(b, a));
                put_together(*arithmetic, left, right)
            }
            Number::Negate(a) => Script::new(Bond::Prefix, format!("-{}", self.number(a).within(Bond::Whole))),
            Number::Absolute(a) => Script::whole(format!("abs({})", self.number(a).alone())),
            Number::If(test, yes, no) => chosen(self.cond(test), self.number(yes), self.number(no)),
        }
    }

    /// An operand of decimal arithmetic: a whole number needs no decimal point where the other one is a decimal.
    fn operand(&mut self, own: &Number, other: &Number) -> Script {
        match own {
            Number::Literal(value) if !matches!(other, Number::Literal(_) | Number::Whole(_)) => {
                Script::whole(value.to_string())
            }
            own => self.number(own),
        }
    }

    pub(super) fn day(&mut self, day: &Day) -> Script {
        match day {
            Day::AsOf => Script::whole("as_of"),
            Day::Place(place) => Script::whole(self.place(*place)),
            Day::DateOf(fact) => Script::whole(format!("date_of({})", self.dictionary.fact(*fact).name)),
            Day::If(test, yes, no) => chosen(self.cond(test), self.day(yes), self.day(no)),
        }
    }

    pub(super) fn choice(&mut self, choice: &Choice) -> Script {
        let values = values(choice, self.dictionary);
        self.one_choice(choice, values)
    }

    fn one_choice(&mut self, choice: &Choice, values: &[String]) -> Script {
        match choice {
            Choice::Literal(value) => Script::whole(quoted(name(values, *value))),
            Choice::Place(place) => Script::whole(self.place(*place)),
            Choice::If(test, yes, no) => {
                let (yes, no) = (self.one_choice(yes, values), self.one_choice(no, values));
                chosen(self.cond(test), yes, no)
            }
        }
    }
}

fn put_together(arithmetic: Arithmetic, a: Script, b: Script) -> Script {
    let (bond, next, sign) = match arithmetic {
        Arithmetic::Add => (Bond::Sum, Bond::Product, "+"),
        Arithmetic::Subtract => (Bond::Sum, Bond::Product, "-"),
        Arithmetic::Multiply => (Bond::Product, Bond::Prefix, "*"),
        Arithmetic::Divide => (Bond::Product, Bond::Prefix, "/"),
        Arithmetic::Min => return Script::whole(format!("min({}, {})", a.alone(), b.alone())),
        Arithmetic::Max => return Script::whole(format!("max({}, {})", a.alone(), b.alone())),
    };
    Script::new(bond, format!("{} {sign} {}", a.within(bond), b.within(next)))
}

/// A decimal, which has a point.
fn decimal(value: Decimal) -> String {
    if value.scale() == 0 { format!("{value}.0") } else { value.to_string() }
}
