//! A pack made for tests: a fact of every type and unit, two vocabularies with broad terms, settings, and helpers in
//! two layers; and charts of any dictionary, complete or not.
#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod charts;
pub mod source;

use candidacy::engine::script::Runner;
use candidacy::input::source::Source as Text;
use candidacy::pack::compile::compile_files;
use candidacy::pack::lower::lower;
use candidacy::pack::lower::tree::Reader;
use candidacy::pack::names::{Lowered, Names};
use candidacy::pack::program::Program;
use candidacy::pack::shelf::{PackFile, PackFiles};

/// A compiled pack with what reads and runs scripts of it.
pub struct World {
    pub program: Program,
    pub reader: Reader,
    pub runner: Runner,
}

impl World {
    /// The pack made for tests.
    pub fn new() -> World {
        let files = [
            ("pack.toml", 0, include_str!("base/pack.toml")),
            ("facts.toml", 0, include_str!("base/facts.toml")),
            ("rules.toml", 0, include_str!("base/rules.toml")),
            ("places.toml", 0, include_str!("base/places.toml")),
            ("drugs.toml", 0, include_str!("base/drugs.toml")),
            ("helpers.rhai", 0, include_str!("base/helpers.rhai")),
            ("pack.toml", 1, include_str!("top/pack.toml")),
            ("more.rhai", 1, include_str!("top/more.rhai")),
        ];
        World::of(&files)
    }

    /// A pack of files: name, layer, text.
    pub fn of(files: &[(&str, usize, &str)]) -> World {
        let layers = files.iter().map(|(_, layer, _)| layer + 1).max().unwrap_or(0);
        let file = |&(name, layer, text): &(&str, usize, &str)| PackFile {
            name: name.into(),
            layer,
            source: Text { name: name.into(), text: text.into() },
        };
        let pack = PackFiles { files: files.iter().map(file).collect(), missing: Vec::new(), layers, own: false };
        let program = compile_files(&pack).unwrap_or_else(|refused| {
            panic!("{}", refused.lines().collect::<Vec<_>>().join("\n"));
        });
        let mut reader = Reader::new();
        for (index, (name, layer, text)) in files.iter().enumerate() {
            if name.ends_with(".rhai") {
                assert_eq!(reader.add_helpers(index, *layer, text), []);
            }
        }
        let runner = Runner::new(&program);
        World { program, reader, runner }
    }

    /// A script lowered, or why it cannot be read.
    pub fn lower(&self, text: &str) -> Result<Lowered, String> {
        let script = self.reader.parse(text).map_err(|(at, mistake)| format!("{at:?}: {}", mistake.message()))?;
        let names = Names { dictionary: &self.program.dictionary, settings: &self.program.settings };
        Ok(lower(&self.reader, &script, names))
    }
}
