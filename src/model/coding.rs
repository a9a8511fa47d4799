//! Codes of code systems, and patterns that match them: one code, or a branch of a classification.

/// The code systems that have a short name here, with their addresses in FHIR.
pub const SYSTEMS: [(&str, &str); 5] = [
    ("loinc", "http://loinc.org"),
    ("snomed", "http://snomed.info/sct"),
    ("icd10", "http://hl7.org/fhir/sid/icd-10-cm"),
    ("icd10-who", "http://hl7.org/fhir/sid/icd-10"),
    ("rxnorm", "http://www.nlm.nih.gov/research/umls/rxnorm"),
];

/// The address of a code system by its short name; an address is its own.
pub fn system(name: &str) -> Option<String> {
    let known = SYSTEMS.iter().find(|(own, _)| *own == name).map(|(_, address)| (*address).to_owned());
    known.or_else(|| name.contains(':').then(|| name.to_owned()))
}

/// The address of a code system by its short name; a name that is none stands for itself.
pub fn address(name: &str) -> String {
    system(name).unwrap_or_else(|| name.to_owned())
}

/// The short name of a code system; its address where it has none.
pub fn short(address: &str) -> &str {
    SYSTEMS.iter().find(|(_, own)| *own == address).map_or(address, |(name, _)| name)
}

/// A code, or a branch of codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The address of the system.
    pub system: String,
    /// The code; of a branch what its codes begin with. Without dots where they only group digits, as in ICD-10.
    pub code: String,
    /// Whether the codes below it are meant, too.
    pub branch: bool,
}

impl Pattern {
    /// The pattern of a text: `C64.1` is a code, `C64.-` a branch.
    pub fn new(system: &str, text: &str) -> Pattern {
        let (code, branch) = match text.strip_suffix('-') {
            Some(stem) if is_dotted(system) => (stem.trim_end_matches('.'), true),
            _ => (text, false),
        };
        Pattern { system: system.to_owned(), code: plain(system, code), branch }
    }

    /// Whether its codes may be written without their dots.
    pub fn is_dotted(&self) -> bool {
        is_dotted(&self.system)
    }

    /// Whether a code is meant.
    pub fn matches(&self, system: &str, code: &str) -> bool {
        if system != self.system {
            return false;
        }
        let code = plain(system, code);
        if self.branch { code.starts_with(&self.code) } else { code == self.code }
    }
}

/// Whether the dots of a system's codes are left out by some.
pub fn is_dotted(system: &str) -> bool {
    system.starts_with("http://hl7.org/fhir/sid/icd-10")
}

fn plain(system: &str, code: &str) -> String {
    match is_dotted(system) {
        true => code.trim().replace('.', "").to_ascii_uppercase(),
        false => code.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_holds_what_lies_below_it_and_a_code_only_itself() {
        let icd = SYSTEMS[2].1;
        let branch = Pattern::new(icd, "I48.-");
        assert!(branch.matches(icd, "I48.91") && branch.matches(icd, "I4891") && branch.matches(icd, "i48"));
        assert!(!branch.matches(icd, "I49.1") && !branch.matches("http://loinc.org", "I48.91"));
        let code = Pattern::new(icd, "Z94.0");
        assert!(code.matches(icd, "Z940") && !code.matches(icd, "Z94.01"));
        let loinc = Pattern::new(SYSTEMS[0].1, "2160-0");
        assert!(loinc.matches(SYSTEMS[0].1, "2160-0") && !loinc.matches(SYSTEMS[0].1, "2160-01"));
    }
}
