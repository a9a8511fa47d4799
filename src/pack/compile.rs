//! From the files of a pack to a program: every layer read, every name resolved, every script lowered. All mistakes
//! come back together; a program only when there is none.

use std::collections::BTreeSet;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::concepts::{self, Written};
use super::facts::{self, Context, ScriptAt, WrittenConflict, WrittenFact};
use super::item::{Item, Items};
use super::lower::lower;
use super::lower::tree::Reader;
use super::manifest::Manifest;
use super::mistake::{Mistake, Refused};
use super::names::{Lowered, Names};
use super::phrase;
use super::program::{Conflict, Derived, Formula, Program, Rule, Scripted, Test};
use super::rules::{self, WrittenRule};
use super::setting::Setting;
use super::shelf::{PackFile, PackFiles, Shelf};
use super::table::Notes;
use super::typing::{Measure, Typed};
use crate::input::document::{Kind, Node, SyntaxError};
use crate::input::source::{Position, Source};
use crate::input::toml;
use crate::model::dictionary::{Dictionary, FactId, Scalar};
use crate::model::name::nearest;
use crate::model::vocabulary::Vocabulary;

/// Compiles the pack of a folder.
pub fn compile(shelf: Shelf, folder: &Path) -> Result<Program, Refused> {
    compile_files(&shelf.open(folder))
}

/// Compiles the files of a pack.
pub fn compile_files(pack: &PackFiles) -> Result<Program, Refused> {
    let mut notes = Notes::default();
    let program = Compiler { pack, notes: &mut notes }.program();
    let mut diagnostics = notes.diagnostics;
    diagnostics.sort_by_key(|d| (d.file, d.span.start, d.span.end));
    diagnostics.dedup();
    match program {
        Some(program) if diagnostics.is_empty() => Ok(program),
        _ => {
            let mut sources: Vec<Source> = pack.files.iter().map(|file| file.source.clone()).collect();
            if sources.is_empty() {
                sources.push(Source { name: "pack".into(), text: String::new() });
            }
            Err(Refused { sources, diagnostics })
        }
    }
}

struct Compiler<'p> {
    pack: &'p PackFiles,
    notes: &'p mut Notes,
}

/// What all layers define together.
struct Layers<'d> {
    manifest: Manifest,
    facts: Items<WrittenFact>,
    rules: Items<WrittenRule>,
    conflicts: Items<WrittenConflict>,
    /// The terms and classes of each vocabulary.
    concepts: Vec<Items<Written<'d>>>,
}

impl Default for Layers<'_> {
    fn default() -> Self {
        let (facts, rules, conflicts) = (Items::new("fact"), Items::new("rule"), Items::new("conflict"));
        Layers { manifest: Manifest::default(), facts, rules, conflicts, concepts: Vec::new() }
    }
}

impl Layers<'_> {
    /// Removes everything of a name; whether there was anything.
    fn drop(&mut self, name: &str) -> bool {
        let manifest = &mut self.manifest;
        let concepts = self.concepts.iter_mut().map(|concepts| concepts.drop(name)).fold(false, |any, one| any | one);
        let own = self.rules.drop(name) | self.facts.drop(name) | self.conflicts.drop(name);
        own | concepts | manifest.settings.drop(name) | manifest.documents.drop(name)
    }

    /// What can be dropped by name; terms, which are many, aside.
    fn names(&self) -> impl Iterator<Item = &str> {
        let rules = self.rules.list.iter().map(|item| item.name.as_str());
        let facts = self.facts.list.iter().map(|item| item.name.as_str());
        let conflicts = self.conflicts.list.iter().map(|item| item.name.as_str());
        let settings = self.manifest.settings.list.iter().map(|item| item.name.as_str());
        let documents = self.manifest.documents.list.iter().map(|item| item.name.as_str());
        rules.chain(facts).chain(conflicts).chain(settings).chain(documents)
    }
}

impl<'p> Compiler<'p> {
    fn program(&mut self) -> Option<Program> {
        for (file, span, mistake) in &self.pack.missing {
            self.notes.add(file.unwrap_or(0), span, mistake.clone());
        }
        if self.pack.files.is_empty() {
            if self.pack.missing.is_empty() {
                let (path, why) = ("pack.toml".to_owned(), "there is no such pack".to_owned());
                self.notes.add(0, &(0..0), Mistake::MissingFile { path, why });
            }
            return None;
        }
        let documents = self.documents();
        let mut layers = self.layers(&documents);
        let vocabularies = self.vocabularies(&mut layers);
        let settings: Vec<Setting> = layers.manifest.settings.list.iter().map(|item| item.value.clone()).collect();
        let reader = self.reader();
        self.names(&layers, &reader);
        let resolved = |item: &Item<WrittenFact>| item.value.resolved(item.file, &layers.manifest.settings, self.notes);
        let facts = layers.facts.list.iter().map(resolved).collect();
        let dictionary = Dictionary::new(facts, vocabularies);
        let names = Names { dictionary: &dictionary, settings: &settings };
        let mut scripts = Scripts { pack: self.pack, notes: self.notes, reader: &reader, names };
        let derived = scripts.derived(&layers.facts);
        let conflicts = scripts.conflicts(&layers.conflicts);
        let rules = scripts.rules(&layers.rules, &layers.manifest);
        let manifest = layers.manifest;
        Some(Program {
            id: manifest.id,
            title: manifest.title,
            version: manifest.version,
            notice: manifest.notice,
            digest: digest(self.pack),
            documents: manifest.documents.list.into_iter().map(|item| item.value).collect(),
            helpers: self.helper_files().map(|(_, source)| source.text.clone()).collect(),
            settings,
            derived,
            conflicts,
            rules,
            dictionary,
            _checked: (),
        })
    }

    fn documents(&mut self) -> Vec<Node<'p>> {
        let parsed = self.pack.files.iter().map(|file| parsed(file, self.pack.own)).enumerate();
        let noted = parsed.map(|(file, (node, errors))| {
            for error in errors {
                self.notes.add(file, &error.span, Mistake::TomlSyntax(error.message));
            }
            node
        });
        noted.collect()
    }

    fn layers<'d>(&mut self, documents: &'d [Node]) -> Layers<'d> {
        let mut layers = Layers::default();
        for layer in 0..self.pack.layers {
            for file in self.files(layer, "pack.toml") {
                self.drop(file, &documents[file], &mut layers);
                layers.manifest.read(file, layer, &documents[file], self.notes);
            }
            self.concepts(layer, documents, &mut layers);
            let vocabularies: Vec<String> = layers.manifest.vocabularies.list.iter().map(|v| v.name.clone()).collect();
            let context = Context { vocabularies: &vocabularies };
            for file in self.files(layer, "facts.toml") {
                facts::read(file, layer, &documents[file], &context, &mut layers.facts, self.notes);
                facts::conflicts(file, layer, &documents[file], &mut layers.conflicts, self.notes);
            }
            for file in self.files(layer, "rules.toml") {
                rules::read(file, layer, &documents[file], &mut layers.rules, self.notes);
            }
        }
        self.some_rule(&layers);
        layers
    }

    /// A pack without a rule would call everyone a candidate. (Rules with mistakes are met with these.)
    fn some_rule(&mut self, layers: &Layers) {
        if layers.rules.list.is_empty() && self.notes.diagnostics.is_empty() {
            let file = self.pack.files.iter().rposition(|file| file.name == "rules.toml").unwrap_or(0);
            let help = "at least one, under [[rule]] in rules.toml: without any, everyone would be a candidate";
            self.notes.add(file, &(0..0), Mistake::MissingKey { key: "rule", of: "the pack".into(), help });
        }
    }

    /// A layer's files of a name: one, or none.
    fn files(&self, layer: usize, name: &str) -> Vec<usize> {
        let files = self.pack.files.iter().enumerate();
        files.filter(|(_, file)| file.layer == layer && file.name == name).map(|(index, _)| index).collect()
    }

    /// Removes what a layer drops of the layers below it.
    fn drop(&mut self, file: usize, node: &Node, layers: &mut Layers) {
        for item in node.get("drop").and_then(Node::items).unwrap_or_default() {
            let Some(name) = item.text() else { continue };
            if !layers.drop(name) {
                let nearest = nearest(name, layers.names()).into_iter().map(String::from).collect();
                self.notes.add(file, &item.span, Mistake::UnknownDrop { name: name.to_owned(), nearest });
            }
        }
    }

    /// Reads the vocabulary files of a layer over what lower layers define.
    fn concepts<'d>(&mut self, layer: usize, documents: &'d [Node], layers: &mut Layers<'d>) {
        for (index, item) in layers.manifest.vocabularies.list.iter().enumerate() {
            if layers.concepts.len() == index {
                layers.concepts.push(Items::new("term or class"));
            }
            for (_, name) in item.value.iter().filter(|(of, _)| *of == layer) {
                for file in self.files(layer, name) {
                    concepts::read(file, layer, &documents[file], &mut layers.concepts[index], self.notes);
                }
            }
        }
    }

    fn vocabularies(&mut self, layers: &mut Layers) -> Vec<Vocabulary> {
        let concepts = std::mem::take(&mut layers.concepts);
        let named = layers.manifest.vocabularies.list.iter().zip(concepts);
        named.map(|(item, concepts)| concepts::build(&item.name, concepts, self.notes)).collect()
    }

    fn helper_files(&self) -> impl Iterator<Item = (usize, &Source)> {
        let files = self.pack.files.iter().enumerate();
        files.filter(|(_, file)| file.name.ends_with(".rhai")).map(|(index, file)| (index, &file.source))
    }

    fn reader(&mut self) -> Reader {
        let mut reader = Reader::new();
        let mut found = Vec::new();
        for (file, source) in self.helper_files() {
            let mistakes = reader.add_helpers(file, self.pack.files[file].layer, &source.text);
            let whole = 0..source.text.len();
            found.extend(mistakes.into_iter().map(|(at, mistake)| (file, source.offset(&whole, at), mistake)));
        }
        for (file, at, mistake) in found {
            self.notes.add(file, &(at..at), mistake);
        }
        reader
    }

    /// Notes names that scripts cannot use, and names that stand for two things.
    fn names(&mut self, layers: &Layers, reader: &Reader) {
        let settings = layers.manifest.settings.list.iter().map(|item| ("setting", &item.name, item.file, &item.span));
        let facts = layers.facts.list.iter().map(|item| ("fact", &item.name, item.file, &item.span));
        let fields =
            layers.facts.list.iter().flat_map(|item| item.value.fact.fields()).map(|field| field.name.as_str());
        let all = settings.clone().chain(facts.clone()).map(|(_, name, ..)| name.as_str()).chain(fields);
        // One look at all of them is enough where nothing is wrong.
        let sound = reader.are_usable(all);
        let usable = |name: &str| sound || reader.is_usable(name);
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for (what, name, file, span) in settings.chain(facts) {
            if !usable(name) || name == "as_of" {
                let why = "a script could not use it";
                self.notes.add(file, span, Mistake::BadName { what, name: name.clone(), why });
            }
            if !seen.insert(name) {
                self.notes.add(file, span, Mistake::Duplicate { what: "name", name: name.clone() });
            }
        }
        for item in &layers.facts.list {
            for field in item.value.fact.fields().iter().filter(|field| !usable(&field.name)) {
                let why = "a script could not use it";
                self.notes.add(
                    item.file,
                    &item.span,
                    Mistake::BadName { what: "field", name: field.name.clone(), why },
                );
            }
        }
    }
}

/// Lowers the scripts of a pack.
struct Scripts<'p> {
    pack: &'p PackFiles,
    notes: &'p mut Notes,
    reader: &'p Reader,
    names: Names<'p>,
}

impl Scripts<'_> {
    fn lower(&mut self, script: &ScriptAt) -> Option<Lowered> {
        let parsed = match self.reader.parse(&script.text) {
            Ok(parsed) => parsed,
            Err((at, mistake)) => {
                self.note(script, None, at, mistake);
                return None;
            }
        };
        let lowered = lower(self.reader, &parsed, self.names);
        for (helper, at, mistake) in &lowered.mistakes {
            self.note(script, *helper, *at, mistake.clone());
        }
        lowered.mistakes.is_empty().then_some(lowered)
    }

    /// Notes a mistake at its place in the file: inside the script where the script stands there as it is.
    fn note(&mut self, script: &ScriptAt, helper: Option<usize>, at: Position, mistake: Mistake) {
        let file = helper.unwrap_or(script.file);
        let source = &self.pack.files[file].source;
        let span = if helper.is_some() {
            let at = source.offset(&(0..source.text.len()), at);
            at..at
        } else {
            match verbatim(source, script) {
                Some(inner) => {
                    let at = source.offset(&inner, at);
                    at..at
                }
                None => script.span.clone(),
            }
        };
        self.notes.add(file, &span, mistake);
    }

    /// A script that has to be lowered, as an operand.
    fn must_lower(&mut self, script: &ScriptAt, what: &str) -> Option<(Typed, Lowered)> {
        let lowered = self.lower(script)?;
        match (&lowered.meaning, &lowered.unlowered) {
            (Some(meaning), _) => Some((meaning.clone(), lowered)),
            (None, Some((construct, at))) => {
                let mistake = Mistake::MustLower { what: what.to_owned(), construct: construct.clone() };
                self.note(script, None, *at, mistake);
                None
            }
            (None, None) => None,
        }
    }

    fn condition(&mut self, script: &ScriptAt, meaning: Typed, what: &str) -> Option<super::ir::Cond> {
        match meaning {
            Typed::Cond(cond) => Some(cond),
            other => {
                let given = other.describe(self.names.dictionary);
                let accepted = "a condition, true or false".to_owned();
                let mistake = Mistake::ScriptType { what: what.to_owned(), given, accepted };
                self.note(script, None, Position { line: 1, column: 1 }, mistake);
                None
            }
        }
    }

    fn derived(&mut self, facts: &Items<WrittenFact>) -> Vec<Derived> {
        let mut found: Vec<(Derived, BTreeSet<FactId>)> = Vec::new();
        for item in &facts.list {
            let (Some(script), Some(fact)) = (&item.value.script, self.names.dictionary.find(&item.name)) else {
                continue;
            };
            let what = format!("the derived fact `{}`", item.name);
            let Some((meaning, lowered)) = self.must_lower(script, &what) else { continue };
            let Some(formula) = self.formula(script, fact, meaning, &what) else { continue };
            let tolerance = item.value.fact.derived.unwrap_or_default();
            let settings = lowered.settings.into_iter().collect();
            found.push((Derived { fact, formula, tolerance, settings }, lowered.facts));
        }
        self.ordered(found, facts)
    }

    /// The formula of a derived fact, if it gives what the fact holds.
    fn formula(&mut self, script: &ScriptAt, fact: FactId, meaning: Typed, what: &str) -> Option<Formula> {
        let domain = self.names.dictionary.fact(fact).field_domain(0);
        let unit = domain.unit.clone().filter(|unit| !unit.is_plain());
        let fits = |measure: &Measure| matches!(measure, Measure::Any) || *measure == Measure::Of(unit.clone());
        let formula = match (&domain.scalar, meaning) {
            (Scalar::Bool, Typed::Cond(cond)) => Ok(Formula::Cond(cond)),
            (Scalar::Integer, Typed::Int(int, measure)) if fits(&measure) => Ok(Formula::Int(int)),
            (Scalar::Number, Typed::Number(number, measure)) if fits(&measure) => Ok(Formula::Number(number)),
            (Scalar::Number, Typed::Int(int, measure)) if fits(&measure) => {
                Ok(Formula::Number(super::ir::Number::Whole(Box::new(int))))
            }
            (Scalar::Date, Typed::Day(day)) => Ok(Formula::Day(day)),
            (Scalar::Choice(values), Typed::Choice(choice, others)) if *values == others => Ok(Formula::Choice(choice)),
            (_, other) => Err(other.describe(self.names.dictionary)),
        };
        formula
            .map_err(|given| {
                let unit = unit.as_ref().map(|unit| format!(" in `{}`", unit.code())).unwrap_or_default();
                let accepted = format!("a {}{unit}, as declared", domain.scalar.word());
                let mistake = Mistake::ScriptType { what: what.to_owned(), given, accepted };
                self.note(script, None, Position { line: 1, column: 1 }, mistake);
            })
            .ok()
    }

    /// Derived facts with what each needs before it.
    fn ordered(&mut self, mut waiting: Vec<(Derived, BTreeSet<FactId>)>, facts: &Items<WrittenFact>) -> Vec<Derived> {
        let mut ordered = Vec::with_capacity(waiting.len());
        while !waiting.is_empty() {
            let open: BTreeSet<FactId> = waiting.iter().map(|(derived, _)| derived.fact).collect();
            let (ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|(_, needs)| needs.is_disjoint(&open));
            if ready.is_empty() {
                let names = open.iter().map(|fact| self.names.dictionary.fact(*fact).name.clone()).collect();
                if let Some(item) = open.first().map(|fact| &facts.list[fact.index()]) {
                    self.notes.add(item.file, &item.span, Mistake::DerivedCycle { names });
                }
                return ordered;
            }
            ordered.extend(ready.into_iter().map(|(derived, _)| derived));
            waiting = rest;
        }
        ordered
    }

    fn conflicts(&mut self, written: &Items<WrittenConflict>) -> Vec<Conflict> {
        let mut conflicts = Vec::with_capacity(written.list.len());
        for conflict in written.list.iter().map(|item| &item.value) {
            let lowered = self.must_lower(&conflict.when, "a conflict");
            let cond = lowered.and_then(|(meaning, lowered)| {
                Some((self.condition(&conflict.when, meaning, "a conflict")?, lowered.settings))
            });
            let because = phrase::parse(&conflict.because, self.names.dictionary, self.names.settings, self.notes);
            let mut doubts = Vec::with_capacity(conflict.doubts.len());
            for (name, span) in &conflict.doubts {
                match self.names.dictionary.find(name) {
                    Some(fact) => doubts.push(fact),
                    None => {
                        let nearest = self.names.dictionary.nearest(name).into_iter().map(String::from).collect();
                        let mistake = Mistake::Unknown { what: "fact", name: name.clone(), nearest };
                        self.notes.add(conflict.when.file, span, mistake);
                    }
                }
            }
            conflicts.extend(cond.map(|(when, settings)| Conflict {
                when,
                because,
                doubts,
                settings: settings.into_iter().collect(),
            }));
        }
        conflicts
    }

    fn rules(&mut self, written: &Items<WrittenRule>, manifest: &Manifest) -> Vec<Rule> {
        let mut rules = Vec::with_capacity(written.list.len());
        for item in &written.list {
            let rule = &item.value;
            let guard = rule.guard.as_ref().map(|guard| {
                self.must_lower(guard, "a guard")
                    .and_then(|(m, low)| Some((self.condition(guard, m, "the guard")?, low)))
            });
            let test = self.test(&rule.script);
            let cite = rule.citations(&manifest.documents, self.notes);
            let because = phrase::parse(&rule.because, self.names.dictionary, self.names.settings, self.notes);
            let next = rule.next.as_ref();
            let next = next.map(|next| phrase::parse(next, self.names.dictionary, self.names.settings, self.notes));
            let (Some((test, mut settings)), None | Some(Some(_))) = (test, &guard) else { continue };
            let guard = guard.flatten().map(|(cond, lowered)| {
                settings.extend(lowered.settings);
                cond
            });
            rules.push(Rule {
                id: item.name.clone(),
                title: rule.title.clone(),
                effect: rule.effect,
                guard,
                test,
                guard_text: rule.guard.as_ref().map(|guard| guard.text.clone()),
                text: rule.script.text.clone(),
                because,
                next,
                cite,
                settings: settings.into_iter().collect(),
            });
        }
        rules
    }

    fn test(&mut self, script: &ScriptAt) -> Option<(Test, BTreeSet<usize>)> {
        let lowered = self.lower(script)?;
        if let Some((construct, _)) = lowered.unlowered {
            let facts = lowered.facts.into_iter().collect();
            let scripted = Scripted { construct, facts };
            return Some((Test::Scripted(scripted), lowered.settings));
        }
        let cond = self.condition(script, lowered.meaning?, "the script")?;
        Some((Test::Lowered(cond), lowered.settings))
    }
}

/// A file as a document; helpers are none.
fn parsed(file: &PackFile, own: bool) -> (Node<'_>, Vec<SyntaxError>) {
    if file.name.ends_with(".rhai") {
        return (Node { span: 0..0, kind: Kind::Table(Vec::new()) }, Vec::new());
    }
    if own { toml::parse_own(&file.source.text) } else { toml::parse(&file.source.text) }
}

/// Where a script's own characters stand in its file, if they stand there as they are.
fn verbatim(source: &Source, script: &ScriptAt) -> Option<std::ops::Range<usize>> {
    let written = source.text.get(script.span.clone())?;
    let start = written.find(script.text.as_str())?;
    let quotes = written[..start].trim_end_matches(['\r', '\n']);
    let plain = ["'", "\"", "'''", "\"\"\""].contains(&quotes);
    plain.then(|| script.span.start + start..script.span.start + start + script.text.len())
}

/// SHA-256 over every file: its layer, name, length and text.
fn digest(pack: &PackFiles) -> String {
    let mut files: Vec<_> = pack.files.iter().map(|file| (file.layer, &file.name, &file.source.text)).collect();
    files.sort();
    let mut hash = Sha256::new();
    for (layer, name, text) in files {
        hash.update(format!("{layer} {name} {}\n", text.len()));
        hash.update(text);
    }
    let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}
