//! Writes well-typed scripts over the pack made for tests: every construct, operator and operand order of the language.

mod condition;

use super::tally::Tally;
use super::world::source::Source;

/// The unit of a quantity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unit {
    Plain,
    Days,
    Years,
    Mass,
}

/// A type that a script can give.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Type {
    Bool,
    Int(Unit),
    Number(Unit),
    Day,
    Colour,
    Shape,
    Place,
    Drug,
    List(List),
}

/// A fact that is a list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum List {
    Colours,
    Sites,
    Drugs,
    Visits,
    Grafts,
}

const LISTS: [List; 5] = [List::Colours, List::Sites, List::Drugs, List::Visits, List::Grafts];

impl List {
    fn name(self) -> &'static str {
        match self {
            List::Colours => "colours",
            List::Sites => "sites",
            List::Drugs => "drugs",
            List::Visits => "visits",
            List::Grafts => "grafts",
        }
    }

    fn fields(self) -> &'static [(&'static str, Type)] {
        match self {
            List::Colours | List::Sites | List::Drugs => &[],
            List::Visits => &[
                ("done", Type::Bool),
                ("times", Type::Int(Unit::Plain)),
                ("days", Type::Int(Unit::Days)),
                ("points", Type::Number(Unit::Plain)),
                ("dose", Type::Number(Unit::Mass)),
                ("day", Type::Day),
                ("kind", Type::Colour),
                ("spot", Type::Place),
            ],
            List::Grafts => &[("spot", Type::Place), ("form", Type::Shape), ("rank", Type::Int(Unit::Plain))],
        }
    }

    fn member(self) -> Option<Type> {
        match self {
            List::Colours => Some(Type::Colour),
            List::Sites => Some(Type::Place),
            List::Drugs => Some(Type::Drug),
            List::Visits | List::Grafts => None,
        }
    }
}

const FACTS: [(&str, Type); 18] = [
    ("flag", Type::Bool),
    ("flag2", Type::Bool),
    ("n", Type::Int(Unit::Plain)),
    ("n2", Type::Int(Unit::Plain)),
    ("wait", Type::Int(Unit::Days)),
    ("stay", Type::Int(Unit::Days)),
    ("smoked", Type::Int(Unit::Years)),
    ("score", Type::Number(Unit::Plain)),
    ("score2", Type::Number(Unit::Plain)),
    ("lag", Type::Number(Unit::Days)),
    ("calcium", Type::Number(Unit::Mass)),
    ("glucose", Type::Number(Unit::Mass)),
    ("born", Type::Day),
    ("seen", Type::Day),
    ("colour", Type::Colour),
    ("shape", Type::Shape),
    ("site", Type::Place),
    ("drug", Type::Drug),
];
const MORE: [(&str, Type); 8] = [
    ("paint", Type::Colour),
    ("site2", Type::Place),
    ("switch_on", Type::Bool),
    ("few", Type::Int(Unit::Plain)),
    ("month", Type::Int(Unit::Days)),
    ("ratio", Type::Number(Unit::Plain)),
    ("dose_limit", Type::Number(Unit::Mass)),
    ("as_of", Type::Day),
];
const COLOURS: [&str; 3] = ["red", "green", "blue"];
const SHAPES: [&str; 2] = ["round", "square"];
const PLACES: [&str; 8] = ["kidney", "Ren", "glove", "wart", "left hand", "finger", "cyst", "sarcoma"];
const BROAD_PLACES: [&str; 7] = ["organ", "solid organ", "limb", "tumour", "arm", "hand", "mass"];
const DRUGS: [&str; 3] = ["aspirin", "codeine", "prednisone"];
const BROAD_DRUGS: [&str; 3] = ["painkiller", "opioid", "steroid"];
const INTEGERS: [&str; 12] = ["0", "1", "2", "3", "5", "12", "30", "365", "-1", "-7", "9223372036854775807", "1_000"];
const DECIMALS: [&str; 10] =
    ["0.0", "1.0", "2.5", "1.8", "0.1", "12.50", "-0.5", "8.5", "1000000.001", "7922816251426433759354395033.5"];
const EQUALITY: [&str; 2] = ["==", "!="];
const RELATIONS: [&str; 6] = ["==", "<", "<=", ">", ">=", "!="];

/// A piece of script.
#[derive(Clone, Debug)]
pub struct Text {
    pub text: String,
    /// Whether it stands beside an operator without parentheses.
    atomic: bool,
    /// Whether it has a unit of its own, or is a literal that takes the other side's.
    definite: bool,
}

impl Text {
    fn atom(text: impl Into<String>, definite: bool) -> Text {
        Text { text: text.into(), atomic: true, definite }
    }

    fn open(text: String, definite: bool) -> Text {
        Text { text, atomic: false, definite }
    }

    /// The piece as what `if` asks, which must not begin with a block.
    fn asked(&self) -> String {
        if self.text.starts_with('{') { self.operand() } else { self.text.clone() }
    }

    /// The piece as an operand.
    fn operand(&self) -> String {
        if self.atomic { self.text.clone() } else { format!("({})", self.text) }
    }
}

/// Writes scripts from choices.
pub struct Writer<'w, 'c> {
    pub source: &'w mut Source<'c>,
    pub tally: &'w mut Tally,
    /// Names bound with `let`, parameters of closures over sets, and whether each has a unit of its own.
    pub locals: Vec<(String, Type, bool)>,
    /// Parameters of closures over records.
    pub records: Vec<(String, List)>,
    /// How many closures stand around.
    pub level: usize,
    next: usize,
}

impl<'w, 'c> Writer<'w, 'c> {
    pub fn new(source: &'w mut Source<'c>, tally: &'w mut Tally) -> Writer<'w, 'c> {
        Writer { source, tally, locals: Vec::new(), records: Vec::new(), level: 0, next: 0 }
    }

    /// A script that gives a value of some type.
    pub fn script(&mut self) -> String {
        let wanted = self.source.pick(&[
            Type::Bool,
            Type::Bool,
            Type::Bool,
            Type::Int(Unit::Plain),
            Type::Int(Unit::Days),
            Type::Int(Unit::Years),
            Type::Number(Unit::Plain),
            Type::Number(Unit::Mass),
            Type::Day,
            Type::Colour,
        ]);
        self.block(wanted, 4).text
    }

    /// Some `let`s and a value.
    fn block(&mut self, wanted: Type, depth: usize) -> Text {
        let outer = self.locals.len();
        let mut text = String::new();
        for _ in 0..self.source.pick(&[0, 0, 0, 1, 2]) {
            let of = self.source.pick(&[
                Type::Int(Unit::Plain),
                Type::Number(Unit::Mass),
                Type::Bool,
                Type::Day,
                Type::Colour,
                Type::Place,
                Type::List(List::Sites),
                Type::List(List::Visits),
                Type::Int(Unit::Days),
            ]);
            let value = self.value(of, depth.saturating_sub(1));
            let name = self.fresh("l");
            text += &format!("let {name} = {}; ", value.text);
            self.locals.push((name, of, value.definite));
            self.tally.add("let");
        }
        let value = self.value(wanted, depth);
        self.locals.truncate(outer);
        if text.is_empty() { value } else { Text::open(format!("{text}{}", value.text), value.definite) }
    }

    fn fresh(&mut self, prefix: &str) -> String {
        self.next += 1;
        format!("{prefix}{}", self.next)
    }

    pub fn value(&mut self, wanted: Type, depth: usize) -> Text {
        match wanted {
            Type::Bool => self.cond(depth),
            Type::Int(unit) => self.int(unit, depth),
            Type::Number(unit) => self.number(unit, depth),
            Type::Day | Type::Colour | Type::Shape => self.plain(wanted, depth),
            Type::Place | Type::Drug => self.place(wanted),
            Type::List(list) => self.list(list),
        }
    }

    /// A fact, setting, local or field of that type.
    fn named(&mut self, wanted: Type) -> Option<Text> {
        let facts = FACTS.iter().chain(&MORE).filter(|(_, of)| *of == wanted);
        let mut names: Vec<(String, bool)> = facts.map(|(name, _)| ((*name).to_owned(), true)).collect();
        for (name, list) in self.records.iter().rev() {
            let fields = list.fields().iter().filter(|(_, of)| *of == wanted);
            names.extend(fields.map(|(field, _)| (format!("{name}.{field}"), true)));
        }
        let locals = self.locals.iter().rev().filter(|(_, of, _)| *of == wanted);
        names.extend(locals.map(|(name, _, definite)| (name.clone(), *definite)));
        if names.is_empty() {
            return None;
        }
        let near = names.len().saturating_sub(6);
        let (name, definite) =
            if self.source.below(2) == 0 { self.source.pick(&names) } else { self.source.pick(&names[near..]) };
        Some(Text::atom(name, definite))
    }

    fn list(&mut self, list: List) -> Text {
        let locals: Vec<String> =
            self.locals.iter().filter(|(_, of, _)| *of == Type::List(list)).map(|(name, ..)| name.clone()).collect();
        if !locals.is_empty() && self.source.below(2) == 1 {
            self.tally.add("list in a local");
            return Text::atom(self.source.pick(&locals), true);
        }
        Text::atom(list.name(), true)
    }

    fn place(&mut self, wanted: Type) -> Text {
        self.named(wanted).expect("there is a fact of it")
    }

    /// `if`, a block or a helper around values of any type.
    fn wrapped(&mut self, wanted: Type, depth: usize) -> Text {
        match self.source.below(4) {
            0 | 1 => {
                let test = self.cond(depth - 1);
                let (yes, no) = (self.branch(wanted, depth - 1), self.branch(wanted, depth - 1));
                self.tally.add("if");
                let definite = yes.definite || no.definite;
                if self.source.one_in(3) {
                    self.tally.add("else if");
                    let (second, other) = (self.cond(depth - 1), self.branch(wanted, depth - 1));
                    let definite = definite || other.definite;
                    let text = format!(
                        "if {} {{ {} }} else if {} {{ {} }} else {{ {} }}",
                        test.asked(),
                        yes.text,
                        second.asked(),
                        other.text,
                        no.text
                    );
                    return Text::open(text, definite);
                }
                Text::open(format!("if {} {{ {} }} else {{ {} }}", test.asked(), yes.text, no.text), definite)
            }
            2 => {
                self.tally.add("block");
                let inner = self.block(wanted, depth - 1);
                Text::open(format!("{{ {} }}", inner.text), inner.definite)
            }
            _ => {
                self.tally.add("helper pick");
                let (test, yes, no) =
                    (self.cond(depth - 1), self.value(wanted, depth - 1), self.value(wanted, depth - 1));
                Text::atom(format!("pick({}, {}, {})", test.text, yes.text, no.text), yes.definite || no.definite)
            }
        }
    }

    fn branch(&mut self, wanted: Type, depth: usize) -> Text {
        self.block(wanted, depth)
    }

    /// A day or a choice.
    fn plain(&mut self, wanted: Type, depth: usize) -> Text {
        match (if depth == 0 { 0 } else { self.source.below(6) }, wanted) {
            (4, _) => self.wrapped(wanted, depth),
            (3, Type::Day) => {
                let fact = self.source.pick(&["seen", "calcium", "flag", "visits", "colours", "site"]);
                Text::atom(format!("date_of({fact})"), true)
            }
            (3, Type::Colour | Type::Shape) => {
                let literal = self.literal(wanted);
                let other = self.plain(wanted, depth - 1);
                let test = self.cond(depth - 1);
                let (yes, no) = if self.source.below(2) == 0 { (&literal, &other) } else { (&other, &literal) };
                Text::open(format!("if {} {{ {} }} else {{ {} }}", test.asked(), yes.text, no.text), true)
            }
            (5, Type::Colour) => match self.records.iter().rev().find(|(_, list)| *list == List::Visits) {
                Some((name, _)) => {
                    self.tally.add("helper kind_of");
                    Text::atom(format!("kind_of({name})"), true)
                }
                None => self.place(wanted),
            },
            _ => self.place(wanted),
        }
    }

    fn literal(&mut self, wanted: Type) -> Text {
        let from: &[&str] = match wanted {
            Type::Colour => &COLOURS,
            Type::Shape => &SHAPES,
            Type::Place => &PLACES,
            _ => &DRUGS,
        };
        Text::atom(format!("\"{}\"", self.source.pick(from)), true)
    }

    fn int_atom(&mut self, unit: Unit) -> Text {
        if self.source.below(3) == 1 {
            let literal = self.source.pick(&INTEGERS);
            return Text { text: literal.into(), atomic: !literal.starts_with('-'), definite: false };
        }
        match self.named(Type::Int(unit)) {
            Some(named) => named,
            None => Text::atom(self.source.pick(&INTEGERS), false),
        }
    }

    /// A whole number that has its unit.
    fn definite_int(&mut self, unit: Unit) -> Text {
        let named = self.named(Type::Int(unit)).filter(|named| named.definite);
        named.unwrap_or_else(|| {
            Text::atom(
                match unit {
                    Unit::Plain => "n",
                    Unit::Days => "wait",
                    Unit::Years => "smoked",
                    Unit::Mass => "0",
                },
                true,
            )
        })
    }

    fn int(&mut self, unit: Unit, depth: usize) -> Text {
        if depth == 0 || unit == Unit::Mass {
            return self.int_atom(unit);
        }
        match self.source.below(11) {
            0 | 1 => self.int_atom(unit),
            2 => {
                let (a, b) = (self.int(unit, depth - 1), self.int(unit, depth - 1));
                let operator = self.source.pick(&["+", "-"]);
                Text::open(format!("{} {operator} {}", a.operand(), b.operand()), a.definite || b.definite)
            }
            3 => {
                let (a, b) = (self.int(unit, depth - 1), self.int(unit, depth - 1));
                let function = self.source.pick(&["min", "max"]);
                Text::atom(format!("{function}({}, {})", a.text, b.text), a.definite || b.definite)
            }
            4 => {
                let (a, b) = (self.definite_int(unit), self.int(Unit::Plain, depth - 1));
                let (a, b) = if self.source.below(2) == 0 { (a, b) } else { (b, a) };
                Text::open(format!("{} * {}", a.operand(), b.operand()), true)
            }
            5 => {
                let a = self.int(unit, depth - 1);
                let sign = self.source.pick(&["-", "- ", "+"]);
                self.tally.add(if sign == "+" { "unary plus" } else { "unary minus" });
                Text::open(format!("{sign}{}", a.operand()), a.definite)
            }
            6 => {
                let a = self.int(unit, depth - 1);
                Text::atom(format!("abs({})", a.text), a.definite)
            }
            7 => {
                let a = self.int(unit, depth - 1);
                self.tally.add("helper twice");
                Text::atom(format!("twice({})", a.text), a.definite)
            }
            8 => self.wrapped(Type::Int(unit), depth),
            _ => self.measured(unit, depth),
        }
    }

    /// What only one unit has: counts, years and days.
    fn measured(&mut self, unit: Unit, depth: usize) -> Text {
        match unit {
            Unit::Plain => {
                let text = self.quantified("count", depth);
                Text::atom(text, true)
            }
            Unit::Years => {
                let day = self.plain(Type::Day, depth - 1);
                Text::atom(format!("years_since({})", day.text), true)
            }
            Unit::Days => {
                let day = self.plain(Type::Day, depth - 1);
                let text = match self.source.below(3) {
                    0 => format!("days_since({})", day.text),
                    1 => format!("days_until({})", day.text),
                    _ => format!("days_between({}, {})", day.text, self.plain(Type::Day, depth - 1).text),
                };
                Text::atom(text, true)
            }
            Unit::Mass => self.int_atom(unit),
        }
    }

    fn number_atom(&mut self, unit: Unit) -> Text {
        let named = if self.source.below(3) == 1 { None } else { self.named(Type::Number(unit)) };
        if let Some(named) = named {
            return named;
        }
        let literal = self.source.pick(&DECIMALS);
        Text { text: literal.into(), atomic: !literal.starts_with('-'), definite: false }
    }

    fn definite_number(&mut self, unit: Unit) -> Text {
        let named = self.named(Type::Number(unit)).filter(|named| named.definite);
        named.unwrap_or_else(|| {
            Text::atom(
                match unit {
                    Unit::Plain => "score",
                    Unit::Days => "lag",
                    Unit::Mass => "calcium",
                    Unit::Years => "(smoked * 1.0)",
                },
                true,
            )
        })
    }

    /// A decimal and a quantity that may be a whole number, in either order.
    fn mixed(&mut self, unit: Unit, depth: usize) -> (Text, Text) {
        let (a, b) = (self.number(unit, depth), self.quantity(unit, depth));
        if self.source.below(2) == 0 { (a, b) } else { (b, a) }
    }

    /// A decimal or a whole number.
    fn quantity(&mut self, unit: Unit, depth: usize) -> Text {
        if self.source.below(3) == 1 { self.int(unit, depth) } else { self.number(unit, depth) }
    }

    fn number(&mut self, unit: Unit, depth: usize) -> Text {
        if depth == 0 {
            return self.number_atom(unit);
        }
        match self.source.below(11) {
            0 | 1 => self.number_atom(unit),
            2 => {
                let (a, b) = self.mixed(unit, depth - 1);
                let operator = self.source.pick(&["+", "-"]);
                Text::open(format!("{} {operator} {}", a.operand(), b.operand()), a.definite || b.definite)
            }
            3 => {
                let (a, b) = self.mixed(unit, depth - 1);
                let function = self.source.pick(&["min", "max"]);
                Text::atom(format!("{function}({}, {})", a.text, b.text), a.definite || b.definite)
            }
            4 => {
                let (a, b) = (self.definite_number(unit), self.quantity(Unit::Plain, depth - 1));
                let (a, b) = if self.source.below(2) == 0 { (a, b) } else { (b, a) };
                Text::open(format!("{} * {}", a.operand(), b.operand()), true)
            }
            5 => {
                let a = self.number(unit, depth - 1);
                let sign = self.source.pick(&["-", "+"]);
                Text::open(format!("{sign}{}", a.operand()), a.definite)
            }
            6 => {
                let a = self.number(unit, depth - 1);
                Text::atom(format!("abs({})", a.text), a.definite)
            }
            7 => {
                let a = self.number(unit, depth - 1);
                self.tally.add("helper twice");
                Text::atom(format!("twice({})", a.text), a.definite)
            }
            8 => self.wrapped(Type::Number(unit), depth),
            _ => self.quotient(unit, depth),
        }
    }

    fn quotient(&mut self, unit: Unit, depth: usize) -> Text {
        if unit == Unit::Plain && self.source.below(2) == 1 {
            self.tally.add("like by like");
            let of = self.source.pick(&[Unit::Mass, Unit::Days]);
            let (a, b) = match (of, self.source.below(3)) {
                (Unit::Days, 0) => (self.definite_int(of), self.definite_number(of)),
                (Unit::Days, 1) => (self.definite_number(of), self.definite_int(of)),
                _ => (self.definite_number(of), self.definite_number(of)),
            };
            return Text::open(format!("{} / {}", a.operand(), b.operand()), true);
        }
        let (a, b) = if unit != Unit::Mass && self.source.below(2) == 1 {
            (self.definite_int(unit), self.number(Unit::Plain, depth - 1))
        } else {
            (self.definite_number(unit), self.quantity(Unit::Plain, depth - 1))
        };
        Text::open(format!("{} / {}", a.operand(), b.operand()), true)
    }
}
