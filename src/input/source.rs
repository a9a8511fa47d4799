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
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &self.text[..offset];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
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
