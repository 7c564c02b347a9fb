//! Small schools whose running week is repaired, and what the tests ask of a repair.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::small::{Small, leerzone};
use assert_cmd::assert::Assert;
use serde_json::Value;

pub type Row = BTreeMap<String, String>;

/// Ann teaches mathematics in block one, Dan Dutch in block two. Rob (in reserve), Own (of Ann's unit) and
/// Oth could replace Ann.
pub fn school() -> Small {
    Small::new()
        .with("school.toml", "name = \"Ill\"\ndays = [\"mon\"]\n[reserve]\nstaff_per_block = 1\n")
        .with("subjects.csv", "subject,name\nwi,Mathematics\nne,Dutch\n")
        .with("offerings.csv", "offering,name,subjects,min,max\nmath,Math,wi,1,4\ndutch,Dutch,ne,1,4\n")
        .with("places.csv", "place,name,seats\nr1,Room 1,10\nr2,Room 2,10\nr3,Room 3,4\n")
        .with(
            "staff.csv",
            "staff,name,roles,subjects,likes,unit\nrob,Rob,teacher,wi,,b\nann,Ann,teacher,wi,math,a\n\
             oth,Oth,teacher,wi,,b\nown,Own,teacher,wi,,a\ndan,Dan,teacher,ne,dutch,a\n",
        )
        .with("students.csv", "student,name\ns1,One\ns2,Two\ns3,Three\n")
        .with("needs.csv", "who,subject,sessions,priority\nall,wi,1,must\nall,ne,1,should\n")
        .with("busy.csv", "kind,id,day,start,end\nstaff,ann,mon,10:00,11:00\nstaff,dan,mon,09:00,10:00\n")
}

/// Ann and Bob teach mathematics side by side with three students each, of four at most; nobody else can.
pub fn side_by_side() -> Small {
    school()
        .with("school.toml", "name = \"Two\"\ndays = [\"mon\"]\n")
        .with("offerings.csv", "offering,name,subjects,min,max\nmath,Math,wi,3,4\ndutch,Dutch,ne,1,6\n")
        .with(
            "staff.csv",
            "staff,name,roles,subjects,likes\nann,Ann,teacher,wi,math\nbob,Bob,teacher,wi,math\ndan,Dan,teacher,ne,\n",
        )
        .with("students.csv", "student,name\ns1,1\ns2,2\ns3,3\ns4,4\ns5,5\ns6,6\n")
        .with("busy.csv", "kind,id,day,start,end\nstaff,ann,mon,10:00,11:00\nstaff,bob,mon,10:00,11:00\nstaff,dan,mon,09:00,10:00\n")
}

/// Two coaches with three students each.
pub fn coached() -> Small {
    let layout = "[[block]]\nid = \"{day}-c\"\nstart = \"08:30\"\nend = \"09:00\"\nkind = \"coaching\"\n";
    school()
        .with(
            "school.toml",
            "name = \"Coached\"\ndays = [\"mon\", \"tue\"]\n[coaching]\nmin = 2\nmax = 4\nmeetings = 2\n",
        )
        .with("layout.toml", layout)
        .with(
            "staff.csv",
            "staff,name,roles,subjects\ncarl,Carl,coach,\nemma,Emma,coach,\nfinn,Finn,teacher,wi\ngus,Gus,coach,\n",
        )
        .with(
            "students.csv",
            "student,name,coach\ns1,1,carl\ns2,2,carl\ns3,3,carl\ns4,4,emma\ns5,5,emma\ns6,6,emma\n",
        )
        .with("needs.csv", "who,subject,sessions,priority\n")
        .with("busy.csv", "kind,id,day,start,end\n")
}

pub fn solved(small: Small) -> Small {
    small.solve(&["--gap", "0"]).success();
    small
}

pub fn repaired(small: &Small) -> PathBuf {
    small.dir().join("schedule-repaired")
}

pub fn replan(small: &Small, arguments: &[&str]) -> Assert {
    leerzone(&["replan"]).arg(small.dir()).arg(small.out()).arg("--quiet").args(arguments).assert()
}

/// Repairs, and lets the referee judge the result against the school as it stands in the folder.
pub fn repair(small: &Small, arguments: &[&str]) {
    replan(small, arguments).success();
    leerzone(&["verify"]).arg(small.dir()).arg(repaired(small)).assert().success();
}

/// Repairs the schedule in `from` into another folder, which may be the same, and lets the referee judge it.
pub fn repair_into(small: &Small, from: &Path, to: &Path, arguments: &[&str]) {
    let mut command = leerzone(&["replan", "--quiet", "--out"]);
    command.arg(to).arg(small.dir()).arg(from).args(arguments).assert().success();
    leerzone(&["verify"]).arg(small.dir()).arg(to).assert().success();
}

pub fn rows(folder: &Path, file: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(folder.join(file)).expect("a file of the schedule");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

pub fn summary(folder: &Path) -> Value {
    let text = fs::read_to_string(folder.join("summary.json")).expect("summary.json");
    serde_json::from_str(&text).expect("JSON")
}

/// `who: was > now` of every row of `changes.csv`: for staff what and as what, for students what and with whom.
pub fn changes(small: &Small) -> BTreeSet<String> {
    let doing = |row: &Row, when: &str| {
        let cell = |what: &str| row[&format!("{when}{what}")].clone();
        let text = format!("{} {}{}", cell(""), cell("_role"), cell("_lead"));
        text.trim().to_owned()
    };
    let rows = rows(&repaired(small), "changes.csv");
    rows.iter()
        .map(|row| {
            let text =
                format!("{} {}: {} > {}", row["id"], row["block"], doing(row, "was"), doing(row, "now"));
            text.trim().to_owned()
        })
        .collect()
}

pub fn set(values: &[&str]) -> BTreeSet<String> {
    values.iter().map(|&value| value.to_owned()).collect()
}

/// The rows of a timetable of students without what the engine may choose among equals.
pub fn week(folder: &Path) -> BTreeSet<[String; 4]> {
    let rows = rows(folder, "student_timetable.csv");
    rows.iter()
        .map(|row| ["student", "block", "offering", "lead"].map(|column| row[column].clone()))
        .collect()
}

/// The school of another in a folder of its own, of which a test changes something.
pub fn copy_of(small: &Small) -> Small {
    let new = Small::new();
    for entry in fs::read_dir(small.dir()).expect("the school").map(|entry| entry.expect("an entry")) {
        if entry.path().is_file() {
            fs::copy(entry.path(), new.dir().join(entry.file_name())).expect("a copy");
        }
    }
    new
}
