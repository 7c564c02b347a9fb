use super::*;

#[test]
fn sessions_that_count_wrong() {
    for (from, to, part) in [
        ("anna,,4,4", "anna,,5,4", "students is `5`, student_timetable.csv lists 4"),
        ("anna,,4,4", "anna,,x,4", "students is `x`"),
        ("anna,,4,4", "anna,,4,6", "capacity is `6`, it is 4"),
        ("m1,mon-1,lesson", "m1,mon-1,zone", "kind is `zone`, the block's is `lesson`"),
    ] {
        disagrees(correct().edit("sessions.csv", from, to), &[part], &["sessions.csv:4"]);
    }
}

#[test]
fn unknown_ids_in_sessions() {
    for (from, to, part) in [
        ("m3,mon-3", "m3,mon-9", "unknown block `mon-9`"),
        ("wi-practice", "wi-practise", "unknown offering `wi-practise`"),
        ("wi-practice,room", "wi-practice,rom", "unknown place `rom`"),
        ("room,anna,emma", "room,ana,emma", "unknown staff `ana`"),
        ("room,anna,emma", "room,anna,ema", "unknown staff `ema`"),
    ] {
        let judgement = correct().edit("sessions.csv", from, to).judge();

        judgement.assert_breach("files", &[part], &["sessions.csv:6"]);
    }
    let judgement = correct().edit("sessions.csv", "group-2,", "group-9,").judge();
    judgement.assert_breach("files", &["group `group-9` does not exist"], &["sessions.csv:3"]);
}

#[test]
fn a_session_id_used_twice() {
    let judgement = correct().edit("sessions.csv", "t2,tue-1", "t1,tue-1").judge();
    judgement.assert_breach("files", &["`t1` stands for 2 rows"], &["sessions.csv:8", "sessions.csv:9"]);
}

#[test]
fn a_student_timetable_that_tells_another_story() {
    let row = "s1,mon-2,mon,10:15,11:15,zone,m2,physics,na,lab,bram";
    for (cells, part) in [
        ("s1,mon-2,tue,10:15,11:15,zone,m2,physics,na,lab,bram", "day is `tue`, block `mon-2` has `mon`"),
        ("s1,mon-2,mon,10:00,11:15,zone,m2,physics,na,lab,bram", "start is `10:00`"),
        ("s1,mon-2,mon,10:15,11:30,zone,m2,physics,na,lab,bram", "end is `11:30`"),
        ("s1,mon-2,mon,10:15,11:15,lesson,m2,physics,na,lab,bram", "kind is `lesson`"),
        ("s1,mon-2,mon,10:15,11:15,zone,m2,dutch,na,lab,bram", "offering is `dutch`"),
        ("s1,mon-2,mon,10:15,11:15,zone,m2,physics,wi,lab,bram", "subject `wi` is no need"),
        ("s1,mon-2,mon,10:15,11:15,zone,m2,physics,na,room,bram", "place is `room`"),
        ("s1,mon-2,mon,10:15,11:15,zone,m2,physics,na,lab,anna", "lead is `anna`"),
        ("s1,mon-3,mon,10:15,11:15,zone,m2,physics,na,lab,bram", "is in block `mon-2` of sessions.csv"),
    ] {
        let case = correct().edit("student_timetable.csv", row, cells);
        // What the school says is one row's fault, what another file says that of two.
        let other = ["offering", "place", "lead", "is in"].iter().any(|start| part.starts_with(start));
        let rows: &[&str] = if other { &["sessions.csv:5"] } else { &[] };
        disagrees(case, &[part], &[&["student_timetable.csv:4"], rows].concat());
    }
}

#[test]
fn a_student_counted_but_not_listed() {
    let case = correct().remove("student_timetable.csv", "s6,tue-1");
    broken(
        case,
        &[],
        "files",
        &["`t1`", "students is `2`, student_timetable.csv lists 1"],
        &["sessions.csv:8"],
    );
}

#[test]
fn attendance_of_a_session_that_does_not_exist() {
    let row = "s6,tue-2,tue,10:15,11:15,zone,t9,arts,ku,annex,dora";
    let case = correct().append("student_timetable.csv", row);
    disagrees(case, &["session `t9` in block `tue-2` does not exist"], &["student_timetable.csv:24"]);
}

#[test]
fn an_attendance_listed_twice() {
    let row = "s1,mon-2,mon,10:15,11:15,zone,m2,physics,na,lab,bram";
    let case = correct().append("student_timetable.csv", row);
    disagrees(case, &["`s1` is listed twice"], &["student_timetable.csv:4", "student_timetable.csv:24"]);
}

#[test]
fn an_unknown_student() {
    let row = "s7,tue-1,tue,09:00,10:00,lesson,t1,dutch,ne,,dora";
    let case = correct().append("student_timetable.csv", row);
    disagrees(case, &["unknown student `s7`"], &["student_timetable.csv:24"]);
}

#[test]
fn a_staff_timetable_that_tells_another_story() {
    let file = "staff_timetable.csv";
    let gone = correct().remove(file, "emma,mon-3");
    disagrees(gone, &["staff `emma` assists session `m3`", "no such row"], &["sessions.csv:6"]);
    let other = correct().edit(file, "bram,mon-2", "carl,mon-2");
    disagrees(
        other,
        &["staff `carl` leads session `m2`", "not in sessions.csv"],
        &["sessions.csv:5", "staff_timetable.csv:4"],
    );
    let twice = correct().append(file, "bram,mon-2,mon,10:15,11:15,zone,lead,m2,physics,lab");
    disagrees(twice, &["staff `bram` is listed twice"], &["staff_timetable.csv:21"]);
    let role = correct().edit(file, "supervisor,t2", "coach,t2");
    disagrees(
        role,
        &["role `coach` is none that `finn` has in session `t2`"],
        &["sessions.csv:9", "staff_timetable.csv:11"],
    );
    let time = correct().edit(file, "finn,mon-h,mon,15:00", "finn,mon-h,mon,15:30");
    disagrees(time, &["start is `15:30`, block `mon-h` has `15:00`"], &["staff_timetable.csv:10"]);
    let place = correct().edit(file, "m2,physics,lab", "m2,physics,room");
    disagrees(
        place,
        &["place is `room`, in sessions.csv `lab`"],
        &["sessions.csv:5", "staff_timetable.csv:4"],
    );
    let reserve = correct().edit(
        file,
        "gwen,mon-1,mon,09:00,10:00,lesson,reserve,,,",
        "gwen,mon-1,mon,09:00,10:00,lesson,reserve,m1,,",
    );
    disagrees(reserve, &["a reserve has neither session"], &["staff_timetable.csv:13"]);
    let unknown = correct().append(file, "zoe,mon-2,mon,10:15,11:15,zone,reserve,,,");
    disagrees(unknown, &["unknown staff `zoe`"], &["staff_timetable.csv:21"]);
}

#[test]
fn the_role_of_a_lead_may_be_spelled_out() {
    correct().edit("staff_timetable.csv", "lead,m2", "teacher,m2").judge().assert_holds();
}

#[test]
fn a_place_timetable_that_tells_another_story() {
    let file = "place_timetable.csv";
    let gone = correct().remove(file, "hall,tue-1");
    disagrees(gone, &["session `t2`", "has no row in place_timetable.csv"], &["sessions.csv:9"]);
    let students = correct().edit(file, "m2,physics,bram,2", "m2,physics,bram,3");
    disagrees(
        students,
        &["students is `3`, in sessions.csv `2`"],
        &["sessions.csv:5", "place_timetable.csv:7"],
    );
    let other = correct().edit(file, "lab,mon-2", "hall,mon-2");
    disagrees(
        other,
        &["place is `hall`, in sessions.csv `lab`"],
        &["sessions.csv:5", "place_timetable.csv:7"],
    );
}

#[test]
fn coaching_groups_with_unknown_or_repeated_rows() {
    let twice = correct().append("coaching_groups.csv", "group-1,carl,s1");
    disagrees(
        twice,
        &["student `s1` is listed twice in group `group-1`"],
        &["coaching_groups.csv:2", "coaching_groups.csv:8"],
    );
    let unknown = correct().append("coaching_groups.csv", "group-1,carl,s9");
    disagrees(unknown, &["unknown student `s9`"], &["coaching_groups.csv:8"]);
}

#[test]
fn package_holders_with_unknown_ids() {
    let case = correct().append("package_holders.csv", "mentorship,anna");
    disagrees(case, &["unknown package `mentorship`"], &["package_holders.csv:3"]);
}

#[test]
fn what_is_unmet_but_not_listed() {
    let file = "unmet_needs.csv";
    let need = correct().remove(file, "s3");
    disagrees(need, &["`s3` misses 1 could sessions of `mu`, the file says 0"], &["unmet_needs.csv:0"]);
    let presence = correct().remove(file, "s6");
    disagrees(presence, &["`s6` misses 1 lesson and zone blocks", "says 0"], &["unmet_needs.csv:0"]);
    let staff = correct().remove(file, "finn");
    disagrees(staff, &["`finn` misses 1 blocks (min_blocks)", "says 0"], &["unmet_needs.csv:0"]);
}

#[test]
fn what_is_listed_but_not_unmet() {
    let file = "unmet_needs.csv";
    let more = correct().edit(file, "s3,mu,could,1", "s3,mu,could,2");
    disagrees(more, &["`s3` misses 1 could sessions of `mu`, the file says 2"], &["unmet_needs.csv:2"]);
    let other = correct().append(file, "s1,wi,must,1,no_seat,");
    disagrees(other, &["`s1` misses 0 must sessions of `wi`, the file says 1"], &["unmet_needs.csv:5"]);
    let priority = correct().edit(file, "s6,presence,,", "s6,presence,must,");
    disagrees(priority, &["priority is `must`, of `presence` it is empty"], &["unmet_needs.csv:3"]);
    let unknown = correct().append(file, "s1,wi,could,1,no_seat,");
    disagrees(unknown, &["`s1` has no need `wi` with priority `could`"], &["unmet_needs.csv:5"]);
    let nobody = correct().append(file, "s9,wi,must,1,no_seat,");
    disagrees(nobody, &["unknown student `s9`"], &["unmet_needs.csv:5"]);
}

#[test]
fn unmet_without_a_reason() {
    let case = correct().edit("unmet_needs.csv", "1,no_lead,nobody is qualified", "1,,");
    disagrees(case, &["`reason` is empty"], &["unmet_needs.csv:2"]);
}
