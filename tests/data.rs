//! Public sample records, in `../shared/data` beside the checkout: each is read and screened, nothing of it is lost, and
//! nobody in it is a candidate. Where the folder is absent this says so; with `CANDIDACY_NEEDS_DATA` set that fails.
//! What is read of a dozen stands in `tests/data/snapshots/`, which `INSTA_UPDATE=always cargo test --test data` writes
//! anew; `tests/data/completed/` holds what people would add to some of them, so that every verdict is reached.

mod folder;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use candidacy::engine::decide::Decision;
use candidacy::engine::explain::{Options, explain};
use candidacy::engine::screen::screen;
use candidacy::engine::verdict::Verdict;
use candidacy::input::referral::{Dates, read_file};
use candidacy::input::source::Source;
use candidacy::model::calendar::{Date, parse_day};
use candidacy::pack::compile::compile_files;
use candidacy::pack::mapping::{self, Mapping};
use candidacy::pack::program::Program;
use candidacy::pack::shelf::Shelf;
use candidacy::record::complete::complete;
use candidacy::record::counts::Counts;
use candidacy::record::intake::{Intake, Wanted};
use candidacy::record::read::{Record, read};
use candidacy::record::store::{Content, Held, Store};
use candidacy::report::layout::Layout;
use candidacy::report::{record, text};
use folder::{files, sorted};
use serde_json::Value;

/// The folders of records; what else lies there is no record of a patient.
const FOLDERS: [&str; 6] = [
    "ecqm-qicore-2025",
    "fhir-r4-examples",
    "mcode-stu1-examples",
    "mcode-trial-matching",
    "synthea-r4-2019",
    "us-core-examples",
];

/// The records whose reading is kept: a name, the day, and the files, by how they begin.
const KEPT: [(&str, &str, &str); 12] = [
    ("qicore-kidney-transplant", "2026-07-15", "ecqm-qicore-2025/CMS165"),
    (
        "qicore-bladder-cancer-hiv",
        "2026-06-01",
        "ecqm-qicore-2025/CMS646FHIRIntravesicalBacillusCalmetteGuerinForBladderCancer__tests-7488",
    ),
    (
        "qicore-bladder-cancer-prednisone",
        "2026-06-01",
        "ecqm-qicore-2025/CMS646FHIRIntravesicalBacillusCalmetteGuerinForBladderCancer__tests-f0c2",
    ),
    ("qicore-oncology-pain", "2026-06-01", "ecqm-qicore-2025/Oncology"),
    ("r4-patient", "2020-06-01", "fhir-r4-examples/patient-example"),
    ("mcode-one-patient-in-many-files", "2019-06-01", "mcode-stu1-examples/"),
    ("mcode-breast-cancer", "2021-06-01", "mcode-trial-matching/"),
    ("synthea-jonathan-hermiston", "2020-06-01", "synthea-r4-2019/Jonathan"),
    ("synthea-hershel-marvin", "2020-06-01", "synthea-r4-2019/Hershel"),
    ("synthea-eboni-brekke", "2020-06-01", "synthea-r4-2019/Eboni"),
    ("synthea-enda-schaefer-in-2015", "2015-01-01", "synthea-r4-2019/Enda"),
    ("us-core-one-patient-in-many-files", "2020-06-01", "us-core-examples/"),
];

/// The pack, and what it reads of records.
struct Pack {
    program: Program,
    mapping: Mapping,
}

/// What came of some files.
struct Came {
    records: Vec<Record>,
    counts: Counts,
    refused: Vec<String>,
}

impl Pack {
    fn shipped() -> Pack {
        let files = Shelf::Disk.open(Path::new("rules/aldesleukin"));
        let program = compile_files(&files).expect("a sound pack");
        let mapping = mapping::open(&files, &program).expect("a sound mapping");
        Pack { program, mapping }
    }

    fn read(&self, paths: &[PathBuf], as_of: Date) -> Came {
        let (mut store, mut intake) = (Store::default(), Intake::default());
        let wanted = Wanted::of(&self.mapping);
        for (file, path) in paths.iter().enumerate() {
            let name = path.display().to_string();
            let source = Source { name: name.clone(), text: fs::read_to_string(path).expect("a file") };
            intake.take(file as u32, &source, &wanted);
            store.files.push(Held { name, content: Content::Memory(source.text) });
        }
        let patients = intake.patients();
        let mut counts = Counts::of(&intake);
        let records = patients.iter().map(|patient| {
            let record = read(&self.mapping, &self.program.dictionary, (&store, &intake), patient, as_of);
            counts.add(patient, &record.reads);
            record
        });
        let records = records.collect();
        let refused = intake.refused.iter().map(|refused| refused.why.clone()).collect();
        Came { records, counts, refused }
    }

    fn verdict(&self, record: &Record) -> Verdict {
        let as_of = record.referral.as_of.expect("a record is read for a day");
        explain(&screen(&self.program, &record.referral, as_of), Options::default())
    }

    /// What is read of files, and the verdicts, as people see them.
    fn page(&self, paths: &[PathBuf], as_of: Date) -> String {
        let mut page = Vec::new();
        for record in self.read(paths, as_of).records {
            record::write(&record, &self.mapping, &self.program.dictionary, &mut page).expect("written to memory");
            page.extend(b"\n# ---- the verdict ----\n\n");
            let layout = Layout { width: 80, colour: false };
            text::write(&self.verdict(&record), layout, &mut page).expect("written to memory");
        }
        String::from_utf8(page).expect("UTF-8")
    }
}

/// The folder of sample records; none where it is absent and need not be there.
fn samples() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a folder above").join("shared/data");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CANDIDACY_NEEDS_DATA").is_none(), "{} is not there", folder.display());
    println!("{} is not there: public sample records are not tested", folder.display());
    None
}

fn records_in(folder: &Path) -> Vec<PathBuf> {
    let found: Vec<PathBuf> = FOLDERS.iter().flat_map(|name| files(&folder.join(name))).collect();
    found.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect()
}

fn day(text: &str) -> Date {
    parse_day(text).expect("a day")
}

fn name(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

/// How many resources stand in a file, as another reader of JSON counts them: bundles are none, and may hold bundles.
fn resources(path: &Path) -> usize {
    fn count(json: &Value) -> usize {
        match json["resourceType"].as_str() {
            Some("Bundle") => {
                json["entry"].as_array().into_iter().flatten().map(|entry| count(&entry["resource"])).sum()
            }
            of => usize::from(of.is_some()),
        }
    }
    count(&serde_json::from_slice(&fs::read(path).expect("a file")).expect("JSON"))
}

#[test]
fn every_sample_is_read_and_screened_and_nobody_is_a_candidate() {
    let Some(folder) = samples() else { return };
    let pack = Pack::shipped();
    let paths = records_in(&folder);
    assert!(paths.len() > 40, "only {} records", paths.len());
    let (mut patients, mut all) = (0, Counts::default());
    for path in &paths {
        for as_of in ["1990-01-01", "2012-06-01", "2020-06-01", "2026-11-21"].map(day) {
            let Came { records, counts, refused } = pack.read(std::slice::from_ref(path), as_of);
            assert_eq!(refused, [""; 0], "{}", name(path));
            assert_eq!(counts.found, resources(path), "{}", name(path));
            assert!(counts.add_up(), "{}: {counts:?}", name(path));
            assert_eq!((counts.broken, counts.about_none), (0, 0), "{}: {counts:?}", name(path));
            for record in &records {
                let verdict = pack.verdict(record).verdict;
                let candidate = [Decision::Candidate, Decision::CandidateWithCautions].contains(&verdict);
                assert!(!candidate, "{} in {} is a candidate", record.referral.patient, name(path));
                assert!(record.refused.iter().all(|(_, why)| !why.is_empty()), "{}", name(path));
            }
            // Without a patient there is a plain reason: nothing that is read is in the file.
            assert!(!records.is_empty() || counts.silent + counts.passed_over == counts.found, "{}", name(path));
            patients += records.len();
            all.used += counts.used;
            all.found += counts.found;
        }
    }
    println!("{} files, {patients} patients, {} of {} resources used", paths.len(), all.used, all.found);
}

#[test]
fn every_fact_read_traces_to_a_resource_of_the_file() {
    let Some(folder) = samples() else { return };
    let pack = Pack::shipped();
    for path in records_in(&folder) {
        let text = fs::read_to_string(&path).expect("a file");
        for record in pack.read(std::slice::from_ref(&path), day("2026-11-21")).records {
            let entries = record.lines.iter().flat_map(|line| line.entries.iter().chain(&line.none));
            for origin in entries.flat_map(|entry| &entry.origins) {
                let (kind, id) = origin.resource.split_once('/').expect("a type and an id");
                let quoted = |word: &str| text.contains(&format!("\"{word}\""));
                assert!(quoted(kind) && quoted(id), "{} is not in {}", origin.resource, name(&path));
                let code = origin.code.as_ref().is_none_or(|(_, code)| quoted(code));
                assert!(code, "{:?} is not in {}", origin.code, name(&path));
            }
        }
    }
}

#[test]
fn what_is_read_of_a_dozen_is_what_was_kept() {
    let Some(folder) = samples() else { return };
    let pack = Pack::shipped();
    let update = std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always");
    let paths = records_in(&folder);
    let mut wrong = Vec::new();
    for (kept, as_of, begins) in KEPT {
        let begins = folder.join(begins).display().to_string();
        let own = |path: &&PathBuf| path.display().to_string().starts_with(&begins);
        let own: Vec<PathBuf> = paths.iter().filter(own).cloned().collect();
        assert!(!own.is_empty(), "there is no {begins}");
        let page = pack.page(&own, day(as_of));
        let snapshot = Path::new("tests/data/snapshots").join(format!("{kept}.txt"));
        if update {
            fs::write(&snapshot, &page).expect("a snapshot can be written");
        }
        let expected = fs::read_to_string(&snapshot).unwrap_or_default();
        let differs = expected.lines().zip(page.lines()).find(|(expected, got)| expected != got);
        if expected != page {
            wrong.push(format!("{}: {differs:?}", snapshot.display()));
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_snapshot_is_of_a_record() {
    for path in sorted(Path::new("tests/data/snapshots")) {
        let known = KEPT.iter().any(|(kept, ..)| name(&path) == format!("{kept}.txt"));
        assert!(known, "no record gives {} any more, delete it", path.display());
    }
}

#[test]
fn records_that_people_complete_reach_every_verdict() {
    let Some(folder) = samples() else { return };
    let pack = Pack::shipped();
    let mut reached = BTreeSet::new();
    for path in sorted(Path::new("tests/data/completed")) {
        let text = fs::read_to_string(&path).expect("a file");
        let of = |key: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
            line.trim().to_owned()
        };
        let dates = Dates { asked: None, today: day("2026-11-21") };
        let typed = read_file(&path, &pack.program.dictionary, dates).expect("a sound referral").referral;
        let as_of = typed.as_of.expect("a day");
        let came = pack.read(&[folder.join(of("# record:"))], as_of);
        let mut record = came.records.into_iter().next().expect("a patient");
        assert_eq!(record.referral.patient, typed.patient, "{}", path.display());
        complete(&mut record.referral, typed, &pack.program.dictionary);
        let verdict = pack.verdict(&record).verdict.word();
        assert_eq!(verdict, of("# verdict:"), "{}", path.display());
        reached.insert(verdict);
    }
    assert_eq!(reached.len(), 5, "only {reached:?}");
}
