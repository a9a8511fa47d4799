//! What a change of a pack means, in words: what was written otherwise, what rules come to, and for whom the verdict
//! changes. For people, for a pull request, and for programs.

use std::io::{self, Write};

use serde::Serialize;

use crate::analysis::changes::Change;
use crate::analysis::cohort::Flip;
use crate::analysis::compare::{Comparison, Finding};
use crate::engine::decide::{Decision, Outcome};

/// Everything that is told of a change.
#[derive(Clone, Debug)]
pub struct Told<'t> {
    /// The packs as they were named.
    pub packs: [&'t str; 2],
    /// The day that stands for today.
    pub as_of: String,
    /// What was written otherwise.
    pub changes: &'t [Change],
    /// What it means.
    pub comparison: &'t Comparison,
    /// How many referrals were screened with both, and whose verdict changed.
    pub cohort: Option<(usize, &'t [Flip])>,
}

/// So many ways are shown in which a rule comes to something else; the others are named.
const SHOWN: usize = 2;

/// The parts of a report, each a heading and its lines; some lines are of a referral.
enum Line {
    Heading(String),
    Text(String),
    Referral(String),
}

impl Told<'_> {
    fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        self.written(&mut lines);
        self.meaning(&mut lines);
        self.verdicts(&mut lines);
        self.flips(&mut lines);
        if !self.comparison.beyond.is_empty() {
            lines.push(Line::Heading(
                "Out of reach (taken for anything, so that what is proved holds all the same)".to_owned(),
            ));
            lines.extend(self.comparison.beyond.iter().map(|why| Line::Text(why.clone())));
        }
        lines
    }

    fn written(&self, lines: &mut Vec<Line>) {
        lines.push(Line::Heading("What was written otherwise".to_owned()));
        if self.changes.is_empty() {
            lines.push(Line::Text("nothing".to_owned()));
        }
        for change in self.changes {
            let told = format!("{} `{}`: {}", change.kind, change.name, change.what);
            lines.push(Line::Text(match (&change.old, &change.new) {
                (Some(old), Some(new)) => format!("{told}: {old} -> {new}"),
                _ => told,
            }));
        }
    }

    fn meaning(&self, lines: &mut Vec<Line>) {
        lines.push(Line::Heading("What rules come to".to_owned()));
        for rule in &self.comparison.rules {
            for (was, is, finding) in rule.changes.iter().take(SHOWN) {
                push(lines, format!("`{}`: {} -> {}", rule.id, outcome(*was), outcome(*is)), finding);
            }
            let more: Vec<String> = rule
                .changes
                .iter()
                .skip(SHOWN)
                .map(|(was, is, _)| format!("{} -> {}", outcome(*was), outcome(*is)))
                .collect();
            if !more.is_empty() {
                lines.push(Line::Text(format!("`{}`: also {}", rule.id, more.join(", "))));
            }
        }
        let touched: Vec<&Change> = self
            .changes
            .iter()
            .filter(|change| change.kind == "rule" && ["script", "guard"].contains(&change.what.as_str()))
            .collect();
        let mut said: Vec<&str> = Vec::new();
        for change in touched.iter().filter(|change| self.comparison.same.contains(&change.name)) {
            if !said.contains(&change.name.as_str()) {
                said.push(&change.name);
                lines.push(Line::Text(format!(
                    "`{}`: written otherwise, and the same for every patient (proved)",
                    change.name
                )));
            }
        }
        let same = self.comparison.same.len();
        lines.push(Line::Text(match (self.comparison.rules.len(), same) {
            (0, _) => format!("every rule of both packs comes to the same for every patient (proved for {same})"),
            (_, 1) => "the other rule of both packs comes to the same for every patient (proved)".to_owned(),
            _ => format!("the other {same} rules of both packs come to the same for every patient (proved)"),
        }));
    }

    fn verdicts(&self, lines: &mut Vec<Line>) {
        lines.push(Line::Heading("Verdicts that can change".to_owned()));
        for (was, is, finding) in &self.comparison.verdicts {
            push(lines, format!("{} -> {}", was.word(), is.word()), finding);
        }
        lines.push(Line::Text(match self.comparison.verdicts.is_empty() {
            true => "none: every patient has the same verdict under both (proved)".to_owned(),
            false => "no verdict changes in any other way (proved)".to_owned(),
        }));
    }

    fn flips(&self, lines: &mut Vec<Line>) {
        let Some((screened, flips)) = self.cohort else { return };
        lines.push(Line::Heading(format!("Referrals whose verdict changes: {} of {screened}", flips.len())));
        for (was, is, by, who) in grouped(flips) {
            let by = if by.is_empty() { "facts that are read otherwise".to_owned() } else { by.join(", ") };
            lines.push(Line::Text(format!(
                "{} -> {}: {} by {by}: {}",
                was.word(),
                is.word(),
                who.len(),
                who.join(", ")
            )));
        }
    }
}

/// Flips by what changes, and by which rules.
fn grouped(flips: &[Flip]) -> Vec<(Decision, Decision, &[String], Vec<&str>)> {
    let mut groups: Vec<(Decision, Decision, &[String], Vec<&str>)> = Vec::new();
    for flip in flips {
        let same = |group: &&mut (Decision, Decision, &[String], Vec<&str>)| {
            (group.0, group.1, group.2) == (flip.was, flip.is, &flip.by[..])
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.3.push(&flip.who),
            None => groups.push((flip.was, flip.is, &flip.by, vec![&flip.who])),
        }
    }
    groups
}

fn push(lines: &mut Vec<Line>, told: String, finding: &Finding) {
    match finding {
        Finding::Can(witness) => {
            let nothing = witness.facts.is_empty();
            lines.push(Line::Text(format!(
                "{told}, {}",
                if nothing { "for a patient of whom nothing is known" } else { "for instance for this patient" }
            )));
            lines.extend((!nothing).then(|| Line::Referral(witness.toml())));
        }
        Finding::Undecided => lines.push(Line::Text(format!(
            "{told}: undecided; nobody was found, and it is not proved that there is nobody"
        ))),
        Finding::Cannot => {}
    }
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Fires => "fires",
        Outcome::Clear | Outcome::NotApplicable => "clear",
        Outcome::Unknown | Outcome::Fault => "unknown",
    }
}

/// Writes the report for people.
pub fn text(told: &Told, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{} -> {}, as of {}", told.packs[0], told.packs[1], told.as_of)?;
    for line in told.lines() {
        match line {
            Line::Heading(heading) => writeln!(out, "\n{heading}")?,
            Line::Text(text) => writeln!(out, "  - {}", super::plain::plain(&text))?,
            Line::Referral(referral) => {
                for line in referral.lines().filter(|line| line.contains(" = ") && !line.starts_with("as_of")) {
                    writeln!(out, "        {}", super::plain::plain(line))?;
                }
            }
        }
    }
    Ok(())
}

/// Writes the report as Markdown, to paste into a pull request.
pub fn markdown(told: &Told, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "## `{}` -> `{}`\n\nAs of {}.", told.packs[0], told.packs[1], told.as_of)?;
    for line in told.lines() {
        match line {
            Line::Heading(heading) => writeln!(out, "\n### {heading}\n")?,
            Line::Text(text) => writeln!(out, "- {}", super::plain::plain(&text))?,
            Line::Referral(referral) => {
                writeln!(out, "\n  ```toml")?;
                for line in referral.lines().filter(|line| !line.is_empty()) {
                    writeln!(out, "  {}", super::plain::plain(line))?;
                }
                writeln!(out, "  ```\n")?;
            }
        }
    }
    Ok(())
}

#[derive(Serialize)]
struct Json<'t> {
    schema: &'static str,
    old: &'t str,
    new: &'t str,
    as_of: &'t str,
    changes: &'t [Change],
    rules: Vec<Moved<'t>>,
    same: &'t [String],
    verdicts: Vec<Moved<'t>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cohort: Option<Cohort<'t>>,
    out_of_reach: &'t [String],
}

#[derive(Serialize)]
struct Moved<'t> {
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'t str>,
    was: &'static str,
    is: &'static str,
    /// `shown` with a referral, or `undecided`.
    finding: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    referral: Option<String>,
}

#[derive(Serialize)]
struct Cohort<'t> {
    screened: usize,
    flips: Vec<Flipped<'t>>,
}

#[derive(Serialize)]
struct Flipped<'t> {
    who: &'t str,
    was: &'static str,
    is: &'static str,
    by: &'t [String],
}

/// Writes the report for programs.
pub fn json(told: &Told, out: &mut impl Write) -> io::Result<()> {
    let of = |rule, was, is, finding: &Finding| Moved {
        rule,
        was,
        is,
        finding: if matches!(finding, Finding::Can(_)) { "shown" } else { "undecided" },
        referral: if let Finding::Can(witness) = finding { Some(witness.toml()) } else { None },
    };
    let comparison = told.comparison;
    let rules = comparison.rules.iter().flat_map(|rule| {
        rule.changes
            .iter()
            .map(move |(was, is, finding)| of(Some(rule.id.as_str()), outcome(*was), outcome(*is), finding))
    });
    let verdicts = comparison.verdicts.iter().map(|(was, is, finding)| of(None, was.word(), is.word(), finding));
    let cohort = told.cohort.map(|(screened, flips)| Cohort {
        screened,
        flips: flips
            .iter()
            .map(|flip| Flipped { who: &flip.who, was: flip.was.word(), is: flip.is.word(), by: &flip.by })
            .collect(),
    });
    let all = Json {
        schema: "candidacy/diff/1",
        old: told.packs[0],
        new: told.packs[1],
        as_of: &told.as_of,
        changes: told.changes,
        rules: rules.collect(),
        same: &comparison.same,
        verdicts: verdicts.collect(),
        cohort,
        out_of_reach: &comparison.beyond,
    };
    super::json::object(&all, out)
}
