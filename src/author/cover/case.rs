//! Something that fixtures can show of a rule, and how it is said.

use serde::Serialize;

use crate::analysis::site::{self, Goal, Inquiry, What};
use crate::analysis::witness::Witness;
use crate::engine::decide::Outcome;
use crate::model::dictionary::Dictionary;
use crate::model::truth::Truth;
use crate::pack::ir::{Cond, Int};
use crate::pack::written;

/// The most values of a choice that are all asked for, one by one.
const FEW: usize = 4;

/// Something that can be shown of a rule.
#[derive(Clone, Debug, Serialize)]
pub struct Case {
    /// What kind of thing.
    pub kind: Kind,
    /// The condition; none if it is about the rule as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// Whether it stands in the guard.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub guard: bool,
    /// What is shown, in words.
    pub text: String,
    /// Whether it is.
    #[serde(flatten)]
    pub state: State,
    /// The goals of its rule's inquiry that it stands for; each of them shows it.
    #[serde(skip)]
    pub goals: Vec<usize>,
}

/// What kind of thing can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// What a rule comes to.
    Outcome,
    /// A condition that decides.
    Condition,
    /// A number.
    Threshold,
    /// A value or a class.
    Value,
}

/// Whether something is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum State {
    /// By a fixture, the first that does, and how many do.
    Shown {
        /// Its path within the folder.
        fixture: String,
        /// How many fixtures show it.
        times: usize,
    },
    /// By no fixture; this patient would.
    Missing {
        /// What is said of each fact.
        patient: Patient,
    },
    /// By no fixture, and neither a patient nor a proof was found.
    Undecided,
    /// By nobody.
    Impossible,
}

/// A patient who would show something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patient(pub Witness);

impl Serialize for Patient {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.facts.iter().map(|(name, value)| (name, value)))
    }
}

/// What is asked of a rule, as the goals of its inquiry that are one case. Of a choice with many values those that its
/// test does not name are one: that any of them decides says what there is to know.
pub fn asked(inquiry: &Inquiry) -> Vec<Vec<usize>> {
    let (mut cases, mut others) = (Vec::new(), Vec::new());
    for (index, goal) in inquiry.goals.iter().enumerate() {
        if is_another(inquiry, index) {
            others.push(index)
        } else {
            cases.push(vec![index])
        }
        let last = inquiry.goals.get(index + 1).is_none_or(|next| next.site != goal.site);
        if last && !others.is_empty() {
            cases.push(std::mem::take(&mut others));
        }
    }
    cases
}

/// Whether a goal asks for a value that its test does not name, of more than can be looked at one by one.
fn is_another(inquiry: &Inquiry, index: usize) -> bool {
    let goal = &inquiry.goals[index];
    let (What::Value(_), Some(Cond::ChoiceTest(test))) = (&goal.what, goal.site.map(|site| inquiry.sites[site].cond))
    else {
        return false;
    };
    let of_site = |other: &usize| {
        let other = &inquiry.goals[*other];
        other.site == goal.site && matches!(other.what, What::Value(_))
    };
    let values: Vec<usize> = (0..inquiry.goals.len()).filter(of_site).collect();
    let named = |value: usize| test.wanted.iter().any(|wanted| usize::from(*wanted) == value);
    values.len() > FEW && values.iter().position(|own| *own == index).is_some_and(|value| !named(value))
}

/// A case with what came of it.
pub fn case(inquiry: &Inquiry, goals: Vec<usize>, dictionary: &Dictionary, state: State) -> Case {
    let goal = &inquiry.goals[goals[0]];
    let site = goal.site.map(|site| inquiry.sites[site]);
    let kind = match goal.what {
        What::Comes(_) => Kind::Outcome,
        What::Turns(..) => Kind::Condition,
        What::Below | What::At | What::Above => Kind::Threshold,
        What::Value(_) => Kind::Value,
    };
    let text = match goals[..] {
        [_] => words(goal, site.map(|site| site.cond)),
        _ => "decides at another value".to_owned(),
    };
    let condition = site.map(|site| match site.each {
        Some(each) => written::inside(site.cond, &[each], dictionary),
        None => written::cond(site.cond, dictionary),
    });
    Case { kind, condition, guard: site.is_some_and(|site| site.guard), text, state, goals }
}

/// What a goal asks, in words that follow the condition.
fn words(goal: &Goal, cond: Option<&Cond>) -> String {
    let number = || cond.and_then(number).unwrap_or_default();
    match &goal.what {
        What::Comes(Outcome::Fires) => "fires".to_owned(),
        What::Comes(Outcome::Clear) => "is clear".to_owned(),
        What::Comes(Outcome::Unknown | Outcome::Fault) => "is unknown".to_owned(),
        What::Comes(Outcome::NotApplicable) => "does not apply".to_owned(),
        What::Turns(Truth::Unknown, _) => "is unknown, which alone leaves the rule open".to_owned(),
        What::Turns(truth, fires) => {
            let is = if *truth == Truth::True { "true" } else { "false" };
            let rule = if *fires == Some(true) { "makes the rule fire" } else { "keeps the rule clear" };
            format!("is {is}, which alone {rule}")
        }
        What::Below => format!("decides just below {}", number()),
        What::At => format!("decides at {}", number()),
        What::Above => format!("decides just above {}", number()),
        What::Value(value) => format!("decides at {value:?}"),
    }
}

/// The number that a condition holds a quantity against.
fn number(cond: &Cond) -> Option<String> {
    match cond {
        Cond::CompareInt(_, _, Int::Literal(number)) | Cond::CompareInt(_, Int::Literal(number), _) => {
            Some(number.to_string())
        }
        Cond::CompareNumber(_, a, b) => Some(site::written(a).or(site::written(b))?.normalize().to_string()),
        _ => None,
    }
}
