//! The dictionary: every fact a pack knows, with what a referral may say of it and how to ask for it.

use rust_decimal::Decimal;

use super::calendar::Date;
use super::name::{MOST_SUGGESTED, Named, are_akin, initials, nearest, words};
use super::unit::Unit;
use super::vocabulary::Vocabulary;

/// A fact of the dictionary, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId(pub u16);

impl FactId {
    /// The position.
    #[inline]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A vocabulary of the pack, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VocabularyId(pub u16);

/// The type of a single value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// Yes or no.
    Bool,
    /// A whole number.
    Integer,
    /// An exact decimal.
    Number,
    /// A calendar day.
    Date,
    /// One of a closed list of values.
    Choice(Vec<String>),
    /// A term of a vocabulary.
    Term(VocabularyId),
}

impl Scalar {
    /// The word for the type in packs and messages.
    pub fn word(&self) -> &'static str {
        match self {
            Scalar::Bool => "bool",
            Scalar::Integer => "integer",
            Scalar::Number => "number",
            Scalar::Date => "date",
            Scalar::Choice(_) => "choice",
            Scalar::Term(_) => "term",
        }
    }
}

/// The plausible limit of a value: outside it is an input error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Limit {
    /// A number, in the dictionary's unit.
    Number(Decimal),
    /// A calendar day.
    Date(Date),
    /// The as-of date.
    AsOf,
}

/// A normal range, low to high, both normal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Normal {
    /// The lowest normal value.
    pub low: Decimal,
    /// The highest normal value.
    pub high: Decimal,
}

/// The values a fact or a field of a record may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// The type.
    pub scalar: Scalar,
    /// The unit values are held in.
    pub unit: Option<Unit>,
    /// Smallest plausible value.
    pub min: Option<Limit>,
    /// Largest plausible value.
    pub max: Option<Limit>,
    /// Grams a mole, where mass and molar units convert.
    pub molar_mass: Option<Decimal>,
    /// The normal range, unless a result carries its own.
    pub normal: Option<Normal>,
}

/// A field of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in packs and referrals.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// What to ask when it is missing.
    pub question: String,
    /// Its values.
    pub domain: Domain,
}

/// The shape of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One value, with earlier results beside it.
    One(Domain),
    /// A set of choices or terms.
    Set(Domain),
    /// Records, counted one by one.
    Records(Vec<Field>),
}

/// How hard a fact is to get, easiest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effort {
    /// Ask the patient or the referrer.
    Ask,
    /// Look it up in the record.
    Record,
    /// A blood test.
    Lab,
    /// An examination.
    Test,
}

impl Effort {
    /// Every effort, easiest first.
    pub const ALL: [Effort; 4] = [Effort::Ask, Effort::Record, Effort::Lab, Effort::Test];

    /// The word for it in packs.
    pub const fn word(self) -> &'static str {
        match self {
            Effort::Ask => "ask",
            Effort::Record => "record",
            Effort::Lab => "lab",
            Effort::Test => "test",
        }
    }
}

/// How old a result may be on the as-of date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaxAge {
    /// Whole days; older is stale.
    pub days: i64,
    /// The setting it comes from.
    pub setting: String,
}

/// One named, typed thing about a patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its name in packs and referrals.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// What to ask when it is missing.
    pub question: String,
    /// Where reports show it.
    pub group: String,
    /// Its values.
    pub shape: Shape,
    /// How hard it is to get.
    pub effort: Effort,
    /// How old a result may be.
    pub max_age: Option<MaxAge>,
    /// The settings that its normal range comes from.
    pub range_settings: Vec<String>,
    /// Whether a script computes it, and by how much a given value may differ from that.
    pub derived: Option<Decimal>,
}

impl Fact {
    /// The values of a fact that is no list of records.
    pub fn domain(&self) -> Option<&Domain> {
        match &self.shape {
            Shape::One(domain) | Shape::Set(domain) => Some(domain),
            Shape::Records(_) => None,
        }
    }

    /// Whether the fact is a list.
    pub fn is_list(&self) -> bool {
        !matches!(self.shape, Shape::One(_))
    }

    /// The fields of its records; none otherwise.
    pub fn fields(&self) -> &[Field] {
        match &self.shape {
            Shape::Records(fields) => fields,
            Shape::One(_) | Shape::Set(_) => &[],
        }
    }

    /// Whether each of these words, or a form of it, stands in the fact's name, from depth 1 on in its label, and from
    /// depth 2 on in its question; those of its fields count as well.
    fn says(&self, asked: &[String], depth: usize) -> bool {
        let own = [&self.name, &self.label, &self.question];
        let fields = self.fields().iter().map(|field| [&field.name, &field.label, &field.question]);
        let texts = std::iter::once(own).chain(fields).flat_map(|texts| texts.into_iter().take(depth + 1));
        let said: Vec<String> = texts.flat_map(|text| words(text)).collect();
        !asked.is_empty() && asked.iter().all(|word| said.iter().any(|own| are_akin(word, own)))
    }

    /// Whether the one word given is made of first letters: of words that follow each other in the label or question
    /// (`lvef`), or of the whole name and then of words of the label (`pft` for pulmonary function, lung function tests).
    fn is_abbreviated(&self, asked: &[String]) -> bool {
        let [short] = asked else { return false };
        let [name, label, question] = [&self.name, &self.label, &self.question].map(|text| initials(text));
        let goes_on = |rest: &str| {
            let mut letters = label.chars();
            rest.chars().all(|letter| letters.any(|initial| initial == letter))
        };
        let whole = short.strip_prefix(&*name).is_some_and(goes_on);
        short.chars().count() >= 3 && (whole || label.contains(&**short) || question.contains(&**short))
    }

    /// The domain of a list's field, or of its only one.
    pub fn field_domain(&self, field: usize) -> &Domain {
        match &self.shape {
            Shape::One(domain) | Shape::Set(domain) => domain,
            Shape::Records(fields) => &fields[field].domain,
        }
    }
}

/// All facts of a pack and the vocabularies their terms come from.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    facts: Vec<Fact>,
    vocabularies: Vec<Vocabulary>,
    names: Named<FactId>,
}

impl Dictionary {
    /// A dictionary of facts with distinct names.
    pub fn new(facts: Vec<Fact>, vocabularies: Vec<Vocabulary>) -> Dictionary {
        let ids = (0..).map(FactId);
        let names = facts.iter().map(|fact| fact.name.clone()).zip(ids).collect();
        Dictionary { facts, vocabularies, names }
    }

    /// Every fact, in order of definition.
    pub fn facts(&self) -> impl Iterator<Item = (FactId, &Fact)> {
        self.facts.iter().enumerate().map(|(index, fact)| (FactId(index as u16), fact))
    }

    /// The number of facts.
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// Whether it knows no fact.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// A fact.
    #[inline]
    pub fn fact(&self, id: FactId) -> &Fact {
        &self.facts[id.index()]
    }

    /// The fact of that name.
    pub fn find(&self, name: &str) -> Option<FactId> {
        self.names.get(name).copied()
    }

    /// The facts that a name which is none of theirs may mean: what a slip has changed, or else what its words say or
    /// its letters stand for.
    pub fn nearest(&self, name: &str) -> Vec<&str> {
        let mut slipped = nearest(name, self.facts.iter().map(|fact| fact.name.as_str()));
        // Another letter of three makes another abbreviation: AST is not ALT.
        slipped.retain(|other| name.len() > 3 || name.len() != other.len() || name.eq_ignore_ascii_case(other));
        if !slipped.is_empty() {
            return slipped;
        }
        let asked = words(name);
        let worded = (0..3).map(|depth| self.told(|fact| fact.says(&asked, depth))).find(|facts| !facts.is_empty());
        worded.unwrap_or_else(|| self.told(|fact| fact.is_abbreviated(&asked)))
    }

    /// The facts that pass a test, unless there are so many that they tell nothing.
    fn told(&self, passes: impl Fn(&Fact) -> bool) -> Vec<&str> {
        let told: Vec<&str> = self.facts.iter().filter(|fact| passes(fact)).map(|fact| fact.name.as_str()).collect();
        if told.len() > MOST_SUGGESTED { Vec::new() } else { told }
    }

    /// The dictionary in which one fact is another of the same name.
    pub fn with(&self, id: FactId, fact: Fact) -> Dictionary {
        let mut other = self.clone();
        other.facts[id.index()] = fact;
        other
    }

    /// A vocabulary.
    pub fn vocabulary(&self, id: VocabularyId) -> &Vocabulary {
        &self.vocabularies[usize::from(id.0)]
    }

    /// Every vocabulary.
    pub fn vocabularies(&self) -> &[Vocabulary] {
        &self.vocabularies
    }

    /// The facts and fields of other vocabularies that hold a name, which this one does not: it is theirs.
    pub fn other_holders(&self, vocabulary: VocabularyId, name: &str) -> Vec<String> {
        let others = (0..self.vocabularies.len() as u16).map(VocabularyId).filter(|other| *other != vocabulary);
        let holders = others.filter(|other| self.vocabulary(*other).find(name).is_some());
        holders.flat_map(|other| self.users_of(other)).collect()
    }

    /// The facts and fields that draw on a vocabulary, as `fact` or `fact.field`.
    pub fn users_of(&self, vocabulary: VocabularyId) -> impl Iterator<Item = String> {
        self.facts.iter().flat_map(move |fact| {
            let drawn = move |domain: &Domain| domain.scalar == Scalar::Term(vocabulary);
            let own = fact.domain().filter(|domain| drawn(domain)).map(|_| fact.name.clone());
            let fields = fact.fields().iter().filter(move |field| drawn(&field.domain));
            own.into_iter().chain(fields.map(|field| format!("{}.{}", fact.name, field.name)))
        })
    }
}
