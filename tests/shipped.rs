//! The laws that every shipped rule and every shipped fixture keeps. Each test prints how much it compared.

mod fixture;
mod folder;

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;

use candidacy::author::trial::{self, Came};
use candidacy::engine::explain::Options;
use candidacy::engine::screen::screen;
use candidacy::input::document::{Entry, Kind, Node};
use candidacy::input::toml;
use candidacy::pack::program::{Program, Test};
use fixture::{fixtures, packs, verdict};
use rust_decimal::{Decimal, RoundingStrategy};

#[test]
fn every_rule_is_lowered() {
    for (program, _) in packs() {
        let scripted = program.rules.iter().filter(|rule| matches!(rule.test, Test::Scripted(_)));
        let scripted: Vec<&str> = scripted.map(|rule| rule.id.as_str()).collect();
        assert!(scripted.is_empty(), "{} runs these as scripts: {scripted:?}", program.id);
        println!("{}: {} rules lowered", program.id, program.rules.len());
    }
}

#[test]
fn a_fixture_without_one_of_its_facts_is_no_better_at_worst_and_no_worse_at_best() {
    for (program, fixtures) in packs() {
        let (mut removed, mut wider, mut doubtful) = (0, 0, 0);
        for fixture in &fixtures {
            if !verdict(fixture, &program, Options::default()).conflicts.is_empty() {
                doubtful += 1;
                continue;
            }
            let referral = &fixture.read.as_ref().expect("every fixture is read").referral;
            let as_of = referral.as_of.expect("reading sets the date");
            let whole = screen(&program, referral, as_of).decided;
            for said in &referral.facts {
                let mut less = referral.clone();
                less.remove(said.fact);
                let less = screen(&program, &less, as_of).decided;
                let name = &program.dictionary.fact(said.fact).name;
                assert!(
                    less.at_best <= whole.at_best && whole.at_worst <= less.at_worst,
                    "{} without `{name}`: {less:?} does not hold {whole:?}",
                    fixture.path.display()
                );
                removed += 1;
                wider += usize::from(less != whole);
            }
        }
        println!("{}: {removed} facts removed, {wider} widened the range, {doubtful} fixtures in doubt", program.id);
        assert!(wider > fixtures.len(), "hardly any removal in {} matters", program.id);
    }
}

/// Units of one kind, each with how many of it make one of the first.
type Family = &'static [(&'static str, (u64, u64))];

/// The units that results are given in, and others that are accepted.
const UNITS: [Family; 6] = [
    &[("L", (1, 1)), ("mL", (1_000, 1)), ("dL", (10, 1)), ("cL", (100, 1))],
    &[("%", (1, 1)), ("[ppth]", (10, 1))],
    &[("U/L", (1, 1)), ("U/mL", (1, 1_000)), ("nkat/L", (1_000, 60)), ("ukat/L", (1, 60))],
    &[("10*9/L", (1, 1)), ("K/uL", (1, 1)), ("10^9/L", (1, 1)), ("/uL", (1_000, 1)), ("10*3/uL", (1, 1))],
    &[("per mm3", (1_000, 1)), ("10^3/uL", (1, 1)), ("10*3/mm3", (1, 1)), ("10*6/mL", (1, 1))],
    &[("h", (1, 1)), ("min", (60, 1)), ("d", (1, 24)), ("s", (3_600, 1)), ("wk", (1, 168))],
];

/// The same for facts that are also counted in moles, of 113.12, 584.66 and 16,114 g.
const MOLES: [(&str, Family); 3] = [
    (
        "creatinine",
        &[("mg/dL", (1, 1)), ("umol/L", (1_000_000, 11_312)), ("mmol/L", (1_000, 11_312)), ("g/L", (1, 100))],
    ),
    (
        "bilirubin",
        &[("mg/dL", (1, 1)), ("umol/L", (1_000_000, 58_466)), ("mmol/L", (1_000, 58_466)), ("mg/L", (10, 1))],
    ),
    ("haemoglobin", &[("g/dL", (1, 1)), ("g/L", (10, 1)), ("mmol/L", (10_000, 16_114)), ("mg/mL", (10, 1))]),
];

/// Keys whose numbers are in the entry's unit.
const MEASURED: [&str; 6] = ["value", "below", "above", "at_least", "at_most", "range"];

#[test]
fn every_fixture_written_in_other_units_gives_what_it_expects() {
    for (program, _) in packs() {
        let mut swapped = BTreeMap::new();
        for turn in 0..4 {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("units-{}-{turn}", program.id));
            let _ = fs::remove_dir_all(&folder);
            fs::create_dir_all(&folder).expect("a folder can be made");
            for path in folder::sorted(&Path::new("fixtures").join(&program.id)) {
                if path.extension().is_some_and(|extension| extension == "toml") {
                    let text = fs::read_to_string(&path).expect("a fixture can be read");
                    let text = in_other_units(&text, turn, &mut swapped);
                    fs::write(folder.join(folder::name(&path)), text).expect("a file can be written");
                }
            }
            passes(&program, &folder);
        }
        let count: usize = swapped.values().sum();
        println!("{}: {count} results in another unit: {swapped:?}", program.id);
        assert!(swapped.len() >= 20, "hardly any unit was swapped: {swapped:?}");
    }
}

fn passes(program: &Program, folder: &Path) {
    let trials = trial::run(program, &fixtures(folder, program), None);
    let wrong = trials.fixtures.iter().filter(|trial| !matches!(trial.result, Came::Passed));
    let wrong: Vec<String> = wrong.map(|trial| format!("{trial:#?}")).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A fixture's text with every result in another unit, written to 20 digits.
fn in_other_units(text: &str, turn: usize, swapped: &mut BTreeMap<String, usize>) -> String {
    let (document, errors) = toml::parse(text);
    assert!(errors.is_empty(), "{errors:?}\nin\n{text}");
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    if let Some(Kind::Table(facts)) = document.get("facts").map(|facts| &facts.kind) {
        for fact in facts {
            rewrite(&fact.key, &fact.value, turn, &mut edits, swapped);
        }
    }
    edits.sort_by_key(|(span, _)| span.start);
    let mut written = text.to_owned();
    for (span, new) in edits.into_iter().rev() {
        written.replace_range(span, &new);
    }
    written
}

fn rewrite(
    fact: &str,
    node: &Node,
    turn: usize,
    edits: &mut Vec<(Range<usize>, String)>,
    swapped: &mut BTreeMap<String, usize>,
) {
    match &node.kind {
        Kind::Array(items) => items.iter().for_each(|item| rewrite(fact, item, turn, edits, swapped)),
        Kind::Table(entries) => {
            let unit = entries.iter().find(|entry| entry.key == "unit");
            let Some((unit, code)) = unit.and_then(|unit| Some((unit, unit.value.text()?))) else {
                return entries.iter().for_each(|entry| rewrite(fact, &entry.value, turn, edits, swapped));
            };
            let (other, factor) = another(fact, code, turn);
            *swapped.entry(format!("{code} as {other}")).or_default() += 1;
            edits.push((unit.value.span.clone(), format!("{other:?}")));
            let measured = |entry: &&Entry| MEASURED.contains(&entry.key.as_ref());
            entries.iter().filter(measured).for_each(|entry| scale(&entry.value, factor, edits));
        }
        _ => {}
    }
}

/// One of the other units of that kind, with how many of it make one of this.
fn another(fact: &str, code: &str, turn: usize) -> (&'static str, (Decimal, Decimal)) {
    let own = MOLES.iter().find(|(own, _)| *own == fact).map(|(_, units)| *units);
    let holds = |family: &&Family| family.iter().any(|(unit, _)| *unit == code);
    let units = own.or_else(|| UNITS.iter().find(holds).copied());
    let units = units.unwrap_or_else(|| panic!("{code} of {fact} is not listed here"));
    let place = units.iter().position(|(unit, _)| *unit == code);
    let place = place.unwrap_or_else(|| panic!("{code} of {fact} is not listed here"));
    let (other, (times, by)) = units[(place + 1 + turn % (units.len() - 1)) % units.len()];
    let (own_times, own_by) = units[place].1;
    (other, (Decimal::from(times) * Decimal::from(own_by), Decimal::from(by) * Decimal::from(own_times)))
}

fn scale(node: &Node, (times, by): (Decimal, Decimal), edits: &mut Vec<(Range<usize>, String)>) {
    match &node.kind {
        Kind::Array(items) => items.iter().for_each(|item| scale(item, (times, by), edits)),
        Kind::Integer(text) | Kind::Decimal(text) => {
            let number: Decimal = text.parse().expect("a number");
            let scaled = number * times / by;
            let scaled = scaled.round_sf_with_strategy(20, RoundingStrategy::MidpointNearestEven);
            edits.push((node.span.clone(), scaled.expect("20 digits fit").normalize().to_string()));
        }
        _ => {}
    }
}
