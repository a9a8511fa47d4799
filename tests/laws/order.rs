//! Promise 5: a verdict depends on what is said and not on how it is written down: in which order, as TOML or as
//! JSON, in which of the accepted units, or in which order the pack lists rules of one weight.

use candidacy::engine::verdict::Verdict;
use candidacy::pack::compile::compile_files;
use candidacy::pack::program::Program;
use candidacy::pack::shelf::PackFiles;
use serde_json::Value as Json;

use crate::dice::Dice;
use crate::reach::Reach;
use crate::referral::{Case, Tree, read};
use crate::world::{bytes, hold, screened, verdict};

/// Facts, entries, members and fields in another order give the same bytes.
pub fn written_in_another_order(
    program: &Program,
    case: &Case,
    dice: &mut Dice,
    reach: &mut Reach,
) -> Result<(), String> {
    let (json, text) = bytes(&judged(program, &case.toml(), case)?);
    for _ in 0..3 {
        let other = case.shuffled(dice);
        reach.hit_if(other != *case, "another order");
        for written in [other.toml(), other.json()] {
            let (other_json, other_text) = bytes(&judged(program, &written, case)?);
            hold(json == other_json, || differs("the JSON", &written, &json, &other_json))?;
            hold(text == other_text, || differs("the text", &written, &text, &other_text))?;
        }
    }
    Ok(())
}

/// TOML and JSON of one referral give the same bytes.
pub fn written_as_toml_or_json(program: &Program, case: &Case, _: &mut Dice, reach: &mut Reach) -> Result<(), String> {
    let (json, text) = bytes(&judged(program, &case.toml(), case)?);
    let (other_json, other_text) = bytes(&judged(program, &case.json(), case)?);
    reach.hit("TOML and JSON");
    hold(json == other_json, || differs("the JSON", &case.json(), &json, &other_json))?;
    hold(text == other_text, || differs("the text", &case.json(), &text, &other_text))
}

/// Values in another accepted unit give the same verdict, findings and digest of the facts.
pub fn written_in_another_unit(
    program: &Program,
    case: &Case,
    dice: &mut Dice,
    reach: &mut Reach,
) -> Result<(), String> {
    let mut other = case.clone();
    other.facts.iter_mut().for_each(|(_, tree)| convert(tree, dice, reach));
    let (first, second) = (judged(program, &case.toml(), case)?, judged(program, &other.toml(), case)?);
    let (first, second) = (outline(&first), outline(&second));
    hold(first == second, || differs("the verdict", &other.toml(), &first, &second))
}

/// Rules in another order give the same verdict and the same findings.
pub fn rules_in_another_order(files: &PackFiles, case: &Case, dice: &mut Dice) -> Result<(), String> {
    let mut shuffled = files.clone();
    let rules = shuffled.files.iter_mut().find(|file| file.name == "rules.toml").expect("a rule file");
    let mut blocks: Vec<&str> = rules.source.text.split("[[rule]]").skip(1).collect();
    dice.shuffle(&mut blocks);
    rules.source.text = blocks.iter().map(|block| format!("[[rule]]{block}\n")).collect();
    let programs = [compile_files(files), compile_files(&shuffled)].map(|program| program.expect("a sound pack"));
    let [first, second] =
        [&programs[0], &programs[1]].map(|program| judged(program, &case.toml(), case).map(|verdict| sorted(&verdict)));
    let (first, second) = (first?, second?);
    hold(first == second, || differs("the verdict", &shuffled.files[2].source.text, &first, &second))
}

fn judged(program: &Program, written: &str, case: &Case) -> Result<Verdict, String> {
    let read = read(written, &program.dictionary).map_err(|why| format!("it is refused: {why}\nin {written}"))?;
    Ok(verdict(&screened(program, &read.referral, case.as_of)))
}

/// The verdict with its findings in the order of their names, and without the digest of the pack.
fn sorted(verdict: &Verdict) -> String {
    let mut json: Json = serde_json::to_value(verdict).expect("a verdict is JSON");
    json["pack"]["digest"] = Json::Null;
    let name = |item: &Json| item["rule"].as_str().unwrap_or_default().to_owned();
    for key in ["findings", "unchecked"] {
        json[key].as_array_mut().expect("a list").sort_by_key(name);
    }
    for missing in json["missing"].as_array_mut().expect("a list") {
        missing["decides"].as_array_mut().expect("a list").sort_by_key(Json::to_string);
    }
    format!("{json:#}")
}

/// What no unit may change.
fn outline(verdict: &Verdict) -> String {
    let findings = verdict.findings.iter().map(|f| format!("{} {} {:?}\n", f.rule, f.state.word(), f.missing));
    let (best, worst) = (verdict.at_best, verdict.at_worst);
    format!("{:?} {best:?} {worst:?} {}\n{}", verdict.verdict, verdict.facts_digest, findings.collect::<String>())
}

/// Writes every measured value in another unit that measures the same.
fn convert(tree: &mut Tree, dice: &mut Dice, reach: &mut Reach) {
    match tree {
        Tree::List(items) => items.iter_mut().for_each(|item| convert(item, dice, reach)),
        Tree::Table(entries) => {
            let unit = entries.iter().find(|(key, _)| key == "unit").map(|(_, unit)| unit.clone());
            let Some(Tree::Text(unit)) = unit else {
                return entries.iter_mut().for_each(|(_, tree)| convert(tree, dice, reach));
            };
            let choices: &[(&str, i32)] = match unit.as_str() {
                "mg/dL" | "MG/DL" | "mg%" => &[("g/L", -2), ("mg/L", 1), ("ug/mL", 1), ("Mg/dl", 0), ("µg/dL", 3)],
                "L" => &[("mL", 3), ("dL", 1), ("liters", 0)],
                _ => return,
            };
            let (other, shift) = dice.pick(choices);
            reach.hit(format!("{unit} as {other}"));
            for (key, tree) in entries {
                match tree {
                    Tree::Text(text) if key == "unit" => *text = (*other).to_owned(),
                    tree => scale(tree, *shift),
                }
            }
        }
        Tree::Bool(_) | Tree::Number(_) | Tree::Text(_) | Tree::Moment(_) => {}
    }
}

/// Numbers times a power of ten.
fn scale(tree: &mut Tree, power: i32) {
    match tree {
        Tree::Number(text) => {
            let number: rust_decimal::Decimal = text.parse().expect("a number");
            let ten = rust_decimal::Decimal::from(10_i64.pow(power.unsigned_abs()));
            *text = if power < 0 { number / ten } else { number * ten }.to_string();
        }
        Tree::List(items) => items.iter_mut().for_each(|item| scale(item, power)),
        Tree::Bool(_) | Tree::Text(_) | Tree::Moment(_) | Tree::Table(_) => {}
    }
}

/// The first line in which two reports differ.
fn differs(what: &str, written: &str, first: &str, second: &str) -> String {
    let lines = first.lines().zip(second.lines()).find(|(a, b)| a != b);
    let (a, b) = lines.unwrap_or(("(the end)", "(the end)"));
    format!("{what} differs:\n  {a}\n  {b}\nfor\n{written}")
}
