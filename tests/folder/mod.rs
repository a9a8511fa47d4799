//! Folders as tests need them: listed in order, copied whole.
#![allow(dead_code, reason = "each test file uses the part it needs")]

use std::fs;
use std::path::{Path, PathBuf};

/// Every file and folder in a folder, by name.
pub fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

/// Every file in a folder and the folders below it, by path.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    sorted(folder).into_iter().flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Copies a folder with all that is below it, except what bears one of the names.
pub fn copy(from: &Path, to: &Path, except: &[&str]) {
    fs::create_dir_all(to).expect("a folder can be made");
    for path in sorted(from).into_iter().filter(|path| !except.contains(&name(path).as_str())) {
        let target = to.join(name(&path));
        if path.is_dir() {
            copy(&path, &target, &[]);
        } else {
            fs::copy(&path, target).expect("a file can be copied");
        }
    }
}

/// The last part of a path.
pub fn name(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}
