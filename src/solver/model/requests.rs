//! Needs that no session tells apart.

use super::scope::Scope;
use super::sets::Sets;
use crate::school::*;

/// The needs of one student for the same subjects, the same `with`, the same staff member and the same days, which
/// differ in priority only: an attendance that meets one of them meets any.
#[derive(Debug)]
pub struct Request {
    pub student: StudentId,
    /// By falling value of a session.
    pub needs: Vec<NeedId>,
    /// Together.
    pub sessions: u32,
    pub with: Option<SubjectId>,
    pub staff: Option<StaffId>,
    pub days: Days,
}

#[derive(Debug)]
pub struct Requests {
    /// Of the students who are free, sorted by student.
    pub all: Vec<Request>,
    /// By offering: indices into `all`.
    pub of_offering: Vec<Vec<usize>>,
    /// By need: index into `all`.
    of_need: Vec<Option<usize>>,
    /// By student: first index into `all` and one past the last.
    of_student: Vec<(usize, usize)>,
}

impl Requests {
    pub fn new(school: &School, sets: &Sets, scope: &Scope) -> Self {
        let mut requests = Self {
            all: Vec::new(),
            of_offering: vec![Vec::new(); school.offerings.len()],
            of_need: vec![None; school.needs.len()],
            of_student: vec![(0, 0); school.students.len()],
        };
        for student in school.student_ids().filter(|&i| scope.student(i)) {
            let first = requests.all.len();
            for need in school.needs_of(student).filter(|&need| school[need].sessions > 0) {
                requests.add(school, first, need);
            }
            requests.of_student[student.index()] = (first, requests.all.len());
        }
        for (index, request) in requests.all.iter_mut().enumerate() {
            let value = |need: &NeedId| school.weights.priority(school[*need].priority);
            request.needs.sort_by(|a, b| value(b).total_cmp(&value(a)));
            for offering in &sets.offerings_of[request.needs[0].index()] {
                requests.of_offering[offering.index()].push(index);
            }
        }
        requests
    }

    fn add(&mut self, school: &School, first: usize, id: NeedId) {
        let need = &school[id];
        let mut subjects = need.subjects.clone();
        subjects.sort_unstable();
        let same = |request: &Request| {
            let mut other = school[request.needs[0]].subjects.clone();
            other.sort_unstable();
            request.with == need.with
                && request.staff == need.staff
                && request.days == need.days
                && other == subjects
        };
        let index = match self.all[first..].iter().position(same) {
            Some(at) => first + at,
            None => {
                let &Need { student, with, staff, days, .. } = need;
                self.all.push(Request { student, needs: Vec::new(), sessions: 0, with, staff, days });
                self.all.len() - 1
            }
        };
        self.all[index].needs.push(id);
        self.all[index].sessions += need.sessions;
        self.of_need[id.index()] = Some(index);
    }

    pub fn of_need(&self, need: NeedId) -> Option<usize> {
        self.of_need[need.index()]
    }

    /// Indices into `all`.
    pub fn of_student(&self, student: StudentId) -> std::ops::Range<usize> {
        let (first, end) = self.of_student[student.index()];
        first..end
    }
}
