//! Vocabularies: the terms a fact's values come from, with classes, broader terms and synonyms. A term stands for a
//! concept; whether it belongs to a class is true, false, or unknown where the term is too broad to tell.

use super::name::{MOST_SUGGESTED, Named, fold, known_within, nearest, nearest_within, words};
use super::truth::Truth;

/// A term or class of one vocabulary, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConceptId(pub u32);

impl ConceptId {
    /// The position.
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A term or a class.
#[derive(Clone, Debug, Default)]
pub struct Concept {
    /// The preferred name.
    pub name: String,
    /// A class groups terms. Given as a value it is the broadest of them: some member, nobody knows which.
    pub is_class: bool,
    /// Classes and broader terms it belongs to.
    pub is: Vec<ConceptId>,
    /// Classes it may belong to: membership is unknown.
    pub may_be: Vec<ConceptId>,
    /// Other names of the same concept.
    pub also: Vec<String>,
    /// Codes by code system (`rxnorm`, `snomed`, `icd10`, `loinc`).
    pub codes: Vec<(String, String)>,
    /// Why a class has the members it has, where the sources do not list them.
    pub why: Option<String>,
}

/// A set of terms with classes and synonyms.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// Its name in `pack.toml`.
    pub name: String,
    concepts: Vec<Concept>,
    /// Concepts with every broader one before its narrower ones.
    order: Vec<ConceptId>,
    broad: Vec<bool>,
    names: Named<ConceptId>,
}

/// For each concept of a vocabulary, whether it passes a test: two bits a concept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask {
    yes: Box<[u64]>,
    may: Box<[u64]>,
}

impl Mask {
    /// Nothing passes.
    pub fn none(size: usize) -> Mask {
        let words = vec![0; size.div_ceil(64)].into_boxed_slice();
        Mask { yes: words.clone(), may: words }
    }

    /// The answer for one concept or choice.
    #[inline]
    pub fn get(&self, index: usize) -> Truth {
        let bit = |words: &[u64]| words[index / 64] >> (index % 64) & 1 == 1;
        if bit(&self.yes) {
            Truth::True
        } else if bit(&self.may) {
            Truth::Unknown
        } else {
            Truth::False
        }
    }

    /// Raises the answer for one index to at least `truth`.
    pub fn raise(&mut self, index: usize, truth: Truth) {
        let bit = 1 << (index % 64);
        match truth {
            Truth::True => self.yes[index / 64] |= bit,
            Truth::Unknown => self.may[index / 64] |= bit,
            Truth::False => {}
        }
    }

    /// What passes either test.
    pub fn union(mut self, other: &Mask) -> Mask {
        self.yes.iter_mut().zip(&other.yes).for_each(|(a, b)| *a |= b);
        self.may.iter_mut().zip(&other.may).for_each(|(a, b)| *a |= b);
        self
    }
}

impl Vocabulary {
    /// Builds a vocabulary. `names` holds every name and synonym, folded. `Err`: the concepts of a cycle of `is`.
    pub fn new(
        name: String,
        concepts: Vec<Concept>,
        names: Named<ConceptId>,
    ) -> Result<Vocabulary, Vec<(ConceptId, String)>> {
        let order = broader_first(&concepts)
            .map_err(|cycle| cycle.into_iter().map(|id| (id, concepts[id.index()].name.clone())).collect::<Vec<_>>())?;
        let mut broad: Vec<bool> = concepts.iter().map(|c| c.is_class || !c.may_be.is_empty()).collect();
        concepts.iter().flat_map(|concept| &concept.is).for_each(|up| broad[up.index()] = true);
        Ok(Vocabulary { name, concepts, order, broad, names })
    }

    /// The vocabulary in which a concept does not directly belong to a class or broader term that it belonged to.
    pub fn without(&self, member: ConceptId, class: ConceptId) -> Vocabulary {
        let mut concepts = self.concepts.clone();
        concepts[member.index()].is.retain(|up| *up != class);
        let without = Vocabulary::new(self.name.clone(), concepts, self.names.clone());
        without.unwrap_or_else(|_| unreachable!("less belongs to less"))
    }

    /// A vocabulary that holds nothing.
    pub fn empty(name: &str) -> Vocabulary {
        Vocabulary { name: name.to_owned(), ..Vocabulary::default() }
    }

    /// The number of terms and classes.
    pub fn len(&self) -> usize {
        self.concepts.len()
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.concepts.is_empty()
    }

    /// A term or class.
    pub fn concept(&self, id: ConceptId) -> &Concept {
        &self.concepts[id.index()]
    }

    /// All terms and classes in order of definition.
    pub fn concepts(&self) -> impl Iterator<Item = (ConceptId, &Concept)> {
        self.concepts.iter().enumerate().map(|(index, concept)| (ConceptId(index as u32), concept))
    }

    /// The term or class of that name or synonym.
    pub fn find(&self, name: &str) -> Option<ConceptId> {
        self.names.get(fold(name).as_ref()).copied()
    }

    /// The names and synonyms that a text which is none of them may mean: what a slip has changed, a name among other
    /// words (`prednisone 10 mg daily`), or one of which only a part is given (`Crohn's`). They are for people to choose
    /// from: `no Crohn's disease` holds a name, too.
    pub fn nearest(&self, name: &str) -> Vec<&str> {
        let slipped = nearest(name, self.names());
        let within = self.within(name);
        let mut near = match slipped.first() {
            // A name that is there word for word is meant, unless a slip is all that keeps the whole from being one.
            Some(first) if !within.contains(first) => slipped,
            _ => within,
        };
        if near.is_empty() {
            near = nearest_within(name, self.names());
        }
        if near.is_empty() {
            near = self.around(name);
        }
        near.truncate(MOST_SUGGESTED);
        near
    }

    fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.concepts.iter().flat_map(|concept| std::iter::once(&concept.name).chain(&concept.also)).map(String::as_str)
    }

    /// The names that a text holds as whole words, longest first, each concept once: `prednisone` and not also the class
    /// it is in.
    fn within(&self, text: &str) -> Vec<&str> {
        let mut found = known_within(text, |run| self.find(run));
        found.sort_by_key(|(run, _)| std::cmp::Reverse(run.chars().count()));
        let broader: Vec<ConceptId> = found.iter().flat_map(|(_, id)| self.ancestors(*id).split_off(1)).collect();
        let mut once: Vec<(&str, ConceptId)> = Vec::new();
        for (run, id) in found {
            if !broader.contains(&id) && once.iter().all(|(_, other)| *other != id) {
                once.push((run, id));
            }
        }
        once.into_iter().map(|(run, id)| self.spelt(id, run)).collect()
    }

    /// A concept's name or synonym as the vocabulary spells it.
    fn spelt(&self, id: ConceptId, name: &str) -> &str {
        let concept = self.concept(id);
        concept.also.iter().find(|also| fold(also) == fold(name)).unwrap_or(&concept.name)
    }

    /// The names that hold a text as whole words, unless there are so many that they tell nothing.
    fn around(&self, text: &str) -> Vec<&str> {
        let run = |name: &str| format!(" {} ", words(name).join(" "));
        let text = run(text);
        let around: Vec<&str> = self.names().filter(|name| text.len() > 5 && run(name).contains(&text)).collect();
        if around.len() > MOST_SUGGESTED { Vec::new() } else { around }
    }

    /// Which concepts are `target` or belong to it.
    pub fn members(&self, target: ConceptId) -> Mask {
        self.mask(&self.belonging(target))
    }

    /// Which concepts are the very concept `target`.
    pub fn same(&self, target: ConceptId) -> Mask {
        let mut only = vec![false; self.len()];
        only[target.index()] = true;
        self.mask(&only)
    }

    /// Whether a concept may stand for one of several: a class, a broader term, or one that may be in a class.
    pub fn is_broad(&self, id: ConceptId) -> bool {
        self.broad[id.index()]
    }

    /// Whether a concept is a class or has narrower terms, so that no question whether a term is just that one stays
    /// answered once more is known.
    pub fn has_narrower(&self, id: ConceptId) -> bool {
        self.concept(id).is_class || self.concepts.iter().any(|concept| concept.is.contains(&id))
    }

    /// Whether two concepts are one: unknown where one is so broad that it may stand for the other.
    pub fn equal(&self, a: ConceptId, b: ConceptId) -> Truth {
        if !self.is_broad(a) && !self.is_broad(b) {
            return (a == b).into();
        }
        let (a, b) = (self.possible(a), self.possible(b));
        if a.iter().zip(&b).any(|(a, b)| *a && *b) { Truth::Unknown } else { Truth::False }
    }

    /// Every concept that one may stand for: itself, its narrower ones, and the members of classes it may be in.
    fn possible(&self, id: ConceptId) -> Vec<bool> {
        let mut possible = vec![false; self.len()];
        let mut open = vec![id];
        while let Some(next) = open.pop() {
            let belonging = self.belonging(next);
            for (index, _) in belonging.iter().enumerate().filter(|(_, belongs)| **belongs) {
                if !std::mem::replace(&mut possible[index], true) {
                    open.extend(&self.concepts[index].may_be);
                }
            }
        }
        possible
    }

    /// `target` and every concept that names it, directly or not, in `is`.
    fn belonging(&self, target: ConceptId) -> Vec<bool> {
        let mut belongs = vec![false; self.len()];
        for id in &self.order {
            belongs[id.index()] = *id == target || self.concept(*id).is.iter().any(|up| belongs[up.index()]);
        }
        belongs
    }

    /// True where `yes`; unknown for a concept that may stand for one that passes: see `possible`.
    fn mask(&self, yes: &[bool]) -> Mask {
        let mut may = yes.to_vec();
        let mut grows = true;
        while std::mem::take(&mut grows) {
            for id in self.order.iter().rev() {
                if may[id.index()] {
                    self.concept(*id).is.iter().for_each(|up| may[up.index()] = true);
                }
            }
            for (index, concept) in self.concepts.iter().enumerate().filter(|(_, concept)| !concept.may_be.is_empty()) {
                if !may[index] && concept.may_be.iter().any(|class| may[class.index()]) {
                    may[index] = true;
                    grows = true;
                }
            }
        }
        let mut mask = Mask::none(self.len());
        for index in 0..self.len() {
            let truth = if yes[index] {
                Truth::True
            } else if may[index] {
                Truth::Unknown
            } else {
                Truth::False
            };
            mask.raise(index, truth);
        }
        mask
    }

    /// The classes and broader terms of a concept, itself first, nearest first.
    pub fn ancestors(&self, id: ConceptId) -> Vec<ConceptId> {
        let mut found = vec![id];
        let mut next = 0;
        while next < found.len() {
            for up in &self.concept(found[next]).is {
                if !found.contains(up) {
                    found.push(*up);
                }
            }
            next += 1;
        }
        found
    }
}

/// Orders concepts so that what they belong to comes first; `Err` with the concepts that belong to each other.
fn broader_first(concepts: &[Concept]) -> Result<Vec<ConceptId>, Vec<ConceptId>> {
    let mut waiting: Vec<usize> = concepts.iter().map(|concept| concept.is.len()).collect();
    let mut narrower: Vec<Vec<ConceptId>> = vec![Vec::new(); concepts.len()];
    for (index, concept) in concepts.iter().enumerate() {
        for up in &concept.is {
            narrower[up.index()].push(ConceptId(index as u32));
        }
    }
    let ids = || (0..concepts.len()).map(|index| ConceptId(index as u32));
    let mut order: Vec<ConceptId> = ids().filter(|id| waiting[id.index()] == 0).collect();
    let mut next = 0;
    while next < order.len() {
        for down in &narrower[order[next].index()] {
            waiting[down.index()] -= 1;
            if waiting[down.index()] == 0 {
                order.push(*down);
            }
        }
        next += 1;
    }
    if order.len() == concepts.len() {
        return Ok(order);
    }
    // What only belongs to a cycle, or belongs to what does, is not of it.
    let mut cycle: Vec<ConceptId> = ids().filter(|id| waiting[id.index()] > 0).collect();
    loop {
        let of_it: Vec<ConceptId> =
            cycle.iter().copied().filter(|id| narrower[id.index()].iter().any(|down| cycle.contains(down))).collect();
        if of_it.len() == cycle.len() {
            return Err(cycle);
        }
        cycle = of_it;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concept(name: &str, is_class: bool, is: &[u32], may_be: &[u32]) -> Concept {
        let ids = |list: &[u32]| list.iter().copied().map(ConceptId).collect();
        Concept { name: name.into(), is_class, is: ids(is), may_be: ids(may_be), ..Concept::default() }
    }

    fn cancers() -> Vocabulary {
        let concepts = vec![
            concept("approved use", true, &[], &[]),
            concept("kidney cancer", false, &[], &[0]),
            concept("renal cell carcinoma", false, &[1, 0], &[]),
            concept("urothelial carcinoma", false, &[1], &[]),
            concept("glioma", false, &[], &[]),
        ];
        Vocabulary::new("diagnosis".into(), concepts, Named::default()).expect("no cycle")
    }

    #[test]
    fn a_term_too_broad_to_tell_is_unknown() {
        let cancers = cancers();
        let approved = cancers.members(ConceptId(0));
        let answers: Vec<Truth> = (1..5).map(|index| approved.get(index)).collect();
        assert_eq!(answers, [Truth::Unknown, Truth::True, Truth::False, Truth::False]);
    }

    #[test]
    fn a_broader_term_may_be_any_narrower_one_but_not_the_reverse() {
        let cancers = cancers();
        assert_eq!(cancers.members(ConceptId(3)).get(1), Truth::Unknown);
        assert_eq!(cancers.members(ConceptId(1)).get(3), Truth::True);
        assert_eq!(cancers.equal(ConceptId(1), ConceptId(2)), Truth::Unknown);
        assert_eq!(cancers.equal(ConceptId(4), ConceptId(2)), Truth::False);
    }

    #[test]
    fn two_broad_terms_may_both_stand_for_one_narrower_term() {
        let concepts = vec![
            concept("skin cancer", false, &[], &[]),
            concept("pigmented tumour", false, &[], &[]),
            concept("melanoma", false, &[0, 1], &[]),
            concept("glioma", false, &[], &[]),
        ];
        let tumours = Vocabulary::new("tumour".into(), concepts, Named::default()).expect("no cycle");
        assert_eq!(tumours.equal(ConceptId(0), ConceptId(1)), Truth::Unknown);
        assert_eq!(tumours.equal(ConceptId(0), ConceptId(3)), Truth::False);
    }

    #[test]
    fn what_may_be_in_a_class_may_be_in_another_that_shares_its_members() {
        let concepts = vec![
            concept("immunosuppressant", true, &[], &[]),
            concept("glucocorticoid", true, &[], &[]),
            concept("prednisone", false, &[0, 1], &[]),
            concept("trial drug", false, &[], &[0]),
            concept("antibiotic", true, &[], &[]),
            concept("amoxicillin", false, &[4], &[]),
        ];
        let drugs = Vocabulary::new("drug".into(), concepts, Named::default()).expect("no cycle");
        assert_eq!(drugs.members(ConceptId(1)).get(3), Truth::Unknown);
        assert_eq!(drugs.members(ConceptId(2)).get(3), Truth::Unknown);
        assert_eq!(drugs.members(ConceptId(4)).get(3), Truth::False);
    }

    #[test]
    fn what_is_no_name_may_mean_what_it_holds_or_is_part_of() {
        let mut concepts = vec![
            concept("carcinoma", true, &[], &[]),
            concept("squamous cell carcinoma", false, &[0], &[]),
            concept("Crohn's disease", false, &[], &[]),
        ];
        concepts[2].also = vec!["regional enteritis".into()];
        let named =
            [("carcinoma", 0), ("squamous cell carcinoma", 1), ("crohns disease", 2), ("regional enteritis", 2)];
        let names = named.into_iter().map(|(name, id)| (name.to_owned(), ConceptId(id))).collect();
        let diseases = Vocabulary::new("disease".into(), concepts, names).expect("no cycle");
        for (text, near) in [
            ("squamous cel carcinoma", ["squamous cell carcinoma"].as_slice()),
            ("squamous cell carcinoma, a carcinoma", &["squamous cell carcinoma"]),
            ("Regional Enteritis (Crohn's disease)", &["regional enteritis"]),
            ("mild Crohn disease since 2019", &["Crohn's disease"]),
            ("Crohn's", &["Crohn's disease"]),
            ("carcinomatosis", &[]),
            ("gout", &[]),
        ] {
            assert_eq!(diseases.nearest(text), near, "{text}");
        }
    }

    #[test]
    fn terms_that_belong_to_each_other_are_named() {
        let looped = vec![concept("a", false, &[1], &[]), concept("b", false, &[0], &[]), concept("c", true, &[], &[])];
        let cycle = Vocabulary::new("x".into(), looped, Named::default()).expect_err("a cycle");
        assert_eq!(cycle, [(ConceptId(0), "a".to_owned()), (ConceptId(1), "b".to_owned())]);
    }
}
