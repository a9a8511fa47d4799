//! What the files of a pack may hold, as data: every table with its keys. What the loaders accept, what an editor
//! offers and what is said about a key all come from here, so that they cannot differ.

use crate::model::dictionary::Effort;

/// A key of a table.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// Whether the table is nothing without it.
    pub required: bool,
    /// What it takes.
    pub form: Form,
    /// What it is for, in a line.
    pub about: &'static str,
}

/// What a key takes.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// A text.
    Text,
    /// A text that may name facts in braces.
    Sentence,
    /// A Rhai script, as a text.
    Script,
    /// A UCUM code, as a text.
    Unit,
    /// A number.
    Number,
    /// A number, or true or false.
    Value,
    /// A date, or a text that says roughly when.
    When,
    /// A number; of a date a date or `as_of`.
    Limit,
    /// Two numbers, low and high.
    Range,
    /// One of a few words.
    Word(&'static [&'static str]),
    /// A list of texts.
    Texts,
    /// A table of texts, each under a name.
    NamedTexts,
    /// A table of tables, each under a name.
    Named(&'static [Key]),
    /// A table of tables, each under a name that scripts use.
    Variables(&'static [Key]),
    /// A list of tables.
    List(&'static [Key]),
    /// A part of a view, as a ViewDefinition has it.
    View(ViewPart),
    /// Lists of codes by system.
    Codes,
    /// What codes mean, by system and code.
    Meanings,
    /// What words mean.
    Words,
    /// A value of a fact.
    Literal,
    /// Fields by name, each a column or a table with these keys.
    Fields(&'static [Key]),
}

/// The parts of a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewPart {
    /// `constant`
    Constants,
    /// `where`
    Filters,
    /// `select`
    Selects,
}

/// The types of facts; a field is no list, and a derived fact neither list nor term.
pub const TYPES: [&str; 7] = ["bool", "integer", "number", "date", "choice", "term", "list"];
const FIELD_TYPES: &[&str] = TYPES.split_at(6).0;
const DERIVED_TYPES: &[&str] = TYPES.split_at(5).0;
/// What holds of a yes or no that is reported and computed.
pub const REPORTED: [&str; 1] = ["stands"];
const EFFORTS: [&str; 4] = [Effort::Ask.word(), Effort::Record.word(), Effort::Lab.word(), Effort::Test.word()];

/// `pack.toml`.
pub const MANIFEST: &[Key] = &[
    needed("id", Form::Text, "A short name for the pack, such as `aldesleukin`"),
    needed("title", Form::Text, "What the pack decides, in a line"),
    needed("version", Form::Text, "The pack's version, such as `1.0.0`"),
    key("notice", Form::Text, "What a reader must know before trusting a verdict; a base passes its own on"),
    key("base", Form::Text, "The folder of the pack that this one builds on, such as `../aldesleukin`"),
    key("drop", Form::Texts, "What to leave out of the base, by name: rules, facts, settings, sources, terms …"),
    key("vocabulary", Form::NamedTexts, "The vocabularies, each with its file: `drug = \"drugs.toml\"`"),
    key("source", Form::Named(SOURCE), "The documents that rules rest on, by the name that `cite` uses"),
    key("setting", Form::Variables(SETTING), "Policy values with their reasons, by the name that scripts use"),
];

/// `[source.NAME]`.
pub const SOURCE: &[Key] = &[
    needed("title", Form::Text, "The title of the document"),
    needed("kind", Form::Text, "What kind of document it is, such as `label`"),
    key("date", Form::When, "When it was published, such as `2023-09-01`"),
    key("url", Form::Text, "Where to find it"),
];

/// `[setting.NAME]`.
pub const SETTING: &[Key] = &[
    needed("value", Form::Value, "The value: a number, or true or false"),
    key("unit", Form::Unit, "The unit of the value, as a UCUM code such as `d` (days)"),
    needed("why", Form::Text, "The reason for the value, and whether it is policy"),
];

/// `facts.toml`.
pub const DICTIONARY: &[Key] = &[
    key("fact", Form::Variables(FACT), "The facts a referral may state, by the name that scripts use"),
    key("derived", Form::Variables(DERIVED), "Facts that scripts compute from others, by name"),
    key("conflict", Form::List(CONFLICT), "Facts that cannot be true together, each under `[[conflict]]`"),
];

/// `[fact.NAME]`.
pub const FACT: &[Key] = &[
    needed("type", Form::Word(&TYPES), "The type of its values; a `list` takes `of`, `values` or fields"),
    key("values", Form::Texts, VALUES),
    key("of", Form::Text, OF),
    key("unit", Form::Unit, UNIT),
    key("molar_mass", Form::Number, MOLAR_MASS),
    key("range", Form::Range, RANGE),
    key("min", Form::Limit, MIN),
    key("max", Form::Limit, MAX),
    key("max_age", Form::Text, "The setting that says how many days a result stays valid, by name"),
    key("effort", Form::Word(&EFFORTS), EFFORT),
    needed("label", Form::Text, LABEL),
    needed("question", Form::Text, QUESTION),
    needed("group", Form::Text, GROUP),
    key("field", Form::Variables(FIELD), "The fields of a list of records, each under `[fact.NAME.field.FIELD]`"),
];

/// `[fact.NAME.field.FIELD]`.
pub const FIELD: &[Key] = &[
    needed("type", Form::Word(FIELD_TYPES), "The type of its values"),
    key("values", Form::Texts, VALUES),
    key("of", Form::Text, OF),
    key("unit", Form::Unit, UNIT),
    key("molar_mass", Form::Number, MOLAR_MASS),
    key("min", Form::Limit, MIN),
    key("max", Form::Limit, MAX),
    key("label", Form::Text, LABEL),
    needed("question", Form::Text, QUESTION),
];

/// `[derived.NAME]`.
pub const DERIVED: &[Key] = &[
    needed("type", Form::Word(DERIVED_TYPES), "The type of what the script computes"),
    key("values", Form::Texts, VALUES),
    key("unit", Form::Unit, UNIT),
    needed("value", Form::Script, "The script that computes it, such as `years_since(birth_date)`"),
    needed("label", Form::Text, LABEL),
    key("question", Form::Text, QUESTION),
    key("group", Form::Text, GROUP),
    key("tolerance", Form::Number, TOLERANCE),
    key("reported", Form::Word(&REPORTED), REPORTED_ABOUT),
    key("range", Form::Range, RANGE),
    key("min", Form::Limit, MIN),
    key("max", Form::Limit, MAX),
    key("effort", Form::Word(&EFFORTS), EFFORT),
];

const VALUES: &str = "The values of a choice, or of a list of choices, such as `[\"normal\", \"abnormal\"]`";
const OF: &str = "The vocabulary that its terms come from, as `pack.toml` names it";
const UNIT: &str = "The unit that values are held in, as a UCUM code such as `mg/dL`; others are converted to it";
const MOLAR_MASS: &str = "Grams a mole, so that mass and molar units convert, such as `113.12` for creatinine";
const RANGE: &str = "The normal range, low and high, in its unit or as settings by name; a result may carry its own";
const MIN: &str = "The smallest plausible value, in its unit, or the earliest date; one below it is an input error";
const MAX: &str =
    "The largest plausible value, in its unit, or the latest date (`as_of`); one above it is an input error";
const EFFORT: &str =
    "How hard it is to get: ask someone, look in the record (unless said), a blood test, an examination";
const LABEL: &str = "What people call it, such as `date of birth`";
const QUESTION: &str = "What to ask when it is missing";
const GROUP: &str = "Where reports show it, such as `heart`";
const REPORTED_ABOUT: &str = "`stands`: reported as true it is true, also where the script comes to false";
const TOLERANCE: &str = "By how much a given value may differ from the computed one, in its unit; 0 unless said";

/// `[[conflict]]`.
pub const CONFLICT: &[Key] = &[
    key("id", Form::Text, "A name by which packs built on this one can replace or drop it"),
    needed("when", Form::Script, "The script that is true when the facts cannot be: `sex == \"male\" && pregnant`"),
    needed("because", Form::Sentence, "What contradicts what, in words; facts in braces"),
    key("doubts", Form::Texts, "The facts it makes unknown, such as `[\"sex\", \"pregnant\"]`"),
    key(
        "lacks",
        Form::Texts,
        "The lists that lack a member by it: what stands there still counts, and more may be missing",
    ),
];

/// `rules.toml`.
pub const RULES: &[Key] = &[key("rule", Form::List(RULE), "The rules, each under `[[rule]]`")];

/// `[[rule]]`. Its script stands under the one effect it has.
pub const RULE: &[Key] = &[
    needed("id", Form::Text, "A short name in kebab case, such as `organ-allograft`"),
    needed("title", Form::Text, "What holds when the rule does not fire, such as `No organ allograft`"),
    key("when", Form::Script, "The script that says to whom the rule applies, such as `sex == \"female\"`"),
    key("exclude", Form::Script, "The script that bars the patient when it is true"),
    key("require", Form::Script, "The script that bars the patient when it is false"),
    key("defer", Form::Script, "The script that is true when something must be treated or arranged first"),
    key("caution", Form::Script, "The script that is true when a physician must weigh something"),
    key("note", Form::Script, "The script that is true when something is worth knowing, whatever the verdict"),
    needed("because", Form::Sentence, "Why, in words a coordinator reads; facts in braces: `takes {medications}`"),
    key("next", Form::Sentence, "What to do about it; facts in braces"),
    needed("cite", Form::List(CITATION), "The sources it rests on: `[{ source = \"monograph\" }]`"),
];

/// A source under `cite`.
pub const CITATION: &[Key] = &[
    needed("source", Form::Text, "A source of `pack.toml`, by name"),
    key("at", Form::Text, "Where in it, such as `boxed warning`"),
    key("dissent", Form::Text, "How this source differs from the rule, in a few words"),
];

/// A vocabulary's file.
pub const VOCABULARY: &[Key] = &[
    key("class", Form::Named(CLASS), "Classes that group terms, by name"),
    key("term", Form::Named(TERM), "Terms, by the name that reports show"),
];

/// `[class.NAME]`.
pub const CLASS: &[Key] = &[
    key("is", Form::Texts, "The wider classes that all of its members belong to"),
    key("also", Form::Texts, ALSO),
    key("why", Form::Text, "Why it has the members it has, where the sources do not list them"),
];

/// `[term.NAME]`.
pub const TERM: &[Key] = &[
    key("is", Form::Texts, "The classes and broader terms it belongs to, such as `[\"solid organ\"]`"),
    key("also", Form::Texts, ALSO),
    key("may_be", Form::Texts, "The classes it may belong to: of them, membership is unknown"),
    key("codes", Form::NamedTexts, "Its codes by code system, such as `{ rxnorm = \"8640\" }`"),
    key("why", Form::Text, "Why it belongs where it does, where the sources do not say"),
];

/// `criteria.toml`.
pub const CRITERIA: &[Key] =
    &[key("criterion", Form::Named(CRITERION), "The criteria of the inventory that the pack is built from, by id")];

/// `[criterion]`, an id with what decides it.
pub const CRITERION: &[Key] = &[
    key("rules", Form::Texts, "The ids of the rules that decide it, such as `[\"organ-allograft\"]`"),
    key("none", Form::Text, "Why no rule decides it: `dosing`, `watched during treatment` …"),
];

/// `fhir.toml`.
pub const MAPPING: &[Key] = &[
    key("view", Form::Named(VIEW), "What is taken from resources, row by row: views of SQL on FHIR, by name"),
    key("read", Form::List(READ), "What rows say of facts, each under `[[read]]`"),
];

/// `[view.NAME]`.
pub const VIEW: &[Key] = &[
    needed("resource", Form::Text, "The type of resource, such as `Observation`"),
    key("constant", Form::View(ViewPart::Constants), "Values that paths name as `%name`, as a ViewDefinition has them"),
    key("where", Form::View(ViewPart::Filters), "What has to be true of a resource: `[{ path = \"active\" }]`"),
    needed(
        "select",
        Form::View(ViewPart::Selects),
        "The columns, as a ViewDefinition has them; those that are read are named in the manual",
    ),
];

/// `[[read]]`.
pub const READ: &[Key] = &[
    needed("fact", Form::Text, "The fact that is read"),
    needed("view", Form::Text, "The view whose rows are read"),
    key(
        "codes",
        Form::Codes,
        "The codes a row must have one of, by system: `{ loinc = [\"2160-0\"] }`; `C64.-` is a branch",
    ),
    key("value", Form::Text, "The column that holds the value; `value` unless said"),
    key("unit", Form::Unit, "The unit of values that the resource gives none; without it such a value cannot be read"),
    key("values", Form::Words, "What words in that column mean: `{ male = \"male\" }`"),
    key("answers", Form::Meanings, "What coded answers mean, by system: `{ snomed = { \"60001007\" = false } }`"),
    key("is", Form::Literal, "What it means that a row has one of the codes"),
    key(
        "terms",
        Form::Meanings,
        "The term each code stands for, by system: `{ icd10 = { \"I48.-\" = \"atrial fibrillation\" } }`",
    ),
    key(
        "names",
        Form::Text,
        "Which names count beside codes: those that are `known` to the vocabulary, or `all`; none unless said",
    ),
    key("with", Form::Fields(WITH), "Other fields of the record, each by name: a column, or what tells it"),
    key("states", Form::Texts, "Which rows count: `current`, `past`; both unless said, and `current` with `is`"),
    key("refuted", Form::Literal, "What it means that a row is refuted; nothing unless said"),
    key(
        "within",
        Form::Number,
        "How old a row may be, in whole days; without it any age, and a row without a date, counts",
    ),
    key(
        "reduce",
        Form::Text,
        "Which of several rows decide: the `latest` unless said; `agree`, `any` (a yes), `max` or `min`",
    ),
    needed("source", Form::Text, "Where the codes come from"),
];

/// A field of a record under `with`.
pub const WITH: &[Key] = &[
    key("current", Form::Literal, "What it is where the row is current"),
    key("past", Form::Literal, "What it is where the row is past"),
    key("past_as", Form::Words, "What it is where the row is past, by its status: `{ resolved = true }`"),
    key("codes", Form::Meanings, "What codes in the columns `NAME_system` and `NAME_code` mean, by system"),
    key("words", Form::Words, "What words mean in what the row calls itself, such as `Inhaler`"),
];

/// The kinds of files, each with what may stand at its top.
pub const HOMES: [(&str, &[Key]); 6] = [
    ("pack.toml", MANIFEST),
    ("facts.toml", DICTIONARY),
    ("rules.toml", RULES),
    ("criteria.toml", CRITERIA),
    ("fhir.toml", MAPPING),
    ("the file of a vocabulary", VOCABULARY),
];

const ALSO: &str = "Other names of the same thing, such as `[\"Deltasone\", \"Rayos\"]`";

/// Whether facts of a type take a key that a fact may have.
pub fn fits(key: &str, of_type: &str) -> bool {
    match key {
        "values" => ["choice", "list"].contains(&of_type),
        "of" => ["term", "list"].contains(&of_type),
        "unit" => ["integer", "number"].contains(&of_type),
        "molar_mass" | "range" => of_type == "number",
        "min" | "max" => ["integer", "number", "date"].contains(&of_type),
        "field" => of_type == "list",
        "reported" => of_type == "bool",
        _ => true,
    }
}

const fn needed(name: &'static str, form: Form, about: &'static str) -> Key {
    Key { name, required: true, form, about }
}

const fn key(name: &'static str, form: Form, about: &'static str) -> Key {
    Key { name, required: false, form, about }
}
