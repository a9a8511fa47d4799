//! Dates as clinics use them: calendar days, completed years, and moments that order the results of one day.

use std::cmp::Ordering;
use std::fmt;

pub use jiff::civil::Date;
use jiff::civil::Time;

/// Days from `from` to `to`; negative when `to` is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

/// Completed years from `from` to `to`, negative when `to` is earlier. Someone born on 29 February completes a
/// year on 1 March of a common year.
pub fn years_between(from: Date, to: Date) -> i64 {
    if to < from {
        return -years_between(to, from);
    }
    let not_yet = (to.month(), to.day()) < (from.month(), from.day());
    i64::from(to.year()) - i64::from(from.year()) - i64::from(not_yet)
}

/// Reads `2026-11-21`; nothing else is a day.
pub fn parse_day(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
    let digits = |range: std::ops::Range<usize>| -> Option<i16> {
        let part = text.get(range)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?
    };
    if !shaped {
        return None;
    }
    let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The first and last day of a year (`1961`), a month (`1961-04`) or a day (`1961-04-02`).
pub fn parse_days(text: &str) -> Option<(Date, Date)> {
    match text.len() {
        4 => Some((parse_day(&format!("{text}-01-01"))?, parse_day(&format!("{text}-12-31"))?)),
        7 => {
            let first = parse_day(&format!("{text}-01"))?;
            Some((first, first.last_of_month()))
        }
        _ => parse_day(text).map(|day| (day, day)),
    }
}

/// When a result was obtained: a day, or a time of day that orders it among that day's results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    /// The calendar day as written.
    pub day: Date,
    time: Option<Time>,
    /// Seconds east of UTC, where it was written.
    offset: Option<i32>,
}

impl Moment {
    /// A day without a time.
    pub fn day(day: Date) -> Moment {
        Moment { day, time: None, offset: None }
    }

    /// Reads a day, or a date-time such as `2026-11-02T10:30`, `2026-11-02 10:30:00Z` or with an offset `+01:00`.
    pub fn parse(text: &str) -> Option<Moment> {
        let day = parse_day(text.get(..10)?)?;
        let rest = &text[10..];
        if rest.is_empty() {
            return Some(Moment::day(day));
        }
        let clock = rest.strip_prefix(['T', 't', ' '])?;
        let zone = clock.find(['Z', 'z', '+', '-']).unwrap_or(clock.len());
        let (clock, zone) = clock.split_at(zone);
        let offset = if zone.is_empty() { None } else { Some(parse_offset(zone)?) };
        Some(Moment { day, time: Some(parse_time(clock)?), offset })
    }

    /// How two moments follow each other; `None` when one day holds both and a time is missing.
    pub fn order(&self, other: &Moment) -> Option<Ordering> {
        if let (Some(a), Some(b)) = (self.instant(), other.instant()) {
            return Some(a.cmp(&b));
        }
        match self.day.cmp(&other.day) {
            Ordering::Equal => Some(self.time?.cmp(&other.time?)),
            settled => Some(settled),
        }
    }

    /// A key that puts moments in one fixed order, whether or not they can be told apart in time.
    pub fn sort_key(&self) -> impl Ord + use<> {
        (self.day, self.time, self.offset)
    }

    /// Seconds on one time line, where time and offset are known.
    fn instant(&self) -> Option<(i64, i32)> {
        let (time, offset) = (self.time?, self.offset?);
        let day = days_between(Date::constant(1970, 1, 1), self.day);
        let seconds = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
        Some((day * 86_400 + seconds - i64::from(offset), time.subsec_nanosecond()))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.day)?;
        if let Some(time) = self.time {
            write!(f, "T{time}")?;
        }
        match self.offset {
            None => Ok(()),
            Some(0) => write!(f, "Z"),
            Some(seconds) => {
                let sign = if seconds < 0 { '-' } else { '+' };
                write!(f, "{sign}{:02}:{:02}", seconds.abs() / 3600, seconds.abs() / 60 % 60)
            }
        }
    }
}

fn parse_time(text: &str) -> Option<Time> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = clock.split(':');
    let mut part = |required: bool| -> Option<i8> {
        match parts.next() {
            Some(p) if p.len() == 2 && p.bytes().all(|b| b.is_ascii_digit()) => p.parse().ok(),
            None if !required => Some(0),
            _ => None,
        }
    };
    let (hour, minute, second) = (part(true)?, part(true)?, part(false)?);
    if parts.next().is_some() || fraction.len() > 9 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let nanoseconds = if fraction.is_empty() { 0 } else { format!("{fraction:0<9}").parse().ok()? };
    Time::new(hour, minute, second, nanoseconds).ok()
}

fn parse_offset(text: &str) -> Option<i32> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let time = parse_time(&text[1..])?;
    Some(sign * (i32::from(time.hour()) * 3600 + i32::from(time.minute()) * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        parse_day(text).expect("a day")
    }

    #[test]
    fn years_are_completed_years() {
        for (from, to, years) in [
            ("2004-02-29", "2022-02-28", 17),
            ("2004-02-29", "2022-03-01", 18),
            ("2004-02-29", "2024-02-28", 19),
            ("2004-02-29", "2024-02-29", 20),
            ("1960-12-31", "2020-01-01", 59),
            ("2020-01-01", "1960-12-31", -59),
        ] {
            assert_eq!(years_between(day(from), day(to)), years, "{from} to {to}");
        }
    }

    #[test]
    fn moments_order_only_what_they_can() {
        let order = |a: &str, b: &str| Moment::parse(a).expect(a).order(&Moment::parse(b).expect(b));
        assert_eq!(order("2026-11-02", "2026-11-03"), Some(Ordering::Less));
        assert_eq!(order("2026-11-02", "2026-11-02T10:00"), None);
        assert_eq!(order("2026-11-02T09:00", "2026-11-02T10:00:30"), Some(Ordering::Less));
        assert_eq!(order("2026-11-02T10:00Z", "2026-11-02T09:30-05:00"), Some(Ordering::Less));
    }

    #[test]
    fn a_month_is_all_its_days() {
        assert_eq!(parse_days("2024-02"), Some((day("2024-02-01"), day("2024-02-29"))));
        assert_eq!(parse_days("1961"), Some((day("1961-01-01"), day("1961-12-31"))));
        for bad in ["2024-13", "2024-02-30", "24-02-01", "2024-2-01", "", "２０２４"] {
            assert_eq!(parse_days(bad), None, "{bad}");
        }
    }
}
