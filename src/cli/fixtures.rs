//! The fixtures of the pack that a command line names: where they lie, or that there are none.

use std::path::{Component, Path, PathBuf};

use anyhow::Context;
use candidacy::author::fixture::{self, Fixture};
use candidacy::pack::program::Program;

use super::message::Messages;
use super::{embedded, pack};

/// The fixtures with the folder they lie in. Where there are none nothing can run, and that is told: a pack that nothing
/// tests has not passed.
pub fn of(
    pack: &str,
    given: Option<&Path>,
    program: &Program,
    messages: Messages,
) -> anyhow::Result<Option<(PathBuf, Vec<Fixture>)>> {
    if let Some(file) = given.filter(|given| given.is_file()) {
        let text = format!("{} is a file, and --fixtures names a folder", file.display());
        messages
            .error(&text, Some(&format!("`--fixtures {}` is the folder that it lies in", folder_of(file).display())));
        return Ok(None);
    }
    let folders = folders(pack, given);
    let Some(folder) = folders.iter().find(|folder| folder.is_dir()) else {
        let looked: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
        let text = format!("the pack `{pack}` has no fixtures: there is no folder {}", looked.join(" or "));
        messages.error(&text, Some("--fixtures names the folder that holds them"));
        return Ok(None);
    };
    let files = fixture::find(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    if files.is_empty() {
        let text = format!("the pack `{pack}` has no fixtures: {} holds no .toml file", folder.display());
        messages.error(&text, Some("--fixtures names the folder that holds them"));
        return Ok(None);
    }
    let fixtures = files.into_iter().map(|path| fixture::open(folder, path, program)).collect();
    Ok(Some((folder.clone(), fixtures)))
}

/// The command that says why fixtures fail.
pub fn test_command(pack: &str, given: Option<&Path>) -> String {
    let folder = given.map(|given| format!(" --fixtures {}", given.display())).unwrap_or_default();
    format!("`candidacy test {pack}{folder}`")
}

/// Where fixtures may be; the first that is there counts.
fn folders(pack: &str, given: Option<&Path>) -> Vec<PathBuf> {
    if let Some(folder) = given {
        return vec![folder.to_owned()];
    }
    if pack::is_embedded(pack) {
        return vec![Path::new("fixtures").join(pack)];
    }
    let folder = Path::new(pack);
    let own = folder.join("fixtures");
    let name = folder.canonicalize().ok().and_then(|folder| Some(folder.file_name()?.to_owned()));
    let beside = name.map(|name| upwards(folder, 2).join("fixtures").join(name));
    std::iter::once(own).chain(beside).collect()
}

/// The folder of a file.
fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The folder so many steps above another, without `..` where its name is known.
fn upwards(folder: &Path, steps: usize) -> PathBuf {
    let mut above = folder.to_owned();
    for _ in 0..steps {
        match above.components().next_back() {
            Some(Component::Normal(_)) => _ = above.pop(),
            _ => above.push(".."),
        }
    }
    above
}

/// Whether a pack only takes over the rules of the one below; that is told, with what is not done for it.
pub fn has_no_own_rules(pack: &str, program: &Program, (command, done): (&str, &str), messages: Messages) -> bool {
    if program.rules.iter().any(|rule| rule.own) {
        return false;
    }
    let text = format!("the pack `{pack}` has no rules of its own, so nothing is {done}");
    let help = pack::below(&embedded::files(pack)).map(|below| {
        format!("its rules are those of {below}: `candidacy {command} {below}` runs the fixtures that are theirs")
    });
    messages.warning(&text, help.as_deref());
    true
}

/// A pack under `rules/` that differs from the one of its name in the program is easily taken for the one meant by a
/// command; with the word for what is done to a pack.
pub fn warn_of_another_pack(name: &str, (command, done): (&str, &str), messages: Messages) {
    let folder = Path::new("rules").join(name);
    if !pack::is_embedded(name) || !folder.join("pack.toml").is_file() || is_embedded_alike(&folder, name) {
        return;
    }
    let text = format!("the pack `{name}` in the program is {done}, and {} differs from it", folder.display());
    messages.warning(&text, Some(&format!("`candidacy {command} {}` {command}s the files there", folder.display())));
}

/// Whether a folder holds the very files of an embedded pack.
fn is_embedded_alike(folder: &Path, name: &str) -> bool {
    let own =
        embedded::FILES.iter().filter_map(|(path, text)| Some((path.strip_prefix(name)?.strip_prefix('/')?, *text)));
    let own: Vec<(&str, &str)> = own.collect();
    let same =
        |(file, text): &(&str, &str)| std::fs::read(folder.join(file)).is_ok_and(|bytes| bytes == text.as_bytes());
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    let names: Vec<String> = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let helpers = |name: &&String| name.ends_with(".rhai");
    own.iter().all(same) && names.iter().filter(helpers).all(|name| own.iter().any(|(file, _)| file == name))
}
