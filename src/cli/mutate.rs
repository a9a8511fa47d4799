//! `candidacy mutate`: how much a pack's fixtures notice.

use std::collections::BTreeSet;
use std::io::{IsTerminal, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use candidacy::author::fixture::Fixture;
use candidacy::author::mutate::mutated::Mutated;
use candidacy::author::mutate::suggested::suggestions;
use candidacy::author::mutate::{self, Plan};
use candidacy::author::suggest::write::taken;
use candidacy::model::name::nearest;
use candidacy::pack::program::Program;
use candidacy::report::names::few;
use candidacy::report::{json, mutate as report};
use clap::{Args, ValueEnum};

use super::fixtures::warn_of_another_pack;
use super::message::Messages;
use super::number::{at_least_one, percent, threads};
use super::suggest::{self, Suggested};
use super::terminal::{Colour, layout};
use super::{embedded, fixtures, pack};

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// What survives and who would tell, for people.
    Text,
    /// One object.
    Json,
}

/// Make small mistakes in a pack's rules and tell which of them no fixture notices
///
/// Each mutant is a rule with one mistake: a number one step off, another comparison, `&&` for `||`, `some` for `all`, a
/// part, a value or the guard left out, a condition negated, another effect, a unit ten times as large. Mutants that
/// nobody could notice are proved to be such and do not count. Counted apart are terms that leave a class, of those that
/// fixtures mention, and facts that are left out of the fixture that states them. Fixtures are found as `test` finds them.
#[derive(Debug, Args)]
pub struct Mutate {
    /// The pack: a folder, or the name of an embedded pack
    #[arg(value_name = "PACK", default_value = embedded::DEFAULT)]
    pack: String,
    /// The folder of the fixtures
    #[arg(long, value_name = "DIR")]
    fixtures: Option<PathBuf>,
    /// Mutate this rule, and nothing beside rules; more than one may be given
    #[arg(long, value_name = "ID")]
    rule: Vec<String>,
    /// How to write results
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Exit with 1 if less than so many percent is killed
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    threshold: Option<f64>,
    /// Write fixtures that would notice what none does into a folder: the fewest, to be looked at
    #[arg(long, value_name = "DIR")]
    suggest: Option<PathBuf>,
    /// Work in so many threads
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    jobs: Option<usize>,
    /// List mutants that are killed, too, each with a fixture that kills it, and terms and facts that make no difference
    #[arg(long)]
    all: bool,
}

/// Runs the command.
pub fn run(args: &Mutate, colour: Colour, messages: Messages) -> anyhow::Result<ExitCode> {
    let Some(program) = pack::open(&args.pack, "PACK", "nothing is mutated", messages) else {
        return Ok(ExitCode::from(2));
    };
    warn_of_another_pack(&args.pack, ("mutate", "mutated"), messages);
    let Some(rules) = picked(&args.rule, &program, messages) else { return Ok(ExitCode::from(2)) };
    if suggest::is_no_folder(args.suggest.as_deref(), messages) {
        return Ok(ExitCode::from(2));
    }
    let idle = fixtures::has_no_own_rules(&args.pack, &program, ("mutate", "mutated"), messages);
    if idle && args.format == Format::Text {
        return Ok(ExitCode::SUCCESS);
    }
    let found = fixtures::of(&args.pack, args.fixtures.as_deref(), &program, messages)?;
    let Some((folder, fixtures)) = found else { return Ok(ExitCode::from(2)) };
    let shown = std::io::stderr().is_terminal();
    let done = |done: usize, all: usize| progress(shown, done, all);
    let plan = Plan { rules, all: args.all, jobs: threads(args.jobs), done: &done };
    let mutated = mutate::run(&program, &fixtures, &plan);
    wipe(shown);
    let mutated = match mutated {
        Ok(mutated) => mutated,
        Err(failed) => return Ok(fails(args, &failed, messages)),
    };
    write(args, &mutated, colour)?;
    if let Some(into) = &args.suggest {
        let (suggestions, of) = suggestions(&program, &mutated, &folder, &fixtures, &taken(into));
        let suggested = Suggested { suggestions, of, what: ("survivor", "noticed") };
        if !suggest::write(&suggested, &folder, into, messages) {
            return Ok(ExitCode::from(2));
        }
    }
    let killed = mutated.total.percent();
    let short = args.threshold.filter(|least| killed < *least);
    if let Some(least) = short {
        let text = format!("{killed:.1} % is killed, and {least} % is asked for");
        messages.error(&text, Some("`--suggest DIR` writes fixtures that would notice what none does"));
    }
    Ok(ExitCode::from(u8::from(short.is_some())))
}

/// The rules that are named, by position; none where all are meant. A name that is no rule's ends the run.
fn picked(names: &[String], program: &Program, messages: Messages) -> Option<Option<BTreeSet<usize>>> {
    if names.is_empty() {
        return Some(None);
    }
    let mut rules = BTreeSet::new();
    for name in names {
        let Some(index) = program.rules.iter().position(|rule| rule.id == *name) else {
            let near = nearest(name, program.rules.iter().map(|rule| rule.id.as_str()));
            let help = (!near.is_empty()).then(|| format!("did you mean {}?", few(&near, 3)));
            messages.error(&format!("there is no rule `{name}`"), help.as_deref());
            return None;
        };
        if !program.rules[index].own {
            let help = "it is mutated where that pack is";
            messages.error(&format!("the rule `{name}` is one of the pack below"), Some(help));
            return None;
        }
        rules.insert(index);
    }
    Some(Some(rules))
}

/// Fixtures that fail as it is would seem to notice everything.
fn fails(args: &Mutate, failed: &[&Fixture], messages: Messages) -> ExitCode {
    let names: Vec<&str> = failed.iter().map(|fixture| fixture.name.as_str()).collect();
    let text = match failed.len() {
        1 => format!("the fixture {} does not give what it expects, so nothing is mutated", names[0]),
        number => format!("{number} fixtures do not give what they expect, so nothing is mutated: {}", few(&names, 5)),
    };
    messages.error(&text, Some(&format!("{} says why", fixtures::test_command(&args.pack, args.fixtures.as_deref()))));
    ExitCode::from(1)
}

/// Says on a terminal how much is done.
fn progress(shown: bool, done: usize, all: usize) {
    let step = all.div_ceil(100).max(1);
    if shown && done.is_multiple_of(step) {
        let _unheard = write!(std::io::stderr(), "\r\u{1b}[K{done} of {all} mutants");
    }
}

fn wipe(shown: bool) {
    if shown {
        let _unheard = write!(std::io::stderr(), "\r\u{1b}[K");
    }
}

fn write(args: &Mutate, mutated: &Mutated, colour: Colour) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    match args.format {
        Format::Text => report::write(mutated, args.all, layout(colour, false), &mut bytes)?,
        Format::Json => json::object(mutated, &mut bytes)?,
    }
    match std::io::stdout().write_all(&bytes) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("standard output cannot be written"),
    }
}
