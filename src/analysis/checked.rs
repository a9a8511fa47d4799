//! A check that thinks: what is wrong with each script by itself, and then what is wrong with rules that read well.

use super::alike::{Alike, alike};
use super::place;
use super::think::{What, think};
use crate::model::calendar::Date;
use crate::pack::checked::Checked;
use crate::pack::code::Severity;
use crate::pack::compile::{Depth, check_files};
use crate::pack::diagnostic::{Also, Diagnostic};
use crate::pack::mistake::Mistake;
use crate::pack::program::{Program, Rule};
use crate::pack::shelf::PackFiles;

/// Checks a pack. What rules mean is thought about once all of them can be read; `all` also notes what may well be
/// meant.
pub fn check(pack: &PackFiles, as_of: Date, all: bool) -> Checked {
    let mut checked = check_files(pack, Depth::Notes);
    let Some(program) = &checked.program else { return checked };
    let found: Vec<Diagnostic> = think(program, as_of)
        .into_iter()
        .filter_map(|thought| diagnostic(pack, program, thought.rule, thought.what))
        .collect();
    let alike = if all { alike(program, as_of) } else { Vec::new() };
    let noted = alike.into_iter().filter_map(|alike| noted(pack, alike, &checked.diagnostics));
    let found: Vec<Diagnostic> = found.into_iter().chain(noted).collect();
    if found.is_empty() {
        return checked;
    }
    checked.sources = pack.sources();
    checked.diagnostics.extend(found);
    checked.diagnostics.sort_by_key(|diagnostic| (diagnostic.file, diagnostic.span.start));
    if checked.count(Severity::Error) > 0 {
        checked.program = None;
    }
    checked
}

fn diagnostic(pack: &PackFiles, program: &Program, rule: usize, what: What) -> Option<Diagnostic> {
    let own = &program.rules[rule];
    let id = |rule: usize| program.rules[rule].id.clone();
    let (mistake, others) = match what {
        What::NeverFires(clash) => (Mistake::NeverFires { rule: id(rule), clash }, Vec::new()),
        What::AlwaysFires(parts) => (Mistake::AlwaysFires { rule: id(rule), parts }, Vec::new()),
        What::Implied { by } => (Mistake::ImpliedRule { rule: id(rule), by: id(by) }, vec![by]),
        What::Same { other } => (Mistake::SameRule { rule: id(rule), other: id(other) }, vec![other]),
        What::NoCandidate { with, clash } => {
            let rules = std::iter::once(rule).chain(with.iter().copied()).map(id).collect();
            (Mistake::NoCandidate { rules, clash }, with)
        }
        What::Idle { part, guard } => (Mistake::IdleClause { rule: id(rule), part, guard }, Vec::new()),
    };
    let key = match mistake {
        Mistake::IdleClause { guard: true, .. } => "when",
        _ => own.effect.word(),
    };
    let (file, span) = place::script(pack, own, key)?;
    let mut also = reasons(pack, own, &mistake);
    also.extend(others.into_iter().filter_map(|other| {
        let other = &program.rules[other];
        let (file, span) = place::script(pack, other, other.effect.word())?;
        Some(Also { file, span, text: format!("the script of `{}`", other.id) })
    }));
    Some(Diagnostic { file, span, mistake, also })
}

/// What else a rule that never fires is about: its guard, and the facts whose limits keep it from that.
fn reasons(pack: &PackFiles, rule: &Rule, mistake: &Mistake) -> Vec<Also> {
    let Mistake::NeverFires { clash, .. } = mistake else { return Vec::new() };
    let guard = clash.is_of_guard().then(|| place::script(pack, rule, "when")).flatten();
    let guard = guard.map(|(file, span)| Also { file, span, text: "its guard".to_owned() });
    let facts = clash.limits.iter().filter_map(|(fact, _)| {
        let (file, span) = place::limits(pack, fact)?;
        Some(Also { file, span, text: format!("the limits of `{fact}`") })
    });
    guard.into_iter().chain(facts).collect()
}

/// What no rule tells apart, but for classes that are noted as unused already.
fn noted(pack: &PackFiles, alike: Alike, known: &[Diagnostic]) -> Option<Diagnostic> {
    let ((file, span), mistake) = match alike {
        Alike::Values { fact, values } => (place::values(pack, &fact)?, Mistake::AlikeValues { fact, values }),
        Alike::Shown { fact } => (place::fact(pack, &fact)?, Mistake::AlikeShown { fact }),
        Alike::Classes { vocabulary, mut classes } => {
            let is_unused = |class: &String| {
                let of_class =
                    |mistake: &Mistake| matches!(mistake, Mistake::Unused { what: "class", name } if name == class);
                known.iter().any(|diagnostic| of_class(&diagnostic.mistake))
            };
            classes.retain(|class| !is_unused(class));
            let place = place::class(pack, &vocabulary, classes.first()?)?;
            (place, Mistake::AlikeClasses { vocabulary, classes })
        }
    };
    Some(Diagnostic { file, span, mistake, also: Vec::new() })
}
