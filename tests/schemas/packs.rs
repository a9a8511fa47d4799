//! Files of packs against their schema and against the loader.

use std::fs;
use std::path::Path;

use candidacy::pack::format::{self, Form, Key};
use candidacy::pack::program::Effect;
use candidacy::schema::pack::schema;
use serde_json::Value;

use crate::checker::{Checker, json};
use crate::dice::{Dice, cases};
use crate::folder::files;
use crate::pack::Pack;
use crate::{SAMPLE, sample};

#[test]
fn every_file_of_a_sound_pack_is_taken() {
    let checker = Checker::new(schema());
    let mut checked = 0;
    for folder in ["rules", "tests/world", "tests/cli/given", "tests/schemas/sample"] {
        for path in files(Path::new(folder)).iter().filter(|path| is_of_a_pack(path)) {
            let text = fs::read_to_string(path).expect("a text");
            checker.check_toml(&text).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
            checked += 1;
        }
    }
    assert!(checked > 10, "only {checked} files");
    for (name, text) in SAMPLE {
        sample(name, text).unwrap_or_else(|why| panic!("{why}"));
    }
}

/// The files of packs, but for those that are wrong on purpose.
fn is_of_a_pack(path: &Path) -> bool {
    let sound = ["rules", "world", "sample"].iter().any(|part| path.components().any(|own| own.as_os_str() == *part));
    sound && path.extension().is_some_and(|end| end == "toml")
}

#[test]
fn every_pack_put_together_by_chance_is_taken() {
    let checker = Checker::new(schema());
    for seed in 0..cases(100) {
        let pack = Pack::by_chance(&mut Dice::new(seed));
        pack.program();
        for file in pack.files().files.iter().filter(|file| file.name.ends_with(".toml")) {
            let text = &file.source.text;
            checker.check_toml(text).unwrap_or_else(|why| panic!("{} of {seed}: {why}\n{text}", file.name));
        }
    }
}

#[test]
fn a_pack_on_another_needs_no_notice() {
    let checker = Checker::new(schema());
    let on = "id = \"x\"\ntitle = \"X\"\nversion = \"1\"\nbase = \"../aldesleukin\"\ndrop = [\"pregnancy\"]\n";
    checker.check_toml(on).expect("it inherits the notice");
}

#[test]
fn without_any_one_line_a_sample_is_refused_by_both_or_by_neither() {
    let checker = Checker::new(schema());
    let (mut needed, mut free) = (0, 0);
    for (name, own) in SAMPLE {
        for (at, line) in own.lines().enumerate().filter(|(_, line)| line.contains(" = ")) {
            // Scripts name these: without them the loader misses a name, and not a key.
            if line.starts_with("tissue =") {
                continue;
            }
            let rest: Vec<&str> = own.lines().enumerate().filter(|(other, _)| *other != at).map(|(_, l)| l).collect();
            let text = rest.join("\n");
            let (loaded, checked) = (sample(name, &text), checker.check_toml(&text));
            let differ = loaded.is_ok() != checked.is_ok() && !is_about_meaning(loaded.as_ref().err());
            assert!(!differ, "{name} without `{line}`: {:?}, {checked:?}", loaded.err());
            if checked.is_ok() { free += 1 } else { needed += 1 }
        }
    }
    assert!(needed > 50 && free > 20, "{needed} needed, {free} free");
}

/// Whether the loader's only complaint is one that no schema could make: that units of a script do not go together.
fn is_about_meaning(why: Option<&String>) -> bool {
    why.is_some_and(|why| {
        why.lines().all(|line| {
            ["unit", "max_age", "the derived fact", "constant", "column"].iter().any(|word| line.contains(word))
        })
    })
}

#[test]
fn a_value_of_the_wrong_type_is_refused_by_both() {
    let checker = Checker::new(schema());
    for (name, own) in SAMPLE {
        for (at, line) in own.lines().enumerate().filter(|(_, line)| line.contains(" = ")) {
            let (key, _) = line.split_once(" = ").expect("a key");
            let wrong = format!("{key} = [[1979-05-27]]");
            let lines = own.lines().enumerate().map(|(other, line)| if other == at { wrong.as_str() } else { line });
            let text = lines.collect::<Vec<_>>().join("\n");
            assert!(sample(name, &text).is_err(), "the loader takes `{wrong}` for `{line}` of {name}");
            assert!(checker.check_toml(&text).is_err(), "the schema takes `{wrong}` for `{line}` of {name}");
        }
    }
}

/// A file of the sample, what stands there, and what is written in its place.
const WRONG: [(&str, &str, &str); 42] = [
    ("pack.toml", "title = \"Every", "titel = \"Every"),
    ("pack.toml", "version = \"1.0.0\"", "version = 1.0"),
    ("pack.toml", "id = \"sample\"", "id = \"sample\"\nvocabularies = {}"),
    ("pack.toml", "id = \"sample\"", "id = \"sample\"\ndrop = \"everything\""),
    ("pack.toml", "tissue = \"tissue.toml\"", "tissue = [\"tissue.toml\"]"),
    ("pack.toml", "kind = \"book\"", "kind = \"book\"\nyear = 2020"),
    ("pack.toml", "kind = \"book\"", "sort = \"book\""),
    ("pack.toml", "value = 60", "value = \"60\""),
    ("pack.toml", "value = true", "value = \"true\""),
    ("pack.toml", "why = \"policy\"", "because = \"policy\""),
    ("pack.toml", "[setting.shelf_life]", "[setting.shelf-life]"),
    ("pack.toml", "[setting.shelf_life]", "[rule]\n[setting.shelf_life]"),
    ("pack.toml", "[setting.shelf_life]", "[fact.x]\n[setting.shelf_life]"),
    ("facts.toml", "type = \"bool\"", "type = \"boolean\""),
    ("facts.toml", "type = \"bool\"", "type = \"bool\"\nunit = \"mg\""),
    ("facts.toml", "type = \"bool\"", "type = \"bool\"\nvalues = [\"yes\", \"no\"]"),
    ("facts.toml", "type = \"bool\"", "type = \"bool\"\ntolerance = 1"),
    ("facts.toml", "type = \"bool\"", "type = \"bool\"\nfield = {}"),
    ("facts.toml", "type = \"bool\"", "type = \"list\""),
    ("facts.toml", "type = \"bool\"", "type = \"choice\""),
    ("facts.toml", "type = \"bool\"", "type = \"term\""),
    ("facts.toml", "type = \"list\"\nof", "type = \"list\"\nunit = \"mg\"\nof"),
    ("facts.toml", "type = \"list\"\nof", "type = \"list\"\nmin = 1\nof"),
    ("facts.toml", "[fact.ready]", "[fact.is-ready]"),
    ("facts.toml", "effort = \"ask\"", "effort = \"easy\""),
    ("facts.toml", "max = 10.5", "max = \"as_of\""),
    ("facts.toml", "max = \"as_of\"", "max = \"today\""),
    ("facts.toml", "min = 1900-01-01", "min = 1900"),
    ("facts.toml", "range = [0.5, 1.2]", "range = [0.5]"),
    ("facts.toml", "values = [\"normal\",", "values = [\"unknown\","),
    ("facts.toml", "values = [\"good\", \"bad\"]", "values = []"),
    ("facts.toml", "doubts = [\"ready\", \"count\"]", "doubts = []"),
    ("facts.toml", "lacks = [\"tissues\"]", "lacks = []"),
    ("facts.toml", "[fact.doses.field.amount]\ntype = \"number\"", "[fact.doses.field.amount]\ntype = \"list\""),
    ("facts.toml", "[derived.finding]\ntype = \"choice\"", "[derived.finding]\ntype = \"term\""),
    ("rules.toml", "exclude = 'ready'", "exclude = 'ready'\ncaution = 'ready'"),
    ("rules.toml", "exclude = 'ready'", "excludes = 'ready'"),
    ("rules.toml", "cite = [{ source = \"book\" }]", "cite = []"),
    ("rules.toml", "cite = [{ source = \"book\" }]", "cite = [\"book\"]"),
    ("rules.toml", "at = \"page 1\"", "page = 1"),
    ("tissue.toml", "also = [\"organs\"]", "also = [\"organs\"]\nmay_be = [\"gland\"]"),
    ("tissue.toml", "snomed = \"64033007\"", "snomed = 64033007"),
];

#[test]
fn a_mistake_in_a_pack_is_marked_and_refused() {
    let checker = Checker::new(schema());
    for (name, there, instead) in WRONG {
        let (_, own) = SAMPLE.into_iter().find(|(own, _)| *own == name).expect("a file of the sample");
        assert!(own.contains(there), "{name} has no `{there}`");
        let text = own.replacen(there, instead, 1);
        assert!(sample(name, &text).is_err(), "the loader takes `{instead}` in {name}");
        assert!(checker.check_toml(&text).is_err(), "the schema takes `{instead}` in {name}");
    }
}

#[test]
fn every_key_of_every_format_is_described() {
    let schema = schema();
    let mut seen = 0;
    for keys in [format::MANIFEST, format::DICTIONARY, format::RULES, format::VOCABULARY, format::MAPPING] {
        described(keys, &schema, &mut seen);
    }
    assert!(seen > 80, "only {seen} keys");
}

fn described(keys: &[Key], table: &Value, seen: &mut usize) {
    for key in keys {
        let own = &table["properties"][key.name];
        assert_eq!(own["description"], key.about, "{}", key.name);
        assert!(key.about.len() > 10 && !key.about.ends_with('.'), "{}: {}", key.name, key.about);
        *seen += 1;
        match key.form {
            Form::Named(keys) | Form::Variables(keys) => described(keys, &own["additionalProperties"], seen),
            Form::List(keys) => described(keys, &own["items"], seen),
            _ => {}
        }
    }
}

#[test]
fn every_effect_is_a_key_of_a_rule() {
    for effect in Effect::ALL {
        assert!(format::RULE.iter().any(|key| key.name == effect.word()), "{}", effect.word());
    }
}

#[test]
fn the_sample_has_every_key() {
    let mut lacking = Vec::new();
    let texts = SAMPLE.map(|(_, text)| json(text));
    let formats = [format::MANIFEST, format::DICTIONARY, format::RULES, format::VOCABULARY, format::MAPPING];
    for (keys, file) in formats.iter().zip(&texts) {
        lacks(keys, &[file], &mut lacking);
    }
    // A pack of one layer has neither, and a rule has one effect.
    lacking.retain(|key| !["base", "drop", "defer", "caution", "note"].contains(key));
    assert!(lacking.is_empty(), "{lacking:?}");
}

fn lacks(keys: &[Key], tables: &[&Value], lacking: &mut Vec<&'static str>) {
    for key in keys {
        let found: Vec<&Value> = tables.iter().filter_map(|table| table.get(key.name)).collect();
        if found.is_empty() {
            lacking.push(key.name);
        }
        match key.form {
            Form::Named(keys) | Form::Variables(keys) => {
                let below: Vec<&Value> = found.iter().flat_map(|t| t.as_object().expect("a table").values()).collect();
                lacks(keys, &below, lacking);
            }
            Form::List(keys) => {
                let below: Vec<&Value> = found.iter().flat_map(|list| list.as_array().expect("a list")).collect();
                lacks(keys, &below, lacking);
            }
            _ => {}
        }
    }
}
