//! Verdicts on their way out, one after another as they come: to standard output or a file, in the format asked for.

use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use candidacy::engine::decide::{Decision, Outcome};
use candidacy::engine::verdict::Verdict;
use candidacy::report::{json, text};
use clap::ValueEnum;

use super::terminal::{Colour, layout};

/// How verdicts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A report for people.
    Text,
    /// An object for one referral, an array for several.
    Json,
    /// One object a line.
    Jsonl,
}

/// Where verdicts go.
pub struct Verdicts {
    format: Format,
    colour: Colour,
    path: Option<PathBuf>,
    /// Opened with the first verdict, so that nothing is overwritten by nothing.
    out: Option<Box<dyn Write>>,
    /// Whether there is one only.
    single: bool,
    /// How many were written.
    pub written: usize,
    /// Whether a rule of one of them met a fault.
    pub faulty: bool,
    /// The last verdict.
    pub last: Option<Decision>,
    /// Whether nobody reads any more.
    closed: bool,
}

impl Verdicts {
    /// An output of verdicts: `single` where there is one only.
    pub fn new(format: Format, path: Option<&Path>, colour: Colour, single: bool) -> Verdicts {
        let path = path.map(Path::to_path_buf);
        Verdicts { format, colour, path, out: None, single, written: 0, faulty: false, last: None, closed: false }
    }

    /// Writes a verdict.
    pub fn add(&mut self, verdict: &Verdict) -> anyhow::Result<()> {
        let mut bytes = Vec::new();
        match self.format {
            Format::Text => {
                let layout = layout(self.colour, self.path.is_some());
                if self.written > 0 {
                    writeln!(bytes, "\n{}\n", "-".repeat(layout.width.clamp(40, 200)))?;
                }
                text::write(verdict, layout, &mut bytes)?;
            }
            Format::Json if self.single => json::object(verdict, &mut bytes)?,
            Format::Json => json::element(verdict, self.written == 0, &mut bytes)?,
            Format::Jsonl => json::line(verdict, &mut bytes)?,
        }
        self.written += 1;
        self.faulty |= verdict.findings.iter().any(|finding| finding.state == Outcome::Fault);
        self.last = Some(verdict.verdict);
        self.put(&bytes)
    }

    /// Writes what comes after the last verdict.
    pub fn finish(&mut self) -> anyhow::Result<()> {
        let mut bytes = Vec::new();
        if self.format == Format::Json && !self.single {
            json::end(self.written == 0, &mut bytes)?;
        }
        self.put(&bytes)?;
        let Some(out) = self.out.as_mut().filter(|_| !self.closed) else { return Ok(()) };
        match out.flush() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            flushed => flushed.with_context(|| unwritten(self.path.as_deref())),
        }
    }

    fn put(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        if self.closed {
            return Ok(());
        }
        if self.out.is_none() {
            self.out = Some(match &self.path {
                Some(path) => Box::new(BufWriter::new(File::create(path).with_context(|| unwritten(Some(path)))?)),
                None => Box::new(BufWriter::new(std::io::stdout())),
            });
        }
        let Some(out) = self.out.as_mut() else { return Ok(()) };
        match out.write_all(bytes) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            written => written.with_context(|| unwritten(self.path.as_deref())),
        }
    }
}

fn unwritten(path: Option<&Path>) -> String {
    match path {
        Some(path) => format!("{} cannot be written", path.display()),
        None => "standard output cannot be written".to_owned(),
    }
}
