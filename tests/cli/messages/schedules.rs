use super::trial::Change::{Bytes, File, Folder, Remove, Write};
use super::trial::{Mistake, said};

const VERIFY: &[Mistake] = &[
    ("a schedule that is not there", &[], "verify school nowhere"),
    ("a school that is not there", &[], "verify nowhere school/schedule"),
    ("a table that is not there", &[Remove("school/schedule/sessions.csv")], "verify school school/schedule"),
    (
        "a column that is not there",
        &[Write("school/schedule/sessions.csv", "capacity", "room_for")],
        "verify school school/schedule",
    ),
    ("an empty table", &[File("school/schedule/package_holders.csv", "")], "verify school school/schedule"),
    (
        "a row with a control character",
        &[Write("school/schedule/coaching_groups.csv", "student\n", "student\ng1,ann,s\u{1}\n")],
        "verify school school/schedule",
    ),
    (
        "a table that is not UTF-8",
        &[Bytes("school/schedule/unmet_needs.csv", b"student,subject\nJos\xe9,x\n")],
        "verify school school/schedule",
    ),
    (
        "a summary that is no JSON",
        &[File("school/schedule/summary.json", "{\n\"total\": much }")],
        "verify school school/schedule",
    ),
    (
        "a total that is no number",
        &[File("school/schedule/summary.json", "{\n\"total\": \"much\" }")],
        "verify school school/schedule",
    ),
    (
        "a summary that is a folder",
        &[Remove("school/schedule/summary.json"), Folder("school/schedule/summary.json")],
        "verify school school/schedule",
    ),
    (
        "a table that is a folder",
        &[Remove("school/schedule/sessions.csv"), Folder("school/schedule/sessions.csv")],
        "verify school school/schedule",
    ),
];

#[test]
fn verify() {
    insta::assert_snapshot!(said(VERIFY));
}
