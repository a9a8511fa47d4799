//! Scripts without sense: whatever is put together from Rhai's grammar and its functions ends, and breaks nothing.

use std::cell::RefCell;

use super::answer::{Answer, run};
use super::law;
use super::tally::Tally;
use super::world::World;
use super::world::charts::Charts;
use super::world::source::Source;

const NAMES: [&str; 15] = [
    "a",
    "b",
    "c",
    "x",
    "flag",
    "n",
    "score",
    "site",
    "colours",
    "sites",
    "visits",
    "colour",
    "born",
    "as_of",
    "switch_on",
];
const LITERALS: [&str; 15] = [
    "0",
    "1",
    "2",
    "-1",
    "300",
    "2.5",
    "\"red\"",
    "\"kidney\"",
    "true",
    "false",
    "[]",
    "#{}",
    "'c'",
    "()",
    "9223372036854775807",
];
const OPERATORS: [&str; 17] =
    ["+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||", "in", "..", "..=", "??", "**", "<<"];
const ASSIGNMENTS: [&str; 5] = ["=", "+=", "-=", "*=", "/="];
const METHODS: [&str; 44] = [
    "len",
    "is_empty",
    "pop",
    "shift",
    "reverse",
    "sort",
    "clear",
    "to_string",
    "abs",
    "dedup",
    "order",
    "to_chars",
    "start",
    "push",
    "append",
    "contains",
    "index_of",
    "remove",
    "map",
    "filter",
    "some",
    "all",
    "count",
    "is_a",
    "min",
    "max",
    "truncate",
    "chop",
    "extract",
    "split",
    "call",
    "curry",
    "drain",
    "retain",
    "find",
    "zip",
    "insert",
    "set",
    "splice",
    "reduce",
    "between",
    "replace",
    "sub_string",
    "pad",
];
const FIELDS: [&str; 7] = ["a", "b", "done", "times", "spot", "kind", "len"];
const FUNCTIONS: [&str; 10] =
    ["date_of", "is_low", "is_high", "abs", "years_since", "days_since", "Fn", "is_shared", "to_int", "range"];

fn expression(source: &mut Source, depth: usize) -> String {
    let inner = |source: &mut Source| expression(source, depth.saturating_sub(1));
    match if depth == 0 { source.below(3) } else { source.below(17) } {
        0 => source.pick(&NAMES).into(),
        1 => source.pick(&LITERALS).into(),
        2 => source.pick(&NAMES[..4]).into(),
        3 | 4 => format!("({} {} {})", inner(source), source.pick(&OPERATORS), inner(source)),
        5 => format!("[{}, {}]", inner(source), inner(source)),
        6 => format!("#{{a: {}, b: {}}}", inner(source), inner(source)),
        7 => format!("{}.{}()", inner(source), source.pick(&METHODS)),
        8 => format!("{}.{}({})", inner(source), source.pick(&METHODS), inner(source)),
        9 => format!("{}.{}({}, {})", inner(source), source.pick(&METHODS), inner(source), inner(source)),
        10 => format!("(|x| {})", inner(source)),
        11 => format!("(|x, y| {})", inner(source)),
        12 => format!("{}[{}]", source.pick(&NAMES), inner(source)),
        13 => format!("{}.{}", inner(source), source.pick(&FIELDS)),
        14 => format!("(if {} == 1 {{ {} }} else {{ {} }})", inner(source), block(source, depth - 1), inner(source)),
        15 => format!("`${{{}}} ${{{}}}`", inner(source), inner(source)),
        _ => format!("{}({})", source.pick(&FUNCTIONS), source.pick(&NAMES)),
    }
}

fn block(source: &mut Source, depth: usize) -> String {
    let statements: Vec<String> = (0..source.below(4)).map(|_| statement(source, depth)).collect();
    format!("{} {}", statements.join(" "), expression(source, depth))
}

fn statement(source: &mut Source, depth: usize) -> String {
    let (local, below) = (source.pick(&NAMES[..3]), depth.saturating_sub(1));
    match source.below(11) {
        0 | 1 => format!("let {local} = {};", expression(source, depth)),
        2 => format!("{local} {} {};", source.pick(&ASSIGNMENTS), expression(source, depth)),
        3 => format!("{local}[{}] = {};", expression(source, below), expression(source, depth)),
        4 => format!("{local}.a = {};", expression(source, depth)),
        5 => format!("for x in ({} ?? [1, a]) {{ {}; }}", expression(source, depth), block(source, below)),
        6 => format!("while {} == 1 {{ {}; }}", source.pick(&NAMES), block(source, below)),
        7 => format!("try {{ {}; }} catch (x) {{ {}; }}", block(source, below), block(source, below)),
        8 => format!("loop {{ {}; if {} != 1 {{ break; }} }}", block(source, below), source.pick(&NAMES)),
        9 => format!("{local}.push({});", expression(source, depth)),
        _ => format!("let {local} = |x| {};", expression(source, depth)),
    }
}

#[test]
fn every_script_ends_and_breaks_nothing() {
    let world = World::new();
    let charts = Charts { dictionary: &world.program.dictionary };
    let ends = RefCell::new(Tally::default());
    law(4_000, |script, chart| {
        let source = &mut Source::new(script);
        let lets: Vec<String> =
            ["a", "b", "c"].iter().map(|name| format!("let {name} = {};", expression(source, 1))).collect();
        let text = format!("let x = 5; {} {}", lets.join(" "), block(source, 2));
        let source = &mut Source::new(chart);
        let chart = charts.complete(source);
        let chart = if source.below(3) == 0 { charts.blur(&chart, source) } else { chart };
        let answer = run(&world, &chart, &text);
        ends.borrow_mut().add(match &answer {
            Answer::Value(_) => "value",
            Answer::Unknown => "unknown",
            Answer::Fault(why) if why.starts_with("Syntax error") => "no script",
            Answer::Fault(_) => "fault",
        });
        match answer {
            Answer::Fault(why) if why.contains("interpreter") => Err(format!("{text}\n{why}")),
            _ => Ok(()),
        }
    });
    println!("results: {}", ends.borrow().report(&[]).0);
}
