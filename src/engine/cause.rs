//! Why a condition came to what it came to: of an unknown, the facts that leave it open; of a known result, the
//! facts that alone give it, or else all of them. Every sub-result is asked of the evaluator.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::chart::Chart;
use super::eval::{Eval, Fault, Frame};
use super::held;
use crate::model::dictionary::{FactId, VocabularyId};
use crate::model::interval::Interval;
use crate::model::truth::Truth;
use crate::model::value::{State, Term, Value};
use crate::model::vocabulary::ConceptId;
use crate::pack::ir::{Arithmetic, Choice, Cond, Day, Each, Int, Number, Place, Quantifier, TermRelation, TermTest};
use crate::pack::program::{Formula, Program};

/// A fact, a member of a list, or a field of a member, and what it contributed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cause {
    /// The fact.
    pub fact: FactId,
    /// The member of the list, in canonical order.
    pub member: Option<usize>,
    /// The field of the member.
    pub field: Option<usize>,
    /// The state that leaves it open; none for a fact that is known.
    pub state: Option<State>,
    /// The class or term that it was found to belong to.
    pub matched: Option<ConceptId>,
}

/// All causes of one result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Causes {
    /// The facts, sorted, each once.
    pub facts: Vec<Cause>,
    /// Why there is no result, in words.
    pub faults: Vec<String>,
    /// The numbers that the comparisons behind it hold, settings among them.
    pub held: BTreeSet<Decimal>,
    /// The facts that were held against their normal range.
    pub ranged: BTreeSet<FactId>,
}

impl Causes {
    /// The facts that are not known.
    pub fn unknown(&self) -> impl Iterator<Item = &Cause> {
        self.facts.iter().filter(|cause| cause.state.is_some())
    }

    fn len(&self) -> usize {
        self.facts.len() + self.faults.len()
    }

    /// Adds other causes.
    pub fn join(&mut self, other: Causes) {
        self.facts.extend(other.facts);
        self.faults.extend(other.faults);
        self.held.extend(other.held);
        self.ranged.extend(other.ranged);
        self.tidy();
    }

    fn tidy(&mut self) {
        self.facts.sort();
        self.facts.dedup();
    }
}

/// The causes of what a condition comes to on a chart.
pub fn causes(program: &Program, chart: &Chart, cond: &Cond) -> Causes {
    let eval = Eval::new(&program.dictionary, chart);
    let mut search = Search { program, eval: &eval, found: Causes::default(), depth: 0 };
    search.cond(cond, None);
    search.found.tidy();
    search.found
}

/// What stands behind facts that a script ran into: of a derived fact that could not be computed, the facts it needs.
pub fn traced(program: &Program, chart: &Chart, touched: &[Cause]) -> Vec<Cause> {
    let eval = Eval::new(&program.dictionary, chart);
    let mut search = Search { program, eval: &eval, found: Causes::default(), depth: 0 };
    for cause in touched {
        let whole = cause.member.is_none() && cause.state == eval.chart.value(cause.fact).state();
        if whole { search.fact(cause.fact) } else { search.found.facts.push(cause.clone()) }
    }
    search.found.tidy();
    search.found.facts
}

/// What the value of a derived fact was computed from; nothing for a fact that no formula gives.
pub fn behind(program: &Program, chart: &Chart, fact: FactId) -> Causes {
    let eval = Eval::new(&program.dictionary, chart);
    let mut search = Search { program, eval: &eval, found: Causes::default(), depth: 0 };
    if let Some(derived) = program.derived.iter().find(|derived| derived.fact == fact) {
        search.formula(&derived.formula, true);
        held::of_formula(&derived.formula, &mut search.found.held);
    }
    search.found.tidy();
    search.found
}

/// The member that a closure looks at, with its place in the list.
#[derive(Clone, Copy)]
struct Member<'c> {
    frame: Frame<'c>,
    index: usize,
    outer: Option<&'c Member<'c>>,
}

struct Search<'c> {
    program: &'c Program,
    eval: &'c Eval<'c>,
    found: Causes,
    /// How many derived facts the search stands in.
    depth: usize,
}

type Around<'m> = Option<&'m Member<'m>>;

fn frame<'m>(around: Around<'m>) -> Option<&'m Frame<'m>> {
    around.map(|member| &member.frame)
}

impl<'c> Search<'c> {
    fn truth(&self, cond: &Cond, around: Around) -> Truth {
        self.eval.cond(cond, frame(around))
    }

    fn cond(&mut self, cond: &Cond, around: Around) {
        let truth = self.truth(cond, around);
        match cond {
            Cond::Literal(_) => {}
            Cond::Holds(place) => self.place(*place, truth.is_known(), around),
            Cond::Not(inner) => self.cond(inner, around),
            Cond::And(parts) => self.parts(parts, truth, Truth::True, around),
            Cond::Or(parts) => self.parts(parts, truth, Truth::False, around),
            Cond::Same(a, b) => {
                for part in [a, b] {
                    if truth.is_known() || self.truth(part, around) == Truth::Unknown {
                        self.cond(part, around);
                    }
                }
            }
            Cond::CompareInt(_, a, b) => {
                let before = self.found.facts.len();
                self.int(a, truth.is_known(), around);
                self.int(b, truth.is_known(), around);
                if self.compared(before, truth) {
                    [a, b].into_iter().for_each(|side| held::of_int(side, &mut self.found.held));
                }
            }
            Cond::CompareNumber(_, a, b) => {
                let before = self.found.facts.len();
                self.number(a, truth.is_known(), around);
                self.number(b, truth.is_known(), around);
                if self.compared(before, truth) {
                    [a, b].into_iter().for_each(|side| held::of_number(side, &mut self.found.held));
                }
            }
            Cond::CompareDay(_, a, b) => {
                self.day(a, truth.is_known(), around);
                self.day(b, truth.is_known(), around);
            }
            Cond::TermTest(test) => self.term_test(test, truth, around),
            Cond::SameTerm(vocabulary, a, b) => self.same_term(*vocabulary, (*a, *b), truth, around),
            Cond::ChoiceTest(test) => self.choice(&test.choice, truth.is_known(), around),
            Cond::SameChoice(a, b) => {
                self.choice(a, truth.is_known(), around);
                self.choice(b, truth.is_known(), around);
            }
            Cond::Quantified(quantifier, each) => self.quantified(*quantifier, each, truth, around),
            Cond::IsEmpty(list) => self.fact(*list),
            Cond::Outside(_, fact) => self.outside(*fact, truth),
            Cond::If(test, yes, no) => self.branches(test, truth.is_known(), around, |search, branch, around| {
                let cond = if branch { yes } else { no };
                if truth.is_known() || search.truth(cond, around) == Truth::Unknown {
                    search.cond(cond, around);
                }
            }),
        }
    }

    /// Whether a comparison had something to compare: it has a result, or one of the facts that were found for it since
    /// `before` has a value.
    fn compared(&self, before: usize, truth: Truth) -> bool {
        let valued = |cause: &Cause| matches!(cause.state, None | Some(State::Bounded | State::Stale));
        truth.is_known() || self.found.facts[before..].iter().any(valued)
    }

    /// The parts of `&&` or `||`: `all` is the result that needs every part.
    fn parts(&mut self, parts: &[Cond], truth: Truth, all: Truth, around: Around) {
        for part in parts {
            if truth == all || self.truth(part, around) == truth {
                self.cond(part, around);
            }
        }
    }

    /// `if`: an unknown question counts unless both branches agree, and a branch counts where it can be taken.
    fn branches(&mut self, test: &Cond, known: bool, around: Around, mut branch: impl FnMut(&mut Self, bool, Around)) {
        let asked = self.truth(test, around);
        if asked.is_known() == known {
            self.cond(test, around);
        }
        if asked != Truth::False {
            branch(self, true, around);
        }
        if asked != Truth::True {
            branch(self, false, around);
        }
    }

    fn term_test(&mut self, test: &TermTest, truth: Truth, around: Around) {
        let value = self.eval.read(test.place, frame(around));
        let matched = match value {
            Value::Term(Term::Known(id)) if truth == Truth::True => self.matched(test, *id),
            _ => None,
        };
        let too_broad = truth == Truth::Unknown && matches!(value, Value::Term(Term::Known(_)));
        self.leaf(test.place, around, too_broad.then_some(State::Bounded), matched);
    }

    /// The first of the test's names that a term belongs to.
    fn matched(&self, test: &TermTest, id: ConceptId) -> Option<ConceptId> {
        let vocabulary = self.program.dictionary.vocabulary(test.vocabulary);
        let found = match test.kind {
            TermRelation::IsA => vocabulary.ancestors(id).into_iter().find(|up| test.concepts.contains(up)),
            TermRelation::Is | TermRelation::In => None,
        };
        found.filter(|concept| *concept != id)
    }

    fn same_term(&mut self, id: VocabularyId, (a, b): (Place, Place), truth: Truth, around: Around) {
        for place in [a, b] {
            let value = self.eval.read(place, frame(around));
            let broad = match value {
                Value::Term(Term::Known(concept)) => self.program.dictionary.vocabulary(id).is_broad(*concept),
                other => other.state().is_some(),
            };
            if truth.is_known() || broad {
                let state = value.state().unwrap_or(State::Bounded);
                self.leaf(place, around, (!truth.is_known()).then_some(state), None);
            }
        }
    }

    fn quantified(&mut self, quantifier: Quantifier, each: &Each, truth: Truth, around: Around) {
        let settles = if quantifier == Quantifier::Some { Truth::True } else { Truth::False };
        let eval = self.eval;
        let Some(list) = eval.list(each.list) else { return self.fact(each.list) };
        if truth != settles && (truth.is_known() || list.open) {
            self.fact(each.list);
        }
        for (index, fields) in list.members().enumerate() {
            let member =
                Member { frame: Frame { level: each.level, fields, outer: frame(around) }, index, outer: around };
            if self.truth(&each.body, Some(&member)) != truth {
                continue;
            }
            if truth.is_known() && truth != settles {
                self.beside(each, &member);
                continue;
            }
            self.cond(&each.body, Some(&member));
            if truth == settles {
                self.push(each.list, Some(index), None, None, None);
            }
        }
    }

    fn outside(&mut self, fact: FactId, truth: Truth) {
        let slot = self.eval.chart.slot(fact);
        if truth.is_known() {
            self.found.ranged.insert(fact);
        }
        if truth == Truth::Unknown && slot.value.state().is_none() {
            return self.push(fact, None, None, Some(State::Bounded), None);
        }
        if truth.is_known() { self.decisive(fact) } else { self.fact(fact) }
    }

    fn int(&mut self, int: &Int, known: bool, around: Around) {
        let before = self.found.len();
        let value = self.eval.int(int, frame(around));
        if self.settled(&value, known) {
            return;
        }
        match int {
            Int::Literal(_) => {}
            Int::Place(place) => self.place(*place, known, around),
            Int::Arithmetic(_, a, b) => {
                self.int(a, known, around);
                self.int(b, known, around);
            }
            Int::Negate(a) | Int::Absolute(a) => self.int(a, known, around),
            Int::Count(each) => self.count(each, known, around),
            Int::YearsSince(day) => self.day(day, known, around),
            Int::DaysBetween(a, b) => {
                self.day(a, known, around);
                self.day(b, known, around);
            }
            Int::If(test, yes, no) => self.branches(test, known, around, |search, branch, around| {
                search.int(if branch { yes } else { no }, known, around);
            }),
        }
        self.note_overflow(before, known);
    }

    fn number(&mut self, number: &Number, known: bool, around: Around) {
        let before = self.found.len();
        let value = self.eval.number(number, frame(around));
        if self.settled(&value, known) {
            return if known {
                self.divisors(number, around)
            };
        }
        match number {
            Number::Literal(_) => {}
            Number::Place(place) => self.place(*place, known, around),
            Number::Whole(int) => self.int(int, known, around),
            Number::Arithmetic(_, a, b) => {
                self.number(a, known, around);
                self.number(b, known, around);
            }
            Number::Negate(a) | Number::Absolute(a) => self.number(a, known, around),
            Number::If(test, yes, no) => self.branches(test, known, around, |search, branch, around| {
                search.number(if branch { yes } else { no }, known, around);
            }),
        }
        self.note_overflow(before, known);
    }

    /// What keeps a quantity of which nothing is known from having no result: its divisors, which are not zero.
    fn divisors(&mut self, number: &Number, around: Around) {
        match number {
            Number::Literal(_) | Number::Place(_) | Number::Whole(_) => {}
            Number::Arithmetic(op, a, b) => {
                self.divisors(a, around);
                if *op == Arithmetic::Divide { self.number(b, true, around) } else { self.divisors(b, around) }
            }
            Number::Negate(a) | Number::Absolute(a) => self.divisors(a, around),
            Number::If(test, yes, no) => {
                let asked = self.truth(test, around);
                if asked.is_known() && (divides(yes) || divides(no)) {
                    self.cond(test, around);
                }
                for branch in [(asked != Truth::False).then_some(yes), (asked != Truth::True).then_some(no)] {
                    branch.into_iter().for_each(|branch| self.divisors(branch, around));
                }
            }
        }
    }

    fn day(&mut self, day: &Day, known: bool, around: Around) {
        let value = self.eval.day(day, frame(around));
        if self.settled(&value, known) {
            return;
        }
        match day {
            Day::AsOf => {}
            Day::Place(place) => self.place(*place, known, around),
            Day::DateOf(fact) => {
                let slot = self.eval.chart.slot(*fact);
                let undated = slot.on.is_none() && !matches!(slot.value, Value::Unknown(_));
                if undated {
                    self.push(*fact, None, None, Some(State::Undated), None);
                } else {
                    self.fact(*fact);
                }
            }
            Day::If(test, yes, no) => self.branches(test, known, around, |search, branch, around| {
                search.day(if branch { yes } else { no }, known, around);
            }),
        }
    }

    /// Whether an operand contributes nothing: exact, where only what is open is looked for. Notes a fault; one that
    /// is only possible has an open fact behind it.
    fn settled<T: Copy + Ord>(&mut self, value: &Result<Interval<T>, Fault>, known: bool) -> bool {
        match value {
            Err(fault) => {
                self.found.faults.push(fault.message().to_owned());
                known
            }
            Ok(value) if known => *value == Interval::UNKNOWN,
            Ok(value) => value.exact().is_some(),
        }
    }

    /// A quantity that is open while nothing behind it is was too large to hold.
    fn note_overflow(&mut self, before: usize, known: bool) {
        if !known && self.found.len() == before {
            self.found.faults.push(Fault::Overflow.message().to_owned());
        }
    }

    fn choice(&mut self, choice: &Choice, known: bool, around: Around) {
        if !known && self.eval.choice(choice, frame(around)).is_some() {
            return;
        }
        match choice {
            Choice::Literal(_) => {}
            Choice::Place(place) => self.place(*place, known, around),
            Choice::If(test, yes, no) => self.branches(test, known, around, |search, branch, around| {
                search.choice(if branch { yes } else { no }, known, around);
            }),
        }
    }

    fn count(&mut self, each: &Each, known: bool, around: Around) {
        let eval = self.eval;
        let Some(list) = eval.list(each.list) else { return self.fact(each.list) };
        if known || list.open {
            self.fact(each.list);
        }
        let set = self.program.dictionary.fact(each.list).fields().is_empty();
        for (index, fields) in list.members().enumerate() {
            let member =
                Member { frame: Frame { level: each.level, fields, outer: frame(around) }, index, outer: around };
            let truth = self.truth(&each.body, Some(&member));
            if known {
                self.beside(each, &member);
            }
            if known && truth == Truth::True {
                self.push(each.list, Some(index), None, None, None);
            } else if truth == Truth::Unknown {
                self.cond(&each.body, Some(&member));
            } else if set && truth == Truth::True && eval.is_vague(each.list, &fields[0]) {
                let state = fields[0].state().unwrap_or(State::Bounded);
                self.push(each.list, Some(index), Some(0), Some(state), None);
            }
        }
    }

    /// What else than the list itself a closure rests on.
    fn beside(&mut self, each: &Each, member: &Member) {
        let before = self.found.facts.len();
        self.cond(&each.body, Some(member));
        let new = self.found.facts.split_off(before);
        self.found.facts.extend(new.into_iter().filter(|cause| cause.fact != each.list));
    }

    /// A place, of a known result or of an unknown one.
    fn place(&mut self, place: Place, known: bool, around: Around) {
        match place {
            Place::Fact(fact) if known => self.decisive(fact),
            _ => self.leaf(place, around, None, None),
        }
    }

    /// A fact that a known result rests on: a derived one stands for itself, given or computed, however vaguely.
    fn decisive(&mut self, fact: FactId) {
        self.push(fact, None, None, self.eval.chart.value(fact).state(), None);
    }

    fn leaf(&mut self, place: Place, around: Around, state: Option<State>, matched: Option<ConceptId>) {
        match place {
            Place::Fact(fact) if state.is_none() && matched.is_none() => self.fact(fact),
            Place::Fact(fact) => self.push(fact, None, None, state, matched),
            Place::Field { level, list, field } => {
                let mut member = around;
                while let Some(m) = member {
                    if m.frame.level == level {
                        let field = usize::from(field);
                        let state = state.or_else(|| m.frame.fields[field].state());
                        return self.push(list, Some(m.index), Some(field), state, matched);
                    }
                    member = m.outer;
                }
            }
        }
    }

    /// A fact; for a derived one that could not be computed, the facts behind it.
    fn fact(&mut self, fact: FactId) {
        let value = self.eval.chart.value(fact);
        let computed =
            matches!(value, Value::Unknown(State::NotSupplied) | Value::Integer(_) | Value::Number(_) | Value::Date(_));
        let open = value.state().is_some();
        let derived = self.program.derived.iter().find(|derived| derived.fact == fact);
        if let Some(derived) = derived.filter(|_| open && computed && self.depth < 32) {
            let before = (self.found.facts.len(), self.found.faults.len());
            self.depth += 1;
            self.formula(&derived.formula, false);
            self.depth -= 1;
            if (self.found.facts.len(), self.found.faults.len()) != before {
                return;
            }
        }
        self.push(fact, None, None, value.state(), None);
    }

    /// What a formula came to, as a known result or as an open one.
    fn formula(&mut self, formula: &Formula, known: bool) {
        match formula {
            Formula::Cond(cond) => self.cond(cond, None),
            Formula::Int(int) => self.int(int, known, None),
            Formula::Number(number) => self.number(number, known, None),
            Formula::Day(day) => self.day(day, known, None),
            Formula::Choice(choice) => self.choice(choice, known, None),
        }
    }

    fn push(
        &mut self,
        fact: FactId,
        member: Option<usize>,
        field: Option<usize>,
        state: Option<State>,
        matched: Option<ConceptId>,
    ) {
        self.found.facts.push(Cause { fact, member, field, state, matched });
    }
}

/// Whether a quantity may be without a result.
fn divides(number: &Number) -> bool {
    match number {
        Number::Literal(_) | Number::Place(_) | Number::Whole(_) => false,
        Number::Arithmetic(op, a, b) => *op == Arithmetic::Divide || divides(a) || divides(b),
        Number::Negate(a) | Number::Absolute(a) => divides(a),
        Number::If(_, yes, no) => divides(yes) || divides(no),
    }
}
