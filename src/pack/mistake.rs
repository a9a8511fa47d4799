//! What can be wrong with a pack. Each mistake is written once: its stable code, its message and what to do.

use super::clash::{Clash, listed};
use super::code::Code;
use super::instead::instead;

/// What a name was taken to stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    /// What a script or a brace may name.
    Name,
    /// A fact.
    Fact,
    /// A field of this list's records.
    Field(String),
    /// A setting.
    Setting,
    /// A document the pack rests on.
    Source,
    /// A class of this vocabulary.
    Class(String),
    /// A term or class of this vocabulary.
    Term(String),
    /// A vocabulary.
    Vocabulary,
    /// A rule.
    Rule,
}

/// One mistake of an author, or something an author should know.
#[allow(missing_docs, reason = "the fields are the words of the message")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// The file is no TOML.
    TomlSyntax { message: String, help: Option<&'static str> },
    /// A view that is none.
    BadView { message: String },
    /// A key stands twice in one table, or a table twice in one file.
    DuplicateKey { key: String },
    /// A file that the pack needs cannot be read.
    MissingFile { path: String, why: String },
    /// A pack cannot stand on itself.
    BaseCycle { path: String },
    /// An id of `drop` that the base does not have.
    UnknownDrop { name: String, nearest: Vec<String> },
    /// A key that means nothing there.
    UnknownKey {
        key: String,
        of: &'static str,
        accepted: Vec<String>,
        nearest: Vec<String>,
        home: Option<&'static str>,
    },
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
    /// A name that cannot be had.
    BadName { what: &'static str, name: String, why: &'static str },
    /// A name that stands for nothing.
    Unknown { thing: Thing, name: String, nearest: Vec<String> },
    /// A name that is a value: it lacks its quotes.
    Unquoted { name: String },
    /// A script asks whether a fact is known.
    AsksUnknown { word: String },
    /// A single character in single quotes.
    Character { c: char },
    /// A text that says nothing.
    Empty { key: String, help: &'static str },
    /// A setting that is no age.
    NoAge { setting: String, given: String },
    /// A helper reads more than its parameters.
    HelperScope { name: String },
    /// A unit that is neither UCUM nor a laboratory spelling.
    BadUnit { unit: String },
    /// Terms or classes that belong to each other.
    ConceptCycle { names: Vec<String> },
    /// Derived facts that depend on each other.
    DerivedCycle { names: Vec<String> },
    /// A rule with several effects, or none.
    Effects { given: Vec<String> },
    /// The script is no Rhai.
    ScriptSyntax { message: String, help: String },
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
    /// `=` where `==` is meant.
    Assignment { name: String },
    /// A constant outside the plausible range, so that the answer never changes.
    OutOfRange { what: String, said: String, always: bool, accepted: String },
    /// `between` with its ends the wrong way round.
    EmptyRange { low: String, high: String },
    /// A function that does not exist.
    UnknownFunction { name: String, nearest: Vec<String> },
    /// A function called with what it does not take.
    Arguments { name: String, accepted: String },
    /// A script that has to be lowered and cannot be.
    MustLower { what: String, construct: String },
    /// A script that grows too large when its helpers are written out.
    TooLarge { limit: usize },
    /// A brace that is not closed, or not opened.
    OpenBrace,
    /// A definition that nothing uses.
    Unused { what: &'static str, name: String },
    /// A rule that no criterion names.
    Unaccounted { rule: String },
    /// A rule that runs in Rhai itself.
    ScriptedRule { rule: String, construct: String },
    /// A rule that no patient makes fire.
    NeverFires { rule: String, clash: Clash },
    /// A rule that every patient makes fire, with the parts of its script of which one always holds.
    AlwaysFires { rule: String, parts: Vec<String> },
    /// Two rules that come to the same for every patient.
    SameRule { rule: String, other: String },
    /// Rules that leave nobody to treat.
    NoCandidate { rules: Vec<String>, clash: Option<Clash> },
    /// A rule that fires only where a heavier one does.
    ImpliedRule { rule: String, by: String },
    /// A part of a script, or of a guard, that changes nothing.
    IdleClause { rule: String, part: String, guard: bool },
    /// Values of a fact that no rule tells apart, in groups.
    AlikeValues { fact: String, values: Vec<Vec<String>> },
    /// A fact of which no rule tells any values apart.
    AlikeShown { fact: String },
    /// Classes that no rule tells from anything else.
    AlikeClasses { vocabulary: String, classes: Vec<String> },
}

impl Mistake {
    /// A script, or a part of one, of the wrong type.
    pub fn script_type(what: &str, given: &str, accepted: &str) -> Mistake {
        Mistake::ScriptType { what: what.to_owned(), given: given.to_owned(), accepted: accepted.to_owned() }
    }

    /// The name that is not there or not what it is used for: all its uses are one mistake.
    pub fn missing_name(&self) -> Option<(Code, &str, &str)> {
        match self {
            Mistake::Unknown { thing, name, .. } => match thing {
                Thing::Name | Thing::Fact => Some((Code::UnknownName, "", name)),
                Thing::Field(of) | Thing::Term(of) | Thing::Class(of) => Some((self.code(), of, name)),
                Thing::Setting | Thing::Source | Thing::Vocabulary | Thing::Rule => Some((self.code(), "", name)),
            },
            Mistake::NoAge { setting: name, .. } | Mistake::UnknownFunction { name, .. } => {
                Some((self.code(), "", name))
            }
            _ => None,
        }
    }

    /// The stable code.
    pub fn code(&self) -> Code {
        match self {
            Mistake::TomlSyntax { .. } => Code::TomlSyntax,
            Mistake::DuplicateKey { .. } => Code::DuplicateKey,
            Mistake::MissingFile { .. } => Code::MissingFile,
            Mistake::BaseCycle { .. } => Code::BaseCycle,
            Mistake::UnknownDrop { .. } => Code::UnknownDrop,
            Mistake::UnknownKey { .. } => Code::UnknownKey,
            Mistake::MissingKey { .. } => Code::MissingKey,
            Mistake::WrongType { .. } => Code::WrongType,
            Mistake::BadView { .. } => Code::BadView,
            Mistake::NotOneOf { .. } => Code::UnknownValue,
            Mistake::Misplaced { .. } => Code::MisplacedKey,
            Mistake::Duplicate { .. } | Mistake::SharedName { .. } => Code::DuplicateName,
            Mistake::BadName { .. } => Code::BadName,
            Mistake::Unknown { thing, .. } => match thing {
                Thing::Name => Code::UnknownName,
                Thing::Fact => Code::UnknownFact,
                Thing::Field(_) => Code::UnknownField,
                Thing::Setting => Code::UnknownSetting,
                Thing::Source => Code::UnknownSource,
                Thing::Class(_) => Code::UnknownClass,
                Thing::Term(_) => Code::UnknownTerm,
                Thing::Vocabulary => Code::UnknownVocabulary,
                Thing::Rule => Code::UnknownRule,
            },
            Mistake::Unquoted { .. } => Code::UnknownName,
            Mistake::AsksUnknown { .. } => Code::AsksUnknown,
            Mistake::Character { .. } => Code::ScriptType,
            Mistake::Empty { .. } => Code::MissingKey,
            Mistake::NoAge { .. } => Code::WrongType,
            Mistake::HelperScope { .. } => Code::HelperScope,
            Mistake::BadUnit { .. } => Code::UnknownUnit,
            Mistake::ConceptCycle { .. } => Code::ConceptCycle,
            Mistake::DerivedCycle { .. } => Code::DerivedCycle,
            Mistake::Effects { .. } => Code::OneEffect,
            Mistake::ScriptSyntax { .. } => Code::ScriptSyntax,
            Mistake::ScriptType { .. } => Code::ScriptType,
            Mistake::Operands { .. } => Code::OperandTypes,
            Mistake::Units { .. } => Code::UnitMismatch,
            Mistake::UnitProduct { .. } => Code::UnitProduct,
            Mistake::IntegerDivision => Code::IntegerDivision,
            Mistake::ClassCompared { .. } => Code::ClassCompared,
            Mistake::ChainedComparison => Code::ChainedComparison,
            Mistake::NotIn => Code::NotIn,
            Mistake::Assignment { .. } => Code::Assignment,
            Mistake::OutOfRange { .. } => Code::OutOfRange,
            Mistake::EmptyRange { .. } => Code::EmptyRange,
            Mistake::UnknownFunction { .. } => Code::UnknownFunction,
            Mistake::Arguments { .. } => Code::WrongArguments,
            Mistake::MustLower { .. } => Code::MustLower,
            Mistake::TooLarge { .. } => Code::ScriptTooLarge,
            Mistake::OpenBrace => Code::OpenBrace,
            Mistake::Unused { .. } => Code::Unused,
            Mistake::Unaccounted { .. } => Code::UnaccountedRule,
            Mistake::ScriptedRule { .. } => Code::ScriptedRule,
            Mistake::NeverFires { .. } => Code::NeverFires,
            Mistake::AlwaysFires { .. } => Code::AlwaysFires,
            Mistake::SameRule { .. } => Code::SameRule,
            Mistake::NoCandidate { .. } => Code::NoCandidate,
            Mistake::ImpliedRule { .. } => Code::ImpliedRule,
            Mistake::IdleClause { .. } => Code::IdleClause,
            Mistake::AlikeValues { .. } | Mistake::AlikeShown { .. } | Mistake::AlikeClasses { .. } => {
                Code::AlikeValues
            }
        }
    }

    /// What is wrong, in the author's words.
    pub fn message(&self) -> String {
        match self {
            Mistake::NeverFires { rule, clash } => format!("the rule `{rule}` can never fire: {}", clash.show()),
            Mistake::AlwaysFires { rule, parts } if parts.is_empty() => {
                format!("the rule `{rule}` always fires, whoever the patient is")
            }
            Mistake::AlwaysFires { rule, parts } => {
                let parts: Vec<String> = parts.iter().map(|part| format!("`{part}`")).collect();
                format!("the rule `{rule}` always fires: {} always holds", listed(&parts, "or"))
            }
            Mistake::SameRule { rule, other } => {
                format!("the rule `{rule}` comes to the same as `{other}` for every patient")
            }
            Mistake::NoCandidate { rules, clash } => {
                let names: Vec<String> = rules.iter().map(|rule| format!("`{rule}`")).collect();
                let (rules, clear) = match rules.len() {
                    1 => ("rule", "nobody is clear of it"),
                    2 => ("rules", "where one is clear the other fires"),
                    _ => ("rules", "nobody is clear of all of them"),
                };
                let leave = if rules == "rule" { "leaves" } else { "leave" };
                let why = clash.as_ref().map(|clash| format!(", for {}", clash.show())).unwrap_or_default();
                format!("the {rules} {} {leave} nobody to treat: {clear}{why}", listed(&names, "and"))
            }
            Mistake::ImpliedRule { rule, by } => {
                format!("wherever the rule `{rule}` fires, the heavier rule `{by}` fires, too")
            }
            Mistake::AlikeValues { fact, values } => {
                let groups: Vec<String> = values.iter().map(|group| group.join(", ")).collect();
                format!("no rule tells these values of `{fact}` apart: {}", groups.join("; nor these: "))
            }
            Mistake::AlikeShown { fact } => format!("no rule tells any values of `{fact}` apart"),
            Mistake::AlikeClasses { vocabulary, classes } => {
                let classes: Vec<String> = classes.iter().map(|class| format!("`{class}`")).collect();
                format!("no rule asks about these classes of `{vocabulary}`: {}", classes.join(", "))
            }
            Mistake::IdleClause { rule, part, guard } => {
                format!("`{part}` changes nothing in the {} of `{rule}`", if *guard { "guard" } else { "script" })
            }
            Mistake::TomlSyntax { message, .. } | Mistake::ScriptSyntax { message, .. } => message.clone(),
            Mistake::DuplicateKey { key } => format!("`{key}` is given twice"),
            Mistake::MissingFile { path, why } => format!("`{path}` cannot be read: {why}"),
            Mistake::BaseCycle { path } => format!("the pack stands on itself through `{path}`"),
            Mistake::UnknownDrop { name, .. } => format!("the base has nothing named `{name}` to drop"),
            Mistake::UnknownKey { key, of, .. } => format!("`{key}` means nothing in a {of}"),
            Mistake::MissingKey { key, of, .. } => format!("{of} has no `{key}`"),
            Mistake::WrongType { what, given, .. } => format!("`{what}` does not take {given}"),
            Mistake::BadView { message } => format!("in a view, {message}"),
            Mistake::NotOneOf { what, given, .. } => format!("`{given}` is no value of `{what}`"),
            Mistake::Misplaced { key, why } => format!("`{key}` has no place here: {why}"),
            Mistake::Duplicate { what, name } => format!("the {what} `{name}` is defined twice"),
            Mistake::SharedName { name, other } => format!("`{name}` is a name of `{other}` already"),
            Mistake::BadName { what, name, why } => format!("`{name}` cannot name a {what}: {why}"),
            Mistake::Unknown { thing, name, .. } => match thing {
                Thing::Name => format!("there is no fact or setting `{name}`"),
                Thing::Fact => format!("there is no fact `{name}`"),
                Thing::Field(list) => format!("a record of `{list}` has no field `{name}`"),
                Thing::Setting => format!("there is no setting `{name}`"),
                Thing::Source => format!("there is no source `{name}`"),
                Thing::Class(vocabulary) => format!("the vocabulary `{vocabulary}` has no class `{name}`"),
                Thing::Term(vocabulary) => format!("the vocabulary `{vocabulary}` has no term or class `{name}`"),
                Thing::Vocabulary => format!("there is no vocabulary `{name}`"),
                Thing::Rule => format!("there is no rule `{name}`"),
            },
            Mistake::Unquoted { name } => format!("there is no fact or setting `{name}`"),
            Mistake::AsksUnknown { word } => {
                format!("`{word}` is no value: whether a fact is known cannot be asked")
            }
            Mistake::Character { c } => format!("'{c}' is a single character, and no fact holds one"),
            Mistake::Empty { key, .. } => format!("`{key}` says nothing"),
            Mistake::NoAge { setting, given } => format!("`max_age` needs days, and `{setting}` is {given}"),
            Mistake::HelperScope { name } => {
                format!("a helper sees its parameters only, and `{name}` is none of them")
            }
            Mistake::BadUnit { unit } => format!("`{unit}` is no unit"),
            Mistake::ConceptCycle { names } if names.len() == 1 => format!("`{}` belongs to itself", names[0]),
            Mistake::ConceptCycle { names } => format!("these belong to each other: {}", names.join(", ")),
            Mistake::DerivedCycle { names } if names.len() == 1 => format!("`{}` is computed from itself", names[0]),
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
            Mistake::ClassCompared { name } => format!("`{name}` stands for several terms, and `==` takes one of them"),
            Mistake::ChainedComparison => "a comparison is compared: `a < b < c` does not mean a range".into(),
            Mistake::NotIn => "`!x in y` means `(!x) in y`".into(),
            Mistake::Assignment { name } => {
                format!("`=` would give `{name}` a new value, and a fact has the one it has")
            }
            Mistake::OutOfRange { what, said, always, .. } => {
                format!("`{what} {said}` is {} true", if *always { "always" } else { "never" })
            }
            Mistake::EmptyRange { low, high } => format!("nothing lies between {low} and {high}"),
            Mistake::UnknownFunction { name, .. } => format!("there is no function `{name}`"),
            Mistake::Arguments { name, .. } => format!("`{name}` does not take these arguments"),
            Mistake::MustLower { what, construct } => format!("{what} cannot use {construct}"),
            Mistake::TooLarge { limit } => {
                format!("written out with its helpers the script has more than {limit} parts")
            }
            Mistake::OpenBrace => "a brace without its other half".into(),
            Mistake::Unused { what, name } => format!("no rule needs the {what} `{name}`"),
            Mistake::Unaccounted { rule } => format!("no criterion names the rule `{rule}`"),
            Mistake::ScriptedRule { rule, construct } => {
                format!("`{rule}` runs as a script, because it uses {construct}")
            }
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        let near = |names: &[String], otherwise: &str| match names {
            [] => otherwise.to_owned(),
            names => format!("did you mean `{}`?", names.join("` or `")),
        };
        Some(match self {
            Mistake::TomlSyntax { help, .. } => return help.map(String::from),
            Mistake::ScriptSyntax { help, .. } => help.clone(),
            Mistake::DuplicateKey { .. } => "keep one of the two".into(),
            Mistake::MissingFile { .. } => {
                "a pack is a folder with pack.toml, facts.toml, rules.toml and the vocabulary files that pack.toml names"
                    .into()
            }
            Mistake::BaseCycle { .. } => "a base must not build on the pack that builds on it".into(),
            Mistake::UnknownDrop { nearest, .. } => {
                near(nearest, "`drop` lists names of what the base defines, such as ids of rules and facts")
            }
            Mistake::UnknownKey { home: Some(home), .. } => format!("it belongs in {home}"),
            Mistake::UnknownKey { accepted, nearest, .. } => {
                near(nearest, &format!("accepted: {}", accepted.join(", ")))
            }
            Mistake::MissingKey { help, .. } => (*help).into(),
            Mistake::WrongType { accepted, .. } | Mistake::ScriptType { accepted, .. } => {
                format!("it takes {accepted}")
            }
            Mistake::NotOneOf { accepted, nearest, .. } => match &nearest[..] {
                [] => format!("accepted: {}", accepted.join(", ")),
                names => format!("did you mean `{}`? accepted: {}", names.join("` or `"), accepted.join(", ")),
            },
            Mistake::BadView { .. } => "views are written as SQL on FHIR says, with the paths of shareable views".into(),
            Mistake::Misplaced { .. } => "leave it out".into(),
            Mistake::Duplicate { .. } | Mistake::SharedName { .. } => "rename one or leave it out".into(),
            Mistake::BadName { .. } => "choose another name".into(),
            Mistake::Unknown { nearest, thing, .. } => near(nearest, thing.advice()),
            Mistake::Unquoted { name } => format!("a text stands in double quotes: write \"{name}\""),
            Mistake::AsksUnknown { .. } => {
                "leave it out: a rule whose facts are unknown is unknown by itself, and asks for them".into()
            }
            Mistake::Character { c } => format!("write \"{c}\", in double quotes"),
            Mistake::Empty { help, .. } => (*help).into(),
            Mistake::NoAge { .. } => "name a setting that is a whole number of days, with unit = \"d\"".into(),
            Mistake::HelperScope { name } => format!("add a parameter, and pass `{name}` where the helper is called"),
            Mistake::BadUnit { .. } => "write the UCUM code, such as mg/dL, 10*9/L or d".into(),
            Mistake::ConceptCycle { .. } => "`is` leads from a narrower term to a broader one".into(),
            Mistake::DerivedCycle { .. } => "a derived fact is computed from facts that do not need it".into(),
            Mistake::Effects { given } if given.is_empty() => {
                "give the script under the key that says what it does: exclude, require, defer, caution or note".into()
            }
            Mistake::Effects { .. } => "make a rule for each: a rule has one of exclude, require, defer, caution, note".into(),
            Mistake::Operands { help, .. } => help.clone(),
            Mistake::Units { .. } => "compare quantities of one unit; a plain number takes the unit of the other side".into(),
            Mistake::UnitProduct { .. } => "multiply or divide by a plain number, or divide like by like".into(),
            Mistake::IntegerDivision => "write one of them with a point, such as 2.0".into(),
            Mistake::ClassCompared { name } => format!("write `x.is_a(\"{name}\")`"),
            Mistake::ChainedComparison => "write `a < b && b < c`, or `between(b, a, c)`".into(),
            Mistake::NotIn => "write `!(x in y)` or `x !in y`".into(),
            Mistake::Assignment { .. } => "write `==` to compare".into(),
            Mistake::OutOfRange { accepted, .. } => {
                format!("the dictionary accepts {accepted}")
            }
            Mistake::EmptyRange { .. } => "write `between(x, low, high)`, the lower end first".into(),
            Mistake::UnknownFunction { name, nearest } => {
                if let Some(own) = instead(name) {
                    return Some(format!("write {own}"));
                }
                near(nearest, "use a function of the language, or write a `fn` in a .rhai file of the pack")
            }
            Mistake::Arguments { accepted, .. } => format!("write {accepted}"),
            Mistake::MustLower { .. } => {
                "use comparisons, arithmetic, &&, ||, !, in, if/else, let, the functions and helpers of these".into()
            }
            Mistake::TooLarge { .. } => "split the rule, or simplify its helpers".into(),
            Mistake::OpenBrace => "write `{fact}`, or `{{` and `}}` for braces themselves".into(),
            Mistake::Unused { what: "class", .. } => "ask for it with `is_a`, or leave it out".into(),
            Mistake::Unused { what: "fact", .. } => {
                "use it, or leave it out: a coordinator would be asked for nothing".into()
            }
            Mistake::Unused { .. } => "use it, or leave it out".into(),
            Mistake::Unaccounted { .. } => {
                "name it in criteria.toml under `rules` of the criterion that it decides".into()
            }
            Mistake::NeverFires { clash, .. } if clash.is_of_guard() => "widen the guard, or leave the rule out".into(),
            Mistake::NeverFires { .. } => {
                "see which of these was meant otherwise, or leave the rule out".into()
            }
            Mistake::AlwaysFires { .. } => {
                "look for parts of the script of which one is always true, such as bounds that leave no gap".into()
            }
            Mistake::SameRule { .. } => "leave one out, and let the other cite both sources".into(),
            Mistake::NoCandidate { .. } => "one of them asks for the opposite of what it means".into(),
            Mistake::ImpliedRule { .. } => "it never decides; leave it out, or narrow the heavier rule".into(),
            Mistake::AlikeValues { .. } => {
                "it may be meant; else write the rule that is missing, or make one value of them".into()
            }
            Mistake::AlikeShown { .. } => {
                "it may be there to be shown; else write the rule that is missing, or leave it out".into()
            }
            Mistake::AlikeClasses { .. } => {
                "it may be meant; else write the rule that is missing, or leave them out".into()
            }
            Mistake::IdleClause { .. } => "leave it out, or see whether it was meant otherwise".into(),
            Mistake::ScriptedRule { construct, .. } if construct == "`switch`" => {
                "it works, but a misspelt case is not found out, and whatever it touches must be wholly known, else its result is unknown; write conditions with == and in instead where you can"
                    .into()
            }
            Mistake::ScriptedRule { .. } => {
                "it works, but whatever it touches must be wholly known, else its result is unknown; it cannot be explained clause by clause, covered, mutated, compared or exported"
                    .into()
            }
        })
    }
}

impl Thing {
    /// What to do where no name is near.
    fn advice(&self) -> &'static str {
        match self {
            Thing::Name => "a script names facts of facts.toml and settings of pack.toml",
            Thing::Fact => "define it in facts.toml, or name one that is there",
            Thing::Field(_) => "the fields stand in facts.toml under [fact.NAME.field.FIELD]",
            Thing::Setting => "define it in pack.toml under [setting.NAME], or name one that is there",
            Thing::Source => "declare it in pack.toml under [source.NAME], or cite one that is there",
            Thing::Class(_) => "define it in the vocabulary under [class.NAME], or name one that is there",
            Thing::Term(_) => "add it to the vocabulary's file, or name one that is there",
            Thing::Vocabulary => "name its file in pack.toml under [vocabulary]",
            Thing::Rule => "name the id of a rule in rules.toml",
        }
    }
}
