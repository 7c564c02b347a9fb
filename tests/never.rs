//! `leerzone check` says what can never work before anyone waits for a solver: as an error that names the
//! rule where the data make it impossible, as a warning with numbers otherwise.

mod small_school;

use small_school::Folder;

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
        "found only 1 of 2 staff are not busy in block `tue-start`; too few in `tue-start`, `tue-1`",
        "help: set `staff_per_block` to 1 or less",
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
