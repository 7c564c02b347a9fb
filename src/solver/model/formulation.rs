//! A program together with what its variables mean.

use std::collections::BTreeMap;

use crate::schedule::Activity;
use crate::school::{Bans, BlockId, DayId, Id, PackageId, School, SiteId, StaffId};

use super::classes::Classes;
use super::coaching::{Groups, StandIn};
use super::places::Places;
use super::program::{LinExpr, Program, Variable};
use super::requests::Requests;
use super::scope::{Scope, people};
use super::sets::Sets;

/// A deployment of a staff member: decided by a variable, or kept.
#[derive(Clone, Copy, Debug)]
pub struct Deployed {
    pub block: BlockId,
    /// `None`: online or at a place without a site.
    pub site: Option<SiteId>,
    /// `None`: fixed.
    pub variable: Option<Variable>,
}

/// A program and what its variables mean.
#[derive(Debug)]
pub struct Formulation<'a> {
    pub school: &'a School,
    pub sets: &'a Sets,
    pub scope: &'a Scope<'a>,
    pub program: Program,
    pub bans: Bans<'a>,
    pub places: Places,
    pub requests: Requests,
    pub classes: Classes,
    pub groups: Groups,
    pub stand_ins: Vec<StandIn>,
    /// `h[p,s]`
    pub holders: Vec<(PackageId, StaffId, Variable)>,
    /// By request and need of it: sessions met.
    pub met: Vec<Vec<LinExpr>>,
    /// By staff member: every possible and every kept deployment.
    pub deployed: Vec<Vec<Deployed>>,
    /// By staff member, for those with decided deployments: `d[s,b]` as a sum, in the order of blocks.
    pub weeks: Vec<Vec<(BlockId, LinExpr)>>,
    /// By staff member, for those with `max_days`: on which days they work.
    pub works: Vec<Vec<(DayId, LinExpr)>>,
    /// By student: class, block and `x` of every attendance that is decided, in the order of classes.
    pub attends: Vec<Vec<Attends>>,
    /// Largest sets of blocks that share a moment.
    pub moments: Vec<Vec<BlockId>>,
}

#[derive(Clone, Copy, Debug)]
pub struct Attends {
    /// Index into [`Classes::all`].
    pub class: usize,
    pub block: BlockId,
    pub activity: Activity,
    /// Index into [`Requests::all`]; `None`: study.
    pub request: Option<usize>,
    pub variable: Variable,
}

impl Formulation<'_> {
    pub(super) fn deployments(&self) -> Vec<Vec<Deployed>> {
        let school = self.school;
        let mut deployed: Vec<Vec<Deployed>> = vec![Vec::new(); school.staff.len()];
        for class in &self.classes.all {
            for &(staff, variable) in class.leads.iter().chain(&class.assistants) {
                let (block, site) = (class.block, class.site);
                deployed[staff.index()].push(Deployed { block, site, variable: Some(variable) });
            }
        }
        for slot in &self.groups.slots {
            for meeting in &slot.meetings {
                let (block, site, variable) = (meeting.block, meeting.site, Some(meeting.meets));
                deployed[slot.coach.index()].push(Deployed { block, site, variable });
            }
        }
        for stand_in in &self.stand_ins {
            let StandIn { block, site, staff, variable, .. } = *stand_in;
            deployed[staff.index()].push(Deployed { block, site, variable: Some(variable) });
        }
        for (_, session) in self.scope.kept_sessions() {
            let site = session.place.and_then(|place| school[place].site);
            for staff in people(session) {
                deployed[staff.index()].push(Deployed { block: session.block, site, variable: None });
            }
        }
        if let Some(part) = self.scope.neighbourhood() {
            for meeting in &part.incumbent.meetings {
                let lead = part.incumbent.lead_of(meeting);
                let (block, site) = (meeting.block, school[meeting.place].site);
                deployed[lead.index()].push(Deployed { block, site, variable: None });
            }
        }
        deployed
    }

    pub(super) fn attendances(&self) -> Vec<Vec<Attends>> {
        let mut attends = vec![Vec::new(); self.school.students.len()];
        for (index, class) in self.classes.all.iter().enumerate() {
            let (block, activity) = (class.block, class.activity);
            for attendee in &class.attendees {
                let (request, variable) = (attendee.request, attendee.variable);
                attends[attendee.student.index()].push(Attends {
                    class: index,
                    block,
                    activity,
                    request,
                    variable,
                });
            }
        }
        attends
    }

    /// By block: `d[s,b]` of the staff member, where nothing is decided what is kept.
    pub fn week_of(&self, staff: StaffId) -> BTreeMap<BlockId, LinExpr> {
        let mut week: BTreeMap<BlockId, LinExpr> = self.weeks[staff.index()].iter().cloned().collect();
        if week.is_empty() {
            let kept = self.deployed[staff.index()].iter();
            kept.for_each(|kept| week.entry(kept.block).or_default().constant += 1.0);
        }
        week
    }

    /// Whether any deployment of the staff member is decided here.
    pub fn decides(&self, staff: StaffId) -> bool {
        self.deployed[staff.index()].iter().any(|deployed| deployed.variable.is_some())
    }
}
