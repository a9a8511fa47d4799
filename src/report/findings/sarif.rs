//! Diagnostics as SARIF 2.1.0, the format that code scanning services read. Only the part that a check has to say.

use std::io::{self, Write};

use serde::Serialize;

use crate::input::source::{Source, Span};
use crate::pack::code::{Code, Severity};
use crate::pack::diagnostic::{Diagnostic, Places};
use crate::report::json::safe;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'r> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'r>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'r> {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<Outcome<'r>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Words,
    help: Help,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Help {
    text: &'static str,
    markdown: &'static str,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'r> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Words,
    locations: [Location<'r>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'r>>,
}

#[derive(Serialize)]
struct Words {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Words>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical<'r> {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region<'r>>,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region<'r> {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
    snippet: Snippet<'r>,
}

#[derive(Serialize)]
struct Snippet<'r> {
    text: &'r str,
}

/// Writes a log of one run.
pub fn write(sources: &[Source], diagnostics: &[Diagnostic], out: &mut impl Write) -> io::Result<()> {
    let mut codes: Vec<Code> = diagnostics.iter().map(|diagnostic| diagnostic.mistake.code()).collect();
    codes.sort_unstable();
    codes.dedup();
    let mut places = Finder { sources, places: Places::new(sources) };
    let results = diagnostics.iter().map(|diagnostic| outcome(diagnostic, &codes, &mut places)).collect();
    let rules = codes.iter().map(|code| rule(*code)).collect();
    let driver = Driver { name: "candidacy", version: env!("CARGO_PKG_VERSION"), rules };
    let run = Run { tool: Tool { driver }, column_kind: "unicodeCodePoints", results };
    let schema = "https://json.schemastore.org/sarif-2.1.0.json";
    safe(&serde_json::to_string_pretty(&Log { schema, version: "2.1.0", runs: [run] })?, out)?;
    writeln!(out)
}

fn rule(code: Code) -> Rule {
    let explanation = code.explanation();
    let title = explanation.lines().next().unwrap_or_default();
    let text = title.split_once(": ").map_or(title, |(_, text)| text).to_owned();
    let (short_description, help) = (Words { text }, Help { text: explanation, markdown: explanation });
    Rule { id: code.word(), short_description, help, default_configuration: Configuration { level: level(code) } }
}

fn level(code: Code) -> &'static str {
    match code.severity() {
        Severity::Error => "error",
        Severity::Note => "note",
    }
}

fn outcome<'r>(diagnostic: &'r Diagnostic, codes: &[Code], places: &mut Finder<'r>) -> Outcome<'r> {
    let (mistake, code) = (&diagnostic.mistake, diagnostic.mistake.code());
    let help = mistake.help().map(|help| format!(" ({help})")).unwrap_or_default();
    let also = diagnostic.also.iter().enumerate();
    let related = also.map(|(index, also)| {
        let message = Some(Words { text: also.text.clone() });
        Location { id: Some(index + 1), physical_location: places.physical(also.file, &also.span), message }
    });
    let related_locations = related.collect();
    let own = places.physical(diagnostic.file, &diagnostic.span);
    Outcome {
        rule_id: code.word(),
        rule_index: codes.binary_search(&code).unwrap_or(0),
        level: level(code),
        message: Words { text: format!("{}{help}", mistake.message()) },
        locations: [Location { id: None, physical_location: own, message: None }],
        related_locations,
    }
}

struct Finder<'r> {
    sources: &'r [Source],
    places: Places<'r>,
}

impl<'r> Finder<'r> {
    fn physical(&mut self, file: usize, span: &Span) -> Physical<'r> {
        let source = &self.sources[file];
        let (start, end) = self.places.range(file, span);
        let region = Region {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
            snippet: Snippet { text: &source.text[span.clone()] },
        };
        let artifact_location = Artifact { uri: uri(&source.name) };
        Physical { artifact_location, region: (*span != (0..0)).then_some(region) }
    }
}

/// A path as a relative reference: what may not stand in one is written in percent.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.replace('\\', "/").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => uri.push(char::from(byte)),
            other => uri += &format!("%{other:02X}"),
        }
    }
    uri
}
