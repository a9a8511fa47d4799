//! Packs put together by chance: a dictionary with every type, a small vocabulary, settings, derived facts, conflicts
//! and rules. Every part is a block of TOML, so that a case can be cut down to what breaks a law.

use candidacy::input::source::Source;
use candidacy::pack::checked::Refused;
use candidacy::pack::compile::compile_files;
use candidacy::pack::program::Program;
use candidacy::pack::shelf::{PackFile, PackFiles};

use crate::dice::Dice;
use crate::script::{Scripts, Sort};

/// A pack as blocks of TOML.
#[derive(Clone)]
pub struct Pack {
    /// `pack.toml`
    pub manifest: String,
    /// The vocabulary's file.
    pub terms: String,
    /// Facts.
    pub facts: Vec<String>,
    /// Derived facts.
    pub derived: Vec<String>,
    /// Conflicts.
    pub conflicts: Vec<String>,
    /// Rules.
    pub rules: Vec<String>,
}

/// Helper functions, each called by some rules.
const HELPERS: &str = r#"
fn over(x, limit) { x > limit }
fn just_one(a, b) { a && !b || b && !a }
fn long_ago(day, limit) { days_since(day) > limit }
fn choose(asked, yes, no) { if asked { yes } else { no } }
fn far_over(x, limit) { let far = limit * 2; over(x, limit) && over(x, far) }
"#;

const MANIFEST: &str = r#"
id = "chance"
title = "A pack put together by chance"
version = "1.0.0"
notice = "It means nothing."

[vocabulary]
tissue = "tissue.toml"

[source.book]
title = "The book of chance"
kind = "book"

[source.paper]
title = "A paper"
kind = "paper"
date = "2020"

[setting.shelf_life]
value = 60
unit = "d"
why = "policy"

[setting.cutoff]
value = 2.5
unit = "mg/dL"
why = "policy"

[setting.most]
value = 4
why = "policy"
"#;

impl Pack {
    /// A pack by chance.
    pub fn by_chance(dice: &mut Dice) -> Pack {
        let derived = derived(dice);
        let names: Vec<&str> = derived.iter().map(|(name, _)| *name).collect();
        let conflicts = (0..dice.below(3)).map(|_| conflict(dice, &names)).collect();
        let rules = (0..3 + dice.below(5)).map(|index| rule(dice, index, &names)).collect();
        let strict = format!("\n[setting.strict]\nvalue = {}\nwhy = \"policy\"\n", dice.in_hundred(50));
        Pack {
            manifest: format!("{MANIFEST}{strict}"),
            terms: terms(dice),
            facts: facts(dice),
            derived: derived.into_iter().map(|(_, block)| block).collect(),
            conflicts,
            rules,
        }
    }

    /// Its files.
    pub fn files(&self) -> PackFiles {
        let facts = [&self.facts[..], &self.derived, &self.conflicts].concat().join("\n");
        let texts = [
            ("pack.toml", self.manifest.clone()),
            ("facts.toml", facts),
            ("rules.toml", self.rules.join("\n")),
            ("tissue.toml", self.terms.clone()),
            ("help.rhai", HELPERS.to_owned()),
        ];
        files(texts)
    }

    /// What it compiles to.
    pub fn compile(&self) -> Result<Program, Refused> {
        compile_files(&self.files())
    }

    /// What it compiles to, where it has to.
    pub fn program(&self) -> Program {
        self.compile().unwrap_or_else(|refused| {
            panic!("the pack has mistakes:\n{}", refused.lines().collect::<Vec<_>>().join("\n"))
        })
    }

    /// Every pack that lacks one more block.
    pub fn smaller(&self) -> Vec<Pack> {
        let mut smaller = Vec::new();
        let mut without = |length: usize, blocks: fn(&mut Pack) -> &mut Vec<String>| {
            for index in 0..length {
                let mut pack = self.clone();
                blocks(&mut pack).remove(index);
                smaller.push(pack);
            }
        };
        without(self.rules.len(), |pack| &mut pack.rules);
        without(self.conflicts.len(), |pack| &mut pack.conflicts);
        without(self.derived.len(), |pack| &mut pack.derived);
        without(self.facts.len(), |pack| &mut pack.facts);
        smaller
    }
}

/// Files of a pack in one layer.
pub fn files<'t>(texts: impl IntoIterator<Item = (&'t str, String)>) -> PackFiles {
    let file = |(name, text): (&str, String)| PackFile {
        name: name.into(),
        layer: 0,
        source: Source { name: name.into(), text },
    };
    PackFiles { files: texts.into_iter().map(file).collect(), missing: Vec::new(), layers: 1, ..PackFiles::default() }
}

/// Classes within classes, terms with broader ones, terms that may be in a class, and synonyms. The terms from 5 on
/// stand for themselves alone.
fn terms(dice: &mut Dice) -> String {
    let mut text = String::new();
    let some = |dice: &mut Dice, most: usize, name: &str, chance: usize| -> Vec<String> {
        (0..most).filter(|_| dice.in_hundred(chance)).map(|index| format!("\"{name} {index}\"")).collect()
    };
    for class in 0..3 {
        let is = some(dice, class, "class", 30);
        text.push_str(&format!("[class.\"class {class}\"]\nis = [{}]\n", is.join(", ")));
    }
    for term in 0..8 {
        let mut is = some(dice, 3, "class", 25);
        is.extend(some(dice, term.min(3), "term", 15));
        let may_be = if term < 5 && dice.in_hundred(20) { some(dice, 3, "class", 50) } else { Vec::new() };
        text.push_str(&format!("[term.\"term {term}\"]\nis = [{}]\n", is.join(", ")));
        text.push_str(&format!("also = [\"synonym {term}\"]\nmay_be = [{}]\n", may_be.join(", ")));
    }
    text
}

fn facts(dice: &mut Dice) -> Vec<String> {
    let mut facts = Vec::new();
    let mut fact = |dice: &mut Dice, name: &str, rest: &str, ages: bool| {
        let effort = dice.pick(&["ask", "record", "lab", "test"]);
        let age = if ages && dice.in_hundred(30) { "max_age = \"shelf_life\"\n" } else { "" };
        facts.push(format!(
            "[fact.{name}]\nlabel = \"the {name}\"\nquestion = \"What is the {name}?\"\ngroup = \"g\"\n\
             effort = \"{effort}\"\n{age}{rest}\n"
        ));
    };
    let range = |dice: &mut Dice| if dice.in_hundred(50) { "range = [1, 4]" } else { "" };
    for name in ["yes_a", "yes_b", "yes_c"] {
        fact(dice, name, "type = \"bool\"", true);
    }
    fact(dice, "whole_a", "type = \"integer\"", true);
    fact(dice, "whole_b", "type = \"integer\"\nmin = -1\nmax = 20", true);
    let (a, b, c) = (range(dice), range(dice), range(dice));
    fact(dice, "plain_a", &format!("type = \"number\"\n{a}"), true);
    fact(dice, "plain_b", "type = \"number\"\nmin = -1\nmax = 20", true);
    fact(
        dice,
        "level_a",
        &format!("type = \"number\"\nunit = \"mg/dL\"\nmolar_mass = 113.12\nmin = 0\nmax = 30\n{b}"),
        true,
    );
    fact(dice, "level_b", &format!("type = \"number\"\nunit = \"mg/dL\"\n{c}"), true);
    fact(dice, "day_a", "type = \"date\"\nmax = \"as_of\"", false);
    fact(dice, "day_b", "type = \"date\"", true);
    fact(dice, "pick_a", "type = \"choice\"\nvalues = [\"low\", \"mid\", \"high\"]", true);
    fact(dice, "pick_b", "type = \"choice\"\nvalues = [\"low\", \"mid\", \"high\"]", true);
    fact(dice, "term_a", "type = \"term\"\nof = \"tissue\"", true);
    fact(dice, "term_b", "type = \"term\"\nof = \"tissue\"", true);
    fact(dice, "terms", "type = \"list\"\nof = \"tissue\"", true);
    fact(dice, "picks", "type = \"list\"\nvalues = [\"red\", \"green\", \"blue\"]", true);
    fact(dice, "grafts", GRAFTS, true);
    fact(dice, "visits", VISITS, false);
    facts
}

const GRAFTS: &str = r#"type = "list"
[fact.grafts.field.tissue]
type = "term"
of = "tissue"
question = "Which?"
[fact.grafts.field.donor]
type = "choice"
values = ["low", "mid", "high"]
question = "Whose?"
[fact.grafts.field.dose]
type = "number"
unit = "mg/dL"
question = "How much?"
"#;

const VISITS: &str = r#"type = "list"
[fact.visits.field.times]
type = "integer"
question = "How often?"
[fact.visits.field.since]
type = "date"
question = "Since when?"
[fact.visits.field.sure]
type = "bool"
question = "Is it sure?"
"#;

/// The derived facts a script may name, with what each is.
pub const DERIVED: [(&str, Sort, &str); 8] = [
    ("age", Sort::Years, "type = \"integer\"\nunit = \"a\"\ntolerance = 1\nvalue = 'years_since(day_a)'"),
    ("ratio", Sort::Plain, "type = \"number\"\ntolerance = 0.5\nvalue = 'level_a / level_b'"),
    ("total", Sort::Level, "type = \"number\"\nunit = \"mg/dL\"\nvalue = 'level_a + level_b * 2'"),
    ("when", Sort::Day, "type = \"date\"\nvalue = 'if yes_a { day_a } else { day_b }'"),
    (
        "mood",
        Sort::Pick,
        "type = \"choice\"\nvalues = [\"low\", \"mid\", \"high\"]\nvalue = 'if yes_b { pick_a } else { pick_b }'",
    ),
    ("grafted", Sort::Whole, "type = \"integer\"\nvalue = 'grafts.count(|g| g.tissue.is_a(\"class 0\"))'"),
    ("twice", Sort::Plain, "type = \"number\"\nvalue = 'plain_a * 2 - plain_b'"),
    ("marked", Sort::Cond, ""),
];

fn derived(dice: &mut Dice) -> Vec<(&'static str, String)> {
    let mut blocks = Vec::new();
    for (name, _, body) in DERIVED {
        if dice.in_hundred(55) {
            continue;
        }
        let body = match name {
            "marked" => format!("type = \"bool\"\nvalue = '''{}'''", Scripts::new(dice, &[]).cond(2)),
            _ => body.to_owned(),
        };
        blocks.push((name, format!("[derived.{name}]\nlabel = \"the {name}\"\n{body}\n")));
    }
    blocks
}

fn conflict(dice: &mut Dice, derived: &[&str]) -> String {
    let mut scripts = Scripts::new(dice, derived);
    let when = format!("{} && {}", scripts.cond(0), scripts.cond(0));
    let doubts =
        [*dice.pick(&["yes_a", "level_a", "day_a", "grafts"]), *dice.pick(&["pick_a", "term_a", "whole_b", "terms"])];
    format!(
        "[[conflict]]\nwhen = '''{when}'''\nbecause = \"cannot be: {{{0}}}\"\ndoubts = [\"{0}\", \"{1}\"]\n",
        doubts[0], doubts[1]
    )
}

fn rule(dice: &mut Dice, index: usize, derived: &[&str]) -> String {
    let effect = *dice.pick(&["exclude", "require", "defer", "caution", "note"]);
    let depth = dice.below(4);
    let mut scripts = Scripts::new(dice, derived);
    let script = scripts.cond(depth);
    let guard = scripts.cond(1);
    let named = *dice.pick(&["level_a", "grafts", "pick_a", "terms", "day_a", "term_a", "cutoff"]);
    let mut text =
        format!("[[rule]]\nid = \"rule-{index}\"\ntitle = \"Rule {index} holds\"\n{effect} = '''{script}'''\n");
    if dice.in_hundred(40) {
        text.push_str(&format!("when = '''{guard}'''\n"));
    }
    text.push_str(&format!("because = \"because of {{{named}}}\"\n"));
    if dice.in_hundred(30) {
        text.push_str(&format!("next = \"see to {{{named}}}\"\n"));
    }
    let dissent = if dice.in_hundred(30) { ", { source = \"paper\", dissent = \"says otherwise\" }" } else { "" };
    text.push_str(&format!("cite = [{{ source = \"book\", at = \"page {index}\" }}{dissent}]\n"));
    text
}
