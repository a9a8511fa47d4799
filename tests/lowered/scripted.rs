//! Scripts that only Rhai runs: what one says while facts are missing is still so once they are known.

use std::cell::RefCell;

use super::answer::{Answer, run};
use super::law;
use super::tally::Tally;
use super::world::World;
use super::world::charts::Charts;
use super::world::source::Source;
use super::write::{List, Type, Unit, Writer};

/// Scripts with holes: `C` is a condition, `V` one about the visit `v`, `S` one about the site `s`, `N` a whole
/// number, `D` a decimal.
const TEMPLATES: [(&str, &str); 32] = [
    ("count in a loop", "let hits = 0; for v in visits { if V { hits += 1; } } hits >= 2"),
    ("sum in a loop", "let sum = 0.0; for v in visits { if V { sum += v.points; } } sum > 3"),
    ("first that", "for s in sites { if S { return true; } } C"),
    ("switch on a number", "switch n { 0 => C, 12 => C, 1..5 => C, _ => C }"),
    ("switch on a choice", "switch colour { \"red\" => C, \"green\" if C => C, _ => C }"),
    (
        "switch on a field",
        "let out = 0; for v in visits { switch v.kind { \"red\" => { out += 1; }, _ => { out -= 1; } } } out > 0",
    ),
    ("try", "try { C } catch { C }"),
    ("try around a throw", "try { if C { throw \"no\"; } C } catch (e) { C }"),
    ("try in a loop", "let out = false; for v in visits { try { if V { out = true; } } catch { out = false; } } out"),
    ("try around a closure", "try { visits.some(|v| V) } catch { C }"),
    ("while", "let x = N; let turns = 0; while x > 3 && turns < 5 { x -= 2; turns += 1; } turns > 2"),
    ("do until", "let x = 0; do { x += 1; } until x > 3 || C; x > 1"),
    ("loop with break", "let x = 0; loop { x += 1; if C || x > 4 { break; } } x == 1"),
    ("early return", "if C { return C; } let x = C; x == C"),
    ("throw", "if C { throw \"no\"; } C"),
    ("mutation", "let x = C; if C { x = !x; } x |= C; x"),
    ("a list of its own", "let all = [C, C]; all.push(C); all[0] || !all[2]"),
    ("a map", "let m = #{a: C, b: N}; if m.a { m.b > 2 } else { C }"),
    ("a text", "let t = `${colour} ${n}`; t.len() > 5 && t != \"red 1\""),
    ("a term as text", "to_string(site) == \"kidney\" || `${site2}`.len() > 4"),
    ("sorted texts", "let xs = colours; xs.sort(); xs.len() > 1 && xs[0] == \"blue\""),
    ("sorted by a closure", "let xs = visits; xs.sort(|a, b| a.times - b.times); xs.len() == 2 && xs[0].done"),
    ("the first member", "sites.len() > 0 && sites[0].is_a(\"organ\")"),
    ("the last member", "let last = \"\"; for g in grafts { last = g.form; } last == \"round\""),
    ("the first visit", "visits.len() > 1 && visits[0].done"),
    ("how many", "sites.len() + drugs.len() + colours.len() == 3"),
    ("filter and count", "visits.filter(|v| V).len() >= grafts.len()"),
    (
        "map and reduce",
        "let xs = visits.map(|v| v.times); xs.reduce(|sum, x| if x > 100 { sum } else { sum + x }, 0) > 2",
    ),
    ("find", "let found = drugs.find(|d| d == \"aspirin\"); if found == () { C } else { found.is_a(\"painkiller\") }"),
    ("a function of its own", "fn chosen(a, b) { if a { b } else { !b } } chosen(C, C)"),
    ("recursion", "fn down(x) { if x > 10 || x < 0 { x } else { down(x - 3) } } down(N) > 0"),
    ("a closure called", "let f = |x| x > D; f.call(N) && f.call(2)"),
];

/// A template with its holes filled.
fn filled(template: &str, writer: &mut Writer) -> String {
    let mut text = String::new();
    let mut inside_text = false;
    let words: Vec<char> = template.chars().collect();
    for (at, c) in words.iter().enumerate() {
        let alone = |at: Option<usize>| at.and_then(|at| words.get(at)).is_none_or(|c| !c.is_alphanumeric());
        inside_text ^= matches!(c, '"' | '`');
        let hole = !inside_text && alone(at.checked_sub(1)) && alone(Some(at + 1));
        match c {
            'C' | 'V' | 'S' | 'N' | 'D' if hole => text.push_str(&format!("({})", piece(*c, writer))),
            other => text.push(*other),
        }
    }
    text
}

fn piece(hole: char, writer: &mut Writer) -> String {
    match hole {
        'V' => writer.records.push(("v".into(), List::Visits)),
        'S' => writer.locals.push(("s".into(), Type::Place, true)),
        _ => {}
    }
    let text = match hole {
        'N' => writer.value(Type::Int(Unit::Plain), 2).text,
        'D' => writer.value(Type::Number(Unit::Plain), 2).text,
        'V' => writer.about_member(List::Visits, "v", 2),
        'S' => writer.about_member(List::Sites, "s", 2),
        _ => writer.cond(3).text,
    };
    writer.records.clear();
    writer.locals.clear();
    text
}

#[test]
fn what_a_script_says_of_part_of_the_facts_it_says_of_all() {
    let world = World::new();
    let charts = Charts { dictionary: &world.program.dictionary };
    let (ends, used) = (RefCell::new(Tally::default()), RefCell::new(Tally::default()));
    law(1_500, |script, chart| {
        let source = &mut Source::new(script);
        let (name, template) = source.pick(&TEMPLATES);
        let mut tally = Tally::default();
        let text = filled(template, &mut Writer::new(source, &mut tally));
        let source = &mut Source::new(chart);
        let whole = charts.complete(source);
        let removed = source.below(2) == 0;
        let partial = if removed { charts.remove(&whole, source) } else { charts.blur(&whole, source) };
        let before = run(&world, &partial, &text);
        ends.borrow_mut().add(match &before {
            Answer::Value(_) => "value",
            Answer::Unknown => "unknown",
            Answer::Fault(_) => "fault",
        });
        if matches!(before, Answer::Value(_)) {
            used.borrow_mut().add(name);
        }
        for round in 0..4 {
            let full = if round == 0 { whole.clone() } else { charts.completed(&partial, &whole, source) };
            let after = run(&world, &full, &text);
            if !allows(&before, &after, removed) {
                return Err(format!("{text}\n{before:?}, then {after:?}\n{}", charts.difference(&partial, &full)));
            }
        }
        Ok(())
    });
    let names: Vec<String> = TEMPLATES.iter().map(|(name, _)| (*name).to_owned()).collect();
    let (values, missing) = used.borrow().report(&names);
    println!("results: {}\nvalues: {values}", ends.borrow().report(&[]).0);
    assert!(missing.is_empty(), "never a value on part of the facts: {missing:?}");
}

/// Whether what was said before leaves room for what is said now. A fault met before anything unknown is met again.
fn allows(before: &Answer, after: &Answer, removed: bool) -> bool {
    match before {
        Answer::Unknown => true,
        Answer::Value(_) => before == after,
        Answer::Fault(_) => !removed || before == after,
    }
}
