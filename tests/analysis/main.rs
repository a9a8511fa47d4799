//! The analysis against brute force: on packs put together by chance every claim agrees with screening every patient
//! that the packs can tell apart, unknown included; and every patient it shows does what is claimed.

mod beyond;
mod covered;
#[path = "../laws/dice.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod dice;
mod idle;
mod mutants;
mod planted;
mod reason;

use std::collections::BTreeSet;

use candidacy::analysis::compare::{Comparison, Finding, compare, told};
use candidacy::analysis::witness::Witness;
use candidacy::engine::decide::{Decision, Outcome};
use candidacy::engine::screen::{Screener, Screening};
use candidacy::input::reading::Reader;
use candidacy::input::referral::{Dates, read_text};
use candidacy::input::source::Source;
use candidacy::input::toml;
use candidacy::model::calendar::{Date, parse_day};
use candidacy::model::referral::{Referral, Said};
use candidacy::pack::compile::compile_files;
use candidacy::pack::program::Program;
use candidacy::pack::shelf::{PackFile, PackFiles};
use dice::{Dice, cases};

const DAY: &str = "2026-11-21";

/// What may be said of each fact: enough to tell apart all that the scripts below can.
const SAID: [(&str, &[&str]); 6] = [
    ("a", &["true", "false"]),
    ("c", &["\"x\"", "\"y\"", "\"z\""]),
    ("n", &["0", "2", "2.5", "3", "4", "5", "7", "{ below = 3 }", "{ at_least = 3, below = 5 }", "{ above = 2 }"]),
    (
        "d",
        &["2026-11-21", "2025-10-17", "2008-11-22", "2008-11-21", "1980-01-01", "\"2008\"", "{ at_most = 2008-11-21 }"],
    ),
    (
        "m",
        &[
            "[]",
            "[\"p\"]",
            "[\"q\", \"r\"]",
            "[\"r\"]",
            "[\"unheard of\"]",
            "[\"r\", \"unheard of\"]",
            "{ value = [], complete = false }",
            "{ value = [\"r\"], complete = false }",
            "{ value = [\"q\"], complete = false }",
        ],
    ),
    ("e", &["true", "false"]),
];

const FACTS: &str = r#"
[fact.a]
type = "bool"
label = "a"
question = "a?"
group = "g"
[fact.c]
type = "choice"
values = ["x", "y", "z"]
label = "c"
question = "c?"
group = "g"
[fact.n]
type = "number"
min = 0
max = 10
label = "n"
question = "n?"
group = "g"
[fact.d]
type = "date"
min = 1900-01-01
max = "as_of"
label = "d"
question = "d?"
group = "g"
[fact.m]
type = "list"
of = "v"
label = "m"
question = "m?"
group = "g"
[derived.k]
type = "integer"
unit = "a"
value = 'years_since(d)'
label = "k"
"#;

fn day() -> Date {
    parse_day(DAY).expect("a day")
}

/// A condition by chance.
fn script(dice: &mut Dice, depth: usize, derived: bool) -> String {
    if depth == 0 || dice.in_hundred(30) {
        let mut atoms = vec![
            "a".to_owned(),
            "c == \"x\"".to_owned(),
            "c in [\"x\", \"y\"]".to_owned(),
            format!("n < {}", dice.pick(&[2, 3, 5])),
            format!("n >= {}", dice.pick(&[2, 3, 5])),
            "k >= 18".to_owned(),
            "k < 19".to_owned(),
            "days_since(d) > 400".to_owned(),
            "m.is_empty()".to_owned(),
            "m.some(|t| t.is_a(\"big\"))".to_owned(),
            "m.some(|t| t == \"r\")".to_owned(),
            "m.all(|t| t.is_a(\"big\"))".to_owned(),
            "m.some(|t| t.is_a(\"big\") && (a || c == \"x\"))".to_owned(),
            "m.all(|t| t == \"r\" || n < 3)".to_owned(),
        ];
        atoms.extend(derived.then(|| "e".to_owned()));
        return dice.pick(&atoms).clone();
    }
    match dice.below(4) {
        0 => format!("!({})", script(dice, depth - 1, derived)),
        1 => format!("({}) && ({})", script(dice, depth - 1, derived), script(dice, depth - 1, derived)),
        2 => format!("({}) || ({})", script(dice, depth - 1, derived), script(dice, depth - 1, derived)),
        _ => format!("({}) == ({})", script(dice, depth - 1, derived), script(dice, depth - 1, derived)),
    }
}

/// A rule by chance.
fn rule(dice: &mut Dice, id: usize) -> String {
    let effect = dice.pick(&["exclude", "require", "defer", "caution", "note"]);
    let guard = if dice.in_hundred(30) { format!("when = '{}'\n", script(dice, 1, true)) } else { String::new() };
    format!(
        "[[rule]]\nid = \"r{id}\"\ntitle = \"t\"\n{effect} = '{}'\n{guard}because = \"b\"\ncite = [{{ source = \"s\", at = \"1\" }}]\n",
        script(dice, 2, true)
    )
}

/// A pack with these rules, a computed fact and a conflict.
fn pack(rules: &[String], rest: &str) -> Program {
    let manifest = "id = \"p\"\ntitle = \"t\"\nversion = \"1\"\nnotice = \"n\"\n[vocabulary]\nv = \"v.toml\"\n[source.s]\ntitle = \"s\"\nkind = \"k\"\n";
    let terms = "[class.big]\n[term.p]\nis = [\"big\"]\n[term.q]\nis = [\"big\"]\n[term.r]\n";
    let files = [
        ("pack.toml", manifest.to_owned()),
        ("facts.toml", format!("{FACTS}{rest}")),
        ("rules.toml", rules.join("\n")),
        ("v.toml", terms.to_owned()),
    ];
    let file = |(name, text): (&str, String)| PackFile {
        name: name.to_owned(),
        layer: 0,
        source: Source { name: name.to_owned(), text },
    };
    let pack = PackFiles { files: files.map(file).into(), missing: Vec::new(), layers: 1, own: false };
    compile_files(&pack).unwrap_or_else(|refused| panic!("{}", refused.lines().collect::<Vec<_>>().join("\n")))
}

fn rest(dice: &mut Dice) -> String {
    let doubts = dice.pick(&[
        "doubts = [\"a\"]",
        "doubts = [\"c\", \"d\"]",
        "lacks = [\"m\"]",
        "doubts = [\"n\"]\nlacks = [\"m\"]",
    ]);
    format!(
        "[derived.e]\ntype = \"bool\"\nvalue = '{}'\nlabel = \"e\"\n[[conflict]]\nwhen = '{}'\nbecause = \"both\"\n{doubts}\n",
        script(dice, 1, false),
        script(dice, 1, true)
    )
}

/// Every patient that the scripts can tell apart, and some more.
fn patients(program: &Program) -> Vec<Referral> {
    let mut all = vec![Referral { as_of: Some(day()), ..Referral::default() }];
    for (name, values) in SAID {
        let said: Vec<Said> = values.iter().map(|value| said(program, name, value)).collect();
        let more = all.iter().flat_map(|referral| {
            said.iter().map(|said| {
                let mut more = referral.clone();
                more.join(said.clone());
                more
            })
        });
        let more: Vec<Referral> = more.collect();
        all.extend(more);
    }
    all
}

fn said(program: &Program, name: &str, value: &str) -> Said {
    let text = format!("{name} = {value}\n");
    let (node, errors) = toml::parse(&text);
    assert!(errors.is_empty(), "{errors:?}");
    let mut reader = Reader::new(&program.dictionary, day());
    let said = reader.facts(&node).pop();
    assert!(reader.problems.is_empty(), "{text}: {:?}", reader.problems);
    said.expect("a fact")
}

/// What happens to any patient: changes of a rule by position, and of the verdict.
type Seen = (BTreeSet<(usize, usize, usize)>, BTreeSet<(usize, usize)>);

fn at<T: PartialEq>(all: &[T], one: T) -> usize {
    all.iter().position(|own| *own == one).expect("one of them")
}

const OUTCOMES: [Outcome; 3] = [Outcome::Fires, Outcome::Unknown, Outcome::Clear];

fn seen(old: &Program, new: &Program) -> (Seen, usize) {
    let (olds, news) = (Screener::new(old), Screener::new(new));
    let (mut rules, mut verdicts) = (BTreeSet::new(), BTreeSet::new());
    let patients = patients(old);
    for patient in &patients {
        let (was, is) = (olds.screen(patient, day()), news.screen(patient, day()));
        for (index, (a, b)) in was.outcomes.iter().zip(&is.outcomes).enumerate() {
            let (a, b) = (told(*a), told(*b));
            if a != b {
                rules.insert((index, at(&OUTCOMES, a), at(&OUTCOMES, b)));
            }
        }
        let (a, b) = (was.decided.verdict, is.decided.verdict);
        if a != b {
            verdicts.insert((at(&Decision::ALL, a), at(&Decision::ALL, b)));
        }
    }
    ((rules, verdicts), patients.len())
}

fn claimed(comparison: &Comparison) -> Seen {
    let rules = comparison.rules.iter().flat_map(|rule| {
        let index: usize = rule.id[1..].parse().expect("a number");
        rule.changes.iter().map(move |(was, is, _)| (index, at(&OUTCOMES, *was), at(&OUTCOMES, *is)))
    });
    let verdicts = comparison.verdicts.iter().map(|(was, is, _)| (at(&Decision::ALL, *was), at(&Decision::ALL, *is)));
    (rules.collect(), verdicts.collect())
}

/// Every patient that is shown, screened anew with both packs.
fn shows(comparison: &Comparison, old: &Program, new: &Program) -> usize {
    let mut shown = 0;
    for (finding, index, was, is) in comparison.rules.iter().flat_map(|rule| {
        let index: usize = rule.id[1..].parse().expect("a number");
        rule.changes.iter().map(move |(was, is, finding)| (finding, index, *was, *is))
    }) {
        let (a, b) = both(finding, old, new, |screening| told(screening.outcomes[index]));
        assert_eq!((a, b), (was, is));
        shown += 1;
    }
    for (was, is, finding) in &comparison.verdicts {
        let (a, b) = both(finding, old, new, |screening| screening.decided.verdict);
        assert_eq!((a, b), (*was, *is));
        shown += 1;
    }
    shown
}

fn both<T>(finding: &Finding, old: &Program, new: &Program, of: impl Fn(&Screening) -> T) -> (T, T) {
    let Finding::Can(witness) = finding else { panic!("undecided, and nothing is out of reach: {finding:?}") };
    let came = |program: &Program| of(&Screener::new(program).screen(&read(witness, program), day()));
    (came(old), came(new))
}

/// A patient that was found, as a referral.
fn read(witness: &Witness, program: &Program) -> Referral {
    let source = Source { name: "witness".to_owned(), text: witness.toml() };
    let read = read_text(source, &program.dictionary, Dates { asked: None, today: day() });
    read.unwrap_or_else(|why| panic!("{why:?} in\n{}", witness.toml())).referral
}

#[test]
fn every_claim_agrees_with_screening_every_patient() {
    let (mut packs, mut patients, mut changes, mut proofs) = (0, 0, 0, 0);
    for seed in 0..cases(12) {
        let mut dice = Dice::new(seed);
        let rules: Vec<String> = (0..4).map(|id| rule(&mut dice, id)).collect();
        let own = rest(&mut dice);
        let mut other = rules.clone();
        other[dice.below(4)] = rule(&mut dice, 0).replacen("id = \"r0\"", "id = \"rX\"", 1);
        let place = other.iter().position(|rule| rule.contains("\"rX\"")).expect("the other rule");
        other[place] = other[place].replace("\"rX\"", &format!("\"r{place}\""));
        // The facts behind the rules change, too, in some packs.
        let facts = if dice.in_hundred(30) { rest(&mut dice) } else { own.clone() };
        let (old, new) = (pack(&rules, &own), pack(&other, &facts));
        let comparison = compare(&old, &new, day());
        assert_eq!(comparison.beyond, [] as [String; 0], "seed {seed}");
        let (seen, screened) = seen(&old, &new);
        let claimed = claimed(&comparison);
        let unseen = |what: &str| {
            format!("seed {seed}: {what}\n{}\n---\n{}\n{own}\n---\n{facts}", rules.join("\n"), other.join("\n"))
        };
        assert!(seen.0.is_subset(&claimed.0), "{}", unseen(&format!("rules {:?} {:?}", seen.0, claimed.0)));
        assert!(seen.1.is_subset(&claimed.1), "{}", unseen(&format!("verdicts {:?} {:?}", seen.1, claimed.1)));
        changes += shows(&comparison, &old, &new);
        proofs += 4 * 6 + 20 - claimed.0.len() - claimed.1.len();
        packs += 1;
        patients += screened;
    }
    println!(
        "{packs} pairs of packs, {patients} patients screened with both, {changes} changes shown, {proofs} proved impossible"
    );
    assert!(changes > 50 && proofs > 50, "{changes} changes, {proofs} proofs");
}
