//! Values of facts as the engine holds them: small, typed, and never without a state when they are not known.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rust_decimal::Decimal;

use super::calendar::Date;
use super::interval::Interval;
use super::name::fold;
use super::vocabulary::ConceptId;

/// Why a fact is not wholly known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// The referral does not mention it.
    NotSupplied,
    /// Asked, and nobody could say.
    Unknown,
    /// The test was not done.
    NotDone,
    /// The result is awaited.
    Pending,
    /// Older than the policy allows.
    Stale,
    /// Its age counts, and it has no date.
    Undated,
    /// A term the vocabulary does not hold.
    Unrecognised,
    /// On record, but not in a form that can be read.
    Unreadable,
    /// Two statements that cannot both be true.
    Contradicted,
    /// A list that may have further members.
    Open,
    /// Known only within bounds, or only as a broader term.
    Bounded,
}

impl State {
    /// Every state.
    pub const ALL: [State; 11] = [
        State::NotSupplied,
        State::Unknown,
        State::NotDone,
        State::Pending,
        State::Stale,
        State::Undated,
        State::Unrecognised,
        State::Unreadable,
        State::Contradicted,
        State::Open,
        State::Bounded,
    ];

    /// The word for it in every report.
    pub fn word(self) -> &'static str {
        match self {
            State::NotSupplied => "not-supplied",
            State::Unknown => "unknown",
            State::NotDone => "not-done",
            State::Pending => "pending",
            State::Stale => "stale",
            State::Undated => "undated",
            State::Unrecognised => "unrecognised",
            State::Unreadable => "unreadable",
            State::Contradicted => "contradicted",
            State::Open => "open",
            State::Bounded => "bounded",
        }
    }
}

/// A term as a referral gives it. Terms are compared as names, whatever their case and spacing.
#[derive(Clone, Debug)]
pub enum Term {
    /// A term of the vocabulary.
    Known(ConceptId),
    /// Given as `other: …`: looked at, and in no class. Holds the folded text and the text as written.
    Other(Arc<str>, Arc<str>),
    /// Not in the vocabulary: every comparison with it is unknown. Holds the text as written.
    Unrecognised(Arc<str>),
}

impl Term {
    fn key(&self) -> (u8, Option<ConceptId>, String) {
        match self {
            Term::Known(id) => (0, Some(*id), String::new()),
            Term::Other(folded, _) => (1, None, folded.to_string()),
            Term::Unrecognised(text) => (2, None, fold(text).into_owned()),
        }
    }
}

impl PartialEq for Term {
    fn eq(&self, other: &Term) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Term {}

impl PartialOrd for Term {
    fn partial_cmp(&self, other: &Term) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Term {
    fn cmp(&self, other: &Term) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl Hash for Term {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

/// What is known of a fact or of a field of a record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// Nothing, and why.
    Unknown(State),
    /// Yes or no.
    Bool(bool),
    /// One of the fact's choices, by position.
    Choice(u16),
    /// A term of the fact's vocabulary.
    Term(Term),
    /// A whole number.
    Integer(Interval<i64>),
    /// An exact decimal in the dictionary's unit.
    Number(Interval<Decimal>),
    /// A calendar day.
    Date(Interval<Date>),
    /// A list and its members.
    List(List),
}

/// A list: of choices or terms (a set), or of records.
#[derive(Clone, Debug)]
pub struct List {
    /// The fields of every member after one another; one field a member unless it is a list of records.
    fields: Vec<Value>,
    /// The name each field was given by, where that is not the name of its value.
    given: Vec<Option<Arc<str>>>,
    /// Who says so, member by member.
    sources: Vec<Option<Arc<str>>>,
    width: usize,
    /// Whether members may be missing.
    pub open: bool,
}

/// A field of a member: its value, and the name it was given by where that is another.
pub type Field = (Value, Option<Arc<str>>);

/// A member on its way into a list.
#[derive(Clone, Debug, Default)]
pub struct Member {
    /// Its fields; one unless it is a record.
    pub fields: Vec<Field>,
    /// Who says that it is on the list.
    pub source: Option<Arc<str>>,
}

/// A member that nobody is named for.
impl FromIterator<Field> for Member {
    fn from_iter<I: IntoIterator<Item = Field>>(fields: I) -> Member {
        Member { fields: fields.into_iter().collect(), source: None }
    }
}

/// Lists are equal when they say the same, under whatever names.
impl PartialEq for List {
    fn eq(&self, other: &List) -> bool {
        (self.open, self.width, &self.fields) == (other.open, other.width, &other.fields)
    }
}

impl Eq for List {}

impl Hash for List {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.open, self.width, &self.fields).hash(state);
    }
}

impl List {
    /// A list in canonical order; equal members of a set (`set`) are one.
    pub fn new(mut members: Vec<Member>, width: usize, set: bool, open: bool) -> List {
        members.sort_by(|a, b| {
            let words = || names(a).cmp(names(b)).then_with(|| texts(a).cmp(texts(b)));
            compare_all(a, b).then_with(words).then_with(|| a.source.cmp(&b.source))
        });
        if set {
            members.dedup_by(|a, b| a.fields[0].0 == b.fields[0].0 && !matches!(a.fields[0].0, Value::Unknown(_)));
        }
        let sources = members.iter().map(|member| member.source.clone()).collect();
        let (fields, given) = members.into_iter().flat_map(|member| member.fields).unzip();
        List { fields, given, sources, width, open }
    }

    /// The list, declared complete.
    pub fn closed(mut self) -> List {
        self.open = false;
        self
    }

    /// The name a field was given by, where that is not the name of its value.
    pub fn given(&self, member: usize, field: usize) -> Option<&str> {
        self.given[member * self.width + field].as_deref()
    }

    /// Who says that a member is on the list.
    pub fn source(&self, member: usize) -> Option<&str> {
        self.sources[member].as_deref()
    }

    /// A member with the names its fields were given by, and its source.
    pub fn whole(&self, index: usize) -> Member {
        let range = index * self.width..(index + 1) * self.width;
        let fields = self.fields[range.clone()].iter().cloned().zip(self.given[range].iter().cloned()).collect();
        Member { fields, source: self.sources[index].clone() }
    }

    /// The number of members listed.
    pub fn len(&self) -> usize {
        self.fields.len() / self.width
    }

    /// Whether no member is listed.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The fields of one member.
    #[inline]
    pub fn member(&self, index: usize) -> &[Value] {
        &self.fields[index * self.width..(index + 1) * self.width]
    }

    /// Every member's fields.
    #[inline]
    pub fn members(&self) -> std::slice::ChunksExact<'_, Value> {
        self.fields.chunks_exact(self.width)
    }
}

impl Value {
    /// The state in which a value is less than wholly known; a list's members and a term's breadth are not looked at.
    pub fn state(&self) -> Option<State> {
        match self {
            Value::Unknown(state) => Some(*state),
            Value::Term(Term::Unrecognised(_)) => Some(State::Unrecognised),
            Value::Integer(i) => i.exact().is_none().then_some(State::Bounded),
            Value::Number(n) => n.exact().is_none().then_some(State::Bounded),
            Value::Date(d) => d.exact().is_none().then_some(State::Bounded),
            Value::List(list) => list.open.then_some(State::Open),
            Value::Bool(_) | Value::Choice(_) | Value::Term(_) => None,
        }
    }
}

/// A total order of values for canonical forms; it means nothing clinically.
fn compare(a: &Value, b: &Value) -> Ordering {
    let rank = |value: &Value| match value {
        Value::Unknown(_) => 0,
        Value::Bool(_) => 1,
        Value::Choice(_) => 2,
        Value::Term(_) => 3,
        Value::Integer(_) => 4,
        Value::Number(_) => 5,
        Value::Date(_) => 6,
        Value::List(_) => 7,
    };
    match (a, b) {
        (Value::Unknown(a), Value::Unknown(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Choice(a), Value::Choice(b)) => a.cmp(b),
        (Value::Term(a), Value::Term(b)) => a.cmp(b),
        (Value::Integer(a), Value::Integer(b)) => compare_intervals(a, b),
        (Value::Number(a), Value::Number(b)) => compare_intervals(a, b).then_with(|| scales(a).cmp(&scales(b))),
        (Value::Date(a), Value::Date(b)) => compare_intervals(a, b),
        _ => rank(a).cmp(&rank(b)),
    }
}

fn compare_all(a: &Member, b: &Member) -> Ordering {
    let pairs = a.fields.iter().zip(&b.fields).map(|((a, _), (b, _))| compare(a, b));
    pairs.into_iter().find(|order| order.is_ne()).unwrap_or_else(|| a.fields.len().cmp(&b.fields.len()))
}

/// The texts of terms that are in no vocabulary, as written: they order what is otherwise equal.
fn texts(member: &Member) -> impl Iterator<Item = &str> {
    member.fields.iter().filter_map(|(value, _)| match value {
        Value::Term(Term::Other(_, text) | Term::Unrecognised(text)) => Some(&**text),
        _ => None,
    })
}

fn names(member: &Member) -> impl Iterator<Item = &Option<Arc<str>>> {
    member.fields.iter().map(|(_, given)| given)
}

/// How many digits stand behind the point: 1.10 and 1.1 are one number and are shown as they were written.
fn scales(number: &Interval<Decimal>) -> [Option<u32>; 2] {
    use std::ops::Bound::{Excluded, Included, Unbounded};
    [number.low(), number.high()].map(|bound| match bound {
        Included(value) | Excluded(value) => Some(value.scale()),
        Unbounded => None,
    })
}

fn compare_intervals<T: Copy + Ord>(a: &Interval<T>, b: &Interval<T>) -> Ordering {
    use std::ops::Bound::{Excluded, Included, Unbounded};
    let key = |bound| match bound {
        Unbounded => (None, 0),
        Included(value) => (Some(value), 0),
        Excluded(value) => (Some(value), 1),
    };
    key(a.low()).cmp(&key(b.low())).then(key(a.high()).cmp(&key(b.high())))
}
