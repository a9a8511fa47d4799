//! What the command line prints and how it exits, as files: each folder of `tests/cli/` is a case. `command` is the
//! command line, with `< FILE` for its standard input; `stdout`, `stderr` and `status` are what must come of it
//! (absent: nothing, 0), `written/` the files it must write. Everything else lies in the folder it runs in, together
//! with what `tests/cli/given/` holds, the pack of `tests/codes/given/` as `clinic` and the passing fixture as `fit.toml`.
//!
//! Today's date reads `[TODAY]` and a pack's digest `[DIGEST]`. `INSTA_UPDATE=always cargo test --test cli` writes
//! what comes out anew.

mod folder;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use folder::{copy, files, name, sorted};
use jiff::Zoned;

/// The files of a case that its command does not see.
const EXPECTED: [&str; 5] = ["command", "stdout", "stderr", "status", "written"];

#[test]
fn every_case_prints_and_exits_as_its_files_say() {
    let update = std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always");
    let cases: Vec<PathBuf> =
        sorted(Path::new("tests/cli")).into_iter().filter(|path| !path.ends_with("given")).collect();
    assert!(cases.len() > 50, "only {} cases", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let came = run(case);
        if update {
            came.keep(case);
        }
        wrong.extend(came.differences(case));
    }
    assert!(wrong.is_empty(), "{} differences\n\n{}", wrong.len(), wrong.join("\n\n"));
}

/// What came of a command.
struct Came {
    stdout: String,
    stderr: String,
    status: i32,
    /// The files it wrote, with their texts.
    written: Vec<(String, String)>,
}

impl Came {
    /// Everything that must be as the case's files say: the file, and its text.
    fn files(&self) -> Vec<(String, String)> {
        let status = if self.status == 0 { String::new() } else { format!("{}\n", self.status) };
        let fixed = [("stdout", self.stdout.clone()), ("stderr", self.stderr.clone()), ("status", status)];
        let written = self.written.iter().map(|(name, text)| (format!("written/{name}"), text.clone()));
        fixed.into_iter().map(|(name, text)| (name.to_owned(), text)).chain(written).collect()
    }

    fn differences(&self, case: &Path) -> Vec<String> {
        let mut wrong = Vec::new();
        for (name, got) in self.files() {
            let expected = fs::read_to_string(case.join(&name)).unwrap_or_default();
            if expected != got {
                let path = case.join(&name).display().to_string();
                wrong.push(format!("{path}\n---- expected\n{expected}---- got\n{got}----"));
            }
        }
        for path in if case.join("written").is_dir() { sorted(&case.join("written")) } else { Vec::new() } {
            let file = name(&path);
            if !self.written.iter().any(|(written, _)| *written == file) {
                wrong.push(format!("{} is not written", path.display()));
            }
        }
        wrong
    }

    /// Makes the case's files say what came; an empty one is no file.
    fn keep(&self, case: &Path) {
        let _absent = fs::remove_dir_all(case.join("written"));
        for (name, text) in self.files() {
            let path = case.join(name);
            if text.is_empty() {
                let _absent = fs::remove_file(path);
            } else {
                fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
                fs::write(path, text).expect("a file can be written");
            }
        }
    }
}

/// Runs a case's command in a folder of its own.
fn run(case: &Path) -> Came {
    let here = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name(case));
    let _absent = fs::remove_dir_all(&here);
    copy(Path::new("tests/cli/given"), &here, &[]);
    copy(Path::new("tests/codes/given"), &here.join("clinic"), &[]);
    fs::copy("fixtures/aldesleukin/fit-renal-cell.toml", here.join("fit.toml")).expect("the fixture can be copied");
    copy(case, &here, &EXPECTED);
    let before = texts(&here);

    let text = fs::read_to_string(case.join("command")).expect("a case has a command");
    let line = text.lines().find(|line| !line.starts_with('#')).expect("a command");
    let (line, input) = line.split_once(" < ").map_or((line, None), |(line, input)| (line, Some(input)));
    let mut words = line.split_whitespace();
    assert_eq!(words.next(), Some("candidacy"), "{} runs something else", case.display());
    let input = input.map_or_else(Stdio::null, |input| Stdio::from(File::open(here.join(input)).expect("the input")));
    let days = [today()];
    let mut command = Command::new(env!("CARGO_BIN_EXE_candidacy"));
    let command = command.args(words).current_dir(&here).stdin(input).env_remove("NO_COLOR");
    let out = command.output().expect("the program runs");
    let days = [&days[0], &today()].map(String::clone);

    let plain = |bytes: Vec<u8>| masked(&String::from_utf8(bytes).expect("output is UTF-8"), &days);
    let new = texts(&here).into_iter().filter(|(path, bytes)| before.get(path) != Some(bytes));
    let written = new.map(|(path, bytes)| (name(&path), plain(bytes)));
    Came {
        written: written.collect(),
        stdout: plain(out.stdout),
        stderr: plain(out.stderr),
        status: out.status.code().unwrap_or(-1),
    }
}

/// Every file in a folder with what it holds.
fn texts(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    files(folder).into_iter().map(|path| (path.clone(), fs::read(path).expect("a file"))).collect()
}

/// The text without what changes from day to day and with every edit of a pack.
fn masked(text: &str, days: &[String]) -> String {
    let mut masked = days.iter().fold(text.to_owned(), |text, day| text.replace(day.as_str(), "[TODAY]"));
    let mut from = 0;
    while let Some(at) = masked[from..].find("\"digest\"").map(|at| from + at) {
        let Some(start) = masked[at..].find("sha256:").map(|start| at + start) else { break };
        masked.replace_range(start..start + "sha256:".len() + 64, "[DIGEST]");
        from = start;
    }
    masked
}

fn today() -> String {
    Zoned::now().date().to_string()
}
