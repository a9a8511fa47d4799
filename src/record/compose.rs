//! What the resources say of each fact, as the lines of a referral: results by date, lists that stay open, with the
//! resource that each comes from.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::found::{Found, Origin, Reads, Says};
use super::literal::{days, quoted};
use super::standing::Standing;
use crate::model::calendar::{Date, Moment};
use crate::model::dictionary::{Dictionary, Fact, FactId};
use crate::pack::mapping::{Mapping, Reduce};

/// On how many days results are carried over: the latest and those before it.
const DAYS: usize = 3;

/// What a record says of a fact.
#[derive(Clone, Debug)]
pub struct Line {
    /// The fact.
    pub fact: FactId,
    /// The results, the latest first, or the members of the list.
    pub entries: Vec<Entry>,
    /// The day that a list is of, where its age counts: the latest of a member, or the day of reading for what is current.
    pub on: Option<String>,
    /// Whether it is said that the list has no members.
    pub none: Option<Entry>,
    /// Resources that speak of a list, and cannot be read.
    pub unreadable: Vec<(Origin, String)>,
}

/// What an entry says, key by key, as a referral writes it.
type Parts = Vec<(String, String)>;

/// A result or a member, as a referral writes it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its text, without who says so: `value = 1.2, unit = "mg/dL"`; of a member its fields, the first one first.
    pub parts: Vec<(String, String)>,
    /// When, as a referral writes it.
    pub on: Option<String>,
    /// The resources that say so.
    pub origins: Vec<Origin>,
    /// Why it cannot be read, where it cannot.
    pub unreadable: Option<String>,
}

impl Entry {
    /// The source of the entry in a referral: its first resource, and how many more say the same.
    pub fn source(&self) -> String {
        let first = self.origins.first().map(Origin::source).unwrap_or_default();
        match self.origins.len() {
            0 | 1 => first,
            more => format!("{first} and {} more", more - 1),
        }
    }

    /// The entry as a table of a referral.
    pub fn table(&self) -> String {
        let mut parts: Vec<String> = self.parts.iter().map(|(key, value)| format!("{key} = {value}")).collect();
        parts.extend(self.on.as_ref().map(|on| format!("on = {on}")));
        parts.push(format!("source = {}", quoted(&self.source())));
        format!("{{ {} }}", parts.join(", "))
    }
}

impl Line {
    /// All that is said of the fact, as a referral writes it; none where nothing can be read.
    pub fn value(&self, fact: &Fact) -> Option<String> {
        let on = |on: &Option<String>| on.as_ref().map(|on| format!(", on = {on}")).unwrap_or_default();
        let tables = || self.entries.iter().map(Entry::table).collect::<Vec<_>>().join(", ");
        match (&self.entries[..], &self.none) {
            ([], Some(none)) => Some(format!("{{ value = []{}, source = {} }}", on(&none.on), quoted(&none.source()))),
            ([], None) => None,
            _ if fact.is_list() => Some(format!("{{ value = [{}], complete = false{} }}", tables(), on(&self.on))),
            ([one], _) => Some(one.table()),
            _ => Some(format!("[{}]", tables())),
        }
    }
}

/// The lines of a patient's referral, in the order of the dictionary.
pub fn compose(mapping: &Mapping, dictionary: &Dictionary, reads: &Reads, as_of: Date) -> Vec<Line> {
    let mut facts: BTreeMap<FactId, Vec<&Found>> = BTreeMap::new();
    let seen = |found: &&Found| found.on.as_deref().and_then(days).is_none_or(|(first, _)| first <= as_of);
    for found in reads.found.iter().filter(seen) {
        facts.entry(mapping.readings[found.reading].fact).or_default().push(found);
    }
    let line = |(id, own): (FactId, Vec<&Found>)| {
        let (fact, reduce) = (dictionary.fact(id), mapping.readings[own.first()?.reading].reduce);
        let line = if fact.is_list() { list(id, fact, &own, as_of) } else { series(id, &own, reduce) };
        Some(line).filter(|line| !line.entries.is_empty() || line.none.is_some() || !line.unreadable.is_empty())
    };
    facts.into_iter().filter_map(line).collect()
}

/// The members that resources name, each once. A record never says that there are no others, unless it says just that.
fn list(id: FactId, fact: &Fact, found: &[&Found], as_of: Date) -> Line {
    // What the record calls current is so on the day that it is read for, however long ago it began.
    let is_current = found.iter().any(|found| found.standing == Standing::Current);
    let dates = || found.iter().filter_map(|found| days(found.on.as_deref()?)).map(|(first, _)| first);
    let newest = if is_current { Some(as_of) } else { dates().max() };
    let on = newest.filter(|_| fact.max_age.is_some()).map(|day| day.to_string());
    let mut line = Line { fact: id, entries: Vec::new(), on, none: None, unreadable: Vec::new() };
    let mut known: HashMap<Parts, usize> = HashMap::new();
    for found in found {
        let origins = vec![found.origin.clone()];
        match &found.says {
            Says::Members(members) if members.is_empty() => {
                let on = found.on.as_deref().and_then(moment);
                line.none = Some(Entry { parts: Vec::new(), on, origins, unreadable: None });
            }
            Says::Members(members) => {
                for member in members {
                    let key = |name: &String| if fact.fields().is_empty() { "value".to_owned() } else { name.clone() };
                    let parts: Vec<_> = member.iter().map(|(name, value)| (key(name), value.clone())).collect();
                    match known.get(&parts) {
                        Some(index) => line.entries[*index].origins.extend(origins.clone()),
                        None => {
                            known.insert(parts.clone(), line.entries.len());
                            line.entries.push(Entry { parts, on: None, origins: origins.clone(), unreadable: None });
                        }
                    }
                }
            }
            Says::Entry(_) => line.unreadable.push((found.origin.clone(), "it has no value as yet".to_owned())),
            Says::Unreadable(why) => line.unreadable.push((found.origin.clone(), why.clone())),
        }
    }
    // Where another resource speaks of a member, or may, it is not proved that there is none.
    line.none = line.none.filter(|_| line.entries.is_empty() && line.unreadable.is_empty());
    line
}

/// The results that count, the latest first, with those of some days before.
fn series(id: FactId, found: &[&Found], reduce: Reduce) -> Line {
    let (found, together) = reduced(found, reduce);
    let dates: Vec<(Date, Date)> = found.iter().filter_map(|found| days(found.on.as_deref()?)).collect();
    let newest = dates.iter().map(|(first, _)| *first).max();
    let mut entries: Vec<(Option<Moment>, bool, Entry)> = Vec::new();
    let mut known: HashMap<(Parts, Option<String>), usize> = HashMap::new();
    for found in &found {
        let on = if together { newest.map(|day| day.to_string()) } else { placed(found, &dates, newest) };
        let (says, unreadable) = match &found.says {
            Says::Entry(says) => (says.clone(), None),
            Says::Members(_) => continue,
            Says::Unreadable(why) => (vec![("status", quoted("unreadable"))], Some(why.clone())),
        };
        let parts: Vec<_> = says.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        let origins = vec![found.origin.clone()];
        match known.get(&(parts.clone(), on.clone())) {
            Some(index) => entries[*index].2.origins.extend(origins),
            None => {
                known.insert((parts.clone(), on.clone()), entries.len());
                let moment = on.as_deref().and_then(Moment::parse);
                let pending = found.standing == Standing::Pending;
                entries.push((moment, pending, Entry { parts, on, origins, unreadable }));
            }
        }
    }
    // A final result takes the place of what was awaited at the same moment.
    let finals: HashSet<Option<Moment>> =
        entries.iter().filter(|(_, pending, _)| !pending).map(|(on, _, _)| *on).collect();
    entries.retain(|(on, pending, _)| !pending || !finals.contains(on));
    entries.sort_by_key(|(on, pending, _)| (std::cmp::Reverse(on.map(|on| on.sort_key())), *pending));
    let mut days = BTreeSet::new();
    let mut kept: Vec<Entry> = Vec::new();
    for (on, _, entry) in entries {
        // Of results of one day each counts, so that none is hidden that contradicts another.
        days.insert(on.map(|on| on.day));
        if days.len() > DAYS {
            break;
        }
        kept.push(entry);
    }
    if kept.len() > 1 && kept.iter().any(|entry| entry.on.is_none()) {
        kept = vec![without_dates(kept)];
    }
    Line { fact: id, entries: kept, on: None, none: None, unreadable: Vec::new() }
}

/// What decides among what was found, and whether that is held against each other whatever its dates.
fn reduced<'f>(found: &[&'f Found], reduce: Reduce) -> (Vec<&'f Found>, bool) {
    let part = |found: &Found, key: &str| match &found.says {
        Says::Entry(entries) => entries.iter().find(|(own, _)| *own == key).map(|(_, value)| value.clone()),
        _ => None,
    };
    let value = |found: &Found| part(found, "value");
    let number = |found: &&&Found| value(found).and_then(|value| value.parse::<rust_decimal::Decimal>().ok());
    let units = || found.iter().map(|found| part(found, "unit")).collect::<HashSet<Option<String>>>();
    let comparable = || units().len() < 2 && found.iter().all(|found| number(&found).is_some());
    let readable = || found.iter().all(|found| !matches!(found.says, Says::Unreadable(_)));
    let best = match reduce {
        Reduce::Latest => return (found.to_vec(), false),
        Reduce::Agree => return (found.to_vec(), true),
        Reduce::Any => match found.iter().find(|found| value(found).as_deref() == Some("true")) {
            // What cannot be read may be a yes.
            None => return (found.to_vec(), !readable()),
            yes => yes,
        },
        // What cannot be compared may be the largest.
        Reduce::Max | Reduce::Min if !comparable() => return (found.to_vec(), true),
        Reduce::Max => found.iter().max_by_key(number),
        Reduce::Min => found.iter().min_by_key(number),
    };
    let best = best.and_then(|best| value(best));
    (found.iter().copied().filter(|found| value(found) == best).collect(), false)
}

/// When a result was obtained, as a referral writes it. Of a month or a year only the first day is certain to be no
/// later; where other results lie in it nobody knows which is the latest, and they are held against each other. So is
/// a result without a date, with the latest.
fn placed(found: &Found, all: &[(Date, Date)], newest: Option<Date>) -> Option<String> {
    let Some((first, last)) = found.on.as_deref().and_then(days) else { return newest.map(|day| day.to_string()) };
    if first == last {
        return moment(found.on.as_deref()?);
    }
    let within = all.iter().map(|(first, _)| *first).filter(|day| (first..=last).contains(day));
    Some(within.max().unwrap_or(first).to_string())
}

/// A date or moment as a referral writes it; the day alone where the time is none.
fn moment(text: &str) -> Option<String> {
    let own = Moment::parse(text).map(|_| text.to_owned());
    own.or_else(|| days(text).filter(|(first, last)| first == last).map(|(day, _)| day.to_string()))
}

/// Results that say different things, and no date says which of them counts.
fn without_dates(entries: Vec<Entry>) -> Entry {
    let said: Vec<String> =
        entries.iter().flat_map(|entry| entry.parts.first()).map(|(_, value)| value.clone()).collect();
    let why = format!("it is said to be {}, and no date says which counts", said.join(" and "));
    let origins = entries.into_iter().flat_map(|entry| entry.origins).collect();
    let parts = vec![("status".to_owned(), quoted("unreadable"))];
    Entry { parts, on: None, origins, unreadable: Some(why) }
}
