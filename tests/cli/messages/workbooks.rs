//! Workbooks of the three forms beside .xlsx, written here byte by byte as spreadsheet programs write them.

use std::fs;
use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::trial::Change::{File, Folder, Run};
use super::trial::{Mistake, Trial, said};

const MISTAKES: &[Mistake] = &[
    ("a file that is not there", &[], "import xlsx school.xlsx new"),
    ("a folder", &[Folder("school.xlsx")], "import xlsx school.xlsx new"),
    ("no .xlsx", &[File("school.xlsx", "no workbook")], "import xlsx school.xlsx new"),
    ("no .xlsb", &[File("school.xlsb", "no workbook")], "import xlsx school.xlsb new"),
    ("no .ods", &[File("school.ods", "no workbook")], "import xlsx school.ods new"),
    ("no .xls", &[File("school.xls", "no workbook")], "import xlsx school.xls new"),
    (
        "a workbook of sheets that are no files",
        &[Run("export xlsx school school/schedule week.xlsx")],
        "import xlsx week.xlsx new",
    ),
];

#[test]
fn what_is_no_workbook() {
    insta::assert_snapshot!(said(MISTAKES));
}

/// What each of the workbooks holds, as it is imported.
const STUDENTS: &str = "student,name,year\ns1,Ali,1\ns2,Bea,true\n";

fn imported(file: &str, bytes: &[u8], expected: &str) {
    let trial = Trial::new();
    fs::write(trial.path(file), bytes).expect("a workbook");
    let (code, said) = trial.run(&format!("import xlsx {file} new"));
    assert_eq!((code, said.as_str()), (0, ""), "{file}");
    assert_eq!(fs::read_to_string(trial.path("new/students.csv")).expect("a table"), expected, "{file}");
}

/// What is said of a workbook that cannot be imported.
fn refused(file: &str, bytes: &[u8]) -> String {
    let trial = Trial::new();
    fs::write(trial.path(file), bytes).expect("a workbook");
    let (code, said) = trial.run(&format!("import xlsx {file} new"));
    assert_eq!(code, 2, "{said}");
    said
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a file");
        zip.write_all(bytes).expect("a file");
    }
    zip.finish().expect("a zip file").into_inner()
}

/// An OpenDocument spreadsheet with this table.
fn ods(table: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet>\
         <table:table table:name=\"students\">{table}</table:table></office:spreadsheet></office:body>\
         </office:document-content>"
    );
    zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_bytes()),
        (
            "META-INF/manifest.xml",
            b"<?xml version=\"1.0\"?><manifest:manifest \
              xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>",
        ),
    ])
}

fn ods_row(cells: &[&str]) -> String {
    let cell = |text: &&str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    format!("<table:table-row>{}</table:table-row>", cells.iter().map(cell).collect::<String>())
}

#[test]
fn a_workbook_of_open_document() {
    let number = "<table:table-row>\
        <table:table-cell office:value-type=\"string\"><text:p>s1</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"string\"><text:p>Ali</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"float\" office:value=\"1\"><text:p>1</text:p></table:table-cell>\
        </table:table-row>";
    let flag = "<table:table-row>\
        <table:table-cell office:value-type=\"string\"><text:p>s2</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"string\"><text:p>Bea</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"boolean\" office:boolean-value=\"true\"/></table:table-row>";
    let empty = "<table:table-row table:number-rows-repeated=\"3\"><table:table-cell/></table:table-row>";
    let table = ods_row(&["student", "name", "year"]) + number + empty + flag;
    imported("school.ods", &ods(&table), STUDENTS);
    let moments = "<table:table-row>\
        <table:table-cell office:value-type=\"string\"><text:p>s1</text:p></table:table-cell>\
        <table:table-cell office:value-type=\"date\" office:date-value=\"2027-01-11\"/>\
        <table:table-cell office:value-type=\"time\" office:time-value=\"PT08H30M00S\"/></table:table-row>";
    let table = ods_row(&["student", "name", "year"]) + moments;
    // Nobody is called by a date: the spreadsheet made one of what was typed.
    let said = refused("school.ods", &ods(&table));
    assert!(said.contains("students!B2: `name` is 2027-01-11"), "{said}");
}

/// A record of an old workbook.
fn record(kind: u16, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("a short record");
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), content].concat()
}

fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// An old workbook with these cells in its one sheet.
fn xls(cells: &[Vec<u8>]) -> Vec<u8> {
    let begin = |kind: u16| record(0x0809, &words(&[0x0600, kind, 0, 0x07cc, 0, 0, 0x0600, 0]));
    let end = record(0x000a, &[]);
    let before = begin(0x0005);
    let name = b"students";
    // The sheet begins behind all that the workbook says of itself.
    let length = before.len() + 4 + 8 + name.len() + end.len();
    let start = u32::try_from(length).expect("a small workbook").to_le_bytes();
    let named = [&start[..], &[0, 0, 8, 0], name].concat();
    let sheet: Vec<u8> = [begin(0x0010), cells.concat(), end.clone()].concat();
    let stream = [before, record(0x0085, &named), end, sheet].concat();
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("a file");
    file.create_stream("Workbook").expect("a stream").write_all(&stream).expect("a workbook");
    file.into_inner().into_inner()
}

/// A cell with a text.
fn label(row: u16, column: u16, text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).expect("a short text");
    record(0x0204, &[words(&[row, column, 0, length]), vec![0], text.as_bytes().to_vec()].concat())
}

/// A cell with a number.
fn number(row: u16, column: u16, number: f64) -> Vec<u8> {
    record(0x0203, &[words(&[row, column, 0]), number.to_le_bytes().to_vec()].concat())
}

fn titles() -> Vec<Vec<u8>> {
    ["student", "name", "year"].iter().zip(0..).map(|(title, column)| label(0, column, title)).collect()
}

#[test]
fn an_old_workbook() {
    let mut cells = titles();
    cells.extend([label(1, 0, "s1"), label(1, 1, "Ali"), number(1, 2, 1.0)]);
    // True, as a cell that is no error.
    let flag = record(0x0205, &[words(&[4, 2, 0]), vec![1, 0]].concat());
    cells.extend([label(4, 0, "s2"), label(4, 1, "Bea"), flag]);
    imported("school.xls", &xls(&cells), STUDENTS);
}

#[test]
fn an_old_workbook_with_a_cell_where_none_can_be() {
    for far in [label(1, 300, "far"), record(0x00bd, &words(&[1, 2, 0, 0, 0, 300]))] {
        let said = refused("school.xls", &xls(&[titles(), vec![far]].concat()));
        assert!(said.contains("cannot read school.xls: sheet `Workbook` has more than"), "{said}");
        assert!(said.contains("delete the columns and rows that nobody uses"), "{said}");
    }
}

#[test]
fn an_old_file_without_a_workbook_or_with_half_of_one() {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("a file");
    file.create_stream("WordDocument").expect("a stream").write_all(b"text").expect("a text");
    let said = refused("school.xls", &file.into_inner().into_inner());
    let expected =
        "error: cannot read school.xls: it holds no workbook: save it as .xlsx in the spreadsheet program\n";
    assert_eq!(said, expected);
    // Less than the record says, and nothing behind it.
    let half = record(0x0204, &[1, 2, 3]);
    let said = refused("school.xls", &xls(&[titles(), vec![half]].concat()));
    assert!(said.starts_with("error: cannot read school.xls: "), "{said}");
}

/// A record of a binary workbook: its kind and its length in groups of seven bits.
fn binary(kind: u16, content: &[u8]) -> Vec<u8> {
    let kind =
        if kind < 0x80 { vec![kind as u8] } else { vec![(kind & 0x7f) as u8 | 0x80, (kind >> 7) as u8] };
    let length = u8::try_from(content.len()).expect("a short record");
    assert!(length < 0x80);
    [kind, vec![length], content.to_vec()].concat()
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    [u32::try_from(units.len()).expect("short").to_le_bytes().to_vec(), words(&units)].concat()
}

/// A binary workbook with these rows of text in its one sheet.
fn xlsb(rows: &[&[&str]], far: Option<u32>) -> Vec<u8> {
    let sheet = [&0_u32.to_le_bytes()[..], &1_u32.to_le_bytes(), &wide("rId1"), &wide("students")].concat();
    let workbook = [
        binary(0x0083, &[]),
        binary(0x008f, &[]),
        binary(0x009c, &sheet),
        binary(0x0090, &[]),
        binary(0x0084, &[]),
    ]
    .concat();
    let cell = |column: u32, text: &str| {
        binary(0x0006, &[column.to_le_bytes().to_vec(), vec![0; 4], wide(text)].concat())
    };
    let mut body = Vec::new();
    for (row, cells) in (0_u32..).zip(rows) {
        body.extend(binary(0x0000, &[row.to_le_bytes().to_vec(), vec![0; 13]].concat()));
        for (column, text) in (0_u32..).zip(*cells) {
            body.extend(cell(column, text));
        }
    }
    if let Some(column) = far {
        body.extend(cell(column, "far"));
    }
    let size: Vec<u8> = [0_u32, 9, 0, 9].iter().flat_map(|number| number.to_le_bytes()).collect();
    let sheet = [
        binary(0x0081, &[]),
        binary(0x0094, &size),
        binary(0x0091, &[]),
        body,
        binary(0x0092, &[]),
        binary(0x0082, &[]),
    ]
    .concat();
    let links = "<?xml version=\"1.0\"?>\
        <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
        <Relationship Id=\"rId1\" Target=\"worksheets/sheet1.bin\" \
        Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\"/></Relationships>";
    zipped(&[
        ("xl/_rels/workbook.bin.rels", links.as_bytes()),
        ("xl/workbook.bin", &workbook),
        ("xl/worksheets/sheet1.bin", &sheet),
    ])
}

#[test]
fn a_binary_workbook() {
    let rows: [&[&str]; 4] = [&["student", "name", "year"], &["s1", "Ali", "1"], &[], &["s2", "Bea", "true"]];
    imported("school.xlsb", &xlsb(&rows, None), STUDENTS);
    let said = refused("school.xlsb", &xlsb(&rows, Some(16_000)));
    assert!(said.contains("cannot read school.xlsb: sheet `students` has more than"), "{said}");
}

/// A workbook of today whose dates and times are numbers with a format.
#[test]
fn dates_and_times_of_a_workbook_are_written_as_people_do() {
    use rust_xlsxwriter::{Format, Workbook};
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("busy").expect("a name");
    for (column, title) in (0..).zip(["kind", "id", "day", "start", "end", "note"]) {
        sheet.write_string(0, column, title).expect("a cell");
    }
    for (column, text) in (0..).zip(["staff", "ann", "mon"]) {
        sheet.write_string(1, column, text).expect("a cell");
    }
    let (time, date) = (Format::new().set_num_format("hh:mm"), Format::new().set_num_format("yyyy-mm-dd"));
    sheet.write_number_with_format(1, 3, 8.5 / 24.0, &time).expect("a time");
    sheet.write_number_with_format(1, 4, 9.25 / 24.0, &time).expect("a time");
    sheet.write_number_with_format(1, 5, 46398.0, &date).expect("a date");
    let trial = Trial::new();
    book.save(trial.path("school.xlsx")).expect("a workbook");
    assert_eq!(trial.run("import xlsx school.xlsx new"), (0, String::new()));
    let busy = fs::read_to_string(trial.path("new/busy.csv")).expect("a table");
    assert_eq!(busy, "kind,id,day,start,end,note\nstaff,ann,mon,08:30,09:15,2027-01-11\n");
}
