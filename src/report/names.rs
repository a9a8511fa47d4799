//! Many names in few words.

/// The first of many names; all of them where only one would be left.
pub fn few(names: &[&str], most: usize) -> String {
    if names.len() <= most + 1 {
        return match names {
            [] => "nothing".into(),
            [one] => (*one).to_owned(),
            [before @ .., last] => format!("{} and {last}", before.join(", ")),
        };
    }
    format!("{} and {} more", names[..most].join(", "), names.len() - most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_names_stand_for_many() {
        for (names, words) in
            [(&["a"][..], "a"), (&["a", "b", "c"], "a, b and c"), (&["a", "b", "c", "d"], "a, b and 2 more")]
        {
            assert_eq!(few(names, 2), words);
        }
    }
}
