//! Accepting, however `[expect]` is written: afterwards the fixture passes, nothing outside `[expect]` has changed, and
//! no comment is lost.

mod fixture;
mod folder;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use candidacy::author::accept::{Unaccepted, accept, rewritten};
use candidacy::author::fixture::{Fixture, open, read};
use candidacy::author::trial::{Came, run};
use candidacy::input::source::Source;
use candidacy::pack::program::Program;
use fixture::packs;
use proptest::prelude::*;

static PACK: LazyLock<(Program, Vec<Fixture>)> = LazyLock::new(|| {
    let (program, fixtures) = packs().remove(0);
    let whole = fixtures.into_iter().filter(|fixture| fixture.source.text.contains("\n[facts]\n"));
    (program, whole.collect())
});

/// How a list is written.
#[derive(Clone, Copy, Debug)]
enum Layout {
    OnALine,
    Padded,
    Filled,
    Singly,
    Commented,
    Ragged,
}

/// How `[expect]` is written.
#[derive(Clone, Copy, Debug)]
enum Form {
    Last,
    First,
    Inline,
    Dotted,
    Absent,
    Empty,
}

/// What is written under `[expect]`; names by number.
#[derive(Clone, Debug)]
struct Written {
    form: Form,
    verdict: Option<usize>,
    fires: Option<(Vec<usize>, Layout)>,
    missing: Option<(Vec<usize>, Layout)>,
    windows: bool,
}

const VERDICTS: [&str; 3] = ["candidate", "deferred", "incomplete"];

fn layout() -> impl Strategy<Value = Layout> {
    use Layout::*;
    prop_oneof![Just(OnALine), Just(Padded), Just(Filled), Just(Singly), Just(Commented), Just(Ragged)]
}

fn written() -> impl Strategy<Value = Written> {
    use Form::*;
    let form = prop_oneof![Just(Last), Just(First), Just(Inline), Just(Dotted), Just(Absent), Just(Empty)];
    let list = || prop::option::of((prop::collection::vec(any::<usize>(), 0..12), layout()));
    (form, prop::option::of(0..3_usize), list(), list(), any::<bool>())
        .prop_map(|(form, verdict, fires, missing, windows)| Written { form, verdict, fires, missing, windows })
}

/// A list of names as a layout has it.
fn list(names: &[&str], layout: Layout) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    match layout {
        Layout::OnALine => format!("[{}]", quoted.join(", ")),
        Layout::Padded => format!("[ {} ]", quoted.join(" , ")),
        Layout::Filled => {
            format!("[\n    {},\n]", quoted.chunks(3).map(|row| row.join(", ")).collect::<Vec<_>>().join(",\n    "))
        }
        Layout::Singly => format!("[\n  {}\n]", quoted.join(",\n  ")),
        Layout::Commented => {
            let rows: Vec<String> = quoted
                .iter()
                .enumerate()
                .map(|(at, name)| format!("\t# before {at}\n\t{name}, # {at}, \"x\"\n"))
                .collect();
            format!("[ # the first\n{}\t# the last\n]", rows.concat())
        }
        Layout::Ragged => format!("[{}\n # end\n  ]", quoted.join(" # a, ]\n ,")),
    }
}

/// A list of the names of these numbers.
fn picked(all: &[&str], (numbers, layout): &(Vec<usize>, Layout)) -> String {
    let mut names: Vec<&str> = numbers.iter().map(|number| all[number % all.len()]).collect();
    names.sort_unstable();
    names.dedup();
    let plain = names.is_empty() && !matches!(layout, Layout::Commented);
    list(&names, if plain { Layout::OnALine } else { *layout })
}

/// The text of a fixture with something else under `[expect]`: what stands before that, that, and what stands after.
fn text(fixture: &Fixture, program: &Program, written: &Written) -> [String; 3] {
    let (referral, _) = fixture.source.text.split_once("[expect]").expect("it expects something");
    let (head, facts) = referral.split_once("[facts]").expect("it has facts");
    let rules: Vec<&str> = program.rules.iter().map(|rule| rule.id.as_str()).collect();
    let asked: Vec<&str> = program.dictionary.facts().map(|(_, fact)| fact.name.as_str()).collect();
    let mut keys: Vec<String> = Vec::new();
    keys.extend(written.fires.as_ref().map(|names| format!("fires = {}", picked(&rules, names))));
    keys.extend(written.verdict.map(|verdict| format!("verdict = '{}'", VERDICTS[verdict])));
    keys.extend(written.missing.as_ref().map(|names| format!("missing = {}", picked(&asked, names))));
    let lines =
        |prefix: &str| -> String { keys.iter().map(|key| format!("{prefix}{key} # of {}\n", &key[..4])).collect() };
    let after = format!("[facts]{facts}");
    let (before, expect, after) = match written.form {
        Form::Last => (referral, format!("[expect] # so\n{}", lines("")), String::new()),
        Form::First => (head, format!("[expect]\n{}\n", lines("")), after),
        Form::Inline => (head, format!("expect = {{ {} }}", keys.join(", ")), format!(" # short\n{after}")),
        Form::Dotted => (head, lines("expect."), after),
        Form::Absent => (referral.trim_end(), String::new(), String::new()),
        Form::Empty => (referral, "[expect]".to_owned(), String::new()),
    };
    let ends = |text: &str| if written.windows { text.replace('\n', "\r\n") } else { text.to_owned() };
    [ends(before), ends(&expect), ends(&after)]
}

/// Everything that follows a `#`, in order of the alphabet; no text of a fixture has one elsewhere.
fn comments(text: &str) -> Vec<&str> {
    let mut comments: Vec<&str> = text.lines().filter_map(|line| Some(line.split_once('#')?.1)).collect();
    comments.sort_unstable();
    comments
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_accepted_passes_and_nothing_else_changes(index in any::<prop::sample::Index>(), written in written()) {
        let (program, fixtures) = &*PACK;
        let shipped = index.get(fixtures);
        let [start, expect, end] = text(shipped, program, &written);
        let before = format!("{start}{expect}{end}");
        let reread = |text: &str| {
            let source = Source { name: shipped.source.name.clone(), text: text.to_owned() };
            read(Path::new(""), shipped.path.clone(), source, program)
        };
        let fixture = reread(&before);
        prop_assert!(fixture.read.is_ok(), "{:?}\n{before}", fixture.read);
        let fixtures = [fixture];
        let trials = run(program, &fixtures, None);
        let Came::Failed { differences, got, .. } = &trials.fixtures[0].result else { return Ok(()) };

        let after = rewritten(&fixtures[0], differences, got, program);
        prop_assert!(after.is_some(), "cannot be rewritten:\n{before}");
        let after = after.unwrap_or_default();
        let again = [reread(&after)];
        let passed = matches!(run(program, &again, None).fixtures[0].result, Came::Passed);
        prop_assert!(passed, "does not pass:\n{before}\n->\n{after}");
        prop_assert_eq!(comments(&before), comments(&after), "comments differ:\n{}\n->\n{}", before, after);
        prop_assert!(after.starts_with(&start) && after[start.len()..].contains(&end), "more has changed:\n{before}\n->\n{after}");
        prop_assert!(!written.windows || !after.replace("\r\n", "").contains('\n'), "ends of lines are mixed: {after:?}");
    }
}

#[test]
fn a_file_that_changed_since_it_was_read_is_left_alone() {
    let (path, fixtures) = failing("changed");
    let mut trials = run(&PACK.0, &fixtures, None);
    fs::write(&path, "# mine\n").expect("a file can be written");
    let refused = accept(&mut trials, &fixtures, &PACK.0);
    assert!(matches!(refused[..], [(_, Unaccepted::Changed)]), "{refused:?}");
    assert_eq!(fs::read_to_string(&path).expect("a text"), "# mine\n");
    assert_eq!((trials.passed, trials.failed), (0, 1));
}

#[test]
fn a_file_that_may_not_be_written_is_left_alone_and_leaves_nothing_beside_it() {
    let (path, fixtures) = failing("read-only");
    let text = fs::read_to_string(&path).expect("a text");
    let mut permissions = fs::metadata(&path).expect("a file").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).expect("permissions can be set");
    let refused = accept(&mut run(&PACK.0, &fixtures, None), &fixtures, &PACK.0);
    assert!(matches!(refused[..], [(_, Unaccepted::Unwritable(_))]), "{refused:?}");
    assert_eq!(fs::read_to_string(&path).expect("a text"), text);
    assert_eq!(folder::sorted(path.parent().expect("a folder")), std::slice::from_ref(&path));
}

/// A fixture that does not give what it expects, in a file of its own.
fn failing(name: &str) -> (PathBuf, Vec<Fixture>) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("accept").join(name);
    let _absent = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder can be made");
    let text = fs::read_to_string("fixtures/aldesleukin/fit-renal-cell.toml").expect("the fixture");
    let path = folder.join("fixture.toml");
    fs::write(&path, text.replace("\"candidate\"", "\"deferred\"")).expect("a file can be written");
    let fixture = open(&folder, path.clone(), &PACK.0);
    (path, vec![fixture])
}
