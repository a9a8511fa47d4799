//! The shipped scripts run by Rhai itself: each parsed once, its facts given through `on_var`, the functions of the
//! language as plain natives. Right for complete referrals only: a fact that is missing is `()`,
//! or "no".

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use candidacy::engine::chart::{Chart, Slot};
use candidacy::engine::decide::Outcome::{self, Clear, Fires, NotApplicable};
use candidacy::model::calendar::{Date, days_between};
use candidacy::model::dictionary::{Dictionary, Domain, Fact, Field, Normal, Scalar};
use candidacy::model::value::{Term, Value};
use candidacy::pack::program::{Effect, Program};
use candidacy::pack::setting::SettingValue;
use rhai::{AST, Dynamic, Engine, EvalAltResult, FnPtr, ImmutableString, NativeCallContext};
use rust_decimal::Decimal;

/// A term: the names it answers to in `is_a`.
type Classes = Arc<BTreeSet<String>>;
/// The members of a list.
type Members = Arc<Vec<Dynamic>>;
/// The fields of a record.
type Fields = Arc<HashMap<String, Dynamic>>;

#[derive(Clone, Copy)]
struct Measured {
    value: Decimal,
    normal: Option<Normal>,
}

/// The rules of a program, and the referrals they are to run on.
pub struct InRhai {
    engine: Engine,
    rules: Vec<(Effect, Option<AST>, AST)>,
    referral: Arc<AtomicUsize>,
}

impl InRhai {
    /// Parses the scripts of every rule.
    pub fn new(program: &Program, charts: &[Chart]) -> InRhai {
        let referral = Arc::new(AtomicUsize::new(0));
        let mut engine = Engine::new();
        functions(&mut engine);
        facts(&mut engine, program, charts, Arc::clone(&referral));
        let parse = |script: &String| engine.compile(script).expect("a script of the pack is sound");
        let rules =
            program.rules.iter().map(|rule| (rule.effect, rule.guard_text.as_ref().map(parse), parse(&rule.text)));
        InRhai { rules: rules.collect(), engine, referral }
    }

    /// What every rule comes to for one of the referrals.
    pub fn evaluate(&self, referral: usize, outcomes: &mut Vec<Outcome>) {
        self.referral.store(referral, Ordering::Relaxed);
        outcomes.clear();
        outcomes.extend(self.rules.iter().map(|(effect, guard, script)| {
            if guard.as_ref().is_some_and(|guard| !self.holds(guard)) {
                return NotApplicable;
            }
            if self.holds(script) == (*effect != Effect::Require) { Fires } else { Clear }
        }));
    }

    fn holds(&self, script: &AST) -> bool {
        self.engine.eval_ast(script).expect("a script gives true or false on a complete referral")
    }
}

#[allow(deprecated, reason = "`on_var` is not deprecated, it says, but may change")]
fn facts(engine: &mut Engine, program: &Program, charts: &[Chart], referral: Arc<AtomicUsize>) {
    let settings = program.settings.iter().map(|setting| (setting.name.clone(), policy(setting.value)));
    let settings: HashMap<String, Dynamic> = settings.collect();
    let known = |chart: &Chart| -> HashMap<String, Dynamic> {
        let facts = program.dictionary.facts();
        let given = facts.map(|(id, fact)| (fact.name.clone(), given(&program.dictionary, fact, chart.slot(id))));
        settings.clone().into_iter().chain(given).collect()
    };
    let known: Vec<HashMap<String, Dynamic>> = charts.iter().map(known).collect();
    let as_of: Vec<Date> = charts.iter().map(|chart| chart.as_of).collect();
    let current = Arc::clone(&referral);
    engine.on_var(move |name, _, _| Ok(known[current.load(Ordering::Relaxed)].get(name).cloned()));
    engine.register_fn("days_since", move |day: Date| days_between(day, as_of[referral.load(Ordering::Relaxed)]));
}

fn functions(engine: &mut Engine) {
    engine.register_fn("is_a", |term: &mut Classes, class: &str| term.contains(class));
    engine.register_fn("is_empty", |list: &mut Members| list.is_empty());
    engine.register_fn("some", some);
    engine.register_fn("contains", |list: &mut Members, word: &str| {
        list.iter().any(|member| member.read_lock::<ImmutableString>().is_some_and(|own| *own == word))
    });
    engine.register_fn("is_low", |x: &mut Measured| x.normal.is_some_and(|normal| x.value < normal.low));
    engine.register_fn("is_high", |x: &mut Measured| x.normal.is_some_and(|normal| x.value > normal.high));
    // A result that was not needed is missing in a referral that is complete.
    engine.register_fn("is_high", |_: ()| false);
    engine.register_indexer_get(|record: &mut Fields, field: &str| record.get(field).cloned().unwrap_or(Dynamic::UNIT));
}

fn some(context: NativeCallContext, list: &mut Members, test: FnPtr) -> Result<bool, Box<EvalAltResult>> {
    for member in list.iter() {
        if test.call_within_context(&context, (member.clone(),))? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn policy(value: SettingValue) -> Dynamic {
    match value {
        SettingValue::Bool(value) => value.into(),
        SettingValue::Integer(value) => value.into(),
        SettingValue::Number(value) => value.into(),
    }
}

fn given(dictionary: &Dictionary, fact: &Fact, slot: &Slot) -> Dynamic {
    match &slot.value {
        Value::Number(value) => {
            value.exact().map_or(Dynamic::UNIT, |value| Dynamic::from(Measured { value, normal: slot.normal }))
        }
        Value::List(list) => {
            let member = |values: &[Value]| match fact.fields() {
                [] => scalar(dictionary, fact.field_domain(0), &values[0]),
                fields => record(dictionary, fields, values),
            };
            Dynamic::from(Members::new(list.members().map(member).collect()))
        }
        value if fact.fields().is_empty() => scalar(dictionary, fact.field_domain(0), value),
        _ => Dynamic::UNIT,
    }
}

fn record(dictionary: &Dictionary, fields: &[Field], values: &[Value]) -> Dynamic {
    let known = fields.iter().zip(values);
    let known = known.map(|(field, value)| (field.name.clone(), scalar(dictionary, &field.domain, value)));
    Dynamic::from(Fields::new(known.collect()))
}

fn scalar(dictionary: &Dictionary, domain: &Domain, value: &Value) -> Dynamic {
    match (value, &domain.scalar) {
        (Value::Bool(value), _) => (*value).into(),
        (_, Scalar::Bool) => false.into(),
        (Value::Choice(position), Scalar::Choice(values)) => values[usize::from(*position)].clone().into(),
        (Value::Term(Term::Known(id)), Scalar::Term(vocabulary)) => {
            let vocabulary = dictionary.vocabulary(*vocabulary);
            let classes = vocabulary.ancestors(*id).into_iter().map(|id| vocabulary.concept(id).name.clone());
            Dynamic::from(Classes::new(classes.collect()))
        }
        (Value::Term(Term::Other(..)), _) => Dynamic::from(Classes::default()),
        (Value::Integer(value), _) => value.exact().map_or(Dynamic::UNIT, Dynamic::from),
        (Value::Date(day), _) => day.exact().map_or(Dynamic::UNIT, Dynamic::from),
        _ => Dynamic::UNIT,
    }
}
