//! Small records, each with a trap: every folder of `fixtures/records/` is a case. Its resources stand in `.json` and
//! `.ndjson` files, `typed.toml` holds what a person adds. `expect.toml` is written by hand: a `title`, the `as_of` day,
//! the `verdict`, what is `known` in the words of reports and what is `unknown`; for several patients each under
//! `[patient.ID]`. What `candidacy facts` prints of it stands in `facts.toml`, what `candidacy screen` prints in
//! `report.txt`; `INSTA_UPDATE=always cargo test --test record_fixtures` writes these two anew.

mod folder;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

use candidacy::engine::explain::{Options, explain};
use candidacy::engine::screen::{Screening, screen};
use candidacy::engine::words::Words;
use candidacy::input::document::{Kind, Node};
use candidacy::input::referral::{Dates, load, read_file, read_text};
use candidacy::input::source::Source;
use candidacy::input::toml;
use candidacy::model::calendar::{Date, parse_day};
use candidacy::model::referral::Referral;
use candidacy::model::value::Value;
use candidacy::pack::compile::compile;
use candidacy::pack::mapping::{self, Mapping};
use candidacy::pack::program::Program;
use candidacy::pack::shelf::Shelf;
use candidacy::record::complete::complete;
use candidacy::record::intake::{Intake, Wanted};
use candidacy::record::read::{Record, read};
use candidacy::record::store::{Content, Held, Store};
use candidacy::report::record;
use folder::{name, sorted};

/// The pack of a case that names none.
const PACK: &str = "aldesleukin";

#[test]
fn every_record_says_what_its_case_expects() {
    let mut wrong = Vec::new();
    for case in cases() {
        let expected = case.expected();
        let node = toml::parse(&expected).0;
        for patient in case.patients() {
            let own = node.get("patient").and_then(|patients| patients.get(&patient.referral.patient));
            let found = case.differences(&patient.referral, own.unwrap_or(&node));
            wrong.extend(found.into_iter().map(|found| format!("{}: {found}", case.folder.display())));
        }
    }
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_record_gives_the_facts_and_the_report_that_stand_beside_it() {
    let update = std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always");
    let mut wrong = Vec::new();
    for case in cases() {
        for (file, came) in [("facts.toml", case.prints("facts")), ("report.txt", case.prints("screen"))] {
            let path = case.folder.join(file);
            if update {
                fs::write(&path, &came).expect("a file can be written");
            }
            if fs::read_to_string(&path).unwrap_or_default() != came {
                wrong.push(format!("{}\n---- got\n{came}----", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n\n"));
}

/// The printed referral is the record: nothing is lost on the way through a file.
#[test]
fn the_facts_that_are_printed_screen_as_the_record_does() {
    for case in cases() {
        for patient in case.records() {
            let mut text = Vec::new();
            record::write(&patient, &case.opened.mapping, &case.opened.program.dictionary, &mut text)
                .expect("written to memory");
            let text = String::from_utf8(text).expect("text is UTF-8");
            let source = Source { name: "facts.toml".to_owned(), text };
            let dates = Dates { asked: None, today: case.as_of };
            let printed = read_text(source, &case.opened.program.dictionary, dates)
                .unwrap_or_else(|why| panic!("{}: its facts are refused: {why:?}", case.folder.display()));
            let (own, printed) = (case.verdict(&patient.referral), case.verdict(&printed.referral));
            assert_eq!(own, printed, "{}", case.folder.display());
        }
    }
}

#[test]
fn there_are_enough_of_them_and_their_titles_are_unique() {
    let mut titles: Vec<String> = cases().iter().map(Case::title).collect();
    let count = titles.len();
    titles.sort();
    titles.dedup();
    assert_eq!(titles.len(), count);
    assert!(count >= 30, "only {count} records");
}

struct Case {
    folder: PathBuf,
    pack: String,
    opened: Rc<Opened>,
    as_of: Date,
}

/// A pack, and how it reads records.
struct Opened {
    program: Program,
    mapping: Mapping,
}

fn cases() -> Vec<Case> {
    let mut packs = BTreeMap::new();
    sorted(Path::new("fixtures/records")).into_iter().map(|folder| Case::open(folder, &mut packs)).collect()
}

fn opened(pack: &str) -> Rc<Opened> {
    let path = Path::new("rules").join(pack);
    let program = compile(Shelf::Disk, &path).unwrap_or_else(|refused| panic!("{:?}", refused.diagnostics));
    let mapping = mapping::open(&Shelf::Disk.open(&path), &program).expect("a sound mapping");
    Rc::new(Opened { program, mapping })
}

impl Case {
    fn open(folder: PathBuf, packs: &mut BTreeMap<String, Rc<Opened>>) -> Case {
        let text = fs::read_to_string(folder.join("expect.toml")).expect("a case says what it expects");
        let (node, errors) = toml::parse(&text);
        assert!(errors.is_empty(), "{}: {errors:?}", folder.display());
        let pack = node.get("pack").and_then(Node::text).unwrap_or(PACK).to_owned();
        let as_of = match node.get("as_of").map(|day| &day.kind) {
            Some(Kind::Moment(day)) => parse_day(day).expect("a day"),
            other => panic!("{}: `as_of` is {other:?}", folder.display()),
        };
        let opened = packs.entry(pack.clone()).or_insert_with(|| opened(&pack)).clone();
        Case { folder, pack, opened, as_of }
    }

    fn expected(&self) -> String {
        fs::read_to_string(self.folder.join("expect.toml")).expect("a case says what it expects")
    }

    fn title(&self) -> String {
        let expected = self.expected();
        let (node, _) = toml::parse(&expected);
        node.get("title").and_then(Node::text).expect("a title").to_owned()
    }

    /// The files with its resources.
    fn files(&self) -> Vec<PathBuf> {
        let of_record = |path: &PathBuf| path.extension().is_some_and(|ext| ext == "json" || ext == "ndjson");
        sorted(&self.folder).into_iter().filter(of_record).collect()
    }

    /// What its records say, patient by patient.
    fn records(&self) -> Vec<Record> {
        let (mut store, mut intake) = (Store::default(), Intake::default());
        let wanted = Wanted::of(&self.opened.mapping);
        for (file, path) in self.files().iter().enumerate() {
            let source = load(path).expect("a file that can be read");
            intake.take(file as u32, &source, &wanted);
            store.files.push(Held { name: name(path), content: Content::Memory(source.text) });
        }
        let patients = intake.patients();
        let read = |patient| {
            read(&self.opened.mapping, &self.opened.program.dictionary, (&store, &intake), patient, self.as_of)
        };
        patients.iter().map(read).collect()
    }

    /// The same, completed by what a person typed.
    fn patients(&self) -> Vec<Record> {
        let mut records = self.records();
        let typed = self.folder.join("typed.toml");
        if typed.exists() {
            let dates = Dates { asked: Some(self.as_of), today: self.as_of };
            let typed = read_file(&typed, &self.opened.program.dictionary, dates)
                .unwrap_or_else(|why| panic!("{}: {why:?}", typed.display()));
            for record in &mut records {
                complete(&mut record.referral, typed.referral.clone(), &self.opened.program.dictionary);
            }
        }
        records
    }

    /// The verdict and the findings, as JSON.
    fn verdict(&self, referral: &Referral) -> (String, String, String) {
        let screening = screen(&self.opened.program, referral, self.as_of);
        let verdict = explain(&screening, Options { all: true, as_of_today: false });
        let json = |value| serde_json::to_string_pretty(&value).expect("JSON");
        let findings = serde_json::to_value(&verdict.findings).expect("JSON");
        let missing = serde_json::to_value(&verdict.missing).expect("JSON");
        (verdict.verdict.word().to_owned(), json(findings), json(missing))
    }

    fn differences(&self, referral: &Referral, expected: &Node) -> Vec<String> {
        let screening = screen(&self.opened.program, referral, self.as_of);
        let mut wrong = Vec::new();
        let verdict = screening.decided.verdict.word();
        if expected.get("verdict").and_then(Node::text) != Some(verdict) {
            wrong.push(format!("the verdict is {verdict}"));
        }
        for entry in expected.get("known").and_then(Node::entries).unwrap_or_default() {
            let (known, wanted) = (said(&screening, &entry.key), words(&entry.value));
            if known != Some(wanted.clone()) {
                wrong.push(format!("`{}` is {known:?}, and not {wanted:?}", entry.key));
            }
        }
        for fact in expected.get("unknown").and_then(Node::items).unwrap_or_default() {
            let fact = fact.text().expect("the name of a fact");
            if let Some(known) = said(&screening, fact) {
                wrong.push(format!("`{fact}` is known: {known:?}"));
            }
        }
        wrong
    }

    /// What a command prints of it, and what it says besides.
    fn prints(&self, command: &str) -> String {
        let mut run = Command::new(env!("CARGO_BIN_EXE_candidacy"));
        run.arg(command).args(self.files()).args(["--pack", &format!("rules/{}", self.pack)]);
        run.args(["--as-of", &self.as_of.to_string()]).env_remove("NO_COLOR");
        let typed = self.folder.join("typed.toml");
        if command == "screen" && typed.exists() {
            run.arg(typed);
        }
        let out = run.output().expect("the program runs");
        let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
        let (printed, besides) = (text(out.stdout), text(out.stderr));
        match (command, besides.is_empty()) {
            (_, true) => printed,
            ("facts", _) => format!("{printed}\n# said besides:\n{}", commented(&besides)),
            _ => format!("{printed}\nSaid besides:\n{besides}"),
        }
    }
}

fn commented(text: &str) -> String {
    text.lines().map(|line| format!("# {line}\n")).collect()
}

/// What is known of a fact in the words of reports: its value, or the members of the list in order.
fn said(screening: &Screening, fact: &str) -> Option<Vec<String>> {
    let dictionary = &screening.program.dictionary;
    let id = dictionary.find(fact).unwrap_or_else(|| panic!("there is no fact `{fact}`"));
    let fact = dictionary.fact(id);
    let words = Words { dictionary };
    match screening.settled.chart.value(id) {
        Value::Unknown(_) => None,
        Value::List(list) => {
            let known = |index: usize| {
                let fields = list.member(index).iter().enumerate().skip(1);
                let known = fields.filter(|(_, value)| !matches!(value, Value::Unknown(_)));
                known.map(|(field, _)| (field, None)).collect::<Vec<_>>()
            };
            let mut members: Vec<String> =
                (0..list.len()).map(|index| words.member(fact, list, index, &known(index))).collect();
            members.sort();
            Some(members)
        }
        value => Some(vec![words.value(fact, value)]),
    }
}

/// The words that are expected.
fn words(node: &Node) -> Vec<String> {
    let word = |node: &Node| match &node.kind {
        Kind::Text(text) | Kind::Integer(text) | Kind::Decimal(text) => text.to_string(),
        Kind::Moment(text) => text.clone(),
        Kind::Bool(value) => if *value { "yes" } else { "no" }.to_owned(),
        other => panic!("{other:?} is no word of a report"),
    };
    let mut words: Vec<String> = match node.items() {
        Some(items) => items.iter().map(word).collect(),
        None => vec![word(node)],
    };
    words.sort();
    words
}
