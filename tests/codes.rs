//! Every code has an explanation in `docs/codes/`, with a wrong and a right example, and a case under `tests/cli/`.
//! The examples are packs: each block is added to the file it names of the pack in `tests/codes/given/`, or replaces
//! it where its fence says `whole`. What is wrong has this one mistake, and what is right has none. The pack lies in
//! a folder `our-clinic`; beside it, in `general`, lies the given pack as it is, to build on.

mod folder;

use std::fs;
use std::path::{Path, PathBuf};

use candidacy::model::calendar::Date;
use candidacy::pack::checked::Checked;
use candidacy::pack::code::Code;
use candidacy::pack::diagnostic::{Diagnostic, Places};
use candidacy::pack::shelf::Shelf;
use folder::{copy, name, sorted};

const GIVEN: &str = "tests/codes/given";

/// A block of an example.
struct Block {
    file: String,
    whole: bool,
    text: String,
}

#[test]
fn every_code_has_an_explanation_and_nothing_else_has() {
    let mut files: Vec<String> = sorted(Path::new("docs/codes")).iter().map(|path| name(path)).collect();
    let mut codes: Vec<String> = Code::ALL.iter().map(|code| format!("{}.md", code.word())).collect();
    files.sort();
    codes.sort();
    assert_eq!(files, codes);
}

#[test]
fn every_explanation_has_the_same_shape() {
    for code in Code::ALL {
        let (word, text) = (code.word(), code.explanation());
        let title = text.lines().next().unwrap_or_default();
        let summary = title.strip_prefix(&format!("# {word}: ")).unwrap_or_else(|| panic!("{word}: {title}"));
        assert!(!summary.starts_with(char::is_uppercase) && !summary.ends_with('.'), "{word}: {summary}");
        let long: Vec<&str> = text.lines().filter(|line| line.chars().count() > 80).collect();
        assert!(long.is_empty(), "{word}: {long:?}");
        assert!(text.ends_with("\n```\n"), "{word} does not end with an example");
        let (said, wrong, right) = parts(code);
        let said = said.strip_prefix(title).unwrap_or_default().trim();
        assert!(!said.is_empty() && !said.contains("```"), "{word} is not explained before its examples");
        assert!(!wrong.is_empty() && !right.is_empty(), "{word} has no example on one side");
    }
}

#[test]
fn the_given_pack_is_sound() {
    assert_eq!(said(&check(&laid("given", &[]), false)), [] as [String; 0]);
}

#[test]
fn what_is_wrong_has_this_one_mistake_and_what_is_right_has_none() {
    let mut surprises = Vec::new();
    for code in Code::ALL {
        let (_, wrong, right) = parts(code);
        let word = code.word();
        let all = code == Code::AlikeValues;
        let wrong = check(&laid(&format!("{word}-wrong"), &wrong), all);
        match &wrong.diagnostics[..] {
            [one] if one.mistake.code() == code => {}
            _ => surprises.push(format!("{word}, wrong: {:#?}", said(&wrong))),
        }
        let right = check(&laid(&format!("{word}-right"), &right), all);
        if !right.diagnostics.is_empty() || right.program.is_none() {
            surprises.push(format!("{word}, right: {:#?}", said(&right)));
        }
    }
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}

#[test]
fn every_code_has_a_case_of_the_command_line() {
    let cases: Vec<PathBuf> =
        sorted(Path::new("tests/cli")).into_iter().filter(|path| path.join("stdout").is_file()).collect();
    let shows = |word: &str| {
        let prefix = format!("check-{word}");
        let own = cases.iter().filter(|path| name(path).starts_with(&prefix));
        let mut outputs = own.map(|path| fs::read_to_string(path.join("stdout")).expect("what it prints"));
        outputs.any(|output| output.contains(&format!("[{word}]")))
    };
    let without: Vec<&str> = Code::ALL.iter().map(|code| code.word()).filter(|word| !shows(word)).collect();
    assert_eq!(without, [] as [&str; 0]);
}

/// What is said, and the wrong and the right example.
fn parts(code: Code) -> (&'static str, Vec<Block>, Vec<Block>) {
    let text = code.explanation();
    let examples = text.split_once("\nWrong:\n").and_then(|(said, rest)| Some((said, rest.split_once("\nRight:\n")?)));
    let (said, (wrong, right)) = examples.unwrap_or_else(|| panic!("{} has no examples", code.word()));
    (said, blocks(wrong), blocks(right))
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let fenced = rest.strip_prefix("```").and_then(|rest| rest.split_once('\n'));
        let (info, after) = fenced.unwrap_or_else(|| panic!("no fence: {rest}"));
        let (text, after) = after.split_once("\n```").unwrap_or_else(|| panic!("an open fence: {rest}"));
        let words: Vec<&str> = info.split(' ').collect();
        let whole = words.get(2).is_some_and(|word| *word == "whole");
        assert!(words.len() == 2 + usize::from(whole) && ["toml", "rhai"].contains(&words[0]), "{info}");
        blocks.push(Block { file: words[1].to_owned(), whole, text: format!("{text}\n") });
        rest = after.trim_start();
    }
    blocks
}

/// The given pack with these blocks, as a folder.
fn laid(case: &str, blocks: &[Block]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("codes").join(case);
    let _absent = fs::remove_dir_all(&folder);
    let pack = folder.join("our-clinic");
    for folder in [&folder.join("general"), &pack] {
        copy(Path::new(GIVEN), folder, &[]);
    }
    for block in blocks {
        let path = pack.join(&block.file);
        let before = if block.whole { String::new() } else { fs::read_to_string(&path).unwrap_or_default() };
        fs::write(path, format!("{before}\n{}", block.text)).expect("a file can be written");
    }
    pack
}

fn check(pack: &Path, all: bool) -> Checked {
    candidacy::analysis::checked::check(&Shelf::Disk.open(pack), Date::constant(2026, 11, 21), all)
}

/// Each diagnostic in a line.
fn said(checked: &Checked) -> Vec<String> {
    let mut places = Places::new(&checked.sources);
    let line = |diagnostic: &Diagnostic| {
        let mistake = &diagnostic.mistake;
        format!("{}: {}: {}", places.of(diagnostic), mistake.code().word(), mistake.message())
    };
    checked.diagnostics.iter().map(line).collect()
}
