//! Names that other languages have for functions of this one.

const FUNCTIONS: [(&str, &str); 22] = [
    ("any", "`list.some(|x| …)`"),
    ("exists", "`list.some(|x| …)`"),
    ("has", "`list.some(|x| …)`"),
    ("every", "`list.all(|x| …)`"),
    ("forall", "`list.all(|x| …)`"),
    ("none", "`!list.some(|x| …)`"),
    ("includes", "`x in list`"),
    ("one_of", "`x in [\"a\", \"b\"]`"),
    ("length", "`list.count(|x| …)`"),
    ("size", "`list.count(|x| …)`"),
    ("isa", "`x.is_a(\"class\")`"),
    ("instanceof", "`x.is_a(\"class\")`"),
    ("age", "`years_since(birth_date)`"),
    ("years", "`years_since(date)`"),
    ("days", "`days_since(date)`"),
    ("days_ago", "`days_since(date)`"),
    ("today", "`as_of`"),
    ("now", "`as_of`"),
    ("is_unknown", "the condition alone: a rule whose facts are unknown is unknown by itself"),
    ("is_known", "the condition alone: a rule whose facts are unknown is unknown by itself"),
    ("known", "the condition alone: a rule whose facts are unknown is unknown by itself"),
    ("is_null", "the condition alone: a rule whose facts are unknown is unknown by itself"),
];

/// What to write instead of a function of another language.
pub fn instead(name: &str) -> Option<&'static str> {
    FUNCTIONS.iter().find(|(other, _)| *other == name).map(|(_, own)| *own)
}
