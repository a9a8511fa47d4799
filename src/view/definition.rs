//! A ViewDefinition, read from JSON: every mistake in it at once, each with the element it is in.

use std::collections::BTreeSet;

use super::item::Item;
use super::json::Json;
use super::path::Path;
use crate::input::number::parse_decimal;

/// How deeply selects may stand in each other.
const MAX_DEPTH: usize = 30;

/// A view of one type of resource.
#[derive(Clone, Debug)]
pub struct View {
    /// The type of resource.
    pub resource: String,
    /// Values that its paths name, as `%name`.
    pub constants: Vec<(String, Item<'static>)>,
    /// What has to be true of a resource, all of it.
    pub filters: Vec<Path>,
    /// What the rows are made of.
    pub root: Select,
}

/// A part of the rows: all its parts, each with each.
#[derive(Clone, Debug, Default)]
pub struct Select {
    /// What it is made for.
    pub each: Each,
    /// Its own columns.
    pub columns: Vec<Column>,
    /// Further parts.
    pub selects: Vec<Select>,
    /// Parts whose rows follow each other, of the same columns.
    pub union: Vec<Select>,
}

/// What a part of the rows is made for.
#[derive(Clone, Debug, Default)]
pub enum Each {
    /// What the part above it is made for.
    #[default]
    Same,
    /// Each thing that a path leads to.
    For(Path),
    /// The same; one row without values if it leads to nothing.
    ForOrNull(Path),
    /// Whatever paths lead to, and from there again.
    Repeat(Vec<Path>),
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What stands in it.
    pub path: Path,
    /// Whether it may hold several values.
    pub collection: bool,
}

/// What is wrong with a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewError {
    /// Where: `select[0].column[1].path`.
    pub at: String,
    /// What.
    pub message: String,
}

impl View {
    /// Reads a view.
    pub fn parse(json: &Json) -> Result<View, Vec<ViewError>> {
        let mut reader = Reader { errors: Vec::new(), constants: BTreeSet::new() };
        let view = reader.view(json);
        if reader.errors.is_empty() { Ok(view) } else { Err(reader.errors) }
    }

    /// The names of the columns, in order.
    pub fn columns(&self) -> Vec<&str> {
        self.root.names()
    }

    /// Whether what stands in its column `code` stands under a key `code` of the resource.
    pub fn has_plain_codes(&self) -> bool {
        self.root.has_plain_codes()
    }
}

impl Select {
    /// The names of its columns, in order.
    pub fn names(&self) -> Vec<&str> {
        let own = self.columns.iter().map(|column| column.name.as_str());
        let below = self.selects.iter().chain(self.union.first()).flat_map(Select::names);
        own.chain(below).collect()
    }

    fn has_plain_codes(&self) -> bool {
        let ends = |path: &str| path == "code" || path.ends_with(".code");
        let is_plain = |column: &Column| column.name != "code" || ends(column.path.text.trim());
        let mut below = self.selects.iter().chain(&self.union);
        self.columns.iter().all(is_plain) && below.all(Select::has_plain_codes)
    }
}

/// The keys of the parts of a view. Those of the view itself, such as its title, are many, and not looked at.
const CONSTANT: &[&str] = &["name"];
const FILTER: &[&str] = &["path", "description"];
const SELECT: &[&str] = &["column", "select", "forEach", "forEachOrNull", "repeat", "unionAll"];
const COLUMN: &[&str] = &["name", "path", "description", "collection", "type", "tag"];

struct Reader {
    errors: Vec<ViewError>,
    constants: BTreeSet<String>,
}

impl Reader {
    fn view(&mut self, json: &Json) -> View {
        let resource = self.text(json, "resource", "").unwrap_or_default();
        let constants: Vec<(String, Item<'static>)> = self
            .list(json, "constant", "")
            .iter()
            .enumerate()
            .filter_map(|(index, constant)| self.constant(constant, &format!("constant[{index}]")))
            .collect();
        self.constants = constants.iter().map(|(name, _)| name.clone()).collect();
        for (index, filter) in self.list(json, "where", "").iter().enumerate() {
            self.only(filter, FILTER, &format!("where[{index}]"));
        }
        let filters = self.list(json, "where", "").iter().enumerate();
        let filters = filters.filter_map(|(index, filter)| self.path(filter, "path", &format!("where[{index}]")));
        let filters = filters.collect();
        let selects = self.selects(json, "select", "", 0);
        if selects.is_empty() {
            self.wrong("select", "a view selects something");
        }
        let root = Select { selects, ..Select::default() };
        let mut names = BTreeSet::new();
        for name in root.names() {
            if !names.insert(name.to_owned()) {
                self.wrong("select", &format!("two columns are named `{name}`"));
            }
        }
        View { resource, constants, filters, root }
    }

    fn constant(&mut self, json: &Json, at: &str) -> Option<(String, Item<'static>)> {
        let name = self.text(json, "name", at)?;
        let given: Vec<&str> = json.entries().unwrap_or_default().iter().map(|(key, _)| &**key).collect();
        let values: Vec<&str> = given.into_iter().filter(|key| key.starts_with("value")).collect();
        self.only(json, &[CONSTANT, &values].concat(), at);
        let value = json.entries().unwrap_or_default().iter().find_map(|(key, value)| {
            let of = key.strip_prefix("value").filter(|of| !of.is_empty())?;
            match (of, value) {
                ("Boolean", Json::Bool(value)) => Some(Item::Bool(*value)),
                ("Decimal" | "Integer" | "Integer64" | "PositiveInt" | "UnsignedInt", Json::Number(digits)) => {
                    parse_decimal(digits).map(Item::Number)
                }
                ("Boolean" | "Decimal" | "Integer" | "PositiveInt" | "UnsignedInt", _) => None,
                (_, Json::Text(text)) => Some(Item::Text(text.to_string().into())),
                _ => None,
            }
        });
        if value.is_none() {
            self.wrong(at, "a constant has a value of the type that its key names, such as a text for `valueString`");
        }
        Some((name, value?))
    }

    fn selects(&mut self, json: &Json, key: &str, at: &str, depth: usize) -> Vec<Select> {
        let list = self.list(json, key, at);
        if depth > MAX_DEPTH && !list.is_empty() {
            self.wrong(at, &format!("more than {MAX_DEPTH} levels of selects"));
            return Vec::new();
        }
        let select = |(index, select)| self.select(select, &below(at, &format!("{key}[{index}]")), depth);
        list.iter().enumerate().map(select).collect()
    }

    fn select(&mut self, json: &Json, at: &str, depth: usize) -> Select {
        if json.entries().is_none() {
            self.wrong(at, &format!("an object is wanted, and this is {}", json.word()));
        }
        self.only(json, SELECT, at);
        let each = self.each(json, at);
        let columns = self.list(json, "column", at).iter().enumerate();
        let columns =
            columns.filter_map(|(index, column)| self.column(column, &below(at, &format!("column[{index}]"))));
        let columns = columns.collect();
        let selects = self.selects(json, "select", at, depth + 1);
        let union = self.selects(json, "unionAll", at, depth + 1);
        if union.iter().any(|part| part.names() != union[0].names()) {
            self.wrong(&below(at, "unionAll"), "all parts of a union have the same columns in the same order");
        }
        Select { each, columns, selects, union }
    }

    fn each(&mut self, json: &Json, at: &str) -> Each {
        let given: Vec<&str> =
            ["forEach", "forEachOrNull", "repeat"].into_iter().filter(|key| json.get(key).is_some()).collect();
        if given.len() > 1 {
            self.wrong(at, &format!("only one of {} can be given", given.join(", ")));
        }
        match given.first() {
            Some(&"forEach") => self.path(json, "forEach", at).map(Each::For).unwrap_or_default(),
            Some(&"forEachOrNull") => self.path(json, "forEachOrNull", at).map(Each::ForOrNull).unwrap_or_default(),
            Some(_) => {
                let paths = self.list(json, "repeat", at).iter().enumerate();
                let paths = paths.filter_map(|(index, path)| self.read(path, &below(at, &format!("repeat[{index}]"))));
                Each::Repeat(paths.collect())
            }
            None => Each::Same,
        }
    }

    fn column(&mut self, json: &Json, at: &str) -> Option<Column> {
        self.only(json, COLUMN, at);
        let (name, path) = (self.text(json, "name", at), self.path(json, "path", at));
        let collection = match json.get("collection") {
            None => false,
            Some(Json::Bool(value)) => *value,
            Some(other) => {
                self.wrong(&below(at, "collection"), &format!("true or false is wanted, and this is {}", other.word()));
                false
            }
        };
        Some(Column { name: name?, path: path?, collection })
    }

    fn path(&mut self, json: &Json, key: &str, at: &str) -> Option<Path> {
        match json.get(key) {
            Some(path) => self.read(path, &below(at, key)),
            None => {
                self.wrong(at, &format!("`{key}` is missing"));
                None
            }
        }
    }

    fn read(&mut self, json: &Json, at: &str) -> Option<Path> {
        let Some(text) = json.text() else {
            self.wrong(at, &format!("a path is wanted, and this is {}", json.word()));
            return None;
        };
        let path = Path::parse(text).map_err(|error| {
            let place = text.get(..error.at).map_or(0, |before| before.chars().count()) + 1;
            self.wrong(at, &format!("{} (character {place} of `{text}`)", error.message));
        });
        let path = path.ok()?;
        for name in path.constants().into_iter().filter(|name| !self.constants.contains(*name)).map(String::from) {
            self.errors.push(ViewError { at: at.to_owned(), message: format!("there is no constant `%{name}`") });
        }
        Some(path)
    }

    fn text(&mut self, json: &Json, key: &str, at: &str) -> Option<String> {
        match json.get(key) {
            Some(Json::Text(text)) if !text.is_empty() => Some(text.to_string()),
            Some(other) => {
                self.wrong(&below(at, key), &format!("a text is wanted, and this is {}", other.word()));
                None
            }
            None => {
                self.wrong(at, &format!("`{key}` is missing"));
                None
            }
        }
    }

    fn list<'l>(&mut self, json: &'l Json<'l>, key: &str, at: &str) -> &'l [Json<'l>] {
        match json.get(key) {
            None => &[],
            Some(Json::List(items)) => items,
            Some(other) => {
                self.wrong(&below(at, key), &format!("a list is wanted, and this is {}", other.word()));
                &[]
            }
        }
    }

    fn only(&mut self, json: &Json, accepted: &[&str], at: &str) {
        for (key, _) in json.entries().unwrap_or_default().iter().filter(|(key, _)| !accepted.contains(&&**key)) {
            self.wrong(&below(at, key), &format!("`{key}` means nothing here; accepted: {}", accepted.join(", ")));
        }
    }

    fn wrong(&mut self, at: &str, message: &str) {
        let at = if at.is_empty() { "the view" } else { at };
        self.errors.push(ViewError { at: at.to_owned(), message: message.to_owned() });
    }
}

fn below(at: &str, key: &str) -> String {
    if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") }
}
