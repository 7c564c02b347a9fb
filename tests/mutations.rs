//! Every rule, broken by hand in a correct schedule, is named with its rows and numbers.

mod referee;

use referee::Case;

/// Judges the case; asserts which of R1 to R9 are broken and what one breach says, where.
#[track_caller]
fn broken(case: Case, rules: &[&str], rule: &str, parts: &[&str], rows: &[&str]) {
    case.judge().assert_broken(rules, rule, parts, rows);
}

/// As [`broken`], with `rule` as the only one of R1 to R9.
#[track_caller]
fn breaks(case: Case, rule: &str, parts: &[&str], rows: &[&str]) {
    broken(case, &[rule], rule, parts, rows);
}

/// Judges an edit of one file that must agree with the others; no rule is broken.
#[track_caller]
fn disagrees(case: Case, parts: &[&str], rows: &[&str]) {
    broken(case, &[], "files", parts, rows);
}

fn correct() -> Case {
    Case::correct()
}

mod r1_one_place {
    use super::*;

    /// Physics an hour earlier, in a block that overlaps the joint lesson.
    fn physics_in_overlapping_block() -> Case {
        correct().remove("pins.csv", "attend").edit("sessions.csv", "m2,mon-2,zone", "m2,mon-lower,lesson")
    }

    #[test]
    fn a_student_in_overlapping_blocks() {
        let rows = ["student_timetable.csv:3", "student_timetable.csv:4"];
        breaks(physics_in_overlapping_block(), "R1", &["`s1`", "`m1`", "`m2`", "at once"], &rows);
    }

    #[test]
    fn a_staff_member_in_overlapping_blocks() {
        let case = physics_in_overlapping_block().remove("pins.csv", "ban,,,bram").edit(
            "sessions.csv",
            "m1,mon-1,lesson,wi-joint,room,anna",
            "m1,mon-1,lesson,wi-joint,room,bram",
        );
        let rows = ["sessions.csv:4", "sessions.csv:5"];
        breaks(case, "R1", &["staff `bram`", "`m1`", "`m2`", "at once"], &rows);
    }

    #[test]
    fn a_busy_student() {
        let case = correct().append("busy.csv", "student,s5,tue,11:00,11:20,dentist");
        breaks(case, "R1", &["student `s5` is busy in block `tue-2`"], &["student_timetable.csv:21"]);
    }

    #[test]
    fn a_busy_staff_member() {
        let case = correct().append("busy.csv", "staff,finn,mon,15:30,18:00,");
        breaks(case, "R1", &["staff `finn` is busy in block `mon-h`"], &["sessions.csv:7"]);
    }

    #[test]
    fn a_block_for_others() {
        let case = correct().edit("sessions.csv", "t1,tue-1", "t1,mon-lower");
        breaks(
            case,
            "R1",
            &["`s6` is not in the audience of block `mon-lower`"],
            &["student_timetable.csv:23"],
        );
    }
}

mod r2_places {
    use super::*;

    /// The study session beside physics in the lab.
    fn study_in_lab() -> Case {
        correct().remove("busy.csv", "student,s4").edit(
            "sessions.csv",
            "t2,tue-1,lesson,study,hall",
            "t2,mon-2,zone,study,lab",
        )
    }

    #[test]
    fn too_many_sessions_at_once() {
        let parts = ["place `lab` holds 2 sessions at once", "`mon-2`", "parallel is 1"];
        breaks(study_in_lab(), "R2", &parts, &["sessions.csv:5", "sessions.csv:9"]);
    }

    #[test]
    fn too_few_seats_for_parallel_sessions() {
        let case = study_in_lab().edit("places.csv", "lab,north,6,1", "lab,north,3,2");
        let parts = ["place `lab` holds 4 students", "seats are 3"];
        breaks(case, "R2", &parts, &["sessions.csv:5", "sessions.csv:9"]);
    }

    #[test]
    fn too_few_seats() {
        let case = correct().edit(
            "sessions.csv",
            "m3,mon-3,lesson,wi-practice,room",
            "m3,mon-3,lesson,wi-practice,lab",
        );
        let case = case.edit("places.csv", "lab,north,6,1", "lab,north,3,1");
        breaks(
            case,
            "R2",
            &["place `lab` holds 4 students in block `mon-3`, seats are 3"],
            &["sessions.csv:6"],
        );
    }

    #[test]
    fn a_busy_place() {
        let case = correct().edit("sessions.csv", "wi-practice,room", "wi-practice,hall");
        breaks(case, "R2", &["place `hall` is busy in block `mon-3`"], &["sessions.csv:6"]);
    }

    #[test]
    fn a_place_without_the_tag() {
        let case = correct().edit("sessions.csv", "physics,lab", "physics,room");
        breaks(case, "R2", &["place `room` lacks the tag `lab`"], &["sessions.csv:5"]);
    }

    #[test]
    fn no_place_at_all() {
        let case = correct().edit("sessions.csv", "support,room", "support,");
        breaks(case, "R2", &["`m4`", "has no place"], &["sessions.csv:7"]);
    }
}

mod r3_sessions {
    use super::*;

    #[test]
    fn fewer_students_than_min() {
        let case = ["s2", "s3", "s4"]
            .iter()
            .fold(correct(), |case, s| case.remove("student_timetable.csv", &format!("{s},mon-3")));
        breaks(case, "R3", &["`m3`", "has 1 student, min is 2"], &["sessions.csv:6"]);
    }

    #[test]
    fn more_students_than_max_and_assistants_allow() {
        let case = correct().edit("sessions.csv", "anna,emma,4", "anna,,4");
        breaks(case, "R3", &["has 4 students, at most 3", "max 3, 0 assistants"], &["sessions.csv:6"]);
    }

    #[test]
    fn more_assistants_than_allowed() {
        let case = correct().edit("sessions.csv", "anna,emma,4", "anna,emma|finn,4");
        breaks(case, "R3", &["has 2 assistants, at most 1"], &["sessions.csv:6"]);
    }

    #[test]
    fn an_assistant_without_the_role() {
        let case = correct().edit("sessions.csv", "anna,emma,4", "anna,finn,4");
        breaks(case, "R3", &["`finn` assists without the role"], &["sessions.csv:6"]);
    }

    #[test]
    fn a_lead_without_the_role() {
        let case = correct().edit("sessions.csv", "wi-joint,room,anna", "wi-joint,room,carl");
        breaks(case, "R3", &["lead `carl` has none of the roles teacher"], &["sessions.csv:4"]);
    }

    #[test]
    fn a_lead_who_is_not_qualified_for_all() {
        let case =
            correct().remove("pins.csv", "session").edit("offerings.csv", "false,,1,any", "false,,1,all");
        breaks(case, "R3", &["lead `dora` is not qualified for mu"], &["sessions.csv:10"]);
    }

    #[test]
    fn a_lead_who_is_not_qualified_for_any() {
        let case = correct().remove("pins.csv", "session").edit(
            "staff.csv",
            "coach|teacher,ne|ku",
            "coach|teacher,ne",
        );
        breaks(case, "R3", &["lead `dora` is not qualified for ku, mu"], &["sessions.csv:10"]);
    }

    #[test]
    fn nobody_leads() {
        let case = correct().edit("sessions.csv", "dutch,,dora", "dutch,,");
        breaks(case, "R3", &["`t1`", "has no lead"], &["sessions.csv:8"]);
    }

    #[test]
    fn a_block_of_another_kind() {
        let case = correct().edit("sessions.csv", "t1,tue-1,lesson", "t1,tue-c,coaching");
        breaks(case, "R3", &["runs in a coaching block"], &["sessions.csv:8"]);
    }

    #[test]
    fn study_without_a_supervisor() {
        let case = correct().edit("staff.csv", "finn,Finn,supervisor", "finn,Finn,guest");
        breaks(case, "R3", &["`finn` supervises without the role"], &["sessions.csv:9"]);
    }

    #[test]
    fn study_in_a_homework_block() {
        let case = correct().edit("sessions.csv", "t2,tue-1,lesson", "t2,tue-c,coaching");
        breaks(case, "R3", &["runs in a coaching block, study is for"], &["sessions.csv:9"]);
    }
}

mod r4_limits {
    use super::*;

    #[test]
    fn more_blocks_than_max_with_the_package() {
        let case = correct().edit("package_holders.csv", "bram", "anna");
        let parts = ["staff `anna` has 3 blocks (1 of them in packages), max_blocks is 2"];
        breaks(case, "R4", &parts, &["sessions.csv:4", "sessions.csv:6", "package_holders.csv:2"]);
    }

    #[test]
    fn more_blocks_than_max() {
        let case = correct().edit("staff.csv", "3,6,3,3,6", "0,1,3,3,6");
        breaks(
            case,
            "R4",
            &["staff `finn` has 2 blocks, max_blocks is 1"],
            &["sessions.csv:7", "sessions.csv:9"],
        );
    }

    #[test]
    fn more_blocks_on_a_day() {
        let case = correct().edit("staff.csv", "0,2,2,1,10", "0,2,1,1,10");
        let parts = ["staff `anna` has 2 blocks on mon, max_per_day is 1"];
        breaks(case, "R4", &parts, &["sessions.csv:4", "sessions.csv:6"]);
    }

    #[test]
    fn more_blocks_in_a_row() {
        let case = correct().edit("staff.csv", "upper,south,0,6,3,3", "upper,south,0,6,3,1");
        let parts = ["staff `dora` has 2 blocks in a row on tue, max_in_a_row is 1"];
        breaks(case, "R4", &parts, &["sessions.csv:8", "sessions.csv:10"]);
    }
}

mod r5_travel {
    use super::*;

    #[test]
    fn too_little_time_between_sites() {
        let case = correct().edit("staff.csv", "upper,south", "upper,").edit(
            "sessions.csv",
            "dutch,,dora",
            "dutch,hall,dora",
        );
        let parts = ["staff `dora` has 15 minutes", "`north`", "`south`", "travel takes 20"];
        breaks(case, "R5", &parts, &["sessions.csv:8", "sessions.csv:10"]);
    }

    #[test]
    fn a_site_where_the_lead_does_not_work() {
        let case = correct().edit("sessions.csv", "dutch,,dora", "dutch,hall,dora");
        breaks(case, "R5", &["staff `dora` does not work at site `north`"], &["sessions.csv:8"]);
    }

    #[test]
    fn a_student_at_another_site() {
        let case = correct().remove("pins.csv", "session").edit("sessions.csv", "arts,annex", "arts,hall");
        let parts = ["student `s5` of site `south` attends", "at site `north`"];
        breaks(case, "R5", &parts, &["student_timetable.csv:21"]);
    }
}

mod r6_needs {
    use super::*;

    #[test]
    fn more_sessions_than_asked() {
        let case = correct().edit("needs.csv", "year:1,wi,2", "year:1,wi,1");
        let parts = ["student `s3` attends 2 sessions for wi, asked is 1"];
        breaks(case, "R6", &parts, &["student_timetable.csv:12", "student_timetable.csv:13"]);
    }

    #[test]
    fn a_session_without_a_need() {
        let row = "s2,mon-h,mon,15:00,16:00,homework,m4,support,homework,room,finn";
        let case = correct().append("student_timetable.csv", row);
        breaks(case, "R6", &["student `s2` has no need", "`m4`"], &["student_timetable.csv:24"]);
    }

    #[test]
    fn a_lead_without_what_the_need_names() {
        let case = correct().edit("needs.csv", "s2,na,1,should,na,", "s2,na,1,should,ne,");
        breaks(case, "R6", &["student `s2` has no need", "`m2`"], &["student_timetable.csv:9"]);
    }

    #[test]
    fn twice_a_day() {
        let case = correct().edit(
            "sessions.csv",
            "m3,mon-3,lesson,wi-practice,room,anna,emma",
            "m3,mon-3,lesson,wi-joint,room,anna,",
        );
        let parts = ["student `s1` attends 2 sessions of `wi-joint` on mon, per_day is 1"];
        breaks(case, "R6", &parts, &["student_timetable.csv:3", "student_timetable.csv:5"]);
    }

    #[test]
    fn practice_before_the_joint_lesson() {
        let case = correct().edit("sessions.csv", "wi-practice,room,anna,emma", "wi-joint,room,anna,").edit(
            "sessions.csv",
            "m1,mon-1,lesson,wi-joint,room,anna,",
            "m1,mon-1,lesson,wi-practice,room,anna,emma",
        );
        let parts = ["student `s4` attends", "`m1`", "without `wi-joint` before it"];
        breaks(case, "R6", &parts, &["student_timetable.csv:16"]);
    }

    #[test]
    fn study_beyond_the_least_presence() {
        let case =
            correct().append("student_timetable.csv", "s1,tue-1,tue,09:00,10:00,lesson,t2,study,,hall,finn");
        let parts = ["student `s1` has 1 study session beside 3 lesson and zone blocks", "presence is 3"];
        breaks(case, "R6", &parts, &["student_timetable.csv:24"]);
    }

    #[test]
    fn study_where_nothing_is_filled() {
        let case = correct().edit("school.toml", "\"*\" = 2 }", "\"*\" = 2 }\nfill = \"none\"");
        breaks(case, "R6", &["student `s3` has 1 study session", "no fill"], &["student_timetable.csv:14"]);
    }
}

mod r7_coaching {
    use super::*;

    #[test]
    fn a_student_in_two_groups() {
        let case = correct().append("coaching_groups.csv", "group-2,dora,s3");
        let judgement = case.judge();
        let rows = ["coaching_groups.csv:4", "coaching_groups.csv:8"];
        judgement.assert_broken(&["R7", "R8"], "R7", &["student `s3` is in 2 coaching groups"], &rows);
        let rows = ["coaching_groups.csv:6", "coaching_groups.csv:8"];
        judgement.assert_breach("R7", &["group `group-2` mixes year `1`, `2`"], &rows);
        judgement.assert_breach("R7", &["group `group-2` mixes site `north`, `south`"], &rows);
        judgement.assert_breach("R8", &["`s3` of unit `lower` is with `dora`"], &["coaching_groups.csv:8"]);
    }

    #[test]
    fn a_student_in_no_group() {
        let judgement = correct().remove("coaching_groups.csv", "group-1,carl,s4").judge();
        judgement.assert_broken(
            &["R7"],
            "R7",
            &["student `s4` is in no coaching group"],
            &["coaching_groups.csv:0"],
        );
        judgement.assert_breach(
            "R7",
            &["`s4` attends the meeting", "not in it"],
            &["student_timetable.csv:15"],
        );
    }

    #[test]
    fn a_group_too_large() {
        let case = correct().edit("school.toml", "max = 4", "max = 3");
        breaks(case, "R7", &["group `group-1` has 4 students, size is 2 to 3"], &["coaching_groups.csv:2"]);
    }

    #[test]
    fn a_group_too_small() {
        let case = correct().remove("coaching_groups.csv", "group-2,dora,s6");
        breaks(case, "R7", &["group `group-2` has 1 student, size is 2 to 4"], &["coaching_groups.csv:6"]);
    }

    #[test]
    fn a_group_with_two_coaches() {
        let case = correct().edit("coaching_groups.csv", "group-1,carl,s4", "group-1,emma,s4");
        let rows = ["coaching_groups.csv:2", "coaching_groups.csv:5"];
        breaks(case, "R7", &["group `group-1` has 2 coaches: carl, emma"], &rows);
    }

    #[test]
    fn a_coach_without_the_role() {
        let case = correct().edit_all("coaching_groups.csv", "group-2,dora", "group-2,finn");
        breaks(case, "R7", &["group `group-2`: `finn` lacks the role `coach`"], &["coaching_groups.csv:6"]);
    }

    #[test]
    fn a_meeting_with_another_coach() {
        let case = correct().edit("sessions.csv", "coaching,room,carl", "coaching,room,emma");
        let parts = ["group `group-1`", "is led by `emma`, the group's coach is `carl`"];
        breaks(case, "R7", &parts, &["sessions.csv:2", "coaching_groups.csv:2"]);
    }

    /// The meeting of group-1 with somebody else, marked as stand-in in all files.
    fn covered_by(staff: &str) -> Case {
        correct()
            .edit("sessions.csv", "coaching,room,carl", &format!("coaching,room,{staff}"))
            .edit_all("student_timetable.csv", "coaching,,room,carl", &format!("coaching,,room,{staff}"))
            .edit("place_timetable.csv", "coaching,carl", &format!("coaching,{staff}"))
            .edit("staff_timetable.csv", "carl,mon-c", &format!("{staff},mon-c"))
            .edit("staff_timetable.csv", "coach,group-1", "cover,group-1")
            .write("changes.csv", "kind,id,block\n")
    }

    #[test]
    fn a_stand_in_marked_as_such_is_allowed() {
        covered_by("emma").judge().assert_holds();
    }

    #[test]
    fn a_stand_in_in_a_week_that_was_not_repaired() {
        let case = covered_by("emma");
        std::fs::remove_file(case.path("changes.csv")).expect("the file");
        breaks(case, "R7", &["the stand-in `emma`", "no repaired week"], &["sessions.csv:2"]);
    }

    #[test]
    fn a_stand_in_who_is_no_coach() {
        breaks(
            covered_by("finn"),
            "R7",
            &["the stand-in `finn` lacks the role `coach`"],
            &["sessions.csv:2"],
        );
    }

    #[test]
    fn a_free_member_left_out() {
        let case = correct().remove("student_timetable.csv", "s4,mon-c");
        let parts = ["student `s4` is free and missing", "`group-1` in `mon-c`"];
        breaks(case, "R7", &parts, &["sessions.csv:2", "coaching_groups.csv:5"]);
    }

    #[test]
    fn more_meetings_than_asked() {
        let case = correct().append("sessions.csv", "group-1,tue-c,coaching,coaching,room,carl,,0,4");
        let parts = ["group `group-1` meets 2 times, meetings is 1"];
        breaks(case, "R7", &parts, &["sessions.csv:2", "sessions.csv:11"]);
    }

    #[test]
    fn a_meeting_outside_the_coaching_blocks() {
        let case = correct().edit("sessions.csv", "group-2,mon-c,coaching", "group-2,mon-3,lesson");
        breaks(case, "R7", &["`group-2`", "is a lesson block"], &["sessions.csv:3"]);
    }

    #[test]
    fn groups_in_a_school_without_coaching() {
        let text = correct().text("school.toml");
        let (before, rest) = text.split_once("[coaching]").expect("a table [coaching]");
        let (_, after) = rest.split_once("\n[").expect("a table after it");
        let case = correct().write("school.toml", format!("{before}[{after}"));
        breaks(
            case,
            "R7",
            &["group `group-1` exists, but the school has no [coaching]"],
            &["coaching_groups.csv:2"],
        );
    }
}

mod r8_pins_budgets {
    use super::*;

    #[test]
    fn a_pinned_session_that_does_not_run() {
        let case = correct().edit("sessions.csv", "t3,tue-2", "t3,mon-2");
        let parts = ["no session has block `tue-2`, offering `arts`, staff `dora`, place `annex`"];
        breaks(case, "R8", &parts, &["pins.csv:2"]);
    }

    #[test]
    fn a_pinned_student_who_does_not_attend() {
        let case = correct().remove("student_timetable.csv", "s1,mon-2");
        breaks(case, "R8", &["no session has block `mon-2`", "student `s1`"], &["pins.csv:3"]);
    }

    #[test]
    fn a_banned_place() {
        let case = correct().edit("sessions.csv", "wi-joint,room", "wi-joint,hall");
        breaks(case, "R8", &["`m1`", "place `hall`, which is banned"], &["sessions.csv:4", "pins.csv:4"]);
    }

    #[test]
    fn a_banned_deployment_in_study() {
        let case = correct().edit("staff.csv", "carl,Carl,coach", "carl,Carl,coach|supervisor").edit(
            "sessions.csv",
            "study,hall,finn",
            "study,hall,carl",
        );
        breaks(case, "R8", &["staff `carl`, which is banned"], &["sessions.csv:9", "pins.csv:5"]);
    }

    #[test]
    fn a_banned_attendance() {
        let case = correct().edit("sessions.csv", "wi-joint,room,anna", "wi-joint,room,bram");
        let parts = ["`m1`", "student `s3`, which is banned"];
        breaks(case, "R8", &parts, &["student_timetable.csv:12", "pins.csv:6"]);
    }

    #[test]
    fn students_apart_in_one_session_and_group() {
        let judgement = correct().append("pairs.csv", "apart,s3,s4").judge();
        let rows = ["student_timetable.csv:14", "student_timetable.csv:18", "pairs.csv:4"];
        judgement.assert_broken(&["R8"], "R8", &["`s3` and `s4` are both in session `t2`"], &rows);
        let rows = ["coaching_groups.csv:4", "coaching_groups.csv:5", "pairs.csv:4"];
        judgement.assert_breach("R8", &["both in group `group-1`"], &rows);
    }

    #[test]
    fn students_together_in_two_groups() {
        let case = correct().edit("coaching_groups.csv", "group-1,carl,s2", "group-3,carl,s2");
        let rows = ["coaching_groups.csv:2", "coaching_groups.csv:3", "pairs.csv:3"];
        broken(case, &["R7", "R8"], "R8", &["`s1` and `s2` are not in one coaching group"], &rows);
    }

    #[test]
    fn a_budget_for_all() {
        let case = correct().edit("school.toml", "cost = 100", "cost = 78.5");
        breaks(
            case,
            "R8",
            &["all staff costs 79.00, the budget is 78.50"],
            &["sessions.csv:2", "sessions.csv:9"],
        );
    }

    #[test]
    fn a_budget_of_a_unit() {
        let case = correct().edit("school.toml", "cost = 60", "cost = 37");
        breaks(
            case,
            "R8",
            &["unit `lower` costs 38.00, the budget is 37.00"],
            &["sessions.csv:2", "sessions.csv:6"],
        );
    }

    #[test]
    fn a_lead_of_another_unit() {
        let case = correct()
            .edit("staff.csv", "0,2,2,1,10", "0,6,3,3,10")
            .edit("sessions.csv", "dutch,,dora", "dutch,,anna")
            .edit("staff.csv", "anna,Anna,teacher,wi|ku", "anna,Anna,teacher,wi|ku|ne");
        let parts = ["student `s5` of unit `upper` is with `anna` of unit `lower`"];
        breaks(case, "R8", &parts, &["sessions.csv:8", "student_timetable.csv:20"]);
    }

    #[test]
    fn no_reserve() {
        let case = correct().remove("staff_timetable.csv", "gwen,tue-c");
        let parts = ["block `tue-c` has a reserve of 0 free people, staff_per_block is 1"];
        breaks(case, "R8", &parts, &["staff_timetable.csv:0"]);
    }

    #[test]
    fn a_reserve_who_is_busy() {
        let case = correct().append("busy.csv", "staff,gwen,tue,09:30,09:40,");
        let parts = ["staff `gwen` is reserve in block `tue-1`, but busy"];
        breaks(case, "R8", &parts, &["staff_timetable.csv:19"]);
    }

    #[test]
    fn a_reserve_who_is_deployed() {
        let case = correct()
            .edit("staff.csv", "gwen,Gwen,teacher|coach", "gwen,Gwen,teacher|coach|supervisor")
            .edit("staff.csv", "ne|wi,,upper", "ne|wi,,")
            .edit("sessions.csv", "study,hall,finn", "study,hall,gwen");
        let parts = ["staff `gwen` is reserve in block `tue-1` and in session `t2`"];
        breaks(case, "R8", &parts, &["staff_timetable.csv:19", "sessions.csv:9"]);
    }
}

mod r9_packages {
    use super::*;

    #[test]
    fn nobody_carries_it() {
        let case = correct().remove("package_holders.csv", "mentoring");
        breaks(case, "R9", &["`mentoring` has 0 different holders, people is 1"], &["package_holders.csv:0"]);
    }

    #[test]
    fn too_many_carry_it() {
        let case = correct().append("package_holders.csv", "mentoring,gwen");
        let rows = ["package_holders.csv:2", "package_holders.csv:3"];
        breaks(case, "R9", &["`mentoring` has 2 different holders, people is 1"], &rows);
    }

    #[test]
    fn one_person_twice_is_not_two() {
        let case = correct()
            .edit("packages.csv", "mentoring,Mentoring new teachers,1,teacher,1", "mentoring,,1,teacher,2")
            .append("package_holders.csv", "mentoring,bram");
        breaks(case, "R9", &["`mentoring` has 1 different holders, people is 2"], &["package_holders.csv:2"]);
    }

    #[test]
    fn a_holder_without_the_role() {
        let case = correct().edit("package_holders.csv", "bram", "finn");
        breaks(case, "R9", &["`finn` has none of the roles teacher"], &["package_holders.csv:2"]);
    }
}

mod files {
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
            assert_eq!(judgement.code, Some(4));
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
            disagrees(
                correct().edit("student_timetable.csv", row, cells),
                &[part],
                &["student_timetable.csv:4"],
            );
        }
    }

    #[test]
    fn a_student_counted_but_not_listed() {
        let case = correct().remove("student_timetable.csv", "s6,tue-1");
        disagrees(case, &["`t1`", "students is `2`, student_timetable.csv lists 1"], &["sessions.csv:8"]);
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
            &["staff_timetable.csv:4"],
        );
        let twice = correct().append(file, "bram,mon-2,mon,10:15,11:15,zone,lead,m2,physics,lab");
        disagrees(twice, &["staff `bram` is listed twice"], &["staff_timetable.csv:21"]);
        let role = correct().edit(file, "supervisor,t2", "coach,t2");
        disagrees(
            role,
            &["role `coach` is none that `finn` has in session `t2`"],
            &["staff_timetable.csv:11"],
        );
        let time = correct().edit(file, "finn,mon-h,mon,15:00", "finn,mon-h,mon,15:30");
        disagrees(time, &["start is `15:30`, block `mon-h` has `15:00`"], &["staff_timetable.csv:10"]);
        let place = correct().edit(file, "m2,physics,lab", "m2,physics,room");
        disagrees(place, &["place is `room`, in sessions.csv `lab`"], &["staff_timetable.csv:4"]);
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
        disagrees(students, &["students is `3`, in sessions.csv `2`"], &["sessions.csv:5"]);
        let other = correct().edit(file, "lab,mon-2", "hall,mon-2");
        disagrees(other, &["place is `hall`, in sessions.csv `lab`"], &["sessions.csv:5"]);
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
}

mod total {
    use super::*;

    #[track_caller]
    fn states(from: &str, to: &str, part: &str) {
        let case = correct().edit("summary.json", from, to);
        broken(case, &[], "total", &[part], &["summary.json:0"]);
    }

    #[test]
    fn a_wrong_total() {
        states("\"total\": 1032", "\"total\": 1042", "states the total 1042, recomputed it is 1032");
    }

    #[test]
    fn a_bound_below_the_total() {
        states("\"bound\": 1032", "\"bound\": 1030", "bound 1030, which is below the total 1032");
    }

    #[test]
    fn a_gap_that_is_none_of_these() {
        states("\"bound\": 1032", "\"bound\": 1135.2", "states the gap 0, by total and bound it is 0.1");
    }

    #[test]
    fn a_wrong_term() {
        states("\"count\": 13,", "\"count\": 14,", "states 14 x `own_unit`");
    }

    #[test]
    fn a_wrong_sum_of_what_needs_count() {
        states("\"value\": 1000", "\"value\": 1010", "recomputed it is 1028");
    }

    #[test]
    fn no_total() {
        states("\"total\"", "\"sum\"", "states no total");
    }
}
