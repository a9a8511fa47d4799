//! Facts in the words of a report: the value, its date and source, and the results it took the place of.

use crate::engine::verdict::{Earlier, FactShown};

/// A fact's value, date, source and earlier results, unless the sentence above says all of it; with the facts that it
/// was computed from. Nothing of a fact that only made the rule apply.
pub fn detail(fact: &FactShown) -> Option<String> {
    if fact.aside {
        return None;
    }
    let told: Vec<String> = own(fact).into_iter().chain(fact.behind.iter().filter_map(detail)).collect();
    (!told.is_empty()).then(|| told.join("; "))
}

fn own(fact: &FactShown) -> Option<String> {
    let mut parts = Vec::new();
    if !fact.spoken {
        parts.push(match &fact.given {
            Some(given) if !fact.words.contains(given.as_str()) => format!("{} ({given})", fact.words),
            _ => fact.words.clone(),
        });
    }
    parts.extend(dated(fact));
    parts.extend(fact.source.clone());
    parts.extend(fact.range.clone());
    let earlier = earlier(&fact.earlier);
    if parts.is_empty() && earlier.is_none() {
        return None;
    }
    let own = if parts.is_empty() { fact.label.clone() } else { format!("{}: {}", fact.label, parts.join(", ")) };
    Some(match earlier {
        Some(earlier) => format!("{own}; {earlier}"),
        None => own,
    })
}

/// The date of a result, and its age where that counts.
pub fn dated(fact: &FactShown) -> Option<String> {
    let on = fact.on.as_ref()?.split('T').next()?.to_owned();
    Some(match &fact.age {
        Some(age) => format!("{on} ({age})"),
        None => on,
    })
}

/// The results that a later one took the place of.
pub fn earlier(earlier: &[Earlier]) -> Option<String> {
    let shown: Vec<String> = earlier.iter().map(past).collect();
    (!shown.is_empty()).then(|| format!("superseded: {}", shown.join("; ")))
}

/// An earlier result with its date and source.
pub fn past(earlier: &Earlier) -> String {
    let parts = std::iter::once(&earlier.value).chain(&earlier.on).chain(&earlier.source);
    parts.cloned().collect::<Vec<_>>().join(", ")
}
