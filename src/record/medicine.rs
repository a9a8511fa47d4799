//! Medicines that a resource names by reference, to a resource of their own or to one that it contains: put in the
//! place of the reference, so that views find them where they would stand otherwise.

use serde_json::{Map, Value};

use super::intake::Intake;
use super::store::{Reader, Store};

/// The resource with the code of the medicine that it refers to, as JSON; none where it refers to none.
pub fn with_medicine(text: &str, intake: &Intake, store: &Store) -> Option<std::borrow::Cow<'static, str>> {
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
        None => of_other(to, intake, store),
    });
    // What leads nowhere is still a medicine: it goes by the name that it is given, and stays to be asked about.
    let named = |key: &str| reference.get(key).and_then(Value::as_str).map(|name| serde_json::json!({ "text": name }));
    let code = code.or_else(|| named("display")).or_else(|| named("reference"))?;
    resource.insert("medicationCodeableConcept".to_owned(), code);
    resource.remove("medicationReference");
    serde_json::to_string(&resource).ok().map(Into::into)
}

fn of_other(to: &str, intake: &Intake, store: &Store) -> Option<Value> {
    let to = to.split("/_history/").next().unwrap_or(to);
    let by_end = || {
        let at = to.rfind("Medication/")?;
        intake.medications.get(&to[at..])
    };
    let place = intake.medications.get(to).or_else(by_end)?;
    let text = Reader::new(store).text(*place).ok()?;
    let medication: Map<String, Value> = serde_json::from_str(&text).ok()?;
    medication.get("code").cloned()
}
