//! Rhai's syntax tree: scripts and helpers read into it, and what is asked of it. Together with its parent this is the
//! only place that knows the tree.

use std::collections::BTreeSet;

use rhai::{AST, ASTNode, Engine, Expr, OptimizationLevel, Position as RhaiPosition, Stmt};

use crate::input::source::Position;
use crate::pack::language;
use crate::pack::mistake::Mistake;
use crate::pack::names::{self, Lowered, Names};

/// How deeply expressions may nest, in every build.
pub const MAX_DEPTH: usize = 48;
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

    /// Whether scripts can use a name.
    pub fn is_usable(&self, name: &str) -> bool {
        let parsed = self.engine.compile_expression(name);
        parsed.is_ok_and(|ast| matches!(ast.statements(), [Stmt::Expr(e)] if matches!(**e, Expr::Variable(..))))
    }

    /// Adds the helpers of a file.
    pub fn add_helpers(&mut self, file: usize, layer: usize, text: &str) -> Vec<(Position, Mistake)> {
        let ast = match self.engine.compile(text) {
            Ok(ast) => ast,
            Err(error) => return vec![syntax(&error)],
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
            let body = body_of(&ast, function.name, function.params.len());
            let taken = self
                .helpers
                .iter()
                .any(|(_, l, ast)| *l == layer && has_function(ast, function.name, function.params.len()));
            if taken || language::FUNCTIONS.contains(&function.name) {
                let at = body.first().map_or(Position { line: 1, column: 1 }, |stmt| place(stmt.position()));
                mistakes.push((at, Mistake::Duplicate { what: "function", name: function.name.to_owned() }));
            }
        }
        self.helpers.push((file, layer, ast));
        mistakes
    }

    /// Parses a script.
    pub fn parse(&self, text: &str) -> Result<Script, (Position, Mistake)> {
        self.engine.compile(text).map(|ast| Script { ast }).map_err(|error| syntax(&error))
    }
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

/// A mistake of the parser and its place.
pub fn syntax(error: &rhai::ParseError) -> (Position, Mistake) {
    let rhai::ParseError(kind, at) = error;
    (place(*at), Mistake::ScriptSyntax(kind.to_string()))
}

/// A place in a script.
pub fn place(at: RhaiPosition) -> Position {
    Position { line: at.line().unwrap_or(1), column: at.position().unwrap_or(1).max(1) }
}

/// Finds the names of a script that runs in Rhai: facts and settings it uses, and names that stand for nothing.
pub fn name_check(ast: &AST, names: Names, out: &mut Lowered) {
    let mut locals: BTreeSet<String> =
        ast.iter_functions().flat_map(|f| f.params.into_iter().map(String::from)).collect();
    let mut used: Vec<(String, RhaiPosition)> = Vec::new();
    ast.walk(&mut |path: &[ASTNode]| {
        match path.last() {
            Some(ASTNode::Stmt(Stmt::Var(var, ..))) => {
                locals.insert(var.0.name.to_string());
            }
            Some(ASTNode::Stmt(Stmt::For(parts, ..))) => {
                locals.insert(parts.0.name.to_string());
                locals.extend(parts.1.iter().map(|counter| counter.name.to_string()));
            }
            Some(ASTNode::Stmt(Stmt::TryCatch(flow, ..))) => {
                if let Expr::Variable(name, ..) = &flow.expr {
                    locals.insert(name.1.to_string());
                }
            }
            Some(ASTNode::Expr(Expr::Variable(name, _, at))) => used.push((name.1.to_string(), *at)),
            Some(ASTNode::Expr(Expr::Custom(custom, _))) => {
                used.extend(custom.inputs.iter().filter_map(|input| match input {
                    Expr::Variable(name, _, at) => Some((name.1.to_string(), *at)),
                    _ => None,
                }));
            }
            _ => {}
        }
        true
    });
    for (name, at) in used {
        let setting = names.settings.iter().position(|setting| setting.name == name);
        if let Some(fact) = names.dictionary.find(&name) {
            out.facts.insert(fact);
        } else if let Some(setting) = setting {
            out.settings.insert(setting);
        } else if !locals.contains(&name) && name != "as_of" {
            out.mistakes.push((None, place(at), names::unknown(&name, names)));
        }
    }
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
