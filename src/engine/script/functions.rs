//! The functions of the language for scripts that run in Rhai: over what the desk holds, with the meaning of the IR.

use std::sync::Arc;

use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicIteratorPackage, BasicMathPackage, BasicStringPackage, LogicPackage,
    MoreStringPackage, Package,
};
use rhai::{Array, Dynamic, Engine, ImmutableString, OptimizationLevel};
use rust_decimal::Decimal;

use super::closures::{closures, unavailable};
use super::desk::Desk;
use super::value::{Failure, Named, Record, Try, describe, fault};
use super::words::{MAX_BYTES, MAX_CALLS, MAX_ENTRIES};
use crate::model::calendar::{Date, days_between, years_between};
use crate::pack::lower::tree::{FACT_FUNCTIONS, FORBIDDEN, MAX_DEPTH};

/// An engine with the language's functions over what the desk holds.
pub fn engine(desk: &Arc<Desk>) -> Engine {
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
    // Rhai's own panic where they have no result.
    for name in ["sin", "cos", "tan"] {
        engine.register_fn(name, move |_: Decimal| unavailable(name));
    }
    // Rhai's own never ends when it pads a text with nothing, and asks for all memory when it pads a list by very much.
    engine.register_fn("pad", |_: ImmutableString, _: i64, _: Dynamic| unavailable("pad"));
    engine.register_fn("pad", |_: ImmutableString, _: i64, _: ImmutableString| unavailable("pad"));
    engine.register_fn("pad", |_: ImmutableString, _: i64, _: char| unavailable("pad"));
    engine.register_fn("pad", |_: Array, _: i64, _: Dynamic| unavailable("pad"));
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
