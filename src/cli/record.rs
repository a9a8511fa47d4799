//! Records that a command line names: read patient by patient, and told of.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

use candidacy::input::source::Source;
use candidacy::model::calendar::Date;
use candidacy::pack::mapping::{self, Mapping};
use candidacy::pack::program::Program;
use candidacy::record::counts::Counts;
use candidacy::record::intake::{Intake, Wanted, is_line, is_record};
use candidacy::record::read::{Record, read};
use candidacy::record::store::{Content, Held, Place, Reader, Store};
use candidacy::report::plain::plain;
use clap::ValueEnum;

use super::message::Messages;
use super::pack;

/// What kind of record is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum From {
    /// FHIR R4: bundles, resources, bulk exports with a resource a line
    Fhir,
}

/// The files of records, by folder or name: every `.json`, `.ndjson` and `.jsonl` of a folder.
pub fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let mut inside: Vec<PathBuf> =
            std::fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
        inside.retain(|path| {
            path.extension().is_some_and(|extension| ["json", "ndjson", "jsonl"].iter().any(|own| extension == *own))
        });
        inside.sort();
        files.extend(inside);
    }
    Ok(files)
}

/// Whether a file is named as one with a resource a line.
fn is_named_lines(path: &Path) -> bool {
    path.extension().is_some_and(|extension| ["ndjson", "jsonl"].iter().any(|own| extension == *own))
}

/// Whether the bytes of standard input are those of a record.
pub fn are_record(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(is_record)
}

/// Whether a file holds a record. One that cannot be read is none, and is told of where it is.
pub fn holds_record(path: &Path) -> bool {
    if is_named_lines(path) && path.is_file() {
        return true;
    }
    let mut begins = Vec::new();
    let read = File::open(path).and_then(|file| file.take(4_096).read_to_end(&mut begins));
    if !path.is_file() || read.is_err() {
        return false;
    }
    let begins = String::from_utf8_lossy(&begins);
    // The type need not come first; and a list is never a record.
    is_record(&begins)
        || begins.trim_start_matches('\u{feff}').trim_start().starts_with('{')
            && std::fs::read_to_string(path).is_ok_and(|text| is_record(&text))
}

/// What was made of records: how much could not be.
#[derive(Debug, Default)]
pub struct Tally {
    /// How many patients there are.
    pub patients: usize,
    /// How many files and parts of files could not be read.
    pub unreadable: usize,
    counts: Counts,
}

impl Tally {
    /// That there is no patient, and what there is instead.
    pub fn nobody(&self) -> String {
        let Counts { found, silent, passed_over, about_none, .. } = self.counts;
        let parts = [
            (passed_over, "of types that nothing reads"),
            (silent, "that say nothing of a fact"),
            (about_none, "about no patient who can be told"),
        ];
        let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
        let parts: Vec<String> = parts.collect();
        match found {
            0 => "there is no resource in what was given".to_owned(),
            _ => format!("there is no patient in what was given, but resources: {}", parts.join(", ")),
        }
    }
}

/// The mapping of a pack; told of where there is none or it has mistakes.
pub fn mapping(name: &str, program: &Program, messages: Messages) -> Option<Mapping> {
    let files = pack::files(name, "--pack", messages)?;
    if !files.files.iter().any(|file| file.name == mapping::FILE) {
        let help = "a pack says in fhir.toml what the resources of a record say of its facts";
        messages.error(&format!("the pack `{name}` cannot read records"), Some(help));
        return None;
    }
    let opened = mapping::open(&files, program);
    opened.map_err(|refused| messages.refused(&refused)).ok()
}

/// Records in some files, and how they are read.
pub struct Records<'r> {
    /// What is said of their resources.
    pub mapping: &'r Mapping,
    /// The pack.
    pub program: &'r Program,
    /// The day they are read for.
    pub as_of: Date,
    /// Whether it is told what was made of the resources.
    pub verbose: bool,
    /// Where to.
    pub messages: Messages,
}

impl Records<'_> {
    /// Reads the records in some files, one patient at a time. What standard input holds is given where it was read.
    pub fn each(
        &self,
        paths: &[PathBuf],
        stdin: Option<Vec<u8>>,
        mut of_patient: impl FnMut(Record, usize) -> anyhow::Result<()>,
    ) -> anyhow::Result<Tally> {
        let mut tally = Tally::default();
        let (store, mut intake) = self.take(paths, stdin, &mut tally);
        let patients = intake.patients();
        tally.counts = Counts::of(&intake);
        tally.unreadable += intake.refused.len();
        tally.patients = patients.len();
        self.told_of(&intake, &store);
        for patient in &patients {
            let record = read(self.mapping, &self.program.dictionary, (&store, &intake), patient, self.as_of);
            self.told(&record, &store);
            tally.counts.add(patient, &record.reads);
            of_patient(record, patients.len())?;
        }
        if self.verbose {
            self.counts(&intake, tally.counts);
        }
        Ok(tally)
    }

    /// Takes in the files. Those with a resource a line are read line by line.
    fn take(&self, paths: &[PathBuf], mut stdin: Option<Vec<u8>>, tally: &mut Tally) -> (Store, Intake) {
        let wanted = Wanted::of(self.mapping);
        let (mut store, mut intake) = (Store::default(), Intake::default());
        for path in paths {
            let file = store.files.len() as u32;
            let name = if path == Path::new("-") { "stdin".to_owned() } else { path.display().to_string() };
            store.files.push(Held { name: name.clone(), content: Content::Disk(path.clone()) });
            let taken = match lines(path) {
                Some(mut lines) => {
                    intake.take_lines(file, &name, &mut lines, &wanted).map_err(|error| error.to_string())
                }
                None => whole(path, &mut stdin).map(|bytes| match String::from_utf8(bytes) {
                    Err(error) => intake.no_text(file, 0, &error),
                    Ok(text) => {
                        let source = Source { name: name.clone(), text };
                        intake.take(file, &source, &wanted);
                        if path == Path::new("-") {
                            store.files[file as usize].content = Content::Memory(source.text);
                        }
                    }
                }),
            };
            if let Err(why) = taken {
                tally.unreadable += 1;
                self.messages.error(&format!("{name} cannot be read: {why}"), None);
            }
        }
        (store, intake)
    }

    /// What could not be taken in, and what is lost because nobody knows whose it is.
    fn told_of(&self, intake: &Intake, store: &Store) {
        for refused in &intake.refused {
            let name = &store.files[refused.file as usize].name;
            self.messages.error(&format!("{name}:{}:{}: {}", refused.at.line, refused.at.column, refused.why), None);
        }
        if let Some((place, why)) = &intake.stray {
            let at = located(&mut Reader::new(store), store, *place, 0);
            let what = match intake.about_none {
                1 => "a resource is about no patient who can be told".to_owned(),
                more => format!("{more} resources are about no patient who can be told, this one first"),
            };
            self.messages.warning(&format!("{at}: {what}: {why}"), None);
        }
    }

    /// What of a patient's record could not be read.
    fn told(&self, record: &Record, store: &Store) {
        let mut reader = Reader::new(store);
        for broken in &record.reads.broken {
            let at = located(&mut reader, store, broken.place, broken.at);
            self.messages.warning(&format!("{at}: a resource cannot be read: {}", broken.why), None);
        }
        for (fact, why) in &record.refused {
            let name = &self.program.dictionary.fact(*fact).name;
            let patient = &record.referral.patient;
            self.messages.warning(&format!("{patient}: `{name}` cannot be read from the record: {why}"), None);
        }
    }

    /// How many resources were read, used and passed over.
    fn counts(&self, intake: &Intake, counts: Counts) {
        let Counts { found, used, silent, passed_over, about_none, broken } = counts;
        self.messages.note(&format!(
            "{found} resources: {used} used, {silent} that say nothing of a fact, {passed_over} of types that nothing \
             reads, {about_none} about no patient, {broken} that cannot be read"
        ));
        for (kind, count) in &intake.passed_over {
            self.messages.note(&format!("  passed over: {count} {}", plain(kind)));
        }
    }
}

/// `FILE:LINE:COLUMN` of an offset in a resource.
fn located(reader: &mut Reader, store: &Store, place: Place, offset: usize) -> String {
    let at = reader.position(place.file, place.at + offset as u64);
    format!("{}:{}:{}", store.files[place.file as usize].name, at.line, at.column)
}

/// The lines of a file with a resource a line: its name says so, or its first line is one.
fn lines(path: &Path) -> Option<impl BufRead> {
    let mut lines = BufReader::with_capacity(1 << 16, File::open(path).ok().filter(|_| path.is_file())?);
    if is_named_lines(path) {
        return Some(lines);
    }
    // A bundle in one line is read as a whole, and a resource in one line may as well be.
    let first = lines.fill_buf().ok()?;
    let end = first.iter().position(|byte| *byte == b'\n')?;
    let is_line = std::str::from_utf8(&first[..end]).is_ok_and(is_line) && !first[end..].trim_ascii().is_empty();
    is_line.then_some(lines)
}

fn whole(path: &Path, stdin: &mut Option<Vec<u8>>) -> Result<Vec<u8>, String> {
    let read = match stdin.take_if(|_| path == Path::new("-")) {
        Some(bytes) => Ok(bytes),
        None if path == Path::new("-") => standard_input(),
        None => std::fs::read(path),
    };
    read.map_err(|error| match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "reading it is not permitted".to_owned(),
        _ => error.to_string(),
    })
}

/// Everything on standard input.
pub fn standard_input() -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
}
