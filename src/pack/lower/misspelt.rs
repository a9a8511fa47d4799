//! Scripts that Rhai cannot read, in words for their author: what other languages, spreadsheets and habit put there.

use rhai::{LexError, ParseError, ParseErrorType, Position as RhaiPosition};

use crate::input::source::{Position, Source, token};
use crate::pack::advice::asks_unknown;
use crate::pack::mistake::Mistake;
use crate::pack::typed::Typed;

/// What people write, and what a script says instead.
const INSTEAD: [(&str, &str); 19] = [
    ("and", "&&"),
    ("AND", "&&"),
    ("&", "&&"),
    ("or", "||"),
    ("OR", "||"),
    ("not", "!"),
    ("NOT", "!"),
    ("is", "=="),
    ("equals", "=="),
    ("===", "=="),
    ("<>", "!="),
    ("!==", "!="),
    ("≠", "!="),
    ("≤", "<="),
    ("=<", "<="),
    ("≥", ">="),
    ("=>", ">="),
    ("elif", "else if"),
    ("then", "{ … }"),
];

/// A mistake of the parser and its place in a script.
pub fn syntax(error: &ParseError, text: &str) -> (Position, Mistake) {
    let ParseError(kind, at) = error;
    if at.is_none() {
        let end = Source { name: String::new(), text: text.to_owned() }.position(text.trim_end().len());
        let (message, help) = words(kind);
        return (end, Mistake::ScriptSyntax { message, help });
    }
    let at = place(*at);
    if let ParseErrorType::FnDuplicatedDefinition(name, _) = &**kind {
        return (at, Mistake::Duplicate { what: "function", name: name.clone() });
    }
    if let Some(found) = telling(text, at, kind) {
        return found;
    }
    if let Some((at, written, instead)) = foreign(text, at) {
        let message = format!("a script does not know `{written}`");
        return (at, Mistake::ScriptSyntax { message, help: format!("write `{instead}`") });
    }
    let (message, help) = words(kind);
    (at, Mistake::ScriptSyntax { message, help })
}

/// What is wrong with an operator that Rhai has for bits: between conditions `&&` or `||` is meant, and a decimal has
/// none, so that the script could only fail.
pub fn operator(name: &str, left: &Typed, right: &Typed) -> Option<Mistake> {
    let either = |is: fn(&Typed) -> bool| is(left) || is(right);
    let (message, help) = match name {
        "&" | "|" if either(|operand| matches!(operand, Typed::Cond(_))) => {
            (format!("a script does not know `{name}`"), format!("write `{name}{name}`"))
        }
        "&" | "|" | "^" | "<<" | ">>" if either(|operand| matches!(operand, Typed::Number(..))) => no_operator(name),
        _ => return None,
    };
    Some(Mistake::ScriptSyntax { message, help })
}

/// A place in a script.
pub fn place(at: RhaiPosition) -> Position {
    Position { line: at.line().unwrap_or(1), column: at.position().unwrap_or(1).max(1) }
}

/// What is written at or before a place, and what to write instead.
fn foreign(text: &str, at: Position) -> Option<(Position, &str, &'static str)> {
    let source = Source { name: String::new(), text: text.to_owned() };
    let offset = source.offset(&(0..text.len()), at);
    // Operators are looked at whole: `&&` is no `&`, and of `<>` the parser stumbles over the second half.
    let sign = |c: char| "=<>!&|≠≤≥".contains(c);
    let first = text[..offset].trim_end_matches(sign).len();
    let run = first..text.len() - text[first..].trim_start_matches(sign).len();
    let here = if text[offset..].starts_with(sign) { run } else { token(text, offset) };
    let before = text[..offset].trim_end();
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let start =
        before.rfind(|c: char| !word(c)).map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    for span in [here, start..before.len()] {
        let longest = INSTEAD.iter().filter(|(written, _)| text[span.start..].starts_with(written));
        let found = longest.max_by_key(|(written, _)| written.len());
        let whole = |written: &str| text[span.clone()] == *written;
        if let Some((written, instead)) = found.filter(|(written, _)| whole(written)) {
            return Some((source.position(span.start), written, instead));
        }
    }
    None
}

/// Slips that only the text around them tells.
fn telling(text: &str, at: Position, kind: &ParseErrorType) -> Option<(Position, Mistake)> {
    let source = Source { name: String::new(), text: text.to_owned() };
    let offset = source.offset(&(0..text.len()), at);
    let found = |offset: usize, message: &str, help: &str| {
        let (message, help) = (message.to_owned(), help.to_owned());
        Some((source.position(offset), Mistake::ScriptSyntax { message, help }))
    };
    let rest = &text[offset..];
    let named = text[..offset].trim_end().ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let closure = named && text[..offset].matches('(').count() > text[..offset].matches(')').count();
    if rest.starts_with("->") || rest.starts_with("=>") && closure {
        return found(
            offset,
            "a script writes no arrow",
            "what is asked of each member is written |x| …, as in `list.some(|x| x.drug == \"…\")`; at least is `>=`",
        );
    }
    if rest.starts_with([')', ']', '}']) && before_is_whole(&text[..offset]) {
        return found(offset, "a bracket closes what is not open", "leave it out, or open it before");
    }
    let word = &text[token(text, offset)];
    if asks_unknown(word) {
        return Some((at, Mistake::AsksUnknown { word: word.to_owned() }));
    }
    let before = text[..offset].trim_end();
    if before.ends_with(|c: char| c.is_ascii_digit()) && word.starts_with(|c: char| c.is_alphabetic() || c == '%') {
        let number = before.rfind(|c: char| !c.is_ascii_digit() && c != '.').map_or(before, |at| &before[at + 1..]);
        if number.parse::<f64>().is_ok() && !INSTEAD.iter().any(|(written, _)| *written == word) {
            return found(
                offset,
                "a number stands without a unit",
                "leave the unit out: a number takes the unit of the other side",
            );
        }
    }
    let comma = rest.starts_with(',') && before.ends_with(|c: char| c.is_ascii_digit());
    if comma && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
        return found(offset, "a comma stands within a number", "write a decimal with a point, such as 2.5");
    }
    let typed = matches!(kind, ParseErrorType::MismatchedType(..) | ParseErrorType::AssignmentToInvalidLHS(_));
    typed
        .then(|| single_equals(text))
        .flatten()
        .and_then(|at| found(at, "`=` gives a name a value", "write `==` to compare"))
}

/// Whether a text closes every bracket that it opens.
fn before_is_whole(text: &str) -> bool {
    [('(', ')'), ('[', ']'), ('{', '}')]
        .into_iter()
        .all(|(open, close)| text.matches(open).count() == text.matches(close).count())
}

/// Where a single `=` stands.
fn single_equals(text: &str) -> Option<usize> {
    let beside = |at: usize| text[..at].ends_with(['=', '!', '<', '>']) || text[at + 1..].starts_with('=');
    text.match_indices('=').map(|(at, _)| at).find(|at| !beside(*at))
}

/// What is wrong, and what to do.
fn words(kind: &ParseErrorType) -> (String, String) {
    let (message, help): (String, &str) = match kind {
        ParseErrorType::UnexpectedEOF => ("the script ends too early".into(), "is something left open, or left out?"),
        ParseErrorType::BadInput(error) => return unread(error),
        ParseErrorType::UnknownOperator(operator) => return no_operator(operator),
        ParseErrorType::MissingToken(token, _) if token == ";" => {
            ("the condition has ended, and something follows".into(), "join conditions with `&&` or `||`")
        }
        ParseErrorType::MissingToken(token, _) => {
            (format!("a `{token}` belongs here"), "is a bracket left open, or a word left out?")
        }
        ParseErrorType::ExprExpected(_) => ("a value belongs here".into(), "is something left out before this?"),
        ParseErrorType::Reserved(word) | ParseErrorType::ForbiddenVariable(word) => {
            (format!("`{word}` is a word of the script language, and cannot be used so"), "use another name")
        }
        ParseErrorType::PropertyExpected => {
            ("the name of a field or function belongs here".into(), "write it right after the point")
        }
        ParseErrorType::VariableExpected => ("a name belongs here".into(), "give the `let` a name"),
        ParseErrorType::ExprTooDeep => ("brackets nest too deeply".into(), "split it with `let`"),
        ParseErrorType::AssignmentToInvalidLHS(_) | ParseErrorType::AssignmentToConstant(_) => {
            ("`=` would give this a new value".into(), "write `==` to compare")
        }
        ParseErrorType::TooManyFunctions => ("there are too many functions".into(), "spread them over several files"),
        ParseErrorType::LoopBreak => ("`break` stands outside a loop".into(), "leave it out"),
        other => (lower(&other.to_string()), "scripts are written in Rhai: see rhai.rs/book"),
    };
    (message, help.to_owned())
}

/// What stands where an operator does and is none: `=`, or a word that scripts may not use.
fn no_operator(symbol: &str) -> (String, String) {
    match symbol {
        "=" => ("`=` does not compare".into(), "write `==` to compare".into()),
        word if word.starts_with(char::is_alphabetic) => {
            (format!("`{word}` cannot be used in a script"), "a script only compares and computes".into())
        }
        _ => {
            let help = "operators are == != < <= > >= && || ! + - * / and in";
            (format!("there is no operator `{symbol}`"), help.into())
        }
    }
}

/// Characters that no script holds.
fn unread(error: &LexError) -> (String, String) {
    let (message, help) = match error {
        LexError::UnterminatedString => {
            ("a text is not closed".into(), "close it with a double quote, as in \"normal\"")
        }
        LexError::MalformedChar(_) => {
            ("a text stands in double quotes".into(), "write \"normal\", and put the script between single quotes")
        }
        LexError::UnexpectedInput(text) if text.contains(['“', '”', '„', '‘', '’', '«', '»']) => {
            (format!("`{text}` is no quotation mark of a script"), "write straight double quotes, as in \"normal\"")
        }
        LexError::UnexpectedInput(text) if text.chars().all(|c| "=<>!&|+-*/".contains(c)) => {
            (format!("a value belongs before `{text}`"), "is something left out before this?")
        }
        LexError::UnexpectedInput(text) => (format!("`{text}` has no place in a script"), "leave it out"),
        LexError::MalformedNumber(text) => {
            (format!("`{text}` is no number"), "write a decimal with a point, such as 2.5")
        }
        LexError::MalformedEscapeSequence(text) => {
            (format!("`{text}` is no escape"), "write the character itself; a backslash is written twice")
        }
        LexError::MalformedIdentifier(text) => {
            (format!("`{text}` is no name"), "names take letters, digits and `_`, and no digit first")
        }
        LexError::StringTooLong(_) => ("a text is too long".into(), "shorten it"),
        LexError::ImproperSymbol(symbol, _) => return no_operator(symbol),
        other => (lower(&other.to_string()), "scripts are written in Rhai: see rhai.rs/book"),
    };
    (message, help.to_owned())
}

/// As our own messages are: in lower case.
fn lower(message: &str) -> String {
    let mut chars = message.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}
