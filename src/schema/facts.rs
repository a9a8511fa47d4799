//! The schema of a referral, from the dictionary and the rules of a pack: every fact it may state and how.

use serde_json::{Map, Value, json};

use super::part::{DRAFT, about, day, defined, list, one_of_keys, table, text};
use super::said::{Said, definitions};
use crate::engine::decide::Decision;
use crate::model::dictionary::{Dictionary, Domain, Fact, Limit, Scalar, Shape};
use crate::pack::program::Program;

/// The schema of the referrals that a pack can screen.
pub fn schema(program: &Program) -> Value {
    let mut schema = table(header(program), &[]);
    schema["anyOf"] = one_of_keys(["facts", "base"]).into();
    schema["$schema"] = DRAFT.into();
    schema["title"] = format!("A referral for {}", program.title).into();
    schema["description"] =
        format!("What is known of one patient, for the pack {} {}", program.id, program.version).into();
    let mut definitions = definitions(&program.dictionary);
    definitions.insert("anything".into(), anything());
    schema["definitions"] = definitions.into();
    schema
}

fn header(program: &Program) -> Map<String, Value> {
    let names: Vec<&str> = program.dictionary.facts().map(|(_, fact)| fact.name.as_str()).collect();
    let facts = program.dictionary.facts().map(|(_, fact)| (fact.name.clone(), stated(&program.dictionary, fact)));
    let patient = json!({ "type": ["string", "integer"] });
    let keys = [
        ("patient", about(patient, "Who it is about, such as `R-1042`; the file's name unless given")),
        ("as_of", about(day(), "The day to screen for, such as `2026-11-21`; today unless given")),
        ("title", about(text(), "What this referral is, for people who look for it")),
        ("remarks", about(text(), "Text that is carried along and shown; no rule reads it")),
        ("base", about(text(), "A referral in the same folder or below it, whose facts and day this one inherits")),
        ("without", about(list(json!({ "enum": names })), "Facts of the base to leave out, by name")),
        ("facts", about(table(facts.collect(), &[]), "What is known; a fact that is left out is unknown")),
        ("expect", expect(program)),
        ("criteria", about(defined("anything"), "For whoever keeps the referral; not read")),
    ];
    keys.into_iter().map(|(key, schema)| (key.to_owned(), schema)).collect()
}

/// What a fixture must come to.
fn expect(program: &Program) -> Value {
    let rules: Vec<&str> = program.rules.iter().map(|rule| rule.id.as_str()).collect();
    let verdicts = Decision::ALL.map(Decision::word);
    let keys = [
        ("verdict", about(json!({ "enum": verdicts }), "The verdict it must get")),
        ("fires", about(list(json!({ "enum": rules })), "The rules that must fire, and no others")),
        ("missing", about(list(text()), "The facts that must be asked for, and no others")),
    ];
    let keys = keys.into_iter().map(|(key, schema)| (key.to_owned(), schema)).collect();
    about(table(keys, &[]), "What a test of the pack expects; a screening does not read it")
}

/// Anything that a file can hold.
fn anything() -> Value {
    let part = defined("anything");
    json!({ "anyOf": [
        { "type": ["boolean", "number", "string"] },
        { "type": "array", "items": part },
        { "type": "object", "additionalProperties": part },
    ] })
}

fn stated(dictionary: &Dictionary, fact: &Fact) -> Value {
    let mut schema = about(Said { dictionary }.of(&fact.shape), &description(dictionary, fact));
    schema["title"] = fact.label.as_str().into();
    schema
}

/// What to know of a fact when stating it: the question, where it belongs, its limits, and an example.
fn description(dictionary: &Dictionary, fact: &Fact) -> String {
    let mut notes = vec![fact.question.clone()];
    notes.extend((!fact.group.is_empty()).then(|| format!("Shown under {}.", fact.group)));
    notes.extend(fact.domain().and_then(limits));
    notes.extend(fact.max_age.as_ref().map(|age| format!("A result counts for {} days, so give `on`.", age.days)));
    notes.extend(fact.derived.map(|_| "Computed from other facts unless given.".to_owned()));
    if takes_terms(fact) {
        notes.push("A term that is not listed counts as unknown; `other: NAME` is in no class.".to_owned());
    }
    notes.push(format!("For example `{}`.", example(dictionary, fact)));
    notes.join(" ")
}

fn takes_terms(fact: &Fact) -> bool {
    let fields = fact.fields().iter().map(|field| &field.domain);
    fact.domain().into_iter().chain(fields).any(|domain| matches!(domain.scalar, Scalar::Term(_)))
}

fn limits(domain: &Domain) -> Option<String> {
    let show = |limit: &Limit| match limit {
        Limit::Number(number) => number.to_string(),
        Limit::Date(day) => day.to_string(),
        Limit::AsOf => "the as-of date".to_owned(),
    };
    let unit = domain.unit.as_ref().filter(|unit| !unit.is_plain()).map(|unit| format!("in {}", unit.display()));
    let parts = [
        unit,
        domain.min.as_ref().map(|min| format!("from {}", show(min))),
        domain.max.as_ref().map(|max| format!("up to {}", show(max))),
        domain.normal.map(|normal| format!("normal {} to {}", normal.low, normal.high)),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let mut text = parts.join(", ");
    let first = text.chars().next()?.to_uppercase().to_string();
    text.replace_range(..1, &first);
    Some(format!("{text}."))
}

/// A fact stated in TOML.
fn example(dictionary: &Dictionary, fact: &Fact) -> String {
    match &fact.shape {
        Shape::One(domain) => value(dictionary, domain),
        Shape::Set(domain) => format!("[{}]", value(dictionary, domain)),
        Shape::Records(fields) => {
            let fields = fields.iter().map(|field| format!("{} = {}", field.name, value(dictionary, &field.domain)));
            format!("[{{ {} }}]", fields.collect::<Vec<_>>().join(", "))
        }
    }
}

fn value(dictionary: &Dictionary, domain: &Domain) -> String {
    let number = match (&domain.normal, &domain.min, &domain.max) {
        (Some(normal), _, _) => normal.low.to_string(),
        (None, Some(Limit::Number(low)), _) => low.to_string(),
        (None, None, Some(Limit::Number(high))) => high.to_string(),
        _ => "1".to_owned(),
    };
    match (&domain.scalar, &domain.unit) {
        (Scalar::Bool, _) => "true".to_owned(),
        (Scalar::Date, _) => "2026-11-02".to_owned(),
        (Scalar::Integer, _) | (Scalar::Number, None) => number,
        (Scalar::Number, Some(unit)) => format!("{{ value = {number}, unit = {:?} }}", unit.code()),
        (Scalar::Choice(values), _) => format!("{:?}", values.first().map_or("", String::as_str)),
        (Scalar::Term(id), _) => {
            let vocabulary = dictionary.vocabulary(*id);
            let mut terms = vocabulary.concepts().filter(|(_, concept)| !concept.is_class);
            format!("{:?}", terms.next().map_or("", |(_, concept)| concept.name.as_str()))
        }
    }
}
