//! What fixtures show of a pack as an LCOV tracefile, which coverage services read: a function and a line a rule, and a
//! branch for everything that some patient can show.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::author::cover::case::State;
use crate::author::cover::{Coverage, RuleCover};

/// Where the script of a rule stands: the file, and the line from 1.
pub type Places = BTreeMap<String, (String, usize)>;

/// Writes it, with where the rules stand. What is proved impossible is no branch.
pub fn write(coverage: &Coverage, places: &Places, out: &mut impl Write) -> io::Result<()> {
    let mut files: BTreeMap<&str, Vec<(usize, &RuleCover)>> = BTreeMap::new();
    for rule in &coverage.rules {
        if let Some((file, line)) = places.get(&rule.rule) {
            files.entry(file).or_default().push((*line, rule));
        }
    }
    for (file, mut rules) in files {
        rules.sort_by_key(|(line, _)| *line);
        writeln!(out, "TN:{}\nSF:{file}", coverage.pack.id.replace(|c: char| !c.is_ascii_alphanumeric(), "_"))?;
        rules.iter().try_for_each(|(line, rule)| writeln!(out, "FN:{line},{}", rule.rule))?;
        rules.iter().try_for_each(|(_, rule)| writeln!(out, "FNDA:{},{}", rule.fires, rule.rule))?;
        let hit = rules.iter().filter(|(_, rule)| rule.fires > 0).count();
        writeln!(out, "FNF:{}\nFNH:{hit}", rules.len())?;
        let (mut found, mut shown) = (0, 0);
        for (block, (line, rule)) in rules.iter().enumerate() {
            let possible = rule.cases.iter().filter(|case| case.state != State::Impossible);
            for (branch, case) in possible.enumerate() {
                let taken = if let State::Shown { times, .. } = case.state { times } else { 0 };
                found += 1;
                shown += usize::from(taken > 0);
                writeln!(out, "BRDA:{line},{block},{branch},{taken}")?;
            }
        }
        writeln!(out, "BRF:{found}\nBRH:{shown}")?;
        let asked = |rule: &RuleCover| rule.fires + rule.clear + rule.unknown;
        rules.iter().try_for_each(|(line, rule)| writeln!(out, "DA:{line},{}", asked(rule)))?;
        let hit = rules.iter().filter(|(_, rule)| asked(rule) > 0).count();
        writeln!(out, "LF:{}\nLH:{hit}\nend_of_record", rules.len())?;
    }
    Ok(())
}
