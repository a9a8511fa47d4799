//! Patients whom the analysis must not overlook, a row each: a rule over facts that lie ahead, are dated, or are computed,
//! and a patient for whom it fires. Then nothing may be said that this patient disproves.

use std::collections::BTreeSet;

use candidacy::analysis::compare::Finding;
use candidacy::analysis::possible::Possible;
use candidacy::analysis::site::Inquiry;
use candidacy::analysis::think::{What, think};
use candidacy::author::mutant::mutants;
use candidacy::author::mutate::apart::{self, Apart};
use candidacy::engine::decide::Outcome;
use candidacy::engine::eval::Eval;
use candidacy::engine::screen::{Screener, outcome};
use candidacy::input::referral::{Dates, read_text};
use candidacy::input::source::Source;
use candidacy::pack::program::Program;

use super::{day, pack};

const FACTS: &str = r#"
[fact.ahead]
type = "date"
label = "ahead"
question = "?"
group = "g"
[fact.x]
type = "number"
label = "x"
question = "?"
group = "g"
[fact.result]
type = "choice"
values = ["low", "high"]
label = "result"
question = "?"
group = "g"
[fact.born]
type = "date"
max = "as_of"
label = "born"
question = "?"
group = "g"
[fact.visits]
type = "list"
label = "visits"
question = "?"
group = "g"
[fact.visits.field.due]
type = "date"
label = "due"
question = "?"
[derived.less]
type = "number"
value = 'x - 5'
label = "less"
question = "?"
group = "g"
[derived.ago]
type = "integer"
unit = "d"
value = 'days_since(date_of(result))'
label = "ago"
question = "?"
group = "g"
[derived.age]
type = "integer"
unit = "a"
value = 'years_since(born)'
label = "age"
question = "?"
group = "g"
[derived.days]
type = "integer"
unit = "d"
value = 'days_since(born)'
label = "days"
question = "?"
group = "g"
[derived.older]
type = "integer"
unit = "a"
value = 'age'
label = "older"
question = "?"
group = "g"
"#;

/// Scripts with patients for whom they are true.
const ROWS: [(&str, &[&str]); 13] = [
    ("days_until(ahead) > 30", &["ahead = 2027-01-01"]),
    ("days_until(ahead) < 14 && ahead >= as_of", &["ahead = 2026-11-25", "ahead = 2026-11-21"]),
    ("years_since(ahead) < 0", &["ahead = 2027-11-23"]),
    ("visits.some(|v| days_until(v.due) < 14 && v.due > as_of)", &["visits = [{ due = 2026-11-30 }]"]),
    ("x > 3 && ahead > as_of && days_until(ahead) < 30", &["x = 4\nahead = 2026-12-01"]),
    ("date_of(result) < as_of", &["result = { value = \"low\", on = 2026-11-01 }"]),
    ("date_of(result) == as_of", &["result = { value = \"high\", on = 2026-11-21 }"]),
    ("x > 10 && less < 5.5", &["x = 10.2"]),
    ("ago > 10", &["result = { value = \"low\", on = 2026-11-10 }", "result = { value = \"low\", on = 2026-11-01 }"]),
    ("age >= 18 && days < 3000", &["age = 20\ndays = { value = 2000, unit = \"d\" }"]),
    ("m.count(|t| t.is_a(\"big\")) >= 2", &["m = [\"p\", \"q\"]"]),
    (
        "visits.count(|v| v.due > as_of) == 2 && c == \"x\"",
        &["c = \"x\"\nvisits = [{ due = 2026-12-01 }, { due = 2026-12-02 }]"],
    ),
    ("older >= 18", &["born = 2008-11-21", "born = 1950-01-01"]),
];

fn screened(program: &Program, facts: &str) -> (Outcome, BTreeSet<usize>, Vec<Outcome>) {
    let text = format!("as_of = 2026-11-21\n[facts]\n{facts}\n");
    let source = Source { name: "patient".to_owned(), text };
    let read = read_text(source, &program.dictionary, Dates { asked: None, today: day() });
    let referral = read.unwrap_or_else(|why| panic!("{why:?} in {facts}")).referral;
    let screening = Screener::new(program).screen(&referral, day());
    let eval = Eval::new(&program.dictionary, &screening.settled.chart);
    let mut met = BTreeSet::new();
    Inquiry::new(&program.rules[0], &program.dictionary)
        .shown(&eval, screening.outcomes[0], &mut |goal| _ = met.insert(goal));
    let others = mutants(program, 0).into_iter().map(|mutant| outcome(program, &mutant.mutated, None, &eval)).collect();
    (screening.outcomes[0], met, others)
}

#[test]
fn nobody_is_overlooked() {
    for (script, patients) in ROWS {
        let rule = format!(
            "[[rule]]\nid = \"r\"\ntitle = \"t\"\nexclude = '{script}'\nbecause = \"b\"\ncite = [{{ source = \"s\", at = \"1\" }}]\n"
        );
        let program = pack(&[rule], FACTS);
        let thoughts = think(&program, day());
        let wrong =
            |what: &What| matches!(what, What::NeverFires { .. } | What::AlwaysFires(_) | What::NoCandidate { .. });
        assert!(!thoughts.iter().any(|thought| wrong(&thought.what)), "{script}: {thoughts:?}");
        let inquiry = Inquiry::new(&program.rules[0], &program.dictionary);
        let mut possible = Possible::new(&program, 0, &inquiry, day());
        let findings: Vec<Finding> = (0..inquiry.goals.len()).map(|goal| possible.find(goal)).collect();
        let all: Vec<_> = mutants(&program, 0);
        let mutated: Vec<_> = all.iter().map(|mutant| &mutant.mutated).collect();
        let apart = apart::rules(&program, 0, &mutated, day());
        // What is only counted is found, too; that there are no three terms is not proved.
        let counts = script.contains("visits.count(");
        assert!(!counts || !findings.contains(&Finding::Undecided), "{script}: {findings:?}");
        for patient in patients {
            let (came, met, others) = screened(&program, patient);
            assert_eq!(came, Outcome::Fires, "{script} for {patient}");
            for goal in met {
                assert_ne!(findings[goal], Finding::Cannot, "{script}: {:?} for {patient}", inquiry.goals[goal]);
            }
            for ((mutant, apart), other) in all.iter().zip(&apart).zip(&others) {
                let same = *apart == Apart::Never && mutant.mutated.effect == program.rules[0].effect;
                assert!(!same || *other == came, "{script}: {:?} for {patient}", mutant.mutated);
            }
        }
    }
}
