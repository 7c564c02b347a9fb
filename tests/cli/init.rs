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
