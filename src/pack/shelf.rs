//! Where packs are found: folders on disk, and the packs embedded in the program. Either gives the same files, so
//! that a pack means the same wherever it lies.

use std::path::{Component, Path, PathBuf};

use super::lost::{Sort, has_word};
use super::mistake::Mistake;
use crate::input::document::{Entry, Node};
use crate::input::referral::load;
use crate::input::source::{Source, Span};
use crate::input::toml;

/// How many packs may build on each other.
const MAX_LAYERS: usize = 8;

/// The embedded packs: the path of each file and its text.
pub type Embedded = &'static [(&'static str, &'static str)];

/// Where files are read from.
#[derive(Clone, Copy, Debug)]
pub enum Shelf {
    /// The file system.
    Disk,
    /// Files in the program.
    Embedded(Embedded),
}

/// A file of a pack.
#[derive(Clone, Debug)]
pub struct PackFile {
    /// The name within its pack.
    pub name: String,
    /// The layer it belongs to; 0 is the lowest base.
    pub layer: usize,
    /// Its text.
    pub source: Source,
}

/// All files of a pack and of the packs it builds on, lowest base first.
#[derive(Clone, Debug, Default)]
pub struct PackFiles {
    /// The files.
    pub files: Vec<PackFile>,
    /// What could not be read.
    pub missing: Vec<Missing>,
    /// The number of layers.
    pub layers: usize,
    /// Whether the files are the program's own.
    pub own: bool,
}

/// Something a pack needs that cannot be read.
#[derive(Clone, Debug)]
pub struct Missing {
    /// The file that asks for it, by position.
    pub asked_by: usize,
    /// Where; empty at the beginning: every pack needs it.
    pub span: Span,
    /// What and why.
    pub mistake: Mistake,
    /// What it would define; none: the base, which could define anything.
    pub sort: Option<Sort>,
}

impl PackFiles {
    /// The files with their names and texts, for messages.
    pub fn sources(&self) -> Vec<Source> {
        self.files.iter().map(|file| file.source.clone()).collect()
    }
}

impl Shelf {
    fn read(self, path: &Path) -> Result<Source, String> {
        match self {
            Shelf::Disk => load(path),
            Shelf::Embedded(files) => {
                let wanted = path.to_string_lossy();
                let found = files.iter().find(|(name, _)| *name == wanted);
                let text = found.map(|(_, text)| (*text).to_owned()).ok_or("there is no such file")?;
                Ok(Source { name: wanted.into_owned(), text })
            }
        }
    }

    /// The files of a folder with an extension, by name.
    fn inside(self, folder: &Path, wanted: &str) -> Result<Vec<PathBuf>, String> {
        let mut found: Vec<PathBuf> = match self {
            Shelf::Disk => {
                let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
                let entries = std::fs::read_dir(here).map_err(|error| error.to_string())?.flatten();
                entries.filter_map(|entry| Some(folder.join(entry.path().file_name()?))).collect()
            }
            Shelf::Embedded(files) => {
                files.iter().map(|(name, _)| PathBuf::from(name)).filter(|path| path.parent() == Some(folder)).collect()
            }
        };
        found.retain(|path| path.extension().is_some_and(|extension| extension == wanted));
        found.sort();
        Ok(found)
    }

    /// Reads a pack and all it builds on.
    pub fn open(self, folder: &Path) -> PackFiles {
        let mut packs: Vec<Layer> = Vec::new();
        let mut seen: Vec<PathBuf> = Vec::new();
        let mut next = Some(normal(folder));
        while let Some(folder) = next.take() {
            let Ok(manifest) = self.read(&folder.join("pack.toml")) else {
                return nothing(&folder);
            };
            seen.push(folder.clone());
            let mut layer = self.layer(&folder, manifest);
            if let Some((base, span)) = layer.base.take() {
                let below = normal(&folder.join(&base));
                if seen.contains(&below) {
                    layer.lacks(span, Mistake::BaseCycle { path: base }, None);
                } else if seen.len() >= MAX_LAYERS {
                    let why = format!("more than {MAX_LAYERS} packs would build on each other");
                    layer.lacks(span, Mistake::MissingFile { path: base, why }, None);
                } else if let Err(why) = self.read(&below.join("pack.toml")) {
                    layer.lacks(span, Mistake::MissingFile { path: base, why }, None);
                } else {
                    next = Some(below);
                }
            }
            packs.push(layer);
        }
        PackFiles { own: matches!(self, Shelf::Embedded(_)), ..assemble(packs) }
    }

    /// The files of one pack, what is missing among them, and the base it names.
    fn layer(self, folder: &Path, manifest: Source) -> Layer {
        let text = manifest.text.clone();
        let own = matches!(self, Shelf::Embedded(_));
        let (node, errors) = if own { toml::parse_own(&text) } else { toml::parse(&text) };
        let base = node.get("base").and_then(|base| Some((base.text()?.to_owned(), base.span.clone())));
        // A manifest with syntax errors may name a base that cannot be seen.
        let builds = base.is_some() || !errors.is_empty() && has_word(&text, "base");
        let mut layer = Layer { files: vec![("pack.toml".to_owned(), manifest)], missing: Vec::new(), base };
        for (name, sort) in [("facts.toml", Sort::Fact), ("rules.toml", Sort::Rule)] {
            match self.read(&folder.join(name)) {
                Ok(source) => layer.files.push((name.to_owned(), source)),
                Err(_) if builds && !folder.join(name).exists() => {}
                Err(why) => layer.lacks(0..0, Mistake::MissingFile { path: name.to_owned(), why }, Some(sort)),
            }
        }
        // The inventory is for packs that are built from one, and the mapping for those that read records.
        for name in ["criteria.toml", "fhir.toml"] {
            if let Ok(source) = self.read(&folder.join(name)) {
                layer.files.push((name.to_owned(), source));
            }
        }
        for path in self.inside(&folder.join("views"), "json").unwrap_or_default() {
            let name = path.file_name().map(|name| format!("views/{}", name.to_string_lossy()));
            if let (Some(name), Ok(source)) = (name, self.read(&path)) {
                layer.files.push((name, source));
            }
        }
        let helpers = self.inside(folder, "rhai").unwrap_or_else(|why| {
            let path = folder.display().to_string();
            layer.lacks(0..0, Mistake::MissingFile { path, why }, Some(Sort::Function));
            Vec::new()
        });
        let names = helpers.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
        let helpers = names.map(|name| (name, 0..0, Sort::Function));
        for (name, span, sort) in vocabulary_files(&node).into_iter().chain(helpers) {
            let inside = Path::new(&name).components().all(|part| matches!(part, Component::Normal(_)));
            let read =
                if inside { self.read(&folder.join(&name)) } else { Err("it lies outside the pack's folder".into()) };
            match read {
                _ if layer.files.iter().any(|(known, _)| *known == name) => {}
                Ok(source) => layer.files.push((name, source)),
                Err(why) => layer.lacks(span, Mistake::MissingFile { path: name, why }, Some(sort)),
            }
        }
        layer
    }
}

/// A pack that is not there.
fn nothing(folder: &Path) -> PackFiles {
    let path = folder.join("pack.toml").display().to_string();
    let (mistake, source) = (
        Mistake::MissingFile { path: path.clone(), why: "there is no such pack".to_owned() },
        Source { name: path, text: String::new() },
    );
    PackFiles {
        files: vec![PackFile { name: "pack.toml".to_owned(), layer: 0, source }],
        missing: vec![Missing { asked_by: 0, span: 0..0, mistake, sort: None }],
        ..PackFiles::default()
    }
}

/// One pack as it was found.
struct Layer {
    files: Vec<(String, Source)>,
    missing: Vec<(Span, Mistake, Option<Sort>)>,
    base: Option<(String, Span)>,
}

impl Layer {
    fn lacks(&mut self, span: Span, mistake: Mistake, sort: Option<Sort>) {
        self.missing.push((span, mistake, sort));
    }
}

fn vocabulary_files(manifest: &Node) -> Vec<(String, Span, Sort)> {
    let entries = manifest.get("vocabulary").and_then(Node::entries).unwrap_or_default();
    let file = |entry: &Entry| {
        let sort = Sort::Concept(entry.key.to_string());
        Some((entry.value.text()?.to_owned(), entry.value.span.clone(), sort))
    };
    entries.iter().filter_map(file).collect()
}

/// Numbers layers from the lowest base up.
fn assemble(packs: Vec<Layer>) -> PackFiles {
    let mut all = PackFiles { layers: packs.len(), ..PackFiles::default() };
    for (layer, pack) in packs.into_iter().rev().enumerate() {
        let manifest = all.files.len();
        let missing = pack.missing.into_iter();
        all.missing.extend(missing.map(|(span, mistake, sort)| Missing { asked_by: manifest, span, mistake, sort }));
        all.files.extend(pack.files.into_iter().map(|(name, source)| PackFile { name, layer, source }));
    }
    all
}

/// A path without `.` and without `..` where a folder precedes it.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(normal.components().next_back(), Some(Component::Normal(_))) => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}
