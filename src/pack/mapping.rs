//! `fhir.toml`: what the resources of a patient's record say of facts. Views cut resources into rows; readings say
//! which rows speak of a fact, and what they say. It is read when a pack is checked and when a record is read, and not
//! for referrals that people typed. What a record does not mention is never taken for absent.

use std::collections::HashMap;

pub mod reader;

use super::checked::Refused;
use super::mistake::Mistake;
use super::program::Program;
use super::shelf::PackFiles;
use super::syntax;
use super::table::Notes;
use crate::input::toml;
use crate::model::coding::{Pattern, is_dotted};
use crate::model::dictionary::FactId;
use crate::view::definition::{View, ViewError};
use crate::view::json::Json;
use reader::Reader;

/// The name of the file.
pub const FILE: &str = "fhir.toml";

/// How a pack reads records.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// The views by name.
    pub views: Vec<(String, View)>,
    /// What their rows say.
    pub readings: Vec<Reading>,
}

/// What rows of a view say of a fact.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The fact.
    pub fact: FactId,
    /// The view, by position.
    pub view: usize,
    /// The codes a row must have one of; any row where there are none.
    pub codes: Vec<Pattern>,
    /// What a row says.
    pub take: Take,
    /// Further fields of the record.
    pub with: Vec<With>,
    /// Whether rows count that are current, and those that are past.
    pub states: (bool, bool),
    /// What it means that a row is refuted; nothing unless said.
    pub refuted: Option<Literal>,
    /// Which of several rows decide.
    pub reduce: Reduce,
    /// The unit of values that the resource gives none.
    pub unit: Option<String>,
    /// How old a row may be, in days.
    pub within: Option<i64>,
}

impl Reading {
    /// The codes that a row must have one of, where it has to be one of these; none where a row may count without.
    pub fn only_codes(&self) -> Option<Vec<&str>> {
        if !self.codes.is_empty() {
            let plain =
                self.codes.iter().map(|pattern| (!pattern.branch && !pattern.is_dotted()).then_some(&*pattern.code));
            return plain.collect();
        }
        match &self.take {
            Take::Terms(terms) if terms.names == Names::No => terms.plain_codes(),
            _ => None,
        }
    }
}

/// Which of several rows decide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reduce {
    /// The latest.
    #[default]
    Latest,
    /// All of them: what they say differently contradicts, whatever their dates.
    Agree,
    /// A yes, whenever it was; else the latest.
    Any,
    /// The largest number.
    Max,
    /// The smallest number.
    Min,
}

impl Reduce {
    /// Every way, by its word.
    pub const ALL: [(&str, Reduce); 5] = [
        ("latest", Reduce::Latest),
        ("agree", Reduce::Agree),
        ("any", Reduce::Any),
        ("max", Reduce::Max),
        ("min", Reduce::Min),
    ];
}

/// What a row says.
#[derive(Clone, Debug)]
pub enum Take {
    /// What stands in a column, as it is.
    Column(String),
    /// What the word in a column means.
    Values(String, Vec<(String, Literal)>),
    /// What a coded answer means.
    Answers(Vec<(Pattern, Literal)>),
    /// The same for each row.
    Is(Literal),
    /// The term or choice that the code stands for, or the name.
    Terms(Terms),
}

/// What codes and names stand for.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// Single codes, by system and code.
    codes: HashMap<(String, String), String>,
    /// Branches of codes.
    branches: Vec<(Pattern, String)>,
    /// Whether names count, too.
    pub names: Names,
}

/// Whether the names that a resource gives are looked up in the vocabulary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Names {
    /// Only codes count.
    #[default]
    No,
    /// Names that the vocabulary holds.
    Known,
    /// All names: one that the vocabulary does not hold is unrecognised.
    All,
}

impl Terms {
    /// Adds what a code or branch stands for.
    pub fn add(&mut self, pattern: Pattern, term: String) {
        match pattern.branch {
            true => self.branches.push((pattern, term)),
            false => drop(self.codes.insert((pattern.system, pattern.code), term)),
        }
    }

    /// The term that a code stands for. A code of its own comes before the branch that it is in, and a narrower
    /// branch before a wider one.
    pub fn find(&self, system: &str, code: &str) -> Option<&str> {
        let own = self.codes.get(&(system.to_owned(), Pattern::new(system, code).code));
        let branches = self.branches.iter().filter(|(branch, _)| branch.matches(system, code));
        let branch = || branches.max_by_key(|(branch, _)| branch.code.len()).map(|(_, term)| term);
        own.or_else(branch).map(String::as_str)
    }

    fn plain_codes(&self) -> Option<Vec<&str>> {
        let dotted = self.codes.keys().any(|(system, _)| is_dotted(system));
        (self.branches.is_empty() && !dotted).then(|| self.codes.keys().map(|(_, code)| code.as_str()).collect())
    }
}

/// A value of a referral, as TOML writes it.
pub type Literal = String;

/// A field of a record.
#[derive(Clone, Debug, Default)]
pub struct With {
    /// Its name.
    pub field: String,
    /// The column it stands in.
    pub column: Option<String>,
    /// What it is where the row is current.
    pub current: Option<Literal>,
    /// What it is where the row is past.
    pub past: Option<Literal>,
    /// What it is where the row is past, by its status.
    pub past_as: Vec<(String, Literal)>,
    /// What codes mean that stand in the columns `NAME_system` and `NAME_code`.
    pub codes: Vec<(Pattern, Literal)>,
    /// What words mean in what the row calls itself: each folded, between spaces.
    pub words: Vec<(String, Literal)>,
}

/// Reads the mapping of a pack. A reading of a pack stands in the place of those that its base has of the same fact.
pub fn mapping(pack: &PackFiles, program: &Program, notes: &mut Notes) -> Mapping {
    let mut mapping = Mapping::default();
    let mut lost = Vec::new();
    for layer in 0..pack.layers {
        let mut own: Vec<Reading> = Vec::new();
        for (file, of_pack) in pack.files.iter().enumerate().filter(|(_, file)| file.layer == layer) {
            if let Some(name) = view_name(&of_pack.name) {
                definition(name, file, &of_pack.source.text, (&mut mapping.views, &mut lost), notes);
            }
        }
        for (file, of_pack) in
            pack.files.iter().enumerate().filter(|(_, file)| file.layer == layer && file.name == FILE)
        {
            let (node, errors) = toml::parse(&of_pack.source.text);
            let node = if errors.is_empty() { node } else { syntax::read(file, &of_pack.source, notes).0 };
            let mut reader = Reader { file, program, notes, views: &mut mapping.views, lost: &mut lost };
            own.extend(reader.read(&node));
        }
        mapping.readings.retain(|reading| own.iter().all(|other| other.fact != reading.fact));
        mapping.readings.extend(own);
    }
    mapping
}

/// Whether a file of a pack belongs to its mapping.
pub fn is_of_mapping(file: &str) -> bool {
    file == FILE || view_name(file).is_some()
}

/// The name of the view that a file of a pack defines: `conditions` for `views/conditions.json`.
pub fn view_name(file: &str) -> Option<&str> {
    file.strip_prefix("views/")?.strip_suffix(".json")
}

/// Reads a ViewDefinition as other programs have it.
fn definition(
    name: &str,
    file: usize,
    text: &str,
    (views, lost): (&mut Vec<(String, View)>, &mut Vec<String>),
    notes: &mut Notes,
) {
    let read = serde_json::from_str::<Json>(text).map_err(|error| {
        let lines: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let at = (lines + error.column().saturating_sub(1)).min(text.len());
        notes.add(file, &(at..at), Mistake::BadView { message: error.to_string() });
    });
    let view = read.ok().and_then(|json| {
        let errors = View::parse(&json).map_err(|errors| {
            for ViewError { at, message } in errors {
                notes.add(file, &(0..0), Mistake::BadView { message: format!("at `{at}`: {message}") });
            }
        });
        errors.ok()
    });
    views.retain(|(own, _)| own != name);
    match view {
        Some(view) => views.push((name.to_owned(), view)),
        None => lost.push(name.to_owned()),
    }
}

/// The mapping of a sound pack; refused with all that is wrong with it.
pub fn open(pack: &PackFiles, program: &Program) -> Result<Mapping, Refused> {
    let mut notes = Notes::default();
    let mapping = mapping(pack, program, &mut notes);
    match notes.is_sound() {
        true => Ok(mapping),
        false => Err(Refused { sources: pack.sources(), diagnostics: notes.diagnostics }),
    }
}
