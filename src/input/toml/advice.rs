//! What to write instead of a value that is no TOML. The reader says which character should come; those who type
//! referrals know dates, numbers and words.

use crate::model::calendar::parse_days;

/// Longer values are not said again in a message.
const LONGEST_SHOWN: usize = 80;

/// The message for an error at a place of a text, where it can say more than the reader has `said`.
pub fn instead(said: &str, text: &str, at: usize) -> Option<String> {
    let begins = |words: &str| said.starts_with(words);
    let value = Some(value_at(text, at)).filter(|value| value.len() <= LONGEST_SHOWN)?;
    if begins("invalid date") && parse_days(value).is_some() {
        return Some(format!("a month or a year alone is written in quotation marks: \"{value}\""));
    }
    if begins("unexpected leading zero") {
        return Some(format!(
            "`{value}` is no value; a number does not begin with 0, and a text needs quotation marks"
        ));
    }
    if begins("string values must be quoted") || begins("invalid boolean") {
        let yes_or_no = ["y", "yes", "n", "no"].contains(&&*value.to_lowercase());
        let meant = if yes_or_no { "write true or false" } else { "a text needs quotation marks" };
        return Some(format!("`{value}` is no value; {meant}"));
    }
    let digits_follow = text[at..].strip_prefix(',').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    (begins("unexpected key or value") && digits_follow).then(|| "a number is written without commas".into())
}

/// The value around a place of a text: as far as no comma, bracket or end of the line stands between.
fn value_at(text: &str, at: usize) -> &str {
    let ends = |c: char| "=,[]{}#\r\n".contains(c);
    let (before, after) = (&text[..at], &text[at..]);
    let start = before.rfind(ends).map_or(0, |mark| mark + 1);
    text[start..at + after.find(ends).unwrap_or(after.len())].trim()
}
