//! What patients who were screened teach of conditions that are out of reach.

use super::logic::{Bit, Tri};
use super::reach::base;
use super::space::{Level, Space, Unreachable};
use super::walk;
use crate::engine::eval::Eval;
use crate::engine::screen::Screening;
use crate::model::truth::Truth;
use crate::pack::ir::{Each, Relation};

impl Space<'_> {
    /// Learns from a patient that was screened what conditions out of reach come to where the facts they read are these.
    /// It holds for this patient alone, and so under `refined` only: a proof does not rest on it.
    pub fn learn(&mut self, screenings: &[Screening]) {
        let mut lessons: Vec<Vec<Bit>> = Vec::new();
        for Unreachable { pack, leaf, level, tri } in self.unreachable.values() {
            let (program, settled) = (self.programs[*pack], &screenings[*pack].settled);
            let chart = if *level == Level::Given { settled.judged() } else { &settled.chart };
            let truth = Eval::new(&program.dictionary, chart).cond(leaf, None);
            let reads = walk::reads(leaf);
            let mut lesson = vec![!self.refined];
            for group in reads.facts.iter().filter_map(|fact| base(program, *fact)) {
                let bits = self.where_cells.get(&group).map(|index| &self.cells[*index].1);
                lesson.extend(bits.into_iter().flatten().filter(|bit| self.logic.holds(**bit)).map(|bit| !*bit));
            }
            for list in &reads.lists {
                let name = &program.dictionary.fact(*list).name;
                let Some(list) = self.where_list.get(name).map(|index| &self.lists[*index]) else { continue };
                let bits = list.known.iter().chain([&list.open]).chain(&list.has);
                lesson.extend(bits.map(|bit| if self.logic.holds(*bit) { !*bit } else { *bit }));
            }
            for (bit, holds) in [(tri.yes, truth == Truth::True), (tri.no, truth == Truth::False)] {
                lessons.push([&lesson[..], &[if holds { bit } else { !bit }]].concat());
            }
        }
        lessons.iter().for_each(|lesson| self.logic.require(lesson));
    }

    /// What holds of the patient that was found last, as far as a referral can say it.
    pub fn model(&self) -> Vec<Bit> {
        let cells = self.cells.iter().flat_map(|(_, bits)| bits.iter().copied().filter(|bit| self.logic.holds(*bit)));
        let of_lists = self.lists.iter().flat_map(|list| list.known.iter().chain([&list.open]).chain(&list.has));
        let given = self.given.values().flat_map(|(yes, no)| [yes, no]);
        let both = of_lists.chain(given).map(|bit| if self.logic.holds(*bit) { *bit } else { !*bit });
        cells.chain(both).collect()
    }
}

impl<'p> Space<'p> {
    /// What a count comes to where a list has the members it has here. There may be more of a kind than are told apart
    /// here, so that this holds under `refined` only.
    pub(super) fn as_counted(
        &mut self,
        pack: usize,
        (relation, number): (Relation, i64),
        each: &'p Each,
        level: Level,
        tri: Tri,
    ) {
        let name = &self.programs[pack].dictionary.fact(each.list).name;
        let (Some(list), Ok(number)) = (self.list(name), usize::try_from(number)) else { return };
        if number > MOST_COUNTED {
            return;
        }
        let (known, open) = self.list_at(pack, list, level);
        let (mut sure, mut possible) = (Vec::new(), Vec::new());
        for (kind, has) in self.lists[list].has.clone().into_iter().enumerate() {
            let passes = self.of_member(pack, list, (kind, each), &each.body, level);
            sure.push(self.logic.and(&[has, passes.yes]));
            possible.push(self.logic.and(&[has, !passes.no]));
        }
        let logic = &mut self.logic;
        let mut at_least = |number: usize| Tri {
            yes: logic.at_least(number, &sure),
            no: {
                let some = logic.at_least(number, &possible);
                logic.and(&[!open, !some])
            },
        };
        let (this, more) = (at_least(number), at_least(number + 1));
        let came = match relation {
            Relation::AtLeast => this,
            Relation::Greater => more,
            Relation::Less => !this,
            Relation::AtMost => !more,
            Relation::Equal => logic.all(&[this, !more]),
            Relation::Unequal => !logic.all(&[this, !more]),
        };
        for (bit, is) in [(tri.yes, came.yes), (tri.no, came.no)] {
            let is = self.logic.and(&[known, is]);
            self.logic.require(&[!self.refined, !bit, is]);
            self.logic.require(&[!self.refined, bit, !is]);
        }
    }
}

/// Larger numbers than this are not counted.
const MOST_COUNTED: usize = 6;
