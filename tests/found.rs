//! Facts about the engine that once were not so, or that nothing else holds: each a small pack, a referral, and what
//! must come of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use candidacy::engine::decide::{Decision, Outcome};
use candidacy::engine::explain::{Options, explain};
use candidacy::engine::screen::screen;
use candidacy::engine::verdict::{Finding, Verdict};
use candidacy::input::referral::{Dates, Read, Unread, read_text};
use candidacy::input::source::Source;
use candidacy::model::calendar::{Date, parse_day};
use candidacy::pack::checked::Refused;
use candidacy::pack::compile::compile_files;
use candidacy::pack::program::{Program, Test};
use candidacy::pack::shelf::{PackFile, PackFiles};
use candidacy::report::layout::Layout;
use candidacy::report::{json, text};

/// The drugs that most tests take.
const DRUGS: &str = r#"
class."heart medicine" = {}
class."pressure medicine" = {}
class."beta blocker" = { is = ["heart medicine", "pressure medicine"] }
class.selective = {}
class.aminoglycoside = {}
term.atenolol = { is = ["beta blocker", "selective"] }
term.propranolol = { is = ["beta blocker"] }
term.gentamicin = { is = ["aminoglycoside"] }
term.aspirin = {}
term."skin lotion" = {}
term."fatty lotion" = {}
term.ointment = { is = ["skin lotion", "fatty lotion"] }
"#;

/// A list of drugs, for packs that need no other fact.
const MEDICINES: (&str, &str) = ("drugs", "type = 'list', of = 'drug'");

/// A pack in memory, lowest layer first: the name and text of each file.
struct Pack(Vec<Vec<(String, String)>>);

/// Facts and derived facts (those with a `value`), and rules, each with what must be said of every one.
fn files(manifest: &str, facts: &[(&str, &str)], rules: &[(&str, &str)]) -> Vec<(String, String)> {
    let fact = |(name, body): &(&str, &str)| {
        let (kind, asks) = if body.contains("value = ") {
            ("derived", String::new())
        } else {
            ("fact", format!("question = '{name}?', group = 'all', "))
        };
        format!("{kind}.{name} = {{ label = '{name}', {asks}{body} }}\n")
    };
    let rule = |(id, body): &(&str, &str)| {
        let because = if body.contains("because") { String::new() } else { format!("because = '{id}'\n") };
        format!("[[rule]]\nid = '{id}'\ntitle = 'Not {id}'\ncite = [{{ source = 'book' }}]\n{because}{body}\n")
    };
    let texts = [
        ("pack.toml", format!("id = 'made-up'\ntitle = 'Made up'\nversion = '1'\nnotice = 'none'\n{manifest}")),
        ("facts.toml", facts.iter().map(fact).collect()),
        ("rules.toml", rules.iter().map(rule).collect()),
    ];
    texts.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()
}

/// A rule for packs that are about something else.
const ANY: (&str, &str) = ("any", "note = 'true'");

/// A pack of one layer whose terms are `DRUGS`.
fn pack(facts: &[(&str, &str)], rules: &[(&str, &str)]) -> Pack {
    let manifest = "vocabulary.drug = 'drugs.toml'\nsource.book = { title = 'Book', kind = 'book' }\n";
    Pack(vec![files(manifest, facts, rules)]).with("drugs.toml", DRUGS)
}

impl Pack {
    /// Adds to a file of the top layer; a file that is not there begins so.
    fn with(mut self, file: &str, text: &str) -> Pack {
        let layer = self.0.last_mut().expect("a layer");
        match layer.iter_mut().find(|(name, _)| name == file) {
            Some((_, before)) => *before = format!("{before}{text}\n"),
            None => layer.push((file.to_owned(), format!("{text}\n"))),
        }
        self
    }

    /// Puts a layer on top.
    fn over(mut self, manifest: &str, facts: &[(&str, &str)], rules: &[(&str, &str)]) -> Pack {
        self.0.push(files(manifest, facts, rules));
        self
    }

    fn compiled(&self) -> Result<Program, Refused> {
        let mut pack = PackFiles { layers: self.0.len(), ..PackFiles::default() };
        for (layer, files) in self.0.iter().enumerate() {
            for (name, text) in files {
                let source = Source { name: format!("{layer}/{name}"), text: text.clone() };
                pack.files.push(PackFile { name: name.clone(), layer, source });
            }
        }
        compile_files(&pack)
    }

    fn program(&self) -> Program {
        self.compiled().unwrap_or_else(|refused| panic!("{:?}", said(&refused)))
    }

    /// The codes of its mistakes, with their messages and help.
    fn mistakes(&self) -> Vec<String> {
        said(&self.compiled().expect_err("the pack has a mistake"))
    }

    /// The verdict on these facts.
    fn screen(&self, facts: &str) -> Verdict {
        self.joined(facts, &[])
    }

    /// The verdict on these facts with those of other files.
    fn joined(&self, facts: &str, sites: &[&str]) -> Verdict {
        let program = self.program();
        let mut referral = read(&program, facts).unwrap_or_else(|why| panic!("{facts}: {why:?}")).referral;
        for site in sites {
            let site = read(&program, site).unwrap_or_else(|why| panic!("{site}: {why:?}")).referral;
            site.facts.into_iter().for_each(|said| referral.join(said));
        }
        let as_of = referral.as_of.expect("a date");
        explain(&screen(&program, &referral, as_of), Options { all: true, as_of_today: false })
    }

    /// What each rule comes to on these facts, in words, in pack order.
    fn states(&self, facts: &str) -> Vec<&'static str> {
        let verdict = self.screen(facts);
        self.program().rules.iter().map(|rule| finding(&verdict, &rule.id).state.word()).collect()
    }

    /// Why these facts are rejected.
    fn rejected(&self, facts: &str) -> Vec<String> {
        match read(&self.program(), facts) {
            Err(Unread::Rejected(rejected)) => {
                let lines = rejected.iter().flat_map(|rejected| rejected.lines());
                lines.map(|(_, message, help)| format!("{message} - {}", help.unwrap_or_default())).collect()
            }
            other => panic!("{facts} is not rejected: {other:?}"),
        }
    }

    /// The pack as a folder.
    fn written(&self, folder: &Path) {
        for (name, text) in self.0.last().expect("a layer") {
            write(&folder.join(name), text);
        }
    }
}

fn said(refused: &Refused) -> Vec<String> {
    let mistakes = refused.diagnostics.iter().map(|diagnostic| &diagnostic.mistake);
    mistakes.map(|m| format!("{}: {} - {}", m.code().word(), m.message(), m.help().unwrap_or_default())).collect()
}

/// TOML facts, or a referral in JSON.
fn read(program: &Program, facts: &str) -> Result<Read, Unread> {
    let whole = facts.starts_with('{') || facts.contains("[facts]");
    let text = if whole { facts.to_owned() } else { format!("[facts]\n{facts}") };
    let dates = Dates { asked: None, today: day("2026-11-21") };
    read_text(Source { name: "p".into(), text }, &program.dictionary, dates)
}

fn day(text: &str) -> Date {
    parse_day(text).expect("a day")
}

fn finding<'v>(verdict: &'v Verdict, rule: &str) -> &'v Finding {
    verdict.findings.iter().find(|finding| finding.rule == rule).expect("the rule is there")
}

/// The names of the facts of a finding.
fn facts_of<'v>(verdict: &'v Verdict, rule: &str) -> Vec<&'v str> {
    finding(verdict, rule).facts.iter().map(|fact| fact.fact.as_str()).collect()
}

fn asked(verdict: &Verdict) -> Vec<&str> {
    verdict.missing.iter().map(|missing| missing.fact.as_str()).collect()
}

fn settings(verdict: &Verdict) -> Vec<&str> {
    verdict.settings.iter().map(|used| used.setting.as_str()).collect()
}

fn report(verdict: &Verdict) -> String {
    let mut bytes = Vec::new();
    text::write(verdict, Layout { width: 100, colour: false }, &mut bytes).expect("memory takes it");
    String::from_utf8(bytes).expect("a report is UTF-8")
}

/// A new folder for the program to run in.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("found").join(name);
    let _absent = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).expect("a file can be written");
}

/// What `screen` prints in a folder, and its status.
fn run(folder: &Path, args: &[&str]) -> (String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_candidacy"));
    let out = command.arg("screen").args(args).current_dir(folder).output().expect("the program runs");
    let text = String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned();
    (text, out.status.code().unwrap_or(-1))
}

#[test]
fn bounds_on_a_number_without_a_unit_stay_bounds() {
    let field = "type = 'list', field.inr = { type = 'number', question = '?' }, field.ratio = { type = 'number', unit = '1', question = '?' }";
    let facts = [("inr", "type = 'number'"), ("ratio", "type = 'number', unit = '1'"), ("tests", field)];
    let rules = [
        ("inr", "exclude = 'inr >= 1.5'"),
        ("ratio", "exclude = 'ratio >= 1.5'"),
        ("field-inr", "exclude = 'tests.some(|t| t.inr >= 1.5)'"),
        ("field-ratio", "exclude = 'tests.some(|t| t.ratio >= 1.5)'"),
    ];
    let pack = pack(&facts, &rules);
    for unit in ["", ", unit = '1'"] {
        let one = |number: &str| {
            let ratio = format!("{{ {number}{unit} }}");
            format!("inr = {{ {number} }}\nratio = {ratio}\ntests = [{{ inr = {{ {number} }}, ratio = {ratio} }}]")
        };
        assert_eq!(pack.states(&one("below = 1.5")), ["clear"; 4], "below{unit}");
        assert_eq!(pack.states(&one("at_least = 1.5")), ["fires"; 4], "at_least{unit}");
        assert_eq!(pack.states(&one("below = 1.6")), ["unknown"; 4], "around{unit}");
    }
}

#[test]
fn a_setting_of_an_upper_pack_changes_an_inherited_age_limit() {
    let limit = |days: u32| format!("setting.limit = {{ value = {days}, unit = 'd', why = 'policy' }}");
    let facts = [("crp", "type = 'number', max_age = 'limit'")];
    let base = pack(&facts, &[("crp", "exclude = 'crp > 3'")]).with("pack.toml", &limit(30));
    let given = "crp = { value = 1, on = 2026-11-01 }";
    assert_eq!(base.states(given), ["clear"]);
    let upper = base.over(&limit(10), &[], &[]);
    assert_eq!(upper.states(given), ["unknown"]);
    assert_eq!(upper.screen(given).missing[0].state, "stale");
}

#[test]
fn other_names_what_it_names() {
    let pack = pack(&[MEDICINES], &[("kidney", r#"exclude = 'drugs.some(|d| d.is_a("aminoglycoside"))'"#)]);
    assert_eq!(pack.states("drugs = ['other: Gentamicin']"), ["fires"]);
    assert_eq!(pack.states("drugs = ['other: vitamin x']"), ["clear"]);
    for nothing in ["other:", "other: ", "Other :"] {
        assert_eq!(pack.rejected(&format!("drugs = ['{nothing}']")).len(), 1, "{nothing}");
    }
}

#[test]
fn two_laboratory_ranges_at_one_moment_leave_low_unknown() {
    let pack = pack(&[("crp", "type = 'number', range = [0, 9]")], &[("low", "exclude = 'is_low(crp)'")]);
    let twice = |a: &str, b: &str| {
        let one = |range: &str| format!("{{ value = 3, on = 2026-11-02, range = {range} }}");
        format!("crp = [{}, {}]", one(a), one(b))
    };
    assert_eq!(pack.states(&twice("[4, 5]", "[4, 5]")), ["fires"]);
    assert_eq!(pack.states(&twice("[4, 5]", "[2, 5]")), ["unknown"]);
}

#[test]
fn vague_terms_that_share_a_narrower_one_may_be_the_same() {
    let term = "type = 'term', of = 'drug'";
    let pack = pack(&[("a", term), ("b", term)], &[("same", "exclude = 'a == b'")]);
    for (a, b) in [("skin lotion", "fatty lotion"), ("heart medicine", "pressure medicine")] {
        let verdict = pack.screen(&format!("a = '{a}'\nb = '{b}'"));
        assert_eq!(finding(&verdict, "same").state, Outcome::Unknown, "{a}, {b}");
        assert_eq!(finding(&verdict, "same").missing, ["a", "b"], "{a}, {b}");
    }
    assert_eq!(pack.states("a = 'skin lotion'\nb = 'beta blocker'"), ["clear"]);
}

#[test]
fn a_class_typed_as_a_term_is_in_it_and_above_it() {
    let fact = [("drug", "type = 'term', of = 'drug'")];
    let is_a = |class: &str| format!("exclude = 'drug.is_a(\"{class}\")'");
    let classes = ["beta blocker", "heart medicine", "selective", "aminoglycoside"].map(|class| (class, is_a(class)));
    let rules = classes.each_ref().map(|(class, script)| (*class, script.as_str()));
    assert_eq!(pack(&fact, &rules).states("drug = 'Beta blocker'"), ["fires", "fires", "unknown", "clear"]);
    let compared = pack(&fact, &[("compared", r#"exclude = 'drug == "beta blocker"'"#)]).mistakes();
    assert!(compared.len() == 1 && compared[0].starts_with("class-compared"), "{compared:?}");
}

#[test]
fn a_list_of_a_state_alone_is_in_that_state_and_none_is_no_member() {
    let record = ("grafts", "type = 'list', field.tissue = { type = 'term', of = 'drug', question = '?' }");
    let rules = [("drugs", "exclude = 'drugs.is_empty()'"), ("grafts", "exclude = 'grafts.is_empty()'")];
    let pack = pack(&[MEDICINES, record], &rules);
    for (word, state) in [("unknown", "unknown"), ("pending", "pending"), ("not done", "not-done")] {
        for list in [format!("['{word}']"), format!("{{ value = ['{word}'] }}"), format!("'{word}'")] {
            let verdict = pack.screen(&format!("drugs = {list}\ngrafts = {list}"));
            let came: Vec<_> = verdict.missing.iter().map(|missing| (missing.fact.as_str(), missing.state)).collect();
            assert_eq!(came, [("drugs", state), ("grafts", state)], "{list}");
        }
    }
    for list in ["['none']", "['aspirin', 'none']"] {
        let why = pack.rejected(&format!("drugs = {list}\ngrafts = {list}"));
        assert!(why.len() == 2 && why.iter().all(|line| line.contains("write []")), "{list}: {why:?}");
    }
}

#[test]
fn series_with_and_without_offsets_are_settled_without_a_panic() {
    let pack = pack(&[("crp", "type = 'number'")], &[("high", "exclude = 'crp > 3'")]);
    let entry = |on: &str, value: u32| format!("{{ value = {value}, on = '{on}' }}");
    for seed in 0..40_u32 {
        let entries: Vec<String> = (0..60_u32)
            .map(|index| {
                let n = (index + 1).wrapping_mul(2_654_435_761).wrapping_add(seed.wrapping_mul(40_503)) >> 8;
                let day = format!("2026-11-0{}", 1 + n % 3);
                let clock = format!("T{:02}:{:02}", n / 3 % 24, n / 72 % 60);
                let zone = ["", "Z", "+12:00", "-11:00"][(n / 5000 % 4) as usize];
                entry(&if n % 4 == 0 { day } else { format!("{day}{clock}{zone}") }, n % 5)
            })
            .collect();
        let backwards: Vec<String> = entries.iter().rev().cloned().collect();
        let came = [entries, backwards].map(|entries| pack.states(&format!("crp = [{}]", entries.join(", "))));
        assert_eq!(came[0], came[1], "seed {seed}");
    }
    let circle = ["2026-11-02T10:00", "2026-11-02T23:00+12:00", "2026-11-02T09:00-05:00"];
    let circle = |values: [u32; 3]| {
        let entries: Vec<String> = circle.iter().zip(values).map(|(on, value)| entry(on, value)).collect();
        format!("crp = [{}]", entries.join(", "))
    };
    assert_eq!(pack.states(&circle([5, 5, 5])), ["fires"]);
    assert_eq!(pack.states(&circle([5, 5, 4])), ["unknown"]);
}

#[test]
fn json_nested_deeply_is_refused() {
    let pack = pack(&[MEDICINES], &[ANY]);
    for (open, close) in [("[", "]"), (r#"{"value":"#, "}")] {
        let nested = format!("{}1{}", open.repeat(5_000), close.repeat(5_000));
        assert!(!pack.rejected(&format!(r#"{{"facts":{{"drugs":{nested}}}}}"#)).is_empty());
        assert!(!pack.rejected(&format!(r#"{{"facts":{}"#, open.repeat(5_000))).is_empty());
    }
}

#[test]
fn closures_and_helpers_lower() {
    let helpers = r#"
fn heart(d) { d.is_a("heart medicine") }
fn kidney(d) { d.is_a("aminoglycoside") }
"#;
    let lists = r#"
fn any_heart(list) { list.some(|d| heart(d)) && !list.all(|d| kidney(d)) }
fn twice(list) { list.some(|a| list.count(|b| a == b) >= 1) }
"#;
    let rules = [
        ("two", r#"exclude = 'drugs.some(|d| d == "aspirin") && drugs.all(|d| d != "ointment")'"#),
        ("nested", r#"exclude = 'drugs.some(|a| drugs.some(|b| a != b && a.is_a("selective")))'"#),
        ("helpers", "exclude = 'drugs.some(|d| heart(d) || kidney(d))'"),
        ("with-closures", "exclude = 'any_heart(drugs) && twice(drugs)'"),
        ("twice", "exclude = 'any_heart(drugs) || any_heart(drugs) && drugs.some(|d| kidney(d))'"),
    ];
    let pack = pack(&[MEDICINES], &rules).with("one.rhai", helpers).with("two.rhai", lists);
    for rule in &pack.program().rules {
        assert!(matches!(rule.test, Test::Lowered(_)), "{}: {:?}", rule.id, rule.test);
    }
    assert_eq!(pack.states("drugs = ['aspirin', 'atenolol']"), ["fires"; 5]);
    assert_eq!(pack.states("drugs = ['ointment']"), ["clear"; 5]);
}

#[test]
fn drop_removes_whatever_bears_the_name() {
    let base = || {
        pack(&[("old_fact", "type = 'bool'"), ("kept", "type = 'bool'")], &[("old-rule", "exclude = 'old_fact'")])
            .with(
                "pack.toml",
                "setting.old_setting = { value = 1, why = 'w' }\nsource.old-source = { title = 't', kind = 'k' }",
            )
            .with("drugs.toml", "term.old-term = {}")
            .with("facts.toml", "[[conflict]]\nid = 'old-conflict'\nwhen = 'kept'\nbecause = 'b'\ndoubts = ['kept']")
    };
    let names = ["old-rule", "old_fact", "old_setting", "old-source", "old-term", "old-conflict"];
    let program = base().over(&format!("drop = {names:?}"), &[], &[ANY]).program();
    assert!(program.rule("old-rule").is_none() && program.conflicts.is_empty() && program.settings.is_empty());
    assert_eq!((program.dictionary.find("old_fact"), program.documents.len()), (None, 1));
    assert_eq!(program.dictionary.vocabularies()[0].find("old-term"), None);
    let anew = base().over("drop = ['old_setting']\nsetting.old_setting = { value = 2, why = 'w' }", &[], &[]);
    assert_eq!(anew.program().settings.len(), 1, "what a pack drops are things of its base");
    for name in names.iter().filter(|name| **name != "old-term") {
        let misspelt = format!("{}x", &name[..name.len() - 1]);
        let mistakes = base().over(&format!("drop = ['{misspelt}']"), &[], &[]).mistakes();
        assert!(mistakes.len() == 1 && mistakes[0].starts_with("unknown-drop"), "{mistakes:?}");
        assert!(mistakes[0].contains(&format!("did you mean `{name}`")), "{mistakes:?}");
    }
}

#[test]
fn the_name_of_an_embedded_pack_wins_over_a_folder() {
    let here = folder("embedded");
    fs::create_dir_all(here.join("aldesleukin")).expect("a folder can be made");
    pack(&[("x", "type = 'bool'")], &[("x", "exclude = 'x'")]).written(&here.join("aldesleukin"));
    fs::copy("fixtures/aldesleukin/fit-renal-cell.toml", here.join("fit.toml")).expect("the fixture can be copied");
    let (named, status) = run(&here, &["fit.toml", "--pack", "aldesleukin", "--format", "json"]);
    assert!(status == 0 && named.contains(r#""id": "aldesleukin""#), "{named}");
    assert_eq!(run(&here, &["fit.toml", "--format", "json"]), (named, 0));
    write(&here.join("x.toml"), "[facts]\nx = true");
    let (folder, status) = run(&here, &["x.toml", "--pack", "./aldesleukin", "--format", "json"]);
    assert!(status == 0 && folder.contains(r#""id": "made-up""#), "{folder}");
}

#[test]
fn a_division_by_zero_inside_a_derived_fact_is_a_fault() {
    let number = "type = 'number'";
    let facts = [("a", number), ("b", number), ("ratio", "type = 'number', value = 'a / b'")];
    let pack = pack(&facts, &[("ratio", "exclude = 'ratio > 2.0'")]);
    assert_eq!(pack.states("a = 1\nb = 0"), ["fault"]);
    assert_eq!(pack.states("a = 1"), ["unknown"]);
    let here = folder("fault");
    pack.written(&here);
    write(&here.join("zero.toml"), "as_of = 2026-11-21\n[facts]\na = 1\nb = 0");
    let (text, status) = run(&here, &["zero.toml", "--pack", "."]);
    assert!(status == 1 && text.contains("division by zero"), "{text}");
}

#[test]
fn settings_in_use_are_listed() {
    let facts = [
        ("a", "type = 'integer'"),
        ("b", "type = 'integer'"),
        MEDICINES,
        ("c", "type = 'integer', value = 'b + of_derived'"),
    ];
    let rules = [
        ("clear", "exclude = 'a > of_clear'"),
        ("derived", "exclude = 'c > 90'"),
        ("nothing-seen", "exclude = 'drugs.count(|d| d == \"aspirin\") > of_none'"),
    ];
    let setting = |name: &str| format!("setting.{name} = {{ value = 5, why = 'policy' }}\n");
    let pack = pack(&facts, &rules)
        .with("pack.toml", &["of_clear", "of_derived", "of_none", "of_conflict"].map(setting).concat())
        .with("facts.toml", "[[conflict]]\nwhen = 'a + b > of_conflict'\nbecause = 'much'\ndoubts = ['drugs']");
    assert_eq!(settings(&pack.screen("a = 1\nb = 1\ndrugs = []")), ["of_clear", "of_derived"]);
    assert_eq!(settings(&pack.screen("a = 1\nb = 5\ndrugs = []")), ["of_clear", "of_derived", "of_conflict"],);
}

#[test]
fn a_setting_is_used_only_where_the_comparison_with_it_decided() {
    let facts = [("a", "type = 'integer'"), ("b", "type = 'integer'")];
    let pack = pack(&facts, &[("both", "caution = 'a > 1 && b > limit'")])
        .with("pack.toml", "setting.limit = { value = 5, why = 'policy' }");
    for (given, used) in [
        ("a = 0\nb = 9", &[][..]),
        ("a = 0\nb = 5", &["limit"]),
        ("a = 2\nb = 9", &["limit"]),
        ("a = 2", &[]),
        ("a = 2\nb = { above = 3 }", &["limit"]),
        ("a = 2\nb = 'pending'", &[]),
    ] {
        assert_eq!(settings(&pack.screen(given)), used, "{given}");
    }
}

/// Only that a member is missing was in question; when the whole list was, what barred was lost.
#[test]
fn a_list_that_lacks_a_member_keeps_those_it_has() {
    let rules = [
        ("no-aminoglycoside", "exclude = 'drugs.some(|d| d.is_a(\"aminoglycoside\"))'"),
        ("no-heart-medicine", "caution = 'drugs.some(|d| d.is_a(\"heart medicine\"))'"),
    ];
    let facts = [MEDICINES, ("ill", "type = 'bool'")];
    let screen = |list: &str| {
        let conflict = "[[conflict]]\nwhen = 'ill && !drugs.some(|d| d.is_a(\"heart medicine\"))'\n\
                        because = 'ill, and nothing against it'\nlacks = ['drugs']\n";
        pack(&facts, &rules).with("facts.toml", conflict).screen(&format!("ill = true\ndrugs = {list}"))
    };
    let verdict = screen("['gentamicin']");
    assert_eq!((verdict.verdict, verdict.conflicts[0].lacks.len()), (Decision::NotACandidate, 1));
    let verdict = screen("['aspirin']");
    assert_eq!(verdict.verdict, Decision::Incomplete);
    assert_eq!(verdict.missing[0].state, "open");
    assert_eq!(screen("['aspirin', 'atenolol']").verdict, Decision::CandidateWithCautions);
}

#[test]
fn a_conflict_says_what_was_given() {
    let facts = [("sex", "type = 'choice', values = ['female', 'male']"), ("pregnant", "type = 'bool'")];
    let conflict = "[[conflict]]\nwhen = 'sex == \"male\" && pregnant'\ndoubts = ['sex', 'pregnant']\n\
        because = 'sex is {sex}, and pregnant is {pregnant}'";
    let verdict = pack(&facts, &[ANY]).with("facts.toml", conflict).screen("sex = 'male'\npregnant = true");
    assert_eq!(verdict.conflicts.len(), 1);
    assert_eq!(verdict.conflicts[0].because, "sex is male, and pregnant is yes");
}

#[test]
fn a_computed_fact_that_nobody_gave_can_be_doubted() {
    let facts = "derived.low = { type = 'bool', value = 'x < 5', label = 'low', question = '?', group = 'g' }\n\
        [[conflict]]\nwhen = 'x < 5 && y'\nbecause = 'both'\ndoubts = ['low']\n";
    let pack = pack(&[("x", "type = 'number', min = 0, max = 9"), ("y", "type = 'bool'")], &[("r", "exclude = 'low'")]);
    let verdict = pack.with("facts.toml", facts).screen("x = 3\ny = true");
    assert_eq!((verdict.verdict, verdict.conflicts.len()), (Decision::Incomplete, 1));
    assert!(report(&verdict).contains("both"));
}

#[test]
fn a_value_that_is_part_of_the_sentence_is_still_shown() {
    let rule = ("told", "exclude = '!told'\nbecause = 'does not know'");
    let verdict = pack(&[("told", "type = 'bool'")], &[rule]).screen("told = false");
    assert!(report(&verdict).contains("told: no"), "{}", report(&verdict));
}

#[test]
fn what_settles_a_comparison_alone_is_its_only_fact() {
    let facts = [("i", "type = 'integer'"), ("j", "type = 'integer'")];
    let rules = [("fires", "exclude = 'min(i, 3) < 5'"), ("clear", "exclude = 'max(i, j) < 5'")];
    let verdict = pack(&facts, &rules).screen("j = 7");
    assert_eq!(finding(&verdict, "fires").state, Outcome::Fires);
    assert_eq!(finding(&verdict, "clear").state, Outcome::Clear);
    assert_eq!((facts_of(&verdict, "fires"), facts_of(&verdict, "clear")), (vec![], vec!["j"]));
}

#[test]
fn equal_facts_have_one_digest() {
    let first = pack(&[MEDICINES], &[("two", "exclude = 'drugs.count(|d| d != \"aspirin\") > 1'")]);
    assert_eq!(first.states("drugs = ['other: Foo', 'other: foo', 'OTHER:  FOO']"), ["clear"]);
    let mut second = pack(&[MEDICINES], &[ANY]);
    let vocabulary = second.0[0].iter_mut().find(|(name, _)| name == "drugs.toml").expect("the vocabulary");
    let mut lines: Vec<&str> = DRUGS.lines().collect();
    lines.reverse();
    vocabulary.1 = lines.join("\n");
    let given = "drugs = ['propranolol', 'aspirin', 'other: Foo']";
    assert_eq!(first.screen(given).facts_digest, second.screen(given).facts_digest);
    let open = "drugs = { value = ['aspirin', 'other: foo', 'propranolol'], complete = false }";
    let closed = first.joined(open, &["drugs = { complete = true }"]);
    assert_eq!(first.screen(given).facts_digest, closed.facts_digest);
    assert_ne!(first.screen(given).facts_digest, first.screen(open).facts_digest);
}

#[test]
fn the_order_of_equal_results_makes_no_difference() {
    let facts = [("drug", "type = 'term', of = 'drug'"), ("crp", "type = 'number', unit = 'mg/L'")];
    let pack = pack(&facts, &[("drug", r#"exclude = 'drug.is_a("aspirin")'"#), ("crp", "exclude = 'crp > 1'")]);
    let pack = pack.with("drugs.toml", "term.paracetamol = { also = ['acetaminophen', 'tylenol'] }");
    let pairs = [
        ("drug", "value = 'acetaminophen'", "value = 'tylenol'"),
        ("drug", "value = 'other: Foo'", "value = 'other: foo'"),
        ("crp", "value = 8, unit = 'mg/L'", "value = 0.8, unit = 'mg/dL'"),
    ];
    for (fact, a, b) in pairs {
        for on in ["on = 2026-11-02", "on = 2026-12-02"] {
            let series = |a: &str, b: &str| format!("{fact} = [{{ {a}, {on} }}, {{ {b}, {on} }}]");
            let texts = [series(a, b), series(b, a)].map(|facts| {
                let verdict = pack.screen(&facts);
                (report(&verdict), serde_json::to_string(&verdict).expect("a verdict is JSON"))
            });
            assert_eq!(texts[0], texts[1], "{fact}: {a}, {b}");
        }
    }
}

#[test]
fn an_open_list_agrees_with_a_complete_one_that_holds_its_members() {
    let pack = pack(&[MEDICINES], &[("heart", r#"exclude = 'drugs.some(|d| d.is_a("heart medicine"))'"#)]);
    let open = "drugs = { value = ['aspirin'], complete = false }";
    for (given, site) in [(open, "drugs = ['ointment', 'Aspirin']"), ("drugs = ['aspirin', 'ointment']", open)] {
        assert_eq!(finding(&pack.joined(given, &[site]), "heart").state, Outcome::Clear, "{given}; {site}");
    }
    let verdict = pack.joined(open, &["drugs = ['ointment']"]);
    assert_eq!((verdict.missing[0].state, verdict.conflicts.len()), ("contradicted", 1));
}

#[test]
fn a_birth_date_with_a_time_is_read_alike_everywhere() {
    let pack = pack(&[("born", "type = 'date'")], &[("adult", "require = 'years_since(born) >= 18'")]);
    let plain = pack.screen("born = 1961-04-02").facts_digest;
    for moment in ["1961-04-02T10:30:00", "1961-04-02T10:30:00Z", "1961-04-02 23:30:00-05:00", "1961-04-02T10:30:00.5"]
    {
        let forms = [
            format!("born = {moment}"),
            format!("born = '{moment}'"),
            format!(r#"{{"facts": {{"born": "{moment}"}}}}"#),
        ];
        for form in forms {
            assert_eq!(pack.screen(&form).facts_digest, plain, "{form}");
        }
    }
}

#[test]
fn a_derived_fact_given_too_is_computed_or_contradicted() {
    let facts = [("born", "type = 'date'"), ("age", "type = 'integer', unit = 'a', value = 'years_since(born)'")];
    let pack = pack(&facts, &[("old", "exclude = 'age >= 65'")]);
    for state in ["unknown", "pending", "not done"] {
        assert_eq!(pack.states(&format!("born = 1961-04-02\nage = '{state}'")), ["fires"], "{state}");
    }
    assert_eq!(pack.states("born = 1961-04-02\nage = 65"), ["fires"]);
    assert_eq!(pack.states("age = 64"), ["clear"]);
    let verdict = pack.screen("born = 1961-04-02\nage = 64");
    assert_eq!(finding(&verdict, "old").state, Outcome::Unknown);
    let because = &verdict.conflicts[0].because;
    assert!(because.contains("64") && because.contains("65"), "{because}");
    assert!(report(&verdict).contains(because.as_str()));
}

#[test]
fn a_setting_gives_an_end_of_the_usual_range_and_an_upper_layer_another() {
    let range = |low: &str| pack(&[("level", low)], &[("low", "caution = 'is_low(level)'")]);
    let facts = "type = 'number', unit = 'g/dL', range = ['least', 17]";
    let with = |setting: &str| range(facts).with("pack.toml", setting);
    let base = || with("setting.least = { value = 120, unit = 'g/L', why = 'policy' }");
    assert_eq!(base().states("level = { value = 11.9, unit = 'g/dL' }"), ["fires"]);
    assert_eq!(base().states("level = { value = 12, unit = 'g/dL' }"), ["clear"]);
    assert_eq!(base().states("level = { value = 11.9, unit = 'g/dL', range = [11, 17] }"), ["clear"]);
    let verdict = base().screen("level = { value = 11.9, unit = 'g/dL' }");
    assert_eq!(verdict.settings.iter().map(|used| used.setting.as_str()).collect::<Vec<_>>(), ["least"]);
    let own = base().screen("level = { value = 10.9, unit = 'g/dL', range = [11, 17] }");
    assert!(own.settings.is_empty());
    let upper = base().over("setting.least = { value = 13, unit = 'g/dL', why = 'ours' }", &[], &[]);
    assert_eq!(upper.states("level = { value = 12, unit = 'g/dL' }"), ["fires"]);
    assert_eq!(range(facts).mistakes().len(), 1, "a setting that is not there");
    for wrong in ["value = 28, unit = 'd'", "value = 12", "value = true", "value = 18, unit = 'g/dL'"] {
        let mistakes = with(&format!("setting.least = {{ {wrong}, why = 'w' }}")).mistakes();
        assert!(mistakes.len() == 1 && mistakes[0].starts_with("wrong-type"), "{wrong}: {mistakes:?}");
    }
}

#[test]
fn what_is_reported_as_true_stands_where_the_pack_says_so() {
    let facts = [("level", "type = 'number'"), ("low", "type = 'bool', reported = 'stands', value = 'level < 12'")];
    let pack = pack(&facts, &[("low", "caution = 'low'")]);
    assert_eq!(pack.states("level = 14\nlow = true"), ["fires"]);
    assert_eq!(pack.states("low = true"), ["fires"]);
    assert_eq!(pack.states("level = 14"), ["clear"]);
    assert_eq!(pack.states("level = 10"), ["fires"]);
    assert_eq!(pack.states("level = 10\nlow = false"), ["unknown"]);
}

#[test]
fn an_upper_layer_replaces_helpers_terms_and_facts() {
    let facts = [MEDICINES, ("score", "type = 'integer', max = 10")];
    let rules = [
        ("lowered", "exclude = 'drugs.some(|d| bad(d))'"),
        ("scripted", "exclude = 'let n = 0; for d in drugs { if bad(d) { n += 1; } } n > 0'"),
        ("score", "exclude = 'score > 5'"),
    ];
    let base = || pack(&facts, &rules).with("base.rhai", r#"fn bad(d) { d.is_a("aminoglycoside") }"#);
    let given = "drugs = ['aspirin']\nscore = 6";
    assert_eq!(base().states(given), ["clear", "clear", "fires"]);
    for file in ["base.rhai", "upper.rhai"] {
        let helper = base().over("", &[], &[]).with(file, r#"fn bad(d) { d.is_a("aspirin") }"#);
        assert_eq!(helper.states(given), ["fires", "fires", "fires"], "{file}");
    }
    let term = base().over("vocabulary.drug = 'own.toml'", &[], &[]);
    let term = term.with("own.toml", "term.aspirin = { is = ['aminoglycoside'], also = ['asa'] }");
    assert_eq!(term.states("drugs = ['ASA']\nscore = 6"), ["fires", "fires", "fires"]);
    let fact = base().over("", &[("score", "type = 'integer', max = 4")], &[]);
    assert!(fact.mistakes()[0].starts_with("out-of-range"), "{:?}", fact.mistakes());
    let fact = base().over("", &[("score", "type = 'integer', max = 7")], &[]);
    assert_eq!((fact.states(given).len(), fact.rejected("score = 8").len()), (3, 1));
}

#[test]
fn a_guard_is_asked_before_what_it_guards() {
    let bool = "type = 'bool'";
    let facts = [("inner", "type = 'bool', effort = 'ask'"), ("guard", "type = 'bool', effort = 'test'"), ("x", bool)];
    let rules = [
        ("guarded", "when = 'guard'\nexclude = 'inner'"),
        ("bar", "exclude = 'x'"),
        ("later", "defer = 'x || inner'"),
        ("weigh", "caution = 'inner'"),
    ];
    let guarded = pack(&facts, &rules[..1]);
    assert_eq!(asked(&guarded.screen("")), ["guard", "inner"]);
    assert_eq!(asked(&guarded.screen("guard = true")), ["inner"]);
    assert!(asked(&guarded.screen("guard = false")).is_empty());
    assert!(asked(&guarded.screen("inner = false")).is_empty());

    let all = pack(&facts, &rules);
    let barred = all.screen("x = true");
    assert_eq!((barred.verdict, asked(&barred)), (Decision::NotACandidate, vec![]));

    let lighter = [("bar", "exclude = 'inner'"), ("weigh", "when = 'guard'\ncaution = 'inner'")];
    assert_eq!(asked(&pack(&facts, &lighter).screen("")), ["inner", "guard"], "a lighter rule's guard holds up no bar");

    let facts = [("x", bool), ("y", bool), ("z", bool), ("w", bool)];
    let rules =
        [("bar", "exclude = 'x'"), ("later", "defer = 'y'"), ("also", "defer = 'z'"), ("weigh", "caution = 'w'")];
    let deferred = pack(&facts, &rules).screen("y = true");
    assert_eq!((deferred.verdict, deferred.at_worst), (Decision::Deferred, Decision::NotACandidate));
    assert_eq!(asked(&deferred), ["x"]);
}

#[test]
fn marks_that_reorder_text_never_appear_raw() {
    let record = ("grafts", "type = 'list', field.tissue = { type = 'term', of = 'drug', question = '?' }");
    let facts = [MEDICINES, record, ("crp", "type = 'number'")];
    let rules = [
        ("drugs", "exclude = 'drugs.some(|d| d == \"aspirin\")'\nbecause = 'takes {drugs}'"),
        ("grafts", "caution = 'grafts.all(|g| g.tissue != \"aspirin\")'\nbecause = 'has {grafts}'"),
        ("crp", "note = 'crp > 1'"),
    ];
    let odd = r"a\u061Cb\u001Bc\u202Ed";
    let referral = format!(
        "patient = \"{odd}\"\nremarks = \"{odd}\"\n[facts]\ndrugs = [\"aspirin\", \"{odd}\", \"other: {odd}\"]\n\
         grafts = [\"other: {odd}\"]\ncrp = {{ value = 2, on = 2026-11-01, source = \"{odd}\" }}"
    );
    let verdict = pack(&facts, &rules).screen(&referral);
    let (mut object, mut line) = (Vec::new(), Vec::new());
    json::object(&verdict, &mut object).expect("memory takes it");
    json::line(&verdict, &mut line).expect("memory takes it");
    let texts = [object, line].map(|bytes| String::from_utf8(bytes).expect("JSON is UTF-8"));
    for text in [&report(&verdict), &texts[0], &texts[1]] {
        assert!(!text.contains(['\u{61c}', '\u{1b}', '\u{202e}']), "{text:?}");
        assert!(text.to_lowercase().contains("61c"), "{text:?}");
    }
    let carried = serde_json::from_str::<serde_json::Value>(&texts[0]).expect("it is JSON");
    assert_eq!(carried["patient"], "a\u{61c}b\u{1b}c\u{202e}d");
}

#[test]
fn a_normal_range_in_another_unit_than_the_value_is_a_mistake() {
    let fev1 = ("fev1", "type = 'number', unit = 'L', min = 0.2, max = 9");
    let pack = pack(&[fev1], &[("low", "note = 'is_low(fev1)'")]);
    let mistakes = pack.rejected("fev1 = { value = 1700, unit = 'mL', range = [1.9, 3.3] }");
    assert_eq!(mistakes, ["`fev1` of 0.0033 L is not plausible - accepted: 0.2 to 9 L; is the unit right?"]);
    assert_eq!(pack.states("fev1 = { value = 1700, unit = 'mL', range = [1900, 3300] }"), ["fires"]);
}

#[test]
fn the_pack_in_the_working_directory_has_its_helpers() {
    let here = folder("dot");
    let rules = [("bad", "exclude = 'drugs.some(|d| bad(d))'")];
    pack(&[MEDICINES], &rules).with("own.rhai", r#"fn bad(d) { d == "aspirin" }"#).written(&here);
    write(&here.join("a.toml"), "as_of = 2026-11-21\n[facts]\ndrugs = ['aspirin']");
    for pack in [".", "./", "../dot"] {
        let (text, status) = run(&here, &["a.toml", "--pack", pack, "--exit-verdict"]);
        assert_eq!(status, 10, "{pack}: {text}");
    }
}
