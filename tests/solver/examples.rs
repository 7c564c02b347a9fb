//! The small schools in `examples/`: each is solved, verified, has the total that its README works out by hand,
//! and shows in its files what its idea is about.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

type Row = BTreeMap<String, String>;

/// A solved and verified example.
struct Solved {
    out: TempDir,
}

/// Solves an example from the command line, lets the referee check it, and compares the total with that of
/// its README.
fn solve(example: &str) -> Solved {
    let solved = run(example, &["--time-limit", "60"]);
    assert_eq!(solved.summary("total"), expected_total(example), "total of {example}");
    solved
}

fn expected_total(example: &str) -> f64 {
    let readme = fs::read_to_string(examples().join(example).join("README.md")).expect("a README");
    let total = ["Expected total: ", "Verwacht totaal: "];
    let expected = readme.lines().find_map(|line| total.iter().find_map(|said| line.strip_prefix(said)));
    expected.expect("a line `Expected total:`").parse().expect("a number")
}

fn run(example: &str, options: &[&str]) -> Solved {
    let dir = examples().join(example);
    let out = TempDir::new().expect("a temporary folder");
    let schedule = out.path().join("schedule");
    leerzone()
        .arg("solve")
        .arg(&dir)
        .arg("--out")
        .arg(&schedule)
        .args(["--gap", "0", "--quiet", "--csv", "plain"])
        .args(options)
        .assert()
        .success();
    leerzone().arg("verify").arg(&dir).arg(&schedule).assert().success();
    Solved { out }
}

fn leerzone() -> Command {
    Command::cargo_bin("leerzone").expect("the binary is built")
}

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

fn names() -> BTreeSet<String> {
    let entries = fs::read_dir(examples()).expect("the examples");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

impl Solved {
    fn summary(&self, key: &str) -> f64 {
        let text = fs::read_to_string(self.out.path().join("schedule/summary.json")).expect("summary.json");
        let summary: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        summary[key].as_f64().unwrap_or_else(|| panic!("no number {key} in {summary}"))
    }

    fn rows(&self, file: &str) -> Vec<Row> {
        let path = self.out.path().join("schedule").join(file);
        let mut reader = csv::Reader::from_path(path).expect("a file of the schedule");
        reader.deserialize().map(|row| row.expect("a row")).collect()
    }

    /// Rows of `file` in which every given column has the given value.
    fn select(&self, file: &str, cells: &[(&str, &str)]) -> Vec<Row> {
        let mut rows = self.rows(file);
        rows.retain(|row| cells.iter().all(|&(column, value)| row[column] == value));
        rows
    }

    /// Rows of `student_timetable.csv` of the attendances of an offering.
    fn attendances(&self, offering: &str) -> Vec<Row> {
        self.select("student_timetable.csv", &[("offering", offering)])
    }

    fn sessions(&self, offering: &str) -> Vec<Row> {
        self.select("sessions.csv", &[("offering", offering)])
    }

    fn unmet(&self) -> BTreeSet<String> {
        values(&self.rows("unmet_needs.csv"), "student")
    }

    /// The coaching groups: coach and students.
    fn groups(&self) -> Vec<(String, BTreeSet<String>)> {
        let mut groups: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
        for row in self.rows("coaching_groups.csv") {
            let group = groups.entry(row["group"].clone()).or_default();
            group.0 = row["coach"].clone();
            group.1.insert(row["student"].clone());
        }
        groups.into_values().collect()
    }
}

fn values(rows: &[Row], column: &str) -> BTreeSet<String> {
    rows.iter().map(|row| row[column].clone()).collect()
}

fn set(values: &[&str]) -> BTreeSet<String> {
    values.iter().map(|&value| value.to_owned()).collect()
}

/// Minutes since midnight.
fn minutes(time: &str) -> u32 {
    let (hours, minutes) = time.split_once(':').expect("HH:MM");
    hours.parse::<u32>().expect("hours") * 60 + minutes.parse::<u32>().expect("minutes")
}

#[test]
fn every_example_has_a_test() {
    let tests = include_str!("examples.rs");
    for name in names() {
        assert!(tests.contains(&format!("solve(\"{name}\")")), "no test solves examples/{name}");
    }
}

/// The whole model as one program is small enough here to be solved to the end: the totals that the READMEs
/// give are the best possible.
#[test]
fn every_total_is_proven() {
    for name in names() {
        let proven = run(&name, &["--method", "monolith", "--time-limit", "60"]);
        assert!(proven.summary("gap") < 1e-6, "gap of {name}");
        assert_eq!(proven.summary("total"), expected_total(&name), "total of {name}");
    }
}

/// The same school with Dutch headings and words, separated as a Dutch Excel does it.
#[test]
fn eerste_school() {
    let (dutch, english) = (solve("eerste-school"), solve("first-school"));
    assert_eq!(dutch.summary("total"), english.summary("total"));
    assert_eq!(values(&dutch.rows("unmet_needs.csv"), "subject"), set(&["ku"]));
}

#[test]
fn first_school() {
    let solved = solve("first-school");
    let unmet = solved.rows("unmet_needs.csv");
    assert_eq!(values(&unmet, "subject"), set(&["ku"]));
    assert_eq!(unmet.len(), 2);
    // Mathematics is asked of whoever supervises Bram and Elif.
    for student in ["bram", "elif"] {
        let homework = solved.select("student_timetable.csv", &[("student", student), ("kind", "homework")]);
        assert_eq!(values(&homework, "lead"), set(&["bert"]));
    }
    let coaching = solved.select("student_timetable.csv", &[("kind", "coaching")]);
    assert_eq!(coaching.len(), 16 * 5);
}

#[test]
fn practice_comes_after_the_joint_instruction() {
    let solved = solve("joint-instruction");
    let instructed: BTreeMap<String, u32> = solved
        .attendances("instruction")
        .iter()
        .map(|row| (row["student"].clone(), minutes(&row["end"])))
        .collect();
    let practice = solved.attendances("practice");
    assert_eq!(solved.attendances("instruction").len() + practice.len(), 55);
    for row in practice {
        assert!(instructed[&row["student"]] <= minutes(&row["start"]), "{row:?}");
    }
    // More than ten fit only where the assistant is.
    for session in solved.sessions("practice") {
        let students: u32 = session["students"].parse().expect("a number of students");
        assert!(students <= 10 || session["assistants"] == "ada", "{session:?}");
        assert!(session["assistants"].is_empty() || session["assistants"] == "ada", "{session:?}");
    }
}

#[test]
fn a_learning_zone_serves_several_subjects_at_one_desk() {
    let solved = solve("learning-zone");
    let [desk] = &solved.rows("sessions.csv")[..] else { panic!("one session") };
    assert_eq!((desk["offering"].as_str(), desk["lead"].as_str()), ("plein", "kim"));
    assert_eq!(values(&solved.attendances("plein"), "subject"), set(&["ne", "en", "wi"]));
    assert_eq!(solved.unmet(), set(&["wout"]));
}

#[test]
fn an_offering_is_for_its_audience_only() {
    let solved = solve("audience");
    let deeper = values(&solved.attendances("deeper"), "student");
    assert_eq!(deeper, set(&["aya", "gijs", "hind", "ivo"]));
    assert_eq!(solved.attendances("basics").len(), 4);
    assert_eq!(solved.unmet().len(), 1);
}

#[test]
fn sessions_after_the_test_do_not_count() {
    let solved = solve("before-the-test");
    let before = solved.select("student_timetable.csv", &[("day", "mon")]);
    assert_eq!(before.len(), 3);
    let class = set(&["aya", "ben", "cas", "dora"]);
    assert!(values(&before, "student").is_subset(&class), "{before:?}");
    let [unmet] = &solved.rows("unmet_needs.csv")[..] else { panic!("one student goes without") };
    assert!(class.contains(&unmet["student"]), "{unmet:?}");
    assert_eq!(unmet["reason"], "sessions-full");
}

#[test]
fn zone_and_lessons_run_at_the_same_time() {
    let solved = solve("zone-beside-lessons");
    let attended = solved.rows("student_timetable.csv");
    assert_eq!(attended.len(), 12);
    assert_eq!(values(&attended, "student").len(), 12);
    assert_eq!(values(&attended, "block"), set(&["mon-lesson", "mon-zone"]));
    assert_eq!(values(&attended, "subject"), set(&["wi"]));
}

#[test]
fn coaches_stay_within_their_unit() {
    let solved = solve("coaches-and-units");
    let mut sizes = BTreeMap::new();
    for (coach, students) in solved.groups() {
        let unit = if coach == "bea" { 'b' } else { 'r' };
        assert!(students.iter().all(|student| student.starts_with(unit)), "{coach}: {students:?}");
        sizes.insert(coach, students.len());
    }
    assert_eq!(sizes, BTreeMap::from([("bea".into(), 5), ("rik".into(), 3), ("rosa".into(), 5)]));
    for row in solved.attendances("les-ne") {
        let lead = if row["student"].starts_with('r') { "rosa" } else { "gijs" };
        assert_eq!(row["lead"], lead);
    }
}

#[test]
fn an_alternative_is_met_by_either_subject() {
    let solved = solve("alternatives");
    let art = values(&solved.attendances("art"), "student");
    assert!(art.contains("abe") && art.contains("bo"));
    // Whoever finds no seat in art has music.
    assert_eq!(art.len() + solved.attendances("music").len(), 5);
}

#[test]
fn overlapping_bells_are_a_clash() {
    let solved = solve("overlapping-bells");
    assert_eq!(values(&solved.rows("sessions.csv"), "block"), set(&["mon-low1", "mon-up2"]));
    assert_eq!(values(&solved.rows("student_timetable.csv"), "student").len(), 10);
}

#[test]
fn pins_and_bans_hold() {
    let solved = solve("pins-and-bans");
    let [session] = &solved.rows("sessions.csv")[..] else { panic!("one session") };
    assert_eq!((session["block"].as_str(), session["place"].as_str()), ("tue-1", "small"));
    let students = values(&solved.attendances("les-wi"), "student");
    assert!(students.contains("finn") && !students.contains("anna"));
}

#[test]
fn the_traveller_has_time() {
    let solved = solve("two-sites");
    let mut day = solved.select("staff_timetable.csv", &[("staff", "tara")]);
    day.sort_by_key(|row| minutes(&row["start"]));
    let places: Vec<&str> = day.iter().map(|row| row["place"].as_str()).collect();
    assert_eq!(places, ["z1", "n1"]);
    assert!(minutes(&day[0]["end"]) + 20 <= minutes(&day[1]["start"]));
}

#[test]
fn the_budget_is_kept() {
    let solved = solve("budget");
    let cost = |row: &Row| if row["lead"] == "dik" { 60 } else { 40 };
    let sessions = solved.rows("sessions.csv");
    assert_eq!(sessions.len(), 2);
    assert!(sessions.iter().map(cost).sum::<u32>() <= 100);
}

#[test]
fn somebody_is_in_reserve_in_every_block() {
    let solved = solve("reserve");
    let reserve = solved.select("staff_timetable.csv", &[("role", "reserve")]);
    let of = |block: &str| reserve.iter().find(|row| row["block"] == block).map(|row| row["staff"].clone());
    // Ad is there on both days, but nothing takes an assistant.
    assert!(reserve.iter().all(|row| row["staff"] != "ad"));
    assert!(of("tue-1").is_some());
    let monday = of("mon-1").expect("a reserve on Monday");
    assert_eq!(solved.select("sessions.csv", &[("block", "mon-1"), ("lead", &monday)]), []);
}

#[test]
fn two_of_four_in_each_week_of_the_term() {
    let solved = solve("term");
    assert_eq!(solved.attendances("math").len(), 2);
    assert_eq!(solved.attendances("coaching").len(), 8);
}

#[test]
fn the_week_before_somebody_falls_ill() {
    let solved = solve("illness");
    assert_eq!(values(&solved.sessions("math"), "lead"), set(&["ann"]));
    assert_eq!(values(&solved.sessions("dutch"), "lead"), set(&["dan"]));
}

#[test]
fn scenarios_change_what_can_be_met() {
    solve("what-if");
    for (scenario, total) in [("second-teacher.toml", 60.0), ("room-closed.toml", 20.0)] {
        let out = TempDir::new().expect("a temporary folder");
        let schedule = out.path().join("schedule");
        let dir = examples().join("what-if");
        let command = |name: &str| {
            let mut command = leerzone();
            command.arg(name).arg(&dir).args(["--scenario", scenario]);
            command
        };
        command("solve").arg("--quiet").arg("--out").arg(&schedule).assert().success();
        command("verify").arg(&schedule).assert().success();
        assert_eq!(Solved { out }.summary("total"), total, "{scenario}");
    }
}

#[test]
fn two_layouts_are_compared() {
    solve("two-layouts");
    let out = TempDir::new().expect("a temporary folder");
    let dir = examples().join("two-layouts");
    let compare = out.path().join("compare");
    leerzone()
        .args(["compare", "--layout", "layouts", "--quiet", "--out"])
        .arg(&compare)
        .arg(&dir)
        .assert()
        .success()
        .stdout(predicates::str::contains("two-short is better than one-long"))
        .stdout(predicates::str::contains("by year: 2 +4 -0, 3 +0 -2"));
    leerzone()
        .arg("verify")
        .arg(&dir)
        .arg(compare.join("two-short"))
        .args(["--layout", "layouts/two-short.toml"])
        .assert()
        .success();
}

#[test]
fn a_package_takes_the_time_of_its_holder() {
    let solved = solve("packages");
    assert_eq!(values(&solved.rows("package_holders.csv"), "staff"), set(&["ben"]));
    assert_eq!(values(&solved.rows("sessions.csv"), "lead"), set(&["an"]));
}

#[test]
fn a_mentor_has_the_subject_and_is_of_the_unit() {
    let solved = solve("mentors");
    assert_eq!(values(&solved.rows("package_holders.csv"), "staff"), set(&["an"]));
    assert_eq!(values(&solved.rows("sessions.csv"), "offering"), set(&["les-wi"]));
}

#[test]
fn a_mentor_and_a_starter_have_a_free_block_in_common() {
    let solved = solve("common-hour");
    let taken = values(&solved.rows("sessions.csv"), "block");
    assert_eq!(taken.len(), 2);
}

#[test]
fn a_budget_pays_guests_and_packages() {
    let solved = solve("guests");
    assert_eq!(solved.rows("sessions.csv").len(), 2);
    assert_eq!(values(&solved.rows("sessions.csv"), "lead"), set(&["gast"]));
}

#[test]
fn study_places_fill_the_presence_minimum() {
    let solved = solve("study-fill");
    let study = solved.attendances("study");
    assert_eq!(study.len(), 3);
    assert_eq!(values(&study, "place"), set(&["quiet"]));
    assert_eq!(values(&study, "lead"), set(&["sim"]));
}

#[test]
fn the_narrowest_key_says_how_many_blocks_a_student_comes() {
    let solved = solve("least-presence");
    let study = solved.attendances("study");
    let of = |student: &str| study.iter().filter(|row| row["student"] == student).count();
    assert_eq!(["ali", "bram", "cato", "noa"].map(of), [1, 3, 2, 0]);
}

#[test]
fn pairs_are_apart_and_together() {
    let solved = solve("pairs");
    let groups = solved.groups();
    let group_of = |student: &str| groups.iter().position(|(_, students)| students.contains(student));
    assert_ne!(group_of("ali"), group_of("bas"));
    assert_eq!(group_of("cor"), group_of("dee"));
    assert_eq!(solved.unmet(), set(&["ali"]));
}

#[test]
fn who_missed_most_goes_first() {
    let solved = solve("history-fairness");
    assert_eq!(values(&solved.attendances("les-wi"), "student"), set(&["gus", "ida"]));
}

#[test]
fn homework_is_supervised_by_someone_who_knows_the_subject() {
    let solved = solve("homework-with");
    assert_eq!(values(&solved.sessions("hw"), "lead"), set(&["wim"]));
    assert_eq!(solved.unmet(), set(&["s4", "s5"]));
}

#[test]
fn only_own_staff_lead_in_the_places_of_a_unit() {
    let solved = solve("own-places");
    let led: Vec<(String, String)> = solved
        .sessions("les-wi")
        .into_iter()
        .map(|row| (row["lead"].clone(), row["place"].clone()))
        .collect();
    assert_eq!(led.iter().filter(|(lead, _)| lead == "yara").count(), 1);
    assert!(led.iter().all(|(lead, place)| lead == "gea" || place == "hall"), "{led:?}");
    assert_eq!(solved.unmet(), set(&["y1", "y2", "y3", "y4"]));
}

#[test]
fn both_sites_join_the_guest_online() {
    let solved = solve("online-guest");
    let [session] = &solved.rows("sessions.csv")[..] else { panic!("one session") };
    assert_eq!((session["lead"].as_str(), session["place"].as_str()), ("gwen", ""));
    assert_eq!(solved.attendances("online").len(), 6);
}

#[test]
fn students_get_the_teacher_they_ask_for() {
    let solved = solve("staff-asked");
    let led_by = |lead: &str| values(&solved.select("student_timetable.csv", &[("lead", lead)]), "student");
    assert!(led_by("ab").is_subset(&set(&["s1", "s2", "s3", "s4"])));
    assert!(led_by("bo").is_superset(&set(&["s5", "s6"])));
}

#[test]
fn only_own_staff_where_it_is_required() {
    let solved = solve("own-staff-required");
    for row in solved.attendances("les-wi") {
        assert_eq!(row["student"].starts_with('g'), row["lead"] == "gea", "{row:?}");
    }
    assert_eq!(solved.unmet().len(), 2);
}

#[test]
fn nobody_teaches_too_long_in_a_row() {
    let solved = solve("max-in-a-row");
    assert_eq!(values(&solved.rows("sessions.csv"), "block"), set(&["mon-1", "mon-3", "mon-4"]));
}

#[test]
fn a_wish_that_was_denied_weighs_more_the_next_time() {
    let solved = solve("wishes");
    let wish = |solved: &Solved, staff: &str| {
        let rows = solved.select("wishes.csv", &[("staff", staff), ("kind", "package")]);
        (rows[0]["granted"].clone(), rows[0]["denied"].clone())
    };
    assert_eq!(wish(&solved, "ann"), ("1".into(), "0".into()));
    assert_eq!(wish(&solved, "bo"), ("0".into(), "1".into()));
    let earlier = solved.out.path().join("schedule");
    let out = TempDir::new().expect("a temporary folder");
    let schedule = out.path().join("schedule");
    let dir = examples().join("wishes");
    let history = |command: &str| {
        let mut run = leerzone();
        run.arg(command).arg(&dir).arg("--history").arg(&earlier);
        run
    };
    history("solve").arg("--out").arg(&schedule).args(["--gap", "0", "--quiet"]).assert().success();
    history("verify").arg(&schedule).assert().success();
    let next = Solved { out };
    assert_eq!(next.summary("total"), 808.0);
    assert_eq!(wish(&next, "ann"), ("0".into(), "1".into()));
    assert_eq!(wish(&next, "bo"), ("1".into(), "0".into()));
}
