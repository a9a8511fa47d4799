//! A patient as a program written for the shipped rules alone would hold one: a struct of enums. The values of an enum
//! stand in the order of the dictionary.

use candidacy::engine::chart::Chart;
use candidacy::model::calendar::Date;
use candidacy::model::dictionary::{Dictionary, Scalar};
use candidacy::model::value::{List, Term, Value};
use rust_decimal::Decimal;

#[derive(Clone, Copy, PartialEq)]
pub enum Sex {
    Female,
    Male,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Tested {
    Normal,
    Abnormal,
    Equivocal,
}

#[derive(Clone, Copy, PartialEq)]
pub enum BrainMetastases {
    None,
    Treated,
    Untreated,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Reaction {
    None,
    Mild,
    Severe,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Seizures {
    Never,
    Resolved,
    Current,
    OnTreatment,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Contraception {
    Effective,
    None,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Donor {
    Own,
    Person,
    Animal,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Course {
    Active,
    OnTreatment,
    Ended,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Route {
    Inhaled,
    Nasal,
    Topical,
    Eye,
    Ear,
    WholeBody,
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

pub struct Volume {
    pub litres: Decimal,
    pub lowest_normal: Decimal,
}

/// A term is a position in the tables of its classes. A fact that is missing is `None`, `false` or an empty list.
pub struct Patient {
    pub as_of: Date,
    pub diagnosis: usize,
    pub metastatic: bool,
    pub brain: Option<BrainMetastases>,
    pub age: i64,
    pub sex: Option<Sex>,
    pub thallium: Option<Tested>,
    pub lungs: Option<Tested>,
    pub fev1: Option<Volume>,
    pub heart_disease: Vec<usize>,
    pub lung_disease: Vec<usize>,
    pub autoimmune_disease: Vec<usize>,
    pub reaction: Option<Reaction>,
    pub seizures: Option<Seizures>,
    pub pregnant: bool,
    pub breastfeeding: bool,
    pub fertile: bool,
    pub contraception: Option<Contraception>,
    pub grafts: Vec<Graft>,
    pub infections: Vec<Infection>,
    pub medications: Vec<Medication>,
}

impl Patient {
    /// The patient of a chart.
    pub fn new(dictionary: &Dictionary, chart: &Chart) -> Patient {
        let of = Reader { dictionary, chart };
        let tested = [Tested::Normal, Tested::Abnormal, Tested::Equivocal];
        Patient {
            as_of: chart.as_of,
            diagnosis: term(of.value("diagnosis")),
            metastatic: is(of.value("metastatic")),
            brain: choice(
                of.value("cns_metastases"),
                &[BrainMetastases::None, BrainMetastases::Treated, BrainMetastases::Untreated],
            ),
            age: if let Value::Integer(age) = of.value("age") { age.exact().unwrap_or_default() } else { 0 },
            sex: choice(of.value("sex"), &[Sex::Female, Sex::Male]),
            thallium: choice(of.value("thallium_stress_test"), &tested),
            lungs: choice(of.value("pulmonary_function"), &tested),
            fev1: of.volume("fev1"),
            heart_disease: of.members("heart_disease").map(|member| term(&member[0])).collect(),
            lung_disease: of.members("lung_disease").map(|member| term(&member[0])).collect(),
            autoimmune_disease: of.members("autoimmune_disease").map(|member| term(&member[0])).collect(),
            reaction: choice(of.value("aldesleukin_reaction"), &[Reaction::None, Reaction::Mild, Reaction::Severe]),
            seizures: choice(
                of.value("seizures"),
                &[Seizures::Never, Seizures::Resolved, Seizures::Current, Seizures::OnTreatment],
            ),
            pregnant: is(of.value("pregnant")),
            breastfeeding: is(of.value("breastfeeding")),
            fertile: is(of.value("childbearing_potential")),
            contraception: choice(of.value("contraception"), &[Contraception::Effective, Contraception::None]),
            grafts: of.members("allografts").map(graft).collect(),
            infections: of.members("infections").map(infection).collect(),
            medications: of.members("medications").map(|member| of.medication(member)).collect(),
        }
    }
}

struct Reader<'c> {
    dictionary: &'c Dictionary,
    chart: &'c Chart,
}

impl<'c> Reader<'c> {
    fn value(&self, fact: &str) -> &'c Value {
        self.chart.value(self.dictionary.find(fact).expect("a fact of the pack"))
    }

    fn members(&self, fact: &str) -> impl Iterator<Item = &'c [Value]> {
        let list = if let Value::List(list) = self.value(fact) { Some(list) } else { None };
        list.into_iter().flat_map(List::members)
    }

    fn volume(&self, fact: &str) -> Option<Volume> {
        let slot = self.chart.slot(self.dictionary.find(fact)?);
        let Value::Number(value) = &slot.value else { return None };
        Some(Volume { litres: value.exact()?, lowest_normal: slot.normal?.low })
    }

    fn medication(&self, member: &[Value]) -> Medication {
        let medications = self.dictionary.find("medications").expect("a fact of the pack");
        let Scalar::Choice(routes) = &self.dictionary.fact(medications).field_domain(1).scalar else {
            panic!("a route is a choice")
        };
        let route = |position: u16| match routes[usize::from(position)].as_str() {
            "inhaled" => Route::Inhaled,
            "nasal" => Route::Nasal,
            "topical" => Route::Topical,
            "eye" => Route::Eye,
            "ear" => Route::Ear,
            _ => Route::WholeBody,
        };
        let given = if let Value::Choice(position) = member[1] { Some(route(position)) } else { None };
        Medication { drug: term(&member[0]), route: given }
    }
}

fn graft(member: &[Value]) -> Graft {
    Graft { tissue: term(&member[0]), donor: choice(&member[1], &[Donor::Own, Donor::Person, Donor::Animal]) }
}

fn infection(member: &[Value]) -> Infection {
    Infection {
        status: choice(&member[1], &[Course::Active, Course::OnTreatment, Course::Ended]),
        ended: if let Value::Date(date) = &member[2] { date.exact() } else { None },
        resolved: is(&member[3]),
    }
}

fn is(value: &Value) -> bool {
    *value == Value::Bool(true)
}

fn choice<T: Copy>(value: &Value, values: &[T]) -> Option<T> {
    if let Value::Choice(position) = value { Some(values[usize::from(*position)]) } else { None }
}

/// The position of a term in its table; 0 is in no class.
fn term(value: &Value) -> usize {
    if let Value::Term(Term::Known(id)) = value { id.0 as usize + 1 } else { 0 }
}
