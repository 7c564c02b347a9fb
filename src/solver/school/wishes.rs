//! What staff would like, or rather not (`wishes.csv`), and what a schedule is worth by it.

use super::{BlockId, DayId, Id, OfferingId, PackageId, Role, School, StaffId};

/// Times that a wish was denied, up to which each makes it weigh more.
pub const MOST_DENIED: u32 = 3;

/// One row of `wishes.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    pub staff: StaffId,
    pub what: Wanted,
    /// From -3 to 3; below 0: rather not.
    pub value: i32,
    /// Earlier schedules in which it did not come true; see [`Wish::worth`].
    pub denied: u32,
}

/// What a wish is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Wanted {
    /// Each session led of it.
    Offering(OfferingId),
    /// Each session led that the role allows them to lead, meeting held as coach, block assisted as assistant.
    Role(Role),
    /// Carrying it.
    Package(PackageId),
    /// Each block worked then.
    Block(BlockId),
    Day(DayId),
}

impl Wanted {
    /// The cell `kind`.
    pub fn kind(self) -> &'static str {
        match self {
            Wanted::Offering(_) => "offering",
            Wanted::Role(_) => "role",
            Wanted::Package(_) => "package",
            Wanted::Block(_) => "block",
            Wanted::Day(_) => "day",
        }
    }

    /// The cell `id`.
    pub fn id(self, school: &School) -> &str {
        match self {
            Wanted::Offering(offering) => &school[offering].id,
            Wanted::Role(role) => role.label(),
            Wanted::Package(package) => &school[package].id,
            Wanted::Block(block) => &school[block].id,
            Wanted::Day(day) => &school[day],
        }
    }
}

impl Wish {
    /// Whether it did not come true: something disliked that happens at all, or something liked that never does.
    pub fn is_denied(&self, granted: u32) -> bool {
        if self.value < 0 { granted > 0 } else { self.value > 0 && granted == 0 }
    }

    /// What counts each time that it comes true: more for a wish that was denied before.
    pub fn worth(&self) -> i32 {
        self.value * (1 + self.denied.min(MOST_DENIED) as i32)
    }
}

/// What a member of staff does in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    Lead(OfferingId),
    /// Supervises study.
    Study,
    /// Leads a coaching meeting.
    Coach,
    Assist,
}

impl School {
    /// Whether doing this makes a wish for the role come true.
    pub fn is_done_as(&self, duty: Duty, role: Role) -> bool {
        match duty {
            Duty::Lead(offering) => self[offering].roles.has(role),
            Duty::Study => role == Role::Supervisor,
            Duty::Coach => role == Role::Coach,
            Duty::Assist => role == Role::Assistant,
        }
    }
}

/// What deployments and packages are worth by wishes, by cell: a deployment is worth what its block and its duty are
/// together.
#[derive(Clone, Debug)]
pub struct WishWorth {
    offerings: usize,
    blocks: usize,
    packages: usize,
    /// Staff x block, staff x duty, staff x package.
    of_block: Vec<f64>,
    of_duty: Vec<f64>,
    of_package: Vec<f64>,
}

impl WishWorth {
    /// `None`: nobody wishes anything that counts.
    pub fn new(school: &School) -> Option<Self> {
        if school.wishes.is_empty() || school.weights.wishes == 0.0 {
            return None;
        }
        let staff = school.staff.len();
        let (offerings, blocks, packages) =
            (school.offerings.len(), school.blocks.len(), school.packages.len());
        let mut all = Self {
            offerings,
            blocks,
            packages,
            of_block: vec![0.0; staff * blocks],
            of_duty: vec![0.0; staff * (offerings + 3)],
            of_package: vec![0.0; staff * packages],
        };
        for wish in &school.wishes {
            let (s, worth) = (wish.staff, f64::from(wish.worth()) * school.weights.wishes);
            match wish.what {
                Wanted::Offering(offering) => all.add_duty(s, Duty::Lead(offering), worth),
                Wanted::Role(role) if school[s].roles.has(role) => {
                    let leads = school.offering_ids().map(Duty::Lead);
                    for duty in leads.chain([Duty::Study, Duty::Coach, Duty::Assist]) {
                        if school.is_done_as(duty, role) {
                            all.add_duty(s, duty, worth);
                        }
                    }
                }
                Wanted::Role(_) => {}
                Wanted::Package(package) => all.of_package[s.index() * packages + package.index()] += worth,
                Wanted::Block(block) => all.of_block[s.index() * blocks + block.index()] += worth,
                Wanted::Day(day) => {
                    for block in school.block_ids().filter(|&block| school[block].day == day) {
                        all.of_block[s.index() * blocks + block.index()] += worth;
                    }
                }
            }
        }
        Some(all)
    }

    fn add_duty(&mut self, staff: StaffId, duty: Duty, worth: f64) {
        let at = self.duty_at(staff, duty);
        self.of_duty[at] += worth;
    }

    fn duty_at(&self, staff: StaffId, duty: Duty) -> usize {
        let at = match duty {
            Duty::Lead(offering) => offering.index(),
            Duty::Study => self.offerings,
            Duty::Coach => self.offerings + 1,
            Duty::Assist => self.offerings + 2,
        };
        staff.index() * (self.offerings + 3) + at
    }

    /// What it is worth that the staff member works in the block, whatever they do.
    pub fn of_block(&self, staff: StaffId, block: BlockId) -> f64 {
        self.of_block[staff.index() * self.blocks + block.index()]
    }

    /// What it is worth that they do this, whenever.
    pub fn of_duty(&self, staff: StaffId, duty: Duty) -> f64 {
        self.of_duty[self.duty_at(staff, duty)]
    }

    /// What it is worth that they do this in the block.
    pub fn of(&self, staff: StaffId, block: BlockId, duty: Duty) -> f64 {
        self.of_block(staff, block) + self.of_duty(staff, duty)
    }

    /// What it is worth that they carry the package.
    pub fn of_package(&self, staff: StaffId, package: PackageId) -> f64 {
        self.of_package[staff.index() * self.packages + package.index()]
    }

    /// The most that doing anything in the block is worth to the staff member; at least 0.
    pub fn most(&self, staff: StaffId, block: BlockId) -> f64 {
        let duties =
            &self.of_duty[self.duty_at(staff, Duty::Lead(OfferingId::new(0)))..][..self.offerings + 3];
        (self.of_block(staff, block) + duties.iter().copied().fold(f64::NEG_INFINITY, f64::max)).max(0.0)
    }
}
