//! Nobody sees what is not theirs: formulas are text, ids are no paths, `--private` is its owner's alone, and a
//! school can be shared without its people.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::small::{Small, contents, leerzone};
use leerzone::read_school;
use predicates::str::contains;
use serde_json::Value;
use tempfile::TempDir;

/// What a spreadsheet would run.
const FORMULAS: [&str; 6] = ["=1+1", "+a", "-a", "@SUM(A1)", "=cmd|'x'!A0", "'=1"];

fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err()
}

/// A school in which ids and names are formulas.
fn formulas() -> Small {
    Small::new()
        .with("places.csv", "place,name,seats\n=r1,=A1,10\n+r2,Room 2,10\n")
        .with("staff.csv", "staff,name,roles,subjects\n-ann,=Ann,teacher,wi\n@ben,+Ben,teacher,en\n")
        .with("students.csv", "student,name,year\n=s1,=HYPERLINK(\"x\"),1\n@s2,-Bea,1\n")
}

#[test]
fn no_table_that_is_written_runs_in_a_spreadsheet() {
    let small = formulas();
    small.solve(&[]).success();
    let mut seen = 0;
    for (file, text) in contents(&small.out()).iter().filter(|(file, _)| file.ends_with(".csv")) {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        for cell in
            reader.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
        {
            assert!(!is_formula(&cell), "{file}: {cell}");
            seen += usize::from(cell.starts_with('\''));
        }
    }
    assert!(seen > 10, "formulas stand behind apostrophes: {seen}");
    let term = ["--from", "2027-01-11"];
    for (format, more) in [("untis", &[][..]), ("fet", &[]), ("oneroster", &term), ("zermelo", &term)] {
        let to = small.dir().join(format!("to-{format}"));
        let mut export = leerzone(&["export", format]);
        export.arg(small.dir()).arg(small.out()).arg(&to).args(more).assert().success();
        let files = if to.is_dir() {
            contents(&to)
        } else {
            [(format.to_owned(), fs::read_to_string(&to).unwrap())].into()
        };
        for (file, text) in files {
            let mut reader =
                csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            for cell in
                reader.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
            {
                assert!(!is_formula(&cell), "{format} {file}: {cell}");
            }
        }
    }
}

#[test]
fn what_stands_behind_an_apostrophe_is_read_as_it_was() {
    let small = formulas();
    small.solve(&[]).success();
    leerzone(&["verify"]).arg(small.dir()).arg(small.out()).assert().success();
    for (who, name) in [("=s1", "=HYPERLINK(\"x\")"), ("@ben", "+Ben"), ("=r1", "=A1")] {
        leerzone(&["show"]).arg(small.out()).arg(who).assert().success().stdout(contains(name));
    }
    let repaired = small.dir().join("repaired");
    let mut replan = leerzone(&["replan"]);
    replan
        .arg(small.dir())
        .arg(small.out())
        .args(["--absent=-ann", "--out"])
        .arg(&repaired)
        .assert()
        .success();
    leerzone(&["verify"]).arg(small.dir()).arg(&repaired).assert().success();
    let history = small.out();
    leerzone(&["check"]).arg(small.dir()).arg("--history").arg(history).assert().success();
    // A hand puts them in without an apostrophe.
    let file = small.out().join("names.csv");
    fs::write(&file, fs::read_to_string(&file).unwrap().replace("'=", "=")).unwrap();
    leerzone(&["verify"]).arg(small.dir()).arg(small.out()).assert().success();
}

#[test]
fn a_workbook_with_text_that_looks_like_formulas_comes_in_as_it_is() {
    let folder = TempDir::new().unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("students").unwrap();
    sheet.write_row(0, 0, ["student", "name"]).unwrap();
    for (at, formula) in FORMULAS.iter().enumerate() {
        sheet.write_row(at as u32 + 1, 0, [format!("s{at}"), (*formula).to_owned()]).unwrap();
    }
    let path = folder.path().join("book.xlsx");
    book.save(&path).unwrap();
    let small = Small::new();
    fs::remove_file(small.dir().join("students.csv")).unwrap();
    leerzone(&["import", "xlsx"]).arg(&path).arg(small.dir()).assert().success();
    let text = fs::read_to_string(small.dir().join("students.csv")).unwrap();
    assert!(text.lines().all(|line| !is_formula(line.split_once(',').unwrap().1)), "{text}");
    let school = read_school(&small.dir(), None).school.unwrap();
    let names: Vec<&str> = school.students.iter().map(|student| student.name.as_str()).collect();
    assert_eq!(names[..5], FORMULAS[..5]);
}

/// Ids that would be paths, devices or nothing.
const PATHS: [&str; 8] = ["../x", "CON", "a/b", "x..", "/etc/passwd", "com1", "..", "a\\b"];

#[test]
fn ids_never_become_paths() {
    let long = "l".repeat(400);
    let ids: Vec<&str> = PATHS.iter().copied().chain([long.as_str()]).collect();
    let rows = |column: &str, rest: &str| {
        ids.iter().fold(format!("{column}\n"), |text, id| format!("{text}{id},{rest}\n"))
    };
    let small = Small::new()
        .with("students.csv", &rows("student,name,year", "Ali,1"))
        .with("staff.csv", &rows("staff,name,roles,subjects", "Ann,teacher,wi"))
        .with("places.csv", &rows("place,name,seats", "Room,10"));
    small.solve(&[]).success();
    let before = tree(small.dir().parent().unwrap());
    let pages = small.dir().join("pages");
    leerzone(&["report", "--split", "--to"]).arg(&pages).arg(small.dir()).arg(small.out()).assert().success();
    let calendars = small.dir().join("calendars");
    let mut export = leerzone(&["export", "ics", "--from", "2027-01-11"]);
    export.arg(small.dir()).arg(small.out()).arg(&calendars).assert().success();
    let mut files = 0;
    for path in tree(small.dir().parent().unwrap()).difference(&before).filter(|path| path.is_file()) {
        assert!(
            [&pages, &calendars].iter().any(|folder| path.parent() == Some(folder.as_path())),
            "{path:?}"
        );
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(name.len() < 100 && !name.contains(['.', '/', '\\']), "{name}");
        assert!(!["con", "com1"].contains(&name.to_lowercase().as_str()), "{name}");
        files += 1;
    }
    assert_eq!(
        files,
        4 * ids.len(),
        "each student has a page, and each student, teacher and place a calendar"
    );
}

#[test]
fn weeks_of_a_term_are_folders_inside_it() {
    for name in ["..", "../x", "a/b", ".hidden", "CON", "nul.txt", "x.", "x ", "a:b", "", &"w".repeat(90)] {
        let weeks = format!("[[week]]\nweek = {name:?}\nstart = \"2026-08-31\"\n");
        let small = Small::new().with("weeks.toml", &weeks);
        leerzone(&["roll"])
            .arg(small.dir())
            .arg("36")
            .assert()
            .code(2)
            .stderr(contains("a folder cannot be called so"));
    }
}

/// Every file and folder below.
fn tree(folder: &Path) -> BTreeSet<PathBuf> {
    let mut all = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(tree(&path));
        }
        all.insert(path);
    }
    all
}

#[cfg(unix)]
#[test]
fn what_is_private_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let small = Small::new().with("weeks.toml", "[[week]]\nweek = \"36\"\nstart = \"2026-08-31\"\n");
    let dir = small.dir();
    let at = |name: &str| dir.join(name);
    // What others may read before it is replaced.
    small.solve(&[]).success();
    assert_ne!(mode(&small.out()) & 0o077, 0);
    let before = tree(&dir);
    let path = |name: &str| at(name).display().to_string();
    let (school, out) = (dir.display().to_string(), small.out().display().to_string());
    let commands: Vec<Vec<String>> = [
        vec!["solve", &school, "--trace", &path("trace.csv")],
        vec!["report", &school, &out],
        vec!["report", &school, &out, "--split"],
        vec!["export", "ics", &school, &out, &path("calendars"), "--from", "2027-01-11"],
        vec!["export", "xlsx", &school, &out, &path("book.xlsx")],
        vec!["export", "zermelo", &school, &out, &path("zermelo.csv"), "--from", "2027-01-11"],
        vec!["import", "xlsx", &path("book.xlsx"), &path("imported")],
        vec!["replan", &school, &out, "--absent", "ann", "--out", &path("repaired")],
        vec!["compare", &school, "--set", "staff.ann.max_blocks=1", "--out", &path("compared")],
        vec!["roll", &school, "36"],
        vec!["init", &path("first")],
        vec!["generate", &path("made"), "--students", "60"],
        vec!["pseudonymise", &school, &path("copy"), "--key", &path("key.csv")],
        vec!["man", &path("manual")],
    ]
    .into_iter()
    .map(|arguments| arguments.into_iter().map(str::to_owned).collect())
    .collect();
    for arguments in &commands {
        let output = leerzone(&["--private"]).args(arguments).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        // An exported workbook has no sheets of input files; that import has nothing to write.
        assert!(output.status.success() || arguments[0] == "import", "{arguments:?}: {told}");
    }
    let replaced = tree(&small.out()).into_iter().chain([small.out()]);
    let written: Vec<PathBuf> = tree(&dir).difference(&before).cloned().chain(replaced).collect();
    assert!(written.len() > 80, "{}", written.len());
    for path in written {
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(&path), expected, "{}", path.display());
    }
}

fn total(dir: &Path, layout: Option<&str>) -> f64 {
    let out = dir.with_extension("out");
    let mut solve = leerzone(&["solve", "--quiet", "--out"]);
    solve.arg(&out).arg(dir);
    layout.into_iter().for_each(|layout| {
        solve.args(["--layout", layout]);
    });
    solve.assert().success();
    leerzone(&["verify"]).arg(dir).arg(&out).assert().success();
    let summary: Value = serde_json::from_slice(&fs::read(out.join("summary.json")).unwrap()).unwrap();
    summary["total"].as_f64().unwrap()
}

#[test]
fn a_copy_without_names_solves_to_the_same_total() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let folder = TempDir::new().unwrap();
    let mut schools = 0;
    for entry in fs::read_dir(examples).unwrap() {
        let dir = entry.unwrap().path();
        let name = dir.file_name().unwrap().to_string_lossy().into_owned();
        let (copy, original) = (folder.path().join(&name), folder.path().join(format!("{name}-original")));
        fs::create_dir(&original).unwrap();
        for file in
            fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file())
        {
            fs::copy(&file, original.join(file.file_name().unwrap())).unwrap();
        }
        leerzone(&["pseudonymise"]).arg(&original).arg(&copy).assert().success();
        assert_eq!(total(&copy, None), total(&original, None), "{name}");
        schools += 1;
    }
    assert!(schools >= 20, "{schools}");
}

#[test]
fn nobody_can_be_recognised_in_the_copy() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let folder = TempDir::new().unwrap();
    let (copy, key) = (folder.path().join("copy"), folder.path().join("key.csv"));
    leerzone(&["pseudonymise", "--key"]).arg(&key).arg(&data).arg(&copy).assert().success();
    let school = read_school(&data, None).school.unwrap();
    let text: String = contents(&copy).into_values().collect();
    let words: BTreeSet<&str> = text.split(|c: char| ",|\"\n\r:= []{}".contains(c)).collect();
    let people = school.students.iter().map(|student| (&student.id, &student.name));
    let people = people.chain(school.staff.iter().map(|staff| (&staff.id, &staff.name)));
    for (id, name) in people {
        assert!(!words.contains(id.as_str()), "{id}");
        assert!(!text.contains(name.as_str()), "{name}");
    }
    for place in &school.places {
        assert!(!words.contains(place.id.as_str()) && !text.contains(&place.name), "{}", place.id);
    }
    assert!(!text.contains(&school.name) && !text.contains('#'), "no name of the school, no comments");
    let again = read_school(&copy, None).school.unwrap();
    assert_eq!(again.students.len(), school.students.len());
    assert_eq!(again.needs.len(), school.needs.len());
    assert_eq!((again.pins.len(), again.pairs.len()), (school.pins.len(), school.pairs.len()));
    for student in school.student_ids() {
        assert_eq!(again.student_free.row(student), school.student_free.row(student));
    }
    let key = fs::read_to_string(key).unwrap();
    assert!(
        key.starts_with("kind,id,pseudonym\n")
            && key.contains(&format!(",{},student-1\n", school.students[0].id))
    );
    // Into a folder that has something in it nothing is written.
    leerzone(&["pseudonymise"]).arg(&data).arg(&copy).assert().code(2).stderr(contains("is not empty"));
}

#[test]
fn settings_name_nobody_in_the_copy() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let folder = TempDir::new().unwrap();
    for entry in fs::read_dir(examples).unwrap().map(Result::unwrap) {
        let copy = folder.path().join(entry.file_name());
        leerzone(&["pseudonymise"]).arg(entry.path()).arg(&copy).assert().success();
        let school = read_school(&entry.path(), None).school.unwrap();
        let settings = fs::read_to_string(copy.join("school.toml")).unwrap();
        let words: BTreeSet<&str> =
            settings.split(|c: char| !(c.is_alphanumeric() || "-_.".contains(c))).collect();
        let units = school.units.iter().chain(&school.sites).map(String::as_str);
        let subjects = school.subjects.iter().map(|subject| subject.id.as_str());
        let staff = school.staff.iter().map(|staff| staff.id.as_str());
        for id in units.chain(subjects).chain(staff).filter(|&id| id != "homework") {
            assert!(!words.contains(id), "{}: `{id}` in {settings}", copy.display());
        }
    }
}

#[test]
fn check_makes_the_copy_as_well() {
    let small = Small::new();
    let copy = small.dir().join("copy");
    leerzone(&["check", "--pseudonymise"]).arg(&copy).arg(small.dir()).assert().success();
    assert!(copy.join("students.csv").is_file());
    let broken = Small::new().with("students.csv", "student\n");
    fs::write(broken.dir().join("needs.csv"), "who\n").unwrap();
    leerzone(&["check", "--pseudonymise"]).arg(broken.dir().join("copy")).arg(broken.dir()).assert().code(2);
    assert!(!broken.dir().join("copy").exists());
}
