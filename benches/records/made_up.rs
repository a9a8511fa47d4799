//! Records made up in the mix of Synthea: results, conditions, prescriptions, procedures, visits, and half of the bytes
//! claims and explanations of benefit.

use serde_json::{Value, json};

/// What results are of: the code, the name, a usual value, the unit.
const RESULTS: [(&str, &str, f64, &str); 12] = [
    ("2160-0", "Creatinine", 0.9, "mg/dL"),
    ("718-7", "Hemoglobin [Mass/volume] in Blood", 13.9, "g/dL"),
    ("777-3", "Platelets [#/volume] in Blood by Automated count", 240.0, "10*3/uL"),
    ("8302-2", "Body Height", 174.2, "cm"),
    ("29463-7", "Body Weight", 81.7, "kg"),
    ("39156-5", "Body Mass Index", 26.9, "kg/m2"),
    ("2339-0", "Glucose", 92.1, "mg/dL"),
    ("2093-3", "Total Cholesterol", 188.4, "mg/dL"),
    ("2571-8", "Triglycerides", 131.0, "mg/dL"),
    ("6299-2", "Urea Nitrogen", 14.2, "mg/dL"),
    ("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", 5.7, "%"),
    ("72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported", 2.0, "{score}"),
];

const CONDITIONS: [(&str, &str); 5] = [
    ("444814009", "Viral sinusitis (disorder)"),
    ("162864005", "Body mass index 30+ - obesity (finding)"),
    ("59621000", "Hypertension"),
    ("10509002", "Acute bronchitis (disorder)"),
    ("22298006", "Myocardial Infarction"),
];

const MEDICINES: [(&str, &str); 3] = [
    ("310798", "Hydrochlorothiazide 25 MG Oral Tablet"),
    ("314076", "lisinopril 10 MG Oral Tablet"),
    ("849574", "Naproxen sodium 220 MG Oral Tablet"),
];

/// A patient's bundle of about so many bytes, indented as Synthea writes it.
pub fn bundle(patient: &str, size: usize) -> String {
    let mut text = String::from("{\n  \"resourceType\": \"Bundle\",\n  \"type\": \"transaction\",\n  \"entry\": [");
    for (number, resource) in resources(patient).enumerate() {
        if text.len() > size {
            break;
        }
        let (before, address) = (if number == 0 { "" } else { "," }, id(&resource).to_owned());
        let resource = with_type_first(resource, true).replace('\n', "\n      ");
        text.push_str(&format!(
            "{before}\n    {{\n      \"fullUrl\": \"urn:uuid:{address}\",\n      \"resource\": {resource},\n      \
             \"request\": {{\n        \"method\": \"POST\"\n      }}\n    }}"
        ));
    }
    text.push_str("\n  ]\n}\n");
    text
}

/// The id of a resource.
pub fn id(resource: &Value) -> &str {
    resource["id"].as_str().unwrap_or_default()
}

/// A resource as servers write it: its type stands first.
pub fn with_type_first(mut resource: Value, indented: bool) -> String {
    let kind = resource.as_object_mut().and_then(|keys| keys.remove("resourceType")).unwrap_or_default();
    let rest = if indented { serde_json::to_string_pretty(&resource) } else { serde_json::to_string(&resource) };
    let rest = rest.expect("JSON");
    format!("{{{}\"resourceType\": {kind},{}", if indented { "\n  " } else { "" }, &rest[1..])
}

/// The resources of a patient, without end: the patient first.
pub fn resources(patient: &str) -> impl Iterator<Item = Value> {
    let of = patient.to_owned();
    let first = json!({ "resourceType": "Patient", "id": patient, "birthDate": "1961-04-02", "gender": "male" });
    std::iter::once(first).chain((0_usize..).flat_map(move |visit| visited(&of, visit)))
}

fn visited(patient: &str, visit: usize) -> Vec<Value> {
    let reference = json!({ "reference": format!("urn:uuid:{patient}") });
    let encounter = json!({ "reference": format!("urn:uuid:e{visit}") });
    let at = format!("{}-{:02}-{:02}T08:12:32+00:00", 2010 + visit % 16, 1 + visit % 12, 1 + visit % 28);
    let mut all = vec![json!({
        "resourceType": "Encounter", "id": format!("e{visit}"), "status": "finished", "subject": reference,
        "class": { "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB" },
        "type": [coded("http://snomed.info/sct", "185349003", "Encounter for check up (procedure)")],
        "participant": [{ "individual": { "reference": "urn:uuid:d1", "display": "Dr. Shirlene Blick" } }],
        "period": { "start": at, "end": at }, "serviceProvider": { "reference": "urn:uuid:h1", "display": "PCP74772" },
    })];
    for (index, (code, name, usual, unit)) in RESULTS.iter().enumerate() {
        all.push(json!({
            "resourceType": "Observation", "id": format!("o{visit}-{index}"), "status": "final", "subject": reference,
            "encounter": encounter, "effectiveDateTime": at, "issued": at.replace("+00", ".123+00"),
            "category": [coded("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory", "laboratory")],
            "code": coded("http://loinc.org", code, name),
            "valueQuantity": {
                "value": usual + visit as f64 / 1024.0, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit,
            },
        }));
    }
    let (code, name) = CONDITIONS[visit % CONDITIONS.len()];
    let state = |system: &str, code: &str| json!({ "coding": [{ "system": format!("http://terminology.hl7.org/CodeSystem/{system}"), "code": code }] });
    all.push(json!({
        "resourceType": "Condition", "id": format!("c{visit}"), "subject": reference, "encounter": encounter,
        "clinicalStatus": state("condition-clinical", "active"),
        "verificationStatus": state("condition-ver-status", "confirmed"),
        "code": coded("http://snomed.info/sct", code, name), "onsetDateTime": at, "recordedDate": at,
    }));
    let (code, name) = MEDICINES[visit % MEDICINES.len()];
    all.push(json!({
        "resourceType": "MedicationRequest", "id": format!("m{visit}"), "status": "active", "intent": "order",
        "medicationCodeableConcept": coded("http://www.nlm.nih.gov/research/umls/rxnorm", code, name),
        "subject": reference, "encounter": encounter, "authoredOn": at,
        "requester": { "reference": "urn:uuid:d1", "display": "Dr. Shirlene Blick" },
    }));
    all.push(json!({
        "resourceType": "Procedure", "id": format!("r{visit}"), "status": "completed", "subject": reference,
        "code": coded("http://snomed.info/sct", "430193006", "Medication Reconciliation (procedure)"),
        "encounter": encounter, "performedPeriod": { "start": at, "end": at },
    }));
    all.extend((0..3).flat_map(|claim| claims(patient, visit * 3 + claim, &at)));
    all
}

fn claims(patient: &str, number: usize, at: &str) -> [Value; 2] {
    let reference = json!({ "reference": format!("urn:uuid:{patient}") });
    let paid = |name: &str, amount: f64| {
        json!({
            "category": coded("https://bluebutton.cms.gov/resources/codesystem/adjudication", name, name),
            "amount": { "value": amount, "currency": "USD" },
        })
    };
    let names = [
        "line_sbmtd_chrg_amt",
        "line_alowd_chrg_amt",
        "line_coinsrnc_amt",
        "line_prvdr_pmt_amt",
        "line_bene_ptb_ddctbl_amt",
    ];
    let adjudication: Vec<Value> = names.iter().map(|name| paid(name, 103.32)).collect();
    [
        json!({
            "resourceType": "Claim", "id": format!("b{number}"), "status": "active", "use": "claim", "patient": reference,
            "type": coded("http://terminology.hl7.org/CodeSystem/claim-type", "institutional", "Institutional"),
            "billablePeriod": { "start": at, "end": at }, "created": at, "provider": { "reference": "urn:uuid:h1" },
            "insurance": [{ "sequence": 1, "focal": true, "coverage": { "display": "Humana" } }],
            "item": [{ "sequence": 1, "productOrService": coded("http://snomed.info/sct", "185349003", "Check up") }],
            "total": { "value": 129.16, "currency": "USD" },
        }),
        json!({
            "resourceType": "ExplanationOfBenefit", "id": format!("x{number}"), "status": "active", "patient": reference,
            "type": coded("http://terminology.hl7.org/CodeSystem/claim-type", "institutional", "Institutional"),
            "billablePeriod": { "start": at, "end": at }, "created": at, "insurer": { "display": "Humana" },
            "claim": { "reference": format!("urn:uuid:b{number}") }, "outcome": "complete",
            "item": [{
                "sequence": 1, "servicedPeriod": { "start": at, "end": at }, "adjudication": adjudication,
                "productOrService": coded("http://snomed.info/sct", "185349003", "Encounter for check up (procedure)"),
            }],
            "payment": { "amount": { "value": 82.656, "currency": "USD" } },
        }),
    ]
}

fn coded(system: &str, code: &str, display: &str) -> Value {
    json!({ "coding": [{ "system": system, "code": code, "display": display }], "text": display })
}
