//! Lowers scripts: from Rhai's own syntax tree into the typed IR. What a script says is decided here and nowhere
//! else; a construct without a place in the IR is named, so that the rule can run in Rhai itself or be refused.

use std::collections::HashMap;

use rhai::{AST, Expr, FlowControl, Position as RhaiPosition, Stmt};

use super::about::{About, Subject};
use super::ir::{Cond, Day, Int, Number};
use super::mistake::Mistake;
use super::names::{self, Lowered, Misread, Names};
use super::typed::{Measure, Misfit, Typed};
use super::typing::Typing;
use crate::input::source::Position;

mod foreign;
mod misspelt;
pub mod tree;
mod call;

use misspelt::place;
use tree::{Reader, Script, bound, construct, expressions, field_of, has_named_functions, name_check};

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
