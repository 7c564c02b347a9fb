//! R1 of students, R6: in one place at a time, as often as asked, in the order of `after`.

use super::*;

#[test]
fn one_place_at_a_time() {
    let overlapping = layout(&["b1 mo 09:00 10:00 lesson", "b2 mo 09:59 11:00 lesson"]);
    // One session each: the second is missing, which fairness does not yet count.
    let changed = &[NEEDS_TWO, TWICE_A_DAY, TWO_TEACHERS, ("layout.toml", &overlapping)];
    binds("blocks that share a minute", 200.0, changed);
    binds("blocks that touch", 400.0, &[NEEDS_TWO, TWICE_A_DAY]);
    let busy = ("busy.csv", "kind,id,day,start,end,note\nstudent,ada,mo,09:59,10:00,\n");
    binds("busy for a minute of one", 300.0, &[NEEDS_TWO, TWICE_A_DAY, busy]);
    let three = layout(&["b1 mo 09:00 10:00 lesson", "b2 mo 09:30 10:30 lesson", "b3 mo 10:00 11:00 lesson"]);
    let changed = &[NEEDS_TWO, TWICE_A_DAY, ("layout.toml", &three)];
    binds("a block that overlaps two others", 400.0, changed);
}

#[test]
fn as_often_as_asked() {
    binds("one of two blocks", 200.0, &[]);
    // Two sessions of three needs: both `must`, then the `should` before the `could`.
    let needs =
        ("needs.csv", "who,subject,sessions,priority\nada,wi,1,could\nada,wi,1,must\nada,wi,1,should\n");
    binds("priorities of one request", 110.0, &[needs, TWICE_A_DAY]);
    let needs = ("needs.csv", "who,subject,sessions,priority\nada,wi,2,should\nada,wi,1,must\n");
    binds("the must of one request first", 110.0, &[needs, TWICE_A_DAY]);
    let alternatives = &[
        ("subjects.csv", "subject,name\nwi,Wiskunde\nna,Natuurkunde\n"),
        ("staff.csv", "staff,name,roles,subjects\nkim,Kim,teacher,wi|na\n"),
        ("offerings.csv", "offering,name,subjects,min,max\nwi,Wiskunde,wi,1,2\nna,Natuurkunde,na,1,2\n"),
        ("needs.csv", "who,subject,sessions,priority\nall,wi|na,1,must\nbob,na,1,could\n"),
    ];
    binds("alternatives count once", 201.0, alternatives);
}

#[test]
fn so_often_a_day() {
    binds("per_day is 1", 200.0, &[NEEDS_TWO]);
    let days = ("school.toml", "name = \"Twee\"\ndays = [\"mo\", \"tu\"]\n");
    let blocks =
        layout(&["b1 mo 09:00 10:00 lesson", "b2 mo 10:00 11:00 lesson", "b3 tu 09:00 10:00 lesson"]);
    let needs = ("needs.csv", "who,subject,sessions,priority\nall,wi,3,must\n");
    // Of three one is missing.
    binds("per_day is 1 on each of two days", 400.0, &[needs, days, ("layout.toml", &blocks)]);
    binds("per_day is 2", 600.0, &[needs, days, TWICE_A_DAY, ("layout.toml", &blocks)]);
    let offerings = "offering,name,subjects,min,max\nwi,Wiskunde,wi,1,2\nwx,Meer,wi,1,2\n";
    binds("per_day of each offering by itself", 400.0, &[NEEDS_TWO, ("offerings.csv", offerings)]);
}

#[test]
fn on_the_days_of_the_need() {
    let days = ("school.toml", "name = \"Twee\"\ndays = [\"mo\", \"tu\"]\n");
    let blocks = layout(&["b1 mo 09:00 10:00 lesson", "b2 tu 09:00 10:00 lesson"]);
    let one_seat = ("offerings.csv", "offering,name,subjects,min,max\nwi,Wiskunde,wi,1,1\n");
    let of = |ada: &str, bob: &str| {
        format!("who,subject,sessions,priority,days\nada,wi,1,must,{ada}\nbob,wi,1,must,{bob}\n")
    };
    for (ada, bob, total) in
        [("", "mo", 200.0), ("tu", "mo", 200.0), ("mo", "mo", 100.0), ("mo|tu", "mo", 200.0)]
    {
        let needs = of(ada, bob);
        let changed = &[days, ("layout.toml", &blocks), one_seat, ("needs.csv", &needs)];
        binds("a seat on each day", total, changed);
    }
    let needs = "who,subject,sessions,priority,days\nada,wi,1,must,mo\nada,wi,1,should,\nbob,wi,2,must,mo\n";
    // Ada's should on Tuesday; of Bob's two one is missing, as mathematics is once a day.
    binds(
        "needs of one subject with other days",
        210.0,
        &[days, ("layout.toml", &blocks), ("needs.csv", needs)],
    );
    // The lesson on Monday is for the must, though the should could have it as well.
    let monday = layout(&["b1 mo 09:00 10:00 lesson"]);
    binds("the assignment that counts most", 200.0, &[days, ("layout.toml", &monday), ("needs.csv", needs)]);
}

/// The video comes before the lesson.
const AFTER: (&str, &str) = (
    "offerings.csv",
    "offering,name,subjects,min,max,after\nvideo,Video,vi,1,2,\nwi,Wiskunde,wi,1,2,video\n",
);

#[test]
fn in_the_order_of_after() {
    let subjects = ("subjects.csv", "subject,name\nwi,Wiskunde\nvi,Video\n");
    let teachers = ("staff.csv", "staff,name,roles,subjects\nkim,Kim,teacher,wi|vi\nlee,Lee,teacher,wi|vi\n");
    let needs = ("needs.csv", "who,subject,sessions,priority\nall,wi,1,must\nada,vi,1,could\n");
    let places = ("places.csv", "place,name,site,seats,parallel\np1,Een,,2,2\np2,Twee,,2,1\n");
    let changed = [AFTER, subjects, teachers, needs, places];
    binds("only who has seen the video", 101.0, &changed);
    let with = |blocks: &[&str], total: f64, name: &str| {
        let (blocks, days) = (layout(blocks), "name = \"Twee\"\ndays = [\"mo\", \"tu\"]\n");
        let mut changed = changed.to_vec();
        changed.extend([("layout.toml", blocks.as_str()), ("school.toml", days)]);
        binds(name, total, &changed);
    };
    with(&["b1 mo 09:00 10:00 lesson", "b2 mo 09:59 11:00 lesson"], 1.0, "the video overlaps");
    with(&["b1 mo 11:00 12:00 lesson", "b2 tu 09:00 10:00 lesson"], 101.0, "the video on the day before");
    with(&["b1 mo 09:00 10:00 lesson"], 1.0, "no time after the video");
}

/// Two blocks of presence, filled with study by one supervisor.
fn study(least: u32, min_blocks: u32) -> [(&'static str, String); 2] {
    [
        (
            "school.toml",
            format!(
                "name = \"Twee\"\ndays = [\"mo\"]\n[presence]\nmin_blocks = {{ \"*\" = {least} }}\nfill = \"study\"\n"
            ),
        ),
        (
            "staff.csv",
            format!(
                "staff,name,roles,subjects,min_blocks\nkim,Kim,teacher,wi,0\nsim,Sim,supervisor,,{min_blocks}\n"
            ),
        ),
    ]
}

#[test]
fn study_only_to_the_least_presence() {
    let homework =
        layout(&["b1 mo 09:00 10:00 lesson", "b2 mo 10:00 11:00 zone", "b3 mo 11:00 12:00 homework"]);
    let blocks = ("layout.toml", homework.as_str());
    let places = ("places.csv", "place,name,site,seats,parallel\np1,Een,,2,1\np2,Twee,,2,1\n");
    for (least, min_blocks, total, name) in [
        (1, 0, 200.0, "lessons are presence enough"),
        // Sim is short of every block asked.
        (1, 1, 190.0, "nobody sits in to please a supervisor"),
        (2, 0, 200.0, "study fills"),
        (2, 1, 200.0, "a supervisor has what is asked"),
        (2, 2, 200.0, "each student studies while the other has the lesson"),
        (2, 3, 190.0, "no more than is there"),
        (3, 0, 180.0, "more presence than blocks"),
    ] {
        let files = study(least, min_blocks);
        let [school, staff] = [&files[0], &files[1]].map(|(file, text)| (*file, text.as_str()));
        binds(name, total, &[school, staff, blocks, places]);
    }
}

#[test]
fn study_beside_lessons_and_homework() {
    let places = ("places.csv", "place,name,site,seats,parallel\np1,Een,,2,1\np2,Twee,,2,1\n");
    let with = |name: &str, total: f64, (least, min_blocks): (u32, u32), blocks: &[&str], more: Files| {
        let files = study(least, min_blocks);
        let [school, staff] = [&files[0], &files[1]].map(|(file, text)| (*file, text.as_str()));
        let blocks = layout(blocks);
        binds(name, total, &[&[school, staff, places, ("layout.toml", &blocks)], more].concat());
    };
    // Presence asks for one lesson more than needs: Sim has two blocks of three.
    let three = &["b1 mo 09:00 10:00 lesson", "b2 mo 10:00 11:00 zone", "b3 mo 11:00 12:00 zone"];
    with("one study each", 190.0, (2, 3), three, &[]);
    let five = &[
        "b1 mo 09:00 10:00 lesson",
        "b2 mo 10:00 11:00 zone",
        "b3 mo 11:00 12:00 zone",
        "b4 mo 13:00 14:00 zone",
        "b5 mo 14:00 15:00 zone",
    ];
    let needs = ("needs.csv", "who,subject,sessions,priority\nall,wi,5,could\n");
    let offerings = ("offerings.csv", "offering,name,subjects,min,max,per_day\nwi,Wiskunde,wi,1,2,5\n");
    // Ada studies in place of four lessons, which Sim is worth.
    with("more lessons than the least presence", 6.0, (2, 1), five, &[needs, offerings]);
    // Homework is no presence.
    let homework = &["b1 mo 09:00 10:00 lesson", "b2 mo 10:00 11:00 zone", "b3 mo 11:00 12:00 homework"];
    let needs = ("needs.csv", "who,subject,sessions,priority\nall,wi,1,must\nall,homework,1,could\n");
    let offerings = (
        "offerings.csv",
        "offering,name,subjects,kinds,min,max,roles\nwi,Wiskunde,wi,lesson,1,2,teacher\n\
         help,Hulp,homework,homework,1,2,supervisor\n",
    );
    let staff = (
        "staff.csv",
        "staff,name,roles,subjects,min_blocks\nkim,Kim,teacher,wi,0\nsim,Sim,supervisor,homework,2\n",
    );
    with("study beside homework", 202.0, (2, 2), homework, &[needs, offerings, staff]);
}
