//! `leerzone generate`: schools of any size that can be read, equal for equal options.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

fn leerzone(args: &[&str]) -> assert_cmd::assert::Assert {
    Command::cargo_bin("leerzone").expect("the binary is built").args(args).assert()
}

/// Generates into a new folder; the folder lives as long as the first value.
fn generate(options: &[&str]) -> (TempDir, PathBuf) {
    let temp = TempDir::new().expect("a temporary folder");
    let dir = temp.path().join("school");
    leerzone(&[&["generate", &text(&dir)], options].concat()).success();
    (temp, dir)
}

fn text(path: &Path) -> String {
    path.to_str().expect("a path in UTF-8").to_owned()
}

/// Names and bytes of the files of a folder, without its README.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(dir).expect("the folder can be read");
    let paths = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file());
    paths
        .map(|path| {
            let name = path.file_name().expect("a file name").to_string_lossy().into_owned();
            (name, fs::read(&path).expect("the file can be read"))
        })
        .filter(|(name, _)| name != "README.md")
        .collect()
}

fn rows(dir: &Path, file: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(dir.join(file)).expect("the file can be read");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

#[test]
fn the_school_in_data_is_what_the_generator_writes() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let readme = fs::read_to_string(data.join("README.md")).expect("data/README.md");
    let command = readme
        .lines()
        .find_map(|line| line.strip_prefix("leerzone generate data "))
        .expect("the command stands in data/README.md");
    let (_temp, dir) = generate(&command.split_whitespace().collect::<Vec<_>>());
    let (written, kept) = (files(&dir), files(&data));
    assert_eq!(written.keys().collect::<Vec<_>>(), kept.keys().collect::<Vec<_>>());
    for (name, bytes) in &written {
        assert!(kept[name] == *bytes, "data/{name} differs; run the command of data/README.md");
    }
}

#[test]
fn the_school_in_data_has_the_shape_that_its_readme_tells() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    assert_eq!(rows(&data, "students.csv").len(), 900);
    assert_eq!(rows(&data, "staff.csv").len(), 75);
    let subjects = rows(&data, "subjects.csv");
    assert_eq!(subjects.iter().filter(|subject| subject["subject"] != "homework").count(), 45);
}

#[test]
fn equal_options_give_equal_files_and_another_seed_another_school() {
    let options = |seed| ["--students", "120", "--tightness", "0.9", "--seed", seed];
    let (_one, first) = generate(&options("7"));
    let (_two, second) = generate(&options("7"));
    let (_three, other) = generate(&options("8"));
    assert!(files(&first) == files(&second));
    assert!(files(&first)["needs.csv"] != files(&other)["needs.csv"]);
}

#[test]
fn schools_of_every_shape_are_read_without_errors() {
    for options in [
        &["--students", "60"][..],
        &["--students", "300", "--offerings", "42", "--tightness", "0.85"],
        &["--students", "1200", "--offerings", "42", "--tightness", "1.05"],
        &["--students", "600", "--sites", "5", "--offerings", "24", "--tightness", "2"],
        &["--students", "800", "--schools", "4", "--sites", "2", "--tightness", "0.5", "--seed", "3"],
    ] {
        let (_temp, dir) = generate(options);
        leerzone(&["check", &text(&dir)]).success();
    }
}

#[test]
fn more_tightness_is_more_time_of_staff() {
    let blocks = |tightness| -> u32 {
        let (_temp, dir) = generate(&["--students", "300", "--tightness", tightness]);
        let blocks = rows(&dir, "staff.csv").into_iter().map(|row| row["max_blocks"].parse::<u32>());
        blocks.sum::<Result<_, _>>().expect("numbers")
    };
    assert!(blocks("0.7") < blocks("0.9"));
    assert!(blocks("0.9") < blocks("1.1"));
}

#[test]
fn a_shortage_is_of_one_subject() {
    let sessions = |more: &[&str], subject: &str| -> u32 {
        let (_temp, dir) = generate(&[&["--students", "300"][..], more].concat());
        let teaches = |person: &&BTreeMap<String, String>| {
            person["subjects"].split('|').any(|s| s.starts_with(subject))
        };
        let staff = rows(&dir, "staff.csv");
        staff
            .iter()
            .filter(teaches)
            .map(|person| person["max_blocks"].parse::<u32>().expect("a number"))
            .sum()
    };
    let short = ["--shortage", "wi=0.5"];
    assert!(sessions(&short, "wi") < sessions(&[], "wi") * 9 / 10);
    assert!(sessions(&short, "en") > sessions(&[], "en") * 9 / 10);
}

#[test]
fn schools_share_staff_who_travel() {
    let (_temp, dir) = generate(&["--students", "1600", "--schools", "8"]);
    let shared: Vec<_> =
        rows(&dir, "staff.csv").into_iter().filter(|person| person["sites"].contains('|')).collect();
    assert!(!shared.is_empty());
    assert!(shared.iter().all(|person| person["unit"].is_empty()));
    let school = fs::read_to_string(dir.join("school.toml")).expect("school.toml");
    assert_eq!(school.matches("[[travel]]").count(), 8 * 7 / 2);
}

#[test]
fn options_that_cannot_be_met_are_named() {
    let temp = TempDir::new().expect("a temporary folder");
    let dir = text(&temp.path().join("school"));
    for (option, value) in [
        ("--students", "12"),
        ("--offerings", "400"),
        ("--tightness", "-1"),
        ("--tightness", "nan"),
        ("--shortage", "zz=0.5"),
        ("--shortage", "wi=2"),
        ("--shortage", "wi"),
        ("--schools", "0"),
        ("--sites", "18446744073709551615"),
    ] {
        let run = leerzone(&["generate", &dir, &format!("{option}={value}")]).code(2);
        let message = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
        assert!(message.contains(option.trim_start_matches('-')), "{message}");
        assert!(!Path::new(&dir).exists());
    }
}

#[test]
fn files_of_others_are_not_touched() {
    let temp = TempDir::new().expect("a temporary folder");
    let dir = text(temp.path());
    let own = temp.path().join("notes.txt");
    fs::write(&own, "mine").expect("a file");
    leerzone(&["generate", &dir, "--students", "60"]).code(2);
    assert_eq!(files(temp.path()).len(), 1);
    leerzone(&["generate", &dir, "--students", "60", "--force"]).success();
    assert_eq!(fs::read_to_string(&own).expect("still there"), "mine");
    assert!(temp.path().join("school.toml").exists());
}
