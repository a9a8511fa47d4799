//! Lowers scripts: from Rhai's own syntax tree into the typed IR. What a script says is decided here and nowhere
//! else; a construct without a place in the IR is named, so that the rule can run in Rhai itself or be refused.

use std::collections::HashMap;

use rhai::{AST, CustomExpr, Expr, FlowControl, FnCallExpr, Position as RhaiPosition, Stmt, Token};

use super::about::{About, Subject};
use super::ir::{Cond, Day, Each, Int, Number, Quantifier, Side};
use super::language;
use super::mistake::Mistake;
use super::names::{self, Lowered, Misread, Names};
use super::typed::{Measure, Misfit, Typed};
use super::typing::Typing;
use crate::input::source::Position;
use crate::model::name::nearest;

mod foreign;
mod misspelt;
pub mod tree;

use misspelt::place;
use tree::{
    Reader, Script, body_of, bound, closure_name, construct, expressions, field_of, has_function, has_named_functions,
    name_check,
};

/// How many parts a script may have once its helpers are written out.
pub const MAX_PARTS: usize = 4_000;
/// How deeply helpers may call each other, and closures stand in each other.
const MAX_NESTING: usize = 12;

/// Lowers a parsed script.
pub fn lower(reader: &Reader, script: &Script, names: Names) -> Lowered {
    let mut lowering = Lowering {
        reader,
        names,
        typing: Typing { dictionary: names.dictionary },
        ast: &script.ast,
        helper: None,
        locals: Vec::new(),
        level: 0,
        called: None,
        calls: 0,
        parts: 0,
        written: Vec::new(),
        elsewhere: None,
        out: Lowered::default(),
    };
    if has_named_functions(&script.ast) {
        let at = Position { line: 1, column: 1 };
        lowering.out.unlowered = Some(("a function of its own".to_owned(), at));
    }
    let meaning = lowering.block(script.ast.statements(), RhaiPosition::new(1, 1)).ok();
    if lowering.out.unlowered.is_some() {
        lowering.parts_alone(&script.ast);
        name_check(&script.ast, names, &mut lowering.out);
    }
    let mut out = lowering.out;
    out.meaning = meaning.filter(|_| out.mistakes.is_empty() && out.unlowered.is_none());
    let mut once: Vec<Misread> = Vec::with_capacity(out.mistakes.len());
    for misread in out.mistakes {
        let known = once.iter().any(|known| (known.at, &known.mistake) == (misread.at, &misread.mistake));
        if !known {
            once.push(misread);
        }
    }
    once.sort_by_key(|misread| (misread.helper, misread.at));
    out.mistakes = once;
    out
}

/// One script on its way into the IR.
struct Lowering<'p> {
    reader: &'p Reader,
    names: Names<'p>,
    typing: Typing<'p>,
    /// The tree that holds the closures of what is being lowered.
    ast: &'p AST,
    /// The helper file being lowered, if any.
    helper: Option<usize>,
    /// Names with their values and how many parts writing each out again takes.
    locals: Vec<(String, Typed, usize)>,
    level: u8,
    /// Where the script calls the helper being lowered.
    called: Option<RhaiPosition>,
    calls: usize,
    parts: usize,
    /// The parts of each operand of the call being lowered.
    written: Vec<usize>,
    /// What a script that runs in Rhai binds somewhere: its parts are looked at one by one, and these names are known
    /// only where a loop takes them from a list.
    elsewhere: Option<HashMap<String, Option<String>>>,
    out: Lowered,
}

/// A mistake or an unlowerable construct was noted.
struct Noted;

type Part<T> = Result<T, Noted>;

/// The definitions that operands read.
type Subjects = [Option<Subject>; 3];

impl<'p> Lowering<'p> {
    /// Looks at every part of a script that runs in Rhai by itself: what no reading of it could make right is a mistake
    /// there, too, and not a result that is silently false.
    fn parts_alone(&mut self, ast: &AST) {
        self.elsewhere = Some(bound(ast));
        for expr in expressions(ast) {
            self.parts = 0;
            if !matches!(expr, Expr::Stmt(_)) {
                let _noted = self.expr(&expr);
            }
        }
    }

    /// A name that a script running in Rhai binds: what it holds, where that is certain.
    fn bound_elsewhere(&self, name: &str) -> Option<Part<Typed>> {
        let list = self.elsewhere.as_ref()?.get(name)?;
        let list = list.as_ref().and_then(|list| self.names.dictionary.find(list));
        let list = list.filter(|list| self.names.dictionary.fact(*list).is_list());
        Some(list.map(|list| self.typing.member(list, 0)).ok_or(Noted))
    }

    fn block(&mut self, statements: &[Stmt], at: RhaiPosition) -> Part<Typed> {
        let depth = self.locals.len();
        let value = self.statements(statements, at);
        self.locals.truncate(depth);
        value
    }

    fn statements(&mut self, statements: &[Stmt], at: RhaiPosition) -> Part<Typed> {
        let statements: Vec<&Stmt> =
            statements.iter().filter(|s| !matches!(s, Stmt::Noop(_) | Stmt::Share(_))).collect();
        let Some((last, before)) = statements.split_last() else {
            return self.mistake(at, Mistake::script_type("the script", "empty", "an expression, such as 'age >= 18'"));
        };
        for statement in before {
            match statement {
                Stmt::Var(var, ..) => self.bind(&var.0.name, &var.1, var.0.pos)?,
                other => return self.unlowered(construct(other), other.position()),
            }
        }
        match last {
            Stmt::Expr(expr) => self.expr(expr),
            Stmt::If(flow, at) => self.if_else(flow, *at),
            Stmt::Block(block) => self.block(block.statements(), block.position()),
            Stmt::FnCall(call, at) => self.call(call, *at),
            Stmt::Var(_, _, at) => {
                self.mistake(*at, Mistake::script_type("the script", "only a `let`", "a value after it"))
            }
            Stmt::Assignment(parts) if matches!(parts.1.lhs, Expr::Dot(..)) => {
                self.mistake(parts.0.position(), Mistake::Assignment { name: field_of(&parts.1.lhs) })
            }
            other => self.unlowered(construct(other), other.position()),
        }
    }

    fn bind(&mut self, name: &str, value: &Expr, at: RhaiPosition) -> Part<()> {
        self.free_name(name, at);
        let before = self.parts;
        let value = self.expr(value)?;
        self.locals.push((name.to_owned(), value, self.parts - before));
        Ok(())
    }

    /// Notes a local that has the name of a fact or a setting.
    fn free_name(&mut self, name: &str, at: RhaiPosition) {
        if names::is_taken(name, self.names) {
            self.note(at, names::taken(name));
        }
    }

    fn expr(&mut self, expr: &Expr) -> Part<Typed> {
        self.parts += 1;
        if self.parts > MAX_PARTS {
            return self.too_large();
        }
        let at = expr.position();
        match expr {
            Expr::BoolConstant(value, _) => Ok(Typed::Cond(Cond::Literal(*value))),
            Expr::IntegerConstant(value, _) => Ok(Typed::Int(Int::Literal(*value), Measure::Any)),
            Expr::DynamicConstant(value, _) => match value.as_decimal() {
                Ok(number) => Ok(Typed::Number(Number::Literal(number), Measure::Any)),
                Err(_) => self.unlowered("this constant", at),
            },
            Expr::StringConstant(text, _) => Ok(Typed::Text(text.to_string(), place(at))),
            Expr::CharConstant(..) => self.unlowered("a single character", at),
            Expr::Unit(_) => self.unlowered("`()`", at),
            Expr::Variable(name, ..) => self.name(&name.1, at),
            Expr::Array(items, _) => self.array(items, at),
            Expr::And(parts, _) => Ok(Typed::Cond(Cond::And(self.conditions(parts, "&&")?))),
            Expr::Or(parts, _) => Ok(Typed::Cond(Cond::Or(self.conditions(parts, "||")?))),
            Expr::Stmt(block) => self.block(block.statements(), block.position()),
            Expr::FnCall(call, _) => self.call(call, at),
            Expr::Dot(pair, flags, _) if flags.is_empty() => {
                let before = self.parts;
                let subject = self.expr(&pair.lhs)?;
                self.dot(subject, before, &pair.rhs)
            }
            Expr::Custom(custom, _) => self.fact_function(custom, at),
            Expr::InterpolatedString(..) => self.unlowered("a text put together", at),
            Expr::Map(..) => self.unlowered("an object map", at),
            Expr::Index(..) => self.unlowered("an index", at),
            Expr::Coalesce(..) => self.unlowered("`??`", at),
            Expr::Dot(..) => self.unlowered("`?.`", at),
            Expr::ThisPtr(_) => self.unlowered("`this`", at),
            _ => self.unlowered("this construct", at),
        }
    }

    fn name(&mut self, name: &str, at: RhaiPosition) -> Part<Typed> {
        if let Some((_, value, parts)) = self.locals.iter().rev().find(|(local, ..)| local == name) {
            self.parts += parts;
            return Ok(value.clone());
        }
        if let Some(bound) = self.bound_elsewhere(name) {
            return bound;
        }
        if self.helper.is_some() && self.calls > 0 {
            return self.mistake(at, Mistake::HelperScope { name: name.to_owned() });
        }
        if name == "as_of" {
            return Ok(Typed::Day(Day::AsOf));
        }
        if let Some(fact) = self.names.dictionary.find(name) {
            self.out.facts.insert(fact);
            return Ok(self.typing.fact(fact));
        }
        if let Some(index) = self.names.settings.iter().position(|setting| setting.name == name) {
            self.out.settings.insert(index);
            return Ok(self.names.settings[index].operand());
        }
        self.mistake(at, names::unknown(name, self.names))
    }

    fn array(&mut self, items: &[Expr], at: RhaiPosition) -> Part<Typed> {
        let items = self.every(items)?;
        if items.iter().all(|item| matches!(item, Typed::Text(..))) {
            let text = |item| if let Typed::Text(text, at) = item { Some((text, at)) } else { None };
            return Ok(Typed::Texts(items.into_iter().filter_map(text).collect()));
        }
        if items.iter().all(|item| matches!(item, Typed::Int(..) | Typed::Number(..))) {
            return Ok(Typed::Numbers(items));
        }
        self.unlowered("a list of mixed or computed values", at)
    }

    fn conditions(&mut self, parts: &[Expr], operator: &str) -> Part<Vec<Cond>> {
        let mut conditions = Vec::with_capacity(parts.len());
        let mut noted = false;
        for part in parts {
            let what = format!("an operand of `{operator}`");
            match self.expr(part).and_then(|operand| self.condition(operand, &what, part.position())) {
                Ok(cond) => conditions.push(cond),
                Err(Noted) => noted = true,
            }
        }
        if noted { Err(Noted) } else { Ok(conditions) }
    }

    fn condition(&mut self, operand: Typed, what: &str, at: RhaiPosition) -> Part<Cond> {
        let subject = operand.subject();
        let cond = self.typing.condition(operand, what);
        self.keep(cond, at, [subject, None, None])
    }

    fn if_else(&mut self, flow: &FlowControl, at: RhaiPosition) -> Part<Typed> {
        if flow.branch.is_empty() {
            return self.unlowered("`if` without `else`", at);
        }
        let cond = self.expr(&flow.expr).and_then(|c| self.condition(c, "what `if` asks", flow.expr.position()));
        let yes = self.block(flow.body.statements(), flow.body.position());
        let no = self.block(flow.branch.statements(), flow.branch.position());
        let (cond, yes, no) = (cond?, yes?, no?);
        let subjects = [yes.subject(), no.subject(), None];
        let chosen = self.typing.choose(cond, yes, no);
        self.keep(chosen, at, subjects)
    }

    /// What follows a dot: a field, a method, or both in a row; with the parts there were before its subject.
    fn dot(&mut self, subject: Typed, before: usize, rest: &Expr) -> Part<Typed> {
        match rest {
            Expr::Property(name, at) => {
                let field = self.typing.field(&subject, &name.2);
                self.keep(field, *at, [subject.subject(), None, None])
            }
            Expr::MethodCall(call, at) => self.method(subject, before, call, *at),
            Expr::Dot(pair, flags, _) if flags.is_empty() => {
                let next = self.dot(subject, before, &pair.lhs)?;
                self.dot(next, before, &pair.rhs)
            }
            other => self.unlowered("this construct", other.position()),
        }
    }

    fn method(&mut self, subject: Typed, before: usize, call: &FnCallExpr, at: RhaiPosition) -> Part<Typed> {
        if let ("some" | "all" | "count", [closure]) = (call.name.as_str(), &call.args[..]) {
            return self.quantified(&call.name, subject, closure, at);
        }
        let (mut operands, written) = (vec![subject], self.parts - before);
        operands.extend(self.operands(call, at)?);
        self.written.insert(0, written);
        let mut subjects = [operands[0].subject(), None, None];
        for (subject, operand) in subjects[1..].iter_mut().zip(self.subjects(&call.args, &operands[1..])) {
            *subject = operand;
        }
        self.apply(&call.name, operands, subjects, at)
    }

    fn call(&mut self, call: &FnCallExpr, at: RhaiPosition) -> Part<Typed> {
        if let ("some" | "all" | "count", [list, closure]) = (call.name.as_str(), &call.args[..]) {
            let list = self.expr(list)?;
            return self.quantified(&call.name, list, closure, at);
        }
        if call.op_token == Some(Token::In) || call.op_token == Some(Token::NotIn) || call.name == "contains" {
            return self.membership(call, at);
        }
        if let (Some(_), [left, right]) = (language::relation(&call.name), &call.args[..]) {
            self.no_fact_is(left, right)?;
            self.no_fact_is(right, left)?;
        }
        let operands = self.operands(call, at)?;
        let subjects = self.subjects(&call.args, &operands);
        match (&call.op_token, &operands[..]) {
            (Some(token), [_]) => self.prefix(token, operands, at),
            (Some(_), [_, _]) => self.infix(&call.name, operands, subjects, at),
            _ => self.apply(&call.name, operands, subjects, at),
        }
    }

    /// Notes a comparison with a value that no fact has, though a script running in Rhai may hold it.
    fn no_fact_is(&mut self, value: &Expr, operand: &Expr) -> Part<()> {
        let mistake = match value {
            Expr::Unit(_) => Mistake::AsksUnknown { word: "()".to_owned() },
            Expr::CharConstant(c, _) => Mistake::Character { c: *c },
            _ => return Ok(()),
        };
        self.expr(operand)?;
        self.mistake(value.position(), mistake)
    }

    fn membership(&mut self, call: &FnCallExpr, at: RhaiPosition) -> Part<Typed> {
        let [haystack, needle] = &call.args[..] else { return self.unlowered("`contains` with these arguments", at) };
        let negated = |expr: &Expr| matches!(expr, Expr::FnCall(c, _) if c.op_token == Some(Token::Bang));
        if negated(needle) {
            return self.mistake(needle.position(), Mistake::NotIn);
        }
        let (haystack, typed) = (self.expr(haystack), self.expr(needle));
        let (haystack, typed) = (haystack?, typed?);
        let subjects = [typed.subject(), haystack.subject(), None];
        let contained = self.typing.contains(haystack, typed, self.level);
        self.keep(contained, at, subjects)
    }

    fn prefix(&mut self, token: &Token, mut operands: Vec<Typed>, at: RhaiPosition) -> Part<Typed> {
        let operand = operands.remove(0);
        match token {
            Token::Bang => {
                let cond = self.condition(operand, "the operand of `!`", at)?;
                Ok(Typed::Cond(Cond::Not(Box::new(cond))))
            }
            Token::Minus | Token::UnaryMinus => {
                let subject = operand.subject();
                let signed = self.typing.signed("-", false, operand);
                self.keep(signed, at, [subject, None, None])
            }
            Token::Plus | Token::UnaryPlus if matches!(operand, Typed::Int(..) | Typed::Number(..)) => Ok(operand),
            _ => self.unlowered("this operator", at),
        }
    }

    fn infix(&mut self, name: &str, mut operands: Vec<Typed>, subjects: Subjects, at: RhaiPosition) -> Part<Typed> {
        let (left, right) = (operands.remove(0), operands.remove(0));
        let (relation, arithmetic) = (language::relation(name), language::arithmetic(name));
        let texts = matches!((&left, &right), (Typed::Text(..), Typed::Text(..)));
        if texts || arithmetic.is_some() && matches!((&left, &right), (Typed::Text(..), _) | (_, Typed::Text(..))) {
            return self.unlowered("texts put together or compared", at);
        }
        let judged = match (relation, arithmetic) {
            (Some(relation), _) => self.typing.compare(name, relation, left, right),
            (_, Some(arithmetic)) => self.typing.arithmetic(name, arithmetic, left, right),
            _ => match misspelt::operator(name, &left, &right) {
                Some(mistake) => return self.mistake(at, mistake),
                None => return self.unlowered(&format!("the operator `{name}`"), at),
            },
        };
        self.keep(judged, at, subjects)
    }

    /// A function of the language or a helper, with its operands.
    fn apply(&mut self, name: &str, operands: Vec<Typed>, subjects: Subjects, at: RhaiPosition) -> Part<Typed> {
        match language::apply(self.typing, name, operands) {
            Ok(judged) => self.keep(judged, at, subjects),
            Err(operands) => self.helper_call(name, operands, at),
        }
    }

    fn helper_call(&mut self, name: &str, operands: Vec<Typed>, at: RhaiPosition) -> Part<Typed> {
        let reader = self.reader;
        let found = reader.helpers.iter().rev().find(|(_, _, ast)| has_function(ast, name, operands.len()));
        let Some((file, _, ast)) = found else { return self.no_function(name, at) };
        if self.calls >= MAX_NESTING {
            return self.unlowered("helpers that call each other this deeply", at);
        }
        let function = ast.iter_functions().find(|f| f.name == name && f.params.len() == operands.len());
        let params: Vec<String> =
            function.map(|f| f.params.into_iter().map(String::from).collect()).unwrap_or_default();
        let (body, here) = (body_of(ast, name, params.len()), at);
        for param in params.iter().filter(|param| names::is_taken(param, self.names)) {
            // The tree does not keep where a parameter stands; its function's body is next to it.
            let at = body.first().map(|statement| place(statement.position()));
            let (mistake, called) = (names::taken(param), Some(place(self.called.unwrap_or(here))));
            self.out.mistakes.push(Misread { helper: Some(*file), at, mistake, about: Vec::new(), called });
        }
        let written = std::mem::take(&mut self.written);
        let bound = params.into_iter().zip(operands).zip(written);
        let bound = bound.map(|((name, operand), written)| (name, operand, written));
        let locals = std::mem::replace(&mut self.locals, bound.collect());
        let called = self.called.or(Some(at));
        let outer = (std::mem::replace(&mut self.ast, ast), self.helper.replace(*file), self.called);
        self.called = called;
        self.calls += 1;
        let value = self.block(&body, at);
        self.calls -= 1;
        (self.ast, self.helper, self.called) = outer;
        self.locals = locals;
        value
    }

    /// A function that is not there, or not with these arguments.
    fn no_function(&mut self, name: &str, at: RhaiPosition) -> Part<Typed> {
        if language::FUNCTIONS.contains(&name) || self.is_helper(name) {
            let accepted = language::signature(name)
                .map_or_else(|| format!("`{name}` with as many arguments as it has parameters"), String::from);
            return self.mistake(at, Mistake::Arguments { name: name.to_owned(), accepted });
        }
        if self.is_function(name) {
            return self.unlowered(&format!("the function `{name}`"), at);
        }
        let helpers = self.reader.helpers.iter().flat_map(|(_, _, ast)| ast.iter_functions());
        let helpers: Vec<String> = helpers.map(|function| function.name.to_owned()).collect();
        let language = language::FUNCTIONS.into_iter().chain(foreign::names()).map(String::from);
        let known: Vec<String> = helpers.into_iter().chain(language).collect();
        let nearest = nearest(name, known.iter().map(String::as_str)).into_iter().map(String::from).collect();
        self.mistake(at, Mistake::UnknownFunction { name: name.to_owned(), nearest })
    }

    fn is_helper(&self, name: &str) -> bool {
        self.reader.helpers.iter().any(|(_, _, ast)| ast.iter_functions().any(|function| function.name == name))
    }

    /// Whether a function of that name is there for scripts that run in Rhai.
    fn is_function(&self, name: &str) -> bool {
        let own = self.ast.iter_functions().any(|function| function.name == name);
        own || foreign::has(name) || language::FUNCTIONS.contains(&name) || self.is_helper(name)
    }

    /// The operands of a function. One that is not there is noted even where its operands are not understood.
    fn operands(&mut self, call: &FnCallExpr, at: RhaiPosition) -> Part<Vec<Typed>> {
        let operands = self.every(&call.args);
        if operands.is_err() && call.op_token.is_none() && !self.is_function(&call.name) {
            let _noted = self.no_function(&call.name, at);
        }
        operands
    }

    /// `list.some(|x| …)`, `all` and `count`.
    fn quantified(&mut self, name: &str, list: Typed, closure: &Expr, at: RhaiPosition) -> Part<Typed> {
        let Typed::List(list) = list else {
            let (given, subject) = (list.describe(self.names.dictionary), list.subject());
            let accepted = "a list".to_owned();
            let mistake = Mistake::ScriptType { what: format!("what `{name}` looks through"), given, accepted };
            return self.keep(Err(mistake.into()), at, [subject, None, None]);
        };
        let Some(function) = closure_name(closure) else {
            if self.elsewhere.is_some() {
                return Err(Noted);
            }
            return self.mistake(
                closure.position(),
                Mistake::Arguments {
                    name: name.to_owned(),
                    accepted: format!("list.{name}(|x| …) with a condition on x"),
                },
            );
        };
        if usize::from(self.level) >= MAX_NESTING {
            return self.unlowered("closures that stand in each other this deeply", at);
        }
        let ast = self.ast;
        let params = ast.iter_functions().find(|f| f.name == function).map(|f| f.params);
        let Some(params) = params.filter(|params| !params.is_empty()) else {
            return self.unlowered("a closure without a parameter", at);
        };
        let param = params.last().copied().unwrap_or_default();
        self.free_name(param, closure.position());
        let level = self.level;
        let depth = self.locals.len();
        self.locals.push((param.to_owned(), self.typing.member(list, level), 1));
        self.level += 1;
        let body = self.block(&body_of(ast, &function, params.len()), closure.position());
        self.level -= 1;
        self.locals.truncate(depth);
        let body =
            Box::new(self.condition(body?, &format!("what `{name}` asks of each member"), closure.position())?);
        let each = Each { list, level, body };
        Ok(match name {
            "some" => Typed::Cond(Cond::Quantified(Quantifier::Some, each)),
            "all" => Typed::Cond(Cond::Quantified(Quantifier::All, each)),
            _ => Typed::Int(Int::Count(each), Measure::Of(None)),
        })
    }

    fn fact_function(&mut self, custom: &CustomExpr, at: RhaiPosition) -> Part<Typed> {
        let (Some(name), [Expr::Variable(variable, ..)]) = (custom.tokens.first(), &custom.inputs[..]) else {
            return self.unlowered("this construct", at);
        };
        if self.locals.iter().any(|(local, ..)| *local == variable.1) {
            let accepted = format!("{name}(fact) with the name of a fact, outside helpers");
            let mistake = Mistake::Arguments { name: name.to_string(), accepted };
            return self.mistake(at, mistake);
        }
        let Some(fact) = self.names.dictionary.find(&variable.1) else {
            return self.mistake(custom.inputs[0].position(), names::unknown(&variable.1, self.names));
        };
        if self.helper.is_some() {
            let name = variable.1.to_string();
            return self.mistake(custom.inputs[0].position(), Mistake::HelperScope { name });
        }
        self.out.facts.insert(fact);
        let judged = match name.as_str() {
            "date_of" => Ok(Typed::Day(Day::DateOf(fact))),
            "is_low" => self.typing.outside(Side::Low, fact),
            _ => self.typing.outside(Side::High, fact),
        };
        self.keep(judged, at, [Some(Subject::Fact(fact)), None, None])
    }

    fn every(&mut self, exprs: &[Expr]) -> Part<Vec<Typed>> {
        let mut written = Vec::with_capacity(exprs.len());
        let mut operands = Vec::with_capacity(exprs.len());
        for expr in exprs {
            let before = self.parts;
            operands.push(self.expr(expr));
            written.push(self.parts - before);
        }
        self.written = written;
        operands.into_iter().collect()
    }

    /// The definitions that operands read as they are.
    fn subjects(&self, exprs: &[Expr], operands: &[Typed]) -> Subjects {
        let mut subjects = [None; 3];
        for ((expr, operand), subject) in exprs.iter().zip(operands).zip(&mut subjects) {
            let setting = |name: &str| self.names.settings.iter().position(|setting| setting.name == name);
            *subject = operand.subject().or_else(|| match expr {
                Expr::Variable(name, ..) if self.helper.is_none() => setting(&name.1).map(Subject::Setting),
                _ => None,
            });
        }
        subjects
    }

    fn keep<T>(&mut self, judged: Result<T, Misfit>, at: RhaiPosition, subjects: Subjects) -> Part<T> {
        judged.map_err(|misfit| {
            let aspect = misfit.aspect();
            let about = aspect
                .into_iter()
                .flat_map(|aspect| subjects.into_iter().flatten().map(move |subject| About { subject, aspect }));
            let about = about.collect();
            self.misread(misfit.at.unwrap_or(place(at)), *misfit.mistake, about);
            Noted
        })
    }

    fn mistake<T>(&mut self, at: RhaiPosition, mistake: Mistake) -> Part<T> {
        self.note(at, mistake);
        Err(Noted)
    }

    fn note(&mut self, at: RhaiPosition, mistake: Mistake) {
        self.misread(place(at), mistake, Vec::new());
    }

    fn misread(&mut self, at: Position, mistake: Mistake, about: Vec<About>) {
        let called = self.called.map(place);
        self.out.mistakes.push(Misread { helper: self.helper, at: Some(at), mistake, about, called });
    }

    /// Notes that the script is too large, once and for the script as a whole: no part of it is more to blame.
    fn too_large<T>(&mut self) -> Part<T> {
        let mistake = Mistake::TooLarge { limit: MAX_PARTS };
        if !self.out.mistakes.iter().any(|known| known.mistake == mistake) {
            self.out.mistakes.push(Misread { helper: None, at: None, mistake, about: Vec::new(), called: None });
        }
        Err(Noted)
    }

    fn unlowered<T>(&mut self, construct: &str, at: RhaiPosition) -> Part<T> {
        self.out.unlowered.get_or_insert_with(|| (construct.to_owned(), place(at)));
        Err(Noted)
    }
}
