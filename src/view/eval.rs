//! What a path leads to in a resource. Nothing found is nothing, and never an error; a path that makes no sense for
//! what was found is one.

use std::cmp::Ordering;

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::boundary::boundary;
use super::item::{Item, Plain};
use super::json::Json;
use super::path::{Function, Operator, Path, Tree};

/// What a path is followed in.
#[derive(Clone, Copy)]
pub struct Scope<'j> {
    /// The constants of the view.
    pub constants: &'j [(String, Item<'j>)],
    /// The position of the row among those of its `forEach`.
    pub row: usize,
}

/// What a path leads to.
pub type Found<'j> = Result<Vec<Item<'j>>, String>;

/// Follows a path from some items.
pub fn follow<'j>(path: &Path, from: &[Item<'j>], scope: Scope<'j>) -> Found<'j> {
    Eval { scope, this: from }.tree(&path.tree)
}

/// Whether a filter lets a resource pass: nothing is no.
pub fn passes<'j>(path: &Path, from: &Item<'j>, scope: Scope<'j>) -> Result<bool, String> {
    let found = follow(path, std::slice::from_ref(from), scope)?;
    let found = truth(&found).ok_or_else(|| format!("`{}` is neither true nor false", path.text))?;
    Ok(found.unwrap_or_default())
}

struct Eval<'t, 'j> {
    scope: Scope<'j>,
    this: &'t [Item<'j>],
}

impl<'j> Eval<'_, 'j> {
    fn tree(&self, tree: &Tree) -> Found<'j> {
        Ok(match tree {
            Tree::This => self.this.to_vec(),
            Tree::RowIndex => vec![Item::Number(Decimal::from(self.scope.row))],
            Tree::Constant(name) => {
                let constant = self.scope.constants.iter().find(|(own, _)| own == name);
                vec![constant.ok_or_else(|| format!("there is no constant `%{name}`"))?.1.clone()]
            }
            Tree::Text(text) => vec![Item::Text(text.clone().into())],
            Tree::Number(number) => vec![Item::Number(*number)],
            Tree::Bool(value) => vec![Item::Bool(*value)],
            Tree::Member(of, name) => self.members(of, name)?,
            Tree::Index(of, index) => {
                let (of, index) = (self.tree(of)?, self.tree(index)?);
                let index = match index.first().and_then(Item::plain) {
                    Some(Plain::Number(index)) => usize::try_from(index).ok(),
                    _ => None,
                };
                index.and_then(|index| of.get(index).cloned()).into_iter().collect()
            }
            Tree::Call(of, function, argument) => self.call(&self.tree(of)?, *function, argument.as_deref())?,
            Tree::Typed(of, function, name) => typed(&self.tree(of)?, *function, name),
            Tree::Binary(operator, a, b) => self.binary(*operator, &self.tree(a)?, &self.tree(b)?)?,
            Tree::Minus(of) => match one(&self.tree(of)?)?.and_then(Item::plain) {
                Some(Plain::Number(number)) => vec![Item::Number(-number)],
                Some(_) => return Err("only a number has a negative".to_owned()),
                None => Vec::new(),
            },
        })
    }

    /// The elements of that name. At the start of a path the name of the resource's type stands for the resource.
    fn members(&self, of: &Tree, name: &str) -> Found<'j> {
        let held;
        let of: &[Item<'j>] = match of {
            Tree::This => self.this,
            of => {
                held = self.tree(of)?;
                &held
            }
        };
        let mut found = Vec::new();
        for item in of {
            let Item::Part(json, _) = item else { continue };
            match element(json, name) {
                Some((Json::List(items), of)) => found.extend(items.iter().map(|item| Item::Part(item, of))),
                Some((Json::Null, _)) => {}
                Some((value, of)) => found.push(Item::Part(value, of)),
                None if json.get("resourceType").and_then(Json::text) == Some(name) => found.push(item.clone()),
                None => {}
            }
        }
        Ok(found)
    }

    fn call(&self, of: &[Item<'j>], function: Function, argument: Option<&Tree>) -> Found<'j> {
        let yes = |value: bool| Ok(vec![Item::Bool(value)]);
        match (function, argument) {
            (Function::Where, Some(test)) => self.filtered(of, test),
            (Function::Exists, Some(test)) => yes(!self.filtered(of, test)?.is_empty()),
            (Function::Exists, None) => yes(!of.is_empty()),
            (Function::Empty, _) => yes(of.is_empty()),
            (Function::First, _) => Ok(of.first().cloned().into_iter().collect()),
            (Function::Not, _) => match truth(of) {
                Some(Some(value)) => yes(!value),
                Some(None) => Ok(Vec::new()),
                None => Err("`not()` takes true or false".to_owned()),
            },
            (Function::Extension, Some(url)) => {
                let url = self.tree(url)?;
                let url = url.first().and_then(Item::text).unwrap_or_default();
                let of = Eval { scope: self.scope, this: of }.members(&Tree::This, "extension")?;
                let has = |item: &Item| matches!(item, Item::Part(json, _) if json.get("url").and_then(Json::text) == Some(url));
                Ok(of.into_iter().filter(has).collect())
            }
            (Function::Join, between) => {
                let between = between.map(|between| self.tree(between)).transpose()?.unwrap_or_default();
                let texts: Option<Vec<&str>> = of.iter().map(Item::text).collect();
                let texts = texts.ok_or("`join()` takes texts")?;
                let joined = texts.join(between.first().and_then(Item::text).unwrap_or_default());
                Ok(vec![Item::Text(joined.into())])
            }
            (Function::LowBoundary | Function::HighBoundary, _) => {
                let high = function == Function::HighBoundary;
                Ok(one(of)?.and_then(|item| boundary(item, high)).into_iter().collect())
            }
            (Function::GetResourceKey, _) => Ok(of.iter().filter_map(resource_key).collect()),
            (Function::GetReferenceKey, _) => Ok(of.iter().filter_map(|item| reference_key(item, None)).collect()),
            (Function::Where | Function::Extension | Function::OfType, _) => unreachable!("the parser asks for it"),
        }
    }

    fn filtered(&self, of: &[Item<'j>], test: &Tree) -> Found<'j> {
        let mut kept = Vec::new();
        for item in of {
            let found = Eval { scope: self.scope, this: std::slice::from_ref(item) }.tree(test)?;
            let passes = truth(&found).ok_or("`where()` and `exists()` take what is true or false")?;
            if passes == Some(true) {
                kept.push(item.clone());
            }
        }
        Ok(kept)
    }

    fn binary(&self, operator: Operator, a: &[Item<'j>], b: &[Item<'j>]) -> Found<'j> {
        let logic = |value: Option<bool>| Ok(value.map(Item::Bool).into_iter().collect());
        match operator {
            Operator::And | Operator::Or => {
                let [a, b] = [truth(a), truth(b)].map(|truth| truth.ok_or("`and` and `or` take true or false"));
                let (a, b, settles) = (a?, b?, operator == Operator::Or);
                logic(match (a, b) {
                    _ if a == Some(settles) || b == Some(settles) => Some(settles),
                    (Some(_), Some(_)) => Some(!settles),
                    _ => None,
                })
            }
            Operator::Equal => logic(equal(a, b)),
            Operator::Unequal => logic(equal(a, b).map(|equal| !equal)),
            Operator::Less | Operator::AtMost | Operator::More | Operator::AtLeast => {
                let (Some(a), Some(b)) = (one(a)?, one(b)?) else { return Ok(Vec::new()) };
                let order = order(a, b)?;
                logic(order.map(|order| match operator {
                    Operator::Less => order == Ordering::Less,
                    Operator::AtMost => order != Ordering::Greater,
                    Operator::More => order == Ordering::Greater,
                    _ => order != Ordering::Less,
                }))
            }
            Operator::Plus | Operator::Minus | Operator::Times | Operator::Over => {
                let (Some(a), Some(b)) = (one(a)?, one(b)?) else { return Ok(Vec::new()) };
                Ok(computed(operator, a, b)?.into_iter().collect())
            }
        }
    }
}

/// The element of that name, or the one that begins with it and ends with a type: `valueQuantity` for `value`.
fn element<'j>(json: &'j Json<'j>, name: &str) -> Option<(&'j Json<'j>, Option<&'j str>)> {
    let entries = json.entries()?;
    if let Some((_, value)) = entries.iter().find(|(key, _)| key == name) {
        return Some((value, None));
    }
    entries.iter().find_map(|(key, value)| {
        let of = key.strip_prefix(name)?;
        of.starts_with(|first: char| first.is_ascii_uppercase()).then_some((value, Some(of)))
    })
}

fn typed<'j>(of: &[Item<'j>], function: Function, name: &str) -> Vec<Item<'j>> {
    if function == Function::GetReferenceKey {
        return of.iter().filter_map(|item| reference_key(item, Some(name))).collect();
    }
    of.iter().filter(|item| item.is_of(name)).cloned().collect()
}

/// `Patient/p1`
fn resource_key<'j>(item: &Item<'j>) -> Option<Item<'j>> {
    let Item::Part(json, _) = item else { return None };
    let (of, id) = (json.get("resourceType")?.text()?, json.get("id")?.text()?);
    Some(Item::Text(format!("{of}/{id}").into()))
}

/// The key of the resource that a reference is to, if that is of the type wanted.
fn reference_key<'j>(item: &Item<'j>, wanted: Option<&str>) -> Option<Item<'j>> {
    let Item::Part(json, _) = item else { return None };
    let reference = json.get("reference")?.text()?;
    let mut parts = reference.rsplit('/');
    let (id, of) = (parts.next()?, parts.next());
    match (of, wanted) {
        (Some(of), Some(wanted)) if of != wanted => None,
        (Some(of), _) => Some(Item::Text(format!("{of}/{id}").into())),
        (None, _) => Some(Item::Text(reference.to_owned().into())),
    }
}

/// The one item; `None` if there is none.
fn one<'i, 'j>(items: &'i [Item<'j>]) -> Result<Option<&'i Item<'j>>, String> {
    match items {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        more => Err(format!("one value is wanted, and there are {}", more.len())),
    }
}

/// What items say as yes or no; the outer `None` where they say neither.
fn truth(items: &[Item]) -> Option<Option<bool>> {
    match items {
        [] => Some(None),
        [one] => match one.plain()? {
            Plain::Bool(value) => Some(Some(value)),
            _ => None,
        },
        _ => None,
    }
}

fn equal(a: &[Item], b: &[Item]) -> Option<bool> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    if a.len() != b.len() {
        return Some(false);
    }
    a.iter().zip(b).try_fold(true, |so_far, (a, b)| Some(so_far && same(&a.plain()?, &b.plain()?)?))
}

/// Whether two values are the same: unknown where dates or times are of different precision and could be.
fn same(a: &Plain, b: &Plain) -> Option<bool> {
    match (a, b) {
        (Plain::Text(a), Plain::Text(b)) if a != b && is_moment(a) && is_moment(b) => {
            moments(a, b).map(|order| order == Ordering::Equal)
        }
        _ => Some(a == b),
    }
}

fn order(a: &Item, b: &Item) -> Result<Option<Ordering>, String> {
    match (a.plain(), b.plain()) {
        (Some(Plain::Number(a)), Some(Plain::Number(b))) => Ok(Some(a.cmp(&b))),
        (Some(Plain::Text(a)), Some(Plain::Text(b))) if is_moment(a) && is_moment(b) => Ok(moments(a, b)),
        (Some(Plain::Text(a)), Some(Plain::Text(b))) => Ok(Some(a.cmp(b))),
        (None, _) | (_, None) => Ok(None),
        _ => Err("only numbers and texts have an order, each among themselves".to_owned()),
    }
}

/// Whether a text is a date, or begins with one and a time: `2026`, `2026-11`, `2026-11-21T08:00:00Z`.
fn is_moment(text: &str) -> bool {
    let day = text.split('T').next().unwrap_or_default();
    let digits = |(at, byte): (usize, u8)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() };
    [4, 7, 10].contains(&day.len()) && day.bytes().enumerate().all(digits)
}

/// Which of two dates or times comes first; unknown where one is part of the other.
fn moments(a: &str, b: &str) -> Option<Ordering> {
    if let (Ok(a), Ok(b)) = (a.parse::<Timestamp>(), b.parse::<Timestamp>()) {
        return Some(a.cmp(&b));
    }
    if a == b {
        return Some(Ordering::Equal);
    }
    let length = a.len().min(b.len());
    match a.get(..length).cmp(&b.get(..length)) {
        Ordering::Equal => None,
        order => Some(order),
    }
}

fn computed<'j>(operator: Operator, a: &Item, b: &Item) -> Result<Option<Item<'j>>, String> {
    match (a.plain(), b.plain()) {
        (Some(Plain::Number(a)), Some(Plain::Number(b))) => Ok(match operator {
            Operator::Plus => a.checked_add(b),
            Operator::Minus => a.checked_sub(b),
            Operator::Times => a.checked_mul(b),
            _ => a.checked_div(b),
        }
        .map(Item::Number)),
        (Some(Plain::Text(a)), Some(Plain::Text(b))) if operator == Operator::Plus => {
            Ok(Some(Item::Text(format!("{a}{b}").into())))
        }
        (None, _) | (_, None) => Ok(None),
        _ => Err("`+ - * /` take numbers".to_owned()),
    }
}
