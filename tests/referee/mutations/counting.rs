//! What an attendance counts for, and what a schedule is worth.

use std::fs;

use leerzone::verify::BlockUse;

use super::*;
use crate::case::Judgement;

/// The school of the case with other needs of s5, who attends Dutch and arts, both led by dora.
fn with_needs_of_s5(needs: &[&str], unmet: &[&str]) -> Case {
    let case = Case::correct().remove("needs.csv", "s5,ku|mu").edit(
        "needs.csv",
        "year:2,ne,1,must,,",
        &format!("s6,ne,1,must,,\n{}", needs.join("\n")),
    );
    fs::remove_file(case.path("summary.json")).expect("a file to remove");
    unmet.iter().fold(case, |case, row| case.append("unmet_needs.csv", row))
}

fn term(case: &Case, name: &str) -> i64 {
    case.evaluate().term(name).0
}

#[test]
fn an_attendance_counts_for_the_need_that_counts_most() {
    // Whatever `subject` claims: arts meets the must, which also asks for dora.
    let needs = ["s5,ne,1,must,,", "s5,ku|mu,1,could,,", "s5,mu,1,must,,dora"];
    let case = with_needs_of_s5(&needs, &["s5,ku|mu,could,1,no_seat,"]);
    case.evaluate().assert_holds();
    assert_eq!((term(&case, "must"), term(&case, "could"), term(&case, "staff_asked")), (11, 0, 1));
}

#[test]
fn a_worse_assignment_in_unmet_needs_is_a_breach() {
    let needs = ["s5,ne,1,must,,", "s5,ku|mu,1,could,,", "s5,mu,1,must,,"];
    let case = with_needs_of_s5(&needs, &["s5,mu,must,1,no_seat,"]);
    let parts = ["`s5` misses 0 must sessions of `mu`, the file says 1"];
    case.evaluate().assert_broken(&[], "files", &parts, &["unmet_needs.csv:5"]);
}

#[test]
fn an_equally_good_assignment_in_unmet_needs_holds() {
    let needs = ["s5,ne,1,must,,", "s5,ku|mu,1,could,,", "s5,mu,1,could,,"];
    for missing in ["s5,ku|mu,could,1,no_seat,", "s5,mu,could,1,no_seat,"] {
        with_needs_of_s5(&needs, &[missing]).evaluate().assert_holds();
    }
}

#[test]
fn an_attendance_makes_way_for_one_that_fits_nowhere_else() {
    // Physics asks for bram, who leads m2 only; the joint lesson can meet wi alone.
    let case = Case::correct().edit("offerings.csv", "physics,na,lesson", "physics,na|wi,lesson").edit(
        "needs.csv",
        "year:1,wi,2,must,,",
        "s2,wi,2,must,,\ns3,wi,2,must,,\ns4,wi,2,must,,\ns1,wi,2,must,,bram",
    );
    fs::remove_file(case.path("summary.json")).expect("a file to remove");
    // Counting physics for wi would gain 2 and leave a session of wi without a need.
    case.evaluate().assert_holds();
    assert_eq!(term(&case, "staff_asked"), 1);
}

#[test]
fn fairness_counts_what_was_missed_before() {
    // s6 missed 2 before and misses 1 now: u = 3, u(u-1)/2 = 3 instead of 1.
    let case = Case::correct()
        .edit("needs.csv", "year:2,ne,1,must,,", "year:2,ne,1,must,,\ns6,ku,1,should,,")
        .append("unmet_needs.csv", "s6,ku,should,1,no_seat,");
    let judgement = case.evaluate();
    judgement.assert_broken(&[], "total", &["recomputed it is 1022"], &["summary.json:0"]);
    assert_eq!(judgement.term("fairness"), (3, -15.0));
}

#[test]
fn what_a_week_uses() {
    let Judgement { school, verdict } = correct().evaluate();
    let usage = &verdict.usage;
    // Sessions, their seats, students in them, students at study, staff at work, staff free.
    for (block, expected) in [
        ("mon-c", [2, 8, 6, 0, 2, 5]),
        ("mon-1", [1, 4, 4, 0, 1, 6]),
        ("mon-lower", [0, 0, 0, 0, 1, 6]),
        ("mon-2", [1, 6, 2, 0, 1, 6]),
        ("mon-3", [1, 4, 4, 0, 2, 5]),
        ("mon-h", [1, 6, 1, 0, 1, 6]),
        ("tue-c", [0, 0, 0, 0, 0, 6]),
        ("tue-1", [1, 50, 2, 2, 2, 4]),
        ("tue-2", [1, 6, 1, 0, 1, 5]),
    ] {
        let at = school.blocks.iter().position(|row| row.id == block).expect("a block");
        let BlockUse { sessions, seats, taken, study, deployed, free } = usage.blocks[at];
        assert_eq!([sessions, seats, taken, study, deployed, free], expected, "{block}");
    }
    assert_eq!(usage.staff, [2, 1, 1, 3, 1, 2, 0]);
    assert_eq!(usage.staff_blocks(), 10);
    assert_eq!(usage.cost(&school), 79.0);
}

#[test]
fn meetings_that_are_missing() {
    // Two coaching blocks invite everybody, one of which nobody meets in.
    for (meetings, audience, missing) in [(2, "", 6), (3, "", 6), (2, "audience = [\"year:2\"]\n", 2)] {
        let layout = correct().text("layout.toml");
        let tuesday = "id = \"tue-c\"\n";
        let layout = layout.replace(tuesday, &format!("{tuesday}{audience}"));
        let case = correct()
            .edit("school.toml", "meetings = 1", &format!("meetings = {meetings}"))
            .write("layout.toml", layout);
        let students = ["s1", "s2", "s3", "s4", "s5", "s6"];
        let rows = students[6 - missing..].iter().map(|student| format!("{student},meetings,,1,no_session,"));
        let case = case.append("unmet_needs.csv", &rows.collect::<Vec<_>>().join("\n"));
        let judgement = case.evaluate();
        judgement.assert_rows("files", &[]);
        assert_eq!(judgement.term("meetings"), (missing as i64, -10.0 * missing as f64));
    }
}

#[test]
fn own_unit_counts_unless_it_is_ignored() {
    assert_eq!(correct().evaluate().term("own_unit"), (13, 13.0));
    let case = correct().edit("school.toml", "own_staff = \"require\"", "own_staff = \"ignore\"");
    assert_eq!(case.evaluate().term("own_unit"), (0, 0.0));
    // A student without a unit has no own staff, nor has anybody with a lead without one.
    let case = correct().edit("students.csv", "s6,Sef,2a,2,upper", "s6,Sef,2a,2,");
    assert_eq!(case.evaluate().term("own_unit"), (12, 12.0));
    let case = correct().edit("students.csv", "s6,Sef,2a,2,upper", "s6,Sef,2a,2,");
    let case = case.edit("staff.csv", "ne|ku,,upper", "ne|ku,,");
    assert_eq!(case.evaluate().term("own_unit"), (10, 10.0));
}

#[test]
fn what_is_missing_of_needs_that_look_alike() {
    // Two needs of s3 that a row of unmet_needs.csv does not tell apart.
    let case = correct().edit("needs.csv", "s3,mu,1,could,,", "s3,mu,1,could,,\ns3,mu,2,could,na,");
    let three = case.edit("unmet_needs.csv", "s3,mu,could,1,no_lead", "s3,mu,could,3,no_lead");
    three.evaluate().assert_rows("files", &[]);
    let case = correct().edit("needs.csv", "s3,mu,1,could,,", "s3,mu,1,could,,\ns3,mu,2,could,na,");
    let rows = "s3,mu,could,2,no_lead,\ns3,mu,could,1,no_lead";
    case.edit("unmet_needs.csv", "s3,mu,could,1,no_lead", rows).evaluate().assert_rows("files", &[]);
    let case = correct().edit("needs.csv", "s3,mu,1,could,,", "s3,mu,1,could,,\ns3,mu,2,could,na,");
    case.evaluate().assert_breach(
        "files",
        &["`s3` misses 3 could sessions of `mu`, the file says 1"],
        &["unmet_needs.csv:2"],
    );
}

#[test]
fn no_loss_is_not_less_than_nothing() {
    let judgement = correct().evaluate();
    assert_eq!(judgement.term("meetings").0, 0);
    assert!(judgement.term("meetings").1.is_sign_positive());
}

#[test]
fn every_session_led_by_who_likes_it() {
    for (likes, count) in [("", 0), ("wi-practice", 1), ("wi-joint|wi-practice", 2), ("physics", 0)] {
        let case = correct().edit("staff.csv", "wi|ku,wi-joint,", &format!("wi|ku,{likes},"));
        assert_eq!(case.evaluate().term("likes"), (count, count as f64), "{likes}");
    }
}

#[test]
fn needs_with_missing_sessions() {
    let Judgement { school, verdict } = correct().evaluate();
    let unmet: Vec<_> =
        verdict.unmet.iter().map(|unmet| (school.need_subjects(unmet.need), unmet.missing)).collect();
    assert_eq!(unmet, [("mu".into(), 1)]);
}

/// The schedule of the case with a row of `wishes.csv`, whose points are counted as in the file.
fn wished(row: &str) -> i64 {
    let case = correct();
    std::fs::write(case.school().join("wishes.csv"), format!("staff,kind,id,value\n{row}\n"))
        .expect("a file");
    case.evaluate().term("wishes").0
}

#[test]
fn every_wish_as_often_as_it_comes_true() {
    let case = correct();
    let timetable = case.text("staff_timetable.csv");
    let rows = || timetable.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    let staff = rows().next().expect("a row")[0].to_owned();
    let theirs = || rows().filter(|row| row[0] == staff && row[6] != "reserve");
    let block = theirs().next().expect("a block")[1].to_owned();
    let day = theirs().next().expect("a block")[2].to_owned();
    let of_day = theirs().filter(|row| row[2] == day).count() as i64;
    assert_eq!(wished(&format!("{staff},block,{block},2")), 2);
    assert_eq!(wished(&format!("{staff},block,{block},-3")), -3);
    assert_eq!(wished(&format!("{staff},day,{day},3")), 3 * of_day);
    for row in theirs().filter(|row| !matches!(row[8], "coaching" | "study") && row[6] != "assistant") {
        let led = theirs().filter(|other| other[8] == row[8] && other[6] != "assistant").count() as i64;
        assert_eq!(wished(&format!("{staff},offering,{},1", row[8])), led);
    }
}

#[test]
fn a_wish_told_wrongly() {
    let case = correct();
    let holder = case.text("package_holders.csv").lines().nth(1).expect("a holder").to_owned();
    let (package, staff) = holder.split_once(',').expect("two cells");
    std::fs::write(
        case.school().join("wishes.csv"),
        format!("staff,kind,id,value\n{staff},package,{package},2\n"),
    )
    .expect("a file");
    let told = |rows: &str| {
        std::fs::write(case.schedule().join("wishes.csv"), format!("staff,kind,id,value,granted\n{rows}"))
            .expect("a file");
        case.evaluate()
    };
    let right = told(&format!("{staff},package,{package},2,1\n"));
    assert_eq!(right.term("wishes"), (2, 2.0));
    assert!(right.verdict.violations.iter().all(|violation| violation.rule.label() != "files"));
    told(&format!("{staff},package,{package},2,0\n")).assert_breach(
        "files",
        &["came true 1 times"],
        &["wishes.csv:2"],
    );
    told(&format!("{staff},package,{package},1,1\n")).assert_breach(
        "files",
        &["has the value 2"],
        &["wishes.csv:2"],
    );
    told("").assert_breach("files", &["has no row"], &[]);
}
