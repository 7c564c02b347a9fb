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
fn assistants_in_study() {
    let case = correct().edit("sessions.csv", "hall,finn,,2", "hall,finn,emma,2");
    broken(case, &["R1", "R3"], "R3", &["`t2`", "has 1 assistant, study has none"], &["sessions.csv:9"]);
}

#[test]
fn an_assistant_without_the_role() {
    let case = correct().edit("sessions.csv", "anna,emma,4", "anna,finn,4");
    breaks(case, "R3", &["`finn` assists without the role"], &["sessions.csv:6"]);
}

#[test]
fn an_assistant_who_is_not_qualified() {
    let asking = || {
        let case = correct().edit("offerings.csv", "qualified", "qualified,assistants_qualified");
        let case = case.edit_all("offerings.csv", ",all", ",all,").edit("offerings.csv", ",any", ",any,");
        case.edit("offerings.csv", "wi-joint,1,all,", "wi-joint,1,all,true")
    };
    breaks(asking(), "R3", &["assistant `emma` is qualified for none of wi"], &["sessions.csv:6"]);
    asking().edit("staff.csv", "assistant|coach,,", "assistant|coach,na|wi,").evaluate().assert_holds();
}

#[test]
fn a_lead_without_the_role() {
    let case = correct().edit("sessions.csv", "wi-joint,room,anna", "wi-joint,room,carl");
    breaks(case, "R3", &["lead `carl` has none of the roles teacher"], &["sessions.csv:4"]);
}

#[test]
fn a_lead_who_is_not_qualified_for_all() {
    let case = correct().remove("pins.csv", "session").edit("offerings.csv", "false,,1,any", "false,,1,all");
    breaks(case, "R3", &["lead `dora` is not qualified for mu"], &["sessions.csv:10"]);
}

#[test]
fn a_lead_who_is_not_qualified_for_any() {
    let case =
        correct().remove("pins.csv", "session").edit("staff.csv", "coach|teacher,ne|ku", "coach|teacher,ne");
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
