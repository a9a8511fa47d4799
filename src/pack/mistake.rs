//! What can be wrong with a pack. Each mistake is written once: its stable code, its message and what to do.

use crate::input::source::{Source, Span, Walk};

/// One mistake of an author.
#[allow(missing_docs, reason = "the fields are the words of the message")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// The file is no TOML.
    TomlSyntax(String),
    /// A file that the pack needs cannot be read.
    MissingFile { path: String, why: String },
    /// A pack cannot stand on itself.
    BaseCycle { path: String },
    /// An id of `drop` that the base does not have.
    UnknownDrop { name: String, nearest: Vec<String> },
    /// A key that means nothing there.
    UnknownKey { key: String, of: String, accepted: Vec<String>, nearest: Vec<String> },
    /// A key that is needed.
    MissingKey { key: &'static str, of: String, help: &'static str },
    /// A value of the wrong type.
    WrongType { what: String, given: String, accepted: String },
    /// Something that cannot be one of the words allowed.
    NotOneOf { what: String, given: String, accepted: Vec<String>, nearest: Vec<String> },
    /// A key that makes no sense beside the others.
    Misplaced { key: String, why: String },
    /// Two things of one name.
    Duplicate { what: &'static str, name: String },
    /// A name that two terms share.
    SharedName { name: String, other: String },
    /// A name that scripts cannot use.
    BadName { what: &'static str, name: String, why: &'static str },
    /// A name that stands for nothing.
    Unknown { what: &'static str, name: String, nearest: Vec<String> },
    /// A unit that is neither UCUM nor a laboratory spelling.
    BadUnit { unit: String },
    /// Terms or classes that belong to each other.
    ConceptCycle { names: Vec<String> },
    /// Derived facts that depend on each other.
    DerivedCycle { names: Vec<String> },
    /// A rule with several effects, or none.
    Effects { given: Vec<String> },
    /// The script is no Rhai.
    ScriptSyntax(String),
    /// The script is of the wrong type.
    ScriptType { what: String, given: String, accepted: String },
    /// Operands that do not go together.
    Operands { operator: String, left: String, right: String, help: String },
    /// Quantities in different units.
    Units { operator: String, left: String, right: String },
    /// A product or quotient with no unit.
    UnitProduct { operator: String },
    /// `/` between whole numbers.
    IntegerDivision,
    /// A class or broader term compared as if it were a single term.
    ClassCompared { name: String },
    /// `a < b < c`.
    ChainedComparison,
    /// `!x in y`.
    NotIn,
    /// A constant outside the plausible range, so that the answer never changes.
    OutOfRange { what: String, value: String, accepted: String },
    /// A function that does not exist.
    UnknownFunction { name: String, nearest: Vec<String> },
    /// A function called with what it does not take.
    Arguments { name: String, accepted: String },
    /// A script that has to be lowered and cannot be.
    MustLower { what: String, construct: String },
    /// A script that grows too large when its helpers are written out.
    TooLarge { limit: usize },
    /// A brace that is not closed.
    OpenBrace,
}

impl Mistake {
    /// A script, or a part of one, of the wrong type.
    pub fn script_type(what: &str, given: &str, accepted: &str) -> Mistake {
        Mistake::ScriptType { what: what.to_owned(), given: given.to_owned(), accepted: accepted.to_owned() }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Mistake::TomlSyntax(_) => "toml-syntax",
            Mistake::MissingFile { .. } => "missing-file",
            Mistake::BaseCycle { .. } => "base-cycle",
            Mistake::UnknownDrop { .. } => "unknown-drop",
            Mistake::UnknownKey { .. } => "unknown-key",
            Mistake::MissingKey { .. } => "missing-key",
            Mistake::WrongType { .. } => "wrong-type",
            Mistake::NotOneOf { .. } => "not-one-of",
            Mistake::Misplaced { .. } => "misplaced-key",
            Mistake::Duplicate { .. } | Mistake::SharedName { .. } => "duplicate",
            Mistake::BadName { .. } => "bad-name",
            Mistake::Unknown { .. } => "unknown-name",
            Mistake::BadUnit { .. } => "unknown-unit",
            Mistake::ConceptCycle { .. } => "concept-cycle",
            Mistake::DerivedCycle { .. } => "derived-cycle",
            Mistake::Effects { .. } => "one-effect",
            Mistake::ScriptSyntax(_) => "script-syntax",
            Mistake::ScriptType { .. } => "script-type",
            Mistake::Operands { .. } => "operand-types",
            Mistake::Units { .. } => "unit-mismatch",
            Mistake::UnitProduct { .. } => "unit-product",
            Mistake::IntegerDivision => "integer-division",
            Mistake::ClassCompared { .. } => "class-compared",
            Mistake::ChainedComparison => "chained-comparison",
            Mistake::NotIn => "not-in",
            Mistake::OutOfRange { .. } => "out-of-range",
            Mistake::UnknownFunction { .. } => "unknown-function",
            Mistake::Arguments { .. } => "wrong-arguments",
            Mistake::MustLower { .. } => "must-lower",
            Mistake::TooLarge { .. } => "script-too-large",
            Mistake::OpenBrace => "open-brace",
        }
    }

    /// What is wrong, in the author's words.
    pub fn message(&self) -> String {
        match self {
            Mistake::TomlSyntax(message) | Mistake::ScriptSyntax(message) => message.clone(),
            Mistake::MissingFile { path, why } => format!("`{path}` cannot be read: {why}"),
            Mistake::BaseCycle { path } => format!("the pack stands on itself through `{path}`"),
            Mistake::UnknownDrop { name, .. } => format!("the base has nothing named `{name}` to drop"),
            Mistake::UnknownKey { key, of, .. } => format!("`{key}` means nothing in {of}"),
            Mistake::MissingKey { key, of, .. } => format!("{of} has no `{key}`"),
            Mistake::WrongType { what, given, .. } => format!("`{what}` does not take {given}"),
            Mistake::NotOneOf { what, given, .. } => format!("`{given}` is no value of `{what}`"),
            Mistake::Misplaced { key, why } => format!("`{key}` has no place here: {why}"),
            Mistake::Duplicate { what, name } => format!("the {what} `{name}` is defined twice"),
            Mistake::SharedName { name, other } => format!("`{name}` is a name of `{other}` already"),
            Mistake::BadName { what, name, why } => format!("`{name}` cannot name a {what}: {why}"),
            Mistake::Unknown { what, name, .. } => format!("there is no {what} `{name}`"),
            Mistake::BadUnit { unit } => format!("`{unit}` is no unit"),
            Mistake::ConceptCycle { names } => format!("these belong to each other: {}", names.join(", ")),
            Mistake::DerivedCycle { names } => format!("these derive from each other: {}", names.join(", ")),
            Mistake::Effects { given } if given.is_empty() => "the rule has no effect".into(),
            Mistake::Effects { given } => format!("the rule has several effects: {}", given.join(", ")),
            Mistake::ScriptType { what, given, .. } => format!("{what} is {given}"),
            Mistake::Operands { operator, left, right, .. } => {
                format!("`{operator}` does not go between {left} and {right}")
            }
            Mistake::Units { operator, left, right } => {
                format!("`{operator}` between different units, {left} and {right}")
            }
            Mistake::UnitProduct { operator } => format!("`{operator}` of these gives no known unit"),
            Mistake::IntegerDivision => "`/` between whole numbers drops the rest".into(),
            Mistake::ClassCompared { name } => format!("`{name}` stands for several terms, and == takes one of them"),
            Mistake::ChainedComparison => "a comparison is compared: `a < b < c` does not mean a range".into(),
            Mistake::NotIn => "`!x in y` means `(!x) in y`".into(),
            Mistake::OutOfRange { what, value, .. } => format!("`{what}` is never {value}"),
            Mistake::UnknownFunction { name, .. } => format!("there is no function `{name}`"),
            Mistake::Arguments { name, .. } => format!("`{name}` does not take these arguments"),
            Mistake::MustLower { what, construct } => format!("{what} cannot use {construct}"),
            Mistake::TooLarge { limit } => {
                format!("written out with its helpers the script has more than {limit} parts")
            }
            Mistake::OpenBrace => "a brace is not closed".into(),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        let near = |names: &[String], otherwise: &str| match names {
            [] => otherwise.to_owned(),
            names => format!("did you mean `{}`?", names.join("` or `")),
        };
        Some(match self {
            Mistake::TomlSyntax(_) | Mistake::ScriptSyntax(_) => return None,
            Mistake::MissingFile { .. } => {
                "a pack is a folder with pack.toml, facts.toml, rules.toml and its vocabularies".into()
            }
            Mistake::BaseCycle { .. } => "a base must not build on the pack that builds on it".into(),
            Mistake::UnknownDrop { nearest, .. } => {
                near(nearest, "`drop` lists names of what the base defines, such as ids of rules and facts")
            }
            Mistake::UnknownKey { accepted, nearest, .. } => {
                near(nearest, &format!("accepted: {}", accepted.join(", ")))
            }
            Mistake::MissingKey { help, .. } => (*help).into(),
            Mistake::WrongType { accepted, .. } | Mistake::ScriptType { accepted, .. } => {
                format!("it takes {accepted}")
            }
            Mistake::NotOneOf { accepted, nearest, .. } => near(nearest, &format!("accepted: {}", accepted.join(", "))),
            Mistake::Misplaced { .. } => "leave it out".into(),
            Mistake::Duplicate { .. } | Mistake::SharedName { .. } => "rename one or leave it out".into(),
            Mistake::BadName { .. } => "choose another name".into(),
            Mistake::Unknown { nearest, what, .. } => {
                near(nearest, &format!("define the {what}, or use one that is defined"))
            }
            Mistake::BadUnit { .. } => "write the UCUM code, such as mg/dL, 10*9/L or d".into(),
            Mistake::ConceptCycle { .. } => "`is` leads from a narrower term to a broader one".into(),
            Mistake::DerivedCycle { .. } => "a derived fact is computed from facts that do not need it".into(),
            Mistake::Effects { .. } => "give one of exclude, require, defer, caution, note".into(),
            Mistake::Operands { help, .. } => help.clone(),
            Mistake::Units { .. } => "bring both to one unit in the dictionary".into(),
            Mistake::UnitProduct { .. } => "multiply or divide by a plain number, or divide like by like".into(),
            Mistake::IntegerDivision => "write one of them with a point, such as 2.0".into(),
            Mistake::ClassCompared { name } => format!("write `x.is_a(\"{name}\")`"),
            Mistake::ChainedComparison => "write `a < b && b < c`, or `between(b, a, c)`".into(),
            Mistake::NotIn => "write `!(x in y)` or `x !in y`".into(),
            Mistake::OutOfRange { accepted, .. } => format!("its plausible range is {accepted}"),
            Mistake::UnknownFunction { nearest, .. } => near(nearest, "a helper is a `fn` in a .rhai file of the pack"),
            Mistake::Arguments { accepted, .. } => format!("write {accepted}"),
            Mistake::MustLower { .. } => {
                "use comparisons, arithmetic, &&, ||, !, in, if/else, let, the functions and helpers of these".into()
            }
            Mistake::TooLarge { .. } => "split the rule, or simplify its helpers".into(),
            Mistake::OpenBrace => "write `{fact}`, or `{{` for a brace itself".into(),
        })
    }
}

/// A mistake, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file, by position among the pack's sources.
    pub file: usize,
    /// Where in it.
    pub span: Span,
    /// What is wrong.
    pub mistake: Mistake,
}

/// A pack that cannot be used, with all that is wrong with it in source order.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The pack's files.
    pub sources: Vec<Source>,
    /// The mistakes.
    pub diagnostics: Vec<Diagnostic>,
}

impl Refused {
    /// Each mistake as its place (`file:line:column`), code, message, the line it stands on, and help.
    pub fn lines(&self) -> impl Iterator<Item = RefusedLine<'_>> {
        let mut walks: Vec<Walk> = self.sources.iter().map(Walk::new).collect();
        self.diagnostics.iter().map(move |diagnostic| {
            let source = &self.sources[diagnostic.file];
            let at = walks[diagnostic.file].position(diagnostic.span.start);
            RefusedLine {
                place: format!("{}:{}:{}", source.name, at.line, at.column),
                code: diagnostic.mistake.code(),
                message: diagnostic.mistake.message(),
                text: source.line(diagnostic.span.start),
                help: diagnostic.mistake.help(),
            }
        })
    }
}

/// One mistake, ready to be shown.
#[derive(Clone, Debug)]
pub struct RefusedLine<'s> {
    /// `file:line:column`.
    pub place: String,
    /// The stable code.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// The line it stands on.
    pub text: &'s str,
    /// What to do.
    pub help: Option<String>,
}
