//! A patient as a program written for the shipped rules alone would hold one: a struct of enums.

use candidacy::engine::chart::Chart;
use candidacy::model::calendar::Date;
use candidacy::model::dictionary::{Dictionary, Domain, FactId, Scalar};
use candidacy::model::value::{List, Term, Value};
use rust_decimal::Decimal;

#[derive(Clone, Copy, PartialEq)]
pub enum Sex {
    Female,
    Male,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Drowsiness {
    None,
    Mild,
    More,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Tested {
    Normal,
    Abnormal,
    Equivocal,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Donor {
    Own,
    Other,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Course {
    Active,
    OnTreatment,
    Ended,
    Prevention,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Route {
    Local,
    WholeBody,
}

#[derive(Clone, Copy, Default)]
pub struct Organs {
    pub kidneys: bool,
    pub liver: bool,
    pub nerves: bool,
}

#[derive(Clone, Copy, Default)]
pub struct Facility {
    pub beds: bool,
    pub intensive_care: bool,
    pub specialists: bool,
    pub experience: bool,
}

pub struct Graft {
    pub tissue: usize,
    pub donor: Option<Donor>,
}

pub struct Infection {
    pub status: Option<Course>,
    pub ended: Option<Date>,
    pub resolved: bool,
}

pub struct Medication {
    pub drug: usize,
    pub route: Option<Route>,
}

#[derive(Clone, Copy)]
pub struct Measured {
    pub value: Decimal,
    pub lowest_normal: Decimal,
    pub highest_normal: Decimal,
}

/// A term is a position in the tables of its classes. A fact that is missing is `None`, `false` or an empty list.
pub struct Patient {
    pub as_of: Date,
    pub diagnosis: usize,
    pub spread: bool,
    pub brain_metastases: bool,
    pub age: i64,
    pub sex: Option<Sex>,
    pub ecog: Option<i64>,
    pub drowsiness: Option<Drowsiness>,
    pub thallium: Option<Tested>,
    pub lungs: Option<Tested>,
    pub fev1: Option<Measured>,
    pub creatinine: Option<Measured>,
    pub bilirubin: Option<Measured>,
    pub alt: Option<Measured>,
    pub anaemia: bool,
    pub low_platelets: bool,
    pub heart_disease: Vec<usize>,
    pub lung_disease: Vec<usize>,
    pub autoimmune_disease: Vec<usize>,
    pub organ_disease: Organs,
    pub serious_organ_problem: bool,
    pub reacted: bool,
    pub central_line: bool,
    pub pregnant: bool,
    pub breastfeeding: bool,
    pub fertile: bool,
    pub no_contraception: bool,
    pub grafts: Vec<Graft>,
    pub infections: Vec<Infection>,
    pub medications: Vec<Medication>,
    pub facility: Facility,
}

impl Patient {
    /// The patient of a chart.
    pub fn new(dictionary: &Dictionary, chart: &Chart) -> Patient {
        let of = Reader { dictionary, chart };
        let tested = [("normal", Tested::Normal), ("abnormal", Tested::Abnormal), ("equivocal", Tested::Equivocal)];
        let drowsiness = [
            ("none", Drowsiness::None),
            ("mild", Drowsiness::Mild),
            ("moderate", Drowsiness::More),
            ("severe", Drowsiness::More),
        ];
        let spread = [("none", false), ("treated", true), ("untreated", true), ("treatment not stated", true)];
        let reacted = [("none", false), ("mild", true), ("severe", true)];
        Patient {
            as_of: chart.as_of,
            diagnosis: term(of.value("diagnosis")),
            spread: is(of.value("spread")),
            brain_metastases: of.choice("cns_metastases", &spread).unwrap_or_default(),
            age: of.whole("age").unwrap_or_default(),
            sex: of.choice("sex", &[("female", Sex::Female), ("male", Sex::Male)]),
            ecog: of.whole("ecog"),
            drowsiness: of.choice("drowsiness", &drowsiness),
            thallium: of.choice("thallium_stress_test", &tested),
            lungs: of.choice("pulmonary_function", &tested),
            fev1: of.measured("fev1"),
            creatinine: of.measured("creatinine"),
            bilirubin: of.measured("bilirubin"),
            alt: of.measured("alt"),
            anaemia: is(of.value("anaemia")),
            low_platelets: is(of.value("thrombocytopenia")),
            heart_disease: of.terms("heart_disease"),
            lung_disease: of.terms("lung_disease"),
            autoimmune_disease: of.terms("autoimmune_disease"),
            organ_disease: Organs {
                kidneys: of.includes("organ_disease", "kidneys"),
                liver: of.includes("organ_disease", "liver"),
                nerves: of.includes("organ_disease", "nervous system"),
            },
            serious_organ_problem: of.members("serious_organ_problem").next().is_some(),
            reacted: of.choice("aldesleukin_reaction", &reacted).unwrap_or_default(),
            central_line: is(of.value("central_line")),
            pregnant: is(of.value("pregnant")),
            breastfeeding: is(of.value("breastfeeding")),
            fertile: is(of.value("childbearing_potential")),
            no_contraception: of.choice("contraception", &[("effective", false), ("none", true)]).unwrap_or_default(),
            grafts: of.members("allografts").map(|member| of.graft(member)).collect(),
            infections: of.members("infections").map(|member| of.infection(member)).collect(),
            medications: of.members("medications").map(|member| of.medication(member)).collect(),
            facility: Facility {
                beds: of.includes("facility", "inpatient care"),
                intensive_care: of.includes("facility", "intensive care"),
                specialists: of.includes("facility", "specialists"),
                experience: of.includes("facility", "experienced physician"),
            },
        }
    }
}

struct Reader<'c> {
    dictionary: &'c Dictionary,
    chart: &'c Chart,
}

impl<'c> Reader<'c> {
    fn id(&self, fact: &str) -> FactId {
        self.dictionary.find(fact).unwrap_or_else(|| panic!("the pack has no fact `{fact}`: change this benchmark"))
    }

    fn domain(&self, fact: &str, field: usize) -> &'c Domain {
        self.dictionary.fact(self.id(fact)).field_domain(field)
    }

    fn value(&self, fact: &str) -> &'c Value {
        self.chart.value(self.id(fact))
    }

    fn choice<T: Copy>(&self, fact: &str, values: &[(&str, T)]) -> Option<T> {
        choice(self.domain(fact, 0), self.value(fact), values)
    }

    fn whole(&self, fact: &str) -> Option<i64> {
        if let Value::Integer(whole) = self.value(fact) { whole.exact() } else { None }
    }

    fn measured(&self, fact: &str) -> Option<Measured> {
        let slot = self.chart.slot(self.id(fact));
        let (Value::Number(value), normal) = (&slot.value, slot.normal?) else { return None };
        Some(Measured { value: value.exact()?, lowest_normal: normal.low, highest_normal: normal.high })
    }

    fn members(&self, fact: &str) -> impl Iterator<Item = &'c [Value]> {
        let list = if let Value::List(list) = self.value(fact) { Some(list) } else { None };
        list.into_iter().flat_map(List::members)
    }

    fn terms(&self, fact: &str) -> Vec<usize> {
        self.members(fact).map(|member| term(&member[0])).collect()
    }

    fn includes(&self, fact: &str, value: &str) -> bool {
        let domain = self.domain(fact, 0);
        self.members(fact).any(|member| word(domain, &member[0]) == Some(value))
    }

    fn graft(&self, member: &[Value]) -> Graft {
        let donors =
            [("self", Donor::Own), ("person", Donor::Other), ("animal", Donor::Other), ("not self", Donor::Other)];
        Graft { tissue: term(&member[0]), donor: choice(self.domain("allografts", 1), &member[1], &donors) }
    }

    fn infection(&self, member: &[Value]) -> Infection {
        let statuses = [
            ("active", Course::Active),
            ("on-treatment", Course::OnTreatment),
            ("ended", Course::Ended),
            ("prevention", Course::Prevention),
        ];
        Infection {
            status: choice(self.domain("infections", 1), &member[1], &statuses),
            ended: if let Value::Date(date) = &member[2] { date.exact() } else { None },
            resolved: is(&member[3]),
        }
    }

    fn medication(&self, member: &[Value]) -> Medication {
        let route = word(self.domain("medications", 1), &member[1]).map(|word| match word {
            "inhaled" | "nasal" | "topical" | "eye" | "ear" => Route::Local,
            _ => Route::WholeBody,
        });
        Medication { drug: term(&member[0]), route }
    }
}

fn is(value: &Value) -> bool {
    *value == Value::Bool(true)
}

/// A choice in the words of the dictionary.
fn word<'d>(domain: &'d Domain, value: &Value) -> Option<&'d str> {
    match (value, &domain.scalar) {
        (Value::Choice(position), Scalar::Choice(words)) => Some(&words[usize::from(*position)]),
        _ => None,
    }
}

fn choice<T: Copy>(domain: &Domain, value: &Value, values: &[(&str, T)]) -> Option<T> {
    let word = word(domain, value)?;
    let found = values.iter().find(|(own, _)| *own == word);
    Some(found.unwrap_or_else(|| panic!("`{word}` is a new choice: change this benchmark")).1)
}

/// The position of a term in its table; 0 is in no class.
fn term(value: &Value) -> usize {
    if let Value::Term(Term::Known(id)) = value { id.0 as usize + 1 } else { 0 }
}
