//! Messages on standard error: what is wrong, where, and what to do, in the shape compilers use.

use std::io::Write;

use anstyle::{AnsiColor, Style};

use candidacy::input::problem::Rejected;
use candidacy::pack::mistake::Refused;
use candidacy::report::plain::plain;

/// Writes messages.
#[derive(Clone, Copy, Debug)]
pub struct Messages {
    /// Whether to use colour.
    pub colour: bool,
}

impl Messages {
    /// An error without a place.
    pub fn error(self, text: &str, help: Option<&str>) {
        self.write(&format!("{}: {}\n", self.red("error"), plain(text)));
        self.help(help);
    }

    /// A summary.
    pub fn note(self, text: &str) {
        self.write(&format!("{text}\n"));
    }

    /// The mistakes of a referral's files.
    pub fn rejected(self, rejected: &[Rejected]) {
        for file in rejected {
            for (place, message, help) in file.lines() {
                self.write(&format!("{}: {}: {}\n", plain(&place), self.red("error"), plain(&message)));
                self.help(help.as_deref());
            }
        }
    }

    /// The mistakes of a pack.
    pub fn refused(self, refused: &Refused) {
        for line in refused.lines() {
            let code = line.code;
            self.write(&format!("{}: {}[{code}]: {}\n", plain(&line.place), self.red("error"), plain(&line.message)));
            if !line.text.trim().is_empty() {
                self.write(&format!("  | {}\n", plain(line.text.trim_end())));
            }
            self.help(line.help.as_deref());
        }
    }

    fn help(self, help: Option<&str>) {
        if let Some(help) = help {
            self.write(&format!("  help: {}\n", plain(help)));
        }
    }

    fn red(self, text: &str) -> String {
        let style = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
        if self.colour { format!("{}{text}{}", style.render(), style.render_reset()) } else { text.to_owned() }
    }

    /// A message that cannot be written has nowhere else to go.
    fn write(self, text: &str) {
        let _unheard = std::io::stderr().write_all(text.as_bytes());
    }
}
