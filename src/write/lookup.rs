//! What the reasons look up again and again, from the school and the schedule alone: worked out once for all needs.

use crate::school::{
    Bans, BlockId, BySite, Id, OfferingId, PlaceId, StaffId, StudentId, SubjectId, attends_at,
};

use super::plan::{Entry, Plan, What};

/// Tables over the entries of one plan.
pub struct Lookup<'a> {
    pub plan: &'a Plan<'a>,
    of_subject: Vec<Vec<OfferingId>>,
    /// Per offering: who may lead it, whatever the need.
    leads: Vec<Vec<StaffId>>,
    /// Per offering: places that carry its tags.
    places: Vec<BySite<PlaceId>>,
    /// Per offering: its entries, by where students can be.
    sessions: Vec<BySite<usize>>,
    study: BySite<usize>,
    /// Per entry.
    seat_left: Vec<bool>,
    /// Per student.
    apart: Vec<Vec<StudentId>>,
    pub bans: Bans<'a>,
}

impl<'a> Lookup<'a> {
    pub fn new(plan: &'a Plan<'a>) -> Self {
        let school = plan.school;
        let sites = school.sites.len();
        let by_site = |entries: Vec<usize>| {
            BySite::new(entries, sites, |at, site| {
                plan.entries[at].place.is_none_or(|place| attends_at(Some(site), school[place].site))
            })
        };
        let mut of_subject = vec![Vec::new(); school.subjects.len()];
        for offering in school.offering_ids() {
            school[offering].subjects.iter().for_each(|subject| of_subject[subject.index()].push(offering));
        }
        let study = (0..plan.entries.len()).filter(|&at| plan.entries[at].what == What::Study);
        Self {
            plan,
            of_subject,
            leads: school.offering_ids().map(|offering| school.leads_of(offering)).collect(),
            places: school
                .offering_ids()
                .map(|offering| {
                    let all =
                        school.place_ids().filter(|&place| school[place].has_tags_of(&school[offering]));
                    BySite::new(all.collect(), sites, |place, site| {
                        attends_at(Some(site), school[place].site)
                    })
                })
                .collect(),
            sessions: plan.of_offering.iter().map(|entries| by_site(entries.clone())).collect(),
            study: by_site(study.collect()),
            seat_left: plan.entries.iter().map(|entry| seat_left(plan, entry)).collect(),
            apart: school.kept_apart(),
            bans: Bans::new(school),
        }
    }

    /// Offerings for one of the subjects, in the order of the file.
    pub fn offerings_for(&self, subjects: &[SubjectId]) -> Vec<OfferingId> {
        let mut offerings: Vec<OfferingId> =
            subjects.iter().flat_map(|subject| &self.of_subject[subject.index()]).copied().collect();
        offerings.sort_unstable();
        offerings.dedup();
        offerings
    }

    /// Who may lead the offering, whatever the need.
    pub fn leads(&self, offering: OfferingId) -> &[StaffId] {
        &self.leads[offering.index()]
    }

    /// Places that carry the offering's tags and that the student may use.
    pub fn places(&self, offering: OfferingId, student: StudentId) -> &[PlaceId] {
        self.places[offering.index()].get(self.plan.school[student].site)
    }

    /// Entries of the offering that the student may go to.
    pub fn sessions_at(&self, offering: OfferingId, student: StudentId) -> &[usize] {
        self.sessions[offering.index()].get(self.plan.school[student].site)
    }

    /// Study sessions that the student may go to.
    pub fn study_at(&self, student: StudentId) -> &[usize] {
        self.study.get(self.plan.school[student].site)
    }

    /// One more student fits, in the session and on the seats that its place shares with others.
    pub fn seat_left(&self, entry: usize) -> bool {
        self.seat_left[entry]
    }

    /// Never to be in a session with the student.
    pub fn apart(&self, student: StudentId) -> &[StudentId] {
        &self.apart[student.index()]
    }
}

/// Whether the student attends something at that time.
pub fn occupied(plan: &Plan, student: StudentId, block: BlockId) -> bool {
    let school = plan.school;
    plan.attended_by(student).any(|entry| school[entry.block].overlaps(&school[block]))
}

fn seat_left(plan: &Plan, entry: &Entry) -> bool {
    let school = plan.school;
    let students = entry.attendances.len();
    let in_session = entry.capacity.is_none_or(|capacity| students < capacity as usize);
    in_session && entry.place.is_none_or(|place| busiest(plan, place, entry) < school[place].seats as usize)
}

/// Most students in the place at any moment of the entry's block.
fn busiest(plan: &Plan, place: PlaceId, entry: &Entry) -> usize {
    let school = plan.school;
    let block = &school[entry.block];
    let beside: Vec<&Entry> = plan.of_place[place.index()]
        .iter()
        .map(|&at| &plan.entries[at])
        .filter(|other| school[other.block].overlaps(block))
        .collect();
    let moments = beside.iter().map(|other| school[other.block].start.max(block.start));
    let present = |moment: u16| {
        let there = beside.iter().filter(|other| {
            let other = &school[other.block];
            other.start <= moment && moment < other.end
        });
        there.map(|other| other.attendances.len()).sum()
    };
    moments.map(present).max().unwrap_or(0)
}
