//! Text of a patient made safe to print: control characters, terminal escapes and marks that reorder text appear as
//! what they are and do nothing.

use std::borrow::Cow;

pub use crate::model::name::is_active;

/// The text with every active character written out as `\u{…}`; line breaks and tabs become spaces.
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(is_active) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' | '\t' => safe.push(' '),
            c if is_active(c) => safe.extend(c.escape_unicode()),
            c => safe.push(c),
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_shown_and_not_obeyed() {
        assert_eq!(plain("a\u{1b}[31mb\r\u{9b}c\u{202e}"), r"a\u{1b}[31mb\u{d}\u{9b}c\u{202e}");
        assert!(matches!(plain("Müller, 88 µmol/L"), Cow::Borrowed(_)));
    }
}
