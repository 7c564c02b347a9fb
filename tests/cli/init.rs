//! `leerzone init`: a small school to start from, and nothing lost.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;
use tempfile::TempDir;

fn leerzone(command: &str, dir: &Path) -> assert_cmd::assert::Assert {
    Command::cargo_bin("leerzone").expect("the binary is built").arg(command).arg(dir).assert()
}

#[test]
fn a_new_school_can_be_read_and_explains_its_files() {
    let temp = TempDir::new().expect("a temporary folder");
    let dir = temp.path().join("schools").join("mine");
    leerzone("init", &dir).success();
    leerzone("check", &dir).success();
    let readme = fs::read_to_string(dir.join("README.md")).expect("a README");
    for entry in fs::read_dir(&dir).expect("the folder") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        assert!(name == "README.md" || readme.contains(&name), "README.md does not explain {name}");
    }
}

#[test]
fn an_empty_folder_is_used() {
    let temp = TempDir::new().expect("a temporary folder");
    leerzone("init", temp.path()).success();
    assert!(temp.path().join("school.toml").exists());
}

#[test]
fn a_name_that_no_folder_can_have_is_told() {
    let temp = TempDir::new().expect("a temporary folder");
    let long = temp.path().join("x".repeat(300));
    leerzone("init", &long).code(1).stderr(contains("error: cannot read ").and(contains("too long")));
}

#[test]
fn a_folder_in_use_is_left_alone() {
    let temp = TempDir::new().expect("a temporary folder");
    fs::write(temp.path().join("school.toml"), "name = \"mine\"").expect("a file");
    leerzone("init", temp.path()).code(2).stderr(contains("is not empty"));
    assert_eq!(fs::read_dir(temp.path()).expect("the folder").count(), 1);
    assert_eq!(fs::read_to_string(temp.path().join("school.toml")).expect("the file"), "name = \"mine\"");
}

#[test]
fn a_file_is_left_alone() {
    let temp = TempDir::new().expect("a temporary folder");
    let file = temp.path().join("school");
    fs::write(&file, "mine").expect("a file");
    leerzone("init", &file).code(2).stderr(contains("is a file"));
    assert_eq!(fs::read_to_string(&file).expect("the file"), "mine");
}

#[test]
fn a_school_may_be_one_workbook() {
    let temp = TempDir::new().expect("a temporary folder");
    let book = temp.path().join("school.xlsx");
    leerzone("init", &book).success().stderr(contains("leerzone solve"));
    leerzone("init", &book).code(2).stderr(contains("is there already"));
    let checked = leerzone("check", &book).success().stdout(contains("16 students"));
    checked.stderr(contains("goes to unmet_needs.csv").and(contains("0 errors, 1 warning")));
    leerzone("solve", &book).success();
    let out = temp.path().join("school-schedule");
    Command::cargo_bin("leerzone").expect("the binary").arg("verify").args([&book, &out]).assert().success();

    let folder = temp.path().join("folder");
    leerzone("init", &folder).success();
    leerzone("solve", &folder).success();
    let total = |summary: &Path| {
        let text = fs::read_to_string(summary.join("summary.json")).expect("a summary");
        serde_json::from_str::<serde_json::Value>(&text).expect("JSON")["total"].clone()
    };
    assert_eq!(total(&out), total(&folder.join("schedule")), "the workbook is another school");
}

#[test]
fn messages_on_a_workbook_name_sheet_and_cell() {
    let temp = TempDir::new().expect("a temporary folder");
    let folder = temp.path().join("folder");
    leerzone("init", &folder).success();
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("a file");
    let names = [
        "school.toml",
        "layout.toml",
        "subjects.csv",
        "offerings.csv",
        "places.csv",
        "staff.csv",
        "needs.csv",
    ];
    let mut texts: Vec<(&str, String)> = names.iter().map(|name| (*name, read(name))).collect();
    texts.push((
        "students.csv",
        read("students.csv").replace("amina,Amina,1a,1,anja", "amina,Amina,1a,1,nobody"),
    ));
    texts[0].1 = texts[0].1.replace("must = 100", "must = \"much\"");
    let files: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let book = temp.path().join("odd.xlsx");
    fs::write(&book, leerzone::exchange::template::workbook(&files).expect("a workbook")).expect("written");
    let told = leerzone("check", &book).code(2);
    told.stderr(
        contains("odd.xlsx, sheet students, cell G2")
            .and(contains("unknown staff `nobody`"))
            .and(contains("add `nobody` to the sheet `staff`"))
            .and(contains("odd.xlsx, sheet school, cell C")),
    );
}

/// Headings, words, separators and messages as a Dutch school has them, in a folder and in a workbook.
#[test]
fn a_new_school_may_be_dutch() {
    let temp = TempDir::new().expect("a temporary folder");
    let totals = ["school", "school.xlsx"].map(|name| {
        let (school, out) = (temp.path().join(name), temp.path().join(format!("{name}-out")));
        let init = Command::cargo_bin("leerzone")
            .expect("the binary")
            .args(["init", "--language", "nl"])
            .arg(&school)
            .assert();
        init.success().stderr(contains("een kleine school"));
        leerzone("check", &school).success().stdout(contains("16 students"));
        let mut solve = Command::cargo_bin("leerzone").expect("the binary");
        let solved = solve.arg("solve").arg(&school).arg("--out").arg(&out).assert().success();
        solved.stdout(contains("een beter rooster bestaat niet"));
        Command::cargo_bin("leerzone")
            .expect("the binary")
            .arg("verify")
            .args([&school, &out])
            .assert()
            .success();
        let text = fs::read_to_string(out.join("summary.json")).expect("a summary");
        serde_json::from_str::<serde_json::Value>(&text).expect("JSON")["total"].clone()
    });
    assert_eq!(totals[0], totals[1], "the workbook is another school");
    let students = fs::read_to_string(temp.path().join("school/students.csv")).expect("the file");
    assert!(students.starts_with("\u{feff}leerling;naam;"), "{students}");
}
