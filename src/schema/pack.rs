//! The schema of the files of a pack, all kinds in one: which kind a file is shows in the keys it has.

use serde_json::{Map, Value, json};

use super::part::{DRAFT, about, any, day, defined, list, named, none_of_keys, one_of_keys, table, text, texts, when};
use crate::model::coding::SYSTEMS;
use crate::model::name::RESERVED;
use crate::pack::format::{self, Form, Key, ViewPart};
use crate::pack::program::Effect;

/// The kinds of files, each with the keys that only it has.
const FILES: [(&str, &[Key]); 6] = [
    ("manifest", format::MANIFEST),
    ("dictionary", format::DICTIONARY),
    ("rules", format::RULES),
    ("vocabulary", format::VOCABULARY),
    ("criteria", format::CRITERIA),
    ("mapping", format::MAPPING),
];

/// The schema.
pub fn schema() -> Value {
    let all = FILES.iter().flat_map(|(_, keys)| *keys);
    let mut schema = table(properties(all), &[]);
    schema["$schema"] = DRAFT.into();
    schema["title"] = "A file of a candidacy pack".into();
    schema["description"] =
        "`pack.toml`, `facts.toml`, `rules.toml`, `criteria.toml`, `fhir.toml` or a vocabulary of a rule pack".into();
    schema["definitions"] = FILES.iter().map(|(name, keys)| ((*name).to_owned(), kind(name, keys))).collect();
    schema["definitions"]["select"] = select();
    let kinds = FILES.iter().flat_map(|(name, keys)| keys.iter().map(|key| (key.name.to_owned(), defined(name))));
    schema["dependencies"] = kinds.collect();
    schema
}

/// What holds of a file that has one of the keys of a kind: it has none of another.
fn kind(name: &str, keys: &[Key]) -> Value {
    let others = FILES.iter().filter(|(other, _)| *other != name).flat_map(|(_, keys)| *keys);
    let mut kind = none_of_keys(others.map(|key| key.name));
    let required = required(keys);
    if !required.is_empty() {
        kind["required"] = required.into();
    }
    if name == "manifest" {
        kind["anyOf"] = one_of_keys(["notice", "base"]).into();
    }
    kind
}

fn properties<'k>(keys: impl IntoIterator<Item = &'k Key>) -> Map<String, Value> {
    keys.into_iter().map(|key| (key.name.to_owned(), about(form(key), key.about))).collect()
}

fn required(keys: &[Key]) -> Vec<&'static str> {
    keys.iter().filter(|key| key.required).map(|key| key.name).collect()
}

/// What a key takes. A list that must be there must hold something.
fn form(key: &Key) -> Value {
    let mut schema = match key.form {
        Form::Text | Form::Sentence | Form::Script | Form::Unit => text(),
        Form::Number => number(),
        Form::Value => json!({ "type": ["boolean", "number"] }),
        Form::When => when(),
        Form::Limit => any(vec![number(), limit_day()]),
        Form::Range => json!({ "type": "array", "items": any(vec![number(), text()]), "minItems": 2, "maxItems": 2 }),
        Form::Word(words) => json!({ "enum": words }),
        Form::Texts => texts(),
        Form::NamedTexts => named(text()),
        Form::Named(keys) => named(part(keys)),
        Form::Variables(keys) => {
            let mut schema = named(part(keys));
            schema["propertyNames"] = json!({ "pattern": "^_*[A-Za-z][A-Za-z0-9_]*$" });
            schema
        }
        Form::List(keys) => list(part(keys)),
        Form::View(part) => of_view(part),
        Form::Codes => by_system(texts()),
        Form::Meanings => by_system(named(literal())),
        Form::Words => named(literal()),
        Form::Literal => literal(),
        Form::Fields(keys) => named(any(vec![text(), table(properties(keys), &[])])),
    };
    if key.required && schema["type"] == "array" {
        schema["minItems"] = 1.into();
    }
    schema
}

/// A part of a view, as SQL on FHIR has it.
fn of_view(part: ViewPart) -> Value {
    let keys = |keys: &[(&str, Value)]| keys.iter().map(|(key, form)| ((*key).to_owned(), form.clone())).collect();
    match part {
        ViewPart::Constants => {
            let mut constant = table(keys(&[("name", text())]), &["name"]);
            constant["patternProperties"] = json!({ "^value": { "type": ["string", "number", "boolean"] } });
            list(constant)
        }
        ViewPart::Filters => list(table(keys(&[("path", text()), ("description", text())]), &["path"])),
        ViewPart::Selects => list(defined("select")),
    }
}

/// A part of the rows of a view.
fn select() -> Value {
    let bool = json!({ "type": "boolean" });
    let texts = [("name", text()), ("path", text()), ("description", text()), ("type", text()), ("collection", bool)];
    let tags = ("tag", list(named(text())));
    let own = |keys: &[(&str, Value)]| keys.iter().map(|(key, form)| ((*key).to_owned(), form.clone())).collect();
    let column = table(own(&[&texts[..], &[tags]].concat()), &["name", "path"]);
    let parts = [
        ("column", list(column)),
        ("select", list(defined("select"))),
        ("unionAll", list(defined("select"))),
        ("forEach", text()),
        ("forEachOrNull", text()),
        ("repeat", self::texts()),
    ];
    table(own(&parts), &[])
}

/// What is told by code system.
fn by_system(values: Value) -> Value {
    let mut systems = named(values);
    let known = SYSTEMS.map(|(name, _)| name);
    systems["propertyNames"] = any(vec![json!({ "enum": known }), json!({ "pattern": ":" })]);
    systems
}

/// A value of a fact; `[]` stands for a list without members.
fn literal() -> Value {
    any(vec![json!({ "type": ["string", "number", "boolean"] }), json!({ "type": "array", "maxItems": 0 })])
}

fn number() -> Value {
    json!({ "type": "number" })
}

fn limit_day() -> Value {
    any(vec![day(), json!({ "const": "as_of" })])
}

/// A table within a file.
fn part(keys: &[Key]) -> Value {
    let mut part = table(properties(keys), &required(keys));
    if let Some(types) = keys.iter().find(|key| key.name == "type").and_then(words) {
        let typed: Vec<Value> = types.iter().map(|word| typed(keys, word)).collect();
        part["dependencies"] = json!({ "type": { "allOf": typed } });
    }
    let effects = Effect::ALL.map(Effect::word);
    if keys.iter().any(|key| effects.contains(&key.name)) {
        part["oneOf"] = one_of_keys(effects).into();
    }
    if keys.iter().any(|key| key.name == "lacks") {
        let holds = |key: &str| json!({ "required": [key], "properties": { key: { "minItems": 1 } } });
        part["anyOf"] = ["doubts", "lacks"].map(holds).to_vec().into();
    }
    part
}

fn words(key: &Key) -> Option<&'static [&'static str]> {
    match key.form {
        Form::Word(words) => Some(words),
        _ => None,
    }
}

/// What holds of a fact of one type.
fn typed(keys: &[Key], word: &str) -> Value {
    let idle = keys.iter().filter(|key| !format::fits(key.name, word));
    let mut own: Map<String, Value> = idle.map(|key| (key.name.to_owned(), false.into())).collect();
    let mut then = match word {
        "choice" => json!({ "required": ["values"] }),
        "term" => json!({ "required": ["of"] }),
        "list" => json!({ "anyOf": one_of_keys(["of", "values", "field"]) }),
        _ => json!({}),
    };
    for limit in ["min", "max"].into_iter().filter(|limit| format::fits(limit, word)) {
        own.insert(limit.to_owned(), if word == "date" { limit_day() } else { number() });
    }
    if format::fits("values", word) {
        let value = json!({ "type": "string", "not": { "enum": RESERVED } });
        own.insert("values".to_owned(), json!({ "type": "array", "items": value, "minItems": 1, "uniqueItems": true }));
    }
    if format::fits("field", word) {
        own.insert("field".to_owned(), json!({ "type": "object", "minProperties": 1 }));
    }
    then["properties"] = own.into();
    json!({ "if": { "properties": { "type": { "const": word } }, "required": ["type"] }, "then": then })
}
