//! Fixtures screened once, so that a mutant is judged on charts alone, and each chart that a rule cannot tell from
//! another is looked at once.

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use crate::analysis::reach::conds_of;
use crate::analysis::walk;
use crate::author::asks::{asked, gives};
use crate::author::cover::usual_day;
use crate::author::fixture::Fixture;
use crate::engine::chart::Slot;
use crate::engine::screen::{Screener, Screening};
use crate::model::calendar::Date;
use crate::model::dictionary::FactId;
use crate::pack::program::{Program, Rule, Test};

/// The fixtures of a pack, screened.
pub struct Cases<'p> {
    /// The pack.
    pub program: &'p Program,
    /// Every fixture.
    pub all: Vec<Case<'p>>,
    /// For every fact which charts hold the same of it: a number a case.
    alike: Vec<OnceLock<Vec<u32>>>,
    groups: Vec<OnceLock<Groups>>,
}

/// A fixture, screened.
pub struct Case<'p> {
    /// The fixture.
    pub fixture: &'p Fixture,
    /// What came of it.
    pub screening: Screening<'p>,
    /// What is asked for each rule that is unknown, in pack order; empty where the fixture does not say what is asked.
    pub asked: Vec<(usize, BTreeSet<String>)>,
}

/// The cases that one rule tells apart.
pub struct Groups {
    /// A case of each group.
    pub firsts: Vec<usize>,
    /// The group of each case.
    pub of: Vec<u32>,
}

impl<'p> Cases<'p> {
    /// The fixtures of a pack, or those that do not give what they expect.
    pub fn new(program: &'p Program, fixtures: &'p [Fixture]) -> Result<Cases<'p>, Vec<&'p Fixture>> {
        let screener = Screener::new(program);
        let (mut all, mut failed) = (Vec::with_capacity(fixtures.len()), Vec::new());
        for fixture in fixtures {
            let screened = fixture.read.as_ref().ok().map(|read| {
                let screening = screener.screen(&read.referral, read.referral.as_of.unwrap_or_default());
                let told = fixture.expect.missing.is_some();
                Case { fixture, asked: if told { asked(&screening) } else { Vec::new() }, screening }
            });
            match screened {
                Some(case) if gives(&case.screening, &fixture.expect) => all.push(case),
                _ => failed.push(fixture),
            }
        }
        if !failed.is_empty() {
            return Err(failed);
        }
        let (facts, rules) = (program.dictionary.len(), program.rules.len());
        let alike = (0..facts).map(|_| OnceLock::new()).collect();
        Ok(Cases { program, all, alike, groups: (0..rules).map(|_| OnceLock::new()).collect() })
    }

    /// The day that most of them are of.
    pub fn usual_day(&self) -> Date {
        usual_day(self.all.iter().map(|case| &case.screening)).unwrap_or_default()
    }

    /// The cases that a rule tells apart.
    pub fn groups(&self, rule: usize) -> &Groups {
        self.groups[rule].get_or_init(|| self.grouped(&self.program.rules[rule]))
    }

    /// A script that runs in Rhai came to what it came to for each case, and so did arithmetic without a result.
    fn grouped(&self, rule: &Rule) -> Groups {
        let reads: BTreeSet<FactId> =
            conds_of(rule).map(walk::reads).flat_map(|reads| reads.facts.into_iter().chain(reads.lists)).collect();
        let scripted = matches!(rule.test, Test::Scripted(_));
        let mut known: HashMap<(Date, Option<usize>, Vec<u32>), u32> = HashMap::new();
        let mut groups = Groups { firsts: Vec::new(), of: Vec::with_capacity(self.all.len()) };
        for (index, case) in self.all.iter().enumerate() {
            let chart = &case.screening.settled.chart;
            let holds = reads.iter().map(|fact| self.alike(*fact)[index]).collect();
            let key = (chart.as_of, (scripted || chart.faulty).then_some(index), holds);
            let group = *known.entry(key).or_insert_with(|| {
                groups.firsts.push(index);
                groups.firsts.len() as u32 - 1
            });
            groups.of.push(group);
        }
        groups
    }

    fn alike(&self, fact: FactId) -> &[u32] {
        self.alike[fact.index()].get_or_init(|| {
            let mut known: Vec<&Slot> = Vec::new();
            let mut numbers = Vec::with_capacity(self.all.len());
            for case in &self.all {
                let slot = case.screening.settled.chart.slot(fact);
                let at = known.iter().position(|own| *own == slot).unwrap_or_else(|| {
                    known.push(slot);
                    known.len() - 1
                });
                numbers.push(at as u32);
            }
            numbers
        })
    }
}
