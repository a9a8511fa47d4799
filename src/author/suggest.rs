//! Fixtures that an author is asked to look at: a patient who shows something, put as a change of one that other
//! fixtures are built on, with what the pack now makes of it under `[expect]`. The fewest that show all that is wanted.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::difference::Given;
use super::fixture::{Fixture, read};
use super::list::{fresh, quoted};
use crate::analysis::witness::Witness;
use crate::engine::explain::{Options, explain};
use crate::engine::screen::{Screener, Screening};
use crate::input::document::Node;
use crate::input::referral::parse;
use crate::input::source::Source;
use crate::model::calendar::Date;
use crate::model::dictionary::FactId;
use crate::pack::program::Program;

/// How many bases are tried.
const BASES: usize = 3;

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

/// A fixture that others are built on.
struct Base<'f> {
    name: String,
    fixture: &'f Fixture,
    as_of: Date,
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
    bases: Vec<Base<'s>>,
}

impl<'s> Suggester<'s> {
    /// For a pack and the fixtures that it has in a folder.
    pub fn new(program: &'s Program, folder: &'s Path, fixtures: &'s [Fixture]) -> Suggester<'s> {
        Suggester { program, screener: Screener::new(program), folder, fixtures, bases: bases(fixtures) }
    }

    /// The fewest fixtures that show all of this, as far as any could be written; what none shows is left out.
    pub fn suggest(&self, wishes: &[Wish]) -> Vec<Suggestion> {
        let drafts: Vec<(usize, Draft)> =
            wishes.iter().enumerate().filter_map(|(index, wish)| Some((index, self.draft(wish)?))).collect();
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
                suggestions.push(Suggestion { name, base: draft.base.map(|base| base.name.clone()), text, shows: new });
            }
        }
        suggestions.sort_by(|a, b| a.name.cmp(&b.name));
        suggestions
    }

    /// The smallest change of a base that shows something, of those that contradict themselves least.
    fn draft<'b>(&'b self, wish: &Wish) -> Option<Draft<'b>> {
        let bases = self.bases.iter().map(Some).chain([None]);
        let drafts = bases.enumerate().filter_map(|(rank, base)| {
            let draft = self.changed(base, wish)?;
            let clashes = self.screened(&draft, |screening| screening.settled.conflicts.len())?;
            Some(((base.is_none(), clashes, draft.changes.len(), rank), draft))
        });
        drafts.min_by_key(|(rank, _)| *rank).map(|(_, draft)| draft)
    }

    fn changed<'b>(&'b self, base: Option<&'b Base<'b>>, wish: &Wish) -> Option<Draft<'b>> {
        let dictionary = &self.program.dictionary;
        let as_of = base.map_or(wish.witness.as_of, |base| base.as_of);
        if as_of != wish.witness.as_of {
            return None;
        }
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
        let shows = |draft: &Draft| self.screened(draft, |screening| (wish.shows)(screening)) == Some(true);
        if !shows(&draft) {
            return None;
        }
        let mut index = 0;
        while index < draft.changes.len() {
            let mut less = draft.clone();
            less.changes.remove(index);
            if shows(&less) { draft = less } else { index += 1 }
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
            Some(base) => format!("base    = {}\n", quoted(&base.name, '"')),
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

/// The fixtures that most others are built on, the most used first.
fn bases(fixtures: &[Fixture]) -> Vec<Base<'_>> {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for fixture in fixtures {
        let (document, _) = parse(&fixture.source.text);
        let folder = Path::new(&fixture.name).parent().unwrap_or(Path::new(""));
        if let Some(base) = document.get("base").and_then(Node::text) {
            *uses.entry(folder.join(base).to_string_lossy().replace('\\', "/")).or_default() += 1;
        }
    }
    let mut bases: Vec<(usize, Base)> = uses
        .into_iter()
        .filter_map(|(name, count)| {
            let fixture = fixtures.iter().find(|fixture| fixture.name == name)?;
            let as_of = fixture.read.as_ref().ok()?.referral.as_of?;
            Some((count, Base { name, fixture, as_of }))
        })
        .collect();
    bases.sort_by(|(a, one), (b, other)| b.cmp(a).then_with(|| one.name.cmp(&other.name)));
    bases.into_iter().take(BASES).map(|(_, base)| base).collect()
}

/// Writes suggestions into a folder that is made if it is not there, with the files of the bases where they are not
/// there yet. No file is written over; the paths written.
pub fn write(suggestions: &[Suggestion], from: &Path, into: &Path) -> io::Result<Vec<PathBuf>> {
    fs::create_dir_all(into)?;
    let mut written = Vec::new();
    let mut open: Vec<String> = suggestions.iter().filter_map(|suggestion| suggestion.base.clone()).collect();
    while let Some(base) = open.pop() {
        let (own, copy) = (from.join(&base), into.join(&base));
        if copy.exists() {
            continue;
        }
        let text = fs::read_to_string(&own)?;
        let (document, _) = parse(&text);
        let folder = Path::new(&base).parent().unwrap_or(Path::new(""));
        open.extend(
            document.get("base").and_then(Node::text).map(|next| folder.join(next).to_string_lossy().into_owned()),
        );
        if let Some(above) = copy.parent() {
            fs::create_dir_all(above)?;
        }
        fs::write(&copy, &text)?;
        written.push(copy);
    }
    for suggestion in suggestions {
        let path = into.join(format!("{}.toml", suggestion.name));
        fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .and_then(|mut file| io::Write::write_all(&mut file, suggestion.text.as_bytes()))?;
        written.push(path);
    }
    Ok(written)
}
