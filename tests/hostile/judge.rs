//! What has to be true of whatever comes back, for any input.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use candidacy::engine::explain::{Options, explain};
use candidacy::engine::screen::{Screening, screen};
use candidacy::input::document::Kind;
use candidacy::input::problem::Rejected;
use candidacy::input::referral::{Dates, Read, Unread, decode, parse, read_text};
use candidacy::input::source::{Source, Span};
use candidacy::model::calendar::Date;
use candidacy::pack::checked::Refused;
use candidacy::pack::compile::compile_files;
use candidacy::pack::program::Program;
use candidacy::pack::shelf::{PackFiles, Shelf};
use candidacy::report::findings;
use candidacy::report::layout::Layout;
use candidacy::report::{json, text};

use crate::dice::Dice;
use crate::reach::Reach;
use crate::referral::Case;

/// What an input came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judged {
    /// It is no text.
    NotText,
    /// It is refused, with reasons.
    Refused,
    /// It can be used.
    Usable,
}

impl Judged {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Judged::NotText => "not UTF-8",
            Judged::Refused => "refused",
            Judged::Usable => "usable",
        }
    }
}

/// Nothing may take longer, in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(2);

/// The pack that comes with the program.
pub fn shipped_files() -> PackFiles {
    Shelf::Disk.open(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/aldesleukin")))
}

/// The shipped fixtures that stand alone, with their names.
pub fn fixtures() -> Vec<(String, String)> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/aldesleukin"));
    let entries = std::fs::read_dir(folder).expect("the fixtures").flatten().map(|entry| entry.path());
    let mut paths: Vec<_> = entries.filter(|path| path.extension().is_some_and(|own| own == "toml")).collect();
    paths.sort();
    let named =
        paths.iter().map(|path| (path.display().to_string(), std::fs::read_to_string(path).expect("a fixture")));
    named.filter(|(_, text)| !text.contains("\nbase")).collect()
}

/// The bytes as text, where they are; words where they are not.
pub fn decoded(bytes: Vec<u8>) -> Option<String> {
    match decode("damaged".into(), bytes) {
        Ok(source) => Some(source.text),
        Err(why) => {
            assert!(!why.is_empty());
            None
        }
    }
}

/// Compiles a pack, and screens by it if it compiles.
pub fn judge_pack(files: &PackFiles, what: impl Fn() -> String) -> Judged {
    watched(&what, || match compile_files(files) {
        Err(refused) => {
            is_a_refusal(&refused);
            Judged::Refused
        }
        Ok(program) => {
            for seed in 0..2 {
                let case = Case::by_chance(&program.dictionary, &mut Dice::new(seed), &mut Reach::default());
                judge_text(&program, &case.toml());
            }
            Judged::Usable
        }
    })
}

/// Reads a referral, and screens it if it can be read.
pub fn judge_bytes(program: &Program, bytes: Vec<u8>, what: impl Fn() -> String) -> Judged {
    watched(&what, || decoded(bytes.clone()).map_or(Judged::NotText, |text| judge_text(program, &text)))
}

/// Runs something that must neither panic nor take long; what took long on a busy machine is run again.
pub fn watched<T>(what: &impl Fn() -> String, run: impl Fn() -> T) -> T {
    for _ in 0..3 {
        let start = Instant::now();
        let result = catch_unwind(AssertUnwindSafe(&run)).unwrap_or_else(|panic| {
            eprintln!("broken by {}", what());
            resume_unwind(panic)
        });
        if std::env::var_os("CANDIDACY_TIMES").is_some() && start.elapsed() > Duration::from_millis(200) {
            println!("{:?} {}", start.elapsed(), what());
        }
        if start.elapsed() < PATIENCE {
            return result;
        }
    }
    panic!("{} took longer than {PATIENCE:?}", what())
}

/// Reads and screens a text.
pub fn judge_text(program: &Program, text: &str) -> Judged {
    let dates = Dates { asked: None, today: Date::constant(2026, 11, 21) };
    let source = Source { name: "damaged".into(), text: text.into() };
    match read_text(source, &program.dictionary, dates) {
        Ok(read) => {
            loses_no_fact(text, &read);
            let as_of = read.referral.as_of.expect("it is always set");
            is_a_verdict(&screen(program, &read.referral, as_of));
            Judged::Usable
        }
        Err(Unread::Unreadable(name, why)) => panic!("{name}: {why}"),
        Err(Unread::Rejected(rejected)) => {
            assert!(!rejected.is_empty());
            rejected.iter().for_each(is_a_rejection);
            Judged::Refused
        }
    }
}

/// Every key under `facts` is a fact that was read.
fn loses_no_fact(text: &str, read: &Read) {
    let (node, errors) = parse(text);
    assert!(errors.is_empty(), "read although it is no {errors:?}");
    let written = match node.get("facts").map(|facts| &facts.kind) {
        Some(Kind::Table(entries)) => entries.len(),
        _ => panic!("read without facts"),
    };
    assert_eq!(read.referral.facts.len(), written, "facts were lost");
}

fn is_a_verdict(screening: &Screening) {
    let verdict = explain(screening, Options { all: true, as_of_today: false });
    let (mut object, mut line, mut page) = (Vec::new(), Vec::new(), Vec::new());
    json::object(&verdict, &mut object).expect("memory takes all");
    json::line(&verdict, &mut line).expect("memory takes all");
    text::write(&verdict, Layout { width: 80, colour: false }, &mut page).expect("memory takes all");
    let parsed: serde_json::Value = serde_json::from_slice(&object).expect("a verdict is JSON");
    assert_eq!(parsed["schema"], "candidacy/verdict/1");
    let line: serde_json::Value = serde_json::from_slice(&line).expect("a line is JSON");
    assert_eq!(parsed, line);
    let page = String::from_utf8(page).expect("a report is UTF-8");
    let active =
        |c: char| c.is_control() && c != '\n' || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}');
    assert!(!page.contains(active), "a report holds what a terminal obeys: {page:?}");
}

/// A refused pack says what is wrong, and where.
pub fn is_a_refusal(refused: &Refused) {
    assert!(!refused.diagnostics.is_empty(), "refused without a reason");
    for diagnostic in &refused.diagnostics {
        let source = refused.sources.get(diagnostic.file).expect("a file of the pack");
        lies_within(&diagnostic.span, source);
    }
    for diagnostic in &refused.diagnostics {
        let (mistake, source) = (&diagnostic.mistake, &refused.sources[diagnostic.file]);
        let message = mistake.message();
        assert!(!message.trim().is_empty() && !mistake.code().word().is_empty(), "{diagnostic:?}");
        assert!(mistake.help().is_none_or(|help| !help.trim().is_empty()), "{message} has an empty help");
        assert!(source.text.get(diagnostic.span.clone()).is_some(), "{message} points outside {}", source.name);
        for also in &diagnostic.also {
            assert!(refused.sources[also.file].text.get(also.span.clone()).is_some(), "{message} points beside it");
        }
    }
    // Every form of the report can be written.
    let (sources, diagnostics) = (&refused.sources, &refused.diagnostics);
    let layout = Layout { width: 80, colour: false };
    findings::full::write(sources, diagnostics, layout, &mut std::io::sink()).expect("written");
    findings::concise::write(sources, diagnostics, &mut std::io::sink()).expect("written");
    findings::json::write("pack", sources, diagnostics, &mut std::io::sink()).expect("written");
    findings::github::write(sources, diagnostics, &mut std::io::sink()).expect("written");
    findings::sarif::write(sources, diagnostics, &mut std::io::sink()).expect("written");
}

fn is_a_rejection(rejected: &Rejected) {
    assert!(!rejected.problems.is_empty(), "rejected without a reason");
    for problem in &rejected.problems {
        lies_within(&problem.span, &rejected.source);
    }
    for (place, message, help) in rejected.lines() {
        assert!(!place.is_empty() && !message.trim().is_empty(), "{place} {message}");
        assert!(help.is_none_or(|help| !help.trim().is_empty()), "{message} has an empty help");
    }
}

fn lies_within(span: &Span, source: &Source) {
    let sound = span.start <= span.end && span.end <= source.text.len();
    assert!(sound, "{span:?} lies outside {}, which has {} bytes", source.name, source.text.len());
    assert!(source.text.get(span.clone()).is_some(), "{span:?} of {} splits a character", source.name);
}
