//! Lines of a text report: headings, items with a name at the right margin, hanging indents, and colour that says
//! nothing the words do not.

use anstyle::{AnsiColor, Style};
use textwrap::core::display_width;
use textwrap::{Options, WordSplitter};

use super::plain::plain;
use crate::engine::decide::Decision;

/// How wide a report is, and whether it may use colour.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Columns.
    pub width: usize,
    /// Whether to use colour.
    pub colour: bool,
}

/// The widest name that stands beside a text; a wider one has lines of its own.
const WIDEST_BESIDE: usize = 28;

/// A report being laid out.
pub struct Page {
    layout: Layout,
    text: String,
}

impl Page {
    /// An empty page.
    pub fn new(layout: Layout) -> Page {
        Page { layout: Layout { width: layout.width.clamp(40, 200), ..layout }, text: String::new() }
    }

    /// What has been laid out.
    pub fn text(self) -> String {
        self.text
    }

    /// An empty line, never two.
    pub fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// The verdict, and who, when and what beside it.
    pub fn headline(&mut self, decision: Decision, word: &str, beside: &[&str]) {
        let colour = match decision {
            Decision::Candidate => AnsiColor::Green,
            Decision::CandidateWithCautions | Decision::Deferred | Decision::Incomplete => AnsiColor::Yellow,
            Decision::NotACandidate => AnsiColor::Red,
        };
        let beside: Vec<_> = beside.iter().map(|text| plain(text)).collect();
        let styled = self.styled(word, Style::new().bold().fg_color(Some(colour.into())));
        let one_line = format!("{word}      {}", beside.join("      "));
        if display_width(&one_line) <= self.layout.width {
            self.text.push_str(&format!("{styled}      {}\n", beside.join("      ")));
        } else {
            self.text.push_str(&format!("{styled}\n"));
            beside.iter().for_each(|text| self.wrapped(text, "", ""));
        }
    }

    /// A word in colour with a text beside it, on one line however long.
    pub fn marked(&mut self, word: &str, colour: AnsiColor, text: &str) {
        let styled = self.styled(word, Style::new().bold().fg_color(Some(colour.into())));
        self.text.push_str(&format!("{styled}  {}\n", plain(text)));
    }

    /// A heading after an empty line.
    pub fn heading(&mut self, text: &str) {
        self.gap();
        for line in textwrap::wrap(text, self.options()) {
            let styled = self.styled(&line, Style::new().bold());
            self.text.push_str(&format!("{styled}\n"));
        }
    }

    /// A heading after an empty line, with what it comes to at the right margin.
    pub fn headed(&mut self, text: &str, beside: &str) {
        self.gap();
        let styled = self.styled(&plain(text), Style::new().bold());
        self.right(&plain(beside), &styled);
    }

    /// A paragraph.
    pub fn paragraph(&mut self, text: &str) {
        self.wrapped(text, "", "");
    }

    /// A line to copy, however long.
    pub fn verbatim(&mut self, indent: usize, text: &str) {
        self.text.push_str(&format!("{}{}\n", " ".repeat(indent), plain(text)));
    }

    /// A paragraph whose further lines stand under its beginning.
    pub fn hanging(&mut self, lead: &str, text: &str) {
        self.wrapped(&format!("{lead}{}", plain(text)), "", "    ");
    }

    /// An item with a mark before it and a name at the right margin of its first line, or below if it would squeeze the
    /// text.
    pub fn item(&mut self, mark: &str, text: &str, name: &str) {
        let (text, name) = (plain(text), plain(name));
        let first = format!("  {mark}");
        let indent = " ".repeat(display_width(&first));
        if name.is_empty() {
            return self.wrapped(&text, &first, &indent);
        }
        if display_width(&name) > WIDEST_BESIDE.min(self.layout.width * 2 / 5) {
            self.wrapped(&text, &first, &indent);
            return self.wrapped(&name, &indent, &format!("{indent}  "));
        }
        // Room for the name is kept free by an indent as wide as both, which is then taken off again.
        let kept = " ".repeat(display_width(&first) + display_width(&name) + 2);
        let options = self.options().initial_indent(&kept).subsequent_indent(&indent);
        for (index, line) in textwrap::wrap(&text, options).into_iter().enumerate() {
            match line.strip_prefix(kept.as_str()).filter(|_| index == 0) {
                Some(text) => self.right(&name, &format!("{first}{text}")),
                None => self.text.push_str(&format!("{line}\n")),
            }
        }
    }

    /// A line under an item.
    pub fn detail(&mut self, text: &str) {
        self.detail_at(4, text);
    }

    /// A line under an item, further in.
    pub fn detail_at(&mut self, indent: usize, text: &str) {
        let indent = " ".repeat(indent + 2);
        self.wrapped(&plain(text), &indent, &format!("{indent}  "));
    }

    /// Names with hyphens stay whole.
    fn options<'o>(&self) -> Options<'o> {
        Options::new(self.layout.width).word_splitter(WordSplitter::NoHyphenation)
    }

    fn right(&mut self, name: &str, line: &str) {
        let space = self.layout.width.saturating_sub(display_width(line) + display_width(name)).max(1);
        let dimmed = self.styled(name, Style::new().dimmed());
        self.text.push_str(&format!("{line}{}{dimmed}\n", " ".repeat(space)));
    }

    fn wrapped(&mut self, text: &str, first: &str, rest: &str) {
        let options = self.options().initial_indent(first).subsequent_indent(rest);
        for line in textwrap::wrap(&plain(text), options) {
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    fn styled(&self, text: &str, style: Style) -> String {
        if self.layout.colour { format!("{}{text}{}", style.render(), style.render_reset()) } else { text.to_owned() }
    }
}
