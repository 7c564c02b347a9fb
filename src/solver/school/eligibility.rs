//! Who may do what where, as far as the data alone decide: roles, qualifications, units, sites, tags and kinds of block.
//! Everybody asks here, apart from the referee, which has its own answers. Busy times are the tables `*_free` of
//! [`School`], bans are [`Bans`](super::Bans).

use super::{
    Block, BlockId, Budget, Fill, Id, Kind, Need, NeedId, Offering, OfferingId, OwnPlaces, OwnStaff, Package,
    PairKind, Place, PlaceId, Qualified, ReserveGroup, Role, School, SiteId, Staff, StaffId, StudentId,
    SubjectId, UnitId,
};

impl Staff {
    /// Allowed role and qualification (R3).
    pub fn may_lead(&self, offering: &Offering) -> bool {
        let qualified = |subject: &SubjectId| self.is_qualified(*subject);
        self.roles.intersects(offering.roles)
            && match offering.qualified {
                Qualified::All => offering.qualifications.iter().all(qualified),
                Qualified::Any => {
                    offering.qualifications.is_empty() || offering.qualifications.iter().any(qualified)
                }
            }
    }

    /// Role and, where it is asked for, a qualification (R3).
    pub fn may_assist(&self, offering: &Offering) -> bool {
        self.roles.has(Role::Assistant)
            && (!offering.assistants_qualified
                || offering.qualifications.is_empty()
                || offering.qualifications.iter().any(|&subject| self.is_qualified(subject)))
    }

    /// Whether they may lead study sessions.
    pub fn may_supervise(&self) -> bool {
        self.roles.has(Role::Supervisor)
    }

    /// Whether they may lead a coaching group (R7).
    pub fn may_coach(&self) -> bool {
        self.roles.has(Role::Coach)
    }

    pub fn is_qualified(&self, subject: SubjectId) -> bool {
        self.subjects.contains(&subject)
    }

    /// Whether they have what the need asks its lead to be qualified for (R6).
    pub fn has_what_is_asked_with(&self, need: &Need) -> bool {
        need.with.is_none_or(|subject| self.is_qualified(subject))
    }

    /// Whether they work at the site (R5); a place without a site is everywhere.
    pub fn works_at(&self, site: Option<SiteId>) -> bool {
        site.is_none_or(|site| self.sites.is_empty() || self.sites.contains(&site))
    }
}

impl Offering {
    /// Whether its audience includes the student (R6).
    pub fn admits(&self, student: StudentId) -> bool {
        self.audience.as_ref().is_none_or(|audience| audience.binary_search(&student).is_ok())
    }

    /// Whether it may run in a block of that kind.
    pub fn runs_in(&self, block: &Block) -> bool {
        self.kinds.contains(&block.kind)
    }

    /// Whether its sessions meet a need for one of the subjects.
    pub fn meets_one_of(&self, subjects: &[SubjectId]) -> bool {
        subjects.iter().any(|subject| self.subjects.contains(subject))
    }

    /// Students whom a session holds with so many assistants in a place with so many seats (R3, R2).
    pub fn most_students(&self, assistants: u32, seats: u32) -> u32 {
        self.max.saturating_add(assistants.saturating_mul(self.per_assistant)).min(seats)
    }
}

impl Place {
    /// Whether it carries every tag of the offering (R2).
    pub fn has_tags_of(&self, offering: &Offering) -> bool {
        offering.tags.iter().all(|tag| self.tags.contains(tag))
    }

    /// Whether it has the tags, and seats for the smallest session (R2, R3).
    pub fn may_hold(&self, offering: &Offering) -> bool {
        self.seats >= offering.min.max(1) && self.has_tags_of(offering)
    }
}

impl Need {
    /// Whether it may be attended in the block: on one of its days (R6).
    pub fn may_be_met_in(&self, block: &Block) -> bool {
        self.days.has(block.day)
    }
}

impl Budget {
    /// Whether it pays for the blocks of the staff member, of packages too (R8).
    pub fn covers(&self, school: &School, staff: StaffId) -> bool {
        self.all
            || same_unit(self.unit, school[staff].unit)
            || self.roles.intersects(school[staff].roles)
            || self.people.contains(&staff)
    }
}

impl ReserveGroup {
    /// Whether it asks for people like this (R8).
    pub fn includes(&self, staff: &Staff) -> bool {
        (self.unit.is_none() || self.unit == staff.unit)
            && staff.works_at(self.site)
            && (self.subjects.is_empty() || self.subjects.iter().any(|&subject| staff.is_qualified(subject)))
            && (self.roles.is_empty() || self.roles.intersects(staff.roles))
    }
}

impl OwnStaff {
    /// Whether staff of one unit may serve students of the other (R8); who has none serves, or is served by, all.
    pub fn allows(self, staff: Option<UnitId>, student: Option<UnitId>) -> bool {
        self != Self::Require || staff.zip(student).is_none_or(|(one, other)| one == other)
    }
}

impl OwnPlaces {
    /// Whether a place of the one unit may hold what staff of the other lead (R8); a place without a unit holds all.
    pub fn allows(self, place: Option<UnitId>, lead: Option<UnitId>) -> bool {
        self != Self::Require || place.is_none() || place == lead
    }
}

impl School {
    /// Staff who may lead the offering, wherever and whenever.
    pub fn leads_of(&self, offering: OfferingId) -> Vec<StaffId> {
        self.staff_ids().filter(|&staff| self[staff].may_lead(&self[offering])).collect()
    }

    /// Where the staff member could be deployed in blocks of the kind, each site once; `None`: online, or at a place
    /// of no site. Where there is nothing, they cannot stand by either (R8).
    pub fn sites_of_use(&self, staff: StaffId, kind: Kind) -> Vec<Option<SiteId>> {
        let staff = &self[staff];
        let asks = |o: &&Offering| {
            o.kinds.contains(&kind) && (staff.may_lead(o) || (o.assistants > 0 && staff.may_assist(o)))
        };
        let offerings: Vec<&Offering> = self.offerings.iter().filter(asks).collect();
        let studies = self.presence.fill == Fill::Study
            && kind.counts_as_presence()
            && self.presence.min_blocks.iter().any(|&least| least > 0);
        let anywhere = (studies && staff.may_supervise())
            || (kind == Kind::Coaching && self.coaching.is_some() && staff.may_coach());
        let of_use = |place: &&Place| {
            let holds = |o: &&Offering| !o.online && place.may_hold(o);
            staff.works_at(place.site) && (anywhere || offerings.iter().any(holds))
        };
        let mut sites: Vec<Option<SiteId>> =
            self.places.iter().filter(of_use).map(|place| place.site).collect();
        sites.extend(offerings.iter().any(|o| o.online).then_some(None));
        sites.sort_unstable();
        sites.dedup();
        sites
    }

    /// Staff who may assist in the offering, wherever and whenever.
    pub fn assistants_of(&self, offering: OfferingId) -> Vec<StaffId> {
        self.staff_ids().filter(|&staff| self[staff].may_assist(&self[offering])).collect()
    }

    /// The offerings whose audience excludes the student (R6), in the order of the file.
    pub fn barred(&self, student: StudentId) -> Vec<OfferingId> {
        self.offering_ids().filter(|&offering| !self[offering].admits(student)).collect()
    }

    /// Whether an attendance of the offering in the block can meet the need: it is for one of its subjects and for its
    /// student, on one of its days (R6).
    pub fn can_meet(&self, offering: OfferingId, block: BlockId, need: NeedId) -> bool {
        self[need].may_be_met_in(&self[block])
            && self[offering].meets_one_of(&self[need].subjects)
            && self[offering].admits(self[need].student)
    }

    /// Whether the staff member may hold the package (R9), as far as busy times allow.
    pub fn may_carry(&self, staff: StaffId, package: &Package) -> bool {
        self.suits(staff, package)
            && package.meets.iter().all(|&other| self.free_together(staff, other).next().is_some())
    }

    /// The same, whenever people are free.
    pub fn suits(&self, staff: StaffId, package: &Package) -> bool {
        let row = &self[staff];
        (package.roles.is_empty() || package.roles.intersects(row.roles))
            && (package.subjects.is_empty()
                || package.subjects.iter().any(|&subject| row.is_qualified(subject)))
            && (package.unit.is_none() || package.unit == row.unit)
            && !package.meets.contains(&staff)
    }

    /// Blocks in which neither of the two is busy.
    pub fn free_together(&self, one: StaffId, other: StaffId) -> impl Iterator<Item = BlockId> + '_ {
        self.block_ids().filter(move |&b| self.staff_free[(one, b)] && self.staff_free[(other, b)])
    }

    /// Whether the staff member may serve the student (R8).
    pub fn own_staff_allows(&self, staff: StaffId, student: StudentId) -> bool {
        self.own_staff.allows(self[staff].unit, self[student].unit)
    }

    /// Whether the staff member may lead something in the place: site (R5) and unit (R8).
    pub fn may_lead_in(&self, lead: StaffId, place: PlaceId) -> bool {
        self[lead].works_at(self[place].site) && self.own_places.allows(self[place].unit, self[lead].unit)
    }

    /// Whose the place is, seen from the lead: of the own unit before nobody's before another's, where they are
    /// preferred (`own_places`).
    pub fn order_of_place(&self, lead: StaffId, place: PlaceId) -> u8 {
        match self[place].unit {
            _ if self.own_places == OwnPlaces::Ignore => 0,
            None => 1,
            unit if unit == self[lead].unit => 0,
            Some(_) => 2,
        }
    }

    /// The unit that alone leads in the place (R8); `None`: anybody may.
    pub fn unit_of_place(&self, place: PlaceId) -> Option<UnitId> {
        self[place].unit.filter(|_| self.own_places == OwnPlaces::Require)
    }

    /// Whether the need may be met in a session that the staff member leads: `with` and `own_staff` allow it.
    pub fn may_serve(&self, lead: StaffId, need: NeedId) -> bool {
        self[lead].has_what_is_asked_with(&self[need]) && self.own_staff_allows(lead, self[need].student)
    }

    /// Whether `own_staff` binds students to staff of their unit.
    pub fn binds_units(&self) -> bool {
        self.own_staff == OwnStaff::Require
    }

    /// Whether it can count by whose staff a student is served.
    pub fn counts_units(&self) -> bool {
        self.own_staff != OwnStaff::Ignore
    }

    /// The unit to whose staff its students are bound (R8); `None` where they are not.
    pub fn binding_unit(&self, unit: Option<UnitId>) -> Option<UnitId> {
        unit.filter(|_| self.binds_units())
    }

    /// The unit whose own staff are worth more to its students (`own_unit`); `None` where that does not count.
    pub fn counted_unit(&self, unit: Option<UnitId>) -> Option<UnitId> {
        unit.filter(|_| self.counts_units())
    }

    /// By student: those who are never in one session or coaching group with them (R8).
    pub fn kept_apart(&self) -> Vec<Vec<StudentId>> {
        let mut apart = vec![Vec::new(); self.students.len()];
        for pair in self.pairs.iter().filter(|pair| pair.kind == PairKind::Apart) {
            apart[pair.student.index()].push(pair.other);
            apart[pair.other.index()].push(pair.student);
        }
        apart
    }

    /// Whether it counts as `own_unit` that the staff member leads a session of the student.
    pub fn is_own_unit(&self, lead: StaffId, student: StudentId) -> bool {
        same_unit(self.counted_unit(self[lead].unit), self[student].unit)
    }
}

/// Whether a student of site `own` may attend at `site` (R5).
pub fn attends_at(own: Option<SiteId>, site: Option<SiteId>) -> bool {
    own.is_none() || site.is_none() || own == site
}

/// Whether two units are the same unit; no unit is like no other.
pub fn same_unit(a: Option<UnitId>, b: Option<UnitId>) -> bool {
    a.is_some() && a == b
}
