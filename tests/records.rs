//! What resources come to, by mappings of a few lines: what contradicts itself is no value, what is not said is unknown,
//! and nothing of what one resource says is hidden by another.

use candidacy::input::source::Source;
use candidacy::model::calendar::{Date, parse_day};
use candidacy::pack::compile::compile_files;
use candidacy::pack::mapping;
use candidacy::pack::program::Program;
use candidacy::pack::shelf::{PackFile, PackFiles};
use candidacy::record::intake::{Intake, Wanted};
use candidacy::record::read::{Record, read};
use candidacy::record::store::{Content, Held, Store};
use serde_json::{Value, json};

const MANIFEST: &str = "id = 'made-up'\ntitle = 'Made up'\nversion = '1'\nnotice = 'none'\nvocabulary.cancer = 'cancers.toml'\n\
                        source.book = { title = 'Book', kind = 'book' }\n";

const CANCERS: &str = "term.'kidney cancer' = { codes = { icd10 = 'C64.9' } }\n\
                       term.'renal cell carcinoma' = { is = ['kidney cancer'], codes = { snomed = '702391001' } }\n\
                       term.melanoma = { codes = { snomed = '372244006' } }\n";

const FACTS: [(&str, &str); 6] = [
    ("diagnosis", "type = 'term', of = 'cancer'"),
    ("cancers", "type = 'list', of = 'cancer'"),
    ("pregnant", "type = 'bool'"),
    ("lowest", "type = 'number', unit = 'mg/dL', molar_mass = 113.12"),
    ("ever", "type = 'bool'"),
    ("pain", "type = 'number'"),
];

const MAPPING: &str = r#"
[view.condition]
resource = "Condition"
select = [
    { column = [
        { name = "status", path = "clinicalStatus.coding.code.first()" },
        { name = "verification", path = "verificationStatus.coding.code.first()" },
        { name = "on", path = "recordedDate" },
        { name = "text", path = "code.text" },
    ] },
    { forEachOrNull = "code.coding", column = [{ name = "system", path = "system" }, { name = "code", path = "code" }] },
]

[view.observation]
resource = "Observation"
select = [
    { column = [
        { name = "status", path = "status" },
        { name = "on", path = "effective" },
        { name = "value", path = "value.ofType(Quantity).value" },
        { name = "unit", path = "value.ofType(Quantity).unit" },
    ] },
    { forEachOrNull = "code.coding", column = [{ name = "system", path = "system" }, { name = "code", path = "code" }] },
    { forEachOrNull = "value.ofType(CodeableConcept).coding", column = [
        { name = "answer_system", path = "system" }, { name = "answer_code", path = "code" },
    ] },
]

[view.part]
resource = "Observation"
select = [
    { column = [{ name = "status", path = "status" }, { name = "on", path = "effective" }] },
    { forEach = "component", column = [
        { name = "system", path = "code.coding.first().system" },
        { name = "code", path = "code.coding.first().code" },
        { name = "value", path = "value.ofType(Quantity).value" },
    ] },
]

[[read]]
fact = "diagnosis"
view = "condition"
names = "known"
source = "made up"

[[read]]
fact = "cancers"
view = "condition"
names = "known"
source = "made up"

[[read]]
fact = "cancers"
view = "observation"
codes = { loinc = ["none-of-these"] }
answers = { snomed = { "260385009" = [] } }
source = "made up"

[[read]]
fact = "pregnant"
view = "observation"
codes = { loinc = ["82810-3"] }
answers = { snomed = { "77386006" = true, "60001007" = false } }
source = "made up"

[[read]]
fact = "ever"
view = "observation"
codes = { loinc = ["ever"] }
answers = { snomed = { "373066001" = true, "373067005" = false } }
reduce = "any"
source = "made up"

[[read]]
fact = "lowest"
view = "observation"
codes = { loinc = ["2160-0"] }
reduce = "min"
source = "made up"

[[read]]
fact = "pain"
view = "part"
codes = { loinc = ["pain"] }
source = "made up"
"#;

/// The record of the one patient.
fn record(resources: &[Value]) -> (Record, Program) {
    let fact = |(name, body): &(&str, &str)| {
        format!("fact.{name} = {{ label = '{name}', question = '{name}?', group = 'all', {body} }}\n")
    };
    let rule = "[[rule]]\nid = 'any'\ntitle = 'Any'\ncite = [{ source = 'book' }]\nbecause = 'any'\nnote = 'true'\n";
    let texts = [
        ("pack.toml", MANIFEST.to_owned()),
        ("cancers.toml", CANCERS.to_owned()),
        ("facts.toml", FACTS.iter().map(fact).collect()),
        ("rules.toml", rule.to_owned()),
        ("fhir.toml", MAPPING.to_owned()),
    ];
    let mut files = PackFiles { layers: 1, ..PackFiles::default() };
    for (name, text) in texts {
        let source = Source { name: name.to_owned(), text };
        files.files.push(PackFile { name: name.to_owned(), layer: 0, source });
    }
    let program = compile_files(&files).unwrap_or_else(|refused| panic!("{:?}", refused.diagnostics));
    let mapping = mapping::open(&files, &program).unwrap_or_else(|refused| panic!("{:?}", refused.diagnostics));
    let entries: Vec<Value> = resources.iter().map(|resource| json!({ "resource": resource })).collect();
    let text = json!({ "resourceType": "Bundle", "entry": entries }).to_string();
    let (source, mut intake) = (Source { name: "record".into(), text: text.clone() }, Intake::default());
    intake.take(0, &source, &Wanted::of(&mapping));
    let store = Store { files: vec![Held { name: "record".into(), content: Content::Memory(text) }] };
    let patients = intake.patients();
    assert_eq!(patients.len(), 1, "{:?}", intake.refused);
    (read(&mapping, &program.dictionary, (&store, &intake), &patients[0], day("2026-11-21")), program)
}

/// What is read of a fact, entry by entry, without the sources; with a `?` and the reason where it cannot be read.
fn says(resources: &[Value], fact: &str) -> Vec<String> {
    let (record, program) = record(resources);
    let Some(line) = record.lines.iter().find(|line| program.dictionary.fact(line.fact).name == fact) else {
        return Vec::new();
    };
    let entries = line.entries.iter().map(|entry| {
        let parts: Vec<String> = entry.parts.iter().map(|(_, value)| value.replace('"', "")).collect();
        format!("{}{}", parts.join(" "), entry.on.as_ref().map(|on| format!(" on {on}")).unwrap_or_default())
    });
    let unreadable = line.unreadable.iter().map(|(_, why)| format!("? {why}"));
    let none = line.none.iter().map(|_| "none".to_owned());
    entries.chain(unreadable).chain(none).collect()
}

fn day(text: &str) -> Date {
    parse_day(text).expect("a day")
}

fn coded(codes: &[(&str, &str)]) -> Value {
    let systems = [
        ("loinc", "http://loinc.org"),
        ("snomed", "http://snomed.info/sct"),
        ("icd10", "http://hl7.org/fhir/sid/icd-10-cm"),
    ];
    let system = |name: &str| systems.iter().find(|(own, _)| *own == name).map(|(_, address)| *address);
    let coding: Vec<Value> = codes.iter().map(|(name, code)| json!({ "system": system(name), "code": code })).collect();
    json!({ "coding": coding })
}

fn condition(codes: &[(&str, &str)]) -> Value {
    let mut condition = json!({ "resourceType": "Condition", "subject": { "reference": "Patient/p" } });
    condition["clinicalStatus"] = json!({ "coding": [{ "code": "active" }] });
    condition["code"] = coded(codes);
    condition
}

fn observation(code: &str, on: &str, value: (&str, Value)) -> Value {
    let mut observation = json!({
        "resourceType": "Observation", "subject": { "reference": "Patient/p" }, "status": "final",
        "code": coded(&[("loinc", code)]), "effectiveDateTime": on,
    });
    observation[value.0] = value.1;
    observation
}

fn answer(code: &str, on: &str, answers: &[(&str, &str)]) -> Value {
    observation(code, on, ("valueCodeableConcept", coded(answers)))
}

fn amount(on: &str, value: f64, unit: &str) -> Value {
    observation("2160-0", on, ("valueQuantity", json!({ "value": value, "unit": unit })))
}

#[test]
fn every_code_of_a_resource_counts_and_the_narrower_term_alone() {
    let both = condition(&[("icd10", "C64.9"), ("snomed", "702391001")]);
    assert_eq!(says(std::slice::from_ref(&both), "diagnosis"), ["renal cell carcinoma"]);
    assert_eq!(says(&[both], "cancers"), ["renal cell carcinoma"]);
    let two = condition(&[("icd10", "C64.9"), ("snomed", "372244006")]);
    assert_eq!(says(std::slice::from_ref(&two), "diagnosis"), ["unreadable"]);
    assert_eq!(says(&[two], "cancers"), ["kidney cancer", "melanoma"]);
}

#[test]
fn how_far_a_condition_is_verified_in_unknown_words_proves_nothing() {
    let mut own = condition(&[("snomed", "372244006")]);
    for (word, counts) in [("confirmed", true), ("refuted", false), ("R", false), ("differential", false)] {
        own["verificationStatus"] = json!({ "coding": [{ "code": word }] });
        assert_eq!(!says(&[own.clone()], "cancers").is_empty(), counts, "{word}");
    }
}

#[test]
fn answers_that_differ_are_no_answer() {
    let own = |answers: &[(&str, &str)]| says(&[answer("82810-3", "2026-11-01", answers)], "pregnant");
    assert_eq!(own(&[("snomed", "77386006")]), ["true on 2026-11-01"]);
    assert_eq!(own(&[("snomed", "77386006"), ("loinc", "local")]), ["true on 2026-11-01"]);
    assert_eq!(own(&[("snomed", "77386006"), ("snomed", "60001007")]), ["unreadable on 2026-11-01"]);
    assert_eq!(own(&[("snomed", "60001007"), ("snomed", "77386006")]), ["unreadable on 2026-11-01"]);
}

#[test]
fn parts_of_a_result_that_differ_are_no_value() {
    let part = |value: f64| json!({ "code": coded(&[("loinc", "pain")]), "valueQuantity": { "value": value } });
    let own = |values: &[f64]| {
        let parts: Vec<Value> = values.iter().map(|value| part(*value)).collect();
        says(&[observation("panel", "2026-11-01", ("component", json!(parts)))], "pain")
    };
    assert_eq!(own(&[4.0]), ["4.0 on 2026-11-01"]);
    assert_eq!(own(&[4.0, 4.0]), ["4.0 on 2026-11-01"]);
    assert_eq!(own(&[4.0, 7.0]), ["unreadable on 2026-11-01"]);
}

#[test]
fn the_lowest_of_several_is_that_of_one_unit_or_unknown() {
    let of = |amounts: &[Value]| says(amounts, "lowest");
    let (early, late) = (amount("2026-01-01", 0.7, "mg/dL"), amount("2026-11-01", 1.4, "mg/dL"));
    assert_eq!(of(&[early.clone(), late.clone()]), ["0.7 mg/dL on 2026-01-01"]);
    // Numbers of two units are not compared: each is held against the other.
    let other = amount("2026-06-01", 60.0, "umol/L");
    let held: Vec<String> = of(&[early, other, late]);
    assert!(held.len() == 3 && held.iter().all(|entry| entry.ends_with("on 2026-11-01")), "{held:?}");
}

#[test]
fn a_yes_that_cannot_be_read_is_no_no() {
    let (yes, no) = ([("snomed", "373066001")], [("snomed", "373067005")]);
    let own = |early: &[(&str, &str)]| {
        says(&[answer("ever", "2020-01-01", early), answer("ever", "2026-11-01", &no)], "ever")
    };
    assert_eq!(own(&yes), ["true on 2020-01-01"]);
    assert_eq!(own(&no)[0], "false on 2026-11-01");
    let unreadable = own(&[("snomed", "nobody-knows")]);
    assert!(unreadable.iter().all(|entry| entry.ends_with("on 2026-11-01")), "{unreadable:?}");
    assert_eq!(unreadable.len(), 2);
}

#[test]
fn that_there_is_none_is_not_proved_where_another_resource_may_name_one() {
    let none = answer("none-of-these", "2026-11-01", &[("snomed", "260385009")]);
    assert_eq!(says(std::slice::from_ref(&none), "cancers"), ["none"]);
    assert_eq!(says(&[none.clone(), condition(&[("snomed", "372244006")])], "cancers"), ["melanoma"]);
    let other = answer("none-of-these", "2026-11-01", &[("snomed", "nobody-knows")]);
    let said = says(&[none.clone(), other], "cancers");
    assert!(said.len() == 1 && said[0].starts_with("? "), "{said:?}");
    let mut awaited = none.clone();
    awaited["status"] = json!("preliminary");
    assert_eq!(says(&[none, awaited], "cancers"), ["? it has no value as yet"]);
}

#[test]
fn a_result_of_a_period_is_of_its_beginning() {
    let during = |start: &str| {
        let mut during = amount("", 0.7, "mg/dL");
        during.as_object_mut().expect("an object").remove("effectiveDateTime");
        during["effectivePeriod"] = json!({ "start": start, "end": "2027-01-31" });
        says(&[during], "lowest")
    };
    assert_eq!(during("2026-11-01T08:00:00Z"), ["0.7 mg/dL on 2026-11-01T08:00:00Z"]);
    assert_eq!(during("2026-12-01"), [""; 0], "it lies after the day");
}

#[test]
fn a_thousand_results_of_one_fact_take_no_time() {
    let many: Vec<Value> =
        (0..5_000).map(|index| amount("2026-11-01", 1.0 + f64::from(index) / 1e4, "mg/dL")).collect();
    let begun = std::time::Instant::now();
    assert_eq!(says(&many, "lowest"), ["1.0 mg/dL on 2026-11-01"]);
    assert!(begun.elapsed() < std::time::Duration::from_secs(5), "{:?}", begun.elapsed());
}
