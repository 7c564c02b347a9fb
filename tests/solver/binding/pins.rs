//! R8: what is pinned happens, what is banned does not, who are apart stay apart.

use super::*;

const HEADER: &str = "kind,block,offering,staff,place,student\n";

/// Two blocks, of which bob is busy in the second; teachers for one block each: the best is both in the first
/// with Kim, who is of their unit and can be in the large room only.
fn pinned(name: &str, total: f64, pins: &str, more: Files) {
    let pins = format!("{HEADER}{pins}\n");
    let mut files = vec![
        ("pins.csv", pins.as_str()),
        ("students.csv", "student,name,class,year,unit\nada,Ada,1a,1,noord\nbob,Bob,1a,1,noord\n"),
        (
            "staff.csv",
            "staff,name,roles,subjects,max_blocks,unit\nkim,Kim,teacher,wi,1,noord\nlee,Lee,teacher,wi,1,\n",
        ),
        ("places.csv", "place,name,site,seats,parallel,tags\np1,Een,,2,1,\np2,Twee,,1,1,\n"),
        ("busy.csv", "kind,id,day,start,end,note\nstudent,bob,mo,10:00,11:00,\n"),
    ];
    files.extend_from_slice(more);
    binds(name, total, &files);
}

#[test]
fn a_pinned_session_runs() {
    pinned("nothing pinned", 202.0, "ban,,,,p2,", &[]);
    pinned("the block that is best anyhow", 202.0, "session,b1,wi,,,", &[]);
    // Ada goes alone to the second.
    pinned("the other block", 201.0, "session,b2,wi,,,", &[]);
    pinned("both blocks", 201.0, "session,b1,wi,,,\nsession,b2,wi,,,", &[]);
    pinned("the other lead", 201.0, "session,b1,wi,lee,,", &[]);
    pinned("the lead in the other block", 201.0, "session,b2,wi,kim,,", &[]);
    pinned("the small place", 201.0, "session,b1,wi,,p2,", &[]);
    pinned("the large place", 202.0, "session,b1,wi,,p1,", &[]);
    pinned("the lead in the small place", 201.0, "session,b1,wi,kim,p2,", &[]);
    pinned("the lead in the large place", 202.0, "session,b1,wi,kim,p1,", &[]);
    pinned("both places", 201.0, "session,b1,wi,,p1,\nsession,b1,wi,,p2,", &[]);
    pinned("both leads at once", 201.0, "session,b1,wi,kim,,\nsession,b1,wi,lee,,", &[]);
    let one = ("staff.csv", "staff,name,roles,subjects,max_blocks,unit\nkim,Kim,teacher,wi,1,noord\n");
    pinned("one teacher in the other block", 101.0, "session,b2,wi,,,", &[one]);
    pinned("one teacher in the small place", 101.0, "session,b1,wi,,p2,", &[one]);
    pinned("one teacher in the small place, named", 101.0, "session,b1,wi,kim,p2,", &[one]);
}

#[test]
fn a_pinned_student_attends() {
    pinned("the block that is best anyhow", 202.0, "attend,b1,wi,,,ada", &[]);
    pinned("the other block", 201.0, "attend,b2,wi,,,ada", &[]);
    pinned("with the other lead", 201.0, "attend,b1,wi,lee,,ada", &[]);
    pinned("in the small place", 201.0, "attend,b1,wi,,p2,ada", &[]);
    pinned("in the large place", 202.0, "attend,b1,wi,,p1,ada", &[]);
    pinned("with a lead in a place", 201.0, "attend,b1,wi,kim,p2,ada", &[]);
    pinned("two students, two leads", 201.0, "attend,b1,wi,kim,,ada\nattend,b1,wi,lee,,bob", &[]);
}

#[test]
fn what_is_banned_does_not_happen() {
    // Bob can only come in the first block.
    for (ban, total) in [
        ("ban,b1,,,,", 101.0),
        ("ban,b2,,,,", 202.0),
        ("ban,,wi,,,", 0.0),
        ("ban,,,kim,,", 200.0),
        ("ban,,,lee,,", 202.0),
        ("ban,,,,p1,", 201.0),
        ("ban,b1,,kim,,", 201.0),
        ("ban,b1,,,p1,", 201.0),
        ("ban,,,kim,p1,", 201.0),
        ("ban,b1,,kim,p1,", 201.0),
        ("ban,,,,,bob", 101.0),
        ("ban,b1,,,,bob", 101.0),
        ("ban,b2,,,,bob", 202.0),
        ("ban,b1,,,,ada", 201.0),
        ("ban,,wi,,,ada", 101.0),
        ("ban,,,kim,,bob", 201.0),
        ("ban,,,kim,,ada\nban,,,kim,,bob", 200.0),
        ("ban,,,,p1,bob", 201.0),
        ("ban,b1,wi,kim,p1,bob", 201.0),
        ("ban,b1,wi,kim,p1,ada\nban,b1,wi,kim,p1,bob", 201.0),
    ] {
        pinned(ban, total, ban, &[]);
    }
}

#[test]
fn a_banned_assistant() {
    let one = layout(ONE_BLOCK);
    for (ban, total) in [
        ("ban,,,lee,,", 100.0),
        ("ban,,,lee,,ada", 200.0),
        ("ban,,,lee,,ada\nban,,,lee,,bob", 100.0),
        ("ban,b1,wi,lee,p1,ada\nban,b1,wi,lee,p1,bob", 100.0),
        ("ban,,,lee,p2,ada\nban,,,lee,p2,bob", 200.0),
        ("ban,,,kim,,ada\nban,,,kim,,bob", 100.0),
    ] {
        let pins = format!("{HEADER}{ban}\n");
        let files = [
            ("pins.csv", pins.as_str()),
            ("layout.toml", one.as_str()),
            ("students.csv", "student,name,class,year\nada,Ada,1a,1\nbob,Bob,1a,1\ncas,Cas,1a,1\n"),
            ("staff.csv", "staff,name,roles,subjects\nkim,Kim,teacher,wi\nlee,Lee,assistant,\n"),
            ("places.csv", "place,name,site,seats,parallel\np1,Een,,5,1\np2,Twee,,1,1\n"),
            (
                "offerings.csv",
                "offering,name,subjects,min,max,assistants,per_assistant\nwi,Wiskunde,wi,1,1,1,1\n",
            ),
        ];
        binds(ban, total, &files);
    }
}

#[test]
fn students_who_are_apart() {
    let one = layout(ONE_BLOCK);
    let pairs = ("pairs.csv", "kind,student,other\napart,ada,bob\n");
    let turned = ("pairs.csv", "kind,student,other\napart,bob,ada\n");
    let places = ("places.csv", "place,name,site,seats,parallel\np1,Een,,2,1\np2,Twee,,2,1\n");
    binds("two blocks", 200.0, &[pairs]);
    for pairs in [pairs, turned] {
        let files = [pairs, places, ("layout.toml", one.as_str())];
        binds("one session", 100.0, &files);
        binds("two at once", 200.0, &[&files[..], &[TWO_TEACHERS]].concat());
        let three = ("students.csv", "student,name,class,year\nada,Ada,1a,1\nbob,Bob,1a,1\ncas,Cas,1a,1\n");
        binds("with anybody else", 200.0, &[&files[..], &[three]].concat());
    }
    // A need of each student by two offerings that one session of both subjects meets.
    let files = [
        pairs,
        ("layout.toml", one.as_str()),
        ("subjects.csv", "subject,name\nwi,Wiskunde\nna,Natuurkunde\n"),
        ("staff.csv", "staff,name,roles,subjects\nkim,Kim,teacher,wi|na\n"),
        ("offerings.csv", "offering,name,subjects,min,max\nwi,Wiskunde,wi|na,1,2\n"),
        ("needs.csv", "who,subject,sessions,priority\nada,wi,1,must\nbob,na,1,should\nbob,wi,1,should\n"),
    ];
    // Bob misses two: the second costs 5.
    binds("whatever they need it for", 95.0, &files);
}
