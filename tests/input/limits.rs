//! What no school has: files that are none, text that is none, and more of anything than a machine should take.
//! Each gets a clear message in a moment and little memory.

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command as System;
use std::time::Duration;

use crate::small_school::{Checked, Folder, PLAIN};
use assert_cmd::Command;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Longer than any answer takes; ends a test that would hang.
const PATIENCE: Duration = Duration::from_secs(120);

fn run(arguments: &[&str], paths: &[&Path]) -> Checked {
    let mut command = Command::cargo_bin("leerzone").unwrap();
    let output = command.args(arguments).args(paths).timeout(PATIENCE).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Checked {
        code: output.status.code().expect("an exit code: it neither hung nor was killed"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

fn check(folder: &Folder) -> Checked {
    run(&["check"], &[folder.path()])
}

/// The small school in which the file is something else.
fn instead(name: &str, make: impl FnOnce(&Path)) -> Folder {
    let folder = Folder::new();
    fs::remove_file(folder.file(name)).unwrap();
    make(&folder.file(name));
    folder
}

fn pipe(path: &Path) {
    assert!(System::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn every_input_file_that_is_no_file_is_told() {
    for (name, _) in PLAIN {
        let unreadable = format!("error[unreadable]: `{name}` cannot be read");
        let folder = "found: it is a folder, not a file";
        check(&instead(name, |path| fs::create_dir(path).unwrap())).fails_with(&[&unreadable, folder]);
        let none = "found: it is a pipe, a device or a socket, not a file: save the content as a file first";
        check(&instead(name, pipe)).fails_with(&[&unreadable, none]);
        check(&instead(name, |path| symlink("/dev/zero", path).unwrap())).fails_with(&[&unreadable, none]);
        let circle = "found: it is a symbolic link that leads back to itself";
        check(&instead(name, |path| symlink(name, path).unwrap())).fails_with(&[&unreadable, circle]);
        let nothing = "found: it is a symbolic link to nothing";
        check(&instead(name, |path| symlink("nowhere", path).unwrap())).fails_with(&[&unreadable, nothing]);
    }
}

#[test]
fn a_file_too_large_is_not_read() {
    let large = |bytes: u64| move |path: &Path| fs::File::create(path).unwrap().set_len(bytes).unwrap();
    check(&instead("students.csv", large(10_000_000_000)))
        .fails_with(&["found: it has 9537 MB, and no such file has more than 256"]);
    for name in ["school.toml", "layout.toml"] {
        check(&instead(name, large(5_000_000)))
            .fails_with(&["found: it has 5 MB, and no such file has more than 4"]);
    }
}

#[test]
fn other_files_on_the_command_line_are_guarded_alike() {
    let folder = Folder::new();
    let fifo = folder.file("pipe");
    pipe(&fifo);
    let of = |arguments: &[&str]| run(arguments, &[&fifo]);
    let dir = folder.path().to_str().unwrap();
    let none = "a pipe, a device or a socket, not a file";
    of(&["check", dir, "--layout"]).fails_with(&[none]);
    of(&["check", dir, "--scenario"]).fails_with(&[none]);
    of(&["check", dir, "--history"]).fails_with(&[none]);
    for format in ["xlsx", "choices"] {
        run(&["import", format], &[&fifo, folder.path()]).fails_with(&[none]);
    }
    let ics = ["import", "ics", "--who", "staff:jan", "--from", "2027-01-11"];
    run(&ics, &[&fifo, folder.path()]).fails_with(&[none]);
    let out = folder.file("schedule");
    assert_eq!(run(&["solve", "--quiet"], &[folder.path()]).code, 0);
    for file in ["sessions.csv", "summary.json"] {
        let path = out.join(file);
        let before = fs::read(&path).ok();
        let _ = fs::remove_file(&path);
        pipe(&path);
        let verified = run(&["verify"], &[folder.path(), &out]);
        assert!(verified.stderr.contains(none), "{file}: {}", verified.stderr);
        fs::remove_file(&path).unwrap();
        before.into_iter().for_each(|bytes| fs::write(&path, bytes).unwrap());
    }
}

#[test]
fn a_million_columns_and_a_cell_without_end() {
    let folder = Folder::new();
    folder.write("students.csv", format!("student{}\ns1\n", ",x".repeat(1_000_000)));
    check(&folder)
        .fails_with(&["error[too-many-columns]: a row of more than 1000 cells", "--> students.csv:1:1"]);
    folder.write("students.csv", format!("student,name\ns1,{}\n", "x".repeat(50_000_000)));
    check(&folder)
        .fails_with(&["error[cell-too-long]: a cell of 50000000 bytes or more", "--> students.csv:2:4"]);
    folder.write("students.csv", format!("student\n{}", "s\n".repeat(2_000_001)));
    check(&folder).fails_with(&["error[too-many-rows]: more than 2000000 rows, or 30000000 cells"]);
}

#[test]
fn more_problems_than_anybody_reads_are_counted() {
    let folder = Folder::new();
    folder.write("students.csv", format!("student,name\n{}", "s,\n".repeat(300_000)));
    check(&folder).fails_with(&["error[too-many-problems]: there are ", "300"]);
}

#[test]
fn toml_within_toml_without_end() {
    const DEEP: usize = 100_000;
    let deep = [
        format!("a = {}{}", "[".repeat(DEEP), "]".repeat(DEEP)),
        format!("a = {}1{}", "{a=".repeat(DEEP), "}".repeat(DEEP)),
        format!("{} = 1", vec!["a"; DEEP].join(".")),
        format!("[{}]", vec!["a"; DEEP].join(".")),
    ];
    for text in deep {
        let folder = Folder::new();
        folder.write("school.toml", format!("name = \"x\"\ndays = [\"mon\", \"tue\"]\n{text}\n"));
        check(&folder).fails_with(&["error[toml-syntax]: "]);
        folder.write("school.toml", PLAIN[0].1);
        folder.write("change.toml", format!("{text}\n"));
        run(&["check", "--scenario"], &[&folder.file("change.toml"), folder.path()])
            .fails_with(&["error[toml-syntax]: "]);
        folder.write("layout.toml", format!("{}\n{text}\n", PLAIN[1].1));
        check(&folder).fails_with(&["error[toml-syntax]: "]);
        folder.write("weeks.toml", format!("{text}\n"));
        assert_eq!(run(&["roll"], &[folder.path(), Path::new("36")]).code, 2);
    }
}

#[test]
fn weeks_without_end() {
    let days: Vec<String> = (0..101).map(|day| format!("\"d{day}\"")).collect();
    let days = format!("[{}]", days.join(", "));
    check(&Folder::with("school.toml", "[\"mon\", \"tue\"]", &days))
        .fails_with(&["error[too-many]: 101 days are more than any school has", "expected: at most 100"]);
    let block = |at: usize| {
        format!("[[block]]\nid = \"{{day}}-{at}\"\nstart = \"08:00\"\nend = \"09:00\"\nkind = \"lesson\"\n")
    };
    let folder = Folder::new();
    folder.write("layout.toml", (0..1_001).map(block).collect::<String>());
    check(&folder).fails_with(&["error[too-many]: 2002 blocks are more than any school has"]);
}

#[test]
fn more_sites_students_and_needs_than_there_are_tables_for() {
    let places: String = (0..1_001).map(|at| format!("r{at},s{at},20\n")).collect();
    check(&Folder::new().plus("places.csv", &format!("place,site,seats\n{places}"))).fails_with(&[
        "error[too-many]: 1001 sites and travels between them are more than any school has",
        "--> places.csv",
    ]);
    let days: Vec<String> = (0..100).map(|day| format!("\"d{day}\"")).collect();
    let block = |at: usize| {
        format!(
            "[[block]]\nid = \"{{day}}-{at}\"\nstart = \"{at:02}:00\"\nend = \"{at:02}:50\"\nkind = \"zone\"\n"
        )
    };
    let students: String = (0..100_001).map(|at| format!("s{at}\n")).collect();
    let crowd = Folder::with("school.toml", "[\"mon\", \"tue\"]", &format!("[{}]", days.join(", ")))
        .plus("layout.toml", &(0..20).map(block).collect::<String>())
        .plus("students.csv", &format!("student\n{students}"));
    check(&crowd)
        .fails_with(&["error[too-many]: 200002000 students times blocks are more than any school has"]);
    let subjects: Vec<String> = (0..200).map(|at| format!("x{at}")).collect();
    let wishes: String = subjects.iter().map(|subject| format!("all,{subject},1,could\n")).collect();
    let wishes = crowd
        .plus("layout.toml", PLAIN[1].1)
        .plus("subjects.csv", &format!("subject\n{}\n", subjects.join("\n")))
        .plus("needs.csv", &format!("who,subject,sessions,priority\n{wishes}"));
    check(&wishes).fails_with(&[
        "error[too-many]: 20000001 needs, one a student and subject, are more than any school has",
        "--> needs.csv:201:1",
    ]);
}

#[test]
fn a_pattern_that_could_be_tried_in_a_thousand_million_ways() {
    let folder = Folder::new();
    let source = folder.file("untis");
    fs::create_dir(&source).unwrap();
    fs::write(source.join("GPU008.TXT"), format!("\"VOL\",\"{}b\",1,6\n", "*a".repeat(40))).unwrap();
    fs::write(source.join("GPU006.TXT"), format!("\"{}\",\"A\"\n\"ab\",\"B\"\n", "a".repeat(90))).unwrap();
    fs::write(source.join("GPU004.TXT"), "\"VOL\",\"Volta\"\n").unwrap();
    let school = folder.file("new");
    assert_eq!(run(&["import", "untis"], &[&source, &school]).code, 0);
}

/// A zip file with these files.
fn zipped(path: &Path, files: &[(&str, &[u8])]) {
    let mut writer = ZipWriter::new(fs::File::create(path).unwrap());
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap();
}

#[test]
fn archives_that_unpack_to_more_than_a_machine_has() {
    let folder = Folder::new();
    let zeros = vec![b','; 100 << 20];
    let files: Vec<(String, &[u8])> = (0..6).map(|at| (format!("users{at}.csv"), zeros.as_slice())).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    for (file, format) in [("bomb.zip", "oneroster"), ("bomb.xlsx", "xlsx"), ("bomb.ods", "xlsx")] {
        let path = folder.file(file);
        zipped(&path, &files);
        assert!(fs::metadata(&path).unwrap().len() < 2 << 20);
        run(&["import", format], &[&path, &folder.file("new")])
            .fails_with(&["it unpacks to more than 512 MB, which no school has"]);
    }
}

#[test]
fn workbooks_that_say_a_billion_cells_in_a_few_bytes() {
    let sheet = |cell: &str| {
        format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row>\
             <c r=\"{cell}\"><v>1</v></c></row></sheetData></worksheet>"
        )
    };
    let folder = Folder::new();
    let path = folder.file("far.xlsx");
    let base: [(&str, &[u8]); 3] = [
        ("_rels/.rels", b"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"),
        ("xl/_rels/workbook.xml.rels", b"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/s.xml\"/></Relationships>"),
        ("xl/workbook.xml", b"<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"subjects\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"),
    ];
    let book = |cell: &str| {
        let sheet = sheet(cell);
        let mut files = base.to_vec();
        files.push(("xl/worksheets/s.xml", sheet.as_bytes()));
        zipped(&path, &files);
        run(&["import", "xlsx"], &[&path, &folder.file("new")])
    };
    book("XFD1048576").fails_with(&["sheet `subjects` has more than 1000 columns or 30000000 cells"]);
    // One far down is one row.
    book("A1048576").fails_with(&["could be placed"]);

    let repeated = "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"subjects\">\
                    <table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell office:value-type=\"string\" \
                    table:number-columns-repeated=\"900\"><text:p>x</text:p></table:table-cell></table:table-row>\
                    </table:table></office:spreadsheet></office:body></office:document-content>";
    let ods = folder.file("repeated.ods");
    zipped(
        &ods,
        &[
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("META-INF/manifest.xml", b"<manifest/>"),
            ("content.xml", repeated.as_bytes()),
        ],
    );
    run(&["import", "xlsx"], &[&ods, &folder.file("new")])
        .fails_with(&["more than 1000 columns or 30000000 cells"]);
    fs::write(folder.file("none.xls"), b"no workbook").unwrap();
    run(&["import", "xlsx"], &[&folder.file("none.xls"), &folder.file("new")]).fails_with(&["cannot read"]);
}

#[test]
fn schedules_that_are_none() {
    let folder = Folder::new();
    assert_eq!(run(&["solve", "--quiet"], &[folder.path()]).code, 0);
    let out = folder.file("schedule");
    let file = out.join("sessions.csv");
    let sound = fs::read_to_string(&file).unwrap();
    let verify = |text: String| {
        fs::write(&file, text).unwrap();
        let checked = run(&["verify"], &[folder.path(), &out]);
        assert_eq!(checked.code, 2, "{}", checked.stderr);
        checked
    };
    verify(sound.replacen("lesson", "les\0son", 1)).says(&["the control character U+0000"]);
    verify(format!("{sound}{}\n", ",".repeat(1_000_000))).says(&["a row of more than 1000 cells"]);
    verify(format!("{sound}\"{}", "x\n".repeat(100_000))).says(&["a cell of 200"]);
}

#[test]
fn the_guide_states_every_limit() {
    use leerzone::limits;
    let guide = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/input.md")).unwrap();
    let megabytes = |bytes: u64| format!("{} MB", bytes / 1024 / 1024);
    for (what, most) in [
        ("one file", megabytes(limits::FILE)),
        ("a settings file: `school.toml`, a layout, a scenario, `summary.json`", megabytes(limits::SETTINGS)),
        (
            "a zip file or workbook",
            format!("{}; unpacked {}", megabytes(limits::ZIP), megabytes(limits::UNPACKED)),
        ),
        ("columns of a table", limits::COLUMNS.to_string()),
        ("bytes of a cell", limits::CELL.to_string()),
        ("rows of a table", limits::ROWS.to_string()),
        ("cells of a table", limits::CELLS.to_string()),
        ("days of the cycle", limits::DAYS.to_string()),
        ("blocks of a layout", limits::BLOCKS.to_string()),
        ("sites", limits::SITES.to_string()),
        ("students times blocks", limits::STUDENT_BLOCKS.to_string()),
        ("needs, one a student and subject", limits::NEEDS.to_string()),
        ("problems that are remembered; the rest is counted", limits::PROBLEMS.to_string()),
    ] {
        assert!(guide.contains(&format!("| {what} | {most} |")), "{what}: {most}");
    }
}
