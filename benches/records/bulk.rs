//! How much memory the program holds to read large files: one bundle, and an export of many patients with a resource a
//! line. Linux tells; elsewhere nothing is said.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::made_up;

/// Makes files of so many megabytes, has them read, and prints what that took.
pub fn print(megabytes: usize) {
    let folder = std::env::temp_dir().join(format!("candidacy-bulk-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    println!("Reading large files, of {megabytes} MB each");
    let (bundle, resources) = whole(&folder, megabytes * 1_000_000);
    told("one bundle of one patient", &bundle, resources);
    for patients in [1_000, 20_000] {
        let (export, resources) = lines(&folder, megabytes * 1_000_000, patients);
        told(&format!("a resource a line, {patients} patients"), &export, resources);
    }
    let _left = std::fs::remove_dir_all(&folder);
}

fn whole(folder: &Path, size: usize) -> (PathBuf, usize) {
    let path = folder.join("bundle.json");
    let mut out = BufWriter::new(File::create(&path).expect("a file"));
    let (mut written, mut count) = (0, 0);
    write!(out, "{{\"resourceType\": \"Bundle\", \"type\": \"collection\", \"entry\": [").expect("written");
    for resource in made_up::resources("p1") {
        if written > size {
            break;
        }
        let (before, id) = (if count == 0 { "" } else { "," }, made_up::id(&resource).to_owned());
        let text = made_up::with_type_first(resource, false);
        write!(out, "{before}\n{{\"fullUrl\": \"urn:uuid:{id}\", \"resource\": {text}}}").expect("written");
        written += text.len() + 60;
        count += 1;
    }
    write!(out, "]}}").expect("written");
    out.flush().expect("written");
    (path, count)
}

fn lines(folder: &Path, size: usize, patients: usize) -> (PathBuf, usize) {
    let path = folder.join("export.ndjson");
    let mut out = BufWriter::new(File::create(&path).expect("a file"));
    let mut count = 0;
    for patient in 0..patients {
        let mut written = 0;
        for resource in made_up::resources(&format!("p{patient}")) {
            if written > size / patients {
                break;
            }
            let text = made_up::with_type_first(resource, false).replace("urn:uuid:p", "Patient/p");
            writeln!(out, "{text}").expect("written");
            written += text.len();
            count += 1;
        }
    }
    out.flush().expect("written");
    (path, count)
}

fn told(what: &str, path: &Path, resources: usize) {
    let size = std::fs::metadata(path).expect("a file").len() as f64 / 1e6;
    let mut command = Command::new(env!("CARGO_BIN_EXE_candidacy"));
    let command = command.args(["screen", "--format", "jsonl", "--as-of", "2026-11-21"]).arg(path);
    let begun = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program runs");
    let mut most = 0.0_f64;
    while child.try_wait().expect("a child").is_none() {
        most = most.max(held(child.id()).unwrap_or_default());
        std::thread::sleep(Duration::from_millis(5));
    }
    let time = begun.elapsed().as_secs_f64();
    println!("    {what:<40}{size:>6.0} MB, {resources} resources: {most:.0} MB held at most, {time:.1} s");
}

/// The most memory that a process has held so far, in megabytes.
fn held(process: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok().map(|kilobytes| kilobytes / 1e3)
}
