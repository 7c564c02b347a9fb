//! R2 and R5: so many sessions and students in a place, so long a way between sites.

use super::*;

fn places(rows: &str) -> String {
    format!("place,name,site,seats,parallel,tags\n{rows}")
}

#[test]
fn seats_and_sessions_at_once() {
    let one = layout(ONE_BLOCK);
    let overlapping = layout(&["b1 mo 09:00 10:00 lesson", "b2 mo 09:59 11:00 lesson"]);
    let touching = layout(&["b1 mo 09:00 10:00 lesson", "b2 mo 10:00 11:00 lesson"]);
    let blocks = [("one block", &one), ("overlapping", &overlapping), ("touching", &touching)];
    // Two teachers; by places and blocks: both students, or one of them.
    for (rows, totals) in [
        ("p1,Een,,1,1,\n", [100.0, 100.0, 200.0]),
        ("p1,Een,,2,1,\n", [200.0, 200.0, 200.0]),
        ("p1,Een,,1,2,\n", [100.0, 100.0, 200.0]),
        ("p1,Een,,1,1,\np2,Twee,,1,1,\n", [200.0, 200.0, 200.0]),
        ("p1,Een,,1,1,\np2,Twee,,1,1,kook\n", [200.0, 200.0, 200.0]),
    ] {
        for ((name, blocks), total) in blocks.iter().zip(totals) {
            let files = [TWO_TEACHERS, ("places.csv", &places(rows)), ("layout.toml", blocks.as_str())];
            binds(&format!("{name}, places {rows}"), total, &files);
        }
    }
    // Sessions of one student each.
    for (rows, totals) in [
        ("p1,Een,,2,1,\n", [100.0, 100.0, 200.0]),
        ("p1,Een,,2,2,\n", [200.0, 200.0, 200.0]),
        ("p1,Een,,2,1,\np2,Twee,,5,1,\n", [200.0, 200.0, 200.0]),
        ("p1,Een,,5,2,\np2,Twee,,1,1,kook\n", [200.0, 200.0, 200.0]),
    ] {
        for ((name, blocks), total) in blocks.iter().zip(totals) {
            let files =
                [TWO_TEACHERS, SINGLES, ("places.csv", &places(rows)), ("layout.toml", blocks.as_str())];
            binds(&format!("singles, {name}, places {rows}"), total, &files);
        }
    }
}

#[test]
fn places_of_several_offerings() {
    let one = layout(ONE_BLOCK);
    let subjects = ("subjects.csv", "subject,name\nwi,Wiskunde\nku,Kunst\n");
    let staff = ("staff.csv", "staff,name,roles,subjects\nkim,Kim,teacher,wi\nlee,Lee,teacher,ku\n");
    let needs = ("needs.csv", "who,subject,sessions,priority\nada,wi,1,must\nbob,ku,1,should\n");
    let offerings = |tag: &str| {
        format!("offering,name,subjects,min,max,tags\nwi,Wiskunde,wi,1,2,\nku,Kunst,ku,1,2,{tag}\n")
    };
    for (rows, tag, total) in [
        ("p1,Een,,2,1,\n", "", 100.0),
        ("p1,Een,,2,2,\n", "", 110.0),
        ("p1,Een,,1,2,\n", "", 100.0),
        ("p1,Een,,2,1,\np2,Twee,,2,1,\n", "", 110.0),
        ("p1,Een,,2,1,\np2,Twee,,2,1,\n", "kook", 100.0),
        ("p1,Een,,2,1,\np2,Twee,,2,1,kook\n", "kook", 110.0),
        ("p1,Een,,2,1,kook\n", "kook", 100.0),
    ] {
        let (places, offerings) = (places(rows), offerings(tag));
        let files = [subjects, staff, needs, ("offerings.csv", &offerings), ("places.csv", &places)];
        let mut files = files.to_vec();
        files.push(("layout.toml", &one));
        binds(&format!("places {rows}, tag `{tag}`"), total, &files);
    }
}

#[test]
fn a_busy_place() {
    let busy = ("busy.csv", "kind,id,day,start,end,note\nplace,p1,mo,09:30,09:31,\n");
    binds("busy in one of two blocks", 200.0, &[busy, NEEDS_TWO, TWICE_A_DAY]);
    binds(
        "busy until the block",
        400.0,
        &[("busy.csv", "kind,id,day,start,end,note\nplace,p1,mo,08:00,09:00,\n"), NEEDS_TWO, TWICE_A_DAY],
    );
}

#[test]
fn the_way_between_sites() {
    let places = ("places.csv", "place,name,site,seats,parallel\np1,Een,noord,2,1\np2,Twee,zuid,2,1\n");
    let students = ("students.csv", "student,name,class,year,site\nada,Ada,1a,1,noord\nbob,Bob,1a,1,zuid\n");
    let travel = |minutes: u32| {
        format!(
            "name = \"Twee\"\ndays = [\"mo\", \"tu\"]\n[[travel]]\nfrom = \"noord\"\nto = \"zuid\"\nminutes = {minutes}\n"
        )
    };
    let day = layout(&["b1 mo 09:00 10:00 lesson", "b2 mo 10:20 11:20 lesson"]);
    let days = layout(&["b1 mo 09:00 10:00 lesson", "b2 tu 09:00 10:00 lesson"]);
    let turned = layout(&["b2 mo 10:20 11:20 lesson", "b1 mo 09:00 10:00 lesson"]);
    for (minutes, blocks, total) in [
        (20, &day, 200.0),
        (21, &day, 100.0),
        (21, &turned, 100.0),
        (20, &turned, 200.0),
        (2000, &days, 200.0),
    ] {
        let settings = travel(minutes);
        let files = [places, students, ("school.toml", &settings), ("layout.toml", blocks.as_str())];
        binds(&format!("{minutes} minutes, {blocks}"), total, &files);
        let files =
            [places, students, TWO_TEACHERS, ("school.toml", &settings), ("layout.toml", blocks.as_str())];
        binds(&format!("{minutes} minutes, two teachers, {blocks}"), 200.0, &files);
    }
    let three = "place,name,site,seats,parallel\np1,Een,noord,2,1\np2,Twee,zuid,2,1\np3,Drie,west,2,1\n";
    let students = "student,name,class,year,site\nada,Ada,1a,1,noord\nbob,Bob,1a,1,west\ncas,Cas,1a,1,zuid\n";
    for (minutes, total) in [([20, 21, 21], 200.0), ([21, 21, 20], 200.0), ([21, 21, 21], 100.0)] {
        let mut settings = "name = \"Drie\"\ndays = [\"mo\"]\n".to_owned();
        let ways = [("noord", "zuid"), ("noord", "west"), ("zuid", "west")];
        for ((from, to), minutes) in ways.into_iter().zip(minutes) {
            settings += &format!("[[travel]]\nfrom = \"{from}\"\nto = \"{to}\"\nminutes = {minutes}\n");
        }
        let files = [
            ("places.csv", three),
            ("school.toml", settings.as_str()),
            ("students.csv", students),
            ("layout.toml", day.as_str()),
        ];
        binds(&format!("three sites, {minutes:?}"), total, &files);
    }
    let everywhere =
        ("places.csv", "place,name,site,seats,parallel\np1,Een,noord,1,1\np2,Twee,,1,1\np3,Drie,zuid,1,1\n");
    let settings = travel(60);
    let files = [everywhere, ("school.toml", &settings), ("layout.toml", day.as_str())];
    binds("a place without a site", 200.0, &files);
}

#[test]
fn students_of_no_site_need_time_to_travel_too() {
    let places =
        ("places.csv", "place,name,site,seats,parallel,tags\np1,Een,noord,2,1,x\np2,Twee,zuid,2,1,y\n");
    let subjects = ("subjects.csv", "subject,name\nwi,Wiskunde\nku,Kunst\n");
    let offerings =
        ("offerings.csv", "offering,name,subjects,min,max,tags\nwi,Wiskunde,wi,1,2,x\nku,Kunst,ku,1,2,y\n");
    let staff = ("staff.csv", "staff,name,roles,subjects\nkim,Kim,teacher,wi\nlee,Lee,teacher,ku\n");
    let needs = ("needs.csv", "who,subject,sessions,priority\nada,wi,1,must\nada,ku,1,should\n");
    let students =
        |site: &str| format!("student,name,class,year,site\nada,Ada,1a,1,{site}\nbob,Bob,1a,1,noord\n");
    let day = layout(&["b1 mo 09:00 10:00 lesson", "b2 mo 10:20 11:20 lesson"]);
    for (minutes, site, total) in [(20, "", 110.0), (21, "", 100.0), (20, "noord", 100.0)] {
        let settings = format!(
            "name = \"Twee\"\ndays = [\"mo\"]\n[[travel]]\nfrom = \"noord\"\nto = \"zuid\"\nminutes = {minutes}\n"
        );
        let students = students(site);
        let files = [
            places,
            subjects,
            offerings,
            staff,
            needs,
            ("students.csv", students.as_str()),
            ("school.toml", settings.as_str()),
            ("layout.toml", day.as_str()),
        ];
        binds(&format!("{minutes} minutes, site `{site}`"), total, &files);
    }
}
