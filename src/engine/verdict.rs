//! The verdict as a value: what the text report shows and the JSON report is. Key order is part of the format.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::decide::{Decision, Outcome};
use super::forms;
use crate::pack::program::{Effect, Weight};

/// The name of the format.
pub const SCHEMA: &str = "candidacy/verdict/1";

/// A reasoned verdict on one referral.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Verdict {
    /// The name of the format.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// Who it is about.
    pub patient: String,
    /// The day it holds for.
    pub as_of: String,
    /// The pack.
    pub pack: PackName,
    /// `sha256:…` over the facts in canonical form.
    pub facts_digest: String,
    /// The version of the engine.
    pub engine: &'static str,
    /// The verdict.
    pub verdict: Decision,
    /// The verdict if every unknown rule is clear.
    pub at_best: Decision,
    /// The verdict if every unknown rule fires.
    pub at_worst: Decision,
    /// What the rules came to, heaviest first.
    pub findings: Vec<Finding>,
    /// What to ask, most telling first.
    pub missing: Vec<Missing>,
    /// Rules that are not settled and could not change the verdict.
    pub unchecked: Vec<Unchecked>,
    /// Facts that cannot be true together.
    pub conflicts: Vec<Conflicting>,
    /// What a reader should know about the input.
    pub warnings: Vec<Warning>,
    /// Policy values that were used.
    pub settings: Vec<SettingUsed>,
    /// Text carried along; no rule reads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remarks: Option<String>,
    /// What a reader must know before trusting a verdict.
    pub notice: String,
    /// What to do next, once each.
    #[serde(skip)]
    pub steps: Vec<String>,
    /// Findings left out.
    #[serde(skip)]
    pub hidden: Hidden,
    /// Whether everything is shown and nothing left out.
    #[serde(skip)]
    pub all: bool,
}

/// Which pack gave a verdict.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PackName {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its digest.
    pub digest: String,
}

/// How many findings are left out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hidden {
    /// Clear rules.
    pub clear: usize,
    /// Rules that do not apply.
    pub not_applicable: usize,
}

/// What one rule came to, and why.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Finding {
    /// The rule.
    pub rule: String,
    /// What it does when it fires.
    #[serde(serialize_with = "effect")]
    #[schemars(schema_with = "forms::effects")]
    pub effect: Effect,
    /// What it came to.
    #[serde(serialize_with = "outcome")]
    #[schemars(schema_with = "forms::outcomes")]
    pub state: Outcome,
    /// Why, with the facts in it.
    pub because: String,
    /// Why there is no result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// The facts that decided it, or leave it open.
    pub facts: Vec<FactShown>,
    /// The facts to ask for.
    pub missing: Vec<String>,
    /// What it rests on.
    pub cite: Vec<Cited>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// What holds when it does not fire.
    #[serde(skip)]
    pub title: String,
}

impl Finding {
    /// How heavily it weighs if it fires.
    pub fn weight(&self) -> Weight {
        self.effect.weight()
    }
}

/// A fact as a report shows it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FactShown {
    /// Its name; of a record's field `allografts[0].donor`.
    pub fact: String,
    /// `known`, or why it is not.
    #[schemars(schema_with = "forms::standings")]
    pub state: &'static str,
    /// The value, in the dictionary's unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "forms::values")]
    pub value: Option<Box<RawValue>>,
    /// The dictionary's unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// As typed, where that is another name or unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given: Option<String>,
    /// When the result was obtained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// Who says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The members of the list that decided.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
    /// Earlier results, latest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Earlier>,
    /// What people call it.
    #[serde(skip)]
    pub label: String,
    /// The value or state in words.
    #[serde(skip)]
    pub words: String,
    /// How old the result is and how old it may be, in words.
    #[serde(skip)]
    pub age: Option<String>,
    /// The normal range that it was held against, in words.
    #[serde(skip)]
    pub range: Option<String>,
    /// The facts that it was computed from.
    #[serde(skip)]
    pub behind: Vec<FactShown>,
    /// Whether the finding's sentence says the value.
    #[serde(skip)]
    pub spoken: bool,
    /// Whether it only made the rule apply.
    #[serde(skip)]
    pub aside: bool,
}

/// An earlier result.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Earlier {
    /// The value or state in words.
    pub value: String,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// Who says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A document a rule rests on.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Cited {
    /// Its name in the pack.
    pub source: String,
    /// Its title.
    pub title: String,
    /// Where in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// How it differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dissent: Option<String>,
}

/// A fact to ask for.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Missing {
    /// Its name; of a record's field `allografts[0].donor`.
    pub fact: String,
    /// What to ask.
    pub question: String,
    /// The state it is in.
    #[schemars(schema_with = "forms::states")]
    pub state: &'static str,
    /// When it came to be in that state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// The last result before that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Earlier>,
    /// The rules it decides.
    pub decides: Vec<String>,
    /// The worst it could make of the verdict.
    pub could: Decision,
    /// What people call it.
    #[serde(skip)]
    pub label: String,
    /// The state in words; empty where nothing was said, or where the question says it.
    #[serde(skip)]
    pub words: String,
    /// What was said of it so far, unless another part of the report says that.
    #[serde(skip)]
    pub said: Option<String>,
    /// The term in the question that nobody knows.
    #[serde(skip)]
    pub written: Option<String>,
}

/// A rule that is not settled and could not change the verdict.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Unchecked {
    /// The rule.
    pub rule: String,
    /// The facts that leave it open.
    pub missing: Vec<String>,
    /// The labels of those facts.
    #[serde(skip)]
    pub labels: Vec<String>,
}

/// Facts that cannot be true together.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Conflicting {
    /// Why they cannot.
    pub because: String,
    /// What is unknown for it.
    pub doubts: Vec<String>,
    /// The lists that lack a member for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<String>,
    /// What people call what is doubted; nothing where the words above do.
    #[serde(skip)]
    pub labels: Vec<String>,
    /// What people call the lists.
    #[serde(skip)]
    pub lacking: Vec<String>,
}

/// What a reader should know about the input.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Warning {
    /// What kind of thing it is.
    pub kind: &'static str,
    /// The fact, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fact: Option<String>,
    /// The words.
    pub message: String,
    /// The term it is about, where nobody knows it.
    #[serde(skip)]
    pub written: Option<String>,
}

/// A policy value that was used.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SettingUsed {
    /// Its name.
    pub setting: String,
    /// Its value and unit.
    pub value: String,
    /// Why it is what it is.
    pub why: String,
    /// Whether a finding that is shown rests on it, and not only what is clear.
    #[serde(skip)]
    pub decides: bool,
}

fn effect<S: Serializer>(effect: &Effect, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(effect.word())
}

fn outcome<S: Serializer>(outcome: &Outcome, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(outcome.word())
}
