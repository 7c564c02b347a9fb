use super::trial::Change::{Bytes, File, Folder, Remove, Run, Write};
use super::trial::{Change, Mistake, said};

const WEEKS: Change = File(
    "school/weeks.toml",
    "[[week]]\nweek = \"36\"\nstart = \"2026-08-31\"\n[[week]]\nweek = \"37\"\nstart = \"2026-09-07\"\n",
);

/// A term of one week with a further key.
const fn week(text: &'static str) -> Change {
    File("school/weeks.toml", text)
}

const ROLL: &[Mistake] = &[
    ("no weeks", &[], "roll school 36"),
    ("weeks in a folder", &[Folder("school/weeks.toml")], "roll school 36"),
    ("weeks that are no text", &[Bytes("school/weeks.toml", b"\xff")], "roll school 36"),
    ("weeks that are no TOML", &[week("[[week]]\nweek = 36\"\n")], "roll school 36"),
    (
        "a key that nothing reads",
        &[week("[[week]]\nweek = \"36\"\nbegin = \"2026-08-31\"\n")],
        "roll school 36",
    ),
    ("a week without a start", &[week("[[week]]\nweek = \"36\"\n")], "roll school 36"),
    ("a start that is a number", &[week("[[week]]\nweek = \"36\"\nstart = 31\n")], "roll school 36"),
    (
        "a start that is no date",
        &[week("[[week]]\nweek = \"36\"\nstart = \"31-8-2026\"\n")],
        "roll school 36",
    ),
    (
        "a day that no month has",
        &[week("[[week]]\nweek = \"36\"\nstart = \"2026-02-30\"\n")],
        "roll school 36",
    ),
    (
        "a month that no year has",
        &[week("[[week]]\nweek = \"36\"\nstart = \"2026-13-01\"\n")],
        "roll school 36",
    ),
    ("letters for a date", &[week("[[week]]\nweek = \"36\"\nstart = \"2026-aa-01\"\n")], "roll school 36"),
    (
        "a name that no folder can have",
        &[week("[[week]]\nweek = \"../36\"\nstart = \"2026-08-31\"\n")],
        "roll school 36",
    ),
    (
        "a week twice",
        &[week(
            "[[week]]\nweek = \"36\"\nstart = \"2026-08-31\"\n[[week]]\nweek = \"36\"\nstart = \"2026-09-07\"\n",
        )],
        "roll school 36",
    ),
    ("a week that is not there", &[WEEKS], "roll school 38"),
    (
        "a holiday that is no day",
        &[week("[[week]]\nweek = \"36\"\nstart = \"2026-08-31\"\nholidays = [\"sunday\"]\n")],
        "roll school 36",
    ),
    (
        "a holiday in another week",
        &[week("[[week]]\nweek = \"36\"\nstart = \"2026-08-31\"\nholidays = [\"2026-09-07\"]\n")],
        "roll school 36",
    ),
    (
        "a week of holidays",
        &[week("[[week]]\nweek = \"36\"\nstart = \"2026-08-31\"\nholidays = [\"mon\"]\n")],
        "roll school 36",
    ),
    (
        "somebody absent who is not there",
        &[week("[[week]]\nweek = \"36\"\nstart = \"2026-08-31\"\nabsent = [\"eve\"]\n")],
        "roll school 36",
    ),
    (
        "a student absent",
        &[week("[[week]]\nweek = \"36\"\nstart = \"2026-08-31\"\nabsent = [\"s1\"]\n")],
        "roll school 36",
    ),
    (
        "a place closed that is not there",
        &[week("[[week]]\nweek = \"36\"\nstart = \"2026-08-31\"\nclosed = [\"gym\"]\n")],
        "roll school 36",
    ),
    ("a school that cannot be read", &[WEEKS, Remove("school/needs.csv")], "roll school 36"),
    ("a week that is solved", &[WEEKS, Run("roll school 36 --quiet")], "roll school 36"),
    (
        "the last week without its groups",
        &[WEEKS, Run("roll school 36 --quiet"), Remove("school/weeks/36/schedule/coaching_groups.csv")],
        "roll school 37 --quiet",
    ),
    (
        "the last week with no table of groups",
        &[WEEKS, Run("roll school 36 --quiet"), File("school/weeks/36/schedule/coaching_groups.csv", "")],
        "roll school 37 --quiet",
    ),
    (
        "the last week without what was missed",
        &[WEEKS, Run("roll school 36 --quiet"), Remove("school/weeks/36/schedule/unmet_needs.csv")],
        "roll school 37 --quiet",
    ),
    (
        "a week without its total",
        &[
            WEEKS,
            Run("roll school 36 --quiet"),
            File("school/weeks/36/schedule/summary.json", "{\"needs\": {}}"),
        ],
        "roll school",
    ),
    (
        "a week with half a summary",
        &[
            WEEKS,
            Run("roll school 36 --quiet"),
            Write("school/weeks/36/schedule/summary.json", "\"total\":", "\"sum\":"),
        ],
        "roll school",
    ),
    ("a file for the folder of the weeks", &[WEEKS, File("school/weeks", "")], "roll school 36 --quiet"),
    ("a school without a layout of its own", &[WEEKS, Remove("school/layout.toml")], "roll school 36"),
    ("earlier weeks that are not there", &[], "solve school --quiet --history nowhere"),
    (
        "an earlier week that says nothing",
        &[File("last.csv", "who,what\n")],
        "check school --history last.csv",
    ),
    (
        "an earlier week of a student who has left",
        &[File("last.csv", "student,subject,priority,missing\ns9,wi,must,1\n")],
        "check school --history last.csv",
    ),
];

#[test]
fn roll() {
    insta::assert_snapshot!(said(ROLL));
}
