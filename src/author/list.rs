//! A list of names in TOML text, written or changed: what stays keeps its order and spelling, the list its layout,
//! and no comment is lost.

use crate::input::source::Span;

/// The columns that a list may fill.
const WIDTH: usize = 120;

/// A list as it stands in a text.
#[derive(Clone, Debug)]
pub struct List<'t> {
    /// The text from `[` to `]`.
    pub text: &'t str,
    /// Its members: where each stands within the text, quotes included, and its name.
    pub members: Vec<(Span, &'t str)>,
    /// The column at which it begins, from 0.
    pub column: usize,
    /// How lines end.
    pub newline: &'t str,
}

/// A new list, on one line if it fits there.
pub fn fresh(names: &[String], column: usize, newline: &str) -> String {
    List { text: "[]", members: Vec::new(), column, newline }.with(names)
}

/// A name in quotes.
pub fn quoted(name: &str, quote: char) -> String {
    let literal = quote == '\'' && !name.contains(|c: char| c == '\'' || c.is_control());
    if literal {
        return format!("'{name}'");
    }
    let mut text = String::from('"');
    for c in name.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            c if c.is_control() => text.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => text.push(c),
        }
    }
    text.push('"');
    text
}

impl List<'_> {
    /// The list with these names and no others: members that stay first, as they stand, and then new ones.
    pub fn with(&self, names: &[String]) -> String {
        let stays = |name: &str| names.iter().any(|wanted| wanted == name);
        let new = names.iter().filter(|name| !self.members.iter().any(|(_, known)| known == name));
        let new: Vec<String> = new.map(|name| quoted(name, self.quote())).collect();
        if self.has_comments() {
            return self.line_by_line(&stays, &new);
        }
        let kept = self.members.iter().filter(|(_, name)| stays(name)).map(|(at, _)| self.text[at.clone()].to_owned());
        let members: Vec<String> = kept.chain(new).collect();
        if self.text.contains('\n') && !members.is_empty() {
            self.over_lines(&members)
        } else {
            self.on_a_line(&members)
        }
    }

    /// The quotes that its members stand in.
    fn quote(&self) -> char {
        let first = self.members.first().and_then(|(at, _)| self.text[at.clone()].chars().next());
        first.unwrap_or('"')
    }

    fn has_comments(&self) -> bool {
        let mut from = 0;
        for (at, _) in &self.members {
            if self.text[from..at.start].contains('#') {
                return true;
            }
            from = at.end;
        }
        self.text[from..].contains('#')
    }

    fn on_a_line(&self, members: &[String]) -> String {
        let space = if self.text.starts_with("[ ") && !members.is_empty() { " " } else { "" };
        let line = format!("[{space}{}{space}]", members.join(", "));
        if members.is_empty() || self.column + line.chars().count() <= WIDTH {
            return line;
        }
        let filled = filled(members, "    ");
        format!("[{nl}{},{nl}]", filled.join(&format!(",{}", self.newline)), nl = self.newline)
    }

    /// The members over several lines, one a line if that is how they stand.
    fn over_lines(&self, members: &[String]) -> String {
        let starts: Vec<usize> = self.members.iter().map(|(at, _)| self.line_start(at.start)).collect();
        let singly = starts.len() > 1 && starts.windows(2).all(|pair| pair[0] < pair[1]);
        let indent = self.indent();
        let lines: Vec<String> = match singly {
            true => members.iter().map(|member| format!("{indent}{member}")).collect(),
            false => filled(members, &indent),
        };
        let end = self.members.last().map_or(1, |(at, _)| at.end);
        let comma = if self.text[end..].contains(',') { "," } else { "" };
        let before = &self.text[self.line_start(self.text.len() - 1)..self.text.len() - 1];
        let close = if before.trim().is_empty() { format!("{}{before}", self.newline) } else { String::new() };
        format!("[{}{}{comma}{close}]", self.newline, lines.join(&format!(",{}", self.newline)))
    }

    /// Takes members away and adds others where they stand, for comments stand between them. From the end to the
    /// beginning, so that places stay what they are.
    fn line_by_line(&self, stays: &impl Fn(&str) -> bool, new: &[String]) -> String {
        let last = self.members.iter().rfind(|(_, name)| stays(name)).or(self.members.last());
        let end = last.map_or(1, |(at, _)| at.end);
        let mut text = self.text.to_owned();
        let (before, after): (Vec<_>, Vec<_>) =
            self.members.iter().rev().filter(|(_, name)| !stays(name)).partition(|(at, _)| at.end <= end);
        after.into_iter().for_each(|(at, _)| text = without(&text, at));
        if !new.is_empty() {
            text = self.added(&text, end, new);
        }
        before.into_iter().for_each(|(at, _)| text = without(&text, at));
        text
    }

    /// A text with new members after the line in which the last one, or its comma, ends; each on a line of its own.
    fn added(&self, text: &str, end: usize, new: &[String]) -> String {
        let close = text.len() - 1;
        let indent = self.indent();
        let lines: String = new.iter().map(|member| format!("{}{indent}{member},", self.newline)).collect();
        let found = comma(&text[end..]).map(|comma| end + comma + 1);
        let (end, comma) = match found {
            Some(after) => (after, ""),
            None => (end, if self.members.is_empty() { "" } else { "," }),
        };
        let line_end = text[end..close].find('\n').map_or(close, |at| end + at);
        let line_end = line_end - usize::from(text[..line_end].ends_with('\r'));
        format!("{}{comma}{}{lines}{}", &text[..end], &text[end..line_end], &text[line_end..])
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// What stands before the first member that opens a line.
    fn indent(&self) -> String {
        let opening = self.members.iter().map(|(at, _)| &self.text[self.line_start(at.start)..at.start]);
        opening.into_iter().find(|before| before.trim().is_empty()).unwrap_or("    ").to_owned()
    }
}

/// Members with commas between them on as few lines as they fit.
fn filled(members: &[String], indent: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for member in members {
        match lines.last_mut() {
            // A comma stands between the two and one after the line.
            Some(line) if line.chars().count() + member.chars().count() + 3 <= WIDTH => {
                line.push_str(&format!(", {member}"));
            }
            _ => lines.push(format!("{indent}{member}")),
        }
    }
    lines
}

/// Where the comma of a member is in what follows it, whatever is said between.
fn comma(rest: &str) -> Option<usize> {
    let mut comment = false;
    let found = rest.char_indices().find(|(_, c)| {
        comment = *c != '\n' && (comment || *c == '#');
        !comment && !c.is_whitespace()
    });
    found.filter(|(_, c)| *c == ',').map(|(at, _)| at)
}

/// The text without the member at a place and its comma.
fn without(text: &str, at: &Span) -> String {
    match comma(&text[at.end..]).map(|comma| at.end + comma) {
        Some(comma) if text[at.end..comma].trim().is_empty() => cut(text, &(at.start..comma + 1)),
        Some(comma) => cut(&cut(text, &(comma..comma + 1)), at),
        None => cut(text, at),
    }
}

/// The text without a stretch and the spaces after it, and without the line if nothing else is on it.
fn cut(text: &str, stretch: &Span) -> String {
    let (before, after) = (&text[..stretch.start], text[stretch.end..].trim_start_matches([' ', '\t']));
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let rest = after.strip_prefix('\n').or_else(|| after.strip_prefix("\r\n"));
    match rest.filter(|_| before[line_start..].trim().is_empty()) {
        Some(rest) => format!("{}{rest}", &before[..line_start]),
        None => format!("{before}{after}"),
    }
}
