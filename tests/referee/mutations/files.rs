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
        let judgement = correct().edit("sessions.csv", from, to).evaluate();

        judgement.assert_breach("files", &[part], &["sessions.csv:6"]);
    }
    let judgement = correct().edit("sessions.csv", "m3,mon-3", "m3,").evaluate();
    judgement.assert_breach("files", &["the cell `block` is empty"], &["sessions.csv:6"]);
    let judgement = correct().edit("sessions.csv", "group-2,", "group-9,").evaluate();
    judgement.assert_breach("files", &["group `group-9` does not exist"], &["sessions.csv:3"]);
}

#[test]
fn a_session_id_used_twice() {
    let judgement = correct().edit("sessions.csv", "t2,tue-1", "t1,tue-1").evaluate();
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
    let part = "role `coach` is none that `finn` has in session `t2`";
    broken(role, &[], "files", &[part], &["staff_timetable.csv:11"]);
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
    correct().edit("staff_timetable.csv", "lead,m2", "teacher,m2").evaluate().assert_holds();
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

/// What a role in staff_timetable.csv may be called, by how the person takes part.
#[test]
fn roles_in_the_staff_timetable() {
    let file = "staff_timetable.csv";
    for (from, role, holds) in [
        ("lead,m2", "teacher", true),
        ("lead,m2", "guest", false),
        ("lead,m2", "supervisor", false),
        ("lead,m4", "supervisor", true),
        ("lead,m4", "teacher", false),
        ("lead,t1", "coach", false),
        ("supervisor,t2", "lead", true),
        ("supervisor,t2", "teacher", false),
        ("assistant,m3", "lead", false),
        ("assistant,m3", "coach", false),
        ("lead,m3", "assistant", false),
        ("coach,group-1", "lead", true),
        ("coach,group-1", "cover", true),
        ("coach,group-1", "teacher", false),
    ] {
        let session = from.split(',').next_back().expect("a session");
        let judgement = correct().edit(file, from, &format!("{role},{session}")).evaluate();
        assert_eq!(
            judgement.verdict.violations.is_empty(),
            holds,
            "{from} as {role}: {:#?}",
            judgement.verdict.violations
        );
    }
    // An assistant assists, also where somebody with that role might lead.
    let led = correct().edit(
        "offerings.csv",
        "wi-practice,wi,lesson,2,3,teacher",
        "wi-practice,wi,lesson,2,3,teacher|assistant",
    );
    led.evaluate().assert_holds();
    // Whoever leads in the role of an assistant leads.
    let led = correct()
        .edit("offerings.csv", "wi-joint,wi,lesson,2,4,teacher", "wi-joint,wi,lesson,2,4,teacher|assistant")
        .edit("staff.csv", "anna,Anna,teacher", "anna,Anna,teacher|assistant");
    led.edit(file, "lead,m1", "assistant,m1").evaluate().assert_holds();
}

#[test]
fn a_session_that_cannot_be_used_is_told_once() {
    let judgement =
        correct().edit("sessions.csv", "m2,mon-2,zone,physics", "m2,mon-2,zone,fysics").evaluate();
    judgement.assert_rows("files", &["sessions.csv:5", "unmet_needs.csv:0"]);
    let judgement = correct().edit("sessions.csv", "m2,mon-2", ",mon-2").evaluate();
    judgement.assert_breach("files", &["the cell `session` is empty"], &["sessions.csv:5"]);
    judgement.assert_breach(
        "files",
        &["session `m2` in block `mon-2` does not exist"],
        &["student_timetable.csv:4"],
    );
    let judgement = correct()
        .append("student_timetable.csv", "s1,mon-2,mon,10:15,11:15,zone,,physics,na,lab,bram")
        .evaluate();
    judgement.assert_rows("files", &["student_timetable.csv:24"]);
}

#[test]
fn a_group_has_one_row_a_meeting() {
    let case = correct()
        .edit("school.toml", "meetings = 1", "meetings = 2")
        .append("sessions.csv", "group-2,tue-c,coaching,coaching,annex,dora,,2,4")
        .append("staff_timetable.csv", "dora,tue-c,tue,08:30,09:00,coaching,coach,group-2,coaching,annex")
        .append("place_timetable.csv", "annex,tue-c,tue,08:30,09:00,group-2,coaching,dora,2")
        .append("unmet_needs.csv", "s1,meetings,,1,no_session,\ns2,meetings,,1,no_session,\ns3,meetings,,1,no_session,\ns4,meetings,,1,no_session,");
    let attended =
        ["s5", "s6"].map(|s| format!("{s},tue-c,tue,08:30,09:00,coaching,group-2,coaching,,annex,dora"));
    let case = case.append("student_timetable.csv", &attended.join("\n"));
    let judgement = case.evaluate();
    judgement.assert_rows("files", &[]);
    judgement.assert_keeps_rules();
    // A meeting in another block is none of the group's.
    let text = case.text("student_timetable.csv").replace("s6,tue-c,tue", "s6,tue-1,tue");
    let judgement = case.write("student_timetable.csv", text).evaluate();
    judgement.assert_breach(
        "files",
        &["session `group-2` in block `tue-1` does not exist"],
        &["student_timetable.csv:25"],
    );
}

#[test]
fn a_need_by_any_of_its_subjects() {
    for subject in ["ku|mu", "ku | mu", "ku", "mu"] {
        let row = format!("t3,arts,{subject},annex");
        correct().edit("student_timetable.csv", "t3,arts,ku|mu,annex", &row).evaluate().assert_holds();
    }
    for subject in ["mu|ku", "ne", ""] {
        let row = format!("t3,arts,{subject},annex");
        let case = correct().edit("student_timetable.csv", "t3,arts,ku|mu,annex", &row);
        disagrees(
            case,
            &[&format!("subject `{subject}` is no need of student `s5`")],
            &["student_timetable.csv:21"],
        );
    }
    // Who needs nothing of what the session is for breaks R6, which is told there.
    let row = "s2,mon-h,mon,15:00,16:00,homework,m4,support,homework,room,finn";
    let judgement = correct().append("student_timetable.csv", row).evaluate();
    assert!(
        !judgement.verdict.violations.iter().any(|violation| violation.message.contains("is no need of"))
    );
}

#[test]
fn what_nobody_known_misses() {
    for (row, part) in [
        ("zoe,min_blocks,,1,no_session,", "unknown student `zoe`"),
        ("zoe,presence,,1,no_session,", "unknown student `zoe`"),
        ("s1,wi,must,x,no_seat,", "missing is `x`, not a number"),
        ("s1,presence,,1,no_session,", "`s1` misses 0 lesson and zone blocks (presence), the file says 1"),
        ("s1,meetings,,2,no_session,", "`s1` misses 0 coaching meetings, the file says 2"),
        ("dora,min_blocks,,1,no_session,", "`dora` misses 0 blocks (min_blocks), the file says 1"),
        ("s1,min_blocks,,1,no_session,", "has no need `min_blocks`"),
        ("s5,ku,could,1,no_seat,", "`s5` misses 0 could sessions of `ku|mu`, the file says 1"),
        ("s1,wi,should,1,no_seat,", "has no need `wi` with priority `should`"),
        ("s4,wi,must,1,no_seat,", "`s4` misses 0 must sessions of `wi`, the file says 1"),
    ] {
        disagrees(correct().append("unmet_needs.csv", row), &[part], &["unmet_needs.csv:5"]);
    }
}

#[test]
fn unknown_people_and_places() {
    let gone = correct().append("place_timetable.csv", "gym,mon-2,mon,10:15,11:15,m2,physics,bram,2");
    gone.evaluate().assert_breach("files", &["unknown place `gym`"], &["place_timetable.csv:10"]);
    let twice = correct().append("place_timetable.csv", "lab,mon-2,mon,10:15,11:15,m2,physics,bram,2");
    disagrees(twice, &["session `m2`", "is listed twice"], &["place_timetable.csv:10"]);
    disagrees(
        correct().append("coaching_groups.csv", ",carl,s1"),
        &["the cell `group` is empty"],
        &["coaching_groups.csv:8"],
    );
    let twice = correct().append("package_holders.csv", "mentoring,bram");
    disagrees(
        twice,
        &["staff `bram` is listed twice for package"],
        &["package_holders.csv:2", "package_holders.csv:3"],
    );
    let twice = correct().append("staff_timetable.csv", "gwen,tue-2,tue,10:15,11:15,zone,reserve,,,");
    disagrees(twice, &["listed twice as reserve"], &["staff_timetable.csv:20", "staff_timetable.csv:21"]);
}
