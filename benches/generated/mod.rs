//! Packs put together by size, and how long work over them takes.

use std::time::{Duration, Instant};

use candidacy::input::source::Source;
use candidacy::pack::compile::compile_files;
use candidacy::pack::program::Program;
use candidacy::pack::shelf::{PackFile, PackFiles};

/// A pack of rules over facts; `thresholds` numbers are written beside each number. The rule `changed` has another.
pub fn pack(rules: usize, facts: usize, thresholds: usize, changed: Option<usize>) -> Program {
    let mut dictionary = String::new();
    for fact in 0..facts {
        let kind = match fact % 4 {
            0 => "type = \"bool\"",
            1 => "type = \"number\"\nmin = 0\nmax = 1000",
            2 => "type = \"choice\"\nvalues = [\"none\", \"mild\", \"severe\"]",
            _ => "type = \"list\"\nof = \"v\"",
        };
        dictionary.push_str(&format!(
            "[fact.f{fact}]\n{kind}\nlabel = \"fact {fact}\"\nquestion = \"What is fact {fact}?\"\ngroup = \"g\"\n"
        ));
    }
    let atom = |seed: usize, limit: usize| {
        let fact = seed % facts;
        match fact % 4 {
            0 => format!("f{fact}"),
            1 => format!("f{fact} > {}", 10 * (1 + (seed / facts + limit) % thresholds)),
            2 => format!("f{fact} == \"{}\"", ["mild", "severe"][seed / facts % 2]),
            _ => format!("f{fact}.some(|t| t.is_a(\"class{}\"))", seed / facts % 5),
        }
    };
    let mut text = String::new();
    for rule in 0..rules {
        let effect = ["exclude", "defer", "caution", "caution"][rule % 4];
        let shift = usize::from(changed == Some(rule));
        let seed = rule * 7 + rule / facts;
        let script =
            format!("{} && !({} || {})", atom(seed + shift, rule), atom(seed + 1, rule), atom(seed * 3 + 5, rule));
        text.push_str(&format!(
            "[[rule]]\nid = \"r{rule}\"\ntitle = \"Rule {rule}\"\n{effect} = '{script}'\nbecause = \"rule {rule}\"\ncite = [{{ source = \"s\", at = \"1\" }}]\n"
        ));
    }
    let mut terms = String::new();
    (0..5).for_each(|class| terms.push_str(&format!("[class.class{class}]\n")));
    (0..200).for_each(|term| terms.push_str(&format!("[term.term{term}]\nis = [\"class{}\"]\n", term % 5)));
    let manifest = "id = \"p\"\ntitle = \"t\"\nversion = \"1\"\nnotice = \"n\"\n[vocabulary]\nv = \"v.toml\"\n[source.s]\ntitle = \"s\"\nkind = \"k\"\n";
    let files =
        [("pack.toml", manifest.to_owned()), ("facts.toml", dictionary), ("rules.toml", text), ("v.toml", terms)];
    let file = |(name, text): (&str, String)| PackFile {
        name: name.to_owned(),
        layer: 0,
        source: Source { name: name.to_owned(), text },
    };
    let pack = PackFiles { files: files.map(file).into(), missing: Vec::new(), layers: 1, own: false };
    compile_files(&pack).unwrap_or_else(|refused| panic!("{}", refused.lines().take(5).collect::<Vec<_>>().join("\n")))
}

/// How long work takes, and what comes of it.
pub fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = work();
    (start.elapsed(), result)
}
