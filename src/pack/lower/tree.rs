//! Rhai's syntax tree: scripts and helpers read into it, and what is asked of it. Together with its parent this is the
//! only place that knows the tree.

use std::collections::{BTreeSet, HashMap};

use rhai::{AST, ASTNode, Engine, Expr, OptimizationLevel, Position as RhaiPosition, Stmt};

use super::misspelt::{place, syntax};
use crate::input::source::{Position, Source};
use crate::pack::language;
use crate::pack::mistake::Mistake;
use crate::pack::names::{self, Lowered, Misread, Names};

/// How deeply expressions may nest, in every build.
pub const MAX_DEPTH: usize = 48;
/// How many bytes a script or a helper file may have: the time Rhai takes to read one grows with its square.
const MAX_LENGTH: usize = 65_536;
/// How many functions a helper file may have.
const MAX_FUNCTIONS: usize = 500;
/// Functions whose argument is the fact itself and not its value.
pub const FACT_FUNCTIONS: [&str; 3] = ["date_of", "is_low", "is_high"];

/// Words of Rhai that no script may use: they load or print, or ask what promise 2 keeps from being asked.
pub const FORBIDDEN: [&str; 9] =
    ["eval", "print", "debug", "import", "export", "exit", "type_of", "is_def_var", "is_def_fn"];

/// Reads scripts of one pack.
pub struct Reader {
    engine: Engine,
    /// Helper files with their layers; a higher layer's function replaces a lower one's.
    pub helpers: Vec<(usize, usize, AST)>,
}

/// A parsed script.
pub struct Script {
    /// Its tree.
    pub ast: AST,
}

impl Default for Reader {
    fn default() -> Reader {
        Reader::new()
    }
}

impl Reader {
    /// A reader without helpers.
    pub fn new() -> Reader {
        let mut engine = Engine::new_raw();
        engine.set_optimization_level(OptimizationLevel::None);
        engine.set_max_expr_depths(MAX_DEPTH, MAX_DEPTH);
        engine.set_max_functions(MAX_FUNCTIONS);
        for symbol in FORBIDDEN {
            engine.disable_symbol(symbol);
        }
        for name in FACT_FUNCTIONS {
            let parsed =
                engine.register_custom_syntax([name, "(", "$ident$", ")"], false, |_, _| Ok(rhai::Dynamic::UNIT));
            parsed.expect("the names are free");
        }
        Reader { engine, helpers: Vec::new() }
    }

    /// Whether scripts can use every one of these names.
    pub fn are_usable<'n>(&self, names: impl Iterator<Item = &'n str>) -> bool {
        let names: Vec<&str> = names.collect();
        let plain = names.iter().all(|name| name.chars().all(|c| c.is_alphanumeric() || c == '_'));
        let listed = self.engine.compile_expression(format!("[{}]", names.join(",")));
        let variables =
            |items: &[Expr]| items.len() == names.len() && items.iter().all(|i| matches!(i, Expr::Variable(..)));
        plain
            && listed.is_ok_and(|ast| match ast.statements() {
                [Stmt::Expr(list)] => matches!(&**list, Expr::Array(items, _) if variables(items)),
                _ => false,
            })
    }

    /// Whether scripts can use a name.
    pub fn is_usable(&self, name: &str) -> bool {
        let parsed = self.engine.compile_expression(name);
        parsed.is_ok_and(|ast| matches!(ast.statements(), [Stmt::Expr(e)] if matches!(**e, Expr::Variable(..))))
    }

    /// Adds the helpers of a file.
    pub fn add_helpers(&mut self, file: usize, layer: usize, text: &str) -> Vec<(Position, Mistake)> {
        let ast = match self.parse(text) {
            Ok(script) => script.ast,
            Err(mistake) => return vec![mistake],
        };
        let loose = ast.statements().iter().find(|stmt| !matches!(stmt, Stmt::Noop(_)));
        let mut mistakes: Vec<(Position, Mistake)> = loose
            .map(|stmt| {
                let why = "a helper file holds functions only".into();
                (place(stmt.position()), Mistake::Misplaced { key: "this statement".into(), why })
            })
            .into_iter()
            .collect();
        for function in ast.iter_functions() {
            let taken = self
                .helpers
                .iter()
                .any(|(_, l, ast)| *l == layer && has_function(ast, function.name, function.params.len()));
            if taken || language::FUNCTIONS.contains(&function.name) {
                let at = definition(text, function.name, function.params.len());
                mistakes.push((at, Mistake::Duplicate { what: "function", name: function.name.to_owned() }));
            }
        }
        mistakes.extend(Found::of(&ast).free.into_iter().map(|(name, at)| (place(at), Mistake::HelperScope { name })));
        mistakes.sort_by_key(|(at, _)| *at);
        self.helpers.push((file, layer, ast));
        mistakes
    }

    /// Parses a script or a helper file.
    pub fn parse(&self, text: &str) -> Result<Script, (Position, Mistake)> {
        if text.len() > MAX_LENGTH {
            let message = format!("it has more than {MAX_LENGTH} bytes");
            let help = "split it into several rules or helper files".to_owned();
            return Err((Position { line: 1, column: 1 }, Mistake::ScriptSyntax { message, help }));
        }
        self.engine.compile(text).map(|ast| Script { ast }).map_err(|error| syntax(&error, text))
    }
}

/// Where a function's name stands in its file, which the tree does not keep.
fn definition(text: &str, name: &str, arity: usize) -> Position {
    let source = Source { name: String::new(), text: text.to_owned() };
    let starts = text.match_indices(name).filter(|(at, _)| text[..*at].trim_end().ends_with("fn"));
    let arity_of = |at: usize| {
        let params = text[at..].split_once('(').and_then(|(_, rest)| rest.split_once(')')).unwrap_or_default().0;
        params.split(',').filter(|param| !param.trim().is_empty()).count()
    };
    let own = starts
        .map(|(at, _)| at)
        .find(|at| text[at + name.len()..].trim_start().starts_with('(') && arity_of(*at) == arity);
    source.position(own.unwrap_or(0))
}

/// The statements of a function. The type of its body has no public name; a walk over a tree that holds only this
/// function is the way to them. (`clone_functions_only_filtered` keeps every function.)
pub fn body_of(ast: &AST, name: &str, arity: usize) -> Vec<Stmt> {
    let mut only = ast.clone_functions_only();
    only.retain_functions(|_, _, n, params| n == name && params == arity);
    let mut body = Vec::new();
    only.walk(&mut |path: &[ASTNode]| {
        if let [ASTNode::Stmt(stmt)] = path {
            body.push((*stmt).clone());
        }
        true
    });
    body
}

/// Whether a tree holds a function.
pub fn has_function(ast: &AST, name: &str, arity: usize) -> bool {
    ast.iter_functions().any(|function| function.name == name && function.params.len() == arity)
}

/// Whether a tree holds functions other than closures.
pub fn has_named_functions(ast: &AST) -> bool {
    ast.iter_functions().any(|function| !function.name.starts_with("anon$"))
}

/// Finds the names of a script that runs in Rhai: facts and settings it uses, names that stand for nothing, and locals
/// that would hide behind a fact.
pub fn name_check(ast: &AST, names: Names, out: &mut Lowered) {
    let found = Found::of(ast);
    for (name, at) in found.assigned {
        if names::is_taken(&name, names) {
            out.mistakes.push(misread(at, Mistake::Assignment { name }));
        }
    }
    for (name, at) in found.bound {
        let noted = |mistake: &Mistake| matches!(mistake, Mistake::BadName { name: other, .. } if *other == name);
        if names::is_taken(&name, names) && !out.mistakes.iter().any(|misread| noted(&misread.mistake)) {
            out.mistakes.push(misread(at, names::taken(&name)));
        }
    }
    for (name, at) in found.free {
        let setting = names.settings.iter().position(|setting| setting.name == name);
        if let Some(fact) = names.dictionary.find(&name) {
            out.facts.insert(fact);
        } else if let Some(setting) = setting {
            out.settings.insert(setting);
        } else if name != "as_of" {
            out.mistakes.push(misread(at, names::unknown(&name, names)));
        }
    }
}

fn misread(at: RhaiPosition, mistake: Mistake) -> Misread {
    Misread { helper: None, at: Some(place(at)), mistake, about: Vec::new(), called: None }
}

/// The names of a tree.
#[derive(Default)]
struct Found {
    /// Locals and parameters, with their places where the tree keeps them.
    bound: Vec<(String, RhaiPosition)>,
    /// Names that are read and bound nowhere, or that are facts and settings all the same.
    free: Vec<(String, RhaiPosition)>,
    /// Names that are given another value.
    assigned: Vec<(String, RhaiPosition)>,
}

impl Found {
    fn of(ast: &AST) -> Found {
        let mut found = Found::default();
        // What a closure captures leads its parameters.
        let mut captured: HashMap<String, usize> = HashMap::new();
        ast.walk(&mut |path: &[ASTNode]| {
            match path.last() {
                Some(ASTNode::Stmt(statement)) => found.statement(statement),
                Some(ASTNode::Expr(Expr::Variable(name, _, at))) => found.free.push((name.1.to_string(), *at)),
                Some(ASTNode::Expr(Expr::Custom(custom, _))) => found.custom(&custom.inputs),
                Some(ASTNode::Expr(Expr::FnCall(call, _))) if call.name == "curry" => {
                    let closure = call.args.first().and_then(closure_name);
                    captured.extend(closure.map(|closure| (closure, call.args.len() - 1)));
                }
                _ => {}
            }
            true
        });
        for function in ast.iter_functions() {
            let own = captured.get(function.name).copied().unwrap_or(0);
            let params = function.params.into_iter().skip(own);
            found.bound.extend(params.map(|name| (name.to_owned(), RhaiPosition::NONE)));
        }
        let bound: BTreeSet<String> = found.bound.iter().map(|(name, _)| name.clone()).collect();
        found.free.retain(|(name, _)| !bound.contains(name));
        found.free.sort();
        found.free.dedup();
        found
    }

    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Var(var, ..) => self.bound.push((var.0.name.to_string(), var.0.pos)),
            Stmt::For(parts, ..) => {
                let names = std::iter::once(&parts.0).chain(&parts.1);
                self.bound.extend(names.map(|name| (name.name.to_string(), name.pos)));
            }
            Stmt::Assignment(parts) => {
                if let Expr::Variable(name, ..) = &parts.1.lhs {
                    self.assigned.push((name.1.to_string(), parts.0.position()));
                }
            }
            Stmt::TryCatch(flow, ..) => {
                if let Expr::Variable(name, _, at) = &flow.expr {
                    self.bound.push((name.1.to_string(), *at));
                }
            }
            _ => {}
        }
    }

    fn custom(&mut self, inputs: &[Expr]) {
        self.free.extend(inputs.iter().filter_map(|input| match input {
            Expr::Variable(name, _, at) => Some((name.1.to_string(), *at)),
            _ => None,
        }));
    }
}

/// Functions of Rhai that hand each member of a list to a closure.
const EACH: [&str; 9] = ["all", "count", "filter", "find", "find_map", "for_each", "map", "retain", "some"];

/// The names that a script binds, each with the list whose members it holds, where that is all it holds.
pub fn bound(ast: &AST) -> HashMap<String, Option<String>> {
    let mut members: Vec<(String, String)> = Vec::new();
    ast.walk(&mut |path: &[ASTNode]| {
        match path.last() {
            Some(ASTNode::Stmt(Stmt::For(parts, ..))) => {
                if let Expr::Variable(list, ..) = &parts.2.expr {
                    members.push((parts.0.name.to_string(), list.1.to_string()));
                }
            }
            Some(ASTNode::Expr(Expr::Dot(pair, ..))) => members.extend(each(ast, &pair.lhs, &pair.rhs)),
            _ => {}
        }
        true
    });
    let mut names: HashMap<String, Option<String>> = HashMap::new();
    let bound = Found::of(ast).bound;
    for (name, _) in &bound {
        let times = bound.iter().filter(|(other, _)| other == name).count();
        let lists: Vec<&String> = members.iter().filter(|(member, _)| member == name).map(|(_, list)| list).collect();
        let alike = lists.len() == times && lists.windows(2).all(|pair| pair[0] == pair[1]);
        names.insert(name.clone(), lists.first().filter(|_| alike).map(|list| (*list).clone()));
    }
    names
}

/// The parameter of a closure that is handed the members of a list, and the list.
fn each(ast: &AST, list: &Expr, call: &Expr) -> Option<(String, String)> {
    let call = match call {
        Expr::Dot(pair, ..) => &pair.lhs,
        call => call,
    };
    let (Expr::Variable(list, ..), Expr::MethodCall(call, _)) = (list, call) else { return None };
    let closure = closure_name(call.args.first()?).filter(|_| EACH.contains(&call.name.as_str()))?;
    let function = ast.iter_functions().find(|function| function.name == closure)?;
    Some(((*function.params.last()?).to_owned(), list.1.to_string()))
}

/// Every expression of a script, closures included.
pub fn expressions(ast: &AST) -> Vec<Expr> {
    let mut found = Vec::new();
    ast.walk(&mut |path: &[ASTNode]| {
        // What follows an index is read from what it gives: of `xs[0].name` the tree holds `0.name`.
        let indexed = |expr: &Expr| matches!(path.iter().rev().nth(1), Some(ASTNode::Expr(Expr::Index(pair, ..))) if std::ptr::eq(&pair.rhs, expr));
        match path.last() {
            Some(ASTNode::Expr(expr @ (Expr::Dot(..) | Expr::Index(..)))) if indexed(expr) => {}
            Some(ASTNode::Expr(expr)) => found.push((*expr).clone()),
            _ => {}
        }
        true
    });
    found
}

/// The function behind a closure, curried or not.
pub fn closure_name(closure: &Expr) -> Option<String> {
    match closure {
        Expr::DynamicConstant(value, _) => Some(value.clone().try_cast::<rhai::FnPtr>()?.fn_name().to_owned()),
        Expr::Stmt(block) => match block.statements() {
            [Stmt::Share(_), Stmt::Expr(expr)] => match &**expr {
                Expr::FnCall(call, _) if call.name == "curry" => closure_name(call.args.first()?),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// A field as it is written: `m.route`.
pub fn field_of(expr: &Expr) -> String {
    match expr {
        Expr::Dot(pair, ..) => format!("{}.{}", field_of(&pair.lhs), field_of(&pair.rhs)),
        Expr::Variable(name, ..) => name.1.to_string(),
        Expr::Property(name, ..) => name.2.to_string(),
        _ => "…".to_owned(),
    }
}

/// What people call a statement that the IR has no place for.
pub fn construct(statement: &Stmt) -> &'static str {
    match statement {
        Stmt::Switch(..) => "`switch`",
        Stmt::While(..) | Stmt::Do(..) | Stmt::For(..) | Stmt::BreakLoop(..) => "a loop",
        Stmt::Assignment(_) => "an assignment",
        Stmt::TryCatch(..) => "`try`",
        Stmt::Return(..) => "`return` or `throw`",
        Stmt::If(..) => "`if` as a statement",
        _ => "several statements in a row",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shape of a script's tree, without hashes.
    fn shape(text: &str) -> String {
        let ast = Reader::new().engine.compile(text).expect(text);
        let [statement] = ast.statements() else { panic!("{text} is not one statement") };
        let shown = format!("{statement:?}");
        let mut parts = shown.split("hash: ");
        let mut shape = parts.next().unwrap_or_default().to_owned();
        parts.for_each(|part| shape += part.split_once("name: ").map_or(part, |(_, rest)| rest));
        let mut parts = shape.split("anon$");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |shape, part| shape + "anon" + part.trim_start_matches(|c: char| c.is_ascii_hexdigit()))
    }

    /// What lowering relies on and no version of Rhai promises.
    #[test]
    fn trees_have_the_shapes_that_lowering_reads() {
        for (text, expected) in [
            ("a && b && c", "Expr(And(Variable(a) @ 1:1, Variable(b) @ 1:6, Variable(c) @ 1:11) @ 1:3)"),
            ("true || a", "Expr(Or(true @ 1:1, Variable(a) @ 1:9) @ 1:6)"),
            ("(1 + 2)", "Expr(FnCallExpr { \"+\", args: [1 @ 1:2, 2 @ 1:6], op_token: Some(Plus) } @ 1:4)"),
            ("-a", "Expr(FnCallExpr { \"-\", args: [Variable(a) @ 1:2], op_token: Some(Minus) } @ 1:1)"),
            (
                "a < 2.5",
                "Expr(FnCallExpr { \"<\", args: [Variable(a) @ 1:1, 2.5 @ 1:5], op_token: Some(LessThan) } @ 1:3)",
            ),
            ("x in y", "Expr(FnCallExpr { \"contains\", args: [Variable(y) @ 1:6, Variable(x) @ 1:1] } @ 1:3)"),
            (
                "x !in y",
                "Expr(FnCallExpr { \"!\", args: [FnCallExpr { \"contains\", args: [Variable(y) @ 1:7, Variable(x) @ 1:1], \
                 op_token: Some(NotIn) } @ 1:3], op_token: Some(Bang) } @ 1:3)",
            ),
            (
                "a.b.f(1)",
                "Expr(Dot { lhs: Variable(a) @ 1:1, rhs: Dot { lhs: Property(b) @ 1:3, rhs: \
                 MethodCall(FnCallExpr { \"f\", args: [1 @ 1:7] }) @ 1:5 } @ 1:4 } @ 1:2)",
            ),
            ("a?.b", "Expr(Dot { lhs: Variable(a) @ 1:1, rhs: Property(b) @ 1:4, options: NEGATED } @ 1:2)"),
            ("f(1)", "Expr(FnCallExpr { \"f\", args: [1 @ 1:3] } @ 1:1)"),
            (
                "!(if a { 1 } else { 2 })",
                "Expr(FnCallExpr { \"!\", args: [ExprStmtBlock[If(FlowControl { expr: Variable(a) @ 1:6, \
                 body: Block[Expr(1 @ 1:10)] @ 1:8-12, branch: Block[Expr(2 @ 1:21)] @ 1:19-23 }, 1:3)] @ 1:3], \
                 op_token: Some(Bang) } @ 1:1)",
            ),
            ("let x = 1", "Var((\"x\" @ 1:5, 1 @ 1:9, None), , 1:1)"),
            ("f(|x| x)", "Expr(FnCallExpr { \"f\", args: [Fn*(\"anon\") @ 1:3] } @ 1:1)"),
            (
                "f(|x| x == n)",
                "Expr(FnCallExpr { \"f\", args: [ExprStmtBlock[Share([(\"n\" @ 1:12, None)]), \
                 Expr(FnCallExpr { \"curry\", args: [Fn*(\"anon\") @ 1:3, Variable(n) @ 1:12] } @ 1:3)] @ 1:3] } @ 1:1)",
            ),
            (
                "date_of(a)",
                "Expr(Custom(CustomExpr { inputs: [Variable(a) @ 1:9], tokens: [\"date_of\", \"(\", \"$ident$\", \")\"], \
                 state: (), scope_may_be_changed: false, self_terminated: false }) @ 1:1)",
            ),
        ] {
            assert_eq!(shape(text), expected, "{text}");
        }
    }

    #[test]
    fn a_body_is_that_of_the_function_alone() {
        let ast =
            Reader::new().engine.compile("fn f(x) { x } fn g(x) { 1 } fn f(x, y) { 2 }").expect("three functions");
        for (name, arity, body) in
            [("f", 1, "Expr(Variable(x #1) @ 1:11)"), ("g", 1, "Expr(1 @ 1:25)"), ("f", 2, "Expr(2 @ 1:42)")]
        {
            assert_eq!(format!("{:?}", body_of(&ast, name, arity)), format!("[{body}]"));
        }
    }
}
