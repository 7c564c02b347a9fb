//! `unmet_needs.csv`: what is missing, compared with what was counted.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use crate::school::{Id, NeedId, Priority, School, StaffId, StudentId};
use crate::verify::needs::{self, Counted, Key};
use crate::verify::terms;
use crate::verify::violation::{Row, Rule, Violations};
use crate::verify::week::{UNMET, Week};
use crate::verify::{Error, table};

use super::summary::agree;

/// Words in the cell `subject` of rows that are about no need; they have no priority, so that they count
/// for nothing when the file serves as `history.csv`.
const PRESENCE: &str = "presence";
const MEETINGS: &str = "meetings";
const MIN_BLOCKS: &str = "min_blocks";

/// What the file says.
pub struct Missing {
    file: File,
    violations: Violations,
}

/// Sessions missing by the file, with the rows that say so.
#[derive(Default)]
struct Stated {
    missing: u32,
    rows: Vec<Row>,
}

impl Stated {
    fn add(&mut self, missing: u32, row: Row) {
        self.missing = self.missing.saturating_add(missing);
        self.rows.push(row);
    }
}

#[derive(Default)]
struct File {
    /// A need of the key that the row names, sessions and row; by student once all are read.
    needs: Vec<(NeedId, u32, Row)>,
    presence: HashMap<StudentId, Stated>,
    meetings: HashMap<StudentId, Stated>,
    min_blocks: HashMap<StaffId, Stated>,
}

/// Compares every missing session of a need, presence, meeting and block of `min_blocks` with the file.
pub fn check(school: &School, missing: Missing, week: &Week, counted: &Counted, violations: &mut Violations) {
    let Missing { mut file, violations: of_file } = missing;
    violations.extend(of_file);
    let mut needs = file.needs.as_slice();
    for student in school.student_ids() {
        let theirs = needs.iter().take_while(|&&(need, ..)| school[need].student <= student).count();
        let (stated, others) = needs.split_at(theirs);
        needs = others;
        check_needs(school, week, counted, student, stated, violations);
        let id = &school[student].id;
        let missing = terms::presence_missing(school, week, student);
        compare(
            &file.presence.remove(&student),
            missing,
            id,
            "lesson and zone blocks (presence)",
            violations,
        );
        let missing = terms::meetings_missing(school, week, student);
        compare(&file.meetings.remove(&student), missing, id, "coaching meetings", violations);
    }
    for staff in school.staff_ids() {
        let missing = terms::min_blocks_missing(school, week, staff);
        let stated = file.min_blocks.remove(&staff);
        compare(&stated, missing, &school[staff].id, "blocks (min_blocks)", violations);
    }
}

/// Reads the file, whatever the other files say.
///
/// # Errors
/// It is missing, or is not a table with the columns of the guide.
pub fn read(school: &School, out: &Path) -> Result<Missing, Error> {
    let students: HashMap<&str, StudentId> =
        school.student_ids().map(|student| (school[student].id.as_str(), student)).collect();
    let staff: HashMap<&str, StaffId> =
        school.staff_ids().map(|staff| (school[staff].id.as_str(), staff)).collect();
    let mut file = File::default();
    let mut violations = Violations::default();
    let columns = ["student", "subject", "priority", "missing", "reason"];
    table::read(out, UNMET, columns, |line, [who, subject, priority, missing, reason]| {
        let row = Row { file: UNMET, line };
        let mut differ = |message: String| violations.add(Rule::Files, [row], message);
        let Ok(missing) = missing.parse::<u32>() else {
            differ(format!("missing is `{missing}`, not a number"));
            return;
        };
        if reason.is_empty() {
            differ("the cell `reason` is empty".to_owned());
        }
        let student = students.get(who).copied();
        let need = student.and_then(|student| find_need(school, student, subject, priority));
        if need.is_none() && [PRESENCE, MEETINGS, MIN_BLOCKS].contains(&subject) && !priority.is_empty() {
            differ(format!("priority is `{priority}`, of `{subject}` it is empty"));
        }
        let entry = match (subject, student, need) {
            (_, Some(_), Some(need)) => {
                file.needs.push((need, missing, row));
                return;
            }
            (PRESENCE, Some(student), None) => file.presence.entry(student).or_default(),
            (MEETINGS, Some(student), None) => file.meetings.entry(student).or_default(),
            (MIN_BLOCKS, ..) if staff.contains_key(who) => file.min_blocks.entry(staff[who]).or_default(),
            (_, None, _) => {
                differ(format!("unknown student `{who}`"));
                return;
            }
            (_, Some(_), None) => {
                differ(format!("student `{who}` has no need `{subject}` with priority `{priority}`"));
                return;
            }
        };
        entry.add(missing, row);
    })?;
    file.needs.sort_by_key(|&(need, ..)| school[need].student);
    Ok(Missing { file, violations })
}

/// A need of the student that the cells name: by its subjects as in `needs.csv`, or by one of them.
fn find_need(school: &School, student: StudentId, subject: &str, priority: &str) -> Option<NeedId> {
    let ids = |need: NeedId| school[need].subjects.iter().map(|&subject| school[subject].id.as_str());
    let of_priority = || school.needs_of(student).filter(|&need| school[need].priority.label() == priority);
    let exact = of_priority().find(|&need| subject.split('|').map(str::trim).eq(ids(need)));
    exact.or_else(|| of_priority().find(|&need| ids(need).any(|id| id == subject)))
}

/// Several assignments may count equally much; the file may follow any of them.
fn check_needs(
    school: &School,
    week: &Week,
    counted: &Counted,
    student: StudentId,
    rows: &[(NeedId, u32, Row)],
    violations: &mut Violations,
) {
    let of_need = |need| {
        let of_need = rows.iter().filter(|(of, ..)| *of == need);
        of_need.fold(0_u32, |sum, &(_, missing, _)| sum.saturating_add(missing))
    };
    // Mostly so, and without a look at keys.
    if school.needs_of(student).all(|need| of_need(need) == counted.missing(school, need)) {
        return;
    }
    let mut stated: BTreeMap<Key, Stated> = BTreeMap::new();
    for &(need, missing, row) in rows {
        stated.entry(needs::key(school, need)).or_default().add(missing, row);
    }
    let mut missing: BTreeMap<Key, u32> = BTreeMap::new();
    let mut asked: BTreeMap<Key, u32> = BTreeMap::new();
    for need in school.needs_of(student) {
        *missing.entry(needs::key(school, need)).or_default() += counted.missing(school, need);
        *asked.entry(needs::key(school, need)).or_default() += school[need].sessions;
    }
    let said = |key: &Key| stated.get(key).map_or(0, |stated| stated.missing);
    if missing.iter().all(|(key, &missing)| said(key) == missing) {
        return;
    }
    if counts_as_much(school, week, counted, student, &asked, &said) {
        return;
    }
    for (key, &missing) in missing.iter().filter(|(key, missing)| said(key) != **missing) {
        let what = format!("{} sessions of `{}`", key.1.label(), subjects(school, key));
        let stated = stated.get(key);
        compare_all(stated, missing, &school[student].id, &what, violations);
    }
}

/// Whether an assignment that leaves missing what the file says counts as much as the best one.
fn counts_as_much(
    school: &School,
    week: &Week,
    counted: &Counted,
    student: StudentId,
    asked: &BTreeMap<Key, u32>,
    said: &impl Fn(&Key) -> u32,
) -> bool {
    let met: Option<BTreeMap<Key, u32>> =
        asked.iter().map(|(key, asked)| Some((key.clone(), asked.checked_sub(said(key))?))).collect();
    let Some(met) = met else { return false };
    let asked_to_meet: u32 = met.values().sum();
    let met_at_best: u32 = school.needs_of(student).map(|need| counted.met[need.index()]).sum();
    let other = needs::assign(school, week, student, Some(&met));
    let best = counted.cost[student.index()];
    asked_to_meet == met_at_best && other.meets.len() == met_at_best as usize && agree(other.cost, best)
}

fn subjects(school: &School, (subjects, _): &(Vec<usize>, Priority)) -> String {
    subjects.iter().map(|&subject| school.subjects[subject].id.as_str()).collect::<Vec<_>>().join("|")
}

fn compare(stated: &Option<Stated>, missing: u32, who: &str, what: &str, violations: &mut Violations) {
    if stated.as_ref().map_or(0, |stated| stated.missing) != missing {
        compare_all(stated.as_ref(), missing, who, what, violations);
    }
}

fn compare_all(stated: Option<&Stated>, missing: u32, who: &str, what: &str, violations: &mut Violations) {
    let said = stated.map_or(0, |stated| stated.missing);
    let mut rows = stated.map(|stated| stated.rows.clone()).unwrap_or_default();
    if rows.is_empty() {
        rows.push(Row { file: UNMET, line: 0 });
    }
    violations.add(Rule::Files, rows, format!("`{who}` misses {missing} {what}, the file says {said}"));
}
