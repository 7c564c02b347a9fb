//! A correct schedule of a small school, to be edited by hand and judged by `leerzone verify`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use leerzone::read_school;
use leerzone::school::School;
use leerzone::verify::{Row, Verdict, verify};

/// What a schedule holds beside its summary and the names.
pub const CSV_FILES: [&str; 7] = [
    "sessions.csv",
    "student_timetable.csv",
    "staff_timetable.csv",
    "place_timetable.csv",
    "coaching_groups.csv",
    "package_holders.csv",
    "unmet_needs.csv",
];

/// A copy of `tests/referee/school` and `tests/referee/schedule` in a folder of its own.
pub struct Case {
    dir: tempfile::TempDir,
}

impl Case {
    pub fn correct() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/referee");
        for folder in ["school", "schedule"] {
            fs::create_dir(dir.path().join(folder)).expect("a new folder");
            for entry in fs::read_dir(source.join(folder)).expect("the folder of the case") {
                let entry = entry.expect("a readable folder");
                fs::copy(entry.path(), dir.path().join(folder).join(entry.file_name())).expect("a copy");
            }
        }
        Self { dir }
    }

    /// Where a file of the school or the schedule is; their names differ.
    pub fn path(&self, file: &str) -> PathBuf {
        let school = self.school().join(file);
        if school.exists() { school } else { self.schedule().join(file) }
    }

    pub fn school(&self) -> PathBuf {
        self.dir.path().join("school")
    }

    pub fn schedule(&self) -> PathBuf {
        self.dir.path().join("schedule")
    }

    pub fn text(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).expect("a file of the case")
    }

    pub fn write(self, file: &str, text: impl AsRef<[u8]>) -> Self {
        fs::write(self.path(file), text).expect("a file of the case");
        self
    }

    /// Replaces the only occurrence of `from`.
    pub fn edit(self, file: &str, from: &str, to: &str) -> Self {
        let text = self.text(file);
        assert_eq!(text.matches(from).count(), 1, "`{from}` in {file}");
        self.write(file, text.replace(from, to))
    }

    /// Replaces every occurrence of `from`.
    pub fn edit_all(self, file: &str, from: &str, to: &str) -> Self {
        let text = self.text(file);
        assert!(text.contains(from), "`{from}` in {file}");
        self.write(file, text.replace(from, to))
    }

    /// Adds a column to the table, which is empty but for one row.
    pub fn column(self, file: &str, column: &str, id: &str, cell: &str) -> Self {
        let text = self.text(file);
        let mut lines = text.lines();
        let header = lines.next().map(|header| format!("{header},{column}\n")).unwrap_or_default();
        let of = |row: &str| row.split(',').next() == Some(id);
        let rows = lines.map(|row| format!("{row},{}\n", if of(row) { cell } else { "" }));
        let text: String = std::iter::once(header).chain(rows).collect();
        self.write(file, text)
    }

    /// Adds a row at the end.
    pub fn append(self, file: &str, row: &str) -> Self {
        let text = self.text(file);
        self.write(file, format!("{text}{row}\n"))
    }

    /// Removes the only row that starts so.
    pub fn remove(self, file: &str, start: &str) -> Self {
        let text = self.text(file);
        let (gone, kept): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with(start));
        assert_eq!(gone.len(), 1, "rows of {file} that start with `{start}`");
        self.write(file, kept.join("\n") + "\n")
    }

    /// Runs `leerzone verify` on the case with further arguments.
    pub fn run(&self, arguments: &[&str]) -> Output {
        let mut command = assert_cmd::Command::cargo_bin("leerzone").expect("the program");
        command.arg("verify").arg(self.school()).arg(self.schedule()).args(arguments);
        command.output().expect("a program that runs")
    }

    /// The referee's verdict of the case.
    pub fn evaluate(&self) -> Judgement {
        let reading = read_school(&self.school(), None);
        let school = reading.school.unwrap_or_else(|| panic!("no valid school: {:#?}", reading.problems));
        let verdict = verify(&school, &self.schedule()).expect("a schedule that can be read");
        Judgement { school, verdict }
    }
}

/// What the referee said.
pub struct Judgement {
    pub school: School,
    pub verdict: Verdict,
}

impl Judgement {
    /// The rules R1 to R9 that were broken; `files` and `total` follow from many an edit.
    pub fn rules(&self) -> BTreeSet<&str> {
        let rules = self.verdict.violations.iter().map(|violation| violation.rule.label());
        rules.filter(|rule| rule.starts_with('R')).collect()
    }

    /// Asserts that exactly these of R1 to R9 are broken, and that a violation of `rule` has every part in its
    /// message and names all the rows (`file:line`).
    #[track_caller]
    pub fn assert_broken(&self, rules: &[&str], rule: &str, parts: &[&str], rows: &[&str]) {
        assert_eq!(self.rules(), rules.iter().copied().collect(), "{:#?}", self.verdict.violations);
        self.assert_breach(rule, parts, rows);
    }

    #[track_caller]
    pub fn assert_breach(&self, rule: &str, parts: &[&str], rows: &[&str]) {
        let found = self.verdict.violations.iter().any(|violation| {
            let named: Vec<String> = violation.rows.iter().map(row_text).collect();
            violation.rule.label() == rule
                && parts.iter().all(|part| violation.message.contains(part))
                && rows.iter().all(|row| named.iter().any(|name| name == row))
        });
        let violations = &self.verdict.violations;
        assert!(found, "no violation of {rule} with {parts:?} at {rows:?} in {violations:#?}");
    }

    /// Asserts that none of R1 to R9 is broken.
    #[track_caller]
    pub fn assert_keeps_rules(&self) {
        assert_eq!(self.rules(), BTreeSet::new(), "{:#?}", self.verdict.violations);
    }

    /// Asserts that violations of the rule name exactly these rows (`file:line`).
    #[track_caller]
    pub fn assert_rows(&self, rule: &str, rows: &[&str]) {
        let of_rule = self.verdict.violations.iter().filter(|violation| violation.rule.label() == rule);
        let found: BTreeSet<String> = of_rule.flat_map(|violation| &violation.rows).map(row_text).collect();
        let expected: BTreeSet<String> = rows.iter().map(|row| row.to_string()).collect();
        assert_eq!(found, expected, "{:#?}", self.verdict.violations);
    }

    /// Asserts that there is no violation at all.
    #[track_caller]
    pub fn assert_holds(&self) {
        assert_eq!(self.verdict.violations, []);
    }

    /// Count and value of a term of the objective.
    pub fn term(&self, name: &str) -> (i64, f64) {
        let mut terms = self.verdict.terms.0.iter();
        let term = terms.find(|term| term.name == name).expect("a term");
        (term.count, term.value)
    }
}

fn row_text(row: &Row) -> String {
    format!("{}:{}", row.file, row.line)
}
