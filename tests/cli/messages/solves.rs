use super::trial::Change::{File, Folder, Link, Remove, Run, Write};
use super::trial::{Change, Mistake, Trial, said};

/// Coaching of groups of two or three by one coach, in one block.
const COACHING: Change = File(
    "school/layout.toml",
    "[[block]]\nid = \"c\"\nstart = \"08:00\"\nend = \"08:30\"\nkind = \"coaching\"\n\
     [[block]]\nid = \"one\"\nstart = \"09:00\"\nend = \"10:00\"\nkind = \"lesson\"\n",
);

const SOLVE: &[Mistake] = &[
    ("a school that is not there", &[], "solve nowhere --quiet"),
    ("into the folder of the school", &[], "solve school --out school --quiet"),
    ("into the folder around the school", &[], "solve school --out . --quiet"),
    ("into the root", &[], "solve school --out / --quiet"),
    ("into a file", &[File("out", "")], "solve school --out out --quiet"),
    ("into a link to nothing", &[Link("out", "nowhere")], "solve school --out out --quiet"),
    ("into a folder inside a file", &[File("out", "")], "solve school --out out/here --quiet"),
    (
        "into a folder with something else in it",
        &[File("out/notes.txt", "")],
        "solve school --out out --quiet",
    ),
    ("a start that is not there", &[], "solve school --start nowhere --quiet"),
    ("a start that is a file", &[File("start", "")], "solve school --start start --quiet"),
    (
        "a start that does not fit",
        &[
            File(
                "school/staff.csv",
                "staff,name,roles,subjects,max_blocks\nann,Ann,teacher,wi,1\nben,Ben,teacher,en,1\n",
            ),
            File("school/packages.csv", "package,name,blocks,roles,people\nstage,Stage,1,,1\n"),
        ],
        "solve school --start school/schedule --quiet --out new",
    ),
    ("a trace in a folder that is not there", &[], "solve school --quiet --trace nowhere/trace.csv"),
    ("a trace in a folder", &[Folder("trace")], "solve school --quiet --trace trace"),
    ("a trace in place of a file of the school", &[], "solve school --quiet --trace school/needs.csv"),
    ("nothing to resume", &[], "solve school --resume"),
    ("nothing whole to resume", &[Folder("school/.schedule-best")], "solve school --resume"),
    (
        "a schedule of another input to resume",
        &[
            Write("school/schedule/summary.json", "\"optimal\"", "\"time_limit\""),
            Write("school/needs.csv", "all,en,1,should", "all,en,1,could"),
        ],
        "solve school --resume",
    ),
    (
        "a schedule to resume that breaks a rule",
        &[
            Write("school/schedule/summary.json", "\"optimal\"", "\"time_limit\""),
            Write("school/schedule/sessions.csv", ",ann,", ",ben,"),
        ],
        "solve school --resume",
    ),
    (
        "a schedule to resume without a table",
        &[
            Write("school/schedule/summary.json", "\"optimal\"", "\"time_limit\""),
            Remove("school/schedule/sessions.csv"),
        ],
        "solve school --resume",
    ),
    ("a schedule that is up to date", &[Run("solve school --quiet")], "solve school --if-changed"),
    (
        "rules that contradict each other",
        &[
            File(
                "school/pins.csv",
                "kind,block,offering,staff,place,student\nsession,one,math,,,\nsession,one,english,,,\n",
            ),
            File("school/busy.csv", "kind,id,day,start,end\n"),
            File("school/places.csv", "place,name,seats\nr1,Room 1,10\n"),
        ],
        "solve school --quiet",
    ),
    (
        "the same, for the search",
        &[
            File(
                "school/pins.csv",
                "kind,block,offering,staff,place,student\nsession,one,math,,,\nsession,one,english,,,\n",
            ),
            File("school/busy.csv", "kind,id,day,start,end\n"),
            File("school/places.csv", "place,name,seats\nr1,Room 1,10\n"),
        ],
        "solve school --quiet --method search",
    ),
    (
        "packages that those who may carry them have no time for together",
        &[
            File(
                "school/staff.csv",
                "staff,name,roles,subjects,max_blocks\nann,Ann,teacher,wi,2\nben,Ben,teacher,en,1\n",
            ),
            File(
                "school/packages.csv",
                "package,name,blocks,roles,people\nstage,Stage,2,,1\ntutor,Tutor,1,,1\nplan,Plan,1,,1\n",
            ),
        ],
        "solve school --quiet --method search --out new",
    ),
    (
        "pairs that no division into groups holds",
        &[
            COACHING,
            File(
                "school/school.toml",
                "name = \"C\"\ndays = [\"mon\"]\n[coaching]\nmin = 2\nmax = 2\nmeetings = 1\n",
            ),
            File(
                "school/staff.csv",
                "staff,name,roles,subjects\nann,Ann,teacher,wi\nben,Ben,teacher,en\ncas,Cas,coach,\ndan,Dan,coach,\n",
            ),
            File("school/students.csv", "student,name,year\ns1,A,1\ns2,B,1\ns3,C,1\ns4,D,1\n"),
            File("school/pairs.csv", "kind,student,other\napart,s1,s2\napart,s1,s3\napart,s1,s4\n"),
        ],
        "solve school --quiet --method search --out new",
    ),
    ("a school that is not there, to be watched", &[], "watch nowhere"),
    ("a school to be watched that is a file", &[File("file", "")], "watch file"),
    ("watched into the folder of the school", &[], "watch school --out school"),
    (
        "a page of a watched school in its schedule",
        &[],
        "watch school --quiet --to school/schedule/page.html",
    ),
    ("a page of a watched school where a folder is", &[Folder("page")], "watch school --quiet --to page"),
];

#[test]
fn solve_and_watch() {
    insta::assert_snapshot!(said(SOLVE));
}

#[test]
fn too_little_memory_is_told_with_how_much_it_takes() {
    let (code, said) = Trial::new().run("solve school --quiet --method search --memory-limit 1");
    assert_eq!(code, 1, "{said}");
    assert!(said.starts_with("error: a school of this size needs about "), "{said}");
    assert!(said.contains("--memory-limit allows 1: allow more, or solve its sites apart"), "{said}");
}
