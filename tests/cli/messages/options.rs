use super::trial::Change::{File, Folder, Write};
use super::trial::{Mistake, said};

const SOLVING: &[Mistake] = &[
    ("a limit that is no number", &[], "solve school --time-limit soon"),
    ("a limit of no time", &[], "solve school --time-limit 0"),
    ("a limit below 0", &[], "solve school --time-limit -5"),
    ("a limit that no clock can tell", &[], "solve school --time-limit 1e19"),
    ("a limit without end", &[], "solve school --time-limit inf"),
    ("a gap that is no number", &[], "solve school --gap 1%"),
    ("a gap below 0", &[], "solve school --gap -0.1"),
    ("a gap above 1", &[], "solve school --gap 5"),
    ("no workers", &[], "solve school --threads 0"),
    ("a seed that is none", &[], "solve school --seed luck"),
    ("a seed below 0", &[], "solve school --seed -1"),
    ("no memory", &[], "solve school --memory-limit 0"),
    ("an unknown engine", &[], "solve school --engine gurobi"),
    ("an unknown method", &[], "solve school --method guess"),
    ("an unknown option", &[], "solve school --time 3"),
    ("no school", &[], "solve"),
    ("an unknown command", &[], "slove school"),
];

const HELP: &[Mistake] = &[
    ("an unknown command", &[], "help slove"),
    ("an unknown command of a command", &[], "help export pdf"),
    ("an unknown file", &[], "help formats teachers.csv"),
    ("an unknown schema", &[], "help schema staff"),
    ("a schema without a name", &[], "help schema"),
    ("an unknown shell", &[], "completions dos"),
    ("a file for the folder of manual pages", &[File("man", "")], "man man"),
];

const MADE: &[Mistake] = &[
    ("a school where one is", &[], "init school"),
    ("a school where a file is", &[File("new", "")], "init new"),
    ("a school in a file", &[File("new", "")], "init new/school"),
    ("a generated school where one is", &[], "generate school"),
    ("no students", &[], "generate new --students 0"),
    ("too many students", &[], "generate new --students 100000000"),
    ("no schools", &[], "generate new --schools 0"),
    ("too many schools", &[], "generate new --schools 1000 --students 10000"),
    ("no sites", &[], "generate new --sites 0"),
    ("more schools than students", &[], "generate new --students 60 --schools 10"),
    ("too few offerings", &[], "generate new --offerings 1"),
    ("too tight a school", &[], "generate new --tightness 7"),
    ("a copy of a school that is not there", &[], "pseudonymise nowhere copy"),
    ("a copy where something is", &[File("copy/notes.txt", "")], "pseudonymise school copy"),
    (
        "a copy of settings that are no TOML",
        &[Write("school/school.toml", "name =", "name")],
        "pseudonymise school copy",
    ),
    ("a copy where a file is", &[File("copy", "")], "pseudonymise school copy"),
    ("a key where a file of the school is", &[], "pseudonymise school copy --key school/needs.csv"),
    ("a key where a folder is", &[Folder("key.csv")], "pseudonymise school copy --key key.csv"),
    (
        "what nothing reads is left out",
        &[
            File("school/students.csv", "student,name,year,phone\ns1,Ali Bos,1,06\ns2,Bea Vos,1,06\n"),
            File(
                "school/school.toml",
                "name = \"Small\"\ndays = [\"mon\"]\nheadmaster = \"Jan\"\n[weights]\nmost = 3\n",
            ),
        ],
        "pseudonymise school copy",
    ),
];

#[test]
fn of_a_search() {
    insta::assert_snapshot!(said(SOLVING));
}

#[cfg(not(feature = "highs"))]
#[test]
fn of_an_engine_that_is_not_built_in() {
    insta::assert_snapshot!(said(&[("HiGHS", &[], "solve school --engine highs")]));
}

#[test]
fn help_and_shells() {
    insta::assert_snapshot!(said(HELP));
}

#[test]
fn schools_that_are_made() {
    insta::assert_snapshot!(said(MADE));
}
