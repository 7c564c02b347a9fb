//! R3: so many students with so many assistants, led by whoever may.

use leerzone::model::classes::Numbers;
use leerzone::model::rules::r3_sessions::capacity_lines;

use super::*;

/// Four students, one block, two teachers and two assistants.
fn of_four(offering: &str, seats: u32, total: f64) {
    let students = "student,name,class,year\nada,Ada,1a,1\nbob,Bob,1a,1\ncas,Cas,1a,1\ndik,Dik,1a,1\n";
    let staff = "staff,name,roles,subjects\nkim,Kim,teacher,wi\nlee,Lee,assistant,\nlou,Lou,assistant,\n";
    let offerings =
        format!("offering,name,subjects,min,max,assistants,per_assistant\nwi,Wiskunde,wi,{offering}\n");
    let places = format!("place,name,site,seats,parallel\np1,Een,,{seats},1\n");
    let files = [
        ("students.csv", students),
        ("staff.csv", staff),
        ("offerings.csv", &offerings),
        ("places.csv", &places),
        ("layout.toml", &layout(ONE_BLOCK)),
    ];
    binds(&format!("{offering} in {seats} seats"), total, &files);
}

#[test]
fn min_max_and_assistants() {
    // min, max, assistants, per_assistant
    of_four("1,3,0,0", 9, 300.0);
    of_four("4,4,0,0", 9, 400.0);
    of_four("5,9,0,0", 9, 0.0);
    of_four("1,1,1,1", 9, 200.0);
    of_four("1,1,2,1", 9, 300.0);
    of_four("1,1,3,1", 9, 300.0);
    of_four("1,1,1,2", 9, 300.0);
    of_four("1,1,1,3", 9, 400.0);
    of_four("1,1,2,2", 4, 400.0);
    of_four("1,1,2,2", 3, 300.0);
    of_four("1,1,2,2", 2, 200.0);
    of_four("1,1,2,2", 1, 100.0);
}

#[test]
fn assistants_who_are_qualified() {
    let students = "student,name,class,year\nada,Ada,1a,1\nbob,Bob,1a,1\ncas,Cas,1a,1\ndik,Dik,1a,1\n";
    for (subjects, lee, lou, asked, total) in [
        ("wi", "", "ne", "", 300.0),
        ("wi", "", "ne", "false", 300.0),
        ("wi", "", "ne", "true", 100.0),
        ("wi", "wi", "ne", "true", 200.0),
        ("wi|ne", "wi", "ne", "true", 300.0),
        ("wi|ne", "", "ne", "true", 200.0),
    ] {
        let staff = format!(
            "staff,name,roles,subjects\nkim,Kim,teacher,wi|ne\nlee,Lee,assistant,{lee}\nlou,Lou,assistant,{lou}\n"
        );
        let offerings = format!(
            "offering,name,subjects,min,max,assistants,per_assistant,assistants_qualified\nwi,Wiskunde,{subjects},1,1,2,1,{asked}\n"
        );
        let files = [
            ("students.csv", students),
            ("subjects.csv", "subject\nwi\nne\n"),
            ("places.csv", "place,name,site,seats,parallel\np1,Een,,9,1\n"),
            ("staff.csv", &staff),
            ("offerings.csv", &offerings),
            ("layout.toml", &layout(ONE_BLOCK)),
        ];
        binds(&format!("{subjects} with `{lee}` and `{lou}`, {asked}"), total, &files);
    }
}

#[test]
fn two_sessions_share_the_assistants() {
    let students = "student,name,class,year\nada,Ada,1a,1\nbob,Bob,1a,1\ncas,Cas,1a,1\ndik,Dik,1a,1\n";
    let one = layout(ONE_BLOCK);
    for (assistants, seats, total) in [
        ("lee,Lee,assistant,\n", [9, 9], 300.0),
        ("lee,Lee,assistant,\nlou,Lou,assistant,\n", [9, 9], 400.0),
        ("lee,Lee,assistant,\nlou,Lou,assistant,\n", [1, 9], 300.0),
        ("lee,Lee,assistant,\nlou,Lou,assistant,\n", [1, 1], 200.0),
    ] {
        let staff =
            format!("staff,name,roles,subjects\nkim,Kim,teacher,wi\nleo,Leo,teacher,wi\n{assistants}");
        let places =
            format!("place,name,site,seats,parallel\np1,Een,,{},1\np2,Twee,,{},1\n", seats[0], seats[1]);
        let files = [
            ("students.csv", students),
            ("staff.csv", &staff),
            (
                "offerings.csv",
                "offering,name,subjects,min,max,assistants,per_assistant\nwi,Wiskunde,wi,1,1,1,1\n",
            ),
            ("places.csv", &places),
            ("layout.toml", &one),
        ];
        binds(&format!("{assistants} {seats:?}"), total, &files);
    }
    // A session that is too small in each of two rooms: both students in one.
    let files = [
        ("staff.csv", "staff,name,roles,subjects\nkim,Kim,teacher,wi\nlee,Lee,teacher,wi\n"),
        ("offerings.csv", "offering,name,subjects,min,max\nwi,Wiskunde,wi,2,2\n"),
        ("places.csv", "place,name,site,seats,parallel\np1,Een,,1,1\np2,Twee,,2,1\np3,Drie,,3,1\n"),
        ("layout.toml", &one),
    ];
    binds("no session below min", 200.0, &files);
}

#[test]
fn only_who_may_lead() {
    for (row, qualified, total) in [
        ("kim,Kim,teacher,wi", "all", 0.0),
        ("kim,Kim,teacher,wi", "any", 200.0),
        ("kim,Kim,teacher,wi|na", "all", 200.0),
        ("kim,Kim,teacher,na", "any", 200.0),
        ("kim,Kim,teacher,", "any", 0.0),
        ("kim,Kim,guest,wi|na", "all", 0.0),
    ] {
        let staff = format!("staff,name,roles,subjects\n{row}\n");
        let offerings = format!(
            "offering,name,subjects,min,max,roles,qualified\nwi,Wiskunde,wi|na,1,2,teacher,{qualified}\n"
        );
        let files = [
            ("subjects.csv", "subject,name\nwi,Wiskunde\nna,Natuurkunde\n"),
            ("staff.csv", &staff),
            ("offerings.csv", &offerings),
        ];
        binds(&format!("{row}, {qualified}"), total, &files);
    }
}

/// Students in `sessions` with so many assistants together, these spread in the best way.
fn most(numbers: Numbers, seats: u32, sessions: u32, assistants: u32) -> u32 {
    if sessions == 0 {
        return if assistants == 0 { 0 } else { u32::MAX };
    }
    (0..=assistants.min(numbers.assistants))
        .map(|here| {
            let rest = most(numbers, seats, sessions - 1, assistants - here);
            if rest == u32::MAX { 0 } else { rest + (numbers.max + here * numbers.per_assistant).min(seats) }
        })
        .max()
        .unwrap_or(0)
}

#[test]
fn the_lines_of_a_capacity_are_the_capacity() {
    for max in 0..4 {
        for (most_assistants, per_assistant) in (0..4).flat_map(|a| (0..4).map(move |per| (a, per))) {
            let numbers = Numbers { min: 0, max, assistants: most_assistants, per_assistant };
            for (seats, comers) in (0..9).flat_map(|seats| (0..9).map(move |comers| (seats, comers))) {
                let lines = capacity_lines(numbers, seats, comers);
                for (sessions, assistants) in
                    (1..3).flat_map(|n| (0..=n * most_assistants).map(move |assistants| (n, assistants)))
                {
                    let held =
                        lines.iter().map(|&(session, assistant)| session * sessions + assistant * assistants);
                    let expected = most(numbers, seats.min(comers), sessions, assistants);
                    assert_eq!(held.min(), Some(expected), "{numbers:?} {seats} {comers}: {lines:?}");
                }
            }
        }
    }
}
