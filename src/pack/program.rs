//! A pack that has passed every check: what the engine runs. It can only be had by compiling one.

use rust_decimal::Decimal;

use super::ir::{Choice, Cond, Day, Int, Number};
use super::setting::Setting;
use crate::model::dictionary::{Dictionary, FactId};

/// What a rule does when it fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Bars the patient when its script is true.
    Exclude,
    /// Bars the patient when its script is false.
    Require,
    /// Something must be treated or arranged first.
    Defer,
    /// A physician must weigh this.
    Caution,
    /// Worth knowing.
    Note,
}

/// How heavily a firing rule weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// No bearing on the verdict.
    None,
    /// A physician must weigh it.
    Caution,
    /// Something comes first.
    Deferred,
    /// The patient is barred.
    Barred,
}

impl Effect {
    /// Every effect.
    pub const ALL: [Effect; 5] = [Effect::Exclude, Effect::Require, Effect::Defer, Effect::Caution, Effect::Note];

    /// The key that holds its script.
    pub fn word(self) -> &'static str {
        match self {
            Effect::Exclude => "exclude",
            Effect::Require => "require",
            Effect::Defer => "defer",
            Effect::Caution => "caution",
            Effect::Note => "note",
        }
    }

    /// How heavily it weighs.
    pub fn weight(self) -> Weight {
        match self {
            Effect::Exclude | Effect::Require => Weight::Barred,
            Effect::Defer => Weight::Deferred,
            Effect::Caution => Weight::Caution,
            Effect::Note => Weight::None,
        }
    }
}

/// A document the pack rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its name in the pack.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What kind of document it is.
    pub kind: String,
    /// When it was published, where it says so.
    pub date: Option<String>,
}

/// A place in a document, and how that document differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// The document, by position.
    pub document: usize,
    /// Where in it.
    pub at: Option<String>,
    /// How it differs from the rule.
    pub dissent: Option<String>,
}

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words.
    Text(String),
    /// A fact's value or state.
    Fact(FactId),
    /// A setting's value.
    Setting(usize),
}

/// A sentence that names facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phrase(pub Vec<Piece>);

/// How a rule's script runs.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// As a condition of the IR.
    Lowered(Cond),
    /// In Rhai itself.
    Scripted(Scripted),
}

/// A script that runs in Rhai.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scripted {
    /// The construct that the IR has no place for.
    pub construct: String,
    /// The facts it names.
    pub facts: Vec<FactId>,
}

/// One rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// What holds when it does not fire.
    pub title: String,
    /// What it does.
    pub effect: Effect,
    /// When it applies at all.
    pub guard: Option<Cond>,
    /// What it asks.
    pub test: Test,
    /// The guard's script as written.
    pub guard_text: Option<String>,
    /// The script as written.
    pub text: String,
    /// Why.
    pub because: Phrase,
    /// What to do about it.
    pub next: Option<Phrase>,
    /// What it rests on.
    pub cite: Vec<Citation>,
    /// The settings it uses, by position.
    pub settings: Vec<usize>,
    /// Whether the pack itself defines it, and not one it builds on.
    pub own: bool,
}

/// A criterion of the inventory that the pack is built from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criterion {
    /// Its id.
    pub id: String,
    /// The rules that decide it, by position.
    pub rules: Vec<usize>,
    /// Why none does.
    pub none: Option<String>,
    /// Whether the pack itself lists it, and not one it builds on.
    pub own: bool,
}

/// A value computed from facts.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// Yes or no.
    Cond(Cond),
    /// A whole number.
    Int(Int),
    /// A decimal.
    Number(Number),
    /// A day.
    Day(Day),
    /// One of the fact's choices.
    Choice(Choice),
}

/// A fact computed from others.
#[derive(Clone, Debug, PartialEq)]
pub struct Derived {
    /// The fact.
    pub fact: FactId,
    /// How.
    pub formula: Formula,
    /// By how much a given value may differ.
    pub tolerance: Decimal,
    /// Whether, reported as true, it is true where the formula gives false.
    pub stands: bool,
    /// The settings it uses, by position.
    pub settings: Vec<usize>,
}

/// Facts that cannot be true together.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// When they cannot.
    pub when: Cond,
    /// Why.
    pub because: Phrase,
    /// What is then unknown.
    pub doubts: Vec<FactId>,
    /// The lists that then lack a member: what stands there still counts, so that no bar is lost.
    pub lacks: Vec<FactId>,
    /// The settings it uses, by position.
    pub settings: Vec<usize>,
}

/// A compiled pack.
#[derive(Clone, Debug)]
#[allow(clippy::manual_non_exhaustive, reason = "not even this crate may make one elsewhere")]
pub struct Program {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: String,
    /// What a reader must know before trusting a verdict.
    pub notice: String,
    /// `sha256:…` over every file used.
    pub digest: String,
    /// Its facts and vocabularies.
    pub dictionary: Dictionary,
    /// The documents it rests on.
    pub documents: Vec<Document>,
    /// Its policy values.
    pub settings: Vec<Setting>,
    /// Derived facts, each after those it needs.
    pub derived: Vec<Derived>,
    /// Conflicts.
    pub conflicts: Vec<Conflict>,
    /// Rules, in pack order.
    pub rules: Vec<Rule>,
    /// The criteria it accounts for.
    pub criteria: Vec<Criterion>,
    /// The texts of the helper files, for scripts that run in Rhai.
    pub helpers: Vec<String>,
    /// Only `compile` makes one.
    pub(super) _checked: (),
}

impl Program {
    /// The rule of that id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// The setting of that name.
    pub fn setting(&self, name: &str) -> Option<usize> {
        self.settings.iter().position(|setting| setting.name == name)
    }
}
