//! Text with a name: where every message about a file points to.

use std::ops::Range;

/// A stretch of a source, in bytes.
pub type Span = Range<usize>;

/// A file's name as people know it, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The path as given, or `stdin`.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// A line and a column, both from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character within it.
    pub column: usize,
}

impl Source {
    /// The line and column of a byte offset.
    pub fn position(&self, offset: usize) -> Position {
        Walk::new(self).position(offset)
    }

    /// The whole line that a byte offset lies in.
    pub fn line(&self, offset: usize) -> &str {
        let (before, after) = self.text.split_at_checked(offset).unwrap_or((&self.text, ""));
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let end = before.len() + after.find('\n').unwrap_or(after.len());
        self.text[start..end].trim_end_matches('\r')
    }

    /// The byte offset of a line and column that lie `within` a stretch of the text.
    pub fn offset(&self, within: &Span, position: Position) -> usize {
        let text = &self.text[within.clone()];
        let line_start = match position.line {
            0 | 1 => 0,
            line => text.match_indices('\n').nth(line - 2).map_or(text.len(), |(index, _)| index + 1),
        };
        let column = text[line_start..].char_indices().nth(position.column.saturating_sub(1));
        within.start + column.map_or(text.len(), |(index, _)| line_start + index)
    }
}

/// The characters that belong together at an offset of a text: a name or number, a text in quotes, an operator, or else
/// a single character.
pub fn token(text: &str, offset: usize) -> Span {
    let rest = text.get(offset..).unwrap_or_default();
    let Some(first) = rest.chars().next().filter(|first| !first.is_whitespace()) else { return offset..offset };
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let digits = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let length = match first {
        '"' => quoted(rest),
        _ if first.is_ascii_digit() => rest.find(|c| !digits(c)).unwrap_or(rest.len()),
        _ if word(first) => rest.find(|c| !word(c)).unwrap_or(rest.len()),
        '|' if !rest.starts_with("||") => rest[1..].find('|').map_or(1, |end| end + 2),
        _ => OPERATORS.iter().find(|operator| rest.starts_with(**operator)).map_or(first.len_utf8(), |o| o.len()),
    };
    offset..offset + length
}

/// Operators of several characters.
const OPERATORS: [&str; 13] = ["!in", "==", "!=", "<=", ">=", "&&", "||", "??", "?.", "**", "=>", "=<", "<>"];

/// The length of a text in double quotes, quotes included.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (index, c) in rest.char_indices().skip(1) {
        match c {
            _ if std::mem::take(&mut escaped) => {}
            '\\' => escaped = true,
            '"' => return index + 1,
            '\n' => return index,
            _ => {}
        }
    }
    rest.len()
}

/// Finds the positions of offsets one after the other, and looks at what lies between them once.
#[derive(Clone, Debug)]
pub struct Walk<'s> {
    source: &'s Source,
    offset: usize,
    at: Position,
}

impl<'s> Walk<'s> {
    /// From the beginning of a source.
    pub fn new(source: &'s Source) -> Walk<'s> {
        Walk { source, offset: 0, at: Position { line: 1, column: 1 } }
    }

    /// The line and column of a byte offset.
    pub fn position(&mut self, offset: usize) -> Position {
        let text = &self.source.text;
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        if offset < self.offset {
            *self = Walk::new(self.source);
        }
        let between = &text[self.offset..offset];
        let lines = between.matches('\n').count();
        let column = between.rfind('\n').map_or(self.at.column, |_| 1);
        let last = between.rsplit('\n').next().unwrap_or_default();
        self.at = Position { line: self.at.line + lines, column: column + last.chars().count() };
        self.offset = offset;
        self.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_what_belongs_together() {
        for (text, at, token_is) in [
            ("age >= 18", 0, "age"),
            ("age >= 18", 4, ">="),
            ("x < 2.5)", 4, "2.5"),
            (r#"x == "a \" b" && y"#, 5, r#""a \" b""#),
            (r#"x == "a"#, 5, r#""a"#),
            ("l.some(|g| g.x)", 7, "|g|"),
            ("a || b", 2, "||"),
            ("x !in [1]", 2, "!in"),
            ("!ärzte", 1, "ärzte"),
            ("a (b)", 2, "("),
            ("a ", 1, ""),
            ("a", 1, ""),
        ] {
            assert_eq!(&text[token(text, at)], token_is, "{text}");
        }
    }

    #[test]
    fn a_walk_finds_what_a_fresh_look_finds() {
        let source = Source { name: "x".into(), text: "aµ\n\nb\r\nπ🙂c".into() };
        let mut walk = Walk::new(&source);
        for offset in (0..20).chain([3, 9, 0, 12, 12]) {
            assert_eq!(walk.position(offset), source.position(offset), "{offset}");
        }
        assert_eq!([0, 4, 5, 6, 8, 99].map(|offset| source.line(offset)), ["aµ", "", "b", "b", "π🙂c", "π🙂c"]);
        assert_eq!(source.position(3), Position { line: 1, column: 3 });
        assert_eq!(source.position(usize::MAX), Position { line: 4, column: 4 });
    }
}
