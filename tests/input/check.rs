//! `leerzone check`: every kind of problem is reported with file, line, column, what was found, what was
//! expected and how to mend it.

use std::borrow::Cow;
use std::fs;
use std::path::Path;

use crate::small_school::{Folder, PLAIN, check};
use leerzone::read::columns::{Column, FILES, SECTIONS};
use leerzone::read::{Reading, problems_as_text};
use leerzone::read_school;
use serde_json::Value;

#[test]
fn a_sound_school_is_summed_up() {
    let checked = Folder::new().check();
    checked.warns_with(&[]);
    assert_eq!(checked.stderr, "");
    for text in [
        "Klein",
        "short days",
        "5 blocks: 2 coaching, 2 lesson, 1 zone",
        "3 students",
        "2 must, 1 should, 1 could",
    ] {
        assert!(checked.stdout.contains(text), "no {text:?} in:\n{}", checked.stdout);
    }
}

#[test]
fn json_is_one_document_with_school_and_problems() {
    let folder = Folder::with("needs.csv", "ne|ku", "ne|kuu");
    let document = folder.json();
    assert!(document["school"].is_null());
    assert_eq!(document["errors"], 1);
    let problem = &document["problems"][0];
    assert_eq!(problem["severity"], "error");
    assert_eq!(problem["code"], "unknown-id");
    assert_eq!(problem["file"], "needs.csv");
    assert_eq!((&problem["line"], &problem["column"]), (&3.into(), &7.into()));
    assert_eq!(problem["field"], "subject");
    assert_eq!(problem["found"], "`kuu`");
    assert_eq!(problem["help"], "did you mean `ku`?");

    let sound = Folder::new().json();
    assert_eq!(sound["school"]["sessions_needed"]["must"], 2);
    assert_eq!(sound["school"]["blocks"]["lesson"], 2);
    assert_eq!(sound["problems"], Value::Array(Vec::new()));
}

#[test]
fn all_problems_of_a_folder_are_reported_in_one_run_in_order() {
    let checked = Folder::with("needs.csv", "must", "zeker")
        .and("needs.csv", "s3,ku,1", "s3,ku,veel")
        .and("students.csv", "s2,Bram", "s1,Bram")
        .and("layout.toml", "8:30", "half negen")
        .and("school.toml", "must = 100", "must = \"veel\"")
        .and("staff.csv", "coach,", "choach,")
        .check();
    checked.fails_with(&["6 errors, 0 warnings"]);
    let order = [
        "school.toml:5:8",
        "layout.toml:5:9",
        "staff.csv:2:17",
        "students.csv:3:1",
        "needs.csv:2:18",
        "needs.csv:4:7",
    ];
    let places: Vec<usize> = order.iter().map(|place| checked.stderr.find(place).expect(place)).collect();
    assert!(places.is_sorted(), "{}", checked.stderr);
}

#[test]
fn an_unknown_id_is_underlined_with_the_nearest_known_one() {
    Folder::with("needs.csv", "class:1a,wi-ha", "class:1a,wi-hb").check().fails_with(&[
        "error[unknown-id]: unknown subject `wi-hb`",
        "--> needs.csv:2:10",
        "2 | class:1a,wi-hb,1,must,,jan",
        "^^^^^ found `wi-hb`",
        "in `subject`, expected: a subject of subjects.csv",
        "help: did you mean `wi-ha`?",
    ]);
}

#[test]
fn an_unknown_group_of_students_is_reported_with_the_nearest_known_one() {
    Folder::with("needs.csv", "class:1a", "class:1b").check().fails_with(&[
        "no student has the class `1b`",
        "--> needs.csv:2:1",
        "expected: a class of students.csv",
        "help: did you mean `1a`?",
    ]);
    Folder::with("needs.csv", "class:1a", "klass:1a")
        .check()
        .fails_with(&["`klass:1a` names no group of students", "help: did you mean `class:`?"]);
    Folder::with("layout.toml", "year:1", "year:3").check().fails_with(&[
        "no student has the year `3`",
        "--> layout.toml:22:13",
        "in `audience`",
    ]);
}

#[test]
fn a_duplicate_id_names_the_first_line() {
    Folder::with("places.csv", "r2", "r1").check().fails_with(&[
        "error[duplicate-id]: place `r1` stands here a second time",
        "--> places.csv:3:1",
        "found `r1`, already on line 2",
        "expected: a place that no other row has",
        "help: give one of the two another id",
    ]);
}

#[test]
fn blocks_of_several_days_need_ids_of_their_own() {
    Folder::with("layout.toml", "{day}-1", "first").check().fails_with(&[
        "block `first` runs on 2 days under one id",
        "--> layout.toml:10:6",
        "help: write `id = \"{day}-first\"`",
    ]);
    Folder::with("layout.toml", "mon-2", "mon-1").check().fails_with(&[
        "block `mon-1` stands here a second time",
        "--> layout.toml:17:6",
        "already on line 10",
    ]);
}

#[test]
fn a_bad_time_is_reported_with_the_way_to_write_it() {
    Folder::with("busy.csv", "tue,,", "tue,9.05,10:00").check().fails_with(&[
        "error[bad-time]: `9.05` is not a time",
        "--> busy.csv:2:15",
        "in `start`, expected: a time `HH:MM` from 00:00 to 24:00",
        "help: write `09:05`",
    ]);
    Folder::with("layout.toml", "\"8:30\"", "08:30:00").check().fails_with(&[
        "error[wrong-type]: `start` is not a text",
        "--> layout.toml:5:9",
        "found `08:30:00`, a date or time without quotes",
    ]);
}

#[test]
fn an_end_before_the_start_is_reported() {
    Folder::with("busy.csv", "tue,,", "tue,11:00,10:00").check().fails_with(&[
        "error[end-before-start]",
        "--> busy.csv:2:21",
        "found 11:00 to 10:00",
        "help: swap the two",
    ]);
    Folder::with("layout.toml", "09:00", "08:30")
        .check()
        .fails_with(&["--> layout.toml:6:7", "found 08:30 to 08:30"]);
}

#[test]
fn a_busy_time_has_both_ends_or_none() {
    Folder::with("busy.csv", "tue,,", "tue,11:00,").check().fails_with(&[
        "`start` without `end`",
        "--> busy.csv:2:21",
        "help: fill in `end`, or empty `start`",
    ]);
}

#[test]
fn a_number_must_be_one_and_not_negative() {
    Folder::with("needs.csv", "wi-ha,1", "wi-ha,-1").check().fails_with(&[
        "error[negative-number]: `-1` is negative",
        "--> needs.csv:2:16",
        "in `sessions`, expected: a number, 0 or more",
        "help: take the minus sign out",
    ]);
    Folder::with("needs.csv", "wi-ha,1", "wi-ha,one")
        .check()
        .fails_with(&["error[not-a-number]: `one` is not a whole number", "help: write digits only"]);
    Folder::with("needs.csv", "wi-ha,1", "wi-ha,1.0").check().fails_with(&["such as `1`"]);
    Folder::with("needs.csv", "wi-ha,1", "wi-ha,99999999999")
        .check()
        .fails_with(&["error[number-too-large]"]);
    Folder::with("school.toml", "cost = 1200.0", "cost = nan").check().fails_with(&["error[not-a-number]"]);
}

#[test]
fn a_decimal_comma_is_read_between_semicolons_and_explained_between_commas() {
    let staff = "staff;name;roles;subjects;cost\njan;Jan;teacher|coach;wi-ha|ne|ku;12,5\n";
    let folder = Folder::new().plus("staff.csv", staff).and("busy.csv", "eva", "jan");
    folder.check().warns_with(&[]);
    Folder::with("staff.csv", "10.5", "\"10,5\"").check().fails_with(&[
        "`10,5` is not a number with a decimal point",
        "--> staff.csv:2:47",
        "help: write `10.5`",
    ]);
}

#[test]
fn the_first_line_by_which_excel_knows_the_separator_is_no_row() {
    for line in ["sep=;\n", "\"sep=;\"\r\n", "SEP=;;;\n"] {
        let subjects = format!("{line}subject;name\nwi-ha;wiskunde\nne;Nederlands\nku;kunst\n");
        let folder = Folder::new().plus("subjects.csv", &subjects);
        assert_eq!(folder.check().stderr, "", "{line}");
        folder.and("subjects.csv", "ku;kunst", "ne;kunst").check().fails_with(&["--> subjects.csv:5:1"]);
        let changed = Folder::new().plus("subjects.csv", &subjects);
        let checked = check(changed.path(), &["--set", "subjects.ku.name=art"]);
        assert_eq!((checked.code, &*checked.stderr), (0, ""), "{line}");
    }
}

#[test]
fn an_unknown_word_is_reported_with_the_words_there_are() {
    Folder::with("needs.csv", "must", "mustt").check().fails_with(&[
        "error[unknown-word]: unknown priority `mustt`",
        "--> needs.csv:2:18",
        "expected: one of `must`, `should`, `could`",
        "help: did you mean `must`?",
    ]);
    Folder::with("offerings.csv", "lesson|zone", "lesson|zonne").check().fails_with(&[
        "unknown kinds `zonne`",
        "--> offerings.csv:3:29",
        "help: did you mean `zone`?",
    ]);
    Folder::with("staff.csv", "teacher|coach", "doccent|coach")
        .check()
        .fails_with(&["unknown roles `doccent`", "`assistant`, `supervisor`, `guest`"]);
    Folder::with("school.toml", "\"study\"", "\"studdy\"")
        .check()
        .fails_with(&["--> school.toml:15:8", "help: did you mean `study`?"]);
}

#[test]
fn a_missing_column_is_reported_with_the_header_that_may_be_meant() {
    Folder::with("needs.csv", "priority", "priorty").check().fails_with(&[
        "error[missing-column]: column `priority` is missing",
        "--> needs.csv:1:1",
        "found the columns who, subject, sessions, priorty, with, staff",
        "help: rename the column `priorty` to `priority`",
        "1 error, 0 warnings",
    ]);
}

#[test]
fn a_missing_file_is_reported_with_the_file_that_may_be_meant() {
    let folder = Folder::new();
    fs::rename(folder.file("needs.csv"), folder.file("need.csv")).unwrap();
    folder.check().fails_with(&[
        "error[missing-file]: `needs.csv` is missing",
        "help: rename `need.csv` to `needs.csv`",
        "warning[unknown-file]: unknown file `need.csv`",
    ]);
    fs::remove_file(folder.file("school.toml")).unwrap();
    folder.check().fails_with(&["`school.toml` is missing", "leerzone init"]);
}

#[test]
fn a_missing_folder_is_reported() {
    let folder = Folder::new();
    check(&folder.file("nowhere"), &[]).fails_with(&["error[missing-folder]", "help: check the name"]);
}

#[test]
fn unknown_files_columns_and_keys_are_warnings() {
    Folder::with("places.csv", "tags", "tag")
        .and("offerings.csv", "atelier", "")
        .and("school.toml", "fill", "fil")
        .plus("bussy.csv", "")
        .check()
        .warns_with(&[
            "warning[unknown-column]: unknown column `tag`",
            "--> places.csv:1:32",
            "help: did you mean `tags`?",
            "warning[unknown-key]: unknown key `fil` in [presence]",
            "--> school.toml:15:1",
            "help: did you mean `fill`?",
            "warning[unknown-file]: unknown file `bussy.csv`",
            "0 errors, 4 warnings",
        ]);
}

#[test]
fn a_list_with_an_empty_item_is_reported() {
    Folder::with("staff.csv", "wi-ha|ne", "wi-ha||ne").check().fails_with(&[
        "error[empty-item]",
        "--> staff.csv:2:29",
        "found `wi-ha||ne`",
        "expected: items separated by single `|`",
        "help: take the superfluous `|` out",
    ]);
}

#[test]
fn an_empty_cell_is_reported_where_a_value_is_needed() {
    Folder::with("needs.csv", "s3,ku,1", "s3,,1").check().fails_with(&[
        "error[empty-cell]: `subject` is empty",
        "--> needs.csv:4:4",
        "help: fill in `subject`, or take the row out",
    ]);
}

#[test]
fn text_that_is_not_utf_8_is_reported_with_line_and_byte() {
    let folder = Folder::new();
    folder.write(
        "students.csv",
        b"student,name,class,year,unit\ns1,Ren\xe9e,1a,1,onder\ns2,Zo\xeb,1a,1,onder\ns3,C,2b,2,onder\n",
    );
    folder.check().fails_with(&[
        "error[encoding]: `students.csv` is not UTF-8",
        "--> students.csv:2:7",
        "found byte 35 is 0xE9 (2 lines of the file have such bytes)",
        "help: save the file as `CSV UTF-8`",
        "1 error, 0 warnings",
    ]);
}

#[test]
fn utf_16_is_recognised() {
    let folder = Folder::new();
    let utf16: Vec<u8> = "\u{feff}subject,name\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    folder.write("subjects.csv", utf16);
    folder.check().fails_with(&[
        "error[encoding]",
        "found: the byte order mark of UTF-16",
        "1 error, 0 warnings",
    ]);
}

#[test]
fn a_ragged_row_is_reported_once() {
    Folder::with("staff.csv", "8,10.5", "8,10,5").check().fails_with(&[
        "error[ragged-row]: a row with 9 cells under a header of 8",
        "--> staff.csv:2:1",
        "expected: 8 cells: staff, name, roles",
        "help: put a cell that contains the separator between double quotes",
        "1 error, 0 warnings",
    ]);
    Folder::with("staff.csv", ",8,10.5", ",8")
        .check()
        .fails_with(&["a row with 7 cells under a header of 8", "help: add the missing separators"]);
}

#[test]
fn an_open_quote_is_reported_where_it_is_opened() {
    Folder::with("students.csv", "Bram", "\"Bram").check().fails_with(&[
        "error[open-quote]",
        "--> students.csv:3:4",
        "help: close the quote",
    ]);
}

#[test]
fn quoted_cells_with_separators_and_line_breaks_keep_the_line_numbers() {
    Folder::with("students.csv", "Anna", "\"Anna,\r\n\"\"Anne\"\"\"")
        .and("students.csv", "s3,Chaya,2b", "s1,Chaya,2b")
        .check()
        .fails_with(&["--> students.csv:5:1", "already on line 2"]);
}

#[test]
fn an_empty_file_and_a_header_alone_are_reported() {
    Folder::new().plus("places.csv", "\n \n").check().fails_with(&[
        "error[empty-file]: `places.csv` is empty",
        "help: start it with the header `place,name,site,seats,parallel,tags,unit`",
    ]);
    Folder::new()
        .plus("needs.csv", "who,subject,sessions,priority\n,,,\n")
        .check()
        .warns_with(&["warning[no-rows]: `needs.csv` has a header only"]);
}

#[test]
fn a_minimum_above_its_maximum_is_reported() {
    Folder::with("offerings.csv", "zone,1,4,teacher|guest", "zone,5,4,teacher|guest").check().fails_with(&[
        "error[min-above-max]: `min` 5 is above `max` 4",
        "--> offerings.csv:4:24",
        "help: swap the two",
    ]);
    Folder::with("school.toml", "min = 1", "min = 5")
        .check()
        .fails_with(&["--> school.toml:9:7", "`min` 5, `max` 4"]);
}

#[test]
fn toml_syntax_and_types_are_reported_where_they_stand() {
    Folder::with("school.toml", "must = 100", "must = = 100")
        .check()
        .fails_with(&["error[toml-syntax]", "--> school.toml:5:8"]);
    Folder::with("school.toml", "max = 4", "max = \"4\"").check().fails_with(&[
        "error[wrong-type]: `max` is not a whole number",
        "--> school.toml:9:7",
        "found the text `4`",
        "help: write `max = 4`",
    ]);
    Folder::with("school.toml", "days = [\"mon\", \"tue\"]", "days = \"mon\"")
        .check()
        .fails_with(&["`days` is not a list of texts"]);
    Folder::with("layout.toml", "kind = \"zone\"\n", "")
        .check()
        .fails_with(&["error[missing-key]: `kind` is missing in [block]", "--> layout.toml:16:1"]);
}

#[test]
fn the_same_problem_many_times_is_shown_twenty_times_and_counted() {
    let rows: String = (0..500).map(|row| format!("x{row},ne,1,must\n")).collect();
    let folder = Folder::new().plus("needs.csv", &format!("who,subject,sessions,priority\n{rows}"));
    let checked = folder.check();
    checked.fails_with(&["and 480 more like this in needs.csv; --json lists all", "500 errors, 0 warnings"]);
    assert_eq!(checked.stderr.matches("error[unknown-id]").count(), 20);
    assert_eq!(folder.json()["problems"].as_array().unwrap().len(), 500);
}

#[test]
fn what_a_spreadsheet_writes_reads_equal_to_the_plain_folder() {
    let plain = Folder::new();
    let spreadsheet = Folder::new();
    for (name, text) in PLAIN.iter().filter(|(name, _)| name.ends_with(".csv")) {
        let separators = ";".repeat(text.lines().next().unwrap().matches(',').count());
        let rows = text.replace(',', ";").replace('\n', "\r\n");
        spreadsheet.write(name, format!("\u{feff}{rows}{separators}\r\n{separators}\r\n\r\n"));
    }
    // Schedules of both are written as each has it.
    let (plain, spreadsheet) = (school(&plain), school(&spreadsheet));
    let plain = plain.replace("separator: 44", "separator: 59").replace("has_bom: false", "has_bom: true");
    assert!(plain == spreadsheet, "{plain}\n{spreadsheet}");
}

#[test]
fn columns_may_come_in_any_order_and_cells_have_spaces() {
    let shuffled = Folder::new().plus(
        "needs.csv",
        "staff, priority ,sessions,with,subject,who\n jan,must,1,, wi-ha,class: 1a\n,should,1,,ne | ku,s1\n,could,1,,ku,s3 \n",
    );
    assert_eq!(school(&Folder::new()), school(&shuffled));
}

fn school(folder: &Folder) -> String {
    let reading = read_school(folder.path(), None);
    format!("{:#?}", reading.school.unwrap_or_else(|| panic!("{:#?}", reading.problems)))
}

#[test]
fn needs_of_groups_are_written_out_and_added_up() {
    let needs = "who,subject,sessions,priority\nall,ne,1,must\nyear:1,ne,2,must\ns1,ne,1,should\nunit:onder,ku,0,must\n";
    let folder = Folder::new().plus("needs.csv", needs);
    let school = read_school(folder.path(), None).school.unwrap();
    let rows: Vec<(&str, Cow<str>, u32, &str)> = school
        .need_ids()
        .map(|id| (&school[id], id))
        .map(|(need, id)| {
            (school[need.student].id.as_str(), school.need_subjects(id), need.sessions, need.priority.label())
        })
        .collect();
    let ne = |student, sessions, priority| (student, Cow::from("ne"), sessions, priority);
    assert_eq!(rows, [ne("s1", 3, "must"), ne("s1", 1, "should"), ne("s2", 3, "must"), ne("s3", 1, "must")]);
}

#[test]
fn another_layout_takes_the_place_of_the_folders_own() {
    let folder = Folder::new();
    folder.write(
        "long.toml",
        "[[block]]\nid = \"{day}-x\"\nstart = \"09:00\"\nend = \"12:00\"\nkind = \"lesson\"\n",
    );
    fs::remove_file(folder.file("layout.toml")).unwrap();
    let path = folder.file("long.toml");
    let checked = check(folder.path(), &["--layout", path.to_str().unwrap()]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    assert!(checked.stdout.contains("(layout `long`)"), "{}", checked.stdout);
    assert_eq!(check(folder.path(), &["--layout", "long.toml"]).code, 0);
}

#[test]
fn the_input_hash_follows_the_bytes_of_the_input() {
    let hash = |folder: &Folder| leerzone::read::input_hash(folder.path(), None);
    let one = hash(&Folder::new());
    assert_eq!(one.len(), 64);
    assert_eq!(one, hash(&Folder::new()));
    assert_eq!(one, hash(&Folder::new().plus("notes.txt", "not input")));
    assert_ne!(one, hash(&Folder::with("needs.csv", "must", "could")));
}

#[test]
fn a_real_school_reads_without_a_problem() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/kottenpark-2003");
    if dir.is_dir() {
        let checked = check(&dir, &[]);
        checked.warns_with(&[]);
        assert!(
            checked.stdout.contains("453 students") && checked.stdout.contains("6300 must"),
            "{}",
            checked.stdout
        );
    }
}

/// Spoils `bytes` in many small ways, always in the same order.
fn mutations(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut spoilt: Vec<Vec<u8>> =
        (0..bytes.len()).step_by(3).map(|length| bytes[..length].to_vec()).collect();
    let inserts: [&[u8]; 9] =
        [b"\xff", b"\"", b"\n", b";", b"|", b"99999999999", b"-1", b"\0", "\u{1f642}\u{301}".as_bytes()];
    for (turn, at) in (0..bytes.len()).step_by(5).enumerate() {
        let insert = inserts[turn % inserts.len()];
        spoilt.push([&bytes[..at], insert, &bytes[at..]].concat());
        let mut replaced = bytes.to_vec();
        replaced[at] = insert[0];
        spoilt.push(replaced);
    }
    let text = String::from_utf8_lossy(bytes);
    for column in 0..text.lines().next().map_or(0, |header| header.split(',').count()) {
        let without = |line: &str| {
            let cells = line.split(',').enumerate().filter(|(index, _)| *index != column);
            cells.map(|(_, cell)| cell).collect::<Vec<_>>().join(",") + "\n"
        };
        spoilt.push(text.lines().map(without).collect::<String>().into_bytes());
    }
    spoilt
}

#[test]
fn no_spoilt_file_makes_the_reader_panic() {
    let more = [
        (
            "pins.csv",
            "kind,block,offering,staff,place,student\nattend,mon-1,wi-les,jan,r1,s1\nban,tue-1,ne-les,,,\n",
        ),
        ("pairs.csv", "kind,student,other\ntogether,s1,s2\napart,s1,s3\n"),
        ("history.csv", "student,subject,priority,missing\ns1,ne,must,2\n"),
        ("packages.csv", "package,name,blocks,roles,people\nstage,stage,2,teacher,1\n"),
    ];
    let folder = more.iter().fold(Folder::new(), |folder, (name, text)| folder.plus(name, text));
    for (name, text) in PLAIN.iter().chain(&more) {
        for spoilt in mutations(text.as_bytes()) {
            folder.write(name, &spoilt);
            let Reading { school, problems } = read_school(folder.path(), None);
            let printed = problems_as_text(&problems);
            assert_eq!(school.is_none(), printed.contains("error["), "{name}:\n{printed}");
        }
        folder.write(name, text);
    }
}

#[test]
fn the_guide_to_the_input_describes_every_file_column_and_key() {
    let guide = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/input.md")).unwrap();
    let part = |title: &str| {
        let from = guide.find(&format!("\n{title}\n")).unwrap_or_else(|| panic!("no part {title:?}"));
        let rest = &guide[from + 1..];
        &rest[..rest[1..].find("\n## ").map_or(rest.len(), |end| end + 1)]
    };
    let row = |column: &Column| {
        let default = if column.required { "required" } else { column.default };
        let Column { name, holds, about, .. } = column;
        format!(
            "| `{name}` | {} | {} | {} |",
            holds.label(),
            default.replace('|', "\\|"),
            about.replace('|', "\\|")
        )
    };
    for file in FILES {
        for column in file.columns {
            let title = format!("## {}", file.name);
            assert!(part(&title).contains(&row(column)), "{title} lacks\n{}", row(column));
        }
    }
    for section in SECTIONS {
        let title = match (section.name, guide.contains(&format!("### [[{}]]", section.name))) {
            ("", _) => format!("## {}", section.file),
            (name, true) => format!("### [[{name}]]"),
            (name, false) => format!("### [{name}]"),
        };
        for key in section.keys {
            assert!(part(&title).contains(&row(key)), "{title} lacks\n{}", row(key));
        }
    }
}

#[test]
fn an_offering_that_nobody_can_lead_names_who_comes_nearest_and_the_mend() {
    let zone = "ku-les,kunst,ku,zone,1,4,teacher|guest,atelier,\nplein,Plein,ne|wi-ha|ku,zone,1,9,teacher,atelier,\n";
    Folder::with("offerings.csv", "ku-les,kunst,ku,zone,1,4,teacher|guest,atelier,\n", zone).check().warns_with(&[
        "warning[R3: nobody-leads]: nobody can lead `plein`, so it never runs",
        "--> offerings.csv:5:1",
        "found Jan (`jan`) has ne, wi-ha, but not ku",
        "write `any` in `qualified` of `plein` if knowing one of its subjects is enough, or add `ku` to `subjects` of `jan`",
    ]);
    Folder::with("staff.csv", "eva,Eva,teacher", "eva,Eva,supervisor").check().warns_with(&[
        "nobody can lead `ku-les`",
        "found Eva (`eva`) has ku, but is supervisor; `ku-les` takes teacher, guest",
        "add `supervisor` to `roles` of `ku-les`, or give `eva` a role that it takes, such as `teacher`",
        "help: Eva (`eva`) has ku, but is supervisor",
    ]);
}

#[test]
fn assistants_who_cannot_be_qualified() {
    let school = |assistants: &str, staff: &str| {
        let table = "offering,subjects,kinds,min,max,tags,assistants,assistants_qualified\n";
        let row = format!("wi-les,wi-ha,lesson,1,4,,{assistants},true\nku-les,ku,zone,1,4,atelier,,\n");
        let school = Folder::new().plus("offerings.csv", &(table.to_owned() + &row));
        school.and("staff.csv", "eva,Eva", &format!("{staff}eva,Eva")).check()
    };
    school("0", "lea,Lea,assistant,wi-ha,,,,\n").warns_with(&[
        "warning[no-effect]: `assistants_qualified` does nothing for `wi-les`",
        "--> offerings.csv:2:28",
        "found `true`, and `assistants` 0",
    ]);
    school("1", "").warns_with(&["found nobody with the role `assistant`"]);
    school("1", "lea,Lea,assistant,ne,,,,\n").warns_with(&[
        "warning[R3: nobody-assists]: nobody can assist in `wi-les`",
        "found 1 with the role `assistant`, none of them qualified for `wi-ha`",
        "add a subject of it to `subjects` of an assistant in staff.csv, or empty this cell",
    ]);
    let knows = school("1", "lea,Lea,assistant,wi-ha,,,,\n");
    assert!(!knows.stderr.contains("assist"), "{}", knows.stderr);
}

#[test]
fn places_that_only_staff_of_a_unit_use() {
    let require = || Folder::with("school.toml", "own_staff", "own_places = \"require\"\nown_staff");
    require().check().warns_with(&[
        "warning[R8: no-effect]: `own_places` does nothing: no place has a unit",
        "--> school.toml:18:1",
    ]);
    let places = |unit: &str| {
        format!("place,name,seats,parallel,tags,unit\nr1,lokaal 1,20,1,,\nr2,atelier,20,2,atelier,{unit}\n")
    };
    require().plus("places.csv", &places("boven")).check().warns_with(&[
        "warning[R8: unused-place]: nobody may lead anything in `r2`",
        "--> places.csv:3:25",
        "found `boven`, a unit without staff, and `own_places = \"require\"`",
    ]);
    let pin = require()
        .plus("places.csv", &places("boven"))
        .plus("pins.csv", "kind,block,offering,staff,place,student\nsession,mon-2,ku-les,eva,r2,\n");
    pin.check().fails_with(&[
        "error[R8: impossible-pin]: nobody who can lead `ku-les` may use a place for it",
        "--> pins.csv:2:",
        "found places of other units only, and `own_places = \"require\"`",
    ]);
    let school = require().plus("places.csv", &places("onder")).check();
    school.warns_with(&[]);
    assert!(!school.stderr.contains("own_places"), "{}", school.stderr);
}

#[test]
fn whoever_has_the_role_may_supervise_homework() {
    let school = Folder::with("layout.toml", "kind = \"zone\"", "kind = \"homework\"")
        .plus("subjects.csv", "subject\nwi-ha\nne\nku\nhomework\n")
        .and(
            "offerings.csv",
            "ku-les,kunst,ku,zone,1,4,teacher|guest,atelier,",
            "hw,Huiswerk,homework,homework,1,4,teacher,,",
        )
        .plus("needs.csv", "who,subject,sessions,priority,with\ns1,homework,1,must,ne\n");
    let warned = school.check();
    assert!(!warned.stderr.contains("nobody"), "{}", warned.stderr);
    school
        .and("needs.csv", "must,ne", "must,homework")
        .check()
        .warns_with(&["nobody may lead `homework` with `homework`"]);
}

#[test]
fn blocks_that_overlap_for_the_same_students() {
    Folder::with("layout.toml", "start = \"09:00\"", "start = \"08:30\"").check().warns_with(&[
        "warning[R1: blocks-overlap]: `mon-start` (08:30 to 09:00) and `mon-1` (08:30 to 10:00) overlap",
        "found 3 students are invited to both and can attend only one of them",
    ]);
    let apart = Folder::with("layout.toml", "start = \"10:00\"", "start = \"09:45\"");
    apart.check().warns_with(&["`mon-1` (09:00 to 10:00) and `mon-2` (09:45 to 11:00) overlap"]);
    // Lessons beside a zone are meant.
    let beside = Folder::with("layout.toml", "start = \"10:00\"", "start = \"09:00\"").check();
    assert!(!beside.stderr.contains("overlap"), "{}", beside.stderr);
}

#[test]
fn names_that_differ_in_capitals_only() {
    Folder::with("students.csv", "s2,Bram,1a", "S1,Bram,1A")
        .and("staff.csv", "ne,,onder", "ne,,Onder")
        .check()
        .warns_with(&[
            "warning[look-alike]: `s1` and `S1` differ in capitals only",
            "found `S1`, and `s1` in students.csv line 2",
            "warning[look-alike]: `1a` and `1A` differ in capitals only",
            "warning[look-alike]: `onder` and `Onder` differ in capitals only",
        ]);
}

#[test]
fn an_accent_is_the_same_as_one_character_and_as_two() {
    let composed = Folder::with("students.csv", "s2,Bram,1a", "ren\u{e9},Ren\u{e9},cl\u{e9}").and(
        "needs.csv",
        "s3,ku",
        "rene\u{301},ku,1,could,,\nclass:cle\u{301},ku",
    );
    composed.check().warns_with(&[]);
    composed.and("students.csv", "s3,", "rene\u{301},").check().fails_with(&["error[duplicate-id]"]);
}

#[test]
fn cells_that_a_spreadsheet_has_spoiled() {
    for cell in ["#N/A", "#REF!", "#NAAM?", "#VERW!", "#WAARDE!", "#DEEL/0!", "#N/B", "########"] {
        let folder = Folder::with("needs.csv", "s3,ku,1", &format!("s3,{cell},1"));
        folder.check().fails_with(&["error[formula-error]", "--> needs.csv:4:4", "1 error, 0 warnings"]);
    }
    Folder::with("students.csv", "s2,Bram", "#VERW!,#NAAM?")
        .check()
        .fails_with(&["students.csv:3:1", "students.csv:3:8"]);
    Folder::with("needs.csv", "s3,ku", "s3,k\u{200b}u")
        .check()
        .fails_with(&["error[invisible-character]", "U+200B"]);
    Folder::with("needs.csv", "class:1a", "class:1a\u{96}x")
        .check()
        .fails_with(&["U+0096", "save it as `CSV UTF-8`"]);
    let number = Folder::with("students.csv", "Bram", "#1").check();
    assert!(!number.stderr.contains("formula"), "{}", number.stderr);
}

#[test]
fn a_learning_zone_that_may_land_in_a_classroom() {
    Folder::with("offerings.csv", "1,4,teacher|guest,atelier", "1,4,teacher|guest,").check().warns_with(&[
        "warning[zone-in-classroom]: `ku-les` may run in a classroom",
        "found no tag, so that it may be held in `r1` as well as in `r2`",
        "help: write `atelier` here",
    ]);
}

/// The small school as a Dutch school would type it.
fn in_dutch() -> Folder {
    Folder::new()
        .plus("students.csv", "Leerling;Naam;Klas;Jaar;Team;Mentor\ns1;Anna;1a;1;onder;jan\ns2;Bram;1a;1;onder;\ns3;Chaya;2b;2;onder;\n")
        .plus("staff.csv", "Medewerker;Naam;Rollen;Vakken;Voorkeur;Team;Max blokken;Kosten\njan;Jan;Docent|Mentor;wi-ha|ne;wi-les;onder;8;10,5\neva;Eva;docent;ku|ne;;onder;8;10\n")
        .plus("needs.csv", "wie;vak;keer;prioriteit;met;docent\nklas:1a;wi-ha;1;Verplicht;;Jan\nanna;ne|ku;1;gewenst;;\nCHAYA;ku;1;wens;;\n")
        .plus("busy.csv", "soort;id;dag;van;tot\ndocent;eva;tue;;\nklas;1a;mon;10:00;11:00\n")
}

#[test]
fn headings_and_fixed_words_in_any_case_and_in_dutch() {
    let checked = in_dutch().check();
    checked.warns_with(&[]);
    for text in ["3 students", "2 must, 1 should, 1 could"] {
        assert!(checked.stdout.contains(text), "no {text:?} in:\n{}{}", checked.stdout, checked.stderr);
    }
    let changed = check(in_dutch().path(), &["--set", "students.s1.class=2b"]);
    assert!(changed.stdout.contains("1 must, 1 should, 1 could"), "{}{}", changed.stdout, changed.stderr);
}

#[test]
fn a_copy_without_names_has_none_of_a_school_in_dutch() {
    let (school, copy) = (in_dutch(), tempfile::tempdir().unwrap());
    let to = copy.path().join("copy");
    assert_eq!(check(school.path(), &["--pseudonymise", to.to_str().unwrap()]).code, 0);
    check(&to, &[]).warns_with(&[]);
    for file in ["students.csv", "staff.csv", "needs.csv", "busy.csv"] {
        let text = fs::read_to_string(to.join(file)).unwrap().to_lowercase();
        for name in ["anna", "chaya", "jan,", "eva", "onder"] {
            assert!(!text.contains(name), "{name} in {file}:\n{text}");
        }
    }
}

#[test]
fn a_person_may_be_written_by_a_name_that_nobody_else_has() {
    let named = Folder::with("needs.csv", "s3,ku", "Chaya,ku").and("students.csv", "onder,jan", "onder,Jan");
    named.check().warns_with(&[]);
    named.and("students.csv", "s2,Bram", "s2,Chaya").check().fails_with(&[
        "unknown student `Chaya`",
        "help: several are called so; write the id that students.csv gives",
    ]);
}

#[test]
fn messages_say_what_was_meant() {
    let help = |folder: Folder, text: &str| folder.check().fails_with(&[text]);
    help(
        Folder::with("needs.csv", "class:1a", "1a"),
        "help: write `class:1a` for all students of that class",
    );
    help(Folder::with("needs.csv", "s3,ku", "s3,kunst"), "help: write `ku`, which is called so");
    help(
        Folder::with("needs.csv", "ne|ku", "\"ne, ku\""),
        "help: separate the items of a list by `|`: `ne|ku`",
    );
    help(
        Folder::with("staff.csv", "teacher|coach", "teacher/coach"),
        "separate the items of a list by `|`: `teacher|coach`",
    );
    help(Folder::with("busy.csv", "eva,tue", "eva,dinsdag"), "help: write `tue`, as that day is called here");
    help(Folder::with("school.toml", "days =", "language = nl\ndays ="), "help: write `language = \"nl\"`");
    help(Folder::with("school.toml", "[\"unit\"]", "unit"), "help: write `group_by = [\"unit\"]`");
    help(Folder::with("layout.toml", "\"8:30\"", "8.30"), "help: write `start = \"08:30\"`");
    help(Folder::with("layout.toml", "\"8:30\"", "8:30"), "help: write `start = \"08:30\"`");
    let workbook = Folder::new().plus("students.xlsx", "");
    fs::remove_file(workbook.file("students.csv")).unwrap();
    help(workbook, "save the sheet of `students.xlsx` as `students.csv`");
}

#[test]
fn an_error_in_one_file_does_not_hide_what_others_lack() {
    Folder::with("needs.csv", "s3,ku,1", "s3,ku,veel")
        .and("staff.csv", "eva,Eva,teacher", "eva,Eva,supervisor")
        .check()
        .fails_with(&["needs.csv:4:7", "nobody can lead `ku-les`"]);
    // A torn row still says who it is about.
    Folder::with("students.csv", "s1,Anna,1a,1,onder,jan", "s1,Anna,1a")
        .and("needs.csv", "s3,", "s9,")
        .check()
        .fails_with(&["error[ragged-row]", "unknown student `s9`"]);
}

#[test]
fn a_file_saved_with_everything_in_one_column_is_read() {
    let needs = "\"who,subject,sessions,priority,with,staff\";\r\n\"class:1a,wi-ha,1,must,,jan\";\r\n\"s1,ne|ku,1,should,,\";\r\n";
    let checked = Folder::new().plus("needs.csv", needs).check();
    checked.warns_with(&["warning[one-column]: every row of `needs.csv` stands in one cell"]);
    assert!(checked.stdout.contains("2 must, 1 should"), "{}", checked.stdout);
}

#[test]
fn the_days_of_a_need() {
    let days = |days: &str| {
        Folder::with("needs.csv", "with,staff", "with,staff,days")
            .and("needs.csv", "must,,jan", "must,,jan,")
            .and("needs.csv", "should,,", "should,,,")
            .and("needs.csv", "could,,", &format!("could,,,{days}"))
    };
    days("mon").check().warns_with(&[]);
    days("mon|tue").check().warns_with(&[]);
    days("tue").check().warns_with(&[
        "warning[other-days]: `ku` is asked for on tue, when it never can run",
        "help: name more `days` in needs.csv",
    ]);
    days("wed").check().fails_with(&["`wed`", "--> needs.csv:4"]);
}

#[test]
fn the_audience_of_an_offering() {
    let column = |audience: &str| {
        Folder::with("offerings.csv", "tags,after", "tags,after,audience")
            .and("offerings.csv", "atelier,", &format!("atelier,,{audience}"))
            .and("offerings.csv", "1,4,teacher,,", "1,4,teacher,,,")
            .and("offerings.csv", "lesson|zone,1,4,teacher,,", "lesson|zone,1,4,teacher,,,")
    };
    column("year:2").check().warns_with(&[]);
    column("year:7").check().fails_with(&["no student has the year `7`", "--> offerings.csv:4:"]);
    column("class:1a").check().warns_with(&["no offering meets `ku`", "widen an offering's `audience`"]);
    let pinned = column("year:2").plus("pins.csv", "kind,block,offering,student\nattend,mon-2,ku-les,s1\n");
    pinned.check().fails_with(&["error[R6: impossible-pin]: `s1` is not in the audience of `ku-les`"]);
}
