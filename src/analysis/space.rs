//! All patients there could be, as one or two packs can tell them apart: a variable for each cell of a fact and for
//! each kind of member of a list, and what rules, conflicts and verdicts come to over them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::cells::{Cells, Leaf, address};
use super::given::{Candidate, Given};
use super::logic::{Bit, Logic, Tri};
use super::members::{self, Asked, Members};
use super::reach::{Class, asked, base, class, counted, is_of_member, limit, named};
use super::scope::Scope;
use super::threshold::Thresholds;
use super::walk;
use crate::engine::decide::Decision;
use crate::model::calendar::Date;
use crate::model::dictionary::FactId;
use crate::model::truth::Truth;
use crate::pack::ir::{Cond, Each, Quantifier};
use crate::pack::program::{Conflict, Effect, Formula, Program, Rule, Test, Weight};

/// All patients there could be.
pub struct Space<'p> {
    /// The packs: one, or two to compare.
    pub programs: Vec<&'p Program>,
    /// The day.
    pub as_of: Date,
    /// The solver.
    pub logic: Logic,
    /// Facts that are no lists, with a variable a cell.
    pub cells: Vec<(Cells, Vec<Bit>)>,
    /// Lists.
    pub lists: Vec<List>,
    /// Computed yes-or-no facts that may be given, too, with whether that is yes or no.
    pub given: BTreeMap<String, (Bit, Bit)>,
    /// What is out of reach, and why, in words.
    pub beyond: BTreeSet<String>,
    conflicts: Vec<(usize, &'p Conflict)>,
    pub(super) where_cells: HashMap<String, usize>,
    pub(super) where_list: HashMap<String, usize>,
    pub(super) unreachable: BTreeMap<String, Unreachable<'p>>,
    /// Whether conditions out of reach come to what they came to for the patients that were screened.
    pub refined: Bit,
    known: HashMap<(usize, usize, Level), Tri>,
    doubts: HashMap<(usize, String), Bit>,
    lacks: HashMap<(usize, String), Bit>,
}

/// Whether facts are looked at as they are given, or as they stand once conflicts have left some in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// As given: what conflicts are judged on.
    Given,
    /// As settled: what rules are judged on.
    Settled,
}

/// A condition that is out of reach.
pub(super) struct Unreachable<'p> {
    pub(super) pack: usize,
    pub(super) leaf: &'p Cond,
    pub(super) level: Level,
    pub(super) tri: Tri,
}

/// A list, as a solver has it.
pub struct List {
    /// What it can hold.
    pub members: Members,
    /// For each pack whether it is known: results may be too old for one pack only.
    pub known: Vec<Bit>,
    /// Whether there may be further members.
    pub open: Bit,
    /// For each kind of member whether there is one.
    pub has: Vec<Bit>,
}

/// What a rule comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleBits {
    /// Whether it fires.
    pub fires: Bit,
    /// Whether it is clear, or does not apply.
    pub clear: Bit,
}

impl<'p> Space<'p> {
    /// The space that one or two packs tell apart.
    pub fn new(programs: Vec<&'p Program>, as_of: Date) -> Space<'p> {
        Space::over(Scope::all(programs), as_of)
    }

    /// The space that what is looked at tells apart.
    pub fn over(scope: Scope<'p>, as_of: Date) -> Space<'p> {
        let mut thresholds = Thresholds::default();
        for (pack, program) in scope.programs.iter().enumerate() {
            let own = scope.conds.iter().filter(|(own, _)| *own == pack).map(|(_, cond)| *cond);
            thresholds.add(program, own.chain(scope.of_members.iter().map(|(_, cond)| *cond)));
        }
        let mut space = Space {
            programs: scope.programs,
            conflicts: scope.conflicts,
            as_of,
            logic: Logic::default(),
            cells: Vec::new(),
            lists: Vec::new(),
            given: BTreeMap::new(),
            beyond: BTreeSet::new(),
            where_cells: HashMap::new(),
            where_list: HashMap::new(),
            unreachable: BTreeMap::new(),
            refined: Bit::Known(true),
            known: HashMap::new(),
            doubts: HashMap::new(),
            lacks: HashMap::new(),
        };
        space.refined = space.logic.var(true);
        let mut of_cells: BTreeMap<String, Vec<Leaf<'p>>> = BTreeMap::new();
        let mut of_lists: BTreeMap<String, Vec<Asked<'p>>> = BTreeMap::new();
        let mut derived: BTreeSet<String> = BTreeSet::new();
        let (mut varied, mut many): (BTreeSet<String>, BTreeSet<String>) = Default::default();
        let mut found: Vec<Leaf<'p>> = Vec::new();
        for (pack, cond) in &scope.conds {
            let mut own = Vec::new();
            members::leaves(cond, &mut own);
            found.extend(own.into_iter().map(|leaf| (*pack, leaf)));
        }
        while let Some((pack, leaf)) = found.pop() {
            let program = space.programs[pack];
            match class(program, leaf) {
                Class::Cells(group) | Class::Sampled(group, _) => {
                    of_cells.entry(group).or_default().push((pack, leaf));
                }
                Class::Members(list, _, each, _) => {
                    let own = asked(each, scope.fine).into_iter().map(|cond| (pack, each.level, cond));
                    of_lists.entry(list).or_default().extend(own);
                    // What a closure asks of everything else is asked like the rest.
                    let mut inside = Vec::new();
                    members::leaves(&each.body, &mut inside);
                    let outside = inside.into_iter().filter(|leaf| !is_of_member(leaf, each));
                    found.extend(outside.map(|leaf| (pack, leaf)));
                }
                Class::Empty(list) => drop(of_lists.entry(list).or_default()),
                Class::Derived(fact) => drop(derived.insert(fact)),
                // What is out of reach is not told apart, and read all the same.
                Class::Beyond(_) => {
                    if let Some((_, each, _)) = counted(leaf) {
                        let list = program.dictionary.fact(each.list).name.clone();
                        let own = asked(each, scope.fine).into_iter().map(|cond| (pack, each.level, cond));
                        of_lists.entry(list.clone()).or_default().extend(own);
                        many.insert(list);
                    }
                    let reads = walk::reads(leaf);
                    for list in reads.lists {
                        of_lists.entry(program.dictionary.fact(list).name.clone()).or_default();
                    }
                    for group in reads.facts.into_iter().filter_map(|fact| base(program, fact)) {
                        of_cells.entry(group.clone()).or_default();
                        varied.insert(group);
                    }
                }
            }
        }
        for (each, cond) in &scope.of_members {
            let list = space.programs[0].dictionary.fact(each.list).name.clone();
            of_lists.entry(list).or_default().push((0, each.level, cond));
        }
        for (group, leaves) in of_cells {
            space.add_cells(&thresholds, &group, &leaves, varied.contains(&group));
        }
        for (list, bodies) in of_lists {
            let copies = if many.contains(&list) { COPIES } else { 1 };
            space.add_list(&thresholds, &list, &bodies, copies);
        }
        for fact in derived {
            let bits = (space.logic.var(false), space.logic.var(false));
            space.logic.require(&[!bits.0, !bits.1]);
            space.given.insert(fact, bits);
        }
        for pack in 0..space.programs.len() {
            space.add_doubts(pack);
        }
        space
    }

    /// When conflicts of a pack leave facts in doubt, and lists open.
    fn add_doubts(&mut self, pack: usize) {
        let program = self.programs[pack];
        let mut doubts: BTreeMap<FactId, Vec<Bit>> = BTreeMap::new();
        let mut lacks: BTreeMap<FactId, Vec<Bit>> = BTreeMap::new();
        let own: Vec<&Conflict> =
            self.conflicts.iter().filter(|(own, _)| *own == pack).map(|(_, conflict)| *conflict).collect();
        for conflict in own {
            let found = self.cond(pack, &conflict.when, Level::Given).yes;
            conflict.doubts.iter().for_each(|fact| doubts.entry(*fact).or_default().push(found));
            conflict.lacks.iter().for_each(|fact| lacks.entry(*fact).or_default().push(found));
        }
        for (fact, bits) in doubts {
            let some = self.logic.or(&bits);
            self.doubts.insert((pack, program.dictionary.fact(fact).name.clone()), some);
        }
        for (fact, bits) in lacks {
            let some = self.logic.or(&bits);
            self.lacks.insert((pack, program.dictionary.fact(fact).name.clone()), some);
        }
    }

    /// When a fact is in doubt at a level.
    fn in_doubt(&self, pack: usize, fact: &str, level: Level) -> Bit {
        match level {
            Level::Given => Bit::Known(false),
            Level::Settled => self.doubts.get(&(pack, fact.to_owned())).copied().unwrap_or(Bit::Known(false)),
        }
    }

    /// Whether a list is known, and whether it may lack members, at a level.
    pub fn list_at(&mut self, pack: usize, index: usize, level: Level) -> (Bit, Bit) {
        let (name, known, open) = {
            let list = &self.lists[index];
            (list.members.fact.clone(), list.known[pack], list.open)
        };
        let doubted = self.in_doubt(pack, &name, level);
        let lacks = match level {
            Level::Given => Bit::Known(false),
            Level::Settled => self.lacks.get(&(pack, name)).copied().unwrap_or(Bit::Known(false)),
        };
        (self.logic.and(&[known, !doubted]), self.logic.or(&[open, lacks]))
    }

    fn add_cells(&mut self, thresholds: &Thresholds, group: &str, leaves: &[Leaf<'p>], varied: bool) {
        let mut facts: Vec<String> = vec![group.to_owned()];
        for program in &self.programs {
            let computed =
                program.derived.iter().filter(|derived| base(program, derived.fact).as_deref() == Some(group));
            for derived in computed {
                let name = &program.dictionary.fact(derived.fact).name;
                if !facts.contains(name) && !matches!(derived.formula, Formula::Cond(_)) {
                    facts.push(name.clone());
                }
            }
        }
        let cells = Cells::new(&self.programs, thresholds, facts, leaves, varied, self.as_of);
        let bits: Vec<Bit> = (0..cells.cells.len()).map(|cell| self.logic.var(cell == 0)).collect();
        self.logic.exactly_one(&bits);
        self.where_cells.insert(group.to_owned(), self.cells.len());
        self.cells.push((cells, bits));
    }

    fn add_list(&mut self, thresholds: &Thresholds, list: &str, bodies: &[Asked<'p>], copies: usize) {
        let Some(members) = Members::new(&self.programs, thresholds, list, bodies, (self.as_of, copies)) else {
            self.beyond.insert(format!("the members of `{list}` differ in too many ways"));
            return;
        };
        let limits: Vec<Option<i64>> = self.programs.iter().map(|program| limit(program, list)).collect();
        let first = self.logic.var(false);
        let known: Vec<Bit> = match limits[..] {
            [a, b] if a != b => {
                let second = self.logic.var(false);
                let older = |a: Option<i64>, b: Option<i64>| a.is_none_or(|a| b.is_some_and(|b| a > b));
                // What is young enough for the stricter pack is so for the other.
                let (strict, lax) = if older(a, b) { (second, first) } else { (first, second) };
                self.logic.require(&[!strict, lax]);
                vec![first, second]
            }
            _ => vec![first; self.programs.len()],
        };
        let open = self.logic.var(false);
        let has: Vec<Bit> = members.kinds.iter().map(|_| self.logic.var(false)).collect();
        // A list that nobody knows of has no members and is not called open, so that no patient is counted twice.
        let some: Vec<Bit> = known.clone();
        for bit in has.iter().chain([&open]) {
            self.logic.require(&[&[!*bit], &some[..]].concat());
        }
        self.where_list.insert(list.to_owned(), self.lists.len());
        self.lists.push(List { members, known, open, has });
    }

    /// What a condition of a pack comes to.
    pub fn cond(&mut self, pack: usize, cond: &'p Cond, level: Level) -> Tri {
        let key = (pack, address(cond), level);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let tri = self.joined(cond, |space, part| space.cond(pack, part, level));
        let tri = tri.unwrap_or_else(|| self.leaf(pack, cond, level));
        self.known.insert(key, tri);
        tri
    }

    /// What a condition comes to whose parts are conditions; none of any other.
    pub fn joined(&mut self, cond: &'p Cond, mut of: impl FnMut(&mut Self, &'p Cond) -> Tri) -> Option<Tri> {
        Some(match cond {
            Cond::Literal(value) => Tri::known(*value),
            Cond::Not(inner) => !of(self, inner),
            Cond::And(parts) => {
                let parts: Vec<Tri> = parts.iter().map(|part| of(self, part)).collect();
                self.logic.all(&parts)
            }
            Cond::Or(parts) => {
                let parts: Vec<Tri> = parts.iter().map(|part| of(self, part)).collect();
                self.logic.any(&parts)
            }
            Cond::Same(a, b) => {
                let (a, b) = (of(self, a), of(self, b));
                self.logic.same(a, b)
            }
            Cond::If(test, yes, no) => {
                let (test, yes, no) = (of(self, test), of(self, yes), of(self, no));
                self.logic.choice(test, yes, no)
            }
            _ => return None,
        })
    }

    fn leaf(&mut self, pack: usize, leaf: &'p Cond, level: Level) -> Tri {
        match class(self.programs[pack], leaf) {
            Class::Derived(name) => self.derived(pack, &name, level),
            Class::Cells(group) => {
                let index = self.where_cells[&group];
                if self.cells[index].0.complete {
                    return self.of_cells(pack, leaf, index, level);
                }
                let facts = self.cells[index].0.facts.join("` and `");
                self.sampled(pack, leaf, index, level, format!("`{facts}` can be said together in too many ways"))
            }
            Class::Sampled(group, why) => self.sampled(pack, leaf, self.where_cells[&group], level, why),
            Class::Members(name, quantifier, each, negated) => {
                let Some(index) = self.where_list.get(&name).copied() else {
                    return self.out_of_reach(leaf, pack, level);
                };
                let tri = self.of_members(pack, index, quantifier, each, level);
                if negated { !tri } else { tri }
            }
            Class::Empty(name) => {
                let Some(index) = self.where_list.get(&name).copied() else {
                    return self.out_of_reach(leaf, pack, level);
                };
                let (known, open) = self.list_at(pack, index, level);
                let has = self.lists[index].has.clone();
                let some = self.logic.or(&has);
                Tri { yes: self.logic.and(&[known, !open, !some]), no: self.logic.and(&[known, some]) }
            }
            Class::Beyond(why) => {
                self.beyond.insert(why);
                self.out_of_reach(leaf, pack, level)
            }
        }
    }

    fn of_cells(&mut self, pack: usize, leaf: &Cond, index: usize, level: Level) -> Tri {
        let (cells, bits) = &self.cells[index];
        let doubts: Vec<Bit> = cells.facts.iter().map(|fact| self.in_doubt(pack, fact, level)).collect();
        let of = |set: u8, wanted: Truth| -> Option<Vec<Bit>> {
            let truths = cells.truths.get(&(pack, address(leaf), set))?;
            let own = bits.iter().zip(truths).filter(|(_, truth)| **truth == wanted);
            Some(own.map(|(bit, _)| *bit).collect())
        };
        let all = bits.len();
        let sets: Vec<(u8, Vec<Bit>, Vec<Bit>)> = (0..1_u8 << cells.facts.len())
            .filter_map(|set| Some((set, of(set, Truth::True)?, of(set, Truth::False)?)))
            .collect();
        let mut parts: Vec<(Bit, Tri)> = Vec::new();
        for (set, yes, no) in sets {
            let tri = Tri { yes: self.some_cell(&yes, all), no: self.some_cell(&no, all) };
            let in_set = |at: usize| set >> at & 1 == 1;
            let when: Vec<Bit> =
                doubts.iter().enumerate().map(|(at, bit)| if in_set(at) { *bit } else { !*bit }).collect();
            parts.push((self.logic.and(&when), tri));
        }
        let mut side = |of: fn(&Tri) -> Bit| {
            let own: Vec<Bit> = parts.iter().map(|(when, tri)| self.logic.and(&[*when, of(tri)])).collect();
            self.logic.or(&own)
        };
        Tri { yes: side(|tri| tri.yes), no: side(|tri| tri.no) }
    }

    /// A condition that is known in each cell, where there may be more than these: for those who are looked for, it is as
    /// in their cell.
    fn sampled(&mut self, pack: usize, leaf: &'p Cond, index: usize, level: Level, why: String) -> Tri {
        self.beyond.insert(why);
        let (tri, known) = (self.out_of_reach(leaf, pack, level), self.of_cells(pack, leaf, index, level));
        for (bit, is) in [(tri.yes, known.yes), (tri.no, known.no)] {
            self.logic.require(&[!self.refined, !bit, is]);
            self.logic.require(&[!self.refined, bit, !is]);
        }
        tri
    }

    fn of_members(&mut self, pack: usize, index: usize, quantifier: Quantifier, each: &'p Each, level: Level) -> Tri {
        let kinds = 0..self.lists[index].has.len();
        let tris: Vec<Tri> = kinds.map(|kind| self.of_member(pack, index, (kind, each), &each.body, level)).collect();
        self.quantified(pack, index, quantifier, &tris, level)
    }

    /// Whether some or every member of a list passes, by what the condition comes to for each kind of member.
    pub fn quantified(&mut self, pack: usize, index: usize, quantifier: Quantifier, tris: &[Tri], level: Level) -> Tri {
        let (known, open) = self.list_at(pack, index, level);
        let has = self.lists[index].has.clone();
        let (mut found, mut others) = (Vec::new(), vec![known, !open]);
        for (has, tri) in has.into_iter().zip(tris) {
            let (settles, rest) = match quantifier {
                Quantifier::Some => (tri.yes, tri.no),
                Quantifier::All => (tri.no, tri.yes),
            };
            found.push(self.logic.and(&[has, settles]));
            others.push(self.logic.or(&[!has, rest]));
        }
        let found = self.logic.or(&found);
        let found = self.logic.and(&[known, found]);
        let others = self.logic.and(&others);
        match quantifier {
            Quantifier::Some => Tri { yes: found, no: others },
            Quantifier::All => Tri { yes: others, no: found },
        }
    }

    /// What a condition comes to for a kind of member: known of the member itself, asked of everything else.
    pub fn of_member(
        &mut self,
        pack: usize,
        index: usize,
        (kind, each): (usize, &'p Each),
        cond: &'p Cond,
        level: Level,
    ) -> Tri {
        if let Some(truths) = self.lists[index].members.truths.get(&(pack, address(cond))) {
            return Tri::of(truths[kind]);
        }
        let tri = self.joined(cond, |space, part| space.of_member(pack, index, (kind, each), part, level));
        tri.unwrap_or_else(|| self.cond(pack, cond, level))
    }

    /// What a condition comes to for a kind of member, if it was looked at.
    pub fn known_of(&self, list: usize, kind: usize, cond: &Cond) -> Option<Tri> {
        let truths = self.lists[list].members.truths.get(&(0, address(cond)))?;
        Some(Tri::of(truths[kind]))
    }

    /// The list of a name.
    pub fn list(&self, name: &str) -> Option<usize> {
        self.where_list.get(name).copied()
    }

    /// Some of the cells; where those are most, none of the others.
    fn some_cell(&mut self, bits: &[Bit], all: usize) -> Bit {
        if bits.len() == all { Bit::Known(true) } else { self.logic.or(bits) }
    }

    /// A condition that may come to anything, for all that is known here. Two of one text come to the same.
    fn out_of_reach(&mut self, leaf: &'p Cond, pack: usize, level: Level) -> Tri {
        let key = format!("{level:?} {}", named(self.programs[pack], leaf));
        if let Some(known) = self.unreachable.get(&key) {
            return known.tri;
        }
        let tri = self.logic.anything();
        self.unreachable.insert(key, Unreachable { pack, leaf, level, tri });
        if let Cond::Quantified(quantifier, each) = leaf {
            self.at_its_ends(pack, *quantifier, each, level, tri);
        }
        if let Some((relation, each, number)) = counted(leaf) {
            self.as_counted(pack, (relation, number), each, level, tri);
        }
        tri
    }

    /// What is certain of a condition on members whatever it asks of them: of a list that nobody knows it is unknown, and
    /// of one without members it is settled.
    fn at_its_ends(&mut self, pack: usize, quantifier: Quantifier, each: &Each, level: Level, tri: Tri) {
        let name = &self.programs[pack].dictionary.fact(each.list).name;
        let Some(index) = self.list(name) else { return };
        let (known, open) = self.list_at(pack, index, level);
        let rest = if quantifier == Quantifier::All { tri.yes } else { tri.no };
        let has = self.lists[index].has.clone();
        self.logic.require(&[&[!known, open, rest], &has[..]].concat());
        self.logic.require(&[known, !tri.yes]);
        self.logic.require(&[known, !tri.no]);
        self.logic.require(&[!open, !rest]);
    }

    /// A computed yes or no beside what is given of it: what both say, and unknown where they contradict.
    fn derived(&mut self, pack: usize, name: &str, level: Level) -> Tri {
        let program = self.programs[pack];
        let own = program.derived.iter().find(|derived| program.dictionary.fact(derived.fact).name == name);
        let computed = match own.map(|derived| &derived.formula) {
            Some(Formula::Cond(cond)) => self.cond(pack, cond, level),
            _ => Tri::UNKNOWN,
        };
        // What contradicts as given stays in doubt, whatever else does.
        let judged = match own.map(|derived| &derived.formula) {
            Some(Formula::Cond(cond)) if level == Level::Settled => self.cond(pack, cond, Level::Given),
            _ => computed,
        };
        let (yes, no) = self.given[name];
        let silent = self.logic.and(&[!yes, !no]);
        let doubted = self.in_doubt(pack, name, level);
        let mut side = |given: Bit, computed: Bit, against: [Bit; 2]| {
            let parts = [self.logic.and(&[silent, computed]), self.logic.and(&[given, !against[0], !against[1]])];
            let some = self.logic.or(&parts);
            self.logic.and(&[!doubted, some])
        };
        // What stands once it is reported is true whatever is computed.
        let stands = own.is_some_and(|derived| derived.stands);
        let against = if stands { [Bit::Known(false); 2] } else { [computed.no, judged.no] };
        Tri { yes: side(yes, computed.yes, against), no: side(no, computed.no, [computed.yes, judged.yes]) }
    }

    /// What a rule of a pack comes to.
    pub fn rule(&mut self, pack: usize, rule: &'p Rule) -> RuleBits {
        let test = match &rule.test {
            Test::Lowered(cond) => self.cond(pack, cond, Level::Settled),
            Test::Scripted(scripted) => {
                self.beyond.insert(format!("the rule `{}` runs as a script: {}", rule.id, scripted.construct));
                self.logic.anything()
            }
        };
        let guard = rule.guard.as_ref().map_or(Tri::known(true), |guard| self.cond(pack, guard, Level::Settled));
        self.comes(rule.effect, guard, test)
    }

    /// What a rule comes to, by what its guard and its script come to.
    pub fn comes(&mut self, effect: Effect, guard: Tri, test: Tri) -> RuleBits {
        let test = if effect == Effect::Require { !test } else { test };
        RuleBits { fires: self.logic.and(&[guard.yes, test.yes]), clear: self.logic.or(&[guard.no, test.no]) }
    }

    /// What every rule of a pack comes to.
    pub fn rules(&mut self, pack: usize) -> Vec<RuleBits> {
        let program = self.programs[pack];
        program.rules.iter().map(|rule| self.rule(pack, rule)).collect()
    }

    /// That no conflict of any pack is found.
    pub fn consistent(&mut self) -> Vec<Bit> {
        let own = self.conflicts.clone();
        own.into_iter().map(|(pack, conflict)| !self.cond(pack, &conflict.when, Level::Given).yes).collect()
    }

    /// That everything is said outright: values rather than bounds, of the day itself where they have one, and lists that
    /// lack no members.
    pub fn outright(&mut self) -> Vec<Bit> {
        let mut bits: Vec<Bit> = self.lists.iter().map(|list| !list.open).collect();
        bits.extend(self.given.values().flat_map(|(yes, no)| [!*yes, !*no]));
        let today = Some(self.as_of);
        for (cells, own) in &self.cells {
            let given = |one: &Candidate| one.value != Given::Absent;
            let dated = cells.cells.iter().flatten().any(|one| one.on == today);
            let vague = |cell: &[Candidate]| {
                let own = |one: &Candidate| {
                    one.value.is_vague() || one.normal.is_some() || given(one) && dated && one.on != today
                };
                cell.iter().any(own) || cell[1..].iter().any(given)
            };
            bits.extend(cells.cells.iter().zip(own).filter(|(cell, _)| vague(cell)).map(|(_, bit)| !*bit));
        }
        bits
    }

    /// When a pack comes to each verdict, in the order of `Decision::ALL`.
    pub fn verdicts(&mut self, pack: usize, rules: &[RuleBits]) -> [Bit; 5] {
        let weights: Vec<Weight> = self.programs[pack].rules.iter().map(|rule| rule.effect.weight()).collect();
        self.weighed(&weights, rules)
    }

    /// When rules that weigh so much come to each verdict, in the order of `Decision::ALL`.
    pub fn weighed(&mut self, weights: &[Weight], rules: &[RuleBits]) -> [Bit; 5] {
        let reached = WEIGHTS.map(|least| {
            let heavy = || weights.iter().zip(rules).filter(move |(weight, _)| **weight >= least);
            let best: Vec<Bit> = heavy().map(|(_, bits)| bits.fires).collect();
            let worst: Vec<Bit> = heavy().map(|(_, bits)| !bits.clear).collect();
            (self.logic.or(&best), self.logic.or(&worst))
        });
        self.decided(reached)
    }

    /// When it comes to each verdict, from whether some rule that weighs at least so much fires, or may.
    pub fn decided(&mut self, reached: [(Bit, Bit); 3]) -> [Bit; 5] {
        let [(caution, may_caution), (defer, may_defer), (bar, _)] = reached;
        let candidate = !may_caution;
        let cautions = self.logic.and(&[caution, !may_defer]);
        let deferred = self.logic.and(&[defer, !bar]);
        let settled = self.logic.or(&[candidate, cautions, deferred, bar]);
        debug_assert_eq!(Decision::ALL[3], Decision::NotACandidate);
        [candidate, cautions, deferred, bar, !settled]
    }
}

/// So many members of a kind are told apart where members are counted.
const COPIES: usize = 3;

/// What rules that decide can weigh, the lightest first.
pub const WEIGHTS: [Weight; 3] = [Weight::Caution, Weight::Deferred, Weight::Barred];
