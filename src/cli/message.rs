//! Messages on standard error: what is wrong, where, and what to do, in the shape compilers use.

use std::io::Write;

use anstyle::{AnsiColor, Style};

use candidacy::input::problem::Rejected;
use candidacy::pack::checked::Refused;
use candidacy::report::findings::full;
use candidacy::report::layout::Layout;
use candidacy::report::plain::plain;

/// Writes messages.
#[derive(Clone, Copy, Debug)]
pub struct Messages {
    /// How wide they may be, and whether to use colour.
    pub layout: Layout,
}

impl Messages {
    /// An error without a place.
    pub fn error(self, text: &str, help: Option<&str>) {
        self.write(&format!("{}: {}\n", self.red("error"), plain(text)));
        self.help(help);
    }

    /// What a user should know beside the result.
    pub fn warning(self, text: &str, help: Option<&str>) {
        self.write(&format!("{}: {}\n", self.styled("warning", AnsiColor::Yellow), plain(text)));
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
        let mut bytes = Vec::new();
        let written = full::write(&refused.sources, &refused.diagnostics, self.layout, &mut bytes);
        written.expect("memory can be written to");
        self.write(&String::from_utf8_lossy(&bytes));
    }

    fn help(self, help: Option<&str>) {
        if let Some(help) = help {
            self.write(&format!("  help: {}\n", plain(help)));
        }
    }

    fn red(self, text: &str) -> String {
        self.styled(text, AnsiColor::Red)
    }

    fn styled(self, text: &str, colour: AnsiColor) -> String {
        let style = Style::new().bold().fg_color(Some(colour.into()));
        if self.layout.colour { format!("{}{text}{}", style.render(), style.render_reset()) } else { text.to_owned() }
    }

    /// A message that cannot be written has nowhere else to go.
    fn write(self, text: &str) {
        let _unheard = std::io::stderr().write_all(text.as_bytes());
    }
}
