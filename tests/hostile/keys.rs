//! No silent default: a key that is misspelt, or whose value is of the wrong kind, is always met with words.

use candidacy::engine::canonical;
use candidacy::input::document::{Kind, Node};
use candidacy::input::source::Span;
use candidacy::input::toml;
use candidacy::pack::compile::compile_files;
use candidacy::pack::mapping;
use candidacy::pack::shelf::PackFiles;

use crate::dice::{Dice, cases};
use crate::judge::{fixtures, shipped_files};
use crate::pack::Pack;
use crate::reach::Reach;
use crate::referral::{Case, Tree, read};

/// A key with the keys above it, where it stands, and its value.
struct Key<'n> {
    path: Vec<String>,
    at: Span,
    value: &'n Node<'n>,
}

/// Every key of a document, at any depth.
fn keys<'n>(node: &'n Node<'n>, above: &[String], found: &mut Vec<Key<'n>>) {
    match &node.kind {
        Kind::Table(entries) => {
            for entry in entries {
                let path: Vec<String> = above.iter().cloned().chain([entry.key.to_string()]).collect();
                keys(&entry.value, &path, found);
                found.push(Key { path, at: entry.key_span.clone(), value: &entry.value });
            }
        }
        Kind::Array(items) => items.iter().for_each(|item| keys(item, above, found)),
        _ => {}
    }
}

fn spliced(text: &str, span: &Span, with: &str) -> String {
    format!("{}{with}{}", &text[..span.start], &text[span.end..])
}

/// What a value may be replaced by that is of no kind a value of this kind could be.
fn wrong_kinds(value: &Node) -> Vec<&'static str> {
    match &value.kind {
        Kind::Text(_) => vec!["{ zz = 1 }", "[[5]]", "true", "5"],
        Kind::Bool(_) => vec!["{ zz = 1 }", "[[5]]", "5", "\"zz\""],
        Kind::Integer(_) | Kind::Decimal(_) => vec!["{ zz = 1 }", "[[5]]", "true", "\"zz\""],
        Kind::Moment(_) => vec!["{ zz = 1 }", "[[5]]", "true", "\"zz\""],
        Kind::Array(_) => vec!["{ zz = 1 }", "[[5]]", "true", "5", "\"zz\""],
        Kind::Table(_) | Kind::Null => Vec::new(),
    }
}

/// Keys of the header that are for readers and tests only.
const UNREAD: [&str; 5] = ["title", "expect", "criteria", "remarks", "patient"];

#[test]
fn a_misspelt_key_of_a_referral_is_always_met() {
    let program = compile_files(&shipped_files()).expect("a sound pack");
    for (name, text) in fixtures() {
        let (node, _) = toml::parse(&text);
        let mut found = Vec::new();
        keys(&node, &[], &mut found);
        for key in found.iter().filter(|key| key.path[0] != "expect") {
            let written = spliced(&text, &key.at, "zz_key");
            let met = read(&written, &program.dictionary);
            assert!(met.is_err(), "{name}: {} may be misspelt", key.path.join("."));
        }
    }
}

#[test]
fn a_value_of_the_wrong_kind_in_a_referral_is_always_met() {
    let program = compile_files(&shipped_files()).expect("a sound pack");
    for (name, text) in fixtures() {
        let sound = read(&text, &program.dictionary).expect("a sound fixture").referral;
        let (node, _) = toml::parse(&text);
        let mut found = Vec::new();
        keys(&node, &[], &mut found);
        for key in found.iter().filter(|key| !UNREAD.contains(&key.path[0].as_str())) {
            for other in wrong_kinds(key.value) {
                let written = spliced(&text, &key.value.span, other);
                let Ok(read) = read(&written, &program.dictionary) else { continue };
                let digest = |referral| canonical::digest(&program.dictionary, referral);
                let changed = digest(&read.referral) != digest(&sound) || read.referral.as_of != sound.as_of;
                assert!(changed, "{name}: {} = {other} changes nothing", key.path.join("."));
            }
        }
    }
}

#[test]
fn a_lost_key_of_a_referral_is_a_lost_statement() {
    let program = compile_files(&shipped_files()).expect("a sound pack");
    for seed in 0..cases(20) {
        let case = Case::by_chance(&program.dictionary, &mut Dice::new(seed), &mut Reach::default());
        let sound = canonical::digest(&program.dictionary, &case.read(&program.dictionary).referral);
        for index in 0..case.facts.len() {
            for (key, tree) in one_key_less(&case.facts[index].1) {
                let mut less = case.clone();
                less.facts[index].1 = tree;
                let Ok(read) = read(&less.toml(), &program.dictionary) else { continue };
                let changed = canonical::digest(&program.dictionary, &read.referral) != sound;
                assert!(changed, "{key} of {} may be lost in\n{}", case.facts[index].0, case.toml());
            }
        }
    }
}

/// The tree without each of its keys in turn. `complete = true` says what is so anyway, and a result that is awaited
/// has no unit and no range yet.
fn one_key_less(tree: &Tree) -> Vec<(String, Tree)> {
    match tree {
        Tree::List(items) => (0..items.len())
            .flat_map(|index| one_key_less(&items[index]).into_iter().map(move |less| (index, less)))
            .map(|(index, (key, less))| {
                let mut items = items.clone();
                items[index] = less;
                (key, Tree::List(items))
            })
            .collect(),
        Tree::Table(entries) => {
            let without =
                |index: usize| entries.iter().enumerate().filter(move |(own, _)| *own != index).map(|(_, e)| e.clone());
            let whole = (0..entries.len())
                .filter(|index| entries[*index].1 != Tree::Bool(true) || entries[*index].0 != "complete");
            let whole = whole.map(|index| (entries[index].0.clone(), Tree::Table(without(index).collect())));
            let inner = (0..entries.len()).flat_map(|index| {
                one_key_less(&entries[index].1).into_iter().map(move |(key, less)| {
                    let mut entries = entries.clone();
                    entries[index].1 = less;
                    (key, Tree::Table(entries))
                })
            });
            whole.chain(inner).collect()
        }
        Tree::Bool(_) | Tree::Number(_) | Tree::Text(_) | Tree::Moment(_) => Vec::new(),
    }
}

#[test]
fn a_misspelt_key_of_a_pack_is_always_met() {
    let mut unmet = Vec::new();
    for files in packs() {
        let sound = opened(&files).expect("a sound pack");
        every_key(&files, |file, key, text| {
            let written = with(&files, file, spliced(text, &key.at, "zz_key"));
            let Some(program) = opened(&written) else { return };
            let named = is_a_name(&key.path) && program != sound;
            if !named {
                unmet.push(format!("{}: {}", files.files[file].name, key.path.join(".")));
            }
        });
    }
    assert!(unmet.is_empty(), "may be misspelt: {unmet:#?}");
}

#[test]
fn a_value_of_the_wrong_kind_in_a_pack_is_always_met() {
    let mut unmet = Vec::new();
    for files in packs() {
        every_key(&files, |file, key, text| {
            for other in wrong_kinds(key.value) {
                let written = with(&files, file, spliced(text, &key.value.span, other));
                if opened(&written).is_some() && !takes_anything(&key.path) {
                    unmet.push(format!("{}: {} = {other}", files.files[file].name, key.path.join(".")));
                }
            }
        });
    }
    assert!(unmet.is_empty(), "taken without a word: {unmet:#?}");
}

/// The shipped pack, and some by chance.
fn packs() -> Vec<PackFiles> {
    let generated = (0..cases(3)).map(|seed| Pack::by_chance(&mut Dice::new(seed)).files());
    std::iter::once(slim(shipped_files())).chain(generated).collect()
}

/// The shipped pack with the first rules only: the others have no other keys, and compiling takes its time.
fn slim(mut files: PackFiles) -> PackFiles {
    let rules = files.files.iter_mut().find(|file| file.name == "rules.toml").expect("a rule file");
    let blocks: Vec<&str> = rules.source.text.split("[[rule]]").collect();
    rules.source.text = blocks[..7].join("[[rule]]");
    let ids = rules.source.text.lines().filter_map(|line| line.strip_prefix("id ")?.split('"').nth(1));
    let ids: Vec<String> = ids.map(|id| format!("\"{id}\"")).collect();
    let criteria = files.files.iter_mut().find(|file| file.name == "criteria.toml").expect("the criteria");
    criteria.source.text =
        format!("[criterion]\nA = {{ rules = [{}] }}\nB = {{ none = \"dosing\" }}\n", ids.join(", "));
    files
}

fn every_key(files: &PackFiles, mut met: impl FnMut(usize, &Key, &str)) {
    for (index, file) in files.files.iter().enumerate().filter(|(_, file)| file.name.ends_with(".toml")) {
        let (node, _) = toml::parse(&file.source.text);
        let mut found = Vec::new();
        keys(&node, &[], &mut found);
        // Of many terms of one shape the first few say it all.
        let mut shapes: Vec<Vec<&str>> = Vec::new();
        for key in &found {
            // So do the first few codes of a system.
            let end = key.path.len() - usize::from(key.path.len() > 2 && is_a_name(&key.path));
            let parts = key.path[..end].iter().enumerate();
            let shape: Vec<&str> = parts.filter(|(at, _)| *at != 1).map(|(_, part)| part.as_str()).collect();
            if shapes.iter().filter(|known| **known == shape).count() >= 4 {
                continue;
            }
            shapes.push(shape);
            met(index, key, &file.source.text);
        }
    }
}

fn with(files: &PackFiles, file: usize, text: String) -> PackFiles {
    let mut files = files.clone();
    files.files[file].source.text = text;
    files
}

/// A pack without the digest of its files: its program, and how it reads records; none where something is wrong.
fn opened(files: &PackFiles) -> Option<String> {
    let mut program = compile_files(files).ok()?;
    let mapping = mapping::open(files, &program).ok()?;
    program.digest.clear();
    Some(format!("{program:?} {mapping:?}"))
}

/// Whether a key is a name that the author chooses.
fn is_a_name(path: &[String]) -> bool {
    let named = ["criterion", "fact", "derived", "setting", "source", "vocabulary", "class", "term", "codes", "field"];
    // Of a mapping: views, codes by system, and the words of a column.
    let of_mapping = ["view", "loinc", "snomed", "icd10", "rxnorm", "values", "words", "past_as"];
    let mut named = named.iter().chain(&of_mapping);
    // The address of a code system is one, too.
    path.len() >= 2 && (named.any(|name| *name == path[path.len() - 2]) || path[path.len() - 2].contains(':'))
}

/// Whether a key takes a value of several kinds.
fn takes_anything(path: &[String]) -> bool {
    matches!(path, [source, _, date] if source == "source" && date == "date")
        || matches!(path, [setting, _, value] if setting == "setting" && value == "value")
}
