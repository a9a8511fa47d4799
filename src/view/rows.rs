//! The rows that a view makes of a resource.

use super::definition::{Column, Each, Select, View};
use super::eval::{Scope, follow, passes};
use super::item::Item;
use super::json::Json;
use super::path::Path;

/// What stands in a column of a row.
#[derive(Clone, Debug)]
pub enum Cell<'j> {
    /// Nothing.
    Null,
    /// A value.
    One(Item<'j>),
    /// The values of a column that may hold several.
    Many(Vec<Item<'j>>),
}

/// A row, in the order of the columns.
pub type Row<'j> = Vec<Cell<'j>>;

impl View {
    /// The rows of a resource; none where it is of another type or does not pass the filters.
    pub fn rows<'j>(&'j self, resource: &'j Json<'j>) -> Result<Vec<Row<'j>>, String> {
        if resource.get("resourceType").and_then(Json::text) != Some(&self.resource) {
            return Ok(Vec::new());
        }
        let (item, scope) = (Item::Part(resource, None), Scope { constants: &self.constants, row: 0 });
        for filter in &self.filters {
            if !passes(filter, &item, scope)? {
                return Ok(Vec::new());
            }
        }
        rows(&self.root, &[item], scope)
    }
}

fn rows<'j>(select: &Select, from: &[Item<'j>], scope: Scope<'j>) -> Result<Vec<Row<'j>>, String> {
    let items = match &select.each {
        Each::Same => return parts(select, from, scope),
        Each::For(path) | Each::ForOrNull(path) => follow(path, from, scope)?,
        Each::Repeat(paths) => {
            let mut found = Vec::new();
            repeated(paths, from, scope, &mut found)?;
            found
        }
    };
    if items.is_empty() && matches!(select.each, Each::ForOrNull(_)) {
        return without_values(select, scope);
    }
    let mut all = Vec::new();
    for (row, item) in items.iter().enumerate() {
        all.extend(parts(select, std::slice::from_ref(item), Scope { row, ..scope })?);
    }
    Ok(all)
}

/// Everything that the paths lead to, each thing before what they lead to from there.
fn repeated<'j>(paths: &[Path], from: &[Item<'j>], scope: Scope<'j>, found: &mut Vec<Item<'j>>) -> Result<(), String> {
    for path in paths {
        for item in follow(path, from, scope)? {
            found.push(item.clone());
            // A path that leads nowhere else, such as `$this`, has no end; a resource is not so deep.
            if found.len() > MAX_REPEATED {
                return Err(format!("`repeat` leads to more than {MAX_REPEATED} things"));
            }
            repeated(paths, &[item], scope, found)?;
        }
    }
    Ok(())
}

/// More things than this are a path that goes round in circles.
const MAX_REPEATED: usize = 2_000;

/// Each row of every part with each row of every other.
fn parts<'j>(select: &Select, from: &[Item<'j>], scope: Scope<'j>) -> Result<Vec<Row<'j>>, String> {
    let own = select.columns.iter().map(|column| cell(column, from, scope)).collect::<Result<Row, String>>()?;
    let mut all = vec![own];
    for below in &select.selects {
        all = crossed(all, rows(below, from, scope)?);
    }
    if !select.union.is_empty() {
        let mut union = Vec::new();
        for part in &select.union {
            union.extend(rows(part, from, scope)?);
        }
        all = crossed(all, union);
    }
    Ok(all)
}

fn crossed<'j>(mut left: Vec<Row<'j>>, mut right: Vec<Row<'j>>) -> Vec<Row<'j>> {
    // Mostly there is one of each, or nothing yet to cross with.
    if let ([first], [second]) = (&mut left[..], &mut right[..]) {
        first.append(second);
        return left;
    }
    if left.len() == 1 && left[0].is_empty() {
        return right;
    }
    left.iter().flat_map(|left| right.iter().map(|right| [left.as_slice(), right].concat())).collect()
}

/// The one row of a part that is made for nothing.
fn without_values<'j>(select: &Select, scope: Scope<'j>) -> Result<Vec<Row<'j>>, String> {
    let scope = Scope { row: 0, ..scope };
    let mut row = select.columns.iter().map(|column| cell(column, &[], scope)).collect::<Result<Row, String>>()?;
    row.resize(select.names().len(), Cell::Null);
    Ok(vec![row])
}

fn cell<'j>(column: &Column, from: &[Item<'j>], scope: Scope<'j>) -> Result<Cell<'j>, String> {
    let mut found = follow(&column.path, from, scope)?;
    if column.collection {
        return Ok(Cell::Many(found));
    }
    match found.len() {
        0 => Ok(Cell::Null),
        1 => Ok(Cell::One(found.remove(0))),
        more => {
            Err(format!("`{}` leads to {more} values, and the column `{}` takes one", column.path.text, column.name))
        }
    }
}
