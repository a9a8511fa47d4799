//! `candidacy test`: a pack's fixtures against what they expect.

use std::io::Write as _;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use candidacy::author::accept::accept;
use candidacy::author::fixture::{self, Fixture};
use candidacy::author::trial::{self, Trials};
use candidacy::pack::program::Program;
use candidacy::report::json;
use candidacy::report::trials::{github, junit, text};
use clap::{Args, ValueEnum};
use regex_lite::Regex;

use super::message::Messages;
use super::terminal::{Colour, layout};
use super::{embedded, pack};

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// What fails and why, for people.
    Text,
    /// One object.
    Json,
    /// JUnit's XML, for build servers.
    Junit,
    /// Annotations of GitHub's workflows.
    Github,
}

/// Run a pack's fixtures against what they expect
///
/// The fixtures of a pack in a folder lie in `fixtures/` beside its pack.toml, or in `fixtures/NAME` where the pack is
/// `rules/NAME`. Each is a referral with the verdict it must give under [expect], and exactly the rules that fire and
/// the facts that are missing where it names them.
#[derive(Debug, Args)]
pub struct Test {
    /// The pack: a folder, or the name of an embedded pack
    #[arg(value_name = "PACK", default_value = embedded::DEFAULT)]
    pack: String,
    /// The folder of the fixtures
    #[arg(long, value_name = "DIR")]
    fixtures: Option<PathBuf>,
    /// Run only fixtures whose path in that folder, file name or title matches
    #[arg(long, value_name = "REGEX", value_parser = regex)]
    run: Option<Regex>,
    /// Rewrite [expect] in every fixture that gives something else
    #[arg(long)]
    accept: bool,
    /// How to write results
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// List fixtures that pass, too
    #[arg(long)]
    all: bool,
}

fn regex(text: &str) -> Result<Regex, String> {
    Regex::new(text).map_err(|error| format!("it is no regular expression: {error}"))
}

/// Runs the command.
pub fn run(args: &Test, colour: Colour, messages: Messages) -> anyhow::Result<ExitCode> {
    let Some(program) = pack::open(&args.pack, "PACK", "nothing is tested", messages) else {
        return Ok(ExitCode::from(2));
    };
    warn_of_another_pack(&args.pack, messages);
    let Some((folder, fixtures)) = fixtures(args, &program, messages)? else { return Ok(ExitCode::from(1)) };
    let picked = args.run.as_ref().map(|run| move |fixture: &Fixture| is_meant(fixture, run));
    let picked = picked.as_ref().map(|picked| picked as &dyn Fn(&Fixture) -> bool);
    let mut trials = trial::run(&program, &fixtures, picked);
    if trials.fixtures.is_empty() {
        let text = format!("no fixture in {} matches, of {}", folder.display(), fixtures.len());
        messages.error(&text, Some("--run looks at the path, the file name and the title of a fixture"));
        return Ok(ExitCode::from(1));
    }
    if args.accept {
        for (path, why) in accept(&mut trials, &fixtures, &program) {
            messages.error(&format!("{path} is not accepted: {why}"), None);
        }
    }
    write(args, &trials, colour)?;
    Ok(if trials.failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn is_meant(fixture: &Fixture, run: &Regex) -> bool {
    [&fixture.name, &fixture.case].into_iter().chain(&fixture.title).any(|name| run.is_match(name))
}

/// The fixtures with the folder they lie in. None is a failure: a pack that nothing tests has not passed.
fn fixtures(args: &Test, program: &Program, messages: Messages) -> anyhow::Result<Option<(PathBuf, Vec<Fixture>)>> {
    let folders = folders(args);
    let Some(folder) = folders.iter().find(|folder| folder.is_dir()) else {
        let looked: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
        let text = format!("the pack `{}` has no fixtures: there is no folder {}", args.pack, looked.join(" or "));
        messages.error(&text, Some("--fixtures names the folder that holds them"));
        return Ok(None);
    };
    let files = fixture::find(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    if files.is_empty() {
        let text = format!("the pack `{}` has no fixtures: {} holds no .toml file", args.pack, folder.display());
        messages.error(&text, Some("--fixtures names the folder that holds them"));
        return Ok(None);
    }
    let fixtures = files.into_iter().map(|path| fixture::open(folder, path, program)).collect();
    Ok(Some((folder.clone(), fixtures)))
}

/// Where fixtures may be; the first that is there counts.
fn folders(args: &Test) -> Vec<PathBuf> {
    if let Some(folder) = &args.fixtures {
        return vec![folder.clone()];
    }
    if pack::is_embedded(&args.pack) {
        return vec![Path::new("fixtures").join(&args.pack)];
    }
    let folder = Path::new(&args.pack);
    let own = folder.join("fixtures");
    let name = folder.canonicalize().ok().and_then(|folder| Some(folder.file_name()?.to_owned()));
    let beside = name.map(|name| upwards(folder, 2).join("fixtures").join(name));
    std::iter::once(own).chain(beside).collect()
}

/// The folder so many steps above another, without `..` where its name is known.
fn upwards(folder: &Path, steps: usize) -> PathBuf {
    let mut above = folder.to_owned();
    for _ in 0..steps {
        match above.components().next_back() {
            Some(Component::Normal(_)) => _ = above.pop(),
            _ => above.push(".."),
        }
    }
    above
}

/// A pack under `rules/` that differs from the one of its name in the program is easily taken for the one tested.
fn warn_of_another_pack(name: &str, messages: Messages) {
    let folder = Path::new("rules").join(name);
    if !pack::is_embedded(name) || !folder.join("pack.toml").is_file() || is_embedded_alike(&folder, name) {
        return;
    }
    let text = format!("the pack `{name}` in the program is tested, and {} differs from it", folder.display());
    messages.warning(&text, Some(&format!("`candidacy test {}` tests the files there", folder.display())));
}

/// Whether a folder holds the very files of an embedded pack.
fn is_embedded_alike(folder: &Path, name: &str) -> bool {
    let own =
        embedded::FILES.iter().filter_map(|(path, text)| Some((path.strip_prefix(name)?.strip_prefix('/')?, *text)));
    let own: Vec<(&str, &str)> = own.collect();
    let same =
        |(file, text): &(&str, &str)| std::fs::read(folder.join(file)).is_ok_and(|bytes| bytes == text.as_bytes());
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    let names: Vec<String> = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let helpers = |name: &&String| name.ends_with(".rhai");
    own.iter().all(same) && names.iter().filter(helpers).all(|name| own.iter().any(|(file, _)| file == name))
}

fn write(args: &Test, trials: &Trials, colour: Colour) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    match args.format {
        Format::Text => text::write(trials, args.all, layout(colour, false), &mut bytes)?,
        Format::Json => json::object(trials, &mut bytes)?,
        Format::Junit => junit::write(trials, &mut bytes)?,
        Format::Github => github::write(trials, &mut bytes)?,
    }
    match std::io::stdout().write_all(&bytes) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("standard output cannot be written"),
    }
}
