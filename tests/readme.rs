//! What the README and the guides under `docs/` show is what happens: their files and commands are taken from them and
//! run, and every output is compared. `INSTA_UPDATE=always cargo test --test readme` writes the outputs anew.

mod folder;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use folder::copy;

/// What stands for the program in the README.
const RUN: &str = "cargo run --release --quiet -- ";

/// A fenced block: its language, and its lines.
struct Block<'r> {
    language: &'r str,
    lines: Vec<&'r str>,
}

#[test]
fn every_command_prints_what_the_readme_shows() {
    shows("README.md");
}

#[test]
fn every_command_prints_what_the_guides_show() {
    let guides =
        folder::sorted(Path::new("docs")).into_iter().filter(|path| path.extension().is_some_and(|end| end == "md"));
    let guides: Vec<PathBuf> = guides.collect();
    assert!(!guides.is_empty(), "there are no guides under docs/");
    guides.iter().for_each(|guide| shows(&guide.display().to_string()));
}

fn shows(page: &str) {
    let readme = read(page);
    let blocks = blocks(&readme);
    let folder = project_of_a_reader(page);
    let mut anew = readme.clone();
    let (mut ran, mut cursor) = (0, 0);
    for block in &blocks {
        match block.language {
            "toml" => written(block, &folder),
            "console" => {}
            _ => continue,
        }
        let mut shown = String::new();
        for line in block.lines.iter().filter_map(|line| line.strip_prefix("$ ")) {
            shown.push_str(&format!("$ {line}\n"));
            if let Some(args) = line.strip_prefix(RUN) {
                shown.push_str(&output(args, &folder));
                ran += 1;
            } else if let Some(file) = line.strip_prefix("cat ") {
                shown.push_str(&read(&folder.join(file).display().to_string()));
            }
        }
        if block.language == "console" {
            let (old, new) = (fenced(&block.lines.join("\n")), fenced(shown.trim_end()));
            let at = cursor + anew[cursor..].find(&old).expect("the block is there");
            anew.replace_range(at..at + old.len(), &new);
            cursor = at + new.len();
        }
    }
    assert!(ran > 0, "{page} shows no command");
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::write(page, &anew).expect("the page can be written");
        return;
    }
    let changed: Vec<String> =
        readme.lines().zip(anew.lines()).filter(|(a, b)| a != b).map(|(a, b)| format!("- {a}\n+ {b}")).collect();
    assert!(
        readme == anew,
        "{page} shows other output than there is, first:\n{}\nin all:\n{anew}",
        changed.first().cloned().unwrap_or_default()
    );
}

#[test]
fn the_test_command_is_the_one_that_ci_runs() {
    let readme = read("README.md");
    let blocks = blocks(&readme);
    let commands = blocks.iter().filter(|block| block.language == "console").flat_map(|block| &block.lines);
    let tests: Vec<&str> =
        commands.filter_map(|line| line.strip_prefix("$ ")).filter(|command| !command.starts_with(RUN)).collect();
    let [test] = tests[..] else {
        panic!("the README has one command besides the program, to run the tests: {tests:?}")
    };
    let ci = read(".ci/run");
    let runs = ci
        .lines()
        .any(|line| line.strip_prefix(test).is_some_and(|rest| rest.is_empty() || rest.starts_with(" 2>&1 |")));
    assert!(runs, ".ci/run does not run `{test}`");
}

#[test]
fn the_examples_for_build_servers_name_commands_that_there_are() {
    let mut ran = 0;
    for page in ["docs/github-actions.yml", ".pre-commit-hooks.yaml"] {
        for line in read(page).lines() {
            let line = line.trim_start_matches([' ', '-']);
            let Some(command) = ["run: candidacy ", "entry: candidacy "].iter().find_map(|key| line.strip_prefix(key))
            else {
                continue;
            };
            let args = command.split(" >").next().unwrap_or_default().split(' ').chain(["--help"]);
            let output = Command::new(env!("CARGO_BIN_EXE_candidacy")).args(args).output().expect("the program runs");
            assert!(output.status.success(), "{page}: {line}: {}", String::from_utf8_lossy(&output.stderr));
            ran += 1;
        }
    }
    assert!(ran > 6, "{ran} commands");
}

#[test]
fn the_notice_stands_before_the_first_command() {
    let readme = read("README.md");
    let notice = readme.find("Decision support only").expect("a notice");
    assert!(notice < readme.find("$ cargo").expect("a command"));
}

/// A folder with what a reader has: the shipped rules and fixtures.
fn project_of_a_reader(page: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(page.replace(['/', '.'], "-"));
    let _absent = fs::remove_dir_all(&folder);
    copy(Path::new("rules"), &folder.join("rules"), &[]);
    copy(Path::new("fixtures"), &folder.join("fixtures"), &[]);
    folder
}

/// Writes the file that a reader is told to write, or to write anew.
fn written(block: &Block, folder: &Path) {
    let name = block.lines.first().and_then(|line| line.strip_prefix("# ")).expect("a file opens with its name");
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
    fs::write(path, block.lines.join("\n") + "\n").expect("a file can be written");
}

/// What a command prints, errors after results; what it writes to a file is not printed.
fn output(args: &str, folder: &Path) -> String {
    let (args, file) = args.split_once(" > ").map_or((args, None), |(args, file)| (args, Some(file)));
    let mut command = Command::new(env!("CARGO_BIN_EXE_candidacy"));
    let ran = command.args(args.split(' ')).current_dir(folder).output().expect("the program runs");
    // 1: it answered, and found something.
    let answered = ran.status.code().is_some_and(|status| status <= 1);
    assert!(answered, "`{args}` fails: {}", String::from_utf8_lossy(&ran.stderr));
    let out = if file.is_some() { Vec::new() } else { ran.stdout.clone() };
    assert!(file.is_none() || !ran.stdout.is_empty(), "`{args}` prints nothing");
    String::from_utf8([out, ran.stderr].concat()).expect("output is UTF-8")
}

fn blocks(readme: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut lines = readme.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            blocks.push(Block { language, lines: lines.by_ref().take_while(|line| *line != "```").collect() });
        }
    }
    blocks
}

fn fenced(text: &str) -> String {
    format!("```console\n{text}\n```\n")
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}
