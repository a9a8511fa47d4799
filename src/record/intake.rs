//! Resources found in files, and grouped by the patient they are about: bundles, single resources, and bulk exports
//! with a resource a line. Only the head of a resource is read here; where it stands is kept, and nothing of its text.
//! Lines are read one by one; any other file is held while it is taken in.

use std::collections::{BTreeMap, HashMap};
use std::io::BufRead;

use memchr::memmem::Finder;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::store::Place;
use crate::input::json::{Object, located, word};
use crate::input::source::{Position, Source, Walk};
use crate::model::name::Named;
use crate::pack::mapping::Mapping;

/// How many bundles may stand in each other.
const MAX_NESTED: usize = 8;

/// The mark that some programs put before a text to say that it is UTF-8.
const MARK: char = '\u{feff}';

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
    /// How many resources were found, with those that could not be read.
    pub found: usize,
    /// How many resources of each type were passed over, because no view reads them.
    pub passed_over: BTreeMap<String, usize>,
    /// How many hold no code that a reading looks for.
    pub without_code: usize,
    /// How many are about no patient who can be told.
    pub about_none: usize,
    /// The first of those, and why.
    pub stray: Option<(Place, String)>,
    /// Where medicines stand that others refer to, by `Medication/ID` and by the address of their entry.
    pub medications: HashMap<String, Vec<Place>>,
    /// What resources say they are about, in the order in which it was met, with where they stand.
    subjects: Vec<(String, Vec<Place>)>,
    places: HashMap<String, usize>,
    /// The patients that addresses of entries stand for; none where one stands for two.
    addresses: HashMap<String, Option<String>>,
    /// How many patients have no id.
    nameless: usize,
}

/// The types of resources that are read, each with the codes that are looked for; without any where all are read.
#[derive(Debug)]
pub struct Wanted {
    kinds: BTreeMap<String, Option<Named<()>>>,
    code: Finder<'static>,
    /// What tells that a code may be written otherwise, or stand elsewhere: escapes, and a medicine that is referred to.
    hidden: [Finder<'static>; 2],
}

impl Wanted {
    /// What a mapping reads.
    pub fn of(mapping: &Mapping) -> Wanted {
        let mut kinds: BTreeMap<String, Option<Named<()>>> = BTreeMap::new();
        for (index, (_, view)) in mapping.views.iter().enumerate() {
            for reading in mapping.readings.iter().filter(|reading| reading.view == index) {
                let codes = kinds.entry(view.resource.clone()).or_insert_with(|| Some(Named::default()));
                let own = reading.only_codes().filter(|_| view.has_plain_codes());
                match (codes.as_mut(), own) {
                    (Some(codes), Some(own)) => codes.extend(own.into_iter().map(|code| (code.to_owned(), ()))),
                    _ => *codes = None,
                }
            }
        }
        kinds.insert("Patient".to_owned(), None);
        let hidden = ["\\u", "\"medicationReference\""].map(Finder::new);
        Wanted { kinds, code: Finder::new(CODE), hidden }
    }

    fn is_kind(&self, kind: &str) -> bool {
        kind == "Medication" || self.kinds.contains_key(kind)
    }

    /// Whether a text may hold one of the codes that are looked for. Where a code could be written otherwise, it may.
    fn may_say(&self, kind: &str, text: &str) -> bool {
        let Some(Some(codes)) = self.kinds.get(kind) else { return true };
        let may = |code: &str| codes.contains_key(code) || !code.bytes().all(|byte| byte.is_ascii_graphic());
        self.codes_in(text).any(may) || self.hidden.iter().any(|word| word.find(text.as_bytes()).is_some())
    }

    /// What stands under every key `code` of a text.
    fn codes_in<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        self.code.find_iter(text.as_bytes()).filter_map(|at| {
            let value = text[at + CODE.len()..].trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
            value.split('"').next()
        })
    }
}

const CODE: &str = "\"code\"";

/// A bundle whose entries are what they should be, read in one go.
#[derive(Deserialize)]
struct Bundle<'t> {
    #[serde(borrow, default)]
    entry: Option<Vec<Entry<'t>>>,
}

#[derive(Deserialize)]
struct Entry<'t> {
    #[serde(borrow, default, rename = "fullUrl")]
    address: Option<&'t RawValue>,
    #[serde(borrow, default)]
    resource: Option<&'t RawValue>,
}

/// What is read of a resource at first.
#[derive(Deserialize)]
struct Head<'t> {
    #[serde(borrow, default)]
    id: Option<&'t RawValue>,
    #[serde(borrow, default)]
    subject: Option<&'t RawValue>,
    #[serde(borrow, default)]
    patient: Option<&'t RawValue>,
}

/// Whether a text is a record rather than a referral: JSON whose first object says of what type it is.
pub fn is_record(text: &str) -> bool {
    let text = text.trim_start_matches(MARK).trim_start();
    let first = || serde_json::Deserializer::from_str(text).into_iter::<Object>().next();
    text.starts_with('{')
        && (kind_of(text).is_some() || first().is_some_and(|object| object.is_ok_and(|object| has_kind(&object))))
}

fn has_kind(object: &Object) -> bool {
    object.0.iter().any(|(key, _)| key == "resourceType")
}

/// Whether lines are resources: most of them are objects, and one of the first is a whole one.
fn is_a_line_each<'t>(lines: impl Iterator<Item = &'t str>) -> bool {
    let (mut all, mut objects, mut whole) = (0, 0, false);
    for line in lines {
        all += 1;
        if line.starts_with('{') && line.ends_with('}') {
            objects += 1;
            whole = whole || objects <= 9 && is_line(line);
        }
    }
    whole && all > 1 && objects * 2 > all
}

/// Whether the first line of a file is a resource of its own, so that a file is read line by line.
pub fn is_line(line: &str) -> bool {
    serde_json::from_str::<Object>(line.trim_start_matches(MARK)).is_ok_and(|object| has_kind(&object))
}

/// The type of a resource that begins with it.
fn kind_of(text: &str) -> Option<&str> {
    let rest = text.trim_start().strip_prefix('{')?.trim_start().strip_prefix("\"resourceType\"")?;
    let kind = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?.split('"').next()?;
    (!kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(kind)
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok()
}

/// A text that is not empty; none for what is none.
fn text_of(json: Option<&str>) -> Option<String> {
    serde_json::from_str(json?).ok().filter(|text: &String| !text.is_empty())
}

impl Intake {
    /// Takes in a file that is held as a whole.
    pub fn take(&mut self, file: u32, source: &Source, wanted: &Wanted) {
        Taker { file, source, walk: Walk::new(source), start: 0, line: 0, wanted, intake: self }.texts();
    }

    /// Takes in a file line by line: a resource each. A line that is broken does not keep the others from being read.
    pub fn take_lines(
        &mut self,
        file: u32,
        name: &str,
        lines: &mut impl BufRead,
        wanted: &Wanted,
    ) -> std::io::Result<()> {
        let (mut start, mut line) = (0, 0);
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            let length = lines.read_until(b'\n', &mut bytes)?;
            if length == 0 {
                return Ok(());
            }
            match String::from_utf8(std::mem::take(&mut bytes)) {
                Ok(text) if text.trim_matches(|c: char| c.is_whitespace() || c == MARK).is_empty() => {}
                Ok(text) => {
                    let source = Source { name: name.to_owned(), text };
                    let walk = Walk::new(&source);
                    Taker { file, source: &source, walk, start, line, wanted, intake: self }.text(&source.text);
                    bytes = source.text.into_bytes();
                }
                Err(error) => self.no_text(file, line, &error),
            }
            start += length as u64;
            line += 1;
        }
    }

    /// Refuses a file, or a line of one after so many others, that is no text.
    pub fn no_text(&mut self, file: u32, line: usize, error: &std::string::FromUtf8Error) {
        let sound = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let sound = Source { name: String::new(), text: String::from_utf8_lossy(sound).into_owned() };
        let own = sound.position(usize::MAX);
        self.found += 1;
        let at = Position { line: own.line + line, ..own };
        self.refused.push(Refused { file, at, why: "it is not UTF-8 text".to_owned() });
    }

    /// The patients in the order in which they are first met. What is about none of them is counted.
    pub fn patients(&mut self) -> Vec<Patient> {
        let mut patients: Vec<Patient> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for (subject, mut places) in std::mem::take(&mut self.subjects) {
            let id = match patient_of(&subject, &self.addresses) {
                Ok(id) => id,
                Err(why) => {
                    self.about_none += places.len();
                    let first = places.into_iter().min().map(|place| (place, why));
                    self.stray = self.stray.take().into_iter().chain(first).min();
                    continue;
                }
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

    /// Keeps where a patient's own resource stands, and that its address stands for the patient.
    fn add_patient(&mut self, id: Option<String>, address: Option<String>, place: Place) {
        let of_address = || id_of(address.as_deref()?, "Patient").map(String::from);
        let id = id.or_else(of_address).unwrap_or_else(|| {
            self.nameless += 1;
            let first = self.nameless == 1;
            if first { "without an id".to_owned() } else { format!("without an id ({})", self.nameless) }
        });
        if let Some(address) = address {
            let own = self.addresses.entry(address).or_insert_with(|| Some(id.clone()));
            // An address that stands for two patients stands for none.
            *own = own.take().filter(|own| *own == id);
        }
        let key = format!("Patient/{id}");
        self.addresses.insert(key.clone(), Some(id));
        self.add(key, place);
    }
}

struct Taker<'w, 't> {
    file: u32,
    source: &'t Source,
    walk: Walk<'t>,
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
        let lines = || text.trim_start_matches(MARK).lines().map(str::trim).filter(|line| !line.is_empty());
        if let Some(entries) = bundle(text.trim_start_matches(MARK)) {
            return self.entries(entries, 1);
        }
        if is_a_line_each(lines()) && !is_json(text.trim_start_matches(MARK)) {
            return lines().for_each(|line| self.text(line));
        }
        self.text(text);
    }

    fn text(&mut self, text: &'t str) {
        let text = text.trim_start_matches(MARK).trim();
        let why = match text.as_bytes().first() {
            None => "there is nothing in it",
            Some(b'[') => "a list is no FHIR resource; several stand in a bundle, or one on each line",
            Some(_) => return self.resource(text, None, 0),
        };
        self.intake.found += 1;
        self.refused(text, why.to_owned());
    }

    fn resource(&mut self, text: &'t str, address: Option<&str>, depth: usize) {
        self.intake.found += 1;
        // What stands in a bundle has been seen to be JSON; a text of its own may be broken at its end.
        let sound = || depth > 0 || is_json(text);
        match kind_of(text) {
            Some("Bundle") if depth < MAX_NESTED => {
                if let Some(entries) = bundle(text) {
                    self.intake.found -= 1;
                    return self.entries(entries, depth + 1);
                }
            }
            Some(kind) if kind != "Bundle" && !self.wanted.is_kind(kind) && sound() => return self.pass_over(kind),
            Some(kind) if !self.wanted.may_say(kind, text) && sound() => return self.intake.without_code += 1,
            Some(kind) if kind != "Bundle" => {
                if let Ok(head) = serde_json::from_str(text) {
                    return self.keep(text, kind, &head, address);
                }
            }
            _ => {}
        }
        if let Err(why) = self.whole(text, address, depth) {
            self.refused(text, why);
        }
    }

    /// Takes in a resource that is not as most are, and says what is wrong with it.
    fn whole(&mut self, text: &'t str, address: Option<&str>, depth: usize) -> Result<(), String> {
        if !text.starts_with('{') && is_json(text) {
            return Err(format!("a resource is an object, and this is {}", word(text)));
        }
        let head: Object = match serde_json::from_str(text) {
            Ok(head) => head,
            Err(error) => {
                self.broken(text, &error);
                return Ok(());
            }
        };
        let no_type = || "it has no `resourceType`, so it is no FHIR resource".to_owned();
        let given = head.get("resourceType")?.ok_or_else(no_type)?;
        if !given.starts_with('"') {
            return Err(format!("`resourceType` is a text, and this is {}", word(given)));
        }
        let kind = text_of(Some(given)).ok_or_else(no_type)?;
        match kind.as_str() {
            "Bundle" => return self.bundle(&head, depth),
            kind if !self.wanted.is_kind(kind) => self.pass_over(kind),
            kind if !self.wanted.may_say(kind, text) => self.intake.without_code += 1,
            kind => {
                for key in ["id", "subject", "patient"] {
                    head.get(key)?;
                }
                let head = serde_json::from_str(text).map_err(|error| error.to_string())?;
                self.keep(text, kind, &head, address);
            }
        }
        Ok(())
    }

    fn pass_over(&mut self, kind: &str) {
        match self.intake.passed_over.get_mut(kind) {
            Some(count) => *count += 1,
            None => drop(self.intake.passed_over.insert(kind.to_owned(), 1)),
        }
    }

    /// Keeps where a resource stands, under what it is about.
    fn keep(&mut self, text: &'t str, kind: &str, head: &Head<'t>, address: Option<&str>) {
        let place = Place { file: self.file, at: self.start + self.offset(text) as u64, length: text.len() as u32 };
        let (id, address) = (|| text_of(head.id.map(RawValue::get)), || text_of(address));
        match kind {
            "Medication" => {
                let key = id().map(|id| format!("Medication/{id}"));
                for key in key.into_iter().chain(address()) {
                    self.intake.medications.entry(key).or_default().push(place);
                }
                self.pass_over(kind);
            }
            "Patient" => self.intake.add_patient(id(), address(), place),
            _ => {
                let subject = reference(head.subject).or_else(|| reference(head.patient));
                self.intake.add(subject.unwrap_or_default(), place);
            }
        }
    }

    /// Takes in a bundle some of whose entries are none.
    fn bundle(&mut self, head: &Object<'t>, depth: usize) -> Result<(), String> {
        let Some(entries) = head.get("entry")? else {
            self.intake.found -= 1;
            return Ok(());
        };
        if depth >= MAX_NESTED {
            return Err(format!("more than {MAX_NESTED} bundles stand in each other"));
        }
        if !entries.starts_with('[') {
            return Err(format!("`entry` of a bundle is a list, and this is {}", word(entries)));
        }
        let entries: Vec<&RawValue> = serde_json::from_str(entries).map_err(|error| error.to_string())?;
        self.intake.found -= 1;
        for entry in entries {
            let read = match serde_json::from_str::<Object>(entry.get()) {
                Ok(object) => object.get("fullUrl").and_then(|address| Ok((address, object.get("resource")?))),
                Err(_) => Err(format!("an entry of a bundle is an object, and this is {}", word(entry.get()))),
            };
            match read {
                Ok((address, Some(resource))) => self.resource(resource, address, depth + 1),
                Ok((_, None)) => {}
                Err(why) => {
                    self.intake.found += 1;
                    self.refused(entry.get(), why);
                }
            }
        }
        Ok(())
    }

    fn entries(&mut self, entries: Vec<Entry<'t>>, depth: usize) {
        for Entry { resource, address } in entries {
            if let Some(resource) = resource {
                self.resource(resource.get(), address.map(RawValue::get), depth);
            }
        }
    }

    /// Where a part of the text begins.
    fn offset(&self, part: &str) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.source.text.as_ptr() as usize).min(self.source.text.len())
    }

    /// Refuses what is no JSON, where it ceases to be.
    fn broken(&mut self, part: &str, error: &serde_json::Error) {
        let wrong = located(part, 0, error);
        self.at(self.offset(part) + wrong.span.start, wrong.message);
    }

    fn refused(&mut self, part: &str, why: String) {
        self.at(self.offset(part), why);
    }

    fn at(&mut self, offset: usize, why: String) {
        let own = self.walk.position(offset);
        // The mark at the beginning is no character that anybody counts.
        let marked = usize::from(own.line == 1 && own.column > 1 && self.source.text.starts_with(MARK));
        let at = Position { line: own.line + self.line, column: own.column - marked };
        self.intake.refused.push(Refused { file: self.file, at, why });
    }
}

/// The entries of a bundle that begins with its type, where each is one.
fn bundle(text: &str) -> Option<Vec<Entry<'_>>> {
    let is_one = kind_of(text) == Some("Bundle");
    let read = is_one.then(|| serde_json::from_str::<Bundle>(text).ok())??;
    Some(read.entry.unwrap_or_default())
}

fn reference(of: Option<&RawValue>) -> Option<String> {
    let of: Object = serde_json::from_str(of?.get()).ok()?;
    text_of(of.get("reference").ok()?)
}

/// The id in `Patient/ID`, perhaps after the address of a server and before a version.
fn id_of<'r>(reference: &'r str, wanted: &str) -> Option<&'r str> {
    let reference = reference.split("/_history/").next().unwrap_or(reference);
    let mut parts = reference.rsplit('/');
    let (id, kind) = (parts.next()?, parts.next()?);
    (kind == wanted && !id.is_empty()).then_some(id)
}

/// The id of the patient that a reference is to: by the address of an entry, or by `Patient/ID` at the end of it; or why
/// there is none.
fn patient_of(reference: &str, addresses: &HashMap<String, Option<String>>) -> Result<String, String> {
    if reference.is_empty() {
        return Err("it does not say whom it is about".to_owned());
    }
    let bare =
        || reference.rsplit(':').next().map(|id| format!("Patient/{id}")).filter(|_| reference.starts_with("urn:"));
    match addresses.get(reference).or_else(|| addresses.get(&bare()?)) {
        Some(Some(id)) => Ok(id.clone()),
        Some(None) => Err(format!("`{reference}` stands for several patients")),
        None => {
            id_of(reference, "Patient").map(String::from).ok_or_else(|| format!("`{reference}` is no patient here"))
        }
    }
}
