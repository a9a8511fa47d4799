//! The pack that a command line names, or what is wrong with it.

use std::path::Path;

use candidacy::pack::compile::compile_files;
use candidacy::pack::program::Program;
use candidacy::pack::shelf::PackFiles;

use super::embedded;
use super::message::Messages;

/// Opens the pack that an `option` names. A pack that cannot be used is told of, and what comes of it.
pub fn open(pack: &str, option: &str, so: &str, messages: Messages) -> Option<Program> {
    let files = files(pack, option, messages)?;
    compile_files(&files)
        .map_err(|refused| {
            messages.refused(&refused);
            messages.error(&format!("the pack `{pack}` has mistakes, so {so}"), None);
        })
        .ok()
}

/// The files of the pack that an `option` names.
pub fn files(pack: &str, option: &str, messages: Messages) -> Option<PackFiles> {
    if !Path::new(pack).join("pack.toml").is_file() && !is_embedded(pack) {
        let known: Vec<&str> = embedded::names().collect();
        let help = format!("{option} takes a folder with pack.toml, or one of: {}", known.join(", "));
        messages.error(&format!("there is no pack `{pack}`"), Some(&help));
        return None;
    }
    Some(embedded::files(pack))
}

/// The folder of the pack that another builds on, or its name where both are in the program.
pub fn below(files: &PackFiles) -> Option<String> {
    let below = files.layers.checked_sub(2)?;
    let manifest = files.files.iter().find(|file| file.layer == below && file.name == "pack.toml")?;
    Some(Path::new(&manifest.source.name).parent()?.display().to_string())
}

/// Whether the name is that of a pack in the program.
pub fn is_embedded(pack: &str) -> bool {
    embedded::names().any(|name| name == pack)
}
