//! What came of a pack's mutants as an author reads it: rule by rule what no fixture notices and who would, and counts.

use std::io::{self, Write};

use super::layout::{Layout, Page};
use crate::author::mutant::{Kind, Line};
use crate::author::mutate::mutated::{Mutated, OfKind, OfRule, Patient, Survivor};
use crate::author::mutate::tally::Tally;

/// Writes what came of mutants; rules without survivors, and terms and facts one by one, only if `all` is to be listed.
pub fn write(mutated: &Mutated, all: bool, layout: Layout, out: &mut impl Write) -> io::Result<()> {
    let mut page = Page::new(layout);
    let told = |rule: &&OfRule| !rule.survivors.is_empty() || rule.noticed.is_some();
    mutated.rules.iter().filter(told).for_each(|own| rule(&mut page, own));
    beside(&mut page, mutated, all);
    summary(&mut page, mutated, all);
    out.write_all(page.text().as_bytes())
}

/// The counts: of each kind, of all, and beside the rules.
fn summary(page: &mut Page, mutated: &Mutated, all: bool) {
    page.gap();
    if mutated.rules.iter().flat_map(|rule| &rule.survivors).any(|survivor| survivor.patient.is_some()) {
        page.paragraph(&format!("Patients are as of {}.", mutated.as_of));
    }
    let quiet = mutated.rules.iter().filter(|rule| rule.survivors.is_empty()).count();
    if quiet > 0 {
        let have = if quiet == 1 { "rule has" } else { "rules have" };
        page.paragraph(&format!("{quiet} {have} no survivor."));
    }
    page.gap();
    page.verbatim(0, &format!("{:<26} {:>7}  {:>6}  {:>10}  {:>7}", "", "mutants", "killed", "equivalent", "survive"));
    for OfKind { kind, tally } in &mutated.kinds {
        let Tally { mutants, killed, equivalent, survive } = tally;
        let counts = format!("{mutants:>7}  {killed:>6}  {equivalent:>10}  {survive:>7}  {:>5} %", percent(*tally));
        page.verbatim(0, &format!("{:<26} {counts}", words(*kind)));
    }
    page.gap();
    let rules = match mutated.rules.len() {
        1 => "1 rule".to_owned(),
        rules => format!("{rules} rules"),
    };
    page.hanging("", &format!("{} of {rules}: {}", number(mutated.total.mutants), came(mutated.total)));
    let terms = mutated.terms.as_ref().map(|terms| ("terms that fixtures mention", terms.tally));
    let facts = mutated.facts.as_ref().map(|facts| ("facts in fixtures", facts.tally));
    for (what, tally) in terms.into_iter().chain(facts).filter(|(_, tally)| tally.mutants > 0) {
        let listed = if all || tally.survive == 0 { "" } else { " (--all lists them)" };
        page.hanging("", &format!("{what}: {}: {}{listed}", number(tally.mutants), came(tally)));
    }
}

/// What a kind of mistake is.
fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Threshold => "a number one step off",
        Kind::Relation => "another comparison",
        Kind::Junction => "&& and || swapped",
        Kind::Quantifier => "some and all swapped",
        Kind::Side => "is_low and is_high swapped",
        Kind::Dropped => "a part left out",
        Kind::Listed => "a value left out of a list",
        Kind::Negated => "a condition negated",
        Kind::Guard => "a guard left out",
        Kind::Effect => "the effect next to it",
        Kind::Unit => "a unit ten times as large",
    }
}

fn rule(page: &mut Page, rule: &OfRule) {
    let OfRule { tally, .. } = rule;
    page.headed(
        &format!("{} ({})", rule.rule, rule.effect),
        &format!("{} of {} killed", tally.killed, tally.counted()),
    );
    rule.survivors.iter().for_each(|survivor| self::survivor(page, survivor));
    for noticed in rule.noticed.iter().flatten() {
        lines(page, &noticed.lines);
        page.detail(&format!("killed by {}", noticed.by));
    }
}

fn lines(page: &mut Page, lines: &[Line]) {
    for line in lines {
        line.was.iter().for_each(|was| page.verbatim(2, &format!("- {was}")));
        line.is.iter().for_each(|is| page.verbatim(2, &format!("+ {is}")));
    }
}

fn survivor(page: &mut Page, survivor: &Survivor) {
    lines(page, &survivor.lines);
    let Some(Patient { witness, was, is, .. }) = &survivor.patient else {
        return page.detail_at(2, "no fixture tells them apart; whether a patient could is undecided");
    };
    let facts = &witness.facts;
    let who = if facts.is_empty() { "a patient of whom nothing is known" } else { "this patient" };
    page.detail_at(2, &format!("no fixture tells them apart; {who} would: {was} -> {is}"));
    let width = facts.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    facts.iter().for_each(|(name, value)| page.verbatim(6, &format!("{name:width$} = {value}")));
}

/// What survives beside the rules.
fn beside(page: &mut Page, mutated: &Mutated, all: bool) {
    if !mutated.units.is_empty() {
        page.heading("Units that no fixture notices");
        for unit in &mutated.units {
            page.verbatim(2, &format!("{}: {} where it is {}", unit.fact, unit.is, unit.was));
        }
    }
    if let Some(terms) = mutated.terms.as_ref().filter(|terms| all && !terms.survivors.is_empty()) {
        page.heading("Terms whose class no fixture notices");
        for own in &terms.survivors {
            let rules = own.rules.join(", ");
            page.verbatim(2, &format!("{}: \"{}\" out of \"{}\" ({rules})", own.vocabulary, own.term, own.class));
        }
    }
    if let Some(facts) = mutated.facts.as_ref().filter(|facts| all && !facts.survivors.is_empty()) {
        page.heading("Facts that make no difference to what their fixture expects");
        for own in &facts.survivors {
            let text = format!("{}: `{}` can be left out and nothing it expects changes", own.path, own.fact);
            page.verbatim(2, &text);
        }
    }
}

fn percent(tally: Tally) -> String {
    format!("{:.1}", tally.percent())
}

fn number(mutants: usize) -> String {
    if mutants == 1 { "1 mutant".to_owned() } else { format!("{mutants} mutants") }
}

/// What came of mutants: `790 killed, 12 equivalent (not counted), 10 survive: 98.8 %`.
fn came(tally: Tally) -> String {
    let killed = format!("{} killed", tally.killed);
    let equivalent = (tally.equivalent > 0).then(|| format!("{} equivalent (not counted)", tally.equivalent));
    let survive = match tally.survive {
        0 => None,
        1 => Some("1 survives".to_owned()),
        survive => Some(format!("{survive} survive")),
    };
    let all: Vec<String> = std::iter::once(killed).chain(equivalent).chain(survive).collect();
    format!("{}: {} %", all.join(", "), percent(tally))
}
