//! What the resources of a patient say of facts: each row of a view that a reading of the mapping looks at.

use super::intake::{Intake, Patient};
use super::literal::{days, first_field, is_within, literal, quoted, unanimous};
use super::medicine::with_medicine;
use super::product::{ingredients, visible};
use super::readings::{Readings, codes_in};
use super::standing::{Standing, standing};
use super::store::{Place, Reader, Store};
use super::version::{Version, Versions, day_of_death};
use crate::input::json::located;
use crate::model::calendar::Date;
use crate::model::coding::{Pattern, short};
use crate::model::dictionary::{Dictionary, Domain, Scalar};
use crate::model::name::fold;
use crate::model::truth::Truth;
use crate::model::unit::Unit;
use crate::model::vocabulary::ConceptId;
use crate::pack::mapping::{Literal, Mapping, Names, Reading, Take, Terms, With};
use crate::view::item::{Item, Plain};
use crate::view::json::Json;
use crate::view::rows::{Cell, Row};

/// Something a resource says of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The reading, by position in the mapping.
    pub reading: usize,
    /// What it says.
    pub says: Says,
    /// The day or moment it is of, as written: perhaps only a month or a year.
    pub on: Option<String>,
    /// What the resource stands for.
    pub standing: Standing,
    /// Where it comes from.
    pub origin: Origin,
}

/// A member of a list: its fields, each as a referral writes it.
pub type Fields = Vec<(String, Literal)>;

/// What is said, as a referral writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// The entries of a table: a value with its unit and range, bounds, or a status.
    Entry(Vec<(&'static str, Literal)>),
    /// Members of a list; none where it is said that there are none.
    Members(Vec<Fields>),
    /// The resource speaks of the fact, and not in a form that can be read.
    Unreadable(String),
}

/// Where something comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The resource: `Observation/123`.
    pub resource: String,
    /// The code that tells what it is about, with the short name of its system.
    pub code: Option<(String, String)>,
    /// What the resource calls it.
    pub text: Option<String>,
    /// Its status, as written.
    pub status: Option<String>,
    /// Its date, as written.
    pub on: Option<String>,
}

impl Origin {
    /// The resource and the code: `Observation/123 (loinc 2160-0)`.
    pub fn source(&self) -> String {
        match &self.code {
            Some((system, code)) => format!("{} ({system} {code})", self.resource),
            None => self.resource.clone(),
        }
    }
}

/// What was made of the resources of a patient.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    /// What they say.
    pub found: Vec<Found>,
    /// How many say something.
    pub used: usize,
    /// Those of which a reading speaks, and which count for nothing, with why.
    pub left: Vec<(Place, &'static str)>,
    /// Those that could not be read.
    pub broken: Vec<Broken>,
}

/// A resource that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Where it stands.
    pub place: Place,
    /// Where in its text it is wrong, in bytes.
    pub at: usize,
    /// Why.
    pub why: String,
}

/// Reads what the resources of a patient say as of a day.
pub fn found(
    mapping: &Mapping,
    dictionary: &Dictionary,
    (store, intake): (&Store, &Intake),
    patient: &Patient,
    as_of: Date,
) -> Reads {
    let mut reads = Reads::default();
    let views: Vec<Readings> = (0..mapping.views.len()).map(|view| Readings::of(mapping, view)).collect();
    let looking = Looking { views: &views, mapping, dictionary, store, intake, as_of };
    let mut versions: Versions<Said> = Versions::default();
    let mut died = None;
    for (place, read) in looking.at_all(&patient.resources) {
        match read {
            Ok(looked) => {
                died = died.or(looked.died);
                versions.add(place, looked.version, looked.said);
            }
            // What cannot be read as a whole is not read in part.
            Err(broken) => reads.broken.push(broken),
        }
    }
    reads.broken.extend(versions.unclear.into_iter().map(|(place, why)| Broken { place, at: 0, why }));
    reads.broken.sort_by_key(|broken| broken.place);
    reads.left = versions.left;
    for (place, mut said) in versions.counting {
        // What is dated after a patient's death cannot be of them.
        let late = |found: &Found| found.on.as_deref().and_then(days).is_some_and(|(first, _)| Some(first) > died);
        if died.is_some() && said.found.iter().any(late) {
            said.found.retain(|found| !late(found));
            said.left = said.left.or(Some("dated after the patient's death"));
        }
        match said.found.is_empty() {
            true => reads.left.extend(said.left.map(|why| (place, why))),
            false => {
                reads.used += 1;
                reads.found.extend(said.found);
            }
        }
    }
    reads.left.sort_unstable();
    reads
}

/// From so many resources on, two threads look at them.
const MANY: usize = 128;

/// Looks at the resources of a patient.
#[derive(Clone, Copy)]
struct Looking<'l> {
    views: &'l [Readings<'l>],
    mapping: &'l Mapping,
    dictionary: &'l Dictionary,
    store: &'l Store,
    intake: &'l Intake,
    as_of: Date,
}

/// What was seen of a resource.
struct Looked {
    version: Version,
    said: Said,
    /// The day on which the patient died, where it says so.
    died: Option<Date>,
}

/// A resource and what was seen of it, or why it cannot be read.
type Seen = (Place, Result<Looked, Broken>);

impl Looking<'_> {
    /// What is seen of each, in order; of many by two threads, half each.
    fn at_all(self, places: &[Place]) -> Vec<Seen> {
        if places.len() < MANY {
            return self.at(places);
        }
        let (first, second) = places.split_at(places.len() / 2);
        std::thread::scope(|scope| {
            let other = scope.spawn(|| self.at(second));
            let mut seen = self.at(first);
            // A thread that could not finish leaves its half to this one.
            seen.extend(other.join().unwrap_or_else(|_| self.at(second)));
            seen
        })
    }

    fn at(self, places: &[Place]) -> Vec<Seen> {
        let mut reader = Reader::new(self.store);
        places.iter().map(|place| (*place, self.look(*place, &mut reader))).collect()
    }

    fn look(self, place: Place, reader: &mut Reader) -> Result<Looked, Broken> {
        let broken = |at: usize, why: String| Broken { place, at, why };
        let text = reader.text(place).map_err(|why| broken(0, why))?;
        let medicine = with_medicine(&text, place, self.intake, self.store);
        let json: Json = serde_json::from_str(medicine.as_deref().unwrap_or(&text)).map_err(|error| {
            let wrong = located(&text, 0, &error);
            broken(wrong.span.start, wrong.message)
        })?;
        let of = (self.mapping, self.dictionary);
        let said = resource_says(self.views, of, &json, self.as_of).map_err(|why| broken(0, why))?;
        Ok(Looked { version: Version::of(&json), said, died: day_of_death(&json) })
    }
}

/// What a resource says, and why something that it speaks of does not count.
#[derive(Debug, Default, PartialEq)]
struct Said {
    found: Vec<Found>,
    left: Option<&'static str>,
}

fn resource_says(
    views: &[Readings],
    (mapping, dictionary): (&Mapping, &Dictionary),
    json: &Json,
    as_of: Date,
) -> Result<Said, String> {
    let text = |key: &str| json.get(key).and_then(Json::text).filter(|text| !text.is_empty());
    let kind = text("resourceType").unwrap_or_default();
    let key = text("id").map_or_else(|| format!("{kind} without an id"), |id| format!("{kind}/{id}"));
    let mut said = Said::default();
    let mut codes = Vec::new();
    codes_in(json, &mut codes);
    for readings in views.iter().filter(|readings| readings.view.resource == kind && readings.may_say(&codes)) {
        let rows = readings.view.rows(json)?;
        if !rows.is_empty() {
            let rows = Rows { readings, rows, kind, key: &key, mapping, dictionary, as_of };
            rows.read(&mut said);
        }
    }
    Ok(said)
}

/// The rows of a view, with what its columns are called.
struct Rows<'r, 'j> {
    readings: &'r Readings<'r>,
    rows: Vec<Row<'j>>,
    kind: &'r str,
    key: &'r str,
    mapping: &'r Mapping,
    dictionary: &'r Dictionary,
    as_of: Date,
}

impl Rows<'_, '_> {
    fn read(&self, said: &mut Said) {
        let codings: Vec<Option<(String, String)>> = self.rows.iter().map(|row| self.coding(row, "")).collect();
        for index in self.readings.looking(&codings) {
            let reading = &self.mapping.readings[index];
            let rows = self.rows.iter().zip(&codings).filter(|(row, coding)| self.is_of(reading, row, coding.as_ref()));
            let rows: Vec<&Row> = rows.map(|(row, _)| row).collect();
            let Some(first) = rows.first() else { continue };
            let standing = self.standing(first);
            match self.counted(reading, &rows, standing) {
                Err(why) => drop(said.left.get_or_insert(why)),
                Ok(None) => {}
                Ok(Some(says)) => {
                    let origin = self.origin(&rows);
                    let on = origin.on.clone();
                    if reading.within.is_some_and(|within| !is_within(on.as_deref(), within, self.as_of)) {
                        said.left.get_or_insert("too old, or of no date");
                        continue;
                    }
                    said.found.push(Found { reading: index, says, on, standing, origin });
                }
            }
        }
    }

    /// What the rows say, as far as their standing lets them.
    fn counted(&self, reading: &Reading, rows: &[&Row], standing: Standing) -> Result<Option<Says>, &'static str> {
        let (current, past) = reading.states;
        match standing {
            Standing::Nothing(why) => Err(why),
            Standing::Refuted => match &reading.refuted {
                Some(literal) => Ok(Some(self.says_literal(reading, rows, standing, literal))),
                None => Err("refuted"),
            },
            Standing::Past if !past => Err("over"),
            Standing::Unsure if !(current && past) => Err("not said whether it still holds"),
            Standing::Current | Standing::Pending if !current => Err("not over"),
            Standing::Pending => Ok(Some(Says::Entry(vec![("status", quoted("pending"))]))),
            _ => Ok(self.says(reading, rows, standing)),
        }
    }

    fn item<'c>(&self, row: &'c Row, column: &str) -> Option<&'c Item<'c>> {
        let place = self.readings.columns.iter().position(|own| *own == column)?;
        match &row[place] {
            Cell::One(item) => Some(item),
            // Of several values none is the value.
            Cell::Many(items) if items.len() == 1 => items.first(),
            Cell::Many(_) | Cell::Null => None,
        }
    }

    fn text(&self, row: &Row, column: &str) -> Option<String> {
        self.item(row, column)?.text().map(visible).filter(|text| !text.is_empty())
    }

    fn coding(&self, row: &Row, of: &str) -> Option<(String, String)> {
        if of.is_empty() {
            return Some((self.text(row, "system")?, self.text(row, "code")?));
        }
        Some((self.text(row, &format!("{of}system"))?, self.text(row, &format!("{of}code"))?))
    }

    /// Whether a reading looks at a row.
    fn is_of(&self, reading: &Reading, row: &Row, coding: Option<&(String, String)>) -> bool {
        if !reading.codes.is_empty() {
            let has = |(system, code): &(String, String)| reading.codes.iter().any(|own| own.matches(system, code));
            return coding.is_some_and(has);
        }
        match &reading.take {
            Take::Terms(terms) => terms.names == Names::All || self.terms_of(reading, terms, row).is_some(),
            _ => true,
        }
    }

    fn domain(&self, reading: &Reading) -> &Domain {
        self.dictionary.fact(reading.fact).field_domain(0)
    }

    /// The terms that a row stands for: by its code, else by a name that the vocabulary holds.
    fn terms_of(&self, reading: &Reading, terms: &Terms, row: &Row) -> Option<Vec<String>> {
        let by_code = self.coding(row, "").and_then(|(system, code)| terms.find(&system, &code).map(String::from));
        if let Some(term) = by_code {
            return Some(vec![term]);
        }
        let Scalar::Term(vocabulary) = &self.domain(reading).scalar else { return None };
        if terms.names == Names::No {
            return None;
        }
        let vocabulary = self.dictionary.vocabulary(*vocabulary);
        let texts = ["display", "text"].into_iter().filter_map(|column| self.text(row, column));
        let mut named = texts.map(|text| ingredients(&text, vocabulary));
        named.find(|names| names.iter().all(|name| vocabulary.find(name).is_some()))
    }

    fn standing(&self, row: &Row) -> Standing {
        let (status, verification) = (self.text(row, "status"), self.text(row, "verification"));
        let ended = self.item(row, "until").map(|end| match end.text().and_then(days) {
            Some((first, _)) if first > self.as_of => Truth::False,
            Some((_, last)) if last > self.as_of => Truth::Unknown,
            // An age, a range or words say that it has an end.
            _ => Truth::True,
        });
        standing(self.kind, status.as_deref(), verification.as_deref(), ended)
    }

    /// The day or moment of a row: the earliest that it names.
    fn day(&self, row: &Row) -> Option<String> {
        // Of a period it is the beginning: what lies after a day does not count on it.
        let of_period = |column: &str| match self.item(row, column)? {
            Item::Part(period, _) => period.get("start").or_else(|| period.get("end"))?.text().map(visible),
            _ => None,
        };
        let of = |column: &str| self.text(row, column).or_else(|| of_period(column));
        let texts = ["on", "since", "from"].into_iter().filter_map(of);
        texts.filter(|text| days(text).is_some()).min_by_key(|text| days(text))
    }

    fn origin(&self, rows: &[&Row]) -> Origin {
        let codings = rows.iter().filter_map(|row| self.coding(row, ""));
        let code = codings.map(|(system, code)| (short(&system).to_owned(), code)).next();
        let text = rows.iter().find_map(|row| self.text(row, "text").or_else(|| self.text(row, "display")));
        let (status, on) = (self.text(rows[0], "status"), self.day(rows[0]));
        Origin { resource: self.key.to_owned(), code, text, status, on }
    }

    fn says_literal(&self, reading: &Reading, rows: &[&Row], standing: Standing, literal: &str) -> Says {
        let fact = self.dictionary.fact(reading.fact);
        match literal {
            "[]" => Says::Members(Vec::new()),
            literal if fact.is_list() => Says::Members(vec![self.member(reading, rows, standing, literal.to_owned())]),
            literal => Says::Entry(vec![("value", literal.to_owned())]),
        }
    }

    fn says(&self, reading: &Reading, rows: &[&Row], standing: Standing) -> Option<Says> {
        let row = rows[0];
        match &reading.take {
            Take::Is(literal) => Some(self.says_literal(reading, rows, standing, literal)),
            Take::Values(column, _) | Take::Column(column) if self.has_several(rows, column) => {
                Some(Says::Unreadable("it gives several values".to_owned()))
            }
            Take::Values(column, values) => match self.text(row, column) {
                Some(word) => Some(match values.iter().find(|(own, _)| *own == word) {
                    Some((_, literal)) => self.says_literal(reading, rows, standing, literal),
                    None => Says::Unreadable(format!("`{word}` is no word that the mapping knows")),
                }),
                None => self.without_value(reading, row),
            },
            Take::Answers(answers) => self.answer(reading, answers, rows, standing),
            Take::Terms(terms) => self.members(reading, terms, rows, standing),
            Take::Column(column) => self.column(reading, column, rows, standing),
        }
    }

    /// Whether rows differ in what stands in a column, as of two parts of a resource with one code.
    fn has_several(&self, rows: &[&Row], column: &str) -> bool {
        let mut values = rows.iter().filter_map(|row| self.item(row, column)).map(Item::plain);
        let first = values.next();
        values.any(|value| Some(value) != first)
    }

    /// A row without a value: what it says of why. One that no code singles out says nothing.
    fn without_value(&self, reading: &Reading, row: &Row) -> Option<Says> {
        Some(match self.text(row, "absent").as_deref() {
            None if reading.codes.is_empty() => return None,
            None => Says::Unreadable("it has no value".to_owned()),
            Some("not-performed") => Says::Entry(vec![("status", quoted("not done"))]),
            Some("temp-unknown") => Says::Entry(vec![("status", quoted("pending"))]),
            Some("error" | "not-a-number" | "negative-infinity" | "positive-infinity" | "unsupported" | "as-text") => {
                Says::Unreadable("its value is no number".to_owned())
            }
            Some(_) => Says::Entry(vec![("status", quoted("unknown"))]),
        })
    }

    fn answer(
        &self,
        reading: &Reading,
        answers: &[(Pattern, Literal)],
        rows: &[&Row],
        standing: Standing,
    ) -> Option<Says> {
        let given: Vec<(String, String)> = rows.iter().filter_map(|row| self.coding(row, "answer_")).collect();
        let meaning = |(system, code): &(String, String)| {
            answers.iter().find(|(pattern, _)| pattern.matches(system, code)).map(|(_, literal)| literal)
        };
        let meanings: Vec<&Literal> = given.iter().filter_map(meaning).collect();
        let known = unanimous(meanings.iter().copied());
        if known.is_none() && !meanings.is_empty() {
            return Some(Says::Unreadable("it gives several answers".to_owned()));
        }
        match (known, given.first()) {
            (Some(literal), _) => Some(self.says_literal(reading, rows, standing, &literal)),
            (None, Some((system, code))) => {
                Some(Says::Unreadable(format!("the mapping does not know the answer {} {code}", short(system))))
            }
            (None, None) => self.without_value(reading, rows[0]).map(|says| match says {
                Says::Unreadable(_) => Says::Unreadable("it has no coded answer".to_owned()),
                says => says,
            }),
        }
    }

    fn column(&self, reading: &Reading, column: &str, rows: &[&Row], standing: Standing) -> Option<Says> {
        let row = rows[0];
        let Some(item) = self.item(row, column) else { return self.without_value(reading, row) };
        let domain = self.domain(reading);
        let value = match item.plain() {
            Some(Plain::Bool(value)) => value.to_string(),
            Some(Plain::Number(number)) => number.to_string(),
            Some(Plain::Text(text)) => literal(&visible(text), &domain.scalar),
            Some(Plain::Whole(_)) => return Some(Says::Unreadable("its value is no single value".to_owned())),
            None => return Some(Says::Unreadable("its value has more digits than can be held".to_owned())),
        };
        if self.dictionary.fact(reading.fact).is_list() {
            return Some(self.says_literal(reading, rows, standing, &value));
        }
        let key = match self.text(row, "comparator").as_deref() {
            None => "value",
            Some("<") => "below",
            Some("<=") => "at_most",
            Some(">") => "above",
            Some(">=") => "at_least",
            Some(other) => return Some(Says::Unreadable(format!("`{other}` is no comparator"))),
        };
        let mut entries = vec![(key, value)];
        if domain.unit.is_some() {
            let unit = self.unit(row).or_else(|| reading.unit.clone());
            entries.extend(self.range(row, unit.as_deref()).map(|range| ("range", range)));
            entries.extend(unit.map(|unit| ("unit", quoted(&unit))));
        }
        Some(Says::Entry(entries))
    }

    /// The unit of a result: its code, or what is printed where the code is none.
    fn unit(&self, row: &Row) -> Option<String> {
        let given: Vec<String> =
            ["unit", "unit_text"].into_iter().filter_map(|column| self.text(row, column)).collect();
        match &given[..] {
            [code, printed] if code != printed && Unit::parse(code).is_none() && Unit::parse(printed).is_some() => {
                Some(printed.clone())
            }
            given => given.first().cloned(),
        }
    }

    /// The laboratory's own normal range, where it is one and in the unit of the result.
    fn range(&self, row: &Row, unit: Option<&str>) -> Option<String> {
        let of_range = self.text(row, "range_unit");
        if of_range.is_some_and(|of_range| Some(of_range.as_str()) != unit) {
            return None;
        }
        let end = |column: &str| match self.item(row, column)?.plain()? {
            Plain::Number(number) => Some(number),
            _ => None,
        };
        Some(format!("[{}, {}]", end("low")?, end("high")?))
    }

    fn members(&self, reading: &Reading, terms: &Terms, rows: &[&Row], standing: Standing) -> Option<Says> {
        let coded = self.coded_terms(reading, terms, rows);
        let by_name = || rows.iter().find_map(|row| self.terms_of(reading, terms, row));
        let known = Some(coded).filter(|coded| !coded.is_empty()).or_else(by_name);
        let named = || {
            let texts = rows.iter().flat_map(|row| ["text", "display"].map(|column| self.text(row, column)));
            Some(vec![texts.flatten().next().unwrap_or_else(|| self.key.to_owned())])
        };
        let terms = known.or_else(|| (terms.names == Names::All).then(named)?)?;
        let fact = self.dictionary.fact(reading.fact);
        if !fact.is_list() {
            return Some(match &terms[..] {
                [one] => Says::Entry(vec![("value", quoted(one))]),
                several => Says::Unreadable(format!("it stands for several things: {}", several.join(", "))),
            });
        }
        let member = |term: &String| self.member(reading, rows, standing, quoted(term));
        Some(Says::Members(terms.iter().map(member).collect()))
    }

    /// The terms that the codes of rows stand for: of one that is part of another, the narrower alone.
    fn coded_terms(&self, reading: &Reading, terms: &Terms, rows: &[&Row]) -> Vec<String> {
        let mut found: Vec<&str> = Vec::new();
        let codings: Vec<(String, String)> = rows.iter().filter_map(|row| self.coding(row, "")).collect();
        for term in codings.iter().filter_map(|(system, code)| terms.find(system, code)) {
            if !found.contains(&term) {
                found.push(term);
            }
        }
        let vocabulary = match &self.domain(reading).scalar {
            Scalar::Term(vocabulary) if found.len() > 1 => self.dictionary.vocabulary(*vocabulary),
            _ => return found.into_iter().map(String::from).collect(),
        };
        let ids: Vec<Option<ConceptId>> = found.iter().map(|term| vocabulary.find(term)).collect();
        let is_above = |id: ConceptId, other: ConceptId| id != other && vocabulary.ancestors(other).contains(&id);
        let has_narrower =
            |id: &Option<ConceptId>| id.is_some_and(|id| ids.iter().flatten().any(|other| is_above(id, *other)));
        found.iter().zip(&ids).filter(|(_, id)| !has_narrower(id)).map(|(term, _)| (*term).to_owned()).collect()
    }

    /// A member of a list: what its first field is, and what the row says of the others.
    fn member(&self, reading: &Reading, rows: &[&Row], standing: Standing, first: Literal) -> Fields {
        let fact = self.dictionary.fact(reading.fact);
        let with = reading.with.iter().filter_map(|with| {
            let of_state = match standing {
                Standing::Current => with.current.clone(),
                Standing::Past => with.past.clone().or_else(|| self.past_as(with, rows[0])),
                _ => None,
            };
            let scalar = &fact.fields().iter().find(|field| field.name == with.field)?.domain.scalar;
            let of_column = || {
                let text = self.text(rows[0], with.column.as_ref()?)?;
                // What lies after the day is not seen.
                let later = *scalar == Scalar::Date && days(&text).is_some_and(|(first, _)| first > self.as_of);
                (!later).then(|| literal(&text, scalar))
            };
            let told =
                of_state.or_else(of_column).or_else(|| self.coded(with, rows)).or_else(|| self.worded(with, rows));
            Some((with.field.clone(), told?))
        });
        std::iter::once((first_field(fact.fields()), first)).chain(with).collect()
    }

    /// What the status of a row that is past says of a field.
    fn past_as(&self, with: &With, row: &Row) -> Option<Literal> {
        let status = self.text(row, "status")?;
        with.past_as.iter().find(|(own, _)| *own == status).map(|(_, literal)| literal.clone())
    }

    /// What the codes of a field say.
    fn coded(&self, with: &With, rows: &[&Row]) -> Option<Literal> {
        let codes: Vec<_> = rows.iter().filter_map(|row| self.coding(row, &format!("{}_", with.field))).collect();
        let of = |(system, code): &(String, String)| {
            with.codes.iter().filter(|(own, _)| own.matches(system, code)).collect()
        };
        unanimous(codes.iter().flat_map(|code| -> Vec<&(Pattern, Literal)> { of(code) }).map(|(_, literal)| literal))
    }

    /// What words of a field say that stand in the row's own name.
    fn worded(&self, with: &With, rows: &[&Row]) -> Option<Literal> {
        if with.words.is_empty() {
            return None;
        }
        let names = rows.iter().flat_map(|row| ["display", "text"].map(|column| self.text(row, column))).flatten();
        let mut names: Vec<String> = names.map(|name| format!(" {} ", fold(&name))).collect();
        names.dedup();
        let stands = |word: &str| names.iter().any(|name| name.contains(word));
        unanimous(with.words.iter().filter(|(word, _)| stands(word)).map(|(_, literal)| literal))
    }
}
