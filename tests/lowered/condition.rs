//! Conditions over the pack made for tests: comparisons, membership, closures over lists, and helpers.

use super::{BROAD_DRUGS, BROAD_PLACES, DRUGS, EQUALITY, LISTS, List, PLACES, RELATIONS, Text, Type, Unit, Writer};

impl Writer<'_, '_> {
    pub fn cond(&mut self, depth: usize) -> Text {
        if depth == 0 {
            return self.cond_atom();
        }
        match self.source.below(20) {
            0 => self.cond_atom(),
            1 => {
                let a = self.cond(depth - 1);
                Text::open(format!("!{}", a.operand()), true)
            }
            2 | 3 => self.joined(depth),
            4 => {
                let (a, b) = (self.cond(depth - 1), self.cond(depth - 1));
                let operator = self.source.pick(&EQUALITY);
                Text::open(format!("{} {operator} {}", a.operand(), b.operand()), true)
            }
            5 | 6 => self.compared(depth),
            7 => self.relation(Type::Day, Type::Day, depth),
            8 | 9 => self.term_test(),
            10 => self.choice_test(depth),
            11 | 12 => {
                let name = self.source.pick(&["some", "all"]);
                let text = self.quantified(name, depth);
                Text::atom(text, true)
            }
            13 => {
                let list = self.source.pick(&LISTS);
                let list = self.list(list);
                let text = if self.source.below(3) == 1 {
                    format!("is_empty({})", list.text)
                } else {
                    format!("{}.is_empty()", list.text)
                };
                Text::atom(text, true)
            }
            14 => {
                let side = self.source.pick(&["is_low", "is_high"]);
                Text::atom(format!("{side}({})", self.source.pick(&["calcium", "glucose", "score"])), true)
            }
            15 => self.wrapped(Type::Bool, depth),
            16 | 17 => self.contained(depth),
            18 => self.between(depth),
            _ => self.helped(depth),
        }
    }

    fn cond_atom(&mut self) -> Text {
        match self.source.below(8) {
            6 => Text::atom("true", true),
            7 => Text::atom("false", true),
            5 => {
                self.tally.add("limited fact");
                let relation = self.source.pick(&RELATIONS);
                let (a, b) = ("grade", self.source.pick(&["0", "2", "4", "1.5", "n"]));
                Text::open(
                    if self.source.below(2) == 0 {
                        format!("{a} {relation} {b}")
                    } else {
                        format!("{b} {relation} {a}")
                    },
                    true,
                )
            }
            _ => self.place(Type::Bool),
        }
    }

    /// `&&` and `||`, with or without parentheses, of two or three.
    fn joined(&mut self, depth: usize) -> Text {
        let mut text = self.cond(depth - 1).operand();
        for _ in 0..self.source.pick(&[1, 1, 2]) {
            let part = self.cond(depth - 1).operand();
            text += &format!(" {} {part}", self.source.pick(&["&&", "||"]));
        }
        Text::open(text, true)
    }

    fn compared(&mut self, depth: usize) -> Text {
        let unit = self.source.pick(&[Unit::Plain, Unit::Days, Unit::Years, Unit::Mass]);
        let (a, b) = match self.source.below(4) {
            0 => (Type::Int(unit), Type::Int(unit)),
            1 => (Type::Number(unit), Type::Number(unit)),
            2 => (Type::Int(unit), Type::Number(unit)),
            _ => (Type::Number(unit), Type::Int(unit)),
        };
        self.relation(a, b, depth)
    }

    fn relation(&mut self, a: Type, b: Type, depth: usize) -> Text {
        let (a, b) = (self.value(a, depth - 1), self.value(b, depth - 1));
        let relation = self.source.pick(&RELATIONS);
        Text::open(format!("{} {relation} {}", a.operand(), b.operand()), true)
    }

    fn term_test(&mut self) -> Text {
        let of = self.source.pick(&[Type::Place, Type::Place, Type::Drug]);
        let term = self.place(of).text;
        let (names, classes): (&[&str], &[&str]) =
            if of == Type::Place { (&PLACES, &BROAD_PLACES) } else { (&DRUGS, &BROAD_DRUGS) };
        let equality = self.source.pick(&EQUALITY);
        let name = self.source.pick(names);
        let text = match self.source.below(7) {
            0 => format!("{term} {equality} \"{name}\""),
            1 => format!("\"{name}\" {equality} {term}"),
            2 => format!("{term} {equality} {}", self.place(of).text),
            3 => return Text::atom(format!("{term}.is_a(\"{name}\")"), true),
            4 => return Text::atom(format!("is_a({term}, \"{}\")", self.source.pick(classes)), true),
            5 => {
                let word = self.source.pick(&["in", "!in"]);
                format!("{term} {word} [\"{name}\", \"{}\"]", self.source.pick(names))
            }
            _ => return Text::atom(format!("{term}.is_a(\"{}\")", self.source.pick(classes)), true),
        };
        Text::open(text, true)
    }

    fn choice_test(&mut self, depth: usize) -> Text {
        let of = self.source.pick(&[Type::Colour, Type::Colour, Type::Shape]);
        let (a, literal) = (self.plain(of, depth - 1), self.literal(of));
        let equality = self.source.pick(&EQUALITY);
        let text = match self.source.below(5) {
            0 | 1 => format!("{} {equality} {}", a.operand(), literal.text),
            2 => format!("{} {equality} {}", literal.text, a.operand()),
            _ => format!("{} {equality} {}", a.operand(), self.plain(of, depth - 1).operand()),
        };
        Text::open(text, true)
    }

    fn contained(&mut self, depth: usize) -> Text {
        let word = self.source.pick(&["in", "!in"]);
        self.tally.add(word);
        let text = match self.source.below(7) {
            0 => {
                let (a, b) = (self.plain(Type::Colour, depth - 1), self.literal(Type::Colour).text);
                format!("{} {word} [{b}, {}]", a.operand(), self.literal(Type::Colour).text)
            }
            1 => {
                let unit = self.source.pick(&[Unit::Plain, Unit::Days, Unit::Mass]);
                let (needle, a) = (self.quantity(unit, depth - 1), self.quantity(unit, depth - 1));
                let b = self.quantity(unit, depth - 1);
                self.tally.add("in numbers");
                format!("{} {word} [{}, {}]", needle.operand(), a.text, b.text)
            }
            2 => {
                self.tally.add("in choices");
                format!("{} {word} {}", self.literal(Type::Colour).text, self.list(List::Colours).text)
            }
            3 => {
                let a = self.plain(Type::Colour, depth - 1);
                format!("{} {word} {}", a.operand(), self.list(List::Colours).text)
            }
            4 => {
                self.tally.add("in terms");
                format!("{} {word} {}", self.literal(Type::Place).text, self.list(List::Sites).text)
            }
            5 => format!("{} {word} {}", self.place(Type::Place).text, self.list(List::Sites).text),
            _ => {
                self.tally.add("in nothing");
                format!("{} {word} []", self.place(Type::Colour).text)
            }
        };
        Text::open(text, true)
    }

    fn between(&mut self, depth: usize) -> Text {
        self.tally.add("between");
        if self.source.one_in(4) {
            let (x, low, high) =
                (self.plain(Type::Day, depth - 1), self.plain(Type::Day, depth - 1), self.plain(Type::Day, depth - 1));
            return Text::atom(format!("between({}, {}, {})", x.text, low.text, high.text), true);
        }
        let unit = self.source.pick(&[Unit::Plain, Unit::Days, Unit::Mass]);
        let (x, low) = (self.quantity(unit, depth - 1), self.quantity(unit, depth - 1));
        let high = self.quantity(unit, depth - 1);
        if self.source.below(3) == 1 {
            return Text::atom(
                format!("{}.between({}, {})", self.definite_number(unit).operand(), low.text, high.text),
                true,
            );
        }
        Text::atom(format!("between({}, {}, {})", x.text, low.text, high.text), true)
    }

    fn helped(&mut self, depth: usize) -> Text {
        let unit = self.source.pick(&[Unit::Plain, Unit::Days, Unit::Mass]);
        let text = match self.source.below(7) {
            0 => format!("both({}, {})", self.cond(depth - 1).text, self.cond(depth - 1).text),
            1 => {
                let (a, b) = self.mixed(unit, depth - 1);
                format!("near({}, {}, {})", a.text, b.text, self.quantity(unit, depth - 1).text)
            }
            2 => {
                let (a, b) = self.mixed(unit, depth - 1);
                format!("about({}, {})", a.text, b.text)
            }
            3 if self.source.below(2) == 0 => {
                format!("at_any({}, \"{}\")", self.list(List::Sites).text, self.source.pick(&BROAD_PLACES))
            }
            3 => format!("at_any({}, \"{}\")", self.list(List::Drugs).text, self.source.pick(&DRUGS)),
            4 => {
                let limit = self.number(Unit::Mass, depth - 1);
                format!("heavy({}, {})", self.list(List::Visits).text, limit.text)
            }
            5 => {
                let day = self.plain(Type::Day, depth - 1);
                format!("recent({}, {})", day.text, self.int(Unit::Days, depth - 1).text)
            }
            _ => {
                let kind = if self.source.below(3) == 1 {
                    self.literal(Type::Colour)
                } else {
                    self.plain(Type::Colour, depth - 1)
                };
                format!("same_kind({}, {})", self.list(List::Visits).text, kind.text)
            }
        };
        self.tally.add(format!("helper {}", text.split('(').next().unwrap_or_default()));
        Text::atom(text, true)
    }

    /// `some`, `all` or `count` of a list.
    pub fn quantified(&mut self, name: &str, depth: usize) -> String {
        let list = if self.level >= 3 { List::Colours } else { self.source.pick(&LISTS) };
        let over = self.list(list).text;
        let param = self.fresh("m");
        let (locals, records) = (self.locals.len(), self.records.len());
        match list.member() {
            Some(member) => self.locals.push((param.clone(), member, true)),
            None => self.records.push((param.clone(), list)),
        }
        self.level += 1;
        let body = self.about_member(list, &param, depth - 1);
        self.level -= 1;
        self.locals.truncate(locals);
        self.records.truncate(records);
        match self.source.below(4) {
            3 => {
                self.tally.add("function style");
                format!("{name}({over}, |{param}| {{ {body} }})")
            }
            _ => format!("{over}.{name}(|{param}| {body})"),
        }
    }

    /// A condition that most often has to do with the member.
    pub fn about_member(&mut self, list: List, param: &str, depth: usize) -> String {
        if self.source.one_in(4) {
            let body = self.block(Type::Bool, depth);
            return if body.atomic { body.text } else { format!("{{ {} }}", body.text) };
        }
        let equality = self.source.pick(&EQUALITY);
        let about = match list {
            List::Colours => format!("{param} {equality} {}", self.literal(Type::Colour).text),
            List::Sites => format!("{param}.is_a(\"{}\")", self.source.pick(&BROAD_PLACES)),
            List::Drugs => format!("{param} {equality} \"{}\"", self.source.pick(&DRUGS)),
            List::Visits | List::Grafts => {
                let (field, of) = self.source.pick(list.fields());
                self.about_field(&format!("{param}.{field}"), of, depth)
            }
        };
        if depth > 0 && self.level < 3 && self.source.one_in(3) {
            self.tally.add("nested closure");
            let name = self.source.pick(&["some", "all"]);
            let inner = self.quantified(name, depth);
            return format!("({about}) {} {inner}", self.source.pick(&["&&", "||"]));
        }
        let more = if depth > 0 && self.source.below(3) == 1 { self.cond(depth - 1).operand() } else { return about };
        format!("({about}) {} {more}", self.source.pick(&["&&", "||"]))
    }

    fn about_field(&mut self, field: &str, of: Type, depth: usize) -> String {
        let relation = self.source.pick(&RELATIONS);
        let equality = self.source.pick(&EQUALITY);
        match of {
            Type::Bool => field.to_owned(),
            Type::Int(_) | Type::Number(_) | Type::Day => {
                format!("{field} {relation} {}", self.value(of, depth.min(1)).operand())
            }
            Type::Colour | Type::Shape => format!("{field} {equality} {}", self.literal(of).text),
            Type::Place | Type::Drug | Type::List(_) => format!("{field}.is_a(\"{}\")", self.source.pick(&PLACES)),
        }
    }
}
