//! Names as record systems write them. `24 HR metoprolol succinate 50 MG Extended Release Oral Tablet [Toprol]` is a
//! product, and rules speak of ingredients; SNOMED CT ends its full names with a kind: `Pneumonia (disorder)`.

use crate::model::vocabulary::Vocabulary;

/// The kinds that end full names of SNOMED CT and are no part of what people say.
const KINDS: [&str; 7] =
    [" (disorder)", " (finding)", " (situation)", " (procedure)", " (event)", " (product)", " (substance)"];

/// The names of the ingredients of a product, as far as the vocabulary holds them; else the name as it stands. What is
/// not recognised stays so, and is asked for.
pub fn ingredients(name: &str, vocabulary: &Vocabulary) -> Vec<String> {
    let name = visible(name);
    if vocabulary.find(&name).is_some() {
        return vec![name];
    }
    let plain = KINDS.iter().find_map(|kind| name.strip_suffix(kind));
    if let Some(plain) = plain.filter(|plain| vocabulary.find(plain).is_some()) {
        return vec![plain.to_owned()];
    }
    let bare = name.split(" [").next().unwrap_or(&name);
    let parts: Vec<String> = bare.split(" / ").filter_map(ingredient).collect();
    let known = !parts.is_empty()
        && parts.len() == bare.split(" / ").count()
        && parts.iter().all(|part| vocabulary.find(part).is_some());
    if known { parts } else { vec![name] }
}

/// The words before the strength: `metoprolol succinate` of `24 HR metoprolol succinate 50 MG Tablet`; or before the
/// form: `anastrozole` of `anastrozole Oral Product`.
fn ingredient(part: &str) -> Option<String> {
    let mut words: Vec<&str> = part.split_whitespace().collect();
    // Some products begin with the number under which they were approved.
    if words.first().and_then(|first| first.strip_prefix("NDA")).is_some_and(is_number) {
        words.remove(0);
    }
    // How long a product works, or how much of it there is, stands before its name.
    while words.len() > 2 && is_number(words[0]) {
        words.drain(..2);
    }
    if words.len() > 2 && words.last() == Some(&"Product") {
        words.truncate(words.len() - 2);
        return Some(words.join(" "));
    }
    let name: Vec<&str> = words.iter().copied().take_while(|word| !is_number(word)).collect();
    (!name.is_empty() && name.len() < words.len()).then(|| name.join(" "))
}

fn is_number(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_digit())
}

/// The name without characters that nobody sees, such as zero-width spaces.
pub fn visible(name: &str) -> String {
    // Most names are so.
    let plain = name.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') && !name.contains("  ");
    if plain && !name.starts_with(' ') && !name.ends_with(' ') {
        return name.to_owned();
    }
    let hidden = |c: &char| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}');
    let shown: String = name.chars().filter(hidden).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::name::{Named, fold};
    use crate::model::vocabulary::{Concept, ConceptId};

    #[test]
    fn a_product_is_its_ingredients_or_stays_as_it_is() {
        let known = ["metoprolol succinate", "fluticasone propionate", "salmeterol", "prednisone", "Toprol XL"];
        let concepts = known.iter().map(|name| Concept { name: (*name).to_owned(), ..Concept::default() }).collect();
        let names: Named<ConceptId> =
            known.iter().enumerate().map(|(i, name)| (fold(name).into_owned(), ConceptId(i as u32))).collect();
        let vocabulary = Vocabulary::new("drug".to_owned(), concepts, names).expect("no cycle");
        let cases: [(&str, &[&str]); 13] = [
            ("prednisone", &["prednisone"]),
            ("Prednisone (product)", &["Prednisone"]),
            ("prednisone Oral Product", &["prednisone"]),
            ("NDA020800 0.3 ML Prednisone 1 MG/ML Auto-Injector", &["Prednisone"]),
            ("newdrug Oral Product", &["newdrug Oral Product"]),
            ("Predni\u{200b}sone 10 MG Oral Tablet", &["Prednisone"]),
            ("24 HR metoprolol succinate 50 MG Extended Release Oral Tablet [Toprol]", &["metoprolol succinate"]),
            (
                "60 ACTUAT Fluticasone propionate 0.25 MG/ACTUAT / salmeterol 0.05 MG/ACTUAT Inhaler",
                &["Fluticasone propionate", "salmeterol"],
            ),
            (
                "Fluticasone propionate 0.25 MG / newdrug 1 MG Inhaler",
                &["Fluticasone propionate 0.25 MG / newdrug 1 MG Inhaler"],
            ),
            ("Toprol XL 25 mg BID", &["Toprol XL"]),
            ("prednisone taper", &["prednisone taper"]),
            ("newdrug 5 MG", &["newdrug 5 MG"]),
            ("5 MG", &["5 MG"]),
        ];
        for (product, expected) in cases {
            assert_eq!(ingredients(product, &vocabulary), expected, "{product}");
        }
    }
}
