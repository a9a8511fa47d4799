//! Records that a command line names: read patient by patient, and told of.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use candidacy::input::referral::{decode, load};
use candidacy::model::calendar::Date;
use candidacy::pack::mapping::{self, Mapping};
use candidacy::pack::program::Program;
use candidacy::record::intake::{Intake, Wanted, is_line, is_record};
use candidacy::record::read::{Record, read};
use candidacy::record::store::{Content, Held, Reader, Store};
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

/// Whether a file holds a record. One that cannot be read is none, and is told of where it is.
pub fn holds_record(path: &Path) -> bool {
    let mut begins = Vec::new();
    let read = File::open(path).and_then(|file| file.take(4_096).read_to_end(&mut begins));
    if !path.is_file() || read.is_err() {
        return false;
    }
    let begins = String::from_utf8_lossy(&begins);
    // The type need not come first; and a list is never a record.
    is_record(&begins) || begins.trim_start().starts_with('{') && load(path).is_ok_and(|source| is_record(&source.text))
}

/// What was made of records: how much could not be.
#[derive(Debug, Default)]
pub struct Tally {
    /// How many patients there are.
    pub patients: usize,
    /// How many files and parts of files could not be read.
    pub unreadable: usize,
    used: usize,
    broken: usize,
    left: usize,
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
    /// Reads the records in some files, one patient at a time.
    pub fn each(
        &self,
        paths: &[PathBuf],
        mut of_patient: impl FnMut(Record, usize) -> anyhow::Result<()>,
    ) -> anyhow::Result<Tally> {
        let mut tally = Tally::default();
        let (store, mut intake) = self.take(paths, &mut tally);
        let patients = intake.patients();
        for refused in &intake.refused {
            let name = &store.files[refused.file as usize].name;
            self.messages.error(&format!("{name}:{}:{}: {}", refused.at.line, refused.at.column, refused.why), None);
        }
        tally.unreadable += intake.refused.len();
        tally.patients = patients.len();
        for patient in &patients {
            let record = read(self.mapping, &self.program.dictionary, (&store, &intake), patient, self.as_of);
            self.told(&record, &store);
            tally.used += record.reads.used;
            tally.broken += record.reads.broken.len();
            tally.left += patient.resources.len() - record.reads.used - record.reads.broken.len();
            of_patient(record, patients.len())?;
        }
        if self.verbose {
            self.counts(&intake, &tally);
        }
        Ok(tally)
    }

    /// Takes in the files. Those with a resource a line are read line by line.
    fn take(&self, paths: &[PathBuf], tally: &mut Tally) -> (Store, Intake) {
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
                None => whole(path, &name).map(|source| {
                    intake.take(file, &source, &wanted);
                    if path == Path::new("-") {
                        store.files[file as usize].content = Content::Memory(source.text);
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

    /// What of a patient's record could not be read.
    fn told(&self, record: &Record, store: &Store) {
        let mut reader = Reader::new(store);
        for (place, why) in &record.reads.broken {
            let at = format!("{}:{}", store.files[place.file as usize].name, reader.line(*place));
            self.messages.warning(&format!("{at}: a resource cannot be read: {why}"), None);
        }
        for (fact, why) in &record.refused {
            let name = &self.program.dictionary.fact(*fact).name;
            let patient = &record.referral.patient;
            self.messages.warning(&format!("{patient}: `{name}` cannot be read from the record: {why}"), None);
        }
    }

    /// How many resources were read, used and passed over.
    fn counts(&self, intake: &Intake, tally: &Tally) {
        let passed_over: usize = intake.passed_over.values().sum();
        let of_record = tally.left + intake.without_code;
        self.messages.note(&format!(
            "{} resources: {} used, {of_record} that say nothing of a fact, {passed_over} of types that nothing reads, {} \
             about no patient, {} that cannot be read",
            intake.found,
            tally.used,
            intake.about_none,
            tally.broken + intake.refused.len()
        ));
        for (kind, count) in &intake.passed_over {
            self.messages.note(&format!("  passed over: {count} {kind}"));
        }
    }
}

/// The lines of a file with a resource a line: its name says so, or its first line is one.
fn lines(path: &Path) -> Option<impl BufRead> {
    let named = path.extension().is_some_and(|extension| ["ndjson", "jsonl"].iter().any(|own| extension == *own));
    let mut lines = BufReader::with_capacity(1 << 16, File::open(path).ok().filter(|_| path.is_file())?);
    if named {
        return Some(lines);
    }
    // A bundle in one line is read as a whole, and a resource in one line may as well be.
    let first = lines.fill_buf().ok()?;
    let end = first.iter().position(|byte| *byte == b'\n')?;
    let is_line = std::str::from_utf8(&first[..end]).is_ok_and(is_line) && !first[end..].trim_ascii().is_empty();
    is_line.then_some(lines)
}

fn whole(path: &Path, name: &str) -> Result<candidacy::input::source::Source, String> {
    if path != Path::new("-") {
        return load(path);
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    decode(name.to_owned(), bytes)
}
