//! Scripts that run in Rhai: what they see, what makes them unknown, what stops them, and in which words.

mod world;

use std::time::{Duration, Instant};

use candidacy::engine::chart::Chart;
use candidacy::engine::script::{Given, Ran};
use candidacy::engine::settle::settle;
use candidacy::input::referral::{Dates, read_text};
use candidacy::input::source::Source;
use candidacy::model::calendar::Date;
use candidacy::pack::lower::tree::Reader;
use candidacy::pack::names::Misread;
use world::World;

const TODAY: Date = Date::constant(2026, 11, 21);

fn chart(world: &World, facts: &str) -> Chart {
    let source = Source { name: "r".into(), text: format!("[facts]\n{}", facts.replace("; ", "\n")) };
    let dates = Dates { asked: Some(TODAY), today: TODAY };
    let read = read_text(source, &world.program.dictionary, dates).unwrap_or_else(|why| panic!("{facts}: {why:?}"));
    settle(&world.program, &read.referral, TODAY).chart
}

/// What a script comes to: its value, `unknown` with what it touched, or `fault` with the reason.
fn outcome(world: &World, facts: &str, script: &str) -> String {
    match world.runner.run(&world.program, &chart(world, facts), script) {
        Ran::Value(Given::Bool(value)) => value.to_string(),
        Ran::Value(Given::Integer(value)) => value.to_string(),
        Ran::Value(Given::Number(value)) => value.to_string(),
        Ran::Value(Given::Date(value)) => value.to_string(),
        Ran::Value(Given::Text(value)) => value,
        Ran::Unknown(causes) => {
            let dictionary = &world.program.dictionary;
            let causes = causes.iter().map(|cause| {
                let fact = dictionary.fact(cause.fact);
                let member = cause.member.map(|member| format!("[{member}]")).unwrap_or_default();
                let field = cause.field.and_then(|field| fact.fields().get(field));
                let field = field.map(|field| format!(".{}", field.name)).unwrap_or_default();
                format!("{}{member}{field} {}", fact.name, cause.state.map_or("known", |state| state.word()))
            });
            format!("unknown: {}", causes.collect::<Vec<_>>().join(", "))
        }
        Ran::Fault(why) => format!("fault: {why}"),
    }
}

fn rows(rows: &[(&str, &str, &str)]) {
    let world = World::new();
    for (facts, script, expected) in rows {
        assert_eq!(outcome(&world, facts, script), *expected, "{facts}\n{script}");
    }
}

#[test]
fn a_script_sees_facts_settings_and_the_day() {
    rows(&[
        ("flag = true", "flag", "true"),
        ("n = 3", "n + few", "6"),
        ("n = 3", "n / 2", "1"),
        ("score = 2.50", "score + ratio", "5.00"),
        ("n = 3; score = 0.5", "n * score", "1.5"),
        ("colour = \"red\"", "colour", "red"),
        ("born = 1961-04-02", "born", "1961-04-02"),
        ("", "as_of", "2026-11-21"),
        ("", "switch_on", "true"),
        ("colours = [\"red\", \"blue\"]", "let all = \"\"; for c in colours { all += c; } all", "redblue"),
        ("sites = [\"kidney\", \"other: zinc\"]", "sites.len()", "2"),
        ("visits = [{ done = true, times = 4 }]", "visits[0].times", "4"),
        ("visits = [{ done = true, times = 4 }]", "let v = visits[0]; v[\"times\"] + 1", "5"),
        ("visits = [{ times = 1 }, { times = 3 }]", "visits.map(|v| v.times).reduce(|sum, x| sum + x, 0)", "4"),
    ]);
}

#[test]
fn functions_mean_what_they_mean_when_lowered() {
    rows(&[
        ("born = 2004-02-29", "years_since(born)", "22"),
        (
            "seen = 2026-11-01",
            "[days_since(seen), days_until(seen), days_between(as_of, seen)] == [20, -20, -20]",
            "true",
        ),
        ("calcium = { value = 8, unit = \"mg/dL\", on = 2026-11-01 }", "date_of(calcium)", "2026-11-01"),
        ("calcium = { value = 8, unit = \"mg/dL\" }", "is_low(calcium)", "true"),
        ("calcium = { value = 8.5, unit = \"mg/dL\" }", "is_low(calcium) || is_high(calcium)", "false"),
        ("calcium = { value = 8, range = [6, 7.5], unit = \"mg/dL\" }", "is_high(calcium)", "true"),
        ("n = 3", "between(n, 3, 3.5) && !n.between(4, 5)", "true"),
        ("seen = 2026-11-01", "between(seen, seen, as_of)", "true"),
        ("n = -3; score = 2.5", "min(n, score)", "-3"),
        ("n = -3; score = 2.5", "max(abs(n), score)", "3"),
        ("sites = [\"kidney\"]", "sites.some(|s| s.is_a(\"organ\")) && !sites.all(|s| s.is_a(\"limb\"))", "true"),
        ("sites = [\"kidney\", \"wart\"]", "sites.count(|s| s.is_a(\"organ\"))", "1"),
        ("sites = []", "sites.is_empty()", "true"),
        ("colours = [\"red\"]", "\"red\" in colours && \"blue\" !in colours", "true"),
        (
            "sites = [\"kidney\"]; site = \"kidney\"",
            "site in sites && \"ren\" in sites && site in [\"wart\", \"Kidney\"]",
            "true",
        ),
        ("n = 2", "n in [1, 2.0] && 2.5 !in [n]", "true"),
    ]);
}

#[test]
fn dates_and_terms_compare_in_either_order_and_with_nothing_else() {
    rows(&[
        ("site = \"kidney\"", "site == \"ren\" && \"kidney\" == site && site != \"wart\" && \"wart\" != site", "true"),
        ("site = \"kidney\"; site2 = \"ren\"", "site == site2 && !(site != site2)", "true"),
        ("site = \"other: zinc\"; site2 = \"other: Zinc\"", "site == site2", "true"),
        ("site = \"other: zinc\"", "site.is_a(\"organ\") || site == \"kidney\" || site in [\"wart\"]", "false"),
        ("born = 1961-04-02", "born < as_of && as_of > born && born <= born && born == born && born != as_of", "true"),
        (
            "site = \"kidney\"",
            "site == \"kidny\"",
            "fault: there is no term or class `kidny` in `place` (line 1, column 6)",
        ),
        (
            "site = \"kidney\"",
            "site == \"organ\"",
            "fault: `organ` stands for several terms: write is_a(\"organ\") (line 1, column 6)",
        ),
        (
            "site = \"kidney\"; drug = \"aspirin\"",
            "site == drug",
            "fault: terms of two vocabularies do not compare (line 1, column 6)",
        ),
        (
            "site = \"kidney\"",
            "5 == site",
            "fault: `==` does not go between a whole number and a term (line 1, column 3)",
        ),
        ("site = \"kidney\"", "site < \"wart\"", "fault: `<` does not go between a term and a text (line 1, column 6)"),
        (
            "born = 1961-04-02",
            "born < \"2020-01-01\"",
            "fault: `<` does not go between a date and a text (line 1, column 6)",
        ),
        ("born = 1961-04-02", "() != born", "fault: `!=` does not go between nothing and a date (line 1, column 4)"),
        (
            "visits = [{}]",
            "visits[0] == visits[0]",
            "fault: `==` does not go between a record and a record (line 1, column 11)",
        ),
    ]);
}

#[test]
fn what_is_not_wholly_known_makes_the_script_unknown() {
    rows(&[
        ("", "flag", "unknown: flag not-supplied"),
        ("flag = \"unknown\"", "!flag", "unknown: flag unknown"),
        ("n = { status = \"pending\" }", "n > 3", "unknown: n pending"),
        ("n = { at_least = 5 }", "n > 3", "unknown: n bounded"),
        ("born = \"1961\"", "years_since(born) > 18", "unknown: born bounded"),
        ("colours = { value = [\"red\"], complete = false }", "\"red\" in colours", "unknown: colours open"),
        ("colours = [\"red\", \"unknown\"]", "\"red\" in colours", "unknown: colours[0] unknown"),
        ("site = \"kidny\"", "site == \"wart\"", "unknown: site unrecognised"),
        ("sites = [\"kidney\", \"kidny\"]", "sites.len() > 0", "unknown: sites[1] unrecognised"),
        ("visits = [{ done = true }]", "visits[0].times > 1", "unknown: visits[0].times not-supplied"),
        (
            "visits = [{ times = 1, spot = \"kidny\" }]",
            "visits.some(|v| v.spot.is_a(\"organ\"))",
            "unknown: visits[0].spot unrecognised",
        ),
        ("visits = [{ times = { above = 3 } }]", "visits.some(|v| v.times > 1)", "unknown: visits[0].times bounded"),
        ("calcium = { value = 8, unit = \"mg/dL\" }", "date_of(calcium) == as_of", "unknown: calcium undated"),
        ("", "date_of(calcium) == as_of", "unknown: calcium not-supplied"),
        ("glucose = { value = 8, unit = \"mg/dL\" }", "is_low(glucose)", "unknown: glucose bounded"),
        ("calcium = { below = 3, unit = \"mg/dL\" }", "is_low(calcium)", "unknown: calcium bounded"),
    ]);
}

#[test]
fn a_term_too_broad_to_tell_makes_the_script_unknown() {
    rows(&[
        ("site = \"arm\"", "site.is_a(\"limb\") && !site.is_a(\"organ\")", "true"),
        ("site = \"arm\"", "site == \"finger\"", "unknown: site bounded"),
        ("site = \"arm\"", "site.is_a(\"hand\")", "unknown: site bounded"),
        ("site = \"arm\"; site2 = \"finger\"", "site2 == site", "unknown: site bounded"),
        ("site = \"mass\"", "site in [\"wart\", \"sarcoma\"]", "unknown: site bounded"),
        ("site = \"kidney\"", "to_string(site)", "kidney"),
        ("site = \"arm\"", "`${site}` == \"arm\"", "unknown: site bounded"),
        ("sites = [\"arm\", \"kidney\"]", "sites.len()", "2"),
        ("sites = [\"arm\", \"finger\"]", "sites.len()", "unknown: sites[1] bounded"),
    ]);
}

#[test]
fn no_script_gets_rid_of_what_it_touched() {
    rows(&[
        ("", "try { flag } catch { true }", "unknown: flag not-supplied"),
        ("", "try { flag; } catch (e) { } true", "unknown: flag not-supplied"),
        ("n = 1", "n == 1 || flag", "true"),
        ("", "true || flag", "true"),
        ("", "let x = [1, 2]; x.sort(|a, b| if flag { 1 } else { -1 }); true", "unknown: flag not-supplied"),
        ("", "try { [1].map(|x| flag) } catch { true }", "unknown: flag not-supplied"),
        ("", "let f = || flag; try { f.call() } catch { true }", "unknown: flag not-supplied"),
        ("visits = [{}]", "try { visits.filter(|v| v.done) } catch { } true", "unknown: visits[0].done not-supplied"),
        ("sites = [\"arm\"]", "let x = sites; x.dedup(); x.contains(\"finger\"); true", "unknown: sites[0] bounded"),
        ("site = \"arm\"", "try { site == \"finger\" } catch { throw \"so\"; } true", "unknown: site bounded"),
        ("", "if flag { } throw \"so\"", "unknown: flag not-supplied"),
        ("", "let f = |x| x > n; [].some(f)", "unknown: n not-supplied"),
        ("", "switch flag { true => 1, _ => 2 }", "unknown: flag not-supplied"),
    ]);
}

#[test]
fn what_rests_on_an_order_that_may_yet_change_is_unknown() {
    let known =
        "grafts = [{ form = \"round\", rank = 1, spot = \"wart\" }, { form = \"square\", rank = 2, spot = \"skin\" }]";
    let missing = "grafts = [{ form = \"round\", rank = 1 }, { form = \"square\", rank = 2, spot = \"skin\" }]";
    rows(&[
        (known, "grafts[0].form", "square"),
        (known, "let last = 0; for g in grafts { last = g.rank; } last", "1"),
        (missing, "grafts[0].form", "unknown: grafts[0].spot not-supplied"),
        (missing, "let last = 0; for g in grafts { last = g.rank; } last", "unknown: grafts[0].spot not-supplied"),
        (missing, "grafts.some(|g| g.form == \"round\")", "true"),
        (missing, "let sum = 0; for g in grafts { sum += g.rank; } sum", "3"),
        (missing, "let all = grafts; all.sort(|a, b| b.rank - a.rank); all[0].rank", "2"),
        ("sites = [\"arm\", \"wart\"]", "sites[0].is_a(\"limb\")", "unknown: sites[1] bounded"),
        ("sites = [\"arm\", \"wart\"]", "sites.some(|s| s.is_a(\"limb\"))", "true"),
    ]);
}

#[test]
fn every_script_ends_and_says_which_limit_it_met() {
    let steps = "the script took more than 20000 steps";
    let calls = "functions call each other more than 24 deep";
    let entries = "a list or map has more than 256 entries";
    let bytes = "a text has more than 4096 bytes";
    let depth = "expressions nest more than 48 deep";
    let deep = format!("{}1{}", "(".repeat(60), ")".repeat(60));
    let long = vec!["flag"; 60].join(" && ");
    let filled = "let a = []; for i in 0..200 { a.push(i); } let b = a; let c = a; ";
    let cases = [
        ("loop {}", steps),
        ("while true { }", steps),
        ("for i in 0..9223372036854775807 { }", steps),
        ("let x = 0; do { x += 1; } while x > 0; true", steps),
        ("try { loop {} } catch { } true", steps),
        ("try { [1].map(|x| { loop {} }); } catch { } true", steps),
        ("let a = [3, 2, 1]; a.sort(|x, y| { loop {} }); true", steps),
        ("let a = [3, 2, 1]; try { a.sort(|x, y| { loop {} }); } catch { } true", steps),
        (&format!("{filled} a.all(|x| b.all(|y| c.all(|z| true)))"), steps),
        (&format!("{filled} loop {{ a.sort(|x, y| y - x); }}"), steps),
        ("fn f(x) { f(x + 1) } f(1)", calls),
        ("fn f(x) { try { f(x + 1) } catch { 1 } } f(1)", calls),
        ("fn f(x) { [x].map(|y| f(y)) } try { f(1) } catch { } true", calls),
        ("let f = |f| f.call(f); f.call(f)", calls),
        ("let s = \"x\"; loop { s += s; }", bytes),
        ("let s = \"\"; loop { s += \"some words\"; }", bytes),
        ("try { let s = \"x\"; loop { s += s; } } catch { } true", bytes),
        ("let a = []; loop { a.push(1); }", entries),
        ("let a = [1]; loop { a.push(a); }", entries),
        ("let a = [1]; loop { a += a; }", entries),
        ("try { [1, 2].sort(|x, y| { let a = [1]; loop { a += a; } }); } catch { } true", entries),
        ("let m = #{}; let i = 0; loop { m[`${i}`] = 1; i += 1; }", steps),
        (&deep, depth),
        (&long, depth),
    ];
    let world = World::new();
    for (script, limit) in cases {
        let start = Instant::now();
        let outcome = outcome(&world, "flag = true", script);
        assert!(outcome.starts_with(&format!("fault: {limit}")), "{script}\n{outcome}");
        assert!(start.elapsed() < Duration::from_secs(2), "{script}\n{:?}", start.elapsed());
    }
}

#[test]
fn a_script_without_a_result_is_a_fault_in_plain_words() {
    rows(&[
        ("", "1 / 0 > 2", "fault: arithmetic: Division by zero: 1 / 0 (line 1, column 3)"),
        ("", "1.0 / 0.0 > 2", "fault: arithmetic: Division by zero: 1.0 / 0.0 (line 1, column 5)"),
        (
            "",
            "9223372036854775807 + 1",
            "fault: arithmetic: Addition overflow: 9223372036854775807 + 1 (line 1, column 21)",
        ),
        (
            "",
            "-9223372036854775807 - 2",
            "fault: arithmetic: Subtraction overflow: -9223372036854775807 - 2 (line 1, column 22)",
        ),
        ("", "[1][5]", "fault: a list of 1 has no place 5 (line 1, column 5)"),
        ("", "\"a\"[5]", "fault: a text of 1 has no place 5 (line 1, column 5)"),
        ("", "throw \"not today\"", "fault: not today (line 1, column 1)"),
        ("", "zork", "fault: there is no name `zork` (line 1, column 1)"),
        ("", "zork(1)", "fault: there is no function `zork (whole number)` (line 1, column 1)"),
        ("site = \"kidney\"", "site + 1", "fault: there is no function `+ (term, whole number)` (line 1, column 6)"),
        ("visits = [{}]", "visits[0].tims", "fault: there is no field `visits.tims` (line 1, column 10)"),
        ("born = 1961-04-02", "born.year", "fault: there is no such field (line 1, column 6)"),
        ("n = 1", "n = 2; n", "fault: a fact or constant cannot be changed; make a copy with `let` (line 1, column 1)"),
        ("n = 1", "if n { true } else { false }", "fault: whole number where condition belongs (line 1, column 4)"),
        (
            "visits = [{ times = 1 }]",
            "visits.some(|v| v.times)",
            "fault: the closure of `some` gives a whole number, not true or false (line 1, column 8)",
        ),
        (
            "",
            "[1, 2].sort(|a, b| \"x\")",
            "fault: the closure of `sort` gives neither a whole number nor true or false (line 1, column 8)",
        ),
        ("", "date_of(zork)", "fault: `date_of` takes a fact, and `zork` is none"),
        ("flag = true", "is_low(flag)", "fault: `is_low` takes a number, and `flag` is none"),
        ("", "between(1, 2, \"3\")", "fault: `between` takes three numbers or three dates (line 1, column 1)"),
        (
            "",
            "let x = [1]; x.pad(9223372036854775807, \"ab\"); x",
            "fault: `pad` is not to be had in this form (line 1, column 16)",
        ),
        ("", "let x = \"\"; x.pad(3, \"\"); x", "fault: `pad` is not to be had in this form (line 1, column 15)"),
        (
            "",
            "tan(1.5707963267948966192313216916) > 1",
            "fault: `tan` is not to be had in this form (line 1, column 1)",
        ),
        ("", "()", "fault: the script gives nothing, not true or false"),
        ("site = \"kidney\"", "site", "fault: the script gives a term, not true or false"),
        ("", "1 +", "fault: Syntax error: Script is incomplete (line 1, column 4)"),
    ]);
}

#[test]
fn the_result_of_a_rule_is_true_or_false() {
    let world = World::new();
    let test = |script: &str| world.runner.test(&world.program, &chart(&world, "n = 3"), script);
    assert_eq!(test("n == 3"), Ran::Value(true));
    assert_eq!(test("n"), Ran::Fault("the script gives a whole number, not true or false".into()));
    assert_eq!(test("\"true\""), Ran::Fault("the script gives a text, not true or false".into()));
    assert_eq!(test("as_of"), Ran::Fault("the script gives a date, not true or false".into()));
    assert!(matches!(test("flag"), Ran::Unknown(_)));
}

#[test]
fn a_switch_never_passes_a_term_or_a_date_over() {
    rows(&[
        ("colour = \"red\"", "switch colour { \"red\" => 1, _ => 2 }", "1"),
        ("n = 3", "switch n { 0..5 => 1, _ => 2 }", "1"),
        ("n = 3", "switch n + 1 { 4 => 1, _ => 2 }", "1"),
        ("site = \"kidney\"", "switch to_string(site) { \"kidney\" => 1, _ => 2 }", "1"),
        (
            "site = \"kidney\"",
            "switch site { \"kidney\" => 1, _ => 2 }",
            "fault: `switch` does not take a term such as `site`; use `if`",
        ),
        (
            "site = \"kidney\"",
            "try { switch site { \"kidney\" => 1, _ => 2 } } catch { 3 }",
            "fault: `switch` does not take a term such as `site`; use `if`",
        ),
        (
            "site = \"kidney\"",
            "let s = site; switch s { \"kidney\" => 1, _ => 2 }",
            "fault: `switch` does not take a term such as `s`; use `if`",
        ),
        (
            "born = 1961-04-02",
            "switch born { \"1961-04-02\" => 1, _ => 2 }",
            "fault: `switch` does not take a date such as `born`; use `if`",
        ),
        (
            "visits = [{ spot = \"kidney\" }]",
            "let x = 0; for v in visits { switch v.spot { \"kidney\" => { x = 1; }, _ => { x = 2; } } } x",
            "fault: `switch` does not take a term such as `spot`; use `if`",
        ),
        (
            "sites = [\"kidney\"]",
            "switch sites[0] { _ => 1 }",
            "fault: `switch` takes a name, a field or a calculation; give it a name with `let`",
        ),
    ]);
}

#[test]
fn a_script_neither_prints_nor_loads_nor_asks_what_is_known() {
    let world = World::new();
    for word in ["eval", "print", "debug", "import", "export", "exit", "type_of", "is_def_var", "is_def_fn"] {
        for script in [format!("{word}(\"n\")"), format!("{word} \"n\" as x")] {
            let outcome = outcome(&world, "", &script);
            assert!(outcome.starts_with("fault: "), "{script}: {outcome}");
            assert!(world.lower(&script).map_or(true, |lowered| lowered.meaning.is_none()), "{script}");
        }
    }
    for call in ["sleep(1)", "timestamp()", "rand()", "parse_json(\"1\")"] {
        let outcome = outcome(&world, "", call);
        assert!(outcome.starts_with("fault: there is no function"), "{call}: {outcome}");
    }
}

#[test]
fn the_names_of_a_script_that_runs_in_rhai_are_checked() {
    let world = World::new();
    let mistakes = |script: &str| {
        let lowered = world.lower(script).unwrap_or_else(|why| panic!("{script}: {why}"));
        let mistakes = lowered.mistakes.into_iter();
        mistakes.map(placed).collect::<Vec<_>>()
    };
    for (script, expected) in [
        ("let x = 0; for n in 0..3 { x += n; } x > 1", "1:16 `n` cannot name a local: a fact or setting has it"),
        ("let x = 0; x += 1;\nlet few = 2; x > few", "2:5 `few` cannot name a local: a fact or setting has it"),
        ("try { flag } catch (born) { true }", "1:21 `born` cannot name a local: a fact or setting has it"),
        (
            "let x = 0; for (v, n2) in visits { x += n2; } x > 1",
            "1:20 `n2` cannot name a local: a fact or setting has it",
        ),
        (
            "let x = 0; x += visits.count(|site| site.done); x > 1",
            "1:30 `site` cannot name a local: a fact or setting has it",
        ),
        (
            "let x = 0; for as_of in visits { x += 1; } x > 1",
            "1:16 `as_of` cannot name a local: a fact or setting has it",
        ),
    ] {
        assert_eq!(mistakes(script), [expected], "{script}");
    }
    assert_eq!(mistakes("let x = 0; for i in 0..3 { x += i; } x > n"), [""; 0]);
}

#[test]
fn a_helper_names_its_parameters_only() {
    let mut reader = Reader::new();
    let text = "fn f(x) { let y = x; [1].some(|z| z > y + x) }\nfn g(x) { x > n }\nfn h(x) { x || is_low(score) }\nfn i(x) { [1].some(|z| z > flag) }";
    let mistakes = reader.add_helpers(0, 0, text).into_iter();
    let mistakes: Vec<String> =
        mistakes.map(|(at, mistake)| format!("{}:{} {}", at.line, at.column, mistake.message())).collect();
    assert_eq!(
        mistakes,
        [
            "2:15 a helper sees its parameters only, and `n` is none of them",
            "3:23 a helper sees its parameters only, and `score` is none of them",
            "4:28 a helper sees its parameters only, and `flag` is none of them"
        ]
    );
}

#[test]
fn helpers_of_an_upper_layer_replace_those_below() {
    rows(&[
        ("n = 4", "let x = 0; x += twice(n); x", "8"),
        ("seen = 2026-11-01", "[recent(seen, 20), recent(seen, 19)] == [true, false]", "true"),
        ("n = 4", "fn twice(x) { 1 } twice(n)", "1"),
        ("sites = [\"kidney\"]", "let any = at_any(sites, \"organ\"); any", "true"),
    ]);
}

#[test]
fn a_runner_can_be_shared_and_gives_the_same_every_time() {
    fn shareable<T: Send + Sync>(_: &T) {}
    let world = World::new();
    shareable(&world.runner);
    let (three, four) = (chart(&world, "n = 3"), chart(&world, "n = 4"));
    std::thread::scope(|scope| {
        for (chart, expected) in [(&three, 3), (&four, 4)] {
            let world = &world;
            scope.spawn(move || {
                for _ in 0..200 {
                    assert_eq!(world.runner.run(&world.program, chart, "n"), Ran::Value(Given::Integer(expected)));
                }
            });
        }
    });
}

/// A mistake with its place.
fn placed(misread: Misread) -> String {
    let at = misread.at.expect("a place");
    format!("{}:{} {}", at.line, at.column, misread.mistake.message())
}
