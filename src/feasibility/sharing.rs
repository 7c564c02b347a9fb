//! R7, R8: which students may share a coaching group.

use std::collections::BTreeMap;

use crate::school::{Coaching, School, SiteId, StudentColumn, StudentId, UnitId};

/// What keeps a student out of the groups of others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ties<'s> {
    /// The values of `group_by`, which groups never mix.
    pub values: Vec<&'s str>,
    pub bound: Bound,
}

/// Groups do not mix sites, and may not mix units if every coach serves one of them. Whoever has none may
/// join any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bound {
    pub site: Option<SiteId>,
    pub unit: Option<UnitId>,
}

impl Bound {
    pub fn may_join(&self, other: &Bound) -> bool {
        let agree = self.site.zip(other.site).is_none_or(|(one, other)| one == other);
        agree && self.unit.zip(other.unit).is_none_or(|(one, other)| one == other)
    }
}

/// How many students there are of each tie.
pub type Counts<'s> = BTreeMap<Vec<&'s str>, BTreeMap<Bound, usize>>;

/// Everybody's ties.
pub struct Sharing<'s> {
    school: &'s School,
    /// Whether coaches keep units apart that `group_by` does not.
    pub by_unit: bool,
}

impl<'s> Sharing<'s> {
    pub fn new(school: &'s School, coaching: &'s Coaching) -> Self {
        let mut coaches = school.staff.iter().filter(|staff| staff.may_coach()).peekable();
        let by_unit = school.binds_units()
            && !coaching.group_by.contains(&StudentColumn::Unit)
            && coaches.peek().is_some()
            && coaches.all(|coach| coach.unit.is_some());
        Self { school, by_unit }
    }

    pub fn of(&self, student: StudentId) -> Ties<'s> {
        let row = &self.school[student];
        Ties {
            values: self.school.group_values(student),
            bound: Bound { site: row.site, unit: row.unit.filter(|_| self.by_unit) },
        }
    }

    pub fn count(&self, students: &[StudentId]) -> Counts<'s> {
        let mut counts = Counts::new();
        for &student in students {
            let Ties { values, bound } = self.of(student);
            *counts.entry(values).or_default().entry(bound).or_default() += 1;
        }
        counts
    }
}

/// Students who are invited to a coaching block, and so are to have a group.
pub fn coached(school: &School) -> Vec<StudentId> {
    school.student_ids().filter(|&student| school.is_coached(student)).collect()
}

/// The fewest groups that keep to `max`, the most that keep to `min`.
pub fn possible_groups(students: usize, coaching: &Coaching) -> (usize, usize) {
    (students.div_ceil(coaching.max.max(1) as usize), students / coaching.min.max(1) as usize)
}
