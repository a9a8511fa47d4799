//! Inputs that someone could make to break a reader, one by one.

use std::fs;
use std::path::{Path, PathBuf};

use candidacy::input::referral::{Dates, Unread, read_file};
use candidacy::model::calendar::Date;
use candidacy::pack::compile::{compile, compile_files};
use candidacy::pack::program::Program;
use candidacy::pack::shelf::{PackFiles, Shelf};

use crate::judge::{Judged, is_a_refusal, judge_bytes, judge_pack, judge_text, shipped_files, watched};
use crate::pack::files;

const MANIFEST: &str = "id = \"p\"\ntitle = \"t\"\nversion = \"1\"\nnotice = \"n\"\n[vocabulary]\nv = \"v.toml\"\n[source.s]\ntitle = \"s\"\nkind = \"k\"\n";
const TERMS: &str = "[class.c]\n[term.alpha]\nis = [\"c\"]\n[term.beta]\n";
const FACTS: &str = "[fact.x]\ntype = \"integer\"\n[fact.n]\ntype = \"number\"\n[fact.b]\ntype = \"bool\"\n[fact.d]\ntype = \"date\"\n\
    [fact.t]\ntype = \"term\"\nof = \"v\"\n[fact.list]\ntype = \"list\"\nof = \"v\"\n\
    [fact.records]\ntype = \"list\"\nfield.term = { type = \"term\", of = \"v\", question = \"?\" }\n\
    field.since = { type = \"date\", question = \"?\" }\n\
    [fact.others]\ntype = \"list\"\nfield.term = { type = \"term\", of = \"v\", question = \"?\" }\n";

/// A pack of these rules' scripts.
fn pack(scripts: &[&str], helpers: &str) -> PackFiles {
    let facts = FACTS.lines().map(|line| match line.strip_prefix("[fact.") {
        Some(name) => {
            format!("{line}\nlabel = \"{0}\"\nquestion = \"{0}?\"\ngroup = \"g\"\n", name.trim_end_matches(']'))
        }
        None => format!("{line}\n"),
    });
    let rule = |(index, script): (usize, &&str)| {
        format!(
            "[[rule]]\nid = \"r{index}\"\ntitle = \"t\"\nbecause = \"b\"\ncite = [{{ source = \"s\" }}]\nexclude = '''{script}'''\n"
        )
    };
    files([
        ("pack.toml", MANIFEST.to_owned()),
        ("facts.toml", facts.collect()),
        ("rules.toml", scripts.iter().enumerate().map(rule).collect()),
        ("v.toml", TERMS.to_owned()),
        ("h.rhai", helpers.to_owned()),
    ])
}

fn program(scripts: &[&str]) -> Program {
    compile_files(&pack(scripts, "")).unwrap_or_else(|refused| panic!("{:?}", refused.lines().collect::<Vec<_>>()))
}

fn judged(program: &Program, text: &str) -> Judged {
    judge_bytes(program, text.as_bytes().to_vec(), || text.chars().take(80).collect())
}

#[test]
fn text_without_a_referral_is_refused() {
    let program = program(&["b"]);
    for text in [
        "",
        " ",
        "\n\n",
        "{}",
        "{",
        "}",
        "[]",
        "null",
        "true",
        "1",
        "\"x\"",
        "{\"facts\": null}",
        "{\"facts\": []}",
        "facts = 1",
        "[[facts]]",
        "\u{0}",
        "\u{feff}",
        "{\"facts\": {}} {}",
        "{\"facts\": {}, \"facts\": {}}",
        "[facts]\nx = 1\nx = 1",
        "[facts]\n[facts]",
        "[facts]\n\"µ🙂\" = 1\n\"µ🙂\" = 2",
        "[facts]\nµ = 🙂",
        "{\"facts\": {\"µ🙂\": 1, \"µ🙂\": 🙂}}",
    ] {
        assert_eq!(judged(&program, text), Judged::Refused, "{text}");
    }
    assert_eq!(judged(&program, "[facts]"), Judged::Usable);
    assert_eq!(judged(&program, "\u{feff}{\"facts\": {}}"), Judged::Usable);
}

#[test]
fn nesting_is_refused_however_deep() {
    let program = program(&["b"]);
    for depth in [100, 10_000, 100_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
            let (open, close) = (open.repeat(depth), close.repeat(depth));
            for text in [
                format!("{{\"facts\": {{\"x\": {open}1{close}}}}}"),
                format!("{{\"facts\": {{\"x\": {open}"),
                format!("{{\"zz\": {open}1{close}, \"facts\": {{}}}}"),
            ] {
                assert_eq!(judged(&program, &text), Judged::Refused);
            }
        }
        for (open, close) in [("[", "]"), ("{a=", "}"), ("[[", "")] {
            let (open, close) = (open.repeat(depth), close.repeat(depth));
            for text in [format!("[facts]\nx = {open}1{close}"), format!("[facts]\nx = {open}"), open] {
                assert_eq!(judged(&program, &text), Judged::Refused);
            }
        }
        assert_eq!(judged(&program, &format!("[facts]\nx.{} = 1", vec!["a"; depth].join("."))), Judged::Refused);
        assert_eq!(judged(&program, &format!("[facts.{}]\nx = 1", vec!["a"; depth].join("."))), Judged::Refused);
    }
}

#[test]
fn length_costs_no_more_than_its_share() {
    let program = program(&["list.some(|m| m.is_a(\"c\")) || t == \"alpha\""]);
    let long = "x".repeat(1_000_000);
    for text in [
        format!("patient = \"{long}\"\nremarks = \"{long}\"\n[facts]"),
        format!("[facts]\nt = \"{long}\""),
        format!("[facts]\nlist = [\"{long}\", \"other: {long}\"]"),
        format!("{{\"patient\": \"{long}\", \"facts\": {{\"t\": \"{long}\"}}}}"),
        format!("[facts]\nx = {{ value = 1, source = \"{long}\" }}"),
    ] {
        assert_eq!(judged(&program, &text), Judged::Usable);
    }
    let keys = |line: fn(usize) -> String, between: &str| (0..50_000).map(line).collect::<Vec<_>>().join(between);
    for text in [
        format!("[facts]\n{long} = 1"),
        format!("[facts]\nx = {long}"),
        format!("[facts]\nx = {}", "9".repeat(1_000_000)),
        format!("[facts]\nn = {{ value = 1, unit = \"{long}\" }}"),
        format!("[facts]\n{}", keys(|key| format!("a{key} = 1"), "\n")),
        format!("{{\"facts\": {{{}}}}}", keys(|key| format!("\"a{key}\": 1"), ",")),
        format!("{{{}}}", keys(|_| "\"a\": 1".to_owned(), ",")),
        format!("{{\"facts\": {{\"{}\": 1}}}}", "\\\\".repeat(500_000)),
        keys(|_| "a = 1".to_owned(), "\n"),
        keys(|key| format!("[a.b{key}]"), "\n"),
    ] {
        assert_eq!(judged(&program, &text), Judged::Refused);
    }
}

#[test]
fn numbers_are_exact_or_refused() {
    let program =
        program(&["n > 1 || n / n > 1.0 || n * n < 0.0 || x * x > 3 || abs(x) - x > 5 || -x > 4 || n - n == 0.0"]);
    let (least, most) = (i64::MIN, i64::MAX);
    for (said, judged_as) in [
        ("n = 1234567890123456789012345678".into(), Judged::Usable),
        ("n = 7.922816251426433759354395033".into(), Judged::Usable),
        ("n = -0.000000000000000000000000001".into(), Judged::Usable),
        ("n = -0.0000000000000000000000000001".into(), Judged::Refused),
        ("n = 0".into(), Judged::Usable),
        ("n = -0.0".into(), Judged::Usable),
        ("n = 1e27".into(), Judged::Usable),
        ("n = 12345678901234567890123456789".into(), Judged::Refused),
        ("n = 0.12345678901234567890123456789".into(), Judged::Refused),
        ("n = 1e29".into(), Judged::Refused),
        ("n = 1e-29".into(), Judged::Refused),
        ("n = 1e999999999999".into(), Judged::Refused),
        ("n = inf".into(), Judged::Refused),
        ("n = -nan".into(), Judged::Refused),
        ("n = 0x10".into(), Judged::Usable),
        ("n = { above = 2, below = 2 }".into(), Judged::Refused),
        ("n = { at_least = 3, below = 2 }".into(), Judged::Refused),
        ("n = { at_least = 3, above = 2 }".into(), Judged::Refused),
        ("n = {}".into(), Judged::Refused),
        (format!("x = {least}"), Judged::Usable),
        (format!("x = {most}"), Judged::Usable),
        (format!("x = {{ at_least = {least}, at_most = {most} }}"), Judged::Usable),
        (format!("x = {{ above = {most} }}"), Judged::Refused),
        (format!("x = {{ below = {least} }}"), Judged::Refused),
        ("x = 9223372036854775808".into(), Judged::Refused),
        ("x = 1.0".into(), Judged::Refused),
        ("x = true".into(), Judged::Refused),
    ] {
        assert_eq!(judged(&program, &format!("[facts]\n{said}")), judged_as, "{said}");
    }
}

#[test]
fn the_calendar_has_ends_and_nothing_falls_off_them() {
    let program = program(&[
        "days_since(d) > 5 || days_until(d) > 5 || years_since(d) > 5 || days_between(as_of, d) > 5 || date_of(b) < d",
        "records.some(|r| days_since(r.since) > 3 || r.since == as_of || r.since > d)",
        "abs(days_since(d)) - days_until(d) * 2 > 5 && b",
    ]);
    for as_of in ["0000-01-01", "9999-12-31", "2024-02-29"] {
        for (said, judged_as) in [
            ("0000-01-01", Judged::Usable),
            ("9999-12-31", Judged::Usable),
            ("\"0000\"", Judged::Usable),
            ("\"9999-12\"", Judged::Usable),
            ("{ at_least = 9999-12-31 }", Judged::Usable),
            ("{ at_most = 0000-01-01 }", Judged::Usable),
            ("{ below = 9999-12-31 }", Judged::Usable),
            ("{ above = 9999-12-31 }", Judged::Refused),
            ("{ above = \"9999\" }", Judged::Refused),
            ("{ below = 0000-01-01 }", Judged::Usable),
            ("0000-00-00", Judged::Refused),
            ("\"0000-00-00\"", Judged::Refused),
            ("\"2026-02-30\"", Judged::Refused),
            ("\"10000-01-01\"", Judged::Refused),
            ("\"-001-01-01\"", Judged::Refused),
            ("\"2026-W01-1\"", Judged::Refused),
            ("07:32:00", Judged::Refused),
        ] {
            let text = format!(
                "as_of = {as_of}\n[facts]\nb = {{ value = true, on = {as_of} }}\nrecords = [{{ since = {as_of} }}]\nd = {said}"
            );
            assert_eq!(judged(&program, &text), judged_as, "{said} as of {as_of}");
        }
    }
    for as_of in ["0000-00-00", "\"tomorrow\"", "1", "2026-11-21T10:00:00", "[]"] {
        assert_eq!(judged(&program, &format!("as_of = {as_of}\n[facts]")), Judged::Refused, "{as_of}");
    }
}

#[test]
fn long_lists_are_screened_in_time() {
    let program = program(&[
        "list.some(|m| m.is_a(\"c\")) || list.count(|m| m == t) > 3",
        "records.some(|r| r.term.is_a(\"c\") && days_since(r.since) < 5)",
        "records.all(|r| r.term in list)",
    ]);
    let some = |count: usize, member: fn(usize) -> String| (0..count).map(member).collect::<Vec<_>>().join(", ");
    let list = |member: fn(usize) -> String| some(10_000, member);
    let records = |member: fn(usize) -> String| some(5_000, member);
    for said in [
        format!("list = [{}]", list(|_| "\"alpha\"".into())),
        format!("list = [{}]", list(|index| format!("\"alpja {index}\""))),
        format!("list = [{}]", list(|index| format!("\"other: thing {index}\""))),
        format!("list = [{}]", list(|_| "\"unknown\"".into())),
        format!("records = [{}]", records(|index| format!("{{ term = \"alpja {index}\" }}"))),
        format!("records = [{}]", records(|_| "{}".into())),
        format!(
            "records = [{}]\nlist = []",
            records(|index| format!("{{ term = \"beta\", since = 2026-01-{:02} }}", index % 28 + 1))
        ),
    ] {
        assert_eq!(judged(&program, &format!("[facts]\n{said}")), Judged::Usable, "{said:.60}");
    }
    let shipped = compile_files(&shipped_files()).expect("a sound pack");
    let drugs = (0..2_000).map(|index| format!("{{ drug = \"lisinoprl {index}\" }}")).collect::<Vec<_>>().join(", ");
    assert_eq!(judged(&shipped, &format!("[facts]\nmedications = [{drugs}]")), Judged::Usable);
    let series = list(|index| {
        format!("{{ value = {}, on = 2026-01-{:02}T{:02}:00:00 }}", index % 3, index % 28 + 1, index % 24)
    });
    let program = self::program(&["x > 1"]);
    assert_eq!(judged(&program, &format!("[facts]\nx = [{series}]")), Judged::Usable);
}

#[test]
fn long_packs_are_compiled_in_time() {
    let terms = (0..10_000).map(|index| format!("[term.\"thing {index}\"]\nis = [\"c\"]\n")).collect::<String>();
    let lost =
        (0..10_000).map(|index| format!("[term.\"thing {index}\"]\nis = [\"lost {index}\"]\n")).collect::<String>();
    let rules = (0..5_000).map(|index| {
        format!(
            "[[rule]]\nid = \"q{index}\"\ntitle = \"t\"\nbecause = \"b\"\ncite = [{{ source = \"s\" }}]\nnote = 'b'\n"
        )
    });
    let settings = (0..5_000).map(|index| format!("[setting.s{index}]\nvalue = 1\nwhy = \"w\"\n"));
    let noise = (0..5_000).map(|index| format!("key{index} = 1\n")).collect::<String>();
    for (file, more) in [(3, terms), (3, lost), (2, rules.collect()), (0, settings.collect()), (2, noise)] {
        let mut files = pack(&["b"], "");
        let text = &mut files.files[file].source.text;
        *text = if more.starts_with("key") { format!("{more}{text}") } else { format!("{text}{more}") };
        judge_pack(&files, || format!("{more:.40}"));
    }
}

#[test]
fn a_guard_over_a_long_list_is_screened_in_time() {
    let mut files = pack(&["others.some(|o| o.term.is_a(\"c\"))"], "");
    files.files[2].source.text.push_str("when = 'records.some(|r| r.term.is_a(\"c\"))'\n");
    let program = compile_files(&files).expect("a sound pack");
    let list = (0..4_000).map(|_| "{}").collect::<Vec<_>>().join(", ");
    assert_eq!(judged(&program, &format!("[facts]\nrecords = [{list}]\nothers = [{list}]")), Judged::Usable);
}

#[test]
fn scripts_are_refused_or_usable_whatever_they_pile_up() {
    let piled = |open: &str, middle: &str, close: &str, times: usize| {
        format!("{}{middle}{}", open.repeat(times), close.repeat(times))
    };
    let mut scripts = vec![
        "x > -9223372036854775808".to_owned(),
        "abs(-9223372036854775807 - 1) > 1 || -x > 1".into(),
        "x > 99999999999999999999".into(),
        "n > 12345678901234567890123456789.5".into(),
        "1.0 / 0.0 > 1.0 || n / 0 > 1".into(),
        "x / 0 > 1".into(),
        "x % 0 > 1 || x ** 99 > 1 || 1 << 999 > x".into(),
        String::new(),
        ";".repeat(10_000),
        "/*".repeat(10_000),
        "`${".repeat(3_000),
        "\\u{0}\u{1b}[31m".into(),
        "\u{202e}b".into(),
        "b\r\n||\r\nb".into(),
        format!("{} b", (0..50).map(|i| format!("let a{} = x + x;", i)).collect::<String>()),
        format!(
            "let a0 = x; {} a50 > 1",
            (0..50).map(|i| format!("let a{} = a{i} + a{i};", i + 1)).collect::<String>()
        ),
        format!("{} b", (0..20_000).map(|i| format!("let a{i} = x;")).collect::<String>()),
        "f(b)".into(),
        "f(f(f(b)))".into(),
        "loop {}".into(),
        "let s = \"x\"; loop { s += s; }".into(),
        "fn g() { g() } g()".into(),
    ];
    for times in [40, 300, 5_000, 30_000] {
        scripts.extend([
            vec!["b"; times].join(" && "),
            vec!["b && x > 1"; times].join(" || "),
            format!("{} > 5", vec!["x"; times].join(" + ")),
            format!("{} > 5.0", vec!["n"; times].join(" * ")),
            piled("(", "b", ")", times),
            piled("{", "b", "}", times),
            piled("[", "b", "]", times),
            piled("#{a:", "b", "}", times),
            piled("!", "b", "", times),
            piled("- ", "x > 1", "", times),
            piled("list.some(|m| ", "b", ")", times),
            piled("if b { ", "b", " } else { b }", times),
            piled("switch x { 1 => ", "b", " }", times),
            piled("f(", "b", ")", times),
            format!("x{} > 1", ".abs()".repeat(times)),
            format!("x{} > 1", ".a".repeat(times)),
            format!("x{}", "[0]".repeat(times)),
            format!("x{}", " in [1]".repeat(times)),
            format!("x{}", " ?? x".repeat(times)),
            format!("if b {{ true }} {} else {{ false }}", "else if b { true } ".repeat(times)),
            format!("x in [{}]", vec!["1"; times].join(", ")),
            format!("t in [{}]", vec!["\"alpha\""; times].join(", ")),
            format!("{} b", "x = ".repeat(times)),
        ]);
    }
    let helpers = "fn f(a) { f(a) || f(a) || f(a) }\nfn g(a) { h(a) && h(a) }\nfn h(a) { g(a) || g(a) }";
    for script in scripts {
        judge_pack(&pack(&[&script], helpers), || format!("the script {script:.60} of {} bytes", script.len()));
    }
    for helpers in [
        (0..5_000).map(|index| format!("fn f{index}(a) {{ a }}\n")).collect::<String>(),
        (0..400).map(|index| format!("fn f{index}(a) {{ f{}(a) && f{}(a) }}\n", index + 1, index + 1)).collect(),
        format!("fn f(a) {{ {} }}", vec!["a"; 20_000].join(" + ")),
        format!("fn f(a) {{ {} a }}", (0..20_000).map(|i| format!("let a{i} = a;")).collect::<String>()),
        "fn f(".repeat(5_000),
        "b".into(),
        "fn is_a(a, b) { true } fn abs(x) { x }".into(),
    ] {
        judge_pack(&pack(&["f0(b) || f1(b)"], &helpers), || format!("the helpers {helpers:.60}"));
    }
}

#[test]
fn a_name_is_refused_or_a_script_can_use_it() {
    let words = "let const var if else switch case match do while until loop for in continue break return throw try catch fn private \
        public protected new import export as global this super true false null nil undefined eval print debug type_of is_def_var \
        is_def_fn is_shared Fn call curry shared static sync async await yield exit spawn go thread use with is module package void \
        as_of date_of is_low is_high is_a some all count contains years_since between min max abs _ __ a1 x_y émail 名";
    for word in words.split_whitespace() {
        let mut files = pack(&[word], "");
        let fact = format!("[fact.\"{word}\"]\ntype = \"bool\"\nlabel = \"l\"\nquestion = \"q\"\ngroup = \"g\"\n");
        files.files[1].source.text.push_str(&fact);
        judge_pack(&files, || format!("a fact named {word}"));
        if let Ok(program) = compile_files(&files) {
            let came_to = format!("{:?}", program.rules[0].test);
            assert!(came_to.starts_with("Lowered(Holds(Fact("), "{word} is taken for {came_to}");
        }
    }
    for word in [
        "",
        " ",
        "a b",
        "a.b",
        "a-b",
        "1a",
        "\\u0000",
        "a\\nb",
        "a // b",
        "unknown",
        "((((((((",
        "🙂",
        &"x".repeat(100_000),
    ] {
        let mut files = pack(&["b"], "");
        let fact = format!("[fact.\"{word}\"]\ntype = \"bool\"\nlabel = \"l\"\nquestion = \"q\"\ngroup = \"g\"\n");
        files.files[1].source.text.push_str(&fact);
        judge_pack(&files, || format!("a fact named {word}"));
    }
}

#[test]
fn a_part_of_a_pack_that_could_be_overlooked_is_met() {
    let rule = "id = \"zz\"\ntitle = \"t\"\nbecause = \"b\"\nexclude = 'b'\ncite = [{ source = \"s\" }]\n";
    let conflict = "when = 'b && x > 3'\nbecause = \"b\"\ndoubts = [\"b\"]\n";
    let fact = "label = \"l\"\nquestion = \"q\"\ngroup = \"g\"\n";
    for (file, from, to) in [
        (2, "[[rule]]", "[rule]".to_owned()),
        (2, "[[rule]]", "[[rules]]".into()),
        (2, "[[rule]]", "[[Rule]]".into()),
        (2, "", "rule = 5\n".into()),
        (2, "", format!("[rule.zz]\n{rule}")),
        (1, "[fact.x]", format!("[conflict]\n{conflict}[fact.x]")),
        (1, "[fact.x]", format!("[conflict.a]\n{conflict}[fact.x]")),
        (1, "[fact.x]", "conflict = 5\n[fact.x]".into()),
        (1, "[fact.x]", "conflict = [5]\n[fact.x]".into()),
        (1, "[fact.x]", format!("[[fact.zz]]\ntype = \"bool\"\n{fact}[fact.x]")),
        (1, "[fact.x]", format!("[fact.zz]\ntype = \"list\"\nfield = 5\n{fact}[fact.x]")),
        (1, "[fact.x]", format!("[fact.zz]\ntype = \"list\"\nfield = {{}}\n{fact}[fact.x]")),
        (1, "[fact.x]", format!("[fact.zz]\ntype = \"list\"\nfield = {{ a = 5 }}\n{fact}[fact.x]")),
        (1, "[fact.x]", "derived = 5\n[fact.x]".into()),
        (1, "[fact.x]", "[derived]\nlabel = \"l\"\n[fact.x]".into()),
        (0, "[source.s]", "[[source]]".into()),
        (0, "[vocabulary]\nv = \"v.toml\"", "vocabulary = 5".into()),
        (0, "[vocabulary]\nv = \"v.toml\"", "[vocabulary]\nv = [\"v.toml\"]".into()),
        (0, "[vocabulary]", "setting = 5\n[vocabulary]".into()),
        (0, "[vocabulary]", "[[setting]]\n[vocabulary]".into()),
        (0, "[vocabulary]", "drop = \"r0\"\n[vocabulary]".into()),
        (0, "[vocabulary]", "drop = [5]\n[vocabulary]".into()),
        (0, "[vocabulary]", "base = 5\n[vocabulary]".into()),
        (3, "[class.c]", "class = 5\n".into()),
        (3, "[term.beta]", "[[term.beta]]".into()),
        (3, "[term.beta]", "[term.beta]\ncodes = 5".into()),
        (3, "[term.beta]", "[term.beta]\ncodes = { rxnorm = 5 }".into()),
    ] {
        let mut files = pack(&["b"], "");
        let text = &mut files.files[file].source.text;
        *text = if from.is_empty() { format!("{to}{text}") } else { text.replacen(from, &to, 1) };
        let came_to = judge_pack(&files, || to.clone());
        assert_eq!(came_to, Judged::Refused, "{to}");
    }
    for (index, name) in ["pack.toml", "facts.toml", "rules.toml"].into_iter().enumerate() {
        let mut files = pack(&["b"], "");
        files.files[index].source.text.clear();
        assert_eq!(judge_pack(&files, || name.into()), Judged::Refused, "an empty {name}");
    }
    is_a_refusal(&compile_files(&PackFiles::default()).expect_err("no pack"));
}

/// A folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("it is ours");
    }
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    fs::create_dir_all(folder).expect("a folder");
    fs::write(folder.join(name), bytes).expect("a file");
}

#[test]
fn folders_and_files_that_are_not_what_they_should_be_are_refused() {
    let root = folder("hostile-packs");
    let sound = pack(&["b"], "");
    let lay =
        |folder: &Path| sound.files.iter().for_each(|file| write(folder, &file.name, file.source.text.as_bytes()));
    let refused = |folder: &Path| {
        let what = || folder.display().to_string();
        let refused = watched(&what, || compile(Shelf::Disk, folder)).map(|_| ()).expect_err("it cannot be used");
        is_a_refusal(&refused);
    };
    lay(&root.join("sound"));
    compile(Shelf::Disk, &root.join("sound")).expect("a sound pack");
    refused(&root.join("nowhere"));
    refused(&root.join("sound/pack.toml"));
    refused(Path::new(""));
    for name in ["pack.toml", "facts.toml", "rules.toml", "v.toml", "h.rhai"] {
        let folder = root.join(format!("directory-{name}"));
        lay(&folder);
        fs::remove_file(folder.join(name)).expect("ours");
        fs::create_dir(folder.join(name)).expect("ours");
        refused(&folder);
        let folder = root.join(format!("bytes-{name}"));
        lay(&folder);
        write(&folder, name, b"\xff\xfe\x00");
        refused(&folder);
        if name != "h.rhai" {
            let folder = root.join(format!("missing-{name}"));
            lay(&folder);
            fs::remove_file(folder.join(name)).expect("ours");
            refused(&folder);
        }
    }
    for (one, other) in [("a", "b"), ("c", "c")] {
        for (name, base) in [(one, other), (other, one)] {
            lay(&root.join(name));
            write(&root.join(name), "pack.toml", format!("base = \"../{base}\"\n{MANIFEST}").as_bytes());
        }
        refused(&root.join(one));
    }
    for index in 0..30 {
        let folder = root.join(format!("tower-{index}"));
        lay(&folder);
        write(&folder, "pack.toml", format!("base = \"../tower-{}\"\n{MANIFEST}", index + 1).as_bytes());
    }
    refused(&root.join("tower-0"));
    for outside in ["../sound/v.toml", "/etc/passwd", "./v.toml", ""] {
        let folder = root.join("outside");
        lay(&folder);
        write(&folder, "pack.toml", MANIFEST.replace("v.toml", outside).as_bytes());
        refused(&folder);
    }
}

#[test]
fn a_referral_that_is_no_file_or_has_no_usable_base_is_refused() {
    let root = folder("hostile-referrals");
    let program = program(&["b"]);
    let dates = Dates { asked: None, today: Date::constant(2026, 11, 21) };
    let read = |path: &Path| watched(&|| path.display().to_string(), || read_file(path, &program.dictionary, dates));
    for path in [root.clone(), root.join("nowhere.toml"), PathBuf::new()] {
        let Err(Unread::Unreadable(_, why)) = read(&path) else { panic!("{} can be read", path.display()) };
        assert!(!why.is_empty());
    }
    write(&root, "bytes.toml", b"[facts]\nb = \"\xff\"");
    assert!(matches!(read(&root.join("bytes.toml")), Err(Unread::Unreadable(..))));
    write(&root, "self.toml", b"base = \"self.toml\"\n[facts]\n");
    write(&root, "one.toml", b"base = \"two.toml\"\n[facts]\n");
    write(&root, "two.toml", b"base = \"one.toml\"\n[facts]\n");
    write(&root, "directory.toml", b"base = \".\"\n[facts]\n");
    write(&root, "nothing.toml", b"base = \"\"\n[facts]\n");
    write(&root, "missing.toml", b"base = \"zz.toml\"\n[facts]\n");
    write(&root, "outside.toml", b"base = \"../outside.toml\"\n[facts]\n");
    write(&root, "absolute.toml", b"base = \"/etc/passwd\"\n[facts]\n");
    write(&root, "broken.toml", b"base = \"noise.toml\"\n[facts]\n");
    write(&root, "noise.toml", b"[[[[");
    write(&root, "kind.toml", b"base = 5\n[facts]\n");
    write(&root, "without.toml", b"without = [\"zz\", 5]\n[facts]\n");
    for name in ["self", "one", "directory", "nothing", "missing", "outside", "absolute", "broken", "kind", "without"] {
        let path = root.join(format!("{name}.toml"));
        let Err(Unread::Rejected(rejected)) = read(&path) else { panic!("{name} is taken") };
        assert!(rejected.iter().flat_map(|file| file.lines()).all(|(_, message, _)| !message.is_empty()), "{name}");
    }
}

#[test]
fn what_a_terminal_would_obey_is_shown_and_not_obeyed() {
    let program = compile_files(&shipped_files()).expect("a sound pack");
    let evil = r"\u001b]0;x\u0007\u001b[31m\u009b\u202e\u200b\u2028\ufeff\u007f\r\n\t";
    for text in [
        format!("patient = \"{evil}\"\nremarks = \"{evil}\"\n[facts]"),
        format!(
            "[facts]\nmedications = [{{ drug = \"{evil}\" }}, {{ drug = \"other: {evil}\" }}]\ndiagnosis = \"{evil}\""
        ),
        format!("[facts]\nmetastatic = {{ value = false, source = \"{evil}\" }}"),
    ] {
        assert_eq!(judge_text(&program, &text), Judged::Usable);
    }
}
