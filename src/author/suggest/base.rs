//! Fixtures that suggestions are built on: of a patient with whom all is well, so that a change shows what it does.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::author::asks::asked;
use crate::author::fixture::Fixture;
use crate::engine::decide::Decision;
use crate::engine::screen::Screener;
use crate::input::document::Node;
use crate::input::referral::parse;
use crate::model::calendar::Date;

/// How many bases are tried.
const BASES: usize = 3;

/// A fixture that others can be built on.
pub struct Base<'f> {
    /// Its name in the folder.
    pub name: &'f str,
    /// The fixture.
    pub fixture: &'f Fixture,
}

/// A fixture with how well it serves as a base.
struct Ranked<'f> {
    used: usize,
    fit: bool,
    missing: usize,
    base: Base<'f>,
}

/// The bases to try for patients of a day, the best first: fixtures that others are built on, the most used first; then
/// those that give a candidate, by name. Where there is neither, those of whom the fewest facts are missing.
pub fn bases<'f>(fixtures: &'f [Fixture], screener: &Screener, as_of: Date) -> Vec<Base<'f>> {
    let uses = uses(fixtures);
    let ranked = |fixture: &'f Fixture| {
        let referral = &fixture.read.as_ref().ok().filter(|read| read.referral.as_of == Some(as_of))?.referral;
        let screening = screener.screen(referral, as_of);
        let missing: BTreeSet<String> = asked(&screening).into_iter().flat_map(|(_, names)| names).collect();
        Some(Ranked {
            used: uses.get(&fixture.name).copied().unwrap_or_default(),
            fit: screening.decided.verdict == Decision::Candidate,
            missing: missing.len(),
            base: Base { name: &fixture.name, fixture },
        })
    };
    let mut all: Vec<Ranked> = fixtures.iter().filter_map(ranked).collect();
    let good = |own: &Ranked| own.used > 0 || own.fit;
    if all.iter().any(good) {
        all.retain(good);
        all.sort_by_key(|own| (Reverse(own.used), own.base.name));
    } else {
        all.sort_by_key(|own| (own.missing, own.base.name));
    }
    all.into_iter().take(BASES).map(|own| own.base).collect()
}

/// The fixture that a text is built on, by its name in the folder.
pub fn base_of(name: &str, text: &str) -> Option<String> {
    let (document, _) = parse(text);
    let folder = Path::new(name).parent().unwrap_or(Path::new(""));
    let base = document.get("base").and_then(Node::text)?;
    Some(folder.join(base).to_string_lossy().replace('\\', "/"))
}

/// How many fixtures are built on each.
fn uses(fixtures: &[Fixture]) -> BTreeMap<String, usize> {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for base in fixtures.iter().filter_map(|fixture| base_of(&fixture.name, &fixture.source.text)) {
        *uses.entry(base).or_default() += 1;
    }
    uses
}
