//! Packs as they were at a revision of a git repository: `REV:PATH`, read into a folder of their own.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

/// A pack that a command names: a folder, an embedded pack, or one of a revision, which is laid out in a folder that
/// goes with this.
#[derive(Debug)]
pub struct Named {
    /// The folder or name.
    pub pack: String,
    /// What was laid out.
    laid: Option<PathBuf>,
}

impl Drop for Named {
    fn drop(&mut self) {
        if let Some(folder) = &self.laid {
            // What cannot be removed is left to the system, which clears such folders.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// The pack of a name. With what lies beside it, so that the packs it builds on are found.
pub fn named(name: &str, nth: usize) -> anyhow::Result<Named> {
    let revision = name.split_once(':').filter(|_| !Path::new(name).exists());
    let Some((revision, path)) = revision else { return Ok(Named { pack: name.to_owned(), laid: None }) };
    let path = path.trim_end_matches('/');
    let above = path.rsplit_once('/').map_or("", |(above, _)| above);
    let list = git(&["ls-tree", "-r", "--name-only", "-z", revision, "--", if above.is_empty() { "." } else { above }])
        .with_context(|| format!("`{name}` names no pack of a revision"))?;
    let laid = std::env::temp_dir().join(format!("candidacy-{}-{nth}", std::process::id()));
    let named = Named { pack: laid.join(path).display().to_string(), laid: Some(laid.clone()) };
    let list = String::from_utf8(list).context("git lists a file whose name is no UTF-8 text")?;
    for file in list.split('\0').filter(|file| !file.is_empty()) {
        let wanted = [".toml", ".rhai", ".json"].iter().any(|end| file.ends_with(end));
        if !wanted || Path::new(file).components().any(|part| part == std::path::Component::ParentDir) {
            continue;
        }
        let text = git(&["show", &format!("{revision}:./{file}")])?;
        let place = laid.join(file);
        place.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(&place, text)?;
    }
    Ok(named)
}

fn git(args: &[&str]) -> anyhow::Result<Vec<u8>> {
    let output = Command::new("git").args(args).output().context("git cannot be run")?;
    if !output.status.success() {
        bail!("git: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(output.stdout)
}
