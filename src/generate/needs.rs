//! What students need this week: tests set the `must` and `should`, mentors and students add the rest.

use super::catalogue::Catalogue;
use super::dice::Dice;
use super::draft::{Draft, Need, Wanted, Who};
use super::week;

/// What students ask homework support in.
pub const HOMEWORK_SUBJECTS: [&str; 3] = ["ne", "en", "wi"];

/// Adds the needs of the students and classes of `site`.
pub fn add(draft: &mut Draft, site: usize, dice: &mut Dice) {
    for student in draft.students_at(site) {
        let needs = student_needs(draft, student, dice);
        draft.needs.extend(needs);
    }
    for class in 0..draft.classes.len() {
        if draft.classes[class].site == site && draft.classes[class].year <= 2 {
            draft.needs.push(need(Who::Class(class), Wanted::Homework, 1, "should"));
        }
    }
}

/// Adds what mentors ask of whole years.
pub fn add_of_years(draft: &mut Draft) {
    // Students choose their profile in year 3.
    if let Some(careers) = draft.catalogue.subject("lob", 0) {
        draft.needs.push(need(Who::Year(3), Wanted::AnyOf(vec![careers]), 1, "could"));
    }
}

fn need(who: Who, wanted: Wanted, sessions: usize, priority: &'static str) -> Need {
    Need { who, wanted, sessions, priority, with: None, staff: None }
}

fn student_needs(draft: &Draft, student: usize, dice: &mut Dice) -> Vec<Need> {
    let class = &draft.classes[draft.students[student].class];
    let curriculum = &draft.students[student].curriculum;
    // A subject with a test is needed by most of the class.
    let weight = |subject: usize| {
        let usual = draft.catalogue.subjects[subject].family.weight;
        if class.tests.contains(&subject) { 4 * usual } else { usual }
    };
    let mut open: Vec<(usize, usize)> = curriculum.iter().map(|&s| (s, weight(s))).collect();
    // Somewhat more than the student's free blocks can be asked.
    let mut room = draft.students[student].busy.free(&week::flex_slots()) + 1;
    let mut needs = Vec::new();
    let wishes = dice.between(2, 3);
    for (priority, count, twice) in [("must", 2, 30), ("should", 3, 15), ("could", wishes, 0)] {
        for subject in dice.draw(&mut open, count) {
            let sessions = if dice.chance(twice) { 2 } else { 1 }.min(room);
            if sessions > 0 {
                room -= sessions;
                needs.push(need(Who::Student(student), Wanted::AnyOf(vec![subject]), sessions, priority));
            }
        }
    }
    if room > 0 && dice.chance(50) {
        let taken: Vec<usize> = open.iter().map(|&(subject, _)| subject).collect();
        needs.extend(choice(&draft.catalogue, &taken, student, dice));
    }
    if dice.chance(25) {
        let mut homework = need(
            Who::Student(student),
            Wanted::Homework,
            dice.between(1, 2),
            dice.pick(&["should", "could"]).unwrap_or("could"),
        );
        if dice.chance(40) {
            homework.with =
                dice.pick(&HOMEWORK_SUBJECTS).and_then(|code| draft.catalogue.subject(code, class.level));
        }
        needs.push(homework);
    }
    needs
}

/// A free choice between two of the subjects in `open` that go together.
fn choice(catalogue: &Catalogue, open: &[usize], student: usize, dice: &mut Dice) -> Option<Need> {
    const ALIKE: [[&str; 2]; 5] = [["ku", "mu"], ["te", "ku"], ["fa", "du"], ["gs", "ak"], ["na", "sk"]];
    let find =
        |code: &str| open.iter().copied().find(|&subject| catalogue.subjects[subject].family.code == code);
    let choices: Vec<[usize; 2]> =
        ALIKE.iter().filter_map(|[one, other]| Some([find(one)?, find(other)?])).collect();
    let chosen = dice.pick(&choices)?;
    Some(need(Who::Student(student), Wanted::AnyOf(chosen.to_vec()), 1, "could"))
}
