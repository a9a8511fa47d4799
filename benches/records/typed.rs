//! The same bytes read by `serde_json` into structs of the elements that views look at.

use serde::Deserialize;

#[derive(Deserialize)]
#[allow(dead_code, reason = "what it takes to read them is measured")]
pub struct Bundle {
    pub entry: Vec<Entry>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "what it takes to read them is measured")]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    full_url: Option<String>,
    resource: Resource,
}

/// The elements of every type that is read.
#[derive(Deserialize)]
#[allow(dead_code, reason = "what it takes to read them is measured")]
#[serde(rename_all = "camelCase")]
struct Resource {
    resource_type: String,
    id: Option<String>,
    status: Option<String>,
    intent: Option<String>,
    birth_date: Option<String>,
    gender: Option<String>,
    subject: Option<Reference>,
    code: Option<Concept>,
    clinical_status: Option<Concept>,
    verification_status: Option<Concept>,
    medication_codeable_concept: Option<Concept>,
    effective_date_time: Option<String>,
    onset_date_time: Option<String>,
    recorded_date: Option<String>,
    authored_on: Option<String>,
    value_quantity: Option<Quantity>,
    value_codeable_concept: Option<Concept>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "what it takes to read them is measured")]
struct Reference {
    reference: Option<String>,
    display: Option<String>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "what it takes to read them is measured")]
struct Concept {
    #[serde(default)]
    coding: Vec<Coding>,
    text: Option<String>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "what it takes to read them is measured")]
struct Coding {
    system: Option<String>,
    code: Option<String>,
    display: Option<String>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "what it takes to read them is measured")]
struct Quantity {
    value: Option<f64>,
    unit: Option<String>,
    system: Option<String>,
    code: Option<String>,
}

/// Reads a bundle.
pub fn read(text: &str) -> Bundle {
    serde_json::from_str(text).expect("a bundle")
}
