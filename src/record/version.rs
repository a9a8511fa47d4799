//! Versions of one resource: exports overlap, and a history holds every version. The latest counts, whatever those
//! before it said; where none says that it is later and they differ, nobody knows what holds.

use std::collections::HashMap;

use jiff::Timestamp;

use super::literal::days;
use super::store::Place;
use crate::model::calendar::Date;
use crate::view::json::Json;

/// What tells versions apart.
#[derive(Clone, Debug, Default)]
pub struct Version {
    /// The type and id of the resource; none where it has no id.
    key: Option<String>,
    updated: Option<Timestamp>,
    number: Option<u64>,
}

impl Version {
    /// The version that a resource is.
    pub fn of(json: &Json) -> Version {
        let text = |json: &Json, key: &str| json.get(key).and_then(Json::text).map(String::from);
        let (kind, id) = (text(json, "resourceType"), text(json, "id"));
        let meta = |key: &str| text(json.get("meta")?, key);
        Version {
            key: kind.zip(id.filter(|id| !id.is_empty())).map(|(kind, id)| format!("{kind}/{id}")),
            updated: meta("lastUpdated").and_then(|at| at.parse().ok()),
            number: meta("versionId").and_then(|number| number.parse().ok()),
        }
    }

    /// Whether it is later than another one; none where that is not said.
    fn is_later(&self, other: &Version) -> Option<bool> {
        let ordered = |order: std::cmp::Ordering| order.is_ne().then_some(order.is_gt());
        let by_time = self.updated.zip(other.updated).and_then(|(own, other)| ordered(own.cmp(&other)));
        by_time.or_else(|| self.number.zip(other.number).and_then(|(own, other)| ordered(own.cmp(&other))))
    }
}

/// What the versions of each resource say, as far as they count.
#[derive(Debug)]
pub struct Versions<T> {
    /// The version of each resource that counts, in the order in which resources were met.
    pub counting: Vec<(Place, T)>,
    /// Those that do not count, with why.
    pub left: Vec<(Place, &'static str)>,
    /// Those that differ where none is later, with why.
    pub unclear: Vec<(Place, String)>,
    versions: Vec<Version>,
    known: HashMap<String, usize>,
}

impl<T> Default for Versions<T> {
    fn default() -> Versions<T> {
        let (counting, left, unclear) = (Vec::new(), Vec::new(), Vec::new());
        Versions { counting, left, unclear, versions: Vec::new(), known: HashMap::new() }
    }
}

impl<T: Default + PartialEq> Versions<T> {
    /// Adds what a resource says.
    pub fn add(&mut self, place: Place, version: Version, says: T) {
        let known = version.key.as_ref().and_then(|key| self.known.get(key)).copied();
        let Some(index) = known else {
            self.known.extend(version.key.clone().map(|key| (key, self.counting.len())));
            self.counting.push((place, says));
            return self.versions.push(version);
        };
        let (other, said) = &mut self.counting[index];
        match version.is_later(&self.versions[index]) {
            Some(true) => {
                self.left.push((*other, "an earlier version"));
                self.counting[index] = (place, says);
                self.versions[index] = version;
            }
            Some(false) => self.left.push((place, "an earlier version")),
            None if says == *said => self.left.push((place, "given twice")),
            None => {
                let key = version.key.unwrap_or_default();
                let why = format!("two versions of {key} say different things, and neither is the later one");
                self.unclear.push((place, why.clone()));
                if *said != T::default() {
                    self.unclear.push((*other, why));
                    *said = T::default();
                }
            }
        }
    }
}

/// The last day on which a patient can have lived, where the record says that they died.
pub fn day_of_death(json: &Json) -> Option<Date> {
    let is_patient = json.get("resourceType").and_then(Json::text) == Some("Patient");
    let death = json.get("deceasedDateTime").filter(|_| is_patient)?;
    days(death.text()?).map(|(_, last)| last)
}
