//! What the status of a resource makes of it. A result that was entered in error says nothing, one that is preliminary
//! is awaited, a condition that is resolved is past; a status that is not known here proves nothing.

use crate::model::truth::Truth;

/// What a row stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It holds now, or is final.
    Current,
    /// It held once.
    Past,
    /// It is on record and not said whether it still holds.
    Unsure,
    /// The result is awaited.
    Pending,
    /// It is said not to be so.
    Refuted,
    /// It says nothing: why.
    Nothing(&'static str),
}

const IN_ERROR: Standing = Standing::Nothing("entered in error");
const UNCONFIRMED: Standing = Standing::Nothing("not confirmed");
const NOT_DONE: Standing = Standing::Nothing("not done");
const STOPPED: Standing = Standing::Nothing("no longer taken");
const INTENDED: Standing = Standing::Nothing("only intended");
const UNKNOWN: Standing = Standing::Nothing("of a status that proves nothing");

/// The standing of a row by the type of its resource, its status, how far it is verified, and whether it has ended by
/// the day that counts; `ended` is none where no end is on record.
pub fn standing(kind: &str, status: Option<&str>, verification: Option<&str>, ended: Option<Truth>) -> Standing {
    match (status, verification) {
        (Some("entered-in-error"), _) | (_, Some("entered-in-error")) => return IN_ERROR,
        (_, Some("refuted")) => return Standing::Refuted,
        (_, Some("unconfirmed" | "provisional" | "differential")) => return UNCONFIRMED,
        (_, None | Some("confirmed")) => {}
        (_, Some(_)) => return UNKNOWN,
    }
    match kind {
        "Patient" => Standing::Current,
        "Observation" | "DiagnosticReport" => match status {
            Some("final" | "amended" | "corrected" | "appended") => Standing::Current,
            Some("registered" | "partial" | "preliminary") => Standing::Pending,
            Some("cancelled") => NOT_DONE,
            _ => UNKNOWN,
        },
        "Condition" | "AllergyIntolerance" => condition(status, ended),
        "MedicationRequest" | "MedicationStatement" | "MedicationDispense" | "MedicationAdministration" => {
            medicine(status, ended)
        }
        "Procedure" | "Immunization" => match status {
            Some("completed") => Standing::Current,
            Some("in-progress") => Standing::Unsure,
            Some("preparation" | "not-done" | "on-hold" | "stopped") => NOT_DONE,
            _ => UNKNOWN,
        },
        _ => match status {
            Some("active" | "completed" | "final" | "current") => Standing::Current,
            None => Standing::Unsure,
            Some(_) => UNKNOWN,
        },
    }
}

fn condition(status: Option<&str>, ended: Option<Truth>) -> Standing {
    match (status, ended) {
        // What ended later was still so on the day.
        (Some("active" | "recurrence" | "relapse"), None | Some(Truth::False)) => Standing::Current,
        (Some("inactive" | "remission" | "resolved"), Some(Truth::False)) => Standing::Current,
        (Some("inactive" | "remission" | "resolved"), None | Some(Truth::True)) => Standing::Past,
        (None, Some(Truth::True)) => Standing::Past,
        // It has ended and is called active: one of the two is out of date.
        (Some("active" | "recurrence" | "relapse" | "inactive" | "remission" | "resolved") | None, _) => {
            Standing::Unsure
        }
        (Some(_), _) => UNKNOWN,
    }
}

fn medicine(status: Option<&str>, ended: Option<Truth>) -> Standing {
    match (status, ended) {
        (Some("active" | "in-progress"), None | Some(Truth::False)) => Standing::Current,
        (Some("completed" | "stopped"), Some(Truth::False)) => Standing::Current,
        (Some("active" | "in-progress" | "on-hold"), _) => Standing::Unsure,
        (Some("intended" | "draft" | "preparation"), _) => INTENDED,
        (Some("completed" | "stopped" | "cancelled" | "not-taken" | "ended" | "not-done" | "declined"), _) => STOPPED,
        _ => UNKNOWN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_and_an_end_say_whether_it_holds_now() {
        let of = |kind, status, ended| standing(kind, Some(status), None, ended);
        let cases = [
            ("Condition", "active", None, Standing::Current),
            ("Condition", "active", Some(Truth::True), Standing::Unsure),
            ("Condition", "active", Some(Truth::False), Standing::Current),
            ("Condition", "resolved", None, Standing::Past),
            ("Condition", "resolved", Some(Truth::False), Standing::Current),
            ("Condition", "resolved", Some(Truth::Unknown), Standing::Unsure),
            ("Condition", "entered-in-error", None, IN_ERROR),
            ("Condition", "misspelt", None, UNKNOWN),
            ("Observation", "preliminary", None, Standing::Pending),
            ("Observation", "registered", None, Standing::Pending),
            ("Observation", "cancelled", None, NOT_DONE),
            ("Observation", "unknown", None, UNKNOWN),
            ("Observation", "corrected", None, Standing::Current),
            ("MedicationRequest", "active", None, Standing::Current),
            ("MedicationRequest", "stopped", None, STOPPED),
            ("MedicationRequest", "on-hold", None, Standing::Unsure),
            ("MedicationStatement", "intended", None, INTENDED),
            ("MedicationStatement", "completed", Some(Truth::False), Standing::Current),
            ("Procedure", "completed", None, Standing::Current),
            ("Procedure", "not-done", None, NOT_DONE),
        ];
        for (kind, status, ended, wanted) in cases {
            assert_eq!(of(kind, status, ended), wanted, "{kind} {status} {ended:?}");
        }
        for (verification, wanted) in [
            ("refuted", Standing::Refuted),
            ("entered-in-error", IN_ERROR),
            ("differential", UNCONFIRMED),
            ("confirmed", Standing::Current),
            ("Refuted!", UNKNOWN),
        ] {
            assert_eq!(standing("Condition", Some("active"), Some(verification), None), wanted, "{verification}");
        }
        assert_eq!(standing("Condition", None, None, None), Standing::Unsure);
    }
}
