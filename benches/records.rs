//! What a patient's record costs, from its bytes to the verdict, beside `serde_json` reading the same bytes into typed
//! structs. The record is made up in the mix of Synthea: half of its bytes are claims. `CANDIDACY_BULK=300 cargo bench
//! --bench records` also makes files of so many megabytes, and says how much memory the program holds to read them.

#[path = "records/bulk.rs"]
mod bulk;
#[path = "../src/cli/embedded.rs"]
mod embedded;
#[path = "records/made_up.rs"]
mod made_up;
#[path = "cost/rounds.rs"]
mod rounds;
#[path = "cost/table.rs"]
mod table;
#[path = "records/typed.rs"]
mod typed;

use std::process::ExitCode;

use candidacy::engine::explain::{Options, explain};
use candidacy::engine::screen::Screener;
use candidacy::engine::verdict::Verdict;
use candidacy::input::source::Source;
use candidacy::model::calendar::Date;
use candidacy::pack::compile::compile_files;
use candidacy::pack::mapping::{self, Mapping};
use candidacy::record::counts::Counts;
use candidacy::record::intake::{Intake, Wanted};
use candidacy::record::read::read;
use candidacy::record::store::{Content, Held, Store};
use rounds::{Side, interleaved};
use table::Row;

/// The bytes of the record.
const SIZE: usize = 3_000_000;

const AS_OF: Date = Date::constant(2026, 11, 21);

fn main() -> ExitCode {
    let timed = std::env::args().any(|argument| argument == "--bench");
    let files = embedded::files(embedded::DEFAULT);
    let program = compile_files(&files).expect("the shipped pack is sound");
    let mapping = mapping::open(&files, &program).expect("the shipped mapping is sound");
    let text = made_up::bundle("p1", SIZE);
    let source = Source { name: "record.json".to_owned(), text };
    let store =
        Store { files: vec![Held { name: source.name.clone(), content: Content::Memory(source.text.clone()) }] };

    // Neither side is fast by leaving something out.
    let (screener, wanted) = (Screener::new(&program), Wanted::of(&mapping));
    let ours = || screened(&source, &store, &screener, (&mapping, &wanted));
    let (verdict, counts) = ours();
    let typed = typed::read(&source.text);
    assert!(counts.add_up() && counts.found == typed.entry.len() && counts.used > 100, "{counts:?}");
    assert_eq!(verdict.patient, "p1");
    if !timed {
        return ExitCode::SUCCESS;
    }
    println!("{:.1} MB, {} resources, {} of them used", source.text.len() as f64 / 1e6, counts.found, counts.used);
    let [ours, intake, typed] = interleaved(
        61,
        [
            Side::new(1, ours),
            Side::new(1, || {
                let mut intake = Intake::default();
                intake.take(0, &source, &wanted);
                intake
            }),
            Side::new(1, || typed::read(&source.text)),
        ],
    )
    .map(|times| times.per(1e6));
    let others = vec![("... of which finding the resources", intake), ("serde_json into typed structs", typed)];
    let judged = ours.median / typed.median;
    let what = "A patient's bundle, parse to verdict, ms (target: times the typed structs)".to_owned();
    table::print(&[Row { what, ours, others, judged, target: 2.0 }]);
    if let Some(megabytes) = std::env::var("CANDIDACY_BULK").ok().and_then(|size| size.parse().ok()) {
        bulk::print(megabytes);
    }
    ExitCode::SUCCESS
}

/// A record from its text to the verdict.
fn screened(
    source: &Source,
    store: &Store,
    screener: &Screener,
    (mapping, wanted): (&Mapping, &Wanted),
) -> (Verdict, Counts) {
    let mut intake = Intake::default();
    intake.take(0, source, wanted);
    let patients = intake.patients();
    let mut counts = Counts::of(&intake);
    let record = read(mapping, &screener.program().dictionary, (store, &intake), &patients[0], AS_OF);
    counts.add(&patients[0], &record.reads);
    let verdict = explain(&screener.screen(&record.referral, AS_OF), Options::default());
    (verdict, counts)
}
