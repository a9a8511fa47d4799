//! Runs scripts that have no place in the IR: in Rhai itself, on one chart, under hard limits. A script sees only what
//! is wholly known: once it has touched anything else its result is unknown, whatever it then returned, caught or
//! sorted away. Every script ends, none panics, and one without a result is a fault that says why in plain words.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicIteratorPackage, BasicMathPackage, BasicStringPackage, LogicPackage,
    MoreStringPackage, Package,
};
use rhai::{
    AST, ASTNode, Array, Dynamic, Engine, EvalAltResult, Expr, FnPtr, NativeCallContext, OptimizationLevel,
    ParseErrorType, Position, Scope, Stmt,
};
use rust_decimal::Decimal;

use super::cause::{Cause, traced};
use super::chart::Chart;
use super::eval::same_term;
use crate::model::calendar::{Date, days_between, years_between};
use crate::model::dictionary::{Dictionary, FactId, Scalar, VocabularyId};
use crate::model::truth::Truth;
use crate::model::value::{List, State, Term, Value};
use crate::pack::lower::tree::{FACT_FUNCTIONS, FORBIDDEN, MAX_DEPTH};
use crate::pack::program::Program;
use crate::pack::setting::{Setting, SettingValue};

/// How many steps a script may take.
pub const MAX_STEPS: usize = 20_000;
/// How many entries a list or map may have.
pub const MAX_ENTRIES: usize = 256;
/// How many bytes a text may have.
pub const MAX_BYTES: usize = 4_096;
/// How deeply functions may call each other: with expressions nested as deeply as they may be, half the stack of a thread.
pub const MAX_CALLS: usize = 24;

/// What running a script came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Ran<T> {
    /// A value, from facts wholly known.
    Value(T),
    /// It touched these, which are not.
    Unknown(Vec<Cause>),
    /// It has no result, and why.
    Fault(String),
}

/// A value that a script gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A decimal.
    Number(Decimal),
    /// A day.
    Date(Date),
    /// A text, such as a choice.
    Text(String),
}

/// Runs the scripts of one program. It takes some 300 microseconds to make, and runs one script at a time.
pub struct Runner {
    engine: Engine,
    helpers: Result<AST, String>,
    desk: Arc<Desk>,
    /// Scripts read so far; held for the length of a run.
    trees: Mutex<HashMap<String, Result<Tree, String>>>,
}

/// A script that was read.
struct Tree {
    ast: AST,
    /// The names of variables and fields that a `switch` is on.
    switched: Arc<BTreeSet<String>>,
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner").finish_non_exhaustive()
    }
}

impl Runner {
    /// A runner of a program's scripts.
    pub fn new(program: &Program) -> Runner {
        let desk = Arc::new(Desk {
            dictionary: program.dictionary.clone(),
            settings: program.settings.clone(),
            steps: AtomicUsize::new(0),
            now: Mutex::default(),
        });
        let engine = engine(&desk);
        let mut helpers = Ok(AST::empty());
        for text in &program.helpers {
            helpers = helpers.and_then(|lower: AST| Ok(lower.merge(&parse(&engine, text)?)));
        }
        Runner { engine, helpers, desk, trees: Mutex::default() }
    }

    /// Runs a rule's script, which has to come to true or false.
    pub fn test(&self, program: &Program, chart: &Chart, text: &str) -> Ran<bool> {
        match self.run(program, chart, text) {
            Ran::Value(Given::Bool(value)) => Ran::Value(value),
            Ran::Value(other) => Ran::Fault(format!("the script gives {}, not true or false", other.describe())),
            Ran::Unknown(causes) => Ran::Unknown(causes),
            Ran::Fault(why) => Ran::Fault(why),
        }
    }

    /// Runs a script on a chart of the program that the runner was made for.
    ///
    /// Members of a list have no order that a fact still to come could not change. Where one could, the script has to
    /// come to the same with the members in other orders, else its result is unknown.
    pub fn run(&self, program: &Program, chart: &Chart, text: &str) -> Ran<Given> {
        let mut trees = lock(&self.trees);
        let tree = match trees.get(text) {
            Some(tree) => tree,
            None => trees.entry(text.to_owned()).or_insert_with(|| self.read(text)),
        };
        let tree = match tree {
            Ok(tree) => tree,
            Err(why) => return Ran::Fault(why.clone()),
        };
        let chart = Arc::new(chart.clone());
        let (first, shuffled) = self.once(tree, &chart, 0);
        let orders = if matches!(first, Ran::Value(_)) { shuffled.longest.min(MAX_ORDERS) } else { 0 };
        let settled = (1..=orders).all(|order| self.once(tree, &chart, order).0 == first);
        match if settled { first } else { Ran::Unknown(shuffled.causes) } {
            Ran::Unknown(touched) => Ran::Unknown(traced(program, &chart, &touched)),
            other => other,
        }
    }

    fn read(&self, text: &str) -> Result<Tree, String> {
        let own = parse(&self.engine, text)?;
        let ast = self.helpers.clone()?.merge(&own);
        let switched = Arc::new(switched(&ast)?);
        Ok(Tree { ast, switched })
    }

    fn once(&self, tree: &Tree, chart: &Arc<Chart>, order: usize) -> (Ran<Given>, Shuffled) {
        let (chart, switched) = (Some(chart.clone()), tree.switched.clone());
        *lock(&self.desk.now) = Now { chart, switched, order, ..Now::default() };
        self.desk.steps.store(0, Ordering::Relaxed);
        let result = self.engine.eval_ast_with_scope::<Dynamic>(&mut Scope::new(), &tree.ast);
        let now = std::mem::take(&mut *lock(&self.desk.now));
        let ran = match (now.broken, result) {
            _ if !now.touched.is_empty() => Ran::Unknown(now.touched),
            (Some(why), _) => Ran::Fault(why),
            _ if self.desk.steps.load(Ordering::Relaxed) > MAX_STEPS => Ran::Fault(too_many_steps()),
            (None, Err(error)) => Ran::Fault(in_words(&error)),
            (None, Ok(value)) => given(&value.flatten()).map_or_else(Ran::Fault, Ran::Value),
        };
        (ran, now.shuffled)
    }
}

/// In how many orders the members of lists are tried.
const MAX_ORDERS: usize = 5;

impl Given {
    fn describe(&self) -> &'static str {
        match self {
            Given::Bool(_) => "true or false",
            Given::Integer(_) => "a whole number",
            Given::Number(_) => "a number",
            Given::Date(_) => "a date",
            Given::Text(_) => "a text",
        }
    }
}

fn given(value: &Dynamic) -> Result<Given, String> {
    if let Some(date) = value.read_lock::<Date>() {
        return Ok(Given::Date(*date));
    }
    let plain = value.as_bool().map(Given::Bool).or_else(|_| value.as_int().map(Given::Integer));
    let plain = plain.or_else(|_| value.as_decimal().map(Given::Number));
    let plain = plain.or_else(|_| value.clone().into_string().map(Given::Text));
    plain.map_err(|_| format!("the script gives {}, not true or false", describe(value)))
}

/// What the callbacks of one engine read and note.
struct Desk {
    dictionary: Dictionary,
    settings: Vec<Setting>,
    steps: AtomicUsize,
    now: Mutex<Now>,
}

/// The run that is under way.
#[derive(Default)]
struct Now {
    chart: Option<Arc<Chart>>,
    switched: Arc<BTreeSet<String>>,
    order: usize,
    shuffled: Shuffled,
    /// What was touched that is not wholly known.
    touched: Vec<Cause>,
    /// What makes the run a fault even if the script caught it.
    broken: Option<String>,
}

/// Lists whose members a fact still to come could put in another order.
#[derive(Default)]
struct Shuffled {
    longest: usize,
    causes: Vec<Cause>,
}

/// Where a value was read from.
#[derive(Clone, Copy)]
struct At {
    fact: FactId,
    member: Option<usize>,
    field: Option<usize>,
}

impl At {
    fn cause(self, state: State) -> Cause {
        let At { fact, member, field } = self;
        Cause { fact, member, field, state: Some(state), matched: None }
    }
}

/// A term in a script, with the place it was read from.
#[derive(Clone)]
struct Named {
    term: Term,
    vocabulary: VocabularyId,
    at: At,
}

/// A member of a list of records, in a script.
#[derive(Clone, Copy)]
struct Record {
    list: FactId,
    member: usize,
}

type Failure = Box<EvalAltResult>;
type Try<T> = Result<T, Failure>;

impl Desk {
    /// Counts a step; something once the script has to end.
    fn step(&self) -> Option<Dynamic> {
        let steps = self.steps.fetch_add(1, Ordering::Relaxed);
        (steps >= MAX_STEPS).then_some(Dynamic::UNIT)
    }

    fn chart(&self) -> Try<Arc<Chart>> {
        lock(&self.now).chart.clone().ok_or_else(|| fault("there is no chart"))
    }

    /// Notes what is not wholly known, and ends the script.
    fn touch(&self, at: At, state: State) -> Failure {
        lock(&self.now).touched.push(at.cause(state));
        self.end()
    }

    /// Notes a mistake that no script can catch, and ends the script.
    fn broken(&self, why: String) -> Failure {
        lock(&self.now).broken.get_or_insert(why);
        self.end()
    }

    fn end(&self) -> Failure {
        self.steps.fetch_add(MAX_STEPS, Ordering::Relaxed);
        EvalAltResult::ErrorTerminated(Dynamic::UNIT, Position::NONE).into()
    }

    /// What a name stands for, unless it is a local.
    fn variable(&self, name: &str, scope: &Scope) -> Try<Option<Dynamic>> {
        if let Some(fact) = self.dictionary.find(name) {
            let at = At { fact, member: None, field: None };
            let value = self.read(self.chart()?.value(fact), at)?;
            return self.switchable(name, value).map(Some);
        }
        if name == "as_of" {
            return Ok(Some(Dynamic::from(self.chart()?.as_of)));
        }
        if let Some(setting) = self.settings.iter().find(|setting| setting.name == name) {
            return Ok(Some(match setting.value {
                SettingValue::Bool(value) => value.into(),
                SettingValue::Integer(value) => value.into(),
                SettingValue::Number(value) => value.into(),
            }));
        }
        if let Some(local) = scope.get(name) {
            let _ = self.switchable(name, local.flatten_clone())?;
        }
        Ok(None)
    }

    /// A value as scripts see it.
    fn read(&self, value: &Value, at: At) -> Try<Dynamic> {
        let bounded = || self.touch(at, State::Bounded);
        match value {
            Value::Unknown(state) => Err(self.touch(at, *state)),
            Value::Bool(value) => Ok((*value).into()),
            Value::Choice(choice) => match self.scalar(at) {
                Scalar::Choice(values) => Ok(values[usize::from(*choice)].clone().into()),
                other => Err(fault(&format!("a choice where a {} belongs", other.word()))),
            },
            Value::Term(Term::Unrecognised(_)) => Err(self.touch(at, State::Unrecognised)),
            Value::Term(term) => match self.scalar(at) {
                Scalar::Term(vocabulary) => {
                    Ok(Dynamic::from(Named { term: term.clone(), vocabulary: *vocabulary, at }))
                }
                other => Err(fault(&format!("a term where a {} belongs", other.word()))),
            },
            Value::Integer(value) => value.exact().map(Dynamic::from).ok_or_else(bounded),
            Value::Number(value) => value.exact().map(Dynamic::from).ok_or_else(bounded),
            Value::Date(value) => value.exact().map(Dynamic::from).ok_or_else(bounded),
            Value::List(list) => self.list(list, at.fact),
        }
    }

    fn scalar(&self, at: At) -> &Scalar {
        &self.dictionary.fact(at.fact).field_domain(at.field.unwrap_or(0)).scalar
    }

    fn list(&self, list: &List, fact: FactId) -> Try<Dynamic> {
        if list.open {
            return Err(self.touch(At { fact, member: None, field: None }, State::Open));
        }
        let records = !self.dictionary.fact(fact).fields().is_empty();
        self.note_order(list, fact, records)?;
        let mut members = Array::with_capacity(list.len());
        for (index, fields) in list.members().enumerate() {
            members.push(if records {
                Dynamic::from(Record { list: fact, member: index })
            } else {
                self.read(&fields[0], At { fact, member: Some(index), field: Some(0) })?
            });
        }
        let order = lock(&self.now).order;
        if order == 1 {
            members.reverse();
        } else if order > 1 && !members.is_empty() {
            let by = (order - 1) % members.len();
            members.rotate_left(by);
        }
        Ok(members.into())
    }

    /// Notes a list whose members may yet change places, and touches a set two of whose terms may be one.
    fn note_order(&self, list: &List, fact: FactId, records: bool) -> Try<()> {
        let mut loose = Vec::new();
        for (index, fields) in list.members().enumerate() {
            for (field, value) in fields.iter().enumerate() {
                let at = At { fact, member: Some(index), field: Some(field) };
                let vague = matches!(value, Value::Term(Term::Known(_))) && self.is_broad(value, at);
                let twin = |other: &[Value]| {
                    let (a, b) = (value, &other[0]);
                    matches!(self.scalar(at), Scalar::Term(id) if same_term(self.dictionary.vocabulary(*id), a, b) == Truth::Unknown)
                };
                if !records && vague && list.members().enumerate().any(|(i, other)| i != index && twin(other)) {
                    return Err(self.touch(at, State::Bounded));
                }
                loose.extend(value.state().or(vague.then_some(State::Bounded)).map(|state| at.cause(state)));
            }
        }
        if list.len() > 1 && !loose.is_empty() {
            let shuffled = &mut lock(&self.now).shuffled;
            shuffled.longest = shuffled.longest.max(list.len());
            shuffled.causes.extend(loose);
        }
        Ok(())
    }

    /// Whether a term may yet turn out to be another, narrower one.
    fn is_broad(&self, value: &Value, at: At) -> bool {
        let (Value::Term(Term::Known(id)), Scalar::Term(vocabulary)) = (value, self.scalar(at)) else { return false };
        self.dictionary.vocabulary(*vocabulary).is_broad(*id)
    }

    /// A field of a record.
    fn field(&self, record: Record, name: &str) -> Try<Dynamic> {
        let (chart, fact) = (self.chart()?, self.dictionary.fact(record.list));
        let Some(field) = fact.fields().iter().position(|field| field.name == name) else {
            return Err(fault(&format!("there is no field `{}.{name}`", fact.name)));
        };
        let at = At { fact: record.list, member: Some(record.member), field: Some(field) };
        match chart.value(record.list) {
            Value::List(list) => self.switchable(name, self.read(&list.member(record.member)[field], at)?),
            _ => Err(fault("the list is gone")),
        }
    }

    /// Lets a value through unless a `switch` on it would silently take its last branch.
    fn switchable(&self, name: &str, value: Dynamic) -> Try<Dynamic> {
        let foreign = value.is::<Named>() || value.is::<Date>() || value.is::<Record>() || value.is_array();
        if foreign && lock(&self.now).switched.contains(name) {
            return Err(self.broken(format!("`switch` does not take {} such as `{name}`; use `if`", describe(&value))));
        }
        Ok(value)
    }

    /// Whether a term is, or belongs to, what a name stands for.
    fn tested(&self, named: &Named, name: &str, belongs: bool) -> Try<bool> {
        let vocabulary = self.dictionary.vocabulary(named.vocabulary);
        let Some(concept) = vocabulary.find(name) else {
            return Err(fault(&format!("there is no term or class `{name}` in `{}`", vocabulary.name)));
        };
        if !belongs && vocabulary.has_narrower(concept) {
            return Err(fault(&format!("`{name}` stands for several terms: write is_a(\"{name}\")")));
        }
        let truth = match &named.term {
            Term::Known(id) if belongs => vocabulary.members(concept).get(id.0 as usize),
            Term::Known(id) => vocabulary.same(concept).get(id.0 as usize),
            Term::Other(..) => Truth::False,
            Term::Unrecognised(_) => Truth::Unknown,
        };
        self.known(truth, named)
    }

    fn known(&self, truth: Truth, named: &Named) -> Try<bool> {
        match truth {
            Truth::True => Ok(true),
            Truth::False => Ok(false),
            Truth::Unknown => Err(self.touch(named.at, State::Bounded)),
        }
    }

    fn same(&self, a: &Named, b: &Named) -> Try<bool> {
        if a.vocabulary != b.vocabulary {
            return Err(fault("terms of two vocabularies do not compare"));
        }
        let vocabulary = self.dictionary.vocabulary(a.vocabulary);
        let truth = same_term(vocabulary, &Value::Term(a.term.clone()), &Value::Term(b.term.clone()));
        self.known(truth, a)
    }

    /// A term's name, which a narrower term would change.
    fn name(&self, named: &Named) -> Try<String> {
        match &named.term {
            Term::Known(id) => {
                if self.is_broad(&Value::Term(named.term.clone()), named.at) {
                    return Err(self.touch(named.at, State::Bounded));
                }
                Ok(self.dictionary.vocabulary(named.vocabulary).concept(*id).name.clone())
            }
            Term::Other(_, text) | Term::Unrecognised(text) => Ok(text.to_string()),
        }
    }

    /// `date_of`, `is_low` and `is_high`.
    fn of_fact(&self, function: &str, name: &str) -> Try<Dynamic> {
        let Some(fact) = self.dictionary.find(name) else {
            return Err(fault(&format!("`{function}` takes a fact, and `{name}` is none")));
        };
        let (chart, at) = (self.chart()?, At { fact, member: None, field: None });
        let slot = chart.slot(fact);
        if let Value::Unknown(state) = slot.value {
            return Err(self.touch(at, state));
        }
        if function == "date_of" {
            return slot.on.map(Dynamic::from).ok_or_else(|| self.touch(at, State::Undated));
        }
        let Value::Number(number) = &slot.value else {
            return Err(fault(&format!("`{function}` takes a number, and `{name}` is none")));
        };
        let (Some(number), Some(normal)) = (number.exact(), slot.normal) else {
            return Err(self.touch(at, State::Bounded));
        };
        Ok((if function == "is_low" { number < normal.low } else { number > normal.high }).into())
    }
}

/// An engine with the language's functions over what the desk holds.
fn engine(desk: &Arc<Desk>) -> Engine {
    let mut engine = Engine::new_raw();
    ArithmeticPackage::new().register_into_engine(&mut engine);
    LogicPackage::new().register_into_engine(&mut engine);
    BasicIteratorPackage::new().register_into_engine(&mut engine);
    BasicArrayPackage::new().register_into_engine(&mut engine);
    BasicMathPackage::new().register_into_engine(&mut engine);
    BasicStringPackage::new().register_into_engine(&mut engine);
    MoreStringPackage::new().register_into_engine(&mut engine);
    limit(&mut engine, desk);
    names(&mut engine, desk);
    terms(&mut engine, desk);
    dates(&mut engine, desk);
    closures(&mut engine);
    engine.register_fn("between", between);
    engine
}

fn limit(engine: &mut Engine, desk: &Arc<Desk>) {
    engine.set_optimization_level(OptimizationLevel::None);
    engine.set_max_expr_depths(MAX_DEPTH, MAX_DEPTH);
    engine.set_max_call_levels(MAX_CALLS);
    engine.set_max_array_size(MAX_ENTRIES);
    engine.set_max_map_size(MAX_ENTRIES);
    engine.set_max_string_size(MAX_BYTES);
    engine.set_max_variables(MAX_ENTRIES);
    for symbol in FORBIDDEN {
        engine.disable_symbol(symbol);
    }
    let desk = desk.clone();
    engine.on_progress(move |_| desk.step());
}

#[allow(deprecated, reason = "rhai marks `on_var` as open to change, and its version is pinned")]
fn names(engine: &mut Engine, desk: &Arc<Desk>) {
    let d = desk.clone();
    engine.on_var(move |name, _, context| d.variable(name, context.scope()));
    let d = desk.clone();
    engine.register_type_with_name::<Record>("record");
    engine.register_indexer_get(move |record: &mut Record, name: &str| d.field(*record, name));
    for function in FACT_FUNCTIONS {
        let d = desk.clone();
        let parsed = engine.register_custom_syntax([function, "(", "$ident$", ")"], false, move |_, inputs| {
            d.of_fact(function, inputs[0].get_string_value().unwrap_or_default())
        });
        parsed.expect("the names are free");
    }
}

fn terms(engine: &mut Engine, desk: &Arc<Desk>) {
    engine.register_type_with_name::<Named>("term");
    let d = desk.clone();
    engine.register_fn("is_a", move |term: Named, name: &str| d.tested(&term, name, true));
    let d = desk.clone();
    engine.register_fn("to_string", move |term: Named| d.name(&term));
    for (operator, equal) in [("==", true), ("!=", false)] {
        let d = desk.clone();
        engine.register_fn(operator, move |a: Named, b: Named| d.same(&a, &b).map(|same| same == equal));
        let d = desk.clone();
        engine.register_fn(operator, move |a: Named, b: &str| d.tested(&a, b, false).map(|same| same == equal));
        let d = desk.clone();
        engine.register_fn(operator, move |a: &str, b: Named| d.tested(&b, a, false).map(|same| same == equal));
    }
    for operator in COMPARISONS {
        unlike::<Named>(engine, operator);
        unlike::<Record>(engine, operator);
    }
}

const COMPARISONS: [&str; 6] = ["<", "<=", ">", ">=", "==", "!="];

/// Rhai finds values of two types silently unequal; here that is a fault.
fn unlike<T: Clone + Send + Sync + 'static>(engine: &mut Engine, operator: &'static str) {
    let refuse = move |a: &Dynamic, b: &Dynamic| -> Try<bool> {
        Err(fault(&format!("`{operator}` does not go between {} and {}", describe(a), describe(b))))
    };
    engine.register_fn(operator, move |a: T, b: Dynamic| refuse(&Dynamic::from(a), &b));
    engine.register_fn(operator, move |a: Dynamic, b: T| refuse(&a, &Dynamic::from(b)));
}

fn dates(engine: &mut Engine, desk: &Arc<Desk>) {
    engine.register_type_with_name::<Date>("date");
    engine.register_fn("to_string", |date: Date| date.to_string());
    engine.register_fn("<", |a: Date, b: Date| a < b);
    engine.register_fn("<=", |a: Date, b: Date| a <= b);
    engine.register_fn(">", |a: Date, b: Date| a > b);
    engine.register_fn(">=", |a: Date, b: Date| a >= b);
    engine.register_fn("==", |a: Date, b: Date| a == b);
    engine.register_fn("!=", |a: Date, b: Date| a != b);
    for operator in COMPARISONS {
        unlike::<Date>(engine, operator);
    }
    engine.register_fn("days_between", days_between);
    let d = desk.clone();
    engine.register_fn("days_since", move |from: Date| Ok::<_, Failure>(days_between(from, d.chart()?.as_of)));
    let d = desk.clone();
    engine.register_fn("days_until", move |to: Date| Ok::<_, Failure>(days_between(d.chart()?.as_of, to)));
    let d = desk.clone();
    engine.register_fn("years_since", move |from: Date| Ok::<_, Failure>(years_between(from, d.chart()?.as_of)));
}

fn between(x: Dynamic, low: Dynamic, high: Dynamic) -> Try<bool> {
    let date = |value: &Dynamic| value.read_lock::<Date>().map(|date| *date);
    let number = |value: &Dynamic| value.as_decimal().or_else(|_| value.as_int().map(Decimal::from)).ok();
    if let (Some(x), Some(low), Some(high)) = (date(&x), date(&low), date(&high)) {
        return Ok(low <= x && x <= high);
    }
    match (number(&x), number(&low), number(&high)) {
        (Some(x), Some(low), Some(high)) => Ok(low <= x && x <= high),
        _ => Err(fault("`between` takes three numbers or three dates")),
    }
}

/// Functions that call a closure for members of a list. Rhai's own hide what a closure runs into: they wrap it so that
/// `try` catches even the end of the script, or take it for false.
fn closures(engine: &mut Engine) {
    engine.register_fn("some", |ctx: NativeCallContext, list: Array, f: FnPtr| {
        Ok::<_, Failure>(position(&ctx, "some", &list, &f, true)?.is_some())
    });
    engine.register_fn("all", |ctx: NativeCallContext, list: Array, f: FnPtr| {
        Ok::<_, Failure>(position(&ctx, "all", &list, &f, false)?.is_none())
    });
    engine.register_fn("count", |ctx: NativeCallContext, list: Array, f: FnPtr| {
        Ok::<_, Failure>(filtered(&ctx, "count", list, &f)?.len() as i64)
    });
    engine.register_fn("filter", |ctx: NativeCallContext, list: Array, f: FnPtr| filtered(&ctx, "filter", list, &f));
    engine.register_fn("find", |ctx: NativeCallContext, list: Array, f: FnPtr| {
        let found = position(&ctx, "find", &list, &f, true)?;
        Ok::<_, Failure>(found.map_or(Dynamic::UNIT, |index| list[index].clone()))
    });
    engine.register_fn("map", |ctx: NativeCallContext, list: Array, f: FnPtr| -> Try<Array> {
        list.into_iter().map(|item| f.call_raw(&ctx, None, [item])).collect()
    });
    engine.register_fn("reduce", |ctx: NativeCallContext, list: Array, f: FnPtr, start: Dynamic| {
        list.into_iter().try_fold(start, |sum, item| f.call_raw(&ctx, None, [sum, item]))
    });
    for name in ["order", "order_by"] {
        engine.register_fn(name, |ctx: NativeCallContext, list: Array, f: FnPtr| ordered(&ctx, list, &f));
    }
    for name in ["sort", "sort_by"] {
        engine.register_fn(name, |ctx: NativeCallContext, list: &mut Array, f: FnPtr| -> Try<()> {
            *list = ordered(&ctx, list.clone(), &f)?;
            Ok(())
        });
    }
    for name in ["for_each", "index_of", "find_map", "dedup", "reduce", "reduce_rev", "drain", "retain"] {
        let refuse =
            move || -> Try<bool> { Err(fault(&format!("`{name}` with a closure is not to be had; use a `for` loop"))) };
        engine.register_fn(name, move |_: Array, _: FnPtr| refuse());
        if name != "reduce" {
            engine.register_fn(name, move |_: Array, _: FnPtr, _: Dynamic| refuse());
        }
    }
    engine.register_fn("zip", |_: Array, _: Array, _: FnPtr| -> Try<bool> {
        Err(fault("`zip` is not to be had; use a `for` loop"))
    });
}

fn holds(ctx: &NativeCallContext, name: &str, f: &FnPtr, item: &Dynamic) -> Try<bool> {
    let answer = f.call_raw(ctx, None, [item.clone()])?;
    answer
        .as_bool()
        .map_err(|_| fault(&format!("the closure of `{name}` gives {}, not true or false", describe(&answer))))
}

/// The first member for which the closure gives `wanted`.
fn position(ctx: &NativeCallContext, name: &str, list: &Array, f: &FnPtr, wanted: bool) -> Try<Option<usize>> {
    for (index, item) in list.iter().enumerate() {
        if holds(ctx, name, f, item)? == wanted {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

fn filtered(ctx: &NativeCallContext, name: &str, list: Array, f: &FnPtr) -> Try<Array> {
    let mut kept = Array::new();
    for item in list {
        if holds(ctx, name, f, &item)? {
            kept.push(item);
        }
    }
    Ok(kept)
}

/// A list sorted by a closure that gives a number below zero, or true, where the first goes before the second.
fn ordered(ctx: &NativeCallContext, list: Array, f: &FnPtr) -> Try<Array> {
    let mut sorted = Array::with_capacity(list.len());
    for item in list {
        let (mut low, mut high) = (0, sorted.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let answer = f.call_raw(ctx, None, [item.clone(), sorted[middle].clone()])?;
            let before = answer.as_bool().or_else(|_| answer.as_int().map(|order| order < 0));
            match before.map_err(|_| fault("the closure of `sort` gives neither a whole number nor true or false"))? {
                true => high = middle,
                false => low = middle + 1,
            }
        }
        sorted.insert(low, item);
    }
    Ok(sorted)
}

fn parse(engine: &Engine, text: &str) -> Result<AST, String> {
    engine.compile(text).map_err(|error| in_words(&error.into()))
}

/// The names of variables and fields that a `switch` of a script is on. Rhai takes the last branch for a term, date or
/// list without a word, so whatever else might give one is refused.
fn switched(ast: &AST) -> Result<BTreeSet<String>, String> {
    let mut found = Ok(BTreeSet::new());
    ast.walk(&mut |path: &[ASTNode]| {
        if let (Some(ASTNode::Stmt(Stmt::Switch(switch, _))), Ok(names)) = (path.last(), &mut found) {
            match subject(&switch.0) {
                Subject::Named(name) => {
                    names.insert(name);
                }
                Subject::Plain => {}
                Subject::Other => {
                    found = Err("`switch` takes a name, a field or a calculation; give it a name with `let`".to_owned())
                }
            }
        }
        true
    });
    found
}

enum Subject {
    Named(String),
    Plain,
    Other,
}

/// Functions that give whole numbers, numbers or conditions, whatever they are given.
const PLAIN: [&str; 15] = [
    "is_a",
    "some",
    "all",
    "count",
    "contains",
    "years_since",
    "days_since",
    "days_until",
    "days_between",
    "is_empty",
    "between",
    "abs",
    "len",
    "to_string",
    "to_int",
];

fn subject(expr: &Expr) -> Subject {
    let of_call = |name: &str| if PLAIN.contains(&name) { Subject::Plain } else { Subject::Other };
    match expr {
        Expr::Variable(name, ..) => Subject::Named(name.1.to_string()),
        Expr::Dot(pair, ..) => subject(&pair.rhs),
        Expr::Property(name, _) => Subject::Named(name.2.to_string()),
        Expr::FnCall(call, _) if call.op_token.is_some() => Subject::Plain,
        Expr::FnCall(call, _) | Expr::MethodCall(call, _) => of_call(&call.name),
        Expr::And(..) | Expr::Or(..) => Subject::Plain,
        constant if constant.is_constant() => Subject::Plain,
        _ => Subject::Other,
    }
}

fn fault(why: &str) -> Failure {
    EvalAltResult::ErrorRuntime(why.into(), Position::NONE).into()
}

fn too_many_steps() -> String {
    format!("the script took more than {MAX_STEPS} steps")
}

/// What people call a value.
fn describe(value: &Dynamic) -> &'static str {
    match value.type_name() {
        "bool" => "true or false",
        "i64" => "a whole number",
        "decimal" => "a number",
        "string" => "a text",
        "array" => "a list",
        "()" => "nothing",
        _ if value.is::<Named>() => "a term",
        _ if value.is::<Date>() => "a date",
        _ if value.is::<Record>() => "a record",
        _ => "something else",
    }
}

/// An error of the interpreter, in words for the author of a script.
fn in_words(error: &EvalAltResult) -> String {
    let words = match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _) => return in_words(inner),
        EvalAltResult::ErrorTooManyOperations(_) | EvalAltResult::ErrorTerminated(..) => too_many_steps(),
        EvalAltResult::ErrorStackOverflow(_) => format!("functions call each other more than {MAX_CALLS} deep"),
        EvalAltResult::ErrorTooManyVariables(_) => format!("the script has more than {MAX_ENTRIES} variables"),
        EvalAltResult::ErrorDataTooLarge(what, _) if what.contains("string") => {
            format!("a text has more than {MAX_BYTES} bytes")
        }
        EvalAltResult::ErrorDataTooLarge(..) => format!("a list or map has more than {MAX_ENTRIES} entries"),
        EvalAltResult::ErrorFunctionNotFound(call, _) => format!("there is no function `{call}`"),
        EvalAltResult::ErrorVariableNotFound(name, _) => format!("there is no name `{name}`"),
        EvalAltResult::ErrorPropertyNotFound(name, _) => format!("there is no field `{name}`"),
        EvalAltResult::ErrorArrayBounds(length, index, _) => format!("a list of {length} has no place {index}"),
        EvalAltResult::ErrorMismatchDataType(wanted, given, _) => format!("{given} where {wanted} belongs"),
        EvalAltResult::ErrorDataRace(..) => {
            "a list is asked about in its own closure; give it a second name with `let`".to_owned()
        }
        EvalAltResult::ErrorArithmetic(why, _) => format!("arithmetic: {why}"),
        EvalAltResult::ErrorRuntime(why, _) => {
            why.clone().into_string().unwrap_or_else(|_| "the script gave up".into())
        }
        EvalAltResult::ErrorParsing(ParseErrorType::ExprTooDeep, _) => {
            format!("expressions nest more than {MAX_DEPTH} deep")
        }
        other => {
            let mut other = other.to_string();
            if let Some(at) = other.rfind(" (line ") {
                other.truncate(at);
            }
            other
        }
    };
    match (error.position().line(), error.position().position()) {
        (Some(line), Some(column)) => format!("{words} (line {line}, column {column})"),
        _ => words,
    }
}

/// The lock, whether or not a holder panicked: what it guards is set anew for each run.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
