//! The packs that come with the program.

use std::path::Path;

use candidacy::pack::shelf::{Embedded, PackFiles, Shelf};

/// The pack that is meant when none is named.
pub const DEFAULT: &str = "aldesleukin";

macro_rules! files {
    ($($path:literal),* $(,)?) => { &[$(($path, include_str!(concat!("../../rules/", $path)))),*] };
}

/// Every file of every embedded pack; a test holds this list against `rules/`.
pub const FILES: Embedded = files![
    "aldesleukin/pack.toml",
    "aldesleukin/facts.toml",
    "aldesleukin/rules.toml",
    "aldesleukin/criteria.toml",
    "aldesleukin/fhir.toml",
    "aldesleukin/diagnoses.toml",
    "aldesleukin/tissues.toml",
    "aldesleukin/drugs.toml",
    "aldesleukin/autoimmune.toml",
    "aldesleukin/heart.toml",
    "aldesleukin/lung.toml",
    "aldesleukin/infections.toml",
    "aldesleukin/events.toml",
    "aldesleukin-current-label/pack.toml",
    "aldesleukin-current-label/facts.toml",
    "aldesleukin-current-label/rules.toml",
    "aldesleukin-current-label/criteria.toml",
    "aldesleukin-current-label/events.toml",
    "aldesleukin-current-label/heart.toml",
];

/// The files of the pack of a name or folder. The name of an embedded pack means that pack, whatever lies in the working
/// directory; a folder of the same name is written `./NAME`.
pub fn files(pack: &str) -> PackFiles {
    let shelf = if names().any(|name| name == pack) { Shelf::Embedded(FILES) } else { Shelf::Disk };
    shelf.open(Path::new(pack))
}

/// The names of the embedded packs.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().filter_map(|(path, _)| path.strip_suffix("/pack.toml"))
}
