//! Who is coached, how often, and who may share a group, as far as the data alone decide (R7).

use super::{BlockId, Kind, School, SiteId, StudentColumn, StudentId, attends_at};

/// What the students of one coaching group have in common: the values of `group_by`, and the site.
pub type CoachingKey = (Vec<String>, Option<SiteId>);

/// Whether a student of the second key may be in a group of the first; a group or student of no site goes with all.
pub fn may_join(group: &CoachingKey, student: &CoachingKey) -> bool {
    group.0 == student.0 && attends_at(student.1, group.1)
}

impl School {
    pub fn coaching_blocks(&self) -> impl Iterator<Item = BlockId> + '_ {
        self.block_ids().filter(|&block| self[block].kind == Kind::Coaching)
    }

    /// Whether a coaching block invites the student, who then has a group.
    pub fn is_coached(&self, student: StudentId) -> bool {
        self.coaching_blocks().any(|block| self.invited[(student, block)])
    }

    /// Meetings a week that the student should have: at most the coaching blocks that invite them.
    pub fn meetings_wanted(&self, student: StudentId) -> u32 {
        let Some(coaching) = &self.coaching else { return 0 };
        let invited = self.coaching_blocks().filter(|&block| self.invited[(student, block)]).count();
        u32::try_from(invited).unwrap_or(u32::MAX).min(coaching.meetings)
    }

    /// What the student has in a column of `group_by`.
    pub fn group_value(&self, student: StudentId, column: StudentColumn) -> &str {
        let row = &self[student];
        match column {
            StudentColumn::Class => &row.class,
            StudentColumn::Year => &row.year,
            StudentColumn::Unit => row.unit.map_or("", |unit| &self[unit]),
        }
    }

    /// The student's values of the columns of `group_by`.
    pub fn group_values(&self, student: StudentId) -> Vec<&str> {
        let columns = self.coaching.iter().flat_map(|coaching| &coaching.group_by);
        columns.map(|&column| self.group_value(student, column)).collect()
    }

    pub fn coaching_key(&self, student: StudentId) -> CoachingKey {
        let values = self.group_values(student);
        (values.into_iter().map(str::to_owned).collect(), self[student].site)
    }
}
