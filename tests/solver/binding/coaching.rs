//! R7, and what R1, R8 and stand-ins add to it: groups, their coaches and their meetings. A meeting missed costs 10,
//! a coach kept gains 5.

use leerzone::model::build;
use leerzone::model::engine::Engine;
use leerzone::model::scope::Scope;
use leerzone::model::sets::Sets;
use leerzone::school::{Grid, Id, StaffId};

use super::*;
use crate::program::limits;

const NO_NEEDS: (&str, &str) = ("needs.csv", "who,subject,sessions,priority\n");
const LOU: &str = "lou,Lou,coach,";
const LOU_AND_LIA: &str = "lou,Lou,coach,\nlia,Lia,coach,";
const TWO: &str = "ada,Ada,1a,1,,\nbob,Bob,1a,1,,";
const THREE: &str = "ada,Ada,1a,1,,\nbob,Bob,1a,1,,\ncas,Cas,1a,1,,";
const ONE_MEETING: &[&str] = &["c1 mo 08:30 09:00 coaching"];
const TWO_MEETINGS: &[&str] = &["c1 mo 08:30 09:00 coaching", "c2 mo 09:00 09:30 coaching"];
const ROOM: &str = "p1,Een,,5,1";

/// Rows of the files that bind here.
struct Coached<'a> {
    /// `min`, `max`, `meetings` and `group_by` of `[coaching]`.
    groups: (u32, u32, u32, &'a str),
    blocks: &'a [&'a str],
    places: &'a str,
    staff: &'a str,
    students: &'a str,
}

const PLAIN: Coached =
    Coached { groups: (1, 2, 1, ""), blocks: ONE_MEETING, places: ROOM, staff: LOU, students: TWO };

impl Coached<'_> {
    fn with<R>(&self, more: Files, ask: impl FnOnce(Files) -> R) -> R {
        let (min, max, meetings, group_by) = self.groups;
        let settings = format!(
            "name = \"Groep\"\ndays = [\"mo\"]\n[coaching]\nmin = {min}\nmax = {max}\nmeetings = {meetings}\n\
             group_by = [{group_by}]\n"
        );
        let blocks = layout(self.blocks);
        let places = format!("place,name,site,seats,parallel\n{}\n", self.places);
        let staff = format!("staff,name,roles,subjects\n{}\n", self.staff);
        let students = format!("student,name,class,year,site,coach\n{}\n", self.students);
        let mut files = vec![
            ("school.toml", settings.as_str()),
            ("layout.toml", &blocks),
            ("places.csv", &places),
            ("staff.csv", &staff),
            ("students.csv", &students),
            NO_NEEDS,
        ];
        files.extend_from_slice(more);
        ask(&files)
    }

    #[track_caller]
    fn binds(&self, name: &str, total: f64, more: Files) {
        self.with(more, |files| binds(name, total, files));
    }
}

#[test]
fn sizes_of_groups() {
    PLAIN.binds("one group of two", 0.0, &[]);
    Coached { groups: (1, 1, 1, ""), ..PLAIN }.binds("one of two groups meets", -10.0, &[]);
    Coached { groups: (1, 1, 1, ""), blocks: TWO_MEETINGS, ..PLAIN }.binds("in turn", 0.0, &[]);
    Coached { groups: (1, 1, 1, ""), staff: LOU_AND_LIA, places: "p1,Een,,5,2", ..PLAIN }.binds(
        "at once",
        0.0,
        &[],
    );
    Coached { students: THREE, ..PLAIN }.binds("two of three", -10.0, &[]);
    Coached { students: THREE, groups: (3, 3, 1, ""), ..PLAIN }.binds("exactly three", 0.0, &[]);
    Coached { students: THREE, groups: (2, 3, 1, ""), staff: LOU_AND_LIA, ..PLAIN }.binds(
        "no group of one",
        0.0,
        &[],
    );
}

#[test]
fn meetings_of_a_week() {
    Coached { blocks: TWO_MEETINGS, ..PLAIN }.binds("one meeting", 0.0, &[]);
    Coached { blocks: TWO_MEETINGS, groups: (1, 2, 2, ""), ..PLAIN }.binds("two meetings", 0.0, &[]);
    Coached { groups: (1, 2, 2, ""), ..PLAIN }.binds("no more than there are blocks", 0.0, &[]);
    let overlapping = &["c1 mo 08:30 09:00 coaching", "c2 mo 08:59 09:30 coaching"];
    Coached { blocks: overlapping, groups: (1, 2, 2, ""), ..PLAIN }.binds("blocks that overlap", -20.0, &[]);
    let busy = ("busy.csv", "kind,id,day,start,end,note\nstudent,ada,mo,08:30,08:40,\n");
    PLAIN.binds("who is busy stays away", -10.0, &[busy]);
    let busy = ("busy.csv", "kind,id,day,start,end,note\nstaff,lou,mo,08:30,08:40,\n");
    PLAIN.binds("the coach is busy", -20.0, &[busy]);
}

#[test]
fn seats_of_meetings() {
    for (groups, places, total) in [
        ((1, 2, 1, ""), "p1,Een,,2,1", 0.0),
        ((1, 2, 1, ""), "p1,Een,,1,1", -10.0),
        ((2, 2, 1, ""), "p1,Een,,1,1", -20.0),
        ((1, 1, 1, ""), "p1,Een,,2,2", 0.0),
        ((1, 1, 1, ""), "p1,Een,,1,2", -10.0),
        ((1, 1, 1, ""), "p1,Een,,1,1\np2,Twee,,1,1", 0.0),
        ((1, 1, 1, ""), "p1,Een,,5,1\np2,Twee,,1,1", 0.0),
        ((1, 1, 1, ""), "p1,Een,,5,1\np2,Twee,,1,2", 0.0),
        ((2, 2, 1, ""), "p1,Een,,1,1\np2,Twee,,1,2", -20.0),
        ((2, 2, 1, ""), "p1,Een,,1,1\np2,Twee,,2,2", 0.0),
    ] {
        let coached = Coached { groups, places, staff: LOU_AND_LIA, ..PLAIN };
        coached.binds(&format!("{groups:?} in {places}"), total, &[]);
    }
    // All who are free attend: a group of three does not meet in two seats, nor beside a lesson in the same room.
    let three = Coached { groups: (3, 3, 1, ""), students: THREE, ..PLAIN };
    Coached { places: "p1,Een,,2,1", ..three }.binds("three in two seats", -30.0, &[]);
    let busy = ("busy.csv", "kind,id,day,start,end,note\nstudent,ada,mo,08:30,08:40,\n");
    let three = Coached { groups: (3, 3, 1, ""), students: THREE, ..PLAIN };
    Coached { places: "p1,Een,,2,1", ..three }.binds("two of three are free", -10.0, &[busy]);
    // Four seats of one room for two groups of three: only one of them meets.
    let six = "a1,A,1a,1,,\na2,A,1a,1,,\na3,A,1a,1,,\na4,A,1a,1,,\na5,A,1a,1,,\na6,A,1a,1,,";
    let two = Coached { groups: (3, 3, 1, ""), students: six, staff: LOU_AND_LIA, ..PLAIN };
    Coached { places: "p1,Een,,5,2", ..two }.binds("two groups in five seats", -30.0, &[]);
    let two = Coached { groups: (3, 3, 1, ""), students: six, staff: LOU_AND_LIA, ..PLAIN };
    Coached { places: "p1,Een,,6,2", ..two }.binds("two groups in six seats", 0.0, &[]);
}

#[test]
fn groups_do_not_mix() {
    let students = "ada,Ada,1a,1,,\nbob,Bob,1b,1,,\ncas,Cas,1a,2,,";
    for (group_by, total) in [
        ("", 0.0),
        ("\"class\"", -10.0),
        ("\"year\"", -10.0),
        ("\"class\", \"year\"", -20.0),
        ("\"unit\"", 0.0),
    ] {
        let coached = Coached { groups: (1, 3, 1, group_by), students, ..PLAIN };
        coached.binds(&format!("by {group_by}"), total, &[]);
    }
    let places = "p1,Een,noord,5,1\np2,Twee,zuid,5,1";
    for (students, total) in [
        ("ada,Ada,1a,1,noord,\nbob,Bob,1b,1,noord,\ncas,Cas,1a,2,noord,", 0.0),
        ("ada,Ada,1a,1,noord,\nbob,Bob,1b,1,noord,\ncas,Cas,1a,2,zuid,", -10.0),
        ("ada,Ada,1a,1,noord,\nbob,Bob,1b,1,,\ncas,Cas,1a,2,zuid,", -10.0),
        ("ada,Ada,1a,1,,\nbob,Bob,1b,1,,\ncas,Cas,1a,2,zuid,", 0.0),
    ] {
        let coached = Coached { groups: (1, 3, 1, ""), places, students, ..PLAIN };
        coached.binds(students, total, &[]);
        let only_south = Coached { groups: (1, 3, 1, ""), places: "p2,Twee,zuid,5,1", students, ..PLAIN };
        let north = students.matches("noord").count() as f64;
        only_south.binds(&format!("{students} with a place in the south"), -10.0 * north, &[]);
    }
}

#[test]
fn the_present_coach_is_kept() {
    let students = "ada,Ada,1a,1,,lou\nbob,Bob,1a,1,,lia";
    let places = "p1,Een,,5,2";
    let coached = Coached { students, places, staff: LOU_AND_LIA, ..PLAIN };
    coached.binds("each keeps theirs", 10.0, &[]);
    let coached = Coached { groups: (2, 2, 1, ""), students, places, staff: LOU_AND_LIA, ..PLAIN };
    coached.binds("one group keeps one", 5.0, &[]);
    let students = "ada,Ada,1a,1,,lia\nbob,Bob,1a,1,,lia";
    let coached = Coached { groups: (2, 2, 1, ""), students, places, staff: LOU_AND_LIA, ..PLAIN };
    coached.binds("the second coach has a group, the first has none", 10.0, &[]);
}

#[test]
fn meetings_in_own_places() {
    let settings = |own: &str| {
        format!(
            "name = \"Groep\"\ndays = [\"mo\"]\n[coaching]\nmin = 1\nmax = 2\nmeetings = 1\ngroup_by = []\n\
             [units]\nown_places = \"{own}\"\n"
        )
    };
    let staff = ("staff.csv", "staff,name,roles,subjects,unit\nlou,Lou,coach,,noord\n");
    for (own, unit, total) in [("require", "noord", 0.0), ("require", "zuid", -20.0), ("prefer", "zuid", 0.0)]
    {
        let places = format!("place,name,site,seats,parallel,unit\np1,Een,,5,1,{unit}\n");
        let settings = settings(own);
        PLAIN.binds(
            &format!("{own} in a place of {unit}"),
            total,
            &[("school.toml", &settings), staff, ("places.csv", &places)],
        );
    }
}

#[test]
fn pairs_in_groups() {
    let apart = ("pairs.csv", "kind,student,other\napart,ada,bob\n");
    let together = ("pairs.csv", "kind,student,other\ntogether,ada,bob\n");
    PLAIN.binds("apart", -10.0, &[apart]);
    PLAIN.binds("together", 0.0, &[together]);
    let students = "ada,Ada,1a,1,,lou\nbob,Bob,1a,1,,lia";
    let coached = Coached { students, places: "p1,Een,,5,2", staff: LOU_AND_LIA, ..PLAIN };
    coached.binds("together with one of their coaches", 5.0, &[together]);
    // Lou may not take Bob.
    let units = (
        "school.toml",
        "name = \"Groep\"\ndays = [\"mo\"]\n[coaching]\nmin = 1\nmax = 2\nmeetings = 1\n\
                                 group_by = []\n[units]\nown_staff = \"require\"\n",
    );
    let staff = ("staff.csv", "staff,name,roles,subjects,unit\nlou,Lou,coach,,noord\nlia,Lia,coach,,\n");
    let students =
        ("students.csv", "student,name,class,year,unit,coach\nada,Ada,1a,1,noord,lou\nbob,Bob,1a,1,zuid,\n");
    PLAIN.binds("together with whom both may have", 0.0, &[together, units, staff, students]);
    Coached { places: "p1,Een,,5,2", ..PLAIN }.binds("each for themselves", 5.0, &[units, staff, students]);
    // Each has a coach who may not take the other; only Lot may take both.
    let staff = (
        "staff.csv",
        "staff,name,roles,subjects,unit\nlou,Lou,coach,,noord\nlia,Lia,coach,,zuid\nlot,Lot,coach,,\n",
    );
    let students = (
        "students.csv",
        "student,name,class,year,unit,coach\nada,Ada,1a,1,noord,lou\nbob,Bob,1a,1,zuid,lia\n",
    );
    let coached = Coached { places: "p1,Een,,5,2", ..PLAIN };
    coached.binds("apart with their coaches", 10.0, &[units, staff, students]);
    coached.binds("together with the third", 0.0, &[together, units, staff, students]);
}

#[test]
fn bans_of_meetings() {
    let places = "p1,Een,,5,1\np2,Twee,,1,1";
    for (ban, total) in [
        ("ban,c1,,,,", -20.0),
        ("ban,,,lou,,", -20.0),
        ("ban,,,,p1,", -10.0),
        ("ban,,,,p2,", 0.0),
        ("ban,,,,,ada", -10.0),
        ("ban,c1,,,,ada", -10.0),
        ("ban,c1,,lou,p1,ada", -10.0),
        ("ban,,,lia,,ada", 0.0),
        ("ban,,,,p2,ada", 0.0),
        ("ban,,wi,,,ada", 0.0),
    ] {
        let pins = format!("kind,block,offering,staff,place,student\n{ban}\n");
        let staff = "lou,Lou,coach,\nlia,Lia,teacher,";
        Coached { places, staff, ..PLAIN }.binds(ban, total, &[("pins.csv", &pins)]);
    }
    // Who is busy anyhow is not kept from the group by a ban.
    let busy = ("busy.csv", "kind,id,day,start,end,note\nstudent,ada,mo,08:30,08:40,\n");
    let pins = ("pins.csv", "kind,block,offering,staff,place,student\nban,c1,,,,ada\n");
    Coached { groups: (2, 2, 1, ""), ..PLAIN }.binds("banned and busy", -10.0, &[busy, pins]);
    Coached { groups: (2, 2, 1, ""), ..PLAIN }.binds("banned and free", -20.0, &[pins]);
}

#[test]
fn meetings_beside_lessons() {
    let blocks = &["c1 mo 08:30 09:15 coaching", "b1 mo 09:00 10:00 lesson"];
    let staff = "lou,Lou,coach,\nkim,Kim,teacher,wi";
    let beside = Coached { blocks, staff, places: "p1,Een,,5,2", ..PLAIN };
    let with = |name: &str, total: f64, priority: &str, more: Files| {
        let needs = format!("who,subject,sessions,priority\nall,wi,1,{priority}\n");
        beside.binds(name, total, &[&[("needs.csv", needs.as_str())], more].concat());
    };
    with("the lesson is worth more", 180.0, "must", &[]);
    with("the meeting is worth more", 0.0, "could", &[]);
    // Ada, busy when the group meets, has the lesson meanwhile.
    let busy = ("busy.csv", "kind,id,day,start,end,note\nstudent,ada,mo,08:30,08:40,\n");
    with("who is not at the meeting", -9.0, "could", &[busy]);
    for (places, total) in [("p1,Een,,5,1", -10.0), ("p1,Een,,1,2", -10.0), ("p1,Een,,2,2", -9.0)] {
        let needs = ("needs.csv", "who,subject,sessions,priority\nall,wi,1,could\n");
        Coached { places, ..beside }.binds(&format!("a lesson beside it in {places}"), total, &[busy, needs]);
    }
    // A coach who also teaches does one of the two.
    let both = Coached { blocks, staff: "lou,Lou,coach|teacher,wi", ..PLAIN };
    both.binds(
        "a coach who teaches",
        180.0,
        &[("needs.csv", "who,subject,sessions,priority\nall,wi,1,must\n")],
    );
}

#[test]
fn one_stands_in_for_a_coach() {
    let held = Coached { groups: (2, 2, 1, ""), places: "p1,Een,,5,2", ..PLAIN };
    let both = Coached { staff: "lou,Lou,coach,\nlia,Lia,coach,\nlot,Lot,coach,", ..held };
    both.with(
        &[("students.csv", "student,name,class,year,coach\nada,Ada,1a,1,lou\nbob,Bob,1a,1,lou\n")],
        |files| {
            let school = school_with("stand-ins", files);
            let (mut schedule, total) =
                best("stand-ins", &school, EngineChoice::Microlp).expect("a schedule");
            assert!((total - 10.0).abs() < 1e-6, "{total}");
            let open = std::mem::take(&mut schedule.meetings);
            let mut absent = school.clone();
            absent.block_ids().for_each(|block| absent.staff_free[(StaffId::new(0), block)] = false);
            let sets = Sets::new(&absent);
            let cells = Grid::filled(absent.staff.len(), absent.blocks.len(), true);
            let mut scope = Scope::part(&sets, &schedule, vec![true; 2], cells);
            if let Scope::Neighbourhood(part) = &mut scope {
                part.open_meetings = &open;
            }
            for &engine in EngineChoice::ALL {
                let model = build::build(&absent, &sets, &scope);
                let solved = Engine::new(engine).solve(&model, &limits(), None).expect("an answer");
                let (covered, total) = solved.schedule.expect("a schedule");
                assert!((total - 10.0).abs() < 1e-6, "{total}");
                assert_eq!(covered.meetings.len(), 1);
                assert!(covered.meetings[0].stand_in.is_some_and(|staff| staff != StaffId::new(0)));
            }
        },
    );
}
