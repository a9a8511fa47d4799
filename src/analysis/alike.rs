//! What no script of a pack tells apart: values of a choice, facts whose value is only shown, and classes of a vocabulary
//! that nobody asks about.

use std::collections::{BTreeMap, BTreeSet};

use super::given::{Candidate, Given};
use super::reach::conds;
use super::space::Space;
use super::walk::{self, Part};
use crate::model::calendar::Date;
use crate::model::dictionary::{Fact, FactId, Scalar, VocabularyId};
use crate::model::truth::Truth;
use crate::model::vocabulary::{ConceptId, Mask, Vocabulary};
use crate::pack::ir::{Choice, Cond, Place, TermTest};
use crate::pack::program::{Formula, Phrase, Piece, Program, Test};

/// What no script tells apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alike {
    /// Choices of a fact, or of a field of its records.
    Values {
        /// The fact, or `fact.field`.
        fact: String,
        /// The values, those together that are not told apart.
        values: Vec<Vec<String>>,
    },
    /// All values of a fact that sentences show.
    Shown {
        /// The fact.
        fact: String,
    },
    /// All terms of these classes and all others.
    Classes {
        /// The vocabulary.
        vocabulary: String,
        /// The classes, in order of definition.
        classes: Vec<String>,
    },
}

/// All that no script of a pack tells apart: facts in order of definition, then vocabularies.
pub fn alike(program: &Program, as_of: Date) -> Vec<Alike> {
    let asked = Asked::of(program);
    let mut found = choices(program, as_of);
    found.extend(members(program, &asked));
    found.extend(shown(program, &asked));
    found.extend(classes(program, &asked));
    found
}

/// A field of the members of a list; 0 for members that are no records.
type Field = (FactId, u16);

/// What the scripts of a pack ask of values.
#[derive(Default)]
struct Asked<'p> {
    /// Facts whose value is read.
    values: BTreeSet<FactId>,
    /// Facts whose day is read.
    days: BTreeSet<FactId>,
    /// How often fields are read, and what choices in them are held against.
    fields: BTreeMap<Field, (usize, Vec<&'p Mask>)>,
    /// What terms are held against.
    terms: Vec<&'p TermTest>,
    /// Vocabularies of which terms are held against each other.
    compared: Vec<VocabularyId>,
    /// Facts that scripts running in Rhai read, and what these scripts say.
    scripted: BTreeSet<FactId>,
    texts: Vec<&'p str>,
}

impl<'p> Asked<'p> {
    fn of(program: &'p Program) -> Asked<'p> {
        let mut asked = Asked::default();
        let mut met = |part: Part<'p>| asked.meet(part);
        // What is computed as a yes or no is one of the conditions.
        conds(program).into_iter().for_each(|cond| walk::each(cond, &mut met));
        let computed = program.derived.iter().filter(|derived| !matches!(derived.formula, Formula::Cond(_)));
        computed.for_each(|derived| walk::formula(&derived.formula, &mut met));
        for rule in &program.rules {
            let Test::Scripted(scripted) = &rule.test else { continue };
            asked.scripted.extend(&scripted.facts);
            asked.texts.extend(program.helpers.iter().chain([&rule.text]).map(String::as_str));
        }
        asked
    }

    fn meet(&mut self, part: Part<'p>) {
        match part {
            Part::Place(Place::Fact(fact)) | Part::Range(fact) => drop(self.values.insert(fact)),
            Part::Place(Place::Field { list, field, .. }) => self.fields.entry((list, field)).or_default().0 += 1,
            Part::DateOf(fact) => drop(self.days.insert(fact)),
            Part::Cond(Cond::TermTest(test)) => self.terms.push(test),
            Part::Cond(Cond::SameTerm(vocabulary, ..)) => self.compared.push(*vocabulary),
            Part::Cond(Cond::ChoiceTest(test)) => {
                if let Choice::Place(Place::Field { list, field, .. }) = test.choice {
                    self.fields.entry((list, field)).or_default().1.push(&test.mask);
                }
            }
            _ => {}
        }
    }
}

/// The choices that no script tells apart, of facts that are no lists.
fn choices(program: &Program, as_of: Date) -> Vec<Alike> {
    let space = Space::new(vec![program], as_of);
    let mut found = Vec::new();
    for (cells, _) in space.cells.iter().filter(|(cells, _)| cells.facts.len() == 1) {
        let fact = program.dictionary.find(&cells.facts[0]).map(|id| program.dictionary.fact(id));
        let choices = fact.and_then(|fact| fact.domain()).filter(|domain| matches!(domain.scalar, Scalar::Choice(_)));
        if choices.is_none() {
            continue;
        }
        // What is too old to count is alike, whatever it is.
        let all = || cells.cells.iter().chain(cells.alike.iter().map(|(_, cell)| cell));
        let dated = all().any(|cell| cell[0].on == Some(as_of));
        let named = |cell: &[Candidate]| match &cell[0].value {
            Given::Name(name) if !dated || cell[0].on == Some(as_of) => Some(name.clone()),
            _ => None,
        };
        let mut groups = Vec::new();
        for (index, cell) in cells.cells.iter().enumerate() {
            let others = cells.alike.iter().filter(|(same, _)| *same == index).map(|(_, cell)| cell);
            let mut values: Vec<String> = std::iter::once(cell).chain(others).filter_map(|cell| named(cell)).collect();
            values.dedup();
            groups.push(values);
        }
        found.extend(several(&cells.facts[0], groups));
    }
    found
}

/// The choices that no script tells apart, of the members of lists.
fn members(program: &Program, asked: &Asked) -> Vec<Alike> {
    let mut found = Vec::new();
    for ((list, field), (reads, masks)) in asked.fields.iter().filter(|((list, _), _)| !asked.scripted.contains(list)) {
        let fact = program.dictionary.fact(*list);
        let Scalar::Choice(values) = &fact.field_domain(usize::from(*field)).scalar else { continue };
        // What is held against another choice is told apart.
        if *reads > masks.len() {
            continue;
        }
        let mut alike: Vec<(Vec<Truth>, Vec<String>)> = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let row: Vec<Truth> = masks.iter().map(|mask| mask.get(index)).collect();
            match alike.iter_mut().find(|(own, _)| *own == row) {
                Some((_, values)) => values.push(value.clone()),
                None => alike.push((row, vec![value.clone()])),
            }
        }
        let name = fact.fields().get(usize::from(*field)).map(|field| format!("{}.{}", fact.name, field.name));
        let name = name.unwrap_or_else(|| fact.name.clone());
        found.extend(several(&name, alike.into_iter().map(|(_, values)| values).collect()));
    }
    found
}

/// The choices of a fact, if several of them are in one group.
fn several(fact: &str, mut groups: Vec<Vec<String>>) -> Option<Alike> {
    groups.retain(|values| values.len() > 1);
    (!groups.is_empty()).then(|| Alike::Values { fact: fact.to_owned(), values: groups })
}

/// The facts that sentences show and of which no script reads the value. What is computed may be there to be shown.
fn shown(program: &Program, asked: &Asked) -> Vec<Alike> {
    let phrases = program.rules.iter().flat_map(|rule| [Some(&rule.because), rule.next.as_ref()]);
    let phrases = phrases.flatten().chain(program.conflicts.iter().map(|conflict| &conflict.because));
    let pieces = phrases.flat_map(|Phrase(pieces)| pieces);
    let of_phrase = pieces.filter_map(|piece| if let Piece::Fact(fact) = piece { Some(*fact) } else { None });
    let used: BTreeSet<FactId> = of_phrase.chain(asked.days.iter().copied()).collect();
    let facts = used.into_iter().filter(|fact| !asked.values.contains(fact) && !asked.scripted.contains(fact));
    let is_single = |fact: &&Fact| !fact.is_list() && fact.derived.is_none();
    let facts = facts.map(|fact| program.dictionary.fact(fact)).filter(is_single);
    facts.map(|fact| Alike::Shown { fact: fact.name.clone() }).collect()
}

/// The classes of each vocabulary that no script asks about, directly or through a broader or a narrower one.
fn classes(program: &Program, asked: &Asked) -> Vec<Alike> {
    let ids = (0..program.dictionary.vocabularies().len() as u16).map(VocabularyId);
    let ids = ids.filter(|id| !asked.compared.contains(id));
    let of_vocabulary = ids.filter_map(|id| {
        let vocabulary = program.dictionary.vocabulary(id);
        let classes: Vec<String> = vocabulary
            .concepts()
            .filter(|(own, concept)| concept.is_class && !is_asked(vocabulary, id, *own, asked))
            .map(|(_, concept)| concept.name.clone())
            .collect();
        (!classes.is_empty()).then(|| Alike::Classes { vocabulary: vocabulary.name.clone(), classes })
    });
    of_vocabulary.collect()
}

fn is_asked(vocabulary: &Vocabulary, id: VocabularyId, class: ConceptId, asked: &Asked) -> bool {
    let broader = vocabulary.ancestors(class);
    let of_term = |test: &&TermTest| {
        test.vocabulary == id
            && (test.mask.get(class.index()) != Truth::False || test.concepts.iter().any(|own| broader.contains(own)))
    };
    let quoted = asked.texts.iter().flat_map(|text| text.split('"').skip(1).step_by(2));
    let mut quoted = quoted.filter_map(|name| vocabulary.find(name));
    asked.terms.iter().any(of_term)
        || quoted.any(|own| broader.contains(&own) || vocabulary.ancestors(own).contains(&class))
}
