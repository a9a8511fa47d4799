//! The shipped rules as someone would write them by hand in Rust: the speed that rules give up by being data that can
//! be read, checked and explained. Right for complete referrals only: a fact that is missing counts as "no".

use candidacy::engine::decide::Outcome::{self, Clear, Fires, NotApplicable};
use candidacy::model::calendar::days_between;
use candidacy::model::dictionary::Dictionary;
use candidacy::model::truth::Truth;

use super::patient::{
    BrainMetastases, Contraception, Course, Donor, Graft, Infection, Medication, Patient, Reaction, Route, Seizures,
    Sex, Tested,
};

const APPROVED: u32 = 1;
const OFF_LABEL: u32 = 1 << 1;
const OUTSIDE_SKIN: u32 = 1 << 2;
const DIAGNOSES: [(&str, u32); 3] =
    [("approved use", APPROVED), ("off-label use", OFF_LABEL), ("melanoma outside the skin", OUTSIDE_SKIN)];

const SOLID_ORGAN: u32 = 1;
const TISSUES: [(&str, u32); 1] = [("solid organ", SOLID_ORGAN)];

const AMINOGLYCOSIDE: u32 = 1;
const ASPARAGINASE: u32 = 1 << 1;
const CYTOTOXIC: u32 = 1 << 2;
const INDOMETHACIN: u32 = 1 << 3;
const BLOOD_PRESSURE: u32 = 1 << 4;
const SYSTEMIC_STEROID: u32 = 1 << 5;
const STEROID: u32 = 1 << 6;
const LIVER: u32 = 1 << 7;
const KIDNEY: u32 = 1 << 8;
const HEART: u32 = 1 << 9;
const IMMUNE: u32 = 1 << 10;
const DRUGS: [(&str, u32); 11] = [
    ("aminoglycoside", AMINOGLYCOSIDE),
    ("asparaginase type", ASPARAGINASE),
    ("cytotoxic", CYTOTOXIC),
    ("indomethacin", INDOMETHACIN),
    ("blood-pressure medicine", BLOOD_PRESSURE),
    ("systemic glucocorticoid", SYSTEMIC_STEROID),
    ("glucocorticoid", STEROID),
    ("liver-harming", LIVER),
    ("kidney-harming", KIDNEY),
    ("heart medicine", HEART),
    ("immune medicine", IMMUNE),
];

/// The classes of every term, a bit each.
pub struct Classes {
    diagnosis: Vec<u32>,
    tissue: Vec<u32>,
    drug: Vec<u32>,
}

impl Classes {
    /// The classes of the pack's terms.
    pub fn new(dictionary: &Dictionary) -> Classes {
        Classes {
            diagnosis: table(dictionary, "diagnosis", &DIAGNOSES),
            tissue: table(dictionary, "tissue", &TISSUES),
            drug: table(dictionary, "drug", &DRUGS),
        }
    }
}

fn table(dictionary: &Dictionary, name: &str, classes: &[(&str, u32)]) -> Vec<u32> {
    let vocabulary = dictionary.vocabularies().iter().find(|v| v.name == name).expect("a vocabulary of the pack");
    let mut table = vec![0; vocabulary.len() + 1];
    for (class, bit) in classes {
        let members = vocabulary.members(vocabulary.find(class).expect("a class or term of the pack"));
        let inside = (0..vocabulary.len()).filter(|term| members.get(*term) == Truth::True);
        inside.for_each(|term| table[term + 1] |= bit);
    }
    table
}

/// What the rules over scalars come to, in the order of the pack.
pub fn over_scalars(classes: &Classes, patient: &Patient, outcomes: &mut Vec<Outcome>) {
    let diagnosis = classes.diagnosis[patient.diagnosis];
    let female = patient.sex == Some(Sex::Female);
    outcomes.extend([
        fires(diagnosis & (APPROVED | OFF_LABEL) == 0),
        fires(diagnosis & OFF_LABEL != 0),
        when(diagnosis & OFF_LABEL == 0, !patient.metastatic),
        fires(diagnosis & OUTSIDE_SKIN != 0),
        fires(patient.age < 18),
        fires(patient.age == 18),
        when(patient.thallium != Some(Tested::Equivocal), patient.thallium != Some(Tested::Normal)),
        fires(patient.thallium == Some(Tested::Equivocal)),
        when(patient.lungs != Some(Tested::Equivocal), patient.lungs != Some(Tested::Normal)),
        fires(patient.lungs == Some(Tested::Equivocal)),
        fires(matches!(patient.reaction, Some(Reaction::Mild | Reaction::Severe))),
        fires(matches!(patient.brain, Some(BrainMetastases::Treated | BrainMetastases::Untreated))),
        fires(matches!(patient.seizures, Some(Seizures::Current | Seizures::OnTreatment))),
        fires(patient.seizures == Some(Seizures::Resolved)),
        when(female, patient.pregnant),
        when(female, patient.breastfeeding),
        when(female && patient.fertile && !patient.pregnant, patient.contraception == Some(Contraception::None)),
    ]);
}

/// What the rules over lists, dates and decimals come to, in the order of the pack.
pub fn over_others(classes: &Classes, patient: &Patient, outcomes: &mut Vec<Outcome>) {
    let low = patient.fev1.as_ref().is_some_and(|volume| volume.litres < volume.lowest_normal);
    let graft = |is_organ: bool| {
        let counts =
            |g: &Graft| (classes.tissue[g.tissue] & SOLID_ORGAN != 0) == is_organ && g.donor != Some(Donor::Own);
        patient.grafts.iter().any(counts)
    };
    let takes = |class: u32| patient.medications.iter().any(|m| classes.drug[m.drug] & class != 0);
    let steroid = |m: &Medication| classes.drug[m.drug] & STEROID != 0;
    let systemic = |m: &Medication| classes.drug[m.drug] & SYSTEMIC_STEROID != 0 || steroid(m) && !is_local(m);
    outcomes.extend([
        fires(!patient.heart_disease.is_empty()),
        fires(patient.lungs == Some(Tested::Normal) && low || patient.lungs == Some(Tested::Abnormal) && !low),
        fires(!patient.lung_disease.is_empty()),
        fires(graft(true)),
        fires(graft(false)),
        fires(!patient.autoimmune_disease.is_empty()),
        fires(patient.infections.iter().any(needs_treatment)),
        fires(patient.infections.iter().any(|infection| is_recent(infection, patient))),
        fires(takes(AMINOGLYCOSIDE)),
        fires(takes(ASPARAGINASE)),
        fires(takes(CYTOTOXIC)),
        fires(takes(INDOMETHACIN)),
        fires(takes(BLOOD_PRESSURE)),
        fires(patient.medications.iter().any(systemic)),
        fires(patient.medications.iter().any(|m| steroid(m) && is_local(m))),
        fires(takes(LIVER)),
        fires(takes(KIDNEY)),
        fires(takes(HEART)),
        fires(takes(IMMUNE)),
    ]);
}

fn needs_treatment(infection: &Infection) -> bool {
    match infection.status {
        Some(Course::Active | Course::OnTreatment) => true,
        Some(Course::Ended) => !infection.resolved,
        None => false,
    }
}

fn is_recent(infection: &Infection, patient: &Patient) -> bool {
    let lately = infection.ended.is_some_and(|ended| days_between(ended, patient.as_of) <= 30);
    infection.status == Some(Course::Ended) && infection.resolved && lately
}

fn is_local(medication: &Medication) -> bool {
    matches!(medication.route, Some(Route::Inhaled | Route::Nasal | Route::Topical | Route::Eye | Route::Ear))
}

fn fires(fires: bool) -> Outcome {
    if fires { Fires } else { Clear }
}

fn when(applies: bool, fires: bool) -> Outcome {
    if !applies {
        NotApplicable
    } else if fires {
        Fires
    } else {
        Clear
    }
}
