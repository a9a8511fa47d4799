//! Functions that call a closure for members of a list. Rhai's own hide what a closure runs into: they wrap it so that
//! `try` catches even the end of the script, or take it for false.

use rhai::{Array, Dynamic, Engine, FnPtr, NativeCallContext};

use super::value::{Failure, Try, describe, fault};

/// Functions that call a closure for members of a list. Rhai's own hide what a closure runs into: they wrap it so that
/// `try` catches even the end of the script, or take it for false.
pub fn closures(engine: &mut Engine) {
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
        engine.register_fn(name, move |_: Array, _: FnPtr| unavailable(name));
        if name != "reduce" {
            engine.register_fn(name, move |_: Array, _: FnPtr, _: Dynamic| unavailable(name));
        }
    }
    engine.register_fn("zip", |_: Array, _: Array, _: FnPtr| unavailable("zip"));
}

pub fn unavailable(name: &str) -> Try<bool> {
    Err(fault(&format!("`{name}` is not to be had in this form")))
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
