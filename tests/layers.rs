//! The architecture that the folder list promises: modules use only what is declared above them, Rhai is named where
//! scripts are lowered and run and nowhere else, and no file grows beyond reading.

mod folder;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use folder::files;

/// The most lines a file may have.
const LONGEST: usize = 600;

/// What may name Rhai: what lowers scripts, and what runs them.
const RHAI: [&str; 2] = ["src/engine/script", "src/pack/lower"];

/// A module's path from the root of its crate: `pack`, `lower`.
type Module = Vec<String>;

#[test]
fn every_module_uses_only_those_declared_above_it() {
    let mut below = BTreeSet::new();
    for root in ["src/lib.rs", "src/main.rs"] {
        let modules = modules(Path::new(root), Vec::new());
        for (module, file) in &modules {
            for used in uses(&code(&read(&file.path)), module) {
                let used = known(used, &modules);
                if points_down(module, &used, &modules) {
                    let (user, used) = (module.join("::"), used.join("::"));
                    below.insert(format!("`{user}` uses `{used}`, which is declared below it"));
                }
            }
        }
    }
    let below: Vec<String> = below.into_iter().collect();
    assert!(below.is_empty(), "{}", below.join("\n"));
}

#[test]
fn rhai_is_named_only_where_scripts_are_lowered_and_run() {
    let names = |path: &PathBuf| {
        let code = code(&read(path));
        let paths = code.split(|c: char| !c.is_alphanumeric() && !"_:".contains(c));
        let mut paths = paths
            .filter(|word| !word.is_empty())
            .scan("", |before, word| Some((std::mem::replace(before, word), word)));
        paths.any(|(before, word)| word.starts_with("rhai::") || word == "rhai" && ["use", "crate"].contains(&before))
    };
    let found: Vec<String> =
        sources().iter().filter(|path| names(path)).map(|path| path.display().to_string()).collect();
    let of =
        |path: &str, module: &str| path.strip_prefix(module).is_some_and(|rest| rest.starts_with('/') || rest == ".rs");
    let stray: Vec<&String> = found.iter().filter(|path| !RHAI.iter().any(|module| of(path, module))).collect();
    assert!(stray.is_empty(), "these name rhai: {stray:?}");
    assert!(!found.is_empty(), "no file names rhai: this test looks in the wrong place");
}

#[test]
fn no_file_is_too_long_to_read() {
    let long = |path: &PathBuf| (path.display().to_string(), read(path).lines().count());
    let long: Vec<_> = sources().iter().map(long).filter(|(_, lines)| *lines > LONGEST).collect();
    assert!(long.is_empty(), "longer than {LONGEST} lines: {long:?}");
}

#[test]
fn every_file_under_rules_is_embedded() {
    let text = read(Path::new("src/cli/embedded.rs"));
    let (_, list) = text.split_once("= files![").expect("the list of files");
    let (list, _) = list.split_once("];").expect("the end of the list");
    let embedded: BTreeSet<String> = list.split('"').skip(1).step_by(2).map(String::from).collect();
    let on_disk = files(Path::new("rules"))
        .into_iter()
        .map(|path| path.strip_prefix("rules").expect("it was found there").to_string_lossy().replace('\\', "/"));
    let on_disk: BTreeSet<String> = on_disk.collect();
    let lacks: Vec<_> = on_disk.difference(&embedded).collect();
    let adds: Vec<_> = embedded.difference(&on_disk).collect();
    assert!(lacks.is_empty() && adds.is_empty(), "src/cli/embedded.rs lacks {lacks:?} and names {adds:?} in vain");
}

#[test]
fn paths_are_read_through_groups_and_upwards() {
    let at = vec!["pack".to_owned(), "lower".to_owned()];
    let text = "use crate::{model::{name, unit::Unit}, input};\nuse super::ir::Cond;\nsuper::super::engine::eval()";
    let found: Vec<String> = uses(text, &at).iter().map(|path| path.join("::")).collect();
    assert_eq!(found, ["model::name", "model::unit::Unit", "input", "pack::ir::Cond", "engine::eval"]);
}

/// A module's file, and its children in the order of their declarations.
struct File {
    path: PathBuf,
    children: Vec<String>,
}

/// The modules of a crate, from the file of one of them down.
fn modules(path: &Path, module: Module) -> BTreeMap<Module, File> {
    let text = read(path);
    let declared = text.lines().filter_map(|line| {
        let line = line.strip_prefix("pub ").or(line.strip_prefix("pub(crate) ")).unwrap_or(line);
        Some(line.strip_prefix("mod ")?.strip_suffix(';')?.to_owned())
    });
    let children: Vec<String> = declared.collect();
    let mut all = BTreeMap::new();
    for child in &children {
        let own = module.iter().chain([child]).cloned().collect::<Module>();
        let file = Path::new("src").join(own.join("/")).with_extension("rs");
        all.extend(modules(&file, own));
    }
    all.insert(module, File { path: path.to_path_buf(), children });
    all
}

/// The paths that a module's code names, from the root of the crate.
fn uses(code: &str, module: &Module) -> Vec<Module> {
    let tests = code.find("#[cfg(test)]").unwrap_or(code.len());
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) =
        ["crate::", "super::"].iter().filter_map(|word| code[from..].find(word)).min().map(|at| from + at)
    {
        let mut start: Module = if code[at..].starts_with("crate") { Vec::new() } else { module.clone() };
        // Inside the inline tests `super` is the module itself.
        let mut inline = at > tests;
        let mut rest = &code[at..];
        while let Some(after) = rest.strip_prefix("super::") {
            if !std::mem::take(&mut inline) {
                start.pop();
            }
            rest = after;
        }
        rest = rest.strip_prefix("crate::").unwrap_or(rest);
        found.extend(branches(rest).into_iter().map(|path| start.iter().cloned().chain(path).collect()));
        from = code.len() - rest.len();
    }
    found
}

/// The paths of a tree such as `model::{name, unit::Unit}`.
fn branches(tree: &str) -> Vec<Module> {
    let Some(group) = tree.trim_start().strip_prefix('{') else {
        let end = tree.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(tree.len());
        let (name, rest) = tree.split_at(end);
        let below = rest.strip_prefix("::").map(branches).unwrap_or_default();
        if below.is_empty() {
            return vec![vec![name.to_owned()]];
        }
        return below.into_iter().map(|path| [name.to_owned()].into_iter().chain(path).collect()).collect();
    };
    let mut depth = 0;
    let (mut start, mut found) = (0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                let member = group[start..at].trim();
                found.extend(Some(member).filter(|member| !member.is_empty()).map(branches).unwrap_or_default());
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    found
}

/// The module that a path leads to: what is left of it names an item.
fn known(mut path: Module, modules: &BTreeMap<Module, File>) -> Module {
    while !modules.contains_key(&path) {
        path.pop();
    }
    path
}

/// Whether, where the two paths part, what is used is declared after what uses it.
fn points_down(user: &Module, used: &Module, modules: &BTreeMap<Module, File>) -> bool {
    let common = user.iter().zip(used).take_while(|(a, b)| a == b).count();
    let (Some(user_at), Some(used_at)) = (user.get(common), used.get(common)) else { return false };
    let order = &modules[&user[..common]].children;
    let place = |name: &String| order.iter().position(|child| child == name);
    place(used_at) > place(user_at)
}

/// A file without its comments.
fn code(text: &str) -> String {
    let lines = text.lines().map(|line| line.split_once("//").map_or(line, |(code, _)| code));
    lines.collect::<Vec<_>>().join("\n")
}

fn sources() -> Vec<PathBuf> {
    files(Path::new("src")).into_iter().filter(|path| path.extension().is_some_and(|end| end == "rs")).collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
