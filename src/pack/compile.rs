//! From the files of a pack to a program: every layer read, every name resolved, every script lowered. All mistakes
//! come back together; a program only when there is none.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::checked::{Checked, Refused};
use super::code::{Code, Severity};
use super::concepts::{self, Written};
use super::criteria::{self, WrittenCriterion};
use super::diagnostic::{Also, Diagnostic};
use super::facts::{self, Context, WrittenConflict, WrittenFact};
use super::format;
use super::item::{Item, Items};
use super::lost::{Lost, Sort};
use super::lower::tree::Reader;
use super::manifest::Manifest;
use super::mapping;
use super::mistake::Mistake;
use super::names::Names;
use super::program::{Effect, Program};
use super::rules::{self, WrittenRule};
use super::scripts::Scripts;
use super::setting::Setting;
use super::shelf::{PackFile, PackFiles, Shelf};
use super::syntax::{self, Damage};
use super::table::Notes;
use super::unused::{self, Used};
use crate::input::document::{Kind, Node, SyntaxError};
use crate::input::source::{Source, Span, token};
use crate::input::toml;
use crate::model::dictionary::Dictionary;
use crate::model::name::{Named, nearest};
use crate::model::vocabulary::{ConceptId, Vocabulary};

/// Compiles the pack of a folder.
pub fn compile(shelf: Shelf, folder: &Path) -> Result<Program, Refused> {
    compile_files(&shelf.open(folder))
}

/// Compiles the files of a pack.
pub fn compile_files(pack: &PackFiles) -> Result<Program, Refused> {
    let checked = check_files(pack, Depth::Errors);
    match checked.program {
        Some(program) => Ok(program),
        None => Err(Refused { sources: checked.sources, diagnostics: checked.diagnostics }),
    }
}

/// How much a check looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// What keeps a pack from being used.
    Errors,
    /// What is worth knowing, too.
    Notes,
}

/// Checks the files of a pack.
pub fn check_files(pack: &PackFiles, depth: Depth) -> Checked {
    let mut notes = Notes::default();
    let program =
        Compiler { pack, depth, notes: &mut notes, lost: Lost::default(), damaged: Vec::new(), damages: Vec::new() }
            .program();
    let mut diagnostics = notes.diagnostics;
    diagnostics.retain(|diagnostic| depth == Depth::Notes || diagnostic.severity() == Severity::Error);
    diagnostics.sort_by_key(|d| (d.file, d.span.start, d.span.end, d.mistake.code()));
    diagnostics.dedup_by(|a, b| (a.file, &a.span, &a.mistake) == (b.file, &b.span, &b.mistake));
    let diagnostics = gathered(diagnostics);
    let sound = diagnostics.iter().all(|diagnostic| diagnostic.severity() != Severity::Error);
    let program = program.filter(|_| sound);
    // Nobody asks for the texts of a pack in which nothing was found.
    let sources = match (&program, diagnostics.is_empty()) {
        (Some(_), true) => Vec::new(),
        _ if pack.files.is_empty() => vec![Source { name: "pack".into(), text: String::new() }],
        _ => pack.sources(),
    };
    Checked { program, sources, diagnostics }
}

/// One name that is not there is one mistake, however often it is named: the other places stand beside the first.
fn gathered(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut gathered: Vec<Diagnostic> = Vec::with_capacity(diagnostics.len());
    let mut firsts: HashMap<(Code, String, String), usize> = HashMap::new();
    for diagnostic in diagnostics {
        let name = diagnostic.mistake.missing_name().map(|(code, of, name)| (code, of.to_owned(), name.to_owned()));
        let first = name.map_or(gathered.len(), |name| *firsts.entry(name).or_insert(gathered.len()));
        match gathered.get_mut(first) {
            Some(first) => {
                first.also.push(Also { file: diagnostic.file, span: diagnostic.span, text: "and here".to_owned() });
            }
            None => gathered.push(diagnostic),
        }
    }
    gathered
}

struct Compiler<'p> {
    pack: &'p PackFiles,
    depth: Depth,
    notes: &'p mut Notes,
    lost: Lost<'p>,
    /// Files that could not be read wholly.
    damaged: Vec<usize>,
    /// What of them had to be left out.
    damages: Vec<(usize, Damage)>,
}

/// What all layers define together.
struct Layers<'d> {
    manifest: Manifest,
    facts: Items<WrittenFact>,
    rules: Items<WrittenRule>,
    conflicts: Items<WrittenConflict>,
    criteria: Items<WrittenCriterion>,
    /// The terms and classes of each vocabulary.
    concepts: Vec<Items<Written<'d>>>,
}

impl Default for Layers<'_> {
    fn default() -> Self {
        let (facts, rules, conflicts) = (Items::new("fact"), Items::new("rule"), Items::new("conflict"));
        let criteria = Items::new("criterion");
        Layers { manifest: Manifest::default(), facts, rules, conflicts, criteria, concepts: Vec::new() }
    }
}

impl Layers<'_> {
    /// Removes everything of a name; whether there was anything.
    fn drop(&mut self, name: &str) -> bool {
        let manifest = &mut self.manifest;
        let concepts = self.concepts.iter_mut().map(|concepts| concepts.drop(name)).fold(false, |any, one| any | one);
        let own = self.rules.drop(name) | self.facts.drop(name) | self.conflicts.drop(name) | self.criteria.drop(name);
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
    fn program(mut self) -> Option<Program> {
        self.missing();
        if self.pack.layers == 0 {
            self.no_pack();
            return None;
        }
        let documents = self.documents();
        self.misnamed(&documents);
        let mut layers = self.layers(&documents);
        let classes = self.classes(&layers);
        let vocabularies = self.vocabularies(&mut layers);
        let settings: Vec<Setting> = layers.manifest.settings.list.iter().map(|item| item.value.clone()).collect();
        let reader = self.reader();
        let unusable = self.names(&layers, &reader);
        let resolved = |item: &Item<WrittenFact>| item.value.resolved(item.file, &layers.manifest.settings, self.notes);
        let facts = layers.facts.list.iter().map(resolved).collect();
        let dictionary = Dictionary::new(facts, vocabularies);
        let names = Names { dictionary: &dictionary, settings: &settings };
        let (facts, of_settings) = (&layers.facts, &layers.manifest.settings);
        let mut scripts = Scripts {
            pack: self.pack,
            notes: self.notes,
            reader: &reader,
            names,
            facts,
            settings: of_settings,
            unusable: &unusable,
            used: Used::default(),
            unsure: BTreeSet::new(),
        };
        let derived = scripts.derived();
        let conflicts = scripts.conflicts(&layers.conflicts);
        let rules = scripts.rules(&layers.rules, &layers.manifest.documents);
        let used = scripts.used;
        let criteria =
            criteria::resolve(&layers.criteria, &layers.rules, self.pack.layers.saturating_sub(1), self.notes);
        self.forget(&layers);
        let manifest = layers.manifest;
        let program = Program {
            id: manifest.id,
            title: manifest.title,
            version: manifest.version,
            notice: manifest.notice,
            digest: digest(self.pack),
            documents: manifest.documents.list.iter().map(|item| item.value.clone()).collect(),
            helpers: self.helper_files().map(|(_, source)| source.text.clone()).collect(),
            settings,
            derived,
            conflicts,
            rules,
            criteria,
            dictionary,
            _checked: (),
        };
        if self.depth == Depth::Notes && self.notes.is_sound() {
            let defined = unused::Defined {
                facts: &layers.facts,
                settings: &manifest.settings,
                documents: &manifest.documents,
                classes: &classes,
                layer: self.pack.layers - 1,
            };
            unused::note(&program, &used, &defined, self.notes);
        }
        if self.depth == Depth::Notes {
            mapping::mapping(self.pack, &program, self.notes);
            self.notes.diagnostics.retain(|diagnostic| !self.lost.explains(&diagnostic.mistake));
        }
        Some(program)
    }

    /// Notes what cannot be read, and what that takes with it.
    fn missing(&mut self) {
        for missing in &self.pack.missing {
            self.notes.add(missing.asked_by, &missing.span, missing.mistake.clone());
            match missing.sort.clone() {
                Some(sort) => self.lost.sort(sort),
                None => self.lost.base(),
            }
        }
    }

    /// Without a file there is nothing to compile.
    fn no_pack(&mut self) {
        if self.pack.missing.is_empty() {
            let (path, why) = ("pack.toml".to_owned(), "there is no such pack".to_owned());
            self.notes.add(0, &(0..0), Mistake::MissingFile { path, why });
        }
    }

    /// Takes out what follows from something else that is noted.
    fn forget(&mut self, layers: &Layers) {
        let manifest = &layers.manifest;
        let facts = layers.facts.lost.iter().map(|name| (Sort::Fact, name));
        let fields = layers
            .facts
            .list
            .iter()
            .flat_map(|item| item.value.lost.iter().map(|field| (Sort::Field(item.name.clone()), field)));
        let settings = manifest.settings.lost.iter().map(|name| (Sort::Setting, name));
        let sources = manifest.documents.lost.iter().map(|name| (Sort::Source, name));
        let vocabularies = manifest.vocabularies.lost.iter().map(|name| (Sort::Vocabulary, name));
        for (sort, name) in facts.chain(fields).chain(settings).chain(sources).chain(vocabularies) {
            self.lost.name(sort, name);
        }
        for (file, sort) in self
            .damaged
            .iter()
            .flat_map(|file| self.defines(*file, manifest).into_iter().map(move |sort| (*file, sort)))
            .collect::<Vec<_>>()
        {
            self.lost.text(sort, &self.pack.files[file].source.text);
        }
        let (lost, damages) = (&self.lost, &self.damages);
        let left_out = |diagnostic: &Diagnostic| {
            let keys = match &diagnostic.mistake {
                Mistake::MissingKey { key, .. } => vec![*key],
                Mistake::Effects { given } if given.is_empty() => Effect::ALL.map(Effect::word).to_vec(),
                _ => return false,
            };
            let at = diagnostic.span.start;
            damages.iter().any(|(file, damage)| *file == diagnostic.file && damage.explains(at, &keys))
        };
        self.notes.diagnostics.retain(|diagnostic| !lost.explains(&diagnostic.mistake) && !left_out(diagnostic));
    }

    /// Files whose sections have names that mean nothing: what they define is not known, and not unknown either.
    fn misnamed(&mut self, documents: &[Node]) {
        for (index, file) in self.pack.files.iter().enumerate() {
            let home = format::HOMES.iter().find(|(name, _)| *name == file.name);
            let keys = home.map_or(format::VOCABULARY, |(_, keys)| *keys);
            let entries = documents[index].entries().unwrap_or_default();
            if entries.iter().any(|entry| !keys.iter().any(|key| key.name == entry.key)) {
                self.damaged.push(index);
            }
        }
    }

    /// What the names in a file may be.
    fn defines(&self, file: usize, manifest: &Manifest) -> Vec<Sort> {
        let PackFile { name, layer, .. } = &self.pack.files[file];
        match name.as_str() {
            "pack.toml" => vec![Sort::Setting, Sort::Source, Sort::Vocabulary],
            "facts.toml" => vec![Sort::Fact],
            "rules.toml" => vec![Sort::Rule],
            "criteria.toml" | "fhir.toml" => Vec::new(),
            name if name.ends_with(".rhai") => vec![Sort::Function],
            name => {
                let vocabularies = manifest.vocabularies.list.iter();
                let own = vocabularies.filter(|item| item.value.iter().any(|(of, file)| of == layer && file == name));
                own.map(|item| Sort::Concept(item.name.clone())).collect()
            }
        }
    }

    fn documents(&mut self) -> Vec<Node<'p>> {
        let mut documents = Vec::with_capacity(self.pack.files.len());
        for (index, file) in self.pack.files.iter().enumerate() {
            let (node, errors) = parsed(file, self.pack.own);
            if errors.is_empty() {
                documents.push(node);
                continue;
            }
            self.damaged.push(index);
            let (node, damages) = syntax::read(index, &file.source, self.notes);
            self.damages.extend(damages.into_iter().map(|damage| (index, damage)));
            documents.push(node);
        }
        documents
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
            for file in self.files(layer, "criteria.toml") {
                criteria::read(file, layer, &documents[file], &mut layers.criteria, self.notes);
            }
        }
        self.some_rule(&layers);
        layers
    }

    /// A pack without a rule would call everyone a candidate. (Rules with mistakes are met with these.)
    fn some_rule(&mut self, layers: &Layers) {
        let file = self.pack.files.iter().rposition(|file| file.name == "rules.toml").unwrap_or(0);
        let noted = self.notes.diagnostics.iter().any(|diagnostic| diagnostic.file == file);
        if layers.rules.list.is_empty() && !noted && !self.lost.touches(&Sort::Rule) {
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

    /// The classes of all vocabularies, where somebody asks which are used.
    fn classes(&mut self, layers: &Layers) -> Vec<Item<(usize, ConceptId)>> {
        let lost = layers.manifest.vocabularies.list.iter().zip(&layers.concepts);
        for (item, name) in lost.flat_map(|(item, concepts)| concepts.lost.iter().map(move |name| (item, name))) {
            self.lost.name(Sort::Concept(item.name.clone()), name);
        }
        let wanted = layers.concepts.iter().enumerate().filter(|_| self.depth == Depth::Notes);
        wanted.flat_map(|(vocabulary, concepts)| concepts::classes(vocabulary, concepts)).collect()
    }

    fn vocabularies(&mut self, layers: &mut Layers) -> Vec<Vocabulary> {
        let concepts = std::mem::take(&mut layers.concepts);
        let manifest = &mut layers.manifest.vocabularies;
        let mut built = Vec::with_capacity(concepts.len());
        for (item, concepts) in manifest.list.iter().zip(concepts) {
            let vocabulary = concepts::build(&item.name, concepts, self.notes);
            if vocabulary.is_none() {
                manifest.lost.push(item.name.clone());
            }
            built.push(vocabulary.unwrap_or_else(|| Vocabulary::empty(&item.name)));
        }
        built
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
            // One that could not be read defines nothing.
            if !reader.helpers.iter().any(|(read, ..)| *read == file) {
                self.damaged.push(file);
            }
            self.notes.add(file, &token(&self.pack.files[file].source.text, at), mistake);
        }
        reader
    }

    /// Notes names that scripts cannot use, and names that stand for two things; the former come back.
    fn names(&mut self, layers: &Layers, reader: &Reader) -> BTreeSet<String> {
        let settings = layers.manifest.settings.list.iter().map(|item| ("setting", &item.name, item.file, &item.span));
        let facts = layers.facts.list.iter().map(|item| ("fact", &item.name, item.file, &item.span));
        let fields = layers.facts.list.iter().flat_map(|item| {
            let fields = item.value.fact.fields().iter().zip(&item.value.fields);
            fields.map(|(field, marks)| ("field", &field.name, item.file, &marks.name))
        });
        let all = settings.clone().chain(facts.clone()).chain(fields);
        // One look at all of them is enough where nothing is wrong.
        let sound = reader.are_usable(all.clone().map(|(_, name, ..)| name.as_str()));
        let mut unusable = BTreeSet::new();
        for (what, name, file, span) in all {
            if name == "as_of" || !sound && !reader.is_usable(name) {
                self.notes.add(file, span, Mistake::BadName { what, name: name.clone(), why: why_unusable(name) });
                unusable.insert(name.clone());
            }
        }
        let settings: Named<(usize, &Span)> =
            settings.map(|(_, name, file, span)| (name.clone(), (file, span))).collect();
        for (_, name, file, span) in facts {
            if let Some((first, at)) = settings.get(name) {
                let also = Also { file: *first, span: (*at).clone(), text: "a setting of that name".into() };
                let mistake = Mistake::Duplicate { what: "name", name: name.clone() };
                self.notes.add_beside(file, span, mistake, also);
            }
        }
        unusable
    }
}

/// Why scripts cannot use a name.
fn why_unusable(name: &str) -> &'static str {
    if name == "as_of" {
        "it is the day of the screening"
    } else if name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    {
        "it is a word of the script language"
    } else {
        "scripts take letters, digits and `_`, and no digit first"
    }
}

/// A file as a document; helpers are none, and the mapping is read by itself.
fn parsed(file: &PackFile, own: bool) -> (Node<'_>, Vec<SyntaxError>) {
    if file.name.ends_with(".rhai") || mapping::is_of_mapping(&file.name) {
        return (Node { span: 0..0, kind: Kind::Table(Vec::new()) }, Vec::new());
    }
    if own { toml::parse_own(&file.source.text) } else { toml::parse(&file.source.text) }
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
