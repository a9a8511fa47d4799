//! Shipped rules as someone would write them by hand in Rust: the speed that rules give up by being data that can be
//! read, checked and explained. Right for complete referrals only: a fact that is missing counts as "no".

use candidacy::engine::decide::Outcome::{self, Clear, Fires, NotApplicable};
use candidacy::model::calendar::days_between;
use candidacy::model::dictionary::Dictionary;
use candidacy::model::truth::Truth;

use super::patient::{Course, Donor, Drowsiness, Graft, Infection, Measured, Medication, Patient, Route, Sex, Tested};

const APPROVED: u32 = 1;
const OFF_LABEL: u32 = 1 << 1;
const OUTSIDE_SKIN: u32 = 1 << 2;
const DIAGNOSES: [(&str, u32); 3] =
    [("approved use", APPROVED), ("off-label use", OFF_LABEL), ("melanoma outside the skin", OUTSIDE_SKIN)];

const SOLID_ORGAN: u32 = 1;
const FROM_ANOTHER: u32 = 1 << 1;
const TISSUES: [(&str, u32); 2] = [("solid organ", SOLID_ORGAN), ("allograft by name", FROM_ANOTHER)];

const DIABETES: u32 = 1;
const AUTOIMMUNE: [(&str, u32); 1] = [("diabetes", DIABETES)];

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
const FOR_DIABETES: u32 = 1 << 11;
const DRUGS: [(&str, u32); 12] = [
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
    ("diabetes medicine", FOR_DIABETES),
];

/// The classes of every term, a bit each.
pub struct Classes {
    diagnosis: Vec<u32>,
    tissue: Vec<u32>,
    autoimmune: Vec<u32>,
    drug: Vec<u32>,
}

impl Classes {
    /// The classes of the pack's terms.
    pub fn new(dictionary: &Dictionary) -> Classes {
        Classes {
            diagnosis: table(dictionary, "diagnosis", &DIAGNOSES),
            tissue: table(dictionary, "tissue", &TISSUES),
            autoimmune: table(dictionary, "autoimmune", &AUTOIMMUNE),
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

/// The rules over scalars, in the order of [`over_scalars`].
pub const SCALARS: [&str; 22] = [
    "named-use",
    "off-label-use",
    "metastatic",
    "melanoma-outside-skin",
    "under-18",
    "exactly-18",
    "performance-poor",
    "performance-limited",
    "drowsiness",
    "drowsiness-mild",
    "thallium-normal",
    "thallium-clear-cut",
    "lung-function-normal",
    "lung-function-clear-cut",
    "anaemia",
    "low-platelets",
    "aldesleukin-allergy",
    "central-line",
    "cns-metastases",
    "pregnancy",
    "breastfeeding",
    "contraception",
];

/// What the rules over scalars come to.
pub fn over_scalars(classes: &Classes, patient: &Patient, outcomes: &mut Vec<Outcome>) {
    let diagnosis = classes.diagnosis[patient.diagnosis];
    let woman = patient.sex == Some(Sex::Female) && patient.age < 55;
    outcomes.extend([
        fires(diagnosis & (APPROVED | OFF_LABEL) == 0),
        fires(diagnosis & OFF_LABEL != 0),
        when(diagnosis & OFF_LABEL == 0, !patient.spread),
        fires(diagnosis & OUTSIDE_SKIN != 0),
        fires(patient.age < 18),
        fires(patient.age == 18),
        fires(patient.ecog >= Some(3)),
        when(patient.ecog <= Some(2), patient.ecog == Some(2)),
        fires(patient.drowsiness == Some(Drowsiness::More)),
        when(patient.drowsiness != Some(Drowsiness::More), patient.drowsiness == Some(Drowsiness::Mild)),
        when(patient.thallium != Some(Tested::Equivocal), patient.thallium != Some(Tested::Normal)),
        fires(patient.thallium == Some(Tested::Equivocal)),
        when(patient.lungs != Some(Tested::Equivocal), patient.lungs != Some(Tested::Normal)),
        fires(patient.lungs == Some(Tested::Equivocal)),
        fires(patient.anaemia),
        fires(patient.low_platelets),
        fires(patient.reacted),
        fires(patient.central_line),
        fires(patient.brain_metastases),
        when(woman, patient.pregnant),
        when(woman, patient.breastfeeding),
        when(woman && patient.fertile && !patient.pregnant, patient.no_contraception),
    ]);
}

/// The rules over lists, dates and decimals, in the order of [`over_others`].
pub const OTHERS: [&str; 28] = [
    "heart-disease-history",
    "lung-number-fits",
    "lung-disease-history",
    "serious-organ-problem",
    "kidney-disease",
    "liver-disease",
    "nervous-disease",
    "kidney-values",
    "bilirubin-value",
    "alt-value",
    "organ-allograft",
    "tissue-allograft",
    "autoimmune-history",
    "blood-sugar",
    "infection-treated-first",
    "recent-infection",
    "aminoglycosides",
    "asparaginase",
    "cytotoxic-chemotherapy",
    "indomethacin",
    "blood-pressure-medicines",
    "steroids",
    "steroids-local",
    "liver-harming-medicines",
    "kidney-harming-medicines",
    "heart-medicines",
    "immune-medicines",
    "facility",
];

/// What the rules over lists, dates and decimals come to.
pub fn over_others(classes: &Classes, patient: &Patient, outcomes: &mut Vec<Outcome>) {
    let low = patient.fev1.is_some_and(|volume| volume.value < volume.lowest_normal);
    let graft = |is_organ: bool| {
        let counts = |g: &Graft| {
            let tissue = classes.tissue[g.tissue];
            let from_another = tissue & FROM_ANOTHER != 0 || g.donor != Some(Donor::Own);
            (tissue & SOLID_ORGAN != 0) == is_organ && from_another
        };
        patient.grafts.iter().any(counts)
    };
    let takes = |class: u32| patient.medications.iter().any(|m| classes.drug[m.drug] & class != 0);
    let steroid = |m: &Medication| classes.drug[m.drug] & STEROID != 0;
    let of_the_body = |m: &Medication| classes.drug[m.drug] & SYSTEMIC_STEROID != 0;
    let systemic = |m: &Medication| of_the_body(m) || steroid(m) && !is_local(m);
    let diabetes = patient.autoimmune_disease.iter().any(|term| classes.autoimmune[*term] & DIABETES != 0);
    let place = patient.facility;
    outcomes.extend([
        fires(!patient.heart_disease.is_empty()),
        fires(patient.lungs == Some(Tested::Normal) && low || patient.lungs == Some(Tested::Abnormal) && !low),
        fires(!patient.lung_disease.is_empty()),
        fires(patient.serious_organ_problem),
        fires(patient.organ_disease.kidneys),
        fires(patient.organ_disease.liver),
        fires(patient.organ_disease.nerves),
        fires(is_high(patient.creatinine)),
        fires(is_high(patient.bilirubin)),
        fires(is_high(patient.alt)),
        fires(graft(true)),
        fires(graft(false)),
        fires(!patient.autoimmune_disease.is_empty()),
        fires(diabetes || takes(FOR_DIABETES)),
        fires(patient.infections.iter().any(needs_treatment)),
        fires(patient.infections.iter().any(|infection| is_recent(infection, patient))),
        fires(takes(AMINOGLYCOSIDE)),
        fires(takes(ASPARAGINASE)),
        fires(takes(CYTOTOXIC)),
        fires(takes(INDOMETHACIN)),
        fires(takes(BLOOD_PRESSURE)),
        fires(patient.medications.iter().any(systemic)),
        fires(patient.medications.iter().any(|m| steroid(m) && !of_the_body(m) && is_local(m))),
        fires(takes(LIVER)),
        fires(takes(KIDNEY)),
        fires(takes(HEART)),
        fires(takes(IMMUNE)),
        fires(!(place.beds && place.intensive_care && place.specialists && place.experience)),
    ]);
}

fn is_high(measured: Option<Measured>) -> bool {
    measured.is_some_and(|measured| measured.value > measured.highest_normal)
}

fn needs_treatment(infection: &Infection) -> bool {
    match infection.status {
        Some(Course::Active | Course::OnTreatment) => true,
        Some(Course::Ended) => !infection.resolved,
        Some(Course::Prevention) | None => false,
    }
}

fn is_recent(infection: &Infection, patient: &Patient) -> bool {
    let lately = infection.ended.is_some_and(|ended| days_between(ended, patient.as_of) <= 30);
    infection.status == Some(Course::Ended) && infection.resolved && lately
}

fn is_local(medication: &Medication) -> bool {
    medication.route == Some(Route::Local)
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
