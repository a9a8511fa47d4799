//! Records in FHIR that are damaged, odd or made to mislead: what can be read of them counts, what cannot is told with
//! its place, and nothing of one patient reaches another.

use std::path::Path;

use candidacy::engine::explain::{Options, explain};
use candidacy::engine::screen::screen;
use candidacy::input::referral::{Dates, read_text};
use candidacy::input::source::Source;
use candidacy::model::calendar::Date;
use candidacy::pack::compile::compile_files;
use candidacy::pack::mapping::{self, Mapping};
use candidacy::pack::program::Program;
use candidacy::record::counts::Counts;
use candidacy::record::intake::{Intake, Wanted};
use candidacy::record::read::{Record, read};
use candidacy::record::store::{Content, Held, Reader, Store};
use candidacy::report::plain::is_active;
use candidacy::report::record;
use serde_json::{Value, json};

use crate::damage::damaged;
use crate::dice::{Dice, cases};
use crate::judge::{shipped_files, watched};
use crate::reach::Reach;

const TODAY: Date = Date::constant(2026, 11, 21);

/// The pack that comes with the program, and what it reads of records.
struct Pack {
    program: Program,
    mapping: Mapping,
}

/// What came of some files.
struct Came {
    records: Vec<Record>,
    counts: Counts,
    /// What could not be read: `FILE:LINE:COLUMN: why`.
    refused: Vec<String>,
}

impl Pack {
    fn shipped() -> Pack {
        let files = shipped_files();
        let program = compile_files(&files).expect("a sound pack");
        let mapping = mapping::open(&files, &program).expect("a sound mapping");
        Pack { program, mapping }
    }

    /// Reads files, each as a whole or, where it is named so, line by line; and looks at what every record must hold to.
    fn read(&self, files: &[(&str, &[u8])]) -> Came {
        let (mut store, mut intake) = (Store::default(), Intake::default());
        let wanted = Wanted::of(&self.mapping);
        for (file, (name, bytes)) in files.iter().enumerate() {
            let file = file as u32;
            if name.ends_with(".ndjson") {
                intake.take_lines(file, name, &mut &bytes[..], &wanted).expect("memory can be read");
            } else {
                match String::from_utf8(bytes.to_vec()) {
                    Ok(text) => intake.take(file, &Source { name: (*name).to_owned(), text }, &wanted),
                    Err(error) => intake.no_text(file, 0, &error),
                }
            }
            let text = String::from_utf8_lossy(bytes);
            // Places are of the bytes as they are, and lines that are no text are refused.
            let text = if text.len() == bytes.len() { text.into_owned() } else { on_disk(name, bytes) };
            let content = if text.len() == bytes.len() { Content::Memory(text) } else { Content::Disk(text.into()) };
            store.files.push(Held { name: (*name).to_owned(), content });
        }
        let patients = intake.patients();
        let mut counts = Counts::of(&intake);
        let mut broken = Vec::new();
        let mut records = Vec::new();
        for patient in &patients {
            let record = read(&self.mapping, &self.program.dictionary, (&store, &intake), patient, TODAY);
            counts.add(patient, &record.reads);
            let mut reader = Reader::new(&store);
            for own in &record.reads.broken {
                let at = reader.position(own.place.file, own.place.at + own.at as u64);
                broken.push(format!("{}:{}:{}: {}", files[own.place.file as usize].0, at.line, at.column, own.why));
            }
            records.push(record);
        }
        assert!(counts.add_up(), "{counts:?}");
        let place = |file: u32| files[file as usize].0;
        let refused = intake.refused.iter();
        let refused = refused.map(|r| format!("{}:{}:{}: {}", place(r.file), r.at.line, r.at.column, r.why));
        let refused: Vec<String> = refused.chain(broken).collect();
        assert!(refused.iter().all(|why| !why.ends_with(": ")), "{refused:?}");
        records.iter().for_each(|record| self.can_be_completed(record));
        Came { records, counts, refused }
    }

    fn read_one(&self, json: &Value) -> Came {
        self.read(&[("record.json", json.to_string().as_bytes())])
    }

    /// What is printed of a record is a referral that comes to the same verdict, and holds nothing that a terminal obeys.
    fn can_be_completed(&self, record: &Record) {
        let (mut page, mut rows) = (Vec::new(), Vec::new());
        record::write(record, &self.mapping, &self.program.dictionary, &mut page).expect("memory takes all");
        record::rows(record, &self.mapping, &self.program.dictionary, &mut rows).expect("memory takes all");
        let (page, rows) = (String::from_utf8(page).expect("UTF-8"), String::from_utf8(rows).expect("UTF-8"));
        for text in [&page, &rows] {
            assert!(!text.contains(|c| is_active(c) && c != '\n'), "a terminal obeys this: {text:?}");
        }
        for row in rows.lines() {
            serde_json::from_str::<Value>(row).expect("a row is JSON");
        }
        let dates = Dates { asked: None, today: TODAY };
        let source = Source { name: "printed".into(), text: page.clone() };
        let printed = read_text(source, &self.program.dictionary, dates);
        let printed = printed.unwrap_or_else(|why| panic!("{why:?}\n{page}")).referral;
        let verdict = |referral| explain(&screen(&self.program, referral, TODAY), Options::default());
        let (own, of_print) = (verdict(&record.referral), verdict(&printed));
        assert_eq!(own.verdict, of_print.verdict, "{page}");
        let asked = |verdict: &candidacy::engine::verdict::Verdict| -> Vec<String> {
            verdict.missing.iter().map(|missing| missing.fact.clone()).collect()
        };
        assert_eq!(asked(&own), asked(&of_print), "{page}");
    }
}

/// The path of a file that holds the bytes.
fn on_disk(name: &str, bytes: &[u8]) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile");
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let path = folder.join(format!("{:?}-{name}", std::thread::current().id()));
    std::fs::write(&path, bytes).expect("a file can be written");
    path.display().to_string()
}

/// Whether something is known of a fact of a patient.
fn says(pack: &Pack, came: &Came, patient: &str, fact: &str, text: &str) -> bool {
    let record = came.records.iter().find(|record| record.referral.patient == patient);
    let lines = record.into_iter().flat_map(|record| &record.lines);
    let own = lines.filter(|line| pack.program.dictionary.fact(line.fact).name == fact);
    own.flat_map(|line| &line.entries).any(|entry| entry.table().contains(text))
}

fn patient(id: &str, birth_date: &str) -> Value {
    json!({ "resourceType": "Patient", "id": id, "birthDate": birth_date, "gender": "male" })
}

fn creatinine(id: &str, patient: &str, value: Value) -> Value {
    json!({
        "resourceType": "Observation", "id": id, "status": "final", "subject": { "reference": patient },
        "code": { "coding": [{ "system": "http://loinc.org", "code": "2160-0", "display": "Creatinine" }] },
        "effectiveDateTime": "2026-11-02T08:00:00Z",
        "valueQuantity": { "value": value, "unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL" },
        "referenceRange": [{ "low": { "value": 0.5 }, "high": { "value": 1.2 } }],
    })
}

fn prescription(id: &str, patient: &str, medication: (&str, Value)) -> Value {
    let mut request = json!({
        "resourceType": "MedicationRequest", "id": id, "status": "active", "intent": "order",
        "subject": { "reference": patient }, "authoredOn": "2026-11-02",
    });
    request[medication.0] = medication.1;
    request
}

fn bundle(resources: impl IntoIterator<Item = Value>) -> Value {
    let entry: Vec<Value> = resources.into_iter().map(|resource| json!({ "resource": resource })).collect();
    json!({ "resourceType": "Bundle", "type": "collection", "entry": entry })
}

/// A bundle with a resource of every type that a mapping may read. The first is the patient.
fn whole() -> Value {
    let of = "Patient/p1";
    let coded =
        |system: &str, code: &str| json!({ "coding": [{ "system": system, "code": code }], "text": "so called" });
    let state = |code: &str| json!({ "coding": [{ "code": code }] });
    let snomed = "http://snomed.info/sct";
    let rxnorm = coded("http://www.nlm.nih.gov/research/umls/rxnorm", "8640");
    bundle([
        patient("p1", "1961-04-02"),
        creatinine("o1", of, json!(1.10)),
        json!({
            "resourceType": "Observation", "id": "o2", "status": "final", "subject": { "reference": of },
            "meta": { "lastUpdated": "2026-11-02T09:00:00Z", "versionId": "2" },
            "code": coded("http://loinc.org", "82810-3"), "effectivePeriod": { "start": "2026-11-01", "end": "2026-11-02" },
            "valueCodeableConcept": coded(snomed, "60001007"),
            "component": [{ "code": coded("http://loinc.org", "8480-6"), "valueQuantity": { "value": 120 } }],
        }),
        json!({
            "resourceType": "Condition", "id": "c1", "clinicalStatus": state("active"),
            "verificationStatus": state("confirmed"), "category": [state("problem-list-item")],
            "code": coded("http://hl7.org/fhir/sid/icd-10-cm", "C79.31"), "subject": { "reference": of },
            "onsetDateTime": "2025-01", "abatementAge": { "value": 60 }, "recordedDate": "2026-10-01",
            "stage": [{ "summary": coded(snomed, "258228008") }], "bodySite": [coded(snomed, "12738006")],
        }),
        json!({
            "resourceType": "AllergyIntolerance", "id": "a1", "clinicalStatus": state("active"), "code": rxnorm,
            "patient": { "reference": of }, "reaction": [{ "manifestation": [coded(snomed, "39579001")], "severity": "severe" }],
        }),
        json!({
            "resourceType": "Procedure", "id": "r1", "status": "completed", "code": coded(snomed, "70536003"),
            "subject": { "reference": of }, "performedPeriod": { "start": "2020-02-01", "end": "2020-02-02" },
        }),
        json!({
            "resourceType": "DiagnosticReport", "id": "d1", "status": "final", "code": coded("http://loinc.org", "49569-7"),
            "subject": { "reference": of }, "issued": "2026-11-01T10:00:00Z", "conclusionCode": [coded(snomed, "408573005")],
        }),
        json!({
            "resourceType": "MedicationStatement", "id": "s1", "status": "active", "medicationCodeableConcept": rxnorm,
            "subject": { "reference": of }, "effectivePeriod": { "start": "2026-01-01" }, "dosage": [{ "route": coded(snomed, "26643006") }],
        }),
        prescription(
            "m1",
            of,
            ("medicationReference", json!({ "reference": "Medication/x1", "display": "prednisone" })),
        ),
        json!({ "resourceType": "Medication", "id": "x1", "code": rxnorm }),
        json!({ "resourceType": "Claim", "id": "b1", "patient": { "reference": of }, "total": { "value": 12.5 } }),
    ])
}

/// The address of every element: `/entry/0/resource/id`.
fn elements(json: &Value, at: &str, found: &mut Vec<String>) {
    if !at.is_empty() {
        found.push(at.to_owned());
    }
    match json {
        Value::Object(map) => map.iter().for_each(|(key, value)| elements(value, &format!("{at}/{key}"), found)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| elements(item, &format!("{at}/{i}"), found))
        }
        _ => {}
    }
}

#[test]
fn an_element_of_any_type_loses_no_other_resource() {
    let (pack, whole) = (Pack::shipped(), whole());
    let mut found = Vec::new();
    elements(&whole, "", &mut found);
    assert!(found.len() > 200, "only {} elements", found.len());
    let odd = [
        json!(null),
        json!(-3),
        json!("\u{1b}[31m\u{202e}odd\"'\\\n\u{0}"),
        json!(true),
        json!([]),
        json!([7, "x", {}]),
        json!({}),
        json!({ "value": ["x"], "coding": { "code": [] }, "reference": 5, "start": [] }),
    ];
    let resources = whole["entry"].as_array().expect("entries").len();
    for (index, at) in found.iter().enumerate() {
        // Few are enough for an element, and all of them over the elements.
        for odd in odd.iter().cycle().skip(index).take(3) {
            let mut record = whole.clone();
            *record.pointer_mut(at).expect("an element") = odd.clone();
            let came = watched(&|| format!("{odd} at {at}"), || pack.read_one(&record));
            let of_patient =
                !at.starts_with("/entry/") || at == "/entry" || at == "/entry/0" || at.starts_with("/entry/0/");
            if !of_patient && !at.ends_with("/resourceType") {
                assert!(says(&pack, &came, "p1", "birth_date", "1961-04-02"), "{odd} at {at} loses the patient");
            }
            if at.starts_with("/entry/1/") || at.starts_with("/entry/0/resource/") {
                assert_eq!(
                    came.counts.found + usize::from(odd.is_null() && at.matches('/').count() == 3),
                    resources,
                    "{odd} at {at}"
                );
            }
        }
    }
}

#[test]
fn a_record_cut_off_anywhere_is_refused_with_a_place() {
    let pack = Pack::shipped();
    let text = serde_json::to_string_pretty(&whole()).expect("JSON");
    for length in (0..text.len() - 1).step_by(97) {
        let came = pack.read(&[("cut.json", &text.as_bytes()[..length])]);
        assert_eq!((came.records.len(), came.refused.len()), (0, 1), "{length}");
        assert!(came.refused[0].starts_with("cut.json:"), "{:?}", came.refused);
    }
    let lines: String =
        whole()["entry"].as_array().expect("entries").iter().map(|e| format!("{}\n", e["resource"])).collect();
    for length in (0..lines.len()).step_by(61) {
        let came = pack.read(&[("cut.ndjson", &lines.as_bytes()[..length])]);
        let complete = lines[..length].matches('\n').count();
        assert!(
            came.refused.len() <= 1 && came.counts.found - came.refused.len() >= complete,
            "{length}: {:?}",
            came.refused
        );
    }
}

#[test]
fn damaged_records_are_refused_in_part_or_read() {
    let (pack, mut reach) = (Pack::shipped(), Reach::default());
    let bundle = serde_json::to_string_pretty(&whole()).expect("JSON");
    let lines: String =
        whole()["entry"].as_array().expect("entries").iter().map(|e| format!("{}\n", e["resource"])).collect();
    for seed in 0..cases(600) {
        let mut dice = Dice::new(seed);
        let (name, text) = if dice.in_hundred(50) { ("a.json", &bundle) } else { ("a.ndjson", &lines) };
        let (bytes, how) = damaged(text.as_bytes(), &mut dice);
        let came = watched(&|| format!("{name}, {how}, seed {seed}"), || pack.read(&[(name, &bytes)]));
        let refused = if came.refused.is_empty() { "whole" } else { "refused in part" };
        reach.hit(format!("{name} {refused}"));
    }
    reach.report(
        "damaged records",
        &["a.json whole", "a.json refused in part", "a.ndjson whole", "a.ndjson refused in part"],
    );
}

#[test]
fn what_is_wrong_is_told_where_it_is_and_in_words() {
    let pack = Pack::shipped();
    let deep =
        format!(r#"{{"resourceType": "Patient", "id": "d", "x": {}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let endless = format!(r#"{{"resourceType": "Patient", "x": {}"#, "[".repeat(100_000));
    let cases: [(&[u8], &[&str]); 18] = [
        (b"", &["f:1:1: there is nothing in it"]),
        (b" \n ", &["f:1:1: there is nothing in it"]),
        (b"[]", &["f:1:1: a list is no FHIR resource; several stand in a bundle, or one on each line"]),
        (b"\"x\"", &["f:1:1: a resource is an object, and this is a text"]),
        (b"xx", &["f:1:1: no JSON value; a text needs quotation marks"]),
        (b"{}", &["f:1:1: it has no `resourceType`, so it is no FHIR resource"]),
        (b"{\"resourceType\": \"\"}", &["f:1:1: it has no `resourceType`, so it is no FHIR resource"]),
        (b"{\"resourceType\": null}", &["f:1:1: it has no `resourceType`, so it is no FHIR resource"]),
        (b"{\"resourceType\": 5}", &["f:1:1: `resourceType` is a text, and this is a number"]),
        (b"{\"resourceType\": \"Patient\",\n \"id\": \"a\",}", &["f:2:12: a comma stands before the closing bracket"]),
        (b"{\"resourceType\": \"Patient\"} {}", &["f:1:29: something follows after the end"]),
        (b"{\"resourceType\": \"Patient\", \"id\": \"a\", \"id\": \"b\"}", &["f:1:1: the key `id` is given twice"]),
        (
            b"{\"resourceType\": \"Bundle\", \"entry\": {}}",
            &["f:1:1: `entry` of a bundle is a list, and this is an object"],
        ),
        (
            b"{\"resourceType\": \"Bundle\",\n\"entry\": [null, 5,\n {\"resource\": \"x\"}]}",
            &[
                "f:2:11: an entry of a bundle is an object, and this is null",
                "f:2:17: an entry of a bundle is an object, and this is a number",
                "f:3:15: a resource is an object, and this is a text",
            ],
        ),
        (b"\xff\xfe{\0", &["f:1:1: it is not UTF-8 text"]),
        (b"{\n \"\xc3\xa9\": \"\xe9\"}", &["f:2:8: it is not UTF-8 text"]),
        (deep.as_bytes(), &["f:1:171: too many brackets stand in each other"]),
        (endless.as_bytes(), &["f:1:100033: the text ends within a list"]),
    ];
    for (bytes, expected) in cases {
        assert_eq!(
            pack.read(&[("f", bytes)]).refused,
            expected,
            "{}",
            String::from_utf8_lossy(&bytes[..bytes.len().min(80)])
        );
    }
}

#[test]
fn a_broken_line_loses_no_other_line() {
    let pack = Pack::shipped();
    let lines = format!(
        "\u{feff}{}\r\n\r\n{{\"resourceType\": \"Pat\nxx\n{}\n",
        patient("p1", "1961-04-02"),
        patient("p2", "1962-04-02")
    );
    let mut bytes = lines.into_bytes();
    bytes.extend(b"\xff\n");
    bytes.extend(creatinine("o1", "Patient/p2", json!(1.1)).to_string().as_bytes());
    let came = pack.read(&[("l.ndjson", &bytes)]);
    let expected = [
        "l.ndjson:3:21: the text ends within a string",
        "l.ndjson:4:1: no JSON value; a text needs quotation marks",
        "l.ndjson:6:1: it is not UTF-8 text",
    ];
    assert_eq!(came.refused, expected);
    assert!(says(&pack, &came, "p1", "birth_date", "1961-04-02"));
    assert!(says(&pack, &came, "p2", "creatinine", "1.1"));
    assert_eq!(pack.read(&[("empty.ndjson", b"\xef\xbb\xbf")]).counts, Counts::default());
}

#[test]
fn a_mark_at_the_beginning_moves_no_place() {
    let pack = Pack::shipped();
    let text = format!("\u{feff}{}", bundle([patient("p1", "1961-04-02"), creatinine("o1", "Patient/p1", json!(1.1))]));
    let came = pack.read(&[("marked.json", text.as_bytes())]);
    assert!(came.refused.is_empty() && says(&pack, &came, "p1", "creatinine", "1.1"), "{:?}", came.refused);
}

#[test]
fn the_type_need_not_come_first_and_bundles_may_stand_in_bundles() {
    let pack = Pack::shipped();
    let late = r#"{"entry": [{"resource": {"birthDate": "1961-04-02", "id": "p1", "resourceType": "Patient"}}], "resourceType": "Bundle"}"#;
    let came = pack.read(&[("late.json", late.as_bytes())]);
    assert!(says(&pack, &came, "p1", "birth_date", "1961-04-02"));
    let nest = |depth: usize| {
        let inner = bundle([patient("p1", "1961-04-02")]);
        (0..depth).fold(inner, |inner, _| bundle([inner, creatinine("o1", "Patient/p1", json!(1.1))]))
    };
    let came = pack.read_one(&nest(7));
    assert!(says(&pack, &came, "p1", "birth_date", "1961-04-02") && came.refused.is_empty(), "{:?}", came.refused);
    let came = pack.read_one(&nest(20));
    assert!(
        came.refused.iter().any(|why| why.contains("more than 8 bundles stand in each other")),
        "{:?}",
        came.refused
    );
    assert!(says(&pack, &came, "p1", "creatinine", "1.1"));
}

#[test]
fn of_two_patients_one_broken_the_other_is_read() {
    let pack = Pack::shipped();
    let mut record = bundle([
        patient("p1", "1961-04-02"),
        creatinine("o1", "Patient/p1", json!(1.1)),
        patient("p2", "1962-04-02"),
        creatinine("o2", "Patient/p2", json!(0.9)),
    ]);
    record["entry"][2]["resource"] = json!([1, 2]);
    record["entry"][3]["resource"]["valueQuantity"] = json!({ "value": { "a": [[[]]] } });
    let came = pack.read_one(&record);
    assert!(says(&pack, &came, "p1", "creatinine", "1.1"));
    assert!(!says(&pack, &came, "p2", "creatinine", "value = "), "a value that is none");
    assert_eq!(came.refused.len(), 1, "{:?}", came.refused);
}

#[test]
fn numbers_that_nobody_can_hold_are_no_values() {
    let pack = Pack::shipped();
    for number in [
        "1e400",
        "-1e400",
        "1e-400",
        "123456789012345678901234567890123456789",
        "0.00000000000000000000000000000001",
        "1e28",
    ] {
        let text = bundle([creatinine("o1", "Patient/p1", json!("NUMBER"))]).to_string().replace("\"NUMBER\"", number);
        let came = pack.read(&[("n.json", text.as_bytes())]);
        assert!(!says(&pack, &came, "p1", "creatinine", "value = "), "{number}");
        assert!(says(&pack, &came, "p1", "creatinine", "unreadable"), "{number}");
    }
}

#[test]
fn references_to_nowhere_and_to_itself_lead_nowhere() {
    let pack = Pack::shipped();
    for subject in [
        "",
        "Patient/",
        "Patient",
        "urn:uuid:nobody",
        "#here",
        "Group/g1",
        "/",
        "Patient//_history/1",
        "Observation/o1",
    ] {
        let came = pack.read_one(&bundle([patient("p1", "1961-04-02"), creatinine("o1", subject, json!(1.1))]));
        assert_eq!((came.records.len(), came.counts.about_none), (1, 1), "{subject}");
    }
    for to in ["", "#", "#m1", "MedicationRequest/m1", "Medication/none", "Medication/", "urn:uuid:none"] {
        let request = prescription("m1", "Patient/p1", ("medicationReference", json!({ "reference": to })));
        let came = pack.read_one(&bundle([patient("p1", "1961-04-02"), request]));
        assert!(came.refused.is_empty(), "{to}: {:?}", came.refused);
    }
}

#[test]
fn nothing_of_one_patient_reaches_another() {
    let pack = Pack::shipped();
    // Both files call their patient by one address.
    let own = |id: &str, value: f64| {
        let mut own = bundle([patient(id, "1961-04-02"), creatinine("o1", "urn:uuid:1", json!(value))]);
        own["entry"][0]["fullUrl"] = json!("urn:uuid:1");
        own.to_string()
    };
    let came = pack.read(&[("a.json", own("a", 1.1).as_bytes()), ("b.json", own("b", 3.3).as_bytes())]);
    assert_eq!((came.records.len(), came.counts.about_none), (2, 2));
    // Nobody knows whether two patients without an id are one.
    let mut nameless = [patient("x", "1961-04-02"), patient("x", "1935-04-02")];
    nameless.iter_mut().for_each(|patient| drop(patient.as_object_mut().expect("an object").remove("id")));
    assert_eq!(pack.read_one(&bundle(nameless)).records.len(), 2);
    // Medicines of two files under one address.
    let own = |id: &str, drug: &str| {
        let of = format!("Patient/{id}");
        let request = prescription("m1", &of, ("medicationReference", json!({ "reference": "Medication/1" })));
        let medication = json!({ "resourceType": "Medication", "id": "1", "code": { "text": drug } });
        bundle([patient(id, "1961-04-02"), request, medication]).to_string()
    };
    let came =
        pack.read(&[("a.json", own("a", "prednisone").as_bytes()), ("b.json", own("b", "metformin").as_bytes())]);
    for (id, drug, other) in [("a", "prednisone", "metformin"), ("b", "metformin", "prednisone")] {
        assert!(!says(&pack, &came, id, "medications", other), "{id} takes {other}");
        let _if_the_mapping_reads_names = says(&pack, &came, id, "medications", drug);
    }
}

#[test]
fn the_address_of_an_entry_names_a_patient_without_an_id() {
    let pack = Pack::shipped();
    let mut record = bundle([patient("", "1961-04-02"), creatinine("o1", "Patient/p1", json!(1.1))]);
    record["entry"][0]["fullUrl"] = json!("https://example.org/fhir/Patient/p1");
    let came = pack.read_one(&record);
    assert_eq!(came.records.len(), 1);
    assert!(says(&pack, &came, "p1", "birth_date", "1961-04-02") && says(&pack, &came, "p1", "creatinine", "1.1"));
    // An address that no entry gives is that of the patient whose id it holds.
    let came = pack.read_one(&bundle([patient("p1", "1961-04-02"), creatinine("o1", "urn:uuid:p1", json!(1.1))]));
    assert!(says(&pack, &came, "p1", "creatinine", "1.1"));
}

#[test]
fn the_latest_version_of_a_resource_counts() {
    let pack = Pack::shipped();
    let version = |value: f64, status: &str, updated: Option<&str>| {
        let mut version = creatinine("o1", "Patient/p1", json!(value));
        version["status"] = json!(status);
        if let Some(updated) = updated {
            version["meta"] = json!({ "lastUpdated": updated });
        }
        version
    };
    let (early, late) = (Some("2026-11-02T09:00:00Z"), Some("2026-11-02T09:00:00-05:00"));
    for turned in [false, true] {
        let read = |mut versions: [Value; 2]| {
            if turned {
                versions.reverse();
            }
            pack.read_one(&bundle(versions))
        };
        let came = read([version(1.1, "final", early), version(2.2, "corrected", late)]);
        assert!(says(&pack, &came, "p1", "creatinine", "2.2") && !says(&pack, &came, "p1", "creatinine", "1.1"));
        let came = read([version(1.1, "final", early), version(1.1, "entered-in-error", late)]);
        assert!(!says(&pack, &came, "p1", "creatinine", "1.1"), "what was entered in error counts");
        let came = read([version(1.1, "final", None), version(1.1, "entered-in-error", None)]);
        assert!(!says(&pack, &came, "p1", "creatinine", "1.1"), "nobody knows which version counts");
        assert!(came.refused[0].contains("two versions of Observation/o1"), "{:?}", came.refused);
        let came = read([version(1.1, "final", early), version(1.1, "final", None)]);
        assert!(says(&pack, &came, "p1", "creatinine", "1.1") && came.refused.is_empty(), "the same twice");
    }
}

#[test]
fn a_key_given_twice_in_a_resource_leaves_it_unread() {
    let pack = Pack::shipped();
    let text = bundle([patient("p1", "1961-04-02"), creatinine("o1", "Patient/p1", json!(1.1))]).to_string();
    let text = text.replace("\"status\":\"final\"", "\"status\":\"final\",\"status\":\"entered-in-error\"");
    let came = pack.read(&[("t.json", text.as_bytes())]);
    assert_eq!(came.refused.len(), 1, "{:?}", came.refused);
    assert!(came.refused[0].contains("the key `status` is given twice"), "{:?}", came.refused);
    assert!(says(&pack, &came, "p1", "birth_date", "1961-04-02") && !says(&pack, &came, "p1", "creatinine", "1.1"));
}

#[test]
fn codes_are_found_however_they_are_written() {
    let pack = Pack::shipped();
    let text = bundle([creatinine("o1", "Patient/p1", json!(1.1))]).to_string();
    for code in [
        "\"code\" : \"2160-0\"",
        "\"code\":\n\"2160-0\"",
        "\"code\":\"2160\\u002d0\"",
        "\"c\\u006fde\":\"2160-0\"",
        "\"code\":\"2160-0\u{200b}\"",
        "\"code\":\" 2160-0 \"",
    ] {
        let text = text.replace("\"code\":\"2160-0\"", code);
        assert!(says(&pack, &pack.read(&[("c.json", text.as_bytes())]), "p1", "creatinine", "1.1"), "{code}");
    }
}
