//! A path: FHIRPath as far as shareable views use it, read into a tree. What else there is in FHIRPath is refused by
//! name, never ignored.

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::token::{Token, tokens};

/// How deeply brackets and calls may stand in each other.
const MAX_DEPTH: usize = 60;

/// A path and what it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The text.
    pub text: String,
    /// What it means.
    pub tree: Tree,
}

/// What a path means.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// `$this`, or where a path starts.
    This,
    /// `%rowIndex`
    RowIndex,
    /// `%name`
    Constant(String),
    /// `'text'`, or a date or time.
    Text(String),
    /// A number.
    Number(Decimal),
    /// `true` or `false`
    Bool(bool),
    /// `a.name`
    Member(Box<Tree>, String),
    /// `a[i]`
    Index(Box<Tree>, Box<Tree>),
    /// `a.where(…)` and the like.
    Call(Box<Tree>, Function, Option<Box<Tree>>),
    /// `a.ofType(Quantity)`, `a.getReferenceKey(Patient)`
    Typed(Box<Tree>, Function, String),
    /// `a + b`
    Binary(Operator, Box<Tree>, Box<Tree>),
    /// `-a`
    Minus(Box<Tree>),
}

/// A function of paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named as in a path")]
pub enum Function {
    Where,
    Exists,
    Empty,
    Extension,
    OfType,
    First,
    Not,
    Join,
    LowBoundary,
    HighBoundary,
    GetResourceKey,
    GetReferenceKey,
}

/// What a function takes between its brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Nothing,
    Path,
    MaybePath,
    Type,
    MaybeType,
}

impl Function {
    const ALL: [(&'static str, Function, Takes); 12] = [
        ("where", Function::Where, Takes::Path),
        ("exists", Function::Exists, Takes::MaybePath),
        ("empty", Function::Empty, Takes::Nothing),
        ("extension", Function::Extension, Takes::Path),
        ("ofType", Function::OfType, Takes::Type),
        ("first", Function::First, Takes::Nothing),
        ("not", Function::Not, Takes::Nothing),
        ("join", Function::Join, Takes::MaybePath),
        ("lowBoundary", Function::LowBoundary, Takes::Nothing),
        ("highBoundary", Function::HighBoundary, Takes::Nothing),
        ("getResourceKey", Function::GetResourceKey, Takes::Nothing),
        ("getReferenceKey", Function::GetReferenceKey, Takes::MaybeType),
    ];
}

/// What stands between two paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named as in a path")]
pub enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
    Plus,
    Minus,
    Times,
    Over,
}

/// Operators, those that bind least first.
const LEVELS: [&[(&str, Operator)]; 6] = [
    &[("or", Operator::Or)],
    &[("and", Operator::And)],
    &[("=", Operator::Equal), ("!=", Operator::Unequal)],
    &[("<=", Operator::AtMost), (">=", Operator::AtLeast), ("<", Operator::Less), (">", Operator::More)],
    &[("+", Operator::Plus), ("-", Operator::Minus)],
    &[("*", Operator::Times), ("/", Operator::Over)],
];

/// What is wrong with a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathError {
    /// Where in its text, in bytes.
    pub at: usize,
    /// What.
    pub message: String,
}

impl Path {
    /// Reads a path.
    pub fn parse(text: &str) -> Result<Path, PathError> {
        let tokens = tokens(text).map_err(|(at, message)| PathError { at, message })?;
        let mut parser = Parser { tokens, next: 0, end: text.len(), depth: 0 };
        let tree = parser.expression()?;
        match parser.tokens.get(parser.next) {
            None => Ok(Path { text: text.to_owned(), tree }),
            Some((at, token)) => Err(PathError { at: *at, message: unexpected(token) }),
        }
    }

    /// The constants that it names.
    pub fn constants(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.tree.constants(&mut names);
        names
    }
}

impl Tree {
    fn constants<'t>(&'t self, names: &mut Vec<&'t str>) {
        match self {
            Tree::Constant(name) => names.push(name),
            Tree::Member(of, _) | Tree::Typed(of, ..) | Tree::Minus(of) => of.constants(names),
            Tree::Index(a, b) | Tree::Binary(_, a, b) => {
                a.constants(names);
                b.constants(names);
            }
            Tree::Call(of, _, argument) => {
                of.constants(names);
                argument.iter().for_each(|argument| argument.constants(names));
            }
            Tree::This | Tree::RowIndex | Tree::Text(_) | Tree::Number(_) | Tree::Bool(_) => {}
        }
    }
}

fn unexpected(token: &Token) -> String {
    match token {
        Token::Name(name) => format!("`{name}` is not expected here"),
        Token::Constant(name) => format!("`%{name}` is not expected here"),
        Token::Text(text) => format!("'{text}' is not expected here"),
        Token::Moment(text) => format!("@{text} is not expected here"),
        Token::Number(number) => format!("{number} is not expected here"),
        Token::Sign(sign @ ("&" | "|" | "~" | "!~")) => format!("`{sign}` is no part of the paths of shareable views"),
        Token::Sign(sign) => format!("`{sign}` is not expected here"),
    }
}

struct Parser<'p> {
    tokens: Vec<(usize, Token<'p>)>,
    next: usize,
    end: usize,
    depth: usize,
}

impl<'p> Parser<'p> {
    fn expression(&mut self) -> Result<Tree, PathError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.wrong(format!("more than {MAX_DEPTH} levels of brackets")));
        }
        let tree = self.level(0);
        self.depth -= 1;
        tree
    }

    fn level(&mut self, level: usize) -> Result<Tree, PathError> {
        let Some(operators) = LEVELS.get(level) else { return self.sign() };
        let mut left = self.level(level + 1)?;
        while let Some(operator) = self.operator(operators) {
            self.next += 1;
            left = Tree::Binary(operator, Box::new(left), Box::new(self.level(level + 1)?));
        }
        Ok(left)
    }

    fn operator(&self, operators: &[(&str, Operator)]) -> Option<Operator> {
        let word: &str = match self.peek()? {
            Token::Sign(sign) => sign,
            Token::Name(Cow::Borrowed(name)) => name,
            _ => return None,
        };
        operators.iter().find(|(own, _)| *own == word).map(|(_, operator)| *operator)
    }

    fn sign(&mut self) -> Result<Tree, PathError> {
        let mut minus = false;
        while let Some(Token::Sign(sign @ ("-" | "+"))) = self.peek() {
            minus ^= *sign == "-";
            self.next += 1;
        }
        let chain = self.chain()?;
        Ok(if minus { Tree::Minus(Box::new(chain)) } else { chain })
    }

    fn chain(&mut self) -> Result<Tree, PathError> {
        let mut tree = self.term()?;
        loop {
            if self.takes(".") {
                tree = self.step(tree)?;
            } else if self.takes("[") {
                let index = self.expression()?;
                self.expect("]")?;
                tree = Tree::Index(Box::new(tree), Box::new(index));
            } else {
                return Ok(tree);
            }
        }
    }

    fn term(&mut self) -> Result<Tree, PathError> {
        let Some(token) = self.peek().cloned() else { return Err(self.wrong("the path ends here".to_owned())) };
        let tree = match token {
            Token::Text(text) => Tree::Text(text),
            Token::Moment(text) => Tree::Text(text.trim_start_matches('T').to_owned()),
            Token::Number(number) => Tree::Number(number),
            Token::Constant("rowIndex") => Tree::RowIndex,
            Token::Constant(name) => Tree::Constant(name.to_owned()),
            Token::Name(name) => match name.as_ref() {
                "true" | "false" => Tree::Bool(name == "true"),
                "$this" => Tree::This,
                _ => return self.step(Tree::This),
            },
            Token::Sign("(") => {
                self.next += 1;
                let tree = self.expression()?;
                self.expect(")")?;
                return Ok(tree);
            }
            Token::Sign(_) => return Err(self.wrong(unexpected(&token))),
        };
        self.next += 1;
        Ok(tree)
    }

    /// A name, or the call of a function.
    fn step(&mut self, of: Tree) -> Result<Tree, PathError> {
        let at = self.next;
        let Some(Token::Name(name)) = self.peek().cloned() else {
            return Err(self.wrong("the name of an element or function follows".to_owned()));
        };
        self.next += 1;
        if !self.takes("(") {
            return Ok(Tree::Member(Box::new(of), name.into_owned()));
        }
        let Some((_, function, takes)) = Function::ALL.into_iter().find(|(own, ..)| *own == name) else {
            self.next = at;
            return Err(self.wrong(format!("`{name}` is no function of shareable views")));
        };
        let of = Box::new(of);
        let closes = matches!(self.peek(), Some(Token::Sign(")")));
        let call = match takes {
            Takes::Nothing => Tree::Call(of, function, None),
            Takes::MaybePath | Takes::MaybeType if closes => Tree::Call(of, function, None),
            Takes::Path | Takes::MaybePath => Tree::Call(of, function, Some(Box::new(self.expression()?))),
            Takes::Type | Takes::MaybeType => Tree::Typed(of, function, self.name_of_type()?),
        };
        self.expect(")")?;
        Ok(call)
    }

    fn name_of_type(&mut self) -> Result<String, PathError> {
        let mut name = self.type_part()?;
        while self.takes(".") {
            name = self.type_part()?;
        }
        Ok(name)
    }

    fn type_part(&mut self) -> Result<String, PathError> {
        let Some(Token::Name(name)) = self.peek().cloned() else {
            return Err(self.wrong("the name of a type follows, such as `Quantity`".to_owned()));
        };
        self.next += 1;
        Ok(name.into_owned())
    }

    fn peek(&self) -> Option<&Token<'p>> {
        self.tokens.get(self.next).map(|(_, token)| token)
    }

    fn takes(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(own)) if *own == sign);
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), PathError> {
        if self.takes(sign) { Ok(()) } else { Err(self.wrong(format!("`{sign}` is missing"))) }
    }

    fn wrong(&self, message: String) -> PathError {
        PathError { at: self.tokens.get(self.next).map_or(self.end, |(at, _)| *at), message }
    }
}
