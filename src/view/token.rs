//! The words of a path: names, literals and operators, each with the place it starts at.

use std::borrow::Cow;

use rust_decimal::Decimal;

use crate::input::number::parse_decimal;

/// A word of a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Token<'p> {
    /// A name: `family`, `and`, `$this`.
    Name(Cow<'p, str>),
    /// `%name`
    Constant(&'p str),
    /// `'text'`
    Text(String),
    /// `@2026-11-21`, without the sign.
    Moment(&'p str),
    /// A number.
    Number(Decimal),
    /// An operator, bracket or comma.
    Sign(&'static str),
}

const SIGNS: [&str; 20] =
    ["<=", ">=", "!=", "!~", "=", "~", "<", ">", "+", "-", "*", "/", "&", "|", ".", ",", "(", ")", "[", "]"];

/// The words with their places; `Err` with what is wrong and where.
pub fn tokens(path: &str) -> Result<Vec<(usize, Token<'_>)>, (usize, String)> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = path[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (token, length) = token(&path[at..], first).ok_or_else(|| (at, wrong(first)))?;
        tokens.push((at, token));
        at += length;
    }
    Ok(tokens)
}

fn wrong(first: char) -> String {
    match first {
        '\'' | '`' => format!("the `{first}` is not closed"),
        '@' => "a date or time follows `@`".to_owned(),
        '%' => "the name of a constant follows `%`".to_owned(),
        '0'..='9' => "this number has too many digits".to_owned(),
        other => format!("`{}` means nothing in a path", other.escape_debug()),
    }
}

fn token(rest: &str, first: char) -> Option<(Token<'_>, usize)> {
    match first {
        '\'' => text(rest).map(|(text, length)| (Token::Text(text), length)),
        '`' => text(rest).map(|(text, length)| (Token::Name(Cow::Owned(text)), length)),
        '@' => {
            let length = 1 + length(&rest[1..], |c| c.is_ascii_digit() || "-+:.TZ".contains(c));
            (length > 1).then(|| (Token::Moment(&rest[1..length]), length))
        }
        '%' => {
            let length = 1 + length(&rest[1..], is_of_name);
            (length > 1).then(|| (Token::Constant(&rest[1..length]), length))
        }
        '$' => {
            let length = 1 + length(&rest[1..], is_of_name);
            Some((Token::Name(Cow::Borrowed(&rest[..length])), length))
        }
        '0'..='9' => {
            let whole = length(rest, |c| c.is_ascii_digit());
            let fraction = rest[whole..].strip_prefix('.').map_or(0, |after| length(after, |c| c.is_ascii_digit()));
            let length = if fraction > 0 { whole + 1 + fraction } else { whole };
            Some((Token::Number(parse_decimal(&rest[..length])?), length))
        }
        _ if is_of_name(first) => {
            let length = length(rest, is_of_name);
            Some((Token::Name(Cow::Borrowed(&rest[..length])), length))
        }
        _ => SIGNS.into_iter().find(|sign| rest.starts_with(sign)).map(|sign| (Token::Sign(sign), sign.len())),
    }
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// How many bytes of a text pass.
fn length(text: &str, passes: impl Fn(char) -> bool) -> usize {
    text.find(|c: char| !passes(c)).unwrap_or(text.len())
}

/// What stands between two quotes, and the length with them.
fn text(rest: &str) -> Option<(String, usize)> {
    let mut chars = rest.char_indices();
    let (_, quote) = chars.next()?;
    let mut text = String::new();
    while let Some((at, c)) = chars.next() {
        match c {
            _ if c == quote => return Some((text, at + c.len_utf8())),
            '\\' => text.push(escaped(&mut chars)?),
            _ => text.push(c),
        }
    }
    None
}

fn escaped(chars: &mut std::str::CharIndices) -> Option<char> {
    Some(match chars.next()?.1 {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'f' => '\u{c}',
        'u' => {
            let digits: String = chars.take(4).map(|(_, digit)| digit).collect();
            char::from_u32(u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4)?)?
        }
        own @ ('\'' | '"' | '`' | '\\' | '/') => own,
        _ => return None,
    })
}
