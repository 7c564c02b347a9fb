//! The exact message of every class of mistake: each is made in a small sound school, and the snapshots in
//! `tests/input/snapshots` say word for word what `leerzone check` answers. `INSTA_UPDATE=always cargo test --test input
//! mistakes` writes them anew.

use std::fmt::Write as _;

use crate::small_school::{Folder, check};

/// What somebody did to the school.
enum Change {
    /// One text in place of another in a file.
    Write(&'static str, &'static str, &'static str),
    /// A file with this content.
    File(&'static str, &'static str),
    Remove(&'static str),
}

use Change::{File, Remove, Write};

/// A class of mistakes, and one of them.
type Mistake = (&'static str, &'static [Change]);

const FILES: &[Mistake] = &[
    ("a required file is missing", &[Remove("places.csv")]),
    ("a file with a name much like a missing one", &[Remove("needs.csv"), File("need.csv", "who,subject\n")]),
    ("the settings are missing", &[Remove("school.toml")]),
    ("the layout is missing", &[Remove("layout.toml")]),
    ("a table that nothing reads", &[File("teachers.csv", "staff\njan\n")]),
    ("an empty file", &[File("subjects.csv", "")]),
    ("an empty file that may be left out", &[File("pins.csv", "\n")]),
    ("a header only", &[File("needs.csv", "who,subject,sessions,priority\n")]),
    ("a column is missing", &[Write("places.csv", ",seats", ",chairs")]),
    ("a misspelt column", &[Write("needs.csv", "priority", "priorty")]),
    ("a column twice", &[Write("subjects.csv", "subject,name", "subject,subject")]),
    ("a column that nothing reads", &[Write("students.csv", "coach\n", "loopbaan\n")]),
    ("tabs between the cells", &[File("subjects.csv", "subject\tname\nne\tNederlands\n")]),
    ("a row with too many cells", &[Write("subjects.csv", "ku,kunst", "ku,kunst, muziek")]),
    ("a row with too few cells", &[Write("needs.csv", "s3,ku,1,could,,", "s3,ku,1")]),
    ("a quote that is never closed", &[Write("subjects.csv", "ne,Nederlands", "ne,\"Nederlands")]),
    ("a quote that swallows the rows below it", &[Write("students.csv", "s2,Bram,", "s2,\"Bram,")]),
    ("no staff but a header", &[File("staff.csv", "staff,name,roles,subjects\n")]),
    ("no students but a header", &[File("students.csv", "student,name,class,year,unit,coach\n")]),
    (
        "tabs where other files name what stands there",
        &[File("students.csv", "student\tname\tclass\tyear\ns1\tAnna\t1a\t1\n")],
    ),
    ("no column of ids", &[Write("students.csv", "student,", "nummer,")]),
    (
        "a line for Excel in front of a misspelt column",
        &[File("subjects.csv", "sep=;\nsubject;nam\nwi-ha;a\nne;b\nku;c\n")],
    ),
    ("a control character", &[Write("students.csv", "Anna", "An\u{0}na")]),
    ("an escape sequence for a terminal", &[Write("students.csv", "Anna", "\u{1b}[31mAnna")]),
];

const CELLS: &[Mistake] = &[
    ("an empty id", &[Write("students.csv", "s2,", ",")]),
    ("an id twice", &[Write("students.csv", "s2,", "s1,")]),
    ("an id that separates lists", &[Write("subjects.csv", "ku,kunst", "k|u,kunst")]),
    ("an offering called coaching", &[Write("offerings.csv", "ku-les,", "coaching,")]),
    ("a student called all", &[Write("students.csv", "s2,", "all,")]),
    ("a cell that must not be empty", &[Write("needs.csv", "s3,ku,1", "s3,ku,")]),
    ("an empty item of a list", &[Write("needs.csv", "ne|ku", "ne||ku")]),
    ("an item of a list twice", &[Write("needs.csv", "ne|ku", "ne|ne")]),
    ("a word for a number", &[Write("needs.csv", "s3,ku,1", "s3,ku,once")]),
    ("a part of a session", &[Write("needs.csv", "s3,ku,1", "s3,ku,1.5")]),
    ("a negative number", &[Write("needs.csv", "s3,ku,1", "s3,ku,-1")]),
    ("a number out of all proportion", &[Write("places.csv", ",20,1,\n", ",99999999999999999999,1,\n")]),
    ("a decimal comma between commas", &[Write("staff.csv", "10.5", "\"10,5\"")]),
    ("a cost that is no number", &[Write("staff.csv", "10.5", "nan")]),
    ("a place for 0 sessions", &[Write("places.csv", ",20,1,", ",20,0,")]),
    ("a least above a most", &[Write("offerings.csv", "lesson,1,4", "lesson,5,4")]),
    (
        "neither true nor false",
        &[
            Write("offerings.csv", "tags,after", "online,after"),
            Write("offerings.csv", "teacher|guest,atelier", "teacher|guest,perhaps"),
        ],
    ),
    ("an unknown role", &[Write("staff.csv", "teacher|coach", "teacher|coch")]),
    ("a role like no other", &[Write("staff.csv", "teacher|coach", "janitor")]),
    (
        "homework in lessons",
        &[
            Write(
                "offerings.csv",
                "ku-les,",
                "hw,begeleiding,homework,homework|lesson,1,4,teacher,,\nku-les,",
            ),
            Write("offerings.csv", "ku-les,", "hulp,hulp,homework|ku,,1,4,teacher,,\nku-les,"),
        ],
    ),
    ("an unknown kind of block", &[Write("offerings.csv", "ku,zone", "ku,break")]),
    ("an unknown priority", &[Write("needs.csv", "1,could", "1,want")]),
];

const NAMES: &[Mistake] = &[
    ("an unknown subject", &[Write("needs.csv", "s3,ku", "s3,kuu")]),
    ("an unknown subject like no other", &[Write("needs.csv", "s3,ku", "s3,economics")]),
    ("an unknown subject of an offering", &[Write("offerings.csv", "wiskunde,wi-ha", "wiskunde,wi")]),
    ("an unknown student", &[Write("needs.csv", "s3,ku", "s4,ku")]),
    (
        "an unknown class where there are many",
        &[
            Write("needs.csv", "class:1a", "class:zz"),
            File(
                "students.csv",
                "student,name,class,year,unit,coach\ns1,A,1a,1,onder,\ns2,B,1b,1,onder,\ns3,C,2b,2,onder,\n\
                 s4,D,2c,2,onder,\ns5,E,2d,2,onder,\ns6,F,2e,2,onder,\ns7,G,2f,2,onder,\ns8,H,2g,2,onder,\n\
                 s9,I,2h,2,onder,\ns10,J,2i,2,onder,\n",
            ),
        ],
    ),
    ("an unknown class", &[Write("needs.csv", "class:1a", "class:1c")]),
    ("an unknown sort of group", &[Write("needs.csv", "class:1a", "clan:1a")]),
    ("an unknown staff member asked for", &[Write("needs.csv", "must,,jan", "must,,jon")]),
    ("an unknown subject in with", &[Write("needs.csv", "could,,", "could,xx,")]),
    ("an unknown coach", &[Write("students.csv", "onder,jan", "onder,els")]),
    ("an unknown offering liked", &[Write("staff.csv", "wi-ha|ne,wi-les", "wi-ha|ne,wi-lse")]),
    (
        "an offering after an unknown one",
        &[Write("offerings.csv", "teacher|guest,atelier,", "teacher|guest,atelier,intro")],
    ),
    (
        "offerings that wait for each other",
        &[Write("offerings.csv", "lesson,1,4,teacher,,\n", "lesson,1,4,teacher,,wi-les\n")],
    ),
    ("busy: an unknown kind", &[Write("busy.csv", "staff,eva", "teacher,eva")]),
    ("busy: an unknown day", &[Write("busy.csv", "tue", "tuesday")]),
    ("busy: an unknown site", &[Write("busy.csv", "staff,eva", "site,oost")]),
    ("busy: a start without an end", &[Write("busy.csv", "tue,,", "tue,09:00,")]),
    ("busy: an end before the start", &[Write("busy.csv", "tue,,", "tue,10:00,09:00")]),
    ("busy: a time that is none", &[Write("busy.csv", "tue,,", "tue,9.00,25:00")]),
    (
        "pins: an unknown kind",
        &[File("pins.csv", "kind,block,offering,staff,place,student\nmust,mon-1,wi-les,,,s1\n")],
    ),
    (
        "pins: an unknown block",
        &[File("pins.csv", "kind,block,offering,staff,place,student\nban,mon-9,wi-les,,,\n")],
    ),
    (
        "pins: an attendance of nobody",
        &[File("pins.csv", "kind,block,offering,staff,place,student\nattend,mon-1,wi-les,,,\n")],
    ),
    ("pins: a ban of everything", &[File("pins.csv", "kind,block,offering,staff,place,student\nban,,,,,\n")]),
    ("pairs: a student with itself", &[File("pairs.csv", "kind,student,other\napart,s1,s1\n")]),
    ("pairs: an unknown kind", &[File("pairs.csv", "kind,student,other\nbeside,s1,s2\n")]),
    (
        "history: a student who has left",
        &[File("history.csv", "student,subject,priority,missing\ns9,ne,must,1\n")],
    ),
    (
        "packages: blocks in words",
        &[File("packages.csv", "package,name,blocks,roles,people\nstage,Stage,one,,1\n")],
    ),
    (
        "packages: a subject and a unit that nobody knows",
        &[File(
            "packages.csv",
            "package,name,blocks,roles,people,subjects,unit\nstage,Stage,1,,1,nl,boven\n",
        )],
    ),
];

const SETTINGS: &[Mistake] = &[
    ("no TOML", &[Write("school.toml", "must = 100", "must 100")]),
    ("a quote that is never closed in TOML", &[Write("school.toml", "\"Klein\"", "\"Klein")]),
    ("a key is missing", &[Write("school.toml", "days = [\"mon\", \"tue\"]", "dagen = [\"mon\", \"tue\"]")]),
    ("a key that nothing reads", &[Write("school.toml", "must = 100", "moest = 100")]),
    ("a table that nothing reads in TOML", &[Write("school.toml", "[units]", "[units]\n[teams]")]),
    ("a key twice", &[Write("school.toml", "must = 100", "must = 100\nmust = 90")]),
    ("a number for a text", &[Write("school.toml", "\"Klein\"", "7")]),
    ("a text for a number", &[Write("school.toml", "must = 100", "must = \"100\"")]),
    ("a text for a number of a table", &[Write("school.toml", "{ \"1\" = 1,", "{ \"1\" = \"1\",")]),
    ("a number among texts", &[Write("school.toml", "[\"mon\", \"tue\"]", "[\"mon\", 3]")]),
    ("a list that is never closed", &[Write("school.toml", "\"tue\"]", "\"tue\"")]),
    ("two values", &[Write("school.toml", "must = 100", "must = 1 1")]),
    (
        "mistakes in two tables",
        &[Write("school.toml", "must = 100", "must 100"), Write("school.toml", "min = 1\n", "min 1\n")],
    ),
    ("a text for a list", &[Write("school.toml", "[\"mon\", \"tue\"]", "\"mon, tue\"")]),
    ("a value for a table", &[Write("school.toml", "[weights]\nmust = 100", "weights = 100")]),
    ("a table for several", &[Write("school.toml", "[[budget]]", "[budget]")]),
    (
        "a number among tables",
        &[
            Write("school.toml", "[[budget]]\nunit = \"*\"\ncost = 1200.0\n", ""),
            Write("school.toml", "days =", "budget = [3]\ndays ="),
        ],
    ),
    ("a number for a table of numbers", &[Write("school.toml", "{ \"1\" = 1, \"*\" = 0 }", "1")]),
    ("an empty name", &[Write("school.toml", "\"Klein\"", "\"\"")]),
    ("no days", &[Write("school.toml", "[\"mon\", \"tue\"]", "[]")]),
    ("a day twice", &[Write("school.toml", "[\"mon\", \"tue\"]", "[\"mon\", \"tue\", \"tue\"]")]),
    (
        "an unknown language",
        &[Write("school.toml", "name = \"Klein\"", "name = \"Klein\"\nlanguage = \"fr\"")],
    ),
    ("a weight below 0", &[Write("school.toml", "must = 100", "must = -100")]),
    ("a weight without end", &[Write("school.toml", "must = 100", "must = inf")]),
    ("groups of nobody", &[Write("school.toml", "min = 1\n", "min = 0\n")]),
    ("a least group above the largest", &[Write("school.toml", "min = 1\n", "min = 9\n")]),
    ("groups by an unknown column", &[Write("school.toml", "[\"unit\"]", "[\"name\"]")]),
    ("an unknown fill", &[Write("school.toml", "\"study\"", "\"rest\"")]),
    ("presence of an unknown year", &[Write("school.toml", "\"1\" = 1", "\"7\" = 1")]),
    ("an unknown way with own staff", &[Write("school.toml", "\"prefer\"", "\"favour\"")]),
    ("a budget of an unknown unit", &[Write("school.toml", "unit = \"*\"", "unit = \"boven\"")]),
    ("a budget that pays nobody", &[Write("school.toml", "unit = \"*\"\n", "")]),
    (
        "a budget of people and roles that are not there",
        &[Write(
            "school.toml",
            "unit = \"*\"",
            "covers = [\"jan\", \"staff:jon\", \"role:gast\", \"role:gest\"]",
        )],
    ),
    (
        "a budget that covers whom it pays anyhow",
        &[Write("school.toml", "unit = \"*\"", "unit = \"*\"\ncovers = [\"staff:jan\", \"role:guest\"]")],
    ),
    ("a budget without its cost", &[Write("school.toml", "cost = 1200.0\n", "")]),
    (
        "travel with two numbers of minutes",
        &[
            Write("places.csv", "lokaal 1,,", "lokaal 1,noord,"),
            Write("places.csv", "atelier,,", "atelier,zuid,"),
            Write(
                "school.toml",
                "[units]",
                "[[travel]]\nfrom = \"noord\"\nto = \"zuid\"\nminutes = 5\n\n[[travel]]\nfrom = \"zuid\"\n\
                 to = \"noord\"\nminutes = 7\n\n[units]",
            ),
        ],
    ),
    (
        "two budgets of one unit",
        &[Write("school.toml", "[[budget]]", "[[budget]]\nunit = \"*\"\ncost = 900\n\n[[budget]]")],
    ),
    (
        "travel to where one is",
        &[Write(
            "school.toml",
            "[units]",
            "[[travel]]\nfrom = \"noord\"\nto = \"noord\"\nminutes = 5\n\n[units]",
        )],
    ),
];

const LAYOUT: &[Mistake] = &[
    ("no blocks", &[File("layout.toml", "name = \"empty\"\n")]),
    (
        "single brackets for each block",
        &[
            Write("layout.toml", "[[block]]", "[block]"),
            Write("layout.toml", "[[block]]", "[block]"),
            Write("layout.toml", "[[block]]", "[block]"),
        ],
    ),
    ("a block without its kind", &[Write("layout.toml", "kind = \"coaching\"\n", "")]),
    ("a time with a point", &[Write("layout.toml", "\"8:30\"", "\"8.30\"")]),
    ("a time in words", &[Write("layout.toml", "\"8:30\"", "\"half past eight\"")]),
    ("a time without quotes", &[Write("layout.toml", "\"8:30\"", "08:30:00")]),
    ("a block that ends before it starts", &[Write("layout.toml", "end = \"09:00\"", "end = \"08:00\"")]),
    ("a block on an unknown day", &[Write("layout.toml", "days = [\"mon\"]", "days = [\"wed\"]")]),
    ("an unknown kind of block in the layout", &[Write("layout.toml", "\"zone\"", "\"zones\"")]),
    ("one id on several days", &[Write("layout.toml", "{day}-1", "first")]),
    ("a block twice", &[Write("layout.toml", "\"mon-2\"", "\"mon-1\"")]),
    ("an audience of an unknown year", &[Write("layout.toml", "year:1", "year:5")]),
    ("an audience of no group", &[Write("layout.toml", "year:1", "1a")]),
];

const NEVER: &[Mistake] = &[
    ("groups that cannot be formed", &[Write("school.toml", "min = 1\nmax = 4", "min = 2\nmax = 2")]),
    ("groups without a coach", &[Write("staff.csv", "teacher|coach", "teacher")]),
    (
        "a pin against a busy time",
        &[File("pins.csv", "kind,block,offering,staff,place,student\nsession,tue-1,ne-les,eva,,\n")],
    ),
    (
        "a pair that no group brings together",
        &[
            File("pairs.csv", "kind,student,other\ntogether,s1,s3\n"),
            Write("students.csv", "2,onder", "2,boven"),
        ],
    ),
    (
        "a package that nobody can carry",
        &[File("packages.csv", "package,name,blocks,roles,people\nstage,Stage,2,guest,1\n")],
    ),
    (
        "a package for a subject and a unit that nobody has together",
        &[File(
            "packages.csv",
            "package,name,blocks,roles,people,subjects,unit\nstage,Stage,2,,5,ne,onder\n",
        )],
    ),
    (
        "packages beyond the budget",
        &[
            File(
                "packages.csv",
                "package,name,blocks,roles,people\nstage,Stage,2,teacher,1\nhulp,Hulp,0,,1\n",
            ),
            Write("school.toml", "1200.0", "10.0"),
        ],
    ),
    (
        "packages that too few can carry together",
        &[File(
            "packages.csv",
            "package,name,blocks,roles,people\nstage,Stage,5,teacher,2\nhulp,Hulp,5,,1\n",
        )],
    ),
    (
        "students apart in the only group",
        &[
            File("pairs.csv", "kind,student,other\napart,s1,s2\n"),
            Write("school.toml", "min = 1\nmax", "min = 2\nmax"),
        ],
    ),
    (
        "a pin beyond the budget",
        &[
            File("pins.csv", "kind,block,offering,staff,place,student\nsession,mon-1,wi-les,jan,,\n"),
            Write("school.toml", "1200.0", "10.0"),
        ],
    ),
    (
        "a pin of the last person in reserve",
        &[
            File("pins.csv", "kind,block,offering,staff,place,student\nsession,tue-1,wi-les,jan,,\n"),
            Write("school.toml", "staff_per_block = 0", "staff_per_block = 1"),
        ],
    ),
    (
        "a reserve larger than the staff",
        &[Write("school.toml", "staff_per_block = 0", "staff_per_block = 3")],
    ),
    ("a need that no offering meets", &[Write("offerings.csv", "wiskunde,wi-ha", "wiskunde,ne")]),
    ("a need that nobody may lead", &[Write("staff.csv", "wi-ha|ne,wi-les", "ne,wi-les")]),
    ("a need without a place", &[Write("places.csv", "20,2,atelier", "20,2,")]),
    (
        "an offering without a place beside one that has",
        &[Write("offerings.csv", "ku-les,", "ku-lab,kunst,ku,zone,1,4,teacher|guest,lab,\nku-les,")],
    ),
    ("a coach without the role", &[Write("students.csv", "2,onder,", "2,onder,eva")]),
    ("a need without a block", &[Write("offerings.csv", "ku,zone", "ku,homework")]),
    (
        "a presence beyond the week of a student without a year",
        &[Write("school.toml", "\"*\" = 0", "\"*\" = 9"), Write("students.csv", "2b,2,", "2b,,")],
    ),
    ("a student who is never free", &[Write("busy.csv", "staff,eva,tue", "student,s3,mon")]),
];

const SITES: Change = File(
    "staff.csv",
    "staff,name,roles,subjects,likes,unit,sites\n\
     jan,Jan,teacher|coach,wi-ha|ne,,onder,west\n\
     eva,Eva,teacher,ku|ne,,onder,\n",
);

const PINS: &[Mistake] = &[
    (
        "an online session pinned to a place",
        &[
            Write("offerings.csv", "tags,after", "online,after"),
            Write("offerings.csv", "teacher|guest,atelier", "teacher|guest,true"),
            File("pins.csv", "kind,block,offering,staff,place,student\nsession,mon-2,ku-les,,r2,\n"),
        ],
    ),
    (
        "a pin to a place that is too small",
        &[
            Write("places.csv", "lokaal 1,,20", "lokaal 1,,1"),
            Write("offerings.csv", "lesson,1,4", "lesson,2,4"),
            File("pins.csv", "kind,block,offering,staff,place,student\nsession,mon-1,wi-les,,r1,\n"),
        ],
    ),
    (
        "a pin to a place that is busy",
        &[
            Write("busy.csv", "staff,eva", "place,r1,mon,,,\nstaff,eva"),
            File("pins.csv", "kind,block,offering,staff,place,student\nsession,mon-1,wi-les,,r1,\n"),
        ],
    ),
    (
        "a pin to a place where its lead does not work",
        &[
            SITES,
            Write("places.csv", "lokaal 1,", "lokaal 1,east"),
            Write("places.csv", "atelier,,20", "atelier,west,20"),
            File("pins.csv", "kind,block,offering,staff,place,student\nsession,mon-1,wi-les,jan,r1,\n"),
        ],
    ),
    (
        "a pin of a student who is busy",
        &[
            Write("busy.csv", "staff,eva", "student,s1,mon,,,\nstaff,eva"),
            File("pins.csv", "kind,block,offering,staff,place,student\nattend,mon-1,wi-les,,,s1\n"),
        ],
    ),
    (
        "a pin to somebody who lacks what the need asks for besides",
        &[
            Write("needs.csv", "s3,ku,1,could,,", "s3,ku,1,could,wi-ha,"),
            File("pins.csv", "kind,block,offering,staff,place,student\nattend,mon-2,ku-les,eva,,s3\n"),
        ],
    ),
    (
        "a pin to somebody of another unit",
        &[
            Write("school.toml", "prefer", "require"),
            Write("staff.csv", "ku|ne,,onder", "ku|ne,,boven"),
            File("pins.csv", "kind,block,offering,staff,place,student\nattend,mon-2,ku-les,eva,,s3\n"),
        ],
    ),
    (
        "two pins of one offering on a day",
        &[
            Write("needs.csv", "ne|ku,1", "ne|ku,2"),
            File(
                "pins.csv",
                "kind,block,offering,staff,place,student\nattend,mon-1,ne-les,,,s1\nattend,mon-2,ne-les,,,s1\n",
            ),
        ],
    ),
];

fn make(changes: &[Change]) -> Folder {
    let mut folder = Folder::new();
    for change in changes {
        folder = match change {
            Write(file, old, new) => folder.and(file, old, new),
            File(file, text) => folder.plus(file, text),
            Remove(file) => {
                std::fs::remove_file(folder.file(file)).unwrap();
                folder
            }
        };
    }
    folder
}

/// What is said of each mistake.
fn answers(mistakes: &[Mistake]) -> String {
    let mut text = String::new();
    for (class, changes) in mistakes {
        let checked = make(changes).check();
        assert!(!checked.stderr.is_empty(), "nothing is said of: {class}");
        assert!(checked.stderr.contains("help: "), "no help with: {class}");
        write!(text, "# {class} (exit code {})\n\n{}\n\n", checked.code, checked.stderr.trim_end()).unwrap();
    }
    text
}

#[test]
fn at_least_sixty_classes_have_their_exact_message() {
    let all = [FILES, CELLS, NAMES, SETTINGS, LAYOUT, NEVER, PINS];
    let mut classes: Vec<&str> =
        all.iter().flat_map(|mistakes| mistakes.iter().map(|(class, _)| *class)).collect();
    classes.sort_unstable();
    classes.dedup();
    assert_eq!(classes.len(), all.iter().map(|mistakes| mistakes.len()).sum::<usize>(), "each stands once");
    assert!(classes.len() >= 60, "{}", classes.len());
}

#[test]
fn files_and_their_rows() {
    insta::assert_snapshot!(answers(FILES));
}

#[test]
fn cells() {
    insta::assert_snapshot!(answers(CELLS));
}

#[test]
fn names_that_other_files_do_not_have() {
    insta::assert_snapshot!(answers(NAMES));
}

#[test]
fn settings() {
    insta::assert_snapshot!(answers(SETTINGS));
}

#[test]
fn layouts() {
    insta::assert_snapshot!(answers(LAYOUT));
}

#[test]
fn what_can_never_work() {
    insta::assert_snapshot!(answers(NEVER));
}

#[test]
fn pins_that_cannot_be_kept() {
    insta::assert_snapshot!(answers(PINS));
}

#[test]
fn scenarios_and_single_changes() {
    let scenarios = [
        ("an unknown kind of change", "[change.staff.jan]\nmax_blocks = 3\n"),
        ("changes of an unknown table", "[set.teachers.jan]\nmax_blocks = 3\n"),
        ("a row that is not there", "[set.staff.jon]\nmax_blocks = 3\n"),
        ("a column that is not there", "[set.staff.jan]\nmax_block = 3\n"),
        ("rows without ids", "remove.needs = [\"s1\"]\n"),
        ("a removal of nothing in particular", "[[remove.needs]]\n"),
        ("a setting that is not there", "[set.school]\nweight = 3\n"),
        ("no TOML at all", "max_blocks: 3\n"),
        ("a cell where rows are added", "[add]\nstaff = 3\n"),
    ];
    let mut text = String::new();
    for (class, scenario) in scenarios {
        let folder = Folder::new().plus("change.toml", scenario);
        let checked = check(folder.path(), &["--scenario", "change.toml"]);
        write!(text, "# {class} (exit code {})\n\n{}\n\n", checked.code, checked.stderr.trim_end()).unwrap();
    }
    for set in [
        "max_blocks",
        "staff.max_blocks=3",
        "staff.jon.max_blocks=3",
        "staff.jan.max=3",
        "school.weights.must=much",
        "weights.must=90",
    ] {
        let checked = check(Folder::new().path(), &["--set", set]);
        write!(text, "# --set {set} (exit code {})\n\n{}\n\n", checked.code, checked.stderr.trim_end())
            .unwrap();
    }
    insta::assert_snapshot!(text);
}
