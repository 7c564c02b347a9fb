//! The rows of each rule for a school of two students, as text: a wrong sign or index shows without solving.
//! `GOLDEN=write cargo test --test solver golden` writes the texts anew, to be read before they are committed.

use std::fs;
use std::path::Path;

use leerzone::model::build;
use leerzone::model::scope::Scope;
use leerzone::model::sets::Sets;

use crate::program::{Files, school_with};

/// Compares the rows of the families with `tests/solver/golden/NAME.lp`; `changed` replaces files of the base.
fn golden(name: &str, families: &[&str], changed: Files) {
    let school = school_with(name, changed);
    let sets = Sets::new(&school);
    let scope = Scope::whole();
    let program = build::build_named(&school, &sets, &scope).program;
    let text = match families {
        [] => program.lp_objective(),
        _ => program.lp(families),
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/solver/golden/{name}.lp"));
    if std::env::var_os("GOLDEN").is_some_and(|value| value == "write") {
        fs::write(&path, &text).expect("a written text");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(text, expected, "{}", path.display());
}

const OVERLAPPING: (&str, &str) = (
    "layout.toml",
    "name = \"two\"\n[[block]]\nid = \"b1\"\ndays = [\"mo\"]\nstart = \"09:00\"\nend = \"10:00\"\n\
     kind = \"lesson\"\n[[block]]\nid = \"b2\"\ndays = [\"mo\"]\nstart = \"09:30\"\nend = \"10:30\"\n\
     kind = \"lesson\"\n",
);

#[test]
fn one_place_at_a_time() {
    let needs = ("needs.csv", "who,subject,sessions,priority\nall,wi,2,must\n");
    golden("r1_one_place", &["R1.student", "R1.staff"], &[OVERLAPPING, needs]);
}

#[test]
fn places_and_their_seats() {
    let places =
        ("places.csv", "place,name,seats,parallel,tags\np1,Een,2,1,\np2,Twee,2,1,kook\nplein,Plein,1,2,\n");
    let staff = ("staff.csv", "staff,name,roles,subjects\nkim,Kim,teacher,wi\nlee,Lee,teacher,wi\n");
    golden("r2_places", &["R2.places", "R2.sessions", "R2.seats"], &[OVERLAPPING, places, staff]);
}

#[test]
fn sizes_of_sessions() {
    let offerings = (
        "offerings.csv",
        "offering,name,subjects,min,max,assistants,per_assistant\nwi,Wiskunde,wi,1,1,1,1\n",
    );
    let staff = ("staff.csv", "staff,name,roles,subjects\nkim,Kim,teacher,wi\nlou,Lou,assistant,\n");
    golden(
        "r3_sessions",
        &["R3.leads", "R3.assistants", "R3.students", "R3.least", "R3.most"],
        &[offerings, staff],
    );
}

#[test]
fn limits_of_staff() {
    let offerings = ("offerings.csv", "offering,name,subjects,min,max\nwi,Wiskunde,wi,1,2\nwx,Meer,wi,1,2\n");
    let staff = (
        "staff.csv",
        "staff,name,roles,subjects,max_blocks,max_per_day,max_in_a_row,min_blocks\n\
         kim,Kim,teacher,wi,1,1,1,1\n",
    );
    golden(
        "r4_limits",
        &["R1.staff", "R4.week", "R4.day", "R4.row", "objective.min_blocks"],
        &[offerings, staff],
    );
}

#[test]
fn days_on_which_staff_work() {
    let days = ("school.toml", "name = \"Twee\"\ndays = [\"mo\", \"tu\"]\n");
    let layout = (
        "layout.toml",
        "name = \"two\"\n[[block]]\nid = \"b{day}1\"\ndays = [\"mo\"]\nstart = \"09:00\"\nend = \"10:00\"\n\
         kind = \"lesson\"\n[[block]]\nid = \"b{day}2\"\ndays = [\"mo\", \"tu\"]\nstart = \"11:00\"\n\
         end = \"12:00\"\nkind = \"lesson\"\n",
    );
    let staff = ("staff.csv", "staff,name,roles,subjects,max_days\nkim,Kim,teacher,wi,1\n");
    golden("r4_days", &["R4.days"], &[days, layout, staff]);
}

#[test]
fn travel() {
    let settings = (
        "school.toml",
        "name = \"Twee\"\ndays = [\"mo\"]\n[[travel]]\nfrom = \"noord\"\nto = \"zuid\"\nminutes = 20\n",
    );
    let places = ("places.csv", "place,name,site,seats\np1,Een,noord,2\np2,Twee,zuid,2\n");
    golden("r5_travel", &["R5.travel"], &[settings, places]);
}

#[test]
fn needs_per_day_and_after() {
    let offerings = (
        "offerings.csv",
        "offering,name,subjects,min,max,after\nvideo,Video,wi,1,2,\nwi,Wiskunde,wi,1,2,video\n",
    );
    let needs =
        ("needs.csv", "who,subject,sessions,priority\nada,wi,1,must\nada,wi,1,could\nbob,wi,1,must\n");
    golden("r6_needs", &["R6.request", "R6.per_day", "R6.after"], &[offerings, needs]);
}

#[test]
fn needs_on_some_days() {
    let days = ("school.toml", "name = \"Twee\"\ndays = [\"mo\", \"tu\"]\n");
    let layout = (
        "layout.toml",
        "name = \"two\"\n[[block]]\nid = \"{day}\"\ndays = [\"mo\", \"tu\"]\nstart = \"09:00\"\nend = \"10:00\"\n\
         kind = \"lesson\"\n",
    );
    let needs = (
        "needs.csv",
        "who,subject,sessions,priority,days\nada,wi,1,must,mo\nada,wi,1,could,\nbob,wi,1,must,tu\n",
    );
    golden("r6_days", &["R6.request"], &[days, layout, needs]);
}

#[test]
fn coaching_groups() {
    let settings = (
        "school.toml",
        "name = \"Twee\"\ndays = [\"mo\"]\n[coaching]\nmin = 1\nmax = 2\nmeetings = 1\ngroup_by = [\"class\"]\n",
    );
    let layout = (
        "layout.toml",
        "name = \"one\"\n[[block]]\nid = \"b1\"\ndays = [\"mo\"]\nstart = \"09:00\"\nend = \"10:00\"\n\
         kind = \"coaching\"\n",
    );
    let staff = ("staff.csv", "staff,name,roles,subjects\nkim,Kim,coach,\n");
    let students = ("students.csv", "student,name,class,year\nada,Ada,1a,1\nbob,Bob,1b,1\n");
    golden(
        "r7_coaching",
        &["R7.one_group", "R7.exists", "R7.size", "R7.mixing", "R7.meetings", "R7.attend", "R7.order"],
        &[settings, layout, staff, students, ("needs.csv", "who,subject,sessions,priority\n")],
    );
}

#[test]
fn pins_and_pairs() {
    let pins = (
        "pins.csv",
        "kind,block,offering,staff,place,student\nsession,b1,wi,,,\nattend,b2,wi,,,bob\nban,b2,,,,ada\n",
    );
    let pairs = ("pairs.csv", "kind,student,other\napart,ada,bob\n");
    golden("r8_pins", &["R8.session_pin", "R8.attend_pin", "R8.apart", "R8.ban"], &[pins, pairs]);
}

#[test]
fn budgets_and_reserve() {
    let settings = (
        "school.toml",
        "name = \"Twee\"\ndays = [\"mo\"]\n[reserve]\nstaff_per_block = 1\n[[reserve.group]]\npeople = 1\nroles = [\"guest\"]\n[[budget]]\nunit = \"*\"\ncost = 15.0\n",
    );
    let staff = (
        "staff.csv",
        "staff,name,roles,subjects,cost,max_blocks\nkim,Kim,teacher,wi,10,\nlee,Lee,guest,wi,20,1\n",
    );
    golden("r8_staff", &["R8.budget", "R8.reserve"], &[settings, staff]);
}

#[test]
fn packages() {
    let packages = ("packages.csv", "package,name,blocks,roles,people\nstage,Stage,2,teacher,1\n");
    let staff =
        ("staff.csv", "staff,name,roles,subjects,max_blocks\nkim,Kim,teacher,wi,3\nlee,Lee,teacher,,2\n");
    golden("r9_packages", &["R9.people", "R4.week"], &[packages, staff]);
}

#[test]
fn packages_for_some_and_what_they_cost() {
    let settings = (
        "school.toml",
        "name = \"Twee\"\ndays = [\"mo\"]\n[[budget]]\nunit = \"oost\"\ncovers = [\"staff:lee\"]\ncost = 45.0\n\
         [[budget]]\ncovers = [\"role:guest\"]\ncost = 30.0\n",
    );
    let packages = (
        "packages.csv",
        "package,name,blocks,roles,people,subjects,unit\nstage,Stage,2,,1,wi,oost\nmentor,Mentor,1,,1,wi,\n",
    );
    let staff = (
        "staff.csv",
        "staff,name,roles,subjects,unit,cost\nkim,Kim,teacher,wi,oost,10\nlee,Lee,teacher,wi,,20\n\
         mo,Mo,guest,,oost,30\nnol,Nol,teacher,,oost,40\n",
    );
    golden("r9_packages_for_some", &["R9.people", "R8.budget"], &[settings, packages, staff]);
}

#[test]
fn holders_who_meet_somebody() {
    let packages = (
        "packages.csv",
        "package,name,blocks,roles,people,subjects,unit,meets\nmentor,Mentor,1,,1,wi,,lee\n",
    );
    let staff = ("staff.csv", "staff,name,roles,subjects\nkim,Kim,teacher,wi\nlee,Lee,teacher,wi\n");
    golden("r9_meets", &["R9.people", "R9.meets"], &[packages, staff]);
}

#[test]
fn the_objective() {
    let settings = (
        "school.toml",
        "name = \"Twee\"\ndays = [\"mo\"]\n[presence]\nmin_blocks = { \"*\" = 1 }\nfill = \"none\"\n",
    );
    let history = ("history.csv", "student,subject,priority,missing\nbob,wi,must,1\n");
    let staff = ("staff.csv", "staff,name,roles,subjects,likes\nkim,Kim,teacher,wi,wi\n");
    let wishes = ("wishes.csv", "staff,kind,id,value\nkim,role,teacher,1\nkim,block,b1,-3\n");
    let changed = [settings, history, staff, wishes];
    golden("objective", &[], &changed);
    golden("objective_rows", &["objective.fairness", "objective.presence"], &changed);
}
