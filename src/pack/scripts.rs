//! The scripts of a pack lowered: derived facts, conflicts and rules, with what is wrong with them noted where it
//! stands in its file, beside the definitions it disagrees with.

use std::collections::BTreeSet;

use super::about::{About, Aspect, Subject};
use super::diagnostic::{Also, Diagnostic};
use super::facts::{ScriptAt, WrittenConflict, WrittenFact};
use super::ir::{Cond, Number};
use super::item::{Item, Items};
use super::lost::has_word;
use super::lower::lower;
use super::lower::tree::Reader;
use super::mistake::{Mistake, Thing};
use super::names::{Lowered, Misread, Names};
use super::phrase;
use super::program::{Conflict, Derived, Document, Formula, Phrase, Rule, Scripted, Test};
use super::rules::WrittenRule;
use super::setting::Setting;
use super::shelf::PackFiles;
use super::table::Notes;
use super::typed::{Measure, Typed};
use super::typing::Typing;
use super::unused::Used;
use crate::input::source::{Position, Span, token};
use crate::model::dictionary::{FactId, Scalar, Shape};

/// Lowers the scripts of a pack.
pub struct Scripts<'p> {
    /// The pack's files.
    pub pack: &'p PackFiles,
    /// The mistakes so far.
    pub notes: &'p mut Notes,
    /// What reads scripts.
    pub reader: &'p Reader,
    /// What they may name.
    pub names: Names<'p>,
    /// The facts as written.
    pub facts: &'p Items<WrittenFact>,
    /// The settings as written.
    pub settings: &'p Items<Setting>,
    /// Names of facts, fields and settings that no script can use, which is noted where they are defined.
    pub unusable: &'p BTreeSet<String>,
    /// What the scripts and sentences so far name.
    pub used: Used,
    /// Derived facts that do not give what they are declared to give: which of the two is right is not known.
    pub unsure: BTreeSet<FactId>,
}

impl Scripts<'_> {
    fn lower(&mut self, script: &ScriptAt) -> Option<Lowered> {
        let parsed = match self.reader.parse(&script.text) {
            Ok(parsed) => parsed,
            Err((at, mistake)) => {
                if !self.unusable.iter().any(|name| has_word(&script.text, name)) {
                    self.note(script, Some(at), mistake);
                }
                return None;
            }
        };
        let mut lowered = lower(self.reader, &parsed, self.names);
        let mut mistakes = std::mem::take(&mut lowered.mistakes);
        let sound = mistakes.is_empty();
        mistakes.retain(|misread| !self.is_part_of_unusable(script, &misread.mistake));
        self.used.script(&script.text);
        self.used.facts.extend(&lowered.facts);
        self.used.settings.extend(&lowered.settings);
        mistakes.into_iter().for_each(|misread| self.misread(script, misread));
        sound.then_some(lowered)
    }

    /// Whether a name that stands for nothing is a part of one that scripts cannot use: `c` of `c-reactive-protein`.
    fn is_part_of_unusable(&self, script: &ScriptAt, mistake: &Mistake) -> bool {
        let Mistake::Unknown { thing: Thing::Name, name, .. } = mistake else { return false };
        self.unusable.iter().any(|whole| has_word(whole, name) && has_word(&script.text, whole))
    }

    /// Notes a mistake at its place in a script: the characters that belong together there, or all of it.
    fn note(&mut self, script: &ScriptAt, at: Option<Position>, mistake: Mistake) {
        self.misread(script, Misread { helper: None, at, mistake, about: Vec::new(), called: None });
    }

    fn misread(&mut self, script: &ScriptAt, misread: Misread) {
        let Misread { helper, at, mistake, about, called } = misread;
        if about.iter().any(|about| matches!(about.subject, Subject::Fact(fact) if self.unsure.contains(&fact))) {
            return;
        }
        let mut also: Vec<Also> = about.into_iter().map(|about| self.definition(about)).collect();
        also.dedup();
        let (file, span) = match helper {
            None => (script.file, self.place(script, at)),
            Some(file) => {
                let span = self.place(script, called);
                also.push(Also { file: script.file, span, text: "called here".into() });
                let text = &self.pack.files[file].source;
                let at = at.map_or(0, |at| text.offset(&(0..text.text.len()), at));
                (file, token(&text.text, at))
            }
        };
        self.notes.diagnostics.push(Diagnostic { file, span, mistake, also });
    }

    fn place(&self, script: &ScriptAt, at: Option<Position>) -> Span {
        let source = &self.pack.files[script.file].source;
        match (script.verbatim(source), at) {
            (Some(own), Some(at)) => {
                let at = source.offset(&own, at);
                let span = token(&source.text[..own.end], at);
                // What the script ends without is shown at its last character.
                if span.is_empty() { last(&source.text, &own) } else { span }
            }
            (Some(own), None) => own,
            (None, _) => script.span.clone(),
        }
    }

    /// Where a definition stands, and what it says.
    fn definition(&self, about: About) -> Also {
        let (fact, field) = match about.subject {
            Subject::Setting(setting) => {
                let item = &self.settings.list[setting];
                let text = format!("`{}` is {}", item.name, item.value.show());
                return Also { file: item.file, span: item.span.clone(), text };
            }
            Subject::Fact(fact) => (fact, 0),
            Subject::Field(fact, field) => (fact, field),
        };
        let item = &self.facts.list[fact.index()];
        let dictionary = self.names.dictionary;
        let marks = item.value.fields.get(usize::from(field)).filter(|_| matches!(about.subject, Subject::Field(..)));
        let marks = marks.unwrap_or(&item.value.marks);
        let name = match dictionary.fact(fact).fields().get(usize::from(field)) {
            Some(field) if matches!(about.subject, Subject::Field(..)) => format!("{}.{}", item.name, field.name),
            _ => item.name.clone(),
        };
        let (span, text) = match about.aspect {
            Aspect::Type => (&marks.kind, format!("`{name}` is defined here")),
            Aspect::Values => (&marks.values, format!("the values of `{name}`")),
            Aspect::Unit if dictionary.fact(fact).field_domain(usize::from(field)).unit.is_none() => {
                (&marks.unit, format!("`{name}` has no unit"))
            }
            Aspect::Unit => (&marks.unit, format!("the unit of `{name}`")),
            Aspect::Limits => (&marks.limits, format!("what `{name}` may be")),
            Aspect::Fields => (&item.span, format!("`{name}` and its fields")),
        };
        Also { file: item.file, span: span.clone(), text }
    }

    fn phrase(&mut self, written: &ScriptAt) -> Phrase {
        let (phrase, mistakes) = phrase::parse(&written.text, self.names);
        for (inner, mistake) in mistakes {
            let span = written.place(&self.pack.files[written.file].source, &inner);
            self.notes.add(written.file, &span, mistake);
        }
        self.used.phrase(&phrase);
        phrase
    }

    /// A script that has to be lowered, as an operand.
    fn must_lower(&mut self, script: &ScriptAt, what: &str) -> Option<(Typed, Lowered)> {
        let lowered = self.lower(script)?;
        match (&lowered.meaning, &lowered.unlowered) {
            (Some(meaning), _) => Some((meaning.clone(), lowered)),
            (None, Some((construct, at))) => {
                let mistake = Mistake::MustLower { what: what.to_owned(), construct: construct.clone() };
                self.note(script, Some(*at), mistake);
                None
            }
            (None, None) => None,
        }
    }

    fn condition(&mut self, script: &ScriptAt, meaning: Typed, what: &str) -> Option<Cond> {
        match meaning {
            Typed::Cond(cond) => Some(cond),
            other => {
                let given = other.describe(self.names.dictionary);
                let accepted = "a condition, true or false".to_owned();
                let mistake = Mistake::ScriptType { what: what.to_owned(), given, accepted };
                self.note(script, None, mistake);
                None
            }
        }
    }

    /// The derived facts, each after those it needs.
    pub fn derived(&mut self) -> Vec<Derived> {
        let mut found: Vec<(Derived, BTreeSet<FactId>)> = Vec::new();
        for item in &self.facts.list {
            let (Some(script), Some(fact)) = (&item.value.script, self.names.dictionary.find(&item.name)) else {
                continue;
            };
            let what = format!("the derived fact `{}`", item.name);
            let Some((meaning, lowered)) = self.must_lower(script, &what) else { continue };
            let Some(formula) = self.formula(script, fact, meaning, &what) else { continue };
            let (tolerance, stands) = (item.value.fact.derived.unwrap_or_default(), item.value.stands);
            let settings = lowered.settings.into_iter().collect();
            found.push((Derived { fact, formula, tolerance, stands, settings }, lowered.facts));
        }
        self.ordered(found)
    }

    /// The formula of a derived fact, if it gives what the fact holds.
    fn formula(&mut self, script: &ScriptAt, fact: FactId, meaning: Typed, what: &str) -> Option<Formula> {
        let domain = self.names.dictionary.fact(fact).field_domain(0);
        let unit = domain.unit.clone().filter(|unit| !unit.is_plain());
        let fits = |measure: &Measure| matches!(measure, Measure::Any) || *measure == Measure::Of(unit.clone());
        let formula = match (&domain.scalar, meaning) {
            (Scalar::Bool, Typed::Cond(cond)) => Ok(Formula::Cond(cond)),
            (Scalar::Integer, Typed::Int(int, measure)) if fits(&measure) => Ok(Formula::Int(int)),
            (Scalar::Number, Typed::Number(number, measure)) if fits(&measure) => Ok(Formula::Number(number)),
            (Scalar::Number, Typed::Int(int, measure)) if fits(&measure) => {
                Ok(Formula::Number(Number::Whole(Box::new(int))))
            }
            (Scalar::Date, Typed::Day(day)) => Ok(Formula::Day(day)),
            (Scalar::Choice(values), Typed::Choice(choice, others)) if *values == others => Ok(Formula::Choice(choice)),
            (_, other) => Err(other.describe(self.names.dictionary)),
        };
        formula
            .map_err(|given| {
                let declared = Typing { dictionary: self.names.dictionary }.fact(fact).sort(self.names.dictionary);
                let accepted = format!("{declared}, as declared");
                self.unsure.insert(fact);
                if !self.facts.list[fact.index()].value.is_sound {
                    return;
                }
                let mistake = Mistake::ScriptType { what: what.to_owned(), given, accepted };
                self.note(script, None, mistake);
            })
            .ok()
    }

    /// Derived facts with what each needs before it.
    fn ordered(&mut self, mut waiting: Vec<(Derived, BTreeSet<FactId>)>) -> Vec<Derived> {
        let mut ordered = Vec::with_capacity(waiting.len());
        while !waiting.is_empty() {
            let open: BTreeSet<FactId> = waiting.iter().map(|(derived, _)| derived.fact).collect();
            let (ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|(_, needs)| needs.is_disjoint(&open));
            if ready.is_empty() {
                let cycle = cycle(&rest);
                let names = cycle.iter().map(|fact| self.names.dictionary.fact(*fact).name.clone()).collect();
                if let Some(item) = cycle.first().map(|fact| &self.facts.list[fact.index()]) {
                    self.notes.add(item.file, &item.span, Mistake::DerivedCycle { names });
                }
                return ordered;
            }
            ordered.extend(ready.into_iter().map(|(derived, _)| derived));
            waiting = rest;
        }
        ordered
    }

    /// The conflicts.
    pub fn conflicts(&mut self, written: &Items<WrittenConflict>) -> Vec<Conflict> {
        let mut conflicts = Vec::with_capacity(written.list.len());
        for conflict in written.list.iter().map(|item| &item.value) {
            let lowered = self.must_lower(&conflict.when, "a conflict");
            let cond = lowered.and_then(|(meaning, lowered)| {
                Some((self.condition(&conflict.when, meaning, "a conflict")?, lowered.settings))
            });
            let because = self.phrase(&conflict.because);
            let file = conflict.when.file;
            let doubts = conflict.doubts.iter().filter_map(|(name, span)| self.doubt(file, name, span)).collect();
            let lacks = conflict.lacks.iter().filter_map(|(name, span)| self.lack(file, name, span)).collect();
            conflicts.extend(cond.map(|(when, settings)| Conflict {
                when,
                because,
                doubts,
                lacks,
                settings: settings.into_iter().collect(),
            }));
        }
        conflicts
    }

    fn doubt(&mut self, file: usize, name: &str, span: &Span) -> Option<FactId> {
        let found = self.names.dictionary.find(name);
        self.used.facts.extend(found);
        if found.is_none() {
            let nearest = self.names.dictionary.nearest(name).into_iter().map(String::from).collect();
            self.notes.add(file, span, Mistake::Unknown { thing: Thing::Fact, name: name.to_owned(), nearest });
        }
        found
    }

    /// A list that lacks a member by a conflict.
    fn lack(&mut self, file: usize, name: &str, span: &Span) -> Option<FactId> {
        let found = self.doubt(file, name, span)?;
        if matches!(self.names.dictionary.fact(found).shape, Shape::One(_)) {
            let given = format!("`{name}`, which is no list");
            let accepted = "the names of lists; what is no list goes under `doubts`".to_owned();
            self.notes.add(file, span, Mistake::WrongType { what: "lacks".to_owned(), given, accepted });
        }
        Some(found)
    }

    /// The rules. One with mistakes is none, and what else is wrong with it is noted.
    pub fn rules(&mut self, written: &Items<WrittenRule>, documents: &Items<Document>) -> Vec<Rule> {
        let all = written.list.iter().chain(&written.doubled);
        all.filter_map(|item| self.rule(item, documents)).collect()
    }

    fn rule(&mut self, item: &Item<WrittenRule>, documents: &Items<Document>) -> Option<Rule> {
        let (id, rule, own) = (&item.name, &item.value, item.layer + 1 == self.pack.layers);
        let guard = rule.guard.as_ref().map(|guard| {
            let (meaning, lowered) = self.must_lower(guard, "a guard")?;
            Some((self.condition(guard, meaning, "the guard")?, lowered))
        });
        let tests: Vec<_> = rule.effects.iter().map(|(_, script)| self.test(id, script)).collect();
        let cite = rule.citations(documents, self.notes);
        let because = rule.because.as_ref().map(|because| self.phrase(because));
        let next = rule.next.as_ref().map(|next| self.phrase(next));
        let (effect, script) = rule.effects.first()?;
        let (test, mut settings) = tests.into_iter().next()??;
        let guard = match guard {
            Some(lowered) => {
                let (cond, lowered) = lowered?;
                settings.extend(lowered.settings);
                Some(cond)
            }
            None => None,
        };
        Some(Rule {
            id: id.clone(),
            title: rule.title.clone(),
            effect: *effect,
            guard,
            test,
            guard_text: rule.guard.as_ref().map(|guard| guard.text.clone()),
            text: script.text.clone(),
            because: because?,
            next,
            cite,
            settings: settings.into_iter().collect(),
            own,
        })
    }

    fn test(&mut self, id: &str, script: &ScriptAt) -> Option<(Test, BTreeSet<usize>)> {
        let lowered = self.lower(script)?;
        if let Some((construct, at)) = lowered.unlowered {
            let facts = lowered.facts.into_iter().collect();
            self.note(script, Some(at), Mistake::ScriptedRule { rule: id.to_owned(), construct: construct.clone() });
            return Some((Test::Scripted(Scripted { construct, facts }), lowered.settings));
        }
        let cond = self.condition(script, lowered.meaning?, "the script")?;
        Some((Test::Lowered(cond), lowered.settings))
    }
}

/// Those of some derived facts that need each other, without those that only need them.
fn cycle(waiting: &[(Derived, BTreeSet<FactId>)]) -> BTreeSet<FactId> {
    let mut cycle: BTreeSet<FactId> = waiting.iter().map(|(derived, _)| derived.fact).collect();
    loop {
        let needing = waiting.iter().filter(|(derived, _)| cycle.contains(&derived.fact));
        let needed: BTreeSet<FactId> = needing.flat_map(|(_, needs)| needs.intersection(&cycle).copied()).collect();
        if needed == cycle {
            return cycle;
        }
        cycle = needed;
    }
}

/// The last character of a stretch.
fn last(text: &str, span: &Span) -> Span {
    let start = text[span.clone()].trim_end().char_indices().next_back().map_or(span.start, |(at, _)| span.start + at);
    token(text, start)
}
