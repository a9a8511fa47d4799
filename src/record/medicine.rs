//! Medicines that a resource names by reference, to a resource of their own or to one that it contains: put in the
//! place of the reference, so that views find them where they would stand otherwise.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::intake::Intake;
use super::store::{Place, Reader, Store};

/// The resource that stands there with the code of the medicine that it refers to, as JSON; none where it refers to none.
pub fn with_medicine(text: &str, place: Place, intake: &Intake, store: &Store) -> Option<Cow<'static, str>> {
    if !text.contains("\"medicationReference\"") {
        return None;
    }
    let mut resource: Map<String, Value> = serde_json::from_str(text).ok()?;
    let reference = resource.get("medicationReference")?.as_object()?.clone();
    let code = reference.get("reference").and_then(Value::as_str).and_then(|to| match to.strip_prefix('#') {
        Some(id) => {
            let contained = resource.get("contained")?.as_array()?;
            contained.iter().find(|own| own.get("id").and_then(Value::as_str) == Some(id))?.get("code").cloned()
        }
        None => of_other(to, place, intake, store),
    });
    // What leads nowhere is still a medicine: it goes by the name that it is given, and stays to be asked about.
    let named = |key: &str| reference.get(key).and_then(Value::as_str).map(|name| serde_json::json!({ "text": name }));
    let code = code.or_else(|| named("display")).or_else(|| named("reference"))?;
    resource.insert("medicationCodeableConcept".to_owned(), code);
    resource.remove("medicationReference");
    serde_json::to_string(&resource).ok().map(Into::into)
}

/// The code of the medicine that a reference leads to. Files of several patients may give one address to different
/// medicines: then the one of the same file counts, and none where that does not tell.
fn of_other(to: &str, from: Place, intake: &Intake, store: &Store) -> Option<Value> {
    let to = to.split("/_history/").next().unwrap_or(to);
    let by_end = || {
        let at = to.rfind("Medication/")?;
        intake.medications.get(&to[at..])
    };
    let places = intake.medications.get(to).or_else(by_end)?;
    let near: Vec<&Place> = places.iter().filter(|place| place.file == from.file).collect();
    let places = if near.is_empty() { places.iter().collect() } else { near };
    let mut reader = Reader::new(store);
    let mut code = |place: &Place| -> Option<Value> {
        let medication: Map<String, Value> = serde_json::from_str(&reader.text(*place).ok()?).ok()?;
        medication.get("code").cloned()
    };
    let (first, others) = places.split_first()?;
    let first = code(first)?;
    others.iter().all(|other| code(other).as_ref() == Some(&first)).then_some(first)
}
