//! A schema as a program that checks files uses it.

use boon::{Compiler, SchemaIndex, Schemas};
use candidacy::input::document::{Kind, Node};
use candidacy::input::toml;
use serde_json::Value;

const HERE: &str = "http://candidacy.test/schema.json";

/// A schema that is ready to check.
pub struct Checker {
    /// The schema.
    pub schema: Value,
    schemas: Schemas,
    index: SchemaIndex,
}

impl Checker {
    /// A checker; the schema has to be one.
    pub fn new(schema: Value) -> Checker {
        let mut schemas = Schemas::new();
        let index = compile(&mut compiler(&schema), &mut schemas, "");
        Checker { schema, schemas, index }
    }

    /// What is wrong with a value.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        self.schemas.validate(value, self.index).map_err(|error| format!("{error:#}"))
    }

    /// What is wrong with a TOML text.
    pub fn check_toml(&self, text: &str) -> Result<(), String> {
        self.check(&json(text))
    }

    /// Those of some places in the schema whose part takes a value.
    pub fn takers<'p>(&self, places: &'p [String], value: &Value) -> Vec<&'p String> {
        let (mut compiler, mut schemas) = (compiler(&self.schema), Schemas::new());
        let mut takes = |place: &&String| {
            let index = compile(&mut compiler, &mut schemas, place);
            schemas.validate(value, index).is_ok()
        };
        places.iter().filter(|place| takes(place)).collect()
    }
}

fn compiler(schema: &Value) -> Compiler {
    let mut compiler = Compiler::new();
    compiler.add_resource(HERE, schema.clone()).expect("a schema");
    compiler
}

fn compile(compiler: &mut Compiler, schemas: &mut Schemas, place: &str) -> SchemaIndex {
    compiler.compile(&format!("{HERE}#{place}"), schemas).unwrap_or_else(|error| panic!("{place}: {error:#}"))
}

/// A TOML text as the JSON that checkers make of it: dates are texts.
pub fn json(text: &str) -> Value {
    let (node, errors) = toml::parse(text);
    assert!(errors.is_empty(), "{errors:?} in\n{text}");
    value(&node)
}

fn value(node: &Node) -> Value {
    match &node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => Value::Bool(*value),
        Kind::Integer(text) | Kind::Decimal(text) => {
            serde_json::from_str(text.trim_start_matches('+')).unwrap_or_else(|_| panic!("{text} is no number"))
        }
        Kind::Text(text) => Value::String(text.to_string()),
        Kind::Moment(text) => Value::String(text.clone()),
        Kind::Array(items) => items.iter().map(value).collect(),
        Kind::Table(entries) => entries.iter().map(|entry| (entry.key.to_string(), value(&entry.value))).collect(),
    }
}
