//! What a new user tries first with a referral that passes: leave a test out, add a graft, misspell a medicine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use candidacy::input::document::{Kind, Node};
use candidacy::input::json::parse;

/// The line of the passing referral that gives the thallium stress test.
const THALLIUM: &str = "thallium_stress_test  = { value = \"normal\", on = 2026-11-02 }\n";

#[test]
fn the_referral_passes() {
    let verdict = screened("passes", &[]);
    assert_eq!((verdict.word.as_str(), verdict.asked.len()), ("candidate", 0));
}

#[test]
fn without_the_thallium_result_it_is_incomplete_and_asks_for_exactly_that() {
    let verdict = screened("without-thallium", &[(THALLIUM, "")]);
    assert_eq!(verdict.word, "incomplete");
    assert_eq!(verdict.asked, ["thallium_stress_test"]);
    assert!(verdict.text.contains("What did the thallium stress test show?"), "{}", verdict.text);
}

#[test]
fn with_a_kidney_graft_as_well_it_is_no_candidate_and_asks_nothing() {
    let graft = ("allografts            = []", "allografts = [{ tissue = \"kidney\", donor = \"person\" }]");
    let verdict = screened("with-graft", &[(THALLIUM, ""), graft]);
    assert_eq!(verdict.word, "not-a-candidate");
    assert!(verdict.asked.is_empty(), "asks for {:?}", verdict.asked);
    assert!(!verdict.text.contains("Ask next"), "{}", verdict.text);
}

#[test]
fn a_misspelt_medicine_is_named_and_not_passed_as_harmless() {
    for (index, misspelt) in ["prednisonn", "lisinoprl", "zzyzx"].into_iter().enumerate() {
        let drug = ("\"atorvastatin\"", format!("\"{misspelt}\""));
        let verdict = screened(&format!("misspelt-{index}"), &[(drug.0, &drug.1)]);
        assert_eq!(verdict.word, "incomplete", "{misspelt}");
        let name_asked = verdict.asked.iter().any(|fact| fact.starts_with("medications[") && fact.ends_with("].drug"));
        assert!(name_asked, "{misspelt}: asks {:?}", verdict.asked);
        assert!(verdict.warned.iter().any(|warning| warning.contains(misspelt)), "{misspelt}: {:?}", verdict.warned);
        assert!(verdict.text.contains(&format!("\"{misspelt}\" is not recognised")), "{}", verdict.text);
    }
}

#[test]
fn a_misspelt_medicine_beside_a_known_one_keeps_what_is_known() {
    let verdict = screened("misspelt-beside", &[("\"atorvastatin\"", "\"prednisone\", \"lisinoprl\"")]);
    assert_eq!(verdict.word, "candidate-with-cautions");
    assert!(verdict.text.contains("lisinoprl"), "{}", verdict.text);
}

#[test]
fn a_conflict_names_what_does_not_fit_and_nothing_else() {
    let drugs = ("\"atorvastatin\"", "\"atorvastatin\", \"ceftriaxone\"");
    let text = words(&screened("antibiotic-without-infection", &[drugs]).text);
    let said = "ceftriaxone (systemic antibiotic) (perhaps not complete: infections)";
    assert!(text.contains(said), "{text}");
}

#[test]
fn what_could_bar_is_asked_first_and_what_could_only_add_a_caution_last() {
    let facility =
        "facility              = [\"inpatient care\", \"intensive care\", \"specialists\", \"experienced physician\"]";
    let without = [(THALLIUM, ""), (facility, ""), ("central_line          = false\n", "")];
    let verdict = screened("three-questions", &without);
    assert_eq!(verdict.asked, ["thallium_stress_test", "facility", "central_line"]);
    let headings = ["Ask next: could bar", "Then ask: could defer", "Then ask: could add a caution"];
    let places = headings.map(|heading| verdict.text.find(heading).expect(heading));
    assert!(places.is_sorted(), "{}", verdict.text);
    assert!(words(&verdict.text).contains("at worst not a candidate; it depends on: thallium stress test."));
}

#[test]
fn nobody_is_sent_for_a_result_that_is_under_way_or_that_contradicts_another() {
    let pending = "thallium_stress_test  = { status = \"pending\", on = 2026-11-19 }\n";
    let twice = "thallium_stress_test  = [{ value = \"normal\", on = 2026-11-10 }, { value = \"abnormal\", on = 2026-11-10 }]\n";
    let stale = "thallium_stress_test  = { value = \"normal\", on = 2026-01-10 }\n";
    for (name, said, sent) in [("pending", pending, false), ("twice", twice, false), ("stale", stale, true)] {
        let text = screened(name, &[(THALLIUM, said)]).text;
        assert_eq!(text.contains("obtain or repeat the thallium stress test"), sent, "{text}");
    }
}

#[test]
fn a_blood_value_that_decides_has_its_date_and_the_range_it_was_held_against() {
    let low = [("value = 14.1, unit = \"g/dL\"", "value = 11.9, unit = \"g/dL\", range = [13.5, 17]")];
    let text = words(&screened("anaemia", &low).text);
    assert!(
        text.contains("haemoglobin: 2026-11-12 (9 days old, limit 28), laboratory's range 13.5 to 17 g/dL"),
        "{text}"
    );
}

/// A report without its line breaks.
fn words(report: &str) -> String {
    report.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is said of a referral.
struct Said {
    word: String,
    asked: Vec<String>,
    warned: Vec<String>,
    /// The report for people.
    text: String,
}

/// The passing referral with parts of its text replaced, screened.
fn screened(name: &str, changes: &[(&str, &str)]) -> Said {
    let mut referral = fs::read_to_string("fixtures/aldesleukin/fit-renal-cell.toml").expect("the passing referral");
    for (from, to) in changes {
        assert!(referral.contains(from), "the passing referral has no {from}");
        referral = referral.replacen(from, to, 1);
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("acceptance");
    fs::create_dir_all(&folder).expect("a folder can be made");
    let path = folder.join(name).with_extension("toml");
    fs::write(&path, referral).expect("a file can be written");

    let json = output(&path, "json");
    let verdict = parse(&json).expect("the verdict is JSON");
    let texts = |list: &str, key: &str| -> Vec<String> {
        let items = verdict.get(list).and_then(Node::items).expect("a list");
        items.iter().map(|item| item.get(key).and_then(Node::text).expect("a text").to_owned()).collect()
    };
    let Some(Kind::Text(word)) = verdict.get("verdict").map(|node| &node.kind) else { panic!("no verdict: {json}") };
    let (asked, warned) = (texts("missing", "fact"), texts("warnings", "message"));
    Said { word: word.to_string(), asked, warned, text: output(&path, "text") }
}

fn output(path: &PathBuf, format: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_candidacy"));
    let out = command.args(["screen", "--format", format]).arg(path).output().expect("the program runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).expect("output is UTF-8")
}
