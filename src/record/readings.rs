//! The readings of a view, found by code, so that a resource is looked at by those only that it may say something to.

use crate::model::name::Named;
use crate::pack::mapping::Mapping;
use crate::view::definition::View;
use crate::view::json::Json;

/// What stands under every key `code` of a resource.
pub fn codes_in<'j>(json: &'j Json, found: &mut Vec<&'j str>) {
    for (key, value) in json.entries().unwrap_or_default() {
        match value {
            Json::Text(code) if key == "code" => found.push(code),
            value => codes_in(value, found),
        }
    }
    json.items().unwrap_or_default().iter().for_each(|item| codes_in(item, found));
}

/// A view, and the readings that look at its rows, by position in the mapping.
pub struct Readings<'m> {
    /// The view.
    pub view: &'m View,
    /// Its columns, in order.
    pub columns: Vec<&'m str>,
    /// Those that look for single codes, by code.
    by_code: Named<Vec<usize>>,
    /// The others.
    others: Vec<usize>,
    /// The codes that a resource has to hold one of to be looked at; none where any may be.
    wanted: Option<Named<()>>,
}

impl<'m> Readings<'m> {
    /// The readings of a view of a mapping.
    pub fn of(mapping: &'m Mapping, view: usize) -> Readings<'m> {
        let own = &mapping.views[view].1;
        let (mut by_code, mut others): (Named<Vec<usize>>, Vec<usize>) = Default::default();
        for (index, reading) in mapping.readings.iter().enumerate().filter(|(_, reading)| reading.view == view) {
            match reading.only_codes().filter(|_| !reading.codes.is_empty()) {
                Some(codes) => {
                    codes.into_iter().for_each(|code| by_code.entry(code.to_owned()).or_default().push(index))
                }
                None => others.push(index),
            }
        }
        let all = mapping.readings.iter().filter(|reading| reading.view == view);
        let wanted: Option<Vec<Vec<&str>>> = all.map(|reading| reading.only_codes()).collect();
        let wanted = wanted.filter(|_| own.has_plain_codes());
        let wanted = wanted.map(|codes| codes.into_iter().flatten().map(|code| (code.to_owned(), ())).collect());
        Readings { view: own, columns: own.columns(), by_code, others, wanted }
    }

    /// Whether a resource with these codes may say something. A code that is written oddly may be any.
    pub fn may_say(&self, codes: &[&str]) -> bool {
        let odd = |code: &str| !code.bytes().all(|byte| byte.is_ascii_graphic());
        let wanted = |own: &Named<()>| codes.iter().any(|code| own.contains_key(*code) || odd(code));
        self.wanted.as_ref().is_none_or(wanted)
    }

    /// Those that may look at rows with these codes, in the order of the mapping.
    pub fn looking(&self, codings: &[Option<(String, String)>]) -> Vec<usize> {
        let codes = codings.iter().flatten().filter_map(|(_, code)| self.by_code.get(code));
        let mut looking: Vec<usize> = codes.flatten().chain(&self.others).copied().collect();
        looking.sort_unstable();
        looking.dedup();
        looking
    }
}
