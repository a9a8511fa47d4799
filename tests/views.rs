//! The runner of views against the official suite of SQL on FHIR (`../shared/data/sql-on-fhir-tests`), where that is
//! present, and against a few views of our own, always. Prints how many cases pass.

use candidacy::view::definition::View;
use candidacy::view::item::{Item, Plain};
use candidacy::view::json::Json;
use candidacy::view::path;
use candidacy::view::rows::Cell;

const SUITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/sql-on-fhir-tests");

/// Cases that are out of scope, each with the reason: none.
const OUT_OF_SCOPE: [(&str, &str); 0] = [];

#[test]
fn the_official_suite_passes() {
    let Ok(files) = std::fs::read_dir(SUITE) else {
        println!("not run: the suite is not in {SUITE}");
        assert!(std::env::var_os("CANDIDACY_NEEDS_DATA").is_none(), "the suite is needed here");
        return;
    };
    let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    files.sort();
    let (mut passed, mut failed, mut skipped) = (0, Vec::new(), 0);
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "json")) {
        let text = std::fs::read_to_string(file).expect("a file of the suite can be read");
        let suite: Json = serde_json::from_str(&text).expect("the suite is JSON");
        let name = file.file_stem().expect("a name").to_string_lossy();
        let resources = suite.get("resources").and_then(Json::items).expect("resources");
        for case in suite.get("tests").and_then(Json::items).expect("tests") {
            let title = format!("{name}: {}", case.get("title").and_then(Json::text).expect("a title"));
            if let Some((_, why)) = OUT_OF_SCOPE.iter().find(|(own, _)| *own == title) {
                println!("out of scope: {title}: {why}");
                skipped += 1;
                continue;
            }
            match held(case, resources) {
                Ok(()) => passed += 1,
                Err(why) => failed.push(format!("{title}: {why}")),
            }
        }
    }
    println!("SQL on FHIR: {passed} of {} cases pass, {skipped} out of scope", passed + failed.len() + skipped);
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(passed + skipped >= 134, "the suite has 134 cases, and this one {}", passed + skipped);
}

/// Whether a case comes out as the suite says.
fn held(case: &Json, resources: &[Json]) -> Result<(), String> {
    let got = run(case.get("view").ok_or("no view")?, resources);
    match (got, case.get("expectError").is_some()) {
        (Err(_), true) => Ok(()),
        (Ok(rows), true) => Err(format!("no error, but {rows:?}")),
        (Err(why), false) => Err(why),
        (Ok((columns, mut rows)), false) => {
            let expected = case.get("expect").and_then(Json::items).ok_or("nothing expected")?;
            let mut expected: Vec<Vec<String>> = expected.iter().map(|row| in_order(row, &columns)).collect();
            rows.sort();
            expected.sort();
            if rows != expected {
                return Err(format!("rows {rows:?} instead of {expected:?}"));
            }
            let named = case.get("expectColumns").and_then(Json::items);
            let named: Option<Vec<&str>> = named.map(|names| names.iter().filter_map(Json::text).collect());
            match named.is_none_or(|named| named == columns) {
                true => Ok(()),
                false => Err(format!("columns {columns:?}")),
            }
        }
    }
}

type Table = (Vec<String>, Vec<Vec<String>>);

fn run(view: &Json, resources: &[Json]) -> Result<Table, String> {
    let view = View::parse(view).map_err(|errors| format!("{errors:?}"))?;
    let mut rows = Vec::new();
    for resource in resources {
        rows.extend(view.rows(resource)?.iter().map(|row| row.iter().map(written).collect::<Vec<_>>()));
    }
    Ok((view.columns().into_iter().map(String::from).collect(), rows))
}

fn in_order(row: &Json, columns: &[String]) -> Vec<String> {
    let given = row.entries().expect("a row is an object").len();
    assert!(given <= columns.len(), "a row has columns that the view has not: {row:?}");
    columns.iter().map(|column| plain(row.get(column).unwrap_or(&Json::Null))).collect()
}

fn written(cell: &Cell) -> String {
    match cell {
        Cell::Null => "null".to_owned(),
        Cell::One(item) => value(item),
        Cell::Many(items) => format!("{:?}", items.iter().map(value).collect::<Vec<_>>()),
    }
}

fn value(item: &Item) -> String {
    match item.plain().expect("the suite has no numbers of more than 28 digits") {
        Plain::Bool(value) => value.to_string(),
        Plain::Number(number) => number.normalize().to_string(),
        Plain::Text(text) => format!("{text:?}"),
        Plain::Whole(json) => plain(json),
    }
}

fn plain(json: &Json) -> String {
    match json {
        Json::Null => "null".to_owned(),
        Json::List(items) => format!("{:?}", items.iter().map(plain).collect::<Vec<_>>()),
        Json::Object(_) => format!("{json:?}"),
        other => value(&Item::Part(other, None)),
    }
}

const PATIENT: &str = r#"{"resourceType": "Patient", "id": "p1", "birthDate": "1970-06", "active": true,
    "multipleBirthInteger": 2, "name": [{"given": ["Ann", "B"]}, {"family": "Lee"}]}"#;

#[test]
fn a_path_leads_where_it_says() {
    let cases = [
        ("id", "\"p1\""),
        ("Patient.name.given", "\"Ann\" \"B\""),
        ("name.given[1]", "\"B\""),
        ("name[1].given", ""),
        ("name.where(family = 'Lee').exists()", "true"),
        ("name.exists(family = 'May')", "false"),
        ("birthDate < @1970-07", "true"),
        ("birthDate = '1970-06-15'", ""),
        ("birthDate != @1971", "true"),
        ("multipleBirth.ofType(integer) * 2 - 0.5", "3.5"),
        ("-multipleBirth < 0", "true"),
        ("multipleBirth.ofType(boolean)", ""),
        ("active and nothing", ""),
        ("active or nothing", "true"),
        ("nothing.not()", ""),
        ("nothing = 1", ""),
        ("'a' + 'b'", "\"ab\""),
        ("`id`", "\"p1\""),
        ("1 / 0", ""),
        ("@2026-11-21T08:00:00Z = @2026-11-21T09:00:00+01:00", "true"),
        ("'it\\'s'", "\"it's\""),
    ];
    for (path, expected) in cases {
        let view = format!(
            r#"{{"resource": "Patient", "select": [{{"column": [{{"name": "x", "path": {path:?}, "collection": true}}]}}]}}"#
        );
        let (view, patient): (Json, Json) = (json(&view), json(PATIENT));
        let view = View::parse(&view).unwrap_or_else(|errors| panic!("{path}: {errors:?}"));
        let rows = view.rows(&patient).unwrap_or_else(|why| panic!("{path}: {why}"));
        let Cell::Many(found) = &rows[0][0] else { panic!("{path} leads to no collection") };
        assert_eq!(found.iter().map(value).collect::<Vec<_>>().join(" "), expected, "{path}");
    }
}

#[test]
fn a_path_that_makes_no_sense_says_where() {
    let deep = format!("{}id{}", "(".repeat(100), ")".repeat(100));
    let cases = [
        ("name.", 5, "the name of an element or function follows"),
        ("name given", 5, "`given` is not expected here"),
        ("name.last()", 5, "`last` is no function of shareable views"),
        ("a | b", 2, "`|` is no part of the paths of shareable views"),
        ("'open", 0, "the `'` is not closed"),
        ("@@", 0, "a date or time follows `@`"),
        ("a.where(", 8, "the path ends here"),
        ("a[0", 3, "`]` is missing"),
        ("é", 0, "`é` means nothing in a path"),
        ("", 0, "the path ends here"),
        ("1 +", 3, "the path ends here"),
        (&deep, 60, "more than 60 levels of brackets"),
    ];
    for (text, at, message) in cases {
        let error = path::Path::parse(text).expect_err(text);
        assert_eq!((error.at, error.message.as_str()), (at, message), "{text}");
    }
}

#[test]
fn every_mistake_of_a_view_is_named_with_its_place() {
    let view = r#"{"constant": [{"name": "c"}], "where": [{"path": "a ="}],
        "select": [{"column": [{"name": "x", "path": "%d"}, {"path": 1}], "forEach": "b", "repeat": ["c"]},
                   {"unionAll": [{"column": [{"name": "y", "path": "y"}]}, {"column": []}]},
                   {"column": [{"name": "x", "path": "x", "collection": "no"}]}]}"#;
    let errors = View::parse(&json(view)).expect_err("it has mistakes");
    let errors: Vec<String> = errors.iter().map(|error| format!("{}: {}", error.at, error.message)).collect();
    let expected = [
        "the view: `resource` is missing",
        "constant[0]: a constant has a value of the type that its key names, such as a text for `valueString`",
        "where[0].path: the path ends here (character 4 of `a =`)",
        "select[0]: only one of forEach, repeat can be given",
        "select[0].column[0].path: there is no constant `%d`",
        "select[0].column[1]: `name` is missing",
        "select[0].column[1].path: a path is wanted, and this is a number",
        "select[1].unionAll: all parts of a union have the same columns in the same order",
        "select[2].column[0].collection: true or false is wanted, and this is a text",
        "select: two columns are named `x`",
    ];
    assert_eq!(errors, expected);
}

#[test]
fn a_repeat_that_goes_round_in_circles_ends() {
    let view = json(r#"{"resource": "Patient", "select": [{"repeat": ["$this"], "column": []}]}"#);
    let view = View::parse(&view).expect("a view");
    assert!(view.rows(&json(PATIENT)).is_err());
}

fn json(text: &str) -> Json<'_> {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}
