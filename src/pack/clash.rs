//! Conditions that no patient can meet together, in words: the reason why a rule never fires, or why rules leave nobody
//! to treat.

/// Conditions that cannot hold together, and what keeps them from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The conditions as scripts; without any one of them the others can hold.
    pub parts: Vec<Asked>,
    /// The conflicts but for which they could hold: when each is found, as a script.
    pub conflicts: Vec<String>,
    /// The facts but for whose limits they could hold, with what the dictionary accepts.
    pub limits: Vec<(String, String)>,
}

/// A condition that has to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The condition, as a script.
    pub text: String,
    /// Whether it stands in a guard.
    pub guard: bool,
}

impl Clash {
    /// What cannot hold, and why.
    pub fn show(&self) -> String {
        let part = |part: &Asked| match part.guard {
            true => format!("`{}` in the guard", part.text),
            false => format!("`{}`", part.text),
        };
        let parts: Vec<String> = self.parts.iter().map(part).collect();
        let together = match parts.len() {
            1 => "hold",
            2 => "both hold",
            _ => "all hold",
        };
        let because: Vec<String> = self.limits.iter().map(|(fact, range)| format!("`{fact}` is {range}")).collect();
        let because = if because.is_empty() { String::new() } else { format!(", since {}", listed(&because, "and")) };
        format!("{} cannot {together}{because}{}", listed(&parts, "and"), self.found())
    }

    fn found(&self) -> String {
        let quoted: Vec<String> = self.conflicts.iter().map(|when| format!("`{when}`")).collect();
        match &quoted[..] {
            [] => String::new(),
            [only] => format!(" where the conflict {only} is not found, and where it is they are in doubt"),
            all => format!(
                " where none of the conflicts {} is found, and where one is they are in doubt",
                listed(all, "and")
            ),
        }
    }

    /// Whether a guard takes part in it.
    pub fn is_of_guard(&self) -> bool {
        self.parts.iter().any(|part| part.guard)
    }
}

/// Several things in a row: `a, b and c`.
pub fn listed(all: &[String], last: &str) -> String {
    match all {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., end] => format!("{} {last} {end}", most.join(", ")),
    }
}
