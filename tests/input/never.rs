//! `leerzone check` says what can never work before anyone waits for a solver: as an error that names the
//! rule where the data make it impossible, as a warning with numbers otherwise.

use crate::small_school::Folder;

const PINS: &str = "kind,block,offering,staff,place,student\n";

fn pinned(rows: &str) -> Folder {
    Folder::new().plus("pins.csv", &format!("{PINS}{rows}\n"))
}

fn paired(rows: &str) -> Folder {
    Folder::new().plus("pairs.csv", &format!("kind,student,other\n{rows}\n"))
}

#[test]
fn a_group_size_that_cannot_divide_the_students() {
    Folder::with("school.toml", "min = 1\nmax = 4", "min = 2\nmax = 2").check().fails_with(&[
        "error[R7: group-size]: 3 students of unit `onder` cannot form coaching groups of 2 to 2",
        "--> school.toml:7:1",
        "found 3 students: at most 1 group of at least 2, at least 2 groups of at most 2",
        "help: set `min` to 1 or less, or `max` to 3 or more",
    ]);
    Folder::with("school.toml", "min = 1", "min = 4").check().fails_with(&["help: set `min` to 3 or less"]);
}

#[test]
fn coaching_groups_without_any_coach() {
    Folder::with("staff.csv", "teacher|coach", "teacher").check().fails_with(&[
        "error[R7: no-coach]",
        "found 3 students and nobody with the role `coach`",
        "help: add `coach` to the roles of staff",
    ]);
}

#[test]
fn a_unit_without_a_coach() {
    let folder = Folder::with("students.csv", "2,onder", "2,boven");
    folder.check().warns_with(&[
        "warning[R7: unit-without-coach]: unit `boven` has 1 student and no coach",
        "--> students.csv:4:15",
    ]);
    folder.and("school.toml", "prefer", "require").check().fails_with(&["error[R8: unit-without-coach]"]);
}

#[test]
fn coaches_with_too_little_time() {
    Folder::with("busy.csv", "staff,eva,tue", "staff,jan,tue").check().warns_with(&[
        "warning[R7: coach-hours]",
        "--> school.toml:10:12",
        "found at least 1 group with 2 meetings a week; coaches are free for 1",
    ]);
}

#[test]
fn pairs_that_no_group_brings_together() {
    paired("together,s1,s3").and("students.csv", "2,onder", "2,boven").check().fails_with(&[
        "error[R8: impossible-pair]: `s1` and `s3` cannot be in one coaching group",
        "--> pairs.csv:2:13",
        "found `s1` has unit `onder`, `s3` has unit `boven`",
        "help: take the pair out, or widen `group_by`",
    ]);
    paired("together,s1,s2\ntogether,s2,s3\napart,s1,s3")
        .check()
        .fails_with(&["`s1` and `s3` are to be both apart and together", "--> pairs.csv:4:1"]);
    paired("together,s1,s2\ntogether,s2,s3")
        .and("school.toml", "max = 4", "max = 2")
        .check()
        .fails_with(&["3 students are to be together in one coaching group", "--> pairs.csv:3:13"]);
}

#[test]
fn a_pin_against_a_busy_time_an_audience_or_another_pin() {
    pinned("session,tue-1,ne-les,eva,,").check().fails_with(&[
        "error[R1: impossible-pin]: `eva` is busy during block `tue-1`",
        "--> pins.csv:2:22",
        "found a busy time of `eva` in busy.csv",
        "help: pin it to another block",
    ]);
    pinned("attend,mon-2,ku-les,,,s1")
        .and("layout.toml", "\"year:1\", ", "")
        .check()
        .fails_with(&["error[R1: impossible-pin]: block `mon-2` is not for `s1`", "--> pins.csv:2:23"]);
    pinned("attend,mon-1,wi-les,,,s1\nattend,mon-1,ne-les,,,s1").check().fails_with(&[
        "error[R1: impossible-pin]: `s1` is pinned to two things at once",
        "--> pins.csv:3:23",
        "found another pin at the same time on line 2",
    ]);
    pinned("session,mon-1,wi-les,jan,,\nsession,mon-1,ne-les,jan,,")
        .check()
        .fails_with(&["`jan` is pinned to two things at once"]);
    pinned("ban,mon-1,,jan,,\nsession,mon-1,wi-les,jan,,").check().fails_with(&[
        "error[R8: impossible-pin]: what this row pins, another bans",
        "found a `ban` on line 2",
    ]);
}

#[test]
fn a_pin_on_another_day_than_those_of_the_need() {
    let needs = "who,subject,sessions,priority,with,staff,days\ns3,ku,1,could,,,tue\n";
    pinned("attend,mon-2,ku-les,,,s3").plus("needs.csv", needs).check().fails_with(&[
        "error[R6: impossible-pin]: the need of `s3` for `ku-les` may not be met on mon",
        "--> pins.csv:2:8",
        "help: pin it to a block of one of those days, or add the day to `days`",
    ]);
}

#[test]
fn a_pin_of_someone_or_somewhere_that_cannot_be() {
    pinned("session,mon-1,wi-les,eva,,")
        .check()
        .fails_with(&["error[R3: impossible-pin]: `eva` is not qualified for `wi-les`"]);
    pinned("session,mon-1,ku-les,,,").check().fails_with(&["`ku-les` does not run in a lesson block"]);
    pinned("session,mon-2,ku-les,,r1,")
        .check()
        .fails_with(&["error[R2: impossible-pin]: `r1` lacks a tag", "--> pins.csv:2:23"]);
    pinned("session,mon-1,wi-les,,r1,\nsession,mon-1,ne-les,,r1,")
        .check()
        .fails_with(&["too many sessions are pinned to `r1`", "found 2 sessions, `parallel` is 1"]);
    pinned("session,mon-1,wi-les,jan,,\nsession,tue-1,wi-les,jan,,")
        .and("staff.csv", "8,10.5", "1,10.5")
        .check()
        .fails_with(&[
            "error[R4: impossible-pin]: `jan` is pinned to more blocks than `max_blocks` allows",
            "--> pins.csv:3:22",
        ]);
    pinned("session,mon-1,wi-les,jan,,\nsession,tue-1,wi-les,jan,,")
        .and("staff.csv", "max_blocks", "max_days")
        .and("staff.csv", "8,10.5", "1,10.5")
        .check()
        .fails_with(&[
            "error[R4: impossible-pin]: `jan` is pinned to more days than `max_days` allows",
            "found 2 days pinned, `max_days` is 1",
        ]);
}

#[test]
fn a_pin_without_the_needs_for_it() {
    pinned("attend,mon-1,wi-les,,,s3")
        .check()
        .fails_with(&["error[R6: impossible-pin]: `s3` has no need that `wi-les` meets"]);
    pinned("attend,mon-1,wi-les,,,s1\nattend,tue-1,wi-les,,,s1").check().fails_with(&[
        "`s1` is pinned to more sessions of `wi-les` than asked",
        "found 2 pinned, 1 asked in needs.csv",
    ]);
    pinned("session,mon-1,wi-les,,,").and("offerings.csv", "lesson,1,4", "lesson,3,4").check().fails_with(&[
        "error[R3: impossible-pin]: too few students for `wi-les` in block `mon-1`",
        "found 2 students with a need for it are free then, a session has at least 3",
    ]);
}

#[test]
fn a_package_that_too_few_can_carry() {
    let packages = "package,name,blocks,roles,people\nstage,stage,2,guest|assistant,1\n";
    Folder::new().plus("packages.csv", packages).check().fails_with(&[
        "error[R9: impossible-package]: package `stage` finds too few people",
        "--> packages.csv:2:31",
        "found 0 staff have a role for it",
    ]);
}

#[test]
fn a_reserve_larger_than_the_staff_who_are_free() {
    Folder::with("school.toml", "staff_per_block = 0", "staff_per_block = 2").check().fails_with(&[
        "error[R8: impossible-reserve]: a reserve of 2 cannot be kept",
        "--> school.toml:21:19",
        "found only 1 of 2 staff could stand by in the coaching block `mon-start`; too few in `mon-start`, `tue-start`, `tue-1`",
        "help: set `staff_per_block` to 1 or less",
    ]);
}

#[test]
fn a_group_of_the_reserve_that_cannot_stand_by() {
    let group = |what: &str| {
        let group = format!("staff_per_block = 0\n[[reserve.group]]\n{what}\n");
        Folder::with("school.toml", "staff_per_block = 0\n", &group).check()
    };
    group("people = 1\nunit = \"onder\"\nsubjects = [\"ku\"]").fails_with(&[
        "error[R8: impossible-reserve]: a reserve of 1 of unit `onder` who are qualified for `ku` cannot be kept",
        "--> school.toml:23:10",
        "found only 0 of 2 staff could stand by in the coaching block `mon-start`; too few in `mon-start`, `tue-start`, `tue-1`",
        "help: set `people` to 0 or less",
    ]);
    group("people = 1\nroles = [\"coach\"]").warns_with(&[]);
    group("people = 0")
        .warns_with(&["warning[zero]: `people` is 0", "take the table out: it asks for nobody"]);
    group("unit = \"onder\"").fails_with(&["`people` is missing in [reserve.group]"]);
    group("people = 1\nunit = \"onde\"\nsite = \"zuid\"\nsubjects = [\"wi-hb\"]\nroles = [\"coch\"]")
        .fails_with(&[
            "unknown unit `onde`",
            "unknown site `zuid`",
            "unknown subject `wi-hb`",
            "did you mean `coach`?",
        ]);
}

#[test]
fn a_need_that_nothing_can_meet() {
    Folder::with("staff.csv", "ku|ne", "ne").check().warns_with(&[
        "warning[nobody-qualified]: nobody may lead `ku`",
        "--> needs.csv:4:4",
        "found 1 student, 1 session that cannot be met",
        "help: add the subject to `subjects` of staff",
    ]);
    Folder::with("offerings.csv", "wiskunde,wi-ha", "wiskunde,ne")
        .check()
        .warns_with(&["warning[no-offering]: no offering meets `wi-ha`", "found 2 students, 2 sessions"]);
    Folder::with("offerings.csv", "ku,zone", "ku,homework").check().warns_with(&["warning[no-block]"]);
    Folder::with("places.csv", "20,2,atelier", "20,2,")
        .check()
        .warns_with(&["warning[no-place]: no place can hold `ku`"]);
    Folder::with("needs.csv", "wi-ha,1,must,,", "wi-ha,1,must,ku,")
        .check()
        .warns_with(&["nobody may lead `wi-ha` with `ku`"]);
}

#[test]
fn an_offering_that_fewer_ask_for_than_its_least_number() {
    Folder::with("offerings.csv", "wi-ha,lesson,1,4", "wi-ha,lesson,3,4").check().warns_with(&[
        "warning[R3: few-askers]: `wi-les` can never run: too few ask for it",
        "found 2 students with a need for it, `min` 3",
        "help: lower `min`",
    ]);
}

#[test]
fn a_student_who_is_never_or_seldom_free() {
    Folder::with("busy.csv", "staff,eva,tue", "student,s3,mon").check().warns_with(&[
        "warning[never-free]: students with a need for `ku` are never free when it can run",
        "found 1 student, 1 session that cannot be met",
    ]);
    Folder::with("needs.csv", "wi-ha,1", "wi-ha,3")
        .check()
        .warns_with(&["warning[seldom-free]", "found 2 students, 2 sessions that cannot be met"]);
    Folder::with("needs.csv", "ne|ku,1", "ne|ku,3").check().warns_with(&[
        "warning[too-many-sessions]: 1 student has more sessions asked than free blocks",
        "found 1 more than fit, first for `s1`",
    ]);
}

#[test]
fn a_presence_above_the_blocks_there_are() {
    Folder::with("school.toml", "\"1\" = 1", "\"1\" = 5").check().warns_with(&[
        "warning[presence]: 2 students of year `1` cannot be present in 5 lesson or zone blocks",
        "--> school.toml:14:14",
        "2 students with up to 2 blocks too few",
    ]);
}

#[test]
fn seats_that_are_short_in_a_block() {
    Folder::with("places.csv", ",20,1", ",1,1").and("places.csv", ",20,2", ",1,2").check().warns_with(&[
        "warning[R2: seats-short]: seats are short in 2 blocks",
        "--> layout.toml:4:6",
        "3 students who should be present in `tue-start` and 2 seats in free places",
    ]);
}

#[test]
fn staff_who_are_short_of_blocks() {
    Folder::with("staff.csv", "8,10.5", "0,10.5").check().warns_with(&[
        "warning[R4: staff-short]: staff are short for `wi-ha`",
        "found 2 sessions of students need at least 1 block of a lead; staff have 0 (0 %)",
    ]);
}

#[test]
fn people_at_a_site_without_places() {
    Folder::with("places.csv", "lokaal 1,,", "lokaal 1,noord,")
        .and("places.csv", "atelier,,", "atelier,noord,")
        .and("students.csv", "unit,coach", "unit,site")
        .and("students.csv", "onder,jan", "onder,nord")
        .check()
        .warns_with(&[
            "warning[R5: site-without-place]: no place is at the site `nord`",
            "--> students.csv:2:20",
            "help: did you mean `noord`?",
        ]);
}

#[test]
fn offerings_that_wait_for_each_other() {
    Folder::with("offerings.csv", "1,4,teacher,,\nne", "1,4,teacher,,ne-les\nne")
        .and("offerings.csv", "1,4,teacher,,\nku", "1,4,teacher,,wi-les\nku")
        .check()
        .warns_with(&[
            "warning[R6: after-cycle]: `wi-les` comes after itself",
            "`wi-les` after `ne-les` after `wi-les`",
        ]);
}

#[test]
fn coaching_blocks_and_pairs_in_a_school_without_coaching_groups() {
    paired("together,s1,s2")
        .and("school.toml", "[coaching]\nmin = 1\nmax = 4\nmeetings = 2\ngroup_by = [\"unit\"]\n", "")
        .check()
        .warns_with(&[
            "warning[unused-blocks]: 2 coaching blocks without coaching groups",
            "warning[pair-without-groups]",
        ]);
}

/// The small school with these students, whose columns are `student,unit,site`.
fn with_students(rows: &[(&str, &str, &str)]) -> Folder {
    let mut text = "student,name,class,year,unit,site\n".to_owned();
    for (number, (class, unit, site)) in rows.iter().enumerate() {
        text += &format!("s{0},S{0},{class},1,{unit},{site}\n", number + 1);
    }
    Folder::with("school.toml", "group_by = [\"unit\"]", "group_by = []")
        .plus("students.csv", &text)
        .and("needs.csv", "s3,ku,1,could,,\n", "")
        .and("layout.toml", ", \"student:s3\"", "")
}

#[test]
fn a_unit_too_small_for_a_group_of_its_own_coaches() {
    let school = |students| {
        with_students(students)
            .and("school.toml", "prefer", "require")
            .and("school.toml", "min = 1\nmax", "min = 2\nmax")
            .and("staff.csv", "teacher,ku|ne,,onder", "teacher|coach,ku|ne,,boven")
    };
    let alone = [("1a", "onder", ""), ("1a", "onder", ""), ("1a", "boven", "")];
    school(&alone).check().fails_with(&[
        "error[R7: group-size]: 1 student of unit `boven` cannot form coaching groups of 2 to 4",
        "--> school.toml:7:1",
        "at most 0 groups of at least 2, at least 1 group of at most 4, as every coach serves the own unit only",
        "help: set `min` to 1 or less, or let them join others by a coach without a unit or `own_staff = \"prefer\"`",
    ]);
    school(&alone).and("school.toml", "require", "prefer").check().warns_with(&[]);
    school(&alone).and("staff.csv", "ku|ne,,boven", "ku|ne,,").check().warns_with(&[]);
    // Whoever has no unit may be coached by anybody.
    school(&[("1a", "onder", ""), ("1a", "onder", ""), ("1a", "boven", ""), ("1a", "", "")])
        .check()
        .warns_with(&[]);
    school(&[("1a", "onder", ""), ("1a", "boven", ""), ("1a", "", "")]).check().fails_with(&[
        "3 students cannot form coaching groups of 2 to 4 while every coach serves the own unit only",
        "found 1 of unit `onder`, 1 of unit `boven`; 1 student without a unit may join any of them",
    ]);
}

#[test]
fn sites_that_students_without_a_site_cannot_fill_up() {
    let school = |students| with_students(students).and("school.toml", "min = 1\nmax", "min = 2\nmax");
    school(&[("1a", "", "noord"), ("1a", "", "zuid"), ("1a", "", "")]).check().fails_with(&[
        "error[R7: group-size]: 3 students cannot form coaching groups of 2 to 4 without mixing sites",
        "--> school.toml:7:1",
        "found 1 of site `noord`, 1 of site `zuid`; 1 student without a site may join any of them",
        "help: set another `min` or `max`, or give students another `site`",
    ]);
    school(&[("1a", "", "noord"), ("1a", "", "noord"), ("1a", "", "")]).check().warns_with(&[]);
    school(&[("1a", "", "noord"), ("1a", "", "zuid"), ("1a", "", ""), ("1a", "", "")])
        .check()
        .warns_with(&[]);
    // Three without a site have no room with the others, and can form a group of their own.
    let full = [("1a", "", "noord"), ("1a", "", "noord"), ("1a", "", ""), ("1a", "", ""), ("1a", "", "")];
    school(&full).and("school.toml", "max = 4", "max = 3").check().warns_with(&[]);
}

#[test]
fn students_apart_with_too_few_others_for_as_many_groups() {
    paired("apart,s1,s2").and("school.toml", "min = 1\nmax", "min = 2\nmax").check().fails_with(&[
        "error[R8: impossible-pair]: `s1`, `s2` cannot be in 2 coaching groups",
        "--> pairs.csv:2:1",
        "found 3 students who may share a group with them: 1 group of at least 2",
        "help: take the pair out, lower `min` of [coaching], or widen `group_by`",
    ]);
    paired("apart,s1,s2").check().warns_with(&[]);
    let four = |pairs: &str| {
        with_students(&[("1a", "", ""); 4])
            .and("school.toml", "min = 1\nmax", "min = 2\nmax")
            .plus("pairs.csv", &format!("kind,student,other\n{pairs}\n"))
    };
    four("apart,s1,s2\napart,s1,s3").check().warns_with(&[]);
    four("apart,s1,s2\napart,s1,s3\napart,s2,s3").check().fails_with(&[
        "`s1`, `s2`, `s3` cannot be in 3 coaching groups",
        "expected: enough students for 3 groups: 6",
    ]);
}

#[test]
fn students_apart_who_are_pinned_to_one_session() {
    let pinned = |rows: &str| paired("apart,s1,s2").plus("pins.csv", &format!("{PINS}{rows}\n"));
    pinned("attend,mon-1,wi-les,jan,,s1\nattend,mon-1,wi-les,jan,,s2").check().fails_with(&[
        "error[R8: impossible-pair]: `s1` and `s2`, who are to be apart, are pinned to one session",
        "--> pairs.csv:2:1",
        "found pins of both to one lead in one block, on lines 2 and 3 of pins.csv",
    ]);
    pinned("attend,mon-1,wi-les,jan,,s1\nattend,tue-1,wi-les,jan,,s2").check().warns_with(&[]);
}

#[test]
fn students_whom_pairs_tie_together_across_sites_or_units() {
    let school = |last| {
        with_students(&[("1a", "", "noord"), ("1a", "", ""), ("1a", "", last)])
            .plus("pairs.csv", "kind,student,other\ntogether,s1,s2\ntogether,s2,s3\n")
    };
    school("zuid").check().fails_with(&[
        "error[R8: impossible-pair]: `s1` and `s3` cannot be in one coaching group",
        "--> pairs.csv:3:13",
        "found `s1` and `s3` of different sites or units, tied together by several pairs",
    ]);
    school("noord").check().warns_with(&[]);
    let units = |own_staff| {
        with_students(&[("1a", "onder", ""), ("1a", "boven", ""), ("1a", "", "")])
            .plus("pairs.csv", "kind,student,other\ntogether,s1,s2\n")
            .and("staff.csv", "teacher,ku|ne,,onder", "teacher|coach,ku|ne,,boven")
            .and("school.toml", "prefer", own_staff)
    };
    units("require").check().fails_with(&["found `s1` has unit `onder`, `s2` has unit `boven`"]);
    units("prefer").check().warns_with(&[]);
}

#[test]
fn pins_that_cost_more_than_a_budget() {
    let both = "session,mon-1,wi-les,jan,,\nsession,mon-1,ne-les,,,";
    pinned(both).and("school.toml", "1200.0", "20.0").check().fails_with(&[
        "error[R8: impossible-pin]: pinned sessions cost more than the budget of all staff",
        "--> pins.csv:3:15",
        "found 20.50 a week for the leads of the pins up to this line, the budget is 20.00",
        "help: take a pin out, name staff who cost less, or raise the budget in school.toml",
    ]);
    pinned(both).and("school.toml", "1200.0", "20.5").check().warns_with(&[]);
    pinned(both)
        .and("school.toml", "1200.0", "10.0")
        .and("school.toml", "unit = \"*\"", "unit = \"onder\"")
        .check()
        .fails_with(&["the budget of unit `onder`", "--> pins.csv:2:22"]);
    // Several pins of one session take its lead once.
    pinned("attend,mon-1,wi-les,jan,,s1\nattend,mon-1,wi-les,,,s2\nsession,mon-1,wi-les,jan,r1,")
        .and("school.toml", "1200.0", "10.5")
        .check()
        .warns_with(&[]);
}

#[test]
fn pins_that_leave_nobody_in_reserve() {
    let school = |rows| pinned(rows).and("school.toml", "staff_per_block = 0", "staff_per_block = 1");
    school("session,tue-1,wi-les,jan,,").check().fails_with(&[
        "error[R8: impossible-pin]: pins leave too few people for the reserve in block `tue-1`",
        "--> pins.csv:2:22",
        "found 1 staff could stand by then, pinned sessions take 1, a reserve of 1 is asked for",
        "help: take a pin out, move it to another block, or lower `staff_per_block` to 0",
    ]);
    school("session,tue-1,wi-les,,,")
        .check()
        .fails_with(&["the reserve in block `tue-1`", "--> pins.csv:2:15"]);
    school("session,mon-1,wi-les,jan,,").check().warns_with(&[]);
    school("session,mon-1,wi-les,jan,,\nsession,mon-1,ne-les,eva,,")
        .check()
        .fails_with(&["the reserve in block `mon-1`", "--> pins.csv:3:22"]);
}

#[test]
fn pins_for_which_people_or_places_are_too_few_at_once() {
    pinned("session,tue-1,wi-les,,,\nsession,tue-1,ne-les,,,").check().fails_with(&[
        "error[R1: impossible-pin]: too few people can lead what is pinned in block `tue-1`",
        "found nobody is left for `ne-les` beside 1 who lead other pinned sessions then",
    ]);
    pinned("session,mon-1,wi-les,,,\nsession,mon-1,ne-les,,,").check().warns_with(&[]);
    let places = pinned("session,mon-1,wi-les,,r1,\nsession,mon-2,ne-les,,r1,");
    places.check().warns_with(&[]);
    places.and("layout.toml", "start = \"10:00\"", "start = \"09:30\"").check().fails_with(&[
        "error[R2: impossible-pin]: too many sessions are pinned to `r1`",
        "--> pins.csv:3:23",
    ]);
}

#[test]
fn a_pin_with_too_few_students_at_its_place() {
    let school = |site| {
        with_students(&[("1a", "", "noord"), ("1a", "", site)])
            .plus(
                "places.csv",
                "place,name,site,seats,parallel,tags\nr1,lokaal 1,noord,20,1,\nr2,atelier,zuid,20,2,\n",
            )
            .plus("pins.csv", &format!("{PINS}session,mon-1,wi-les,,r1,\n"))
            .and("offerings.csv", "lesson,1,4", "lesson,2,4")
    };
    school("zuid").check().fails_with(&[
        "error[R3: impossible-pin]: too few students for `wi-les` in block `mon-1`",
        "--> pins.csv:2:15",
        "found 1 student at most whom one lead may serve at one place are free then, a session has at least 2",
    ]);
    school("noord").check().warns_with(&[]);
    // Jan comes to the one place, the student to the other.
    let attends = |sites| {
        school("zuid")
            .plus("pins.csv", &format!("{PINS}attend,mon-1,wi-les,,,s2\n"))
            .and("offerings.csv", "lesson,2,4", "lesson,1,4")
            .and("staff.csv", "unit,max_blocks", "sites,max_blocks")
            .and("staff.csv", "wi-les,onder", &format!("wi-les,{sites}"))
            .and("staff.csv", "ku|ne,,onder", "ku|ne,,")
    };
    attends("noord").check().fails_with(&[
        "error[R8: impossible-pin]: no lead of `wi-les` may serve `s2` at a place for it",
        "--> pins.csv:2:23",
        "found 1 lead and 2 places, no two of which suit",
    ]);
    attends("noord|zuid").check().warns_with(&[]);
}

#[test]
fn packages_that_too_few_can_carry_together() {
    let packages = |rows: &str| {
        Folder::new().plus("packages.csv", &format!("package,name,blocks,roles,people\n{rows}\n"))
    };
    // Jan and Eva have eight blocks each.
    packages("a,a,5,teacher,1\nb,b,5,,2").check().fails_with(&[
        "error[R9: impossible-package]: packages `a`, `b` together find too few people",
        "--> packages.csv:3:5",
        "found 3 holders of 5 blocks or more are asked for; staff have room for 2 such packages",
        "help: ask for fewer `people` or `blocks`, allow more `roles`, or raise `max_blocks` of staff",
    ]);
    packages("a,a,4,teacher,2\nb,b,4,,2").check().warns_with(&[]);
    packages("a,a,4,teacher,2\nb,b,4,,2\nc,c,1,,1").check().fails_with(&[
        "packages `a`, `b`, `c`",
        "found 17 blocks for all their holders; staff who may carry them have 16",
    ]);
    packages("a,a,5,,1\nb,b,4,,2\nc,c,3,,1").check().fails_with(&["found no division of them"]);
    packages("a,a,5,,1\nb,b,4,,2\nc,c,3,,1").and("staff.csv", "8,10.5", ",10.5").check().warns_with(&[]);
    let pinned =
        |package: &str| packages(package).plus("pins.csv", &format!("{PINS}session,mon-1,wi-les,jan,,\n"));
    pinned("a,a,8,teacher,2").check().fails_with(&["package `a` finds too few people"]);
    pinned("a,a,7,teacher,2").check().warns_with(&[]);
}

const WISHES: &str = "staff,kind,id,value,note\n";

#[test]
fn wishes_that_cannot_be_read() {
    let wishes = |rows: &str| Folder::new().plus("wishes.csv", &format!("{WISHES}{rows}")).check();
    wishes("jan,offering,wi-lex,1,\n").fails_with(&["wishes.csv", "wi-lex", "wi-les"]);
    wishes("jan,day,mon,4,\n").fails_with(&["wishes.csv", "`4`", "-3"]);
    wishes("jan,subject,ne,1,\n").fails_with(&["wishes.csv", "subject", "offering"]);
    wishes("jan,day,mon,1,\njan,day,mon,-1,\n").fails_with(&["wish-twice", "line 2"]);
}

#[test]
fn wishes_that_make_no_difference() {
    let rows = "eva,offering,wi-les,1,\neva,role,coach,2,\neva,day,tue,-3,\njan,day,mon,0,\njan,day,tue,3,\n";
    let checked = Folder::new().plus("wishes.csv", &format!("{WISHES}{rows}")).check();
    checked.warns_with(&[
        "idle-wish",
        "may not lead it",
        "has the roles teacher",
        "busy all blocks",
        "a value of 0",
    ]);
    assert_eq!(checked.stderr.matches("idle-wish").count(), 4, "{}", checked.stderr);
}
