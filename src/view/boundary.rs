//! The least and the greatest value that one of limited precision may stand for: 1.0 is from 0.95 to 1.05, June from
//! its first day to its last.

use rust_decimal::Decimal;

use super::item::{Item, Plain};
use super::json::Json;
use crate::model::calendar::Date;

/// The boundary of an item; none for what has no precision.
pub fn boundary<'j>(item: &Item<'j>, high: bool) -> Option<Item<'j>> {
    if let Item::Part(Json::Number(_), _) | Item::Number(_) = item {
        let Plain::Number(number) = item.plain()? else { return None };
        let half = Decimal::new(5, number.scale() + 1);
        let moved = if high { number.checked_add(half) } else { number.checked_sub(half) };
        return moved.map(Item::Number);
    }
    let text = item.text()?;
    let text = if text.contains('T') || item.is_of("dateTime") && is_typed(item) {
        date_time(text, high)
    } else if text.as_bytes().get(2) == Some(&b':') {
        time(text, high)
    } else {
        date(text, high)
    };
    text.map(|text| Item::Text(text.into()))
}

fn is_typed(item: &Item) -> bool {
    matches!(item, Item::Part(_, Some(_)))
}

/// The first or last day of a year, month or day.
fn date(text: &str, high: bool) -> Option<String> {
    match text.len() {
        4 => Some(format!("{text}-{}", if high { "12-31" } else { "01-01" })),
        7 if high => {
            let first: Date = format!("{text}-01").parse().ok()?;
            Some(first.last_of_month().to_string())
        }
        7 => Some(format!("{text}-01")),
        10 => Some(text.to_owned()),
        _ => None,
    }
}

/// The time in full, to the thousandth of a second.
fn time(text: &str, high: bool) -> Option<String> {
    let full = if high { "23:59:59.999" } else { "00:00:00.000" };
    text.is_ascii().then(|| format!("{text}{}", full.get(text.len()..).unwrap_or_default()))
}

/// The moment in full; where no offset is given, in the one where it comes first or last.
fn date_time(text: &str, high: bool) -> Option<String> {
    let (day, rest) = text.split_once('T').unwrap_or((text, ""));
    let (clock, offset) = match rest.find(['Z', '+', '-']) {
        Some(at) => rest.split_at(at),
        None => (rest, if high { "-12:00" } else { "+14:00" }),
    };
    Some(format!("{}T{}{offset}", date(day, high)?, time(clock, high)?))
}
