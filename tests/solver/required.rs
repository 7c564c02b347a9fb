//! What a schedule must contain, whatever it costs (pins, packages, pairs), and what is won by looking at the whole:
//! the search alone, without the engine's proof, reaches the best total of small schools that were hard for it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::program::judged;
use leerzone::read_school;

/// The files of a school of five days with blocks at 9, 10 and 11 o'clock, r0 to r3 for 30 students each, and needs for
/// f0 to f11, each with two teachers.
struct Files {
    offerings: String,
    staff: String,
    places: String,
    students: String,
    needs: String,
    others: Vec<(&'static str, String)>,
    settings: String,
    coaching_block: bool,
}

fn full_week(students: usize) -> Files {
    let mut files = Files {
        offerings: String::new(),
        staff: String::new(),
        places: (0..4).map(|room| format!("r{room},,30,\n")).collect(),
        students: (0..students).map(|i| format!("l{i},,\n")).collect(),
        needs: String::new(),
        others: Vec::new(),
        settings: String::new(),
        coaching_block: false,
    };
    for offering in 0..12 {
        files.offering(&format!("f{offering}"), 25, "");
        files.staff += &format!("t{offering}a,teacher,f{offering},,\nt{offering}b,teacher,f{offering},,\n");
        files.need("all", &format!("f{offering}"), 1, "should");
    }
    files
}

impl Files {
    fn offering(&mut self, id: &str, max: u32, tags: &str) {
        writeln!(self.offerings, "{id},{id},1,{max},{tags}").expect("text");
    }

    fn need(&mut self, who: &str, subject: &str, sessions: u32, priority: &str) {
        writeln!(self.needs, "{who},{subject},{sessions},{priority}").expect("text");
    }

    fn pins(&mut self, rows: &str) {
        self.others.push(("pins.csv", format!("kind,block,offering,staff,place,student\n{rows}")));
    }

    fn write(&self, dir: &Path) {
        let days = "days = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]\n";
        let block = |id: &str, start: &str, end: &str, kind: &str| {
            format!(
                "[[block]]\nid = \"{{day}}-{id}\"\n{days}start = \"{start}\"\nend = \"{end}\"\nkind = \"{kind}\"\n"
            )
        };
        let mut layout = "name = \"three\"\n".to_owned();
        if self.coaching_block {
            layout += &block("start", "08:30", "09:00", "coaching");
        }
        for (id, hour) in [("1", 9), ("2", 10), ("3", 11)] {
            layout += &block(id, &format!("{hour:02}:00"), &format!("{}:00", hour + 1), "lesson");
        }
        let subjects: String = self
            .offerings
            .lines()
            .filter_map(|row| row.split(',').next())
            .fold("subject,name\n".to_owned(), |text, subject| text + &format!("{subject},{subject}\n"));
        fs::create_dir_all(dir).expect("a folder");
        let write = |file: &str, text: String| fs::write(dir.join(file), text).expect("written");
        write("school.toml", format!("name = \"full week\"\n{days}{}", self.settings));
        write("layout.toml", layout);
        write("subjects.csv", subjects);
        write("offerings.csv", format!("offering,subjects,min,max,tags\n{}", self.offerings));
        write("places.csv", format!("place,site,seats,tags\n{}", self.places));
        write("staff.csv", format!("staff,roles,subjects,max_blocks,sites\n{}", self.staff));
        write("students.csv", format!("student,site,coach\n{}", self.students));
        write("needs.csv", format!("who,subject,sessions,priority\n{}", self.needs));
        self.others.iter().for_each(|(file, text)| write(file, text.clone()));
    }

    /// The total that the search reaches, judged by the referee.
    fn searched(&self) -> f64 {
        let folder = tempfile::tempdir().expect("a folder");
        let dir = folder.path().join("school");
        self.write(&dir);
        let school = read_school(&dir, None).school.expect("a valid school");
        let options = leerzone::model::Options {
            time_limit: Some(Duration::from_secs(20)),
            gap: 0.0,
            threads: 1,
            seed: 0,
            engine: leerzone::model::EngineChoice::Microlp,
            method: leerzone::model::Method::Search,
            memory_limit: None,
            stop: Default::default(),
        };
        let (schedule, outcome) =
            leerzone::model::solve(&school, &options, &mut Nobody).expect("a schedule exists");
        judged("a full week", &school, &schedule, outcome.total, outcome.bound)
    }
}

struct Nobody;

impl leerzone::model::Observer for Nobody {
    fn progress(&mut self, _progress: &leerzone::model::Progress) {}
}

#[test]
fn students_pinned_to_one_subject_at_different_times_each_have_their_session() {
    let mut school = full_week(25);
    school.offering("a", 25, "");
    school.staff += "ta,teacher,a,,\ntb,teacher,a,,\n";
    school.need("all", "a", 1, "must");
    school.pins("attend,mon-1,a,,,l0\nattend,tue-1,a,,,l1\n");
    assert_eq!(school.searched(), 5_500.0);
}

#[test]
fn pinned_sessions_share_the_students_who_would_fit_into_one() {
    let mut school = full_week(25);
    school.offering("a", 30, "");
    school.staff += "ta,teacher,a,,\ntb,teacher,a,,\n";
    school.need("all", "a", 1, "must");
    school.pins("session,mon-1,a,ta,r0,\nsession,tue-1,a,tb,r1,\n");
    assert_eq!(school.searched(), 5_500.0);
}

#[test]
fn a_pinned_session_leaves_the_only_lead_to_another() {
    let mut school = full_week(25);
    school.offering("a", 25, "");
    school.offering("b", 25, "");
    school.staff += "ta,teacher,a|b,1,\ntb,teacher,a,1,\n";
    school.need("all", "a", 1, "must");
    school.need("all", "b", 1, "must");
    school.pins("session,mon-1,a,,,\nsession,tue-1,b,,,\n");
    assert_eq!(school.searched(), 8_000.0);
}

#[test]
fn a_pinned_session_leaves_the_only_room_to_another() {
    let mut school = full_week(25);
    school.places = "r0,,30,lab\nr1,,30,\n".to_owned();
    school.offering("a", 25, "");
    school.offering("b", 25, "lab");
    school.staff += "ta,teacher,a,,\ntb,teacher,b,,\n";
    school.need("all", "a", 1, "must");
    school.need("all", "b", 1, "must");
    school.pins("session,mon-1,a,ta,,\nsession,mon-1,b,tb,,\n");
    assert_eq!(school.searched(), 8_000.0);
}

#[test]
fn packages_go_to_who_alone_may_hold_them() {
    let mut school = full_week(25);
    // Everybody has a block for lessons only, but for two.
    school.staff = school.staff.replace(",,\n", ",1,\n");
    school.staff += "x,coach|teacher,f0,3,\ny,teacher,f1,2,\n";
    let rows = "any,any,2,,1\ncoaching,coaching,2,coach,1\n";
    school.others.push(("packages.csv", format!("package,name,blocks,roles,people\n{rows}")));
    assert_eq!(school.searched(), 3_000.0);
}

#[test]
fn pairs_make_as_many_groups_as_they_need() {
    let mut school = full_week(30);
    school.coaching_block = true;
    school.settings = "[coaching]\nmin = 5\nmax = 15\nmeetings = 5\n".to_owned();
    (0..4).for_each(|coach| school.staff += &format!("c{coach},coach,,,\n"));
    let couples: String = (0..30).step_by(2).map(|i| format!("together,l{i},l{}\n", i + 1)).collect();
    school.others.push(("pairs.csv", format!("kind,student,other\n{couples}apart,l0,l2\n")));
    assert_eq!(school.searched(), 3_600.0);
}

#[test]
fn one_coach_has_several_groups_where_nobody_else_coaches() {
    let mut school = full_week(30);
    school.coaching_block = true;
    school.settings = "[coaching]\nmin = 5\nmax = 15\nmeetings = 5\n".to_owned();
    school.staff += "c,coach,,,\n";
    // 30 students want five meetings, the coach has five blocks: half of the meetings are missing.
    assert_eq!(school.searched(), 3_600.0 - 10.0 * 75.0);
}

#[test]
fn staff_of_two_sites_are_not_handed_out_for_good() {
    let mut school = full_week(0);
    school.offerings = String::new();
    school.needs = String::new();
    school.offering("a", 25, "");
    school.students = (0..40).map(|i| format!("l{i},{},\n", ["n", "z"][i % 2])).collect();
    school.places = "rn,n,25,\nrz,z,25,\n".to_owned();
    school.staff = "t,teacher,a,,n|z\n".to_owned();
    school.need("all", "a", 5, "should");
    // Those of one site are free at nine and those of the other at ten.
    let busy = |(i, day): (usize, &str)| {
        let (start, end) = [("10:00", "12:00"), ("09:00", "10:00")][i % 2];
        format!("student,l{i},{day},{start},{end}\n")
    };
    let days = ["mon", "tue", "wed", "thu", "fri"];
    let rows: String = (0..40).flat_map(|i| days.map(|day| (i, day))).map(busy).collect();
    school.others.push(("busy.csv", format!("kind,id,day,start,end\n{rows}")));
    assert_eq!(school.searched(), 2_000.0);
}

#[test]
fn nobody_loses_a_coach_whom_all_could_keep() {
    let mut school = full_week(0);
    school.coaching_block = true;
    school.offerings = String::new();
    school.needs = String::new();
    school.offering("a", 24, "");
    school.settings = "[coaching]\nmin = 8\nmax = 24\nmeetings = 1\n".to_owned();
    school.staff = "c0,coach|teacher,a,3,\nc1,coach|teacher,a,3,\n".to_owned();
    school.students = (0..24).map(|i| format!("l{i},,c{}\n", i / 12)).collect();
    school.need("all", "a", 3, "should");
    assert_eq!(school.searched(), 840.0);
}
