//! A week that was repaired while it ran, and a schedule read back as data.

use std::collections::BTreeSet;

use leerzone::schedule::Activity;
use leerzone::school::{Id, School};
use leerzone::verify::{school_of_week, written_schedule};
use leerzone::whatif::case::schedule;

use super::r7_coaching::covered_by;
use super::*;

/// The correct week, of which `summary.json` says who and what was out.
fn without(absent: &str, closed: &str) -> Case {
    let repair =
        format!("\"repair\": {{ \"absent\": [{absent}], \"closed\": [{closed}] }},\n  \"bound\": 1032");
    correct().edit("summary.json", "\"bound\": 1032", &repair).write("changes.csv", "kind,id,block\n")
}

#[test]
fn who_is_absent_is_not_deployed() {
    keeps(without("{ \"id\": \"anna\", \"blocks\": [\"mon-2\", \"tue-1\"] }", ""));
    let case = without("{ \"id\": \"anna\", \"blocks\": [\"mon-2\", \"mon-3\"] }", "");
    breaks(case, "R1", &["staff `anna` is busy in block `mon-3`"], &["sessions.csv:6"]);
    // Who of the reserve is absent need not be replaced, but is no reserve then.
    let absent = "{ \"id\": \"gwen\", \"blocks\": [\"tue-c\"] }";
    keeps(without(absent, "").remove("staff_timetable.csv", "gwen,tue-c"));
    let case = without("{ \"id\": \"gwen\", \"blocks\": [\"tue-c\"] }", "");
    breaks(case, "R8", &["staff `gwen` is reserve in block `tue-c`, but busy"], &["staff_timetable.csv:18"]);
}

#[test]
fn a_reserve_is_called_upon_only_as_far_as_somebody_is_absent() {
    let case = without("{ \"id\": \"bram\", \"blocks\": [\"mon-3\"] }", "")
        .edit("school.toml", "staff_per_block = 1", "staff_per_block = 2")
        .remove("staff_timetable.csv", "gwen,mon-3");
    let part = "block `mon-3` has a reserve of 0 free people, staff_per_block is 2, of whom 1 may stand in";
    breaks(case, "R8", &[part], &["staff_timetable.csv:0"]);
}

#[test]
fn what_is_closed_is_not_used() {
    keeps(without("", "{ \"id\": \"lab\", \"blocks\": [\"mon-1\"] }"));
    let case = without("", "{ \"id\": \"lab\", \"blocks\": [\"mon-1\", \"mon-2\"] }");
    breaks(case, "R2", &["place `lab` is busy in block `mon-2`"], &["sessions.csv:5"]);
}

/// When staff and places are to be had.
fn free(school: &School) -> [Vec<bool>; 2] {
    let blocks = || school.block_ids();
    let staff = school.staff_ids().flat_map(|s| blocks().map(move |b| school.staff_free[(s, b)]));
    let places = school.place_ids().flat_map(|p| blocks().map(move |b| school.place_free[(p, b)]));
    [staff.collect(), places.collect()]
}

#[test]
fn the_school_of_a_week() {
    let case = without(
        "{ \"id\": \"anna\", \"blocks\": [\"mon-3\"] }",
        "{ \"id\": \"lab\", \"blocks\": [\"mon-2\"] }",
    );
    let school = case.evaluate().school;
    let of_week = || school_of_week(&school, &case.schedule()).expect("a school");
    let [staff, places] = free(&school);
    let [staff_then, places_then] = free(&of_week());
    let differing = |a: &[bool], b: &[bool]| a.iter().zip(b).filter(|(a, b)| a != b).count();
    assert_eq!((differing(&staff, &staff_then), differing(&places, &places_then)), (1, 1));
    // Without a summary nobody is known to be absent; nor in a week that is not repaired.
    let summary = case.text("summary.json");
    std::fs::remove_file(case.path("summary.json")).expect("the file");
    assert_eq!(free(&of_week()), [&staff[..], &places[..]]);
    let case = case.write("summary.json", summary);
    std::fs::remove_file(case.path("changes.csv")).expect("the file");
    assert_eq!(free(&school_of_week(&school, &case.schedule()).expect("a school")), [staff, places]);
    case.evaluate().assert_holds();
}

#[test]
fn whom_the_school_does_not_know_cannot_be_out() {
    for (absent, closed, part) in [
        ("{ \"id\": \"zoe\", \"blocks\": [\"mon-2\"] }", "", "unknown staff member `zoe`"),
        ("{ \"id\": \"anna\", \"blocks\": [\"mon-9\"] }", "", "unknown block `mon-9`"),
        ("", "{ \"id\": \"gym\", \"blocks\": [\"mon-2\"] }", "unknown place `gym`"),
        ("", "{ \"id\": \"lab\", \"blocks\": [\"mon-9\"] }", "unknown block `mon-9`"),
    ] {
        disagrees(without(absent, closed), &[part], &["summary.json:0"]);
    }
}

#[test]
fn a_schedule_is_read_back_as_data() {
    let case = correct();
    let school = case.evaluate().school;
    let read = written_schedule(&school, &case.schedule()).expect("a schedule");
    assert_eq!(read.violations, []);
    assert_eq!((read.sessions.len(), read.meetings.len(), read.reserve.len()), (7, 2, 9));
    let study = read.sessions.iter().filter(|session| session.activity == Activity::Study);
    assert_eq!(study.map(|session| session.attendances.len()).collect::<Vec<_>>(), [2]);
    let practice = &read.sessions[2];
    assert_eq!((&school[practice.lead].id[..], practice.assistants.len()), ("anna", 1));
    assert!(practice.attendances.iter().all(|at| at.need.is_some()));
    let groups = read
        .groups
        .iter()
        .map(|group| (group.coach.map(|coach| &school[coach].id[..]), group.students.len()));
    assert_eq!(groups.collect::<Vec<_>>(), [(Some("carl"), 4), (Some("dora"), 2)]);
    assert!(read.meetings.iter().all(|meeting| meeting.stand_in.is_none()));
    let students: BTreeSet<usize> = read.meetings[1].students.iter().map(|student| student.index()).collect();
    assert_eq!(students, BTreeSet::from([4, 5]));
    let holders = read.package_holders.iter().map(|holder| &school[holder.staff].id[..]);
    assert_eq!(holders.collect::<Vec<_>>(), ["bram"]);

    let whole =
        schedule(written_schedule(&school, &case.schedule()).expect("a schedule")).expect("it is whole");
    assert_eq!((whole.sessions.len(), whole.groups.len()), (7, 2));
    let mut lost = written_schedule(&school, &case.schedule()).expect("a schedule");
    lost.groups[0].coach = None;
    let error = schedule(lost).expect_err("a group without a coach");
    assert_eq!(error.to_string(), "a coaching group has no coach");

    let read = written_schedule(&school, &covered_by("emma").schedule()).expect("a schedule");
    assert_eq!(read.meetings[0].stand_in.map(|staff| &school[staff].id[..]), Some("emma"));
    // Somebody who is not marked as a stand-in is none.
    let other = correct().edit("sessions.csv", "coaching,room,carl", "coaching,room,emma");
    let read = written_schedule(&school, &other.schedule()).expect("a schedule");
    assert_eq!(read.meetings[0].stand_in, None);
}
