//! Operators, functions, helpers and closures: what scripts call, with the operands they call it on.

use rhai::{CustomExpr, Expr, FnCallExpr, Position as RhaiPosition, Token};

use super::misspelt::{self, place};
use super::tree::{body_of, closure_name, has_function};
use super::{Lowering, MAX_NESTING, Noted, Part, Subjects, foreign};
use crate::model::name::nearest;
use crate::pack::about::Subject;
use crate::pack::ir::{Cond, Day, Each, Int, Quantifier, Side};
use crate::pack::language;
use crate::pack::mistake::Mistake;
use crate::pack::names::{self, Misread};
use crate::pack::typed::{Measure, Typed};

impl Lowering<'_> {
    pub(super) fn method(&mut self, subject: Typed, before: usize, call: &FnCallExpr, at: RhaiPosition) -> Part<Typed> {
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

    pub(super) fn call(&mut self, call: &FnCallExpr, at: RhaiPosition) -> Part<Typed> {
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
        if arithmetic.is_some() && matches!((&left, &right), (Typed::Text(..), _) | (_, Typed::Text(..))) {
            return self.unlowered("texts put together", at);
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

    pub(super) fn fact_function(&mut self, custom: &CustomExpr, at: RhaiPosition) -> Part<Typed> {
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
}
