//! The shapes that language servers for TOML can work with: Taplo loops over an `allOf` that stands by itself, and offers
//! no keys of a table that has one.

use candidacy::schema::{facts, pack};
use serde_json::{Value, json};

use crate::sound;

#[test]
fn no_schema_of_toml_has_a_shape_that_editors_stumble_over() {
    for schema in [pack::schema(), facts::schema(&sound())] {
        let mut seen = 0;
        walk(&schema, "", &mut seen);
        assert!(seen > 150, "only {seen} schemas");
    }
}

fn walk(schema: &Value, place: &str, seen: &mut usize) {
    let Some(keys) = schema.as_object() else { return };
    *seen += 1;
    assert!(!keys.contains_key("$ref") || keys.len() == 1, "{place}: a reference has neighbours, which mean nothing");
    if keys.contains_key("allOf") {
        assert_eq!(keys.get("anyOf"), Some(&json!([true])), "{place}: `allOf` stands by itself");
        assert!(!keys.contains_key("properties"), "{place}: `allOf` stands beside keys");
    }
    for part in ["properties", "definitions"] {
        for (name, below) in keys.get(part).and_then(Value::as_object).into_iter().flatten() {
            walk(below, &format!("{place}/{part}/{name}"), seen);
        }
    }
    for part in ["items", "additionalProperties"] {
        keys.get(part).into_iter().for_each(|below| walk(below, &format!("{place}/{part}"), seen));
    }
    for part in ["allOf", "anyOf", "oneOf"] {
        for (index, below) in keys.get(part).and_then(Value::as_array).into_iter().flatten().enumerate() {
            walk(below, &format!("{place}/{part}/{index}"), seen);
        }
    }
}
