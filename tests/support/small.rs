//! A school of one day, two lesson blocks and two teachers in a temporary folder, of which a test changes
//! what it is about.

#![allow(dead_code, reason = "not every test file uses all of it")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use tempfile::TempDir;

pub const HEADERS: [(&str, &str); 8] = [
    ("sessions.csv", "session,block,kind,offering,place,lead,assistants,students,capacity"),
    ("student_timetable.csv", "student,block,day,start,end,kind,session,offering,subject,place,lead"),
    ("staff_timetable.csv", "staff,block,day,start,end,kind,role,session,offering,place"),
    ("place_timetable.csv", "place,block,day,start,end,session,offering,lead,students"),
    ("coaching_groups.csv", "group,coach,student"),
    ("package_holders.csv", "package,staff"),
    ("unmet_needs.csv", "student,subject,priority,missing,reason,detail"),
    ("names.csv", "kind,id,name"),
];

pub struct Small {
    folder: TempDir,
}

impl Small {
    pub fn new() -> Self {
        let small = Self { folder: TempDir::new().expect("a temporary folder") };
        fs::create_dir(small.dir()).expect("a folder");
        small
            .with("school.toml", "name = \"Small\"\ndays = [\"mon\"]\n")
            .with(
                "layout.toml",
                "name = \"two\"\n\
                 [[block]]\nid = \"one\"\ndays = [\"mon\"]\nstart = \"09:00\"\nend = \"10:00\"\nkind = \"lesson\"\n\
                 [[block]]\nid = \"two\"\ndays = [\"mon\"]\nstart = \"10:00\"\nend = \"11:00\"\nkind = \"lesson\"\n",
            )
            .with("subjects.csv", "subject,name\nwi,Mathematics\nen,English\nna,Physics\n")
            .with("offerings.csv", "offering,name,subjects,min,max\nmath,Math,wi,1,4\nenglish,English,en,1,4\n")
            .with("places.csv", "place,name,seats\nr1,Room 1,10\nr2,Room 2,10\n")
            .with("staff.csv", "staff,name,roles,subjects\nann,Ann Smit,teacher,wi\nben,Ben Mol,teacher,en\n")
            .with("students.csv", "student,name,year\ns1,Ali Bos,1\ns2,Bea Vos,1\n")
            .with("needs.csv", "who,subject,sessions,priority\nall,wi,1,must\nall,en,1,should\n")
    }

    pub fn dir(&self) -> PathBuf {
        self.folder.path().join("school")
    }

    pub fn out(&self) -> PathBuf {
        self.dir().join("schedule")
    }

    pub fn with(self, file: &str, text: &str) -> Self {
        fs::write(self.dir().join(file), text).expect("a file");
        self
    }

    /// `solve`, which ends long before its limit: these schools are small.
    pub fn solve(&self, arguments: &[&str]) -> Assert {
        leerzone(&["solve"]).arg(self.dir()).args(["--time-limit", "60"]).args(arguments).assert()
    }

    /// Solves, verifies and gives the rows of `unmet_needs.csv`: student, subject, missing, reason, detail.
    pub fn unmet(&self) -> Vec<[String; 5]> {
        self.solve(&[]).success();
        leerzone(&["verify"]).arg(self.dir()).arg(self.out()).assert().success();
        let mut reader = csv::Reader::from_path(self.out().join("unmet_needs.csv")).expect("the file");
        let rows = reader.records().map(|row| row.expect("a row"));
        rows.map(|row| [0, 1, 3, 4, 5].map(|column| row[column].to_owned())).collect()
    }
}

pub fn leerzone(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("leerzone").expect("the binary is built");
    command.args(arguments);
    command
}

/// Every file of a folder.
pub fn contents(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry"));
    entries
        .map(|entry| {
            let text = fs::read_to_string(entry.path()).expect("a text");
            (entry.file_name().to_string_lossy().into_owned(), text)
        })
        .collect()
}

/// A school large enough that a run on it lasts.
pub fn large() -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("a temporary folder");
    let dir = folder.path().join("school");
    leerzone(&["generate", "--students", "300", "--seed", "3"]).arg(&dir).assert().success();
    (folder, dir)
}

/// Until something has that name: for as long as anybody would wait.
pub fn wait_for(path: &Path) {
    let begun = Instant::now();
    while !path.exists() {
        assert!(begun.elapsed() < Duration::from_secs(120), "{} never came", path.display());
        std::thread::sleep(Duration::from_millis(5));
    }
}
