//! Scripts put together by chance, well typed against the generated dictionary: every operator, function and
//! construct that the language has a lowered meaning for.

use crate::dice::Dice;
use crate::pack::DERIVED;

/// What an expression gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A condition.
    Cond,
    /// A whole number without a unit.
    Whole,
    /// A whole number of years.
    Years,
    /// A whole number of days.
    Days,
    /// A decimal without a unit.
    Plain,
    /// A decimal in mg/dL.
    Level,
    /// A date.
    Day,
    /// One of low, mid and high.
    Pick,
}

/// The member that a closure looks at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Member {
    Term,
    Colour,
    Graft,
    Visit,
}

/// Writes scripts.
pub struct Scripts<'d> {
    dice: &'d mut Dice,
    derived: Vec<(&'static str, Sort)>,
    members: Vec<(String, Member)>,
    names: usize,
}

const PICKS: [&str; 3] = ["low", "mid", "high"];
const RELATIONS: [&str; 6] = ["<", "<=", ">", ">=", "==", "!="];

impl<'d> Scripts<'d> {
    /// Writes scripts that may name these derived facts.
    pub fn new(dice: &'d mut Dice, derived: &[&str]) -> Scripts<'d> {
        let known = DERIVED.iter().filter(|(name, ..)| derived.contains(name));
        let derived = known.map(|(name, sort, _)| (*name, *sort)).collect();
        Scripts { dice, derived, members: Vec::new(), names: 0 }
    }

    /// A condition of a depth.
    pub fn cond(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.atom();
        }
        let depth = depth - 1;
        match self.dice.below(17) {
            0..=2 => format!("({} && {})", self.cond(depth), self.cond(depth)),
            3..=5 => format!("({} || {})", self.cond(depth), self.cond(depth)),
            6 => format!("!({})", self.cond(depth)),
            7 => format!("({}) == ({})", self.cond(depth), self.cond(depth)),
            8 => format!("(if {} {{ {} }} else {{ {} }})", self.cond(depth), self.cond(depth), self.cond(depth)),
            9 => format!("just_one({}, {})", self.cond(depth), self.cond(depth)),
            10 => self.bound(depth),
            11 | 12 => self.compared(depth),
            _ => self.quantified(depth),
        }
    }

    /// A condition on a name of its own.
    fn bound(&mut self, depth: usize) -> String {
        self.names += 1;
        let name = format!("own_{}", self.names);
        format!(
            "({{ let {name} = {}; {name} && {} || !{name} && {} }})",
            self.cond(depth),
            self.cond(depth),
            self.atom()
        )
    }

    /// A condition that looks at one thing.
    fn atom(&mut self) -> String {
        if let Some((name, member)) = self.members.last().cloned().filter(|_| self.dice.in_hundred(75)) {
            return self.of_member(&name, member);
        }
        match self.dice.below(19) {
            0..=2 => (*self.dice.pick(&["yes_a", "yes_b", "yes_c", "!yes_a", "strict"])).to_owned(),
            3 => self.named(Sort::Cond).unwrap_or_else(|| "yes_c".to_owned()),
            4..=6 => self.compared(0),
            7 | 8 => {
                let pick = self.value(Sort::Pick, 0);
                self.pick_test(&pick)
            }
            9..=11 => {
                let term = *self.dice.pick(&["term_a", "term_b"]);
                self.term_test(term)
            }
            12 => "term_a == term_b".to_owned(),
            13 => format!("{}.is_empty()", self.dice.pick(&["terms", "picks", "grafts", "visits"])),
            14 => format!(
                "{}({})",
                self.dice.pick(&["is_low", "is_high"]),
                self.dice.pick(&["plain_a", "level_a", "level_b"])
            ),
            15 => format!("\"{}\" in picks", self.dice.pick(&["red", "green", "blue"])),
            16 => format!("{} in terms", self.dice.pick(&["\"term 5\"", "\"term 6\"", "term_a", "term_b"])),
            17 => format!("level_a {} cutoff", self.dice.pick(&RELATIONS)),
            _ => format!("long_ago({}, shelf_life)", self.dice.pick(&["day_a", "day_b"])),
        }
    }

    fn of_member(&mut self, name: &str, member: Member) -> String {
        match (member, self.dice.below(6)) {
            (Member::Term, 0) => format!("{name} == term_a"),
            (Member::Term, _) => self.term_test(name),
            (Member::Colour, _) => {
                format!("{name} {} \"{}\"", self.dice.pick(&["==", "!="]), self.dice.pick(&["red", "green", "blue"]))
            }
            (Member::Graft, 0..=2) => self.term_test(&format!("{name}.tissue")),
            (Member::Graft, 3) => self.pick_test(&format!("{name}.donor")),
            (Member::Graft, 4) => format!("{name}.donor == {}", self.dice.pick(&["pick_a", "pick_b"])),
            (Member::Graft, _) => format!("{name}.dose {} {}", self.dice.pick(&RELATIONS), self.value(Sort::Level, 0)),
            (Member::Visit, 0 | 1) => format!("{name}.sure"),
            (Member::Visit, 2) => format!("{name}.since {} {}", self.dice.pick(&RELATIONS), self.value(Sort::Day, 0)),
            (Member::Visit, 3) => {
                format!("days_since({name}.since) {} {}", self.dice.pick(&RELATIONS), self.value(Sort::Days, 0))
            }
            (Member::Visit, _) => format!("{name}.times {} {}", self.dice.pick(&RELATIONS), self.value(Sort::Whole, 0)),
        }
    }

    fn term_test(&mut self, term: &str) -> String {
        match self.dice.below(8) {
            0..=3 => format!("{term}.is_a(\"class {}\")", self.dice.below(3)),
            4 => format!("{term}.is_a(\"term {}\")", self.dice.below(8)),
            5 => format!("{term} == {}", self.narrow()),
            6 => format!("{term} != {}", self.narrow()),
            _ => format!("{term} in [{}, {}]", self.narrow(), self.narrow()),
        }
    }

    /// A term that stands for nothing narrower; `==` with another asks how it was recorded.
    fn narrow(&mut self) -> String {
        format!("\"term {}\"", 5 + self.dice.below(3))
    }

    fn pick_test(&mut self, pick: &str) -> String {
        match self.dice.below(4) {
            0 => format!("{pick} == \"{}\"", self.dice.pick(&PICKS)),
            1 => format!("{pick} != \"{}\"", self.dice.pick(&PICKS)),
            2 => format!("{pick} == {}", self.dice.pick(&["pick_a", "pick_b"])),
            _ => format!("{pick} in [\"{}\", \"{}\"]", self.dice.pick(&PICKS), self.dice.pick(&PICKS)),
        }
    }

    /// Two quantities of one sort compared.
    fn compared(&mut self, depth: usize) -> String {
        let sort = *self.dice.pick(&[Sort::Whole, Sort::Years, Sort::Days, Sort::Plain, Sort::Level, Sort::Day]);
        let left = self.value(sort, depth);
        let limit = match self.dice.below(3) {
            0 => self.value(sort, depth),
            _ => self.literal(sort),
        };
        match self.dice.below(6) {
            0 if sort != Sort::Day => {
                let (low, high) = ordered(self.literal(sort), limit);
                format!("between({left}, {low}, {high})")
            }
            1 if sort != Sort::Day => format!("over({left}, {limit})"),
            2 if matches!(sort, Sort::Whole | Sort::Plain) => format!("far_over({left}, {limit})"),
            3 if sort == Sort::Whole => format!("{left} in [1, 2, 3]"),
            _ => format!("{left} {} {limit}", self.dice.pick(&RELATIONS)),
        }
    }

    /// A quantity, a date or a pick of a depth.
    fn value(&mut self, sort: Sort, depth: usize) -> String {
        if depth == 0 {
            return self.leaf(sort);
        }
        let depth = depth - 1;
        if self.dice.in_hundred(15) {
            let (asked, yes, no) = (self.cond(depth), self.value(sort, depth), self.value(sort, depth));
            return match self.dice.below(2) {
                0 => format!("(if {asked} {{ {yes} }} else {{ {no} }})"),
                _ => format!("choose({asked}, {yes}, {no})"),
            };
        }
        match (sort, self.dice.below(8)) {
            (Sort::Day | Sort::Pick | Sort::Cond, _) => self.leaf(sort),
            (Sort::Years, 0..=3) => self.leaf(sort),
            (Sort::Days, 0..=3) => {
                format!("days_between({}, {})", self.value(Sort::Day, depth), self.value(Sort::Day, depth))
            }
            (Sort::Whole, 0 | 1) => self.counted(depth),
            (Sort::Plain, 0 | 1) => format!("{} / {}", self.part(Sort::Level, depth), self.part(Sort::Level, depth)),
            (Sort::Plain, 2 | 6) => format!(
                "{}(({} / {}), {})",
                self.dice.pick(&["min", "max"]),
                self.part(Sort::Level, depth),
                self.part(Sort::Level, depth),
                self.literal(Sort::Plain)
            ),
            (Sort::Plain, 7) => format!("{} / {}", self.part(Sort::Plain, depth), self.part(Sort::Plain, depth)),
            (Sort::Plain, 3) => format!("{} * {}", self.part(Sort::Plain, depth), self.part(Sort::Whole, depth)),
            (Sort::Level, 0) => format!("{} * {}", self.part(Sort::Level, depth), self.part(Sort::Plain, depth)),
            (Sort::Level, 1) => format!("{} / {}", self.part(Sort::Level, depth), self.part(Sort::Plain, depth)),
            (Sort::Whole, 2) => format!("{} * {}", self.part(Sort::Whole, depth), self.part(Sort::Whole, depth)),
            (_, 4) => format!("({} + {})", self.value(sort, depth), self.value(sort, depth)),
            (_, 5) => format!("({} - {})", self.value(sort, depth), self.value(sort, depth)),
            (_, 6) => {
                format!("{}({}, {})", self.dice.pick(&["min", "max"]), self.value(sort, depth), self.value(sort, depth))
            }
            _ => format!("{}({})", self.dice.pick(&["abs", "-"]), self.value(sort, depth)),
        }
    }

    fn part(&mut self, sort: Sort, depth: usize) -> String {
        format!("({})", self.value(sort, depth))
    }

    /// A fact or a function of one.
    fn leaf(&mut self, sort: Sort) -> String {
        let named = if self.dice.in_hundred(25) { self.named(sort) } else { None };
        if let Some(name) = named {
            return name;
        }
        let dated = ["yes_a", "level_a", "pick_a", "term_a"];
        let fact = match sort {
            Sort::Cond => *self.dice.pick(&["yes_a", "yes_b"]),
            Sort::Whole => *self.dice.pick(&["whole_a", "whole_b", "most"]),
            Sort::Plain => *self.dice.pick(&["plain_a", "plain_b"]),
            Sort::Level => *self.dice.pick(&["level_a", "level_b"]),
            Sort::Pick => *self.dice.pick(&["pick_a", "pick_b"]),
            Sort::Years => return format!("years_since({})", self.dice.pick(&["day_a", "day_b"])),
            Sort::Days => {
                return format!(
                    "{}({})",
                    self.dice.pick(&["days_since", "days_until"]),
                    self.dice.pick(&["day_a", "day_b"])
                );
            }
            Sort::Day => match self.dice.below(5) {
                0 => return format!("date_of({})", self.dice.pick(&dated)),
                1 => "as_of",
                2 | 3 => "day_a",
                _ => "day_b",
            },
        };
        fact.to_owned()
    }

    /// A derived fact of a sort, if there is one.
    fn named(&mut self, sort: Sort) -> Option<String> {
        let fitting: Vec<&str> = self.derived.iter().filter(|(_, own)| *own == sort).map(|(name, _)| *name).collect();
        if fitting.is_empty() { None } else { Some((*self.dice.pick(&fitting)).to_owned()) }
    }

    fn literal(&mut self, sort: Sort) -> String {
        match sort {
            Sort::Whole => self.dice.below(8).to_string(),
            Sort::Years => (self.dice.below(60) as i64 - 2).to_string(),
            Sort::Days => (self.dice.below(400) as i64 - 60).to_string(),
            Sort::Plain => (*self.dice.pick(&["0.0", "0.5", "1.0", "2", "3.5", "7"])).to_owned(),
            Sort::Level => (*self.dice.pick(&["0.5", "1.0", "2", "4.5", "12.0"])).to_owned(),
            Sort::Day => (*self.dice.pick(&["as_of", "day_a", "day_b"])).to_owned(),
            Sort::Cond => "true".to_owned(),
            Sort::Pick => "\"low\"".to_owned(),
        }
    }

    /// Whether some or all members of a list pass.
    fn quantified(&mut self, depth: usize) -> String {
        if self.members.len() > 1 {
            return self.atom();
        }
        let which = *self.dice.pick(&["some", "some", "all"]);
        self.each(which, depth)
    }

    fn counted(&mut self, depth: usize) -> String {
        if self.members.len() > 1 { "whole_a".to_owned() } else { self.each("count", depth) }
    }

    fn each(&mut self, which: &str, depth: usize) -> String {
        let lists = [
            ("terms", Member::Term),
            ("picks", Member::Colour),
            ("grafts", Member::Graft),
            ("grafts", Member::Graft),
            ("visits", Member::Visit),
        ];
        let (list, member) = *self.dice.pick(&lists);
        self.names += 1;
        let name = format!("m{}", self.names);
        self.members.push((name.clone(), member));
        let body = self.cond(depth.min(2));
        self.members.pop();
        format!("{list}.{which}(|{name}| {body})")
    }
}

/// Two ends, the lower first where both are literals: the other way round is a mistake.
fn ordered(low: String, high: String) -> (String, String) {
    let settings = [("most", 4.0), ("shelf_life", 60.0), ("cutoff", 2.5)];
    let setting = |text: &str| settings.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
    let value = |text: &str| text.parse::<f64>().ok().or_else(|| setting(text));
    match (value(&low), value(&high)) {
        (Some(a), Some(b)) if a > b => (high, low),
        _ => (low, high),
    }
}
