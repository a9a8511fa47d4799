//! The stable codes of what a check may find, each with an explanation that holds a wrong and a right example.

/// How much something found weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The pack cannot be used.
    Error,
    /// Worth knowing; the pack can be used.
    Note,
}

impl Severity {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Note => "note",
        }
    }
}

/// The stable name of a kind of mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// A file is no TOML.
    TomlSyntax,
    /// A key or table stands twice.
    DuplicateKey,
    /// A file that is needed cannot be read.
    MissingFile,
    /// A pack stands on itself.
    BaseCycle,
    /// `drop` names what the base does not have.
    UnknownDrop,
    /// A key means nothing where it stands.
    UnknownKey,
    /// A key is needed.
    MissingKey,
    /// A value is of the wrong type.
    WrongType,
    /// A word is none of those allowed.
    UnknownValue,
    /// A key makes no sense beside the others.
    MisplacedKey,
    /// Two things bear one name.
    DuplicateName,
    /// A name that cannot be had.
    BadName,
    /// A script or a brace names nothing.
    UnknownName,
    /// No such fact.
    UnknownFact,
    /// No such field of a record.
    UnknownField,
    /// No such setting.
    UnknownSetting,
    /// No such source.
    UnknownSource,
    /// No such class.
    UnknownClass,
    /// A vocabulary has no such term or class.
    UnknownTerm,
    /// No such vocabulary.
    UnknownVocabulary,
    /// A view of a mapping is none.
    BadView,
    /// A script asks whether a fact is known.
    AsksUnknown,
    /// No such rule.
    UnknownRule,
    /// No criterion names a rule.
    UnaccountedRule,
    /// A helper reads more than its parameters.
    HelperScope,
    /// No such unit.
    UnknownUnit,
    /// Terms belong to each other.
    ConceptCycle,
    /// Derived facts need each other.
    DerivedCycle,
    /// A rule has several effects or none.
    OneEffect,
    /// A script cannot be read.
    ScriptSyntax,
    /// A script gives the wrong kind of value.
    ScriptType,
    /// Operands do not go together.
    OperandTypes,
    /// Quantities in different units.
    UnitMismatch,
    /// A product without a known unit.
    UnitProduct,
    /// `/` between whole numbers.
    IntegerDivision,
    /// A class is compared with `==`.
    ClassCompared,
    /// `a < b < c`.
    ChainedComparison,
    /// `!x in y`.
    NotIn,
    /// `=` where `==` is meant.
    Assignment,
    /// A constant that a fact never reaches.
    OutOfRange,
    /// `between` with its ends the wrong way round.
    EmptyRange,
    /// No such function.
    UnknownFunction,
    /// A function is called with what it does not take.
    WrongArguments,
    /// A script uses what it may not use there.
    MustLower,
    /// A script grows too large.
    ScriptTooLarge,
    /// A brace without its other half.
    OpenBrace,
    /// A definition that nothing uses.
    Unused,
    /// A rule runs in Rhai itself.
    ScriptedRule,
    /// A rule that no patient makes fire.
    NeverFires,
    /// A rule that every patient makes fire.
    AlwaysFires,
    /// Two rules that come to the same for every patient.
    SameRule,
    /// Rules that leave nobody to treat.
    NoCandidate,
    /// A rule that fires only where a heavier one does.
    ImpliedRule,
    /// A part of a script that changes nothing.
    IdleClause,
    /// Values of a fact that no rule tells apart.
    AlikeValues,
}

impl Code {
    /// Every code.
    pub const ALL: [Code; 55] = [
        Code::TomlSyntax,
        Code::DuplicateKey,
        Code::MissingFile,
        Code::BaseCycle,
        Code::UnknownDrop,
        Code::UnknownKey,
        Code::MissingKey,
        Code::WrongType,
        Code::UnknownValue,
        Code::MisplacedKey,
        Code::DuplicateName,
        Code::BadName,
        Code::UnknownName,
        Code::UnknownFact,
        Code::UnknownField,
        Code::UnknownSetting,
        Code::UnknownSource,
        Code::UnknownClass,
        Code::UnknownTerm,
        Code::UnknownVocabulary,
        Code::BadView,
        Code::AsksUnknown,
        Code::UnknownRule,
        Code::UnaccountedRule,
        Code::HelperScope,
        Code::UnknownUnit,
        Code::ConceptCycle,
        Code::DerivedCycle,
        Code::OneEffect,
        Code::ScriptSyntax,
        Code::ScriptType,
        Code::OperandTypes,
        Code::UnitMismatch,
        Code::UnitProduct,
        Code::IntegerDivision,
        Code::ClassCompared,
        Code::ChainedComparison,
        Code::NotIn,
        Code::Assignment,
        Code::OutOfRange,
        Code::EmptyRange,
        Code::UnknownFunction,
        Code::WrongArguments,
        Code::MustLower,
        Code::ScriptTooLarge,
        Code::OpenBrace,
        Code::Unused,
        Code::ScriptedRule,
        Code::NeverFires,
        Code::AlwaysFires,
        Code::SameRule,
        Code::NoCandidate,
        Code::ImpliedRule,
        Code::IdleClause,
        Code::AlikeValues,
    ];

    /// The code as it is written.
    pub fn word(self) -> &'static str {
        match self {
            Code::TomlSyntax => "toml-syntax",
            Code::DuplicateKey => "duplicate-key",
            Code::MissingFile => "missing-file",
            Code::BaseCycle => "base-cycle",
            Code::UnknownDrop => "unknown-drop",
            Code::UnknownKey => "unknown-key",
            Code::MissingKey => "missing-key",
            Code::WrongType => "wrong-type",
            Code::UnknownValue => "unknown-value",
            Code::MisplacedKey => "misplaced-key",
            Code::DuplicateName => "duplicate-name",
            Code::BadName => "bad-name",
            Code::UnknownName => "unknown-name",
            Code::UnknownFact => "unknown-fact",
            Code::UnknownField => "unknown-field",
            Code::UnknownSetting => "unknown-setting",
            Code::UnknownSource => "unknown-source",
            Code::UnknownClass => "unknown-class",
            Code::UnknownTerm => "unknown-term",
            Code::UnknownVocabulary => "unknown-vocabulary",
            Code::BadView => "bad-view",
            Code::AsksUnknown => "asks-unknown",
            Code::UnknownRule => "unknown-rule",
            Code::UnaccountedRule => "unaccounted-rule",
            Code::HelperScope => "helper-scope",
            Code::UnknownUnit => "unknown-unit",
            Code::ConceptCycle => "concept-cycle",
            Code::DerivedCycle => "derived-cycle",
            Code::OneEffect => "one-effect",
            Code::ScriptSyntax => "script-syntax",
            Code::ScriptType => "script-type",
            Code::OperandTypes => "operand-types",
            Code::UnitMismatch => "unit-mismatch",
            Code::UnitProduct => "unit-product",
            Code::IntegerDivision => "integer-division",
            Code::ClassCompared => "class-compared",
            Code::ChainedComparison => "chained-comparison",
            Code::NotIn => "not-in",
            Code::Assignment => "assignment",
            Code::OutOfRange => "out-of-range",
            Code::EmptyRange => "empty-range",
            Code::UnknownFunction => "unknown-function",
            Code::WrongArguments => "wrong-arguments",
            Code::MustLower => "must-lower",
            Code::ScriptTooLarge => "script-too-large",
            Code::OpenBrace => "open-brace",
            Code::Unused => "unused",
            Code::ScriptedRule => "scripted-rule",
            Code::NeverFires => "never-fires",
            Code::AlwaysFires => "always-fires",
            Code::SameRule => "same-rule",
            Code::NoCandidate => "no-candidate",
            Code::ImpliedRule => "implied-rule",
            Code::IdleClause => "idle-clause",
            Code::AlikeValues => "alike-values",
        }
    }

    /// How much it weighs.
    pub fn severity(self) -> Severity {
        match self {
            Code::Unused | Code::ScriptedRule | Code::ImpliedRule | Code::IdleClause | Code::AlikeValues => {
                Severity::Note
            }
            _ => Severity::Error,
        }
    }

    /// What it means at length, with a wrong and a right example.
    pub fn explanation(self) -> &'static str {
        match self {
            Code::TomlSyntax => include_str!("../../docs/codes/toml-syntax.md"),
            Code::DuplicateKey => include_str!("../../docs/codes/duplicate-key.md"),
            Code::MissingFile => include_str!("../../docs/codes/missing-file.md"),
            Code::BaseCycle => include_str!("../../docs/codes/base-cycle.md"),
            Code::UnknownDrop => include_str!("../../docs/codes/unknown-drop.md"),
            Code::UnknownKey => include_str!("../../docs/codes/unknown-key.md"),
            Code::MissingKey => include_str!("../../docs/codes/missing-key.md"),
            Code::WrongType => include_str!("../../docs/codes/wrong-type.md"),
            Code::UnknownValue => include_str!("../../docs/codes/unknown-value.md"),
            Code::MisplacedKey => include_str!("../../docs/codes/misplaced-key.md"),
            Code::DuplicateName => include_str!("../../docs/codes/duplicate-name.md"),
            Code::BadName => include_str!("../../docs/codes/bad-name.md"),
            Code::UnknownName => include_str!("../../docs/codes/unknown-name.md"),
            Code::UnknownFact => include_str!("../../docs/codes/unknown-fact.md"),
            Code::UnknownField => include_str!("../../docs/codes/unknown-field.md"),
            Code::UnknownSetting => include_str!("../../docs/codes/unknown-setting.md"),
            Code::UnknownSource => include_str!("../../docs/codes/unknown-source.md"),
            Code::UnknownClass => include_str!("../../docs/codes/unknown-class.md"),
            Code::UnknownTerm => include_str!("../../docs/codes/unknown-term.md"),
            Code::UnknownVocabulary => include_str!("../../docs/codes/unknown-vocabulary.md"),
            Code::BadView => include_str!("../../docs/codes/bad-view.md"),
            Code::AsksUnknown => include_str!("../../docs/codes/asks-unknown.md"),
            Code::UnknownRule => include_str!("../../docs/codes/unknown-rule.md"),
            Code::UnaccountedRule => include_str!("../../docs/codes/unaccounted-rule.md"),
            Code::HelperScope => include_str!("../../docs/codes/helper-scope.md"),
            Code::UnknownUnit => include_str!("../../docs/codes/unknown-unit.md"),
            Code::ConceptCycle => include_str!("../../docs/codes/concept-cycle.md"),
            Code::DerivedCycle => include_str!("../../docs/codes/derived-cycle.md"),
            Code::OneEffect => include_str!("../../docs/codes/one-effect.md"),
            Code::ScriptSyntax => include_str!("../../docs/codes/script-syntax.md"),
            Code::ScriptType => include_str!("../../docs/codes/script-type.md"),
            Code::OperandTypes => include_str!("../../docs/codes/operand-types.md"),
            Code::UnitMismatch => include_str!("../../docs/codes/unit-mismatch.md"),
            Code::UnitProduct => include_str!("../../docs/codes/unit-product.md"),
            Code::IntegerDivision => include_str!("../../docs/codes/integer-division.md"),
            Code::ClassCompared => include_str!("../../docs/codes/class-compared.md"),
            Code::ChainedComparison => include_str!("../../docs/codes/chained-comparison.md"),
            Code::NotIn => include_str!("../../docs/codes/not-in.md"),
            Code::Assignment => include_str!("../../docs/codes/assignment.md"),
            Code::OutOfRange => include_str!("../../docs/codes/out-of-range.md"),
            Code::EmptyRange => include_str!("../../docs/codes/empty-range.md"),
            Code::UnknownFunction => include_str!("../../docs/codes/unknown-function.md"),
            Code::WrongArguments => include_str!("../../docs/codes/wrong-arguments.md"),
            Code::MustLower => include_str!("../../docs/codes/must-lower.md"),
            Code::ScriptTooLarge => include_str!("../../docs/codes/script-too-large.md"),
            Code::OpenBrace => include_str!("../../docs/codes/open-brace.md"),
            Code::Unused => include_str!("../../docs/codes/unused.md"),
            Code::ScriptedRule => include_str!("../../docs/codes/scripted-rule.md"),
            Code::NeverFires => include_str!("../../docs/codes/never-fires.md"),
            Code::AlwaysFires => include_str!("../../docs/codes/always-fires.md"),
            Code::SameRule => include_str!("../../docs/codes/same-rule.md"),
            Code::NoCandidate => include_str!("../../docs/codes/no-candidate.md"),
            Code::ImpliedRule => include_str!("../../docs/codes/implied-rule.md"),
            Code::IdleClause => include_str!("../../docs/codes/idle-clause.md"),
            Code::AlikeValues => include_str!("../../docs/codes/alike-values.md"),
        }
    }
}
