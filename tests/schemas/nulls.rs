//! `null` says nothing: no schema takes it, wherever it stands.

use std::fs;
use std::path::Path;

use candidacy::schema::{facts, pack, verdict};
use serde_json::{Value, json};

use crate::checker::{Checker, json};
use crate::fixture::packs;
use crate::{SAMPLE, sound};

#[test]
fn no_part_of_a_schema_takes_null() {
    for schema in [pack::schema(), facts::schema(&sound()), verdict::schema()] {
        let checker = Checker::new(schema);
        let mut places = Vec::new();
        values(&checker.schema, "", &mut places);
        assert!(places.len() > 80, "only {} places", places.len());
        let takers = checker.takers(&places, &Value::Null);
        assert!(takers.is_empty(), "null is taken by {takers:?}");
    }
}

/// The places of the schemas that describe a value, and not what holds of it besides. Each table among them says what
/// its further keys are.
fn values(schema: &Value, place: &str, places: &mut Vec<String>) {
    places.push(place.to_owned());
    let Some(keys) = schema.as_object() else { return };
    let own_words = keys.get("type") == Some(&json!("object")) && keys.contains_key("properties");
    assert!(!own_words || keys.get("additionalProperties") == Some(&json!(false)), "{place} is open");
    for part in ["properties", "definitions"] {
        // What holds of a file or table besides: it describes no value.
        let besides = |schema: &Value| schema.get("type").is_none() && schema.get("not").is_some();
        for (name, below) in
            keys.get(part).and_then(Value::as_object).into_iter().flatten().filter(|(_, s)| !besides(s))
        {
            values(below, &format!("{place}/{part}/{name}"), places);
        }
    }
    for part in ["items", "additionalProperties"] {
        if let Some(below) = keys.get(part).filter(|below| below.is_object()) {
            values(below, &format!("{place}/{part}"), places);
        }
    }
    let alone = !keys.contains_key("type");
    for part in ["allOf", "anyOf", "oneOf"].into_iter().filter(|_| alone) {
        let forms = keys.get(part).and_then(Value::as_array).into_iter().flatten();
        for (index, below) in forms.enumerate().filter(|(_, below)| below.is_object()) {
            values(below, &format!("{place}/{part}/{index}"), places);
        }
    }
}

#[test]
fn null_in_the_place_of_any_value_is_refused() {
    let pack = Checker::new(pack::schema());
    for (name, text) in SAMPLE {
        each_with_a_null(&json(text), &mut |changed| assert!(pack.check(changed).is_err(), "{name}: {changed:#}"));
    }
    let verdict = Checker::new(verdict::schema());
    for path in
        crate::folder::files(Path::new("fixtures")).iter().filter(|path| path.to_string_lossy().ends_with(".json.snap"))
    {
        let text = fs::read_to_string(path).expect("a text");
        let (_, json) = text.rsplit_once("---\n").expect("a snapshot");
        let value = serde_json::from_str(json).expect("JSON");
        each_with_a_null(&value, &mut |changed| assert!(verdict.check(changed).is_err(), "{changed:#}"));
    }
    for (program, fixtures) in packs() {
        let facts = Checker::new(facts::schema(&program));
        for fixture in fixtures {
            each_with_a_null(&json(&fixture.source.text), &mut |changed| {
                assert!(facts.check(changed).is_err(), "{}: {changed:#}", fixture.case);
            });
        }
    }
}

/// Calls with the value as often as it has parts, each time with null in the place of another.
fn each_with_a_null(value: &Value, call: &mut impl FnMut(&Value)) {
    let mut places = Vec::new();
    parts(value, "", &mut places);
    for place in places {
        let mut changed = value.clone();
        *changed.pointer_mut(&place).expect("a part") = Value::Null;
        call(&changed);
    }
}

fn parts(value: &Value, place: &str, places: &mut Vec<String>) {
    places.push(place.to_owned());
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| parts(item, &format!("{place}/{index}"), places));
        }
        Value::Object(keys) => {
            keys.iter().for_each(|(key, value)| parts(value, &format!("{place}/{}", escaped(key)), places));
        }
        _ => {}
    }
}
