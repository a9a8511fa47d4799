//! What is planted in copies of the shipped packs is found: rules that say nothing new, that can never fire, that leave
//! nobody to treat; and what is only written otherwise is proved to be the same.

use std::path::Path;

use candidacy::analysis::alike::{Alike, alike};
use candidacy::analysis::compare::{Comparison, Finding, compare};
use candidacy::analysis::think::{What, think};
use candidacy::engine::decide::Outcome;
use candidacy::pack::compile::compile_files;
use candidacy::pack::program::Program;
use candidacy::pack::shelf::{PackFiles, Shelf};

use crate::day;

fn shipped(name: &str) -> PackFiles {
    Shelf::Disk.open(&Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/rules")).join(name))
}

fn compiled(files: &PackFiles) -> Program {
    compile_files(files).unwrap_or_else(|refused| panic!("{}", refused.lines().collect::<Vec<_>>().join("\n")))
}

/// The source pack with a text replaced in one of its files.
fn rewritten(file: &str, there: &str, instead: &str) -> Program {
    let mut files = shipped("aldesleukin");
    let own = files.files.iter_mut().find(|own| own.name == file).expect("a file of the pack");
    assert!(own.source.text.contains(there), "{file} has no `{there}`");
    own.source.text = own.source.text.replacen(there, instead, 1);
    compiled(&files)
}

fn with_rule(effect: &str, script: &str) -> Program {
    let mut files = shipped("aldesleukin");
    let own = files.files.iter_mut().find(|own| own.name == "rules.toml").expect("the rules");
    own.source.text.push_str(&format!(
        "\n[[rule]]\nid = \"planted\"\ntitle = \"t\"\n{effect} = '''{script}'''\nbecause = \"b\"\ncite = [{{ source = \"monograph\", at = \"x\" }}]\n"
    ));
    let criteria = files.files.iter_mut().find(|own| own.name == "criteria.toml").expect("the criteria");
    criteria.source.text.push_str("\nPLANTED = { rules = [\"planted\"] }\n");
    compiled(&files)
}

fn against_shipped(new: &Program) -> Comparison {
    compare(&compiled(&shipped("aldesleukin")), new, day())
}

#[test]
fn nothing_is_thought_of_the_shipped_packs() {
    for name in ["aldesleukin", "aldesleukin-current-label"] {
        assert_eq!(think(&compiled(&shipped(name)), day()), [], "{name}");
    }
}

#[test]
fn the_same_packs_compare_alike_whenever_they_are_compared() {
    let [old, new] = ["aldesleukin", "aldesleukin-current-label"].map(|name| compiled(&shipped(name)));
    let again = || format!("{:?}", compare(&old, &new, day()));
    assert_eq!(again(), again());
}

#[test]
fn what_is_only_written_otherwise_is_proved_to_be_the_same() {
    let members = aminoglycosides();
    let rewrites = [
        // By de Morgan.
        ("cns_metastases != \"none\"", "!(cns_metastases == \"none\")".to_owned()),
        ("thallium_stress_test == \"normal\"'", "!(thallium_stress_test in [\"abnormal\", \"equivocal\"])'".to_owned()),
        // Bounds the other way round.
        ("exclude = 'age < 18'", "exclude = '!(18 <= age)'".to_owned()),
        ("exclude = 'ecog >= 3'", "exclude = 'ecog > 2'".to_owned()),
        // A setting written out.
        ("days_since(c.last_dose) <= contrast_window", "days_since(c.last_dose) <= CONTRAST".to_owned()),
        // A class as the list of its members, and what belongs to it by its own name.
        ("m.drug.is_a(\"aminoglycoside\")", format!("m.drug.is_a(\"aminoglycoside\") || m.drug in [{members}]")),
    ];
    for (there, instead) in rewrites {
        let window = compiled(&shipped("aldesleukin"));
        let setting = window.settings.iter().find(|setting| setting.name == "contrast_window").expect("the setting");
        let number = setting.show().split(' ').next().expect("a number").to_owned();
        let new = rewritten("rules.toml", there, &instead.replace("CONTRAST", &number));
        let comparison = against_shipped(&new);
        assert!(comparison.rules.is_empty(), "{instead}: {:?}", comparison.rules);
        assert!(comparison.verdicts.is_empty(), "{instead}: {:?}", comparison.verdicts);
    }
}

#[test]
fn a_class_is_more_than_the_list_of_its_members() {
    let listed = format!("m.drug in [{}]", aminoglycosides());
    let comparison = against_shipped(&rewritten("rules.toml", "m.drug.is_a(\"aminoglycoside\")", &listed));
    // Who is said to take one of them, and not which, is missed by the list.
    let [rule] = &comparison.rules[..] else { panic!("{:?}", comparison.rules) };
    let [(Outcome::Fires, Outcome::Unknown, Finding::Can(witness))] = &rule.changes[..] else {
        panic!("{:?}", rule.changes);
    };
    assert_eq!(witness.facts, [("medications".to_owned(), "[{ drug = \"aminoglycoside\" }]".to_owned())]);
}

/// The members of the class, as a script lists them.
fn aminoglycosides() -> String {
    let program = compiled(&shipped("aldesleukin"));
    let vocabulary = program.dictionary.vocabularies().iter().find(|own| own.name == "drug").expect("the drugs");
    let class = vocabulary.find("aminoglycoside").expect("the class");
    let is_one = |id| vocabulary.ancestors(id).contains(&class) && !vocabulary.has_narrower(id);
    let members = vocabulary.concepts().filter(|(id, _)| is_one(*id));
    members.map(|(_, concept)| format!("{:?}", concept.name)).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_boundary_and_a_term_that_are_shifted_are_shown() {
    let age = against_shipped(&rewritten("rules.toml", "exclude = 'age < 18'", "exclude = 'age < 19'"));
    assert_eq!(age.rules.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>(), ["under-18"]);
    assert!(!age.verdicts.is_empty());
    let cite = against_shipped(&rewritten("rules.toml", "at = \"boxed warning, cautions\"", "at = \"boxed warning\""));
    assert!(cite.rules.is_empty() && cite.verdicts.is_empty());
    let dropped = against_shipped(&rewritten("drugs.toml", "\ngentamicin", "\ngentamicin-dropped"));
    assert!(dropped.rules.iter().any(|rule| rule.id == "aminoglycosides"), "{:?}", dropped.rules);
}

#[test]
fn what_no_rule_asks_is_noted_until_a_rule_asks_it() {
    let noted = |program: &Program| {
        let name = |alike: Alike| match alike {
            Alike::Values { fact, .. } => fact,
            Alike::Shown { fact } => format!("any of {fact}"),
            Alike::Classes { vocabulary, classes } => format!("{vocabulary}: {}", classes.join(", ")),
        };
        alike(program, day()).into_iter().map(name).collect::<Vec<_>>()
    };
    let shipped = noted(&compiled(&shipped("aldesleukin")));
    assert!(shipped.contains(&"any of fev1_percent".to_owned()), "{shipped:?}");
    assert!(!shipped.iter().any(|own| own.contains(':')), "{shipped:?}");
    let read = noted(&with_rule("note", "fev1_percent < 50"));
    assert_eq!(shipped.iter().filter(|own| !read.contains(own)).collect::<Vec<_>>(), ["any of fev1_percent"]);
    // Nobody asks about a class, a narrower or a broader one.
    let planted = |is: &str| {
        let classes = format!("\"planted\" = {{ {is} }}\n\"narrower\" = {{ is = [\"planted\"] }}\n");
        noted(&rewritten("drugs.toml", "\n\"cytotoxic\" =", &format!("\n{classes}\"cytotoxic\" =")))
    };
    assert!(planted("").contains(&"drug: planted, narrower".to_owned()));
    assert_eq!(planted("is = [\"aminoglycoside\"]"), shipped);
}

#[test]
fn planted_rules_are_found() {
    let found = |effect: &str, script: &str| {
        let program = with_rule(effect, script);
        let place = program.rules.len() - 1;
        let thought = think(&program, day())
            .into_iter()
            .find(|thought| thought.rule == place || matches!(thought.what, What::NoCandidate { .. }));
        let id = |rule: usize| program.rules[rule].id.clone();
        match thought.map(|thought| thought.what) {
            None => "nothing".to_owned(),
            Some(What::NeverFires(clash)) => format!("never: {}", clash.show()),
            Some(What::AlwaysFires(parts)) => format!("always {}", parts.join(" or ")),
            Some(What::Implied { by }) => format!("implied by {}", id(by)),
            Some(What::Same { other }) => format!("same as {}", id(other)),
            Some(What::NoCandidate { with, .. }) => format!("no candidate with {}", id(with[0])),
            Some(What::Idle { part, .. }) => format!("idle {part}"),
        }
    };
    let cases = [
        ("caution", "ecog == 4", "implied by performance-poor"),
        ("exclude", "ecog > 2", "same as performance-poor"),
        ("caution", "ecog < 1 && metastatic && ecog > 1", "never: `ecog < 1` and `ecog > 1` cannot both hold"),
        (
            "caution",
            "pregnant && sex == \"male\"",
            "never: `pregnant` and `sex == \"male\"` cannot both hold where the conflict `sex == \"male\" && pregnant` is not found, and where it is they are in doubt",
        ),
        (
            "caution",
            "metastatic && days_since(birth_date) > 60000",
            "never: `days_since(birth_date) > 60000` cannot hold, since `birth_date` is 1900-01-01 to the as-of date",
        ),
        (
            "caution",
            "!(metastatic || drowsiness != \"mild\" || (ecog >= 1 && ecog < 3)) && (ecog == 1 || ecog == 2)",
            "never: `!(ecog >= 1 && ecog < 3)` and `ecog in [1, 2]` cannot both hold",
        ),
        ("require", "ecog < 3 || !(ecog < 1)", "never: `ecog >= 3` and `ecog < 1` cannot both hold"),
        ("exclude", "age >= 18", "no candidate with under-18"),
        ("note", "metastatic || !metastatic || true", "always true"),
        ("caution", "metastatic || !metastatic", "nothing"),
        ("note", "drowsiness == \"mild\" && drowsiness != \"none\"", "idle drowsiness != \"none\""),
        (
            "caution",
            "medications.some(|m| m.drug == \"amikacin\" && m.drug.is_a(\"aminoglycoside\"))",
            "idle m.drug.is_a(\"aminoglycoside\")",
        ),
        // What is said of any medicine is not said of the same one.
        (
            "caution",
            "medications.some(|m| m.drug == \"amikacin\") && medications.some(|m| m.drug.is_a(\"aminoglycoside\"))",
            "idle medications.some(|m| m.drug.is_a(\"aminoglycoside\"))",
        ),
        (
            "caution",
            "metastatic || !(ecog < 2 && (ecog < 3 || drowsiness == \"mild\"))",
            "idle ecog < 3 || drowsiness == \"mild\"",
        ),
        // An end of `between` may be a limit of the dictionary.
        ("caution", "metastatic && between(ecog, 2, 4) && drowsiness == \"mild\"", "nothing"),
        ("caution", "metastatic && (ecog < 2 || drowsiness == \"mild\")", "nothing"),
    ];
    for (effect, script, wanted) in cases {
        assert_eq!(found(effect, script), wanted, "{effect} = {script}");
    }
}
