use super::trial::Change::{File, Folder, Remove, Run, Write};
use super::trial::{Change, Mistake, said};

const REPAIRED: Change = Run("replan school school/schedule --quiet --absent ann --out repaired");
const COACHES: &str =
    "staff,name,roles,subjects\nann,Ann Smit,teacher,wi\nben,Ben Mol,teacher,en\ncas,Cas,coach,\n";
const COACHING: Change = File(
    "school/layout.toml",
    "[[block]]\nid = \"one\"\nstart = \"09:00\"\nend = \"10:00\"\nkind = \"lesson\"\n\
     [[block]]\nid = \"two\"\nstart = \"10:00\"\nend = \"11:00\"\nkind = \"lesson\"\n\
     [[block]]\nid = \"c\"\nstart = \"08:00\"\nend = \"08:30\"\nkind = \"coaching\"\n",
);

const GROUPS: Change = File(
    "school/school.toml",
    "name = \"C\"\ndays = [\"mon\"]\n[coaching]\nmin = 1\nmax = 2\nmeetings = 1\n",
);

const REPLAN: &[Mistake] = &[
    ("nothing to repair", &[], "replan school school/schedule --quiet"),
    ("somebody who is not there", &[], "replan school school/schedule --absent eve"),
    ("a student", &[], "replan school school/schedule --absent s1:mon"),
    ("a day that is none", &[], "replan school school/schedule --absent ann:fri"),
    ("a time at which no block starts", &[], "replan school school/schedule --absent ann:mon:08:00"),
    ("a place that is not there", &[], "replan school school/schedule --closed gym"),
    ("a place on no day", &[], "replan school school/schedule --closed r1:fri"),
    ("somebody back who was not out", &[], "replan school school/schedule --back ann"),
    ("a weight below 0", &[], "replan school school/schedule --absent ann --change-weight -1"),
    ("a weight that is no number", &[], "replan school school/schedule --absent ann --change-weight much"),
    ("a schedule that is not there", &[], "replan school nowhere --absent ann"),
    ("into the folder of the school", &[], "replan school school/schedule --absent ann --out school"),
    ("into a file", &[File("repaired", "")], "replan school school/schedule --absent ann --out repaired"),
    (
        "a repaired week without a record",
        &[REPAIRED, Remove("repaired/all_changes.csv")],
        "replan school repaired --back ann --quiet",
    ),
    (
        "a repaired week whose record names what is gone",
        &[REPAIRED, Write("repaired/all_changes.csv", "math", "chess")],
        "replan school repaired --back ann --quiet",
    ),
    (
        "a repaired week whose record is no table",
        &[REPAIRED, File("repaired/all_changes.csv", "what\nnothing\n")],
        "replan school repaired --back ann --quiet",
    ),
    (
        "a repaired week whose summary is none",
        &[REPAIRED, File("repaired/summary.json", "{\n\"repair\": { \"absent\": \"ann\" } }")],
        "replan school repaired --back ann --quiet",
    ),
    (
        "a repaired week whose summary is a folder",
        &[REPAIRED, Remove("repaired/summary.json"), Folder("repaired/summary.json")],
        "verify school repaired",
    ),
    (
        "a repaired week without changes of a schedule under a scenario",
        &[
            File("change.toml", "name = \"Change\"\n[set.school.weights]\nmust = 90\n"),
            Run("solve school --quiet --scenario change.toml --set school.weights.could=2 --out other"),
        ],
        "replan school other --quiet --absent nobody",
    ),
    (
        "a pin that nobody can keep",
        &[File("school/pins.csv", "kind,block,offering,staff,place,student\nsession,one,english,,,\n")],
        "replan school school/schedule --quiet --absent ann --set staff.ben.max_blocks=1",
    ),
    (
        "students whom no group has room for",
        &[
            COACHING,
            GROUPS,
            File("school/staff.csv", COACHES),
            Run("solve school --quiet"),
            Write("school/students.csv", "s2,Bea Vos,1\n", "s2,Bea Vos,1\ns3,Cem,1\n"),
            Write("school/staff.csv", "cas,Cas,coach,\n", "cas,Cas,coach,\ndan,Dan,coach,\n"),
        ],
        "replan school school/schedule --quiet --data school",
    ),
    (
        "a group that nobody may coach",
        &[
            COACHING,
            File(
                "school/school.toml",
                "name = \"C\"\ndays = [\"mon\"]\n[coaching]\nmin = 1\nmax = 2\nmeetings = 1\n\
                 [units]\nown_staff = \"require\"\n",
            ),
            File(
                "school/staff.csv",
                "staff,name,roles,subjects,unit\nann,Ann Smit,teacher,wi,\nben,Ben Mol,teacher,en,\ncas,Cas,coach,,\n",
            ),
            Run("solve school --quiet"),
            File("school/students.csv", "student,name,year,unit\ns1,Ali Bos,1,red\ns2,Bea Vos,1,blue\n"),
            File(
                "school/staff.csv",
                "staff,name,roles,subjects,unit\nann,Ann Smit,teacher,wi,\nben,Ben Mol,teacher,en,\n\
                 rob,Rob,coach,,red\nbo,Bo,coach,,blue\n",
            ),
        ],
        "replan school school/schedule --quiet --data school",
    ),
    (
        "a package that nobody has time for",
        &[
            File(
                "school/staff.csv",
                "staff,name,roles,subjects,max_blocks\nann,Ann,teacher,wi,1\nben,Ben,teacher,en,1\n",
            ),
            File("school/packages.csv", "package,name,blocks,roles,people\nstage,Stage,1,,1\n"),
        ],
        "replan school school/schedule --quiet --data school",
    ),
];

const EXPLAIN: &[Mistake] = &[
    (
        "a schedule with somebody the school does not know",
        &[Write("school/schedule/sessions.csv", ",ann,", ",zoe,")],
        "explain school school/schedule s1",
    ),
    (
        "a group whose coach the school does not know",
        &[
            COACHING,
            GROUPS,
            File("school/staff.csv", COACHES),
            Run("solve school --quiet"),
            Write("school/schedule/coaching_groups.csv", ",cas,", ",zoe,"),
        ],
        "explain school school/schedule s1",
    ),
    ("somebody who is not there", &[], "explain school school/schedule eve"),
    ("a class that is not there", &[], "explain school school/schedule class:9z"),
    ("a schedule that is not there", &[], "explain school nowhere all"),
    (
        "a schedule that breaks a rule",
        &[Write("school/schedule/sessions.csv", ",ann,", ",ben,")],
        "explain school school/schedule all",
    ),
    ("no number of needs", &[], "explain school school/schedule all --most some"),
    (
        "a schedule of another scenario",
        &[
            File("change.toml", "name = \"Change\"\n[set.school.weights]\nmust = 90\n"),
            Run("solve school --quiet --scenario change.toml --out other"),
        ],
        "explain school other all",
    ),
    (
        "a schedule of earlier weeks that are not given",
        &[Run("solve school --quiet --history school/schedule --out other")],
        "explain school other all",
    ),
    (
        "a schedule that breaks a rule, to be advised on",
        &[Remove("school/schedule/coaching_groups.csv")],
        "advise school school/schedule",
    ),
    ("no number of proposals", &[], "advise school school/schedule --top few"),
];

#[test]
fn replan() {
    insta::assert_snapshot!(said(REPLAN));
}

#[test]
fn explain_and_advise() {
    insta::assert_snapshot!(said(EXPLAIN));
}
