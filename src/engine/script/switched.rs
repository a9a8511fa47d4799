//! What a script's `switch` is on. Rhai takes the last branch for a term, a date or a list without a word, so values
//! under these names are looked at before they are let through.

use std::collections::BTreeSet;

use rhai::{AST, ASTNode, Expr, Stmt};

/// Names of variables and fields.
pub type Switched = BTreeSet<String>;

/// The names of variables and fields that a `switch` of a script is on. Rhai takes the last branch for a term, date or
/// list without a word, so whatever else might give one is refused.
pub fn switched(ast: &AST) -> Result<Switched, String> {
    let mut found = Ok(BTreeSet::new());
    ast.walk(&mut |path: &[ASTNode]| {
        if let (Some(ASTNode::Stmt(Stmt::Switch(switch, _))), Ok(names)) = (path.last(), &mut found) {
            match subject(&switch.0) {
                Subject::Named(name) => {
                    names.insert(name);
                }
                Subject::Plain => {}
                Subject::Other => {
                    found = Err("`switch` takes a name, a field or a calculation; give it a name with `let`".to_owned())
                }
            }
        }
        true
    });
    found
}

enum Subject {
    Named(String),
    Plain,
    Other,
}

/// Functions that give whole numbers, numbers or conditions, whatever they are given.
const PLAIN: [&str; 15] = [
    "is_a",
    "some",
    "all",
    "count",
    "contains",
    "years_since",
    "days_since",
    "days_until",
    "days_between",
    "is_empty",
    "between",
    "abs",
    "len",
    "to_string",
    "to_int",
];

fn subject(expr: &Expr) -> Subject {
    let of_call = |name: &str| if PLAIN.contains(&name) { Subject::Plain } else { Subject::Other };
    match expr {
        Expr::Variable(name, ..) => Subject::Named(name.1.to_string()),
        Expr::Dot(pair, ..) => subject(&pair.rhs),
        Expr::Property(name, _) => Subject::Named(name.2.to_string()),
        Expr::FnCall(call, _) if call.op_token.is_some() => Subject::Plain,
        Expr::FnCall(call, _) | Expr::MethodCall(call, _) => of_call(&call.name),
        Expr::And(..) | Expr::Or(..) => Subject::Plain,
        constant if constant.is_constant() => Subject::Plain,
        _ => Subject::Other,
    }
}
