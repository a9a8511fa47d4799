//! Resources found in files, and grouped by the patient they are about: bundles, single resources, and bulk exports
//! with a resource a line. Only the head of a resource is read here; where it stands is kept, and nothing of its text.
//! Lines are read one by one; any other file is held while it is taken in.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::BufRead;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::store::Place;
use crate::input::source::{Position, Source};
use crate::pack::mapping::Mapping;

/// How many bundles may stand in each other.
const MAX_NESTED: usize = 8;

/// Something that could not be taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The file, by position.
    pub file: u32,
    /// Where in it.
    pub at: Position,
    /// Why.
    pub why: String,
}

/// A patient, and where the resources about them stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patient {
    /// The id.
    pub id: String,
    /// The resources.
    pub resources: Vec<Place>,
}

/// What was found in some files.
#[derive(Debug, Default)]
pub struct Intake {
    /// What could not be read.
    pub refused: Vec<Refused>,
    /// How many resources were found.
    pub found: usize,
    /// How many resources of each type were passed over, because no view reads them.
    pub passed_over: BTreeMap<String, usize>,
    /// How many hold no code that a reading looks for.
    pub without_code: usize,
    /// How many are about no patient.
    pub about_none: usize,
    /// Where medicines stand that others refer to, by `Medication/ID` and by the address of their entry.
    pub medications: HashMap<String, Place>,
    /// What resources say they are about, in the order in which it was met, with where they stand.
    subjects: Vec<(String, Vec<Place>)>,
    places: HashMap<String, usize>,
    /// The patients that addresses of entries stand for.
    addresses: HashMap<String, String>,
}

/// The types of resources that are read, each with the codes that are looked for; without any where all are read.
#[derive(Debug)]
pub struct Wanted {
    kinds: BTreeMap<String, Option<HashSet<String>>>,
}

impl Wanted {
    /// What a mapping reads.
    pub fn of(mapping: &Mapping) -> Wanted {
        let mut kinds: BTreeMap<String, Option<HashSet<String>>> = BTreeMap::new();
        for (index, (_, view)) in mapping.views.iter().enumerate() {
            for reading in mapping.readings.iter().filter(|reading| reading.view == index) {
                let codes = kinds.entry(view.resource.clone()).or_insert_with(|| Some(HashSet::new()));
                let own = reading.only_codes().filter(|_| view.has_plain_codes());
                match (codes.as_mut(), own) {
                    (Some(codes), Some(own)) => codes.extend(own.into_iter().map(String::from)),
                    _ => *codes = None,
                }
            }
        }
        kinds.insert("Patient".to_owned(), None);
        Wanted { kinds }
    }

    fn is_kind(&self, kind: &str) -> bool {
        kind == "Medication" || self.kinds.contains_key(kind)
    }

    /// Whether a text may hold one of the codes that are looked for. Where a code could be written otherwise, it may.
    fn may_say(&self, kind: &str, text: &str) -> bool {
        let Some(Some(codes)) = self.kinds.get(kind) else { return true };
        text.contains("\\u") || codes_in(text).any(|code| codes.contains(code))
    }
}

/// What stands under every key `code` of a text.
fn codes_in(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("\"code\"").filter_map(|(at, key)| {
        let value = text[at + key.len()..].trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
        value.split('"').next()
    })
}

#[derive(Deserialize)]
struct Head<'t> {
    #[serde(borrow, default, rename = "resourceType")]
    kind: Option<&'t RawValue>,
    #[serde(borrow, default)]
    id: Option<&'t RawValue>,
    #[serde(borrow, default)]
    subject: Option<&'t RawValue>,
    #[serde(borrow, default)]
    patient: Option<&'t RawValue>,
    #[serde(borrow, default)]
    entry: Option<&'t RawValue>,
}

#[derive(Deserialize)]
struct Entry<'t> {
    #[serde(borrow, default, rename = "fullUrl")]
    address: Option<&'t RawValue>,
    #[serde(borrow, default)]
    resource: Option<&'t RawValue>,
}

#[derive(Deserialize)]
struct Reference {
    reference: String,
}

/// Whether a text is a record rather than a referral: JSON whose first object says of what type it is.
pub fn is_record(text: &str) -> bool {
    let text = text.trim_start();
    kind_of(text).is_some() || {
        let first = serde_json::Deserializer::from_str(text).into_iter::<Head>().next();
        text.starts_with('{') && first.is_some_and(|head| head.is_ok_and(|head| head.kind.is_some()))
    }
}

/// Whether lines are resources: most of them are objects, and one of the first is a whole one.
fn is_a_line_each<'t>(lines: impl Iterator<Item = &'t str>) -> bool {
    let (mut all, mut objects, mut whole) = (0, 0, false);
    for line in lines {
        all += 1;
        if line.starts_with('{') && line.ends_with('}') {
            objects += 1;
            whole = whole || objects <= 9 && serde_json::from_str::<Head>(line).is_ok_and(|head| head.kind.is_some());
        }
    }
    whole && all > 1 && objects * 2 > all
}

/// Whether the first line of a file is a resource of its own, so that a file is read line by line.
pub fn is_line(line: &str) -> bool {
    serde_json::from_str::<Head>(line).is_ok_and(|head| head.kind.is_some())
}

/// The type of a resource that begins with it.
fn kind_of(text: &str) -> Option<&str> {
    let rest = text.trim_start().strip_prefix('{')?.trim_start().strip_prefix("\"resourceType\"")?;
    let kind = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?.split('"').next()?;
    kind.chars().all(char::is_alphanumeric).then_some(kind)
}

fn text_of(raw: Option<&RawValue>) -> Option<String> {
    serde_json::from_str(raw?.get()).ok()
}

impl Intake {
    /// Takes in a file that is held as a whole.
    pub fn take(&mut self, file: u32, source: &Source, wanted: &Wanted) {
        Taker { file, source, start: 0, line: 0, wanted, intake: self }.texts();
    }

    /// Takes in a file line by line: a resource each. A line that is broken does not keep the others from being read.
    pub fn take_lines(
        &mut self,
        file: u32,
        name: &str,
        lines: &mut impl BufRead,
        wanted: &Wanted,
    ) -> std::io::Result<()> {
        let (mut start, mut number) = (0, 0);
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            let length = lines.read_until(b'\n', &mut bytes)?;
            if length == 0 {
                return Ok(());
            }
            match String::from_utf8(std::mem::take(&mut bytes)) {
                Ok(text) if text.trim().is_empty() => {}
                Ok(text) => {
                    let source = Source { name: name.to_owned(), text };
                    Taker { file, source: &source, start, line: number, wanted, intake: self }.text(&source.text);
                    bytes = source.text.into_bytes();
                }
                Err(error) => {
                    let at = Position { line: number + 1, column: error.utf8_error().valid_up_to() + 1 };
                    self.refused.push(Refused { file, at, why: "it is not UTF-8 text".to_owned() });
                }
            }
            start += length as u64;
            number += 1;
        }
    }

    /// The patients in the order in which they are first met. What is about none of them is counted.
    pub fn patients(&mut self) -> Vec<Patient> {
        let mut patients: Vec<Patient> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for (subject, mut places) in std::mem::take(&mut self.subjects) {
            let Some(id) = patient_of(&subject, &self.addresses) else {
                self.about_none += places.len();
                continue;
            };
            let index = *known.entry(id.clone()).or_insert_with(|| {
                patients.push(Patient { id, resources: Vec::new() });
                patients.len() - 1
            });
            patients[index].resources.append(&mut places);
        }
        for patient in &mut patients {
            patient.resources.sort_unstable();
        }
        patients
    }

    fn add(&mut self, subject: String, place: Place) {
        if let Some(index) = self.places.get(&subject) {
            return self.subjects[*index].1.push(place);
        }
        self.places.insert(subject.clone(), self.subjects.len());
        self.subjects.push((subject, vec![place]));
    }
}

struct Taker<'w, 't> {
    file: u32,
    source: &'t Source,
    /// Where the text begins in its file, in bytes and lines.
    start: u64,
    line: usize,
    wanted: &'w Wanted,
    intake: &'w mut Intake,
}

impl<'t> Taker<'_, 't> {
    /// A file holds one text, or one a line.
    fn texts(&mut self) {
        let text = self.source.text.as_str();
        let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
        if is_a_line_each(lines()) && serde_json::from_str::<&RawValue>(text).is_err() {
            return lines().for_each(|line| self.text(line));
        }
        self.text(text);
    }

    fn text(&mut self, text: &'t str) {
        let body = text.trim_start();
        self.resource(body.trim_end(), None, 0);
    }

    fn resource(&mut self, text: &'t str, address: Option<String>, depth: usize) {
        self.intake.found += 1;
        if let Some(kind) = kind_of(text).filter(|kind| *kind != "Bundle" && !self.wanted.is_kind(kind)) {
            // What nobody reads is not looked at further, unless it is a text of its own that may be broken.
            if depth > 0 || serde_json::from_str::<&RawValue>(text).is_ok() {
                *self.intake.passed_over.entry(kind.to_owned()).or_default() += 1;
                return;
            }
        }
        let head: Head = match serde_json::from_str(text) {
            Ok(head) => head,
            Err(error) => return self.refuse(text, &error),
        };
        let Some(kind) = text_of(head.kind) else {
            let why = "it has no `resourceType`, so it is no FHIR resource".to_owned();
            return self.refused(text, why);
        };
        if kind == "Bundle" {
            self.intake.found -= 1;
            return match head.entry {
                Some(_) if depth >= MAX_NESTED => self.refused(text, "too many bundles stand in each other".to_owned()),
                Some(entries) => self.entries(entries.get(), depth + 1),
                None => {}
            };
        }
        if !self.wanted.is_kind(&kind) {
            *self.intake.passed_over.entry(kind).or_default() += 1;
            return;
        }
        self.keep(text, &kind, &head, address);
    }

    /// Keeps where a resource stands, under what it is about.
    fn keep(&mut self, text: &'t str, kind: &str, head: &Head, address: Option<String>) {
        let place = Place { file: self.file, at: self.start + self.offset(text) as u64, length: text.len() as u32 };
        let key = text_of(head.id).map(|id| format!("{kind}/{id}"));
        if kind == "Medication" {
            self.intake.medications.extend(key.into_iter().chain(address).map(|key| (key, place)));
            *self.intake.passed_over.entry(kind.to_owned()).or_default() += 1;
            return;
        }
        if kind == "Patient" {
            let own = key.or_else(|| address.clone()).unwrap_or_else(|| "Patient/without an id".to_owned());
            if let Some(address) = address.filter(|address| *address != own) {
                self.intake.addresses.insert(address, own.clone());
            }
            self.intake.addresses.insert(own.clone(), own.clone());
            return self.intake.add(own, place);
        }
        if !self.wanted.may_say(kind, text) {
            self.intake.without_code += 1;
            return;
        }
        let reference = |raw: Option<&RawValue>| serde_json::from_str::<Reference>(raw?.get()).ok();
        let subject = reference(head.subject).or_else(|| reference(head.patient));
        self.intake.add(subject.map(|subject| subject.reference).unwrap_or_default(), place);
    }

    fn entries(&mut self, entries: &'t str, depth: usize) {
        let whole: Result<Vec<Entry>, _> = serde_json::from_str(entries);
        let all: Vec<Entry> = match whole {
            Ok(all) => all,
            // One of them is no entry: the others are read all the same.
            Err(error) => match serde_json::from_str::<Vec<&RawValue>>(entries) {
                Ok(parts) => parts.into_iter().filter_map(|part| self.entry(part.get())).collect(),
                Err(_) => return self.refuse(entries, &error),
            },
        };
        for Entry { resource, address } in all {
            if let Some(resource) = resource {
                self.resource(resource.get(), text_of(address), depth);
            }
        }
    }

    fn entry(&mut self, text: &'t str) -> Option<Entry<'t>> {
        serde_json::from_str(text).map_err(|error| self.refuse(text, &error)).ok()
    }

    /// Where a part of the text begins.
    fn offset(&self, part: &str) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.source.text.as_ptr() as usize).min(self.source.text.len())
    }

    fn refuse(&mut self, part: &str, error: &serde_json::Error) {
        let lines = part.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
        let at = (lines + error.column().saturating_sub(1)).min(part.len());
        let said = error.to_string();
        let why = said.rsplit_once(" at line ").map_or(said.as_str(), |(why, _)| why).to_owned();
        self.at(self.offset(part) + at, why);
    }

    fn refused(&mut self, part: &str, why: String) {
        self.at(self.offset(part), why);
    }

    fn at(&mut self, offset: usize, why: String) {
        let own = self.source.position(offset);
        let at = Position { line: own.line + self.line, ..own };
        self.intake.refused.push(Refused { file: self.file, at, why });
    }
}

/// The id of the patient that a reference is to: by the address of an entry, or by `Patient/ID` at the end of it.
fn patient_of(reference: &str, addresses: &HashMap<String, String>) -> Option<String> {
    let id = |key: &str| key.strip_prefix("Patient/").unwrap_or(key).to_owned();
    if let Some(key) = addresses.get(reference) {
        return Some(id(key));
    }
    let reference = reference.split("/_history/").next().unwrap_or(reference);
    let mut parts = reference.rsplit('/');
    let (own, kind) = (parts.next()?, parts.next()?);
    (kind == "Patient" && !own.is_empty()).then(|| own.to_owned())
}
