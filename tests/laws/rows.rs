//! Cases that once broke a law, cut down to what broke it.

use candidacy::engine::decide::Outcome;
use candidacy::engine::verdict::Verdict;
use candidacy::model::calendar::Date;
use candidacy::pack::compile::compile_files;
use candidacy::pack::program::{Program, Test};

use crate::pack::files;
use crate::referral::read;
use crate::world::{bytes, screened, verdict};

const MANIFEST: &str = r#"
id = "rows"
title = "Rows"
version = "1.0.0"
notice = "Nothing."
[vocabulary]
tissue = "tissue.toml"
[source.book]
title = "The book"
kind = "book"
"#;

const TERMS: &str = r#"
[class.organ]
[term.kidney]
is = ["organ"]
[term.abdominal]
[term.paired]
[term.suprarenal]
is = ["abdominal", "paired"]
[term.skin]
"#;

const HELPERS: &str = "fn some_of(a, b) { a || b }\nfn none_of(a, b) { !some_of(a, b) }";

/// A pack of one rule over one-line facts, such as `level: number` and `parts: list of tissue`.
fn program(facts: &[(&str, &str)], derived: &str, rule: &str) -> Program {
    let fact = |(name, body): &(&str, &str)| {
        format!("[fact.{name}]\nlabel = \"{name}\"\nquestion = \"{name}?\"\ngroup = \"g\"\n{body}\n")
    };
    let facts: String = facts.iter().map(fact).collect();
    let rule =
        format!("[[rule]]\nid = \"rule\"\ntitle = \"t\"\nbecause = \"b\"\ncite = [{{ source = \"book\" }}]\n{rule}\n");
    let texts = [
        ("pack.toml", MANIFEST.to_owned()),
        ("facts.toml", format!("{facts}{derived}")),
        ("rules.toml", rule),
        ("tissue.toml", TERMS.to_owned()),
        ("help.rhai", HELPERS.to_owned()),
    ];
    compile_files(&files(texts)).unwrap_or_else(|refused| panic!("{:?}", refused.lines().collect::<Vec<_>>()))
}

fn judged(program: &Program, facts: &str) -> Verdict {
    let read = read(&format!("patient = \"R\"\n[facts]\n{facts}"), &program.dictionary).expect("a sound referral");
    verdict(&screened(program, &read.referral, Date::constant(2026, 11, 21)))
}

/// What the rule came to, and the facts that it names and asks for.
fn came_to(program: &Program, facts: &str) -> (Outcome, Vec<String>, Vec<String>) {
    let finding = judged(program, facts).findings.remove(0);
    (finding.state, finding.facts.into_iter().map(|fact| fact.fact).collect(), finding.missing)
}

const NUMBER: &str = "type = \"number\"";
const WHOLE: &str = "type = \"integer\"";
const DATE: &str = "type = \"date\"";
const TERM: &str = "type = \"term\"\nof = \"tissue\"";
const LIST: &str = "type = \"list\"\nof = \"tissue\"";
const CHOICE: &str = "type = \"choice\"\nvalues = [\"low\", \"high\"]";

#[test]
fn a_script_may_hold_several_closures_and_call_helpers_that_call_helpers() {
    let parts = [("parts", LIST), ("others", LIST)];
    for script in [
        "parts.some(|p| p == \"skin\") && others.some(|o| o == \"kidney\")",
        "parts.some(|p| others.some(|o| o == \"kidney\") && p == \"skin\")",
        "!none_of(parts.is_empty(), parts.all(|p| p == \"skin\"))",
    ] {
        let program = program(&parts, "", &format!("exclude = '''{script}'''"));
        assert!(matches!(program.rules[0].test, Test::Lowered(_)), "{script}");
        let (state, ..) = came_to(&program, "parts = [\"skin\"]\nothers = [\"kidney\"]");
        assert_eq!(state, Outcome::Fires, "{script}");
    }
}

#[test]
fn a_divisor_that_may_be_zero_settles_nothing() {
    let facts = [("above", NUMBER), ("below", NUMBER)];
    let program = program(&facts, "", "exclude = 'max(above / below, 0.0) < 0.0'");
    for (said, state, missing) in [
        ("above = 1", Outcome::Unknown, vec!["below"]),
        ("above = 1\nbelow = { at_least = 0, at_most = 2 }", Outcome::Unknown, vec!["below"]),
        ("above = 1\nbelow = { above = 0, at_most = 2 }", Outcome::Clear, vec![]),
        ("above = 1\nbelow = 0", Outcome::Fault, vec![]),
        ("below = 0", Outcome::Unknown, vec!["above"]),
        ("above = 1\nbelow = 2", Outcome::Clear, vec![]),
    ] {
        let (found, _, asked) = came_to(&program, said);
        assert_eq!((found, asked), (state, missing.into_iter().map(String::from).collect()), "{said}");
    }
}

#[test]
fn a_divisor_that_is_not_zero_is_named() {
    let facts = [("a", NUMBER), ("b", NUMBER), ("yes", "type = \"bool\"")];
    for (script, said, named) in [
        ("max(a / b, 0.0) >= 0.0", "b = 2", vec!["b"]),
        ("max(if yes { a } else { a / b }, 0.0) >= 0.0", "yes = true", vec!["yes"]),
        ("max(if yes { a } else { a / b }, 0.0) >= 0.0", "b = 2", vec!["b"]),
    ] {
        let program = program(&facts, "", &format!("exclude = '{script}'"));
        let (state, facts, _) = came_to(&program, said);
        assert_eq!(
            (state, facts),
            (Outcome::Fires, named.into_iter().map(String::from).collect()),
            "{script} with {said}"
        );
    }
}

#[test]
fn a_number_too_large_to_hold_is_known_to_be_large() {
    let whole = [("x", WHOLE), ("y", WHOLE)];
    let (least, most) = (i64::MIN, i64::MAX);
    for (script, said, state) in [
        ("abs(x) < 0", String::new(), Outcome::Clear),
        ("abs(x) < 0", format!("x = {least}"), Outcome::Clear),
        ("-x > 0", format!("x = {least}"), Outcome::Fires),
        ("x * 2 > 3", "x = { at_least = 5 }".into(), Outcome::Fires),
        ("x * 2 > 3", format!("x = {most}"), Outcome::Fires),
        ("x * -2 > 3", format!("x = {most}"), Outcome::Clear),
        ("x + x < 0", format!("x = {least}"), Outcome::Fires),
        ("x - y > 0", format!("x = {most}\ny = {least}"), Outcome::Fires),
        ("x * max(y, 5) > 3", format!("x = {{ at_least = 5, at_most = {most} }}\ny = {most}"), Outcome::Fires),
        ("x * x > y * y", format!("x = {most}\ny = {most}"), Outcome::Fault),
        ("x * x - x * x == 0", format!("x = {most}"), Outcome::Fault),
    ] {
        let program = program(&whole, "", &format!("exclude = '{script}'"));
        assert_eq!(came_to(&program, &said).0, state, "{script} with {said}");
    }
    let program = program(&[("n", NUMBER)], "", "exclude = 'n * n * 4 > 3.5'");
    let (state, ..) = came_to(&program, "n = 7922816251426433759354395033");
    assert_eq!(state, Outcome::Fires);
}

#[test]
fn a_derived_fact_without_a_result_is_a_fault_and_not_a_question() {
    let derived = "[derived.ratio]\nlabel = \"ratio\"\ntype = \"number\"\nvalue = 'x / y'\n";
    let program = program(&[("x", NUMBER), ("y", NUMBER)], derived, "exclude = 'ratio > 1'");
    assert_eq!(came_to(&program, "x = 1\ny = 0").0, Outcome::Fault);
    assert_eq!(came_to(&program, "x = 1").2, ["y"]);
}

#[test]
fn a_derived_fact_given_within_bounds_is_named_where_it_decides() {
    let derived = "[derived.age]\nlabel = \"age\"\ntype = \"integer\"\nunit = \"a\"\nvalue = 'years_since(born)'\n";
    let program = program(&[("born", DATE)], derived, "exclude = 'age < 18'");
    assert_eq!(came_to(&program, "age = { below = 7 }"), (Outcome::Fires, vec!["age".into()], vec![]));
    assert_eq!(came_to(&program, "age = { below = 70 }").2, ["born"]);
}

#[test]
fn a_count_names_what_else_its_closure_looks_at() {
    let program = program(&[("parts", LIST), ("part", TERM)], "", "exclude = 'parts.count(|p| p != part) > 1'");
    let (state, facts, _) = came_to(&program, "parts = [\"skin\", \"kidney\"]\npart = \"suprarenal\"");
    assert_eq!((state, facts), (Outcome::Fires, vec!["parts".into(), "part".into()]));
}

#[test]
fn of_two_terms_compared_only_the_vague_one_is_asked_for() {
    let program = program(&[("a", TERM), ("b", TERM)], "", "exclude = 'a == b'");
    for (said, missing) in [
        ("a = \"suprarenal\"\nb = \"paired\"", vec!["b"]),
        ("a = \"abdominal\"\nb = \"paired\"", vec!["a", "b"]),
        ("b = \"paired\"", vec!["a", "b"]),
        ("b = \"skin\"", vec!["a"]),
    ] {
        let (state, _, asked) = came_to(&program, said);
        assert_eq!((state, asked), (Outcome::Unknown, missing.into_iter().map(String::from).collect()), "{said}");
    }
}

#[test]
fn results_of_one_day_are_listed_alike_in_any_order() {
    let program = program(&[("level", CHOICE)], "", "exclude = 'level == \"high\"'");
    let entries = [
        "{ value = \"low\", on = 2026-11-02, source = \"a\" }",
        "{ value = \"high\", on = 2026-11-02, source = \"b\" }",
        "{ value = \"low\", on = 2026-11-02T09:00:00, source = \"c\" }",
        "{ value = \"high\", on = 2026-11-20 }",
        "{ value = \"low\", on = 2026-11-28, source = \"d\" }",
        "{ value = \"high\", on = 2026-11-28, source = \"e\" }",
    ];
    let reversed: Vec<&str> = entries.iter().rev().copied().collect();
    let [first, second] = [entries.to_vec(), reversed]
        .map(|entries| bytes(&judged(&program, &format!("level = [{}]", entries.join(", ")))));
    assert_eq!(first, second);
}

#[test]
fn results_that_follow_each_other_in_a_circle_contradict_each_other() {
    let program = program(&[("level", CHOICE)], "", "exclude = 'level == \"high\"'");
    let verdict = judged(
        &program,
        "level = [{ value = \"low\", on = 2026-01-02T00:30:00+05:00 }, \
        { value = \"high\", on = 2026-01-01T23:00:00Z }, { value = \"low\", on = 2026-01-01T23:30:00 }]",
    );
    assert_eq!(verdict.missing[0].state, "contradicted");
}

#[test]
fn many_results_with_and_without_a_time_are_put_in_order() {
    let program = program(&[("level", CHOICE)], "", "exclude = 'level == \"high\"'");
    let times = ["", "T09:00:00", "T23:00:00Z", "T00:30:00+05:00", "T07:00:00-08:00"];
    let entry =
        |index: usize| format!("{{ value = \"low\", on = 2026-01-{:02}{} }}", index % 3 + 1, times[index * 7 % 5]);
    let entries: Vec<String> = (0..60).map(entry).collect();
    judged(&program, &format!("level = [{}]", entries.join(", ")));
}
#[test]
fn bounds_of_a_number_without_a_unit_stay_bounds() {
    let program = program(&[("n", NUMBER)], "", "exclude = 'n > 1'");
    for (said, state) in [
        ("n = { at_least = 0, at_most = 2 }", Outcome::Unknown),
        ("n = { below = 2 }", Outcome::Unknown),
        ("n = { above = 1 }", Outcome::Fires),
        ("n = { value = 2 }", Outcome::Fires),
    ] {
        assert_eq!(came_to(&program, said).0, state, "{said}");
    }
}

#[test]
fn results_of_one_time_with_different_ranges_have_none() {
    let program = program(&[("n", "type = \"number\"\nrange = [0, 9]")], "", "exclude = 'is_low(n)'");
    let entry = |range: &str| format!("{{ value = 2, on = 2026-11-02{range} }}");
    for (first, second, state) in [
        (", range = [3, 4]", ", range = [1, 4]", Outcome::Unknown),
        (", range = [3, 4]", ", range = [3.0, 4]", Outcome::Fires),
        (", range = [3, 4]", "", Outcome::Fires),
        ("", "", Outcome::Clear),
    ] {
        for (a, b) in [(first, second), (second, first)] {
            let said = format!("n = [{}, {}]", entry(a), entry(b));
            assert_eq!(came_to(&program, &said).0, state, "{said}");
        }
    }
}

#[test]
fn a_fact_open_in_two_ways_is_asked_for_in_one() {
    let (dated, named) = ("date_of(part) < as_of", "part == \"skin\"");
    for script in [format!("{dated} || {named}"), format!("{named} || {dated}")] {
        let program = program(&[("part", TERM)], "", &format!("when = '{named}'\nexclude = '{script}'"));
        let missing = judged(&program, "part = \"skun\"").missing;
        assert_eq!(missing.iter().map(|missing| missing.state).collect::<Vec<_>>(), ["unrecognised"], "{script}");
    }
}

#[test]
fn other_terms_are_one_whatever_their_case() {
    let program = program(
        &[("parts", LIST), ("part", TERM)],
        "",
        "exclude = 'parts.count(|p| !p.is_a(\"organ\")) == 1 && !part.is_a(\"organ\")'",
    );
    let said = "parts = [\"other: Spare Rib\", \"Other: spare-rib\"]\n\
        part = [{ value = \"other: rib\", on = 2026-11-02 }, { value = \"other: Rib\", on = 2026-11-02 }]";
    assert_eq!(came_to(&program, said).0, Outcome::Fires);
}

#[test]
fn a_day_may_be_written_with_its_time() {
    let program = program(&[("born", DATE)], "", "exclude = 'born < as_of'");
    for said in ["born = 2020-01-02T10:30:00", "born = \"2020-01-02T10:30:00Z\"", "born = \"2020-01-02 10:30\""] {
        assert_eq!(came_to(&program, said).0, Outcome::Fires, "{said}");
    }
}

#[test]
fn a_list_says_one_thing() {
    let program = program(&[("parts", LIST)], "", "exclude = 'parts.is_empty()'");
    for said in [
        "parts = { status = \"pending\", complete = true }",
        "parts = { value = \"pending\", complete = false }",
        "parts = { complete = true, on = 2026-11-02 }",
        "parts = { complete = false }",
        "parts = { value = [], status = \"pending\" }",
    ] {
        let refused = read(&format!("[facts]\n{said}"), &program.dictionary);
        assert!(refused.is_err_and(|why| why.contains("none or several things")), "{said}");
    }
}

#[test]
fn equal_numbers_written_differently_stand_in_one_order() {
    let doses = "type = \"list\"\nfield.dose = { type = \"number\", question = \"?\" }";
    let program = program(&[("doses", doses)], "", "exclude = 'doses.some(|d| d.dose > 1)'");
    let one = bytes(&judged(&program, "doses = [{ dose = 1.10 }, { dose = 1.1 }]"));
    let other = bytes(&judged(&program, "doses = [{ dose = 1.1 }, { dose = 1.10 }]"));
    assert_eq!(one, other);
}
