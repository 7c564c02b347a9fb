use super::trial::Change::{File, Folder, Remove, Run, Write};
use super::trial::{Change, Mistake, said};

const PLAN: Change = Run("compare school --plan --quiet --out cmp");
/// What the one command of the plan does.
const DONE: Change =
    Run("solve school --seed 0 --out cmp/as-it-is --gap 0.001 --threads 1 --if-changed --quiet");

const COMPARE: &[Mistake] = &[
    ("no school", &[], "compare"),
    ("a school that is not there", &[], "compare nowhere --quiet"),
    ("layouts that are not there", &[], "compare school --layout layouts --quiet"),
    ("a folder without layouts", &[File("layouts/notes.txt", "")], "compare school --layout layouts --quiet"),
    (
        "a layout that cannot be read in one of two combinations",
        &[File("layouts/a.toml", "name = \"a\"\n"), File("layouts/b.toml", "[[block]]\nid = 3\n")],
        "compare school --layout layouts --quiet",
    ),
    ("an unknown measure", &[], "compare school --by beauty"),
    ("seeds that are none", &[], "compare school --seeds 1,two"),
    ("scenarios left out where none are", &[], "compare school --only-scenarios"),
    ("into the folder of the school", &[], "compare school --out school --quiet"),
    (
        "into a folder with something else in it",
        &[File("cmp/notes.txt", "")],
        "compare school --out cmp --quiet",
    ),
    ("a plan that is not there", &[], "compare --gather cmp"),
    ("a plan that is none", &[File("cmp/plan.json", "{}")], "compare --gather cmp"),
    (
        "a plan of another version",
        &[PLAN, Write("cmp/plan.json", "\"version\": \"0.1.0\"", "\"version\": \"9.9.9\"")],
        "compare --gather cmp",
    ),
    ("a plan of which nothing is done", &[PLAN], "compare --gather cmp"),
    ("a plan in a file", &[File("cmp", "")], "compare school --plan --quiet --out cmp"),
    (
        "a plan whose school was changed since",
        &[PLAN, DONE, Write("school/needs.csv", "all,en,1,should", "all,en,1,could")],
        "compare --gather cmp",
    ),
    ("a plan whose school is gone", &[PLAN, DONE, Remove("school/needs.csv")], "compare --gather cmp"),
    (
        "results made with other options",
        &[PLAN, Run("solve school --seed 7 --out cmp/as-it-is --quiet")],
        "compare --gather cmp",
    ),
    (
        "results made by another version",
        &[
            PLAN,
            DONE,
            Write("cmp/as-it-is/summary.json", "\"leerzone\": \"0.1.0\"", "\"leerzone\": \"0.0.9\""),
        ],
        "compare --gather cmp",
    ),
    (
        "results without a bound",
        &[PLAN, DONE, Write("cmp/as-it-is/summary.json", "\"bound\":", "\"bond\":")],
        "compare --gather cmp",
    ),
    (
        "results made from another input",
        &[PLAN, Run("solve school --seed 0 --out cmp/as-it-is --quiet")],
        "compare --gather cmp",
    ),
];

const LAYOUTS: &[Mistake] = &[
    ("a time that is none", &[], "layouts school --from 8.30"),
    ("a time after midnight", &[], "layouts school --until 24:30"),
    ("a place that is none", &[], "layouts school --place between"),
    ("too many blocks", &[], "layouts school --count 21"),
    ("blocks too short", &[], "layouts school --length 1"),
    ("an unknown way to stagger", &[], "layouts school --bands two"),
    ("a day that ends before it begins", &[], "layouts school --from 12:00 --until 09:00 --quiet"),
    ("a day too short for any", &[], "layouts school --count 9 --length 60 --quiet"),
    ("into the folder of the school", &[], "layouts school --out school --quiet"),
    ("into a file", &[File("proposals", "")], "layouts school --out proposals --quiet"),
    ("a school that cannot be read", &[Remove("school/needs.csv")], "layouts school --quiet"),
    ("a layout that cannot be read", &[Folder("other.toml")], "layouts school --layout other.toml --quiet"),
    (
        "pins that no other layout holds",
        &[File("school/pins.csv", "kind,block,offering,staff,place,student\nsession,one,math,,,\n")],
        "layouts school --solve 0 --count 1 --length 60 --bands one",
    ),
];

#[test]
fn compare() {
    insta::assert_snapshot!(said(COMPARE));
}

#[test]
fn layouts() {
    insta::assert_snapshot!(said(LAYOUTS));
}
