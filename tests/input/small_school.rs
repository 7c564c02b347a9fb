//! A small sound school in a temporary folder, for tests that change one thing in it.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// The files of the school.
pub const PLAIN: [(&str, &str); 9] = [
    (
        "school.toml",
        r#"name = "Klein"
days = ["mon", "tue"]

[weights]
must = 100

[coaching]
min = 1
max = 4
meetings = 2
group_by = ["unit"]

[presence]
min_blocks = { "1" = 1, "*" = 0 }
fill = "study"

[units]
own_staff = "prefer"

[reserve]
staff_per_block = 0

[[budget]]
unit = "*"
cost = 1200.0
"#,
    ),
    (
        "layout.toml",
        r#"name = "short days"

[[block]]
id = "{day}-start"
start = "8:30"
end = "09:00"
kind = "coaching"

[[block]]
id = "{day}-1"
days = ["mon", "tue"]
start = "09:00"
end = "10:00"
kind = "lesson"

[[block]]
id = "mon-2"
days = ["mon"]
start = "10:00"
end = "11:00"
kind = "zone"
audience = ["year:1", "student:s3"]
"#,
    ),
    ("subjects.csv", "subject,name\nwi-ha,wiskunde havo\nne,Nederlands\nku,kunst\n"),
    (
        "offerings.csv",
        "offering,name,subjects,kinds,min,max,roles,tags,after\n\
         wi-les,wiskunde,wi-ha,lesson,1,4,teacher,,\n\
         ne-les,Nederlands,ne,lesson|zone,1,4,teacher,,\n\
         ku-les,kunst,ku,zone,1,4,teacher|guest,atelier,\n",
    ),
    ("places.csv", "place,name,site,seats,parallel,tags\nr1,lokaal 1,,20,1,\nr2,atelier,,20,2,atelier\n"),
    (
        "staff.csv",
        "staff,name,roles,subjects,likes,unit,max_blocks,cost\n\
         jan,Jan,teacher|coach,wi-ha|ne,wi-les,onder,8,10.5\n\
         eva,Eva,teacher,ku|ne,,onder,8,10\n",
    ),
    (
        "students.csv",
        "student,name,class,year,unit,coach\n\
         s1,Anna,1a,1,onder,jan\n\
         s2,Bram,1a,1,onder,\n\
         s3,Chaya,2b,2,onder,\n",
    ),
    (
        "needs.csv",
        "who,subject,sessions,priority,with,staff\n\
         class:1a,wi-ha,1,must,,jan\n\
         s1,ne|ku,1,should,,\n\
         s3,ku,1,could,,\n",
    ),
    ("busy.csv", "kind,id,day,start,end,note\nstaff,eva,tue,,,part-time\n"),
];

/// A folder with the small school above, and what a test changes in it.
pub struct Folder {
    dir: TempDir,
}

impl Folder {
    pub fn new() -> Self {
        let folder = Self { dir: tempfile::tempdir().unwrap() };
        PLAIN.iter().for_each(|(name, text)| folder.write(name, text));
        folder
    }

    /// The small school with `old` replaced by `new` in one file.
    pub fn with(name: &str, old: &str, new: &str) -> Self {
        Self::new().and(name, old, new)
    }

    pub fn and(self, name: &str, old: &str, new: &str) -> Self {
        let text = fs::read_to_string(self.file(name)).unwrap();
        assert!(text.contains(old), "{name} has no {old:?}");
        self.write(name, text.replacen(old, new, 1));
        self
    }

    pub fn plus(self, name: &str, text: &str) -> Self {
        self.write(name, text);
        self
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.file(name), bytes).unwrap();
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn check(&self) -> Checked {
        check(self.dir.path(), &[])
    }

    pub fn json(&self) -> Value {
        let checked = check(self.dir.path(), &["--json"]);
        assert_eq!(checked.stderr, "");
        serde_json::from_str(&checked.stdout).unwrap()
    }
}

pub struct Checked {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Checked {
    /// Exit code 2, and each of these texts in the messages.
    pub fn fails_with(&self, texts: &[&str]) {
        assert_eq!(self.code, 2, "{}", self.stderr);
        assert_eq!(self.stdout, "");
        self.says(texts);
    }

    /// Exit code 0, and each of these texts in the messages.
    pub fn warns_with(&self, texts: &[&str]) {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self.says(texts);
    }

    pub fn says(&self, texts: &[&str]) {
        for text in texts {
            assert!(self.stderr.contains(text), "no {text:?} in:\n{}", self.stderr);
        }
    }
}

pub fn check(dir: &Path, more: &[&str]) -> Checked {
    let output = Command::cargo_bin("leerzone").unwrap().arg("check").arg(dir).args(more).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Checked { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
}
