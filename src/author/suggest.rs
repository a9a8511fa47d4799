//! Fixtures that an author is asked to look at: a patient who shows something, put as a change of one with whom all is
//! well, with what the pack now makes of it under `[expect]`. The fewest that show all that is wanted.

pub mod base;
pub mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::asks::missing;
use super::difference::Given;
use super::fixture::{Fixture, read};
use super::list::{fresh, quoted};
use crate::analysis::witness::Witness;
use crate::engine::explain::{Options, explain};
use crate::engine::screen::{Screener, Screening};
use crate::input::source::Source;
use crate::model::calendar::Date;
use crate::model::dictionary::FactId;
use crate::pack::program::Program;
use base::{Base, bases};

/// Something that a fixture is wanted for.
pub struct Wish<'w> {
    /// The rule.
    pub rule: &'w str,
    /// What the fixture shows, as its title says it.
    pub title: String,
    /// A patient who shows it.
    pub witness: &'w Witness,
    /// The facts that it rests on.
    pub facts: &'w BTreeSet<FactId>,
    /// Whether a patient shows it.
    pub shows: Box<dyn Fn(&Screening) -> bool + 'w>,
}

/// A fixture to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Its file name without its ending.
    pub name: String,
    /// The fixture it is built on, by its name in the folder.
    pub base: Option<String>,
    /// Its text.
    pub text: String,
    /// What it shows of what was wanted, by position.
    pub shows: Vec<usize>,
}

/// What is said otherwise than in the base.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Change {
    fact: FactId,
    /// What is said of it; nothing takes out what the base says.
    says: Option<String>,
}

/// A fixture on its way.
#[derive(Clone)]
struct Draft<'b> {
    base: Option<&'b Base<'b>>,
    as_of: Date,
    changes: Vec<Change>,
}

/// Suggests fixtures for a folder.
pub struct Suggester<'s> {
    program: &'s Program,
    screener: Screener<'s>,
    folder: &'s Path,
    fixtures: &'s [Fixture],
}

impl<'s> Suggester<'s> {
    /// For a pack and the fixtures that it has in a folder.
    pub fn new(program: &'s Program, folder: &'s Path, fixtures: &'s [Fixture]) -> Suggester<'s> {
        Suggester { program, screener: Screener::new(program), folder, fixtures }
    }

    /// The fewest fixtures that show all of this, as far as any could be written; what none shows is left out. None has
    /// a name that is taken.
    pub fn suggest(&self, wishes: &[Wish], taken: &BTreeSet<String>) -> Vec<Suggestion> {
        let days: BTreeSet<Date> = wishes.iter().map(|wish| wish.witness.as_of).collect();
        let bases: BTreeMap<Date, Vec<Base>> =
            days.into_iter().map(|day| (day, bases(self.fixtures, &self.screener, day))).collect();
        let draft = |wish: &Wish| self.draft(wish, &bases[&wish.witness.as_of]);
        let drafts: Vec<(usize, Draft)> =
            wishes.iter().enumerate().filter_map(|(index, wish)| Some((index, draft(wish)?))).collect();
        let shown: Vec<BTreeSet<usize>> = drafts
            .iter()
            .map(|(_, draft)| {
                let holds =
                    |screening: &Screening| (0..wishes.len()).filter(|wish| (wishes[*wish].shows)(screening)).collect();
                self.screened(draft, holds).unwrap_or_default()
            })
            .collect();
        let chosen = fewest(&shown);
        let mut names: BTreeSet<String> = self.fixtures.iter().map(|fixture| fixture.case.clone()).collect();
        names.extend(taken.iter().cloned());
        let mut told: BTreeSet<usize> = BTreeSet::new();
        let mut suggestions = Vec::new();
        for index in chosen {
            let (wish, draft) = &drafts[index];
            let rule = wishes[*wish].rule;
            let free = |number: &usize| !names.contains(&format!("{rule}-{number}"));
            let name = format!("{rule}-{}", (1..).find(free).unwrap_or_default());
            names.insert(name.clone());
            let new: Vec<usize> = shown[index].iter().copied().filter(|own| told.insert(*own)).collect();
            let titles: Vec<&str> = new.iter().map(|own| wishes[*own].title.as_str()).collect();
            if let Some(text) = self.text(draft, &titles) {
                let base = draft.base.map(|base| base.name.to_owned());
                suggestions.push(Suggestion { name, base, text, shows: new });
            }
        }
        suggestions.sort_by(|a, b| a.name.cmp(&b.name));
        suggestions
    }

    /// The change of a base that shows something, or a patient built on none: the one that contradicts itself least,
    /// leaves least open, and is smallest.
    fn draft<'b>(&self, wish: &Wish, bases: &'b [Base<'b>]) -> Option<Draft<'b>> {
        let drafts = bases.iter().enumerate().filter_map(|(rank, base)| {
            let draft = self.changed(Some(base), wish)?;
            Some(((self.screened(&draft, flaws)?, draft.changes.len(), rank), draft))
        });
        drafts.min_by_key(|(rank, _)| *rank).map(|(_, draft)| draft).or_else(|| self.changed(None, wish))
    }

    fn changed<'b>(&self, base: Option<&'b Base<'b>>, wish: &Wish) -> Option<Draft<'b>> {
        let dictionary = &self.program.dictionary;
        let as_of = wish.witness.as_of;
        let said: Vec<FactId> = base
            .and_then(|base| base.fixture.read.as_ref().ok())
            .map_or_else(Vec::new, |read| read.referral.facts.iter().map(|said| said.fact).collect());
        let given: BTreeMap<FactId, &String> =
            wish.witness.facts.iter().filter_map(|(name, value)| Some((dictionary.find(name)?, value))).collect();
        let mut changes: Vec<Change> =
            given.iter().map(|(fact, value)| Change { fact: *fact, says: Some((*value).clone()) }).collect();
        let silent = wish.facts.iter().filter(|fact| said.contains(fact) && !given.contains_key(fact));
        changes.extend(silent.map(|fact| Change { fact: *fact, says: None }));
        changes.sort_by_key(|change| change.fact);
        let mut draft = Draft { base, as_of, changes };
        // Smaller is better only as far as the fixture does not say less for it.
        let flaws = |draft: &Draft| {
            self.screened(draft, |screening| (wish.shows)(screening).then(|| flaws(screening))).flatten()
        };
        let mut least = flaws(&draft)?;
        let mut index = 0;
        while index < draft.changes.len() {
            let mut less = draft.clone();
            less.changes.remove(index);
            match flaws(&less) {
                Some(own) if own <= least => (draft, least) = (less, own),
                _ => index += 1,
            }
        }
        Some(draft)
    }

    /// What is made of a draft once it is screened; nothing if it cannot be.
    fn screened<T>(&self, draft: &Draft, of: impl FnOnce(&Screening) -> T) -> Option<T> {
        let fixture = self.fixture(self.body(draft));
        let referral = &fixture.read.as_ref().ok()?.referral;
        Some(of(&self.screener.screen(referral, draft.as_of)))
    }

    fn fixture(&self, text: String) -> Fixture {
        let path = self.folder.join("suggested.toml");
        let source = Source { name: path.display().to_string(), text };
        read(self.folder, path, source, self.program)
    }

    /// The referral of a draft.
    fn body(&self, draft: &Draft) -> String {
        let dictionary = &self.program.dictionary;
        let name = |change: &Change| dictionary.fact(change.fact).name.clone();
        let (said, silent): (Vec<&Change>, Vec<&Change>) =
            draft.changes.iter().partition(|change| change.says.is_some());
        let mut text = match draft.base {
            Some(base) => format!("base    = {}\n", quoted(base.name, '"')),
            None => format!("as_of   = {}\n", draft.as_of),
        };
        if !silent.is_empty() {
            let names: Vec<String> = silent.into_iter().map(name).collect();
            text.push_str(&format!("without = {}\n", fresh(&names, 10, "\n")));
        }
        if !said.is_empty() {
            text.push_str("\n[facts]\n");
            let width = said.iter().map(|change| name(change).len()).max().unwrap_or(0);
            for change in said {
                text.push_str(&format!("{:width$} = {}\n", name(change), change.says.as_deref().unwrap_or_default()));
            }
        }
        text
    }

    /// The whole text of a fixture.
    fn text(&self, draft: &Draft, titles: &[&str]) -> Option<String> {
        let given = self.screened(draft, |screening| {
            Given::of(screening, &explain(screening, Options { all: true, as_of_today: false }))
        })?;
        let (first, others) = titles.split_first()?;
        let mut text =
            String::from("# Suggested: look whether the sources want [expect] so, then take this line out.\n");
        if !others.is_empty() {
            text.push_str("# It also shows:\n");
            others.iter().for_each(|title| text.push_str(&format!("#   {title}\n")));
        }
        text.push_str(&format!("title   = {}\n{}", quoted(first, '"'), self.body(draft)));
        let list = |names: &[String]| fresh(names, 10, "\n");
        text.push_str(&format!(
            "\n[expect]\nverdict = {}\nfires   = {}\nmissing = {}\n",
            quoted(given.verdict.word(), '"'),
            list(&given.fires),
            list(&given.missing)
        ));
        (given.faults.is_empty() && self.fixture(text.clone()).read.is_ok()).then_some(text)
    }
}

/// How many contradictions a patient has, and how many facts are missing.
fn flaws(screening: &Screening) -> (usize, usize) {
    (screening.settled.conflicts.len(), missing(screening).len())
}

/// The fewest of some sets that hold all that they hold together: the one with most that is new first, and then none
/// that the others make needless.
fn fewest(sets: &[BTreeSet<usize>]) -> Vec<usize> {
    let mut open: BTreeSet<usize> = sets.iter().flatten().copied().collect();
    let mut chosen: Vec<usize> = Vec::new();
    while !open.is_empty() {
        let best =
            (0..sets.len()).max_by_key(|index| (sets[*index].intersection(&open).count(), std::cmp::Reverse(*index)));
        let Some(best) = best.filter(|best| !sets[*best].is_disjoint(&open)) else { break };
        open.retain(|own| !sets[best].contains(own));
        chosen.push(best);
    }
    let mut index = 0;
    while index < chosen.len() {
        let others = chosen.iter().filter(|other| **other != chosen[index]).flat_map(|other| &sets[*other]);
        let others: BTreeSet<&usize> = others.collect();
        let needless = sets[chosen[index]].iter().all(|own| others.contains(own));
        if needless { _ = chosen.remove(index) } else { index += 1 }
    }
    chosen.sort_unstable();
    chosen
}
