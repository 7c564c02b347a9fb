//! A generated school while it is being put together: rows that refer to each other by position.

use super::catalogue::Catalogue;
use super::week::{Slot, Slots};

pub struct Draft {
    pub catalogue: Catalogue,
    pub sites: Vec<String>,
    pub units: Vec<Unit>,
    pub classes: Vec<Class>,
    pub students: Vec<Student>,
    pub staff: Vec<Staff>,
    pub places: Vec<Place>,
    pub needs: Vec<Need>,
    pub pins: Vec<Pin>,
    /// `kind`, student, other.
    pub pairs: Vec<(&'static str, usize, usize)>,
    pub history: Vec<History>,
    pub packages: Vec<Package>,
}

pub struct Unit {
    pub id: String,
    pub site: usize,
}

pub struct Class {
    pub id: String,
    pub site: usize,
    pub level: usize,
    pub year: usize,
    pub unit: usize,
    /// Subjects with a test this week, which more students need.
    pub tests: Vec<usize>,
    pub lessons: Vec<RegularLesson>,
    pub busy: Slots,
}

pub struct RegularLesson {
    pub slot: Slot,
    pub subject: usize,
    pub teacher: Option<usize>,
    pub place: Option<usize>,
}

pub struct Student {
    pub id: String,
    pub name: String,
    pub class: usize,
    pub coach: Option<usize>,
    /// What the student takes; needs come from these.
    pub curriculum: Vec<usize>,
    /// Own appointments, beside those of the class.
    pub appointments: Vec<(Slot, &'static str)>,
    /// All that keeps the student from a block, the audience of the block included.
    pub busy: Slots,
}

pub struct Staff {
    pub id: String,
    pub name: String,
    pub roles: Vec<&'static str>,
    pub subjects: Vec<usize>,
    /// Qualified to supervise homework.
    pub homework: bool,
    /// Indices of offerings.
    pub likes: Vec<usize>,
    pub department: Option<usize>,
    pub unit: Option<usize>,
    pub sites: Vec<usize>,
    pub days_off: Vec<usize>,
    /// Days off and regular lessons.
    pub busy: Slots,
    /// Sessions in lesson and zone blocks there is time for.
    pub quota: usize,
    pub min_blocks: Option<usize>,
    pub max_blocks: usize,
    pub max_per_day: Option<usize>,
    pub max_in_a_row: Option<usize>,
    pub cost: usize,
}

pub struct Place {
    pub id: String,
    pub name: String,
    pub site: usize,
    pub seats: usize,
    pub parallel: usize,
    pub tags: &'static str,
    pub unit: Option<usize>,
    pub busy: Slots,
}

pub enum Who {
    Student(usize),
    Class(usize),
    Year(usize),
}

pub enum Wanted {
    /// One subject, or alternatives.
    AnyOf(Vec<usize>),
    Homework,
}

pub struct Need {
    pub who: Who,
    pub wanted: Wanted,
    pub sessions: usize,
    pub priority: &'static str,
    pub with: Option<usize>,
    pub staff: Option<usize>,
}

#[derive(Default)]
pub struct Pin {
    pub kind: &'static str,
    pub slot: Option<Slot>,
    pub offering: Option<usize>,
    pub staff: Option<usize>,
    pub student: Option<usize>,
}

pub struct History {
    pub student: usize,
    pub subject: usize,
    pub priority: &'static str,
    pub missing: usize,
}

pub struct Package {
    pub id: &'static str,
    pub name: &'static str,
    pub blocks: usize,
    pub roles: &'static str,
    pub people: usize,
}

impl Draft {
    pub fn site_of(&self, student: usize) -> usize {
        self.classes[self.students[student].class].site
    }

    pub fn unit_of(&self, student: usize) -> usize {
        self.classes[self.students[student].class].unit
    }

    /// Students of a site, in order.
    pub fn students_at(&self, site: usize) -> Vec<usize> {
        (0..self.students.len()).filter(|&s| self.site_of(s) == site).collect()
    }

    pub fn subject_id(&self, subject: usize) -> &str {
        &self.catalogue.subjects[subject].id
    }
}
